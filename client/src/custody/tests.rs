// SPDX-License-Identifier: Apache-2.0
use super::{
	ledger::{Fault, Memory},
	*,
};
use crate::{
	bundle::{Trusted, TrustedAnchor, TrustedHead, VERSION},
	chain::{ChainError, Ledger, Statements},
	log,
	record::{Content, Prepared, Reader},
	redaction::{redact, Selection},
	store::{Identity, Progress, Secret, Store, StoreError},
	verify::{check, Policy},
	Error,
};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::{HashSuite, NativeSha256},
	ids::{NetworkId, OrgId, RecordId, SubjectId},
};
use std::{future::Future, path::PathBuf};
use tempfile::TempDir;

pub(super) const IDENTITY: Identity = Identity { network: NetworkId([9; 32]), custodian: OrgId(1) };
pub(super) const KIND: LogKind = LogKind::Records;
const FAULTS: [Fault; 3] = [Fault::Lost, Fault::AnswerLost, Fault::Delayed];

pub(super) fn secret() -> Secret {
	Secret::parse(&format!("0x{}", "5c".repeat(32))).unwrap()
}

pub(super) struct House {
	pub folder: TempDir,
	pub store: Store,
	pub ledger: Memory,
}

pub(super) fn house() -> House {
	let folder = tempfile::tempdir().unwrap();
	let (store, _) = Store::create(&folder.path().join("store"), IDENTITY, &secret()).unwrap();
	House { store, ledger: Memory::new(IDENTITY.network, IDENTITY.custodian), folder }
}

impl House {
	pub fn file(&self, name: &str, content: &str) -> PathBuf {
		let path = self.folder.path().join(name);
		std::fs::write(&path, content).unwrap();
		path
	}

	pub fn prepared(&self, name: &str, content: &str) -> Prepared {
		Reader::new(HashSuite::Raw).read(&self.file(name, content)).unwrap()
	}

	pub fn append(&self, count: usize) {
		let size = self.store.log(KIND).unwrap().size();
		let batch: Vec<_> = (0..count).map(|index| self.prepared(&format!("{size}-{index}"), "x")).collect();
		self.store.append(KIND, &batch).unwrap();
	}

	pub fn checkpoint(&self) -> Result<Checkpointed, Error> {
		run(checkpoint(&self.store, &self.ledger, KIND))
	}

	pub fn anchor(&self, prepared: &Prepared) -> Result<Anchored, Error> {
		run(anchor(&self.store, &self.ledger, prepared))
	}

	pub fn amend(&self, record: RecordId, prepared: &Prepared) -> Result<Anchored, Error> {
		run(amend(&self.store, &self.ledger, record, prepared))
	}
}

pub(super) fn run<T>(future: impl Future<Output = T>) -> T {
	tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn the_first_checkpoint_opens_the_log() {
	let house = house();
	house.append(5);
	let made = house.checkpoint().unwrap();
	assert!(made.opened && made.submitted && made.licensed);
	assert_eq!((made.before.size, made.head.size), (0, 5));
	assert_eq!(made.head, log::head(&house.store.log(KIND).unwrap()));
	let (head, kept) = house.store.newest_finalised(KIND).unwrap().unwrap();
	assert_eq!((head, kept.progress), (made.head, Progress::Finalised { at: made.at }));
}

#[test]
fn a_second_checkpoint_of_the_same_head_submits_nothing() {
	let house = house();
	house.append(3);
	house.checkpoint().unwrap();
	let transactions = house.ledger.transactions();
	let again = house.checkpoint().unwrap();
	assert!(!again.submitted && !again.opened);
	assert_eq!(house.ledger.transactions(), transactions);
}

#[test]
fn each_growth_is_proven_from_the_chains_head() {
	let house = house();
	for count in [1, 1, 3, 8, 2, 17] {
		house.append(count);
		let made = house.checkpoint().unwrap();
		assert_eq!(made.head.size - made.before.size, count as u64);
	}
}

#[test]
fn an_empty_log_is_not_checkpointed() {
	let house = house();
	assert!(matches!(house.checkpoint(), Err(Error::Usage(_))));
}

#[test]
fn a_checkpoint_recovers_from_every_fault_and_is_made_once() {
	for fault in FAULTS {
		let house = house();
		house.append(4);
		house.ledger.fail_next(fault);
		let first = house.checkpoint();
		// Where the answer alone was lost, the chain is asked and the checkpoint found.
		assert_eq!(first.is_ok(), fault == Fault::AnswerLost, "{fault:?}: {first:?}");
		let again = house.checkpoint().unwrap();
		assert_eq!(again.head.size, 4);
		assert_eq!(house.ledger.transactions(), 2, "{fault:?}: one for the log, one for the checkpoint");
		assert_eq!(house.store.newest_finalised(KIND).unwrap().unwrap().0, again.head);
	}
}

#[test]
fn a_checkpoint_that_was_delayed_does_not_block_a_larger_one() {
	let house = house();
	house.append(4);
	house.checkpoint().unwrap();
	house.append(2);
	house.ledger.fail_next(Fault::Delayed);
	house.checkpoint().unwrap_err();
	house.append(3);
	// The delayed one arrives first, so that this proof starts from a head that is no longer the newest.
	let error = house.checkpoint().unwrap_err();
	assert!(matches!(error, Error::Chain(ref error) if error.is_refused_as("InvalidProof")), "{error:?}");
	assert_eq!(house.checkpoint().unwrap().head.size, 9);
}

#[test]
fn a_store_that_is_an_old_copy_is_refused() {
	let house = house();
	house.append(4);
	let old = house.folder.path().join("old");
	std::fs::create_dir(&old).unwrap();
	for file in [crate::store::FILE, crate::store::SUBJECTS_FILE] {
		std::fs::copy(house.store.folder().join(file), old.join(file)).unwrap();
	}
	house.append(4);
	house.checkpoint().unwrap();
	let copy = Store::open(&old, &secret()).unwrap();
	let refusal = |store: &Store| run(checkpoint(store, &house.ledger, KIND)).unwrap_err();
	assert!(matches!(refusal(&copy), Error::Store(StoreError::Diverged { stored: 4, chain: 8 })));

	// It does not help to append other things until it is as long.
	let batch: Vec<_> = (0..9).map(|index| house.prepared(&format!("other-{index}"), "y")).collect();
	copy.append(KIND, &batch).unwrap();
	assert!(matches!(refusal(&copy), Error::Store(StoreError::Diverged { stored: 13, chain: 8 })));
}

#[test]
fn every_entry_verifies_against_every_later_head() {
	let house = house();
	let mut heads = Vec::new();
	for count in [1, 2, 4, 6] {
		house.append(count);
		heads.push(house.checkpoint().unwrap().head);
	}
	let reader = house.store.log(KIND).unwrap();
	for sequence in 0..reader.size() {
		for head in heads.iter().filter(|head| head.size > sequence) {
			let bundle = bundle(&house.store, &reader, sequence, head.size).unwrap();
			check(&Content::Bytes(b"x"), &bundle, &trusted(*head), Policy::default()).unwrap();
		}
	}
}

fn trusted(head: LogHead) -> Trusted {
	Trusted::Log(TrustedHead {
		version: VERSION,
		network_id: IDENTITY.network,
		custodian: IDENTITY.custodian,
		kind: KIND,
		head,
		at: None,
		licensed: None,
		renewed: None,
		block: None,
	})
}

#[test]
fn the_same_file_is_anchored_once() {
	let house = house();
	let prepared = house.prepared("a", "one");
	let first = house.anchor(&prepared).unwrap();
	assert!(first.submitted);
	let again = house.anchor(&prepared).unwrap();
	assert_eq!(again, Anchored { submitted: false, ..first });
	assert_eq!(house.ledger.transactions(), 1);
	assert_eq!(house.store.anchors().unwrap(), 1);
}

#[test]
fn an_anchor_recovers_from_every_fault_and_is_made_once() {
	for fault in FAULTS {
		let house = house();
		let prepared = house.prepared("a", "one");
		house.ledger.fail_next(fault);
		let first = house.anchor(&prepared);
		assert_eq!(first.is_ok(), fault == Fault::AnswerLost, "{fault:?}: {first:?}");
		let again = house.anchor(&prepared).unwrap();
		assert_eq!(again.version, 1);
		assert_eq!(house.ledger.transactions(), 1, "{fault:?}");
		assert_eq!(house.store.anchored(&prepared.key).unwrap(), Some(again.record));
	}
}

#[test]
fn a_changed_file_is_not_anchored_but_amended() {
	let house = house();
	let first = house.anchor(&house.prepared("a", "one")).unwrap();
	let changed = house.prepared("a", "two");
	let error = house.anchor(&changed).unwrap_err();
	assert!(matches!(error, Error::Usage(ref text) if text.contains(&first.record.to_string())), "{error:?}");
	let second = house.amend(first.record, &changed).unwrap();
	assert_eq!((second.record, second.version, second.submitted), (first.record, 2, true));
	assert!(!house.amend(first.record, &changed).unwrap().submitted);
	assert!(!house.anchor(&changed).unwrap().submitted);
	assert_eq!(house.ledger.transactions(), 2);
}

#[test]
fn an_amendment_recovers_from_every_fault_and_is_made_once() {
	for fault in FAULTS {
		let house = house();
		let record = house.anchor(&house.prepared("a", "one")).unwrap().record;
		let changed = house.prepared("a", "two");
		house.ledger.fail_next(fault);
		let first = house.amend(record, &changed);
		assert_eq!(first.is_ok(), fault == Fault::AnswerLost, "{fault:?}: {first:?}");
		assert_eq!(house.amend(record, &changed).unwrap().version, 2);
		assert_eq!(house.ledger.transactions(), 2, "{fault:?}");
	}
}

#[test]
fn going_back_to_earlier_content_is_a_further_version() {
	let house = house();
	let record = house.anchor(&house.prepared("a", "one")).unwrap().record;
	house.amend(record, &house.prepared("a", "two")).unwrap();
	assert_eq!(house.amend(record, &house.prepared("a", "one")).unwrap().version, 3);
}

#[test]
fn an_anchor_that_arrives_after_the_file_changed_can_still_be_opened() {
	let house = house();
	house.ledger.fail_next(Fault::Delayed);
	house.anchor(&house.prepared("a", "one")).unwrap_err();
	let before = house.store.anchored(&house.prepared("a", "one").key).unwrap().unwrap();
	let second = house.anchor(&house.prepared("a", "two")).unwrap();
	assert_ne!(second.record, before);
	// Both are on chain; the store opens both.
	assert_eq!(house.ledger.transactions(), 2);
	let late = run(house.ledger.version(before, 1)).unwrap().unwrap();
	assert!(house.store.anchor(before).unwrap().unwrap().version(&late.commitment).is_some());
}

#[test]
fn an_amendment_that_arrives_after_the_file_changed_can_still_be_opened() {
	let house = house();
	let record = house.anchor(&house.prepared("a", "one")).unwrap().record;
	house.ledger.fail_next(Fault::Delayed);
	house.amend(record, &house.prepared("a", "two")).unwrap_err();
	let changed = house.prepared("a", "three");
	let error = house.amend(record, &changed).unwrap_err();
	assert!(matches!(error, Error::Chain(ref error) if error.is_refused_as("WrongVersion")), "{error:?}");
	assert_eq!(house.amend(record, &changed).unwrap().version, 3);
}

#[test]
fn a_record_that_another_store_amended_is_refused() {
	let house = house();
	let record = house.anchor(&house.prepared("a", "one")).unwrap().record;
	let elsewhere = crate::chain::Call::Amend {
		record,
		expected_version: 1,
		commitment: epidaurus_primitives::hash::Commitment([4; 32]),
		suite: HashSuite::Raw,
	};
	run(house.ledger.submit(&[elsewhere])).unwrap();
	let error = house.amend(record, &house.prepared("a", "two")).unwrap_err();
	assert!(matches!(error, Error::Store(StoreError::OtherVersion(2))), "{error:?}");
}

#[test]
fn a_record_of_elements_is_anchored_once_amended_and_redacted() {
	let house = house();
	let reader = Reader::new(HashSuite::FhirElements);
	let prepared = |value: &str| {
		let content = format!(r#"{{"resourceType":"Observation","status":"final","value":{value}}}"#);
		reader.read(&house.file("e.json", &content)).unwrap()
	};
	let first = house.anchor(&prepared("6.0")).unwrap();
	assert_eq!((first.suite, first.submitted), (HashSuite::FhirElements, true));
	let again = house.anchor(&prepared("6.0")).unwrap();
	assert_eq!((again.submitted, again.commitment), (false, first.commitment));
	house.anchor(&prepared("6.00")).unwrap_err();
	house.ledger.fail_next(Fault::AnswerLost);
	assert!(house.amend(first.record, &prepared("6.00")).unwrap().submitted);
	assert!(!house.amend(first.record, &prepared("6.00")).unwrap().submitted);

	let bundle = anchor_bundle(&house.store, first.record, None).unwrap();
	let statement = Trusted::Anchor(TrustedAnchor {
		version: VERSION,
		network_id: IDENTITY.network,
		custodian: IDENTITY.custodian,
		record: first.record,
		versions: vec![run(house.ledger.version(first.record, 2)).unwrap().unwrap()],
		life: None,
		block: None,
	});
	let content = std::fs::read(house.folder.path().join("e.json")).unwrap();
	let selection = Selection::Withhold(vec!["/value".into()]);
	let redacted = redact(&content, &bundle, &selection).unwrap();
	let verdict = check(&Content::Bytes(&redacted.content), &redacted.bundle, &statement, Policy::default()).unwrap();
	assert_eq!(verdict.withheld.map(|withheld| (withheld.elements, withheld.of)), Some((1, 3)));
	let verdict = check(&Content::Bytes(&content), &bundle, &statement, Policy::default()).unwrap();
	assert_eq!(verdict.withheld, None);
}

#[test]
fn entered_in_error_is_declared_once_and_ends_amendments() {
	for fault in [None, Some(Fault::AnswerLost)] {
		let house = house();
		let record = house.anchor(&house.prepared("a", "one")).unwrap().record;
		fault.into_iter().for_each(|fault| house.ledger.fail_next(fault));
		let enter = || run(enter_in_error(&house.store, &house.ledger, record)).unwrap();
		assert_eq!(enter(), Entered { record, submitted: true });
		assert_eq!(enter(), Entered { record, submitted: false });
		assert!(house.store.anchor(record).unwrap().unwrap().entered_in_error);
		let error = house.amend(record, &house.prepared("a", "two")).unwrap_err();
		assert!(matches!(error, Error::Chain(ChainError::Refused { ref name, .. }) if name == "WrongState"));
	}
}

#[test]
fn an_unknown_record_is_neither_amended_nor_declared() {
	let house = house();
	let unknown = RecordId([3; 16]);
	let amended = house.amend(unknown, &house.prepared("a", "one"));
	assert!(matches!(amended, Err(Error::Store(StoreError::NotFound(_)))));
	assert!(matches!(run(enter_in_error(&house.store, &house.ledger, unknown)), Err(Error::Usage(_))));
}

#[test]
fn anchor_bundles_are_of_versions_on_chain_only() {
	let house = house();
	let record = house.anchor(&house.prepared("a", "one")).unwrap().record;
	house.amend(record, &house.prepared("a", "two")).unwrap();
	house.ledger.fail_next(Fault::Lost);
	house.amend(record, &house.prepared("a", "three")).unwrap_err();

	let statement = Trusted::Anchor(TrustedAnchor {
		version: VERSION,
		network_id: IDENTITY.network,
		custodian: IDENTITY.custodian,
		record,
		versions: (1..=2).map(|version| run(house.ledger.version(record, version)).unwrap().unwrap()).collect(),
		life: None,
		block: None,
	});
	for (version, content) in [(None, "two"), (Some(2), "two"), (Some(1), "one")] {
		let bundle = anchor_bundle(&house.store, record, version).unwrap();
		check(&Content::Bytes(content.as_bytes()), &bundle, &statement, Policy::default()).unwrap();
	}
	assert!(matches!(anchor_bundle(&house.store, record, Some(3)), Err(StoreError::NotFound(_))));
}

#[test]
fn what_hides_elements_and_links_is_forgotten_with_the_subject() {
	let house = house();
	let (gone, other) = (SubjectId([7; 32]), SubjectId([8; 32]));
	let prepared = |name: &str, subject, value: &str| {
		let content = format!(r#"{{"resourceType":"Observation","status":"final","value":{value}}}"#);
		let reader = Reader { subject: Some(subject), ..Reader::new(HashSuite::FhirElements) };
		reader.read(&house.file(name, &content)).unwrap()
	};
	let record = house.anchor(&prepared("e.json", gone, "6.0")).unwrap().record;
	house.amend(record, &prepared("e.json", other, "7.0")).unwrap();
	house.store.append(KIND, &[prepared("f.json", gone, "6.0"), prepared("g.json", other, "6.0")]).unwrap();
	let reader = house.store.log(KIND).unwrap();
	let shows = |bundle: &crate::bundle::Bundle| (bundle.link_key.is_some(), bundle.elements.is_some());
	for version in [1, 2] {
		assert_eq!(shows(&anchor_bundle(&house.store, record, Some(version)).unwrap()), (true, true));
	}
	assert_eq!(shows(&bundle(&house.store, &reader, 0, 2).unwrap()), (false, true));

	assert_eq!(house.store.forget(gone).unwrap(), crate::store::Forgotten { entries: 1, versions: 1 });
	assert!(matches!(anchor_bundle(&house.store, record, Some(1)), Err(StoreError::Forgotten)));
	assert!(matches!(bundle(&house.store, &reader, 0, 2), Err(StoreError::Forgotten)));
	// The version about another subject is proven as before, without the link that is gone.
	assert_eq!(shows(&anchor_bundle(&house.store, record, None).unwrap()), (false, true));
	assert_eq!(shows(&bundle(&house.store, &reader, 1, 2).unwrap()), (false, true));
}

#[test]
fn bundles_of_every_version_open_the_link_to_the_subject() {
	let house = house();
	let subject = SubjectId([7; 32]);
	let prepared = |content| {
		let reader = Reader { subject: Some(subject), ..Reader::new(HashSuite::Raw) };
		reader.read(&house.file("a", content)).unwrap()
	};
	let record = house.anchor(&prepared("one")).unwrap().record;
	house.amend(record, &prepared("two")).unwrap();
	for version in [1, 2] {
		let key = anchor_bundle(&house.store, record, Some(version)).unwrap().link_key.unwrap();
		let link = key.link::<NativeSha256>(&IDENTITY.network, &record, &subject);
		assert_eq!(house.ledger.link(record), Some(link));
	}
	// Who is nobody's has no link.
	let record = house.anchor(&house.prepared("b", "one")).unwrap().record;
	assert_eq!(house.ledger.link(record), None);
	assert_eq!(anchor_bundle(&house.store, record, None).unwrap().link_key, None);
}
