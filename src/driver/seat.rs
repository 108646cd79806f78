//! The token of the client's seat on the disk: claimed once the server is known, written when there is a seat, and removed when
//! the seat is given up. All of this happens outside the loop, because disks sleep and network folders hang.
//!
//! While a token is being written, the session's messages wait: see [`Output::KeepSeat`](crate::session::output::Output). No disk
//! delays anything for longer than [`WRITE_TIMEOUT`].

use std::io;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use watchtogether_protocol::{ClientMessage, MemberName, Pin, RoomName, Token};

use crate::seats::{Holder, SeatFile, Seats};

/// How long entering and sending wait for the disk.
const WRITE_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a client that was just killed may still hold its file: a process with much memory takes a few tens of milliseconds to
/// end. A client that starts while another one is running waits this long once.
const LOCK_TIMEOUT: Duration = Duration::from_millis(250);

/// The interval at which it is checked whether that client has ended.
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The client's seat file, and the messages that wait for it.
#[derive(Debug)]
pub(super) struct SeatKeeper {
    /// The store of tokens; `None` if tokens are not stored.
    seats: Option<Seats>,
    name: MemberName,
    server: Option<Pin>,
    file: Option<SeatFile>,
    writing: Option<Writing>,
    /// Why the last token was not stored.
    problem: Option<io::Error>,
    /// The messages to send once the token is stored.
    held_back: Vec<ClientMessage>,
}

/// A token that is being written to the disk.
#[derive(Debug)]
struct Writing {
    task: JoinHandle<Written>,
    /// Until when messages wait for the token; `None` once they have waited long enough.
    until: Option<Instant>,
}

/// The result of writing a token.
#[derive(Debug)]
struct Written {
    /// The file, if there is one: its lock is kept even if nothing can be written.
    file: Option<SeatFile>,
    problem: Option<io::Error>,
}

impl Written {
    fn failed(problem: io::Error) -> Self {
        Self {
            file: None,
            problem: Some(problem),
        }
    }
}

impl SeatKeeper {
    pub(super) const fn new(seats: Option<Seats>, name: MemberName) -> Self {
        Self {
            seats,
            name,
            server: None,
            file: None,
            writing: None,
            problem: None,
            held_back: Vec::new(),
        }
    }

    /// Selects the file for this server. Returns a search for the token of an earlier client, if there may be one.
    pub(super) fn handle_server(
        &mut self,
        server: Pin,
        room: Option<&RoomName>,
    ) -> Option<impl Future<Output = Option<SeatFile>> + Send + use<>> {
        self.server = Some(server);
        let seats = self.seats.clone().filter(|_| self.writing.is_none())?;
        let holder = self.holder(room?.clone())?;
        let of_another = match self.file.take() {
            Some(file) if seats.is_of(&file, &holder) => {
                self.file = Some(file);
                return None;
            }
            of_another => of_another,
        };
        Some(async move {
            if let Some(file) = of_another {
                give_back(file).await;
            }
            match timeout(WRITE_TIMEOUT, claim(seats, holder)).await {
                Ok(Ok(file)) => Some(file),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "could not read the token of an earlier seat");
                    None
                }
                Err(_elapsed) => {
                    tracing::warn!("timed out storing the token of a seat");
                    None
                }
            }
        })
    }

    /// Handles the result of the search; returns the token that was found.
    pub(super) fn handle_claimed(&mut self, file: Option<SeatFile>) -> Option<Token> {
        self.file = file;
        self.file.as_ref().and_then(SeatFile::token)
    }

    /// Stores a token.
    pub(super) fn keep(&mut self, room: RoomName, token: Token) {
        let before = self.writing.take().map(|writing| writing.task);
        let file = self.file.take();
        let Some((seats, holder)) = self.seats.clone().zip(self.holder(room)) else {
            return;
        };
        let task = tokio::spawn(async move {
            let file = match before {
                Some(before) => before.await.ok().and_then(|written| written.file),
                None => file,
            };
            let file = match file {
                Some(file) if seats.is_of(&file, &holder) => Ok(file),
                Some(of_another_room) => {
                    give_back(of_another_room).await;
                    claim(seats, holder).await
                }
                None => claim(seats, holder).await,
            };
            match file {
                Ok(file) => {
                    let written = spawn_blocking(move || write(file, token)).await;
                    written.unwrap_or_else(|failed| Written::failed(io::Error::other(failed)))
                }
                Err(error) => Written::failed(error),
            }
        });
        let until = Some(Instant::now() + WRITE_TIMEOUT);
        self.writing = Some(Writing { task, until });
    }

    /// Waits until the token is on the disk or has taken too long; waits forever if none is being written. Cancel safe.
    pub(super) async fn kept(&mut self) {
        let Some(writing) = &mut self.writing else {
            return std::future::pending().await;
        };
        let written = match writing.until {
            Some(until) => timeout_at(until, &mut writing.task).await,
            None => Ok((&mut writing.task).await),
        };
        match written {
            Ok(written) => {
                self.writing = None;
                let written = written.unwrap_or_else(|failed| Written::failed(io::Error::other(failed)));
                self.file = written.file;
                if let Some(error) = written.problem {
                    tracing::warn!(%error, "could not store the token of the seat");
                    self.problem = Some(error);
                }
            }
            Err(_elapsed) => writing.until = None,
        }
    }

    /// Returns, once, why the token was not stored.
    pub(super) fn take_problem(&mut self) -> Option<io::Error> {
        self.problem.take()
    }

    /// Returns whether messages have to wait.
    pub(super) fn is_writing(&self) -> bool {
        self.writing
            .as_ref()
            .is_some_and(|writing| writing.until.is_some())
    }

    /// Holds back a message until the token is stored.
    pub(super) fn hold_back(&mut self, message: ClientMessage) {
        self.held_back.push(message);
    }

    /// Returns the messages that were held back.
    pub(super) fn release(&mut self) -> Vec<ClientMessage> {
        std::mem::take(&mut self.held_back)
    }

    /// Removes the stored token.
    pub(super) async fn forget(&mut self) {
        if let Some(writing) = self.writing.take()
            && let Ok(written) = timeout(WRITE_TIMEOUT, writing.task).await
        {
            self.file = written.ok().and_then(|written| written.file);
        }
        let Some(file) = self.file.take() else { return };
        match timeout(WRITE_TIMEOUT, spawn_blocking(|| file.forget())).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::warn!(%error, "could not remove a given-up seat's token"),
            Ok(Err(_)) | Err(_) => tracing::warn!("timed out removing a given-up seat's token"),
        }
    }

    fn holder(&self, room: RoomName) -> Option<Holder> {
        Some(Holder {
            server: self.server?,
            room,
            name: self.name.clone(),
        })
    }
}

/// Claims a file, waiting a moment for a client that is just ending.
async fn claim(seats: Seats, holder: Holder) -> io::Result<SeatFile> {
    let until = Instant::now() + LOCK_TIMEOUT;
    loop {
        let (seats, holder) = (seats.clone(), holder.clone());
        let claimed: io::Result<_> = spawn_blocking(move || seats.claim(&holder))
            .await
            .unwrap_or_else(|_failed| Err(io::ErrorKind::Other.into()));
        match claimed {
            Ok(claim) if claim.is_contended && claim.file.token().is_none() && Instant::now() < until => {
                drop(claim);
                sleep(LOCK_POLL_INTERVAL).await;
            }
            claimed => return claimed.map(|claim| claim.file),
        }
    }
}

/// Releases the file of the requested room if the seat is in a room with another name: a requested name may be taken, and a
/// generated one may get a number.
async fn give_back(file: SeatFile) {
    if file.token().is_some() {
        return;
    }
    match spawn_blocking(|| file.forget()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "could not remove the empty file of a seat"),
        Err(error) => tracing::error!(%error, "could not remove the empty file of a seat"),
    }
}

fn write(mut file: SeatFile, token: Token) -> Written {
    let problem = file.keep(token).err();
    Written {
        file: Some(file),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: Pin = Pin::from_bytes([1; 16]);
    const TOKEN: Token = Token::from_bytes([7; 32]);

    fn room(text: &str) -> RoomName {
        text.parse().expect("a room's name")
    }

    #[tokio::test]
    async fn a_token_that_cannot_be_stored_is_reported_and_one_that_can_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let in_the_way = folder.path().join("seats");
        std::fs::write(&in_the_way, "a file").expect("ours");
        let mut keeper = SeatKeeper::new(Some(Seats::new(&in_the_way)), "bo".parse().expect("a name"));
        let look = keeper.handle_server(SERVER, Some(&room("film"))).expect("a look");
        keeper.handle_claimed(look.await);

        keeper.keep(room("film"), TOKEN);
        keeper.kept().await;
        assert!(keeper.take_problem().is_some());

        std::fs::remove_file(&in_the_way).expect("ours");
        keeper.keep(room("film"), TOKEN);
        keeper.kept().await;
        assert!(keeper.take_problem().is_none());
    }

    #[tokio::test]
    async fn a_server_that_sends_on_gives_way_to_the_seat_on_the_next_one() {
        const NEXT: Pin = Pin::from_bytes([2; 16]);
        let folder = tempfile::tempdir().expect("a folder");
        let seats = Seats::new(folder.path().join("seats"));
        let keeper = || SeatKeeper::new(Some(seats.clone()), "bo".parse().expect("a name"));
        let mut earlier = keeper();
        let look = earlier.handle_server(NEXT, Some(&room("film"))).expect("a look");
        earlier.handle_claimed(look.await);
        earlier.keep(room("film"), TOKEN);
        earlier.kept().await;
        drop(earlier);
        let mut keeper = keeper();
        let look = keeper.handle_server(SERVER, Some(&room("film"))).expect("a look");
        assert_eq!(keeper.handle_claimed(look.await), None);

        let look = keeper.handle_server(NEXT, Some(&room("film"))).expect("a look");

        assert_eq!(keeper.handle_claimed(look.await), Some(TOKEN));
        assert!(keeper.handle_server(NEXT, Some(&room("film"))).is_none());
    }

    #[tokio::test]
    async fn the_token_is_kept_for_the_room_of_the_seat_and_not_for_the_one_that_was_asked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let seats = Seats::new(folder.path().join("seats"));
        let name: MemberName = "bo".parse().expect("a name");
        let mut keeper = SeatKeeper::new(Some(seats.clone()), name.clone());
        let look = keeper.handle_server(SERVER, Some(&room("film"))).expect("a look");
        assert_eq!(keeper.handle_claimed(look.await), None);

        keeper.keep(room("film-2"), TOKEN);
        keeper.kept().await;
        drop(keeper);

        let token_in = |text: &str| {
            let holder = Holder {
                server: SERVER,
                room: room(text),
                name: name.clone(),
            };
            seats.claim(&holder).expect("a file").file.token()
        };
        assert_eq!(token_in("film-2"), Some(TOKEN));
        assert_eq!(token_in("film"), None);
    }
}
