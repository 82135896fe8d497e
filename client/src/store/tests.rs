// SPDX-License-Identifier: Apache-2.0
use super::*;
use crate::{
	log,
	record::{ContentDigest, Facts, LocalKey, Prepared},
};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind},
	hash::{HashSuite, Labels, NativeSha256, RecordDigest, ResourceClass},
	ids::RecordId,
	merkle::{self, verify_consistency, verify_inclusion, Hash},
	moment::Moment,
	renewal::SecondDigest,
};
use proptest::prelude::*;
use redb::ReadableTable;
use std::path::Path;
use tempfile::TempDir;

pub(super) const IDENTITY: Identity = Identity { network: NetworkId([1; 32]), custodian: OrgId(3) };
pub(super) const KIND: LogKind = LogKind::Records;

pub(super) fn secret() -> Secret {
	Secret::parse(&format!("0x{}", "5c".repeat(32))).unwrap()
}

pub(super) fn fresh() -> (TempDir, Store) {
	let folder = tempfile::tempdir().unwrap();
	let (store, made) = Store::create(folder.path(), IDENTITY, &secret()).unwrap();
	assert!(made);
	(folder, store)
}

pub(super) fn record(name: u32, content: u8) -> Prepared {
	Prepared {
		key: LocalKey(name.to_be_bytes().to_vec()),
		suite: HashSuite::Raw,
		digest: ContentDigest::Known(RecordDigest([content; 32])),
		second: SecondDigest([content ^ 1; 32]),
		facts: Facts {
			subject: None,
			class: ResourceClass::new("Binary").unwrap(),
			labels: Labels::default(),
			clinical_time: None,
		},
	}
}

fn append(store: &Store, names: std::ops::Range<u32>) {
	let batch: Vec<_> = names.map(|name| record(name, 0)).collect();
	store.append(KIND, &batch).unwrap();
}

impl Store {
	/// Spoils an entry, a node above two others, and an anchored record.
	pub(crate) fn damage_for_test(&self, kind: LogKind, sequence: u64, record: RecordId) {
		use rows::{code, ANCHORS, ENTRIES, NODES};
		let spoilt = [7; 90];
		let spoil = |transaction: &WriteTransaction| {
			transaction.open_table(ENTRIES)?.insert((code(kind), sequence), spoilt.as_slice())?;
			transaction.open_table(NODES)?.insert((code(kind), 1, 0), spoilt.as_slice())?;
			transaction.open_table(ANCHORS)?.insert(&record.0, spoilt.as_slice())?;
			Ok(())
		};
		self.write(spoil).unwrap();
	}

	/// Spoils the row of a key in one of the tables of keys.
	pub(crate) fn damage_key_for_test(
		&self,
		table: redb::TableDefinition<'static, &'static [u8; 16], &'static [u8]>,
		key: rows::KeyId,
	) {
		let transaction = self.database.begin_write().unwrap();
		transaction.open_table(table).unwrap().insert(&key, [7u8; 60].as_slice()).unwrap();
		transaction.commit().unwrap();
	}
}

/// The log as its entries say it is, and every proof of it.
fn assert_sound(store: &Store, kind: LogKind) {
	let reader = store.log(kind).unwrap();
	let mut leaves: Vec<Hash> = Vec::new();
	for sequence in 0..reader.size() {
		let entry = reader.entry(sequence).unwrap().expect("every entry is there");
		let Opened { opening, key, .. } = reader.opened(&entry).unwrap();
		assert_eq!(opening.commitment::<NativeSha256>(&IDENTITY.network), entry.commitment);
		leaves.push(LogEntry { kind, sequence, commitment: entry.commitment }.leaf::<NativeSha256>());
		let newest = reader.newest(&key).unwrap().unwrap();
		assert!(newest.sequence >= sequence && newest.version >= opening.header.version);
		assert_eq!(reader.version(newest, opening.header.version).unwrap().sequence, sequence);
	}
	assert!(reader.entry(reader.size()).unwrap().is_none());
	let head = log::head(&reader);
	assert_eq!(head, LogHead { size: leaves.len() as u64, root: merkle::root::<NativeSha256>(&leaves) });
	for (leaf, sequence) in leaves.iter().zip(0..) {
		let proof = log::prove(&reader, sequence, head.size).unwrap();
		verify_inclusion::<NativeSha256>(leaf, sequence, head.size, &proof.path, &head.root).unwrap();
	}
}

#[test]
fn a_store_is_made_once_and_opened_again() {
	let (folder, store) = fresh();
	append(&store, 0..3);
	drop(store);
	let (store, made) = Store::create(folder.path(), IDENTITY, &secret()).unwrap();
	assert!(!made);
	assert_eq!(store.log(KIND).unwrap().size(), 3);
	drop(store);
	assert_eq!(Store::open(folder.path(), &secret()).unwrap().identity(), IDENTITY);
}

#[test]
fn a_store_of_another_network_or_organisation_is_refused() {
	let (folder, store) = fresh();
	let network = Identity { network: NetworkId([2; 32]), ..IDENTITY };
	let custodian = Identity { custodian: OrgId(4), ..IDENTITY };
	assert!(matches!(store.expect(network), Err(StoreError::OtherNetwork { .. })));
	assert!(matches!(store.expect(custodian), Err(StoreError::OtherOrganisation { .. })));
	store.expect(IDENTITY).unwrap();
	drop(store);
	assert!(matches!(Store::create(folder.path(), network, &secret()), Err(StoreError::OtherNetwork { .. })));
	assert!(matches!(Store::create(folder.path(), custodian, &secret()), Err(StoreError::OtherOrganisation { .. })));
	assert_eq!(Store::open(folder.path(), &secret()).unwrap().identity(), IDENTITY);
}

#[test]
fn a_store_of_another_format_is_refused() {
	let (folder, store) = fresh();
	store
		.write(|transaction| {
			let mut settings = transaction.open_table(SETTINGS)?;
			settings.insert(FORMAT_KEY, (FORMAT + 1).encode().as_slice())?;
			Ok(())
		})
		.unwrap();
	drop(store);
	for result in [
		Store::open(folder.path(), &secret()),
		Store::create(folder.path(), IDENTITY, &secret()).map(|(store, _)| store),
	] {
		assert!(matches!(result, Err(StoreError::OtherFormat { found: 3, known: 2 })), "{result:?}");
	}
}

#[test]
fn what_is_no_store_is_refused() {
	let folder = tempfile::tempdir().unwrap();
	let refusal = |folder: &Path| Store::open(folder, &secret()).map(|_| ()).unwrap_err();
	assert!(matches!(refusal(&folder.path().join("missing")), StoreError::NotInitialised(_)));
	assert!(matches!(refusal(folder.path()), StoreError::NotInitialised(_)));
	std::fs::write(folder.path().join(FILE), "").unwrap();
	assert!(matches!(refusal(folder.path()), StoreError::NotInitialised(_)));
	std::fs::write(folder.path().join(FILE), vec![7; 8192]).unwrap();
	assert!(matches!(refusal(folder.path()), StoreError::Database(_)));

	// A database that lacks our settings: the process died before they were written.
	let other = tempfile::tempdir().unwrap();
	drop(medium::builder().create(other.path().join(FILE)).unwrap());
	assert!(matches!(refusal(other.path()), StoreError::NotInitialised(_)));
	assert!(Store::create(other.path(), IDENTITY, &secret()).unwrap().1);
}

#[test]
fn one_process_has_a_store_open_at_a_time() {
	let (folder, _store) = fresh();
	assert!(matches!(Store::open(folder.path(), &secret()), Err(StoreError::InUse(_))));
}

#[test]
fn of_several_that_make_a_store_at_the_same_moment_one_does() {
	for _ in 0..20 {
		let folder = tempfile::tempdir().unwrap();
		let start = std::sync::Barrier::new(6);
		let made = std::thread::scope(|scope| {
			let make = || {
				start.wait();
				match Store::create(folder.path(), IDENTITY, &secret()) {
					Ok((_, made)) => made,
					Err(StoreError::InUse(_)) => false,
					Err(error) => panic!("{error}"),
				}
			};
			let threads: Vec<_> = (0..6).map(|_| scope.spawn(make)).collect();
			threads.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum::<usize>()
		});
		assert_eq!(made, 1);
		assert_eq!(Store::open(folder.path(), &secret()).unwrap().identity(), IDENTITY);
	}
}

#[cfg(unix)]
#[test]
fn no_database_is_made_in_a_folder_that_another_process_holds() {
	let folder = tempfile::tempdir().unwrap();
	let held = std::fs::File::open(folder.path()).unwrap();
	held.try_lock().unwrap();
	let refused = Store::create(folder.path(), IDENTITY, &secret()).map(|_| ());
	assert!(matches!(refused, Err(StoreError::InUse(_))), "{refused:?}");
	assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
	drop(held);
	assert!(Store::create(folder.path(), IDENTITY, &secret()).unwrap().1);
}

#[cfg(unix)]
#[test]
fn a_store_is_for_its_owner_only() {
	use std::os::unix::fs::PermissionsExt;
	let parent = tempfile::tempdir().unwrap();
	let folder = parent.path().join("a/b");
	let _store = Store::create(&folder, IDENTITY, &secret()).unwrap();
	let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
	assert_eq!((mode(&folder), mode(&folder.join(FILE)), mode(&folder.join(SUBJECTS_FILE))), (0o700, 0o600, 0o600));
}

#[test]
fn appended_records_are_numbered_and_proven() {
	let (_folder, store) = fresh();
	for size in 1..40 {
		append(&store, size - 1..size);
		assert_sound(&store, KIND);
	}
}

#[test]
fn an_unchanged_record_is_not_appended_again() {
	let (_folder, store) = fresh();
	let first = store.append(KIND, &[record(1, 1)]).unwrap()[0];
	assert_eq!(first.status, Status::New);
	let again = store.append(KIND, &[record(1, 1), record(1, 1)]).unwrap();
	let unchanged = Appended { status: Status::Unchanged, ..first };
	assert_eq!(again, [unchanged, unchanged]);
	assert_eq!(store.log(KIND).unwrap().size(), 1);
}

#[test]
fn a_change_of_content_suite_or_facts_is_a_further_version() {
	let (_folder, store) = fresh();
	let original = record(1, 1);
	let changes = [
		original.clone(),
		record(1, 2),
		Prepared { suite: HashSuite::FhirStaticRoot, ..original.clone() },
		Prepared { facts: Facts { clinical_time: Some(Moment(5)), ..original.facts.clone() }, ..original.clone() },
		original,
	];
	// Within one batch as well as over several.
	let appended = store.append(KIND, &changes).unwrap();
	for (appended, number) in appended.iter().zip(1..) {
		assert_eq!(appended.status, if number == 1 { Status::New } else { Status::Changed });
		assert_eq!(appended.newest, Newest { version: number, sequence: u64::from(number) - 1 });
	}
	assert_sound(&store, KIND);
	let reader = store.log(KIND).unwrap();
	let newest = reader.newest(&record(1, 1).key).unwrap().unwrap();
	for missing in [0, 6, u32::MAX] {
		assert!(matches!(reader.version(newest, missing), Err(StoreError::NotFound(_))));
	}
}

#[test]
fn equal_records_have_different_commitments() {
	let (_folder, store) = fresh();
	append(&store, 0..2);
	let reader = store.log(KIND).unwrap();
	let entry = |sequence| reader.entry(sequence).unwrap().unwrap();
	let digest = |sequence| reader.opened(&entry(sequence)).unwrap().opening.digest;
	assert_eq!(digest(0), digest(1));
	assert_ne!(entry(0).commitment, entry(1).commitment);
}

#[test]
fn logs_of_different_kinds_do_not_mix() {
	let (_folder, store) = fresh();
	append(&store, 0..5);
	store.append(LogKind::DeviceStream, &[record(0, 0), record(9, 0)]).unwrap();
	assert_sound(&store, KIND);
	assert_sound(&store, LogKind::DeviceStream);
	assert_eq!(store.log(LogKind::DeviceStream).unwrap().records().unwrap(), 2);
	assert_eq!(store.log(KIND).unwrap().records().unwrap(), 5);
	assert_eq!(store.log(LogKind::Disclosures).unwrap().records().unwrap(), 0);
}

#[test]
fn a_reader_does_not_see_later_appends() {
	let (_folder, store) = fresh();
	append(&store, 0..4);
	let reader = store.log(KIND).unwrap();
	append(&store, 4..9);
	assert_eq!(reader.size(), 4);
	assert!(reader.entry(4).unwrap().is_none());
	assert_eq!(log::head_at(&store.log(KIND).unwrap(), 4).unwrap(), log::head(&reader));
}

#[test]
fn a_batch_that_is_cut_off_leaves_nothing_behind() {
	let (folder, store) = fresh();
	append(&store, 0..5);
	let head = log::head(&store.log(KIND).unwrap());
	{
		// As if the process died after the work and before the commit.
		let transaction = store.database.begin_write().unwrap();
		let batch: Vec<_> = (5..50).map(|name| record(name, 0)).collect();
		store.append_in(&transaction, KIND, &batch).unwrap();
	}
	assert_eq!(log::head(&store.log(KIND).unwrap()), head);
	drop(store);
	let store = Store::open(folder.path(), &secret()).unwrap();
	assert_eq!(log::head(&store.log(KIND).unwrap()), head);
	assert_sound(&store, KIND);
	append(&store, 0..50);
	assert_eq!(store.log(KIND).unwrap().size(), 50);
	assert_sound(&store, KIND);
}

#[test]
fn a_copy_taken_while_the_store_is_open_is_sound() {
	// What a file system holds after a power cut: no close, no last words.
	let (folder, store) = fresh();
	let copy = tempfile::tempdir().unwrap();
	for round in 0..6 {
		append(&store, round * 7..(round + 1) * 7);
		for file in [FILE, SUBJECTS_FILE] {
			std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
		}
		let reopened = Store::open(copy.path(), &secret()).unwrap();
		assert_eq!(reopened.log(KIND).unwrap().size(), u64::from(round + 1) * 7);
		assert_sound(&reopened, KIND);
	}
}

#[test]
fn a_failed_change_changes_nothing() {
	let (_folder, store) = fresh();
	let result = store.write(|transaction| {
		transaction.open_table(SETTINGS)?.insert("x", [1].as_slice())?;
		Err::<(), _>(StoreError::NotFound("x"))
	});
	assert!(result.is_err());
	let settings = store.read().unwrap().open_table(SETTINGS).unwrap();
	assert!(ReadableTable::get(&settings, "x").unwrap().is_none());
}

#[test]
fn proofs_of_sizes_that_never_were_are_refused() {
	let (_folder, store) = fresh();
	append(&store, 0..5);
	let reader = store.log(KIND).unwrap();
	assert!(matches!(log::head_at(&reader, 6), Err(StoreError::NotFound(_))));
	assert!(matches!(log::prove(&reader, 0, 6), Err(StoreError::NotFound(_))));
	assert!(matches!(log::prove(&reader, 5, 5), Err(StoreError::NoSuchProof(_))));
	assert!(matches!(log::prove(&reader, 3, 3), Err(StoreError::NoSuchProof(_))));
	assert!(matches!(log::prove_growth(&reader, 3, 9), Err(StoreError::NotFound(_))));
	assert!(matches!(log::prove_growth(&reader, 4, 3), Err(StoreError::NoSuchProof(_))));
}

#[test]
fn checkpoints_are_found_by_size_and_the_newest_finalised_one_counts() {
	let (_folder, store) = fresh();
	let head = |size| LogHead { size, root: [size as u8; 32] };
	let finalised = Progress::Finalised { at: Moment(8) };
	assert!(store.newest_finalised(KIND).unwrap().is_none());
	store.put_checkpoint(KIND, head(3), finalised).unwrap();
	store.put_checkpoint(KIND, head(300), finalised).unwrap();
	store.put_checkpoint(KIND, head(5000), Progress::Submitted).unwrap();
	store.put_checkpoint(LogKind::Disclosures, head(7000), finalised).unwrap();
	assert_eq!(store.newest_finalised(KIND).unwrap().unwrap().0, head(300));
	assert_eq!(store.checkpoint(KIND, 5000).unwrap().unwrap().progress, Progress::Submitted);
	assert!(store.checkpoint(KIND, 4).unwrap().is_none());
	store.put_checkpoint(KIND, head(5000), finalised).unwrap();
	assert_eq!(store.newest_finalised(KIND).unwrap().unwrap().0, head(5000));
}

#[test]
fn anchors_are_found_by_id_and_by_key() {
	let (_folder, store) = fresh();
	let prepared = record(1, 1);
	let anchor = Anchor { versions: Vec::new(), entered_in_error: false };
	assert!(store.anchored(&prepared.key).unwrap().is_none());
	assert!(matches!(anchor.newest(), Err(StoreError::Damaged(_))));
	store.put_anchor(RecordId([1; 16]), &prepared.key, &anchor).unwrap();
	assert_eq!(store.anchored(&prepared.key).unwrap(), Some(RecordId([1; 16])));
	assert_eq!(store.anchor(RecordId([1; 16])).unwrap(), Some(anchor.clone()));
	assert_eq!(store.anchor(RecordId([2; 16])).unwrap(), None);
	let mark = |anchor: &mut Anchor| {
		anchor.entered_in_error = true;
		Ok(())
	};
	assert!(store.change_anchor(RecordId([1; 16]), mark).unwrap().entered_in_error);
	assert!(store.anchor(RecordId([1; 16])).unwrap().unwrap().entered_in_error);
	assert!(matches!(store.change_anchor(RecordId([2; 16]), mark), Err(StoreError::NotFound(_))));
	assert_eq!(store.anchors().unwrap(), 1);
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(24))]

	#[test]
	fn any_sequence_of_batches_gives_a_sound_log(
		batches in prop::collection::vec(prop::collection::vec((0u32..12, 0u8..3), 0..9), 1..6),
	) {
		let (_folder, store) = fresh();
		let mut heads = vec![log::head(&store.log(KIND).unwrap())];
		for batch in batches {
			let batch: Vec<_> = batch.into_iter().map(|(name, content)| record(name, content)).collect();
			store.append(KIND, &batch).unwrap();
			heads.push(log::head(&store.log(KIND).unwrap()));
		}
		assert_sound(&store, KIND);
		let reader = store.log(KIND).unwrap();
		for (index, old) in heads.iter().enumerate() {
			prop_assert_eq!(log::head_at(&reader, old.size).unwrap(), *old);
			for new in &heads[index..] {
				let path = log::prove_growth(&reader, old.size, new.size).unwrap();
				prop_assert!(verify_consistency::<NativeSha256>(old.size, &old.root, new.size, &new.root, &path).is_ok());
			}
		}
	}
}
