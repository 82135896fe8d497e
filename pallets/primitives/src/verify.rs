// SPDX-License-Identifier: Apache-2.0
//! The pure checks of an opening against what the chain keeps. Runtime, node and clients run these same functions.

use crate::{
	ehr::{LogEntry, LogHead, LogKind, LogProof},
	hash::{Blake2b256, Commitment, HashSuite, Opening, Sha256},
	ids::NetworkId,
	merkle::{self, Blake2Tree, ProofError},
	renewal::{Renewal, RenewedEntry, RenewedProof, TreeSuite},
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

/// Why an opening or a proof was refused. Carries sizes and versions only, nothing of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Refusal {
	/// No record is anchored under this id.
	#[codec(index = 0)]
	RecordNotFound,
	/// The custodian has no log of this kind.
	#[codec(index = 1)]
	LogNotFound,
	/// The record has no version of this number.
	#[codec(index = 2)]
	VersionNotFound {
		/// The newest version.
		current: u32,
	},
	/// The anchor was made under another suite than the opening claims.
	#[codec(index = 3)]
	SuiteMismatch {
		/// The suite on chain.
		anchored: HashSuite,
		/// The suite of the opening.
		presented: HashSuite,
	},
	/// The opening does not open the anchored commitment: content, salt, header or network differ.
	#[codec(index = 4)]
	CommitmentMismatch,
	/// The proof is for a smaller log than the custodian's newest checkpoint.
	#[codec(index = 5)]
	StaleHead {
		/// Size at the newest checkpoint.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		size: u64,
	},
	/// The proof is for a larger log than any checkpoint.
	#[codec(index = 6)]
	UnknownHead {
		/// Size at the newest checkpoint.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		size: u64,
	},
	/// The proof's root is not the one of the checkpoint of that size.
	#[codec(index = 7)]
	ForkedHead,
	/// The path does not lead from the opened entry to the root.
	#[codec(index = 8)]
	InvalidProof(ProofError),
	/// The log was never renewed at this size under this tree, or the chain no longer keeps that renewal.
	#[codec(index = 9)]
	RenewalNotFound {
		/// Size of the newest renewal under this tree, 0 if there is none.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		size: u64,
	},
	/// The renewed proof's root is not the one of the renewal of that size.
	#[codec(index = 10)]
	ForkedRenewal,
	/// The path does not lead from the opened entry with its second digest to the renewal's root.
	#[codec(index = 11)]
	InvalidRenewal(ProofError),
}

impl core::fmt::Display for Refusal {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		match self {
			Self::RecordNotFound => f.write_str("no record is anchored under this id"),
			Self::LogNotFound => f.write_str("the custodian has no log of this kind"),
			Self::VersionNotFound { current } => write!(f, "no such version; the newest is {current}"),
			Self::SuiteMismatch { anchored, presented } => {
				write!(f, "anchored under the suite {anchored:?}, presented under {presented:?}")
			},
			Self::CommitmentMismatch => f.write_str("content, salt, header or network differ from what was anchored"),
			Self::StaleHead { size } => write!(f, "the proof is for an older head; the log has {size} entries now"),
			Self::UnknownHead { size } => write!(f, "the proof is for a larger log than the {size} entries on chain"),
			Self::ForkedHead => f.write_str("the proof's root is not the checkpoint's root"),
			Self::InvalidProof(error) => core::fmt::Display::fmt(error, f),
			Self::RenewalNotFound { size: 0 } => f.write_str("the log was not renewed under this tree"),
			Self::RenewalNotFound { size } => {
				write!(f, "the log has no renewal of this size under this tree; the newest has {size} entries")
			},
			Self::ForkedRenewal => f.write_str("the renewed proof's root is not the renewal's root"),
			Self::InvalidRenewal(error) => write!(f, "in the renewed tree: {error}"),
		}
	}
}

#[cfg(feature = "std")]
impl std::error::Error for Refusal {}

/// Checks an opening against an anchored version: suite, then commitment.
pub fn verify_anchor<H: Sha256>(
	network: &NetworkId,
	anchored: (HashSuite, &Commitment),
	opening: &Opening,
) -> Result<(), Refusal> {
	let (suite, commitment) = anchored;
	if suite != opening.suite {
		return Err(Refusal::SuiteMismatch { anchored: suite, presented: opening.suite });
	}
	if opening.commitment::<H>(network) == *commitment {
		Ok(())
	} else {
		Err(Refusal::CommitmentMismatch)
	}
}

/// Checks that the opened entry stands in the log whose checkpoint is `head`, and where the proof says that it stands in
/// a renewed tree too, that it does: gives the renewal then.
pub fn verify_log<H: Sha256, B: Blake2b256>(
	network: &NetworkId,
	kind: LogKind,
	(head, renewals): (&LogHead, &[Renewal]),
	opening: &Opening,
	proof: &LogProof,
) -> Result<Option<Renewal>, Refusal> {
	match proof.head.size.cmp(&head.size) {
		core::cmp::Ordering::Less => return Err(Refusal::StaleHead { size: head.size }),
		core::cmp::Ordering::Greater => return Err(Refusal::UnknownHead { size: head.size }),
		core::cmp::Ordering::Equal if proof.head.root != head.root => return Err(Refusal::ForkedHead),
		core::cmp::Ordering::Equal => (),
	}
	let entry = LogEntry { kind, sequence: proof.sequence, commitment: opening.commitment::<H>(network) };
	merkle::verify_inclusion::<H>(&entry.leaf::<H>(), proof.sequence, head.size, &proof.path, &head.root)
		.map_err(Refusal::InvalidProof)?;
	let Some(renewed) = &proof.renewed else { return Ok(None) };
	let second = Some(opening.second_commitment::<B>(network, &renewed.digest));
	let LogEntry { kind, sequence, commitment } = entry;
	verify_renewed::<B>(&RenewedEntry { kind, sequence, commitment, second }, renewals, renewed).map(Some)
}

/// The renewal under which the entry stands, by a path that leads from it to the renewal's root.
fn verify_renewed<B: Blake2b256>(
	entry: &RenewedEntry,
	renewals: &[Renewal],
	proof: &RenewedProof,
) -> Result<Renewal, Refusal> {
	let same_tree = || renewals.iter().filter(|renewal| renewal.tree == proof.tree);
	let newest = same_tree().next_back().map_or(0, |renewal| renewal.head.size);
	let not_found = Refusal::RenewalNotFound { size: newest };
	let renewal = same_tree().find(|renewal| renewal.head.size == proof.head.size).ok_or(not_found)?;
	if renewal.root != proof.head.root {
		return Err(Refusal::ForkedRenewal);
	}
	let LogHead { size, root } = renewal.renewed_head();
	match proof.tree {
		// A log is not renewed under the tree that it has.
		TreeSuite::Sha256 => return Err(not_found),
		TreeSuite::Blake2b256 => {
			merkle::verify_inclusion::<Blake2Tree<B>>(&entry.leaf::<B>(), entry.sequence, size, &proof.path, &root)
		},
	}
	.map_err(Refusal::InvalidRenewal)?;
	Ok(*renewal)
}
