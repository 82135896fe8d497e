// SPDX-License-Identifier: Apache-2.0
//! Benchmarks: each call at its worst.

use super::*;
use crate::doubt::Doubt;
use alloc::{boxed::Box, vec::Vec};
use codec::Encode;
use epidaurus_primitives::{
	hash::Commitment,
	ids::{OrgId, SubjectId},
	moment::{Moment, DAY},
	registry::Capability,
	relay::{wrapped, RelayedAct},
	seams::{GuestCall, Guests, Registry},
	subjects::{RebindOutcome, SubjectStatus},
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{Consideration, EnsureOrigin, Get},
	Hashable,
};
use frame_system::RawOrigin;

const SUBJECT: SubjectId = SubjectId([0x11; 32]);
const EVIDENCE: Commitment = Commitment([0x22; 32]);
const START: Moment = Moment(20_000 * DAY);

/// What benchmarks need of the runtime.
pub trait BenchmarkHelper<AccountId, Signature> {
	/// Sets the chain's time.
	fn set_now(now: Moment);

	/// A new key, and its signature over the bytes.
	fn sign(bytes: &[u8]) -> (AccountId, Signature);
}

fn assert_last_event<T: Config>(event: Event<T>) {
	frame_system::Pallet::<T>::assert_last_event(event.into());
}

/// A member of a licensed custodian that can pay the deposit.
fn member<T: Config>() -> (T::AccountId, OrgId) {
	T::BenchmarkHelper::set_now(START);
	let by: T::AccountId = whitelisted_caller();
	let custodian = T::Registry::enrol_for_benchmark(&by, Capability::AnchorRecords);
	T::SubjectConsideration::ensure_successful(&custodian.sovereign_account(), Pallet::<T>::subject_footprint());
	(by, custodian)
}

/// A subject with this key, for the benchmarks of other pallets too.
pub(crate) fn enrol<T: Config>(key: &T::AccountId, custodian: OrgId) -> SubjectId {
	let ticket = {
		let sovereign = custodian.sovereign_account();
		T::SubjectConsideration::ensure_successful(&sovereign, Pallet::<T>::subject_footprint());
		T::SubjectConsideration::new(&sovereign, Pallet::<T>::subject_footprint()).expect("there is money")
	};
	let id = key.blake2_256();
	Pallet::<T>::begin(SubjectId(id), key, custodian, ticket);
	SubjectId(id)
}

fn key<T: Config>(number: u32) -> T::AccountId {
	account("key", number, 0)
}

/// Whose subjects others answer for: as many successors lie between as can.
const FAR: OrgId = OrgId(2_000_000_000);

/// A subject with its first key, and a member of who answers for its custodian; a day later.
fn enrolled<T: Config>() -> T::AccountId {
	let (by, keeper) = member::<T>();
	Pallet::<T>::do_enrol(by.clone(), SUBJECT, key::<T>(0)).expect("the member has the right");
	T::Registry::succeed_for_benchmark(keeper, FAR);
	Subjects::<T>::mutate(SUBJECT, |record| record.as_mut().expect("enrolled above").custodian = FAR);
	T::BenchmarkHelper::set_now(Moment(START.0 + DAY));
	by
}

/// The same with a re-binding that another member started.
fn started<T: Config>() -> T::AccountId {
	let by = enrolled::<T>();
	Pallet::<T>::do_start_rebind(by.clone(), SUBJECT, key::<T>(1), EVIDENCE, START).expect("nothing is pending");
	Rebinds::<T>::mutate(SUBJECT, |rebind| {
		rebind.as_mut().expect("started above").started_by = account("other", 0, 0);
	});
	by
}

/// The same, confirmed.
fn rebinding<T: Config>() -> T::AccountId {
	let by = started::<T>();
	Pallet::<T>::do_confirm_rebind(by.clone(), SUBJECT, key::<T>(1)).expect("another member");
	by
}

/// As many doubts as can be, none of which joins the next one.
fn fill_doubts<T: Config>() {
	InDoubt::<T>::mutate(SUBJECT, |doubts| {
		for place in 0..u64::from(T::MaxDoubts::get()) {
			doubts.add(Doubt { from: Moment(place * 10), until: Moment(place * 10 + 1) });
		}
	});
}

fn after_the_window<T: Config>() {
	T::BenchmarkHelper::set_now(Moment(START.0 + 2 * DAY + T::ContestWindow::get()));
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn enrol() {
		let (by, custodian) = member::<T>();
		let key = key::<T>(0);

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), SUBJECT, key.clone());

		assert_last_event::<T>(Event::SubjectEnrolled { subject: SUBJECT, custodian, by, key });
	}

	#[benchmark]
	fn prove_key() {
		enrolled::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(key::<T>(0)));

		assert_last_event::<T>(Event::KeyProven { subject: SUBJECT, key: key::<T>(0) });
	}

	#[benchmark]
	fn rotate_key() {
		enrolled::<T>();
		let (old_key, new_key) = (key::<T>(0), key::<T>(1));

		#[extrinsic_call]
		_(RawOrigin::Signed(old_key.clone()), new_key.clone());

		assert_last_event::<T>(Event::KeyRotated { subject: SUBJECT, old_key, new_key });
	}

	#[benchmark]
	fn start_rebind() {
		// In the place of one that nobody confirmed, whose key is given back.
		let by = started::<T>();
		T::BenchmarkHelper::set_now(Moment(START.0 + DAY + T::ConfirmWithin::get()));
		let new_key = key::<T>(2);

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), SUBJECT, new_key.clone(), EVIDENCE, START);

		assert_last_event::<T>(Event::RebindStarted { subject: SUBJECT, by, new_key, lost_since: START });
	}

	#[benchmark]
	fn confirm_rebind() {
		let by = started::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by), SUBJECT, key::<T>(1));

		assert!(Rebinds::<T>::get(SUBJECT).is_some_and(|rebind| rebind.restricts()));
	}

	#[benchmark]
	fn contest_rebind() {
		rebinding::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(key::<T>(0)));

		assert_last_event::<T>(Event::RebindContested { subject: SUBJECT, key: key::<T>(0) });
	}

	#[benchmark]
	fn complete_rebind() {
		let by = rebinding::<T>();
		fill_doubts::<T>();
		after_the_window::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), SUBJECT);

		let outcome = RebindOutcome::Completed;
		assert_last_event::<T>(Event::RebindClosed { subject: SUBJECT, outcome, by: Some(by) });
	}

	#[benchmark]
	fn withdraw_rebind() {
		let by = rebinding::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), SUBJECT);

		let outcome = RebindOutcome::Withdrawn;
		assert_last_event::<T>(Event::RebindClosed { subject: SUBJECT, outcome, by: Some(by) });
	}

	#[benchmark]
	fn resolve_rebind() -> Result<(), BenchmarkError> {
		rebinding::<T>();
		fill_doubts::<T>();
		Pallet::<T>::do_contest_rebind(key::<T>(0)).expect("within the window");
		let origin = T::ConsortiumOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, SUBJECT, true);

		let outcome = RebindOutcome::Completed;
		assert_last_event::<T>(Event::RebindClosed { subject: SUBJECT, outcome, by: None });
		Ok(())
	}

	#[benchmark]
	fn declare_deceased() {
		let by = enrolled::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), SUBJECT);

		assert_last_event::<T>(Event::SubjectDeceased { subject: SUBJECT, by });
	}

	#[benchmark]
	fn merge() {
		let by = enrolled::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), SUBJECT, EVIDENCE);

		assert_last_event::<T>(Event::SubjectMerged { subject: SUBJECT, by, link: EVIDENCE });
	}

	#[benchmark]
	fn reinstate() {
		let by = enrolled::<T>();
		Pallet::<T>::do_merge(by.clone(), SUBJECT, EVIDENCE).expect("it is active");
		T::BenchmarkHelper::set_now(Moment(START.0 + 2 * DAY));

		#[extrinsic_call]
		_(RawOrigin::Signed(by), SUBJECT);

		let record = Subjects::<T>::get(SUBJECT).expect("enrolled above");
		assert_eq!((record.state.state.status, record.state.earlier), (SubjectStatus::Active, 2));
	}

	/// Worst with a wrapped payload, which is the second that is tried; the act's own weight is added to this one.
	#[benchmark]
	fn relay() {
		let (by, _) = member::<T>();
		let expires_at = Moment(START.0 + 1);
		let call: <T as Config>::RuntimeCall = Call::<T>::prove_key {}.into();
		let encoded: Vec<u8> = call.encode();
		let act = RelayedAct { subject: SUBJECT, nonce: 0, expires_at, call: &encoded };
		let (key, signature) = T::BenchmarkHelper::sign(&wrapped(&Pallet::<T>::relay_payload(&act)));
		Pallet::<T>::do_enrol(by.clone(), SUBJECT, key).expect("the member has the right");

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), SUBJECT, 0, expires_at, Box::new(call), signature);

		assert_last_event::<T>(Event::ActRelayed { subject: SUBJECT, nonce: 0, by, result: Ok(()) });
	}

	#[benchmark]
	fn admit() {
		enrolled::<T>();
		let call: <T as Config>::RuntimeCall = Call::<T>::prove_key {}.into();
		let admitted;

		#[block]
		{
			admitted = <Pallet<T> as Guests<_, _>>::admit(&key::<T>(0), &call);
		}

		assert!(matches!(admitted, Some(GuestCall::Act(_))));
	}

	#[benchmark]
	fn take_unit() {
		enrolled::<T>();
		let call: <T as Config>::RuntimeCall = Call::<T>::prove_key {}.into();

		#[block]
		{
			if let Some(sender) = Pallet::<T>::sender(&key::<T>(0), &call) {
				Pallet::<T>::room(sender, true);
			}
		}

		assert_eq!(Meters::<T>::iter_values().map(|meter| meter.used).sum::<u32>(), 1);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
