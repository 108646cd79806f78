//! The table of actions: all that a user can do, with its keys in both modes, its slash form, its help, the act that it
//! takes in the room, and what it does.
//!
//! Key map, hint line, F1, palette, slash commands and completion read this table; nothing else knows a key. Each action
//! can be reached in four ways, and all do the same: its key, the palette, its slash form, a click on its hint.
//! Alt and a letter in chat mode is the same letter in keys mode: terminals send Alt-P as Esc P, so that an Esc and a
//! quick P over a slow line mean the same either way.

mod does;

use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{MediaTime, MemberId, Rate, RoomIntent};

use crate::intent::{Intent, PlayerTweak};
use crate::key::{Code, Key};

pub use does::{Argument, Does, rate_after};

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
    /// Two words for the hint line.
    pub label: &'static str,
    /// One line for F1.
    pub help: &'static str,
    /// More about it, for the manual; empty where the line says it all.
    pub details: &'static str,
    /// Whom it concerns.
    pub scope: Scope,
    /// Where F1 lists it.
    pub group: Group,
    /// The act in the room that it takes.
    pub act: Option<RoomAct>,
    /// What it does.
    pub does: Does,
}

impl PartialEq for Action {
    /// Two rows of one action are the same row.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Action {}

impl Action {
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
        let Does::With(Argument::Member(ask)) = self.does else {
            return None;
        };
        Some(ask(member))
    }

    /// Returns what it asks for with a ban; `None` where it is about none.
    pub fn with_ban(&self, number: u32) -> Option<Intent> {
        let Does::With(Argument::Ban(ask)) = self.does else {
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
macro_rules! does {
    () => {
        Does::Here(None)
    };
    ($does:expr) => {
        $does
    };
}

macro_rules! actions {
    ($($(#[$doc:meta])* $id:ident $name:literal [$($chat:expr),*] [$($keys:expr),*] $slash:expr, $label:literal, $help:literal, $scope:ident $group:ident $(, $act:ident)? $(=> $does:expr)? $(, $details:literal)?;)+) => {
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
            label: $label,
            help: $help,
            details: concat!($($details)?),
            scope: Scope::$scope,
            group: Group::$group,
            act: act!($($act)?),
            does: does!($($does)?),
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

const fn ask(intent: Intent) -> Does {
    Does::Ask(intent)
}

const fn seek(millis: i64) -> Intent {
    Intent::Room(RoomIntent::SeekBy(MediaTime::from_millis(millis)))
}

const fn tweak(tweak: PlayerTweak) -> Does {
    Does::Ask(Intent::Player(tweak))
}

const fn with_member(ask: fn(MemberId) -> Intent) -> Does {
    Does::With(Argument::Member(ask))
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
    Send "send" [key(Code::Enter)] [] NO, "send", "send the line", Room Chat;
    /// Breaks the line.
    NewLine "new-line" [ctrl('j'), Key::alt(Code::Enter)] [] NO, "new line", "new line in the message", Screen Chat;
    /// Completes the word before the cursor.
    Complete "complete" [key(Code::Tab)] [] NO, "complete", "complete a name or a /command", Screen Chat;
    /// Looks for something that was said before.
    Recall "recall" [ctrl('r')] [] NO, "search history", "look for something that I said before", Screen Edit;
    /// Writes in an editor.
    Edit "edit" [ctrl('x')] [] Some(slash("edit", "")), "editor", "write the message in $EDITOR", Screen Edit;
    /// Goes to keys mode.
    KeysMode "keys-mode" [key(Code::Esc)] [] NO, "keys", "keys act without Alt until you press i", Screen Chat;
    /// Goes to chat mode.
    ChatMode "chat-mode" [] [letter('i'), key(Code::Enter), letter('/')] NO, "chat", "type again", Screen Chat;
    /// Scrolls towards the older lines.
    ScrollUp "scroll-up" [key(Code::PageUp)] [key(Code::PageUp)] NO, "older", "older lines", Screen Chat;
    /// Scrolls towards the newer lines.
    ScrollDown "scroll-down" [key(Code::PageDown)] [key(Code::PageDown)] NO, "newer", "newer lines", Screen Chat;
    /// Goes to the oldest line.
    Oldest "oldest" [Key::ctrl(Code::Home)] [key(Code::Home)] NO, "oldest", "oldest line", Screen Chat;
    /// Goes to the newest line.
    Newest "newest" [Key::ctrl(Code::End)] [key(Code::End)] NO, "newest", "newest line", Screen Chat;
    /// Chooses the message before.
    MessageUp "message-up" [Key::alt(Code::Up)] [Key::alt(Code::Up)] NO, "message up", "choose a message: newest first", Screen Chat;
    /// Chooses the message after.
    MessageDown "message-down" [Key::alt(Code::Down)] [Key::alt(Code::Down)] NO, "message down", "choose the message after", Screen Chat;
    /// Goes to what names the user.
    Mention "mention" [alt('n')] [letter('n')] NO, "mentions", "lines that name me, the newest first", Screen Chat;
    /// Goes to what names the user, the other way.
    MentionForward "mention-forward" [alt('N')] [letter('N')] NO, "next mention", "the next line that names me", Screen Chat;
    /// Copies a message.
    Copy "copy" [alt('y')] [letter('y')] Some(slash("copy", "")), "copy", "copy the chosen message, or the newest", Screen Chat;
    /// Shows what is hidden.
    Reveal "reveal" [alt('h')] [letter('h')] Some(slash("reveal", "")), "reveal", "show what a message hides between ||", Screen Chat;
    /// Says what the user does.
    Act "act" [] [] Some(slash("me", "TEXT")), "act", "say what I do: /me waves", Room Chat => Does::With(Argument::Words);
    /// Keeps the chat in a file.
    Export "export" [] [] Some(slash("export", "FILE")), "export", "keep the chat in a file", Screen Chat => Does::With(Argument::Words);
    /// Empties the chat on this screen.
    ClearChat "clear-chat" [] [] Some(slash("clear", "")), "clear", "empty the chat on this screen", Screen Chat;

    /// Plays or pauses.
    PlayPause "play-pause" [alt('p')] [letter(' '), letter('p')] Some(slash("toggle", "")), "play/pause", "play or pause, for everyone", Room Room, Move => ask(Intent::Room(RoomIntent::Toggle));
    /// Plays.
    Play "play" [] [] Some(slash("play", "")), "play", "play, for everyone", Room Room, Move => ask(Intent::Room(RoomIntent::Play));
    /// Pauses.
    Pause "pause" [] [] Some(slash("pause", "")), "pause", "pause, for everyone", Room Room, Move => ask(Intent::Room(RoomIntent::Pause));
    /// Goes back five seconds.
    Back5 "back-5" [Key::alt(Code::Left)] [key(Code::Left)] NO, "-5 s", "5 seconds back", Room Room, Move => ask(seek(-5_000));
    /// Goes forward five seconds.
    Forward5 "forward-5" [Key::alt(Code::Right)] [key(Code::Right)] NO, "+5 s", "5 seconds forward", Room Room, Move => ask(seek(5_000));
    /// Goes back one second.
    Back1 "back-1" [] [Key::shift(Code::Left)] NO, "-1 s", "1 second back", Room Room, Move => ask(seek(-1_000));
    /// Goes forward one second.
    Forward1 "forward-1" [] [Key::shift(Code::Right)] NO, "+1 s", "1 second forward", Room Room, Move => ask(seek(1_000));
    /// Goes back a minute.
    Back60 "back-60" [] [key(Code::Down)] NO, "-1 min", "1 minute back", Room Room, Move => ask(seek(-60_000));
    /// Goes forward a minute.
    Forward60 "forward-60" [] [key(Code::Up)] NO, "+1 min", "1 minute forward", Room Room, Move => ask(seek(60_000));
    /// Goes to a position.
    GoTo "go-to" [ctrl('g')] [letter('g')] Some(slash("seek", "[+-]TIME")), "go to", "go to a time: 1:02:03, +90, -10", Room Room, Move => Does::With(Argument::Time);
    /// Goes back a frame.
    FrameBack "frame-back" [] [letter(',')] NO, "frame back", "1 frame back; pauses first", Room Room, Move => ask(Intent::Room(RoomIntent::StepFrame { is_forward: false }));
    /// Goes forward a frame.
    FrameForward "frame-forward" [] [letter('.')] NO, "frame on", "1 frame forward; pauses first", Room Room, Move => ask(Intent::Room(RoomIntent::StepFrame { is_forward: true }));
    /// Watches slower.
    Slower "slower" [] [letter('[')] NO, "slower", "10 % slower", Room Room, Move => Does::ChangeRate(|rate| rate / RATE_STEP);
    /// Watches faster.
    Faster "faster" [] [letter(']')] NO, "faster", "10 % faster", Room Room, Move => Does::ChangeRate(|rate| rate * RATE_STEP);
    /// Halves the speed.
    HalfSpeed "half-speed" [] [letter('{')] NO, "half", "half the speed", Room Room, Move => Does::ChangeRate(|rate| rate / 2.0);
    /// Doubles the speed.
    DoubleSpeed "double-speed" [] [letter('}')] NO, "double", "twice the speed", Room Room, Move => Does::ChangeRate(|rate| rate * 2.0);
    /// Watches at normal speed.
    NormalSpeed "normal-speed" [] [key(Code::Backspace)] NO, "1x", "normal speed", Room Room, Move => ask(Intent::Room(RoomIntent::SetRate(Rate::NORMAL)));
    /// Sets the speed.
    SetSpeed "set-speed" [] [] Some(slash("speed", "X")), "speed", "watch at another speed, 0.25 to 4", Room Room, Move => Does::With(Argument::Rate);
    /// Goes back a chapter.
    ChapterBack "chapter-back" [] [letter('!')] NO, "chapter back", "back a chapter", Room Room, Move => Does::MoveByChapters(-1);
    /// Goes on to the next chapter.
    ChapterForward "chapter-forward" [] [letter('@')] NO, "next chapter", "on to the next chapter", Room Room, Move => Does::MoveByChapters(1);
    /// Goes to a chapter.
    Chapter "chapter" [] [] Some(slash("chapter", "+1|-1|N|NAME")), "chapter", "go to a chapter of my file, for everyone", Room Room, Move => Does::With(Argument::Chapter);
    /// Puts something on.
    Open "open" [] [] Some(slash("open", "FILE|URL")), "open", "put on a film or a link, for everyone", Room Room, PutOn => Does::With(Argument::Words), "A viewer's own file becomes their copy of what is on.";
    /// Goes on without those that the room waits for.
    GoOn "go-on" [alt('w')] [letter('w')] Some(slash("go-on", "")), "go on", "go on without those the room waits for", Room Room, GoOn => ask(Intent::Room(RoomIntent::GoOn));
    /// Chooses what the room does when a player runs dry.
    OnStall "on-stall" [] [] Some(slash("on-stall", "wait|go-on")), "slow players", "wait for a player that runs dry, or go on", Room Room, Set => Does::With(Argument::Choice(STALL_POLICIES)), "The room waits for a while; who is left behind catches up alone.";
    /// Renames the room.
    Rename "rename" [alt('t')] [letter('t')] Some(slash("rename", "TITLE")), "rename", "give the room a title, for everyone", Room Room, Set => Does::With(Argument::Title), "The title stands wherever the room's name is shown. Invites stay as they are.";
    /// Takes back what was done to all last.
    Undo "undo" [alt('u')] [letter('u')] Some(slash("undo", "")), "undo", "take back what was done to all last", Room Room, Undo => ask(Intent::Room(RoomIntent::Undo)), "That is a seek, a pause, another speed, film or host of the last minute. Undoing an undo does it again.";
    /// Hands the room over.
    Host "host" [] [] Some(slash("host", "NAME")), "host", "hand the room to somebody", Room Room, HandOver => with_member(|to| Intent::Room(RoomIntent::TransferHost { to })), "The name me takes back a room that you opened.";
    /// Makes the user host again in a room that they opened.
    TakeBack "take-back" [] [] NO, "take back", "be host again in a room that I opened", Room Room, TakeBack => ask(Intent::Room(RoomIntent::TakeBack));

    /// Removes somebody.
    Kick "kick" [] [] Some(slash("kick", "NAME")), "remove", "remove somebody; they may come in again", Room Room, Remove => with_member(|member| Intent::Room(RoomIntent::Remove { member, is_ban: false }));
    /// Removes somebody and keeps them out.
    Ban "ban" [] [] Some(slash("ban", "NAME")), "ban", "remove somebody and keep them out for 7 days", Room Room, Remove => with_member(|member| Intent::Room(RoomIntent::Remove { member, is_ban: true })), "By name and seat for 7 days, by address for 24 hours. Who comes back under a name that looks the same is kept out too. An address is not banned where it is the host's own, as in one household. A ban holds for this room and outlives its server.";
    /// Lets somebody in again.
    Unban "unban" [] [] Some(slash("unban", "NAME")), "unban", "let somebody in again who was banned", Room Room, Unban => Does::With(Argument::Ban(|number| Intent::Room(RoomIntent::Unban { number })));

    /// Synchronises now.
    SyncNow "sync-now" [alt('s')] [letter('s')] Some(slash("sync", "")), "jump to the room", "bring my player to the room now", Mine Mine => ask(Intent::SyncNow);
    /// Starts the player again.
    Reopen "reopen" [alt('o')] [letter('o')] Some(slash("reopen", "")), "reopen", "open my player again", Mine Mine => ask(Intent::ReopenPlayer);
    /// Connects again.
    Retry "retry" [alt('a')] [letter('a')] Some(slash("retry", "")), "try again", "try to connect now", Mine Mine => ask(Intent::Retry);

    /// Makes the own player louder.
    Louder "louder" [] [letter('0')] NO, "louder", "volume up", Mine Mine => tweak(PlayerTweak::Louder);
    /// Makes the own player less loud.
    Softer "softer" [] [letter('9')] NO, "softer", "volume down", Mine Mine => tweak(PlayerTweak::Softer);
    /// Silences the own player.
    Mute "mute" [alt('m')] [letter('m')] NO, "mute", "sound off or on", Mine Mine => tweak(PlayerTweak::Mute);
    /// Takes the next subtitles.
    SubtitlesNext "subs-next" [] [letter('j')] NO, "subtitles", "subtitles: next track", Mine Mine => tweak(PlayerTweak::SubtitlesNext);
    /// Takes the subtitles before.
    SubtitlesPrevious "subs-previous" [] [letter('J')] NO, "subtitles back", "subtitles: track before", Mine Mine => tweak(PlayerTweak::SubtitlesPrevious);
    /// Hides or shows subtitles.
    SubtitlesShown "subs" [] [letter('v')] NO, "subtitles on/off", "subtitles: on or off", Mine Mine => tweak(PlayerTweak::SubtitlesShown);
    /// Brings subtitles earlier.
    SubtitlesEarlier "subs-earlier" [] [letter('z')] NO, "subtitles -0.1 s", "subtitles: 0.1 s earlier", Mine Mine => tweak(PlayerTweak::SubtitlesEarlier);
    /// Brings subtitles later.
    SubtitlesLater "subs-later" [] [letter('x')] NO, "subtitles +0.1 s", "subtitles: 0.1 s later", Mine Mine => tweak(PlayerTweak::SubtitlesLater);
    /// Takes the next sound track.
    AudioNext "audio-next" [] [letter('#')] NO, "audio", "sound: next track", Mine Mine => tweak(PlayerTweak::AudioNext);
    /// Shows where the film is over the film.
    Progress "progress" [] [letter('P')] NO, "position", "show the position over the film", Mine Mine => tweak(PlayerTweak::Progress);
    /// Makes the film as large as the display.
    Fullscreen "fullscreen" [] [] NO, "fullscreen", "the whole display, or a window again", Mine Mine => tweak(PlayerTweak::Fullscreen);

    /// Says where the film is.
    Where "where" [] [] NO, "where", "where the film is", Screen People;
    /// Shows who is here.
    People "people" [key(Code::F(2))] [key(Code::F(2))] Some(slash("who", "")), "people", "who is here and how they follow", Screen People;
    /// Shows how the own player plays.
    Player "player" [key(Code::F(8))] [key(Code::F(8))] Some(slash("player", "")), "player", "how my player plays: tracks, volume, cache", Screen People;
    /// Shows the next of the layouts.
    Layout "layout" [key(Code::F(6))] [key(Code::F(6))] Some(slash("layout", "")), "layout", "side by side, chat alone, panels alone", Screen People;
    /// Goes to the next panel.
    FocusNext "focus-next" [] [key(Code::Tab)] NO, "next panel", "go to the next panel", Screen People;
    /// Goes to the panel before.
    FocusBack "focus-back" [] [Key::shift(Code::Tab)] NO, "last panel", "go to the panel before", Screen People;
    /// Goes to the chat.
    FocusChat "focus-chat" [alt('1')] [letter('1')] NO, "to the chat", "go to the chat", Screen People;
    /// Goes to the people.
    FocusPeople "focus-people" [alt('2')] [letter('2')] NO, "to the people", "go to the people: arrows choose, Enter acts", Screen People;
    /// Goes to how the own player follows.
    FocusSync "focus-sync" [alt('3')] [letter('3')] NO, "to the sync", "go to how I follow; Enter shows everybody", Screen People;
    /// Goes to the own player.
    FocusPlayer "focus-player" [alt('4')] [letter('4')] NO, "to my player", "go to my player; Enter shows all of it", Screen People;
    /// Shows how everybody follows, in numbers.
    SyncDetails "sync-details" [key(Code::F(7))] [key(Code::F(7))] Some(slash("details", "")), "sync details", "how everybody follows, in numbers", Screen People;
    /// Shows how others get in.
    Invite "invite" [] [] Some(slash("invite", "")), "invite", "the line that lets a friend in", Screen People;
    /// Tells who is banned.
    Bans "bans" [] [] NO, "banned", "who is banned, and for how long", Screen People, SeeBans;

    /// Shows every action, and does the chosen one.
    Palette "palette" [ctrl('p')] [letter(':'), ctrl('p')] NO, "commands", "every command: type a part of its name", Screen App;
    /// Shows the help.
    Help "help" [key(Code::F(1))] [key(Code::F(1)), letter('?')] Some(slash("help", "[WORD]")), "help", "the keys; type to search", Screen App => Does::Here(Some(Argument::Words));
    /// Clears the line; on an empty one twice, asks to leave.
    Interrupt "interrupt" [ctrl('c')] [ctrl('c')] NO, "clear", "clear the line; twice on an empty one: leave", Screen App;
    /// Lets the mouse act, or leaves it to the terminal.
    Mouse "mouse" [] [] Some(slash("mouse", "[on|off]")), "mouse", "the mouse acts here; off: it marks text", Screen App => Does::Here(Some(Argument::Switch));
    /// Draws all anew.
    Redraw "redraw" [ctrl('l')] [ctrl('l')] NO, "redraw", "draw the screen anew", Screen App;
    /// Stops the process until it is continued.
    Suspend "suspend" [ctrl('z')] [ctrl('z')] NO, "suspend", "back to the shell; fg returns", Screen App;
    /// Leaves the room.
    Leave "leave" [ctrl('q')] [letter('q'), ctrl('q')] Some(slash("quit", "")), "leave", "leave the room", Room App;

    /// Moves one glyph to the left.
    CursorLeft "cursor-left" [key(Code::Left)] [] NO, "left", "cursor left", Screen Edit;
    /// Moves one glyph to the right.
    CursorRight "cursor-right" [key(Code::Right)] [] NO, "right", "cursor right", Screen Edit;
    /// Moves one word to the left.
    WordLeft "word-left" [alt('b'), Key::ctrl(Code::Left)] [] NO, "word left", "word left", Screen Edit;
    /// Moves one word to the right.
    WordRight "word-right" [alt('f'), Key::ctrl(Code::Right)] [] NO, "word right", "word right", Screen Edit;
    /// Moves to the beginning of the line.
    LineStart "line-start" [ctrl('a'), key(Code::Home)] [] NO, "start", "beginning of the line", Screen Edit;
    /// Moves to the end of the line; from there, to the newest line of the chat.
    LineEnd "line-end" [ctrl('e'), key(Code::End)] [] NO, "end", "end of the line; again: newest line", Screen Edit;
    /// Moves a line up, or to the older message of the own ones.
    Up "up" [key(Code::Up)] [] NO, "up", "line up, or what I said before", Screen Edit;
    /// Moves a line down, or to the newer message of the own ones.
    Down "down" [key(Code::Down)] [] NO, "down", "line down, or what I said after", Screen Edit;
    /// Deletes the glyph before the cursor.
    DeleteBack "delete-back" [key(Code::Backspace), ctrl('h')] [] NO, "delete", "delete before the cursor", Screen Edit;
    /// Deletes the glyph behind the cursor.
    DeleteForward "delete-forward" [key(Code::Delete), ctrl('d')] [] NO, "delete", "delete behind the cursor", Screen Edit;
    /// Cuts the word before the cursor.
    CutWordBack "cut-word-back" [ctrl('w'), Key::alt(Code::Backspace)] [] NO, "cut word", "cut the word before the cursor", Screen Edit;
    /// Cuts the word behind the cursor.
    CutWordForward "cut-word-forward" [alt('d')] [] NO, "cut word", "cut the word behind the cursor", Screen Edit;
    /// Cuts all before the cursor.
    CutToStart "cut-to-start" [ctrl('u')] [] NO, "cut line", "cut all before the cursor", Screen Edit;
    /// Cuts all behind the cursor.
    CutToEnd "cut-to-end" [ctrl('k')] [] NO, "cut rest", "cut all behind the cursor", Screen Edit;
    /// Puts in what was cut.
    PutBack "put-back" [ctrl('y')] [] NO, "put back", "put in what was cut last", Screen Edit;
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
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_has_help_and_a_way_to_reach_it() {
        for action in ACTIONS {
            assert!(
                !action.help.is_empty() && !action.label.is_empty(),
                "{}",
                action.name
            );
            let keys = action.chat_keys.len() + action.keys_keys.len();
            let ways = keys + usize::from(action.slash_form().is_some());
            assert!(ways > 0, "nothing leads to {}", action.name);
        }
    }

    #[test]
    fn no_key_is_bound_twice_in_a_mode() {
        for keys in [
            ACTIONS.iter().flat_map(|a| a.chat_keys).collect::<Vec<_>>(),
            ACTIONS.iter().flat_map(|a| a.keys_keys).collect(),
        ] {
            let mut seen = BTreeSet::new();
            for key in keys {
                assert!(seen.insert(*key), "{key} is bound twice");
            }
        }
    }

    #[test]
    fn names_and_slash_words_are_unique() {
        let mut names = BTreeSet::new();
        let mut words = BTreeSet::new();
        for action in ACTIONS {
            assert!(names.insert(action.name), "{}", action.name);
            if let Some(slash) = action.slash_form() {
                assert!(words.insert(slash.word), "{}", slash.word);
                let of_that_name = ACTIONS.iter().find(|other| other.name == slash.word);
                assert!(
                    of_that_name.is_none_or(|other| other.id == action.id),
                    "/{} is the name of another action",
                    slash.word
                );
            }
        }
    }

    #[test]
    fn what_moves_the_room_says_what_it_takes() {
        for action in ACTIONS.iter().filter(|action| action.group == Group::Room) {
            assert!(action.act.is_some(), "{}", action.name);
        }
    }

    #[test]
    fn an_action_that_takes_an_argument_has_a_slash_command_that_names_it() {
        for action in ACTIONS {
            let argument = action.slash.map_or("", |slash| slash.argument);
            let takes_one = matches!(action.does, Does::With(_));
            let may_take_one = takes_one || matches!(action.does, Does::Here(Some(_)));

            assert_eq!(!argument.is_empty(), may_take_one, "{}", action.name);
            let needs_one = action.slash_form().is_some_and(Slash::needs_argument);
            assert_eq!(needs_one, takes_one, "{}", action.name);
        }
    }

    #[test]
    fn a_choice_is_between_the_words_that_its_slash_command_names() {
        for action in ACTIONS {
            let Does::With(Argument::Choice(choices)) = action.does else {
                continue;
            };
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let argument = action.slash.map_or("", |slash| slash.argument);

            assert_eq!(argument, words.join("|"), "{}", action.name);
        }
    }

    #[test]
    fn scripts_do_what_concerns_the_room_or_the_own_player() {
        let is_scripted = |id: ActionId| id.action().script_form().is_some();

        for id in [ActionId::Pause, ActionId::Kick, ActionId::Mute, ActionId::Leave] {
            assert!(is_scripted(id), "{id:?}");
        }
        for id in [ActionId::Act, ActionId::Send, ActionId::Layout, ActionId::Up] {
            assert!(!is_scripted(id), "{id:?}");
        }
    }

    #[test]
    fn alt_and_a_letter_is_that_letter_in_keys_mode() {
        for action in ACTIONS.iter().filter(|a| a.group != Group::Edit) {
            for key in action.chat_keys.iter().filter(|k| k.alt) {
                let Code::Char(_) = key.code else { continue };
                assert!(
                    action.keys_keys.contains(&Key::plain(key.code)),
                    "{key} of {} is something else in keys mode",
                    action.name
                );
            }
        }
    }

    #[test]
    fn editing_keys_with_alt_do_nothing_else_in_keys_mode() {
        let letters: Vec<Key> = ACTIONS
            .iter()
            .filter(|a| a.group == Group::Edit)
            .flat_map(|a| a.chat_keys)
            .filter(|k| k.alt && matches!(k.code, Code::Char(_)))
            .map(|k| Key::plain(k.code))
            .collect();

        for action in ACTIONS {
            assert!(
                action.keys_keys.iter().all(|k| !letters.contains(k)),
                "{}",
                action.name
            );
        }
    }
}
