//! The words for how members stand with their room, and for what changes about it.

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::message::roster::{PlayerFailure, PlayerState};
use watchtogether_protocol::message::standing::NotReady;

use super::numbers::rough;
use super::{Who, buffering};

/// Why a member is not ready, in the few cells behind a name: `no copy`, `12 s behind`.
pub fn not_ready_short(why: NotReady) -> String {
    match why {
        NotReady::Lost => msg!("connection-lost").to_owned(),
        NotReady::Silent => "not responding".to_owned(),
        NotReady::Underway => "getting ready".to_owned(),
        NotReady::Player(player) => player_short(player),
    }
}

fn player_short(player: PlayerState) -> String {
    let words = match player {
        PlayerState::None => msg!("no-player-here"),
        PlayerState::Idle | PlayerState::Following => "ready",
        PlayerState::Closed => "player closed",
        PlayerState::Loading => "opening",
        PlayerState::Searching { folders: 0 } => "searching",
        PlayerState::Searching { folders } => return format!("searching {folders}"),
        PlayerState::NoCopy => "no copy",
        PlayerState::CatchingUp { behind } => {
            return behind.map_or_else(|| "catching up".to_owned(), apart);
        }
        PlayerState::Detached => "own pace",
        PlayerState::Buffering { percent } => return buffering(percent),
        PlayerState::Ended { at } => return format!("ended at {at}"),
        PlayerState::TooSlow => "too slow",
        PlayerState::NotResponding => "player frozen",
        PlayerState::Failed { why } => match why {
            PlayerFailure::Unreadable => "cannot read it",
            PlayerFailure::NotAFilm => "cannot play it",
            PlayerFailure::Crashed => "player crashed",
            PlayerFailure::Other => "player failed",
        },
    };
    words.to_owned()
}

/// Why a member is not ready, as a clause about them: `bo doesn't have the film`.
pub fn not_ready(name: &str, why: NotReady) -> String {
    match why {
        NotReady::Lost => format!("{name} lost the connection"),
        NotReady::Silent => format!("{name} is not responding"),
        NotReady::Underway => format!("{name} is getting ready"),
        NotReady::Player(player) => player_does(name, player),
    }
}

/// `bo responds again`.
pub fn responds_again(who: &Who) -> String {
    msg!("event-responds", who = who)
}

fn player_does(name: &str, player: PlayerState) -> String {
    let words = match player {
        PlayerState::None => "has no player",
        PlayerState::Idle | PlayerState::Following => "is ready",
        PlayerState::Closed => "closed the player",
        PlayerState::Loading => "is opening the film",
        PlayerState::Searching { .. } => "is looking for the film",
        PlayerState::NoCopy => "doesn't have the film",
        PlayerState::CatchingUp { behind: None } => "is catching up",
        PlayerState::CatchingUp { behind: Some(behind) } => return format!("{name} is {}", apart(behind)),
        PlayerState::Detached => "watches at their own pace",
        PlayerState::Buffering { percent } => return format!("{name} is {}", buffering(percent)),
        PlayerState::Ended { at } => return format!("{name}'s copy ended at {at}"),
        PlayerState::TooSlow => "can't keep up",
        PlayerState::NotResponding => return format!("{name}'s player is not responding"),
        PlayerState::Failed { why } => return failed(name, why),
    };
    format!("{name} {words}")
}

/// The same reason for several: `bo and lea don't have the film`.
pub fn not_ready_together(names: &str, why: NotReady) -> String {
    let player = match why {
        NotReady::Lost => return format!("{names} lost the connection"),
        NotReady::Silent => return format!("{names} are not responding"),
        NotReady::Underway => return format!("{names} are getting ready"),
        NotReady::Player(player) => player,
    };
    let words = match player {
        PlayerState::None => "have no player",
        PlayerState::Idle | PlayerState::Following => "are ready",
        PlayerState::Closed => "closed the player",
        PlayerState::Loading => "are opening the film",
        PlayerState::Searching { .. } => "are looking for the film",
        PlayerState::NoCopy => "don't have the film",
        PlayerState::CatchingUp { .. } => "are catching up",
        PlayerState::Detached => "watch at their own pace",
        PlayerState::Buffering { .. } => {
            return format!("{names} are {BUFFERING}", BUFFERING = msg!("buffering"));
        }
        PlayerState::Ended { .. } => "have copies that ended",
        PlayerState::TooSlow => "can't keep up",
        PlayerState::NotResponding => return format!("the players of {names} are not responding"),
        PlayerState::Failed { .. } => return format!("the players of {names} failed"),
    };
    format!("{names} {words}")
}

/// `3 more`, behind names.
pub fn others_more(count: usize) -> String {
    format!("{count} more")
}

fn failed(name: &str, why: PlayerFailure) -> String {
    match why {
        PlayerFailure::Unreadable => format!("{name}'s player can't read the film"),
        PlayerFailure::NotAFilm => format!("{name}'s player can't play the file"),
        PlayerFailure::Crashed => format!("{name}'s player crashed"),
        PlayerFailure::Other => format!("{name}'s player failed"),
    }
}

/// `12 s behind`, or `3 s ahead`.
fn apart(behind: MediaTime) -> String {
    let way = if behind < MediaTime::ZERO {
        "ahead"
    } else {
        "behind"
    };
    format!("{} {way}", rough(behind.abs()))
}

/// `2 here, all ready`, or `1 of 2 ready`.
pub fn here(count: usize, ready: usize, of: usize) -> String {
    match (count, of) {
        (0 | 1, _) => "only you here".to_owned(),
        (_, 0) => here_count(count),
        _ if ready == of => format!("{count} here, all ready"),
        _ => format!("{ready} of {of} ready"),
    }
}

/// `3 here`.
pub fn here_count(count: usize) -> String {
    format!("{count} here")
}

/// `2/3 ready`, for little room; `3 here` where all are that watch, but more are here.
pub fn here_short(count: usize, ready: usize, of: usize) -> String {
    if ready == of && of < count {
        here_count(count)
    } else {
        format!("{ready}/{of} ready")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_words_that_fit_behind_a_name() {
        /// The cells of round trip and drift in a narrow roster.
        const CELLS: usize = 15;

        let seconds = |s: i64| MediaTime::from_millis(s * 1_000);
        let players = [
            PlayerState::Closed,
            PlayerState::Loading,
            PlayerState::Searching { folders: 12_000 },
            PlayerState::NoCopy,
            PlayerState::CatchingUp { behind: None },
            PlayerState::CatchingUp {
                behind: Some(seconds(99)),
            },
            PlayerState::Detached,
            PlayerState::Buffering { percent: 100 },
            PlayerState::Ended { at: seconds(60) },
            PlayerState::TooSlow,
            PlayerState::NotResponding,
            PlayerState::Failed {
                why: PlayerFailure::Crashed,
            },
        ];
        let reasons = [NotReady::Lost, NotReady::Silent]
            .into_iter()
            .chain(players.map(NotReady::Player));
        for why in reasons {
            let words = not_ready_short(why);
            assert!(words.len() <= CELLS, "{words}");
            assert!(not_ready("bo", why).starts_with("bo"), "{why:?}");
        }
    }

    #[test]
    fn one_count_says_who_is_ready_of_those_who_watch() {
        assert_eq!(here(1, 1, 1), "only you here");
        assert_eq!(here(3, 2, 2), "3 here, all ready");
        assert_eq!(here(2, 1, 2), "1 of 2 ready");
        assert_eq!(here_short(2, 1, 2), "1/2 ready");
        assert_eq!(here_short(3, 1, 2), "1/2 ready");
        assert_eq!(here_short(2, 2, 2), "2/2 ready");
        assert_eq!(here_short(3, 1, 1), "3 here", "two have no player");
        assert_eq!(here_short(2, 0, 0), "2 here");
        assert_eq!(here(2, 0, 0), "2 here");
    }
}
