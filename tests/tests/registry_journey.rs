// SPDX-License-Identifier: Apache-2.0
//! An organisation comes, works, is stopped, and goes; and who decides about it.

use epidaurus_primitives::{
	gln::Gln,
	hash::HashSuite,
	ids::{LicenceId, OrgId, RecordId},
	jurisdiction::Jurisdiction,
	registry::{Capability, Holder, LicenceScope, OrganisationClass, OrganisationStatus, Roles, Standing},
	views::{CapabilityView, Cursor, LicenceView, OrganisationView, Page, MAX_PAGE},
};
use epidaurus_runtime::{
	configs::CouncilInstance, constants::money::EPI, genesis_config_presets::consortium::GREECE, AccountId, Runtime,
	RuntimeCall,
};
use epidaurus_tests::{
	account,
	actors::{HOSPITAL, LICENSING, SEATS},
	logs::{commitment, opening, version},
	Chain,
};
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	transaction_validity::InvalidTransaction,
	DispatchError,
};

const NEWCOMER: &str = "Newcomer";
const NEW_CLERK: &str = "Newcomer//records";
/// The first id after the founders'.
const NEW_ID: OrgId = OrgId(11);
const RECORD: RecordId = RecordId([9; 16]);

fn apply() -> pallet_registry::Call<Runtime> {
	pallet_registry::Call::apply {
		controller: account(NEWCOMER),
		class: OrganisationClass::Provider,
		gln: Some(Gln(*b"9521011000007")),
		jurisdiction: GREECE,
	}
}

/// The newcomer applied, was admitted with an allotment, and is licensed to anchor records.
fn newcomer_at_work() -> Chain {
	let mut chain = Chain::new();
	chain.ok("Alice", apply());
	let calls: Vec<RuntimeCall> = vec![
		pallet_registry::Call::allot { organisation: NEW_ID, amount: 100 * EPI }.into(),
		pallet_registry::Call::admit_organisation { organisation: NEW_ID }.into(),
	];
	chain.decide(pallet_utility::Call::batch_all { calls });
	fund(&mut chain, NEWCOMER);
	chain.ok(
		NEWCOMER,
		pallet_registry::Call::add_member { member: account(NEW_CLERK), roles: Roles::RECORDS, until: None },
	);
	fund(&mut chain, NEW_CLERK);
	chain.ok(LICENSING, license());
	chain
}

fn fund(chain: &mut Chain, member: &str) {
	chain.ok(NEWCOMER, pallet_registry::Call::fund_member { member: account(member), amount: 10 * EPI });
}

fn license() -> pallet_registry::Call<Runtime> {
	pallet_registry::Call::issue_licence {
		holder: Holder::Organisation(NEW_ID),
		capability: Capability::AnchorRecords,
		jurisdiction: GREECE,
		scope: LicenceScope::All,
		from: None,
		until: None,
	}
}

fn anchor(record: RecordId) -> pallet_ehr::Call<Runtime> {
	let commitment = commitment(&opening("a record"));
	pallet_ehr::Call::anchor { record, commitment, suite: HashSuite::FhirStaticRoot, link: None }
}

fn amend(expected_version: u32) -> pallet_ehr::Call<Runtime> {
	let commitment = commitment(&version("a record", expected_version + 1));
	pallet_ehr::Call::amend { record: RECORD, expected_version, commitment, suite: HashSuite::FhirStaticRoot }
}

fn status(chain: &mut Chain, id: OrgId) -> Option<OrganisationStatus> {
	let view: Option<OrganisationView<AccountId>> = chain.ask("RegistryApi_organisation", (id, None::<()>));
	view.map(|view| view.status)
}

fn seats(chain: &mut Chain) -> Vec<AccountId> {
	chain.run(pallet_collective::Members::<Runtime, CouncilInstance>::get)
}

#[test]
fn newcomer_is_sponsored_admitted_and_licensed() {
	let mut chain = Chain::new();
	// It cannot even ask by itself. An account that the chain has never seen could not pay, which is asked first.
	chain.refused(NEWCOMER, apply(), InvalidTransaction::Payment);
	chain.ok("Alice", apply());
	assert_eq!(status(&mut chain, NEW_ID), Some(OrganisationStatus::Applied));
	chain.refused(NEWCOMER, anchor(RECORD), InvalidTransaction::Payment);

	// Seven of eleven are not enough.
	let admit = pallet_registry::Call::admit_organisation { organisation: NEW_ID };
	assert_eq!(chain.motion(admit.clone(), 7), Ok(Err(DispatchError::BadOrigin)));
	assert_eq!(status(&mut chain, NEW_ID), Some(OrganisationStatus::Applied));

	let calls: Vec<RuntimeCall> =
		vec![pallet_registry::Call::allot { organisation: NEW_ID, amount: 100 * EPI }.into(), admit.into()];
	chain.decide(pallet_utility::Call::batch_all { calls });
	assert_eq!(status(&mut chain, NEW_ID), Some(OrganisationStatus::Active));
	assert!(seats(&mut chain).contains(&account(NEWCOMER)));
	chain.check();

	// The new controller has no token yet: giving itself the first ones costs none.
	assert_eq!(chain.balance(&account(NEWCOMER)), 0);
	fund(&mut chain, NEWCOMER);
	assert_eq!(chain.balance(&account(NEWCOMER)), 10 * EPI);
	chain.ok(
		NEWCOMER,
		pallet_registry::Call::add_member { member: account(NEW_CLERK), roles: Roles::RECORDS, until: None },
	);
	fund(&mut chain, NEW_CLERK);
	chain.fails(NEW_CLERK, anchor(RECORD), pallet_registry::Error::<Runtime>::NoLicence);
	chain.ok(LICENSING, license());
	chain.ok(NEW_CLERK, anchor(RECORD));
}

#[test]
fn refused_applicant_leaves_the_deposit_with_its_sponsor() {
	let mut chain = Chain::new();
	let sovereign: AccountId = HOSPITAL.sovereign_account();
	let before = chain.balance(&sovereign);
	chain.ok("Alice", apply());
	assert!(chain.balance(&sovereign) < before);
	chain.decide(pallet_registry::Call::refuse_application { organisation: NEW_ID });
	assert_eq!(chain.balance(&sovereign), before);
	assert_eq!(status(&mut chain, NEW_ID), None);
	chain.check();
}

#[test]
fn suspended_organisation_has_duties_and_no_voice() {
	let mut chain = newcomer_at_work();
	chain.ok(NEW_CLERK, anchor(RECORD));
	chain.next_block();
	chain.decide(pallet_registry::Call::suspend_organisation { organisation: NEW_ID });
	assert_eq!(status(&mut chain, NEW_ID), Some(OrganisationStatus::Suspended));
	assert!(!seats(&mut chain).contains(&account(NEWCOMER)));
	chain.check();

	let inactive = pallet_registry::Error::<Runtime>::OrganisationInactive;
	chain.fails(NEW_CLERK, anchor(RecordId([8; 16])), inactive);
	chain.ok(NEW_CLERK, amend(1));
	let holder = Holder::<AccountId>::Organisation(NEW_ID);
	let view: CapabilityView =
		chain.ask("RegistryApi_capability", (holder, Capability::AnchorRecords, None::<()>, None::<()>));
	assert_eq!(view.standing, Standing::OrganisationInactive(OrganisationStatus::Suspended));

	chain.next_block();
	chain.decide(pallet_registry::Call::reinstate_organisation { organisation: NEW_ID });
	assert!(seats(&mut chain).contains(&account(NEWCOMER)));
	chain.check();
	chain.ok(NEW_CLERK, anchor(RecordId([8; 16])));
}

#[test]
fn expelled_organisation_still_does_its_duties() {
	let mut chain = newcomer_at_work();
	chain.ok(NEW_CLERK, anchor(RECORD));
	chain.next_block();
	chain.decide(pallet_registry::Call::expel_organisation { organisation: NEW_ID });
	chain.check();
	chain.ok(NEW_CLERK, amend(1));
	chain.ok(NEW_CLERK, pallet_ehr::Call::mark_entered_in_error { record: RECORD });
	let inactive = pallet_registry::Error::<Runtime>::OrganisationInactive;
	chain.fails(NEW_CLERK, anchor(RecordId([8; 16])), inactive);
	// It is for good.
	let back = pallet_registry::Call::reinstate_organisation { organisation: NEW_ID };
	assert_eq!(chain.motion(back, 8), Ok(Err(pallet_registry::Error::<Runtime>::WrongState.into())));
}

#[test]
fn organisation_that_leaves_gives_up_its_seat() {
	let mut chain = newcomer_at_work();
	chain.ok(NEWCOMER, pallet_registry::Call::leave {});
	assert_eq!(status(&mut chain, NEW_ID), Some(OrganisationStatus::Left));
	chain.check();
}

/// Opens a motion by Alice and gives its hash; it is the chain's first.
fn open_motion(chain: &mut Chain) -> sp_core::H256 {
	let call: RuntimeCall = pallet_registry::Call::suspend_organisation { organisation: OrgId(2) }.into();
	let proposal = BlakeTwo256::hash_of(&call);
	chain.ok("Alice", pallet_collective::Call::propose { threshold: 8, proposal: Box::new(call), length_bound: 100 });
	proposal
}

fn vote(chain: &mut Chain, who: &str, proposal: sp_core::H256) {
	chain.ok(who, pallet_collective::Call::vote { proposal, index: 0, approve: true });
}

fn close(chain: &mut Chain, proposal: sp_core::H256) -> Result<Result<(), DispatchError>, ()> {
	chain
		.send(
			"Alice",
			pallet_collective::Call::close {
				proposal_hash: proposal,
				index: 0,
				proposal_weight_bound: frame_support::weights::Weight::from_parts(1_000_000_000_000, 1_000_000),
				length_bound: 100,
			},
		)
		.map_err(|_| ())
}

#[test]
fn rotated_controller_takes_seat_and_open_vote_along() {
	let mut chain = Chain::new();
	let proposal = open_motion(&mut chain);
	for who in &SEATS[..8] {
		vote(&mut chain, who, proposal);
	}
	chain.next_block();
	chain.ok("Bob", pallet_registry::Call::rotate_controller { new: account("Robert") });
	chain.check();
	assert!(seats(&mut chain).contains(&account("Robert")) && !seats(&mut chain).contains(&account("Bob")));
	// The old key is nobody's any more; the new one cannot vote a second time.
	let again = pallet_collective::Call::vote { proposal, index: 0, approve: true };
	chain.refused("Bob", again.clone(), InvalidTransaction::BadSigner);
	chain.ok("Robert", pallet_registry::Call::fund_member { member: account("Robert"), amount: EPI });
	chain.fails("Robert", again, pallet_collective::Error::<Runtime, CouncilInstance>::DuplicateVote);
	// Eight votes stand, one of them the new controller's.
	assert_eq!(close(&mut chain, proposal), Ok(Ok(())));
	assert_eq!(status(&mut chain, OrgId(2)), Some(OrganisationStatus::Suspended));
}

#[test]
fn new_controller_can_change_the_vote_of_the_old_one() {
	let mut chain = Chain::new();
	let proposal = open_motion(&mut chain);
	for who in &SEATS[..8] {
		vote(&mut chain, who, proposal);
	}
	// The key was in wrong hands: the consortium gives the seat to another.
	chain.decide(pallet_registry::Call::replace_controller { organisation: OrgId(1), new: account("Robert") });
	chain.ok("Robert", pallet_registry::Call::fund_member { member: account("Robert"), amount: EPI });
	chain.ok("Robert", pallet_collective::Call::vote { proposal, index: 0, approve: false });
	let too_early = pallet_collective::Error::<Runtime, CouncilInstance>::TooEarly;
	let closed = close(&mut chain, proposal).expect("valid");
	assert_eq!(closed.map_err(DispatchError::stripped), Err(DispatchError::from(too_early).stripped()));
	assert_eq!(status(&mut chain, OrgId(2)), Some(OrganisationStatus::Active));
}

#[test]
fn suspended_organisation_loses_its_open_vote() {
	let mut chain = Chain::new();
	let proposal = open_motion(&mut chain);
	for who in &SEATS[..8] {
		vote(&mut chain, who, proposal);
	}
	chain.decide(pallet_registry::Call::suspend_organisation { organisation: OrgId(1) });
	chain.check();
	let too_early = pallet_collective::Error::<Runtime, CouncilInstance>::TooEarly;
	let closed = close(&mut chain, proposal).expect("valid");
	assert_eq!(closed.map_err(DispatchError::stripped), Err(DispatchError::from(too_early).stripped()));
}

#[test]
fn issuer_without_recognition_licenses_nobody() {
	let mut chain = newcomer_at_work();
	let withdraw = pallet_registry::Call::withdraw_issuer {
		organisation: OrgId(9),
		capability: Capability::AnchorRecords,
		jurisdiction: GREECE,
	};
	chain.decide(withdraw);
	chain.fails(LICENSING, license(), pallet_registry::Error::<Runtime>::NotRecognised);
	// What it has issued stays in force.
	chain.ok(NEW_CLERK, anchor(RECORD));
	// Nor anybody elsewhere than where it is recognised.
	let abroad = Jurisdiction::country(*b"FR");
	let call = pallet_registry::Call::issue_licence {
		holder: Holder::Organisation(NEW_ID),
		capability: Capability::Dispense,
		jurisdiction: abroad,
		scope: LicenceScope::All,
		from: None,
		until: None,
	};
	chain.fails(LICENSING, call, pallet_registry::Error::<Runtime>::NotRecognised);
}

#[test]
fn distrusted_licence_answers_for_the_past_too() {
	let mut chain = newcomer_at_work();
	let holder = Holder::<AccountId>::Organisation(NEW_ID);
	let page: Page<LicenceView<AccountId>> =
		chain.ask("RegistryApi_licences", (holder.clone(), None::<Cursor>, MAX_PAGE));
	let licence: LicenceId = page.items[0].id;
	let issued = chain.now();
	chain.sleep(60_000);
	let found_out = chain.now();
	chain.sleep(60_000);
	chain.ok(LICENSING, pallet_registry::Call::distrust_licence { licence, from: found_out });
	let mut standing = |at| {
		let view: CapabilityView =
			chain.ask("RegistryApi_capability", (holder.clone(), Capability::AnchorRecords, None::<()>, Some(at)));
		view.standing
	};
	assert_eq!(standing(issued), Standing::Granted);
	assert_eq!(standing(found_out), Standing::LicenceDistrusted);
	chain.fails(NEW_CLERK, anchor(RECORD), pallet_registry::Error::<Runtime>::LicenceDistrusted);
}

#[test]
fn member_that_resigns_or_is_removed_cannot_transact() {
	let mut chain = newcomer_at_work();
	chain.ok(NEW_CLERK, pallet_registry::Call::resign {});
	chain.refused(NEW_CLERK, anchor(RECORD), InvalidTransaction::BadSigner);
	let add = pallet_registry::Call::add_member { member: account(NEW_CLERK), roles: Roles::RECORDS, until: None };
	chain.next_block();
	chain.ok(NEWCOMER, add);
	chain.ok(NEW_CLERK, anchor(RECORD));
	chain.ok(NEWCOMER, pallet_registry::Call::remove_member { member: account(NEW_CLERK) });
	chain.refused(NEW_CLERK, anchor(RecordId([8; 16])), InvalidTransaction::BadSigner);
}

#[test]
fn membership_runs_out_by_itself() {
	let mut chain = newcomer_at_work();
	let until = epidaurus_primitives::moment::Moment(chain.now().0 + 60_000);
	let change =
		pallet_registry::Call::change_member { member: account(NEW_CLERK), roles: Roles::RECORDS, until: Some(until) };
	chain.ok(NEWCOMER, change);
	chain.ok(NEW_CLERK, anchor(RECORD));
	chain.sleep(60_000);
	chain.refused(NEW_CLERK, amend(1), InvalidTransaction::BadSigner);
}

#[test]
fn motion_that_finds_no_two_thirds_in_time_is_dropped() {
	let mut chain = Chain::new();
	let proposal = open_motion(&mut chain);
	for who in &SEATS[..7] {
		vote(&mut chain, who, proposal);
	}
	let end = chain.run(<Runtime as pallet_collective::Config<CouncilInstance>>::MotionDuration::get);
	chain.run(|| {
		let number = epidaurus_runtime::System::block_number();
		epidaurus_runtime::System::set_block_number(number + end);
	});
	assert_eq!(close(&mut chain, proposal), Ok(Ok(())));
	assert_eq!(status(&mut chain, OrgId(2)), Some(OrganisationStatus::Active));
}
