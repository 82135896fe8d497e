// SPDX-License-Identifier: Apache-2.0
//! The key files while a store gets another key or passphrase.
//!
//! A key that is to lie beside the store is made as `….new`, and takes the old one's place when the store is locked with
//! it. A key file that would lie in the way of another one's is put aside as `….old` before that. At each moment one of
//! these files, or what the person knows, opens the store, and the next command that looks for it tidies up.

use super::{beside, from_file, long_enough, passphrase, Loaded};
use crate::{durable, keys::KeyError, store::Secret};
use std::{
	ffi::OsString,
	io,
	path::{Path, PathBuf},
};

/// Most old key files that are kept.
const MOST_OLD: u32 = 1000;

/// Where the new secret is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To<'a> {
	/// In the key file beside the store.
	Beside,
	/// In a named file, which is made if it is not there.
	File(&'a Path),
	/// In a person's memory.
	Memory,
}

fn suffixed(folder: &Path, suffix: &str) -> PathBuf {
	let mut name = OsString::from(beside(folder));
	name.push(suffix);
	name.into()
}

fn failed(path: &Path) -> impl Fn(io::Error) -> KeyError + '_ {
	|source| KeyError::File { path: path.to_path_buf(), source }
}

/// Makes the new secret ready. It is durable before anything is locked with it; one that an earlier run made is used.
pub fn prepare(folder: &Path, to: To) -> Result<Loaded, KeyError> {
	match to {
		To::Memory => passphrase(),
		To::Beside => made_or_found(&suffixed(folder, ".new")),
		To::File(path) => made_or_found(path),
	}
}

fn made_or_found(path: &Path) -> Result<Loaded, KeyError> {
	let failed = failed(path);
	if path.exists() {
		return long_enough(from_file(path)?);
	}
	let secret = Secret::random().map_err(|_| failed(io::Error::other("the system gives no random bytes")))?;
	// At one stroke: half a key would be taken for a passphrase.
	durable::write(path, secret.key_text().unwrap_or_default().as_bytes()).map_err(&failed)?;
	Ok(Loaded { made: Some(path.to_path_buf()), ..secret.into() })
}

/// Before the store is locked anew: puts the key file beside it aside, if it would be taken for the right one.
pub fn put_aside(folder: &Path, to: To) -> Result<Option<PathBuf>, KeyError> {
	let present = beside(folder);
	match to {
		To::File(path) if same(path, &present) => Ok(None),
		To::File(_) | To::Memory if present.exists() => set_aside(folder, &present).map(Some),
		To::File(_) | To::Memory | To::Beside => Ok(None),
	}
}

/// Puts a key file back that was put aside and opens the store still.
pub fn put_back(folder: &Path, aside: &Path) -> Result<(), KeyError> {
	rename(aside, &beside(folder))
}

/// After the store was locked anew: the new key takes the old one's place. Says where both are.
pub fn settle(folder: &Path) -> Result<(PathBuf, Option<PathBuf>), KeyError> {
	let present = beside(folder);
	let aside = if present.exists() { Some(set_aside(folder, &present)?) } else { None };
	rename(&suffixed(folder, ".new"), &present)?;
	Ok((present, aside))
}

/// A key that an earlier run made and that did not take its place yet.
pub fn unsettled(folder: &Path) -> Result<Option<Loaded>, KeyError> {
	let path = suffixed(folder, ".new");
	path.exists().then(|| from_file(&path)).transpose()
}

/// The key file that was put aside last, if none lies beside the store.
pub fn aside(folder: &Path) -> Result<Option<(PathBuf, Loaded)>, KeyError> {
	if beside(folder).exists() {
		return Ok(None);
	}
	let newest = (1..MOST_OLD).map(|number| old(folder, number)).take_while(|path| path.exists()).last();
	newest.map(|path| from_file(&path).map(|loaded| (path, loaded))).transpose()
}

fn set_aside(folder: &Path, present: &Path) -> Result<PathBuf, KeyError> {
	let free = (1..MOST_OLD).map(|number| old(folder, number)).find(|path| !path.exists());
	let free = free.ok_or_else(|| failed(present)(io::Error::other("too many old key files")))?;
	rename(present, &free)?;
	Ok(free)
}

fn old(folder: &Path, number: u32) -> PathBuf {
	match number {
		1 => suffixed(folder, ".old"),
		_ => suffixed(folder, &format!(".old{number}")),
	}
}

fn rename(from: &Path, to: &Path) -> Result<(), KeyError> {
	durable::rename(from, to).map_err(failed(from))
}

fn same(one: &Path, other: &Path) -> bool {
	match (one.canonicalize(), other.canonicalize()) {
		(Ok(one), Ok(other)) => one == other,
		_ => one == other,
	}
}
