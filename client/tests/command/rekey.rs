// SPDX-License-Identifier: Apache-2.0
//! Another key for a store, also where a run was cut off between its steps.

use crate::house::{answer, Answer, House, NETWORK};
use std::fs;

const PASSPHRASE: &str = "a passphrase that is long";

fn with_records() -> House {
	let house = House::new();
	house.resources(2);
	house.run(["append", "data"]).expect(0);
	house
}

fn name(answer: &Answer) -> String {
	answer.json()["error"]["name"].as_str().unwrap().to_owned()
}

fn is_sound(house: &House) {
	let checked = house.run(["verify-all", "--json"]).expect(0).json()["checked"].clone();
	assert_eq!((&checked["opened"], &checked["problems"]), (&2.into(), &0.into()));
}

#[test]
fn the_key_beside_the_store_is_replaced_and_the_old_one_put_aside() {
	let house = with_records();
	house.run(["backup", "before.backup"]).expect(0);
	let old = house.read(".epid.key");
	let told = house.run(["rekey", "--json"]).expect(0).json();
	assert_eq!(
		(&told["changed"], &told["keyFile"], &told["oldKeyFile"]),
		(&true.into(), &".epid.key".into(), &".epid.key.old".into())
	);
	assert!(house.read(".epid.key") != old && house.read(".epid.key.old") == old);
	assert!(!house.path(".epid.key.new").exists());
	is_sound(&house);
	let stale = house.run(["status", "--store-key-file", ".epid.key.old", "--json"]);
	assert_eq!(name(&stale.expect(5)), "store-wrong-key");
	// The backup is opened by the key of its time.
	let restore = |key: &str| {
		house.run([
			"restore",
			"before.backup",
			"--store",
			"r",
			"--subjects",
			".epid/subjects.keys",
			"--store-key-file",
			key,
			"--json",
		])
	};
	assert_eq!(name(&restore(".epid.key").expect(5)), "store-wrong-key");
	restore(".epid.key.old").expect(0);
	// No old key is ever overwritten.
	assert_eq!(house.run(["rekey", "--json"]).expect(0).json()["oldKeyFile"], ".epid.key.old2");
	assert_eq!(house.read(".epid.key.old"), old);
	is_sound(&house);
	// An earlier one was destroyed. The numbers still tell which was the last, and a run that was cut off finds its key.
	fs::remove_file(house.path(".epid.key.old")).unwrap();
	assert_eq!(house.run(["rekey", "--json"]).expect(0).json()["oldKeyFile"], ".epid.key.old3");
	fs::rename(house.path(".epid.key"), house.path(".epid.key.old4")).unwrap();
	is_sound(&house);
	assert!(house.path(".epid.key").exists() && !house.path(".epid.key.old4").exists());
}

#[test]
fn a_key_elsewhere_or_a_passphrase_takes_its_place() {
	let house = with_records();
	let rekey = |file: &str| house.run(["rekey", "--new-store-key-file", file, "--json"]);
	let told = rekey("safe.key").expect(0).json();
	assert_eq!((&told["changed"], &told["oldKeyFile"]), (&true.into(), &".epid.key.old".into()));
	assert_eq!(name(&house.run(["status", "--json"]).expect(2)), "store-key-missing");
	let with = |file: &str, more: &[&str]| house.run(more.iter().copied().chain(["--store-key-file", file, "--json"]));
	with("safe.key", &["status"]).expect(0);
	// The same again changes nothing.
	let again = with("safe.key", &["rekey", "--new-store-key-file", "safe.key"]).expect(0).json();
	assert_eq!(again["changed"], false);

	house.write("words.txt", format!("{PASSPHRASE}\n"));
	with("safe.key", &["rekey", "--new-store-key-file", "words.txt"]).expect(0);
	assert_eq!(name(&with("safe.key", &["status"]).expect(5)), "store-wrong-key");
	answer(house.command(["status"]).env("EPID_STORE_KEY", PASSPHRASE)).expect(0);
	house.write("short.txt", "short\n");
	assert_eq!(
		name(&with("words.txt", &["rekey", "--new-store-key-file", "short.txt"]).expect(2)),
		"passphrase-too-short"
	);
	assert_eq!(name(&with("words.txt", &["rekey", "--prompt"]).expect(2)), "store-key-missing");
	// And back to a key beside the store.
	with("words.txt", &["rekey"]).expect(0);
	is_sound(&house);
}

#[test]
fn a_run_that_was_cut_off_is_finished_by_the_next_command() {
	// Cut off before the store was locked anew: the new key is there and opens nothing yet.
	let house = with_records();
	fs::write(house.path(".epid.key.new"), format!("0x{}\n", "77".repeat(32))).unwrap();
	is_sound(&house);
	house.run(["rekey"]).expect(0);
	assert!(house.read(".epid.key").contains("7777") && !house.path(".epid.key.new").exists());
	is_sound(&house);

	// After that, before the keys changed places, and between the two renamings.
	for missing in [false, true] {
		let house = with_records();
		let before = house.read(".epid.key");
		house.run(["rekey"]).expect(0);
		fs::rename(house.path(".epid.key"), house.path(".epid.key.new")).unwrap();
		if !missing {
			fs::rename(house.path(".epid.key.old"), house.path(".epid.key")).unwrap();
		}
		is_sound(&house);
		assert!(!house.path(".epid.key.new").exists());
		assert_eq!(house.read(".epid.key.old"), before);
		is_sound(&house);
	}

	// The old key was put aside for one elsewhere, and the store was not locked anew.
	let house = with_records();
	fs::rename(house.path(".epid.key"), house.path(".epid.key.old")).unwrap();
	is_sound(&house);
	assert!(house.path(".epid.key").exists() && !house.path(".epid.key.old").exists());
}

#[test]
fn init_finishes_a_run_that_was_cut_off_like_any_command() {
	for missing in [false, true] {
		let house = with_records();
		house.run(["rekey"]).expect(0);
		fs::rename(house.path(".epid.key"), house.path(".epid.key.new")).unwrap();
		if !missing {
			fs::rename(house.path(".epid.key.old"), house.path(".epid.key")).unwrap();
		}
		let init = |organisation| house.run(["init", "--network", NETWORK, "--organisation", organisation]);
		let told = init("3").expect(0);
		assert!(told.err.contains("a change of the key was cut off: .epid.key opens the store now"), "{}", told.err);
		assert!(told.out.contains("already there: the store .epid"), "{}", told.out);
		assert!(house.path(".epid.key").exists() && !house.path(".epid.key.new").exists());
		assert!(init("4").expect(5).err.contains("[store-other-organisation]"));
		is_sound(&house);
	}
}
