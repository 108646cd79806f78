//! The tables of ARCHITECTURE.md: one for each crate, and one of the words for the resources that a module can touch.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::Rows;

/// The imports and resources that a module may use.
pub(super) struct Row {
    pub(super) imports: BTreeSet<String>,
    pub(super) touches: BTreeSet<String>,
}

/// All tables.
pub(super) struct Tables {
    text: String,
    /// The code patterns for each word.
    words: BTreeMap<String, BTreeSet<String>>,
}

impl Tables {
    /// Reads the document.
    pub(super) fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md");
        let text = fs::read_to_string(path).expect("the document");
        let words = cells(&text, "### What a module can touch")
            .into_iter()
            .map(|row| (row[0].clone(), quoted(&row[1])))
            .collect();
        Self { text, words }
    }

    /// Returns the rows of the crate in a folder.
    pub(super) fn rows(&self, folder: &str) -> Rows {
        let heading = format!("### The modules of `{folder}`");
        let rows = cells(&self.text, &heading);
        assert!(!rows.is_empty(), "ARCHITECTURE.md has no table under {heading:?}");
        rows.into_iter()
            .map(|row| {
                let module = quoted(&row[0]).into_iter().next().expect("a module");
                let imports = quoted(&row[1]);
                let touches: BTreeSet<String> = row[2]
                    .split(',')
                    .map(|word| word.trim().to_owned())
                    .filter(|word| !word.is_empty())
                    .collect();
                for word in &touches {
                    assert!(self.words.contains_key(word), "`{word}` has no row of its own");
                }
                (module, Row { imports, touches })
            })
            .collect()
    }

    /// Returns the words for the resources that some paths touch.
    pub(super) fn touches(&self, paths: &BTreeSet<String>) -> BTreeSet<String> {
        let is_touched = |code: &String| {
            let code = format!("::{code}::");
            paths.iter().any(|path| format!("::{path}::").contains(&code))
        };
        self.words
            .iter()
            .filter(|(_, codes)| codes.iter().any(is_touched))
            .map(|(word, _)| word.clone())
            .collect()
    }
}

/// Returns the cells of the table under a heading, without its first two lines.
fn cells(text: &str, heading: &str) -> Vec<Vec<String>> {
    text.lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            let line = line.trim_start_matches('|').trim_end_matches('|');
            line.split('|').map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

/// Returns the texts between backquotes.
fn quoted(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
