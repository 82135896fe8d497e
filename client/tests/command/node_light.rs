// SPDX-License-Identifier: Apache-2.0
//! Proofs of a real node: the keys, the header and the trie are those of the chain.

use crate::{
	house::{resource, Answer, House},
	node::Node,
};
use serde_json::Value;

struct Hospital {
	house: House,
	node: Node,
}

impl Hospital {
	fn new() -> Self {
		let house = House::empty();
		house.write("records.key", "//Alice//records\n");
		let hospital = Self { house, node: Node::start(200) };
		hospital.run(&["init"]).expect(0);
		hospital
	}

	fn run(&self, arguments: &[&str]) -> Answer {
		let options = ["--node", &self.node.url, "--key-file", "records.key", "--json"];
		self.house.run(arguments.iter().copied().chain(options))
	}

	/// Verifies without a node, with the proof `p.json`.
	fn offline(&self, file: &str, bundle: &str, block: &str) -> Answer {
		let all = ["verify", file, "--bundle", bundle, "--light", "--proof", "p.json", "--block", block, "--json"];
		self.house.run(all.into_iter().chain(["--node", "ws://127.0.0.1:1"]))
	}

	/// Saves the proof `p.json` and gives its block.
	fn save(&self, what: &[&str]) -> String {
		let saved = self.run(&[&["light-proof", "-o", "p.json"], what].concat()).expect(0).json();
		saved["block"]["hash"].as_str().unwrap().to_owned()
	}
}

fn name(answer: &Answer) -> String {
	answer.json()["error"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn an_entry_of_a_log_is_proven_by_the_chains_state() {
	let hospital = Hospital::new();
	let house = &hospital.house;
	house.resources(5);
	hospital.run(&["append", "data"]).expect(0);
	hospital.run(&["checkpoint"]).expect(0);
	hospital.run(&["prove", "data/2.json", "-o", "b.epid.json"]).expect(0);
	let light = |more: &[&str]| {
		let all = ["verify", "data/2.json", "--bundle", "b.epid.json", "--light"];
		hospital.run(&[&all[..], more].concat())
	};
	let value = light(&[]).expect(0).json();
	assert_eq!(
		(&value["light"]["trust"], &value["light"]["node"]),
		(&"node".into(), &Value::from(hospital.node.url.as_str()))
	);
	assert_eq!(value["verified"]["log"]["licensed"], true);
	assert_eq!(value["organisation"]["gln"], "9521000000001");

	let block = hospital.save(&["--bundle", "b.epid.json"]);
	let value = hospital.offline("data/2.json", "b.epid.json", &block).expect(0).json();
	assert_eq!(value["light"]["block"]["hash"], block.as_str());
	light(&["--block", &block]).expect(0);
	let value = light(&["--proof", "p.json"]).expect(0).json();
	assert_eq!(value["light"]["trust"], "node", "the node is asked whether the block is finalised");

	// A block that the node never had.
	let unknown = format!("0x{}", "07".repeat(32));
	assert_eq!(name(&light(&["--block", &unknown]).expect(4)), "unknown-block");
	assert_eq!(name(&hospital.offline("data/2.json", "b.epid.json", &unknown).expect(1)), "proof-other-block");

	// The log grows: the old proof still shows what was, and the new one does not fit the old bundle.
	house.write("data/5.json", resource("5"));
	hospital.run(&["append", "data"]).expect(0);
	hospital.run(&["checkpoint"]).expect(0);
	hospital.offline("data/2.json", "b.epid.json", &block).expect(0);
	assert_eq!(name(&light(&[]).expect(1)), "stale-head");
	let newer = hospital.save(&["--bundle", "b.epid.json"]);
	assert_eq!(name(&hospital.offline("data/2.json", "b.epid.json", &newer).expect(1)), "stale-head");
	assert_eq!(name(&hospital.offline("data/2.json", "b.epid.json", &block).expect(1)), "proof-other-block");
}

#[test]
fn an_anchored_record_is_proven_by_the_chains_state() {
	let hospital = Hospital::new();
	hospital.house.write("r.json", resource("one"));
	let first = hospital.run(&["anchor", "r.json"]).expect(0).json();
	let record = first["record"].as_str().unwrap();
	hospital.run(&["prove", record, "-o", "v1.epid.json"]).expect(0);
	hospital.house.write("v1.json", resource("one"));
	let before = hospital.save(&["--record", record]);
	hospital.offline("v1.json", "v1.epid.json", &before).expect(0);

	hospital.house.write("r.json", resource("two"));
	hospital.run(&["amend", record, "r.json"]).expect(0);
	// At an older block, the newest version is the one of then.
	assert_eq!(hospital.save(&["--record", record, "--block", &before]), before);
	hospital.run(&["prove", record, "-o", "v2.epid.json"]).expect(0);
	// The old proof shows the state of then; a newer one that the version was replaced.
	hospital.offline("v1.json", "v1.epid.json", &before).expect(0);
	assert_eq!(name(&hospital.offline("r.json", "v2.epid.json", &before).expect(1)), "proof-other-subject");
	let after = hospital.save(&["--record", record, "--version-number", "1"]);
	assert_eq!(name(&hospital.offline("v1.json", "v1.epid.json", &after).expect(1)), "superseded");
	let newest = hospital.save(&["--record", record]);
	hospital.offline("r.json", "v2.epid.json", &newest).expect(0);
	hospital.run(&["entered-in-error", record]).expect(0);
	let refused = hospital.run(&["verify", "r.json", "--bundle", "v2.epid.json", "--light"]).expect(1);
	assert_eq!(name(&refused), "entered-in-error");

	// What does not exist is proven not to, and nothing is saved.
	let unknown = format!("0x{}", "22".repeat(16));
	let refused = hospital.run(&["light-proof", "--record", &unknown, "--version-number", "1", "-o", "none.json"]);
	assert_eq!(name(&refused.expect(1)), "record-not-found");
	assert!(!hospital.house.path("none.json").exists());
	assert_eq!(name(&hospital.run(&["light-proof", "--custodian", "999"]).expect(1)), "log-not-found");
}

#[test]
fn standing_and_subjects_are_proven_by_the_chains_state() {
	const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	let hospital = Hospital::new();
	let ask = |question: &[&str]| hospital.run(&[&["ask"], question].concat());
	let member = ask(&["member", ALICE]).expect(0).json();
	assert_eq!((&member["member"]["organisation"], &member["light"]["trust"]), (&0.into(), &"node".into()));
	for (question, standing) in [
		(&["capability", "AnchorRecords", "--organisation", "0"][..], "granted"),
		(&["capability", "AnchorRecords", "--organisation", "0", "--jurisdiction", "FR"], "noLicence"),
		(&["capability", "AnchorRecords", "--account", ALICE], "roleMissing"),
		(&["capability", "Dispense", "--organisation", "0", "--at", "2020-01-01T00:00:00Z"], "noLicence"),
	] {
		assert_eq!(ask(question).expect(0).json()["capability"]["standing"], standing, "{question:?}");
	}
	let saved = ask(&["licence", "0", "--save", "l.json"]).expect(0).json();
	assert_eq!(saved["licence"]["status"], "Active");
	let block = saved["light"]["block"]["hash"].as_str().unwrap();
	let offline =
		["ask", "licence", "0", "--proof", "l.json", "--block", block, "--node", "ws://127.0.0.1:1", "--json"];
	assert_eq!(hospital.house.run(offline).expect(0).json()["licence"], saved["licence"]);

	let succession = ask(&["succession", "0"]).expect(0).json()["succession"].clone();
	assert_eq!((&succession["organisation"], &succession["line"]), (&0.into(), &Value::Array(vec![])));

	let nobody = format!("0x{}", "09".repeat(32));
	for (question, what) in [
		(&["licence", "99999"][..], "licence"),
		(&["member", &nobody], "member"),
		(&["succession", "99999"], "succession"),
		(&["subject", &nobody], "subject"),
		(&["subject", "--of-account", ALICE], "subject"),
		(&["key", &nobody], "key"),
	] {
		assert_eq!(ask(question).expect(0).json()[what], Value::Null, "{question:?}");
	}
	let unknown = format!("0x{}", "07".repeat(32));
	assert_eq!(name(&ask(&["licence", "0", "--block", &unknown]).expect(4)), "unknown-block");
}
