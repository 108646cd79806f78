//! Budgets per address: how often a client may connect and ask for a room.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use watchtogether_protocol::message::room::{Password, Refusal};
use watchtogether_protocol::{RoomName, ServerTime};

use super::passwords::Passwords;
use crate::auth::{EntryCondition, PasswordHash, is_same_token};
use crate::limits::{AddressLimits, Limits};
use crate::rate_limit::{Budget, TokenBucket};

/// A resource that an address holds for a while, and of which it may hold only a limited number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HeldResource {
    /// A handshake of an address that has not proven itself. Its packets may be forged, so reaching the limit costs the address
    /// only a round trip (Retry).
    UnprovenHandshake,
    /// A handshake of an address that has proven itself with a Retry token.
    ProvenHandshake,
    /// A connection.
    Connection,
}

impl HeldResource {
    const fn limit(self, limits: &AddressLimits) -> usize {
        match self {
            Self::UnprovenHandshake | Self::ProvenHandshake => limits.handshakes,
            Self::Connection => limits.connections,
        }
    }
}

/// The purpose of a budget: what is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Purpose {
    Connect(IpAddr),
    Join(IpAddr),
    Create(IpAddr),
    WrongPassword(IpAddr, RoomName),
    WrongPasswordOfRoom(RoomName),
}

impl Purpose {
    const fn budget(&self, limits: &AddressLimits) -> Budget {
        match self {
            Self::Connect(_) => limits.new_connections,
            Self::Join(_) => limits.joins,
            Self::Create(_) => limits.creations,
            Self::WrongPassword(..) => limits.wrong_passwords,
            Self::WrongPasswordOfRoom(_) => limits.wrong_passwords_of_room,
        }
    }
}

/// The counters of the addresses that clients connect from.
#[derive(Clone, Debug)]
pub(crate) struct Admission {
    held: Arc<Mutex<BTreeMap<(HeldResource, IpAddr), usize>>>,
    budgets: Arc<Budgets>,
    /// Separate from the others: low-priority threads use these budgets, and must not hold a lock that new connections wait for.
    guesses: Arc<Budgets>,
    passwords: Passwords,
    limits: AddressLimits,
    is_loopback_exempt: bool,
}

/// The remaining budgets.
#[derive(Debug)]
struct Budgets {
    limits: AddressLimits,
    buckets: Mutex<BTreeMap<Purpose, TokenBucket>>,
}

impl Budgets {
    fn new(limits: AddressLimits) -> Arc<Self> {
        let buckets = Mutex::default();
        Arc::new(Self { limits, buckets })
    }

    fn take(&self, purpose: Purpose, now: ServerTime) -> bool {
        let mut buckets = lock(&self.buckets);
        if buckets.len() > self.limits.remembered {
            buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        let budget = purpose.budget(&self.limits);
        buckets
            .entry(purpose)
            .or_insert_with(|| TokenBucket::new(budget))
            .take(now)
            .is_ok()
    }

    fn has(&self, purpose: &Purpose, now: ServerTime) -> bool {
        let buckets = lock(&self.buckets);
        buckets
            .get(purpose)
            .is_none_or(|bucket| bucket.wait(now).is_zero())
    }
}

/// A resource that an address holds; counted as long as this value lives.
#[derive(Debug)]
pub(crate) struct AdmissionPermit {
    admission: Admission,
    what: (HeldResource, IpAddr),
}

impl Drop for AdmissionPermit {
    fn drop(&mut self) {
        let mut held = lock(&self.admission.held);
        if let Some(count) = held.get_mut(&self.what) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.what);
            }
        }
    }
}

impl Admission {
    pub(crate) fn new(is_loopback_exempt: bool, limits: &Limits) -> Self {
        Self {
            held: Arc::default(),
            budgets: Budgets::new(limits.addresses),
            guesses: Budgets::new(limits.addresses),
            passwords: Passwords::new(limits.server),
            limits: limits.addresses,
            is_loopback_exempt,
        }
    }

    /// Counts a resource that an address holds from now on. Returns `None` if the address already holds as many as it may.
    pub(crate) fn count(&self, held: HeldResource, address: IpAddr) -> Option<AdmissionPermit> {
        let what = (held, address_key(address));
        let mut all = lock(&self.held);
        let count = all.entry(what).or_default();
        if *count >= held.limit(&self.limits) && !self.is_exempt(address) {
            return None;
        }
        *count += 1;
        Some(AdmissionPermit {
            admission: self.clone(),
            what,
        })
    }

    /// Returns whether an address must prove that it receives packets before the server begins a handshake with it.
    pub(crate) fn must_prove(&self, address: IpAddr, now: ServerTime) -> bool {
        let (unproven, address_key) = (HeldResource::UnprovenHandshake, address_key(address));
        let held = lock(&self.held).get(&(unproven, address_key)).copied();
        let is_at_limit = held.unwrap_or_default() >= unproven.limit(&self.limits);
        !self.is_exempt(address) && (is_at_limit || !self.budgets.has(&Purpose::Connect(address_key), now))
    }

    /// Charges a new connection to a proven address.
    pub(crate) fn connect(&self, address: IpAddr, now: ServerTime) -> bool {
        self.is_exempt(address) || self.budgets.take(Purpose::Connect(address_key(address)), now)
    }

    /// Charges an attempt to join to an address.
    pub(crate) fn join(&self, address: IpAddr, now: ServerTime) -> bool {
        self.is_exempt(address) || self.budgets.take(Purpose::Join(address_key(address)), now)
    }

    /// Charges an opened room to an address.
    pub(crate) fn create(&self, address: IpAddr, now: ServerTime) -> bool {
        self.is_exempt(address) || self.budgets.take(Purpose::Create(address_key(address)), now)
    }

    fn is_exempt(&self, address: IpAddr) -> bool {
        self.is_loopback_exempt && address.to_canonical().is_loopback()
    }

    /// Returns the hash of a password, computed on a separate thread.
    pub(crate) async fn hash(&self, password: Password, salt: [u8; 16]) -> Result<PasswordHash, Refusal> {
        let hashed = self
            .passwords
            .run(move |memory| PasswordHash::of(&password, salt, memory));
        hashed.await.map_err(|_full| Refusal::ServerBusy)
    }

    /// Checks a token or password against a room's condition. A missing room, a wrong token and a wrong password get the same
    /// answer, after the same time.
    pub(crate) async fn check(
        &self,
        (address, room): (IpAddr, &RoomName),
        condition: Option<&EntryCondition>,
        token: Option<watchtogether_protocol::InviteToken>,
        password: Option<Password>,
        now: ServerTime,
    ) -> Result<(), Refusal> {
        let is_let_in = match password {
            None => match condition {
                Some(EntryCondition::Open) => true,
                Some(EntryCondition::Invite(invite)) => {
                    token.is_some_and(|token| is_same_token(&token, invite))
                }
                Some(EntryCondition::Password(_)) | None => false,
            },
            Some(password) => {
                let wrong = Purpose::WrongPassword(address_key(address), room.clone());
                let of_room = Purpose::WrongPasswordOfRoom(room.clone());
                if !self.guesses.has(&wrong, now) || !self.guesses.has(&of_room, now) {
                    return Err(Refusal::RateLimited);
                }
                let hash = match condition {
                    Some(EntryCondition::Password(hash)) => *hash,
                    Some(EntryCondition::Open | EntryCondition::Invite(_)) | None => {
                        PasswordHash::unmatchable()
                    }
                };
                let is_open = matches!(condition, Some(EntryCondition::Open));
                let guesses = Arc::clone(&self.guesses);
                // Also counted if the client hangs up. Checked again here, when its turn comes, because the checks before it may
                // have used up the budget.
                let checked = self.passwords.run(move |memory| {
                    if !guesses.has(&wrong, now) || !guesses.has(&of_room, now) {
                        return Err(Refusal::RateLimited);
                    }
                    let is_let_in = hash.matches(&password, memory) || is_open;
                    if !is_let_in {
                        guesses.take(wrong, now);
                        guesses.take(of_room, now);
                    }
                    Ok(is_let_in)
                });
                checked.await.map_err(|_full| Refusal::ServerBusy)??
            }
        };
        if is_let_in {
            Ok(())
        } else {
            Err(Refusal::NotAdmitted)
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the part of an address by which a household is counted: an IPv4 address, or an IPv6 network of 64 bits.
fn address_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) if address.is_loopback() => IpAddr::V6(address),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;
    use crate::auth::HashMemory;
    use crate::limits::LimitValues;

    /// The time within which everything that a test waits for happens.
    const DEADLINE: Duration = Duration::from_secs(20);

    const LIMITS: AddressLimits = LimitValues::DEFAULT.addresses;

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 7));

    const NEIGHBOUR: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 8));

    #[test]
    fn a_household_has_so_many_connections_and_handshakes_and_gets_them_back() {
        for what in [
            HeldResource::UnprovenHandshake,
            HeldResource::ProvenHandshake,
            HeldResource::Connection,
        ] {
            let admission = Admission::new(true, &Limits::default());
            let count = || admission.count(what, ADDRESS);
            let held: Vec<_> = (0..what.limit(&LIMITS)).filter_map(|_| count()).collect();

            assert_eq!(held.len(), what.limit(&LIMITS));
            assert!(count().is_none());
            assert!(admission.count(what, NEIGHBOUR).is_some());
            drop(held);
            assert!(count().is_some());
        }
    }

    #[test]
    fn this_machine_is_exempt_only_if_configured() {
        let now = ServerTime::from_millis(10_000);
        for address in ["127.0.0.1", "127.0.0.66", "::1", "::ffff:127.0.0.1"] {
            let address: IpAddr = address.parse().expect("an address");
            let used_up = |is_exempt| {
                let admission = Admission::new(is_exempt, &Limits::default());
                let held: Vec<_> = (0..1_000)
                    .map_while(|_| admission.count(HeldResource::Connection, address))
                    .collect();
                let joins = (0..1_000).take_while(|_| admission.join(address, now)).count();
                let rooms = (0..1_000).take_while(|_| admission.create(address, now)).count();
                let new = (0..1_000).take_while(|_| admission.connect(address, now)).count();
                (held.len(), joins, rooms, new, admission.must_prove(address, now))
            };

            assert_eq!(used_up(true), (1_000, 1_000, 1_000, 1_000, false), "{address}");
            let limits = [LIMITS.joins, LIMITS.creations, LIMITS.new_connections];
            let [joins, rooms, new] = limits.map(|budget| budget.burst as usize);
            let held = LIMITS.connections;
            assert_eq!(used_up(false), (held, joins, rooms, new, true), "{address}");
        }
    }

    #[test]
    fn forged_packets_cost_their_address_a_round_trip_and_nothing_else() {
        let admission = Admission::new(true, &Limits::default());
        let now = ServerTime::from_millis(10_000);

        let forged = || admission.count(HeldResource::UnprovenHandshake, ADDRESS);
        let forged: Vec<_> = std::iter::from_fn(forged).collect();

        assert!(!forged.is_empty() && admission.must_prove(ADDRESS, now));
        assert!(!admission.must_prove(NEIGHBOUR, now));
        assert!(admission.connect(ADDRESS, now));
        assert!(admission.count(HeldResource::ProvenHandshake, ADDRESS).is_some());
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share_their_budget() {
        let (a, b): (IpAddr, IpAddr) = (
            "2001:db8::1".parse().expect("an address"),
            "2001:db8::ffff:2".parse().expect("an address"),
        );

        assert_eq!(address_key(a), address_key(b));
        assert_eq!(
            address_key("::ffff:203.0.113.7".parse().expect("an address")),
            ADDRESS
        );
    }

    #[tokio::test]
    async fn wrong_passwords_run_out_per_address_and_unknown_rooms_answer_the_same() {
        let admission = Admission::new(true, &Limits::default());
        let room: RoomName = "film".parse().expect("a name");
        let condition = EntryCondition::Password(hash_of("right"));
        let now = ServerTime::from_millis(10_000);
        let say = async |condition, word: &str| {
            let password = Some(Password(word.to_owned()));
            admission
                .check((ADDRESS, &room), condition, None, password, now)
                .await
        };

        assert_eq!(say(Some(&condition), "right").await, Ok(()));
        assert_eq!(say(Some(&condition), "wrong").await, Err(Refusal::NotAdmitted));
        assert_eq!(say(None, "wrong").await, Err(Refusal::NotAdmitted));
        assert_eq!(say(Some(&condition), "wrong").await, Err(Refusal::NotAdmitted));
        assert_eq!(say(Some(&condition), "right").await, Err(Refusal::RateLimited));
    }

    #[tokio::test]
    async fn a_wrong_password_counts_though_its_client_hangs_up_before_the_answer() {
        let admission = Admission::new(true, &Limits::default());
        let room: RoomName = "film".parse().expect("a name");
        let condition = EntryCondition::Password(hash_of("right"));
        let now = ServerTime::from_millis(10_000);
        let wrong = Purpose::WrongPassword(ADDRESS, room.clone());

        let is_used_up = async {
            while admission.guesses.has(&wrong, now) {
                let guess = Some(Password("wrong".to_owned()));
                let check = admission.check((ADDRESS, &room), Some(&condition), None, guess, now);
                // Long enough for the check to start, too short for its answer.
                drop(timeout(Duration::from_millis(2), check).await);
            }
        };

        timeout(DEADLINE, is_used_up)
            .await
            .expect("each wrong password counts");
    }

    fn hash_of(word: &str) -> PasswordHash {
        PasswordHash::of(&Password(word.to_owned()), [1; 16], &mut HashMemory::default())
    }
}
