//! The requests of a program to a running client.

use serde::{Deserialize, Serialize};

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestLine {
    /// The version, [`VERSION`](super::VERSION).
    pub v: u32,
    /// The request.
    #[serde(flatten)]
    pub request: Request,
}

/// A request of a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// Get the status.
    Status,
    /// Send a chat message in the room.
    Send {
        /// The text; line breaks are kept.
        text: String,
    },
    /// Control the room or the client's player.
    Ctl {
        /// An action, by the name of its slash command: `pause`, `on-stall`.
        action: String,
        /// The action's argument, as a user would type it. A file is given by its absolute path, or by a `file://` URL, whose
        /// percent escapes can express any path, UTF-8 or not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        argument: Option<String>,
    },
    /// Subscribe to events, until the connection ends.
    Events {
        /// The types to receive; all if empty.
        #[serde(default)]
        types: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::super::VERSION;
    use super::*;

    fn line(request: Request) -> String {
        serde_json::to_string(&RequestLine { v: VERSION, request }).expect("plain structures")
    }

    fn ctl(action: &str, argument: Option<&str>) -> Request {
        Request::Ctl {
            action: action.to_owned(),
            argument: argument.map(str::to_owned),
        }
    }

    #[test]
    fn requests_are_written_as_documented() {
        assert_eq!(line(Request::Status), r#"{"v":1,"request":"status"}"#);
        assert_eq!(
            line(ctl("seek", Some("-10"))),
            r#"{"v":1,"request":"ctl","action":"seek","argument":"-10"}"#
        );
        assert_eq!(
            line(ctl("go-on", None)),
            r#"{"v":1,"request":"ctl","action":"go-on"}"#
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
            ctl("pause", None),
            ctl("host", Some("bo the great")),
        ];
        for request in all {
            let read: RequestLine = serde_json::from_str(&line(request.clone())).expect("own line");

            assert_eq!(read.request, request);
        }
    }

    #[test]
    fn a_line_without_an_action_or_with_another_request_is_no_request() {
        for line in [r#"{"v":1,"request":"ctl"}"#, r#"{"v":1,"request":"dance"}"#] {
            assert!(serde_json::from_str::<RequestLine>(line).is_err(), "{line}");
        }
    }
}
