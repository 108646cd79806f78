//! The browser: the typed text, the matches, and their number.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Padding, Widget as _};
use unicode_segmentation::UnicodeSegmentation as _;
use watchtogether_protocol::LocalTime;
use watchtogether_protocol::time::WallTime;

use super::pieces::{RowSplitter, cells, chosen_row, put, span, spread};
use crate::home_action::HomeActionId;
use crate::home_vocabulary::FileKind;
use crate::state::home::HomeScreen;
use crate::state::home::browser::{Browser, FileRow};
use crate::strings::home as strings;
use crate::text;
use crate::theme::{Role, Theme};

/// The maximum width of the browser.
const WIDTH: u16 = 110;

/// The width below which it has no frame.
const FRAMED_COLUMNS: u16 = 40;

/// The height below which it has no frame.
const FRAMED_ROWS: u16 = 10;
/// The width from which size and age are shown.
const SIZED: usize = 36;

/// The width of the column of sizes, in cells.
const SIZE: usize = 8;

/// The width of the column of ages, in cells.
const AGE: usize = 7;

/// Draws the browser; returns the number of rows for files.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    home: &HomeScreen,
    browser: &Browser,
    now: LocalTime,
) -> usize {
    let (theme, now) = (home.theme, home.clock.now(now));
    let strong = theme.style(Role::Strong);
    let buf = frame.buffer_mut();
    let inner = draw_frame(buf, area, theme, browser);
    let mut free = RowSplitter(inner);
    let query = free.top(1);
    if inner.height >= FRAMED_ROWS {
        free.top(1);
    }
    if inner.height >= 3 {
        put(buf, free.bottom(1), &foot(theme, browser, inner.width));
    }
    if inner.height >= FRAMED_ROWS {
        free.bottom(1);
    }
    let list = free.0;
    draw_list(buf, list, theme, browser, now);
    let typed = text::safe(browser.query.text());
    let prompt = crate::strings::SHORT_PROMPT;
    put(
        buf,
        query,
        &Line::from(vec![span(prompt, strong), Span::raw(typed)]),
    );
    if home.help.is_none() && !query.is_empty() {
        let before = text::width(prompt) + text::width(&text::safe(browser.query.before_cursor()));
        let x = query.x.saturating_add(u16::try_from(before).unwrap_or(u16::MAX));
        frame.set_cursor_position((x.min(query.right() - 1), query.y));
    }
    list.height.into()
}

/// Clears the browser's area and draws its frame, if there is space for one; returns the area inside.
fn draw_frame(buf: &mut Buffer, area: Rect, theme: Theme, browser: &Browser) -> Rect {
    let (strong, dim) = (theme.style(Role::Strong), theme.style(Role::Dim));
    let width = area.width.min(WIDTH);
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        width,
        ..area
    };
    Clear.render(place, buf);
    if area.width < FRAMED_COLUMNS || area.height < FRAMED_ROWS {
        return place;
    }
    let (fitting, all) = browser.counts();
    let counts = strings::counts(fitting, all, browser.searched());
    let folder = browser.only().unwrap_or(msg!("home-all-folders"));
    let folder = text::truncate(folder, usize::from(width / 3));
    let title = format!(" {}{}{folder} ", msg!("home-browser"), crate::strings::DOT);
    let room = usize::from(width).saturating_sub(text::width(&title) + 6);
    let mut block = Block::bordered()
        .title(Line::styled(title, strong))
        .padding(Padding::horizontal(1))
        .border_style(dim);
    if text::width(&counts) <= room {
        block = block.title(Line::styled(format!(" {counts} "), dim).right_aligned());
    }
    let inner = block.inner(place);
    block.render(place, buf);
    inner
}

/// Draws the matches, or why there are none.
fn draw_list(buf: &mut Buffer, list: Rect, theme: Theme, browser: &Browser, now: WallTime) {
    let width = usize::from(list.width);
    let rows = browser.rows(list.height.into());
    for (row, y) in rows.iter().zip(list.y..list.bottom()) {
        put(buf, Rect { y, height: 1, ..list }, &line(theme, row, width, now));
    }
    if rows.is_empty() {
        let (_, all) = browser.counts();
        let (words, hint) = match (all, browser.searched().is_some()) {
            (0, false) => (msg!("home-nothing-yet"), ""),
            (0, true) => (msg!("home-no-files"), msg!("home-no-files-hint")),
            (_, _) => (msg!("home-nothing-fits"), ""),
        };
        let dim = theme.style(Role::Dim);
        let lines = [words, hint]
            .into_iter()
            .flat_map(|words| text::wrap(words, width));
        for (line, y) in lines.zip(list.y..list.bottom()) {
            put(buf, Rect { y, height: 1, ..list }, &Line::styled(line, dim));
        }
    }
}

fn foot(theme: Theme, browser: &Browser, width: u16) -> Line<'static> {
    let mut wanted = vec![HomeActionId::Take, HomeActionId::Back];
    if browser.folders().len() > 1 {
        wanted.push(HomeActionId::NextFolder);
    }
    wanted.extend([HomeActionId::AllFiles, HomeActionId::Help]);
    let mut line: Vec<Span<'static>> = Vec::new();
    for id in wanted {
        let gap = if line.is_empty() { "" } else { "  " };
        let hint = [
            Span::raw(gap),
            span(id.key(), theme.style(Role::Strong)),
            span(format!(" {}", label(id, browser)), theme.style(Role::Dim)),
        ];
        if cells(&line) + cells(&hint) <= width.into() {
            line.extend(hint);
        }
    }
    Line::from(line)
}

fn label(id: HomeActionId, browser: &Browser) -> &'static str {
    if id == HomeActionId::AllFiles && browser.has_others() {
        msg!("home-films-only")
    } else {
        id.action().label()
    }
}

fn line(theme: Theme, row: &FileRow<'_>, width: usize, now: WallTime) -> Line<'static> {
    let (mark, base) = match (row.is_chosen, row.file.kind) {
        (true, _) => (strings::FOCUS, theme.style(Role::Marked)),
        (false, FileKind::Video | FileKind::Audio | FileKind::List) => (" ", theme.style(Role::Plain)),
        (false, FileKind::Other) => (" ", theme.style(Role::Dim)),
    };
    let mut right = Vec::new();
    if width >= SIZED {
        let age = row
            .file
            .changed
            .map(|at| strings::age(at, now))
            .unwrap_or_default();
        let words = format!(
            " {} {}",
            text::fit_right(&strings::size(row.file.size), SIZE),
            text::fit_right(&age, AGE)
        );
        right.push(span(words, theme.style(Role::Dim)));
    }
    let mut left = vec![span(format!("{mark} "), theme.style(Role::Strong))];
    let free = width.saturating_sub(cells(&left) + cells(&right) + 1);
    left.extend(name(theme, row, base, free));
    let line = spread(left, right, u16::try_from(width).unwrap_or(u16::MAX));
    if row.is_chosen {
        chosen_row(line, width, base)
    } else {
        line
    }
}

/// Returns a file's path below its folder, cut to its end if it is too long, with the matching letters marked.
fn name(theme: Theme, row: &FileRow<'_>, base: Style, width: usize) -> Vec<Span<'static>> {
    let path = text::safe(row.file.below.as_str());
    let own_name = path.rfind('/').map_or(0, |at| at + 1);
    let mut missing = text::width(&path).saturating_sub(width);
    let (mut spans, mut letter): (Vec<Span<'static>>, usize) = (Vec::new(), 0);
    if missing > 0 {
        missing += 1;
        spans.push(span("…", theme.style(Role::Dim)));
    }
    for (at, glyph) in path.grapheme_indices(true) {
        let letters = letter..letter + glyph.chars().count();
        letter = letters.end;
        if missing > 0 {
            missing = missing.saturating_sub(text::glyph_width(glyph));
            continue;
        }
        let mut style = base;
        if at < own_name && !row.is_chosen {
            style = style.add_modifier(Modifier::DIM);
        }
        if row.letters.iter().any(|fitting| letters.contains(fitting)) {
            style = style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
        }
        match spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(glyph),
            Some(_) | None => spans.push(span(glyph, style)),
        }
    }
    spans
}
