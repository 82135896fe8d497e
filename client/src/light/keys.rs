// SPDX-License-Identifier: Apache-2.0
//! Under which keys of the chain's state the answer to a question stands.
//!
//! They are computed here and never taken from a node: a node that could choose the key could show another record.

use crate::bundle::{Bundle, Evidence};
use codec::Encode;
use epidaurus_primitives::{
	ehr::LogKind,
	ids::{OrgId, RecordId},
	renewal::TreeSuite,
};
use sp_crypto_hashing::{blake2_128, twox_128, twox_64};

/// Something that a chain's state can prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
	/// What stands on chain about a version of an anchored record.
	Anchor {
		/// Which record.
		record: RecordId,
		/// Which of its versions.
		version: u32,
		/// Who keeps it.
		custodian: OrgId,
	},
	/// What stands on chain about a custodian's log.
	Log {
		/// Whose.
		custodian: OrgId,
		/// Which.
		kind: LogKind,
	},
}

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
	/// The storage version of the record pallet.
	Layout,
	/// The network that commitments are made for.
	Network,
	/// The chain's time.
	Time,
	/// The record.
	Record,
	/// The version of the record.
	Version,
	/// What happened to the record since.
	Life,
	/// The log.
	Log,
	/// The renewals of the log.
	Renewals,
	/// How far a tree may be trusted.
	Tree(TreeSuite),
	/// The storage version of the registry.
	RegistryLayout,
	/// The custodian.
	Organisation,
}

impl Part {
	/// In words.
	pub const fn name(self) -> &'static str {
		match self {
			Self::Layout => "storage version of records",
			Self::Network => "network",
			Self::Time => "time",
			Self::Record => "record",
			Self::Version => "version",
			Self::Life => "later life",
			Self::Log => "log",
			Self::Renewals => "renewals",
			Self::Tree(TreeSuite::Sha256) => "tree on SHA-256",
			Self::Tree(TreeSuite::Blake2b256) => "tree on BLAKE2b-256",
			Self::RegistryLayout => "storage version of organisations",
			Self::Organisation => "organisation",
		}
	}
}

const EHR: &str = "Ehr";
const REGISTRY: &str = "Registry";
const STORAGE_VERSION: &str = ":__STORAGE_VERSION__:";

/// Where all of a pallet's storage item stands.
fn prefix(pallet: &str, item: &str) -> Vec<u8> {
	[twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat()
}

/// A part of a key that somebody may choose: hashed so that it cannot be chosen to stand near another.
fn chosen(part: impl Encode) -> Vec<u8> {
	part.using_encoded(|bytes| [&blake2_128(bytes)[..], bytes].concat())
}

/// A part of a key that is counted up.
fn counted(part: impl Encode) -> Vec<u8> {
	part.using_encoded(|bytes| [&twox_64(bytes)[..], bytes].concat())
}

impl Question {
	/// What has to be asked about a bundle.
	pub fn of(bundle: &Bundle) -> Self {
		let custodian = bundle.custodian;
		match bundle.evidence {
			Evidence::Anchor { record } => Self::Anchor { record, version: bundle.opening.header.version, custodian },
			Evidence::Log { kind, .. } => Self::Log { custodian, kind },
		}
	}

	/// The organisation whose record or log is meant.
	pub const fn custodian(&self) -> OrgId {
		match self {
			Self::Anchor { custodian, .. } | Self::Log { custodian, .. } => *custodian,
		}
	}

	/// All keys on which the answer rests.
	pub fn keys(&self) -> Vec<(Part, Vec<u8>)> {
		let mut keys = vec![(Part::Layout, prefix(EHR, STORAGE_VERSION))];
		match self {
			Self::Anchor { record, version, .. } => keys.extend([
				(Part::Record, [prefix(EHR, "Records"), chosen(record)].concat()),
				(Part::Version, [prefix(EHR, "Versions"), chosen(record), counted(version)].concat()),
				(Part::Life, [prefix(EHR, "Lives"), chosen(record)].concat()),
			]),
			Self::Log { custodian, kind } => {
				let of_log = |item| [prefix(EHR, item), counted(custodian), counted(kind)].concat();
				keys.extend([(Part::Log, of_log("Logs")), (Part::Renewals, of_log("Renewals"))]);
				let tree = |tree| (Part::Tree(tree), [prefix(EHR, "Trees"), counted(tree)].concat());
				keys.extend(TreeSuite::ALL.map(tree));
			},
		}
		keys.extend([
			(Part::Network, prefix(EHR, "Network")),
			(Part::Time, prefix("Timestamp", "Now")),
			(Part::RegistryLayout, prefix(REGISTRY, STORAGE_VERSION)),
			(Part::Organisation, [prefix(REGISTRY, "Organisations"), counted(self.custodian())].concat()),
		]);
		keys
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::bundle::hex;

	/// The runtime's tests have the same list.
	#[test]
	fn keys_are_frozen() {
		let layout = "0x8b999aba43b1c76915c7af81366b984c4e7b9012096b41c4eb3aaf947f6ea429";
		let network = "0x8b999aba43b1c76915c7af81366b984cf258460b41b9b2fdb96c15e5c16fdacb";
		let time = "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";
		let record =
			"0x8b999aba43b1c76915c7af81366b984cbb8fcc88c3da5bf159c1e1a5f46fe432469c67b6d8c26b194ea796a5529e0de4\
			07070707070707070707070707070707";
		let second =
			"0x8b999aba43b1c76915c7af81366b984c51ccde2f2a9eb4cb527d8bb8b30bee6f469c67b6d8c26b194ea796a5529e0de4\
			070707070707070707070707070707079eb2dcce60f37a2702000000";
		let life = "0x8b999aba43b1c76915c7af81366b984c5c92f95ad2f7a1776b142fcfda3ec590469c67b6d8c26b194ea796a5529e0de4\
			07070707070707070707070707070707";
		let log = "0x8b999aba43b1c76915c7af81366b984c86ba0544ab056f28c715ec6fc5eaf4605153cb1f00942ff401000000\
			682705db4aa834e900";
		let registry = "0x8a493ef65ff3987a1fbc9979200ad1af4e7b9012096b41c4eb3aaf947f6ea429";
		let organisation = "0x8a493ef65ff3987a1fbc9979200ad1afad27ca4e32b671dcad8c32ed7a4743d55153cb1f00942ff401000000";
		let keys = |question: Question| question.keys().iter().map(|(_, key)| hex(key)).collect::<Vec<_>>();
		let anchor = Question::Anchor { record: RecordId([7; 16]), version: 2, custodian: OrgId(1) };
		assert_eq!(keys(anchor), [layout, record, second, life, network, time, registry, organisation]);
		let of_log = Question::Log { custodian: OrgId(1), kind: LogKind::Records };
		let renewals = "0x8b999aba43b1c76915c7af81366b984c1f742d55369a4a915d0e2253f55fff355153cb1f00942ff401000000\
			682705db4aa834e900";
		let sha256 = "0x8b999aba43b1c76915c7af81366b984cb420443fc0b37a25c8ffd278988cd33d682705db4aa834e900";
		let blake2b = "0x8b999aba43b1c76915c7af81366b984cb420443fc0b37a25c8ffd278988cd33d30e7211b8127418a01";
		let expected = [layout, log, renewals, sha256, blake2b, network, time, registry, organisation];
		assert_eq!(keys(of_log), expected);
	}
}
