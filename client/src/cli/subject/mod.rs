// SPDX-License-Identifier: Apache-2.0
//! `epid subject`: what a patient does with its own key, and what the custodian does about its pseudonym.

mod act;
mod complete;
mod custodian;
mod id;
mod sign;
mod status;

use super::context::Context;
use crate::Error;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  epid subject status 0x07…e2
  epid subject sign dispute --bundle r.json.epid.json --statement why.txt --key-file patient.key
        then somebody who may transact: epid relay dispute.act.json --key-file records.key
  epid subject dispute --bundle r.json.epid.json --statement why.txt --key-file patient.key
        the same with the patient's own connection; costs no fee";

/// What a patient does, by pseudonym, and what the custodian does about one
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	#[command(flatten)]
	Act(act::Command),
	Sign(sign::Arguments),
	Complete(complete::Arguments),
	Status(status::Arguments),
	Id(id::Arguments),
	Enrol(custodian::Enrol),
	Rebind(custodian::Rebind),
	Deceased(custodian::Deceased),
	Merge(custodian::Merge),
	Reinstate(custodian::Reinstate),
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	match &arguments.command {
		Command::Act(act) => act::run(context, act),
		Command::Sign(arguments) => sign::run(context, arguments),
		Command::Complete(arguments) => complete::run(context, arguments),
		Command::Status(arguments) => status::run(context, arguments),
		Command::Id(arguments) => id::run(context, arguments),
		Command::Enrol(arguments) => custodian::enrol(context, arguments),
		Command::Rebind(arguments) => custodian::rebind(context, arguments),
		Command::Deceased(arguments) => custodian::deceased(context, arguments),
		Command::Merge(arguments) => custodian::merge(context, arguments),
		Command::Reinstate(arguments) => custodian::reinstate(context, arguments),
	}
}
