//! Glyphs for terminals whose font has only ASCII: the screen is drawn normally, and then each of its glyphs is replaced. Letters
//! in names and messages are kept.

use ratatui::buffer::Buffer;

/// The glyphs that a terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// All glyphs.
    #[default]
    Unicode,
    /// Only ASCII.
    Ascii,
}

/// Replaces every glyph of the screen with ASCII.
pub(crate) fn replace(buf: &mut Buffer) {
    for cell in &mut buf.content {
        if let Some(ascii) = ascii(cell.symbol()) {
            cell.set_symbol(ascii);
        }
    }
}

/// Gives each half of a flag its own cell. Some terminals (tmux) draw the two letters as two glyphs of one cell. If a flag were
/// one glyph of two cells, its second half would stay behind when a narrow glyph replaces it.
pub(crate) fn split_flags(buf: &mut Buffer) {
    let is_indicator = |c: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c);
    for index in 1..buf.content.len() {
        let mut letters = buf.content[index - 1].symbol().chars();
        if let (Some(first), Some(second), None) = (letters.next(), letters.next(), letters.next())
            && is_indicator(first)
            && is_indicator(second)
        {
            let style = buf.content[index - 1].style();
            buf.content[index - 1].set_char(first);
            buf.content[index].set_char(second).set_style(style);
        }
    }
}

/// Returns the replacement of a glyph; both are one cell wide.
fn ascii(glyph: &str) -> Option<&'static str> {
    Some(match glyph {
        "─" | "╌" | "┈" | "—" | "–" | "▔" => "-",
        "━" | "═" | "‖" => "=",
        "┄" | "┅" | "↻" | "±" => "~",
        "│" | "┃" | "┊" | "┆" => "|",
        "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┬" | "┴" | "┼" | "┿" | "╋" | "╭" | "╮" | "╰" | "╯" | "✓" => {
            "+"
        }
        "╸" | "▸" | "▶" | "›" | "→" | "❯" => ">",
        "◂" | "‹" | "←" => "<",
        "★" | "●" | "•" | "◆" => "*",
        "✗" | "×" | "✕" => "x",
        "↑" => "^",
        "↓" => "v",
        "⚠" => "!",
        "…" | "·" => ".",
        "▁" | "▂" => "_",
        "█" | "▇" | "▆" | "▅" | "▄" | "▃" | "▀" | "▒" => "#",
        "“" | "”" => "\"",
        "‘" | "’" => "'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn a_deleted_flag_leaves_nothing_behind_where_its_halves_are_two_glyphs() {
        let mut before = Buffer::with_lines(["a🇩🇪b"]);
        split_flags(&mut before);
        let after = Buffer::with_lines(["a  b"]);

        let redrawn: Vec<u16> = before.diff(&after).into_iter().map(|(x, _, _)| x).collect();

        assert_eq!(redrawn, [1, 2]);
        assert_eq!(before[(1, 0)].symbol(), "🇩");
        assert_eq!(before[(2, 0)].symbol(), "🇪");
    }

    #[test]
    fn own_glyphs_become_ascii_and_letters_stay() {
        let mut buf = Buffer::with_lines(["▸ ━╸┄─ ★é猫 ±9▒…"]);

        replace(&mut buf);

        let expected = Buffer::with_lines(["> =>~- *é猫 ~9#."]);
        assert_eq!(buf.area, Rect::new(0, 0, 16, 1));
        assert_eq!(buf, expected);
    }
}
