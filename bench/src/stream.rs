// SPDX-License-Identifier: Apache-2.0
//! End to end: from a record's arrival to its finalised proof, and what is left after everything was killed.

use crate::{
	chain::person,
	corpus::Corpus,
	error::{at, node, Error, Result},
	keeper::{delays, told, Done, KIND, OFFICER},
	node::{Blocks, Node},
	report::{number, Cell, Finding, Goal, Report, Table},
	stats::percentile,
};
use epid::{
	bundle::Trusted,
	chain::{Chain, Signed},
	custody, parallel,
	record::Content,
	secrets,
	signer::Signer,
	store::{Identity, Store},
	verify::{check, head, online, Policy},
};
use std::{
	io::{BufRead, BufReader},
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	sync::{Arc, Mutex, PoisonError},
	thread,
	time::{Duration, Instant},
};

/// The subcommand.
pub const PART: &str = "end-to-end";
/// What it is about.
pub const TITLE: &str = "End to end: from a record to its finalised proof, and after a kill -9";

/// Records that are also verified by the node afterwards.
const BY_NODE: u64 = 32;

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
	/// The node's binary.
	pub node: PathBuf,
	/// Folder of the records.
	pub records: PathBuf,
	/// Records that arrive in a second.
	pub rate: f64,
	/// Seconds until everything is killed.
	pub seconds: u64,
}

/// The custodian's process; it is killed with the value.
struct Keeper {
	process: Child,
	done: Arc<Mutex<Vec<Done>>>,
	listener: Option<thread::JoinHandle<()>>,
}

impl Keeper {
	fn start(plan: &Plan, store: &Path, url: &str) -> Result<Self> {
		let program = std::env::current_exe().map_err(node)?;
		let mut command = Command::new(program);
		command.arg("keep").arg("--store").arg(store).arg("--records").arg(&plan.records);
		command.args(["--url", url, "--rate", &plan.rate.to_string()]);
		// It is killed long before.
		command.args(["--seconds", &plan.seconds.saturating_mul(2).saturating_add(60).to_string()]);
		let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(node)?;
		let done = Arc::new(Mutex::new(Vec::new()));
		let output = process.stdout.take().ok_or_else(|| Error::Wrong("the custodian has no output".into()))?;
		let heard = done.clone();
		let listener = thread::spawn(move || {
			for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
				if let Ok(thing) = serde_json::from_str(&line) {
					heard.lock().unwrap_or_else(PoisonError::into_inner).push(thing);
				}
			}
		});
		Ok(Self { process, done, listener: Some(listener) })
	}

	fn done(&self) -> Vec<Done> {
		self.done.lock().unwrap_or_else(PoisonError::into_inner).clone()
	}

	/// Whether it still works.
	fn check(&mut self) -> Result<()> {
		match self.process.try_wait().map_err(node)? {
			Some(status) => Err(Error::Wrong(format!("the custodian ended with {status}"))),
			None => Ok(()),
		}
	}

	/// Kills it (SIGKILL), and gives all that it said.
	fn kill(&mut self) -> Result<Vec<Done>> {
		self.process.kill().and_then(|()| self.process.wait()).map_err(node)?;
		if let Some(listener) = self.listener.take() {
			listener.join().map_err(|_| Error::Wrong("nobody listened to the custodian".into()))?;
		}
		Ok(self.done())
	}
}

impl Drop for Keeper {
	fn drop(&mut self) {
		let _ = self.process.kill();
		let _ = self.process.wait();
	}
}

/// What was found after the restart.
struct Recovered {
	/// Entries of the store.
	entries: u64,
	/// Those whose proof was made and verified.
	verified: u64,
	/// Seconds until the chain had the head of all entries.
	until_head: f64,
	/// Seconds in which all proofs were made and verified.
	verifying: f64,
}

/// Measures it.
pub async fn measure(plan: &Plan) -> Result<Report> {
	if !(plan.rate.is_finite() && plan.rate > 0.0) || plan.seconds == 0 {
		return Err(Error::Usage("records must arrive: a rate above zero, for at least a second".into()));
	}
	let corpus = Corpus::read(&plan.records)?;
	let folder = tempfile::tempdir().map_err(at(std::env::temp_dir()))?;
	let (base, store) = (folder.path().join("node"), folder.path().join("store"));
	std::fs::create_dir(&base).map_err(at(&base))?;
	let mut server = Node::start(&plan.node, &base, Blocks::Slots)?;
	make_store(&store, server.url()).await?;

	let mut keeper = Keeper::start(plan, &store, server.url())?;
	let started = Instant::now();
	// The clock runs from the first record on; until then the custodian reads its records.
	while keeper.done().is_empty() {
		keeper.check()?;
		tokio::time::sleep(Duration::from_millis(20)).await;
	}
	tokio::time::sleep(Duration::from_secs(plan.seconds)).await;
	keeper.check()?;
	let done = keeper.kill()?;
	server.kill()?;
	let lasted = started.elapsed().as_secs_f64();
	drop(server);

	let (appended, finalised) = told(&done);
	let recovered = recover(plan, &corpus, &base, &store, (appended, finalised)).await?;
	if recovered.verified != recovered.entries {
		let missing = recovered.entries - recovered.verified;
		return Err(Error::Wrong(format!("{missing} records cannot be proven after the kill")));
	}
	Ok(report(plan, &done, lasted, &recovered))
}

async fn make_store(folder: &Path, url: &str) -> Result<()> {
	let chain = Chain::connect(url).await?;
	let key = Signer::Key(person(OFFICER)?);
	let custodian = Signed { chain: &chain, key: &key }.member().await?.organisation;
	let secret = secrets::load_or_make(folder, Some(&secrets::beside(folder)), false)?.secret;
	Store::create(folder, Identity { network: chain.network(), custodian }, &secret)?;
	Ok(())
}

/// Starts node and store again, brings the head up to date, and verifies every single record.
async fn recover(plan: &Plan, corpus: &Corpus, base: &Path, folder: &Path, told: (u64, u64)) -> Result<Recovered> {
	let started = Instant::now();
	let server = Node::start(&plan.node, base, Blocks::Slots)?;
	let store = Store::open(folder, &secrets::load(folder, Some(&secrets::beside(folder)))?.secret)?;
	let chain = Chain::connect(server.url()).await?;
	let key = Signer::Key(person(OFFICER)?);
	let signed = Signed { chain: &chain, key: &key };
	let custodian = store.identity().custodian;
	let log = store.log(KIND)?;
	let entries = log.size();
	let on_chain = chain.finalised().await?.log(custodian, KIND).await?.map_or(0, |log| log.head.size);
	if entries < told.0 || on_chain < told.1 {
		return Err(Error::Wrong(format!(
			"of {} records that were durable {entries} are left, of {} that were finalised {on_chain}",
			told.0, told.1
		)));
	}
	custody::checkpoint(&store, &signed, KIND).await?;
	let until_head = started.elapsed().as_secs_f64();

	let verifying = Instant::now();
	let at = chain.finalised().await?;
	let trusted = Trusted::Log(head(&at, chain.network(), custodian, KIND).await?);
	let sequences: Vec<_> = (0..entries).collect();
	let verdicts = parallel::map(&sequences, |sequence| {
		let bundle = custody::bundle(&store, &log, *sequence, entries)?;
		check(&Content::Bytes(corpus.content(*sequence)), &bundle, &trusted, Policy::default())?;
		Ok::<_, epid::Error>(())
	});
	let verified = verdicts.iter().filter(|verdict| verdict.is_ok()).count() as u64;
	let verifying = verifying.elapsed().as_secs_f64();
	for number in 0..BY_NODE.min(entries) {
		let sequence = number * (entries - 1) / BY_NODE.min(entries).saturating_sub(1).max(1);
		let bundle = custody::bundle(&store, &log, sequence, entries)?;
		online(&at, &Content::Bytes(corpus.content(sequence)), &bundle, Policy::default()).await?;
	}
	Ok(Recovered { entries, verified, until_head, verifying })
}

fn report(plan: &Plan, done: &[Done], lasted: f64, recovered: &Recovered) -> Report {
	let delays = delays(done, plan.rate);
	let (appended, finalised) = told(done);
	let checkpoints = done.iter().filter(|done| matches!(done, Done::Finalised(..))).count();
	let mut rows: Vec<Vec<Cell>> = vec![
		vec!["records that arrive in a second".into(), plan.rate.into()],
		vec!["records told to be durable before the kill".into(), appended.into()],
		vec!["of these, told to be finalised".into(), finalised.into()],
		vec!["checkpoints before the kill".into(), checkpoints.into()],
		vec!["records in the store after the restart".into(), recovered.entries.into()],
		vec!["of these, proven against the finalised head".into(), recovered.verified.into()],
	];
	for (name, percent) in [("p50", 50.0), ("p90", 90.0), ("p99", 99.0), ("longest", 100.0)] {
		let what = format!("time from arrival to finalised proof, {name}, s");
		rows.push(vec![what.into(), percentile(&delays, percent).into()]);
	}
	rows.push(vec!["time from the restart until the chain has the head of all, s".into(), recovered.until_head.into()]);
	let rate = recovered.entries as f64 / recovered.verifying;
	rows.push(vec!["proofs made and verified with their content, in a second".into(), rate.into()]);
	Report {
		part: PART,
		title: TITLE,
		setting: vec![
			format!(
				"A node (`epidaurus --dev`, a block every 6 s by the clock) and a custodian (epid's library with its encrypted store, a process of its own) on this \
				 machine. FHIR examples arrive at {} a second whether or not the custodian keeps up; each is canonicalised, committed and durably appended, and one \
				 checkpoint follows the other. A record's time runs from its arrival until its checkpoint is finalised and a bundle can be made. After {:.0} s both \
				 processes are killed (SIGKILL) amid their work, started again, the head is brought up to date, and the proof of every record is made and verified with its content; {BY_NODE} \
				 of them by the node as well.",
				number(plan.rate),
				lasted
			),
			"The dev chain finalises a block when it is sealed. Under a relay chain finality comes 12 to 18 s later; that part is the relay chain's and is not measured here."
				.into(),
		],
		tables: vec![Table { columns: vec!["", ""], rows }],
		findings: vec![
			Finding::quantity(
				format!("p99 from a record to its finalised proof, at {} records/s", number(plan.rate)),
				percentile(&delays, 99.0),
				"s",
			)
			.goal(Goal::AtMost(15.0)),
			Finding::quantity(
				"records lost or without proof after the kill",
				recovered.entries.abs_diff(recovered.verified) as f64 + appended.saturating_sub(recovered.entries) as f64,
				"",
			)
			.goal(Goal::AtMost(0.0)),
		],
		..Report::default()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn plan(rate: f64, seconds: u64) -> Plan {
		Plan { node: "node".into(), records: "records".into(), rate, seconds }
	}

	#[tokio::test]
	async fn records_must_arrive() {
		for plan in [plan(0.0, 5), plan(f64::NAN, 5), plan(f64::INFINITY, 5), plan(-1.0, 5), plan(10.0, 0)] {
			assert!(matches!(measure(&plan).await, Err(Error::Usage(_))), "{plan:?}");
		}
	}

	#[test]
	fn the_p99_and_what_was_lost_are_findings() {
		let done = [Done::Appended(4), Done::Finalised(4, 8.0)];
		let recovered = Recovered { entries: 5, verified: 5, until_head: 7.0, verifying: 0.5 };
		let report = report(&plan(2.0, 5), &done, 9.0, &recovered);
		assert_eq!(report.findings[0].value, 8.0);
		assert_eq!(report.findings[1].value, 0.0);
		let text = report.markdown();
		assert!(text.contains("| records in the store after the restart | 5 |"));
		assert!(text.contains("≤ 15: met") && text.contains("≤ 0: met"));
	}
}
