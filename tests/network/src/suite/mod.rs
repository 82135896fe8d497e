// SPDX-License-Identifier: Apache-2.0
//! Tests on networks that run.
//!
//! Cases of a group share a network, so that a relay chain need not reach its second epoch for each of them; after a failure
//! the next case gets a fresh one. Nodes wait more than they work, so several groups run at once.

mod council;
mod faults;
mod joining;
mod partition;
mod sessions;
mod stage;
mod steady;
mod upgrade;

use crate::{files::NetworkFile, genesis::Genesis, interrupted, islands, plan::Places, process::Process, Outcome};
use stage::Stage;
use std::{
	path::PathBuf,
	thread::sleep,
	time::{Duration, Instant},
};

/// One test.
pub struct Case {
	/// What it is called.
	name: &'static str,
	/// Does it; what fails is said in words.
	run: fn(&mut Stage) -> Outcome,
}

/// Tests that can share a network.
pub struct Group {
	/// What it is called.
	name: &'static str,
	/// Names of nodes in a second network namespace; without any all are on loopback.
	apart: &'static [&'static str],
	/// Blocks in a session of the parachain, if not the runtime's own.
	session: Option<u32>,
	/// Its tests, in the order in which they are run.
	cases: &'static [Case],
}

/// All tests.
const GROUPS: &[Group] = &[
	steady::GROUP,
	faults::STALL_GROUP,
	upgrade::GROUP,
	sessions::GROUP,
	faults::GROUP,
	joining::GROUP,
	partition::SPLIT,
	partition::CUT_OFF,
];

/// Groups that run at the same time, on two cores.
const ABREAST: usize = 3;

/// Nodes that are started by the cases that need them.
const LATER: &[&str] = &["patras", "archive", "warp"];

/// What the tests need.
pub struct Means {
	/// The network of all groups.
	pub file: NetworkFile,
	/// Executables, and the directory that holds one for each group.
	pub places: Places,
	/// The relay chain's plain specification.
	pub relay_spec: PathBuf,
	/// WASM of the runtime that follows on the one that runs.
	pub next_runtime: PathBuf,
	/// How to call this executable again for a group in namespaces of its own.
	pub again: Vec<String>,
	/// Random choices follow from it.
	pub seed: u64,
}

/// The names of all tests.
pub fn names() -> Vec<String> {
	GROUPS.iter().flat_map(|group| group.cases.iter().map(|case| full_name(group, case))).collect()
}

fn full_name(group: &Group, case: &Case) -> String {
	format!("{}::{}", group.name, case.name)
}

fn is_wanted(name: &str, wanted: &[String]) -> bool {
	wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()))
}

/// What came out.
#[derive(Debug, Default)]
struct Results {
	passed: usize,
	failed: Vec<String>,
	measured: Vec<String>,
}

/// Runs the tests whose names contain one of `wanted`, or all. Groups run beside each other, each in a process and in
/// network namespaces of its own, but for the first one: it measures.
pub fn run(means: &Means, wanted: &[String]) -> Outcome {
	let begun = Instant::now();
	let mut results = Results::default();
	let mut running: Vec<(Vec<String>, Process)> = Vec::new();
	for (place, group) in GROUPS.iter().enumerate() {
		let names = wanted_names(group, wanted);
		if names.is_empty() {
			continue;
		}
		means.save_genesis(group)?;
		let only = names.iter().map(|name| format!("--only={name}"));
		let args: Vec<_> = means.again.iter().cloned().chain(only).collect();
		running.push((names, islands::start_apart(&args)?));
		wait(&mut running, if place == 0 { 0 } else { ABREAST - 1 }, &mut results)?;
	}
	wait(&mut running, 0, &mut results)?;
	conclude(&results, begun.elapsed(), means.seed)
}

/// Runs the wanted tests of the one group that they are of, in this process.
pub fn run_apart(means: &Means, wanted: &[String]) -> Outcome {
	let begun = Instant::now();
	let mut results = Results::default();
	islands::open()?;
	for group in GROUPS.iter().filter(|group| !wanted_names(group, wanted).is_empty()) {
		let genesis = Genesis::load(&means.genesis(group))?;
		run_group(means, &genesis, group, wanted, &mut results);
	}
	conclude(&results, begun.elapsed(), means.seed)
}

impl Means {
	/// Where the beginning of both chains is kept for a group.
	fn genesis(&self, group: &Group) -> PathBuf {
		self.places.directory.join(format!("genesis-{}", group.session.unwrap_or_default()))
	}

	fn save_genesis(&self, group: &Group) -> Outcome {
		let directory = self.genesis(group);
		if directory.exists() {
			return Ok(());
		}
		Genesis::new(&self.file, &self.places, &self.relay_spec, group.session)?.save(&directory)
	}
}

fn wanted_names(group: &Group, wanted: &[String]) -> Vec<String> {
	group.cases.iter().map(|case| full_name(group, case)).filter(|name| is_wanted(name, wanted)).collect()
}

/// Waits until no more than so many groups run.
fn wait(running: &mut Vec<(Vec<String>, Process)>, most: usize, results: &mut Results) -> Outcome {
	while running.len() > most {
		if interrupted() {
			return Err("interrupted".into());
		}
		sleep(Duration::from_millis(200));
		for (mut names, mut process) in std::mem::take(running) {
			match process.ended() {
				None => running.push((names, process)),
				Some(status) if status.success() => results.passed += names.len(),
				Some(_) => results.failed.append(&mut names),
			}
		}
	}
	Ok(())
}

fn run_group(means: &Means, genesis: &Genesis, group: &Group, wanted: &[String], results: &mut Results) {
	let mut stage: Option<Stage> = None;
	for case in group.cases {
		let name = full_name(group, case);
		if interrupted() || !is_wanted(&name, wanted) {
			continue;
		}
		println!("test {name} ...");
		let begun = Instant::now();
		let ready = stage.take().map_or_else(|| Stage::set(means, genesis, group), Ok);
		let outcome = ready.and_then(|ready| (case.run)(stage.insert(ready)));
		let seconds = begun.elapsed().as_secs();
		if let Some(stage) = &mut stage {
			results.measured.append(&mut stage.measured);
		}
		match outcome {
			Ok(()) => {
				println!("test {name} ... ok ({seconds} s)");
				results.passed += 1;
			},
			Err(error) => {
				println!("test {name} ... FAILED ({seconds} s)\n{error}");
				let kept = means.places.directory.join(format!("{}-failed-{}", group.name, results.failed.len()));
				results.failed.push(name);
				// Dropped, the nodes end at once; the next case makes a new directory.
				stage = None;
				if std::fs::rename(means.places.directory.join(group.name), &kept).is_ok() {
					println!("logs are kept in {}", kept.display());
				}
			},
		}
	}
	if let Some(Err(error)) = stage.map(|mut stage| stage.network.stop()) {
		println!("test {}::all_nodes_end_when_asked ... FAILED\n{error}", group.name);
		results.failed.push(format!("{}::all_nodes_end_when_asked", group.name));
	}
}

fn conclude(results: &Results, took: Duration, seed: u64) -> Outcome {
	for line in &results.measured {
		println!("measured: {line}");
	}
	let minutes = took.as_secs() / 60;
	println!(
		"{} passed, {} failed after {minutes} min {} s",
		results.passed,
		results.failed.len(),
		took.as_secs() % 60
	);
	if results.failed.is_empty() {
		return Ok(());
	}
	Err(format!("failed with EPIDAURUS_SEED={seed}: {}", results.failed.join(", ")))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn names_are_unique() {
		let mut names = names();
		let count = names.len();
		names.sort_unstable();
		names.dedup();
		assert_eq!(names.len(), count);
		assert!(count > 0);
	}

	#[test]
	fn a_test_is_wanted_by_a_part_of_its_name() {
		assert!(is_wanted("faults::a", &[]));
		assert!(is_wanted("faults::a", &["steady".into(), "faults::".into()]));
		assert!(!is_wanted("faults::a", &["steady".into()]));
	}

	#[test]
	fn nodes_that_are_apart_or_later_are_in_the_file() {
		let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zombienet/faults.toml");
		let file = NetworkFile::read(&path).expect("our own file");
		for name in GROUPS.iter().flat_map(|group| group.apart).chain(LATER) {
			assert!(file.entries().any(|entry| entry.name == *name), "{name}");
		}
	}

	#[test]
	fn conclusions_name_what_failed() {
		let mut results = Results { passed: 1, ..Default::default() };
		assert_eq!(conclude(&results, Duration::from_secs(61), 9), Ok(()));
		results.failed.push("faults::a".into());
		assert!(conclude(&results, Duration::ZERO, 9).is_err_and(|error| error.contains("SEED=9: faults::a")));
	}
}
