// SPDX-License-Identifier: Apache-2.0
//! A node of our own, found beside the command under test.

use std::{
	fs::File,
	path::PathBuf,
	process::{Child, Command, Stdio},
	thread,
	time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a node may take until it answers.
const PATIENCE: Duration = Duration::from_secs(240);

/// A running development node; it ends with the value.
pub struct Node {
	process: Child,
	pub url: String,
	folder: TempDir,
}

impl Node {
	/// Starts a development chain with a block every so many milliseconds.
	pub fn start(block_time: u64) -> Self {
		let binary = binary();
		let folder = tempfile::tempdir().unwrap();
		let log = File::create(folder.path().join("log")).unwrap();
		let process = Command::new(binary)
			.args(["--dev", "--tmp", "--no-prometheus", "--rpc-port", "0", "--port", "0"])
			.args(["--dev-block-time", &block_time.to_string()])
			.stdin(Stdio::null())
			.stdout(Stdio::null())
			.stderr(log)
			.spawn()
			.unwrap();
		let mut node = Self { process, url: String::new(), folder };
		node.url = format!("ws://{}", node.address());
		node
	}

	/// Where the node says that it listens, once it does.
	fn address(&mut self) -> String {
		let deadline = Instant::now() + PATIENCE;
		loop {
			let log = self.log();
			let told = log.split_once("addr=").and_then(|(_, rest)| rest.split_once([',', '\n']));
			if let Some((address, _)) = told {
				return address.to_owned();
			}
			if let Some(status) = self.process.try_wait().unwrap() {
				panic!("the node ended with {status}:\n{log}");
			}
			assert!(Instant::now() < deadline, "the node does not answer:\n{log}");
			thread::sleep(Duration::from_millis(100));
		}
	}

	/// What the node wrote.
	pub fn log(&self) -> String {
		std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
	}
}

impl Drop for Node {
	fn drop(&mut self) {
		let _ = self.process.kill();
		let _ = self.process.wait();
	}
}

fn binary() -> PathBuf {
	let path = PathBuf::from(env!("CARGO_BIN_EXE_epid")).with_file_name("epidaurus");
	assert!(
		path.is_file(),
		"there is no node at {}: build the whole workspace, as `make test` does, so that it stands beside epid",
		path.display()
	);
	path
}
