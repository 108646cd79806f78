//! Tests of both sides of the control socket, in a temporary folder.

use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::time::WallTime;

use super::wire::{Answer, EventBody, EventLine, Request, StatusJson};
use super::{Call, ControlClient, ControlError, ControlServer, socket_of};
use crate::exit::{Failure, FailureKind};

/// A running client; the test plays its session.
struct Running {
    calls: mpsc::Receiver<Call>,
    events: broadcast::Sender<Arc<EventLine>>,
    task: JoinHandle<()>,
}

impl Running {
    fn start(folder: &Path, pid: u32) -> Self {
        Self::with_queues(folder, pid, 8, 8)
    }

    fn with_queues(folder: &Path, pid: u32, calls: usize, events: usize) -> Self {
        let server = ControlServer::bind_as(folder, pid).expect("a free name");
        let (to_calls, calls) = mpsc::channel(calls);
        let (events, _) = broadcast::channel(events);
        let task = tokio::spawn(server.run(to_calls, events.downgrade()));
        Self { calls, events, task }
    }

    /// Answers one call and returns the request.
    async fn answer(&mut self, answer: Result<Answer, Failure>) -> Request {
        let call = self.calls.recv().await.expect("the socket is open");
        call.answer.send(answer).expect("somebody waits");
        call.request
    }

    fn happens(&self, text: &str) {
        let chat = EventBody::Chat {
            user: "bo".to_owned(),
            media_ms: None,
            text: text.to_owned(),
        };
        self.events
            .send(Arc::new(EventLine::new(WallTime(0), None, chat)))
            .expect("somebody listens");
    }
}

/// Leaves a socket behind, as a killed process does.
fn die_as(folder: &Path, pid: u32) {
    drop(std::os::unix::net::UnixListener::bind(socket_of(folder, pid)).expect("a free name"));
    assert!(socket_of(folder, pid).exists());
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

async fn text_of(events: &mut super::EventStream) -> String {
    let line = events.next_line().await.expect("readable").expect("not ended");
    let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    value["text"]
        .as_str()
        .map_or_else(|| value["type"].to_string(), str::to_owned)
}

fn ctl(action: &str, argument: Option<&str>) -> Request {
    Request::Ctl {
        action: action.to_owned(),
        argument: argument.map(str::to_owned),
    }
}

#[tokio::test]
async fn a_request_reaches_the_session_and_its_answer_comes_back() {
    let folder = folder();
    let mut running = Running::start(folder.path(), 1);
    let mut client = ControlClient::connect(folder.path(), None)
        .await
        .expect("it runs");
    let status = Box::new(StatusJson {
        pid: 1,
        ..StatusJson::default()
    });
    let seek = ctl("seek", Some("-10"));

    let (wanted, answer) = tokio::join!(
        running.answer(Ok(Answer::Status(Box::clone(&status)))),
        client.call(Request::Status)
    );
    let (wanted_next, done) = tokio::join!(running.answer(Ok(Answer::Done)), client.call(seek.clone()));

    assert_eq!(
        (wanted, answer.expect("answered")),
        (Request::Status, Answer::Status(status))
    );
    assert_eq!((wanted_next, done.expect("answered")), (seek, Answer::Done));
}

#[tokio::test]
async fn a_refusal_keeps_its_code_its_text_and_its_exit_code() {
    let folder = folder();
    let mut running = Running::start(folder.path(), 1);
    let mut client = ControlClient::connect(folder.path(), None)
        .await
        .expect("it runs");
    let refusal = Failure::new(Refusal::NotHost.into(), "only the host can do that").hint("ask ana");

    let (_, refused) = tokio::join!(running.answer(Err(refusal)), client.call(ctl("pause", None)));

    let failure = Failure::from(refused.expect_err("refused"));
    assert_eq!(failure.exit().code(), 8);
    assert_eq!(
        failure.to_string(),
        "error[not_host]: only the host can do that\nhint: ask ana"
    );
}

#[tokio::test]
async fn the_newest_running_client_is_chosen_and_stale_sockets_are_removed() {
    let folder = folder();
    let mut old = Running::start(folder.path(), 11);
    die_as(folder.path(), 5);

    let mut client = ControlClient::connect(folder.path(), None)
        .await
        .expect("one lives");
    let (wanted, _) = tokio::join!(old.answer(Ok(Answer::Done)), client.call(Request::Status));

    assert_eq!(wanted, Request::Status);
    assert!(!socket_of(folder.path(), 5).exists() && socket_of(folder.path(), 11).exists());
}

#[tokio::test]
async fn a_named_session_is_chosen_and_no_other() {
    let folder = folder();
    let mut first = Running::start(folder.path(), 1);
    let _second = Running::start(folder.path(), 2);

    let mut client = ControlClient::connect(folder.path(), Some(1))
        .await
        .expect("it runs");
    let missing = ControlClient::connect(folder.path(), Some(3)).await;
    let (wanted, _) = tokio::join!(first.answer(Ok(Answer::Done)), client.call(Request::Status));

    assert_eq!(wanted, Request::Status);
    let failure = Failure::from(missing.expect_err("no such process"));
    assert_eq!((failure.exit().code(), failure.kind.code()), (6, "no_session"));
}

#[tokio::test]
async fn a_machine_without_a_client_has_no_session() {
    let folder = folder();

    let missing = ControlClient::connect(&folder.path().join("none"), None).await;

    assert!(matches!(missing, Err(ControlError::NoSession { session: None })));
}

#[tokio::test]
async fn a_client_that_ends_takes_its_socket_along_and_nobody_elses() {
    let folder = folder();
    let _other = Running::start(folder.path(), 2);
    let running = Running::start(folder.path(), 1);

    running.task.abort();
    assert!(running.task.await.is_err());

    assert!(!socket_of(folder.path(), 1).exists() && socket_of(folder.path(), 2).exists());
}

#[tokio::test]
async fn events_are_printed_as_they_happen_and_end_with_the_client() {
    let folder = folder();
    let running = Running::start(folder.path(), 1);
    let client = ControlClient::connect(folder.path(), None)
        .await
        .expect("it runs");
    let mut events = client.events(Vec::new()).await.expect("told");

    running.happens("one");
    running.happens("two");

    assert_eq!(
        (text_of(&mut events).await, text_of(&mut events).await),
        ("one".to_owned(), "two".to_owned())
    );
    drop(running.events);
    assert_eq!(events.next_line().await.expect("readable"), None);
}

#[tokio::test]
async fn a_listener_that_was_too_slow_is_told_how_much_it_missed() {
    let folder = folder();
    let running = Running::with_queues(folder.path(), 1, 8, 2);
    let client = ControlClient::connect(folder.path(), None)
        .await
        .expect("it runs");
    let mut events = client.events(Vec::new()).await.expect("told");

    for text in ["1", "2", "3", "4", "5"] {
        running.happens(text);
    }

    let line = events.next_line().await.expect("readable").expect("not ended");
    assert!(line.contains(r#""type":"gap","missed":3"#), "{line}");
    assert_eq!(
        (text_of(&mut events).await, text_of(&mut events).await),
        ("4".to_owned(), "5".to_owned())
    );
}

#[tokio::test]
async fn only_the_wanted_types_are_printed_and_an_unknown_one_is_named() {
    let folder = folder();
    let running = Running::start(folder.path(), 1);
    let client = ControlClient::connect(folder.path(), None)
        .await
        .expect("it runs");
    let other = ControlClient::connect(folder.path(), None)
        .await
        .expect("it runs");
    let mut events = client.events(vec!["sync".to_owned()]).await.expect("told");

    running.happens("not wanted");
    let sync = EventBody::Sync {
        state: "playing".to_owned(),
    };
    running
        .events
        .send(Arc::new(EventLine::new(WallTime(0), None, sync)))
        .expect("somebody listens");

    assert_eq!(text_of(&mut events).await, "\"sync\"");
    let refused = other.events(vec!["moods".to_owned()]).await;
    assert!(matches!(refused, Err(ControlError::Refused(failure)) if failure.message.contains("moods")));
}

#[tokio::test]
async fn nonsense_is_answered_and_the_connection_goes_on() {
    let folder = folder();
    let mut running = Running::start(folder.path(), 1);
    let mut raw = BufReader::new(
        UnixStream::connect(socket_of(folder.path(), 1))
            .await
            .expect("it runs"),
    );
    let mut answers = Vec::new();

    for line in [
        "",
        "{",
        "[1]",
        "\u{0}",
        r#"{"v":2,"request":"status"}"#,
        r#"{"v":1,"request":"dance"}"#,
    ] {
        raw.write_all(format!("{line}\n").as_bytes())
            .await
            .expect("written");
        let mut answer = String::new();
        raw.read_line(&mut answer).await.expect("answered");
        let value: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        answers.push(value["error"]["code"].as_str().expect("an error").to_owned());
    }
    raw.write_all(b"{\"request\":\"status\",\"v\":1}")
        .await
        .expect("written");
    raw.shutdown().await.expect("half closed");
    let wanted = running.answer(Ok(Answer::Done)).await;

    assert_eq!(answers[..4], ["bad_request"; 4]);
    assert_eq!(answers[4..], ["version", "bad_request"]);
    assert_eq!(wanted, Request::Status, "the last line needs no end");
}

#[tokio::test]
async fn a_line_that_is_too_long_is_answered_and_the_connection_goes_on() {
    let folder = folder();
    let mut running = Running::start(folder.path(), 1);
    let stream = UnixStream::connect(socket_of(folder.path(), 1)).await;
    let mut raw = BufReader::new(stream.expect("it runs"));
    let mut long = vec![b'x'; 1024 * 1024];
    long.push(b'\n');

    raw.write_all(&long).await.expect("all of it is read");
    let mut answer = String::new();
    raw.read_line(&mut answer).await.expect("answered");
    raw.write_all(b"{\"request\":\"status\",\"v\":1}\n")
        .await
        .expect("written");

    assert!(answer.contains("a request has at most 64 KiB"), "{answer}");
    assert_eq!(running.answer(Ok(Answer::Done)).await, Request::Status);
}

#[tokio::test]
async fn a_request_that_is_too_long_is_refused_before_it_is_sent() {
    let folder = folder();
    let _running = Running::start(folder.path(), 1);
    let mut client = ControlClient::connect(folder.path(), None)
        .await
        .expect("it runs");

    let refused = client
        .call(Request::Send {
            text: "x".repeat(70_000),
        })
        .await;

    assert!(
        matches!(&refused, Err(ControlError::Refused(failure)) if failure.kind == FailureKind::BadRequest),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_session_that_is_behind_or_gone_is_marked() {
    let folder = folder();
    let mut running = Running::with_queues(folder.path(), 1, 1, 8);
    let mut first = ControlClient::connect(folder.path(), None)
        .await
        .expect("it runs");
    let mut second = ControlClient::connect(folder.path(), None)
        .await
        .expect("it runs");
    let code = |result: Result<Answer, ControlError>| match result {
        Err(ControlError::Refused(failure)) => failure.kind,
        other => panic!("{other:?}"),
    };

    let (one, two) = tokio::join!(first.call(Request::Status), async {
        let busy = second.call(Request::Status).await;
        drop(running.calls.recv().await);
        running.calls.close();
        (code(busy), code(second.call(Request::Status).await))
    });

    assert_eq!(
        (code(one), two.0, two.1),
        (FailureKind::Ending, FailureKind::Busy, FailureKind::Ending)
    );
}
