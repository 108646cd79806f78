//! File operations for a screen, on separate threads, so that neither the screen nor the client waits for an unreachable network
//! folder.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;
use watchtogether_protocol::Clean;
use watchtogether_tui::Update;
use watchtogether_tui::home_vocabulary::FilmChoice;
use watchtogether_tui::msg;
use watchtogether_tui::update::{Note, Weight};

use super::globals::text_variable;
use super::wall_clock::wall_clock;
use super::{files, films, media_arg};
use crate::exit::Failure;
use crate::session::command::Command;

/// The default editor.
const EDITOR: &str = "vi";

/// Completes the beginning of a path.
pub(super) fn complete_path(text: String, updates: mpsc::Sender<Update>) {
    files::spawn_detached(move || {
        let completed = files::complete(&text, films::home().as_deref());
        drop(updates.blocking_send(Update::Completed(completed)));
    });
}

/// Identifies a film and sets it as the room's item.
pub(super) fn open(film: String, commands: mpsc::Sender<Command>, updates: mpsc::Sender<Update>) {
    files::spawn_detached(move || match media_arg::local_item(&FilmChoice::Typed(film)) {
        Ok(own) => drop(commands.blocking_send(Command::Open(own))),
        Err(failure) => drop(updates.blocking_send(Update::Note(note_of_failure(&failure)))),
    });
}

/// Saves a text in a new file, and reports where.
pub(super) fn export(path: String, text: String, updates: mpsc::Sender<Update>) {
    files::spawn_detached(move || drop(updates.blocking_send(Update::Note(exported(&path, &text)))));
}

/// Writes a text to a new file, and returns the note about the outcome. It blocks.
pub(super) fn exported(path: &str, text: &str) -> Note {
    let path = films::from_home(OsStr::new(path.trim()), films::home().as_deref());
    match write_new(&path, text) {
        Ok(()) => note(
            &msg!("export-done", path = path.display().to_string()),
            None,
            Weight::Calm,
        ),
        Err(error) => {
            let is_there = error.kind() == io::ErrorKind::AlreadyExists;
            let hint = is_there.then_some(msg!("export-other-name"));
            let words = msg!(
                "export-failed",
                path = path.display().to_string(),
                why = error.to_string()
            );
            note(&words, hint, Weight::Warning)
        }
    }
}

/// Opens a text in the user's editor, which takes over the terminal. If the editor fails, the text is unchanged.
pub(super) async fn edit(text: String, updates: mpsc::Sender<Update>) {
    let edited = in_editor(&text).await;
    // The terminal is restored first, so that the outcome is shown on the screen.
    for update in [Update::WallClock(wall_clock()), Update::Resumed, edited] {
        drop(updates.send(update).await);
    }
}

/// Opens a text in the user's editor, and returns the edited text or the failure.
pub(super) async fn in_editor(text: &str) -> Update {
    let editor = ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(text_variable)
        .find(|name| !name.trim().is_empty());
    let editor = editor.unwrap_or_else(|| EDITOR.to_owned());
    match edit_text(&editor, text).await {
        Ok(Some(text)) => Update::Edited(text),
        Ok(None) => Update::Note(note(msg!("editor-gave-up"), None, Weight::Calm)),
        Err(error) => {
            let words = msg!("editor-unusable", editor = &editor, why = error.to_string());
            let hint = Some(msg!("editor-hint"));
            Update::Note(note(&words, hint, Weight::Warning))
        }
    }
}

/// Runs an editor through the shell, on a temporary file with the text. Returns the file's new content, or `None` if the editor
/// failed.
async fn edit_text(editor: &str, text: &str) -> io::Result<Option<String>> {
    let mut file = tempfile::Builder::new()
        .prefix("message-")
        .suffix(".txt")
        .tempfile()?;
    file.write_all(text.as_bytes())?;
    let terminal = io::stdout().as_fd().try_clone_to_owned()?;
    let status = tokio::process::Command::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$1\""))
        .arg("sh")
        .arg(file.path())
        // Standard error is the log while there is a screen.
        .stderr(terminal)
        .kill_on_drop(true)
        .status()
        .await?;
    if !status.success() {
        return Ok(None);
    }
    // Read by path, because some editors replace the file.
    Ok(Some(std::fs::read_to_string(file.path())?))
}

/// Writes a file that nobody else can read. If it cannot be written completely, it is removed again.
fn write_new(path: &PathBuf, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        forget(path);
    }
    written
}

fn forget(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(%error, path = %path.display(), "could not remove an incomplete file");
    }
}

/// Returns the note about a failure.
pub(super) fn note_of_failure(failure: &Failure) -> Note {
    note(&failure.message, failure.hint.as_deref(), Weight::Warning)
}

fn note(words: &str, hint: Option<&str>, weight: Weight) -> Note {
    Note {
        words: Clean::line(words),
        hint: hint.map(Clean::line),
        weight,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    async fn answer(path: &Path) -> String {
        let (updates, mut answers) = mpsc::channel(1);
        export(path.display().to_string(), "# chat\n".to_owned(), updates);
        match answers.recv().await {
            Some(Update::Note(Note { words, hint, .. })) => {
                format!(
                    "{} {}",
                    words.as_str(),
                    hint.map_or_else(String::new, |hint| hint.as_str().to_owned())
                )
            }
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn an_export_is_private_and_never_overwrites() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("chat.txt");

        assert!(answer(&path).await.starts_with("chat saved to"));

        let mode = std::fs::metadata(&path).expect("written").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&path, "mine").expect("written");
        assert!(
            answer(&path)
                .await
                .ends_with("existing files are not overwritten")
        );
        assert_eq!(std::fs::read_to_string(&path).expect("there"), "mine");
        assert!(
            answer(&folder.path().join("none/chat.txt"))
                .await
                .contains("cannot save the chat to")
        );
    }
}
