//! Texts about the settings of a room.

use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::settings::Setting;

use super::Who;
use crate::text;

/// `bo set the room to wait when someone is buffering`.
pub fn setting_changed(who: &Who, setting: &Setting) -> String {
    match setting {
        Setting::OnStall(StallPolicy::Wait) => msg!("set-wait", who = who),
        Setting::OnStall(StallPolicy::GoOn) => msg!("set-go-on", who = who),
        Setting::Title(Some(title)) => msg!("set-title", who = who, title = text::safe(title.as_str())),
        Setting::Title(None) => msg!("set-no-title", who = who),
    }
}

/// Returns the state of the room after a setting was changed.
pub(super) fn room_is_set(setting: &Setting) -> String {
    match setting {
        Setting::OnStall(StallPolicy::Wait) => msg!("now-waits").to_owned(),
        Setting::OnStall(StallPolicy::GoOn) => msg!("now-goes-on").to_owned(),
        Setting::Title(Some(title)) => msg!("now-titled", title = text::safe(title.as_str())),
        Setting::Title(None) => msg!("now-untitled").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_policy_is_reported_for_the_reader_and_for_others() {
        let waits = Setting::OnStall(StallPolicy::Wait);

        assert_eq!(
            setting_changed(&Who::Named("ana".to_owned()), &waits),
            "ana set the room to wait when someone is buffering"
        );
        assert_eq!(
            setting_changed(&Who::You, &waits),
            "you set the room to wait when someone is buffering"
        );
    }
}
