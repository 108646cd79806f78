//! A scan of the source text for the imports of a crate's modules. It knows `use` declarations with their groups and names,
//! re-exports, and paths written out in code. Comments, string literals and tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The path of a module within its crate: `["model", "chat_log"]`; empty for the root.
type Module = Vec<String>;

/// The sources of one crate.
pub(super) struct Sources {
    files: BTreeMap<Module, File>,
}

/// The imports of one file.
#[derive(Default)]
struct File {
    /// The paths of its `use` declarations, by imported name.
    uses: Vec<(String, Vec<String>)>,
    /// The paths written out in its code.
    written: Vec<Vec<String>>,
}

impl Sources {
    /// Reads the crate in a folder of the repository.
    pub(super) fn of(folder: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files = BTreeMap::new();
        read(&root, &mut Vec::new(), &mut files);
        Self { files }
    }

    /// Returns the crate made of these files, each with its path and text.
    pub(super) fn from_texts(texts: &[(&str, &str)]) -> Self {
        let files = texts.iter().filter_map(|(path, text)| {
            let path = path.trim_end_matches(".rs");
            let module: Module = path.split('/').map(str::to_owned).collect();
            (!is_test(&module)).then(|| (rooted(module), File::parse(text)))
        });
        Self {
            files: files.collect(),
        }
    }

    /// Returns the modules below the root.
    pub(super) fn modules(&self) -> impl Iterator<Item = String> {
        let names: BTreeSet<String> = self.files.keys().filter_map(|m| m.first().cloned()).collect();
        names.into_iter()
    }

    /// Returns the modules below the root that a module imports, including its submodules.
    pub(super) fn imports(&self, module: &str) -> BTreeSet<String> {
        self.within(module)
            .flat_map(|(file, _)| self.named_by(file))
            .filter_map(|named| named.first().cloned())
            .filter(|named| named != module)
            .collect()
    }

    /// Returns every path in a module below the root and its submodules, as written; a re-export of another crate in the root is
    /// resolved to that crate's path.
    pub(super) fn paths(&self, module: &str) -> BTreeSet<String> {
        self.within(module)
            .flat_map(|(_, file)| {
                let used = file.uses.iter().map(|(_, path)| path);
                used.chain(&file.written).map(|path| self.origin(path).join("::"))
            })
            .collect()
    }

    /// Returns a path through the root as the root writes it, if it leads to another crate.
    fn origin(&self, path: &[String]) -> Vec<String> {
        let through_root = path.split_first().filter(|(first, _)| *first == "crate");
        let root = self.files.get(&Vec::new());
        let (Some((_, rest)), Some(root)) = (through_root, root) else {
            return path.to_vec();
        };
        let used = root
            .uses
            .iter()
            .find(|(name, path)| rest.first() == Some(name) && !self.files.contains_key(&path[..1]));
        match used {
            Some((_, origin)) if !matches!(origin[0].as_str(), "crate" | "self" | "super") => {
                origin.iter().chain(&rest[1..]).cloned().collect()
            }
            _ => path.to_vec(),
        }
    }

    /// Returns the cycles of imports, at each level: a file and its submodules count as one, and imports between siblings must
    /// not form a cycle.
    pub(super) fn circles(&self) -> Vec<String> {
        let mut edges: BTreeMap<Module, BTreeSet<(String, String)>> = BTreeMap::new();
        for file in self.files.keys() {
            for named in self.named_by(file) {
                let shared = file.iter().zip(&named).take_while(|(a, b)| a == b).count();
                if let (Some(from), Some(to)) = (file.get(shared), named.get(shared)) {
                    edges
                        .entry(file[..shared].to_vec())
                        .or_default()
                        .insert((from.clone(), to.clone()));
                }
            }
        }
        let mut circles = Vec::new();
        for (parent, edges) in edges {
            let knot = knot(&edges);
            if !knot.is_empty() {
                let names: Vec<&str> = knot.iter().map(String::as_str).collect();
                let parent = if parent.is_empty() {
                    "the root".to_owned()
                } else {
                    parent.join("::")
                };
                circles.push(format!("{parent}: {} import each other", names.join(", ")));
            }
        }
        circles
    }

    fn within(&self, module: &str) -> impl Iterator<Item = (&Module, &File)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.first().is_some_and(|first| first == module))
    }

    /// Returns the modules that a file refers to.
    fn named_by(&self, file: &Module) -> Vec<Module> {
        let Some(source) = self.files.get(file) else {
            return Vec::new();
        };
        let used = source.uses.iter().map(|(_, path)| path);
        used.chain(&source.written)
            .filter_map(|path| self.resolve(file, path, 0))
            .collect()
    }

    /// Returns the module that a path leads to, as written in a file.
    fn resolve(&self, file: &Module, path: &[String], depth: usize) -> Option<Module> {
        /// The maximum depth of nested re-exports. More would be a cycle.
        const DEPTH: usize = 8;

        let first = path.first()?;
        let (mut module, rest) = match first.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (file.clone(), &path[1..]),
            "super" => {
                let ups = path.iter().take_while(|part| *part == "super").count();
                let height = file.len().checked_sub(ups)?;
                (file[..height].to_vec(), &path[ups..])
            }
            _ if self.files.contains_key(&child(file, first)) => (file.clone(), path),
            _ => return None,
        };
        for (index, part) in rest.iter().enumerate() {
            let next = child(&module, part);
            if self.files.contains_key(&next) {
                module = next;
                continue;
            }
            let known = self
                .files
                .get(&module)?
                .uses
                .iter()
                .find(|(name, _)| name == part);
            if let Some((_, origin)) = known.filter(|_| depth < DEPTH) {
                let mut origin = origin.clone();
                origin.extend_from_slice(&rest[index + 1..]);
                return self.resolve(&module, &origin, depth + 1).or(Some(module));
            }
            break;
        }
        Some(module)
    }
}

fn child(module: &[String], name: &str) -> Module {
    let mut child = module.to_vec();
    child.push(name.to_owned());
    child
}

/// Returns the nodes that can be reached from themselves.
fn knot(edges: &BTreeSet<(String, String)>) -> BTreeSet<String> {
    let mut reached = edges.clone();
    loop {
        let longer: BTreeSet<(String, String)> = reached
            .iter()
            .flat_map(|(from, over)| {
                let onwards = edges.iter().filter(move |(start, _)| start == over);
                onwards.map(move |(_, to)| (from.clone(), to.clone()))
            })
            .filter(|edge| !reached.contains(edge))
            .collect();
        if longer.is_empty() {
            break;
        }
        reached.extend(longer);
    }
    reached
        .into_iter()
        .filter_map(|(from, to)| (from == to).then_some(from))
        .collect()
}

fn read(folder: &Path, module: &mut Module, files: &mut BTreeMap<Module, File>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        module.push(stem);
        if is_test(module) {
            // Tests import the module under test from above.
        } else if path.is_dir() {
            read(&path, module, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a readable source");
            files.insert(rooted(module.clone()), File::parse(&text));
        }
        module.pop();
    }
}

fn is_test(module: &[String]) -> bool {
    module
        .iter()
        .any(|part| matches!(part.as_str(), "tests" | "test_support" | "main"))
}

/// Returns the path of a module: `lib.rs` is the root.
fn rooted(module: Module) -> Module {
    if module == ["lib"] { Vec::new() } else { module }
}

impl File {
    fn parse(text: &str) -> Self {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let mut file = Self::default();
        let mut declaration: Option<String> = None;
        for line in code.lines().map(without_text) {
            let begun = declaration.take();
            let is_begun = begun.is_some();
            let text = begun.map_or_else(|| line.clone(), |begun| begun + " " + &line);
            match text
                .split_once("use ")
                .filter(|(before, _)| is_begun || is_visibility(before))
            {
                None => file.written.extend(written_out(&line)),
                Some((_, tree)) => match tree.split_once(';') {
                    None => declaration = Some(text),
                    Some((tree, _)) => file.uses.extend(tree_paths(&[], tree)),
                },
            }
        }
        file
    }
}

fn is_visibility(before: &str) -> bool {
    let before = before.trim();
    before.is_empty() || before == "pub" || (before.starts_with("pub(") && before.ends_with(')'))
}

/// Returns a line without its comment and its string literals.
fn without_text(line: &str) -> String {
    let code = line.split("//").next().unwrap_or_default();
    code.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

/// Returns the paths of a `use` tree, by the name that each brings in.
fn tree_paths(prefix: &[String], tree: &str) -> Vec<(String, Vec<String>)> {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
        let mut path: Vec<String> = prefix.iter().cloned().chain(parts(path)).collect();
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let name = Some(alias.trim().to_owned()).filter(|alias| !alias.is_empty());
        return name
            .or_else(|| path.last().cloned())
            .map(|name| (name, path))
            .into_iter()
            .collect();
    };
    let prefix: Vec<String> = prefix.iter().cloned().chain(parts(head)).collect();
    let mut depth = 0;
    let group = group.trim().trim_end_matches('}');
    let branches = group.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    branches
        .filter(|branch| !branch.trim().is_empty())
        .flat_map(|branch| tree_paths(&prefix, branch))
        .collect()
}

fn parts(path: &str) -> impl Iterator<Item = String> {
    path.trim()
        .trim_end_matches("::")
        .split("::")
        .filter(|part| !part.is_empty())
        .map(|part| part.trim().to_owned())
}

/// Returns the paths in a line of code: identifiers joined by `::`.
fn written_out(code: &str) -> impl Iterator<Item = Vec<String>> {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .map(|word| word.trim_matches(':'))
        .filter(|word| word.contains("::") && word.starts_with(|c: char| c.is_alphabetic()))
        .map(|word| parts(word).collect())
}
