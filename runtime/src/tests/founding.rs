// SPDX-License-Identifier: Apache-2.0
//! A consortium's own chain, from the example that it fills in.

use super::account;
use crate::{
	configs::CouncilInstance,
	genesis_config_presets::{
		filled_up,
		founding::{is_own_network, try_state, Founding},
		well_known, DEVELOPMENT_NETWORK, LOCAL_NETWORK, PURSE,
	},
	AccountId, Balances, Ehr, Registry, Runtime, Session,
};
use epidaurus_primitives::{
	ids::{NetworkId, OrgId},
	registry::{Capability, Holder, Standing},
	views::MAX_PAGE,
};
use serde_json::{json, Value};
use sp_core::crypto::Ss58Codec;
use sp_io::TestExternalities;
use sp_runtime::BuildStorage;

/// 2027-06-01T00:00:00Z, when the licences of the example are valid.
const IN_2027: u64 = 1_811_808_000_000;

/// As it lies in the repository: with a network id that is left open.
fn blank() -> Value {
	let file: Value = serde_json::from_str(include_str!("../../../chain-specs/consortium.example.json")).expect("JSON");
	file["consortium"].clone()
}

/// The example, filled in.
fn example() -> Value {
	let mut example = blank();
	example["networkId"] = format!("0x{}", "5a".repeat(32)).into();
	example
}

fn genesis(example: Value) -> Result<Value, String> {
	serde_json::from_value::<Founding>(example).map_err(|error| error.to_string())?.genesis()
}

fn state(example: Value) -> TestExternalities {
	let config = filled_up(genesis(example).expect("nothing is wrong")).expect("a configuration");
	config.build_storage().expect("the state builds").into()
}

#[test]
fn genesis_of_the_example_has_what_stands_in_it() {
	state(example()).execute_with(|| {
		let organisations = Registry::organisations(None, MAX_PAGE).items;
		assert_eq!(organisations.len(), 4);
		for (view, one) in organisations.iter().zip(example()["organisations"].as_array().expect("a list")) {
			assert_eq!(view.controller.to_ss58check(), one["controller"]);
		}
		assert_eq!(pallet_collective::Members::<Runtime, CouncilInstance>::get().len(), 4);
		assert_eq!(Ehr::network_id(), NetworkId([0x5a; 32]));
		assert_eq!(Balances::total_issuance(), PURSE);
		let collators = Session::queued_keys().into_iter();
		let mut collators: Vec<_> =
			collators.map(|(account, keys)| (account.to_ss58check(), keys.aura.to_ss58check())).collect();
		let text = |value: &Value| value.as_str().expect("an address").to_owned();
		let listed = example()["collators"].as_array().expect("a list").clone();
		let mut expected: Vec<_> = listed.iter().map(|one| (text(&one["account"]), text(&one["aura"]))).collect();
		collators.sort();
		expected.sort();
		assert_eq!(collators, expected);
		pallet_timestamp::Now::<Runtime>::put(IN_2027);
		for hospital in [0, 1] {
			for capability in [Capability::AnchorRecords, Capability::Collate] {
				let view = Registry::capability(Holder::Organisation(OrgId(hospital)), capability, None, None);
				assert_eq!(view.standing, Standing::Granted, "{capability} of {hospital}");
			}
		}
	});
}

#[test]
fn genesis_of_the_blank_example_fails() {
	assert!(genesis(blank()).is_err_and(|error| error.contains("networkId")));
	for network in [[0; 32], DEVELOPMENT_NETWORK.0, LOCAL_NETWORK.0] {
		assert!(!is_own_network(&network));
	}
	assert!(is_own_network(&[1; 32]));
}

#[test]
fn genesis_with_a_well_known_key_fails() {
	let alice = account("Alice").to_ss58check();
	let regulator = account("Regulator//licensing").to_ss58check();
	for (place, key, secret) in [
		("/organisations/0/controller", &alice, "`//Alice`"),
		("/organisations/1/members/0/account", &regulator, "`//Regulator//licensing`"),
		("/collators/1/aura", &alice, "`//Alice`"),
	] {
		let mut example = example();
		*example.pointer_mut(place).expect("it is there") = json!(key);
		let error = genesis(example).expect_err("the key is known");
		assert!(error.contains("everybody knows") && error.contains(secret), "{place}: {error}");
	}
}

#[test]
fn genesis_without_collators_or_with_a_strange_one_fails() {
	let mut nobody = example();
	nobody["collators"] = json!([]);
	assert!(genesis(nobody).is_err_and(|error| error.contains("collators")));
	// A controller is a member, but no operator.
	let mut strange = example();
	strange["collators"][0]["account"] = strange["organisations"][0]["controller"].clone();
	assert!(genesis(strange).is_err_and(|error| error.contains("operator")));
}

#[test]
fn state_of_what_only_the_pallets_know_to_be_wrong_fails() {
	assert_eq!(try_state(genesis(example()).expect("nothing is wrong")), Ok(()));
	for (place, wrong, reason) in [
		("/organisations/1/gln", json!("9521000000001"), "GlnTaken"),
		("/licences/0/issuer", json!(0), "NotRecognised"),
	] {
		let mut example = example();
		*example.pointer_mut(place).expect("it is there") = wrong;
		let error =
			try_state(genesis(example).expect("the plan's own rules are kept")).expect_err("the state is wrong");
		assert!(error.contains(reason), "{place}: {error}");
	}
}

#[test]
fn genesis_with_an_unknown_field_fails() {
	for place in ["", "/organisations/0", "/collators/0"] {
		let mut example = example();
		example.pointer_mut(place).expect("it is there")["patient"] = json!("a name");
		assert!(genesis(example).is_err_and(|error| error.contains("unknown field `patient`")), "{place}");
	}
}

#[test]
fn well_known_accounts_are_those_that_every_tool_derives() {
	let accounts = well_known::accounts();
	let secret = |address: &str| {
		let account = AccountId::from_ss58check(address).expect("an address");
		accounts.iter().find(|(one, _)| *one == account).map(|(_, secret)| secret.as_str())
	};
	for (address, expected) in [
		// Of the phrase itself; then sr25519, ed25519, ECDSA; a stash.
		("5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV", ""),
		("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "//Alice"),
		("5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu", "//Alice"),
		("5C7C2Z5sWbytvHpuLTvzKunnnRwQxft1jiqrLD5rhucQ5S9X", "//Alice"),
		("5DdJ9KX9gm9UvZpcpY6av29Q4uzbjuHdp5zEmV6FCh2FXiBc", "//Alice//stash"),
	] {
		assert_eq!(secret(address), Some(expected), "{address}");
	}
	let staff = account("Alice//records");
	assert!(accounts.contains(&(staff, "//Alice//records".into())));
}
