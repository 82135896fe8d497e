// SPDX-License-Identifier: Apache-2.0
//! Verification that trusts a block: the options, and from where proof and block come.

use super::context::{host_time, Context};
use crate::{
	bundle::Bundle,
	light::{self, Asked, Header, Proven, Question, Source, TrustedBlock},
	verify::Refused,
	Error,
};
use clap::Args;
use epidaurus_primitives::{
	moment::Moment,
	proof::{BlockHash, StateProof},
};
use serde_json::{json, Value};
use std::path::{Path, PathBuf};

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
	pub basis: Basis,
}

/// Proves what the chain says about the bundle's log or record.
pub(super) fn prove(context: &Context, options: &Options, bundle: &Bundle) -> Result<Believed, Error> {
	let question = Question::of(bundle);
	let saved = options.proof.as_deref().map(light::read).transpose()?;
	let given = given(options.block, options.header.as_deref())?;
	let (proof, block, source) = gather(context, &Wanted::Statement(question), saved, given)?;
	let statement = light::check(question, &proof, &block)?;
	let Proven { at, number, hash, .. } = statement;
	let basis = Basis::new(context, source, at, number, hash, options.max_age)?;
	Ok(Believed { statement, basis })
}

/// The block that is trusted, if one was named.
pub(super) fn given(block: Option<BlockHash>, header: Option<&Path>) -> Result<(Option<TrustedBlock>, Source), Error> {
	Ok(match (block, header) {
		(Some(hash), _) => (Some(TrustedBlock { hash, number: None }), Source::Hash),
		(None, Some(path)) => (Some(TrustedBlock::from(Header::read(path)?)), Source::Header),
		(None, None) => (None, Source::Node),
	})
}

/// What a proof is wanted for.
pub(super) enum Wanted<'a> {
	/// A record or a log.
	Statement(Question),
	/// An answer.
	Answer(&'a Asked),
}

/// Proof and block: what was given, and from the node what was not.
pub(super) fn gather(
	context: &Context,
	wanted: &Wanted,
	saved: Option<StateProof<BlockHash>>,
	given: (Option<TrustedBlock>, Source),
) -> Result<(StateProof<BlockHash>, TrustedBlock, Source), Error> {
	let (given, source) = given;
	let (proof, block) = match (saved, given) {
		(Some(proof), Some(block)) => (proof, block),
		(saved, given) => context.block_on(fetched(context, wanted, saved, given))?,
	};
	Ok((proof, block, source))
}

/// What is missing of proof and block, from the node.
async fn fetched(
	context: &Context,
	wanted: &Wanted<'_>,
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
	let proof = match (saved, wanted) {
		(Some(proof), _) => proof,
		(None, Wanted::Statement(question)) => light::fetch(&chain, *question, block.hash).await?,
		(None, Wanted::Answer(asked)) => light::fetch_asked(&chain, asked, block.hash).await?,
	};
	Ok((proof, block))
}

/// What an answer rests on.
pub(super) struct Basis {
	at: Moment,
	number: u32,
	hash: BlockHash,
	source: Source,
	node: Option<String>,
}

impl Basis {
	/// Refuses a block that is more than so many minutes old.
	pub fn new(
		context: &Context,
		source: Source,
		at: Moment,
		number: u32,
		hash: BlockHash,
		max_age: Option<u64>,
	) -> Result<Self, Error> {
		if let Some(minutes) = max_age {
			light::ensure_younger(at, minutes, host_time()).map_err(Refused::from)?;
		}
		let node = (source == Source::Node).then(|| context.global.node.clone());
		Ok(Self { at, number, hash, source, node })
	}

	/// For programs.
	pub fn to_json(&self) -> Value {
		let Self { at, number, hash, source, node } = self;
		json!({ "block": { "number": number, "hash": hash }, "at": at, "trust": source, "node": node })
	}

	/// For people.
	pub fn sentence(&self) -> String {
		let Self { at, number, hash, .. } = self;
		let source = match (self.source, &self.node) {
			(Source::Hash, _) => "which you trust".to_owned(),
			(Source::Header, _) => "whose header you trust".to_owned(),
			(Source::Node, node) => {
				let node = node.as_deref().unwrap_or_default();
				format!("which is finalised on the word of {node} alone; --block trusts a hash from elsewhere")
			},
		};
		format!("proven by the state of {at}, block {number}\n{hash}, {source}")
	}
}
