// SPDX-License-Identifier: Apache-2.0
//! What the pallet tells; part of the pallet's module.

use frame_support::pallet_macros::pallet_section;

/// Events.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A record was anchored; this is its version 1.
		RecordAnchored {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// What was committed.
			commitment: Commitment,
			/// Under which suite.
			suite: HashSuite,
		},
		/// A record was corrected by a new version.
		RecordAmended {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// Number of the new version.
			version: u32,
			/// What was committed.
			commitment: Commitment,
			/// Under which suite.
			suite: HashSuite,
			/// Whether the deposit was taken; if not, the custodian owes it.
			deposited: bool,
		},
		/// A record was declared one that should never have been, with all its versions.
		RecordEnteredInError {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// Its newest version.
			version: u32,
		},
		/// The missing deposit of a version was paid.
		DepositSettled {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// The version.
			version: u32,
		},
		/// A custodian opened a log; it is empty.
		LogOpened {
			/// Whose log.
			custodian: OrgId,
			/// Which.
			kind: LogKind,
			/// The member that acted.
			by: T::AccountId,
		},
		/// A custodian stated what its log looks like, and that it still begins with the log of the checkpoint before.
		LogCheckpointed {
			/// Whose log.
			custodian: OrgId,
			/// Which.
			kind: LogKind,
			/// The member that acted.
			by: T::AccountId,
			/// Number of the checkpoint, from 0.
			number: u64,
			/// Entries in the log.
			size: u64,
			/// Root over them.
			root: merkle::Hash,
			/// Whether the custodian was active and licensed to anchor records.
			licensed: bool,
		},
		/// A subject disputes a record that concerns it.
		RecordDisputed {
			/// The record.
			record: RecordId,
			/// The subject.
			subject: SubjectId,
			/// The subject's key.
			by: T::AccountId,
			/// What the subject says, committed.
			statement: Commitment,
		},
		/// A subject took its dispute back.
		DisputeWithdrawn {
			/// The record.
			record: RecordId,
			/// The subject.
			subject: SubjectId,
			/// The subject's key.
			by: T::AccountId,
		},
		/// The custodian answered a dispute.
		DisputeResolved {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// The answer.
			resolution: Resolution,
			/// Its reasons, committed.
			explanation: Commitment,
		},
		/// A subject asked that a record be amended.
		AmendmentRequested {
			/// The record.
			record: RecordId,
			/// The subject.
			subject: SubjectId,
			/// The subject's key.
			by: T::AccountId,
			/// Number of the request, from 0.
			request: u32,
			/// What the subject asks for, committed.
			statement: Commitment,
		},
		/// The custodian amended the record as it was asked to.
		AmendmentAccepted {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// Number of the request.
			request: u32,
			/// The record's newest version.
			version: u32,
			/// Whether the answer came too late.
			overdue: bool,
		},
		/// The custodian does not amend the record.
		AmendmentDenied {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// Number of the request.
			request: u32,
			/// Why.
			reason: DenialReason,
			/// The reasons in words, committed.
			explanation: Commitment,
			/// Whether the answer came too late.
			overdue: bool,
		},
		/// A subject disagrees with a denial.
		DisagreementStated {
			/// The record.
			record: RecordId,
			/// The subject.
			subject: SubjectId,
			/// The subject's key.
			by: T::AccountId,
			/// Number of the request.
			request: u32,
			/// What the subject says, committed.
			statement: Commitment,
		},
		/// The custodian replied to a disagreement.
		DisagreementRebutted {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// Number of the request.
			request: u32,
			/// What the custodian says, committed.
			statement: Commitment,
		},
		/// An authority holds a record: it cannot be erased.
		HoldPlaced {
			/// The record.
			record: RecordId,
			/// The organisation that holds it.
			authority: OrgId,
			/// The member that acted.
			by: T::AccountId,
		},
		/// An authority's hold was lifted.
		HoldLifted {
			/// The record.
			record: RecordId,
			/// The organisation that had placed it.
			authority: OrgId,
			/// The member that acted.
			by: T::AccountId,
		},
		/// The custodian stated how long it keeps a record at least.
		RetentionStated {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// Until then.
			until: Moment,
		},
		/// One member of the custodian attested that a record's salts are destroyed; another one must do so too.
		ErasureAttested {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// On which ground.
			ground: ErasureGround,
		},
		/// A second member attested the same: the record is erased.
		RecordErased {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// On which ground.
			ground: ErasureGround,
		},
		/// The consortium advises against a suite for new anchors.
		SuiteDeprecated {
			/// The suite.
			suite: HashSuite,
		},
		/// The consortium forbade a suite for new anchors.
		SuiteForbidden {
			/// The suite.
			suite: HashSuite,
		},
		/// A custodian, or who answers for it, stated the root of a log in another tree.
		LogRenewed {
			/// Whose log.
			custodian: OrgId,
			/// Which.
			kind: LogKind,
			/// The member that acted.
			by: T::AccountId,
			/// The other tree.
			tree: TreeSuite,
			/// Entries that are covered.
			size: u64,
			/// Root over them in that tree.
			root: merkle::Hash,
		},
		/// The consortium advises against resting proofs on a tree.
		TreeDeprecated {
			/// The tree.
			tree: TreeSuite,
		},
		/// The consortium declared that a tree proves nothing any more.
		TreeForbidden {
			/// The tree.
			tree: TreeSuite,
		},
	}
}
