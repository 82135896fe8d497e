// SPDX-License-Identifier: Apache-2.0
//! `epid verify-all`.

use super::context::Context;
use crate::{
	chain::Chain,
	custody::{audit, audit_steps, Audit, Problem},
	progress::Progress,
	Error,
};
use clap::Args;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  epid verify-all
  epid verify-all --chain --node wss://node.hospital.example --json";

/// Problems that the JSON value lists; more are only counted.
const MAX_TOLD: usize = 100;

/// Checks everything that the store holds
///
/// Every opening against its commitment, every entry against the tree, every head that was submitted against the log; with
/// --chain also the chain's heads and anchored versions. The files of the records are not read. The exit code is 1 if
/// anything is wrong, missing keys of subjects included; forgotten records are not.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// Ask the node as well
	#[arg(long)]
	chain: bool,
	/// Afterwards go on without the keys that are missing: new ones are made again. What they opened stays closed, unless the
	/// newest copy of the subjects' keys is put back one day
	#[arg(long)]
	accept_lost: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let (store, output) = (context.store()?, context.output);
	let progress = Progress::new(output.shows_progress(), "checking", Some(audit_steps(&store)?));
	let mut problems = Vec::new();
	let tell = |problem: Problem| {
		if output.json && problems.len() < MAX_TOLD {
			problems.push(problem);
		} else if !output.json {
			progress.say(&format!("{}: {}", problem.place, problem.problem));
		}
	};
	let found = context.block_on(async {
		let chain = match arguments.chain {
			true => Some(context.chain().await?),
			false => None,
		};
		audit::<Chain>(&store, chain.as_ref(), &progress, tell).await
	})?;
	drop(progress);
	let accepted = if arguments.accept_lost { store.accept_lost_keys()? } else { 0 };
	let value = json!({ "checked": found, "problems": problems, "acceptedLostKeys": accepted });
	output.result(&value, || sentences(&found));
	match found.problems {
		0 => Ok(()),
		count => Err(Error::Unsound(count)),
	}
}

fn sentences(found: &Audit) -> String {
	let Audit { entries, versions, opened, forgotten, without_key, heads, chain, .. } = found;
	let chain = if *chain { "with the chain" } else { "without the chain" };
	format!(
		"checked {chain}: {entries} log entries, {versions} anchored versions, {heads} heads\n\
		 {opened} can be opened, {forgotten} were forgotten, {without_key} lack the key of their subject"
	)
}
