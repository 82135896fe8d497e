// SPDX-License-Identifier: GPL-3.0-only
//! One custodian's invented patients fill its seats in the pool, and nothing else: everybody else gets through.
//!
//! With `EPIDAURUS_FLOOD=10000` there are so many of them, and the pool is as large as it is by default.

use crate::common::{directory, Node, Signing};
use codec::{Compact, Encode};
use epidaurus_runtime::constants::{money::EPI, pool::SEATS};
use jsonrpsee::{
	core::{client::ClientT, params::BatchRequestBuilder},
	rpc_params,
};
use serde_json::Value;
use sp_core::{sr25519, Bytes, Pair as _};
use std::{collections::HashSet, env};

/// Invented patients, if nothing else is asked for: more than the pool holds, which is more than the seats.
const CROWD: u32 = 2_200;
/// The pool's limit for these.
const SMALL_POOL: &str = "1500";
/// Enrolments in a transaction, so that it fits into a block.
const ENROLMENTS: usize = 120;
/// Such transactions that wait at the same time.
const CROWDS: usize = 10;
/// Blocks in which a transaction must be included, however the blocks fall.
const SOON: u64 = 4;
/// Controls the hospital that invents patients.
const CONTROLLER: &str = "//Alice";
/// Keeps its records.
const FLOODER: &str = "//Alice//records";
/// What enrolling ten thousand patients costs in fees, and more.
const FEES: u128 = 1_000 * EPI;
/// Keeps another hospital's.
const CLERK: &str = "//Bob//records";
/// What the pool says where a seat is taken.
const TOO_LOW_PRIORITY: i32 = 1014;

/// `subjects.proveKey`, which takes a unit of a quota: nothing is ranked below it.
const PROVE_KEY: [u8; 2] = [51, 1];
/// `subjects.contestRebind`, which takes no unit, also where it fails since there is nothing to contest.
const CONTEST_REBIND: [u8; 2] = [51, 5];

/// A patient by number: key and pseudonym.
fn patient(number: u32) -> (sr25519::Pair, [u8; 32]) {
	let mut seed = [0xfa; 32];
	seed[..4].copy_from_slice(&number.to_le_bytes());
	(sr25519::Pair::from_seed(&seed), seed)
}

/// `subjects.enrol`.
fn enrol(number: u32) -> Vec<u8> {
	let (key, subject) = patient(number);
	[&[51, 0][..], &subject, &key.public().0].concat()
}

/// `utility.batchAll`.
fn batch(calls: &[Vec<u8>]) -> Vec<u8> {
	let count = Compact(u32::try_from(calls.len()).expect("a few")).encode();
	[&[30, 2][..], &count, &calls.concat()].concat()
}

/// `registry.fundMember`.
fn fund(member: &sr25519::Pair) -> Vec<u8> {
	[&[50, 24][..], &member.public().0, &FEES.to_le_bytes()].concat()
}

/// `ehr.anchor` of a record with this id.
fn anchor(record: [u8; 16]) -> Vec<u8> {
	[&[60, 0][..], &record, &[0xc0; 32], &[1, 0]].concat()
}

/// `ehr.markEnteredInError`, which is free, and a duty.
fn mark_entered_in_error(record: [u8; 16]) -> Vec<u8> {
	[&[60, 2][..], &record].concat()
}

/// Submits everything, many at a time; gives the codes of the refusals.
async fn submit_all(node: &Node, transactions: &[Bytes]) -> Vec<i32> {
	let client = node.client();
	let mut refusals = Vec::new();
	for some in transactions.chunks(64) {
		let mut batch = BatchRequestBuilder::new();
		for transaction in some {
			batch.insert("author_submitExtrinsic", rpc_params![transaction]).expect("bytes can be sent");
		}
		let answers = client.batch_request::<Value>(batch).await.expect("loopback has no limit");
		refusals.extend(answers.into_iter().filter_map(|answer| answer.err().map(|error| error.code())));
	}
	refusals
}

/// What waits in the pool.
async fn pending(node: &Node) -> HashSet<String> {
	let pending = node.call("author_pendingExtrinsics", rpc_params![]).await;
	serde_json::from_value(pending).expect("a list of transactions")
}

/// Enrols so many patients of the flooder's hospital, from number 1 on.
async fn invent(node: &Node, signing: &Signing, crowd: u32) {
	let clerk = sr25519::Pair::from_string(FLOODER, None).expect("a well-known secret");
	let empty = || async { pending(node).await.is_empty().then_some(()) };
	node.submit(CONTROLLER, 0, &fund(&clerk)).await;
	node.until("empty pool", empty).await;
	let enrolments: Vec<_> = (1..=crowd).map(enrol).collect();
	let transactions: Vec<_> = (0..)
		.zip(enrolments.chunks(ENROLMENTS))
		.map(|(nonce, some)| signing.transaction(&clerk, nonce, &batch(some)))
		.collect();
	for some in transactions.chunks(CROWDS) {
		let refusals = submit_all(node, some).await;
		assert!(refusals.is_empty(), "{refusals:?}");
		node.until("empty pool", empty).await;
	}
}

#[tokio::test]
async fn flood_of_invented_patients_lets_everybody_else_through() {
	let asked = env::var("EPIDAURUS_FLOOD").ok().map(|count| count.parse().expect("a number of patients"));
	let pool: &[&str] = if asked.is_some() { &[] } else { &["--pool-limit", SMALL_POOL] };
	let crowd = asked.unwrap_or(CROWD);
	let directory = directory();
	let node = Node::dev(directory.path(), &[&["--dev-block-time", "1000"][..], pool].concat()).await;
	let signing = node.signing().await;
	// The other hospital's patient, without a token.
	node.submit(CLERK, 0, &enrol(0)).await;
	invent(&node, &signing, crowd).await;

	let flood: Vec<_> = (1..=crowd).map(|number| signing.transaction(&patient(number).0, 0, &CONTEST_REBIND)).collect();
	let invented: HashSet<_> = flood.iter().map(|one| format!("0x{}", hex(one))).collect();
	let held = || async { pending(&node).await.intersection(&invented).count() };
	let seats = usize::try_from(SEATS).expect("a small number");
	let refusals = submit_all(&node, &flood).await;
	assert!(refusals.iter().all(|code| *code == TOO_LOW_PRIORITY), "{refusals:?}");
	println!("{} of {crowd} wait, {} were refused", held().await, refusals.len());
	assert!(held().await <= seats, "{}", held().await);
	// Again, for the seats that blocks have emptied meanwhile; then those whom it must not keep out.
	let refused = submit_all(&node, &flood).await.len();
	assert!((seats / 2..=seats).contains(&held().await), "{}", held().await);
	let before = node.finalised().await.number();
	let (key, subject) = patient(0);
	let act = signing.transaction(&key, 0, &PROVE_KEY);
	node.call("author_submitExtrinsic", rpc_params![act]).await;
	let record = [7; 16];
	node.submit(CLERK, 1, &anchor(record)).await;
	node.submit(CLERK, 2, &mark_entered_in_error(record)).await;
	let (subject, id) = (format!("0x{}", hex(&subject)), format!("0x{}", hex(&record)));
	let through = || async {
		let proven = node.call("subjects_subject", rpc_params![&subject]).await["proven"] == true;
		let view: Value = node.client().request("ehr_anchor", rpc_params![&id]).await.ok()?;
		(proven && view["standing"] == "enteredInError").then_some(())
	};
	node.until("patient and member in blocks", through).await;
	let after = node.finalised().await.number();
	println!("{refused} of the flood were refused again; through in block {after}, sent in {before}");
	assert!(after <= before + SOON, "sent in block {before} and through in {after}");
	assert!((seats / 4..=seats).contains(&held().await), "{}: the flood is still there", held().await);
}

fn hex(bytes: &[u8]) -> String {
	bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
