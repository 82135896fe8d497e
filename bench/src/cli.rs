// SPDX-License-Identifier: Apache-2.0
//! What can be said on the command line, and the order of things.

use crate::{
	calls, checkpoints,
	corpus::{Corpus, EXAMPLES},
	error::{at, node, Error, Result},
	keeper, machine, node as nodes, postgres, records,
	report::{document, Report},
	rpc, stream, trees,
};
use clap::{Args, Parser, Subcommand};
use std::{
	fs,
	future::Future,
	num::NonZeroUsize,
	path::{Path, PathBuf},
	time::Instant,
};

const EXAMPLES_OF_USE: &str = "\
Examples:
  Everything, into the document that is committed (`make bench` does this):
    epidaurus-bench all --write docs/benchmarks.md

  One part, for people and for programs:
    epidaurus-bench records --repetitions 15
    epidaurus-bench --json trees

  End to end at another rate:
    epidaurus-bench end-to-end --rate 3000 --seconds 120";

/// Measures Epidaurus side by side with what it is compared with.
#[derive(Debug, Parser)]
#[command(name = "epidaurus-bench", version, after_help = EXAMPLES_OF_USE)]
pub struct Cli {
	/// Print results as JSON.
	#[arg(long, global = true)]
	json: bool,
	/// Which part.
	#[command(subcommand)]
	command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
	/// Records made provable, against parsing the same bytes with serde_json.
	Records(RecordsOptions),
	/// Merkle trees, against raw hashing, rs_merkle and ct-merkle.
	Trees(TreesOptions),
	/// From a record to its finalised proof, and after a kill -9 of everything.
	EndToEnd(EndToEndOptions),
	/// Records made provable and durable, against PostgreSQL.
	Postgres(PostgresOptions),
	/// What a checkpoint costs, by the size of its log.
	Checkpoints(CheckpointsOptions),
	/// Each call of the pallet ehr, against a balance transfer.
	Calls(CallsOptions),
	/// Verification by RPC under load, against system_chain.
	Rpc(RpcOptions),
	/// All of them, each with its defaults.
	All(AllOptions),
	/// A custodian at work, for `end-to-end`.
	#[command(hide = true)]
	Keep(keeper::Orders),
}

#[derive(Clone, Debug, Args)]
struct Records {
	/// Folder with FHIR resources in JSON.
	#[arg(long, value_name = "FOLDER", default_value = EXAMPLES)]
	examples: PathBuf,
}

#[derive(Clone, Debug, Args)]
struct NodeOptions {
	/// The node's binary; without it the one of `make build`.
	#[arg(long, value_name = "FILE")]
	node: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct RecordsOptions {
	#[command(flatten)]
	records: Records,
	/// How often each is measured.
	#[arg(long, default_value = "7")]
	repetitions: NonZeroUsize,
}

#[derive(Debug, Args)]
struct TreesOptions {
	/// Leaves of each tree.
	#[arg(long, default_value_t = 1 << 18)]
	leaves: usize,
	/// How often each is measured.
	#[arg(long, default_value = "9")]
	repetitions: NonZeroUsize,
}

#[derive(Debug, Args)]
struct EndToEndOptions {
	#[command(flatten)]
	records: Records,
	#[command(flatten)]
	node: NodeOptions,
	/// Records that arrive in a second.
	#[arg(long, default_value_t = 1000.0)]
	rate: f64,
	/// Seconds until node and custodian are killed.
	#[arg(long, default_value_t = 60)]
	seconds: u64,
}

#[derive(Debug, Args)]
struct PostgresOptions {
	#[command(flatten)]
	records: Records,
	/// Folder of PostgreSQL's programs; without it the newest that is installed.
	#[arg(long, value_name = "FOLDER")]
	programs: Option<PathBuf>,
	/// Seconds of each contender's round.
	#[arg(long, default_value_t = 8)]
	seconds: u64,
	/// Rounds of each contender.
	#[arg(long, default_value_t = 3)]
	rounds: usize,
}

#[derive(Debug, Args)]
struct CheckpointsOptions {
	#[command(flatten)]
	node: NodeOptions,
	/// The largest log, as a power of ten.
	#[arg(long, value_name = "POWER", default_value_t = checkpoints::LARGEST)]
	largest: u32,
	/// How often each is timed.
	#[arg(long, default_value = "200")]
	repetitions: NonZeroUsize,
}

#[derive(Debug, Args)]
struct CallsOptions {
	#[command(flatten)]
	node: NodeOptions,
	/// How often each is timed.
	#[arg(long, default_value = "200")]
	repetitions: NonZeroUsize,
}

#[derive(Debug, Args)]
struct RpcOptions {
	#[command(flatten)]
	node: NodeOptions,
	/// Connections.
	#[arg(long, default_value_t = 4)]
	connections: usize,
	/// Questions of each connection that are on their way at once.
	#[arg(long, default_value_t = 4)]
	in_flight: usize,
	/// Seconds of each method's turn.
	#[arg(long, default_value_t = 5)]
	seconds: u64,
	/// Turns of each method.
	#[arg(long, default_value_t = 3)]
	rounds: usize,
}

#[derive(Debug, Args)]
struct AllOptions {
	#[command(flatten)]
	records: Records,
	#[command(flatten)]
	node: NodeOptions,
	/// Folder of PostgreSQL's programs; without it the newest that is installed.
	#[arg(long, value_name = "FOLDER")]
	programs: Option<PathBuf>,
	/// File that the document is written to, besides being printed.
	#[arg(long, value_name = "FILE")]
	write: Option<PathBuf>,
}

/// Does what was asked for.
pub fn run(cli: Cli) -> Result<()> {
	let report = match cli.command {
		Command::Keep(orders) => return wait(keeper::work(orders)),
		Command::All(options) => return all(&options, cli.json),
		command => measured(&command)?,
	};
	match cli.json {
		true => print_json(&report),
		false => {
			print!("{}", report.markdown());
			Ok(())
		},
	}
}

fn print_json(value: &impl serde::Serialize) -> Result<()> {
	let text = serde_json::to_string_pretty(value).map_err(|error| Error::Wrong(error.to_string()))?;
	println!("{text}");
	Ok(())
}

/// Waits for something that is done with a node. PostgreSQL's client brings a runtime of its own and stays outside.
fn wait<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
	tokio::runtime::Runtime::new().map_err(node)?.block_on(work)
}

fn corpus(options: &Records) -> Result<Corpus> {
	Corpus::read(&options.examples)
}

fn binary(options: &NodeOptions) -> Result<PathBuf> {
	nodes::binary(options.node.as_deref())
}

fn records_part(options: &RecordsOptions) -> Result<Report> {
	records::measure(&corpus(&options.records)?, options.repetitions.get())
}

fn end_to_end(options: &EndToEndOptions) -> Result<Report> {
	let EndToEndOptions { records, node, rate, seconds } = options;
	let plan = stream::Plan { node: binary(node)?, records: records.examples.clone(), rate: *rate, seconds: *seconds };
	wait(stream::measure(&plan))
}

fn postgres_part(options: &PostgresOptions) -> Result<Report> {
	postgres::measure(&corpus(&options.records)?, options.programs.as_deref(), options.seconds, options.rounds)
}

fn checkpoints_part(options: &CheckpointsOptions) -> Result<Report> {
	wait(checkpoints::measure(&binary(&options.node)?, options.largest, options.repetitions.get()))
}

fn calls_part(options: &CallsOptions) -> Result<Report> {
	wait(calls::measure(&binary(&options.node)?, options.repetitions.get()))
}

fn rpc_part(options: &RpcOptions) -> Result<Report> {
	let RpcOptions { node, connections, in_flight, seconds, rounds } = options;
	let load = rpc::Load { connections: *connections, in_flight: *in_flight, seconds: *seconds, rounds: *rounds };
	wait(rpc::measure(&binary(node)?, load))
}

/// A part: its subcommand, what it is about, and what is said behind the subcommand.
type Part = (&'static str, &'static str, Vec<String>);

/// Parses a subcommand, so that `all` has the defaults of each part from one place.
fn defaults(arguments: &[&str]) -> Result<Command> {
	let arguments = ["epidaurus-bench"].iter().chain(arguments);
	Ok(Cli::try_parse_from(arguments).map_err(|error| Error::Usage(error.to_string()))?.command)
}

/// The subcommands with options that `all` was given, in the order of the document.
fn parts(options: &AllOptions) -> Result<Vec<Part>> {
	let text = |path: &Path| {
		path.to_str().map(str::to_owned).ok_or_else(|| Error::Usage(format!("{} is not UTF-8", path.display())))
	};
	let option = |name: &str, path: &Option<PathBuf>| -> Result<Vec<String>> {
		path.as_deref().map_or(Ok(Vec::new()), |path| Ok(vec![name.to_owned(), text(path)?]))
	};
	let records = option("--examples", &Some(options.records.examples.clone()))?;
	let node = option("--node", &options.node.node)?;
	let programs = option("--programs", &options.programs)?;
	Ok(vec![
		(records::PART, records::TITLE, records.clone()),
		(trees::PART, trees::TITLE, Vec::new()),
		(stream::PART, stream::TITLE, [records.clone(), node.clone()].concat()),
		(postgres::PART, postgres::TITLE, [records, programs].concat()),
		(checkpoints::PART, checkpoints::TITLE, node.clone()),
		(calls::PART, calls::TITLE, node.clone()),
		(rpc::PART, rpc::TITLE, node),
	])
}

fn measured(command: &Command) -> Result<Report> {
	match command {
		Command::Records(options) => records_part(options),
		Command::Trees(options) => trees::measure(options.leaves, options.repetitions.get()),
		Command::EndToEnd(options) => end_to_end(options),
		Command::Postgres(options) => postgres_part(options),
		Command::Checkpoints(options) => checkpoints_part(options),
		Command::Calls(options) => calls_part(options),
		Command::Rpc(options) => rpc_part(options),
		Command::All(_) | Command::Keep(_) => Err(Error::Usage("no part".into())),
	}
}

/// Every part; one that lacks something on this machine is skipped and says so.
fn all(options: &AllOptions, json: bool) -> Result<()> {
	let machine = machine::Machine::here();
	let started = Instant::now();
	let mut reports = Vec::new();
	for (part, title, arguments) in parts(options)? {
		eprintln!("epidaurus-bench: {part} …");
		let arguments: Vec<&str> = std::iter::once(part).chain(arguments.iter().map(String::as_str)).collect();
		reports.push(match measured(&defaults(&arguments)?) {
			Err(Error::Missing(reason)) => {
				eprintln!("epidaurus-bench: {part} skipped: {reason}");
				Report::skipped(part, title, reason)
			},
			other => other?,
		});
	}
	let text = document(&machine, started.elapsed().as_secs(), &reports);
	if let Some(path) = &options.write {
		fs::write(path, &text).map_err(at(path))?;
		eprintln!("epidaurus-bench: written to {}", path.display());
	}
	match json {
		true => print_json(&serde_json::json!({ "machine": machine, "parts": reports })),
		false => {
			print!("{text}");
			Ok(())
		},
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;

	fn parse(arguments: &[&str]) -> std::result::Result<Cli, clap::Error> {
		Cli::try_parse_from(["epidaurus-bench"].iter().chain(arguments))
	}

	#[test]
	fn the_command_line_is_well_formed() {
		Cli::command().debug_assert();
	}

	#[test]
	fn all_has_every_part_with_its_own_defaults() {
		let Command::All(options) = parse(&["all", "--node", "n", "--programs", "p"]).unwrap().command else {
			panic!("another command");
		};
		let parts = parts(&options).unwrap();
		assert_eq!(parts.len(), 7);
		for (part, _, arguments) in parts {
			let arguments: Vec<&str> = std::iter::once(part).chain(arguments.iter().map(String::as_str)).collect();
			defaults(&arguments).unwrap();
		}
	}

	#[test]
	fn nonsense_is_refused() {
		for arguments in [
			&["records", "--repetitions", "0"][..],
			&["records", "--repetitions", "-1"],
			&["trees", "--leaves", "many"],
			&["end-to-end", "--rate", "fast"],
			&["postgres", "--seconds", "1.5"],
			&["rpc", "--rounds"],
			&["no-such-part"],
			&[],
		] {
			assert!(parse(arguments).is_err(), "{arguments:?}");
		}
	}

	#[test]
	fn json_can_stand_before_and_behind() {
		assert!(parse(&["--json", "trees"]).unwrap().json && parse(&["trees", "--json"]).unwrap().json);
	}
}
