//! The server's UDP socket, with buffers for the moments in which all members send at once.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use rustix::net::sockopt;

/// The requested size of the socket's receive buffer and of its send buffer, in bytes. When five hundred members seek or enter
/// together, thousands of datagrams arrive before the server reads the next. Each takes almost a kilobyte of the buffer, however
/// short it is, so the kernel's usual 212 kB lose most of them.
const BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// Binds the socket and requests large buffers. A smaller buffer than requested is logged, but is not an error.
pub(super) fn bind(listen: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(listen)?;
    let (receive, send) = (enlarge_receive(&socket), enlarge_send(&socket));
    let is_short = |granted: &rustix::io::Result<usize>| granted.is_ok_and(|bytes| bytes < BUFFER_BYTES);
    if is_short(&receive) || is_short(&send) {
        tracing::warn!(
            ?receive,
            ?send,
            requested = BUFFER_BYTES,
            "the kernel grants small socket buffers: large rooms may lose datagrams; raise net.core.rmem_max and net.core.wmem_max"
        );
    } else {
        tracing::info!(?receive, ?send, "socket buffers in bytes");
    }
    Ok(socket)
}

/// Requests a large receive buffer, above the system's maximum if the process may exceed it, and returns its size in bytes.
fn enlarge_receive(socket: &UdpSocket) -> rustix::io::Result<usize> {
    sockopt::set_socket_recv_buffer_size_force(socket, BUFFER_BYTES)
        .or_else(|_not_permitted| sockopt::set_socket_recv_buffer_size(socket, BUFFER_BYTES))?;
    sockopt::socket_recv_buffer_size(socket)
}

/// Requests a large send buffer as [`enlarge_receive`] does.
fn enlarge_send(socket: &UdpSocket) -> rustix::io::Result<usize> {
    sockopt::set_socket_send_buffer_size_force(socket, BUFFER_BYTES)
        .or_else(|_not_permitted| sockopt::set_socket_send_buffer_size(socket, BUFFER_BYTES))?;
    sockopt::socket_send_buffer_size(socket)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn a_bound_socket_has_the_requested_buffers_or_the_largest_that_the_system_allows() {
        let allowed = |name: &str| -> usize {
            let text = std::fs::read_to_string(format!("/proc/sys/net/core/{name}")).expect("Linux");
            text.trim().parse().expect("a number")
        };
        let (most_received, most_sent) = (allowed("rmem_max"), allowed("wmem_max"));

        let socket = bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");

        let receive = sockopt::socket_recv_buffer_size(&socket).expect("a size");
        let send = sockopt::socket_send_buffer_size(&socket).expect("a size");
        assert!(receive >= BUFFER_BYTES.min(most_received), "{receive}");
        assert!(send >= BUFFER_BYTES.min(most_sent), "{send}");
    }
}
