// SPDX-License-Identifier: Apache-2.0
//! Subjects as the registry's extension and the other pallets see them.

use super::*;
use crate::WeightInfo;
use epidaurus_primitives::seams::{GuestCall, Seat};
use std::collections::BTreeSet;

fn admits(who: &AccountId32, call: impl Into<RuntimeCall>) -> bool {
	<Subjects as Guests<_, RuntimeCall>>::admit(who, &call.into()).is_some()
}

/// Where an act waits in a pool.
fn seat(who: &AccountId32, call: impl Into<RuntimeCall>) -> Option<Seat> {
	match <Subjects as Guests<_, RuntimeCall>>::admit(who, &call.into()) {
		Some(GuestCall::Act(seat)) => Some(seat),
		_ => None,
	}
}

#[test]
fn present_keys_are_guests_and_no_others_are() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert!(admits(&key(10), Call::prove_key {}));
		assert_ok!(Subjects::rotate_key(signed(key(10)), key(12)));
		assert!(!admits(&key(10), Call::prove_key {}));
		assert!(admits(&key(12), Call::prove_key {}));
		rebind_since(START);
		assert!(!admits(&key(11), Call::prove_key {}), "only meant to be a key");
		assert!(admits(&key(12), Call::contest_rebind {}), "a key in question can still restrict");
		assert!(!admits(&STRANGER, Call::prove_key {}));
	});
}

#[test]
fn guests_send_acts_and_what_they_pay_for() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert!(admits(&key(10), frame_system::Call::remark { remark: vec![] }));
		assert!(admits(&key(10), pallet_utility::Call::batch { calls: vec![] }));
		// A call that costs no member a fee, and would let a guest fill blocks with it.
		let free = pallet_timestamp::Call::set { now: 0 };
		assert_eq!(
			admits(&key(10), free.clone()),
			frame_support::dispatch::GetDispatchInfo::get_dispatch_info(&RuntimeCall::from(free)).pays_fee
				== frame_support::dispatch::Pays::Yes
		);
	});
}

#[test]
fn guest_weighs_the_question_and_the_unit() {
	ExtBuilder.build_and_execute(|| {
		let weight = |call: RuntimeCall| <Subjects as Guests<AccountId32, _>>::weight(&call);
		let (admit, unit) = (<() as WeightInfo>::admit(), <() as WeightInfo>::take_unit());
		assert_eq!(weight(Call::prove_key {}.into()), admit + unit);
		assert_eq!(weight(frame_system::Call::remark { remark: vec![] }.into()), admit);
	});
}

#[test]
fn acts_wait_in_seats_and_what_is_paid_for_does_not() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let call = RuntimeCall::from(Call::prove_key {});
		assert_eq!(seat(&key(10), call.clone()), Some(Seat::of(HOSPITAL, &key(10), &call, SEATS)));
		assert_eq!(seat(&key(20), call.clone()), Some(Seat::of(CLINIC, &key(20), &call, SEATS)));
		for act in [Call::contest_rebind {}, Call::rotate_key { new_key: key(12) }] {
			let act = RuntimeCall::from(act);
			assert_eq!(seat(&key(10), act.clone()), Some(Seat::of(HOSPITAL, &key(10), &act, SEATS)));
		}
		let batch = || RuntimeCall::from(pallet_utility::Call::batch { calls: vec![call.clone()] });
		assert_eq!(<Subjects as Guests<_, _>>::admit(&key(10), &batch()), Some(GuestCall::Paid));
		assert_eq!(seat(&STRANGER, Call::prove_key {}), None);
	});
}

#[test]
fn seats_stay_those_of_who_enrolled_when_duties_pass() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let before = seat(&key(10), Call::prove_key {});
		MockRegistry::succeed(CLINIC, HOSPITAL);
		assert_eq!(seat(&key(10), Call::prove_key {}), before);
		assert_eq!(before.map(|seat| seat.custodian), Some(HOSPITAL));
		// The custodian's seats stay where the subject's next key is.
		assert_ok!(Subjects::rotate_key(signed(key(10)), key(12)));
		assert_eq!(seat(&key(12), Call::prove_key {}).map(|seat| seat.custodian), Some(HOSPITAL));
	});
}

#[test]
fn ten_thousand_invented_subjects_have_no_more_than_their_custodians_seats() {
	ExtBuilder.build_and_execute(|| {
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), HOSPITAL.sovereign_account(), 1_000_000));
		let fakes = (0u32..10_000).map(|number| {
			let mut bytes = [0xfa; 32];
			bytes[..4].copy_from_slice(&number.to_le_bytes());
			assert_ok!(Subjects::enrol(signed(CLERK), SubjectId(bytes), bytes.into()));
			AccountId32::new(bytes)
		});
		let acts: [Call<Test>; 3] =
			[Call::prove_key {}, Call::contest_rebind {}, Call::rotate_key { new_key: key(12) }];
		let tags: BTreeSet<_> = fakes
			.flat_map(|fake| acts.clone().map(|act| seat(&fake, act).expect("a guest with an act").tag()))
			.collect();
		assert_eq!(tags.len(), SEATS as usize);
		assert_ok!(Subjects::enrol(signed(SECRETARY), OTHER_PATIENT, key(20)));
		assert!(!tags.contains(&seat(&key(20), Call::prove_key {}).unwrap().tag()));
	});
}

#[test]
fn custodian_is_who_enrolled() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		MockRegistry::succeed(CLINIC, HOSPITAL);
		assert_eq!(Subjects::custodian_of(&PATIENT), Some(HOSPITAL));
		assert_eq!(Subjects::custodian_of(&SubjectId([1; 32])), None);
	});
}

#[test]
fn doubts_of_several_losses_add_up() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let mut losses = Vec::new();
		for seed in 40..46 {
			advance(10 * DAY);
			let lost = now();
			losses.push(lost);
			assert_ok!(Subjects::start_rebind(signed(CLERK), PATIENT, key(seed), EVIDENCE, lost));
			assert_ok!(Subjects::confirm_rebind(signed(DEPUTY), PATIENT, key(seed)));
			advance(WEEK);
			assert_ok!(Subjects::complete_rebind(signed(CLERK), PATIENT));
		}
		for lost in &losses {
			assert!(Subjects::is_doubtful(&PATIENT, *lost));
			assert!(Subjects::is_doubtful(&PATIENT, Moment(lost.0 + WEEK - 1)));
		}
		// Three intervals are kept: between the oldest losses doubt is overstated, between the newest it is not.
		let newest = losses[5];
		assert!(Subjects::is_doubtful(&PATIENT, Moment(losses[0].0 + WEEK)));
		assert!(!Subjects::is_doubtful(&PATIENT, Moment(newest.0 - 1)));
		assert!(!Subjects::is_doubtful(&PATIENT, Moment(newest.0 + WEEK)));
		assert!(!Subjects::is_doubtful(&PATIENT, START));
		assert_eq!(InDoubt::<Test>::get(PATIENT).iter().count(), 3);
	});
}
