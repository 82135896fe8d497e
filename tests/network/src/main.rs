// SPDX-License-Identifier: Apache-2.0
//! Starts a local relay chain with collators of the consortium from a network file, watches it, and tests it with faults.

mod files;
mod genesis;
mod http;
mod islands;
mod metrics;
mod network;
mod plan;
mod ports;
mod process;
mod rpc;
mod specs;
mod suite;
mod transactions;
mod watch;

use clap::{Parser, Subcommand};
use files::NetworkFile;
use genesis::Genesis;
use network::Network;
use plan::{Host, Places};
use std::{
	fs::{self, File, TryLockError},
	path::{Path, PathBuf},
	process::ExitCode,
	sync::atomic::{AtomicBool, Ordering},
	time::UNIX_EPOCH,
};
use tokio::signal::unix::{signal, SignalKind};

/// What can fail here fails with a sentence for the person who started it.
type Outcome<T = ()> = Result<T, String>;

/// Whether somebody wants the launcher to end.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether somebody wants the launcher to end.
fn interrupted() -> bool {
	INTERRUPTED.load(Ordering::Relaxed)
}

/// The command line.
#[derive(Debug, Parser)]
#[command(about, version)]
struct Cli {
	/// What to do.
	#[command(subcommand)]
	command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
	/// Start a network and show how far its nodes are, until Ctrl-C.
	Run(Options),
	/// Test networks with faults; a test's name is chosen by a part of it.
	Test(TestOptions),
	/// Print the command line of each node, start nothing.
	Plan(Options),
	/// Make the plain specification of the relay chain from its runtime.
	RelaySpec {
		/// The runtime's WASM.
		code: PathBuf,
		/// Where to write it.
		output: PathBuf,
	},
}

/// What a network is made of.
#[derive(Debug, clap::Args)]
struct Options {
	/// The network file.
	file: PathBuf,
	/// Directory of the executables [default: that of this one].
	#[arg(long)]
	binaries: Option<PathBuf>,
	/// The relay chain's plain specification, as `relay-spec` makes it.
	#[arg(long, env = "EPIDAURUS_RELAY_SPEC", default_value = "relay.json")]
	relay_spec: PathBuf,
	/// Directory of all files of the network, emptied first; one with other files in it is refused.
	#[arg(long, default_value = "network")]
	directory: PathBuf,
}

/// What is tested, and how.
#[derive(Debug, clap::Args)]
struct TestOptions {
	/// What the networks are made of.
	#[command(flatten)]
	options: Options,
	/// Only tests whose names contain one of these.
	#[arg(long, value_name = "PART")]
	only: Vec<String>,
	/// Print the tests' names, run nothing.
	#[arg(long)]
	list: bool,
	/// Random choices follow from it [default: the time].
	#[arg(long, env = "EPIDAURUS_SEED")]
	seed: Option<u64>,
	/// WASM of the runtime with the next version, as `scripts/next-runtime` makes it; only the upgrade needs it.
	#[arg(long, env = "EPIDAURUS_NEXT_RUNTIME", default_value = "next.wasm")]
	next_runtime: PathBuf,
	/// The launcher calls itself so, in network namespaces of its own.
	#[arg(long, hide = true)]
	apart: bool,
}

impl Options {
	fn places(&self) -> Outcome<Places> {
		let binaries = match &self.binaries {
			Some(given) => given.clone(),
			None => {
				let own = std::env::current_exe().map_err(|error| error.to_string())?;
				own.parent().map(Path::to_owned).unwrap_or_default()
			},
		};
		let absolute = |path: &Path| std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()));
		Ok(Places { directory: absolute(&self.directory)?, binaries: absolute(&binaries)? })
	}
}

fn main() -> ExitCode {
	let cli = Cli::parse();
	let done = match &cli.command {
		Command::Run(options) => run(options),
		Command::Test(TestOptions { list: true, .. }) => {
			suite::names().iter().for_each(|name| println!("{name}"));
			Ok(())
		},
		Command::Test(options) => test(options),
		Command::Plan(options) => plan(options),
		Command::RelaySpec { code, output } => relay_spec(code, output),
	};
	match done {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {error}");
			ExitCode::FAILURE
		},
	}
}

fn run(options: &Options) -> Outcome {
	listen_for_signals()?;
	let file = NetworkFile::read(&options.file)?;
	let places = options.places()?;
	let _alone = lock(&places.directory)?;
	println!("making both chains' specifications");
	let genesis = Genesis::new(&file, &places, &options.relay_spec, None)?;
	let mut network = Network::prepare(&file, places, &genesis, |_| Host::default())?;
	network.start(&[])?;
	println!("{}\nCtrl-C ends all of them.\n", watch::addresses(&network));
	let watched = watch::watch(&mut network);
	println!("ending all nodes");
	watched.and(network.stop())
}

fn test(TestOptions { options, only, seed, next_runtime, apart, .. }: &TestOptions) -> Outcome {
	listen_for_signals()?;
	let places = options.places()?;
	let _alone = if *apart { None } else { Some(lock(&places.directory)?) };
	let seed = seed.unwrap_or_else(|| UNIX_EPOCH.elapsed().map_or(1, |time| time.as_secs()));
	let text = |path: &Path| path.to_string_lossy().into_owned();
	let mut again = vec!["test".to_owned(), text(&options.file), "--apart".into(), format!("--seed={seed}")];
	for (flag, path) in [
		("--binaries", &places.binaries),
		("--relay-spec", &options.relay_spec),
		("--directory", &places.directory),
		("--next-runtime", next_runtime),
	] {
		again.extend([flag.to_owned(), text(path)]);
	}
	let means = suite::Means {
		file: NetworkFile::read(&options.file)?,
		places,
		relay_spec: options.relay_spec.clone(),
		next_runtime: next_runtime.clone(),
		again,
		seed,
	};
	if *apart {
		return suite::run_apart(&means, only);
	}
	// Files of the last run, which may have been of other binaries.
	network::remove(&means.places.directory)?;
	suite::run(&means, only)
}

/// Fails if another launcher uses `directory`, or if it holds files that none has made: it will be emptied. The lock file beside it
/// is free when it is dropped, however this process ends, and stays there as the sign that the directory is a launcher's.
fn lock(directory: &Path) -> Outcome<File> {
	let name =
		directory.file_name().ok_or_else(|| format!("{}: this is no directory of its own", directory.display()))?;
	let mut beside = name.to_owned();
	beside.push(".lock");
	let path = directory.with_file_name(beside);
	let say = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
	let is_empty = fs::read_dir(directory).map_or(true, |mut entries| entries.next().is_none());
	if !is_empty && !path.exists() {
		return Err(format!(
			"{} holds files that are none of a network's, and would be emptied: choose another --directory",
			directory.display()
		));
	}
	fs::create_dir_all(directory.parent().unwrap_or(directory)).map_err(|error| say(&error))?;
	let file = File::create(&path).map_err(|error| say(&error))?;
	match file.try_lock() {
		Ok(()) => Ok(file),
		Err(TryLockError::WouldBlock) => Err(say(&"another network uses this directory, choose one with --directory")),
		Err(TryLockError::Error(error)) => Err(say(&error)),
	}
}

fn plan(options: &Options) -> Outcome {
	let file = NetworkFile::read(&options.file)?;
	for plan in plan::plans(&file, &options.places()?, 0, |_| Host::default()) {
		println!("{}: {}", plan.name, plan.command.join(" "));
	}
	Ok(())
}

fn relay_spec(code: &Path, output: &Path) -> Outcome {
	let code = fs::read(code).map_err(|error| format!("{}: {error}", code.display()))?;
	let spec = specs::relay_plain(&code)?;
	fs::write(output, spec.to_string()).map_err(|error| format!("{}: {error}", output.display()))
}

/// From now on Ctrl-C and its like do not end this process: it ends its nodes first.
fn listen_for_signals() -> Outcome {
	let runtime = tokio::runtime::Builder::new_current_thread()
		.enable_io()
		.build()
		.map_err(|error| format!("signals cannot be heard: {error}"))?;
	std::thread::spawn(move || {
		runtime.block_on(async {
			let listen = |kind| signal(kind).map_err(|error| eprintln!("a signal cannot be heard: {error}"));
			let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) =
				(listen(SignalKind::interrupt()), listen(SignalKind::terminate()), listen(SignalKind::hangup()))
			else {
				return;
			};
			tokio::select! {
				_ = interrupt.recv() => (),
				_ = terminate.recv() => (),
				_ = hangup.recv() => (),
			}
			INTERRUPTED.store(true, Ordering::Relaxed);
		});
	});
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_directory_is_used_by_one_launcher() {
		let parent = tempfile::tempdir().expect("a directory");
		let directory = parent.path().join("new").join("net.work");
		let held = lock(&directory).expect("nobody uses it");
		assert!(parent.path().join("new/net.work.lock").exists());
		assert!(lock(&directory).is_err_and(|error| error.contains("another network")));
		drop(held);
		fs::create_dir_all(directory.join("alice")).expect("it can be made");
		assert!(lock(&directory).is_ok(), "what a launcher has made, one may empty");
	}

	#[test]
	fn a_directory_of_somebody_else_is_left_alone() {
		let parent = tempfile::tempdir().expect("a directory");
		let directory = parent.path().join("letters");
		fs::create_dir(&directory).expect("it can be made");
		fs::write(directory.join("letter"), "dear").expect("it can be written");
		assert!(lock(&directory).is_err_and(|error| error.contains("choose another")));
		assert!(!parent.path().join("letters.lock").exists());
		fs::remove_file(directory.join("letter")).expect("it exists");
		assert!(lock(&directory).is_ok(), "there is nothing to lose");
		assert!(lock(Path::new("/")).is_err());
	}
}
