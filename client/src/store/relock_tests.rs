// SPDX-License-Identifier: Apache-2.0
//! Another key or passphrase for the same store, also when the power goes in the middle of it.

use super::{
	backup::KeysFrom,
	disk::{Disk, Fault},
	tests::{fresh, record, secret, IDENTITY, KIND},
	*,
};
use crate::record::Prepared;
use epidaurus_primitives::ids::SubjectId;

const ALICE: SubjectId = SubjectId([0xa1; 32]);

fn batch() -> Vec<Prepared> {
	let of = |subject, name| {
		let mut record = record(name, 0xd1);
		record.facts.subject = subject;
		record
	};
	vec![of(None, 0), of(Some(ALICE), 1)]
}

fn other() -> Secret {
	Secret::parse(&format!("0x{}", "77".repeat(32))).unwrap()
}

fn openings(store: &Store) -> Vec<Opened> {
	let reader = store.log(KIND).unwrap();
	let entries = (0..reader.size()).map(|sequence| reader.entry(sequence).unwrap().unwrap());
	entries.map(|entry| reader.opened(&entry).unwrap()).collect()
}

#[test]
fn the_new_secret_opens_the_store_and_the_old_one_does_not() {
	let (folder, mut store) = fresh();
	store.append(KIND, &batch()).unwrap();
	let before = openings(&store);
	let backup = folder.path().join("before.backup");
	store.backup(&backup, |_| ()).unwrap();
	for new in [other(), Secret::parse("a passphrase that is long").unwrap()] {
		assert!(!store.opens_with(&new).unwrap());
		store.relock(&new).unwrap();
		assert!(store.opens_with(&new).unwrap() && !store.opens_with(&secret()).unwrap());
		drop(store);
		assert!(matches!(Store::open(folder.path(), &secret()), Err(StoreError::WrongKey)));
		store = Store::open(folder.path(), &new).unwrap();
		assert_eq!(openings(&store), before);
	}
	// What was sealed before and after fits together, and so do backups.
	store.append(KIND, &[record(9, 0xd9)]).unwrap();
	let after = folder.path().join("after.backup");
	store.backup(&after, |_| ()).unwrap();
	let keys = std::fs::read(folder.path().join(SUBJECTS_FILE)).unwrap();
	let passphrase = Secret::parse("a passphrase that is long").unwrap();
	for (backup, right, wrong, entries) in [(&backup, secret(), other(), 2), (&after, passphrase, secret(), 3)] {
		let home = tempfile::tempdir().unwrap();
		let restore = |secret| Store::restore(home.path(), backup, secret, KeysFrom::Copy(&keys), |_| ());
		assert!(matches!(restore(&wrong), Err(StoreError::WrongKey)));
		assert_eq!(openings(&restore(&right).unwrap().0).len(), entries);
	}
}

#[test]
fn a_store_is_locked_with_the_old_secret_or_the_new_one_wherever_it_fails() {
	let mut points = 0;
	for fault in Fault::ALL {
		for point in 1.. {
			let disk = Disk::new(point);
			let open = |secret: &Secret| Store::open_on(Arc::new(disk.clone()), secret);
			let mut store = Store::create_on(Arc::new(disk.clone()), IDENTITY, &secret()).unwrap().0;
			store.append(KIND, &batch()).unwrap();
			let before = openings(&store);
			let passed = disk.points();
			disk.fail_at(point, fault);
			let result = store.relock(&other());
			let failed = result.is_err();
			points = points.max(disk.points() - passed);
			drop(store);
			disk.restart();

			let (old, new) = (open(&secret()).map(drop), open(&other()).map(drop));
			assert!(old.is_ok() != new.is_ok(), "{fault:?} at {point}: {old:?} {new:?}");
			assert!(failed || new.is_ok(), "{fault:?} at {point}: it was said to be done");
			// The next run finishes, and nothing is lost.
			let mut store = open(&if old.is_ok() { secret() } else { other() }).unwrap();
			assert_eq!(openings(&store), before);
			store.relock(&other()).unwrap();
			drop(store);
			assert_eq!(openings(&open(&other()).unwrap()), before);
			if !failed {
				break;
			}
		}
	}
	assert!(points >= 1, "nothing was made durable");
}
