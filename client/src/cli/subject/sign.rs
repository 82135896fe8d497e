// SPDX-License-Identifier: Apache-2.0
//! `epid subject sign`.

use super::act;
use crate::{
	acts::{in_how_long, Act, ActFile, ActRefused, Understood},
	bundle::write_private,
	cli::{
		context::{host_time, Context},
		values,
	},
	signer::Signer,
	store::StoreError,
	Error,
};
use clap::Args;
use epidaurus_primitives::{
	ids::{NetworkId, SubjectId},
	moment::Moment,
};
use serde_json::json;
use std::{path::PathBuf, time::Duration};
use subxt::utils::{AccountId32, H256};

const EXAMPLES: &str = "\
Examples:
  epid subject sign dispute --bundle r.json.epid.json --statement why.txt --key-file patient.key
        says in words what will be signed, asks, and writes dispute.act.json for `epid relay`
  epid subject sign rotate-key 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty --yes --expires-in 2h --key-file patient.key
  epid subject sign prove-key --subject 0x07…e2 --payload-only
        for another wallet, which signs the payload raw or in <Bytes>; then `epid subject complete`
  epid subject sign contest-rebind --subject 0x07…e2 --network 0x5e…c1 --genesis 0x8a…07 --nonce 3 --key-file patient.key
        asks no node";

/// Signs an act that somebody else submits: payload, words and signature in one small file
///
/// The signature is good for this chain, this subject, one act, and until it expires; to make it void, sign another act
/// with the same nonce and have that submitted first.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	#[command(subcommand)]
	act: act::Command,
	/// Whose act; found by the signing key if it is not named
	#[arg(long, global = true, value_name = "HEX")]
	subject: Option<SubjectId>,
	/// How long the signature is good: so many minutes, hours or days
	#[arg(long, global = true, value_name = "30m|12h|7d", default_value = "24h", value_parser = values::duration)]
	expires_in: Duration,
	/// Sign without asking
	#[arg(long, global = true)]
	yes: bool,
	/// Write the file without a signature, for a wallet elsewhere
	#[arg(long, global = true)]
	payload_only: bool,
	/// Where to write the file; the act's name and .act.json if no place is named
	#[arg(long, short, global = true, value_name = "FILE")]
	output: Option<PathBuf>,
	/// Hash of the chain's first block, if no node is to be asked
	#[arg(long, global = true, value_name = "HEX")]
	genesis: Option<H256>,
	/// The network's id, if no node is to be asked
	#[arg(long, global = true, value_name = "HEX")]
	network: Option<NetworkId>,
	/// Number of the subject's next relayed act, if no node is to be asked; or the one to replace
	#[arg(long, global = true, value_name = "NUMBER")]
	nonce: Option<u64>,
}

/// What stands in a payload beside the act.
struct Ground {
	genesis: [u8; 32],
	network: NetworkId,
	subject: SubjectId,
	nonce: u64,
	now: Moment,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let signer = if arguments.payload_only { None } else { Some(context.key()?) };
	let account = signer.as_ref().map(Signer::account);
	let (ground, act) = match (arguments.genesis, arguments.network, arguments.nonce, arguments.subject) {
		(Some(genesis), Some(network), Some(nonce), Some(subject)) => {
			let ground = Ground { genesis: genesis.0, network, subject, nonce, now: host_time() };
			let act = arguments.act.act(context, network, subject)?;
			(ground, act)
		},
		(None, None, ..) => context.block_on(asked(context, arguments, account))?,
		_ => return Err(Error::Usage("without a node, give --genesis, --network, --nonce and --subject".into())),
	};
	let lasts = u64::try_from(arguments.expires_in.as_millis()).unwrap_or(u64::MAX);
	let expires_at = Moment(ground.now.0.saturating_add(lasts));
	let understood = Understood::new(ground.genesis, ground.subject, ground.nonce, expires_at, act);
	let shown = shown(&understood, &ground);
	let signature = match &signer {
		None => None,
		Some(signer) => {
			if !arguments.yes {
				context.output.show(&format!("To be signed:\n{shown}"));
				context.confirm("Sign this? [y/N] ")?;
			}
			Some(context.block_on(async {
				Ok(signer.sign(understood.payload()).await.map_err(crate::chain::ChainError::from)?)
			})?)
		},
	};
	let file = ActFile::new(&understood, ground.network, signature.as_ref());
	let path = arguments.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.act.json", act.name())));
	write_private(&path, crate::bundle::json(&file)).map_err(|source| StoreError::Io { path: path.clone(), source })?;
	let value = json!({ "file": path, "act": act.name(), "subject": ground.subject, "nonce": ground.nonce.to_string(),
		"expiresAt": expires_at, "signed": signature.is_some(), "words": understood.words() });
	context.output.result(&value, || {
		let what = if signature.is_some() { "signed" } else { "to be signed, raw or in <Bytes>" };
		format!("{what}:\n{shown}\nwrote {}", path.display())
	});
	Ok(())
}

/// What the node says about subject and chain, and the act.
async fn asked(context: &Context, arguments: &Arguments, account: Option<AccountId32>) -> Result<(Ground, Act), Error> {
	let chain = context.chain().await?;
	let at = chain.finalised().await?;
	let view = match (arguments.subject, account) {
		(Some(subject), _) => at.subject(subject).await?.ok_or(ActRefused::UnknownSubject(subject))?,
		(None, Some(account)) => at.subject_by_key(&account).await?.ok_or(ActRefused::NotASubject(account))?,
		(None, None) => return Err(Error::Usage("--payload-only needs --subject".into())),
	};
	if let Some(given) = account.filter(|account| *account != view.key) {
		return Err(ActRefused::OtherKey { given, present: view.key }.into());
	}
	let subject = view.subject;
	let key = at.subject_key(subject, None).await?.ok_or(ActRefused::UnknownSubject(subject))?;
	let nonce = arguments.nonce.unwrap_or(view.nonce);
	let ground = Ground { genesis: chain.genesis().0, network: chain.network(), subject, nonce, now: key.at };
	let act = arguments.act.act(context, ground.network, subject)?;
	chain.ensure_known(&act).await?;
	Ok((ground, act))
}

/// The words, with what only this moment knows.
fn shown(understood: &Understood, ground: &Ground) -> String {
	let mut lines = understood.words();
	if let Some(last) = lines.last_mut() {
		*last = format!("{last}, {}", in_how_long(understood.expires_at, ground.now));
	}
	lines.push(format!("network:   {}", ground.network));
	lines.join("\n")
}
