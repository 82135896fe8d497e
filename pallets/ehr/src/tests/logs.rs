// SPDX-License-Identifier: Apache-2.0

use super::*;
use epidaurus_primitives::merkle::{empty_root, MAX_LOG_SIZE, MAX_PROOF_NODES};
use LogKind::{DeviceStream, Disclosures, Records as RecordsLog};

/// A hospital's log of records with one checkpoint of ten entries.
fn checkpointed(test: impl FnOnce(TestLog)) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let log = TestLog::of(RecordsLog, 0..10);
		assert_ok!(log.checkpoint(CLERK, 0));
		advance(60_000);
		test(log);
	});
}

#[test]
fn open_log_works() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let log = Logs::<Test>::get(HOSPITAL, RecordsLog).unwrap();
		let head = LogHead { size: 0, root: empty_root::<NativeSha256>() };
		assert_eq!(log.newest, Checkpoint { head, at: START, licensed: true });
		assert_eq!((log.checkpoints, log.thinned, log.days), (0, 0, 0));
		System::assert_last_event(Event::LogOpened { custodian: HOSPITAL, kind: RecordsLog, by: CLERK }.into());
	});
}

#[test]
fn open_log_of_every_kind_and_custodian_works() {
	ExtBuilder::default().build_and_execute(|| {
		for kind in [RecordsLog, Disclosures, DeviceStream] {
			assert_ok!(Ehr::open_log(signed(CLERK), kind));
			assert_ok!(Ehr::open_log(signed(ANALYST), kind));
		}
		assert_eq!(Logs::<Test>::iter().count(), 6);
	});
}

#[test]
fn open_log_twice_fails() {
	checkpointed(|_| {
		assert_noop!(Ehr::open_log(signed(CLERK), RecordsLog), Error::<Test>::AlreadyExists);
		assert_noop!(Ehr::open_log(signed(DEPUTY), RecordsLog), Error::<Test>::AlreadyExists);
	});
}

#[test]
fn open_log_without_right_fails() {
	ExtBuilder::default().build_and_execute(|| {
		for who in [NURSE, STRANGER, HOSPITAL.sovereign_account()] {
			assert_noop!(Ehr::open_log(signed(who), RecordsLog), MockRegistry::NOT_AUTHORISED);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Ehr::open_log(origin, RecordsLog), DispatchError::BadOrigin);
		}
		MockRegistry::set_active(HOSPITAL, false);
		assert_noop!(Ehr::open_log(signed(CLERK), RecordsLog), MockRegistry::NOT_LICENSED);
		MockRegistry::revoke(LABORATORY, Capability::AnchorRecords);
		assert_noop!(Ehr::open_log(signed(ANALYST), RecordsLog), MockRegistry::NOT_LICENSED);
	});
}

#[test]
fn open_log_without_money_or_with_debt_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		set_free_funds(HOSPITAL, price_of_log() - 1);
		assert_noop!(Ehr::open_log(signed(CLERK), RecordsLog), TokenError::FundsUnavailable);
		set_free_funds(HOSPITAL, 0);
		assert_ok!(amend(CLERK, RECORD, 1, 1));
		set_free_funds(HOSPITAL, FUNDS);
		assert_noop!(Ehr::open_log(signed(CLERK), RecordsLog), Error::<Test>::DepositOwed);
	});
}

#[test]
fn checkpoint_of_a_growing_log_works() {
	checkpointed(|mut log| {
		for seed in 10..37 {
			log.append(seed);
		}
		assert_ok!(log.checkpoint(DEPUTY, 10));
		let at = Moment(START.0 + 60_000);
		let state = Logs::<Test>::get(HOSPITAL, RecordsLog).unwrap();
		assert_eq!(state.newest, Checkpoint { head: log.head(), at, licensed: true });
		assert_eq!(state.checkpoints, 2);
		assert_eq!(Checkpoints::<Test>::get((HOSPITAL, RecordsLog, 1)), Some(state.newest));
		let first = Checkpoint { head: log.head_at(10), at: START, licensed: true };
		assert_eq!(Checkpoints::<Test>::get((HOSPITAL, RecordsLog, 0)), Some(first));
		System::assert_last_event(
			Event::LogCheckpointed {
				custodian: HOSPITAL,
				kind: RecordsLog,
				by: DEPUTY,
				number: 1,
				size: 37,
				root: log.head().root,
				licensed: true,
			}
			.into(),
		);
	});
}

#[test]
fn checkpoint_from_every_size_to_every_size_works() {
	ExtBuilder::default().build_and_execute(|| {
		let log = TestLog::of(RecordsLog, 0..17);
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		for old in 0..17 {
			for new in old + 1..=17 {
				frame_support::hypothetically!({
					if old > 0 {
						assert_ok!(checkpoint(CLERK, RecordsLog, log.head_at(old), log.growth(0, old)));
					}
					assert_ok!(checkpoint(CLERK, RecordsLog, log.head_at(new), log.growth(old, new)));
				});
			}
		}
	});
}

#[test]
fn checkpoint_without_licence_is_marked() {
	checkpointed(|mut log| {
		log.append(10);
		MockRegistry::set_active(HOSPITAL, false);
		assert_ok!(log.checkpoint(CLERK, 10));
		assert!(!newest(HOSPITAL, RecordsLog).licensed);
		assert!(matches!(event(0), RuntimeEvent::Ehr(Event::LogCheckpointed { licensed: false, number: 1, .. })));
		MockRegistry::set_active(HOSPITAL, true);
		MockRegistry::revoke(HOSPITAL, Capability::AnchorRecords);
		log.append(11);
		assert_ok!(log.checkpoint(CLERK, 11));
		assert!(!newest(HOSPITAL, RecordsLog).licensed);
		MockRegistry::license(HOSPITAL, Capability::AnchorRecords);
		log.append(12);
		assert_ok!(log.checkpoint(CLERK, 12));
		assert!(newest(HOSPITAL, RecordsLog).licensed);
		let first = Checkpoints::<Test>::get((HOSPITAL, RecordsLog, 0)).unwrap();
		assert!(first.licensed, "what was licensed stays so");
	});
}

#[test]
fn checkpoint_without_money_or_with_debt_works() {
	checkpointed(|mut log| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		set_free_funds(HOSPITAL, 0);
		assert_ok!(amend(CLERK, RECORD, 1, 1));
		log.append(10);
		assert_ok!(log.checkpoint(CLERK, 10));
	});
}

#[test]
fn checkpoint_of_a_log_that_is_not_open_fails() {
	checkpointed(|log| {
		let (head, path) = (log.head(), log.growth(0, 10));
		assert_noop!(checkpoint(CLERK, Disclosures, head, path.clone()), Error::<Test>::NotFound);
		assert_noop!(checkpoint(ANALYST, RecordsLog, head, path), Error::<Test>::NotFound);
	});
}

#[test]
fn checkpoint_without_the_role_fails() {
	checkpointed(|mut log| {
		log.append(10);
		for who in [NURSE, STRANGER, HOSPITAL.sovereign_account()] {
			assert_noop!(log.checkpoint(who, 10), MockRegistry::NOT_AUTHORISED);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let LogHead { size, root } = log.head();
			let refused = Ehr::checkpoint(origin, RecordsLog, root, size, log.growth(10, 11));
			assert_noop!(refused, DispatchError::BadOrigin);
		}
	});
}

#[test]
fn checkpoint_repeated_fails() {
	checkpointed(|log| {
		assert_noop!(log.checkpoint(CLERK, 0), Error::<Test>::AlreadyExists);
		// Also as a log that does not grow.
		assert_noop!(log.checkpoint(CLERK, 10), Error::<Test>::AlreadyExists);
	});
}

#[test]
fn checkpoint_of_the_empty_log_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let log = TestLog::new(RecordsLog);
		assert_noop!(log.checkpoint(CLERK, 0), Error::<Test>::AlreadyExists);
		let forked = LogHead { size: 0, root: [1; 32] };
		let refused = checkpoint(CLERK, RecordsLog, forked, ConsistencyProof::default());
		assert_noop!(refused, Error::<Test>::ForkedHead);
	});
}

#[test]
fn checkpoint_of_the_same_size_and_another_root_fails() {
	checkpointed(|_| {
		let other = TestLog::of(RecordsLog, 1..11);
		assert_noop!(other.checkpoint(CLERK, 10), Error::<Test>::ForkedHead);
		assert_noop!(other.checkpoint(CLERK, 0), Error::<Test>::ForkedHead);
	});
}

#[test]
fn checkpoint_of_a_shrinking_log_fails() {
	checkpointed(|log| {
		for size in 0..10 {
			let refused = checkpoint(CLERK, RecordsLog, log.head_at(size), ConsistencyProof::default());
			assert_noop!(refused, Error::<Test>::LogShrinks);
			let refused = checkpoint(CLERK, RecordsLog, log.head_at(size), log.growth(size, 10));
			assert_noop!(refused, Error::<Test>::LogShrinks);
		}
	});
}

#[test]
fn checkpoint_of_a_forked_log_fails() {
	checkpointed(|_| {
		// Nothing in common: the custodian began anew and went further.
		let fork = TestLog::of(RecordsLog, 100..120);
		assert_noop!(fork.checkpoint(CLERK, 10), Error::<Test>::InvalidProof);
		assert_noop!(fork.checkpoint(CLERK, 0), Error::<Test>::InvalidProof);
	});
}

#[test]
fn checkpoint_with_a_dropped_entry_fails() {
	checkpointed(|_| {
		for dropped in 0..10 {
			let log = TestLog::of(RecordsLog, (0..20).filter(|seed| *seed != dropped));
			assert_noop!(log.checkpoint(CLERK, 10), Error::<Test>::InvalidProof);
			// Passed off as the growth of a smaller log.
			let refused = checkpoint(CLERK, RecordsLog, log.head(), log.growth(9, 19));
			assert_noop!(refused, Error::<Test>::InvalidProof);
		}
	});
}

#[test]
fn checkpoint_with_a_rewritten_entry_fails() {
	checkpointed(|_| {
		for rewritten in 0..10 {
			let log = TestLog::of(RecordsLog, (0..20).map(|seed| if seed == rewritten { 200 } else { seed }));
			assert_noop!(log.checkpoint(CLERK, 10), Error::<Test>::InvalidProof);
		}
	});
}

#[test]
fn checkpoint_with_swapped_entries_fails() {
	checkpointed(|_| {
		let log = TestLog::of(RecordsLog, [1, 0].into_iter().chain(2..20));
		assert_noop!(log.checkpoint(CLERK, 10), Error::<Test>::InvalidProof);
	});
}

#[test]
fn checkpoint_with_a_wrong_path_fails() {
	checkpointed(|mut log| {
		(10..20).for_each(|seed| log.append(seed));
		let (head, path) = (log.head(), log.growth(10, 20));
		let mut wrong = vec![ConsistencyProof::default(), log.growth(9, 20), log.growth(10, 19)];
		for index in 0..path.len() {
			let mut changed = path.clone();
			changed[index][31] ^= 1;
			wrong.push(changed);
		}
		wrong.push(path[1..].to_vec().try_into().unwrap());
		wrong.push(path[..path.len() - 1].to_vec().try_into().unwrap());
		wrong.push(path.iter().rev().copied().collect::<Vec<_>>().try_into().unwrap());
		for path in wrong {
			assert_noop!(checkpoint(CLERK, RecordsLog, head, path), Error::<Test>::InvalidProof);
		}
		// The right path with another root or size.
		let other = LogHead { root: [3; 32], ..head };
		assert_noop!(checkpoint(CLERK, RecordsLog, other, path.clone()), Error::<Test>::InvalidProof);
		let larger = LogHead { size: 40, ..head };
		assert_noop!(checkpoint(CLERK, RecordsLog, larger, path.clone()), Error::<Test>::InvalidProof);
		assert_ok!(checkpoint(CLERK, RecordsLog, head, path));
	});
}

#[test]
fn checkpoint_with_a_path_that_is_too_long_fails() {
	checkpointed(|mut log| {
		log.append(10);
		let path = log.growth(10, 11);
		let extended = path.iter().copied().chain([[9; 32]]).collect::<Vec<_>>();
		let refused = checkpoint(CLERK, RecordsLog, log.head(), extended.try_into().unwrap());
		assert_noop!(refused, Error::<Test>::InvalidProof);
		let longest = vec![[9; 32]; usize::try_from(MAX_PROOF_NODES).unwrap()];
		let refused = checkpoint(CLERK, RecordsLog, log.head(), longest.clone().try_into().unwrap());
		assert_noop!(refused, Error::<Test>::InvalidProof);
		// One more cannot even be written down.
		let beyond = longest.into_iter().chain([[9; 32]]).collect::<Vec<Hash>>();
		assert!(ConsistencyProof::try_from(beyond).is_err());
	});
}

#[test]
fn checkpoint_of_the_first_entries_with_a_path_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let log = TestLog::of(RecordsLog, 0..4);
		let path = ConsistencyProof::try_from(vec![[1; 32]]).unwrap();
		assert_noop!(checkpoint(CLERK, RecordsLog, log.head(), path), Error::<Test>::InvalidProof);
	});
}

#[test]
fn checkpoint_with_the_proof_of_another_log_fails() {
	checkpointed(|_| {
		// The laboratory's log and the hospital's disclosures grow honestly, but they are not the hospital's records.
		assert_ok!(Ehr::open_log(signed(ANALYST), RecordsLog));
		let mut laboratory = TestLog::of(RecordsLog, 100..110);
		assert_ok!(laboratory.checkpoint(ANALYST, 0));
		laboratory.append(110);
		assert_noop!(laboratory.checkpoint(CLERK, 10), Error::<Test>::InvalidProof);
		assert_ok!(laboratory.checkpoint(ANALYST, 10));
		assert_ok!(Ehr::open_log(signed(CLERK), Disclosures));
		// The same records in a log of another kind make other leaves.
		let mut disclosures = TestLog::of(Disclosures, 0..10);
		assert_ok!(disclosures.checkpoint(CLERK, 0));
		disclosures.append(10);
		let (head, path) = (disclosures.head(), disclosures.growth(10, 11));
		assert_noop!(checkpoint(CLERK, RecordsLog, head, path.clone()), Error::<Test>::InvalidProof);
		assert_ok!(checkpoint(CLERK, Disclosures, head, path));
	});
}

#[test]
fn checkpoint_of_a_log_that_is_too_large_fails() {
	checkpointed(|_| {
		for size in [MAX_LOG_SIZE + 1, u64::MAX] {
			let refused = checkpoint(CLERK, RecordsLog, LogHead { size, root: [1; 32] }, ConsistencyProof::default());
			assert_noop!(refused, Error::<Test>::TooManyEntries);
		}
	});
}

#[test]
fn checkpoint_of_the_largest_log_works() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let head = LogHead { size: MAX_LOG_SIZE, root: [1; 32] };
		assert_ok!(checkpoint(CLERK, RecordsLog, head, ConsistencyProof::default()));
		let beyond = LogHead { size: MAX_LOG_SIZE + 1, root: [2; 32] };
		let refused = checkpoint(CLERK, RecordsLog, beyond, ConsistencyProof::default());
		assert_noop!(refused, Error::<Test>::TooManyEntries);
	});
}

#[test]
fn checkpoint_weight_grows_with_the_path() {
	use frame_support::dispatch::GetDispatchInfo;
	let weight = |nodes: usize| {
		let consistency_proof = vec![[0; 32]; nodes].try_into().unwrap();
		let call = Call::<Test>::checkpoint { kind: RecordsLog, new_root: [0; 32], new_size: 1, consistency_proof };
		call.get_dispatch_info().call_weight
	};
	assert!(weight(63).ref_time() > weight(0).ref_time());
	assert_eq!(weight(63), <() as WeightInfo>::checkpoint(63));
}
