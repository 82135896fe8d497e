// SPDX-License-Identifier: Apache-2.0
//! Keeping a store: what opens it, forgetting, backups, checking everything.

use crate::house::{answer, bytes_of, ended, Answer, House, NETWORK};
use serde_json::{json, Value};
use std::{fs, process::Stdio};

const ALICE: &str = "0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
const PASSPHRASE: &str = "Topsecret passphrase";

/// Three records of nobody, and two of Alice.
fn with_subject() -> House {
	let house = House::new();
	house.resources(3);
	house.run(["append", "data"]).expect(0);
	house.write("alice/a.json", crate::house::resource("a"));
	house.write("alice/b.json", crate::house::resource("b"));
	house.run(["append", "--subject", ALICE, "alice"]).expect(0);
	house
}

fn name(answer: &Answer) -> String {
	answer.json()["error"]["name"].as_str().unwrap().to_owned()
}

fn checked(house: &House) -> Value {
	house.run(["verify-all", "--json"]).expect(0).json()["checked"].clone()
}

fn prove(house: &House, sequence: &str) -> Answer {
	house.run(["prove", sequence, "--size", "5", "-o", "b.epid.json", "--json"])
}

#[test]
fn init_makes_a_key_file_beside_the_store_and_says_so() {
	let house = House::empty();
	let init = ["init", "--network", NETWORK, "--organisation", "3"];
	let told = house.run(init).expect(0);
	assert!(told.err.contains("made the key file .epid.key"), "{}", told.err);
	let key = house.read(".epid.key");
	assert!(!format!("{told:?}").contains(key.trim()));
	assert!(!house.run(init).expect(0).err.contains("made the key file"));
	assert_eq!(house.read(".epid.key"), key);

	// Without it nothing opens, and with another neither.
	fs::rename(house.path(".epid.key"), house.path("away.key")).unwrap();
	assert_eq!(name(&house.run(["status", "--json"]).expect(2)), "store-key-missing");
	assert_eq!(name(&house.run(init.into_iter().chain(["--json"])).expect(2)), "store-key-missing");
	house.run(["status", "--store-key-file", "away.key"]).expect(0);
	answer(house.command(["status"]).env("EPID_STORE_KEY_FILE", "away.key")).expect(0);
	house.write("other.key", format!("0x{}\n", "77".repeat(32)));
	let wrong = house.run(["status", "--store-key-file", "other.key", "--json"]).expect(5);
	assert_eq!(name(&wrong), "store-wrong-key");
}

#[test]
fn of_several_that_run_init_at_the_same_moment_one_makes_the_store() {
	for _ in 0..5 {
		let house = House::empty();
		let init = ["init", "--network", NETWORK, "--organisation", "3", "--json"];
		let start = || house.command(init).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
		let running: Vec<_> = (0..4).map(|_| start()).collect();
		let told: Vec<_> = running.into_iter().map(|child| ended(child.wait_with_output().unwrap())).collect();
		let made = told.iter().filter(|answer| answer.code == 0 && answer.json()["made"] == true);
		assert_eq!(made.count(), 1, "{told:?}");
		for refused in told.iter().filter(|answer| answer.code != 0) {
			assert!(["store-in-use", "store-key-exists"].contains(&name(refused).as_str()), "{refused:?}");
		}
		house.run(["status"]).expect(0);
	}
}

#[test]
fn a_passphrase_comes_from_the_environment_or_a_file_and_is_not_shown() {
	let house = House::empty();
	let init = ["init", "--network", NETWORK, "--organisation", "3", "--json"];
	let with = |arguments: &[&'static str], secret: &str| {
		answer(house.command(arguments.iter().copied()).env("EPID_STORE_KEY", secret))
	};
	assert_eq!(name(&with(&init, "short").expect(2)), "passphrase-too-short");
	let made = with(&init, PASSPHRASE).expect(0);
	assert_eq!(made.json()["keyFileMade"], Value::Null);
	with(&["status"], PASSPHRASE).expect(0);
	let wrong = with(&["status", "--json"], "Topsecret passphrases").expect(5);
	assert_eq!(name(&wrong), "store-wrong-key");
	assert!(!format!("{made:?}{wrong:?}").contains("Topsecret"));
	house.write("phrase", PASSPHRASE);
	house.run(["status", "--store-key-file", "phrase"]).expect(0);
	// A prompt needs a terminal.
	house.run(["init", "--store", "x", "--network", NETWORK, "--organisation", "3", "--prompt"]).expect(2);
}

#[test]
fn a_forgotten_subject_is_proven_by_no_store_and_no_backup() {
	let house = with_subject();
	prove(&house, "4").expect(0);
	let bundle: Value = serde_json::from_str(&house.read("b.epid.json")).unwrap();
	let salt = bytes_of(&bundle["opening"]["salt"]);
	house.run(["backup", "before.backup"]).expect(0);
	let forgotten = house.run(["forget", ALICE, "--json"]).expect(0).json();
	assert_eq!(forgotten["forgotten"], json!({ "entries": 2, "versions": 0 }));
	house.run(["backup", "after.backup"]).expect(0);
	assert_eq!(name(&house.run(["forget", ALICE, "--json"]).expect(5)), "store-not-found");
	house.run(["forget", "0x12"]).expect(2);

	assert_eq!(name(&prove(&house, "4").expect(5)), "record-forgotten");
	assert_eq!(name(&house.run(["prove", "alice/a.json", "--size", "5", "--json"]).expect(5)), "record-forgotten");
	prove(&house, "0").expect(0);
	let again = house.run(["append", "--subject", ALICE, "alice", "--json"]).expect(0).json();
	assert_eq!((&again["forgotten"], &again["new"]), (&json!(2), &json!(0)));

	for file in [".epid/epid.redb", ".epid/subjects.keys", "before.backup", "after.backup"] {
		let bytes = fs::read(house.path(file)).unwrap();
		assert!(!bytes.windows(32).any(|window| window == salt), "{file}");
	}
	// Either backup, with the subjects' keys of today.
	for backup in ["before.backup", "after.backup"] {
		let restore = ["restore", backup, "--store", "again", "--store-key-file", ".epid.key"];
		house.run(restore.into_iter().chain(["--subjects", ".epid/subjects.keys"])).expect(0);
		let prove = |sequence| {
			let options = ["--store", "again", "--store-key-file", ".epid.key", "--size", "5", "-o", "-"];
			house.run(["prove", sequence].into_iter().chain(options))
		};
		prove("4").expect(5);
		prove("0").expect(0);
		fs::remove_dir_all(house.path("again")).unwrap();
	}
}

#[test]
fn a_record_of_elements_is_forgotten_like_others() {
	let house = House::new();
	house.write("alice/a.json", crate::house::resource("a"));
	house.write("data/b.json", crate::house::resource("b"));
	house.run(["append", "--suite", "fhir-elements", "--subject", ALICE, "alice"]).expect(0);
	house.run(["append", "--suite", "fhir-elements", "data"]).expect(0);
	let prove = |sequence| house.run(["prove", sequence, "--size", "2", "-o", "b.epid.json", "--json"]);
	prove("0").expect(0);
	let bundle: Value = serde_json::from_str(&house.read("b.epid.json")).unwrap();
	let secrets = [bytes_of(&bundle["opening"]["salt"]), bytes_of(&bundle["elementKey"])];
	assert_ne!(secrets[0], secrets[1]);
	assert_eq!(checked(&house)["opened"], 2);
	house.run(["backup", "before.backup"]).expect(0);
	house.run(["forget", ALICE]).expect(0);
	house.run(["backup", "after.backup"]).expect(0);

	assert_eq!(name(&prove("0").expect(5)), "record-forgotten");
	let all = checked(&house);
	assert_eq!((&all["opened"], &all["forgotten"], &all["problems"]), (&json!(1), &json!(1), &json!(0)));
	for file in [".epid/epid.redb", ".epid/subjects.keys", "before.backup", "after.backup"] {
		let bytes = fs::read(house.path(file)).unwrap();
		assert!(secrets.iter().all(|secret| !bytes.windows(32).any(|window| window == secret)), "{file}");
	}
	// What was handed on before is out of reach: copies can still be made from it.
	let withhold = ["--bundle", "b.epid.json", "--withhold", "/note", "-o", "copy.json"];
	house.run(["redact", "alice/a.json"].into_iter().chain(withhold)).expect(0);
	prove("1").expect(0);
}

#[test]
fn a_backup_brings_everything_back() {
	let house = with_subject();
	let before = house.run(["status", "--json"]).expect(0).json();
	let told = house.run(["backup", "b.backup", "--json"]).expect(0).json();
	assert_eq!(told["bytes"], fs::metadata(house.path("b.backup")).unwrap().len());
	house.run(["backup", "b.backup"]).expect(2);
	house.run(["backup", "no/such/folder"]).expect(5);
	assert_eq!(name(&house.run(["restore", "b.backup", "--json"]).expect(5)), "store-exists");

	fs::remove_file(house.path(".epid/epid.redb")).unwrap();
	house.run(["restore", "no-such-file"]).expect(5);
	house.run(["restore"]).expect(2);
	house.run(["restore", "b.backup", "--subjects", "x", "--without-subjects"]).expect(2);
	assert_eq!(name(&house.run(["status", "--json"]).expect(5)), "store-not-initialised");
	let init = ["init", "--network", NETWORK, "--organisation", "3", "--json"];
	assert_eq!(name(&house.run(init).expect(5)), "store-lost");
	house.run(["restore", "b.backup"]).expect(0);
	assert_eq!(house.run(["status", "--json"]).expect(0).json(), before);
	assert_eq!(checked(&house)["opened"], 5);
	assert_eq!(house.run(["append", "data", "--json"]).expect(0).json()["unchanged"], 3);
}

#[test]
fn keys_with_a_torn_end_are_restored_and_what_is_left_out_is_told() {
	let house = with_subject();
	house.run(["backup", "b.backup"]).expect(0);
	let sound = fs::read(house.path(".epid/subjects.keys")).unwrap();
	house.write("torn.keys", [sound.as_slice(), &[0; 200]].concat());
	house.write("older.keys", &sound[..sound.len() - 60]);
	let restore = |store, keys| {
		let options = ["--store-key-file", ".epid.key", "--subjects", keys, "--json"];
		house.run(["restore", "b.backup", "--store", store].into_iter().chain(options)).expect(0)
	};
	let told = restore("x", "torn.keys");
	assert!(told.err.contains("the last 200 bytes of the subjects' keys"), "{}", told.err);
	assert_eq!((&told.json()["keyBytesLeftOut"], &told.json()["lostKeys"]), (&json!(200), &json!(0)));
	house.run(["verify-all", "--store", "x", "--store-key-file", ".epid.key"]).expect(0);
	let told = restore("y", "older.keys");
	assert!(told.err.contains("1 keys of subjects or records are missing"), "{}", told.err);
	assert_eq!((&told.json()["keyBytesLeftOut"], &told.json()["lostKeys"]), (&json!(61), &json!(1)));

	fs::remove_file(house.path(".epid/epid.redb")).unwrap();
	fs::copy(house.path("torn.keys"), house.path(".epid/subjects.keys")).unwrap();
	assert!(house.run(["restore", "b.backup"]).expect(0).err.contains("200 bytes"));
	assert_eq!(checked(&house)["opened"], 5);
}

#[test]
fn backups_that_are_none_are_refused() {
	let house = with_subject();
	house.run(["backup", "b.backup"]).expect(0);
	let restore = |file: &'static str| {
		let options = ["--store", "x", "--store-key-file", ".epid.key", "--without-subjects", "--json"];
		house.run(["restore", file].into_iter().chain(options))
	};
	let mut bytes = fs::read(house.path("b.backup")).unwrap();
	house.write("cut.backup", &bytes[..bytes.len() - 1]);
	assert_eq!(name(&restore("cut.backup").expect(5)), "backup-unusable");
	let middle = bytes.len() / 2;
	bytes[middle] ^= 1;
	house.write("changed.backup", &bytes);
	assert_eq!(name(&restore("changed.backup").expect(5)), "backup-unusable");
	assert_eq!(name(&restore("data/0.json").expect(5)), "backup-unusable");
	house.write("x.key", format!("0x{}\n", "77".repeat(32)));
	assert_eq!(name(&house.run(["restore", "b.backup", "--store", "x", "--json"]).expect(5)), "store-wrong-key");

	let warned = restore("b.backup").expect(0);
	assert!(warned.err.contains("no record of this backup can be opened"), "{}", warned.err);
	let status = house.run(["verify-all", "--store", "x", "--store-key-file", ".epid.key", "--json"]).expect(1).json();
	assert_eq!((&status["checked"]["withoutKey"], &status["checked"]["opened"]), (&json!(5), &json!(0)));
}

#[test]
fn lost_keys_are_told_and_no_new_one_takes_their_place() {
	let house = with_subject();
	let keys = fs::read(house.path(".epid/subjects.keys")).unwrap();
	let bob = ALICE.replace("a1", "b0");
	house.write("bob/c.json", crate::house::resource("c"));
	house.run(["append", "--subject", &bob, "bob"]).expect(0);
	let newest = fs::read(house.path(".epid/subjects.keys")).unwrap();
	// A damaged one is no torn one.
	let mut damaged = newest.clone();
	*damaged.last_mut().unwrap() ^= 1;
	house.write(".epid/subjects.keys", damaged);
	assert_eq!(name(&house.run(["status", "--json"]).expect(5)), "subject-keys-damaged");
	// An older copy lacks a key.
	house.write(".epid/subjects.keys", &keys);
	let told = house.run(["verify-all"]).expect(1);
	assert!(told.out.contains("1 lack the key of their subject"), "{}", told.out);
	house.write("bob/d.json", crate::house::resource("d"));
	let append = ["append", "--subject", &bob, "bob/d.json", "--json"];
	for refused in [&append[..], &["forget", ALICE, "--json"]] {
		assert_eq!(name(&house.run(refused.iter().copied()).expect(5)), "subject-keys-lost");
	}
	house.run(["verify-all", "--accept-lost"]).expect(1);
	house.run(append).expect(0);
	house.write(".epid/subjects.keys", &newest);
	house.run(["verify-all"]).expect(1);
	prove(&house, "4").expect(0);
}

#[test]
fn everything_is_checked() {
	let house = with_subject();
	let all = checked(&house);
	assert_eq!((&all["entries"], &all["opened"], &all["problems"]), (&json!(5), &json!(5), &json!(0)));
	house.run(["forget", ALICE]).expect(0);
	let all = checked(&house);
	assert_eq!((&all["opened"], &all["forgotten"]), (&json!(3), &json!(2)));
	let told = house.run(["verify-all"]).expect(0);
	assert!(told.out.contains("3 can be opened, 2 were forgotten"), "{}", told.out);
	let no_node = house.run(["verify-all", "--chain", "--node", "ws://127.0.0.1:1", "--json"]).expect(4);
	assert_eq!(name(&no_node), "node-unreachable");
	house.run(["verify-all", "--no-such-option"]).expect(2);
}
