//! The recently entered rooms: their servers, the invites, and the film's position.
//!
//! A list of at most [`ROOMS`] rooms, newest first, in one file in the state folder. It contains invites, so it is private to its
//! user. It is only a convenience: if anything is wrong with [the file](crate::page), everything else still works.

use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use watchtogether_protocol::id::InviteToken;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::settings::{RoomSettings, RoomTitle};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, MediaTime, MemberName, Pin, Rate, RoomName};

use crate::page::{PageError, PageFile, PageKind};

/// The number of rooms that are kept. Nobody looks through more.
pub const ROOMS: usize = 20;

/// The maximum size of the file that is read: twenty rooms with the longest paths take a tenth of it.
const BYTES: u64 = 1024 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// The codes of the two policies in the file.
const WAIT: &str = "wait";
const GO_ON: &str = "go_on";

/// A room that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// The room's name.
    pub room: RoomName,
    /// The server's address; `None` for a local server, which ran for that session.
    pub server: Option<Address>,
    /// The UDP port of the local server, which invites contain.
    pub port: Option<u16>,
    /// The server's key, if an invite contained it.
    pub pin: Option<Pin>,
    /// The token that admits the user.
    pub token: Option<InviteToken>,
    /// The member's name.
    pub name: MemberName,
    /// Whether the user was host and may open the room again.
    pub was_host: bool,
    /// The local copy of the film.
    pub film: Option<RecentFilm>,
    /// The room's settings; `None` in a note of a version that did not keep them.
    pub settings: Option<RoomSettings>,
    /// The room's speed.
    pub rate: Rate,
    /// The film's title.
    pub title: Option<Clean>,
    /// The film's position.
    pub position: Option<MediaTime>,
    /// When this was recorded.
    pub at: WallTime,
    /// Whether the client was in the room then. A client that leaves normally records that; one that is killed does not.
    pub is_open: bool,
}

impl Recent {
    fn is_of(&self, room: &RoomName, server: Option<&Address>) -> bool {
        self.room == *room && self.server.as_ref() == server
    }

    /// Returns the room's name for display: its title, if it had one.
    pub fn shown_name(&self) -> &str {
        let title = self
            .settings
            .as_ref()
            .and_then(|settings| settings.title.as_ref());
        title.map_or_else(|| self.room.as_str(), RoomTitle::as_str)
    }

    /// Returns where the film was when the client ended without leaving the room, if `film` is that film.
    pub fn broken_off_at(&self, film: &RecentFilm) -> Option<MediaTime> {
        let is_on = self.is_open && self.film.as_ref() == Some(film);
        self.position.filter(|_| is_on)
    }
}

/// A local copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecentFilm {
    /// A file.
    File(PathBuf),
    /// A link.
    Link(String),
}

/// Moves a room to the head of a list, replacing its earlier entry, and drops the oldest.
pub fn remember(rooms: &mut Vec<Recent>, recent: Recent) {
    forget(rooms, &recent.room, recent.server.as_ref());
    rooms.insert(0, recent);
    rooms.truncate(ROOMS);
}

/// Replaces the entry of a room, at the same place in the list.
pub fn renew(rooms: &mut Vec<Recent>, recent: Recent) {
    let known = rooms
        .iter_mut()
        .find(|known| known.is_of(&recent.room, recent.server.as_ref()));
    match known {
        Some(known) => *known = recent,
        None => remember(rooms, recent),
    }
}

/// Moves a room that has just been entered to the head. Its film may still be loading, so the earlier position is kept if the
/// copy is the same.
pub fn remember_entry(rooms: &mut Vec<Recent>, mut recent: Recent) {
    let before = rooms
        .iter()
        .find(|known| known.is_of(&recent.room, recent.server.as_ref()));
    if let Some(before) = before.filter(|before| recent.title.is_none() && before.film == recent.film) {
        recent.title.clone_from(&before.title);
        recent.position = before.position;
    }
    remember(rooms, recent);
}

/// Removes a room from a list.
pub fn forget(rooms: &mut Vec<Recent>, room: &RoomName, server: Option<&Address>) {
    rooms.retain(|known| !known.is_of(room, server));
}

/// Why the list cannot be used.
pub type RecentError = PageError;

/// The list as a file. All methods block on the disk.
#[derive(Clone, Debug)]
pub struct RecentFile(PageFile);

impl RecentFile {
    /// Returns the list in a file, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(PageFile::new(path, PageKind::RecentRooms, VERSION, BYTES))
    }

    /// Returns the list, as far as it is usable, and the problem if there is one.
    pub fn read(&self) -> (Vec<Recent>, Option<RecentError>) {
        match self.0.read().map(RecentContent::read) {
            Ok(rooms) => (rooms, None),
            Err(error) => (Vec::new(), Some(error)),
        }
    }

    /// Changes the list. A damaged one starts empty; one that cannot be read or is newer is left alone.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Recent>)) -> Result<(), RecentError> {
        self.0.change(|content: &mut RecentContent| {
            let mut rooms = std::mem::take(content).read();
            change(&mut rooms);
            *content = RecentContent::of(&rooms);
        })
    }
}

/// The contents of the file.
#[derive(Default, Serialize, Deserialize)]
struct RecentContent {
    rooms: Vec<RoomRecord>,
}

impl RecentContent {
    fn of(rooms: &[Recent]) -> Self {
        Self {
            rooms: rooms.iter().map(RoomRecord::of).collect(),
        }
    }

    fn read(self) -> Vec<Recent> {
        let count = self.rooms.len();
        let mut rooms: Vec<Recent> = self.rooms.into_iter().filter_map(RoomRecord::read).collect();
        if rooms.len() < count {
            tracing::warn!(
                unreadable = count - rooms.len(),
                "could not read some recent rooms"
            );
        }
        rooms.truncate(ROOMS);
        rooms
    }
}

/// One room in the file.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct RoomRecord {
    room: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    name: String,
    was_host: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    room_title: Option<String>,
    /// `wait` or `go_on`.
    #[serde(skip_serializing_if = "Option::is_none")]
    on_stall: Option<String>,
    /// The speed, unless it is the normal one.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// A path that is not UTF-8, in base 64.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_bytes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position_ms: Option<i64>,
    at_ms: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_open: bool,
}

impl RoomRecord {
    fn of(recent: &Recent) -> Self {
        let (mut file, mut file_bytes, mut link) = (None, None, None);
        match &recent.film {
            Some(RecentFilm::File(path)) => match path.to_str() {
                Some(text) => file = Some(text.to_owned()),
                None => file_bytes = Some(BASE64.encode(path.as_os_str().as_bytes())),
            },
            Some(RecentFilm::Link(text)) => link = Some(text.clone()),
            None => {}
        }
        let settings = recent.settings.as_ref();
        Self {
            room: recent.room.to_string(),
            server: recent.server.as_ref().map(ToString::to_string),
            port: recent.port,
            pin: recent.pin.map(|pin| pin.to_string()),
            token: recent.token.map(|token| token.to_string()),
            name: recent.name.to_string(),
            was_host: recent.was_host,
            room_title: settings.and_then(|settings| settings.title.as_ref().map(ToString::to_string)),
            on_stall: settings.map(|settings| stall_code(settings.on_stall).to_owned()),
            rate: (recent.rate != Rate::NORMAL).then(|| recent.rate.as_f64()),
            file,
            file_bytes,
            link,
            title: recent.title.as_ref().map(ToString::to_string),
            position_ms: recent.position.map(|position| position.as_nanos() / 1_000_000),
            at_ms: recent.at.0,
            is_open: recent.is_open,
        }
    }

    /// Returns the room; `None` if any part is invalid, because an incomplete address is useless. An invalid setting is ignored.
    fn read(self) -> Option<Recent> {
        let settings = self.settings();
        let bytes = self.file_bytes.map(|text| BASE64.decode(text.as_bytes()));
        let bytes = bytes.transpose().ok()?;
        let path = bytes.map(|bytes| PathBuf::from(std::ffi::OsString::from_vec(bytes)));
        let file = self.file.map(PathBuf::from).or(path).map(RecentFilm::File);
        Some(Recent {
            room: self.room.parse().ok()?,
            server: self.server.map(|text| text.parse()).transpose().ok()?,
            port: self.port,
            pin: self.pin.map(|text| text.parse()).transpose().ok()?,
            token: self.token.map(|text| text.parse()).transpose().ok()?,
            name: MemberName::existing(&self.name).ok()?,
            was_host: self.was_host,
            settings,
            rate: self.rate.and_then(Rate::from_f64).unwrap_or(Rate::NORMAL),
            film: file.or(self.link.map(RecentFilm::Link)),
            title: self.title.map(|title| Clean::line(&title)),
            position: self
                .position_ms
                .filter(|ms| (0..=i64::MAX / 1_000_000).contains(ms))
                .map(MediaTime::from_millis),
            at: WallTime(self.at_ms),
            is_open: self.is_open,
        })
    }

    fn settings(&self) -> Option<RoomSettings> {
        let on_stall = match self.on_stall.as_deref() {
            Some(WAIT) => StallPolicy::Wait,
            Some(GO_ON) => StallPolicy::GoOn,
            Some(_) | None => return None,
        };
        let title = self.room_title.as_deref().and_then(|title| title.parse().ok());
        Some(RoomSettings { on_stall, title })
    }
}

const fn stall_code(on_stall: StallPolicy) -> &'static str {
    match on_stall {
        StallPolicy::Wait => WAIT,
        StallPolicy::GoOn => GO_ON,
    }
}

#[cfg(test)]
mod tests;
