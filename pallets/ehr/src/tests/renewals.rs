// SPDX-License-Identifier: Apache-2.0
//! Renewal of logs under the second tree: who may, what is refused, what answers say, and what the consortium decides.

use super::*;
use epidaurus_primitives::{
	ehr::SuiteStatus,
	hash::NativeBlake2b256,
	merkle::{Blake2Tree, ProofError},
	moment::DAY,
	renewal::{Renewal, RenewedEntry, RenewedProof, SecondDigest, TreeSuite, MAX_RENEWALS},
	verify::Refusal,
	views::{LogVerdict, TreeView},
};
use LogKind::{Disclosures, Records as RecordsLog};

type B = NativeBlake2b256;
type Tree = Blake2Tree<B>;

const BLAKE2: TreeSuite = TreeSuite::Blake2b256;

/// The second tree of a test log, whose contents are the bytes that its salts are made of.
struct Second(MemoryStore);

fn second_digest(opening: &Opening) -> SecondDigest {
	SecondDigest::of_content::<B>(opening.suite, &opening.salt.0 .0[..1])
}

fn second_leaf(kind: LogKind, sequence: u64, opening: &Opening) -> Hash {
	let second = Some(opening.second_commitment::<B>(&NETWORK, &second_digest(opening)));
	RenewedEntry { kind, sequence, commitment: commitment(opening), second }.leaf::<B>()
}

impl Second {
	fn of(log: &TestLog) -> Self {
		let mut store = MemoryStore::new();
		for (sequence, opening) in (0..).zip(&log.openings) {
			store.append::<Tree>(second_leaf(log.kind, sequence, opening)).unwrap();
		}
		Self(store)
	}

	fn head_at(&self, size: u64) -> LogHead {
		LogHead { size, root: frontier_at(&self.0, size).unwrap().root::<Tree>() }
	}

	fn growth(&self, old: u64, new: u64) -> ConsistencyProof {
		prove_consistency::<Tree, _>(&self.0, old, new).unwrap().try_into().unwrap()
	}

	/// Renews the hospital's log up to checkpoint `number` of `size` entries, after a renewal of `old` entries.
	fn renew(&self, by: AccountId32, kind: LogKind, (number, size): (u64, u64), old: u64) -> DispatchResult {
		renew(by, kind, (number, size), self.head_at(size).root, self.growth(old, size))
	}

	fn proof(&self, log: &TestLog, sequence: u64, size: u64) -> LogProof {
		let digest = second_digest(&log.openings[usize::try_from(sequence).unwrap()]);
		let path = prove_inclusion::<Tree, _>(&self.0, sequence, size).unwrap();
		let renewed = RenewedProof { tree: BLAKE2, head: self.head_at(size), digest, path };
		LogProof { renewed: Some(renewed), ..log.inclusion(sequence) }
	}
}

fn renew(
	by: AccountId32,
	kind: LogKind,
	(number, size): (u64, u64),
	root: Hash,
	path: ConsistencyProof,
) -> DispatchResult {
	Ehr::renew_log(signed(by), HOSPITAL, kind, CheckpointId { number, size }, BLAKE2, root, path)
}

/// A hospital's log with checkpoints of 4, 7 and 11 entries, an hour apart, and the next hour.
fn logged(test: impl FnOnce(TestLog, Second)) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let mut log = TestLog::new(RecordsLog);
		for (old, size) in [(0, 4), (4, 7), (7, 11)] {
			(old..size).for_each(|seed| log.append(seed));
			assert_ok!(log.checkpoint(CLERK, old.into()));
			advance(HOUR);
		}
		let second = Second::of(&log);
		test(log, second);
	});
}

const HOUR: u64 = 3_600_000;

fn verify(log: &TestLog, sequence: u64, proof: &LogProof) -> Result<LogVerdict, Refusal> {
	Ehr::verify_log(HOSPITAL, log.kind, &log.openings[usize::try_from(sequence).unwrap()], proof)
}

fn retire(tree: TreeSuite) {
	assert_ok!(Ehr::deprecate_tree(RuntimeOrigin::root(), tree));
	assert_ok!(Ehr::forbid_tree(RuntimeOrigin::root(), tree));
}

#[test]
fn renew_log_works_and_goes_on() {
	logged(|log, second| {
		assert_ok!(second.renew(CLERK, RecordsLog, (0, 4), 0));
		let (custodian, kind, by, root) = (HOSPITAL, RecordsLog, CLERK, second.head_at(4).root);
		System::assert_last_event(Event::LogRenewed { custodian, kind, by, tree: BLAKE2, size: 4, root }.into());
		advance(HOUR);
		assert_ok!(second.renew(DEPUTY, RecordsLog, (2, 11), 4));
		let renewal = |size, checkpointed, at| Renewal {
			head: log.head_at(size),
			checkpointed_at: Moment(START.0 + checkpointed * HOUR),
			tree: BLAKE2,
			root: second.head_at(size).root,
			at: Moment(START.0 + at * HOUR),
		};
		assert_eq!(Ehr::renewals(HOSPITAL, RecordsLog), [renewal(4, 0, 3), renewal(11, 2, 4)]);
		assert_eq!(Ehr::renewals(HOSPITAL, Disclosures), []);
	});
}

#[test]
fn renew_log_is_a_duty_of_who_answers_for_the_custodian() {
	logged(|_, second| {
		for who in [NURSE, STRANGER, PATIENT] {
			assert_noop!(second.renew(who, RecordsLog, (0, 4), 0), MockRegistry::NOT_AUTHORISED);
		}
		for who in [ANALYST, ARCHIVIST] {
			assert_noop!(second.renew(who, RecordsLog, (0, 4), 0), Error::<Test>::NotAuthorised);
		}
		let path = ConsistencyProof::default();
		let checkpoint = CheckpointId { number: 0, size: 4 };
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let call = Ehr::renew_log(origin, HOSPITAL, RecordsLog, checkpoint, BLAKE2, [0; 32], path.clone());
			assert_noop!(call, DispatchError::BadOrigin);
		}
		MockRegistry::set_active(HOSPITAL, false);
		MockRegistry::revoke(HOSPITAL, Capability::AnchorRecords);
		assert_ok!(second.renew(CLERK, RecordsLog, (0, 4), 0));
		MockRegistry::succeed(ARCHIVE, HOSPITAL);
		assert_ok!(second.renew(ARCHIVIST, RecordsLog, (1, 7), 4));
		let (custodian, kind, by, root) = (HOSPITAL, RecordsLog, ARCHIVIST, second.head_at(7).root);
		System::assert_last_event(Event::LogRenewed { custodian, kind, by, tree: BLAKE2, size: 7, root }.into());
	});
}

#[test]
fn renew_log_wants_no_money() {
	logged(|_, second| {
		set_free_funds(HOSPITAL, 0);
		assert_ok!(second.renew(CLERK, RecordsLog, (0, 4), 0));
		assert_eq!(held(HOSPITAL, HoldReason::Log), price_of_log());
	});
}

#[test]
fn renew_log_of_what_is_no_checkpoint_fails() {
	logged(|_, second| {
		for checkpoint in [(0, 7), (1, 4), (3, 11), (0, 5)] {
			assert_noop!(second.renew(CLERK, RecordsLog, checkpoint, 0), Error::<Test>::NotFound);
		}
		assert_noop!(second.renew(CLERK, Disclosures, (0, 4), 0), Error::<Test>::NotFound);
		// A log without any checkpoint.
		assert_ok!(Ehr::open_log(signed(CLERK), Disclosures));
		assert_noop!(renew(CLERK, Disclosures, (0, 0), [0; 32], Default::default()), Error::<Test>::NotFound);
	});
}

#[test]
fn renew_log_of_a_thinned_checkpoint_fails_and_renewals_stay() {
	logged(|log, second| {
		assert_ok!(second.renew(CLERK, RecordsLog, (0, 4), 0));
		advance(30 * DAY);
		let mut grown = TestLog::of(RecordsLog, 0..11);
		grown.append(11);
		assert_ok!(grown.checkpoint(CLERK, 11));
		assert_eq!(kept(HOSPITAL, RecordsLog), [2, 3]);
		assert_eq!(Ehr::renewals(HOSPITAL, RecordsLog)[0].head, log.head_at(4));
		assert_noop!(second.renew(CLERK, RecordsLog, (1, 7), 4), Error::<Test>::NotFound);
		assert_ok!(second.renew(CLERK, RecordsLog, (2, 11), 4));
	});
}

#[test]
fn renew_log_that_does_not_go_on_fails() {
	logged(|_, second| {
		// The first renewal has no path.
		let path = second.growth(4, 7);
		assert_noop!(renew(CLERK, RecordsLog, (1, 7), [1; 32], path), Error::<Test>::InvalidProof);
		assert_ok!(second.renew(CLERK, RecordsLog, (1, 7), 0));
		assert_noop!(second.renew(CLERK, RecordsLog, (1, 7), 7), Error::<Test>::AlreadyExists);
		let none = ConsistencyProof::default();
		assert_noop!(renew(CLERK, RecordsLog, (1, 7), [1; 32], none.clone()), Error::<Test>::ForkedHead);
		assert_noop!(second.renew(CLERK, RecordsLog, (0, 4), 0), Error::<Test>::LogShrinks);
		// Another tree than before, and a path from another size, of the other tree, or none.
		let root = second.head_at(11).root;
		for (root, path) in [
			([1; 32], second.growth(7, 11)),
			(root, second.growth(4, 11)),
			(root, TestLog::of(RecordsLog, 0..11).growth(7, 11)),
			(root, none),
		] {
			assert_noop!(renew(CLERK, RecordsLog, (2, 11), root, path), Error::<Test>::InvalidProof);
		}
		assert_ok!(second.renew(CLERK, RecordsLog, (2, 11), 7));
	});
}

#[test]
fn renew_log_under_its_own_or_a_forbidden_tree_fails() {
	logged(|log, second| {
		let checkpoint = CheckpointId { number: 0, size: 4 };
		let root = log.head_at(4).root;
		let path = ConsistencyProof::default();
		let own = Ehr::renew_log(signed(CLERK), HOSPITAL, RecordsLog, checkpoint, TreeSuite::Sha256, root, path);
		assert_noop!(own, Error::<Test>::WrongTree);
		assert_ok!(Ehr::deprecate_tree(RuntimeOrigin::root(), BLAKE2));
		assert_ok!(second.renew(CLERK, RecordsLog, (0, 4), 0));
		assert_ok!(Ehr::forbid_tree(RuntimeOrigin::root(), BLAKE2));
		assert_noop!(second.renew(CLERK, RecordsLog, (1, 7), 4), Error::<Test>::SuiteForbidden);
	});
}

#[test]
fn renew_log_more_often_than_is_kept_replaces_the_newest() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let mut log = TestLog::new(RecordsLog);
		let most = u8::try_from(MAX_RENEWALS).unwrap();
		for seed in 0..most + 2 {
			log.append(seed);
			assert_ok!(log.checkpoint(CLERK, seed.into()));
			let (number, size) = (u64::from(seed), u64::from(seed) + 1);
			assert_ok!(Second::of(&log).renew(CLERK, RecordsLog, (number, size), number));
		}
		let sizes = Ehr::renewals(HOSPITAL, RecordsLog).into_iter().map(|renewal| renewal.head.size);
		let expected = (1..u64::from(MAX_RENEWALS)).chain([u64::from(MAX_RENEWALS) + 2]);
		assert!(sizes.eq(expected));
	});
}

#[test]
fn renewals_in_time_do_not_give_way_to_late_ones() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let mut log = TestLog::new(RecordsLog);
		let most = u8::try_from(MAX_RENEWALS).unwrap();
		let mut renewed_one_more = |seed: u8| {
			advance(HOUR);
			log.append(seed);
			assert_ok!(log.checkpoint(CLERK, seed.into()));
			let (number, size) = (u64::from(seed), u64::from(seed) + 1);
			let second = Second::of(&log);
			assert_ok!(second.renew(CLERK, RecordsLog, (number, size), number));
			let sizes = Ehr::renewals(HOSPITAL, RecordsLog).into_iter().map(|renewal| renewal.head.size);
			let sizes = sizes.collect::<Vec<_>>();
			// Whether what each entry's renewal says is that it came in time.
			let in_time = (0..size).map(|sequence| {
				let first = *sizes.iter().find(|size| **size > sequence).unwrap();
				let verdict = verify(&log, sequence, &second.proof(&log, sequence, first)).unwrap();
				verdict.trees.renewed_in_time.unwrap()
			});
			let in_time = in_time.filter(|in_time| *in_time).count();
			(sizes, in_time)
		};
		let last = (0..most).map(&mut renewed_one_more).last().unwrap();
		assert_eq!((last.0.len(), last.1), (32, 32));
		advance(HOUR);
		retire(TreeSuite::Sha256);
		// The first late one takes the place of one in time whose entries the last one in time covers, the next ones that of
		// the late one: all that was renewed in time stays so.
		for seed in most..most + 4 {
			let (sizes, in_time) = renewed_one_more(seed);
			assert!(sizes.into_iter().eq((1..=30).chain([32, u64::from(seed) + 1])), "{seed}");
			assert_eq!(in_time, 32);
		}
	});
}

#[test]
fn verdict_tells_when_an_entry_was_covered_and_renewed() {
	logged(|log, second| {
		assert_ok!(second.renew(CLERK, RecordsLog, (1, 7), 0));
		let renewal = Ehr::renewals(HOSPITAL, RecordsLog)[0];
		for (sequence, covered) in [(0, 0), (3, 0), (4, 1), (6, 1)] {
			let verdict = verify(&log, sequence, &second.proof(&log, sequence, 7)).unwrap();
			assert_eq!(verdict.covered_at, Moment(START.0 + covered * HOUR), "{sequence}");
			assert_eq!((verdict.head, verdict.at), (log.head(), Moment(START.0 + 2 * HOUR)));
			let trees = &verdict.trees;
			assert_eq!((trees.tree, trees.tree_status), (BLAKE2, SuiteStatus::Active));
			assert_eq!((trees.renewal, trees.renewed_in_time), (Some(renewal), Some(true)));
			assert_eq!((renewal.checkpointed_at, renewal.at), (Moment(START.0 + HOUR), Moment(START.0 + 3 * HOUR)));
		}
		// Without the second path, and of an entry that came later.
		for (sequence, covered) in [(3, 0), (10, 2)] {
			let verdict = verify(&log, sequence, &log.inclusion(sequence)).unwrap();
			assert_eq!(verdict.covered_at, Moment(START.0 + covered * HOUR));
			let trees = &verdict.trees;
			assert_eq!((trees.tree, trees.renewal, trees.renewed_in_time), (TreeSuite::Sha256, None, None));
		}
	});
}

#[test]
fn verdict_of_a_thinned_log_tells_the_first_checkpoint_that_is_kept() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let mut log = TestLog::new(RecordsLog);
		// Two checkpoints on each of four days, and two weeks later two more.
		for number in 0..10_u8 {
			log.append(number);
			assert_ok!(log.checkpoint(CLERK, number.into()));
			advance(if number == 7 { 2 * WEEK } else { DAY / 2 });
		}
		let days = Logs::<Test>::get(HOSPITAL, RecordsLog).unwrap().days;
		assert!(days >= 2, "{days}");
		for sequence in 0..10 {
			let verdict = verify(&log, sequence, &log.inclusion(sequence)).unwrap();
			let all = kept(HOSPITAL, RecordsLog).into_iter();
			let all = all.filter_map(|number| Checkpoints::<Test>::get((HOSPITAL, RecordsLog, number)));
			let first = all.filter(|checkpoint| checkpoint.head.size > sequence).map(|checkpoint| checkpoint.at).min();
			assert_eq!(Some(verdict.covered_at), first, "{sequence}");
		}
	});
}

#[test]
fn verdict_after_the_sunset_says_on_which_tree_it_rests() {
	logged(|log, second| {
		assert_ok!(second.renew(CLERK, RecordsLog, (1, 7), 0));
		advance(HOUR);
		assert_ok!(Ehr::deprecate_tree(RuntimeOrigin::root(), TreeSuite::Sha256));
		let since = Moment(START.0 + 4 * HOUR);
		let plain = verify(&log, 3, &log.inclusion(3)).unwrap();
		assert_eq!(plain.trees.tree_status, SuiteStatus::Deprecated { since });
		advance(HOUR);
		assert_ok!(Ehr::forbid_tree(RuntimeOrigin::root(), TreeSuite::Sha256));
		let status = SuiteStatus::Forbidden { since: Moment(since.0 + HOUR), deprecated: since };
		let views = [(TreeSuite::Sha256, status), (BLAKE2, SuiteStatus::Active)];
		let views = views.map(|(tree, status)| TreeView { tree, status });
		assert_eq!(Ehr::trees(), views);
		// Without a renewal the answer stands, and says that it rests on a forbidden tree.
		let plain = verify(&log, 3, &log.inclusion(3)).unwrap();
		assert_eq!((plain.trees.tree, plain.trees.tree_status), (TreeSuite::Sha256, status));
		let renewed = verify(&log, 3, &second.proof(&log, 3, 7)).unwrap().trees;
		assert_eq!((renewed.tree, renewed.tree_status), (BLAKE2, SuiteStatus::Active));
		assert_eq!((renewed.renewed_in_time, &renewed.trees[..]), (Some(true), &views[..]));

		// Duties go on: checkpoints and renewals are taken, and what is renewed now is marked as late.
		advance(HOUR);
		assert_ok!(second.renew(CLERK, RecordsLog, (2, 11), 7));
		let late = verify(&log, 8, &second.proof(&log, 8, 11)).unwrap();
		assert_eq!(late.trees.renewed_in_time, Some(false));
		let mut grown = TestLog::of(RecordsLog, 0..11);
		grown.append(11);
		assert_ok!(grown.checkpoint(CLERK, 11));
	});
}

#[test]
fn verify_log_with_a_forged_renewal_fails() {
	logged(|log, second| {
		let proof = second.proof(&log, 3, 7);
		assert_eq!(verify(&log, 3, &proof), Err(Refusal::RenewalNotFound { size: 0 }));
		assert_ok!(second.renew(CLERK, RecordsLog, (1, 7), 0));
		assert!(verify(&log, 3, &proof).is_ok());
		let forged = |forge: fn(&mut RenewedProof)| {
			let mut proof = proof.clone();
			forge(proof.renewed.as_mut().unwrap());
			verify(&log, 3, &proof).unwrap_err()
		};
		let mismatch = Refusal::InvalidRenewal(ProofError::RootMismatch);
		assert_eq!(forged(|renewed| renewed.digest.0[0] ^= 1), mismatch);
		assert_eq!(forged(|renewed| renewed.path.swap(0, 1)), mismatch);
		assert_eq!(forged(|renewed| renewed.head.size = 4), Refusal::RenewalNotFound { size: 7 });
		assert_eq!(forged(|renewed| renewed.head.root[9] ^= 1), Refusal::ForkedRenewal);
		assert_eq!(forged(|renewed| renewed.tree = TreeSuite::Sha256), Refusal::RenewalNotFound { size: 0 });
		// The renewal of an equally large log of another kind.
		assert_ok!(Ehr::open_log(signed(CLERK), Disclosures));
		let other = TestLog::of(Disclosures, 0..7);
		assert_ok!(other.checkpoint(CLERK, 0));
		let renewed = Second::of(&other);
		assert_ok!(renewed.renew(CLERK, Disclosures, (0, 7), 0));
		let foreign = LogProof { renewed: renewed.proof(&other, 3, 7).renewed, ..proof.clone() };
		assert_eq!(verify(&log, 3, &foreign), Err(Refusal::ForkedRenewal));
		let foreign = LogProof { renewed: proof.renewed, ..other.inclusion(3) };
		assert_eq!(verify(&other, 3, &foreign), Err(Refusal::ForkedRenewal));
	});
}

#[test]
fn renewed_root_over_other_entries_proves_nothing() {
	logged(|log, _| {
		// The custodian renews a log in which entry 3 is another one: the chain cannot know, whoever verifies does.
		let mut openings = TestLog::of(RecordsLog, 0..11);
		openings.openings[3] = opening(77, 1, RECURSIVE);
		let false_second = Second::of(&openings);
		assert_ok!(false_second.renew(CLERK, RecordsLog, (1, 7), 0));
		let mismatch = Err(Refusal::InvalidRenewal(ProofError::RootMismatch));
		assert_eq!(verify(&log, 3, &false_second.proof(&log, 3, 7)), mismatch);
		assert!(verify(&log, 2, &false_second.proof(&log, 2, 7)).is_ok());
	});
}

#[test]
fn trees_are_retired_by_the_consortium_only_and_never_all() {
	ExtBuilder::default().build_and_execute(|| {
		let active = |tree| TreeView { tree, status: SuiteStatus::Active };
		assert_eq!(Ehr::trees(), TreeSuite::ALL.map(active));
		for origin in [RuntimeOrigin::none(), signed(CLERK), signed(INSPECTOR)] {
			assert_noop!(Ehr::deprecate_tree(origin.clone(), BLAKE2), DispatchError::BadOrigin);
			assert_noop!(Ehr::forbid_tree(origin, BLAKE2), DispatchError::BadOrigin);
		}
		let (sha, root) = (TreeSuite::Sha256, RuntimeOrigin::root);
		assert_noop!(Ehr::forbid_tree(root(), sha), Error::<Test>::WrongState);
		assert_ok!(Ehr::deprecate_tree(root(), sha));
		System::assert_last_event(Event::TreeDeprecated { tree: sha }.into());
		assert_noop!(Ehr::deprecate_tree(root(), sha), Error::<Test>::WrongState);
		// None would be left that is active.
		assert_ok!(Ehr::deprecate_tree(root(), BLAKE2));
		for tree in TreeSuite::ALL {
			assert_noop!(Ehr::forbid_tree(root(), tree), Error::<Test>::LastTree);
		}
	});
	ExtBuilder::default().build_and_execute(|| {
		retire(TreeSuite::Sha256);
		System::assert_last_event(Event::TreeForbidden { tree: TreeSuite::Sha256 }.into());
		assert_noop!(Ehr::forbid_tree(RuntimeOrigin::root(), TreeSuite::Sha256), Error::<Test>::WrongState);
		assert_ok!(Ehr::deprecate_tree(RuntimeOrigin::root(), BLAKE2));
		assert_noop!(Ehr::forbid_tree(RuntimeOrigin::root(), BLAKE2), Error::<Test>::LastTree);
	});
}

/// A log with renewals of 4 and 7 entries, after which something is broken by hand.
fn breaking(expected: &'static str, break_one: impl FnOnce(&mut LogRenewals)) {
	ExtBuilder::default().build().execute_with(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let log = TestLog::of(RecordsLog, 0..4);
		assert_ok!(log.checkpoint(CLERK, 0));
		advance(HOUR);
		let second = Second::of(&TestLog::of(RecordsLog, 0..7));
		assert_ok!(second.renew(CLERK, RecordsLog, (0, 4), 0));
		assert_ok!(TestLog::of(RecordsLog, 0..7).checkpoint(CLERK, 4));
		advance(HOUR);
		assert_ok!(second.renew(CLERK, RecordsLog, (1, 7), 4));
		advance(HOUR);
		check();
		Renewals::<Test>::mutate(HOSPITAL, RecordsLog, break_one);
		assert_eq!(Ehr::do_try_state(), Err(expected.into()));
	});
}

#[test]
fn try_state_of_wrong_renewals_fails() {
	breaking("a log renewed under its own tree", |renewals| renewals[0].tree = TreeSuite::Sha256);
	let expected = "a renewal of entries that are not there";
	breaking(expected, |renewals| renewals[1].head.size = 8);
	breaking(expected, |renewals| renewals[0].head.size = 0);
	let expected = "a renewal before its checkpoint, or of the future";
	breaking(expected, |renewals| renewals[1].at = Moment(u64::MAX));
	breaking(expected, |renewals| renewals[0].checkpointed_at.0 += 2 * HOUR);
	let expected = "a renewal of another log than that of the checkpoint";
	breaking(expected, |renewals| renewals[0].head.root[0] ^= 1);
	breaking(expected, |renewals| renewals[1].checkpointed_at.0 -= 1);
	breaking("a renewal is older than the one before", |renewals| renewals[0].at.0 += HOUR + 1);
	breaking("a renewal does not cover more than before", |renewals| renewals[1] = renewals[0]);
	breaking("a list of renewals without any", |renewals| renewals.clear());
	breaking("renewal without its log", |renewals| {
		Renewals::<Test>::insert(LABORATORY, RecordsLog, renewals.clone());
	});
}

#[test]
fn try_state_of_a_wrong_tree_fails() {
	let broken = |expected: &'static str, statuses: &[SuiteStatus]| {
		ExtBuilder::default().build().execute_with(|| {
			for (tree, status) in TreeSuite::ALL.into_iter().zip(statuses) {
				Trees::<Test>::insert(tree, status);
			}
			assert_eq!(Ehr::do_try_state(), Err(expected.into()));
		});
	};
	broken("a suite's status is the default or of the future", &[SuiteStatus::Active]);
	let forbidden = SuiteStatus::Forbidden { since: START, deprecated: START };
	broken("no tree is left", &[forbidden, forbidden]);
}
