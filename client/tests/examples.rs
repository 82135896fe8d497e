// SPDX-License-Identifier: Apache-2.0
//! All official FHIR R4 examples (npm package hl7.fhir.r4.examples 4.0.1): canonical forms, log, proofs.

use epid::{
	bundle::{Bundle, ElementEvidence, Evidence, Trusted, TrustedHead, VERSION},
	custody, fhir, log, parallel,
	progress::Progress,
	record::{files, Content, LocalKey, Reader},
	redaction::{redact, Redacted, Selection, Withheld},
	store::{Identity, Secret, Store},
	verify::{check, ensure_fits, Policy},
};
use epidaurus_primitives::{
	ehr::LogKind,
	elements::Step,
	hash::{HashSuite, NativeSha256, Salt},
	ids::{NetworkId, OrgId, RecordId},
};
use std::{
	collections::BTreeSet,
	path::{Path, PathBuf},
};

const COUNT: usize = 5306;
const IDENTITY: Identity = Identity { network: NetworkId([1; 32]), custodian: OrgId(0) };

fn folder() -> PathBuf {
	let folder = "../tests/data/node_modules/hl7.fhir.r4.examples";
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
	assert!(
		folder.is_dir(),
		"the FHIR examples are not there: `make test` fetches them (npm package hl7.fhir.r4.examples 4.0.1)"
	);
	folder
}

fn examples() -> Vec<PathBuf> {
	let found = files(&[folder()], HashSuite::FhirStaticRecursive).collect::<Result<Vec<_>, _>>().unwrap();
	assert_eq!(found.len(), COUNT);
	found
}

#[test]
fn every_example_has_a_canonical_form_that_is_its_own() {
	parallel::map(&examples(), |path| {
		let content = std::fs::read(path).unwrap();
		for suite in [HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive, HashSuite::FhirElements] {
			let canonical = fhir::canonicalise(&content, suite).unwrap();
			assert!(canonical.len() <= content.len());
			assert_eq!(fhir::canonicalise(&canonical, suite).unwrap(), canonical, "{}", path.display());
		}
		assert_eq!(fhir::canonicalise(&content, HashSuite::Raw).unwrap(), content);
	});
}

#[test]
fn every_example_has_elements_that_make_up_its_canonical_form() {
	parallel::map(&examples(), |path| {
		let content = std::fs::read(path).unwrap();
		let canonical = fhir::canonicalise(&content, HashSuite::FhirElements).unwrap();
		let (elements, _) = fhir::elements(&content).unwrap();
		let again = fhir::elements(&canonical).unwrap().0;
		let lines = |elements: &fhir::Elements| {
			elements.iter().map(|element| (element.pointer(), element.value())).collect::<Vec<_>>()
		};
		assert!(lines(&elements) == lines(&again) && !again.left_out(), "{}", path.display());
		assert_eq!(fhir::kept(&content, &vec![true; elements.count()]).unwrap(), canonical);
	});
}

#[test]
fn every_example_is_redacted_and_verified() {
	parallel::map(&examples(), |path| {
		let content = std::fs::read(path).unwrap();
		let prepared = Reader::new(HashSuite::FhirElements).read(path).unwrap();
		let (opening, key) = prepared.opening(&Salt::new([7; 32]), 1);
		let whole = Bundle {
			network: IDENTITY.network,
			custodian: IDENTITY.custodian,
			commitment: opening.commitment::<NativeSha256>(&IDENTITY.network),
			opening,
			evidence: Evidence::Anchor { record: RecordId([1; 16]) },
			link_key: None,
			elements: key.map(ElementEvidence::Key),
		};
		let members = members(&content);
		for parity in 0..2 {
			let chosen = members.iter().enumerate().filter(|(index, _)| index % 2 == parity);
			let chosen: Vec<_> = chosen.map(|(_, name)| format!("/{name}")).collect();
			if chosen.is_empty() {
				continue;
			}
			let selection = if parity == 0 { Selection::Keep(chosen) } else { Selection::Withhold(chosen) };
			let Redacted { content: copy, bundle } = redact(&content, &whole, &selection).unwrap();
			ensure_fits(&Content::Bytes(&copy), &bundle).unwrap();
			let Some(ElementEvidence::Redacted(redaction)) = &bundle.elements else { panic!("not redacted") };
			let lacks = Withheld::of(redaction).elements > 0;
			assert_eq!(ensure_fits(&Content::Bytes(&copy), &whole).is_err(), lacks, "{}", path.display());
			assert!(lacks || members.len() == 1, "{}", path.display());
		}
	});
}

/// Members of a resource of which something is covered by its elements, besides its type.
fn members(content: &[u8]) -> Vec<String> {
	let (elements, _) = fhir::elements(content).unwrap();
	let first = |element: fhir::Element| match element.pointer().0.first() {
		Some(Step::Member(name)) if name != "resourceType" => Some(name.clone()),
		_ => None,
	};
	elements.iter().filter_map(first).collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn every_example_is_appended_proven_and_verified_under_every_suite() {
	let home = tempfile::tempdir().unwrap();
	for suite in HashSuite::ALL {
		let store =
			Store::create(&home.path().join(format!("{suite:?}")), IDENTITY, &Secret::random().unwrap()).unwrap().0;
		let append = || {
			let unusable = |error| panic!("{error}");
			let (reader, paths) = (Reader::new(suite), examples());
			custody::append(&store, LogKind::Records, &reader, &paths, &Progress::hidden(), unusable).unwrap()
		};
		assert_eq!(append().new, COUNT as u64);
		assert_eq!(append().unchanged, COUNT as u64);
		verify_all(&store);
	}
}

fn verify_all(store: &Store) {
	let reader = store.log(LogKind::Records).unwrap();
	let head = log::head(&reader);
	assert_eq!(head.size, COUNT as u64);
	let trusted = Trusted::Log(TrustedHead {
		version: VERSION,
		network_id: IDENTITY.network,
		custodian: IDENTITY.custodian,
		kind: LogKind::Records,
		head,
		at: None,
		licensed: None,
		renewed: None,
		block: None,
	});
	parallel::map(&examples(), |path| {
		let newest = reader.newest(&LocalKey::of_file(path).unwrap()).unwrap().unwrap();
		let bundle = custody::bundle(store, &reader, newest.sequence, head.size).unwrap();
		let verdict = check(&Content::File(path), &bundle, &trusted, Policy::default());
		assert!(verdict.is_ok(), "{}: {verdict:?}", path.display());
	});
}
