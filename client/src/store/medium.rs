// SPDX-License-Identifier: Apache-2.0
//! What a store is written on: a folder, or in tests something that fails when it is told to.

use super::{StoreError, FILE, SUBJECTS_FILE};
use crate::durable;
use redb::{Builder, Database, DatabaseError};
use std::{
	fs::{self, File},
	io::{self, Seek, SeekFrom, Write},
	path::{Path, PathBuf},
};

/// Memory that the database may use for pages, in bytes.
const CACHE: usize = 64 << 20;

/// A database, and beside it the small file with the subjects' keys. What a call wrote is durable when it returns.
pub trait Medium: core::fmt::Debug + Send + Sync {
	/// Where it is.
	fn folder(&self) -> &Path;
	/// Opens the database; if there is none, makes an empty one when it is told to, at one stroke. One process has it open at
	/// a time, and only that one touches the other file.
	fn database(&self, make: bool) -> Result<Database, StoreError>;
	/// The file of subjects' keys, if there is one.
	fn subjects(&self) -> io::Result<Option<Vec<u8>>>;
	/// Cuts the file of subjects' keys to this length and adds bytes to it.
	fn extend_subjects(&self, length: u64, bytes: &[u8]) -> io::Result<()>;
	/// Puts another file of subjects' keys in the place of the old one, at one stroke, and wipes the old one.
	fn replace_subjects(&self, bytes: &[u8]) -> io::Result<()>;
}

/// How databases of this program are opened.
pub fn builder() -> Builder {
	let mut builder = Builder::new();
	builder.set_cache_size(CACHE);
	builder
}

/// A folder that only its owner may read.
#[derive(Debug)]
pub struct Folder {
	path: PathBuf,
}

impl Folder {
	/// The folder, which need not be there.
	pub fn at(path: &Path) -> Self {
		Self { path: path.to_path_buf() }
	}

	/// The folder; it is made if it is not there.
	pub fn make(path: &Path) -> Result<Self, StoreError> {
		make_folder(path).map_err(|source| StoreError::Io { path: path.to_path_buf(), source })?;
		Ok(Self::at(path))
	}

	/// Whether there is a database.
	fn is_made(&self) -> Result<bool, StoreError> {
		let path = self.path.join(FILE);
		match fs::metadata(&path) {
			Ok(metadata) => Ok(metadata.len() > 0),
			Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
			Err(source) => Err(StoreError::Io { path, source }),
		}
	}

	/// Makes an empty database. Of several processes that are about to, one does: it holds the folder for as long as it keeps the
	/// answer.
	fn make_database(&self) -> Result<Option<File>, StoreError> {
		let path = self.path.join(FILE);
		let failed = |source| StoreError::Io { path: path.clone(), source };
		let held = hold(&self.path)?;
		// Another process may have made it before this one held the folder.
		if !self.is_made()? {
			// Under its name only when it is a database: one that was cut off while it was made opens never again.
			let fresh = self.path.join(format!("{FILE}.new"));
			let file = durable::create(&fresh).map_err(failed)?;
			drop(builder().create_file(file).map_err(|error| opening(error, &self.path))?);
			durable::rename(&fresh, &path).map_err(failed)?;
		}
		Ok(held)
	}
}

impl Medium for Folder {
	fn folder(&self) -> &Path {
		&self.path
	}

	fn database(&self, make: bool) -> Result<Database, StoreError> {
		let _held = match self.is_made()? {
			true => None,
			false if make => self.make_database()?,
			false => return Err(StoreError::NotInitialised(self.path.clone())),
		};
		builder().open(self.path.join(FILE)).map_err(|error| opening(error, &self.path))
	}

	fn subjects(&self) -> io::Result<Option<Vec<u8>>> {
		match fs::read(self.path.join(SUBJECTS_FILE)) {
			Ok(bytes) => Ok(Some(bytes)),
			Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
			Err(error) => Err(error),
		}
	}

	fn extend_subjects(&self, length: u64, bytes: &[u8]) -> io::Result<()> {
		let mut file = durable::change(&self.path.join(SUBJECTS_FILE))?;
		file.set_len(length)?;
		file.seek(SeekFrom::Start(length))?;
		file.write_all(bytes)?;
		durable::sync(&file, length)
	}

	fn replace_subjects(&self, bytes: &[u8]) -> io::Result<()> {
		let (path, fresh) = (self.path.join(SUBJECTS_FILE), self.path.join(format!("{SUBJECTS_FILE}.new")));
		let mut file = durable::create(&fresh)?;
		file.write_all(bytes)?;
		durable::sync(&file, 0)?;
		let old = match durable::change(&path) {
			Ok(old) => Some(old),
			Err(error) if error.kind() == io::ErrorKind::NotFound => None,
			Err(error) => return Err(error),
		};
		durable::rename(&fresh, &path)?;
		match old {
			Some(old) => wipe(old),
			None => Ok(()),
		}
	}
}

/// Holds a folder against other processes that would make a store in it. Where folders cannot be locked, nobody is held off.
#[cfg(unix)]
fn hold(folder: &Path) -> Result<Option<File>, StoreError> {
	let file = File::open(folder).map_err(|source| StoreError::Io { path: folder.to_path_buf(), source })?;
	match file.try_lock() {
		Err(fs::TryLockError::WouldBlock) => Err(StoreError::InUse(folder.to_path_buf())),
		Ok(()) | Err(fs::TryLockError::Error(_)) => Ok(Some(file)),
	}
}

#[cfg(not(unix))]
fn hold(_: &Path) -> Result<Option<File>, StoreError> {
	Ok(None)
}

/// Overwrites a file that has lost its name.
fn wipe(mut file: File) -> io::Result<()> {
	let mut left = file.metadata()?.len();
	let zeros = [0; 1 << 16];
	while left > 0 {
		let count = zeros.len().min(usize::try_from(left).unwrap_or(zeros.len()));
		file.write_all(zeros.get(..count).unwrap_or_default())?;
		left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
	}
	durable::sync(&file, 0)
}

fn opening(error: DatabaseError, folder: &Path) -> StoreError {
	match error {
		DatabaseError::DatabaseAlreadyOpen => StoreError::InUse(folder.to_path_buf()),
		other => other.into(),
	}
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
	use std::os::unix::fs::DirBuilderExt;
	fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
	fs::create_dir_all(folder)
}
