// SPDX-License-Identifier: Apache-2.0
//! Words of subjects: who the patients are, by pseudonym.
//!
//! ```text
//! sealed link = HMAC-SHA-256(salt, "epidaurus/mrg/v1" ‖ network id ‖ merged subject ‖ subject that goes on)
//! proofing    = HMAC-SHA-256(salt, "epidaurus/prf/v1" ‖ network id ‖ subject ‖ digest of the evidence)
//! ```

pub mod doubt;
pub mod questions;
pub mod rebind;

use crate::{
	hash::{hmac, Commitment, Salt, Sha256},
	ids::{NetworkId, SubjectId},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

const LINK_DOMAIN: &[u8] = b"epidaurus/mrg/v1";
const PROOFING_DOMAIN: &[u8] = b"epidaurus/prf/v1";

/// Where a subject is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SubjectStatus {
	/// Acts for itself.
	#[codec(index = 0)]
	Active,
	/// Its custodian declared it deceased; it can only do restrictive acts.
	#[codec(index = 1)]
	Deceased,
	/// The patient goes on under another pseudonym of the same custodian; this one can only do restrictive acts.
	#[codec(index = 2)]
	Merged {
		/// The [`sealed_link`] to the other one.
		link: Commitment,
	},
}

/// How a subject stands: the part of it that has a history.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SubjectState<AccountId> {
	/// The account that acts for it.
	pub key: AccountId,
	/// Whether somebody has shown to hold that key.
	pub proven: bool,
	/// Where it is in its life.
	pub status: SubjectStatus,
}

/// How far the re-binding of a subject to a new key has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RebindPhase {
	/// One member has started it; a second one has to confirm.
	#[codec(index = 0)]
	Started,
	/// No second member confirmed in time; another start takes its place.
	#[codec(index = 1)]
	Lapsed,
	/// Confirmed; the old key may contest, and may do nothing else but restrictive acts.
	#[codec(index = 2)]
	Contestable,
	/// The window is over and nobody contested: the custodian may complete it.
	#[codec(index = 3)]
	Unopposed,
	/// The old key contested: the consortium decides.
	#[codec(index = 4)]
	Contested,
}

/// How the re-binding of a subject to a new key ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum RebindOutcome {
	/// The new key took the old one's place.
	#[codec(index = 0)]
	Completed,
	/// The consortium left the old key in its place.
	#[codec(index = 1)]
	Rejected,
	/// The custodian took it back.
	#[codec(index = 2)]
	Withdrawn,
}

/// What a custodian puts on chain when it finds that two of its pseudonyms are one patient. Only who has the salt can
/// tell which the other one is (P3).
pub fn sealed_link<H: Sha256>(salt: &Salt, network: &NetworkId, merged: &SubjectId, into: &SubjectId) -> Commitment {
	Commitment(hmac::<H>(&salt.0 .0, &[LINK_DOMAIN, &network.0, &merged.0, &into.0]))
}

/// What a custodian puts on chain for the evidence by which a patient proved their identity after losing a key. The
/// digest is that of the evidence's bytes, which stay with the custodian.
pub fn proofing_evidence<H: Sha256>(
	salt: &Salt,
	network: &NetworkId,
	subject: &SubjectId,
	digest: &[u8; 32],
) -> Commitment {
	Commitment(hmac::<H>(&salt.0 .0, &[PROOFING_DOMAIN, &network.0, &subject.0, digest]))
}

#[cfg(all(test, feature = "std"))]
mod tests {
	use super::*;
	use crate::hash::NativeSha256;

	const SALT: Salt = Salt::new([1; 32]);
	const NETWORK: NetworkId = NetworkId([2; 32]);
	const ONE: SubjectId = SubjectId([3; 32]);
	const OTHER: SubjectId = SubjectId([4; 32]);

	#[test]
	fn statuses_are_frozen() {
		assert_eq!(SubjectStatus::Active.encode(), [0]);
		assert_eq!(SubjectStatus::Deceased.encode(), [1]);
		let merged = SubjectStatus::Merged { link: Commitment([9; 32]) };
		assert_eq!(merged.encode(), [[2].as_slice(), &[9; 32]].concat());
		let phases = [
			RebindPhase::Started,
			RebindPhase::Lapsed,
			RebindPhase::Contestable,
			RebindPhase::Unopposed,
			RebindPhase::Contested,
		];
		assert_eq!(phases.encode(), [0, 1, 2, 3, 4]);
		let outcomes = [RebindOutcome::Completed, RebindOutcome::Rejected, RebindOutcome::Withdrawn];
		assert_eq!(outcomes.encode(), [0, 1, 2]);
	}

	#[test]
	fn sealed_link_depends_on_every_part() {
		let link = |salt: u8, network: u8, merged, into| {
			sealed_link::<NativeSha256>(&Salt::new([salt; 32]), &NetworkId([network; 32]), &merged, &into)
		};
		let links = [
			link(1, 2, ONE, OTHER),
			link(5, 2, ONE, OTHER),
			link(1, 5, ONE, OTHER),
			link(1, 2, OTHER, ONE),
			link(1, 2, ONE, ONE),
		];
		for (place, one) in links.iter().enumerate() {
			assert!(!links[..place].contains(one), "{place}");
		}
	}

	#[test]
	fn commitments_are_frozen() {
		let by_hand = |domain: &[u8], last: &[u8]| hmac::<NativeSha256>(&[1; 32], &[domain, &[2; 32], &[3; 32], last]);
		let link = sealed_link::<NativeSha256>(&SALT, &NETWORK, &ONE, &OTHER);
		assert_eq!(link.0, by_hand(b"epidaurus/mrg/v1", &[4; 32]));
		let proofing = proofing_evidence::<NativeSha256>(&SALT, &NETWORK, &ONE, &OTHER.0);
		assert_eq!(proofing.0, by_hand(b"epidaurus/prf/v1", &[4; 32]));
		assert_ne!(link, proofing, "one is never taken for the other");
	}
}
