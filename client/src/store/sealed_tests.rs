// SPDX-License-Identifier: Apache-2.0
//! What the bytes of a store tell to whom, and what forgetting takes away.

use super::{
	rows::{Sealed, ENTRIES, NODES},
	tests::{fresh, record, secret, IDENTITY, KIND},
	*,
};
use crate::{
	fhir,
	record::{ContentDigest, LocalKey, Prepared},
};
use epidaurus_primitives::{
	hash::{HashSuite, NativeSha256},
	ids::{RecordId, SubjectId},
	link::LinkKey,
};
use redb::ReadableTable;
use std::fs;

const ALICE: SubjectId = SubjectId([0xa1; 32]);
const BOB: SubjectId = SubjectId([0xb0; 32]);

fn of(subject: Option<SubjectId>, name: u32) -> Prepared {
	let mut record = record(name, 0xd1);
	record.facts.subject = subject;
	record.key = LocalKey(format!("/exports/Topsecret-{name}.json").into_bytes());
	record
}

/// A record with elements.
fn with_elements(subject: Option<SubjectId>, name: u32) -> Prepared {
	let content = br#"{"resourceType":"Patient","gender":"female","active":true}"#;
	let digest = ContentDigest::Elements(fhir::elements(content).unwrap().0);
	Prepared { suite: HashSuite::FhirElements, digest, ..of(subject, name) }
}

/// The salt of a record and all that derives from it: what must be gone with its subject's key.
fn derived(store: &Store, record: &Prepared, sealed: &Sealed, opened: &Opened) -> Vec<[u8; 32]> {
	let salt = store.vault.subjects.by_id(&sealed.subject).unwrap().salt(&sealed.nonce).unwrap();
	let (opening, key) = record.opening(&salt, opened.opening.header.version);
	assert_eq!((&opening, &key), (&opened.opening, &opened.element_key));
	let link = LinkKey::of::<NativeSha256>(&opening.salt);
	let mut derived = vec![salt.0 .0, opening.salt.0 .0, link.0, opening.digest.0];
	if let (Some(key), ContentDigest::Elements(elements)) = (key, &record.digest) {
		derived.extend(elements.iter().map(|element| element.salt(&key).0 .0 .0));
		derived.push(key.0 .0 .0);
	}
	derived
}

/// Records 0 and 1 of nobody, 2 and 3 of Alice, 4 and 5 of Bob.
fn with_subjects() -> (tempfile::TempDir, Store) {
	let (folder, store) = fresh();
	let subjects = [None, None, Some(ALICE), Some(ALICE), Some(BOB), Some(BOB)];
	let batch: Vec<_> = subjects.into_iter().zip(0..).map(|(subject, name)| of(subject, name)).collect();
	store.append(KIND, &batch).unwrap();
	(folder, store)
}

fn opened(store: &Store, sequence: u64) -> Result<Opened, StoreError> {
	let reader = store.log(KIND).unwrap();
	reader.opened(&reader.entry(sequence).unwrap().unwrap())
}

/// All bytes of all files of the folder.
fn bytes(folder: &Path) -> Vec<u8> {
	let files = fs::read_dir(folder).unwrap();
	files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
	haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn salts_differ_and_open_their_commitments() {
	let (_folder, store) = with_subjects();
	let reader = store.log(KIND).unwrap();
	let mut salts = Vec::new();
	for sequence in 0..6 {
		let entry = reader.entry(sequence).unwrap().unwrap();
		let opening = reader.opened(&entry).unwrap().opening;
		assert_eq!(opening.commitment::<NativeSha256>(&IDENTITY.network), entry.commitment);
		assert!(!salts.contains(&opening.salt.0));
		salts.push(opening.salt.0);
	}
}

#[test]
fn nothing_of_a_record_shows_in_the_bytes_of_a_store() {
	let (folder, store) = with_subjects();
	let salts: Vec<_> = (0..6).map(|sequence| opened(&store, sequence).unwrap().opening.salt.0 .0).collect();
	let commitment = store.log(KIND).unwrap().entry(0).unwrap().unwrap().commitment;
	let version = store.commit(&of(Some(ALICE), 9), 1, &[]).unwrap();
	let anchor = Anchor { versions: vec![version], entered_in_error: false };
	store.put_anchor(RecordId([7; 16]), &of(Some(ALICE), 9).key, &anchor).unwrap();
	drop(store);
	let bytes = bytes(folder.path());
	for secret in [b"Topsecret".as_slice(), b"exports", b"Binary", &[0xd1; 32], &ALICE.0, &BOB.0, &commitment.0] {
		assert!(!holds(&bytes, secret), "{secret:?}");
	}
	assert!(salts.iter().all(|salt| !holds(&bytes, salt)));
	// The search finds what is there.
	assert!(holds(&bytes, &IDENTITY.network.0));
}

#[test]
fn a_forgotten_subject_is_opened_by_nobody_and_the_others_stay() {
	let (folder, store) = with_subjects();
	let before = crate::log::head(&store.log(KIND).unwrap());
	let gone: Vec<_> = (2..4).map(|sequence| opened(&store, sequence).unwrap().opening).collect();
	let keys = fs::read(folder.path().join(SUBJECTS_FILE)).unwrap();
	let copy = fs::read(folder.path().join(FILE)).unwrap();
	assert_eq!(store.forget(ALICE).unwrap(), Forgotten { entries: 2, versions: 0 });
	assert!(matches!(store.forget(ALICE), Err(StoreError::NotFound(_))));

	let check = |store: &Store| {
		for sequence in 0..6 {
			match opened(store, sequence) {
				Ok(_) => assert!(!(2..4).contains(&sequence)),
				Err(error) => assert!((2..4).contains(&sequence) && matches!(error, StoreError::Forgotten), "{error}"),
			}
		}
		assert_eq!(crate::log::head(&store.log(KIND).unwrap()), before);
	};
	check(&store);
	drop(store);
	check(&Store::open(folder.path(), &secret()).unwrap());
	let left = bytes(folder.path());
	assert!(gone.iter().all(|opening| !holds(&left, &opening.salt.0 .0) && !holds(&left, &opening.digest.0)));

	// An old copy of the keys is put back: they are destroyed again.
	fs::write(folder.path().join(SUBJECTS_FILE), &keys).unwrap();
	check(&Store::open(folder.path(), &secret()).unwrap());
	assert!(fs::read(folder.path().join(SUBJECTS_FILE)).unwrap() != keys);

	// An old copy of the database with the keys of today, which say what was destroyed: it opens nothing either.
	fs::write(folder.path().join(FILE), copy).unwrap();
	let old = Store::open(folder.path(), &secret()).unwrap();
	assert!(matches!(opened(&old, 2), Err(StoreError::Forgotten)));
	assert_eq!(old.lost_keys(), 0);
	opened(&old, 4).unwrap();
}

#[test]
fn elements_and_links_are_forgotten_with_their_subject() {
	let (folder, store) = with_subjects();
	let record = RecordId([7; 16]);
	store.append(KIND, &[with_elements(Some(ALICE), 6), with_elements(Some(BOB), 7)]).unwrap();
	let version = store.commit(&with_elements(Some(ALICE), 9), 1, &[]).unwrap();
	let anchor = Anchor { versions: vec![version.clone()], entered_in_error: false };
	store.put_anchor(record, &with_elements(Some(ALICE), 9).key, &anchor).unwrap();

	let entry = |sequence| store.log(KIND).unwrap().entry(sequence).unwrap().unwrap();
	let of_entry = |sequence, record: &Prepared| {
		derived(&store, record, &entry(sequence).sealed, &opened(&store, sequence).unwrap())
	};
	let mut gone = of_entry(2, &of(Some(ALICE), 2));
	gone.extend(of_entry(6, &with_elements(Some(ALICE), 6)));
	gone.extend(derived(&store, &with_elements(Some(ALICE), 9), &version.sealed, &store.opened(&version).unwrap()));
	// Salt, opening's salt, link key, digest; three elements, their key.
	assert_eq!(gone.len(), 4 + 8 + 8);
	let second = |sequence| store.second_tree(KIND).unwrap().second(sequence).unwrap().unwrap();
	let second_digest =
		|sequence| store.second_tree(KIND).unwrap().digest(&entry(sequence), &second(sequence)).unwrap().0;
	gone.extend([second_digest(2), second_digest(6)]);
	let kept = opened(&store, 7).unwrap();

	store.backup(&folder.path().join("before.backup"), |_| ()).unwrap();
	let check = || {
		// Neither in the files nor in a row that the store's key opens: there it would outlive the subject's key.
		let mut rows: Vec<_> = (0..8).flat_map(|sequence| entry(sequence).encode()).collect();
		rows.extend((0..8).flat_map(|sequence| second(sequence).encode()));
		rows.extend(store.anchor(record).unwrap().encode());
		let files = bytes(folder.path());
		assert!(gone.iter().all(|secret| !holds(&files, secret) && !holds(&rows, secret)));
		assert!(holds(&rows, &version.commitment.0) && holds(&files, &IDENTITY.network.0));
	};
	check();
	assert_eq!(store.forget(ALICE).unwrap(), Forgotten { entries: 3, versions: 1 });
	store.backup(&folder.path().join("after.backup"), |_| ()).unwrap();
	check();
	for result in [opened(&store, 2), opened(&store, 6), store.opened(&version)] {
		assert!(matches!(result, Err(StoreError::Forgotten)), "{result:?}");
	}
	assert_eq!(opened(&store, 7).unwrap(), kept);
	// A new key of the same subject leads to none of it.
	let again = store.vault.subjects.of(Some(ALICE)).unwrap();
	for sealed in [&entry(2).sealed, &entry(6).sealed, &version.sealed] {
		assert!(!gone.contains(&again.salt(&sealed.nonce).unwrap().0 .0));
	}
}

#[test]
fn a_forgotten_record_is_not_appended_again_and_a_new_one_of_the_subject_is() {
	let (_folder, store) = with_subjects();
	store.forget(ALICE).unwrap();
	let appended = store.append(KIND, &[of(Some(ALICE), 2), of(None, 3), of(Some(BOB), 4)]).unwrap();
	let status: Vec<_> = appended.iter().map(|appended| appended.status).collect();
	assert_eq!(status, [Status::Forgotten, Status::Forgotten, Status::Unchanged]);
	assert_eq!(store.append(KIND, &[of(Some(ALICE), 77)]).unwrap()[0].status, Status::New);
	assert_eq!(opened(&store, 6).unwrap().opening.header.subject, Some(ALICE));
	assert!(matches!(opened(&store, 2), Err(StoreError::Forgotten)));
}

#[test]
fn a_pseudonym_is_opaque_kept_and_forgotten_like_others() {
	let (folder, store) = with_subjects();
	let (one, other) = (store.new_subject().unwrap(), store.new_subject().unwrap());
	assert_ne!(one, other);
	let key = store.vault.subjects.of(Some(one)).unwrap();
	drop(store);
	let store = Store::open(folder.path(), &secret()).unwrap();
	let again = store.vault.subjects.of(Some(one)).unwrap();
	assert!(again.salt(&[0; 24]).unwrap() == key.salt(&[0; 24]).unwrap(), "its key is the one that was kept");
	// No other custodian and no other network has this pseudonym for this key.
	let pseudonym = |identity: &Identity| again.pseudonym(identity).unwrap();
	assert_eq!(pseudonym(&IDENTITY), one);
	assert_ne!(pseudonym(&Identity { custodian: OrgId(4), ..IDENTITY }), one);
	assert_ne!(pseudonym(&Identity { network: NetworkId([2; 32]), ..IDENTITY }), one);
	store.append(KIND, &[of(Some(one), 77)]).unwrap();
	assert_eq!(store.forget(one).unwrap(), Forgotten { entries: 1, versions: 0 });
	let files = bytes(folder.path());
	assert!(!holds(&files, &one.0) && !holds(&files, &other.0));
}

#[test]
fn salts_about_a_subject_are_the_same_for_the_same_and_gone_with_its_key() {
	let (_folder, store) = with_subjects();
	let salt = |subject, parts: &[&[u8]]| store.salt_about(subject, parts).unwrap();
	let first = salt(ALICE, &[b"statement", b"x"]);
	assert!(first == salt(ALICE, &[b"statement", b"x"]));
	for (subject, parts) in [
		(BOB, &[b"statement".as_slice(), b"x"][..]),
		(ALICE, &[b"statement", b"y"]),
		(ALICE, &[b"statementx"]),
		(ALICE, &[b"statement", b"x", b""]),
	] {
		assert!(first != salt(subject, parts));
	}
	store.forget(ALICE).unwrap();
	assert!(first != salt(ALICE, &[b"statement", b"x"]), "a new key of the same subject");
}

#[test]
fn another_secret_does_not_open_a_store() {
	let (folder, store) = with_subjects();
	drop(store);
	for other in [Secret::random().unwrap(), Secret::parse("a passphrase").unwrap()] {
		assert!(matches!(Store::open(folder.path(), &other), Err(StoreError::WrongKey)));
		assert!(matches!(Store::create(folder.path(), IDENTITY, &other), Err(StoreError::WrongKey)));
	}
	Store::open(folder.path(), &secret()).unwrap();
}

#[test]
fn a_passphrase_opens_its_store() {
	let folder = tempfile::tempdir().unwrap();
	let passphrase = |text: &str| Secret::parse(text).unwrap();
	drop(Store::create(folder.path(), IDENTITY, &passphrase("correct horse")).unwrap());
	Store::open(folder.path(), &passphrase("correct horse")).unwrap();
	assert!(matches!(Store::open(folder.path(), &passphrase("correct hors")), Err(StoreError::WrongKey)));
	assert!(matches!(Store::open(folder.path(), &secret()), Err(StoreError::WrongKey)));
}

#[test]
fn rows_in_each_others_place_are_refused() {
	let (_folder, store) = with_subjects();
	store
		.write(|transaction| {
			let mut entries = transaction.open_table(ENTRIES)?;
			let first = entries.get((0, 0))?.unwrap().value().to_vec();
			let second = entries.get((0, 1))?.unwrap().value().to_vec();
			entries.insert((0, 0), second.as_slice())?;
			entries.insert((0, 1), first.as_slice())?;
			// A row of another table under the same bytes of a key.
			let mut nodes = transaction.open_table(NODES)?;
			let mut changed = nodes.get((0, 0, 2))?.unwrap().value().to_vec();
			*changed.last_mut().unwrap() ^= 1;
			nodes.insert((0, 0, 2), changed.as_slice())?;
			Ok(())
		})
		.unwrap();
	let reader = store.log(KIND).unwrap();
	for sequence in [0, 1] {
		assert!(matches!(reader.entry(sequence), Err(StoreError::Damaged(_))));
	}
	assert!(reader.entry(2).is_ok());
	assert!(matches!(crate::log::prove(&reader, 3, 6), Err(StoreError::Damaged(_))));
}

#[test]
fn the_subjects_keys_are_missed_and_told_from_others() {
	let (folder, store) = with_subjects();
	drop(store);
	let path = folder.path().join(SUBJECTS_FILE);
	let keys = fs::read(&path).unwrap();
	let refusal = || Store::open(folder.path(), &secret()).map(|_| ()).unwrap_err();
	fs::remove_file(&path).unwrap();
	assert!(matches!(refusal(), StoreError::SubjectKeysMissing(_)));
	let (other, store) = with_subjects();
	drop(store);
	fs::copy(other.path().join(SUBJECTS_FILE), &path).unwrap();
	assert!(matches!(refusal(), StoreError::OtherSubjectKeys(_)));
	fs::write(&path, "").unwrap();
	assert!(matches!(refusal(), StoreError::OtherSubjectKeys(_)));
	fs::write(&path, keys).unwrap();
	Store::open(folder.path(), &secret()).unwrap();

	// The database is lost: what is left is not overwritten.
	fs::remove_file(folder.path().join(FILE)).unwrap();
	let made = Store::create(folder.path(), IDENTITY, &secret());
	assert!(matches!(made, Err(StoreError::KeysWithoutStore(_))), "{made:?}");
}

#[test]
fn a_torn_end_of_the_subjects_keys_is_passed_over() {
	let (folder, store) = with_subjects();
	drop(store);
	let path = folder.path().join(SUBJECTS_FILE);
	for torn in [1, 60, 121, 200, 242] {
		let keys = fs::read(&path).unwrap();
		fs::write(&path, [keys.as_slice(), &vec![0; torn]].concat()).unwrap();
		let store = Store::open(folder.path(), &secret()).unwrap();
		(0..6).for_each(|sequence| drop(opened(&store, sequence).unwrap()));
		store.append(KIND, &[of(Some(SubjectId([torn as u8; 32])), torn as u32 + 100)]).unwrap();
		let last = store.log(KIND).unwrap().size() - 1;
		drop(store);
		// What was added after the torn end was cut off is there.
		opened(&Store::open(folder.path(), &secret()).unwrap(), last).unwrap();
	}
}
