// SPDX-License-Identifier: GPL-3.0-only
//! Keys that everybody knows, kept away from real chains.

use crate::error::Error;
use sc_chain_spec::{ChainSpec, ChainType};
use sp_core::{
	crypto::{key_types::AURA, Pair as _},
	sr25519,
};
use sp_keystore::KeystorePtr;

/// Secrets that ship with every Substrate tool: the development phrase and its named children.
const WELL_KNOWN: [&str; 9] = ["", "//Alice", "//Bob", "//Charlie", "//Dave", "//Eve", "//Ferdie", "//One", "//Two"];

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
	let found = WELL_KNOWN.iter().find(|secret| {
		sr25519::Pair::from_string(secret, None)
			.is_ok_and(|pair| keystore.has_keys(&[(pair.public().0.to_vec(), AURA)]))
	});
	match found {
		Some(secret) => {
			Err(Error::WellKnownKey { what: format!("The keystore's Aura key `{secret}`"), chain: spec.name().into() })
		},
		None => Ok(()),
	}
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
