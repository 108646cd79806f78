//! The answers of a running client.

use serde::{Deserialize, Serialize};

use super::VERSION;
use super::status::StatusJson;
use crate::exit::{Failure, FailureKind};

/// One answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplyLine {
    /// The version, [`VERSION`].
    pub v: u32,
    /// Whether the request was granted.
    pub ok: bool,
    /// The status, if it was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Box<StatusJson>>,
    /// Why the request was not granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Problem>,
}

/// The answer to a request that was granted.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The request was carried out.
    Done,
    /// The requested status.
    Status(Box<StatusJson>),
}

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The code, from [`FailureKind::code`].
    pub code: String,
    /// The message for people.
    pub message: String,
    /// A suggestion for the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self {
            code: failure.kind.code().to_owned(),
            message: failure.message,
            hint: failure.hint,
        }
    }
}

/// The only place where a code is converted back to a kind.
impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let failure = match FailureKind::of_code(&problem.code) {
            Some(kind) => Self::new(kind, problem.message),
            // A code of a later version.
            None => Self::new(FailureKind::Failed, problem.message).detail(problem.code),
        };
        match problem.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<Result<Answer, Failure>> for ReplyLine {
    fn from(result: Result<Answer, Failure>) -> Self {
        let (status, error) = match result {
            Ok(Answer::Done) => (None, None),
            Ok(Answer::Status(status)) => (Some(status), None),
            Err(failure) => (None, Some(failure.into())),
        };
        Self {
            v: VERSION,
            ok: error.is_none(),
            status,
            error,
        }
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::message::room::Refusal;

    use super::*;

    #[test]
    fn an_answer_reports_success_or_the_reason() {
        let done = serde_json::to_string(&ReplyLine::from(Ok(Answer::Done))).expect("plain structures");
        let refused = ReplyLine::from(Err(Failure::new(
            Refusal::NotHost.into(),
            "only the host can do that",
        )
        .hint("ask ana")));

        assert_eq!(done, r#"{"v":1,"ok":true}"#);
        assert_eq!(
            serde_json::to_string(&refused).expect("plain structures"),
            r#"{"v":1,"ok":false,"error":{"code":"not_host","message":"only the host can do that","hint":"ask ana"}}"#
        );
    }

    #[test]
    fn a_failure_of_every_kind_is_the_same_after_the_socket() {
        for kind in FailureKind::all() {
            let sent = Failure::new(kind, "words").hint("a hint");

            let line = serde_json::to_string(&Problem::from(sent)).expect("plain structures");
            let read: Problem = serde_json::from_str(&line).expect("own line");
            let heard = Failure::from(read);

            assert_eq!((heard.kind, heard.exit()), (kind, kind.exit()));
            assert_eq!(
                (heard.message.as_str(), heard.hint.as_deref()),
                ("words", Some("a hint"))
            );
        }
    }

    #[test]
    fn a_code_of_a_later_version_is_a_failure_that_keeps_it() {
        let problem = Problem {
            code: "bored".to_owned(),
            message: "nothing happens here".to_owned(),
            hint: None,
        };

        let failure = Failure::from(problem);

        assert_eq!(failure.kind, FailureKind::Failed);
        assert_eq!(failure.details, ["bored"]);
    }
}
