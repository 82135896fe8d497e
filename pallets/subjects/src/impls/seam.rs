// SPDX-License-Identifier: Apache-2.0
//! Subjects as the other pallets see them.

use super::proofs::Storage;
use crate::{Config, Keys, Pallet, SubjectCalls, Subjects, WeightInfo};
use epidaurus_primitives::{
	ids::{OrgId, SubjectId},
	moment::Moment,
	seams::{GuestCall, Guests, Rank, Seat, SubjectAct, Subjects as SubjectsSeam},
	subjects::questions::SubjectsState,
};
use frame_support::{
	dispatch::{GetDispatchInfo, Pays},
	traits::Get,
	weights::Weight,
};
use sp_runtime::DispatchError;

impl<T: Config> SubjectsSeam<T::AccountId> for Pallet<T> {
	fn ensure_subject(who: &T::AccountId, act: SubjectAct) -> Result<SubjectId, DispatchError> {
		Ok(Self::acting(who, act)?.0)
	}

	fn custodian_of(subject: &SubjectId) -> Option<OrgId> {
		Some(Subjects::<T>::get(subject)?.custodian)
	}

	fn is_doubtful(subject: &SubjectId, at: Moment) -> bool {
		Storage::<T>::new().is_doubtful(subject, at)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn enrol_for_benchmark(key: &T::AccountId, custodian: OrgId) -> SubjectId {
		crate::benchmarking::enrol::<T>(key, custodian)
	}
}

impl<T: Config> Guests<T::AccountId, <T as Config>::RuntimeCall> for Pallet<T> {
	/// A subject's present key sends acts of subjects, and whatever it pays for. Seats, like quotas, are of who enrolled:
	/// whoever takes the custodian's duties over shares them with nobody.
	fn admit(who: &T::AccountId, call: &<T as Config>::RuntimeCall) -> Option<GuestCall> {
		let (_, record) = Self::present(who).ok()?;
		match T::SubjectCalls::act(call) {
			Some(_) => Some(GuestCall::Act(Seat::of(record.custodian, who, call, T::PoolSeats::get()))),
			None => (call.get_dispatch_info().pays_fee == Pays::Yes).then_some(GuestCall::Paid),
		}
	}

	fn is_guest(who: &T::AccountId) -> bool {
		Keys::<T>::contains_key(who)
	}

	/// Behind what is paid for: a custodian can invent as many subjects as it can pay deposits for.
	fn rank(call: &<T as Config>::RuntimeCall) -> Rank {
		match T::SubjectCalls::act(call) {
			Some(SubjectAct::Restrictive) => Rank::Restrictive,
			Some(SubjectAct::Other) => Rank::Waived,
			None => Rank::Paying,
		}
	}

	fn weight(call: &<T as Config>::RuntimeCall) -> Weight {
		let admit = T::WeightInfo::admit();
		match T::SubjectCalls::act(call) {
			Some(_) => admit.saturating_add(T::WeightInfo::take_unit()),
			None => admit,
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Whose a key is, was, or is meant to be.
	pub fn subject_of(key: &T::AccountId) -> Option<SubjectId> {
		Keys::<T>::get(key)
	}
}
