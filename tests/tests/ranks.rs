// SPDX-License-Identifier: Apache-2.0
//! Who comes first where not all find room: in the pool, which drops the last in rank, and in the block.

use epidaurus_primitives::{
	hash::HashSuite::FhirStaticRoot,
	ids::{LicenceId, OrgId, RecordId, SubjectId},
	seams::Rank,
};
use epidaurus_runtime::{
	configs::CouncilInstance,
	constants::money::{EPI, MICRO_EPI},
	Balance, Runtime, RuntimeCall,
};
use epidaurus_tests::{
	account,
	actors::{CLERK, HOSPITAL_CONTROLLER, INSPECTOR, LICENSING, OTHER_CLERK, SEATS},
	logs::{commitment, opening},
	Chain,
};
use sp_runtime::{transaction_validity::InvalidTransaction, MultiAddress};

const PATIENT: SubjectId = SubjectId([1; 32]);
const KEY: &str = "Patient//phone";
const RECORD: RecordId = RecordId([7; 16]);

fn anchor(record: RecordId) -> RuntimeCall {
	let commitment = commitment(&opening("a record"));
	pallet_ehr::Call::anchor { record, commitment, suite: FhirStaticRoot, link: None }.into()
}

fn mark() -> RuntimeCall {
	pallet_ehr::Call::mark_entered_in_error { record: RECORD }.into()
}

fn prove() -> RuntimeCall {
	pallet_subjects::Call::prove_key {}.into()
}

fn rotate() -> RuntimeCall {
	pallet_subjects::Call::rotate_key { new_key: account("Patient//new phone") }.into()
}

fn hold() -> RuntimeCall {
	pallet_ehr::Call::place_hold { record: RECORD }.into()
}

fn remove(member: &str) -> RuntimeCall {
	pallet_registry::Call::remove_member { member: account(member) }.into()
}

fn motion() -> RuntimeCall {
	let proposal: RuntimeCall = pallet_registry::Call::suspend_organisation { organisation: OrgId(10) }.into();
	pallet_collective::Call::<Runtime, CouncilInstance>::propose {
		threshold: 8,
		proposal: Box::new(proposal),
		length_bound: 100,
	}
	.into()
}

/// A chain with a patient of the hospital.
fn clinic() -> Chain {
	let mut chain = Chain::new();
	chain.ok(CLERK, pallet_subjects::Call::enrol { subject: PATIENT, key: account(KEY) });
	chain
}

/// What the pool orders by.
fn priority(chain: &mut Chain, who: &str, call: RuntimeCall, tip: Balance) -> u64 {
	let transaction = chain.sign(who, call, tip);
	chain.validate(transaction).expect("valid").priority
}

#[test]
fn ranks_follow_each_other_on_the_real_runtime() {
	let mut chain = clinic();
	chain.ok(CLERK, anchor(RECORD));
	let batch: RuntimeCall = pallet_utility::Call::batch { calls: vec![remove(CLERK)] }.into();
	let fund: RuntimeCall = pallet_registry::Call::fund_member { member: account(CLERK), amount: EPI }.into();
	let suspend: RuntimeCall = pallet_registry::Call::suspend_licence { licence: LicenceId(0) }.into();
	let ranks: [(Rank, Vec<(&str, RuntimeCall)>); 6] = [
		(Rank::Waived, vec![(KEY, prove())]),
		(Rank::Restrictive, vec![(KEY, rotate())]),
		(
			Rank::Paying,
			vec![(CLERK, anchor(RecordId([8; 16]))), (CLERK, prove()), (HOSPITAL_CONTROLLER, fund), ("Alice", batch)],
		),
		(Rank::Duty, vec![(CLERK, mark()), (INSPECTOR, hold())]),
		(Rank::Guard, vec![(HOSPITAL_CONTROLLER, remove(CLERK)), (LICENSING, suspend)]),
		(Rank::Consortium, vec![(SEATS[0], motion())]),
	];
	let mut most = None;
	for (rank, calls) in ranks {
		let found: Vec<_> = calls.into_iter().map(|(who, call)| priority(&mut chain, who, call, 0)).collect();
		let (low, high) = (found.iter().min().copied(), found.iter().max().copied());
		assert!(low > most, "{rank:?}: {found:?}");
		assert!(low >= Some(rank.priority()), "{rank:?}: {found:?}");
		most = high;
	}
	// Nothing stands above the consortium; a motion of somebody without a seat only pays.
	assert_eq!(most, Some(u64::MAX));
	assert!(priority(&mut chain, CLERK, motion(), 0) < Rank::Duty.priority());
}

#[test]
fn tips_order_who_pays_and_reach_no_higher_rank() {
	let mut chain = clinic();
	chain.ok(CLERK, anchor(RECORD));
	let dest = MultiAddress::Id(account(KEY));
	chain.ok(HOSPITAL_CONTROLLER, pallet_balances::Call::transfer_keep_alive { dest, value: EPI });
	let other = || anchor(RecordId([8; 16]));
	let paid = [0, 1, MICRO_EPI, EPI].map(|tip| priority(&mut chain, CLERK, other(), tip));
	assert!(paid.is_sorted_by(|less, more| less < more), "{paid:?}");
	assert!(paid[3] < priority(&mut chain, CLERK, mark(), 0));
	// A patient in a hurry pays like everybody else, and stands where they stand.
	assert!(priority(&mut chain, KEY, prove(), 0) < paid[0]);
	assert!(priority(&mut chain, KEY, prove(), 100 * MICRO_EPI) > paid[0]);
	// All that a controller has at the start.
	assert!(priority(&mut chain, HOSPITAL_CONTROLLER, prove(), 90 * EPI) < priority(&mut chain, CLERK, mark(), 0));
}

/// Somebody has the clerk's key and floods the chain with what costs the clerk nothing.
#[test]
fn flood_of_a_stolen_member_key_leaves_room_and_ends_with_its_removal() {
	let mut chain = clinic();
	chain.ok(CLERK, anchor(RECORD));
	chain.ok(CLERK, mark());
	let limit = 16;
	for _ in 1..limit {
		chain.fails(CLERK, mark(), pallet_ehr::Error::<Runtime>::WrongState);
	}
	let more = chain.sign(CLERK, mark(), 0);
	assert_eq!(chain.apply(more.clone()), Err(InvalidTransaction::ExhaustsResources.into()));
	// Others are not held up, in the same block and before the flood in the next one.
	chain.ok(OTHER_CLERK, anchor(RecordId([9; 16])));
	assert!(priority(&mut chain, HOSPITAL_CONTROLLER, remove(CLERK), 0) > priority(&mut chain, INSPECTOR, hold(), 0));
	chain.next_block();
	assert_eq!(chain.apply(more), Ok(Err(pallet_ehr::Error::<Runtime>::WrongState.into())));
	chain.ok(HOSPITAL_CONTROLLER, remove(CLERK));
	chain.refused(CLERK, mark(), InvalidTransaction::BadSigner);
}
