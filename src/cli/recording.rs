//! Records which room a client is in and where its film is, so that the user can come back later. It records on entering, soon
//! after a change of the room or its film, every [`PERIOD`] while the film plays, and on leaving. So a client that is killed
//! loses no more of the film than that.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::{broadcast, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use watchtogether_protocol::id::InviteToken;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::{Item, MediaTime, MemberName, Pin};

use super::session_setup::SessionSetup;
use super::wall_clock::wall_clock;
use crate::driver::{Client, ClientEvent};
use crate::player::Source;
use crate::recent::{Recent, RecentFile, RecentFilm, remember, remember_entry, renew};
use crate::session::Admission;
use crate::session::event::Event;
use crate::session::status::{RoomStatus, Status};
use crate::transport::Trust;

/// A film that was left within this time of its end counts as watched and starts from the beginning.
const NEAR_THE_END: MediaTime = MediaTime::from_millis(30_000);

/// The interval of records while a film plays: little is repeated after a crash, and there are only six small writes a minute.
const PERIOD: Duration = Duration::from_secs(10);

/// The delay after which a change is recorded, together with those that follow within it: a seek is often one of several.
const CHANGE_DELAY: Duration = Duration::from_secs(1);

/// How a room was entered.
#[derive(Clone, Debug)]
pub(super) struct EntryDetails {
    /// The server's address; `None` for a local server.
    server: Option<Address>,
    /// The port of a local server.
    port: Option<u16>,
    pin: Option<Pin>,
    token: Option<InviteToken>,
    name: MemberName,
    film: Option<RecentFilm>,
}

impl EntryDetails {
    pub(super) fn of(setup: &SessionSetup) -> Self {
        let pin = match &setup.trust {
            Trust::Pinned(pin) => Some(*pin),
            Trust::FirstUse(_) => None,
        };
        let token = match &setup.admission {
            Admission::Host { .. } => None,
            Admission::Join { token, .. } => *token,
        };
        Self {
            server: setup.own.is_none().then(|| setup.address.clone()),
            port: setup.own.as_ref().map(|own| own.local.port),
            pin: pin.filter(|_| setup.own.is_none()),
            token,
            name: setup.config.name.value.clone(),
            film: setup.film.as_ref().map(|copy| film_of(&copy.source)),
        }
    }

    fn note(&self, room: &RoomStatus, status: &Status) -> Recent {
        let item = room.item.as_ref().map(|(_, item)| item);
        let is_seen = |position: MediaTime| {
            let duration = item.and_then(Item::duration);
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
                .local_item
                .as_ref()
                .map(film_of)
                .or_else(|| self.film.clone()),
            settings: Some(room.settings.clone()),
            rate: room.rate,
            title: item.map(|item| item.title.clone()),
            position: item.map(|_| room.position).filter(|position| !is_seen(*position)),
            at: wall_clock(),
            is_open: true,
        }
    }
}

/// Records a client's room in the background.
#[derive(Debug)]
pub(super) struct Recorder {
    leave: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Recorder {
    /// Starts to record a client.
    pub(super) fn start(way: EntryDetails, client: &Client, file: PathBuf) -> Self {
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

    /// Records where the film is. Must be called before the client leaves.
    pub(super) async fn finish(self) {
        drop(self.leave);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "could not record the room");
        }
    }
}

async fn run(
    way: EntryDetails,
    mut notices: broadcast::Receiver<ClientEvent>,
    status: watch::Receiver<Status>,
    mut has_left: oneshot::Receiver<()>,
    file: RecentFile,
) {
    let mut notes = RecentNote {
        way,
        status,
        file,
        noted: None,
    };
    let mut due = None;
    loop {
        let notice = tokio::select! {
            notice = notices.recv() => notice,
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                notes.write(NoteMoment::Within).await;
                due = Some(Instant::now() + PERIOD);
                continue;
            }
            _ = &mut has_left => break,
        };
        let soon = Instant::now() + CHANGE_DELAY;
        match notice {
            Ok(ClientEvent::Event(Event::Entered { entered, .. })) => {
                notes.way.token = entered.invite.or(notes.way.token);
                notes.write(NoteMoment::Entry).await;
                due = Some(soon);
            }
            Ok(ClientEvent::Event(event)) if changes_note(&event) => due = due.map(|due| soon.min(due)),
            Err(broadcast::error::RecvError::Lagged(_)) => due = due.map(|due| soon.min(due)),
            Ok(ClientEvent::Event(_) | ClientEvent::Connected(_) | ClientEvent::Finished(_)) => {}
            Err(broadcast::error::RecvError::Closed) => break,
        }
    }
    notes.write(NoteMoment::End).await;
}

/// Returns whether an event changes something that is recorded.
const fn changes_note(event: &Event) -> bool {
    matches!(
        event,
        Event::StateChanged { .. }
            | Event::ItemChanged { .. }
            | Event::HostChanged { .. }
            | Event::SettingChanged(_)
            | Event::FileCompared { .. }
    )
}

/// The occasion of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoteMoment {
    /// The room has just been entered; its film may still be loading.
    Entry,
    Within,
    End,
}

/// The record of a room, and its file.
#[derive(Debug)]
struct RecentNote {
    way: EntryDetails,
    status: watch::Receiver<Status>,
    file: RecentFile,
    /// The record that the file contains.
    noted: Option<Recent>,
}

impl RecentNote {
    /// Writes the room's record if it differs from the file. If the list cannot be written, the user only cannot come back by it.
    async fn write(&mut self, moment: NoteMoment) {
        let note = {
            let status = self.status.borrow();
            status.room.as_ref().map(|room| self.way.note(room, &status))
        };
        let Some(mut note) = note else { return };
        note.is_open = moment != NoteMoment::End;
        let is_known = self.noted.as_ref().is_some_and(|noted| {
            let now = Recent {
                at: noted.at,
                ..note.clone()
            };
            *noted == now
        });
        if moment == NoteMoment::Within && is_known {
            return;
        }
        let (file, noted) = (self.file.clone(), note.clone());
        let written = tokio::task::spawn_blocking(move || {
            file.change(|rooms| match moment {
                NoteMoment::Entry => remember_entry(rooms, note),
                NoteMoment::Within => renew(rooms, note),
                NoteMoment::End => remember(rooms, note),
            })
        });
        match written.await {
            Ok(Ok(())) => self.noted = Some(noted),
            Ok(Err(error)) => tracing::warn!(%error, "could not record the room"),
            Err(error) => tracing::error!(%error, "could not record the room"),
        }
    }
}

/// Returns the record of a copy.
pub(super) fn film_of(source: &Source) -> RecentFilm {
    match source {
        Source::File(path) => RecentFilm::File(path.clone()),
        Source::Link(link) => RecentFilm::Link(link.clone()),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;
    use tokio::time::sleep;
    use watchtogether_protocol::message::playback::VideoStateChanged;
    use watchtogether_protocol::message::room::Entered;
    use watchtogether_protocol::time::WallTime;
    use watchtogether_protocol::{Clean, LocalTime, Playback, ServerMessage};

    use super::*;
    use crate::session::event::EntryKind;
    use crate::session::test_support::{entered, local_item, name, state};
    use crate::session::{Credentials, Session, SessionConfig};
    use crate::sync::law::Law;

    /// A client in a room, and the list in which it is recorded.
    struct Bench {
        folder: TempDir,
        session: Session,
        notices: broadcast::Sender<ClientEvent>,
        status: watch::Sender<Status>,
        recorder: Recorder,
        begin: Instant,
    }

    impl Bench {
        fn begin() -> Self {
            let config = SessionConfig {
                address: "example.org".parse().expect("an address"),
                name: name("ana"),
                avatar: None,
                software: Clean::line("test 1"),
                admission: Admission::Join {
                    room: "film".parse().expect("a room's name"),
                    token: None,
                    password: None,
                },
                local_item: Some(local_item("film")),
                copy_of: None,
                has_player: false,
                pause_after_lost: Duration::from_mins(2),
                law: Law::default(),
                seed: 1,
                wall: WallTime(0),
            };
            let mut session = Session::new(config, LocalTime::default());
            session.start(LocalTime::default());
            session.handle_connected(Credentials::default(), LocalTime::default());
            let way = EntryDetails {
                server: None,
                port: Some(40_001),
                pin: None,
                token: None,
                name: name("ana"),
                film: None,
            };
            let folder = tempfile::tempdir().expect("a folder");
            let (notices, heard) = broadcast::channel(16);
            let (status, seen) = watch::channel(session.status(LocalTime::default()));
            let file = RecentFile::new(folder.path().join("recent.json"));
            let (leave, has_left) = oneshot::channel();
            let task = tokio::spawn(run(way, heard, seen, has_left, file));
            Self {
                folder,
                session,
                notices,
                status,
                recorder: Recorder { leave, task },
                begin: Instant::now(),
            }
        }

        fn enters(&mut self, room: Entered) {
            self.session
                .handle_message(ServerMessage::RoomJoined(room.clone()), self.now());
            self.emits(Event::Entered {
                entered: Box::new(room),
                how: EntryKind::Joined,
            });
        }

        fn moves_room(&mut self, change: &VideoStateChanged) {
            let before = entered().room.state.timeline;
            self.session
                .handle_message(ServerMessage::VideoStateChanged(change.clone()), self.now());
            let timeline = change.timeline;
            self.emits(Event::StateChanged { before, timeline });
        }

        fn emits(&self, event: Event) {
            self.status.send_replace(self.session.status(self.now()));
            self.notices
                .send(ClientEvent::Event(event))
                .expect("the recorder hears");
        }

        fn now(&self) -> LocalTime {
            LocalTime::default() + (Instant::now() - self.begin)
        }

        /// Lets time pass, with a status every second as the client reports it.
        async fn passes(&self, seconds: u32) {
            for _ in 0..4 * seconds {
                sleep(Duration::from_millis(250)).await;
                self.status.send_replace(self.session.status(self.now()));
            }
        }

        /// Returns the recorded position of the film, in seconds, and whether the room is recorded as open.
        fn noted(&self) -> Option<(Option<i64>, bool)> {
            let file = RecentFile::new(self.folder.path().join("recent.json"));
            let recent = file.read().0.into_iter().next()?;
            let position = recent.position.map(|position| position.as_millis() / 1_000);
            Some((position, recent.is_open))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_is_killed_at_any_moment_has_noted_where_the_film_was_ten_seconds_before() {
        let mut bench = Bench::begin();
        let mut room = entered();
        room.room.state = state(2, Playback::Playing, 60_000);

        bench.enters(room);

        for second in 2..60 {
            bench.passes(1).await;
            let (position, is_open) = bench.noted().expect("it is noted");
            let behind = 59 + second - position.expect("it is on");
            assert!(
                is_open && (0..=11).contains(&behind),
                "{second}: {behind} s behind"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_and_a_seek_are_noted_at_once_and_a_paused_film_is_not_written_again() {
        let mut bench = Bench::begin();
        bench.enters(entered());
        bench.passes(3).await;
        assert_eq!(bench.noted(), Some((Some(10), true)));

        bench.moves_room(&state(2, Playback::Paused, 300_000));
        bench.passes(2).await;
        assert_eq!(bench.noted(), Some((Some(300), true)));

        std::fs::remove_file(bench.folder.path().join("recent.json")).expect("it is there");
        bench.passes(60).await;
        assert_eq!(bench.noted(), None, "nothing has changed");
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_that_is_left_is_noted_as_left() {
        let mut bench = Bench::begin();
        bench.enters(entered());
        bench.passes(1).await;

        let Bench { folder, recorder, .. } = bench;
        recorder.finish().await;

        let file = RecentFile::new(folder.path().join("recent.json"));
        assert!(file.read().0.iter().all(|recent| !recent.is_open));
    }
}
