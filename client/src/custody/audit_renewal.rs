// SPDX-License-Identifier: Apache-2.0
//! The audit of second trees: second commitments against openings, leaves against the tree, the tree against renewals.

use super::audit::{Auditor, Problem};
use crate::{
	chain::Statements,
	log::{self, Second as SecondTreeHash},
	record::kind_name,
	store::{Entry, LogReader, Second, SecondTree, StoreError},
	Error,
};
use epidaurus_primitives::{
	ehr::LogHead,
	hash::NativeBlake2b256,
	merkle::{Frontier, NodeStore},
	renewal::{RenewedEntry, TreeSuite},
};

impl<F: FnMut(Problem)> Auditor<'_, F> {
	/// Builds the second tree anew from the entries, and compares every node of it, and every renewal.
	pub(super) fn second_tree(&mut self, reader: &LogReader) -> Result<(), StoreError> {
		let tree = self.store.second_tree(reader.kind())?;
		let (kind, name) = (reader.kind(), kind_name(reader.kind()));
		let mut again = Frontier::new();
		for sequence in 0..reader.size() {
			let place = format!("renewed entry {sequence} of {name}");
			// An entry that is lost was told before; the tree's own leaf shows whether the rest is sound.
			let leaf = match reader.entry(sequence) {
				Ok(Some(entry)) => {
					let second = self.sound(&place, tree.second(sequence))?.flatten();
					if let Some(second) = &second {
						self.second(&place, (reader, &tree), &entry, second)?;
					}
					let (commitment, second) = (entry.commitment, second.map(|second| second.commitment));
					RenewedEntry { kind, sequence, commitment, second }.leaf::<NativeBlake2b256>()
				},
				_ if sequence < tree.size() => self.sound(&place, tree.node(0, sequence))?.unwrap_or_default(),
				_ => continue,
			};
			if sequence >= tree.size() {
				continue;
			}
			let mut completed = Vec::new();
			again.append_with::<SecondTreeHash>(leaf, |level, index, hash| completed.push((level, index, *hash)))?;
			for (level, index, hash) in completed {
				let place = format!("node {index} of level {level} of the second tree of {name}");
				match self.sound(&place, tree.node(level, index))? {
					Some(stored) if stored != hash => self.problem(place, "not the hash of what stands below it"),
					_ => (),
				}
			}
		}
		if again != *tree.frontier() {
			self.problem(format!("head of the second tree of {name}"), "not that of its entries");
		}
		let renewals = self.store.renewals(kind);
		let renewals = self.sound("renewals", renewals)?.unwrap_or_default();
		renewals.iter().try_for_each(|(head, _)| self.compare_renewal(name, &tree, head, "own"))
	}

	/// Compares a second digest, where its subject's key is there, with its commitment.
	fn second(
		&mut self,
		place: &str,
		(reader, tree): (&LogReader, &SecondTree),
		entry: &Entry,
		second: &Second,
	) -> Result<(), StoreError> {
		// What cannot be opened was counted with the entry.
		let Ok(opened) = reader.opened(entry) else { return Ok(()) };
		let Some(digest) = self.sound(place, tree.digest(entry, second))? else { return Ok(()) };
		let network = self.store.identity().network;
		if opened.opening.second_commitment::<NativeBlake2b256>(&network, &digest) != second.commitment {
			self.problem(place, "the second digest does not open the second commitment");
		}
		Ok(())
	}

	fn compare_renewal(
		&mut self,
		name: &str,
		tree: &SecondTree,
		head: &LogHead,
		whose: &str,
	) -> Result<(), StoreError> {
		self.audit.heads = self.audit.heads.saturating_add(1);
		let place = format!("{whose} renewal of {} entries of {name}", head.size);
		match self.sound(&place, log::second_head_at(tree, head.size))? {
			Some(own) if own != *head => self.problem(place, "the second tree never had it"),
			_ => (),
		}
		Ok(())
	}

	/// Compares the chain's renewals.
	pub(super) async fn renewals_on_chain<S: Statements>(
		&mut self,
		reader: &LogReader,
		chain: &S,
	) -> Result<(), Error> {
		let (custodian, kind) = (self.store.identity().custodian, reader.kind());
		let tree = self.store.second_tree(kind)?;
		let renewals = chain.renewals(custodian, kind).await?;
		for renewal in renewals.iter().filter(|renewal| renewal.tree == TreeSuite::Blake2b256) {
			self.compare_renewal(kind_name(kind), &tree, &renewal.renewed_head(), "the chain's")?;
		}
		Ok(())
	}
}
