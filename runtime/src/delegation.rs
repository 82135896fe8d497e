// SPDX-License-Identifier: Apache-2.0
//! What an account may let another do for it.

use crate::RuntimeCall;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::InstanceFilter;
use scale_info::TypeInfo;

/// How far a proxy's power goes.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum ProxyType {
	/// Everything.
	#[default]
	#[codec(index = 0)]
	Any,
	/// Everything but money.
	#[codec(index = 1)]
	NoMoney,
	/// Records and logs: for the system that keeps them.
	#[codec(index = 2)]
	Records,
	/// Members and licences.
	#[codec(index = 3)]
	Registry,
	/// Motions of the council and votes.
	#[codec(index = 4)]
	Council,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		// A list is judged by its calls, each of which passes here again.
		let list = matches!(call, RuntimeCall::Utility(_));
		let money =
			matches!(call, RuntimeCall::Balances(_) | RuntimeCall::Registry(pallet_registry::Call::fund_member { .. }));
		match self {
			Self::Any => true,
			Self::NoMoney => !money,
			Self::Records => list || matches!(call, RuntimeCall::Ehr(_)),
			Self::Registry => list || (matches!(call, RuntimeCall::Registry(_)) && !money),
			Self::Council => list || matches!(call, RuntimeCall::Council(_)),
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		self == other || matches!(self, Self::Any) || (matches!(self, Self::NoMoney) && !matches!(other, Self::Any))
	}
}
