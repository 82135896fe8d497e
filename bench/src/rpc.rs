// SPDX-License-Identifier: Apache-2.0
//! Verification by RPC under load, against the cheapest method that a node has.

use crate::{
	chain::{ehr, person, Chain},
	corpus::salt,
	error::{at, node, Error, Result},
	node::{Blocks, Node},
	report::{Finding, Measure, Report},
	stats::{median, percentile},
};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof},
	hash::{digest, HashSuite, Labels, NativeSha256, Opening, RecordHeader, ResourceClass},
	ids::{NetworkId, OrgId},
	merkle::{prove_inclusion, Hash, MemoryStore},
};
use serde::Deserialize;
use std::{
	path::Path,
	sync::Arc,
	time::{Duration, Instant},
};
use subxt::rpcs::{
	client::{RpcClient, RpcParams},
	rpc_params,
};

/// The subcommand.
pub const PART: &str = "rpc";
/// What it is about.
pub const TITLE: &str = "Verification by RPC under load, against `system_chain`";

const KIND: LogKind = LogKind::Records;
/// The hospital of the preset.
const CUSTODIAN: OrgId = OrgId(0);
/// Entries of the log that is verified against.
const ENTRIES: u64 = 5_306;

/// How the node is asked.
#[derive(Clone, Copy, Debug)]
pub struct Load {
	/// Connections.
	pub connections: usize,
	/// Questions of each connection that are on their way at once.
	pub in_flight: usize,
	/// Seconds that one kind of question is asked without a pause.
	pub seconds: u64,
	/// How often each kind has its turn.
	pub rounds: usize,
}

/// A question with its parameters.
type Asked = (&'static str, RpcParams);

/// What either method answers with, as far as it matters here.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Answer {
	Verification { verified: bool },
	Name(String),
}

/// A log with openings for all of its entries.
struct Log {
	openings: Vec<Opening>,
	tree: MemoryStore,
}

impl Log {
	fn new(network: &NetworkId) -> Result<Self> {
		let wrong = |error: &dyn std::fmt::Display| Error::Wrong(error.to_string());
		let class = ResourceClass::new("Observation").map_err(|error| wrong(&error))?;
		let mut log = Self { openings: Vec::new(), tree: MemoryStore::new() };
		for sequence in 0..ENTRIES {
			let header = RecordHeader {
				subject: None,
				class: class.clone(),
				labels: Labels::default(),
				clinical_time: None,
				version: 1,
			};
			let suite = HashSuite::FhirStaticRecursive;
			let digest = digest::<NativeSha256>(suite, &sequence.to_le_bytes());
			let opening = Opening { salt: salt()?, suite, digest, header };
			let commitment = opening.commitment::<NativeSha256>(network);
			let leaf = LogEntry { kind: KIND, sequence, commitment }.leaf::<NativeSha256>();
			log.tree.append::<NativeSha256>(leaf).map_err(|error| wrong(&error))?;
			log.openings.push(opening);
		}
		Ok(log)
	}

	fn head(&self) -> LogHead {
		let frontier = self.tree.frontier();
		LogHead { size: frontier.size(), root: frontier.root::<NativeSha256>() }
	}

	fn question(&self, sequence: u64) -> Result<Asked> {
		let opening = &self.openings[sequence as usize];
		let path = prove_inclusion::<NativeSha256, _>(&self.tree, sequence, ENTRIES);
		let path: Vec<Hash> = path.map_err(|error| Error::Wrong(error.to_string()))?;
		let proof = LogProof { sequence, head: self.head(), path, renewed: None };
		Ok(("ehr_verifyLog", rpc_params![CUSTODIAN, KIND, opening, proof]))
	}
}

/// Measures it on a chain of its own.
pub async fn measure(binary: &Path, load: Load) -> Result<Report> {
	if load.connections == 0 || load.in_flight == 0 || load.seconds == 0 || load.rounds == 0 {
		return Err(Error::Usage("a load has at least one connection, question, second and round".into()));
	}
	let folder = tempfile::tempdir().map_err(at(std::env::temp_dir()))?;
	let server = Node::start(binary, folder.path(), Blocks::Instant)?;
	let chain = Chain::connect(server.url()).await?;
	let clerk = person("//Alice//records")?;
	let log = Log::new(&chain.ask("EhrApi_network_id", &[]).await?)?;
	let LogHead { size, root } = log.head();
	chain.submit(&clerk, &ehr("open_log", KIND)).await?;
	chain.submit(&clerk, &ehr("checkpoint", (KIND, root, size, Vec::<Hash>::new()))).await?;

	let verify = (0..ENTRIES).map(|sequence| log.question(sequence)).collect::<Result<Vec<_>>>()?;
	let (verify, cheap) = (Arc::new(verify), Arc::new(vec![("system_chain", rpc_params![])]));
	let mut connections = Vec::new();
	for _ in 0..load.connections {
		connections.push(RpcClient::from_url(server.url()).await.map_err(node)?);
	}
	let (mut verified, mut answered) = (Vec::new(), Vec::new());
	// A round that does not count before.
	for round in 0..=load.rounds {
		for (questions, rounds) in [(&verify, &mut verified), (&cheap, &mut answered)] {
			let times = burst(&connections, questions, load).await?;
			if round > 0 {
				rounds.push(times);
			}
		}
	}
	Ok(report(load, &verified, &answered))
}

/// Asks for a while; milliseconds that each answer took.
async fn burst(connections: &[RpcClient], questions: &Arc<Vec<Asked>>, load: Load) -> Result<Vec<f64>> {
	let deadline = Instant::now() + Duration::from_secs(load.seconds);
	let mut askers = tokio::task::JoinSet::new();
	for (number, connection) in connections.iter().enumerate() {
		for lane in 0..load.in_flight {
			let (connection, questions) = (connection.clone(), questions.clone());
			// Nobody asks for the same thing at the same time.
			let start = (number * load.in_flight + lane) * 311;
			askers.spawn(async move { ask(&connection, &questions, start, deadline).await });
		}
	}
	let mut times = Vec::new();
	while let Some(asked) = askers.join_next().await {
		times.extend(asked.map_err(node)??);
	}
	Ok(times)
}

async fn ask(connection: &RpcClient, questions: &[Asked], start: usize, deadline: Instant) -> Result<Vec<f64>> {
	let mut times = Vec::new();
	for (method, parameters) in questions.iter().cycle().skip(start % questions.len()) {
		if Instant::now() >= deadline {
			break;
		}
		let started = Instant::now();
		let answer = connection.request(method, parameters.clone()).await.map_err(node)?;
		times.push(started.elapsed().as_secs_f64() * 1e3);
		match answer {
			Answer::Verification { verified: true } => (),
			Answer::Name(name) if !name.is_empty() => (),
			other => return Err(Error::Wrong(format!("{method} answers with {other:?}"))),
		}
	}
	Ok(times)
}

fn report(load: Load, verified: &[Vec<f64>], answered: &[Vec<f64>]) -> Report {
	let of = |rounds: &[Vec<f64>], percent: f64| -> Vec<f64> {
		rounds.iter().map(|round| percentile(round, percent)).collect()
	};
	let rate = |rounds: &[Vec<f64>]| -> Vec<f64> {
		rounds.iter().map(|round| round.len() as f64 / load.seconds as f64).collect()
	};
	let ratio = |percent: f64| median(&of(verified, percent)) / median(&of(answered, percent));
	let mut measures = Vec::new();
	for (what, rounds) in [("`ehr_verifyLog`", verified), ("`system_chain`", answered)] {
		measures.push(Measure::of(format!("{what}, p50"), "ms", &of(rounds, 50.0)));
		measures.push(Measure::of(format!("{what}, p99"), "ms", &of(rounds, 99.0)));
		measures.push(Measure::of(format!("{what}, answers"), "1/s", &rate(rounds)));
	}
	let Load { connections, in_flight, seconds, .. } = load;
	Report {
		part: PART,
		title: TITLE,
		setting: vec![format!(
			"A node with a log of {ENTRIES} entries, {connections} connections on the loopback with {in_flight} questions each on their way all the time, {seconds} s of \
			 the one method and {seconds} s of the other in turn. Asking and answering share the machine. Each verification is of another entry, with its opening and its \
			 path of 12 or 13 hashes; the node runs the runtime's WASM for it at its newest block. `system_chain` answers with a name that the node has in memory: what is \
			 left is connection and JSON."
		)],
		measures,
		findings: vec![
			Finding::ratio("p50 of a verification, to `system_chain`", ratio(50.0)),
			Finding::ratio("p99 of a verification, to `system_chain`", ratio(99.0)),
		],
		..Report::default()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const LOAD: Load = Load { connections: 1, in_flight: 1, seconds: 2, rounds: 2 };

	#[test]
	fn percentiles_are_by_round() {
		let verified = [vec![2.0; 100], vec![4.0; 100]];
		let answered = [vec![1.0; 400], vec![1.0; 400]];
		let report = report(LOAD, &verified, &answered);
		assert_eq!(report.measures[0].median, 3.0);
		assert_eq!(report.measures[2].median, 50.0);
		assert_eq!(report.findings[0].value, 3.0);
	}

	#[tokio::test]
	async fn an_empty_load_is_refused() {
		let load = Load { connections: 0, ..LOAD };
		assert!(matches!(measure(Path::new("node"), load).await, Err(Error::Usage(_))));
	}

	#[test]
	fn questions_are_about_entries_of_the_log() {
		let log = Log::new(&NetworkId([3; 32])).unwrap();
		let (method, parameters) = log.question(ENTRIES - 1).unwrap();
		let parameters: serde_json::Value = serde_json::from_str(parameters.build().unwrap().get()).unwrap();
		assert_eq!(method, "ehr_verifyLog");
		assert_eq!(parameters[0], 0);
		assert_eq!(parameters[1], "records");
		assert_eq!(parameters[3]["sequence"], (ENTRIES - 1).to_string());
	}
}
