// SPDX-License-Identifier: Apache-2.0
//! `epid head`.

use super::{context::Context, values::Kind};
use crate::{
	bundle::json,
	output::print_bytes,
	store::StoreError,
	verify::{anchor, head},
	Error,
};
use clap::Args;
use epidaurus_primitives::ids::{OrgId, RecordId};
use serde_json::json as value;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid head --custodian 3 -o head.json
  epid head --record 0x6f1d…90 --node wss://node.hospital.example";

/// Writes what the chain says about a log or an anchored record, for verification without a node
///
/// Read from a finalised block of the node. Whoever verifies with it trusts that node, or compares several.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// Whose log; that of the store if none is named
	#[arg(long, value_name = "NUMBER", conflicts_with = "record")]
	custodian: Option<OrgId>,
	/// Which log
	#[arg(long, value_enum, default_value = "records")]
	kind: Kind,
	/// An anchored record instead of a log
	#[arg(long, value_name = "RECORD")]
	record: Option<RecordId>,
	/// Where to write; the standard output if no file is named
	#[arg(long, short, value_name = "FILE")]
	output: Option<PathBuf>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let custodian = match (arguments.custodian, arguments.record) {
		(Some(custodian), _) => custodian,
		(None, Some(_)) => OrgId::default(),
		(None, None) => context.store()?.identity().custodian,
	};
	let text = context.block_on(async {
		let chain = context.chain().await?;
		let at = chain.finalised().await?;
		Ok(match arguments.record {
			Some(record) => json(&anchor(&at, chain.network(), record).await?),
			None => json(&head(&at, chain.network(), custodian, arguments.kind.into()).await?),
		})
	})?;
	match &arguments.output {
		Some(path) => {
			std::fs::write(path, text).map_err(|source| StoreError::Io { path: path.clone(), source })?;
			context.output.result(&value!({ "head": path }), || format!("wrote {}", path.display()));
		},
		None => print_bytes(text.as_bytes()),
	}
	Ok(())
}
