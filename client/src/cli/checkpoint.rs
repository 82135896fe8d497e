// SPDX-License-Identifier: Apache-2.0
//! `epid checkpoint`.

use super::{context::Context, values::Kind};
use crate::{bundle::hex, custody, record::kind_name, Error};
use clap::Args;
use epidaurus_primitives::ehr::LogKind;

const EXAMPLES: &str = "\
Examples:
  epid checkpoint --key-file records.key
  EPID_KEY=… epid checkpoint --kind disclosures --node wss://node.hospital.example";

/// Puts the head of a log on chain, with the proof that the log only grew
///
/// Opens the log on chain if there is none yet. Can be run again at any time: what is on chain already is not submitted
/// again.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// Which log
	#[arg(long, value_enum, default_value = "records")]
	kind: Kind,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let kind = LogKind::from(arguments.kind);
	let made = context.act(&store, async |signed| custody::checkpoint(&store, signed, kind).await)?;
	context.output.result(&made, || {
		let name = kind_name(kind);
		let what = if made.submitted { "checkpoint made" } else { "the chain has this head already" };
		let licence = if made.licensed { "" } else { ", marked: not licensed to keep records" };
		format!(
			"{what}: log {name} of organisation {}, {} entries, root {}\nat {}{licence}",
			made.custodian,
			made.head.size,
			hex(&made.head.root),
			made.at,
		)
	});
	Ok(())
}
