// SPDX-License-Identifier: Apache-2.0
//! What the pallet stores; part of the pallet's module.

use frame_support::pallet_macros::pallet_section;

/// Storage items.
#[pallet_section]
mod storage {
	/// The network that commitments are made for. Set at genesis, never changed.
	#[pallet::storage]
	pub type Network<T: Config> = StorageValue<_, NetworkId, ValueQuery>;

	/// Anchored records: custodian, newest version, state. Never removed.
	///
	/// For each there are the [`Versions`] 1 to `version`.
	// Blake2_128Concat: custodians choose the ids.
	#[pallet::storage]
	pub type Records<T: Config> = StorageMap<_, Blake2_128Concat, RecordId, RecordHead>;

	/// What happened to records after they were written; absent for a record to which nothing did, or nothing is left.
	// Blake2_128Concat: custodians choose the ids.
	#[pallet::storage]
	pub type Lives<T: Config> = StorageMap<_, Blake2_128Concat, RecordId, RecordLife, ValueQuery>;

	/// How far hash suites may be trusted; absent for a suite that is active. Never goes back.
	// Twox64Concat: a word of a fixed list.
	#[pallet::storage]
	pub type Suites<T: Config> = StorageMap<_, Twox64Concat, HashSuite, SuiteStatus, ValueQuery>;

	/// Every version of every record, by number from 1. Never changed or removed, except that a missing deposit is paid.
	// Blake2_128Concat: custodians choose the ids. Twox64Concat: versions are counted up.
	#[pallet::storage]
	pub type Versions<T: Config> = StorageDoubleMap<_, Blake2_128Concat, RecordId, Twox64Concat, u32, VersionOf<T>>;

	/// How many versions that an organisation made lack their deposit, because an amendment found too little money on its
	/// sovereign account. Absent at zero. While it owes, an organisation has duties but no rights here.
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

	/// Renewals of a custodian's log under other trees, oldest first; absent for a log without any. Kept when checkpoints
	/// are thinned.
	// Twox64Concat: nobody chooses an organisation's id.
	#[pallet::storage]
	pub type Renewals<T: Config> =
		StorageDoubleMap<_, Twox64Concat, OrgId, Twox64Concat, LogKind, LogRenewals, ValueQuery>;

	/// How far trees may be trusted; absent for a tree that is active. Never goes back.
	// Twox64Concat: a word of a fixed list.
	#[pallet::storage]
	pub type Trees<T: Config> = StorageMap<_, Twox64Concat, TreeSuite, SuiteStatus, ValueQuery>;
}
