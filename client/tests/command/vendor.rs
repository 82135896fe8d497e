// SPDX-License-Identifier: Apache-2.0
//! What vendors' guide promises of the command, as far as it needs no node; the rest of it runs in `tests/js/vendors.test.js`.

use crate::house::{answer, House, NETWORK};

const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

fn name(house: &House, arguments: &[&str], code: i32) -> String {
	let answer = house.run(arguments.iter().copied().chain(["--json"])).expect(code);
	answer.json()["error"]["name"].as_str().unwrap().to_owned()
}

#[test]
fn signer_needs_its_account_and_no_key_beside_it() {
	let house = House::empty();
	house.write("key", "//Alice\n");
	assert_eq!(name(&house, &["init", "--signer-command", "true"], 2), "usage");
	let both = ["init", "--signer-command", "true", "--signer-account", ALICE, "--key-file", "key"];
	assert_eq!(name(&house, &both, 2), "usage");
	assert_eq!(name(&house, &["init", "--signer-command", " ", "--signer-account", ALICE], 2), "signer-command-empty");
	house.run(["init", "--signer-command", "true", "--signer-account", "Alice"]).expect(2);
}

#[test]
fn signer_is_told_by_options_or_by_variables() {
	let house = House::empty();
	// It comes as far as the node, which nobody has started: only a transaction needs the program.
	let arguments = ["init", "--node", "ws://127.0.0.1:1", "--json"];
	let account = format!("0x{}", "11".repeat(32));
	let options = ["--signer-command", "no-such-program", "--signer-account", &account];
	house.run(arguments.into_iter().chain(options)).expect(4);
	let mut command = house.command(arguments);
	command.env("EPID_SIGNER_COMMAND", "no-such-program").env("EPID_SIGNER_ACCOUNT", ALICE);
	answer(&mut command).expect(4);
}

#[test]
fn signer_is_not_given_the_keys_that_stand_in_variables() {
	let house = House::empty();
	house.write("sign.sh", "set > seen\nexit 1\n");
	let (genesis, subject) = (format!("0x{}", "11".repeat(32)), format!("0x{}", "22".repeat(32)));
	let ground = ["--genesis", &genesis, "--network", NETWORK, "--nonce", "0", "--subject", &subject];
	let signer = ["--signer-command", "/bin/sh sign.sh", "--signer-account", ALICE, "--json"];
	let mut command = house.command(["subject", "sign", "prove-key", "--yes"].into_iter().chain(ground).chain(signer));
	command.env("EPID_KEY", "//Topsecret").env("EPID_STORE_KEY", "Topsecret passphrase").env("EPID_TEST", "is given");
	let refused = answer(&mut command).expect(2).json();
	assert_eq!(refused["error"]["name"], "signer-refused");
	let seen = house.read("seen");
	assert!(seen.contains("is given") && !seen.contains("Topsecret"), "{seen}");
}

#[test]
fn imported_records_carry_the_claimed_time_and_say_whose_claim_it_is() {
	let house = House::new();
	house.resources(1);
	house.run(["append", "--imported", "data"]).expect(2);
	let claimed = ["append", "--imported", "--clinical-time", "2009-03-04T00:00:00Z", "data", "--json"];
	assert_eq!(house.run(claimed).expect(0).json()["new"], 1);
	assert_eq!(house.run(claimed).expect(0).json()["unchanged"], 1);
	house.trusted_head("head.json");
	house.run(["prove", "data/0.json", "-o", "b.epid.json", "--size", "1"]).expect(0);
	let verify = ["verify", "data/0.json", "--bundle", "b.epid.json", "--head", "head.json"];
	let verdict = house.run(verify.into_iter().chain(["--json"])).expect(0).json();
	assert_eq!(verdict["verified"]["imported"], true);
	assert_eq!(verdict["verified"]["clinicalTime"], "2009-03-04T00:00:00.000Z");
	let sentences = house.run(verify).expect(0).out;
	assert!(sentences.contains("of 2009-03-04T00:00:00.000Z by the custodian's own word"), "{sentences}");

	// The mark is committed: without it the bundle opens nothing.
	let bundle = house.read("b.epid.json").replace("2147483648", "0");
	assert_ne!(bundle, house.read("b.epid.json"));
	house.write("b.epid.json", bundle);
	house.run(verify).expect(1);
	// Other words about a record are another version of it.
	assert_eq!(house.run(["append", "data", "--json"]).expect(0).json()["changed"], 1);
}
