// SPDX-License-Identifier: Apache-2.0
//! Backups: all rows as they are, sealed, in one authenticated file. The subjects' keys are never in it, nor is what opens
//! the store.

use super::{
	create_tables,
	medium::{Folder, Medium},
	put_settings,
	rows::{
		ANCHORED, ANCHORS, CHECKPOINTS, ENTRIES, FORGOTTEN, FORMAT, FRONTIERS, NODES, RECORDS, RENEWALS, SECONDS,
		SECOND_FRONTIERS, SECOND_NODES,
	},
	seal::{backup_key, decode, KeyBytes},
	secret::{Secret, Settings},
	settings, subjects, Store, StoreError,
};
use crate::durable;
use codec::Encode;
use epidaurus_primitives::hash::{hmac, NativeSha256};
use redb::{Key, ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
	fs::File,
	io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
	path::Path,
	sync::Arc,
};

const MAGIC: &[u8; 19] = b"epidaurus/backup/v1";

/// Longest settings that are read, in bytes.
const MAX_SETTINGS: u32 = 4096;

/// Marks the end of the rows.
const END: u8 = 0;

/// Bytes of the authentication code.
const TAG: usize = 32;

type Rows<K> = TableDefinition<'static, K, &'static [u8]>;

/// What was written to a backup or read from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Copied {
	/// Number of rows.
	pub rows: u64,
	/// Length of the backup.
	pub bytes: u64,
}

/// Where the subjects' keys of a restored store come from.
#[derive(Clone, Copy, Debug)]
pub enum KeysFrom<'a> {
	/// From the file that is in the folder already.
	Folder,
	/// From a copy of that file.
	Copy(&'a [u8]),
	/// From nowhere: they are lost, and no record of the backup can be opened.
	Nowhere,
}

/// Counts and hashes what passes.
struct Through<T> {
	inner: T,
	hash: Sha256,
	copied: Copied,
}

impl<T> Through<T> {
	fn new(inner: T) -> Self {
		Self { inner, hash: Sha256::new(), copied: Copied::default() }
	}

	fn count(&mut self, bytes: &[u8]) {
		self.hash.update(bytes);
		self.copied.bytes = self.copied.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
	}
}

impl<T: Write> Through<T> {
	fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
		self.count(bytes);
		self.inner.write_all(bytes)
	}

	fn put_sized(&mut self, bytes: &[u8]) -> io::Result<()> {
		let length = u32::try_from(bytes.len()).map_err(|_| io::Error::other("a row that is too long"))?;
		self.put(&length.to_le_bytes())?;
		self.put(bytes)
	}
}

impl<T: Read> Through<T> {
	fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
		let mut bytes = [0; N];
		self.inner.read_exact(&mut bytes)?;
		self.count(&bytes);
		Ok(bytes)
	}

	fn take_sized(&mut self) -> io::Result<Vec<u8>> {
		let length = u32::from_le_bytes(self.take()?);
		let mut bytes = Vec::new();
		self.inner.by_ref().take(u64::from(length)).read_to_end(&mut bytes)?;
		if u32::try_from(bytes.len()) != Ok(length) {
			return Err(io::ErrorKind::UnexpectedEof.into());
		}
		self.count(&bytes);
		Ok(bytes)
	}
}

fn tag(key: &KeyBytes, hash: Sha256) -> [u8; TAG] {
	hmac::<NativeSha256>(key.as_slice(), &[&hash.finalize()])
}

fn failed(path: &Path) -> impl Fn(io::Error) -> StoreError + '_ {
	|source| match source.kind() {
		io::ErrorKind::UnexpectedEof => StoreError::BadBackup("it is cut off"),
		_ => StoreError::Io { path: path.to_path_buf(), source },
	}
}

impl Store {
	/// Writes everything but the subjects' keys to a file, as it is at this moment. The file is there when it is complete
	/// and durable, and not before. `advance` is told the number of rows.
	pub fn backup(&self, path: &Path, advance: impl FnMut(u64)) -> Result<Copied, StoreError> {
		let part = durable::part_of(path);
		let failed = failed(&part);
		let mut sink = Through::new(BufWriter::new(durable::create(&part).map_err(&failed)?));
		self.write_rows(&mut sink, &failed, advance)?;
		let tag = tag(self.vault.backups(), sink.hash.clone());
		sink.put(&tag).map_err(&failed)?;
		let file = sink.inner.into_inner().map_err(|error| failed(error.into_error()))?;
		durable::sync(&file, 0).and_then(|()| durable::rename(&part, path)).map_err(&failed)?;
		Ok(sink.copied)
	}

	fn write_rows(
		&self,
		sink: &mut Through<impl Write>,
		failed: &impl Fn(io::Error) -> StoreError,
		mut advance: impl FnMut(u64),
	) -> Result<(), StoreError> {
		sink.put(MAGIC).and_then(|()| sink.put_sized(&(FORMAT, &self.settings).encode())).map_err(failed)?;
		let read = self.read()?;
		let mut put = |code: u8, key: &[u8], row: &[u8]| {
			sink.put(&[code]).and_then(|()| sink.put_sized(key)).and_then(|()| sink.put_sized(row)).map_err(failed)?;
			sink.copied.rows = sink.copied.rows.saturating_add(1);
			advance(1);
			Ok(())
		};
		dump(&read, 1, ENTRIES, &mut put)?;
		dump(&read, 2, NODES, &mut put)?;
		dump(&read, 3, FRONTIERS, &mut put)?;
		dump(&read, 4, RECORDS, &mut put)?;
		dump(&read, 5, CHECKPOINTS, &mut put)?;
		dump(&read, 6, ANCHORS, &mut put)?;
		dump(&read, 7, ANCHORED, &mut put)?;
		dump(&read, 8, FORGOTTEN, &mut put)?;
		dump(&read, 9, SECONDS, &mut put)?;
		dump(&read, 10, SECOND_NODES, &mut put)?;
		dump(&read, 11, SECOND_FRONTIERS, &mut put)?;
		dump(&read, 12, RENEWALS, &mut put)?;
		sink.put(&[END]).map_err(failed)
	}

	/// Makes a store in the folder from a backup. All of it is there afterwards, or nothing.
	pub fn restore(
		folder: &Path,
		backup: &Path,
		secret: &Secret,
		keys: KeysFrom,
		advance: impl FnMut(u64),
	) -> Result<(Self, Copied), StoreError> {
		Self::restore_on(Arc::new(Folder::make(folder)?), backup, secret, keys, advance)
	}

	/// [`Self::restore`] on any medium.
	pub fn restore_on(
		medium: Arc<dyn Medium>,
		backup: &Path,
		secret: &Secret,
		keys: KeysFrom,
		mut advance: impl FnMut(u64),
	) -> Result<(Self, Copied), StoreError> {
		let failed = failed(backup);
		let mut file = BufReader::new(File::open(backup).map_err(&failed)?);
		let (stated, _) = read_settings(&mut file, &failed)?;
		let key = stated.unlock(secret)?;
		// All of it is authenticated before any of it is believed.
		ensure_genuine(&mut file, &key, &failed)?;
		let database = medium.database(true)?;
		if settings(&database)?.is_some() {
			return Err(StoreError::Exists(medium.folder().to_path_buf()));
		}
		subjects::settle(&*medium, stated.id, &key, keys)?;
		file.seek(SeekFrom::Start(0)).map_err(&failed)?;
		let (_, mut source) = read_settings(&mut file, &failed)?;
		let transaction = database.begin_write()?;
		create_tables(&transaction)?;
		loop {
			let [code] = source.take().map_err(&failed)?;
			if code == END {
				break;
			}
			let (name, row) = (source.take_sized().map_err(&failed)?, source.take_sized().map_err(&failed)?);
			load(&transaction, code, &name, &row)?;
			source.copied.rows = source.copied.rows.saturating_add(1);
			advance(1);
		}
		// What was read now is what was authenticated, up to the end of the file.
		ensure_tag(&key, source.hash.clone(), source.take().map_err(&failed)?)?;
		put_settings(&transaction, &stated)?;
		transaction.commit()?;
		let store = Self::unlocked(database, stated, &key, medium)?;
		if matches!(keys, KeysFrom::Nowhere) {
			store.accept_lost_keys()?;
		}
		Ok((store, source.copied))
	}
}

fn read_settings<R: Read>(
	file: R,
	failed: &impl Fn(io::Error) -> StoreError,
) -> Result<(Settings, Through<R>), StoreError> {
	let bad = || StoreError::BadBackup("it is not a backup of a store");
	let mut source = Through::new(file);
	let magic: [u8; MAGIC.len()] = source.take().map_err(|_| bad())?;
	if magic != *MAGIC {
		return Err(bad());
	}
	let length = u32::from_le_bytes(source.take().map_err(failed)?);
	if length > MAX_SETTINGS {
		return Err(bad());
	}
	let mut stated = vec![0; usize::try_from(length).unwrap_or_default()];
	source.inner.read_exact(&mut stated).map_err(failed)?;
	source.count(&stated);
	let found = stated.first_chunk().map(|format| u32::from_le_bytes(*format)).ok_or_else(bad)?;
	if found != FORMAT {
		return Err(StoreError::OtherFormat { found, known: FORMAT });
	}
	let (_, settings): (u32, Settings) = decode(&stated).ok_or_else(bad)?;
	Ok((settings, source))
}

/// Reads the file from its beginning and compares the code at its end.
fn ensure_genuine(
	file: &mut BufReader<File>,
	key: &KeyBytes,
	failed: &impl Fn(io::Error) -> StoreError,
) -> Result<(), StoreError> {
	let length = file.get_ref().metadata().map_err(failed)?.len();
	let body = length.saturating_sub(u64::try_from(TAG).unwrap_or_default());
	file.seek(SeekFrom::Start(0)).map_err(failed)?;
	let mut hash = Sha256::new();
	io::copy(&mut file.by_ref().take(body), &mut hash).map_err(failed)?;
	let mut stated = [0; TAG];
	file.read_exact(&mut stated).map_err(failed)?;
	ensure_tag(key, hash, stated)
}

fn ensure_tag(key: &KeyBytes, hash: Sha256, stated: [u8; TAG]) -> Result<(), StoreError> {
	if tag(&backup_key(key)?, hash) != stated {
		return Err(StoreError::BadBackup("it was cut off or changed"));
	}
	Ok(())
}

fn dump<K: Key + 'static>(
	read: &ReadTransaction,
	code: u8,
	table: Rows<K>,
	put: &mut impl FnMut(u8, &[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
	for item in ReadableTable::iter(&read.open_table(table)?)? {
		let (key, row) = item?;
		put(code, K::as_bytes(&key.value()).as_ref(), row.value())?;
	}
	Ok(())
}

fn load(transaction: &WriteTransaction, code: u8, key: &[u8], row: &[u8]) -> Result<(), StoreError> {
	match code {
		1 => insert(transaction, ENTRIES, key, row),
		2 => insert(transaction, NODES, key, row),
		3 => insert(transaction, FRONTIERS, key, row),
		4 => insert(transaction, RECORDS, key, row),
		5 => insert(transaction, CHECKPOINTS, key, row),
		6 => insert(transaction, ANCHORS, key, row),
		7 => insert(transaction, ANCHORED, key, row),
		8 => insert(transaction, FORGOTTEN, key, row),
		9 => insert(transaction, SECONDS, key, row),
		10 => insert(transaction, SECOND_NODES, key, row),
		11 => insert(transaction, SECOND_FRONTIERS, key, row),
		12 => insert(transaction, RENEWALS, key, row),
		_ => Err(StoreError::BadBackup("it has a table that this program does not know")),
	}
}

fn insert<K: Key + 'static>(
	transaction: &WriteTransaction,
	table: Rows<K>,
	key: &[u8],
	row: &[u8],
) -> Result<(), StoreError> {
	// The database takes it for granted.
	if K::fixed_width().is_some_and(|width| width != key.len()) {
		return Err(StoreError::BadBackup("it has a row whose key is none of its table"));
	}
	transaction.open_table(table)?.insert(K::from_bytes(key), row)?;
	Ok(())
}
