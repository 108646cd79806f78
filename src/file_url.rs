//! Paths as `file://` URLs: a text form for any path, even if it is not UTF-8, and the form in which desktops drop files.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXUPPER;

/// The scheme of a file URL; an authority or a path follows it.
const SCHEME: &[u8] = b"file:";

/// Returns the URL of an absolute path.
pub fn of_path(path: &Path) -> String {
    let mut url = String::from("file://");
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push_str(&HEXUPPER.encode(&[byte]));
        }
    }
    url
}

/// Returns the path of a file URL: `file:///PATH`, `file://HOST/PATH` or `file:/PATH`; `None` for other texts. A host is ignored,
/// because only files of this machine can be opened.
pub fn to_path(text: &[u8]) -> Option<PathBuf> {
    let (scheme, rest) = text.split_at_checked(SCHEME.len())?;
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return None;
    }
    let path = match rest.strip_prefix(b"//") {
        Some(place) => &place[place.iter().position(|byte| *byte == b'/')?..],
        None => rest,
    };
    path.starts_with(b"/")
        .then(|| PathBuf::from(OsString::from_vec(percent_decoded(path))))
}

/// Returns a text for exactly this path: the path itself, or its URL if it is not UTF-8 or cannot be shown.
pub fn text_of(path: &Path) -> String {
    match path.to_str() {
        Some(text) if !text.chars().any(char::is_control) => text.to_owned(),
        Some(_) | None => of_path(path),
    }
}

/// Returns the bytes of a text with each escape such as `%41` replaced by its byte. Invalid escapes are kept.
pub fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let code = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = code {
            out.push(high * 16 + low);
            rest = &rest[3..];
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn every_path_comes_back_from_its_url() {
        let all: Vec<u8> = (1..=255).collect();
        let path = Path::new("/films").join(OsStr::from_bytes(&all));

        let url = of_path(&path);

        assert!(url.is_ascii() && !url.contains(' '));
        assert_eq!(to_path(url.as_bytes()), Some(path));
        assert_eq!(of_path(Path::new("/f/a b.mkv")), "file:///f/a%20b.mkv");
    }

    #[test]
    fn urls_are_read_as_desktops_write_them() {
        let path = |text: &str| to_path(text.as_bytes()).map(|path| path.display().to_string());

        assert_eq!(path("file:///f/a%20film.mkv").as_deref(), Some("/f/a film.mkv"));
        assert_eq!(path("file://box/f/film.mkv").as_deref(), Some("/f/film.mkv"));
        assert_eq!(path("file:/f/film.mkv").as_deref(), Some("/f/film.mkv"));
        assert_eq!(path("FILE:///f/50%.mkv").as_deref(), Some("/f/50%.mkv"));
        for other in [
            "file://",
            "file:film.mkv",
            "https://h/film.mkv",
            "/f/film.mkv",
            "",
        ] {
            assert_eq!(path(other), None, "{other}");
        }
    }

    #[test]
    fn a_path_that_can_be_shown_is_its_own_text() {
        assert_eq!(text_of(Path::new("/f/it's 50%.mkv")), "/f/it's 50%.mkv");
        assert_eq!(text_of(Path::new(OsStr::from_bytes(b"/f/\xe9"))), "file:///f/%E9");
        assert_eq!(text_of(Path::new("/f/\x1b[2J")), "file:///f/%1B%5B2J");
    }
}
