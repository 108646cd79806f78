//! Texts about the standing of members, and about its changes.

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::message::roster::{PlayerFailure, PlayerState};
use watchtogether_protocol::message::standing::NotReady;

use super::numbers::rough;
use super::{Who, buffering};

/// Returns why a member is not ready, in few cells after a name: `no copy`, `12 s behind`.
pub fn not_ready_short(reason: NotReady) -> String {
    match reason {
        NotReady::Lost => msg!("connection-lost").to_owned(),
        NotReady::Silent => msg!("state-silent").to_owned(),
        NotReady::Underway => msg!("state-underway").to_owned(),
        NotReady::Player(player) => player_short(player),
    }
}

fn player_short(player: PlayerState) -> String {
    let words = match player {
        PlayerState::None => msg!("no-player-here"),
        PlayerState::Idle | PlayerState::Following => msg!("state-ready"),
        PlayerState::Closed => msg!("state-closed"),
        PlayerState::Loading => msg!("state-loading"),
        PlayerState::Searching { folders } => return msg!("state-searching", folders = folders),
        PlayerState::NoCopy => msg!("state-no-copy"),
        PlayerState::CatchingUp { behind: None } => msg!("catching-up"),
        PlayerState::CatchingUp { behind: Some(behind) } => {
            return msg!("state-apart", way = way(behind), time = rough(behind.abs()));
        }
        PlayerState::Detached => msg!("state-detached"),
        PlayerState::Buffering { percent } => return buffering(percent),
        PlayerState::Ended { at } => return msg!("state-ended", at = at),
        PlayerState::TooSlow => msg!("state-too-slow"),
        PlayerState::NotResponding => msg!("state-not-responding"),
        PlayerState::Failed { reason } => match reason {
            PlayerFailure::Unreadable => msg!("state-unreadable"),
            PlayerFailure::NotAFilm => msg!("state-not-a-film"),
            PlayerFailure::Crashed => msg!("state-crashed"),
            PlayerFailure::Other => msg!("state-failed"),
        },
    };
    words.to_owned()
}

/// Returns why a member is not ready, as a clause about them: `bo doesn't have the film`.
pub fn not_ready(name: &str, reason: NotReady) -> String {
    match reason {
        NotReady::Lost => msg!("one-lost", name = name),
        NotReady::Silent => msg!("one-silent", name = name),
        NotReady::Underway => msg!("one-underway", name = name),
        NotReady::Player(player) => player_does(name, player),
    }
}

/// `bo responds again`.
pub fn responds_again(who: &Who) -> String {
    msg!("event-responds", who = who)
}

fn player_does(name: &str, player: PlayerState) -> String {
    match player {
        PlayerState::None => msg!("one-no-player", name = name),
        PlayerState::Idle | PlayerState::Following => msg!("one-ready", name = name),
        PlayerState::Closed => msg!("one-closed", name = name),
        PlayerState::Loading => msg!("one-loading", name = name),
        PlayerState::Searching { .. } => msg!("one-searching", name = name),
        PlayerState::NoCopy => msg!("one-no-copy", name = name),
        PlayerState::CatchingUp { behind: None } => msg!("one-catching-up", name = name),
        PlayerState::CatchingUp { behind: Some(behind) } => {
            msg!(
                "one-apart",
                name = name,
                way = way(behind),
                time = rough(behind.abs())
            )
        }
        PlayerState::Detached => msg!("one-detached", name = name),
        PlayerState::Buffering { percent } => msg!("one-buffering", name = name, percent = percent),
        PlayerState::Ended { at } => msg!("one-ended", name = name, at = at),
        PlayerState::TooSlow => msg!("one-too-slow", name = name),
        PlayerState::NotResponding => msg!("one-not-responding", name = name),
        PlayerState::Failed { reason } => match reason {
            PlayerFailure::Unreadable => msg!("one-unreadable", name = name),
            PlayerFailure::NotAFilm => msg!("one-not-a-film", name = name),
            PlayerFailure::Crashed => msg!("one-crashed", name = name),
            PlayerFailure::Other => msg!("one-failed", name = name),
        },
    }
}

/// Returns the same reason for several members: `bo and lea don't have the film`.
pub fn not_ready_together(names: &str, reason: NotReady) -> String {
    match reason {
        NotReady::Lost => msg!("several-lost", names = names),
        NotReady::Silent => msg!("several-silent", names = names),
        NotReady::Underway => msg!("several-underway", names = names),
        NotReady::Player(player) => players_do(names, player),
    }
}

fn players_do(names: &str, player: PlayerState) -> String {
    match player {
        PlayerState::None => msg!("several-no-player", names = names),
        PlayerState::Idle | PlayerState::Following => msg!("several-ready", names = names),
        PlayerState::Closed => msg!("several-closed", names = names),
        PlayerState::Loading => msg!("several-loading", names = names),
        PlayerState::Searching { .. } => msg!("several-searching", names = names),
        PlayerState::NoCopy => msg!("several-no-copy", names = names),
        PlayerState::CatchingUp { .. } => msg!("several-catching-up", names = names),
        PlayerState::Detached => msg!("several-detached", names = names),
        PlayerState::Buffering { .. } => msg!("several-buffering", names = names),
        PlayerState::Ended { .. } => msg!("several-ended", names = names),
        PlayerState::TooSlow => msg!("several-too-slow", names = names),
        PlayerState::NotResponding => msg!("several-not-responding", names = names),
        PlayerState::Failed { .. } => msg!("several-failed", names = names),
    }
}

/// Returns `3 more`, to follow a list of names.
pub fn others_more(count: usize) -> String {
    msg!("others-more", count = count)
}

/// Returns on which side of the room a player is, which messages select on.
fn way(behind: MediaTime) -> &'static str {
    if behind < MediaTime::ZERO {
        "ahead"
    } else {
        "behind"
    }
}

/// `2 here, all ready`, or `1 of 2 ready`.
pub fn here(count: usize, ready: usize, of: usize) -> String {
    match (count, of) {
        (0 | 1, _) => msg!("here-alone").to_owned(),
        (_, 0) => here_count(count),
        _ if ready == of => msg!("here-all-ready", count = count),
        _ => msg!("here-ready", ready = ready, of = of),
    }
}

/// `3 here`.
pub fn here_count(count: usize) -> String {
    msg!("here", count = count)
}

/// Returns `2/3 ready`, for narrow spaces; `3 here` if everybody who watches is ready but more are present.
pub fn here_short(count: usize, ready: usize, of: usize) -> String {
    if ready == of && of < count {
        here_count(count)
    } else {
        msg!("here-ready-short", ready = ready, of = of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_a_text_that_fits_behind_a_name() {
        /// The width of round trip and drift in a narrow roster, in cells.
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
                reason: PlayerFailure::Crashed,
            },
        ];
        let reasons = [NotReady::Lost, NotReady::Silent]
            .into_iter()
            .chain(players.map(NotReady::Player));
        for reason in reasons {
            let words = not_ready_short(reason);
            assert!(words.len() <= CELLS, "{words}");
            assert!(not_ready("bo", reason).starts_with("bo"), "{reason:?}");
        }
    }

    #[test]
    fn one_count_has_the_ready_among_the_watching_members() {
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
