// SPDX-License-Identifier: GPL-3.0-only
//! The three binaries fit together: the node refuses workers of another version.

use std::process::Command;

fn version(binary: &str) -> String {
	let output = Command::new(binary).arg("--version").output().expect("the binary was built");
	assert!(output.status.success(), "{binary}: {}", output.status);
	String::from_utf8(output.stdout).expect("versions are text").trim().to_owned()
}

#[test]
fn workers_have_the_version_of_the_node() {
	let node = version(env!("CARGO_BIN_EXE_polkadot"));
	for worker in [env!("CARGO_BIN_EXE_polkadot-execute-worker"), env!("CARGO_BIN_EXE_polkadot-prepare-worker")] {
		let version = version(worker);
		assert!(!version.is_empty());
		assert!(node.contains(&version), "{worker} is {version}, the node is {node}");
	}
}
