// SPDX-License-Identifier: Apache-2.0
use super::{
	tests::{house, run, House, KIND},
	*,
};
use crate::{
	chain::{Call, Ledger},
	custody::ledger::Memory,
	progress::Progress as Bar,
	record::{ContentDigest, Reader},
	store::{Progress, Store},
};
use epidaurus_primitives::{
	ehr::LogHead,
	hash::{Commitment, HashSuite},
	ids::{RecordId, SubjectId},
	moment::Moment,
};

fn full() -> (House, RecordId) {
	let house = house();
	house.append(5);
	house.checkpoint().unwrap();
	house.append(4);
	house.checkpoint().unwrap();
	house.append(2);
	let record = house.anchor(&house.prepared("a", "one")).unwrap().record;
	house.amend(record, &house.prepared("a", "two")).unwrap();
	(house, record)
}

fn found(store: &Store, chain: Option<&Memory>) -> (Audit, Vec<Problem>) {
	let mut problems = Vec::new();
	let audit = run(audit(store, chain, &Bar::hidden(), |problem| problems.push(problem))).unwrap();
	assert_eq!(audit.problems, problems.len() as u64);
	(audit, problems)
}

#[test]
fn a_sound_store_has_no_problems() {
	let (house, _) = full();
	assert_eq!(audit_steps(&house.store).unwrap(), 12);
	let (alone, problems) = found(&house.store, None);
	assert!(problems.is_empty(), "{problems:?}");
	assert_eq!((alone.entries, alone.versions, alone.opened, alone.heads), (11, 2, 13, 2));
	let (with_chain, problems) = found(&house.store, Some(&house.ledger));
	assert!(problems.is_empty(), "{problems:?}");
	assert_eq!((with_chain.heads, with_chain.chain), (4, true));
}

#[test]
fn forgotten_records_are_counted_and_no_problem() {
	let (house, _) = full();
	let mut prepared = house.prepared("s", "three");
	prepared.facts.subject = Some(SubjectId([8; 32]));
	house.store.append(KIND, &[prepared]).unwrap();
	house.store.forget(SubjectId([8; 32])).unwrap();
	let (audit, problems) = found(&house.store, Some(&house.ledger));
	assert!(problems.is_empty(), "{problems:?}");
	assert_eq!((audit.entries, audit.opened, audit.forgotten, audit.without_key), (12, 13, 1, 0));
}

#[test]
fn a_missing_key_is_a_problem_for_each_record_and_for_itself() {
	let (house, record) = full();
	let path = house.store.folder().join(crate::store::SUBJECTS_FILE);
	let House { folder, store, ledger } = house;
	let (size, before) = (store.log(KIND).unwrap().size(), std::fs::read(&path).unwrap());
	let mut prepared = Reader::new(HashSuite::Raw).read(&folder.path().join("a")).unwrap();
	prepared.facts.subject = Some(SubjectId([8; 32]));
	store.append(KIND, &[prepared]).unwrap();
	drop(store);
	std::fs::write(&path, before).unwrap();
	let store = Store::open(path.parent().unwrap(), &super::tests::secret()).unwrap();
	let (audit, problems) = found(&store, Some(&ledger));
	let places: Vec<_> = problems.iter().map(|problem| problem.place.as_str()).collect();
	assert_eq!(places, ["subjects' keys", &format!("entry {size} of records")]);
	assert_eq!(audit.without_key, 1);
	// Accepting that it is lost brings nothing back.
	store.accept_lost_keys().unwrap();
	let (audit, problems) = found(&store, None);
	assert_eq!((audit.without_key, problems.len()), (1, 1));
	assert!(store.anchor(record).unwrap().is_some());
}

#[test]
fn a_key_of_which_nobody_knows_whether_it_was_destroyed_is_a_problem_and_not_the_end() {
	let (house, _) = full();
	let path = house.store.folder().join(crate::store::SUBJECTS_FILE);
	let House { folder, store, ledger } = house;
	let mut prepared = Reader::new(HashSuite::Raw).read(&folder.path().join("a")).unwrap();
	prepared.facts.subject = Some(SubjectId([8; 32]));
	let size = store.log(KIND).unwrap().size();
	store.append(KIND, &[prepared]).unwrap();
	let key = store.log(KIND).unwrap().entry(size).unwrap().unwrap().sealed.subject;
	let before = std::fs::read(&path).unwrap();
	store.forget(SubjectId([8; 32])).unwrap();
	store.damage_key_for_test(crate::store::rows::FORGOTTEN, key);
	drop(store);
	std::fs::write(&path, before).unwrap();
	let store = Store::open(path.parent().unwrap(), &super::tests::secret()).unwrap();
	let (audit, problems) = found(&store, Some(&ledger));
	let places: Vec<_> = problems.into_iter().map(|problem| problem.place).collect();
	let key = format!("key {}", crate::bundle::hex(&key));
	assert_eq!(places, [key, format!("entry {size} of records")]);
	assert_eq!((audit.entries, audit.opened, audit.forgotten, audit.without_key), (12, 13, 0, 0));
}

#[test]
fn records_of_elements_are_checked_like_others() {
	let (house, _) = full();
	let subject = SubjectId([8; 32]);
	let prepared = |name: &str| {
		let mut prepared = house.prepared(name, r#"{"resourceType":"Patient","active":true}"#);
		let elements = crate::fhir::elements(br#"{"resourceType":"Patient","active":true}"#).unwrap().0;
		(prepared.suite, prepared.digest) = (HashSuite::FhirElements, ContentDigest::Elements(elements));
		prepared.facts.subject = Some(subject);
		prepared
	};
	house.store.append(KIND, &[prepared("p"), prepared("q")]).unwrap();
	house.anchor(&prepared("r")).unwrap();
	let (audit, problems) = found(&house.store, Some(&house.ledger));
	assert!(problems.is_empty(), "{problems:?}");
	assert_eq!((audit.entries, audit.versions, audit.opened), (13, 3, 16));
	house.store.forget(subject).unwrap();
	let (audit, problems) = found(&house.store, Some(&house.ledger));
	assert!(problems.is_empty(), "{problems:?}");
	assert_eq!((audit.opened, audit.forgotten), (13, 3));
}

#[test]
fn a_head_that_the_log_never_had_is_a_problem() {
	let (house, _) = full();
	let head = LogHead { size: 7, root: [1; 32] };
	house.store.put_checkpoint(KIND, head, Progress::Submitted).unwrap();
	let (_, problems) = found(&house.store, None);
	assert_eq!(problems.len(), 1);
	assert!(problems[0].place.contains("own head of 7 entries"), "{problems:?}");
	// One that the chain is said to have.
	let head = LogHead { size: 11, root: crate::log::head(&house.store.log(KIND).unwrap()).root };
	house.store.put_checkpoint(KIND, head, Progress::Finalised { at: Moment(1) }).unwrap();
	let (_, problems) = found(&house.store, Some(&house.ledger));
	assert_eq!(problems.len(), 2);
	assert!(problems[1].problem.contains("newest head has 9 entries"), "{problems:?}");
}

#[test]
fn a_store_that_lacks_what_the_chain_has_is_a_problem() {
	let (house, record) = full();
	let elsewhere = Call::Amend { record, expected_version: 2, commitment: Commitment([4; 32]), suite: HashSuite::Raw };
	run(house.ledger.submit(&[elsewhere])).unwrap();
	let (_, problems) = found(&house.store, Some(&house.ledger));
	assert_eq!(problems.len(), 1);
	assert!(problems[0].place.starts_with("version 3 of record"), "{problems:?}");
	assert!(found(&house.store, None).1.is_empty());

	// Another store of the same custodian: shorter than the chain's log.
	let other = super::tests::house();
	let (_, problems) = found(&other.store, Some(&house.ledger));
	assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn a_version_that_the_chain_lost_is_a_problem() {
	let (house, _) = full();
	let other = super::tests::house();
	let (_, problems) = found(&house.store, Some(&other.ledger));
	// The log's head, and two versions.
	assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn damaged_rows_are_found_one_by_one() {
	let (house, record) = full();
	house.store.damage_for_test(KIND, 3, record);
	let (audit, problems) = found(&house.store, Some(&house.ledger));
	let places: Vec<_> = problems.into_iter().map(|problem| problem.place).collect();
	let record = format!("record {record}");
	assert_eq!(places, ["node 0 of level 1 of records", "entry 3 of records", record.as_str()]);
	assert_eq!(audit.opened, 10);
}
