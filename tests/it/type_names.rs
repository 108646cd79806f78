//! Tests the names of types: a name has one meaning within a crate, so that a line can be read without its file's imports.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::sizes::{SOURCES, production_files};

/// The words that begin the definition of a type.
const KEYWORDS: [&str; 5] = ["struct ", "enum ", "union ", "trait ", "type "];

#[test]
fn no_two_types_of_a_crate_have_one_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut twice = Vec::new();
    for folder in SOURCES {
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in production_files(&root.join(folder)) {
            let text = fs::read_to_string(&file).expect("a readable source");
            let file = file.strip_prefix(root).expect("a file of this repository");
            for name in types_in(&text) {
                places.entry(name).or_default().push(file.display().to_string());
            }
        }
        assert!(!places.is_empty(), "{folder} defines no types any more");

        let repeated = places.into_iter().filter(|(_, files)| files.len() > 1);
        twice.extend(repeated.map(|(name, files)| format!("{name} is defined in {}", files.join(" and "))));
    }

    assert!(
        twice.is_empty(),
        "\nGive each type a name of its own within its crate:\n{}\n",
        twice.join("\n")
    );
}

#[test]
fn a_type_is_found_however_it_is_defined_and_only_outside_tests() {
    let text = "
pub struct Plain;
pub(crate) enum Generic<T> {
    Variant(T),
}
unsafe trait Unsafe {
    type Associated;
}
type Alias = u32;
macro_rules! table {
    () => {
        pub enum InMacro {}
    };
}
/// struct Documented
fn struct_like() {}
#[cfg(test)]
mod tests {
    struct Double;
}
";

    let names = types_in(text);

    assert_eq!(names, ["Plain", "Generic", "Unsafe", "Alias", "InMacro"]);
}

/// Returns the names of the types that a source defines in its production code.
fn types_in(text: &str) -> Vec<String> {
    production_lines(text).filter_map(type_defined_by).collect()
}

/// Returns the lines above the tests at the end of a source.
fn production_lines(text: &str) -> impl Iterator<Item = &str> {
    let is_of_tests = |line: &str| line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test");
    let lines: Vec<&str> = text.lines().collect();
    let end = (0..lines.len()).find(|&index| {
        let module = lines[index..].iter().find(|line| !line.starts_with("#["));
        is_of_tests(lines[index])
            && module.is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    });
    let end = end.unwrap_or(lines.len());
    lines.into_iter().take(end)
}

/// Returns the name of the type whose definition begins in a line. An indented `type` belongs to a trait.
fn type_defined_by(line: &str) -> Option<String> {
    let mut code = line.trim_start();
    if let Some(rest) = code.strip_prefix("pub") {
        let rest = match rest.strip_prefix('(') {
            Some(limit) => limit.split_once(')')?.1,
            None => rest,
        };
        code = rest.strip_prefix(' ')?;
    }
    code = code.strip_prefix("unsafe ").unwrap_or(code);
    let keyword = KEYWORDS.into_iter().find(|keyword| code.starts_with(keyword))?;
    if keyword == "type " && line.starts_with(' ') {
        return None;
    }
    let name: String = code[keyword.len()..]
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}
