// SPDX-License-Identifier: Apache-2.0
//! Why a proof from a node is not believed.

use super::keys::Part;
use epidaurus_primitives::{moment::Moment, proof::BlockHash};

/// Why a read proof does not show what the chain's state holds at the trusted block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofRefused {
	/// The bytes are no header.
	#[error("the proof's header is no header of a block")]
	BadHeader,
	/// The header is of another block than the proof says.
	#[error("the proof says that it is of the block {stated}, its header is of {computed}")]
	HeaderDiffers {
		/// Hash in the proof.
		stated: BlockHash,
		/// Hash of the header in the proof.
		computed: BlockHash,
	},
	/// The proof is of another block than the trusted one.
	#[error("the proof is of the block {proven}, not of {trusted}")]
	OtherBlock {
		/// Block of the proof.
		proven: BlockHash,
		/// Block that is trusted.
		trusted: BlockHash,
	},
	/// The proof is of an older block than the trusted one.
	#[error("the proof is of the older block {proven}; the trusted one is {trusted}")]
	StaleBlock {
		/// Number of the proof's block.
		proven: u32,
		/// Number of the trusted block.
		trusted: u32,
	},
	/// The node has not finalised the block of the proof.
	#[error("the proof is of the block {proven}; the node has finalised {finalised} and none after it")]
	NotFinalised {
		/// Number of the proof's block.
		proven: u32,
		/// Number of the newest finalised block.
		finalised: u64,
	},
	/// The proof is older than the verifier accepts.
	#[error("the proof shows the state of {at}, which is more than {minutes} minutes ago")]
	TooOld {
		/// Time of the proof's block.
		at: Moment,
		/// What is accepted.
		minutes: u64,
	},
	/// The proof is about something else of the same kind.
	#[error("the proof is about another {} than was asked about", .0.name())]
	OtherSubject(Part),
	/// The proof does not speak of something that it has to.
	#[error("the proof lacks the key of the {}", .0.name())]
	MissingKey(Part),
	/// The proof speaks of something that was not asked for.
	#[error("the proof has a key that was not asked for")]
	ExtraKey,
	/// The nodes take more bytes than any proof of this kind.
	#[error("the proof has {bytes} bytes, more than any such proof needs")]
	TooLarge {
		/// Bytes of all nodes.
		bytes: usize,
	},
	/// No node of the proof is the root of the block's state.
	#[error("the proof does not begin at the state of its block: it is of another block, or was changed")]
	OtherState,
	/// A node is missing.
	#[error("the proof is incomplete: a node on the way to a value is missing or was changed")]
	Incomplete,
	/// A node that the state refers to is none.
	#[error("a node of the proof is not of the form that this program knows")]
	BadNode,
	/// There are nodes that lead nowhere.
	#[error("the proof has nodes that do not belong to it")]
	Surplus,
	/// The value that the node told is not the one that it proves.
	#[error("the {} that was told is not the one that is proven", .0.name())]
	ValueDiffers(Part),
	/// The chain stores in another form than this program reads.
	#[error("the chain's {} is {}, this program knows the version {known}", part.name(), match found { Some(found) => found.to_string(), None => "none".into() })]
	OtherLayout {
		/// Of what.
		part: Part,
		/// Storage version on chain.
		found: Option<u16>,
		/// Storage version that is known.
		known: u16,
	},
	/// A stored value is not of its form.
	#[error("the stored {} is not of the form that this program knows", .0.name())]
	BadValue(Part),
}

impl ProofRefused {
	/// The stable name of the reason.
	pub fn name(&self) -> &'static str {
		match self {
			Self::BadHeader => "proof-bad-header",
			Self::HeaderDiffers { .. } => "proof-header-differs",
			Self::OtherBlock { .. } => "proof-other-block",
			Self::StaleBlock { .. } => "proof-stale-block",
			Self::NotFinalised { .. } => "proof-not-finalised",
			Self::TooOld { .. } => "proof-too-old",
			Self::OtherSubject(_) => "proof-other-subject",
			Self::MissingKey(_) => "proof-missing-key",
			Self::ExtraKey => "proof-extra-key",
			Self::TooLarge { .. } => "proof-too-large",
			Self::OtherState => "proof-other-state",
			Self::Incomplete => "proof-incomplete",
			Self::BadNode => "proof-bad-node",
			Self::Surplus => "proof-surplus-nodes",
			Self::ValueDiffers(_) => "proof-value-differs",
			Self::OtherLayout { .. } => "proof-other-layout",
			Self::BadValue(_) => "proof-bad-value",
		}
	}
}
