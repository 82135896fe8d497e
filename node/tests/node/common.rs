// SPDX-License-Identifier: GPL-3.0-only
//! Starts the real binary, on free ports and in a directory of its own, and talks to it.

use codec::{Compact, Encode};
use jsonrpsee::{
	core::{client::ClientT, traits::ToRpcParams},
	http_client::{HttpClient, HttpClientBuilder},
	rpc_params,
};
use serde_json::Value;
use sp_core::{sr25519, Bytes, Pair as _, H256};
use sp_crypto_hashing::blake2_256;
use std::{
	fs::{self, File},
	future::Future,
	io::{Read, Write},
	net::{SocketAddr, TcpStream},
	path::{Path, PathBuf},
	process::{Child, Command, ExitStatus, Stdio},
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tempfile::TempDir;

/// No test waits longer than this for anything but its turn.
const PATIENCE: Duration = Duration::from_secs(180);
/// Milliseconds of a slot.
const SLOT_MILLIS: u64 = 6_000;

/// The binary under test.
fn epidaurus() -> Command {
	Command::new(env!("CARGO_BIN_EXE_epidaurus"))
}

/// A running node; it is killed when this is dropped.
pub struct Node {
	process: Child,
	log: PathBuf,
	started: Instant,
	rpc: SocketAddr,
	// Nodes compile the runtime when they start, on all cores. One at a time, so that start-up times mean something.
	_turn: File,
}

impl Node {
	/// Starts `epidaurus` with `args` and waits until it answers. `directory` receives its log.
	pub async fn start(directory: &Path, args: &[&str]) -> Self {
		let turn = take_turn();
		let log = directory.join("log.txt");
		let output = File::create(&log).expect("the directory is writable");
		let started = Instant::now();
		let process = epidaurus()
			.args(args)
			.args(["--port", "0", "--rpc-port", "0", "--prometheus-port", "0", "--disable-log-color"])
			.stdin(Stdio::null())
			.stdout(output.try_clone().expect("a file handle can be cloned"))
			.stderr(output)
			.spawn()
			.expect("the binary was built");
		let rpc = SocketAddr::from(([127, 0, 0, 1], 0));
		let mut node = Self { process, log, started, rpc, _turn: turn };
		node.rpc = node.logged_address("Running JSON-RPC server: addr=").await;
		node
	}

	/// Starts a development chain in `directory/base`.
	pub async fn dev(directory: &Path, args: &[&str]) -> Self {
		let base = directory.join("base");
		Self::start(directory, &[&["--dev", "--base-path", text(&base)], args].concat()).await
	}

	/// How long ago the process was started.
	pub fn age(&self) -> Duration {
		self.started.elapsed()
	}

	/// Everything the node wrote so far.
	pub fn log(&self) -> String {
		String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
	}

	/// The address that stands after `label` in the log, once it does.
	pub async fn logged_address(&mut self, label: &str) -> SocketAddr {
		let deadline = Instant::now() + PATIENCE;
		loop {
			if let Some(address) = self.log().split(label).nth(1).and_then(first_address) {
				return address;
			}
			if let Ok(Some(status)) = self.process.try_wait() {
				panic!("the node ended with {status}:\n{}", self.log());
			}
			assert!(Instant::now() < deadline, "no `{label}` in time:\n{}", self.log());
			tokio::time::sleep(Duration::from_millis(50)).await;
		}
	}

	/// A client of the node's RPC.
	pub fn client(&self) -> HttpClient {
		HttpClientBuilder::default()
			.request_timeout(PATIENCE)
			.build(format!("http://{}", self.rpc))
			.expect("the address is valid")
	}

	/// The result of an RPC call that must succeed.
	pub async fn call(&self, method: &str, params: impl ToRpcParams + Send) -> Value {
		match self.client().request(method, params).await {
			Ok(result) => result,
			Err(error) => panic!("{method}: {error}\n{}", self.log()),
		}
	}

	/// The header of the best finalised block.
	pub async fn finalised(&self) -> Header {
		let hash = self.call("chain_getFinalizedHead", rpc_params![]).await;
		Header(self.call("chain_getHeader", rpc_params![hash]).await)
	}

	/// The header of block `number`, which must exist.
	pub async fn header(&self, number: u64) -> Header {
		let hash = self.call("chain_getBlockHash", rpc_params![number]).await;
		Header(self.call("chain_getHeader", rpc_params![hash]).await)
	}

	/// What transactions are signed for on this chain.
	pub async fn signing(&self) -> Signing {
		let version = self.call("state_getRuntimeVersion", rpc_params![]).await;
		let genesis = self.call("chain_getBlockHash", rpc_params![0]).await;
		let genesis: H256 = serde_json::from_value(genesis).expect("a hash");
		let number =
			|name: &str| u32::try_from(version[name].as_u64().expect("a version")).expect("versions are small");
		let (spec, transaction) = (number("specVersion"), number("transactionVersion"));
		Signing((spec, transaction, genesis, genesis, None::<[u8; 32]>).encode())
	}

	/// Submits `call` signed by the well-known key `secret`, as its transaction number `nonce`.
	pub async fn submit(&self, secret: &str, nonce: u32, call: &[u8]) {
		let pair = sr25519::Pair::from_string(secret, None).expect("a well-known secret");
		let transaction = self.signing().await.transaction(&pair, nonce, call);
		self.call("author_submitExtrinsic", rpc_params![transaction]).await;
	}

	/// Waits until block `number` is finalised and gives the best finalised header, which may be a later one.
	pub async fn finalised_from(&self, number: u64) -> Header {
		let reached = || async {
			let header = self.finalised().await;
			(header.number() >= number).then_some(header)
		};
		self.until(&format!("finalised block {number}"), reached).await
	}

	/// Asks again and again until there is an answer.
	pub async fn until<T, Fut: Future<Output = Option<T>>>(&self, what: &str, ask: impl Fn() -> Fut) -> T {
		let deadline = Instant::now() + PATIENCE;
		loop {
			if let Some(answer) = ask().await {
				return answer;
			}
			assert!(Instant::now() < deadline, "no {what} in time:\n{}", self.log());
			tokio::time::sleep(Duration::from_millis(50)).await;
		}
	}

	/// Asks the process to end, as an operator does, and waits until it has.
	pub fn stop(mut self) -> ExitStatus {
		let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.process.id())]).status();
		assert!(told.is_ok_and(|status| status.success()), "the node is not there to be stopped:\n{}", self.log());
		wait(&mut self.process).unwrap_or_else(|| panic!("the node did not stop:\n{}", self.log()))
	}
}

impl Drop for Node {
	fn drop(&mut self) {
		let _ = self.process.kill();
		let _ = self.process.wait();
	}
}

/// What a transaction is signed for beside what it says.
pub struct Signing(Vec<u8>);

impl Signing {
	/// `call` signed by `pair`, as its transaction number `nonce`.
	pub fn transaction(&self, pair: &sr25519::Pair, nonce: u32, call: &[u8]) -> Bytes {
		// Immortal, no tip, no hash of the metadata.
		let extra = (0u8, Compact(nonce), 0u8, 0u8).encode();
		let payload = [call, &extra, &self.0].concat();
		// Of a long one its hash is signed.
		let signature = if payload.len() > 256 { pair.sign(&blake2_256(&payload)) } else { pair.sign(&payload) };
		let signer = [&[0x84, 0][..], pair.public().as_ref(), &[1], signature.as_ref()].concat();
		Bytes([&signer, &extra[..], call].concat().encode())
	}
}

/// A header as the RPC gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Header(Value);

impl Header {
	/// Block number.
	pub fn number(&self) -> u64 {
		let hex = self.0["number"].as_str().expect("a header has a number");
		u64::from_str_radix(hex.trim_start_matches("0x"), 16).expect("numbers are hexadecimal")
	}

	/// The slot in the Aura digest: `aura` as engine, then eight bytes.
	pub fn slot(&self) -> u64 {
		let logs = self.0["digest"]["logs"].as_array().expect("a header has a digest");
		let hex = logs.iter().filter_map(Value::as_str).find_map(|log| log.strip_prefix("0x066175726120"));
		let slot = u64::from_str_radix(hex.expect("a sealed block has a slot"), 16).expect("digests are hexadecimal");
		slot.swap_bytes()
	}
}

/// The slot that the wall clock is in.
pub fn slot_now() -> u64 {
	let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
	u64::try_from(now.as_millis()).expect("it is not that late") / SLOT_MILLIS
}

/// Runs a command that must end by itself: whether it succeeded, and what it wrote to both outputs.
fn run(args: &[&str], variables: &[(&str, &str)]) -> (bool, String, String) {
	let _turn = take_turn();
	let mut process = epidaurus()
		.args(args)
		.envs(variables.iter().copied())
		.stdin(Stdio::null())
		.stdout(Stdio::piped())
		.stderr(Stdio::piped())
		.spawn()
		.expect("the binary was built");
	let (out, err) = (process.stdout.take(), process.stderr.take());
	let err = std::thread::spawn(move || read_all(err));
	let out = std::thread::spawn(move || read_all(out));
	let status = wait(&mut process);
	if status.is_none() {
		let _ = process.kill();
		let _ = process.wait();
	}
	let (out, err) = (out.join().expect("reader"), err.join().expect("reader"));
	let status = status.unwrap_or_else(|| panic!("{args:?} did not end:\n{out}\n{err}"));
	(status.success(), out, err)
}

/// A directory of the caller's own.
pub fn directory() -> TempDir {
	tempfile::tempdir().expect("there is room for a temporary directory")
}

/// `path` as an argument.
pub fn text(path: &Path) -> &str {
	path.to_str().expect("temporary paths are UTF-8")
}

/// Runs a command that must be refused and gives the reason.
pub fn refused(args: &[&str]) -> String {
	refused_with(args, &[])
}

/// The same, with environment variables.
pub fn refused_with(args: &[&str], variables: &[(&str, &str)]) -> String {
	let (success, out, err) = run(args, variables);
	assert!(!success, "{args:?} should be refused:\n{out}\n{err}");
	assert!(!err.contains("panicked"), "{args:?} panicked:\n{err}");
	err
}

/// Runs a command that must succeed and gives its standard output.
pub fn output(args: &[&str]) -> String {
	let (success, out, err) = run(args, &[]);
	assert!(success, "{args:?} failed:\n{err}");
	out
}

/// `GET path` from `address`, headers and all.
pub fn http_get(address: SocketAddr, path: &str) -> std::io::Result<String> {
	let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
	stream.set_read_timeout(Some(PATIENCE))?;
	write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
	let mut response = String::new();
	stream.read_to_string(&mut response)?;
	Ok(response)
}

fn read_all(pipe: Option<impl Read>) -> String {
	let mut bytes = Vec::new();
	if let Some(mut pipe) = pipe {
		let _ = pipe.read_to_end(&mut bytes);
	}
	String::from_utf8_lossy(&bytes).into_owned()
}

fn wait(process: &mut Child) -> Option<ExitStatus> {
	let deadline = Instant::now() + PATIENCE;
	while Instant::now() < deadline {
		if let Ok(Some(status)) = process.try_wait() {
			return Some(status);
		}
		std::thread::sleep(Duration::from_millis(20));
	}
	None
}

/// Blocks until no other test of any process has a turn; dropping the file ends ours.
fn take_turn() -> File {
	let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("epidaurus-node.turn");
	let file = File::create(path).expect("cargo made the directory");
	file.lock().expect("the file system can lock");
	file
}

/// `127.0.0.1:1234` at the start of `text`, whatever follows.
fn first_address(text: &str) -> Option<SocketAddr> {
	text.split([',', '\n', ' ']).next()?.trim().parse().ok()
}
