//! Files as people name them: typed, pasted, dragged into a terminal, half remembered, or looked for.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use watchtogether_protocol::Clean;
use watchtogether_tui::home::vocabulary::{
    Choice, Completed, FileKind, Film, FoundFile, HomeUpdate, SearchNews, Searched,
};

use crate::cli::{party, variable};
use crate::config::file::distance;
use crate::exit::{Exit, Failure};
use crate::library::{self, Kind};
use crate::local_clock::monotonic;
use crate::session::OwnCopy;

/// Nobody waits longer for a search.
const SEARCH: Duration = Duration::from_secs(30);

/// So many names of a folder are looked at for one that was meant or begun.
const NAMES: usize = 20_000;

/// So many things that a beginning can become are shown.
const CHOICES: usize = 200;

/// Runs something that may wait for a disk on a thread that nobody waits for: a folder on a network that is gone must
/// not keep the program from ending.
pub(super) fn apart(work: impl FnOnce() + Send + 'static) {
    let started = std::thread::Builder::new().name("files".to_owned()).spawn(work);
    if let Err(error) = started {
        tracing::warn!(%error, "no thread for files");
    }
}

/// Returns the user's home folder.
pub(super) fn home() -> Option<PathBuf> {
    variable("HOME")
        .map(PathBuf::from)
        .filter(|home| home.is_absolute())
}

/// Returns what a user named: a file of theirs, or a link.
pub(super) fn own_copy(film: &Film) -> Result<OwnCopy, Failure> {
    match film {
        Film::Chosen(path) => party::own_file(path),
        Film::Typed(text) if text.contains("://") && !text.starts_with("file://") => party::own_copy(text),
        Film::Typed(text) => {
            let meant = meant(text, home().as_deref());
            match meant.iter().find(|path| path.exists()) {
                Some(path) => party::own_file(path),
                None => Err(missing(text, meant.first())),
            }
        }
    }
}

/// Returns the failure of a file that is not there, with the nearest name that is.
fn missing(text: &str, path: Option<&PathBuf>) -> Failure {
    let failure = Failure::new(Exit::NotFound, "no_such_file", format!("there is no {text}"));
    let Some(path) = path else { return failure };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return failure.hint(format!(
            "there is no folder {} either",
            shown(folder, home().as_deref())
        ));
    }
    match nearest(folder, path) {
        Some(name) => failure.hint(format!("did you mean {name}?")),
        None => failure.hint("Ctrl-O finds films in your folders"),
    }
}

/// Returns the name in a folder that differs in so few letters that it may have been meant.
fn nearest(folder: &Path, path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy().to_lowercase();
    let most = (wanted.chars().count() / 3).clamp(1, 6);
    let names = fs::read_dir(folder).ok()?.filter_map(Result::ok).take(NAMES);
    names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .map(|name| (near(&wanted, &name.to_lowercase()), name))
        .filter(|(far, _)| *far <= most)
        .min()
        .map(|(_, name)| Clean::line(&name).to_string())
}

/// Returns how far two names are apart; a missing ending is no mistake.
fn near(wanted: &str, name: &str) -> usize {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    distance(wanted, name).min(distance(wanted, stem) + 1)
}

/// Returns the paths that a text can mean, the likeliest first: as it stands, and without what shells and terminals put
/// around it.
fn meant(text: &str, home: Option<&Path>) -> Vec<PathBuf> {
    let text = text.trim();
    let quoted = ['\'', '"']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut meant = vec![from_home(text, home)];
    if let Some(inside) = quoted {
        meant.push(from_home(inside, home));
    }
    if let Some(rest) = text.strip_prefix("file://") {
        // A host may stand before the path; only this one's files can be opened.
        let path = rest.find('/').map_or("", |at| &rest[at..]);
        meant.insert(
            0,
            PathBuf::from(OsString::from_vec(library::percent_decoded(path))),
        );
    }
    if text.contains('\\') {
        meant.push(from_home(&unescaped(text), home));
    }
    meant
}

/// Returns a path whose `~` is the home folder.
fn from_home(text: &str, home: Option<&Path>) -> PathBuf {
    match (text.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(text),
    }
}

/// Returns a text without the backslashes that a shell would take away.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

/// Returns a path as people read it, from `~` on where it is below the home folder.
fn shown(path: &Path, home: Option<&Path>) -> String {
    let below = home.and_then(|home| path.strip_prefix(home).ok());
    let text = match below {
        Some(below) if below.as_os_str().is_empty() => "~".to_owned(),
        Some(below) => format!("~/{}", below.display()),
        None => path.display().to_string(),
    };
    Clean::line(&text).to_string()
}

/// Returns what the beginning of a path can become. Films and folders come before the rest, hidden names only where
/// they were begun; capitals count only where no name fits with them.
pub(super) fn complete(text: &str, home: Option<&Path>) -> Completed {
    if text == "~" {
        return grown(text, "~/");
    }
    let (folder_text, begun) = text.rfind('/').map_or(("", text), |at| text.split_at(at + 1));
    let folder = if folder_text.is_empty() {
        PathBuf::from(".")
    } else {
        from_home(folder_text, home)
    };
    let mut names: Vec<OsString> = fs::read_dir(&folder)
        .map(|entries| {
            entries
                .filter_map(Result::ok)
                .take(NAMES)
                .map(|entry| entry.file_name())
                .collect()
        })
        .unwrap_or_default();
    names.retain(|name| begun.starts_with('.') || !name.as_encoded_bytes().starts_with(b"."));
    let fits = |name: &OsString| name.to_string_lossy().starts_with(begun);
    if names.iter().any(fits) {
        names.retain(fits);
    } else {
        let begun = begun.to_lowercase();
        names.retain(|name| name.to_string_lossy().to_lowercase().starts_with(&begun));
    }
    let mut choices: Vec<(Kind, Choice)> = names
        .into_iter()
        .map(|name| choice(&folder, folder_text, &name))
        .collect();
    choices.sort_by(|(a_kind, a), (b_kind, b)| (a_kind, &a.name).cmp(&(b_kind, &b.name)));
    let choices: Vec<Choice> = choices.into_iter().map(|(_, choice)| choice).collect();
    let common = common_beginning(choices.iter().map(|choice| choice.text.as_str()));
    let is_longer = common.as_ref().is_some_and(|common| common.len() >= text.len());
    Completed {
        asked: text.to_owned(),
        text: common.filter(|_| is_longer).unwrap_or_else(|| text.to_owned()),
        is_whole: matches!(&choices[..], [only] if only.text == text && !only.text.ends_with('/')),
        choices: choices.into_iter().take(CHOICES).collect(),
    }
}

fn grown(asked: &str, text: &str) -> Completed {
    Completed {
        asked: asked.to_owned(),
        text: text.to_owned(),
        is_whole: false,
        choices: vec![Choice {
            name: text.to_owned(),
            text: text.to_owned(),
            path: PathBuf::from(text),
        }],
    }
}

fn choice(folder: &Path, folder_text: &str, name: &OsString) -> (Kind, Choice) {
    let path = folder.join(name);
    let (kind, end) = if path.is_dir() {
        (Kind::Video, "/")
    } else {
        (Kind::of(&path), "")
    };
    let name = format!("{}{end}", Clean::line(&name.to_string_lossy()));
    let choice = Choice {
        text: format!("{folder_text}{name}"),
        name,
        path,
    };
    (kind, choice)
}

/// Returns the longest beginning that all texts share.
fn common_beginning<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let first = texts.next()?;
    Some(texts.fold(first.to_owned(), |common, text| {
        let same = common.chars().zip(text.chars()).take_while(|(a, b)| a == b);
        same.map(|(c, _)| c).collect()
    }))
}

/// Looks through the media folders, the current folder, and the one that stands in the field.
pub(super) fn search(
    number: u32,
    beside: &str,
    media: Vec<PathBuf>,
    has_enough: &AtomicBool,
    updates: &mpsc::Sender<HomeUpdate>,
) {
    let tell = |news| {
        if updates
            .blocking_send(HomeUpdate::Search { number, news })
            .is_err()
        {
            has_enough.store(true, Ordering::Relaxed);
        }
    };
    let home = home();
    let folders = folders(beside, media, home.as_deref());
    tell(SearchNews::Folders(
        folders
            .iter()
            .map(|folder| Clean::line(&shown(folder, home.as_deref())))
            .collect(),
    ));
    let until = monotonic() + SEARCH;
    let is_over = || has_enough.load(Ordering::Relaxed) || monotonic() > until;
    let end = library::walk(&folders, is_over, |walked| {
        let found = walked.into_iter().map(|file| {
            let below = file
                .path
                .strip_prefix(&folders[file.folder])
                .unwrap_or(&file.path);
            FoundFile {
                below: Clean::line(&below.to_string_lossy()),
                folder: file.folder,
                kind: match file.kind {
                    Kind::Video => FileKind::Video,
                    Kind::Audio => FileKind::Audio,
                    Kind::Other => FileKind::Other,
                },
                size: file.size,
                changed: file.changed,
                path: file.path,
            }
        });
        tell(SearchNews::Found(found.collect()));
    });
    tell(SearchNews::Ended(Searched {
        is_cut_short: end.is_cut_short,
        unreadable: end.unreadable,
    }));
}

/// Returns the folders to look through, each once: the one that was typed first, then where films usually are.
fn folders(beside: &str, media: Vec<PathBuf>, home: Option<&Path>) -> Vec<PathBuf> {
    let typed = (!beside.trim().is_empty()).then(|| from_home(beside.trim(), home));
    let typed = typed.filter(|folder| folder.is_absolute() && folder.is_dir());
    let current = std::env::current_dir().ok();
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in typed.into_iter().chain(media).chain(current) {
        if !folders.contains(&folder) && folder.is_dir() {
            folders.push(folder);
        }
    }
    folders
}
