// SPDX-License-Identifier: Apache-2.0
//! Only members may transact.

use crate::{Call, Config, Pallet, WeightInfo};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use epidaurus_primitives::{
	registry::Roles,
	seams::{FreeCalls, Guests, Signer},
};
use frame_support::{
	dispatch::DispatchInfo,
	pallet_prelude::TransactionSource,
	traits::{Contains, IsSubType},
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
}

impl<T> TransactionExtension<T::RuntimeCall> for CheckMember<T>
where
	T: Config + Send + Sync,
	T::RuntimeCall: Dispatchable<Info = DispatchInfo> + IsSubType<Call<T>>,
	DispatchOriginOf<T::RuntimeCall>: AsSystemOriginSigner<T::AccountId>,
{
	const IDENTIFIER: &'static str = "CheckMember";
	type Implicit = ();
	/// Weight that was not spent.
	type Val = Weight;
	/// Weight that was not spent.
	type Pre = Weight;

	fn weight(&self, call: &T::RuntimeCall) -> Weight {
		T::WeightInfo::check_member().saturating_add(T::Guests::weight(call))
	}

	fn validate(
		&self,
		origin: DispatchOriginOf<T::RuntimeCall>,
		call: &T::RuntimeCall,
		_: &DispatchInfoOf<T::RuntimeCall>,
		_: usize,
		_: Self::Implicit,
		_: &impl Encode,
		_: TransactionSource,
	) -> ValidateResult<Self::Val, T::RuntimeCall> {
		let Some(who) = origin.as_system_origin_signer() else {
			return Ok((ValidTransaction::default(), self.weight(call), origin));
		};
		let (admitted, unspent) = match Pallet::<T>::present_membership(who) {
			Some(membership) => {
				let signer = call.is_sub_type().map_or_else(|| T::FreeCalls::signer(call), Call::signer);
				let admitted = match signer {
					Signer::Member => true,
					Signer::Holding(role) => membership.roles.contains(role),
					Signer::Nobody => false,
				};
				(admitted, T::Guests::weight(call))
			},
			None if T::Guests::admits(who, call) => (call.is_sub_type().is_none(), Weight::zero()),
			None => return Err(InvalidTransaction::BadSigner.into()),
		};
		if !admitted || !T::BaseCallFilter::contains(call) {
			return Err(InvalidTransaction::Call.into());
		}
		Ok((ValidTransaction::default(), unspent, origin))
	}

	fn prepare(
		self,
		unspent: Self::Val,
		_: &DispatchOriginOf<T::RuntimeCall>,
		_: &T::RuntimeCall,
		_: &DispatchInfoOf<T::RuntimeCall>,
		_: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		Ok(unspent)
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
