// SPDX-License-Identifier: Apache-2.0
//! What things cost: deposits follow what is stored, fees follow what is used.

use super::{account, development};
use crate::{
	acts::{Acts, Free},
	configs::{ConsortiumAccount, FeeOfLength, FeeOfWeight, RuntimeBlockLength, RuntimeBlockWeights},
	constants::{
		block,
		money::{deposit, DEPOSIT_PER_BYTE, DEPOSIT_PER_RECORD, EPI, EXISTENTIAL_DEPOSIT, MICRO_EPI, MILLI_EPI},
	},
	delegation::ProxyType,
	AccountId, Balance, Balances, BlockNumber, Ehr, Hash, Runtime, RuntimeCall, Subjects, TransactionPayment,
};
use codec::{Decode, MaxEncodedLen};
use epidaurus_primitives::seams::{FreeCalls, Rank, Signer};
use frame_support::{
	dispatch::{DispatchClass, DispatchInfo, GetDispatchInfo, Pays},
	traits::{Footprint, Get, GetCallMetadata},
	weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight, WeightToFee},
};
use pallet_registry::CheckMember;
use pallet_subjects::SubjectCalls;
use pallet_transaction_payment::ChargeTransactionPayment;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::TransactionExtension;

fn bytes(amount: Balance, records: Balance) -> usize {
	let bytes = (amount - records * DEPOSIT_PER_RECORD) / DEPOSIT_PER_BYTE;
	usize::try_from(bytes).expect("small")
}

/// Count of a short list in SCALE.
const COUNT: usize = 1;

#[test]
fn deposit_is_so_much_for_a_record_and_for_a_byte() {
	assert_eq!(deposit(0, 0), 0);
	assert_eq!(deposit(2, 64), 2 * DEPOSIT_PER_RECORD + 64 * DEPOSIT_PER_BYTE);
	assert_eq!(deposit(u32::MAX, u32::MAX), Balance::from(u32::MAX) * (DEPOSIT_PER_RECORD + DEPOSIT_PER_BYTE));
}

#[test]
fn proxy_deposits_are_for_what_is_stored() {
	let list = AccountId::max_encoded_len() + COUNT + Balance::max_encoded_len();
	let entry = pallet_proxy::ProxyDefinition::<AccountId, ProxyType, BlockNumber>::max_encoded_len();
	let announcement = pallet_proxy::Announcement::<AccountId, Hash, BlockNumber>::max_encoded_len();
	type Config = Runtime;
	assert_eq!(bytes(<Config as pallet_proxy::Config>::ProxyDepositBase::get(), 1), list);
	assert_eq!(bytes(<Config as pallet_proxy::Config>::ProxyDepositFactor::get(), 0), entry);
	assert_eq!(bytes(<Config as pallet_proxy::Config>::AnnouncementDepositBase::get(), 1), list);
	assert_eq!(bytes(<Config as pallet_proxy::Config>::AnnouncementDepositFactor::get(), 0), announcement);
}

#[test]
fn multisig_deposits_are_for_what_is_stored() {
	let key = AccountId::max_encoded_len() + <[u8; 32]>::max_encoded_len();
	let value = pallet_multisig::Timepoint::<BlockNumber>::max_encoded_len()
		+ Balance::max_encoded_len()
		+ AccountId::max_encoded_len()
		+ COUNT;
	assert_eq!(bytes(<Runtime as pallet_multisig::Config>::DepositBase::get(), 1), key + value);
	assert_eq!(bytes(<Runtime as pallet_multisig::Config>::DepositFactor::get(), 0), AccountId::max_encoded_len());
}

#[test]
fn session_key_deposit_is_for_what_is_stored() {
	let keys = AuraId::max_encoded_len();
	let of_account = AccountId::max_encoded_len() + keys;
	let of_key = 4 + COUNT + keys + AccountId::max_encoded_len();
	assert_eq!(bytes(<Runtime as pallet_session::Config>::KeyDeposit::get(), 2), of_account + of_key);
}

/// In these amounts the README and the demonstration count.
#[test]
fn deposits_of_records_and_logs_are_as_published() {
	let price = |footprint: Footprint| deposit(1, u32::try_from(footprint.size).expect("small"));
	assert_eq!(price(Ehr::version_footprint(1)), 24_800 * MICRO_EPI);
	assert_eq!(price(Ehr::version_footprint(2)), 18_200 * MICRO_EPI);
	assert_eq!(price(Ehr::log_footprint()), 6_268_600 * MICRO_EPI);
	assert_eq!(price(Subjects::subject_footprint()), 208_900 * MICRO_EPI);
}

#[test]
fn fee_of_weight_follows_the_larger_share_of_a_block() {
	let fee = |time, proof| FeeOfWeight::weight_to_fee(&Weight::from_parts(time, proof));
	assert_eq!(fee(0, 0), 0);
	assert_eq!(fee(WEIGHT_REF_TIME_PER_SECOND, 0), EPI);
	assert_eq!(fee(1, 0), 1);
	assert_eq!(fee(0, block::MAX_WEIGHT.proof_size()), 2 * EPI);
	assert_eq!(fee(block::MAX_WEIGHT.ref_time(), block::MAX_WEIGHT.proof_size()), 2 * EPI);
	assert_eq!(fee(block::MAX_WEIGHT.ref_time() / 2, block::MAX_WEIGHT.proof_size() / 4), EPI);
	assert!(fee(u64::MAX, u64::MAX) > fee(u64::MAX, 0) && fee(u64::MAX, u64::MAX) < Balance::MAX);
}

#[test]
fn fee_of_length_is_an_epi_for_a_megabyte() {
	assert_eq!(FeeOfLength::weight_to_fee(&Weight::from_parts(1_000_000, 0)), EPI);
	assert_eq!(FeeOfLength::weight_to_fee(&Weight::from_parts(u64::MAX, 0)), Balance::from(u64::MAX) * MICRO_EPI);
}

fn fee_of(call: impl Into<RuntimeCall>, length: u32) -> Balance {
	development().execute_with(|| TransactionPayment::compute_fee(length, &call.into().get_dispatch_info(), 0))
}

#[test]
fn ordinary_transaction_costs_about_a_thousandth() {
	let dest = sp_runtime::MultiAddress::Id(account("Bob"));
	let fee = fee_of(pallet_balances::Call::transfer_keep_alive { dest, value: EPI }, 150);
	assert!(fee > 500 * MICRO_EPI && fee < 2 * MILLI_EPI, "{fee}");
	assert!(EXISTENTIAL_DEPOSIT < 2 * fee);
}

#[test]
fn restrictive_acts_are_free() {
	let organisation = epidaurus_primitives::ids::OrgId(0);
	let licence = epidaurus_primitives::ids::LicenceId(0);
	let from = epidaurus_primitives::moment::Moment(0);
	let who = account("Bob");
	let record = epidaurus_primitives::ids::RecordId([0; 16]);
	let link_key = epidaurus_primitives::link::LinkKey([0; 32]);
	let statement = epidaurus_primitives::hash::Commitment([0; 32]);
	let calls: Vec<RuntimeCall> = vec![
		pallet_registry::Call::withdraw_application { organisation }.into(),
		pallet_registry::Call::leave {}.into(),
		pallet_registry::Call::rotate_controller { new: who.clone() }.into(),
		pallet_registry::Call::suspend_licence { licence }.into(),
		pallet_registry::Call::revoke_licence { licence }.into(),
		pallet_registry::Call::distrust_licence { licence, from }.into(),
		pallet_registry::Call::remove_member { member: who }.into(),
		pallet_registry::Call::resign {}.into(),
		pallet_registry::Call::withdraw_succession { predecessor: organisation }.into(),
		pallet_registry::Call::decline_succession { predecessor: organisation }.into(),
		pallet_subjects::Call::rotate_key { new_key: account("Bob") }.into(),
		pallet_subjects::Call::contest_rebind {}.into(),
		pallet_ehr::Call::mark_entered_in_error { record }.into(),
		pallet_ehr::Call::dispute { record, link_key, statement }.into(),
		pallet_ehr::Call::place_hold { record }.into(),
	];
	for call in calls {
		assert_eq!(call.get_dispatch_info().class, DispatchClass::Operational, "{call:?}");
		assert_eq!(fee_of(call.clone(), 200), 0, "{call:?}");
	}
}

/// Every call of our pallets but the registry's, which knows its own: one that costs a member nothing says who can succeed
/// with it, and one that costs something needs not.
#[test]
fn every_free_call_is_screened() {
	let mut free = Vec::new();
	for pallet in [51u8, 60] {
		for call in 0u8..=u8::MAX {
			// Zeros are a value of every argument.
			let input = [&[pallet, call][..], &[0; 400]].concat();
			let Ok(call) = RuntimeCall::decode(&mut &input[..]) else { continue };
			let costs_nothing = call.get_dispatch_info().pays_fee == Pays::No;
			// The fee handler bounds these, and refuses them from who is no subject.
			let of_subject = Acts::act(&call).is_some();
			assert_eq!(costs_nothing && !of_subject, Free::signer(&call) != Signer::Member, "{call:?}");
			if costs_nothing {
				free.push(call.get_call_metadata().function_name);
			}
		}
	}
	let expected = ["rotate_key", "contest_rebind", "mark_entered_in_error", "dispute", "place_hold"];
	assert_eq!(free, expected);
}

/// Who floods the chain with free calls, and is ranked above those that pay, leaves the block to them all the same.
#[test]
fn free_calls_of_a_member_take_no_more_than_an_eighth_of_a_block() {
	let mut count = 0;
	for pallet in [50u8, 60] {
		for call in 0u8..=u8::MAX {
			let input = [&[pallet, call][..], &[0; 400]].concat();
			let Ok(call) = RuntimeCall::decode(&mut &input[..]) else { continue };
			let info = call.get_dispatch_info();
			if info.pays_fee == Pays::Yes {
				continue;
			}
			count += 1;
			let extensions = CheckMember::<Runtime>::new().weight(&call);
			let base = RuntimeBlockWeights::get().get(info.class).base_extrinsic;
			let one = info.call_weight.saturating_add(extensions).saturating_add(base);
			let most: u32 = <Runtime as pallet_registry::Config>::MaxFreePerBlock::get();
			let all = one.saturating_mul(most.into());
			assert!(all.all_lte(block::MAX_WEIGHT / 8), "{call:?}: {all:?}");
		}
	}
	assert!(count > 15, "{count}");
}

/// The steps between ranks are larger than what the fee handler gives to anything that costs nothing.
#[test]
fn priority_without_fee_and_tip_stays_within_its_rank() {
	for class in [DispatchClass::Normal, DispatchClass::Operational] {
		let info = DispatchInfo { call_weight: Weight::from_parts(1, 1), class, ..Default::default() };
		let most = ChargeTransactionPayment::<Runtime>::get_priority(&info, 1, 0, 0);
		assert!(most < Rank::STEP, "{most}");
	}
}

#[test]
fn purse_is_no_account_of_anybody() {
	development().execute_with(|| {
		let purse = ConsortiumAccount::get();
		assert!(crate::Registry::member(purse.clone(), None).is_none());
		assert!(Balances::free_balance(&purse) > 0);
	});
}

#[test]
fn block_leaves_a_quarter_for_restrictive_acts() {
	let weights = RuntimeBlockWeights::get();
	let normal = weights.get(DispatchClass::Normal);
	let operational = weights.get(DispatchClass::Operational);
	assert_eq!(weights.max_block, block::MAX_WEIGHT);
	assert_eq!(normal.max_total, Some(block::MAX_WEIGHT * 3 / 4));
	assert_eq!(operational.reserved, Some(block::MAX_WEIGHT / 4));
	assert_eq!(operational.max_total, Some(block::MAX_WEIGHT));
	let length = RuntimeBlockLength::get();
	assert_eq!(*length.max.get(DispatchClass::Normal), block::MAX_LENGTH / 4 * 3);
	assert_eq!(*length.max.get(DispatchClass::Operational), block::MAX_LENGTH);
	assert_eq!(length.max_header_size(), block::MAX_HEADER_SIZE);
}

#[test]
fn block_takes_two_seconds_and_leaves_a_margin_of_the_proof() {
	assert_eq!(block::MAX_WEIGHT.ref_time(), 2 * WEIGHT_REF_TIME_PER_SECOND);
	assert_eq!(block::MAX_WEIGHT.proof_size(), 10 * 1024 * 1024 * 85 / 100);
}
