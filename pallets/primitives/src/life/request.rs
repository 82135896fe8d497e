// SPDX-License-Identifier: Apache-2.0
//! A subject's request that a record be amended (HIPAA 45 CFR 164.526).
//!
//! ```text
//! asked ──► open ──accepted──► accepted
//!             └────denied────► denied ──disagreed──► disagreed ──rebutted──► rebutted
//! ```

use super::Refused;
use crate::{
	hash::Commitment,
	moment::{Moment, DAY},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Milliseconds within which a request is to be answered: 60 days (164.526(b)(2)).
pub const ANSWER_WITHIN: u64 = 60 * DAY;

/// Why a custodian may deny a request (164.526(a)(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DenialReason {
	/// (i) Somebody else made the record, who can still be asked.
	#[codec(index = 0)]
	NotCreatedHere,
	/// (ii) It is not part of the designated record set.
	#[codec(index = 1)]
	NotInRecordSet,
	/// (iii) The subject has no right to inspect it.
	#[codec(index = 2)]
	NotOpenToInspection,
	/// (iv) It is accurate and complete.
	#[codec(index = 3)]
	AccurateAndComplete,
}

/// What the custodian answers to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(
	feature = "serde",
	derive(serde::Serialize, serde::Deserialize),
	serde(rename_all = "camelCase", rename_all_fields = "camelCase")
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Answer {
	/// The record was amended.
	#[codec(index = 0)]
	Accepted {
		/// Its newest version then.
		version: u32,
	},
	/// The record stays as it is.
	#[codec(index = 1)]
	Denied {
		/// Why.
		reason: DenialReason,
		/// The reasons in words, committed.
		explanation: Commitment,
	},
}

/// An answer with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answered {
	/// What was answered.
	pub answer: Answer,
	/// When.
	pub at: Moment,
}

/// A committed text with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
	/// The text, committed.
	pub text: Commitment,
	/// When it was made.
	pub at: Moment,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RequestState {
	/// Not answered.
	#[codec(index = 0)]
	Open,
	/// The record was amended.
	#[codec(index = 1)]
	Accepted,
	/// The record stays as it is.
	#[codec(index = 2)]
	Denied,
	/// Denied, and the subject disagrees.
	#[codec(index = 3)]
	Disagreed,
	/// Denied, the subject disagrees, and the custodian keeps to it.
	#[codec(index = 4)]
	Rebutted,
}

/// A request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AmendmentRequest {
	/// What the subject asks for, committed.
	pub statement: Commitment,
	/// The record's newest version when it was asked for.
	pub version: u32,
	/// When.
	pub asked_at: Moment,
	/// The custodian's answer.
	pub answered: Option<Answered>,
	/// That the subject disagrees with a denial.
	pub disagreement: Option<Statement>,
	/// The custodian's reply to that.
	pub rebuttal: Option<Statement>,
}

impl AmendmentRequest {
	/// A request as it is made about the newest version.
	pub const fn asked(statement: Commitment, version: u32, at: Moment) -> Self {
		Self { statement, version, asked_at: at, answered: None, disagreement: None, rebuttal: None }
	}

	/// Where it stands.
	pub fn state(&self) -> RequestState {
		match (self.answered.map(|answered| answered.answer), self.disagreement, self.rebuttal) {
			(None, ..) => RequestState::Open,
			(Some(Answer::Accepted { .. }), ..) => RequestState::Accepted,
			(Some(Answer::Denied { .. }), None, _) => RequestState::Denied,
			(Some(Answer::Denied { .. }), Some(_), None) => RequestState::Disagreed,
			(Some(Answer::Denied { .. }), Some(_), Some(_)) => RequestState::Rebutted,
		}
	}

	/// When it is to be answered at the latest.
	pub const fn due(&self) -> Moment {
		Moment(self.asked_at.0.saturating_add(ANSWER_WITHIN))
	}

	/// Whether it was answered after that, or is not answered now that it is later.
	pub fn is_overdue(&self, now: Moment) -> bool {
		self.answered.map_or(now, |answered| answered.at) > self.due()
	}

	/// The request after the record was amended or, which corrects it too, entered in error.
	///
	/// # Errors
	/// `WrongState` unless it is open, `NotAmended` if nothing happened to the record since.
	pub fn accepted(self, newest: u32, entered_in_error: bool, at: Moment) -> Result<Self, Refused> {
		self.ensure(RequestState::Open)?;
		if newest <= self.version && !entered_in_error {
			return Err(Refused::NotAmended);
		}
		Ok(Self { answered: Some(Answered { answer: Answer::Accepted { version: newest }, at }), ..self })
	}

	/// The request after the custodian denied it.
	///
	/// # Errors
	/// `WrongState` unless it is open.
	pub fn denied(self, reason: DenialReason, explanation: Commitment, at: Moment) -> Result<Self, Refused> {
		self.ensure(RequestState::Open)?;
		Ok(Self { answered: Some(Answered { answer: Answer::Denied { reason, explanation }, at }), ..self })
	}

	/// The request after the subject disagreed with the denial.
	///
	/// # Errors
	/// `WrongState` unless it is denied.
	pub fn disagreed(self, text: Commitment, at: Moment) -> Result<Self, Refused> {
		self.ensure(RequestState::Denied)?;
		Ok(Self { disagreement: Some(Statement { text, at }), ..self })
	}

	/// The request after the custodian replied to the disagreement.
	///
	/// # Errors
	/// `WrongState` unless the subject disagreed.
	pub fn rebutted(self, text: Commitment, at: Moment) -> Result<Self, Refused> {
		self.ensure(RequestState::Disagreed)?;
		Ok(Self { rebuttal: Some(Statement { text, at }), ..self })
	}

	fn ensure(&self, state: RequestState) -> Result<(), Refused> {
		if self.state() == state {
			Ok(())
		} else {
			Err(Refused::WrongState)
		}
	}

	/// Whether its steps follow upon each other, and none comes from the future.
	fn is_sound(&self, now: Moment) -> bool {
		let denied = self.answered.is_some_and(|answered| matches!(answered.answer, Answer::Denied { .. }));
		let answered = self.answered.map(|answered| answered.at);
		let disagreed = self.disagreement.map(|statement| statement.at);
		let rebutted = self.rebuttal.map(|statement| statement.at);
		let times = [Some(self.asked_at), answered, disagreed, rebutted, Some(now)];
		times.into_iter().flatten().is_sorted()
			&& (denied || self.disagreement.is_none())
			&& (self.disagreement.is_some() || self.rebuttal.is_none())
	}
}

/// Whether each request is sound and was answered before the next was made.
pub(super) fn are_in_order(requests: &[AmendmentRequest], now: Moment) -> bool {
	requests.iter().all(|request| request.is_sound(now))
		&& requests
			.iter()
			.zip(requests.iter().skip(1))
			.all(|(one, next)| one.answered.is_some_and(|answered| answered.at <= next.asked_at))
}
