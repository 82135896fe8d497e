// SPDX-License-Identifier: Apache-2.0
//! What members do by duty about subjects and about records that were written.

use crate::acts::Parts;
use codec::Encode;
use epidaurus_primitives::{
	hash::Commitment,
	ids::{RecordId, SubjectId},
	life::{DenialReason, ErasureGround, Resolution},
	moment::Moment,
};
use subxt::utils::AccountId32;

/// A call of a member about a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectDuty {
	/// Enrols it.
	Enrol {
		/// The patient's key.
		key: AccountId32,
	},
	/// Says that its key is lost, and names a new one.
	StartRebind {
		/// The new key.
		new_key: AccountId32,
		/// How the patient proved their identity, committed.
		evidence: Commitment,
		/// Since when acts of the old key are in doubt.
		lost_since: Moment,
	},
	/// Confirms a re-binding to this key.
	ConfirmRebind {
		/// The new key.
		new_key: AccountId32,
	},
	/// Completes a re-binding to this key.
	CompleteRebind {
		/// The new key. Not part of the call: what is pending is compared with it.
		new_key: AccountId32,
	},
	/// Takes a re-binding back.
	WithdrawRebind,
	/// Declares the subject deceased.
	DeclareDeceased,
	/// Closes a pseudonym whose patient goes on under another one.
	Merge {
		/// The sealed link to that one.
		link: Commitment,
	},
	/// Takes a declaration of death or a merger back.
	Reinstate,
}

/// A call of a member about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordDuty {
	/// Answers the open dispute.
	ResolveDispute {
		/// How.
		resolution: Resolution,
		/// Why, committed.
		explanation: Commitment,
	},
	/// Tells that the record was amended as asked for.
	AcceptAmendment {
		/// Number of the request.
		request: u32,
	},
	/// Tells that it stays as it is.
	DenyAmendment {
		/// Number of the request.
		request: u32,
		/// On which of the grounds of the law.
		reason: DenialReason,
		/// Why, committed.
		explanation: Commitment,
	},
	/// Replies to a disagreement.
	Rebut {
		/// Number of the request.
		request: u32,
		/// The reply, committed.
		statement: Commitment,
	},
	/// Holds the record.
	PlaceHold,
	/// Lifts the hold.
	LiftHold,
	/// States how long the record is kept at least.
	StateRetention {
		/// Until when.
		until: Moment,
	},
	/// Attests that its salts are destroyed.
	AttestErasure {
		/// On which ground.
		ground: ErasureGround,
	},
}

impl SubjectDuty {
	pub(super) fn parts(&self, subject: SubjectId) -> Parts {
		let (call, names, arguments): (_, &[&str], _) = match self {
			Self::Enrol { key } => ("enrol", &["subject", "key"], (subject, key).encode()),
			Self::StartRebind { new_key, evidence, lost_since } => (
				"start_rebind",
				&["subject", "new_key", "evidence", "lost_since"],
				(subject, new_key, evidence, lost_since).encode(),
			),
			Self::ConfirmRebind { new_key } => ("confirm_rebind", &["subject", "new_key"], (subject, new_key).encode()),
			Self::CompleteRebind { .. } => ("complete_rebind", &["subject"], subject.encode()),
			Self::WithdrawRebind => ("withdraw_rebind", &["subject"], subject.encode()),
			Self::DeclareDeceased => ("declare_deceased", &["subject"], subject.encode()),
			Self::Merge { link } => ("merge", &["subject", "link"], (subject, link).encode()),
			Self::Reinstate => ("reinstate", &["subject"], subject.encode()),
		};
		("Subjects", call, names, arguments)
	}
}

impl RecordDuty {
	pub(super) fn parts(&self, record: RecordId) -> Parts {
		let (call, names, arguments): (_, &[&str], _) = match self {
			Self::ResolveDispute { resolution, explanation } => (
				"resolve_dispute",
				&["record", "resolution", "explanation"],
				(record, resolution, explanation).encode(),
			),
			Self::AcceptAmendment { request } => {
				("accept_amendment", &["record", "request"], (record, request).encode())
			},
			Self::DenyAmendment { request, reason, explanation } => (
				"deny_amendment",
				&["record", "request", "reason", "explanation"],
				(record, request, reason, explanation).encode(),
			),
			Self::Rebut { request, statement } => {
				("rebut", &["record", "request", "statement"], (record, request, statement).encode())
			},
			Self::PlaceHold => ("place_hold", &["record"], record.encode()),
			Self::LiftHold => ("lift_hold", &["record"], record.encode()),
			Self::StateRetention { until } => ("state_retention", &["record", "until"], (record, until).encode()),
			Self::AttestErasure { ground } => ("attest_erasure", &["record", "ground"], (record, ground).encode()),
		};
		("Ehr", call, names, arguments)
	}
}
