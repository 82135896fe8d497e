// SPDX-License-Identifier: Apache-2.0
//! `epid rekey`.

use super::context::Context;
use crate::{
	secrets::next::{self, To},
	Error,
};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid rekey
        a new key file beside the store; the old one is put aside
  epid rekey --new-store-key-file /media/safe/epid.key
        a key file there, made if it is not there yet
  epid rekey --prompt
        a passphrase; or another one than before";

/// Changes what opens the store: its key file or passphrase
///
/// The old one opens the store no more. It still opens backups and copies that were made before, so keep it as long as
/// them, and destroy it with them if it got into wrong hands: whoever has both has what is in them. Can be run again if it
/// was cut off.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// File with the new key, or with a passphrase as its first line; made if it is not there
	#[arg(long, value_name = "FILE")]
	new_store_key_file: Option<PathBuf>,
	/// Ask for a new passphrase
	#[arg(long, conflicts_with = "new_store_key_file")]
	prompt: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let folder = &context.global.store;
	let to = match (&arguments.new_store_key_file, arguments.prompt) {
		(Some(path), _) => To::File(path),
		(None, true) => To::Memory,
		(None, false) => To::Beside,
	};
	let mut store = context.store()?;
	let loaded = next::prepare(folder, to)?;
	if let Some(warning) = &loaded.warning {
		context.output.warn(warning);
	}
	let changed = !store.opens_with(&loaded.secret)?;
	let mut aside = None;
	if changed {
		aside = next::put_aside(folder, to)?;
		// If this fails, nobody knows which of the two opens the store: the next command finds out.
		store.relock(&loaded.secret)?;
	}
	let file = match to {
		To::Beside => {
			let (file, old) = next::settle(folder)?;
			aside = old;
			Some(file)
		},
		To::File(path) => Some(path.to_path_buf()),
		To::Memory => None,
	};
	let value = json!({ "changed": changed, "keyFile": file, "oldKeyFile": aside });
	context.output.result(&value, || {
		let what = if changed { "changed: the store is opened by" } else { "already: the store is opened by" };
		let new = file.map_or("the new passphrase".into(), |file| file.display().to_string());
		let old = aside.map(|path| format!("\nthe old key file is {}, for backups made before", path.display()));
		format!("{what} {new}{}", old.unwrap_or_default())
	});
	Ok(())
}
