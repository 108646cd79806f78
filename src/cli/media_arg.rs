//! The film that a user names, a file or a link, ready to be set as the room's item.

use std::ffi::OsStr;
use std::path::Path;

use watchtogether_tui::home_vocabulary::FilmChoice;
use watchtogether_tui::{msg, strings};

use super::file_failures;
use super::films::{self, FilmTarget};
use crate::exit::{Failure, FailureKind};
use crate::library;
use crate::player::Source;
use crate::session::LocalItem;

/// Returns the copy for a film that a user named at home or in a room.
pub(super) fn local_item(film: &FilmChoice) -> Result<LocalItem, Failure> {
    match film {
        FilmChoice::Chosen(path) => local_file(path),
        FilmChoice::Typed(text) => named(OsStr::new(text)),
    }
}

/// Returns the copy for an argument of the command line.
pub(super) fn of_argument(text: &OsStr) -> Result<LocalItem, Failure> {
    named(text).map_err(|failure| {
        if failure.hint.is_some() {
            return failure;
        }
        failure.hint(msg!("hint-name-film"))
    })
}

fn named(text: &OsStr) -> Result<LocalItem, Failure> {
    match films::target(text)? {
        FilmTarget::File(path) => local_file(&path),
        FilmTarget::Link(text) => link(&text),
    }
}

/// Returns the copy for a link.
pub(super) fn link(text: &str) -> Result<LocalItem, Failure> {
    let item = library::item_of_link(text).map_err(|error| {
        Failure::new(FailureKind::BadLink, strings::media_url_error(error)).hint(msg!("hint-other-link"))
    })?;
    Ok(LocalItem {
        source: Source::Link(text.to_owned()),
        item,
    })
}

/// Returns the copy for a file.
pub(super) fn local_file(path: &Path) -> Result<LocalItem, Failure> {
    let file = library::identify(path)
        .map_err(|error| file_failures::of_film(error).hint(msg!("hint-name-film")))?;
    Ok(LocalItem {
        source: Source::File(file.path),
        item: file.item,
    })
}
