// SPDX-License-Identifier: Apache-2.0
//! Benchmarks: each call at its worst.

use super::*;
use crate::record::{RecordHead, FIRST_VERSION};
use alloc::vec::Vec;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind, SuiteStatus},
	hash::{Commitment, HashSuite, HostBlake2b256, HostSha256},
	ids::{NetworkId, OrgId, RecordId, SubjectId},
	life::{
		AmendmentRequest, Attestation, DenialReason, Dispute, DisputeOutcome, EndedHold, ErasureGround, Folded,
		RecordLife, Resolution, ATTESTATION_VALID, MAX_DISPUTES, MAX_ENDED_HOLDS, MAX_HOLDS, MAX_REQUESTS,
	},
	link::{LinkKey, SubjectLink},
	merkle::{node_hash, Blake2Tree, Hash, TreeHash, MAX_PROOF_NODES},
	moment::{Moment, DAY},
	registry::Capability,
	renewal::{Renewal, TreeSuite, MAX_RENEWALS},
	seams::{Registry, Subjects},
};
use frame_benchmarking::v2::*;
use frame_support::traits::{Consideration, EnsureOrigin, Get};
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

/// Whose records others keep: as many successors lie between as can.
const FAR: OrgId = OrgId(2_000_000_000);

/// The same with a record that it keeps for another custodian.
fn anchored<T: Config>() -> (T::AccountId, OrgId) {
	let (by, keeper) = member::<T>();
	Pallet::<T>::do_anchor(by.clone(), RECORD, COMMITMENT, SUITE, None).expect("the member has the right");
	T::Registry::succeed_for_benchmark(keeper, FAR);
	Records::<T>::mutate(RECORD, |head| head.as_mut().expect("anchored above").custodian = FAR);
	(by, keeper)
}

const LINK_KEY: LinkKey = LinkKey([0x44; 32]);
const GROUND: ErasureGround = ErasureGround::LegalObligation;

/// A linked record of an organisation that keeps records, and its subject with the key that acts for it.
fn linked<T: Config>() -> (T::AccountId, OrgId, SubjectId) {
	let (_, keeper) = anchored::<T>();
	let key: T::AccountId = account("subject", 0, 0);
	let subject = T::Subjects::enrol_for_benchmark(&key, keeper);
	let network: NetworkId = Pallet::<T>::network_id();
	let link = LINK_KEY.link::<HostSha256>(&network, &RECORD, &subject);
	Records::<T>::mutate(RECORD, |head| head.as_mut().expect("anchored above").link = Some(link));
	(key, keeper, subject)
}

/// The largest life without a hold in force: lists from which the oldest gives way, and all that is counted.
fn eventful(subject: SubjectId) -> RecordLife {
	let folded = Folded { disputes: 9, requests: OLDER, overdue: 3, disagreements: 4, holds: 5 };
	let mut life = RecordLife { subject: Some(subject), folded, ..Default::default() };
	for _ in 0..MAX_DISPUTES {
		let ended = Dispute::opened(COMMITMENT, Moment(1))
			.ended(DisputeOutcome::Resolved { resolution: Resolution::Rejected, explanation: COMMITMENT }, Moment(2));
		let ended = Dispute { withdrawn_in_doubt: Some(Moment(1)), ..ended.expect("it is open") };
		life.disputes.try_push(ended).expect("below the bound");
	}
	for _ in 0..MAX_REQUESTS {
		let rebutted = AmendmentRequest::asked(COMMITMENT, FIRST_VERSION, Moment(1))
			.denied(DenialReason::AccurateAndComplete, COMMITMENT, Moment(2))
			.and_then(|request| request.disagreed(COMMITMENT, Moment(3)))
			.and_then(|request| request.rebutted(COMMITMENT, Moment(4)));
		life.requests.try_push(rebutted.expect("in this order")).expect("below the bound");
	}
	for _ in 0..MAX_ENDED_HOLDS {
		let ended = EndedHold { by: FAR, since: Moment(1), until: Moment(2) };
		life.ended_holds.try_push(ended).expect("below the bound");
	}
	life
}

/// The same with the last dispute open.
fn disputed(subject: SubjectId) -> RecordLife {
	eventful(subject).dispute(subject, COMMITMENT, Moment(5)).expect("none is open")
}

/// The same with the last request open.
fn requested(subject: SubjectId) -> RecordLife {
	eventful(subject).request(subject, COMMITMENT, FIRST_VERSION, Moment(5)).expect("none is open")
}

/// How many requests gave way already.
const OLDER: u32 = 7;

/// The newest one, before which another one gives way.
const LAST_REQUEST: u32 = OLDER + MAX_REQUESTS;

/// A member of an authority. Benchmarks know one organisation, which is licensed for this too.
fn inspector<T: Config>() -> (T::AccountId, OrgId) {
	let by: T::AccountId = account("inspector", 0, 0);
	let authority = T::Registry::enrol_for_benchmark(&by, Capability::Regulate);
	(by, authority)
}

/// All but one of the holds, none of them this organisation's.
fn held(mut life: RecordLife, authority: OrgId) -> RecordLife {
	for number in 1..MAX_HOLDS {
		life = life.hold(OrgId(authority.0.saturating_add(number)), Moment(1)).expect("below the bound");
	}
	life
}

/// Heads and path with the most hashing for `nodes` nodes: the old log lacks one entry of the new, full one, so that all
/// but one of the nodes lie in both.
fn longest_proof<H: TreeHash>(nodes: u32) -> (LogHead, LogHead, Vec<Hash>) {
	let path = (0..nodes).map(|index| [u8::try_from(index).unwrap_or(u8::MAX); 32]).collect::<Vec<_>>();
	let (start, right, left) = (path[0], path[1], &path[2..]);
	let climb = |from: Hash| left.iter().fold(from, |below, hash| node_hash::<H>(hash, &below));
	let size = 1_u64 << (nodes - 1);
	let old = LogHead { size: size - 1, root: climb(start) };
	(old, LogHead { size, root: climb(node_hash::<H>(&start, &right)) }, path)
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

/// A log that has had all the renewals that are kept, the newest one of this head in the other tree.
fn log_with_renewals<T: Config>(custodian: OrgId, newest: LogHead) {
	let tree = TreeSuite::Blake2b256;
	let mut renewals = LogRenewals::default();
	for number in 1..=u64::from(MAX_RENEWALS) {
		let size = newest.size.saturating_sub(u64::from(MAX_RENEWALS).saturating_sub(number));
		let head = LogHead { size, root: [0x66; 32] };
		let renewal = Renewal { head, checkpointed_at: Moment(number), tree, root: newest.root, at: Moment(number) };
		renewals.try_push(renewal).expect("as many as are kept");
	}
	Renewals::<T>::insert(custodian, KIND, renewals);
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn anchor() {
		let (by, custodian) = member::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD, COMMITMENT, SUITE, Some(SubjectLink([0x33; 32])));

		let (record, commitment, suite) = (RECORD, COMMITMENT, SUITE);
		assert_last_event::<T>(Event::RecordAnchored { record, custodian, by, commitment, suite });
	}

	/// Worst where the deposit is taken: the count of what is owed is touched in any case, and a hold is written too.
	#[benchmark]
	fn amend() {
		let (by, keeper) = anchored::<T>();
		Owed::<T>::insert(keeper, 1);

		#[extrinsic_call]
		_(RawOrigin::Signed(by), RECORD, FIRST_VERSION, COMMITMENT, SUITE);

		assert_eq!(Records::<T>::get(RECORD).map(|head| head.version), Some(FIRST_VERSION + 1));
		assert!(Versions::<T>::get(RECORD, FIRST_VERSION + 1).is_some_and(|version| version.ticket.is_some()));
	}

	#[benchmark]
	fn mark_entered_in_error() {
		let (by, _) = anchored::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD);

		let version = FIRST_VERSION;
		assert_last_event::<T>(Event::RecordEnteredInError { record: RECORD, custodian: FAR, by, version });
	}

	#[benchmark]
	fn settle_deposit() {
		let (by, payer) = anchored::<T>();
		let version = FIRST_VERSION + 1;
		let head = RecordHead { version, ..Records::<T>::get(RECORD).expect("anchored above") };
		Records::<T>::insert(RECORD, head);
		let owed = Version { commitment: COMMITMENT, suite: SUITE, anchored_at: head.since, ticket: None, payer };
		Versions::<T>::insert(RECORD, version, owed);
		Owed::<T>::insert(payer, 2);

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD, version);

		assert_last_event::<T>(Event::DepositSettled { record: RECORD, custodian: FAR, by, version });
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
		let (old, new, path) = longest_proof::<HostSha256>(n);
		log_with_backlog::<T>(custodian, old);
		let path = ConsistencyProof::try_from(path).expect("no longer than the longest");

		#[extrinsic_call]
		_(RawOrigin::Signed(by), KIND, new.root, new.size, path);

		let log = Logs::<T>::get(custodian, KIND).expect("opened above");
		assert_eq!(log.newest.head, new);
		assert_eq!((log.thinned, log.days), (u64::from(T::ThinSteps::get()), T::ThinSteps::get()));
	}

	#[benchmark]
	fn checkpoint_for(n: Linear<3, MAX_PROOF_NODES>) {
		let (by, keeper) = member::<T>();
		Pallet::<T>::do_open_log(by.clone(), KIND).expect("the member has the right");
		T::Registry::succeed_for_benchmark(keeper, FAR);
		Logs::<T>::insert(FAR, KIND, Logs::<T>::take(keeper, KIND).expect("opened above"));
		let (old, new, path) = longest_proof::<HostSha256>(n);
		log_with_backlog::<T>(FAR, old);
		let path = ConsistencyProof::try_from(path).expect("no longer than the longest");

		#[extrinsic_call]
		_(RawOrigin::Signed(by), FAR, KIND, new.root, new.size, path);

		assert_eq!(Logs::<T>::get(FAR, KIND).expect("moved above").newest.head, new);
	}

	#[benchmark]
	fn dispute() {
		let (by, _, subject) = linked::<T>();
		Lives::<T>::insert(RECORD, eventful(subject));
		let (record, statement) = (RECORD, COMMITMENT);

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD, LINK_KEY, COMMITMENT);

		assert_last_event::<T>(Event::RecordDisputed { record, subject, by, statement });
	}

	#[benchmark]
	fn withdraw_dispute() {
		let (by, _, subject) = linked::<T>();
		Lives::<T>::insert(RECORD, disputed(subject));

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD);

		assert_last_event::<T>(Event::DisputeWithdrawn { record: RECORD, subject, by });
	}

	#[benchmark]
	fn resolve_dispute() {
		let (_, _, subject) = linked::<T>();
		Lives::<T>::insert(RECORD, disputed(subject));
		let by: T::AccountId = whitelisted_caller();
		let (record, resolution, explanation) = (RECORD, Resolution::Upheld, COMMITMENT);

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD, resolution, explanation);

		assert_last_event::<T>(Event::DisputeResolved { record, custodian: FAR, by, resolution, explanation });
	}

	#[benchmark]
	fn request_amendment() {
		let (by, _, subject) = linked::<T>();
		Lives::<T>::insert(RECORD, eventful(subject));
		let (record, request, statement) = (RECORD, LAST_REQUEST, COMMITMENT);

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD, LINK_KEY, COMMITMENT);

		assert_last_event::<T>(Event::AmendmentRequested { record, subject, by, request, statement });
	}

	#[benchmark]
	fn accept_amendment() {
		let (_, _, subject) = linked::<T>();
		let by: T::AccountId = whitelisted_caller();
		Lives::<T>::insert(RECORD, requested(subject));
		Pallet::<T>::do_amend(by.clone(), RECORD, FIRST_VERSION, COMMITMENT, SUITE).expect("it is the custodian's");

		#[extrinsic_call]
		_(RawOrigin::Signed(by), RECORD, LAST_REQUEST);

		assert!(Lives::<T>::get(RECORD).requests.last().is_some_and(|request| request.answered.is_some()));
	}

	#[benchmark]
	fn deny_amendment() {
		let (_, _, subject) = linked::<T>();
		Lives::<T>::insert(RECORD, requested(subject));
		let by: T::AccountId = whitelisted_caller();

		#[extrinsic_call]
		_(RawOrigin::Signed(by), RECORD, LAST_REQUEST, DenialReason::NotCreatedHere, COMMITMENT);

		assert!(Lives::<T>::get(RECORD).requests.last().is_some_and(|request| request.answered.is_some()));
	}

	#[benchmark]
	fn disagree() {
		let (by, _, subject) = linked::<T>();
		let deny = |request: AmendmentRequest| request.denied(DenialReason::NotInRecordSet, COMMITMENT, Moment(6));
		let life = requested(subject).change_request(LAST_REQUEST, deny).expect("it is open");
		Lives::<T>::insert(RECORD, life);

		#[extrinsic_call]
		_(RawOrigin::Signed(by), RECORD, LAST_REQUEST, COMMITMENT);

		assert!(Lives::<T>::get(RECORD).requests.last().is_some_and(|request| request.disagreement.is_some()));
	}

	#[benchmark]
	fn rebut() {
		let (_, _, subject) = linked::<T>();
		let by: T::AccountId = whitelisted_caller();
		let deny = |request: AmendmentRequest| request.denied(DenialReason::NotInRecordSet, COMMITMENT, Moment(6));
		let life = requested(subject).change_request(LAST_REQUEST, deny).expect("it is open");
		let life = life.disagree(subject, LAST_REQUEST, COMMITMENT, Moment(7)).expect("it is denied");
		Lives::<T>::insert(RECORD, life);

		#[extrinsic_call]
		_(RawOrigin::Signed(by), RECORD, LAST_REQUEST, COMMITMENT);

		assert!(Lives::<T>::get(RECORD).requests.last().is_some_and(|request| request.rebuttal.is_some()));
	}

	#[benchmark]
	fn place_hold() {
		let (_, _, subject) = linked::<T>();
		let (by, authority) = inspector::<T>();
		Lives::<T>::insert(RECORD, held(disputed(subject), authority));

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD);

		assert_last_event::<T>(Event::HoldPlaced { record: RECORD, authority, by });
	}

	/// Worst where every other hold is looked at first, and each authority has handed over as often as can be.
	#[benchmark]
	fn lift_hold() {
		let (_, _, subject) = linked::<T>();
		let (by, organisation) = inspector::<T>();
		let life = held(disputed(subject), FAR);
		for hold in &life.holds {
			T::Registry::succeed_for_benchmark(OrgId(u32::MAX), hold.by);
		}
		let authority = FAR;
		T::Registry::succeed_for_benchmark(organisation, authority);
		Lives::<T>::insert(RECORD, life.hold(authority, Moment(1)).expect("below the bound"));

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD);

		assert_last_event::<T>(Event::HoldLifted { record: RECORD, authority, by });
	}

	#[benchmark]
	fn state_retention() {
		let (_, _, subject) = linked::<T>();
		Lives::<T>::insert(RECORD, disputed(subject));
		let by: T::AccountId = whitelisted_caller();
		let until = Moment(30_000 * DAY);

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD, until);

		assert_last_event::<T>(Event::RetentionStated { record: RECORD, custodian: FAR, by, until });
	}

	/// Worst for the second member, since the first is looked up; that it acts for another organisation by now costs no less
	/// than an erasure, which is the same write.
	#[benchmark]
	fn attest_erasure() {
		let (_, organisation, subject) = linked::<T>();
		let by: T::AccountId = whitelisted_caller();
		let first: T::AccountId = account("first", 0, 0);
		T::Registry::enrol_for_benchmark(&first, Capability::AnchorRecords);
		let at = Moment(Pallet::<T>::now().0.saturating_sub(ATTESTATION_VALID));
		let attestation = Some(Attestation { by: Pallet::<T>::key_of(&first), organisation, ground: GROUND, at });
		Lives::<T>::insert(RECORD, RecordLife { attestation, ..eventful(subject) });

		#[extrinsic_call]
		_(RawOrigin::Signed(by.clone()), RECORD, GROUND);

		let life = Lives::<T>::get(RECORD);
		let (second, attested) = (life.erasure.map(|erasure| erasure.second), life.attestation.map(|first| first.by));
		assert_eq!(second.or(attested), Some(Pallet::<T>::key_of(&by)));
	}

	#[benchmark]
	fn deprecate_suite() -> Result<(), BenchmarkError> {
		let origin = T::ConsortiumOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, SUITE);

		assert_last_event::<T>(Event::SuiteDeprecated { suite: SUITE });
		Ok(())
	}

	#[benchmark]
	fn forbid_suite() -> Result<(), BenchmarkError> {
		let origin = T::ConsortiumOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		Pallet::<T>::do_deprecate_suite(SUITE)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, SUITE);

		assert_last_event::<T>(Event::SuiteForbidden { suite: SUITE });
		Ok(())
	}

	/// Worst where the list is full, and all in it came in time but the new one comes late. Shorter paths, of which there is no worst form, cost less than the least of these.
	#[benchmark]
	fn renew_log(n: Linear<3, MAX_PROOF_NODES>) {
		let (by, keeper) = member::<T>();
		T::Registry::succeed_for_benchmark(keeper, FAR);
		let custodian = FAR;
		Pallet::<T>::do_open_log(by.clone(), KIND).expect("the member has the right");
		Logs::<T>::insert(custodian, KIND, Logs::<T>::take(keeper, KIND).expect("opened above"));
		let (old, new, path) = longest_proof::<Blake2Tree<HostBlake2b256>>(n);
		log_with_renewals::<T>(custodian, old);
		let (number, size, tree) = (7, new.size, TreeSuite::Blake2b256);
		let head = LogHead { size, root: [0x77; 32] };
		let kept = Checkpoint { head, at: Moment(1), licensed: true };
		let since = Pallet::<T>::now();
		Trees::<T>::insert(TreeSuite::Sha256, SuiteStatus::Forbidden { since, deprecated: Moment(1) });
		Checkpoints::<T>::insert((custodian, KIND, number), kept);
		let path = ConsistencyProof::try_from(path).expect("no longer than the longest");

		#[extrinsic_call]
		_(RawOrigin::Signed(by), custodian, KIND, CheckpointId { number, size }, tree, new.root, path);

		let renewals = Renewals::<T>::get(custodian, KIND);
		assert_eq!(renewals.last().map(Renewal::renewed_head), Some(new));
		assert_eq!(u32::try_from(renewals.len()), Ok(MAX_RENEWALS));
	}

	#[benchmark]
	fn deprecate_tree() -> Result<(), BenchmarkError> {
		let origin = T::ConsortiumOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let tree = TreeSuite::Sha256;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, tree);

		assert_last_event::<T>(Event::TreeDeprecated { tree });
		Ok(())
	}

	#[benchmark]
	fn forbid_tree() -> Result<(), BenchmarkError> {
		let origin = T::ConsortiumOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let tree = TreeSuite::Sha256;
		Pallet::<T>::do_deprecate_tree(tree)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, tree);

		assert_last_event::<T>(Event::TreeForbidden { tree });
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
