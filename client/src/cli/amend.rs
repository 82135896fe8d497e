// SPDX-License-Identifier: Apache-2.0
//! `epid amend`.

use super::{anchor::tell, context::Context, values::Reading};
use crate::{custody, Error};
use clap::Args;
use epidaurus_primitives::ids::RecordId;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid amend 0x6f1d…90 referral.json --key-file records.key";

/// Anchors the next version of an anchored record
///
/// Does nothing if the newest version on chain has this content already.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The record's id, as `epid anchor` told it
	#[arg(value_name = "RECORD")]
	record: RecordId,
	/// The file with the new content
	#[arg(value_name = "FILE")]
	file: PathBuf,
	#[command(flatten)]
	reading: Reading,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let prepared = arguments.reading.reader().read(&arguments.file)?;
	let anchored =
		context.act(&store, async |signed| custody::amend(&store, signed, arguments.record, &prepared).await)?;
	tell(context, &anchored);
	Ok(())
}
