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
		(Some(path), _) => To::file(folder, path),
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

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		cli::{run as run_command, Cli},
		durable::faults,
		output::Output,
		store::{disk::Fault, Identity, Store},
	};
	use clap::Parser;
	use epidaurus_primitives::ids::{NetworkId, OrgId};
	use std::path::Path;

	fn run(home: &Path, arguments: &[&str]) -> Result<(), Error> {
		let store = home.join("store");
		let all = ["epid", "--quiet", "--json", "--store", store.to_str().unwrap()]
			.into_iter()
			.chain(arguments.iter().copied());
		let Cli { global, command } = Cli::try_parse_from(all).unwrap();
		run_command(&Context { global, output: Output { json: true, quiet: true } }, command)
	}

	/// A store with its key beside it, and whether the run after a fault at that point did not fail.
	fn cut_off(point: u64, fault: Fault, arguments: &[&str]) -> bool {
		let home = tempfile::tempdir().unwrap();
		let folder = home.path().join("store");
		let made = crate::secrets::load_or_make(&folder, None, false).unwrap();
		let identity = Identity { network: NetworkId([1; 32]), custodian: OrgId(3) };
		drop(Store::create(&folder, identity, &made.secret).unwrap());
		faults::fail_at(point, fault);
		let first = run(home.path(), arguments);
		faults::restart();
		// The next command finds its key, and so does the one after the change was run again.
		let with_key = ["--store-key-file", arguments.last().unwrap()];
		let opens = || {
			let named = arguments.len() > 1 && Path::new(arguments.last().unwrap()).exists();
			run(home.path(), &["status"]).is_ok()
				|| named && run(home.path(), &[&["status"], &with_key[..]].concat()).is_ok()
		};
		assert!(opens(), "{fault:?} at {point}");
		if first.is_err() {
			let again = run(home.path(), arguments);
			let again = again.or_else(|_| run(home.path(), &[arguments, &with_key[..]].concat()));
			again.unwrap_or_else(|error| panic!("{fault:?} at {point}: {error}"));
			assert!(opens(), "{fault:?} at {point}, run again");
		}
		first.is_ok()
	}

	#[test]
	fn some_key_opens_the_store_wherever_its_change_is_cut_off() {
		for fault in Fault::ALL {
			let beside = (1..20).find(|point| cut_off(*point, fault, &["rekey"]));
			// The new key: written, named; the old one put aside, the new one in its place.
			assert_eq!(beside, Some(5), "{fault:?}");
			let home = tempfile::tempdir().unwrap();
			let named = home.path().join("new.key");
			let elsewhere = (1..20).find(|point| {
				std::fs::remove_file(&named).ok();
				cut_off(*point, fault, &["rekey", "--new-store-key-file", named.to_str().unwrap()])
			});
			assert_eq!(elsewhere, Some(4), "{fault:?}");
		}
	}

	/// A key file beside the store that opens nothing would be taken for the right one by whoever names none.
	#[test]
	fn what_lies_beside_the_store_opens_it_wherever_a_change_to_it_is_cut_off() {
		for (fault, is_named) in Fault::ALL.into_iter().flat_map(|fault| [(fault, false), (fault, true)]) {
			let done = (1..20).find(|point| {
				let home = tempfile::tempdir().unwrap();
				let (folder, elsewhere) = (home.path().join("store"), home.path().join("elsewhere"));
				let made = crate::secrets::load_or_make(&folder, Some(&elsewhere), false).unwrap();
				let identity = Identity { network: NetworkId([1; 32]), custodian: OrgId(3) };
				drop(Store::create(&folder, identity, &made.secret).unwrap());
				let beside = crate::secrets::beside(&folder);
				let (new, old) = (beside.to_str().unwrap(), elsewhere.to_str().unwrap());
				let rekey = ["rekey", "--store-key-file", old, "--new-store-key-file", new];
				faults::fail_at(*point, fault);
				let first = run(home.path(), &rekey[..if is_named { 5 } else { 3 }]);
				faults::restart();
				let what = format!("{fault:?} at {point}");
				let opens = |more: &[&str]| run(home.path(), &[&["status"], more].concat()).is_ok();
				assert!(!beside.exists() || opens(&[]) && opens(&["--store-key-file", new]), "{what}");
				// Until the change is finished, whoever knows nothing of it names the key of before.
				let (unfinished, with_old) = (!beside.exists(), opens(&["--store-key-file", old]));
				assert_eq!(with_old, unfinished, "{what}");
				assert!(with_old || opens(&[]), "{what}");
				first.is_ok()
			});
			assert_eq!(done, Some(4), "{fault:?}");
		}
	}

	#[test]
	fn a_new_stores_key_file_is_whole_or_not_there_wherever_its_writing_is_cut_off() {
		for fault in Fault::ALL {
			for point in 1..=2 {
				let home = tempfile::tempdir().unwrap();
				let folder = home.path().join("store");
				faults::fail_at(point, fault);
				crate::secrets::load_or_make(&folder, None, false).unwrap_err();
				faults::restart();
				let again = crate::secrets::load_or_make(&folder, None, false).unwrap();
				assert!(matches!(again.secret, crate::store::Secret::Key(_)), "{fault:?} at {point}");
			}
		}
	}
}
