// SPDX-License-Identifier: Apache-2.0
//! All official FHIR R4 examples (npm package hl7.fhir.r4.examples 4.0.1): canonical forms, log, proofs.

use epid::{
	bundle::{Trusted, TrustedHead, VERSION},
	custody, fhir, log, parallel,
	progress::Progress,
	record::{files, Content, LocalKey, Reader},
	store::{Identity, Secret, Store},
	verify::{check, Policy},
};
use epidaurus_primitives::{
	ehr::LogKind,
	hash::HashSuite,
	ids::{NetworkId, OrgId},
};
use std::path::{Path, PathBuf};

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
		for suite in [HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive] {
			let canonical = fhir::canonicalise(&content, suite).unwrap();
			assert!(canonical.len() <= content.len());
			assert_eq!(fhir::canonicalise(&canonical, suite).unwrap(), canonical, "{}", path.display());
		}
		assert_eq!(fhir::canonicalise(&content, HashSuite::Raw).unwrap(), content);
	});
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
		block: None,
	});
	parallel::map(&examples(), |path| {
		let newest = reader.newest(&LocalKey::of_file(path).unwrap()).unwrap().unwrap();
		let bundle = custody::bundle(store, &reader, newest.sequence, head.size).unwrap();
		let verdict = check(&Content::File(path), &bundle, &trusted, Policy::default());
		assert!(verdict.is_ok(), "{}: {verdict:?}", path.display());
	});
}
