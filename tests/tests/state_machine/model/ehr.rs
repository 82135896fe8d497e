// SPDX-License-Identifier: Apache-2.0
//! The rules of records and logs, in the order in which the calls apply them. Roots and paths are computed here straight
//! from the definitions of RFC 6962 §2.1, which have nothing in common with the pallet's way of checking them.

use super::{require, Actor, Model, Rules, Verdict};
use crate::scene::link as link_of;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::NativeSha256,
	ids::{OrgId, RecordId},
	link::SubjectLink,
	merkle::{empty_root, node_hash, Hash, TreeHash, MAX_LOG_SIZE},
	registry::Roles,
	views::CapabilityView,
};
use epidaurus_runtime::Runtime;
use pallet_ehr::Call;

/// A record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
	/// Who keeps it.
	pub custodian: OrgId,
	/// Number of its newest version.
	pub version: u32,
	/// It is not entered in error.
	pub in_force: bool,
	/// The hidden subject that it concerns.
	pub link: Option<SubjectLink>,
}

/// A custodian's log, on chain and off.
#[derive(Clone, Debug)]
pub struct Log {
	/// The newest checkpoint.
	pub head: LogHead,
	/// How many were made.
	pub checkpoints: u64,
	/// How many entries each of them had.
	pub made: Vec<u64>,
	/// What the custodian has, perhaps more than the chain knows of.
	pub leaves: Vec<Hash>,
}

/// Merkle tree hash of RFC 6962 §2.1.
pub fn root(leaves: &[Hash]) -> Hash {
	root_in::<NativeSha256>(leaves)
}

/// The same in any tree.
pub fn root_in<Tree: TreeHash>(leaves: &[Hash]) -> Hash {
	match leaves {
		[] => empty_root::<Tree>(),
		[leaf] => *leaf,
		_ => {
			let (left, right) = leaves.split_at(split(leaves.len()));
			node_hash::<Tree>(&root_in::<Tree>(left), &root_in::<Tree>(right))
		},
	}
}

/// The consistency proof of RFC 6962 §2.1.2 from the first `old` of the leaves.
pub fn consistency(old: usize, leaves: &[Hash]) -> Vec<Hash> {
	consistency_in::<NativeSha256>(old, leaves)
}

/// The same in any tree.
pub fn consistency_in<Tree: TreeHash>(old: usize, leaves: &[Hash]) -> Vec<Hash> {
	match old {
		0 => Vec::new(),
		_ => subproof::<Tree>(old, leaves, true),
	}
}

fn subproof<Tree: TreeHash>(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
	if old == leaves.len() {
		return if whole { Vec::new() } else { vec![root_in::<Tree>(leaves)] };
	}
	let (left, right) = leaves.split_at(split(leaves.len()));
	let (mut path, sibling) = if old <= left.len() {
		(subproof::<Tree>(old, left, whole), root_in::<Tree>(right))
	} else {
		(subproof::<Tree>(old - left.len(), right, false), root_in::<Tree>(left))
	};
	path.push(sibling);
	path
}

/// The largest power of two below the number of leaves.
fn split(leaves: usize) -> usize {
	leaves.next_power_of_two() / 2
}

impl Log {
	/// A new log.
	pub fn open() -> Self {
		let head = LogHead { size: 0, root: root(&[]) };
		Self { head, checkpoints: 0, made: Vec::new(), leaves: Vec::new() }
	}

	/// The leaves that the chain knows of.
	pub fn known(&self) -> usize {
		usize::try_from(self.head.size).expect("a small log")
	}

	/// Whether a head and a path are those of the custodian's own leaves.
	fn is_own(&self, head: &LogHead, path: &[Hash]) -> bool {
		let leaves = usize::try_from(head.size).ok().and_then(|size| self.leaves.get(..size));
		leaves.is_some_and(|leaves| root(leaves) == head.root && consistency(self.known(), leaves) == path)
	}
}

impl Model {
	pub(super) fn judge_ehr(&self, actor: &Actor, call: &Call<Runtime>, may: Option<&CapabilityView>) -> Rules {
		if let Call::deprecate_suite { .. } | Call::forbid_suite { .. } = call {
			return self.judge_suite(actor, call);
		}
		if let Call::deprecate_tree { .. } | Call::forbid_tree { .. } = call {
			return self.judge_tree(actor, call);
		}
		let free_for = match call {
			Call::mark_entered_in_error { .. } => Some(Roles::RECORDS),
			Call::place_hold { .. } => Some(Roles::INSPECTOR),
			_ => None,
		};
		let who = self.signer(actor, free_for.is_some())?;
		if let Some(role) = free_for {
			self.screened(actor, who, role)?;
		}
		match call {
			Call::place_hold { .. } | Call::lift_hold { .. } => return self.judge_hold(who, call, may),
			Call::anchor { .. } | Call::open_log { .. } => {
				self.duty(who, Roles::RECORDS)?;
				// Why not, is the registry's to say.
				may.is_some_and(|may| may.standing.is_granted()).then_some(()).ok_or(Verdict::Stopped)?;
			},
			_ => (),
		}
		let own = self.duty(who, Roles::RECORDS)?;
		match call {
			Call::anchor { record, suite, .. } => {
				self.pays(own)?;
				require(!self.records.contains_key(record), "Ehr.AlreadyExists")?;
				self.permitted(*suite)
			},
			Call::amend { record, expected_version, suite, .. } => {
				let known = self.kept_by(own, record)?;
				require(known.in_force, "Ehr.WrongState")?;
				require(known.version == *expected_version, "Ehr.WrongVersion")?;
				require(!self.life(record).erased, "Ehr.Erased")?;
				self.permitted(*suite)
			},
			Call::mark_entered_in_error { record } => require(self.kept_by(own, record)?.in_force, "Ehr.WrongState"),
			Call::settle_deposit { record, version } => {
				let known = self.kept_by(own, record)?;
				require((1..=known.version).contains(version), "Ehr.NotFound")?;
				require(self.owed.contains_key(&(*record, *version)), "Ehr.WrongState")
			},
			Call::open_log { kind } => {
				self.pays(own)?;
				require(!self.logs.contains_key(&(own, *kind)), "Ehr.AlreadyExists")
			},
			Call::checkpoint { kind, new_root, new_size, consistency_proof } => {
				let head = LogHead { size: *new_size, root: *new_root };
				self.judge_checkpoint(own, (own, *kind), &head, consistency_proof)
			},
			Call::checkpoint_for { custodian, kind, new_root, new_size, consistency_proof } => {
				let head = LogHead { size: *new_size, root: *new_root };
				self.judge_checkpoint(own, (*custodian, *kind), &head, consistency_proof)
			},
			Call::renew_log { .. } => self.judge_renewal(own, call),
			_ => self.judge_keeper(who, own, call),
		}
	}

	fn judge_checkpoint(&self, own: OrgId, log: (OrgId, LogKind), head: &LogHead, path: &[Hash]) -> Rules {
		require(self.answers_for(own, log.0), "Ehr.NotAuthorised")?;
		let log = self.logs.get(&log).ok_or(Verdict::Fails("Ehr.NotFound"))?;
		require(log.head != *head, "Ehr.AlreadyExists")?;
		require(log.head.size <= head.size, "Ehr.LogShrinks")?;
		require(log.head.size < head.size, "Ehr.ForkedHead")?;
		require(head.size <= MAX_LOG_SIZE, "Ehr.TooManyEntries")?;
		// Anything grows from nothing.
		let grows = if log.head.size == 0 { path.is_empty() } else { log.is_own(head, path) };
		require(grows, "Ehr.InvalidProof")
	}

	pub(super) fn kept_by(&self, own: OrgId, record: &RecordId) -> Result<&Record, Verdict> {
		let known = self.records.get(record).ok_or(Verdict::Fails("Ehr.NotFound"))?;
		require(self.answers_for(own, known.custodian), "Ehr.NotAuthorised")?;
		Ok(known)
	}

	/// An organisation that owes deposits begins nothing new.
	fn pays(&self, custodian: OrgId) -> Rules {
		require(!self.debtors().any(|debtor| debtor == custodian), "Ehr.DepositOwed")
	}

	pub(super) fn learn_ehr(&mut self, actor: &Actor, call: &Call<Runtime>) {
		self.learn_renewal(call);
		let Actor::Signed { who, .. } = actor else { return self.learn_suite(call) };
		self.learn_life(who, call);
		let Some(custodian) = self.member(who).map(|membership| membership.organisation) else { return };
		match call {
			Call::anchor { record, link, .. } => {
				self.records.insert(*record, Record { custodian, version: 1, in_force: true, link: *link });
				let concerned = self.subjects.keys().find(|subject| *link == Some(link_of(record, subject)));
				self.concerned.extend(concerned.map(|subject| (*record, *subject)));
			},
			Call::amend { record, .. } => {
				self.records.entry(*record).and_modify(|known| known.version += 1);
			},
			Call::mark_entered_in_error { record } => {
				self.records.entry(*record).and_modify(|known| known.in_force = false);
			},
			Call::settle_deposit { record, version } => {
				self.owed.remove(&(*record, *version));
			},
			Call::open_log { kind } => {
				self.logs.insert((custodian, *kind), Log::open());
			},
			Call::checkpoint { kind, new_root, new_size, .. } => {
				self.learn_checkpoint((custodian, *kind), LogHead { size: *new_size, root: *new_root });
			},
			Call::checkpoint_for { custodian, kind, new_root, new_size, .. } => {
				self.learn_checkpoint((*custodian, *kind), LogHead { size: *new_size, root: *new_root });
			},
			_ => (),
		}
	}

	fn learn_checkpoint(&mut self, log: (OrgId, LogKind), head: LogHead) {
		self.logs.entry(log).and_modify(|log| {
			log.head = head;
			log.checkpoints += 1;
			log.made.push(log.head.size);
		});
	}
}
