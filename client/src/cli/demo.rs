// SPDX-License-Identifier: Apache-2.0
//! `epid demo`.

use super::context::Context;
use crate::{demo, Error};
use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid demo --examples package/
        with the unpacked npm package hl7.fhir.r4.examples 4.0.1, at a node that was started with --dev";

/// Plays a hospital on a development chain: anchors a folder of FHIR resources, proves them, and tries to forge them
///
/// Signs with the well-known keys of the development preset. The store is temporary unless --keep names a folder; a chain
/// on which the demonstration ran before needs the store of that run, or a fresh start.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// Folder with FHIR resources in JSON
	#[arg(long, value_name = "DIR")]
	examples: PathBuf,
	/// Keep the store in this folder and go on with it next time
	#[arg(long, value_name = "DIR")]
	keep: Option<PathBuf>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let output = context.output;
	let options = demo::Options {
		node: context.global.node.clone(),
		examples: arguments.examples.clone(),
		store: arguments.keep.clone(),
		output,
	};
	context.block_on(demo::run(&options))
}
