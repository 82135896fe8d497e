// SPDX-License-Identifier: Apache-2.0
//! A custodian's side of a log: what a vendor's system keeps off chain.

use codec::Encode;
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof},
	hash::{digest, Commitment, HashSuite, NativeBlake2b256, NativeSha256, Opening, RecordHeader, ResourceClass, Salt},
	ids::NetworkId,
	merkle::{prove_consistency, prove_inclusion, Blake2Tree, Hash, MemoryStore},
	renewal::{RenewedEntry, RenewedProof, SecondDigest, TreeSuite},
};
use epidaurus_runtime::genesis_config_presets::DEVELOPMENT_NETWORK;

/// The network that the stories commit for.
pub const NETWORK: NetworkId = DEVELOPMENT_NETWORK;

/// An opening of a record with this content, the first version.
pub fn opening(content: &str) -> Opening {
	version(content, 1)
}

/// An opening of a record with this content and version.
pub fn version(content: &str, version: u32) -> Opening {
	// No secret: the same story must commit to the same thing each time.
	let salt = digest::<NativeSha256>(HashSuite::Raw, &("salt", content, version).encode());
	let class = ResourceClass::new("Observation").expect("a class of FHIR");
	Opening {
		salt: Salt::new(salt.0),
		suite: HashSuite::FhirStaticRoot,
		digest: digest::<NativeSha256>(HashSuite::FhirStaticRoot, content.as_bytes()),
		header: RecordHeader { subject: None, class, labels: Default::default(), clinical_time: None, version },
	}
}

/// What an opening commits to on the network of the stories.
pub fn commitment(opening: &Opening) -> Commitment {
	opening.commitment::<NativeSha256>(&NETWORK)
}

/// A log of records with all openings.
pub struct Log {
	kind: LogKind,
	store: MemoryStore,
	openings: Vec<Opening>,
}

impl Log {
	/// An empty log.
	pub fn new(kind: LogKind) -> Self {
		Self { kind, store: MemoryStore::new(), openings: Vec::new() }
	}

	/// Appends so many records.
	pub fn grow(&mut self, count: u64) {
		for _ in 0..count {
			let sequence = self.size();
			let opening = opening(&format!("record {sequence}"));
			let entry = LogEntry { kind: self.kind, sequence, commitment: commitment(&opening) };
			self.store.append::<NativeSha256>(entry.leaf::<NativeSha256>()).expect("far from full");
			self.openings.push(opening);
		}
	}

	/// Number of entries.
	pub fn size(&self) -> u64 {
		self.store.frontier().size()
	}

	/// Size and root.
	pub fn head(&self) -> LogHead {
		LogHead { size: self.size(), root: self.store.frontier().root::<NativeSha256>() }
	}

	/// Path from an earlier size to now.
	pub fn consistency(&self, from: u64) -> Vec<Hash> {
		prove_consistency::<NativeSha256, _>(&self.store, from, self.size()).expect("from is an earlier size")
	}

	/// The opening of an entry and its path.
	pub fn prove(&self, sequence: u64) -> (Opening, LogProof) {
		let opening = usize::try_from(sequence).ok().and_then(|place| self.openings.get(place)).expect("in the log");
		let path = prove_inclusion::<NativeSha256, _>(&self.store, sequence, self.size()).expect("in the log");
		(opening.clone(), LogProof { sequence, head: self.head(), path, renewed: None })
	}
}

/// The second tree.
type Second = Blake2Tree<NativeBlake2b256>;

/// A log once more, over renewed entries, as it was at a checkpoint.
pub struct RenewedLog {
	store: MemoryStore,
	digests: Vec<SecondDigest>,
}

impl RenewedLog {
	/// The log renewed as it is now.
	pub fn of(log: &Log) -> Self {
		let (mut store, mut digests) = (MemoryStore::new(), Vec::new());
		for (sequence, opening) in (0u64..).zip(&log.openings) {
			let content = format!("record {sequence}");
			let digest = SecondDigest::of_content::<NativeBlake2b256>(opening.suite, content.as_bytes());
			let second = Some(opening.second_commitment::<NativeBlake2b256>(&NETWORK, &digest));
			let entry = RenewedEntry { kind: log.kind, sequence, commitment: commitment(opening), second };
			store.append::<Second>(entry.leaf::<NativeBlake2b256>()).expect("far from full");
			digests.push(digest);
		}
		Self { store, digests }
	}

	/// Size and root in the second tree.
	pub fn head(&self) -> LogHead {
		LogHead { size: self.store.frontier().size(), root: self.store.frontier().root::<Second>() }
	}

	/// Path from an earlier size to now.
	pub fn consistency(&self, from: u64) -> Vec<Hash> {
		prove_consistency::<Second, _>(&self.store, from, self.head().size).expect("from is an earlier size")
	}

	/// The path of an entry in the second tree.
	pub fn prove(&self, sequence: u64) -> RenewedProof {
		let head = self.head();
		let path = prove_inclusion::<Second, _>(&self.store, sequence, head.size).expect("in the log");
		let digest = usize::try_from(sequence).ok().and_then(|place| self.digests.get(place)).expect("in the log");
		RenewedProof { tree: TreeSuite::Blake2b256, head, digest: *digest, path }
	}
}
