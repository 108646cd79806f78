//! Tests of the limits for one address, on a server that does not exempt this machine. Each address of 127.0.0.0/8 counts
//! separately.

use std::net::Ipv4Addr;
use std::pin::pin;
use std::time::Duration;

use quinn::{ConnectionError, TransportConfig};
use tokio::time::{interval, timeout};
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::{Access, Refusal};
use watchtogether_protocol::version;

use crate::client::{Client, create, dial_from, join};
use crate::raw::{Answer, Raw};
use crate::test_server::{LIMITS, TestServer, within};

/// The address of a client that uses up its limits.
const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 66);

/// Another address.
const HONEST: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 7);

/// How long a new client may take to be let in. It is shorter than the time after which the server gives up a silent handshake.
const LET_IN: Duration = Duration::from_secs(3);

/// The interval of a flood's batches: 1,500 first packets a second.
const FLOOD_TICK: Duration = Duration::from_millis(10);
const FLOOD_PER_TICK: usize = 15;

/// The number of requests for a seat that one connection may make.
const ATTEMPTS: u32 = 5;

#[tokio::test]
async fn requests_for_seats_are_limited_per_address() {
    let server = TestServer::limiting().await;
    let mut ana = Client::greet_from(&server, HONEST, "ana").await;
    ana.open_room("film-night", Access::Open).await;

    let mut answers = Vec::new();
    for _ in 0..=LIMITS.addresses.joins.burst / ATTEMPTS {
        let mut eve = Client::greet_from(&server, ATTACKER, "eve").await;
        for _ in 0..ATTEMPTS {
            eve.send(join("nowhere")).await;
            answers.push(eve.refused().await.reason);
        }
    }
    let mut ben = Client::greet_from(&server, HONEST, "ben").await;
    ben.send(join("film-night")).await;

    assert_eq!(answers.first(), Some(&Refusal::NotAdmitted));
    assert!(answers.contains(&Refusal::RateLimited), "{answers:?}");
    ben.entered().await;
}

#[tokio::test]
async fn rooms_are_limited_per_address() {
    let server = TestServer::limiting().await;

    let mut answers = Vec::new();
    for number in 0..=LIMITS.addresses.creations.burst {
        let mut eve = Client::greet_from(&server, ATTACKER, "eve").await;
        eve.send(create(&format!("room-{number}"), Access::Open)).await;
        answers.push(eve.entered_or_refused().await);
    }

    let opened = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(opened, LIMITS.addresses.creations.burst as usize);
}

#[tokio::test]
async fn connections_are_limited_per_address() {
    let server = TestServer::limiting().await;

    let mut held = Vec::new();
    for _ in 0..LIMITS.addresses.connections {
        held.push(Client::greet_from(&server, ATTACKER, "eve").await);
    }
    let (_endpoint, last) = dial_from(&server, ATTACKER, version::ALPN, TransportConfig::default()).await;
    let closed = within(last.expect("the handshake is done").closed()).await;

    let ConnectionError::ApplicationClosed(close) = closed else {
        panic!("closed by the server, not {closed}");
    };
    let code = CloseCode::from_u64(close.error_code.into_inner());
    assert_eq!(code, Some(CloseCode::Busy));
    Client::greet_from(&server, HONEST, "ana").await;
}

#[tokio::test]
async fn an_address_that_connects_too_often_must_prove_itself_and_is_then_met_with_silence() {
    let server = TestServer::limiting().await;
    let mut kind = Raw::new(&server, HONEST);
    let mut greedy = Raw::new(&server, ATTACKER);

    for _ in 0..LIMITS.addresses.new_connections.burst {
        Client::greet_from(&server, ATTACKER, "eve").await.vanish();
    }
    // The budget refills continuously, so there are a few tokens to use up.
    let (mut initial, mut answer) = (greedy.send_initial(), Answer::Handshake);
    while answer != Answer::Retry {
        answer = greedy.answer(&mut initial);
        if answer == Answer::Handshake {
            Client::greet_from(&server, ATTACKER, "eve").await.vanish();
            initial = greedy.send_initial();
        }
    }
    greedy.send(&mut initial);
    let mut other = kind.send_initial();

    assert_eq!(kind.answer(&mut other), Answer::Handshake);
    assert_eq!(greedy.answer(&mut initial), Answer::Silence);
}

#[tokio::test]
async fn one_address_that_proves_itself_and_stays_silent_keeps_nobody_out() {
    let server = TestServer::limiting().await;
    let mut silent = Raw::new(&server, ATTACKER);
    // More than the limit of handshakes, so that whenever one is given up, the next is ready.
    let proofs = silent.prepare_proofs(2 * LIMITS.server.handshakes);
    let send_all = async || {
        let mut ticks = interval(FLOOD_TICK);
        for proofs in proofs.chunks(FLOOD_PER_TICK) {
            ticks.tick().await;
            for proof in proofs {
                silent.send_datagram(proof);
            }
        }
    };
    let newcomers = async {
        for number in 1..=3 {
            let newcomer = Ipv4Addr::new(127, 0, 1, number);
            let entered = timeout(LET_IN, Client::greet_from(&server, newcomer, "ana"));
            entered.await.expect("a newcomer is let in");
        }
    };

    send_all().await;
    let mut newcomers = pin!(newcomers);
    loop {
        tokio::select! {
            () = &mut newcomers => break,
            () = send_all() => {}
        }
    }
}
