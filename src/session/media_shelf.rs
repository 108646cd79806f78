//! The member's copies of the room's items: of the current one, and of earlier and later ones.
//!
//! The result of a search belongs to the item that was searched for, even if the room has another item by then. The copy used for
//! a film is also remembered by the film itself, because in a later epoch the room gives its items other numbers.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use watchtogether_protocol::item::{FileMatch, ItemSource};
use watchtogether_protocol::{Item, ItemId, Length, MediaTime};

use super::config::LocalItem;
use crate::player::{Media, Source};

/// The number of items that are kept at the same time. It is more than one session has.
const ITEMS: usize = 32;

/// The number of films whose copies are remembered.
const COPIES: usize = 32;

/// Lengths that differ by less than this count as equal: two containers of one film differ by some frames.
const SAME_LENGTH: Duration = Duration::from_secs(1);

/// The member's copies.
#[derive(Clone, Debug, Default)]
pub(super) struct MediaShelf {
    /// The current item, or the last one.
    on: Option<ItemId>,
    items: BTreeMap<ItemId, LocalCopy>,
    /// The copy used for each film, oldest first: a choice outlives a lost connection and other items.
    used: VecDeque<(Item, LocalItem)>,
}

/// The member's copy of one item.
#[derive(Clone, Debug)]
struct LocalCopy {
    item: Item,
    choice: CopyChoice,
    /// The result of the last search, until it has been opened: another search would find it again.
    found: Option<Source>,
}

/// The choice of a copy for an item.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum CopyChoice {
    /// No copy is known yet.
    Nothing,
    /// A search is in progress.
    Searching {
        /// The number of folders searched so far.
        folders: u32,
    },
    /// No copy was found.
    Missing,
    /// This copy is used.
    Have(LocalItem),
}

impl MediaShelf {
    /// Sets the current item. A room that renumbers its items may have the same film under another number; the search for the old
    /// number then gets no answer.
    pub(super) fn set_current(&mut self, id: ItemId, item: &Item) {
        let former = self.on.replace(id).filter(|former| *former != id);
        let held = self.items.get_mut(&id).filter(|copy| is_same(&copy.item, item));
        if let Some(copy) = held {
            copy.item = item.clone();
            return;
        }
        let is_renumbered = |copy: &LocalCopy| is_same(&copy.item, item);
        let former = former.filter(|former| self.items.get(former).is_some_and(is_renumbered));
        let renumbered = former.and_then(|former| self.items.remove(&former));
        let (choice, found) = match renumbered.map(|copy| (copy.choice, copy.found)) {
            None | Some((CopyChoice::Searching { .. }, _)) => (CopyChoice::Nothing, None),
            Some(known) => known,
        };
        let copy = LocalCopy {
            item: item.clone(),
            choice,
            found,
        };
        self.items.insert(id, copy);
        if self.items.len() > ITEMS
            && let Some(oldest) = self.items.keys().copied().find(|held| *held != id)
        {
            self.items.remove(&oldest);
        }
    }

    /// Forgets all items except the current one, because another epoch of the room reuses their numbers.
    pub(super) fn keep_only_current(&mut self) {
        let on = self.on;
        self.items.retain(|id, _| Some(*id) == on);
    }

    /// Updates the length of a kept item.
    pub(super) fn handle_length(&mut self, id: ItemId, length: Length) {
        if let Some(copy) = self.items.get_mut(&id) {
            copy.item.length = length;
        }
    }

    /// Uses this copy for a kept item from now on.
    pub(super) fn choose(&mut self, id: ItemId, copy: LocalItem) {
        let Some(held) = self.items.get_mut(&id) else {
            return;
        };
        let item = held.item.clone();
        held.choice = CopyChoice::Have(copy.clone());
        self.used.retain(|(known, _)| !is_same(known, &item));
        if self.used.len() == COPIES {
            self.used.pop_front();
        }
        self.used.push_back((item, copy));
    }

    /// Uses this copy for a kept item for now; the chosen one is tried again the next time the room has the item.
    pub(super) fn choose_for_now(&mut self, id: ItemId, copy: LocalItem) {
        if let Some(held) = self.items.get_mut(&id) {
            held.choice = CopyChoice::Have(copy);
        }
    }

    /// Records that a search for a kept item has begun.
    pub(super) fn handle_search(&mut self, id: ItemId) {
        if let Some(held) = self.items.get_mut(&id) {
            held.choice = CopyChoice::Searching { folders: 0 };
        }
    }

    /// Returns whether a copy of an item is being searched for.
    pub(super) fn searches_for(&self, id: ItemId) -> bool {
        let choice = self.items.get(&id).map(|copy| &copy.choice);
        matches!(choice, Some(CopyChoice::Searching { .. }))
    }

    /// Records the progress of the search for an item.
    pub(super) fn handle_progress(&mut self, id: ItemId, searched: u32) {
        if let Some(LocalCopy {
            choice: CopyChoice::Searching { folders },
            ..
        }) = self.items.get_mut(&id)
        {
            *folders = searched;
        }
    }

    /// Records the result of the search for an item; returns whether it was being searched for.
    pub(super) fn handle_found(&mut self, id: ItemId, found: Option<LocalItem>) -> bool {
        let Some(held) = self.items.get_mut(&id) else {
            return false;
        };
        if !matches!(held.choice, CopyChoice::Searching { .. }) {
            return false;
        }
        match found {
            Some(copy) => {
                held.found = Some(copy.source.clone());
                self.choose(id, copy);
            }
            None => held.choice = CopyChoice::Missing,
        }
        true
    }

    /// Records that the copy of the current item could be opened.
    pub(super) fn handle_opened(&mut self) {
        self.take_found();
    }

    /// Takes the result of the last search for the current item, unless it has been opened since.
    pub(super) fn take_found(&mut self) -> Option<Source> {
        self.items.get_mut(&self.on?)?.found.take()
    }

    /// Returns whether there has never been an item.
    pub(super) const fn is_new(&self) -> bool {
        self.on.is_none()
    }

    /// Returns which copy of the current item is used.
    pub(super) fn choice(&self) -> &CopyChoice {
        self.on().map_or(&CopyChoice::Nothing, |copy| &copy.choice)
    }

    /// Returns the copy of the current item.
    pub(super) fn chosen(&self) -> Option<&LocalItem> {
        match self.choice() {
            CopyChoice::Have(copy) => Some(copy),
            CopyChoice::Nothing | CopyChoice::Searching { .. } | CopyChoice::Missing => None,
        }
    }

    /// Returns the copy that was used last for a film.
    pub(super) fn copy_for(&self, item: &Item) -> Option<&LocalItem> {
        let known = self.used.iter().find(|(known, _)| is_same(known, item));
        known.map(|(_, copy)| copy)
    }

    /// Returns how the copy of the current item compares with it; `media` is the copy if it is open.
    pub(super) fn file(&self, media: Option<&Media>) -> FileMatch {
        self.on().map_or(FileMatch::Unknown, |copy| copy.compare(media))
    }

    fn on(&self) -> Option<&LocalCopy> {
        self.items.get(&self.on?)
    }
}

impl LocalCopy {
    /// Returns how the copy compares with its item; `media` is the copy if it is open.
    fn compare(&self, media: Option<&Media>) -> FileMatch {
        let (item, CopyChoice::Have(copy)) = (&self.item, &self.choice) else {
            return FileMatch::Unknown;
        };
        match media {
            Some(media) if media.is_growing() => FileMatch::Growing,
            Some(media) if media.is_live() && is_same(&copy.item, item) => FileMatch::Live,
            // A link without a length may be live; the player knows once it is open.
            None if item.duration().is_none() && item.can_be(Length::Live) => FileMatch::Unknown,
            Some(_) | None if is_same(&copy.item, item) => FileMatch::Same,
            Some(media) => {
                let longer_by = match (media.duration, item.duration()) {
                    (Some(own), Some(room)) => own - room,
                    _ => MediaTime::ZERO,
                };
                if !can_compare(&copy.item, item) && longer_by.abs() < SAME_LENGTH {
                    return FileMatch::Unknown;
                }
                FileMatch::Other { longer_by }
            }
            None => FileMatch::Unknown,
        }
    }
}

/// Returns whether two items are the same film, byte for byte, as far as is known.
pub(super) fn is_same(a: &Item, b: &Item) -> bool {
    match (&a.source, &b.source) {
        (
            ItemSource::File { size, fingerprint },
            ItemSource::File {
                size: other_size,
                fingerprint: other,
            },
        ) => (size, fingerprint) == (other_size, other),
        (ItemSource::Link(link), ItemSource::Link(other)) => link == other,
        (ItemSource::File { .. }, ItemSource::Link(_)) | (ItemSource::Link(_), ItemSource::File { .. }) => {
            false
        }
    }
}

/// Returns whether two items can be compared: a file and a link have only their lengths in common.
const fn can_compare(a: &Item, b: &Item) -> bool {
    matches!(
        (&a.source, &b.source),
        (ItemSource::File { .. }, ItemSource::File { .. }) | (ItemSource::Link(_), ItemSource::Link(_))
    )
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::Clean;

    use super::super::test_support::{item, local_item, media};
    use super::*;

    const FILM: ItemId = ItemId(1);
    const NEXT: ItemId = ItemId(2);

    /// Returns a shelf with a current item and a copy in use.
    fn with(item: &Item, copy: LocalItem) -> MediaShelf {
        let mut shelf = MediaShelf::default();
        shelf.set_current(FILM, item);
        shelf.choose(FILM, copy);
        shelf
    }

    /// Returns a shelf that was searching for a film when the room went to the next film, which it now searches for as well.
    fn searching_for_two() -> MediaShelf {
        let mut shelf = MediaShelf::default();
        shelf.set_current(FILM, &item("film"));
        shelf.handle_search(FILM);
        shelf.set_current(NEXT, &item("next"));
        shelf.handle_search(NEXT);
        shelf
    }

    #[test]
    fn the_same_bytes_are_the_same_film_whatever_they_are_called() {
        let mut renamed = item("film");
        renamed.title = Clean::line("other name");

        assert!(is_same(&item("film"), &renamed));
        assert!(!is_same(&item("film"), &item("next")));
    }

    #[test]
    fn another_cut_is_shown_with_the_difference_in_length() {
        let mut cut = item("cut");
        cut.length = Length::Of(MediaTime::from_millis(604_000));
        let open = media(600_000);

        assert_eq!(
            with(&cut, local_item("film")).file(Some(&open)),
            FileMatch::Other {
                longer_by: MediaTime::from_millis(-4_000)
            }
        );
        let same = with(&item("film"), local_item("film"));
        assert_eq!(same.file(Some(&open)), FileMatch::Same);
        assert_eq!(MediaShelf::default().file(None), FileMatch::Unknown);
    }

    #[test]
    fn a_file_and_a_link_are_compared_by_their_lengths_alone() {
        let link = |length| Item {
            source: ItemSource::Link("http://example.org/film.mkv".parse().expect("a link")),
            length,
            ..item("film")
        };
        let of = |ms| Length::Of(MediaTime::from_millis(ms));
        let open = media(600_000);

        for length in [of(600_000), of(600_900), Length::Unknown] {
            let shelf = with(&link(length), local_item("film"));
            assert_eq!(shelf.file(Some(&open)), FileMatch::Unknown);
        }
        let linked = LocalItem {
            item: link(Length::Unknown),
            ..local_item("film")
        };
        let shelf = with(&item("film"), linked);
        assert_eq!(shelf.file(Some(&open)), FileMatch::Unknown);
        let shelf = with(&link(of(720_000)), local_item("film"));
        let shorter = FileMatch::Other {
            longer_by: MediaTime::from_millis(-120_000),
        };
        assert_eq!(shelf.file(Some(&open)), shorter);
    }

    #[test]
    fn two_items_are_held_and_an_answer_counts_for_one_of_them() {
        let mut shelf = searching_for_two();

        shelf.handle_progress(FILM, 7);
        shelf.handle_progress(NEXT, 3);
        assert_eq!(*shelf.choice(), CopyChoice::Searching { folders: 3 });
        assert!(shelf.handle_found(FILM, Some(local_item("film"))));

        assert!(shelf.searches_for(NEXT), "the answer was for the other one");
        assert_eq!(shelf.chosen(), None);
        let held = &shelf.items[&FILM];
        assert_eq!(held.compare(None), FileMatch::Same, "compared before it is on");

        shelf.set_current(FILM, &item("film"));
        assert_eq!(shelf.chosen(), Some(&local_item("film")));
        assert_eq!(shelf.take_found(), Some(local_item("film").source));
    }

    #[test]
    fn a_search_for_an_item_goes_on_until_it_comes_on() {
        let mut shelf = searching_for_two();
        shelf.handle_progress(FILM, 7);

        shelf.set_current(FILM, &item("film"));

        assert_eq!(*shelf.choice(), CopyChoice::Searching { folders: 7 });
    }

    #[test]
    fn only_what_is_looked_for_is_found() {
        let mut shelf = with(&item("film"), local_item("cut"));

        assert!(!shelf.handle_found(FILM, Some(local_item("film"))));
        assert!(!shelf.handle_found(NEXT, Some(local_item("next"))));
        assert_eq!(shelf.chosen(), Some(&local_item("cut")));
    }

    #[test]
    fn a_film_that_is_on_under_another_number_keeps_its_copy_and_needs_another_search() {
        let mut shelf = with(&item("film"), local_item("cut"));
        shelf.keep_only_current();
        shelf.set_current(ItemId(7), &item("film"));
        assert_eq!(shelf.chosen(), Some(&local_item("cut")));

        shelf.handle_search(ItemId(7));
        shelf.set_current(ItemId(8), &item("film"));
        assert_eq!(*shelf.choice(), CopyChoice::Nothing);
    }

    #[test]
    fn a_reused_item_number_does_not_reuse_its_copy() {
        let mut shelf = searching_for_two();
        shelf.handle_found(FILM, Some(local_item("film")));
        shelf.keep_only_current();
        shelf.set_current(FILM, &item("other"));

        assert_eq!(*shelf.choice(), CopyChoice::Nothing);
        let remembered = shelf.copy_for(&item("film"));
        assert_eq!(remembered, Some(&local_item("film")), "of the film");
    }

    #[test]
    fn the_oldest_item_gives_way_and_never_the_one_that_is_on() {
        let mut shelf = MediaShelf::default();
        for number in 0..=ITEMS {
            let number = u64::try_from(number).expect("a small number");
            let id = ItemId(100 - number);
            shelf.set_current(id, &item(&number.to_string()));
            shelf.handle_search(id);
        }

        assert_eq!(shelf.items.len(), ITEMS);
        assert!(!shelf.searches_for(ItemId(69)), "the lowest of the others");
        assert_eq!(*shelf.choice(), CopyChoice::Searching { folders: 0 });
    }
}
