//! Whether there is a player, and which: asked of the library in a process of its own, which it may take along.

use super::mpv::{Idle, StartError};

/// Nothing of the user's is read and no window is opened: this is a look, not an evening.
const OPTIONS: [(&str, &str); 7] = [
    ("config", "no"),
    ("load-scripts", "no"),
    ("osc", "no"),
    ("terminal", "no"),
    ("vo", "null"),
    ("ao", "null"),
    ("ytdl", "no"),
];

/// What was seen of the player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which it is, as in "mpv 0.35.1".
    pub version: String,
    /// Whether there is something that sound could come out of.
    pub has_sound: bool,
}

/// Looks at the player.
pub fn look() -> Result<Seen, StartError> {
    let idle = Idle::create()?;
    for (name, value) in OPTIONS {
        idle.set_option(name, value)?;
    }
    let mpv = idle.start(&[], |_at, _event| true)?;
    let version = mpv.text(c"mpv-version").unwrap_or_default();
    let devices = mpv.text(c"audio-device-list").unwrap_or_default();
    mpv.end();
    Ok(Seen {
        version: version.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        has_sound: has_sound(&devices),
    })
}

/// Returns whether one of the devices that mpv lists is one: where there is no card and no sound server, ALSA's plugins
/// and the defaults of everything that was built in are listed all the same.
fn has_sound(devices: &str) -> bool {
    [
        "\"pulse",
        "\"pipewire",
        "\"coreaudio",
        "CARD=",
        "\"alsa/hw:",
        "\"jack/",
        "\"oss/",
        "\"sndio/",
    ]
    .iter()
    .any(|device| devices.contains(device))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_and_defaults_make_no_sound() {
        let silent = r#"[{"name":"auto","description":"Autoselect device"},{"name":"alsa","description":"Default (alsa)"},{"name":"alsa/lavrate","description":"Rate Converter"},{"name":"jack","description":"Default (jack)"},{"name":"sdl","description":"Default (sdl)"}]"#;

        assert!(!has_sound(silent));
        assert!(!has_sound(""));
        assert!(has_sound(r#"[{"name":"alsa/sysdefault:CARD=PCH"}]"#));
        assert!(has_sound(
            r#"[{"name":"pipewire","description":"Default (pipewire)"}]"#
        ));
    }
}
