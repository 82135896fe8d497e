// SPDX-License-Identifier: Apache-2.0
//! The rules of the later life of records, and of hash suites.

use super::{require, Actor, Model, Rules, Verdict};
use epidaurus_primitives::{
	ehr::SuiteStatus,
	hash::HashSuite,
	ids::{MemberKey, OrgId, RecordId, SubjectId},
	life::{ErasureGround, RecordLife, RequestState, ATTESTATION_VALID, MAX_DISPUTES, MAX_HOLDS, MAX_REQUESTS},
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
	/// Requests to amend, each with the version that was the newest then.
	pub requests: Vec<(RequestState, u32)>,
	/// Who holds the record.
	pub holds: Vec<OrgId>,
	/// Until when it is kept at least.
	pub retained: Option<Moment>,
	/// Who attested what and when.
	pub attested: Option<(MemberKey, ErasureGround, Moment)>,
	/// It is erased.
	pub erased: bool,
}

impl Life {
	/// What the chain says.
	pub fn of(life: &RecordLife) -> Self {
		Self {
			subject: life.subject,
			disputes: u32::try_from(life.disputes.len()).expect("few"),
			disputed: life.is_disputed(),
			requests: life.requests.iter().map(|request| (request.state(), request.version)).collect(),
			holds: life.holds.iter().map(|hold| hold.by).collect(),
			retained: life.retained_until,
			attested: life.attestation.map(|first| (first.by, first.ground, first.at)),
			erased: life.erasure.is_some(),
		}
	}

	/// Whether something is asked of somebody.
	pub fn is_asking(&self) -> bool {
		let waits = |state: &RequestState| !matches!(state, RequestState::Accepted | RequestState::Rebutted);
		self.disputed || self.requests.iter().any(|(state, _)| waits(state))
	}

	fn request(&self, number: u32, state: RequestState) -> Result<u32, Verdict> {
		let place = usize::try_from(number).expect("a small number");
		let (found, version) = self.requests.get(place).ok_or(NOT_FOUND)?;
		require(*found == state, "Ehr.WrongState")?;
		Ok(*version)
	}

	fn answer(&mut self, number: u32, state: RequestState) {
		let place = usize::try_from(number).expect("a small number");
		if let Some(request) = self.requests.get_mut(place) {
			request.0 = state;
		}
	}

	fn judge_erasure(&self, who: &AccountId, ground: ErasureGround, now: Moment) -> Rules {
		require(!self.erased, "Ehr.Erased")?;
		require(self.holds.is_empty(), "Ehr.Held")?;
		require(!self.disputed, "Ehr.Disputed")?;
		require(self.retained.is_none_or(|until| until <= now), "Ehr.Retained")?;
		require(self.joins(ground, now) != Some(key_of(who)), "Ehr.AlreadyExists")
	}

	/// Whose attestation another one on this ground completes.
	fn joins(&self, ground: ErasureGround, now: Moment) -> Option<MemberKey> {
		let (by, _, _) =
			self.attested.filter(|(_, first, at)| *first == ground && now.0 - at.0 <= ATTESTATION_VALID)?;
		Some(by)
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
				require(!life.disputed, "Ehr.AlreadyExists")?;
				require(life.disputes < MAX_DISPUTES, "Ehr.TooManyActs")
			},
			Call::request_amendment { record, link_key, .. } => {
				self.linked(who, SubjectAct::Other, record, link_key)?;
				let life = self.life(record);
				require(!life.erased, "Ehr.Erased")?;
				let open = life.requests.last().is_some_and(|(state, _)| *state == RequestState::Open);
				require(!open, "Ehr.AlreadyExists")?;
				require(life.requests.len() < usize::try_from(MAX_REQUESTS).expect("few"), "Ehr.TooManyActs")
			},
			Call::withdraw_dispute { record } => {
				self.known_to_concern(who, record)?;
				self.life(record).disputed.then_some(()).ok_or(NOT_FOUND)
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
				self.life(record).disputed.then_some(()).ok_or(NOT_FOUND)
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
				self.life(record).judge_erasure(who, *ground, self.now)
			},
			_ => Err(Verdict::Open),
		}
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
		let life = self.lives.entry(record).or_default();
		match call {
			Call::dispute { .. } => {
				(life.subject, life.disputed, life.attested) = (present, true, None);
				life.disputes += 1;
			},
			Call::withdraw_dispute { .. } | Call::resolve_dispute { .. } => life.disputed = false,
			Call::request_amendment { .. } => {
				life.subject = present;
				life.requests.push((RequestState::Open, newest));
			},
			Call::accept_amendment { request, .. } => life.answer(*request, RequestState::Accepted),
			Call::deny_amendment { request, .. } => life.answer(*request, RequestState::Denied),
			Call::disagree { request, .. } => life.answer(*request, RequestState::Disagreed),
			Call::rebut { request, .. } => life.answer(*request, RequestState::Rebutted),
			Call::place_hold { .. } => {
				life.holds.extend(own);
				life.attested = None;
			},
			Call::lift_hold { .. } => drop(liftable.map(|place| life.holds.remove(place))),
			Call::state_retention { until, .. } => (life.retained, life.attested) = (Some(rounded(*until)), None),
			Call::attest_erasure { ground, .. } => match life.joins(*ground, now) {
				Some(_) => (life.attested, life.erased) = (None, true),
				None => life.attested = Some((key_of(who), *ground, now)),
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
