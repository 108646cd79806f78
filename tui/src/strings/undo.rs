//! Texts about actions that were undone or can be undone.

use watchtogether_protocol::Clean;
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::message::undo::Change;

use super::numbers::rate;
use super::{Who, title};

/// `bo went back 10 s to 41:02  Alt-U undo`.
pub fn with_way(words: &str, way: &str) -> String {
    format!("{words}  {way}")
}

/// Returns `Alt-U undo`, which is never broken across lines.
pub fn way_to_undo(key: &str) -> String {
    msg!("way-to-undo", key = key)
}

/// The names in the line about an undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoneNames {
    /// The person who undid it.
    pub who: Who,
    /// The person whose action it was; `None` if it was their own.
    pub author: Option<Who>,
    /// The host, if a change of host was undone.
    pub host: Who,
    /// The title of the current item, if something is on.
    pub film: Option<Clean>,
}

/// Returns `ana undid bo's seek: back at 41:12`. `change` is the present state; `was_undo` is set if the undone action was itself
/// an undo.
pub fn undone(change: &Change, was_undo: bool, names: &UndoneNames) -> String {
    let now = outcome(change, names);
    msg!("undone", act = act(change, was_undo, names), now = now)
}

/// `ana undid bo's seek`.
fn act(change: &Change, was_undo: bool, names: &UndoneNames) -> String {
    let (who, author) = (&names.who, names.author.as_ref());
    if was_undo {
        return msg!("undid-undo", who = who, author = author);
    }
    match change {
        Change::Place { .. } => msg!("undid-seek", who = who, author = author),
        Change::Play { .. } => msg!("undid-pause", who = who, author = author),
        Change::Pause { .. } => msg!("undid-start", who = who, author = author),
        Change::Rate { .. } => msg!("undid-speed", who = who, author = author),
        Change::Item => msg!("undid-film", who = who, author = author),
        Change::Host { .. } => msg!("undid-host", who = who, author = author),
        Change::Setting(Setting::OnStall(_)) => msg!("undid-setting", who = who, author = author),
        Change::Setting(Setting::Title(_)) => msg!("undid-title", who = who, author = author),
    }
}

/// Returns the present state after something was undone.
pub(super) fn outcome(change: &Change, names: &UndoneNames) -> String {
    match change {
        Change::Place { to, .. } => msg!("now-at", at = *to),
        Change::Play { .. } => msg!("now-plays").to_owned(),
        Change::Pause { position } => msg!("now-paused", at = *position),
        Change::Rate { rate: now } => rate(*now),
        Change::Item => msg!("now-film", title = title(names.film.as_ref())),
        Change::Host { .. } => msg!("now-host", who = &names.host),
        Change::Setting(setting) => super::settings::room_is_set(setting),
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::message::playback::StallPolicy;
    use watchtogether_protocol::{MediaTime, MemberId};

    use super::*;

    fn named(name: &str) -> Who {
        Who::Named(name.to_owned())
    }

    fn sentence(who: Who, author: Option<Who>, change: &Change, was_undo: bool) -> String {
        let names = UndoneNames {
            who,
            author,
            host: named("bo"),
            film: Some(Clean::line("Film.mkv")),
        };
        undone(change, was_undo, &names)
    }

    #[test]
    fn an_undo_names_both_members_and_the_new_state() {
        let (from, to) = (
            MediaTime::from_millis(2_462_000),
            MediaTime::from_millis(2_472_000),
        );
        let seek = Change::Place { from, to };

        assert_eq!(
            sentence(named("ana"), Some(named("bo")), &seek, false),
            "ana undid bo's seek: back at 41:12"
        );
        assert_eq!(
            sentence(named("bo"), None, &seek, false),
            "bo undid the seek: back at 41:12"
        );
        assert_eq!(
            sentence(named("ana"), Some(Who::You), &seek, true),
            "ana undid your undo: back at 41:12"
        );
        let played = Change::Play { position: to };
        assert_eq!(
            sentence(Who::You, Some(named("bo")), &played, false),
            "you undid bo's pause: playing again"
        );
        assert_eq!(
            sentence(named("ana"), Some(named("bo")), &Change::Item, false),
            "ana undid bo's film change: back to Film.mkv"
        );
        let policy = Change::Setting(Setting::OnStall(StallPolicy::Wait));
        assert_eq!(
            sentence(named("ana"), Some(named("bo")), &policy, false),
            "ana undid bo's change: the room waits when someone is buffering"
        );
        assert_eq!(
            sentence(named("ana"), None, &Change::Host { host: MemberId(2) }, false),
            "ana undid the host change: bo is the host"
        );
    }
}
