// SPDX-License-Identifier: Apache-2.0
//! Why an act is not signed or not submitted.

use epidaurus_primitives::{
	ids::{NetworkId, SubjectId},
	moment::Moment,
};
use subxt::utils::AccountId32;

/// A reason not to sign an act, or not to submit one that somebody signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActRefused {
	/// The bytes are no payload of a relayed act.
	#[error("this is no payload of a subject's act")]
	NotAnAct,
	/// The call in the payload is none that this program can put into words.
	#[error("the payload holds a call that is no act of a subject: it is never signed or submitted here")]
	UnsupportedCall,
	/// The file says something else in words than its payload.
	#[error("the words in the file are not what its payload says: somebody changed one of them")]
	WordsDiffer,
	/// Nobody signed yet.
	#[error("the file holds no signature yet: `epid subject complete` adds one")]
	Unsigned,
	/// What was given as signature is none.
	#[error("not a signature: 64 bytes of ed25519 or sr25519 or 65 of ECDSA in hexadecimal, with or without the scheme (0, 1 or 2) before them")]
	NotASignature,
	/// The payload is for another chain.
	#[error("the payload is for the chain {stated}, not for {asked}")]
	OtherChain {
		/// First block of the chain in the payload.
		stated: String,
		/// First block of the node's chain.
		asked: String,
	},
	/// The file, or the record's bundle, is of another network.
	#[error("this is of the network {stated}, not of {asked}")]
	OtherNetwork {
		/// Network in the file.
		stated: NetworkId,
		/// Network of the node, or the one asked for.
		asked: NetworkId,
	},
	/// It concerns another subject.
	#[error("this is of the subject {stated}, not of {asked}")]
	OtherSubject {
		/// The subject there.
		stated: SubjectId,
		/// The subject that was asked for.
		asked: SubjectId,
	},
	/// Nobody enrolled that subject on the chain.
	#[error("the chain knows no subject {0}")]
	UnknownSubject(SubjectId),
	/// The account is no subject's present key.
	#[error("the account {0} is no subject's present key")]
	NotASubject(AccountId32),
	/// The subject has another key at present.
	#[error("the account {given} is not the present key of this subject, which is {present}")]
	OtherKey {
		/// The account that would sign.
		given: AccountId32,
		/// The present key.
		present: AccountId32,
	},
	/// The act, or another one in its place, was submitted already.
	#[error(
		"nonce {stated} is used: this act, or another one in its place, was submitted already; the next is {next}"
	)]
	NonceUsed {
		/// Nonce of the payload.
		stated: u64,
		/// Nonce of the subject's next act.
		next: u64,
	},
	/// Acts before this one were not submitted.
	#[error("nonce {stated} is not up yet: the subject's next relayed act has {next}")]
	NonceAhead {
		/// Nonce of the payload.
		stated: u64,
		/// Nonce of the subject's next act.
		next: u64,
	},
	/// It is too late.
	#[error("the act could be submitted before {until}; the chain has {now}")]
	Expired {
		/// First moment at which it is too late.
		until: Moment,
		/// The chain's time.
		now: Moment,
	},
	/// The signature is not the key's over this payload.
	#[error("the signature is not one of {0} over this payload, bare or in <Bytes>: another key, or another payload")]
	BadSignature(AccountId32),
	/// The record is not anchored by itself.
	#[error("the bundle is of a log's entry: only a record that is anchored by itself can be disputed or amended on request")]
	NotAnchored,
	/// Nothing links the record to a subject.
	#[error("the bundle has no link key: the record names no subject, or the key of its subject was destroyed")]
	NotLinked,
	/// Nobody said yes.
	#[error("nothing was signed: nobody said yes")]
	Declined,
}

impl ActRefused {
	/// The stable name of the reason.
	pub fn name(&self) -> &'static str {
		match self {
			Self::NotAnAct => "not-an-act",
			Self::UnsupportedCall => "unsupported-call",
			Self::WordsDiffer => "words-differ",
			Self::Unsigned => "act-unsigned",
			Self::NotASignature => "not-a-signature",
			Self::OtherChain { .. } => "other-chain",
			Self::OtherNetwork { .. } => "other-network",
			Self::OtherSubject { .. } => "other-subject",
			Self::UnknownSubject(_) => "unknown-subject",
			Self::NotASubject(_) => "not-a-subject",
			Self::OtherKey { .. } => "other-key",
			Self::NonceUsed { .. } => "nonce-used",
			Self::NonceAhead { .. } => "nonce-ahead",
			Self::Expired { .. } => "act-expired",
			Self::BadSignature(_) => "bad-signature",
			Self::NotAnchored => "not-anchored",
			Self::NotLinked => "not-linked",
			Self::Declined => "declined",
		}
	}

	/// The process's exit code: the file is no usable input, the key or the person is not the right one, or what the file
	/// says is refused.
	pub fn exit_code(&self) -> u8 {
		match self {
			Self::NotAnAct | Self::UnsupportedCall | Self::Unsigned | Self::NotASignature => 3,
			Self::NotAnchored | Self::NotLinked => 3,
			Self::NotASubject(_) | Self::OtherKey { .. } | Self::Declined => 2,
			Self::WordsDiffer
			| Self::OtherChain { .. }
			| Self::OtherNetwork { .. }
			| Self::OtherSubject { .. }
			| Self::UnknownSubject(_)
			| Self::NonceUsed { .. }
			| Self::NonceAhead { .. }
			| Self::Expired { .. }
			| Self::BadSignature(_) => 1,
		}
	}
}
