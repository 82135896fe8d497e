// SPDX-License-Identifier: Apache-2.0
use super::*;
use crate::{
	custody, log,
	record::Reader,
	store::{Identity, Secret, Store},
};
use epidaurus_primitives::{
	elements::ElementKey,
	hash::{Labels, Opening, RecordHeader, Salt},
	ids::SubjectId,
	merkle::{MemoryStore, ProofError},
	views::{LifeView, VersionView},
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tempfile::TempDir;

const NETWORK: NetworkId = NetworkId([7; 32]);
const CUSTODIAN: OrgId = OrgId(2);
const SIZE: u64 = 21;

/// A resource with a narrative of its own, one in a contained resource, and decimals.
fn resource(index: u64) -> String {
	format!(
		r#"{{"resourceType":"Observation","id":"o{index}","text":{{"status":"generated","div":"<div>outer</div>"}},
		"contained":[{{"resourceType":"Patient","id":"p","text":{{"status":"generated","div":"<div>inner</div>"}}}}],
		"valueQuantity":{{"value":6.0,"unit":"mg"}}}}"#
	)
}

struct Scene {
	_folder: TempDir,
	store: Store,
	suite: HashSuite,
}

fn scene(suite: HashSuite) -> Scene {
	let folder = tempfile::tempdir().unwrap();
	let identity = Identity { network: NETWORK, custodian: CUSTODIAN };
	let (store, _) = Store::create(&folder.path().join("store"), identity, &Secret::random().unwrap()).unwrap();
	let batch: Vec<_> = (0..SIZE)
		.map(|index| {
			let path = folder.path().join(format!("{index}.json"));
			std::fs::write(&path, resource(index)).unwrap();
			Reader::new(suite).read(&path).unwrap()
		})
		.collect();
	store.append(LogKind::Records, &batch).unwrap();
	Scene { _folder: folder, store, suite }
}

impl Scene {
	fn bundle(&self, sequence: u64) -> Bundle {
		self.bundle_at(sequence, SIZE)
	}

	fn bundle_at(&self, sequence: u64, size: u64) -> Bundle {
		custody::bundle(&self.store, &self.store.log(LogKind::Records).unwrap(), sequence, size).unwrap()
	}

	fn head(&self) -> LogHead {
		log::head(&self.store.log(LogKind::Records).unwrap())
	}

	fn verify(&self, content: &str, bundle: &Bundle) -> Result<Verdict, Error> {
		verify_against(content, bundle, &trusted(self.head()))
	}

	fn refusal(&self, content: &str, bundle: &Bundle) -> Refused {
		refused(self.verify(content, bundle))
	}
}

fn verify_against(content: &str, bundle: &Bundle, trusted: &Trusted) -> Result<Verdict, Error> {
	check(&Content::Bytes(content.as_bytes()), bundle, trusted, Policy::default())
}

fn refused(result: Result<Verdict, Error>) -> Refused {
	match result {
		Err(Error::Refused(refused)) => refused,
		other => panic!("not refused: {other:?}"),
	}
}

fn trusted_head(head: LogHead) -> TrustedHead {
	TrustedHead {
		version: crate::bundle::VERSION,
		network_id: NETWORK,
		custodian: CUSTODIAN,
		kind: LogKind::Records,
		head,
		at: Some(Moment(5)),
		licensed: Some(true),
		renewed: None,
		block: None,
	}
}

fn trusted(head: LogHead) -> Trusted {
	Trusted::Log(trusted_head(head))
}

fn proof(bundle: &mut Bundle) -> &mut LogProof {
	match &mut bundle.evidence {
		Evidence::Log { proof, .. } => proof,
		Evidence::Anchor { .. } => panic!("an anchor has no path"),
	}
}

/// The bundle after something was done to it.
fn forged(bundle: Bundle, forge: impl FnOnce(&mut Bundle)) -> Bundle {
	let mut bundle = bundle;
	forge(&mut bundle);
	bundle
}

#[test]
fn every_entry_verifies_under_every_suite() {
	for suite in HashSuite::ALL {
		let scene = scene(suite);
		for sequence in 0..SIZE {
			let verdict = scene.verify(&resource(sequence), &scene.bundle(sequence)).unwrap();
			assert_eq!((verdict.version, verdict.suite, verdict.custodian), (1, suite, CUSTODIAN));
			assert!(
				matches!(verdict.place, Place::Log { sequence: found, licensed: Some(true), .. } if found == sequence)
			);
		}
	}
}

#[test]
fn reordered_members_and_white_space_still_verify_under_fhir_suites() {
	let reordered = r#"{ "id":"o3",
		"valueQuantity":{"unit":"mg","value":6.0}, "contained":[{"id":"p","resourceType":"Patient",
		"text":{"div":"<div>inner</div>","status":"generated"}}],
		"text":{"div":"<div>outer</div>","status":"generated"}, "resourceType":"Observation"}"#;
	for suite in [HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive, HashSuite::FhirElements] {
		let scene = scene(suite);
		scene.verify(reordered, &scene.bundle(3)).unwrap();
	}
	let scene = scene(HashSuite::Raw);
	assert_eq!(scene.refusal(reordered, &scene.bundle(3)), Refused::ContentChanged);
}

#[test]
fn labels_that_cannot_be_read_do_not_matter_to_a_copy() {
	let content = resource(3).replace(r#""id":"o3""#, r#""meta":{"security":[7]},"id":"o3""#);
	for suite in [HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive, HashSuite::FhirElements] {
		let scene = scene(suite);
		scene.verify(&content, &scene.bundle(3)).unwrap();
	}
}

#[test]
fn a_changed_narrative_counts_as_the_suite_says() {
	let outer = resource(3).replace("outer", "forged");
	let inner = resource(3).replace("inner", "forged");
	let cases = [
		(HashSuite::Raw, false, false),
		(HashSuite::FhirStaticRoot, true, false),
		(HashSuite::FhirStaticRecursive, true, true),
		(HashSuite::FhirElements, true, true),
	];
	for (suite, outer_verifies, inner_verifies) in cases {
		let scene = scene(suite);
		for (content, verifies) in [(&outer, outer_verifies), (&inner, inner_verifies)] {
			match scene.verify(content, &scene.bundle(3)) {
				Ok(_) => assert!(verifies, "{suite:?}"),
				result => {
					assert!(!verifies, "{suite:?}");
					assert_eq!(refused(result), Refused::ContentChanged);
				},
			}
		}
	}
}

#[test]
fn a_changed_number_lexeme_is_refused() {
	for suite in HashSuite::ALL {
		let scene = scene(suite);
		for lexeme in ["6", "6.00", "6.0e0", "60e-1"] {
			let content = resource(3).replace("6.0", lexeme);
			assert_eq!(scene.refusal(&content, &scene.bundle(3)), Refused::ContentChanged, "{lexeme}");
		}
	}
}

#[test]
fn a_duplicate_member_is_refused_with_its_place() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let content = resource(3).replace(r#""unit":"mg""#, r#""unit":"mg","unit":"mg""#);
	let refused = scene.refusal(&content, &scene.bundle(3));
	assert_eq!(refused.name(), "duplicate-member");
	assert!(refused.to_string().contains("line 3"), "{refused}");
	assert_eq!(Error::from(refused).exit_code(), 3);
}

#[test]
fn another_record_is_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	assert_eq!(scene.refusal(&resource(4), &scene.bundle(3)), Refused::ContentChanged);
}

#[test]
fn another_class_in_the_header_is_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let class = ResourceClass::new("Patient").unwrap();
	let bundle = forged(scene.bundle(3), |bundle| bundle.opening.header.class = class.clone());
	assert_eq!(scene.refusal(&resource(3), &bundle), Refused::OpeningDiffers);
	// What the custodian itself committed to must fit the content as well.
	let bundle = forged(bundle, |bundle| bundle.commitment = bundle.opening.commitment::<NativeSha256>(&NETWORK));
	let refused = scene.refusal(&resource(3), &bundle);
	assert!(matches!(refused, Refused::ClassDiffers { stated, .. } if stated == class));
}

#[test]
fn another_salt_or_header_is_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let forgeries: [fn(&mut Bundle); 4] = [
		|bundle| bundle.opening.salt = Salt::new([0; 32]),
		|bundle| bundle.opening.header.subject = Some(SubjectId([1; 32])),
		|bundle| bundle.opening.header.labels = Labels { confidentiality: None, sensitivity: Labels::HIV },
		|bundle| bundle.opening.header.clinical_time = Some(Moment(1)),
	];
	for forge in forgeries {
		let bundle = forged(scene.bundle(3), forge);
		assert_eq!(scene.refusal(&resource(3), &bundle), Refused::OpeningDiffers);
		// A commitment that fits the forged opening does not stand in the log.
		let bundle = forged(bundle, |bundle| bundle.commitment = bundle.opening.commitment::<NativeSha256>(&NETWORK));
		assert_eq!(scene.refusal(&resource(3), &bundle), Refused::PathDiffers);
	}
}

#[test]
fn another_version_in_the_header_is_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	for stated in [0, 2, u32::MAX] {
		let bundle = forged(scene.bundle(3), |bundle| bundle.opening.header.version = stated);
		assert_eq!(scene.refusal(&resource(3), &bundle), Refused::VersionDiffers { stated, committed: 1 });
	}
}

#[test]
fn another_suite_is_refused_by_its_name() {
	for committed in HashSuite::ALL {
		let scene = scene(committed);
		for stated in HashSuite::ALL.into_iter().filter(|suite| *suite != committed) {
			let expected = Refused::SuiteDiffers { stated, committed };
			let bundle = forged(scene.bundle(3), |bundle| bundle.opening.suite = stated);
			assert_eq!(scene.refusal(&resource(3), &bundle), expected, "digest as committed");
			let content = resource(3);
			let measured = Content::Bytes(content.as_bytes()).measure(stated).unwrap();
			let key = ElementKey(Salt::new([3; 32]));
			let bundle = forged(bundle, |bundle| {
				bundle.opening.digest = measured.digest.under(Some(&key)).unwrap();
				if stated == HashSuite::FhirElements {
					bundle.elements = Some(ElementEvidence::Key(key));
				}
			});
			assert_eq!(scene.refusal(&content, &bundle), expected, "digest recomputed");
		}
	}
}

#[test]
fn another_network_is_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let stated = NetworkId([8; 32]);
	let bundle = forged(scene.bundle(3), |bundle| bundle.network = stated);
	assert_eq!(scene.refusal(&resource(3), &bundle), Refused::OtherNetwork { stated, trusted: NETWORK });

	// Committed for another network, and presented as of this one.
	let bundle =
		forged(scene.bundle(3), |bundle| bundle.commitment = bundle.opening.commitment::<NativeSha256>(&stated));
	assert_eq!(scene.refusal(&resource(3), &bundle), Refused::OpeningDiffers);
}

#[test]
fn another_custodian_or_log_is_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let bundle = forged(scene.bundle(3), |bundle| bundle.custodian = OrgId(9));
	let expected = Refused::OtherCustodian { stated: OrgId(9), trusted: CUSTODIAN };
	assert_eq!(scene.refusal(&resource(3), &bundle), expected);

	let wanted = Policy { custodian: Some(OrgId(9)), ..Policy::default() };
	let result = check(&Content::Bytes(resource(3).as_bytes()), &scene.bundle(3), &trusted(scene.head()), wanted);
	assert_eq!(refused(result), Refused::OtherCustodian { stated: CUSTODIAN, trusted: OrgId(9) });

	let bundle = forged(scene.bundle(3), |bundle| match &mut bundle.evidence {
		Evidence::Log { kind, .. } => *kind = LogKind::Disclosures,
		Evidence::Anchor { .. } => (),
	});
	let expected = Refused::OtherLog { stated: LogKind::Disclosures, trusted: LogKind::Records };
	assert_eq!(scene.refusal(&resource(3), &bundle), expected);
	// Even where the head is believed to be of that log, the leaf says which log it is of.
	let head = Trusted::Log(TrustedHead { kind: LogKind::Disclosures, ..trusted_head(scene.head()) });
	assert_eq!(refused(verify_against(&resource(3), &bundle, &head)), Refused::PathDiffers);
}

#[test]
fn stale_unknown_and_forked_heads_are_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let stale = scene.bundle_at(3, SIZE - 5);
	let expected = Refused::StaleHead { proven: SIZE - 5, trusted: SIZE };
	assert_eq!(scene.refusal(&resource(3), &stale), expected);

	let older = trusted(log::head_at(&scene.store.log(LogKind::Records).unwrap(), SIZE - 5).unwrap());
	let expected = Refused::UnknownHead { proven: SIZE, trusted: SIZE - 5 };
	assert_eq!(refused(verify_against(&resource(3), &scene.bundle(3), &older)), expected);

	let fork = trusted(LogHead { size: SIZE, root: [1; 32] });
	let expected = Refused::ForkedHead { size: SIZE };
	assert_eq!(refused(verify_against(&resource(3), &scene.bundle(3), &fork)), expected);
}

#[test]
fn another_size_is_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	for stated in [SIZE - 1, SIZE + 1, 0, u64::MAX] {
		let bundle = forged(scene.bundle(3), |bundle| proof(bundle).head.size = stated);
		assert_eq!(scene.refusal(&resource(3), &bundle), Refused::SizeDiffers { stated, trusted: SIZE });
	}
}

#[test]
fn a_second_place_is_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let bundle = forged(scene.bundle(3), |bundle| proof(bundle).sequence = 5);
	assert_eq!(scene.refusal(&resource(3), &bundle), Refused::SequenceDiffers { stated: 5, found: 3 });

	let other = proof(&mut scene.bundle(5)).clone();
	let bundle = forged(scene.bundle(3), |bundle| *proof(bundle) = other);
	assert_eq!(scene.refusal(&resource(3), &bundle), Refused::PathDiffers);

	let bundle = forged(scene.bundle(3), |bundle| proof(bundle).sequence = SIZE);
	assert_eq!(scene.refusal(&resource(3), &bundle), Refused::OutOfRange { index: SIZE, size: SIZE });
}

#[test]
fn a_leaf_that_a_custodian_put_at_a_second_place_is_refused() {
	use epidaurus_primitives::{ehr::LogEntry, merkle::prove_inclusion};
	let scene = scene(HashSuite::FhirStaticRecursive);
	let reader = scene.store.log(LogKind::Records).unwrap();
	let mut cheating = MemoryStore::new();
	for place in 0..SIZE {
		// At place 9 stands the leaf of sequence 3 once more.
		let sequence = if place == 9 { 3 } else { place };
		let commitment = reader.entry(sequence).unwrap().unwrap().commitment;
		let entry = LogEntry { kind: LogKind::Records, sequence, commitment };
		cheating.append::<NativeSha256>(entry.leaf::<NativeSha256>()).unwrap();
	}
	let head = LogHead { size: SIZE, root: cheating.frontier().root::<NativeSha256>() };
	let path = prove_inclusion::<NativeSha256, _>(&cheating, 9, SIZE).unwrap();
	let bundle = forged(scene.bundle(3), |bundle| *proof(bundle) = LogProof { sequence: 9, head, path, renewed: None });
	let refusal = refused(verify_against(&resource(3), &bundle, &trusted(head)));
	assert_eq!(refusal, Refused::SequenceDiffers { stated: 9, found: 3 });
}

#[test]
fn changed_paths_are_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let got = proof(&mut scene.bundle(3)).path.len() as u32;
	let forge = |forge: fn(&mut Vec<[u8; 32]>)| {
		let bundle = forged(scene.bundle(3), |bundle| forge(&mut proof(bundle).path));
		scene.refusal(&resource(3), &bundle)
	};
	assert_eq!(forge(|path| path.truncate(path.len() - 1)), Refused::PathTooShort { expected: got, got: got - 1 });
	assert_eq!(forge(Vec::clear), Refused::PathTooShort { expected: got, got: 0 });
	assert_eq!(forge(|path| path.push([0; 32])), Refused::PathTooLong { expected: got, got: got + 1 });
	assert_eq!(forge(|path| path.swap(0, 1)), Refused::PathDiffers);
	assert_eq!(forge(|path| path[2][31] ^= 1), Refused::PathDiffers);
}

#[test]
fn an_empty_log_proves_nothing() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let head = LogHead { size: 0, root: epidaurus_primitives::merkle::empty_root::<NativeSha256>() };
	let empty = LogProof { sequence: 0, head, path: Vec::new(), renewed: None };
	let bundle = forged(scene.bundle(3), |bundle| *proof(bundle) = empty);
	assert_eq!(refused(verify_against(&resource(3), &bundle, &trusted(head))), Refused::EmptyLog);
}

/// An anchored record of two versions.
fn two_versions() -> (Vec<Bundle>, TrustedAnchor) {
	let record = RecordId([6; 16]);
	let bundles: Vec<_> = (1..=2)
		.map(|version| {
			let content = resource(u64::from(version));
			let measured = Content::Bytes(content.as_bytes()).measure(HashSuite::FhirStaticRoot).unwrap();
			let header = RecordHeader {
				subject: None,
				class: measured.class.unwrap(),
				labels: Labels::default(),
				clinical_time: None,
				version,
			};
			let opening = Opening {
				salt: Salt::new([version as u8; 32]),
				suite: HashSuite::FhirStaticRoot,
				digest: measured.digest.under(None).unwrap(),
				header,
			};
			let commitment = opening.commitment::<NativeSha256>(&NETWORK);
			Bundle {
				network: NETWORK,
				custodian: CUSTODIAN,
				opening,
				commitment,
				evidence: Evidence::Anchor { record },
				link_key: None,
				elements: None,
			}
		})
		.collect();
	let view = |bundle: &Bundle| VersionView {
		version: bundle.opening.header.version,
		commitment: bundle.commitment,
		suite: bundle.opening.suite,
		anchored_at: Moment(u64::from(bundle.opening.header.version)),
		standing: match bundle.opening.header.version {
			1 => RecordStanding::Amended { current: 2 },
			_ => RecordStanding::Current,
		},
	};
	let versions = bundles.iter().map(view).collect();
	let anchor = TrustedAnchor {
		version: crate::bundle::VERSION,
		network_id: NETWORK,
		custodian: CUSTODIAN,
		record,
		versions,
		life: None,
		block: None,
	};
	(bundles, anchor)
}

#[test]
fn the_version_in_force_verifies_and_the_old_one_does_not() {
	let (bundles, anchor) = two_versions();
	let disputed = Some(LifeView { disputed: true, ..LifeView::default() });
	let statement = Trusted::Anchor(TrustedAnchor { life: disputed.clone(), ..anchor });
	let verdict = verify_against(&resource(2), &bundles[1], &statement).unwrap();
	assert_eq!(verdict.life, disputed, "what the statement says of the record is told");
	let place = Place::Anchor { record: RecordId([6; 16]), anchored_at: Moment(2), standing: RecordStanding::Current };
	assert_eq!((verdict.version, verdict.place), (2, place));

	let old = verify_against(&resource(1), &bundles[0], &statement);
	assert_eq!(refused(old), Refused::Superseded { version: 1, current: 2 });
	let any = Policy { any_standing: true, ..Policy::default() };
	let verdict = check(&Content::Bytes(resource(1).as_bytes()), &bundles[0], &statement, any).unwrap();
	assert!(matches!(verdict.place, Place::Anchor { standing: RecordStanding::Amended { current: 2 }, .. }));
}

#[test]
fn an_old_version_presented_as_the_current_one_is_refused() {
	let (bundles, anchor) = two_versions();
	let bundle = forged(bundles[0].clone(), |bundle| bundle.opening.header.version = 2);
	let refusal = refused(verify_against(&resource(1), &bundle, &Trusted::Anchor(anchor.clone())));
	assert_eq!(refusal, Refused::VersionDiffers { stated: 2, committed: 1 });
	let bundle = forged(bundle, |bundle| bundle.commitment = bundle.opening.commitment::<NativeSha256>(&NETWORK));
	let refusal = refused(verify_against(&resource(1), &bundle, &Trusted::Anchor(anchor)));
	assert_eq!(refusal, Refused::CommitmentDiffers);
}

#[test]
fn a_record_entered_in_error_is_refused() {
	let (bundles, mut anchor) = two_versions();
	anchor.versions.iter_mut().for_each(|version| version.standing = RecordStanding::EnteredInError);
	let refusal = refused(verify_against(&resource(2), &bundles[1], &Trusted::Anchor(anchor)));
	assert_eq!(refusal, Refused::EnteredInError);
}

#[test]
fn anchors_that_do_not_fit_are_refused() {
	let (bundles, anchor) = two_versions();
	let refusal = |anchor: TrustedAnchor| refused(verify_against(&resource(2), &bundles[1], &Trusted::Anchor(anchor)));
	let other = RecordId([1; 16]);
	let expected = Refused::OtherRecord { stated: anchor.record, trusted: other };
	assert_eq!(refusal(TrustedAnchor { record: other, ..anchor.clone() }), expected);

	let first_only = TrustedAnchor { versions: anchor.versions[..1].to_vec(), ..anchor.clone() };
	assert_eq!(refusal(first_only), Refused::VersionNotFound { stated: 2, current: 1 });
	assert_eq!(refusal(TrustedAnchor { versions: Vec::new(), ..anchor.clone() }), Refused::RecordNotFound);

	let mut downgraded = anchor.clone();
	downgraded.versions[1].suite = HashSuite::Raw;
	let expected = Refused::SuiteDiffers { stated: HashSuite::FhirStaticRoot, committed: HashSuite::Raw };
	assert_eq!(refusal(downgraded), expected);
}

#[test]
fn a_statement_about_something_else_is_refused() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let (bundles, anchor) = two_versions();
	let refusal = refused(verify_against(&resource(3), &scene.bundle(3), &Trusted::Anchor(anchor)));
	assert_eq!(refusal, Refused::OtherEvidence("an anchored record"));
	let refusal = refused(verify_against(&resource(2), &bundles[1], &trusted(scene.head())));
	assert_eq!(refusal, Refused::OtherEvidence("a log"));
}

#[test]
fn a_content_that_cannot_be_read_is_no_refusal() {
	let scene = scene(HashSuite::FhirStaticRecursive);
	let missing = Content::File(std::path::Path::new("no-such-file"));
	let result = check(&missing, &scene.bundle(3), &trusted(scene.head()), Policy::default());
	assert!(matches!(result, Err(Error::Input(InputError::Io { .. }))));
}

#[test]
fn every_refusal_of_the_chain_has_its_reason() {
	let refusals = [
		Refusal::RecordNotFound,
		Refusal::LogNotFound,
		Refusal::VersionNotFound { current: 1 },
		Refusal::SuiteMismatch { anchored: HashSuite::Raw, presented: HashSuite::FhirStaticRoot },
		Refusal::CommitmentMismatch,
		Refusal::StaleHead { size: 1 },
		Refusal::UnknownHead { size: 1 },
		Refusal::ForkedHead,
		Refusal::InvalidProof(ProofError::EmptyTree),
		Refusal::InvalidProof(ProofError::IndexOutOfRange { index: 1, size: 1 }),
		Refusal::InvalidProof(ProofError::PathTooShort { expected: 2, got: 1 }),
		Refusal::InvalidProof(ProofError::PathTooLong { expected: 1, got: 2 }),
		Refusal::InvalidProof(ProofError::RootMismatch),
	];
	let names: BTreeSet<_> = refusals.map(|refusal| Refused::from_chain(refusal, 9, 9).name()).into();
	assert_eq!(names.len(), refusals.len(), "{names:?}");
	assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
	let disagreeing = Error::Refused(Refused::Node(Refusal::ForkedHead));
	assert_eq!((disagreeing.name(), disagreeing.exit_code()), ("node-disagrees", 1));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	/// Whatever single bit of a bundle is changed, it does not pass.
	#[test]
	fn no_bit_of_a_bundle_can_be_changed(sequence in 0..SIZE, part in 0usize..8, byte in 0usize..32, bit in 0u8..8) {
		let scene = scene(HashSuite::FhirStaticRecursive);
		let honest = scene.bundle(sequence);
		let flip = |bytes: &mut [u8]| bytes[byte % bytes.len()] ^= 1 << bit;
		let bundle = forged(honest.clone(), |bundle| match part {
			0 => flip(&mut bundle.network.0),
			1 => bundle.custodian.0 ^= 1 << bit,
			2 => flip(&mut bundle.opening.salt.0 .0),
			3 => flip(&mut bundle.opening.digest.0),
			4 => flip(&mut bundle.commitment.0),
			5 => flip(&mut proof(bundle).head.root),
			6 => proof(bundle).sequence ^= 1 << bit,
			_ => {
				let path = &mut proof(bundle).path;
				let place = byte % path.len();
				flip(&mut path[place]);
			},
		});
		prop_assert!(scene.verify(&resource(sequence), &honest).is_ok());
		prop_assert!(matches!(scene.verify(&resource(sequence), &bundle), Err(Error::Refused(_))));
		prop_assert_eq!(scene.suite, honest.opening.suite);
	}
}
