// SPDX-License-Identifier: Apache-2.0
//! The command against a node: what is put on chain, and that it is put there once.

use crate::{
	house::{answer, bytes_of, resource, Answer, House},
	node::Node,
};
use serde_json::Value;
use std::{
	fs,
	process::{self, Stdio},
	thread,
	time::Duration,
};

/// Milliseconds between blocks.
const FAST: u64 = 200;

/// Hospital one of the development preset, at a node.
struct Hospital {
	house: House,
	node: Node,
}

impl Hospital {
	fn at(node: Node) -> Self {
		let house = House::empty();
		house.write("records.key", "//Alice//records\n");
		Self { house, node }
	}

	fn new() -> Self {
		let hospital = Self::at(Node::start(FAST));
		hospital.run(["init"]).expect(0);
		hospital
	}

	fn run<'a>(&'a self, arguments: impl IntoIterator<Item = &'a str>) -> Answer {
		let options = ["--node", &self.node.url, "--key-file", "records.key", "--json"];
		self.house.run(arguments.into_iter().chain(options))
	}

	fn verify(&self, file: &str, bundle: &str) -> Answer {
		self.run(["verify", file, "--bundle", bundle])
	}
}

fn name(answer: &Answer) -> String {
	answer.json()["error"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn a_log_is_checkpointed_once_proven_and_verified() {
	let hospital = Hospital::new();
	let house = &hospital.house;
	house.resources(7);
	hospital.run(["append", "data"]).expect(0);
	let first = hospital.run(["checkpoint"]).expect(0).json();
	assert_eq!((&first["submitted"], &first["opened"], &first["licensed"]), (&true.into(), &true.into(), &true.into()));
	let again = hospital.run(["checkpoint"]).expect(0).json();
	assert_eq!((&again["submitted"], &again["head"]), (&false.into(), &first["head"]));

	for index in 0..7 {
		let file = format!("data/{index}.json");
		hospital.run(["prove", &file, "-o", "b.epid.json"]).expect(0);
		let verdict = hospital.verify(&file, "b.epid.json").expect(0).json();
		assert_eq!(verdict["verified"]["log"]["licensed"], true);
		assert_eq!(verdict["organisation"]["gln"], "9521000000001");
	}
	house.write("forged.json", resource("6").replace("6.0", "6"));
	assert_eq!(name(&hospital.verify("forged.json", "b.epid.json").expect(1)), "content-changed");

	// Without the node, against the head that it told.
	let told = hospital.run(["head", "-o", "head.json"]).expect(0).json();
	assert_eq!(told["head"], "head.json");
	house.run(["verify", "data/6.json", "--bundle", "b.epid.json", "--head", "head.json"]).expect(0);

	// What a node told is lost where it cannot be written, and that is an error.
	let outputs: [&[&str]; 3] = [
		&["head", "--output", "no/such/head.json"],
		&["light-proof", "--custodian", "0", "--output", "no/such/proof.json"],
		&["ask", "licence", "0", "--save", "no/such/proof.json"],
	];
	for arguments in outputs {
		assert_eq!(name(&hospital.run(arguments.iter().copied()).expect(5)), "store-unreadable", "{arguments:?}");
	}

	// The log grows; what was proven to the older head is stale, and proven anew.
	house.write("data/7.json", resource("7"));
	hospital.run(["append", "data"]).expect(0);
	let grown = hospital.run(["checkpoint"]).expect(0).json();
	assert_eq!((&grown["before"], &grown["opened"]), (&first["head"], &false.into()));
	assert_eq!(name(&hospital.verify("data/6.json", "b.epid.json").expect(1)), "stale-head");
	let mut forked: Value = serde_json::from_str(&house.read("b.epid.json")).unwrap();
	forked["proof"]["head"]["root"] = format!("0x{}", "00".repeat(32)).into();
	house.write("forked.epid.json", forked.to_string());
	assert_eq!(name(&hospital.verify("data/6.json", "forked.epid.json").expect(1)), "forked-head");
	hospital.run(["prove", "data/6.json", "-o", "b.epid.json"]).expect(0);
	hospital.verify("data/6.json", "b.epid.json").expect(0);
	let status = hospital.run(["status", "--chain"]).expect(0).json();
	assert_eq!(status["logs"][0]["onChain"]["size"], "8");
	assert_eq!((&status["logs"][0]["unrenewed"], &status["logs"][0]["renewalDue"]), (&"8".into(), &"later".into()));
	let renewed = hospital.run(["renew"]).expect(0).json()["renewed"].clone();
	let status = hospital.run(["status", "--chain"]).expect(0).json();
	let log = &status["logs"][0];
	assert_eq!((&log["unrenewed"], &log["renewalDue"]), (&"0".into(), &"no".into()));
	let renewal = &log["renewals"][0];
	assert_eq!((&renewal["tree"], &renewal["at"]), (&renewed["tree"], &renewed["at"]));
	assert_eq!((&renewal["head"]["size"], &renewal["root"]), (&"8".into(), &renewed["head"]["root"]));
	assert_eq!(status["trees"][0]["status"], "active");
}

#[test]
fn a_record_is_anchored_once_amended_and_entered_in_error() {
	let hospital = Hospital::new();
	hospital.house.write("r.json", resource("one"));
	let first = hospital.run(["anchor", "r.json"]).expect(0).json();
	let again = hospital.run(["anchor", "r.json"]).expect(0).json();
	assert_eq!((&first["submitted"], &again["submitted"]), (&true.into(), &false.into()));
	assert_eq!((&again["record"], &again["commitment"]), (&first["record"], &first["commitment"]));
	let record = first["record"].as_str().unwrap();

	hospital.run(["prove", record, "-o", "v1.epid.json"]).expect(0);
	hospital.verify("r.json", "v1.epid.json").expect(0);
	hospital.house.write("old.json", resource("one"));
	hospital.house.write("r.json", resource("two"));
	hospital.run(["anchor", "r.json"]).expect(2);
	for submitted in [true, false] {
		let amended = hospital.run(["amend", record, "r.json"]).expect(0).json();
		assert_eq!((&amended["version"], &amended["submitted"]), (&2.into(), &Value::from(submitted)));
	}
	hospital.run(["prove", record, "-o", "v2.epid.json"]).expect(0);
	hospital.verify("r.json", "v2.epid.json").expect(0);
	assert_eq!(name(&hospital.verify("old.json", "v1.epid.json").expect(1)), "superseded");
	hospital.run(["verify", "old.json", "--bundle", "v1.epid.json", "--any-standing"]).expect(0);

	// The same without the node.
	hospital.run(["head", "--record", record, "-o", "anchor.json"]).expect(0);
	let offline = |file, bundle| hospital.run(["verify", file, "--bundle", bundle, "--head", "anchor.json"]);
	offline("r.json", "v2.epid.json").expect(0);
	assert_eq!(name(&offline("old.json", "v1.epid.json").expect(1)), "superseded");

	for submitted in [true, false] {
		let entered = hospital.run(["entered-in-error", record]).expect(0).json();
		assert_eq!(entered["submitted"], submitted);
	}
	assert_eq!(name(&hospital.verify("r.json", "v2.epid.json").expect(1)), "entered-in-error");
	hospital.house.write("r.json", resource("three"));
	let refused = hospital.run(["amend", record, "r.json"]).expect(4).json();
	assert_eq!(refused["error"]["chainError"], "Ehr.WrongState");
}

#[test]
fn a_redacted_copy_is_verified_by_the_node_too() {
	let hospital = Hospital::new();
	hospital.house.write("r.json", resource("one"));
	let anchored = hospital.run(["anchor", "r.json", "--suite", "fhir-elements"]).expect(0).json();
	hospital.run(["prove", anchored["record"].as_str().unwrap(), "-o", "whole.epid.json"]).expect(0);
	hospital.verify("r.json", "whole.epid.json").expect(0);
	let redact = ["redact", "r.json", "--bundle", "whole.epid.json", "-o", "copy.json", "--withhold", "/note"];
	hospital.run(redact).expect(0);
	let verdict = hospital.verify("copy.json", "copy.json.epid.json").expect(0).json();
	assert_eq!((&verdict["verified"]["suite"], &verdict["organisation"]["id"]), (&"fhir-elements".into(), &0.into()));
	let withheld = &verdict["verified"]["withheld"];
	assert_eq!((&withheld["elements"], &withheld["of"]), (&"1".into(), &"4".into()));
	hospital.house.write("copy.json", hospital.house.read("copy.json").replace("6.0", "6"));
	assert_eq!(name(&hospital.verify("copy.json", "copy.json.epid.json").expect(1)), "element-differs");
}

#[test]
fn an_anchored_record_of_a_subject_is_checked_and_forgotten() {
	let hospital = Hospital::new();
	let subject = format!("0x{}", "a1".repeat(32));
	hospital.house.write("r.json", resource("one"));
	let anchor = ["anchor", "r.json", "--suite", "fhir-elements", "--subject", &subject];
	let record = hospital.run(anchor).expect(0).json()["record"].as_str().unwrap().to_owned();
	let prove = || hospital.run(["prove", &record, "-o", "b.epid.json"]);
	prove().expect(0);
	hospital.verify("r.json", "b.epid.json").expect(0);
	let bundle: Value = serde_json::from_str(&hospital.house.read("b.epid.json")).unwrap();
	let secrets = [&bundle["opening"]["salt"], &bundle["elementKey"], &bundle["linkKey"]].map(bytes_of);
	let checked = |what: &str| {
		let all = hospital.run(["verify-all", "--chain"]).expect(0).json()["checked"].clone();
		assert_eq!((&all["versions"], &all[what], &all["problems"]), (&1.into(), &1.into(), &0.into()));
	};
	checked("opened");
	hospital.run(["backup", "before.backup"]).expect(0);
	let forgotten = hospital.run(["forget", &subject]).expect(0).json();
	assert_eq!(forgotten["forgotten"]["versions"], 1);

	assert_eq!(name(&prove().expect(5)), "record-forgotten");
	assert_eq!(name(&hospital.run(anchor).expect(5)), "record-forgotten");
	checked("forgotten");
	for file in [".epid/epid.redb", ".epid/subjects.keys", "before.backup"] {
		let bytes = fs::read(hospital.house.path(file)).unwrap();
		assert!(secrets.iter().all(|secret| !bytes.windows(32).any(|window| window == secret)), "{file}");
	}
	// What was handed on is out of reach.
	hospital.verify("r.json", "b.epid.json").expect(0);
}

#[test]
fn strangers_and_other_organisations_are_refused() {
	let hospital = Hospital::new();
	let house = &hospital.house;
	house.resources(1);
	hospital.run(["append", "data"]).expect(0);
	let checkpoint = |key: &str| {
		let mut command = house.command(["checkpoint", "--node", &hospital.node.url, "--json"]);
		answer(command.env("EPID_KEY", key))
	};
	assert_eq!(name(&checkpoint("//Nobody").expect(4)), "not-a-member");
	assert_eq!(name(&checkpoint("//Bob//records").expect(5)), "store-other-organisation");
	let refused = checkpoint("//Alice//clinician").expect(4).json();
	assert_eq!(refused["error"]["chainError"], "Registry.RoleMissing");

	// A store of another network.
	let other = House::new();
	other.resources(1);
	other.run(["append", "data"]).expect(0);
	let mut command = other.command(["checkpoint", "--node", &hospital.node.url, "--json"]);
	assert_eq!(name(&answer(command.env("EPID_KEY", "//Alice//records")).expect(5)), "store-other-network");
}

#[test]
fn what_the_chain_does_not_have_is_refused() {
	let hospital = Hospital::new();
	hospital.house.resources(2);
	hospital.run(["append", "data"]).expect(0);
	hospital.run(["prove", "0", "--size", "2", "-o", "b.epid.json"]).expect(0);
	assert_eq!(name(&hospital.verify("data/0.json", "b.epid.json").expect(1)), "log-not-found");
	assert_eq!(name(&hospital.run(["head"]).expect(1)), "log-not-found");
	let unknown = format!("0x{}", "22".repeat(16));
	assert_eq!(name(&hospital.run(["head", "--record", &unknown]).expect(1)), "record-not-found");
	hospital.run(["entered-in-error", &unknown]).expect(2);
}

#[test]
fn a_command_that_was_killed_is_run_again_and_takes_place_once() {
	// Blocks come slowly, so that the command dies between submission and inclusion.
	let hospital = Hospital::at(Node::start(4000));
	hospital.run(["init"]).expect(0);
	hospital.house.resources(3);
	hospital.run(["append", "data"]).expect(0);
	hospital.house.write("r.json", resource("one"));
	for arguments in [["checkpoint", "--quiet"], ["anchor", "r.json"]] {
		let mut child = process::Command::new(env!("CARGO_BIN_EXE_epid"))
			.args(arguments)
			.args(["--node", &hospital.node.url, "--key-file", "records.key"])
			.current_dir(hospital.house.folder.path())
			.stdout(Stdio::null())
			.stderr(Stdio::null())
			.spawn()
			.unwrap();
		thread::sleep(Duration::from_millis(1500));
		child.kill().unwrap();
		child.wait().unwrap();
	}
	let checkpoint = hospital.run(["checkpoint"]).expect(0).json();
	assert_eq!(checkpoint["head"]["size"], "3");
	let anchored = hospital.run(["anchor", "r.json"]).expect(0).json();
	let status = hospital.run(["status"]).expect(0).json();
	assert_eq!(status["anchors"], 1);
	hospital.run(["prove", anchored["record"].as_str().unwrap(), "-o", "b.epid.json"]).expect(0);
	hospital.verify("r.json", "b.epid.json").expect(0);
	assert_eq!(hospital.run(["checkpoint"]).expect(0).json()["submitted"], false);
}

#[test]
fn a_log_is_renewed_once_and_bundles_then_lead_to_both_trees() {
	let hospital = Hospital::new();
	hospital.house.resources(5);
	hospital.run(["append", "data"]).expect(0);
	assert_eq!(name(&hospital.run(["renew"]).expect(5)), "store-not-found");
	hospital.run(["checkpoint"]).expect(0);
	let first = hospital.run(["renew"]).expect(0).json()["renewed"].clone();
	assert_eq!((&first["submitted"], &first["tree"]), (&true.into(), &"blake2b256".into()));
	let again = hospital.run(["renew"]).expect(0).json()["renewed"].clone();
	assert_eq!((&again["submitted"], &again["head"]), (&false.into(), &first["head"]));

	hospital.run(["prove", "data/2.json", "-o", "b.epid.json"]).expect(0);
	let log = |more: &[&'static str]| {
		let all = ["verify", "data/2.json", "--bundle", "b.epid.json"];
		hospital.run(all.into_iter().chain(more.iter().copied())).expect(0).json()["verified"]["log"].clone()
	};
	hospital.run(["head", "-o", "head.json"]).expect(0);
	for more in [&[][..], &["--light"], &["--head", "head.json"]] {
		let rests = log(more)["restsOn"].clone();
		assert_eq!((&rests["tree"], &rests["renewal"]["at"]), (&"blake2b256".into(), &first["at"]), "{more:?}");
	}
	assert!(log(&[])["coveredAt"].is_string());
}
