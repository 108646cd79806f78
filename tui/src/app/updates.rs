//! What the screen learns.

use std::collections::BTreeSet;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::{Avatar, HostChangeReason, LeaveReason, Link, Member};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, LocalTime, MemberId};

use super::{App, Damage};
use crate::model::Room;
use crate::model::chat_log::{ChatLog, Fold};
use crate::model::own::Own;
use crate::model::people::CopiesTold;
use crate::model::teller::Teller;
use crate::model::undoing::{self, Undoing};
use crate::state::Scene;
use crate::state::overlay::Overlay;
use crate::strings;
use crate::text;
use crate::update::{Change, Entrance, Entry, Happening, News, Status, Stop, Transport, Update, Weight};

impl App {
    /// Takes over what is new; says whether anything that is shown is different.
    pub(super) fn learn(&mut self, update: Update, now: LocalTime) -> bool {
        let wall = self.state.clock.now(now);
        match update {
            Update::WallClock(wall) => {
                let counts = !self.has_room_clock;
                if counts {
                    self.state.clock.set(wall, now);
                }
                counts
            }
            Update::RoomClock { wall, at } => {
                self.state.clock.set(wall, at);
                self.has_room_clock = true;
                true
            }
            Update::Resumed => {
                self.damage(Damage::All);
                true
            }
            Update::Connecting { to } => {
                self.connecting(&text::safe(to.as_str()));
                true
            }
            Update::Earlier(lines) => {
                self.earlier = lines;
                false
            }
            Update::Draft(text) => self.give_back(&text),
            Update::Entered(entrance) => {
                self.enter(*entrance, now);
                true
            }
            Update::Stopped(stop) => {
                self.stop(stop, now);
                true
            }
            Update::Invite(invite) => self.in_room(|room| replace(&mut room.invite, invite)),
            Update::MemberJoined(member) => self.telling(now, |room, tell| member_joined(room, member, tell)),
            Update::MemberLeft { id, why } => {
                self.telling(now, |room, tell| member_left(room, id, why, tell))
            }
            Update::MemberChanged(member) => {
                self.telling(now, |room, tell| member_changed(room, member, tell))
            }
            Update::HostChanged { host, why } => self.telling(now, |room, mut tell| {
                room.host = Some(host);
                if why == HostChangeReason::Undone {
                    // Told with whose act it was.
                    return true;
                }
                let words = strings::host_changed(&room.name_of(host), host == room.you, why);
                if let Some(line) = tell.happened(&mut room.chat, words, Weight::Calm, Fold::Same) {
                    room.undoing.told(None, line);
                }
                true
            }),
            Update::Telemetry(samples) => {
                // The details show every digit of it.
                let is_all_shown = matches!(self.state.overlay, Some(Overlay::SyncDetails { .. }));
                self.in_room(|room| {
                    let mut has_changed = is_all_shown;
                    for sample in samples {
                        has_changed |= room.follow(sample.member, sample.telemetry);
                    }
                    has_changed
                })
            }
            Update::Transport(transport) => {
                let transport = transport.map(|transport| Transport {
                    title: Clean::line(&text::safe(transport.title.as_str())),
                    ..transport
                });
                self.in_room(|room| replace(&mut room.transport, transport))
            }
            Update::WaitingFor(who) => self.in_room(|room| replace(&mut room.waiting_for, who)),
            Update::Status(status) => self.in_room(|room| replace(&mut room.status, status)),
            Update::RoundTrip(round_trip) => self.in_room(|room| {
                let before = std::mem::replace(&mut room.round_trip, round_trip);
                before.map(strings::link) != round_trip.map(strings::link)
            }),
            Update::Unsaved(is_unsaved) => self.in_room(|room| replace(&mut room.is_unsaved, is_unsaved)),
            Update::ClockBound(bound) => self.in_room(|room| {
                let before = std::mem::replace(&mut room.clock_bound, bound);
                before.map(strings::clock_bound) != bound.map(strings::clock_bound)
            }),
            Update::Followed(followed) => self.in_room(|room| room.own.follow(followed, now)),
            Update::Player(facts) => self.in_room(|room| replace(&mut room.own.facts, facts)),
            Update::Chapters(chapters) => self.in_room(|room| replace(&mut room.own.chapters, chapters)),
            Update::Chat(line) => self.apply_chat(&line, now),
            Update::ChatPending { id, text, position } => self.in_room(|room| {
                let colour = room.colour_of(room.you).unwrap_or_default();
                let name = room.own_name();
                room.chat.pending(id, &text, position, &name, colour, wall);
                true
            }),
            Update::ChatRefused { id, why } => {
                let mut words = None;
                let has_changed = self.in_room(|room| {
                    words = room.chat.refused(id);
                    let why = why.words().to_owned();
                    room.chat.happened(why, Weight::Warning, Fold::Same, wall);
                    true
                });
                if let Some(words) = words
                    && self.state.editor.is_empty()
                {
                    self.state.editor.set(&words);
                }
                has_changed
            }
            Update::Edited(text) => {
                self.state.mode = crate::keymap::Mode::Chat;
                self.state.editor.set("");
                let has_room = self.state.editor.paste(text.trim_end());
                self.typed(has_room);
                true
            }
            Update::Completed(completed) => {
                self.path_completed(&completed);
                true
            }
            Update::Bans(bans) => self.in_room(|room| replace(&mut room.bans, bans)),
            Update::Undoable { undoable, id, until } => self.telling(now, |room, tell| {
                super::undoing::offered(room, &undoable, id, until, tell);
                true
            }),
            Update::Happened(happening) => self.telling(now, |room, mut tell| {
                let actor = undoing::actor(&happening);
                let Some((words, weight, fold)) = happening_words(room, happening) else {
                    return false;
                };
                let line = tell.happened(&mut room.chat, words, weight, fold);
                if let (Some(actor), Some(line)) = (actor, line) {
                    room.undoing.told(actor, line);
                }
                line.is_some()
            }),
        }
    }

    /// Adds a line to the chat unless more lines come than anybody reads; returns whether it did.
    fn apply_chat(&mut self, line: &ChatLine, now: LocalTime) -> bool {
        let Scene::Room(room) = &mut self.state.scene else {
            return false;
        };
        // The answer to an own line costs nothing: it changes a line that is there.
        let is_shown = room.chat.is_pending(line.id) || self.flow.admits_line(now);
        if is_shown {
            self.rings |= said(room, line, true);
        }
        is_shown
    }

    /// Adds a line that says how many lines were left out, when it is due.
    pub(super) fn report_left_out(&mut self, now: LocalTime) {
        let wall = self.state.clock.now(now);
        if let Some(count) = self.flow.due(now) {
            self.in_room(|room| {
                room.chat
                    .happened(strings::left_out(count), Weight::Warning, Fold::Same, wall);
                true
            });
        }
    }

    /// Changes the room, if there is one; `change` says whether anything that is shown is different.
    fn in_room(&mut self, change: impl FnOnce(&mut Room) -> bool) -> bool {
        self.room_mut().is_some_and(change)
    }

    /// Changes the room, if there is one, and tells so, unless more lines come than anybody reads; `change` says whether
    /// anything that is shown is different.
    fn telling(&mut self, now: LocalTime, change: impl FnOnce(&mut Room, Teller<'_>) -> bool) -> bool {
        let wall = self.state.clock.now(now);
        let Scene::Room(room) = &mut self.state.scene else {
            return false;
        };
        change(room, Teller::new(&mut self.flow, wall, now))
    }

    fn connecting(&mut self, to: &str) {
        match &mut self.state.scene {
            Scene::Room(room) => room.stop = None,
            Scene::Connecting { .. } | Scene::Stopped(_) => {
                self.state.scene = Scene::Connecting { to: to.to_owned() };
            }
        }
    }

    fn enter(&mut self, entrance: Entrance, now: LocalTime) {
        let before = match std::mem::replace(&mut self.state.scene, Scene::Connecting { to: String::new() }) {
            Scene::Room(room) if room.name == entrance.room => Some(room),
            Scene::Room(_) | Scene::Connecting { .. } | Scene::Stopped(_) => None,
        };
        let is_known = before.is_some();
        let mut room = match before {
            Some(room) => Room {
                you: entrance.you,
                host: entrance.host,
                members: entrance.members,
                is_owner: entrance.is_owner,
                bans: Vec::new(),
                stop: None,
                ..*room
            },
            None => Room {
                name: entrance.room,
                you: entrance.you,
                host: entrance.host,
                members: entrance.members,
                colours: std::collections::BTreeMap::new(),
                waiting_for: Vec::new(),
                copies_told: CopiesTold::default(),
                telemetry: std::collections::BTreeMap::new(),
                own: Own::default(),
                chat: ChatLog::default(),
                undoing: Undoing::default(),
                bans: Vec::new(),
                transport: None,
                status: Status::Comparing,
                round_trip: None,
                is_unsaved: false,
                is_owner: entrance.is_owner,
                clock_bound: None,
                invite: None,
                stop: None,
            },
        };
        let here: BTreeSet<MemberId> = room.members.iter().map(|member| member.id).collect();
        room.colours.retain(|id, _| here.contains(id));
        room.colour_all();
        let wall = self.state.clock.now(now);
        let earlier = std::mem::take(&mut self.earlier);
        if !is_known {
            recall(&mut room, &earlier, wall);
        }
        if entrance.chat_has_gap {
            room.chat
                .happened(strings::CHAT_GAP.to_owned(), Weight::Calm, Fold::Same, wall);
        }
        for line in &entrance.chat {
            self.rings |= said(&mut room, line, is_known);
        }
        let words = match entrance.how {
            Entry::Created => Some(strings::opened(room.name.as_str())),
            Entry::Joined => {
                let host = room.host.filter(|host| *host != room.you);
                Some(strings::entered(
                    room.name.as_str(),
                    host.map(|host| room.name_of(host)).as_deref(),
                ))
            }
            Entry::Resumed => None,
        };
        if let Some(words) = words {
            room.chat.happened(words, Weight::Calm, Fold::Same, wall);
        }
        self.state.scene = Scene::Room(Box::new(room));
    }

    /// Puts a line that was not sent back into the input line; says whether it did.
    fn give_back(&mut self, text: &str) -> bool {
        let has_place = self.state.editor.is_empty() && !text.is_empty();
        if has_place {
            self.state.editor.set(text);
            self.state.notice = Some(strings::DRAFT_IS_BACK.to_owned());
        }
        has_place
    }

    fn stop(&mut self, stop: Stop, now: LocalTime) {
        let wall = self.state.clock.now(now);
        match &mut self.state.scene {
            Scene::Room(room) => {
                let words = strings::with_hint(
                    &strings::with_reason(strings::stop_title(stop.kind), stop.words.as_str()),
                    stop.hint.as_ref().map(AsRef::as_ref),
                );
                room.chat.happened(words, Weight::Failure, Fold::Same, wall);
                room.stop = Some(stop);
            }
            Scene::Connecting { .. } | Scene::Stopped(_) => self.state.scene = Scene::Stopped(stop),
        }
    }
}

/// Puts a line into the chat; says whether the bell rings for it.
fn said(room: &mut Room, line: &ChatLine, is_news: bool) -> bool {
    let known = room.colour_of(line.from);
    let colour = known.unwrap_or_else(|| Avatar::of_name(&line.name).colour);
    let own_name = room.own_name();
    let you = room.you;
    let is_news = room.chat.said(line, colour, Some((you, &own_name)), is_news);
    is_news && room.chat.last_mentions_user()
}

/// Puts in front what was said on earlier evenings, with a line that says where it ends.
fn recall(room: &mut Room, earlier: &[ChatLine], wall: WallTime) {
    let own_name = room.own_name();
    for line in earlier {
        let colour = Avatar::of_name(&line.name).colour;
        room.chat.earlier(line, colour, (room.you, &own_name));
    }
    if !earlier.is_empty() {
        let words = strings::EARLIER_ENDS.to_owned();
        room.chat.happened(words, Weight::Calm, Fold::Same, wall);
    }
}

fn member_joined(room: &mut Room, member: Member, mut tell: Teller<'_>) -> bool {
    let (id, name) = (member.id, member.name.clone());
    if room.put(member).is_none() && id != room.you {
        tell.came_or_went(&mut room.chat, id, name.as_str(), Change::Joined);
    }
    true
}

fn member_left(room: &mut Room, id: MemberId, why: LeaveReason, mut tell: Teller<'_>) -> bool {
    let change = match why {
        LeaveReason::Left => Change::Left,
        LeaveReason::LinkLost => Change::Gone,
        LeaveReason::Disconnected => Change::Disconnected,
        LeaveReason::Kicked { .. } => Change::Kicked,
        LeaveReason::Banned { .. } => Change::Banned,
    };
    if id == room.you {
        // The picture of the evening stays as it was.
        tell.came_or_went(&mut room.chat, id, strings::YOU, change);
        return true;
    }
    let Some(member) = room.remove(id) else {
        return false;
    };
    tell.came_or_went(&mut room.chat, id, member.name.as_str(), change);
    true
}

fn member_changed(room: &mut Room, member: Member, mut tell: Teller<'_>) -> bool {
    let (id, name, link) = (member.id, member.name.clone(), member.link);
    let after = member.clone();
    let before = room.put(member);
    let change = match (before.as_ref().map(|before| before.link), link) {
        (Some(Link::Up | Link::Silent), Link::Lost) => Some(Change::Unreachable),
        (Some(Link::Lost), Link::Up | Link::Silent) => Some(Change::Back),
        (Some(Link::Up | Link::Silent), Link::Up | Link::Silent)
        | (Some(Link::Lost), Link::Lost)
        | (None, _) => None,
    };
    if id != room.you {
        if let Some(change) = change {
            tell.came_or_went(&mut room.chat, id, name.as_str(), change);
        }
        let title = room.transport.as_ref().map_or_else(
            || strings::THE_FILM.to_owned(),
            |on| text::safe(on.title.as_str()),
        );
        let news = before
            .as_ref()
            .map(|before| room.copies_told.news(&title, before, &after));
        for news in news.unwrap_or_default() {
            let words = strings::member_news(&text::safe(name.as_str()), &title, news);
            let weight = match news {
                News::IsBack => Weight::Calm,
                News::NotReady(_) | News::OtherCopy { .. } => Weight::Warning,
            };
            tell.happened(&mut room.chat, words, weight, Fold::Same);
        }
    }
    before.as_ref() != Some(&after)
}

/// Returns the words for what happened, if it is worth any.
fn happening_words(room: &Room, happening: Happening) -> Option<(String, Weight, Fold)> {
    let calm = |words| Some((words, Weight::Calm, Fold::Same));
    match happening {
        Happening::Played { who } => calm(strings::played(&room.who(who))),
        Happening::Paused { who, position } => calm(strings::paused_at(&room.who(who), position)),
        Happening::RateChanged { who, rate } => Some((
            strings::rate_changed(&room.who(who), rate),
            Weight::Calm,
            Fold::Rate(who),
        )),
        Happening::ItemChanged { who, title, duration } => {
            calm(strings::put_on(&room.who(who), title.as_str(), duration))
        }
        Happening::Ended => calm(strings::EVENT_ENDED.to_owned()),
        Happening::Waiting { who } => calm(strings::event_waiting(&room.who(who))),
        Happening::WentOn => calm(strings::EVENT_WENT_ON.to_owned()),
        Happening::Restored => calm(strings::EVENT_RESTORED.to_owned()),
        Happening::StallPolicyChanged { who, on_stall } => {
            calm(strings::stall_policy(&room.who(Some(who)), on_stall))
        }
        Happening::NoCopy { title } => Some((strings::no_copy(title.as_str()), Weight::Warning, Fold::Same)),
        Happening::FileCompared { title, file } => {
            let weight = match file {
                FileMatch::Unknown | FileMatch::Same | FileMatch::Growing | FileMatch::Live => Weight::Calm,
                FileMatch::Other { .. } => Weight::Warning,
            };
            strings::file_compared(title.as_str(), file).map(|words| (words, weight, Fold::Same))
        }
        Happening::WishUndone { host, is_back } => {
            let host = host.map(|host| room.name_of(host));
            let words = strings::wish_undone(host.as_deref(), is_back);
            Some((words, Weight::Warning, Fold::Same))
        }
        Happening::Refused {
            why: Refusal::NotHost,
        } => {
            let host = room
                .host
                .filter(|host| *host != room.you)
                .map(|host| room.name_of(host));
            Some((strings::host_only(host.as_deref()), Weight::Warning, Fold::Same))
        }
        Happening::Refused { why } => Some((why.words().to_owned(), Weight::Warning, Fold::Same)),
        Happening::Offline => Some((strings::OFFLINE.to_owned(), Weight::Warning, Fold::Same)),
        Happening::LinkLost { why } => Some((strings::link_lost(why.as_str()), Weight::Failure, Fold::Same)),
        Happening::LinkBack => calm(strings::LINK_BACK.to_owned()),
        Happening::Note { words, hint, weight } => {
            let words = strings::with_hint(words.as_str(), hint.as_ref().map(AsRef::as_ref));
            Some((words, weight, Fold::Same))
        }
    }
}

fn replace<T: PartialEq>(place: &mut T, value: T) -> bool {
    let has_changed = *place != value;
    *place = value;
    has_changed
}
