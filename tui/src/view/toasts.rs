//! Notices that disappear by themselves, over the right end of the rows below the bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Line;

use super::pieces::{clear_edge, put};
use crate::state::Screen;
use crate::text;
use crate::theme::Role;
use crate::update::Weight;

/// The rows of the bars, which stay free.
const BARS: u16 = 3;

/// The maximum width of a notice.
const WIDTH: u16 = 60;

/// Draws the notices if they leave something of the screen visible.
pub(super) fn draw(buf: &mut Buffer, area: Rect, screen: &Screen) {
    let rows = area.y.saturating_add(BARS)..area.bottom().saturating_sub(BARS);
    let most = usize::from(area.width.min(WIDTH).saturating_sub(4));
    for (toast, y) in screen.toasts.iter().zip(rows) {
        let words = text::truncate(&text::safe(&toast.words), most);
        let words = format!(" {words} ");
        let wide = u16::try_from(text::width(&words)).unwrap_or(u16::MAX);
        let role = match toast.weight {
            Weight::Calm => Role::Strong,
            Weight::Warning => Role::Busy,
            Weight::Failure => Role::Bad,
        };
        let style = screen.theme.style(role).add_modifier(Modifier::REVERSED);
        let place = Rect {
            x: area.right().saturating_sub(wide + 1).max(area.x),
            y,
            width: wide.min(area.width),
            height: 1,
        };
        clear_edge(buf, place);
        put(buf, place, &Line::styled(words, style));
    }
}
