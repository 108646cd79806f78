//! Computes how far apart players are, from samples of each. Pure.
//!
//! Samples of two players are never from the same instant, so each track is interpolated, except across jumps and gaps.

/// The interval of the instants at which tracks are compared, in seconds.
pub(super) const GRID: f64 = 0.020;

/// How long players must stay together to count as together, in seconds.
pub(super) const HOLD: f64 = 1.0;

/// The share of instants within [`HOLD`] at which players may be apart, so that a single late sample does not decide.
const TOLERANCE: f64 = 0.04;

/// The distance between samples above which they are not interpolated, in seconds.
const GAP: f64 = 0.080;

/// A change of position that differs from the elapsed time by more than this, in seconds, is a jump.
const JUMP: f64 = 0.030;

/// One sample of a player.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PositionSample {
    /// The time, in seconds of any single clock.
    pub(super) at: f64,
    /// The position, in seconds; `None` while the player seeks or has nothing loaded.
    pub(super) position: Option<f64>,
}

/// The samples of one player, in order.
pub(super) type PositionSeries = Vec<PositionSample>;

/// Returns a track's position at an instant.
pub(super) fn position_at(track: &[PositionSample], at: f64) -> Option<f64> {
    let after = track.partition_point(|s| s.at <= at);
    let (a, b) = (track.get(after.checked_sub(1)?)?, track.get(after)?);
    let (from, to) = (a.position?, b.position?);
    let (passed, moved) = (b.at - a.at, to - from);
    if passed > GAP {
        return None;
    }
    let is_jump = (moved - passed).abs() > JUMP && moved.abs() > 0.002;
    if is_jump {
        return Some(if at - a.at < b.at - at { from } else { to });
    }
    Some(from + moved * (at - a.at) / passed.max(f64::EPSILON))
}

/// Returns the distance between the foremost and the rearmost player, in seconds; `None` unless all positions are known.
pub(super) fn spread_at(tracks: &[PositionSeries], at: f64) -> Option<f64> {
    let positions: Vec<f64> = tracks.iter().map(|t| position_at(t, at)).collect::<Option<_>>()?;
    let most = positions.iter().copied().fold(f64::MIN, f64::max);
    let least = positions.iter().copied().fold(f64::MAX, f64::min);
    Some(most - least)
}

/// Returns the spreads between two instants, one for each [`GRID`] instant at which all positions are known.
pub(super) fn spreads(tracks: &[PositionSeries], from: f64, to: f64) -> Vec<f64> {
    grid(from, to).filter_map(|at| spread_at(tracks, at)).collect()
}

/// Returns how many seconds after `from` the players came within `bound` of each other and stayed for [`HOLD`]; `None` if that
/// did not happen before `to`.
pub(super) fn together_after(tracks: &[PositionSeries], from: f64, to: f64, bound: f64) -> Option<f64> {
    let instants: Vec<f64> = grid(from, to).collect();
    let is_good: Vec<bool> = instants
        .iter()
        .map(|at| spread_at(tracks, *at).is_some_and(|s| s <= bound))
        .collect();
    let need = count(HOLD / GRID);
    let forgiven = count(need as f64 * TOLERANCE);
    is_good
        .windows(need)
        .position(|w| w[0] && w.iter().filter(|good| !**good).count() <= forgiven)
        .and_then(|i| instants.get(i))
        .map(|at| at - from)
}

/// Returns the given quantile (0 to 1) of `values`.
pub(super) fn quantile(values: &[f64], quantile: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    sorted.get(count(last as f64 * quantile)).copied()
}

fn grid(from: f64, to: f64) -> impl Iterator<Item = f64> {
    (0..count((to - from) / GRID)).map(move |i| from + i as f64 * GRID)
}

fn count(number: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates"
    )]
    let whole = number.round() as usize;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(offset: f64, from: f64, to: f64) -> PositionSeries {
        let count = count((to - from) / 0.02);
        (0..count)
            .map(|i| from + i as f64 * 0.02 + offset.abs() / 7.0)
            .map(|at| PositionSample {
                at,
                position: Some(at + offset),
            })
            .collect()
    }

    #[test]
    fn players_sampled_at_other_instants_are_compared_at_the_same() {
        let tracks = [
            track(0.0, 0.0, 5.0),
            track(0.013, 0.0, 5.0),
            track(-0.004, 0.0, 5.0),
        ];

        let spread = spread_at(&tracks, 2.0).expect("all are known");

        assert!((spread - 0.017).abs() < 1e-9, "{spread}");
    }

    #[test]
    fn a_player_that_is_silent_makes_the_spread_unknown() {
        let tracks = [track(0.0, 0.0, 5.0), track(0.0, 3.0, 5.0)];

        assert_eq!(spread_at(&tracks, 2.0), None);
        assert_eq!(spread_at(&[track(0.0, 0.0, 5.0), Vec::new()], 2.0), None);
    }

    #[test]
    fn coming_together_counts_only_when_it_lasts() {
        let mut late = track(0.2, 0.0, 2.0);
        late.extend(track(0.01, 2.0, 6.0));
        let tracks = [track(0.0, 0.0, 6.0), late];

        let after = together_after(&tracks, 0.0, 6.0, 0.05).expect("they come together");

        assert!((after - 2.0).abs() < 0.1, "{after}");
        assert_eq!(
            together_after(&tracks, 0.0, 2.5, 0.05),
            None,
            "too short to count"
        );
    }

    #[test]
    fn quantiles_of_nothing_are_nothing() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 1.0), Some(3.0));
    }
}
