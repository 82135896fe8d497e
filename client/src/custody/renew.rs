// SPDX-License-Identifier: Apache-2.0
//! Renewal: a log once more in a second tree, and that tree's head on chain, while the first hash function still holds.

use super::checkpoint::ensure_same_history;
use crate::{
	bundle::decimal,
	chain::{Call, Ledger},
	log::{self, Second as SecondTreeHash},
	parallel,
	progress::Progress as Bar,
	record::{files, Content, ContentDigest},
	store::{Entry, Opened, Progress, Second, SecondTree, Store, StoreError},
	Error,
};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::{HashSuite, RecordDigest},
	ids::OrgId,
	merkle::empty_root,
	moment::Moment,
	renewal::{Renewal, SecondDigest, TreeSuite},
	views::CheckpointView,
};
use serde::Serialize;
use std::{
	collections::{HashMap, HashSet},
	path::PathBuf,
};

/// The tree under which logs are renewed.
const TREE: TreeSuite = TreeSuite::Blake2b256;

/// Entries that are looked up together.
const BATCH: usize = 1024;

/// A log's second tree, now on chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Renewed {
	/// Whose log.
	pub custodian: OrgId,
	/// Which log.
	pub kind: LogKind,
	/// Which tree.
	pub tree: TreeSuite,
	/// Its head: size, and root in that tree.
	pub head: LogHead,
	/// Entries that the chain's renewal before covered.
	#[serde(serialize_with = "decimal")]
	pub before: u64,
	/// Whether anything was submitted; otherwise the chain had this renewal already.
	pub submitted: bool,
	/// When the renewal was made.
	pub at: Moment,
	/// How the content of older entries was come by.
	pub contents: Contents,
}

/// What became of entries that were appended before they were committed to under the second hash function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
	/// Their content was read again.
	pub read: u64,
	/// Their subject was forgotten: they keep their place, and prove nothing.
	pub forgotten: u64,
	/// Their subject's key is lost, and that was accepted: they keep their place, and prove nothing.
	pub without_key: u64,
	/// Their content was not found.
	pub missing: u64,
}

/// How a log is renewed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
	/// Where contents are looked for that are not where they were: by digest, so that names do not matter, and not under
	/// FHIR elements, where the same content has another digest in each record.
	pub paths: &'a [PathBuf],
	/// Go on without contents that are not found.
	pub allow_missing: bool,
}

/// An entry whose content was not found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
	/// Its place.
	#[serde(serialize_with = "decimal")]
	pub sequence: u64,
	/// Where its content was.
	pub file: String,
}

/// Renews a log up to the chain's newest checkpoint. Can be run again at any time: what was found stays, and what is on
/// chain already is not submitted again.
pub async fn renew<L: Ledger>(
	store: &Store,
	ledger: &L,
	kind: LogKind,
	options: Options<'_>,
	bar: &Bar,
	missing: impl FnMut(Missing),
) -> Result<Renewed, Error> {
	let custodian = store.identity().custodian;
	let checkpoint = ledger.newest_checkpoint(custodian, kind).await?;
	let checkpoint = checkpoint.ok_or(StoreError::NotFound("checkpoint on chain; `epid checkpoint` makes one"))?;
	let size = checkpoint.head.size;
	ensure_same_history(&store.log(kind)?, &checkpoint.head)?;

	let contents = find_contents(store, kind, size, options, bar, missing)?;
	if contents.missing > 0 && !options.allow_missing {
		return Err(StoreError::ContentMissing(contents.missing).into());
	}
	while store.second_tree(kind)?.size() < size {
		bar.advance(store.extend_second_tree(kind, size)?);
	}

	let tree = store.second_tree(kind)?;
	let head = log::second_head_at(&tree, size)?;
	let before = newest(&ledger.renewals(custodian, kind).await?);
	let before =
		before.map_or(LogHead { size: 0, root: empty_root::<SecondTreeHash>() }, |renewal| renewal.renewed_head());
	ensure_same_renewals(&tree, &before)?;
	let submitted = before != head;
	if submitted {
		let proof = log::prove_second_growth(&tree, before.size, size)?;
		store.put_renewal(kind, head, Progress::Submitted)?;
		submit(ledger, (custodian, kind), &checkpoint, head, proof).await?;
	}
	let on_chain = ledger.renewals(custodian, kind).await?;
	let found = newest(&on_chain).filter(|renewal| renewal.renewed_head() == head);
	let at = found.ok_or(StoreError::Diverged { stored: size, chain: before.size })?.at;
	store.put_renewal(kind, head, Progress::Finalised { at })?;
	// The chain keeps a fixed number; bundles must lead to one of these.
	let sizes: Vec<_> = of_tree(&on_chain).map(|renewal| renewal.head.size).collect();
	store.retain_renewals(kind, &sizes)?;
	Ok(Renewed { custodian, kind, tree: TREE, head, before: before.size, submitted, at, contents })
}

async fn submit<L: Ledger>(
	ledger: &L,
	(custodian, kind): (OrgId, LogKind),
	checkpoint: &CheckpointView,
	head: LogHead,
	proof: Vec<[u8; 32]>,
) -> Result<(), Error> {
	let call = Call::RenewLog { custodian, kind, checkpoint: checkpoint.number, tree: TREE, head, proof };
	if let Err(error) = ledger.submit(&[call]).await {
		// An earlier submission of the same may have come first.
		let now = newest(&ledger.renewals(custodian, kind).await?);
		if now.map(|renewal| renewal.renewed_head()) != Some(head) {
			return Err(error.into());
		}
	}
	Ok(())
}

fn newest(renewals: &[Renewal]) -> Option<Renewal> {
	of_tree(renewals).next_back().copied()
}

fn of_tree(renewals: &[Renewal]) -> impl DoubleEndedIterator<Item = &Renewal> {
	renewals.iter().filter(|renewal| renewal.tree == TREE)
}

/// The chain's newest renewal is one that this second tree had.
fn ensure_same_renewals(tree: &SecondTree, chain: &LogHead) -> Result<(), StoreError> {
	if chain.size <= tree.size() && log::second_head_at(tree, chain.size)? == *chain {
		return Ok(());
	}
	Err(StoreError::Diverged { stored: tree.size(), chain: chain.size })
}

/// Reads the contents of the log's first `size` entries that lack a second commitment and are not in the second tree yet.
fn find_contents(
	store: &Store,
	kind: LogKind,
	size: u64,
	options: Options,
	bar: &Bar,
	mut missing: impl FnMut(Missing),
) -> Result<Contents, Error> {
	let (reader, tree) = (store.log(kind)?, store.second_tree(kind)?);
	let mut contents = Contents::default();
	let mut lost = Vec::new();
	let mut sequences = tree.size()..size;
	loop {
		let mut batch = Vec::new();
		for sequence in sequences.by_ref().take(BATCH) {
			if tree.second(sequence)?.is_some() {
				continue;
			}
			let entry = reader.entry(sequence)?.ok_or(StoreError::Damaged("an entry is missing"))?;
			match reader.opened(&entry) {
				Ok(opened) => batch.push(Older { sequence, entry, opened }),
				Err(StoreError::Forgotten) => contents.forgotten = contents.forgotten.saturating_add(1),
				// What is lost for good stands in no renewal's way; what can still be put back is waited for.
				Err(StoreError::SubjectKeyMissing) if store.lost_keys() == 0 => {
					contents.without_key = contents.without_key.saturating_add(1);
				},
				Err(error) => return Err(error.into()),
			}
		}
		let found = parallel::map(&batch, |older| older.at_its_path());
		let mut seconds = Vec::new();
		for (older, content) in batch.into_iter().zip(found) {
			match content {
				Some(content) => seconds.push(older.second(store, &content)?),
				None => lost.push(older),
			}
		}
		contents.read = contents.read.saturating_add(u64::try_from(seconds.len()).unwrap_or(u64::MAX));
		store.put_seconds(kind, &seconds)?;
		if sequences.is_empty() {
			break;
		}
	}
	let still = elsewhere(store, kind, lost, options.paths, bar, &mut contents)?;
	contents.missing = u64::try_from(still.len()).unwrap_or(u64::MAX);
	still.into_iter().for_each(|older| missing(older.missing()));
	Ok(contents)
}

/// An entry that has no second commitment yet.
struct Older {
	sequence: u64,
	entry: Entry,
	opened: Opened,
}

impl Older {
	/// The content digest of the file that the entry was made of, if it is still what it was.
	fn at_its_path(&self) -> Option<SecondDigest> {
		let opening = &self.opened.opening;
		let path = PathBuf::from(self.opened.key.display());
		let measured = Content::File(&path).measure(opening.suite).ok()?;
		let digest = measured.digest.under(self.opened.element_key.as_ref());
		(digest == Some(opening.digest)).then_some(measured.second)
	}

	fn second(&self, store: &Store, content: &SecondDigest) -> Result<(u64, Second), StoreError> {
		Ok((self.sequence, store.commit_second(&self.entry, &self.opened, content)?))
	}

	fn missing(&self) -> Missing {
		Missing { sequence: self.sequence, file: self.opened.key.display() }
	}
}

/// Looks for contents in other files. Gives those entries whose content is in none of them.
fn elsewhere(
	store: &Store,
	kind: LogKind,
	lost: Vec<Older>,
	paths: &[PathBuf],
	bar: &Bar,
	contents: &mut Contents,
) -> Result<Vec<Older>, Error> {
	if paths.is_empty() {
		return Ok(lost);
	}
	// Under FHIR elements the same content has another digest in each record.
	let suites = lost.iter().map(|older| older.opened.opening.suite).filter(|suite| *suite != HashSuite::FhirElements);
	let suites: HashSet<_> = suites.collect();
	let wanted: HashSet<_> = lost.iter().map(|older| older.opened.opening.digest).collect();
	let mut known = HashMap::<RecordDigest, SecondDigest>::new();
	for suite in suites {
		for path in files(paths, suite).flatten() {
			bar.advance(1);
			let Ok(measured) = Content::File(&path).measure(suite) else { continue };
			if let ContentDigest::Known(digest) = measured.digest {
				if wanted.contains(&digest) {
					known.insert(digest, measured.second);
				}
			}
		}
	}
	let (mut seconds, mut left) = (Vec::new(), Vec::new());
	for older in lost {
		match known.get(&older.opened.opening.digest) {
			Some(content) => seconds.push(older.second(store, content)?),
			None => left.push(older),
		}
	}
	contents.read = contents.read.saturating_add(u64::try_from(seconds.len()).unwrap_or(u64::MAX));
	store.put_seconds(kind, &seconds)?;
	Ok(left)
}
