// SPDX-License-Identifier: Apache-2.0
//! `epid init`.

use super::context::Context;
use crate::{
	chain::Signed,
	secrets,
	store::{Identity, Store},
	Error,
};
use clap::Args;
use epidaurus_primitives::ids::{NetworkId, OrgId};
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  epid init --key-file records.key
        asks the node which network it is, and which organisation the key acts for
  epid init --network 0x5e…c1 --organisation 3
        needs no node; commands that talk to a node compare later
  epid init --key-file records.key --store-key-file /media/safe/epid.key
        makes the file with the store's key there
  epid init --key-file records.key --prompt
        asks for a passphrase instead";

/// Makes the store of a custodian, and the key that opens it
///
/// The store is encrypted. Its key is a file, made beside the store if no other place and no passphrase is given.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// The network's id of 32 bytes, if no node is to be asked
	#[arg(long, value_name = "HEX", requires = "organisation")]
	network: Option<NetworkId>,
	/// The organisation's number, if no node is to be asked
	#[arg(long, value_name = "NUMBER", requires = "network")]
	organisation: Option<OrgId>,
	/// Ask for a passphrase instead of making a key file
	#[arg(long, conflicts_with = "store_key_file")]
	prompt: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let identity = match (arguments.network, arguments.organisation) {
		(Some(network), Some(custodian)) => Identity { network, custodian },
		_ => asked(context)?,
	};
	let folder = &context.global.store;
	let file = context.global.store_key_file.as_deref();
	let (made, key_made) = match Store::is_in(folder)? {
		// Opened as all commands do, which finish a change of its key that was cut off.
		true => {
			context.store()?.expect(identity)?;
			(false, None)
		},
		false => {
			let loaded = secrets::load_or_make(folder, file, arguments.prompt)?;
			let key_made = loaded.made.clone();
			(Store::create(folder, identity, &context.told(loaded))?.1, key_made)
		},
	};
	let Identity { network, custodian } = identity;
	let value = json!({ "store": folder, "networkId": network, "custodian": custodian, "made": made,
		"keyFileMade": key_made });
	context.output.result(&value, || {
		let what = if made { "made" } else { "already there:" };
		format!("{what} the store {} of organisation {custodian} on network {network}", folder.display())
	});
	Ok(())
}

fn asked(context: &Context) -> Result<Identity, Error> {
	let key = context.key()?;
	context.block_on(async {
		let chain = context.chain().await?;
		let member = Signed { chain: &chain, key: &key }.member().await?;
		Ok(Identity { network: chain.network(), custodian: member.organisation })
	})
}
