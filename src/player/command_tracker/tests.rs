use super::*;

const OWN_SEEK: u64 = 7;
const OWN_LOAD: u64 = 8;
const FILM: i64 = 1;

fn at(millis: i64) -> MediaTime {
    MediaTime::from_millis(millis)
}

/// Returns the tracker of a player that has loaded a film that we requested.
fn watching() -> CommandTracker {
    let mut tracker = CommandTracker::default();
    tracker.asked_for_file(OWN_LOAD);
    tracker.replied(OWN_LOAD, Some(FILM));
    assert_eq!(tracker.judge_start(FILM), StartMeans::Ours);
    assert_eq!(tracker.judge_restart(), RestartMeans::Opened(Opener::Us));
    tracker
}

/// Interprets the beginning of a seek in a film of one minute at 25 frames per second, half a minute in.
fn seek_to(tracker: &mut CommandTracker, millis: i64) -> SeekMeans {
    let frame = Duration::from_millis(40);
    tracker.judge_seek(Some(at(millis)), Some(frame), Some(at(60_000)), Some(at(30_000)))
}

#[test]
fn a_seek_of_ours_without_a_picture_is_known_though_its_place_is_read_short() {
    let without_picture = |millis| {
        let mut tracker = watching();
        tracker.asked_for_seek(OWN_SEEK, at(5_017));
        tracker.replied(OWN_SEEK, None);
        tracker.judge_seek(Some(at(millis)), None, Some(at(60_000)), Some(at(30_000)))
    };

    assert_eq!(without_picture(4_825), SeekMeans::Ours);
    assert_eq!(without_picture(4_700), SeekMeans::UserSought(at(4_700)));
}

#[test]
fn our_seek_beyond_the_written_data_ends_at_the_last_frame_and_is_no_window_request() {
    let mut tracker = watching();
    let frame = Some(Duration::from_millis(40));
    let mut seek = |millis| tracker.judge_seek(Some(at(millis)), frame, Some(at(40_023)), Some(at(39_900)));
    assert_eq!(seek(40_023), SeekMeans::AtEnd, "without a seek of ours too");

    tracker.asked_for_seek(OWN_SEEK, at(41_200));
    tracker.replied(OWN_SEEK, None);
    let mut seek = |millis| tracker.judge_seek(Some(at(millis)), frame, Some(at(40_023)), Some(at(39_900)));

    assert_eq!(seek(41_200), SeekMeans::Ours);
    assert_eq!(seek(40_023), SeekMeans::AtEnd);
    assert_eq!(tracker.judge_restart(), RestartMeans::Landed);
}

#[test]
fn our_pause_and_play_are_no_window_requests() {
    let mut tracker = watching();

    tracker.set_paused(false);
    assert_eq!(tracker.judge_pause(false, false), PauseMeans::Nothing);
    tracker.set_paused(true);
    assert_eq!(tracker.judge_pause(true, false), PauseMeans::Nothing);
}

#[test]
fn a_play_that_our_pause_overtook_is_void() {
    let mut tracker = watching();

    tracker.set_paused(true); // The event of the play comes now; what is read is our pause.

    assert_eq!(tracker.judge_pause(true, false), PauseMeans::Nothing);
}

#[test]
fn a_play_is_requested_until_it_is_undone() {
    let mut tracker = watching();

    assert_eq!(tracker.judge_pause(false, false), PauseMeans::UserPlayed);
    assert!(tracker.is_paused());
    assert_eq!(tracker.judge_pause(true, false), PauseMeans::Nothing);
}

#[test]
fn a_pause_is_requested_once() {
    let mut tracker = watching();
    tracker.set_paused(false);

    assert_eq!(tracker.judge_pause(true, false), PauseMeans::UserPaused);
    assert_eq!(tracker.judge_pause(true, false), PauseMeans::Nothing);
    assert_eq!(tracker.judge_pause(false, false), PauseMeans::UserPlayed);
}

#[test]
fn the_pause_at_the_end_is_no_window_request() {
    let mut tracker = watching();
    tracker.set_paused(false);

    assert_eq!(tracker.judge_pause(true, true), PauseMeans::AtEnd);
    assert_eq!(tracker.judge_pause(true, true), PauseMeans::Nothing);
}

#[test]
fn our_correction_is_no_request_for_another_speed() {
    let mut tracker = watching();
    tracker.set_speed(1.003);

    assert_eq!(tracker.judge_speed(1.003, 1.0), None);
}

#[test]
fn a_key_multiplies_the_speed_that_it_finds() {
    let mut tracker = watching();
    tracker.set_speed(1.0037);

    assert_eq!(
        tracker.judge_speed(1.0037 * 1.1, 1.0),
        Some(1.1),
        "the correction does not count"
    );
    assert_eq!(
        tracker.judge_speed(1.25, 1.0),
        Some(1.25),
        "a round speed is meant as it is"
    );
    tracker.set_speed(1.254);
    assert_eq!(
        tracker.judge_speed(1.0, 1.25),
        Some(1.0),
        "the key that resets the speed resets it"
    );
}

#[test]
fn our_seek_is_recognised_by_its_target_and_lands() {
    let mut tracker = watching();

    tracker.asked_for_seek(OWN_SEEK, at(10_000));
    tracker.replied(OWN_SEEK, None);

    assert_eq!(seek_to(&mut tracker, 10_000), SeekMeans::Ours);
    assert_eq!(tracker.judge_restart(), RestartMeans::Landed);
    assert_eq!(tracker.judge_restart(), RestartMeans::Nothing);
}

#[test]
fn a_seek_reported_only_after_it_landed_is_still_ours() {
    let mut tracker = watching();

    tracker.asked_for_seek(OWN_SEEK, at(10_000));
    tracker.replied(OWN_SEEK, None);

    assert_eq!(
        seek_to(&mut tracker, 10_039),
        SeekMeans::Ours,
        "the frame it landed on"
    );
}

#[test]
fn a_seek_that_nobody_of_us_asked_for_is_a_request() {
    let mut tracker = watching();

    assert_eq!(seek_to(&mut tracker, 5_000), SeekMeans::UserSought(at(5_000)));
    assert_eq!(tracker.judge_restart(), RestartMeans::Nothing);
}

#[test]
fn a_request_from_before_our_seek_is_void() {
    let mut tracker = watching();

    tracker.asked_for_seek(OWN_SEEK, at(10_000));

    assert_eq!(seek_to(&mut tracker, 5_000), SeekMeans::Nothing);
    assert_eq!(
        tracker.judge_restart(),
        RestartMeans::Nothing,
        "its landing is not ours"
    );
    tracker.replied(OWN_SEEK, None);
    assert_eq!(seek_to(&mut tracker, 10_000), SeekMeans::Ours);
    assert_eq!(tracker.judge_restart(), RestartMeans::Landed);
}

#[test]
fn the_landing_of_an_older_seek_between_reply_and_beginning_is_not_ours() {
    let mut tracker = watching();

    tracker.asked_for_seek(OWN_SEEK, at(10_000));
    tracker.replied(OWN_SEEK, None);

    assert_eq!(tracker.judge_restart(), RestartMeans::Nothing);
    assert_eq!(seek_to(&mut tracker, 10_000), SeekMeans::Ours);
}

#[test]
fn a_request_that_swallowed_our_seek_is_a_request_and_nothing_lands() {
    let mut tracker = watching();
    tracker.asked_for_seek(OWN_SEEK, at(10_000));
    tracker.replied(OWN_SEEK, None);

    let swallowed = seek_to(&mut tracker, 15_000);

    assert_eq!(swallowed, SeekMeans::UserSought(at(15_000)));
    assert_eq!(tracker.judge_restart(), RestartMeans::Nothing);
}

#[test]
fn a_request_during_our_seek_voids_its_landing() {
    let mut tracker = watching();
    tracker.asked_for_seek(OWN_SEEK, at(10_000));
    tracker.replied(OWN_SEEK, None);
    assert_eq!(seek_to(&mut tracker, 10_000), SeekMeans::Ours);

    assert_eq!(seek_to(&mut tracker, 20_000), SeekMeans::UserSought(at(20_000)));
    assert_eq!(tracker.judge_restart(), RestartMeans::Nothing);
}

#[test]
fn only_the_newest_of_two_seeks_lands() {
    let mut tracker = watching();
    tracker.asked_for_seek(OWN_SEEK, at(10_000));
    tracker.asked_for_seek(OWN_SEEK + 1, at(20_000));

    tracker.replied(OWN_SEEK, None);
    assert_eq!(seek_to(&mut tracker, 10_000), SeekMeans::Nothing);
    assert_eq!(tracker.judge_restart(), RestartMeans::Nothing);
    tracker.replied(OWN_SEEK + 1, None);
    assert_eq!(seek_to(&mut tracker, 20_000), SeekMeans::Ours);
    assert_eq!(tracker.judge_restart(), RestartMeans::Landed);
}

#[test]
fn a_second_beginning_of_the_same_seek_is_still_ours() {
    let mut tracker = watching();
    tracker.asked_for_seek(OWN_SEEK, at(10_000));
    tracker.replied(OWN_SEEK, None);

    assert_eq!(seek_to(&mut tracker, 10_000), SeekMeans::Ours);
    assert_eq!(seek_to(&mut tracker, 10_000), SeekMeans::Ours);
    assert_eq!(tracker.judge_restart(), RestartMeans::Landed);
}

#[test]
fn the_seek_to_the_last_frame_is_no_window_request() {
    let mut tracker = watching();
    tracker.asked_for_seek(OWN_SEEK, at(59_990));
    tracker.replied(OWN_SEEK, None);
    assert_eq!(seek_to(&mut tracker, 59_990), SeekMeans::Ours);

    let last_frame = seek_to(&mut tracker, 60_000);

    assert_ne!(last_frame, SeekMeans::UserSought(at(60_000)));
    assert_eq!(tracker.judge_restart(), RestartMeans::Landed);
}

#[test]
fn our_seek_that_ends_at_the_end_of_the_file_is_no_window_request() {
    let mut tracker = watching();
    tracker.asked_for_seek(OWN_SEEK, at(40_000));
    tracker.replied(OWN_SEEK, None);

    assert_eq!(seek_to(&mut tracker, 60_000), SeekMeans::AtEnd);
    assert_eq!(tracker.judge_restart(), RestartMeans::Landed);
}

#[test]
fn somebody_may_still_go_to_the_end() {
    let mut tracker = watching();

    assert_eq!(
        seek_to(&mut tracker, 60_000),
        SeekMeans::UserSought(at(60_000)),
        "half a minute away"
    );
}

#[test]
fn seeks_while_a_file_is_opened_are_part_of_it() {
    let mut tracker = watching();
    tracker.asked_for_file(OWN_LOAD + 1);
    tracker.replied(OWN_LOAD + 1, Some(FILM + 1));
    assert_eq!(tracker.judge_start(FILM + 1), StartMeans::Ours);

    assert_eq!(seek_to(&mut tracker, 12_000), SeekMeans::Nothing);
    assert_eq!(tracker.judge_restart(), RestartMeans::Opened(Opener::Us));
}

#[test]
fn a_file_that_nobody_of_us_opened_is_a_request() {
    let mut tracker = watching();

    assert_eq!(tracker.judge_end(FILM, FileEnd::Other), EndMeans::Nothing);
    assert_eq!(tracker.judge_start(FILM + 1), StartMeans::UserOpened);
    assert_eq!(tracker.judge_restart(), RestartMeans::Opened(Opener::User));
}

#[test]
fn a_file_older_than_ours_is_void() {
    let mut tracker = watching();

    tracker.asked_for_file(OWN_LOAD + 1);
    assert_eq!(
        tracker.judge_start(FILM + 1),
        StartMeans::Nothing,
        "opened at the window"
    );
    tracker.replied(OWN_LOAD + 1, Some(FILM + 2));
    assert_eq!(tracker.judge_end(FILM + 1, FileEnd::Error), EndMeans::Nothing);
    assert_eq!(tracker.judge_start(FILM + 2), StartMeans::Ours);
}

#[test]
fn a_file_that_took_the_place_of_ours_is_a_request() {
    let mut tracker = watching();
    tracker.asked_for_file(OWN_LOAD + 1);
    tracker.replied(OWN_LOAD + 1, Some(FILM + 1));

    assert_eq!(tracker.judge_start(FILM + 2), StartMeans::UserOpened);
    assert!(!tracker.awaits_file());
}

#[test]
fn only_the_newest_file_can_fail() {
    let mut tracker = watching();
    tracker.asked_for_file(OWN_LOAD + 1);
    tracker.replied(OWN_LOAD + 1, Some(FILM + 1));

    assert_eq!(tracker.judge_end(FILM, FileEnd::Other), EndMeans::Nothing);
    assert_eq!(tracker.judge_start(FILM + 1), StartMeans::Ours);
    assert_eq!(
        tracker.judge_end(FILM + 1, FileEnd::Error),
        EndMeans::Failed { is_in_list: false }
    );
}

#[test]
fn the_entries_of_a_list_belong_to_who_opened_the_list() {
    for (opened_by_us, means) in [(true, StartMeans::Ours), (false, StartMeans::UserOpened)] {
        let mut tracker = watching();
        if opened_by_us {
            tracker.asked_for_file(OWN_LOAD + 1);
            tracker.replied(OWN_LOAD + 1, Some(FILM + 1));
        }
        assert_eq!(tracker.judge_start(FILM + 1), means);

        let list = FileEnd::Redirect {
            first: FILM + 2,
            count: 3,
        };
        assert_eq!(tracker.judge_end(FILM + 1, list), EndMeans::Nothing);

        assert_eq!(tracker.judge_start(FILM + 2), means);
        assert_eq!(
            tracker.judge_end(FILM + 2, FileEnd::Error),
            EndMeans::Failed { is_in_list: true }
        );
    }
}

/// Returns the tracker of a player that was asked to open a list of three entries and is opening the first.
fn opening_a_list() -> CommandTracker {
    let mut tracker = watching();
    tracker.asked_for_file(OWN_LOAD + 1);
    tracker.replied(OWN_LOAD + 1, Some(FILM + 1));
    tracker.judge_start(FILM + 1);
    tracker.judge_end(FILM + 1, list(FILM + 2));
    assert_eq!(tracker.judge_start(FILM + 2), StartMeans::Ours);
    tracker
}

fn list(first: i64) -> FileEnd {
    FileEnd::Redirect { first, count: 3 }
}

#[test]
fn playlist_entries_after_a_failure_are_not_window_requests() {
    let mut tracker = opening_a_list();
    assert_eq!(
        tracker.judge_end(FILM + 2, FileEnd::Error),
        EndMeans::Failed { is_in_list: true }
    );

    assert_eq!(tracker.judge_start(FILM + 3), StartMeans::Nothing);
    assert_eq!(
        tracker.judge_end(FILM + 3, list(FILM + 10)),
        EndMeans::Nothing,
        "it is a list itself"
    );
    assert_eq!(tracker.judge_start(FILM + 10), StartMeans::Nothing);
    assert_eq!(tracker.judge_end(FILM + 10, FileEnd::Error), EndMeans::Nothing);
    assert_eq!(tracker.judge_start(FILM + 4), StartMeans::Nothing);

    assert_eq!(
        tracker.judge_start(FILM + 20),
        StartMeans::UserOpened,
        "another file is"
    );
}

#[test]
fn the_next_entry_of_a_list_that_plays_is_a_request() {
    let mut tracker = opening_a_list();
    assert_eq!(tracker.judge_restart(), RestartMeans::Opened(Opener::Us));
    assert_eq!(tracker.judge_end(FILM + 2, FileEnd::Other), EndMeans::Nothing);

    assert_eq!(tracker.judge_start(FILM + 3), StartMeans::UserOpened);
}

#[test]
fn a_list_that_leads_to_itself_is_given_up() {
    let mut tracker = opening_a_list();
    let mut entry = FILM + 2;
    let mut opened = 1;
    while tracker.judge_end(entry, list(entry + 3)) == EndMeans::Nothing {
        entry += 3;
        assert_eq!(tracker.judge_start(entry), StartMeans::Ours);
        opened += 1;
        assert!(opened < 100, "it goes on for ever");
    }

    assert_eq!(opened, LISTS);
    assert_eq!(tracker.judge_start(entry + 3), StartMeans::Nothing);
}

#[test]
fn a_refused_file_leaves_the_next_one_to_the_user() {
    let mut tracker = watching();
    tracker.asked_for_file(OWN_LOAD + 1);

    tracker.replied(OWN_LOAD + 1, None);

    assert_eq!(tracker.judge_start(FILM + 1), StartMeans::UserOpened);
}
