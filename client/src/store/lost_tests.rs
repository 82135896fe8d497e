// SPDX-License-Identifier: Apache-2.0
//! Keys that are damaged or lost are told, and no new one takes their place unseen; one record is forgotten without the others.

use super::{
	forget::Forget,
	tests::{fresh, record, secret, IDENTITY, KIND},
	*,
};
use crate::record::Prepared;
use epidaurus_primitives::ids::{RecordId, SubjectId};
use std::fs;
use tempfile::TempDir;

const ALICE: SubjectId = SubjectId([0xa1; 32]);
const BOB: SubjectId = SubjectId([0xb0; 32]);
const CAROL: SubjectId = SubjectId([0xca; 32]);

/// Bytes of an entry of the file.
const ENTRY: usize = 121;

fn of(subject: Option<SubjectId>, name: u32) -> Prepared {
	let mut record = record(name, 0xd1);
	record.facts.subject = subject;
	record
}

fn keys(folder: &TempDir) -> PathBuf {
	folder.path().join(SUBJECTS_FILE)
}

fn open(folder: &TempDir) -> Result<Store, StoreError> {
	Store::open(folder.path(), &secret())
}

fn opened(store: &Store, sequence: u64) -> Result<Opened, StoreError> {
	let reader = store.log(KIND).unwrap();
	reader.opened(&reader.entry(sequence).unwrap().unwrap())
}

/// Entry 0 of Alice, 1 of Bob, 2 of nobody, each in a change of its own.
fn three() -> (TempDir, Store) {
	let (folder, store) = fresh();
	for (subject, name) in [Some(ALICE), Some(BOB), None].into_iter().zip(0..) {
		store.append(KIND, &[of(subject, name)]).unwrap();
	}
	(folder, store)
}

fn anchored(store: &Store, id: u8, subject: Option<SubjectId>) -> RecordId {
	let (record, prepared) = (RecordId([id; 16]), of(subject, 100 + u32::from(id)));
	let version = store.commit(&prepared, 1, &[]).unwrap();
	let anchor = Anchor { versions: vec![version], entered_in_error: false };
	store.put_anchor(record, &prepared.key, &anchor).unwrap();
	record
}

fn version(store: &Store, record: RecordId) -> Result<Opened, StoreError> {
	store.opened(store.anchor(record).unwrap().unwrap().newest().unwrap())
}

#[test]
fn a_damaged_key_is_told_wherever_it_stands_and_nothing_is_overwritten() {
	let (folder, store) = three();
	drop(store);
	let sound = fs::read(keys(&folder)).unwrap();
	let entries = (sound.len() - 32) / ENTRY;
	assert_eq!(entries, 3);
	for damaged in 1..=entries {
		// The last one alone, the last two, all of them; by a bit, or by zeros.
		for zeros in [false, true] {
			let mut file = sound.clone();
			for entry in file[32..].chunks_exact_mut(ENTRY).rev().take(damaged) {
				if zeros {
					entry.fill(0);
				} else {
					entry[50] ^= 1;
				}
			}
			fs::write(keys(&folder), &file).unwrap();
			assert!(matches!(open(&folder), Err(StoreError::SubjectKeysDamaged(_))), "{damaged} {zeros}");
			assert_eq!(fs::read(keys(&folder)).unwrap(), file);
		}
	}
	let mut first = sound.clone();
	first[40] ^= 1;
	fs::write(keys(&folder), first).unwrap();
	assert!(matches!(open(&folder), Err(StoreError::SubjectKeysDamaged(_))));
	fs::write(keys(&folder), sound).unwrap();
	let store = open(&folder).unwrap();
	(0..3).for_each(|sequence| drop(opened(&store, sequence).unwrap()));
}

#[test]
fn no_new_key_is_made_while_one_is_lost_until_that_is_accepted() {
	let (folder, store) = three();
	drop(store);
	let sound = fs::read(keys(&folder)).unwrap();
	// An older copy of the file, in whole entries or not: Bob's key and that of nobody are lost.
	for cut in [32 + ENTRY, 32 + ENTRY + 60] {
		fs::write(keys(&folder), &sound[..cut]).unwrap();
		let store = open(&folder).unwrap();
		assert_eq!(store.lost_keys(), 2);
		opened(&store, 0).unwrap();
		assert!((1..3).all(|sequence| matches!(opened(&store, sequence), Err(StoreError::SubjectKeyMissing))));
		for subject in [Some(BOB), None, Some(CAROL)] {
			let refused = store.append(KIND, &[of(subject, 50)]);
			assert!(matches!(refused, Err(StoreError::SubjectKeysLost(2))), "{refused:?}");
		}
		assert!(matches!(store.commit(&of(Some(BOB), 51), 1, &[]), Err(StoreError::SubjectKeysLost(2))));
		assert!(matches!(store.salt_about(BOB, &[b"x"]), Err(StoreError::SubjectKeysLost(2))));
		// Whose key is there goes on.
		assert_eq!(store.append(KIND, &[of(Some(ALICE), 0)]).unwrap()[0].status, Status::Unchanged);
		// Nor is a subject said to be forgotten, of which a lost key may open something one day.
		for subject in [ALICE, BOB, CAROL] {
			assert!(matches!(store.forget(subject), Err(StoreError::SubjectKeysLost(2))));
		}
	}
	// The newest copy is put back. Its end is needed still, and not taken for a torn one.
	let mut damaged = sound.clone();
	damaged[32 + ENTRY + 50] ^= 1;
	fs::write(keys(&folder), &damaged).unwrap();
	assert!(matches!(open(&folder), Err(StoreError::SubjectKeysDamaged(_))));
	fs::write(keys(&folder), &sound).unwrap();
	let store = open(&folder).unwrap();
	assert_eq!(store.lost_keys(), 0);
	store.append(KIND, &[of(Some(CAROL), 60)]).unwrap();
	drop(store);
	let newest = fs::read(keys(&folder)).unwrap();
	fs::write(keys(&folder), &sound).unwrap();
	let store = open(&folder).unwrap();
	assert_eq!((store.lost_keys(), store.accept_lost_keys().unwrap(), store.lost_keys()), (1, 1, 0));
	drop(store);
	let store = open(&folder).unwrap();
	assert_eq!(store.lost_keys(), 0, "it stays accepted");
	store.append(KIND, &[of(Some(CAROL), 61)]).unwrap();
	assert!(matches!(opened(&store, 3), Err(StoreError::SubjectKeyMissing)));
	opened(&store, 4).unwrap();
	drop(store);
	// What was made since is lost with the copy that has it no more.
	fs::write(keys(&folder), newest).unwrap();
	let store = open(&folder).unwrap();
	opened(&store, 3).unwrap();
	assert_eq!(store.lost_keys(), 1);
}

#[test]
fn the_key_of_a_pseudonym_without_records_is_missed_too() {
	let (folder, store) = three();
	let before = fs::read(keys(&folder)).unwrap();
	store.new_subject().unwrap();
	store.salt_about(CAROL, &[b"x"]).unwrap();
	drop(store);
	fs::write(keys(&folder), before).unwrap();
	assert_eq!(open(&folder).unwrap().lost_keys(), 2);
}

#[test]
fn a_store_that_did_not_know_its_keys_finds_out_when_it_is_opened() {
	let (folder, store) = three();
	anchored(&store, 1, Some(BOB));
	store
		.write(|transaction| {
			transaction.delete_table(rows::MADE)?;
			transaction.delete_table(rows::LOST)?;
			transaction.open_table(SETTINGS)?.remove(KEYS_KEY)?;
			Ok(())
		})
		.unwrap();
	// The change itself noted the length again: as an older program leaves it, there is none.
	let transaction = store.database.begin_write().unwrap();
	transaction.open_table(SETTINGS).unwrap().remove(KEYS_KEY).unwrap();
	transaction.commit().unwrap();
	drop(store);
	let sound = fs::read(keys(&folder)).unwrap();
	// All that is complete must be readable where nothing says how much is needed.
	let mut damaged = sound.clone();
	*damaged.last_mut().unwrap() ^= 1;
	fs::write(keys(&folder), damaged).unwrap();
	assert!(matches!(open(&folder), Err(StoreError::SubjectKeysDamaged(_))));
	fs::write(keys(&folder), &sound[..32 + ENTRY]).unwrap();
	assert_eq!(open(&folder).unwrap().lost_keys(), 3);
	fs::write(keys(&folder), &sound).unwrap();
	let store = open(&folder).unwrap();
	assert_eq!(store.lost_keys(), 0);
	version(&store, RecordId([1; 16])).unwrap();
}

#[test]
fn what_was_destroyed_is_no_loss_with_any_copy_of_the_database() {
	let (folder, store) = three();
	let (backup, older) = (folder.path().join("b.backup"), fs::read(keys(&folder)).unwrap());
	store.backup(&backup, |_| ()).unwrap();
	store.forget(ALICE).unwrap();
	drop(store);
	let home = tempfile::tempdir().unwrap();
	let copy = fs::read(keys(&folder)).unwrap();
	let restore = |keys| Store::restore(home.path(), &backup, &secret(), keys, |_| ());
	let (store, _) = restore(KeysFrom::Copy(&copy)).unwrap();
	assert!(matches!(opened(&store, 0), Err(StoreError::Forgotten)));
	assert_eq!(store.lost_keys(), 0);
	store.append(KIND, &[of(Some(CAROL), 9)]).unwrap();
	drop(store);

	// Nor is it undone by an older copy of the keys, although the database is as old as that.
	fs::write(keys(&home), &older).unwrap();
	let store = open(&home).unwrap();
	assert!(matches!(opened(&store, 0), Err(StoreError::Forgotten)));
	assert!(fs::read(keys(&home)).unwrap() != older);
	drop(store);

	// A damaged copy is refused before anything is written; without any, all is lost, and that was said.
	let home = tempfile::tempdir().unwrap();
	let restore = |keys| Store::restore(home.path(), &backup, &secret(), keys, |_| ());
	let mut damaged = copy.clone();
	*damaged.last_mut().unwrap() ^= 1;
	assert!(matches!(restore(KeysFrom::Copy(&damaged)), Err(StoreError::SubjectKeysDamaged(_))));
	assert!(!home.path().join(SUBJECTS_FILE).exists());
	let (store, _) = restore(KeysFrom::Nowhere).unwrap();
	assert!((0..3).all(|sequence| matches!(opened(&store, sequence), Err(StoreError::SubjectKeyMissing))));
	store.append(KIND, &[of(Some(ALICE), 9)]).unwrap();
}

fn key_of(store: &Store, sequence: u64) -> rows::KeyId {
	store.log(KIND).unwrap().entry(sequence).unwrap().unwrap().sealed.subject
}

/// The keys whose rows are damaged, and matter.
fn damaged(store: &Store) -> Vec<rows::KeyId> {
	store.damaged_key_rows().into_iter().map(|(key, _)| key).collect()
}

#[test]
fn a_damaged_row_of_a_key_that_was_made_concerns_that_key_alone() {
	let (folder, store) = three();
	let bobs = key_of(&store, 1);
	store.damage_key_for_test(rows::MADE, bobs);
	drop(store);
	// The key is there: its row is written anew.
	let store = open(&folder).unwrap();
	(0..3).for_each(|sequence| drop(opened(&store, sequence).unwrap()));
	assert_eq!((store.lost_keys(), damaged(&store)), (0, vec![]));
	let made = store.listed::<()>(rows::MADE).unwrap();
	assert!(made.read.contains(&bobs) && made.unread.is_empty());
	// It is not there: it is lost like others, and nothing takes its place.
	store.damage_key_for_test(rows::MADE, bobs);
	drop(store);
	let sound = fs::read(keys(&folder)).unwrap();
	fs::write(keys(&folder), &sound[..32 + ENTRY]).unwrap();
	let store = open(&folder).unwrap();
	assert_eq!((store.lost_keys(), damaged(&store)), (2, vec![bobs]));
	opened(&store, 0).unwrap();
	assert!(matches!(opened(&store, 1), Err(StoreError::SubjectKeyMissing)));
	assert!(matches!(store.append(KIND, &[of(Some(BOB), 50)]), Err(StoreError::SubjectKeysLost(2))));
	assert_eq!(store.append(KIND, &[of(Some(ALICE), 0)]).unwrap()[0].status, Status::Unchanged);
	// Either way out is there still.
	drop(store);
	fs::write(keys(&folder), &sound).unwrap();
	let store = open(&folder).unwrap();
	assert_eq!((store.lost_keys(), damaged(&store)), (0, vec![]));
	store.damage_key_for_test(rows::MADE, bobs);
	drop(store);
	fs::write(keys(&folder), &sound[..32 + ENTRY]).unwrap();
	assert_eq!(open(&folder).unwrap().accept_lost_keys().unwrap(), 2);
	let store = open(&folder).unwrap();
	assert_eq!((store.lost_keys(), damaged(&store)), (0, vec![]));
	store.append(KIND, &[of(Some(BOB), 50)]).unwrap();
}

#[test]
fn a_damaged_row_of_an_accepted_loss_accepts_nothing() {
	let (folder, store) = three();
	let bobs = key_of(&store, 1);
	drop(store);
	let sound = fs::read(keys(&folder)).unwrap();
	fs::write(keys(&folder), &sound[..32 + ENTRY]).unwrap();
	let store = open(&folder).unwrap();
	assert_eq!(store.accept_lost_keys().unwrap(), 2);
	store.damage_key_for_test(rows::LOST, bobs);
	drop(store);
	let store = open(&folder).unwrap();
	assert_eq!((store.lost_keys(), damaged(&store)), (1, vec![bobs]));
	opened(&store, 0).unwrap();
	assert!(matches!(store.append(KIND, &[of(Some(BOB), 50)]), Err(StoreError::SubjectKeysLost(1))));
	assert_eq!(store.accept_lost_keys().unwrap(), 1);
	drop(store);
	let store = open(&folder).unwrap();
	assert_eq!((store.lost_keys(), damaged(&store)), (0, vec![]));
	store.append(KIND, &[of(Some(BOB), 50)]).unwrap();
}

#[test]
fn a_damaged_row_of_a_forgotten_key_undoes_no_forgetting() {
	let (folder, store) = three();
	let (alices, older) = (key_of(&store, 0), fs::read(keys(&folder)).unwrap());
	let home = tempfile::tempdir().unwrap();
	let backup = home.path().join("b.backup");
	store.forget(ALICE).unwrap();
	store.backup(&backup, |_| ()).unwrap();
	store.damage_key_for_test(rows::FORGOTTEN, alices);
	drop(store);
	// The keys' file says it, too: the row is written anew, and holds against an older copy of that file.
	for _ in 0..2 {
		let store = open(&folder).unwrap();
		assert!(matches!(opened(&store, 0), Err(StoreError::Forgotten)));
		assert!(damaged(&store).is_empty());
		drop(store);
		fs::write(keys(&folder), &older).unwrap();
	}

	// Both at once: nothing says that the key was destroyed, so nothing is opened with it, and it is not destroyed either.
	let store = open(&folder).unwrap();
	store.damage_key_for_test(rows::FORGOTTEN, alices);
	drop(store);
	fs::write(keys(&folder), &older).unwrap();
	let in_doubt = |store: &Store| {
		assert_eq!((store.lost_keys(), damaged(store)), (0, vec![alices]));
		assert!(matches!(opened(store, 0), Err(StoreError::KeyInDoubt(key)) if key == alices));
		opened(store, 2).unwrap();
	};
	let store = open(&folder).unwrap();
	in_doubt(&store);
	opened(&store, 1).unwrap();
	for refused in [
		store.append(KIND, &[of(Some(ALICE), 0)]).map(drop),
		store.append(KIND, &[of(Some(ALICE), 50)]).map(drop),
		store.salt_about(ALICE, &[b"x"]).map(drop),
	] {
		assert!(matches!(refused, Err(StoreError::KeyInDoubt(_))), "{refused:?}");
	}
	// Everybody else goes on, also where the file is written anew.
	store.append(KIND, &[of(Some(BOB), 51), of(Some(CAROL), 52)]).unwrap();
	store.forget(BOB).unwrap();
	in_doubt(&store);
	drop(store);
	let store = open(&folder).unwrap();
	in_doubt(&store);

	// The way out: the row comes back from a backup, or the key is destroyed for good.
	let restored =
		Store::restore(&home.path().join("s"), &backup, &secret(), KeysFrom::Copy(&older), |_| ()).unwrap().0;
	assert!(matches!(opened(&restored, 0), Err(StoreError::Forgotten)));
	assert_eq!(store.forget(ALICE).unwrap(), Forgotten { entries: 1, versions: 0 });
	for store in [Some(store), None] {
		// Before and after it is opened again.
		let store = store.map_or_else(|| open(&folder), Ok).unwrap();
		assert!(matches!(opened(&store, 0), Err(StoreError::Forgotten)));
		assert!(damaged(&store).is_empty());
	}
}

#[test]
fn a_row_of_a_forgotten_key_holds_wherever_it_stands() {
	let (folder, store) = three();
	let (alices, older) = (key_of(&store, 0), fs::read(keys(&folder)).unwrap());
	store.forget(ALICE).unwrap();
	// As if the bytes had changed that say whose row it is.
	let transaction = store.database.begin_write().unwrap();
	{
		let mut table = transaction.open_table(rows::FORGOTTEN).unwrap();
		let row = table.remove(&alices).unwrap().unwrap().value().to_vec();
		table.insert(&[9u8; 16], row.as_slice()).unwrap();
	}
	transaction.commit().unwrap();
	drop(store);
	fs::write(keys(&folder), &older).unwrap();
	let store = open(&folder).unwrap();
	assert!(matches!(opened(&store, 0), Err(StoreError::Forgotten)));
	assert!(fs::read(keys(&folder)).unwrap() != older);
	assert_eq!(damaged(&store), [[9u8; 16]]);
	(1..3).for_each(|sequence| drop(opened(&store, sequence).unwrap()));
}

#[test]
fn a_record_whose_key_is_in_doubt_is_forgotten_alone_and_not_amended() {
	let (folder, store) = three();
	let record = anchored(&store, 1, Some(ALICE));
	let first = store.anchor(record).unwrap().unwrap().versions;
	store.damage_key_for_test(rows::FORGOTTEN, first[0].sealed.subject);
	drop(store);
	let store = open(&folder).unwrap();
	assert!(matches!(version(&store, record), Err(StoreError::KeyInDoubt(_))));
	assert!(matches!(store.commit(&of(Some(ALICE), 101), 2, &first), Err(StoreError::KeyInDoubt(_))));
	opened(&store, 0).unwrap();
	let doomed = store.doomed(Forget::Record(record)).unwrap();
	assert_eq!(store.destroy(&doomed).unwrap(), Forgotten { entries: 0, versions: 1 });
	assert!(matches!(version(&store, record), Err(StoreError::Forgotten)));
}

#[test]
fn one_record_is_forgotten_and_everything_else_stays() {
	let (folder, store) = three();
	let (nobodys, other) = (anchored(&store, 1, None), anchored(&store, 2, None));
	let (alices, second) = (anchored(&store, 3, Some(ALICE)), anchored(&store, 4, Some(ALICE)));
	let salts = [nobodys, alices].map(|record| version(&store, record).unwrap().opening.salt.0 .0);
	let backup = folder.path().join("b.backup");
	store.backup(&backup, |_| ()).unwrap();
	for record in [nobodys, alices] {
		let doomed = store.doomed(Forget::Record(record)).unwrap();
		assert_eq!(doomed.records.keys().copied().collect::<Vec<_>>(), [record]);
		assert_eq!(store.destroy(&doomed).unwrap(), Forgotten { entries: 0, versions: 1 });
		assert!(matches!(store.doomed(Forget::Record(record)), Err(StoreError::NotFound(_))));
	}
	let check = |store: &Store| {
		for gone in [nobodys, alices] {
			assert!(matches!(version(store, gone), Err(StoreError::Forgotten)));
		}
		for kept in [other, second] {
			version(store, kept).unwrap();
		}
		(0..3).for_each(|sequence| drop(opened(store, sequence).unwrap()));
		assert_eq!(store.lost_keys(), 0);
	};
	check(&store);
	drop(store);
	check(&open(&folder).unwrap());
	let home = tempfile::tempdir().unwrap();
	let copy = fs::read(keys(&folder)).unwrap();
	check(&Store::restore(home.path(), &backup, &secret(), KeysFrom::Copy(&copy), |_| ()).unwrap().0);
	for file in [keys(&folder), backup, folder.path().join(FILE)] {
		let bytes = fs::read(file).unwrap();
		assert!(salts.iter().all(|salt| !bytes.windows(32).any(|window| window == salt)));
	}

	// Forgetting the subject reaches its other record, and nobody else's.
	let store = open(&folder).unwrap();
	assert_eq!(store.forget(ALICE).unwrap(), Forgotten { entries: 1, versions: 1 });
	assert!(matches!(version(&store, second), Err(StoreError::Forgotten)));
	version(&store, other).unwrap();
	assert!(matches!(store.doomed(Forget::Record(RecordId([9; 16]))), Err(StoreError::NotFound(_))));
}

#[test]
fn versions_share_a_key_as_long_as_their_subject_is_the_same() {
	let (_folder, store) = three();
	let first = store.commit(&of(Some(ALICE), 9), 1, &[]).unwrap();
	let second = store.commit(&of(Some(ALICE), 9), 2, std::slice::from_ref(&first)).unwrap();
	let third = store.commit(&of(Some(BOB), 9), 3, &[first.clone(), second.clone()]).unwrap();
	let elsewhere = store.commit(&of(Some(ALICE), 10), 1, &[]).unwrap();
	assert_eq!(first.sealed.subject, second.sealed.subject);
	assert!(![third.sealed.subject, elsewhere.sealed.subject].contains(&first.sealed.subject));
	let anchor = Anchor { versions: vec![first, second, third], entered_in_error: false };
	store.put_anchor(RecordId([9; 16]), &of(None, 9).key, &anchor).unwrap();
	assert_eq!(store.forget(BOB).unwrap(), Forgotten { entries: 1, versions: 1 });
	let doomed = store.doomed(Forget::Record(RecordId([9; 16]))).unwrap();
	assert_eq!(store.destroy(&doomed).unwrap(), Forgotten { entries: 0, versions: 2 });
	opened(&store, 0).unwrap();
}

/// Anchors as an epid made them that knew no key of a record alone.
#[test]
fn a_record_that_shares_its_key_is_not_forgotten_alone() {
	let (_folder, store) = three();
	for (subject, id) in [(None, 1), (Some(ALICE), 2)] {
		let (record, prepared) = (RecordId([id; 16]), of(subject, u32::from(id) + 100));
		let key = store.vault.subjects.of(subject).unwrap();
		let subjects::Committed { commitment, sealed, .. } = key.commit(&prepared, 1, &IDENTITY.network).unwrap();
		let version =
			AnchorVersion { number: 1, suite: prepared.suite, commitment, sealed, progress: Progress::Submitted };
		let anchor = Anchor { versions: vec![version], entered_in_error: false };
		store.put_anchor(record, &prepared.key, &anchor).unwrap();
		version_of(&store, record);
		assert!(matches!(store.doomed(Forget::Record(record)), Err(StoreError::SharedKey)));
	}
	assert_eq!(store.forget(ALICE).unwrap(), Forgotten { entries: 1, versions: 1 });
	version_of(&store, RecordId([1; 16]));
}

fn version_of(store: &Store, record: RecordId) {
	version(store, record).unwrap();
}

#[test]
fn forgetting_a_log_entry_asks_about_the_anchor_of_the_same_file() {
	let (_folder, store) = fresh();
	let record = RecordId([1; 16]);
	store.append(KIND, &[of(Some(ALICE), 1), of(Some(ALICE), 2)]).unwrap();
	let version = store.commit(&of(None, 1), 1, &[]).unwrap();
	let version =
		AnchorVersion { progress: Progress::Finalised { at: epidaurus_primitives::moment::Moment(5) }, ..version };
	store.put_anchor(record, &of(None, 1).key, &Anchor { versions: vec![version], entered_in_error: false }).unwrap();
	let doomed = store.doomed(Forget::Subject(ALICE)).unwrap();
	assert_eq!((doomed.forgotten, doomed.records), (Forgotten { entries: 2, versions: 0 }, [(record, true)].into()));
}
