// SPDX-License-Identifier: Apache-2.0
//! The key files while a store gets another key or passphrase.
//!
//! A key that is to lie beside the store is made as `….new`, and takes the old one's place when the store is locked with
//! it. A key file that would lie in the way of another one's is put aside as `….old` before that. At each moment one of
//! these files, or what the person knows, opens the store, and the next command that looks for it tidies up.

use super::{beside, from_file, long_enough, make, passphrase, Loaded};
use crate::{durable, keys::KeyError};
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

impl<'a> To<'a> {
	/// In the file of this name. One that is to be made beside the store must not lie there before it opens the store.
	pub fn file(folder: &Path, path: &'a Path) -> Self {
		if is_beside(folder, path) && !path.exists() {
			Self::Beside
		} else {
			Self::File(path)
		}
	}
}

/// Whether this is the key file beside the store, whether or not it is there.
pub fn is_beside(folder: &Path, path: &Path) -> bool {
	let place = |path: &Path| {
		let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
		Some((folder.canonicalize().ok()?, path.file_name()?.to_owned()))
	};
	let present = beside(folder);
	match (path.canonicalize(), present.canonicalize()) {
		(Ok(path), Ok(present)) => path == present,
		_ => place(path).is_some_and(|found| Some(found) == place(&present)),
	}
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
	if path.exists() {
		return long_enough(from_file(path)?);
	}
	make(path)
}

/// Before the store is locked anew: puts the key file beside it aside, if it would be taken for the right one.
pub fn put_aside(folder: &Path, to: To) -> Result<Option<PathBuf>, KeyError> {
	let present = beside(folder);
	match to {
		To::File(path) if is_beside(folder, path) => Ok(None),
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

/// The key files that were put aside and can be read, the last one first, if none lies beside the store.
pub fn aside(folder: &Path) -> Vec<(PathBuf, Loaded)> {
	if beside(folder).exists() {
		return Vec::new();
	}
	let there = (1..=MOST_OLD).rev().map(|number| old(folder, number)).filter(|path| path.exists());
	there.filter_map(|path| from_file(&path).ok().map(|loaded| (path, loaded))).collect()
}

fn set_aside(folder: &Path, present: &Path) -> Result<PathBuf, KeyError> {
	// Earlier ones may have been destroyed: the numbers tell which is the last one all the same.
	let last = (1..=MOST_OLD).rev().find(|number| old(folder, *number).exists()).unwrap_or(0);
	let free = Some(last + 1).filter(|number| *number <= MOST_OLD).map(|number| old(folder, number));
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
