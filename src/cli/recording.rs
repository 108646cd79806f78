//! Notes which room a client is in, so that its user can come back: when it is entered, and when it is left.

use std::path::PathBuf;

use tokio::sync::{broadcast, oneshot, watch};
use tokio::task::JoinHandle;
use watchtogether_protocol::id::InviteToken;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::{MediaTime, MemberName, Pin};

use super::party::{Party, wall_clock};
use crate::driver::{Client, Notice};
use crate::player::Source;
use crate::recent::{Film, Recent, RecentFile, remember};
use crate::session::Admission;
use crate::session::event::Event;
use crate::session::status::{RoomStatus, Status};
use crate::transport::Trust;

/// Who is so near the end of a film has seen it, and begins anew.
const NEAR_THE_END: MediaTime = MediaTime::from_millis(30_000);

/// How a room was come into.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// Where its server is; none is one of our own.
    server: Option<Address>,
    /// The port of a server of our own.
    port: Option<u16>,
    pin: Option<Pin>,
    token: Option<InviteToken>,
    name: MemberName,
    film: Option<Film>,
}

impl Way {
    pub(super) fn of(party: &Party) -> Self {
        let pin = match &party.trust {
            Trust::Pinned(pin) => Some(*pin),
            Trust::FirstUse(_) => None,
        };
        let token = match &party.admission {
            Admission::Host { .. } => None,
            Admission::Join { token, .. } => *token,
        };
        Self {
            server: party.own.is_none().then(|| party.address.clone()),
            port: party.own.as_ref().map(|own| own.local.port),
            pin: pin.filter(|_| party.own.is_none()),
            token,
            name: party.config.name.value.clone(),
            film: party.film.as_ref().map(|copy| film_of(&copy.source)),
        }
    }

    fn note(&self, room: &RoomStatus, status: &Status) -> Recent {
        let item = room.item.as_ref().map(|(_, item)| item);
        let is_seen = |position: MediaTime| {
            let duration = item.and_then(|item| item.duration);
            duration.is_some_and(|duration| position + NEAR_THE_END >= duration)
        };
        Recent {
            room: room.name.clone(),
            server: self.server.clone(),
            port: self.port,
            pin: self.pin,
            token: self.token,
            name: self.name.clone(),
            was_host: room.host == Some(room.you),
            film: status
                .own_copy
                .as_ref()
                .map(film_of)
                .or_else(|| self.film.clone()),
            title: item.map(|item| item.title.clone()),
            position: item.map(|_| room.position).filter(|position| !is_seen(*position)),
            at: wall_clock(),
        }
    }
}

/// Notes a client's room beside it.
#[derive(Debug)]
pub(super) struct Recorder {
    leave: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Recorder {
    /// Starts to note what a client does.
    pub(super) fn start(way: Way, client: &Client, file: PathBuf) -> Self {
        let (leave, has_left) = oneshot::channel();
        let notices = client.notices();
        let task = tokio::spawn(run(
            way,
            notices,
            client.status(),
            has_left,
            RecentFile::new(file),
        ));
        Self { leave, task }
    }

    /// Notes where the film is; call it before the client leaves.
    pub(super) async fn finish(self) {
        drop(self.leave);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the room was not noted");
        }
    }
}

async fn run(
    mut way: Way,
    mut notices: broadcast::Receiver<Notice>,
    status: watch::Receiver<Status>,
    mut has_left: oneshot::Receiver<()>,
    file: RecentFile,
) {
    loop {
        let notice = tokio::select! {
            notice = notices.recv() => notice,
            _ = &mut has_left => break,
        };
        match notice {
            Ok(Notice::Event(Event::Entered { entered, .. })) => {
                way.token = entered.invite.or(way.token);
                write(&way, &status, &file).await;
            }
            Ok(Notice::Event(_) | Notice::Connected(_) | Notice::Finished(_))
            | Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => break,
        }
    }
    write(&way, &status, &file).await;
}

/// Writes the room down, if there is one. A list that cannot be written costs the way back, not the evening.
async fn write(way: &Way, status: &watch::Receiver<Status>, file: &RecentFile) {
    let note = {
        let status = status.borrow();
        status.room.as_ref().map(|room| way.note(room, &status))
    };
    let Some(note) = note else { return };
    let file = file.clone();
    let written = tokio::task::spawn_blocking(move || file.change(|rooms| remember(rooms, note)));
    match written.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the room was not noted"),
        Err(error) => tracing::error!(%error, "the room was not noted"),
    }
}

fn film_of(source: &Source) -> Film {
    match source {
        Source::File(path) => Film::File(path.clone()),
        Source::Link(link) => Film::Link(link.clone()),
    }
}
