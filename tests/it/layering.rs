//! Tests that the imports in the sources match the tables of ARCHITECTURE.md.
//!
//! The tables are read from the document itself. The test fails for a module without a row, for a row without a module, for an
//! import or a touched resource that the row does not list, and for a listed one that the code does not need. Rules that the
//! compiler enforces through crates (no network in `tui`, no screen in `server`) have no row.

mod scan;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use scan::Sources;
use tables::{Row, Tables};

/// The folders of the crates; each has a table in ARCHITECTURE.md.
const CRATES: [&str; 4] = ["protocol/src", "server/src", "tui/src", "src"];

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let circles: Vec<String> = CRATES
        .iter()
        .flat_map(|folder| Sources::of(folder).circles())
        .collect();

    assert!(circles.is_empty(), "\n{}\n", circles.join("\n"));
}

#[test]
fn a_module_imports_what_its_row_lists_and_nothing_else() {
    let tables = Tables::read();
    let mut wrong = Vec::new();
    for folder in CRATES {
        let rows = tables.rows(folder);
        let sources = Sources::of(folder);
        let modules: BTreeSet<String> = sources.modules().collect();
        let listed: BTreeSet<String> = rows.keys().cloned().collect();
        for module in modules.symmetric_difference(&listed) {
            wrong.push(format!("{folder}: `{module}` is a module or a row, and not both"));
        }
        for (module, row) in rows.iter().filter(|(module, _)| modules.contains(*module)) {
            let imports = sources.imports(module);
            wrong.extend(differences(folder, module, "imports", &row.imports, &imports));
        }
    }

    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn a_module_touches_what_its_row_lists_and_nothing_else() {
    let tables = Tables::read();
    let mut wrong = Vec::new();
    for folder in CRATES {
        let sources = Sources::of(folder);
        for (module, row) in tables.rows(folder) {
            let touches = tables.touches(&sources.paths(&module));
            wrong.extend(differences(folder, &module, "touches", &row.touches, &touches));
        }
    }

    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn a_circle_is_found_at_every_level_and_through_re_exports() {
    let sources = Sources::from_texts(&[
        ("lib.rs", "pub mod a; pub mod b; pub mod c;\npub use b::Thing;"),
        ("a.rs", "use crate::Thing;"),
        ("b.rs", "mod one; mod two;\npub use one::Thing;"),
        ("b/one.rs", "pub struct Thing;\nuse super::two::Other;"),
        ("b/two.rs", "use super::Thing;"),
        ("c.rs", "use super::a::X;\nfn f() { crate::b::g(); }"),
    ]);

    assert_eq!(sources.circles(), ["b: one, two import each other"]);
    assert_eq!(sources.imports("a"), set(&["b"]));
    assert_eq!(sources.imports("c"), set(&["a", "b"]));
}

#[test]
fn tests_and_words_in_comments_and_text_are_no_imports() {
    let sources = Sources::from_texts(&[
        ("lib.rs", "mod a; mod b; mod c;\npub use other::disk;"),
        ("c.rs", "use crate::disk::File;"),
        (
            "a.rs",
            "// crate::b\nconst X: &str = \"crate::b\";\n#[cfg(test)]\nmod tests { use crate::b; }\n",
        ),
        ("a/tests.rs", "use crate::b::Y;"),
        ("b.rs", "use std::{fmt, fs::{self, File as Disk}};"),
    ]);

    assert_eq!(sources.imports("a"), set(&[]));
    let paths = sources.paths("b");
    assert!(sources.paths("c").contains("other::disk::File"));
    assert!(paths.contains("std::fs::File") && paths.contains("std::fs") && paths.contains("std::fmt"));
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn differences(
    folder: &str,
    module: &str,
    verb: &str,
    listed: &BTreeSet<String>,
    found: &BTreeSet<String>,
) -> Vec<String> {
    let unlisted = found
        .difference(listed)
        .map(|name| format!("{folder}: `{module}` {verb} `{name}`, which its row does not list"));
    let stale = listed
        .difference(found)
        .map(|name| format!("{folder}: the row of `{module}` lists `{name}`, and no code needs it"));
    unlisted.chain(stale).collect()
}

/// The rows of one crate, by module.
type Rows = BTreeMap<String, Row>;
