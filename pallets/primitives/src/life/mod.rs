// SPDX-License-Identifier: Apache-2.0
//! What happens to a record after it was written: disputes, requests to amend it, legal holds, retention, erasure.
//!
//! Pure state machines: a step gives the new state or says why it is refused. Runtime and clients run these same ones.

mod dispute;
mod erasure;
mod folded;
mod request;
mod view;

pub use dispute::{Dispute, DisputeEnd, DisputeOutcome, Resolution};
pub use erasure::{Attestation, EndedHold, Erasure, ErasureGround, Hold, ATTESTATION_VALID};
pub use folded::Folded;
pub use request::{AmendmentRequest, Answer, Answered, DenialReason, RequestState, Statement, ANSWER_WITHIN};

use crate::{
	hash::Commitment,
	ids::{MemberKey, OrgId, SubjectId},
	moment::Moment,
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How many disputes of a record are kept. A further one folds the oldest away.
pub const MAX_DISPUTES: u32 = 8;
/// How many requests to amend a record are kept. A further one folds the oldest away.
pub const MAX_REQUESTS: u32 = 8;
/// How many organisations can hold a record at once.
pub const MAX_HOLDS: u32 = 4;
/// How many holds that ended are kept. A further one folds the oldest away.
pub const MAX_ENDED_HOLDS: u32 = 8;

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
	/// There is nothing of this number (any more), no open dispute, or no hold of this organisation.
	NotFound,
	/// It is open, held or attested by the same one already.
	AlreadyExists,
	/// The step does not follow from the present state.
	WrongState,
	/// The record concerns another subject.
	OtherSubject,
	/// The record has as many holds as it can have at once.
	TooMany,
	/// The record has no newer version than when the amendment was asked for.
	NotAmended,
	/// The retention would end sooner, or not later.
	NotProlonged,
	/// An authority holds the record.
	Held,
	/// The record is in dispute.
	Disputed,
	/// A request to amend the record is not answered.
	Unanswered,
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
	/// Requests to amend the record in the order of their number; only the last can be unanswered.
	pub requests: BoundedVec<AmendmentRequest, ConstU32<MAX_REQUESTS>>,
	/// Legal holds, one for each organisation.
	pub holds: BoundedVec<Hold, ConstU32<MAX_HOLDS>>,
	/// Legal holds that were lifted, in the order of their end.
	pub ended_holds: BoundedVec<EndedHold, ConstU32<MAX_ENDED_HOLDS>>,
	/// The custodian keeps the record until then at least; midnight UTC.
	pub retained_until: Option<Moment>,
	/// What the first of two members attested. Anything that stands against the erasure takes it away, since it was
	/// attested without knowledge of that.
	pub attestation: Option<Attestation>,
	/// That the record is erased. Final.
	pub erasure: Option<Erasure>,
	/// How much gave way to what is kept.
	pub folded: Folded,
}

/// Takes the first of a full list away.
fn make_room<Item, const MOST: u32>(list: &mut BoundedVec<Item, ConstU32<MOST>>) -> Option<Item> {
	list.is_full().then(|| list.remove(0))
}

impl RecordLife {
	/// Whether nothing ever happened.
	pub fn is_uneventful(&self) -> bool {
		*self == Self::default()
	}

	/// Whether a dispute is open.
	pub fn is_disputed(&self) -> bool {
		self.disputes.last().is_some_and(Dispute::is_open)
	}

	/// Whether a request is not answered.
	pub fn is_asked(&self) -> bool {
		self.requests.last().is_some_and(|last| last.state() == RequestState::Open)
	}

	/// The life as it stands: a dispute that was withdrawn last, at a moment that is in doubt, is open.
	#[must_use]
	pub fn reconsidered(mut self, doubtful: impl FnOnce(Moment) -> bool) -> Self {
		if let Some(last) = self.disputes.iter_mut().next_back() {
			*last = last.reconsidered(doubtful);
		}
		self
	}

	/// The request of this number; nothing if it gave way to later ones.
	pub fn request_numbered(&self, number: u32) -> Option<&AmendmentRequest> {
		self.requests.get(self.place_of(number)?)
	}

	/// Number of the newest request.
	pub fn newest_request(&self) -> Option<u32> {
		let before = u32::try_from(self.requests.len()).ok()?.checked_sub(1)?;
		Some(self.folded.requests.saturating_add(before))
	}

	fn place_of(&self, number: u32) -> Option<usize> {
		usize::try_from(number.checked_sub(self.folded.requests)?).ok()
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
	/// `AlreadyExists` if one is open.
	pub fn dispute(mut self, subject: SubjectId, statement: Commitment, at: Moment) -> Result<Self, Refused> {
		if self.is_disputed() {
			return Err(Refused::AlreadyExists);
		}
		if make_room(&mut self.disputes).is_some() {
			self.folded.disputes = self.folded.disputes.saturating_add(1);
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
		// One whose withdrawal was in doubt stood while somebody attested.
		self.attestation = None;
		Ok(self)
	}

	/// The subject, whose link was verified, asks that the record of this newest version be amended.
	///
	/// # Errors
	/// `Erased`, `AlreadyExists` if the request before is unanswered.
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
		if self.is_asked() {
			return Err(Refused::AlreadyExists);
		}
		if let Some(oldest) = make_room(&mut self.requests) {
			let Folded { requests, overdue, disagreements, .. } = &mut self.folded;
			*requests = requests.saturating_add(1);
			*overdue = overdue.saturating_add(oldest.is_overdue(at).into());
			*disagreements = disagreements.saturating_add(oldest.disagreement.is_some().into());
		}
		let request = AmendmentRequest::asked(statement, version, at);
		self.requests.try_push(request).map_err(|_| Refused::TooMany)?;
		self.subject = Some(subject);
		self.attestation = None;
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
		let place = self.place_of(number).ok_or(Refused::NotFound)?;
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
	pub fn lift_hold(mut self, until: Moment, answers_for: impl Fn(OrgId) -> bool) -> Result<(Self, OrgId), Refused> {
		let place = self.holds.iter().position(|hold| answers_for(hold.by)).ok_or(Refused::NotFound)?;
		let Hold { by, since } = self.holds.remove(place);
		if make_room(&mut self.ended_holds).is_some() {
			self.folded.holds = self.folded.holds.saturating_add(1);
		}
		self.ended_holds.try_push(EndedHold { by, since, until }).map_err(|_| Refused::TooMany)?;
		Ok((self, by))
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
	/// of one organisation who attest the same ground within [`ATTESTATION_VALID`] erases the record.
	///
	/// # Errors
	/// `Erased`, `Held`, `Disputed`, `Unanswered`, `Retained`, `AlreadyExists` if the member attested the same already.
	pub fn attest(
		mut self,
		organisation: OrgId,
		by: MemberKey,
		ground: ErasureGround,
		at: Moment,
	) -> Result<Self, Refused> {
		self.ensure_erasable(at)?;
		let same = |first: &Attestation| first.ground == ground && first.organisation == organisation;
		let first = self.attestation.filter(|first| same(first) && first.is_valid(at));
		match first {
			Some(first) if first.by == by => return Err(Refused::AlreadyExists),
			Some(first) => {
				self.attestation = None;
				self.erasure = Some(Erasure { ground, custodian: organisation, first, second: by, at });
			},
			None => self.attestation = Some(Attestation { by, organisation, ground, at }),
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
		// On an erased record no answer would fit.
		if self.is_asked() {
			return Err(Refused::Unanswered);
		}
		if self.retained_until.is_some_and(|until| at < until) {
			return Err(Refused::Retained);
		}
		Ok(())
	}

	/// Whether nothing stood against attesting an erasure at that moment, or came since.
	fn allows(&self, at: Moment) -> bool {
		let retained = self.retained_until.is_some_and(|until| at < until);
		let disputed = |dispute: &Dispute| dispute.end.is_none_or(|end| at < end.at);
		let asked = |request: &AmendmentRequest| request.answered.is_none_or(|answered| at < answered.at);
		let held = !self.holds.is_empty() || self.ended_holds.iter().any(|hold| at < hold.until);
		!held && !retained && !self.disputes.iter().any(disputed) && !self.requests.iter().any(asked)
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
			(!erasure::have_ended(&self.ended_holds, now), "holds that ended are out of order"),
			(!self.is_well_folded(), "something gave way where there was room"),
			(self.retained_until.is_some_and(|until| until != until.end_of_day()), "retention ends within a day"),
			(self.attestation.is_some_and(|first| first.at > now), "an attestation of the future"),
			(
				self.attestation.is_some_and(|first| !self.allows(first.at)),
				"an attestation outlives what is against it",
			),
			(self.erasure.is_some() && self.attestation.is_some(), "an attestation about an erased record"),
			(self.erasure.is_some() && !self.holds.is_empty(), "an erased record is held"),
			(self.erasure.is_some() && self.is_asked(), "a request about an erased record is not answered"),
			(self.erasure.is_some_and(|erasure| !erasure.is_sound(now)), "an erasure by one member, or of the future"),
			(
				self.erasure.is_some_and(|erasure| self.retained_until.is_some_and(|until| erasure.at < until)),
				"a record was erased before its retention ended",
			),
		];
		rules.into_iter().find_map(|(broken, rule)| broken.then_some(rule)).map_or(Ok(()), Err)
	}

	/// Whether only full lists gave something up, and nothing is counted that did not.
	fn is_well_folded(&self) -> bool {
		let Folded { disputes, requests, overdue, disagreements, holds } = self.folded;
		(disputes == 0 || self.disputes.is_full())
			&& (requests == 0 || self.requests.is_full())
			&& (holds == 0 || self.ended_holds.is_full())
			&& overdue <= requests
			&& disagreements <= requests
	}
}
