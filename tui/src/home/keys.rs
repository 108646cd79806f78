//! What the user of home does.

use watchtogether_protocol::LocalTime;

use super::browser::Browser;
use super::form::Asked;
use super::{Home, paste};
use crate::home_action::{HomeActionId, Part, action_of};
use crate::home_vocabulary::{HomeIntent, Place};
use crate::key::{Code, Key};
use crate::keymap::{INTERRUPT_STANDS, Mode};
use crate::strings::home as strings;

impl Home {
    pub(super) fn handle_key(&mut self, key: Key, now: LocalTime) -> Vec<HomeIntent> {
        self.notice = None;
        let quits = self.quits_until.take().is_some_and(|until| now < until);
        let part = if self.browser.is_some() {
            Part::Browser
        } else {
            Part::Form
        };
        let action = action_of(part, key);
        match action {
            Some(HomeActionId::Redraw) => {
                self.redraw();
                return Vec::new();
            }
            Some(HomeActionId::Suspend) => return vec![HomeIntent::Suspend],
            Some(HomeActionId::Quit) => return vec![HomeIntent::Quit],
            _ => {}
        }
        if let Some(scroll) = self.help {
            self.help = scrolled(key, scroll);
            // Somebody who types on is done with the help.
            let types_on = self.help.is_none() && key.typed().is_some_and(|c| c != '?');
            if !types_on {
                return Vec::new();
            }
        }
        if self.doing.is_some() {
            // Everything else waits: what is on its way was asked for with what stands in the fields.
            return match action {
                Some(HomeActionId::Back | HomeActionId::Interrupt) => {
                    self.doing = None;
                    vec![HomeIntent::Cancel]
                }
                _ => Vec::new(),
            };
        }
        if action == Some(HomeActionId::Help) {
            self.help = Some(0);
            return Vec::new();
        }
        if self.browser.is_some() {
            self.handle_browser_key(key, action)
        } else {
            self.handle_form_key(key, action, quits, now)
        }
    }

    pub(super) fn handle_paste(&mut self, text: &str) -> Vec<HomeIntent> {
        self.notice = None;
        if self.doing.is_some() {
            return Vec::new();
        }
        self.help = None;
        if let Some(browser) = &mut self.browser
            && paste::invite_in(text).is_none()
        {
            let line = paste::one_line(text);
            let is_whole = browser.query.paste(&line) && paste::is_one_line(text);
            browser.typed();
            if !is_whole {
                self.notice = Some(strings::PASTE_CUT.to_owned());
            }
            return Vec::new();
        }
        let intents = if self.browser.is_some() {
            self.close_browser()
        } else {
            Vec::new()
        };
        let is_whole = self.form.paste(text);
        self.changed();
        if !is_whole {
            self.notice = Some(strings::PASTE_CUT.to_owned());
        }
        intents
    }

    fn handle_form_key(
        &mut self,
        key: Key,
        action: Option<HomeActionId>,
        quits: bool,
        now: LocalTime,
    ) -> Vec<HomeIntent> {
        let is_typing = self.form.editor().is_some_and(|editor| !editor.is_empty());
        match action {
            Some(HomeActionId::Choose) => return self.choose(),
            Some(HomeActionId::Next) if key.code == Code::Tab => return self.tab(),
            Some(HomeActionId::Next) => self.form.turn(true, self.recent.len()),
            Some(HomeActionId::Previous) => self.form.turn(false, self.recent.len()),
            Some(HomeActionId::Browse) => return self.browse(),
            Some(HomeActionId::Rejoin) => return self.rejoin_of(key),
            Some(HomeActionId::Forget) if !is_typing => return self.forget(),
            Some(HomeActionId::Interrupt) => return self.interrupt(quits, now),
            Some(HomeActionId::Back) => {
                self.troubles.clear();
                self.form.forget_choices();
            }
            _ => return self.edit(key),
        }
        Vec::new()
    }

    /// Edits the focused field. Where none has the focus, digits and `?` act, and other letters begin a film's path.
    fn edit(&mut self, key: Key) -> Vec<HomeIntent> {
        if self.form.editor().is_none() {
            match key.typed() {
                Some('1'..='9') => return self.rejoin_of(key),
                Some('?') => {
                    self.help = Some(0);
                    return Vec::new();
                }
                Some(c) if !c.is_whitespace() => self.form.focus = Place::Film,
                Some(_) | None => return Vec::new(),
            }
        }
        let edit = self.editing.action(Mode::Chat, key);
        let Some(editor) = self.form.editor_mut() else {
            return Vec::new();
        };
        let before = editor.text().to_owned();
        if !edit.is_some_and(|id| editor.perform(id))
            && let Some(c) = key.typed()
        {
            editor.insert(c);
        }
        if editor.text() != before {
            self.changed();
        }
        Vec::new()
    }

    /// The focused field is another: what was wrong with it is not known to be wrong any more.
    fn changed(&mut self) {
        self.form.forget_choices();
        self.troubles.remove(&self.form.focus);
        match self.form.focus {
            Place::Film | Place::Room => drop(self.troubles.remove(&Place::Host)),
            Place::Invite => drop(self.troubles.remove(&Place::Join)),
            Place::Name | Place::Host | Place::Join | Place::Recent(_) => {}
        }
    }

    fn choose(&mut self) -> Vec<HomeIntent> {
        if let Place::Recent(index) = self.form.focus {
            return self.rejoin(index);
        }
        let film = self.form.film.text();
        if self.form.focus == Place::Film && (film.is_empty() || film.ends_with('/')) && !film.contains("://")
        {
            // Nothing, or a folder: what is in it?
            return self.browse();
        }
        self.form.forget_choices();
        self.troubles.clear();
        match self.form.ask() {
            Ok(Asked::Host { film, room, name }) => vec![HomeIntent::Host { film, room, name }],
            Ok(Asked::Join { invite, name }) => vec![HomeIntent::Join { invite, name }],
            Err(trouble) => {
                self.tell_trouble(trouble);
                Vec::new()
            }
        }
    }

    fn tab(&mut self) -> Vec<HomeIntent> {
        let Some(text) = self.form.unfinished().map(str::to_owned) else {
            self.form.turn(true, self.recent.len());
            return Vec::new();
        };
        if self.form.next_choice() {
            Vec::new()
        } else {
            vec![HomeIntent::Complete(text)]
        }
    }

    fn browse(&mut self) -> Vec<HomeIntent> {
        self.browser = Some(Browser::default());
        self.searches = self.searches.wrapping_add(1);
        vec![HomeIntent::Search {
            number: self.searches,
            beside: self.form.film.text().to_owned(),
        }]
    }

    fn rejoin_of(&mut self, key: Key) -> Vec<HomeIntent> {
        let Code::Char(digit) = key.code else {
            return Vec::new();
        };
        let index = digit.to_digit(10).and_then(|digit| digit.checked_sub(1));
        match index.and_then(|index| usize::try_from(index).ok()) {
            Some(index) if index < self.recent.len() => self.rejoin(index),
            Some(_) | None => Vec::new(),
        }
    }

    fn rejoin(&mut self, index: usize) -> Vec<HomeIntent> {
        self.troubles.clear();
        self.form.focus = Place::Recent(index);
        match self.form.member() {
            Ok(name) => vec![HomeIntent::Rejoin { index, name }],
            Err(trouble) => {
                self.tell_trouble(trouble);
                Vec::new()
            }
        }
    }

    fn forget(&mut self) -> Vec<HomeIntent> {
        let Place::Recent(index) = self.form.focus else {
            return Vec::new();
        };
        self.troubles.clear();
        vec![HomeIntent::Forget { index }]
    }

    fn interrupt(&mut self, quits: bool, now: LocalTime) -> Vec<HomeIntent> {
        let filled = self.form.editor_mut().filter(|editor| !editor.is_empty());
        if let Some(editor) = filled {
            editor.take();
            self.changed();
        } else if quits {
            return vec![HomeIntent::Quit];
        } else {
            self.quits_until = Some(now + INTERRUPT_STANDS);
            let key = HomeActionId::Interrupt.key();
            self.notice = Some(format!("{key} {}", strings::QUIT_AGAIN));
        }
        Vec::new()
    }

    fn handle_browser_key(&mut self, key: Key, action: Option<HomeActionId>) -> Vec<HomeIntent> {
        let Some(browser) = &mut self.browser else {
            return Vec::new();
        };
        match action {
            Some(HomeActionId::Take) => {
                let Some((path, shown)) = browser.take() else {
                    return Vec::new();
                };
                self.form.choose(path, &shown);
                self.troubles.remove(&Place::Film);
                self.troubles.remove(&Place::Host);
                return self.close_browser();
            }
            Some(HomeActionId::Back) => return self.close_browser(),
            Some(HomeActionId::Interrupt) if browser.query.is_empty() => return self.close_browser(),
            Some(HomeActionId::Interrupt) => drop(browser.query.take()),
            Some(HomeActionId::Up) => browser.go(-1),
            Some(HomeActionId::Down) => browser.go(1),
            Some(HomeActionId::PageUp) => browser.go(-browser.page()),
            Some(HomeActionId::PageDown) => browser.go(browser.page()),
            Some(HomeActionId::NextFolder) => browser.turn(true),
            Some(HomeActionId::PreviousFolder) => browser.turn(false),
            Some(HomeActionId::AllFiles) => browser.turn_others(),
            _ => {
                let edit = self.editing.action(Mode::Chat, key);
                if !edit.is_some_and(|id| browser.query.perform(id))
                    && let Some(c) = key.typed()
                {
                    browser.query.insert(c);
                }
            }
        }
        browser.typed();
        Vec::new()
    }

    fn close_browser(&mut self) -> Vec<HomeIntent> {
        self.browser = None;
        vec![HomeIntent::StopSearch]
    }
}

/// Returns how far the help is scrolled after a key; nothing where the key closes it.
const fn scrolled(key: Key, scroll: usize) -> Option<usize> {
    const PAGE: usize = 10;

    match key.code {
        Code::Up => Some(scroll.saturating_sub(1)),
        Code::Down => Some(scroll.saturating_add(1)),
        Code::PageUp => Some(scroll.saturating_sub(PAGE)),
        Code::PageDown | Code::Char(' ') => Some(scroll.saturating_add(PAGE)),
        Code::Home => Some(0),
        Code::End => Some(usize::MAX),
        Code::Char(_)
        | Code::F(_)
        | Code::Enter
        | Code::Tab
        | Code::Backspace
        | Code::Delete
        | Code::Esc
        | Code::Left
        | Code::Right => None,
    }
}
