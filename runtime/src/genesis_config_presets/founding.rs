// SPDX-License-Identifier: Apache-2.0
//! The chain of a real consortium, from what it writes down about itself.

use super::{filled_up, genesis, well_known, Launch, DEVELOPMENT_NETWORK, LOCAL_NETWORK};
use crate::{AccountId, SessionKeys};
use epidaurus_primitives::{ids::NetworkId, registry::Roles};
use pallet_registry::genesis::{GenesisIssuer, GenesisLicence, GenesisOrganisation};
use serde::Deserialize;
use serde_json::Value;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::crypto::Ss58Codec;
use sp_runtime::BuildStorage;
use std::panic::{self, AssertUnwindSafe};

/// What a consortium writes down to launch its chain. Money is not in it: everybody begins with what the presets give.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Founding {
	/// 32 random bytes in hexadecimal that tell this network's commitments from any other's.
	pub network_id: NetworkId,
	/// Id on the relay chain.
	pub para_id: u32,
	/// Who makes blocks.
	pub collators: Vec<FoundingCollator>,
	/// The first members. Their ids are their places in this list, from 0.
	pub organisations: Vec<GenesisOrganisation<AccountId>>,
	/// Who may license what, and where.
	pub issuers: Vec<GenesisIssuer>,
	/// Licences that are valid from the first block.
	pub licences: Vec<GenesisLicence<AccountId>>,
}

/// A collator of the first session.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FoundingCollator {
	/// The member that answers for it.
	pub account: AccountId,
	/// Its key for signing blocks, which its node has generated.
	pub aura: AuraId,
}

impl Founding {
	/// The genesis as a patch of the default configuration.
	///
	/// Fails if the network id is not of its own, if a key is one that everybody knows, or if a collator is no operator of an
	/// organisation. What else can be wrong, the pallets find when they build the state.
	pub fn genesis(self) -> Result<Value, String> {
		self.check()?;
		let Self { network_id, para_id, collators, organisations, issuers, licences } = self;
		let collators = collators.into_iter().map(|one| (one.account, SessionKeys { aura: one.aura })).collect();
		let para_id = para_id.into();
		Ok(genesis(Launch { network_id, para_id, collators, organisations, issuers, licences }))
	}

	fn check(&self) -> Result<(), String> {
		if !is_own_network(&self.network_id.0) {
			return Err("`networkId` must be 32 random bytes of your own".into());
		}
		if self.collators.is_empty() {
			return Err("without `collators` nobody makes blocks".into());
		}
		for collator in &self.collators {
			let operates = self
				.organisations
				.iter()
				.flat_map(|one| &one.members)
				.any(|member| member.account == collator.account && member.roles.contains(Roles::OPERATOR));
			if !operates {
				let account = collator.account.to_ss58check();
				return Err(format!("the collator {account} is not a member with the role of an operator"));
			}
		}
		let known = well_known::accounts();
		let secret_of = |account: &AccountId| known.iter().find(|(one, _)| one == account).map(|(_, secret)| secret);
		match self.accounts().iter().find_map(|account| secret_of(account).map(|secret| (account, secret))) {
			Some((account, secret)) => {
				Err(format!("everybody knows the key of {}: it is `{secret}`", account.to_ss58check()))
			},
			None => Ok(()),
		}
	}

	/// Every account and key in it.
	fn accounts(&self) -> Vec<AccountId> {
		let collators = self.collators.iter().flat_map(|one| {
			let key: &[u8] = one.aura.as_ref();
			[Some(one.account.clone()), <[u8; 32]>::try_from(key).ok().map(AccountId::from)]
		});
		let controllers = self.organisations.iter().map(|one| Some(one.controller.clone()));
		let members = self.organisations.iter().flat_map(|one| &one.members).map(|one| Some(one.account.clone()));
		collators.chain(controllers).chain(members).flatten().collect()
	}
}

/// Lets the pallets build the state of a genesis, and gives their objection.
///
/// They object by a panic, whose words would be lost if the WASM did the same.
pub fn try_state(genesis: Value) -> Result<(), String> {
	let config = filled_up(genesis).ok_or("this runtime has no such configuration")?;
	let hook = panic::take_hook();
	panic::set_hook(Box::new(|_| ()));
	let built = panic::catch_unwind(AssertUnwindSafe(|| config.build_storage()));
	panic::set_hook(hook);
	match built {
		Ok(state) => state.map(|_| ()),
		Err(words) => {
			let fixed = || words.downcast_ref::<&str>().map(|words| (*words).to_owned());
			let said = words.downcast_ref::<String>().cloned().or_else(fixed);
			Err(said.unwrap_or_else(|| "the pallets cannot build the state".into()))
		},
	}
}

/// Whether commitments for this network are for no other: it is neither left open nor one of the presets'.
pub fn is_own_network(network_id: &[u8; 32]) -> bool {
	![[0; 32], DEVELOPMENT_NETWORK.0, LOCAL_NETWORK.0].contains(network_id)
}
