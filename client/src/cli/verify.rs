// SPDX-License-Identifier: Apache-2.0
//! `epid verify`.

use super::{context::Context, light};
use crate::{
	bundle::{Bundle, Trusted},
	light::Custodian,
	record::{kind_name, suite_name, Content},
	verify::{check, online, Place, Policy, Verdict},
	Error,
};
use clap::Args;
use epidaurus_primitives::{
	ehr::RecordStanding,
	gln::Gln,
	ids::OrgId,
	jurisdiction::Jurisdiction,
	registry::{OrganisationClass, OrganisationStatus},
	views::OrganisationView,
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
  epid verify referral.json --bundle referral.epid.json --custodian 3 --any-standing";

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
		let verdict = check(&content, &bundle, &proven.statement.trusted, policy)?;
		let custodian = &proven.statement.custodian;
		let value = json!({ "verified": verdict, "organisation": custodian, "light": proven.to_json() });
		context.output.result(&value, || {
			let Custodian { id, class, jurisdiction, gln, status, .. } = custodian;
			let who = who(*id, *class, jurisdiction, *gln, *status);
			format!("{}\n{who}, then\n{}", sentences(&verdict), proven.sentence())
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
		Some(OrganisationView { id, class, jurisdiction, gln, status, .. }) => {
			format!("{}\n{}, now", sentences(&verdict), who(*id, *class, jurisdiction, *gln, *status))
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

fn sentences(verdict: &Verdict) -> String {
	let Verdict { custodian, class, version, suite, place, .. } = verdict;
	let place = match place {
		Place::Log { kind, sequence, head, at, licensed } => {
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
	let (class, suite) = (class.as_str(), suite_name(*suite));
	format!("verified: {class}, version {version}, kept by organisation {custodian}, suite {suite}\n{place}")
}
