//! The import table of ARCHITECTURE.md, held by a scan of the sources: imports go downwards only, and
//! what is pure stays pure. What the compiler enforces by crates (no network in `tui`, no screen in
//! `server`) is not repeated here.
//!
//! A scan of text, not of types: it knows `use` declarations with their groups and paths written out
//! in code, outside comments and outside the test module at a file's end.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules that are deterministic state machines or vocabulary: input and time in, values out.
const PURE: &[(&str, &[&str])] = &[
    ("protocol/src", &["."]),
    (
        "server/src",
        &[
            "room",
            "limits",
            "outbox",
            "rate_limit",
            "auth",
            "write_scheduler",
        ],
    ),
    (
        "tui/src",
        &[
            "app",
            "home",
            "home_action",
            "home_vocabulary",
            "machine",
            "settings",
            "geometry",
            "glyphs",
            "pace",
            "paste",
            "state",
            "model",
            "update",
            "intent",
            "fuzzy",
            "wish",
            "keymap",
            "editor",
            "slash_command",
            "action",
            "key",
            "nearest",
            "strings",
            "text",
            "theme",
            "typed_time",
            "view",
        ],
    ),
    ("src", &["session", "sync", "draw"]),
];

/// What no pure module names: runtimes, sockets, files, processes, threads, clocks, randomness.
const IMPURE: &[&str] = &[
    "tokio",
    "tokio_util",
    "quinn",
    "quinn_proto",
    "rustls",
    "crossterm",
    "ratatui::crossterm",
    "rusqlite",
    "rustix",
    "libc",
    "libloading",
    "rand",
    "getrandom",
    "std::env",
    "std::fs",
    "std::io",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::ToSocketAddrs",
    "std::net::UdpSocket",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "Instant",
    "SystemTime",
    "Uuid::new_v4",
    "Uuid::now_v7",
];

/// Which of the root's modules a module may name, itself aside.
const ROOT: &[(&str, &[&str])] = &[
    ("sync", &[]),
    ("draw", &[]),
    ("session", &["sync", "player", "draw"]),
    (
        "player",
        &["process", "local_clock", "draw", "file_url", "own_files"],
    ),
    ("transport", &["local_clock", "whole_file", "own_files"]),
    ("process", &["local_clock"]),
    ("local_clock", &[]),
    (
        "driver",
        &[
            "session",
            "sync",
            "transport",
            "player",
            "process",
            "library",
            "local_clock",
            "seats",
            "owner",
        ],
    ),
    ("bridge", &["session", "sync", "player", "scrollback"]),
    ("library", &["file_url"]),
    ("file_url", &[]),
    ("recent", &["page"]),
    ("drafts", &["page", "recent"]),
    ("scrollback", &["page", "recent"]),
    ("page", &["whole_file", "own_files"]),
    ("whole_file", &["own_files"]),
    ("seats", &["own_files"]),
    ("owner", &["own_files", "whole_file"]),
    ("own_files", &[]),
    ("clipboard", &[]),
    ("exit", &["session"]),
    ("output", &["exit", "clipboard"]),
    ("control", &["exit"]),
    ("config", &["exit", "file_url", "own_files"]),
    ("logging", &["exit", "own_files"]),
];

/// What modules must not name of other crates, beyond purity.
const NEVER: &[(&str, &[&str])] = &[
    (
        "src/sync",
        &[
            "watchtogether_protocol::message",
            "watchtogether_protocol::frame",
            "watchtogether_protocol::codec",
        ],
    ),
    ("src/session", &["watchtogether_tui", "watchtogether_server"]),
    (
        "src/player",
        &[
            "watchtogether_tui",
            "watchtogether_server",
            "watchtogether_protocol::message",
            "watchtogether_protocol::ClientMessage",
            "watchtogether_protocol::ServerMessage",
        ],
    ),
    ("src/transport", &["watchtogether_tui", "watchtogether_server"]),
    ("src/driver", &["watchtogether_tui", "watchtogether_server"]),
    ("src/bridge", &["watchtogether_server", "quinn"]),
    ("server/src/net", &["crate::store", "rusqlite"]),
    (
        "server/src/store",
        &[
            "crate::net",
            "crate::registry",
            "crate::room_task",
            "crate::write_scheduler",
        ],
    ),
    (
        "server/src/write_scheduler",
        &[
            "crate::net",
            "crate::store",
            "crate::registry",
            "crate::room_task",
        ],
    ),
    ("server/src/room_task", &["crate::net"]),
    ("server/src/registry", &["crate::net"]),
    (
        "server/src/room",
        &[
            "crate::net",
            "crate::store",
            "crate::registry",
            "crate::room_task",
            "crate::write_scheduler",
            "crate::ops",
        ],
    ),
];

#[test]
fn pure_modules_name_nothing_impure() {
    let mut broken = Vec::new();
    for (folder, modules) in PURE {
        for file in files_of(folder, modules) {
            for mention in mentions(&file) {
                if let Some(word) = IMPURE.iter().find(|word| mention.is_within(word)) {
                    broken.push(format!("{mention}: `{word}` has no place in a pure module"));
                }
            }
        }
    }

    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn the_roots_modules_import_downwards_only() {
    let mut broken = Vec::new();
    for (module, allowed) in ROOT {
        for file in files_of_module(Path::new("src"), module) {
            for mention in mentions(&file) {
                let Some(named) = mention.path.strip_prefix("crate::") else {
                    continue;
                };
                let named = named.split("::").next().unwrap_or_default();
                if named != *module && !allowed.contains(&named) {
                    broken.push(format!(
                        "{mention}: `{module}` may name {allowed:?} of this crate, not `{named}`"
                    ));
                }
            }
        }
    }

    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn nothing_names_what_lies_above_it() {
    let mut broken = Vec::new();
    for (module, never) in NEVER {
        let (folder, module) = module.rsplit_once('/').expect("a path in the table");
        for file in files_of_module(Path::new(folder), module) {
            for mention in mentions(&file) {
                if let Some(word) = never.iter().find(|word| mention.is_within(word)) {
                    broken.push(format!("{mention}: `{module}` must not name `{word}`"));
                }
            }
        }
    }

    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn the_command_line_is_imported_by_nobody() {
    let outside = |file: &PathBuf| {
        let file = file.to_string_lossy();
        !file.contains("src/cli/") && !["src/cli.rs", "src/main.rs", "src/lib.rs"].contains(&&*file)
    };
    let broken: Vec<String> = sources(Path::new("src"))
        .into_iter()
        .filter(outside)
        .flat_map(|file| mentions(&file))
        .filter(|mention| mention.is_within("crate::cli"))
        .map(|mention| format!("{mention}: only the binary starts the command line"))
        .collect();

    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn the_scan_sees_groups_written_out_paths_and_no_comments() {
    let source = "use std::{fmt, fs::{self, File}};\n// tokio\nuse a::b as c; /// rand\nlet x = tokio::time::now();\n\
                  let y: \"quinn\";\n#[cfg(test)]\nmod tests { use rand::Rng; }\n";

    let paths: Vec<_> = mentions_in(Path::new("x.rs"), source)
        .into_iter()
        .map(|m| (m.line, m.path))
        .filter(|(_, path)| path.contains("::"))
        .collect();

    let expected = [
        (1, "std::fmt"),
        (1, "std::fs"),
        (1, "std::fs::File"),
        (3, "a::b"),
        (4, "tokio::time::now"),
    ];
    assert_eq!(paths, expected.map(|(line, path)| (line, path.to_owned())));
}

#[test]
fn a_path_is_within_its_own_prefixes_only() {
    let mention = |path: &str| Mention {
        file: PathBuf::new(),
        line: 1,
        path: path.to_owned(),
    };

    assert!(mention("std::fs::File").is_within("std::fs"));
    assert!(mention("uuid::Uuid::new_v4").is_within("Uuid::new_v4"));
    assert!(mention("std::time::Instant::now").is_within("Instant"));
    assert!(!mention("std::fsx").is_within("std::fs"));
    assert!(!mention("random").is_within("rand"));
}

/// A path that a source names.
struct Mention {
    file: PathBuf,
    line: usize,
    path: String,
}

impl Mention {
    /// Returns whether the path is `word`, lies below it, or ends in it.
    fn is_within(&self, word: &str) -> bool {
        format!("::{}::", self.path).contains(&format!("::{word}::"))
    }
}

impl fmt::Display for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// Returns the files of the listed modules. All of them must exist, or none: a part that is not there
/// yet is no mistake, a list that has gone stale is.
fn files_of(folder: &str, modules: &[&str]) -> Vec<PathBuf> {
    let folder = Path::new(folder);
    let found: Vec<_> = modules
        .iter()
        .map(|module| (module, files_of_module(folder, module)))
        .collect();
    let missing: Vec<_> = found
        .iter()
        .filter(|(_, files)| files.is_empty())
        .map(|(module, _)| *module)
        .collect();
    assert!(
        missing.is_empty() || missing.len() == modules.len(),
        "{} has no {missing:?} any more: the table of pure modules is stale",
        folder.display()
    );
    found.into_iter().flat_map(|(_, files)| files).collect()
}

/// Returns `module.rs` and what lies in `module/`; the whole folder for the module `.`.
fn files_of_module(folder: &Path, module: &str) -> Vec<PathBuf> {
    let file = folder.join(module).with_extension("rs");
    let mut files = sources(&folder.join(module));
    if root().join(&file).is_file() {
        files.push(file);
    }
    files
}

/// Returns the Rust files below a folder, relative to the repository, in order.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder").file_name())
        .collect();
    names.sort();
    let mut files = Vec::new();
    for name in names {
        let path = folder.join(name);
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            // Tests look at what they test from above.
        } else if root().join(&path).is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn mentions(file: &Path) -> Vec<Mention> {
    let source = fs::read_to_string(root().join(file)).expect("a readable source");
    mentions_in(file, &source)
}

/// Returns every path that a source names, in order: those of `use` declarations with their groups
/// resolved, and those written out in code.
fn mentions_in(file: &Path, source: &str) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let mut declaration: Option<(usize, String)> = None;
    let code = source
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    for (index, line) in code.lines().enumerate() {
        let code = without_text(line);
        let (start, text) = match declaration.take() {
            Some((start, text)) => (start, text + " " + &code),
            None => (index + 1, code.clone()),
        };
        let stripped = text
            .trim_start()
            .trim_start_matches("pub ")
            .trim_start_matches("pub(crate) ");
        let Some(tree) = stripped.strip_prefix("use ") else {
            mentions.extend(written_out(&code).map(|path| Mention {
                file: file.to_owned(),
                line: index + 1,
                path,
            }));
            continue;
        };
        match tree.split_once(';') {
            None => declaration = Some((start, text)),
            Some((tree, _)) => mentions.extend(resolved("", tree).into_iter().map(|path| Mention {
                file: file.to_owned(),
                line: start,
                path,
            })),
        }
    }
    mentions
}

/// Returns a line without its comment and without what stands in quotes.
fn without_text(line: &str) -> String {
    let code = line.split("//").next().unwrap_or_default();
    code.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

/// Returns the paths of a `use` tree.
fn resolved(prefix: &str, tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or_default().trim();
        return match name {
            "" => Vec::new(),
            "self" => vec![prefix.trim_end_matches("::").to_owned()],
            name => vec![format!("{prefix}{name}")],
        };
    };
    let prefix = format!("{prefix}{}", head.trim());
    let group = group.trim().trim_end_matches('}');
    let mut depth = 0;
    let branches = group.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    branches.flat_map(|branch| resolved(&prefix, branch)).collect()
}

/// Returns the paths in a line of code: identifiers joined by `::`.
fn written_out(code: &str) -> impl Iterator<Item = String> {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .map(|word| word.trim_matches(':'))
        .filter(|word| word.starts_with(|c: char| c.is_alphabetic()))
        .map(str::to_owned)
}
