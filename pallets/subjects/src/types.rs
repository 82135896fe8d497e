// SPDX-License-Identifier: Apache-2.0
//! What the pallet stores.

use crate::{doubt::Doubts, quota::Tally, rebind::Rebind, Config};
use codec::{Decode, Encode, MaxEncodedLen};
use epidaurus_primitives::{
	ids::OrgId,
	moment::Moment,
	seams::SubjectAct,
	subjects::{RebindOutcome, SubjectState},
	timeline::{Span, Timeline},
};
use frame_system::{pallet_prelude::BlockNumberFor, Config as SystemConfig};
use scale_info::TypeInfo;

/// A subject. Never removed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct SubjectRecord<AccountId, BlockNumber, Ticket> {
	/// The organisation that enrolled it.
	pub custodian: OrgId,
	/// Its key and status, with their history.
	pub state: Timeline<SubjectState<AccountId>>,
	/// When its key was last rotated by itself.
	pub rotated_at: Option<Moment>,
	/// The nonce of its next relayed act; never goes back.
	pub nonce: u64,
	/// How many of its re-bindings were confirmed and have ended.
	pub rebinds: u32,
	/// What it sent without a fee.
	pub tally: Tally<BlockNumber>,
	/// Deposit on the custodian's sovereign account.
	pub ticket: Ticket,
}

/// [`SubjectRecord`] as this runtime stores it.
pub type SubjectRecordOf<T> =
	SubjectRecord<<T as SystemConfig>::AccountId, BlockNumberFor<T>, <T as Config>::SubjectConsideration>;

/// [`SubjectState`] as this runtime stores it.
pub type SubjectStateOf<T> = SubjectState<<T as SystemConfig>::AccountId>;

/// A span of a subject's history as this runtime stores it.
pub type SubjectSpanOf<T> = Span<SubjectStateOf<T>>;

/// A pending re-binding as this runtime stores it.
pub type RebindOf<T> = Rebind<<T as SystemConfig>::AccountId>;

/// A re-binding that was confirmed and has ended.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ClosedRebind<AccountId> {
	/// What it was about and who said what.
	pub rebind: Rebind<AccountId>,
	/// How it ended.
	pub outcome: RebindOutcome,
	/// When.
	pub at: Moment,
}

/// [`ClosedRebind`] as this runtime stores it.
pub type ClosedRebindOf<T> = ClosedRebind<<T as SystemConfig>::AccountId>;

/// A subject's doubts as this runtime stores them.
pub type DoubtsOf<T> = Doubts<<T as Config>::MaxDoubts>;

/// Which calls a subject can send without a fee, and others can relay for it.
pub trait SubjectCalls<Call> {
	/// What kind of act the call is; nothing if it is no act of a subject. Only what stands in the call itself counts:
	/// a call that holds other calls is none.
	fn act(call: &Call) -> Option<SubjectAct>;
}
