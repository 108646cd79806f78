use super::*;

fn at(seconds: u64) -> LocalTime {
    LocalTime::default() + Duration::from_secs(seconds)
}

fn seen(bytes: u64, writer: Writer, seconds: u64) -> FileSnapshot {
    FileSnapshot {
        bytes,
        age: None,
        writer,
        at: at(seconds),
    }
}

/// Records a check of a file whose writer is unknown.
fn look(size: &mut SizeHistory, bytes: u64, seconds: u64) -> Option<GrowthNews> {
    size.handle_look(&seen(bytes, Writer::Unknown, seconds), false)
}

#[test]
fn a_file_that_changes_grows_until_it_did_not_change_for_a_while() {
    let mut size = SizeHistory::new(1_000, at(0));

    assert_eq!(look(&mut size, 1_000, 2), None);
    assert_eq!(look(&mut size, 1_500, 3), Some(GrowthNews::Grows));
    assert_eq!(look(&mut size, 1_600, 6), None);
    assert_eq!(look(&mut size, 1_600, 35), None);
    assert_eq!(look(&mut size, 1_600, 36), Some(GrowthNews::IsComplete));
    assert_eq!(look(&mut size, 1_700, 60), Some(GrowthNews::Grows), "it goes on");
}

#[test]
fn a_file_whose_writer_has_it_open_is_not_complete_however_long_it_pauses() {
    let mut size = SizeHistory::new(1_000, at(0));
    let mut look = |bytes, writer, seconds| size.handle_look(&seen(bytes, writer, seconds), true);

    assert_eq!(look(2_000, Writer::Open, 1), Some(GrowthNews::Grows));
    assert_eq!(look(2_000, Writer::Open, 3_600), None);
    assert_eq!(look(3_000, Writer::Open, 3_601), None);
    assert_eq!(look(3_000, Writer::Open, 3_605), None);
}

#[test]
fn a_file_that_its_writer_has_closed_is_complete_soon() {
    let mut size = SizeHistory::new(1_000, at(0));
    let mut look = |bytes, writer, seconds| size.handle_look(&seen(bytes, writer, seconds), true);

    assert_eq!(look(2_000, Writer::Open, 1), Some(GrowthNews::Grows));
    assert_eq!(look(2_000, Writer::Closed, 8), None);
    assert_eq!(look(2_000, Writer::Closed, 9), Some(GrowthNews::IsComplete));
}

#[test]
fn a_complete_file_that_somebody_opens_to_write_grows_once_it_does() {
    let mut size = SizeHistory::new(1_000, at(0));
    let mut look = |bytes, writer, seconds| size.handle_look(&seen(bytes, writer, seconds), false);
    look(2_000, Writer::Unknown, 1);
    assert_eq!(look(2_000, Writer::Unknown, 31), Some(GrowthNews::IsComplete));

    assert_eq!(look(2_000, Writer::Open, 32), None);
    assert_eq!(look(2_001, Writer::Open, 33), Some(GrowthNews::Grows));
}

#[test]
fn a_recorder_that_writes_seldom_is_waited_for_longer() {
    let mut size = SizeHistory::new(1_000, at(0));
    look(&mut size, 2_000, 5);
    look(&mut size, 3_000, 21);

    assert_eq!(look(&mut size, 3_000, 68), None);
    assert_eq!(look(&mut size, 3_000, 69), Some(GrowthNews::IsComplete));
}

#[test]
fn an_unchanging_file_is_complete_and_reported_once() {
    let mut size = SizeHistory::new(1_000, at(0));

    assert_eq!(look(&mut size, 1_000, 19), None);
    assert_eq!(look(&mut size, 1_000, 20), Some(GrowthNews::IsWhole));
    assert_eq!(look(&mut size, 1_000, 99), None);
}

#[test]
fn an_unchanging_file_taken_to_grow_is_complete_once_its_writer_is_gone() {
    let mut size = SizeHistory::new(1_000, at(0));
    let mut look = |writer, seconds| size.handle_look(&seen(1_000, writer, seconds), true);

    assert_eq!(look(Writer::Open, 600), None);
    assert_eq!(look(Writer::Closed, 601), Some(GrowthNews::IsWhole));
}

#[test]
fn a_whole_film_is_whole_though_the_program_that_shares_it_has_it_open() {
    let mut size = SizeHistory::new(1_000, at(0));

    let news = size.handle_look(&seen(1_000, Writer::Open, 20), false);

    assert_eq!(news, Some(GrowthNews::IsWhole));
}

#[test]
fn a_file_that_became_twice_as_large_is_twice_as_long() {
    let minute = MediaTime::from_millis(60_000);

    let twice = in_proportion(minute, 2_000, 1_000);

    assert_eq!(twice, Some(MediaTime::from_millis(120_000)));
    assert_eq!(in_proportion(minute, 2_000, 0), None);
}

#[test]
fn a_seek_to_about_where_a_growing_file_ends_is_one_to_its_last_frame() {
    let (end, beside) = (MediaTime::from_millis(40_023), MediaTime::from_millis(39_900));

    assert_eq!(last_frame(Some(beside), end), beside);
    assert_eq!(last_frame(Some(end), end), end);
    assert_eq!(last_frame(Some(MediaTime::from_millis(20_000)), end), end);
    assert_eq!(last_frame(Some(MediaTime::from_millis(42_000)), end), end);
}

#[test]
fn a_player_that_did_not_get_where_it_was_sent_is_at_the_edge() {
    let edge = DataEnd {
        position: MediaTime::from_millis(40_000),
        bytes: 1_000_000,
    };

    assert_eq!(edge.of_landing_for(MediaTime::from_millis(41_200)), Some(edge));
    assert_eq!(
        edge.of_landing_for(MediaTime::from_millis(40_030)),
        None,
        "a frame beside it"
    );
    assert_eq!(
        edge.of_landing_for(MediaTime::from_millis(38_000)),
        None,
        "the next key frame"
    );
}

#[test]
fn a_player_at_the_edge_goes_on_when_some_seconds_were_written() {
    let edge = DataEnd {
        position: MediaTime::from_millis(10_000),
        bytes: 1_000_000,
    };

    assert!(!edge.has_enough(1_000_000));
    assert!(!edge.has_enough(1_299_000));
    assert!(edge.has_enough(1_300_000));
}
