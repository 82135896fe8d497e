// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;

pub mod record;
pub mod thinning;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// Log target of this pallet.
const LOG_TARGET: &str = "runtime::ehr";

/// Anchors of health records and custodians' append-only logs: what was written, by whom, not later than when.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::record::RecordHead;
	use epidaurus_primitives::{
		ehr::LogKind,
		hash::{Commitment, HashSuite},
		ids::{NetworkId, OrgId, RecordId},
		merkle,
		moment::Moment,
		seams::Registry,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, Footprint, Time},
		DefaultNoBound,
	};
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Who is who and who may what.
		type Registry: Registry<Self::AccountId>;

		/// The chain's time in milliseconds UTC; must never go back.
		type Time: Time<Moment = u64>;

		/// Deposit for a version of a record, on the custodian's sovereign account.
		type VersionConsideration: Consideration<Self::AccountId, Footprint>;

		/// Deposit for a log, on the custodian's sovereign account: taken once, for the head and [`Config::LogWindow`]
		/// checkpoints.
		type LogConsideration: Consideration<Self::AccountId, Footprint>;

		/// Age in milliseconds above which only the last checkpoint of each UTC day is kept.
		#[pallet::constant]
		type ThinAfter: Get<u64>;

		/// How many old checkpoints each new one looks at. At least two, so that thinning catches up after a busy day.
		#[pallet::constant]
		type ThinSteps: Get<u32>;

		/// How many kept checkpoints the deposit of a log pays for. A price, not a bound: more can be kept.
		#[pallet::constant]
		type LogWindow: Get<u32>;

		/// Measured weights of the calls.
		type WeightInfo: WeightInfo;

		/// Sets the chain's time in benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper;
	}

	/// The network that commitments are made for. Set at genesis, never changed.
	#[pallet::storage]
	pub type Network<T: Config> = StorageValue<_, NetworkId, ValueQuery>;

	/// Anchored records: custodian, newest version, state. Never removed.
	///
	/// For each there are the [`Versions`] 1 to `version`.
	// Blake2_128Concat: custodians choose the ids.
	#[pallet::storage]
	pub type Records<T: Config> = StorageMap<_, Blake2_128Concat, RecordId, RecordHead>;

	/// Every version of every record, by number from 1. Never changed or removed, except that a missing deposit is paid.
	// Blake2_128Concat: custodians choose the ids. Twox64Concat: versions are counted up.
	#[pallet::storage]
	pub type Versions<T: Config> = StorageDoubleMap<_, Blake2_128Concat, RecordId, Twox64Concat, u32, VersionOf<T>>;

	/// How many versions of a custodian's records lack their deposit, because an amendment found too little money on its
	/// sovereign account. Absent at zero. While it owes, a custodian has duties but no rights here.
	// Twox64Concat: organisations are counted up by the registry.
	#[pallet::storage]
	pub type Owed<T: Config> = StorageMap<_, Twox64Concat, OrgId, u32, ValueQuery>;

	/// Custodians' logs: newest checkpoint, how many were made, how far thinning has come. Never removed.
	// Twox64Concat: nobody chooses an organisation's id.
	#[pallet::storage]
	pub type Logs<T: Config> = StorageDoubleMap<_, Twox64Concat, OrgId, Twox64Concat, LogKind, LogStateOf<T>>;

	/// Checkpoints of a log by number from 0.
	///
	/// From the log's `thinned` on none is missing; below, only those that [`DailyCheckpoints`] lists are left.
	// Twox64Concat: all parts are counted up.
	#[pallet::storage]
	pub type Checkpoints<T: Config> = StorageNMap<
		_,
		(NMapKey<Twox64Concat, OrgId>, NMapKey<Twox64Concat, LogKind>, NMapKey<Twox64Concat, u64>),
		Checkpoint,
	>;

	/// Numbers of the checkpoints that thinning left, one for each UTC day that had any, oldest first at place 0. Pages
	/// are read through this list, so that no gap costs a read.
	// Twox64Concat: all parts are counted up.
	#[pallet::storage]
	pub type DailyCheckpoints<T: Config> =
		StorageNMap<_, (NMapKey<Twox64Concat, OrgId>, NMapKey<Twox64Concat, LogKind>, NMapKey<Twox64Concat, u32>), u64>;

	/// Why money on a custodian's sovereign account is on hold.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// A version of a record.
		#[codec(index = 0)]
		Version,
		/// A log.
		#[codec(index = 1)]
		Log,
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no record of this id, no such version of it, or the custodian has no log of this kind.
		NotFound,
		/// The record has another custodian than the organisation that the signer acts for.
		NotAuthorised,
		/// The record id is taken, the log is open, or the log's newest checkpoint is this one. A client that repeats a
		/// call takes it as done if what stands on chain is its own.
		AlreadyExists,
		/// The record is entered in error, which is final; or the version's deposit is not missing.
		WrongState,
		/// The newest version is not the expected one: the amendment was made already, or another came first.
		WrongVersion,
		/// The record has had as many versions as a number can count.
		TooManyVersions,
		/// The checkpoint is smaller than the log; entries were taken away, or it comes late.
		LogShrinks,
		/// The checkpoint has the size of the log but another root: two logs claim the same place.
		ForkedHead,
		/// The log would have more than 2^62 entries.
		TooManyEntries,
		/// The path does not show that the new log begins with the old one.
		InvalidProof,
		/// Deposits of amended versions are missing; rights return when they are paid.
		DepositOwed,
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A record was anchored; this is its version 1.
		RecordAnchored {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// What was committed.
			commitment: Commitment,
			/// Under which suite.
			suite: HashSuite,
		},
		/// A record was corrected by a new version.
		RecordAmended {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// Number of the new version.
			version: u32,
			/// What was committed.
			commitment: Commitment,
			/// Under which suite.
			suite: HashSuite,
			/// Whether the deposit was taken; if not, the custodian owes it.
			deposited: bool,
		},
		/// A record was declared one that should never have been, with all its versions.
		RecordEnteredInError {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// Its newest version.
			version: u32,
		},
		/// The missing deposit of a version was paid.
		DepositSettled {
			/// The record.
			record: RecordId,
			/// The organisation that keeps it.
			custodian: OrgId,
			/// The member that acted.
			by: T::AccountId,
			/// The version.
			version: u32,
		},
		/// A custodian opened a log; it is empty.
		LogOpened {
			/// Whose log.
			custodian: OrgId,
			/// Which.
			kind: LogKind,
			/// The member that acted.
			by: T::AccountId,
		},
		/// A custodian stated what its log looks like, and that it still begins with the log of the checkpoint before.
		LogCheckpointed {
			/// Whose log.
			custodian: OrgId,
			/// Which.
			kind: LogKind,
			/// The member that acted.
			by: T::AccountId,
			/// Number of the checkpoint, from 0.
			number: u64,
			/// Entries in the log.
			size: u64,
			/// Root over them.
			root: merkle::Hash,
			/// Whether the custodian was active and licensed to anchor records.
			licensed: bool,
		},
	}

	#[pallet::genesis_config]
	#[derive(DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The network that commitments are made for: 32 random bytes fixed at first launch, and the same ones at every
		/// re-genesis.
		pub network_id: NetworkId,
		/// The pallet's configuration.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Network::<T>::put(self.network_id);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::ThinSteps::get() >= 2, "one step for each checkpoint never catches up");
			assert!(T::ThinAfter::get() > 0, "a log keeps its newest checkpoints");
			assert!(T::LogWindow::get() > 0, "a log keeps at least one checkpoint");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight = <T as Config>::WeightInfo)]
	impl<T: Config> Pallet<T> {
		/// Anchors a record: `commitment`, made under `suite`, is its version 1.
		///
		/// The opening's header must say version 1, or [`Pallet::verify_anchor`] never finds it.
		///
		/// ## Origin
		/// Signed by a member with the role of records, of an active organisation licensed to anchor records that owes no
		/// deposit. The organisation becomes the custodian; its sovereign account pays the deposit.
		///
		/// ## Events
		/// [`Event::RecordAnchored`]
		#[pallet::call_index(0)]
		pub fn anchor(
			origin: OriginFor<T>,
			record: RecordId,
			commitment: Commitment,
			suite: HashSuite,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_anchor(by, record, commitment, suite)
		}

		/// Corrects a record: `commitment` is its version `expected_version + 1`.
		///
		/// The suite may be another one than before: suites have no order of strength, and each version is verified under
		/// its own. `expected_version` makes a repeated submission harmless. If the deposit cannot be taken, the amendment
		/// stands and the custodian owes it.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing.
		///
		/// ## Events
		/// [`Event::RecordAmended`]
		#[pallet::call_index(1)]
		pub fn amend(
			origin: OriginFor<T>,
			record: RecordId,
			expected_version: u32,
			commitment: Commitment,
			suite: HashSuite,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_amend(by, record, expected_version, commitment, suite)
		}

		/// Declares that a record should never have been (FHIR `entered-in-error`): for good, and with all its versions.
		///
		/// A restrictive act: it costs no fee and waits behind no other call.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing.
		///
		/// ## Events
		/// [`Event::RecordEnteredInError`]
		#[pallet::call_index(2)]
		#[pallet::weight((T::WeightInfo::mark_entered_in_error(), DispatchClass::Operational, Pays::No))]
		pub fn mark_entered_in_error(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_mark_entered_in_error(by, record)
		}

		/// Pays the missing deposit of a version that was amended without money.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing.
		///
		/// ## Events
		/// [`Event::DepositSettled`]
		#[pallet::call_index(3)]
		pub fn settle_deposit(origin: OriginFor<T>, record: RecordId, version: u32) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_settle_deposit(by, record, version)
		}

		/// Opens one of the custodian's logs: empty, with the root of the empty tree.
		///
		/// ## Origin
		/// Signed by a member with the role of records, of an active organisation licensed to anchor records that owes no
		/// deposit. The organisation becomes the custodian; its sovereign account pays the deposit, once for all time.
		///
		/// ## Events
		/// [`Event::LogOpened`]
		#[pallet::call_index(4)]
		pub fn open_log(origin: OriginFor<T>, kind: LogKind) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_open_log(by, kind)
		}

		/// States that the log has `new_size` entries under `new_root`, and proves by an RFC 9162 §2.1.4 path from the
		/// newest checkpoint that no entry was dropped or rewritten. The path is empty for the first checkpoint.
		///
		/// Costs the same for one new entry or a hundred million. Some older checkpoints are thinned on the way.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing; a checkpoint
		/// made without a licence is marked as such.
		///
		/// ## Events
		/// [`Event::LogCheckpointed`]
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::checkpoint(proof_nodes(consistency_proof)))]
		pub fn checkpoint(
			origin: OriginFor<T>,
			kind: LogKind,
			new_root: merkle::Hash,
			new_size: u64,
			consistency_proof: ConsistencyProof,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_checkpoint(by, kind, new_root, new_size, &consistency_proof)
		}
	}

	/// Hashes in the path, for its weight.
	fn proof_nodes(proof: &ConsistencyProof) -> u32 {
		u32::try_from(proof.len()).unwrap_or(merkle::MAX_PROOF_NODES)
	}

	impl<T: Config> Pallet<T> {
		/// The chain's time.
		pub(crate) fn now() -> Moment {
			Moment(T::Time::now())
		}
	}
}
