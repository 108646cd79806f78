//! Checks whether there is a usable player, and which. The library is loaded in a separate process, because it may crash it.

use super::mpv::{Idle, MpvStartError};

/// The options for this check: the user's configuration is not read, and no window is opened.
const OPTIONS: [(&str, &str); 7] = [
    ("config", "no"),
    ("load-scripts", "no"),
    ("osc", "no"),
    ("terminal", "no"),
    ("vo", "null"),
    ("ao", "null"),
    ("ytdl", "no"),
];

/// The result of the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayerCheck {
    /// The player's name and version, as in "mpv 0.35.1".
    pub version: String,
    /// Whether there is a device that can play sound.
    pub has_sound: bool,
}

/// Checks the player.
pub fn look() -> Result<PlayerCheck, MpvStartError> {
    let idle = Idle::create()?;
    for (name, value) in OPTIONS {
        idle.set_option(name, value)?;
    }
    let mpv = idle.start(&[], |_at, _event| true)?;
    let version = mpv.text(c"mpv-version").unwrap_or_default();
    let devices = mpv.text(c"audio-device-list").unwrap_or_default();
    mpv.end();
    Ok(PlayerCheck {
        version: version.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        has_sound: has_sound(&devices),
    })
}

/// Returns whether one of the devices that mpv lists is real. Without a sound card and a sound server, mpv still lists ALSA's
/// plugins and the built-in defaults.
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
