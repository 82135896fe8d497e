// SPDX-License-Identifier: Apache-2.0
//! What the store is opened with: a key file or a passphrase. It comes from a file, the environment or a prompt, and never
//! from the command line, where every process of the machine could read it.

pub mod next;

use crate::{
	durable,
	keys::{warning, KeyError},
	store::Secret,
};
use std::{
	ffi::OsString,
	fs::{self, File},
	io::{self, IsTerminal, Read},
	path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The environment variable that may hold the key or the passphrase.
pub const VARIABLE: &str = "EPID_STORE_KEY";

/// Longest file that is read, in bytes.
const MAX_FILE: u64 = 4096;

/// Fewest characters of a new passphrase.
const MIN_PASSPHRASE: usize = 12;

/// A secret and what should be said about where it came from.
#[derive(Debug)]
pub struct Loaded {
	/// The secret.
	pub secret: Secret,
	/// A warning for the person at the terminal.
	pub warning: Option<String>,
	/// The key file, if it was made just now.
	pub made: Option<PathBuf>,
}

impl From<Secret> for Loaded {
	fn from(secret: Secret) -> Self {
		Self { secret, warning: None, made: None }
	}
}

/// The key file of a store for which none was named: beside its folder, so that a copy of the folder does not hold it.
pub fn beside(folder: &Path) -> PathBuf {
	let mut name = folder.file_name().map_or_else(|| OsString::from("epid"), OsString::from);
	name.push(".key");
	folder.with_file_name(name)
}

/// The secret of a store: from the file, if one is named; else from the environment; else from the key file beside the
/// store; else from a prompt, if there is a terminal.
pub fn load(folder: &Path, file: Option<&Path>) -> Result<Loaded, KeyError> {
	if let Some(found) = given(folder, file)? {
		return Ok(found);
	}
	if !io::stdin().is_terminal() {
		return Err(KeyError::StoreMissing);
	}
	typed(&prompt("Passphrase of the store (hidden): ")?)
}

/// The secret of a store that is to be made: as [`load`] finds it, or a new key file. If `ask` says so, a person is asked
/// for a passphrase instead.
pub fn load_or_make(folder: &Path, file: Option<&Path>, ask: bool) -> Result<Loaded, KeyError> {
	if ask {
		return passphrase();
	}
	match file {
		Some(path) if !path.exists() => make(path),
		_ => match given(folder, file)? {
			Some(found) => long_enough(found),
			None => make(&beside(folder)),
		},
	}
}

/// A passphrase that a person chooses.
fn passphrase() -> Result<Loaded, KeyError> {
	if !io::stdin().is_terminal() {
		return Err(KeyError::StoreMissing);
	}
	let passphrase = prompt("Passphrase for the store (hidden): ")?;
	if passphrase != prompt("The same again: ")? {
		return Err(KeyError::NotTheSame);
	}
	long_enough(typed(&passphrase)?)
}

/// What a person typed, read as if it came from a file.
fn typed(text: &str) -> Result<Loaded, KeyError> {
	Secret::parse(text).map(Into::into).ok_or(KeyError::StoreMissing)
}

fn given(folder: &Path, file: Option<&Path>) -> Result<Option<Loaded>, KeyError> {
	if let Some(path) = file {
		return from_file(path).map(Some);
	}
	if let Ok(text) = std::env::var(VARIABLE) {
		let secret = Secret::parse(&Zeroizing::new(text)).ok_or(KeyError::StoreMissing)?;
		return Ok(Some(secret.into()));
	}
	let path = beside(folder);
	path.exists().then(|| from_file(&path)).transpose()
}

fn from_file(path: &Path) -> Result<Loaded, KeyError> {
	let failed = |source| KeyError::File { path: path.to_path_buf(), source };
	let file = File::open(path).map_err(failed)?;
	let warning = warning(&file, path).map_err(failed)?;
	let mut text = Zeroizing::new(String::new());
	file.take(MAX_FILE).read_to_string(&mut text).map_err(failed)?;
	let secret = Secret::parse(&text).ok_or(KeyError::StoreMissing)?;
	Ok(Loaded { secret, warning, made: None })
}

fn prompt(text: &str) -> Result<Zeroizing<String>, KeyError> {
	Ok(Zeroizing::new(rpassword::prompt_password(text).map_err(KeyError::Prompt)?))
}

fn long_enough(loaded: Loaded) -> Result<Loaded, KeyError> {
	match &loaded.secret {
		Secret::Passphrase(text) if text.chars().count() < MIN_PASSPHRASE => Err(KeyError::TooShort(MIN_PASSPHRASE)),
		_ => Ok(loaded),
	}
}

/// Makes a key file. It is durable before anything is locked with it. Of several processes that are about to, one does: what it
/// locks with its key would be opened by no other one.
fn make(path: &Path) -> Result<Loaded, KeyError> {
	let failed = |source| KeyError::File { path: path.to_path_buf(), source };
	let secret = Secret::random().map_err(|_| failed(io::Error::other("the system gives no random bytes")))?;
	let text = secret.key_text().unwrap_or_default();
	let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
	fs::create_dir_all(folder).map_err(failed)?;
	// At one stroke: half a key would be taken for a passphrase.
	durable::write_new(path, text.as_bytes()).map_err(|error| match error.kind() {
		io::ErrorKind::AlreadyExists => KeyError::Exists(path.to_path_buf()),
		_ => failed(error),
	})?;
	Ok(Loaded { made: Some(path.to_path_buf()), ..secret.into() })
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::{sync::Barrier, thread};

	#[test]
	fn a_key_file_is_made_once_and_found_again() {
		let home = tempfile::tempdir().unwrap();
		let folder = home.path().join("a/store");
		let made = load_or_make(&folder, None, false).unwrap();
		assert_eq!(made.made, Some(home.path().join("a/store.key")));
		let text = made.secret.key_text().unwrap();
		for again in [load_or_make(&folder, None, false), load(&folder, None), load(&folder, made.made.as_deref())] {
			let again = again.unwrap();
			assert!(again.made.is_none() && again.warning.is_none() && again.secret.key_text().unwrap() == text);
		}
		#[cfg(unix)]
		{
			use std::os::unix::fs::PermissionsExt;
			let path = beside(&folder);
			assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
			fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
			assert!(load(&folder, None).unwrap().warning.unwrap().contains("chmod 600"));
		}
	}

	#[test]
	fn of_several_that_make_a_key_file_at_the_same_moment_one_does() {
		for _ in 0..20 {
			let home = tempfile::tempdir().unwrap();
			let folder = home.path().join("store");
			let start = Barrier::new(8);
			let results: Vec<_> = thread::scope(|scope| {
				let make = || {
					start.wait();
					load_or_make(&folder, None, false)
				};
				let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
				threads.into_iter().map(|thread| thread.join().unwrap()).collect()
			});
			let (path, mut made) = (beside(&folder), 0);
			let text = fs::read_to_string(&path).unwrap();
			for result in results {
				match result {
					Ok(loaded) => {
						made += usize::from(loaded.made.is_some());
						assert_eq!(*loaded.secret.key_text().unwrap(), text);
					},
					Err(KeyError::Exists(told)) => assert_eq!(told, path),
					Err(error) => panic!("{error}"),
				}
			}
			assert_eq!(made, 1);
			// Nor does one take its place that saw no file before.
			assert!(matches!(make(&path), Err(KeyError::Exists(_))));
			assert_eq!(fs::read_to_string(&path).unwrap(), text);
		}
	}

	#[test]
	fn what_is_typed_opens_what_a_file_opens() {
		let secret = |text: &str| typed(text).map(|loaded| loaded.secret);
		assert!(
			matches!(secret(" so long a passphrase "), Ok(Secret::Passphrase(text)) if *text == "so long a passphrase")
		);
		let hexadecimal = format!("0x{}", "5a".repeat(32));
		assert!(matches!(secret(&hexadecimal), Ok(Secret::Key(key)) if *key == [0x5a; 32]));
		assert!(matches!(secret(" "), Err(KeyError::StoreMissing)));
	}

	#[test]
	fn a_named_file_is_made_for_a_new_store_only() {
		let home = tempfile::tempdir().unwrap();
		let (folder, named) = (home.path().join("store"), home.path().join("named"));
		assert!(matches!(load(&folder, Some(&named)), Err(KeyError::File { .. })));
		assert_eq!(load_or_make(&folder, Some(&named), false).unwrap().made, Some(named.clone()));
		fs::write(&named, "a passphrase that is long\n").unwrap();
		assert!(matches!(load(&folder, Some(&named)).unwrap().secret, Secret::Passphrase(_)));
		load_or_make(&folder, Some(&named), false).unwrap();
		fs::write(&named, "short").unwrap();
		assert!(matches!(load_or_make(&folder, Some(&named), false), Err(KeyError::TooShort(12))));
		fs::write(&named, "\n").unwrap();
		assert!(matches!(load(&folder, Some(&named)), Err(KeyError::StoreMissing)));
	}
}
