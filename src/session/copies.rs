//! Which copy of the room's item is used, and what takes the place of one that cannot be opened.
//!
//! A choice lasts over lost connections and other items. A copy that cannot be opened gives way to the one that was watched
//! before it. A file that is gone is searched for, and a link stands in for it; nothing is tried in turns for ever.

use watchtogether_protocol::item::ItemSource;
use watchtogether_protocol::{Item, ItemId, LocalTime};

use super::Session;
use super::config::{Admission, OwnCopy};
use super::local_media::Player;
use super::media_shelf::is_same;
use super::output::Output;
use crate::player::Source;

impl Session {
    /// Returns the copy of an item that the session has without searching: what was used for it before, what is open, what the
    /// user named, or the item's link.
    /// What a user who joins has named counts for the first item even if it is another cut: its user said so, for that item if
    /// not now. What a host has named is a film to put on.
    pub(super) fn own_copy_of(&mut self, item: &Item) -> Option<OwnCopy> {
        let open = match &self.local_media.player {
            Player::Open { copy, .. } | Player::Opening { copy, .. } => Some(copy),
            Player::Off
            | Player::Closed
            | Player::Gone(_)
            | Player::Starting
            | Player::Idle
            | Player::OpeningByWindow { .. }
            | Player::Failed(_) => None,
        };
        if let Some(copy) = self.local_media.shelf.copy_for(item) {
            return Some(copy.clone());
        }
        let known = [
            open,
            self.local_media.shelf.chosen(),
            self.config.own_copy.as_ref(),
        ];
        if let Some(copy) = known.into_iter().flatten().find(|c| is_same(&c.item, item)) {
            return Some(copy.clone());
        }
        let is_first = self.local_media.shelf.is_new();
        let is_meant = match &self.config.copy_of {
            Some(title) => *title == item.title,
            None => matches!(self.config.admission, Admission::Join { .. }),
        };
        let named = self.config.own_copy.clone().filter(|_| is_first && is_meant);
        named.or_else(|| linked_copy(item))
    }

    /// Returns the copy of the room's item that was open last, where another one was chosen since.
    pub(super) fn former_copy(&self) -> Option<OwnCopy> {
        let item = self.mirror.as_ref()?.current_item()?;
        let (of, copy) = self.local_media.watched.as_ref()?;
        let is_former = is_same(of, item) && self.local_media.shelf.chosen()?.source != copy.source;
        is_former.then(|| copy.clone())
    }

    /// Looks for the room's item elsewhere, because the chosen copy cannot be read: its file is gone. The choice is
    /// remembered until another copy is found, because its disk may only be unplugged.
    pub(super) fn replace_copy(&mut self, now: LocalTime) {
        let Some((id, item)) = self.mirror.as_ref().and_then(|m| m.item.clone()) else {
            return;
        };
        let Some(gone) = self.local_media.shelf.chosen().map(|copy| copy.source.clone()) else {
            return;
        };
        // It is no way back from what takes its place.
        self.local_media.watched = None;
        if let Some(linked) = linked_copy(&item) {
            if linked.source != gone {
                self.local_media.shelf.choose_for_now(id, linked);
                self.local_media.player = Player::Idle;
                self.mount(now);
            }
        } else if self.local_media.shelf.take_found() != Some(gone) {
            self.search(id, item);
        }
    }

    /// Looks for a copy of an item of the room.
    pub(super) fn search(&mut self, id: ItemId, item: Item) {
        self.local_media.shelf.handle_search(id);
        self.outputs.push_back(Output::FindItem { id, item });
    }
}

/// Returns what everybody has of an item that is a link.
fn linked_copy(item: &Item) -> Option<OwnCopy> {
    let ItemSource::Link(link) = &item.source else {
        return None;
    };
    Some(OwnCopy {
        source: Source::Link(link.as_str().to_owned()),
        item: item.clone(),
    })
}
