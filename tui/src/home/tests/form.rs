//! Tests of typing, pasting and choosing in the form, and of the results.

use super::*;

#[test]
fn enter_alone_leads_from_an_empty_form_to_an_open_room() {
    let mut screen = Screen::new(80, 24);

    let first = screen.key(Code::Enter);
    screen.finds(SearchUpdate::Found(films()));
    let second = screen.key(Code::Enter);
    let third = screen.key(Code::Enter);

    assert_eq!(
        first,
        [HomeIntent::Search {
            number: 1,
            beside: String::new()
        }]
    );
    assert_eq!(second, [HomeIntent::StopSearch]);
    let film = Some(FilmChoice::Chosen(PathBuf::from("/films/Film.mkv")));
    let name = "ana".parse().expect("a name");
    assert_eq!(
        third,
        [HomeIntent::Host {
            film,
            room: None,
            name
        }]
    );
}

#[test]
fn the_port_that_a_room_would_get_is_shown_beside_its_button() {
    let note = |port, width, height| {
        let mut screen = Screen::known(width, height);
        screen.apply(HomeUpdate::Port(port));
        let picture = screen.picture();
        let row = picture.lines().find(|row| row.contains("[ Host ]"));
        let (_, note) = row
            .expect("the button")
            .split_once("[ Host ]")
            .expect("the button");
        note.trim().to_owned()
    };

    for (port, long, short) in [
        (
            HostPort::Free(7843),
            "friends must reach UDP port 7843 on this machine",
            "needs UDP port 7843",
        ),
        (
            HostPort::InsteadOf(7843),
            "UDP port 7843 is in use; another one will be used",
            "port 7843 is in use",
        ),
        (
            HostPort::InUse(5000),
            "UDP port 5000 is in use: free it, or change `port`",
            "UDP port 5000 is in use",
        ),
        (HostPort::Any, "on any free UDP port", "on any free UDP port"),
    ] {
        assert_eq!(note(port, 80, 24), long);
        assert_eq!(note(port, 50, 20), short);
    }
}

#[test]
fn enter_at_a_folder_looks_into_it() {
    let mut screen = Screen::new(80, 24);
    screen.types("/mnt/usb/");

    let intents = screen.key(Code::Enter);

    assert_eq!(
        intents,
        [HomeIntent::Search {
            number: 1,
            beside: "/mnt/usb/".to_owned()
        }]
    );
}

#[test]
fn a_typed_path_is_handed_on_as_it_was_typed_and_names_the_room() {
    let mut screen = Screen::new(80, 24);
    screen.types(" ~/The Car.mkv ");
    assert!(screen.picture().contains("[ the-car"));

    let intents = screen.key(Code::Enter);

    let film = Some(FilmChoice::Typed("~/The Car.mkv".to_owned()));
    let name = "ana".parse().expect("a name");
    assert_eq!(
        intents,
        [HomeIntent::Host {
            film,
            room: None,
            name
        }]
    );
}

#[test]
fn a_chosen_file_that_was_changed_by_hand_is_what_was_typed() {
    let mut screen = Screen::new(80, 24);
    screen.browse();
    screen.key(Code::Enter);
    screen.press(Key::shift(Code::Tab));
    screen.press(Key::shift(Code::Tab));
    screen.press(Key::shift(Code::Tab));
    screen.key(Code::Backspace);

    let intents = screen.key(Code::Enter);

    assert!(
        matches!(&intents[..], [HomeIntent::Host { film: Some(FilmChoice::Typed(text)), .. }] if text == "~/Videos/Film.mk"),
        "{intents:?}"
    );
}

#[test]
fn an_invite_pasted_anywhere_goes_to_its_field_and_enter_joins() {
    for keys in [vec![], vec![Code::Tab, Code::Tab], vec![Code::Up]] {
        let mut screen = Screen::known(80, 24);
        for code in keys {
            screen.key(code);
        }
        screen.paste(&format!("hey, watchtogether join '{INVITE}' tonight"));

        let intents = screen.key(Code::Enter);

        let [HomeIntent::Join { invite, name }] = &intents[..] else {
            panic!("{intents:?}");
        };
        assert_eq!((invite.to_string().as_str(), name.as_str()), (INVITE, "ana"));
    }
}

#[test]
fn an_invite_pasted_into_the_browser_or_typed_as_a_film_is_one_too() {
    let mut screen = Screen::new(80, 24);
    screen.browse();
    assert_eq!(screen.paste(INVITE), [HomeIntent::StopSearch]);
    assert!(matches!(&screen.key(Code::Enter)[..], [HomeIntent::Join { .. }]));

    let mut screen = Screen::new(80, 24);
    screen.types(INVITE);
    assert!(matches!(&screen.key(Code::Enter)[..], [HomeIntent::Join { .. }]));
}

#[test]
fn a_wrong_invite_is_explained_and_stays() {
    let mut screen = Screen::new(80, 24);
    screen.paste(&INVITE[..70]);

    assert_eq!(screen.key(Code::Enter), []);

    let picture = screen.picture();
    assert!(picture.contains("the invite was cut or mistyped"), "{picture}");
    assert_eq!(screen.home.state.form.invite.text(), &INVITE[..70]);
    screen.types("x");
    assert!(
        !screen.picture().contains("cut or mistyped"),
        "until it is changed"
    );
}

#[test]
fn invalid_names_are_reported_at_their_fields() {
    let mut screen = Screen::new(80, 24);
    screen.key(Code::Tab);
    screen.types("Movie Night");
    assert_eq!(screen.key(Code::Enter), []);
    assert!(screen.picture().contains("try movie-night"));

    let mut screen = Screen::new(80, 24);
    screen.types("film.mkv");
    screen.key(Code::Down);
    screen.key(Code::Down);
    screen.press(Key::ctrl(Code::Char('u')));
    assert_eq!(screen.key(Code::Enter), []);
    assert!(
        screen
            .picture()
            .contains("a name needs at least one visible character")
    );
}

#[test]
fn a_recent_room_is_one_key_away() {
    let rejoin = |index| {
        let name = "ana".parse().expect("a name");
        vec![HomeIntent::Rejoin { index, name }]
    };
    let mut screen = Screen::known(80, 24);

    assert_eq!(screen.press(Key::alt(Code::Char('2'))), rejoin(1));
    assert_eq!(screen.press(Key::char('1')), rejoin(0), "nothing is typed there");
    assert_eq!(screen.press(Key::alt(Code::Char('9'))), [], "there is none");
    assert_eq!(screen.key(Code::Delete), [HomeIntent::Forget { index: 0 }]);
    screen.apply(HomeUpdate::Recent(Vec::new()));
    assert!(screen.picture().contains("rooms you've been in"));
}

#[test]
fn digits_are_text_where_something_is_typed() {
    let mut screen = Screen::known(80, 24);

    screen.types("12 Angry Men.mkv");

    assert_eq!(screen.home.state.form.film.text(), "12 Angry Men.mkv");
}

#[test]
fn a_pending_attempt_can_be_cancelled_and_keeps_all_that_was_typed() {
    let mut screen = Screen::new(80, 24);
    screen.types("film.mkv");
    screen.key(Code::Enter);
    screen.apply(HomeUpdate::Activity(HomeActivity::Starting));
    assert!(screen.picture().contains("opening the room …"));

    screen.types("lost");
    assert_eq!(screen.key(Code::Esc), [HomeIntent::Cancel]);

    assert_eq!(screen.home.state.form.film.text(), "film.mkv");
    assert!(!screen.picture().contains("opening the room …"));
}

#[test]
fn a_path_is_completed_and_tab_goes_through_what_it_can_become() {
    let choice = |name: &str| PathCandidate {
        name: name.to_owned(),
        text: format!("~/{name}"),
        path: PathBuf::from(format!("/home/ana/{name}")),
    };
    let mut screen = Screen::new(80, 24);
    screen.types("~/Fi");
    assert_eq!(screen.key(Code::Tab), [HomeIntent::Complete("~/Fi".to_owned())]);

    screen.apply(HomeUpdate::Completed(PathCompletion {
        asked: "~/Fi".to_owned(),
        text: "~/Film".to_owned(),
        is_whole: false,
        choices: vec![choice("Film 2.mkv"), choice("Film.mkv")],
    }));
    assert!(screen.picture().contains("Film 2.mkv  Film.mkv"));
    assert_eq!(screen.home.state.form.film.text(), "~/Film");
    screen.key(Code::Tab);
    screen.key(Code::Tab);
    assert_eq!(screen.home.state.form.film.text(), "~/Film.mkv");
    let intents = screen.key(Code::Enter);

    assert!(
        matches!(&intents[..], [HomeIntent::Host { film: Some(FilmChoice::Chosen(path)), .. }] if path.ends_with("Film.mkv")),
        "{intents:?}"
    );
}

#[test]
fn a_complete_path_lets_tab_move_on_and_a_late_answer_is_ignored() {
    let whole = |asked: &str| {
        HomeUpdate::Completed(PathCompletion {
            asked: asked.to_owned(),
            text: asked.to_owned(),
            is_whole: true,
            choices: vec![PathCandidate {
                name: asked.to_owned(),
                text: asked.to_owned(),
                path: PathBuf::from(asked),
            }],
        })
    };
    let mut screen = Screen::new(80, 24);
    screen.types("film.mkv");
    screen.key(Code::Tab);

    screen.apply(whole("fil"));
    assert_eq!(screen.home.state.form.focus, HomeField::Film);
    screen.apply(whole("film.mkv"));

    assert_eq!(screen.home.state.form.focus, HomeField::Room);
}

#[test]
fn a_space_on_a_list_goes_into_no_field_and_a_letter_does() {
    let mut screen = Screen::new(80, 24);
    screen.home.state.form.focus = HomeField::Recent(0);

    screen.types(" ");
    assert_eq!(screen.home.state.form.focus, HomeField::Recent(0));

    screen.types("f");
    assert_eq!(screen.home.state.form.focus, HomeField::Film);
}

#[test]
fn tab_moves_on_and_says_so_if_nothing_completes_the_text() {
    let mut screen = Screen::new(80, 24);
    screen.types("xyz");
    screen.key(Code::Tab);
    screen.apply(HomeUpdate::Completed(PathCompletion {
        asked: "xyz".to_owned(),
        text: "xyz".to_owned(),
        is_whole: false,
        choices: Vec::new(),
    }));
    assert!(screen.picture().contains("no file or folder begins with that"));

    assert_eq!(screen.key(Code::Tab), []);

    assert_eq!(screen.home.state.form.focus, HomeField::Room);
}

#[test]
fn the_hint_to_quit_by_ctrl_c_disappears_when_it_no_longer_holds() {
    let mut screen = Screen::new(80, 24);
    let interrupt = Key::ctrl(Code::Char('c'));
    screen.press(interrupt);
    assert!(screen.picture().contains("again to quit"));
    let end = screen.home.poll_timeout().expect("it stands for a while");

    screen.home.handle_timeout(end);

    assert!(!screen.picture().contains("again to quit"));
    assert_eq!(screen.home.handle_input(Input::Key(interrupt), end), []);
    assert!(screen.picture().contains("again to quit"));
}

#[test]
fn a_letter_quits_nothing_and_is_not_lost() {
    let mut screen = Screen::known(80, 24);
    screen.home.state.form.focus = HomeField::Recent(0);

    assert_eq!(screen.press(Key::char('q')), []);
    screen.key(Code::F(1));
    screen.types("x");

    assert_eq!(screen.home.state.form.film.text(), "qx");
}

#[test]
fn characters_that_a_field_drops_from_a_paste_are_reported() {
    let mut screen = Screen::new(80, 24);

    screen.paste("/films/one.mkv\r/films/two.mkv\r");

    assert_eq!(screen.home.state.form.film.text(), "/films/one.mkv");
    assert!(screen.picture().contains("only the first line was pasted"));
}

#[test]
fn quitting_takes_a_confirmation_or_its_key() {
    let interrupt = Key::ctrl(Code::Char('c'));
    let mut screen = Screen::new(80, 24);
    screen.types("film");

    assert_eq!(screen.press(interrupt), []);
    assert!(screen.home.state.form.film.is_empty(), "the first clears");
    assert_eq!(screen.press(interrupt), []);
    assert!(screen.picture().contains("Ctrl-C again to quit"));
    assert_eq!(screen.press(interrupt), [HomeIntent::Quit]);
    assert_eq!(screen.press(Key::ctrl(Code::Char('q'))), [HomeIntent::Quit]);
}

#[test]
fn home_after_a_room_has_all_that_was_typed() {
    let mut screen = Screen::new(80, 24);
    screen.types("film.mkv");
    screen.key(Code::Enter);
    screen.apply(HomeUpdate::Activity(HomeActivity::Starting));

    screen.apply(HomeUpdate::Back {
        reason: Some(Clean::line("the room was closed")),
    });

    let picture = screen.picture();
    assert!(
        picture.contains("You left the room: the room was closed"),
        "{picture}"
    );
    assert_eq!(screen.home.state.form.film.text(), "film.mkv");
    assert_eq!(screen.home.state.activity, None);
}
