// SPDX-License-Identifier: Apache-2.0
//! Where nodes listen: on the ports of the file, or on others as far away from them as it takes.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

/// Ports of one network lie closer together than this.
const STEP: u16 = 200;

/// The smallest distance at which all `declared` ports are free, or `None` if there is none.
pub fn distance(declared: &[u16], is_free: impl Fn(u16) -> bool) -> Option<u16> {
	let highest = declared.iter().copied().max()?;
	(0..=(u16::MAX - highest) / STEP)
		.map(|steps| steps * STEP)
		.find(|distance| declared.iter().all(|port| is_free(port + distance)))
}

/// Whether a server could listen on `port` now.
pub fn is_free(port: u16) -> bool {
	TcpListener::bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)).is_ok()
}

/// `argument` with the address of a node, as the file says it, replaced by where the node really listens.
pub fn moved(argument: &str, rpc: &[(u16, SocketAddr)]) -> String {
	let Some((flag, rest)) = argument.split_once("ws://127.0.0.1:") else { return argument.to_owned() };
	let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
	let (port, tail) = rest.split_at(digits);
	match rpc.iter().find(|(declared, _)| declared.to_string() == port) {
		Some((_, address)) => format!("{flag}ws://{address}{tail}"),
		None => argument.to_owned(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn distance_is_zero_where_all_is_free() {
		assert_eq!(distance(&[9944, 30333], |_| true), Some(0));
		assert_eq!(distance(&[], |_| true), None);
	}

	#[test]
	fn distance_passes_over_what_is_taken() {
		assert_eq!(distance(&[9944, 9615], |port| port != 9944), Some(STEP));
		assert_eq!(distance(&[9944, 9615], |port| port >= 9615 + 2 * STEP), Some(2 * STEP));
	}

	#[test]
	fn distance_ends_with_the_ports() {
		assert_eq!(distance(&[9944, 65_000], |_| false), None);
		assert_eq!(distance(&[65_535], |_| true), Some(0));
	}

	#[test]
	fn a_port_that_somebody_listens_on_is_not_free() {
		let listener = TcpListener::bind("127.0.0.1:0").expect("there are free ports");
		let port = listener.local_addr().expect("bound").port();
		assert!(!is_free(port));
	}

	#[test]
	fn addresses_move_with_their_nodes() {
		let address = SocketAddr::from(([10, 1, 0, 2], 10_144));
		let rpc = [(9944, address)];
		assert_eq!(
			moved("--relay-chain-rpc-urls=ws://127.0.0.1:9944", &rpc),
			"--relay-chain-rpc-urls=ws://10.1.0.2:10144"
		);
		assert_eq!(moved("ws://127.0.0.1:9944/x", &rpc), "ws://10.1.0.2:10144/x");
		for unchanged in
			["ws://127.0.0.1:99440", "ws://127.0.0.1:994", "ws://127.0.0.1:", "--no-mdns", "127.0.0.1:9944"]
		{
			assert_eq!(moved(unchanged, &rpc), unchanged);
		}
	}
}
