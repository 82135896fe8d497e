// SPDX-License-Identifier: Apache-2.0
//! `epid forget`.

use super::context::Context;
use crate::{
	custody,
	store::{Forget, SUBJECTS_FILE},
	Error,
};
use clap::Args;
use epidaurus_primitives::ids::{RecordId, SubjectId};
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  epid forget 0x07…e2
        the pseudonym that `epid append --subject` was given: all its records at once
  epid forget --record 0x6f1d…90
        one anchored record; everything else of its subject stays";

/// Destroys the key of a subject or of a record, so that nobody can open its records again
///
/// Neither this store, nor its backups, nor the chain can open them afterwards. What stays: the commitments, copies of the
/// subjects' keys that were made elsewhere, bundles that were handed on, and the files themselves. It cannot be undone.
///
/// The chain is asked first. What an authority holds, what is under an open dispute or asked to be amended without an answer,
/// and what is to be retained is refused, and nothing is destroyed. Nobody is asked if none of the records is anchored.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The subject's pseudonym of 32 bytes, as 0x and 64 hexadecimal digits
	#[arg(value_name = "SUBJECT", required_unless_present = "record")]
	subject: Option<SubjectId>,
	/// One anchored record instead, by its id
	#[arg(long, value_name = "RECORD", conflicts_with = "subject")]
	record: Option<RecordId>,
	/// Ask no chain. WARNING: destroys for good also what is held, disputed, asked to be amended or to be retained; to destroy
	/// such evidence can be an offence. Only where there is no node, and you know it from elsewhere
	#[arg(long)]
	without_chain: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let (store, output) = (context.store()?, context.output);
	let what = match (arguments.record, arguments.subject) {
		(Some(record), _) => Forget::Record(record),
		(None, Some(subject)) => Forget::Subject(subject),
		(None, None) => return Err(Error::Usage("say which subject, or which record by --record".into())),
	};
	let doomed = store.doomed(what)?;
	let asked = !doomed.records.is_empty() && !arguments.without_chain;
	if !asked && !doomed.records.is_empty() {
		output.warn(
			"the chain was not asked whether these records are held, disputed, asked to be amended or to be retained",
		);
	}
	let forgotten = context.block_on(async {
		let chain = match asked {
			true => Some(context.chain().await?),
			false => None,
		};
		custody::forget(&store, chain.as_ref(), &doomed).await
	})?;
	output.result(&json!({ "forgotten": forgotten, "chainAsked": asked }), || {
		format!(
			"forgotten: {} log entries and {} anchored versions cannot be opened any more\n\
			 destroy copies of {} and the records' files as well",
			forgotten.entries,
			forgotten.versions,
			store.folder().join(SUBJECTS_FILE).display(),
		)
	});
	Ok(())
}
