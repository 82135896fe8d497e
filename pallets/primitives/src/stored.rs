// SPDX-License-Identifier: Apache-2.0
//! The stored forms on which the answers to verifiable questions rest, for who reads the chain's state with a proof and
//! without the runtime.
//!
//! They mirror what the pallets store, byte for byte; tests of the pallets and of the runtime compare the two. A change
//! there is a new storage version, so that a reader of another version knows that it does not know.

use crate::{
	ehr::{LogHead, RecordStanding},
	gln::Gln,
	hash::{Commitment, HashSuite},
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	link::SubjectLink,
	moment::Moment,
	registry::{
		records::{LicenceRecord, Membership},
		OrganisationClass, OrganisationStatus,
	},
	subjects::SubjectState,
	timeline::Timeline,
};
use alloc::vec::Vec;
use codec::{Decode, Encode};

/// The storage version of the record pallet whose forms these are.
pub const EHR_STORAGE_VERSION: u16 = 1;

/// The storage version of the registry whose forms these are.
pub const REGISTRY_STORAGE_VERSION: u16 = 1;

/// The storage version of the subjects whose forms these are.
pub const SUBJECTS_STORAGE_VERSION: u16 = 1;

/// An amount on hold.
type Balance = u128;

/// Where a record is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum StoredState {
	/// Its newest version holds.
	#[codec(index = 0)]
	InForce,
	/// It should never have been, in any version.
	#[codec(index = 1)]
	EnteredInError,
}

/// An anchored record: `Ehr.Records`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredRecord {
	/// The organisation that keeps it.
	pub custodian: OrgId,
	/// Its newest version, counted from 1.
	pub version: u32,
	/// Where it is in its life.
	pub state: StoredState,
	/// Since when this version has been in this state.
	pub since: Moment,
	/// A hiding hash of the subject that it concerns.
	pub link: Option<SubjectLink>,
}

impl StoredRecord {
	/// Where a version stands; nothing if the record has no such version.
	pub fn standing_of(&self, version: u32) -> Option<RecordStanding> {
		if version == 0 || version > self.version {
			return None;
		}
		Some(match self.state {
			StoredState::EnteredInError => RecordStanding::EnteredInError,
			StoredState::InForce if version < self.version => RecordStanding::Amended { current: self.version },
			StoredState::InForce => RecordStanding::Current,
		})
	}
}

/// One version of a record: `Ehr.Versions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredVersion {
	/// What was committed.
	pub commitment: Commitment,
	/// Under which suite.
	pub suite: HashSuite,
	/// When the chain took it.
	pub anchored_at: Moment,
	/// The deposit; nothing while it is owed.
	pub deposit: Option<Balance>,
	/// The organisation that made the version: on its sovereign account lies the deposit, or it owes it.
	pub payer: OrgId,
}

/// A checkpoint of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredCheckpoint {
	/// Size and root.
	pub head: LogHead,
	/// When the chain took it.
	pub at: Moment,
	/// Whether the organisation that made it was active and licensed to anchor records then.
	pub licensed: bool,
}

/// A custodian's log: `Ehr.Logs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredLog {
	/// The newest checkpoint; before the first one, the empty log as it was opened.
	pub newest: StoredCheckpoint,
	/// How many checkpoints were ever made.
	pub checkpoints: u64,
	/// Thinning has dealt with every checkpoint of a smaller number.
	pub thinned: u64,
	/// How many of those it left.
	pub days: u32,
	/// The deposit.
	pub deposit: Balance,
}

/// An organisation: `Registry.Organisations`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredOrganisation<AccountId> {
	/// What kind it is.
	pub class: OrganisationClass,
	/// GS1 Global Location Number.
	pub gln: Option<Gln>,
	/// Its home jurisdiction.
	pub jurisdiction: Jurisdiction,
	/// The account that acts for it.
	pub controller: AccountId,
	/// Its status.
	pub status: OrganisationStatus,
	/// Since when it has had that status.
	pub since: Moment,
	/// How many statuses it had before.
	pub earlier: u32,
	/// The deposit; none for founders.
	pub deposit: Option<Balance>,
}

/// An account that is a member, or once was one: `Registry.Members`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredMember {
	/// Its membership; nothing between memberships and after the last one.
	pub membership: Timeline<Option<Membership>>,
	/// The deposit; none for founders.
	pub deposit: Option<Balance>,
}

/// A licence: `Registry.Licences`.
pub type StoredLicence<AccountId> = LicenceRecord<AccountId, Balance>;

/// The licences of a holder for a capability: `Registry.Holdings`.
pub type StoredHolding = Timeline<Vec<LicenceId>>;

/// A subject: `Subjects.Subjects`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StoredSubject<AccountId> {
	/// The organisation that enrolled it.
	pub custodian: OrgId,
	/// Its key and status, with their history.
	pub state: Timeline<SubjectState<AccountId>>,
	/// When its key was last rotated by itself.
	pub rotated_at: Option<Moment>,
	/// The nonce of its next relayed act.
	pub nonce: u64,
	/// How many of its re-bindings were confirmed and have ended.
	pub rebinds: u32,
	/// In which block it last sent something without a fee, and how much there.
	pub tally: (u32, u32),
	/// The deposit.
	pub deposit: Balance,
}
