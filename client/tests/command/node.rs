// SPDX-License-Identifier: Apache-2.0
//! A node of our own, found beside the command under test.

use std::{
	fs::File,
	net::{TcpListener, TcpStream},
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
		let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
		let log = File::create(folder.path().join("log")).unwrap();
		let process = Command::new(binary)
			.args(["--dev", "--tmp", "--no-prometheus", "--rpc-port", &port.to_string(), "--port", "0"])
			.args(["--dev-block-time", &block_time.to_string()])
			.stdin(Stdio::null())
			.stdout(Stdio::null())
			.stderr(log)
			.spawn()
			.unwrap();
		let mut node = Self { process, url: format!("ws://127.0.0.1:{port}"), folder };
		node.wait(port);
		node
	}

	fn wait(&mut self, port: u16) {
		let deadline = Instant::now() + PATIENCE;
		while TcpStream::connect(("127.0.0.1", port)).is_err() {
			if let Some(status) = self.process.try_wait().unwrap() {
				panic!("the node ended with {status}:\n{}", self.log());
			}
			assert!(Instant::now() < deadline, "the node does not answer:\n{}", self.log());
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
