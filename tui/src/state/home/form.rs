//! The fields of home: their texts, the focus, and the request that they make.

use std::path::PathBuf;

use watchtogether_protocol::invite::SCHEME;
use watchtogether_protocol::{Clean, Invite, MemberName, RoomName};

use crate::editor::Editor;
use crate::home_vocabulary::{FilmChoice, HomeFailure, HomeField, PathCandidate, PathCompletion};
use crate::paste;
use crate::strings::{home as strings, invite_error, member_name_error, room_name_error};

/// The fields.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) film: Editor,
    pub(crate) room: Editor,
    pub(crate) name: Editor,
    pub(crate) invite: Editor,
    pub(crate) focus: HomeField,
    /// A file that was found, and its text in the field.
    chosen: Option<(String, PathBuf)>,
    /// The completions, and which of them is in the field.
    pub(crate) choices: Vec<PathCandidate>,
    pub(crate) choice: Option<usize>,
    /// A text without completions, for which Tab goes to the next field.
    dead_end: Option<String>,
}

/// The request that the fields make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FormRequest {
    /// Open a room.
    Host {
        film: Option<FilmChoice>,
        room: Option<RoomName>,
        name: MemberName,
    },
    /// Enter a room.
    Join { invite: Invite, name: MemberName },
}

impl Form {
    pub(crate) fn new(name: &str) -> Self {
        let mut form = Self {
            film: Editor::default(),
            room: Editor::default(),
            name: Editor::default(),
            invite: Editor::default(),
            focus: HomeField::Film,
            chosen: None,
            choices: Vec::new(),
            choice: None,
            dead_end: None,
        };
        form.name.set(name);
        form
    }

    /// Returns the field that letters go into, if there is one.
    pub(crate) const fn editor(&self) -> Option<&Editor> {
        self.editor_of(self.focus)
    }

    pub(crate) const fn editor_of(&self, place: HomeField) -> Option<&Editor> {
        match place {
            HomeField::Film => Some(&self.film),
            HomeField::Room => Some(&self.room),
            HomeField::Name => Some(&self.name),
            HomeField::Invite => Some(&self.invite),
            HomeField::Host | HomeField::Join | HomeField::Recent(_) => None,
        }
    }

    pub(crate) const fn editor_mut(&mut self) -> Option<&mut Editor> {
        match self.focus {
            HomeField::Film => Some(&mut self.film),
            HomeField::Room => Some(&mut self.room),
            HomeField::Name => Some(&mut self.name),
            HomeField::Invite => Some(&mut self.invite),
            HomeField::Host | HomeField::Join | HomeField::Recent(_) => None,
        }
    }

    /// Moves the focus to the next or previous place, and around the ends.
    pub(crate) fn turn(&mut self, forward: bool, recent: usize) {
        let mut places = vec![
            HomeField::Film,
            HomeField::Room,
            HomeField::Name,
            HomeField::Host,
            HomeField::Invite,
            HomeField::Join,
        ];
        places.extend((0..recent).map(HomeField::Recent));
        let at = places.iter().position(|place| *place == self.focus).unwrap_or(0);
        let step = if forward { 1 } else { places.len() - 1 };
        self.focus = places[(at + step) % places.len()];
        self.forget_choices();
    }

    /// Puts a found file into the field; the next step is to open the room.
    pub(crate) fn choose(&mut self, path: PathBuf, shown: &str) {
        self.film.set(shown);
        self.chosen = Some((shown.to_owned(), path));
        self.forget_choices();
        self.focus = HomeField::Host;
    }

    /// Handles completions; returns whether the field is complete, so that Tab goes to the next field.
    pub(crate) fn complete(&mut self, completed: PathCompletion) -> Result<bool, HomeFailure> {
        if completed.asked != self.film.text() {
            return Ok(false);
        }
        let grew = completed.text != completed.asked;
        match completed.choices.as_slice() {
            [] => {
                self.dead_end = Some(completed.asked);
                Err(failure(HomeField::Film, msg!("home-no-completion")))
            }
            [only] => {
                let only = only.clone();
                self.forget_choices();
                self.put(&only);
                Ok(completed.is_whole && !grew)
            }
            [_, ..] => {
                self.film.set(&completed.text);
                self.choices = completed.choices;
                self.choice = None;
                Ok(false)
            }
        }
    }

    /// Returns the beginning of a path that Tab can complete.
    pub(crate) fn unfinished(&self) -> Option<&str> {
        let text = self.film.text();
        let is_path = self.focus == HomeField::Film && !text.is_empty() && !text.contains("://");
        (is_path && self.dead_end.as_deref() != Some(text)).then_some(text)
    }

    /// Puts the next completion into the field; returns whether there are any.
    pub(crate) fn next_choice(&mut self) -> bool {
        let count = self.choices.len();
        if count == 0 {
            return false;
        }
        let next = self.choice.map_or(0, |choice| (choice + 1) % count);
        self.choice = Some(next);
        let choice = self.choices[next].clone();
        self.put(&choice);
        true
    }

    pub(crate) fn forget_choices(&mut self) {
        self.choices.clear();
        self.choice = None;
    }

    /// Puts a pasted text into the right field; returns whether all relevant parts fitted.
    pub(crate) fn paste(&mut self, text: &str) -> bool {
        self.forget_choices();
        if let Some(invite) = paste::invite_in(text) {
            self.invite.set(&invite);
            self.focus = HomeField::Invite;
            return true;
        }
        let line = paste::one_line(text);
        if self.editor().is_none() {
            self.focus = HomeField::Film;
        }
        let has_room = self.editor_mut().is_none_or(|editor| editor.paste(&line));
        has_room && paste::is_one_line(text)
    }

    /// Returns the room's name that is used if none is typed.
    pub(crate) fn room_of_film(&self) -> Option<RoomName> {
        let text = self.film.text().trim().trim_end_matches('/');
        let name = text.split(['?', '#']).next().unwrap_or(text);
        let name = if text.contains("://") { name } else { text };
        let title = name.rsplit('/').next().filter(|title| !title.is_empty())?;
        Some(RoomName::of_film(title))
    }

    /// Returns the invite that was typed or pasted, if it is complete.
    pub(crate) fn read_invite(&self) -> Option<Invite> {
        paste::invite_in(self.invite.text())
            .unwrap_or_else(|| self.invite.text().to_owned())
            .parse()
            .ok()
    }

    /// Returns the request of the focused place, or the problem with a field.
    pub(crate) fn ask(&mut self) -> Result<FormRequest, HomeFailure> {
        // An invite typed into the film field is treated as an invite.
        if self.film.text().trim_start().starts_with(SCHEME)
            && !matches!(self.focus, HomeField::Invite | HomeField::Join)
        {
            let invite = self.film.take();
            self.invite.set(invite.trim());
            self.focus = HomeField::Invite;
        }
        let joins = match self.focus {
            HomeField::Invite | HomeField::Join => true,
            HomeField::Name => self.film.is_empty() && !self.invite.is_empty(),
            HomeField::Film | HomeField::Room | HomeField::Host | HomeField::Recent(_) => false,
        };
        if joins {
            let invite = self.invite()?;
            let name = self.member()?;
            self.focus = HomeField::Join;
            Ok(FormRequest::Join { invite, name })
        } else {
            let room = self.room()?;
            let name = self.member()?;
            let film = self.film();
            Ok(FormRequest::Host { film, room, name })
        }
    }

    /// Returns the user's name, or what is wrong with it.
    pub(crate) fn member(&self) -> Result<MemberName, HomeFailure> {
        self.name
            .text()
            .parse()
            .map_err(|error| failure(HomeField::Name, &member_name_error(error)))
    }

    fn film(&self) -> Option<FilmChoice> {
        let text = self.film.text();
        match &self.chosen {
            Some((shown, path)) if shown == text => Some(FilmChoice::Chosen(path.clone())),
            Some(_) | None => Some(text.trim())
                .filter(|text| !text.is_empty())
                .map(|text| FilmChoice::Typed(text.to_owned())),
        }
    }

    /// Returns the room's name. An invalid name is changed into a valid one, and shown before it is used.
    fn room(&mut self) -> Result<Option<RoomName>, HomeFailure> {
        let typed = self.room.text().trim();
        if typed.is_empty() {
            return Ok(None);
        }
        typed.parse().map(Some).map_err(|error| {
            let instead = RoomName::from_title(typed);
            HomeFailure {
                hint: Some(Clean::line(&strings::room_instead(instead.as_str()))),
                ..failure(HomeField::Room, &room_name_error(error))
            }
        })
    }

    fn invite(&mut self) -> Result<Invite, HomeFailure> {
        if let Some(invite) = paste::invite_in(self.invite.text()) {
            self.invite.set(&invite);
        }
        let wrong = |words: &str| HomeFailure {
            hint: Some(Clean::line(msg!("hint-invite-again"))),
            ..failure(HomeField::Invite, words)
        };
        let invite: Invite = self
            .invite
            .text()
            .parse()
            .map_err(|error| wrong(&invite_error(&error)))?;
        if invite.room.is_none() {
            return Err(wrong(msg!("home-no-room-in-invite")));
        }
        Ok(invite)
    }

    fn put(&mut self, choice: &PathCandidate) {
        self.film.set(&choice.text);
        self.chosen = Some((choice.text.clone(), choice.path.clone()));
    }
}

fn failure(place: HomeField, words: &str) -> HomeFailure {
    HomeFailure {
        place,
        words: Clean::line(words),
        hint: None,
    }
}
