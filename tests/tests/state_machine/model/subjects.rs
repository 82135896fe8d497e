// SPDX-License-Identifier: Apache-2.0
//! The rules of subjects and their keys, in the order in which the calls apply them.

use super::{require, Actor, Model, Rules, Verdict};
use codec::Encode;
use epidaurus_primitives::{
	ids::{OrgId, RecordId, SubjectId},
	moment::{Moment, DAY},
	registry::Roles,
	relay::{wrapped, RelayedAct},
	seams::SubjectAct,
	subjects::SubjectStatus,
	views::CapabilityView,
};
use epidaurus_runtime::{AccountId, Runtime, RuntimeCall};
use pallet_subjects::Call;
use sp_runtime::traits::Verify;

/// A patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
	/// Who enrolled it.
	pub custodian: OrgId,
	/// Its key.
	pub key: AccountId,
	/// Somebody has shown to hold it.
	pub proven: bool,
	/// Whether it acts for itself.
	pub status: SubjectStatus,
	/// When it last rotated its key.
	pub rotated_at: Option<Moment>,
	/// Nonce of its next relayed act.
	pub nonce: u64,
	/// A re-binding that has not ended.
	pub rebind: Option<Rebind>,
	/// Times `[from, until)` of which nobody can say who held the key.
	pub doubts: Vec<(Moment, Moment)>,
}

/// A re-binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebind {
	/// The key that is to act.
	pub new_key: AccountId,
	/// Since when the old one is said to be lost.
	pub lost: Moment,
	/// Who started it.
	pub by: AccountId,
	/// When.
	pub at: Moment,
	/// When a second member confirmed it.
	pub confirmed: Option<Moment>,
	/// The old key contests.
	pub contested: bool,
}

const WRONG_STATE: &str = "Subjects.WrongState";
const NOT_FOUND: Verdict = Verdict::Fails("Subjects.NotFound");

impl Rebind {
	/// Nobody confirmed in time.
	fn has_lapsed(&self, now: Moment) -> bool {
		self.confirmed.is_none() && self.at.0 + 3 * DAY <= now.0
	}

	/// It is confirmed and the old key had its time.
	fn is_over(&self, now: Moment) -> bool {
		self.confirmed.is_some_and(|at| at.0 + 7 * DAY <= now.0)
	}
}

impl Patient {
	/// It can only do restrictive acts.
	pub fn is_restricted(&self) -> bool {
		self.status != SubjectStatus::Active || self.rebind.as_ref().is_some_and(|rebind| rebind.confirmed.is_some())
	}

	/// Its key is to be replaced, and nobody has contested that.
	pub fn may_contest(&self) -> bool {
		self.rebind.as_ref().is_some_and(|rebind| rebind.confirmed.is_some() && !rebind.contested)
	}

	/// Who acted at a moment, may have been somebody else.
	pub fn is_doubtful(&self, at: Moment) -> bool {
		let lost = self.rebind.as_ref().filter(|rebind| rebind.confirmed.is_some()).map(|rebind| rebind.lost);
		lost.is_some_and(|lost| lost <= at) || self.doubts.iter().any(|(from, until)| *from <= at && at < *until)
	}

	fn pending(&self) -> Result<&Rebind, Verdict> {
		self.rebind.as_ref().ok_or(NOT_FOUND)
	}

	fn is_active(&self) -> Rules {
		require(self.status == SubjectStatus::Active, WRONG_STATE)
	}

	/// Times that touch are one.
	fn add_doubt(&mut self, mut from: Moment, until: Moment) {
		if from < until {
			while let Some((earlier, _)) = self.doubts.pop_if(|(_, end)| from <= *end) {
				from = from.min(earlier);
			}
			self.doubts.push((from, until));
		}
	}

	/// The new key takes the old one's place.
	fn complete(&mut self, now: Moment) {
		if let Some(rebind) = self.rebind.take() {
			self.add_doubt(rebind.lost, now);
			(self.key, self.proven, self.rotated_at) = (rebind.new_key, false, None);
		}
	}
}

/// What kind of act of a subject a call is.
pub fn act_of(call: &RuntimeCall) -> Option<SubjectAct> {
	use pallet_ehr::Call as Ehr;
	use SubjectAct::{Other, Restrictive};
	match call {
		RuntimeCall::Ehr(Ehr::dispute { .. }) => Some(Restrictive),
		RuntimeCall::Ehr(Ehr::withdraw_dispute { .. } | Ehr::request_amendment { .. } | Ehr::disagree { .. }) => {
			Some(Other)
		},
		RuntimeCall::Subjects(Call::rotate_key { .. } | Call::contest_rebind {}) => Some(Restrictive),
		RuntimeCall::Subjects(Call::prove_key {}) => Some(Other),
		_ => None,
	}
}

impl Model {
	/// The subject whose present key this is.
	pub fn present(&self, who: &AccountId) -> Option<SubjectId> {
		let subject = self.keys.get(who)?;
		self.subjects.get(subject).filter(|patient| patient.key == *who).map(|_| *subject)
	}

	/// The records that concern the subject whose present key this is.
	pub fn records_of<'a>(&'a self, who: &AccountId) -> impl Iterator<Item = RecordId> + 'a {
		let subject = self.present(who);
		self.concerned.iter().filter(move |(_, one)| subject == Some(**one)).map(|(record, _)| *record)
	}

	/// The same, if the key may do such an act now.
	pub(super) fn acting(&self, who: &AccountId, act: SubjectAct) -> Result<SubjectId, Verdict> {
		let subject = self.present(who).ok_or(Verdict::Fails("Subjects.NotASubject"))?;
		let restricted = self.subjects.get(&subject).is_some_and(Patient::is_restricted);
		require(act == SubjectAct::Restrictive || !restricted, "Subjects.Restricted")?;
		Ok(subject)
	}

	/// What comes of an act of a subject that is sent as a transaction.
	pub(super) fn judge_act(&self, actor: &Actor, act: SubjectAct, call: &RuntimeCall) -> Rules {
		let who = self.signer(actor, false)?;
		let alone = matches!(actor, Actor::Signed { wrapped: false, .. });
		if alone && act == SubjectAct::Restrictive && self.present(who).is_none() {
			return Err(Verdict::Refused);
		}
		self.judge_act_itself(who, call)
	}

	/// What comes of it, however it was sent.
	fn judge_act_itself(&self, who: &AccountId, call: &RuntimeCall) -> Rules {
		let call = match call {
			RuntimeCall::Ehr(call) => return self.judge_subject_of_record(who, call),
			RuntimeCall::Subjects(call) => call,
			_ => return Err(Verdict::Open),
		};
		let acting = |act| -> Result<&Patient, Verdict> {
			Ok(self.subjects.get(&self.acting(who, act)?).expect("it is present"))
		};
		match call {
			Call::prove_key {} => require(!acting(SubjectAct::Other)?.proven, WRONG_STATE),
			Call::rotate_key { new_key } => {
				let patient = acting(SubjectAct::Restrictive)?;
				let rests = patient.rotated_at.is_none_or(|last| last.0 + DAY / 24 <= self.now.0);
				require(rests, "Subjects.TooEarly")?;
				self.is_fresh(new_key)
			},
			Call::contest_rebind {} => {
				let rebind = acting(SubjectAct::Restrictive)?.pending()?;
				require(rebind.confirmed.is_some() && !rebind.contested, WRONG_STATE)?;
				require(!rebind.is_over(self.now), "Subjects.Expired")
			},
			_ => Err(Verdict::Open),
		}
	}

	fn is_fresh(&self, key: &AccountId) -> Rules {
		require(!self.keys.contains_key(key), "Subjects.KeyTaken")?;
		require(self.member(key).is_none(), "Subjects.KeyOfMember")
	}

	pub(super) fn judge_subjects(&self, actor: &Actor, call: &Call<Runtime>, may: Option<&CapabilityView>) -> Rules {
		if let Call::resolve_rebind { subject, upheld } = call {
			return self.judge_resolution(actor, subject, *upheld);
		}
		let who = self.signer(actor, false)?;
		if let Call::relay { subject, nonce, expires_at, call, signature } = call {
			let patient = self.subjects.get(subject).ok_or(NOT_FOUND)?;
			require(self.now < *expires_at, "Subjects.Expired")?;
			require(*nonce == patient.nonce, "Subjects.WrongNonce")?;
			require(act_of(call).is_some(), "Subjects.NotAnAct")?;
			let act = RelayedAct { subject: *subject, nonce: *nonce, expires_at: *expires_at, call: &call.encode() };
			let payload = act.payload(&self.genesis);
			let signed = |bytes: &[u8]| signature.verify(bytes, &patient.key);
			return require(signed(&payload) || signed(&wrapped(&payload)), "Subjects.InvalidProof");
		}
		let own = self.duty(who, Roles::RECORDS)?;
		match call {
			Call::enrol { subject, key } => {
				may.is_some_and(|may| may.standing.is_granted()).then_some(()).ok_or(Verdict::Stopped)?;
				require(!self.subjects.contains_key(subject), "Subjects.AlreadyExists")?;
				self.is_fresh(key)
			},
			Call::start_rebind { subject, .. }
			| Call::confirm_rebind { subject, .. }
			| Call::complete_rebind { subject }
			| Call::withdraw_rebind { subject }
			| Call::declare_deceased { subject }
			| Call::merge { subject, .. }
			| Call::reinstate { subject } => {
				let patient = self.subjects.get(subject).ok_or(NOT_FOUND)?;
				require(self.answers_for(own, patient.custodian), "Subjects.NotAuthorised")?;
				self.judge_custodian(who, patient, call)
			},
			_ => Err(Verdict::Open),
		}
	}

	fn judge_custodian(&self, who: &AccountId, patient: &Patient, call: &Call<Runtime>) -> Rules {
		match call {
			Call::start_rebind { new_key, .. } => {
				patient.is_active()?;
				let free = patient.rebind.as_ref().is_none_or(|rebind| rebind.has_lapsed(self.now));
				require(free, WRONG_STATE)?;
				// The key of one that lapsed is free again.
				let again = patient.rebind.as_ref().is_some_and(|lapsed| lapsed.new_key == *new_key);
				if again {
					Ok(())
				} else {
					self.is_fresh(new_key)
				}
			},
			Call::confirm_rebind { new_key, .. } => {
				let rebind = patient.pending()?;
				require(!rebind.has_lapsed(self.now), "Subjects.Expired")?;
				require(rebind.confirmed.is_none() && rebind.new_key == *new_key, WRONG_STATE)?;
				require(rebind.by != *who, "Subjects.SameMember")
			},
			Call::complete_rebind { .. } => {
				let rebind = patient.pending()?;
				require(rebind.confirmed.is_some(), WRONG_STATE)?;
				require(!rebind.contested, "Subjects.Contested")?;
				require(rebind.is_over(self.now), "Subjects.TooEarly")?;
				patient.is_active()
			},
			Call::withdraw_rebind { .. } => patient.pending().map(drop),
			Call::declare_deceased { .. } | Call::merge { .. } => patient.is_active(),
			Call::reinstate { .. } => require(patient.is_active().is_err(), WRONG_STATE),
			_ => Err(Verdict::Open),
		}
	}

	fn judge_resolution(&self, actor: &Actor, subject: &SubjectId, upheld: bool) -> Rules {
		if let Actor::Signed { .. } = actor {
			self.signer(actor, false)?;
		}
		require(*actor == Actor::Council { enough: true }, "BadOrigin")?;
		let patient = self.subjects.get(subject).ok_or(NOT_FOUND)?;
		require(patient.pending()?.contested, WRONG_STATE)?;
		if upheld {
			patient.is_active()
		} else {
			Ok(())
		}
	}

	pub(super) fn learn_subjects(&mut self, actor: &Actor, call: &Call<Runtime>) {
		if let Call::resolve_rebind { subject, upheld } = call {
			let now = self.now;
			let Some(patient) = self.subjects.get_mut(subject) else { return };
			match upheld {
				true => patient.complete(now),
				false => patient.rebind = None,
			}
			return;
		}
		let Actor::Signed { who, .. } = actor else { return };
		match call {
			Call::relay { subject, call, .. } => self.learn_relayed(subject, call),
			Call::enrol { subject, key } => {
				let Some(custodian) = self.member(who).map(|member| member.organisation) else { return };
				self.keys.insert(key.clone(), *subject);
				let (key, status) = (key.clone(), SubjectStatus::Active);
				let (rotated_at, nonce, rebind, doubts) = (None, 0, None, Vec::new());
				let patient = Patient { custodian, key, proven: false, status, rotated_at, nonce, rebind, doubts };
				self.subjects.insert(*subject, patient);
			},
			Call::prove_key {} | Call::rotate_key { .. } | Call::contest_rebind {} => self.learn_act(who, call),
			_ => self.learn_custodian(who, call),
		}
	}

	/// What a relayed act has changed: nothing if it failed.
	fn learn_relayed(&mut self, subject: &SubjectId, call: &RuntimeCall) {
		let Some(patient) = self.subjects.get_mut(subject) else { return };
		patient.nonce += 1;
		let key = patient.key.clone();
		if self.judge_act_itself(&key, call).is_err() {
			return;
		}
		match call {
			RuntimeCall::Subjects(call) => self.learn_act(&key, call),
			RuntimeCall::Ehr(call) => self.learn_life(&key, call),
			_ => (),
		}
	}

	fn learn_act(&mut self, who: &AccountId, call: &Call<Runtime>) {
		let (now, Some(subject)) = (self.now, self.present(who)) else { return };
		let Some(patient) = self.subjects.get_mut(&subject) else { return };
		match call {
			Call::prove_key {} => patient.proven = true,
			Call::rotate_key { new_key } => {
				(patient.key, patient.proven, patient.rotated_at) = (new_key.clone(), false, Some(now));
				self.keys.insert(new_key.clone(), subject);
			},
			Call::contest_rebind {} => {
				if let Some(rebind) = &mut patient.rebind {
					rebind.contested = true;
				}
			},
			_ => (),
		}
	}

	fn learn_custodian(&mut self, who: &AccountId, call: &Call<Runtime>) {
		let now = self.now;
		let (Call::start_rebind { subject, .. }
		| Call::confirm_rebind { subject, .. }
		| Call::complete_rebind { subject }
		| Call::withdraw_rebind { subject }
		| Call::declare_deceased { subject }
		| Call::merge { subject, .. }
		| Call::reinstate { subject }) = call
		else {
			return;
		};
		let Some(patient) = self.subjects.get_mut(subject) else { return };
		match call {
			Call::start_rebind { new_key, lost_since, .. } => {
				let (new_key, by, lost) = (new_key.clone(), who.clone(), (*lost_since).min(now));
				if let Some(lapsed) = &patient.rebind {
					self.keys.remove(&lapsed.new_key);
				}
				self.keys.insert(new_key.clone(), *subject);
				patient.rebind = Some(Rebind { new_key, lost, by, at: now, confirmed: None, contested: false });
			},
			Call::confirm_rebind { .. } => {
				if let Some(rebind) = &mut patient.rebind {
					rebind.confirmed = Some(now);
				}
			},
			Call::complete_rebind { .. } => patient.complete(now),
			Call::withdraw_rebind { .. } => {
				if let Some(unconfirmed) = patient.rebind.take().filter(|rebind| rebind.confirmed.is_none()) {
					self.keys.remove(&unconfirmed.new_key);
				}
			},
			Call::declare_deceased { .. } => patient.status = SubjectStatus::Deceased,
			Call::merge { link, .. } => patient.status = SubjectStatus::Merged { link: *link },
			Call::reinstate { .. } => patient.status = SubjectStatus::Active,
			_ => (),
		}
	}
}

/// The patients on chain.
pub fn stored_patients() -> impl Iterator<Item = (SubjectId, Patient)> {
	pallet_subjects::Subjects::<Runtime>::iter().map(|(subject, record)| {
		let rebind = pallet_subjects::Rebinds::<Runtime>::get(subject).map(|rebind| Rebind {
			new_key: rebind.new_key,
			lost: rebind.lost_since,
			by: rebind.started_by,
			at: rebind.started_at,
			confirmed: rebind.confirmed.map(|confirmation| confirmation.at),
			contested: rebind.contested_at.is_some(),
		});
		let state = record.state.state;
		let patient = Patient {
			custodian: record.custodian,
			key: state.key,
			proven: state.proven,
			status: state.status,
			rotated_at: record.rotated_at,
			nonce: record.nonce,
			rebind,
			doubts: pallet_subjects::InDoubt::<Runtime>::get(subject)
				.iter()
				.map(|doubt| (doubt.from, doubt.until))
				.collect(),
		};
		(subject, patient)
	})
}
