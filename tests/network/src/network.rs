// SPDX-License-Identifier: Apache-2.0
//! A network that runs.

use crate::{
	files::NetworkFile,
	genesis::Genesis,
	http, interrupted,
	metrics::Heights,
	plan::{plans, Host, Places, Plan, Role},
	ports,
	process::{output, Process},
	rpc::Rpc,
	Outcome,
};
use std::{
	fs,
	io::ErrorKind,
	path::Path,
	thread::sleep,
	time::{Duration, Instant},
};

const GLANCE: Duration = Duration::from_millis(500);
/// A validator answers within this, also on a busy machine.
const ANSWER: Duration = Duration::from_secs(300);
/// Lines of a log that are shown when its node ends by itself.
const LAST_LINES: usize = 15;

/// A node and, while it runs, its process.
pub struct Node {
	/// How it is started.
	pub plan: Plan,
	/// What stands before its command, to start it in another network namespace.
	pub prefix: Vec<String>,
	process: Option<Process>,
}

/// The nodes of a network file.
pub struct Network {
	/// Where its files are.
	pub places: Places,
	/// The nodes, those of the relay chain first.
	pub nodes: Vec<Node>,
	/// When its first node was started.
	pub started: Instant,
}

impl Node {
	/// A node that does not run yet.
	pub fn new(plan: Plan) -> Self {
		Self { plan, prefix: Vec::new(), process: None }
	}

	/// Starts it, unless it runs.
	pub fn start(&mut self) -> Outcome {
		if self.process.is_none() {
			let command = [&self.prefix[..], &self.plan.command[..]].concat();
			self.process = Some(Process::start(&command, &self.plan.log)?);
		}
		Ok(())
	}

	/// Ends it without warning.
	pub fn kill(&mut self) {
		if let Some(process) = self.process.take() {
			process.kill();
		}
	}

	/// Starts it as one that has no blocks yet. Its identity stays: that is not in its base path.
	pub fn begin_anew(&mut self) -> Outcome {
		self.kill();
		remove(&self.plan.base)?;
		self.start()
	}

	/// Asks it to end and waits until it has.
	pub fn stop(&mut self) -> Outcome {
		let Some(process) = self.process.take() else { return Ok(()) };
		let status = process.stop().map_err(|error| format!("{}: {error}", self.plan.name))?;
		if status.success() {
			Ok(())
		} else {
			Err(format!("{} was asked to end and ended with {status}", self.plan.name))
		}
	}

	/// Stops its processes where they are.
	pub fn pause(&self) -> Outcome {
		self.signal("STOP")
	}

	/// Stops them, unless it is a validator that executes a candidate; tells whether it did.
	pub fn pause_idle(&self) -> Outcome<bool> {
		self.pause()?;
		// Asked of one that stands still, which cannot begin to in between.
		if self.process.as_ref().is_some_and(Process::has_grandchildren) {
			return self.resume().map(|()| false);
		}
		Ok(true)
	}

	/// Lets them go on.
	pub fn resume(&self) -> Outcome {
		self.signal("CONT")
	}

	fn signal(&self, name: &str) -> Outcome {
		match &self.process {
			Some(process) => process.signal(name),
			None => Err(format!("{} does not run", self.plan.name)),
		}
	}

	/// Questions to it.
	pub fn rpc(&self) -> Rpc {
		Rpc { address: self.plan.rpc }
	}

	/// How far it is, if it says so.
	pub fn heights(&self) -> Option<Heights> {
		self.metrics().and_then(|page| Heights::parse(&page))
	}

	/// Its exporter's page.
	pub fn metrics(&self) -> Option<String> {
		http::get(self.plan.metrics, "/metrics").ok()
	}

	/// Everything that it said.
	pub fn log(&self) -> String {
		fs::read(&self.plan.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
	}

	/// Why it ended by itself, if it has.
	pub fn failure(&mut self) -> Option<String> {
		let status = self.process.as_mut()?.ended()?;
		let log = self.log();
		let lines: Vec<_> = log.lines().collect();
		let last = lines.get(lines.len().saturating_sub(LAST_LINES)..).unwrap_or_default().join("\n");
		Some(format!("{} ended with {status}; the end of {}:\n{last}", self.plan.name, self.plan.log.display()))
	}
}

/// Removes a directory with all that is in it, if there is one.
pub fn remove(directory: &Path) -> Outcome {
	match fs::remove_dir_all(directory) {
		Err(error) if error.kind() != ErrorKind::NotFound => Err(format!("{}: {error}", directory.display())),
		_ => Ok(()),
	}
}

impl Network {
	/// Makes keys and writes specifications for the nodes of `file`; nothing runs yet.
	pub fn prepare(
		file: &NetworkFile,
		places: Places,
		genesis: &Genesis,
		host: impl Fn(&str) -> Host,
	) -> Outcome<Self> {
		let declared: Vec<u16> =
			file.entries().flat_map(|entry| [entry.rpc_port, entry.prometheus_port, entry.p2p_port]).collect();
		let distance = ports::distance(&declared, ports::is_free).ok_or("there are not enough free ports")?;
		let plans = plans(file, &places, distance, host);
		remove(&places.directory)?;
		fs::create_dir_all(&places.directory).map_err(|error| format!("{}: {error}", places.directory.display()))?;
		let epidaurus = places.binary(&file.parachain().default_command);
		let (mut relay, mut para) = (Vec::new(), Vec::new());
		for plan in &plans {
			let key = places.node_key(&plan.name);
			// The key goes into the file, the identity that follows from it is said on the other output.
			let (_, identity) = output(&epidaurus, &["key", "generate-node-key", "--file", &key.to_string_lossy()])?;
			let address = format!("{}/p2p/{identity}", plan.address);
			match plan.role {
				Role::Validator => relay.push(address),
				Role::Collator => para.push(address),
				Role::FullNode => (),
			}
		}
		genesis.write(&places, &relay, &para)?;
		Ok(Self { places, nodes: plans.into_iter().map(Node::new).collect(), started: Instant::now() })
	}

	/// Starts all nodes but those in `later`. Collators come when the validators answer: they do not wait for long.
	pub fn start(&mut self, later: &[&str]) -> Outcome {
		self.started = Instant::now();
		let validates = |node: &Node| node.plan.role == Role::Validator;
		self.nodes.iter_mut().filter(|node| validates(node)).try_for_each(Node::start)?;
		self.wait("all validators answer", ANSWER, |network| {
			let mut validators = network.nodes.iter().filter(|node| validates(node));
			validators.all(|node| node.rpc().finalised_hash().is_ok()).then_some(())
		})?;
		let rest = |node: &&mut Node| !validates(node) && !later.contains(&node.plan.name.as_str());
		self.nodes.iter_mut().filter(rest).try_for_each(Node::start)
	}

	/// The node with this name.
	pub fn node(&mut self, name: &str) -> Outcome<&mut Node> {
		let found = self.nodes.iter_mut().find(|node| node.plan.name == name);
		found.ok_or_else(|| format!("there is no node {name} in this network"))
	}

	/// Questions to the node with this name.
	pub fn rpc(&self, name: &str) -> Outcome<Rpc> {
		let found = self.nodes.iter().find(|node| node.plan.name == name);
		found.map(Node::rpc).ok_or_else(|| format!("there is no node {name} in this network"))
	}

	/// How far the node with this name is, if it says so.
	pub fn heights(&self, name: &str) -> Option<Heights> {
		self.nodes.iter().find(|node| node.plan.name == name).and_then(Node::heights)
	}

	/// Looks again and again until there is an answer; fails when none came in time, when a node ended by itself, or when
	/// the launcher is told to end.
	pub fn wait<T>(&mut self, what: &str, limit: Duration, mut look: impl FnMut(&Self) -> Option<T>) -> Outcome<T> {
		let begun = Instant::now();
		loop {
			if let Some(answer) = look(self) {
				return Ok(answer);
			}
			self.check()?;
			if begun.elapsed() >= limit {
				return Err(format!("not within {} s: {what}", limit.as_secs()));
			}
			sleep(GLANCE);
		}
	}

	/// Lets `time` pass; fails early for the same reasons.
	pub fn pass(&mut self, time: Duration) -> Outcome {
		let begun = Instant::now();
		while begun.elapsed() < time {
			self.check()?;
			sleep(GLANCE);
		}
		Ok(())
	}

	fn check(&mut self) -> Outcome {
		if interrupted() {
			return Err("interrupted".into());
		}
		self.nodes.iter_mut().find_map(Node::failure).map_or(Ok(()), Err)
	}

	/// Asks all nodes to end, collators first, and tells of those that did not do so well.
	pub fn stop(&mut self) -> Outcome {
		let complaints: Vec<_> = self.nodes.iter_mut().rev().filter_map(|node| node.stop().err()).collect();
		if complaints.is_empty() {
			Ok(())
		} else {
			Err(complaints.join("\n"))
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::net::{Ipv4Addr, SocketAddr};

	#[test]
	fn a_node_that_begins_anew_has_nothing_but_its_log() {
		let directory = tempfile::tempdir().expect("a directory");
		let base = directory.path().join("base");
		let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
		let script = format!("echo begun; mkdir '{}' && echo made; exec sleep 300", base.display());
		let mut node = Node::new(Plan {
			name: "node".into(),
			role: Role::FullNode,
			command: ["sh", "-c", &script].map(ToOwned::to_owned).into(),
			rpc: nowhere,
			metrics: nowhere,
			address: String::new(),
			base,
			log: directory.path().join("node.log"),
		});
		let made = |node: &Node, times: usize| {
			let begun = Instant::now();
			while node.log().matches("made").count() < times {
				assert!(begun.elapsed() < Duration::from_secs(20), "not in time: {}", node.log());
				sleep(Duration::from_millis(50));
			}
		};
		node.start().expect("there is a shell");
		made(&node, 1);
		let first = node.process.as_ref().map(Process::id);
		node.begin_anew().expect("there is a shell");
		made(&node, 2);
		assert_ne!(node.process.as_ref().map(Process::id), first);
		assert_eq!(node.log().matches("begun").count(), 2);
	}
}
