// SPDX-License-Identifier: Apache-2.0
//! What a checkpoint costs the chain, for logs of a thousand to a hundred million records.

use crate::{
	chain::{ehr, person, Chain, Weight},
	error::{at, Error, Result},
	node::{Blocks, Node},
	questions::{times, Question},
	report::{Cell, Finding, Report, Table},
};
use epid::chain::Encoded;
use epidaurus_primitives::{
	ehr::LogKind,
	hash::NativeSha256,
	merkle::{frontier_at, leaf_hash, node_hash, prove_consistency, Hash, NodeStore, MAX_PROOF_NODES},
};
use std::{convert::Infallible, path::Path};

/// The subcommand.
pub const PART: &str = "checkpoints";
/// What it is about.
pub const TITLE: &str = "A checkpoint, by the size of its log";

/// Records that each measured checkpoint adds.
const ADDED: u64 = 1_000;
/// The log sizes are powers of ten from this one.
const SMALLEST: u32 = 3;
/// To this one.
pub const LARGEST: u32 = 8;

/// A log whose entries are all alike: each complete node of a level has the same hash, so that a tree of any size is here
/// without its leaves. Roots and paths are those of RFC 6962, and nobody who sees only them can tell.
struct AllAlike {
	levels: Vec<Hash>,
}

impl AllAlike {
	fn new() -> Self {
		let mut hash = leaf_hash::<NativeSha256>(b"an entry");
		let levels = (0..=MAX_PROOF_NODES).map(|_| {
			let parent = node_hash::<NativeSha256>(&hash, &hash);
			std::mem::replace(&mut hash, parent)
		});
		Self { levels: levels.collect() }
	}

	/// The call that brings the chain's head of the log from one size to another.
	fn checkpoint(&self, old: u64, new: u64) -> Result<(Encoded, usize)> {
		let wrong = |error: &dyn std::fmt::Display| Error::Wrong(error.to_string());
		let frontier = frontier_at(self, new).map_err(|error| wrong(&error))?;
		let proof = prove_consistency::<NativeSha256, _>(self, old, new).map_err(|error| wrong(&error))?;
		let root = frontier.root::<NativeSha256>();
		Ok((ehr("checkpoint", (LogKind::Records, root, new, &proof)), proof.len()))
	}
}

impl NodeStore for AllAlike {
	type Failure = Infallible;

	fn node(&self, level: u32, _: u64) -> std::result::Result<Hash, Infallible> {
		Ok(self.levels[level as usize])
	}
}

/// What one checkpoint costs.
struct Cost {
	records: u64,
	path: usize,
	transaction: usize,
	weight: Weight,
	proof: u64,
	microseconds: f64,
}

/// Measures it on a chain of its own.
pub async fn measure(binary: &Path, largest: u32, repetitions: usize) -> Result<Report> {
	if !(SMALLEST..=15).contains(&largest) {
		return Err(Error::Usage(format!("the largest log has 10^{SMALLEST} to 10^15 records")));
	}
	let folder = tempfile::tempdir().map_err(at(std::env::temp_dir()))?;
	let node = Node::start(binary, folder.path(), Blocks::Instant)?;
	let chain = Chain::connect(node.url()).await?;
	let clerk = person("//Alice//records")?;
	chain.submit(&clerk, &ehr("open_log", LogKind::Records)).await?;
	// Block 1 has the inherents and nothing else.
	let usual = chain.touched(chain.block(1).await?).await?;
	let log = AllAlike::new();
	let (mut size, mut costs) = (0, Vec::new());
	for power in SMALLEST..=largest {
		let records = 10_u64.pow(power);
		// An odd size has the longest path.
		let old = records - 1;
		chain.submit(&clerk, &log.checkpoint(size, old)?.0).await?;
		size = old + ADDED;
		let (call, path) = log.checkpoint(old, size)?;
		let weight = chain.weight(&call).await?;
		let transaction = chain.sign(&clerk, &call).await?;
		let questions = [Question::nothing(), Question::apply(&transaction)];
		let taken = times(&chain, &questions, repetitions).await?;
		let block = chain.submit(&clerk, &call).await?;
		let parent = chain.parent(block).await?;
		let touched = chain.touched(block).await?.union(&usual).cloned().collect();
		let proof = chain.proof_size(&touched, parent).await? - chain.proof_size(&usual, parent).await?;
		let microseconds = taken[1] - taken[0];
		costs.push(Cost { records, path, transaction: transaction.len(), weight, proof, microseconds });
	}
	Ok(report(&costs, repetitions))
}

fn report(costs: &[Cost], repetitions: usize) -> Report {
	let rows = costs.iter().map(|cost| -> Vec<Cell> {
		vec![
			cost.records.into(),
			cost.path.into(),
			cost.transaction.into(),
			cost.proof.into(),
			(cost.weight.ref_time as f64 / 1e6).into(),
			cost.weight.proof_size.into(),
			cost.microseconds.into(),
		]
	});
	let mut findings = Vec::new();
	if let [first, .., last] = costs {
		let hashes = last.path.saturating_sub(first.path) as f64;
		let growth = |value: fn(&Cost) -> f64| (value(last) - value(first)) / hashes;
		let times = last.records / first.records;
		findings = vec![
			Finding::quantity(
				"the transaction grows, for each hash of the path",
				growth(|cost| cost.transaction as f64),
				"bytes",
			),
			Finding::quantity(
				"the declared time grows, for each hash of the path",
				growth(|cost| cost.weight.ref_time as f64 / 1e6),
				"µs",
			),
			Finding::ratio(
				format!("the declared time, for a log {} times as large", crate::report::number(times as f64)),
				last.weight.ref_time as f64 / first.weight.ref_time as f64,
			),
			Finding::ratio("the state that is proven, likewise", last.proof as f64 / first.proof as f64),
		];
	}
	Report {
		part: PART,
		title: TITLE,
		setting: vec![
			format!(
				"Each checkpoint adds {ADDED} records to a log of so many, on a development chain of its own. The declared weight is what \
				 `TransactionPaymentCallApi` of the real runtime says (worst cases, measured by `make bench-weights`, with 25 µs for a read and 100 µs \
				 for a write). The state proof is measured: all keys that the block with the checkpoint touches (`state_traceBlock`), without those of a \
				 block with inherents only, as trie nodes of `state_getReadProof` at its parent. The transaction stands in the PoV beside it. The chain's state is small: in a \
				 larger one each key's proof is longer, by the same for every size of log."
			),
			format!(
				"The time is the node's: applying the signed transaction (`BlockBuilder_apply_extrinsic` in a `state_call`, WASM runtime compiled by wasmtime, host \
				 functions of a dev build), median of {repetitions}, less that of a call that does nothing. The logs are real trees whose entries are all alike, so that \
				 a hundred million leaves need not be held."
			),
		],
		tables: vec![Table {
			columns: vec![
				"records in the log",
				"hashes in the path",
				"transaction, bytes",
				"state proof measured, bytes",
				"declared time, µs",
				"declared proof, bytes",
				"time to apply, µs",
			],
			rows: rows.collect(),
		}],
		findings,
		..Report::default()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use epidaurus_primitives::merkle::{root, verify_consistency};

	#[test]
	fn a_log_of_equal_entries_is_the_tree_over_them() {
		let leaf = leaf_hash::<NativeSha256>(b"an entry");
		for size in [1, 2, 3, 7, 100] {
			let frontier = frontier_at(&AllAlike::new(), size).unwrap();
			assert_eq!(frontier.root::<NativeSha256>(), root::<NativeSha256>(&vec![leaf; size as usize]));
		}
	}

	#[test]
	fn its_growth_is_proven_for_large_sizes() {
		let log = AllAlike::new();
		for (old, new) in [(999, 1_999), (99_999_999, 100_000_999), (10_u64.pow(15) - 1, 10_u64.pow(15) + 999)] {
			let head = |size| frontier_at(&log, size).unwrap().root::<NativeSha256>();
			let proof = prove_consistency::<NativeSha256, _>(&log, old, new).unwrap();
			let verified = verify_consistency::<NativeSha256>(old, &head(old), new, &head(new), &proof);
			assert_eq!(verified, Ok(()));
			assert_eq!(log.checkpoint(old, new).unwrap().1, proof.len());
		}
	}

	#[test]
	fn growth_is_told_for_each_hash() {
		let cost = |records, path, transaction, ref_time, proof| Cost {
			records,
			path,
			transaction,
			weight: Weight { ref_time, proof_size: 40_000 },
			proof,
			microseconds: 100.0,
		};
		let costs = [cost(1_000, 10, 500, 100_000_000, 3_000), cost(100_000, 20, 820, 110_000_000, 3_000)];
		let report = report(&costs, 5);
		let values: Vec<_> = report.findings.iter().map(|finding| finding.value).collect();
		assert_eq!(values, [32.0, 1.0, 1.1, 1.0]);
		assert!(report.findings[2].what.contains("100 times"));
		assert_eq!(report.tables[0].rows.len(), 2);
	}
}
