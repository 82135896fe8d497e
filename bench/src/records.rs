// SPDX-License-Identifier: Apache-2.0
//! Records made provable, against parsing the same bytes.

use crate::{
	corpus::{salt, Corpus, SUITE},
	error::{at, Error, Result},
	report::{Finding, Goal, Measure, Report},
	stats::{paired_ratio, rates, side_by_side},
};
use epid::{
	fhir,
	store::{Identity, Secret, Store},
};
use epidaurus_primitives::{
	ehr::{LogEntry, LogKind},
	hash::NativeSha256,
	ids::{NetworkId, OrgId},
	merkle::MemoryStore,
};
use std::hint::black_box;

/// The subcommand.
pub const PART: &str = "records";
/// What it is about.
pub const TITLE: &str = "Records made provable, against parsing them";

const KIND: LogKind = LogKind::Records;
const NETWORK: NetworkId = NetworkId([0x62; 32]);

/// Records that the store appends in one transaction, as `epid append` does.
const BATCH: usize = 1024;

/// Measures it on one core.
pub fn measure(corpus: &Corpus, repetitions: usize) -> Result<Report> {
	let mut parse = || parse(corpus);
	let mut canonicalise = || canonicalise(corpus);
	let mut prove = || make_provable(corpus);
	let mut keep = || append_to_store(corpus);
	let seconds = side_by_side(repetitions, &mut [&mut parse, &mut canonicalise, &mut prove, &mut keep])?;
	let [parsed, canonical, provable, kept] = seconds.as_slice() else {
		return Err(Error::Wrong("four things are timed".into()));
	};
	let count = corpus.len() as f64;
	let measures = [
		("parsed by serde_json into its `Value`", parsed),
		("canonicalised only", canonical),
		("made provable: canonicalised, salted, committed, appended to a Merkle log in memory", provable),
		("made provable and durable: the same, sealed and written to epid's store on disk", kept),
	];
	Ok(Report {
		part: PART,
		title: TITLE,
		setting: vec![format!(
			"{} FHIR R4 examples ({:.1} MB) in memory, suite `fhir-static-recursive`, one thread. serde_json has its default features. The \
			 labels of `meta.security` are read for the header; each record has its own random salt; the tree keeps every node, so that each \
			 entry can be proven. The store writes {BATCH} records in a transaction and waits for the disk.",
			corpus.len(),
			corpus.bytes() as f64 / 1e6
		)],
		measures: measures
			.map(|(what, seconds)| Measure::of(what, "records/s per core", &rates(count, seconds)))
			.to_vec(),
		findings: vec![
			Finding::ratio("made provable, to parsed", paired_ratio(parsed, provable)).goal(Goal::AtLeast(0.5)),
			Finding::ratio("canonicalised, to parsed", paired_ratio(parsed, canonical)),
			Finding::ratio("made provable and durable, to parsed", paired_ratio(parsed, kept)),
			Finding::quantity("made provable", median_rate(corpus.bytes() as f64 / 1e6, provable), "MB/s per core"),
		],
		..Report::default()
	})
}

fn median_rate(work: f64, seconds: &[f64]) -> f64 {
	crate::stats::median(&rates(work, seconds))
}

fn parse(corpus: &Corpus) -> Result<()> {
	for record in corpus.records() {
		let value = serde_json::from_slice::<serde_json::Value>(black_box(record));
		black_box(value.map_err(|error| Error::Wrong(error.to_string()))?);
	}
	Ok(())
}

fn canonicalise(corpus: &Corpus) -> Result<()> {
	for record in corpus.records() {
		let canonical = fhir::canonical(black_box(record), SUITE);
		black_box(canonical.map_err(|error| Error::Wrong(error.to_string()))?);
	}
	Ok(())
}

fn make_provable(corpus: &Corpus) -> Result<()> {
	let mut log = MemoryStore::new();
	for sequence in 0..corpus.len() as u64 {
		let (opening, _) = corpus.prepare(sequence)?.opening(&salt()?, 1);
		let commitment = opening.commitment::<NativeSha256>(&NETWORK);
		let leaf = LogEntry { kind: KIND, sequence, commitment }.leaf::<NativeSha256>();
		log.append::<NativeSha256>(leaf).map_err(|error| Error::Wrong(error.to_string()))?;
	}
	black_box(log.frontier().root::<NativeSha256>());
	Ok(())
}

fn append_to_store(corpus: &Corpus) -> Result<()> {
	let folder = tempfile::tempdir().map_err(at(std::env::temp_dir()))?;
	let identity = Identity { network: NETWORK, custodian: OrgId(0) };
	let secret = Secret::random().map_err(|_| Error::Wrong("no random bytes".into()))?;
	let (store, _) = Store::create(folder.path(), identity, &secret)?;
	let numbers: Vec<_> = (0..corpus.len() as u64).collect();
	for batch in numbers.chunks(BATCH) {
		let prepared = batch.iter().map(|number| corpus.prepare(*number)).collect::<Result<Vec<_>>>()?;
		store.append(KIND, &prepared)?;
	}
	let size = store.log(KIND)?.size();
	if size != corpus.len() as u64 {
		return Err(Error::Wrong(format!("the store has {size} entries")));
	}
	Ok(())
}
