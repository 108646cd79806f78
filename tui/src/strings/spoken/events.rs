//! Sentences about the room and the connection.

use watchtogether_protocol::link_end::LinkEnd;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason};
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::narration::{IgnoredRequest, OfflineFilm, Presence};

use crate::strings::{Who, link_end};
use crate::text;

/// Says that somebody came or went. `by_you` is set if the reader removed them.
pub(super) fn came_or_went(who: &Who, change: Presence, by_you: bool) -> String {
    match change {
        Presence::Joined => msg!("spoken-joined", who = who),
        Presence::Left(LeaveReason::Left) => msg!("spoken-left", who = who),
        Presence::Left(LeaveReason::LinkLost) => msg!("spoken-left-lost", who = who),
        Presence::Left(LeaveReason::Disconnected) => msg!("spoken-cut-off", who = who),
        Presence::Left(LeaveReason::Kicked { .. }) if by_you => msg!("spoken-you-kicked", who = who),
        Presence::Left(LeaveReason::Kicked { .. }) => msg!("spoken-kicked", who = who),
        Presence::Left(LeaveReason::Banned { .. }) if by_you => msg!("spoken-you-banned", who = who),
        Presence::Left(LeaveReason::Banned { .. }) => msg!("spoken-banned", who = who),
        Presence::ConnectionLost => msg!("spoken-lost", who = who),
        Presence::ConnectionBack => msg!("spoken-is-back", who = who),
    }
}

/// Returns who is host now; `None` after an undo, which is narrated itself.
pub(super) fn became_host(who: &Who, why: HostChangeReason) -> Option<String> {
    Some(match why {
        HostChangeReason::Undone => return None,
        HostChangeReason::Transferred => msg!("spoken-host", who = who),
        HostChangeReason::HostLeft => msg!("spoken-host-left", who = who),
        HostChangeReason::HostLost => msg!("spoken-host-lost", who = who),
        HostChangeReason::Reclaimed => msg!("spoken-host-again", who = who),
    })
}

/// `You are already the host.`
pub fn host_already(who: &Who) -> String {
    msg!("spoken-host-already", who = who)
}

/// `bo set the room to wait when someone is buffering.`
pub(super) fn setting_changed(who: &Who, setting: &Setting) -> String {
    match setting {
        Setting::OnStall(StallPolicy::Wait) => msg!("spoken-set-wait", who = who),
        Setting::OnStall(StallPolicy::GoOn) => msg!("spoken-set-go-on", who = who),
        Setting::Title(Some(title)) => {
            msg!("spoken-set-title", who = who, title = text::safe(title.as_str()))
        }
        Setting::Title(None) => msg!("spoken-set-no-title", who = who),
    }
}

/// Returns why a key of the player's window has no effect. `host` is the name of the host, if it is theirs to do.
pub(super) fn request_undone(why: &IgnoredRequest, host: Option<&str>, is_back: bool) -> String {
    let host = host.unwrap_or("none");
    match why {
        IgnoredRequest::RoomIsOver => msg!("spoken-request-over").to_owned(),
        IgnoredRequest::NoLink { film } => msg!("spoken-request-offline", film = film_word(*film)),
        IgnoredRequest::NotHost { .. } if is_back => msg!("spoken-request-undone-back", host = host),
        IgnoredRequest::NotHost { .. } => msg!("spoken-request-undone", host = host),
    }
}

/// Says that the server does not respond, and what the film does meanwhile.
pub fn silent(film: OfflineFilm) -> String {
    msg!("spoken-server-silent", film = film_word(film))
}

/// `Connection lost: the server restarted. The film keeps playing.`
pub(super) fn link_lost(why: &LinkEnd, film: OfflineFilm) -> String {
    msg!(
        "spoken-connection-lost",
        why = link_end(why),
        film = film_word(film)
    )
}

/// Returns the word by which messages choose the sentence about the film.
const fn film_word(film: OfflineFilm) -> &'static str {
    match film {
        OfflineFilm::PlaysOn => "plays",
        OfflineFilm::PausedHere => "paused",
        OfflineFilm::NoFilm => "none",
    }
}

/// `Nobody here is called bo.`
pub fn nobody_called(name: &str) -> String {
    msg!("spoken-nobody-called", name = name)
}

/// `Nobody called bo is banned.`
pub fn nobody_banned_called(name: &str) -> String {
    msg!("spoken-nobody-banned-called", name = name)
}

/// Says that what the user asked for is done.
pub fn done(what: &str) -> String {
    msg!("spoken-done", what = what)
}

/// Says that what the user asked for is not done, and why.
pub fn not_done(why: &str, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => msg!("spoken-refused-hint", why = why, hint = hint),
        None => msg!("spoken-refused", why = why),
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::MemberId;

    use super::*;

    #[test]
    fn a_sentence_about_the_reader_speaks_to_them_and_one_about_others_begins_with_their_name() {
        let bo = Who::Named("bo".to_owned());
        let by = MemberId(1);
        let banned = Presence::Left(LeaveReason::Banned { by });

        assert_eq!(came_or_went(&bo, Presence::Joined, false), "bo joined.");
        assert_eq!(came_or_went(&bo, banned, true), "You banned bo.");
        assert_eq!(came_or_went(&Who::You, banned, false), "The host banned you.");
        assert_eq!(host_already(&Who::You), "You are already the host.");
        assert_eq!(
            became_host(&bo, HostChangeReason::HostLeft).as_deref(),
            Some("bo is now the host: the previous host left.")
        );
    }

    #[test]
    fn the_film_without_a_connection_is_reported_with_the_loss() {
        let told = |film| link_lost(&LinkEnd::Closed { code: None }, film);

        assert_eq!(
            told(OfflineFilm::PlaysOn),
            "Connection lost: the server closed the connection. The film keeps playing."
        );
        assert!(told(OfflineFilm::PausedHere).ends_with("The film is paused here."));
        assert!(told(OfflineFilm::NoFilm).ends_with("closed the connection."));
    }
}
