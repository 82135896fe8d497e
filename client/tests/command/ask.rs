// SPDX-License-Identifier: Apache-2.0
//! `epid ask` without any node: proofs over a state that is built here.

use crate::{
	house::{Answer, House},
	light::prove_state,
};
use codec::Encode;
use epidaurus_primitives::{
	hash::Commitment,
	ids::OrgId,
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{
		records::{Acceptance, Membership, Succession, Term},
		Capability, Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles,
	},
	stored::{StoredLicence, StoredMember, StoredOrganisation, REGISTRY_STORAGE_VERSION},
	timeline::Timeline,
};
use serde_json::{json, Value};

/// 2023-11-14T22:13:20Z.
const THEN: Moment = Moment(1_700_000_000_000);
/// The account of 32 sevens.
const ACCOUNT: &str = "0x0707070707070707070707070707070707070707070707070707070707070707";

/// Keys of the state, as any client computes them.
const LAYOUT: &str = "8a493ef65ff3987a1fbc9979200ad1af4e7b9012096b41c4eb3aaf947f6ea429";
const TIME: &str = "f0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";
const LICENCE: &str = "8a493ef65ff3987a1fbc9979200ad1aff12e2741c2f30ccba8b0ddc0886f93a90e0d969b0e48cab707000000";
const MEMBER: &str = "8a493ef65ff3987a1fbc9979200ad1afba7fb8745735dc3be2a2c61a72c39e78ddd6249d8a7334cf5ea37d21811e6671\
	0707070707070707070707070707070707070707070707070707070707070707";

const ORGANISATION: &str = "8a493ef65ff3987a1fbc9979200ad1afad27ca4e32b671dcad8c32ed7a4743d5bfb27f1eaef06bb903000000";
/// To whom organisations 3 and 5 handed over.
const SUCCESSIONS: [&str; 2] = [
	"8a493ef65ff3987a1fbc9979200ad1af0639a1627e4f5d79be633cab58b89b7bbfb27f1eaef06bb903000000",
	"8a493ef65ff3987a1fbc9979200ad1af0639a1627e4f5d79be633cab58b89b7b39b9d2792f8bd4c305000000",
];

fn key(digits: &str) -> Vec<u8> {
	hex::decode(digits).unwrap()
}

/// A house with a proof of what stands under one key, and the hash of its block.
fn with(item: &str, value: Option<Vec<u8>>) -> (House, String) {
	with_all(&[(item, value)])
}

/// The same of several keys.
fn with_all(items: &[(&str, Option<Vec<u8>>)]) -> (House, String) {
	let house = House::empty();
	let mut state = vec![(key(LAYOUT), Some(REGISTRY_STORAGE_VERSION.encode()))];
	state.extend(items.iter().map(|(item, value)| (key(item), value.clone())));
	state.push((key(TIME), Some(THEN.encode())));
	let block = prove_state(&house, state).to_string();
	(house, block)
}

fn licence() -> Vec<u8> {
	let term = Term { status: LicenceStatus::Suspended, status_since: Moment(7), until: None };
	let licence = StoredLicence {
		holder: Holder::<[u8; 32]>::Organisation(OrgId(3)),
		capability: Capability::Dispense,
		jurisdiction: Jurisdiction::country(*b"GR"),
		scope: LicenceScope::All,
		issuer: OrgId(9),
		authority: Jurisdiction::country(*b"GR"),
		issued_at: Moment(5),
		from: Moment(6),
		term: Timeline { state: term, since: Moment(7), earlier: 1 },
		distrusted_from: None,
		ticket: Some(1),
	};
	licence.encode()
}

fn ask(house: &House, question: &[&str], more: &[&str]) -> Answer {
	let options = ["--proof", "proof.json", "--json", "--node", "ws://127.0.0.1:1"];
	house.run(["ask"].iter().chain(question).chain(&options).chain(more).copied())
}

fn name(answer: &Answer) -> String {
	answer.json()["error"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn an_answer_is_checked_offline_and_says_what_it_rests_on() {
	let (house, block) = with(LICENCE, Some(licence()));
	let value = ask(&house, &["licence", "7"], &["--block", &block]).expect(0).json();
	assert_eq!((&value["licence"]["status"], &value["licence"]["issuer"]), (&json!("Suspended"), &json!(9)));
	let expected = json!({
		"block": { "number": 77, "hash": block }, "at": "2023-11-14T22:13:20.000Z", "trust": "hash", "node": null,
	});
	assert_eq!(value["light"], expected);
	let value = ask(&house, &["licence", "7"], &["--header", "header.json"]).expect(0).json();
	assert_eq!(value["light"]["trust"], "header");
	let told = house.run(["ask", "licence", "7", "--proof", "proof.json", "--block", &block]).expect(0).out;
	assert!(told.contains("organisation 3, Dispense in GR") && told.contains("which you trust"), "{told}");
}

#[test]
fn what_there_is_not_is_an_answer_too() {
	let (house, block) = with(LICENCE, None);
	assert_eq!(ask(&house, &["licence", "7"], &["--block", &block]).expect(0).json()["licence"], Value::Null);
	let (house, block) = with(MEMBER, None);
	assert_eq!(ask(&house, &["member", ACCOUNT], &["--block", &block]).expect(0).json()["member"], Value::Null);
	let decision = ["capability", "Dispense", "--account", ACCOUNT];
	let value = ask(&house, &decision, &["--block", &block]).expect(0).json();
	assert_eq!(value["capability"]["standing"], "notAMember");
}

#[test]
fn a_member_is_told_with_its_roles() {
	let membership = Membership { organisation: OrgId(3), roles: Roles::RECORDS, until: None };
	let membership = Timeline { state: Some(membership), since: Moment(5), earlier: 0 };
	let (house, block) = with(MEMBER, Some(StoredMember { membership, deposit: None }.encode()));
	let value = ask(&house, &["member", ACCOUNT], &["--block", &block]).expect(0).json();
	assert_eq!((&value["member"]["organisation"], &value["member"]["roles"]), (&json!(3), &json!(["Records"])));
	// Of another moment the proof says too little, or it was before the first one.
	let value =
		ask(&house, &["member", ACCOUNT, "--at", "1970-01-01T00:00:00Z"], &["--block", &block]).expect(0).json();
	assert_eq!(value["member"], Value::Null);
}

#[test]
fn an_answer_about_a_moment_after_its_block_says_that_it_is_none_yet() {
	let membership = Membership { organisation: OrgId(3), roles: Roles::RECORDS, until: None };
	let membership = Timeline { state: Some(membership), since: Moment(5), earlier: 0 };
	let (house, block) = with(MEMBER, Some(StoredMember { membership, deposit: None }.encode()));
	// The time of the block, and a millisecond later.
	for (at, is_ahead) in [("2023-11-14T22:13:20Z", false), ("2023-11-14T22:13:20.001Z", true)] {
		let question = ["member", ACCOUNT, "--at", at];
		let value = ask(&house, &question, &["--block", &block]).expect(0).json();
		assert_eq!((&value["member"]["organisation"], &value["yetToCome"]), (&json!(3), &json!(is_ahead)));
		let told = house.run(["ask", "member", ACCOUNT, "--at", at, "--proof", "proof.json", "--block", &block]);
		assert_eq!(told.expect(0).out.contains("that moment is yet to come"), is_ahead);
	}
	let value = ask(&house, &["member", ACCOUNT], &["--block", &block]).expect(0).json();
	assert_eq!(value["yetToCome"], false);
}

#[test]
fn a_line_of_successors_is_told_step_by_step() {
	let organisation = StoredOrganisation {
		class: OrganisationClass::Provider,
		gln: None,
		jurisdiction: Jurisdiction::country(*b"GR"),
		controller: [4u8; 32],
		status: OrganisationStatus::Left,
		since: THEN,
		earlier: 0,
		deposit: None,
	};
	let accepted = Some(Acceptance { at: THEN, handover: Commitment([6; 32]) });
	let succession = Succession { successor: OrgId(5), offered_at: THEN, accepted };
	let [of_third, of_fifth] = SUCCESSIONS;
	let stored = [(ORGANISATION, Some(organisation.encode())), (of_third, Some(succession.encode())), (of_fifth, None)];
	let (house, block) = with_all(&stored);
	let value = ask(&house, &["succession", "3"], &["--block", &block]).expect(0).json()["succession"].clone();
	assert_eq!((&value["released"], &value["line"][0]["successor"]), (&json!(true), &json!(5)));
	let told = house.run(["ask", "succession", "3", "--proof", "proof.json", "--block", &block]).expect(0).out;
	let at = "2023-11-14T22:13:20.000Z";
	let passed = format!("organisation 3 handed over its duties to 5 at {at}, under the statement 0x0606");
	assert!(told.contains(&passed) && told.contains("has gone and answers no more"), "{told}");

	// Without its end, the line could go on.
	let (house, block) = with_all(&stored[..2]);
	assert_eq!(name(&ask(&house, &["succession", "3"], &["--block", &block]).expect(1)), "proof-missing-key");

	let offered = Succession { accepted: None, ..succession };
	let (house, block) = with_all(&[stored[0].clone(), (of_third, Some(offered.encode()))]);
	let told = house.run(["ask", "succession", "3", "--proof", "proof.json", "--block", &block]).expect(0).out;
	assert!(told.contains("has not handed over") && told.contains("offers them to organisation 5"), "{told}");

	let (house, block) = with_all(&[(ORGANISATION, None), (of_third, None)]);
	let value = ask(&house, &["succession", "3"], &["--block", &block]).expect(0).json();
	assert_eq!(value["succession"], Value::Null);
}

#[test]
fn forged_answers_end_with_one_and_name_their_reason() {
	type Case = (&'static str, fn(&mut Value));
	let cases: [Case; 6] = [
		("proof-header-differs", |proof| proof["block"] = format!("0x{}", "00".repeat(32)).into()),
		("proof-missing-key", |proof| drop(proof["items"].as_array_mut().unwrap().remove(1))),
		("proof-extra-key", |proof| {
			proof["items"].as_array_mut().unwrap().push(json!({ "key": "0x00", "value": null }))
		}),
		("proof-value-differs", |proof| proof["items"][1]["value"] = Value::Null),
		("proof-other-state", |proof| proof["nodes"] = json!([])),
		("proof-surplus-nodes", |proof| proof["nodes"].as_array_mut().unwrap().push("0x010203".into())),
	];
	let (house, block) = with(LICENCE, Some(licence()));
	let honest = house.read("proof.json");
	for (reason, change) in cases {
		let mut proof: Value = serde_json::from_str(&honest).unwrap();
		change(&mut proof);
		house.write("proof.json", proof.to_string());
		assert_eq!(name(&ask(&house, &["licence", "7"], &["--block", &block]).expect(1)), reason);
	}
	house.write("proof.json", honest);
	assert_eq!(name(&ask(&house, &["licence", "8"], &["--block", &block]).expect(1)), "proof-missing-key");
	let other = format!("0x{}", "07".repeat(32));
	assert_eq!(name(&ask(&house, &["licence", "7"], &["--block", &other]).expect(1)), "proof-other-block");
	let old = ask(&house, &["licence", "7"], &["--block", &block, "--max-age", "60"]).expect(1);
	assert_eq!(name(&old), "proof-too-old");
}

#[test]
fn wrong_use_ends_with_two_and_a_missing_node_with_four() {
	let (house, block) = with(LICENCE, Some(licence()));
	let wrong: [&[&str]; 8] = [
		&["ask"],
		&["ask", "licence"],
		&["ask", "licence", "seven"],
		&["ask", "member", "nobody"],
		&["ask", "capability", "Fly", "--organisation", "3"],
		&["ask", "capability", "Dispense"],
		&["ask", "capability", "Dispense", "--organisation", "3", "--jurisdiction", "Greece"],
		&["ask", "subject"],
	];
	for arguments in wrong {
		house.run(arguments.iter().copied()).expect(2);
	}
	let asks: [&[&str]; 3] = [&[], &["--block", &block], &["--proof", "proof.json"]];
	for options in asks {
		let question = ["ask", "licence", "7", "--node", "ws://127.0.0.1:1", "--json"];
		assert_eq!(name(&house.run(question.iter().chain(options).copied()).expect(4)), "node-unreachable");
	}
}
