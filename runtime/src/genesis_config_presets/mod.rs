// SPDX-License-Identifier: Apache-2.0
//! The presets `development` and `local_testnet`: the same small consortium, on networks of their own. And
//! `consortium_template`: nobody, for a consortium to fill in.

pub mod consortium;
#[cfg(feature = "std")]
pub mod founding;
#[cfg(feature = "std")]
pub mod well_known;

use crate::{
	configs::ConsortiumAccount, constants::money::EPI, AccountId, Balance, BalancesConfig, CollatorSelectionConfig,
	EhrConfig, ParachainInfoConfig, RegistryConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys,
};
use alloc::{collections::BTreeSet, format, vec::Vec};
use consortium::{Founder, FOUNDERS, REGULATOR};
use cumulus_primitives_core::ParaId;
use epidaurus_primitives::{
	gln::Gln,
	ids::{NetworkId, OrgId},
	jurisdiction::Jurisdiction,
	moment::{Interval, Moment},
	registry::{Capability, Holder, LicenceScope},
};
use frame_support::build_struct_json_patch;
use pallet_registry::genesis::{GenesisIssuer, GenesisLicence, GenesisMember, GenesisOrganisation};
use serde_json::Value;
use sp_core::{crypto::DeriveJunction, sr25519, Pair};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// Id on the relay chain.
pub const PARA_ID: u32 = 2_000;

/// Commitments of the preset `development` are made for this network. It is known to everybody, so nothing real may be
/// committed there.
pub const DEVELOPMENT_NETWORK: NetworkId = NetworkId(*b"epidaurus development network id");
/// Commitments of the preset `local_testnet` are made for this one.
pub const LOCAL_NETWORK: NetworkId = NetworkId(*b"epidaurus local test network id.");

/// Name of the preset without organisations, collators and network id, which a consortium fills in with its own.
pub const TEMPLATE_PRESET: &str = "consortium_template";

/// What the consortium's purse begins with. There is no other source of tokens, and no way to make or burn any.
pub const PURSE: Balance = 10_000_000 * EPI;
/// What each organisation's sovereign account begins with, for deposits.
pub const ALLOTMENT: Balance = 10_000 * EPI;
/// What each controller begins with, for fees and motions.
pub const CONTROLLER_FUNDS: Balance = 100 * EPI;
/// What each other member begins with, for fees.
pub const CLERK_FUNDS: Balance = 10 * EPI;

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
	[DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, TEMPLATE_PRESET].map(PresetId::from).into()
}

/// A preset as a patch of the default configuration, in JSON.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	serde_json::to_vec(&patch(id)?).ok()
}

fn patch(id: &PresetId) -> Option<Value> {
	match id.as_ref() {
		// One collator, so that a single node makes every block.
		DEV_RUNTIME_PRESET => Some(genesis(Launch::of_founders(DEVELOPMENT_NETWORK, &["Alice"]))),
		LOCAL_TESTNET_RUNTIME_PRESET => Some(genesis(Launch::of_founders(LOCAL_NETWORK, &["Alice", "Bob"]))),
		TEMPLATE_PRESET => Some(genesis(Launch::of_nobody())),
		_ => None,
	}
}

/// In what the chains of two consortia differ.
struct Launch {
	network_id: NetworkId,
	para_id: ParaId,
	collators: Vec<(AccountId, SessionKeys)>,
	organisations: Vec<GenesisOrganisation<AccountId>>,
	issuers: Vec<GenesisIssuer>,
	licences: Vec<GenesisLicence<AccountId>>,
}

impl Launch {
	fn of_founders(network_id: NetworkId, collators: &[&str]) -> Self {
		Self {
			network_id,
			para_id: PARA_ID.into(),
			collators: collators.iter().map(|name| collator(name)).collect(),
			organisations: organisations(),
			issuers: issuers(),
			licences: licences(),
		}
	}

	fn of_nobody() -> Self {
		Self {
			network_id: NetworkId([0; 32]),
			para_id: PARA_ID.into(),
			collators: Vec::new(),
			organisations: Vec::new(),
			issuers: Vec::new(),
			licences: Vec::new(),
		}
	}
}

/// A preset, filled up with what it leaves at the default.
#[cfg(feature = "std")]
pub fn genesis_config(id: &PresetId) -> Option<RuntimeGenesisConfig> {
	filled_up(patch(id)?)
}

/// The default configuration, patched.
#[cfg(feature = "std")]
pub(crate) fn filled_up(patch: Value) -> Option<RuntimeGenesisConfig> {
	fn fill_up(base: &mut Value, patch: Value) {
		match (base, patch) {
			(Value::Object(base), Value::Object(patch)) => {
				for (key, value) in patch {
					fill_up(base.entry(key).or_insert(Value::Null), value);
				}
			},
			(base, patch) => *base = patch,
		}
	}
	let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).ok()?;
	fill_up(&mut config, patch);
	serde_json::from_value(config).ok()
}

/// The secret behind the well-known development phrase. To stretch the phrase anew for every key would take longer than
/// all the rest of a preset.
pub const DEVELOPMENT_SEED: [u8; 32] =
	sp_core::hex2array!("fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e");

/// The account with the key `//` and this, derived from the development phrase.
pub fn account(seed: &str) -> AccountId {
	key(seed).into()
}

fn key(seed: &str) -> sr25519::Public {
	let root = sr25519::Pair::from_seed(&DEVELOPMENT_SEED);
	// Hard derivation of this kind of key does not fail.
	match root.derive(seed.split("//").map(DeriveJunction::hard), None) {
		Ok((pair, _)) => pair.public(),
		Err(_) => root.public(),
	}
}

fn clerk(founder: &Founder, name: &str) -> AccountId {
	account(&format!("{}//{name}", founder.controller))
}

fn genesis(launch: Launch) -> Value {
	let Launch { network_id, para_id, collators, organisations, issuers, licences } = launch;
	let balances = balances(&organisations);
	build_struct_json_patch!(RuntimeGenesisConfig {
		balances: BalancesConfig { balances },
		parachain_info: ParachainInfoConfig { parachain_id: para_id },
		collator_selection: CollatorSelectionConfig {
			invulnerables: collators.iter().map(|(account, _)| account.clone()).collect(),
			candidacy_bond: EPI,
			desired_candidates: 0,
		},
		session: SessionConfig {
			keys: collators.into_iter().map(|(account, keys)| (account.clone(), account, keys)).collect(),
		},
		registry: RegistryConfig { organisations, issuers, licences },
		ehr: EhrConfig { network_id },
	})
}

/// A collator acts for a hospital by its operator. Its blocks are signed with the hospital's well-known key, which a
/// node that is started with `--alice` or `--bob` has.
fn collator(name: &str) -> (AccountId, SessionKeys) {
	(account(&format!("{name}//operator")), SessionKeys { aura: key(name).into() })
}

/// What each begins with, all of it out of the purse.
fn balances(organisations: &[GenesisOrganisation<AccountId>]) -> Vec<(AccountId, Balance)> {
	let sovereigns = (0u32..).zip(organisations).map(|(id, _)| (OrgId(id).sovereign_account(), ALLOTMENT));
	let controllers = organisations.iter().map(|one| (one.controller.clone(), CONTROLLER_FUNDS));
	let clerks = organisations.iter().flat_map(|organisation| {
		// A controller can have more roles; it has its funds already.
		let others = organisation.members.iter().filter(|member| member.account != organisation.controller);
		others.map(|member| (member.account.clone(), CLERK_FUNDS))
	});
	let given: Vec<_> = sovereigns.chain(controllers).chain(clerks).collect();
	let spent: Balance = given.iter().fold(0, |sum: Balance, (_, amount)| sum.saturating_add(*amount));
	core::iter::once((ConsortiumAccount::get(), PURSE.saturating_sub(spent))).chain(given).collect()
}

fn organisations() -> Vec<GenesisOrganisation<AccountId>> {
	let members = |founder: &Founder| {
		let member = |one: &consortium::Clerk| GenesisMember {
			account: clerk(founder, one.name),
			roles: one.roles,
			until: None,
		};
		founder.staff.iter().map(member).collect()
	};
	FOUNDERS
		.iter()
		.map(|founder| GenesisOrganisation {
			class: founder.class,
			gln: founder.gln.map(Gln),
			jurisdiction: founder.jurisdiction,
			controller: account(founder.controller),
			members: members(founder),
		})
		.collect()
}

/// The regulator is recognised for just what it has licensed.
fn issuers() -> Vec<GenesisIssuer> {
	let recognised: BTreeSet<(Capability, Jurisdiction)> =
		licences().into_iter().map(|licence| (licence.capability, licence.jurisdiction)).collect();
	recognised
		.into_iter()
		.map(|(capability, jurisdiction)| GenesisIssuer { organisation: OrgId(REGULATOR), capability, jurisdiction })
		.collect()
}

fn licences() -> Vec<GenesisLicence<AccountId>> {
	let licence = |holder, capability, jurisdiction| GenesisLicence {
		holder,
		capability,
		jurisdiction,
		scope: LicenceScope::All,
		issuer: OrgId(REGULATOR),
		validity: Interval { from: Moment(0), until: None },
	};
	let mut licences = Vec::new();
	for (id, founder) in (0u32..).zip(FOUNDERS) {
		for (capability, jurisdiction) in founder.licences {
			licences.push(licence(Holder::Organisation(OrgId(id)), *capability, *jurisdiction));
		}
		for one in founder.staff {
			for capability in one.licences {
				let holder = Holder::Member(clerk(founder, one.name));
				licences.push(licence(holder, *capability, founder.jurisdiction));
			}
		}
	}
	licences
}
