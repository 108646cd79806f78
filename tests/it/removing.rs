//! Tests of members that a host removes with the built program, and of keeping them out.

use crate::program::Home;

const HOST: &str = "host --plain --player none --port 0 --room film --name ana --public 127.0.0.1";

#[tokio::test]
async fn a_script_removes_somebody_keeps_them_out_and_lets_them_in_again() {
    let (home, at_bo) = (Home::new(), Home::new());
    let mut ana = home.start(&HOST.split(' ').collect::<Vec<_>>());
    let invite = ana.invite().await;
    let join = ["join", &invite, "--plain", "--player", "none", "--name", "bo"];
    let mut bo = at_bo.start(&join);
    bo.says("2 people: ana (host), you.").await;
    ana.says("bo joined.").await;

    let refused = at_bo.run(&["ctl", "kick", "ana"]).await;
    assert_eq!(refused.code, Some(8), "{refused}");
    let itself = home.run(&["ctl", "kick", "ana"]).await;
    assert_eq!(itself.code, Some(4), "{itself}");
    let kicked = home.run(&["ctl", "kick", "bo"]).await;
    assert_eq!(kicked.code, Some(0), "{kicked}");
    ana.says("You removed bo.").await;
    bo.says("The host removed you.").await;
    let end = bo.end().await;
    assert_eq!(end.code, Some(4), "{end}");
    assert!(end.stderr.contains("error[removed]"), "{end}");

    let mut bo = at_bo.start(&join);
    bo.says("2 people: ana (host), you.").await;
    ana.says("bo joined.").await;
    let banned = home.run(&["ctl", "ban", "bo"]).await;
    assert_eq!(banned.code, Some(0), "{banned}");
    ana.says("You banned bo.").await;
    assert_eq!(bo.end().await.code, Some(4));
    for name in ["bo", "B\u{43e}"] {
        let out = at_bo.run(&[&join[..6], &[name]].concat()).await;
        assert_eq!(out.code, Some(4), "{out}");
        assert!(out.stderr.contains("error[banned]"), "{out}");
    }

    let list = home.run(&["ctl", "bans"]).await;
    assert!(list.stdout.starts_with("bo  until 20"), "{list}");
    let json = home.run(&["ctl", "bans", "--json"]).await;
    assert!(
        json.stdout.starts_with(r#"{"bans":[{"name":"bo","until":"20"#),
        "{json}"
    );
    let nobody = home.run(&["ctl", "unban", "cy"]).await;
    assert_eq!(nobody.code, Some(6), "{nobody}");
    ana.types("/bans").await;
    ana.says("1. bo is banned for 7 days.").await;
    let lifted = home.run(&["ctl", "unban", "BO"]).await;
    assert_eq!(lifted.code, Some(0), "{lifted}");

    ana.says("bo can join again.").await;
    let mut bo = at_bo.start(&join);
    bo.says("2 people: ana (host), you.").await;
    let list = home.run(&["ctl", "bans"]).await;
    assert_eq!((list.code, list.stdout.as_str()), (Some(0), ""), "{list}");
    let theirs = at_bo.run(&["ctl", "bans"]).await;
    assert_eq!(theirs.code, Some(8), "{theirs}");
}
