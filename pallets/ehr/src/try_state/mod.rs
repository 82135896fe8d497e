// SPDX-License-Identifier: Apache-2.0
//! What must hold in every state.

mod life;
mod renewals;

use crate::{
	record::{RecordHead, RecordState, FIRST_VERSION},
	Checkpoint, Checkpoints, Config, DailyCheckpoints, LogStateOf, Logs, Network, Owed, Pallet, Records, VersionOf,
	Versions,
};
use alloc::{collections::BTreeMap, vec::Vec};
use epidaurus_primitives::{
	ehr::LogKind,
	hash::HostSha256,
	ids::{NetworkId, OrgId, RecordId},
	merkle::{empty_root, MAX_LOG_SIZE},
	seams::Registry,
};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant; the error says which one does not hold. Reads the whole pallet, so it is for tests and
	/// trial runs only, and not in the WASM of a chain.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		ensure!(Network::<T>::get() != NetworkId::default(), "genesis set no network id");
		Self::try_records()?;
		Self::try_lives()?;
		Self::try_suites()?;
		Self::try_trees()?;
		Self::try_logs()?;
		Self::try_renewals()
	}

	fn try_records() -> Result<(), TryRuntimeError> {
		let mut versions = BTreeMap::<RecordId, BTreeMap<u32, VersionOf<T>>>::new();
		for (record, number, version) in Versions::<T>::iter() {
			versions.entry(record).or_default().insert(number, version);
		}
		let mut owed = BTreeMap::<OrgId, u32>::new();
		for (record, head) in Records::<T>::iter() {
			let versions = versions.remove(&record).ok_or("record without versions")?;
			Self::try_record(&head, &versions)?;
			for version in versions.values().filter(|version| version.ticket.is_none()) {
				let sum = owed.entry(version.payer).or_default();
				*sum = sum.saturating_add(1);
			}
		}
		ensure!(versions.is_empty(), "version without its record");
		ensure!(Owed::<T>::iter().collect::<BTreeMap<_, _>>() == owed, "owed deposits are not the missing tickets");
		Ok(())
	}

	fn try_record(head: &RecordHead, versions: &BTreeMap<u32, VersionOf<T>>) -> Result<(), TryRuntimeError> {
		let numbers = versions.keys().copied();
		ensure!(numbers.eq(FIRST_VERSION..=head.version), "versions are not numbered from one to the head's");
		let (_, first) = versions.first_key_value().ok_or("record without versions")?;
		ensure!(first.ticket.is_some(), "the first version is never owed");
		ensure!(first.payer == head.custodian, "the first version is not the custodian's");
		let strangers = versions.values().any(|version| !T::Registry::has_answered_for(version.payer, head.custodian));
		ensure!(!strangers, "a version of an organisation that does not keep the record");
		let times = versions.values().map(|version| version.anchored_at).collect::<Vec<_>>();
		ensure!(times.is_sorted(), "a version is older than the one before");
		let newest = times.last().ok_or("record without versions")?;
		ensure!(*newest <= head.since && head.since <= Self::now(), "the head is older than its version");
		ensure!(head.state == RecordState::EnteredInError || head.since == *newest, "the head has another time");
		Ok(())
	}

	fn try_logs() -> Result<(), TryRuntimeError> {
		let mut checkpoints = BTreeMap::<(OrgId, LogKind), BTreeMap<u64, Checkpoint>>::new();
		for ((custodian, kind, number), checkpoint) in Checkpoints::<T>::iter() {
			checkpoints.entry((custodian, kind)).or_default().insert(number, checkpoint);
		}
		let mut daily = BTreeMap::<(OrgId, LogKind), BTreeMap<u32, u64>>::new();
		for ((custodian, kind, place), number) in DailyCheckpoints::<T>::iter() {
			daily.entry((custodian, kind)).or_default().insert(place, number);
		}
		for (custodian, kind, log) in Logs::<T>::iter() {
			let checkpoints = checkpoints.remove(&(custodian, kind)).unwrap_or_default();
			let daily = daily.remove(&(custodian, kind)).unwrap_or_default();
			Self::try_log(&log, &checkpoints)?;
			Self::try_thinned(&log, &checkpoints, &daily)?;
		}
		ensure!(checkpoints.is_empty(), "checkpoint without its log");
		ensure!(daily.is_empty(), "daily checkpoint without its log");
		Ok(())
	}

	fn try_log(log: &LogStateOf<T>, checkpoints: &BTreeMap<u64, Checkpoint>) -> Result<(), TryRuntimeError> {
		let newest = match log.checkpoints.checked_sub(1) {
			Some(number) => *checkpoints.get(&number).ok_or("the newest checkpoint is not stored")?,
			None => {
				ensure!(log.newest.head.root == empty_root::<HostSha256>(), "a new log has another root");
				ensure!(log.newest.head.size == 0, "a new log is not empty");
				log.newest
			},
		};
		ensure!(log.newest == newest, "the log's head is not its newest checkpoint");
		ensure!(newest.at <= Self::now(), "a checkpoint comes from the future");
		ensure!(newest.head.size <= MAX_LOG_SIZE, "a log is larger than any can be");
		let all = checkpoints.values().collect::<Vec<_>>();
		ensure!(all.first().is_none_or(|first| first.head.size > 0), "a checkpoint of the empty log");
		let pairs = || all.iter().zip(all.iter().skip(1));
		ensure!(pairs().all(|(old, new)| old.head.size < new.head.size), "a checkpoint is not larger than before");
		ensure!(pairs().all(|(old, new)| old.at <= new.at), "a checkpoint is older than the one before");
		Ok(())
	}

	fn try_thinned(
		log: &LogStateOf<T>,
		checkpoints: &BTreeMap<u64, Checkpoint>,
		daily: &BTreeMap<u32, u64>,
	) -> Result<(), TryRuntimeError> {
		ensure!(log.thinned < log.checkpoints.max(1), "thinning has reached the newest checkpoint");
		ensure!(daily.keys().copied().eq(0..log.days), "places of daily checkpoints have a gap");
		let below = checkpoints.range(..log.thinned).map(|(number, _)| *number);
		ensure!(below.eq(daily.values().copied()), "what thinning left is not what it lists");
		let above = checkpoints.range(log.thinned..).map(|(number, _)| *number);
		ensure!(above.eq(log.thinned..log.checkpoints), "a young checkpoint is missing");
		let days = checkpoints.values().map(|checkpoint| checkpoint.at.day()).collect::<Vec<_>>();
		// The day of the last one that was kept is over: the first young one lies on a later day.
		let thinned = days.iter().zip(days.iter().skip(1)).take(daily.len());
		ensure!(thinned.into_iter().all(|(day, next)| day < next), "two old checkpoints of one UTC day");
		Ok(())
	}
}
