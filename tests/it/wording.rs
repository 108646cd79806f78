//! Tests the wording of the documentation: it says what an item is, and is never a single word.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the repository.
const FOLDERS: [&str; 8] = [
    "examples", "man", "protocol", "scripts", "server", "src", "tests", "tui",
];

/// The extensions of documents and texts.
const DOCUMENTS: [&str; 5] = ["md", "ftl", "1", "5", "7"];

/// The beginnings of documentation that do not say what an item is or does.
const BEGINNINGS: [&str; 2] = ["What ", "Takes in "];

/// A phrase that is not English: the article must be replaced with the owner or a possessive pronoun.
const PHRASE: &str = " the own ";

#[test]
fn no_documentation_is_vague_or_a_single_word() {
    let mut wrong = Vec::new();
    for file in files(&["rs"]) {
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
    let sources = files(&["rs"])
        .into_iter()
        .map(|file| (file, comment_text as TextOfLine));
    let documents = files(&DOCUMENTS)
        .into_iter()
        .map(|file| (file, document_text as TextOfLine));
    for (file, text_of) in sources.chain(documents) {
        for (line, text) in paragraphs(&read(&file), text_of) {
            if contains_phrase(&text) {
                wrong.push(format!("{}:{line}: {text}", name(&file)));
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
fn a_phrase_is_found_across_the_end_of_a_line() {
    let source =
        "    /// Reads the\n    /// own file.\n    let own = 1;\n    // Reads the\n\n    // own file.\n";
    let document = "# Reads the\n# own file.\n\nReads the\n\nown file.\n";

    for (text, text_of) in [
        (source, comment_text as TextOfLine),
        (document, document_text as TextOfLine),
    ] {
        let found = paragraphs(text, text_of)
            .into_iter()
            .filter(|(_, text)| contains_phrase(text));
        let lines: Vec<usize> = found.map(|(line, _)| line).collect();
        assert_eq!(lines, [1], "{text}");
    }
}

#[test]
fn the_files_of_all_crates_are_read() {
    let sources = files(&["rs"]);
    for file in [
        "protocol/tests/it/main.rs",
        "server/tests/it/main.rs",
        "tests/party.rs",
        "src/lib.rs",
    ] {
        assert!(sources.contains(&root().join(file)), "{file}");
    }
    let documents = files(&DOCUMENTS);
    for file in [
        "README.md",
        "protocol/README.md",
        "server/tests/it/golden/README.md",
    ] {
        assert!(documents.contains(&root().join(file)), "{file}");
    }
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

/// Returns the part of a line that belongs to a paragraph; empty if the line belongs to none.
type TextOfLine = fn(&str) -> &str;

/// Returns the paragraphs of a file, each with the number of its first line. Lines are joined, so that a phrase is found even if
/// a line breaks within it.
fn paragraphs(text: &str, text_of: TextOfLine) -> Vec<(usize, String)> {
    let mut paragraphs: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (index, line) in text.lines().enumerate() {
        let text = text_of(line.trim()).trim();
        if text.is_empty() {
            is_open = false;
        } else if is_open && let Some((_, paragraph)) = paragraphs.last_mut() {
            paragraph.push(' ');
            paragraph.push_str(text);
        } else {
            paragraphs.push((index + 1, text.to_owned()));
            is_open = true;
        }
    }
    paragraphs
}

/// Returns the text of a line of source code that consists of a comment.
fn comment_text(line: &str) -> &str {
    let comment = line.strip_prefix("//").unwrap_or_default();
    comment.trim_start_matches(['/', '!'])
}

/// Returns the text of a line of a document, without the marks of comments and quotations.
fn document_text(line: &str) -> &str {
    line.trim_start_matches(['#', '>'])
}

/// Returns whether a paragraph contains [`PHRASE`] outside of quotes and backquotes, in any case.
fn contains_phrase(text: &str) -> bool {
    let unquoted: Vec<&str> = text.split(['"', '`']).step_by(2).collect();
    format!(" {} ", unquoted.join("|"))
        .to_lowercase()
        .contains(PHRASE)
}

/// Returns the files of the repository with one of these extensions.
fn files(extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = at_the_root(extensions);
    for folder in FOLDERS {
        collect(&root().join(folder), extensions, &mut found);
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

/// Returns the files in the root of the repository with one of these extensions.
fn at_the_root(extensions: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(root()).expect("a readable folder");
    entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| is_one_of(path, extensions))
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
