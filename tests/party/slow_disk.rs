//! Tests with a disk that takes a third of a second for each folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;

use crate::clip::clip;
use crate::members::Party;

/// A library that delays access to each folder below one called `slow`.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <string.h>
#include <time.h>

DIR *opendir(const char *name) {
    DIR *(*original)(const char *) = (DIR *(*)(const char *))dlsym(RTLD_NEXT, "opendir");
    if (strstr(name, "/slow/")) {
        struct timespec third = {0, 300000000};
        nanosleep(&third, 0);
    }
    return original(name);
}
"#;

/// The number of folders, which take longer than any test waits.
const FOLDERS: u32 = 1_000;

#[tokio::test]
async fn a_search_on_a_slow_disk_shows_its_progress_and_does_not_delay_leaving() {
    let party = Party::new();
    let films = party.folder("films");
    for n in 0..FOLDERS {
        std::fs::create_dir_all(films.join(format!("slow/{n}"))).expect("the folder is ours");
    }
    let shim = built(&films);
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let room = format!("{}/den", server.address);

    let args = [
        "join",
        &room,
        "--media-dir",
        films.to_str().expect("a plain name"),
    ];
    let mut bo = party.member_with("bo", &args, &[("LD_PRELOAD", &shim)]);
    bo.stands("some folders are searched", |s| {
        s.player.state == "searching" && s.player.details.folders > Some(5)
    })
    .await;
    bo.process.says("folders so far").await;
    ana.stands("bo looks for the film", |s| {
        let bo = s.members.iter().find(|m| m.name == "bo");
        bo.is_some_and(|bo| bo.player == "searching" && bo.details.folders > Some(0))
    })
    .await;
    bo.process.signal(Signal::TERM);

    bo.process.ends().await;
    ana.stands("bo is gone", |s| s.members.len() == 1).await;
}

/// Compiles the library in a folder.
fn built(folder: &Path) -> PathBuf {
    let (source, shim) = (folder.join("shim.c"), folder.join("shim.so"));
    std::fs::write(&source, SHIM).expect("the folder is ours");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&shim, &source])
        .arg("-ldl")
        .status();
    assert!(built.expect("a C compiler is needed").success());
    shim
}
