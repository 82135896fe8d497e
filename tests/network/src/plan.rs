// SPDX-License-Identifier: Apache-2.0
//! The command line of each node of a network file.

use crate::{
	files::{NetworkFile, NodeEntry},
	ports,
};
use std::{
	net::{IpAddr, Ipv4Addr, SocketAddr},
	path::{Path, PathBuf},
};

/// What a node is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
	/// Makes blocks of the relay chain.
	Validator,
	/// Makes blocks of the parachain.
	Collator,
	/// Follows the parachain.
	FullNode,
}

/// Where a node is in the networks of its machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Host {
	/// For other nodes.
	pub peers: IpAddr,
	/// For the launcher; never cut off.
	pub control: IpAddr,
}

impl Default for Host {
	fn default() -> Self {
		let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
		Self { peers: loopback, control: loopback }
	}
}

/// Where the files of a network are.
#[derive(Debug, Clone)]
pub struct Places {
	/// Everything that belongs to one run.
	pub directory: PathBuf,
	/// Executables that the file names without a directory.
	pub binaries: PathBuf,
}

impl Places {
	/// The relay chain's raw specification.
	pub fn relay_spec(&self) -> PathBuf {
		self.directory.join("relay-raw.json")
	}

	/// The parachain's raw specification.
	pub fn para_spec(&self) -> PathBuf {
		self.directory.join("epidaurus-raw.json")
	}

	/// The executable that the file calls `command`.
	pub fn binary(&self, command: &str) -> PathBuf {
		// An absolute path stays what it is.
		self.binaries.join(command)
	}

	/// The key from which the identity of a node in the network follows.
	pub fn node_key(&self, name: &str) -> PathBuf {
		self.directory.join(format!("{name}.key"))
	}
}

/// A node that can be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
	/// Its name.
	pub name: String,
	/// What it is for.
	pub role: Role,
	/// The executable and its arguments.
	pub command: Vec<String>,
	/// Its JSON-RPC server.
	pub rpc: SocketAddr,
	/// Its Prometheus exporter.
	pub metrics: SocketAddr,
	/// Where other nodes of its chain find it, without its identity.
	pub address: String,
	/// Its database, keys and the like.
	pub base: PathBuf,
	/// What it says.
	pub log: PathBuf,
}

/// The nodes of `file`, those of the relay chain first; `distance` is added to each port, `host` says where a node is.
pub fn plans(file: &NetworkFile, places: &Places, distance: u16, host: impl Fn(&str) -> Host) -> Vec<Plan> {
	let rpc: Vec<_> = file
		.entries()
		.map(|entry| (entry.rpc_port, SocketAddr::new(host(&entry.name).peers, entry.rpc_port + distance)))
		.collect();
	let plan = |entry: &NodeEntry, role, command: &str, default_args: &[String]| {
		let host = host(&entry.name);
		let base = places.directory.join(&entry.name);
		let address = format!("/ip4/{}/tcp/{}", host.peers, entry.p2p_port + distance);
		let program = entry.command.as_deref().unwrap_or(command);
		let given = entry.args.as_deref().unwrap_or(default_args).iter().map(|argument| ports::moved(argument, &rpc));
		let mut own: Vec<String> = given.collect();
		let relay_part = own.iter().position(|argument| argument == "--").map(|place| own.split_off(place));
		let mut args = common(entry, role, places, &base, &address, host);
		args.extend(["--rpc-port".into(), (entry.rpc_port + distance).to_string()]);
		args.extend(["--prometheus-port".into(), (entry.prometheus_port + distance).to_string()]);
		args.extend(own);
		if role != Role::Validator {
			args.push("--".into());
			args.extend(relay_side(places, host));
			args.extend(relay_part.into_iter().flatten().skip(1));
		}
		Plan {
			name: entry.name.clone(),
			role,
			command: std::iter::once(text(&places.binary(program))).chain(args).collect(),
			rpc: SocketAddr::new(host.control, entry.rpc_port + distance),
			metrics: SocketAddr::new(host.control, entry.prometheus_port + distance),
			address,
			base,
			log: places.directory.join(format!("{}.log", entry.name)),
		}
	};
	let relay = &file.relaychain;
	let validators =
		relay.nodes.iter().map(|entry| plan(entry, Role::Validator, &relay.default_command, &relay.default_args));
	let para = file.parachain();
	let others = para.collators.iter().map(|entry| {
		let role = if entry.validator { Role::Collator } else { Role::FullNode };
		plan(entry, role, &para.default_command, &para.default_args)
	});
	validators.chain(others).collect()
}

/// What zombienet gives to every node too.
fn common(entry: &NodeEntry, role: Role, places: &Places, base: &Path, address: &str, host: Host) -> Vec<String> {
	let spec = if role == Role::Validator { places.relay_spec() } else { places.para_spec() };
	let mut args: Vec<String> = match role {
		Role::Validator => {
			let key = format!("--{}", entry.name);
			vec!["--validator".into(), key, "--insecure-validator-i-know-what-i-do".into()]
		},
		Role::Collator => vec!["--collator".into()],
		Role::FullNode => Vec::new(),
	};
	for (flag, value) in [
		("--chain", text(&spec)),
		("--base-path", text(base)),
		("--name", entry.name.clone()),
		("--node-key-file", text(&places.node_key(&entry.name))),
		("--listen-addr", address.to_owned()),
		("--rpc-cors", "all".into()),
		("--rpc-methods", "unsafe".into()),
	] {
		args.extend([flag.into(), value]);
	}
	args.extend(["--no-mdns", "--no-telemetry", "--disable-log-color"].map(str::to_owned));
	if !host.peers.is_loopback() {
		// Reachable over cables that only the launcher's own processes are at.
		args.extend(["--unsafe-rpc-external", "--prometheus-external"].map(str::to_owned));
	}
	args
}

/// The relay chain part of a collator or full node.
fn relay_side(places: &Places, host: Host) -> Vec<String> {
	let mut args: Vec<String> = Vec::new();
	for (flag, value) in [
		("--chain", text(&places.relay_spec())),
		("--listen-addr", format!("/ip4/{}/tcp/0", host.peers)),
		("--rpc-port", "0".into()),
	] {
		args.extend([flag.into(), value]);
	}
	args.extend(["--no-mdns", "--no-telemetry", "--no-prometheus"].map(str::to_owned));
	args
}

fn text(path: &Path) -> String {
	path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
	use super::*;

	fn file() -> NetworkFile {
		NetworkFile::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zombienet/local.toml"))
			.expect("our own file")
	}

	fn places() -> Places {
		Places { directory: "/run/net".into(), binaries: "/opt/bin".into() }
	}

	fn follows(plan: &Plan, flag: &str) -> Vec<String> {
		plan.command
			.windows(2)
			.filter(|pair| pair.first().is_some_and(|one| one == flag))
			.map(|pair| pair.concat().replacen(flag, "", 1))
			.collect()
	}

	#[test]
	fn validators_come_first_with_their_well_known_keys() {
		let plans = plans(&file(), &places(), 0, |_| Host::default());
		let roles: Vec<_> = plans.iter().map(|plan| plan.role).collect();
		assert_eq!(roles, [Role::Validator, Role::Validator, Role::Collator, Role::Collator]);
		let alice = plans.first().expect("there are nodes");
		assert_eq!(alice.command.first().map(String::as_str), Some("/opt/bin/polkadot"));
		assert!(alice.command.contains(&"--alice".to_owned()) && !alice.command.contains(&"--".to_owned()));
		assert_eq!(follows(alice, "--chain"), ["/run/net/relay-raw.json"]);
		assert_eq!(alice.address, "/ip4/127.0.0.1/tcp/9921");
	}

	#[test]
	fn ports_and_addresses_move_together() {
		let plans = plans(&file(), &places(), 400, |_| Host::default());
		let athens = plans.iter().find(|plan| plan.name == "athens").expect("a collator");
		assert_eq!(athens.rpc.port(), 10_344);
		assert_eq!(follows(athens, "--rpc-port"), ["10344", "0"]);
		assert!(athens.command.contains(&"--relay-chain-rpc-urls=ws://127.0.0.1:10301".to_owned()), "{athens:?}");
	}

	#[test]
	fn collators_know_both_chains() {
		let plans = plans(&file(), &places(), 0, |_| Host::default());
		let berlin = plans.last().expect("there are nodes");
		assert_eq!(follows(berlin, "--chain"), ["/run/net/epidaurus-raw.json", "/run/net/relay-raw.json"]);
		assert_eq!(berlin.command.iter().filter(|argument| *argument == "--").count(), 1);
		assert!(berlin.command.contains(&"--collator".to_owned()));
		assert!(!berlin.command.contains(&"--unsafe-rpc-external".to_owned()));
	}

	#[test]
	fn arguments_for_the_relay_chain_part_stay_behind_the_dashes() {
		let mut file = file();
		let athens = file.parachains.first_mut().and_then(|para| para.collators.first_mut()).expect("a collator");
		athens.args = Some(["--sync=warp", "--", "--sync=fast"].map(str::to_owned).into());
		athens.validator = false;
		let plans = plans(&file, &places(), 0, |_| Host::default());
		let athens = plans.iter().find(|plan| plan.role == Role::FullNode).expect("it is no collator any more");
		let dashes = athens.command.iter().position(|argument| argument == "--").expect("there are dashes");
		let place = |flag: &str| athens.command.iter().position(|argument| argument == flag).expect("it is given");
		assert!(place("--sync=warp") < dashes && dashes < place("--sync=fast"));
		assert!(!athens.command.contains(&"--collator".to_owned()));
	}

	#[test]
	fn a_node_elsewhere_listens_there() {
		let peers = IpAddr::from([10, 77, 0, 2]);
		let control = IpAddr::from([10, 78, 0, 2]);
		let host = |name: &str| if name == "bob" { Host { peers, control } } else { Host::default() };
		let plans = plans(&file(), &places(), 0, host);
		let bob = plans.iter().find(|plan| plan.name == "bob").expect("a validator");
		assert_eq!((bob.rpc.ip(), bob.metrics.ip()), (control, control));
		assert_eq!(bob.address, "/ip4/10.77.0.2/tcp/9922");
		assert!(bob.command.contains(&"--unsafe-rpc-external".to_owned()));
		let berlin = plans.last().expect("a collator");
		assert!(berlin.command.contains(&"--relay-chain-rpc-urls=ws://10.77.0.2:9902".to_owned()));
		assert!(berlin.command.contains(&"--relay-chain-rpc-urls=ws://127.0.0.1:9901".to_owned()));
	}
}
