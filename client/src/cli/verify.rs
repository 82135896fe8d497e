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
	registry::{OrganisationClass, OrganisationStatus, Successor},
	views::{LifeView, OrganisationView, TreeVerdict},
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
		let (name, at, checkpoint) = (tree.name(), renewal.at, renewal.checkpointed_at);
		lines.push(format!("renewed in the tree on {name} at {at}, up to the checkpoint of {checkpoint}{late}"));
	}
	let name = tree.name();
	match tree_status {
		SuiteStatus::Active => (),
		SuiteStatus::Deprecated { since } => lines.push(format!(
			"the proof rests on the tree on {name} alone, deprecated since {since}: ask the custodian for a renewed one"
		)),
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

/// What happened to the record, a sentence for each thing that a reader must know.
fn later(life: &LifeView) -> Vec<String> {
	let mut lines = Vec::new();
	let doubt = |doubtful| if doubtful { ", perhaps not by the subject: its key was lost by then" } else { "" };
	if let Some(open) = life.disputes.last().filter(|_| life.disputed) {
		lines.push(format!("in dispute since {}{}", open.dispute.opened_at, doubt(open.doubtful)));
	}
	if let Some(last) = life.requests.last() {
		let (number, asked, doubt) = (last.number, last.request.asked_at, doubt(last.doubtful));
		lines.push(format!("request {number} to amend it, of {asked}: {:?}{doubt}", last.state));
	}
	if life.overdue {
		lines.push("the custodian answered a request to amend it too late, or has not answered in time".into());
	}
	lines.extend(life.holds.iter().map(|hold| format!("held by organisation {} since {}", hold.by, hold.since)));
	lines.extend(life.retained_until.map(|until| format!("kept by its custodian until {until} at least")));
	if let Some(erasure) = &life.erasure {
		let (at, custodian) = (erasure.at, erasure.custodian);
		lines.push(format!(
			"erased at {at}, as two members of organisation {custodian} attested; who was given an opening may still hold it"
		));
	}
	lines
}

#[cfg(test)]
mod tests {
	use super::*;
	use epidaurus_primitives::{
		hash::Commitment,
		ids::{MemberKey, OrgId, SubjectId},
		life::{ErasureGround, RecordLife},
		moment::{Moment, DAY},
	};

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
		let attest =
			|life: RecordLife, by| life.attest(OrgId(3), MemberKey([by; 32]), ErasureGround::Objection, Moment(0));
		let erased = attest(RecordLife::default(), 1).and_then(|life| attest(life, 2)).unwrap();
		let lines = later(&erased.view(true, Moment(0), |_| false)).join("\n");
		assert!(lines.contains("two members of organisation 3") && lines.contains("may still hold it"), "{lines}");
	}
}
