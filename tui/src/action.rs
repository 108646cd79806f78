//! The action table: everything that a user can do, with its keys in both modes, its slash command, its help, the permission that
//! it needs in the room, and its effect.
//!
//! Key map, hint line, F1, palette, slash commands and completion read this table; keys are defined nowhere else. Each action can
//! be reached in four ways with the same effect: its key, the palette, its slash command, and a click on its hint. Alt and a
//! letter in chat mode does the same as the letter in keys mode. Terminals send Alt-P as Esc P, so Esc followed by a quick P over
//! a slow connection has the same effect either way.

mod effect;
mod slash;

use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{MediaTime, MemberId, Rate, RoomIntent};

use crate::catalogue;
use crate::intent::{Intent, PlayerAdjustment};
use crate::key::{Code, Key};

pub use effect::{ActionEffect, Argument, rate_after};
pub use slash::Slash;

/// Something that the user can do.
#[derive(Clone, Debug)]
pub struct Action {
    /// The action's id in code.
    pub id: ActionId,
    /// The action's name in configuration files: its meaning never changes.
    pub name: &'static str,
    /// The keys in chat mode; the first is displayed.
    pub chat_keys: &'static [Key],
    /// The keys in keys mode; the first is displayed.
    pub keys_keys: &'static [Key],
    /// The slash command, if its word differs from the name or it has an argument.
    pub slash: Option<Slash>,
    /// The catalogue keys of its texts.
    texts: TextKeys,
    /// The people it affects.
    pub scope: Scope,
    /// The group under which F1 lists it.
    pub group: Group,
    /// The act in the room that it needs permission for.
    pub act: Option<RoomAct>,
    /// Its effect.
    pub effect: ActionEffect,
}

/// The catalogue keys of the texts about an action.
#[derive(Clone, Copy, Debug)]
struct TextKeys {
    label: &'static str,
    help: &'static str,
    details: &'static str,
}

impl PartialEq for Action {
    /// Two actions are equal if they have the same id.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Action {}

impl Action {
    /// Returns the label for the hint line, of one or two words.
    pub fn label(&self) -> &'static str {
        catalogue::text(self.texts.label)
    }

    /// Returns the line in the help.
    pub fn help(&self) -> &'static str {
        catalogue::text(self.texts.help)
    }

    /// Returns details for the manual; `None` if the line in the help says everything.
    pub fn details(&self) -> Option<&'static str> {
        catalogue::optional_text(self.texts.details)
    }

    /// Returns its slash command, by default with its name. Actions on the input line have none, because a command would replace
    /// that very line.
    pub fn slash_form(&self) -> Option<Slash> {
        let is_of_the_line = self.group == Group::Edit
            || matches!(self.id, ActionId::Send | ActionId::NewLine | ActionId::Complete);
        match self.slash {
            Some(slash) => Some(slash),
            None if is_of_the_line => None,
            None => Some(slash(self.name, "")),
        }
    }

    /// Returns its form as a subcommand of `ctl`, if it controls the room or the local player. Sending a message is a separate
    /// subcommand.
    pub fn script_form(&self) -> Option<Slash> {
        let is_for_scripts = matches!(self.scope, Scope::Room | Scope::Mine) && self.group != Group::Chat;
        self.slash_form().filter(|_| is_for_scripts)
    }

    /// Returns its intent for a member; `None` if it is not about a member.
    pub fn with_member(&self, member: MemberId) -> Option<Intent> {
        let ActionEffect::With(Argument::Member(ask)) = self.effect else {
            return None;
        };
        Some(ask(member))
    }

    /// Returns its intent for a ban; `None` if it is not about a ban.
    pub fn with_ban(&self, number: u32) -> Option<Intent> {
        let ActionEffect::With(Argument::Ban(ask)) = self.effect else {
            return None;
        };
        Some(ask(number))
    }
}

/// The people that an action affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everybody in the room.
    Room,
    /// The user's player only.
    Mine,
    /// The user's screen only.
    Screen,
}

/// A heading in F1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Actions in the chat.
    Chat,
    /// Editing the line.
    Edit,
    /// Controlling playback.
    Room,
    /// The local player.
    Mine,
    /// The people and the panels.
    People,
    /// The program itself.
    App,
}

/// Returns the act of a row, if it has one.
macro_rules! act {
    () => {
        None
    };
    ($act:ident) => {
        Some(RoomAct::$act)
    };
}

/// Returns the effect of a row. Without one, each front end implements the action.
macro_rules! effect {
    () => {
        ActionEffect::Here(None)
    };
    ($effect:expr) => {
        $effect
    };
}

macro_rules! actions {
    ($($(#[$doc:meta])* $id:ident $name:literal [$($chat:expr),*] [$($keys:expr),*] $slash:expr, $scope:ident $group:ident $(, $act:ident)? $(=> $effect:expr)?;)+) => {
        /// The id of an action.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ActionId { $($(#[$doc])* $id,)+ }

        /// Every action, in the order of F1.
        pub const ACTIONS: &[Action] = &[$(Action {
            id: ActionId::$id,
            name: $name,
            chat_keys: &[$($chat),*],
            keys_keys: &[$($keys),*],
            slash: $slash,
            texts: TextKeys {
                label: concat!("action-", $name),
                help: concat!("action-", $name, ".help"),
                details: concat!("action-", $name, ".details"),
            },
            scope: Scope::$scope,
            group: Group::$group,
            act: act!($($act)?),
            effect: effect!($($effect)?),
        },)+];
    };
}

/// For actions whose slash command is their name, without an argument.
const NO: Option<Slash> = None;

/// The names of the policies for a player that runs out of data.
const STALL_POLICIES: &[(&str, RoomIntent)] = &[
    ("wait", RoomIntent::Set(Setting::OnStall(StallPolicy::Wait))),
    ("go-on", RoomIntent::Set(Setting::OnStall(StallPolicy::GoOn))),
];

/// The factor by which `[` and `]` change the speed.
const RATE_STEP: f64 = 1.1;

const fn ask(intent: Intent) -> ActionEffect {
    ActionEffect::Ask(intent)
}

const fn seek(millis: i64) -> Intent {
    Intent::Room(RoomIntent::SeekBy(MediaTime::from_millis(millis)))
}

const fn tweak(tweak: PlayerAdjustment) -> ActionEffect {
    ActionEffect::Ask(Intent::Player(tweak))
}

const fn with_member(ask: fn(MemberId) -> Intent) -> ActionEffect {
    ActionEffect::With(Argument::Member(ask))
}

const fn slash(word: &'static str, argument: &'static str) -> Slash {
    Slash { word, argument }
}

const fn key(code: Code) -> Key {
    Key::plain(code)
}

const fn letter(c: char) -> Key {
    Key::char(c)
}

const fn alt(c: char) -> Key {
    Key::alt(Code::Char(c))
}

const fn ctrl(c: char) -> Key {
    Key::ctrl(Code::Char(c))
}

actions! {
    /// Sends the line.
    Send "send" [key(Code::Enter)] [] NO, Room Chat;
    /// Inserts a line break.
    NewLine "new-line" [ctrl('j'), Key::alt(Code::Enter)] [] NO, Screen Chat;
    /// Completes the word before the cursor.
    Complete "complete" [key(Code::Tab)] [] NO, Screen Chat;
    /// Searches the user's earlier messages.
    Recall "recall" [ctrl('r')] [] NO, Screen Edit;
    /// Opens an editor.
    Edit "edit" [ctrl('x')] [] Some(slash("edit", "")), Screen Edit;
    /// Switches to keys mode.
    KeysMode "keys-mode" [key(Code::Esc)] [] NO, Screen Chat;
    /// Switches to chat mode.
    ChatMode "chat-mode" [] [letter('i'), key(Code::Enter), letter('/')] NO, Screen Chat;
    /// Scrolls towards the older lines.
    ScrollUp "scroll-up" [key(Code::PageUp)] [key(Code::PageUp)] NO, Screen Chat;
    /// Scrolls towards the newer lines.
    ScrollDown "scroll-down" [key(Code::PageDown)] [key(Code::PageDown)] NO, Screen Chat;
    /// Goes to the oldest line.
    Oldest "oldest" [Key::ctrl(Code::Home)] [key(Code::Home)] NO, Screen Chat;
    /// Goes to the newest line.
    Newest "newest" [Key::ctrl(Code::End)] [key(Code::End)] NO, Screen Chat;
    /// Selects the previous message.
    MessageUp "message-up" [Key::alt(Code::Up)] [Key::alt(Code::Up)] NO, Screen Chat;
    /// Selects the next message.
    MessageDown "message-down" [Key::alt(Code::Down)] [Key::alt(Code::Down)] NO, Screen Chat;
    /// Goes to the previous mention of the user.
    Mention "mention" [alt('n')] [letter('n')] NO, Screen Chat;
    /// Goes to the next mention of the user.
    MentionForward "mention-forward" [alt('N')] [letter('N')] NO, Screen Chat;
    /// Copies a message.
    Copy "copy" [alt('y')] [letter('y')] Some(slash("copy", "")), Screen Chat;
    /// Shows hidden text.
    Reveal "reveal" [alt('h')] [letter('h')] Some(slash("reveal", "")), Screen Chat;
    /// Describes an action of the user.
    Act "act" [] [] Some(slash("me", "TEXT")), Room Chat => ActionEffect::With(Argument::Words);
    /// Saves the chat to a file.
    Export "export" [] [] Some(slash("export", "FILE")), Screen Chat => ActionEffect::With(Argument::Words);
    /// Clears the chat on this screen.
    ClearChat "clear-chat" [] [] Some(slash("clear", "")), Screen Chat;

    /// Plays or pauses.
    PlayPause "play-pause" [alt('p')] [letter(' '), letter('p')] Some(slash("toggle", "")), Room Room, Move => ask(Intent::Room(RoomIntent::Toggle));
    /// Plays the item.
    Play "play" [] [] Some(slash("play", "")), Room Room, Move => ask(Intent::Room(RoomIntent::Play));
    /// Pauses the item.
    Pause "pause" [] [] Some(slash("pause", "")), Room Room, Move => ask(Intent::Room(RoomIntent::Pause));
    /// Goes back five seconds.
    Back5 "back-5" [Key::alt(Code::Left)] [key(Code::Left)] NO, Room Room, Move => ask(seek(-5_000));
    /// Goes forward five seconds.
    Forward5 "forward-5" [Key::alt(Code::Right)] [key(Code::Right)] NO, Room Room, Move => ask(seek(5_000));
    /// Goes back one second.
    Back1 "back-1" [] [Key::shift(Code::Left)] NO, Room Room, Move => ask(seek(-1_000));
    /// Goes forward one second.
    Forward1 "forward-1" [] [Key::shift(Code::Right)] NO, Room Room, Move => ask(seek(1_000));
    /// Goes back a minute.
    Back60 "back-60" [] [key(Code::Down)] NO, Room Room, Move => ask(seek(-60_000));
    /// Goes forward a minute.
    Forward60 "forward-60" [] [key(Code::Up)] NO, Room Room, Move => ask(seek(60_000));
    /// Goes to a position.
    GoTo "go-to" [ctrl('g')] [letter('g')] Some(slash("seek", "[+-]TIME")), Room Room, Move => ActionEffect::With(Argument::Time);
    /// Goes back a frame.
    FrameBack "frame-back" [] [letter(',')] NO, Room Room, Move => ask(Intent::Room(RoomIntent::StepFrame { is_forward: false }));
    /// Goes forward a frame.
    FrameForward "frame-forward" [] [letter('.')] NO, Room Room, Move => ask(Intent::Room(RoomIntent::StepFrame { is_forward: true }));
    /// Watches at a lower speed.
    Slower "slower" [] [letter('[')] NO, Room Room, Move => ActionEffect::ChangeRate(|rate| rate / RATE_STEP);
    /// Watches at a higher speed.
    Faster "faster" [] [letter(']')] NO, Room Room, Move => ActionEffect::ChangeRate(|rate| rate * RATE_STEP);
    /// Halves the speed.
    HalfSpeed "half-speed" [] [letter('{')] NO, Room Room, Move => ActionEffect::ChangeRate(|rate| rate / 2.0);
    /// Doubles the speed.
    DoubleSpeed "double-speed" [] [letter('}')] NO, Room Room, Move => ActionEffect::ChangeRate(|rate| rate * 2.0);
    /// Watches at normal speed.
    NormalSpeed "normal-speed" [] [key(Code::Backspace)] NO, Room Room, Move => ask(Intent::Room(RoomIntent::SetRate(Rate::NORMAL)));
    /// Sets the speed.
    SetSpeed "set-speed" [] [] Some(slash("speed", "X")), Room Room, Move => ActionEffect::With(Argument::Rate);
    /// Goes to the previous chapter.
    ChapterBack "chapter-back" [] [letter('!')] NO, Room Room, Move => ActionEffect::MoveByChapters(-1);
    /// Goes to the next chapter.
    ChapterForward "chapter-forward" [] [letter('@')] NO, Room Room, Move => ActionEffect::MoveByChapters(1);
    /// Goes to a chapter.
    Chapter "chapter" [] [] Some(slash("chapter", "+1|-1|N|NAME")), Room Room, Move => ActionEffect::With(Argument::Chapter);
    /// Sets the room's film.
    Open "open" [] [] Some(slash("open", "FILE|URL")), Room Room, SetItem => ActionEffect::With(Argument::Words);
    /// Starts without the members that the room waits for.
    GoOn "go-on" [alt('w')] [letter('w')] Some(slash("go-on", "")), Room Room, GoOn => ask(Intent::Room(RoomIntent::GoOn));
    /// Sets whether the room waits when a player runs out of data.
    OnStall "on-stall" [] [] Some(slash("on-stall", "wait|go-on")), Room Room, Set => ActionEffect::With(Argument::Choice(STALL_POLICIES));
    /// Renames the room.
    Rename "rename" [alt('t')] [letter('t')] Some(slash("rename", "TITLE")), Room Room, Set => ActionEffect::With(Argument::Title);
    /// Undoes the last change to the room.
    Undo "undo" [alt('u')] [letter('u')] Some(slash("undo", "")), Room Room, Undo => ask(Intent::Room(RoomIntent::Undo));
    /// Makes another member the host.
    Host "host" [] [] Some(slash("host", "NAME")), Room Room, HandOver => with_member(|to| Intent::Room(RoomIntent::TransferHost { to }));
    /// Makes the user host again in a room that they opened.
    TakeBack "take-back" [] [] NO, Room Room, TakeBack => ask(Intent::Room(RoomIntent::TakeBack));

    /// Removes a member.
    Kick "kick" [] [] Some(slash("kick", "NAME")), Room Room, Remove => with_member(|member| Intent::Room(RoomIntent::Remove { member, is_ban: false }));
    /// Removes and bans a member.
    Ban "ban" [] [] Some(slash("ban", "NAME")), Room Room, Remove => with_member(|member| Intent::Room(RoomIntent::Remove { member, is_ban: true }));
    /// Lifts a ban.
    Unban "unban" [] [] Some(slash("unban", "NAME")), Room Room, Unban => ActionEffect::With(Argument::Ban(|number| Intent::Room(RoomIntent::Unban { number })));

    /// Synchronises now.
    SyncNow "sync-now" [alt('s')] [letter('s')] Some(slash("sync", "")), Mine Mine => ask(Intent::SyncNow);
    /// Starts the player again.
    Reopen "reopen" [alt('o')] [letter('o')] Some(slash("reopen", "")), Mine Mine => ask(Intent::ReopenPlayer);
    /// Connects again.
    Retry "retry" [alt('a')] [letter('a')] Some(slash("retry", "")), Mine Mine => ask(Intent::Retry);

    /// Raises the local player's volume.
    Louder "louder" [] [letter('0')] NO, Mine Mine => tweak(PlayerAdjustment::Louder);
    /// Lowers the local player's volume.
    Softer "softer" [] [letter('9')] NO, Mine Mine => tweak(PlayerAdjustment::Softer);
    /// Mutes the local player.
    Mute "mute" [alt('m')] [letter('m')] NO, Mine Mine => tweak(PlayerAdjustment::Mute);
    /// Selects the next subtitle track.
    SubtitlesNext "subs-next" [] [letter('j')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesNext);
    /// Selects the previous subtitle track.
    SubtitlesPrevious "subs-previous" [] [letter('J')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesPrevious);
    /// Hides or shows subtitles.
    SubtitlesShown "subs" [] [letter('v')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesShown);
    /// Shows subtitles earlier.
    SubtitlesEarlier "subs-earlier" [] [letter('z')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesEarlier);
    /// Shows subtitles later.
    SubtitlesLater "subs-later" [] [letter('x')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesLater);
    /// Selects the next audio track.
    AudioNext "audio-next" [] [letter('#')] NO, Mine Mine => tweak(PlayerAdjustment::AudioNext);
    /// Shows the film's position over the film.
    Progress "progress" [] [letter('P')] NO, Mine Mine => tweak(PlayerAdjustment::Progress);
    /// Toggles full screen.
    Fullscreen "fullscreen" [] [] NO, Mine Mine => tweak(PlayerAdjustment::Fullscreen);

    /// Reports the film's position.
    Where "where" [] [] NO, Screen People;
    /// Shows who is here.
    People "people" [key(Code::F(2))] [key(Code::F(2))] Some(slash("who", "")), Screen People;
    /// Shows details about the local player.
    Player "player" [key(Code::F(8))] [key(Code::F(8))] Some(slash("player", "")), Screen People;
    /// Switches to the next layout.
    Layout "layout" [key(Code::F(6))] [key(Code::F(6))] Some(slash("layout", "")), Screen People;
    /// Goes to the next panel.
    FocusNext "focus-next" [] [key(Code::Tab)] NO, Screen People;
    /// Goes to the previous panel.
    FocusBack "focus-back" [] [Key::shift(Code::Tab)] NO, Screen People;
    /// Goes to the chat.
    FocusChat "focus-chat" [alt('1')] [letter('1')] NO, Screen People;
    /// Goes to the people.
    FocusPeople "focus-people" [alt('2')] [letter('2')] NO, Screen People;
    /// Goes to the graph of the local player's drift.
    FocusSync "focus-sync" [alt('3')] [letter('3')] NO, Screen People;
    /// Goes to the local player.
    FocusPlayer "focus-player" [alt('4')] [letter('4')] NO, Screen People;
    /// Shows how well everybody is in sync, in numbers.
    SyncDetails "sync-details" [key(Code::F(7))] [key(Code::F(7))] Some(slash("details", "")), Screen People;
    /// Shows the invite.
    Invite "invite" [] [] Some(slash("invite", "")), Screen People;
    /// Lists the bans.
    Bans "bans" [] [] NO, Screen People, SeeBans;

    /// Lists every action, and performs the chosen one.
    Palette "palette" [ctrl('p')] [letter(':'), ctrl('p')] NO, Screen App;
    /// Shows the help.
    Help "help" [key(Code::F(1))] [key(Code::F(1)), letter('?')] Some(slash("help", "[WORD]")), Screen App => ActionEffect::Here(Some(Argument::Words));
    /// Clears the line; pressed twice on an empty line, asks to leave.
    Interrupt "interrupt" [ctrl('c')] [ctrl('c')] NO, Screen App;
    /// Switches the mouse on or off.
    Mouse "mouse" [] [] Some(slash("mouse", "[on|off]")), Screen App => ActionEffect::Here(Some(Argument::Switch));
    /// Redraws everything.
    Redraw "redraw" [ctrl('l')] [ctrl('l')] NO, Screen App;
    /// Stops the process until it is continued.
    Suspend "suspend" [ctrl('z')] [ctrl('z')] NO, Screen App;
    /// Leaves the room.
    Leave "leave" [ctrl('q')] [letter('q'), ctrl('q')] Some(slash("quit", "")), Room App;

    /// Moves one glyph to the left.
    CursorLeft "cursor-left" [key(Code::Left)] [] NO, Screen Edit;
    /// Moves one glyph to the right.
    CursorRight "cursor-right" [key(Code::Right)] [] NO, Screen Edit;
    /// Moves one word to the left.
    WordLeft "word-left" [alt('b'), Key::ctrl(Code::Left)] [] NO, Screen Edit;
    /// Moves one word to the right.
    WordRight "word-right" [alt('f'), Key::ctrl(Code::Right)] [] NO, Screen Edit;
    /// Moves to the beginning of the line.
    LineStart "line-start" [ctrl('a'), key(Code::Home)] [] NO, Screen Edit;
    /// Moves to the end of the line; from there, to the newest line of the chat.
    LineEnd "line-end" [ctrl('e'), key(Code::End)] [] NO, Screen Edit;
    /// Moves a line up, or to the user's previous message.
    Up "up" [key(Code::Up)] [] NO, Screen Edit;
    /// Moves a line down, or to the user's next message.
    Down "down" [key(Code::Down)] [] NO, Screen Edit;
    /// Deletes the glyph before the cursor.
    DeleteBack "delete-back" [key(Code::Backspace), ctrl('h')] [] NO, Screen Edit;
    /// Deletes the glyph after the cursor.
    DeleteForward "delete-forward" [key(Code::Delete), ctrl('d')] [] NO, Screen Edit;
    /// Cuts the word before the cursor.
    CutWordBack "cut-word-back" [ctrl('w'), Key::alt(Code::Backspace)] [] NO, Screen Edit;
    /// Cuts the word after the cursor.
    CutWordForward "cut-word-forward" [alt('d')] [] NO, Screen Edit;
    /// Cuts everything before the cursor.
    CutToStart "cut-to-start" [ctrl('u')] [] NO, Screen Edit;
    /// Cuts everything after the cursor.
    CutToEnd "cut-to-end" [ctrl('k')] [] NO, Screen Edit;
    /// Inserts the cut text.
    PutBack "put-back" [ctrl('y')] [] NO, Screen Edit;
}

impl ActionId {
    /// Returns the action's row of the table.
    pub fn action(self) -> &'static Action {
        ACTIONS
            .iter()
            .find(|action| action.id == self)
            .expect("one macro writes both the ids and the table")
    }
}

#[cfg(test)]
mod tests;
