// SPDX-License-Identifier: Apache-2.0
//! What should be on chain: plain maps, and the rules of the calls written down a second time.
//!
//! Of licences only issuer and end are modelled (the registry's own property test does the rest): whether a member may begin something new is
//! asked of the runtime API before the call, and the call must agree with that answer.

mod deposits;
mod ehr;
mod life;
mod registry;
mod renewals;
mod subjects;
mod successions;

use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	gln::Gln,
	hash::HashSuite,
	ids::{LicenceId, OrgId, RecordId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{Capability, OrganisationStatus, Roles},
	renewal::TreeSuite,
	views::CapabilityView,
};
use epidaurus_runtime::{AccountId, Runtime, RuntimeCall};
use epidaurus_tests::Chain;
use pallet_ehr::record::RecordState;
use pallet_registry::{IssuerKey, Membership};
use std::{
	collections::{BTreeMap, BTreeSet},
	fmt::Debug,
};

pub use ehr::{consistency, root, Log, Record};
pub use life::{Life, Trust};
pub use registry::{Licence, Organisation};
pub use subjects::{act_of, Patient};

/// Who sends a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
	/// A signed transaction.
	Signed {
		/// The signer.
		who: AccountId,
		/// The call is the only one of a batch, for which other rules hold in the pool.
		wrapped: bool,
	},
	/// The council.
	Council {
		/// Whether two thirds of the seats say yes.
		enough: bool,
	},
}

/// What must come of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
	/// It does its work, if there is money enough.
	Works,
	/// It is taken and fails in just this way, if there is money enough to come to that.
	Fails(&'static str),
	/// No pool takes it.
	Refused,
	/// It does not do its work, for a reason that the model does not know.
	Stopped,
	/// The model does not know.
	Open,
}

/// How a call's rules end early: with any other verdict than that it works.
pub type Rules = Result<(), Verdict>;

/// The call stops here unless the condition holds.
pub fn require(condition: bool, error: &'static str) -> Rules {
	condition.then_some(()).ok_or(Verdict::Fails(error))
}

/// An issuer's recognition: for what and where, whether it is recognised, from when it is distrusted.
pub type Issuer = (IssuerKey, bool, Option<Moment>);

/// What should be on chain.
#[derive(Clone, Debug, Default)]
pub struct Model {
	/// Time of the block.
	pub now: Moment,
	/// All organisations but refused applicants.
	pub organisations: BTreeMap<OrgId, Organisation>,
	/// Id of the next applicant.
	pub next: u32,
	/// Memberships, those too that have run out and that nobody has ended.
	pub members: BTreeMap<AccountId, Membership>,
	/// All issuers that ever were recognised.
	pub issuers: Vec<Issuer>,
	/// All licences, by id.
	pub licences: Vec<Licence>,
	/// Suspended licences.
	pub suspended: BTreeSet<LicenceId>,
	/// All subjects.
	pub subjects: BTreeMap<SubjectId, Patient>,
	/// Whose each key is, was, or is meant to be.
	pub keys: BTreeMap<AccountId, SubjectId>,
	/// Hash of the first block.
	pub genesis: [u8; 32],
	/// All records.
	pub records: BTreeMap<RecordId, Record>,
	/// Whom records concern, as those know who made their links.
	pub concerned: BTreeMap<RecordId, SubjectId>,
	/// What happened to records after they were written.
	pub lives: BTreeMap<RecordId, Life>,
	/// Suites about which the consortium decided.
	pub suites: BTreeMap<HashSuite, Trust>,
	/// Versions without a deposit, and who made them.
	pub owed: BTreeMap<(RecordId, u32), OrgId>,
	/// To whom duties were offered, and whether they passed.
	pub successions: BTreeMap<OrgId, (OrgId, bool)>,
	/// All logs.
	pub logs: BTreeMap<(OrgId, LogKind), Log>,
	/// To which head each log was renewed last.
	pub renewals: BTreeMap<(OrgId, LogKind), LogHead>,
	/// Trees about which the consortium decided.
	pub trees: BTreeMap<TreeSuite, Trust>,
}

impl Model {
	/// The membership of an account that has not run out.
	pub fn member(&self, who: &AccountId) -> Option<Membership> {
		self.members.get(who).copied().filter(|membership| membership.is_current(self.now))
	}

	/// The organisation for which a member acts in a role.
	fn duty(&self, who: &AccountId, role: Roles) -> Result<OrgId, Verdict> {
		let membership = self.member(who).ok_or(Verdict::Fails("Registry.NotAMember"))?;
		require(membership.roles.contains(role), "Registry.RoleMissing")?;
		Ok(membership.organisation)
	}

	/// Where an organisation is in its life.
	pub fn status(&self, organisation: OrgId) -> Option<OrganisationStatus> {
		self.organisations.get(&organisation).map(|found| found.status)
	}

	/// What must come of a call. `may` is what the runtime API says of the signer's right to what the call needs.
	pub fn judge(&self, actor: &Actor, call: &RuntimeCall, may: Option<&CapabilityView>) -> Verdict {
		let rules = match (act_of(call), call) {
			(Some(act), call) => self.judge_act(actor, act, call),
			(None, RuntimeCall::Registry(call)) => self.judge_registry(actor, call),
			(None, RuntimeCall::Ehr(call)) => self.judge_ehr(actor, call, may),
			(None, RuntimeCall::Subjects(call)) => self.judge_subjects(actor, call, may),
			_ => Err(Verdict::Open),
		};
		rules.err().unwrap_or(Verdict::Works)
	}

	/// What has changed, now that the call has done its work.
	pub fn learn(&mut self, actor: &Actor, call: &RuntimeCall) {
		match call {
			RuntimeCall::Registry(call) => self.learn_registry(actor, call),
			RuntimeCall::Ehr(call) => self.learn_ehr(actor, call),
			RuntimeCall::Subjects(call) => self.learn_subjects(actor, call),
			_ => (),
		}
	}

	/// The signer of a transaction that the pool may take, as far as membership goes. A subject sends what it pays for,
	/// and what is an act of subjects.
	fn signer<'a>(&self, actor: &'a Actor, free: bool) -> Result<&'a AccountId, Verdict> {
		match actor {
			Actor::Signed { who, .. } if self.member(who).is_some() => Ok(who),
			Actor::Signed { who, wrapped } if (*wrapped || !free) && self.present(who).is_some() => Ok(who),
			Actor::Signed { .. } => Err(Verdict::Refused),
			Actor::Council { .. } => Err(Verdict::Fails("BadOrigin")),
		}
	}

	/// The pool takes a free call from nobody who lacks the role for it; in a batch it is not free.
	fn screened(&self, actor: &Actor, who: &AccountId, role: Roles) -> Rules {
		let wrapped = matches!(actor, Actor::Signed { wrapped: true, .. });
		self.duty(who, role).map(drop).map_err(|missing| if wrapped { missing } else { Verdict::Refused })
	}

	/// The chain as it is at genesis.
	pub fn read(chain: &mut Chain) -> Self {
		let now = chain.now();
		chain.run(|| Self {
			now,
			genesis: epidaurus_runtime::System::block_hash(0).into(),
			organisations: pallet_registry::Organisations::<Runtime>::iter()
				.map(|(id, record)| {
					let pallet_registry::OrganisationRecord { controller, gln, status, .. } = record;
					(id, Organisation { status: status.state, controller, gln, sponsor: None, rotated_at: None })
				})
				.collect(),
			next: pallet_registry::NextOrganisation::<Runtime>::get().0,
			members: stored_members(),
			issuers: pallet_registry::Issuers::<Runtime>::iter()
				.map(|(key, record)| (key, record.recognised.state, record.distrusted_from))
				.collect(),
			licences: {
				let all: BTreeMap<_, _> = pallet_registry::Licences::<Runtime>::iter().collect();
				all.values().map(Licence::of).collect()
			},
			..Self::default()
		})
	}

	/// Says where the chain is not as it should be.
	pub fn compare(&self, chain: &mut Chain) -> Result<(), String> {
		chain.run(|| {
			let organisations: BTreeMap<_, _> = pallet_registry::Organisations::<Runtime>::iter()
				.map(|(id, record)| {
					(id, (record.status.state, record.controller, pallet_registry::RotatedAt::<Runtime>::get(id)))
				})
				.collect();
			let expected =
				self.organisations.iter().map(|(id, one)| (*id, (one.status, one.controller.clone(), one.rotated_at)));
			same("organisations", &expected.collect(), &organisations)?;
			same("members", &self.members, &stored_members())?;
			let successions = pallet_registry::Successions::<Runtime>::iter()
				.map(|(id, one)| (id, (one.successor, one.accepted.is_some())));
			same("successions", &self.successions, &successions.collect())?;
			let licences = pallet_registry::Licences::<Runtime>::iter().map(|(id, one)| (id.0, Licence::of(&one)));
			same("licences", &(0..).zip(self.licences.iter().copied()).collect(), &licences.collect())?;
			let records = pallet_ehr::Records::<Runtime>::iter().map(|(id, head)| {
				let in_force = head.state == RecordState::InForce;
				(id, Record { custodian: head.custodian, version: head.version, in_force, link: head.link })
			});
			same("records", &self.records, &records.collect())?;
			let lives = pallet_ehr::Lives::<Runtime>::iter().map(|(id, life)| (id, Life::of(&life)));
			let expected = self.lives.iter().filter(|(_, life)| **life != Life::default());
			same("lives", &expected.map(|(id, life)| (*id, life.clone())).collect(), &lives.collect())?;
			let suites = pallet_ehr::Suites::<Runtime>::iter().map(|(suite, status)| (suite, Trust::from(status)));
			same("suites", &self.suites, &suites.collect())?;
			let trees = pallet_ehr::Trees::<Runtime>::iter().map(|(tree, status)| (tree, Trust::from(status)));
			same("trees", &self.trees, &trees.collect())?;
			let renewals = pallet_ehr::Renewals::<Runtime>::iter()
				.filter_map(|(custodian, kind, all)| Some(((custodian, kind), all.last()?.renewed_head())));
			same("renewals", &self.renewals, &renewals.collect())?;
			same("subjects", &self.subjects, &subjects::stored_patients().collect())?;
			same("keys", &self.keys, &pallet_subjects::Keys::<Runtime>::iter().collect())?;
			let logs: BTreeMap<_, _> = pallet_ehr::Logs::<Runtime>::iter()
				.map(|(custodian, kind, log)| ((custodian, kind), (log.newest.head, log.checkpoints)))
				.collect();
			same("logs", &self.logs.iter().map(|(id, log)| (*id, (log.head, log.checkpoints))).collect(), &logs)?;
			deposits::compare()
		})
	}
}

fn stored_members() -> BTreeMap<AccountId, Membership> {
	pallet_registry::Members::<Runtime>::iter()
		.filter_map(|(account, record)| Some((account, record.membership.state?)))
		.collect()
}

fn same<Key: Ord + Debug, Value: PartialEq + Debug>(
	what: &str,
	expected: &BTreeMap<Key, Value>,
	found: &BTreeMap<Key, Value>,
) -> Result<(), String> {
	for key in expected.keys().chain(found.keys()) {
		let (expected, found) = (expected.get(key), found.get(key));
		if expected != found {
			return Err(format!("{what}: of {key:?} the model says {expected:?} and the chain {found:?}"));
		}
	}
	Ok(())
}

/// A key under which nobody distinguishes jurisdictions, capabilities or organisations by accident.
pub fn issuer_key(organisation: OrgId, capability: Capability, jurisdiction: Jurisdiction) -> IssuerKey {
	IssuerKey { organisation, capability, jurisdiction }
}

impl Model {
	/// The organisations that owe deposits, once for each.
	pub fn debtors(&self) -> impl Iterator<Item = OrgId> + '_ {
		self.owed.values().copied()
	}

	/// Whether something waits for an organisation: a dispute, a request, a re-binding.
	pub fn is_asked(&self, own: OrgId) -> bool {
		let kept = |record| self.records.get(record).is_some_and(|known| self.answers_for(own, known.custodian));
		let rebound = |patient: &Patient| patient.rebind.is_some() && self.answers_for(own, patient.custodian);
		self.lives.iter().any(|(record, life)| life.is_asking() && kept(record)) || self.subjects.values().any(rebound)
	}

	/// The keys of those who asked something that is not over, or whose keys are in question.
	pub fn parties(&self) -> Vec<AccountId> {
		let asked = |subject| self.lives.values().any(|life| life.subject == Some(subject) && life.is_asking());
		let all = self.subjects.iter().filter(|(subject, patient)| asked(**subject) || patient.rebind.is_some());
		all.map(|(_, patient)| patient.key.clone()).collect()
	}

	/// Whether another organisation that applies or takes part has this GLN.
	pub fn is_taken(&self, gln: &Gln) -> bool {
		use OrganisationStatus::{Active, Applied, Suspended};
		let holds =
			|one: &Organisation| one.gln.as_ref() == Some(gln) && matches!(one.status, Applied | Active | Suspended);
		self.organisations.values().any(holds)
	}
}
