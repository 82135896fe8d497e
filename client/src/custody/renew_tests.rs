// SPDX-License-Identifier: Apache-2.0
//! Renewal in a chain's memory: what is submitted, what is found again, and what bundles say afterwards.

use super::{
	ledger::Fault,
	tests::{house, run, secret, House, IDENTITY, KIND},
	*,
};
use crate::{
	bundle::{Bundle, Evidence, Trusted, TrustedHead, TrustedTrees, VERSION},
	chain::Statements,
	log,
	progress::Progress as Bar,
	record::{Content, Reader},
	redaction::{redact, Selection},
	store::{Store, StoreError, SUBJECTS_FILE},
	verify::{check, Place, Policy, Refused, Verdict},
	Error,
};
use epidaurus_primitives::{
	ehr::SuiteStatus,
	hash::HashSuite,
	ids::SubjectId,
	moment::Moment,
	renewal::{RenewedProof, TreeSuite, MAX_RENEWALS},
	views::{TreeVerdict, TreeView},
};
use std::path::PathBuf;

fn renewed_with(house: &House, paths: &[PathBuf], allow_missing: bool) -> (Result<Renewed, Error>, Vec<u64>) {
	let mut missing = Vec::new();
	let options = Renewing { paths, allow_missing };
	let tell = |lost: Missing| missing.push(lost.sequence);
	let result = run(renew(&house.store, &house.ledger, KIND, options, &Bar::hidden(), tell));
	(result, missing)
}

fn renewed(house: &House) -> Result<Renewed, Error> {
	let (result, missing) = renewed_with(house, &[], false);
	assert!(missing.is_empty());
	result
}

/// A house with so many entries on chain.
fn checkpointed(count: usize) -> House {
	let house = house();
	house.append(count);
	house.checkpoint().unwrap();
	house
}

fn trees(sha256: SuiteStatus) -> Vec<TreeView> {
	let statuses = [sha256, SuiteStatus::Active];
	TreeSuite::ALL.into_iter().zip(statuses).map(|(tree, status)| TreeView { tree, status }).collect()
}

/// What the chain says about the log, if SHA-256 has this status.
fn trusted(house: &House, sha256: SuiteStatus) -> Trusted {
	let custodian = IDENTITY.custodian;
	let newest = run(house.ledger.newest_checkpoint(custodian, KIND)).unwrap().unwrap();
	let renewals = run(house.ledger.renewals(custodian, KIND)).unwrap();
	Trusted::Log(TrustedHead {
		version: VERSION,
		network_id: IDENTITY.network,
		custodian,
		kind: KIND,
		head: newest.head,
		at: Some(newest.at),
		licensed: Some(true),
		renewed: Some(TrustedTrees { renewals, trees: trees(sha256) }),
		block: None,
	})
}

fn bundle_of(house: &House, sequence: u64) -> Bundle {
	let reader = house.store.log(KIND).unwrap();
	let (head, _) = house.store.newest_finalised(KIND).unwrap().unwrap();
	bundle(&house.store, &reader, sequence, head.size).unwrap()
}

fn verified(house: &House, content: &[u8], bundle: &Bundle, sha256: SuiteStatus) -> Result<Verdict, Error> {
	check(&Content::Bytes(content), bundle, &trusted(house, sha256), Policy::default())
}

fn rests_on(verdict: Verdict) -> TreeVerdict {
	match verdict.place {
		Place::Log { rests_on, .. } => *rests_on.expect("the statement says it"),
		other => panic!("{other:?}"),
	}
}

fn has_renewed(bundle: &Bundle) -> bool {
	matches!(&bundle.evidence, Evidence::Log { proof, .. } if proof.renewed.is_some())
}

fn forged(bundle: &Bundle, forge: impl FnOnce(&mut RenewedProof)) -> Bundle {
	let mut bundle = bundle.clone();
	match &mut bundle.evidence {
		Evidence::Log { proof, .. } => forge(proof.renewed.as_mut().unwrap()),
		Evidence::Anchor { .. } => panic!("an anchor has no path"),
	}
	bundle
}

#[test]
fn a_renewed_entry_verifies_in_both_trees_and_the_answer_says_so() {
	let house = checkpointed(9);
	let before = bundle_of(&house, 3);
	assert!(!has_renewed(&before));
	let made = renewed(&house).unwrap();
	assert_eq!((made.submitted, made.before, made.head.size, made.contents), (true, 0, 9, Contents::default()));
	let forbidden = SuiteStatus::Forbidden { since: Moment(u64::MAX), deprecated: Moment(1) };
	for sequence in 0..9 {
		let bundle = bundle_of(&house, sequence);
		assert!(has_renewed(&bundle));
		let rests = rests_on(verified(&house, b"x", &bundle, forbidden).unwrap());
		assert_eq!((rests.tree, rests.tree_status), (TreeSuite::Blake2b256, SuiteStatus::Active));
		assert_eq!((rests.renewal.unwrap().at, rests.renewed_in_time), (made.at, Some(true)));
		// It survives its file.
		assert_eq!(serde_json::from_str::<Bundle>(&bundle.to_json()).unwrap(), bundle);
	}
	let rests = rests_on(verified(&house, b"x", &before, forbidden).unwrap());
	assert_eq!((rests.tree, rests.tree_status, rests.renewal), (TreeSuite::Sha256, forbidden, None));
}

#[test]
fn a_second_renewal_goes_on_and_an_equal_one_submits_nothing() {
	let house = checkpointed(5);
	let first = renewed(&house).unwrap();
	let transactions = house.ledger.transactions();
	let again = renewed(&house).unwrap();
	assert_eq!((again.submitted, again.head, house.ledger.transactions()), (false, first.head, transactions));
	house.append(12);
	// Only what is on chain is renewed.
	assert!(!renewed(&house).unwrap().submitted);
	house.checkpoint().unwrap();
	let second = renewed(&house).unwrap();
	assert_eq!((second.submitted, second.before, second.head.size), (true, 5, 17));
	// Each entry leads to the first renewal that covers it.
	let at = |sequence| {
		let verdict = verified(&house, b"x", &bundle_of(&house, sequence), SuiteStatus::Active).unwrap();
		rests_on(verdict).renewal.unwrap().at
	};
	assert_eq!((at(4), at(5), at(16)), (first.at, second.at, second.at));
}

#[test]
fn bundles_lead_to_renewals_that_the_chain_still_has() {
	let house = house();
	for _ in 0..MAX_RENEWALS + 2 {
		house.append(1);
		house.checkpoint().unwrap();
		assert!(renewed(&house).unwrap().submitted);
	}
	let on_chain = run(house.ledger.renewals(IDENTITY.custodian, KIND)).unwrap();
	assert_eq!(on_chain.len(), MAX_RENEWALS as usize);
	for sequence in 0..u64::from(MAX_RENEWALS) + 2 {
		let rests = rests_on(verified(&house, b"x", &bundle_of(&house, sequence), SuiteStatus::Active).unwrap());
		assert_eq!(rests.renewal, on_chain.iter().find(|renewal| renewal.head.size > sequence).copied());
	}
}

#[test]
fn a_renewal_whose_answer_was_lost_is_not_made_twice() {
	for fault in [Fault::Lost, Fault::AnswerLost, Fault::Delayed] {
		let house = checkpointed(5);
		house.ledger.fail_next(fault);
		let result = renewed(&house);
		assert_eq!(result.is_ok(), fault == Fault::AnswerLost, "{fault:?}");
		// Of a renewal whose fate is not known, no bundle speaks.
		assert_eq!(has_renewed(&bundle_of(&house, 2)), fault == Fault::AnswerLost);
		renewed(&house).unwrap();
		assert_eq!(run(house.ledger.renewals(IDENTITY.custodian, KIND)).unwrap().len(), 1, "{fault:?}");
		assert!(has_renewed(&bundle_of(&house, 2)));
	}
}

#[test]
fn a_log_that_is_not_on_chain_is_not_renewed() {
	let house = house();
	house.append(3);
	assert!(matches!(renewed(&house), Err(Error::Store(StoreError::NotFound(_)))));
	// Nor one of which the chain has another history.
	let other = checkpointed(4);
	let foreign = House { ledger: other.ledger, ..house };
	assert!(matches!(renewed(&foreign), Err(Error::Store(StoreError::Diverged { .. }))));
}

#[test]
fn older_entries_are_renewed_from_their_files() {
	let house = checkpointed(7);
	house.store.drop_seconds(KIND).unwrap();
	house.append(2);
	house.checkpoint().unwrap();
	let made = renewed(&house).unwrap();
	assert_eq!(made.contents, Contents { read: 7, ..Contents::default() });
	for sequence in 0..9 {
		verified(&house, b"x", &bundle_of(&house, sequence), SuiteStatus::Active).unwrap();
		assert!(has_renewed(&bundle_of(&house, sequence)));
	}
}

/// Entries of files a, b, c with contents of the same names, none of which has a second commitment.
fn older() -> House {
	let house = house();
	let batch: Vec<_> = ["a", "b", "c"].iter().map(|name| house.prepared(name, name)).collect();
	house.store.append(KIND, &batch).unwrap();
	house.checkpoint().unwrap();
	house.store.drop_seconds(KIND).unwrap();
	house
}

#[test]
fn older_entries_whose_files_changed_are_told_and_looked_for_elsewhere() {
	let house = older();
	house.file("b", "another content");
	std::fs::remove_file(house.folder.path().join("c")).unwrap();
	let (result, missing) = renewed_with(&house, &[], false);
	assert!(matches!(result, Err(Error::Store(StoreError::ContentMissing(2)))));
	assert_eq!(missing, [1, 2]);
	assert!(run(house.ledger.renewals(IDENTITY.custodian, KIND)).unwrap().is_empty());
	// A copy under another name is as good as the file.
	let copies = tempfile::tempdir().unwrap();
	std::fs::write(copies.path().join("copy of b"), "b").unwrap();
	let paths = [copies.path().to_path_buf()];
	let (result, missing) = renewed_with(&house, &paths, false);
	assert!(matches!(result, Err(Error::Store(StoreError::ContentMissing(1)))));
	assert_eq!(missing, [2]);
	std::fs::write(copies.path().join("copy of c"), "c").unwrap();
	let (result, missing) = renewed_with(&house, &paths, false);
	assert_eq!((result.unwrap().head.size, missing), (3, vec![]));
	verified(&house, b"b", &bundle_of(&house, 1), SuiteStatus::Active).unwrap();
}

#[test]
fn entries_without_content_keep_their_places_if_that_is_allowed() {
	let house = older();
	house.file("b", "another content");
	let (result, missing) = renewed_with(&house, &[], true);
	let made = result.unwrap();
	assert_eq!((made.contents, missing), (Contents { read: 2, missing: 1, ..Contents::default() }, vec![1]));
	assert!(!has_renewed(&bundle_of(&house, 1)));
	for (sequence, content) in [(0, b"a"), (2, b"c")] {
		assert!(has_renewed(&bundle_of(&house, sequence)));
		verified(&house, content, &bundle_of(&house, sequence), SuiteStatus::Active).unwrap();
	}
}

#[test]
fn entries_whose_key_is_lost_for_good_keep_their_places_and_the_log_is_renewed() {
	let house = house();
	let folder = house.folder.path().join("store");
	let keys = folder.join(SUBJECTS_FILE);
	house.store.append(KIND, &[house.prepared("a", "x")]).unwrap();
	let before = std::fs::read(&keys).unwrap();
	let mut of_subject = house.prepared("b", "x");
	of_subject.facts.subject = Some(SubjectId([0xdd; 32]));
	house.store.append(KIND, &[of_subject]).unwrap();
	house.checkpoint().unwrap();
	house.store.drop_seconds(KIND).unwrap();
	let House { folder: home, store, ledger } = house;
	drop(store);
	std::fs::write(&keys, before).unwrap();
	let house = House { folder: home, store: Store::open(&folder, &secret()).unwrap(), ledger };
	// The newest copy of the keys may still turn up.
	assert!(matches!(renewed(&house), Err(Error::Store(StoreError::SubjectKeyMissing))));
	house.store.accept_lost_keys().unwrap();
	let made = renewed(&house).unwrap();
	assert_eq!(made.contents, Contents { read: 1, without_key: 1, ..Contents::default() });
	verified(&house, b"x", &bundle_of(&house, 0), SuiteStatus::Active).unwrap();
}

#[test]
fn forgotten_entries_stay_renewed_and_open_nothing() {
	let house = house();
	let gone = SubjectId([0xdd; 32]);
	let of = |name: &str| {
		let mut prepared = house.prepared(name, "x");
		prepared.facts.subject = Some(gone);
		prepared
	};
	house.store.append(KIND, &[of("a"), house.prepared("b", "x")]).unwrap();
	house.checkpoint().unwrap();
	house.store.forget(gone).unwrap();
	assert_eq!(renewed(&house).unwrap().contents, Contents::default());
	let reader = house.store.log(KIND).unwrap();
	assert!(matches!(bundle(&house.store, &reader, 0, 2), Err(StoreError::Forgotten)));
	let (tree, entry) = (house.store.second_tree(KIND).unwrap(), reader.entry(0).unwrap().unwrap());
	let second = tree.second(0).unwrap().unwrap();
	assert!(matches!(tree.digest(&entry, &second), Err(StoreError::Forgotten)));

	// One that was forgotten before it could be renewed keeps its place.
	house.store.append(KIND, &[of("c"), house.prepared("d", "x")]).unwrap();
	house.store.drop_seconds(KIND).unwrap();
	house.store.forget(gone).unwrap();
	house.checkpoint().unwrap();
	let made = renewed(&house).unwrap();
	assert_eq!(made.contents, Contents { read: 1, forgotten: 1, ..Contents::default() });
	verified(&house, b"x", &bundle_of(&house, 3), SuiteStatus::Active).unwrap();
}

#[test]
fn forged_renewed_bundles_are_refused_with_their_reasons() {
	let house = checkpointed(9);
	renewed(&house).unwrap();
	let bundle = bundle_of(&house, 3);
	let name = |bundle: &Bundle| verified(&house, b"x", bundle, SuiteStatus::Active).unwrap_err().name();
	let other = bundle_of(&house, 4);
	let Evidence::Log { proof, .. } = &other.evidence else { panic!("{other:?}") };
	let other = proof.renewed.clone().unwrap();
	assert_eq!(name(&forged(&bundle, |renewed| renewed.digest.0[0] ^= 1)), "second-digest-differs");
	assert_eq!(name(&forged(&bundle, |renewed| *renewed = other)), "renewed-path-differs");
	assert_eq!(name(&forged(&bundle, |renewed| renewed.path.swap(0, 1))), "renewed-path-differs");
	assert_eq!(name(&forged(&bundle, |renewed| renewed.head.size = 8)), "renewal-not-found");
	assert_eq!(name(&forged(&bundle, |renewed| renewed.head.root[0] ^= 1)), "forked-renewal");
	assert_eq!(name(&forged(&bundle, |renewed| renewed.tree = TreeSuite::Sha256)), "renewal-not-found");
	// A statement that is older than the renewal does not know it.
	let Trusted::Log(head) = trusted(&house, SuiteStatus::Active) else { panic!("a log") };
	let old = Trusted::Log(TrustedHead { renewed: None, ..head });
	let refused = check(&Content::Bytes(b"x"), &bundle, &old, Policy::default());
	let expected = Refused::RenewalNotFound { stated: 9, newest: 0 };
	assert!(matches!(refused, Err(Error::Refused(refused)) if refused == expected));
}

#[test]
fn elements_are_renewed_and_their_redacted_copies_are_not() {
	let house = house();
	let content = r#"{"resourceType":"Patient","active":true,"gender":"female"}"#;
	let path = house.file("p.json", content);
	let prepared = Reader::new(HashSuite::FhirElements).read(&path).unwrap();
	house.store.append(KIND, &[prepared]).unwrap();
	house.checkpoint().unwrap();
	house.store.drop_seconds(KIND).unwrap();
	assert_eq!(renewed(&house).unwrap().contents.read, 1);
	let bundle = bundle_of(&house, 0);
	assert!(has_renewed(&bundle));
	verified(&house, content.as_bytes(), &bundle, SuiteStatus::Active).unwrap();
	let selection = Selection::Withhold(vec!["/gender".into()]);
	let copy = redact(content.as_bytes(), &bundle, &selection).unwrap();
	assert!(!has_renewed(&copy.bundle));
	let rests = rests_on(verified(&house, &copy.content, &copy.bundle, SuiteStatus::Active).unwrap());
	assert_eq!(rests.tree, TreeSuite::Sha256);
	// Put back, it would let guesses at what is withheld be tried, if it could be checked at all.
	let mut back = copy.bundle;
	back.evidence = bundle.evidence;
	let refused = verified(&house, &copy.content, &back, SuiteStatus::Active).unwrap_err();
	assert_eq!(refused.name(), "second-digest-differs");
}

#[test]
fn an_audit_finds_what_is_wrong_with_a_second_tree() {
	let house = checkpointed(6);
	renewed(&house).unwrap();
	let problems = |store: &Store| {
		let mut found = Vec::new();
		run(audit(store, Some(&house.ledger), &Bar::hidden(), |problem| found.push(problem.place))).unwrap();
		found
	};
	assert_eq!(problems(&house.store), [""; 0]);
	let tree = house.store.second_tree(KIND).unwrap();
	let (second, other) = (tree.second(2).unwrap().unwrap(), tree.second(3).unwrap().unwrap());
	house.store.put_seconds(KIND, &[(2, other)]).unwrap();
	assert!(problems(&house.store).contains(&"renewed entry 2 of records".to_owned()));
	house.store.put_seconds(KIND, &[(2, second)]).unwrap();
	assert_eq!(problems(&house.store), [""; 0]);
	let mut head = log::second_head_at(&tree, 5).unwrap();
	head.root[0] ^= 1;
	house.store.put_renewal(KIND, head, crate::store::Progress::Submitted).unwrap();
	assert_eq!(problems(&house.store), ["own renewal of 5 entries of records"]);
}
