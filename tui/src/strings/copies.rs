//! Texts about local copies of the film: whether there is one, and how it differs from the room's.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::{Clean, MediaTime};

use super::{Who, title};

/// `you don't have Film.mkv`.
pub fn lack_file(film: Option<&Clean>) -> String {
    msg!("lack-file", title = title(film))
}

/// `looking for Film.mkv … 120 folders`.
pub fn searching(title: &str, folders: u32) -> String {
    msg!("searching", title = title, folders = folders)
}

/// `your copy ended at 01:00`.
pub fn copy_ended(at: MediaTime) -> String {
    msg!("copy-ended", at = at)
}

/// `your copy is 00:04 shorter than Film.mkv`.
pub fn other_file(title: &str, longer_by: MediaTime) -> String {
    msg!(
        "other-file-compared",
        title = title,
        way = way(longer_by),
        length = length_apart(longer_by)
    )
}

/// `bo's copy is 00:04 shorter than Film.mkv`.
pub fn has_other_copy(who: &Who, film: Option<&Clean>, longer_by: MediaTime) -> String {
    msg!(
        "has-other-copy",
        who = who,
        title = title(film),
        way = way(longer_by),
        length = length_apart(longer_by)
    )
}

/// Returns how the user's copy compares; `None` if nothing is known.
pub fn file_compared(title: &str, file: FileMatch) -> Option<String> {
    match file {
        FileMatch::Same => Some(msg!("your-copy-same", title = title)),
        FileMatch::Other { longer_by } => Some(msg!(
            "your-copy-other",
            title = title,
            way = way(longer_by),
            length = length_apart(longer_by)
        )),
        FileMatch::Growing => Some(msg!("your-copy-growing", title = title)),
        FileMatch::Unknown | FileMatch::Live => None,
    }
}

/// Returns how a member's copy differs from the room's film, in few words, such as `00:50 longer`; `None` if it does not differ.
pub fn copy_short(file: FileMatch) -> Option<String> {
    match file {
        FileMatch::Unknown | FileMatch::Same | FileMatch::Live => None,
        FileMatch::Other { longer_by } => Some(apart(longer_by)),
        FileMatch::Growing => Some(msg!("growing").to_owned()),
    }
}

/// Returns how a member's copy differs from the room's film, in at most `cells` cells: `02:00 shorter`, or `-02:00`.
pub fn copy_within(file: FileMatch, cells: usize) -> Option<String> {
    let words = copy_short(file)?;
    match file {
        FileMatch::Other { longer_by } if words.len() > cells => Some(apart_short(longer_by)),
        FileMatch::Other { .. }
        | FileMatch::Unknown
        | FileMatch::Same
        | FileMatch::Growing
        | FileMatch::Live => Some(words),
    }
}

/// `your copy: 00:50 longer`.
pub fn your_copy(file: FileMatch) -> Option<String> {
    copy_short(file).map(|words| msg!("your-copy", how = words))
}

/// `2 have other copies`.
pub fn have_other_copies(others: usize) -> String {
    msg!("have-other-copies", count = others)
}

/// Returns `00:04 shorter`, or the text for a different file of the same length. The difference is written like the film's
/// length.
fn apart(longer_by: MediaTime) -> String {
    msg!(
        "other-copy",
        way = way(longer_by),
        length = length_apart(longer_by)
    )
}

/// Returns the direction of the difference, which messages select on.
fn way(longer_by: MediaTime) -> &'static str {
    if longer_by.abs() < Duration::from_secs(1) {
        "same"
    } else if longer_by < MediaTime::ZERO {
        "shorter"
    } else {
        "longer"
    }
}

/// Returns `-00:04`, for narrow columns.
fn apart_short(longer_by: MediaTime) -> String {
    let sign = if longer_by < MediaTime::ZERO { '-' } else { '+' };
    format!("{sign}{}", length_apart(longer_by))
}

/// Returns by how much two films differ, in whole seconds: `00:50`.
fn length_apart(longer_by: MediaTime) -> MediaTime {
    const SECOND: i64 = 1_000;

    let millis = longer_by.as_millis().abs();
    MediaTime::from_millis((millis + SECOND / 2) / SECOND * SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_differing_length_is_written_like_the_films() {
        assert_eq!(apart(MediaTime::from_millis(-4_000)), "00:04 shorter");
        assert_eq!(apart_short(MediaTime::from_millis(49_600)), "+00:50");
    }

    #[test]
    fn a_different_copy_is_shown_with_the_difference() {
        let longer_by = |seconds: i64| FileMatch::Other {
            longer_by: MediaTime::from_millis(seconds * 1_000),
        };

        assert_eq!(copy_short(longer_by(50)).as_deref(), Some("00:50 longer"));
        assert_eq!(copy_short(longer_by(-4)).as_deref(), Some("00:04 shorter"));
        assert_eq!(copy_short(longer_by(0)).as_deref(), Some("differs"));
        assert_eq!(copy_short(longer_by(-3_723)).as_deref(), Some("1:02:03 shorter"));
        assert_eq!(copy_within(longer_by(-120), 13).as_deref(), Some("02:00 shorter"));
        assert_eq!(copy_within(longer_by(-120), 11).as_deref(), Some("-02:00"));
        assert_eq!(copy_within(longer_by(50), 11).as_deref(), Some("+00:50"));
        assert_eq!(copy_within(longer_by(0), 11).as_deref(), Some("differs"));
        assert_eq!(copy_short(FileMatch::Same), None);
        assert_eq!(copy_short(FileMatch::Live), None);
    }

    #[test]
    fn a_missing_film_is_named_where_its_title_is_known() {
        assert_eq!(
            lack_file(Some(&Clean::line("Film.mkv"))),
            "you don't have Film.mkv"
        );
        assert_eq!(lack_file(None), "you don't have the film");
        assert_eq!(searching("Film.mkv", 120), "looking for Film.mkv … 120 folders");
    }
}
