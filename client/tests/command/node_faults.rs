// SPDX-License-Identifier: Apache-2.0
//! The library at a node, on a disk that fails at every point where something becomes durable, with a connection that is cut
//! between submission and inclusion.

use crate::node::Node;
use disk::{Disk, Fault};
use epid::{
	chain::{Call, Chain, ChainError, Ledger, Signed, Statements},
	custody, keys, log,
	progress::Progress,
	record::{Prepared, Reader},
	signer::Signer,
	store::{medium, Identity, Secret, Store, StoreError, SUBJECTS_FILE},
	Error,
};
use epidaurus_primitives::{
	ehr::LogKind,
	hash::HashSuite,
	ids::{NetworkId, OrgId, RecordId},
	renewal::Renewal,
	views::{AnchorView, CheckpointView, LogView, VersionView},
};
use std::{
	path::Path,
	sync::{
		atomic::{AtomicBool, Ordering},
		Arc,
	},
};

#[path = "../../src/store/disk.rs"]
mod disk;

const KIND: LogKind = LogKind::Records;

/// Milliseconds between blocks.
const BLOCK: u64 = 500;

/// The chain, over a connection that is cut once before the next inclusion.
struct Cut<'a> {
	signed: Signed<'a>,
	cut: AtomicBool,
}

impl Statements for Cut<'_> {
	fn network(&self) -> NetworkId {
		self.signed.network()
	}

	async fn log(&self, custodian: OrgId, kind: LogKind) -> Result<Option<LogView>, ChainError> {
		self.signed.log(custodian, kind).await
	}

	async fn newest_checkpoint(&self, custodian: OrgId, kind: LogKind) -> Result<Option<CheckpointView>, ChainError> {
		self.signed.newest_checkpoint(custodian, kind).await
	}

	async fn checkpoints(&self, custodian: OrgId, kind: LogKind) -> Result<Vec<CheckpointView>, ChainError> {
		self.signed.checkpoints(custodian, kind).await
	}

	async fn renewals(&self, custodian: OrgId, kind: LogKind) -> Result<Vec<Renewal>, ChainError> {
		self.signed.renewals(custodian, kind).await
	}

	async fn anchor(&self, record: RecordId) -> Result<Option<AnchorView>, ChainError> {
		self.signed.anchor(record).await
	}

	async fn version(&self, record: RecordId, version: u32) -> Result<Option<VersionView>, ChainError> {
		self.signed.version(record, version).await
	}
}

impl Ledger for Cut<'_> {
	async fn submit(&self, calls: &[Call]) -> Result<(), ChainError> {
		if !self.cut.swap(false, Ordering::Relaxed) {
			return self.signed.submit(calls).await;
		}
		for call in calls {
			// In the pool, and nobody waits for it.
			drop(self.signed.chain.submit(self.signed.key, call).await?);
		}
		Err(ChainError::Failed("the connection is cut".into()))
	}
}

/// One step of the journey: 0 and 3 append and checkpoint, 1 anchors, 2 amends.
async fn step(store: &Store, ledger: &Cut<'_>, files: &Path, step: usize) -> Result<(), Error> {
	match step {
		0 | 3 => {
			let batch: Vec<_> = (0..7).map(|index| file(files, &format!("{step}-{index}"), "x")).collect();
			store.append(KIND, &batch)?;
			custody::checkpoint(store, ledger, KIND).await?;
		},
		1 => {
			custody::anchor(store, ledger, &file(files, "a", "one")).await?;
		},
		_ => {
			let changed = file(files, "a", "two");
			let record = store.anchored(&changed.key)?.expect("it was anchored before");
			custody::amend(store, ledger, record, &changed).await?;
		},
	}
	Ok(())
}

fn file(folder: &Path, name: &str, content: &str) -> Prepared {
	let path = folder.join(name);
	std::fs::write(&path, content).unwrap();
	Reader::new(HashSuite::Raw).read(&path).unwrap()
}

/// Opens the store as a new process does, and runs a step.
async fn attempt(disk: &Disk, identity: Identity, ledger: &Cut<'_>, files: &Path, number: usize) -> Result<(), Error> {
	let secret = Secret::parse(&format!("0x{}", "5c".repeat(32))).unwrap();
	let (store, _) = Store::create_on(Arc::new(disk.clone()), identity, &secret)?;
	step(&store, ledger, files, number).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_anchored_twice_whatever_fails() {
	let node = Node::start(BLOCK);
	let chain = Chain::connect(&node.url).await.unwrap();
	let key = Signer::Key(keys::parse("//Alice//records").unwrap());
	let ledger = Cut { signed: Signed { chain: &chain, key: &key }, cut: AtomicBool::new(false) };
	let custodian = ledger.signed.member().await.unwrap().organisation;
	let identity = Identity { network: chain.network(), custodian };
	let (disk, files) = (Disk::new(7), tempfile::tempdir().unwrap());

	for number in 0..4 {
		ledger.cut.store(true, Ordering::Relaxed);
		// One point further each time, until the step comes through.
		for point in 1.. {
			assert!(point < 60, "step {number} does not finish");
			disk.fail_at(point, Fault::ALL[usize::try_from(point).unwrap() % 4]);
			if attempt(&disk, identity, &ledger, files.path(), number).await.is_ok() {
				break;
			}
			disk.restart();
		}
	}
	disk.restart();
	assert!(disk.points() > 40);

	let secret = Secret::parse(&format!("0x{}", "5c".repeat(32))).unwrap();
	let store = Store::open_on(Arc::new(disk.clone()), &secret).unwrap();
	let mut problems = Vec::new();
	let bar = Progress::hidden();
	let audit = custody::audit(&store, Some(&chain), &bar, |problem| problems.push(problem));
	let audit = audit.await.unwrap();
	assert!(problems.is_empty(), "{problems:?}");
	assert_eq!((audit.entries, audit.versions, audit.opened), (14, 2, 16));
	// The chain has each once: two checkpoints, one record with two versions, and they are the store's.
	let checkpoints = chain.checkpoints(custodian, KIND).await.unwrap();
	let sizes: Vec<_> = checkpoints.iter().map(|checkpoint| checkpoint.head.size).collect();
	assert_eq!(sizes, [14, 7]);
	assert_eq!(checkpoints[0].head, log::head(&store.log(KIND).unwrap()));
	let records = store.anchor_ids().unwrap();
	assert_eq!(records.len(), 1);
	assert_eq!(chain.anchor(records[0]).await.unwrap().unwrap().version, 2);
}
