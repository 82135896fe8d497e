// SPDX-License-Identifier: Apache-2.0
//! The chain's state after a block, as far as a proof shows it.

use super::{header_of, keys::Part, refused::ProofRefused, trie::Nodes, Header, TrustedBlock};
use codec::DecodeAll;
use epidaurus_primitives::proof::{BlockHash, StateProof};
use std::{cell::RefCell, collections::BTreeMap};

/// Proven values, read key by key: which key is read next may depend on what stood under another.
///
/// A conclusion holds only after [`State::finish`].
pub(super) struct State<'a> {
	/// The header of the block.
	pub header: Header,
	proof: &'a StateProof<BlockHash>,
	nodes: RefCell<Nodes>,
	values: RefCell<BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
	spoilt: RefCell<Option<ProofRefused>>,
}

/// Bytes of a key that say which storage item it is of.
const PREFIX: usize = 32;

impl<'a> State<'a> {
	/// The state of a block that is trusted.
	pub fn new(proof: &'a StateProof<BlockHash>, block: &TrustedBlock) -> Result<Self, ProofRefused> {
		let header = header_of(proof)?;
		ensure_trusted(&header, block)?;
		let nodes = RefCell::new(Nodes::new(header.state_root, &proof.nodes)?);
		Ok(Self { header, proof, nodes, values: RefCell::default(), spoilt: RefCell::default() })
	}

	/// What stands under a key, if the node told it and it is proven.
	pub fn raw(&self, part: Part, key: &[u8]) -> Result<Option<Vec<u8>>, ProofRefused> {
		if let Some(known) = self.values.borrow().get(key) {
			return Ok(known.clone());
		}
		let Some(item) = self.proof.items.iter().find(|item| item.key.0 == key) else {
			return Err(self.missing(part, key));
		};
		let proven = self.nodes.borrow_mut().value(key)?;
		if item.value.as_ref().map(|value| &value.0) != proven.as_ref() {
			return Err(ProofRefused::ValueDiffers(part));
		}
		self.values.borrow_mut().insert(key.to_vec(), proven.clone());
		Ok(proven)
	}

	/// A proof of something else of the same kind is told from one that lacks a key.
	fn missing(&self, part: Part, key: &[u8]) -> ProofRefused {
		let same_item = |other: &Vec<u8>| other.get(..PREFIX) == key.get(..PREFIX);
		if part.is_asked_about() && self.proof.items.iter().any(|item| same_item(&item.key.0)) {
			ProofRefused::OtherSubject(part)
		} else {
			ProofRefused::MissingKey(part)
		}
	}

	/// What stands under a key; nothing if nothing does.
	pub fn optional<Value: DecodeAll>(&self, part: Part, key: &[u8]) -> Result<Option<Value>, ProofRefused> {
		let value = self.raw(part, key)?.map(|bytes| Value::decode_all(&mut &bytes[..]));
		value.transpose().map_err(|_| ProofRefused::BadValue(part))
	}

	/// What stands under a key where something always stands.
	pub fn required<Value: DecodeAll>(&self, part: Part, key: &[u8]) -> Result<Value, ProofRefused> {
		self.optional(part, key)?.ok_or(ProofRefused::BadValue(part))
	}

	/// The same as [`Self::optional`] for who cannot go on with a refusal: it spoils the state, and [`Self::finish`] tells it.
	pub fn read<Value: DecodeAll>(&self, part: Part, key: &[u8]) -> Option<Value> {
		self.optional(part, key).unwrap_or_else(|refused| {
			self.spoilt.borrow_mut().get_or_insert(refused);
			None
		})
	}

	/// The chain stores in the form that this program reads.
	pub fn ensure_layout(&self, part: Part, key: &[u8], known: u16) -> Result<(), ProofRefused> {
		match self.optional(part, key)? {
			Some(found) if found == known => Ok(()),
			found => Err(ProofRefused::OtherLayout { part, found, known }),
		}
	}

	/// After all was read: each value was proven, and the proof has no key and no node that was not needed.
	pub fn finish(&self) -> Result<(), ProofRefused> {
		if let Some(refused) = self.spoilt.borrow().as_ref() {
			return Err(*refused);
		}
		if self.proof.items.len() != self.values.borrow().len() {
			return Err(ProofRefused::ExtraKey);
		}
		self.nodes.borrow().ensure_all_used()
	}
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
