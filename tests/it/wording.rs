//! Tests the wording of the documentation: it says what an item is, and is never a single word.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders with Rust sources.
const SOURCES: [&str; 6] = [
    "protocol/src",
    "server/src",
    "tui/src",
    "src",
    "tests",
    "examples",
];

/// The folders with texts.
const TEXTS: [&str; 2] = ["tui/texts", "man"];

/// The beginnings of documentation that do not say what an item is or does.
const BEGINNINGS: [&str; 2] = ["What ", "Takes in "];

/// A phrase that is not English: the article must be replaced with the owner or a possessive pronoun.
const PHRASE: &str = " the own ";

#[test]
fn no_documentation_is_vague_or_a_single_word() {
    let mut wrong = Vec::new();
    for file in files(&SOURCES, &["rs"]) {
        for (line, text) in documentation(&read(&file)) {
            let is_one_word =
                !text.contains(' ') && !text.contains('`') && !text.starts_with(['#', '[', '<', '-', '|']);
            let is_vague = BEGINNINGS.iter().any(|beginning| text.starts_with(beginning));
            if is_vague || is_one_word {
                wrong.push(format!("{}:{line}: {text}", name(&file)));
            }
        }
    }

    assert!(
        wrong.is_empty(),
        "say what it is, in a noun phrase or a sentence:\n{}\n",
        wrong.join("\n")
    );
}

#[test]
fn nothing_is_called_own_without_an_owner() {
    let mut wrong = Vec::new();
    for file in files(&SOURCES, &["rs"]) {
        for (line, text) in comments(&read(&file)) {
            if contains_phrase(&text) {
                wrong.push(format!("{}:{line}: {text}", name(&file)));
            }
        }
    }
    let documents = files(&TEXTS, &["md", "ftl", "1", "5", "7"]);
    for file in documents.into_iter().chain(at_the_root()) {
        for (line, text) in read(&file).lines().enumerate() {
            if contains_phrase(text) {
                wrong.push(format!("{}:{}: {text}", name(&file), line + 1));
            }
        }
    }

    assert!(wrong.is_empty(), "say whose it is:\n{}\n", wrong.join("\n"));
}

#[test]
fn paragraphs_end_at_empty_lines_lists_and_code() {
    let source = "/// One\n/// two.\n///\n/// - Three.\n/// ```sh\n/// What\n/// ```\nstruct S;\n    //! Four.\n// What\n";

    let texts: Vec<(usize, String)> = documentation(source);

    assert_eq!(
        texts,
        [
            (1, "One two.".to_owned()),
            (4, "- Three.".to_owned()),
            (9, "Four.".to_owned())
        ]
    );
}

#[test]
fn quoted_words_are_not_ours() {
    assert!(contains_phrase("Reads The Own file"));
    assert!(!contains_phrase("Finds `the own` and \"the own\""));
}

/// Returns the paragraphs of the documentation comments in a source, each with the number of its first line.
fn documentation(source: &str) -> Vec<(usize, String)> {
    let mut paragraphs: Vec<(usize, String)> = Vec::new();
    let (mut is_open, mut is_code) = (false, false);
    for (index, line) in source.lines().enumerate() {
        let line = line.trim_start();
        let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        let Some(text) = text.map(str::trim) else {
            (is_open, is_code) = (false, false);
            continue;
        };
        if text.starts_with("```") {
            (is_open, is_code) = (false, !is_code);
        } else if is_code || text.is_empty() {
            is_open = false;
        } else if is_open && !text.starts_with("- ") {
            let (_, paragraph) = paragraphs.last_mut().expect("an open paragraph");
            paragraph.push(' ');
            paragraph.push_str(text);
        } else {
            paragraphs.push((index + 1, text.to_owned()));
            is_open = true;
        }
    }
    paragraphs
}

/// Returns the lines of a source that consist of a comment, each with its number.
fn comments(source: &str) -> Vec<(usize, String)> {
    let lines = source.lines().map(str::trim_start).enumerate();
    lines
        .filter(|(_, line)| line.starts_with("//"))
        .map(|(index, line)| (index + 1, line.to_owned()))
        .collect()
}

/// Returns whether a line contains [`PHRASE`] outside of quotes and backquotes, in any case.
fn contains_phrase(line: &str) -> bool {
    let unquoted: Vec<&str> = line.split(['"', '`']).step_by(2).collect();
    format!(" {} ", unquoted.join("|"))
        .to_lowercase()
        .contains(PHRASE)
}

/// Returns the files below some folders with one of these extensions.
fn files(folders: &[&str], extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        let before = found.len();
        collect(&root().join(folder), extensions, &mut found);
        assert!(found.len() > before, "{folder} has no files any more");
    }
    found
}

/// Adds the files below a folder with one of these extensions.
fn collect(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, extensions, found);
        } else if is_one_of(&path, extensions) {
            found.push(path);
        }
    }
}

/// Returns the Markdown files in the root of the repository.
fn at_the_root() -> Vec<PathBuf> {
    let entries = fs::read_dir(root()).expect("a readable folder");
    entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| is_one_of(path, &["md"]))
        .collect()
}

/// Returns whether a path has one of these extensions.
fn is_one_of(path: &Path, extensions: &[&str]) -> bool {
    path.extension()
        .is_some_and(|has| extensions.iter().any(|extension| has == *extension))
}

/// Returns the text of a file.
fn read(file: &Path) -> String {
    fs::read_to_string(file).expect("a readable text")
}

/// Returns the path of a file within the repository.
fn name(file: &Path) -> String {
    let within = file.strip_prefix(root()).expect("a file of this repository");
    within.display().to_string()
}

/// Returns the root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
