// SPDX-License-Identifier: GPL-3.0-only
//! A pool that is full of what costs nothing lets in what is paid for, and what is a duty.

use crate::common::{directory, Node};
use codec::{Compact, Encode};
use jsonrpsee::{
	core::{client::ClientT, params::BatchRequestBuilder},
	rpc_params,
};
use serde_json::Value;
use sp_core::{sr25519, Bytes, Pair as _};

/// Invented patients.
const CROWD: u32 = 1_200;
/// Transactions of each: together more than the pool holds and the blocks take meanwhile.
const EACH: u32 = 10;
/// The pool's default limit.
const POOL: usize = 8_192;
/// Enrolments in a transaction, so that it fits into a block.
const ENROLMENTS: usize = 120;
/// Keeps the records of the hospital that invents patients.
const FLOODER: &str = "//Alice//records";
/// Keeps another hospital's.
const CLERK: &str = "//Bob//records";

/// The key of an invented patient.
fn fake(number: u32) -> sr25519::Pair {
	let mut seed = [0xfa; 32];
	seed[..4].copy_from_slice(&number.to_le_bytes());
	sr25519::Pair::from_seed(&seed)
}

/// `utility.batchAll` of `subjects.enrol`, once for each key.
fn enrol(first: u32, keys: &[sr25519::Pair]) -> Vec<u8> {
	let mut call = vec![30, 2];
	Compact(u32::try_from(keys.len()).expect("a few")).encode_to(&mut call);
	for (number, key) in (first..).zip(keys) {
		let mut subject = [0xfa; 32];
		subject[..4].copy_from_slice(&number.to_le_bytes());
		call.extend([51, 0]);
		call.extend(subject);
		call.extend(key.public().0);
	}
	call
}

/// `ehr.anchor` of a record with this id.
fn anchor(record: [u8; 16]) -> Vec<u8> {
	[&[60, 0][..], &record, &[0xc0; 32], &[1, 0]].concat()
}

/// Submits everything, many at a time; what the pool refuses is counted.
async fn submit_all(node: &Node, transactions: &[Bytes]) -> usize {
	let client = node.client();
	let mut refused = 0;
	for some in transactions.chunks(64) {
		let mut batch = BatchRequestBuilder::new();
		for transaction in some {
			batch.insert("author_submitExtrinsic", rpc_params![transaction]).expect("bytes can be sent");
		}
		let answers = client.batch_request::<Value>(batch).await.expect("loopback has no limit");
		refused += answers.num_failed_calls();
	}
	refused
}

async fn pending(node: &Node) -> usize {
	node.call("author_pendingExtrinsics", rpc_params![]).await.as_array().expect("a list").len()
}

#[tokio::test]
async fn full_pool_of_invented_patients_lets_in_members() {
	let directory = directory();
	let node = Node::dev(directory.path(), &["--dev-block-time", "1000"]).await;
	let signing = node.signing().await;
	let keys: Vec<_> = (0..CROWD).map(fake).collect();
	let clerk = sr25519::Pair::from_string(FLOODER, None).expect("a well-known secret");
	let crowds = (0..CROWD).step_by(ENROLMENTS).zip(keys.chunks(ENROLMENTS));
	let enrolments: Vec<_> = (0u32..)
		.zip(crowds)
		.map(|(nonce, (first, some))| signing.transaction(&clerk, nonce, &enrol(first, some)))
		.collect();
	assert_eq!(submit_all(&node, &enrolments).await, 0);
	node.until("empty pool", || async { (pending(&node).await == 0).then_some(()) }).await;

	// `subjects.proveKey`, again and again: it costs an invented patient nothing, also when it fails.
	let flood: Vec<_> = (0..EACH)
		.flat_map(|nonce| keys.iter().map(move |key| (nonce, key)))
		.map(|(nonce, key)| signing.transaction(key, nonce, &[51, 1]))
		.collect();
	let refused = submit_all(&node, &flood).await;
	let waiting = pending(&node).await;
	println!("{waiting} of {} transactions wait, {refused} were refused", flood.len());
	assert!(waiting > POOL * 9 / 10, "{waiting}: no flood");

	let record = [7; 16];
	let before = node.finalised().await.number();
	node.submit(CLERK, 0, &anchor(record)).await;
	// Free, and a duty: `ehr.markEnteredInError`.
	node.submit(CLERK, 1, &[&[60, 2][..], &record].concat()).await;
	let id = format!("0x{}", "07".repeat(16));
	let corrected = || async {
		let view: Value = node.client().request("ehr_anchor", rpc_params![&id]).await.ok()?;
		(view["standing"] == "enteredInError").then_some(())
	};
	node.until("record that was anchored and corrected", corrected).await;
	let after = node.finalised().await.number();
	assert!(after <= before + 3, "anchored in block {after} and not soon after {before}");
	assert!(pending(&node).await > POOL / 2, "the flood is still there");
}
