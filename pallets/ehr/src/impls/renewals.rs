// SPDX-License-Identifier: Apache-2.0
//! Renewals of logs under other trees, and how far the consortium trusts trees.

use super::logs::LogId;
use crate::{CheckpointId, Checkpoints, Config, Error, Event, LogRenewals, Pallet, Renewals, Trees, LOG_TARGET};
use alloc::vec::Vec;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind, SuiteStatus},
	hash::HostBlake2b256,
	ids::OrgId,
	merkle::{empty_root, verify_consistency, Blake2Tree, Hash},
	renewal::{superseded, Renewal, TreeSuite},
	seams::Registry,
	views::TreeView,
};
use frame_support::ensure;
use sp_runtime::DispatchResult;

type SecondTree = Blake2Tree<HostBlake2b256>;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_renew_log(
		by: T::AccountId,
		(custodian, kind): LogId,
		checkpoint: CheckpointId,
		(tree, root): (TreeSuite, Hash),
		proof: &[Hash],
	) -> DispatchResult {
		let organisation = Self::ensure_duty(&by)?;
		ensure!(T::Registry::answers_for(organisation, custodian), Error::<T>::NotAuthorised);
		ensure!(tree != TreeSuite::Sha256, Error::<T>::WrongTree);
		ensure!(!Trees::<T>::get(tree).is_forbidden(), Error::<T>::SuiteForbidden);
		let CheckpointId { number, size } = checkpoint;
		let found = Checkpoints::<T>::get((custodian, kind, number)).filter(|found| found.head.size == size);
		let found = found.ok_or(Error::<T>::NotFound)?;
		let renewal = Renewal { head: found.head, checkpointed_at: found.at, tree, root, at: Self::now() };
		Renewals::<T>::try_mutate(custodian, kind, |renewals| Self::add_renewal(renewals, renewal, proof))?;
		Self::deposit_event(Event::LogRenewed { custodian, kind, by, tree, size, root });
		Ok(())
	}

	fn add_renewal(renewals: &mut LogRenewals, new: Renewal, proof: &[Hash]) -> Result<(), Error<T>> {
		let newest = renewals.iter().rev().find(|renewal| renewal.tree == new.tree);
		let old = newest.map(Renewal::renewed_head);
		let old = old.unwrap_or_else(|| LogHead { size: 0, root: empty_root::<SecondTree>() });
		Self::ensure_covers(&old, &new.renewed_head(), proof)?;
		if renewals.is_full() {
			let place = superseded(renewals, &new, Trees::<T>::get(TreeSuite::Sha256));
			renewals.remove(place.ok_or(Error::<T>::TooManyActs)?);
		}
		renewals.try_push(new).map_err(|_| Error::<T>::TooManyActs)
	}

	/// Refuses a renewal that is not the renewed log before with something appended.
	fn ensure_covers(old: &LogHead, new: &LogHead, proof: &[Hash]) -> Result<(), Error<T>> {
		ensure!(new != old, Error::<T>::AlreadyExists);
		ensure!(new.size >= old.size, Error::<T>::LogShrinks);
		ensure!(new.size > old.size, Error::<T>::ForkedHead);
		verify_consistency::<SecondTree>(old.size, &old.root, new.size, &new.root, proof).map_err(|error| {
			log::debug!(target: LOG_TARGET, "consistency proof of a renewal refused: {error}");
			Error::<T>::InvalidProof
		})
	}

	pub(crate) fn do_deprecate_tree(tree: TreeSuite) -> DispatchResult {
		Self::change_tree(tree, |status| status.deprecated(Self::now()))?;
		Self::deposit_event(Event::TreeDeprecated { tree });
		Ok(())
	}

	pub(crate) fn do_forbid_tree(tree: TreeSuite) -> DispatchResult {
		let mut others = TreeSuite::ALL.into_iter().filter(|other| *other != tree);
		let left = others.any(|other| Trees::<T>::get(other) == SuiteStatus::Active);
		ensure!(left, Error::<T>::LastTree);
		Self::change_tree(tree, |status| status.forbidden(Self::now()))?;
		Self::deposit_event(Event::TreeForbidden { tree });
		Ok(())
	}

	fn change_tree(tree: TreeSuite, step: impl FnOnce(SuiteStatus) -> Option<SuiteStatus>) -> DispatchResult {
		let status = step(Trees::<T>::get(tree)).ok_or(Error::<T>::WrongState)?;
		Trees::<T>::insert(tree, status);
		Ok(())
	}

	/// Every tree with how far it may be trusted today.
	pub fn trees() -> Vec<TreeView> {
		TreeSuite::ALL.into_iter().map(|tree| TreeView { tree, status: Trees::<T>::get(tree) }).collect()
	}

	/// The renewals of a log, oldest first; at most
	/// [`MAX_RENEWALS`](epidaurus_primitives::renewal::MAX_RENEWALS).
	pub fn renewals(custodian: OrgId, kind: LogKind) -> Vec<Renewal> {
		Renewals::<T>::get(custodian, kind).into_inner()
	}
}
