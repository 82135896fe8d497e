// SPDX-License-Identifier: Apache-2.0
//! `epid verify`.

use super::{context::Context, light};
use crate::{
	bundle::{Bundle, Trusted},
	light::Custodian,
	record::{kind_name, suite_name, Content},
	redaction::{Gap, Withheld},
	verify::{check, online, Place, Policy, Verdict},
	Error,
};
use clap::Args;
use epidaurus_primitives::{
	ehr::{RecordStanding, SuiteStatus},
	gln::Gln,
	ids::OrgId,
	jurisdiction::Jurisdiction,
	life::{Dispute, DisputeEnd, DisputeOutcome, EndedHold, Folded, Resolution},
	registry::{OrganisationClass, OrganisationStatus, Successor},
	views::{DisputeView, LifeView, OrganisationView, TreeVerdict},
};
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid verify patient-17.json --bundle patient-17.json.epid.json
        with a node, which is shown the opening but not the content
  epid verify patient-17.json --bundle patient-17.json.epid.json --head head.json
        without a node, against a head that `epid head` wrote
  epid verify patient-17.json --bundle patient-17.json.epid.json --light
        with a node that must prove what it says and is not shown the opening; it is trusted for which block is finalised
  epid verify patient-17.json --bundle patient-17.json.epid.json --light --proof patient-17.proof.json --block 0x8a…07
        without a node: with a proof that `epid light-proof` saved, trusting the hash of that block and nothing else
  epid verify referral.json --bundle referral.epid.json --custodian 3 --any-standing
  epid verify shared.json --bundle shared.json.epid.json
        a redacted copy that `epid redact` wrote; the answer says how much of the record it lacks, and where";

/// Checks that a file is what was committed, and that it still stands
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The record's file
	#[arg(value_name = "FILE")]
	file: PathBuf,
	/// The proof bundle that came with it
	#[arg(long, value_name = "FILE")]
	bundle: PathBuf,
	/// A trusted statement that `epid head` wrote; no node is asked
	#[arg(long, value_name = "FILE", conflicts_with = "light")]
	head: Option<PathBuf>,
	#[command(flatten)]
	light: light::Options,
	/// The organisation that the record must be of
	#[arg(long, value_name = "NUMBER")]
	custodian: Option<OrgId>,
	/// Accept versions that were replaced and records entered in error
	#[arg(long)]
	any_standing: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let bundle = Bundle::read(&arguments.bundle)?;
	let policy = Policy { any_standing: arguments.any_standing, custodian: arguments.custodian };
	let content = Content::File(&arguments.file);
	if arguments.light.light {
		let proven = light::prove(context, &arguments.light, &bundle)?;
		let suite_status = Some(proven.statement.suite_status(bundle.opening.suite));
		let verdict = Verdict { suite_status, ..check(&content, &bundle, &proven.statement.trusted, policy)? };
		let custodian = &proven.statement.custodian;
		let value = json!({ "verified": verdict, "organisation": custodian, "light": proven.basis.to_json() });
		context.output.result(&value, || {
			let Custodian { id, class, jurisdiction, gln, status, successor, .. } = custodian;
			let (who, after) = (who(*id, *class, jurisdiction, *gln, *status), after(*successor));
			format!("{}\n{who}, then{after}\n{}", sentences(&verdict), proven.basis.sentence())
		});
		return Ok(());
	}
	let (verdict, organisation) = match &arguments.head {
		Some(head) => (check(&content, &bundle, &Trusted::read(head)?, policy)?, None),
		None => context.block_on(async {
			let chain = context.chain().await?;
			let at = chain.finalised().await?;
			let verdict = online(&at, &content, &bundle, policy).await?;
			Ok((verdict, at.organisation(bundle.custodian).await?))
		})?,
	};
	let value = json!({ "verified": verdict, "organisation": organisation });
	context.output.result(&value, || match &organisation {
		Some(OrganisationView { id, class, jurisdiction, gln, status, successor, .. }) => {
			let who = who(*id, *class, jurisdiction, *gln, *status);
			format!("{}\n{who}, now{}", sentences(&verdict), after(*successor))
		},
		None => sentences(&verdict),
	});
	Ok(())
}

/// What the chain says about the custodian: its number alone says nothing to a reader.
fn who(
	id: OrgId,
	class: OrganisationClass,
	jurisdiction: &Jurisdiction,
	gln: Option<Gln>,
	status: OrganisationStatus,
) -> String {
	let gln = gln.map_or(String::new(), |gln| format!(", GLN {gln}"));
	format!("organisation {id}: {class} in {jurisdiction}{gln}, {status}")
}

/// Who is to be turned to instead.
fn after(successor: Option<Successor>) -> String {
	successor.map_or(String::new(), |Successor { organisation, since, .. }| {
		format!("\norganisation {organisation} answers in its place since {since}")
	})
}

fn sentences(verdict: &Verdict) -> String {
	let Verdict {
		custodian, class, version, suite, clinical_time, imported, place, withheld, life, suite_status, ..
	} = verdict;
	let place = match place {
		Place::Log { kind, sequence, head, at, licensed, .. } => {
			let at = at.map_or(String::new(), |at| format!(", checkpoint of {at}"));
			let licence = if *licensed == Some(false) { "; the custodian was not licensed then" } else { "" };
			format!("entry {sequence} of {} in the log {}{at}{licence}", head.size, kind_name(*kind))
		},
		Place::Anchor { record, anchored_at, standing } => {
			let standing = match standing {
				RecordStanding::Current => "in force".into(),
				RecordStanding::Amended { current } => format!("replaced by version {current}"),
				RecordStanding::EnteredInError => "declared entered in error".to_owned(),
			};
			format!("record {record}, anchored at {anchored_at}, {standing}")
		},
	};
	let time = match (clinical_time, imported) {
		(Some(time), true) => Some(format!("imported: older than this, of {time} by the custodian's own word")),
		(None, true) => Some("imported: older than this by the custodian's own word".to_owned()),
		(Some(time), false) => Some(format!("of {time}, as the custodian stated")),
		(None, false) => None,
	};
	let (class, suite) = (class.as_str(), suite_name(*suite));
	let mut lines =
		vec![format!("verified: {class}, version {version}, kept by organisation {custodian}, suite {suite}"), place];
	lines.extend(time);
	lines.extend(rests_on(&verdict.place));
	lines.extend(withheld.as_ref().map(lacks));
	lines.extend(suite_status.and_then(warning));
	lines.extend(life.iter().flat_map(later));
	lines.join("\n")
}

/// What is to be said about the trees on which a proof rests, and since when the entry is covered.
fn rests_on(place: &Place) -> Vec<String> {
	let Place::Log { at, covered_at, rests_on, .. } = place else { return Vec::new() };
	let earlier = covered_at.filter(|covered| Some(*covered) != *at);
	let mut lines: Vec<_> =
		earlier.iter().map(|at| format!("covered by an earlier checkpoint already, of {at}")).collect();
	let Some(TreeVerdict { tree, tree_status, renewal, renewed_in_time, .. }) = rests_on.as_deref() else {
		return lines;
	};
	if let Some(renewal) = renewal {
		let late = match renewed_in_time {
			Some(false) => "; too late: its own tree was forbidden by then",
			_ => "",
		};
		let (name, at, checkpoint) = (renewal.tree.name(), renewal.at, renewal.checkpointed_at);
		lines.push(format!("renewed in the tree on {name} at {at}, up to the checkpoint of {checkpoint}{late}"));
	}
	let name = tree.name();
	match tree_status {
		SuiteStatus::Active => (),
		SuiteStatus::Deprecated { since } => lines.push(match renewal {
			None => format!(
				"the proof rests on the tree on {name} alone, deprecated since {since}: ask the custodian for a renewed one"
			),
			Some(_) => format!("the proof rests on the tree on {name}, deprecated since {since}, and no better one"),
		}),
		SuiteStatus::Forbidden { since, .. } => lines.push(format!(
			"the proof rests on the tree on {name}, forbidden since {since}: it proves nothing to who did not check it before"
		)),
	}
	lines
}

/// Gaps that are told one by one.
const MAX_GAPS: usize = 20;

/// What a redacted copy lacks.
pub(super) fn lacks(withheld: &Withheld) -> String {
	let mut lines = vec![format!("redacted copy: {} of {} elements are withheld", withheld.elements, withheld.of)];
	lines.extend(withheld.places.iter().take(MAX_GAPS).map(|Gap { first, last, after, before }| {
		let after = after.as_deref().map_or("at the beginning".into(), |after| format!("after {after}"));
		let before = before.as_deref().map_or("at the end".into(), |before| format!("before {before}"));
		format!("  {} {after}, {before}", last.saturating_sub(*first).saturating_add(1))
	}));
	if let Some(more) = withheld.places.len().checked_sub(MAX_GAPS).filter(|more| *more > 0) {
		lines.push(format!("  and at {more} more places"));
	}
	lines.join("\n")
}

/// What is to be said of a suite that is not active.
fn warning(status: SuiteStatus) -> Option<String> {
	match status {
		SuiteStatus::Active => None,
		SuiteStatus::Deprecated { since } => Some(format!("the suite is deprecated since {since}")),
		SuiteStatus::Forbidden { since, .. } => Some(format!("the suite is forbidden for new anchors since {since}")),
	}
}

fn doubt(doubtful: bool) -> &'static str {
	if doubtful {
		", perhaps not by the subject: its key was lost by then"
	} else {
		""
	}
}

/// A dispute in a sentence; only the last one can stand.
fn dispute(DisputeView { dispute, doubtful, end_doubtful }: &DisputeView, stands: bool) -> String {
	let Dispute { opened_at, withdrawn_in_doubt, end, .. } = dispute;
	let opened = format!("{opened_at}{}", doubt(*doubtful));
	let Some(DisputeEnd { outcome, at }) = end else { return format!("in dispute since {opened}") };
	let how = match outcome {
		DisputeOutcome::Withdrawn => "withdrawn",
		DisputeOutcome::Resolved { resolution: Resolution::Upheld, .. } => "upheld by the custodian",
		DisputeOutcome::Resolved { resolution: Resolution::Rejected, .. } => "rejected by the custodian",
	};
	let mut line = format!("disputed at {opened}; {how} at {at}{}", doubt(*end_doubtful));
	if let Some(at) = withdrawn_in_doubt {
		line.push_str(&format!("; it stood in spite of a withdrawal at {at} by a key that was lost by then"));
	}
	if stands {
		line.push_str("; the dispute stands");
	}
	line
}

/// What happened to the record, a sentence for each thing that a reader must know.
fn later(life: &LifeView) -> Vec<String> {
	let mut lines = Vec::new();
	let newest = life.disputes.len().checked_sub(1);
	let disputes = life.disputes.iter().enumerate();
	lines.extend(disputes.map(|(place, view)| dispute(view, life.disputed && Some(place) == newest)));
	lines.extend(life.requests.iter().map(|view| {
		let (number, asked) = (view.number, view.request.asked_at);
		let mut line = format!("request {number} to amend it, of {asked}{}: {:?}", doubt(view.doubtful), view.state);
		if view.disagreement_doubtful {
			line.push_str("; the disagreement");
			line.push_str(doubt(true));
		}
		line
	}));
	if life.overdue {
		lines.push("the custodian answered a request to amend it too late, or has not answered in time".into());
	}
	lines.extend(life.holds.iter().map(|hold| format!("held by organisation {} since {}", hold.by, hold.since)));
	lines.extend(
		life.ended_holds
			.iter()
			.map(|EndedHold { by, since, until }| format!("was held by organisation {by} from {since} until {until}")),
	);
	lines.extend(life.retained_until.map(|until| format!("kept by its custodian until {until} at least")));
	if let Some(erasure) = &life.erasure {
		let (at, custodian) = (erasure.at, erasure.custodian);
		lines.push(format!(
			"erased at {at}, as two members of organisation {custodian} attested; who was given an opening may still hold it"
		));
	}
	let Folded { disputes, requests, holds, .. } = life.folded;
	for (count, what) in [(disputes, "disputes"), (requests, "requests to amend it"), (holds, "holds")] {
		if count > 0 {
			lines.push(format!("older {what} that are no longer listed: {count}"));
		}
	}
	lines
}

#[cfg(test)]
mod tests {
	use super::*;
	use epidaurus_primitives::{
		ehr::{LogHead, LogKind},
		hash::Commitment,
		ids::{MemberKey, OrgId, SubjectId},
		life::{DenialReason, ErasureGround, RecordLife},
		moment::{Moment, DAY},
		renewal::{Renewal, TreeSuite},
		views::TreeView,
	};

	#[test]
	fn a_proof_that_rests_on_the_logs_own_tree_is_not_called_worthless() {
		let head = LogHead { size: 1, root: [1; 32] };
		let (at, tree, root) = (Moment(2), TreeSuite::Blake2b256, [2; 32]);
		let renewal = Renewal { head, checkpointed_at: Moment(1), tree, root, at };
		let told = |sha256, blake2b256| {
			let trees = TreeSuite::ALL.into_iter().zip([sha256, blake2b256]);
			let trees = trees.map(|(tree, status)| TreeView { tree, status }).collect();
			let rests = Some(Box::new(TreeVerdict::new(Some(renewal), trees)));
			let (kind, sequence) = (LogKind::Records, 0);
			let place =
				Place::Log { kind, sequence, head, at: None, licensed: None, covered_at: None, rests_on: rests };
			rests_on(&place).join("\n")
		};
		let forbidden = SuiteStatus::Forbidden { since: Moment(9), deprecated: Moment(8) };
		let deprecated = SuiteStatus::Deprecated { since: Moment(8) };
		let lines = told(SuiteStatus::Active, forbidden);
		assert!(lines.contains("renewed in the tree on BLAKE2b-256") && !lines.contains("proves nothing"), "{lines}");
		let lines = told(deprecated, forbidden);
		assert!(
			lines.contains("rests on the tree on SHA-256, deprecated since") && !lines.contains("alone"),
			"{lines}"
		);
		let lines = told(forbidden, SuiteStatus::Active);
		assert!(lines.contains("renewed in") && !lines.contains("proves nothing"), "{lines}");
	}

	#[test]
	fn a_life_is_told_in_sentences() {
		let (subject, text) = (SubjectId([1; 32]), Commitment([2; 32]));
		assert_eq!(later(&LifeView::default()), [""; 0]);
		let life = RecordLife::default()
			.dispute(subject, text, Moment(0))
			.and_then(|life| life.request(subject, text, 1, Moment(0)))
			.and_then(|life| life.hold(OrgId(5), Moment(0)))
			.unwrap();
		let lines = later(&life.view(true, Moment(61 * DAY), |_| true)).join("\n");
		for part in
			["in dispute since 1970", "perhaps not by the subject", "Open", "too late", "held by organisation 5"]
		{
			assert!(lines.contains(part), "{part}: {lines}");
		}
		let ended = RecordLife::default()
			.dispute(subject, text, Moment(1_000))
			.and_then(|life| life.resolve_dispute(Resolution::Rejected, text, Moment(2_000)))
			.and_then(|life| life.dispute(subject, text, Moment(3_000)))
			.and_then(|life| life.withdraw_dispute(subject, Moment(4_000)))
			.and_then(|life| life.request(subject, text, 1, Moment(5_000)))
			.and_then(|life| {
				life.change_request(0, |one| one.denied(DenialReason::NotCreatedHere, text, Moment(6_000)))
			})
			.and_then(|life| life.disagree(subject, 0, text, Moment(7_000)))
			.and_then(|life| life.hold(OrgId(5), Moment(8_000)))
			.and_then(|life| life.lift_hold(Moment(9_000), |_| true))
			.unwrap()
			.0;
		let told = |doubtful: fn(Moment) -> bool| later(&ended.view(true, Moment(10_000), doubtful)).join("\n");
		let calm = told(|_| false);
		for part in [
			"disputed at 1970-01-01T00:00:01.000Z; rejected by the custodian at 1970-01-01T00:00:02.000Z\n",
			"disputed at 1970-01-01T00:00:03.000Z; withdrawn at 1970-01-01T00:00:04.000Z\n",
			"Disagreed\n",
			"was held by organisation 5 from 1970-01-01T00:00:08.000Z until 1970-01-01T00:00:09.000Z",
		] {
			assert!(calm.contains(part), "{part}: {calm}");
		}
		let stolen = told(|at| at == Moment(4_000) || at == Moment(7_000));
		for part in [
			"withdrawn at 1970-01-01T00:00:04.000Z, perhaps not by the subject: its key was lost by then; the dispute stands",
			"Disagreed; the disagreement, perhaps not by the subject",
		] {
			assert!(stolen.contains(part), "{part}: {stolen}");
		}
		let attest =
			|life: RecordLife, by| life.attest(OrgId(3), MemberKey([by; 32]), ErasureGround::Objection, Moment(0));
		let erased = attest(RecordLife::default(), 1).and_then(|life| attest(life, 2)).unwrap();
		let lines = later(&erased.view(true, Moment(0), |_| false)).join("\n");
		assert!(lines.contains("two members of organisation 3") && lines.contains("may still hold it"), "{lines}");
	}
}
