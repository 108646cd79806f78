//! The colours, for terminals with and without colour. Every state is shown by a word; colour only repeats it.
//!
//! Text keeps the terminal's foreground, and secondary text is dim rather than "bright black", which some palettes make
//! invisible. States use the terminal's own colours, so that its palette applies, except on a light background. People get
//! colours from the 256 if the terminal has them: eight of the 16 have only four hues.

use ratatui::style::{Color, Modifier, Style};

/// The colours that a terminal supports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// No colours, because the terminal has none or the user wants none.
    None,
    /// The terminal's own 16 colours.
    #[default]
    Sixteen,
    /// The 256 colours of xterm as well, on a dark background.
    OnDark,
    /// The 256 colours of xterm as well, on a light background.
    OnLight,
}

/// The colours that distinguish people: those of the 16 that contrast with black by at least 4.5 to 1 in xterm's palette.
const PEOPLE: [Color; 8] = [
    Color::Green,
    Color::LightMagenta,
    Color::Cyan,
    Color::Yellow,
    Color::LightRed,
    Color::LightGreen,
    Color::LightCyan,
    Color::LightYellow,
];

/// The colours of people on a dark background, one hue per avatar colour; palettes do not change these. They contrast with black
/// by at least 4.5 to 1.
const PEOPLE_ON_DARK: [Color; 12] = indexed([114, 215, 111, 212, 80, 228, 141, 203, 180, 151, 153, 204]);

/// The same hues with a contrast to white of at least 4.5 to 1.
const PEOPLE_ON_LIGHT: [Color; 12] = indexed([28, 130, 26, 163, 23, 94, 91, 160, 58, 60, 18, 125]);

/// The colour for good on a light background, on which the green and yellow of most palettes cannot be read.
const GOOD_ON_LIGHT: Color = Color::Indexed(28);

/// The colour for busy on a light background.
const BUSY_ON_LIGHT: Color = Color::Indexed(94);

/// The colour for bad on a light background.
const BAD_ON_LIGHT: Color = Color::Indexed(160);

const fn indexed(numbers: [u8; 12]) -> [Color; 12] {
    let mut colours = [Color::Reset; 12];
    let mut at = 0;
    while at < numbers.len() {
        colours[at] = Color::Indexed(numbers[at]);
        at += 1;
    }
    colours
}

/// The role of a piece of text, which determines its style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Times, separators, hints: secondary text.
    Dim,
    /// Titles and the user's own entries.
    Strong,
    /// A good state.
    Good,
    /// A state that is being corrected.
    Busy,
    /// A state that needs the user.
    Bad,
    /// A state that must be noticed from across the room.
    Alarm,
    /// A mention of the user's name, or a chosen item.
    Marked,
}

/// The styles of the screen.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    colours: Colours,
}

impl Theme {
    /// Returns the theme for a terminal's colours.
    pub const fn new(colours: Colours) -> Self {
        Self { colours }
    }

    /// Returns the style of a role.
    pub fn style(self, role: Role) -> Style {
        let (good, busy, bad) = match self.colours {
            Colours::None | Colours::Sixteen | Colours::OnDark => {
                (Color::Green, Color::Yellow, Color::LightRed)
            }
            Colours::OnLight => (GOOD_ON_LIGHT, BUSY_ON_LIGHT, BAD_ON_LIGHT),
        };
        let style = Style::new();
        let (modifier, colour) = match role {
            Role::Plain => return style,
            Role::Dim => (Modifier::DIM, None),
            Role::Strong => (Modifier::BOLD, None),
            Role::Good => (Modifier::empty(), Some(good)),
            Role::Busy => (Modifier::empty(), Some(busy)),
            Role::Bad => (Modifier::BOLD, Some(bad)),
            Role::Alarm => (Modifier::BOLD.union(Modifier::REVERSED), Some(bad)),
            Role::Marked => (Modifier::REVERSED, None),
        };
        self.coloured(style.add_modifier(modifier), colour)
    }

    /// Returns the style of a member's name: a colour by its number, bold for the user's own.
    pub fn person(self, colour: u8, is_own: bool) -> Style {
        let modifier = if is_own { Modifier::BOLD } else { Modifier::empty() };
        let colours: &[Color] = match self.colours {
            Colours::None | Colours::Sixteen => &PEOPLE,
            Colours::OnDark => &PEOPLE_ON_DARK,
            Colours::OnLight => &PEOPLE_ON_LIGHT,
        };
        let colour = colours[usize::from(colour) % colours.len()];
        self.coloured(Style::new().add_modifier(modifier), Some(colour))
    }

    /// Returns the style of dark modules on light ones, and whether there is one: without colours, foreground and background are
    /// the terminal's.
    pub const fn paper(self) -> (Style, bool) {
        match self.colours {
            Colours::None => (Style::new(), false),
            Colours::Sixteen | Colours::OnDark | Colours::OnLight => {
                (Style::new().fg(Color::Black).bg(Color::White), true)
            }
        }
    }

    fn coloured(self, style: Style, colour: Option<Color>) -> Style {
        match colour {
            Some(colour) if self.colours != Colours::None => style.fg(colour),
            Some(_) | None => style,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use watchtogether_protocol::message::roster::AVATAR_COLOURS;

    use super::*;

    /// The palette of an xterm with default settings.
    const XTERM: [(Color, [u8; 3]); 8] = [
        (Color::Green, [0, 205, 0]),
        (Color::Yellow, [205, 205, 0]),
        (Color::Cyan, [0, 205, 205]),
        (Color::LightRed, [255, 0, 0]),
        (Color::LightGreen, [0, 255, 0]),
        (Color::LightYellow, [255, 255, 0]),
        (Color::LightMagenta, [255, 0, 255]),
        (Color::LightCyan, [0, 255, 255]),
    ];

    /// Returns a colour of the theme: one of the above, or one of the cube of 216.
    fn rgb(colour: Color) -> [u8; 3] {
        const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

        if let Color::Indexed(number) = colour {
            let number = usize::from(number.checked_sub(16).expect("beyond the 16"));
            return [number / 36, number / 6 % 6, number % 6].map(|level| LEVELS[level]);
        }
        let known = XTERM.into_iter().find(|(known, _)| *known == colour);
        known.expect("a colour of the theme is one of these").1
    }

    fn luminance(colour: Color) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        let [r, g, b] = rgb(colour).map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Returns all colours of a theme.
    fn used(colours: Colours) -> Vec<Color> {
        let theme = Theme::new(colours);
        let roles = [Role::Good, Role::Busy, Role::Bad, Role::Alarm].map(|role| theme.style(role));
        let people = (0..AVATAR_COLOURS).map(|number| theme.person(number, false));
        roles
            .into_iter()
            .chain(people)
            .filter_map(|style| style.fg)
            .collect()
    }

    #[test]
    fn every_colour_contrasts_with_its_background() {
        for (colours, is_light) in [
            (Colours::Sixteen, false),
            (Colours::OnDark, false),
            (Colours::OnLight, true),
        ] {
            for colour in used(colours) {
                let luminance = luminance(colour) + 0.05;
                let contrast = if is_light {
                    1.05 / luminance
                } else {
                    luminance / 0.05
                };
                assert!(contrast >= 4.5, "{colour} of {colours:?}: {contrast:.1}");
            }
        }
    }

    #[test]
    fn no_two_avatars_have_the_same_colour_where_there_are_enough() {
        for colours in [Colours::OnDark, Colours::OnLight] {
            let theme = Theme::new(colours);
            let all: BTreeSet<String> = (0..AVATAR_COLOURS)
                .map(|number| format!("{:?}", theme.person(number, false).fg))
                .collect();
            assert_eq!(all.len(), usize::from(AVATAR_COLOURS));
        }
    }

    #[test]
    fn without_colours_there_are_none() {
        assert_eq!(used(Colours::None), []);
    }
}
