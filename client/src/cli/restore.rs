// SPDX-License-Identifier: Apache-2.0
//! `epid restore`.

use super::context::Context;
use crate::{
	progress::Progress,
	store::{Identity, KeysFrom, Store, StoreError, SUBJECTS_FILE},
	Error,
};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid restore epid-2026-11-20.backup --subjects /mnt/short-lived/subjects.keys
  epid restore epid-2026-11-20.backup
        with the subjects' keys that are still in the store's folder
  epid verify-all --chain
        says what the restored store lacks";

/// Makes the store from a backup
///
/// The folder must hold no store. The backup is checked as a whole before anything is written; a restore that was cut off
/// can be run again. What was appended after the backup was made is not in it: `epid verify-all --chain` and `epid
/// checkpoint` notice when the chain has more.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The backup
	#[arg(value_name = "FILE")]
	file: PathBuf,
	/// A copy of the file with the subjects' keys; the one in the store's folder if none is named
	#[arg(long, value_name = "FILE")]
	subjects: Option<PathBuf>,
	/// The subjects' keys are lost: no record of the backup will be opened again
	#[arg(long, conflicts_with = "subjects")]
	without_subjects: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let (folder, output) = (&context.global.store, context.output);
	let secret = context.secret()?;
	let copy = match &arguments.subjects {
		Some(path) => Some(std::fs::read(path).map_err(|source| StoreError::Io { path: path.clone(), source })?),
		None => None,
	};
	let keys = match &copy {
		Some(copy) => KeysFrom::Copy(copy),
		None if arguments.without_subjects => KeysFrom::Nowhere,
		None => KeysFrom::Folder,
	};
	let progress = Progress::new(output.shows_progress(), "rows", None);
	let (store, copied) = Store::restore(folder, &arguments.file, &secret, keys, |rows| progress.advance(rows))?;
	drop(progress);
	if arguments.without_subjects {
		output.warn(format!("{SUBJECTS_FILE} was begun anew: no record of this backup can be opened"));
	}
	let (torn, lost) = (store.torn_keys(), store.lost_keys());
	if torn > 0 {
		output.warn(format!(
			"the last {torn} bytes of the subjects' keys are a write that was cut off, and were left out"
		));
	}
	if lost > 0 {
		output.warn(StoreError::SubjectKeysLost(lost).to_string());
	}
	let Identity { network, custodian } = store.identity();
	let value = json!({
		"store": folder, "networkId": network, "custodian": custodian, "rows": copied.rows, "bytes": copied.bytes,
		"keyBytesLeftOut": torn, "lostKeys": lost,
	});
	output.result(&value, || {
		let folder = folder.display();
		format!("restored the store {folder} of organisation {custodian} on network {network}: {} rows", copied.rows)
	});
	Ok(())
}
