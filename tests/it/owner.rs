//! Tests of a room that was handed over and whose owner takes it back.

use crate::program::{Home, Running};

const HOST: &str = "host --plain --player none --port 0 --room film --name ana --public 127.0.0.1";

#[tokio::test]
async fn only_the_owner_becomes_host_again_by_script_and_by_line() {
    let (home, at_bo) = (Home::new(), Home::new());
    let (mut ana, _invite, mut bo) = ana_and_bo(&home, &at_bo).await;

    for take_back in ["ctl", "/take-back", "/host me"] {
        let given = home.run(&["ctl", "host", "bo"]).await;
        assert_eq!(given.code, Some(0), "{given}");
        ana.says("bo is now the host.").await;
        bo.says("You are now the host.").await;

        if take_back == "ctl" {
            let taken = home.run(&["ctl", "host", "me"]).await;
            assert_eq!(taken.code, Some(0), "{taken}");
        } else {
            ana.types(take_back).await;
        }

        ana.says("You are the host again.").await;
        bo.says("ana is the host again.").await;
    }
    let refused = at_bo.run(&["ctl", "host", "me"]).await;
    assert_eq!(refused.code, Some(8), "{refused}");
    bo.types("/take-back").await;
    bo.says("ana can do that").await;
}

/// Starts a room of ana, with bo in it.
async fn ana_and_bo(home: &Home, at_bo: &Home) -> (Running, String, Running) {
    let mut ana = home.start(&HOST.split(' ').collect::<Vec<_>>());
    let invite = ana.invite().await;
    let mut bo = at_bo.start(&["join", &invite, "--plain", "--player", "none", "--name", "bo"]);
    bo.says("2 people: ana (host), you.").await;
    ana.says("bo joined.").await;
    (ana, invite, bo)
}

/// Returns `.room.invite` of the client's status.
async fn invite_of(home: &Home) -> serde_json::Value {
    let status = home.run(&["status", "--json"]).await;
    assert_eq!(status.code, Some(0), "{status}");
    let status: serde_json::Value = serde_json::from_str(&status.stdout).expect("JSON");
    status["room"].get("invite").expect("the field is there").clone()
}

#[tokio::test]
async fn the_status_has_the_invite_of_members_who_know_its_token() {
    let (home, at_bo) = (Home::new(), Home::new());
    let (mut ana, invite, mut bo) = ana_and_bo(&home, &at_bo).await;

    assert_eq!(invite_of(&home).await, invite);
    assert_eq!(invite_of(&at_bo).await, invite);

    ana.types("/host bo").await;
    bo.says("You are now the host.").await;
    ana.says("bo is now the host.").await;

    assert_eq!(invite_of(&at_bo).await, invite);
    assert_eq!(invite_of(&home).await, invite);
    bo.types("/invite").await;
    bo.says(&invite).await;
}
