//! The settings of a room that hosts and co-hosts can change.

use bincode::{Decode, Encode};

use super::playback::StallPolicy;

/// All settings of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct RoomSettings {
    /// The reaction when a player runs out of data.
    pub on_stall: StallPolicy,
}

/// One setting, with its value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Setting {
    /// The value of [`RoomSettings::on_stall`].
    OnStall(StallPolicy),
}

impl RoomSettings {
    /// Returns the settings of a room that is opened.
    pub const fn new(on_stall: StallPolicy) -> Self {
        Self { on_stall }
    }

    /// Changes one setting and returns its previous value.
    pub fn set(&mut self, setting: &Setting) -> Setting {
        let before = self.like(setting);
        match setting {
            Setting::OnStall(on_stall) => self.on_stall = *on_stall,
        }
        before
    }

    /// Returns the same setting with the value that it has here.
    pub fn like(&self, setting: &Setting) -> Setting {
        match setting {
            Setting::OnStall(_) => Setting::OnStall(self.on_stall),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_what_was_before_again_leads_back() {
        let mut settings = RoomSettings::default();

        let before = settings.set(&Setting::OnStall(StallPolicy::GoOn));

        assert_eq!(before, Setting::OnStall(StallPolicy::Wait));
        assert_eq!(settings.like(&before), Setting::OnStall(StallPolicy::GoOn));
        assert_eq!(settings.set(&before), Setting::OnStall(StallPolicy::GoOn));
        assert_eq!(settings, RoomSettings::default());
    }
}
