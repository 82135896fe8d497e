// SPDX-License-Identifier: Apache-2.0
//! A development node of our own.

use crate::error::{at, Error, Result};
use std::{
	fs::{self, File},
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	thread,
	time::{Duration, Instant},
};

/// How long a node may take until it answers.
const PATIENCE: Duration = Duration::from_secs(120);

/// Lines of a node's log that are shown when it fails.
const LAST_LINES: usize = 10;

/// When the node seals its blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocks {
	/// Every six seconds, by the clock.
	Slots,
	/// As soon as there is a transaction.
	Instant,
}

/// A running node; it is killed with the value.
pub struct Node {
	process: Child,
	url: String,
	log: PathBuf,
}

impl Node {
	/// Starts a development chain in the folder, or goes on with the one that is there, and waits until it answers.
	pub fn start(binary: &Path, folder: &Path, blocks: Blocks) -> Result<Self> {
		let log = folder.join("node.log");
		let mut command = Command::new(binary);
		command.args(["--dev", "--no-prometheus", "--rpc-port", "0", "--port", "0", "--base-path"]).arg(folder);
		if blocks == Blocks::Instant {
			command.arg("--instant-seal");
		}
		let file = File::create(&log).map_err(at(&log))?;
		command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
		let process = command.spawn().map_err(at(binary))?;
		let mut node = Self { process, url: String::new(), log };
		node.url = node.address()?;
		Ok(node)
	}

	/// Where it answers.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// Ends it at once, as if the power had failed for this one process (SIGKILL).
	pub fn kill(&mut self) -> Result<()> {
		self.process.kill().and_then(|()| self.process.wait()).map(|_| ()).map_err(crate::error::node)
	}

	fn address(&mut self) -> Result<String> {
		let deadline = Instant::now() + PATIENCE;
		loop {
			let log = fs::read_to_string(&self.log).unwrap_or_default();
			if let Some(address) = told_address(&log) {
				return Ok(format!("ws://{address}"));
			}
			let ended = self.process.try_wait().map_err(crate::error::node)?;
			if ended.is_some() || Instant::now() > deadline {
				let lines: Vec<_> = log.lines().collect();
				let last = lines[lines.len().saturating_sub(LAST_LINES)..].join("\n");
				return Err(Error::Node(format!("it does not answer; the last lines of its log:\n{last}")));
			}
			thread::sleep(Duration::from_millis(100));
		}
	}
}

impl Drop for Node {
	fn drop(&mut self) {
		// It may have been killed already.
		let _ = self.kill();
	}
}

/// Where a node says that it listens.
fn told_address(log: &str) -> Option<&str> {
	log.split_once("addr=")?.1.split_once([',', '\n']).map(|(address, _)| address)
}

/// The node's binary: the one named, or the one that `make build` puts beside this program's.
pub fn binary(named: Option<&Path>) -> Result<PathBuf> {
	if let Some(path) = named {
		return match path.is_file() {
			true => Ok(path.to_path_buf()),
			false => Err(Error::Usage(format!("{} is no file", path.display()))),
		};
	}
	let here = std::env::current_exe().map_err(crate::error::node)?;
	let target = here.parent().and_then(Path::parent).unwrap_or(Path::new("."));
	let path = target.join("debug/epidaurus");
	match path.is_file() {
		true => Ok(path),
		false => Err(Error::Missing(format!(
			"there is no node at {}: run `make build`, or name one with --node",
			path.display()
		))),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_address_is_found_in_the_log() {
		let log = "x\n2026 Running JSON-RPC server: addr=127.0.0.1:40123,[::1]:40123\ny";
		assert_eq!(told_address(log), Some("127.0.0.1:40123"));
		assert_eq!(told_address("addr=127.0.0.1:4\n"), Some("127.0.0.1:4"));
		// A line that is not yet complete.
		assert_eq!(told_address("addr=127.0.0.1:40"), None);
		assert_eq!(told_address("nothing"), None);
	}

	#[test]
	fn a_named_node_must_be_there() {
		assert!(matches!(binary(Some(Path::new("no-such-node"))), Err(Error::Usage(_))));
	}

	#[test]
	fn a_program_that_is_no_node_is_told_with_its_last_words() {
		let folder = tempfile::tempdir().unwrap();
		let error = Node::start(Path::new("/bin/false"), folder.path(), Blocks::Slots).err().unwrap();
		assert!(matches!(error, Error::Node(_)), "{error}");
	}
}
