//! The log: in a file while there is a screen, otherwise on standard error.
//!
//! The file stays below a size limit, and one older file is kept next to it. `-v` and `-vv` log more, `-q` less;
//! `WATCHTOGETHER_LOG` takes a filter such as `watchtogether=debug,quinn=info` and overrides both.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use watchtogether_tui::msg;

use crate::exit::{CatalogueError, Failure, FailureKind};
use crate::private_files;

/// The environment variable with a filter.
pub const VARIABLE: &str = "WATCHTOGETHER_LOG";

/// The size at which a log file is renamed and a new one begun. With the older file, the log takes at most twice that.
const FILE_BYTES: u64 = 4 * 1024 * 1024;

/// The destination of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To standard error, coloured or not.
    StandardError {
        /// Whether to colour it.
        has_color: bool,
    },
    /// To a file.
    File(PathBuf),
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verbosity {
    /// Whether only failures are logged.
    pub is_quiet: bool,
    /// How often `-v` was given.
    pub more: u8,
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file cannot be written.
    #[error("{}", msg!("log-not-opened", path = path.display().to_string()))]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The filter cannot be read.
    #[error("{}", msg!("log-filter", variable = VARIABLE, cause = _0))]
    Filter(String),
    /// Something else in the process has already started logging.
    #[error("{}", msg!("log-started-before"))]
    StartedBefore,
}

impl CatalogueError for LogError {}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Filter(_) => Self::of(FailureKind::LogFilter, error).hint(msg!("hint-log-filter")),
            LogError::File { .. } | LogError::StartedBefore => Self::of(FailureKind::Log, error),
        }
    }
}

/// Starts the log of this process, with the filter from the environment if there is one.
pub fn start(destination: &Destination, verbosity: Verbosity, filter: Option<&str>) -> Result<(), LogError> {
    let filter = filter_of(destination, verbosity, filter)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    let started = match destination {
        Destination::StandardError { has_color } => log
            .with_writer(io::stderr)
            .with_ansi(*has_color)
            .finish()
            .try_init(),
        Destination::File(path) => {
            // A screen may be on standard error, so lines that the file does not accept are dropped instead of printed there.
            let log = log.log_internal_errors(false);
            let file = CappedFile::open(path, FILE_BYTES).map_err(|source| LogError::File {
                path: path.clone(),
                source,
            })?;
            log.with_writer(Mutex::new(file))
                .with_ansi(false)
                .finish()
                .try_init()
        }
    };
    started.map_err(|_error| LogError::StartedBefore)
}

/// Other crates log only warnings, unless everything was asked for.
fn filter_of(
    destination: &Destination,
    verbosity: Verbosity,
    filter: Option<&str>,
) -> Result<EnvFilter, LogError> {
    let usual = match (verbosity, destination) {
        (Verbosity { is_quiet: true, .. }, _) => "error",
        (Verbosity { more: 0, .. }, Destination::StandardError { .. }) => "warn",
        (Verbosity { more: 0, .. }, Destination::File(_)) | (Verbosity { more: 1, .. }, _) => {
            "warn,watchtogether=info,watchtogether_server=info"
        }
        (Verbosity { more: 2, .. }, _) => "warn,watchtogether=debug,watchtogether_server=debug",
        (Verbosity { .. }, _) => "debug,watchtogether=trace,watchtogether_server=trace",
    };
    let wanted = filter.filter(|filter| !filter.is_empty()).unwrap_or(usual);
    EnvFilter::try_new(wanted).map_err(|error| LogError::Filter(error.to_string()))
}

/// A file that never exceeds a size: it is renamed and a new one is begun, and the one renamed before is deleted.
#[derive(Debug)]
struct CappedFile {
    path: PathBuf,
    file: File,
    length: u64,
    cap: u64,
}

impl CappedFile {
    /// Opens a file for appending, and creates its folder if it is missing.
    fn open(path: &Path, cap: u64) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            private_files::open_folder(folder)?;
        }
        let file = private_files::append(path)?;
        let length = file.metadata()?.len();
        Ok(Self {
            path: path.to_owned(),
            file,
            length,
            cap,
        })
    }

    fn put_aside(&mut self) -> io::Result<()> {
        fs::rename(&self.path, self.path.with_added_extension("old"))?;
        self.file = private_files::append(&self.path)?;
        self.length = self.file.metadata()?.len();
        Ok(())
    }
}

/// Each call writes one complete line of the log.
impl Write for CappedFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.length > 0 && self.length + line.len() as u64 > self.cap {
            self.put_aside()?;
        }
        self.file.write_all(line)?;
        self.length += line.len() as u64;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_log_never_outgrows_its_cap_and_keeps_one_old_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/client.log");
        let mut log = CappedFile::open(&path, 100).expect("opened");

        for i in 0..50 {
            log.write_all(format!("line number {i:02} of a log\n").as_bytes())
                .expect("written");
        }

        let old = fs::read_to_string(path.with_added_extension("old")).expect("kept");
        let new = fs::read_to_string(&path).expect("there");
        assert!(old.len() <= 100 && new.len() <= 100);
        assert!(new.ends_with("line number 49 of a log\n") && old.ends_with("of a log\n"));
        let files = fs::read_dir(path.parent().expect("a folder"))
            .expect("readable")
            .count();
        assert_eq!(files, 2);
        assert_eq!(
            path.metadata().expect("there").permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn a_log_goes_on_where_an_earlier_one_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("client.log");
        fs::write(&path, "x".repeat(90)).expect("written");
        let mut log = CappedFile::open(&path, 100).expect("opened");

        log.write_all(b"0123456789").expect("fits");
        log.write_all(b"next").expect("put aside first");

        assert_eq!(fs::read(&path).expect("there"), b"next");
    }

    #[test]
    fn a_single_line_above_the_cap_is_still_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut log = CappedFile::open(&folder.path().join("client.log"), 4).expect("opened");

        assert!(log.write_all(b"longer than four").is_ok());
    }

    #[test]
    fn the_filter_follows_the_variable_then_the_flags_then_the_destination() {
        let file = Destination::File("x".into());
        let screen = Destination::StandardError { has_color: false };
        let filter = |destination, more, is_quiet, variable| {
            filter_of(destination, Verbosity { is_quiet, more }, variable)
                .expect("a filter")
                .to_string()
        };

        assert_eq!(filter(&screen, 0, false, Some("trace")), "trace");
        assert_eq!(filter(&screen, 0, false, Some("")), "warn");
        assert!(filter(&file, 0, false, None).contains("watchtogether=info"));
        assert!(filter(&screen, 2, false, None).contains("watchtogether=debug"));
        assert_eq!(filter(&file, 9, true, None), "error");
        assert!(filter_of(&screen, Verbosity::default(), Some("a=b=c")).is_err());
    }
}
