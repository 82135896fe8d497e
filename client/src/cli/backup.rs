// SPDX-License-Identifier: Apache-2.0
//! `epid backup`.

use super::context::Context;
use crate::{progress::Progress, store::SUBJECTS_FILE, Error};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid backup /mnt/backups/epid-2026-11-20.backup
  cp .epid/subjects.keys /mnt/short-lived/
        the subjects' keys, which the backup leaves out";

/// Writes a backup of the store, without the subjects' keys
///
/// The backup is encrypted as the store is, and opened by the same key file or passphrase. It is taken as of one moment;
/// the file is there when it is complete. Records can be opened from it only together with the subjects' keys, so that a
/// subject can be forgotten without searching old backups.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// Where to write; must not be there yet
	#[arg(value_name = "FILE")]
	file: PathBuf,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let (path, output) = (&arguments.file, context.output);
	if path.exists() {
		return Err(Error::Usage(format!("{} is there already, and a backup is never overwritten", path.display())));
	}
	let store = context.store()?;
	let progress = Progress::new(output.shows_progress(), "rows", None);
	let copied = store.backup(path, |rows| progress.advance(rows))?;
	drop(progress);
	output.result(&json!({ "backup": path, "rows": copied.rows, "bytes": copied.bytes }), || {
		format!(
			"wrote {}: {} rows, {} bytes; the subjects' keys are not in it: {}",
			path.display(),
			copied.rows,
			copied.bytes,
			store.folder().join(SUBJECTS_FILE).display(),
		)
	});
	Ok(())
}
