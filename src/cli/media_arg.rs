//! The film that a user names, a file or a link, ready to be put on.

use std::ffi::OsStr;
use std::path::Path;

use watchtogether_tui::home_vocabulary::Film;

use super::films::{self, Target};
use crate::exit::{Failure, FailureKind};
use crate::library;
use crate::player::Source;
use crate::session::OwnCopy;

/// Returns the copy that a user of home or of a room named.
pub(super) fn own_copy(film: &Film) -> Result<OwnCopy, Failure> {
    match film {
        Film::Chosen(path) => own_file(path),
        Film::Typed(text) => named(OsStr::new(text)),
    }
}

/// Returns the copy that an argument of the command line names.
pub(super) fn of_argument(text: &OsStr) -> Result<OwnCopy, Failure> {
    named(text).map_err(|failure| {
        if failure.hint.is_some() {
            return failure;
        }
        failure.hint("name the film's file, or a link that begins with http:// or https://")
    })
}

fn named(text: &OsStr) -> Result<OwnCopy, Failure> {
    match films::target(text)? {
        Target::File(path) => own_file(&path),
        Target::Link(text) => link(&text),
    }
}

/// Returns the copy behind a link.
pub(super) fn link(text: &str) -> Result<OwnCopy, Failure> {
    let item = library::item_of_link(text).map_err(|error| {
        Failure::of(FailureKind::BadLink, error)
            .hint("other kinds are not opened; a file is named by its path alone")
    })?;
    Ok(OwnCopy {
        source: Source::Link(text.to_owned()),
        item,
    })
}

/// Returns the copy in a file.
pub(super) fn own_file(path: &Path) -> Result<OwnCopy, Failure> {
    let file = library::identify(path).map_err(|error| {
        Failure::of(FailureKind::NoSuchFile, error)
            .hint("name the film's file, or a link that begins with http:// or https://")
    })?;
    Ok(OwnCopy {
        source: Source::File(file.path),
        item: file.item,
    })
}
