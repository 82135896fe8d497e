// SPDX-License-Identifier: Apache-2.0
//! The command line. One file per command; what a command does is in the library.

mod amend;
mod anchor;
mod append;
mod ask;
mod backup;
mod canonicalise;
mod checkpoint;
mod context;
mod demo;
mod entered_in_error;
mod forget;
mod head;
mod init;
mod life;
mod light;
mod light_proof;
mod prove;
mod redact;
mod rekey;
mod relay;
mod renew;
mod restore;
mod status;
mod subject;
mod values;
mod verify;
mod verify_all;

use crate::{output::Output, Error};
use clap::{Args, Parser, Subcommand};
use context::Context;
use std::{path::PathBuf, process::ExitCode};
use subxt::utils::AccountId32;

const EXIT_CODES: &str = "\
Exit codes:
  0  done; verified
  1  refused: the verification says no; an act is not what it says, or not due;
     what is stored is not sound, or must be kept
  2  used wrongly, or no usable key
  3  bad input: an unreadable file, FHIR JSON with an error (line and column are
     told), or no act of a subject
  4  the node is unreachable or refused the call
  5  the store cannot be used, or lacks what was asked for

The signing key comes from --key-file, from the environment variable EPID_KEY or
from a prompt, never from the command line, where every process of the machine
could read it. A program that signs (--signer-command) keeps it out of epid.
What opens the store comes from --store-key-file, from EPID_STORE_KEY, from the
key file beside the store or from a prompt.

Begin with:
  epid init --key-file records.key
  epid append exports/
  epid checkpoint --key-file records.key
  epid prove exports/patient-17.json
  epid verify exports/patient-17.json --bundle patient-17.json.epid.json";

/// Commits a custodian's records to an Epidaurus chain and proves them.
#[derive(Parser)]
#[command(name = "epid", version, after_help = EXIT_CODES, max_term_width = 120)]
struct Cli {
	#[command(flatten)]
	global: Global,
	#[command(subcommand)]
	command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options of every command")]
struct Global {
	/// Folder of the custodian's store
	#[arg(long, global = true, env = "EPID_STORE", default_value = ".epid", value_name = "DIR")]
	store: PathBuf,
	/// Address of a node: wss://, or ws:// on this machine
	#[arg(long, global = true, env = "EPID_NODE", default_value = "ws://127.0.0.1:9944", value_name = "URL")]
	node: String,
	/// One JSON value on the standard output instead of sentences
	#[arg(long, global = true)]
	json: bool,
	/// File whose first line is the signing key: a secret URI, a phrase or a seed
	#[arg(long, global = true, value_name = "FILE")]
	key_file: Option<PathBuf>,
	/// File whose first line opens the store: its key, or a passphrase. If none is named: the variable EPID_STORE_KEY, the
	/// key file beside the store, or a prompt
	#[arg(long, global = true, env = "EPID_STORE_KEY_FILE", value_name = "FILE")]
	store_key_file: Option<PathBuf>,
	/// Program that signs in place of a key: payload in on its standard input, signature out, both in hexadecimal
	#[arg(long, global = true, env = "EPID_SIGNER_COMMAND", value_name = "COMMAND")]
	signer_command: Option<String>,
	/// The account that this program signs for: in SS58, or its public key as 0x and 64 hexadecimal digits (66 of ECDSA)
	#[arg(long, global = true, env = "EPID_SIGNER_ACCOUNT", value_name = "ACCOUNT", value_parser = values::account)]
	signer_account: Option<AccountId32>,
	/// Seconds to wait for this program
	#[arg(long, global = true, default_value_t = 60, value_name = "SECONDS",
		value_parser = clap::value_parser!(u64).range(1..=3600))]
	signer_timeout: u64,
	/// No notes and no progress
	#[arg(long, short, global = true)]
	quiet: bool,
}

#[derive(Subcommand)]
enum Command {
	Init(init::Arguments),
	Append(append::Arguments),
	Checkpoint(checkpoint::Arguments),
	Renew(renew::Arguments),
	Anchor(anchor::Arguments),
	Amend(amend::Arguments),
	EnteredInError(entered_in_error::Arguments),
	Forget(forget::Arguments),
	Backup(backup::Arguments),
	Restore(restore::Arguments),
	Rekey(rekey::Arguments),
	VerifyAll(verify_all::Arguments),
	Prove(prove::Arguments),
	Redact(redact::Arguments),
	Verify(verify::Arguments),
	Head(head::Arguments),
	LightProof(light_proof::Arguments),
	Ask(ask::Arguments),
	Status(status::Arguments),
	Canonicalise(canonicalise::Arguments),
	Subject(subject::Arguments),
	Relay(relay::Arguments),
	Dispute(life::Dispute),
	Request(life::Request),
	Hold(life::Hold),
	Retain(life::Retain),
	Erase(life::Erase),
	Demo(demo::Arguments),
}

/// Runs the command of this process, and says what its exit code is.
pub fn main() -> ExitCode {
	let cli = Cli::parse();
	let output = Output { json: cli.global.json, quiet: cli.global.quiet };
	let context = Context { global: cli.global, output };
	match run(&context, cli.command) {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			output.error(&error);
			ExitCode::from(error.exit_code())
		},
	}
}

fn run(context: &Context, command: Command) -> Result<(), Error> {
	match command {
		Command::Init(arguments) => init::run(context, &arguments),
		Command::Append(arguments) => append::run(context, &arguments),
		Command::Checkpoint(arguments) => checkpoint::run(context, &arguments),
		Command::Renew(arguments) => renew::run(context, &arguments),
		Command::Anchor(arguments) => anchor::run(context, &arguments),
		Command::Amend(arguments) => amend::run(context, &arguments),
		Command::EnteredInError(arguments) => entered_in_error::run(context, &arguments),
		Command::Forget(arguments) => forget::run(context, &arguments),
		Command::Backup(arguments) => backup::run(context, &arguments),
		Command::Restore(arguments) => restore::run(context, &arguments),
		Command::Rekey(arguments) => rekey::run(context, &arguments),
		Command::VerifyAll(arguments) => verify_all::run(context, &arguments),
		Command::Prove(arguments) => prove::run(context, &arguments),
		Command::Redact(arguments) => redact::run(context, &arguments),
		Command::Verify(arguments) => verify::run(context, &arguments),
		Command::Head(arguments) => head::run(context, &arguments),
		Command::LightProof(arguments) => light_proof::run(context, &arguments),
		Command::Ask(arguments) => ask::run(context, &arguments),
		Command::Status(arguments) => status::run(context, &arguments),
		Command::Canonicalise(arguments) => canonicalise::run(context, &arguments),
		Command::Subject(arguments) => subject::run(context, &arguments),
		Command::Relay(arguments) => relay::run(context, &arguments),
		Command::Dispute(arguments) => life::dispute(context, &arguments),
		Command::Request(arguments) => life::request(context, &arguments),
		Command::Hold(arguments) => life::hold(context, &arguments),
		Command::Retain(arguments) => life::retain(context, &arguments),
		Command::Erase(arguments) => life::erase(context, &arguments),
		Command::Demo(arguments) => demo::run(context, &arguments),
	}
}

#[cfg(test)]
mod refusals;

/// A command and all commands below it, with their names in full.
#[cfg(test)]
fn below(command: &clap::Command, name: String) -> Vec<(String, &clap::Command)> {
	let inner = command.get_subcommands();
	let inner = inner.flat_map(|inner| below(inner, format!("{name} {}", inner.get_name())));
	inner.chain([(name.clone(), command)]).collect()
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;

	#[test]
	fn the_command_line_is_well_formed() {
		Cli::command().debug_assert();
	}

	#[test]
	fn every_command_has_examples() {
		for (name, command) in below(&Cli::command(), "epid".into()).iter().filter(|(name, _)| name != "epid") {
			let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
			assert!(help.contains("Examples:") && help.contains(name), "{name}");
		}
	}

	#[test]
	fn what_a_command_takes_itself_stands_apart_from_what_all_take() {
		let of_all: Vec<_> = Cli::command().get_arguments().map(|argument| argument.get_id().clone()).collect();
		let mut cli = Cli::command();
		cli.build();
		for (name, command) in below(&cli, "epid".into()) {
			for argument in command.get_arguments() {
				let (id, heading) = (argument.get_id(), argument.get_help_heading());
				assert_eq!(heading.is_some(), of_all.contains(id), "{name}, {id}: {heading:?}");
			}
		}
	}

	#[test]
	fn the_first_help_fits_into_eighty_columns() {
		for line in EXIT_CODES.lines() {
			assert!(line.chars().count() <= 80, "{line}");
		}
	}

	#[test]
	fn every_command_is_in_the_table_of_the_readme() {
		let readme = include_str!("../../README.md");
		let table: Vec<_> = readme.lines().filter(|line| line.starts_with("| `")).collect();
		for command in Cli::command().get_subcommands() {
			let named = [format!("`{}`", command.get_name()), format!("`{} ", command.get_name())];
			assert!(table.iter().any(|line| named.iter().any(|name| line.contains(name))), "{}", command.get_name());
		}
	}

	#[test]
	fn no_option_takes_a_key() {
		let cli = Cli::command();
		for argument in below(&cli, "epid".into()).iter().flat_map(|(_, command)| command.get_arguments()) {
			let id = argument.get_id().as_str();
			let about_keys =
				["key", "seed", "suri", "phrase", "secret", "password"].iter().any(|word| id.contains(word));
			assert!(!about_keys || id.ends_with("key_file"), "{id}");
		}
	}
}
