// SPDX-License-Identifier: Apache-2.0
//! The network that a group's cases run on, and what most of them do with it.

use super::{Group, Means, LATER};
use crate::{
	genesis::Genesis,
	islands::Island,
	network::Network,
	plan::{Host, Places},
	rpc::Header,
	transactions::{submit, transfer, Chain, Member},
	Outcome,
};
use epidaurus_runtime::RuntimeCall;
use std::{
	path::PathBuf,
	time::{Duration, Instant},
};

/// The first block of the parachain comes after the relay chain's first epoch, if all is well within this.
const FIRST: Duration = Duration::from_secs(600);
/// A network that works finalises a dozen blocks within this, also on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(300);
/// What was under way when a node fell silent or a cable was cut is finalised by then.
pub const LAST_WORDS: Duration = Duration::from_secs(30);

/// So many further blocks show that a chain goes on.
pub const MORE: u64 = 4;

/// A network with two collators, `athens` and `berlin`, that has finalised its first block.
pub struct Stage {
	/// The network.
	pub network: Network,
	/// What is worth to be known about it.
	pub measured: Vec<String>,
	/// The other side, where there is one. It is dropped after the nodes on it.
	pub island: Option<Island>,
	/// WASM of the runtime that follows on the one that runs.
	pub next_runtime: PathBuf,
	random: u64,
}

impl Stage {
	/// Starts a fresh network and waits until both collators have a finalised block.
	pub fn set(means: &Means, genesis: &Genesis, group: &Group) -> Outcome<Self> {
		let directory = means.places.directory.join(group.name);
		let places = Places { directory, binaries: means.places.binaries.clone() };
		let apart = |name: &str| group.apart.contains(&name);
		let island = if group.apart.is_empty() {
			None
		} else {
			Some(Island::new(&means.places.directory.join(format!("{}-island.log", group.name)))?)
		};
		let host = |name: &str| if island.is_some() { Island::host(apart(name)) } else { Host::default() };
		let mut network = Network::prepare(&means.file, places, genesis, host)?;
		if let Some(island) = &island {
			for node in network.nodes.iter_mut().filter(|node| apart(&node.plan.name)) {
				node.prefix = island.prefix();
			}
		}
		network.start(LATER)?;
		network.wait("a first finalised block on both collators", FIRST, |network| {
			["athens", "berlin"].iter().all(|name| finalised(network, name) > 0).then_some(())
		})?;
		let first = network.started.elapsed().as_secs();
		let measured = vec![format!("{}: first finalised block on both collators after {first} s", group.name)];
		Ok(Self { network, measured, island, next_runtime: means.next_runtime.clone(), random: means.seed | 1 })
	}

	/// A number below `bound`.
	pub fn random(&mut self, bound: u64) -> u64 {
		// Marsaglia's xorshift with the triple 13, 7, 17.
		self.random ^= self.random << 13;
		self.random ^= self.random >> 7;
		self.random ^= self.random << 17;
		self.random % bound
	}

	/// Waits until `name` has finalised block `number`.
	pub fn reach(&mut self, name: &str, number: u64, limit: Duration) -> Outcome {
		let reached = self.network.wait(&format!("block {number} finalised on {name}"), limit, |network| {
			(finalised(network, name) >= number).then_some(())
		});
		reached.map_err(|error| match self.network.heights(name) {
			Some(heights) => format!("{error}; {name} is at {heights:?}"),
			None => format!("{error}; {name} does not tell how far it is"),
		})
	}

	/// The best finalised header of `name`.
	pub fn finalised(&self, name: &str) -> Outcome<Header> {
		self.network.rpc(name)?.finalised()
	}

	/// The numbers of the best finalised blocks of these nodes, each of which must answer.
	pub fn all_finalised(&self, names: &[&str]) -> Outcome<Vec<u64>> {
		names.iter().map(|name| self.finalised(name).map(|header| header.number)).collect()
	}

	/// The headers of these blocks on `name`.
	pub fn headers(&self, name: &str, heights: impl IntoIterator<Item = u64>) -> Outcome<Vec<Header>> {
		let rpc = self.network.rpc(name)?;
		heights.into_iter().map(|height| rpc.header_at(height).map_err(|error| format!("{name}: {error}"))).collect()
	}

	/// Fails unless these nodes have the same blocks, and the same states after them, at these heights.
	pub fn agree(&self, names: &[&str], heights: impl IntoIterator<Item = u64> + Clone) -> Outcome {
		let Some((first, others)) = names.split_first() else { return Ok(()) };
		let expected = self.headers(first, heights.clone())?;
		for name in others {
			for (one, other) in expected.iter().zip(self.headers(name, heights.clone())?) {
				if *one != other {
					return Err(format!("blocks differ: {first} has {one:?}, {name} has {other:?}"));
				}
			}
		}
		Ok(())
	}

	/// Sends these calls of `from` to the node `name`; gives the nonce that the member has when all are done.
	pub fn send(&self, name: &str, from: &Member, calls: &[RuntimeCall]) -> Outcome<u32> {
		let rpc = self.network.rpc(name)?;
		let chain = Chain::of(rpc)?;
		let mut nonce = from.nonce(rpc, &rpc.finalised_hash()?)?;
		for call in calls {
			submit(rpc, &from.sign(chain, nonce, call))?;
			nonce += 1;
		}
		Ok(nonce)
	}

	/// Sends so many transfers of `from` to the node `name`; gives the nonce that the member has when all are done.
	pub fn send_transfers(&self, name: &str, from: &Member, count: usize) -> Outcome<u32> {
		let to = Member::new("//Charlie")?.account();
		self.send(name, from, &vec![transfer(to, 1_000_000); count])
	}

	/// Waits until `name` has finalised the transactions of `from` up to this nonce; tells how long that took.
	pub fn settled(&mut self, name: &str, from: &Member, nonce: u32, limit: Duration) -> Outcome<Duration> {
		let begun = Instant::now();
		let rpc = self.network.rpc(name)?;
		self.network.wait(&format!("transaction {nonce} finalised on {name}"), limit, |_| {
			let settled = from.nonce(rpc, &rpc.finalised_hash().ok()?).ok()?;
			(settled >= nonce).then_some(())
		})?;
		Ok(begun.elapsed())
	}
}

/// The last finalised block of a node; 0 also while it does not answer, so this is for those who wait.
fn finalised(network: &Network, name: &str) -> u64 {
	network.heights(name).map_or(0, |heights| heights.finalised)
}
