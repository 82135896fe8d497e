// SPDX-License-Identifier: Apache-2.0
use super::*;
use epidaurus_primitives::{
	ehr::RecordStanding,
	hash::{HashSuite, Labels, RecordDigest, RecordHeader, ResourceClass, Salt},
	link::LinkKey,
};

fn opening() -> Opening {
	Opening {
		salt: Salt::new([7; 32]),
		suite: HashSuite::FhirStaticRecursive,
		digest: RecordDigest([1; 32]),
		header: RecordHeader {
			subject: None,
			class: ResourceClass::new("Observation").unwrap(),
			labels: Labels::default(),
			clinical_time: Some(Moment(1_700_000_000_000)),
			version: 2,
		},
	}
}

fn bundle(evidence: Evidence) -> Bundle {
	Bundle {
		network: NetworkId([2; 32]),
		custodian: OrgId(4),
		opening: opening(),
		commitment: Commitment([3; 32]),
		evidence,
		link_key: None,
		elements: None,
	}
}

fn in_log() -> Bundle {
	let head = LogHead { size: 1 << 60, root: [5; 32] };
	let proof = LogProof { sequence: 9, head, path: vec![[6; 32], [8; 32]], renewed: None };
	bundle(Evidence::Log { kind: LogKind::Records, proof })
}

fn written(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("b.epid.json");
	std::fs::write(&path, text).unwrap();
	(folder, path)
}

#[test]
fn both_kinds_of_bundle_survive_writing_and_reading() {
	let anchored = bundle(Evidence::Anchor { record: RecordId([9; 16]) });
	let linked = Bundle { link_key: Some(LinkKey([4; 32])), ..anchored.clone() };
	assert!(linked.to_json().contains(&format!("\"linkKey\": \"0x{}\"", "04".repeat(32))));
	for bundle in [in_log(), anchored, linked] {
		let (_folder, path) = written(&bundle.to_json());
		assert_eq!(Bundle::read(&path).unwrap(), bundle);
	}
}

#[test]
fn the_form_of_a_bundle_is_frozen() {
	let value = serde_json::to_value(in_log()).unwrap();
	assert_eq!(value["version"], 1);
	assert_eq!(value["networkId"], format!("0x{}", "02".repeat(32)));
	assert_eq!(value["custodian"], 4);
	assert_eq!(value["kind"], "records");
	assert_eq!(value["opening"]["suite"], "fhir-static-recursive");
	assert_eq!(value["opening"]["header"]["clinicalTime"], "2023-11-14T22:13:20.000Z");
	assert_eq!(value["proof"]["sequence"], "9");
	assert_eq!(value["proof"]["head"]["size"], (1u64 << 60).to_string());
	assert_eq!(value["proof"]["path"][1], format!("0x{}", "08".repeat(32)));
	assert!(value.get("record").is_none());
}

#[test]
fn malformed_bundles_are_refused_with_their_place_and_without_their_salt() {
	let salt = "07".repeat(32);
	let good = in_log().to_json();
	let cases = [
		good.replace("\"version\": 1,\n  \"networkId\"", "\"version\": 2,\n  \"networkId\""),
		good.replace("\"kind\": \"records\",", ""),
		good.replace("\"kind\": \"records\",", "\"kind\": \"records\", \"extra\": 1,"),
		good.replace("\"kind\": \"records\",", "\"kind\": \"records\", \"kind\": \"records\","),
		good.replace(&salt, &format!("{salt}0")),
		good.replace(&format!("\"0x{salt}\""), &format!("[\"{salt}\"]")),
		good[..good.len() / 2].to_owned(),
		format!("{good}x"),
		String::new(),
	];
	for case in cases {
		assert_ne!(case, good);
		let (_folder, path) = written(&case);
		let error = Bundle::read(&path).unwrap_err();
		let text = format!("{error} {error:?}");
		assert!(matches!(error, InputError::Form { .. }), "{text}");
		assert!(!text.contains(&salt[..16]), "{text}");
	}
}

#[test]
fn a_broken_bundle_tells_line_and_column() {
	let (_folder, path) = written("{\n  \"version\": 1,\n  oops\n}");
	assert_eq!(Bundle::read(&path).unwrap_err().place(), Some((3, 3)));
}

#[test]
fn trusted_statements_of_both_kinds_survive_writing_and_reading() {
	let head = TrustedHead {
		version: VERSION,
		network_id: NetworkId([2; 32]),
		custodian: OrgId(4),
		kind: LogKind::Records,
		head: LogHead { size: 12, root: [1; 32] },
		at: Some(Moment(1_700_000_000_000)),
		licensed: Some(true),
		renewed: Some(TrustedTrees { renewals: Vec::new(), trees: Vec::new() }),
		block: Some(AtBlock { number: 7, hash: "0x00".into() }),
	};
	let (_folder, path) = written(&json(&head));
	assert_eq!(Trusted::read(&path).unwrap(), Trusted::Log(head.clone()));

	let bare = json(&TrustedHead { at: None, licensed: None, renewed: None, block: None, ..head.clone() });
	assert!(!bare.contains("licensed") && !bare.contains("renewed"));
	let (_folder, path) = written(&bare);
	assert!(matches!(Trusted::read(&path).unwrap(), Trusted::Log(TrustedHead { licensed: None, .. })));

	let version = VersionView {
		version: 1,
		commitment: Commitment([3; 32]),
		suite: HashSuite::Raw,
		anchored_at: Moment(5),
		standing: RecordStanding::Amended { current: 2 },
	};
	let anchor = TrustedAnchor {
		version: VERSION,
		network_id: NetworkId([2; 32]),
		custodian: OrgId(4),
		record: RecordId([1; 16]),
		versions: vec![version],
		life: Some(LifeView { disputed: true, ..LifeView::default() }),
		block: None,
	};
	let (_folder, path) = written(&json(&anchor));
	assert_eq!(Trusted::read(&path).unwrap(), Trusted::Anchor(anchor));

	let (_folder, path) = written(&json(&TrustedHead { version: 9, ..head }));
	assert!(matches!(Trusted::read(&path), Err(InputError::Form { .. })));
}

#[cfg(unix)]
#[test]
fn a_bundle_is_written_for_its_owner_only() {
	use std::os::unix::fs::PermissionsExt;
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("b.epid.json");
	std::fs::write(&path, "older and open").unwrap();
	std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
	write_private(&path, "x").unwrap();
	assert_eq!(std::fs::read_to_string(&path).unwrap(), "x");
	assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
