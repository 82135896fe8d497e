// SPDX-License-Identifier: Apache-2.0
//! Ways round: wrapping a call gives nobody a power that he has not.

use super::*;
use sp_runtime::traits::Dispatchable;

fn acts_for(who: AccountId32) -> [RuntimeCall; 3] {
	let rotate = || RuntimeCall::from(Call::rotate_key { new_key: key(66) });
	[
		pallet_utility::Call::batch_all { calls: vec![rotate()] }.into(),
		pallet_utility::Call::as_derivative { index: 0, call: Box::new(rotate()) }.into(),
		pallet_multisig::Call::as_multi_threshold_1 { other_signatories: vec![who], call: Box::new(rotate()) }.into(),
	]
}

#[test]
fn stranger_acts_for_no_subject_by_wrapping() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		for call in acts_for(key(10)) {
			let done = call.clone().dispatch(signed(STRANGER)).map_err(|error| error.error);
			assert_eq!(done.err(), Some(Refusal::NotASubject.into()), "{call:?}");
		}
		let proxy = pallet_proxy::Call::proxy {
			real: key(10),
			force_proxy_type: None,
			call: Box::new(Call::rotate_key { new_key: key(66) }.into()),
		};
		assert!(RuntimeCall::from(proxy).dispatch(signed(STRANGER)).is_err());
		assert_eq!(present_key(PATIENT), key(10));
	});
}

#[test]
fn two_members_of_a_rebind_cannot_be_one_by_wrapping() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let start =
			Call::start_rebind { subject: PATIENT, new_key: key(11), evidence: EVIDENCE, lost_since: START }.into();
		let confirm = || RuntimeCall::from(Call::confirm_rebind { subject: PATIENT, new_key: key(11) });
		let both = pallet_utility::Call::batch_all { calls: vec![start, confirm()] };
		let done = RuntimeCall::from(both).dispatch(signed(CLERK)).map_err(|error| error.error);
		assert_eq!(done.err(), Some(Refusal::SameMember.into()));
		assert_eq!(Rebinds::<Test>::get(PATIENT), None);
		// An account derived from a member's is no member.
		assert_ok!(Subjects::start_rebind(signed(CLERK), PATIENT, key(11), EVIDENCE, START));
		let derived = pallet_utility::Call::as_derivative { index: 0, call: Box::new(confirm()) };
		let done = RuntimeCall::from(derived).dispatch(signed(CLERK)).map_err(|error| error.error);
		assert_eq!(done.err(), Some(MockRegistry::NOT_AUTHORISED));
	});
}
