// SPDX-License-Identifier: Apache-2.0
//! What must hold of renewals and of trees.

use crate::{Checkpoint, Checkpoints, Config, LogRenewals, LogStateOf, Logs, Pallet, Renewals, Trees};
use alloc::{collections::BTreeMap, vec::Vec};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind, SuiteStatus},
	ids::OrgId,
	renewal::TreeSuite,
};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(super) fn try_renewals() -> Result<(), TryRuntimeError> {
		for (custodian, kind, renewals) in Renewals::<T>::iter() {
			ensure!(!renewals.is_empty(), "a list of renewals without any");
			let log = Logs::<T>::get(custodian, kind).ok_or("renewal without its log")?;
			Self::try_renewals_of(&log, &renewals, &Self::kept_heads(custodian, kind))?;
		}
		Ok(())
	}

	/// The checkpoints of a log that are kept, by size.
	fn kept_heads(custodian: OrgId, kind: LogKind) -> BTreeMap<u64, Checkpoint> {
		let kept = Checkpoints::<T>::iter_prefix_values((custodian, kind));
		kept.map(|checkpoint| (checkpoint.head.size, checkpoint)).collect()
	}

	fn try_renewals_of(
		log: &LogStateOf<T>,
		renewals: &LogRenewals,
		kept: &BTreeMap<u64, Checkpoint>,
	) -> Result<(), TryRuntimeError> {
		for renewal in renewals {
			ensure!(renewal.tree != TreeSuite::Sha256, "a log renewed under its own tree");
			let LogHead { size, .. } = renewal.head;
			ensure!(size > 0 && size <= log.newest.head.size, "a renewal of entries that are not there");
			let in_order = renewal.checkpointed_at <= renewal.at && renewal.at <= Self::now();
			ensure!(in_order, "a renewal before its checkpoint, or of the future");
			if let Some(checkpoint) = kept.get(&size) {
				let same = checkpoint.head == renewal.head && checkpoint.at == renewal.checkpointed_at;
				ensure!(same, "a renewal of another log than that of the checkpoint");
			}
		}
		let pairs = || renewals.iter().zip(renewals.iter().skip(1));
		ensure!(pairs().all(|(old, new)| old.at <= new.at), "a renewal is older than the one before");
		for tree in TreeSuite::ALL {
			let of_tree = renewals.iter().filter(|renewal| renewal.tree == tree);
			let sizes = of_tree.map(|renewal| renewal.head.size).collect::<Vec<_>>();
			let grow = sizes.iter().zip(sizes.iter().skip(1)).all(|(old, new)| old < new);
			ensure!(grow, "a renewal does not cover more than before");
		}
		Ok(())
	}

	pub(super) fn try_trees() -> Result<(), TryRuntimeError> {
		Trees::<T>::iter_values().try_for_each(|status| Self::try_status(status))?;
		let usable = |tree: &TreeSuite| !Trees::<T>::get(tree).is_forbidden();
		ensure!(TreeSuite::ALL.iter().any(usable), "no tree is left");
		Ok(())
	}

	/// What the consortium said about a suite or a tree.
	pub(super) fn try_status(status: SuiteStatus) -> Result<(), TryRuntimeError> {
		let now = Self::now();
		ensure!(
			match status {
				SuiteStatus::Active => false,
				SuiteStatus::Deprecated { since } => since <= now,
				SuiteStatus::Forbidden { since, deprecated } => deprecated <= since && since <= now,
			},
			"a suite's status is the default or of the future"
		);
		Ok(())
	}
}
