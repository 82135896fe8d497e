// SPDX-License-Identifier: GPL-3.0-only
//! Keys that everybody knows, kept away from real chains.

use crate::error::Error;
use epidaurus_runtime::{
	genesis_config_presets::{founding::is_own_network, well_known},
	AccountId,
};
use sc_chain_spec::{ChainSpec, ChainType};
use sp_core::{
	crypto::key_types::AURA,
	storage::{well_known_keys::CODE, Storage},
};
use sp_crypto_hashing::twox_128;
use sp_keystore::KeystorePtr;

/// Whether `chain_type` is one on which well-known keys do no harm.
pub fn is_test_chain(chain_type: &ChainType) -> bool {
	matches!(chain_type, ChainType::Development | ChainType::Local)
}

/// Refuses `--alice` and its like, and the seed that `--dev` implies, on a chain that is no test chain.
pub fn check_flags(run: &sc_cli::RunCmd, spec: &dyn ChainSpec) -> Result<(), Error> {
	if is_test_chain(&spec.chain_type()) {
		return Ok(());
	}
	let what = match run.get_keyring() {
		Some(name) => format!("`--{}`", name.to_string().to_lowercase()),
		None if run.shared_params.dev => "`--dev`".into(),
		None => return Ok(()),
	};
	Err(Error::WellKnownKey { what, chain: spec.name().into() })
}

/// Refuses to collate on a chain that is no test chain with a keystore that holds a well-known session key.
pub fn check_keystore(keystore: &KeystorePtr, spec: &dyn ChainSpec) -> Result<(), Error> {
	if is_test_chain(&spec.chain_type()) {
		return Ok(());
	}
	let mut accounts = well_known::accounts().into_iter();
	let holds = |account: &AccountId| keystore.has_keys(&[(AsRef::<[u8]>::as_ref(account).to_vec(), AURA)]);
	match accounts.find(|(account, _)| holds(account)) {
		Some((_, secret)) => Err(Error::WellKnownKey {
			what: format!("The keystore's Aura key, that of {},", named(&secret)),
			chain: spec.name().into(),
		}),
		None => Ok(()),
	}
}

/// Refuses a genesis state that is not a test chain's and in which somebody well known has a part, whatever part it is; that
/// commits for a network which is not its own; or that names no collators, as a template does.
pub fn check_genesis(state: &Storage, spec: &dyn ChainSpec) -> Result<(), Error> {
	if is_test_chain(&spec.chain_type()) {
		return Ok(());
	}
	let chain = spec.name().to_owned();
	if let Some(secret) = well_known_in(state) {
		let what = format!("The genesis state, in which {} has a part,", named(&secret));
		return Err(Error::WellKnownKey { what, chain });
	}
	let item = |pallet: &str, name: &str| {
		let key = [twox_128(pallet.as_bytes()), twox_128(name.as_bytes())].concat();
		state.top.get(&key).map(Vec::as_slice).unwrap_or_default()
	};
	// An empty list is a single zero.
	if item("Aura", "Authorities").iter().all(|byte| *byte == 0) {
		return Err(Error::NoCollators { chain });
	}
	match <[u8; 32]>::try_from(item("Ehr", "Network")) {
		Ok(network) if is_own_network(&network) => Ok(()),
		_ => Err(Error::NoNetwork { chain }),
	}
}

/// A secret as people call it.
fn named(secret: &str) -> String {
	if secret.is_empty() {
		"the development phrase".into()
	} else {
		format!("`{secret}`")
	}
}

/// The secret of the first well-known account that the state has anywhere: in a key, in a value, within either.
fn well_known_in(state: &Storage) -> Option<String> {
	let known = well_known::accounts();
	let texts = state.top.iter().filter(|(key, _)| key.as_slice() != CODE).flat_map(|(key, value)| [key, value]);
	let mut places = texts.flat_map(|text| text.windows(32));
	places.find_map(|bytes| secret_of(&known, bytes).cloned())
}

fn secret_of<'a>(known: &'a [(AccountId, String)], bytes: &[u8]) -> Option<&'a String> {
	known.iter().find(|(account, _)| AsRef::<[u8]>::as_ref(account) == bytes).map(|(_, secret)| secret)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::chain_spec::{self, Extensions};
	use sp_keystore::{testing::MemoryKeystore, Keystore};
	use std::sync::Arc;

	fn spec(chain_type: ChainType) -> chain_spec::ChainSpec {
		let extensions = Extensions { relay_chain: "relay".into(), para_id: None, preset: None };
		chain_spec::ChainSpec::builder(&[], extensions).with_chain_type(chain_type).build()
	}

	fn run_cmd(args: &[&str]) -> sc_cli::RunCmd {
		<sc_cli::RunCmd as clap::Parser>::parse_from([&["epidaurus"], args].concat())
	}

	#[test]
	fn check_flags_on_test_chains_works() {
		for chain_type in [ChainType::Development, ChainType::Local] {
			assert!(check_flags(&run_cmd(&["--alice"]), &spec(chain_type)).is_ok());
		}
	}

	#[test]
	fn check_flags_on_other_chains_fails() {
		for chain_type in [ChainType::Live, ChainType::Custom("health".into())] {
			for flag in ["--alice", "--bob", "--two", "--dev"] {
				let refusal = check_flags(&run_cmd(&[flag]), &spec(chain_type.clone()));
				assert!(matches!(refusal, Err(Error::WellKnownKey { what, .. }) if what.contains(flag)));
			}
			assert!(check_flags(&run_cmd(&["--validator"]), &spec(chain_type)).is_ok());
		}
	}

	fn genesis(preset: &str) -> Storage {
		use epidaurus_runtime::genesis_config_presets::genesis_config;
		use sp_runtime::BuildStorage;
		genesis_config(&preset.into()).expect("a preset").build_storage().expect("it builds")
	}

	fn put(state: &mut Storage, pallet: &str, name: &str, value: &[u8]) {
		let key = [twox_128(pallet.as_bytes()), twox_128(name.as_bytes())].concat();
		assert!(genesis("development").top.contains_key(&key), "{pallet}.{name} is an item");
		state.top.insert(key, value.to_vec());
	}

	/// The template with a collator and a network.
	fn filled_in() -> Storage {
		let mut state = genesis("consortium_template");
		put(&mut state, "Aura", "Authorities", &[&[4][..], &[0x11; 32]].concat());
		put(&mut state, "Ehr", "Network", &[0x22; 32]);
		state
	}

	#[test]
	fn check_genesis_of_presets_fails_on_live_chains_only() {
		for preset in ["development", "local_testnet"] {
			let refusal = check_genesis(&genesis(preset), &spec(ChainType::Live));
			assert!(matches!(refusal, Err(Error::WellKnownKey { what, .. }) if what.contains("`//")));
			assert!(check_genesis(&genesis(preset), &spec(ChainType::Local)).is_ok());
			assert!(check_genesis(&genesis(preset), &spec(ChainType::Development)).is_ok());
		}
	}

	#[test]
	fn check_genesis_of_an_unfilled_template_fails() {
		let live = spec(ChainType::Live);
		assert!(matches!(check_genesis(&genesis("consortium_template"), &live), Err(Error::NoCollators { .. })));
		assert!(check_genesis(&filled_in(), &live).is_ok());
		for network in [[0; 32], epidaurus_runtime::genesis_config_presets::LOCAL_NETWORK.0] {
			let mut state = filled_in();
			put(&mut state, "Ehr", "Network", &network);
			assert!(matches!(check_genesis(&state, &live), Err(Error::NoNetwork { .. })));
		}
	}

	#[test]
	fn check_genesis_finds_a_well_known_account_anywhere() {
		let live = spec(ChainType::Live);
		let genesis = filled_in();
		for (account, secret) in well_known::accounts().into_iter().step_by(10) {
			let bytes: &[u8] = account.as_ref();
			for (key, value) in [
				([&b"at the end of a key "[..], bytes].concat(), vec![1]),
				(b"within a value".to_vec(), [&b"before "[..], bytes, b" after"].concat()),
			] {
				let mut state = genesis.clone();
				state.top.insert(key, value);
				let refusal = check_genesis(&state, &live);
				assert!(matches!(refusal, Err(Error::WellKnownKey { what, .. }) if what.contains(&named(&secret))));
			}
		}
	}

	#[test]
	fn check_keystore_with_well_known_key_fails_on_live_chains_only() {
		let keystore: KeystorePtr = Arc::new(MemoryKeystore::new());
		let live = spec(ChainType::Live);
		keystore.sr25519_generate_new(AURA, None).expect("memory keystore");
		assert!(check_keystore(&keystore, &live).is_ok());
		keystore.sr25519_generate_new(AURA, Some("//Eve")).expect("memory keystore");
		assert!(
			matches!(check_keystore(&keystore, &live), Err(Error::WellKnownKey { what, .. }) if what.contains("//Eve"))
		);
		assert!(check_keystore(&keystore, &spec(ChainType::Local)).is_ok());
	}
}
