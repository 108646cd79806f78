//! Members who are ready, who are counted, and who are no longer waited for.

use super::*;

#[test]
fn a_ready_of_another_place_is_void() {
    let (mut stage, host, viewer) = Stage::sought();
    let before = stage.timeline().revision;
    stage.act(host, Action::Seek { position: secs(20) });
    stage.ready(host);
    stage.act(host, Action::Play);
    let later = Revision(stage.timeline().revision.0 + 1);

    for revision in [Revision(0), before, later] {
        stage.tell(viewer, RoomCommand::Ready(Ready { revision }));
    }

    assert_eq!(stage.waiting_for(), [viewer]);
}

#[test]
fn readiness_outlives_revisions_that_keep_the_place() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.ready(host);
    stage.ready(viewer);

    let rate = Rate::from_f64(1.25).expect("a rate");
    stage.act(host, Action::SetRate { rate });
    stage.act(host, Action::Play);

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn a_ready_sent_before_a_revision_that_keeps_the_place_still_counts() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.ready(host);
    let seen = stage.timeline().revision;
    stage.act(host, Action::Play);
    assert!(stage.timeline().revision > seen);

    stage.tell(viewer, RoomCommand::Ready(Ready { revision: seen }));

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn who_does_not_watch_is_not_waited_for() {
    let players = [
        PlayerState::None,
        PlayerState::Closed,
        PlayerState::NoCopy,
        PlayerState::Detached,
        PlayerState::Ended { at: secs(1) },
        PlayerState::TooSlow,
        PlayerState::NotResponding,
        PlayerState::Failed {
            why: PlayerFailure::Other,
        },
    ];
    for player in players {
        let (mut stage, host, viewer) = Stage::sought();
        stage.ready(host);
        stage.report(viewer, player);

        stage.act(host, Action::Play);

        assert_eq!(stage.timeline().playback, Playback::Playing, "{player:?}");
    }
}

#[test]
fn who_will_be_there_by_itself_is_waited_for() {
    let players = [
        PlayerState::Searching { folders: 100 },
        PlayerState::Loading,
        PlayerState::CatchingUp {
            behind: Some(secs(3)),
        },
        PlayerState::Buffering { percent: 10 },
    ];
    for player in players {
        let (mut stage, host, viewer) = Stage::sought();
        stage.ready(host);
        stage.report(viewer, player);

        stage.act(host, Action::Play);

        assert_eq!(stage.waiting_for(), [viewer], "{player:?}");
    }
}

#[test]
fn who_gives_up_watching_or_is_lost_or_leaves_is_waited_for_no_more() {
    let ways: [fn(&mut Stage, MemberId); 3] = [
        |stage, viewer| stage.report(viewer, PlayerState::Closed),
        Stage::lose,
        |stage, viewer| stage.tell(viewer, RoomCommand::Leave),
    ];
    for give_up in ways {
        let (mut stage, host, viewer) = Stage::sought();
        stage.ready(host);
        stage.act(host, Action::Play);

        give_up(&mut stage, viewer);

        assert_eq!(stage.timeline().playback, Playback::Playing);
    }
}

#[test]
fn a_member_that_comes_back_holds_no_start_up() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.ready(host);
    stage.act(host, Action::Play);
    assert_eq!(stage.waiting_for(), [viewer]);

    stage.resume(Token::from_bytes([2; 32]), 0).expect("its seat");

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn who_was_late_once_is_not_waited_for_again() {
    let (mut stage, host, _late) = Stage::sought();
    stage.ready(host);
    stage.act(host, Action::Play);
    stage.pass(Duration::from_secs(5));

    stage.act(host, Action::Seek { position: secs(30) });
    stage.ready(host);

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn who_was_late_is_waited_for_again_once_it_was_ready() {
    let (mut stage, host, late) = Stage::sought();
    stage.ready(host);
    stage.act(host, Action::Play);
    stage.pass(Duration::from_secs(5));
    stage.act(host, Action::Pause { position: secs(12) });
    stage.ready(late);

    stage.act(host, Action::Seek { position: secs(30) });
    stage.ready(host);
    stage.act(host, Action::Play);

    assert_eq!(stage.waiting_for(), [late]);
}

#[test]
fn another_item_is_a_new_chance_for_who_was_late() {
    let (mut stage, host, late) = Stage::sought();
    stage.ready(host);
    stage.act(host, Action::Play);
    stage.pass(Duration::from_secs(5));

    stage.set_video(host, MediaTime::ZERO);

    assert_eq!(stage.waiting_for(), [host, late]);
}

fn told_states(stage: &Stage, to: MemberId, of: MemberId) -> Vec<PlayerState> {
    let messages = stage.sent(to).into_iter();
    let states = messages.filter_map(|message| {
        if let ServerMessage::UserChanged(changed) = message {
            (changed.member.id == of).then_some(changed.member.report.player)
        } else {
            None
        }
    });
    states.collect()
}

#[test]
fn reports_that_come_too_fast_reach_the_others_now_and_then_and_the_newest_last() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.pass(Duration::from_secs(10));
    stage.forget();

    for round in 0..100 {
        stage.report(viewer, PlayerState::Buffering { percent: round });
        stage.pass(Duration::from_millis(10));
    }
    stage.follow(viewer);
    let during = told_states(&stage, host, viewer).len();
    stage.forget();
    stage.pass(LIMITS.members.reports.every);

    assert!((4..=8).contains(&during), "{during} in a second");
    assert_eq!(told_states(&stage, host, viewer), [PlayerState::Following]);
    assert_eq!(stage.room.reports_timeout(), None);
}

#[test]
fn the_room_says_for_whom_it_waits_only_when_that_changes() {
    let (mut stage, host, viewer) = Stage::watching();
    let third = stage.enter("cy");
    stage.follow(third);
    stage.ready(third);
    stage.act(host, Action::Play);
    stage.act(host, Action::Seek { position: secs(10) });
    stage.ready(viewer);
    stage.forget();

    for percent in 0..50 {
        stage.ready(viewer);
        stage.report(viewer, PlayerState::Buffering { percent });
    }
    assert_eq!(stage.state(third), None);
    stage.ready(host);

    assert_eq!(
        stage.state(viewer).map(|state| state.waiting_for),
        Some(vec![third])
    );
}
