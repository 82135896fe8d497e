// SPDX-License-Identifier: Apache-2.0
//! What the tests of the command share: a folder to work in, and the command with its answers.

use serde_json::Value;
use std::{
	fs,
	path::PathBuf,
	process::{Command, Output},
};
use tempfile::TempDir;

pub const NETWORK: &str = "0x6565656565656565656565656565656565656565656565656565656565656565";

/// A folder with a store and files.
pub struct House {
	pub folder: TempDir,
}

/// What the command said.
#[derive(Debug)]
pub struct Answer {
	pub code: i32,
	pub out: String,
	pub err: String,
}

impl Answer {
	pub fn json(&self) -> Value {
		serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
	}

	/// The answer, if the command ended with this code.
	#[track_caller]
	pub fn expect(self, code: i32) -> Self {
		assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
		self
	}
}

/// A resource with a decimal, a narrative and an identifier that must never show up anywhere.
pub fn resource(id: &str) -> String {
	format!(
		"{{\"resourceType\": \"Observation\", \"id\": \"{id}\", \"value\": 6.0,\n \"note\": \"Topsecret\", \
		 \"text\": {{\"status\": \"generated\", \"div\": \"<div>x</div>\"}}}}\n"
	)
}

/// The 32 bytes of a value in a bundle.
pub fn bytes_of(value: &Value) -> Vec<u8> {
	let digits = value.as_str().unwrap().trim_start_matches("0x");
	(0..32).map(|index| u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).unwrap()).collect()
}

impl House {
	/// A folder without a store.
	pub fn empty() -> Self {
		Self { folder: tempfile::tempdir().unwrap() }
	}

	/// A folder with a store of organisation 3 that knows no node.
	pub fn new() -> Self {
		let house = Self::empty();
		house.run(["init", "--network", NETWORK, "--organisation", "3"]).expect(0);
		house
	}

	pub fn path(&self, name: &str) -> PathBuf {
		self.folder.path().join(name)
	}

	pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
		let path = self.path(name);
		fs::create_dir_all(path.parent().unwrap()).unwrap();
		fs::write(&path, content).unwrap();
		path
	}

	pub fn read(&self, name: &str) -> String {
		fs::read_to_string(self.path(name)).unwrap()
	}

	/// A folder `data` with so many resources.
	pub fn resources(&self, count: usize) {
		(0..count).for_each(|index| drop(self.write(&format!("data/{index}.json"), resource(&index.to_string()))));
	}

	pub fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
		let mut command = Command::new(env!("CARGO_BIN_EXE_epid"));
		command.current_dir(self.folder.path()).args(arguments).env_clear();
		command
	}

	pub fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Answer {
		answer(&mut self.command(arguments))
	}

	/// The head of the log in the store, as if a chain had confirmed it.
	pub fn trusted_head(&self, name: &str) -> Value {
		let status = self.run(["status", "--json"]).expect(0).json();
		let head = serde_json::json!({
			"version": 1, "networkId": status["networkId"], "custodian": status["custodian"],
			"kind": "records", "head": status["logs"][0]["head"],
		});
		self.write(name, head.to_string());
		head
	}
}

pub fn answer(command: &mut Command) -> Answer {
	ended(command.output().unwrap())
}

pub fn ended(output: Output) -> Answer {
	Answer {
		code: output.status.code().expect("the command was not killed"),
		out: String::from_utf8(output.stdout).unwrap(),
		err: String::from_utf8(output.stderr).unwrap(),
	}
}
