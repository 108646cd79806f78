//! A member's change of what everybody shares can be undone for a while by hosts and co-hosts.

use watchtogether_protocol::message::roster::{HostChangeReason, HostChanged};
use watchtogether_protocol::message::undo::{Change, Undo, Undoable, Undone};

use super::*;

impl Stage {
    /// Asks to undo the change that can be undone.
    fn undo(&mut self, from: MemberId) {
        let last = self.room.undoable(self.now);
        let number = last.map_or(0, |last| last.number);
        self.undo_number(from, number);
    }

    fn undo_number(&mut self, from: MemberId, number: u32) {
        let epoch = self.room.timeline().epoch;
        self.tell(from, RoomCommand::Undo(Undo { epoch, number }));
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
            .map(|r| r.why)
    }
}

const fn place(from: i64, to: i64) -> Change {
    Change::Place {
        from: secs(from),
        to: secs(to),
    }
}

#[test]
fn everybody_is_told_what_can_be_undone_with_its_author() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.act(host, Action::Seek { position: secs(30) });

    let told = stage.change(viewer).expect("a change is told");
    assert_eq!(
        (told.by, told.change.clone(), told.undoes),
        (host, place(0, 30), None)
    );
    assert_eq!(told.left(), LIMITS.undo.kept);
}

#[test]
fn a_newcomer_finds_what_can_be_undone_for_as_long_as_it_can() {
    let (mut stage, host, _viewer) = Stage::watching();
    stage.act(host, Action::Seek { position: secs(30) });
    stage.pass(Duration::from_secs(20));

    let chi = stage.enter("chi");

    let found = stage.entered(chi).undoable.expect("it is fresh");
    assert_eq!((found.by, found.left()), (host, Duration::from_secs(40)));
    stage.pass(Duration::from_secs(40));
    let dan = stage.enter("dan");
    assert_eq!(stage.entered(dan).undoable, None);
}

#[test]
fn whoever_comes_in_later_is_told_the_same_places_of_a_seek() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.act(host, Action::Seek { position: secs(30) });
    stage.all_ready([host, viewer]);
    let told = stage.change(viewer).expect("a change is told");
    stage.pass(Duration::from_secs(5));

    let chi = stage.enter("chi");

    let found = stage.entered(chi).undoable.expect("it is fresh");
    assert_eq!((found.number, found.change), (told.number, told.change));
}

#[test]
fn an_undone_seek_goes_to_where_the_room_would_be_and_plays_on() {
    let (mut stage, host, viewer) = Stage::playing();
    let would_be = |stage: &Stage, since: MediaTime, at: ServerTime| {
        since + MediaTime::from_nanos(stage.now.nanos_since(at))
    };
    let (since, at) = (stage.position(), stage.now);
    stage.act(host, Action::Seek { position: secs(40) });
    stage.all_ready([host, viewer]);
    stage.pass(Duration::from_secs(8));

    stage.undo(host);

    assert_eq!(stage.position(), would_be(&stage, since, at));
    assert_eq!(stage.timeline().playback, Playback::Preparing);
    assert_eq!(stage.cause(), (Some(host), Reason::Undone));
    let told = stage.change(viewer).expect("an undo is a change");
    let undone = Undone {
        author: host,
        was_undo: false,
    };
    assert_eq!((told.by, told.undoes), (host, Some(undone)));
    stage.all_ready([host, viewer]);
    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn an_undone_seek_never_goes_beyond_the_end() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.act(host, Action::Seek { position: secs(50) });
    stage.all_ready([host, viewer]);
    stage.act(host, Action::Play);
    stage.pass(Duration::from_secs(2));
    stage.act(host, Action::Seek { position: secs(5) });
    stage.all_ready([host, viewer]);
    stage.pass(Duration::from_secs(30));

    stage.undo(host);

    assert_eq!(stage.position(), FILM);
}

#[test]
fn an_undone_seek_of_a_room_that_stood_stands_where_it_stood() {
    let (mut stage, host, _viewer) = Stage::sought();
    stage.pass(Duration::from_secs(7));

    stage.undo(host);

    assert_eq!(stage.position(), MediaTime::ZERO);
    assert_eq!(stage.timeline().playback, Playback::Paused);
}

#[test]
fn an_undone_seek_to_the_end_plays_on_though_the_film_was_over() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.act(host, Action::Seek { position: FILM });
    stage.all_ready([host, viewer]);
    stage.pass(Duration::from_secs(3));
    assert_eq!(stage.cause(), (None, Reason::Ended));

    stage.undo(host);

    assert!(stage.timeline().is_meant_to_play());
    assert!(stage.position() < secs(10), "{}", stage.position());
}

#[test]
fn an_undone_pause_plays_on_where_it_stands() {
    let (mut stage, host, viewer) = Stage::playing();
    let position = stage.position();
    stage.act(host, Action::Pause { position });
    stage.all_ready([host, viewer]);
    stage.pass(Duration::from_secs(20));

    stage.undo(host);

    assert_eq!(stage.position(), position);
    assert_eq!(stage.timeline().playback, Playback::Playing);
    assert_eq!(stage.change(viewer).map(|told| told.change), Some(Change::Play));
}

#[test]
fn an_undone_start_stands_again_where_it_stood() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.act(host, Action::Play);
    stage.pass(Duration::from_secs(20));

    stage.undo(host);

    assert_eq!(stage.timeline().playback, Playback::Paused);
    assert_eq!(stage.position(), MediaTime::ZERO);
    let told = stage.change(viewer).map(|told| told.change);
    assert_eq!(
        told,
        Some(Change::Pause {
            position: MediaTime::ZERO
        })
    );
}

#[test]
fn an_undone_speed_is_the_one_before() {
    let (mut stage, host, _viewer) = Stage::playing();
    let fast = Rate::from_f64(1.5).expect("a rate");
    stage.act(host, Action::SetRate { rate: fast });

    stage.undo(host);

    assert_eq!(stage.timeline().rate, Rate::NORMAL);
}

#[test]
fn undoing_twice_does_it_again() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: viewer }));
    stage.act(viewer, Action::Seek { position: secs(30) });

    stage.undo(viewer);
    assert_eq!(stage.position(), MediaTime::ZERO);
    stage.undo(viewer);

    assert_eq!(stage.position(), secs(30));
    let undone = Undone {
        author: viewer,
        was_undo: true,
    };
    assert_eq!(
        stage.change(host).map(|told| (told.change, told.undoes)),
        Some((place(0, 30), Some(undone)))
    );
}

#[test]
fn a_pause_that_was_undone_and_done_again_stands_at_its_frame() {
    let (mut stage, host, viewer) = Stage::playing();
    let position = stage.position();
    stage.act(host, Action::Pause { position });
    stage.all_ready([host, viewer]);
    stage.undo(host);
    stage.pass(Duration::from_secs(5));

    stage.undo(host);

    assert_eq!(stage.timeline().playback, Playback::Paused);
    assert_eq!(stage.position(), position);
}

#[test]
fn an_item_that_replaced_another_is_taken_back_to_where_the_other_was() {
    let (mut stage, host, viewer) = Stage::playing();
    let position = stage.position();
    stage.set_video(host, MediaTime::ZERO);
    stage.pass(Duration::from_secs(3));
    stage.forget();

    stage.undo(host);

    assert_eq!(stage.timeline().item, ItemId(3), "a number is never given twice");
    assert_eq!(stage.position(), position);
    let is_told = |message: &ServerMessage| matches!(message, ServerMessage::VideoChanged(_));
    assert!(stage.sent(viewer).iter().any(is_told));
    assert_eq!(stage.change(viewer).map(|told| told.change), Some(Change::Item));
}

#[test]
fn the_first_item_cannot_be_taken_back() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    stage.set_video(host, MediaTime::ZERO);

    stage.undo(host);

    assert_eq!(stage.undo_refusal(host), Some(Refusal::NothingToUndo));
}

#[test]
fn a_room_that_was_handed_over_is_given_back_by_who_has_it() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: viewer }));

    stage.undo(host);
    assert_eq!(stage.undo_refusal(host), Some(Refusal::NotHost));
    stage.undo(viewer);

    assert!(stage.is_host(host));
    let why = HostChangeReason::Undone;
    let changed = ServerMessage::HostChanged(HostChanged { host, why });
    assert!(stage.sent(viewer).contains(&changed));
}

#[test]
fn a_room_is_not_given_back_to_who_is_gone() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: viewer }));
    stage.tell(host, RoomCommand::Leave);

    stage.undo(viewer);

    assert_eq!(stage.undo_refusal(viewer), Some(Refusal::NoSuchMember));
    assert!(stage.is_host(viewer));
}

#[test]
fn how_the_room_waits_is_undone_too() {
    let (mut stage, host, viewer) = Stage::watching();
    let on_stall = StallPolicy::GoOn;
    stage.tell(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(on_stall),
        }),
    );

    stage.undo(host);

    assert_eq!(stage.room.room_snapshot().settings.on_stall, StallPolicy::Wait);
    let on_stall = StallPolicy::Wait;
    let changed = ServerMessage::RoomChanged(RoomChanged {
        setting: Setting::OnStall(on_stall),
        by: host,
        is_undo: true,
    });
    assert!(stage.sent(viewer).contains(&changed));
}

#[test]
fn a_room_gets_its_former_title_back_and_keeps_its_name() {
    let (mut stage, host, viewer) = Stage::watching();
    let name = stage.room.room_snapshot().name;
    let rename = |title: &str| {
        let title = Some(title.parse().expect("a title"));
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::Title(title),
        })
    };
    stage.tell(viewer, rename("Mine"));
    stage.tell(host, rename("Movie night"));
    stage.tell(host, rename("Film club"));

    for former in ["Movie night", "Film club"] {
        stage.undo(host);

        let title = stage.room.room_snapshot().settings.title;
        assert_eq!(title.as_ref().map(RoomTitle::as_str), Some(former));
    }
    assert_eq!(stage.room.room_snapshot().name, name);
}

#[test]
fn a_viewer_undoes_nothing() {
    let (mut stage, host, viewer) = Stage::sought();

    stage.undo(viewer);

    assert_eq!(stage.undo_refusal(viewer), Some(Refusal::NotHost));
    assert_eq!(stage.sent(host), []);
    assert_eq!(stage.position(), secs(10));
}

#[test]
fn where_nothing_was_done_there_is_nothing_to_undo() {
    let (mut stage, host, _viewer) = Stage::watching();

    stage.undo(host);

    assert_eq!(stage.undo_refusal(host), Some(Refusal::NothingToUndo));
}

#[test]
fn what_is_long_ago_cannot_be_undone() {
    let (mut stage, host, _viewer) = Stage::sought();
    let number = stage.room.undoable(stage.now).expect("a change").number;
    stage.pass(just_before(LIMITS.undo.kept));
    assert!(stage.room.undoable(stage.now).is_some());
    stage.pass(Duration::from_millis(1));

    stage.undo_number(host, number);

    assert_eq!(stage.undo_refusal(host), Some(Refusal::NothingToUndo));
    assert_eq!(stage.position(), secs(10));
}

#[test]
fn an_undo_that_comes_after_another_act_undoes_neither() {
    let (mut stage, host, viewer) = Stage::sought();
    let seek = stage.room.undoable(stage.now).expect("a change").number;
    stage.tell(host, RoomCommand::TransferHost(TransferHost { to: viewer }));
    stage.act(viewer, Action::Play);

    stage.undo_number(viewer, seek);

    assert_eq!(stage.undo_refusal(viewer), Some(Refusal::NothingToUndo));
    assert!(stage.timeline().is_meant_to_play());
}

#[test]
fn an_undo_of_an_act_on_the_item_before_undoes_nothing() {
    let (mut stage, host, _viewer) = Stage::sought();
    let seek = stage.room.undoable(stage.now).expect("a change").number;
    stage.set_video(host, MediaTime::ZERO);

    stage.undo_number(host, seek);

    assert_eq!(stage.undo_refusal(host), Some(Refusal::NothingToUndo));
    assert_eq!(stage.timeline().item, ItemId(2));
}

#[test]
fn an_undo_for_another_life_of_the_room_undoes_nothing() {
    let (mut stage, host, _viewer) = Stage::sought();
    let number = stage.room.undoable(stage.now).expect("a change").number;
    let epoch = Epoch {
        counter: 0,
        ..stage.timeline().epoch
    };

    stage.tell(host, RoomCommand::Undo(Undo { epoch, number }));

    assert_eq!(stage.undo_refusal(host), Some(Refusal::NothingToUndo));
    assert_eq!(stage.position(), secs(10));
}

#[test]
fn seeks_that_follow_each_other_at_once_are_one_change() {
    let (mut stage, host, viewer) = Stage::sought();
    let first = stage.room.undoable(stage.now).expect("a change").number;
    stage.pass(Duration::from_secs(4));
    stage.act(host, Action::Seek { position: secs(15) });
    stage.pass(Duration::from_secs(4));
    stage.act(host, Action::Seek { position: secs(20) });

    let told = stage.change(viewer).expect("it is told anew");
    assert_eq!((told.number, told.change), (first, place(0, 20)));
    stage.undo_number(host, first);

    assert_eq!(stage.position(), MediaTime::ZERO);
}

#[test]
fn a_seek_some_time_after_another_is_a_change_of_its_own() {
    let (mut stage, host, _viewer) = Stage::sought();
    stage.pass(LIMITS.undo.together);
    stage.act(host, Action::Seek { position: secs(20) });

    stage.undo(host);

    assert_eq!(stage.position(), secs(10));
}

#[test]
fn a_seek_right_after_the_end_is_a_change_of_its_own() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.act(host, Action::Seek { position: FILM });
    let first = stage.change(viewer).expect("a change is told");
    stage.pass(LIMITS.playback.sought_end);
    assert_eq!(stage.cause(), (None, Reason::Ended));

    stage.act(host, Action::Seek { position: secs(5) });

    let second = stage.change(viewer).expect("a change is told");
    assert_ne!(second.number, first.number);
    let from_the_end = Change::Place {
        from: FILM,
        to: secs(5),
    };
    assert_eq!(second.change, from_the_end);
    stage.undo(host);
    assert_eq!(stage.position(), FILM);
}

#[test]
fn what_changes_nothing_leaves_the_last_change_as_it_is() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.act(host, Action::Seek { position: secs(10) });
    stage.act(host, Action::Pause { position: secs(10) });
    stage.act(host, Action::SetRate { rate: Rate::NORMAL });
    let on_stall = StallPolicy::Wait;
    stage.tell(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(on_stall),
        }),
    );

    assert_eq!(stage.change(viewer), None);
    stage.undo(host);

    assert_eq!(stage.position(), MediaTime::ZERO);
}

#[test]
fn what_the_room_does_by_itself_is_nobodys_change() {
    let (mut stage, _host, viewer) = Stage::playing();
    stage.report(viewer, PlayerState::Buffering { percent: 3 });
    stage.pass(LIMITS.playback.stall_debounce);

    assert_eq!(stage.cause(), (Some(viewer), Reason::Waiting));
    assert_eq!(stage.change(viewer), None);
}

#[test]
fn a_room_that_everybody_left_has_nothing_to_undo() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.tell(viewer, RoomCommand::Leave);
    stage.tell(host, RoomCommand::Leave);

    let chi = stage.enter("chi");

    assert_eq!(stage.entered(chi).undoable, None);
}

#[test]
fn undoing_too_fast_is_refused_with_the_time_to_wait() {
    let (mut stage, host, _viewer) = Stage::sought();
    stage.pass(Duration::from_secs(10));
    for _ in 0..10 {
        stage.undo(host);
    }

    stage.undo(host);

    let refused = stage.refusal(host).expect("an answer");
    assert_eq!(
        (refused.request, refused.why, refused.retry_after_ms),
        (Request::Undo, Refusal::RateLimited, 250)
    );
}

#[test]
fn an_undo_that_leads_to_the_end_is_the_end() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.act(
        host,
        Action::Seek {
            position: FILM - secs(15),
        },
    );
    stage.all_ready([host, viewer]);
    stage.pass(LIMITS.undo.together);
    stage.act(host, Action::Seek { position: secs(10) });
    stage.all_ready([host, viewer]);
    stage.pass(Duration::from_secs(20));

    stage.undo(host);

    assert_eq!(
        stage.timeline().playback,
        Playback::Paused,
        "nobody prepares to play at the end"
    );
    stage.pass(LIMITS.playback.sought_end);
    assert_eq!((stage.position(), stage.cause()), (FILM, (None, Reason::Ended)));
}
