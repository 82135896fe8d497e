// SPDX-License-Identifier: Apache-2.0
//! Every call and the extension at its worst: full lists, spans to be written, deposits to be moved, an account whose
//! membership elsewhere has run out.

mod world;

use crate::{
	extension::CheckMember, Applications, BalanceOf, Call, Config, Event, Issuers, Licences, Lines, Members,
	NextLicence, NextOrganisation, Organisations, Pallet, Successions, Tallies,
};
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	moment::Moment,
	registry::{Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles, MAX_HANDOVERS},
};
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::{DispatchInfo, GetDispatchInfo},
	pallet_prelude::TransactionSource,
	traits::{
		fungible::{Inspect, Mutate},
		Consideration, Get, IsSubType,
	},
};
use frame_system::RawOrigin;
use sp_runtime::traits::{AsSystemOriginSigner, Dispatchable, TransactionExtension, TxBaseImplication};
use world::*;

pub(crate) use world::{enrol, succeed};

/// What the runtime does for these benchmarks.
pub trait BenchmarkHelper {
	/// Sets the time that [`Config::Time`] tells.
	fn set_time(now: Moment);
}

fn assert_last_event<T: Config>(event: Event<T>) {
	frame_system::Pallet::<T>::assert_last_event(event.into());
}

#[benchmarks(where
	T: Send + Sync,
	T::RuntimeCall: Dispatchable<Info = DispatchInfo> + GetDispatchInfo + IsSubType<Call<T>> + From<Call<T>>,
	T::RuntimeOrigin: AsSystemOriginSigner<T::AccountId>,
)]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn apply() {
		let world = World::<T>::new();
		let organisation = NextOrganisation::<T>::get();
		let (controller, class) = (account("newcomer", 0, 0), OrganisationClass::Provider);
		let caller = RawOrigin::Signed(world.sponsor_head.clone());

		#[extrinsic_call]
		_(caller, controller, class, Some(gln(organisation.0)), PLACE);

		let (sponsor, by) = (world.sponsor, world.sponsor_head);
		assert_last_event::<T>(Event::OrganisationApplied { organisation, sponsor, by });
	}

	#[benchmark]
	fn withdraw_application() {
		let world = World::<T>::new();
		let organisation = world::apply::<T>(&world.sponsor_head, &account("newcomer", 0, 0));

		#[extrinsic_call]
		_(RawOrigin::Signed(world.sponsor_head), organisation);

		assert!(!Applications::<T>::contains_key(organisation));
	}

	#[benchmark]
	fn admit_organisation() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let organisation = world::apply::<T>(&world.sponsor_head, &world.expired);
		T::BenchmarkHelper::set_time(LATER);
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, organisation);

		assert_last_event::<T>(Event::OrganisationAdmitted { organisation });
		Ok(())
	}

	#[benchmark]
	fn refuse_application() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let organisation = world::apply::<T>(&world.sponsor_head, &account("newcomer", 0, 0));
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, organisation);

		assert!(!Applications::<T>::contains_key(organisation));
		Ok(())
	}

	#[benchmark]
	fn suspend_organisation() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, world.organisation);

		assert_eq!(world.status(), OrganisationStatus::Suspended);
		Ok(())
	}

	#[benchmark]
	fn reinstate_organisation() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		Pallet::<T>::do_suspend_organisation(world.organisation)?;
		T::BenchmarkHelper::set_time(LATER);
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, world.organisation);

		assert_eq!(world.status(), OrganisationStatus::Active);
		Ok(())
	}

	#[benchmark]
	fn expel_organisation() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, world.organisation);

		assert_eq!(world.status(), OrganisationStatus::Expelled);
		Ok(())
	}

	#[benchmark]
	fn leave() {
		let world = World::<T>::new();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()));

		assert_eq!(world.status(), OrganisationStatus::Left);
	}

	#[benchmark]
	fn rotate_controller() {
		let world = World::<T>::new();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()), world.expired.clone());

		assert_eq!(Organisations::<T>::get(world.organisation).unwrap().controller, world.expired);
	}

	#[benchmark]
	fn replace_controller() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, world.organisation, world.expired.clone());

		assert_eq!(Organisations::<T>::get(world.organisation).unwrap().controller, world.expired);
		Ok(())
	}

	#[benchmark]
	fn recognise_issuer() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		Pallet::<T>::do_withdraw_issuer(issuer_key(world.organisation))?;
		T::BenchmarkHelper::set_time(LATER);
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, world.organisation, CAPABILITY, COUNTRY);

		assert!(Issuers::<T>::get(issuer_key(world.organisation)).unwrap().recognised.state);
		Ok(())
	}

	#[benchmark]
	fn withdraw_issuer() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, world.organisation, CAPABILITY, COUNTRY);

		assert!(!Issuers::<T>::get(issuer_key(world.organisation)).unwrap().recognised.state);
		Ok(())
	}

	#[benchmark]
	fn distrust_issuer() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, world.organisation, CAPABILITY, COUNTRY, SETUP);

		assert_eq!(Issuers::<T>::get(issuer_key(world.organisation)).unwrap().distrusted_from, Some(SETUP));
		Ok(())
	}

	#[benchmark]
	fn issue_licence() {
		let world = World::<T>::new();
		let holder = Holder::Member(world.officer.clone());
		fill_list::<T>(holder.clone(), CAPABILITY, LicenceStatus::Revoked);
		// The one that makes room has run out, so that its deposit goes back.
		let ended = LicenceId(NextLicence::<T>::get().0 - 1);
		Licences::<T>::mutate(ended, |slot| {
			let record = slot.as_mut().unwrap();
			let sovereign = record.issuer.sovereign_account();
			fund::<T>(record.issuer);
			let footprint = Pallet::<T>::licence_footprint();
			record.ticket = Some(T::LicenceConsideration::new(&sovereign, footprint).unwrap());
		});
		let licence = NextLicence::<T>::get();
		let caller = RawOrigin::Signed(world.officer.clone());

		#[extrinsic_call]
		_(caller, holder.clone(), CAPABILITY, PLACE, LicenceScope::Site(gln(7)), Some(NOW), Some(LATER));

		let (issuer, by) = (world.organisation, world.officer);
		assert_last_event::<T>(Event::LicenceIssued { licence, holder, capability: CAPABILITY, issuer, by });
		assert!(Licences::<T>::get(ended).unwrap().ticket.is_none());
	}

	#[benchmark]
	fn renew_licence() {
		let world = World::<T>::new();
		let licence = world.licence();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence, Some(LATER));

		assert_last_event::<T>(Event::LicenceRenewed { licence, until: Some(LATER), by: world.officer });
	}

	#[benchmark]
	fn suspend_licence() {
		let world = World::<T>::new();
		let licence = world.licence();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence);

		assert_last_event::<T>(Event::LicenceSuspended { licence, by: world.officer });
	}

	#[benchmark]
	fn reinstate_licence() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let licence = world.licence();
		Pallet::<T>::do_suspend_licence(world.officer.clone(), licence)?;
		T::BenchmarkHelper::set_time(Moment(NOW.0 + 1));

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence);

		assert_last_event::<T>(Event::LicenceReinstated { licence, by: world.officer });
		Ok(())
	}

	#[benchmark]
	fn revoke_licence() {
		let world = World::<T>::new();
		let licence = world.licence();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence);

		assert_last_event::<T>(Event::LicenceRevoked { licence, by: world.officer });
	}

	#[benchmark]
	fn distrust_licence() {
		let world = World::<T>::new();
		let licence = world.licence();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence, SETUP);

		assert_last_event::<T>(Event::LicenceDistrusted { licence, from: SETUP, by: world.officer });
	}

	#[benchmark]
	fn add_member() {
		let world = World::<T>::new();
		let (organisation, member) = (world.organisation, world.expired.clone());
		let (roles, until) = (Roles::GRANTABLE, Some(LATER));

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()), member.clone(), roles, until);

		assert_last_event::<T>(Event::MemberAdded { organisation, member, roles, until, by: world.head });
	}

	#[benchmark]
	fn change_member() {
		let world = World::<T>::new();
		let (organisation, member) = (world.organisation, world.officer.clone());
		let (roles, until) = (Roles::RECORDS, Some(LATER));

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()), member.clone(), roles, until);

		assert_last_event::<T>(Event::MemberChanged { organisation, member, roles, until, by: world.head });
	}

	#[benchmark]
	fn remove_member() {
		let world = World::<T>::new();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()), world.officer.clone());

		assert!(Members::<T>::get(&world.officer).unwrap().membership.state.is_none());
	}

	#[benchmark]
	fn resign() {
		let world = World::<T>::new();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()));

		assert!(Members::<T>::get(&world.officer).unwrap().membership.state.is_none());
	}

	#[benchmark]
	fn allot() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let amount: BalanceOf<T> = T::Currency::minimum_balance();
		T::Currency::set_balance(&T::ConsortiumAccount::get(), amount * 10u32.into());
		let organisation = OrgId(FOREIGN);
		Organisations::<T>::insert(organisation, Organisations::<T>::get(world.organisation).unwrap());
		let origin = consortium::<T>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, organisation, amount);

		assert_eq!(T::Currency::balance(&organisation.sovereign_account()), amount);
		Ok(())
	}

	#[benchmark]
	fn fund_member() {
		let world = World::<T>::new();
		let amount: BalanceOf<T> = T::Currency::minimum_balance();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()), world.officer.clone(), amount);

		assert_eq!(T::Currency::balance(&world.officer), amount);
	}

	#[benchmark]
	fn offer_succession() {
		let world = World::<T>::new();
		let (predecessor, (successor, _)) = (world.organisation, world.heir());

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()), predecessor, successor);

		assert_last_event::<T>(Event::SuccessionOffered { predecessor, successor, by: Some(world.head) });
	}

	#[benchmark]
	fn withdraw_succession() {
		let world = World::<T>::new();
		let (predecessor, (successor, _)) = (world.organisation, world.heir());
		Pallet::<T>::do_offer_succession(None, predecessor, successor).unwrap();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()), predecessor);

		assert!(!Successions::<T>::contains_key(predecessor));
	}

	#[benchmark]
	fn decline_succession() {
		let world = World::<T>::new();
		let (predecessor, (successor, head)) = (world.organisation, world.heir());
		Pallet::<T>::do_offer_succession(None, predecessor, successor).unwrap();

		#[extrinsic_call]
		_(RawOrigin::Signed(head), predecessor);

		assert!(!Successions::<T>::contains_key(predecessor));
	}

	/// Worst where both have taken over before.
	#[benchmark]
	fn accept_succession() {
		let world = World::<T>::new();
		let (predecessor, (successor, head)) = (world.organisation, world.heir());
		Lines::<T>::insert(predecessor, MAX_HANDOVERS - 1);
		Lines::<T>::insert(successor, 1);
		Pallet::<T>::do_offer_succession(None, predecessor, successor).unwrap();

		#[extrinsic_call]
		_(RawOrigin::Signed(head.clone()), predecessor, HANDOVER);

		assert_last_event::<T>(Event::SuccessionAccepted { predecessor, successor, handover: HANDOVER, by: head });
		assert_eq!(Lines::<T>::get(successor), MAX_HANDOVERS);
	}

	#[benchmark]
	fn check_member() {
		let world = World::<T>::new();
		// Not a free one: counting these is measured apart.
		let call: T::RuntimeCall = Call::<T>::reinstate_licence { licence: LicenceId(0) }.into();
		let info = call.get_dispatch_info();
		let origin: T::RuntimeOrigin = RawOrigin::Signed(world.officer).into();
		let (extension, implication) = (CheckMember::<T>::new(), TxBaseImplication(()));
		let valid;

		#[block]
		{
			valid = extension.validate(origin, &call, &info, 0, (), &implication, TransactionSource::External);
		}

		assert!(valid.is_ok());
	}

	#[benchmark]
	fn count_free_call() {
		let world = World::<T>::new();
		let block = frame_system::Pallet::<T>::block_number();
		Tallies::<T>::insert(&world.officer, (block, 0));
		let has_one;

		#[block]
		{
			has_one = Pallet::<T>::has_free_call(&world.officer);
			Pallet::<T>::count_free_call(&world.officer);
		}

		assert!(has_one);
		// The measured part may run in a block of its own.
		assert_eq!(Tallies::<T>::get(&world.officer).1, 1);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::genesis(Default::default()).build(), crate::mock::Test,);
}
