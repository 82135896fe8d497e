// SPDX-License-Identifier: Apache-2.0
//! `epid verify`.

use super::context::Context;
use crate::{
	bundle::{Bundle, Trusted},
	record::{kind_name, suite_name, Content},
	verify::{check, online, Place, Policy, Verdict},
	Error,
};
use clap::Args;
use epidaurus_primitives::{ehr::RecordStanding, ids::OrgId, views::OrganisationView};
use serde_json::json;
use std::path::PathBuf;
use subxt::utils::AccountId32;

const EXAMPLES: &str = "\
Examples:
  epid verify patient-17.json --bundle patient-17.json.epid.json
        with a node, which is shown the opening but not the content
  epid verify patient-17.json --bundle patient-17.json.epid.json --head head.json
        without a node, against a head that `epid head` wrote
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
	#[arg(long, value_name = "FILE")]
	head: Option<PathBuf>,
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
		Some(organisation) => format!("{}\n{}", sentences(&verdict), who(organisation)),
		None => sentences(&verdict),
	});
	Ok(())
}

/// What the chain says about the custodian: its number alone says nothing to a reader.
fn who(organisation: &OrganisationView<AccountId32>) -> String {
	let OrganisationView { id, class, jurisdiction, gln, status, .. } = organisation;
	let gln = gln.map_or(String::new(), |gln| format!(", GLN {gln}"));
	format!("organisation {id}: {class} in {jurisdiction}{gln}, {status} now")
}

fn sentences(verdict: &Verdict) -> String {
	let Verdict { custodian, class, version, suite, clinical_time, imported, place, .. } = verdict;
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
	let time = match (clinical_time, imported) {
		(Some(time), true) => format!("\nimported: older than this, of {time} by the custodian's own word"),
		(None, true) => "\nimported: older than this by the custodian's own word".to_owned(),
		(Some(time), false) => format!("\nof {time}, as the custodian stated"),
		(None, false) => String::new(),
	};
	let (class, suite) = (class.as_str(), suite_name(*suite));
	format!("verified: {class}, version {version}, kept by organisation {custodian}, suite {suite}\n{place}{time}")
}
