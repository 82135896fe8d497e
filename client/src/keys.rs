// SPDX-License-Identifier: Apache-2.0
//! The signing key. It comes from a file, the environment or a prompt, and never from the command line, where every
//! process of the machine could read it.

use std::{
	fs::File,
	io::{self, IsTerminal, Read},
	path::{Path, PathBuf},
	str::FromStr,
};
use subxt_signer::{sr25519::Keypair, SecretUri};
use zeroize::Zeroizing;

/// The environment variable that may hold the key.
pub const VARIABLE: &str = "EPID_KEY";

/// Longest key file that is read, in bytes.
const MAX_FILE: u64 = 4096;

/// There is no usable key. Never quotes it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
	/// Neither a file nor the environment holds a key, and there is no terminal to ask at.
	#[error("no key: give --key-file, set {VARIABLE}, or run at a terminal")]
	Missing,
	/// The key file could not be read.
	#[error("key file {}: {source}", path.display())]
	File {
		/// Which file.
		path: PathBuf,
		/// What the system said.
		source: io::Error,
	},
	/// The prompt could not be read.
	#[error("the key could not be read from the terminal: {0}")]
	Prompt(io::Error),
	/// Nothing says what opens the store, and there is no terminal to ask at.
	#[error("no key for the store: give --store-key-file, set EPID_STORE_KEY, or run at a terminal")]
	StoreMissing,
	/// Another process makes the same key file.
	#[error("key file {}: another process is making it, or has just made it; run the command again", .0.display())]
	Exists(PathBuf),
	/// A passphrase was typed differently the second time.
	#[error("the passphrases are not the same")]
	NotTheSame,
	/// A passphrase is too short for a new store.
	#[error("a passphrase has at least {0} characters")]
	TooShort(usize),
	/// What was given is no key.
	#[error("not a key: neither a seed (0x and 64 hexadecimal digits), nor a phrase, nor a derivation such as //Name")]
	Malformed,
}

impl KeyError {
	/// The stable name of the kind of problem.
	pub fn name(&self) -> &'static str {
		match self {
			Self::Missing => "key-missing",
			Self::File { .. } => "key-unreadable",
			Self::Prompt(_) => "key-unreadable",
			Self::StoreMissing => "store-key-missing",
			Self::Exists(_) => "store-key-exists",
			Self::NotTheSame => "passphrases-differ",
			Self::TooShort(_) => "passphrase-too-short",
			Self::Malformed => "key-malformed",
		}
	}
}

/// A key and what should be said about where it came from.
pub struct Loaded {
	/// The key.
	pub key: Keypair,
	/// A warning for the person at the terminal.
	pub warning: Option<String>,
}

/// The key from the file, if one is given; else from the environment; else from a prompt, if there is a terminal.
pub fn load(file: Option<&Path>) -> Result<Loaded, KeyError> {
	if let Some(path) = file {
		return from_file(path);
	}
	if let Ok(text) = std::env::var(VARIABLE) {
		return Ok(Loaded { key: parse(&Zeroizing::new(text))?, warning: None });
	}
	if !io::stdin().is_terminal() {
		return Err(KeyError::Missing);
	}
	let text = Zeroizing::new(rpassword::prompt_password("Key (hidden): ").map_err(KeyError::Prompt)?);
	Ok(Loaded { key: parse(&text)?, warning: None })
}

/// The key from a file whose first line is a secret URI or a seed.
pub fn from_file(path: &Path) -> Result<Loaded, KeyError> {
	let failed = |source| KeyError::File { path: path.to_path_buf(), source };
	let file = File::open(path).map_err(failed)?;
	let warning = warning(&file, path).map_err(failed)?;
	let mut text = Zeroizing::new(String::new());
	file.take(MAX_FILE).read_to_string(&mut text).map_err(failed)?;
	Ok(Loaded { key: parse(&text)?, warning })
}

/// What should be said if others can read the file.
#[cfg(unix)]
pub(crate) fn warning(file: &File, path: &Path) -> io::Result<Option<String>> {
	use std::os::unix::fs::PermissionsExt;
	let mode = file.metadata()?.permissions().mode() & 0o777;
	let open = mode & 0o077 != 0;
	Ok(open.then(|| {
		let path = path.display();
		format!("the key file {path} can be read by others (mode {mode:04o}); `chmod 600 {path}` closes it")
	}))
}

#[cfg(not(unix))]
pub(crate) fn warning(_: &File, _: &Path) -> io::Result<Option<String>> {
	Ok(None)
}

/// A key from a secret URI (`phrase//hard/soft///password`, `//Name`) or a seed.
pub fn parse(text: &str) -> Result<Keypair, KeyError> {
	let text = text.lines().next().unwrap_or_default().trim();
	if text.is_empty() {
		return Err(KeyError::Malformed);
	}
	let uri = SecretUri::from_str(text).map_err(|_| KeyError::Malformed)?;
	Keypair::from_uri(&uri).map_err(|_| KeyError::Malformed)
}

#[cfg(test)]
mod tests {
	use super::*;
	use subxt_signer::sr25519::dev;

	fn file(text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("key");
		std::fs::write(&path, text).unwrap();
		#[cfg(unix)]
		{
			use std::os::unix::fs::PermissionsExt;
			std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
		}
		(folder, path)
	}

	fn account(key: &Keypair) -> [u8; 32] {
		key.public_key().0
	}

	#[test]
	fn the_first_line_of_a_file_is_the_key() {
		for text in ["//Alice", "//Alice\n", "  //Alice \r\nsecond line"] {
			let (_folder, path) = file(text, 0o600);
			let loaded = from_file(&path).unwrap();
			assert_eq!(account(&loaded.key), account(&dev::alice()));
			assert_eq!(loaded.warning, None);
		}
	}

	#[test]
	fn seeds_and_phrases_are_keys() {
		let seed = format!("0x{}", "11".repeat(32));
		assert_eq!(account(&parse(&seed).unwrap()), account(&Keypair::from_secret_key([0x11; 32]).unwrap()));
		let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice";
		assert_eq!(account(&parse(phrase).unwrap()), account(&dev::alice()));
	}

	#[cfg(unix)]
	#[test]
	fn a_file_that_others_can_read_is_warned_of() {
		for mode in [0o640, 0o604, 0o666] {
			let (_folder, path) = file("//Alice", mode);
			let warning = from_file(&path).unwrap().warning.unwrap();
			assert!(warning.contains("chmod 600") && !warning.contains("Alice"), "{warning}");
		}
	}

	#[test]
	fn what_is_no_key_is_refused_without_being_quoted() {
		for text in ["", "\n//Alice", "0x1234", "only three words", "a//b//"] {
			let (_folder, path) = file(text, 0o600);
			let error = match from_file(&path) {
				Err(error) => error,
				Ok(_) => panic!("{text:?} was taken"),
			};
			assert!(matches!(error, KeyError::Malformed), "{text:?}: {error:?}");
			assert!(!format!("{error:?} {error}").contains("three"));
		}
	}

	#[test]
	fn a_missing_file_is_told() {
		assert!(matches!(from_file(Path::new("no-such-key")), Err(KeyError::File { .. })));
	}
}
