// SPDX-License-Identifier: Apache-2.0
//! What the pallet stores, besides the [head of a record](crate::record::RecordHead).

use crate::Config;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use epidaurus_primitives::{
	ehr::LogHead,
	hash::{Commitment, HashSuite},
	ids::OrgId,
	merkle::{Hash, MAX_PROOF_NODES},
	moment::Moment,
	renewal::{Renewal, MAX_RENEWALS},
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// One version of a record, as it was anchored.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Version<Ticket> {
	/// What was committed; its header holds the number of the version.
	pub commitment: Commitment,
	/// How the content was made into bytes.
	pub suite: HashSuite,
	/// When the chain took it.
	pub anchored_at: Moment,
	/// The deposit; nothing while it is owed.
	pub ticket: Option<Ticket>,
	/// The organisation that made the version: on its sovereign account lies the deposit, or it owes it.
	pub payer: OrgId,
}

/// A [`Version`] of a runtime.
pub type VersionOf<T> = Version<<T as Config>::VersionConsideration>;

/// A custodian's statement about its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Checkpoint {
	/// Size and root.
	pub head: LogHead,
	/// When the chain took it.
	pub at: Moment,
	/// Whether the organisation that made it was active and licensed to anchor records then.
	pub licensed: bool,
}

/// A custodian's log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct LogState<Ticket> {
	/// The newest checkpoint; before the first one, the empty log as it was opened.
	pub newest: Checkpoint,
	/// How many checkpoints were ever made; the newest has the number before this.
	pub checkpoints: u64,
	/// Thinning has dealt with every checkpoint of a smaller number.
	pub thinned: u64,
	/// How many of those it left: one for each UTC day that had any.
	pub days: u32,
	/// The deposit.
	pub ticket: Ticket,
}

/// A [`LogState`] of a runtime.
pub type LogStateOf<T> = LogState<<T as Config>::LogConsideration>;

/// The path that a checkpoint carries: no longer than any log can need.
pub type ConsistencyProof = BoundedVec<Hash, ConstU32<MAX_PROOF_NODES>>;

/// A checkpoint of a log by its number, with the size that whoever names it believes it to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct CheckpointId {
	/// Its number, from 0.
	pub number: u64,
	/// Entries that the log had.
	pub size: u64,
}

/// The renewals of a log, oldest first.
pub type LogRenewals = BoundedVec<Renewal, ConstU32<MAX_RENEWALS>>;

/// What benchmarks need of a runtime and cannot do through its traits.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper {
	/// Makes it this late.
	fn set_now(now: Moment);
}
