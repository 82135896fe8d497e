// SPDX-License-Identifier: Apache-2.0
//! A subject's dispute of one record.
//!
//! ```text
//! opened ──► open ──resolved──► upheld | rejected
//!              ▲└───withdrawn──► withdrawn
//!              └──by a key that is declared lost for then──┘
//! ```
//!
//! Who steals a key must not be able to end what the subject opened. That a key was lost is found out later, so a
//! withdrawal is taken at first, and counts for nothing once its moment is in doubt.

use super::Refused;
use crate::{hash::Commitment, moment::Moment};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What the custodian answers to a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Resolution {
	/// The subject is right.
	#[codec(index = 0)]
	Upheld,
	/// The record stays as it is.
	#[codec(index = 1)]
	Rejected,
}

/// How a dispute ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(
	feature = "serde",
	derive(serde::Serialize, serde::Deserialize),
	serde(rename_all = "camelCase", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DisputeOutcome {
	/// The custodian answered.
	#[codec(index = 0)]
	Resolved {
		/// What.
		resolution: Resolution,
		/// Its reasons, committed.
		explanation: Commitment,
	},
	/// The subject took it back.
	#[codec(index = 1)]
	Withdrawn,
}

/// The end of a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DisputeEnd {
	/// How it ended.
	pub outcome: DisputeOutcome,
	/// When.
	pub at: Moment,
}

/// A dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dispute {
	/// What the subject says, committed.
	pub statement: Commitment,
	/// When it was opened.
	pub opened_at: Moment,
	/// When somebody withdrew it whose key was declared lost for then: it stood all the same, until its end.
	pub withdrawn_in_doubt: Option<Moment>,
	/// Its end; nothing while it is open.
	pub end: Option<DisputeEnd>,
}

impl Dispute {
	/// A dispute as it is opened.
	pub const fn opened(statement: Commitment, at: Moment) -> Self {
		Self { statement, opened_at: at, withdrawn_in_doubt: None, end: None }
	}

	/// Whether it is open.
	pub const fn is_open(&self) -> bool {
		self.end.is_none()
	}

	/// When the subject, or who had its key, took it back; nothing if it is open or the custodian answered it.
	pub fn withdrawn_at(&self) -> Option<Moment> {
		self.end.filter(|end| end.outcome == DisputeOutcome::Withdrawn).map(|end| end.at)
	}

	/// Whether it is open, or was withdrawn at a moment that is in doubt.
	pub fn stands(&self, doubtful: impl FnOnce(Moment) -> bool) -> bool {
		self.is_open() || self.withdrawn_at().is_some_and(doubtful)
	}

	/// The dispute as it stands: open again if it was withdrawn at a moment that is in doubt.
	pub(super) fn reconsidered(self, doubtful: impl FnOnce(Moment) -> bool) -> Self {
		match self.withdrawn_at().filter(|at| doubtful(*at)) {
			Some(at) => Self { withdrawn_in_doubt: Some(at), end: None, ..self },
			None => self,
		}
	}

	/// The dispute after its end.
	///
	/// # Errors
	/// `NotFound` if it is not open.
	pub const fn ended(self, outcome: DisputeOutcome, at: Moment) -> Result<Self, Refused> {
		match self.end {
			None => Ok(Self { end: Some(DisputeEnd { outcome, at }), ..self }),
			Some(_) => Err(Refused::NotFound),
		}
	}
}

/// Whether each dispute ended before the next was opened, and none comes from the future.
pub(super) fn are_in_order(disputes: &[Dispute], now: Moment) -> bool {
	let between = |one: &Dispute, at| one.opened_at <= at && one.end.is_some_and(|end| at <= end.at);
	if !disputes.iter().all(|one| one.withdrawn_in_doubt.is_none_or(|at| between(one, at))) {
		return false;
	}
	let spans = disputes.iter().map(|one| (one.opened_at, one.end.map(|end| end.at)));
	let follows = spans.clone().zip(spans.clone().skip(1));
	let mut ends = spans.clone().map(|(from, until)| from <= until.unwrap_or(now) && until.unwrap_or(from) <= now);
	ends.all(|sound| sound) && follows.into_iter().all(|((_, end), (next, _))| end.is_some_and(|end| end <= next))
}
