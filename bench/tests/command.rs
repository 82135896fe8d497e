// SPDX-License-Identifier: Apache-2.0
//! The command, as somebody calls it.

use std::{
	path::Path,
	process::{Command, Output},
};

fn run(arguments: &[&str]) -> Output {
	Command::new(env!("CARGO_BIN_EXE_epidaurus-bench")).args(arguments).output().unwrap()
}

fn said(bytes: &[u8]) -> String {
	String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn help_names_every_part_and_not_the_inner_one() {
	let output = run(&["--help"]);
	let text = said(&output.stdout);
	assert!(output.status.success());
	for part in ["records", "trees", "end-to-end", "postgres", "checkpoints", "calls", "rpc", "all"] {
		assert!(text.contains(&format!("  {part} ")), "{part}");
	}
	assert!(!text.contains("keep"));
}

#[test]
fn wrong_use_ends_with_2_and_says_why() {
	for (arguments, reason) in [
		(&["trees", "--leaves", "1"][..], "at least two leaves"),
		(&["calls", "--node", "no-such-node"], "no-such-node is no file"),
		(&["postgres", "--programs", "no-such-folder", "--examples", env!("CARGO_MANIFEST_DIR")], "FHIR resources"),
		(&["records", "--repetitions", "0"], "--repetitions"),
	] {
		let output = run(arguments);
		assert!(!output.status.success(), "{arguments:?}");
		assert!(said(&output.stderr).contains(reason), "{arguments:?}: {}", said(&output.stderr));
	}
	assert_eq!(run(&["trees", "--leaves", "1"]).status.code(), Some(2));
}

#[test]
fn what_is_missing_ends_with_3_and_says_what_to_do() {
	let empty = tempfile::tempdir().unwrap();
	let output = run(&["records", "--examples", empty.path().to_str().unwrap()]);
	assert_eq!(output.status.code(), Some(3));
	assert!(said(&output.stderr).contains("make examples"), "{}", said(&output.stderr));
}

#[test]
fn a_part_answers_in_words_and_in_json() {
	let arguments = ["trees", "--leaves", "64", "--repetitions", "2"];
	let text = said(&run(&arguments).stdout);
	assert!(text.starts_with("## Merkle trees") && text.contains("| finding | value | goal |"), "{text}");
	let output = run(&[&["--json"][..], &arguments].concat());
	let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
	assert_eq!(json["part"], "trees");
	assert_eq!(json["measures"][0]["repetitions"], 2);
}

#[test]
fn records_of_a_folder_are_measured() {
	let folder = tempfile::tempdir().unwrap();
	let write =
		|name: &str| std::fs::write(folder.path().join(name), r#"{"resourceType":"Patient","meta":{}}"#).unwrap();
	["a.json", "b.json"].into_iter().for_each(write);
	let path: &Path = folder.path();
	let output = run(&["--json", "records", "--repetitions", "1", "--examples", path.to_str().unwrap()]);
	let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
	assert_eq!(json["measures"].as_array().unwrap().len(), 4);
	assert_eq!(json["findings"][0]["goal"]["atLeast"], 0.5);
}
