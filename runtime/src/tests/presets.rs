// SPDX-License-Identifier: Apache-2.0
//! The presets are what their tables say.

use super::{account, preset};
use crate::{
	configs::{ConsortiumAccount, CouncilInstance},
	genesis_config_presets::{
		consortium::{FOUNDERS, REGULATOR},
		genesis_config, get_preset, preset_names, CLERK_FUNDS, CONTROLLER_FUNDS, DEVELOPMENT_NETWORK, LOCAL_NETWORK,
		PARA_ID, PURSE, TEMPLATE_PRESET,
	},
	AccountId, Balances, Ehr, ParachainInfo, Registry, Runtime, Session, SessionKeys,
};
use epidaurus_primitives::{
	gln::Gln,
	ids::OrgId,
	moment::Moment,
	registry::{Holder, OrganisationStatus, Roles, Standing},
	views::MAX_PAGE,
};
use std::collections::BTreeSet;

/// Each preset with the invented consortium.
fn each_preset(check: impl Fn()) {
	for name in preset_names().iter().filter(|name| name.as_str() != TEMPLATE_PRESET) {
		preset(name.as_ref()).execute_with(&check);
	}
}

#[test]
fn presets_are_these_three() {
	assert_eq!(preset_names(), ["development", "local_testnet", "consortium_template"]);
	assert!(preset_names().iter().all(|name| genesis_config(name).is_some()));
	assert_eq!(get_preset(&"consortium".into()), None);
}

#[test]
fn keys_are_those_that_everybody_derives() {
	use sp_core::{sr25519, Pair};
	for seed in ["Alice", "Bob", "Ferdie", "Regulator", "Alice//records", "Regulator//licensing"] {
		let pair = sr25519::Pair::from_string(&format!("//{seed}"), None).expect("a derivation");
		assert_eq!(account(seed), pair.public().into(), "{seed}");
	}
	assert_eq!(account("Alice"), sp_keyring::Sr25519Keyring::Alice.to_account_id());
}

#[test]
fn founders_stand_as_in_the_table() {
	each_preset(|| {
		let page = Registry::organisations(None, MAX_PAGE);
		assert_eq!((page.items.len(), page.next), (FOUNDERS.len(), None));
		for (founder, view) in FOUNDERS.iter().zip(page.items) {
			assert_eq!(view.class, founder.class);
			assert_eq!(view.status, OrganisationStatus::Active);
			assert_eq!(view.since, Moment(0));
			assert_eq!(view.controller, account(founder.controller));
			assert_eq!(view.gln, founder.gln.map(Gln));
			assert_eq!(view.jurisdiction, founder.jurisdiction);
			assert_eq!(view.sovereign, view.id.sovereign_account::<AccountId>());
		}
	});
}

#[test]
fn glns_have_their_check_digit_and_the_prefix_of_examples() {
	let glns: Vec<_> = FOUNDERS.iter().filter_map(|founder| founder.gln).collect();
	assert_eq!(glns.iter().collect::<BTreeSet<_>>().len(), glns.len());
	for gln in glns {
		assert!(Gln(gln).is_valid() && gln.starts_with(b"952"), "{:?}", Gln(gln));
	}
}

#[test]
fn staff_have_their_roles_and_controllers_control() {
	each_preset(|| {
		for (id, founder) in (0u32..).zip(FOUNDERS) {
			let member = |seed: &str| Registry::member(account(seed), None).expect("a member");
			let controller = member(founder.controller);
			assert_eq!((controller.organisation, controller.roles), (OrgId(id), Roles::CONTROLLER));
			for one in founder.staff {
				let view = member(&format!("{}//{}", founder.controller, one.name));
				assert_eq!((view.organisation, view.roles, view.until), (OrgId(id), one.roles, None));
			}
			assert_eq!(Registry::members(OrgId(id), None, MAX_PAGE).items.len(), founder.staff.len() + 1);
		}
	});
}

#[test]
fn licences_are_in_force_and_from_a_recognised_issuer() {
	each_preset(|| {
		let issuers = Registry::issuers(None, MAX_PAGE).items;
		for (id, founder) in (0u32..).zip(FOUNDERS) {
			let holder = Holder::Organisation(OrgId(id));
			let licences = Registry::licences(holder.clone(), None, MAX_PAGE).items;
			assert_eq!(licences.len(), founder.licences.len());
			for licence in licences {
				assert_eq!(licence.issuer, OrgId(REGULATOR));
				assert!(issuers.iter().any(|issuer| issuer.recognised
					&& issuer.organisation == licence.issuer
					&& issuer.capability == licence.capability
					&& issuer.jurisdiction.covers(&licence.jurisdiction)));
			}
			for (capability, jurisdiction) in founder.licences {
				let view = Registry::capability(holder.clone(), *capability, Some(*jurisdiction), None);
				assert_eq!(view.standing, Standing::Granted, "{capability} of {id}");
				// And where the organisation is.
				assert!(Registry::capability(holder.clone(), *capability, None, None).standing.is_granted());
			}
		}
	});
}

#[test]
fn staff_may_do_what_they_are_there_for() {
	each_preset(|| {
		for founder in FOUNDERS {
			for one in founder.staff {
				let holder = Holder::Member(account(&format!("{}//{}", founder.controller, one.name)));
				for capability in one.licences {
					let view = Registry::capability(holder.clone(), *capability, None, None);
					assert_eq!(view.standing, Standing::Granted, "{}//{}", founder.controller, one.name);
				}
				let licensed = founder.licences.iter().map(|(capability, _)| *capability);
				for capability in licensed.filter(|capability| one.roles.contains(capability.role())) {
					assert!(Registry::capability(holder.clone(), capability, None, None).standing.is_granted());
				}
			}
		}
	});
}

#[test]
fn council_is_the_controllers_of_active_organisations() {
	each_preset(|| {
		let mut controllers: Vec<_> = FOUNDERS.iter().map(|founder| account(founder.controller)).collect();
		controllers.sort();
		assert_eq!(pallet_collective::Members::<Runtime, CouncilInstance>::get(), controllers);
	});
}

#[test]
fn collators_are_operators_of_licensed_hospitals_and_have_keys() {
	for (name, collators) in [("development", vec!["Alice"]), ("local_testnet", vec!["Alice", "Bob"])] {
		preset(name).execute_with(|| {
			let keys =
				|seed: &str| SessionKeys { aura: sp_core::sr25519::Public::from_raw(account(seed).into()).into() };
			let mut expected: Vec<_> =
				collators.iter().map(|seed| (account(&format!("{seed}//operator")), keys(seed))).collect();
			let mut found = Session::queued_keys();
			expected.sort_by_key(|(account, _)| account.clone());
			found.sort_by_key(|(account, _)| account.clone());
			assert_eq!(found, expected);
			assert_eq!(pallet_aura::Authorities::<Runtime>::get().len(), collators.len());
			assert_eq!(pallet_collator_selection::DesiredCandidates::<Runtime>::get(), 0);
			for (account, _) in expected {
				let view = Registry::capability(
					Holder::Member(account),
					epidaurus_primitives::registry::Capability::Collate,
					None,
					None,
				);
				assert_eq!(view.standing, Standing::Granted);
			}
		});
	}
}

#[test]
fn networks_and_para_id_are_fixed() {
	assert_ne!(DEVELOPMENT_NETWORK, LOCAL_NETWORK);
	for (name, network) in [("development", DEVELOPMENT_NETWORK), ("local_testnet", LOCAL_NETWORK)] {
		preset(name).execute_with(|| {
			assert_eq!(Ehr::network_id(), network);
			assert_eq!(u32::from(ParachainInfo::parachain_id()), PARA_ID);
		});
	}
}

#[test]
fn all_money_comes_from_the_purse() {
	each_preset(|| {
		assert_eq!(Balances::total_issuance(), PURSE);
		assert!(Balances::free_balance(ConsortiumAccount::get()) > PURSE / 2);
		assert_eq!(Balances::free_balance(account("Alice")), CONTROLLER_FUNDS);
		assert_eq!(Balances::free_balance(account("Alice//records")), CLERK_FUNDS);
	});
}

#[test]
fn template_has_nobody_and_nothing_but_the_purse() {
	preset(TEMPLATE_PRESET).execute_with(|| {
		assert!(Registry::organisations(None, MAX_PAGE).items.is_empty());
		assert!(pallet_collective::Members::<Runtime, CouncilInstance>::get().is_empty());
		assert!(pallet_aura::Authorities::<Runtime>::get().is_empty());
		assert!(Session::queued_keys().is_empty());
		assert_eq!(Ehr::network_id().0, [0; 32]);
		let accounts: Vec<_> = frame_system::Account::<Runtime>::iter_keys().collect();
		assert_eq!(accounts, [ConsortiumAccount::get()]);
		assert_eq!(Balances::free_balance(ConsortiumAccount::get()), PURSE);
	});
}

/// With the feature alone: the checks of all pallets, the SDK's too.
#[cfg(feature = "try-runtime")]
#[test]
fn presets_pass_the_checks_of_all_pallets() {
	use crate::{AllPalletsWithSystem, BlockNumber};
	use frame_support::traits::{TryState, TryStateSelect};
	for name in preset_names() {
		preset(name.as_ref()).execute_with(|| {
			let checked = <AllPalletsWithSystem as TryState<BlockNumber>>::try_state(1, TryStateSelect::All);
			assert_eq!(checked, Ok(()), "{name}");
		});
	}
}
