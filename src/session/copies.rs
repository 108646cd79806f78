//! Chooses the copy of the room's item, and a replacement for one that cannot be opened.
//!
//! A choice outlives lost connections and other items. If a copy cannot be opened, the one that was watched before it is used. If
//! a file is gone, it is searched for; a link is used if the item is one. Two copies are never tried in turn forever.

use watchtogether_protocol::item::ItemSource;
use watchtogether_protocol::{Item, ItemId, LocalTime};

use super::Session;
use super::config::{Admission, LocalItem};
use super::local_media::Player;
use super::media_shelf::is_same;
use super::output::Output;
use crate::player::Source;

impl Session {
    /// Returns the copy of an item that the session has without searching: the one used for it before, the open one, the one that
    /// the user chose, or the item's link. A copy chosen by a user who joins is used for the first item even if it is a different
    /// cut, because the user said so, either for this item now or for it before. A copy chosen by a host is a film to set as the
    /// item.
    pub(super) fn local_item_of(&mut self, item: &Item) -> Option<LocalItem> {
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
            self.config.local_item.as_ref(),
        ];
        if let Some(copy) = known.into_iter().flatten().find(|c| is_same(&c.item, item)) {
            return Some(copy.clone());
        }
        let is_first = self.local_media.shelf.is_new();
        let is_meant = match &self.config.copy_of {
            Some(title) => *title == item.title,
            None => matches!(self.config.admission, Admission::Join { .. }),
        };
        let named = self.config.local_item.clone().filter(|_| is_first && is_meant);
        named.or_else(|| linked_copy(item))
    }

    /// Returns the copy of the room's item that was open last, if another one has been chosen since.
    pub(super) fn former_copy(&self) -> Option<LocalItem> {
        let item = self.mirror.as_ref()?.current_item()?;
        let (of, copy) = self.local_media.watched.as_ref()?;
        let is_former = is_same(of, item) && self.local_media.shelf.chosen()?.source != copy.source;
        is_former.then(|| copy.clone())
    }

    /// Searches for the room's item, because the chosen file is gone. The choice is remembered until another copy is found: its
    /// disk may only be unplugged.
    pub(super) fn replace_copy(&mut self, now: LocalTime) {
        let Some((id, item)) = self.mirror.as_ref().and_then(|m| m.item.clone()) else {
            return;
        };
        let Some(gone) = self.local_media.shelf.chosen().map(|copy| copy.source.clone()) else {
            return;
        };
        // The missing file is not the copy to go back to.
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

    /// Searches for a copy of an item of the room.
    pub(super) fn search(&mut self, id: ItemId, item: Item) {
        self.local_media.shelf.handle_search(id);
        self.outputs.push_back(Output::FindItem { id, item });
    }
}

/// Returns the copy of an item that is a link: everybody has it.
fn linked_copy(item: &Item) -> Option<LocalItem> {
    let ItemSource::Link(link) = &item.source else {
        return None;
    };
    Some(LocalItem {
        source: Source::Link(link.as_str().to_owned()),
        item: item.clone(),
    })
}
