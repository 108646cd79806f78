//! Tests the size of source files: a longer file must be split by topic.

use std::fs;
use std::path::{Path, PathBuf};

/// The maximum number of lines of a production file.
const LINES: usize = 600;

/// The folders of the crates' production code.
pub(super) const SOURCES: [&str; 4] = ["protocol/src", "server/src", "tui/src", "src"];

#[test]
fn no_production_file_is_too_long_to_be_read_at_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in SOURCES {
        let found = production_files(&root.join(folder));
        assert!(!found.is_empty(), "{folder} has no source files any more");
        files.extend(found);
    }

    let too_long: Vec<String> = files
        .iter()
        .filter_map(|file| {
            let lines = fs::read_to_string(file)
                .expect("a readable source")
                .lines()
                .count();
            let name = file
                .strip_prefix(root)
                .expect("a file of this repository")
                .display();
            (lines > LINES).then(|| format!("{name} has {lines} lines: split it by meaning"))
        })
        .collect();

    assert!(too_long.is_empty(), "\n{}\n", too_long.join("\n"));
}

/// Returns the Rust files below a folder, without tests and without code that only tests use.
pub(super) fn production_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        let is_for_tests = path
            .file_stem()
            .is_some_and(|stem| stem == "tests" || stem == "test_support");
        if is_for_tests {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
