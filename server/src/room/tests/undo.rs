//! Tests that hosts and co-hosts can undo a member's change to the room for a while.

use watchtogether_protocol::message::roster::{HostChangeReason, HostChanged};
use watchtogether_protocol::message::undo::{Change, Undo, Undoable, Undone};

use super::*;

impl Harness {
    /// Requests to undo the last change.
    fn undo(&mut self, from: MemberId) {
        let last = self.room.undoable(self.now);
        let number = last.map_or(0, |last| last.number);
        self.undo_number(from, number);
    }

    fn undo_number(&mut self, from: MemberId, number: u32) {
        let epoch = self.room.timeline().epoch;
        self.command(from, RoomCommand::Undo(Undo { epoch, number }));
    }

    fn all_ready(&mut self, members: [MemberId; 2]) {
        for member in members {
            self.ready(member);
        }
    }

    /// Returns the last change that a member was sent.
    fn change(&self, id: MemberId) -> Option<Undoable> {
        let mut messages = self.sent(id).into_iter().rev();
        messages.find_map(|message| {
            if let ServerMessage::Undoable(undoable) = message {
                Some(undoable)
            } else {
                None
            }
        })
    }

    /// Returns why undoing was refused.
    fn undo_refusal(&self, id: MemberId) -> Option<Refusal> {
        self.refusal(id)
            .filter(|r| r.request == Request::Undo)
            .map(|r| r.reason)
    }
}

const fn place(from: i64, to: i64) -> Change {
    Change::Place {
        from: secs(from),
        to: secs(to),
    }
}

#[test]
fn everybody_is_sent_the_undoable_change_with_its_author() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.act(host, Action::Seek { position: secs(30) });

    let announced = harness.change(viewer).expect("a change is told");
    assert_eq!(
        (announced.by, announced.change.clone(), announced.undoes),
        (host, place(0, 30), None)
    );
    assert_eq!(announced.left(), LIMITS.undo.kept);
}

#[test]
fn a_newcomer_finds_what_can_be_undone_for_as_long_as_it_can() {
    let (mut harness, host, _viewer) = Harness::watching();
    harness.act(host, Action::Seek { position: secs(30) });
    harness.pass(Duration::from_secs(20));

    let chi = harness.enter("chi");

    let found = harness.entered(chi).undoable.expect("it is fresh");
    assert_eq!((found.by, found.left()), (host, Duration::from_secs(40)));
    harness.pass(Duration::from_secs(40));
    let dan = harness.enter("dan");
    assert_eq!(harness.entered(dan).undoable, None);
}

#[test]
fn a_later_newcomer_is_sent_the_same_places_of_a_seek() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.act(host, Action::Seek { position: secs(30) });
    harness.all_ready([host, viewer]);
    let announced = harness.change(viewer).expect("a change is told");
    harness.pass(Duration::from_secs(5));

    let chi = harness.enter("chi");

    let found = harness.entered(chi).undoable.expect("it is fresh");
    assert_eq!((found.number, found.change), (announced.number, announced.change));
}

#[test]
fn an_undone_seek_goes_to_where_the_room_would_be_and_plays_on() {
    let (mut harness, host, viewer) = Harness::playing();
    let would_be = |harness: &Harness, since: MediaTime, at: ServerTime| {
        since + MediaTime::from_nanos(harness.now.nanos_since(at))
    };
    let (since, at) = (harness.position(), harness.now);
    harness.act(host, Action::Seek { position: secs(40) });
    harness.all_ready([host, viewer]);
    harness.pass(Duration::from_secs(8));

    harness.undo(host);

    assert_eq!(harness.position(), would_be(&harness, since, at));
    assert_eq!(harness.timeline().playback, Playback::Preparing);
    assert_eq!(harness.cause(), (Some(host), Reason::Undone));
    let announced = harness.change(viewer).expect("an undo is a change");
    let undone = Undone {
        author: host,
        was_undo: false,
    };
    assert_eq!((announced.by, announced.undoes), (host, Some(undone)));
    harness.all_ready([host, viewer]);
    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn an_undone_seek_never_goes_beyond_the_end() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.act(host, Action::Seek { position: secs(50) });
    harness.all_ready([host, viewer]);
    harness.act(host, Action::Play);
    harness.pass(Duration::from_secs(2));
    harness.act(host, Action::Seek { position: secs(5) });
    harness.all_ready([host, viewer]);
    harness.pass(Duration::from_secs(30));

    harness.undo(host);

    assert_eq!(harness.position(), FILM);
}

#[test]
fn an_undone_seek_of_a_paused_room_is_paused_where_it_was() {
    let (mut harness, host, _viewer) = Harness::after_seek();
    harness.pass(Duration::from_secs(7));

    harness.undo(host);

    assert_eq!(harness.position(), MediaTime::ZERO);
    assert_eq!(harness.timeline().playback, Playback::Paused);
}

#[test]
fn an_undone_seek_to_the_end_plays_on_though_the_film_was_over() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.act(host, Action::Seek { position: FILM });
    harness.all_ready([host, viewer]);
    harness.pass(Duration::from_secs(3));
    assert_eq!(harness.cause(), (None, Reason::Ended));

    harness.undo(host);

    assert!(harness.timeline().is_meant_to_play());
    assert!(harness.position() < secs(10), "{}", harness.position());
}

#[test]
fn an_undone_pause_plays_on_from_its_position() {
    let (mut harness, host, viewer) = Harness::playing();
    let position = harness.position();
    harness.act(host, Action::Pause { position });
    harness.all_ready([host, viewer]);
    harness.pass(Duration::from_secs(20));

    harness.undo(host);

    assert_eq!(harness.position(), position);
    assert_eq!(harness.timeline().playback, Playback::Playing);
    assert_eq!(
        harness.change(viewer).map(|told| told.change),
        Some(Change::Play { position })
    );
}

#[test]
fn an_undone_start_is_paused_again_where_it_was() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.act(host, Action::Play);
    harness.pass(Duration::from_secs(20));

    harness.undo(host);

    assert_eq!(harness.timeline().playback, Playback::Paused);
    assert_eq!(harness.position(), MediaTime::ZERO);
    let announced = harness.change(viewer).map(|announced| announced.change);
    assert_eq!(
        announced,
        Some(Change::Pause {
            position: MediaTime::ZERO
        })
    );
}

#[test]
fn an_undone_speed_is_the_one_before() {
    let (mut harness, host, _viewer) = Harness::playing();
    let fast = Rate::from_f64(1.5).expect("a rate");
    harness.act(host, Action::SetRate { rate: fast });

    harness.undo(host);

    assert_eq!(harness.timeline().rate, Rate::NORMAL);
}

#[test]
fn undoing_twice_does_it_again() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.command(host, RoomCommand::TransferHost(TransferHost { to: viewer }));
    harness.act(viewer, Action::Seek { position: secs(30) });

    harness.undo(viewer);
    assert_eq!(harness.position(), MediaTime::ZERO);
    harness.undo(viewer);

    assert_eq!(harness.position(), secs(30));
    let undone = Undone {
        author: viewer,
        was_undo: true,
    };
    assert_eq!(
        harness
            .change(host)
            .map(|announced| (announced.change, announced.undoes)),
        Some((place(0, 30), Some(undone)))
    );

    harness.undo(viewer);

    assert_eq!(harness.position(), MediaTime::ZERO);
    let like_the_original = Undone {
        author: viewer,
        was_undo: false,
    };
    let undoes = harness.change(host).and_then(|announced| announced.undoes);
    assert_eq!(undoes, Some(like_the_original));
}

#[test]
fn a_pause_that_was_undone_and_redone_is_at_its_frame() {
    let (mut harness, host, viewer) = Harness::playing();
    let position = harness.position();
    harness.act(host, Action::Pause { position });
    harness.all_ready([host, viewer]);
    harness.undo(host);
    harness.pass(Duration::from_secs(5));

    harness.undo(host);

    assert_eq!(harness.timeline().playback, Playback::Paused);
    assert_eq!(harness.position(), position);
}

#[test]
fn an_item_that_replaced_another_is_taken_back_to_where_the_other_was() {
    let (mut harness, host, viewer) = Harness::playing();
    let position = harness.position();
    harness.set_video(host, MediaTime::ZERO);
    harness.pass(Duration::from_secs(3));
    harness.forget();

    harness.undo(host);

    assert_eq!(
        harness.timeline().item,
        ItemId(3),
        "a number is never given twice"
    );
    assert_eq!(harness.position(), position);
    let is_announced = |message: &ServerMessage| matches!(message, ServerMessage::VideoChanged(_));
    assert!(harness.sent(viewer).iter().any(is_announced));
    assert_eq!(
        harness.change(viewer).map(|announced| announced.change),
        Some(Change::Item)
    );
}

#[test]
fn the_first_item_cannot_be_taken_back() {
    let mut harness = Harness::open();
    let host = harness.enter("ana");
    harness.set_video(host, MediaTime::ZERO);

    harness.undo(host);

    assert_eq!(harness.undo_refusal(host), Some(Refusal::NothingToUndo));
}

#[test]
fn a_room_that_was_handed_over_is_given_back_by_who_has_it() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.command(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    harness.undo(host);
    assert_eq!(harness.undo_refusal(host), Some(Refusal::NotHost));
    harness.undo(viewer);

    assert!(harness.is_host(host));
    let reason = HostChangeReason::Undone;
    let changed = ServerMessage::HostChanged(HostChanged { host, reason });
    assert!(harness.sent(viewer).contains(&changed));
}

#[test]
fn a_room_is_not_handed_back_to_a_member_who_left() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.command(host, RoomCommand::TransferHost(TransferHost { to: viewer }));
    harness.command(host, RoomCommand::Leave);

    harness.undo(viewer);

    assert_eq!(harness.undo_refusal(viewer), Some(Refusal::NoSuchMember));
    assert!(harness.is_host(viewer));
}

#[test]
fn a_change_of_the_stall_policy_is_undone_too() {
    let (mut harness, host, viewer) = Harness::watching();
    let on_stall = StallPolicy::GoOn;
    harness.command(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(on_stall),
        }),
    );

    harness.undo(host);

    assert_eq!(harness.room.room_snapshot().settings.on_stall, StallPolicy::Wait);
    let on_stall = StallPolicy::Wait;
    let changed = ServerMessage::RoomChanged(RoomChanged {
        setting: Setting::OnStall(on_stall),
        by: host,
        is_undo: true,
    });
    assert!(harness.sent(viewer).contains(&changed));
}

#[test]
fn a_room_gets_its_former_title_back_and_keeps_its_name() {
    let (mut harness, host, viewer) = Harness::watching();
    let name = harness.room.room_snapshot().name;
    let rename = |title: &str| {
        let title = Some(title.parse().expect("a title"));
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::Title(title),
        })
    };
    harness.command(viewer, rename("Mine"));
    harness.command(host, rename("Movie night"));
    harness.command(host, rename("Film club"));

    for former in ["Movie night", "Film club"] {
        harness.undo(host);

        let title = harness.room.room_snapshot().settings.title;
        assert_eq!(title.as_ref().map(RoomTitle::as_str), Some(former));
    }
    assert_eq!(harness.room.room_snapshot().name, name);
}

#[test]
fn a_viewer_undoes_nothing() {
    let (mut harness, host, viewer) = Harness::after_seek();

    harness.undo(viewer);

    assert_eq!(harness.undo_refusal(viewer), Some(Refusal::NotHost));
    assert_eq!(harness.sent(host), []);
    assert_eq!(harness.position(), secs(10));
}

#[test]
fn nothing_can_be_undone_before_the_first_change() {
    let (mut harness, host, _viewer) = Harness::watching();

    harness.undo(host);

    assert_eq!(harness.undo_refusal(host), Some(Refusal::NothingToUndo));
}

#[test]
fn an_old_change_cannot_be_undone() {
    let (mut harness, host, _viewer) = Harness::after_seek();
    let number = harness.room.undoable(harness.now).expect("a change").number;
    harness.pass(just_before(LIMITS.undo.kept));
    assert!(harness.room.undoable(harness.now).is_some());
    harness.pass(Duration::from_millis(1));

    harness.undo_number(host, number);

    assert_eq!(harness.undo_refusal(host), Some(Refusal::NothingToUndo));
    assert_eq!(harness.position(), secs(10));
}

#[test]
fn an_undo_that_comes_after_another_act_undoes_neither() {
    let (mut harness, host, viewer) = Harness::after_seek();
    let seek = harness.room.undoable(harness.now).expect("a change").number;
    harness.command(host, RoomCommand::TransferHost(TransferHost { to: viewer }));
    harness.act(viewer, Action::Play);

    harness.undo_number(viewer, seek);

    assert_eq!(harness.undo_refusal(viewer), Some(Refusal::NothingToUndo));
    assert!(harness.timeline().is_meant_to_play());
}

#[test]
fn an_undo_of_an_act_on_the_item_before_undoes_nothing() {
    let (mut harness, host, _viewer) = Harness::after_seek();
    let seek = harness.room.undoable(harness.now).expect("a change").number;
    harness.set_video(host, MediaTime::ZERO);

    harness.undo_number(host, seek);

    assert_eq!(harness.undo_refusal(host), Some(Refusal::NothingToUndo));
    assert_eq!(harness.timeline().item, ItemId(2));
}

#[test]
fn an_undo_for_another_life_of_the_room_undoes_nothing() {
    let (mut harness, host, _viewer) = Harness::after_seek();
    let number = harness.room.undoable(harness.now).expect("a change").number;
    let epoch = Epoch {
        counter: 0,
        ..harness.timeline().epoch
    };

    harness.command(host, RoomCommand::Undo(Undo { epoch, number }));

    assert_eq!(harness.undo_refusal(host), Some(Refusal::NothingToUndo));
    assert_eq!(harness.position(), secs(10));
}

#[test]
fn seeks_that_follow_each_other_at_once_are_one_change() {
    let (mut harness, host, viewer) = Harness::after_seek();
    let first = harness.room.undoable(harness.now).expect("a change").number;
    harness.pass(Duration::from_secs(4));
    harness.act(host, Action::Seek { position: secs(15) });
    harness.pass(Duration::from_secs(4));
    harness.act(host, Action::Seek { position: secs(20) });

    let announced = harness.change(viewer).expect("it is told anew");
    assert_eq!((announced.number, announced.change), (first, place(0, 20)));
    harness.undo_number(host, first);

    assert_eq!(harness.position(), MediaTime::ZERO);
}

#[test]
fn a_seek_some_time_after_another_is_a_separate_change() {
    let (mut harness, host, _viewer) = Harness::after_seek();
    harness.pass(LIMITS.undo.together);
    harness.act(host, Action::Seek { position: secs(20) });

    harness.undo(host);

    assert_eq!(harness.position(), secs(10));
}

#[test]
fn a_seek_right_after_the_end_is_a_separate_change() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.act(host, Action::Seek { position: FILM });
    let first = harness.change(viewer).expect("a change is told");
    harness.pass(LIMITS.playback.sought_end);
    assert_eq!(harness.cause(), (None, Reason::Ended));

    harness.act(host, Action::Seek { position: secs(5) });

    let second = harness.change(viewer).expect("a change is told");
    assert_ne!(second.number, first.number);
    let from_the_end = Change::Place {
        from: FILM,
        to: secs(5),
    };
    assert_eq!(second.change, from_the_end);
    harness.undo(host);
    assert_eq!(harness.position(), FILM);
}

#[test]
fn a_command_that_changes_nothing_leaves_the_last_change_as_it_is() {
    let (mut harness, host, viewer) = Harness::after_seek();
    harness.act(host, Action::Seek { position: secs(10) });
    harness.act(host, Action::Pause { position: secs(10) });
    harness.act(host, Action::SetRate { rate: Rate::NORMAL });
    let on_stall = StallPolicy::Wait;
    harness.command(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(on_stall),
        }),
    );

    assert_eq!(harness.change(viewer), None);
    harness.undo(host);

    assert_eq!(harness.position(), MediaTime::ZERO);
}

#[test]
fn automatic_changes_of_the_room_have_no_author() {
    let (mut harness, _host, viewer) = Harness::playing();
    harness.report(viewer, PlayerState::Buffering { percent: 3 });
    harness.pass(LIMITS.playback.stall_debounce);

    assert_eq!(harness.cause(), (Some(viewer), Reason::Waiting));
    assert_eq!(harness.change(viewer), None);
}

#[test]
fn a_room_that_everybody_left_has_nothing_to_undo() {
    let (mut harness, host, viewer) = Harness::after_seek();
    harness.command(viewer, RoomCommand::Leave);
    harness.command(host, RoomCommand::Leave);

    let chi = harness.enter("chi");

    assert_eq!(harness.entered(chi).undoable, None);
}

#[test]
fn undoing_too_fast_is_refused_with_the_time_to_wait() {
    let (mut harness, host, _viewer) = Harness::after_seek();
    harness.pass(Duration::from_secs(10));
    for _ in 0..10 {
        harness.undo(host);
    }

    harness.undo(host);

    let refused = harness.refusal(host).expect("an answer");
    assert_eq!(
        (refused.request, refused.reason, refused.retry_after_ms),
        (Request::Undo, Refusal::RateLimited, 250)
    );
}

#[test]
fn an_undo_that_leads_to_the_end_is_the_end() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.act(
        host,
        Action::Seek {
            position: FILM - secs(15),
        },
    );
    harness.all_ready([host, viewer]);
    harness.pass(LIMITS.undo.together);
    harness.act(host, Action::Seek { position: secs(10) });
    harness.all_ready([host, viewer]);
    harness.pass(Duration::from_secs(20));

    harness.undo(host);

    assert_eq!(
        harness.timeline().playback,
        Playback::Paused,
        "nobody prepares to play at the end"
    );
    harness.pass(LIMITS.playback.sought_end);
    assert_eq!(
        (harness.position(), harness.cause()),
        (FILM, (None, Reason::Ended))
    );
}
