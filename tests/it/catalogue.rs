//! Tests that the catalogue of texts and the code agree: each message is used, each use has a message, and both have the same
//! arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use watchtogether_tui::action::ACTIONS;
use watchtogether_tui::home_action::HOME_ACTIONS;

/// The names of arguments, by the key of a message or of its attribute, which follows a dot.
type Arguments = BTreeMap<String, BTreeSet<String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the files with this extension below a folder.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is in the repository");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let found = paths.flat_map(|path| {
        if path.is_dir() {
            files(&path, ending)
        } else {
            let is_meant = path.extension().is_some_and(|found| found == ending);
            Some(path).filter(|_| is_meant).into_iter().collect()
        }
    });
    found.collect()
}

/// Returns all messages, with the arguments in them.
fn messages() -> Arguments {
    let mut messages = Arguments::new();
    for path in files(&root().join("tui/texts/en"), "ftl") {
        let text = fs::read_to_string(&path).expect("it can be read");
        let resource = parser::parse(text).expect("it parses");
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let key = message.id.name;
            let attributes = message.attributes.into_iter();
            let attributes =
                attributes.map(|attribute| (format!("{key}.{}", attribute.id.name), attribute.value));
            let value = message.value.map(|value| (key.clone(), value));
            for (key, pattern) in value.into_iter().chain(attributes) {
                let mut arguments = BTreeSet::new();
                collect(&pattern, &mut arguments);
                assert!(
                    messages.insert(key.clone(), arguments).is_none(),
                    "{key} is there twice"
                );
            }
        }
    }
    messages
}

fn collect(pattern: &Pattern<String>, arguments: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, arguments),
            Expression::Select { selector, variants } => {
                collect_inline(selector, arguments);
                for variant in variants {
                    collect(&variant.value, arguments);
                }
            }
        }
    }
}

fn collect_inline(expression: &InlineExpression<String>, arguments: &mut BTreeSet<String>) {
    match expression {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.clone());
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        InlineExpression::FunctionReference { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. }
        | InlineExpression::Placeable { .. } => {
            panic!("texts are made of arguments, choices and literals, not of {expression:?}")
        }
    }
}

/// Returns the uses of `msg!` in a file: keys with the names of their arguments.
fn uses(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut uses = Vec::new();
    for (start, call) in source.match_indices("msg!(") {
        let rest = source[start + call.len()..].trim_start();
        let Some((key, rest)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
            continue;
        };
        uses.push((key.to_owned(), names(rest)));
    }
    uses
}

/// Returns the names before the equals signs of a list of arguments. `rest` is the text after the key.
fn names(rest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut depth = 0_usize;
    let mut is_string = false;
    let mut word = String::new();
    let mut chars = rest.chars().peekable();
    let mut before = ',';
    while let Some(c) = chars.next() {
        match c {
            '\\' if is_string => {
                chars.next();
            }
            '"' => is_string = !is_string,
            _ if is_string => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                word.clear();
                before = ',';
            }
            '=' if depth == 0 && before == ',' && !matches!(chars.peek(), Some('=' | '>')) => {
                names.insert(word.trim().to_owned());
                before = '=';
            }
            c if depth == 0 && before == ',' => word.push(c),
            _ => {}
        }
    }
    names
}

/// Returns the keys that the action tables form from the names in them.
fn keys_of_actions() -> impl Iterator<Item = (String, bool)> {
    let of_room = ACTIONS.iter().flat_map(|action| {
        let key = format!("action-{}", action.name);
        [
            (format!("{key}.help"), true),
            (format!("{key}.details"), false),
            (key, true),
        ]
    });
    let of_home = HOME_ACTIONS.iter().flat_map(|action| {
        let key = format!("home-action-{}", action.name);
        [(format!("{key}.help"), true), (key, true)]
    });
    of_room.chain(of_home)
}

#[test]
fn each_message_is_used_and_each_use_has_a_message_with_the_same_arguments() {
    let messages = messages();
    let mut unused: BTreeSet<&String> = messages.keys().collect();
    for folder in ["src", "tui/src", "tests"] {
        for path in files(&root().join(folder), "rs") {
            if path.ends_with("tui/src/catalogue.rs") || path.ends_with("tests/it/catalogue.rs") {
                continue;
            }
            let source = fs::read_to_string(&path).expect("it can be read");
            let (shipped, _) = source
                .split_once("#[cfg(test)]\nmod tests {")
                .unwrap_or((&source, ""));
            for (key, _) in uses(shipped).iter().filter(|_| folder != "tests") {
                unused.remove(key);
            }
            for (key, arguments) in uses(&source) {
                let place = path.display();

                let known = messages.get(&key);

                assert_eq!(known, Some(&arguments), "{key} in {place}");
            }
        }
    }

    for (key, is_needed) in keys_of_actions() {
        unused.remove(&key);
        let arguments = messages.get(&key);
        assert!(
            arguments.map_or(!is_needed, BTreeSet::is_empty),
            "{key}: {arguments:?}"
        );
    }

    assert!(unused.is_empty(), "nothing uses {unused:?}");
}

/// Returns the `#[error]` texts in a file that are prose: all except those that only show another error.
fn prose_of_errors(source: &str) -> Vec<&str> {
    let formats = source.split("#[error(\"").skip(1);
    let formats = formats.filter_map(|rest| rest.split_once('"'));
    formats
        .map(|(format, _)| format)
        .filter(|format| *format != "{self:?}")
        .collect()
}

#[test]
fn the_protocol_leaves_the_words_of_its_errors_to_the_catalogue() {
    // Only for logs: what is wrong with a peer's bytes. Users cannot do anything about it.
    let for_logs = ["codec.rs", "frame.rs"];
    for path in files(&root().join("protocol/src"), "rs") {
        let source = fs::read_to_string(&path).expect("it can be read");
        if for_logs.iter().any(|name| path.ends_with(name)) {
            assert_ne!(
                prose_of_errors(&source),
                [""; 0],
                "it needs no exception: {}",
                path.display()
            );
            continue;
        }

        assert_eq!(prose_of_errors(&source), [""; 0], "{}", path.display());
    }
}
