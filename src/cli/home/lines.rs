//! Home by numbered lines: for screen readers, dumb terminals, and whoever wants no screen. It asks, and ends with the
//! room that it leads to.

use std::io::BufRead as _;

use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, Invite};
use watchtogether_tui::home::invite_in;
use watchtogether_tui::home::vocabulary::Film;
use watchtogether_tui::strings::home as strings;

use super::files;
use crate::cli::again::{self, WayBack};
use crate::cli::host::{self, At, Opening};
use crate::cli::party::{self, wall_clock};
use crate::cli::{Globals, join};
use crate::config::{Config, Set, Ui};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::recent::{Recent, RecentFile};

/// The rooms that are offered: one digit each.
const OFFERED: usize = 7;

/// Asks what to do, and does it.
pub(super) fn run(mut config: Config, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
    config.ui = Set::flag(Ui::Plain);
    let (rooms, trouble) = RecentFile::new(globals.paths.recent_rooms()).read();
    if let Some(trouble) = trouble {
        output.warning(&trouble.to_string());
    }
    output.line(&format!(
        "{}. You are {}.",
        strings::title(env!("CARGO_PKG_VERSION")),
        config.name.value
    ))?;
    for line in offers(&rooms, wall_clock()) {
        output.line(&line)?;
    }
    loop {
        let Some(answer) = ask("Number, and Enter:", output)? else {
            return Ok(Exit::Ok);
        };
        let choice = match choice(&answer, &rooms) {
            Ok(choice) => choice,
            Err(words) => {
                output.line(&words)?;
                continue;
            }
        };
        let way = match choice {
            Choice::Quit => return Ok(Exit::Ok),
            Choice::Host => way_to_host(&config, globals, output),
            Choice::Join => way_to_join(&config, globals, output),
            Choice::Invite(invite) => enter(*invite, &config, globals).map(Some),
            Choice::Back(recent) => {
                again::named(&mut config, &recent);
                WayBack::into(&recent, &config, globals).map(Some)
            }
        };
        match way {
            Ok(Some(way)) => return party::runtime()?.block_on(way.run(config, globals, output)),
            Ok(None) => {}
            Err(failure) => output.failure(&failure, false),
        }
    }
}

/// What can be chosen.
#[derive(Debug, PartialEq, Eq)]
enum Choice {
    Host,
    Join,
    /// An invite was pasted where a number was asked for.
    Invite(Box<Invite>),
    Back(Box<Recent>),
    Quit,
}

fn offers(rooms: &[Recent], now: WallTime) -> Vec<String> {
    let mut lines = vec![
        "1. Open a room.".to_owned(),
        "2. Join a room with an invite.".to_owned(),
    ];
    for (index, recent) in rooms.iter().take(OFFERED).enumerate() {
        let place = recent.server.as_ref().map_or_else(
            || strings::THIS_MACHINE.to_owned(),
            |server| Clean::line(&server.host).to_string(),
        );
        let was_at = recent.title.as_ref().map_or_else(String::new, |title| {
            format!(", {}", strings::was_at(title.as_str(), recent.position))
        });
        let ago = strings::ago(recent.at, now);
        lines.push(format!(
            "{}. Back into {}, {place}, {ago}{was_at}.",
            index + 3,
            recent.room
        ));
    }
    lines.push("0. Quit.".to_owned());
    lines
}

/// Returns what an answer chooses, or what is wrong with it.
fn choice(answer: &str, rooms: &[Recent]) -> Result<Choice, String> {
    if let Some(invite) = invite_in(answer) {
        let invite = invite.parse().map(Box::new).map(Choice::Invite);
        return invite.map_err(|error: watchtogether_protocol::invite::InviteError| format!("{error}."));
    }
    let most = rooms.len().min(OFFERED) + 2;
    match answer.trim().parse::<usize>() {
        Ok(0) => Ok(Choice::Quit),
        Ok(1) => Ok(Choice::Host),
        Ok(2) => Ok(Choice::Join),
        Ok(number) if number <= most => Ok(Choice::Back(Box::new(rooms[number - 3].clone()))),
        Ok(_) | Err(_) => Err(format!("A number from 0 to {most}, or an invite.")),
    }
}

fn way_to_host(config: &Config, globals: &Globals, output: &mut Output) -> Result<Option<WayBack>, Failure> {
    let Some(film) = ask("File or link, or nothing for a room without a film yet:", output)? else {
        return Ok(None);
    };
    let film = Some(film).filter(|film| !film.is_empty()).map(Film::Typed);
    Ok(Some(WayBack::Open(Box::new(Opening {
        film: film.as_ref().map(files::own_copy).transpose()?,
        room: None,
        access: host::access(config, None)?,
        at: At::configured(config, None, globals)?,
        public: None,
        again: None,
    }))))
}

fn way_to_join(config: &Config, globals: &Globals, output: &mut Output) -> Result<Option<WayBack>, Failure> {
    let Some(text) = ask("Paste the invite:", output)? else {
        return Ok(None);
    };
    let invite = invite_in(&text).unwrap_or(text).parse();
    let invite = invite.map_err(|error: watchtogether_protocol::invite::InviteError| {
        Failure::new(Exit::Usage, "bad_invite", error.to_string()).hint(strings::INVITE_HINT)
    })?;
    enter(invite, config, globals).map(Some)
}

fn enter(invite: Invite, config: &Config, globals: &Globals) -> Result<WayBack, Failure> {
    let party = join::party(invite, host::password(None)?, None, config.clone(), globals)?;
    Ok(WayBack::Enter(Box::new(party)))
}

/// Asks for a line; nothing where there will be none.
fn ask(question: &str, output: &mut Output) -> Result<Option<String>, Failure> {
    output.line(question)?;
    let mut line = String::new();
    let length = std::io::stdin().lock().read_line(&mut line).map_err(|error| {
        Failure::new(Exit::Usage, "usage", "cannot read the answer").detail(error.to_string())
    })?;
    Ok((length > 0).then(|| line.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::MediaTime;

    use super::*;

    fn rooms() -> Vec<Recent> {
        let recent = |room: &str, server: Option<&str>| Recent {
            room: room.parse().expect("a room's name"),
            server: server.map(|server| server.parse().expect("an address")),
            pin: None,
            token: None,
            name: "ana".parse().expect("a name"),
            was_host: server.is_none(),
            film: None,
            title: Some(Clean::line("Film.mkv")),
            position: Some(MediaTime::from_millis(2_472_000)),
            at: WallTime(0),
        };
        vec![recent("film", None), recent("anime", Some("box.example.org"))]
    }

    #[test]
    fn what_can_be_chosen_has_a_number_and_words_without_signs() {
        assert_eq!(
            offers(&rooms(), WallTime(3_600_000)),
            [
                "1. Open a room.",
                "2. Join a room with an invite.",
                "3. Back into film, this machine, 1 hour ago, at 00:41:12 of Film.mkv.",
                "4. Back into anime, box.example.org, 1 hour ago, at 00:41:12 of Film.mkv.",
                "0. Quit.",
            ]
        );
    }

    #[test]
    fn a_number_chooses_and_so_does_an_invite() {
        let rooms = rooms();

        assert_eq!(choice(" 1 ", &rooms), Ok(Choice::Host));
        assert_eq!(choice("0", &rooms), Ok(Choice::Quit));
        assert_eq!(choice("4", &rooms), Ok(Choice::Back(Box::new(rooms[1].clone()))));
        let pasted = choice("watchtogether join 'watchtogether://h:1/room'", &rooms);
        assert!(matches!(pasted, Ok(Choice::Invite(_))), "{pasted:?}");
    }

    #[test]
    fn anything_else_is_answered_with_what_can_be() {
        for answer in ["5", "-1", "", "host", "99999999999999999999"] {
            assert_eq!(
                choice(answer, &rooms()),
                Err("A number from 0 to 4, or an invite.".to_owned()),
                "{answer}"
            );
        }
        assert_eq!(
            choice("watchtogether://h:1/room#k=abc", &rooms()),
            Err("the invite was cut or mistyped: that is not a whole key pin.".to_owned())
        );
    }
}
