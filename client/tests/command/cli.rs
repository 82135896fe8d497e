// SPDX-License-Identifier: Apache-2.0
//! The command without a node: what it prints, what it keeps, and its exit codes.

use crate::house::{answer, resource, Answer, House, NETWORK};
use serde_json::{json, Value};

const COMMANDS: [&str; 28] = [
	"init",
	"append",
	"checkpoint",
	"renew",
	"anchor",
	"amend",
	"entered-in-error",
	"forget",
	"backup",
	"restore",
	"verify-all",
	"prove",
	"redact",
	"verify",
	"head",
	"light-proof",
	"ask",
	"status",
	"canonicalise",
	"rekey",
	"subject",
	"relay",
	"dispute",
	"request",
	"hold",
	"retain",
	"erase",
	"demo",
];

/// A house whose log has so many entries, and the trusted head `head.json`.
fn with_log(entries: usize) -> House {
	let house = House::new();
	house.resources(entries);
	house.run(["append", "data"]).expect(0);
	house.trusted_head("head.json");
	house
}

fn verify(house: &House, content: &str) -> Answer {
	house.run(["verify", content, "--bundle", "b.epid.json", "--head", "head.json", "--json"])
}

fn edit(house: &House, name: &str, change: impl FnOnce(&mut Value)) {
	let mut value: Value = serde_json::from_str(&house.read(name)).unwrap();
	change(&mut value);
	house.write(name, value.to_string());
}

#[test]
fn help_tells_exit_codes_and_examples() {
	let house = House::empty();
	let help = house.run(["--help"]).expect(0).out;
	for code in 0..=5 {
		assert!(help.contains(&format!("\n  {code}  ")), "{help}");
	}
	for command in COMMANDS {
		let help = house.run([command, "--help"]).expect(0).out;
		assert!(help.contains("Examples:") && help.contains(&format!("epid {command}")), "{help}");
	}
	house.run(["--version"]).expect(0);
}

#[test]
fn wrong_use_ends_with_two() {
	let house = House::new();
	let cases: [&[&str]; 8] = [
		&[],
		&["no-such-command"],
		&["append"],
		&["append", "--suite", "no-such-suite", "x"],
		&["append", "--subject", "0x12", "x"],
		&["amend", "0x12", "x"],
		&["init", "--network", NETWORK],
		&["append", "--class", "not a class", "x"],
	];
	for arguments in cases {
		house.run(arguments.iter().copied()).expect(2);
	}
}

#[test]
fn a_store_is_made_once_and_keeps_its_identity() {
	let house = House::empty();
	let init = |organisation| house.run(["init", "--network", NETWORK, "--organisation", organisation, "--json"]);
	assert_eq!(init("3").expect(0).json()["made"], true);
	assert_eq!(init("3").expect(0).json()["made"], false);
	assert_eq!(init("4").expect(5).json()["error"]["name"], "store-other-organisation");
	let other = NETWORK.replace("65", "66");
	let answer = house.run(["init", "--network", &other, "--organisation", "3", "--json"]).expect(5);
	assert_eq!(answer.json()["error"]["name"], "store-other-network");
}

#[test]
fn commands_without_a_store_end_with_five() {
	let house = House::empty();
	house.resources(1);
	for arguments in [vec!["append", "data"], vec!["status"], vec!["prove", "0"]] {
		let answer = house.run(arguments.into_iter().chain(["--json"])).expect(5);
		assert_eq!(answer.json()["error"]["name"], "store-not-initialised");
	}
}

#[test]
fn the_store_can_be_named_by_option_and_by_environment() {
	let house = House::empty();
	house.run(["init", "--store", "here", "--network", NETWORK, "--organisation", "1"]).expect(0);
	house.run(["status", "--store", "here"]).expect(0);
	answer(house.command(["status"]).env("EPID_STORE", "here")).expect(0);
	house.run(["status"]).expect(5);
}

#[test]
fn append_counts_and_appends_nothing_twice() {
	let house = House::new();
	house.resources(4);
	let append = || house.run(["append", "data", "--json"]).expect(0).json();
	let counts = |value: &Value| ["new", "changed", "unchanged"].map(|name| value[name].as_u64().unwrap());
	assert_eq!(counts(&append()), [4, 0, 0]);
	let again = append();
	assert_eq!(counts(&again), [0, 0, 4]);
	assert_eq!(again["head"]["size"], "4");

	// Narrative is not content under the suite; a decimal is.
	house.write("data/1.json", resource("1").replace("<div>x", "<div>y"));
	assert_eq!(counts(&append()), [0, 0, 4]);
	house.write("data/1.json", resource("1").replace("6.0", "6.00"));
	assert_eq!(counts(&append()), [0, 1, 3]);
	let status = house.run(["status", "--json"]).expect(0).json();
	assert_eq!((&status["logs"][0]["records"], &status["logs"][0]["head"]["size"]), (&json!(4), &json!("5")));
}

#[test]
fn bad_files_end_with_three_and_the_others_are_appended() {
	let house = House::new();
	house.resources(2);
	house.write("data/bad.json", "{\"resourceType\": \"Patient\",\n \"note\": \"Topsecret\", \"note\": 1}");
	let answer = house.run(["append", "data", "--json"]).expect(3);
	let value = answer.json();
	assert_eq!((&value["new"], &value["unusable"]), (&json!(2), &json!(1)));
	let error = &value["errors"][0];
	assert_eq!(error["name"], "duplicate-member");
	assert_eq!((&error["line"], &error["column"]), (&json!(2), &json!(23)));
	assert!(!format!("{answer:?}").contains("Topsecret"));

	let told = house.run(["append", "data"]).expect(3);
	assert!(told.err.contains("bad.json: line 2, column 23"), "{}", told.err);
	assert!(!format!("{told:?}").contains("Topsecret"));
}

#[test]
fn nothing_of_a_record_shows_in_any_answer() {
	let house = with_log(3);
	house.run(["prove", "data/1.json", "--size", "3", "-o", "b.epid.json"]).expect(0);
	let answers = [
		house.run(["append", "data", "--json"]),
		house.run(["status", "--json"]),
		verify(&house, "data/1.json"),
		verify(&house, "data/2.json"),
	];
	for text in answers.iter().map(|answer| format!("{answer:?}")).chain([house.read("b.epid.json")]) {
		assert!(!text.contains("Topsecret"), "{text}");
	}
}

#[test]
fn every_record_is_proven_and_verified_without_a_node() {
	let house = with_log(5);
	for index in 0..5 {
		let file = format!("data/{index}.json");
		house.run(["prove", &file, "--size", "5", "-o", "b.epid.json"]).expect(0);
		let verdict = verify(&house, &file).expect(0).json();
		assert_eq!(verdict["verified"]["log"]["sequence"], index.to_string());
		assert_eq!(verdict["verified"]["class"], "Observation");
		// By its sequence number it is the same bundle.
		let by_sequence = house.run(["prove", &index.to_string(), "--size", "5", "-o", "-"]).expect(0);
		assert_eq!(by_sequence.out, house.read("b.epid.json"));
	}
	let told = house.run(["verify", "data/4.json", "--bundle", "b.epid.json", "--head", "head.json"]).expect(0);
	assert!(told.out.starts_with("verified: Observation, version 1, kept by organisation 3"), "{}", told.out);
}

#[test]
fn older_versions_are_proven_by_their_number() {
	let house = with_log(2);
	house.write("data/0.json", resource("changed"));
	house.run(["append", "data"]).expect(0);
	house.trusted_head("head.json");
	let prove = |version: &str| {
		house.run(["prove", "data/0.json", "--version-number", version, "--size", "3", "-o", "b.epid.json"])
	};
	prove("2").expect(0);
	verify(&house, "data/0.json").expect(0);
	prove("1").expect(0);
	assert_eq!(verify(&house, "data/0.json").expect(1).json()["error"]["name"], "content-changed");
	house.write("old.json", resource("0"));
	assert_eq!(verify(&house, "old.json").expect(0).json()["verified"]["version"], 1);
	prove("3").expect(5);
}

#[test]
fn a_proof_needs_a_checkpoint_or_a_size() {
	let house = with_log(2);
	let answer = house.run(["prove", "data/0.json", "--json"]).expect(5);
	assert!(answer.json()["error"]["message"].as_str().unwrap().contains("checkpoint"));
	let answer = house.run(["prove", "data/0.json", "--size", "3"]).expect(5);
	assert!(answer.err.contains("the store holds no log of so many entries"), "{}", answer.err);
	house.run(["prove", "7", "--size", "2"]).expect(5);
	house.run(["prove", "no-such-file", "--size", "2"]).expect(3);
	house.write("stranger.json", resource("s"));
	house.run(["prove", "stranger.json", "--size", "2"]).expect(5);
	house.run(["prove", &format!("0x{}", "11".repeat(16))]).expect(5);
	let before = house.read("data/0.json");
	house.run(["prove", "data/0.json", "--size", "2", "-o", "./data/../data/0.json"]).expect(2);
	assert_eq!(house.read("data/0.json"), before, "a proof never takes the place of its record");
	let made = house.run(["prove", "data/0.json", "--size", "2", "--json"]).expect(0);
	assert_eq!(made.json()["bundle"], "0.json.epid.json");
}

#[cfg(unix)]
#[test]
fn a_bundle_is_for_its_owner_only() {
	use std::os::unix::fs::PermissionsExt;
	let house = with_log(1);
	house.run(["prove", "data/0.json", "--size", "1", "-o", "b.epid.json"]).expect(0);
	let mode = std::fs::metadata(house.path("b.epid.json")).unwrap().permissions().mode();
	assert_eq!(mode & 0o777, 0o600);
}

fn zeros() -> Value {
	format!("0x{}", "00".repeat(32)).into()
}

/// A reason, and what is done to a bundle that must be refused for it.
type Case = (&'static str, fn(&mut Value));

#[test]
fn refusals_end_with_one_and_name_their_reason() {
	let house = with_log(9);
	let forge = |change: fn(&mut Value)| {
		house.run(["prove", "data/3.json", "--size", "9", "-o", "b.epid.json"]).expect(0);
		edit(&house, "b.epid.json", change);
		let answer = verify(&house, "data/3.json").expect(1).json();
		assert_eq!(answer["error"]["exitCode"], 1);
		answer["error"]["name"].as_str().unwrap().to_owned()
	};
	let cases: [Case; 12] = [
		("opening-differs", |bundle| bundle["opening"]["salt"] = zeros()),
		("opening-differs", |bundle| bundle["opening"]["header"]["labels"]["sensitivity"] = json!(16)),
		("version-differs", |bundle| bundle["opening"]["header"]["version"] = json!(2)),
		("suite-differs", |bundle| bundle["opening"]["suite"] = json!("fhir-static-root")),
		("other-network", |bundle| bundle["networkId"] = zeros()),
		("other-custodian", |bundle| bundle["custodian"] = json!(9)),
		("other-log", |bundle| bundle["kind"] = json!("disclosures")),
		("size-differs", |bundle| bundle["proof"]["head"]["size"] = json!("8")),
		("forked-head", |bundle| bundle["proof"]["head"]["root"] = zeros()),
		("sequence-differs", |bundle| bundle["proof"]["sequence"] = json!("2")),
		("path-too-short", |bundle| drop(bundle["proof"]["path"].as_array_mut().unwrap().pop())),
		("path-differs", |bundle| bundle["proof"]["path"].as_array_mut().unwrap().swap(0, 1)),
	];
	for (reason, change) in cases {
		assert_eq!(forge(change), reason);
	}
	let told = house.run(["verify", "data/4.json", "--bundle", "b.epid.json", "--head", "head.json"]).expect(1);
	assert!(told.err.starts_with("refused: "), "{}", told.err);
}

#[test]
fn stale_and_unknown_heads_are_refused() {
	let house = with_log(4);
	house.run(["prove", "data/0.json", "--size", "3", "-o", "b.epid.json"]).expect(0);
	assert_eq!(verify(&house, "data/0.json").expect(1).json()["error"]["name"], "stale-head");
	let head = house.read("head.json");
	house.write("data/new.json", resource("new"));
	house.run(["append", "data"]).expect(0);
	house.run(["prove", "data/0.json", "--size", "5", "-o", "b.epid.json"]).expect(0);
	house.write("head.json", head);
	assert_eq!(verify(&house, "data/0.json").expect(1).json()["error"]["name"], "unknown-head");
}

#[test]
fn the_wanted_custodian_must_be_the_bundles() {
	let house = with_log(1);
	house.run(["prove", "data/0.json", "--size", "1", "-o", "b.epid.json"]).expect(0);
	let verify = |custodian| {
		let options = ["--head", "head.json", "--custodian", custodian, "--json"];
		house.run(["verify", "data/0.json", "--bundle", "b.epid.json"].into_iter().chain(options))
	};
	verify("3").expect(0);
	assert_eq!(verify("4").expect(1).json()["error"]["name"], "other-custodian");
}

#[test]
fn unusable_inputs_of_verify_end_with_three() {
	let house = with_log(1);
	house.run(["prove", "data/0.json", "--size", "1", "-o", "b.epid.json"]).expect(0);
	house.write("twice.json", resource("0").replace("\"value\": 6.0", "\"value\": 6.0, \"value\": 6.0"));
	let answer = verify(&house, "twice.json").expect(3).json();
	assert_eq!(answer["error"]["name"], "duplicate-member");
	assert_eq!((&answer["error"]["line"], &answer["error"]["column"]), (&json!(1), &json!(58)));
	assert_eq!(verify(&house, "missing.json").expect(3).json()["error"]["name"], "unreadable");

	let salt = house.read("b.epid.json");
	house.write("b.epid.json", &salt[..salt.len() - 9]);
	let answer = verify(&house, "data/0.json").expect(3);
	assert_eq!(answer.json()["error"]["name"], "bad-form");
	house.write("b.epid.json", salt.replace("\"version\": 1,\n  \"networkId\"", "\"version\": 7,\n  \"networkId\""));
	verify(&house, "data/0.json").expect(3);
}

#[test]
fn canonicalise_prints_bytes_or_their_digest() {
	let house = House::empty();
	house.write("r.json", resource("7"));
	let canonical = r#"{"id":"7","note":"Topsecret","resourceType":"Observation","value":6.0}"#;
	assert_eq!(house.run(["canonicalise", "r.json"]).expect(0).out, canonical);
	assert_eq!(house.run(["canonicalise", "r.json", "--suite", "raw"]).expect(0).out, resource("7"));
	let digests: Vec<_> = ["raw", "fhir-static-root", "fhir-static-recursive"]
		.map(|suite| house.run(["canonicalise", "r.json", "--digest", "--suite", suite]).expect(0).out)
		.into();
	assert!(digests.iter().all(|digest| digest.starts_with("0x") && digest.len() == 67));
	assert!(digests[0] != digests[1] && digests[1] != digests[2]);
	let json = |arguments: &[&'static str]| house.run([&["canonicalise", "r.json", "--json"], arguments].concat());
	let digest = json(&["--digest", "--suite", "raw"]).expect(0).json();
	assert_eq!(digest, json!({ "suite": "raw", "digest": digests[0].trim() }));
	assert_eq!(json(&[]).expect(0).out, canonical);
	let elements = json(&["--suite", "fhir-elements"]).expect(0).json();
	assert_eq!(elements["elements"][3], json!({ "pointer": "/value", "value": "6.0" }));
	assert_eq!(json(&["--suite", "raw"]).expect(2).json()["error"]["name"], "usage");

	house.write("bad.json", "{\n  \"resourceType\": \"Patient\",\n  \"x\": 01\n}");
	let refused = house.run(["canonicalise", "bad.json"]).expect(3);
	assert!(refused.err.contains("line 3, column 8") && refused.err.contains("[bad-number]"), "{}", refused.err);
}

#[test]
fn keys_are_never_taken_from_the_command_line() {
	let house = House::new();
	house.resources(1);
	for option in ["--key", "--suri", "--seed", "--phrase", "--secret", "-k"] {
		let answer = house.run(["anchor", "data/0.json", option, "//Topsecret"]).expect(2);
		assert!(!format!("{answer:?}").contains("Topsecret"), "{answer:?}");
	}
}

#[test]
fn an_unusable_key_ends_with_two_and_is_not_quoted() {
	let house = House::new();
	house.resources(1);
	let anchor = ["anchor", "data/0.json", "--node", "ws://127.0.0.1:1", "--json"];
	let missing = house.run(anchor).expect(2).json();
	assert_eq!(missing["error"]["name"], "key-missing");
	let malformed = answer(house.command(anchor).env("EPID_KEY", "Topsecret words")).expect(2);
	assert_eq!(malformed.json()["error"]["name"], "key-malformed");
	assert!(!format!("{malformed:?}").contains("Topsecret"));
	let unreadable = house.run(anchor.into_iter().chain(["--key-file", "no-such-file"])).expect(2);
	assert_eq!(unreadable.json()["error"]["name"], "key-unreadable");
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_warned_of() {
	use std::os::unix::fs::PermissionsExt;
	let house = House::new();
	house.resources(1);
	let key = house.write("records.key", "//Alice//records\n");
	let anchor = ["anchor", "data/0.json", "--node", "ws://127.0.0.1:1", "--key-file", "records.key"];
	std::fs::set_permissions(&key, PermissionsExt::from_mode(0o644)).unwrap();
	let warned = house.run(anchor).expect(4);
	assert!(warned.err.contains("warning:") && warned.err.contains("chmod 600"), "{}", warned.err);
	std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
	assert!(!house.run(anchor).expect(4).err.contains("warning:"));
}

#[test]
fn an_unreachable_or_insecure_node_ends_with_four() {
	let house = House::new();
	house.resources(1);
	house.run(["append", "data"]).expect(0);
	let run = |arguments: &[&'static str], node: &'static str| {
		let mut command = house.command(arguments.iter().copied().chain(["--node", node, "--json"]));
		let answer = answer(command.env("EPID_KEY", "//Alice//records")).expect(4);
		answer.json()["error"]["name"].as_str().unwrap().to_owned()
	};
	let commands: [&[&str]; 6] = [
		&["checkpoint"],
		&["renew", "data"],
		&["anchor", "data/0.json"],
		&["head", "--custodian", "0"],
		&["status", "--chain"],
		&["demo", "--examples", "data"],
	];
	for arguments in commands {
		assert_eq!(run(arguments, "ws://127.0.0.1:1"), "node-unreachable", "{arguments:?}");
		assert_eq!(run(arguments, "ws://node.example:9944"), "node-insecure", "{arguments:?}");
	}
}

#[cfg(unix)]
#[test]
fn a_store_survives_being_killed_in_the_middle() {
	use std::{process, thread, time::Duration};
	let house = House::new();
	house.resources(3000);
	for delay in [30, 60, 120, 240] {
		let mut child = process::Command::new(env!("CARGO_BIN_EXE_epid"))
			.args(["append", "data"])
			.current_dir(house.folder.path())
			.stdout(process::Stdio::null())
			.spawn()
			.unwrap();
		thread::sleep(Duration::from_millis(delay));
		child.kill().unwrap();
		child.wait().unwrap();
		// The store opens, and holds whole batches.
		let status = house.run(["status", "--json"]).expect(0).json();
		// Killed early, it has no log yet.
		if status["logs"].as_array().unwrap().is_empty() {
			continue;
		}
		let size: u64 = status["logs"][0]["head"]["size"].as_str().unwrap().parse().unwrap();
		assert!(size == 3000 || size.is_multiple_of(1024), "{size}");
		assert_eq!(status["logs"][0]["records"], size);
	}
	let value = house.run(["append", "data", "--json"]).expect(0).json();
	assert_eq!(value["new"].as_u64().unwrap() + value["unchanged"].as_u64().unwrap(), 3000);
	assert_eq!(value["head"]["size"], "3000");
	house.trusted_head("head.json");
	for index in [0, 1023, 1024, 2999] {
		let file = format!("data/{index}.json");
		house.run(["prove", &file, "--size", "3000", "-o", "b.epid.json"]).expect(0);
		verify(&house, &file).expect(0);
	}
}

#[cfg(unix)]
#[test]
fn a_large_raw_file_needs_little_memory() {
	let house = House::new();
	// Two gibibytes that take no room on the disk.
	std::fs::File::create(house.path("scan.dcm")).unwrap().set_len(2 << 30).unwrap();
	let limited = "ulimit -v 524288 && exec \"$0\" \"$@\"";
	let mut command = std::process::Command::new("sh");
	command.current_dir(house.folder.path()).args(["-c", limited, env!("CARGO_BIN_EXE_epid")]);
	command.args(["append", "--suite", "raw", "--class", "ImagingStudy", "scan.dcm", "--json"]);
	assert_eq!(answer(&mut command).expect(0).json()["new"], 1);
}
