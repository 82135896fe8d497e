// SPDX-License-Identifier: Apache-2.0
//! `epid light-proof`.

use super::{context::Context, values::Kind};
use crate::{
	bundle::{json, Bundle},
	light::{self, Question, TrustedBlock},
	output::print_bytes,
	store::StoreError,
	verify::Refused,
	Error,
};
use clap::Args;
use epidaurus_primitives::{
	ids::{OrgId, RecordId},
	proof::BlockHash,
};
use serde_json::json as value;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  epid light-proof --bundle patient-17.json.epid.json -o patient-17.proof.json
        what `epid verify --light` needs for this bundle, from the newest finalised block
  epid light-proof --custodian 3 --block 0x8a…07 -o log.proof.json
        a log at a block that the other side trusts
  epid light-proof --record 0x6f1d…90 --version-number 2 --node wss://archive.example";

/// Saves what proves an answer about a log or a record, so that others verify without a node and without trusting one
///
/// The proof holds values of the chain's state, the trie nodes that lead to them and the block's header: nothing of the
/// record, and nothing secret. Who verifies with it trusts the hash of the block only. Nodes keep the states of 256 blocks
/// unless they are told to keep all: save the proof in time.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The bundle that is to be verified
	#[arg(long, value_name = "FILE", required_unless_present_any = ["record", "custodian"])]
	bundle: Option<PathBuf>,
	/// An anchored record
	#[arg(long, value_name = "RECORD", conflicts_with_all = ["bundle", "custodian"])]
	record: Option<RecordId>,
	/// Which version of the record; the newest if none is named
	#[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
	#[arg(requires = "record", conflicts_with_all = ["bundle", "custodian"])]
	version_number: Option<u32>,
	/// Whose log
	#[arg(long, value_name = "NUMBER", conflicts_with = "bundle")]
	custodian: Option<OrgId>,
	/// Which log
	#[arg(long, value_enum, default_value = "records", conflicts_with_all = ["bundle", "record"])]
	kind: Kind,
	/// At which block; the newest that the node calls finalised if none is named
	#[arg(long, value_name = "HASH")]
	block: Option<BlockHash>,
	/// Where to write; the standard output if no file is named
	#[arg(long, short, value_name = "FILE")]
	output: Option<PathBuf>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let bundle = arguments.bundle.as_deref().map(Bundle::read).transpose()?;
	let (proof, proven) = context.block_on(async {
		let chain = context.chain().await?;
		let block = match arguments.block {
			Some(hash) => TrustedBlock { hash, number: None },
			None => light::finalised(&chain).await?,
		};
		let question = match (&bundle, arguments.record, arguments.custodian) {
			(Some(bundle), _, _) => Question::of(bundle),
			(None, Some(record), _) => {
				// Which version is the newest one is a question about that block.
				let at = match arguments.version_number {
					Some(_) => chain.finalised().await?,
					None => chain.at(block.hash.0.into()).await?,
				};
				let view = at.anchor(record).await?.ok_or(Refused::RecordNotFound)?;
				let version = arguments.version_number.unwrap_or(view.version);
				Question::Anchor { record, version, custodian: view.custodian }
			},
			(None, None, custodian) => {
				Question::Log { custodian: custodian.unwrap_or_default(), kind: arguments.kind.into() }
			},
		};
		let proof = light::fetch(&chain, question, block.hash).await?;
		// What would be refused is not worth saving.
		let proven = light::check(question, &proof, &block)?;
		Ok((proof, proven))
	})?;
	let text = json(&proof);
	let Some(path) = &arguments.output else {
		print_bytes(text.as_bytes());
		return Ok(());
	};
	std::fs::write(path, text).map_err(|source| StoreError::Io { path: path.clone(), source })?;
	let light::Proven { at, number, hash, .. } = proven;
	let value = value!({ "proof": path, "block": { "number": number, "hash": hash }, "at": at });
	context.output.result(&value, || {
		format!(
			"wrote {}: the state of {at}, block {number}\nwho verifies with it must know that {hash} is its block",
			path.display()
		)
	});
	Ok(())
}
