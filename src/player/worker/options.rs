//! The options that make libmpv behave as the user's mpv does, and those that a common timeline requires.

use std::ffi::{CStr, CString};

use watchtogether_protocol::player_reason::PlayerNotice;

use crate::player::mpv::{Idle, Mpv, MpvStartError, c_text};

/// Set before the start, so that the player looks and behaves like `mpv` on the command line; libmpv does none of this by
/// default. The user's files and `--mpv-option` come later and may change it.
const LIKE_MPV: &[(&str, &str)] = &[
    ("config", "yes"),
    ("osc", "yes"),
    ("input-default-bindings", "yes"),
    ("input-vo-keyboard", "yes"),
    ("input-media-keys", "yes"),
    ("terminal", "no"),
    ("idle", "yes"),
    // A link that is not a film is passed to yt-dlp only if the user wants that (in mpv.conf, or by --mpv-option).
    ("ytdl", "no"),
];

/// Forced immediately after the start. With other values from the user's `mpv.conf`, the player would end as soon as it has
/// nothing to play, or take over the terminal.
pub(super) const AT_ONCE: &[(&CStr, &CStr)] = &[
    (c"idle", c"yes"),
    (c"terminal", c"no"),
    (c"input-terminal", c"no"),
];

/// Forced after the start and whenever a file was opened, whatever files and profiles say. With other values, the player would
/// follow a different timeline than the room's, hide that it waits for data, or end.
const FORCED: &[(&CStr, &CStr)] = &[
    (c"idle", c"yes"),
    (c"terminal", c"no"),
    // Other modes change the speed by themselves.
    (c"video-sync", c"audio"),
    (c"hr-seek", c"yes"),
    // Stops at the end of each item, even if a script has queued more: the room decides what comes next.
    (c"keep-open", c"always"),
    // The worker pauses there instead: mpv would undo each unpause at the end before anybody notices it.
    (c"keep-open-pause", c"no"),
    (c"resume-playback", c"no"),
    (c"save-position-on-quit", c"no"),
    (c"loop-file", c"no"),
    (c"loop-playlist", c"no"),
    (c"ab-loop-a", c"no"),
    (c"ab-loop-b", c"no"),
    (c"play-dir", c"forward"),
    (c"end", c"none"),
    (c"length", c"none"),
    (c"frames", c"all"),
    (c"sstep", c"0"),
    (c"untimed", c"no"),
    (c"correct-pts", c"yes"),
    // Other values would unpause each item that is opened.
    (c"reset-on-next-file", c""),
    (c"cache-pause", c"yes"),
    // Positions count from the first frame, and the sound begins with it.
    (c"rebase-start-time", c"yes"),
    (c"initial-audio-sync", c"yes"),
];

/// Forced only after the start: an opened file has its own start, and the room sets the speed.
const FORCED_AT_START: &[(&CStr, &CStr)] = &[
    (c"start", c"none"),
    (c"speed", c"1"),
    (c"audio-pitch-correction", c"no"),
];

/// Set while a link is loaded, so that data from the network opens nothing on this disk. References to the network are still
/// allowed, because segmented streams consist of references, and mpv's `access-references=no` would refuse all of them.
const LINK_HARDENING: &[(&str, &str)] = &[
    ("load-unsafe-playlists", "no"),
    ("autoload-files", "no"),
    ("sub-auto", "no"),
    ("audio-file-auto", "no"),
    ("cover-art-auto", "no"),
    ("ordered-chapters", "no"),
    ("network-timeout", "15"),
    (
        "demuxer-lavf-o",
        "protocol_whitelist=[http,https,tcp,tls,crypto,data,hls]",
    ),
];

/// The user's profile for watching together.
const PROFILE: &str = "watchtogether";

/// Suffixes of options that change a list instead of setting it: applied twice, they change it twice.
const LIST_ACTIONS: &[&str] = &["-add", "-append", "-clr", "-del", "-pre", "-remove", "-toggle"];

/// Sets the options of a player that is not running yet, the user's last.
pub(super) fn prepare(idle: &Idle, user: &[(String, String)]) -> Result<(), MpvStartError> {
    for (name, value) in LIKE_MPV {
        idle.set_option(name, value)?;
    }
    for (name, value) in user {
        idle.set_option(name, value)?;
    }
    Ok(())
}

/// Sets the options that a running player must have. Returns a notice for the user, if any.
pub(super) fn settle(mpv: &Mpv, user: &[(String, String)]) -> Option<PlayerNotice> {
    let has_profile = mpv
        .text(c"profile-list")
        .is_some_and(|list| has_profile(&list, PROFILE));
    if has_profile && let Some(profile) = c_text(PROFILE) {
        mpv.command(&[c"apply-profile".to_owned(), profile]).ok();
    }
    // The configuration files were read after these options were set, but the command line takes precedence. An option that can
    // no longer change has already been applied, so a refusal means nothing here.
    for (name, value) in user {
        if !LIST_ACTIONS.iter().any(|action| name.ends_with(action))
            && let Some((name, value)) = c_text(name).zip(c_text(value))
        {
            mpv.set(&name, &value).ok();
        }
    }
    force(mpv);
    for (name, value) in FORCED_AT_START {
        set_logged(mpv, name, value);
    }
    choose_output(mpv)
}

/// Sets the options that no file or profile may change.
pub(super) fn force(mpv: &Mpv) {
    for (name, value) in FORCED {
        if mpv.bytes(name).as_deref() != Some(value.to_bytes()) {
            set_logged(mpv, name, value);
        }
    }
}

/// Returns the options for opening a link, in the syntax of `loadfile`; values are quoted by their length.
pub(super) fn for_link() -> String {
    let options: Vec<String> = LINK_HARDENING
        .iter()
        .map(|(name, value)| format!("{name}=%{}%{value}", value.len()))
        .collect();
    options.join(",")
}

/// Chooses the video output. Without a display, libmpv would use the graphics card directly and take the screen from the
/// terminal.
fn choose_output(mpv: &Mpv) -> Option<PlayerNotice> {
    let output = mpv.text(c"vo").unwrap_or_default();
    let has_display = cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if output.is_empty() && !has_display {
        set_logged(mpv, c"vo", c"null");
        return Some(PlayerNotice::NoDisplay);
    }
    if output.split(',').next() != Some("null") {
        set_logged(mpv, c"force-window", c"yes");
    }
    None
}

fn set_logged(mpv: &Mpv, name: &CStr, value: &CStr) {
    if let Err(error) = mpv.set(name, value) {
        super::log(&format!(
            "mpv refuses {}={}: {error}",
            name.to_string_lossy(),
            value.to_string_lossy()
        ));
    }
}

/// Returns whether a list of profiles, as the player writes it, contains this name.
fn has_profile(list: &str, name: &str) -> bool {
    let Ok(serde_json::Value::Array(profiles)) = serde_json::from_str(list) else {
        return false;
    };
    profiles
        .iter()
        .any(|profile| profile.get("name").is_some_and(|found| found == name))
}

/// Returns whether `loadfile` has the playlist index before the options, as since mpv 0.38.
pub(super) fn loadfile_takes_index(mpv: &Mpv) -> bool {
    mpv.text(c"command-list")
        .and_then(|list| serde_json::from_str::<serde_json::Value>(&list).ok())
        .is_some_and(|list| {
            let commands = list.as_array().map(Vec::as_slice).unwrap_or_default();
            commands
                .iter()
                .filter(|command| command["name"] == "loadfile")
                .flat_map(|command| command["args"].as_array().map(Vec::as_slice).unwrap_or_default())
                .any(|argument| argument["name"] == "index")
        })
}

/// Returns the command that opens something in place of the loaded item.
pub(super) fn loadfile(what: CString, options: &str, takes_index: bool) -> Option<Vec<CString>> {
    let mut args = vec![c"loadfile".to_owned(), what, c"replace".to_owned()];
    if takes_index {
        args.push(c"-1".to_owned());
    }
    args.push(c_text(options)?);
    Some(args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_profile_of_that_very_name_counts() {
        let list = r#"[{"name":"watchtogether-old","options":[]},{"name":"gpu-hq"}]"#;

        assert!(!has_profile(list, "watchtogether"));
        assert!(has_profile(list, "gpu-hq"));
        assert!(!has_profile("", "gpu-hq"));
    }

    #[test]
    fn the_manual_lists_what_is_fixed() {
        let manual = include_str!("../../../man/watchtogether-host.1");
        let (_, fixed) = manual
            .split_once("options are fixed, because the room")
            .expect("the list");
        let (fixed, _) = fixed
            .split_once("untimed")
            .expect("the list in alphabetical order");
        let fixed = fixed.replace('\\', "");

        for (name, _) in AT_ONCE.iter().chain(FORCED).chain(FORCED_AT_START) {
            let name = name.to_str().expect("options are ASCII");
            let is_last = ["untimed", "video-sync"].contains(&name);
            assert!(is_last || fixed.contains(&format!("{name},")), "{name}");
        }
    }

    #[test]
    fn options_of_a_link_are_quoted_by_length() {
        assert!(for_link().starts_with("load-unsafe-playlists=%2%no,"));
    }
}
