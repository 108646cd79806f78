//! Answers to who asks how things are: people, their numbers, the own player.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::standing::{NotReady, Standing};

use super::numbers::{drift, many, millis, span, trimmed};
use super::{people, sentence};
use crate::update::{PlayerFacts, Track};

/// One member: `ana, host, you, 4 milliseconds ahead, round trip 31 milliseconds, same file`; only who it is, where nothing is
/// known of how they are.
pub fn member(
    name: &str,
    is_you: bool,
    role: Option<&str>,
    known: Option<(Standing, FileMatch)>,
    telemetry: Option<&Telemetry>,
) -> String {
    let mut parts = vec![name.to_owned()];
    parts.extend(role.map(str::to_owned));
    parts.extend(is_you.then(|| msg!("you").to_owned()));
    let Some((standing, file)) = known else {
        return parts.join(", ");
    };
    parts.push(
        match standing.why_not() {
            Some(NotReady::Lost) => "connection lost",
            Some(NotReady::Silent) => "not responding",
            Some(NotReady::Underway | NotReady::Player(_)) | None => "connected",
        }
        .to_owned(),
    );
    parts.extend(people::player(standing));
    if let Some(telemetry) = telemetry {
        parts.extend(telemetry.drift_us.map(drift));
        parts.push(format!("round trip {}", millis(telemetry.rtt_us)));
    }
    parts.extend(people::file(file));
    parts.join(", ")
}

/// How somebody followed in the last 10 s, in numbers.
pub fn figures(name: &str, of: &Telemetry) -> String {
    let mut parts = Vec::new();
    parts.extend(of.drift_us.map(drift));
    let sizes = [
        ("half within", of.drift_p50_us),
        ("95 of 100 within", of.drift_p95_us),
        ("worst", of.drift_worst_us),
    ];
    for (what, size) in sizes {
        parts.extend(size.map(|size| format!("{what} {}", millis(size))));
    }
    let percent = f64::from(of.speed_ppm.unsigned_abs()) / 1e4;
    if of.speed_ppm != 0 {
        let way = if of.speed_ppm < 0 { "slower" } else { "faster" };
        parts.push(format!("{} percent {way}", trimmed(percent, 2)));
    }
    parts.push(format!("round trip {}", millis(of.rtt_us)));
    parts.push(format!("clock known to {}", millis(of.clock_bound_us)));
    parts.push(format!(
        "{} ahead in store",
        span(Duration::from_millis(of.buffered_ms.into()))
    ));
    parts.push(many(of.corrections.into(), "correction"));
    if of.freeze_ms > 0 {
        let stood = span(Duration::from_millis(of.freeze_ms.into()));
        parts.push(format!("the last stood {stood}"));
    }
    format!("{name}: {}.", parts.join(", "))
}

/// What happened to the own player in the last minute.
pub fn minute(corrections: usize, seeks: usize, stalls: usize) -> String {
    let count = |count: usize, what| many(u64::try_from(count).unwrap_or(u64::MAX), what);
    format!(
        "In the last minute: {}, {}, {}.",
        count(corrections, "correction"),
        count(seeks, "seek"),
        count(stalls, "stall")
    )
}

/// How the own player plays, a line for each kind of thing.
pub fn player(facts: &PlayerFacts) -> Vec<String> {
    let mut sound = vec![track("Sound", facts.audio.as_ref())];
    sound.push(format!("volume {} percent", facts.volume));
    sound.extend(facts.is_muted.then(|| "muted".to_owned()));
    if facts.audio_delay_ms != 0 {
        sound.push(format!("delayed by {} milliseconds", facts.audio_delay_ms));
    }
    let mut picture = Vec::new();
    picture.extend(facts.size.map(|(width, height)| format!("{width} by {height}")));
    picture.extend(
        facts
            .frame_rate
            .map(|rate| format!("{} pictures a second", trimmed(rate, 2))),
    );
    picture.push(facts.decoder.as_ref().map_or_else(
        || "decoded in software".to_owned(),
        |decoder| format!("decoded by {decoder}"),
    ));
    picture.push(format!("{} dropped", facts.dropped_frames));
    if facts.picture_late_ms != 0 {
        let way = if facts.picture_late_ms < 0 {
            "before"
        } else {
            "behind"
        };
        picture.push(format!(
            "{} {way} the sound",
            many(facts.picture_late_ms.unsigned_abs().into(), "millisecond")
        ));
    }
    vec![
        format!("{}.", sound.join(", ")),
        format!("{}.", track("Subtitles", facts.subtitles.as_ref())),
        format!("Picture: {}.", picture.join(", ")),
        format!(
            "{} ahead in store.",
            sentence(&span(facts.cache)).trim_end_matches('.')
        ),
    ]
}

fn track(kind: &str, track: Option<&Track>) -> String {
    let Some(track) = track else {
        return format!("{kind} off");
    };
    let mut words = format!("{kind} track {}", track.number);
    for more in [&track.language, &track.channels, &track.title] {
        if !more.as_str().is_empty() {
            words.push_str(", ");
            words.push_str(more.as_str());
        }
    }
    words
}

/// What is different of the own player since its user changed something.
pub fn player_changed(before: Option<&PlayerFacts>, now: &PlayerFacts) -> Vec<String> {
    let mut said = Vec::new();
    if before.map(|facts| (facts.volume, facts.is_muted)) != Some((now.volume, now.is_muted)) {
        let muted = if now.is_muted { ", muted" } else { "" };
        said.push(format!("Volume {} percent{muted}.", now.volume));
    }
    if before.map(|facts| &facts.audio) != Some(&now.audio) {
        said.push(format!("{}.", track("Sound", now.audio.as_ref())));
    }
    if before.map(|facts| &facts.subtitles) != Some(&now.subtitles) {
        said.push(format!("{}.", track("Subtitles", now.subtitles.as_ref())));
    }
    said
}

/// `Chapter 4 of 23, The car.`
pub fn chapter(number: usize, count: usize, title: &str) -> String {
    let title = if title.is_empty() {
        String::new()
    } else {
        format!(", {title}")
    };
    format!("Chapter {number} of {count}{title}.")
}
