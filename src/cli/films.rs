//! Films as people name them: typed, pasted, dropped into a terminal, or given as an argument.
//!
//! The same forms are understood everywhere. An existing file with exactly the given name takes precedence. Otherwise the text is
//! read as a shell word (`'it'\''s.mkv'`, `"a b.mkv"`, `a\ b.mkv`, `$'Am\xe9lie.mkv'`), as a `file://` URL, and with `~` for the
//! home folder. A link stays a link. Paths are bytes, which need not be UTF-8.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use watchtogether_protocol::Clean;
use watchtogether_tui::msg;
use watchtogether_tui::nearest::distance;

use super::globals::variable;
use crate::exit::{Failure, FailureKind};
use crate::file_url;

/// The maximum number of names in a folder that are compared with a missing one.
const MAX_NAMES: usize = 20_000;

/// Returns the user's home folder.
pub(super) fn home() -> Option<PathBuf> {
    variable("HOME")
        .map(PathBuf::from)
        .filter(|home| home.is_absolute())
}

/// The file or link that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FilmTarget {
    /// A path that exists.
    File(PathBuf),
    /// A text that looks like a link.
    Link(String),
}

/// Returns the file or link that a text refers to, or why there is none.
pub(super) fn target(text: &OsStr) -> Result<FilmTarget, Failure> {
    let is_link = |text: &&str| {
        text.contains("://") && file_url::to_path(text.as_bytes()).is_none() && !Path::new(text).exists()
    };
    let word = shell_word(text.as_bytes().trim_ascii());
    // Links are pasted in quotes, too.
    let is_quoted = matches!(text.as_bytes().trim_ascii().first(), Some(b'\'' | b'"'));
    let unquoted = word
        .as_deref()
        .filter(|_| is_quoted)
        .and_then(|word| std::str::from_utf8(word).ok());
    let link = unquoted
        .filter(is_link)
        .or_else(|| text.to_str().map(str::trim).filter(is_link));
    let candidates = candidates(text, home().as_deref());
    match (candidates.iter().find(|path| path.exists()), link) {
        (Some(path), _) => Ok(FilmTarget::File(path.clone())),
        (None, Some(link)) => Ok(FilmTarget::Link(link.to_owned())),
        (None, None) => Err(missing(text, candidates.last())),
    }
}

/// Returns the failure for a missing file, with the nearest existing name.
fn missing(text: &OsStr, path: Option<&PathBuf>) -> Failure {
    let shown = Clean::line(&text.to_string_lossy());
    let failure = Failure::new(FailureKind::NoSuchFile, msg!("no-such-file", path = &shown));
    let Some(path) = path else { return failure };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return failure.hint(msg!(
            "hint-no-folder",
            path = self::shown(folder, home().as_deref())
        ));
    }
    match nearest(folder, path) {
        Some(name) => failure.hint(msg!("hint-did-you-mean", name = name)),
        None => failure,
    }
}

/// Returns the name in a folder that differs in so few letters that it may be the intended one.
fn nearest(folder: &Path, path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy().to_lowercase();
    let most = (wanted.chars().count() / 3).clamp(1, 6);
    let names = fs::read_dir(folder).ok()?.filter_map(Result::ok).take(MAX_NAMES);
    names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .map(|name| (near(&wanted, &name.to_lowercase()), name))
        .filter(|(far, _)| *far <= most)
        .min()
        .map(|(_, name)| Clean::line(&name).to_string())
}

/// Returns how far apart two names are; a missing extension is not counted.
fn near(wanted: &str, name: &str) -> usize {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    distance(wanted, name).min(distance(wanted, stem) + 1)
}

/// Returns the paths that a text can refer to: the literal one first, then the others, the likeliest last.
fn candidates(text: &OsStr, home: Option<&Path>) -> Vec<PathBuf> {
    let trimmed = text.as_bytes().trim_ascii();
    let word = shell_word(trimmed);
    let mut candidates = vec![PathBuf::from(text)];
    for text in [Some(trimmed), word.as_deref()].into_iter().flatten() {
        candidates.push(PathBuf::from(OsStr::from_bytes(text)));
        candidates.push(from_home(OsStr::from_bytes(text), home));
        candidates.extend(file_url::to_path(text));
    }
    candidates.dedup();
    candidates
}

/// Returns a path whose `~` is the home folder.
pub(super) fn from_home(text: &OsStr, home: Option<&Path>) -> PathBuf {
    match (text.as_bytes().strip_prefix(b"~"), home) {
        (Some(b""), Some(home)) => home.to_owned(),
        (Some([b'/', below @ ..]), Some(home)) => {
            let slashes = below.iter().take_while(|byte| **byte == b'/').count();
            home.join(OsStr::from_bytes(&below[slashes..]))
        }
        _ => PathBuf::from(text),
    }
}

/// Returns a path for display, beginning with `~` if it is below the home folder.
pub(super) fn shown(path: &Path, home: Option<&Path>) -> String {
    let below = home.and_then(|home| path.strip_prefix(home).ok());
    let text = match below {
        Some(below) if below.as_os_str().is_empty() => "~".to_owned(),
        Some(below) => format!("~/{}", below.display()),
        None => path.display().to_string(),
    };
    Clean::line(&text).to_string()
}

/// Unquotes a text as one shell word. Unquoted spaces belong to the word, because names are often pasted without quotes. Returns
/// `None` if a quote is not closed.
fn shell_word(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'\'', _) => {
                let end = tail.iter().position(|byte| *byte == b'\'')?;
                out.extend_from_slice(&tail[..end]);
                &tail[end + 1..]
            }
            (b'"', _) => double_quoted(tail, &mut out)?,
            (b'$', [b'\'', inside @ ..]) => escaped(inside, &mut out)?,
            (b'\\', [kept, after @ ..]) => {
                out.push(*kept);
                after
            }
            (byte, _) => {
                out.push(*byte);
                tail
            }
        };
    }
    Some(out)
}

/// Reads the text inside double quotes, and returns what follows them.
fn double_quoted<'a>(mut rest: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    loop {
        match rest {
            [b'"', after @ ..] => return Some(after),
            [b'\\', kept @ (b'"' | b'\\' | b'$' | b'`'), after @ ..] | [kept, after @ ..] => {
                out.push(*kept);
                rest = after;
            }
            [] => return None,
        }
    }
}

/// Reads the text inside `$'…'`, and returns what follows it.
fn escaped<'a>(mut rest: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    loop {
        let (byte, after) = match rest {
            [b'\'', after @ ..] => return Some(after),
            [b'\\', b'x', digits @ ..] => number(digits, 16, 2)?,
            [b'\\', b'0'..=b'7', ..] => number(&rest[1..], 8, 3)?,
            [b'\\', code, after @ ..] => (
                match code {
                    b'a' => 0x07,
                    b'b' => 0x08,
                    b'e' | b'E' => 0x1b,
                    b'f' => 0x0c,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'v' => 0x0b,
                    other => *other,
                },
                after,
            ),
            [byte, after @ ..] => (*byte, after),
            [] => return None,
        };
        out.push(byte);
        rest = after;
    }
}

/// Reads a byte of at most `most` digits, and returns what follows them.
fn number(digits: &[u8], radix: u32, most: usize) -> Option<(u8, &[u8])> {
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let count = digits.iter().take(most).take_while(is_digit).count();
    let text = str::from_utf8(&digits[..count]).ok()?;
    let value = u32::from_str_radix(text, radix).ok()?;
    Some((u8::try_from(value).ok()?, &digits[count..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "/home/ana";

    fn means(text: &str, path: &str) -> bool {
        candidates(OsStr::new(text), Some(Path::new(HOME))).contains(&PathBuf::from(path))
    }

    fn disk(names: &[&[u8]]) -> tempfile::TempDir {
        let disk = tempfile::tempdir().expect("a folder");
        for name in names {
            fs::write(disk.path().join(OsStr::from_bytes(name)), "x").expect("written");
        }
        disk
    }

    #[test]
    fn every_form_of_a_path_is_understood() {
        for (text, path) in [
            ("~/Film.mkv", "/home/ana/Film.mkv"),
            (" /f/a film.mkv ", "/f/a film.mkv"),
            ("'/f/a film.mkv'", "/f/a film.mkv"),
            ("'/f/it'\\''s.mkv'", "/f/it's.mkv"),
            ("'/f/it'\"'\"'s.mkv' ", "/f/it's.mkv"),
            ("\"~/a film.mkv\"", "/home/ana/a film.mkv"),
            (r#""/f/\$5 \"a\" b\c.mkv""#, r#"/f/$5 "a" b\c.mkv"#),
            (r"/f/a\ film\ \(2024\).mkv", "/f/a film (2024).mkv"),
            (r"$'/f/\x41\102\t\'.mkv'", "/f/AB\t'.mkv"),
            ("file:///f/a%20film.mkv", "/f/a film.mkv"),
            ("'file:///f/a%20film.mkv'", "/f/a film.mkv"),
            ("file://box/f/film.mkv", "/f/film.mkv"),
            ("~bo/film.mkv", "~bo/film.mkv"),
            ("it's.mkv", "it's.mkv"),
        ] {
            assert!(means(text, path), "{text}");
        }
        let text = OsStr::from_bytes(b"'/f/Am\xe9lie.mkv'");
        let path = PathBuf::from(OsStr::from_bytes(b"/f/Am\xe9lie.mkv"));
        assert!(candidates(text, None).contains(&path));
        assert!(candidates(OsStr::new(r"$'/f/Am\xe9lie.mkv'"), None).contains(&path));
    }

    #[test]
    fn a_file_with_exactly_that_name_comes_first() {
        for name in [
            "'a.mkv'",
            r"a\ b.mkv",
            "\"a.mkv\"",
            "$'a'",
            "~",
            " a.mkv ",
            "file:a%20b",
        ] {
            let both = disk(&[name.as_bytes(), b"a.mkv", b"a b.mkv"]);
            let path = both.path().join(name);

            assert_eq!(
                target(path.as_os_str()).expect("there"),
                FilmTarget::File(path),
                "{name}"
            );
        }
    }

    #[test]
    fn a_file_is_found_by_every_spelling_of_its_path() {
        let disk = disk(&[b"it's 1.mkv", b"Am\xe9lie.mkv"]);
        let folder = disk.path().display();
        let found = |text: String| match target(OsStr::new(&text)).expect("there") {
            FilmTarget::File(path) => path.file_name().expect("a name").as_bytes().to_vec(),
            FilmTarget::Link(link) => panic!("{link}"),
        };

        assert_eq!(found(format!("'{folder}/it'\\''s 1.mkv'")), b"it's 1.mkv");
        assert_eq!(found(format!("{folder}/it\\'s\\ 1.mkv")), b"it's 1.mkv");
        assert_eq!(found(format!("file://{folder}/it's%201.mkv")), b"it's 1.mkv");
        assert_eq!(found(format!("file://{folder}/Am%E9lie.mkv")), b"Am\xe9lie.mkv");
        assert_eq!(found(format!("$'{folder}/Am\\xe9lie.mkv'")), b"Am\xe9lie.mkv");
    }

    #[test]
    fn a_link_in_quotes_is_a_link_too() {
        for text in ["'https://h.example/a.mkv'", " \"https://h.example/a.mkv\" "] {
            let link = target(OsStr::new(text)).expect("a link");

            assert_eq!(
                link,
                FilmTarget::Link("https://h.example/a.mkv".to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_link_stays_a_link() {
        let link = target(OsStr::new(" https://h.example/it's.mkv")).expect("a link");

        assert_eq!(link, FilmTarget::Link("https://h.example/it's.mkv".to_owned()));
    }

    #[test]
    fn a_quote_that_stays_open_is_no_shell_word() {
        for text in ["'a", "\"a", "a'", "$'a", "$'\\x'"] {
            assert_eq!(shell_word(text.as_bytes()), None, "{text}");
        }
        assert_eq!(shell_word(b"a\\"), Some(b"a\\".to_vec()));
    }

    #[test]
    fn a_missing_file_is_reported_with_the_nearest_one() {
        let disk = disk(&[b"Film.mkv", b"Another.mkv"]);
        let hint = |name: &str| {
            let path = disk.path().join(name);
            target(path.as_os_str()).expect_err("not there").hint
        };
        let named = |name: &str| hint(name).expect("a hint");

        assert_eq!(named("Flim.mkv"), "did you mean Film.mkv?");
        assert_eq!(named("film"), "did you mean Film.mkv?");
        assert_eq!(
            hint("something else.avi"),
            None,
            "how it is looked for is its asker's to say"
        );
        assert!(
            named("none/Film.mkv").starts_with("the folder"),
            "{}",
            named("none/Film.mkv")
        );
    }

    #[test]
    fn a_file_below_home_is_shown_from_there_on() {
        let home = Some(Path::new(HOME));

        assert_eq!(shown(Path::new("/home/ana/Videos"), home), "~/Videos");
        assert_eq!(shown(Path::new("/home/ana"), home), "~");
        assert_eq!(shown(Path::new("/mnt/\u{202e}x"), home), "/mnt/x");
    }
}
