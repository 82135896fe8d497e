// SPDX-License-Identifier: Apache-2.0
//! Verification that trusts a block: the options, and from where proof and block come.

use super::context::Context;
use crate::{
	bundle::Bundle,
	light::{self, Header, Proven, Question, Source, TrustedBlock},
	verify::Refused,
	Error,
};
use clap::Args;
use epidaurus_primitives::{
	moment::Moment,
	proof::{BlockHash, StateProof},
};
use serde_json::{json, Value};
use std::{
	path::PathBuf,
	time::{SystemTime, UNIX_EPOCH},
};

/// Options of `epid verify` that speak of a proof.
#[derive(Args)]
pub(super) struct Options {
	/// Check the chain's state against a block instead of believing a node
	#[arg(long)]
	pub light: bool,
	/// A proof that `epid light-proof` saved; the node is asked for one if no file is named
	#[arg(long, value_name = "FILE", requires = "light")]
	proof: Option<PathBuf>,
	/// Hash of the block that is trusted; if neither it nor a header is given, the node is believed which block is finalised
	#[arg(long, value_name = "HASH", requires = "light", conflicts_with = "header")]
	block: Option<BlockHash>,
	/// Header of the block that is trusted: the JSON of `chain_getHeader`, or SCALE in hexadecimal digits
	#[arg(long, value_name = "FILE", requires = "light")]
	header: Option<PathBuf>,
	/// Refuse a proof whose block is older, by the clock of this machine
	#[arg(long, value_name = "MINUTES", requires = "light")]
	max_age: Option<u64>,
}

/// What was proven, and on whose word the block is believed.
pub(super) struct Believed {
	pub statement: Proven,
	source: Source,
	node: Option<String>,
}

/// Proves what the chain says about the bundle's log or record.
pub(super) fn prove(context: &Context, options: &Options, bundle: &Bundle) -> Result<Believed, Error> {
	let question = Question::of(bundle);
	let saved = options.proof.as_deref().map(light::read).transpose()?;
	let (given, source) = match (options.block, &options.header) {
		(Some(hash), _) => (Some(TrustedBlock { hash, number: None }), Source::Hash),
		(None, Some(path)) => (Some(TrustedBlock::from(Header::read(path)?)), Source::Header),
		(None, None) => (None, Source::Node),
	};
	let (proof, block) = match (saved, given) {
		(Some(proof), Some(block)) => (proof, block),
		(saved, given) => context.block_on(asked(context, question, saved, given))?,
	};
	let statement = light::check(question, &proof, &block)?;
	if let Some(minutes) = options.max_age {
		statement.ensure_younger(minutes, now()).map_err(Refused::from)?;
	}
	let node = (source == Source::Node).then(|| context.global.node.clone());
	Ok(Believed { statement, source, node })
}

/// What is missing of proof and block, from the node.
async fn asked(
	context: &Context,
	question: Question,
	saved: Option<StateProof<BlockHash>>,
	given: Option<TrustedBlock>,
) -> Result<(StateProof<BlockHash>, TrustedBlock), Error> {
	let chain = context.chain().await?;
	let block = match (given, &saved) {
		(Some(block), _) => block,
		(None, Some(proof)) => {
			let header = light::header_of(proof).map_err(Refused::from)?;
			light::finalised_at(&chain, &header).await?
		},
		(None, None) => light::finalised(&chain).await?,
	};
	let proof = match saved {
		Some(proof) => proof,
		None => light::fetch(&chain, question, block.hash).await?,
	};
	Ok((proof, block))
}

fn now() -> Moment {
	let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	Moment(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Members of the verdict that a light proof says nothing about, whatever stands there: they rest on state
/// of subjects and suites that it does not show. A node answers them.
const UNPROVEN: [&str; 2] = ["doubtful", "suiteStatus"];

impl Believed {
	/// For programs.
	pub fn to_json(&self) -> Value {
		let Proven { at, number, hash, .. } = &self.statement;
		json!({
			"block": { "number": number, "hash": hash },
			"at": at,
			"trust": self.source,
			"node": self.node,
			"unproven": UNPROVEN,
		})
	}

	/// For people: what all of it rests on.
	pub fn sentence(&self) -> String {
		let Proven { at, number, hash, .. } = &self.statement;
		let source = match (self.source, &self.node) {
			(Source::Hash, _) => "which you trust".to_owned(),
			(Source::Header, _) => "whose header you trust".to_owned(),
			(Source::Node, node) => {
				let node = node.as_deref().unwrap_or_default();
				format!("which is finalised on the word of {node} alone; --block trusts a hash from elsewhere")
			},
		};
		format!(
			"proven by the state of {at}, block {number}\n{hash}, {source}\n\
			not proven: whether a subject's key was lost when it acted, and whether the suite may still be trusted"
		)
	}
}
