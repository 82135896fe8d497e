// SPDX-License-Identifier: Apache-2.0
//! Checkpoints: a log's head on chain, and bundles that lead to it.

use crate::{
	bundle::{Bundle, ElementEvidence, Evidence},
	chain::{Call, Ledger},
	log,
	store::{Entry, LogReader, Opened, Progress, Store, StoreError},
	Error,
};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::NativeSha256,
	ids::OrgId,
	merkle::empty_root,
	moment::Moment,
	renewal::RenewedProof,
};
use serde::Serialize;

/// A log's head, now on chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpointed {
	/// Whose log.
	pub custodian: OrgId,
	/// Which log.
	pub kind: LogKind,
	/// Its head.
	pub head: LogHead,
	/// The head that the chain had before.
	pub before: LogHead,
	/// Whether anything was submitted; otherwise the chain had this head already.
	pub submitted: bool,
	/// Whether the log was opened on the way.
	pub opened: bool,
	/// When the checkpoint was made.
	pub at: Moment,
	/// Whether the custodian was licensed to keep records then.
	pub licensed: bool,
}

/// Brings the chain's head of a log to that of the store.
pub async fn checkpoint<L: Ledger>(store: &Store, ledger: &L, kind: LogKind) -> Result<Checkpointed, Error> {
	let custodian = store.identity().custodian;
	let reader = store.log(kind)?;
	let head = log::head(&reader);
	if head.size == 0 {
		return Err(Error::Usage("the log is empty: append something first".into()));
	}
	let known = ledger.log(custodian, kind).await?;
	let opened = known.is_none();
	let before = known.map_or(LogHead { size: 0, root: empty_root::<NativeSha256>() }, |view| view.head);
	ensure_same_history(&reader, &before)?;

	let submitted = before != head;
	if submitted {
		let proof = log::prove_growth(&reader, before.size, head.size)?;
		store.put_checkpoint(kind, head, Progress::Submitted)?;
		let open = opened.then_some(Call::OpenLog { kind });
		let calls: Vec<_> = open.into_iter().chain([Call::Checkpoint { kind, head, proof }]).collect();
		if let Err(error) = ledger.submit(&calls).await {
			// An earlier submission of the same may have come first.
			if ledger.log(custodian, kind).await?.map(|view| view.head) != Some(head) {
				return Err(error.into());
			}
		}
	}
	let newest = ledger.newest_checkpoint(custodian, kind).await?.filter(|newest| newest.head == head);
	let newest = newest.ok_or(StoreError::Diverged { stored: head.size, chain: before.size })?;
	store.put_checkpoint(kind, head, Progress::Finalised { at: newest.at })?;
	Ok(Checkpointed { custodian, kind, head, before, submitted, opened, at: newest.at, licensed: newest.licensed })
}

/// The chain's head is one that this log had.
pub(super) fn ensure_same_history(reader: &LogReader, chain: &LogHead) -> Result<(), StoreError> {
	let diverged = StoreError::Diverged { stored: reader.size(), chain: chain.size };
	if chain.size > reader.size() {
		return Err(diverged);
	}
	match log::head_at(reader, chain.size)? {
		head if head == *chain => Ok(()),
		_ => Err(diverged),
	}
}

/// The path of an entry to the first renewal on chain that covers it; nothing if there is none, or the content was gone
/// by then.
fn renewed(store: &Store, kind: LogKind, sequence: u64, entry: &Entry) -> Result<Option<RenewedProof>, StoreError> {
	let Some(head) = store.renewal_of(kind, sequence)? else { return Ok(None) };
	let tree = store.second_tree(kind)?;
	let Some(second) = tree.second(sequence)? else { return Ok(None) };
	let digest = tree.digest(entry, &second)?;
	log::prove_renewed(&tree, sequence, head, digest).map(Some)
}

/// The bundle of an entry, with the path to the head of `size` entries, and to a renewal where the chain has one.
pub fn bundle(store: &Store, reader: &LogReader, sequence: u64, size: u64) -> Result<Bundle, StoreError> {
	let entry = reader.entry(sequence)?.ok_or(StoreError::NotFound("entry of this sequence number"))?;
	let Opened { opening, element_key, .. } = reader.opened(&entry)?;
	let mut proof = log::prove(reader, sequence, size)?;
	proof.renewed = renewed(store, reader.kind(), sequence, &entry)?;
	Ok(Bundle {
		network: store.identity().network,
		custodian: store.identity().custodian,
		opening,
		commitment: entry.commitment,
		evidence: Evidence::Log { kind: reader.kind(), proof },
		link_key: None,
		elements: element_key.map(ElementEvidence::Key),
	})
}
