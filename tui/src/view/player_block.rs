//! The local player: its tracks, volume, cache and picture.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::panel::heading;
use super::pieces::{cells, put, span};
use crate::action::ActionId;
use crate::model::Room;
use crate::model::local_player::LocalPlayer;
use crate::state::Screen;
use crate::state::panels::Focus;
use crate::strings;
use crate::text;
use crate::theme::Role;
use crate::update::{PlayerFacts, Track};

/// The rows of the block: a heading, tracks, sound and cache, picture.
pub(super) const HEIGHT: u16 = 4;

/// The gap between two details.
const GAP: &str = "   ";

/// The delay of the picture from which it is visible, in milliseconds.
const LATE_MS: i32 = 80;

/// Draws the block.
pub(super) fn draw(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room) {
    let more = screen.keymap.way(screen.mode, ActionId::Player);
    heading(
        buf,
        area,
        screen,
        Focus::Player,
        (msg!("local-player"), String::new()),
        &more,
    );
    let width = usize::from(area.width).saturating_sub(2);
    let rows = match &room.local_player.facts {
        Some(facts) => rows(screen, facts, width, false),
        None => vec![Line::styled(msg!("no-facts"), screen.theme.style(Role::Dim))],
    };
    for (line, y) in rows.into_iter().zip(area.y + 1..area.bottom()) {
        let place = Rect {
            x: area.x + 1,
            y,
            width: area.width.saturating_sub(2),
            height: 1,
        };
        put(buf, place, &line);
    }
}

/// Returns everything known about the local player, for its own card.
pub(super) fn lines(
    screen: &Screen,
    player: &LocalPlayer,
    at: Option<usize>,
    width: usize,
) -> Vec<Line<'static>> {
    let dim = screen.theme.style(Role::Dim);
    let Some(facts) = &player.facts else {
        return vec![Line::styled(msg!("no-facts"), dim)];
    };
    let mut lines = rows(screen, facts, width, true);
    let audio = facts
        .audio
        .as_ref()
        .map(|track| (track, strings::audio(Some(words(track)))));
    let read = facts
        .subtitles
        .as_ref()
        .map(|track| (track, strings::subtitles(Some(words(track)))));
    for (track, label) in [audio, read].into_iter().flatten() {
        let title = text::safe(track.title.as_str());
        if !title.is_empty() {
            lines.push(Line::styled(
                text::truncate(&msg!("player-track-title", track = label, title = title), width),
                dim,
            ));
        }
    }
    if !player.chapters.is_empty() {
        lines.push(Line::default());
        if let Some(at) = at {
            let words = strings::chapter_of(at + 1, player.chapters.len());
            lines.push(Line::styled(words, screen.theme.style(Role::Strong)));
        }
        for (number, chapter) in player.chapters.iter().enumerate() {
            let title = text::safe(chapter.title.as_str());
            let words = strings::chapter_row(number + 1, chapter.at, &title);
            let style = if Some(number) == at {
                screen.theme.style(Role::Good)
            } else {
                screen.theme.style(Role::Plain)
            };
            lines.push(Line::styled(text::truncate(&words, width), style));
        }
    }
    lines
}

/// Returns the details in rows of a width, as many in each as fit; without `is_whole`, normal values are left out.
fn rows(screen: &Screen, facts: &PlayerFacts, width: usize, is_whole: bool) -> Vec<Line<'static>> {
    let busy_if = |is_busy| if is_busy { Role::Busy } else { Role::Plain };
    let tracks = vec![
        (strings::audio(facts.audio.as_ref().map(words)), Role::Plain),
        (
            strings::subtitles(facts.subtitles.as_ref().map(words)),
            Role::Plain,
        ),
    ];
    let mut sound = vec![
        (
            strings::volume(facts.volume, facts.is_muted),
            busy_if(facts.is_muted),
        ),
        (strings::cache(facts.cache), Role::Plain),
        (
            strings::dropped(facts.dropped_frames),
            busy_if(facts.dropped_frames > 0),
        ),
    ];
    if facts.audio_delay_ms != 0 {
        sound.push((strings::audio_delay(facts.audio_delay_ms), Role::Plain));
    }
    let mut picture = Vec::new();
    if let Some(size) = facts.size {
        picture.push((strings::picture(size, facts.frame_rate), Role::Plain));
        let decoder = facts.decoder.as_ref().map(|decoder| text::safe(decoder.as_str()));
        picture.push((strings::decoder(decoder), Role::Plain));
        if is_whole || facts.picture_late_ms != 0 {
            let role = busy_if(facts.picture_late_ms.abs() >= LATE_MS);
            picture.push((strings::picture_late(facts.picture_late_ms), role));
        }
    }
    [tracks, sound, picture]
        .into_iter()
        .flat_map(|group| wrapped(screen, group, width))
        .collect()
}

/// Returns pieces of text in rows: a piece that does not fit starts the next row.
fn wrapped(screen: &Screen, things: Vec<(String, Role)>, width: usize) -> Vec<Line<'static>> {
    let mut rows: Vec<Line<'static>> = Vec::new();
    for (words, role) in things {
        let style = screen.theme.style(role);
        let words = text::truncate(&words, width);
        match rows.last_mut() {
            Some(row) if cells(&row.spans) + GAP.len() + text::width(&words) <= width => {
                row.spans.push(Span::raw(GAP));
                row.spans.push(span(words, style));
            }
            Some(_) | None => rows.push(Line::from(span(words, style))),
        }
    }
    rows
}

fn words(track: &Track) -> (u32, String, String) {
    (
        track.number,
        text::safe(track.language.as_str()),
        text::safe(track.channels.as_str()),
    )
}
