//! Converts what the player has loaded into a source for the room.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::file_url::percent_decoded;
use crate::player::Source;

/// The extensions of files that refer to other files.
const LISTS: &[&str] = &["m3u", "m3u8", "pls", "cue", "edl"];

/// A source that somebody opened in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WindowOpening {
    /// A film.
    Film(Source),
    /// A folder or a list: the film is the entry that it leads to.
    List,
    /// Something that others cannot open: a disc, a camera, one of the player's own schemes.
    Unshareable,
}

/// Returns the source for `path`, as the player writes it, relative to `directory`.
pub(super) fn of_player(path: &[u8], directory: &Path) -> WindowOpening {
    let file = match scheme_of(path) {
        None => PathBuf::from(OsStr::from_bytes(path)),
        Some(b"http" | b"https") => {
            return match std::str::from_utf8(path) {
                Ok(link) => WindowOpening::Film(Source::Link(link.to_owned())),
                Err(_) => WindowOpening::Unshareable,
            };
        }
        Some(b"file") => PathBuf::from(OsStr::from_bytes(&percent_decoded(&path["file://".len()..]))),
        Some(_) => return WindowOpening::Unshareable,
    };
    let file = directory.join(file);
    let is_list = file
        .extension()
        .and_then(OsStr::to_str)
        .is_some_and(|extension| LISTS.iter().any(|list| extension.eq_ignore_ascii_case(list)));
    if is_list || file.is_dir() {
        WindowOpening::List
    } else {
        WindowOpening::Film(Source::File(file))
    }
}

/// Returns the part before `://`, if it is a scheme.
fn scheme_of(path: &[u8]) -> Option<&[u8]> {
    let end = path.windows(3).position(|part| part == b"://")?;
    let scheme = &path[..end];
    let is_scheme = scheme
        .iter()
        .all(|c| c.is_ascii_alphanumeric() || b"+-._".contains(c));
    (is_scheme && !scheme.is_empty()).then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(path: &str) -> WindowOpening {
        of_player(path.as_bytes(), Path::new("/films"))
    }

    fn file(path: &str) -> WindowOpening {
        WindowOpening::Film(Source::File(PathBuf::from(path)))
    }

    #[test]
    fn a_path_is_absolute_for_the_room() {
        assert_eq!(opened("a.mkv"), file("/films/a.mkv"));
        assert_eq!(opened("/b/a.mkv"), file("/b/a.mkv"));
        assert_eq!(opened("what://is this.mkv"), WindowOpening::Unshareable);
        assert_eq!(
            opened("a b://c.mkv"),
            file("/films/a b://c.mkv"),
            "no scheme has a space"
        );
    }

    #[test]
    fn a_dropped_file_is_read_as_a_path() {
        assert_eq!(opened("file:///b/a%20%C3%A9%.mkv"), file("/b/a é%.mkv"));
    }

    #[test]
    fn only_web_links_can_be_shared() {
        let link = "https://example.org/a.mkv";

        assert_eq!(opened(link), WindowOpening::Film(Source::Link(link.to_owned())));
        for path in ["av://lavfi:testsrc", "dvd://1", "fd://3", "smb://host/x"] {
            assert_eq!(opened(path), WindowOpening::Unshareable, "{path}");
        }
    }

    #[test]
    fn folders_and_lists_are_no_films() {
        assert_eq!(of_player(b".", Path::new("/")), WindowOpening::List);
        assert_eq!(opened("all.M3U"), WindowOpening::List);
    }
}
