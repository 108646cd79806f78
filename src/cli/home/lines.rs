//! Home as numbered lines: for screen readers, simple terminals, and users who want no screen. It asks one question after
//! another, reports mistakes and asks again, and ends with the chosen room.

use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, Invite, MemberName, RoomName};
use watchtogether_tui::home_vocabulary::{CheckState, FilmChoice};
use watchtogether_tui::msg;
use watchtogether_tui::paste::invite_in;
use watchtogether_tui::strings::{home as strings, invite_error, member_name_error, room_name_error, spoken};

use super::checks;
use crate::cli::access::password;
use crate::cli::file_failures::page_text;
use crate::cli::found::{self, FoundFilm};
use crate::cli::globals::Globals;
use crate::cli::input_line::read_line;
use crate::cli::opening::RoomOpening;
use crate::cli::room_arg::RoomArg;
use crate::cli::room_entry::{self, RoomEntry};
use crate::cli::runtime::runtime;
use crate::cli::session_setup::SessionSetup;
use crate::cli::wall_clock::wall_clock;
use crate::cli::{files, media_arg};
use crate::config::{Config, Configured, PlayerKind, Ui};
use crate::exit::{Exit, Failure, FailureKind};
use crate::output::OutputStreams;
use crate::recent::{Recent, RecentFile, forget};
use crate::session::LocalItem;

/// The maximum number of rooms that are offered: one digit each.
const MAX_OFFERED: usize = 7;

/// Asks the user what to do, and does it.
pub(super) fn run(
    mut config: Config,
    globals: &Globals,
    output: &mut OutputStreams,
) -> Result<Exit, Failure> {
    config.ui = Configured::flag(Ui::Plain);
    let file = RecentFile::new(globals.paths.recent_rooms());
    let (mut rooms, failure) = file.read();
    if let Some(failure) = failure {
        output.warning(&page_text(&failure));
    }
    output.line(&format!("{}.", strings::title(env!("CARGO_PKG_VERSION"))))?;
    print_menu(&rooms, &config, output)?;
    loop {
        let Some(answer) = ask(msg!("lines-choose"), output)? else {
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
            MenuChoice::Quit => return Ok(Exit::Ok),
            MenuChoice::Host => way_to_host(&config, globals, output),
            MenuChoice::Join => way_to_join(&config, globals, output),
            MenuChoice::Invite(invite) => enter(*invite, &config, globals).map(Some),
            MenuChoice::Back(recent) => {
                room_entry::named(&mut config, &recent);
                RoomEntry::return_to(&recent, &config, globals).map(Some)
            }
            MenuChoice::Name => {
                if let Some(name) = ask_name(output)? {
                    config.name = Configured::flag(name);
                }
                print_menu(&rooms, &config, output)?;
                continue;
            }
            MenuChoice::Check => {
                print_checks(&config, output)?;
                continue;
            }
            MenuChoice::Forget(recent) => {
                match file.change(|rooms| forget(rooms, &recent.room, recent.server.as_ref())) {
                    Ok(()) => rooms.retain(|room| room != recent.as_ref()),
                    Err(error) => output.warning(&page_text(&error)),
                }
                print_menu(&rooms, &config, output)?;
                continue;
            }
        };
        match way {
            Ok(Some(way)) => return runtime()?.block_on(way.run(config, globals, output)),
            Ok(None) => {}
            Err(failure) => output.failure(&failure, false),
        }
    }
}

fn print_menu(rooms: &[Recent], config: &Config, output: &mut OutputStreams) -> Result<(), Failure> {
    let name = config.name.value.as_str();
    offers(rooms, name, wall_clock())
        .iter()
        .try_for_each(|line| output.line(line))
}

/// The choices that the list offers.
#[derive(Debug, PartialEq, Eq)]
enum MenuChoice {
    Host,
    Join,
    /// An invite was pasted in place of a number.
    Invite(Box<Invite>),
    Back(Box<Recent>),
    /// Change the user's name.
    Name,
    /// Check this machine.
    Check,
    /// Remove a room from the list.
    Forget(Box<Recent>),
    Quit,
}

fn offers(rooms: &[Recent], name: &str, now: WallTime) -> Vec<String> {
    let mut lines = vec![msg!("lines-open").to_owned(), msg!("lines-join").to_owned()];
    for (index, recent) in rooms.iter().take(MAX_OFFERED).enumerate() {
        let place = recent.server.as_ref().map_or_else(
            || msg!("home-this-machine").to_owned(),
            |server| Clean::line(&server.host).to_string(),
        );
        let (number, ago) = (index + 3, strings::ago(recent.at, now));
        lines.push(match &recent.title {
            Some(title) => msg!(
                "lines-back-to-film",
                number = number,
                room = recent.shown_name(),
                place = place,
                ago = ago,
                film = strings::was_at(title.as_str(), recent.position)
            ),
            None => msg!(
                "lines-back",
                number = number,
                room = recent.shown_name(),
                place = place,
                ago = ago
            ),
        });
    }
    if !rooms.is_empty() {
        lines.push(msg!("lines-forget").to_owned());
    }
    lines.push(msg!("lines-name", name = name));
    lines.push(msg!("lines-check").to_owned());
    lines.push(msg!("lines-quit").to_owned());
    lines
}

/// Returns the choice for an answer, or what is wrong with the answer.
fn choice(answer: &str, rooms: &[Recent]) -> Result<MenuChoice, String> {
    if let Some(invite) = invite_in(answer) {
        let invite = invite.parse().map(Box::new).map(MenuChoice::Invite);
        return invite.map_err(|error| spoken::not_done(&invite_error(&error), None));
    }
    let most = rooms.len().min(MAX_OFFERED) + 2;
    let answer = answer.trim().to_lowercase();
    let back = |number: usize| {
        let index = number.checked_sub(3).filter(|_| number <= most)?;
        rooms.get(index).cloned().map(Box::new)
    };
    let number = |text: &str| text.trim().parse::<usize>().ok();
    let chosen = match answer.as_str() {
        "0" => Some(MenuChoice::Quit),
        "1" => Some(MenuChoice::Host),
        "2" => Some(MenuChoice::Join),
        "n" => Some(MenuChoice::Name),
        "c" => Some(MenuChoice::Check),
        other => match other.strip_prefix('f') {
            Some(rest) => number(rest).and_then(back).map(MenuChoice::Forget),
            None => number(other).and_then(back).map(MenuChoice::Back),
        },
    };
    chosen.ok_or_else(|| msg!("lines-no-such-choice", most = most))
}

fn way_to_host(
    config: &Config,
    globals: &Globals,
    output: &mut OutputStreams,
) -> Result<Option<RoomEntry>, Failure> {
    let film = match ask_film(config, output)? {
        PromptAnswer::Named(film) => Some(film),
        PromptAnswer::Nothing => None,
        PromptAnswer::Gone => return Ok(None),
    };
    let room = match ask_room(film.as_ref(), output)? {
        PromptAnswer::Named(room) => Some(room),
        PromptAnswer::Nothing => None,
        PromptAnswer::Gone => return Ok(None),
    };
    Ok(Some(RoomEntry::Open(Box::new(RoomOpening::new(
        film, room, config, globals,
    )?))))
}

/// The answer to a question.
enum PromptAnswer<T> {
    Named(T),
    Nothing,
    /// The input has ended.
    Gone,
}

/// Asks for a film until there is one or the user wants none.
fn ask_film(config: &Config, output: &mut OutputStreams) -> Result<PromptAnswer<LocalItem>, Failure> {
    let mut found: Vec<FoundFilm> = Vec::new();
    loop {
        let Some(text) = ask(msg!("lines-ask-film"), output)? else {
            return Ok(PromptAnswer::Gone);
        };
        if text.is_empty() {
            return Ok(PromptAnswer::Nothing);
        }
        let chosen = text
            .parse::<usize>()
            .ok()
            .and_then(|number| found.get(number.checked_sub(1)?));
        let film = match chosen {
            Some(found) => FilmChoice::Chosen(found.path.clone()),
            None => FilmChoice::Typed(text.clone()),
        };
        match media_arg::local_item(&film) {
            Ok(own) => return Ok(PromptAnswer::Named(own)),
            Err(failure) if text.contains('/') => output.failure(&failure, false),
            Err(_not_there) => {
                output.line(msg!("spoken-searching"))?;
                found = found::films(&text, &files::folders("", config.media_folders()));
                for (index, film) in found.iter().enumerate() {
                    output.line(&spoken::numbered(index + 1, &film.name))?;
                }
                if found.is_empty() {
                    output.line(&spoken::no_film(&text))?;
                } else {
                    output.line(&spoken::candidates(found.len()))?;
                }
            }
        }
    }
}

/// Asks for the room's name; a `None` answer means a name made from the film's.
fn ask_room(film: Option<&LocalItem>, output: &mut OutputStreams) -> Result<PromptAnswer<RoomName>, Failure> {
    let of_film = film.map(|film| RoomName::of_film(film.item.title.as_str()));
    let question = match &of_film {
        Some(name) => msg!("lines-ask-room-named", name = name),
        None => msg!("lines-ask-room").to_owned(),
    };
    loop {
        let Some(text) = ask(&question, output)? else {
            return Ok(PromptAnswer::Gone);
        };
        if text.is_empty() {
            return Ok(PromptAnswer::Nothing);
        }
        match text.parse::<RoomArg>() {
            Ok(room) => {
                if room.name.as_str() != room.typed {
                    output.line(&msg!("spoken-room-is-called", name = &room.name))?;
                }
                return Ok(PromptAnswer::Named(room.name));
            }
            Err(error) => output.line(&spoken::not_done(&room_name_error(error), None))?,
        }
    }
}

/// Asks for the user's name; returns `None` if it stays the same.
fn ask_name(output: &mut OutputStreams) -> Result<Option<MemberName>, Failure> {
    loop {
        let Some(text) = ask(msg!("lines-ask-name"), output)?.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match text.parse::<MemberName>() {
            Ok(name) => return Ok(Some(name)),
            Err(error) => output.line(&spoken::not_done(&member_name_error(error), None))?,
        }
    }
}

/// Reports the checks of this machine.
fn print_checks(config: &Config, output: &mut OutputStreams) -> Result<(), Failure> {
    if config.player.value == PlayerKind::None {
        return output.line(msg!("spoken-no-player-by-choice"));
    }
    let mut checks = runtime()?.block_on(checks::player());
    checks.push(checks::links());
    for check in checks {
        let words = match check.state {
            CheckState::Good | CheckState::Pending => msg!("lines-check-good", what = &check.words),
            CheckState::Bad => msg!("lines-check-bad", what = &check.words),
        };
        output.line(&words)?;
    }
    Ok(())
}

fn way_to_join(
    config: &Config,
    globals: &Globals,
    output: &mut OutputStreams,
) -> Result<Option<RoomEntry>, Failure> {
    let Some(text) = ask(msg!("lines-ask-invite"), output)? else {
        return Ok(None);
    };
    let invite = invite_in(&text).unwrap_or(text).parse();
    let invite = invite.map_err(|error| {
        Failure::new(FailureKind::BadInvite, invite_error(&error)).hint(msg!("hint-invite-again"))
    })?;
    enter(invite, config, globals).map(Some)
}

fn enter(invite: Invite, config: &Config, globals: &Globals) -> Result<RoomEntry, Failure> {
    let setup = SessionSetup::of_invite(invite, password(None)?, None, config.clone(), globals)?;
    Ok(RoomEntry::Enter(Box::new(setup)))
}

/// Asks for a line; returns `None` at the end of the input.
fn ask(question: &str, output: &mut OutputStreams) -> Result<Option<String>, Failure> {
    output.line(question)?;
    let line = read_line(&mut std::io::stdin().lock())
        .map_err(|error| Failure::new(FailureKind::Usage, msg!("lines-unreadable")).because(error))?;
    Ok(line.map(|line| line.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::message::settings::RoomSettings;
    use watchtogether_protocol::{MediaTime, Rate};

    use super::*;

    fn rooms() -> Vec<Recent> {
        let recent = |room: &str, server: Option<&str>| Recent {
            room: room.parse().expect("a room's name"),
            server: server.map(|server| server.parse().expect("an address")),
            port: None,
            pin: None,
            token: None,
            name: "ana".parse().expect("a name"),
            was_host: server.is_none(),
            settings: server.is_some().then(|| RoomSettings {
                title: Some("Anime night".parse().expect("a title")),
                ..RoomSettings::default()
            }),
            rate: Rate::NORMAL,
            film: None,
            title: Some(Clean::line("Film.mkv")),
            position: Some(MediaTime::from_millis(2_472_000)),
            at: WallTime(0),
            is_open: false,
        };
        vec![recent("film", None), recent("anime", Some("box.example.org"))]
    }

    #[test]
    fn menu_entries_have_a_number_and_text_without_symbols() {
        assert_eq!(
            offers(&rooms(), "ana", WallTime(3_600_000)),
            [
                "1. Open a room.",
                "2. Join a room with an invite.",
                "3. Go back to film, this machine, 1 hour ago, at 00:41:12 of Film.mkv.",
                "4. Go back to Anime night, box.example.org, 1 hour ago, at 00:41:12 of Film.mkv.",
                "f and a number: remove that room from this list.",
                "n. Change your name (now ana).",
                "c. Check the player, sound and links.",
                "0. Quit.",
            ]
        );
    }

    #[test]
    fn a_number_chooses_and_so_does_an_invite() {
        let rooms = rooms();

        assert_eq!(choice(" 1 ", &rooms), Ok(MenuChoice::Host));
        assert_eq!(choice("0", &rooms), Ok(MenuChoice::Quit));
        assert_eq!(
            choice("4", &rooms),
            Ok(MenuChoice::Back(Box::new(rooms[1].clone())))
        );
        assert_eq!(
            choice("f 3", &rooms),
            Ok(MenuChoice::Forget(Box::new(rooms[0].clone())))
        );
        assert_eq!(
            (choice("N", &rooms), choice("c", &rooms)),
            (Ok(MenuChoice::Name), Ok(MenuChoice::Check))
        );
        let pasted = choice("watchtogether join 'watchtogether://h:1/room'", &rooms);
        assert!(matches!(pasted, Ok(MenuChoice::Invite(_))), "{pasted:?}");
    }

    #[test]
    fn anything_else_is_answered_with_what_can_be() {
        for answer in [
            "5",
            "-1",
            "",
            "host",
            "f",
            "f2",
            "f9",
            "x",
            "99999999999999999999",
        ] {
            assert_eq!(
                choice(answer, &rooms()),
                Err("Type a number from 0 to 4, a letter from the list, or an invite.".to_owned()),
                "{answer}"
            );
        }
        assert_eq!(
            choice("watchtogether://h:1/room#k=abc", &rooms()),
            Err("Not done: the invite was cut or mistyped: its key is not complete.".to_owned())
        );
    }
}
