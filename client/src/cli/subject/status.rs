// SPDX-License-Identifier: Apache-2.0
//! `epid subject status`.

use crate::{acts::ActRefused, cli::context::Context, output, Error};
use clap::Args;
use epidaurus_primitives::{
	ids::SubjectId,
	subjects::{RebindPhase, SubjectStatus},
	views::{RebindView, SubjectView},
};
use serde_json::json;
use subxt::utils::AccountId32;

const EXAMPLES: &str = "\
Examples:
  epid subject status 0x07…e2
  epid subject status 0x07…e2 --json";

/// Says how a subject stands on chain: its key, its status, a pending re-binding, the nonce of its next relayed act
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The subject's pseudonym of 32 bytes, as 0x and 64 hexadecimal digits
	#[arg(value_name = "SUBJECT")]
	subject: SubjectId,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let subject = arguments.subject;
	let (view, rebind) = context.block_on(async {
		let chain = context.chain().await?;
		let at = chain.finalised().await?;
		let view = at.subject(subject).await?.ok_or(ActRefused::UnknownSubject(subject))?;
		Ok((view, at.rebind(subject).await?))
	})?;
	let value = json!({ "subject": named(&view), "rebind": rebind.as_ref().map(named_rebind) });
	context.output.result(&value, || output::table(&rows(&view, rebind.as_ref())));
	Ok(())
}

/// A view with its accounts in SS58, as the RPC has it.
fn named(view: &SubjectView<AccountId32>) -> SubjectView<String> {
	let SubjectView { subject, custodian, enrolled_at, proven, status, since, restricted, nonce, .. } = *view;
	let key = view.key.to_string();
	SubjectView { subject, custodian, enrolled_at, key, proven, status, since, restricted, nonce }
}

fn named_rebind(view: &RebindView<AccountId32>) -> RebindView<String> {
	let RebindView { phase, evidence, lost_since, started_at, contestable_until, contested_at, .. } = *view;
	RebindView {
		phase,
		new_key: view.new_key.to_string(),
		evidence,
		lost_since,
		started_by: view.started_by.to_string(),
		started_at,
		confirmed_by: view.confirmed_by.map(|account| account.to_string()),
		contestable_until,
		contested_at,
	}
}

fn rows(view: &SubjectView<AccountId32>, rebind: Option<&RebindView<AccountId32>>) -> Vec<Vec<String>> {
	let proven = if view.proven { "proven" } else { "not proven yet" };
	let status = match view.status {
		SubjectStatus::Active => "active".into(),
		SubjectStatus::Deceased => "deceased".into(),
		SubjectStatus::Merged { link } => format!("merged, link {link}"),
	};
	let restricted = if view.restricted { "; can only do restrictive acts" } else { "" };
	let mut rows = vec![
		("subject", view.subject.to_string()),
		("custodian", format!("organisation {}, since {}", view.custodian, view.enrolled_at)),
		("key", format!("{}, {proven}", view.key)),
		("status", format!("{status}, since {}{restricted}", view.since)),
		("next relayed act", format!("nonce {}", view.nonce)),
	];
	if let Some(rebind) = rebind {
		let phase = match rebind.phase {
			RebindPhase::Started => "started; a second member has to confirm",
			RebindPhase::Lapsed => "lapsed: nobody confirmed in time",
			RebindPhase::Contestable => "confirmed; the old key may contest",
			RebindPhase::Unopposed => "nobody contested: it may be completed",
			RebindPhase::Contested => "contested: the consortium decides",
		};
		let until = rebind.contestable_until.map(|until| format!(" (until {until})")).unwrap_or_default();
		rows.push(("re-binding", format!("to {}, lost since {}: {phase}{until}", rebind.new_key, rebind.lost_since)));
	}
	rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect()
}
