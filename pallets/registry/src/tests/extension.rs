// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::{Call, CheckMember, Tallies, WeightInfo};
use epidaurus_primitives::seams::{Rank, Signer};
use frame_support::{
	dispatch::{DispatchClass, GetDispatchInfo, Pays, PostDispatchInfo},
	traits::GetCallName,
};
use sp_runtime::{
	traits::{DispatchTransaction, TransactionExtension, TxBaseImplication},
	transaction_validity::{
		InvalidTransaction, TransactionSource::External, TransactionTag, TransactionValidityError, ValidTransaction,
	},
	Weight,
};

/// What the pool is told of the transaction, and the weight that it does not need.
fn admit(
	origin: RuntimeOrigin,
	call: impl Into<RuntimeCall>,
) -> Result<(ValidTransaction, Weight), TransactionValidityError> {
	let call = call.into();
	let info = call.get_dispatch_info();
	let implication = TxBaseImplication(());
	let valid = CheckMember::<Test>::new().validate(origin, &call, &info, 0, (), &implication, External);
	valid.map(|(valid, admission, _)| (valid, admission.unspent))
}

fn validate(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> Result<Weight, TransactionValidityError> {
	admit(origin, call).map(|(_, unspent)| unspent)
}

fn rank(who: AccountId, call: impl Into<RuntimeCall>) -> u64 {
	admit(signed(who), call).unwrap().0.priority
}

/// What no other transaction in a pool has.
fn tags(who: AccountId, call: impl Into<RuntimeCall>) -> Vec<TransactionTag> {
	admit(signed(who), call).unwrap().0.provides
}

/// Takes the transaction into the block.
fn run(who: AccountId, call: impl Into<RuntimeCall>) -> Result<(), TransactionValidityError> {
	let call = call.into();
	let info = call.get_dispatch_info();
	let post = PostDispatchInfo { actual_weight: None, pays_fee: info.pays_fee };
	CheckMember::<Test>::new().test_run(signed(who), &call, &info, 0, 0, |_| Ok(post)).map(|_| ())
}

fn remark() -> RuntimeCall {
	frame_system::Call::remark { remark: vec![] }.into()
}

fn organisation_calls() -> Vec<Call<Test>> {
	let (organisation, capability, jurisdiction) = (PHARMACY, Capability::AnchorRecords, GREECE);
	vec![
		Call::suspend_organisation { organisation },
		Call::expel_organisation { organisation },
		Call::replace_controller { organisation, new: STRANGER },
		Call::withdraw_issuer { organisation, capability, jurisdiction },
		Call::distrust_issuer { organisation, capability, jurisdiction, from: Moment(0) },
	]
}

fn controller_calls() -> Vec<Call<Test>> {
	vec![
		Call::withdraw_application { organisation: PHARMACY },
		Call::leave {},
		Call::rotate_controller { new: STRANGER },
		Call::remove_member { member: CLERK },
		Call::withdraw_succession { predecessor: PHARMACY },
		Call::decline_succession { predecessor: PHARMACY },
	]
}

fn licensing_calls() -> Vec<Call<Test>> {
	let licence = LicenceId(0);
	vec![
		Call::suspend_licence { licence },
		Call::revoke_licence { licence },
		Call::distrust_licence { licence, from: Moment(0) },
	]
}

fn other_calls() -> Vec<Call<Test>> {
	let (organisation, capability, jurisdiction) = (PHARMACY, Capability::AnchorRecords, GREECE);
	let (licence, holder, scope) = (LicenceId(0), Holder::Organisation(PHARMACY), LicenceScope::All);
	let (member, roles) = (CLERK, Roles::RECORDS);
	vec![
		Call::apply { controller: STRANGER, class: OrganisationClass::Payer, gln: None, jurisdiction },
		Call::admit_organisation { organisation },
		Call::refuse_application { organisation },
		Call::reinstate_organisation { organisation },
		Call::recognise_issuer { organisation, capability, jurisdiction },
		Call::issue_licence { holder, capability, jurisdiction, scope, from: None, until: None },
		Call::renew_licence { licence, until: None },
		Call::reinstate_licence { licence },
		Call::add_member { member: member.clone(), roles, until: None },
		Call::change_member { member, roles, until: None },
		Call::allot { organisation, amount: 1 },
		Call::offer_succession { predecessor: organisation, successor: HOSPITAL },
		Call::accept_succession {
			predecessor: organisation,
			handover: epidaurus_primitives::hash::Commitment([0; 32]),
		},
	]
}

#[test]
fn restrictive_calls_are_operational_and_free_and_no_others_are() {
	let restrictive = [organisation_calls(), controller_calls(), licensing_calls(), vec![Call::resign {}]].concat();
	let fund = Call::<Test>::fund_member { member: CLERK, amount: 1 };
	let number = restrictive.len() + other_calls().len() + 1;
	assert_eq!(number, Call::<Test>::get_call_names().len(), "every call is in one of the lists");
	for call in restrictive {
		let info = call.get_dispatch_info();
		assert_eq!((info.class, info.pays_fee), (DispatchClass::Operational, Pays::No), "{call:?}");
	}
	for call in other_calls() {
		let info = call.get_dispatch_info();
		assert_eq!((info.class, info.pays_fee), (DispatchClass::Normal, Pays::Yes), "{call:?}");
	}
	let info = fund.get_dispatch_info();
	assert_eq!((info.class, info.pays_fee), (DispatchClass::Normal, Pays::No));
}

#[test]
fn member_passes_and_anybody_else_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		for member in [HOSPITAL_HEAD, CLERK, OFFICER] {
			assert_eq!(validate(signed(member), remark()), Ok(Weight::zero()));
		}
		for nobody in [STRANGER, sovereign(0), ConsortiumAccount::get()] {
			assert_eq!(validate(signed(nobody), remark()), Err(InvalidTransaction::BadSigner.into()));
		}
	});
}

#[test]
fn applicant_removed_and_expired_members_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = Err(InvalidTransaction::BadSigner.into());
		apply();
		assert_eq!(validate(signed(NEWCOMER), remark()), refused);
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), DOCTOR, Roles::CLINICIAN, moment(2_000)));
		assert_ok!(Registry::remove_member(signed(HOSPITAL_HEAD), CLERK));
		assert_eq!(validate(signed(CLERK), remark()), refused);
		set_time(1_999);
		assert_eq!(validate(signed(DOCTOR), remark()), Ok(Weight::zero()));
		set_time(2_000);
		assert_eq!(validate(signed(DOCTOR), remark()), refused);
	});
}

#[test]
fn members_of_a_suspended_or_expelled_organisation_pass_since_they_have_duties() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::suspend_organisation(council(), PHARMACY));
		assert_eq!(validate(signed(PHARMACIST), remark()), Ok(Weight::zero()));
		assert_ok!(Registry::expel_organisation(council(), PHARMACY));
		assert_eq!(validate(signed(PHARMACIST), remark()), Ok(Weight::zero()));
	});
}

#[test]
fn transactions_without_a_signer_pass_and_get_the_weight_back() {
	ExtBuilder::default().build_and_execute(|| {
		let weight = <() as WeightInfo>::check_member();
		assert_eq!(validate(RuntimeOrigin::none(), remark()), Ok(weight));
		assert_eq!(validate(RuntimeOrigin::root(), remark()), Ok(weight));
	});
}

#[test]
fn unspent_weight_is_refunded_after_dispatch() {
	ExtBuilder::default().build_and_execute(|| {
		let weight = <() as WeightInfo>::check_member();
		for (origin, spent) in [(RuntimeOrigin::root(), Weight::zero()), (signed(CLERK), weight)] {
			let call = remark();
			let mut info = call.get_dispatch_info();
			info.extension_weight = CheckMember::<Test>::new().weight(&call);
			let posted = CheckMember::<Test>::new().test_run(origin, &call, &info, 0, 0, |_| {
				Ok(PostDispatchInfo { actual_weight: Some(info.call_weight), pays_fee: Pays::Yes })
			});
			let actual = posted.unwrap().unwrap().actual_weight.unwrap();
			assert_eq!(actual, info.call_weight + spent);
		}
	});
}

#[test]
fn free_call_is_refused_from_members_who_can_only_fail_with_it() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = Err(InvalidTransaction::Call.into());
		let passes = Ok(Weight::zero());
		for call in controller_calls() {
			assert_eq!(validate(signed(HOSPITAL_HEAD), call.clone()), passes, "{call:?}");
			assert_eq!(validate(signed(CLERK), call.clone()), refused, "{call:?}");
		}
		for call in licensing_calls() {
			assert_eq!(validate(signed(OFFICER), call.clone()), passes, "{call:?}");
			assert_eq!(validate(signed(AUTHORITY_HEAD), call.clone()), refused, "{call:?}");
		}
		for call in organisation_calls() {
			for who in [HOSPITAL_HEAD, OFFICER, CLERK] {
				assert_eq!(validate(signed(who), call.clone()), refused, "{call:?}");
			}
		}
		let fund = || Call::fund_member { member: CLERK, amount: 1 };
		assert_eq!(validate(signed(HOSPITAL_HEAD), fund()), passes);
		assert_eq!(validate(signed(CLERK), fund()), refused);
		assert_eq!(validate(signed(CLERK), Call::resign {}), passes);
	});
}

#[test]
fn free_call_of_another_pallet_is_refused_from_members_who_can_only_fail_with_it() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = Err(InvalidTransaction::Call.into());
		let free = || RuntimeCall::from(pallet_balances::Call::transfer_all { dest: CLERK, keep_alive: true });
		assert_eq!(validate(signed(CLERK), free()), Ok(Weight::zero()));
		assert_eq!(validate(signed(HOSPITAL_HEAD), free()), refused);
		let for_nobody = || RuntimeCall::from(pallet_balances::Call::burn { value: 1, keep_alive: true });
		for who in [CLERK, HOSPITAL_HEAD] {
			assert_eq!(validate(signed(who), for_nobody()), refused);
		}
		// In a batch it costs its fee.
		let batch = pallet_utility::Call::batch { calls: vec![free(), for_nobody()] };
		assert!(validate(signed(HOSPITAL_HEAD), batch).is_ok());
	});
}

#[test]
fn every_free_call_names_who_can_succeed_with_it() {
	let all = [organisation_calls(), controller_calls(), licensing_calls(), other_calls()].concat();
	let fund = Call::fund_member { member: CLERK, amount: 1 };
	for call in all.into_iter().chain([fund]) {
		let free = call.get_dispatch_info().pays_fee == Pays::No;
		assert_eq!(free, call.signer() != Signer::Member, "{call:?}");
	}
	// Anybody but a controller can succeed with this one, once.
	assert_eq!(Call::<Test>::resign {}.signer(), Signer::Member);
}

#[test]
fn call_that_costs_a_fee_passes_whoever_signs_it() {
	ExtBuilder::default().build_and_execute(|| {
		for call in other_calls() {
			assert_eq!(validate(signed(CLERK), call), Ok(Weight::zero()));
		}
	});
}

#[test]
fn call_that_the_filter_forbids_is_refused_before_it_gets_into_a_block() {
	ExtBuilder::default().build_and_execute(|| {
		let forbidden = frame_system::Call::remark_with_event { remark: vec![1] };
		assert_eq!(validate(signed(CLERK), forbidden.clone()), Err(InvalidTransaction::Call.into()));
		assert_eq!(validate(signed(STRANGER), forbidden), Err(InvalidTransaction::BadSigner.into()));
	});
}

#[test]
fn guest_passes_with_what_guests_may_send_and_never_with_a_call_of_the_registry() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(validate(signed(GUEST), remark()), Ok(Weight::zero()));
		let transfer = pallet_balances::Call::transfer_all { dest: CLERK, keep_alive: true };
		assert_eq!(validate(signed(GUEST), transfer), Err(InvalidTransaction::BadSigner.into()));
		let forbidden = frame_system::Call::remark_with_event { remark: vec![1] };
		assert_eq!(validate(signed(GUEST), forbidden), Err(InvalidTransaction::Call.into()));
		for call in [organisation_calls(), controller_calls(), licensing_calls(), other_calls()].concat() {
			assert_eq!(validate(signed(GUEST), call), Err(InvalidTransaction::Call.into()));
		}
		assert_eq!(validate(signed(GUEST), Call::resign {}), Err(InvalidTransaction::Call.into()));
	});
}

#[test]
fn weight_of_a_guest_is_given_back_to_members() {
	ExtBuilder::default().build_and_execute(|| {
		let call = RuntimeCall::from(pallet_utility::Call::batch { calls: vec![] });
		let guest = Weight::from_parts(7, 7);
		assert_eq!(CheckMember::<Test>::new().weight(&call), <() as WeightInfo>::check_member() + guest);
		assert_eq!(validate(signed(CLERK), call.clone()), Ok(guest));
		assert_eq!(validate(signed(GUEST), call), Ok(Weight::zero()));
		// Not where the fee handler looks for a guest all the same.
		let act = RuntimeCall::from(pallet_utility::Call::batch_all { calls: vec![] });
		assert_eq!(validate(signed(CLERK), act), Ok(Weight::zero()));
	});
}

#[test]
fn each_rank_stands_above_the_one_before() {
	ExtBuilder::default().build_and_execute(|| {
		let act = pallet_utility::Call::batch_all { calls: vec![] };
		let motion = || pallet_multisig::Call::approve_as_multi {
			threshold: 2,
			other_signatories: vec![],
			maybe_timepoint: None,
			call_hash: [0; 32],
			max_weight: Weight::zero(),
		};
		assert_eq!(rank(GUEST, act), Rank::Restrictive.priority());
		let paying = [
			rank(GUEST, remark()),
			rank(CLERK, remark()),
			rank(CLERK, motion()),
			rank(CLERK, other_calls()[0].clone()),
			rank(HOSPITAL_HEAD, Call::fund_member { member: CLERK, amount: 1 }),
		];
		assert_eq!(paying, [Rank::Paying.priority(); 5]);
		assert_eq!(rank(CLERK, Call::resign {}), Rank::Duty.priority());
		for call in controller_calls() {
			assert_eq!(rank(HOSPITAL_HEAD, call), Rank::Guard.priority());
		}
		for call in licensing_calls() {
			assert_eq!(rank(OFFICER, call), Rank::Guard.priority());
		}
		assert_eq!(rank(HOSPITAL_HEAD, motion()), Rank::Consortium.priority());
	});
}

#[test]
fn act_of_a_guest_waits_in_its_seat_and_nothing_else_does() {
	ExtBuilder::default().build_and_execute(|| {
		let act = || pallet_utility::Call::batch_all { calls: vec![] };
		assert_eq!(tags(GUEST, act()), [SEAT.tag()]);
		let paid = pallet_utility::Call::batch { calls: vec![] };
		let none: Vec<TransactionTag> = vec![];
		assert_eq!([tags(GUEST, remark()), tags(GUEST, paid)], [none.clone(), none.clone()]);
		// Not the same call of a member, and not what is free for members.
		assert_eq!([tags(CLERK, act()), tags(CLERK, Call::resign {})], [none.clone(), none.clone()]);
		assert_eq!(tags(HOSPITAL_HEAD, Call::remove_member { member: CLERK }), none);
		assert_eq!(admit(RuntimeOrigin::none(), act()).unwrap().0.provides, none);
	});
}

#[test]
fn free_calls_of_a_member_beyond_the_limit_wait_for_the_next_block() {
	ExtBuilder::default().build_and_execute(|| {
		let full = Err(InvalidTransaction::ExhaustsResources.into());
		let remove = || Call::remove_member { member: CLERK };
		for _ in 0..2 {
			assert_eq!(run(HOSPITAL_HEAD, remove()), Ok(()));
		}
		assert_eq!(run(HOSPITAL_HEAD, remove()), full);
		assert_eq!(run(HOSPITAL_HEAD, Call::fund_member { member: CLERK, amount: 1 }), full);
		// What costs a fee is not counted, and nobody else is kept from anything.
		assert_eq!(run(HOSPITAL_HEAD, remark()), Ok(()));
		assert_eq!(run(PHARMACY_HEAD, Call::remove_member { member: PHARMACIST }), Ok(()));
		System::set_block_number(2);
		assert_eq!(run(HOSPITAL_HEAD, remove()), Ok(()));
		assert_eq!(Tallies::<Test>::get(HOSPITAL_HEAD), (2, 1));
	});
}

#[test]
fn weight_of_counting_is_taken_for_free_calls_of_members_only() {
	ExtBuilder::default().build_and_execute(|| {
		let (check, count) = (<() as WeightInfo>::check_member(), <() as WeightInfo>::count_free_call());
		let weight = |call: RuntimeCall| CheckMember::<Test>::new().weight(&call);
		assert_eq!(weight(remark()), check);
		assert_eq!(weight(Call::resign {}.into()), check + count);
		assert_eq!(validate(signed(CLERK), Call::resign {}), Ok(Weight::zero()));
	});
}

#[test]
fn extension_adds_no_byte_to_a_transaction() {
	use codec::Encode;
	assert!(CheckMember::<Test>::new().encode().is_empty());
	assert_eq!(<CheckMember<Test> as TransactionExtension<RuntimeCall>>::IDENTIFIER, "CheckMember");
}
