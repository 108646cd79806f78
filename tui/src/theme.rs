//! Colours and their absence. Every state is a word first; colour only repeats it.
//!
//! Only the terminal's own 16 colours are used, so that its palette, light or dark, stays in charge; text keeps the
//! terminal's foreground, and what recedes is dim rather than "bright black", which some palettes make invisible.

use ratatui::style::{Color, Modifier, Style};

/// The colours that tell people apart: those of the 16 that stand out from black by at least 4.5 to 1 in xterm's palette.
pub const PEOPLE: [Color; 8] = [
    Color::Green,
    Color::LightMagenta,
    Color::Cyan,
    Color::Yellow,
    Color::LightRed,
    Color::LightGreen,
    Color::LightCyan,
    Color::LightYellow,
];

/// What a piece of text is, for its style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Text.
    Plain,
    /// Times, separators, hints: what is read second.
    Dim,
    /// Titles and what one's own eye looks for.
    Strong,
    /// All is well.
    Good,
    /// Something is being done about it.
    Busy,
    /// Something needs the user.
    Bad,
    /// Something is so bad that it stands out from across the room.
    Alarm,
    /// A mention of the own name, a chosen item.
    Marked,
}

/// The styles of the screen.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    has_colour: bool,
}

impl Theme {
    /// Returns the theme with the terminal's colours, or with none.
    pub const fn new(has_colour: bool) -> Self {
        Self { has_colour }
    }

    /// Returns the style of a role.
    pub fn style(self, role: Role) -> Style {
        let style = Style::new();
        let (modifier, colour) = match role {
            Role::Plain => return style,
            Role::Dim => (Modifier::DIM, None),
            Role::Strong => (Modifier::BOLD, None),
            Role::Good => (Modifier::empty(), Some(Color::Green)),
            Role::Busy => (Modifier::empty(), Some(Color::Yellow)),
            Role::Bad => (Modifier::BOLD, Some(Color::LightRed)),
            Role::Alarm => (Modifier::BOLD.union(Modifier::REVERSED), Some(Color::LightRed)),
            Role::Marked => (Modifier::REVERSED, None),
        };
        self.coloured(style.add_modifier(modifier), colour)
    }

    /// Returns the style of a member's name: a colour by the avatar's number, bold for the own one.
    pub fn person(self, colour: u8, is_own: bool) -> Style {
        let modifier = if is_own { Modifier::BOLD } else { Modifier::empty() };
        let colour = PEOPLE[usize::from(colour) % PEOPLE.len()];
        self.coloured(Style::new().add_modifier(modifier), Some(colour))
    }

    /// Returns the style of ink on paper, and whether there is any: without colours, foreground and background are the
    /// terminal's own.
    pub const fn paper(self) -> (Style, bool) {
        if self.has_colour {
            (Style::new().fg(Color::Black).bg(Color::White), true)
        } else {
            (Style::new(), false)
        }
    }

    fn coloured(self, style: Style, colour: Option<Color>) -> Style {
        match colour {
            Some(colour) if self.has_colour => style.fg(colour),
            Some(_) | None => style,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The palette of an xterm that nobody configured.
    const XTERM: [(Color, [f64; 3]); 8] = [
        (Color::Green, [0.0, 205.0, 0.0]),
        (Color::Yellow, [205.0, 205.0, 0.0]),
        (Color::Cyan, [0.0, 205.0, 205.0]),
        (Color::LightRed, [255.0, 0.0, 0.0]),
        (Color::LightGreen, [0.0, 255.0, 0.0]),
        (Color::LightYellow, [255.0, 255.0, 0.0]),
        (Color::LightMagenta, [255.0, 0.0, 255.0]),
        (Color::LightCyan, [0.0, 255.0, 255.0]),
    ];

    fn luminance(colour: Color) -> f64 {
        let linear = |v: f64| {
            let v = v / 255.0;
            if v <= 0.040_45 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        let known = XTERM.into_iter().find(|(known, _)| *known == colour);
        let (_, rgb) = known.expect("a colour of the theme is one of these");
        let [r, g, b] = rgb.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    #[test]
    fn every_colour_stands_out_from_black() {
        let roles = [Role::Good, Role::Busy, Role::Bad, Role::Alarm];
        let used = roles
            .into_iter()
            .filter_map(|role| Theme::new(true).style(role).fg)
            .chain(PEOPLE);

        for colour in used {
            let contrast = (luminance(colour) + 0.05) / 0.05;
            assert!(contrast >= 4.5, "{colour}: {contrast:.1}");
        }
    }

    #[test]
    fn without_colours_there_are_none() {
        let theme = Theme::new(false);

        for role in [Role::Good, Role::Busy, Role::Bad, Role::Alarm, Role::Dim] {
            assert_eq!(theme.style(role).fg, None);
        }
        assert_eq!(theme.person(3, true).fg, None);
    }
}
