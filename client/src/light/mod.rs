// SPDX-License-Identifier: Apache-2.0
//! Verification that trusts the hash of a block and nothing else.
//!
//! A node answers with values of the chain's state, the block's header and the trie nodes between the two. [`check()`]
//! starts from the trusted hash: the header must hash to it, the nodes must lead from the header's state root to every
//! key that is computed here, and the values must decode; which keys are needed may stand in the values of others. What comes out is the same kind of statement as `epid head`
//! writes, and [`verify::check`](crate::verify::check) goes on from there as always.

mod ask;
mod header;
pub(crate) mod keys;
mod node;
mod refused;
mod state;
mod trie;

pub use ask::{answer, Asked, Found, Told};
pub use header::Header;
pub(crate) use keys::time;
pub use keys::{Part, Question};
pub use node::{fetch, fetch_asked, finalised, finalised_at};
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
	hash::HashSuite,
	ids::{NetworkId, OrgId, RecordId},
	jurisdiction::Jurisdiction,
	life::RecordLife,
	moment::Moment,
	proof::{BlockHash, StateProof},
	registry::{questions::RegistryState, OrganisationClass, OrganisationStatus, Successor},
	renewal::TreeSuite,
	stored::{
		StoredLog, StoredOrganisation, StoredRecord, StoredVersion, EHR_STORAGE_VERSION, REGISTRY_STORAGE_VERSION,
		SUBJECTS_STORAGE_VERSION,
	},
	subjects::{
		doubt::{is_doubtful, Doubt},
		rebind::Rebind,
	},
	views::{LifeView, SuiteView, TreeView, VersionView},
};
use keys::doubt_keys;
use serde::Serialize;
use state::State;
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
	/// Who answered in its place; nothing where nobody had taken over.
	pub successor: Option<Successor>,
}

/// What was proven, and when it was so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
	/// The statement; of a record it has the one version that was asked about.
	pub trusted: Trusted,
	/// Who keeps the record.
	pub custodian: Custodian,
	/// How far each suite could be trusted.
	pub suites: Vec<SuiteView>,
	/// The chain's time in that block.
	pub at: Moment,
	/// Number of the block.
	pub number: u32,
	/// Hash of the block.
	pub hash: BlockHash,
}

/// Refuses a state that is more than so many minutes old.
pub fn ensure_younger(at: Moment, minutes: u64, now: Moment) -> Result<(), ProofRefused> {
	if now.0.saturating_sub(at.0) > minutes.saturating_mul(60_000) {
		return Err(ProofRefused::TooOld { at, minutes });
	}
	Ok(())
}

impl Proven {
	/// How far a suite could be trusted.
	pub fn suite_status(&self, suite: HashSuite) -> SuiteStatus {
		let found = self.suites.iter().find(|view| view.suite == suite);
		found.map_or(SuiteStatus::default(), |view| view.status)
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
	let answer = Answer { state: State::new(proof, block)?, keys: question.keys() };
	answer.read_all()?;
	answer.ensure_layout(Part::Layout, EHR_STORAGE_VERSION)?;
	answer.ensure_layout(Part::RegistryLayout, REGISTRY_STORAGE_VERSION)?;
	let at = answer.required(Part::Time)?;
	let acts = answer.acts()?;
	let successor = ask::Proven { state: &answer.state, at }.successor_at(question.custodian(), at);
	answer.state.finish()?;
	let trusted = match question {
		Question::Anchor { record, version, custodian } => answer.anchor(record, version, custodian, &acts)?,
		Question::Log { custodian, kind } => answer.log(custodian, kind)?,
	};
	let custodian = answer.custodian(question.custodian(), successor)?;
	let Header { number, hash, .. } = answer.state.header;
	Ok(Proven { trusted, custodian, suites: answer.suites()?, at, number, hash })
}

/// The parts of a state on which the answer to a question rests.
struct Answer<'a> {
	state: State<'a>,
	keys: Vec<(Part, Vec<u8>)>,
}

/// By what it is known whether the subject that opened a record did so itself.
#[derive(Default)]
struct Acts {
	doubts: Vec<Doubt>,
	pending: Option<Rebind<AccountId32>>,
}

impl Answer<'_> {
	fn read_all(&self) -> Result<(), ProofRefused> {
		self.keys.iter().try_for_each(|(part, key)| self.state.raw(*part, key).map(drop))
	}

	fn ensure_layout(&self, part: Part, known: u16) -> Result<(), ProofRefused> {
		self.state.ensure_layout(part, self.key(part)?, known)
	}

	fn optional<Value: DecodeAll>(&self, part: Part) -> Result<Option<Value>, ProofRefused> {
		self.state.optional(part, self.key(part)?)
	}

	fn required<Value: DecodeAll>(&self, part: Part) -> Result<Value, ProofRefused> {
		self.state.required(part, self.key(part)?)
	}

	fn key(&self, part: Part) -> Result<&[u8], ProofRefused> {
		let found = self.keys.iter().find(|(found, _)| *found == part);
		found.map(|(_, key)| &key[..]).ok_or(ProofRefused::MissingKey(part))
	}

	fn network(&self) -> Result<NetworkId, ProofRefused> {
		self.required(Part::Network)
	}

	fn block(&self) -> Option<AtBlock> {
		let Header { number, hash, .. } = self.state.header;
		Some(AtBlock { number: number.into(), hash: hash.to_string() })
	}

	fn custodian(&self, id: OrgId, successor: Option<Successor>) -> Result<Custodian, ProofRefused> {
		let StoredOrganisation { class, gln, jurisdiction, controller, status, since, .. } =
			self.required(Part::Organisation)?;
		Ok(Custodian { id, class, status, since, controller, gln, jurisdiction, successor })
	}

	fn suites(&self) -> Result<Vec<SuiteView>, ProofRefused> {
		let view = |suite| {
			let status = self.optional(Part::Suite(suite))?.unwrap_or_default();
			Ok(SuiteView { suite, status })
		};
		HashSuite::ALL.into_iter().map(view).collect()
	}

	/// Whom the record concerns stands in its life, once that subject has opened it.
	fn acts(&self) -> Result<Acts, ProofRefused> {
		let Ok(life) = self.key(Part::Life) else { return Ok(Acts::default()) };
		let life: Option<RecordLife> = self.state.optional(Part::Life, life)?;
		let Some(subject) = life.and_then(|life| life.subject) else { return Ok(Acts::default()) };
		let [(layout, layout_key), (doubts, doubts_key), (rebind, rebind_key)] = doubt_keys(&subject);
		self.state.ensure_layout(layout, &layout_key, SUBJECTS_STORAGE_VERSION)?;
		Ok(Acts {
			doubts: self.state.optional(doubts, &doubts_key)?.unwrap_or_default(),
			pending: self.state.optional(rebind, &rebind_key)?,
		})
	}

	fn anchor(&self, record: RecordId, version: u32, custodian: OrgId, acts: &Acts) -> Result<Trusted, Refused> {
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
			life: Some(self.life(&head, acts)?),
			block: self.block(),
		}))
	}

	fn life(&self, head: &StoredRecord, acts: &Acts) -> Result<LifeView, ProofRefused> {
		let life = self.optional::<RecordLife>(Part::Life)?.unwrap_or_default();
		let doubtful = |at| is_doubtful(&acts.doubts, acts.pending.as_ref(), at);
		Ok(life.view(head.link.is_some(), self.required(Part::Time)?, doubtful))
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
