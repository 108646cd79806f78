//! How members stand with their room, in whole words.

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::{PlayerFailure, PlayerState};
use watchtogether_protocol::message::standing::{NotReady, Standing};

use super::numbers::{many, position, span};
use super::{LACKS_FILM, cut, sentence};
use crate::model::people::News;

/// Why a member is not ready, as a clause about them: `bo doesn't have the film`.
pub fn not_ready(name: &str, why: NotReady) -> String {
    match why {
        NotReady::Searching { folders } => format!("{name} is looking for the film{}", so_far(folders)),
        NotReady::CatchingUp { behind: Some(behind) } => format!("{name} is {}", apart(behind)),
        NotReady::Buffering { percent } => format!("{name} is buffering, {percent} percent"),
        NotReady::Ended { at } => format!("{name}'s copy ended at {}", position(at)),
        NotReady::Lost
        | NotReady::Silent
        | NotReady::Closed
        | NotReady::Loading
        | NotReady::NoCopy
        | NotReady::CatchingUp { behind: None }
        | NotReady::Detached
        | NotReady::TooSlow
        | NotReady::NotResponding
        | NotReady::Failed { .. } => crate::strings::not_ready(name, why),
    }
}

/// `bo responds again.`
pub fn responds_again(name: &str) -> String {
    format!("{name} responds again.")
}

/// What changed about a member, as a sentence.
pub fn member_news(name: &str, news: News) -> String {
    match news {
        News::NotReady(why) => format!("{}.", not_ready(name, why)),
        News::IsBack => format!("{name} is watching again."),
        News::OtherCopy { longer_by } => format!("{name} has another file{}.", cut(longer_by)),
    }
}

/// The state of a player in a list of people; nothing where it is as it should be.
pub(super) fn player(state: PlayerState) -> Option<String> {
    let why = match state.standing() {
        Standing::Ready => return None,
        Standing::Talking => return Some("no player".to_owned()),
        Standing::Awaited(why) | Standing::Left(why) => why,
    };
    Some(match why {
        NotReady::Closed => "player closed".to_owned(),
        NotReady::Loading => "opening the film".to_owned(),
        NotReady::Searching { folders } => format!("looking for the film{}", so_far(folders)),
        NotReady::NoCopy => "doesn't have the film".to_owned(),
        NotReady::CatchingUp { behind: None } => "catching up".to_owned(),
        NotReady::CatchingUp { behind: Some(behind) } => apart(behind),
        NotReady::Detached => "at their own pace".to_owned(),
        NotReady::Buffering { percent } => format!("buffering {percent} percent"),
        NotReady::Ended { at } => format!("copy ended at {}", position(at)),
        NotReady::TooSlow => "can't keep up".to_owned(),
        NotReady::NotResponding => "player not responding".to_owned(),
        NotReady::Failed { why } => match why {
            PlayerFailure::Unreadable => "player can't read the film".to_owned(),
            PlayerFailure::NotAFilm => "player can't play the file".to_owned(),
            PlayerFailure::Crashed => "player crashed".to_owned(),
            PlayerFailure::Other => "player failed".to_owned(),
        },
        NotReady::Lost => "connection lost".to_owned(),
        NotReady::Silent => "not responding".to_owned(),
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
    format!("You don't have {title}. {LACKS_FILM}")
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
