// SPDX-License-Identifier: Apache-2.0
//! Records made provable and durable, against PostgreSQL on the same machine: as a hash chain, a row for each record, and
//! with the same Merkle batching.

mod cluster;

use crate::{
	corpus::{salt, Corpus},
	error::{at, database, Error, Result},
	keeper::{BATCH, KIND},
	report::{Finding, Measure, Report},
	stats::{median, paired_ratio, percentile},
};
use ::postgres::{binary_copy::BinaryCopyInWriter, types::Type, Client, Transaction};
use cluster::Cluster;
use codec::Encode;
use epid::{
	parallel,
	store::{Identity, Secret, Store},
};
use epidaurus_primitives::{
	ehr::LogEntry,
	hash::{Commitment, NativeSha256},
	ids::{NetworkId, OrgId},
	merkle::{Frontier, Hash},
};
use std::{
	path::Path,
	sync::atomic::{AtomicU64, Ordering},
	thread,
	time::{Duration, Instant},
};

/// The subcommand.
pub const PART: &str = "postgres";
/// What it is about.
pub const TITLE: &str = "Records made provable and durable, against PostgreSQL";

const NETWORK: NetworkId = NetworkId([0x62; 32]);

/// Connections that append to the hash chain at once.
const CLIENTS: usize = 16;

/// A chain: each row's hash covers the row before, so that writers take turns. The lock ends with the transaction.
const CHAIN: &str = "
CREATE TABLE chain (seq bigint PRIMARY KEY, hash bytea NOT NULL, commitment bytea NOT NULL, opening bytea NOT NULL);
CREATE FUNCTION append(new_commitment bytea, new_opening bytea) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	last chain%ROWTYPE;
	place bigint;
BEGIN
	PERFORM pg_advisory_xact_lock(1);
	SELECT * INTO last FROM chain ORDER BY seq DESC LIMIT 1;
	place := coalesce(last.seq + 1, 0);
	INSERT INTO chain VALUES (place, sha256(coalesce(last.hash, '') || new_commitment), new_commitment, new_opening);
	RETURN place;
END $$;";

/// A Merkle log: entries, the nodes that proofs are made of, and a head for each batch.
const LOG: &str = "
CREATE TABLE entries (seq bigint PRIMARY KEY, commitment bytea NOT NULL, opening bytea NOT NULL);
CREATE TABLE nodes (level int NOT NULL, index bigint NOT NULL, hash bytea NOT NULL, PRIMARY KEY (level, index));
CREATE TABLE heads (size bigint PRIMARY KEY, root bytea NOT NULL);";

/// What one contender did in one round.
struct Round {
	records: u64,
	seconds: f64,
	/// Milliseconds that each durable append took: of a record, or of a batch.
	appends: Vec<f64>,
}

impl Round {
	fn rate(&self) -> f64 {
		self.records as f64 / self.seconds
	}
}

/// Measures it.
pub fn measure(corpus: &Corpus, programs: Option<&Path>, seconds: u64, rounds: usize) -> Result<Report> {
	if seconds == 0 || rounds == 0 {
		return Err(Error::Usage("there is at least one round of at least a second".into()));
	}
	let cluster = Cluster::start(programs)?;
	let mut client = cluster.connect()?;
	client.batch_execute(CHAIN).and_then(|()| client.batch_execute(LOG)).map_err(database)?;
	let lasts = Duration::from_secs(seconds);
	let (mut ours, mut chain, mut log) = (Vec::new(), Vec::new(), Vec::new());
	for _ in 0..rounds {
		ours.push(store_round(corpus, lasts)?);
		chain.push(chain_round(&cluster, corpus, lasts)?);
		log.push(log_round(&mut client, corpus, lasts)?);
	}
	ensure_whole(&mut client)?;
	Ok(report(&cluster.described()?, seconds, &ours, &chain, &log))
}

/// The commitment of a record under a fresh salt, and what opens it.
fn commit(corpus: &Corpus, number: u64) -> Result<(Commitment, Vec<u8>)> {
	let (opening, _) = corpus.prepare(number)?.opening(&salt()?, 1);
	Ok((opening.commitment::<NativeSha256>(&NETWORK), opening.encode()))
}

/// epid's store: batches, prepared by all processors.
fn store_round(corpus: &Corpus, lasts: Duration) -> Result<Round> {
	let folder = tempfile::tempdir().map_err(at(std::env::temp_dir()))?;
	let secret = Secret::random().map_err(|_| Error::Wrong("no random bytes".into()))?;
	let identity = Identity { network: NETWORK, custodian: OrgId(0) };
	let (store, _) = Store::create(folder.path(), identity, &secret)?;
	batches(lasts, |numbers| {
		let prepared = parallel::map(numbers, |number| corpus.prepare(*number));
		let prepared = prepared.into_iter().collect::<Result<Vec<_>>>()?;
		let started = Instant::now();
		store.append(KIND, &prepared)?;
		Ok(started)
	})
}

/// Appends batch after batch for a while. The work says when its waiting for the disk began.
fn batches(lasts: Duration, mut append: impl FnMut(&[u64]) -> Result<Instant>) -> Result<Round> {
	let started = Instant::now();
	let (mut next, mut appends) = (0, Vec::new());
	while started.elapsed() < lasts {
		let numbers: Vec<_> = (next..next + BATCH).collect();
		let appending = append(&numbers)?;
		appends.push(appending.elapsed().as_secs_f64() * 1e3);
		next += BATCH;
	}
	Ok(Round { records: next, seconds: started.elapsed().as_secs_f64(), appends })
}

/// PostgreSQL as a hash chain: each client commits to a record and appends a row, in a transaction of its own.
fn chain_round(cluster: &Cluster, corpus: &Corpus, lasts: Duration) -> Result<Round> {
	let clients = (0..CLIENTS).map(|_| cluster.connect()).collect::<Result<Vec<_>>>()?;
	let next = AtomicU64::new(0);
	let started = Instant::now();
	let appends = thread::scope(|scope| {
		let threads: Vec<_> = clients
			.into_iter()
			.map(|client| scope.spawn(|| chain_client(client, corpus, &next, started + lasts)))
			.collect();
		let mut appends = Vec::new();
		for thread in threads {
			appends.extend(thread.join().map_err(|_| Error::Wrong("a client ended with a panic".into()))??);
		}
		Ok::<_, Error>(appends)
	})?;
	Ok(Round { records: appends.len() as u64, seconds: started.elapsed().as_secs_f64(), appends })
}

fn chain_client(mut client: Client, corpus: &Corpus, next: &AtomicU64, until: Instant) -> Result<Vec<f64>> {
	let append = client.prepare("SELECT append($1, $2)").map_err(database)?;
	let mut appends = Vec::new();
	while Instant::now() < until {
		let (commitment, opening) = commit(corpus, next.fetch_add(1, Ordering::Relaxed))?;
		let started = Instant::now();
		client.query_one(&append, &[&commitment.0.as_slice(), &opening]).map_err(database)?;
		appends.push(started.elapsed().as_secs_f64() * 1e3);
	}
	Ok(appends)
}

/// PostgreSQL as a Merkle log: the same batches, entries and nodes as the store's, each batch in one transaction.
fn log_round(client: &mut Client, corpus: &Corpus, lasts: Duration) -> Result<Round> {
	client.batch_execute("TRUNCATE entries, nodes, heads").map_err(database)?;
	let mut frontier = Frontier::new();
	batches(lasts, |numbers| {
		let committed = parallel::map(numbers, |number| commit(corpus, *number));
		let committed = committed.into_iter().collect::<Result<Vec<_>>>()?;
		let started = Instant::now();
		let mut transaction = client.transaction().map_err(database)?;
		append_batch(&mut transaction, &mut frontier, &committed)?;
		transaction.commit().map_err(database)?;
		Ok(started)
	})
}

fn append_batch(
	transaction: &mut Transaction<'_>,
	frontier: &mut Frontier,
	committed: &[(Commitment, Vec<u8>)],
) -> Result<()> {
	let first = frontier.size();
	let mut nodes = Vec::new();
	for (commitment, _) in committed {
		let entry = LogEntry { kind: KIND, sequence: frontier.size(), commitment: *commitment };
		let keep = |level: u32, index: u64, hash: &Hash| nodes.push((level as i32, index as i64, *hash));
		let appended = frontier.append_with::<NativeSha256>(entry.leaf::<NativeSha256>(), keep);
		appended.map_err(|error| Error::Wrong(error.to_string()))?;
	}
	let copy = transaction.copy_in("COPY entries FROM STDIN BINARY").map_err(database)?;
	let mut writer = BinaryCopyInWriter::new(copy, &[Type::INT8, Type::BYTEA, Type::BYTEA]);
	for (sequence, (commitment, opening)) in (first as i64..).zip(committed) {
		writer.write(&[&sequence, &commitment.0.as_slice(), opening]).map_err(database)?;
	}
	writer.finish().map_err(database)?;
	let copy = transaction.copy_in("COPY nodes FROM STDIN BINARY").map_err(database)?;
	let mut writer = BinaryCopyInWriter::new(copy, &[Type::INT4, Type::INT8, Type::BYTEA]);
	for (level, index, hash) in &nodes {
		writer.write(&[level, index, &hash.as_slice()]).map_err(database)?;
	}
	writer.finish().map_err(database)?;
	let root = frontier.root::<NativeSha256>();
	let head = "INSERT INTO heads VALUES ($1, $2)";
	transaction.execute(head, &[&(frontier.size() as i64), &root.as_slice()]).map_err(database)?;
	Ok(())
}

/// The chain has no gap and no fork, the log as many leaves as entries: otherwise it was no fair race.
fn ensure_whole(client: &mut Client) -> Result<()> {
	let broken = "SELECT count(*) FROM chain AS later JOIN chain AS earlier ON later.seq = earlier.seq + 1 \
		WHERE later.hash <> sha256(earlier.hash || later.commitment)";
	let missing = "SELECT coalesce(max(seq) + 1, 0) - count(*) FROM chain";
	let leaves = "SELECT (SELECT count(*) FROM entries) - (SELECT count(*) FROM nodes WHERE level = 0)";
	for question in [broken, missing, leaves] {
		let row = client.query_one(question, &[]).map_err(database)?;
		let count: i64 = row.try_get(0).map_err(database)?;
		if count != 0 {
			return Err(Error::Wrong(format!("PostgreSQL's tables are not whole: {question}: {count}")));
		}
	}
	Ok(())
}

fn report(described: &str, seconds: u64, ours: &[Round], chain: &[Round], log: &[Round]) -> Report {
	let rate = |rounds: &[Round]| rounds.iter().map(Round::rate).collect::<Vec<_>>();
	let delay = |rounds: &[Round]| rounds.iter().map(|round| percentile(&round.appends, 99.0)).collect::<Vec<_>>();
	let contenders = [
		("epid's store, Merkle batches of 1,024, encrypted", ours),
		("PostgreSQL, hash chain, a row and a transaction for each record", chain),
		("PostgreSQL, the same Merkle batches, not encrypted", log),
	];
	let mut measures = Vec::new();
	for (what, rounds) in contenders {
		measures.push(Measure::of(what, "records/s", &rate(rounds)));
	}
	for (what, rounds) in contenders {
		measures.push(Measure::of(format!("{what}: p99 of a durable append"), "ms", &delay(rounds)));
	}
	Report {
		part: PART,
		title: TITLE,
		setting: vec![
			format!(
				"{described} in a temporary cluster on a unix socket, on the same disk and the same cores as its clients; {seconds} s for each of the three in turn. \
				 All take the same FHIR examples, canonicalise them and commit to them under fresh salts on all cores. The hash chain has {CLIENTS} clients, one round trip \
				 for each record and an advisory lock that makes writers take turns; it is checked to be whole afterwards. The Merkle batches are written by one client with \
				 COPY, entries, all nodes and the head in one transaction."
			),
			"All three wait for the disk. What they prove differs: a hash chain's record is proven only by all rows behind it and only to whoever trusts \
			 the database's owner with its head; a batch's record by some twenty hashes, to anybody who knows the head. Only epid's numbers include \
			 encryption; none includes the chain, which `end-to-end` has."
				.into(),
		],
		measures,
		findings: vec![
			Finding::ratio("epid's store to PostgreSQL's hash chain, records/s", paired_ratio(&rate(ours), &rate(chain))),
			Finding::ratio("epid's store to PostgreSQL with the same batches, records/s", paired_ratio(&rate(ours), &rate(log))),
			Finding::quantity("p99 of a durable append to PostgreSQL's hash chain", median(&delay(chain)), "ms"),
		],
		..Report::default()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn round(records: u64, appends: &[f64]) -> Round {
		Round { records, seconds: 2.0, appends: appends.to_vec() }
	}

	#[test]
	fn ratios_are_of_rates_in_the_same_round() {
		let (ours, chain) = ([round(8_000, &[1.0]), round(80, &[1.0])], [round(4_000, &[5.0]), round(40, &[7.0])]);
		let report = report("PostgreSQL", 2, &ours, &chain, &ours);
		let values: Vec<_> = report.findings.iter().map(|finding| finding.value).collect();
		assert_eq!(values, [2.0, 1.0, 6.0]);
		assert_eq!(report.measures.len(), 6);
		assert_eq!(report.measures[0].highest, 4_000.0);
	}

	#[test]
	fn batches_go_on_until_the_time_is_over() {
		let mut seen = Vec::new();
		let round = batches(Duration::from_millis(20), |numbers| {
			seen.push(numbers.len() as u64);
			thread::sleep(Duration::from_millis(5));
			Ok(Instant::now())
		});
		let round = round.unwrap();
		assert_eq!(round.records, seen.iter().sum::<u64>());
		assert!(seen.iter().all(|count| *count == BATCH) && round.appends.len() == seen.len());
	}

	#[test]
	fn no_time_and_no_round_are_refused_before_anything_is_started() {
		let folder = tempfile::tempdir().unwrap();
		std::fs::write(folder.path().join("a.json"), r#"{"resourceType":"Patient"}"#).unwrap();
		let corpus = Corpus::read(folder.path()).unwrap();
		for (seconds, rounds) in [(0, 1), (1, 0)] {
			assert!(matches!(measure(&corpus, None, seconds, rounds), Err(Error::Usage(_))));
		}
	}
}
