//! Handles the keys of home.

use watchtogether_protocol::LocalTime;

use super::Home;
use crate::home_action::{HomeActionId, HomePart, action_of};
use crate::home_vocabulary::{HomeField, HomeIntent};
use crate::key::{Code, Key};
use crate::keymap::{INTERRUPT_STANDS, Mode};
use crate::paste;
use crate::state::home::browser::Browser;
use crate::state::home::form::FormRequest;

impl Home {
    pub(super) fn handle_key(&mut self, key: Key, now: LocalTime) -> Vec<HomeIntent> {
        self.state.notice = None;
        let quits = self.quits_until.take().is_some_and(|until| now < until);
        let part = if self.state.browser.is_some() {
            HomePart::Browser
        } else {
            HomePart::Form
        };
        let action = action_of(part, key);
        match action {
            Some(HomeActionId::Redraw) => {
                self.clear();
                return Vec::new();
            }
            Some(HomeActionId::Suspend) => return vec![HomeIntent::Suspend],
            Some(HomeActionId::Quit) => return vec![HomeIntent::Quit],
            _ => {}
        }
        if let Some(scroll) = self.state.help {
            self.state.help = scrolled(key, scroll);
            // A user who continues typing no longer needs the help.
            let types_on = self.state.help.is_none() && key.typed().is_some_and(|c| c != '?');
            if !types_on {
                return Vec::new();
            }
        }
        if self.state.activity.is_some() {
            // Everything else waits, because the current request depends on the fields.
            return match action {
                Some(HomeActionId::Back | HomeActionId::Interrupt) => {
                    self.state.activity = None;
                    vec![HomeIntent::Cancel]
                }
                _ => Vec::new(),
            };
        }
        if action == Some(HomeActionId::Help) {
            self.state.help = Some(0);
            return Vec::new();
        }
        if self.state.browser.is_some() {
            self.handle_browser_key(key, action)
        } else {
            self.handle_form_key(key, action, quits, now)
        }
    }

    pub(super) fn handle_paste(&mut self, text: &str) -> Vec<HomeIntent> {
        self.state.notice = None;
        if self.state.activity.is_some() {
            return Vec::new();
        }
        self.state.help = None;
        if let Some(browser) = &mut self.state.browser
            && paste::invite_in(text).is_none()
        {
            let line = paste::one_line(text);
            let is_whole = browser.query.paste(&line) && paste::is_one_line(text);
            browser.typed();
            if !is_whole {
                self.state.notice = Some(msg!("home-paste-cut").to_owned());
            }
            return Vec::new();
        }
        let intents = if self.state.browser.is_some() {
            self.close_browser()
        } else {
            Vec::new()
        };
        let is_whole = self.state.form.paste(text);
        self.changed();
        if !is_whole {
            self.state.notice = Some(msg!("home-paste-cut").to_owned());
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
        let is_typing = self.state.form.editor().is_some_and(|editor| !editor.is_empty());
        match action {
            Some(HomeActionId::Choose) => return self.choose(),
            Some(HomeActionId::Next) if key.code == Code::Tab => return self.tab(),
            Some(HomeActionId::Next) => self.state.form.turn(true, self.state.recent.len()),
            Some(HomeActionId::Previous) => self.state.form.turn(false, self.state.recent.len()),
            Some(HomeActionId::Browse) => return self.browse(),
            Some(HomeActionId::Rejoin) => return self.rejoin_of(key),
            Some(HomeActionId::Forget) if !is_typing => return self.forget(),
            Some(HomeActionId::Interrupt) => return self.interrupt(quits, now),
            Some(HomeActionId::Back) => {
                self.state.failures.clear();
                self.state.form.forget_choices();
            }
            _ => return self.edit(key),
        }
        Vec::new()
    }

    /// Edits the focused field. If no field has the focus, digits and `?` are commands, and other letters begin a film's path.
    fn edit(&mut self, key: Key) -> Vec<HomeIntent> {
        if self.state.form.editor().is_none() {
            match key.typed() {
                Some('1'..='9') => return self.rejoin_of(key),
                Some('?') => {
                    self.state.help = Some(0);
                    return Vec::new();
                }
                Some(c) if !c.is_whitespace() => self.state.form.focus = HomeField::Film,
                Some(_) | None => return Vec::new(),
            }
        }
        let edit = self.editing.action(Mode::Chat, key);
        let Some(editor) = self.state.form.editor_mut() else {
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

    /// Handles a change of the focused field: its problem may be solved.
    fn changed(&mut self) {
        self.state.form.forget_choices();
        self.state.failures.remove(&self.state.form.focus);
        match self.state.form.focus {
            HomeField::Film | HomeField::Room => drop(self.state.failures.remove(&HomeField::Host)),
            HomeField::Invite => drop(self.state.failures.remove(&HomeField::Join)),
            HomeField::Name | HomeField::Host | HomeField::Join | HomeField::Recent(_) => {}
        }
    }

    fn choose(&mut self) -> Vec<HomeIntent> {
        if let HomeField::Recent(index) = self.state.form.focus {
            return self.rejoin(index);
        }
        let film = self.state.form.film.text();
        if self.state.form.focus == HomeField::Film
            && (film.is_empty() || film.ends_with('/'))
            && !film.contains("://")
        {
            // Nothing, or a folder: the browser shows its contents.
            return self.browse();
        }
        self.state.form.forget_choices();
        self.state.failures.clear();
        match self.state.form.ask() {
            Ok(FormRequest::Host { film, room, name }) => vec![HomeIntent::Host { film, room, name }],
            Ok(FormRequest::Join { invite, name }) => vec![HomeIntent::Join { invite, name }],
            Err(failure) => {
                self.show_failure(failure);
                Vec::new()
            }
        }
    }

    fn tab(&mut self) -> Vec<HomeIntent> {
        let Some(text) = self.state.form.unfinished().map(str::to_owned) else {
            self.state.form.turn(true, self.state.recent.len());
            return Vec::new();
        };
        if self.state.form.next_choice() {
            Vec::new()
        } else {
            vec![HomeIntent::Complete(text)]
        }
    }

    fn browse(&mut self) -> Vec<HomeIntent> {
        self.state.browser = Some(Browser::default());
        self.searches = self.searches.wrapping_add(1);
        vec![HomeIntent::Search {
            number: self.searches,
            beside: self.state.form.film.text().to_owned(),
        }]
    }

    fn rejoin_of(&mut self, key: Key) -> Vec<HomeIntent> {
        let Code::Char(digit) = key.code else {
            return Vec::new();
        };
        let index = digit.to_digit(10).and_then(|digit| digit.checked_sub(1));
        match index.and_then(|index| usize::try_from(index).ok()) {
            Some(index) if index < self.state.recent.len() => self.rejoin(index),
            Some(_) | None => Vec::new(),
        }
    }

    fn rejoin(&mut self, index: usize) -> Vec<HomeIntent> {
        self.state.failures.clear();
        self.state.form.focus = HomeField::Recent(index);
        match self.state.form.member() {
            Ok(name) => vec![HomeIntent::Rejoin { index, name }],
            Err(failure) => {
                self.show_failure(failure);
                Vec::new()
            }
        }
    }

    fn forget(&mut self) -> Vec<HomeIntent> {
        let HomeField::Recent(index) = self.state.form.focus else {
            return Vec::new();
        };
        self.state.failures.clear();
        vec![HomeIntent::Forget { index }]
    }

    fn interrupt(&mut self, quits: bool, now: LocalTime) -> Vec<HomeIntent> {
        let filled = self.state.form.editor_mut().filter(|editor| !editor.is_empty());
        if let Some(editor) = filled {
            editor.take();
            self.changed();
        } else if quits {
            return vec![HomeIntent::Quit];
        } else {
            self.quits_until = Some(now + INTERRUPT_STANDS);
            let key = HomeActionId::Interrupt.key();
            self.state.notice = Some(msg!("home-quit-again", key = key));
        }
        Vec::new()
    }

    fn handle_browser_key(&mut self, key: Key, action: Option<HomeActionId>) -> Vec<HomeIntent> {
        let Some(browser) = &mut self.state.browser else {
            return Vec::new();
        };
        match action {
            Some(HomeActionId::Take) => {
                let Some((path, shown)) = browser.take() else {
                    return Vec::new();
                };
                self.state.form.choose(path, &shown);
                self.state.failures.remove(&HomeField::Film);
                self.state.failures.remove(&HomeField::Host);
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
        self.state.browser = None;
        vec![HomeIntent::StopSearch]
    }
}

/// Returns the scroll position of the help after a key; `None` if the key closes it.
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
