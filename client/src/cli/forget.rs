// SPDX-License-Identifier: Apache-2.0
//! `epid forget`.

use super::context::Context;
use crate::Error;
use clap::Args;
use epidaurus_primitives::ids::SubjectId;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  epid forget 0x07…e2
        the pseudonym that `epid append --subject` was given";

/// Destroys the key of a subject, so that nobody can open its records again
///
/// Neither this store, nor its backups, nor the chain can open them afterwards. What stays: the commitments, copies of the
/// subjects' keys that were made elsewhere, bundles that were handed on, and the files themselves. It cannot be undone.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The subject's pseudonym of 32 bytes, as 0x and 64 hexadecimal digits
	#[arg(value_name = "SUBJECT")]
	subject: SubjectId,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let forgotten = store.forget(arguments.subject)?;
	context.output.result(&json!({ "forgotten": forgotten }), || {
		format!(
			"forgotten: {} log entries and {} anchored versions cannot be opened any more\n\
			 destroy copies of {} and the records' files as well",
			forgotten.entries,
			forgotten.versions,
			store.folder().join(crate::store::SUBJECTS_FILE).display(),
		)
	});
	Ok(())
}
