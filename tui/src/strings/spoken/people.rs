//! Texts about the standing of members, in whole words.

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::{PlayerFailure, PlayerState};
use watchtogether_protocol::message::standing::{NotReady, Standing};
use watchtogether_protocol::{Clean, MediaTime};

use super::difference;
use super::numbers::{off_by, position, span};
use crate::strings::title;

/// Returns why a member is not ready, as a clause about them: `bo doesn't have the film`.
pub fn not_ready(name: &str, reason: NotReady) -> String {
    match reason {
        NotReady::Player(PlayerState::Searching { folders: count @ 1.. }) => {
            msg!("spoken-is-searching", name = name, folders = folders(count))
        }
        NotReady::Player(PlayerState::CatchingUp { behind: Some(behind) }) => {
            msg!("spoken-is-off", name = name, by = apart(behind))
        }
        NotReady::Player(PlayerState::Buffering { percent }) => {
            msg!("spoken-is-buffering", name = name, percent = percent)
        }
        NotReady::Player(PlayerState::Ended { at }) => {
            msg!("spoken-copy-ended-of", name = name, at = position(at))
        }
        NotReady::Lost | NotReady::Silent | NotReady::Underway | NotReady::Player(_) => {
            crate::strings::not_ready(name, reason)
        }
    }
}

/// Returns why somebody is not ready, for a list of people; `None` if they are ready or their link says it.
pub(super) fn player(standing: Standing) -> Option<String> {
    let state = match standing {
        Standing::Talking => PlayerState::None,
        Standing::Awaited(NotReady::Player(state)) | Standing::Left(NotReady::Player(state)) => state,
        Standing::Awaited(NotReady::Underway) | Standing::Left(NotReady::Underway) => {
            return Some(msg!("spoken-getting-ready").to_owned());
        }
        Standing::Ready
        | Standing::Awaited(NotReady::Lost | NotReady::Silent)
        | Standing::Left(NotReady::Lost | NotReady::Silent) => return None,
    };
    Some(match state {
        PlayerState::Idle | PlayerState::Following => return None,
        PlayerState::None => msg!("spoken-no-player").to_owned(),
        PlayerState::Closed => msg!("spoken-player-is-closed").to_owned(),
        PlayerState::Loading => msg!("spoken-opening").to_owned(),
        PlayerState::Searching { folders: 0 } => msg!("spoken-looking").to_owned(),
        PlayerState::Searching { folders: count } => msg!("spoken-looking-in", folders = folders(count)),
        PlayerState::NoCopy => msg!("spoken-no-copy").to_owned(),
        PlayerState::CatchingUp { behind: None } => msg!("spoken-behind-by-some").to_owned(),
        PlayerState::CatchingUp { behind: Some(behind) } => apart(behind),
        PlayerState::Detached => msg!("spoken-own-pace").to_owned(),
        PlayerState::Buffering { percent } => msg!("spoken-buffers", percent = percent),
        PlayerState::Ended { at } => msg!("spoken-copy-has-ended", at = position(at)),
        PlayerState::TooSlow => msg!("spoken-too-slow").to_owned(),
        PlayerState::NotResponding => msg!("spoken-player-silent").to_owned(),
        PlayerState::Failed { reason } => match reason {
            PlayerFailure::Unreadable => msg!("spoken-unreadable").to_owned(),
            PlayerFailure::NotAFilm => msg!("spoken-not-a-film").to_owned(),
            PlayerFailure::Crashed => msg!("spoken-crashed").to_owned(),
            PlayerFailure::Other => msg!("spoken-failed").to_owned(),
        },
    })
}

/// Returns how a copy compares, for a list of people.
pub(super) fn file(file: FileMatch) -> Option<String> {
    Some(match file {
        FileMatch::Unknown => return None,
        FileMatch::Same => msg!("spoken-file-same").to_owned(),
        FileMatch::Other { longer_by } => {
            let (how, by) = difference(longer_by);
            msg!("spoken-file-other", how = how, by = by)
        }
        FileMatch::Growing => msg!("spoken-file-growing").to_owned(),
        FileMatch::Live => msg!("spoken-file-live").to_owned(),
    })
}

/// `Looking for Film.mkv, 120 folders so far.`
pub fn searching(title: &str, count: u32) -> String {
    match count {
        0 => msg!("spoken-searching-for", title = title),
        count => msg!("spoken-searching-for-in", title = title, folders = folders(count)),
    }
}

/// Says that there is no copy of the film, and what the user can do about it.
pub fn no_copy(film: Option<&Clean>) -> String {
    msg!("spoken-lacks-film", title = title(film))
}

/// `Your copy ended at 1 minute.`
pub fn copy_ended(at: MediaTime) -> String {
    msg!("spoken-your-copy-ended", at = position(at))
}

fn folders(count: u32) -> String {
    msg!("spoken-folders", count = count)
}

/// `12 seconds behind`.
fn apart(behind: MediaTime) -> String {
    off_by(span(behind.abs()), behind >= MediaTime::ZERO)
}
