// SPDX-License-Identifier: Apache-2.0
//! `epid anchor`.

use super::{context::Context, values::Reading};
use crate::{
	custody::{self, Anchored},
	Error,
};
use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid anchor referral.json --key-file records.key
  epid anchor --suite raw --class ImagingStudy scan.dcm --key-file records.key";

/// Anchors one record by itself, under a random id
///
/// The same file is anchored once, however often the command runs. A changed file is anchored by `epid amend`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The record's file
	#[arg(value_name = "FILE")]
	file: PathBuf,
	#[command(flatten)]
	reading: Reading,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let prepared = arguments.reading.reader().read(&arguments.file)?;
	let anchored = context.act(&store, async |signed| custody::anchor(&store, signed, &prepared).await)?;
	tell(context, &anchored);
	Ok(())
}

pub(super) fn tell(context: &Context, anchored: &Anchored) {
	context.output.result(anchored, || {
		let what = if anchored.submitted { "anchored" } else { "anchored already" };
		format!("{what}: record {}, version {}, at {}", anchored.record, anchored.version, anchored.anchored_at)
	});
}
