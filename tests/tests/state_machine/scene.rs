// SPDX-License-Identifier: Apache-2.0
//! Arguments: mostly such that a call can work, now and then wrong in each way that it can be wrong.

mod patients;

use crate::{
	model::{consistency, root, Licence, Model, Trust},
	rng::Rng,
};
use epidaurus_primitives::{
	ehr::LogKind,
	gln::Gln,
	hash::{Commitment, HashSuite, NativeSha256, Sha256},
	ids::{LicenceId, OrgId, RecordId},
	jurisdiction::Jurisdiction,
	life::RequestState,
	merkle::{Hash, MAX_LOG_SIZE},
	moment::{Moment, DAY},
	registry::{Capability, Holder, LicenceScope, OrganisationClass, OrganisationStatus, Roles},
	renewal::TreeSuite,
};
use epidaurus_runtime::{
	constants::money::{EPI, MILLI_EPI},
	AccountId, Balance, Runtime,
};
use std::collections::BTreeMap;

pub use patients::link;

/// Where a call is drawn.
pub struct Scene<'a> {
	/// What is on chain.
	pub model: &'a mut Model,
	/// Everybody, strangers too.
	pub people: &'a [AccountId],
	/// The keys that patients can have.
	pub keys: &'a [AccountId],
	/// The seed of everybody's key.
	pub names: &'a BTreeMap<AccountId, String>,
	/// Chance.
	pub rng: Rng,
	/// The signer; none if it is the council.
	pub who: Option<AccountId>,
	/// The signer's organisation; none for strangers and the council.
	pub own: Option<OrgId>,
	/// Where all this mostly happens, if that matters.
	pub home: Option<OrgId>,
	/// What that organisation can spend.
	pub purse: Balance,
}

impl Scene<'_> {
	/// Anybody.
	pub fn person(&mut self) -> AccountId {
		self.rng.pick(self.people).expect("there are people")
	}

	/// Mostly somebody who is no member.
	pub fn newcomer(&mut self) -> AccountId {
		if self.rng.one_in(12) {
			let patients: Vec<_> = self.model.keys.keys().cloned().collect();
			if let Some(patient) = self.rng.pick(&patients) {
				return patient;
			}
		}
		let free: Vec<_> = self.people.iter().filter(|who| self.model.member(who).is_none()).cloned().collect();
		match self.rng.one_in(6) {
			true => self.person(),
			false => self.rng.pick(&free).unwrap_or_else(|| self.person()),
		}
	}

	/// Mostly a member of the signer's organisation.
	pub fn colleague(&mut self) -> AccountId {
		let own = self.own;
		let members = self.model.members.iter().filter(|(_, membership)| Some(membership.organisation) == own);
		let members: Vec<_> = members.map(|(who, _)| who.clone()).collect();
		match self.rng.one_in(6) {
			true => self.person(),
			false => self.rng.pick(&members).unwrap_or_else(|| self.person()),
		}
	}

	/// Somebody who could take control: a newcomer or a colleague.
	pub fn successor(&mut self) -> AccountId {
		if self.rng.one_in(2) {
			self.newcomer()
		} else {
			self.colleague()
		}
	}

	/// Any organisation, applicants and a number that nobody has included.
	pub fn organisation(&mut self) -> OrgId {
		let count = u64::from(self.model.next) + u64::from(self.rng.one_in(8));
		OrgId(u32::try_from(self.rng.below(count)).expect("a small number"))
	}

	/// Mostly an organisation in this part of its life.
	pub fn in_status(&mut self, status: OrganisationStatus) -> OrgId {
		let fitting = self.model.organisations.iter().filter(|(_, one)| one.status == status);
		let fitting: Vec<_> = fitting.map(|(id, _)| *id).collect();
		match self.rng.one_in(8) {
			true => self.organisation(),
			false => self.rng.pick(&fitting).unwrap_or_else(|| self.organisation()),
		}
	}

	/// Mostly an applicant; if the signer has sponsored one, often that.
	pub fn applicant(&mut self) -> OrgId {
		let own = self.own;
		let sponsored = self.model.organisations.iter().filter(|(_, one)| own.is_some() && one.sponsor == own);
		let sponsored: Vec<_> = sponsored.map(|(id, _)| *id).collect();
		match self.rng.pick(&sponsored) {
			Some(id) if !self.rng.one_in(4) => id,
			_ => self.in_status(OrganisationStatus::Applied),
		}
	}

	/// Often an organisation that owes deposits.
	pub fn debtor(&mut self) -> OrgId {
		let debtors: Vec<_> = self.model.debtors().collect();
		match self.rng.one_in(2) {
			true => self.organisation(),
			false => self.rng.pick(&debtors).unwrap_or_else(|| self.organisation()),
		}
	}

	/// A kind of organisation.
	pub fn class(&mut self) -> OrganisationClass {
		self.rng.pick(OrganisationClass::ALL).expect("there are classes")
	}

	/// A GLN: none, a new one, one that may be taken, a wrong one.
	pub fn gln(&mut self) -> Option<Gln> {
		let taken: Vec<_> = self.model.organisations.values().filter_map(|one| one.gln).collect();
		match self.rng.below(8) {
			0 | 1 => None,
			2 => self.rng.pick(&taken),
			3 => Some(Gln(*b"9521000000002")),
			_ => Some(self.good_gln()),
		}
	}

	fn good_gln(&mut self) -> Gln {
		let mut digits = *b"9520000000000";
		for digit in &mut digits[3..12] {
			*digit = b'0' + u8::try_from(self.rng.below(10)).expect("a digit");
		}
		let parsed = (b'0'..=b'9').find_map(|last| {
			digits[12] = last;
			Gln::parse(&digits).ok()
		});
		parsed.expect("one digit in ten is right")
	}

	/// A place: mostly where somebody is recognised, now and then elsewhere or nowhere.
	pub fn place(&mut self) -> Jurisdiction {
		let crete = Jurisdiction { country: *b"GR", subdivision: Some(*b"M\0\0") };
		match self.rng.below(16) {
			0 => Jurisdiction::country(*b"FR"),
			1 => Jurisdiction::country(*b"g?"),
			2 | 3 => crete,
			4..=7 => Jurisdiction::country(*b"DE"),
			_ => Jurisdiction::country(*b"GR"),
		}
	}

	/// A capability: mostly the one that this chain's calls ask for.
	pub fn capability(&mut self) -> Capability {
		match self.rng.one_in(4) {
			true => self.rng.pick(Capability::ALL).expect("there are capabilities"),
			false => Capability::AnchorRecords,
		}
	}

	/// What an issuer is recognised for, and where; often that of one that is known already.
	pub fn recognition(&mut self) -> (OrgId, Capability, Jurisdiction) {
		let known: Vec<_> = self.model.issuers.iter().map(|(key, ..)| *key).collect();
		match self.rng.pick(&known).filter(|_| !self.rng.one_in(4)) {
			Some(key) => (key.organisation, key.capability, key.jurisdiction),
			None => {
				let (one, capability) = (self.in_status(OrganisationStatus::Active), self.capability());
				(one, capability, self.place())
			},
		}
	}

	/// What the signer's organisation can license, and where; or something else.
	pub fn licensable(&mut self) -> (Capability, Jurisdiction) {
		let own = self.own;
		let known = self.model.issuers.iter().filter(|(key, known, _)| *known && own == Some(key.organisation));
		let (mut all, mut anchoring) = (Vec::new(), Vec::new());
		for (key, ..) in known {
			all.push((key.capability, key.jurisdiction));
			if key.capability == Capability::AnchorRecords {
				anchoring.push((key.capability, key.jurisdiction));
			}
		}
		let found = match self.rng.below(8) {
			0 => None,
			1 | 2 => self.rng.pick(&all),
			_ => self.rng.pick(&anchoring),
		};
		found.unwrap_or_else(|| (self.capability(), self.place()))
	}

	/// Who holds a licence: mostly one of the hospitals, so that their lists of licences fill up.
	pub fn holder(&mut self) -> Holder<AccountId> {
		match (self.rng.below(8), self.home) {
			(2.., Some(home)) => Holder::Organisation(home),
			(0, _) => Holder::Member(self.person()),
			(1..=3, _) => Holder::Organisation(self.organisation()),
			_ => Holder::Organisation(OrgId(u32::try_from(self.rng.below(3)).expect("a small number"))),
		}
	}

	/// How far a licence reaches.
	pub fn scope(&mut self) -> LicenceScope {
		match self.rng.below(8) {
			0 => LicenceScope::Site(self.good_gln()),
			1 => LicenceScope::Site(Gln([b'7'; 13])),
			_ => LicenceScope::All,
		}
	}

	/// Roles: often those on which calls depend, now and then some that nobody gives.
	pub fn roles(&mut self) -> Roles {
		let random = Roles(u16::from_le_bytes(self.rng.bytes())).union(Roles::CONTROLLER);
		let both = Roles::RECORDS.union(Roles::LICENSING);
		self.rng.choose([Roles::RECORDS, Roles::RECORDS, both, Roles::LICENSING, Roles::GRANTABLE, random])
	}

	/// Never, or some time to come, or, rarely, past.
	pub fn until(&mut self) -> Option<Moment> {
		match self.rng.below(8) {
			0 if self.rng.one_in(4) => Some(Moment(u64::MAX)),
			0 => Some(Moment(self.model.now.0.saturating_sub(self.rng.below(DAY)))),
			1 | 2 => Some(Moment(self.model.now.0 + 1 + self.rng.below(DAY / 2))),
			3 | 4 => Some(Moment(self.model.now.0 + 1 + self.rng.below(10 * DAY))),
			_ => None,
		}
	}

	/// Never, or later than most licences end.
	pub fn later(&mut self) -> Option<Moment> {
		match self.rng.below(4) {
			0 => self.until(),
			1 => None,
			_ => Some(Moment(self.model.now.0 + 10 * DAY + self.rng.below(2 * DAY))),
		}
	}

	/// From now, or some time to come, or, rarely, past.
	pub fn from(&mut self) -> Option<Moment> {
		match self.rng.below(8) {
			0 => Some(self.past()),
			1 | 2 => Some(Moment(self.model.now.0 + 1 + self.rng.below(2 * DAY))),
			_ => None,
		}
	}

	/// A moment of the last two days, or a little later than now.
	pub fn past(&mut self) -> Moment {
		Moment(self.model.now.0.saturating_sub(self.rng.below(2 * DAY)).saturating_add(self.rng.below(1_000)))
	}

	/// A licence: mostly one that the signer's organisation has issued, a new one or one that calls depend on.
	pub fn licence(&mut self) -> LicenceId {
		let own = self.own;
		let issued: Vec<_> = (0u32..).zip(&self.model.licences).filter(|(_, one)| own == Some(one.issuer)).collect();
		let anchoring: Vec<_> =
			issued.iter().filter(|(_, one)| one.capability == Capability::AnchorRecords).copied().collect();
		let (_, newest) = issued.split_at(issued.len().saturating_sub(8));
		let found = match self.rng.below(8) {
			0 => None,
			1..=3 => self.rng.pick(&anchoring),
			_ => self.rng.pick(newest),
		};
		let any = u32::try_from(self.rng.below(60)).expect("a small number");
		LicenceId(found.map_or(any, |(id, _)| id))
	}

	/// Mostly a licence of the signer's organisation that has an end and is in force.
	pub fn renewable(&mut self) -> LicenceId {
		let (own, now) = (self.own, self.model.now);
		let fits = |one: &Licence| own == Some(one.issuer) && one.until.is_some_and(|until| now < until);
		let fitting: Vec<_> =
			(0u32..).zip(&self.model.licences).filter(|(_, one)| fits(one)).map(|(id, _)| id).collect();
		match self.rng.pick(&fitting) {
			Some(id) if !self.rng.one_in(6) => LicenceId(id),
			_ => self.licence(),
		}
	}

	/// Mostly a licence that is suspended.
	pub fn suspended_licence(&mut self) -> LicenceId {
		let suspended: Vec<_> = self.model.suspended.iter().copied().collect();
		match self.rng.one_in(6) {
			true => self.licence(),
			false => self.rng.pick(&suspended).unwrap_or_else(|| self.licence()),
		}
	}

	/// An amount: mostly a little, now and then all, far too much or less than an account needs.
	pub fn amount(&mut self) -> Balance {
		match self.rng.below(7) {
			6 => MILLI_EPI.saturating_sub(1),
			0..=2 => self.purse.saturating_sub(MILLI_EPI),
			3 => self.purse.saturating_mul(2),
			_ => 10 * EPI,
		}
	}

	/// What the consortium gives: something, or more than it has.
	pub fn allotment(&mut self) -> Balance {
		match self.rng.one_in(8) {
			true => Balance::from(u64::MAX) * EPI,
			false => 10 * EPI,
		}
	}

	/// An id that no record has, or rarely one that a record has.
	pub fn new_record(&mut self) -> RecordId {
		match self.rng.one_in(8) {
			true => self.record(),
			false => RecordId(self.rng.bytes()),
		}
	}

	/// Mostly a record that the signer's organisation keeps.
	pub fn record(&mut self) -> RecordId {
		let all = self.model.records.iter();
		let own: Vec<_> = all.filter(|(_, known)| Some(known.custodian) == self.own).map(|(id, _)| *id).collect();
		let all: Vec<_> = self.model.records.keys().copied().collect();
		let found = match self.rng.below(12) {
			0 => None,
			1 | 2 => self.rng.pick(&all),
			_ => self.rng.pick(&own),
		};
		found.unwrap_or_else(|| RecordId(self.rng.bytes()))
	}

	/// Mostly any record that there is.
	pub fn known_record(&mut self) -> RecordId {
		let all: Vec<_> = self.model.records.keys().copied().collect();
		self.rng.pick(&all).filter(|_| !self.rng.one_in(12)).unwrap_or_else(|| RecordId(self.rng.bytes()))
	}

	/// A record, often one that somebody wants amended, with the number of its newest version, or rarely another.
	pub fn version(&mut self) -> (RecordId, u32) {
		let (record, _) = if self.rng.one_in(3) { self.request(RequestState::Open) } else { (self.record(), 0) };
		let newest = self.model.records.get(&record).map_or(1, |known| known.version);
		let wrong = u32::try_from(self.rng.below(4)).expect("a small number");
		(record, if self.rng.one_in(8) { wrong } else { newest })
	}

	/// Often a version whose deposit is missing.
	pub fn owed_version(&mut self) -> (RecordId, u32) {
		let own = self.own;
		let keeper = |record| self.model.records.get(record).map(|known| known.custodian);
		let owed: Vec<_> = self.model.owed.keys().filter(|(record, _)| keeper(record) == own).copied().collect();
		match self.rng.one_in(4) {
			true => self.version(),
			false => self.rng.pick(&owed).unwrap_or_else(|| self.version()),
		}
	}

	/// Something committed.
	pub fn commitment(&mut self) -> Commitment {
		Commitment(self.rng.bytes())
	}

	/// A suite, now and then one that is forbidden.
	pub fn suite(&mut self) -> HashSuite {
		let forbidden = self.rng.one_in(8);
		let fitting =
			HashSuite::ALL.iter().filter(|suite| (self.model.suites.get(*suite) == Some(&Trust::None)) == forbidden);
		let fitting: Vec<_> = fitting.copied().collect();
		self.rng.pick(&fitting).unwrap_or(HashSuite::Raw)
	}

	/// A tree: mostly the one under which logs can be renewed.
	pub fn tree(&mut self) -> TreeSuite {
		match self.rng.one_in(12) {
			true => TreeSuite::Sha256,
			false => TreeSuite::Blake2b256,
		}
	}

	/// A tree that loses trust: seldom the one under which logs are renewed.
	pub fn doubted_tree(&mut self) -> TreeSuite {
		match self.rng.one_in(8) {
			true => TreeSuite::Blake2b256,
			false => TreeSuite::Sha256,
		}
	}

	/// A renewal of one of the organisation's logs: mostly a good one.
	pub fn renewal(&mut self) -> pallet_ehr::Call<Runtime> {
		let own = self.own;
		let keeps = |custodian| own.is_some_and(|own| self.model.answers_for(own, custodian));
		let logs = self.model.logs.iter().filter(|((custodian, _), log)| keeps(*custodian) && log.checkpoints > 0);
		let logs: Vec<_> = logs.map(|(id, _)| *id).collect();
		let any = (self.organisation(), self.log_kind());
		let (custodian, kind) = self.rng.pick(&logs).filter(|_| !self.rng.one_in(10)).unwrap_or(any);
		let old = self.model.renewal(&(custodian, kind));
		let known = self.model.logs.get(&(custodian, kind));
		let (mut number, mut size) = known.map_or((0, 1), |log| (log.checkpoints.saturating_sub(1), log.head.size));
		let honest = known.and_then(|log| log.renewed(old.size, size));
		let (mut root, mut path) = honest.unwrap_or_else(|| (self.rng.bytes(), Vec::new()));
		match self.rng.below(14) {
			0 => number = number.saturating_sub(1),
			1 => size = size.saturating_sub(1),
			2 => path.push(self.rng.bytes()),
			3 => drop(path.pop()),
			4 if old.size > 0 => root = self.rng.bytes(),
			5 => (root, path) = (old.root, Vec::new()),
			// An older checkpoint, as it was.
			6 | 7 => {
				number = self.rng.below(number + 1);
				let made = usize::try_from(number).ok().and_then(|number| known.and_then(|log| log.made.get(number)));
				size = made.copied().unwrap_or(size);
				let honest = known.and_then(|log| log.renewed(old.size, size));
				(root, path) = honest.unwrap_or((root, path));
			},
			_ => (),
		}
		let consistency_proof = path.try_into().expect("no longer than any log needs");
		let checkpoint = pallet_ehr::CheckpointId { number, size };
		pallet_ehr::Call::renew_log { custodian, kind, checkpoint, tree: self.tree(), root, consistency_proof }
	}

	/// A kind of log.
	pub fn log_kind(&mut self) -> LogKind {
		self.rng.choose([LogKind::Records, LogKind::Disclosures, LogKind::DeviceStream])
	}

	/// A checkpoint of one of the organisation's logs: mostly a good one, otherwise a forgery.
	pub fn checkpoint(&mut self) -> pallet_ehr::Call<Runtime> {
		let (own, model) = (self.own, &self.model);
		let open = model.logs.keys().filter(|(keeper, _)| Some(*keeper) == own).copied().collect();
		let ((_, kind), new_root, new_size, path) = self.growth(open);
		let consistency_proof = path.try_into().expect("no longer than any log needs");
		pallet_ehr::Call::checkpoint { kind, new_root, new_size, consistency_proof }
	}

	/// The same for a log of an organisation whose duties passed to this one, or its own.
	pub fn checkpoint_for(&mut self) -> pallet_ehr::Call<Runtime> {
		let (own, model) = (self.own, &self.model);
		let answers = |keeper| own.is_some_and(|own| model.answers_for(own, keeper));
		let open = model.logs.keys().filter(|(keeper, _)| answers(*keeper)).copied().collect();
		let ((custodian, kind), new_root, new_size, path) = self.growth(open);
		let consistency_proof = path.try_into().expect("no longer than any log needs");
		pallet_ehr::Call::checkpoint_for { custodian, kind, new_root, new_size, consistency_proof }
	}

	/// Mostly the organisation itself, and one that takes part.
	pub fn heirs(&mut self) -> (OrgId, OrgId) {
		let own = self.own;
		let predecessor = own.filter(|_| !self.rng.one_in(10)).unwrap_or_else(|| self.organisation());
		let successor = if self.rng.one_in(12) { predecessor } else { self.in_status(OrganisationStatus::Active) };
		(predecessor, successor)
	}

	/// Mostly an organisation that has offered its duties to the signer's.
	pub fn offering(&mut self) -> OrgId {
		let own = self.own;
		let offers = self.model.successions.iter().filter(|(_, (heir, accepted))| !accepted && own == Some(*heir));
		let offers: Vec<_> = offers.map(|(id, _)| *id).collect();
		self.rng.pick(&offers).filter(|_| !self.rng.one_in(8)).unwrap_or_else(|| self.organisation())
	}

	/// How one of these logs grows.
	fn growth(&mut self, open: Vec<(OrgId, LogKind)>) -> ((OrgId, LogKind), Hash, u64, Vec<Hash>) {
		let own = self.own;
		let any = (own.unwrap_or_default(), self.log_kind());
		let id = self.rng.pick(&open).filter(|_| !self.rng.one_in(10)).unwrap_or(any);
		let more = 1 + self.rng.below(20);
		let Some(log) = self.model.logs.get_mut(&id) else {
			return (id, self.rng.bytes(), more, Vec::new());
		};
		for _ in 0..more {
			log.leaves.push(NativeSha256::hash(&[&self.rng.bytes::<32>()]));
		}
		let (mut new_root, mut path) = (root(&log.leaves), consistency(log.known(), &log.leaves));
		let mut size = u64::try_from(log.leaves.len()).expect("a small log");
		let head = log.head;
		match self.rng.below(18) {
			0 => (new_root, size, path) = (head.root, head.size, Vec::new()),
			1 => size = head.size.saturating_sub(1),
			2 | 3 => size = head.size,
			4 => size = MAX_LOG_SIZE + more,
			5 => path.push(self.rng.bytes()),
			6 => drop(path.pop()),
			7 => path.reverse(),
			// From nothing any root can be claimed, and then no leaf of ours would ever fit.
			8 if head.size > 0 => new_root = self.rng.bytes(),
			// A size that is too large is not drawn: a root does not bind it, and some such lies are accepted.
			_ => (),
		}
		(id, new_root, size, path)
	}
}
