// SPDX-License-Identifier: Apache-2.0
//! Arguments about patients, and about what happens to their records.

use super::Scene;
use crate::model::{Life, Patient};
use codec::Encode;
use epidaurus_primitives::{
	hash::{HashSuite, NativeSha256, Sha256},
	ids::{RecordId, SubjectId},
	life::{DenialReason, ErasureGround, RequestState, Resolution},
	link::{LinkKey, SubjectLink},
	moment::{Moment, DAY},
	relay::{wrapped, RelayedAct},
	subjects::SubjectStatus,
};
use epidaurus_runtime::{AccountId, Runtime, RuntimeCall};
use epidaurus_tests::{actors::pair, logs::NETWORK};
use sp_core::Pair;

/// What opens a record's link: as if its salt were made from its id.
pub fn link_key(record: &RecordId) -> LinkKey {
	LinkKey(NativeSha256::hash(&[b"link", &record.0]))
}

/// The link of a record to a subject.
pub fn link(record: &RecordId, subject: &SubjectId) -> SubjectLink {
	link_key(record).link::<NativeSha256>(&NETWORK, record, subject)
}

impl Scene<'_> {
	/// Mostly one of those of which this holds, and whose custodian the signer acts for.
	fn subject_that(&mut self, fits: impl Fn(&Patient) -> bool) -> SubjectId {
		let own = self.own;
		let kept = |patient: &Patient| own.is_none() || own == Some(patient.custodian);
		let all = self.model.subjects.iter();
		let fitting: Vec<_> =
			all.filter(|(_, patient)| kept(patient) && fits(patient)).map(|(subject, _)| *subject).collect();
		match self.rng.one_in(8) {
			true => self.any_subject(),
			false => self.rng.pick(&fitting).unwrap_or_else(|| self.any_subject()),
		}
	}

	fn any_subject(&mut self) -> SubjectId {
		let all: Vec<_> = self.model.subjects.keys().copied().collect();
		self.rng.pick(&all).filter(|_| !self.rng.one_in(8)).unwrap_or_else(|| SubjectId(self.rng.bytes()))
	}

	/// A pseudonym that nobody has, or rarely one that somebody has.
	pub fn new_subject(&mut self) -> SubjectId {
		match self.rng.one_in(8) {
			true => self.any_subject(),
			false => SubjectId(self.rng.bytes()),
		}
	}

	/// Mostly a key that no patient had yet.
	pub fn new_key(&mut self) -> AccountId {
		let fresh: Vec<_> = self.keys.iter().filter(|key| !self.model.keys.contains_key(*key)).cloned().collect();
		match self.rng.below(12) {
			0 => self.person(),
			1 => self.rng.pick(self.keys).expect("there are keys"),
			_ => self.rng.pick(&fresh).unwrap_or_else(|| self.person()),
		}
	}

	/// A subject.
	pub fn subject(&mut self) -> SubjectId {
		self.subject_that(|_| true)
	}

	/// Mostly a subject that does not act for itself.
	pub fn resting(&mut self) -> SubjectId {
		self.subject_that(|patient| patient.status != SubjectStatus::Active)
	}

	/// Mostly a subject with a re-binding that waits for a second member, and its new key.
	pub fn rebinding(&mut self) -> (SubjectId, AccountId) {
		let subject =
			self.subject_that(|patient| patient.rebind.as_ref().is_some_and(|rebind| rebind.confirmed.is_none()));
		let rebind = self.model.subjects.get(&subject).and_then(|patient| patient.rebind.as_ref());
		let new_key = rebind.map(|rebind| rebind.new_key.clone());
		(subject, new_key.filter(|_| !self.rng.one_in(8)).unwrap_or_else(|| self.new_key()))
	}

	/// Mostly a subject with a re-binding that is confirmed.
	pub fn confirmed(&mut self) -> SubjectId {
		self.subject_that(|patient| patient.rebind.as_ref().is_some_and(|rebind| rebind.confirmed.is_some()))
	}

	/// Mostly a subject with a re-binding that the old key contests.
	pub fn contested(&mut self) -> SubjectId {
		self.subject_that(|patient| patient.rebind.as_ref().is_some_and(|rebind| rebind.contested))
	}

	/// Mostly a record of the signer's own, and what opens its link.
	pub fn concerning(&mut self) -> (RecordId, LinkKey) {
		let own: Vec<_> = self.who.iter().flat_map(|who| self.model.records_of(who)).collect();
		let record = self.rng.pick(&own).filter(|_| !self.rng.one_in(8)).unwrap_or_else(|| self.record());
		(record, if self.rng.one_in(8) { LinkKey(self.rng.bytes()) } else { link_key(&record) })
	}

	/// The link that a record is anchored with: mostly to a subject of the custodian.
	pub fn link(&mut self, record: RecordId) -> Option<SubjectLink> {
		let subject = self.subject();
		(!self.rng.one_in(6)).then(|| link(&record, &subject))
	}

	/// Mostly a record of which this holds, and which the signer keeps or is concerned by.
	fn record_that(&mut self, fits: impl Fn(&RecordId) -> bool) -> RecordId {
		let own = self.own;
		let keeps =
			|record: &RecordId| self.model.records.get(record).is_some_and(|known| own == Some(known.custodian));
		let mut near: Vec<_> = self.who.iter().flat_map(|who| self.model.records_of(who)).collect();
		near.extend(self.model.lives.keys().filter(|record| keeps(record)));
		let near: Vec<_> = near.into_iter().filter(|record| fits(record)).collect();
		match self.rng.one_in(8) {
			true => self.record(),
			false => self.rng.pick(&near).unwrap_or_else(|| self.record()),
		}
	}

	/// Mostly a record in dispute.
	pub fn disputed(&mut self) -> RecordId {
		let lives = self.model.lives.clone();
		self.record_that(|record| lives.get(record).is_some_and(|life| life.disputed))
	}

	/// Mostly a record that an authority holds.
	pub fn held(&mut self) -> RecordId {
		let held = self.model.lives.iter().filter(|(_, life)| !life.holds.is_empty());
		let held: Vec<_> = held.map(|(record, _)| *record).collect();
		self.rng.pick(&held).filter(|_| !self.rng.one_in(8)).unwrap_or_else(|| self.record())
	}

	/// Mostly a record with a request in this state, and its number.
	pub fn request(&mut self, state: RequestState) -> (RecordId, u32) {
		let lives = self.model.lives.clone();
		let waits = |record: &RecordId| {
			let life = lives.get(record)?;
			let place = life.requests.iter().position(|(found, _)| *found == state)?;
			Some(life.forgotten + u32::try_from(place).expect("few"))
		};
		let record = self.record_that(|record| waits(record).is_some());
		let number = waits(&record).unwrap_or_default();
		(record, if self.rng.one_in(12) { number + 1 } else { number })
	}

	/// Often a record that one member has said to be erased, now and then one that must not be erased.
	pub fn erasable(&mut self) -> RecordId {
		let (lives, now) = (self.model.lives.clone(), self.model.now);
		match self.rng.below(8) {
			0 | 1 => self.record(),
			2 => self.record_that(|record| lives.get(record).is_some_and(Life::is_asked)),
			3 => self.record_that(|record| lives.get(record).is_some_and(|life| !life.holds.is_empty())),
			4 => self.record_that(|record| {
				lives.get(record).and_then(|life| life.retained).is_some_and(|until| now < until)
			}),
			_ => self.record_that(|record| lives.get(record).is_some_and(|life| life.attested.is_some())),
		}
	}

	/// Often a record that is kept for some time already.
	pub fn retained(&mut self) -> RecordId {
		let lives = self.model.lives.clone();
		match self.rng.one_in(3) {
			true => self.record(),
			false => self.record_that(|record| lives.get(record).is_some_and(|life| life.retained.is_some())),
		}
	}

	/// What is answered to a dispute.
	pub fn resolution(&mut self) -> Resolution {
		self.rng.choose([Resolution::Upheld, Resolution::Rejected])
	}

	/// Why an amendment is denied.
	pub fn reason(&mut self) -> DenialReason {
		self.rng.choose([DenialReason::NotCreatedHere, DenialReason::AccurateAndComplete])
	}

	/// Why a record is erased: mostly the same, so that two members agree.
	pub fn ground(&mut self) -> ErasureGround {
		match self.rng.one_in(6) {
			true => ErasureGround::ConsentWithdrawn,
			false => ErasureGround::NoLongerNecessary,
		}
	}

	/// Until when a record is kept: some days, or less.
	pub fn retention(&mut self) -> Moment {
		match self.rng.one_in(20) {
			true => Moment(u64::MAX),
			false => Moment(self.model.now.0 + self.rng.below(5 * DAY)),
		}
	}

	/// Mostly a suite without which life goes on.
	pub fn doubted_suite(&mut self) -> HashSuite {
		match self.rng.one_in(24) {
			true => self.rng.choose(HashSuite::ALL),
			false => self.rng.choose([HashSuite::FhirStaticRecursive, HashSuite::FhirElements]),
		}
	}

	/// One record is disputed, and not, and disputed again.
	pub fn quarrel(&mut self) -> pallet_ehr::Call<Runtime> {
		let own = self.who.iter().flat_map(|who| self.model.records_of(who)).min();
		let record = own.unwrap_or_else(|| RecordId(self.rng.bytes()));
		match self.model.life(&record).disputed {
			true => pallet_ehr::Call::withdraw_dispute { record },
			false => {
				let statement = self.commitment();
				pallet_ehr::Call::dispute { record, link_key: link_key(&record), statement }
			},
		}
	}

	/// An act that a subject signed and the signer submits: mostly as it should be.
	pub fn relayed(&mut self) -> pallet_subjects::Call<Runtime> {
		use pallet_subjects::Call as Subjects;
		let subject = self.any_subject();
		let (key, mut nonce) = match self.model.subjects.get(&subject) {
			Some(patient) => (patient.key.clone(), patient.nonce),
			None => (self.person(), 0),
		};
		let own: Vec<_> = self.model.records_of(&key).collect();
		let record = self.rng.pick(&own).unwrap_or_else(|| self.record());
		let statement = self.commitment();
		let call: RuntimeCall = match self.rng.below(8) {
			0 => pallet_registry::Call::resign {}.into(),
			1 => Subjects::rotate_key { new_key: self.new_key() }.into(),
			2 => Subjects::contest_rebind {}.into(),
			3 | 4 => pallet_ehr::Call::dispute { record, link_key: link_key(&record), statement }.into(),
			5 => pallet_ehr::Call::request_amendment { record, link_key: link_key(&record), statement }.into(),
			_ => Subjects::prove_key {}.into(),
		};
		let mut expires_at = Moment(self.model.now.0 + DAY);
		let mut signer = key;
		match self.rng.below(10) {
			0 => nonce += 1,
			1 => expires_at = self.model.now,
			2 => signer = self.person(),
			_ => (),
		}
		let act = RelayedAct { subject, nonce, expires_at, call: &call.encode() };
		let payload = act.payload(&self.model.genesis);
		let bytes = if self.rng.one_in(2) { wrapped(&payload) } else { payload };
		let signature = pair(self.names.get(&signer).expect("a known key")).sign(&bytes).into();
		Subjects::relay { subject, nonce, expires_at, call: Box::new(call), signature }
	}
}
