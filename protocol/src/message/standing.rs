//! Decides whether the room can count on a member, and if not, why. Nothing else decides this.
//!
//! [`Member::standing`] tells the server which members a start waits for. Every client shows the same answer, combined with the
//! server's list of awaited members ([`Member::standing_among`]). The user interfaces put the reasons into words.

use std::mem::discriminant;
use std::time::Duration;

use super::clock::Telemetry;
use super::playback::Awaited;
use super::roster::{Member, MemberLink, PlayerState};
use crate::id::MemberId;
use crate::timeline::Playback;

/// The largest drift of a player that is in sync with its room: a fifth of the delay below which an echo and its source are heard
/// as one sound.
pub const IN_SYNC: Duration = Duration::from_millis(40);

/// The standing of a member: whether the room can count on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The player is where the room is.
    Ready,
    /// The player is not ready yet, and the room waits for it.
    Awaited(NotReady),
    /// The player is not ready, and the room plays without it.
    Left(NotReady),
    /// The member has no player, by choice: they only chat and are not counted.
    Talking,
}

/// Why a member's player is not where the room is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// The connection is lost.
    Lost,
    /// The client is connected but sends nothing.
    Silent,
    /// The client can be reached; its player is in this state.
    Player(PlayerState),
    /// The player follows but has not reached the position where the room starts.
    Underway,
}

impl NotReady {
    /// Returns whether this is a different reason. Numbers are ignored: a cache that keeps filling is the same reason.
    pub fn is_another_than(self, other: Self) -> bool {
        match (self, other) {
            (Self::Player(one), Self::Player(other)) => discriminant(&one) != discriminant(&other),
            _ => self != other,
        }
    }
}

impl Standing {
    /// Returns whether the member is ready.
    pub const fn is_ready(self) -> bool {
        matches!(self, Self::Ready)
    }

    /// Returns whether the member counts among those who are or should be ready.
    pub const fn is_counted(self) -> bool {
        !matches!(self, Self::Talking)
    }

    /// Returns whether the room waits for the member.
    pub const fn is_waited_for(self) -> bool {
        matches!(self, Self::Ready | Self::Awaited(_))
    }

    /// Returns why the member is not ready.
    pub const fn why_not(self) -> Option<NotReady> {
        match self {
            Self::Awaited(reason) | Self::Left(reason) => Some(reason),
            Self::Ready | Self::Talking => None,
        }
    }
}

impl Member {
    /// Returns the member's standing. The state of the connection takes precedence over the state of the player.
    pub const fn standing(&self) -> Standing {
        match self.link {
            MemberLink::Lost => Standing::Left(NotReady::Lost),
            MemberLink::Silent => Standing::Left(NotReady::Silent),
            MemberLink::Up => self.report.player.standing(),
        }
    }

    /// Returns the member's standing in a room that waits for `waiting_for`: a member who is named there is not ready.
    pub fn standing_among(&self, waiting_for: &Awaited) -> Standing {
        match self.standing() {
            Standing::Ready if waiting_for.names(self.id) => Standing::Awaited(NotReady::Underway),
            standing @ (Standing::Ready | Standing::Awaited(_) | Standing::Left(_) | Standing::Talking) => {
                standing
            }
        }
    }

    /// Returns whether the member's player is measured to be where the room is, and somebody else watches too.
    pub fn is_in_sync<'a>(
        &self,
        playback: Playback,
        telemetry: Option<&Telemetry>,
        members: impl IntoIterator<Item = &'a Self>,
    ) -> bool {
        playback == Playback::Playing
            && self.standing().is_ready()
            && telemetry.is_some_and(Telemetry::is_in_sync)
            && has_company(self.id, members)
    }
}

impl PlayerState {
    /// Returns the standing of a reachable member whose player is in this state.
    pub const fn standing(self) -> Standing {
        match self {
            Self::None => Standing::Talking,
            Self::Idle | Self::Following => Standing::Ready,
            Self::Searching { .. } | Self::Loading | Self::CatchingUp { .. } | Self::Buffering { .. } => {
                Standing::Awaited(NotReady::Player(self))
            }
            Self::Closed
            | Self::NoCopy
            | Self::Detached
            | Self::Ended { .. }
            | Self::TooSlow
            | Self::NotResponding
            | Self::Failed { .. } => Standing::Left(NotReady::Player(self)),
        }
    }
}

impl Telemetry {
    /// Returns whether these drifts are those of a player that is in sync.
    pub fn is_in_sync(&self) -> bool {
        let size = |drift: i32| Duration::from_micros(drift.unsigned_abs().into());
        is_in_sync(self.drift_us.map(size), self.is_settled)
    }
}

/// Returns whether a player with this absolute drift is in sync, given whether it has settled. Without a measured drift it is
/// not.
pub fn is_in_sync(drift: Option<Duration>, is_settled: bool) -> bool {
    is_settled && drift.is_some_and(|drift| drift <= IN_SYNC)
}

/// Returns whether a player has settled: nearly all drifts of the last 2 s were smaller than the limit.
pub fn is_settled(spread: Option<Duration>) -> bool {
    spread.is_some_and(|spread| spread <= IN_SYNC)
}

/// Returns whether another member watches, or soon will without the user's help. A member who watches alone is in sync with
/// nobody.
pub fn has_company<'a>(of: MemberId, members: impl IntoIterator<Item = &'a Member>) -> bool {
    members
        .into_iter()
        .any(|member| member.id != of && member.standing().is_waited_for())
}

/// Returns how many members are ready and how many are counted, in a room that waits for these members.
pub fn ready_of<'a>(members: impl IntoIterator<Item = &'a Member>, waiting_for: &Awaited) -> (usize, usize) {
    let (mut ready, mut expected, mut counted) = (0, 0_usize, 0);
    for standing in members
        .into_iter()
        .map(|member| member.standing_among(waiting_for))
    {
        ready += usize::from(standing.is_ready());
        expected += usize::from(standing.is_waited_for());
        counted += usize::from(standing.is_counted());
    }
    // Those who are awaited but not named are among the expected ones.
    (
        ready.min(expected.saturating_sub(waiting_for.count as usize)),
        counted,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::FileMatch;
    use crate::message::roster::{Avatar, PlayerFailure, Report, Role};
    use crate::time::{MediaTime, WallTime};

    fn member(link: MemberLink, player: PlayerState) -> Member {
        let name = "bo".parse().expect("a name");
        Member {
            id: MemberId(1),
            avatar: Avatar::of_name(&name),
            name,
            role: Role::Viewer,
            joined: WallTime(0),
            link,
            report: Report {
                player,
                file: FileMatch::Same,
            },
        }
    }

    fn awaited(ids: &[MemberId]) -> Awaited {
        ids.iter().copied().collect()
    }

    fn telemetry(drift_ms: i32) -> Telemetry {
        Telemetry {
            drift_us: Some(drift_ms * 1_000),
            is_settled: true,
            ..Telemetry::default()
        }
    }

    #[test]
    fn the_link_is_judged_before_the_player() {
        let lost = member(MemberLink::Lost, PlayerState::Following);
        let silent = member(MemberLink::Silent, PlayerState::Following);

        assert_eq!(lost.standing(), Standing::Left(NotReady::Lost));
        assert_eq!(silent.standing(), Standing::Left(NotReady::Silent));
    }

    #[test]
    fn a_reason_is_another_one_by_its_kind_and_not_by_its_numbers() {
        let buffering = |percent| NotReady::Player(PlayerState::Buffering { percent });
        let loading = NotReady::Player(PlayerState::Loading);

        assert!(!buffering(10).is_another_than(buffering(20)));
        assert!(buffering(10).is_another_than(loading));
        assert!(NotReady::Lost.is_another_than(NotReady::Silent));
        assert!(NotReady::Silent.is_another_than(loading));
        assert!(!NotReady::Lost.is_another_than(NotReady::Lost));
    }

    #[test]
    fn only_a_member_that_will_be_ready_by_itself_is_waited_for() {
        let awaited = [
            PlayerState::Loading,
            PlayerState::Searching { folders: 0 },
            PlayerState::CatchingUp { behind: None },
            PlayerState::Buffering { percent: 0 },
        ];
        let left = [
            PlayerState::Closed,
            PlayerState::NoCopy,
            PlayerState::Detached,
            PlayerState::Ended { at: MediaTime::ZERO },
            PlayerState::TooSlow,
            PlayerState::NotResponding,
            PlayerState::Failed {
                reason: PlayerFailure::Crashed,
            },
        ];

        for player in awaited {
            let standing = player.standing();
            assert!(standing.is_waited_for() && !standing.is_ready(), "{player:?}");
        }
        for player in left {
            let standing = player.standing();
            assert!(!standing.is_waited_for() && standing.is_counted(), "{player:?}");
        }
    }

    #[test]
    fn a_member_who_closed_the_player_is_counted_and_one_without_a_player_is_not() {
        let members = [
            member(MemberLink::Up, PlayerState::Following),
            member(MemberLink::Up, PlayerState::Closed),
            member(MemberLink::Up, PlayerState::None),
        ];

        assert_eq!(ready_of(&members, &Awaited::default()), (1, 2));
    }

    #[test]
    fn an_awaited_member_is_not_ready() {
        let bo = member(MemberLink::Up, PlayerState::Following);
        let lea = Member {
            id: MemberId(2),
            ..bo.clone()
        };

        assert_eq!(
            bo.standing_among(&awaited(&[bo.id])),
            Standing::Awaited(NotReady::Underway)
        );
        assert_eq!(bo.standing_among(&awaited(&[lea.id])), Standing::Ready);
        assert_eq!(ready_of([&bo, &lea], &awaited(&[lea.id])), (1, 2));
        let silent = member(MemberLink::Silent, PlayerState::Following);
        assert_eq!(
            silent.standing_among(&awaited(&[silent.id])),
            Standing::Left(NotReady::Silent)
        );
    }

    #[test]
    fn an_awaited_member_who_is_not_named_counts_as_not_ready() {
        let members: Vec<Member> = (1..=20)
            .map(|id| Member {
                id: MemberId(id),
                ..member(MemberLink::Up, PlayerState::Following)
            })
            .collect();
        let some: Awaited = members[..12].iter().map(|member| member.id).collect();

        assert_eq!(some.who, []);
        assert_eq!(ready_of(&members, &some), (8, 20));
    }

    #[test]
    fn a_member_who_watches_alone_is_in_sync_with_nobody() {
        let bo = member(MemberLink::Up, PlayerState::Following);
        let others = |player| Member {
            id: MemberId(2),
            ..member(MemberLink::Up, player)
        };
        let is_in_sync = |members: &[Member]| bo.is_in_sync(Playback::Playing, Some(&telemetry(0)), members);

        assert!(!is_in_sync(std::slice::from_ref(&bo)));
        for alone in [PlayerState::None, PlayerState::Closed, PlayerState::NoCopy] {
            assert!(!is_in_sync(&[bo.clone(), others(alone)]), "{alone:?}");
        }
        for company in [PlayerState::Following, PlayerState::Buffering { percent: 3 }] {
            assert!(is_in_sync(&[bo.clone(), others(company)]), "{company:?}");
        }
    }

    #[test]
    fn in_sync_is_what_is_measured_so_while_the_room_plays() {
        let bo = member(MemberLink::Up, PlayerState::Following);
        let lea = Member {
            id: MemberId(2),
            ..bo.clone()
        };
        let is_in_sync = |playback, telemetry: Telemetry| bo.is_in_sync(playback, Some(&telemetry), [&lea]);

        assert!(is_in_sync(Playback::Playing, telemetry(-3)));
        assert!(!is_in_sync(Playback::Paused, telemetry(-3)));
        assert!(!is_in_sync(Playback::Playing, telemetry(-41)));
        assert!(!is_in_sync(Playback::Playing, Telemetry::default()));
        assert!(!bo.is_in_sync(Playback::Playing, None, [&lea]));
        let after_a_hiccup = Telemetry {
            is_settled: false,
            ..telemetry(1)
        };
        assert!(!is_in_sync(Playback::Playing, after_a_hiccup));
        let silent = member(MemberLink::Silent, PlayerState::Following);
        assert!(!silent.is_in_sync(Playback::Playing, Some(&telemetry(0)), [&lea]));
    }
}
