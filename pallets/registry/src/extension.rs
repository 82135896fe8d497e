// SPDX-License-Identifier: Apache-2.0
//! Only members may transact.

use crate::{types::Membership, Call, Config, Pallet, Tallies, WeightInfo};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use epidaurus_primitives::{
	registry::Roles,
	seams::{FreeCalls, GuestCall, Guests, Rank, Seat, Signer},
};
use frame_support::{
	dispatch::{DispatchInfo, GetDispatchInfo, Pays},
	pallet_prelude::TransactionSource,
	traits::{Contains, Get, IsSubType},
	CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
};
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{
		AsSystemOriginSigner, DispatchInfoOf, DispatchOriginOf, Dispatchable, PostDispatchInfoOf, TransactionExtension,
		ValidateResult,
	},
	transaction_validity::{InvalidTransaction, TransactionValidityError, ValidTransaction},
	DispatchResult, Weight,
};

/// Keeps transactions that nobody answers for out of the pool and out of blocks.
///
/// - A signer that is no current member is refused with [`InvalidTransaction::BadSigner`], unless it is one of the
///   [`Config::Guests`] and these may send the call. No guest may send a call of this pallet.
/// - A free call of this pallet, or one that [`Config::FreeCalls`] names, signed by a member who can only fail with it for
///   want of the role, is refused with [`InvalidTransaction::Call`]: without this, any member could fill blocks at no
///   cost. What is wrapped in a batch or a proxy call is not free.
///
/// - A call that the runtime's filter forbids is refused with [`InvalidTransaction::Call`] too. FRAME applies the filter
///   when a call is dispatched, which is too late to keep free bytes out of the block's body.
///
/// - A member's free calls beyond [`Config::MaxFreePerBlock`] wait for the next block.
///
/// - A guest's act waits in a [`Seat`] of its custodian. One whose seat is taken is refused by the pool, unless it has a
///   higher priority.
///
/// What passes is ranked by [`Rank`], so that who takes power away from a thief does not wait behind the thief's flood.
/// Inherents and transactions without a signer pass. It adds no byte to a transaction.
#[derive(Encode, Decode, DecodeWithMemTracking, CloneNoBound, EqNoBound, PartialEqNoBound, DebugNoBound, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct CheckMember<T>(PhantomData<T>);

impl<T> CheckMember<T> {
	/// The extension; it has nothing to set.
	pub const fn new() -> Self {
		Self(PhantomData)
	}
}

impl<T> Default for CheckMember<T> {
	fn default() -> Self {
		Self::new()
	}
}

impl<T: Config> Call<T> {
	pub(crate) const fn signer(&self) -> Signer {
		match self {
			Self::withdraw_application { .. }
			| Self::leave {}
			| Self::rotate_controller { .. }
			| Self::remove_member { .. }
			| Self::withdraw_succession { .. }
			| Self::decline_succession { .. }
			| Self::fund_member { .. } => Signer::Holding(Roles::CONTROLLER),
			Self::suspend_licence { .. } | Self::revoke_licence { .. } | Self::distrust_licence { .. } => {
				Signer::Holding(Roles::LICENSING)
			},
			Self::suspend_organisation { .. }
			| Self::expel_organisation { .. }
			| Self::replace_controller { .. }
			| Self::withdraw_issuer { .. }
			| Self::distrust_issuer { .. } => Signer::Nobody,
			_ => Signer::Member,
		}
	}

	/// The rank of a free call.
	const fn rank(&self) -> Rank {
		match self {
			// Free because a new controller has nothing yet; it takes nothing away.
			Self::fund_member { .. } => Rank::Paying,
			// From nobody but who sends it.
			Self::resign {} => Rank::Duty,
			_ => Rank::Guard,
		}
	}
}

impl<T: Config> Pallet<T> {
	/// How many free calls the member has sent in this block.
	fn free_calls_of(who: &T::AccountId) -> u32 {
		let (block, calls) = Tallies::<T>::get(who);
		if block == frame_system::Pallet::<T>::block_number() {
			calls
		} else {
			0
		}
	}

	/// Whether the member can send a free call in this block.
	pub(crate) fn has_free_call(who: &T::AccountId) -> bool {
		Self::free_calls_of(who) < T::MaxFreePerBlock::get()
	}

	/// Counts a free call of the member.
	pub(crate) fn count_free_call(who: &T::AccountId) {
		let calls = Self::free_calls_of(who).saturating_add(1);
		Tallies::<T>::insert(who, (frame_system::Pallet::<T>::block_number(), calls));
	}
}

impl<T: Config> CheckMember<T>
where
	T::RuntimeCall: IsSubType<Call<T>>,
{
	/// The rank of a member's call; nothing if it could only fail and costs nothing.
	fn rank(membership: &Membership, call: &T::RuntimeCall, is_free: bool) -> Option<Rank> {
		let own = call.is_sub_type();
		let admitted = match own.map_or_else(|| T::FreeCalls::signer(call), Call::signer) {
			Signer::Member => true,
			Signer::Holding(role) => membership.roles.contains(role),
			Signer::Nobody => false,
		};
		if !admitted {
			return None;
		}
		Some(match own {
			Some(own) if is_free => own.rank(),
			None if is_free => Rank::Duty,
			_ if T::FreeCalls::decides(call) && membership.roles.contains(Roles::CONTROLLER) => Rank::Consortium,
			_ => Rank::Paying,
		})
	}

	/// What a signer may send that is no member.
	fn guest(who: &T::AccountId, call: &T::RuntimeCall) -> Result<Guest, InvalidTransaction> {
		let seat = match T::Guests::admit(who, call).ok_or(InvalidTransaction::BadSigner)? {
			GuestCall::Act(seat) => Some(seat),
			GuestCall::Paid => None,
		};
		Ok((call.is_sub_type().is_none().then(|| T::Guests::rank(call)), seat))
	}
}

/// The rank of a guest's call, nothing if the call is for members only; and the seat where it waits, if it is an act.
type Guest = (Option<Rank>, Option<Seat>);

/// What is known of a transaction once it is valid.
pub struct Admission {
	/// Weight that was not spent.
	pub(crate) unspent: Weight,
	/// Whether it counts as a free call of its signer.
	pub(crate) counts: bool,
}

impl<T> TransactionExtension<T::RuntimeCall> for CheckMember<T>
where
	T: Config + Send + Sync,
	T::RuntimeCall: Dispatchable<Info = DispatchInfo> + GetDispatchInfo + IsSubType<Call<T>>,
	DispatchOriginOf<T::RuntimeCall>: AsSystemOriginSigner<T::AccountId>,
{
	const IDENTIFIER: &'static str = "CheckMember";
	type Implicit = ();
	type Val = Admission;
	/// Weight that was not spent.
	type Pre = Weight;

	fn weight(&self, call: &T::RuntimeCall) -> Weight {
		let check = T::WeightInfo::check_member().saturating_add(T::Guests::weight(call));
		match call.get_dispatch_info().pays_fee {
			Pays::No => check.saturating_add(T::WeightInfo::count_free_call()),
			Pays::Yes => check,
		}
	}

	fn validate(
		&self,
		origin: DispatchOriginOf<T::RuntimeCall>,
		call: &T::RuntimeCall,
		info: &DispatchInfoOf<T::RuntimeCall>,
		_: usize,
		_: Self::Implicit,
		_: &impl Encode,
		_: TransactionSource,
	) -> ValidateResult<Self::Val, T::RuntimeCall> {
		let Some(who) = origin.as_system_origin_signer() else {
			let admission = Admission { unspent: self.weight(call), counts: false };
			return Ok((ValidTransaction::default(), admission, origin));
		};
		let is_free = info.pays_fee == Pays::No;
		let membership = Pallet::<T>::present_membership(who);
		let (rank, seat) = match &membership {
			Some(membership) => (Self::rank(membership, call, is_free), None),
			None => Self::guest(who, call)?,
		};
		let rank = rank.filter(|_| T::BaseCallFilter::contains(call)).ok_or(InvalidTransaction::Call)?;
		let counts = membership.is_some() && is_free;
		if counts && !Pallet::<T>::has_free_call(who) {
			return Err(InvalidTransaction::ExhaustsResources.into());
		}
		let unspent = match &membership {
			// The fee handler looks for a guest behind what only guests send, whoever sent it.
			Some(_) if T::Guests::rank(call) != Rank::Paying => Weight::zero(),
			Some(_) => T::Guests::weight(call),
			None if is_free => T::WeightInfo::count_free_call(),
			None => Weight::zero(),
		};
		let provides = seat.iter().map(Seat::tag).collect();
		let valid = ValidTransaction { priority: rank.priority(), provides, ..Default::default() };
		Ok((valid, Admission { unspent, counts }, origin))
	}

	fn prepare(
		self,
		admission: Self::Val,
		origin: &DispatchOriginOf<T::RuntimeCall>,
		_: &T::RuntimeCall,
		_: &DispatchInfoOf<T::RuntimeCall>,
		_: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		if let Some(who) = origin.as_system_origin_signer().filter(|_| admission.counts) {
			Pallet::<T>::count_free_call(who);
		}
		Ok(admission.unspent)
	}

	fn post_dispatch_details(
		unspent: Self::Pre,
		_: &DispatchInfoOf<T::RuntimeCall>,
		_: &PostDispatchInfoOf<T::RuntimeCall>,
		_: usize,
		_: &DispatchResult,
	) -> Result<Weight, TransactionValidityError> {
		Ok(unspent)
	}
}
