//! Titles for files and links.

use std::path::Path;

use watchtogether_protocol::item::MediaUrl;
use watchtogether_protocol::{Clean, limits};

use crate::file_url::percent_decoded;

/// The title if a name contains nothing usable.
const FALLBACK_TITLE: &str = "untitled";

/// Returns a file's name, clean and within a title's length.
pub(super) fn of_file(path: &Path) -> Clean {
    let name = path.file_name().map(|name| name.to_string_lossy());
    within_limits(&name.unwrap_or_default(), FALLBACK_TITLE)
}

/// Returns the last non-empty part of a link's path, decoded, or otherwise its host.
pub(super) fn of_link(link: &MediaUrl) -> Clean {
    let rest = link.as_str().split_once("://").map_or("", |(_, rest)| rest);
    let before_query = rest.split(['?', '#']).next().unwrap_or_default();
    let path = before_query.split_once('/').map_or("", |(_, path)| path);
    let last = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    within_limits(
        &String::from_utf8_lossy(&percent_decoded(last.as_bytes())),
        link.host(),
    )
}

fn within_limits(text: &str, otherwise: &str) -> Clean {
    let clean = Clean::line(text);
    let is_blank = clean.as_str().trim().is_empty();
    let title = if is_blank { Clean::line(otherwise) } else { clean };
    title.truncated(limits::TITLE_CHARS)
}
