// SPDX-License-Identifier: Apache-2.0
//! What an account may let another do for it.

use crate::{Runtime, RuntimeCall};
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
	/// Everything but money and control of the organisation: who speaks for it, and who answers in its place.
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
		match self {
			Self::Any => true,
			Self::NoMoney => match call {
				RuntimeCall::Balances(_) => false,
				RuntimeCall::Registry(call) => !moves_money_or_control(call),
				_ => true,
			},
			Self::Records => list || matches!(call, RuntimeCall::Ehr(_)),
			Self::Registry => list || matches!(call, RuntimeCall::Registry(call) if is_about_members_or_licences(call)),
			Self::Council => list || matches!(call, RuntimeCall::Council(_)),
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		self == other || matches!(self, Self::Any) || (matches!(self, Self::NoMoney) && !matches!(other, Self::Any))
	}
}

/// Whoever rotates the controller is the controller afterwards, with all that this account may; the others cannot be
/// taken back by the organisation alone.
const fn moves_money_or_control(call: &pallet_registry::Call<Runtime>) -> bool {
	use pallet_registry::Call;
	matches!(
		call,
		Call::fund_member { .. }
			| Call::rotate_controller { .. }
			| Call::leave {}
			| Call::offer_succession { .. }
			| Call::accept_succession { .. }
	)
}

const fn is_about_members_or_licences(call: &pallet_registry::Call<Runtime>) -> bool {
	use pallet_registry::Call;
	matches!(
		call,
		Call::add_member { .. }
			| Call::change_member { .. }
			| Call::remove_member { .. }
			| Call::issue_licence { .. }
			| Call::renew_licence { .. }
			| Call::suspend_licence { .. }
			| Call::reinstate_licence { .. }
			| Call::revoke_licence { .. }
			| Call::distrust_licence { .. }
	)
}
