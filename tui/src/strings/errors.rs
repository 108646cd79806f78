//! Texts of the errors of names, addresses, invites and links.

use watchtogether_protocol::id::{MemberNameError, RoomNameError, SecretError};
use watchtogether_protocol::invite::{InviteError, SCHEME};
use watchtogether_protocol::item::MediaUrlError;
use watchtogether_protocol::limits;

/// Returns why a text is not an invite or an address, as a sentence without a full stop.
pub fn invite_error(error: &InviteError) -> String {
    match error {
        InviteError::Empty => msg!("invite-empty").to_owned(),
        InviteError::NoHost => msg!("address-no-host").to_owned(),
        InviteError::Port(port) => msg!("address-port", port = port),
        InviteError::Room(error) => msg!("invite-room", why = room_name_error(*error)),
        InviteError::Secret(SecretError::Pin | SecretError::OwnerKey) => msg!("invite-cut-key").to_owned(),
        InviteError::Secret(SecretError::InviteToken | SecretError::Token) => {
            msg!("invite-cut-token").to_owned()
        }
        InviteError::Scheme => msg!("invite-other-link", scheme = SCHEME),
        InviteError::Brackets { host, port } => msg!("address-brackets", host = host, port = port),
        InviteError::Host(host) => msg!("address-host", host = host),
    }
}

/// Returns why a text is not a room's name, as a sentence without a full stop.
pub fn room_name_error(error: RoomNameError) -> String {
    match error {
        RoomNameError::Empty => msg!("room-name-empty").to_owned(),
        RoomNameError::TooLong => msg!("room-name-long", most = limits::ROOM_NAME_BYTES),
        RoomNameError::BadCharacter(character) => {
            msg!(
                "room-name-character",
                character = character.escape_debug().to_string()
            )
        }
    }
}

/// Returns why a text is not a member's name, as a sentence without a full stop.
pub fn member_name_error(error: MemberNameError) -> String {
    match error {
        MemberNameError::Empty => msg!("name-empty").to_owned(),
        MemberNameError::TooLong => msg!("name-long", most = limits::NAME_CHARS),
        MemberNameError::Reserved => msg!("name-reserved").to_owned(),
        MemberNameError::Mark(mark) => msg!("name-mark", mark = mark),
    }
}

/// Returns why a text is not a link to a film, as a sentence without a full stop.
pub fn media_url_error(error: MediaUrlError) -> String {
    match error {
        MediaUrlError::Scheme => msg!("film-link-scheme").to_owned(),
        MediaUrlError::NoHost => msg!("film-link-no-host").to_owned(),
        MediaUrlError::BadCharacter => msg!("film-link-character").to_owned(),
        MediaUrlError::TooLong => msg!("film-link-long", most = limits::URL_BYTES),
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::Invite;

    use super::*;

    fn of_invite(text: &str) -> String {
        invite_error(&text.parse::<Invite>().expect_err(text))
    }

    #[test]
    fn an_address_with_a_port_but_no_brackets_is_corrected() {
        assert_eq!(
            of_invite("2001:db8::7:40001/film"),
            "an IPv6 address with a port needs brackets: type [2001:db8::7]:40001"
        );
    }

    #[test]
    fn an_incomplete_invite_says_which_part_is_incomplete() {
        assert_eq!(
            of_invite("host/room#k=abc"),
            "the invite was cut or mistyped: its key is not complete"
        );
        assert_eq!(
            of_invite("host/room#t=abc"),
            "the invite was cut or mistyped: its token is not complete"
        );
    }

    #[test]
    fn a_character_that_cannot_be_seen_is_shown_by_its_number() {
        let error = "a\u{1b}b".parse::<watchtogether_protocol::RoomName>();

        assert_eq!(
            room_name_error(error.expect_err("refused")),
            "a room's name can have a-z, 0-9, '-', '_' and '.', but not '\\u{1b}'"
        );
    }
}
