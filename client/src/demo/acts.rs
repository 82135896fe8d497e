// SPDX-License-Identifier: Apache-2.0
//! The acts of the demonstration, in their order.

use super::{
	forgeries::{self, checkpointed, Forgery, Loot, Node},
	report::{Report, Step, Tried},
	specimen,
	stage::{Stage, KIND},
	Options,
};
use crate::{
	bundle::{Bundle, Evidence, Trusted},
	chain::At,
	custody::{self, Anchored, Renewing},
	output::Output,
	parallel,
	progress::Progress,
	record::{files, Content, InputError, LocalKey, Prepared, Reader},
	store::StoreError,
	verify::{check, head, online, Place, Policy},
	Error,
};
use epidaurus_primitives::{hash::HashSuite, ids::RecordId};
use std::{
	path::{Path, PathBuf},
	time::Instant,
};
use subxt::ext::futures::{stream, StreamExt};

/// Suite under which the folder is appended.
const SUITE: HashSuite = HashSuite::FhirStaticRecursive;

/// Questions to the node that are on their way at once.
const AT_ONCE: usize = 32;

/// Records that are anchored by themselves.
const ANCHORS: u64 = 3;

/// A record of the folder, and its place in the log.
pub(super) struct Placed {
	path: PathBuf,
	sequence: u64,
}

/// A record that was anchored by itself.
pub(super) struct Single {
	/// Its number, over all runs with this store.
	pub number: u64,
	/// Its id.
	pub record: RecordId,
	/// Its bundle as it was anchored first.
	pub bundle: Bundle,
}

/// Appends specimens and folder. Gives the specimens' places.
pub(super) fn append(stage: &Stage, options: &Options, report: &mut Report) -> Result<[u64; 3], Error> {
	let mut sequences = [0; 3];
	for (sequence, (name, suite)) in sequences.iter_mut().zip(specimen::FILES) {
		let prepared = Reader::new(suite).read(&stage.file(name, specimen::original())?)?;
		for appended in stage.one.append(KIND, std::slice::from_ref(&prepared))? {
			*sequence = appended.newest.sequence;
		}
		if suite == SUITE {
			stage.two.append(KIND, &[prepared])?;
		}
	}
	let output = options.output;
	let progress = Progress::new(output.shows_progress(), "appending", None);
	let started = Instant::now();
	let paths = [options.examples.clone()];
	let unusable = |error: InputError| output.warn(error.to_string());
	let tally = custody::append(&stage.one, KIND, &Reader::new(SUITE), &paths, &progress, unusable)?;
	drop(progress);
	let good = tally.appended().saturating_add(tally.unchanged);
	if good == 0 {
		return Err(Error::Usage(format!("{} holds no FHIR resources", options.examples.display())));
	}
	let note = if tally.unchanged > 0 { format!("{} were there already", tally.unchanged) } else { String::new() };
	let step = Step::new("resources appended", good, good.saturating_add(tally.unusable), started.elapsed());
	report.steps.push(step.note(note));
	output.line(format!("Appended {good} resources to the log of hospital one"));
	Ok(sequences)
}

/// Puts both hospitals' heads on chain.
pub(super) async fn checkpoint(stage: &Stage, output: &Output, report: &mut Report) -> Result<(), Error> {
	let started = Instant::now();
	let (one, two) = (stage.hospital_one(), stage.hospital_two());
	let (made, _) =
		tokio::try_join!(custody::checkpoint(&stage.one, &one, KIND), custody::checkpoint(&stage.two, &two, KIND),)?;
	let step = Step::new("checkpoint on chain", u64::from(made.licensed), 1, started.elapsed());
	report.steps.push(step.note(format!("{} entries", made.head.size)));
	output.line(format!("Checkpoint of {} entries, finalised at {}", made.head.size, made.at));
	Ok(())
}

/// The records of the folder with their places in the log.
pub(super) fn records(stage: &Stage, folder: &Path) -> Result<Vec<Placed>, Error> {
	let log = stage.one.log(KIND)?;
	let mut placed = Vec::new();
	for path in files(&[folder.to_path_buf()], SUITE) {
		let path = path?;
		if let Some(newest) = log.newest(&LocalKey::of_file(&path)?)? {
			placed.push(Placed { path, sequence: newest.sequence });
		}
	}
	Ok(placed)
}

/// Reads every record again and checks it against the head that the chain has finalised, without the node.
pub(super) async fn verify_offline(
	stage: &Stage,
	records: &[Placed],
	output: &Output,
	report: &mut Report,
) -> Result<(), Error> {
	let at = stage.chain.finalised().await?;
	let trusted = Trusted::Log(head(&at, stage.chain.network(), stage.one.identity().custodian, KIND).await?);
	let log = stage.one.log(KIND)?;
	let size = checkpointed(stage)?;
	let progress = Progress::new(output.shows_progress(), "verifying offline", Some(length(records)));
	let started = Instant::now();
	let verdicts = parallel::map(records, |record| {
		let bundle = custody::bundle(&stage.one, &log, record.sequence, size)?;
		progress.advance(1);
		check(&Content::File(&record.path), &bundle, &trusted, Policy::default()).map(|_| ())
	});
	let good = verdicts.iter().filter(|verdict| verdict.is_ok()).count();
	let good = u64::try_from(good).unwrap_or_default();
	report.steps.push(Step::new("verified offline, content and path", good, length(records), started.elapsed()));
	output.line(format!("Verified offline against the finalised head: {good} of {}", records.len()));
	Ok(())
}

fn length<T>(items: &[T]) -> u64 {
	u64::try_from(items.len()).unwrap_or(u64::MAX)
}

/// Has the node check every opening and path.
pub(super) async fn verify_by_node(
	stage: &Stage,
	records: &[Placed],
	output: &Output,
	report: &mut Report,
) -> Result<(), Error> {
	let at = stage.chain.finalised().await?;
	let log = stage.one.log(KIND)?;
	let size = checkpointed(stage)?;
	let progress = Progress::new(output.shows_progress(), "verifying by node", Some(length(records)));
	let started = Instant::now();
	let mut good = 0u64;
	let questions = records.iter().map(|record| {
		let bundle = custody::bundle(&stage.one, &log, record.sequence, size);
		let at = &at;
		async move { Ok::<_, Error>(node_answer(at, &bundle?).await?.is_none()) }
	});
	let mut answers = stream::iter(questions).buffer_unordered(AT_ONCE);
	while let Some(answer) = answers.next().await {
		good = good.saturating_add(u64::from(answer?));
		progress.advance(1);
	}
	report.steps.push(Step::new("verified by the node, opening and path", good, length(records), started.elapsed()));
	output.line(format!("Verified by the node's runtime API: {good} of {}", records.len()));
	Ok(())
}

/// The node's refusal of opening and proof, in words.
async fn node_answer(at: &At<'_>, bundle: &Bundle) -> Result<Option<String>, Error> {
	let answer = match &bundle.evidence {
		Evidence::Log { kind, proof } => {
			at.verify_log(bundle.custodian, *kind, &bundle.opening, proof).await?.map(|_| ())
		},
		Evidence::Anchor { record } => at.verify_anchor(*record, &bundle.opening).await?.map(|_| ()),
	};
	Ok(answer.err().map(|refusal| refusal.to_string()))
}

/// The file of a record that is anchored by itself, ready to be anchored.
pub(super) fn single(stage: &Stage, number: u64, content: &str) -> Result<Prepared, Error> {
	Ok(Reader::new(SUITE).read(&stage.file(&format!("anchored-{number}.json"), content)?)?)
}

/// Anchors a few records by themselves, and verifies them.
pub(super) async fn anchor(stage: &Stage, output: &Output, report: &mut Report) -> Result<Vec<Single>, Error> {
	let started = Instant::now();
	let first = stage.one.anchors()?;
	let officer = stage.hospital_one();
	let numbers: Vec<_> = (0..ANCHORS).map(|index| first.saturating_add(index)).collect();
	let prepared = numbers.iter().map(|number| single(stage, *number, &specimen::anchored(*number)));
	let prepared = prepared.collect::<Result<Vec<_>, _>>()?;
	let making = prepared.iter().map(|prepared| custody::anchor(&stage.one, &officer, prepared));
	let made = subxt::ext::futures::future::try_join_all(making).await?;

	let at = stage.chain.finalised().await?;
	let mut singles = Vec::new();
	let mut good = 0u64;
	for (number, Anchored { record, .. }) in numbers.into_iter().zip(made) {
		let bundle = custody::anchor_bundle(&stage.one, record, None)?;
		let content = specimen::anchored(number);
		let verdict = online(&at, &Content::Bytes(content.as_bytes()), &bundle, Policy::default()).await;
		good = good.saturating_add(u64::from(verdict.is_ok()));
		singles.push(Single { number, record, bundle });
	}
	report.steps.push(Step::new("records anchored by themselves and verified", good, ANCHORS, started.elapsed()));
	output.line(format!("Anchored {ANCHORS} records by themselves, and verified {good}"));
	Ok(singles)
}

/// Amends one record and declares another entered in error. Gives everything that there is to forge.
pub(super) async fn amend(
	stage: &Stage,
	specimens: [u64; 3],
	singles: &[Single],
	output: &Output,
	report: &mut Report,
) -> Result<Loot, Error> {
	let started = Instant::now();
	let [first, second, ..] = singles else { return Err(StoreError::NotFound("anchored records").into()) };
	let officer = stage.hospital_one();
	let corrected = single(stage, first.number, &specimen::amended(first.number))?;
	let (amended, _) = tokio::try_join!(
		custody::amend(&stage.one, &officer, first.record, &corrected),
		custody::enter_in_error(&stage.one, &officer, second.record),
	)?;
	let step = Step::new("record amended, another entered in error", 2, 2, started.elapsed());
	report.steps.push(step);
	output.line(format!("Amended a record, now version {}; declared another entered in error", amended.version));

	let before = (specimen::anchored(first.number), first.bundle.clone());
	let after = (specimen::amended(first.number), custody::anchor_bundle(&stage.one, first.record, None)?);
	let in_error = (specimen::anchored(second.number), second.bundle.clone());
	Loot::new(stage, specimens, [before, after, in_error])
}

/// Tries every forgery: here, and where the node alone must notice, with the node alone.
pub(super) async fn forge(stage: &Stage, loot: &Loot, output: &Output, report: &mut Report) -> Result<(), Error> {
	let started = Instant::now();
	let at = stage.chain.finalised().await?;
	output.line("\nForgeries, and changes that are none:");
	for forgery in forgeries::all(stage, loot)? {
		let tried = attempt(&at, &forgery).await?;
		output.line(tried.line());
		report.forgeries.push(tried);
	}
	report.finish();
	let (all, refused): (Vec<_>, Vec<_>) = report.forgeries.iter().partition(|tried| tried.expected.is_none());
	let good = |tried: &[&Tried]| u64::try_from(tried.iter().filter(|tried| tried.ok).count()).unwrap_or_default();
	let took = started.elapsed();
	let step = Step::new("forgeries refused", good(&refused), length(&refused), took);
	let note = format!("{} distinct reasons", report.reasons);
	let harmless = Step::new("harmless changes that still verify", good(&all), length(&all), took);
	report.steps.extend([step.note(note), harmless]);
	output.line("");
	Ok(())
}

async fn attempt(at: &At<'_>, forgery: &Forgery) -> Result<Tried, Error> {
	let content = Content::Bytes(forgery.content.as_bytes());
	let policy = Policy { custodian: forgery.custodian, ..Policy::default() };
	let (refused, sentence) = match online(at, &content, &forgery.bundle, policy).await {
		Ok(_) => (None, String::new()),
		Err(Error::Refused(refused)) => (Some(refused.name().to_owned()), refused.to_string()),
		Err(error) => return Err(error),
	};
	let node = match forgery.node {
		Node::NotAsked => None,
		Node::Refuses => Some(node_answer(at, &forgery.bundle).await?.unwrap_or_else(|| "accepts".into())),
	};
	let node_is_right = node.as_deref() != Some("accepts");
	Ok(Tried {
		what: forgery.what.into(),
		ok: refused.as_deref() == forgery.expected && node_is_right,
		refused,
		sentence,
		expected: forgery.expected.map(String::from),
		node,
	})
}

/// Renews the log in the second tree, and verifies a record that leads to both trees.
pub(super) async fn renew(
	stage: &Stage,
	records: &[Placed],
	output: &Output,
	report: &mut Report,
) -> Result<(), Error> {
	let started = Instant::now();
	let (officer, options) = (stage.hospital_one(), Renewing::default());
	let made = custody::renew(&stage.one, &officer, KIND, options, &Progress::hidden(), |_| ()).await?;
	let first = records.first().ok_or(StoreError::NotFound("records in the log"))?;
	let bundle = custody::bundle(&stage.one, &stage.one.log(KIND)?, first.sequence, checkpointed(stage)?)?;
	let at = stage.chain.finalised().await?;
	let verdict = online(&at, &Content::File(&first.path), &bundle, Policy::default()).await?;
	let rests_on = match verdict.place {
		Place::Log { rests_on, .. } => rests_on.map(|trees| trees.tree),
		Place::Anchor { .. } => None,
	};
	let good = u64::from(rests_on == Some(made.tree));
	let step = Step::new("log renewed in a second tree, a record verified in it", good, 1, started.elapsed());
	report.steps.push(step.note(format!("{} entries", made.head.size)));
	output.line(format!(
		"Renewed {} entries in the tree on {}, finalised at {}",
		made.head.size,
		made.tree.name(),
		made.at
	));
	Ok(())
}
