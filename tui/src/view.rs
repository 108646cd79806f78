//! The picture: where the parts of the screen stand at every size.
//!
//! No size is refused. From 100 columns on there is a wide side column, from 72 a narrow one, below that the people
//! become a strip. One may also have the chat alone, or the panels alone. What is given up first when rows are few: hint line, separators, strip, progress line; the input
//! line is what is left last.

pub(crate) mod chat;
pub(crate) mod home;
pub(crate) mod status_bar;

mod browser;
mod card;
mod hints;
mod input_line;
mod invite;
mod invite_banner;
mod member_menu;
mod notice;
mod overlays;
mod palette;
mod panel;
mod pieces;
mod player_block;
mod progress;
mod roster;
mod side;
mod status_words;
mod stop;
mod strip;
mod sync_details;
mod sync_graph;
mod toasts;
mod widths;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use watchtogether_protocol::LocalTime;

use crate::action::ActionId;
use crate::geometry::{Bar, Hits, Link, Places, Shape, Target};
use crate::glyphs::{self, Glyphs};
use crate::model::Room;
use crate::state::overlay::Overlay;
use crate::state::panels::Layout;
use crate::state::{Scene, Screen};
use crate::strings;
use crate::text;
use crate::theme::Role;

use pieces::{Rows, put};
use widths::{SIDE, SIDE_COLUMNS, SIDE_WIDE, WIDE_COLUMNS};

/// Below this there is no hint line, no separator and no strip.
const FULL: Size = Size::new(40, 12);
/// Below this the status bar and the progress line are one.
const TWO_BARS_ROWS: u16 = 6;
/// Below this there is the input line alone.
const LEAST: Size = Size::new(20, 4);
/// What the screen must know of the picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawn {
    /// The shape of the chat.
    pub(crate) chat: Shape,
    /// How far an overlay is scrolled.
    pub(crate) overlay_scroll: usize,
    /// What stands where.
    pub(crate) hits: Hits,
    /// Where links stand.
    pub(crate) links: Vec<Link>,
    /// Where the panels stand.
    pub(crate) panels: Places,
    /// The rows of the invite above the chat, which nothing may cover.
    pub(crate) banner_rows: u16,
    /// Whether there is room for panels.
    pub(crate) has_panels: bool,
    /// The bar of the progress line: which column stands for which time.
    pub(crate) bar: Option<Bar>,
}

impl Drawn {
    /// A click on a panel shows all that it has to say.
    fn add_panels(&mut self) {
        let Places { people, sync, player } = self.panels;
        for (place, id) in [
            (people, ActionId::People),
            (sync, ActionId::SyncDetails),
            (player, ActionId::Player),
        ] {
            if let Some(place) = place {
                self.hits.add(place, Target::Do(id));
            }
        }
    }
}

/// Draws everything.
pub(crate) fn draw(frame: &mut Frame<'_>, screen: &Screen, now: LocalTime) -> Drawn {
    let drawn = draw_scene(frame, screen, now);
    glyphs::split_flags(frame.buffer_mut());
    if screen.glyphs == Glyphs::Ascii {
        glyphs::replace(frame.buffer_mut());
    }
    drawn
}

fn draw_scene(frame: &mut Frame<'_>, screen: &Screen, now: LocalTime) -> Drawn {
    let area = frame.area();
    if area.is_empty() {
        return Drawn::default();
    }
    let room = match &screen.scene {
        Scene::Room(room) => room,
        Scene::Connecting { to } => {
            stop::draw_connecting(frame.buffer_mut(), area, screen, to);
            return Drawn::default();
        }
        Scene::Stopped(stop) => {
            stop::draw(frame.buffer_mut(), area, screen, stop);
            return Drawn::default();
        }
    };
    let mut drawn = draw_room(frame, area, screen, room, now);
    match &screen.overlay {
        Some(Overlay::Palette(palette)) => palette::draw(frame, area, screen, palette, &mut drawn.hits),
        Some(overlay) => {
            let shown = overlays::draw(frame.buffer_mut(), area, screen, room, overlay, now);
            drawn.hits.add(area, Target::Beside);
            drawn.hits.add(shown.place, Target::Text);
            drawn.overlay_scroll = shown.scroll;
            drawn.links.retain(|link| !link.area.intersects(shown.place));
        }
        None => {}
    }
    // Over the chat where it is shown, so that the panels beside it stay whole.
    let width = match drawn.chat.size.width {
        0 => area.width,
        chat => chat.min(area.width),
    };
    let notices = Rect {
        y: area.y + drawn.banner_rows,
        width,
        height: area.height - drawn.banner_rows,
        ..area
    };
    toasts::draw(frame.buffer_mut(), notices, screen);
    drawn
}

fn draw_room(frame: &mut Frame<'_>, area: Rect, screen: &Screen, room: &Room, now: LocalTime) -> Drawn {
    let (mut rows, is_full) = (Rows(area), area.width >= FULL.width && area.height >= FULL.height);
    let has_cursor = screen.overlay.is_none();
    let mut drawn = Drawn {
        has_panels: is_full,
        ..Drawn::default()
    };
    if area.width < LEAST.width || area.height < LEAST.height {
        input_line::draw(frame, rows.bottom(1), screen, room, has_cursor);
        return drawn;
    }
    let dim = screen.theme.style(Role::Dim);
    let side = match (area.width, screen.panels.layout) {
        (_, Layout::ChatAlone | Layout::PanelsAlone) => 0,
        _ if !is_full => 0,
        (WIDE_COLUMNS.., Layout::Beside) => SIDE_WIDE,
        (SIDE_COLUMNS.., Layout::Beside) => SIDE,
        (_, Layout::Beside) => 0,
    };
    let has_chat = !is_full || screen.panels.layout != Layout::PanelsAlone;
    let buf = frame.buffer_mut();
    if area.height >= TWO_BARS_ROWS {
        status_bar::draw(buf, rows.top(1), screen, room, now);
        drawn.bar = progress::draw(buf, rows.top(1), screen, room, now);
        if let Some(bar) = &drawn.bar {
            drawn.hits.add(bar.area, Target::Bar);
        }
    } else {
        status_bar::draw_merged(buf, rows.top(1), screen, room, now);
    }
    if is_full && side == 0 && has_chat {
        let row = rows.top(1);
        strip::draw(buf, row, screen, room);
        drawn.hits.add(row, Target::Do(ActionId::People));
    }
    if is_full {
        for line in invite_banner::lines(screen, room, area.width, area.height) {
            let row = rows.top(1);
            put(buf, row, &line);
            drawn.banner_rows += row.height;
            drawn.hits.add(row, Target::Do(ActionId::Invite));
        }
        hints::draw(buf, rows.bottom(1), screen, room, &mut drawn.hits);
    }
    let input_rows = input_line::height(screen, room, area);
    let input = rows.bottom(input_rows);
    input_line::draw(frame, input, screen, room, has_cursor);
    drawn.hits.add(input, Target::Input);
    let buf = frame.buffer_mut();
    // From the lowest up; a screen of some rows has room for one.
    let most = if is_full { usize::MAX } else { 1 };
    for line in notice::lines(screen, room, area.width, now)
        .iter()
        .take(most)
        .rev()
    {
        put(buf, rows.bottom(1), line);
    }
    let (mut above, mut below) = (Rect::ZERO, Rect::ZERO);
    if is_full {
        above = rows.top(1);
        below = rows.bottom(1);
    }
    let middle = rows.0;
    let chat = Rect {
        width: middle.width - side,
        ..middle
    };
    for row in [above, below] {
        put(buf, row, &Line::styled("─".repeat(row.width.into()), dim));
    }
    if !has_chat {
        drawn.panels = side::draw_alone(buf, middle, screen, room, now);
        drawn.add_panels();
        drawn.hits.add(below, Target::Do(ActionId::FocusChat));
        hidden_news(buf, below, screen, room);
        return drawn;
    }
    if side > 0 {
        let x = chat.right();
        for (y, joint) in [(above.y, "┬"), (below.y, "┴")] {
            buf.set_string(x, y, joint, dim);
        }
        for y in middle.y..middle.bottom() {
            buf.set_string(x, y, "│", dim);
        }
        let column = Rect {
            x: x + 1,
            width: side - 1,
            ..middle
        };
        drawn.panels = side::draw(buf, column, screen, room, now);
        drawn.add_panels();
    }
    // Text does not touch the line beside it.
    let chat = Rect {
        width: chat.width - u16::from(side > 0),
        ..chat
    };
    drawn.chat = Shape {
        size: chat.as_size(),
        has_names: side > 0 || area.width >= SIDE_COLUMNS && is_full,
        has_positions: side == SIDE_WIDE,
    };
    typing(buf, below, screen, room);
    drawn.links = chat::draw(buf, chat, screen, room, drawn.chat, below, &mut drawn.hits);
    if room.chat.place().is_some() {
        drawn.hits.add(below, Target::Do(ActionId::Newest));
    }
    drawn
}

/// Says on the separator who is writing something.
fn typing(buf: &mut Buffer, separator: Rect, screen: &Screen, room: &Room) {
    let names = room.typing();
    if names.is_empty() || separator.is_empty() {
        return;
    }
    let most = usize::from(separator.width / 2);
    let words = format!(" {} ", text::truncate(&strings::typing(&names), most));
    let place = Rect {
        x: separator.x + 1,
        width: separator.width - 1,
        ..separator
    };
    put(buf, place, &Line::styled(words, screen.theme.style(Role::Dim)));
}

/// Says on the separator how much was said in a chat that is not shown.
fn hidden_news(buf: &mut Buffer, separator: Rect, screen: &Screen, room: &Room) {
    let Some(unread) = room.chat.unread() else { return };
    let words = format!(" {} ", strings::hidden_news(unread.count, &screen.way_to_chat()));
    let wide = u16::try_from(text::width(&words)).unwrap_or(u16::MAX);
    let x = separator.right().saturating_sub(wide + 1).max(separator.x);
    let place = Rect {
        x,
        width: separator.right() - x,
        ..separator
    };
    put(buf, place, &Line::styled(words, screen.theme.style(Role::Marked)));
}
