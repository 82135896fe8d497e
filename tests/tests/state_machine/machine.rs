// SPDX-License-Identifier: Apache-2.0
//! One life of a chain: draws calls, sends them, and checks everything after each.

use crate::{
	calls::{kinds, place, By, Kind, PALLETS},
	model::{Actor, Model, Patient, Verdict},
	plots::{Act, BEGINNING, PLOTS},
	rng::Rng,
	scene::Scene,
	tally::Tally,
};
use epidaurus_primitives::{
	ids::OrgId,
	moment::{Moment, DAY},
	registry::{Capability, Holder, OrganisationStatus, Roles},
	views::CapabilityView,
};
use epidaurus_runtime::{
	configs::CouncilInstance, constants::money::EPI, AccountId, Runtime, RuntimeCall, RuntimeEvent,
};
use epidaurus_tests::{account, actors::STRANGER, Chain, SEATS, START};
use frame_support::{dispatch::DispatchResult, traits::GetCallMetadata, weights::Weight};
use pallet_collective::RawOrigin;
use sp_runtime::{
	traits::{BlakeTwo256, Dispatchable, Hash},
	transaction_validity::TransactionValidityError,
	DispatchError,
};
use std::{
	collections::BTreeMap,
	panic::{catch_unwind, AssertUnwindSafe},
};

/// One step: how long the chain rests before it, which call is made, and all chance that goes into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
	/// Milliseconds; none if it is in the same block.
	pub pause: u64,
	/// Place of the call in [`kinds`].
	pub kind: usize,
	/// Seed of its signer and arguments.
	pub seed: u64,
	/// Where the signer mostly is, if that matters.
	pub home: Option<OrgId>,
}

/// Where a life went wrong.
#[derive(Clone, Debug)]
pub struct Failure {
	/// At which step.
	pub at: usize,
	/// What was wrong.
	pub what: String,
	/// All steps until then, in words.
	pub story: Vec<String>,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
	Done,
	Failed(String),
	Refused(String),
}

/// The members of the preset beside the controllers, and somebody who is none.
const STAFF: [&str; 17] = [
	"Alice//records",
	"Alice//clinician",
	"Alice//operator",
	"Bob//records",
	"Bob//clinician",
	"Bob//operator",
	"Charlie//records",
	"Dave//pharmacist",
	"Eve//production",
	"Eve//quality",
	"Ferdie//logistics",
	"Payer//claims",
	"Sponsor//trials",
	"EthicsBoard//reviewer",
	"Regulator//licensing",
	"Regulator//inspector",
	STRANGER,
];

/// How many keys there are for patients.
const PHONES: usize = 32;

/// A change past all rules after each step, to see whether it is noticed.
pub type Sabotage = fn(&mut Chain);

/// How many calls the end of a life has.
const ENDING: usize = 40;

/// The steps of a life.
pub fn draw_steps(seed: u64, length: usize) -> Vec<Step> {
	let mut rng = Rng::new(seed);
	let weights: u64 = kinds().map(|Kind(weight, ..)| weight).sum();
	let mut steps = Vec::new();
	BEGINNING.iter().for_each(|act| draw_act(act, None, &mut rng, &mut steps));
	while steps.len() < length {
		if rng.one_in(11) {
			// Where all happens at the same few organisations, more comes of it.
			let home = Some(OrgId(rng.choose([0, 1, 2])));
			let plot = rng.pick(&(0..PLOTS.len()).collect::<Vec<_>>()).expect("there are plots");
			PLOTS[plot].iter().for_each(|act| draw_act(act, home, &mut rng, &mut steps));
			continue;
		}
		let mut place = rng.below(weights);
		let kind = kinds().position(|Kind(weight, ..)| {
			let found = place < *weight;
			place = place.saturating_sub(*weight);
			found
		});
		// Some rules show only when the same is done many times in a row.
		let kind = kind.expect("below the sum of all");
		let often = kinds().nth(kind).is_some_and(|Kind(weight, ..)| *weight >= 4);
		let times = if often && rng.one_in(40) { 25 } else { 1 };
		let (alike, seed) = (rng.one_in(2), rng.next());
		for _ in 0..times {
			let pause = match rng.below(100) {
				0 | 1 => 8 * DAY,
				2 | 3 => DAY,
				4..=9 => rng.below(DAY / 24),
				10..=39 => 1,
				_ => 0,
			};
			steps.push(Step { pause, kind, seed: if alike { seed } else { rng.next() }, home: None });
		}
	}
	steps.truncate(length.saturating_sub(ENDING));
	let endings = kinds().enumerate().filter(|(_, Kind(weight, ..))| *weight == 0);
	let ending = rng.pick(&endings.map(|(place, _)| place).collect::<Vec<_>>()).expect("a life ends somehow");
	while steps.len() < length {
		steps.push(Step { pause: rng.below(2), kind: ending, seed: rng.next(), home: None });
	}
	steps
}

fn draw_act(act: &Act, home: Option<OrgId>, rng: &mut Rng, steps: &mut Vec<Step>) {
	let Act(call, times, pause) = act;
	let kind = place(call);
	for number in 0..*times {
		let pause = if number == 0 { *pause } else { 0 };
		steps.push(Step { pause, kind, seed: rng.next(), home });
	}
}

/// The names of the calls that are drawn for each of [`kinds`].
pub fn drawn() -> Vec<String> {
	let mut machine = Machine::new();
	let mut draw = |kind| machine.draw(Step { pause: 0, kind, seed: 0, home: None });
	(0..kinds().count()).map(|kind| name_of(&draw(kind).1)).collect()
}

fn name_of(call: &RuntimeCall) -> String {
	let meta = call.get_call_metadata();
	format!("{}.{}", meta.pallet_name, meta.function_name)
}

/// Lives through the steps on a chain of its own.
pub fn live(steps: &[Step], sabotage: Option<Sabotage>) -> Result<Tally, Failure> {
	let mut machine = Machine::new();
	for (at, step) in steps.iter().enumerate() {
		let result = catch_unwind(AssertUnwindSafe(|| machine.take(*step, sabotage)));
		let result = result.unwrap_or_else(|panic| {
			let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
			Err(format!("a panic: {}", text.unwrap_or("of unknown kind")))
		});
		if let Err(what) = result {
			let story = std::mem::take(&mut machine.story);
			// The chain is broken; it must not be asked at its end whether it is.
			std::mem::forget(machine);
			return Err(Failure { at, what, story });
		}
	}
	Ok(std::mem::take(&mut machine.tally))
}

struct Machine {
	chain: Chain,
	model: Model,
	people: Vec<AccountId>,
	keys: Vec<AccountId>,
	names: BTreeMap<AccountId, String>,
	tally: Tally,
	story: Vec<String>,
}

impl Machine {
	fn new() -> Self {
		let newcomers = (0..12).map(|number| format!("Newcomer{number}"));
		let names = SEATS.into_iter().chain(STAFF).map(String::from).chain(newcomers);
		let mut names: BTreeMap<_, _> = names.map(|name| (account(&name), name)).collect();
		let people: Vec<_> = names.keys().cloned().collect();
		let phones: Vec<_> = (0..PHONES).map(|number| format!("Phone{number}")).collect();
		let phones: BTreeMap<_, _> = phones.into_iter().map(|name| (account(&name), name)).collect();
		let keys: Vec<_> = phones.keys().cloned().collect();
		names.extend(phones);
		let mut chain = Chain::with(|config| {
			let balances = &mut config.balances.balances;
			// Newcomers and applicants are not poor: what is missing for a fee is found out elsewhere.
			balances.extend(people.iter().map(|who| (who.clone(), 1_000 * EPI)));
			// Patients have no token, but for every third.
			balances.extend(keys.iter().step_by(3).map(|who| (who.clone(), 1_000 * EPI)));
			balances.extend((11..40).map(|id| (OrgId(id).sovereign_account(), 20 * EPI)));
			balances.sort();
			balances.dedup_by(|later, first| later.0 == first.0);
			// A re-binding or an erasure takes two members.
			let staff = config.registry.organisations.iter_mut().flat_map(|one| &mut one.members);
			staff
				.filter(|member| member.roles.contains(Roles::CLINICIAN))
				.for_each(|member| member.roles = member.roles.union(Roles::RECORDS));
			// One custodian's licence runs out and is not renewed by itself.
			let licences = config.registry.licences.iter_mut();
			licences
				.filter(|licence| licence.holder == Holder::Organisation(OrgId(2)))
				.for_each(|licence| licence.validity.until = Some(Moment(START + 2 * DAY)));
		});
		let model = Model::read(&mut chain);
		Self { chain, model, people, keys, names, tally: Tally::default(), story: Vec::new() }
	}

	fn take(&mut self, step: Step, sabotage: Option<Sabotage>) -> Result<(), String> {
		if step.pause > 0 {
			self.chain.sleep(step.pause);
		}
		self.model.now = self.chain.now();
		let (actor, call, by_motion) = self.draw(step);
		let may = self.may(&actor, &call);
		let verdict = self.model.judge(&actor, &call, may.as_ref());
		let (name, told) = (self.name(&actor), told(&call));
		self.story.push(format!("{} {name} sends {told}: must be {verdict:?}", self.model.now));
		let outcome = self.send(&actor, &call, by_motion);
		if let Some(line) = self.story.last_mut() {
			line.push_str(&format!(", is {outcome:?}"));
		}
		agree(verdict, &outcome)?;
		self.count(&call, &outcome);
		if outcome == Outcome::Done {
			self.model.learn(&actor, &call);
			self.see_debts(&call);
		}
		if let Some(sabotage) = sabotage {
			self.chain.spoil();
			sabotage(&mut self.chain);
		}
		for pallet in PALLETS {
			self.chain.run(pallet.try_state).map_err(|error| format!("{} is out of order: {error}", pallet.name))?;
		}
		self.model.compare(&mut self.chain)
	}

	/// Who sends what, and whether the council comes to its decision by a motion with all that belongs to it.
	fn draw(&mut self, step: Step) -> (Actor, RuntimeCall, bool) {
		let mut rng = Rng::new(step.seed);
		let Kind(_, by, draw) = kinds().nth(step.kind).expect("a kind of call");
		let actor = self.actor(*by, step.home, &mut rng);
		let by_motion = rng.one_in(8);
		let who = match &actor {
			Actor::Signed { who, .. } => Some(who.clone()),
			Actor::Council { .. } => None,
		};
		let own = who.as_ref().and_then(|who| self.model.member(who)).map(|membership| membership.organisation);
		let purse = own.map_or(0, |own| self.chain.balance(&own.sovereign_account()));
		let mut scene = Scene {
			model: &mut self.model,
			people: &self.people,
			keys: &self.keys,
			names: &self.names,
			rng,
			who,
			own,
			home: step.home,
			purse,
		};
		let call = draw(&mut scene);
		(actor, call, by_motion)
	}

	fn actor(&self, by: By, home: Option<OrgId>, rng: &mut Rng) -> Actor {
		let holding = |role| {
			let holds = |who: &&AccountId| self.model.member(who).is_some_and(|member| member.roles.contains(role));
			self.people.iter().filter(holds).cloned().collect::<Vec<_>>()
		};
		let fitting = match by {
			By::Council if !rng.one_in(10) => return Actor::Council { enough: !rng.one_in(15) },
			By::Council | By::Member => holding(Roles::default()),
			By::Patient | By::Party | By::Plaintiff | By::Contender => return self.patient(by, home, rng),
			By::Inspector => holding(Roles::INSPECTOR),
			By::Controller => holding(Roles::CONTROLLER),
			By::Clerk => holding(Roles::RECORDS),
			By::Licensor => holding(Roles::LICENSING),
			By::Sponsor | By::Heir => holding(Roles::CONTROLLER),
			By::Debtor | By::Keeper | By::Archivist => holding(Roles::RECORDS),
		};
		let organisation = |who: &AccountId| self.model.member(who).map(|member| member.organisation);
		let at_home = |who: &&AccountId| match (by, organisation(who)) {
			(_, None) => false,
			(By::Licensor, own) => {
				self.model.issuers.iter().any(|(key, known, _)| *known && own == Some(key.organisation))
			},
			(By::Keeper, Some(own)) => self.model.is_asked(own),
			(By::Debtor, own) => self.model.debtors().any(|debtor| own == Some(debtor)),
			(By::Sponsor, own) => self.model.organisations.values().any(|one| one.sponsor == own),
			(By::Heir, own) => self.model.successions.values().any(|(heir, accepted)| !accepted && own == Some(*heir)),
			(By::Archivist, Some(own)) => self.model.logs.keys().any(|(keeper, _)| *keeper == own),
			(_, Some(own)) => own < OrgId(3),
		};
		let mut near: Vec<_> = fitting.iter().filter(at_home).cloned().collect();
		let neighbours: Vec<_> =
			near.iter().filter(|who| home.is_some() && organisation(who) == home).cloned().collect();
		if !neighbours.is_empty() {
			near = neighbours;
		}
		let fitting = if near.is_empty() || rng.one_in(if home.is_some() { 8 } else { 3 }) { fitting } else { near };
		let anybody = rng.pick(&self.people).expect("there are people");
		let who = if rng.one_in(12) { anybody } else { rng.pick(&fitting).unwrap_or(anybody) };
		Actor::Signed { who, wrapped: rng.one_in(12) }
	}

	/// A subject's key, mostly one that is in use; of the plaintiff the one that has most to quarrel about.
	fn patient(&self, by: By, home: Option<OrgId>, rng: &mut Rng) -> Actor {
		let everybody = self.model.subjects.values();
		let mut subjects: Vec<_> = everybody.clone().filter(|patient| home == Some(patient.custodian)).collect();
		if subjects.is_empty() {
			subjects = everybody.collect();
		}
		let with_records = |patient: &&Patient| self.model.records_of(&patient.key).next().is_some();
		let key = |patient: &&Patient| patient.key.clone();
		let all: Vec<_> = subjects.iter().map(key).collect();
		let concerned: Vec<_> = subjects.iter().filter(|patient| with_records(patient)).map(key).collect();
		let plaintiff =
			subjects.iter().filter(|patient| with_records(patient)).find(|patient| !patient.is_restricted());
		let contenders: Vec<_> = subjects.iter().filter(|patient| patient.may_contest()).map(key).collect();
		let found = match (by, rng.below(12)) {
			(By::Plaintiff, _) if plaintiff.is_some() => plaintiff.map(|patient| patient.key.clone()),
			(_, 0) => rng.pick(&self.people),
			(By::Contender, 3..) if !contenders.is_empty() => rng.pick(&contenders),
			(By::Party, 3..) => rng.pick(&self.model.parties()),
			(_, 1) => rng.pick(&self.keys),
			(_, 2..=4) => rng.pick(&all),
			_ => rng.pick(&concerned),
		};
		let who = found.or_else(|| rng.pick(&all)).or_else(|| rng.pick(&self.keys)).expect("there are keys");
		Actor::Signed { who, wrapped: rng.one_in(12) }
	}

	fn name(&self, actor: &Actor) -> String {
		let name = |who| self.names.get(who).cloned().unwrap_or_default();
		match actor {
			Actor::Signed { who, wrapped: false } => name(who),
			Actor::Signed { who, wrapped: true } => format!("{}, in a batch,", name(who)),
			Actor::Council { enough: true } => "the council".into(),
			Actor::Council { enough: false } => "too small a part of the council".into(),
		}
	}

	/// What the chain says of the signer's right to what the call needs.
	fn may(&mut self, actor: &Actor, call: &RuntimeCall) -> Option<CapabilityView> {
		let Actor::Signed { who, .. } = actor else { return None };
		let capability = match call {
			RuntimeCall::Ehr(pallet_ehr::Call::place_hold { .. }) => Capability::Regulate,
			_ => Capability::AnchorRecords,
		};
		let question = (Holder::Member(who.clone()), capability, None::<()>, None::<Moment>);
		Some(self.chain.ask("RegistryApi_capability", question))
	}

	fn send(&mut self, actor: &Actor, call: &RuntimeCall, by_motion: bool) -> Outcome {
		let (who, wrapped) = match actor {
			Actor::Signed { who, wrapped } => (who, *wrapped),
			Actor::Council { enough } => return self.decide(call, *enough, by_motion),
		};
		let name = self.names.get(who).expect("a person").clone();
		let call = match wrapped {
			true => pallet_utility::Call::batch_all { calls: vec![call.clone()] }.into(),
			false => call.clone(),
		};
		outcome(self.chain.send(&name, call))
	}

	/// A decision of the council: by a motion of which each act is a transaction, or with the origin that such a motion
	/// would have.
	fn decide(&mut self, call: &RuntimeCall, enough: bool, by_motion: bool) -> Outcome {
		let seats: Vec<_> = self.seats();
		let count = u32::try_from(seats.len()).expect("a small council");
		let needed = (2 * count).div_ceil(3);
		let yes = if enough { needed } else { needed.saturating_sub(1) };
		let voters = usize::try_from(yes).ok().and_then(|yes| seats.get(..yes)).unwrap_or_default();
		let rich = voters.iter().all(|who| self.chain.balance(who) > 2 * EPI);
		if by_motion && voters.len() > 1 && rich {
			self.tally.motion();
			return self.hold_motion(call, yes, voters);
		}
		let origin = RawOrigin::<AccountId, CouncilInstance>::Members(yes, count);
		let dispatched = self.chain.run(|| call.clone().dispatch(origin.into()));
		outcome(Ok(dispatched.map(drop).map_err(|error| error.error)))
	}

	fn seats(&self) -> Vec<AccountId> {
		let active = self.model.organisations.values().filter(|one| one.status == OrganisationStatus::Active);
		active.map(|one| one.controller.clone()).collect()
	}

	fn hold_motion(&mut self, call: &RuntimeCall, threshold: u32, voters: &[AccountId]) -> Outcome {
		const LENGTH_BOUND: u32 = 10_000;
		let names: Vec<_> = voters.iter().map(|who| self.names.get(who).expect("a person").clone()).collect();
		let proposal = BlakeTwo256::hash_of(call);
		let index = self.chain.run(pallet_collective::ProposalCount::<Runtime, CouncilInstance>::get);
		let motion = Box::new(call.clone());
		let propose = pallet_collective::Call::propose { threshold, proposal: motion, length_bound: LENGTH_BOUND };
		// A block of its own: all these transactions must find room.
		self.chain.next_block();
		self.chain.ok(&names[0], propose);
		for name in &names {
			self.chain.ok(name, pallet_collective::Call::vote { proposal, index, approve: true });
		}
		let close = pallet_collective::Call::close {
			proposal_hash: proposal,
			index,
			proposal_weight_bound: Weight::from_parts(500_000_000_000, 1_000_000),
			length_bound: LENGTH_BOUND,
		};
		self.model.now = self.chain.now();
		self.chain.ok(&names[0], close);
		let executed = |event| match event {
			RuntimeEvent::Council(pallet_collective::Event::Executed { proposal_hash, result }) => {
				(proposal_hash == proposal).then_some(result)
			},
			_ => None,
		};
		let result = self.chain.events().into_iter().rev().find_map(executed);
		outcome(Ok(result.expect("a motion with votes enough is executed")))
	}

	/// The model does not know what a deposit costs: it looks whether one was taken.
	fn see_debts(&mut self, call: &RuntimeCall) {
		let RuntimeCall::Ehr(pallet_ehr::Call::amend { record, .. }) = call else { return };
		let Some(known) = self.model.records.get(record) else { return };
		let version = known.version;
		let stored = self.chain.run(|| pallet_ehr::Versions::<Runtime>::get(record, version));
		if let Some(stored) = stored.filter(|stored| stored.ticket.is_none()) {
			self.model.owed.insert((*record, version), stored.payer);
		}
	}

	fn count(&mut self, call: &RuntimeCall, outcome: &Outcome) {
		match outcome {
			Outcome::Done => self.tally.done(name_of(call)),
			Outcome::Failed(error) => self.tally.failed(error.clone()),
			Outcome::Refused(reason) => self.tally.refused(reason.clone()),
		}
	}
}

/// The call in words. A signature is another one each time, so it is left out.
fn told(call: &RuntimeCall) -> String {
	let text = format!("{call:?}");
	match text.split_once(", signature: ") {
		Some((told, _)) => format!("{told}, signed }})"),
		None => text,
	}
}

fn outcome(result: Result<DispatchResult, TransactionValidityError>) -> Outcome {
	match result {
		Ok(Ok(())) => Outcome::Done,
		Ok(Err(error)) => Outcome::Failed(error_name(error)),
		Err(TransactionValidityError::Invalid(reason)) => Outcome::Refused(format!("{reason:?}")),
		Err(reason) => Outcome::Refused(format!("{reason:?}")),
	}
}

fn error_name(error: DispatchError) -> String {
	let DispatchError::Module(module) = error else { return format!("{error:?}") };
	let pallet = PALLETS.iter().find(|pallet| (pallet.index)() == usize::from(module.index));
	let named = pallet.and_then(|pallet| {
		let (_, name) = (pallet.errors)().into_iter().find(|(index, _)| *index == module.error[0])?;
		Some(format!("{}.{name}", pallet.name))
	});
	named.unwrap_or_else(|| format!("{module:?}"))
}

/// Whether the model is content with what came of a call.
fn agree(verdict: Verdict, outcome: &Outcome) -> Result<(), String> {
	// What things cost is not modelled: a call that lacks money, or room in the block, is neither right nor wrong.
	let poor = match outcome {
		Outcome::Refused(reason) => matches!(reason.as_str(), "Payment" | "ExhaustsResources"),
		Outcome::Failed(error) => error.starts_with("Token") || error.starts_with("Arithmetic"),
		Outcome::Done => false,
	};
	let content = match (verdict, outcome) {
		(Verdict::Open, _) | (Verdict::Works, Outcome::Done) | (Verdict::Refused, Outcome::Refused(_)) => true,
		(Verdict::Fails(expected), Outcome::Failed(error)) if expected == error => true,
		(Verdict::Stopped, outcome) => *outcome != Outcome::Done,
		(Verdict::Works | Verdict::Fails(_), _) => poor,
		(Verdict::Refused, _) => false,
	};
	content.then_some(()).ok_or_else(|| format!("must be {verdict:?}, is {outcome:?}"))
}
