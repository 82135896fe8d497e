// SPDX-License-Identifier: Apache-2.0
//! A custodian at work, in a process of its own that can be killed: records arrive at a steady rate, are appended to the
//! store, and checkpoints follow each other. It tells what it has done, a line of JSON for each thing done.

use crate::{
	chain::person,
	corpus::Corpus,
	error::{Error, Result},
};
use epid::{
	chain::{Chain, Signed},
	custody, parallel, secrets,
	signer::Signer,
	store::Store,
};
use epidaurus_primitives::ehr::LogKind;
use serde::{Deserialize, Serialize};
use std::{
	path::PathBuf,
	sync::{
		atomic::{AtomicBool, Ordering},
		Arc,
	},
	thread,
	time::{Duration, Instant},
};

/// The log that everything stands in.
pub const KIND: LogKind = LogKind::Records;

/// Who signs.
pub const OFFICER: &str = "//Alice//records";

/// Most records that are appended in one transaction.
pub const BATCH: u64 = 1024;

/// How long nothing is done where there is nothing to do.
const PAUSE: Duration = Duration::from_millis(20);

/// What a custodian is told.
#[derive(Clone, Debug, clap::Args)]
pub struct Orders {
	/// Folder of its store, whose key file stands beside it.
	#[arg(long)]
	pub store: PathBuf,
	/// Address of a node.
	#[arg(long)]
	pub url: String,
	/// Folder of the records.
	#[arg(long)]
	pub records: PathBuf,
	/// Records that arrive in a second.
	#[arg(long)]
	pub rate: f64,
	/// Seconds after which it ends by itself, if it is not killed before.
	#[arg(long)]
	pub seconds: u64,
}

/// Something that it has done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Done {
	/// So many records stand in the store, durably.
	Appended(u64),
	/// So many records can be proven against a finalised head, so many seconds after the first one arrived.
	Finalised(u64, f64),
}

/// Says it, at once and for whoever started this process.
fn say(done: Done) -> Result<()> {
	let line = serde_json::to_string(&done).map_err(|error| Error::Wrong(error.to_string()))?;
	println!("{line}");
	Ok(())
}

/// Works until it is killed.
pub async fn work(orders: Orders) -> Result<()> {
	let corpus = Corpus::read(&orders.records)?;
	let store = Arc::new(Store::open(
		&orders.store,
		&secrets::load(&orders.store, Some(&secrets::beside(&orders.store)))?.secret,
	)?);
	let chain = Chain::connect(&orders.url).await?;
	let key = Signer::Key(person(OFFICER)?);
	let signed = Signed { chain: &chain, key: &key };
	let ended = Arc::new(AtomicBool::new(false));
	let started = Instant::now();
	let appending = {
		let (store, ended) = (store.clone(), ended.clone());
		thread::spawn(move || {
			let appended = append(&store, &corpus, &orders, started);
			ended.store(true, Ordering::Relaxed);
			appended
		})
	};
	let mut known = 0;
	while !ended.load(Ordering::Relaxed) {
		if store.log(KIND)?.size() == known {
			tokio::time::sleep(PAUSE).await;
			continue;
		}
		let size = custody::checkpoint(&store, &signed, KIND).await?.head.size;
		// Finalised is what can be shown to somebody.
		custody::bundle(&store, &store.log(KIND)?, size - 1, size)?;
		say(Done::Finalised(size, started.elapsed().as_secs_f64()))?;
		known = size;
	}
	appending.join().map_err(|_| Error::Wrong("appending ended with a panic".into()))?
}

/// Appends what has arrived, batch by batch.
fn append(store: &Store, corpus: &Corpus, orders: &Orders, started: Instant) -> Result<()> {
	let mut next = store.log(KIND)?.size();
	loop {
		let elapsed = started.elapsed();
		if elapsed.as_secs() >= orders.seconds {
			return Ok(());
		}
		let numbers = due(next, elapsed.as_secs_f64(), orders.rate);
		let Some(last) = numbers.last() else {
			thread::sleep(PAUSE);
			continue;
		};
		let prepared = parallel::map(&numbers, |number| corpus.prepare(*number));
		store.append(KIND, &prepared.into_iter().collect::<Result<Vec<_>>>()?)?;
		next = last + 1;
		say(Done::Appended(next))?;
	}
}

/// Numbers of the records that have arrived and are not yet appended, at most a batch.
fn due(next: u64, elapsed: f64, rate: f64) -> Vec<u64> {
	let arrived = (elapsed * rate) as u64;
	(next..arrived.min(next.saturating_add(BATCH))).collect()
}

/// Seconds from the arrival of each record to its finalised proof, of those that came so far.
pub fn delays(done: &[Done], rate: f64) -> Vec<f64> {
	let mut delays = Vec::new();
	for done in done {
		if let Done::Finalised(size, at) = done {
			let arrived = (delays.len() as u64..*size).map(|number| number as f64 / rate);
			delays.extend(arrived.map(|arrived| at - arrived).collect::<Vec<_>>());
		}
	}
	delays
}

/// Records that were durable, and records that were finalised, as far as it was told.
pub fn told(done: &[Done]) -> (u64, u64) {
	done.iter().fold((0, 0), |(appended, finalised), done| match done {
		Done::Appended(size) => (*size, finalised),
		Done::Finalised(size, _) => (appended, *size),
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_has_arrived_is_due_up_to_a_batch() {
		assert_eq!(due(0, 0.5, 10.0), [0, 1, 2, 3, 4]);
		assert!(due(5, 0.5, 10.0).is_empty() && due(9, 0.5, 10.0).is_empty());
		assert_eq!(due(7, 1e6, 10.0).len() as u64, BATCH);
	}

	#[test]
	fn each_record_has_its_own_delay() {
		let done = [Done::Appended(2), Done::Finalised(2, 6.0), Done::Appended(4), Done::Finalised(3, 12.0)];
		assert_eq!(delays(&done, 2.0), [6.0, 5.5, 11.0]);
		assert_eq!(told(&done), (4, 3));
		assert!(delays(&[], 1.0).is_empty());
	}

	#[test]
	fn what_it_says_can_be_read_again() {
		for done in [Done::Appended(7), Done::Finalised(8, 1.5)] {
			let line = serde_json::to_string(&done).unwrap();
			assert_eq!(serde_json::from_str::<Done>(&line).unwrap(), done);
		}
		// What was being written when it was killed.
		assert!(serde_json::from_str::<Done>(r#"{"appended":1"#).is_err());
	}
}
