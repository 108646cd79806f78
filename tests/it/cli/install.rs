//! Tests of `make install`: the files in a package of the program.

use std::path::{Path, PathBuf};

use crate::program::{Home, PROGRAM};

#[tokio::test]
async fn an_installation_is_complete_and_can_be_removed() {
    let home = Home::new();
    let root = home.path().join("root");
    std::fs::create_dir(&root).expect("the home is writable");

    make(&home, "install").await;

    let mut installed = files_in(&root);
    installed.retain(|file| !file.starts_with("opt/share/man/man1"));
    installed.sort();
    assert_eq!(
        installed,
        [
            "opt/bin/watchtogether",
            "opt/share/bash-completion/completions/watchtogether",
            "opt/share/fish/vendor_completions.d/watchtogether.fish",
            "opt/share/man/man7/watchtogether-keys.7",
            "opt/share/zsh/site-functions/_watchtogether",
        ]
        .map(PathBuf::from)
    );
    let man = root.join("opt/share/man/man1");
    for page in ["watchtogether.1", "watchtogether-host.1"] {
        assert!(man.join(page).exists(), "{page}");
    }
    let zsh = std::fs::read_to_string(root.join("opt/share/zsh/site-functions/_watchtogether"));
    assert!(zsh.expect("installed").starts_with("#compdef watchtogether"));
    let program = root.join("opt/bin/watchtogether");
    let mut version = home.command_of(program.to_str().expect("a plain path"));
    version.arg("--version");
    assert_eq!(home.outcome(version).await.code, Some(0));

    make(&home, "uninstall").await;

    assert_eq!(files_in(&root), [""; 0].map(PathBuf::from));
}

async fn make(home: &Home, target: &str) {
    let mut make = home.command_of("make");
    make.args(["-C", env!("CARGO_MANIFEST_DIR"), "--no-print-directory", target])
        .arg(format!("BIN={PROGRAM}"))
        .arg("PREFIX=/opt")
        .arg(format!("DESTDIR={}", home.path().join("root").display()));
    let outcome = home.outcome(make).await;
    assert_eq!(outcome.code, Some(0), "{outcome}");
}

/// Returns the files below a folder, by their paths in it.
fn files_in(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)
            .expect("readable")
            .filter_map(Result::ok)
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(root).expect("below it").to_owned());
            }
        }
    }
    files
}
