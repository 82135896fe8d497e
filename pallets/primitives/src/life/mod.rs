// SPDX-License-Identifier: Apache-2.0
//! What happens to a record after it was written: disputes, requests to amend it, legal holds, retention, erasure.
//!
//! Pure state machines: a step gives the new state or says why it is refused. Runtime and clients run these same ones.

mod dispute;
mod erasure;
mod request;
mod view;

pub use dispute::{Dispute, DisputeEnd, DisputeOutcome, Resolution};
pub use erasure::{Attestation, Erasure, ErasureGround, Hold, ATTESTATION_VALID};
pub use request::{AmendmentRequest, Answer, Answered, DenialReason, RequestState, Statement, ANSWER_WITHIN};

use crate::{
	hash::Commitment,
	ids::{MemberKey, OrgId, SubjectId},
	moment::Moment,
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How many disputes a record can have in all.
pub const MAX_DISPUTES: u32 = 8;
/// How many requests to amend it a record can have in all.
pub const MAX_REQUESTS: u32 = 8;
/// How many organisations can hold a record at once.
pub const MAX_HOLDS: u32 = 4;

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
	/// There is nothing of this number, no open dispute, or no hold of this organisation.
	NotFound,
	/// It is open, held or attested by the same one already.
	AlreadyExists,
	/// The step does not follow from the present state.
	WrongState,
	/// The record concerns another subject.
	OtherSubject,
	/// The record has had as many as it can have.
	TooMany,
	/// The record has no newer version than when the amendment was asked for.
	NotAmended,
	/// The retention would end sooner, or not later.
	NotProlonged,
	/// An authority holds the record.
	Held,
	/// The record is in dispute.
	Disputed,
	/// The record must be kept for some time yet.
	Retained,
	/// The record is erased.
	Erased,
}

/// The later life of a record. [`RecordLife::default`] is that of a record to which nothing happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RecordLife {
	/// Whom the record concerns, once that subject has opened it by a dispute or a request.
	pub subject: Option<SubjectId>,
	/// Disputes in the order of their opening; only the last can be open.
	pub disputes: BoundedVec<Dispute, ConstU32<MAX_DISPUTES>>,
	/// Requests to amend the record in the order of their number, from 0; only the last can be unanswered.
	pub requests: BoundedVec<AmendmentRequest, ConstU32<MAX_REQUESTS>>,
	/// Legal holds, one for each organisation.
	pub holds: BoundedVec<Hold, ConstU32<MAX_HOLDS>>,
	/// The custodian keeps the record until then at least; midnight UTC.
	pub retained_until: Option<Moment>,
	/// What the first of two members attested. Anything that stands against the erasure takes it away, since it was
	/// attested without knowledge of that.
	pub attestation: Option<Attestation>,
	/// That the record is erased. Final.
	pub erasure: Option<Erasure>,
}

impl RecordLife {
	/// Whether nothing ever happened, or nothing is left of it.
	pub fn is_uneventful(&self) -> bool {
		*self == Self::default()
	}

	/// Whether a dispute is open.
	pub fn is_disputed(&self) -> bool {
		self.disputes.last().is_some_and(Dispute::is_open)
	}

	/// Refuses anybody but the subject that the record is known to concern.
	fn ensure_subject(&self, subject: SubjectId) -> Result<(), Refused> {
		match self.subject {
			Some(known) if known == subject => Ok(()),
			Some(_) => Err(Refused::OtherSubject),
			None => Err(Refused::NotFound),
		}
	}

	/// The subject, whose link was verified, opens a dispute.
	///
	/// # Errors
	/// `AlreadyExists` if one is open, `TooMany`.
	pub fn dispute(mut self, subject: SubjectId, statement: Commitment, at: Moment) -> Result<Self, Refused> {
		if self.is_disputed() {
			return Err(Refused::AlreadyExists);
		}
		self.disputes.try_push(Dispute::opened(statement, at)).map_err(|_| Refused::TooMany)?;
		self.subject = Some(subject);
		self.attestation = None;
		Ok(self)
	}

	/// The subject takes its dispute back.
	///
	/// # Errors
	/// `NotFound` if none is open, `OtherSubject`.
	pub fn withdraw_dispute(self, subject: SubjectId, at: Moment) -> Result<Self, Refused> {
		self.ensure_subject(subject)?;
		self.end_dispute(DisputeOutcome::Withdrawn, at)
	}

	/// The custodian answers a dispute.
	///
	/// # Errors
	/// `NotFound` if none is open.
	pub fn resolve_dispute(self, resolution: Resolution, explanation: Commitment, at: Moment) -> Result<Self, Refused> {
		self.end_dispute(DisputeOutcome::Resolved { resolution, explanation }, at)
	}

	fn end_dispute(mut self, outcome: DisputeOutcome, at: Moment) -> Result<Self, Refused> {
		let open = self.disputes.iter_mut().next_back().ok_or(Refused::NotFound)?;
		*open = open.ended(outcome, at)?;
		Ok(self)
	}

	/// The subject, whose link was verified, asks that the record of this newest version be amended.
	///
	/// # Errors
	/// `Erased`, `AlreadyExists` if the request before is unanswered, `TooMany`.
	pub fn request(
		mut self,
		subject: SubjectId,
		statement: Commitment,
		version: u32,
		at: Moment,
	) -> Result<Self, Refused> {
		if self.erasure.is_some() {
			return Err(Refused::Erased);
		}
		if self.requests.last().is_some_and(|last| last.state() == RequestState::Open) {
			return Err(Refused::AlreadyExists);
		}
		let request = AmendmentRequest::asked(statement, version, at);
		self.requests.try_push(request).map_err(|_| Refused::TooMany)?;
		self.subject = Some(subject);
		Ok(self)
	}

	/// Changes the request of this number by one of its own steps.
	///
	/// # Errors
	/// `NotFound`, and those of the step.
	pub fn change_request(
		mut self,
		number: u32,
		step: impl FnOnce(AmendmentRequest) -> Result<AmendmentRequest, Refused>,
	) -> Result<Self, Refused> {
		let place = usize::try_from(number).map_err(|_| Refused::NotFound)?;
		let request = self.requests.get_mut(place).ok_or(Refused::NotFound)?;
		*request = step(*request)?;
		Ok(self)
	}

	/// The subject states that it disagrees with a denial.
	///
	/// # Errors
	/// `NotFound`, `OtherSubject`, `WrongState` unless the request is denied.
	pub fn disagree(self, subject: SubjectId, number: u32, statement: Commitment, at: Moment) -> Result<Self, Refused> {
		self.ensure_subject(subject)?;
		self.change_request(number, |request| request.disagreed(statement, at))
	}

	/// An authority holds the record.
	///
	/// # Errors
	/// `Erased`, `AlreadyExists` if it does so already, `TooMany`.
	pub fn hold(mut self, by: OrgId, since: Moment) -> Result<Self, Refused> {
		if self.erasure.is_some() {
			return Err(Refused::Erased);
		}
		if self.holds.iter().any(|hold| hold.by == by) {
			return Err(Refused::AlreadyExists);
		}
		self.holds.try_push(Hold { by, since }).map_err(|_| Refused::TooMany)?;
		self.attestation = None;
		Ok(self)
	}

	/// A hold is lifted by an organisation that answers for the one that placed it.
	///
	/// # Errors
	/// `NotFound` if there is none.
	pub fn lift_hold(mut self, answers_for: impl Fn(OrgId) -> bool) -> Result<(Self, OrgId), Refused> {
		let place = self.holds.iter().position(|hold| answers_for(hold.by)).ok_or(Refused::NotFound)?;
		let hold = self.holds.remove(place);
		Ok((self, hold.by))
	}

	/// The custodian states how long it keeps the record: rounded outward to the end of the day, so that no time of day
	/// of anything clinical shows.
	///
	/// # Errors
	/// `Erased`, `NotProlonged`.
	pub fn retain(mut self, until: Moment) -> Result<Self, Refused> {
		if self.erasure.is_some() {
			return Err(Refused::Erased);
		}
		let until = until.end_of_day();
		if self.retained_until.is_some_and(|before| until <= before) {
			return Err(Refused::NotProlonged);
		}
		self.retained_until = Some(until);
		self.attestation = None;
		Ok(self)
	}

	/// A member of the custodian attests that the salts of the record are destroyed. The second of two different members
	/// who attest the same ground within [`ATTESTATION_VALID`] erases the record.
	///
	/// # Errors
	/// `Erased`, `Held`, `Disputed`, `Retained`, `AlreadyExists` if the member attested the same already.
	pub fn attest(
		mut self,
		custodian: OrgId,
		by: MemberKey,
		ground: ErasureGround,
		at: Moment,
	) -> Result<Self, Refused> {
		self.ensure_erasable(at)?;
		let first = self.attestation.filter(|first| first.ground == ground && first.is_valid(at));
		match first {
			Some(first) if first.by == by => return Err(Refused::AlreadyExists),
			Some(first) => {
				self.attestation = None;
				self.erasure = Some(Erasure { ground, custodian, first, second: by, at });
			},
			None => self.attestation = Some(Attestation { by, ground, at }),
		}
		Ok(self)
	}

	fn ensure_erasable(&self, at: Moment) -> Result<(), Refused> {
		if self.erasure.is_some() {
			return Err(Refused::Erased);
		}
		if !self.holds.is_empty() {
			return Err(Refused::Held);
		}
		if self.is_disputed() {
			return Err(Refused::Disputed);
		}
		if self.retained_until.is_some_and(|until| at < until) {
			return Err(Refused::Retained);
		}
		Ok(())
	}

	/// Whether nothing stood against attesting an erasure at that moment. A dispute that has ended since did.
	fn allows(&self, at: Moment) -> bool {
		let disputed = |dispute: &Dispute| dispute.opened_at > at || dispute.end.is_none();
		let retained = self.retained_until.is_some_and(|until| at < until);
		self.holds.is_empty() && !retained && !self.disputes.iter().any(disputed)
	}

	/// What must hold of every life; the error says what does not.
	pub fn check(&self, now: Moment) -> Result<(), &'static str> {
		let opened = !self.disputes.is_empty() || !self.requests.is_empty();
		let rules = [
			(self.is_uneventful(), "a life in which nothing happened"),
			(self.subject.is_some() != opened, "a subject is known if and only if it opened something"),
			(!dispute::are_in_order(&self.disputes, now), "disputes are out of order"),
			(!request::are_in_order(&self.requests, now), "requests are out of order"),
			(!erasure::are_distinct(&self.holds, now), "holds of one organisation, or of the future"),
			(self.retained_until.is_some_and(|until| until != until.end_of_day()), "retention ends within a day"),
			(self.attestation.is_some_and(|first| first.at > now), "an attestation of the future"),
			(
				self.attestation.is_some_and(|first| !self.allows(first.at)),
				"an attestation outlives what is against it",
			),
			(self.erasure.is_some() && self.attestation.is_some(), "an attestation about an erased record"),
			(self.erasure.is_some() && !self.holds.is_empty(), "an erased record is held"),
			(self.erasure.is_some_and(|erasure| !erasure.is_sound(now)), "an erasure by one member, or of the future"),
			(
				self.erasure.is_some_and(|erasure| self.retained_until.is_some_and(|until| erasure.at < until)),
				"a record was erased before its retention ended",
			),
		];
		rules.into_iter().find_map(|(broken, rule)| broken.then_some(rule)).map_or(Ok(()), Err)
	}
}
