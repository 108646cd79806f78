//! What the screen learns.

use watchtogether_protocol::LocalTime;
use watchtogether_protocol::message::roster::{Avatar, LeaveReason, Link, Member};

use super::{App, Scene};
use crate::model::Room;
use crate::model::chat_log::{Change, ChatLog, Fold};
use crate::strings;
use crate::text;
use crate::update::{Entrance, Entry, Happening, Status, Stop, Transport, Update, Weight};

impl App {
    /// Takes over what is new.
    pub fn apply(&mut self, update: Update, now: LocalTime) {
        let wall = self.clock.now(now);
        let has_changed = match update {
            Update::WallClock(wall) => {
                self.clock.set(wall, now);
                true
            }
            Update::Resumed => {
                self.redraw();
                true
            }
            Update::Connecting { to } => {
                self.connecting(&text::safe(to.as_str()));
                true
            }
            Update::Entered(entrance) => {
                self.enter(*entrance, now);
                true
            }
            Update::Stopped(stop) => {
                self.stop(stop, now);
                true
            }
            Update::ChatRefused { id, why } => {
                if let Scene::Room(room) = &mut self.scene {
                    let words = room.chat.refused(id);
                    room.chat
                        .happened(why.words().to_owned(), Weight::Warning, Fold::Same, wall);
                    if let Some(words) = words
                        && self.editor.is_empty()
                    {
                        self.editor.set(&words);
                    }
                }
                true
            }
            Update::Chat(line) => {
                if let Scene::Room(room) = &mut self.scene {
                    self.rings |= said(room, &line, true);
                }
                true
            }
            other => match &mut self.scene {
                Scene::Room(room) => apply_to_room(room, other, wall, now),
                Scene::Connecting { .. } | Scene::Stopped(_) => false,
            },
        };
        self.needs_frame |= has_changed;
    }

    fn connecting(&mut self, to: &str) {
        match &mut self.scene {
            Scene::Room(room) => room.stop = None,
            Scene::Connecting { .. } | Scene::Stopped(_) => {
                self.scene = Scene::Connecting { to: to.to_owned() };
            }
        }
    }

    fn enter(&mut self, entrance: Entrance, now: LocalTime) {
        let before = match std::mem::replace(&mut self.scene, Scene::Connecting { to: String::new() }) {
            Scene::Room(room) if room.name == entrance.room => Some(room),
            Scene::Room(_) | Scene::Connecting { .. } | Scene::Stopped(_) => None,
        };
        let is_known = before.is_some();
        let mut room = match before {
            Some(room) => Room {
                you: entrance.you,
                host: entrance.host,
                members: entrance.members,
                stop: None,
                ..*room
            },
            None => Room {
                name: entrance.room,
                you: entrance.you,
                host: entrance.host,
                members: entrance.members,
                telemetry: std::collections::BTreeMap::new(),
                own_drift: std::collections::VecDeque::new(),
                chat: ChatLog::default(),
                transport: None,
                status: Status::Comparing,
                round_trip: None,
                clock_bound: None,
                invite: None,
                stop: None,
            },
        };
        let wall = self.clock.now(now);
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
        self.scene = Scene::Room(Box::new(room));
    }

    fn stop(&mut self, stop: Stop, now: LocalTime) {
        let wall = self.clock.now(now);
        match &mut self.scene {
            Scene::Room(room) => {
                let words = strings::with_hint(
                    &strings::with_reason(strings::stop_title(stop.kind), stop.words.as_str()),
                    stop.hint.as_ref().map(AsRef::as_ref),
                );
                room.chat.happened(words, Weight::Failure, Fold::Same, wall);
                room.stop = Some(stop);
            }
            Scene::Connecting { .. } | Scene::Stopped(_) => self.scene = Scene::Stopped(stop),
        }
    }
}

/// Puts a line into the chat; says whether the bell rings for it.
fn said(room: &mut Room, line: &watchtogether_protocol::message::chat::ChatLine, is_news: bool) -> bool {
    let colour = room.member(line.from).map_or_else(
        || Avatar::of_name(&line.name).colour,
        |member| member.avatar.colour,
    );
    let own_name = room.own_name();
    let you = room.you;
    let is_news = room.chat.said(line, colour, Some((you, &own_name)), is_news);
    is_news && room.chat.last_mentions_user()
}

fn apply_to_room(
    room: &mut Room,
    update: Update,
    wall: watchtogether_protocol::time::WallTime,
    now: LocalTime,
) -> bool {
    match update {
        Update::Invite(invite) => replace(&mut room.invite, invite),
        Update::MemberJoined(member) => {
            let (id, name) = (member.id, member.name.clone());
            if room.put(member).is_none() && id != room.you {
                room.chat.came_or_went(id, name.as_str(), Change::Joined, wall);
            }
            true
        }
        Update::MemberLeft { id, why } => {
            let change = match why {
                LeaveReason::Left => Change::Left,
                LeaveReason::LinkLost => Change::Gone,
                LeaveReason::Disconnected => Change::Disconnected,
            };
            if let Some(member) = room.remove(id) {
                room.chat.came_or_went(id, member.name.as_str(), change, wall);
            }
            true
        }
        Update::MemberChanged(member) => member_changed(room, member, wall),
        Update::HostChanged { host, why } => {
            room.host = Some(host);
            let words = strings::host_changed(&room.name_of(host), host == room.you, why);
            room.chat.happened(words, Weight::Calm, Fold::Same, wall);
            true
        }
        Update::Telemetry(samples) => {
            let mut has_changed = false;
            for sample in samples {
                has_changed |= room.follow(sample.member, sample.telemetry, now);
            }
            has_changed
        }
        Update::Transport(transport) => {
            let safe = transport.map(|transport| Transport {
                title: watchtogether_protocol::Clean::line(&text::safe(transport.title.as_str())),
                ..transport
            });
            replace(&mut room.transport, safe)
        }
        Update::Status(status) => replace(&mut room.status, status),
        Update::RoundTrip(round_trip) => {
            let was = room.round_trip.map(strings::link);
            room.round_trip = round_trip;
            was != round_trip.map(strings::link)
        }
        Update::ClockBound(bound) => {
            let was = room.clock_bound.map(strings::clock_bound);
            room.clock_bound = bound;
            was != bound.map(strings::clock_bound)
        }
        Update::ChatPending {
            id,
            text,
            position: _,
        } => {
            let colour = room.member(room.you).map_or(0, |member| member.avatar.colour);
            let name = room.own_name();
            room.chat.pending(id, &text, &name, colour, wall);
            true
        }
        Update::Happened(happening) => {
            if let Some((words, weight, fold)) = happening_words(room, happening) {
                room.chat.happened(words, weight, fold, wall);
            }
            true
        }
        Update::WallClock(_)
        | Update::Resumed
        | Update::Connecting { .. }
        | Update::Entered(_)
        | Update::Stopped(_)
        | Update::Chat(_)
        | Update::ChatRefused { .. } => unreachable!("taken by the screen before it comes to the room"),
    }
}

fn member_changed(room: &mut Room, member: Member, wall: watchtogether_protocol::time::WallTime) -> bool {
    let (id, name, link) = (member.id, member.name.clone(), member.link);
    let after = member.clone();
    let before = room.put(member);
    let change = match (before.as_ref().map(|before| before.link), link) {
        (Some(Link::Up), Link::Lost) => Some(Change::Unreachable),
        (Some(Link::Lost), Link::Up) => Some(Change::Back),
        (Some(Link::Up), Link::Up) | (Some(Link::Lost), Link::Lost) | (None, _) => None,
    };
    if let Some(change) = change
        && id != room.you
    {
        room.chat.came_or_went(id, name.as_str(), change, wall);
    }
    before.as_ref() != Some(&after)
}

/// Returns the words for what happened, if it is worth any.
fn happening_words(room: &Room, happening: Happening) -> Option<(String, Weight, Fold)> {
    let calm = |words| Some((words, Weight::Calm, Fold::Same));
    match happening {
        Happening::Played { who } => calm(strings::played(&room.who(who))),
        Happening::Paused { who, position } => calm(strings::paused_at(&room.who(who), position)),
        Happening::Sought { who, from, to } => {
            let from = room.chat.seek_began_at(who).unwrap_or(from);
            Some((
                strings::went(&room.who(who), from, to),
                Weight::Calm,
                Fold::Seek(who, from),
            ))
        }
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
        Happening::FileCompared { title, file } => {
            let weight = match file {
                watchtogether_protocol::item::FileMatch::Unknown
                | watchtogether_protocol::item::FileMatch::Same => Weight::Calm,
                watchtogether_protocol::item::FileMatch::Other { .. }
                | watchtogether_protocol::item::FileMatch::Missing => Weight::Warning,
            };
            strings::file_compared(title.as_str(), file).map(|words| (words, weight, Fold::Same))
        }
        Happening::WishUndone { host } => {
            let host = host.map(|host| room.name_of(host));
            Some((strings::wish_undone(host.as_deref()), Weight::Warning, Fold::Same))
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
