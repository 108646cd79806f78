//! Texts of the panels: people, sync, the user's player, and actions on a member.

use std::time::Duration;

use watchtogether_protocol::MediaTime;

use super::DOT;
use super::numbers::position;
use super::numbers::{millis_up, tenths_up};

/// The round trip from which a delay is noticed after a key press.
const SLOW_LINK: Duration = Duration::from_millis(250);

/// Returns `ch 4 The car`, or `ch 4` for a chapter without a title.
pub fn chapter(number: usize, title: &str) -> String {
    if title.is_empty() {
        msg!("chapter-short", number = number)
    } else {
        msg!("chapter-short-title", number = number, title = title)
    }
}

/// `ping 31 ms ok`.
pub fn link_quality(round_trip: Duration) -> String {
    let ms = millis_up(round_trip);
    if round_trip < SLOW_LINK {
        msg!("link-ok", ms = ms)
    } else {
        msg!("link-slow", ms = ms)
    }
}

/// Returns `-1:22:43 / 2:03:55`: the time left, and the duration.
pub fn left_of(left: MediaTime, duration: MediaTime) -> String {
    format!("-{left} / {duration}")
}

/// Returns `1 of 2 ready · bo closed the player`: the count, and the most important exception.
pub fn here_but(here: &str, who: &str) -> String {
    format!("{here}{DOT}{who}")
}

/// Returns `×1.02 for 0.7 s`: how a player is brought back to the room.
pub fn corrected(millionths: i32, left: Duration) -> String {
    let speed = 1.0 + f64::from(millionths) / 1e6;
    let seconds = left.as_secs_f64();
    msg!(
        "corrected",
        speed = format!("{speed:.2}"),
        seconds = format!("{seconds:.1}")
    )
}

/// Returns `p50 0.3 ms  p95 0.9 ms  worst  12 ms`, with each number in a fixed place.
pub fn minute(p50: Duration, p95: Duration, worst: Duration) -> String {
    let cells = |size| format!("{:>3}", tenths_up(size));
    msg!(
        "sync-minute",
        p50 = cells(p50),
        p95 = cells(p95),
        worst = cells(worst)
    )
}

/// Returns the numbers of [`minute`] for a narrow column, with the unit in the heading.
pub fn minute_short(p50: Duration, p95: Duration, worst: Duration) -> String {
    let cells = |size| format!("{:>3}", tenths_up(size));
    msg!(
        "sync-minute-short",
        p50 = cells(p50),
        p95 = cells(p95),
        worst = cells(worst)
    )
}

/// `corrections 3   seeks 0   stalls 0`.
pub fn happened(corrections: usize, seeks: usize, stalls: usize) -> String {
    msg!(
        "sync-happened",
        corrections = corrections,
        seeks = seeks,
        stalls = stalls
    )
}

/// Returns the numbers of [`happened`] for a narrow column.
pub fn happened_short(corrections: usize, seeks: usize, stalls: usize) -> String {
    msg!(
        "sync-happened-short",
        corrections = corrections,
        seeks = seeks,
        stalls = stalls
    )
}

/// Returns `±5 ms`: the height of a graph.
pub fn graph_scale(millis: i32) -> String {
    format!("±{millis} ms")
}

/// Returns `audio 2 jpn 5.1`: number, language and channels of a track.
pub fn audio(track: Option<(u32, String, String)>) -> String {
    match track {
        Some(track) => msg!("player-audio", track = in_signs(track)),
        None => msg!("player-no-audio").to_owned(),
    }
}

/// `subs 1 eng`.
pub fn subtitles(track: Option<(u32, String, String)>) -> String {
    match track {
        Some(track) => msg!("player-subtitles", track = in_signs(track)),
        None => msg!("player-no-subtitles").to_owned(),
    }
}

/// Returns `2 jpn 5.1`: the file's description of a track.
fn in_signs((number, language, more): (u32, String, String)) -> String {
    let parts = [number.to_string(), language, more];
    let known: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    known.join(" ")
}

/// `vol 80`, or `vol 80 muted`.
pub fn volume(percent: u32, is_muted: bool) -> String {
    if is_muted {
        msg!("player-volume-muted", percent = percent)
    } else {
        msg!("player-volume", percent = percent)
    }
}

/// `cache 42 s`.
pub fn cache(ahead: Duration) -> String {
    let millis = u32::try_from(ahead.as_millis()).unwrap_or(u32::MAX);
    msg!("player-cache", ahead = super::ahead(millis))
}

/// `dropped 0`.
pub fn dropped(frames: u64) -> String {
    msg!("player-dropped", frames = frames)
}

/// `1920x1080 23.98 fps`.
pub fn picture(size: (u32, u32), rate: Option<f64>) -> String {
    let size = format!("{}x{}", size.0, size.1);
    match rate {
        Some(rate) => {
            let rate = format!("{rate:.2}");
            let rate = rate.trim_end_matches('0').trim_end_matches('.');
            format!("{size} {rate} fps")
        }
        None => size,
    }
}

/// `vaapi`, or `software`.
pub fn decoder(name: Option<String>) -> String {
    name.unwrap_or_else(|| msg!("player-software").to_owned())
}

/// Returns `A-V +40 ms`: by how much the picture is behind the sound.
pub fn picture_late(millis: i32) -> String {
    msg!("player-picture-late", by = signed(millis))
}

/// Returns `delay +100 ms`: the delay that the user set.
pub fn audio_delay(millis: i32) -> String {
    msg!("player-audio-delay", by = signed(millis))
}

fn signed(millis: i32) -> String {
    if millis == 0 {
        "0 ms".to_owned()
    } else {
        format!("{millis:+} ms")
    }
}

/// Returns `12 The car`, for a list of chapters with their times.
pub fn chapter_row(number: usize, at: MediaTime, title: &str) -> String {
    format!("{number:>3}  {}  {title}", position(at, true))
}

/// `chapter 4 of 23`.
pub fn chapter_of(number: usize, count: usize) -> String {
    msg!("chapter-of", number = number, count = count)
}

/// `2 new, F6 shows the chat`.
pub fn hidden_news(count: usize, way: &str) -> String {
    msg!("chat-news-hidden", count = count, way = way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_is_described_by_its_known_properties() {
        let track =
            |number, language: &str, sounds: &str| Some((number, language.to_owned(), sounds.to_owned()));

        assert_eq!(audio(track(2, "jpn", "5.1")), "audio 2 jpn 5.1");
        assert_eq!(audio(track(1, "", "stereo")), "audio 1 stereo");
        assert_eq!(subtitles(None), "subs off");
    }

    #[test]
    fn a_rate_is_as_short_as_it_can_be() {
        assert_eq!(
            picture((1920, 1080), Some(24_000.0 / 1_001.0)),
            "1920x1080 23.98 fps"
        );
        assert_eq!(picture((640, 360), Some(25.0)), "640x360 25 fps");
        assert_eq!(picture((640, 360), None), "640x360");
    }

    #[test]
    fn a_minute_never_looks_better_than_it_is() {
        let micros = Duration::from_micros;

        assert_eq!(
            minute(micros(310), micros(12_400), micros(1_000_000)),
            "p50 0.4 ms  p95  13 ms  worst 1000 ms"
        );
    }

    #[test]
    fn a_correction_shows_its_speed_and_duration() {
        assert_eq!(corrected(20_000, Duration::from_millis(1_050)), "×1.02 for 1.1 s");
    }
}
