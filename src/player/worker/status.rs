//! The player's status, sent ten times a second and as soon as anything but the position changes.

use std::time::Duration;

use watchtogether_protocol::MediaTime;

use super::landing::Place;
use super::{FilmState, Worker, is_same_speed};
use crate::local_clock::monotonic;
use crate::player::{PlayerEvent, PlayerStatus, Reading};

/// How many positions of the sound may be missing in a row before the picture's is used instead: a second's worth.
const SILENT_TICKS: u32 = 10;

/// Half the assumed frame duration if a file does not say it. A frame counts as shown from the moment at which it is handed out,
/// half a frame early on average.
const HALF_FRAME: Duration = Duration::from_millis(20);

impl Worker<'_> {
    pub(super) fn report_status(&mut self) {
        let status = self.status();
        if let Some(reading) = status.reading {
            self.last_position = Some(reading.position);
        }
        self.last_status = Some(status);
        self.outbox.push(PlayerEvent::Status(status));
    }

    /// Returns whether anything but the position differs from the last status.
    pub(super) fn has_changed(&self) -> bool {
        self.last_status.is_none_or(|last_status| {
            last_status.generation != self.generation
                || last_status.is_paused != self.tracker.is_paused()
                || last_status.is_seeking != self.is_seeking()
                || last_status.buffering.is_some() != self.is_buffering()
                || last_status.is_at_end != self.is_at_end()
                || !is_same_speed(last_status.speed, self.tracker.speed())
        })
    }

    fn status(&mut self) -> PlayerStatus {
        let reading = self.reading();
        let buffering = self.buffering();
        let mpv = &self.mpv;
        let behind = mpv.number(c"avsync").unwrap_or_default();
        let buffered = mpv.number(c"demuxer-cache-duration").unwrap_or_default();
        PlayerStatus {
            generation: self.generation,
            at: monotonic(),
            reading,
            is_paused: self.tracker.is_paused(),
            is_seeking: self.is_seeking(),
            buffering,
            is_at_end: self.is_at_end(),
            speed: self.tracker.speed(),
            buffered: Duration::try_from_secs_f64(buffered).unwrap_or_default(),
            picture_behind: Duration::try_from_secs_f64(behind).unwrap_or_default(),
            window: self.window(),
        }
    }

    fn reading(&mut self) -> Option<Reading> {
        let FilmState::Open(film) = &self.film else {
            return None;
        };
        match film.place {
            Place::Seeking(_) => return None,
            // The position that a paused player reports may be too early by its buffered sound, so the landing's is used.
            Place::Landed(landed) => {
                return Some(Reading {
                    position: landed.position,
                    at: monotonic(),
                });
            }
            Place::Moving if self.tracker.is_paused() => return self.read(c"time-pos"),
            Place::Moving => {}
        }
        if film.media.has_audio && self.silent_ticks < SILENT_TICKS {
            // Read twice, because an answer that took too long is dropped.
            let reading = self.read(c"audio-pts").or_else(|| self.read(c"audio-pts"));
            self.silent_ticks = match reading {
                Some(_) => 0,
                None => self.silent_ticks + 1,
            };
            return reading;
        }
        let half = film.media.frame.map_or(HALF_FRAME, |frame| frame / 2);
        let reading = self.read(c"time-pos")?;
        Some(Reading {
            position: reading.position - MediaTime::from(half),
            ..reading
        })
    }
}
