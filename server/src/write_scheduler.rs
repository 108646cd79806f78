//! Schedules writes: when a room is passed to the store, and when its members can rely on it. Pure.
//!
//! At most one write is in progress at a time; later changes go with the next. An action is written immediately, the position of
//! a playing film every few seconds. After a failed write, the contents of the disk are unknown, so the whole room is written,
//! repeatedly until it succeeds.

use watchtogether_protocol::{Playback, ServerTime};

use crate::limits::StoreLimits;
use crate::room::Room;
use crate::room::snapshot::{Durability, RoomWrite};

/// Schedules the writes of one room.
#[derive(Debug)]
pub(crate) struct WriteScheduler {
    limits: StoreLimits,
    phase: Phase,
    /// Whether the store has no usable version of the room, so that the next write must contain all of it.
    is_whole_due: bool,
    /// When the last write began.
    written: Option<ServerTime>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Everything that was written is stored.
    Idle,
    /// A write is in progress, with the chat up to this line.
    Writing { chat: u64 },
    /// The last write failed; the next attempt is due at this instant.
    Failing { until: ServerTime },
}

impl WriteScheduler {
    /// Returns a scheduler for a room. `is_known` says that the store already has the room exactly as it was restored; otherwise
    /// it has nothing of it.
    pub(crate) const fn new(is_known: bool, limits: StoreLimits) -> Self {
        Self {
            limits,
            phase: Phase::Idle,
            is_whole_due: !is_known,
            written: None,
        }
    }

    /// Returns the write that is due now.
    pub(crate) fn poll_write(&mut self, room: &mut Room, now: ServerTime) -> Option<(RoomWrite, Durability)> {
        match self.phase {
            Phase::Writing { .. } => return None,
            Phase::Failing { until } if now < until => return None,
            Phase::Idle | Phase::Failing { .. } => {}
        }
        // An action must survive a power cut before its author is told that it is saved. A position only has to survive the end
        // of the program, so it need not be flushed.
        let durability = if self.is_whole_due || room.is_changed() {
            Durability::Flushed
        } else if self.progress_due(room).is_some_and(|due| due <= now) {
            Durability::Buffered
        } else {
            return None;
        };
        // Recorded now, because more lines may be added before the answer comes, and only lines in this write may be
        // acknowledged.
        self.phase = Phase::Writing {
            chat: room.last_line(),
        };
        self.written = Some(now);
        Some((self.write(room, now), durability))
    }

    /// Returns the last write of a room that ends with its server.
    pub(crate) fn last_write(&mut self, room: &mut Room, now: ServerTime) -> RoomWrite {
        // If a write is in progress, its result will no longer be known, so the last write contains everything.
        self.is_whole_due |= self.phase != Phase::Idle;
        self.write(room, now)
    }

    /// Handles the result of the current write.
    pub(crate) fn handle_outcome(&mut self, is_saved: bool, room: &mut Room, now: ServerTime) {
        let Phase::Writing { chat } = self.phase else {
            return;
        };
        if is_saved {
            self.phase = Phase::Idle;
            room.handle_saved(chat);
        } else {
            self.phase = Phase::Failing {
                until: now + self.limits.save_again,
            };
            self.is_whole_due = true;
            room.handle_not_saved();
        }
    }

    /// Returns when [`Self::poll_write`] is due if nobody does anything.
    pub(crate) fn poll_timeout(&self, room: &Room) -> Option<ServerTime> {
        match self.phase {
            Phase::Idle => self.progress_due(room),
            Phase::Writing { .. } => None,
            Phase::Failing { until } => Some(until),
        }
    }

    /// Returns whether the room can be removed from memory without loss.
    pub(crate) fn is_done(&self, room: &Room) -> bool {
        self.phase == Phase::Idle && !self.is_whole_due && !room.is_changed()
    }

    /// Returns whether the last finished write failed.
    pub(crate) const fn is_failing(&self) -> bool {
        // A whole room that is being written may be another attempt after a failure; its result is not known yet.
        matches!(self.phase, Phase::Failing { .. })
    }

    fn write(&mut self, room: &mut Room, now: ServerTime) -> RoomWrite {
        if std::mem::take(&mut self.is_whole_due) {
            RoomWrite::Whole(room.record(now))
        } else {
            RoomWrite::Change(room.changes(now))
        }
    }

    fn progress_due(&self, room: &Room) -> Option<ServerTime> {
        // A paused room does not change by itself, so it needs no timer.
        let is_playing = room.timeline().playback == Playback::Playing;
        self.written
            .filter(|_| is_playing)
            .map(|written| written + self.limits.progress)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use uuid::Uuid;
    use watchtogether_protocol::message::chat::SendChat;
    use watchtogether_protocol::message::playback::{Action, SetVideo, VideoSync};
    use watchtogether_protocol::message::settings::RoomSettings;
    use watchtogether_protocol::time::WallTime;
    use watchtogether_protocol::{
        ChatId, Clean, Epoch, Item, ItemSource, Length, MediaTime, MemberId, Rate, Revision, RoomId,
        ServerMessage, Token,
    };

    use super::*;
    use crate::limits::{LimitValues, Limits};
    use crate::room::RoomConfig;
    use crate::room::command::{Newcomer, RoomCommand};
    use crate::room::hashes::Salt;
    use crate::room::output::RoomOutput;
    use crate::room::snapshot::NextLife;

    const ANA: MemberId = MemberId(1);

    const LIMITS: StoreLimits = LimitValues::DEFAULT.store;

    /// A room with one member, ana, and its scheduler.
    struct Bench {
        room: Room,
        scheduler: WriteScheduler,
        now: ServerTime,
    }

    impl Bench {
        fn open() -> Self {
            let now = ServerTime::from_millis(3_600_000);
            let config = RoomConfig {
                id: RoomId(Uuid::nil()),
                name: "film-night".parse().expect("a room's name"),
                epoch: Epoch::default(),
                invite: None,
                settings: RoomSettings::default(),
                wall_origin: WallTime(0),
                is_kept: true,
                salt: Salt([0; 16]),
                limits: Limits::default(),
            };
            let mut room = Room::new(config, Rate::NORMAL, now);
            let newcomer = Newcomer {
                name: "ana".parse().expect("a name"),
                avatar: None,
                token: Token::from_bytes([1; 32]),
                address: Ipv4Addr::LOCALHOST.into(),
                owner: None,
            };
            room.enter(newcomer, now).expect("a seat");
            Self {
                room,
                scheduler: WriteScheduler::new(false, LIMITS),
                now,
            }
        }

        /// Returns a bench whose room is stored completely.
        fn kept() -> Self {
            let mut bench = Self::open();
            bench.write().expect("the room is new");
            bench.outcome(true);
            bench
        }

        fn write(&mut self) -> Option<(RoomWrite, Durability)> {
            self.scheduler.poll_write(&mut self.room, self.now)
        }

        fn outcome(&mut self, is_saved: bool) {
            self.scheduler.handle_outcome(is_saved, &mut self.room, self.now);
        }

        fn pass(&mut self, duration: Duration) {
            self.now = self.now + duration;
        }

        fn command(&mut self, command: RoomCommand) {
            self.room.handle_command(ANA, command, self.now);
        }

        fn chat(&mut self, id: u128) {
            self.command(RoomCommand::Chat(SendChat {
                id: ChatId(Uuid::from_u128(id)),
                text: Clean::text("hello"),
                position: None,
            }));
        }

        fn play(&mut self) {
            let link = "https://h.example/f.mkv".parse().expect("a link");
            self.command(RoomCommand::SetVideo(SetVideo {
                item: Item {
                    title: Clean::line("film"),
                    length: Length::Unknown,
                    source: ItemSource::Link(link),
                },
                position: MediaTime::ZERO,
            }));
            self.command(RoomCommand::VideoSync(VideoSync {
                based_on: Revision(0),
                action: Action::Play,
            }));
        }

        /// Returns the acknowledgements sent to members: up to which line the chat is saved, and whether saving fails.
        fn take_notices(&mut self) -> Vec<(u64, bool)> {
            let outputs = std::iter::from_fn(|| self.room.poll_output());
            let notices = outputs.filter_map(|output| {
                let (RoomOutput::Send { message, .. } | RoomOutput::Broadcast { message, .. }) = output
                else {
                    return None;
                };
                if let ServerMessage::Saved(saved) = *message {
                    Some((saved.chat, saved.is_failing))
                } else {
                    None
                }
            });
            notices.collect()
        }
    }

    fn lines(write: Option<(RoomWrite, Durability)>) -> Vec<u64> {
        let lines = match write.expect("something is handed over").0 {
            RoomWrite::Whole(record) => record.chat,
            RoomWrite::Change(change) => change.chat,
        };
        lines.iter().map(|line| line.sequence).collect()
    }

    #[test]
    fn a_new_room_is_handed_over_whole_and_then_what_is_different() {
        let mut bench = Bench::open();

        let first = bench.write();
        bench.outcome(true);
        assert_eq!(bench.write(), None);
        bench.chat(1);
        let second = bench.write();

        assert!(matches!(first, Some((RoomWrite::Whole(_), Durability::Flushed))));
        assert!(matches!(
            second,
            Some((RoomWrite::Change(_), Durability::Flushed))
        ));
        assert_eq!(lines(second), [1]);
    }

    #[test]
    fn a_room_that_was_restored_hands_over_no_more_than_that_it_lives_again() {
        let mut bench = Bench::kept();
        bench.chat(1);
        let record = bench.room.record(bench.now);
        let life = NextLife {
            incarnation: 2,
            wall_origin: WallTime(0),
            is_kept: true,
            limits: Limits::default(),
        };
        bench.room = Room::restore(record, life, bench.now);
        bench.scheduler = WriteScheduler::new(true, LIMITS);

        let Some((RoomWrite::Change(change), Durability::Flushed)) = bench.write() else {
            panic!("its new life");
        };

        assert_eq!(change.room.epoch.counter, 1);
        assert_eq!((change.seats.len(), change.chat.len()), (0, 0));
    }

    #[test]
    fn changes_during_a_write_go_with_the_next_one() {
        let mut bench = Bench::kept();
        bench.chat(1);
        assert_eq!(lines(bench.write()), [1]);

        bench.chat(2);
        bench.chat(3);
        assert_eq!(bench.write(), None);
        bench.outcome(true);

        assert_eq!(
            bench.take_notices(),
            [(1, false)],
            "not what came after it was handed over"
        );
        assert_eq!(lines(bench.write()), [2, 3]);
    }

    #[test]
    fn a_room_that_could_not_be_kept_is_handed_over_whole_until_it_is_taken() {
        let mut bench = Bench::kept();
        bench.chat(1);
        bench.write();
        bench.outcome(false);
        bench.chat(2);
        assert_eq!(bench.write(), None, "not at once");

        bench.pass(LIMITS.save_again);
        assert!(bench.scheduler.is_failing());
        assert_eq!(lines(bench.write()), [1, 2]);
        bench.outcome(false);
        bench.pass(LIMITS.save_again);
        let again = bench.write();
        bench.outcome(true);

        assert!(matches!(again, Some((RoomWrite::Whole(_), _))));
        assert_eq!(bench.take_notices(), [(0, true), (2, false)]);
        assert_eq!(bench.write(), None);
    }

    #[test]
    fn the_position_is_saved_now_and_then_at_little_cost() {
        let mut bench = Bench::kept();
        bench.play();
        bench.write();
        bench.outcome(true);

        let due = bench.scheduler.poll_timeout(&bench.room);
        assert_eq!(due, Some(bench.now + LIMITS.progress));
        assert_eq!(bench.write(), None);
        bench.pass(LIMITS.progress);

        let Some((RoomWrite::Change(change), Durability::Buffered)) = bench.write() else {
            panic!("how far it has come");
        };
        assert!(change.room.place.position > MediaTime::from_millis(4_000));
    }

    #[test]
    fn a_paused_film_is_not_written_again() {
        let bench = Bench::kept();

        assert_eq!(bench.scheduler.poll_timeout(&bench.room), None);
    }

    #[test]
    fn a_room_may_be_forgotten_here_when_all_of_it_is_kept() {
        let mut bench = Bench::kept();
        assert!(bench.scheduler.is_done(&bench.room));

        bench.chat(1);
        assert!(!bench.scheduler.is_done(&bench.room));
        bench.write();
        assert!(!bench.scheduler.is_done(&bench.room));
        bench.outcome(false);
        assert!(!bench.scheduler.is_done(&bench.room));
    }

    #[test]
    fn a_room_that_ends_hands_over_what_is_left_and_all_where_that_is_not_known() {
        let mut bench = Bench::kept();
        bench.chat(1);
        let (mut other, left) = (
            Bench::kept(),
            bench.scheduler.last_write(&mut bench.room, bench.now),
        );
        other.chat(1);
        other.write();

        let all = other.scheduler.last_write(&mut other.room, other.now);

        assert!(matches!(left, RoomWrite::Change(change) if change.chat.len() == 1));
        assert!(matches!(all, RoomWrite::Whole(record) if record.chat.len() == 1));
    }
}
