//! Sentences about the user's player.

use watchtogether_protocol::Clean;
use watchtogether_protocol::narration::PlayerNews;
use watchtogether_protocol::player_reason::{OpenError, PlayerEnd, PlayerNotice};

use crate::strings::player::{PlayerHint, SYSTEM, what_or_none};
use crate::strings::{open_error, player_end};

/// Returns the line; `None` if a status line reports the news, or nothing does. `may_set_item` is set if the reader can put on
/// another film.
pub(super) fn line(news: &PlayerNews, may_set_item: bool) -> Option<String> {
    Some(match news {
        PlayerNews::Notice(PlayerNotice::NoDisplay) => msg!("spoken-no-display").to_owned(),
        PlayerNews::Notice(PlayerNotice::NoPlayer) => msg!("spoken-no-player-runs").to_owned(),
        PlayerNews::Notice(PlayerNotice::NotWanted) => msg!("spoken-no-player-wanted").to_owned(),
        PlayerNews::OpenFailed { what, reason } => not_opened(what.as_ref(), reason, may_set_item),
        PlayerNews::Refilled => msg!("spoken-refilled").to_owned(),
        PlayerNews::Closed => msg!("spoken-player-closed").to_owned(),
        PlayerNews::Gone {
            reason,
            log,
            is_restarting,
        } => gone(reason, log.as_ref(), *is_restarting),
        PlayerNews::Starting
        | PlayerNews::Started { .. }
        | PlayerNews::Opening
        | PlayerNews::Opened { .. }
        | PlayerNews::NoCopy
        // A status line reports buffering that lasts.
        | PlayerNews::Buffering { .. } => return None,
    })
}

fn not_opened(what: Option<&Clean>, why: &OpenError, may_set_item: bool) -> String {
    let next = if may_set_item { "film" } else { "copy" };
    if *why == OpenError::ClosedByUser {
        msg!("spoken-film-closed", next = next)
    } else if *why == OpenError::OpensOthers {
        msg!("spoken-opens-others").to_owned()
    } else {
        msg!(
            "spoken-not-opened",
            next = next,
            what = what_or_none(what),
            why = open_error(why)
        )
    }
}

fn gone(end: &PlayerEnd, log: Option<&Clean>, is_restarting: bool) -> String {
    let next = if is_restarting { "restart" } else { "gone" };
    let why = player_end(end);
    match hint(end, log) {
        Some(hint) => msg!("spoken-player-gone-hint", why = why, hint = hint, next = next),
        None => msg!("spoken-player-gone", why = why, next = next),
    }
}

fn hint(end: &PlayerEnd, log: Option<&Clean>) -> Option<String> {
    Some(match PlayerHint::of(end, log)? {
        PlayerHint::Log(path) => msg!("spoken-hint-log", path = path),
        PlayerHint::Disk => msg!("spoken-hint-disk").to_owned(),
        PlayerHint::Install => msg!("spoken-hint-install", system = SYSTEM),
        PlayerHint::Option => msg!("spoken-hint-option").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_player_is_reported_in_sentences_with_its_log_and_the_next_step() {
        let gone = |is_restarting| {
            line(
                &PlayerNews::Gone {
                    reason: PlayerEnd::Died {
                        status: Some(Clean::line("signal: 9 (SIGKILL)")),
                    },
                    log: Some(Clean::line("/tmp/player.log")),
                    is_restarting,
                },
                false,
            )
        };

        assert_eq!(
            gone(true).as_deref(),
            Some(
                "The player stopped: it crashed (signal: 9 (SIGKILL)). Its log is /tmp/player.log. It is being restarted."
            )
        );
        assert!(gone(false).is_some_and(|line| line.ends_with("type /reopen to watch again.")));
    }

    #[test]
    fn a_member_who_may_set_the_item_is_advised_to_open_another_and_others_to_name_a_copy() {
        let news = PlayerNews::OpenFailed {
            what: Some(Clean::line("Film.mkv")),
            reason: OpenError::Folder,
        };

        assert_eq!(
            line(&news, true).as_deref(),
            Some("The player cannot open Film.mkv: it is a folder. Type /open FILE to start another film.")
        );
        assert!(line(&news, false).is_some_and(|line| line.ends_with("or /open FILE to use another copy.")));
    }
}
