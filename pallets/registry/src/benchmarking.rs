// SPDX-License-Identifier: Apache-2.0
//! Every call and the extension at its worst: full lists, spans to be written, deposits to be moved, an account whose
//! membership elsewhere has run out.

use crate::{
	extension::CheckMember,
	genesis::{GenesisMember, GenesisOrganisation},
	timeline::Timeline,
	types::{Holding, IssuerKey, IssuerRecord, LicenceListOf, LicenceRecord, Term},
	Applications, BalanceOf, Call, Config, Event, Holdings, Issuers, LicenceCount, Licences, LicencesOf, Members,
	NextLicence, NextOrganisation, Organisations, Pallet,
};
use alloc::vec;
use epidaurus_primitives::{
	gln::{check_digit, Gln},
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{Capability, Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles},
};
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::{DispatchInfo, GetDispatchInfo},
	pallet_prelude::TransactionSource,
	traits::{
		fungible::{Inspect, Mutate},
		Consideration, EnsureOrigin, Get, IsSubType,
	},
};
use frame_system::RawOrigin;
use sp_runtime::traits::{AsSystemOriginSigner, Dispatchable, TransactionExtension, TxBaseImplication};

/// What the runtime does for these benchmarks.
pub trait BenchmarkHelper {
	/// Sets the time that [`Config::Time`] tells.
	fn set_time(now: Moment);
}

const SETUP: Moment = Moment(1_000_000);
const NOW: Moment = Moment(2_000_000);
const LATER: Moment = Moment(9_000_000);
const COUNTRY: Jurisdiction = Jurisdiction::country(*b"ZZ");
/// Found only through its country: two reads.
const PLACE: Jurisdiction = Jurisdiction { country: *b"ZZ", subdivision: Some(*b"BEN") };
/// Personal, since members are the longer keys.
const CAPABILITY: Capability = Capability::Prescribe;
/// Ids that no chain reaches while it is benchmarked.
const FOREIGN: u32 = 1_000_000;

/// A sponsor without history, and an admitted organisation with deposits, members and a recognition.
struct World<T: Config> {
	sponsor: OrgId,
	sponsor_head: T::AccountId,
	organisation: OrgId,
	head: T::AccountId,
	/// Of the organisation, with every role.
	officer: T::AccountId,
	/// Of the sponsor, run out when the call is made.
	expired: T::AccountId,
}

fn gln(number: u32) -> Gln {
	let mut digits = *b"9990000000000";
	let mut rest = number;
	for place in (3..12).rev() {
		digits[place] = b'0' + u8::try_from(rest % 10).unwrap();
		rest /= 10;
	}
	digits[12] = check_digit(&digits[..12]).unwrap();
	Gln(digits)
}

fn fund<T: Config>(organisation: OrgId) {
	let sovereign = organisation.sovereign_account();
	for _ in 0..4 {
		T::ApplicationConsideration::ensure_successful(&sovereign, Pallet::<T>::application_footprint());
		T::OrganisationConsideration::ensure_successful(&sovereign, Pallet::<T>::organisation_footprint());
		T::MemberConsideration::ensure_successful(&sovereign, Pallet::<T>::member_footprint());
		T::LicenceConsideration::ensure_successful(&sovereign, Pallet::<T>::licence_footprint());
	}
}

fn found<T: Config>(controller: T::AccountId, members: alloc::vec::Vec<GenesisMember<T::AccountId>>) -> OrgId {
	let gln = Some(gln(NextOrganisation::<T>::get().0));
	let class = OrganisationClass::Regulator;
	let founder = GenesisOrganisation { class, gln, jurisdiction: COUNTRY, controller, members };
	Pallet::<T>::found(&founder).unwrap()
}

fn apply<T: Config>(sponsor_head: &T::AccountId, controller: &T::AccountId) -> OrgId {
	let organisation = NextOrganisation::<T>::get();
	let gln = Some(gln(organisation.0));
	let class = OrganisationClass::Provider;
	Pallet::<T>::do_apply(sponsor_head.clone(), controller.clone(), class, gln, COUNTRY).unwrap();
	fund::<T>(organisation);
	organisation
}

impl<T: Config> World<T> {
	fn new() -> Self {
		T::BenchmarkHelper::set_time(SETUP);
		let sponsor_head: T::AccountId = account("sponsor", 0, 0);
		let sponsor = found::<T>(sponsor_head.clone(), vec![]);
		fund::<T>(sponsor);
		let expired: T::AccountId = account("expired", 0, 0);
		let soon = Some(Moment(SETUP.0 + 1));
		Pallet::<T>::do_add_member(sponsor_head.clone(), expired.clone(), Roles::GRANTABLE, soon).unwrap();
		let (head, officer): (T::AccountId, T::AccountId) = (account("head", 0, 0), account("officer", 0, 0));
		let organisation = apply::<T>(&sponsor_head, &head);
		Pallet::<T>::do_admit_organisation(organisation).unwrap();
		Pallet::<T>::do_add_member(head.clone(), officer.clone(), Roles::GRANTABLE, None).unwrap();
		Pallet::<T>::do_recognise_issuer(issuer_key(organisation)).unwrap();
		T::BenchmarkHelper::set_time(NOW);
		Self { sponsor, sponsor_head, organisation, head, officer, expired }
	}

	/// A licence of the organisation, issued before, with its deposit.
	fn licence(&self) -> LicenceId {
		T::BenchmarkHelper::set_time(SETUP);
		let licence = NextLicence::<T>::get();
		let (holder, scope) = (Holder::Organisation(self.sponsor), LicenceScope::All);
		let until = (None, Some(Moment(LATER.0 - 1)));
		Pallet::<T>::do_issue_licence(self.officer.clone(), holder, CAPABILITY, PLACE, scope, until).unwrap();
		T::BenchmarkHelper::set_time(NOW);
		licence
	}

	fn status(&self) -> OrganisationStatus {
		Organisations::<T>::get(self.organisation).unwrap().status.state
	}
}

fn issuer_key(organisation: OrgId) -> IssuerKey {
	IssuerKey { organisation, capability: CAPABILITY, jurisdiction: COUNTRY }
}

fn consortium<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::ConsortiumOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// Fills a holder's list with licences of as many issuers, all of which have to be read; only the last one has the
/// status asked for, all others are suspended.
fn fill_list<T: Config>(holder: Holder<T::AccountId>, capability: Capability, last: LicenceStatus) {
	let since = Moment(0);
	let mut list = LicenceListOf::<T>::default();
	while !list.is_full() {
		let licence = NextLicence::<T>::get();
		NextLicence::<T>::put(LicenceId(licence.0 + 1));
		let number = LicenceCount::<T>::get(&holder);
		LicenceCount::<T>::insert(&holder, number + 1);
		LicencesOf::<T>::insert(&holder, number, licence);
		list.try_push(licence).unwrap();
		let status = if list.is_full() { last } else { LicenceStatus::Suspended };
		let issuer = OrgId(FOREIGN + licence.0);
		let key = IssuerKey { organisation: issuer, capability, jurisdiction: COUNTRY };
		let recognised = Timeline::new(true, since);
		Issuers::<T>::insert(key, IssuerRecord { recognised, distrusted_from: None });
		let term = Timeline::new(Term { status, status_since: since, until: None }, since);
		let record = LicenceRecord {
			holder: holder.clone(),
			capability,
			jurisdiction: COUNTRY,
			scope: LicenceScope::All,
			issuer,
			authority: COUNTRY,
			issued_at: since,
			from: since,
			term,
			distrusted_from: None,
			ticket: None,
		};
		Licences::<T>::insert(licence, record);
	}
	Holdings::<T>::insert(Holding { holder, capability }, Timeline::new(list, since));
}

/// Makes the account a member with every role of an active organisation, licensed by the last entry of a full list.
pub(crate) fn enrol<T: Config>(who: &T::AccountId, capability: Capability) -> OrgId {
	let member = GenesisMember { account: who.clone(), roles: Roles::GRANTABLE, until: None };
	let organisation = found::<T>(account("controller", NextOrganisation::<T>::get().0, 0), vec![member]);
	fund::<T>(organisation);
	fill_list::<T>(Holder::Organisation(organisation), capability, LicenceStatus::Active);
	if capability.is_personal() {
		fill_list::<T>(Holder::Member(who.clone()), capability, LicenceStatus::Active);
	}
	organisation
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
		let caller = RawOrigin::Signed(world.sponsor_head);

		#[extrinsic_call]
		_(caller, controller, class, Some(gln(organisation.0)), PLACE);

		assert_last_event::<T>(Event::OrganisationApplied { organisation, sponsor: world.sponsor });
	}

	#[benchmark]
	fn withdraw_application() {
		let world = World::<T>::new();
		let organisation = super::apply::<T>(&world.sponsor_head, &account("newcomer", 0, 0));

		#[extrinsic_call]
		_(RawOrigin::Signed(world.sponsor_head), organisation);

		assert!(!Applications::<T>::contains_key(organisation));
	}

	#[benchmark]
	fn admit_organisation() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let organisation = super::apply::<T>(&world.sponsor_head, &world.expired);
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
		let organisation = super::apply::<T>(&world.sponsor_head, &account("newcomer", 0, 0));
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
		Pallet::<T>::do_change_status(world.organisation, OrganisationStatus::Suspended)?;
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

		let issuer = world.organisation;
		assert_last_event::<T>(Event::LicenceIssued { licence, holder, capability: CAPABILITY, issuer });
		assert!(Licences::<T>::get(ended).unwrap().ticket.is_none());
	}

	#[benchmark]
	fn renew_licence() {
		let world = World::<T>::new();
		let licence = world.licence();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence, Some(LATER));

		assert_last_event::<T>(Event::LicenceRenewed { licence, until: Some(LATER) });
	}

	#[benchmark]
	fn suspend_licence() {
		let world = World::<T>::new();
		let licence = world.licence();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence);

		assert_last_event::<T>(Event::LicenceSuspended { licence });
	}

	#[benchmark]
	fn reinstate_licence() -> Result<(), BenchmarkError> {
		let world = World::<T>::new();
		let licence = world.licence();
		Pallet::<T>::do_suspend_licence(world.officer.clone(), licence)?;
		T::BenchmarkHelper::set_time(Moment(NOW.0 + 1));

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence);

		assert_last_event::<T>(Event::LicenceReinstated { licence });
		Ok(())
	}

	#[benchmark]
	fn revoke_licence() {
		let world = World::<T>::new();
		let licence = world.licence();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence);

		assert_last_event::<T>(Event::LicenceRevoked { licence });
	}

	#[benchmark]
	fn distrust_licence() {
		let world = World::<T>::new();
		let licence = world.licence();

		#[extrinsic_call]
		_(RawOrigin::Signed(world.officer.clone()), licence, SETUP);

		assert_last_event::<T>(Event::LicenceDistrusted { licence, from: SETUP });
	}

	#[benchmark]
	fn add_member() {
		let world = World::<T>::new();
		let (organisation, member) = (world.organisation, world.expired.clone());
		let (roles, until) = (Roles::GRANTABLE, Some(LATER));

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()), member.clone(), roles, until);

		assert_last_event::<T>(Event::MemberAdded { organisation, member, roles, until });
	}

	#[benchmark]
	fn change_member() {
		let world = World::<T>::new();
		let (organisation, member) = (world.organisation, world.officer.clone());
		let (roles, until) = (Roles::RECORDS, Some(LATER));

		#[extrinsic_call]
		_(RawOrigin::Signed(world.head.clone()), member.clone(), roles, until);

		assert_last_event::<T>(Event::MemberChanged { organisation, member, roles, until });
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
	fn check_member() {
		let world = World::<T>::new();
		let call: T::RuntimeCall = Call::<T>::suspend_licence { licence: LicenceId(0) }.into();
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

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::genesis(Default::default()).build(), crate::mock::Test,);
}
