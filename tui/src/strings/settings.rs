//! The settings of a room.

use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::settings::Setting;

use crate::text;

/// `bo lets the room wait for slow players`.
pub fn setting_changed(who: &str, setting: &Setting) -> String {
    let lets = if who == msg!("you") { "let" } else { "lets" };
    match setting {
        Setting::OnStall(StallPolicy::Wait) => format!("{who} {lets} the room wait for slow players"),
        Setting::OnStall(StallPolicy::GoOn) => format!("{who} {lets} the room go on without slow players"),
        Setting::Title(Some(title)) => format!("{who} renamed the room to {}", text::safe(title.as_str())),
        Setting::Title(None) => format!("{who} reset the name of the room"),
    }
}

/// Returns what is undone where a setting gets its former value back, as in `bo undid ana's change`.
pub(super) const fn setting_change(setting: &Setting) -> &'static str {
    match setting {
        Setting::OnStall(_) => "change",
        Setting::Title(_) => "renaming",
    }
}

/// Returns how the room is now, after a setting was changed.
pub(super) fn room_is_set(setting: &Setting) -> String {
    match setting {
        Setting::OnStall(StallPolicy::Wait) => "the room waits for slow players".to_owned(),
        Setting::OnStall(StallPolicy::GoOn) => "the room goes on without slow players".to_owned(),
        Setting::Title(Some(title)) => format!("the room is called {}", text::safe(title.as_str())),
        Setting::Title(None) => "the room has its first name again".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_told_of_the_reader_and_of_others() {
        let waits = Setting::OnStall(StallPolicy::Wait);

        assert_eq!(
            setting_changed("ana", &waits),
            "ana lets the room wait for slow players"
        );
        assert_eq!(
            setting_changed(msg!("you"), &waits),
            "you let the room wait for slow players"
        );
    }
}
