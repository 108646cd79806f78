//! The state of the screen: plain data that the app changes and the views draw.

pub(crate) mod home;
pub(crate) mod overlay;
pub(crate) mod palette;
pub(crate) mod panels;
pub(crate) mod question;

use watchtogether_protocol::{LocalTime, MediaTime, limits};

use crate::action::ActionId;
use crate::editor::Editor;
use crate::glyphs::Glyphs;
use crate::keymap::{Keymap, Mode};
use crate::model::Room;
use crate::model::toasts::Toasts;
use crate::model::wall_clock::WallClock;
use crate::theme::Theme;
use crate::update::Stop;

use overlay::Overlay;
use panels::{Focus, Panels};

/// Everything that is drawn of the room's screen.
#[derive(Debug)]
pub(crate) struct Screen {
    /// The colours.
    pub(crate) theme: Theme,
    /// The glyphs that the terminal can show.
    pub(crate) glyphs: Glyphs,
    /// The key map.
    pub(crate) keymap: Keymap,
    /// The wall clock that lines are stamped with.
    pub(crate) clock: WallClock,
    /// The mode: whether letters are text.
    pub(crate) mode: Mode,
    /// The scene that is shown.
    pub(crate) scene: Scene,
    /// The input line.
    pub(crate) editor: Editor,
    /// The search in earlier messages, while it is in progress.
    pub(crate) recall: Option<Recall>,
    /// The overlay over the room.
    pub(crate) overlay: Option<Overlay>,
    /// The panels: which are shown, and which has the focus.
    pub(crate) panels: Panels,
    /// The text above the input line until the next key.
    pub(crate) notice: Option<String>,
    /// Notices that disappear by themselves.
    pub(crate) toasts: Toasts,
    /// The first of two clicks that make the room seek.
    pub(crate) seek_click: Option<SeekClick>,
    /// When the keys of keys mode are shown to a user who has not pressed any.
    pub(crate) next_keys_at: Option<LocalTime>,
}

/// The scene of the screen.
#[derive(Debug)]
pub(crate) enum Scene {
    /// The first connection is being established.
    Connecting {
        /// The address.
        to: String,
    },
    /// There was never a room, and there will be none unless the user acts.
    Stopped(Stop),
    /// A room, connected or not.
    Room(Box<Room>),
}

/// A click on the progress line that a second one would confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeekClick {
    /// The position that the room would seek to.
    pub(crate) to: MediaTime,
    /// Until when a second click counts.
    pub(crate) until: LocalTime,
}

/// A search in earlier messages.
#[derive(Clone, Debug)]
pub(crate) struct Recall {
    /// The search text.
    pub(crate) query: String,
    /// The number of matches that are skipped.
    pub(crate) passed: usize,
    /// Whether a message matches.
    pub(crate) is_found: bool,
    /// The previous text of the input line.
    pub(crate) draft: String,
}

impl Screen {
    /// Returns the screen at its start.
    pub(crate) fn new(theme: Theme, glyphs: Glyphs, keymap: Keymap, clock: WallClock) -> Self {
        Self {
            theme,
            glyphs,
            keymap,
            clock,
            mode: Mode::Chat,
            scene: Scene::Connecting { to: String::new() },
            editor: Editor::default(),
            recall: None,
            overlay: None,
            panels: Panels::default(),
            notice: None,
            toasts: Toasts::default(),
            seek_click: None,
            next_keys_at: None,
        }
    }

    /// Returns the room, if there is one.
    pub(crate) const fn room(&self) -> Option<&Room> {
        match &self.scene {
            Scene::Room(room) => Some(room),
            Scene::Connecting { .. } | Scene::Stopped(_) => None,
        }
    }

    /// Returns the room for changing it, if there is one.
    pub(crate) const fn room_mut(&mut self) -> Option<&mut Room> {
        match &mut self.scene {
            Scene::Room(room) => Some(room),
            Scene::Connecting { .. } | Scene::Stopped(_) => None,
        }
    }

    /// Returns which panel has the focus now: one that is on the screen, and only in keys mode.
    pub(crate) fn focused(&self) -> Focus {
        let focus = self.panels.focus;
        if self.mode == Mode::Keys && self.overlay.is_none() && self.panels.has(focus) {
            focus
        } else {
            Focus::Chat
        }
    }

    /// Returns how many more characters fit into the message.
    pub(crate) fn free_chars(&self) -> usize {
        limits::CHAT_CHARS.saturating_sub(self.editor.len_chars())
    }

    /// Returns how to get to the layout that has the chat.
    pub(crate) fn way_to_chat(&self) -> String {
        self.keymap.way(self.mode, ActionId::Layout)
    }
}
