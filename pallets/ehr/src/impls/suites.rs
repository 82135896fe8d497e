// SPDX-License-Identifier: Apache-2.0
//! Hash suites: how far the consortium trusts them.

use crate::{Config, Error, Event, Pallet, Suites};
use alloc::vec::Vec;
use epidaurus_primitives::{ehr::SuiteStatus, hash::HashSuite, views::SuiteView};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Refuses a suite under which nothing new may be committed.
	pub(super) fn ensure_permitted(suite: HashSuite) -> Result<(), DispatchError> {
		ensure!(!Suites::<T>::get(suite).is_forbidden(), Error::<T>::SuiteForbidden);
		Ok(())
	}

	pub(crate) fn do_deprecate_suite(suite: HashSuite) -> DispatchResult {
		Self::change_suite(suite, |status| status.deprecated(Self::now()))?;
		Self::deposit_event(Event::SuiteDeprecated { suite });
		Ok(())
	}

	pub(crate) fn do_forbid_suite(suite: HashSuite) -> DispatchResult {
		Self::change_suite(suite, |status| status.forbidden(Self::now()))?;
		Self::deposit_event(Event::SuiteForbidden { suite });
		Ok(())
	}

	fn change_suite(suite: HashSuite, step: impl FnOnce(SuiteStatus) -> Option<SuiteStatus>) -> DispatchResult {
		let status = step(Suites::<T>::get(suite)).ok_or(Error::<T>::WrongState)?;
		Suites::<T>::insert(suite, status);
		Ok(())
	}

	/// Every suite with how far it may be trusted today.
	pub fn suites() -> Vec<SuiteView> {
		HashSuite::ALL.into_iter().map(|suite| SuiteView { suite, status: Suites::<T>::get(suite) }).collect()
	}
}
