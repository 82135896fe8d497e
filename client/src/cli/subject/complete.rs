// SPDX-License-Identifier: Apache-2.0
//! `epid subject complete`.

use crate::{
	acts::ActFile,
	bundle::{json, write_private},
	cli::{context::Context, values},
	store::StoreError,
	Error,
};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use subxt::utils::AccountId32;

const EXAMPLES: &str = "\
Examples:
  epid subject complete dispute.act.json --account 5FHn…94ty --signature 0x01…8c
        what the wallet answered: the signature over the payload, raw or in <Bytes>";

/// Adds the signature of another wallet to the file that `epid subject sign --payload-only` wrote
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The file
	#[arg(value_name = "FILE")]
	file: PathBuf,
	/// The signature in hexadecimal: 64 bytes, or 65 of ECDSA; the scheme may stand before them (0 ed25519, 1 sr25519, 2 ECDSA)
	#[arg(long, value_name = "HEX")]
	signature: String,
	/// The subject's key: in SS58, or its public key as 0x and 64 hexadecimal digits (66 of ECDSA)
	#[arg(long, value_name = "ACCOUNT", value_parser = values::account)]
	account: AccountId32,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let path = &arguments.file;
	let file = ActFile::read(path)?;
	let understood = file.understood()?;
	let signature = understood.signature_of(&arguments.signature, &arguments.account)?;
	let file = file.signed(&signature);
	write_private(path, json(&file)).map_err(|source| StoreError::Io { path: path.clone(), source })?;
	let value = json!({ "file": path, "act": understood.act.name(), "signed": true, "words": understood.words() });
	context.output.result(&value, || format!("signed:\n{}\nwrote {}", understood.words().join("\n"), path.display()));
	Ok(())
}
