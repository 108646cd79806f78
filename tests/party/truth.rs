//! Tests that others soon see the true state of a member who has stopped watching.
//!
//! `make bench-resume ROW=truth` measures how soon: events that a client notices itself are shown within [`NOTICE_TIMEOUT`], a
//! silent client within [`WENT_SILENT`].

use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;
use tokio::time::{Instant, sleep};
use watchtogether::control::wire::{MemberJson, StatusJson};

use crate::clip::clip;
use crate::figures::Figures;
use crate::members::{Member, Party};
use crate::process::kill;

/// The time within which the others see an event that a client notices itself.
const NOTICE_TIMEOUT: Duration = Duration::from_secs(3);

/// The time within which the others see that a client went silent.
const WENT_SILENT: Duration = Duration::from_secs(6);

/// How long a room plays before something happens, so that a silence is not measured from its start.
const PLAYED: Duration = Duration::from_secs(5);

fn bo_of(status: &StatusJson) -> Option<&MemberJson> {
    status.members.iter().find(|member| member.name == "bo")
}

/// Returns whether any value in the status says that bo is ready or in sync.
fn is_called_ready(status: &StatusJson) -> bool {
    let room = status.room.as_ref();
    room.is_none_or(|room| room.ready != Some(1) || room.watching != Some(2))
        || bo_of(status).is_none_or(|bo| bo.details.ready || bo.in_sync)
}

async fn both_watch(party: &Party, address: &str) -> (Member, Member) {
    let ana = party.ana_hosts(address, clip()).await;
    let bo = party.bo_watches(address).await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;
    ana.stands("both are ready", |s| {
        s.room.as_ref().is_some_and(|room| room.ready == Some(2))
    })
    .await;
    (ana, bo)
}

#[tokio::test]
async fn a_killed_client_is_silent_before_it_is_lost_and_never_ready_again() {
    let party = Party::new();
    let server = party.server().await;
    let (ana, bo) = both_watch(&party, &server.address).await;

    bo.process.signal(Signal::KILL);

    let silent = ana
        .stands("bo is not called ready", |s| !is_called_ready(s))
        .await;
    assert_ne!(bo_of(&silent).expect("bo").link, "up");
    ana.process.says("bo is not responding.").await;
    let lost = ana
        .stands("bo's link is lost", |s| {
            bo_of(s).is_some_and(|bo| bo.link == "lost")
        })
        .await;
    assert!(!is_called_ready(&lost));
}

#[tokio::test]
#[ignore = "a minute; make bench-resume ROW=truth"]
async fn truth() {
    let mut figures = Figures::default();
    for (what, goal) in [
        ("the player's window is closed", NOTICE_TIMEOUT),
        ("the player stands still", NOTICE_TIMEOUT),
        ("the client stands still", WENT_SILENT),
        ("the client is killed", WENT_SILENT),
    ] {
        let party = Party::new();
        let server = party.server().await;
        let (ana, bo) = both_watch(&party, &server.address).await;
        let (player, mut window) = (bo.player().await, bo.window().await);
        sleep(PLAYED).await;

        let began = Instant::now();
        match what {
            "the player's window is closed" => {
                window.does(json!(["quit"])).await;
            }
            "the player stands still" => kill(player, Signal::STOP),
            "the client stands still" => bo.process.signal(Signal::STOP),
            _ => bo.process.signal(Signal::KILL),
        }
        ana.stands(what, |s| !is_called_ready(s)).await;
        let took = began.elapsed().as_secs_f64();

        figures.say(
            &format!("truth: {what}, the others read it after"),
            took,
            goal.as_secs_f64(),
            "s",
        );
    }
    figures.finish();
}
