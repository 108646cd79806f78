//! Tests of properties that always hold, whatever members do and when.

use std::collections::BTreeSet;

use proptest::prelude::*;
use watchtogether_protocol::message::removal::{Remove, Unban};
use watchtogether_protocol::message::undo::Undo;

use super::*;

/// One event in a room. Members are chosen by number among those who ever had a seat.
#[derive(Clone, Copy, Debug)]
enum Step {
    Enter,
    Leave(usize),
    Lose(usize, u64),
    Resume(usize, u64),
    Disconnect(usize),
    Act(usize, Action),
    SetVideo(usize, Option<i64>, i64),
    Ready(usize, u64),
    Report(usize, PlayerState, FileMatch),
    GoOn(usize),
    Transfer(usize, usize),
    SetRoom(usize, StallPolicy),
    Undo(usize, u32),
    Remove(usize, usize, bool),
    Unban(usize, u32),
    Chat(usize, u128),
    Telemetry(usize, u32),
    Pass(u64),
    /// Time passes, and the next input is handled before the timer that is due.
    PassUnseen(u64),
    Keep,
}

/// Returns positions in milliseconds, inside and just outside a film.
fn position() -> impl Strategy<Value = i64> {
    prop_oneof![-5_000..70_000i64, Just(0), Just(60_000), Just(8_640_000_000)]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => Just(Action::Play),
        2 => position().prop_map(|ms| Action::Pause { position: MediaTime::from_millis(ms) }),
        3 => position().prop_map(|ms| Action::Seek { position: MediaTime::from_millis(ms) }),
        1 => (250_000..=4_000_000u32).prop_map(|millionths| Action::SetRate {
            rate: Rate::from_millionths(millionths).expect("a rate"),
        }),
    ]
}

fn player() -> impl Strategy<Value = PlayerState> {
    prop_oneof![
        1 => Just(PlayerState::None),
        1 => Just(PlayerState::Loading),
        4 => Just(PlayerState::Following),
        1 => Just(PlayerState::Detached),
        2 => (0..=100u8).prop_map(|percent| PlayerState::Buffering { percent }),
        1 => Just(PlayerState::TooSlow),
        1 => Just(PlayerState::NoCopy),
        1 => Just(PlayerState::CatchingUp { behind: None }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    // The first member is host for a while, and nothing moves without a host.
    let who = || prop_oneof![3 => Just(0usize), 2 => 0..12usize];
    let policy = prop_oneof![Just(StallPolicy::Wait), Just(StallPolicy::GoOn)];
    let file = prop_oneof![
        Just(FileMatch::Unknown),
        Just(FileMatch::Same),
        Just(FileMatch::Growing)
    ];
    prop_oneof![
        3 => Just(Step::Enter),
        1 => who().prop_map(Step::Leave),
        2 => (who(), 0..15_000u64).prop_map(|(who, silence)| Step::Lose(who, silence)),
        2 => (who(), any::<u64>()).prop_map(|(who, last)| Step::Resume(who, last)),
        1 => who().prop_map(Step::Disconnect),
        8 => (who(), action()).prop_map(|(who, action)| Step::Act(who, action)),
        2 => (who(), prop::option::of(1..90_000i64), position())
            .prop_map(|(who, length, at)| Step::SetVideo(who, length, at)),
        6 => (who(), 0..3u64).prop_map(|(who, back)| Step::Ready(who, back)),
        6 => (who(), player(), file).prop_map(|(who, player, file)| Step::Report(who, player, file)),
        1 => who().prop_map(Step::GoOn),
        1 => (who(), who()).prop_map(|(from, to)| Step::Transfer(from, to)),
        1 => (who(), policy).prop_map(|(who, policy)| Step::SetRoom(who, policy)),
        3 => (who(), 0..2u32).prop_map(|(who, back)| Step::Undo(who, back)),
        1 => (who(), who(), any::<bool>()).prop_map(|(from, whom, is_ban)| Step::Remove(from, whom, is_ban)),
        1 => (who(), 0..4u32).prop_map(|(who, number)| Step::Unban(who, number)),
        2 => (who(), 0..20u128).prop_map(|(who, id)| Step::Chat(who, id)),
        1 => (who(), any::<u32>()).prop_map(|(who, rtt)| Step::Telemetry(who, rtt)),
        6 => (0..20_000u64).prop_map(Step::Pass),
        2 => (0..200_000u64).prop_map(Step::PassUnseen),
        1 => Just(Step::Keep),
    ]
}

/// A room with everyone who ever had a seat, and their tokens.
struct RandomRun {
    harness: Harness,
    members: Vec<(MemberId, Token)>,
    tokens: u64,
}

impl RandomRun {
    /// Returns a run with two members who are already watching a film.
    fn begin() -> Self {
        let (harness, host, viewer) = Harness::playing();
        let members = vec![
            (host, Token::from_bytes([1; 32])),
            (viewer, Token::from_bytes([2; 32])),
        ];
        Self {
            harness,
            members,
            tokens: 0,
        }
    }

    fn draw(&mut self) -> Token {
        self.tokens += 1;
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.tokens.to_le_bytes());
        Token::from_bytes(bytes)
    }

    fn member(&self, number: usize) -> Option<(MemberId, Token)> {
        let members = self.members.len().max(1);
        self.members.get(number % members).copied()
    }

    fn happen(&mut self, step: Step) {
        let now = self.harness.now;
        match step {
            Step::Enter => self.enter(),
            Step::Pass(millis) => self.harness.pass(Duration::from_millis(millis)),
            Step::PassUnseen(millis) => self.harness.now = now + Duration::from_millis(millis),
            Step::Keep => {
                self.harness.room.record(now);
            }
            Step::Resume(who, last_chat) => self.resume(who, last_chat),
            Step::Lose(who, silence) => {
                let heard = now.saturating_sub(Duration::from_millis(silence));
                self.with(who, |harness, id| harness.room.handle_link_lost(id, heard, now));
            }
            Step::Disconnect(who) => self.with(who, |harness, id| harness.room.handle_disconnected(id, now)),
            Step::Leave(who) => self.with(who, |harness, id| harness.command(id, RoomCommand::Leave)),
            Step::Act(who, action) => self.with(who, |harness, id| harness.act(id, action)),
            Step::SetVideo(who, length, at) => self.with(who, |harness, id| {
                let item = film(length.map(MediaTime::from_millis));
                let position = MediaTime::from_millis(at);
                harness.command(id, RoomCommand::SetVideo(SetVideo { item, position }));
            }),
            Step::Ready(who, back) => self.with(who, |harness, id| {
                let revision = Revision(harness.timeline().revision.0.saturating_sub(back));
                harness.command(id, RoomCommand::Ready(Ready { revision }));
            }),
            Step::Report(who, player, file) => self.with(who, |harness, id| {
                harness.command(id, RoomCommand::Report(Report { player, file }));
            }),
            Step::GoOn(who) => self.with(who, |harness, id| harness.go_on(id, harness.timeline().revision)),
            Step::Transfer(from, to) => {
                let to = self.member(to).map_or(MemberId(0), |(id, _)| id);
                self.with(from, |harness, id| {
                    harness.command(id, RoomCommand::TransferHost(TransferHost { to }));
                });
            }
            Step::SetRoom(who, on_stall) => self.with(who, |harness, id| {
                harness.command(
                    id,
                    RoomCommand::SetRoom(SetRoom {
                        setting: Setting::OnStall(on_stall),
                    }),
                );
            }),
            Step::Undo(who, back) => self.with(who, |harness, id| {
                let number = harness.room.changes.wrapping_sub(back);
                let epoch = harness.timeline().epoch;
                harness.command(id, RoomCommand::Undo(Undo { epoch, number }));
            }),
            Step::Unban(who, number) => self.with(who, |harness, id| {
                harness.command(id, RoomCommand::Unban(Unban { number }));
            }),
            Step::Remove(from, whom, is_ban) => {
                let member = self.member(whom).map_or(MemberId(0), |(id, _)| id);
                self.with(from, |harness, id| {
                    harness.command(id, RoomCommand::Remove(Remove { member, is_ban }));
                });
            }
            Step::Chat(who, id) => self.with(who, |harness, from| harness.chat(from, id, "hello")),
            Step::Telemetry(who, rtt_p95_us) => self.with(who, |harness, id| {
                let telemetry = Telemetry {
                    rtt_p95_us,
                    ..Telemetry::default()
                };
                harness.room.handle_telemetry(id, telemetry, harness.now);
            }),
        }
        self.harness.drain();
    }

    fn with(&mut self, who: usize, act: impl FnOnce(&mut Harness, MemberId)) {
        if let Some((id, _)) = self.member(who) {
            act(&mut self.harness, id);
        }
    }

    fn enter(&mut self) {
        let token = self.draw();
        let newcomer = Newcomer {
            name: "guest".parse().expect("a name"),
            avatar: None,
            token,
            address: HOME,
            owner: None,
        };
        let room = &mut self.harness.room;
        let is_banned = room.is_name_banned(&newcomer.name);
        let seat = room.enter(newcomer, self.harness.now);
        assert_eq!(seat.err(), is_banned.then_some(Refusal::Banned), "room for a few");
        self.members.extend(seat.map(|id| (id, token)));
    }

    fn resume(&mut self, who: usize, last_chat: u64) {
        let Some((id, token)) = self.member(who) else {
            return;
        };
        let next = self.draw();
        let epoch = self.harness.timeline().epoch;
        let had_seat = self.harness.room.seat(id).is_some();
        let seat = self
            .harness
            .room
            .resume(&token, next, (epoch, last_chat), HOME, self.harness.now);
        let is_right = match seat {
            Ok(member) => had_seat && member == id,
            Err(reason) => !had_seat && matches!(reason, Refusal::SeatGone | Refusal::Banned),
        };
        assert!(is_right, "{seat:?}");
        if seat.is_ok() {
            self.members.retain(|(member, _)| *member != id);
            self.members.push((id, next));
        }
    }

    /// Checks the properties that always hold; `before` is the previous timeline.
    fn check(&self, before: &Timeline) {
        let (harness, room) = (&self.harness, &self.harness.room);
        let hosts: Vec<MemberId> = room
            .seats
            .iter()
            .filter(|seat| seat.member.role == Role::Host)
            .map(Seat::id)
            .collect();
        assert_eq!(
            hosts.len(),
            usize::from(!room.is_empty()),
            "one host where anybody is"
        );
        assert_eq!(room.host(), hosts.first().copied());
        assert_eq!(room.empty_since().is_some(), room.is_empty());

        let now = harness.timeline();
        assert!(
            now == *before || now.revision > before.revision,
            "a change has a revision of its own"
        );
        assert!(room.place <= now.revision);
        assert!(now.position >= MediaTime::ZERO);
        let end = room.item.as_ref().and_then(|(_, item)| item.duration());
        assert!(end.is_none_or(|end| now.position <= end), "{now:?}");
        let named: BTreeSet<String> = room
            .seats
            .iter()
            .map(|seat| seat.member.name.skeleton())
            .collect();
        assert_eq!(named.len(), room.len(), "nobody looks like another");
        assert!(now.at <= harness.now + LIMITS.playback.start_lead_max);
        assert_eq!(room.waiting.is_some(), now.playback == Playback::Preparing);
        assert!(!room.is_empty() || now.playback == Playback::Paused);
        let waits = now.playback == Playback::Preparing;
        assert!(
            !waits || !room.state().waiting_for.is_empty(),
            "a room waits for somebody"
        );
        let latest = harness.now + LIMITS.playback.stall_wait;
        assert!(room.waiting.is_none_or(|waiting| waiting.until <= latest));
    }

    /// Checks that everything due has been handled, so that the room lets its shell sleep.
    fn settle(&mut self) {
        self.harness.pass(Duration::ZERO);
        let due = self.harness.room.poll_timeout();
        assert!(due.is_none_or(|(at, _why)| at > self.harness.now), "{due:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_room_holds_together_whatever_its_members_do(steps in prop::collection::vec(step(), 1..120)) {
        let mut run = RandomRun::begin();
        for step in steps {
            let before = run.harness.timeline();
            let is_unseen = matches!(step, Step::PassUnseen(_));

            run.happen(step);

            run.check(&before);
            if !is_unseen {
                let before = run.harness.timeline();
                run.settle();
                run.check(&before);
            }
        }
    }
}
