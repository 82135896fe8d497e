// SPDX-License-Identifier: Apache-2.0
//! What `epid status` says about renewals, as far as the store knows; `node_flows` asks a chain.

use crate::{
	house::{resource, House},
	light::renew,
};
use epid::{
	log,
	store::{Progress, Secret, Store},
};
use epidaurus_primitives::{ehr::LogKind, moment::Moment};
use serde_json::{json, Value};

/// 2023-11-14T22:13:20Z.
const THEN: Moment = Moment(1_700_000_000_000);

/// Puts the log's head on a chain that is not there, more than a year ago.
fn checkpoint(house: &House) {
	let secret = Secret::parse(house.read(".epid.key").lines().next().unwrap()).unwrap();
	let store = Store::open(&house.path(".epid"), &secret).unwrap();
	let head = log::head(&store.log(LogKind::Records).unwrap());
	store.put_checkpoint(LogKind::Records, head, Progress::Finalised { at: THEN }).unwrap();
}

fn records(house: &House) -> Value {
	let status = house.run(["status", "--json"]).expect(0).json();
	assert_eq!(status["trees"], Value::Null, "nobody was asked");
	status["logs"][0].clone()
}

#[test]
fn status_tells_what_is_renewed_and_what_is_due() {
	let house = House::new();
	house.resources(9);
	house.run(["append", "data"]).expect(0);
	let log = records(&house);
	assert_eq!((&log["renewals"], &log["unrenewed"], &log["renewalDue"]), (&json!([]), &json!("0"), &json!("no")));
	assert!(!house.run(["status"]).expect(0).out.contains("renewal"));

	checkpoint(&house);
	let log = records(&house);
	assert_eq!((&log["unrenewed"], &log["renewalDue"]), (&json!("9"), &json!("yearly")));
	let told = house.run(["status"]).expect(0).out;
	assert!(told.contains("records: 9 entries are in no renewal, and a year has passed: `epid renew`"), "{told}");

	let renewal = renew(&house);
	let log = records(&house);
	assert_eq!((&log["unrenewed"], &log["renewalDue"]), (&json!("0"), &json!("no")));
	let expected = json!([{
		"head": renewal.head,
		"tree": "blake2b256",
		"root": serde_json::to_value(renewal).unwrap()["root"],
		"at": "2023-11-14T22:13:20.000Z",
	}]);
	assert_eq!(log["renewals"], expected);
	let told = house.run(["status"]).expect(0).out;
	let root = expected[0]["head"]["root"].as_str().unwrap();
	let line = format!("records: root {root} of 9 entries is renewed in the tree on BLAKE2b-256 as 0x");
	assert!(told.contains(&line) && told.contains(", at 2023-11-14T22:13:20.000Z"), "{told}");

	// What comes after is in no renewal yet.
	house.write("data/9.json", resource("9"));
	house.run(["append", "data"]).expect(0);
	assert_eq!(records(&house)["unrenewed"], "0", "it is not on chain yet");
	checkpoint(&house);
	let log = records(&house);
	assert_eq!((&log["unrenewed"], &log["renewalDue"]), (&json!("1"), &json!("yearly")));
}
