// SPDX-License-Identifier: Apache-2.0
//! A disk in memory that fails when it is told to: what was not synchronised when the power went may be there, or not, or in
//! part.

use super::{
	medium::{builder, Medium},
	StoreError, SUBJECTS_FILE,
};
use redb::{Database, StorageBackend};
use std::{
	io,
	path::{Path, PathBuf},
	sync::{Arc, Mutex, MutexGuard},
};

/// What happens at a point where something is to become durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
	/// The disk answers with an error; nothing of it becomes durable, and the process goes on.
	Refused,
	/// The power goes before anything becomes durable.
	Before,
	/// The power goes when some of it is durable.
	Amid,
	/// The power goes when all of it is durable and the process does not know.
	After,
}

impl Fault {
	/// All of them.
	pub const ALL: [Self; 4] = [Self::Refused, Self::Before, Self::Amid, Self::After];
}

#[derive(Clone, Debug)]
enum Change {
	Length(u64),
	Bytes(u64, Vec<u8>),
}

fn apply(image: &mut Vec<u8>, change: &Change) {
	match change {
		Change::Length(length) => image.resize(*length as usize, 0),
		Change::Bytes(offset, bytes) => {
			let (from, to) = (*offset as usize, *offset as usize + bytes.len());
			if image.len() < to {
				image.resize(to, 0);
			}
			image[from..to].copy_from_slice(bytes);
		},
	}
}

#[derive(Debug, Default)]
struct State {
	/// What survives.
	durable: Vec<u8>,
	/// What a running process sees.
	seen: Vec<u8>,
	/// What leads from the one to the other.
	pending: Vec<Change>,
	/// Whether the database has its name.
	named: bool,
	subjects: Option<Vec<u8>>,
	/// How many points were passed, and at which one something happens.
	points: u64,
	fault: Option<(u64, Fault)>,
	dead: bool,
	random: u64,
}

impl State {
	/// A choice that is the same in every run.
	fn chance(&mut self) -> bool {
		self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
		self.random >> 63 == 1
	}

	fn alive(&self) -> io::Result<()> {
		if self.dead {
			return Err(io::Error::other("the power is off"));
		}
		Ok(())
	}

	/// A point where something is to become durable. Says what happens there.
	fn point(&mut self) -> io::Result<Option<Fault>> {
		self.alive()?;
		self.points += 1;
		Ok(self.fault.filter(|(at, _)| *at == self.points).map(|(_, fault)| fault))
	}

	fn power_off(&mut self) -> io::Result<()> {
		self.dead = true;
		self.alive()
	}

	fn sync(&mut self) -> io::Result<()> {
		let fault = self.point()?;
		match fault {
			Some(Fault::Refused) => return Err(io::Error::other("the disk refuses")),
			Some(Fault::Before) => return self.power_off(),
			Some(Fault::Amid) => {
				for change in std::mem::take(&mut self.pending) {
					if self.chance() {
						apply(&mut self.durable, &change);
					}
				}
				return self.power_off();
			},
			Some(Fault::After) | None => (),
		}
		for change in std::mem::take(&mut self.pending) {
			apply(&mut self.durable, &change);
		}
		match fault {
			Some(_) => self.power_off(),
			None => Ok(()),
		}
	}

	/// The database gets its name, or not.
	fn name(&mut self) -> io::Result<()> {
		let fault = self.point()?;
		self.named = matches!(fault, None | Some(Fault::After)) || (fault == Some(Fault::Amid) && self.chance());
		match fault {
			None => Ok(()),
			Some(Fault::Refused) => Err(io::Error::other("the disk refuses")),
			Some(_) => self.power_off(),
		}
	}

	fn change(&mut self, change: Change) -> io::Result<()> {
		self.alive()?;
		apply(&mut self.seen, &change);
		self.pending.push(change);
		Ok(())
	}
}

/// The disk. Clones are the same disk.
#[derive(Clone, Debug)]
pub struct Disk {
	state: Arc<Mutex<State>>,
	folder: PathBuf,
}

impl Disk {
	/// An empty disk.
	pub fn new(seed: u64) -> Self {
		let state = State { random: seed, ..State::default() };
		Self { state: Arc::new(Mutex::new(state)), folder: PathBuf::from("disk") }
	}

	/// Something happens at the so-manieth point from now where something becomes durable; the first is 1.
	pub fn fail_at(&self, point: u64, fault: Fault) {
		let mut state = self.state();
		state.fault = Some((state.points + point, fault));
	}

	/// How many points were passed.
	pub fn points(&self) -> u64 {
		self.state().points
	}

	/// The process is gone, and whatever it had not made durable; another one may start.
	pub fn restart(&self) {
		let mut state = self.state();
		for change in std::mem::take(&mut state.pending) {
			if state.chance() {
				apply(&mut state.durable, &change);
			}
		}
		state.seen = state.durable.clone();
		(state.fault, state.dead) = (None, false);
	}

	fn state(&self) -> MutexGuard<'_, State> {
		self.state.lock().unwrap()
	}
}

impl StorageBackend for Disk {
	fn len(&self) -> io::Result<u64> {
		self.state().alive()?;
		Ok(self.state().seen.len() as u64)
	}

	fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
		let state = self.state();
		state.alive()?;
		let from = offset as usize;
		let bytes = state.seen.get(from..from + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
		out.copy_from_slice(bytes);
		Ok(())
	}

	fn set_len(&self, length: u64) -> io::Result<()> {
		self.state().change(Change::Length(length))
	}

	fn sync_data(&self) -> io::Result<()> {
		self.state().sync()
	}

	fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
		self.state().change(Change::Bytes(offset, data.to_vec()))
	}
}

impl Medium for Disk {
	fn folder(&self) -> &Path {
		&self.folder
	}

	fn database(&self, make: bool) -> Result<Database, StoreError> {
		let failed = |source| StoreError::Io { path: self.folder.clone(), source };
		self.state().alive().map_err(failed)?;
		if !self.state().named {
			if !make {
				return Err(StoreError::NotInitialised(self.folder.clone()));
			}
			let mut state = self.state();
			(state.durable, state.seen, state.pending) = Default::default();
			drop(state);
			drop(builder().create_with_backend(self.clone())?);
			self.state().name().map_err(failed)?;
		}
		Ok(builder().create_with_backend(self.clone())?)
	}

	fn subjects(&self) -> io::Result<Option<Vec<u8>>> {
		self.state().alive()?;
		Ok(self.state().subjects.clone())
	}

	fn extend_subjects(&self, length: u64, bytes: &[u8]) -> io::Result<()> {
		let mut state = self.state();
		let fault = state.point()?;
		let mut file = state.subjects.clone().ok_or_else(|| io::Error::other(SUBJECTS_FILE))?;
		file.truncate(length as usize);
		file.extend(match fault {
			Some(Fault::Refused | Fault::Before) => &[],
			// As long as it was to become, and half of it zeros: file systems do that.
			Some(Fault::Amid) => &bytes[..bytes.len() / 2],
			Some(Fault::After) | None => bytes,
		});
		if fault == Some(Fault::Amid) {
			file.resize(length as usize + bytes.len(), 0);
		}
		state.subjects = Some(file);
		match fault {
			None => Ok(()),
			Some(Fault::Refused) => Err(io::Error::other("the disk refuses")),
			Some(_) => state.power_off(),
		}
	}

	fn replace_subjects(&self, bytes: &[u8]) -> io::Result<()> {
		let mut state = self.state();
		let fault = state.point()?;
		// A rename takes place or does not.
		if matches!(fault, None | Some(Fault::After)) || (fault == Some(Fault::Amid) && state.chance()) {
			state.subjects = Some(bytes.to_vec());
		}
		match fault {
			None => Ok(()),
			Some(Fault::Refused) => Err(io::Error::other("the disk refuses")),
			Some(_) => state.power_off(),
		}
	}
}
