// SPDX-License-Identifier: Apache-2.0
//! Backups hold everything but the subjects' keys, and are believed only as a whole.

use super::{
	tests::{fresh, record, secret, IDENTITY, KIND},
	*,
};
use crate::record::Prepared;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::{hmac, NativeSha256, Sha256},
	ids::{RecordId, SubjectId},
	moment::Moment,
};
use std::fs;
use tempfile::TempDir;

const ALICE: SubjectId = SubjectId([0xa1; 32]);
const BOB: SubjectId = SubjectId([0xb0; 32]);
const CAROL: SubjectId = SubjectId([0xca; 32]);
const DAVE: SubjectId = SubjectId([0xda; 32]);
const RECORD: RecordId = RecordId([7; 16]);

/// Bytes of an entry of the keys' file.
const ENTRY: usize = 121;

fn of(subject: Option<SubjectId>, name: u32) -> Prepared {
	let mut record = record(name, 0xd1);
	record.facts.subject = subject;
	record
}

/// A store with something in every table, and its backup.
fn backed_up() -> (TempDir, Store, PathBuf) {
	let (folder, store) = fresh();
	let gone = SubjectId([0xdd; 32]);
	store.append(KIND, &[of(None, 0), of(Some(ALICE), 1), of(Some(gone), 2), of(None, 3)]).unwrap();
	store.append(LogKind::Disclosures, &[of(Some(ALICE), 0)]).unwrap();
	store.put_checkpoint(KIND, LogHead { size: 3, root: [3; 32] }, Progress::Finalised { at: Moment(5) }).unwrap();
	let version = store.commit(&of(Some(ALICE), 9), 1, &[]).unwrap();
	let anchor = Anchor { versions: vec![version], entered_in_error: false };
	store.put_anchor(RECORD, &of(None, 9).key, &anchor).unwrap();
	store.forget(gone).unwrap();
	let path = folder.path().join("b.backup");
	let mut rows = 0;
	let copied = store.backup(&path, |count| rows += count).unwrap();
	assert_eq!((copied.rows, copied.bytes), (rows, fs::metadata(&path).unwrap().len()));
	(folder, store, path)
}

fn restore(folder: &Path, backup: &Path, keys: KeysFrom) -> Result<(Store, Copied), StoreError> {
	Store::restore(folder, backup, &secret(), keys, |_| ())
}

fn keys_of(folder: &TempDir) -> Vec<u8> {
	fs::read(folder.path().join(SUBJECTS_FILE)).unwrap()
}

fn opened(store: &Store, sequence: u64) -> Result<Opened, StoreError> {
	let reader = store.log(KIND).unwrap();
	reader.opened(&reader.entry(sequence).unwrap().unwrap())
}

#[test]
fn a_restored_store_is_the_store() {
	let (folder, store, path) = backed_up();
	let other = tempfile::tempdir().unwrap();
	let (restored, copied) = restore(other.path(), &path, KeysFrom::Copy(&keys_of(&folder))).unwrap();
	assert_eq!(copied.bytes, fs::metadata(&path).unwrap().len());
	let head = |store: &Store, kind| crate::log::head(&store.log(kind).unwrap());
	for kind in [KIND, LogKind::Disclosures, LogKind::DeviceStream] {
		assert_eq!(head(&restored, kind), head(&store, kind));
		assert_eq!(restored.newest_finalised(kind).unwrap(), store.newest_finalised(kind).unwrap());
	}
	for sequence in [0, 1, 3] {
		assert_eq!(opened(&restored, sequence).unwrap(), opened(&store, sequence).unwrap());
	}
	assert!(matches!(opened(&restored, 2), Err(StoreError::Forgotten)));
	let (anchor, same) = (store.anchor(RECORD).unwrap().unwrap(), restored.anchor(RECORD).unwrap());
	assert_eq!(same.as_ref(), Some(&anchor));
	restored.opened(anchor.newest().unwrap()).unwrap();
	assert_eq!(restored.anchored(&of(None, 9).key).unwrap(), Some(RECORD));
	assert_eq!(restored.identity(), IDENTITY);
	// It goes on where the store was, and unchanged records are unchanged.
	assert_eq!(restored.append(KIND, &[of(None, 0)]).unwrap()[0].status, Status::Unchanged);
	assert_eq!(restored.append(KIND, &[of(None, 4)]).unwrap()[0].newest.sequence, 4);
}

#[test]
fn a_backup_opens_nothing_by_itself_nor_anything_that_was_forgotten_since() {
	let (folder, store, path) = backed_up();
	let opening = opened(&store, 1).unwrap().opening;
	let bytes = fs::read(&path).unwrap();
	for secret in [&opening.salt.0 .0, &opening.digest.0, &ALICE.0] {
		assert!(!bytes.windows(32).any(|window| window == secret));
	}
	let alone = tempfile::tempdir().unwrap();
	assert!(matches!(restore(alone.path(), &path, KeysFrom::Folder), Err(StoreError::SubjectKeysMissing(_))));
	let (restored, _) = restore(alone.path(), &path, KeysFrom::Nowhere).unwrap();
	assert!((0..2).all(|sequence| matches!(opened(&restored, sequence), Err(StoreError::SubjectKeyMissing))));

	// Forgotten after the backup was made: the keys of today do not open her records of then.
	store.forget(ALICE).unwrap();
	let later = tempfile::tempdir().unwrap();
	let (restored, _) = restore(later.path(), &path, KeysFrom::Copy(&keys_of(&folder))).unwrap();
	opened(&restored, 0).unwrap();
	assert!(matches!(opened(&restored, 1), Err(StoreError::Forgotten)));
	let anchor = restored.anchor(RECORD).unwrap().unwrap();
	assert!(matches!(restored.opened(anchor.newest().unwrap()), Err(StoreError::Forgotten)));
}

#[test]
fn a_damaged_backup_is_refused_wherever_it_is_damaged() {
	let (folder, store, path) = backed_up();
	drop(store);
	let bytes = fs::read(&path).unwrap();
	let (other, bad) = (tempfile::tempdir().unwrap(), folder.path().join("bad"));
	let keys = keys_of(&folder);
	let refused = |bytes: &[u8]| {
		fs::write(&bad, bytes).unwrap();
		restore(other.path(), &bad, KeysFrom::Copy(&keys)).map(|_| ()).unwrap_err()
	};
	for place in (0..bytes.len()).step_by(97).chain(bytes.len() - 40..bytes.len()) {
		let mut changed = bytes.clone();
		changed[place] ^= 1;
		let error = refused(&changed);
		let expected = matches!(
			error,
			StoreError::BadBackup(_) | StoreError::WrongKey | StoreError::OtherFormat { .. } | StoreError::Damaged(_)
		);
		assert!(expected, "byte {place}: {error:?}");
	}
	for length in (0..bytes.len()).step_by(211) {
		let error = refused(&bytes[..length]);
		assert!(matches!(error, StoreError::BadBackup(_)), "{length}: {error:?}");
	}
	assert!(matches!(refused(&[bytes.as_slice(), &[0]].concat()), StoreError::BadBackup(_)));
	// Nothing was written meanwhile.
	assert!(fs::read_dir(other.path()).unwrap().next().is_none());
	restore(other.path(), &path, KeysFrom::Copy(&keys)).unwrap();
}

#[test]
fn a_backup_that_the_store_would_not_write_is_refused_under_its_own_key_too() {
	let (folder, store, path) = backed_up();
	let (other, bad) = (tempfile::tempdir().unwrap(), folder.path().join("bad"));
	let (keys, bytes) = (keys_of(&folder), fs::read(&path).unwrap());
	let restored = |body: &[u8]| {
		let code = hmac::<NativeSha256>(store.vault.backups().as_slice(), &[&NativeSha256::hash(&[body])]);
		fs::write(&bad, [body, &code].concat()).unwrap();
		restore(other.path(), &bad, KeysFrom::Copy(&keys)).map(|_| ())
	};
	let body = &bytes[..bytes.len() - 32];
	let (end, rows) = body.split_last().unwrap();
	assert!(matches!(restored(&[body, &[0]].concat()), Err(StoreError::BadBackup(_))), "it goes on after its end");
	for table in 1..=13 {
		let row = [&[table, 3, 0, 0, 0][..], &[0; 3], &[1, 0, 0, 0, 7], &[*end]].concat();
		assert!(matches!(restored(&[rows, &row].concat()), Err(StoreError::BadBackup(_))), "table {table}");
	}
	restored(body).unwrap();
}

#[test]
fn restoring_overwrites_nothing() {
	let (folder, store, path) = backed_up();
	drop(store);
	let keys = keys_of(&folder);
	for from in [KeysFrom::Folder, KeysFrom::Copy(&keys), KeysFrom::Nowhere] {
		assert!(matches!(restore(folder.path(), &path, from), Err(StoreError::Exists(_))));
	}
	// The database is lost, the subjects' keys are there: they are used, and no others.
	fs::remove_file(folder.path().join(FILE)).unwrap();
	assert!(matches!(restore(folder.path(), &path, KeysFrom::Nowhere), Err(StoreError::KeysWithoutStore(_))));
	let (stranger, _store) = fresh();
	let foreign = keys_of(&stranger);
	assert!(matches!(restore(folder.path(), &path, KeysFrom::Copy(&foreign)), Err(StoreError::Exists(_))));
	assert_eq!(keys_of(&folder), keys);
	let empty = tempfile::tempdir().unwrap();
	assert!(matches!(restore(empty.path(), &path, KeysFrom::Copy(&foreign)), Err(StoreError::OtherSubjectKeys(_))));
	opened(&restore(folder.path(), &path, KeysFrom::Folder).unwrap().0, 1).unwrap();
}

/// What a restored store has of the keys: those of Bob and Carol, and how many bytes of their file were left out.
fn kept(store: &Store) -> (usize, u64) {
	let has = |subject: &SubjectId| store.doomed(Forget::Subject(*subject)).is_ok();
	([BOB, CAROL].iter().filter(|subject| has(subject)).count(), store.torn_keys())
}

#[test]
fn keys_whose_writing_was_cut_off_are_restored_but_for_their_torn_end() {
	let (folder, store, path) = backed_up();
	let sound = keys_of(&folder);
	store.append(KIND, &[of(Some(BOB), 20), of(Some(CAROL), 21)]).unwrap();
	drop(store);
	let newest = keys_of(&folder);
	let (before, added) = newest.split_at(sound.len());
	assert_eq!((before, added.len()), (sound.as_slice(), 2 * ENTRY));
	for came in [0, 1, 60, ENTRY - 8, ENTRY, ENTRY + 1, ENTRY + 60, 2 * ENTRY - 8, 2 * ENTRY] {
		// The file ends there, or has grown already and zeros stand for the rest.
		let (whole, short) = (came / ENTRY, [before, &added[..came]].concat());
		let grown = [short.as_slice(), &vec![0; 2 * ENTRY - came]].concat();
		for keys in [short, grown] {
			let told = (whole, (keys.len() - before.len() - whole * ENTRY) as u64);
			let (copied, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
			fs::write(there.path().join(SUBJECTS_FILE), &keys).unwrap();
			for (home, from) in [(&copied, KeysFrom::Copy(&keys)), (&there, KeysFrom::Folder)] {
				let (store, _) = restore(home.path(), &path, from).unwrap();
				assert_eq!((kept(&store), store.lost_keys()), (told, 0), "{came}");
				assert!(matches!(opened(&store, 2), Err(StoreError::Forgotten)));
				// What comes next takes the torn end's place.
				store.append(KIND, &[of(Some(DAVE), 22)]).unwrap();
				drop(store);
				let store = Store::open(home.path(), &secret()).unwrap();
				assert_eq!((kept(&store), store.lost_keys()), ((whole, 0), 0), "{came}");
				for sequence in [0, 1, 3, 4] {
					opened(&store, sequence).unwrap();
				}
			}
		}
	}
}

#[test]
fn damaged_keys_are_not_taken_for_a_torn_end() {
	let (folder, store, path) = backed_up();
	store.append(KIND, &[of(Some(BOB), 20), of(Some(CAROL), 21)]).unwrap();
	drop(store);
	let newest = keys_of(&folder);
	let last = newest.len() - ENTRY;
	let refused = |change: &dyn Fn(&mut Vec<u8>)| {
		let (home, mut keys) = (tempfile::tempdir().unwrap(), newest.clone());
		change(&mut keys);
		let refused = restore(home.path(), &path, KeysFrom::Copy(&keys)).map(|_| ());
		assert!(matches!(refused, Err(StoreError::SubjectKeysDamaged(_))), "{refused:?}");
		assert!(!home.path().join(SUBJECTS_FILE).exists());
	};
	refused(&|keys| keys[last + 50] ^= 1);
	refused(&|keys| keys[last..last + 100].fill(0));
	// A key that is complete stands behind it; and zeros stand behind one that is damaged.
	refused(&|keys| keys[last - ENTRY..last].fill(0));
	refused(&|keys| {
		keys[last + 50] ^= 1;
		keys.extend([0; ENTRY]);
	});
}

#[test]
fn a_key_that_a_torn_end_lacks_is_missed_if_the_backup_needs_it() {
	let (folder, store, path) = backed_up();
	store.append(KIND, &[of(Some(BOB), 20)]).unwrap();
	let later = path.with_extension("later");
	store.backup(&later, |_| ()).unwrap();
	drop(store);
	let newest = keys_of(&folder);
	let mut torn = newest.clone();
	torn[newest.len() - ENTRY..].fill(0);
	let home = tempfile::tempdir().unwrap();
	let (store, _) = restore(home.path(), &later, KeysFrom::Copy(&torn)).unwrap();
	assert_eq!((store.torn_keys(), store.lost_keys()), (ENTRY as u64, 1));
	assert!(matches!(store.append(KIND, &[of(Some(CAROL), 21)]), Err(StoreError::SubjectKeysLost(1))));
	drop(store);
	fs::write(home.path().join(SUBJECTS_FILE), newest).unwrap();
	let store = Store::open(home.path(), &secret()).unwrap();
	assert_eq!(store.lost_keys(), 0);
	opened(&store, 4).unwrap();
}

#[test]
fn another_secret_restores_nothing() {
	let (_folder, _store, path) = backed_up();
	let other = tempfile::tempdir().unwrap();
	let result = Store::restore(other.path(), &path, &Secret::random().unwrap(), KeysFrom::Nowhere, |_| ());
	assert!(matches!(result, Err(StoreError::WrongKey)));
}
