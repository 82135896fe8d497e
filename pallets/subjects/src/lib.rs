// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;

pub mod doubt;
pub mod fees;
pub mod quota;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use epidaurus_primitives::subjects::rebind;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// Subjects: patients by pseudonym, the keys that act for them, and their calls without a fee.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::boxed::Box;
	use epidaurus_primitives::{
		hash::Commitment,
		ids::{OrgId, SubjectId},
		moment::Moment,
		seams::Registry,
		subjects::RebindOutcome,
	};
	use frame_support::{
		dispatch::{DispatchClass, GetDispatchInfo, PostDispatchInfo},
		pallet_prelude::*,
		traits::{Consideration, Footprint, StorageVersion, Time},
	};
	use frame_system::pallet_prelude::*;
	use quota::Meter;
	use sp_runtime::traits::{Dispatchable, IdentifyAccount, Verify};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The runtime's call.
		type RuntimeCall: Parameter
			+ Dispatchable<RuntimeOrigin = Self::RuntimeOrigin, PostInfo = PostDispatchInfo>
			+ GetDispatchInfo
			+ From<Call<Self>>;

		/// Who is who and who may what.
		type Registry: Registry<Self::AccountId>;

		/// Decisions of the consortium: what becomes of a contested re-binding.
		type ConsortiumOrigin: EnsureOrigin<<Self as frame_system::Config>::RuntimeOrigin>;

		/// The chain's time in milliseconds UTC; must never go back.
		type Time: Time<Moment = u64>;

		/// Deposit for a subject, on the custodian's sovereign account: taken once, with room for its histories.
		type SubjectConsideration: Consideration<Self::AccountId, Footprint>;

		/// What is an act of a subject.
		type SubjectCalls: SubjectCalls<<Self as Config>::RuntimeCall>;

		/// Signature of a relayed act.
		type Signature: Verify<Signer = Self::Signer> + Parameter;

		/// The public key of such a signature.
		type Signer: IdentifyAccount<AccountId = Self::AccountId>;

		/// Milliseconds within which a second member must confirm a re-binding.
		#[pallet::constant]
		type ConfirmWithin: Get<u64>;

		/// Milliseconds within which the old key can contest a confirmed re-binding.
		#[pallet::constant]
		type ContestWindow: Get<u64>;

		/// Milliseconds between two rotations of a key by itself: each leaves something in storage and is free.
		#[pallet::constant]
		type RotationPause: Get<u64>;

		/// Most intervals of doubt kept for a subject; older ones are joined. Lowering it needs a migration.
		#[pallet::constant]
		type MaxDoubts: Get<u32>;

		/// Units that a custodian's subjects have together for each UTC day.
		#[pallet::constant]
		type DailyQuota: Get<u32>;

		/// Most ordinary acts without a fee of a custodian's subjects in one block.
		#[pallet::constant]
		type MaxOrdinaryPerBlock: Get<u32>;

		/// Most restrictive acts without a fee of a custodian's subjects in one block.
		#[pallet::constant]
		type MaxRestrictivePerBlock: Get<u32>;

		/// Most acts without a fee of one subject in one block.
		#[pallet::constant]
		type MaxOwnPerBlock: Get<u32>;

		/// Seats of a custodian: most acts of its subjects that wait in a pool at the same time.
		#[pallet::constant]
		type PoolSeats: Get<u32>;

		/// Weights of the calls, of admitting a guest and of taking a unit.
		type WeightInfo: WeightInfo;

		/// Clock and keys for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId, Self::Signature>;
	}

	/// Subjects by id. Never removed: an id is never given twice.
	// Blake2_128Concat: custodians choose the ids.
	#[pallet::storage]
	pub type Subjects<T: Config> = StorageMap<_, Blake2_128Concat, SubjectId, SubjectRecordOf<T>>;

	/// Earlier spans of each subject's key and status, by number from 0.
	// Blake2_128Concat: custodians choose the ids. Twox64Concat: spans are counted up.
	#[pallet::storage]
	pub type History<T: Config> = StorageDoubleMap<_, Blake2_128Concat, SubjectId, Twox64Concat, u32, SubjectSpanOf<T>>;

	/// Whose each key is, was, or is meant to be. A key belongs to one subject for ever, unless it was meant for it by one
	/// member only, whom nobody confirmed.
	// Blake2_128Concat: anybody makes keys.
	#[pallet::storage]
	pub type Keys<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, SubjectId>;

	/// Pending re-bindings: one for each subject at most.
	// Blake2_128Concat: custodians choose the ids.
	#[pallet::storage]
	pub type Rebinds<T: Config> = StorageMap<_, Blake2_128Concat, SubjectId, RebindOf<T>>;

	/// Re-bindings that were confirmed and have ended, with their evidence, by number from 0. Never changed or removed.
	// Blake2_128Concat: custodians choose the ids. Twox64Concat: re-bindings are counted up.
	#[pallet::storage]
	pub type ClosedRebinds<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, SubjectId, Twox64Concat, u32, ClosedRebindOf<T>>;

	/// When acts of a subject are in doubt; absent for the many that never lost a key.
	// Blake2_128Concat: custodians choose the ids.
	#[pallet::storage]
	pub type InDoubt<T: Config> = StorageMap<_, Blake2_128Concat, SubjectId, DoubtsOf<T>, ValueQuery>;

	/// What the subjects of each custodian sent without a fee today and in this block.
	// Twox64Concat: organisations are counted up by the registry.
	#[pallet::storage]
	pub type Meters<T: Config> = StorageMap<_, Twox64Concat, OrgId, Meter<BlockNumberFor<T>>, ValueQuery>;

	/// Why money on a custodian's sovereign account is on hold.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// A subject.
		#[codec(index = 0)]
		Subject,
	}

	#[pallet::event]
	#[allow(missing_docs, reason = "each variant's sentence says what its fields are")]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A member of a custodian enrolled a subject with its first key.
		SubjectEnrolled { subject: SubjectId, custodian: OrgId, by: T::AccountId, key: T::AccountId },
		/// Somebody has shown to hold the subject's key.
		KeyProven { subject: SubjectId, key: T::AccountId },
		/// The subject put another key in the place of its own.
		KeyRotated { subject: SubjectId, old_key: T::AccountId, new_key: T::AccountId },
		/// A member says that the subject's key is lost, and names a new one.
		RebindStarted { subject: SubjectId, by: T::AccountId, new_key: T::AccountId, lost_since: Moment },
		/// A second member confirmed; the old key can contest until a moment.
		RebindConfirmed { subject: SubjectId, by: T::AccountId, contestable_until: Moment },
		/// The old key contests: the consortium decides.
		RebindContested { subject: SubjectId, key: T::AccountId },
		/// A re-binding has ended, by a member or, where nobody is named, by the consortium.
		RebindClosed { subject: SubjectId, outcome: RebindOutcome, by: Option<T::AccountId> },
		/// A subject was declared deceased.
		SubjectDeceased { subject: SubjectId, by: T::AccountId },
		/// A subject goes on under another pseudonym, to which the link is sealed.
		SubjectMerged { subject: SubjectId, by: T::AccountId, link: Commitment },
		/// A subject acts for itself again.
		SubjectReinstated { subject: SubjectId, by: T::AccountId },
		/// An act that a subject signed was submitted by somebody else; what came of it.
		ActRelayed { subject: SubjectId, nonce: u64, by: T::AccountId, result: DispatchResult },
		/// A subject's call cost no fee; the custodian's quota or the limits of the block gave for it.
		FeeWaived { subject: SubjectId, custodian: OrgId },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// What the call names does not exist.
		NotFound,
		/// The subject exists already.
		AlreadyExists,
		/// The signer's organisation does not answer for this subject.
		NotAuthorised,
		/// The signer is no subject's present key.
		NotASubject,
		/// The key is in question, or the subject does not act any more: only restrictive acts.
		Restricted,
		/// The key is, was, or is meant to be some subject's.
		KeyTaken,
		/// The key is a member's: who acts for an organisation is no subject with the same key.
		KeyOfMember,
		/// The state of the subject or of its re-binding does not allow that.
		WrongState,
		/// Two different members are needed.
		SameMember,
		/// It is too late.
		Expired,
		/// It is too early.
		TooEarly,
		/// The old key contested: the consortium decides.
		Contested,
		/// The signature is not for the subject's next relayed act.
		WrongNonce,
		/// The signature is not the subject's present key's over this act on this chain.
		InvalidProof,
		/// The call is no act of a subject.
		NotAnAct,
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
		/// Enrols a patient by a pseudonym that the custodian derived for this patient and nobody else, and by the
		/// patient's key. Signed by a member with the role of records of an active organisation licensed to keep records,
		/// which becomes the custodian and whose sovereign account holds the deposit.
		#[pallet::call_index(0)]
		pub fn enrol(origin: OriginFor<T>, subject: SubjectId, key: T::AccountId) -> DispatchResult {
			Self::do_enrol(ensure_signed(origin)?, subject, key)
		}

		/// Shows that somebody holds the subject's key. Signed by that key, once for each.
		#[pallet::call_index(1)]
		pub fn prove_key(origin: OriginFor<T>) -> DispatchResult {
			Self::do_prove_key(ensure_signed(origin)?)
		}

		/// Puts a key that was never any subject's in the place of the signing one, also while that is in question; a
		/// pending re-binding goes on. Signed by the subject's key. Restrictive.
		#[pallet::call_index(2)]
		#[pallet::weight((T::WeightInfo::rotate_key(), DispatchClass::Operational, Pays::No))]
		pub fn rotate_key(origin: OriginFor<T>, new_key: T::AccountId) -> DispatchResult {
			Self::do_rotate_key(ensure_signed(origin)?, new_key)
		}

		/// Starts the re-binding of a subject that lost its key, and says since when; a later moment than now counts as
		/// now. The new key is kept for the subject. Signed by a member with the role of records of an organisation that answers for the custodian.
		#[pallet::call_index(3)]
		pub fn start_rebind(
			origin: OriginFor<T>,
			subject: SubjectId,
			new_key: T::AccountId,
			evidence: Commitment,
			lost_since: Moment,
		) -> DispatchResult {
			Self::do_start_rebind(ensure_signed(origin)?, subject, new_key, evidence, lost_since)
		}

		/// Confirms a re-binding to just this key: the subject can only do restrictive acts until it has ended. Signed as
		/// [`Self::start_rebind`], by another member.
		#[pallet::call_index(4)]
		pub fn confirm_rebind(origin: OriginFor<T>, subject: SubjectId, new_key: T::AccountId) -> DispatchResult {
			Self::do_confirm_rebind(ensure_signed(origin)?, subject, new_key)
		}

		/// Contests a re-binding: then the consortium decides. Signed by the subject's key. Restrictive.
		#[pallet::call_index(5)]
		#[pallet::weight((T::WeightInfo::contest_rebind(), DispatchClass::Operational, Pays::No))]
		pub fn contest_rebind(origin: OriginFor<T>) -> DispatchResult {
			Self::do_contest_rebind(ensure_signed(origin)?)
		}

		/// Puts the new key in the old one's place after an uncontested window. Signed as [`Self::start_rebind`].
		#[pallet::call_index(6)]
		pub fn complete_rebind(origin: OriginFor<T>, subject: SubjectId) -> DispatchResult {
			Self::do_complete_rebind(ensure_signed(origin)?, subject)
		}

		/// Takes a re-binding back, whatever its phase. Signed as [`Self::start_rebind`].
		#[pallet::call_index(7)]
		pub fn withdraw_rebind(origin: OriginFor<T>, subject: SubjectId) -> DispatchResult {
			Self::do_withdraw_rebind(ensure_signed(origin)?, subject)
		}

		/// Decides a contested re-binding: upheld, the new key takes the old one's place; else the old one stays. By the
		/// consortium.
		#[pallet::call_index(8)]
		pub fn resolve_rebind(origin: OriginFor<T>, subject: SubjectId, upheld: bool) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_resolve_rebind(subject, upheld)
		}

		/// Declares a subject deceased: it can only do restrictive acts from now on. Signed as [`Self::start_rebind`].
		#[pallet::call_index(9)]
		pub fn declare_deceased(origin: OriginFor<T>, subject: SubjectId) -> DispatchResult {
			Self::do_declare_deceased(ensure_signed(origin)?, subject)
		}

		/// Closes a pseudonym whose patient goes on under another one. The link is a commitment: nobody learns from it
		/// which. Signed as [`Self::start_rebind`].
		#[pallet::call_index(10)]
		pub fn merge(origin: OriginFor<T>, subject: SubjectId, link: Commitment) -> DispatchResult {
			Self::do_merge(ensure_signed(origin)?, subject, link)
		}

		/// Takes a declaration of death or a merger back. Signed as [`Self::start_rebind`].
		#[pallet::call_index(11)]
		pub fn reinstate(origin: OriginFor<T>, subject: SubjectId) -> DispatchResult {
			Self::do_reinstate(ensure_signed(origin)?, subject)
		}

		/// Submits an act that the subject's key signed (see [`epidaurus_primitives::relay`]), raw or in `<Bytes>`. The
		/// nonce is spent also if the act fails, and the event tells what came of it. Signed by anybody who may transact,
		/// who pays for it.
		#[pallet::call_index(12)]
		#[pallet::weight(Pallet::<T>::relay_weight(call))]
		pub fn relay(
			origin: OriginFor<T>,
			subject: SubjectId,
			nonce: u64,
			expires_at: Moment,
			call: Box<<T as Config>::RuntimeCall>,
			signature: T::Signature,
		) -> DispatchResultWithPostInfo {
			Self::do_relay(ensure_signed(origin)?, subject, nonce, expires_at, *call, &signature)
		}
	}
}
