// SPDX-License-Identifier: Apache-2.0
//! A hospital keeps records: what it can prove, what others can check, and what goes on when its licence stops.

use epidaurus_primitives::{
	ehr::{LogKind, LogProof, RecordStanding, SuiteStatus},
	hash::{HashSuite, Opening},
	ids::{LicenceId, MemberKey, RecordId},
	life::ErasureGround,
	merkle::ProofError,
	moment::{Moment, DAY},
	registry::{Capability, Holder, Roles, Standing},
	renewal::{Renewal, TreeSuite},
	verify::Refusal,
	views::{
		AnchorVerdict, AnchorView, CapabilityView, CheckpointView, Cursor, LicenceView, LifeView, LogVerdict, LogView,
		Page, SuiteView, TreeView, VersionView, MAX_PAGE,
	},
};
use epidaurus_runtime::{AccountId, Runtime};
use epidaurus_tests::{
	actors::{account, CLERK, HOSPITAL, HOSPITAL_CONTROLLER, INSPECTOR, LICENSING, OTHER_CLERK, OTHER_HOSPITAL},
	logs::{commitment, opening, version, Log, RenewedLog},
	Chain,
};
use pallet_ehr::CheckpointId;
use sp_runtime::transaction_validity::InvalidTransaction;

const RECORD: RecordId = RecordId([7; 16]);
const KIND: LogKind = LogKind::Records;

fn anchor(record: RecordId, opening: &Opening) -> pallet_ehr::Call<Runtime> {
	pallet_ehr::Call::anchor { record, commitment: commitment(opening), suite: opening.suite, link: None }
}

fn amend(record: RecordId, expected_version: u32, opening: &Opening) -> pallet_ehr::Call<Runtime> {
	pallet_ehr::Call::amend { record, expected_version, commitment: commitment(opening), suite: opening.suite }
}

/// A checkpoint of the log as it is, from the size it had.
fn checkpoint(log: &Log, from: u64) -> pallet_ehr::Call<Runtime> {
	let head = log.head();
	let consistency_proof = log.consistency(from).try_into().expect("no longer than any log needs");
	pallet_ehr::Call::checkpoint { kind: KIND, new_root: head.root, new_size: head.size, consistency_proof }
}

fn verify_anchor(chain: &mut Chain, record: RecordId, opening: &Opening) -> Result<AnchorVerdict, Refusal> {
	chain.ask("EhrApi_verify_anchor", (record, opening))
}

fn verify_log(chain: &mut Chain, (opening, proof): (Opening, LogProof)) -> Result<LogVerdict, Refusal> {
	chain.ask("EhrApi_verify_log", (HOSPITAL, KIND, opening, proof))
}

/// The hospital's licence to anchor records.
fn licence(chain: &mut Chain) -> LicenceId {
	let holder = Holder::<AccountId>::Organisation(HOSPITAL);
	let page: Page<LicenceView<AccountId>> = chain.ask("RegistryApi_licences", (holder, None::<Cursor>, MAX_PAGE));
	let found = page.items.into_iter().find(|licence| licence.capability == Capability::AnchorRecords);
	found.expect("the preset licenses the hospital").id
}

fn may_anchor(chain: &mut Chain) -> Standing {
	let holder = Holder::<AccountId>::Organisation(HOSPITAL);
	let view: CapabilityView =
		chain.ask("RegistryApi_capability", (holder, Capability::AnchorRecords, None::<()>, None::<()>));
	view.standing
}

#[test]
fn anchored_record_is_what_was_written_and_by_whom() {
	let mut chain = Chain::new();
	let written = opening("blood pressure 120/80");
	chain.ok(CLERK, anchor(RECORD, &written));
	let anchored_at = chain.now();
	chain.next_block();

	assert_eq!(
		verify_anchor(&mut chain, RECORD, &written),
		Ok(AnchorVerdict {
			custodian: HOSPITAL,
			successor: None,
			version: 1,
			suite: HashSuite::FhirStaticRoot,
			anchored_at,
			standing: RecordStanding::Current,
			suite_status: SuiteStatus::Active,
			life: LifeView::default(),
		})
	);
	let forged = opening("blood pressure 180/80");
	assert_eq!(verify_anchor(&mut chain, RECORD, &forged), Err(Refusal::CommitmentMismatch));
	let under_another_suite = Opening { suite: HashSuite::Raw, ..written.clone() };
	assert_eq!(
		verify_anchor(&mut chain, RECORD, &under_another_suite),
		Err(Refusal::SuiteMismatch { anchored: HashSuite::FhirStaticRoot, presented: HashSuite::Raw })
	);
	assert_eq!(verify_anchor(&mut chain, RecordId([8; 16]), &written), Err(Refusal::RecordNotFound));
	// Nobody anchors it again, under whatever name.
	chain.fails(CLERK, anchor(RECORD, &written), pallet_ehr::Error::<Runtime>::AlreadyExists);
	chain.fails(OTHER_CLERK, anchor(RECORD, &written), pallet_ehr::Error::<Runtime>::AlreadyExists);
}

#[test]
fn amended_record_keeps_both_versions_and_says_which_is_in_force() {
	let mut chain = Chain::new();
	let (first, second) = (version("weight 80 kg", 1), version("weight 70 kg", 2));
	chain.ok(CLERK, anchor(RECORD, &first));
	chain.next_block();
	chain.fails(OTHER_CLERK, amend(RECORD, 1, &second), pallet_ehr::Error::<Runtime>::NotAuthorised);
	chain.ok(CLERK, amend(RECORD, 1, &second));
	// The same command twice amends once.
	chain.fails(CLERK, amend(RECORD, 1, &second), pallet_ehr::Error::<Runtime>::WrongVersion);

	let standing = |answer: Result<AnchorVerdict, Refusal>| answer.expect("it opens").standing;
	assert_eq!(standing(verify_anchor(&mut chain, RECORD, &first)), RecordStanding::Amended { current: 2 });
	assert_eq!(standing(verify_anchor(&mut chain, RECORD, &second)), RecordStanding::Current);
	// The old content does not pass for the new version.
	let old_as_new = Opening { header: second.header.clone(), ..first };
	assert_eq!(verify_anchor(&mut chain, RECORD, &old_as_new), Err(Refusal::CommitmentMismatch));
	let third = version("weight 60 kg", 3);
	assert_eq!(verify_anchor(&mut chain, RECORD, &third), Err(Refusal::VersionNotFound { current: 2 }));

	let versions: Page<VersionView> = chain.ask("EhrApi_versions", (RECORD, None::<Cursor>, MAX_PAGE));
	assert_eq!(versions.items.iter().map(|view| view.version).collect::<Vec<_>>(), [1, 2]);
	assert_eq!(versions.next, None);
}

#[test]
fn erased_record_says_who_attested_it_and_that_openings_may_remain() {
	let mut chain = Chain::new();
	let written = opening("what is to be forgotten");
	chain.ok(CLERK, anchor(RECORD, &written));
	let ground = ErasureGround::ConsentWithdrawn;
	let attest = || pallet_ehr::Call::attest_erasure { record: RECORD, ground };
	let hold = || pallet_ehr::Call::place_hold { record: RECORD };
	// The hospital's second clerk, so that two can attest.
	let second = "Alice//clinician";
	let roles = Roles::CLINICIAN.union(Roles::RECORDS);
	let change = pallet_registry::Call::change_member { member: account(second), roles, until: None };
	chain.ok(HOSPITAL_CONTROLLER, change);

	chain.refused(CLERK, hold(), InvalidTransaction::Call);
	chain.ok(INSPECTOR, hold());
	chain.fails(CLERK, attest(), pallet_ehr::Error::<Runtime>::Held);
	chain.ok(INSPECTOR, pallet_ehr::Call::lift_hold { record: RECORD });
	let until = Moment(chain.now().0 + DAY);
	chain.ok(CLERK, pallet_ehr::Call::state_retention { record: RECORD, until });
	chain.fails(CLERK, attest(), pallet_ehr::Error::<Runtime>::Retained);
	chain.sleep(2 * DAY);
	chain.ok(CLERK, attest());
	chain.fails(CLERK, attest(), pallet_ehr::Error::<Runtime>::AlreadyExists);
	chain.fails(OTHER_CLERK, attest(), pallet_ehr::Error::<Runtime>::NotAuthorised);
	chain.ok(second, attest());
	chain.fails(CLERK, amend(RECORD, 1, &version("again", 2)), pallet_ehr::Error::<Runtime>::Erased);

	let erasure = verify_anchor(&mut chain, RECORD, &written).expect("it still opens").life.erasure;
	let erasure = erasure.expect("two members attested it");
	let key = |who| MemberKey(account(who).into());
	assert_eq!((erasure.custodian, erasure.attested_by), (HOSPITAL, [key(CLERK), key(second)]));
	assert!(erasure.openings_may_remain);
	let life: Option<LifeView> = chain.ask("EhrApi_life", RECORD);
	assert_eq!(life.expect("it is anchored").erasure, Some(erasure));
}

#[test]
fn suite_that_the_consortium_forbade_takes_nothing_new() {
	let mut chain = Chain::new();
	let written = opening("under a suite that will be broken");
	chain.ok(CLERK, anchor(RECORD, &written));
	let suite = HashSuite::FhirStaticRoot;
	let deprecate = || pallet_ehr::Call::deprecate_suite { suite };
	chain.fails(CLERK, deprecate(), sp_runtime::DispatchError::BadOrigin);
	chain.decide(deprecate());
	chain.ok(CLERK, anchor(RecordId([8; 16]), &written));
	chain.decide(pallet_ehr::Call::forbid_suite { suite });
	chain.fails(CLERK, anchor(RecordId([9; 16]), &written), pallet_ehr::Error::<Runtime>::SuiteForbidden);
	let suites: Vec<SuiteView> = chain.ask("EhrApi_suites", ());
	let forbidden = |view: &&SuiteView| view.status.is_forbidden();
	assert_eq!(suites.iter().filter(forbidden).map(|view| view.suite).collect::<Vec<_>>(), [suite]);
	let verdict = verify_anchor(&mut chain, RECORD, &written).expect("it still opens");
	assert!(verdict.suite_status.is_forbidden());
}

/// The sunset of a hash function: the log is renewed while it holds, then the consortium forbids its tree.
#[test]
fn renewed_log_outlives_its_tree() {
	let mut chain = Chain::new();
	let mut log = Log::new(KIND);
	chain.ok(CLERK, pallet_ehr::Call::open_log { kind: KIND });
	log.grow(100);
	chain.ok(CLERK, checkpoint(&log, 0));
	let first = chain.now();
	chain.next_block();
	log.grow(23);
	chain.ok(CLERK, checkpoint(&log, 100));
	let second = RenewedLog::of(&log);
	let renew = |number| pallet_ehr::Call::<Runtime>::renew_log {
		custodian: HOSPITAL,
		kind: KIND,
		checkpoint: CheckpointId { number, size: 123 },
		tree: TreeSuite::Blake2b256,
		root: second.head().root,
		consistency_proof: second.consistency(0).try_into().expect("no longer than any log needs"),
	};
	chain.fails(CLERK, renew(0), pallet_ehr::Error::<Runtime>::NotFound);
	chain.fails(OTHER_CLERK, renew(1), pallet_ehr::Error::<Runtime>::NotAuthorised);
	// A duty: who lost its licence renews what it keeps.
	let licence = licence(&mut chain);
	chain.ok(LICENSING, pallet_registry::Call::suspend_licence { licence });
	chain.next_block();
	chain.ok(CLERK, renew(1));
	chain.fails(CLERK, renew(1), pallet_ehr::Error::<Runtime>::AlreadyExists);
	let renewals: Vec<Renewal> = chain.ask("EhrApi_renewals", (HOSPITAL, KIND));
	let [renewal] = renewals[..] else { panic!("{renewals:?}") };
	assert_eq!((renewal.head, renewal.root, renewal.at), (log.head(), second.head().root, chain.now()));

	chain.next_block();
	let forbid = || pallet_ehr::Call::forbid_tree { tree: TreeSuite::Sha256 };
	chain.fails(CLERK, forbid(), sp_runtime::DispatchError::BadOrigin);
	chain.decide(pallet_ehr::Call::deprecate_tree { tree: TreeSuite::Sha256 });
	chain.decide(forbid());
	let trees: Vec<TreeView> = chain.ask("EhrApi_trees", ());
	assert!(trees[0].status.is_forbidden() && trees[1].status == SuiteStatus::Active);

	// The log goes on, and is renewed again when the time comes.
	log.grow(4);
	chain.ok(CLERK, checkpoint(&log, 123));
	let (opening, plain) = log.prove(3);
	let verdict = verify_log(&mut chain, (opening.clone(), plain.clone())).expect("it stands there");
	assert_eq!((verdict.covered_at, verdict.trees.tree), (first, TreeSuite::Sha256));
	assert!(verdict.trees.tree_status.is_forbidden(), "and the answer says so");
	let renewed = LogProof { renewed: Some(second.prove(3)), ..plain.clone() };
	let verdict = verify_log(&mut chain, (opening.clone(), renewed.clone())).expect("it stands in both trees");
	assert_eq!((verdict.trees.tree, verdict.trees.tree_status), (TreeSuite::Blake2b256, SuiteStatus::Active));
	assert_eq!((verdict.trees.renewal, verdict.trees.renewed_in_time), (Some(renewal), Some(true)));
	// Another record with the same first digest, as who broke SHA-256 could make it, has another second digest.
	let mut forged = renewed;
	forged.renewed.as_mut().expect("set above").digest = second.prove(4).digest;
	let refused = verify_log(&mut chain, (opening, forged));
	assert_eq!(refused, Err(Refusal::InvalidRenewal(ProofError::RootMismatch)));
}

#[test]
fn record_entered_in_error_is_so_with_all_its_versions() {
	let mut chain = Chain::new();
	let (first, second) = (version("of another patient", 1), version("of another patient, corrected", 2));
	chain.ok(CLERK, anchor(RECORD, &first));
	chain.ok(CLERK, amend(RECORD, 1, &second));
	let mark = pallet_ehr::Call::mark_entered_in_error { record: RECORD };
	chain.fails(OTHER_CLERK, mark.clone(), pallet_ehr::Error::<Runtime>::NotAuthorised);
	chain.ok(CLERK, mark.clone());
	for opening in [&first, &second] {
		let verdict = verify_anchor(&mut chain, RECORD, opening).expect("it still opens");
		assert_eq!(verdict.standing, RecordStanding::EnteredInError);
	}
	chain.fails(CLERK, mark, pallet_ehr::Error::<Runtime>::WrongState);
	chain.fails(CLERK, amend(RECORD, 2, &version("again", 3)), pallet_ehr::Error::<Runtime>::WrongState);
}

#[test]
fn log_grows_and_every_entry_can_be_shown() {
	let mut chain = Chain::new();
	let mut log = Log::new(KIND);
	chain.ok(CLERK, pallet_ehr::Call::open_log { kind: KIND });
	let sizes = [1, 2, 7, 8, 100, 1_000];
	for (from, size) in [0].into_iter().chain(sizes).zip(sizes) {
		log.grow(size - from);
		chain.ok(CLERK, checkpoint(&log, from));
		chain.next_block();
	}
	let view: Option<LogView> = chain.ask("EhrApi_log", (HOSPITAL, KIND));
	let view = view.expect("the log is open");
	assert_eq!((view.head, view.checkpoints), (log.head(), 6));
	for sequence in [0, 1, 6, 7, 99, 511, 999] {
		let verdict = verify_log(&mut chain, log.prove(sequence)).expect("it stands in the log");
		assert_eq!((verdict.custodian, verdict.head, verdict.licensed), (HOSPITAL, log.head(), true));
		assert_eq!(verdict.at, view.at);
	}
	let page: Page<CheckpointView> = chain.ask("EhrApi_checkpoints", (HOSPITAL, KIND, None::<Cursor>, 4u32));
	assert_eq!(page.items.iter().map(|view| view.head.size).collect::<Vec<_>>(), [1_000, 100, 8, 7]);
	let rest: Page<CheckpointView> = chain.ask("EhrApi_checkpoints", (HOSPITAL, KIND, page.next, 4u32));
	assert_eq!(rest.items.iter().map(|view| view.head.size).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn log_can_neither_lose_nor_rewrite_an_entry() {
	let mut chain = Chain::new();
	let mut log = Log::new(KIND);
	chain.ok(CLERK, pallet_ehr::Call::open_log { kind: KIND });
	log.grow(10);
	chain.ok(CLERK, checkpoint(&log, 0));

	// A log that left one entry out and appended others.
	let mut other = Log::new(LogKind::Disclosures);
	other.grow(12);
	chain.fails(CLERK, checkpoint(&other, 10), pallet_ehr::Error::<Runtime>::InvalidProof);
	let mut shorter = Log::new(KIND);
	shorter.grow(9);
	chain.fails(CLERK, checkpoint(&shorter, 9), pallet_ehr::Error::<Runtime>::LogShrinks);
	let mut forked = Log::new(LogKind::Disclosures);
	forked.grow(10);
	chain.fails(CLERK, checkpoint(&forked, 10), pallet_ehr::Error::<Runtime>::ForkedHead);
	chain.fails(CLERK, checkpoint(&log, 10), pallet_ehr::Error::<Runtime>::AlreadyExists);
	log.grow(2);
	chain.fails(CLERK, checkpoint(&log, 9), pallet_ehr::Error::<Runtime>::InvalidProof);
	chain.ok(CLERK, checkpoint(&log, 10));
}

#[test]
fn forged_proof_is_refused_with_its_reason() {
	let mut chain = Chain::new();
	let mut log = Log::new(KIND);
	chain.ok(CLERK, pallet_ehr::Call::open_log { kind: KIND });
	log.grow(10);
	let stale = log.prove(3);
	chain.ok(CLERK, checkpoint(&log, 0));
	log.grow(1);
	let early = log.prove(3);
	assert_eq!(verify_log(&mut chain, early.clone()), Err(Refusal::UnknownHead { size: 10 }));
	chain.ok(CLERK, checkpoint(&log, 10));
	assert_eq!(verify_log(&mut chain, stale), Err(Refusal::StaleHead { size: 11 }));
	assert!(verify_log(&mut chain, early).is_ok());

	let (opening, proof) = log.prove(3);
	let is_invalid = |answer| matches!(answer, Err(Refusal::InvalidProof(_)));
	let elsewhere = LogProof { sequence: 4, ..proof.clone() };
	assert!(is_invalid(verify_log(&mut chain, (opening.clone(), elsewhere))));
	let mut truncated = proof.clone();
	truncated.path.pop();
	assert!(is_invalid(verify_log(&mut chain, (opening.clone(), truncated))));
	let mut extended = proof.clone();
	extended.path.push([0; 32]);
	assert!(is_invalid(verify_log(&mut chain, (opening.clone(), extended))));
	let mut swapped = proof.clone();
	swapped.path.swap(0, 1);
	assert!(is_invalid(verify_log(&mut chain, (opening.clone(), swapped))));
	let mut forked = proof.clone();
	forked.head.root = [0; 32];
	assert_eq!(verify_log(&mut chain, (opening.clone(), forked)), Err(Refusal::ForkedHead));
	let other_custodian: Result<LogVerdict, Refusal> =
		chain.ask("EhrApi_verify_log", (OTHER_HOSPITAL, KIND, opening, proof));
	assert_eq!(other_custodian, Err(Refusal::LogNotFound));
}

#[test]
fn suspended_licence_stops_rights_and_no_duties() {
	let mut chain = Chain::new();
	let mut log = Log::new(KIND);
	let (first, second) = (version("before", 1), version("after", 2));
	chain.ok(CLERK, pallet_ehr::Call::open_log { kind: KIND });
	chain.ok(CLERK, anchor(RECORD, &first));
	log.grow(3);
	chain.ok(CLERK, checkpoint(&log, 0));
	let before = chain.now();
	chain.next_block();

	let licence = licence(&mut chain);
	chain.fails(
		CLERK,
		pallet_registry::Call::issue_licence {
			holder: Holder::Organisation(HOSPITAL),
			capability: Capability::AnchorRecords,
			jurisdiction: epidaurus_runtime::genesis_config_presets::consortium::GREECE,
			scope: epidaurus_primitives::registry::LicenceScope::All,
			from: None,
			until: None,
		},
		pallet_registry::Error::<Runtime>::RoleMissing,
	);
	chain.ok(LICENSING, pallet_registry::Call::suspend_licence { licence });
	assert_eq!(may_anchor(&mut chain), Standing::LicenceSuspended);
	let stopped = pallet_registry::Error::<Runtime>::LicenceSuspended;
	chain.fails(CLERK, anchor(RecordId([8; 16]), &opening("new")), stopped);
	let stopped = pallet_registry::Error::<Runtime>::LicenceSuspended;
	chain.fails(CLERK, pallet_ehr::Call::open_log { kind: LogKind::Disclosures }, stopped);

	// What was begun goes on, and is marked.
	chain.ok(CLERK, amend(RECORD, 1, &second));
	log.grow(2);
	chain.ok(CLERK, checkpoint(&log, 3));
	let verdict = verify_log(&mut chain, log.prove(4)).expect("recorded, never refused");
	assert!(!verdict.licensed);
	let page: Page<CheckpointView> = chain.ask("EhrApi_checkpoints", (HOSPITAL, KIND, None::<Cursor>, MAX_PAGE));
	assert_eq!(page.items.iter().map(|view| view.licensed).collect::<Vec<_>>(), [false, true]);
	// What was true before stays true.
	let holder = Holder::<AccountId>::Organisation(HOSPITAL);
	let view: CapabilityView =
		chain.ask("RegistryApi_capability", (holder, Capability::AnchorRecords, None::<()>, Some(before)));
	assert_eq!(view.standing, Standing::Granted);

	chain.next_block();
	chain.ok(LICENSING, pallet_registry::Call::reinstate_licence { licence });
	assert_eq!(may_anchor(&mut chain), Standing::Granted);
	chain.ok(CLERK, anchor(RecordId([8; 16]), &opening("new")));
	log.grow(1);
	chain.ok(CLERK, checkpoint(&log, 5));
	assert!(verify_log(&mut chain, log.prove(5)).expect("in the log").licensed);
}

#[test]
fn deposits_lie_on_the_sovereign_account_and_logs_are_paid_once() {
	let mut chain = Chain::new();
	let sovereign: AccountId = HOSPITAL.sovereign_account();
	let before = chain.balance(&sovereign);
	chain.ok(CLERK, pallet_ehr::Call::open_log { kind: KIND });
	let opened = chain.balance(&sovereign);
	assert_eq!(before - opened, 6_268_600_000_000);
	let mut log = Log::new(KIND);
	for from in 0..20 {
		log.grow(1);
		chain.ok(CLERK, checkpoint(&log, from));
	}
	assert_eq!(chain.balance(&sovereign), opened);
	chain.ok(CLERK, anchor(RECORD, &opening("one")));
	assert_eq!(opened - chain.balance(&sovereign), 24_800_000_000);
}

#[test]
fn old_checkpoints_are_thinned_to_one_of_each_day() {
	let mut chain = Chain::new();
	let mut log = Log::new(KIND);
	chain.ok(CLERK, pallet_ehr::Call::open_log { kind: KIND });
	for _ in 0..20 {
		for _ in 0..3 {
			let from = log.size();
			log.grow(1);
			chain.ok(CLERK, checkpoint(&log, from));
			chain.sleep(DAY / 3);
		}
	}
	let page: Page<CheckpointView> = chain.ask("EhrApi_checkpoints", (HOSPITAL, KIND, None::<Cursor>, MAX_PAGE));
	let old: Vec<_> = page.items.iter().filter(|view| view.at < chain.now().before(9 * DAY)).collect();
	let days: std::collections::BTreeSet<_> = old.iter().map(|view| view.at.day()).collect();
	assert!(days.len() >= 10 && old.len() == days.len(), "{} checkpoints of {} old days", old.len(), days.len());
	let young = page.items.iter().filter(|view| view.at >= chain.now().before(6 * DAY)).count();
	assert!(young >= 17, "{young} young checkpoints");
	// The newest answers for all entries.
	assert!(verify_log(&mut chain, log.prove(0)).is_ok());
}

#[test]
fn custodian_without_money_still_corrects_and_owes() {
	let mut chain = Chain::with(|config| {
		let sovereign: AccountId = HOSPITAL.sovereign_account();
		for (account, balance) in &mut config.balances.balances {
			if *account == sovereign {
				// One record, and what keeps the account.
				*balance = 26_700_000_000;
			}
		}
	});
	let (first, second) = (version("before", 1), version("after", 2));
	chain.ok(CLERK, anchor(RECORD, &first));
	chain.fails(CLERK, anchor(RecordId([8; 16]), &opening("new")), sp_runtime::TokenError::FundsUnavailable);
	chain.ok(CLERK, amend(RECORD, 1, &second));
	assert!(verify_anchor(&mut chain, RECORD, &second).is_ok());
	chain.fails(CLERK, anchor(RecordId([8; 16]), &opening("new")), pallet_ehr::Error::<Runtime>::DepositOwed);
	// The consortium allots, the custodian settles, rights return.
	chain.decide(pallet_registry::Call::allot { organisation: HOSPITAL, amount: 1_000_000_000_000 });
	chain.ok(CLERK, pallet_ehr::Call::settle_deposit { record: RECORD, version: 2 });
	chain.ok(CLERK, anchor(RecordId([8; 16]), &opening("new")));
}

#[test]
fn what_is_asked_of_a_record_tells_nothing_about_it() {
	let mut chain = Chain::new();
	chain.ok(CLERK, anchor(RECORD, &opening("secret")));
	let view: Option<AnchorView> = chain.ask("EhrApi_anchor", RECORD);
	let now = chain.now();
	let known =
		AnchorView { record: RECORD, custodian: HOSPITAL, version: 1, standing: RecordStanding::Current, since: now };
	assert_eq!(view, Some(known));
}

#[test]
#[should_panic(expected = "our pallets find everything in order")]
fn story_that_ends_in_disorder_is_noticed() {
	let mut chain = Chain::new();
	chain.run(|| pallet_ehr::Owed::<Runtime>::insert(HOSPITAL, 1));
}
