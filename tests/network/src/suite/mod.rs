// SPDX-License-Identifier: Apache-2.0
//! Tests on networks that run.
//!
//! Cases of a group share a network, so that a relay chain need not reach its second epoch for each of them; after a failure
//! the next case gets a fresh one. Nodes wait more than they work, so several groups run at once, each in a process of its own
//! that tells its results in a file.

mod council;
mod faults;
mod joining;
mod partition;
mod sessions;
mod stage;
mod steady;
mod turns;
mod upgrade;

use crate::{files::NetworkFile, genesis::Genesis, interrupted, islands, plan::Places, process::Process, Outcome};
use serde::{Deserialize, Serialize};
use stage::Stage;
use std::{
	fs,
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
	/// How much of the machine it takes, of [`CAPACITY`].
	load: u32,
	/// Its tests, in the order in which they are run.
	cases: &'static [Case],
}

/// Load of a network that is kept busy.
const WORKS: u32 = 2;
/// Load of one that does nothing for most of its time.
const WAITS: u32 = 1;
/// What two cores carry: three networks at work, and one that waits.
const CAPACITY: u32 = 3 * WORKS + WAITS;

/// All tests: first what measures, then what takes longest.
const GROUPS: &[Group] = &[
	steady::GROUP,
	upgrade::GROUP,
	faults::STALL_GROUP,
	sessions::GROUP,
	faults::GROUP,
	partition::SPLIT,
	partition::CUT_OFF,
];

/// Time between two looks at the groups that run.
const GLANCE: Duration = Duration::from_millis(200);

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
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Results {
	passed: usize,
	failed: Vec<String>,
	measured: Vec<String>,
}

/// A group that runs in another process.
struct Running {
	group: &'static Group,
	/// Its tests that are wanted.
	names: Vec<String>,
	process: Process,
}

/// Runs the tests whose names contain one of `wanted`, or all. Groups run beside each other as far as the machine carries them,
/// each in a process and in network namespaces of its own.
pub fn run(means: &Means, wanted: &[String]) -> Outcome {
	let all = names();
	if let Some(part) = wanted.iter().find(|part| !all.iter().any(|name| name.contains(part.as_str()))) {
		return Err(format!("no test has a name that contains {part}; --list prints their names"));
	}
	islands::ensure_allowed()?;
	let begun = Instant::now();
	let mut results = Results::default();
	let mut running: Vec<Running> = Vec::new();
	let groups: Vec<_> = GROUPS.iter().filter(|group| !wanted_names(group, wanted).is_empty()).collect();
	// All before the first group, whose measures it would disturb.
	groups.iter().try_for_each(|group| means.save_genesis(group))?;
	for group in groups {
		let names = wanted_names(group, wanted);
		wait(means, &mut running, CAPACITY.saturating_sub(group.load), &mut results);
		if interrupted() {
			break;
		}
		let only = names.iter().map(|name| format!("--only={name}"));
		let args: Vec<_> = means.again.iter().cloned().chain(only).collect();
		match islands::start_apart(&args) {
			Ok(process) => running.push(Running { group, names, process }),
			Err(error) => {
				println!("group {} cannot be started: {error}", group.name);
				results.failed.extend(names);
			},
		}
	}
	wait(means, &mut running, 0, &mut results);
	drop(running);
	let concluded = conclude(&results, begun.elapsed(), means.seed);
	if interrupted() {
		return Err("interrupted".into());
	}
	concluded
}

/// Runs the wanted tests of the one group that they are of, in this process.
pub fn run_apart(means: &Means, wanted: &[String]) -> Outcome {
	let begun = Instant::now();
	let mut results = Results::default();
	islands::open()?;
	for group in GROUPS.iter().filter(|group| !wanted_names(group, wanted).is_empty()) {
		let genesis = Genesis::load(&means.genesis(group))?;
		run_group(means, &genesis, group, wanted, &mut results);
		means.save_results(group, &results)?;
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

	/// Where a group's process tells what came out.
	fn results(&self, group: &Group) -> PathBuf {
		self.places.directory.join(format!("{}-results.json", group.name))
	}

	fn save_results(&self, group: &Group, results: &Results) -> Outcome {
		let path = self.results(group);
		let text = serde_json::to_string(results).map_err(|error| error.to_string())?;
		fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
	}

	/// What the process of a group told before it ended, with success or not; all its tests failed if it told nothing that fits.
	fn load_results(&self, group: &Group, names: &[String], success: bool) -> Results {
		let told = fs::read_to_string(self.results(group)).ok().and_then(|text| serde_json::from_str(&text).ok());
		told.filter(|told: &Results| {
			success == told.failed.is_empty() && told.passed + told.failed.len() >= names.len()
		})
		.unwrap_or_else(|| Results { failed: names.to_vec(), ..Results::default() })
	}
}

fn wanted_names(group: &Group, wanted: &[String]) -> Vec<String> {
	group.cases.iter().map(|case| full_name(group, case)).filter(|name| is_wanted(name, wanted)).collect()
}

/// Waits until the load of all groups that run is no more than `most`, or until somebody wants the launcher to end.
fn wait(means: &Means, running: &mut Vec<Running>, most: u32, results: &mut Results) {
	while running.iter().map(|one| one.group.load).sum::<u32>() > most && !interrupted() {
		sleep(GLANCE);
		for mut one in std::mem::take(running) {
			match one.process.ended() {
				None => running.push(one),
				Some(status) => {
					let told = means.load_results(one.group, &one.names, status.success());
					results.passed += told.passed;
					results.failed.extend(told.failed);
				},
			}
		}
	}
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
				if fs::rename(means.places.directory.join(group.name), &kept).is_ok() {
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
	use std::path::Path;

	fn means(directory: &Path) -> Means {
		Means {
			file: NetworkFile::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zombienet/faults.toml"))
				.expect("our own file"),
			places: Places { directory: directory.to_owned(), binaries: PathBuf::new() },
			relay_spec: PathBuf::new(),
			next_runtime: PathBuf::new(),
			again: Vec::new(),
			seed: 1,
		}
	}

	#[test]
	fn no_name_is_a_part_of_another() {
		let names = names();
		assert!(!names.is_empty());
		for name in &names {
			assert_eq!(names.iter().filter(|other| other.contains(name.as_str())).count(), 1, "{name}");
		}
	}

	#[test]
	fn the_first_group_runs_alone_and_each_finds_room() {
		assert_eq!(GROUPS.first().map(|group| group.load), Some(CAPACITY));
		assert!(GROUPS.iter().all(|group| (1..=CAPACITY).contains(&group.load)));
	}

	#[test]
	fn nodes_join_beside_the_long_stall() {
		let beside = [&upgrade::GROUP, &faults::STALL_GROUP, &sessions::GROUP, &faults::GROUP];
		let next: Vec<_> = GROUPS.iter().skip(1).take(beside.len()).map(|group| group.name).collect();
		assert_eq!(next, beside.map(|group| group.name));
		assert_eq!(beside.iter().map(|group| group.load).sum::<u32>(), CAPACITY);
	}

	#[test]
	fn results_of_a_group_are_what_its_process_told() {
		let directory = tempfile::tempdir().expect("a directory");
		let means = means(directory.path());
		let group = &faults::GROUP;
		let names = wanted_names(group, &[]);
		let one_failed = Results { passed: names.len() - 1, failed: vec!["faults::a".into()], measured: Vec::new() };
		means.save_results(group, &one_failed).expect("it can be written");
		assert_eq!(means.load_results(group, &names, false), one_failed);
	}

	#[test]
	fn a_group_that_does_not_tell_its_results_has_failed() {
		let directory = tempfile::tempdir().expect("a directory");
		let means = means(directory.path());
		let group = &faults::GROUP;
		let names = wanted_names(group, &[]);
		let all_failed = Results { failed: names.clone(), ..Results::default() };
		assert_eq!(means.load_results(group, &names, true), all_failed, "it told nothing");
		let too_few = Results { passed: names.len() - 1, ..Results::default() };
		means.save_results(group, &too_few).expect("it can be written");
		assert_eq!(means.load_results(group, &names, true), all_failed, "it told of too few");
		let all_passed = Results { passed: names.len(), ..Results::default() };
		means.save_results(group, &all_passed).expect("it can be written");
		assert_eq!(means.load_results(group, &names, true), all_passed);
		assert_eq!(means.load_results(group, &names, false), all_failed, "it was killed");
	}

	#[test]
	fn a_test_is_wanted_by_a_part_of_its_name() {
		assert!(is_wanted("faults::a", &[]));
		assert!(is_wanted("faults::a", &["steady".into(), "faults::".into()]));
		assert!(!is_wanted("faults::a", &["steady".into()]));
	}

	#[test]
	fn nodes_that_are_apart_or_later_are_in_the_file() {
		let file = means(Path::new("")).file;
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
