// SPDX-License-Identifier: Apache-2.0
//! Random lives of a consortium on the real runtime: thousands of calls, good and bad, by members, strangers and the
//! council, while time goes on. After each call every pallet checks its own state (`try_state`), the outcome is compared
//! with what a small model says must come of it, the chain with the model, and what is on hold with the tickets.
//!
//! Nothing depends on the machine or the day: all chance comes from one seed. When something is wrong, the calls that do
//! not matter for it are left out one after the other, and what remains is printed with the seed.
//!
//! | environment variable | what | without it |
//! |---|---|---|
//! | `STATE_MACHINE_SEED` | the seed, decimal | the same one every time |
//! | `STATE_MACHINE_LIVES` | how many chains, two at a time on two cores | 14, and up to as many again until everything was seen |
//! | `STATE_MACHINE_STEPS` | how many calls for each | 450 |

mod calls;
mod machine;
mod model;
mod plots;
mod rng;
mod scene;
mod tally;

use crate::{
	calls::{call_names, place, PALLETS},
	machine::{draw_steps, drawn, live, Failure, Sabotage, Step},
	rng::Rng,
	tally::Tally,
};
use epidaurus_primitives::ids::OrgId;
use epidaurus_runtime::{Balances, Runtime};
use epidaurus_tests::Chain;
use frame_support::traits::fungible::MutateHold;
use std::{
	io::Write,
	ops::Range,
	sync::{
		atomic::{AtomicUsize, Ordering},
		Mutex,
	},
};

const SEED: u64 = 20_261_120;
const LIVES: usize = 14;
const STEPS: usize = 450;
/// How many more are lived at a time while something was not yet seen.
const MORE: usize = 2;
/// How often each call must have worked for the run to count.
const LEAST: u32 = 2;
/// How many calls are made to find out which of them do not matter. Counted and not timed: a busy machine tells the same.
const PATIENCE: usize = 20_000;

fn setting<Number: std::str::FromStr + Copy>(name: &str, otherwise: Number) -> Number {
	let parse = |text: String| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}"));
	std::env::var(name).map_or(otherwise, parse)
}

/// Leaves out what can be left out: halves first, then ever smaller parts, as long as something goes wrong all the same.
fn shrink(steps: Vec<Step>, failure: Failure, sabotage: Option<Sabotage>) -> (Vec<Step>, Failure) {
	let mut patience = PATIENCE;
	let mut best = (steps, failure);
	best.0.truncate(best.1.at + 1);
	let mut part = best.0.len() / 2;
	while part > 0 {
		let mut from = 0;
		while from < best.0.len() {
			let mut fewer = best.0.clone();
			fewer.drain(from..best.0.len().min(from + part));
			// A chain of its own costs about as much as some calls.
			let Some(left) = patience.checked_sub(fewer.len() + 10) else { return best };
			patience = left;
			match live(&fewer, sabotage) {
				Err(failure) => {
					fewer.truncate(failure.at + 1);
					best = (fewer, failure);
				},
				Ok(_) => from += part,
			}
		}
		part /= 2;
	}
	best
}

/// Lives through these lives of a seed, on all cores. The first one that goes wrong counts, whichever is found first:
/// lives are begun in their order, and each that has begun is lived to its end.
fn run(seed: u64, lives: Range<usize>, steps: usize) -> Result<Tally, (Vec<Step>, Failure)> {
	let seeds: Vec<_> = {
		let mut rng = Rng::new(seed);
		(0..lives.end).map(|_| rng.next()).collect()
	};
	let next = AtomicUsize::new(lives.start);
	let results = Mutex::new((Tally::default(), Vec::new()));
	let workers = std::thread::available_parallelism().map_or(1, usize::from).min(lives.len());
	std::thread::scope(|scope| {
		for _ in 0..workers {
			scope.spawn(|| loop {
				let number = next.fetch_add(1, Ordering::SeqCst);
				let Some(seed) = seeds.get(number) else { return };
				let steps = draw_steps(*seed, steps);
				let result = live(&steps, None);
				let mut results = results.lock().expect("no worker panics");
				match result {
					Ok(tally) => results.0.add(tally),
					Err(failure) => {
						next.store(lives.end, Ordering::SeqCst);
						results.1.push((number, steps, failure));
					},
				}
			});
		}
	});
	let (tally, failures) = results.into_inner().expect("no worker panics");
	match failures.into_iter().min_by_key(|(number, ..)| *number) {
		None => Ok(tally),
		Some((_, steps, failure)) => Err(shrink(steps, failure, None)),
	}
}

#[test]
fn random_calls_leave_everything_in_order() {
	let seed = setting("STATE_MACHINE_SEED", SEED);
	let lives = setting("STATE_MACHINE_LIVES", LIVES);
	let steps = setting("STATE_MACHINE_STEPS", STEPS);
	let run = |lives| {
		run(seed, lives, steps).unwrap_or_else(|(steps, failure)| {
			panic!(
				"STATE_MACHINE_SEED={seed}: {} after these {} calls:\n{}",
				failure.what,
				steps.len(),
				failure.story.join("\n")
			)
		})
	};
	let mut tally = run(0..lives);
	// Another seed, or a shorter run, may by chance miss something; the usual one may not.
	let usual = (seed, lives, steps) == (SEED, LIVES, STEPS);
	let mut lived = lives;
	while usual && lived < 2 * LIVES && !tally.gaps(LEAST).is_empty() {
		tally.add(run(lived..lived + MORE));
		lived += MORE;
	}
	println!("{tally:#?}");
	// Past what tests print and nobody sees when they pass.
	let report = format!("state machine: seed {seed}, {lived} lives, {}\n", tally.summary());
	std::io::stderr().write_all(report.as_bytes()).expect("there is somebody to tell");
	let gaps = tally.gaps(LEAST);
	if usual {
		assert!(gaps.is_empty(), "too little happened: {gaps:#?}");
	} else {
		println!("not seen: {gaps:#?}");
	}
}

#[test]
fn same_seed_draws_the_same_life() {
	assert_eq!(draw_steps(7, 300), draw_steps(7, 300));
	assert_ne!(draw_steps(7, 300), draw_steps(8, 300));
	let story = |steps: &[Step]| match live(steps, Some(forget_amendments)) {
		Err(failure) => failure.story,
		Ok(_) => Vec::new(),
	};
	let steps = draw_steps(SEED, 300);
	assert_eq!(story(&steps), story(&steps));
}

/// As if `amend` were wrong: the head goes back to the first version.
fn forget_amendments(chain: &mut Chain) {
	chain.run(|| {
		pallet_ehr::Records::<Runtime>::translate_values(|mut head: pallet_ehr::record::RecordHead| {
			head.version = pallet_ehr::record::FIRST_VERSION;
			Some(head)
		});
	});
}

/// As if the rules let somebody in: consistent in itself, so that no pallet can notice.
fn forget_expiry(chain: &mut Chain) {
	chain.run(|| {
		let expire = |record: &mut pallet_registry::MemberRecordOf<Runtime>| {
			if let Some(membership) = &mut record.membership.state {
				membership.until = None;
			}
		};
		let members: Vec<_> = pallet_registry::Members::<Runtime>::iter_keys().collect();
		for who in members {
			pallet_registry::Members::<Runtime>::mutate(who, |record| record.as_mut().map(expire));
		}
	});
}

/// As if a deposit were not given back: more is on hold than any record says.
fn keep_deposit(chain: &mut Chain) {
	let (reason, payer) = (pallet_registry::HoldReason::Member.into(), OrgId(0).sovereign_account());
	chain.run(|| Balances::hold(&reason, &payer, 1)).expect("it has as much");
}

fn find(sabotage: Sabotage) -> (Vec<Step>, Failure) {
	let steps = draw_steps(SEED, 400);
	let failure = live(&steps, Some(sabotage)).expect_err("it must be noticed");
	shrink(steps, failure, Some(sabotage))
}

#[test]
fn broken_invariant_is_found_and_told_in_few_calls() {
	let (steps, failure) = find(forget_amendments);
	assert!(failure.what.contains("Ehr is out of order"), "{}", failure.what);
	assert!(steps.len() <= 4, "{:#?}", failure.story);
	assert_eq!(steps.len(), failure.story.len());
	assert!(failure.story.last().is_some_and(|line| line.contains("amend")), "{:#?}", failure.story);
}

#[test]
fn wrong_state_that_is_consistent_is_found_by_the_model() {
	let (steps, failure) = find(forget_expiry);
	assert!(failure.what.contains("members: of"), "{}", failure.what);
	assert!(steps.len() <= 4, "{:#?}", failure.story);
}

#[test]
fn deposit_that_is_not_given_back_is_found() {
	let (steps, failure) = find(keep_deposit);
	assert!(failure.what.contains("deposits: of"), "{}", failure.what);
	assert_eq!(steps.len(), 1, "{:#?}", failure.story);
}

#[test]
fn each_call_stands_at_its_place() {
	let drawn = drawn();
	for pallet in PALLETS {
		for call in call_names(pallet) {
			let name = format!("{}.{call}", pallet.name);
			assert_eq!(drawn[place(&name)], name);
		}
	}
}

#[test]
fn idle_machine_does_not_pass() {
	let gaps = Tally::default().gaps(LEAST);
	assert!(gaps.iter().any(|gap| gap.contains("Registry.apply worked 0 times")), "{gaps:#?}");
	assert!(gaps.iter().any(|gap| gap.contains("Ehr.InvalidProof is never seen")), "{gaps:#?}");
}
