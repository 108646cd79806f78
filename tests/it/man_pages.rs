//! The manual pages in `man/` are what the command line says of itself.

use std::collections::BTreeMap;
use std::path::Path;

use clap::CommandFactory as _;
use watchtogether::cli::Cli;

/// Set to rewrite the pages instead of comparing them.
const UPDATE: &str = "UPDATE_MAN";

#[test]
fn the_manual_pages_are_what_the_command_line_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let pages = pages();

    if std::env::var_os(UPDATE).is_some() {
        for (name, page) in &pages {
            std::fs::write(folder.join(name), page).expect("the man folder is writable");
        }
    }

    for (name, page) in &pages {
        let committed = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(committed == *page, "man/{name} is out of date: run `make man`");
    }
    let committed = std::fs::read_dir(&folder)
        .expect("the man folder exists")
        .map(|entry| {
            entry
                .expect("the man folder can be read")
                .file_name()
                .to_string_lossy()
                .into_owned()
        });
    for name in committed {
        assert!(pages.contains_key(&name), "man/{name} belongs to no command");
    }
}

/// Returns every page by its file name: one for the program and one for each subcommand that is shown.
fn pages() -> BTreeMap<String, String> {
    let mut root = Cli::command();
    root.build();
    let mut pages = BTreeMap::new();
    let mut todo = vec![root.name("watchtogether").display_name("watchtogether")];
    while let Some(command) = todo.pop() {
        let prefix = command
            .get_display_name()
            .unwrap_or_else(|| command.get_name())
            .to_owned();
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            let full: String = format!("{prefix}-{}", sub.get_name());
            todo.push(sub.clone().display_name(full));
        }
        let mut page = Vec::new();
        clap_mangen::Man::new(command)
            .date("")
            .render(&mut page)
            .expect("writing to memory succeeds");
        pages.insert(
            format!("{prefix}.1"),
            String::from_utf8(page).expect("pages are text"),
        );
    }
    pages
}
