// SPDX-License-Identifier: Apache-2.0
//! Under which keys of the chain's state the answer to a question stands.
//!
//! They are computed here and never taken from a node: a node that could choose the key could show another record.

use crate::bundle::{Bundle, Evidence};
use codec::Encode;
use epidaurus_primitives::{
	ehr::LogKind,
	hash::HashSuite,
	ids::{OrgId, RecordId, SubjectId},
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
	/// How far a suite may be trusted.
	Suite(HashSuite),
	/// The storage version of the subjects.
	SubjectsLayout,
	/// When a subject's acts are in doubt.
	Doubts,
	/// The pending re-binding of a subject.
	Rebind,
	/// The storage version of the registry.
	RegistryLayout,
	/// An organisation.
	Organisation,
	/// To whom an organisation offers its duties, or handed them over.
	Succession,
	/// An account that is or once was a member.
	Member,
	/// A licence.
	Licence,
	/// The licences of a holder for a capability.
	Holding,
	/// An issuer of licences.
	Issuer,
	/// A subject.
	Subject,
	/// Whose a key is.
	Owner,
	/// An earlier span of one of these.
	Earlier,
}

impl Part {
	/// Whether it is what the question names. Of other parts an answer may need several.
	pub(super) const fn is_asked_about(self) -> bool {
		matches!(
			self,
			Self::Record
				| Self::Version
				| Self::Life | Self::Log
				| Self::Organisation
				| Self::Member
				| Self::Subject
				| Self::Owner
		)
	}

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
			Self::Suite(_) => "suite",
			Self::SubjectsLayout => "storage version of subjects",
			Self::Doubts => "doubts",
			Self::Rebind => "re-binding",
			Self::RegistryLayout => "storage version of organisations",
			Self::Organisation => "organisation",
			Self::Succession => "succession",
			Self::Member => "member",
			Self::Licence => "licence",
			Self::Holding => "list of licences",
			Self::Issuer => "issuer",
			Self::Subject => "subject",
			Self::Owner => "owner of the key",
			Self::Earlier => "history",
		}
	}
}

const EHR: &str = "Ehr";
const REGISTRY: &str = "Registry";
const SUBJECTS: &str = "Subjects";
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

	/// All keys on which the answer rests, but for those of the subject that opened the record and those of the custodian's
	/// successors: whom these are stands there.
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
		keys.push((Part::Network, prefix(EHR, "Network")));
		keys.extend(HashSuite::ALL.map(|suite| (Part::Suite(suite), [prefix(EHR, "Suites"), counted(suite)].concat())));
		keys.extend([
			(Part::Time, time()),
			(Part::RegistryLayout, registry::layout()),
			(Part::Organisation, registry::organisation(self.custodian())),
			(Part::Succession, registry::succession(self.custodian())),
		]);
		keys
	}
}

/// The keys on which it rests whether an act of a subject was its own.
pub(super) fn doubt_keys(subject: &SubjectId) -> [(Part, Vec<u8>); 3] {
	[
		(Part::SubjectsLayout, subjects::layout()),
		(Part::Doubts, subjects::doubts(subject)),
		(Part::Rebind, subjects::rebind(subject)),
	]
}

/// The chain's time.
pub(crate) fn time() -> Vec<u8> {
	prefix("Timestamp", "Now")
}

/// Keys of the registry.
pub(crate) mod registry {
	use super::{chosen, counted, prefix, REGISTRY, STORAGE_VERSION};
	use epidaurus_primitives::{
		ids::{LicenceId, OrgId},
		registry::records::{Holding, IssuerKey},
	};
	use subxt::utils::AccountId32;

	pub fn layout() -> Vec<u8> {
		prefix(REGISTRY, STORAGE_VERSION)
	}

	pub fn organisation(id: OrgId) -> Vec<u8> {
		[prefix(REGISTRY, "Organisations"), counted(id)].concat()
	}

	pub fn organisation_span(id: OrgId, number: u32) -> Vec<u8> {
		[prefix(REGISTRY, "OrganisationHistory"), counted(id), counted(number)].concat()
	}

	pub fn succession(of: OrgId) -> Vec<u8> {
		[prefix(REGISTRY, "Successions"), counted(of)].concat()
	}

	pub fn member(account: &AccountId32) -> Vec<u8> {
		[prefix(REGISTRY, "Members"), chosen(account)].concat()
	}

	pub fn member_span(account: &AccountId32, number: u32) -> Vec<u8> {
		[prefix(REGISTRY, "MemberHistory"), chosen(account), counted(number)].concat()
	}

	pub fn issuer(key: &IssuerKey) -> Vec<u8> {
		[prefix(REGISTRY, "Issuers"), counted(key)].concat()
	}

	pub fn licence(id: LicenceId) -> Vec<u8> {
		[prefix(REGISTRY, "Licences"), counted(id)].concat()
	}

	pub fn licence_span(id: LicenceId, number: u32) -> Vec<u8> {
		[prefix(REGISTRY, "LicenceHistory"), counted(id), counted(number)].concat()
	}

	pub fn holding(holding: &Holding<AccountId32>) -> Vec<u8> {
		[prefix(REGISTRY, "Holdings"), chosen(holding)].concat()
	}

	pub fn holding_span(holding: &Holding<AccountId32>, number: u32) -> Vec<u8> {
		[prefix(REGISTRY, "HoldingHistory"), chosen(holding), counted(number)].concat()
	}
}

/// Keys of the subjects.
pub(crate) mod subjects {
	use super::{chosen, counted, prefix, STORAGE_VERSION, SUBJECTS};
	use epidaurus_primitives::ids::SubjectId;
	use subxt::utils::AccountId32;

	pub fn layout() -> Vec<u8> {
		prefix(SUBJECTS, STORAGE_VERSION)
	}

	pub fn subject(id: &SubjectId) -> Vec<u8> {
		[prefix(SUBJECTS, "Subjects"), chosen(id)].concat()
	}

	pub fn span(id: &SubjectId, number: u32) -> Vec<u8> {
		[prefix(SUBJECTS, "History"), chosen(id), counted(number)].concat()
	}

	pub fn doubts(id: &SubjectId) -> Vec<u8> {
		[prefix(SUBJECTS, "InDoubt"), chosen(id)].concat()
	}

	pub fn rebind(id: &SubjectId) -> Vec<u8> {
		[prefix(SUBJECTS, "Rebinds"), chosen(id)].concat()
	}

	pub fn owner(key: &AccountId32) -> Vec<u8> {
		[prefix(SUBJECTS, "Keys"), chosen(key)].concat()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::bundle::hex;
	use epidaurus_primitives::{
		ids::LicenceId,
		jurisdiction::Jurisdiction,
		registry::{
			records::{Holding, IssuerKey},
			Capability, Holder,
		},
	};
	use subxt::utils::AccountId32;

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
		let suites = [
			"0x8b999aba43b1c76915c7af81366b984c9bd7625732f2e232e427b320d05d2582682705db4aa834e900",
			"0x8b999aba43b1c76915c7af81366b984c9bd7625732f2e232e427b320d05d258230e7211b8127418a01",
			"0x8b999aba43b1c76915c7af81366b984c9bd7625732f2e232e427b320d05d2582e7b03257c9b8794b02",
			"0x8b999aba43b1c76915c7af81366b984c9bd7625732f2e232e427b320d05d2582b64b1fbcd0c8251f03",
		];
		let registry = "0x8a493ef65ff3987a1fbc9979200ad1af4e7b9012096b41c4eb3aaf947f6ea429";
		let organisation = "0x8a493ef65ff3987a1fbc9979200ad1afad27ca4e32b671dcad8c32ed7a4743d55153cb1f00942ff401000000";
		let succession = "0x8a493ef65ff3987a1fbc9979200ad1af0639a1627e4f5d79be633cab58b89b7b5153cb1f00942ff401000000";
		let keys = |question: Question| question.keys().iter().map(|(_, key)| hex(key)).collect::<Vec<_>>();
		let anchor = Question::Anchor { record: RecordId([7; 16]), version: 2, custodian: OrgId(1) };
		let with_suites =
			|before: &[&'static str]| [before, &suites, &[time, registry, organisation, succession]].concat();
		assert_eq!(keys(anchor), with_suites(&[layout, record, second, life, network]));
		let of_log = Question::Log { custodian: OrgId(1), kind: LogKind::Records };
		let renewals = "0x8b999aba43b1c76915c7af81366b984c1f742d55369a4a915d0e2253f55fff355153cb1f00942ff401000000\
			682705db4aa834e900";
		let sha256 = "0x8b999aba43b1c76915c7af81366b984cb420443fc0b37a25c8ffd278988cd33d682705db4aa834e900";
		let blake2b = "0x8b999aba43b1c76915c7af81366b984cb420443fc0b37a25c8ffd278988cd33d30e7211b8127418a01";
		assert_eq!(keys(of_log), with_suites(&[layout, log, renewals, sha256, blake2b, network]));

		let subject =
			"ddd6249d8a7334cf5ea37d21811e66710707070707070707070707070707070707070707070707070707070707070707";
		let expected = [
			"0xd8bf348a9b07d036c82b70ac0d7043e84e7b9012096b41c4eb3aaf947f6ea429".to_owned(),
			format!("0xd8bf348a9b07d036c82b70ac0d7043e8e2977b560ba7335e123af992055563b0{subject}"),
			format!("0xd8bf348a9b07d036c82b70ac0d7043e8f272fdcdda6c1ec6d55f5227bc7987ff{subject}"),
		];
		assert_eq!(doubt_keys(&SubjectId([7; 32])).map(|(_, key)| hex(&key)), expected);
	}

	/// The stories over the real runtime have the same list.
	#[test]
	fn keys_of_questions_are_frozen() {
		let (account, subject) = (AccountId32([7; 32]), SubjectId([7; 32]));
		let (capability, jurisdiction) = (Capability::BreakGlass, Jurisdiction::country(*b"GR"));
		let issuer = IssuerKey { organisation: OrgId(1), capability, jurisdiction };
		let holding = Holding { holder: Holder::Member(account), capability };
		let keys = [
			(registry::organisation_span(OrgId(1), 2), "0x8a493ef65ff3987a1fbc9979200ad1af6a44dea083bc2bde1ffa05f79524d287", "5153cb1f00942ff4010000009eb2dcce60f37a2702000000"),
			(registry::succession(OrgId(1)), "0x8a493ef65ff3987a1fbc9979200ad1af0639a1627e4f5d79be633cab58b89b7b", "5153cb1f00942ff401000000"),
			(registry::member(&account), "0x8a493ef65ff3987a1fbc9979200ad1afba7fb8745735dc3be2a2c61a72c39e78", "ddd6249d8a7334cf5ea37d21811e66710707070707070707070707070707070707070707070707070707070707070707"),
			(registry::member_span(&account, 2), "0x8a493ef65ff3987a1fbc9979200ad1af6ef1052e3e769d2063021b0f64bbd73c", "ddd6249d8a7334cf5ea37d21811e667107070707070707070707070707070707070707070707070707070707070707079eb2dcce60f37a2702000000"),
			(registry::issuer(&issuer), "0x8a493ef65ff3987a1fbc9979200ad1afb42a79364a2ab587c3f8f90ef24ca2fc", "60ef2395166eee540100000001475200"),
			(registry::licence(LicenceId(7)), "0x8a493ef65ff3987a1fbc9979200ad1aff12e2741c2f30ccba8b0ddc0886f93a9", "0e0d969b0e48cab707000000"),
			(registry::licence_span(LicenceId(7), 2), "0x8a493ef65ff3987a1fbc9979200ad1af9193b423f5acf07251a4f4dfd30d371c", "0e0d969b0e48cab7070000009eb2dcce60f37a2702000000"),
			(registry::holding(&holding), "0x8a493ef65ff3987a1fbc9979200ad1af140d49a0e79c42d3be95a22aec62c9fe", "5a806c3960dc38645e8adadbf57632bf01070707070707070707070707070707070707070707070707070707070707070701"),
			(registry::holding_span(&holding, 2), "0x8a493ef65ff3987a1fbc9979200ad1af417ad719ba7fb6d8dfbf05c506696b59", "5a806c3960dc38645e8adadbf57632bf010707070707070707070707070707070707070707070707070707070707070707019eb2dcce60f37a2702000000"),
			(subjects::subject(&subject), "0xd8bf348a9b07d036c82b70ac0d7043e8d8bf348a9b07d036c82b70ac0d7043e8", "ddd6249d8a7334cf5ea37d21811e66710707070707070707070707070707070707070707070707070707070707070707"),
			(subjects::span(&subject, 2), "0xd8bf348a9b07d036c82b70ac0d7043e8583edf0a9f270578f4cf8464d823bc89", "ddd6249d8a7334cf5ea37d21811e667107070707070707070707070707070707070707070707070707070707070707079eb2dcce60f37a2702000000"),
			(subjects::owner(&account), "0xd8bf348a9b07d036c82b70ac0d7043e89f99a2ce711f3a31b2fc05604c93f179", "ddd6249d8a7334cf5ea37d21811e66710707070707070707070707070707070707070707070707070707070707070707"),
		];
		for (key, item, of) in keys {
			assert_eq!(hex(&key), format!("{item}{of}"));
		}
	}
}
