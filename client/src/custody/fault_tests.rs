// SPDX-License-Identifier: Apache-2.0
//! Every point where the store makes something durable fails once in every way, and so does the way to the chain: the next
//! run finishes, nothing is lost, nothing is anchored twice. On a disk in memory, where the database's own points fail too,
//! and in a real folder, where those of all other files do.

use super::{
	ledger::{Fault as ChainFault, Memory},
	tests::{house, run, House, IDENTITY, KIND},
	*,
};
use crate::{
	chain::Statements,
	durable::faults,
	progress::Progress as Bar,
	record::Prepared,
	store::{
		disk::{Disk, Fault},
		medium::Folder,
		KeysFrom, Medium, Secret, Store, StoreError,
	},
	Error,
};
use epidaurus_primitives::ids::{RecordId, SubjectId};
use std::{path::Path, sync::Arc};

const GONE: SubjectId = SubjectId([0xdd; 32]);
const STAYS: SubjectId = SubjectId([0x11; 32]);

/// Transactions of the whole journey: open, two checkpoints, two anchors, an amendment, entered in error, a renewal.
const TRANSACTIONS: u64 = 8;
const ENTRIES: u64 = 9;
const STEPS: usize = 9;

/// Where a store is, and fails when it is told to.
trait Place {
	fn medium(&self) -> Arc<dyn Medium>;
	fn fail_at(&self, point: u64, fault: Fault);
	fn points(&self) -> u64;
	fn restart(&self);
}

impl Place for Disk {
	fn medium(&self) -> Arc<dyn Medium> {
		Arc::new(self.clone())
	}

	fn fail_at(&self, point: u64, fault: Fault) {
		Disk::fail_at(self, point, fault);
	}

	fn points(&self) -> u64 {
		Disk::points(self)
	}

	fn restart(&self) {
		Disk::restart(self);
	}
}

/// A folder of this machine, whose files fail.
struct Real(tempfile::TempDir);

impl Real {
	fn new() -> Self {
		faults::restart();
		Self(tempfile::tempdir().unwrap())
	}
}

impl Place for Real {
	fn medium(&self) -> Arc<dyn Medium> {
		Arc::new(Folder::make(&self.0.path().join("store")).unwrap())
	}

	fn fail_at(&self, point: u64, fault: Fault) {
		faults::fail_at(point, fault);
	}

	fn points(&self) -> u64 {
		faults::points()
	}

	fn restart(&self) {
		faults::restart();
	}
}

fn secret() -> Secret {
	Secret::parse(&format!("0x{}", "5c".repeat(32))).unwrap()
}

/// A custodian with a disk that can fail and a chain that can.
struct Journey {
	disk: Box<dyn Place>,
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
		Self::on(Box::new(Disk::new(seed)), files)
	}

	fn on(disk: Box<dyn Place>, files: &House) -> Self {
		let of = |name: &str, content: &str, subject| {
			let mut prepared = files.prepared(name, content);
			prepared.facts.subject = subject;
			prepared
		};
		let subjects = [None, Some(GONE), Some(STAYS), None, Some(GONE)];
		let first = subjects.iter().zip(0..).map(|(subject, name)| of(&format!("f{name}"), "x", *subject)).collect();
		let second = (0..4).map(|name| of(&format!("s{name}"), "x", Some(SubjectId([name; 32])))).collect();
		Self {
			disk,
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
			self.store = Some(Store::create_on(self.disk.medium(), IDENTITY, &secret())?.0);
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
			7 => {
				store.append(KIND, &self.second)?;
				run(checkpoint(store, &self.ledger, KIND))?;
				// As an older program appended them: the contents are read again.
				store.drop_seconds(KIND)?;
			},
			_ => {
				let tell = |missing: Missing| panic!("{missing:?}");
				run(renew(store, &self.ledger, KIND, Renewing::default(), &Bar::hidden(), tell))?;
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
		let renewals = run(self.ledger.renewals(IDENTITY.custodian, KIND)).unwrap();
		assert_eq!(renewals.iter().map(|renewal| renewal.head.size).collect::<Vec<_>>(), [ENTRIES], "{what}");
		assert!(store.renewal_of(KIND, ENTRIES - 1).unwrap().is_some(), "{what}");
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
fn points(mut journey: Journey) -> Vec<u64> {
	let mut points = Vec::new();
	for step in 0..STEPS {
		let before = journey.disk.points();
		journey.step(step).unwrap();
		points.push(journey.disk.points() - before);
	}
	journey.assert_complete("nothing failed");
	points
}

/// Lets every point of every step fail in every way, each in a journey of its own.
fn each_fails(files: &House, place: impl Fn(u64) -> Box<dyn Place>, fewest: u64) {
	let points = points(Journey::on(place(0), files));
	assert!(points.iter().sum::<u64>() >= fewest, "{points:?}");
	for (step, count) in points.iter().enumerate() {
		for point in 1..=*count {
			for fault in Fault::ALL {
				let what = format!("step {step}, point {point}, {fault:?}");
				let mut journey = Journey::on(place(point ^ 0x5eed), files);
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
fn every_point_of_every_step_fails_once_in_every_way() {
	each_fails(&house(), |seed| Box::new(Disk::new(seed)), 21);
}

#[test]
fn every_point_of_every_step_fails_once_in_every_way_in_a_real_folder() {
	// The database's name, the keys' file made, extended for two batches and two anchors, replaced and wiped.
	each_fails(&house(), |_| Box::new(Real::new()), 10);
}

#[test]
fn store_and_chain_fail_in_the_same_step() {
	let files = house();
	let points = points(Journey::new(&files, 0));
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

/// A whole journey, its backup and its keys.
fn backed_up(files: &House, folder: &Path) -> (Journey, Vec<u8>) {
	let mut journey = Journey::new(files, 0);
	(0..STEPS).for_each(|step| journey.step(step).unwrap());
	journey.store.as_ref().unwrap().backup(&folder.join("b.backup"), |_| ()).unwrap();
	let keys = journey.disk.medium().subjects().unwrap().unwrap();
	(journey, keys)
}

/// Lets every point of a restore fail in every way; the next run finishes.
fn each_restore(place: impl Fn(u64) -> Box<dyn Place>) {
	let (files, folder) = (house(), tempfile::tempdir().unwrap());
	let (mut journey, keys) = backed_up(&files, folder.path());
	let restore = |disk: &dyn Place| {
		let backup = folder.path().join("b.backup");
		Store::restore_on(disk.medium(), &backup, &secret(), KeysFrom::Copy(&keys), |_| ()).map(|_| ())
	};
	let clean = place(0);
	let before = clean.points();
	restore(&*clean).unwrap();
	for point in 1..=clean.points() - before {
		for fault in Fault::ALL {
			let what = format!("point {point}, {fault:?}");
			let disk = place(point);
			disk.fail_at(point, fault);
			if restore(&*disk).is_err() {
				disk.restart();
				match restore(&*disk) {
					Ok(()) | Err(StoreError::Exists(_)) => (),
					Err(error) => panic!("{what}: {error}"),
				}
			}
			journey.disk = disk;
			journey.assert_complete(&what);
		}
	}
}

#[test]
fn a_restore_that_was_cut_off_is_run_again() {
	each_restore(|seed| Box::new(Disk::new(seed)));
	each_restore(|_| Box::new(Real::new()));
}

#[test]
fn a_backup_is_there_whole_or_not_at_all_wherever_its_writing_fails() {
	let (files, folder) = (house(), tempfile::tempdir().unwrap());
	let (journey, keys) = backed_up(&files, folder.path());
	let path = folder.path().join("c.backup");
	let store = journey.store.as_ref().unwrap();
	let usable = || {
		let medium = Arc::new(Disk::new(0));
		Store::restore_on(medium, &path, &secret(), KeysFrom::Copy(&keys), |_| ()).map(|_| ())
	};
	let before = faults::points();
	store.backup(&path, |_| ()).unwrap();
	let points = faults::points() - before;
	assert_eq!(points, 2);
	for fault in Fault::ALL {
		for point in 1..=points {
			for earlier in [false, true] {
				match earlier {
					true => store.backup(&path, |_| ()).map(|_| ()).unwrap(),
					false => std::fs::remove_file(&path).unwrap_or_default(),
				}
				faults::fail_at(point, fault);
				store.backup(&path, |_| ()).unwrap_err();
				faults::restart();
				assert!(!path.exists() && !earlier || usable().is_ok(), "{fault:?} at {point}");
				store.backup(&path, |_| ()).unwrap();
				usable().unwrap();
			}
		}
	}
}
