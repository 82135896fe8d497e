// SPDX-License-Identifier: Apache-2.0
//! `epid relay`.

use super::context::{Context, WAITING};
use crate::{
	acts::{in_how_long, ActFile, ActRefused},
	bundle::hex,
	chain::Relayed,
	Error,
};
use clap::Args;
use epidaurus_primitives::ids::SubjectId;
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid relay dispute.act.json --key-file records.key
  epid relay dispute.act.json --subject 0x07…e2 --key-file records.key
        refuses the act of anybody else";

/// Submits an act that a subject signed, and says what came of it
///
/// What is submitted is told from the payload; the words in the file are only compared. Signature, chain, nonce and expiry
/// are checked before anything is sent. Whoever signs this command pays the fee, and gets no power over the subject.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The file that `epid subject sign` wrote
	#[arg(value_name = "FILE")]
	file: PathBuf,
	/// Refuse the act of another subject
	#[arg(long, value_name = "HEX")]
	subject: Option<SubjectId>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let file = ActFile::read(&arguments.file)?;
	let understood = file.understood()?;
	let signature = file.signature()?.to_owned();
	let subject = understood.subject;
	if let Some(asked) = arguments.subject.filter(|asked| *asked != subject) {
		return Err(ActRefused::OtherSubject { stated: subject, asked }.into());
	}
	let words = understood.words();
	context.output.line(words.join("\n"));
	let key = context.key()?;
	let included = context.block_on(async {
		let chain = context.chain().await?;
		if file.network_id != chain.network() {
			return Err(ActRefused::OtherNetwork { stated: file.network_id, asked: chain.network() }.into());
		}
		let at = chain.finalised().await?;
		let view = at.subject(subject).await?;
		let now = at.subject_key(subject, None).await?.map(|key| key.at).unwrap_or_default();
		understood.ensure_due(chain.genesis().0, view.as_ref(), now)?;
		let view = view.ok_or(ActRefused::UnknownSubject(subject))?;
		let signature = understood.signature_of(&signature, &view.key)?;
		chain.ensure_known(&understood.act).await?;
		context.output.line(format!("           {}", in_how_long(understood.expires_at, now)));
		context.output.note(WAITING);
		let (nonce, expires_at, act) = (understood.nonce, understood.expires_at, understood.act);
		Ok(chain.relay(&key, Relayed { subject, nonce, expires_at, act, signature }).await?)
	})?;
	let (block, act) = (hex(&included.block.0), understood.act.name());
	let value = json!({ "relayed": act, "subject": subject, "nonce": understood.nonce.to_string(), "block": block,
		"words": words });
	context.output.result(&value, || format!("done: {act}, in the finalised block {block}"));
	Ok(())
}
