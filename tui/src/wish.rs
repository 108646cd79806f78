//! What an action asks for that needs nothing but its name: the same from a key, a click, a slash command and a line.

use watchtogether_protocol::{MediaTime, Rate};

use crate::action::ActionId;
use crate::intent::{Intent, PlayerTweak};

/// How much `[` and `]` change the speed.
const RATE_STEP: f64 = 1.1;

/// The actions that are one wish each.
const WISHES: &[(ActionId, Intent)] = &[
    (ActionId::PlayPause, Intent::TogglePlay),
    (ActionId::Play, Intent::Play),
    (ActionId::Pause, Intent::Pause),
    (ActionId::Back5, seek(-5_000)),
    (ActionId::Forward5, seek(5_000)),
    (ActionId::Back1, seek(-1_000)),
    (ActionId::Forward1, seek(1_000)),
    (ActionId::Back60, seek(-60_000)),
    (ActionId::Forward60, seek(60_000)),
    (ActionId::FrameBack, Intent::StepFrame { is_forward: false }),
    (ActionId::FrameForward, Intent::StepFrame { is_forward: true }),
    (ActionId::NormalSpeed, Intent::SetRate(Rate::NORMAL)),
    (ActionId::Louder, Intent::Player(PlayerTweak::Louder)),
    (ActionId::Softer, Intent::Player(PlayerTweak::Softer)),
    (ActionId::Mute, Intent::Player(PlayerTweak::Mute)),
    (
        ActionId::SubtitlesNext,
        Intent::Player(PlayerTweak::SubtitlesNext),
    ),
    (
        ActionId::SubtitlesPrevious,
        Intent::Player(PlayerTweak::SubtitlesPrevious),
    ),
    (
        ActionId::SubtitlesShown,
        Intent::Player(PlayerTweak::SubtitlesShown),
    ),
    (
        ActionId::SubtitlesEarlier,
        Intent::Player(PlayerTweak::SubtitlesEarlier),
    ),
    (
        ActionId::SubtitlesLater,
        Intent::Player(PlayerTweak::SubtitlesLater),
    ),
    (ActionId::AudioNext, Intent::Player(PlayerTweak::AudioNext)),
    (ActionId::Progress, Intent::Player(PlayerTweak::Progress)),
    (ActionId::Fullscreen, Intent::Player(PlayerTweak::Fullscreen)),
    (ActionId::GoOn, Intent::GoOn),
    (ActionId::Undo, Intent::Undo),
    (ActionId::TakeBack, Intent::TakeBack),
    (ActionId::SyncNow, Intent::SyncNow),
    (ActionId::Reopen, Intent::ReopenPlayer),
    (ActionId::Retry, Intent::Retry),
];

/// Returns what an action asks for, where that is the same whatever is shown.
pub fn of(id: ActionId) -> Option<Intent> {
    let wish = WISHES.iter().find(|(action, _)| *action == id);
    wish.map(|(_, intent)| intent.clone())
}

/// Returns the speed that an action sets where the room has another; nothing for an action that sets none.
pub fn rate_after(id: ActionId, rate: Rate) -> Option<Rate> {
    let rate = rate.as_f64();
    let wanted = if id == ActionId::Slower {
        rate / RATE_STEP
    } else if id == ActionId::Faster {
        rate * RATE_STEP
    } else if id == ActionId::HalfSpeed {
        rate / 2.0
    } else if id == ActionId::DoubleSpeed {
        rate * 2.0
    } else {
        return None;
    };
    let wanted = (wanted * 100.0).round() / 100.0;
    Rate::from_f64(wanted.clamp(Rate::MIN.as_f64(), Rate::MAX.as_f64()))
}

const fn seek(millis: i64) -> Intent {
    Intent::SeekBy(MediaTime::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_change_in_steps_that_can_be_read_and_stay_in_their_bounds() {
        let after = |id, rate| rate_after(id, Rate::from_f64(rate)?).map(Rate::as_f64);

        assert_eq!(after(ActionId::Faster, 1.0), Some(1.1));
        assert_eq!(after(ActionId::Slower, 1.0), Some(0.91));
        assert_eq!(after(ActionId::DoubleSpeed, 3.0), Some(4.0));
        assert_eq!(after(ActionId::HalfSpeed, 0.25), Some(0.25));
        assert_eq!(after(ActionId::Play, 1.0), None);
    }
}
