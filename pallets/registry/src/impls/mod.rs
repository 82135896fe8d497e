// SPDX-License-Identifier: Apache-2.0
//! What the calls do, by subject, and the answers to questions.

mod issuers;
mod keys;
mod licences;
mod members;
mod organisations;
mod pages;
mod questions;
mod seam;
mod state;
mod successions;

use crate::{
	types::{ApplicationRecordOf, LicenceRecordOf, MemberRecordOf, OrganisationRecordOf},
	Config, Error, Pallet,
};
use epidaurus_primitives::moment::Moment;
use frame_support::{
	ensure,
	traits::{Footprint, Time},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	/// The block's time.
	pub fn now() -> Moment {
		Moment(T::Time::now())
	}

	/// Refuses a moment that somebody chose and nobody could write down: answers in text would not be readable.
	pub(crate) fn ensure_on_calendar<const COUNT: usize>(moments: [Option<Moment>; COUNT]) -> DispatchResult {
		ensure!(moments.into_iter().flatten().all(Moment::is_on_calendar), Error::<T>::BeyondCalendar);
		Ok(())
	}

	/// What an application takes in storage.
	pub fn application_footprint() -> Footprint {
		Footprint::from_mel::<ApplicationRecordOf<T>>()
	}

	/// What an organisation takes in storage.
	pub fn organisation_footprint() -> Footprint {
		Footprint::from_mel::<OrganisationRecordOf<T>>()
	}

	/// What a member takes in storage.
	pub fn member_footprint() -> Footprint {
		Footprint::from_mel::<MemberRecordOf<T>>()
	}

	/// What a licence takes in storage.
	pub fn licence_footprint() -> Footprint {
		Footprint::from_mel::<LicenceRecordOf<T>>()
	}

	/// Rules across the constants of the configuration.
	#[cfg(feature = "std")]
	pub(crate) fn check_config() {
		use epidaurus_primitives::ids::OrgId;
		use frame_support::traits::Get;

		assert!(T::MaxOrganisations::get() > 0, "a council without a seat decides nothing");
		assert!(T::MaxLicencesPerHolder::get() > 0, "nobody could be licensed");
		assert!(T::MaxFreePerBlock::get() > 0, "restrictive calls would be refused");
		let [first, second, last] = [0, 1, u32::MAX].map(|id| OrgId(id).sovereign_account::<T::AccountId>());
		assert!(first != second && second != last, "account ids are too short for sovereign accounts");
		assert!(![first, second, last].contains(&T::ConsortiumAccount::get()), "the consortium is no organisation");
	}
}
