// SPDX-License-Identifier: Apache-2.0
//! `epid verify --light` without any node: proofs over a state that is built here.

use crate::house::{answer, Answer, House, NETWORK};
use codec::{Compact, Encode};
use epid::{
	bundle::Bundle,
	light::{Part, Question},
	log,
	store::{Progress, Secret, Store},
};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind, SuiteStatus},
	hash::{Commitment, HashSuite},
	ids::{NetworkId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	proof::{BlockHash, HexBytes, ProvenItem, StateProof},
	registry::{
		records::{Acceptance, Succession},
		OrganisationClass, OrganisationStatus,
	},
	renewal::{Renewal, TreeSuite},
	stored::{
		StoredCheckpoint, StoredLog, StoredOrganisation, StoredRecord, StoredState, StoredVersion, EHR_STORAGE_VERSION,
		REGISTRY_STORAGE_VERSION,
	},
};
use serde_json::{json, Value};
use sp_core::{Blake2Hasher, H256};
use sp_crypto_hashing::blake2_256;
use sp_trie::{
	trie_types::{TrieDBBuilder, TrieDBMutBuilderV1},
	LayoutV1, MemoryDB, RandomState, Recorder, Trie, TrieMut,
};
use std::collections::BTreeMap;

/// 2023-11-14T22:13:20Z.
const THEN: Moment = Moment(1_700_000_000_000);

/// A house with a log of nine entries, a bundle of one of them, and a proof of a block that has a checkpoint of them.
struct Scene {
	house: House,
	block: String,
}

impl Scene {
	fn new() -> Self {
		let house = House::new();
		house.resources(9);
		house.run(["append", "data"]).expect(0);
		house.run(["prove", "data/3.json", "--size", "9", "-o", "b.epid.json"]).expect(0);
		let mut scene = Self { house, block: String::new() };
		let newest = StoredCheckpoint { head: scene.head(), at: THEN, licensed: true };
		let log = StoredLog { newest, checkpoints: 1, thinned: 0, days: 0, deposit: 1 };
		scene.block = prove(&scene.house, &[(Part::Log, log.encode())]).to_string();
		scene
	}

	fn head(&self) -> LogHead {
		let status = self.house.run(["status", "--json"]).expect(0).json();
		serde_json::from_value(status["logs"][0]["head"].clone()).unwrap()
	}

	fn verify(&self, more: &[&str]) -> Answer {
		let all = ["verify", "data/3.json", "--bundle", "b.epid.json", "--light", "--proof", "proof.json", "--json"];
		self.house.run(all.into_iter().chain(more.iter().copied()))
	}

	fn trusted(&self) -> Answer {
		self.verify(&["--block", &self.block])
	}
}

/// Writes `proof.json` for the bundle, over a state with these values, and gives the hash of its block.
fn prove(house: &House, values: &[(Part, Vec<u8>)]) -> BlockHash {
	prove_also(house, values, &[])
}

/// The same over a state in which these keys are read, too, and nothing stands under them.
fn prove_also(house: &House, values: &[(Part, Vec<u8>)], absent: &[&str]) -> BlockHash {
	let question = Question::of(&Bundle::read(&house.path("b.epid.json")).unwrap());
	let network: NetworkId = NETWORK.parse().unwrap();
	let organisation = StoredOrganisation {
		class: OrganisationClass::Provider,
		gln: None,
		jurisdiction: Jurisdiction::country(*b"GR"),
		controller: [4u8; 32],
		status: OrganisationStatus::Active,
		since: THEN,
		earlier: 0,
		deposit: None,
	};
	let always = [
		(Part::Layout, EHR_STORAGE_VERSION.encode()),
		(Part::Suite(HashSuite::FhirStaticRecursive), SuiteStatus::Deprecated { since: THEN }.encode()),
		(Part::Network, network.encode()),
		(Part::Time, THEN.encode()),
		(Part::RegistryLayout, REGISTRY_STORAGE_VERSION.encode()),
		(Part::Organisation, organisation.encode()),
	];
	let value = |part| always.iter().chain(values).find(|(found, _)| *found == part).map(|(_, value)| value.clone());
	let listed = question.keys().into_iter().map(|(part, key)| (key, value(part)));
	prove_state(house, listed.chain(absent.iter().map(|key| (hex::decode(key).unwrap(), None))).collect())
}

/// Writes `proof.json` of what stands under these keys, and `header.json`, and gives the hash of the block.
pub fn prove_state(house: &House, state: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> BlockHash {
	let (mut nodes, mut root) = (MemoryDB::<Blake2Hasher>::with_hasher(RandomState::default()), H256::default());
	let mut trie = TrieDBMutBuilderV1::new(&mut nodes, &mut root).build();
	(0..99u8).for_each(|other| drop(trie.insert(&blake2_256(&[other]), &[other; 40]).unwrap()));
	for (key, value) in &state {
		if let Some(value) = value {
			trie.insert(key, value).unwrap();
		}
	}
	drop(trie);
	let mut recorder = Recorder::<LayoutV1<Blake2Hasher>>::new();
	let trie = TrieDBBuilder::new(&nodes, &root).with_recorder(&mut recorder).build();
	let items = state.into_iter().map(|(key, _)| {
		let value = trie.get(&key).unwrap().map(HexBytes);
		ProvenItem { key: HexBytes(key), value }
	});
	let items = items.collect();
	let recorded: BTreeMap<_, _> = recorder.drain().into_iter().map(|record| (record.hash, record.data)).collect();
	let header = ([1u8; 32], Compact(77u32), root.0, [3u8; 32], vec![[6u8; 4]]).encode();
	let block = BlockHash(blake2_256(&header));
	let nodes = recorded.into_values().map(HexBytes).collect();
	let proof = StateProof { block, header: HexBytes(header), items, nodes };
	house.write("proof.json", serde_json::to_string(&proof).unwrap());
	let root = format!("0x{}", root.0.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
	let header = json!({
		"parentHash": format!("0x{}", "01".repeat(32)), "number": "0x4d", "stateRoot": root,
		"extrinsicsRoot": format!("0x{}", "03".repeat(32)), "digest": { "logs": ["0x06060606"] },
	});
	house.write("header.json", header.to_string());
	block
}

fn edit(house: &House, name: &str, change: impl FnOnce(&mut Value)) {
	let mut value: Value = serde_json::from_str(&house.read(name)).unwrap();
	change(&mut value);
	house.write(name, value.to_string());
}

fn name(answer: &Answer) -> String {
	answer.json()["error"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn an_entry_is_verified_offline_and_the_answer_says_what_it_rests_on() {
	let scene = Scene::new();
	let value = scene.trusted().expect(0).json();
	assert_eq!(value["verified"]["log"]["sequence"], "3");
	assert_eq!(value["verified"]["suiteStatus"], json!({ "deprecated": { "since": "2023-11-14T22:13:20.000Z" } }));
	assert_eq!((&value["organisation"]["id"], &value["organisation"]["class"]), (&json!(3), &json!("Provider")));
	assert_eq!(value["organisation"]["successor"], Value::Null);
	let expected = json!({
		"block": { "number": 77, "hash": scene.block }, "at": "2023-11-14T22:13:20.000Z", "trust": "hash", "node": null,
	});
	assert_eq!(value["light"], expected);
	let value = scene.verify(&["--header", "header.json"]).expect(0).json();
	assert_eq!((&value["light"]["trust"], &value["light"]["block"]["hash"]), (&json!("header"), &json!(scene.block)));

	let told = ["verify", "data/3.json", "--bundle", "b.epid.json", "--light", "--proof", "proof.json"];
	let told = scene.house.run(told.into_iter().chain(["--block", &scene.block])).expect(0).out;
	assert!(
		told.contains("entry 3 of 9")
			&& told.contains("block 77")
			&& told.contains("Provider in GR, Active, then")
			&& told.contains("which you trust")
			&& told.contains("the suite is deprecated since"),
		"{told}"
	);
}

#[test]
fn successor_of_the_custodian_is_told_and_cannot_be_hidden() {
	// Where it would stand to whom organisation 5 handed over.
	const NEXT: &str = "8a493ef65ff3987a1fbc9979200ad1af0639a1627e4f5d79be633cab58b89b7b39b9d2792f8bd4c305000000";
	let scene = Scene::new();
	let newest = StoredCheckpoint { head: scene.head(), at: THEN, licensed: true };
	let log = StoredLog { newest, checkpoints: 1, thinned: 0, days: 0, deposit: 1 };
	let accepted = Some(Acceptance { at: THEN, handover: Commitment([6; 32]) });
	let succession = Succession { successor: OrgId(5), offered_at: Moment(1), accepted };
	let values = [(Part::Log, log.encode()), (Part::Succession, succession.encode())];
	let block = prove_also(&scene.house, &values, &[NEXT]).to_string();
	let verify = |more: &[&str]| {
		let all = ["verify", "data/3.json", "--bundle", "b.epid.json", "--light", "--proof", "proof.json"];
		scene.house.run(all.into_iter().chain(["--block", &block]).chain(more.iter().copied()))
	};
	let expected = json!({
		"organisation": 5, "since": "2023-11-14T22:13:20.000Z", "handover": format!("0x{}", "06".repeat(32)),
	});
	assert_eq!(verify(&["--json"]).expect(0).json()["organisation"]["successor"], expected);
	let told = verify(&[]).expect(0).out;
	assert!(told.contains("organisation 5 answers in its place since 2023-11-14T22:13:20.000Z"), "{told}");

	edit(&scene.house, "proof.json", |proof| drop(proof["items"].as_array_mut().unwrap().pop()));
	assert_eq!(name(&verify(&["--json"]).expect(1)), "proof-missing-key");
	edit(&scene.house, "proof.json", |proof| {
		let last = proof["items"].as_array_mut().unwrap().last_mut().unwrap();
		assert!(last["value"].as_str().unwrap().starts_with("0x05000000"));
		last["value"] = Value::Null;
	});
	assert_eq!(name(&verify(&["--json"]).expect(1)), "proof-value-differs");
}

#[test]
fn an_anchored_record_is_verified_offline() {
	let house = House::new();
	house.resources(1);
	house.run(["append", "data"]).expect(0);
	house.run(["prove", "data/0.json", "--size", "1", "-o", "b.epid.json"]).expect(0);
	// The same opening as of an anchored record.
	edit(&house, "b.epid.json", |bundle| {
		bundle.as_object_mut().unwrap().retain(|name, _| !["kind", "proof"].contains(&name.as_str()));
		bundle["record"] = json!(format!("0x{}", "05".repeat(16)));
	});
	let bundle = Bundle::read(&house.path("b.epid.json")).unwrap();
	let (commitment, suite) = (bundle.commitment, bundle.opening.suite);
	let version = StoredVersion { commitment, suite, anchored_at: THEN, deposit: None, payer: OrgId(3) };
	let head = |version, state| StoredRecord { custodian: OrgId(3), version, state, since: THEN, link: None };
	let verify = |head: StoredRecord, version: StoredVersion| {
		let values = [(Part::Record, head.encode()), (Part::Version, version.encode())];
		let block = prove(&house, &values).to_string();
		let all = ["verify", "data/0.json", "--bundle", "b.epid.json", "--light", "--proof", "proof.json", "--json"];
		house.run(all.into_iter().chain(["--block", &block]))
	};
	let value = verify(head(1, StoredState::InForce), version).expect(0).json();
	assert_eq!(value["verified"]["anchor"]["standing"], "current");
	assert_eq!(name(&verify(head(2, StoredState::InForce), version).expect(1)), "superseded");
	assert_eq!(name(&verify(head(1, StoredState::EnteredInError), version).expect(1)), "entered-in-error");
	let other = StoredVersion { commitment: Default::default(), ..version };
	assert_eq!(name(&verify(head(1, StoredState::InForce), other).expect(1)), "commitment-differs");
	let of_another = StoredRecord { custodian: OrgId(4), ..head(1, StoredState::InForce) };
	assert_eq!(name(&verify(of_another, version).expect(1)), "other-custodian");
}

#[test]
fn forged_proofs_end_with_one_and_name_their_reason() {
	type Case = (&'static str, fn(&mut Value));
	let cases: [Case; 8] = [
		("proof-header-differs", |proof| proof["block"] = format!("0x{}", "00".repeat(32)).into()),
		("proof-bad-header", |proof| proof["header"] = "0x00".into()),
		("proof-missing-key", |proof| drop(proof["items"].as_array_mut().unwrap().remove(0))),
		("proof-extra-key", |proof| {
			proof["items"].as_array_mut().unwrap().push(json!({ "key": "0x00", "value": null }))
		}),
		("proof-value-differs", |proof| proof["items"][1]["value"] = Value::Null),
		("proof-other-state", |proof| proof["nodes"] = json!([])),
		("proof-surplus-nodes", |proof| proof["nodes"].as_array_mut().unwrap().push("0x010203".into())),
		("proof-other-subject", |proof| {
			// The last byte says which of the custodian's logs.
			let key = proof["items"][1]["key"].as_str().unwrap();
			proof["items"][1]["key"] = format!("{}01", key.strip_suffix("00").unwrap()).into();
		}),
	];
	let scene = Scene::new();
	let honest = scene.house.read("proof.json");
	for (reason, change) in cases {
		scene.house.write("proof.json", &honest);
		edit(&scene.house, "proof.json", change);
		assert_eq!(name(&scene.trusted().expect(1)), reason);
	}
}

#[test]
fn another_block_or_an_old_one_is_refused() {
	let scene = Scene::new();
	let other = format!("0x{}", "07".repeat(32));
	assert_eq!(name(&scene.verify(&["--block", &other]).expect(1)), "proof-other-block");
	edit(&scene.house, "header.json", |header| header["number"] = json!("0x4e"));
	assert_eq!(name(&scene.verify(&["--header", "header.json"]).expect(1)), "proof-stale-block");
	let old = scene.verify(&["--block", &scene.block, "--max-age", "60"]).expect(1);
	assert_eq!(name(&old), "proof-too-old");
	scene.verify(&["--block", &scene.block, "--max-age", "100000000"]).expect(0);
}

#[test]
fn unusable_files_end_with_three_and_wrong_use_with_two() {
	let scene = Scene::new();
	let house = &scene.house;
	house.write("bad.json", "{}");
	for options in [["--proof", "bad.json"], ["--proof", "missing.json"], ["--header", "bad.json"]] {
		let all = ["verify", "data/3.json", "--bundle", "b.epid.json", "--light"].into_iter().chain(options);
		let all =
			all.chain(if options[0] == "--proof" { ["--block", &scene.block] } else { ["--proof", "proof.json"] });
		house.run(all).expect(3);
	}
	let verify = ["verify", "data/3.json", "--bundle", "b.epid.json"];
	let wrong: [&[&str]; 6] = [
		&["--proof", "proof.json"],
		&["--block", &scene.block],
		&["--light", "--head", "head.json"],
		&["--light", "--block", &scene.block, "--header", "header.json"],
		&["--light", "--block", "0x12"],
		&["--light", "--max-age", "soon"],
	];
	for options in wrong {
		house.run(verify.into_iter().chain(options.iter().copied())).expect(2);
	}
	let record = format!("0x{}", "05".repeat(16));
	let wrong: [&[&str]; 4] = [
		&[],
		&["--record", &record, "--custodian", "3"],
		&["--custodian", "3", "--version-number", "1"],
		&["--custodian", "3", "--block", "0x12"],
	];
	for options in wrong {
		house.run(["light-proof"].into_iter().chain(options.iter().copied())).expect(2);
	}
}

#[test]
fn a_node_is_asked_for_what_is_not_given() {
	let scene = Scene::new();
	let run = |arguments: &[&str]| {
		let all = arguments.iter().copied().chain(["--node", "ws://127.0.0.1:1", "--json"]);
		answer(&mut scene.house.command(all))
	};
	let verify = ["verify", "data/3.json", "--bundle", "b.epid.json", "--light"];
	let asks: [&[&str]; 3] = [&[], &["--block", &scene.block], &["--proof", "proof.json"]];
	for options in asks {
		assert_eq!(name(&run(&[&verify, options].concat()).expect(4)), "node-unreachable");
	}
	run(&[&verify, &["--proof", "proof.json", "--block", &scene.block][..]].concat()).expect(0);
	assert_eq!(name(&run(&["light-proof", "--custodian", "3"]).expect(4)), "node-unreachable");
	assert_eq!(name(&run(&["light-proof", "--bundle", "b.epid.json"]).expect(4)), "node-unreachable");
}

/// The store as it is after a renewal of its nine entries, and what the chain keeps of that.
pub fn renew(house: &House) -> Renewal {
	let secret = Secret::parse(house.read(".epid.key").lines().next().unwrap()).unwrap();
	let (store, kind) = (Store::open(&house.path(".epid"), &secret).unwrap(), LogKind::Records);
	while store.second_tree(kind).unwrap().size() < 9 {
		store.extend_second_tree(kind, 9).unwrap();
	}
	let renewed = log::second_head_at(&store.second_tree(kind).unwrap(), 9).unwrap();
	store.put_renewal(kind, renewed, Progress::Finalised { at: THEN }).unwrap();
	let head = log::head(&store.log(kind).unwrap());
	Renewal { head, checkpointed_at: THEN, tree: TreeSuite::Blake2b256, root: renewed.root, at: THEN }
}

#[test]
fn a_renewed_entry_is_verified_offline_after_the_sunset_of_its_tree() {
	let scene = Scene::new();
	let renewal = renew(&scene.house);
	let newest = StoredCheckpoint { head: renewal.head, at: THEN, licensed: true };
	let log = StoredLog { newest, checkpoints: 1, thinned: 0, days: 0, deposit: 1 }.encode();
	let forbidden = SuiteStatus::Forbidden { since: Moment(THEN.0 + 1), deprecated: THEN };
	let sunset = (Part::Tree(TreeSuite::Sha256), forbidden.encode());
	let renewals = |renewal: Renewal| (Part::Renewals, vec![renewal].encode());
	let verified = |values: &[(Part, Vec<u8>)]| {
		let block = prove(&scene.house, values).to_string();
		scene.verify(&["--block", &block])
	};

	// The bundle of before: it stands, and the answer says on what.
	let all = [(Part::Log, log.clone()), renewals(renewal), sunset.clone()];
	let rests = verified(&all).expect(0).json()["verified"]["log"]["restsOn"].clone();
	assert_eq!((&rests["tree"], &rests["renewal"]), (&json!("sha256"), &Value::Null));
	assert!(rests["treeStatus"]["forbidden"].is_object(), "{rests}");

	scene.house.run(["prove", "data/3.json", "--size", "9", "-o", "b.epid.json"]).expect(0);
	let rests = verified(&all).expect(0).json()["verified"]["log"]["restsOn"].clone();
	assert_eq!((&rests["tree"], &rests["treeStatus"]), (&json!("blake2b256"), &json!("active")));
	assert_eq!((&rests["renewal"]["at"], &rests["renewedInTime"]), (&json!("2023-11-14T22:13:20.000Z"), &json!(true)));

	// A state without the renewal, with one of another root, and with one of another size.
	assert_eq!(name(&verified(&[(Part::Log, log.clone()), sunset.clone()]).expect(1)), "renewal-not-found");
	let other = Renewal { root: [1; 32], ..renewal };
	assert_eq!(name(&verified(&[(Part::Log, log.clone()), renewals(other)]).expect(1)), "forked-renewal");
	let smaller = Renewal { head: LogHead { size: 8, ..renewal.head }, ..renewal };
	assert_eq!(name(&verified(&[(Part::Log, log), renewals(smaller)]).expect(1)), "renewal-not-found");
	edit(&scene.house, "b.epid.json", |bundle| {
		bundle["proof"]["renewed"]["digest"] = json!(format!("0x{}", "77".repeat(32)));
	});
	assert_eq!(name(&verified(&all).expect(1)), "second-digest-differs");
}
