// SPDX-License-Identifier: Apache-2.0

use super::*;
use epidaurus_primitives::{
	ehr::{RecordStanding, SuiteStatus},
	hash::SaltBytes,
	ids::NetworkId,
	merkle::ProofError,
	verify::Refusal,
	views::{AnchorVerdict, LifeView, LogVerdict, TreeVerdict},
};
use LogKind::{Disclosures, Records as RecordsLog};

/// A record with versions 1 (recursive), 2 (static root) and 3 (recursive), a minute apart.
fn amended(test: impl FnOnce([Opening; 3])) {
	ExtBuilder::default().build_and_execute(|| {
		let openings = [opening(1, 1, RECURSIVE), opening(2, 2, HashSuite::FhirStaticRoot), opening(3, 3, RECURSIVE)];
		let [first, second, third] = &openings;
		assert_ok!(Ehr::anchor(signed(CLERK), RECORD, commitment(first), first.suite, None));
		advance(60_000);
		assert_ok!(Ehr::amend(signed(CLERK), RECORD, 1, commitment(second), second.suite));
		advance(60_000);
		assert_ok!(Ehr::amend(signed(CLERK), RECORD, 2, commitment(third), third.suite));
		test(openings);
	});
}

fn verdict(version: u32, suite: HashSuite, standing: RecordStanding) -> Result<AnchorVerdict, Refusal> {
	let anchored_at = Moment(START.0 + u64::from(version - 1) * 60_000);
	let (suite_status, life, successor) = (SuiteStatus::Active, LifeView::default(), None);
	Ok(AnchorVerdict { custodian: HOSPITAL, successor, version, suite, anchored_at, standing, suite_status, life })
}

#[test]
fn verify_anchor_of_each_version_works() {
	amended(|[first, second, third]| {
		let old = RecordStanding::Amended { current: 3 };
		assert_eq!(Ehr::verify_anchor(RECORD, &first), verdict(1, RECURSIVE, old));
		assert_eq!(Ehr::verify_anchor(RECORD, &second), verdict(2, HashSuite::FhirStaticRoot, old));
		assert_eq!(Ehr::verify_anchor(RECORD, &third), verdict(3, RECURSIVE, RecordStanding::Current));
	});
}

#[test]
fn verify_anchor_of_a_record_entered_in_error_says_so() {
	amended(|[first, _, third]| {
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		let standing = RecordStanding::EnteredInError;
		assert_eq!(Ehr::verify_anchor(RECORD, &first), verdict(1, RECURSIVE, standing));
		assert_eq!(Ehr::verify_anchor(RECORD, &third), verdict(3, RECURSIVE, standing));
	});
}

#[test]
fn verify_anchor_of_an_unknown_record_fails() {
	amended(|[first, ..]| {
		let refused = Ehr::verify_anchor(RecordId([8; 16]), &first);
		assert_eq!(refused, Err(Refusal::RecordNotFound));
	});
}

#[test]
fn verify_anchor_of_an_unknown_version_fails() {
	amended(|[_, _, third]| {
		for version in [0, 4, u32::MAX] {
			let mut opening = third.clone();
			opening.header.version = version;
			let refused = Ehr::verify_anchor(RECORD, &opening);
			assert_eq!(refused, Err(Refusal::VersionNotFound { current: 3 }));
		}
	});
}

#[test]
fn verify_anchor_under_another_suite_fails() {
	amended(|[first, second, _]| {
		let (anchored, presented) = (RECURSIVE, HashSuite::Raw);
		let refused = Ehr::verify_anchor(RECORD, &Opening { suite: presented, ..first });
		assert_eq!(refused, Err(Refusal::SuiteMismatch { anchored, presented }));
		// Each version has its own suite: that of the newest does not serve for an older one.
		let (anchored, presented) = (HashSuite::FhirStaticRoot, RECURSIVE);
		let refused = Ehr::verify_anchor(RECORD, &Opening { suite: presented, ..second });
		assert_eq!(refused, Err(Refusal::SuiteMismatch { anchored, presented }));
	});
}

#[test]
fn verify_anchor_of_anything_changed_fails() {
	amended(|[first, second, third]| {
		let mut salt = first.clone();
		salt.salt.0 = SaltBytes([99; 32]);
		let mut content = first.clone();
		content.digest.0[0] ^= 1;
		let mut subject = first.clone();
		subject.header.subject = None;
		let mut class = first.clone();
		class.header.class = ResourceClass::new("Condition").unwrap();
		let mut labels = first.clone();
		labels.header.labels.sensitivity = Labels::HIV;
		let mut time = first.clone();
		time.header.clinical_time = None;
		for opening in [salt, content, subject, class, labels, time] {
			assert_eq!(Ehr::verify_anchor(RECORD, &opening), Err(Refusal::CommitmentMismatch));
		}
		// An old version passed off as the current one, and the other way round.
		let mut passed_off = first;
		passed_off.header.version = 3;
		assert_eq!(Ehr::verify_anchor(RECORD, &passed_off), Err(Refusal::CommitmentMismatch));
		let mut dated_back = third;
		dated_back.header.version = 1;
		assert_eq!(Ehr::verify_anchor(RECORD, &dated_back), Err(Refusal::CommitmentMismatch));
		assert!(Ehr::verify_anchor(RECORD, &second).is_ok());
	});
}

#[test]
fn verify_anchor_of_another_network_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let opening = opening(1, 1, RECURSIVE);
		let elsewhere = opening.commitment::<NativeSha256>(&NetworkId([1; 32]));
		assert_ok!(Ehr::anchor(signed(CLERK), RECORD, elsewhere, RECURSIVE, None));
		assert_eq!(Ehr::verify_anchor(RECORD, &opening), Err(Refusal::CommitmentMismatch));
	});
}

#[test]
fn verify_anchor_of_another_record_fails() {
	amended(|[first, ..]| {
		assert_ok!(anchor(ANALYST, RecordId([8; 16]), 40));
		assert_eq!(Ehr::verify_anchor(RecordId([8; 16]), &first), Err(Refusal::CommitmentMismatch));
	});
}

/// The hospital's log of records with a checkpoint of eleven entries.
fn logged(test: impl FnOnce(TestLog)) {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let log = TestLog::of(RecordsLog, 0..11);
		assert_ok!(log.checkpoint(CLERK, 0));
		test(log);
	});
}

fn verify(log: &TestLog, sequence: u64) -> Result<LogVerdict, Refusal> {
	let opening = &log.openings[usize::try_from(sequence).unwrap()];
	Ehr::verify_log(HOSPITAL, RecordsLog, opening, &log.inclusion(sequence))
}

#[test]
fn verify_log_of_every_entry_works() {
	logged(|log| {
		for sequence in 0..11 {
			let (custodian, kind, suite_status) = (HOSPITAL, RecordsLog, SuiteStatus::Active);
			let (head, at, trees) = (log.head(), START, TreeVerdict::new(None, Ehr::trees()));
			let (covered_at, licensed, successor) = (START, true, None);
			let verdict =
				LogVerdict { custodian, successor, kind, head, at, licensed, suite_status, covered_at, trees };
			assert_eq!(verify(&log, sequence), Ok(verdict));
		}
	});
}

#[test]
fn verify_log_tells_the_newest_checkpoint() {
	logged(|mut log| {
		advance(60_000);
		MockRegistry::set_active(HOSPITAL, false);
		log.append(11);
		assert_ok!(log.checkpoint(CLERK, 11));
		let verdict = verify(&log, 0).unwrap();
		assert_eq!((verdict.at, verdict.licensed), (Moment(START.0 + 60_000), false));
	});
}

#[test]
fn verify_log_against_another_head_fails() {
	logged(|mut log| {
		let old = log.inclusion(3);
		let opening = log.openings[3].clone();
		let ask = |proof: &LogProof| Ehr::verify_log(HOSPITAL, RecordsLog, &opening, proof);
		log.append(11);
		// Not checkpointed yet.
		assert_eq!(ask(&log.inclusion(3)), Err(Refusal::UnknownHead { size: 11 }));
		assert_ok!(log.checkpoint(CLERK, 11));
		assert_eq!(ask(&old), Err(Refusal::StaleHead { size: 12 }));
		let mut forked = log.inclusion(3);
		forked.head.root[0] ^= 1;
		assert_eq!(ask(&forked), Err(Refusal::ForkedHead));
		assert!(ask(&log.inclusion(3)).is_ok());
	});
}

#[test]
fn verify_log_with_a_wrong_path_fails() {
	logged(|log| {
		let opening = &log.openings[3];
		let ask = |proof: &LogProof| Ehr::verify_log(HOSPITAL, RecordsLog, opening, proof).unwrap_err();
		let proof = log.inclusion(3);
		let (expected, mismatch) = (4, Refusal::InvalidProof(ProofError::RootMismatch));
		assert_eq!(proof.path.len(), 4);
		let mut truncated = proof.clone();
		truncated.path.pop();
		assert_eq!(ask(&truncated), Refusal::InvalidProof(ProofError::PathTooShort { expected, got: 3 }));
		let mut extended = proof.clone();
		extended.path.push([0; 32]);
		assert_eq!(ask(&extended), Refusal::InvalidProof(ProofError::PathTooLong { expected, got: 5 }));
		let mut swapped = proof.clone();
		swapped.path.swap(0, 1);
		assert_eq!(ask(&swapped), mismatch);
		let mut elsewhere = proof.clone();
		elsewhere.sequence = 2;
		assert_eq!(ask(&elsewhere), mismatch);
		let mut beyond = proof;
		beyond.sequence = 11;
		assert_eq!(ask(&beyond), Refusal::InvalidProof(ProofError::IndexOutOfRange { index: 11, size: 11 }));
		// The path of another entry.
		assert_eq!(ask(&log.inclusion(4)), mismatch);
	});
}

#[test]
fn verify_log_of_anything_changed_fails() {
	logged(|log| {
		let mismatch = Err(Refusal::InvalidProof(ProofError::RootMismatch));
		let mut salt = log.openings[3].clone();
		salt.salt.0 = SaltBytes([99; 32]);
		let suite = Opening { suite: HashSuite::Raw, ..log.openings[3].clone() };
		let mut content = log.openings[3].clone();
		content.digest.0[0] ^= 1;
		for opening in [salt, suite, content] {
			assert_eq!(Ehr::verify_log(HOSPITAL, RecordsLog, &opening, &log.inclusion(3)), mismatch);
		}
	});
}

#[test]
fn verify_log_of_another_custodian_or_kind_fails() {
	logged(|log| {
		let (opening, proof) = (&log.openings[3], log.inclusion(3));
		for (custodian, kind) in [(LABORATORY, RecordsLog), (HOSPITAL, Disclosures), (OrgId(9), RecordsLog)] {
			assert_eq!(Ehr::verify_log(custodian, kind, opening, &proof), Err(Refusal::LogNotFound));
		}
		// An equally large log of another custodian, and of another kind.
		assert_ok!(Ehr::open_log(signed(ANALYST), RecordsLog));
		assert_ok!(TestLog::of(RecordsLog, 50..61).checkpoint(ANALYST, 0));
		assert_eq!(Ehr::verify_log(LABORATORY, RecordsLog, opening, &proof), Err(Refusal::ForkedHead));
		assert_ok!(Ehr::open_log(signed(CLERK), Disclosures));
		assert_ok!(TestLog::of(Disclosures, 0..11).checkpoint(CLERK, 0));
		assert_eq!(Ehr::verify_log(HOSPITAL, Disclosures, opening, &proof), Err(Refusal::ForkedHead));
		// Even if the laboratory states the same head, the kind is in the leaves.
		assert_ok!(Ehr::open_log(signed(ANALYST), Disclosures));
		assert_ok!(checkpoint(ANALYST, Disclosures, log.head(), ConsistencyProof::default()));
		let refused = Ehr::verify_log(LABORATORY, Disclosures, opening, &proof);
		assert_eq!(refused, Err(Refusal::InvalidProof(ProofError::RootMismatch)));
	});
}

#[test]
fn verify_log_of_an_empty_log_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let head = TestLog::new(RecordsLog).head();
		let proof = LogProof { sequence: 0, head, path: Vec::new(), renewed: None };
		let refused = Ehr::verify_log(HOSPITAL, RecordsLog, &opening(0, 1, RECURSIVE), &proof);
		assert_eq!(refused, Err(Refusal::InvalidProof(ProofError::EmptyTree)));
	});
}
