// SPDX-License-Identifier: Apache-2.0
use super::*;
use epidaurus_primitives::hash::Confidentiality;
use std::fs;

const OBSERVATION: &str = r#"{"resourceType":"Observation","id":"o1","valueQuantity":{"value":6.0},
	"meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}}"#;

fn file(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("record.json");
	fs::write(&path, content).unwrap();
	(folder, path)
}

#[test]
fn a_resource_gives_class_and_labels_from_its_content() {
	let (_folder, path) = file(OBSERVATION.as_bytes());
	let prepared = Reader::new(HashSuite::FhirStaticRecursive).read(&path).unwrap();
	assert_eq!(prepared.facts.class.as_str(), "Observation");
	assert_eq!(prepared.facts.labels.confidentiality, Some(Confidentiality::R));
	assert_eq!(prepared.facts.subject, None);
	assert_eq!(prepared.facts.clinical_time, None);
	let header = prepared.facts.header(3);
	assert_eq!(header.version, 3);
	assert_eq!(Facts::of_header(&header), prepared.facts);
}

#[test]
fn the_digest_is_that_of_the_canonical_bytes() {
	let (_folder, path) = file(OBSERVATION.as_bytes());
	for suite in [HashSuite::Raw, HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive] {
		let canonical = fhir::canonicalise(OBSERVATION.as_bytes(), suite).unwrap();
		let expected = ContentDigest::Known(digest::<NativeSha256>(suite, &canonical));
		assert_eq!(Reader::new(suite).read(&path).unwrap().digest, expected);
		assert_eq!(Content::Bytes(OBSERVATION.as_bytes()).measure(suite).unwrap().digest, expected);
	}
}

#[test]
fn under_elements_digest_and_opening_depend_on_the_salt() {
	let (_folder, path) = file(OBSERVATION.as_bytes());
	let prepared = Reader::new(HashSuite::FhirElements).read(&path).unwrap();
	assert_eq!(prepared.digest.under(None), None);
	let [(one, key), (other, _)] = [[1; 32], [2; 32]].map(|salt| prepared.opening(&Salt::new(salt), 1));
	assert_ne!(one.digest, other.digest);
	// Whoever gets a part of the record gets the opening, and must not get the key.
	let key = key.unwrap();
	assert!(one.salt != Salt::new([1; 32]) && one.salt != key.0);
	assert!(prepared.is_of(&one, Some(&key)));
	assert!(!prepared.is_of(&other, Some(&key)) && !prepared.is_of(&one, None));
	assert!(!Reader::new(HashSuite::FhirStaticRecursive).read(&path).unwrap().is_of(&one, Some(&key)));

	let plain = Reader::new(HashSuite::FhirStaticRecursive).read(&path).unwrap();
	let (opening, key) = plain.opening(&Salt::new([1; 32]), 1);
	assert!(opening.salt == Salt::new([1; 32]) && key.is_none());
	assert_eq!(Some(opening.digest), plain.digest.under(None));
}

#[test]
fn a_raw_file_is_streamed_to_the_same_digest() {
	for length in [0, 1, 65_535, 65_536, 65_537, 300_000] {
		let content = vec![7; length];
		let (_folder, path) = file(&content);
		let prepared = Reader::new(HashSuite::Raw).read(&path).unwrap();
		assert_eq!(prepared.digest, ContentDigest::Known(digest::<NativeSha256>(HashSuite::Raw, &content)));
		assert_eq!(prepared.facts.class.as_str(), RAW_CLASS);
		assert_eq!(prepared.facts.labels, Labels::default());
	}
}

#[test]
fn what_is_stated_from_outside_enters_the_facts() {
	let (_folder, path) = file(b"pixels");
	let reader = Reader {
		suite: HashSuite::Raw,
		subject: Some(SubjectId([5; 32])),
		class: Some(ResourceClass::new("ImagingStudy").unwrap()),
		clinical_time: Some(Moment(77)),
		imported: true,
	};
	let facts = reader.read(&path).unwrap().facts;
	assert_eq!(facts.subject, Some(SubjectId([5; 32])));
	assert_eq!(facts.class.as_str(), "ImagingStudy");
	assert_eq!(facts.clinical_time, Some(Moment(77)));
	assert_eq!(facts.labels.sensitivity, Labels::IMPORTED);
}

#[test]
fn a_stated_class_does_not_overrule_the_content() {
	let (_folder, path) = file(OBSERVATION.as_bytes());
	let mut reader = Reader::new(HashSuite::FhirStaticRoot);
	reader.class = Some(ResourceClass::new("Patient").unwrap());
	assert_eq!(reader.read(&path).unwrap().facts.class.as_str(), "Observation");
}

#[test]
fn broken_json_is_refused_with_its_place_and_without_its_content() {
	let (_folder, path) = file(b"{\n  \"resourceType\": \"Patient\",\n  \"name\": \"Secret\", \"name\": 1 }");
	let error = Reader::new(HashSuite::FhirStaticRoot).read(&path).unwrap_err();
	assert_eq!(error.name(), "duplicate-member");
	assert_eq!(error.place(), Some((3, 21)));
	let text = format!("{error} {error:?}");
	assert!(!text.contains("Secret"), "{text}");
}

#[test]
fn a_resource_type_that_is_no_class_is_refused() {
	let (_folder, path) = file(br#"{"resourceType":"Patient 7"}"#);
	assert!(matches!(Reader::new(HashSuite::FhirStaticRoot).read(&path), Err(InputError::Class { .. })));
}

#[test]
fn labels_that_cannot_be_read_are_refused_without_their_content() {
	let (_folder, path) = file(br#"{"resourceType":"Patient","meta":{"security":[{"code":"Secret"},"Secret"]}}"#);
	for suite in [HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive, HashSuite::FhirElements] {
		let error = Reader::new(suite).read(&path).unwrap_err();
		assert_eq!((error.name(), error.path()), ("bad-labels", path.as_path()));
		assert!(!format!("{error} {error:?}").contains("Secret"));
	}
	// Here a record is bytes, and says nothing.
	assert_eq!(Reader::new(HashSuite::Raw).read(&path).unwrap().facts.labels, Labels::default());
}

#[test]
fn a_missing_file_is_told() {
	let error = Reader::new(HashSuite::Raw).read(Path::new("no-such-file")).unwrap_err();
	assert_eq!(error.name(), "unreadable");
	assert_eq!(error.path(), Path::new("no-such-file"));
}

#[test]
fn the_key_is_the_same_however_the_file_is_named() {
	let (folder, path) = file(b"x");
	let roundabout = folder.path().join(".").join("..").join(folder.path().file_name().unwrap()).join("record.json");
	assert_eq!(LocalKey::of_file(&path).unwrap(), LocalKey::of_file(&roundabout).unwrap());
	assert!(!format!("{:?}", LocalKey::of_file(&path).unwrap()).contains("record"));
}

#[test]
fn random_values_differ() {
	assert_ne!(random_bytes::<32>().unwrap(), random_bytes::<32>().unwrap());
	assert_ne!(random_record().unwrap(), random_record().unwrap());
}
