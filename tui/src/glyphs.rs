//! Glyphs for terminals whose font has only ASCII: the screen is drawn as ever, and then every glyph of its own is put
//! in other words. Letters of people's names and lines stay what they are.

use ratatui::buffer::Buffer;

/// Which glyphs a terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// All of them.
    #[default]
    Unicode,
    /// Those of ASCII.
    Ascii,
}

/// Puts every glyph of the screen's own in ASCII.
pub(crate) fn replace(buf: &mut Buffer) {
    for cell in &mut buf.content {
        if let Some(ascii) = ascii(cell.symbol()) {
            cell.set_symbol(ascii);
        }
    }
}

/// Returns what stands for a glyph; all of them are one cell wide, and so is what stands for them.
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
    fn own_glyphs_become_ascii_and_letters_stay() {
        let mut buf = Buffer::with_lines(["▸ ━╸┄─ ★é猫 ±9▒…"]);

        replace(&mut buf);

        let expected = Buffer::with_lines(["> =>~- *é猫 ~9#."]);
        assert_eq!(buf.area, Rect::new(0, 0, 16, 1));
        assert_eq!(buf, expected);
    }
}
