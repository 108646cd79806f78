//! How members stand with their room, in whole words.

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::{PlayerFailure, PlayerState};
use watchtogether_protocol::message::standing::{NotReady, Standing};

use super::numbers::{many, position, span};
use super::{cut, sentence};

/// Why a member is not ready, as a clause about them: `bo doesn't have the film`.
pub fn not_ready(name: &str, why: NotReady) -> String {
    match why {
        NotReady::Player(PlayerState::Searching { folders }) => {
            format!("{name} is looking for the film{}", so_far(folders))
        }
        NotReady::Player(PlayerState::CatchingUp { behind: Some(behind) }) => {
            format!("{name} is {}", apart(behind))
        }
        NotReady::Player(PlayerState::Buffering { percent }) => {
            format!("{name} is buffering, {percent} percent")
        }
        NotReady::Player(PlayerState::Ended { at }) => format!("{name}'s copy ended at {}", position(at)),
        NotReady::Lost | NotReady::Silent | NotReady::Underway | NotReady::Player(_) => {
            crate::strings::not_ready(name, why)
        }
    }
}

/// Why somebody is not ready, in a list of people; nothing where they are, or where their link says it.
pub(super) fn player(standing: Standing) -> Option<String> {
    let state = match standing {
        Standing::Talking => PlayerState::None,
        Standing::Awaited(NotReady::Player(state)) | Standing::Left(NotReady::Player(state)) => state,
        Standing::Awaited(NotReady::Underway) | Standing::Left(NotReady::Underway) => {
            return Some("getting ready".to_owned());
        }
        Standing::Ready
        | Standing::Awaited(NotReady::Lost | NotReady::Silent)
        | Standing::Left(NotReady::Lost | NotReady::Silent) => return None,
    };
    Some(match state {
        PlayerState::Idle | PlayerState::Following => return None,
        PlayerState::None => "no player".to_owned(),
        PlayerState::Closed => "player closed".to_owned(),
        PlayerState::Loading => "opening the film".to_owned(),
        PlayerState::Searching { folders } => format!("looking for the film{}", so_far(folders)),
        PlayerState::NoCopy => "doesn't have the film".to_owned(),
        PlayerState::CatchingUp { behind: None } => "catching up".to_owned(),
        PlayerState::CatchingUp { behind: Some(behind) } => apart(behind),
        PlayerState::Detached => "at their own pace".to_owned(),
        PlayerState::Buffering { percent } => format!("buffering {percent} percent"),
        PlayerState::Ended { at } => format!("copy ended at {}", position(at)),
        PlayerState::TooSlow => "can't keep up".to_owned(),
        PlayerState::NotResponding => "player not responding".to_owned(),
        PlayerState::Failed { why } => match why {
            PlayerFailure::Unreadable => "player can't read the film".to_owned(),
            PlayerFailure::NotAFilm => "player can't play the file".to_owned(),
            PlayerFailure::Crashed => "player crashed".to_owned(),
            PlayerFailure::Other => "player failed".to_owned(),
        },
    })
}

/// How a copy compares, in a list of people.
pub(super) fn file(file: FileMatch) -> Option<String> {
    match file {
        FileMatch::Unknown => None,
        FileMatch::Same => Some("same file".to_owned()),
        FileMatch::Other { longer_by } => Some(format!("another file{}", cut(longer_by))),
        FileMatch::Growing => Some("same file, still growing".to_owned()),
        FileMatch::Live => Some("live".to_owned()),
    }
}

/// `Looking for Film.mkv, 120 folders so far.`
pub fn searching(title: &str, folders: u32) -> String {
    format!("Looking for {title}{}.", so_far(folders))
}

/// There is no copy of the film here, and what to do about it.
pub fn no_copy(title: &str) -> String {
    format!(
        "You don't have {title}. {LACKS_FILM}",
        LACKS_FILM = msg!("spoken-lacks-film")
    )
}

/// `Your copy ended at 1 minute.`
pub fn copy_ended(at: MediaTime) -> String {
    sentence(&format!("your copy ended at {}", position(at)))
}

fn so_far(folders: u32) -> String {
    if folders == 0 {
        String::new()
    } else {
        format!(", {} so far", many(folders.into(), "folder"))
    }
}

/// `12 seconds behind`.
fn apart(behind: MediaTime) -> String {
    let way = if behind < MediaTime::ZERO {
        "ahead"
    } else {
        "behind"
    };
    format!("{} {way}", span(behind.abs()))
}
