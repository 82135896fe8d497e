// SPDX-License-Identifier: Apache-2.0
//! The launcher as it is called.

use std::{
	path::Path,
	process::{Command, Output},
};

fn launcher(args: &[&str]) -> Output {
	Command::new(env!("CARGO_BIN_EXE_epidaurus-network")).args(args).output().expect("the binary was built")
}

#[test]
fn plan_prints_a_command_for_each_node() {
	let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zombienet/local.toml");
	let output = launcher(&["plan", &file.to_string_lossy(), "--binaries", "/opt/bin", "--directory", "/run/net"]);
	let said = String::from_utf8_lossy(&output.stdout);
	assert!(output.status.success(), "{said}");
	for name in ["alice", "bob"] {
		let start = format!("{name}: /opt/bin/polkadot --validator --{name} ");
		assert!(said.lines().any(|line| line.starts_with(&start)), "{said}");
	}
	for name in ["athens", "berlin"] {
		let start = format!("{name}: /opt/bin/epidaurus --collator ");
		assert!(said.lines().any(|line| line.starts_with(&start)), "{said}");
	}
}

#[test]
fn test_of_a_name_that_no_test_has_fails() {
	let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zombienet/faults.toml");
	let parent = tempfile::tempdir().expect("a directory");
	let directory = parent.path().join("network");
	let (file, directory) = (file.to_string_lossy(), directory.to_string_lossy());
	let output = launcher(&["test", &file, "--directory", &directory, "--only", "steady::", "--only", "no_such_test"]);
	assert!(!output.status.success());
	assert!(String::from_utf8_lossy(&output.stderr).contains("no_such_test"));
}

#[test]
fn plan_of_a_missing_file_names_it() {
	let output = launcher(&["plan", "no/such/network.toml"]);
	assert!(!output.status.success());
	assert!(String::from_utf8_lossy(&output.stderr).contains("no/such/network.toml"));
}
