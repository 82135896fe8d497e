// SPDX-License-Identifier: Apache-2.0
//! `epid entered-in-error`.

use super::context::Context;
use crate::{custody, Error};
use clap::Args;
use epidaurus_primitives::ids::RecordId;

const EXAMPLES: &str = "\
Examples:
  epid entered-in-error 0x6f1d…90 --key-file records.key";

/// Declares for good that an anchored record should never have been
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The record's id, as `epid anchor` told it
	#[arg(value_name = "RECORD")]
	record: RecordId,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let entered =
		context.act(&store, async |signed| custody::enter_in_error(&store, signed, arguments.record).await)?;
	context.output.result(&entered, || {
		let what = if entered.submitted { "declared" } else { "declared already" };
		format!("{what}: record {} is entered in error", entered.record)
	});
	Ok(())
}
