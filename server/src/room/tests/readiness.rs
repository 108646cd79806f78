//! Who is ready, who counts, and who is waited for no more.

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
        PlayerState::Detached,
        PlayerState::TooSlow,
        PlayerState::Failed,
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
fn who_has_no_such_file_is_not_waited_for() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.ready(host);
    let report = Report {
        player: PlayerState::Loading,
        file: FileMatch::Missing,
    };
    stage.tell(viewer, RoomCommand::Report(report));

    stage.act(host, Action::Play);

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn who_gives_up_watching_or_is_lost_or_leaves_is_waited_for_no_more() {
    let ways: [fn(&mut Stage, MemberId); 3] = [
        |stage, viewer| stage.report(viewer, PlayerState::Failed),
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
