// SPDX-License-Identifier: Apache-2.0
//! A licence is suspended: rights stop, duties go on.

use super::{
	acts::{single, Single},
	report::{Report, Step},
	specimen,
	stage::{Stage, KIND},
};
use crate::{
	chain::{Call, ChainError, Ledger},
	custody::{self, Anchored, Checkpointed},
	output::Output,
	record::{Prepared, Reader},
	store::StoreError,
	Error,
};
use epidaurus_primitives::{
	hash::HashSuite,
	ids::LicenceId,
	registry::{Capability, LicenceStatus},
};
use std::time::Instant;

/// The error by which the chain refuses a new anchor.
const SUSPENDED: &str = "LicenceSuspended";

/// What was tried while the licence was suspended.
struct Tried {
	anchor: Result<Anchored, Error>,
	checkpoint: Checkpointed,
	amended: Anchored,
}

/// Suspends the hospital's licence, tries, and reinstates it.
pub(super) async fn suspend(
	stage: &Stage,
	singles: &[Single],
	output: &Output,
	report: &mut Report,
) -> Result<(), Error> {
	let started = Instant::now();
	let regulator = stage.regulator();
	let licence = in_force(stage).await?;
	regulator.submit(&[Call::SuspendLicence { licence }]).await?;
	output.line(format!("The regulator suspended licence {licence} of hospital one"));

	let number = stage.one.anchors()?;
	let fresh = single(stage, number, &specimen::anchored(number))?;
	let tried = try_all(stage, singles, &fresh).await;
	// Whatever came of it, the licence must not stay suspended.
	regulator.submit(&[Call::ReinstateLicence { licence }]).await?;
	tell(&tried?, started, output, report);

	let started = Instant::now();
	append_visit(stage)?;
	let officer = stage.hospital_one();
	let (_, made) = tokio::try_join!(
		custody::anchor(&stage.one, &officer, &fresh),
		custody::checkpoint(&stage.one, &officer, KIND),
	)?;
	output.line("The licence is reinstated: the same anchor is taken, the next checkpoint is licensed");
	let good = u64::from(made.licensed).saturating_add(1);
	report.steps.push(Step::new("licence reinstated: anchor and checkpoint", good, 2, started.elapsed()));
	Ok(())
}

/// The licence under which hospital one keeps records. One that an earlier run left suspended is reinstated.
async fn in_force(stage: &Stage) -> Result<LicenceId, Error> {
	let licences = stage.licences().await?;
	let mut ours = licences.iter().filter(|licence| licence.capability == Capability::AnchorRecords);
	if let Some(active) = ours.clone().find(|licence| licence.status == LicenceStatus::Active) {
		return Ok(active.id);
	}
	let suspended = ours.find(|licence| licence.status == LicenceStatus::Suspended);
	let licence = suspended.ok_or_else(|| ChainError::Failed("hospital one has no licence to keep records".into()))?.id;
	stage.regulator().submit(&[Call::ReinstateLicence { licence }]).await?;
	Ok(licence)
}

async fn try_all(stage: &Stage, singles: &[Single], fresh: &Prepared) -> Result<Tried, Error> {
	let last = singles.last().ok_or(StoreError::NotFound("anchored records"))?;
	let corrected = single(stage, last.number, &specimen::amended(last.number))?;
	append_visit(stage)?;
	let officer = stage.hospital_one();
	let (anchor, checkpoint, amended) = tokio::join!(
		custody::anchor(&stage.one, &officer, fresh),
		custody::checkpoint(&stage.one, &officer, KIND),
		custody::amend(&stage.one, &officer, last.record, &corrected),
	);
	Ok(Tried { anchor, checkpoint: checkpoint?, amended: amended? })
}

/// Something new in the log, so that there is something to checkpoint.
fn append_visit(stage: &Stage) -> Result<(), Error> {
	let size = stage.one.log(KIND)?.size();
	let path = stage.file(&format!("visit-{size}.json"), specimen::original())?;
	stage.one.append(KIND, &[Reader::new(HashSuite::FhirStaticRecursive).read(&path)?])?;
	Ok(())
}

fn tell(tried: &Tried, started: Instant, output: &Output, report: &mut Report) {
	let Tried { anchor, checkpoint, amended } = tried;
	let refusal = match anchor {
		Err(Error::Chain(error)) => error.refusal().unwrap_or_else(|| error.to_string()),
		Err(error) => error.to_string(),
		Ok(_) => "it was not refused".into(),
	};
	let stopped = matches!(anchor, Err(Error::Chain(error)) if error.is_refused_as(SUSPENDED));
	let mark = if checkpoint.licensed { "NOT marked" } else { "marked as made without a licence" };
	output.line(format!("  a new anchor is refused: {refusal}"));
	output.line(format!("  a checkpoint of {} entries is taken, {mark}", checkpoint.head.size));
	output.line(format!("  an amendment is taken: version {}", amended.version));
	let took = started.elapsed();
	let stops = Step::new("licence suspended: new anchors stop", u64::from(stopped), 1, took).note(refusal);
	let goes_on = u64::from(!checkpoint.licensed).saturating_add(u64::from(amended.version == 2));
	let goes_on = Step::new("licence suspended: checkpoint and amendment go on, marked", goes_on, 2, took);
	report.steps.extend([stops, goes_on]);
}
