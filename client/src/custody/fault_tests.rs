// SPDX-License-Identifier: Apache-2.0
//! Every point where the store makes something durable fails once in every way, and so does the way to the chain: the next
//! run finishes, nothing is lost, nothing is anchored twice.

use super::{
	ledger::{Fault as ChainFault, Memory},
	tests::{house, run, House, IDENTITY, KIND},
	*,
};
use crate::{
	progress::Progress as Bar,
	record::Prepared,
	store::{
		disk::{Disk, Fault},
		KeysFrom, Secret, Store, StoreError,
	},
	Error,
};
use epidaurus_primitives::ids::{RecordId, SubjectId};
use std::sync::Arc;

const GONE: SubjectId = SubjectId([0xdd; 32]);
const STAYS: SubjectId = SubjectId([0x11; 32]);

/// Transactions of the whole journey: open, two checkpoints, two anchors, an amendment, entered in error.
const TRANSACTIONS: u64 = 7;
const ENTRIES: u64 = 9;
const STEPS: usize = 8;

fn secret() -> Secret {
	Secret::parse(&format!("0x{}", "5c".repeat(32))).unwrap()
}

/// A custodian with a disk that can fail and a chain that can.
struct Journey {
	disk: Disk,
	ledger: Memory,
	store: Option<Store>,
	first: Vec<Prepared>,
	second: Vec<Prepared>,
	one: Prepared,
	two: Prepared,
	wrong: Prepared,
}

impl Journey {
	fn new(files: &House, seed: u64) -> Self {
		let of = |name: &str, content: &str, subject| {
			let mut prepared = files.prepared(name, content);
			prepared.facts.subject = subject;
			prepared
		};
		let subjects = [None, Some(GONE), Some(STAYS), None, Some(GONE)];
		let first = subjects.iter().zip(0..).map(|(subject, name)| of(&format!("f{name}"), "x", *subject)).collect();
		let second = (0..4).map(|name| of(&format!("s{name}"), "x", Some(SubjectId([name; 32])))).collect();
		Self {
			disk: Disk::new(seed),
			ledger: Memory::new(IDENTITY.network, IDENTITY.custodian),
			store: None,
			first,
			second,
			one: of("a", "one", Some(STAYS)),
			two: of("a", "two", Some(STAYS)),
			wrong: of("w", "wrong", None),
		}
	}

	fn open(&mut self) -> Result<(), Error> {
		if self.store.is_none() {
			self.store = Some(Store::create_on(Arc::new(self.disk.clone()), IDENTITY, &secret())?.0);
		}
		Ok(())
	}

	fn record(&self, prepared: &Prepared) -> Result<RecordId, Error> {
		let store = self.store.as_ref().unwrap();
		Ok(store.anchored(&prepared.key)?.expect("it was anchored in an earlier step"))
	}

	fn step(&mut self, step: usize) -> Result<(), Error> {
		self.open()?;
		let store = self.store.as_ref().unwrap();
		match step {
			0 => {
				store.append(KIND, &self.first)?;
			},
			1 => {
				run(checkpoint(store, &self.ledger, KIND))?;
			},
			2 => {
				run(anchor(store, &self.ledger, &self.one))?;
			},
			3 => {
				run(amend(store, &self.ledger, self.record(&self.one)?, &self.two))?;
			},
			4 => {
				run(anchor(store, &self.ledger, &self.wrong))?;
			},
			5 => {
				run(enter_in_error(store, &self.ledger, self.record(&self.wrong)?))?;
			},
			6 => match store.forget(GONE) {
				// The run before came so far that opening the store finished it.
				Ok(_) | Err(StoreError::NotFound(_)) => (),
				Err(error) => return Err(error.into()),
			},
			_ => {
				store.append(KIND, &self.second)?;
				run(checkpoint(store, &self.ledger, KIND))?;
			},
		}
		Ok(())
	}

	/// Runs a step until it is done: each time something fails, a new process starts.
	fn finish(&mut self, step: usize, most_failures: usize) {
		for failures in 0..=most_failures {
			match self.step(step) {
				Ok(()) => return,
				Err(error) => assert!(failures < most_failures, "step {step} does not finish: {error}"),
			}
			self.store = None;
			self.disk.restart();
		}
	}

	/// Everything is there once, in the store as on the chain.
	fn assert_complete(&mut self, what: &str) {
		// As the next process finds it.
		self.store = None;
		self.disk.restart();
		self.open().unwrap();
		let store = self.store.as_ref().unwrap();
		let mut problems = Vec::new();
		let found = run(audit(store, Some(&self.ledger), &Bar::hidden(), |problem| problems.push(problem))).unwrap();
		assert!(problems.is_empty(), "{what}: {problems:?}");
		assert_eq!((found.entries, found.forgotten, found.without_key), (ENTRIES, 2, 0), "{what}");
		assert_eq!(found.opened, ENTRIES - 2 + found.versions, "{what}");
		assert_eq!((store.anchors().unwrap(), found.versions), (2, 3), "{what}");
		assert_eq!(self.ledger.transactions(), TRANSACTIONS, "{what}");
		let reader = store.log(KIND).unwrap();
		for (prepared, sequence) in self.first.iter().chain(&self.second).zip(0..) {
			let newest = reader.newest(&prepared.key).unwrap().unwrap();
			assert_eq!((newest.version, newest.sequence), (1, sequence), "{what}");
			match reader.opened(&reader.entry(sequence).unwrap().unwrap()) {
				Ok(opened) => assert!(opened.is_of(prepared) && prepared.facts.subject != Some(GONE), "{what}"),
				Err(error) => assert!(prepared.facts.subject == Some(GONE), "{what}: {error}"),
			}
		}
		assert_eq!(store.newest_finalised(KIND).unwrap().unwrap().0, crate::log::head(&reader), "{what}");
	}
}

/// Points that each step passes when nothing fails.
fn points(files: &House) -> Vec<u64> {
	let mut journey = Journey::new(files, 0);
	let mut points = Vec::new();
	for step in 0..STEPS {
		let before = journey.disk.points();
		journey.step(step).unwrap();
		points.push(journey.disk.points() - before);
	}
	journey.assert_complete("nothing failed");
	points
}

#[test]
fn every_point_of_every_step_fails_once_in_every_way() {
	let files = house();
	let points = points(&files);
	assert!(points.iter().sum::<u64>() > 20, "{points:?}");
	for (step, count) in points.iter().enumerate() {
		for point in 1..=*count {
			for fault in Fault::ALL {
				let what = format!("step {step}, point {point}, {fault:?}");
				let mut journey = Journey::new(&files, point ^ 0x5eed);
				(0..step).for_each(|step| journey.step(step).unwrap());
				journey.disk.fail_at(point, fault);
				journey.finish(step, 1);
				(step + 1..STEPS).for_each(|step| journey.finish(step, 1));
				journey.assert_complete(&what);
			}
		}
	}
}

#[test]
fn store_and_chain_fail_in_the_same_step() {
	let files = house();
	let points = points(&files);
	for (step, count) in points.iter().enumerate().filter(|(step, _)| ![0, 6].contains(step)) {
		for chain in [ChainFault::Lost, ChainFault::AnswerLost, ChainFault::Delayed] {
			for point in 1..=*count {
				for fault in [Fault::Before, Fault::Amid, Fault::After] {
					let what = format!("step {step}, {chain:?}, point {point}, {fault:?}");
					let mut journey = Journey::new(&files, point);
					(0..step).for_each(|step| journey.step(step).unwrap());
					journey.ledger.fail_next(chain);
					journey.disk.fail_at(point, fault);
					journey.finish(step, 2);
					(step + 1..STEPS).for_each(|step| journey.finish(step, 2));
					journey.assert_complete(&what);
				}
			}
		}
	}
}

#[test]
fn a_power_cut_at_every_point_in_turn_only_delays() {
	let files = house();
	for seed in 0..8 {
		let mut journey = Journey::new(&files, seed);
		for step in 0..STEPS {
			// One point further each time, until the step comes through before the cut.
			for point in 1.. {
				assert!(point < 40, "step {step} does not finish");
				journey.disk.fail_at(point, Fault::ALL[(point + seed) as usize % 4]);
				if journey.step(step).is_ok() {
					break;
				}
				journey.store = None;
				journey.disk.restart();
			}
		}
		journey.assert_complete(&format!("seed {seed}"));
	}
}

#[test]
fn a_restore_that_was_cut_off_is_run_again() {
	let files = house();
	let mut journey = Journey::new(&files, 0);
	(0..STEPS).for_each(|step| journey.step(step).unwrap());
	let folder = tempfile::tempdir().unwrap();
	let backup = folder.path().join("b.backup");
	journey.store.as_ref().unwrap().backup(&backup, |_| ()).unwrap();
	let keys = crate::store::Medium::subjects(&journey.disk).unwrap().unwrap();
	let restore = |disk: &Disk| {
		let medium = Arc::new(disk.clone());
		Store::restore_on(medium, &backup, &secret(), KeysFrom::Copy(&keys), |_| ()).map(|_| ())
	};
	let clean = Disk::new(0);
	restore(&clean).unwrap();
	for point in 1..=clean.points() {
		for fault in Fault::ALL {
			let what = format!("point {point}, {fault:?}");
			let disk = Disk::new(point);
			disk.fail_at(point, fault);
			if restore(&disk).is_err() {
				disk.restart();
				match restore(&disk) {
					Ok(()) | Err(StoreError::Exists(_)) => (),
					Err(error) => panic!("{what}: {error}"),
				}
			}
			journey.disk = disk;
			journey.assert_complete(&what);
		}
	}
}
