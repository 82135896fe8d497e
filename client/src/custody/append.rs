// SPDX-License-Identifier: Apache-2.0
//! Appending folders: files are read in parallel and appended in order, in batches.

use crate::{
	parallel,
	progress::Progress,
	record::{files, InputError, Reader},
	store::{Status, Store, StoreError},
};
use epidaurus_primitives::{ehr::LogKind, hash::HashSuite};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Files that are read and appended together. A crash loses at most so many, which the next run appends.
const BATCH: usize = 1024;

/// Bytes of files that are read together where their content stays in memory until it is appended.
const BATCH_BYTES: u64 = 64 << 20;

/// What became of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
	/// Records of which the first version was appended.
	pub new: u64,
	/// Records of which a further version was appended.
	pub changed: u64,
	/// Records that are as they were.
	pub unchanged: u64,
	/// Records that were forgotten, and whose files should not be there any more; nothing was appended.
	pub forgotten: u64,
	/// Files that could not be used.
	pub unusable: u64,
}

impl Tally {
	/// Number of entries appended.
	pub fn appended(&self) -> u64 {
		self.new.saturating_add(self.changed)
	}
}

/// Appends the files below the paths to a log. A file that cannot be used is told to `unusable` and passed over. Memory
/// does not grow with the number of files, nor under [`HashSuite::Raw`] with their length.
pub fn append(
	store: &Store,
	kind: LogKind,
	reader: &Reader,
	paths: &[PathBuf],
	progress: &Progress,
	mut unusable: impl FnMut(InputError),
) -> Result<Tally, StoreError> {
	let mut tally = Tally::default();
	let mut refuse = |error, tally: &mut Tally| {
		tally.unusable = tally.unusable.saturating_add(1);
		unusable(error);
	};
	let mut found = files(paths, reader.suite);
	let mut seen_end = false;
	while !seen_end {
		let (mut batch, mut bytes) = (Vec::with_capacity(BATCH), 0u64);
		while batch.len() < BATCH && bytes < BATCH_BYTES {
			match found.next() {
				Some(Ok(path)) => {
					bytes = bytes.saturating_add(held(&path, reader.suite));
					batch.push(path);
				},
				Some(Err(error)) => refuse(error, &mut tally),
				None => {
					seen_end = true;
					break;
				},
			}
		}
		let mut prepared = Vec::with_capacity(batch.len());
		let read = |path: &PathBuf| {
			let result = reader.read(path);
			progress.advance(1);
			result
		};
		for result in parallel::map(&batch, read) {
			match result {
				Ok(record) => prepared.push(record),
				Err(error) => refuse(error, &mut tally),
			}
		}
		for appended in store.append(kind, &prepared)? {
			let count = match appended.status {
				Status::New => &mut tally.new,
				Status::Changed => &mut tally.changed,
				Status::Unchanged => &mut tally.unchanged,
				Status::Forgotten => &mut tally.forgotten,
			};
			*count = count.saturating_add(1);
		}
	}
	Ok(tally)
}

/// Bytes of the file that stay in memory until it is appended. Elements are hashed under the salt that they get then.
fn held(path: &Path, suite: HashSuite) -> u64 {
	match suite {
		HashSuite::FhirElements => path.metadata().map_or(0, |metadata| metadata.len()),
		HashSuite::Raw | HashSuite::FhirStaticRoot | HashSuite::FhirStaticRecursive => 0,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::store::{Identity, Secret};
	use epidaurus_primitives::ids::{NetworkId, OrgId};
	use std::fs;

	fn store(folder: &Path) -> Store {
		let identity = Identity { network: NetworkId([1; 32]), custodian: OrgId(0) };
		Store::create(folder, identity, &Secret::random().unwrap()).unwrap().0
	}

	fn patient(folder: &Path, name: &str, content: &str) {
		fs::write(folder.join(name), format!(r#"{{"resourceType":"Patient","gender":"{content}"}}"#)).unwrap();
	}

	fn run(store: &Store, folder: &Path) -> (Tally, Vec<String>) {
		let reader = Reader::new(HashSuite::FhirStaticRecursive);
		let mut told = Vec::new();
		let paths = [folder.to_path_buf()];
		let tally = append(store, LogKind::Records, &reader, &paths, &Progress::hidden(), |error| {
			told.push(error.path().file_name().unwrap().to_string_lossy().into_owned())
		});
		(tally.unwrap(), told)
	}

	#[test]
	fn unchanged_files_are_not_appended_again_and_changed_ones_are() {
		let (home, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
		let store = store(home.path());
		(0..9).for_each(|index| patient(data.path(), &format!("{index}.json"), "male"));
		assert_eq!(run(&store, data.path()).0, Tally { new: 9, ..Tally::default() });
		assert_eq!(run(&store, data.path()).0, Tally { unchanged: 9, ..Tally::default() });
		patient(data.path(), "4.json", "female");
		assert_eq!(run(&store, data.path()).0, Tally { changed: 1, unchanged: 8, ..Tally::default() });

		let log = store.log(LogKind::Records).unwrap();
		assert_eq!((log.size(), log.records().unwrap()), (10, 9));
		let last = log.entry(9).unwrap().unwrap();
		assert_eq!((log.opened(&last).unwrap().opening.header.version, last.previous), (2, Some(4)));
	}

	#[test]
	fn under_elements_unchanged_files_are_known_again_although_salts_are_random() {
		let (home, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
		let store = store(home.path());
		(0..3).for_each(|index| patient(data.path(), &format!("{index}.json"), "male"));
		let run = |suite| {
			let (paths, hidden) = ([data.path().to_path_buf()], Progress::hidden());
			append(&store, LogKind::Records, &Reader::new(suite), &paths, &hidden, |error| panic!("{error}")).unwrap()
		};
		assert_eq!(run(HashSuite::FhirElements), Tally { new: 3, ..Tally::default() });
		assert_eq!(run(HashSuite::FhirElements), Tally { unchanged: 3, ..Tally::default() });
		patient(data.path(), "1.json", "female");
		assert_eq!(run(HashSuite::FhirElements), Tally { changed: 1, unchanged: 2, ..Tally::default() });
		assert_eq!(run(HashSuite::FhirStaticRecursive), Tally { changed: 3, ..Tally::default() });
		let log = store.log(LogKind::Records).unwrap();
		let opened = |sequence| log.opened(&log.entry(sequence).unwrap().unwrap()).unwrap();
		let entries: Vec<_> = (0..7).map(opened).collect();
		assert!(entries.iter().take(4).all(|entry| entry.element_key.is_some()));
		assert!(entries.iter().skip(4).all(|entry| entry.element_key.is_none()));
		// Files with the same content share nothing that could be seen from outside.
		assert_ne!(entries[0].opening.digest, entries[2].opening.digest);
	}

	#[test]
	fn entries_are_in_the_order_of_names_over_several_batches() {
		let (home, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
		let store = store(home.path());
		let count = 2 * BATCH + 7;
		(0..count).for_each(|index| patient(data.path(), &format!("{index:06}.json"), "other"));
		assert_eq!(run(&store, data.path()).0.new, count as u64);
		let log = store.log(LogKind::Records).unwrap();
		for sequence in [0, 1, BATCH - 1, BATCH, count - 1] {
			let entry = log.entry(sequence as u64).unwrap().unwrap();
			assert!(log.opened(&entry).unwrap().key.display().ends_with(&format!("{sequence:06}.json")));
		}
	}

	#[test]
	fn unusable_files_are_told_and_passed_over() {
		let (home, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
		let store = store(home.path());
		patient(data.path(), "a.json", "male");
		fs::write(data.path().join("b.json"), "{").unwrap();
		patient(data.path(), "c.json", "male");
		let (tally, told) = run(&store, data.path());
		assert_eq!(tally, Tally { new: 2, unusable: 1, ..Tally::default() });
		assert_eq!(told, ["b.json"]);
	}

	#[test]
	fn an_empty_folder_appends_nothing() {
		let (home, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
		assert_eq!(run(&store(home.path()), data.path()).0, Tally::default());
	}
}
