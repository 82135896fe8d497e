// SPDX-License-Identifier: Apache-2.0
//! Backups of the store, and copies of the file of subjects' keys: whoever lacks the store's key can only have them refused,
//! and then nothing is written; whoever has it gets back what was put in, and no row in another's place.

use crate::{
	log, scratch,
	source::Source,
	store::{medium, Entry, KeysFrom, LogReader, Opened, Secret, Store, StoreError, SUBJECTS_FILE},
};
use epidaurus_primitives::ehr::LogKind;
use std::{
	collections::BTreeMap,
	fs,
	sync::{Arc, LazyLock},
};

#[path = "../../client/src/store/disk.rs"]
pub mod disk;
mod file;
mod honest;

use disk::Disk;
use file::{Backup, Row};
use honest::{Honest, KINDS};
use medium::Medium;

static HONEST: LazyLock<Honest> = LazyLock::new(Honest::make);

/// The secret that opens the honest store.
pub const SECRET: [u8; 32] = [0x5c; 32];

/// The table of destroyed keys.
const FORGOTTEN: u8 = 8;

/// The first byte says what the others are to be.
pub fn check(bytes: &[u8]) {
	let mut source = Source(bytes);
	match source.byte() % 4 {
		0 => refused(source.0),
		1 => check_changed(&mut source),
		2 => check_rows(&mut source),
		_ => check_keys(&mut source),
	}
}

fn secret() -> Secret {
	Secret::Key(SECRET.into())
}

/// Restores on a disk of its own.
fn restore(backup: &[u8], keys: KeysFrom) -> (Disk, Result<Store, StoreError>) {
	let (disk, path) = (Disk::new(0), scratch::file(backup));
	let mut rows = 0;
	let restored = Store::restore_on(Arc::new(disk.clone()), &path, &secret(), keys, |count| rows += count);
	let restored = restored.map(|(store, copied)| {
		assert_eq!((copied.rows, copied.bytes), (rows, backup.len() as u64));
		store
	});
	(disk, restored)
}

/// A file that nobody wrote who has the store's key.
fn refused(backup: &[u8]) {
	let (disk, restored) = restore(backup, KeysFrom::Copy(&HONEST.keys));
	tell(restored.map(drop).expect_err("a file that the store's key did not authenticate"));
	let opened = Store::open_on(Arc::new(disk.clone()), &secret());
	assert!(matches!(opened, Err(StoreError::NotInitialised(_))), "nothing was written");
	assert!(disk.subjects().is_ok_and(|keys| keys.is_none()));
}

fn tell(error: StoreError) {
	drop((error.name(), error.to_string()));
}

/// Does to a backup what the bytes say.
fn check_changed(source: &mut Source<'_>) {
	let mut backup = HONEST.backup.clone();
	for _ in 0..=source.byte() % 3 {
		let (from, to) = (source.below(backup.len().max(1)), source.below(backup.len().max(1)));
		match source.byte() % 4 {
			0 => backup.copy_within(from.min(to)..from.max(to), 0),
			1 => drop(backup.splice(from.min(to)..from.max(to), source.0.iter().copied())),
			_ => source.change(&mut backup),
		}
	}
	if backup != HONEST.backup {
		refused(&backup);
	}
}

/// Rows as the bytes say, under the store's key.
fn check_rows(source: &mut Source<'_>) {
	let mut backup = Backup::read(&HONEST.backup);
	for _ in 0..=source.byte() % 4 {
		edit(source, &mut backup.rows);
	}
	if source.byte() == 0xff {
		backup.rest = source.0.to_vec();
	}
	let (disk, restored) = restore(&backup.write(&SECRET), KeysFrom::Copy(&HONEST.keys));
	match restored {
		Ok(store) => {
			read(&store);
			let (mut found, mut put) = (backed_up(&store), backup.by_key());
			// What the keys' file says to be destroyed, the store writes down, and anew where the row cannot be read.
			found.retain(|row, _| row.0 != FORGOTTEN || put.contains_key(row));
			for rows in [&mut found, &mut put] {
				rows.iter_mut().filter(|(row, _)| row.0 == FORGOTTEN).for_each(|(_, sealed)| sealed.clear());
			}
			assert_eq!(found, put);
		},
		Err(error) => {
			tell(error);
			tell(Store::open_on(Arc::new(disk), &secret()).map(drop).expect_err("a store that was not restored"));
		},
	}
}

fn edit(source: &mut Source<'_>, rows: &mut Vec<Row>) {
	let (one, other) = (source.below(rows.len()), source.below(rows.len()));
	let Some(from) = rows.get(other).cloned() else { return };
	let row = &mut rows[one];
	match source.byte() % 9 {
		0 => drop(rows.remove(one)),
		1 => rows.push(from),
		2 => row.table = source.byte(),
		3 => source.change(&mut row.key),
		4 => source.change(&mut row.sealed),
		5 => row.key = from.key,
		6 => row.sealed = from.sealed,
		7 => rows.swap(one, other),
		_ => {
			let (table, length) = (source.byte(), usize::from(source.byte()));
			rows.push(Row { table, key: source.take(length).to_vec(), sealed: from.sealed });
		},
	}
}

/// The rows of a store, as its backup has them.
fn backed_up(store: &Store) -> BTreeMap<(u8, Vec<u8>), Vec<u8>> {
	let path = scratch::file(&[]);
	store.backup(&path, drop).expect("a disk in memory");
	Backup::read(&fs::read(&path).expect("it was written")).by_key()
}

/// A copy of the subjects' keys as the bytes say, with an honest backup.
fn check_keys(source: &mut Source<'_>) {
	let mut keys = HONEST.keys.clone();
	match source.byte() % 4 {
		0 => keys = source.0.to_vec(),
		1 => keys.extend_from_slice(source.0),
		_ => source.change(&mut keys),
	}
	match restore(&HONEST.backup, KeysFrom::Copy(&keys)).1 {
		Ok(store) => read(&store),
		Err(error) => tell(error),
	}
}

/// Reads everything: what is there is what was put in, or is missing, or is told to be damaged.
fn read(store: &Store) {
	for kind in KINDS {
		match store.log(kind) {
			Ok(reader) => read_log(store, &reader),
			Err(error) => tell(error),
		}
		let mut heads = 0u64;
		let counted = store.checkpoints_from_newest(kind, |_, _| {
			heads += 1;
			true
		});
		counted.unwrap_or_else(tell);
		store.newest_finalised(kind).map(drop).unwrap_or_else(tell);
		store.renewals(kind).map(drop).unwrap_or_else(tell);
	}
	for record in store.anchor_ids().expect("a disk in memory") {
		match store.anchor(record) {
			Ok(anchor) => {
				assert!(anchor.is_none() || anchor == HONEST.anchors.get(&record.0).cloned());
				for version in anchor.iter().flat_map(|anchor| &anchor.versions) {
					store.opened(version).map(drop).unwrap_or_else(tell);
				}
			},
			Err(error) => tell(error),
		}
	}
}

fn read_log(store: &Store, reader: &LogReader) {
	let kind = reader.kind();
	let honest = |sequence| HONEST.entries.get(&(kind_code(kind), sequence));
	for sequence in 0..reader.size().min(honest::MANY) {
		match reader.entry(sequence) {
			Ok(Some(entry)) => {
				let (known, opening) = honest(sequence).expect("an entry that was put in");
				assert_eq!(entry, *known);
				read_entry(reader, &entry, opening.as_ref());
			},
			Ok(None) => (),
			Err(error) => tell(error),
		}
		log::prove(reader, sequence, reader.size()).map(drop).unwrap_or_else(tell);
		store.renewal_of(kind, sequence).map(drop).unwrap_or_else(tell);
	}
	match store.second_tree(kind) {
		Ok(tree) => log::second_head_at(&tree, tree.size()).map(drop).unwrap_or_else(tell),
		Err(error) => tell(error),
	}
}

fn read_entry(reader: &LogReader, entry: &Entry, known: Option<&Opened>) {
	match reader.opened(entry) {
		Ok(opened) => {
			assert_eq!(Some(&opened), known);
			let newest = reader.newest(&opened.key).and_then(|newest| {
				newest.map(|newest| reader.version(newest, opened.opening.header.version)).transpose()
			});
			newest.map(drop).unwrap_or_else(tell);
		},
		Err(error) => tell(error),
	}
}

fn kind_code(kind: LogKind) -> u8 {
	KINDS.iter().position(|known| *known == kind).unwrap_or_default() as u8
}
