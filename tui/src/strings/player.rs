//! Texts about the user's player: why a film is not open, why there is no player, and what to do about it.

use watchtogether_protocol::Clean;
use watchtogether_protocol::player_reason::{OpenError, PlayerEnd, PlayerNotice};

/// The system whose packages a hint names, as messages select on it.
pub(super) const SYSTEM: &str = if cfg!(target_os = "macos") {
    "macos"
} else {
    "linux"
};

/// The advice about a player that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlayerHint<'a> {
    /// Read its log, which has this path.
    Log(&'a Clean),
    /// Look at the disk of the film.
    Disk,
    /// Install a newer libmpv.
    Install,
    /// Correct the options of the command line.
    Option,
}

impl<'a> PlayerHint<'a> {
    /// Returns the advice for a reason; a reason that needs none has the log, if there is one.
    pub(super) fn of(end: &PlayerEnd, log: Option<&'a Clean>) -> Option<Self> {
        match end {
            PlayerEnd::LeftBehind => Some(Self::Disk),
            PlayerEnd::LibraryMissing { .. }
            | PlayerEnd::LibraryIncomplete { .. }
            | PlayerEnd::LibraryVersion { .. } => Some(Self::Install),
            PlayerEnd::UnknownOption { .. } | PlayerEnd::BadOption { .. } => Some(Self::Option),
            PlayerEnd::WindowClosed
            | PlayerEnd::NotStarted { .. }
            | PlayerEnd::Exited
            | PlayerEnd::Died { .. }
            | PlayerEnd::Hung
            | PlayerEnd::Garbled
            | PlayerEnd::NoHandle
            | PlayerEnd::MpvRefused { .. }
            | PlayerEnd::MpvEnded => log.map(Self::Log),
        }
    }
}

/// `no player: it crashed`.
pub fn no_player(why: &PlayerEnd) -> String {
    msg!("no-player-because", why = player_end(why))
}

/// `player failed: unrecognized file format`.
pub fn player_failed(why: Option<&OpenError>) -> String {
    match why {
        Some(why) => msg!("player-failed-because", why = open_error(why)),
        None => msg!("player-failed").to_owned(),
    }
}

/// `the player cannot open Film.mkv: it is a folder`.
pub fn not_opened(what: Option<&Clean>, why: &OpenError) -> String {
    if matches!(why, OpenError::ClosedByUser | OpenError::OpensOthers) {
        return open_error(why);
    }
    msg!("not-opened", what = what_or_none(what), why = open_error(why))
}

/// Returns a name, or the word that messages select on where it is not known.
pub(super) fn what_or_none(what: Option<&Clean>) -> &str {
    what.map_or("none", Clean::as_str)
}

/// Returns why the player does not have a film open, as a clause.
pub fn open_error(why: &OpenError) -> String {
    match why {
        OpenError::NoSuchFile => msg!("open-no-such-file").to_owned(),
        OpenError::NotAllowed => msg!("open-not-allowed").to_owned(),
        OpenError::Folder => msg!("open-folder").to_owned(),
        OpenError::Unreadable { cause: None } => msg!("open-unreadable").to_owned(),
        OpenError::Unreadable { cause: Some(cause) } => msg!("open-unreadable-because", cause = cause),
        OpenError::NotALink => msg!("open-not-a-link").to_owned(),
        OpenError::Refused => msg!("open-refused").to_owned(),
        OpenError::NotShareable => msg!("open-not-shareable").to_owned(),
        OpenError::EndlessList => msg!("open-endless-list").to_owned(),
        OpenError::ListEntry { cause } => msg!("open-list-entry", cause = cause),
        OpenError::ClosedByUser => msg!("film-closed").to_owned(),
        OpenError::OpensOthers => msg!("opens-others").to_owned(),
        OpenError::Mpv { cause } => cause.to_string(),
    }
}

/// Returns why there is no player, as a clause.
pub fn player_end(end: &PlayerEnd) -> String {
    match end {
        PlayerEnd::WindowClosed => msg!("player-closed").to_owned(),
        PlayerEnd::NotStarted { program, cause } => {
            msg!("player-not-started", program = program, cause = cause)
        }
        PlayerEnd::Exited => msg!("player-exited").to_owned(),
        PlayerEnd::Died { status: None } => msg!("player-died").to_owned(),
        PlayerEnd::Died { status: Some(status) } => msg!("player-died-with", status = status),
        PlayerEnd::Hung => msg!("player-hung").to_owned(),
        PlayerEnd::LeftBehind => msg!("player-left-behind").to_owned(),
        PlayerEnd::Garbled => msg!("player-garbled").to_owned(),
        PlayerEnd::LibraryMissing { cause } => msg!("player-no-library", cause = cause),
        PlayerEnd::LibraryIncomplete { cause } => msg!("player-incomplete-library", cause = cause),
        PlayerEnd::LibraryVersion { major, minor } => {
            msg!("player-other-library", major = *major, minor = *minor)
        }
        PlayerEnd::NoHandle => msg!("player-no-handle").to_owned(),
        PlayerEnd::UnknownOption { name } => msg!("player-unknown-option", name = name),
        PlayerEnd::BadOption { name, value, cause } => {
            msg!("player-bad-option", name = name, value = value, cause = cause)
        }
        PlayerEnd::MpvRefused { cause } => msg!("player-mpv-refused", cause = cause),
        PlayerEnd::MpvEnded => msg!("player-mpv-quit").to_owned(),
    }
}

/// Returns what the user can do about a player that is gone. `log` is the path of its log.
pub fn player_hint(end: &PlayerEnd, log: Option<&Clean>) -> Option<String> {
    Some(match PlayerHint::of(end, log)? {
        PlayerHint::Log(path) => msg!("hint-player-log", path = path),
        PlayerHint::Disk => msg!("hint-player-disk").to_owned(),
        PlayerHint::Install => msg!("hint-player-install", system = SYSTEM),
        PlayerHint::Option => msg!("hint-player-option").to_owned(),
    })
}

/// Returns a notice about the player.
pub fn player_notice(notice: PlayerNotice) -> &'static str {
    match notice {
        PlayerNotice::NoDisplay => msg!("no-display"),
        PlayerNotice::NoPlayer => msg!("no-player-runs"),
        PlayerNotice::NotWanted => msg!("no-player-wanted"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_film_that_is_closed_or_replaced_is_not_said_to_be_one_that_cannot_be_opened() {
        let film = Clean::line("Film.mkv");
        let said = |why| not_opened(Some(&film), &why);

        assert_eq!(
            said(OpenError::Folder),
            "the player cannot open Film.mkv: it is a folder"
        );
        assert_eq!(
            not_opened(None, &OpenError::Refused),
            "the player cannot open the film: mpv refused to open it"
        );
        assert_eq!(
            said(OpenError::ClosedByUser),
            "the film was closed in the mpv window"
        );
        assert!(said(OpenError::OpensOthers).starts_with("your player keeps opening"));
    }

    #[test]
    fn a_hint_fits_the_reason_and_the_log_is_named_where_nothing_else_helps() {
        let log = Clean::line("/tmp/player.log");
        let hint = |end: &PlayerEnd| player_hint(end, Some(&log)).unwrap_or_default();
        let cause = Clean::line("no such file");

        let died = PlayerEnd::Died { status: None };

        assert_eq!(hint(&died), "its log is /tmp/player.log");
        assert_eq!(player_hint(&died, None), None);
        assert!(hint(&PlayerEnd::LeftBehind).contains("network share"));
        assert!(hint(&PlayerEnd::LibraryMissing { cause }).contains("mpv 0.35 or newer"));
        let name = Clean::line("no-such-thing");
        assert!(hint(&PlayerEnd::UnknownOption { name }).contains("--mpv-option"));
    }
}
