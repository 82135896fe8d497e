// SPDX-License-Identifier: Apache-2.0
//! The rules of the later life of records, and of hash suites.

use super::{require, Actor, Model, Rules, Verdict};
use epidaurus_primitives::{
	ehr::SuiteStatus,
	hash::HashSuite,
	ids::{MemberKey, OrgId, RecordId, SubjectId},
	life::{ErasureGround, RecordLife, RequestState, ATTESTATION_VALID, MAX_ENDED_HOLDS, MAX_HOLDS, MAX_REQUESTS},
	link::LinkKey,
	moment::Moment,
	registry::Roles,
	seams::SubjectAct,
	views::CapabilityView,
};
use epidaurus_runtime::{AccountId, Runtime};
use epidaurus_tests::logs::NETWORK;
use pallet_ehr::Call;

/// What happened to a record after it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
	/// Whom the record concerns, once that is known.
	pub subject: Option<SubjectId>,
	/// How many disputes there were.
	pub disputes: u32,
	/// Whether the last one is open.
	pub disputed: bool,
	/// When the last one was withdrawn, if that is how it ended.
	pub withdrawn: Option<Moment>,
	/// The newest requests to amend, each with the version that was the newest then.
	pub requests: Vec<(RequestState, u32)>,
	/// How many requests were before these.
	pub forgotten: u32,
	/// Who holds the record.
	pub holds: Vec<OrgId>,
	/// Who held it, each with the end of the hold: the newest ones.
	pub held: Vec<(OrgId, Moment)>,
	/// Until when it is kept at least.
	pub retained: Option<Moment>,
	/// Who attested what and when, for whom.
	pub attested: Option<(MemberKey, OrgId, ErasureGround, Moment)>,
	/// It is erased.
	pub erased: bool,
}

impl Life {
	/// What the chain says.
	pub fn of(life: &RecordLife) -> Self {
		Self {
			subject: life.subject,
			disputes: life.folded.disputes + u32::try_from(life.disputes.len()).expect("few"),
			disputed: life.is_disputed(),
			withdrawn: life.disputes.last().and_then(|last| last.withdrawn_at()),
			forgotten: life.folded.requests,
			held: life.ended_holds.iter().map(|hold| (hold.by, hold.until)).collect(),
			requests: life.requests.iter().map(|request| (request.state(), request.version)).collect(),
			holds: life.holds.iter().map(|hold| hold.by).collect(),
			retained: life.retained_until,
			attested: life.attestation.map(|first| (first.by, first.organisation, first.ground, first.at)),
			erased: life.erasure.is_some(),
		}
	}

	/// Whether something is asked of somebody.
	pub fn is_asking(&self) -> bool {
		let waits = |state: &RequestState| !matches!(state, RequestState::Accepted | RequestState::Rebutted);
		self.disputed || self.requests.iter().any(|(state, _)| waits(state))
	}

	fn place(&self, number: u32) -> Option<usize> {
		number.checked_sub(self.forgotten).map(|place| usize::try_from(place).expect("a small number"))
	}

	/// Whether a request is not answered.
	pub fn is_asked(&self) -> bool {
		self.requests.last().is_some_and(|(state, _)| *state == RequestState::Open)
	}

	fn request(&self, number: u32, state: RequestState) -> Result<u32, Verdict> {
		let (found, version) = self.place(number).and_then(|place| self.requests.get(place)).ok_or(NOT_FOUND)?;
		require(*found == state, "Ehr.WrongState")?;
		Ok(*version)
	}

	fn answer(&mut self, number: u32, state: RequestState) {
		if let Some(request) = self.place(number).and_then(|place| self.requests.get_mut(place)) {
			request.0 = state;
		}
	}

	/// Whose attestation another one on this ground for this organisation completes.
	fn joins(&self, own: OrgId, ground: ErasureGround, now: Moment) -> Option<MemberKey> {
		let same = |(_, of, first, at): &(MemberKey, OrgId, ErasureGround, Moment)| {
			*of == own && *first == ground && now.0 - at.0 <= ATTESTATION_VALID
		};
		self.attested.filter(same).map(|(by, ..)| by)
	}
}

const NOT_FOUND: Verdict = Verdict::Fails("Ehr.NotFound");

fn key_of(who: &AccountId) -> MemberKey {
	MemberKey(who.clone().into())
}

/// The next midnight, or this one.
fn rounded(until: Moment) -> Moment {
	use epidaurus_primitives::moment::DAY;
	Moment(until.0.div_ceil(DAY).saturating_mul(DAY))
}

impl Model {
	/// What happened to a record.
	pub fn life(&self, record: &RecordId) -> Life {
		self.lives.get(record).cloned().unwrap_or_default()
	}

	/// What a subject may do about a record.
	pub(super) fn judge_subject_of_record(&self, who: &AccountId, call: &Call<Runtime>) -> Rules {
		match call {
			Call::dispute { record, link_key, .. } => {
				self.linked(who, SubjectAct::Restrictive, record, link_key)?;
				let life = self.life(record);
				require(!life.disputed, "Ehr.AlreadyExists")
			},
			Call::request_amendment { record, link_key, .. } => {
				self.linked(who, SubjectAct::Other, record, link_key)?;
				let life = self.life(record);
				require(!life.erased, "Ehr.Erased")?;
				require(!life.is_asked(), "Ehr.AlreadyExists")
			},
			Call::withdraw_dispute { record } => {
				self.known_to_concern(who, record)?;
				self.stands(record).then_some(()).ok_or(NOT_FOUND)
			},
			Call::disagree { record, request, .. } => {
				self.known_to_concern(who, record)?;
				self.life(record).request(*request, RequestState::Denied).map(drop)
			},
			_ => Err(Verdict::Open),
		}
	}

	fn linked(&self, who: &AccountId, act: SubjectAct, record: &RecordId, key: &LinkKey) -> Rules {
		use epidaurus_primitives::hash::NativeSha256;
		let subject = self.acting(who, act)?;
		let known = self.records.get(record).ok_or(NOT_FOUND)?;
		let link = key.link::<NativeSha256>(&NETWORK, record, &subject);
		require(known.link == Some(link), "Ehr.InvalidLink")
	}

	fn known_to_concern(&self, who: &AccountId, record: &RecordId) -> Rules {
		let subject = self.acting(who, SubjectAct::Other)?;
		let known = self.life(record).subject.ok_or(NOT_FOUND)?;
		require(known == subject, "Ehr.NotAuthorised")
	}

	/// What the custodian may do about the life of a record.
	pub(super) fn judge_keeper(&self, who: &AccountId, own: OrgId, call: &Call<Runtime>) -> Rules {
		match call {
			Call::resolve_dispute { record, .. } => {
				self.kept_by(own, record)?;
				self.stands(record).then_some(()).ok_or(NOT_FOUND)
			},
			Call::accept_amendment { record, request } => {
				let known = self.kept_by(own, record)?;
				let version = self.life(record).request(*request, RequestState::Open)?;
				require(version < known.version || !known.in_force, "Ehr.NotAmended")
			},
			Call::deny_amendment { record, request, .. } => {
				self.kept_by(own, record)?;
				self.life(record).request(*request, RequestState::Open).map(drop)
			},
			Call::rebut { record, request, .. } => {
				self.kept_by(own, record)?;
				self.life(record).request(*request, RequestState::Disagreed).map(drop)
			},
			Call::state_retention { record, until } => {
				self.kept_by(own, record)?;
				require(rounded(*until).is_on_calendar(), "Ehr.BeyondCalendar")?;
				let life = self.life(record);
				require(!life.erased, "Ehr.Erased")?;
				require(life.retained.is_none_or(|before| before < rounded(*until)), "Ehr.NotProlonged")
			},
			Call::attest_erasure { record, ground } => {
				self.kept_by(own, record)?;
				self.judge_erasure(who, own, record, *ground)
			},
			_ => Err(Verdict::Open),
		}
	}

	/// Whether a record is in dispute: who had the key then may not have been the subject that withdrew it.
	fn stands(&self, record: &RecordId) -> bool {
		let life = self.life(record);
		let patient = life.subject.and_then(|subject| self.subjects.get(&subject));
		life.disputed || life.withdrawn.is_some_and(|at| patient.is_some_and(|patient| patient.is_doubtful(at)))
	}

	fn judge_erasure(&self, who: &AccountId, own: OrgId, record: &RecordId, ground: ErasureGround) -> Rules {
		let life = self.life(record);
		require(!life.erased, "Ehr.Erased")?;
		require(life.holds.is_empty(), "Ehr.Held")?;
		require(!self.stands(record), "Ehr.Disputed")?;
		require(!life.is_asked(), "Ehr.Unanswered")?;
		require(life.retained.is_none_or(|until| until <= self.now), "Ehr.Retained")?;
		require(self.joined(&life, own, ground) != Some(key_of(who)), "Ehr.AlreadyExists")
	}

	/// Whose attestation another one completes: it is a member still.
	fn joined(&self, life: &Life, own: OrgId, ground: ErasureGround) -> Option<MemberKey> {
		life.joins(own, ground, self.now).filter(|first| self.duty(&AccountId::new(first.0), Roles::RECORDS) == Ok(own))
	}

	/// What an authority may do.
	pub(super) fn judge_hold(&self, who: &AccountId, call: &Call<Runtime>, may: Option<&CapabilityView>) -> Rules {
		let own = self.duty(who, Roles::INSPECTOR)?;
		match call {
			Call::place_hold { record } => {
				may.is_some_and(|may| may.standing.is_granted()).then_some(()).ok_or(Verdict::Stopped)?;
				self.records.get(record).ok_or(NOT_FOUND)?;
				let life = self.life(record);
				require(!life.erased, "Ehr.Erased")?;
				require(!life.holds.contains(&own), "Ehr.AlreadyExists")?;
				require(life.holds.len() < usize::try_from(MAX_HOLDS).expect("few"), "Ehr.TooManyActs")
			},
			Call::lift_hold { record } => self.liftable(own, record).map(drop).ok_or(NOT_FOUND),
			_ => Err(Verdict::Open),
		}
	}

	/// The place of the first hold that an organisation can lift.
	fn liftable(&self, own: OrgId, record: &RecordId) -> Option<usize> {
		self.life(record).holds.iter().position(|by| self.answers_for(own, *by))
	}

	/// What the consortium may decide about a suite.
	pub(super) fn judge_suite(&self, actor: &Actor, call: &Call<Runtime>) -> Rules {
		if let Actor::Council { enough: true } = actor {
			let from = |suite: &HashSuite| self.suites.get(suite).copied().unwrap_or_default();
			return match call {
				Call::deprecate_suite { suite } => require(from(suite) == Trust::Full, "Ehr.WrongState"),
				Call::forbid_suite { suite } => require(from(suite) == Trust::Little, "Ehr.WrongState"),
				_ => Err(Verdict::Open),
			};
		}
		if let Actor::Signed { .. } = actor {
			self.signer(actor, false)?;
		}
		Err(Verdict::Fails("BadOrigin"))
	}

	/// Nothing new is committed under a forbidden suite.
	pub(super) fn permitted(&self, suite: HashSuite) -> Rules {
		require(self.suites.get(&suite) != Some(&Trust::None), "Ehr.SuiteForbidden")
	}

	pub(super) fn learn_suite(&mut self, call: &Call<Runtime>) {
		match call {
			Call::deprecate_suite { suite } => drop(self.suites.insert(*suite, Trust::Little)),
			Call::forbid_suite { suite } => drop(self.suites.insert(*suite, Trust::None)),
			_ => (),
		}
	}

	pub(super) fn learn_life(&mut self, who: &AccountId, call: &Call<Runtime>) {
		let (now, own) = (self.now, self.member(who).map(|member| member.organisation));
		let present = self.present(who);
		let Some(record) = record_of(call) else { return };
		let newest = self.records.get(&record).map_or(1, |known| known.version);
		let liftable = own.and_then(|own| self.liftable(own, &record));
		let joined = match (own, call) {
			(Some(own), Call::attest_erasure { ground, .. }) => self.joined(&self.life(&record), own, *ground),
			_ => None,
		};
		let life = self.lives.entry(record).or_default();
		match call {
			Call::dispute { .. } => {
				(life.subject, life.disputed, life.withdrawn, life.attested) = (present, true, None, None);
				life.disputes += 1;
			},
			Call::withdraw_dispute { .. } => {
				(life.disputed, life.withdrawn, life.attested) = (false, Some(now), None);
			},
			Call::resolve_dispute { .. } => (life.disputed, life.withdrawn, life.attested) = (false, None, None),
			Call::request_amendment { .. } => {
				(life.subject, life.attested) = (present, None);
				life.requests.push((RequestState::Open, newest));
				if life.requests.len() > usize::try_from(MAX_REQUESTS).expect("few") {
					life.requests.remove(0);
					life.forgotten += 1;
				}
			},
			Call::accept_amendment { request, .. } => life.answer(*request, RequestState::Accepted),
			Call::deny_amendment { request, .. } => life.answer(*request, RequestState::Denied),
			Call::disagree { request, .. } => life.answer(*request, RequestState::Disagreed),
			Call::rebut { request, .. } => life.answer(*request, RequestState::Rebutted),
			Call::place_hold { .. } => {
				life.holds.extend(own);
				life.attested = None;
			},
			Call::lift_hold { .. } => {
				life.held.extend(liftable.map(|place| (life.holds.remove(place), now)));
				if life.held.len() > usize::try_from(MAX_ENDED_HOLDS).expect("few") {
					life.held.remove(0);
				}
			},
			Call::state_retention { until, .. } => (life.retained, life.attested) = (Some(rounded(*until)), None),
			Call::attest_erasure { ground, .. } => match joined {
				Some(_) => (life.attested, life.erased) = (None, true),
				None => life.attested = own.map(|own| (key_of(who), own, *ground, now)),
			},
			_ => (),
		}
	}
}

/// The record whose life a call changes.
fn record_of(call: &Call<Runtime>) -> Option<RecordId> {
	match call {
		Call::dispute { record, .. }
		| Call::withdraw_dispute { record }
		| Call::resolve_dispute { record, .. }
		| Call::request_amendment { record, .. }
		| Call::accept_amendment { record, .. }
		| Call::deny_amendment { record, .. }
		| Call::disagree { record, .. }
		| Call::rebut { record, .. }
		| Call::place_hold { record }
		| Call::lift_hold { record }
		| Call::state_retention { record, .. }
		| Call::attest_erasure { record, .. } => Some(*record),
		_ => None,
	}
}

/// How far the consortium trusts a suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
	/// Nothing was decided.
	#[default]
	Full,
	/// It is deprecated.
	Little,
	/// It is forbidden.
	None,
}

impl From<SuiteStatus> for Trust {
	fn from(status: SuiteStatus) -> Self {
		match status {
			SuiteStatus::Active => Self::Full,
			SuiteStatus::Deprecated { .. } => Self::Little,
			SuiteStatus::Forbidden { .. } => Self::None,
		}
	}
}
