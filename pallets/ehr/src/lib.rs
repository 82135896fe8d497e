// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
mod sections;
mod signers;
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

use frame_support::pallet_macros::import_section;

/// Log target of this pallet.
const LOG_TARGET: &str = "runtime::ehr";

/// Anchors of health records and custodians' append-only logs: what was written, by whom, not later than when.
#[import_section(sections::storage::storage)]
#[import_section(sections::errors::errors)]
#[import_section(sections::events::events)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::record::RecordHead;
	use epidaurus_primitives::{
		ehr::{LogKind, SuiteStatus},
		hash::{Commitment, HashSuite},
		ids::{NetworkId, OrgId, RecordId, SubjectId},
		life::{DenialReason, ErasureGround, RecordLife, Resolution},
		link::{LinkKey, SubjectLink},
		merkle,
		moment::Moment,
		renewal::TreeSuite,
		seams::{Registry, Subjects},
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

		/// Whom records concern, by pseudonym.
		type Subjects: Subjects<Self::AccountId>;

		/// Decides for the consortium how far hash suites and trees may be trusted.
		type ConsortiumOrigin: EnsureOrigin<Self::RuntimeOrigin>;

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
		/// The opening's header must say version 1, or [`Pallet::verify_anchor`] never finds it. A record that concerns a
		/// subject carries the `link` to it; without, the subject can neither dispute it nor ask for amendments.
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
			link: Option<SubjectLink>,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_anchor(by, record, commitment, suite, link)
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
		/// A restrictive act: it costs no fee and is ranked above all that costs one.
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
		/// made without a licence is marked as such. For another custodian's log there is [`Pallet::checkpoint_for`].
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
			Self::do_checkpoint(by, None, kind, new_root, new_size, &consistency_proof)
		}

		/// Opens a dispute of a record that concerns the signer. The link key shows that it does, and tells whom this one
		/// record concerns; nothing else of it is opened.
		///
		/// A restrictive act: it costs no fee and no unit of a quota.
		///
		/// ## Origin
		/// Signed by a subject's key, also while the key is in question.
		///
		/// ## Events
		/// [`Event::RecordDisputed`]
		#[pallet::call_index(6)]
		#[pallet::weight((T::WeightInfo::dispute(), DispatchClass::Operational, Pays::No))]
		pub fn dispute(
			origin: OriginFor<T>,
			record: RecordId,
			link_key: LinkKey,
			statement: Commitment,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_dispute(by, record, link_key, statement)
		}

		/// Takes the open dispute of a record back, or once more one whose withdrawal is in doubt.
		///
		/// ## Origin
		/// Signed by the key of the subject that the record is known to concern.
		///
		/// ## Events
		/// [`Event::DisputeWithdrawn`]
		#[pallet::call_index(7)]
		pub fn withdraw_dispute(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_withdraw_dispute(by, record)
		}

		/// Answers the open dispute of a record, or the last one if it was withdrawn by a key that is declared lost for then.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing.
		///
		/// ## Events
		/// [`Event::DisputeResolved`]
		#[pallet::call_index(8)]
		pub fn resolve_dispute(
			origin: OriginFor<T>,
			record: RecordId,
			resolution: Resolution,
			explanation: Commitment,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_resolve_dispute(by, record, resolution, explanation)
		}

		/// Asks that a record that concerns the signer be amended. The custodian has 60 days; that it takes longer shows in
		/// every answer about the record. The link key is that of [`Pallet::dispute`].
		///
		/// ## Origin
		/// Signed by a subject's key.
		///
		/// ## Events
		/// [`Event::AmendmentRequested`]
		#[pallet::call_index(9)]
		pub fn request_amendment(
			origin: OriginFor<T>,
			record: RecordId,
			link_key: LinkKey,
			statement: Commitment,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_request_amendment(by, record, link_key, statement)
		}

		/// Tells that the record was amended as asked for. It must have been amended since, or entered in error.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing.
		///
		/// ## Events
		/// [`Event::AmendmentAccepted`]
		#[pallet::call_index(10)]
		pub fn accept_amendment(origin: OriginFor<T>, record: RecordId, request: u32) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_accept_amendment(by, record, request)
		}

		/// Tells that the record stays as it is, and why.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing.
		///
		/// ## Events
		/// [`Event::AmendmentDenied`]
		#[pallet::call_index(11)]
		pub fn deny_amendment(
			origin: OriginFor<T>,
			record: RecordId,
			request: u32,
			reason: DenialReason,
			explanation: Commitment,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_deny_amendment(by, record, request, reason, explanation)
		}

		/// States that the subject disagrees with a denial.
		///
		/// ## Origin
		/// Signed by the key of the subject that the record is known to concern.
		///
		/// ## Events
		/// [`Event::DisagreementStated`]
		#[pallet::call_index(12)]
		pub fn disagree(origin: OriginFor<T>, record: RecordId, request: u32, statement: Commitment) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_disagree(by, record, request, statement)
		}

		/// Replies to a disagreement. The subject's statement stands beside it for good.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing.
		///
		/// ## Events
		/// [`Event::DisagreementRebutted`]
		#[pallet::call_index(13)]
		pub fn rebut(origin: OriginFor<T>, record: RecordId, request: u32, statement: Commitment) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_rebut(by, record, request, statement)
		}

		/// Holds a record: it cannot be erased until the hold is lifted.
		///
		/// A restrictive act: it costs no fee and is ranked above all that costs one.
		///
		/// ## Origin
		/// Signed by a member with the role of inspector, of an active organisation licensed to regulate.
		///
		/// ## Events
		/// [`Event::HoldPlaced`]
		#[pallet::call_index(14)]
		#[pallet::weight((T::WeightInfo::place_hold(), DispatchClass::Operational, Pays::No))]
		pub fn place_hold(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_place_hold(by, record)
		}

		/// Lifts a hold.
		///
		/// ## Origin
		/// Signed by a member with the role of inspector, of the organisation that placed it or one that answers for it.
		///
		/// ## Events
		/// [`Event::HoldLifted`]
		#[pallet::call_index(15)]
		pub fn lift_hold(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_lift_hold(by, record)
		}

		/// States how long the custodian keeps a record at least, rounded outward to the day. Can only be prolonged.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing.
		///
		/// ## Events
		/// [`Event::RetentionStated`]
		#[pallet::call_index(16)]
		pub fn state_retention(origin: OriginFor<T>, record: RecordId, until: Moment) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_state_retention(by, record, until)
		}

		/// Attests that the salts of a record's versions are destroyed. When a second member of the same organisation does so
		/// on the same ground within 30 days, and the first could still do it, the record is erased. Refused while it is
		/// held, in dispute (also where the withdrawal is in doubt), to be retained, or a request to amend it is open.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian, whatever the custodian's standing.
		///
		/// ## Events
		/// [`Event::ErasureAttested`] for the first member, [`Event::RecordErased`] for the second
		#[pallet::call_index(17)]
		pub fn attest_erasure(origin: OriginFor<T>, record: RecordId, ground: ErasureGround) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_attest_erasure(by, record, ground)
		}

		/// Advises against a hash suite for new anchors.
		///
		/// ## Origin
		/// The consortium.
		///
		/// ## Events
		/// [`Event::SuiteDeprecated`]
		#[pallet::call_index(18)]
		pub fn deprecate_suite(origin: OriginFor<T>, suite: HashSuite) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_deprecate_suite(suite)
		}

		/// Forbids a deprecated hash suite for new anchors, for good. What was anchored under it still verifies.
		///
		/// ## Origin
		/// The consortium.
		///
		/// ## Events
		/// [`Event::SuiteForbidden`]
		#[pallet::call_index(19)]
		pub fn forbid_suite(origin: OriginFor<T>, suite: HashSuite) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_forbid_suite(suite)
		}

		/// The same as [`Pallet::checkpoint`] for the log of a custodian whose duties the signer's organisation took over:
		/// what was logged last before the hand-over can still be proven.
		///
		/// ## Origin
		/// Signed by a member with the role of records of an organisation that answers for the custodian. The checkpoint is
		/// marked as licensed if that organisation is.
		///
		/// ## Events
		/// [`Event::LogCheckpointed`]
		#[pallet::call_index(20)]
		#[pallet::weight(T::WeightInfo::checkpoint_for(proof_nodes(consistency_proof)))]
		pub fn checkpoint_for(
			origin: OriginFor<T>,
			custodian: OrgId,
			kind: LogKind,
			new_root: merkle::Hash,
			new_size: u64,
			consistency_proof: ConsistencyProof,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_checkpoint(by, Some(custodian), kind, new_root, new_size, &consistency_proof)
		}

		/// States that the log, as it was at checkpoint `number` of `size` entries, has this `root` in another tree, and
		/// proves by a path in that tree from its newest renewal that no renewed entry was dropped or rewritten. The path is
		/// empty for the first renewal.
		///
		/// Costs the same for one entry or a hundred million. When a log has had as many renewals as the chain keeps, the
		/// newest gives way that a later one covers no worse: what was renewed before the log's tree was forbidden stays so.
		///
		/// ## Origin
		/// Signed by a member with the role of records of the custodian or of an organisation that answers for it, whatever
		/// the custodian's standing.
		///
		/// ## Events
		/// [`Event::LogRenewed`]
		#[pallet::call_index(21)]
		#[pallet::weight(T::WeightInfo::renew_log(proof_nodes(consistency_proof)))]
		pub fn renew_log(
			origin: OriginFor<T>,
			custodian: OrgId,
			kind: LogKind,
			checkpoint: CheckpointId,
			tree: TreeSuite,
			root: merkle::Hash,
			consistency_proof: ConsistencyProof,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_renew_log(by, (custodian, kind), checkpoint, (tree, root), &consistency_proof)
		}

		/// Advises against resting proofs on a tree: custodians should renew their logs under another one.
		///
		/// ## Origin
		/// The consortium.
		///
		/// ## Events
		/// [`Event::TreeDeprecated`]
		#[pallet::call_index(22)]
		pub fn deprecate_tree(origin: OriginFor<T>, tree: TreeSuite) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_deprecate_tree(tree)
		}

		/// Declares, for good, that a deprecated tree proves nothing any more. What was renewed before under another one still
		/// holds. Refused while no other tree is active.
		///
		/// ## Origin
		/// The consortium.
		///
		/// ## Events
		/// [`Event::TreeForbidden`]
		#[pallet::call_index(23)]
		pub fn forbid_tree(origin: OriginFor<T>, tree: TreeSuite) -> DispatchResult {
			T::ConsortiumOrigin::ensure_origin(origin)?;
			Self::do_forbid_tree(tree)
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
