// SPDX-License-Identifier: Apache-2.0
//! What acts without a fee may take from those who pay.

use crate::{configs::RuntimeBlockWeights, Runtime};
use frame_support::{dispatch::DispatchClass, traits::Get, weights::Weight};
use pallet_ehr::WeightInfo as _;
use pallet_subjects::WeightInfo as _;

type Ehr = <Runtime as pallet_ehr::Config>::WeightInfo;
type Subjects = <Runtime as pallet_subjects::Config>::WeightInfo;

fn heaviest(calls: &[Weight]) -> Weight {
	calls.iter().fold(Weight::zero(), |most, call| most.max(*call))
}

#[test]
fn subjects_of_one_custodian_leave_four_fifths_of_a_block_to_others() {
	let limits = RuntimeBlockWeights::get();
	let normal = limits.get(DispatchClass::Normal);
	let room = normal.max_total.expect("ordinary transactions have a limit");
	let around = Subjects::admit().saturating_add(Subjects::take_unit()).saturating_add(normal.base_extrinsic);

	let ordinary =
		heaviest(&[Ehr::withdraw_dispute(), Ehr::request_amendment(), Ehr::disagree(), Subjects::prove_key()]);
	let restrictive = heaviest(&[Ehr::dispute(), Subjects::rotate_key(), Subjects::contest_rebind()]);
	let most = |act: Weight, count: u32| act.saturating_add(around).saturating_mul(count.into());
	let taken = most(ordinary, <Runtime as pallet_subjects::Config>::MaxOrdinaryPerBlock::get())
		.saturating_add(most(restrictive, <Runtime as pallet_subjects::Config>::MaxRestrictivePerBlock::get()));

	assert!(taken.saturating_mul(5).all_lte(room), "{taken:?} of {room:?}");
}
