//! The requests of a program to a running client.

use serde::{Deserialize, Serialize};

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestLine {
    /// [`VERSION`](super::VERSION).
    pub v: u32,
    /// The request.
    #[serde(flatten)]
    pub request: Request,
}

/// One thing that a program wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// How things stand.
    Status,
    /// To say something in the room.
    Send {
        /// The text; line breaks stay.
        text: String,
    },
    /// To move the room or the client's player.
    Ctl(Action),
    /// To be told what happens, until the connection ends.
    Events {
        /// Only these types; all where empty.
        #[serde(default)]
        types: Vec<String>,
    },
}

/// The acts of `ctl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Play on, for everybody.
    Play,
    /// Pause, for everybody.
    Pause,
    /// Play or pause, whichever it is not.
    Toggle,
    /// Go to another position, for everybody.
    Seek(SeekTarget),
    /// Play at another speed, for everybody.
    Speed {
        /// How fast: 0.25 to 4.
        rate: f64,
    },
    /// Take back what was done to all last.
    Undo,
    /// Hand the room to another member.
    Host {
        /// Their name.
        name: String,
    },
    /// Take a member's seat away.
    Kick {
        /// Their name.
        name: String,
    },
    /// Take a member's seat away and keep them out.
    Ban {
        /// Their name.
        name: String,
    },
    /// Let somebody in again who was banned.
    Unban {
        /// Their name.
        name: String,
    },
    /// Go on without those that the room waits for.
    GoOn,
    /// Change what the room does when a member's player runs dry.
    OnStall {
        /// The new policy.
        policy: Stall,
    },
    /// Put on a file of this machine, or a link.
    Open {
        /// An absolute path, an http(s) URL, or a `file://` URL: whose percent escapes hold any path, UTF-8 or not.
        target: String,
    },
    /// Bring the client's player to where the room is, now.
    Sync,
    /// Open the client's player again.
    Reopen,
    /// Try to reach the server now.
    Retry,
    /// Leave the room and end the client.
    Quit,
}

/// Where to go: `"to_ms"` or `"by_ms"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeekTarget {
    /// To a position, in milliseconds from the beginning.
    #[serde(rename = "to_ms")]
    To(i64),
    /// By a distance in milliseconds; back where negative.
    #[serde(rename = "by_ms")]
    By(i64),
}

/// The policy of a room for a member whose player runs dry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stall {
    /// Waits for it, for a while.
    Wait,
    /// Goes on.
    GoOn,
}

#[cfg(test)]
mod tests {
    use super::super::VERSION;
    use super::*;

    fn line(request: Request) -> String {
        serde_json::to_string(&RequestLine { v: VERSION, request }).expect("plain structures")
    }

    #[test]
    fn requests_are_written_as_documented() {
        assert_eq!(line(Request::Status), r#"{"v":1,"request":"status"}"#);
        assert_eq!(
            line(Request::Ctl(Action::Seek(SeekTarget::By(-10_000)))),
            r#"{"v":1,"request":"ctl","action":"seek","by_ms":-10000}"#
        );
        assert_eq!(
            line(Request::Ctl(Action::GoOn)),
            r#"{"v":1,"request":"ctl","action":"go_on"}"#
        );
        assert_eq!(
            line(Request::Send {
                text: "a\nb".to_owned()
            }),
            r#"{"v":1,"request":"send","text":"a\nb"}"#
        );
    }

    #[test]
    fn requests_come_back_from_their_line() {
        let all = [
            Request::Status,
            Request::Events {
                types: vec!["chat".to_owned()],
            },
            Request::Ctl(Action::Seek(SeekTarget::To(90_000))),
            Request::Ctl(Action::Speed { rate: 1.25 }),
            Request::Ctl(Action::OnStall { policy: Stall::GoOn }),
            Request::Ctl(Action::Host {
                name: "bo".to_owned(),
            }),
        ];
        for request in all {
            let read: RequestLine = serde_json::from_str(&line(request.clone())).expect("own line");

            assert_eq!(read.request, request);
        }
    }

    #[test]
    fn a_seek_without_a_target_is_no_request() {
        assert!(serde_json::from_str::<RequestLine>(r#"{"v":1,"request":"ctl","action":"seek"}"#).is_err());
        assert!(serde_json::from_str::<RequestLine>(r#"{"v":1,"request":"dance"}"#).is_err());
    }
}
