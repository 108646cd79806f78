//! The table of actions: all that a user can do, with its keys in both modes, its slash form, its help, the act that it
//! takes in the room, and what it does.
//!
//! Key map, hint line, F1, palette, slash commands and completion read this table; nothing else knows a key. Each action
//! can be reached in four ways, and all do the same: its key, the palette, its slash form, a click on its hint.
//! Alt and a letter in chat mode is the same letter in keys mode: terminals send Alt-P as Esc P, so that an Esc and a
//! quick P over a slow line mean the same either way.

mod effect;

use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{MediaTime, MemberId, Rate, RoomIntent};

use crate::catalogue;
use crate::intent::{Intent, PlayerAdjustment};
use crate::key::{Code, Key};

pub use effect::{ActionEffect, Argument, rate_after};

/// Something that the user can do.
#[derive(Clone, Debug)]
pub struct Action {
    /// Which it is, in code.
    pub id: ActionId,
    /// Which it is, in configuration files: never changes its meaning.
    pub name: &'static str,
    /// The keys in chat mode; the first is the one that is shown.
    pub chat_keys: &'static [Key],
    /// The keys in keys mode; the first is the one that is shown.
    pub keys_keys: &'static [Key],
    /// The slash command, where its word is another than the name or something stands behind it.
    pub slash: Option<Slash>,
    /// The messages about it.
    texts: TextKeys,
    /// Whom it concerns.
    pub scope: Scope,
    /// Where F1 lists it.
    pub group: Group,
    /// The act in the room that it takes.
    pub act: Option<RoomAct>,
    /// What it does.
    pub effect: ActionEffect,
}

/// The keys of the messages about an action.
#[derive(Clone, Copy, Debug)]
struct TextKeys {
    label: &'static str,
    help: &'static str,
    details: &'static str,
}

impl PartialEq for Action {
    /// Two rows of one action are the same row.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Action {}

impl Action {
    /// Returns two words for the hint line.
    pub fn label(&self) -> &'static str {
        catalogue::text(self.texts.label)
    }

    /// Returns its line in the help.
    pub fn help(&self) -> &'static str {
        catalogue::text(self.texts.help)
    }

    /// Returns more about it, for the manual; `None` where the line says it all.
    pub fn details(&self) -> Option<&'static str> {
        catalogue::optional_text(self.texts.details)
    }

    /// Returns the slash command that does it: its own, or else its name. What acts on the input line has none, because a
    /// command would stand in that very line.
    pub fn slash_form(&self) -> Option<Slash> {
        let is_of_the_line = self.group == Group::Edit
            || matches!(self.id, ActionId::Send | ActionId::NewLine | ActionId::Complete);
        match self.slash {
            Some(slash) => Some(slash),
            None if is_of_the_line => None,
            None => Some(slash(self.name, "")),
        }
    }

    /// Returns its subcommand of `ctl`: scripts do what concerns the room or the own player as a slash command does it. What
    /// is said has a subcommand of its own.
    pub fn script_form(&self) -> Option<Slash> {
        let is_for_scripts = matches!(self.scope, Scope::Room | Scope::Mine) && self.group != Group::Chat;
        self.slash_form().filter(|_| is_for_scripts)
    }

    /// Returns what it asks for with somebody who is here; `None` where it is about nobody.
    pub fn with_member(&self, member: MemberId) -> Option<Intent> {
        let ActionEffect::With(Argument::Member(ask)) = self.effect else {
            return None;
        };
        Some(ask(member))
    }

    /// Returns what it asks for with a ban; `None` where it is about none.
    pub fn with_ban(&self, number: u32) -> Option<Intent> {
        let ActionEffect::With(Argument::Ban(ask)) = self.effect else {
            return None;
        };
        Some(ask(number))
    }
}

/// A slash command's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slash {
    /// The word behind the slash.
    pub word: &'static str,
    /// What stands behind the word, as the help writes it; empty where nothing may.
    pub argument: &'static str,
}

impl Slash {
    /// Returns the beginning of the command, ready for its argument.
    pub fn beginning(self) -> String {
        format!("/{} ", self.word)
    }

    /// Returns whether a path stands behind the word.
    pub fn takes_path(self) -> bool {
        self.argument.starts_with("FILE")
    }

    /// Returns whether something must stand behind the word; what may is in brackets.
    pub fn needs_argument(self) -> bool {
        !(self.argument.is_empty() || self.argument.starts_with('[') && self.argument.ends_with(']'))
    }
}

/// Whom an action concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everybody in the room.
    Room,
    /// The own player only.
    Mine,
    /// The own screen only.
    Screen,
}

/// A heading in F1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Talking.
    Chat,
    /// Editing the line.
    Edit,
    /// Moving the room.
    Room,
    /// The own player.
    Mine,
    /// People and panels.
    People,
    /// The program itself.
    App,
}

/// The act that a row names, if it does.
macro_rules! act {
    () => {
        None
    };
    ($act:ident) => {
        Some(RoomAct::$act)
    };
}

/// What a row does; each front end in its own way where it does not say.
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
        /// Which action.
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

const NO: Option<Slash> = None;

/// The words for what a room does when a player runs dry.
const STALL_POLICIES: &[(&str, RoomIntent)] = &[
    ("wait", RoomIntent::Set(Setting::OnStall(StallPolicy::Wait))),
    ("go-on", RoomIntent::Set(Setting::OnStall(StallPolicy::GoOn))),
];

/// How much `[` and `]` change the speed.
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
    /// Breaks the line.
    NewLine "new-line" [ctrl('j'), Key::alt(Code::Enter)] [] NO, Screen Chat;
    /// Completes the word before the cursor.
    Complete "complete" [key(Code::Tab)] [] NO, Screen Chat;
    /// Looks for something that was said before.
    Recall "recall" [ctrl('r')] [] NO, Screen Edit;
    /// Writes in an editor.
    Edit "edit" [ctrl('x')] [] Some(slash("edit", "")), Screen Edit;
    /// Goes to keys mode.
    KeysMode "keys-mode" [key(Code::Esc)] [] NO, Screen Chat;
    /// Goes to chat mode.
    ChatMode "chat-mode" [] [letter('i'), key(Code::Enter), letter('/')] NO, Screen Chat;
    /// Scrolls towards the older lines.
    ScrollUp "scroll-up" [key(Code::PageUp)] [key(Code::PageUp)] NO, Screen Chat;
    /// Scrolls towards the newer lines.
    ScrollDown "scroll-down" [key(Code::PageDown)] [key(Code::PageDown)] NO, Screen Chat;
    /// Goes to the oldest line.
    Oldest "oldest" [Key::ctrl(Code::Home)] [key(Code::Home)] NO, Screen Chat;
    /// Goes to the newest line.
    Newest "newest" [Key::ctrl(Code::End)] [key(Code::End)] NO, Screen Chat;
    /// Chooses the message before.
    MessageUp "message-up" [Key::alt(Code::Up)] [Key::alt(Code::Up)] NO, Screen Chat;
    /// Chooses the message after.
    MessageDown "message-down" [Key::alt(Code::Down)] [Key::alt(Code::Down)] NO, Screen Chat;
    /// Goes to what names the user.
    Mention "mention" [alt('n')] [letter('n')] NO, Screen Chat;
    /// Goes to what names the user, the other way.
    MentionForward "mention-forward" [alt('N')] [letter('N')] NO, Screen Chat;
    /// Copies a message.
    Copy "copy" [alt('y')] [letter('y')] Some(slash("copy", "")), Screen Chat;
    /// Shows what is hidden.
    Reveal "reveal" [alt('h')] [letter('h')] Some(slash("reveal", "")), Screen Chat;
    /// Says what the user does.
    Act "act" [] [] Some(slash("me", "TEXT")), Room Chat => ActionEffect::With(Argument::Words);
    /// Keeps the chat in a file.
    Export "export" [] [] Some(slash("export", "FILE")), Screen Chat => ActionEffect::With(Argument::Words);
    /// Empties the chat on this screen.
    ClearChat "clear-chat" [] [] Some(slash("clear", "")), Screen Chat;

    /// Plays or pauses.
    PlayPause "play-pause" [alt('p')] [letter(' '), letter('p')] Some(slash("toggle", "")), Room Room, Move => ask(Intent::Room(RoomIntent::Toggle));
    /// Plays.
    Play "play" [] [] Some(slash("play", "")), Room Room, Move => ask(Intent::Room(RoomIntent::Play));
    /// Pauses.
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
    /// Watches slower.
    Slower "slower" [] [letter('[')] NO, Room Room, Move => ActionEffect::ChangeRate(|rate| rate / RATE_STEP);
    /// Watches faster.
    Faster "faster" [] [letter(']')] NO, Room Room, Move => ActionEffect::ChangeRate(|rate| rate * RATE_STEP);
    /// Halves the speed.
    HalfSpeed "half-speed" [] [letter('{')] NO, Room Room, Move => ActionEffect::ChangeRate(|rate| rate / 2.0);
    /// Doubles the speed.
    DoubleSpeed "double-speed" [] [letter('}')] NO, Room Room, Move => ActionEffect::ChangeRate(|rate| rate * 2.0);
    /// Watches at normal speed.
    NormalSpeed "normal-speed" [] [key(Code::Backspace)] NO, Room Room, Move => ask(Intent::Room(RoomIntent::SetRate(Rate::NORMAL)));
    /// Sets the speed.
    SetSpeed "set-speed" [] [] Some(slash("speed", "X")), Room Room, Move => ActionEffect::With(Argument::Rate);
    /// Goes back a chapter.
    ChapterBack "chapter-back" [] [letter('!')] NO, Room Room, Move => ActionEffect::MoveByChapters(-1);
    /// Goes on to the next chapter.
    ChapterForward "chapter-forward" [] [letter('@')] NO, Room Room, Move => ActionEffect::MoveByChapters(1);
    /// Goes to a chapter.
    Chapter "chapter" [] [] Some(slash("chapter", "+1|-1|N|NAME")), Room Room, Move => ActionEffect::With(Argument::Chapter);
    /// Puts something on.
    Open "open" [] [] Some(slash("open", "FILE|URL")), Room Room, PutOn => ActionEffect::With(Argument::Words);
    /// Goes on without those that the room waits for.
    GoOn "go-on" [alt('w')] [letter('w')] Some(slash("go-on", "")), Room Room, GoOn => ask(Intent::Room(RoomIntent::GoOn));
    /// Chooses what the room does when a player runs dry.
    OnStall "on-stall" [] [] Some(slash("on-stall", "wait|go-on")), Room Room, Set => ActionEffect::With(Argument::Choice(STALL_POLICIES));
    /// Renames the room.
    Rename "rename" [alt('t')] [letter('t')] Some(slash("rename", "TITLE")), Room Room, Set => ActionEffect::With(Argument::Title);
    /// Takes back what was done to all last.
    Undo "undo" [alt('u')] [letter('u')] Some(slash("undo", "")), Room Room, Undo => ask(Intent::Room(RoomIntent::Undo));
    /// Hands the room over.
    Host "host" [] [] Some(slash("host", "NAME")), Room Room, HandOver => with_member(|to| Intent::Room(RoomIntent::TransferHost { to }));
    /// Makes the user host again in a room that they opened.
    TakeBack "take-back" [] [] NO, Room Room, TakeBack => ask(Intent::Room(RoomIntent::TakeBack));

    /// Removes somebody.
    Kick "kick" [] [] Some(slash("kick", "NAME")), Room Room, Remove => with_member(|member| Intent::Room(RoomIntent::Remove { member, is_ban: false }));
    /// Removes somebody and keeps them out.
    Ban "ban" [] [] Some(slash("ban", "NAME")), Room Room, Remove => with_member(|member| Intent::Room(RoomIntent::Remove { member, is_ban: true }));
    /// Lets somebody in again.
    Unban "unban" [] [] Some(slash("unban", "NAME")), Room Room, Unban => ActionEffect::With(Argument::Ban(|number| Intent::Room(RoomIntent::Unban { number })));

    /// Synchronises now.
    SyncNow "sync-now" [alt('s')] [letter('s')] Some(slash("sync", "")), Mine Mine => ask(Intent::SyncNow);
    /// Starts the player again.
    Reopen "reopen" [alt('o')] [letter('o')] Some(slash("reopen", "")), Mine Mine => ask(Intent::ReopenPlayer);
    /// Connects again.
    Retry "retry" [alt('a')] [letter('a')] Some(slash("retry", "")), Mine Mine => ask(Intent::Retry);

    /// Makes the own player louder.
    Louder "louder" [] [letter('0')] NO, Mine Mine => tweak(PlayerAdjustment::Louder);
    /// Makes the own player less loud.
    Softer "softer" [] [letter('9')] NO, Mine Mine => tweak(PlayerAdjustment::Softer);
    /// Silences the own player.
    Mute "mute" [alt('m')] [letter('m')] NO, Mine Mine => tweak(PlayerAdjustment::Mute);
    /// Takes the next subtitles.
    SubtitlesNext "subs-next" [] [letter('j')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesNext);
    /// Takes the subtitles before.
    SubtitlesPrevious "subs-previous" [] [letter('J')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesPrevious);
    /// Hides or shows subtitles.
    SubtitlesShown "subs" [] [letter('v')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesShown);
    /// Brings subtitles earlier.
    SubtitlesEarlier "subs-earlier" [] [letter('z')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesEarlier);
    /// Brings subtitles later.
    SubtitlesLater "subs-later" [] [letter('x')] NO, Mine Mine => tweak(PlayerAdjustment::SubtitlesLater);
    /// Takes the next sound track.
    AudioNext "audio-next" [] [letter('#')] NO, Mine Mine => tweak(PlayerAdjustment::AudioNext);
    /// Shows where the film is over the film.
    Progress "progress" [] [letter('P')] NO, Mine Mine => tweak(PlayerAdjustment::Progress);
    /// Makes the film as large as the display.
    Fullscreen "fullscreen" [] [] NO, Mine Mine => tweak(PlayerAdjustment::Fullscreen);

    /// Says where the film is.
    Where "where" [] [] NO, Screen People;
    /// Shows who is here.
    People "people" [key(Code::F(2))] [key(Code::F(2))] Some(slash("who", "")), Screen People;
    /// Shows how the own player plays.
    Player "player" [key(Code::F(8))] [key(Code::F(8))] Some(slash("player", "")), Screen People;
    /// Shows the next of the layouts.
    Layout "layout" [key(Code::F(6))] [key(Code::F(6))] Some(slash("layout", "")), Screen People;
    /// Goes to the next panel.
    FocusNext "focus-next" [] [key(Code::Tab)] NO, Screen People;
    /// Goes to the panel before.
    FocusBack "focus-back" [] [Key::shift(Code::Tab)] NO, Screen People;
    /// Goes to the chat.
    FocusChat "focus-chat" [alt('1')] [letter('1')] NO, Screen People;
    /// Goes to the people.
    FocusPeople "focus-people" [alt('2')] [letter('2')] NO, Screen People;
    /// Goes to how the own player follows.
    FocusSync "focus-sync" [alt('3')] [letter('3')] NO, Screen People;
    /// Goes to the own player.
    FocusPlayer "focus-player" [alt('4')] [letter('4')] NO, Screen People;
    /// Shows how everybody follows, in numbers.
    SyncDetails "sync-details" [key(Code::F(7))] [key(Code::F(7))] Some(slash("details", "")), Screen People;
    /// Shows how others get in.
    Invite "invite" [] [] Some(slash("invite", "")), Screen People;
    /// Tells who is banned.
    Bans "bans" [] [] NO, Screen People, SeeBans;

    /// Shows every action, and does the chosen one.
    Palette "palette" [ctrl('p')] [letter(':'), ctrl('p')] NO, Screen App;
    /// Shows the help.
    Help "help" [key(Code::F(1))] [key(Code::F(1)), letter('?')] Some(slash("help", "[WORD]")), Screen App => ActionEffect::Here(Some(Argument::Words));
    /// Clears the line; on an empty one twice, asks to leave.
    Interrupt "interrupt" [ctrl('c')] [ctrl('c')] NO, Screen App;
    /// Lets the mouse act, or leaves it to the terminal.
    Mouse "mouse" [] [] Some(slash("mouse", "[on|off]")), Screen App => ActionEffect::Here(Some(Argument::Switch));
    /// Draws all anew.
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
    /// Moves a line up, or to the older message of the own ones.
    Up "up" [key(Code::Up)] [] NO, Screen Edit;
    /// Moves a line down, or to the newer message of the own ones.
    Down "down" [key(Code::Down)] [] NO, Screen Edit;
    /// Deletes the glyph before the cursor.
    DeleteBack "delete-back" [key(Code::Backspace), ctrl('h')] [] NO, Screen Edit;
    /// Deletes the glyph behind the cursor.
    DeleteForward "delete-forward" [key(Code::Delete), ctrl('d')] [] NO, Screen Edit;
    /// Cuts the word before the cursor.
    CutWordBack "cut-word-back" [ctrl('w'), Key::alt(Code::Backspace)] [] NO, Screen Edit;
    /// Cuts the word behind the cursor.
    CutWordForward "cut-word-forward" [alt('d')] [] NO, Screen Edit;
    /// Cuts all before the cursor.
    CutToStart "cut-to-start" [ctrl('u')] [] NO, Screen Edit;
    /// Cuts all behind the cursor.
    CutToEnd "cut-to-end" [ctrl('k')] [] NO, Screen Edit;
    /// Puts in what was cut.
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
