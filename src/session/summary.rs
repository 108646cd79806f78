//! Builds the status of a session for screens and scripts, and its telemetry for the other members.

use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::standing;
use watchtogether_protocol::{LocalTime, Playback, Timeline};

use super::Session;
use super::mirror::Mirror;
use super::status::{MemberStatus, RoomStatus, Status, SyncStatus};

impl Session {
    /// Returns the status of the session.
    pub fn status(&self, now: LocalTime) -> Status {
        let estimator = self.clock.estimator();
        Status {
            link: self.link.clone(),
            room: self.mirror.as_ref().map(|mirror| self.room_status(mirror, now)),
            player: self.player_state(now),
            file: self.file_match(),
            sync: SyncStatus {
                state: self.sync_state(),
                drift: self.sync.drift(),
                jump: self.sync.jump().or_else(|| self.sync.jumped(now)),
                spread: self.sync.spread(),
                drift_p50: self.sync.drift_quantile(0.5),
                drift_p95: self.sync.drift_quantile(0.95),
                speed: self.sync.speed(),
                buffered: self.local_media.status.map_or(Duration::ZERO, |s| s.buffered),
                corrections: self.sync.corrections(),
            },
            minute: self.minute.status(now),
            facts: self.local_media.facts.clone(),
            chapters: Arc::clone(&self.local_media.chapters),
            round_trip: estimator.round_trip(),
            clock_bound: estimator.bound(),
            local_item: self.local_media.shelf.chosen().map(|copy| copy.source.clone()),
        }
    }

    fn room_status(&self, mirror: &Mirror, now: LocalTime) -> RoomStatus {
        let members = mirror.members.iter().map(|member| MemberStatus {
            member: member.clone(),
            telemetry: if member.id == mirror.you {
                Some(self.telemetry(now))
            } else {
                mirror.telemetry.get(&member.id).copied()
            },
        });
        RoomStatus {
            name: mirror.name.clone(),
            wall: mirror.wall,
            you: mirror.you,
            host: mirror.host,
            item: mirror.item.clone(),
            timeline: mirror.timeline,
            position: self.room_position(now).unwrap_or(mirror.timeline.position),
            playback: mirror.timeline.playback,
            starts: self.starts(&mirror.timeline, now),
            rate: mirror.timeline.rate,
            waiting_for: mirror.waiting_for.clone(),
            settings: mirror.settings.clone(),
            bans: mirror.bans.clone(),
            saved: mirror.saved,
            is_owner: mirror.is_owner,
            invite: self.invite,
            members: members.collect(),
            asked: self.asking.at(now),
        }
    }

    pub(super) fn starts(&self, timeline: &Timeline, now: LocalTime) -> Option<LocalTime> {
        let at = self.clock.usable()?.local_time(timeline.at)?;
        (timeline.playback == Playback::Playing && now < at).then_some(at)
    }

    pub(super) fn telemetry(&self, now: LocalTime) -> Telemetry {
        let estimator = self.clock.estimator();
        let micros = |d: Duration| u32::try_from(d.as_micros()).unwrap_or(u32::MAX);
        let drift = self.sync.drift().map(|d| d.as_nanos() / 1_000);
        Telemetry {
            drift_us: drift.map(|us| i32::try_from(us).unwrap_or(if us < 0 { i32::MIN } else { i32::MAX })),
            drift_p50_us: self.sync.drift_quantile(0.5).map(micros),
            drift_p95_us: self.sync.drift_quantile(0.95).map(micros),
            drift_worst_us: self.sync.drift_quantile(1.0).map(micros),
            speed_ppm: self.sync.slew_ppm(),
            rtt_us: estimator.round_trip().map_or(0, micros),
            rtt_p95_us: estimator.round_trip_quantile(0.95).map_or(0, micros),
            clock_bound_us: estimator.bound().map_or(0, micros),
            buffered_ms: self
                .local_media
                .status
                .map_or(0, |s| u32::try_from(s.buffered.as_millis()).unwrap_or(u32::MAX)),
            corrections: self.sync.corrections(),
            freeze_ms: u32::try_from(self.sync.last_freeze().as_millis()).unwrap_or(u32::MAX),
            is_settled: standing::is_settled(self.sync.spread()),
            is_typing: self.typing_until.is_some_and(|until| now < until),
        }
    }
}
