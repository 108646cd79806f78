//! The settings of a room that hosts and co-hosts can change.

use std::fmt;
use std::str::FromStr;

use bincode::{Decode, Encode};
use unicode_normalization::char::is_combining_mark;

use super::playback::StallPolicy;
use crate::clean::{Clean, is_blank};
use crate::limits;

/// A room's title, shown instead of its name. The address keeps the [`RoomName`](crate::RoomName). One line of 1 to
/// [`limits::ROOM_TITLE_CHARS`] characters, without white space at its ends.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct RoomTitle(Clean);

impl RoomTitle {
    /// Returns the title as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for RoomTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is not a valid [`RoomTitle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum RoomTitleError {
    /// Nothing is left of the text after removing characters that cannot be shown.
    Empty,
    /// The text is longer than a title may be.
    TooLong,
}

impl FromStr for RoomTitle {
    type Err = RoomTitleError;

    fn from_str(text: &str) -> Result<Self, RoomTitleError> {
        let line = Clean::line(text);
        // Trimming may remove the space that carried a combining mark, so the rest is cleaned again.
        let title = line
            .as_str()
            .trim_start_matches(|c| is_blank(c) || is_combining_mark(c))
            .trim_end_matches(is_blank);
        if title.is_empty() {
            return Err(RoomTitleError::Empty);
        }
        if title.chars().count() > limits::ROOM_TITLE_CHARS {
            return Err(RoomTitleError::TooLong);
        }
        Ok(Self(Clean::line(title)))
    }
}

impl<C> Decode<C> for RoomTitle {
    fn decode<D: bincode::de::Decoder<Context = C>>(
        decoder: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        let text: String = Decode::decode(decoder)?;
        text.parse()
            .map_err(|error: RoomTitleError| bincode::error::DecodeError::OtherString(error.to_string()))
    }
}

bincode::impl_borrow_decode!(RoomTitle);

/// All settings of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct RoomSettings {
    /// How the room reacts when a player runs out of data.
    pub on_stall: StallPolicy,
    /// The room's title, if it has one besides the name in its address.
    pub title: Option<RoomTitle>,
}

/// One setting, with its value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Setting {
    /// The value of [`RoomSettings::on_stall`].
    OnStall(StallPolicy),
    /// [`RoomSettings::title`].
    Title(Option<RoomTitle>),
}

impl RoomSettings {
    /// Returns the settings of a new room.
    pub const fn new(on_stall: StallPolicy) -> Self {
        Self {
            on_stall,
            title: None,
        }
    }

    /// Changes one setting and returns its previous value.
    pub fn set(&mut self, setting: &Setting) -> Setting {
        let before = self.like(setting);
        match setting {
            Setting::OnStall(on_stall) => self.on_stall = *on_stall,
            Setting::Title(title) => self.title.clone_from(title),
        }
        before
    }

    /// Returns the same kind of setting, with its current value.
    pub fn like(&self, setting: &Setting) -> Setting {
        match setting {
            Setting::OnStall(_) => Setting::OnStall(self.on_stall),
            Setting::Title(_) => Setting::Title(self.title.clone()),
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

    #[test]
    fn a_title_is_one_clean_line_of_some_length() {
        let title = |text: &str| text.parse::<RoomTitle>().map(|title| title.to_string());
        let longest = "x".repeat(limits::ROOM_TITLE_CHARS);

        assert_eq!(
            title("  Movie night: Solaris \u{202e}\n").as_deref(),
            Ok("Movie night: Solaris")
        );
        assert_eq!(title(&longest).as_ref(), Ok(&longest));
        assert_eq!(title(&format!("{longest}x")), Err(RoomTitleError::TooLong));
        for nothing in ["", " \t\n", "\u{200b}\u{2066}"] {
            assert_eq!(title(nothing), Err(RoomTitleError::Empty), "{nothing:?}");
        }
    }
}
