//! The row `seats` of `make bench-resume`: the time from the start of the next client until a member whose client was killed has
//! the seat back.

use std::time::Duration;

use rustix::process::Signal;
use tokio::time::{Instant, sleep};
use watchtogether::seeded_rng::SeededRng;

use crate::bench_resume::{drawn, rng, spread};
use crate::figures::Figures;
use crate::members::{Member, Party};

/// How often each client is killed. It is below the number of times in a row that a server lets a seat be taken back.
const KILLS: usize = 15;

/// The goal: the time from the start until there is a seat, in seconds.
const GOAL: f64 = 1.0;

#[tokio::test]
#[ignore = "a minute; make bench-resume"]
async fn seats() {
    let (party, mut rng, mut figures) = (Party::new(), rng(), Figures::default());
    let server = party.server().await;
    let address = &server.address;
    let hosts = || {
        let args = ["host", "--server", address, "--room", "den", "--access"];
        party.member("ana", &[&args[..], &["open", "--player", "none"]].concat())
    };
    let joins = || party.bo_joins(address, &["--player", "none"]);
    let ana = hosts();
    ana.process.says("1 person").await;
    let bo = joins();
    bo.process.says("2 people").await;

    // The first client keeps running while the second one is killed.
    let mut kept = Vec::new();
    for (who, first, starts) in [
        ("a viewer", bo, &joins as &dyn Fn() -> Member),
        ("the host", ana, &hosts),
    ] {
        let (mut member, mut times, mut others) = (first, Vec::new(), 0);
        for _ in 0..KILLS {
            let (next, time) = comes_back(member, starts, &mut rng).await;
            let status = next.status().await.expect("it runs");
            let is_as_before =
                status.members.len() == 2 && status.room.and_then(|room| room.host).as_deref() == Some("ana");
            others += u32::from(!is_as_before);
            times.push(time);
            member = next;
        }
        let (median, worst) = spread(times);
        let what = format!("seats: {who} is back after kill -9");
        Figures::print(&format!("{what}, half of the times within"), median, "s");
        figures.say(&format!("{what}, always within"), worst, GOAL, "s");
        figures.say(&format!("{what}, in another seat"), f64::from(others), 0.0, "");
        kept.push(member);
    }
    figures.finish();
}

/// Kills a client, starts the next one, and returns it with the seconds until it was in the room.
async fn comes_back(mut member: Member, starts: &dyn Fn() -> Member, rng: &mut SeededRng) -> (Member, f64) {
    sleep(drawn(rng, 0.05, 0.5)).await;
    member.process.signal(Signal::KILL);
    member.process.ends().await;
    drop(member);
    let then = Instant::now();
    let next = starts();
    next.process.says("2 people").await;
    (next, Duration::as_secs_f64(&then.elapsed()))
}
