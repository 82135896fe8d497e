// SPDX-License-Identifier: Apache-2.0
//! The network files in `zombienet/`, as far as this launcher understands them.
//!
//! They are written for the zombienet tool. An unknown key is refused, so that a file cannot say something that one of the
//! two tools would pass over in silence.

use crate::Outcome;
use serde::Deserialize;
use std::{fs, path::Path};

/// A network file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFile {
	/// What is said to the tool and not to nodes.
	#[serde(default)]
	pub settings: Settings,
	/// The relay chain.
	pub relaychain: RelayChain,
	/// Its parachains; this launcher takes just one.
	pub parachains: Vec<Parachain>,
}

/// What is said to the tool and not to nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
	/// Where nodes run; `native` is the only one here.
	pub provider: Option<String>,
	/// Seconds that the start may take.
	pub timeout: Option<u64>,
}

/// The relay chain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayChain {
	/// Name of the chain.
	pub chain: String,
	/// Its plain specification, in the directory from which the tool is called.
	pub chain_spec_path: String,
	/// The executable of nodes that name none.
	pub default_command: String,
	/// Arguments of nodes that have none.
	#[serde(default)]
	pub default_args: Vec<String>,
	/// The nodes.
	pub nodes: Vec<NodeEntry>,
}

/// A parachain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parachain {
	/// Id on the relay chain.
	pub id: u32,
	/// Whether its nodes take arguments for the relay chain after `--`.
	#[serde(default)]
	pub cumulus_based: bool,
	/// Its raw specification, in the directory from which the tool is called.
	pub chain_spec_path: String,
	/// The executable of nodes that name none.
	pub default_command: String,
	/// Arguments of nodes that have none.
	#[serde(default)]
	pub default_args: Vec<String>,
	/// Collators and full nodes.
	pub collators: Vec<NodeEntry>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeEntry {
	/// Name, unique in the file. A validator's is also that of its well-known key.
	pub name: String,
	/// Whether it makes blocks.
	#[serde(default = "yes")]
	pub validator: bool,
	/// Another executable.
	pub command: Option<String>,
	/// Arguments in place of the default ones; after `--` those for the relay chain part of a collator.
	pub args: Option<Vec<String>>,
	/// Port of the JSON-RPC server.
	pub rpc_port: u16,
	/// Port of the Prometheus exporter.
	pub prometheus_port: u16,
	/// Port for other nodes.
	pub p2p_port: u16,
}

fn yes() -> bool {
	true
}

impl NetworkFile {
	/// Reads the file at `path`.
	pub fn read(path: &Path) -> Outcome<Self> {
		let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
		Self::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
	}

	/// Reads `text`, and refuses what this launcher cannot do.
	pub fn parse(text: &str) -> Outcome<Self> {
		let file: Self = toml::from_str(text).map_err(|error| error.to_string())?;
		if file.settings.provider.as_deref().is_some_and(|provider| provider != "native") {
			return Err("only the provider `native` is known here".into());
		}
		if file.parachains.len() != 1 {
			return Err(format!("there must be one parachain, here are {}", file.parachains.len()));
		}
		let mut names: Vec<_> = file.entries().map(|entry| entry.name.as_str()).collect();
		names.sort_unstable();
		for pair in names.windows(2) {
			if let [one, other] = pair {
				if one == other {
					return Err(format!("two nodes are called {one}"));
				}
			}
		}
		Ok(file)
	}

	/// The one parachain.
	pub fn parachain(&self) -> &Parachain {
		self.parachains.first().expect("checked when it was read")
	}

	/// All nodes, those of the relay chain first.
	pub fn entries(&self) -> impl Iterator<Item = &NodeEntry> {
		self.relaychain.nodes.iter().chain(self.parachains.iter().flat_map(|parachain| &parachain.collators))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const SMALL: &str = r#"
		[relaychain]
		chain = "rococo-local"
		chain_spec_path = "relay.json"
		default_command = "polkadot"
		default_args = ["--no-beefy"]
		[[relaychain.nodes]]
		name = "alice"
		rpc_port = 1
		prometheus_port = 2
		p2p_port = 3
		[[parachains]]
		id = 2000
		chain_spec_path = "epidaurus.json"
		default_command = "epidaurus"
		[[parachains.collators]]
		name = "athens"
		validator = false
		args = ["--", "--no-mdns"]
		rpc_port = 4
		prometheus_port = 5
		p2p_port = 6
	"#;

	#[test]
	fn parse_of_a_small_network_works() {
		let file = NetworkFile::parse(SMALL).expect("valid");
		assert_eq!(file.relaychain.default_args, ["--no-beefy"]);
		assert_eq!(file.parachain().id, 2000);
		let athens = file.entries().nth(1).expect("two nodes");
		assert!(!athens.validator);
		assert_eq!(athens.args.as_deref(), Some(&["--".to_owned(), "--no-mdns".to_owned()][..]));
		assert!(file.entries().next().is_some_and(|alice| alice.validator && alice.args.is_none()));
	}

	#[test]
	fn parse_of_what_this_launcher_cannot_do_fails() {
		let settings = |line: &str| format!("[settings]\n{line}\n{SMALL}");
		let without_parachain = SMALL.split("[[parachains]]").next().expect("a part").to_owned();
		for (text, reason) in [
			(settings("provider = \"docker\""), "`native`"),
			(settings("bootnode = true"), "bootnode"),
			(without_parachain.clone() + "parachains = []", "parachains"),
			(without_parachain, "parachains"),
			(SMALL.replace("athens", "alice"), "two nodes are called alice"),
			(SMALL.replace("p2p_port = 6", ""), "p2p_port"),
			(SMALL.replace("rpc_port = 1", "rpc_port = 70000"), "70000"),
		] {
			let error = NetworkFile::parse(&text).expect_err("cannot be done");
			assert!(error.contains(reason), "{error}");
		}
	}

	#[test]
	fn every_file_of_the_repository_can_be_read() {
		let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zombienet");
		let mut read = 0;
		for entry in fs::read_dir(directory).expect("the directory exists").flatten() {
			if entry.path().extension().is_some_and(|extension| extension == "toml") {
				NetworkFile::read(&entry.path()).expect("a network file");
				read += 1;
			}
		}
		assert!(read > 0);
	}
}
