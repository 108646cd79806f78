//! The overlays over the room: help, people, invite, questions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use watchtogether_protocol::LocalTime;

use super::pieces::{cells, chosen_row, span};
use super::{card, invite, member_menu, player_block, roster, sync_details};
use crate::action::{ACTIONS, Action, Group};
use crate::key::Key;
use crate::keymap::Mode;
use crate::model::Room;
use crate::state::Screen;
use crate::state::overlay::Overlay;
use crate::state::question::Question;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The width of the help's first column: keys and slash commands.
const KEYS: usize = 26;
/// The number of rows below which a list of people has no headings.
const HEADED: usize = 6;
/// The groups of the help, in order.
const GROUPS: [Group; 6] = [
    Group::Chat,
    Group::Room,
    Group::Mine,
    Group::People,
    Group::App,
    Group::Edit,
];

/// Draws an overlay; returns its area and scroll position.
pub(super) fn draw(
    buf: &mut Buffer,
    area: Rect,
    screen: &Screen,
    room: &Room,
    overlay: &Overlay,
    now: LocalTime,
) -> card::DrawnCard {
    let width = card::inner_width(area);
    let close = Line::styled(msg!("close"), screen.theme.style(Role::Dim));
    let card = match overlay {
        // It has its own view.
        Overlay::Palette(_) => return card::DrawnCard::default(),
        Overlay::Help { word, scroll } => card::Card {
            title: help_title(room, word.as_deref()),
            lines: help(screen, word.as_deref(), width),
            foot: help_foot(screen, width),
            scroll: *scroll,
        },
        Overlay::People { scroll } => {
            let (lines, scroll) = people(screen, room, width, card::rows(area), *scroll);
            card::Card {
                title: strings::people_heading(room.members.len()),
                lines,
                foot: Line::styled(
                    text::truncate(msg!("choose-person"), width),
                    screen.theme.style(Role::Dim),
                ),
                scroll,
            }
        }
        Overlay::Member(menu) => card::Card {
            title: room.name_of(menu.id),
            lines: member_menu::lines(screen, room, *menu, width),
            foot: Line::styled(msg!("choose"), screen.theme.style(Role::Dim)),
            scroll: 0,
        },
        Overlay::Player { scroll } => {
            let at = room
                .transport
                .as_ref()
                .map(|transport| transport.position_at(now));
            let chapter = at.and_then(|at| room.local_player.chapter_at(at));
            card::Card {
                title: msg!("player-title").to_owned(),
                lines: player_block::lines(screen, &room.local_player, chapter, width),
                foot: close,
                scroll: *scroll,
            }
        }
        Overlay::SyncDetails { scroll } => card::Card {
            title: msg!("sync-details").to_owned(),
            lines: sync_details::lines(screen, room, width, now),
            foot: close,
            scroll: *scroll,
        },
        Overlay::Invite(view) if view.shows_code => return invite::draw_code(buf, area, screen, room),
        Overlay::Invite(view) => invite::card(screen, room, width, *view),
        Overlay::Ask(question) => {
            let mut lines = wrapped(&question.words(room, screen.free_chars()), width);
            if let Question::Paste(text) = question {
                lines.extend(paste(screen, text, width));
            }
            card::Card {
                title: question.title(room),
                lines,
                foot: question_foot(screen, room, question, width),
                scroll: 0,
            }
        }
    };
    card::draw(buf, area, screen.theme, card)
}

/// Returns the keys that confirm and cancel a question; the latter is dropped first if there is little space.
fn question_foot(screen: &Screen, room: &Room, question: &Question, width: usize) -> Line<'static> {
    let (strong, dim) = (screen.theme.style(Role::Strong), screen.theme.style(Role::Dim));
    let (key, action) = screen.confirmation(question, room);
    let mut spans = vec![span(key.to_string(), strong), span(format!(" {action}"), dim)];
    let withdraw = [
        span(format!("   {}", msg!("withdraw-key")), strong),
        span(format!(" {}", msg!("withdraw")), dim),
    ];
    if cells(&spans) + cells(&withdraw) <= width {
        spans.extend(withdraw);
    }
    Line::from(spans)
}

fn help_title(room: &Room, word: Option<&str>) -> String {
    let word = word.map_or_else(
        || msg!("help-search").to_owned(),
        |word| format!("/{}_", text::safe(word)),
    );
    format!(
        "{}{}{}{}{word}",
        msg!("help-title"),
        strings::DOT,
        room.shown_name(),
        strings::DOT
    )
}

fn help_foot(screen: &Screen, width: usize) -> Line<'static> {
    let rule = format!("   {}", msg!("help-foot"));
    let mut spans = vec![span(msg!("close"), screen.theme.style(Role::Strong))];
    if text::width(msg!("close")) + text::width(&rule) <= width {
        spans.push(span(rule, screen.theme.style(Role::Dim)));
    }
    Line::from(spans)
}

/// Returns the help: every action with its keys and commands, or those that match a search text.
fn help(screen: &Screen, word: Option<&str>, width: usize) -> Vec<Line<'static>> {
    let word = word.map(str::to_lowercase);
    let is_wanted = |action: &Action| {
        word.as_ref().is_none_or(|word| {
            let slash = action.slash_form().map_or("", |slash| slash.word);
            [action.help(), action.label(), action.name, slash]
                .iter()
                .any(|text| text.to_lowercase().contains(word.trim_start_matches('/')))
        })
    };
    let mut lines = Vec::new();
    for group in GROUPS {
        let actions: Vec<&Action> = ACTIONS
            .iter()
            .filter(|action| action.group == group && is_wanted(action))
            .collect();
        if actions.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(
            strings::group(group),
            screen.theme.style(Role::Strong),
        ));
        for action in actions {
            lines.extend(help_on(screen, action, width));
        }
    }
    if lines.is_empty() {
        lines.push(Line::raw(msg!("help-nothing")));
    }
    lines
}

/// Returns an action's rows: its keys and commands, and its effect.
fn help_on(screen: &Screen, action: &Action, width: usize) -> Vec<Line<'static>> {
    let ways = ways(screen, action);
    let is_narrow = width < KEYS * 2;
    let keys = if is_narrow {
        text::width(&ways) + 1
    } else {
        KEYS.max(text::width(&ways))
    };
    let head = span(
        format!(" {} ", text::fit(&ways, keys)),
        screen.theme.style(Role::Strong),
    );
    let indent = if is_narrow { 3 } else { KEYS + 2 };
    let first = width.saturating_sub(cells(std::slice::from_ref(&head)));
    let mut words = text::wrap_behind(action.help(), first, width.saturating_sub(indent)).into_iter();
    let dim = screen.theme.style(Role::Dim);
    let mut lines = vec![Line::from(vec![
        head,
        span(words.next().unwrap_or_default(), dim),
    ])];
    lines.extend(words.map(|line| Line::from(vec![Span::raw(" ".repeat(indent)), span(line, dim)])));
    lines
}

/// Returns the ways to an action: keys of chat mode, keys of keys mode after Esc, and the slash command if it is more than the
/// name or the only way.
fn ways(screen: &Screen, action: &Action) -> String {
    let chat = screen.keymap.keys(Mode::Chat, action.id);
    let mut ways: Vec<String> = chat.iter().take(2).map(Key::to_string).collect();
    // Keys that only repeat one of chat mode, with or without Alt, are left out.
    let is_news = |key: &&Key| !chat.contains(key) && !chat.contains(&Key::alt(key.code));
    let letter = screen.keymap.keys(Mode::Keys, action.id).iter().find(is_news);
    ways.extend(letter.map(|key| format!("{} {key}", strings::AFTER_ESC)));
    let slash = if ways.is_empty() {
        action.slash_form()
    } else {
        action.slash
    };
    if let Some(slash) = slash {
        ways.push(
            format!("/{} {}", slash.word, slash.argument)
                .trim_end()
                .to_owned(),
        );
    }
    ways.join("  ")
}

/// Returns everything known about everybody, and the scroll position at which the chosen member is visible.
fn people(
    screen: &Screen,
    room: &Room,
    width: usize,
    height: usize,
    scroll: usize,
) -> (Vec<Line<'static>>, usize) {
    let dim = screen.theme.style(Role::Dim);
    let cells_of_row = u16::try_from(width).unwrap_or(u16::MAX);
    let chosen = screen.panels.chosen(room);
    let (mut lines, mut scroll) = (Vec::new(), scroll);
    if height >= HEADED {
        lines.push(roster::headings(screen, cells_of_row));
    }
    for member in room.roster() {
        let first = lines.len();
        let row = roster::line(screen, room, member, cells_of_row, false);
        let is_chosen = chosen == Some(member.id);
        lines.push(if is_chosen {
            chosen_row(row, width, screen.theme.style(Role::Marked))
        } else {
            row
        });
        let words = member_menu::facts(screen, room, member);
        for line in text::wrap(&words, width.saturating_sub(3)) {
            lines.push(Line::styled(format!("   {line}"), dim));
        }
        if is_chosen {
            scroll = scroll.max(lines.len().saturating_sub(height)).min(first);
        }
    }
    (lines, scroll)
}

fn paste(screen: &Screen, pasted: &str, width: usize) -> Vec<Line<'static>> {
    /// The maximum number of its lines that are shown.
    const SHOWN: usize = 5;

    let count = pasted.lines().count();
    let mut lines = vec![Line::default()];
    let dim = screen.theme.style(Role::Dim);
    for line in pasted.lines().take(SHOWN) {
        let clean = watchtogether_protocol::Clean::line(line);
        let words = text::truncate(&text::safe(clean.as_str()), width.saturating_sub(2));
        lines.push(Line::styled(format!("  {words}"), dim));
    }
    if count > SHOWN {
        lines.push(Line::styled("  …", dim));
    }
    lines
}

fn wrapped(words: &str, width: usize) -> Vec<Line<'static>> {
    text::wrap(words, width).into_iter().map(Line::raw).collect()
}
