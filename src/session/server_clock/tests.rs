use super::*;

fn at(ms: u64) -> LocalTime {
    LocalTime::from_millis(10_000 + ms)
}

fn entered() -> ServerClock {
    let mut clock = ServerClock::default();
    clock.handle_entered(ServerTime::from_millis(500_000), at(0));
    clock
}

/// Runs the schedule to its end; each ping that `answers` lets through comes back 20 ms later.
fn run(clock: &mut ServerClock, is_playing: bool, until: u64, answers: impl Fn(u32) -> bool) -> Vec<u64> {
    let mut sent = Vec::new();
    let mut pongs: Vec<ClockPong> = Vec::new();
    for ms in 0..until {
        let now = at(ms);
        while pongs
            .first()
            .is_some_and(|p| now.saturating_since(p.sent) >= Duration::from_millis(20))
        {
            clock.handle_pong(&pongs.remove(0), now);
        }
        if let Some(ping) = clock.poll_ping(is_playing, Revision(0), Telemetry::default(), now) {
            sent.push(ms);
            let received = ServerTime::from_millis(500_000 + ms + 10);
            if answers(ping.sequence) {
                pongs.push(ClockPong {
                    sequence: ping.sequence,
                    sent: ping.sent,
                    received,
                    answered: received,
                    digest: Vec::new(),
                });
            }
        }
    }
    sent
}

#[test]
fn a_burst_comes_first_and_then_a_steady_path_needs_few_questions() {
    let mut clock = entered();

    let sent = run(&mut clock, true, 6_000, |_| true);

    assert_eq!(sent[..8], [0, 25, 50, 75, 100, 125, 150, 175]);
    assert_eq!(sent[8..], [225, 2_975, 5_725]);
    assert!(clock.usable().is_some());
}

#[test]
fn a_standing_room_asks_more_rarely() {
    let mut clock = entered();

    let sent = run(&mut clock, false, 15_000, |_| true);

    assert_eq!(sent[8..], [225, 7_225, 14_225]);
}

#[test]
fn lost_answers_are_made_up_for_at_once() {
    let mut clock = entered();

    run(&mut clock, false, 1_000, |sequence| sequence % 3 != 0);

    assert!(clock.usable().is_some());
}

#[test]
fn a_question_that_is_not_answered_is_asked_again_and_after_five_the_server_is_silent() {
    for is_playing in [true, false] {
        let mut clock = entered();
        run(&mut clock, is_playing, 1_000, |_| true);
        assert_eq!(clock.silent_at(), None);
        let last_answered = clock.sequence;

        let sent = run(&mut clock, is_playing, 12_000, |sequence| {
            sequence < last_answered
        });

        let silence: Vec<u64> = sent.iter().copied().filter(|ms| *ms >= 1_000).collect();
        let first = silence[0];
        assert!(first <= if is_playing { 2_975 } else { 7_225 }, "{silence:?}");
        assert_eq!(
            silence[1..5],
            [first + 500, first + 1_000, first + 1_500, first + 2_000]
        );
        assert_eq!(clock.silent_at(), Some(at(first) + SILENT_AFTER));
    }
}

#[test]
fn any_message_of_the_server_ends_the_silence_and_the_pings() {
    let mut clock = entered();
    run(&mut clock, true, 1_000, |_| true);
    let ping = |clock: &mut ServerClock, ms| {
        let none = Telemetry::default();
        clock.poll_ping(true, Revision(0), none, at(ms))
    };
    assert!(ping(&mut clock, 2_975).is_some());

    clock.handle_heard();

    assert_eq!(clock.silent_at(), None);
    assert_eq!(clock.next_ping(), Some(at(5_725)));
}

#[test]
fn before_any_answer_the_time_of_entry_is_the_guess() {
    let clock = entered();

    assert_eq!(clock.server_time(at(300)), Some(ServerTime::from_millis(500_300)));
    assert!(clock.usable().is_none());
}

#[test]
fn answers_to_another_connection_are_dropped() {
    let mut clock = entered();
    let old = clock
        .poll_ping(false, Revision(0), Telemetry::default(), at(0))
        .expect("the first of a burst");
    clock.handle_entered(ServerTime::from_millis(500_010), at(10));

    let received = ServerTime::from_millis(1);
    let pong = ClockPong {
        sequence: old.sequence,
        sent: old.sent,
        received,
        answered: received,
        digest: Vec::new(),
    };

    assert!(!clock.handle_pong(&pong, at(20)));
    assert!(!clock.handle_pong(&ClockPong { sequence: 99, ..pong }, at(20)));
}

#[test]
fn a_server_with_another_clock_is_learnt_anew() {
    let mut clock = entered();
    run(&mut clock, true, 1_000, |_| true);

    clock.handle_entered(ServerTime::from_millis(7), at(1_000));

    assert!(clock.usable().is_none());
    assert_eq!(clock.server_time(at(1_000)), Some(ServerTime::from_millis(7)));
}

#[test]
fn a_lost_link_keeps_the_estimate() {
    let mut clock = entered();
    run(&mut clock, true, 1_000, |_| true);

    clock.handle_lost();

    assert_eq!(clock.next_ping(), None);
    assert!(clock.usable().is_some());
}

#[test]
fn a_server_that_asks_gets_a_ping_at_once_and_news_a_second_after_the_last() {
    let mut clock = entered();
    run(&mut clock, false, 1_000, |_| true);

    clock.handle_news(at(1_000));
    assert_eq!(clock.next_ping(), Some(at(1_225)));
    clock.handle_question(at(1_000));
    assert_eq!(clock.next_ping(), Some(at(1_000)));
}

#[test]
fn a_doubt_begins_a_burst_but_not_one_after_the_other() {
    let mut clock = entered();
    run(&mut clock, true, 1_000, |_| true);
    assert_eq!(clock.next_ping(), Some(at(2_975)));

    clock.handle_doubt(at(1_000));
    assert_eq!(clock.next_ping(), Some(at(2_975)));
    clock.handle_doubt(at(10_000));
    assert_eq!(clock.next_ping(), Some(at(10_000)));

    clock.handle_lost();
    clock.handle_doubt(at(30_000));
    assert_eq!(clock.next_ping(), None);
}
