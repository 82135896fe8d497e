// SPDX-License-Identifier: Apache-2.0
//! Files that must not be lost. All of them pass here, so that tests can let each point fail at which one becomes durable: it
//! stands under its name only when it is complete, and before anything is built on it.

use std::{
	fs::{self, File, OpenOptions, TryLockError},
	io::{self, Write},
	path::{Path, PathBuf},
};

/// Opens an empty file that only its owner can read; what it held is gone. A device or a pipe keeps its mode: it is there for
/// others too.
pub fn create(path: &Path) -> io::Result<File> {
	open(path, true)
}

fn open(path: &Path, emptied: bool) -> io::Result<File> {
	#[cfg(test)]
	faults::alive()?;
	let mut options = OpenOptions::new();
	options.read(true).write(true).create(true).truncate(emptied);
	#[cfg(unix)]
	std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
	let file = options.open(path)?;
	// The mode above is for new files only. What is no file, such as /dev/null, is not ours to close.
	#[cfg(unix)]
	if file.metadata()?.is_file() {
		file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
	}
	Ok(file)
}

/// Opens a file that is there, to be changed.
pub fn change(path: &Path) -> io::Result<File> {
	#[cfg(test)]
	faults::alive()?;
	OpenOptions::new().write(true).open(path)
}

/// What was written to the file is durable; it is new from this place on.
pub fn sync(file: &File, from: u64) -> io::Result<()> {
	#[cfg(test)]
	if let Some(fault) = faults::point()? {
		return faults::torn(file, from, fault);
	}
	#[cfg(not(test))]
	let _ = from;
	file.sync_all()
}

/// Gives a file this name, at one stroke and durably. What had the name before has none afterwards; a device or a pipe keeps it.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
	if fs::symlink_metadata(to).is_ok_and(|there| !there.is_file() && !there.is_symlink()) {
		return Err(io::Error::other(format!("{} is no file, and is not replaced", to.display())));
	}
	#[cfg(test)]
	if let Some(fault) = faults::point()? {
		return faults::renamed(from, to, fault);
	}
	fs::rename(from, to)?;
	#[cfg(unix)]
	if let Some(folder) = to.parent() {
		let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
		File::open(folder)?.sync_all()?;
	}
	Ok(())
}

/// Writes a file that only its owner can read, at one stroke: the old content is there or the new one, also after a crash.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
	let part = part_of(path);
	let mut file = create(&part)?;
	file.write_all(content)?;
	sync(&file, 0)?;
	rename(&part, path)
}

/// Writes a file that is not there yet as [`write`] does. Of several processes that are about to, one does; the others are told
/// that it is there already ([`io::ErrorKind::AlreadyExists`]).
pub fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
	let part = part_of(path);
	// Not emptied before it is locked: another process may be writing it. The lock of one that died is gone with it.
	let mut file = open(&part, false)?;
	match file.try_lock() {
		Ok(()) => (),
		Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::AlreadyExists.into()),
		// Where nothing can be locked, the next line has to do.
		Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => (),
		Err(TryLockError::Error(error)) => return Err(error),
	}
	if path.exists() {
		fs::remove_file(&part).ok();
		return Err(io::ErrorKind::AlreadyExists.into());
	}
	file.set_len(0)?;
	file.write_all(content)?;
	sync(&file, 0)?;
	rename(&part, path)
}

/// Under which name a file is written until it is complete.
pub fn part_of(path: &Path) -> PathBuf {
	let mut part = path.as_os_str().to_owned();
	part.push(".part");
	part.into()
}

/// The points of this thread at which something becomes durable, and which of them fails. What was not durable when the power
/// went is not there afterwards, or in part.
#[cfg(test)]
pub mod faults {
	use crate::store::disk::Fault;
	use std::{
		cell::RefCell,
		fs::{self, File},
		io,
		path::Path,
	};

	#[derive(Default)]
	struct State {
		points: u64,
		fault: Option<(u64, Fault)>,
		dead: bool,
	}

	thread_local! {
		static STATE: RefCell<State> = RefCell::default();
	}

	/// Something happens at the so-manieth point from now; the first is 1.
	pub fn fail_at(point: u64, fault: Fault) {
		STATE.with_borrow_mut(|state| state.fault = Some((state.points + point, fault)));
	}

	/// How many points were passed.
	pub fn points() -> u64 {
		STATE.with_borrow(|state| state.points)
	}

	/// Another process may start.
	pub fn restart() {
		STATE.with_borrow_mut(|state| (state.fault, state.dead) = (None, false));
	}

	/// Whether the power is still on.
	pub fn alive() -> io::Result<()> {
		STATE.with_borrow(|state| if state.dead { Err(io::Error::other("the power is off")) } else { Ok(()) })
	}

	fn ended(fault: Fault) -> io::Result<()> {
		STATE.with_borrow_mut(|state| state.dead = fault != Fault::Refused);
		Err(io::Error::other(format!("{fault:?}")))
	}

	pub(super) fn point() -> io::Result<Option<Fault>> {
		alive()?;
		STATE.with_borrow_mut(|state| {
			state.points += 1;
			Ok(state.fault.filter(|(at, _)| *at == state.points).map(|(_, fault)| fault))
		})
	}

	pub(super) fn torn(file: &File, from: u64, fault: Fault) -> io::Result<()> {
		let length = file.metadata()?.len();
		match fault {
			Fault::Refused => (),
			Fault::Before => file.set_len(from.min(length))?,
			Fault::Amid => {
				// Half of it, or as long as it was to become and half of it zeros: file systems do either.
				file.set_len((from + length) / 2)?;
				if points().is_multiple_of(2) {
					file.set_len(length)?;
				}
			},
			Fault::After => file.sync_all()?,
		}
		ended(fault)
	}

	pub(super) fn renamed(from: &Path, to: &Path, fault: Fault) -> io::Result<()> {
		if fault == Fault::After || (fault == Fault::Amid && points().is_multiple_of(2)) {
			fs::rename(from, to)?;
		}
		ended(fault)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::store::disk::Fault;

	#[cfg(unix)]
	#[test]
	fn what_is_no_file_keeps_its_mode_and_its_name() {
		use std::os::unix::fs::{FileTypeExt, PermissionsExt};
		let home = tempfile::tempdir().unwrap();
		let pipe = home.path().join("pipe");
		let made = std::process::Command::new("mkfifo").args(["-m", "644"]).arg(&pipe).status().unwrap();
		assert!(made.success());
		drop(create(&pipe).unwrap());
		assert_eq!(fs::metadata(&pipe).unwrap().permissions().mode() & 0o777, 0o644);
		let refused = write(&pipe, b"new").unwrap_err().to_string();
		assert!(refused.contains("is no file"), "{refused}");
		assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
	}

	#[test]
	fn a_new_file_takes_no_other_ones_place() {
		let home = tempfile::tempdir().unwrap();
		let path = home.path().join("f");
		let exists = |written: io::Result<()>| written.is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists);
		// Another process is about to give it its name.
		let other = create(&part_of(&path)).unwrap();
		other.try_lock().unwrap();
		(&other).write_all(b"a key that is longer").unwrap();
		assert!(exists(write_new(&path, b"new")) && !path.exists());
		assert_eq!(fs::read(part_of(&path)).unwrap(), b"a key that is longer");
		// It died.
		drop(other);
		write_new(&path, b"new").unwrap();
		assert!(exists(write_new(&path, b"other")));
		assert_eq!(fs::read(&path).unwrap(), b"new");
		assert!(!part_of(&path).exists());
	}

	#[test]
	fn a_file_is_there_as_before_or_as_after_wherever_its_writing_fails() {
		let home = tempfile::tempdir().unwrap();
		let path = home.path().join("f");
		for before in [None, Some("old and longer")] {
			for fault in Fault::ALL {
				for point in 1..=3 {
					fs::remove_file(&path).ok();
					before.iter().for_each(|before| write(&path, before.as_bytes()).unwrap());
					faults::fail_at(point, fault);
					let written = write(&path, b"new");
					faults::restart();
					assert_eq!(written.is_ok(), point == 3, "{fault:?} at {point}");
					let found = fs::read_to_string(&path).ok();
					let expected = [before, Some("new")].contains(&found.as_deref());
					assert!(expected && (written.is_err() || found.as_deref() == Some("new")), "{fault:?}: {found:?}");
					write(&path, b"new").unwrap();
					assert_eq!(fs::read_to_string(&path).unwrap(), "new");
				}
			}
		}
	}
}
