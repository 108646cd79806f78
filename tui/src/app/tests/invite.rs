//! Tests of the invite card: its text at every size, the text it copies, and its code.

use qrcode::types::Color as Module;
use qrcode::{EcLevel, QrCode};
use ratatui::style::Color;
use watchtogether_protocol::network::Network;

use crate::key::{Code, Key};
use crate::test_support::*;
use crate::update::{InviteCard, InviteReach};
use crate::{Intent, Update};

const ESC: Key = Key::plain(Code::Esc);

fn shown(width: u16, height: u16, card: InviteCard) -> Screen {
    let mut screen = Screen::watching(width, height);
    screen.apply(Update::Invite(Some(card)));
    screen.sends("/invite");
    screen
}

fn line(card: &InviteCard) -> String {
    format!("watchtogether join '{}'", card.invite)
}

#[test]
fn the_card_at_every_size() {
    for (width, height) in [(120, 40), (80, 24), (50, 20), (40, 12)] {
        let mut screen = shown(width, height, own_invite(Network::Machine));
        insta::assert_snapshot!(format!("card_{width}x{height}"), screen.picture());

        let mut screen = shown(width, height, local_invite(Network::Machine));
        insta::assert_snapshot!(format!("local_{width}x{height}"), screen.picture());

        screen.key(Key::char('q'));
        insta::assert_snapshot!(format!("code_{width}x{height}"), screen.picture());
    }
}

#[test]
fn a_port_that_was_in_use_is_named_on_the_card() {
    let mut card = local_invite(Network::Machine);
    let InviteReach::Own { instead_of, .. } = &mut card.reach else {
        panic!("a server of one's own");
    };
    *instead_of = Some(40_001);

    for (width, height) in [(120, 40), (80, 24), (50, 20)] {
        let mut screen = shown(width, height, card.clone());

        assert_eq!(
            screen.rows_with("UDP port 40001 is in use").len(),
            1,
            "{width}x{height}"
        );
    }
}

#[test]
fn key_and_token_are_whole_in_one_row_where_they_fit() {
    for (width, height) in [(120, 40), (80, 24)] {
        let card = own_invite(Network::Machine);
        let invite = card.invite.to_string();
        let (_, secrets) = invite.split_once('#').expect("a key");

        let mut screen = shown(width, height, card);

        let rows = screen.rows_with(&format!("#{secrets}'"));
        assert!(!rows.is_empty(), "{width}x{height}");
    }
}

#[test]
fn the_whole_line_is_copied_with_a_notice() {
    let mut screen = Screen::room(80, 24, ANA);
    assert!(screen.sends("/invite").is_empty());
    assert_eq!(screen.rows_with("you have no invite to this room").len(), 1);
    let card = own_invite(Network::Machine);
    screen.apply(Update::Invite(Some(card.clone())));

    screen.sends("/invite");

    assert_eq!(screen.key(Key::char('c')), [Intent::Copy(line(&card))]);
    assert_eq!(screen.rows_with("copied").len(), 1);
    screen.key(ESC);
    assert!(screen.rows_with("Invite to").is_empty());
}

#[test]
fn the_line_for_the_local_network_is_copied_where_there_is_one() {
    let mut screen = shown(80, 40, own_invite(Network::Machine));
    let copied = screen.key(Key::char('l'));
    assert!(
        matches!(&copied[..], [Intent::Copy(line)] if line.contains("192.168.1.20")),
        "{copied:?}"
    );

    let mut screen = shown(80, 40, local_invite(Network::Machine));
    assert_eq!(screen.rows_with("[l] copies").len(), 0);
    assert_eq!(screen.key(Key::char('l')), []);
}

#[test]
fn the_card_shows_changes_of_the_known_reachability() {
    let mut screen = shown(80, 24, own_invite(Network::Machine));
    assert_eq!(screen.rows_with("Reachability: not verified").len(), 1);

    screen.apply(Update::Invite(Some(own_invite(Network::Local))));
    assert_eq!(screen.rows_with("verified on your own network").len(), 1);

    screen.apply(Update::Invite(Some(own_invite(Network::Outside))));
    assert_eq!(
        screen.rows_with("Reachability: verified. Someone joined").len(),
        1
    );
}

#[test]
fn an_invite_to_anothers_server_promises_nothing_of_it() {
    let card = InviteCard {
        reach: InviteReach::Elsewhere,
        local: None,
        ..own_invite(Network::Machine)
    };

    let mut screen = shown(80, 24, card);

    assert_eq!(screen.rows_with("Reachability").len(), 0);
    assert_eq!(screen.rows_with("The invite works").len(), 0);
}

#[test]
fn a_small_screen_scrolls_the_card() {
    let mut screen = shown(40, 12, own_invite(Network::Machine));
    assert_eq!(screen.rows_with("The invite works").len(), 0);

    screen.key(Key::plain(Code::End));

    assert_eq!(screen.rows_with("The invite works").len(), 1);
}

#[test]
fn the_code_is_the_invite_in_ink_on_paper() {
    let card = local_invite(Network::Machine);
    let mut screen = shown(80, 24, card.clone());
    screen.key(Key::char('q'));
    let code = QrCode::with_error_correction_level(card.invite.as_str(), EcLevel::L).expect("it is short");

    screen.draw();

    let wide = code.width() + 4;
    let (left, top) = ((80 - wide) / 2, (23 - wide.div_ceil(2)) / 2);
    let cell = |x: usize, y: usize| {
        let place = (left + x, top + y / 2);
        let column = u16::try_from(place.0).expect("on the screen");
        let row = u16::try_from(place.1).expect("on the screen");
        let cell = &screen.buffer()[(column, row)];
        assert_eq!((cell.fg, cell.bg), (Color::Black, Color::White));
        match (cell.symbol(), y % 2) {
            ("█", _) | ("▀", 0) | ("▄", 1) => Module::Dark,
            (" " | "▀" | "▄", _) => Module::Light,
            (other, _) => panic!("{other:?} is no half block"),
        }
    };
    for y in 0..wide {
        for x in 0..wide {
            let is_quiet = [x, y].iter().any(|at| *at < 2 || *at >= wide - 2);
            let expected = if is_quiet {
                Module::Light
            } else {
                code[(x - 2, y - 2)]
            };
            assert_eq!(cell(x, y), expected, "{x}, {y}");
        }
    }
}

#[test]
fn a_code_that_does_not_fit_shows_the_needed_size() {
    let mut screen = shown(50, 20, own_invite(Network::Machine));

    screen.key(Key::char('q'));

    assert_eq!(screen.rows_with("The QR code needs").len(), 1);
    screen.resize(80, 30);
    assert_eq!(screen.rows_with("The QR code needs").len(), 0);
    screen.key(Key::char('q'));
    assert_eq!(screen.rows_with("Send this line").len(), 1);
}

#[test]
fn an_ascii_terminal_shows_why_there_is_no_code() {
    let mut screen = shown(80, 24, own_invite(Network::Machine));
    screen.app.state.glyphs = crate::Glyphs::Ascii;

    screen.key(Key::char('q'));

    assert_eq!(screen.rows_with("half-block characters").len(), 1);
}

#[test]
fn without_colours_the_code_is_drawn_in_the_terminals_own() {
    let mut screen = Screen::with_colour(80, 30, false);
    screen.enter(ANA, vec![member(ANA, "ana")]);
    screen.apply(Update::Invite(Some(local_invite(Network::Machine))));
    screen.sends("/invite");

    screen.key(Key::char('q'));

    screen.draw();
    let corner = &screen.buffer()[(20, 4)];
    assert_eq!(
        (corner.symbol(), corner.fg),
        ("█", Color::Reset),
        "what is light is drawn"
    );
}
