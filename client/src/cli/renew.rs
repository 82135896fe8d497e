// SPDX-License-Identifier: Apache-2.0
//! `epid renew`.

use super::{context::Context, values::Kind};
use crate::{
	bundle::hex,
	custody::{self, Contents, Missing, Renewing},
	output::described,
	progress::Progress,
	record::kind_name,
	store::StoreError,
	Error,
};
use clap::Args;
use epidaurus_primitives::ehr::LogKind;
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid renew --key-file records.key
        the log of records, up to its newest checkpoint on chain
  epid renew --key-file records.key /archive/2019 /archive/2020
        with older records whose files are in other folders now
  epid renew --kind disclosures --allow-missing --key-file records.key";

/// Renews a log in a tree over another hash function, for the day on which SHA-256 falls
///
/// Bundles that `epid prove` makes afterwards lead to both trees. Records that an earlier version of this program appended
/// are read again from their files; whoever lacks one is told. Can be run again at any time.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// Files and folders in which contents are looked for that are not where they were when they were appended
	#[arg(value_name = "PATH")]
	paths: Vec<PathBuf>,
	/// Which log
	#[arg(long, value_enum, default_value = "records")]
	kind: Kind,
	/// Renew also if contents are missing: their entries keep their places, and prove nothing once SHA-256 has fallen
	#[arg(long)]
	allow_missing: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let key = context.key()?;
	let kind = LogKind::from(arguments.kind);
	let output = context.output;
	let progress = Progress::new(output.shows_progress(), "renewing", None);
	let mut told = Vec::new();
	let missing = |missing: Missing| {
		if !output.json {
			progress.say(&format!("missing: entry {}, {}", missing.sequence, missing.file));
		} else if told.len() < MAX_TOLD {
			told.push(missing);
		}
	};
	let options = Renewing { paths: &arguments.paths, allow_missing: arguments.allow_missing };
	let made = context.block_on(async {
		let chain = context.chain().await?;
		let signed = context.signed(&chain, &key, &store).await?;
		custody::renew(&store, &signed, kind, options, &progress, missing).await
	});
	drop(progress);
	let made = match made {
		Err(error @ Error::Store(StoreError::ContentMissing(_))) if output.json => {
			output.result(&json!({ "error": described(&error), "missing": told }), String::new);
			return Err(error);
		},
		made => made?,
	};
	let value = json!({ "renewed": made, "missing": told });
	output.result(&value, || {
		let what = if made.submitted { "renewed" } else { "the chain has this renewal already" };
		let Contents { forgotten, without_key, missing, .. } = made.contents;
		let without = match missing.saturating_add(forgotten).saturating_add(without_key) {
			0 => String::new(),
			count => {
				format!("\n{count} older entries without content keep their places and prove nothing in this tree")
			},
		};
		format!(
			"{what}: log {} of organisation {}, {} entries, root {} in the tree on {}\nat {}{without}",
			kind_name(kind),
			made.custodian,
			made.head.size,
			hex(&made.head.root),
			made.tree.name(),
			made.at,
		)
	});
	Ok(())
}

/// Entries that the JSON value lists; more are only counted.
const MAX_TOLD: usize = 1000;
