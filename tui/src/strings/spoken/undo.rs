//! Sentences about what was undone.

use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::message::undo::Change;

use super::{position, speed};
use crate::strings::UndoneNames;
use crate::strings::undo::outcome;

/// `ana undid bo's seek: back at 41 minutes 12.`
pub(super) fn undone(change: &Change, was_undo: bool, names: &UndoneNames) -> String {
    let now = match change {
        Change::Place { to, .. } => msg!("now-at", at = position(*to)),
        Change::Pause { position: at } => msg!("now-paused", at = position(*at)),
        Change::Rate { rate } => msg!("spoken-now-speed", speed = speed(*rate)),
        Change::Play { .. } | Change::Item | Change::Host { .. } | Change::Setting(_) => {
            outcome(change, names)
        }
    };
    msg!("spoken-undone", act = act(change, was_undo, names), now = now)
}

/// `ana undid bo's seek`.
fn act(change: &Change, was_undo: bool, names: &UndoneNames) -> String {
    let (who, author) = (&names.who, names.author.as_ref());
    if was_undo {
        return msg!("spoken-undid-undo", who = who, author = author);
    }
    match change {
        Change::Place { .. } => msg!("spoken-undid-seek", who = who, author = author),
        Change::Play { .. } => msg!("spoken-undid-pause", who = who, author = author),
        Change::Pause { .. } => msg!("spoken-undid-start", who = who, author = author),
        Change::Rate { .. } => msg!("spoken-undid-speed", who = who, author = author),
        Change::Item => msg!("spoken-undid-film", who = who, author = author),
        Change::Host { .. } => msg!("spoken-undid-host", who = who, author = author),
        Change::Setting(Setting::OnStall(_)) => msg!("spoken-undid-setting", who = who, author = author),
        Change::Setting(Setting::Title(_)) => msg!("spoken-undid-title", who = who, author = author),
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::MediaTime;

    use super::*;
    use crate::strings::Who;

    #[test]
    fn an_undo_speaks_to_whoever_did_it_and_to_whose_action_it_was() {
        let told = |who: &Who, author: Option<&Who>| {
            let names = UndoneNames {
                who: who.clone(),
                author: author.cloned(),
                host: Who::Somebody,
                film: None,
            };
            let position = MediaTime::from_millis(2_472_000);
            undone(&Change::Pause { position }, false, &names)
        };
        let (ana, bo) = (Who::Named("ana".to_owned()), Who::Named("bo".to_owned()));

        assert_eq!(
            told(&ana, Some(&bo)),
            "ana undid bo's start: paused at 41 minutes 12."
        );
        assert_eq!(
            told(&ana, Some(&Who::You)),
            "ana undid your start: paused at 41 minutes 12."
        );
        assert_eq!(
            told(&Who::You, Some(&bo)),
            "You undid bo's start: paused at 41 minutes 12."
        );
        assert_eq!(
            told(&Who::You, None),
            "You undid the start: paused at 41 minutes 12."
        );
    }
}
