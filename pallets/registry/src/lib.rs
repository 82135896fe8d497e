// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod extension;
pub mod genesis;
mod impls;
pub mod life;
mod sections;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use epidaurus_primitives::{registry::standing, timeline};
pub use extension::CheckMember;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

/// Organisations, members, issuers and licences of the consortium, with their standing at any past moment.
#[import_section(sections::storage::storage)]
#[import_section(sections::errors::errors)]
#[import_section(sections::events::events)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use epidaurus_primitives::{
		gln::Gln,
		hash::Commitment,
		ids::{LicenceId, OrgId},
		jurisdiction::Jurisdiction,
		moment::Moment,
		registry::{Capability, Holder, LicenceScope, OrganisationClass, OrganisationStatus, Roles},
		seams::{FreeCalls, Guests, OnVoiceChange},
	};
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{Inspect, Mutate},
			Consideration, Footprint, StorageVersion, Time,
		},
		DefaultNoBound,
	};
	use frame_system::pallet_prelude::*;
	use timeline::{Span, Timeline};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Decisions of the consortium.
		type ConsortiumOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The block's time, in milliseconds UTC.
		type Time: Time<Moment = u64>;

		/// Told when an organisation gains, loses or moves its voice, at genesis too.
		type OnVoiceChange: OnVoiceChange<Self::AccountId>;

		/// Who may transact without being a member.
		type Guests: Guests<Self::AccountId, Self::RuntimeCall>;

		/// Other pallets' calls that cost members no fee.
		type FreeCalls: FreeCalls<Self::RuntimeCall>;

		/// The consortium's token.
		type Currency: Inspect<Self::AccountId> + Mutate<Self::AccountId>;

		/// The account from which the consortium allots to its organisations.
		#[pallet::constant]
		type ConsortiumAccount: Get<Self::AccountId>;

		/// What a sponsor gives for an application, until it is decided.
		type ApplicationConsideration: Consideration<Self::AccountId, Footprint>;

		/// What an organisation gives for its own record.
		type OrganisationConsideration: Consideration<Self::AccountId, Footprint>;

		/// What an organisation gives for a member.
		type MemberConsideration: Consideration<Self::AccountId, Footprint>;

		/// What an issuer gives for a licence, until it has ended.
		type LicenceConsideration: Consideration<Self::AccountId, Footprint>;

		/// Most organisations that can take part at once, suspended ones counted: no more than the council seats.
		#[pallet::constant]
		type MaxOrganisations: Get<u32>;

		/// Most licences for one capability that a holder can have in force at once. Lowering it needs a migration.
		#[pallet::constant]
		type MaxLicencesPerHolder: Get<u32>;

		/// Milliseconds between two rotations of an organisation's controller by itself: each leaves something in storage and
		/// is free.
		#[pallet::constant]
		type RotationPause: Get<u64>;

		/// Most calls without a fee of one member in a block: what finds no room waits for the next one.
		#[pallet::constant]
		type MaxFreePerBlock: Get<u32>;

		/// Weights of the calls and of [`CheckMember`].
		type WeightInfo: WeightInfo;

		/// Moves the clock, for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper;
	}

	/// Why tokens are held on a sovereign account.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// For an application that the organisation sponsors.
		#[codec(index = 0)]
		Application,
		/// For the organisation's own record.
		#[codec(index = 1)]
		Organisation,
		/// For a member of the organisation.
		#[codec(index = 2)]
		Member,
		/// For a licence that the organisation issued.
		#[codec(index = 3)]
		Licence,
	}

	/// The consortium as it stands at launch. Its histories begin at moment 0 and it gives no deposits.
	#[pallet::genesis_config]
	#[derive(DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Active organisations; the first one gets id 0, the next one id 1, and so on.
		pub organisations: Vec<genesis::GenesisOrganisation<T::AccountId>>,
		/// Recognised issuers.
		pub issuers: Vec<genesis::GenesisIssuer>,
		/// Licences; the first one gets id 0, the next one id 1, and so on.
		pub licences: Vec<genesis::GenesisLicence<T::AccountId>>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			let built = self.try_build();
			assert!(built.is_ok(), "wrong genesis of the registry: {:?}", built.err());
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "std")]
		fn integrity_test() {
			Self::check_config();
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight = <T as Config>::WeightInfo)]
	impl<T: Config> Pallet<T> {
		/// Sponsors a newcomer, which cannot transact before it is admitted. Signed by the controller of an active
		/// organisation, whose sovereign account holds the deposit until the decision.
		#[pallet::call_index(0)]
		pub fn apply(
			origin: OriginFor<T>,
			controller: T::AccountId,
			class: OrganisationClass,
			gln: Option<Gln>,
			jurisdiction: Jurisdiction,
		) -> DispatchResult {
			Self::do_apply(ensure_signed(origin)?, controller, class, gln, jurisdiction)
		}

		/// Withdraws an application. Signed by the sponsor's controller.
		#[pallet::call_index(1)]
		#[pallet::weight((T::WeightInfo::withdraw_application(), DispatchClass::Operational, Pays::No))]
		pub fn withdraw_application(origin: OriginFor<T>, organisation: OrgId) -> DispatchResult {
			Self::do_withdraw_application(ensure_signed(origin)?, organisation)
		}

		/// Admits an applicant. Its sovereign account gives the deposits for its record and for its controller, so the
		/// consortium allots first, in the same motion. By the consortium.
		#[pallet::call_index(2)]
		pub fn admit_organisation(origin: OriginFor<T>, organisation: OrgId) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_admit_organisation(organisation)
		}

		/// Refuses an application. By the consortium.
		#[pallet::call_index(3)]
		pub fn refuse_application(origin: OriginFor<T>, organisation: OrgId) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_refuse_application(organisation)
		}

		/// Suspends an active organisation. By the consortium.
		#[pallet::call_index(4)]
		#[pallet::weight((T::WeightInfo::suspend_organisation(), DispatchClass::Operational, Pays::No))]
		pub fn suspend_organisation(origin: OriginFor<T>, organisation: OrgId) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_suspend_organisation(organisation)
		}

		/// Reinstates a suspended organisation. By the consortium.
		#[pallet::call_index(5)]
		pub fn reinstate_organisation(origin: OriginFor<T>, organisation: OrgId) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_reinstate_organisation(organisation)
		}

		/// Expels an active or suspended organisation for good. By the consortium.
		#[pallet::call_index(6)]
		#[pallet::weight((T::WeightInfo::expel_organisation(), DispatchClass::Operational, Pays::No))]
		pub fn expel_organisation(origin: OriginFor<T>, organisation: OrgId) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_expel_organisation(organisation)
		}

		/// Leaves the consortium for good. Signed by the organisation's controller.
		#[pallet::call_index(7)]
		#[pallet::weight((T::WeightInfo::leave(), DispatchClass::Operational, Pays::No))]
		pub fn leave(origin: OriginFor<T>) -> DispatchResult {
			Self::do_leave(ensure_signed(origin)?)
		}

		/// Hands control, and the membership with all its roles, to another account of the organisation or to one that is
		/// no member yet; then not again for a pause. Signed by the organisation's controller.
		#[pallet::call_index(8)]
		#[pallet::weight((T::WeightInfo::rotate_controller(), DispatchClass::Operational, Pays::No))]
		pub fn rotate_controller(origin: OriginFor<T>, new: T::AccountId) -> DispatchResult {
			Self::do_rotate_controller(ensure_signed(origin)?, new)
		}

		/// The same when the controller's key is lost or in wrong hands. By the consortium.
		#[pallet::call_index(9)]
		#[pallet::weight((T::WeightInfo::replace_controller(), DispatchClass::Operational, Pays::No))]
		pub fn replace_controller(origin: OriginFor<T>, organisation: OrgId, new: T::AccountId) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_replace_controller(organisation, new)
		}

		/// Recognises an active organisation as issuer. By the consortium.
		#[pallet::call_index(10)]
		pub fn recognise_issuer(
			origin: OriginFor<T>,
			organisation: OrgId,
			capability: Capability,
			jurisdiction: Jurisdiction,
		) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_recognise_issuer(IssuerKey { organisation, capability, jurisdiction })
		}

		/// Takes the recognition back; licences stay in force. By the consortium.
		#[pallet::call_index(11)]
		#[pallet::weight((T::WeightInfo::withdraw_issuer(), DispatchClass::Operational, Pays::No))]
		pub fn withdraw_issuer(
			origin: OriginFor<T>,
			organisation: OrgId,
			capability: Capability,
			jurisdiction: Jurisdiction,
		) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_withdraw_issuer(IssuerKey { organisation, capability, jurisdiction })
		}

		/// Takes the recognition back for good and voids what was issued or renewed from a moment on; a later moment than
		/// now counts as now, a second distrust can only be earlier. By the consortium.
		#[pallet::call_index(12)]
		#[pallet::weight((T::WeightInfo::distrust_issuer(), DispatchClass::Operational, Pays::No))]
		pub fn distrust_issuer(
			origin: OriginFor<T>,
			organisation: OrgId,
			capability: Capability,
			jurisdiction: Jurisdiction,
			from: Moment,
		) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_distrust_issuer(IssuerKey { organisation, capability, jurisdiction }, from)
		}

		/// Issues a licence, valid from a moment not before now, or from now on. Signed by a member with role LICENSING of
		/// an active organisation that is recognised for the capability there.
		#[pallet::call_index(13)]
		pub fn issue_licence(
			origin: OriginFor<T>,
			holder: Holder<T::AccountId>,
			capability: Capability,
			jurisdiction: Jurisdiction,
			scope: LicenceScope,
			from: Option<Moment>,
			until: Option<Moment>,
		) -> DispatchResult {
			Self::do_issue_licence(ensure_signed(origin)?, holder, capability, jurisdiction, scope, (from, until))
		}

		/// Puts off the end of a licence that has not ended. Signed as [`Self::issue_licence`], by the same issuer.
		#[pallet::call_index(14)]
		pub fn renew_licence(origin: OriginFor<T>, licence: LicenceId, until: Option<Moment>) -> DispatchResult {
			Self::do_renew_licence(ensure_signed(origin)?, licence, until)
		}

		/// Suspends a licence. Signed by a member with role LICENSING of the issuer, whatever has become of it.
		#[pallet::call_index(15)]
		#[pallet::weight((T::WeightInfo::suspend_licence(), DispatchClass::Operational, Pays::No))]
		pub fn suspend_licence(origin: OriginFor<T>, licence: LicenceId) -> DispatchResult {
			Self::do_suspend_licence(ensure_signed(origin)?, licence)
		}

		/// Reinstates a suspended licence. Signed as [`Self::renew_licence`].
		#[pallet::call_index(16)]
		pub fn reinstate_licence(origin: OriginFor<T>, licence: LicenceId) -> DispatchResult {
			Self::do_reinstate_licence(ensure_signed(origin)?, licence)
		}

		/// Revokes a licence for good and gives its deposit back. Signed as [`Self::suspend_licence`].
		#[pallet::call_index(17)]
		#[pallet::weight((T::WeightInfo::revoke_licence(), DispatchClass::Operational, Pays::No))]
		pub fn revoke_licence(origin: OriginFor<T>, licence: LicenceId) -> DispatchResult {
			Self::do_revoke_licence(ensure_signed(origin)?, licence)
		}

		/// Declares that acts under a licence from a moment on are not to be trusted; a later moment than now counts as
		/// now, a second distrust can only be earlier. Signed as [`Self::suspend_licence`].
		#[pallet::call_index(18)]
		#[pallet::weight((T::WeightInfo::distrust_licence(), DispatchClass::Operational, Pays::No))]
		pub fn distrust_licence(origin: OriginFor<T>, licence: LicenceId, from: Moment) -> DispatchResult {
			Self::do_distrust_licence(ensure_signed(origin)?, licence, from)
		}

		/// Makes an account a member. Signed by the organisation's controller.
		#[pallet::call_index(19)]
		pub fn add_member(
			origin: OriginFor<T>,
			member: T::AccountId,
			roles: Roles,
			until: Option<Moment>,
		) -> DispatchResult {
			Self::do_add_member(ensure_signed(origin)?, member, roles, until)
		}

		/// Changes a member's roles and expiry. Signed by the organisation's controller.
		#[pallet::call_index(20)]
		pub fn change_member(
			origin: OriginFor<T>,
			member: T::AccountId,
			roles: Roles,
			until: Option<Moment>,
		) -> DispatchResult {
			Self::do_change_member(ensure_signed(origin)?, member, roles, until)
		}

		/// Ends a membership and gives its deposit back. Signed by the organisation's controller.
		#[pallet::call_index(21)]
		#[pallet::weight((T::WeightInfo::remove_member(), DispatchClass::Operational, Pays::No))]
		pub fn remove_member(origin: OriginFor<T>, member: T::AccountId) -> DispatchResult {
			Self::do_remove_member(ensure_signed(origin)?, member)
		}

		/// Ends the signer's own membership.
		#[pallet::call_index(22)]
		#[pallet::weight((T::WeightInfo::resign(), DispatchClass::Operational, Pays::No))]
		pub fn resign(origin: OriginFor<T>) -> DispatchResult {
			Self::do_resign(ensure_signed(origin)?)
		}

		/// Gives tokens of the consortium to an organisation's sovereign account. By the consortium.
		#[pallet::call_index(23)]
		pub fn allot(origin: OriginFor<T>, organisation: OrgId, amount: BalanceOf<T>) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_allot(organisation, amount)
		}

		/// Gives tokens of the organisation's sovereign account to a member, so that it can pay fees; as many as an account
		/// needs, or more. Costs none itself: a new controller has nothing yet. Signed by the organisation's controller.
		#[pallet::call_index(24)]
		#[pallet::weight((T::WeightInfo::fund_member(), DispatchClass::Normal, Pays::No))]
		pub fn fund_member(origin: OriginFor<T>, member: T::AccountId, amount: BalanceOf<T>) -> DispatchResult {
			Self::do_fund_member(ensure_signed(origin)?, member, amount)
		}

		/// Offers the duties of an organisation to another. Signed by the controller of the one whose duties they are; or
		/// by the consortium, if that one is suspended, has left or was expelled.
		#[pallet::call_index(25)]
		pub fn offer_succession(origin: OriginFor<T>, predecessor: OrgId, successor: OrgId) -> DispatchResult {
			let by = Self::ensure_disposes(origin, predecessor)?;
			Self::do_offer_succession(by, predecessor, successor)
		}

		/// Takes an offer back that is not accepted. By who may offer, whoever did.
		#[pallet::call_index(26)]
		#[pallet::weight((T::WeightInfo::withdraw_succession(), DispatchClass::Operational, Pays::No))]
		pub fn withdraw_succession(origin: OriginFor<T>, predecessor: OrgId) -> DispatchResult {
			let by = Self::ensure_disposes(origin, predecessor)?;
			Self::do_withdraw_succession(by, predecessor)
		}

		/// Declines an offer. Signed by the controller of the organisation to which it was made.
		#[pallet::call_index(27)]
		#[pallet::weight((T::WeightInfo::decline_succession(), DispatchClass::Operational, Pays::No))]
		pub fn decline_succession(origin: OriginFor<T>, predecessor: OrgId) -> DispatchResult {
			Self::do_decline_succession(ensure_signed(origin)?, predecessor)
		}

		/// Takes over the duties of an organisation for good, with a committed statement of what was handed over. Signed by
		/// the controller of the organisation to which they were offered, which must be active.
		#[pallet::call_index(28)]
		pub fn accept_succession(origin: OriginFor<T>, predecessor: OrgId, handover: Commitment) -> DispatchResult {
			Self::do_accept_succession(ensure_signed(origin)?, predecessor, handover)
		}
	}
}
