// SPDX-License-Identifier: Apache-2.0
//! The later life of records, as a model knows it.

use super::*;
use epidaurus_primitives::{
	life::{DenialReason, ErasureGround, RequestState, Resolution},
	views::LifeView,
};

/// Who acts about a record: the subject of some record by the seed of it, a member, or the inspector.
#[derive(Clone, Copy, Debug)]
pub enum Act {
	Dispute { subject: u8 },
	Withdraw { subject: u8 },
	Resolve { who: usize },
	Request { subject: u8 },
	Accept { who: usize, number: u32 },
	Deny { who: usize, number: u32 },
	Disagree { subject: u8, number: u32 },
	Rebut { who: usize, number: u32 },
	Hold,
	Lift,
	Retain { who: usize, days: u64 },
	Attest { who: usize, ground: bool },
}

pub fn act() -> impl Strategy<Value = Act> {
	// Mostly the subject of record 0, so that some fit and some do not.
	let subject = || prop_oneof![3 => Just(0_u8), 2 => Just(1)];
	let who = || 0..3_usize;
	let number = || 0..3_u32;
	prop_oneof![
		1 => subject().prop_map(|subject| Act::Dispute { subject }),
		1 => subject().prop_map(|subject| Act::Withdraw { subject }),
		1 => who().prop_map(|who| Act::Resolve { who }),
		2 => subject().prop_map(|subject| Act::Request { subject }),
		2 => (who(), number()).prop_map(|(who, number)| Act::Accept { who, number }),
		1 => (who(), number()).prop_map(|(who, number)| Act::Deny { who, number }),
		1 => (subject(), number()).prop_map(|(subject, number)| Act::Disagree { subject, number }),
		1 => (who(), number()).prop_map(|(who, number)| Act::Rebut { who, number }),
		1 => Just(Act::Hold),
		2 => Just(Act::Lift),
		1 => (who(), 0..40_u64).prop_map(|(who, days)| Act::Retain { who, days }),
		3 => (who(), any::<bool>()).prop_map(|(who, ground)| Act::Attest { who, ground }),
	]
}

/// Key and pseudonym of the subject of a seed's records.
fn subject_of(seed: u8) -> (AccountId32, SubjectId) {
	(AccountId32::new([0xa0 + seed; 32]), SubjectId([seed; 32]))
}

pub fn enrol_subjects() {
	for seed in [0, 1] {
		let (key, subject) = subject_of(seed);
		MockSubjects::enrol(&key, subject, HOSPITAL);
	}
}

fn ground(one: bool) -> ErasureGround {
	if one {
		ErasureGround::ConsentWithdrawn
	} else {
		ErasureGround::Objection
	}
}

/// Until when, so many days from the start.
fn retention(days: u64) -> Moment {
	Moment((START.day() + days) * DAY)
}

impl Act {
	/// Makes the call about the record of that seed.
	pub fn call(self, record: RecordId, seed: u8) -> DispatchResult {
		let of = |subject| signed(subject_of(subject).0);
		let member = |who| signed(Model::person(who).0);
		match self {
			Self::Dispute { subject } => Ehr::dispute(of(subject), record, key(seed), text(1)),
			Self::Withdraw { subject } => Ehr::withdraw_dispute(of(subject), record),
			Self::Resolve { who } => Ehr::resolve_dispute(member(who), record, Resolution::Upheld, text(2)),
			Self::Request { subject } => Ehr::request_amendment(of(subject), record, key(seed), text(3)),
			Self::Accept { who, number } => Ehr::accept_amendment(member(who), record, number),
			Self::Deny { who, number } => {
				Ehr::deny_amendment(member(who), record, number, DenialReason::NotCreatedHere, text(4))
			},
			Self::Disagree { subject, number } => Ehr::disagree(of(subject), record, number, text(5)),
			Self::Rebut { who, number } => Ehr::rebut(member(who), record, number, text(6)),
			Self::Hold => Ehr::place_hold(signed(INSPECTOR), record),
			Self::Lift => Ehr::lift_hold(signed(INSPECTOR), record),
			Self::Retain { who, days } => Ehr::state_retention(member(who), record, retention(days)),
			Self::Attest { who, ground: one } => Ehr::attest_erasure(member(who), record, ground(one)),
		}
	}
}

/// How many disputes, requests and ended holds the chain keeps.
const KEPT: usize = 8;

/// A request as the model knows it: its state, the number of versions when it was made, when, and when it was answered.
struct Request {
	state: RequestState,
	versions: usize,
	asked: Moment,
	answered: Option<Moment>,
}

/// What happened to a record.
#[derive(Default)]
pub struct Life {
	known: bool,
	disputes: usize,
	disputed: bool,
	requests: Vec<Request>,
	held: bool,
	lifted: usize,
	retained: Option<Moment>,
	attested: Option<(usize, bool, Moment)>,
	pub erased: bool,
}

impl Life {
	/// The oldest give way when there are more than are kept.
	fn request(&mut self, number: u32) -> Result<&mut Request, DispatchError> {
		let gone = self.requests.len().saturating_sub(KEPT);
		let kept = self.requests.get_mut(number as usize).filter(|_| number as usize >= gone);
		kept.ok_or(Error::<Test>::NotFound.into())
	}

	fn is_asked(&self) -> bool {
		self.requests.last().is_some_and(|last| last.state == RequestState::Open)
	}

	/// Moves a request from one state to the next.
	fn step(&mut self, number: u32, from: RequestState, to: RequestState) -> Outcome {
		let now = Model::now();
		let request = self.request(number)?;
		if request.state != from {
			return error(Error::WrongState);
		}
		request.state = to;
		request.answered.get_or_insert(now);
		Ok(())
	}

	/// Whether the subject is the one that opened something about the record of that seed.
	fn is_known(&self, subject: u8, seed: u8) -> Outcome {
		match self.known {
			false => error(Error::NotFound),
			true if subject != seed => error(Error::NotAuthorised),
			true => Ok(()),
		}
	}

	fn dispute(&mut self) -> Outcome {
		if self.disputed {
			return error(Error::AlreadyExists);
		}
		(self.disputes, self.disputed, self.attested) = (self.disputes + 1, true, None);
		self.known = true;
		Ok(())
	}

	fn ask(&mut self, versions: usize) -> Outcome {
		if self.erased {
			return error(Error::Erased);
		}
		if self.is_asked() {
			return error(Error::AlreadyExists);
		}
		self.requests.push(Request { state: RequestState::Open, versions, asked: Model::now(), answered: None });
		(self.known, self.attested) = (true, None);
		Ok(())
	}

	fn hold(&mut self) -> Outcome {
		if self.erased {
			return error(Error::Erased);
		}
		if self.held {
			return error(Error::AlreadyExists);
		}
		(self.held, self.attested) = (true, None);
		Ok(())
	}

	fn retain(&mut self, until: Moment) -> Outcome {
		if self.erased {
			return error(Error::Erased);
		}
		if self.retained.is_some_and(|before| until <= before) {
			return error(Error::NotProlonged);
		}
		(self.retained, self.attested) = (Some(until), None);
		Ok(())
	}

	fn attest(&mut self, who: usize, one: bool) -> Outcome {
		let now = Model::now();
		if self.erased {
			return error(Error::Erased);
		}
		if self.held {
			return error(Error::Held);
		}
		if self.disputed {
			return error(Error::Disputed);
		}
		if self.is_asked() {
			return error(Error::Unanswered);
		}
		if self.retained.is_some_and(|until| now < until) {
			return error(Error::Retained);
		}
		match self.attested {
			Some((first, on, at)) if on == one && now.0 - at.0 <= 30 * DAY => {
				if first == who {
					return error(Error::AlreadyExists);
				}
				self.attested = None;
				self.erased = true;
			},
			_ => self.attested = Some((who, one, now)),
		}
		Ok(())
	}

	pub fn compare(&self, view: &LifeView) {
		let overdue =
			|request: &Request| request.answered.unwrap_or(Model::now()).0.saturating_sub(request.asked.0) > 60 * DAY;
		let (few, folded) = (|all: usize| all.min(KEPT), |all: usize| all.saturating_sub(KEPT) as u32);
		assert_eq!((view.disputes.len(), view.disputed), (few(self.disputes), self.disputed));
		let gone = folded(self.requests.len());
		let kept = || (gone..).zip(&self.requests[gone as usize..]);
		let expected = kept().map(|(number, request)| (number, request.state, overdue(request)));
		assert!(view.requests.iter().map(|view| (view.number, view.state, view.overdue)).eq(expected));
		let counted = (view.folded.disputes, view.folded.requests, view.folded.holds);
		assert_eq!(counted, (folded(self.disputes), gone, folded(self.lifted)));
		assert_eq!(view.ended_holds.len(), few(self.lifted));
		assert_eq!(view.overdue, self.requests.iter().any(overdue));
		assert_eq!((view.holds.len(), view.retained_until), (usize::from(self.held), self.retained));
		assert_eq!(view.erasure.is_some(), self.erased);
	}
}

impl Model {
	/// What an act about the record of that seed does.
	pub fn live(&mut self, seed: u8, act: Act) -> Outcome {
		let person = |who| Self::person(who).1;
		match act {
			Act::Dispute { subject } | Act::Request { subject } if subject != seed => {
				error(if self.records.contains_key(&seed) { Error::InvalidLink } else { Error::NotFound })
			},
			Act::Dispute { .. } => self.records.get_mut(&seed).ok_or(Error::<Test>::NotFound)?.life.dispute(),
			Act::Request { .. } => {
				let record = self.records.get_mut(&seed).ok_or(Error::<Test>::NotFound)?;
				record.life.ask(record.versions.len())
			},
			Act::Withdraw { subject } => {
				let Some(record) = self.records.get_mut(&seed) else { return error(Error::NotFound) };
				record.life.is_known(subject, seed)?;
				self.end_dispute(seed)
			},
			Act::Resolve { who } => {
				self.own(person(who), seed)?;
				self.end_dispute(seed)
			},
			Act::Accept { who, number } => {
				let record = self.own(person(who), seed)?;
				let (versions, ended) = (record.versions.len(), record.ended);
				let request = record.life.request(number)?;
				if request.state == RequestState::Open && versions == request.versions && !ended {
					return error(Error::NotAmended);
				}
				record.life.step(number, RequestState::Open, RequestState::Accepted)
			},
			Act::Deny { who, number } => {
				self.own(person(who), seed)?.life.step(number, RequestState::Open, RequestState::Denied)
			},
			Act::Disagree { subject, number } => {
				let Some(record) = self.records.get_mut(&seed) else { return error(Error::NotFound) };
				record.life.is_known(subject, seed)?;
				record.life.step(number, RequestState::Denied, RequestState::Disagreed)
			},
			Act::Rebut { who, number } => {
				self.own(person(who), seed)?.life.step(number, RequestState::Disagreed, RequestState::Rebutted)
			},
			Act::Hold => self.records.get_mut(&seed).ok_or(Error::<Test>::NotFound)?.life.hold(),
			Act::Lift => match self.records.get_mut(&seed) {
				Some(record) if record.life.held => {
					record.life.held = false;
					record.life.lifted += 1;
					Ok(())
				},
				_ => error(Error::NotFound),
			},
			Act::Retain { who, days } => self.own(person(who), seed)?.life.retain(retention(days)),
			Act::Attest { who, ground } => self.own(person(who), seed)?.life.attest(who, ground),
		}
	}

	fn end_dispute(&mut self, seed: u8) -> Outcome {
		match self.records.get_mut(&seed) {
			Some(record) if record.life.disputed => {
				record.life.disputed = false;
				Ok(())
			},
			_ => error(Error::NotFound),
		}
	}
}
