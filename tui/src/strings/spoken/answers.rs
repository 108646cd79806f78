//! Answers to questions about the current state: people, their sync in numbers, the user's player.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::standing::{NotReady, Standing};

use super::numbers::{drift, millis, rounded, span};
use super::people;
use crate::strings::parts as listed;
use crate::update::{PlayerFacts, Track};

/// Returns the line for one member: `ana, host, you, 4 milliseconds ahead, round trip 31 milliseconds, same file`; only who it is
/// if nothing more is known.
pub fn member(
    name: &str,
    is_you: bool,
    role: Option<&'static str>,
    known: Option<(Standing, FileMatch)>,
    telemetry: Option<&Telemetry>,
) -> String {
    let mut parts = vec![name.to_owned()];
    parts.extend(role.map(str::to_owned));
    parts.extend(is_you.then(|| msg!("you").to_owned()));
    let Some((standing, file)) = known else {
        return listed(&parts);
    };
    parts.push(
        match standing.why_not() {
            Some(NotReady::Lost) => msg!("spoken-link-lost"),
            Some(NotReady::Silent) => msg!("spoken-link-silent"),
            Some(NotReady::Underway | NotReady::Player(_)) | None => msg!("spoken-connected"),
        }
        .to_owned(),
    );
    parts.extend(people::player(standing));
    if let Some(telemetry) = telemetry {
        parts.extend(telemetry.drift_us.map(drift));
        parts.push(round_trip(telemetry));
    }
    parts.extend(people::file(file));
    listed(&parts)
}

fn round_trip(of: &Telemetry) -> String {
    msg!("spoken-round-trip", span = millis(of.rtt_us))
}

/// Returns how well somebody followed in the last 10 s, in numbers.
pub fn figures(name: &str, of: &Telemetry) -> String {
    let mut parts = Vec::new();
    parts.extend(of.drift_us.map(drift));
    let (p50, p95) = (of.drift_p50_us.map(millis), of.drift_p95_us.map(millis));
    parts.extend(p50.map(|span| msg!("spoken-half-within", span = span)));
    parts.extend(p95.map(|span| msg!("spoken-p95-within", span = span)));
    let worst = of.drift_worst_us.map(millis);
    parts.extend(worst.map(|span| msg!("spoken-worst", span = span)));
    let percent = rounded(f64::from(of.speed_ppm.unsigned_abs()) / 1e4, 2);
    match of.speed_ppm {
        ..0 => parts.push(msg!("spoken-percent-slower", percent = percent)),
        0 => {}
        1.. => parts.push(msg!("spoken-percent-faster", percent = percent)),
    }
    parts.push(round_trip(of));
    parts.push(msg!("spoken-clock-bound", span = millis(of.clock_bound_us)));
    let ahead = span(Duration::from_millis(of.buffered_ms.into()));
    parts.push(msg!("spoken-buffered", span = ahead));
    parts.push(msg!("spoken-corrections", count = of.corrections));
    if of.freeze_ms > 0 {
        let stood = span(Duration::from_millis(of.freeze_ms.into()));
        parts.push(msg!("spoken-last-correction", span = stood));
    }
    msg!("spoken-figures", name = name, figures = listed(&parts))
}

/// Returns the corrections of the user's player in the last minute.
pub fn minute(corrections: usize, seeks: usize, stalls: usize) -> String {
    msg!(
        "spoken-minute",
        corrections = msg!("spoken-corrections", count = corrections),
        seeks = msg!("spoken-seeks", count = seeks),
        stalls = msg!("spoken-stalls", count = stalls),
    )
}

/// Returns how the user's player plays, one line for each topic.
pub fn player(facts: &PlayerFacts) -> Vec<String> {
    let mut about_sound = vec![sound(facts.audio.as_ref())];
    about_sound.push(msg!("spoken-volume", percent = facts.volume));
    about_sound.extend(facts.is_muted.then(|| msg!("spoken-muted").to_owned()));
    if facts.audio_delay_ms != 0 {
        about_sound.push(msg!("spoken-sound-delayed", ms = facts.audio_delay_ms));
    }
    let mut picture = Vec::new();
    picture.extend(
        facts
            .size
            .map(|(width, height)| msg!("spoken-picture-size", width = width, height = height)),
    );
    picture.extend(
        facts
            .frame_rate
            .map(|rate| msg!("spoken-frame-rate", count = rounded(rate, 2))),
    );
    picture.push(facts.decoder.as_ref().map_or_else(
        || msg!("spoken-decoded-in-software").to_owned(),
        |decoder| msg!("spoken-decoded-by", decoder = decoder),
    ));
    picture.push(msg!("spoken-dropped", count = facts.dropped_frames));
    let apart = msg!("spoken-millis", count = facts.picture_late_ms.unsigned_abs());
    match facts.picture_late_ms {
        ..0 => picture.push(msg!("spoken-picture-early", span = apart)),
        0 => {}
        1.. => picture.push(msg!("spoken-picture-late", span = apart)),
    }
    vec![
        msg!("spoken-player-line", facts = listed(&about_sound)),
        msg!("spoken-player-line", facts = subtitles(facts.subtitles.as_ref())),
        msg!("spoken-picture", facts = listed(&picture)),
        msg!("spoken-cache", span = span(facts.cache)),
    ]
}

fn sound(track: Option<&Track>) -> String {
    match track {
        Some(track) => msg!("spoken-sound", track = in_words(track)),
        None => msg!("spoken-sound-off").to_owned(),
    }
}

fn subtitles(track: Option<&Track>) -> String {
    match track {
        Some(track) => msg!("spoken-subtitles", track = in_words(track)),
        None => msg!("spoken-subtitles-off").to_owned(),
    }
}

/// Returns `2, jpn, 5.1, Director's cut`: the file's description of a track.
fn in_words(track: &Track) -> String {
    let mut parts = vec![track.number.to_string()];
    let more = [&track.language, &track.channels, &track.title];
    parts.extend(more.map(ToString::to_string));
    parts.retain(|part| !part.is_empty());
    listed(&parts)
}

/// Returns what has changed in the user's player.
pub fn player_changed(before: Option<&PlayerFacts>, now: &PlayerFacts) -> Vec<String> {
    let mut parts = Vec::new();
    if before.map(|facts| (facts.volume, facts.is_muted)) != Some((now.volume, now.is_muted)) {
        parts.push(if now.is_muted {
            msg!("spoken-volume-now-muted", percent = now.volume)
        } else {
            msg!("spoken-volume-now", percent = now.volume)
        });
    }
    if before.map(|facts| &facts.audio) != Some(&now.audio) {
        parts.push(msg!("spoken-player-line", facts = sound(now.audio.as_ref())));
    }
    if before.map(|facts| &facts.subtitles) != Some(&now.subtitles) {
        parts.push(msg!(
            "spoken-player-line",
            facts = subtitles(now.subtitles.as_ref())
        ));
    }
    parts
}

/// `Chapter 4 of 23, The car.`
pub fn chapter(number: usize, count: usize, title: &str) -> String {
    if title.is_empty() {
        msg!("spoken-chapter", number = number, count = count)
    } else {
        msg!(
            "spoken-chapter-title",
            number = number,
            count = count,
            title = title
        )
    }
}
