// SPDX-License-Identifier: Apache-2.0
//! A second network namespace, joined to ours by two cables: one that nodes use among each other and that can be cut, and one
//! for the launcher.
//!
//! It takes `unshare`, `nsenter` and `ip`, and no right of the machine's administrator: the launcher runs itself again in
//! namespaces of its own first.

use crate::{
	plan::Host,
	process::{output, Process},
	Outcome,
};
use std::{
	net::IpAddr,
	path::Path,
	thread::sleep,
	time::{Duration, Instant},
};

/// Our end of the cable among nodes, and the other one.
const PEERS: [[u8; 4]; 2] = [[10, 77, 0, 1], [10, 77, 0, 2]];
/// The same of the launcher's cable.
const CONTROL: [[u8; 4]; 2] = [[10, 78, 0, 1], [10, 78, 0, 2]];
/// The cable among nodes.
const AMONG_NODES: &str = "peers";
/// The launcher's cable.
const TO_LAUNCHER: &str = "control";
/// A namespace comes into being within this, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The other side.
pub struct Island {
	// The namespace exists as long as this.
	holder: Process,
}

/// Starts this executable again with `args`, in a user and network namespace of its own; it says what it says where we do.
pub fn start_apart(args: &[String]) -> Outcome<Process> {
	let own = std::env::current_exe().map_err(|error| error.to_string())?;
	let apart = ["unshare", "--user", "--map-root-user", "--net", "--", &own.to_string_lossy()].map(str::to_owned);
	Process::start_aloud(&[&apart[..], args].concat())
}

/// Fails where this machine refuses such namespaces, before anything begins that takes long.
pub fn ensure_allowed() -> Outcome {
	let arguments = ["--user", "--map-root-user", "--net", "--", "true"];
	output(Path::new("unshare"), &arguments)
		.map(|_| ())
		.map_err(|error| format!("this machine refuses network namespaces, of which every test needs one: {error}"))
}

/// Makes loopback usable, which in a new namespace it is not. Works only within [`start_apart`].
pub fn open() -> Outcome {
	ip(&["link", "set", "lo", "up"])
}

impl Island {
	/// Lays the cables. Works only within [`start_apart`].
	pub fn new(log: &Path) -> Outcome<Self> {
		let holder = ["unshare", "--net", "--", "sleep", "infinity"].map(str::to_owned);
		let island = Self { holder: Process::start(&holder, log)? };
		island.wait()?;
		let id = island.holder.id().to_string();
		for name in [AMONG_NODES, TO_LAUNCHER] {
			ip(&["link", "add", &near(name), "type", "veth", "peer", "name", &far(name), "netns", &id])?;
			ip(&["link", "set", &near(name), "up"])?;
			island.ip(&["link", "set", &far(name), "up"])?;
		}
		island.ip(&["link", "set", "lo", "up"])?;
		for (name, [here, there]) in [(AMONG_NODES, PEERS), (TO_LAUNCHER, CONTROL)] {
			let (here, there) = (text(here), text(there));
			// On loopback and not on the cable's end: nodes of one side must find each other when the cable is cut. Ours may
			// be there since an island that is gone.
			ip(&["address", "replace", &here, "dev", "lo"])?;
			island.ip(&["address", "add", &there, "dev", "lo"])?;
			ip(&route(&there, &near(name), &here))?;
			island.ip(&route(&here, &far(name), &there))?;
		}
		Ok(island)
	}

	/// What stands before a command to run it over there.
	pub fn prefix(&self) -> Vec<String> {
		["nsenter", "--target", &self.holder.id().to_string(), "--net", "--"].map(str::to_owned).into()
	}

	/// Where a node is that runs there, or here.
	pub fn host(there: bool) -> Host {
		let end = usize::from(there);
		let address = |cable: [[u8; 4]; 2]| cable.get(end).copied().map_or(IpAddr::from([127, 0, 0, 1]), IpAddr::from);
		Host { peers: address(PEERS), control: address(CONTROL) }
	}

	/// Cuts the cable among nodes.
	pub fn cut(&self) -> Outcome {
		ip(&["link", "set", &near(AMONG_NODES), "down"])
	}

	/// Mends it.
	pub fn mend(&self) -> Outcome {
		let [here, there] = PEERS.map(text);
		ip(&["link", "set", &near(AMONG_NODES), "up"])?;
		// The way there went with the cable.
		ip(&route(&there, &near(AMONG_NODES), &here))
	}

	fn ip(&self, args: &[&str]) -> Outcome {
		let id = self.holder.id().to_string();
		output(Path::new("nsenter"), &[&["--target", &id, "--net", "--", "ip"], args].concat()).map(|_| ())
	}

	/// Waits until the holder is in a namespace other than ours.
	fn wait(&self) -> Outcome {
		let of = |process: &str| std::fs::read_link(format!("/proc/{process}/ns/net")).ok();
		let begun = Instant::now();
		while of(&self.holder.id().to_string()).is_none_or(|other| of("self").is_some_and(|own| own == other)) {
			if begun.elapsed() > PATIENCE {
				return Err("the second network namespace did not come into being".into());
			}
			sleep(Duration::from_millis(20));
		}
		Ok(())
	}
}

impl Drop for Island {
	fn drop(&mut self) {
		// The kernel takes its time with a namespace that nobody needs any more, and a next island's cables have these names.
		for name in [AMONG_NODES, TO_LAUNCHER] {
			let _ = ip(&["link", "delete", &near(name)]);
		}
	}
}

/// The end of a cable on our side.
fn near(cable: &str) -> String {
	format!("{cable}-here")
}

/// The other end.
fn far(cable: &str) -> String {
	format!("{cable}-there")
}

/// An address alone, without a network around it.
fn text(address: [u8; 4]) -> String {
	format!("{}/32", IpAddr::from(address))
}

/// The arguments of `ip` for a way to `to` over `cable`, as `from`.
fn route<'a>(to: &'a str, cable: &'a str, from: &'a str) -> [&'a str; 7] {
	["route", "replace", to, "dev", cable, "src", from.trim_end_matches("/32")]
}

fn ip(args: &[&str]) -> Outcome {
	output(Path::new("ip"), args).map(|_| ())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn both_sides_have_addresses_of_their_own() {
		let (here, there) = (Island::host(false), Island::host(true));
		assert_ne!(here.peers, there.peers);
		assert_ne!(here.control, there.control);
		assert!([here.peers, here.control, there.peers, there.control].iter().all(|address| !address.is_loopback()));
	}

	#[test]
	fn a_route_names_where_it_leads_and_whence() {
		let arguments = route("10.77.0.2/32", "peers-here", "10.77.0.1/32").join(" ");
		assert_eq!(arguments, "route replace 10.77.0.2/32 dev peers-here src 10.77.0.1");
	}
}
