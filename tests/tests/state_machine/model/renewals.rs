// SPDX-License-Identifier: Apache-2.0
//! The rules by which logs are renewed under a second tree, and trees lose trust.

use super::{ehr::consistency_in, ehr::root_in, require, Actor, Log, Model, Rules, Trust, Verdict};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::{NativeBlake2b256, NativeSha256, Sha256},
	ids::OrgId,
	merkle::{empty_root, Blake2Tree, Hash},
	renewal::TreeSuite,
};
use epidaurus_runtime::Runtime;
use pallet_ehr::Call;

/// The tree under which logs are renewed.
pub type SecondTree = Blake2Tree<NativeBlake2b256>;

impl Log {
	/// The leaves that stand for the first entries in the second tree.
	fn second_leaves(&self, size: u64) -> Option<Vec<Hash>> {
		let leaves = usize::try_from(size).ok().and_then(|size| self.leaves.get(..size))?;
		Some(leaves.iter().map(|leaf| NativeSha256::hash(&[b"second", leaf])).collect())
	}

	/// The renewal of so many entries that goes on from an earlier one: root and path.
	pub fn renewed(&self, before: u64, size: u64) -> Option<(Hash, Vec<Hash>)> {
		let leaves = self.second_leaves(size)?;
		let before = usize::try_from(before).ok().filter(|before| *before <= leaves.len())?;
		Some((root_in::<SecondTree>(&leaves), consistency_in::<SecondTree>(before, &leaves)))
	}
}

impl Model {
	/// The head that a log was renewed to last; that of an empty one before.
	pub fn renewal(&self, log: &(OrgId, LogKind)) -> LogHead {
		let none = LogHead { size: 0, root: empty_root::<SecondTree>() };
		self.renewals.get(log).copied().unwrap_or(none)
	}

	pub(super) fn judge_renewal(&self, own: OrgId, call: &Call<Runtime>) -> Rules {
		let Call::renew_log { custodian, kind, checkpoint, tree, root, consistency_proof } = call else {
			return Err(Verdict::Open);
		};
		require(self.answers_for(own, *custodian), "Ehr.NotAuthorised")?;
		require(*tree != TreeSuite::Sha256, "Ehr.WrongTree")?;
		require(self.trees.get(tree) != Some(&Trust::None), "Ehr.SuiteForbidden")?;
		let log = self.logs.get(&(*custodian, *kind)).ok_or(Verdict::Fails("Ehr.NotFound"))?;
		let made = usize::try_from(checkpoint.number).ok().and_then(|number| log.made.get(number));
		require(made == Some(&checkpoint.size), "Ehr.NotFound")?;
		// Of older ones the model does not know whether the chain still has them.
		(checkpoint.number + 1 == log.checkpoints).then_some(()).ok_or(Verdict::Open)?;
		let (old, new) = (self.renewal(&(*custodian, *kind)), LogHead { size: checkpoint.size, root: *root });
		require(new != old, "Ehr.AlreadyExists")?;
		require(new.size >= old.size, "Ehr.LogShrinks")?;
		require(new.size > old.size, "Ehr.ForkedHead")?;
		let honest = log.renewed(old.size, new.size);
		// Anything grows from nothing, and nothing from what was made up then.
		let sound = log.renewed(0, old.size).is_some_and(|(root, _)| root == old.root);
		let grows = match old.size {
			0 => consistency_proof.is_empty(),
			_ => sound && honest.is_some_and(|(root, path)| root == new.root && path == consistency_proof.as_slice()),
		};
		require(grows, "Ehr.InvalidProof")
	}

	/// What the consortium may decide about a tree.
	pub(super) fn judge_tree(&self, actor: &Actor, call: &Call<Runtime>) -> Rules {
		if let Actor::Signed { .. } = actor {
			self.signer(actor, false)?;
		}
		require(*actor == Actor::Council { enough: true }, "BadOrigin")?;
		let trust = |tree: &TreeSuite| self.trees.get(tree).copied().unwrap_or_default();
		match call {
			Call::deprecate_tree { tree } => require(trust(tree) == Trust::Full, "Ehr.WrongState"),
			Call::forbid_tree { tree } => {
				let left = TreeSuite::ALL.iter().any(|other| other != tree && trust(other) == Trust::Full);
				require(left, "Ehr.LastTree")?;
				require(trust(tree) == Trust::Little, "Ehr.WrongState")
			},
			_ => Err(Verdict::Open),
		}
	}

	pub(super) fn learn_renewal(&mut self, call: &Call<Runtime>) {
		match call {
			Call::renew_log { custodian, kind, checkpoint, root, .. } => {
				self.renewals.insert((*custodian, *kind), LogHead { size: checkpoint.size, root: *root });
			},
			Call::deprecate_tree { tree } => drop(self.trees.insert(*tree, Trust::Little)),
			Call::forbid_tree { tree } => drop(self.trees.insert(*tree, Trust::None)),
			_ => (),
		}
	}
}
