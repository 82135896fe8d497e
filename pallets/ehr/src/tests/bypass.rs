// SPDX-License-Identifier: Apache-2.0
//! No wrapper makes a member of somebody who is none.

use super::*;
use epidaurus_primitives::{
	life::{DenialReason, ErasureGround, Resolution},
	renewal::TreeSuite,
};
use frame_support::{dispatch::Pays, traits::GetCallName};
use sp_runtime::traits::Dispatchable;
use std::collections::BTreeSet;

/// A record and a log of the hospital, and calls that would go on with or begin something there.
fn prepared(test: impl FnOnce(Vec<RuntimeCall>)) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		assert_ok!(amend(CLERK, RECORD, 1, 1));
		assert_ok!(Ehr::open_log(signed(CLERK), LogKind::Records));
		let log = TestLog::of(LogKind::Records, 0..5);
		let LogHead { root: new_root, size: new_size } = log.head();
		let (commitment, suite) = (Commitment([5; 32]), RECURSIVE);
		let calls = vec![
			Call::anchor { record: RecordId([8; 16]), commitment, suite, link: None },
			Call::amend { record: RECORD, expected_version: 2, commitment, suite },
			Call::mark_entered_in_error { record: RECORD },
			Call::open_log { kind: LogKind::Disclosures },
			Call::checkpoint {
				kind: LogKind::Records,
				new_root,
				new_size,
				consistency_proof: ConsistencyProof::default(),
			},
		];
		test(calls.into_iter().map(RuntimeCall::Ehr).collect());
	});
}

/// Dispatches the wrapped call and says whether anything of ours changed, if it was refused or not.
fn changes(who: AccountId32, call: impl Into<RuntimeCall>) -> bool {
	let call = call.into();
	frame_support::hypothetically!({
		let before = stored();
		let _ = call.dispatch(signed(who));
		before != stored()
	})
}

fn multi_of(threshold: u16, signatories: &[AccountId32]) -> AccountId32 {
	Multisig::multi_account_id(signatories, threshold)
}

#[test]
fn batches_of_a_stranger_change_nothing() {
	prepared(|calls| {
		for who in [STRANGER, NURSE] {
			for call in &calls {
				let call = vec![call.clone()];
				assert!(!changes(who.clone(), pallet_utility::Call::batch { calls: call.clone() }));
				assert!(!changes(who.clone(), pallet_utility::Call::batch_all { calls: call.clone() }));
				assert!(!changes(who.clone(), pallet_utility::Call::force_batch { calls: call.clone() }));
			}
			let all = pallet_utility::Call::force_batch { calls: calls.clone() };
			assert!(!changes(who.clone(), all.clone()));
			// Nested.
			assert!(!changes(who, pallet_utility::Call::batch { calls: vec![all.into()] }));
		}
	});
}

#[test]
fn derivative_accounts_of_members_are_no_members() {
	prepared(|calls| {
		for call in calls {
			for index in [0, 1, u16::MAX] {
				let call = Box::new(call.clone());
				assert!(!changes(CLERK, pallet_utility::Call::as_derivative { index, call }));
			}
		}
	});
}

#[test]
fn proxies_of_strangers_change_nothing() {
	prepared(|calls| {
		// A member as the stranger's proxy acts as the stranger.
		assert_ok!(Proxy::add_proxy(signed(STRANGER), CLERK, (), 0));
		for call in calls {
			let proxied =
				|real| pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(call.clone()) };
			assert!(!changes(CLERK, proxied(STRANGER)));
			assert!(!changes(STRANGER, proxied(CLERK)), "the member never made the stranger its proxy");
		}
	});
}

#[test]
fn proxy_of_a_member_acts_as_the_member() {
	prepared(|calls| {
		assert_ok!(Proxy::add_proxy(signed(CLERK), STRANGER, (), 0));
		let call = Box::new(calls[0].clone());
		assert_ok!(Proxy::proxy(signed(STRANGER), CLERK, None, call));
		assert_eq!(Records::<Test>::get(RecordId([8; 16])).unwrap().custodian, HOSPITAL);
		assert!(System::events().iter().any(|event| matches!(
			&event.event,
			RuntimeEvent::Ehr(Event::RecordAnchored { by, .. }) if *by == CLERK
		)));
		// And no longer than the member is one.
		MockRegistry::remove(&CLERK);
		let proxied =
			pallet_proxy::Call::proxy { real: CLERK, force_proxy_type: None, call: Box::new(calls[2].clone()) };
		assert!(!changes(STRANGER, proxied));
	});
}

#[test]
fn multisigs_of_members_are_no_members() {
	prepared(|calls| {
		let mut signatories = [CLERK, DEPUTY];
		signatories.sort();
		let [first, second] = signatories;
		for call in calls {
			let other_signatories = vec![second.clone()];
			let call = Box::new(call.clone());
			let alone = pallet_multisig::Call::as_multi_threshold_1 {
				other_signatories: other_signatories.clone(),
				call: call.clone(),
			};
			assert!(!changes(first.clone(), alone));
			let max_weight = frame_support::weights::Weight::MAX;
			frame_support::hypothetically!({
				let before = stored();
				let opened = Multisig::as_multi(
					signed(first.clone()),
					2,
					other_signatories.clone(),
					None,
					call.clone(),
					max_weight,
				);
				assert_ok!(opened);
				let timepoint = Some(Multisig::timepoint());
				let others = vec![first.clone()];
				assert_ok!(Multisig::as_multi(signed(second.clone()), 2, others, timepoint, call, max_weight));
				let executed = System::events().into_iter().any(|event| {
					matches!(
						event.event,
						RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted { result: Err(_), .. })
					)
				});
				assert!(executed, "the call was dispatched and refused");
				assert_eq!(stored(), before);
			});
		}
	});
}

#[test]
fn multisig_that_is_a_member_works() {
	prepared(|calls| {
		// Two strangers whom the hospital made one member together: neither can act alone.
		let mut signatories = [STRANGER, NURSE];
		signatories.sort();
		let multi = multi_of(1, &signatories);
		MockRegistry::enrol(&multi, HOSPITAL, epidaurus_primitives::registry::Roles::RECORDS);
		let [first, second] = signatories;
		let call = pallet_multisig::Call::as_multi_threshold_1 {
			other_signatories: vec![second],
			call: Box::new(calls[0].clone()),
		};
		assert!(changes(first.clone(), call));
		assert!(!changes(first, calls[0].clone()));
	});
}

#[test]
fn batch_of_a_member_works() {
	ExtBuilder::default().build_and_execute(|| {
		let anchors = (1..=5).map(|seed| {
			let commitment = commitment(&opening(seed, 1, RECURSIVE));
			RuntimeCall::Ehr(Call::anchor { record: RecordId([seed; 16]), commitment, suite: RECURSIVE, link: None })
		});
		assert_ok!(Utility::batch_all(signed(CLERK), anchors.collect()));
		assert_eq!(Records::<Test>::iter().count(), 5);
		assert_eq!(held(HOSPITAL, HoldReason::Version), 5 * price_of_version(1));
	});
}

#[test]
fn batch_all_of_a_member_rolls_back_as_one() {
	prepared(|calls| {
		let before = (stored(), held(HOSPITAL, HoldReason::Version), held(HOSPITAL, HoldReason::Log));
		let [anchor, amend, mark, open, checkpoint] = calls.try_into().unwrap();
		// The last one comes too late: the record is entered in error by then.
		let calls = vec![anchor, open, checkpoint, mark, amend];
		let refused = Utility::batch_all(signed(CLERK), calls).unwrap_err();
		assert_eq!(refused.error, Error::<Test>::WrongState.into());
		assert_eq!(refused.post_info.pays_fee, Pays::Yes);
		let after = (stored(), held(HOSPITAL, HoldReason::Version), held(HOSPITAL, HoldReason::Log));
		assert_eq!(before, after);
	});
}

#[test]
fn batch_with_a_failing_amendment_keeps_no_half_deposit() {
	prepared(|calls| {
		// Money for nothing: each amendment is owed, and the batch that fails at the end owes nothing.
		set_free_funds(HOSPITAL, 0);
		let calls = vec![calls[1].clone(), calls[1].clone()];
		let refused = Utility::batch_all(signed(CLERK), calls.clone()).unwrap_err();
		assert_eq!(refused.error, Error::<Test>::WrongVersion.into());
		assert!(!Owed::<Test>::contains_key(HOSPITAL));
		assert_ok!(Utility::force_batch(signed(CLERK), calls));
		assert_eq!(Owed::<Test>::get(HOSPITAL), 1);
	});
}

/// A call, and somebody who may make it.
type Attempt = (AccountId32, RuntimeCall);

/// Prepares a state in which all of its attempts do something, and hands them over.
type Scene = fn(&mut dyn FnMut(Vec<Attempt>));

const SCENES: [Scene; 4] = [begun, owing, later_life, logs];

fn attempts(calls: Vec<(AccountId32, Call<Test>)>) -> Vec<Attempt> {
	calls.into_iter().map(|(who, call)| (who, RuntimeCall::Ehr(call))).collect()
}

fn begun(test: &mut dyn FnMut(Vec<Attempt>)) {
	prepared(|calls| test(calls.into_iter().map(|call| (CLERK, call)).collect()));
}

/// A version whose deposit is missing.
fn owing(test: &mut dyn FnMut(Vec<Attempt>)) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		set_free_funds(HOSPITAL, 0);
		assert_ok!(amend(CLERK, RECORD, 1, 1));
		set_free_funds(HOSPITAL, FUNDS);
		test(attempts(vec![(CLERK, Call::settle_deposit { record: RECORD, version: 2 })]));
	});
}

/// A log of the hospital that the archive goes on with.
fn logs(test: &mut dyn FnMut(Vec<Attempt>)) {
	ExtBuilder::default().build_and_execute(|| {
		let (custodian, kind) = (HOSPITAL, LogKind::Records);
		assert_ok!(Ehr::open_log(signed(CLERK), kind));
		assert_ok!(TestLog::of(kind, 0..5).checkpoint(CLERK, 0));
		MockRegistry::succeed(ARCHIVE, HOSPITAL);
		let log = TestLog::of(kind, 0..6);
		let (LogHead { root: new_root, size: new_size }, consistency_proof) = (log.head(), log.growth(5, 6));
		let checkpoint = CheckpointId { number: 0, size: 5 };
		// The first renewal begins with nothing, so that any root follows.
		let (tree, root) = (TreeSuite::Blake2b256, [1; 32]);
		let first = ConsistencyProof::default();
		test(attempts(vec![
			(ARCHIVIST, Call::checkpoint_for { custodian, kind, new_root, new_size, consistency_proof }),
			(CLERK, Call::renew_log { custodian, kind, checkpoint, tree, root, consistency_proof: first }),
		]));
	});
}

/// What could happen to the hospital's record later.
fn later_life(test: &mut dyn FnMut(Vec<Attempt>)) {
	with_patients_record(|| {
		let (reason, explanation) = (DenialReason::NotInRecordSet, text(2));
		// A denied request with which the patient disagrees, a denied one, one that is open and was answered by an amendment;
		// an open dispute.
		for number in 0..2 {
			assert_ok!(request(PATIENT, OF_PATIENT));
			assert_ok!(Ehr::deny_amendment(signed(CLERK), RECORD, number, reason, explanation));
		}
		assert_ok!(Ehr::disagree(signed(PATIENT), RECORD, 0, text(4)));
		assert_ok!(request(PATIENT, OF_PATIENT));
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_ok!(dispute(PATIENT, OF_PATIENT));
		// Another record of the patient, and one that the authority holds.
		let [other, held] = [8, 9].map(|id| RecordId([id; 16]));
		assert_ok!(anchor_linked(CLERK, other, OF_PATIENT));
		assert_ok!(anchor(CLERK, held, 1));
		assert_ok!(Ehr::place_hold(signed(INSPECTOR), held));
		let (link_key, statement, ground) = (key(OF_PATIENT), text(3), ErasureGround::Objection);
		let resolution = Resolution::Upheld;
		test(attempts(vec![
			(PATIENT, Call::dispute { record: other, link_key, statement }),
			(PATIENT, Call::request_amendment { record: other, link_key, statement }),
			(PATIENT, Call::withdraw_dispute { record: RECORD }),
			(PATIENT, Call::disagree { record: RECORD, request: 1, statement }),
			(CLERK, Call::resolve_dispute { record: RECORD, resolution, explanation }),
			(CLERK, Call::accept_amendment { record: RECORD, request: 2 }),
			(CLERK, Call::deny_amendment { record: RECORD, request: 2, reason, explanation }),
			(CLERK, Call::rebut { record: RECORD, request: 0, statement }),
			(CLERK, Call::state_retention { record: other, until: START }),
			(CLERK, Call::attest_erasure { record: other, ground }),
			(INSPECTOR, Call::place_hold { record: other }),
			(INSPECTOR, Call::lift_hold { record: held }),
		]));
	});
}

/// A suite and a tree are deprecated; what the consortium can decide then.
fn decisions(test: impl FnOnce(Vec<RuntimeCall>)) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::deprecate_suite(RuntimeOrigin::root(), HashSuite::Raw));
		assert_ok!(Ehr::deprecate_tree(RuntimeOrigin::root(), TreeSuite::Sha256));
		let calls = [
			Call::deprecate_suite { suite: RECURSIVE },
			Call::forbid_suite { suite: HashSuite::Raw },
			Call::deprecate_tree { tree: TreeSuite::Blake2b256 },
			Call::forbid_tree { tree: TreeSuite::Sha256 },
		];
		test(calls.into_iter().map(RuntimeCall::Ehr).collect());
	});
}

fn name_of(call: &RuntimeCall) -> &'static str {
	match call {
		RuntimeCall::Ehr(call) => call.get_call_name(),
		other => panic!("{other:?}"),
	}
}

#[test]
fn every_call_is_tried_here() {
	let mut tried = BTreeSet::new();
	for scene in SCENES {
		scene(&mut |attempts| tried.extend(attempts.iter().map(|(_, call)| name_of(call))));
	}
	decisions(|calls| tried.extend(calls.iter().map(name_of)));
	assert!(tried.into_iter().eq(Call::<Test>::get_call_names().iter().copied().collect::<BTreeSet<_>>()));
}

#[test]
fn calls_are_for_those_who_may_and_no_wrapper_makes_one() {
	let mut test = |attempts: Vec<Attempt>| {
		for (who, call) in attempts {
			// So that refusals mean something.
			assert!(changes(who.clone(), call.clone()), "{call:?}");
			let boxed = || Box::new(call.clone());
			for other in [STRANGER, NEIGHBOUR, ANALYST] {
				// The laboratory begins what is its own.
				if other == ANALYST && ["anchor", "open_log"].contains(&name_of(&call)) {
					continue;
				}
				assert!(!changes(other.clone(), call.clone()), "{call:?}");
				let batch = pallet_utility::Call::force_batch { calls: vec![call.clone()] };
				assert!(!changes(other.clone(), batch));
				let alone =
					pallet_multisig::Call::as_multi_threshold_1 { other_signatories: vec![who.clone()], call: boxed() };
				assert!(!changes(other.clone(), alone), "two together are neither of them");
				let proxied = pallet_proxy::Call::proxy { real: who.clone(), force_proxy_type: None, call: boxed() };
				assert!(!changes(other, proxied));
			}
			assert!(!changes(who, pallet_utility::Call::as_derivative { index: 0, call: boxed() }));
		}
	};
	SCENES.into_iter().for_each(|scene| scene(&mut test));
}

#[test]
fn suites_and_trees_are_not_changed_by_any_signed_call() {
	decisions(|calls| {
		for call in calls {
			let decided = frame_support::hypothetically!({
				let before = stored();
				assert_ok!(call.clone().dispatch(RuntimeOrigin::root()));
				before != stored()
			});
			assert!(decided, "{call:?}");
			for who in [CLERK, INSPECTOR, PATIENT, STRANGER] {
				assert!(!changes(who.clone(), call.clone()));
				assert!(!changes(who, pallet_utility::Call::force_batch { calls: vec![call.clone()] }));
			}
		}
	});
}
