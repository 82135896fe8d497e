// SPDX-License-Identifier: Apache-2.0
//! Verification that trusts the hash of a block and nothing else.
//!
//! A node answers with values of the chain's state, the block's header and the trie nodes between the two. [`check()`]
//! starts from the trusted hash: the header must hash to it, the nodes must lead from the header's state root to every
//! key that is computed here, and the values must decode. What comes out is the same kind of statement as `epid head`
//! writes, and [`verify::check`](crate::verify::check) goes on from there as always.

mod header;
mod keys;
mod node;
mod refused;
mod trie;

pub use header::Header;
pub use keys::{Part, Question};
pub use node::{fetch, finalised, finalised_at};
pub use refused::ProofRefused;
pub use trie::MAX_PROOF;

use crate::{
	bundle::{self, AtBlock, Trusted, TrustedAnchor, TrustedHead, TrustedTrees, VERSION},
	record::InputError,
	verify::Refused,
};
use codec::DecodeAll;
use epidaurus_primitives::{
	ehr::{LogKind, SuiteStatus},
	gln::Gln,
	ids::{NetworkId, OrgId, RecordId},
	jurisdiction::Jurisdiction,
	life::RecordLife,
	moment::Moment,
	proof::{BlockHash, StateProof},
	registry::{OrganisationClass, OrganisationStatus},
	renewal::TreeSuite,
	stored::{
		StoredLog, StoredOrganisation, StoredRecord, StoredVersion, EHR_STORAGE_VERSION, REGISTRY_STORAGE_VERSION,
	},
	views::{LifeView, TreeView, VersionView},
};
use serde::Serialize;
use std::path::Path;
use subxt::utils::AccountId32;

/// A block that the verifier trusts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedBlock {
	/// Its hash.
	pub hash: BlockHash,
	/// Its number, where it is known: tells an old block from a foreign one.
	pub number: Option<u32>,
}

impl From<Header> for TrustedBlock {
	fn from(header: Header) -> Self {
		Self { hash: header.hash, number: Some(header.number) }
	}
}

/// From where the verifier knows the hash of the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
	/// It was given.
	Hash,
	/// It is that of a header that was given.
	Header,
	/// A node said so. It is trusted for that, and could have made up the block.
	Node,
}

/// A custodian as it was in the block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Custodian {
	/// Its number.
	pub id: OrgId,
	/// What kind of organisation it is.
	pub class: OrganisationClass,
	/// Its status.
	pub status: OrganisationStatus,
	/// Since when it has had that status.
	pub since: Moment,
	/// The account that acts for it.
	pub controller: AccountId32,
	/// GS1 Global Location Number.
	pub gln: Option<Gln>,
	/// Its home jurisdiction.
	pub jurisdiction: Jurisdiction,
}

/// What was proven, and when it was so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
	/// The statement; of a record it has the one version that was asked about.
	pub trusted: Trusted,
	/// Who keeps the record.
	pub custodian: Custodian,
	/// The chain's time in that block.
	pub at: Moment,
	/// Number of the block.
	pub number: u32,
	/// Hash of the block.
	pub hash: BlockHash,
}

impl Proven {
	/// Refuses a state that is more than so many minutes old.
	pub fn ensure_younger(&self, minutes: u64, now: Moment) -> Result<(), ProofRefused> {
		if now.0.saturating_sub(self.at.0) > minutes.saturating_mul(60_000) {
			return Err(ProofRefused::TooOld { at: self.at, minutes });
		}
		Ok(())
	}
}

/// Reads a proof that `epid light-proof` wrote.
pub fn read(path: &Path) -> Result<StateProof<BlockHash>, InputError> {
	bundle::parse(path, &bundle::read_text(path)?, "a read proof")
}

/// Two proofs of one block put together: every key and every node once. Of other blocks, what comes out is refused.
pub fn merged(mut proof: StateProof<BlockHash>, other: StateProof<BlockHash>) -> StateProof<BlockHash> {
	for item in other.items {
		if !proof.items.iter().any(|known| known.key == item.key) {
			proof.items.push(item);
		}
	}
	for node in other.nodes {
		if !proof.nodes.contains(&node) {
			proof.nodes.push(node);
		}
	}
	proof
}

/// The header of a proof, if it is the one that the proof says.
pub fn header_of(proof: &StateProof<BlockHash>) -> Result<Header, ProofRefused> {
	let header = Header::decode(&proof.header.0).ok_or(ProofRefused::BadHeader)?;
	if header.hash != proof.block {
		return Err(ProofRefused::HeaderDiffers { stated: proof.block, computed: header.hash });
	}
	Ok(header)
}

/// What the proof shows about the question at the trusted block.
pub fn check(question: Question, proof: &StateProof<BlockHash>, block: &TrustedBlock) -> Result<Proven, Refused> {
	let header = header_of(proof)?;
	ensure_trusted(&header, block)?;
	let keys = question.keys();
	ensure_keys(&keys, proof)?;
	let mut nodes = trie::Nodes::new(header.state_root, &proof.nodes)?;
	let mut values = Vec::with_capacity(keys.len());
	for (part, key) in &keys {
		values.push((*part, nodes.value(key)?));
	}
	nodes.ensure_all_used()?;
	ensure_values(&keys, &values, proof)?;
	let state = State { values, header };
	state.ensure_layout(Part::Layout, EHR_STORAGE_VERSION)?;
	state.ensure_layout(Part::RegistryLayout, REGISTRY_STORAGE_VERSION)?;
	let at = state.required(Part::Time)?;
	let trusted = match question {
		Question::Anchor { record, version, custodian } => state.anchor(record, version, custodian)?,
		Question::Log { custodian, kind } => state.log(custodian, kind)?,
	};
	let custodian = state.custodian(question.custodian())?;
	Ok(Proven { trusted, custodian, at, number: header.number, hash: header.hash })
}

fn ensure_trusted(header: &Header, block: &TrustedBlock) -> Result<(), ProofRefused> {
	if header.hash == block.hash {
		return Ok(());
	}
	Err(match block.number {
		Some(trusted) if header.number < trusted => ProofRefused::StaleBlock { proven: header.number, trusted },
		_ => ProofRefused::OtherBlock { proven: header.hash, trusted: block.hash },
	})
}

/// Bytes of a key that say which storage item it is of.
const PREFIX: usize = 32;

/// The proof speaks of the keys that the question needs, each once, and of no others.
fn ensure_keys(keys: &[(Part, Vec<u8>)], proof: &StateProof<BlockHash>) -> Result<(), ProofRefused> {
	let listed = || proof.items.iter().map(|item| &item.key.0);
	for (part, key) in keys {
		if !listed().any(|other| other == key) {
			let same_item = |other: &Vec<u8>| other.get(..PREFIX) == key.get(..PREFIX);
			let other = listed().any(same_item);
			return Err(if other { ProofRefused::OtherSubject(*part) } else { ProofRefused::MissingKey(*part) });
		}
	}
	if proof.items.len() == keys.len() {
		Ok(())
	} else {
		Err(ProofRefused::ExtraKey)
	}
}

/// What the node told is what it proves.
fn ensure_values(
	keys: &[(Part, Vec<u8>)],
	values: &[(Part, Option<Vec<u8>>)],
	proof: &StateProof<BlockHash>,
) -> Result<(), ProofRefused> {
	for ((part, key), (_, value)) in keys.iter().zip(values) {
		let told = proof.items.iter().find(|item| item.key.0 == *key).and_then(|item| item.value.as_ref());
		if told.map(|value| &value.0) != value.as_ref() {
			return Err(ProofRefused::ValueDiffers(*part));
		}
	}
	Ok(())
}

/// Proven values of the state after a block.
struct State {
	values: Vec<(Part, Option<Vec<u8>>)>,
	header: Header,
}

impl State {
	/// The chain stores in the form that this program reads.
	fn ensure_layout(&self, part: Part, known: u16) -> Result<(), ProofRefused> {
		match self.optional(part)? {
			Some(found) if found == known => Ok(()),
			found => Err(ProofRefused::OtherLayout { part, found, known }),
		}
	}

	/// What stands under a key; nothing if nothing does.
	fn optional<Value: DecodeAll>(&self, part: Part) -> Result<Option<Value>, ProofRefused> {
		let value = self.raw(part).map(|bytes| Value::decode_all(&mut &bytes[..]));
		value.transpose().map_err(|_| ProofRefused::BadValue(part))
	}

	/// What stands under a key where something always stands.
	fn required<Value: DecodeAll>(&self, part: Part) -> Result<Value, ProofRefused> {
		self.optional(part)?.ok_or(ProofRefused::BadValue(part))
	}

	fn raw(&self, part: Part) -> Option<&Vec<u8>> {
		self.values.iter().find(|(found, _)| *found == part).and_then(|(_, value)| value.as_ref())
	}

	fn network(&self) -> Result<NetworkId, ProofRefused> {
		self.required(Part::Network)
	}

	fn block(&self) -> Option<AtBlock> {
		Some(AtBlock { number: self.header.number.into(), hash: self.header.hash.to_string() })
	}

	fn custodian(&self, id: OrgId) -> Result<Custodian, ProofRefused> {
		let StoredOrganisation { class, gln, jurisdiction, controller, status, since, .. } =
			self.required(Part::Organisation)?;
		Ok(Custodian { id, class, status, since, controller, gln, jurisdiction })
	}

	fn anchor(&self, record: RecordId, version: u32, custodian: OrgId) -> Result<Trusted, Refused> {
		let network_id = self.network()?;
		let head = self.optional::<StoredRecord>(Part::Record)?.ok_or(Refused::RecordNotFound)?;
		if head.custodian != custodian {
			return Err(Refused::OtherCustodian { stated: custodian, trusted: head.custodian });
		}
		let missing = Refused::VersionNotFound { stated: version, current: head.version };
		let standing = head.standing_of(version).ok_or(missing)?;
		let StoredVersion { commitment, suite, anchored_at, .. } = self.required(Part::Version)?;
		Ok(Trusted::Anchor(TrustedAnchor {
			version: VERSION,
			network_id,
			custodian: head.custodian,
			record,
			versions: vec![VersionView { version, commitment, suite, anchored_at, standing }],
			life: Some(self.life(&head)?),
			block: self.block(),
		}))
	}

	/// Whose acts they were is not proven: whether the subject's key was lost stands with the subject.
	fn life(&self, head: &StoredRecord) -> Result<LifeView, ProofRefused> {
		let life = self.optional::<RecordLife>(Part::Life)?.unwrap_or_default();
		Ok(life.view(head.link.is_some(), self.required(Part::Time)?, |_| false))
	}

	fn log(&self, custodian: OrgId, kind: LogKind) -> Result<Trusted, Refused> {
		let network_id = self.network()?;
		let log = self.optional::<StoredLog>(Part::Log)?.ok_or(Refused::LogNotFound)?;
		if log.checkpoints == 0 {
			return Err(Refused::EmptyLog);
		}
		Ok(Trusted::Log(TrustedHead {
			version: VERSION,
			network_id,
			custodian,
			kind,
			head: log.newest.head,
			at: Some(log.newest.at),
			licensed: Some(log.newest.licensed),
			renewed: Some(self.trees()?),
			block: self.block(),
		}))
	}

	/// A log without renewals, and a tree that is active, have no value.
	fn trees(&self) -> Result<TrustedTrees, ProofRefused> {
		let view = |tree| -> Result<TreeView, ProofRefused> {
			let status = self.optional::<SuiteStatus>(Part::Tree(tree))?.unwrap_or_default();
			Ok(TreeView { tree, status })
		};
		let trees = TreeSuite::ALL.into_iter().map(view).collect::<Result<_, _>>()?;
		Ok(TrustedTrees { renewals: self.optional(Part::Renewals)?.unwrap_or_default(), trees })
	}
}

#[cfg(test)]
mod tests;
