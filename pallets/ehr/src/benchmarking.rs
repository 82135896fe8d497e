// SPDX-License-Identifier: Apache-2.0
//! Benchmarks: each call at its worst.

use super::*;
use crate::record::{RecordHead, FIRST_VERSION};
use alloc::vec::Vec;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::{Commitment, HashSuite, HostSha256},
	ids::{OrgId, RecordId},
	merkle::{node_hash, Hash, MAX_PROOF_NODES},
	moment::{Moment, DAY},
	registry::Capability,
	seams::Registry,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{Consideration, Get};
use frame_system::RawOrigin;

const RECORD: RecordId = RecordId([0x11; 16]);
const COMMITMENT: Commitment = Commitment([0x22; 32]);
const SUITE: HashSuite = HashSuite::FhirStaticRecursive;
const KIND: LogKind = LogKind::DeviceStream;

fn assert_last_event<T: Config>(event: Event<T>) {
	frame_system::Pallet::<T>::assert_last_event(event.into());
}

/// A member of a licensed custodian that can pay every deposit, at a time when old checkpoints are old.
fn member<T: Config>() -> (T::AccountId, OrgId) {
	let limit = T::ThinAfter::get().saturating_add(DAY * (u64::from(T::ThinSteps::get()) + 2));
	T::BenchmarkHelper::set_now(Moment(20_000 * DAY + limit));
	let by: T::AccountId = whitelisted_caller();
	let custodian = T::Registry::enrol_for_benchmark(&by, Capability::AnchorRecords);
	let sovereign = custodian.sovereign_account();
	for _ in 0..4 {
		T::VersionConsideration::ensure_successful(&sovereign, Pallet::<T>::version_footprint(FIRST_VERSION));
		T::LogConsideration::ensure_successful(&sovereign, Pallet::<T>::log_footprint());
	}
	(by, custodian)
}

fn anchored<T: Config>() -> (T::AccountId, OrgId) {
	let (by, custodian) = member::<T>();
	Pallet::<T>::do_anchor(by.clone(), RECORD, COMMITMENT, SUITE).expect("the member has the right");
	(by, custodian)
}

/// Heads and path with the most hashing for `nodes` nodes: the old log lacks one entry of the new, full one, so that all
/// but one of the nodes lie in both.
fn longest_proof(nodes: u32) -> (LogHead, LogHead, Vec<Hash>) {
	let path = (0..nodes).map(|index| [u8::try_from(index).unwrap_or(u8::MAX); 32]).collect::<Vec<_>>();
	let (start, right, left) = (path[0], path[1], &path[2..]);
	let climb = |from: Hash| left.iter().fold(from, |below, hash| node_hash::<HostSha256>(hash, &below));
	let size = 1_u64 << (nodes - 1);
	let old = LogHead { size: size - 1, root: climb(start) };
	(old, LogHead { size, root: climb(node_hash::<HostSha256>(&start, &right)) }, path)
}

/// A log with as many old checkpoints as thinning looks at, each of a day of its own and therefore listed.
fn log_with_backlog<T: Config>(custodian: OrgId, head: LogHead) {
	let steps = u64::from(T::ThinSteps::get());
	for number in 0..=steps {
		let at = Moment((20_000 + number) * DAY);
		let head = LogHead { size: number + 1, ..head };
		Checkpoints::<T>::insert((custodian, KIND, number), Checkpoint { head, at, licensed: true });
	}
	Logs::<T>::mutate(custodian, KIND, |log| {
		let log = log.as_mut().expect("the log is open");
		log.newest.head = head;
		log.checkpoints = steps + 1;
	});
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn anchor() {
		let (by, custodian) = member::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD, COMMITMENT, SUITE);

		let (record, commitment, suite) = (RECORD, COMMITMENT, SUITE);
		assert_last_event::<T>(Event::RecordAnchored { record, custodian, by, commitment, suite });
	}

	/// Worst where the deposit is taken: the count of what is owed is touched in any case, and a hold is written too.
	#[benchmark]
	fn amend() {
		let (by, custodian) = anchored::<T>();
		Owed::<T>::insert(custodian, 1);

		#[extrinsic_call]
		_(RawOrigin::Signed(by), RECORD, FIRST_VERSION, COMMITMENT, SUITE);

		assert_eq!(Records::<T>::get(RECORD).map(|head| head.version), Some(FIRST_VERSION + 1));
		assert!(Versions::<T>::get(RECORD, FIRST_VERSION + 1).is_some_and(|version| version.ticket.is_some()));
	}

	#[benchmark]
	fn mark_entered_in_error() {
		let (by, custodian) = anchored::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD);

		let version = FIRST_VERSION;
		assert_last_event::<T>(Event::RecordEnteredInError { record: RECORD, custodian, by, version });
	}

	#[benchmark]
	fn settle_deposit() {
		let (by, custodian) = anchored::<T>();
		let version = FIRST_VERSION + 1;
		let head = RecordHead { version, ..Records::<T>::get(RECORD).expect("anchored above") };
		Records::<T>::insert(RECORD, head);
		let owed = Version { commitment: COMMITMENT, suite: SUITE, anchored_at: head.since, ticket: None };
		Versions::<T>::insert(RECORD, version, owed);
		Owed::<T>::insert(custodian, 2);

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD, version);

		assert_last_event::<T>(Event::DepositSettled { record: RECORD, custodian, by, version });
	}

	#[benchmark]
	fn open_log() {
		let (by, custodian) = member::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), KIND);

		assert_last_event::<T>(Event::LogOpened { custodian, kind: KIND, by });
	}

	/// Shorter paths, of which there is no worst form, cost less than the least of these.
	#[benchmark]
	fn checkpoint(n: Linear<3, MAX_PROOF_NODES>) {
		let (by, custodian) = member::<T>();
		Pallet::<T>::do_open_log(by.clone(), KIND).expect("the member has the right");
		let (old, new, path) = longest_proof(n);
		log_with_backlog::<T>(custodian, old);
		let path = ConsistencyProof::try_from(path).expect("no longer than the longest");

		#[extrinsic_call]
		_(RawOrigin::Signed(by), KIND, new.root, new.size, path);

		let log = Logs::<T>::get(custodian, KIND).expect("opened above");
		assert_eq!(log.newest.head, new);
		assert_eq!((log.thinned, log.days), (u64::from(T::ThinSteps::get()), T::ThinSteps::get()));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
