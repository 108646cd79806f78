//! What was taken back, and that it can be.

use watchtogether_protocol::message::undo::Change;

use super::numbers::rate;

/// `bo went back 10 s to 41:02  Alt-U undo`.
pub fn with_way(words: &str, way: &str) -> String {
    format!("{words}  {way}")
}

/// `Alt-U undo`, which is never broken in two.
pub fn way_to_undo(key: &str) -> String {
    format!("{key}\u{a0}undo")
}

/// Names that stand in the line about an undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoneNames {
    /// Who undid it: `you`, or a name.
    pub who: String,
    /// Whose act it was, likewise; none where it was their own.
    pub author: Option<String>,
    /// Who is host, where that is what was undone.
    pub host: String,
    /// What is on.
    pub title: String,
}

/// `ana undid bo's seek: back at 41:12`. `change` is how things are now; `was_undo` is whether the act undone was an undo.
pub fn undone(change: &Change, was_undo: bool, names: &UndoneNames) -> String {
    undone_so(change, was_undo, names, outcome)
}

/// The same with how things are now in other words.
pub(super) fn undone_so(
    change: &Change,
    was_undo: bool,
    names: &UndoneNames,
    outcome: impl Fn(&Change, &UndoneNames) -> String,
) -> String {
    let act = if was_undo { "undo" } else { act(change) };
    let whose = match names.author.as_deref() {
        None => "the".to_owned(),
        Some(author) if author == msg!("you") => "your".to_owned(),
        Some(author) => format!("{author}'s"),
    };
    format!("{} undid {whose} {act}: {}", names.who, outcome(change, names))
}

/// Returns what was done that had to be undone by this.
const fn act(change: &Change) -> &'static str {
    match change {
        Change::Place { .. } => "seek",
        Change::Play => "pause",
        Change::Pause { .. } => "start",
        Change::Rate { .. } => "change of speed",
        Change::Item => "change of film",
        Change::Host { .. } => "hand-over",
        Change::Setting(setting) => super::settings::setting_change(setting),
    }
}

/// Returns how things are after something was undone.
pub(super) fn outcome(change: &Change, names: &UndoneNames) -> String {
    match change {
        Change::Place { to, .. } => format!("back at {to}"),
        Change::Play => "it plays on".to_owned(),
        Change::Pause { position } => format!("paused at {position}"),
        Change::Rate { rate: now } => rate(*now),
        Change::Item => format!("back to {}", names.title),
        Change::Host { .. } if names.host == msg!("you") => "you are host".to_owned(),
        Change::Host { .. } => format!("{} is host", names.host),
        Change::Setting(setting) => super::settings::room_is_set(setting),
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::message::playback::StallPolicy;
    use watchtogether_protocol::message::settings::Setting;
    use watchtogether_protocol::{MediaTime, MemberId};

    use super::*;

    fn told(who: &str, author: Option<&str>, change: &Change, was_undo: bool) -> String {
        let names = UndoneNames {
            who: who.to_owned(),
            author: author.map(str::to_owned),
            host: "bo".to_owned(),
            title: "Film.mkv".to_owned(),
        };
        undone(change, was_undo, &names)
    }

    #[test]
    fn an_undo_names_both_and_says_how_things_are_now() {
        let (from, to) = (
            MediaTime::from_millis(2_462_000),
            MediaTime::from_millis(2_472_000),
        );
        let seek = Change::Place { from, to };

        assert_eq!(
            told("ana", Some("bo"), &seek, false),
            "ana undid bo's seek: back at 41:12"
        );
        assert_eq!(told("bo", None, &seek, false), "bo undid the seek: back at 41:12");
        assert_eq!(
            told("ana", Some(msg!("you")), &seek, true),
            "ana undid your undo: back at 41:12"
        );
        assert_eq!(
            told("you", Some("bo"), &Change::Play, false),
            "you undid bo's pause: it plays on"
        );
        assert_eq!(
            told("ana", Some("bo"), &Change::Item, false),
            "ana undid bo's change of film: back to Film.mkv"
        );
        let policy = Change::Setting(Setting::OnStall(StallPolicy::Wait));
        assert_eq!(
            told("ana", Some("bo"), &policy, false),
            "ana undid bo's change: the room waits for slow players"
        );
        assert_eq!(
            told("ana", None, &Change::Host { host: MemberId(2) }, false),
            "ana undid the hand-over: bo is host"
        );
    }
}
