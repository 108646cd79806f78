//! The failure of a command, reported to programs and to people.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use watchtogether_tui::RunError;

use super::{Exit, FailureKind, system};

/// An error whose `Display` is a message of the catalogue, so that users can read it.
pub trait CatalogueError: Error + Send + Sync + 'static {}

impl CatalogueError for RunError {}

/// The failure of a command: its kind and the texts for people.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The kind, which determines the exit code and the code.
    pub kind: FailureKind,
    /// One sentence, without a full stop, that says what failed.
    pub message: String,
    /// Further lines about the cause.
    pub details: Vec<String>,
    /// A suggestion for the user.
    pub hint: Option<String>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl Failure {
    /// Returns a failure of a kind, with its message.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            details: Vec::new(),
            hint: None,
            source: None,
        }
    }

    /// Returns the failure for an error with a message of the catalogue. Its cause is a detail unless the message contains it.
    pub fn of(kind: FailureKind, error: impl CatalogueError) -> Self {
        Self::with_message(kind, error.to_string(), error)
    }

    /// Returns the failure for an error whose description is only for logs, with a message of the catalogue. Its cause is a
    /// detail unless the message contains it.
    pub fn with_message(
        kind: FailureKind,
        message: impl Into<String>,
        error: impl Error + Send + Sync + 'static,
    ) -> Self {
        let mut failure = Self::new(kind, message);
        let cause = error.source().map(system::cause);
        failure
            .details
            .extend(cause.filter(|cause| !failure.message.contains(cause)));
        failure.source = Some(Arc::new(error));
        failure
    }

    /// Returns the failure with the error that caused it as a detail and as the source.
    #[must_use]
    pub fn because(mut self, error: impl Error + Send + Sync + 'static) -> Self {
        self.details.push(system::cause(&error));
        self.source = Some(Arc::new(error));
        self
    }

    /// Returns the failure with one more line about the cause.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// Returns the failure with a suggestion for the user.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the exit code.
    pub const fn exit(&self) -> Exit {
        self.kind.exit()
    }

    /// Returns whether nothing is reported about the failure.
    pub const fn is_quiet(&self) -> bool {
        matches!(self.kind, FailureKind::ReaderGone)
    }

    /// Returns the failure as one JSON object: `{"v":1,"error":{…}}`.
    pub fn to_json(&self) -> serde_json::Value {
        #[derive(Serialize)]
        struct Body<'a> {
            code: &'a str,
            exit: u8,
            message: &'a str,
            #[serde(skip_serializing_if = "<[String]>::is_empty")]
            details: &'a [String],
            #[serde(skip_serializing_if = "Option::is_none")]
            hint: Option<&'a str>,
        }
        serde_json::json!({"v": 1, "error": Body {
            code: self.kind.code(),
            exit: self.exit().code(),
            message: &self.message,
            details: &self.details,
            hint: self.hint.as_deref(),
        }})
    }
}

/// Writes `error[code]: message`, the details and `hint: …`, each on its own line.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.kind.code(), self.message)?;
        for line in &self.details {
            write!(f, "\n  {line}")?;
        }
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

/// A failure inside the error keeps its kind, no matter what context was added.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let known = error.chain().find_map(|cause| cause.downcast_ref::<Self>());
        if let Some(failure) = known {
            return failure.clone();
        }
        let mut failure = Self::new(FailureKind::Failed, format!("{error:#}"));
        failure.source = Some(Arc::from(
            error.reallocate_into_boxed_dyn_error_without_backtrace(),
        ));
        failure
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use anyhow::Context as _;

    use super::*;

    #[test]
    fn a_failure_has_a_message_a_cause_and_a_hint() {
        let failure = Failure::new(FailureKind::PinMismatch, "this is another server")
            .detail("expected a, got b")
            .hint("ask for a new invite");

        assert_eq!(
            failure.to_string(),
            "error[pin_mismatch]: this is another server\n  expected a, got b\nhint: ask for a new invite"
        );
        assert_eq!(
            failure.to_json().to_string(),
            r#"{"error":{"code":"pin_mismatch","details":["expected a, got b"],"exit":5,"hint":"ask for a new invite","message":"this is another server"},"v":1}"#
        );
    }

    #[test]
    fn a_failure_keeps_its_kind_under_any_context() {
        let inner: anyhow::Result<()> = Err(Failure::new(FailureKind::OpenFailed, "no player").into());

        let failure = Failure::from(
            inner
                .context("while starting")
                .context("host")
                .expect_err("failed"),
        );

        assert_eq!(
            (failure.exit(), failure.kind),
            (Exit::Player, FailureKind::OpenFailed)
        );
    }

    #[test]
    fn an_unknown_error_prints_its_whole_chain() {
        let failure = Failure::from(anyhow::anyhow!("disk full").context("cannot write"));

        assert_eq!(failure.to_string(), "error[failed]: cannot write: disk full");
        assert_eq!(failure.exit(), Exit::Other);
    }

    #[test]
    fn the_error_behind_a_failure_can_be_asked_what_it_was() {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let failures = [
            Failure::with_message(FailureKind::Failed, "cannot read x", gone()),
            Failure::new(FailureKind::Usage, "cannot read x").because(gone()),
            Failure::from(anyhow::Error::from(gone())),
        ];

        for failure in failures {
            let source = failure
                .source()
                .and_then(|source| source.downcast_ref::<io::Error>());
            assert_eq!(
                source.map(io::Error::kind),
                Some(io::ErrorKind::NotFound),
                "{failure}"
            );
        }
    }
}
