// SPDX-License-Identifier: Apache-2.0
//! The second tree: frozen vectors computed by another implementation (hashlib and hmac of Python), the same properties as
//! the first tree, and everything that can be forged about a renewal.

use codec::{Decode, Encode, MaxEncodedLen};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof, SuiteStatus},
	elements::ElementKey,
	hash::{
		digest, hmac_blake2b, Blake2b256, Commitment, Confidentiality, HashSuite, Labels, NativeBlake2b256 as B,
		NativeSha256 as H, Opening, RecordHeader, ResourceClass, Salt,
	},
	ids::{NetworkId, SubjectId},
	merkle::{
		empty_root, leaf_hash, prove_consistency, prove_inclusion, root, verify_consistency, verify_inclusion,
		Blake2Tree, Frontier, Hash, MemoryStore, ProofError,
	},
	moment::Moment,
	renewal::{superseded, Renewal, RenewedEntry, RenewedProof, SecondDigest, StreamingSecondDigest, TreeSuite},
	verify::{verify_log, Refusal},
	views::{TreeVerdict, TreeView},
};
use hex_literal::hex;
use proptest::prelude::*;

type Tree = Blake2Tree<B>;

const NETWORK: NetworkId = NetworkId([1; 32]);
const KIND: LogKind = LogKind::Records;

#[test]
fn blake2b_and_its_hmac_fit_another_implementation() {
	assert_eq!(B::hash(&[]), hex!("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"));
	let abc = hex!("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	assert_eq!((B::hash(&[b"abc"]), B::hash(&[b"a", b"", b"bc"])), (abc, abc));
	let cases: [(&[u8], &[u8], Hash); 3] = [
		(
			b"Jefe",
			b"what do ya want for nothing?",
			hex!("3cf096eeeb2202a250db168c4823a44ef4618ebabb225789386fed316131e3a0"),
		),
		(&[0xaa; 128], b"x", hex!("f0fe1eca172f882b29c316e940fc6079f480e2c3a17d9cb9765ce88a296efcc8")),
		(
			&[0xaa; 131],
			b"Test Using Larger Than Block-Size Key - Hash Key First",
			hex!("8211788e2a5a2113c9297ab147e9e0cf0630e83a52f1c7d46241bbe0e1fc7bdc"),
		),
	];
	for (key, message, expected) in cases {
		assert_eq!(hmac_blake2b::<B>(key, &[message]), expected);
		let (front, back) = message.split_at(message.len() / 2);
		assert_eq!(hmac_blake2b::<B>(key, &[front, back]), expected, "the parts' borders must not matter");
	}
}

#[test]
fn host_and_native_functions_agree() {
	use epidaurus_primitives::hash::HostBlake2b256;
	sp_io::TestExternalities::default().execute_with(|| {
		for parts in [vec![], vec![&b"abc"[..]], vec![&[1; 200], b"", &[2; 3]]] {
			assert_eq!(HostBlake2b256::hash(&parts), B::hash(&parts));
		}
	});
}

/// The reference inputs of the Certificate Transparency implementations.
const ENTRIES: [&[u8]; 8] = [
	&[],
	&[0x00],
	&[0x10],
	&hex!("2021"),
	&hex!("3031"),
	&hex!("40414243"),
	&hex!("5051525354555657"),
	&hex!("606162636465666768696a6b6c6d6e6f"),
];

const ROOTS: [Hash; 9] = [
	hex!("97527767ffdce5809ac84d7cb2c377b11d90581f19337a7c8c3d8ec8b1dd55f1"),
	hex!("5dcaab7048837590a4ff3ba00425dc25cae4b0f72e275d7bdf62e4540267d74a"),
	hex!("0f0dffec7a161e0f6e588c29e2cb49532978a84b5e8b8354941578065db4c031"),
	hex!("c5fb5182161d5ee82a41364a087af46c87f16f6584c57d865b44b469d5c60ff6"),
	hex!("c59010005c1cd39d5ff90e76f919796cacf7066ff1a2a29230e69fa4672bb8e4"),
	hex!("cf7c6e6a8e9351cd5ba10a078b26e999de50915380cbc230631ced21b6547e52"),
	hex!("13e4df6ae291e4b10f1907832a9079e3fe7ad59816d97b91b2d373dbceee4961"),
	hex!("8e585c3113695d9b37d5e6030ad5663b1e564f2a646a798d63ad5d64a6ccb055"),
	hex!("dd1e53fb3009c35053288815e97d09e347442c9c0b81dcab571a6d3138e0e8c3"),
];

#[test]
fn second_tree_is_frozen() {
	let leaves: Vec<_> = ENTRIES.iter().map(|entry| leaf_hash::<Tree>(entry)).collect();
	assert_eq!(empty_root::<Tree>(), ROOTS[0]);
	for (size, expected) in ROOTS.iter().enumerate() {
		assert_eq!(root::<Tree>(&leaves[..size]), *expected, "{size} leaves");
	}
}

fn opening() -> Opening {
	Opening {
		salt: Salt::new([7; 32]),
		suite: HashSuite::FhirStaticRecursive,
		digest: digest::<H>(HashSuite::FhirStaticRecursive, br#"{"resourceType":"Patient"}"#),
		header: RecordHeader {
			subject: Some(SubjectId([9; 32])),
			class: ResourceClass::new("Patient").unwrap(),
			labels: Labels { confidentiality: Some(Confidentiality::N), sensitivity: Labels::PSY },
			clinical_time: Some(Moment(1_700_000_000_000)),
			version: 1,
		},
	}
}

#[test]
fn second_digest_commitment_and_leaf_are_frozen() {
	let content = br#"{"resourceType":"Patient"}"#;
	let digest = SecondDigest::of_content::<B>(HashSuite::FhirStaticRecursive, content);
	assert_eq!(digest.0, hex!("27aa145d26926c00e4e1196c21de1dcc095230be94fdbf345b9fd30284783b10"));
	let opening = opening();
	let second = opening.second_commitment::<B>(&NETWORK, &digest);
	assert_eq!(second.0, hex!("d7b0f81d242ecc6c6673d2d2369766a9d699abb5b67211875548ffadc2d8560c"));
	let commitment = opening.commitment::<H>(&NETWORK);
	assert_eq!(commitment.0, hex!("e1b3e35900a33c87b9ad15a5b6797081557ce5eef941c22018cd2e6b6e4001f9"));
	let entry = RenewedEntry { kind: KIND, sequence: 5, commitment, second: Some(second) };
	let leaf = hex!("3642cd428a79100fdc4ba7f80fc1b42cf4482b821e44b13b15552cfe01826a10");
	assert_eq!(entry.leaf::<B>(), leaf);
	let leaf = hex!("328ca4b636d3e12ac6ad1b217ef585c6e23108fa6026dbdd4c5b4da23a3090c4");
	assert_eq!(RenewedEntry { second: None, ..entry }.leaf::<B>(), leaf);
}

#[test]
fn second_digest_of_elements_wants_the_element_key() {
	let content = SecondDigest([0x0c; 32]);
	let key = ElementKey(Salt::new([0x0b; 32]));
	let keyed = content.under::<B>(HashSuite::FhirElements, Some(&key)).unwrap();
	assert_eq!(keyed.0, hex!("5706726570f5d5490db10b609c5268f5f049d9746eef9c1221c5447e71ef86c2"));
	assert_eq!(content.under::<B>(HashSuite::FhirElements, None), None);
	for suite in [HashSuite::Raw, HashSuite::FhirStaticRoot, HashSuite::FhirStaticRecursive] {
		assert_eq!(content.under::<B>(suite, Some(&key)), Some(content));
	}
}

#[test]
fn encodings_are_frozen() {
	assert_eq!(TreeSuite::ALL.map(|tree| tree.encode()), [[0], [1]]);
	assert!(TreeSuite::decode(&mut &[2_u8][..]).is_err());
	let head = LogHead { size: 0x0102, root: [0xaa; 32] };
	let (tree, root) = (TreeSuite::Blake2b256, [0xbb; 32]);
	let renewal = Renewal { head, checkpointed_at: Moment(3), tree, root, at: Moment(4) };
	let bytes = [
		&hex!("0201000000000000")[..],
		&[0xaa; 32],
		&hex!("0300000000000000 01"),
		&[0xbb; 32],
		&hex!("0400000000000000"),
	]
	.concat();
	assert_eq!(renewal.encode(), bytes);
	assert_eq!(Renewal::decode(&mut &bytes[..]).unwrap(), renewal);
	assert_eq!(Renewal::max_encoded_len(), 89);
	let entry = RenewedEntry { kind: KIND, sequence: 5, commitment: Commitment([0xcc; 32]), second: None };
	assert_eq!(entry.encode(), [&hex!("00 0500000000000000")[..], &[0xcc; 32], &[0]].concat());
	let proof = RenewedProof { tree, head, digest: SecondDigest([0xdd; 32]), path: vec![[0xee; 32]] };
	let bytes = [&hex!("01 0201000000000000")[..], &[0xaa; 32], &[0xdd; 32], &[4], &[0xee; 32]].concat();
	assert_eq!(proof.encode(), bytes);
	for (refusal, bytes) in [
		(Refusal::RenewalNotFound { size: 5 }, &hex!("09 0500000000000000")[..]),
		(Refusal::ForkedRenewal, &hex!("0a")),
		(Refusal::InvalidRenewal(ProofError::RootMismatch), &hex!("0b 06")),
	] {
		assert_eq!(refusal.encode(), bytes);
	}
}

#[test]
fn json_of_a_proof_has_the_renewed_one_only_where_there_is_one() {
	let head = LogHead { size: 9, root: [1; 32] };
	let proof = LogProof { sequence: 1, head, path: Vec::new(), renewed: None };
	let json = serde_json::to_value(&proof).unwrap();
	assert!(json.get("renewed").is_none());
	assert_eq!(serde_json::from_value::<LogProof>(json).unwrap(), proof);
	let renewed =
		RenewedProof { tree: TreeSuite::Blake2b256, head, digest: SecondDigest([2; 32]), path: vec![[3; 32]] };
	let proof = LogProof { renewed: Some(renewed), ..proof };
	let json = serde_json::to_value(&proof).unwrap();
	assert_eq!((&json["renewed"]["tree"], &json["renewed"]["head"]["size"]), (&"blake2b256".into(), &"9".into()));
	assert_eq!(serde_json::from_value::<LogProof>(json).unwrap(), proof);
}

#[test]
fn streaming_second_digest_of_another_length_than_announced_fails() {
	for length in [3, 5] {
		let mut stream = StreamingSecondDigest::new(HashSuite::Raw, length);
		stream.update(b"four");
		assert_eq!(stream.finish(), None);
	}
}

/// A log of so many records, with its second tree.
struct Log {
	openings: Vec<Opening>,
	digests: Vec<SecondDigest>,
	first: MemoryStore,
	second: MemoryStore,
}

fn log(kind: LogKind, network: &NetworkId, size: u8) -> Log {
	let mut log = Log { openings: vec![], digests: vec![], first: MemoryStore::new(), second: MemoryStore::new() };
	for place in 0..size {
		let mut opening = opening();
		opening.salt = Salt::new([place; 32]);
		opening.digest = digest::<H>(opening.suite, &[place]);
		let digest = SecondDigest::of_content::<B>(opening.suite, &[place]);
		let (sequence, commitment) = (u64::from(place), opening.commitment::<H>(network));
		let second = Some(opening.second_commitment::<B>(network, &digest));
		log.first.append::<H>(LogEntry { kind, sequence, commitment }.leaf::<H>()).unwrap();
		log.second.append::<Tree>(RenewedEntry { kind, sequence, commitment, second }.leaf::<B>()).unwrap();
		log.openings.push(opening);
		log.digests.push(digest);
	}
	log
}

impl Log {
	fn head(&self) -> LogHead {
		LogHead { size: self.first.frontier().size(), root: self.first.frontier().root::<H>() }
	}

	/// The renewal of the first `size` entries.
	fn renewal(&self, size: u64) -> Renewal {
		let own = epidaurus_primitives::merkle::frontier_at(&self.first, size).unwrap().root::<H>();
		let root = epidaurus_primitives::merkle::frontier_at(&self.second, size).unwrap().root::<Tree>();
		let head = LogHead { size, root: own };
		Renewal { head, checkpointed_at: Moment(1), tree: TreeSuite::Blake2b256, root, at: Moment(2) }
	}

	fn proof(&self, sequence: u64, renewal: &Renewal) -> LogProof {
		let head = self.head();
		let renewed = RenewedProof {
			tree: renewal.tree,
			head: renewal.renewed_head(),
			digest: self.digests[usize::try_from(sequence).unwrap()],
			path: prove_inclusion::<Tree, _>(&self.second, sequence, renewal.head.size).unwrap(),
		};
		let path = prove_inclusion::<H, _>(&self.first, sequence, head.size).unwrap();
		LogProof { sequence, head, path, renewed: Some(renewed) }
	}

	fn verify(&self, renewals: &[Renewal], opened: u64, proof: &LogProof) -> Result<Option<Renewal>, Refusal> {
		let opening = &self.openings[usize::try_from(opened).unwrap()];
		verify_log::<H, B>(&NETWORK, KIND, (&self.head(), renewals), opening, proof)
	}
}

fn forged(proof: &LogProof, forge: impl FnOnce(&mut RenewedProof)) -> LogProof {
	let mut proof = proof.clone();
	forge(proof.renewed.as_mut().unwrap());
	proof
}

#[test]
fn entry_of_a_renewed_log_leads_to_its_renewal() {
	let log = log(KIND, &NETWORK, 9);
	let renewals = [log.renewal(4), log.renewal(7)];
	for (renewal, sequence) in [(0, 0), (0, 3), (1, 0), (1, 3), (1, 6)] {
		let proof = log.proof(sequence, &renewals[renewal]);
		assert_eq!(log.verify(&renewals, sequence, &proof), Ok(Some(renewals[renewal])), "{sequence} in {renewal}");
		let old = LogProof { renewed: None, ..proof };
		assert_eq!(log.verify(&renewals, sequence, &old), Ok(None));
	}
}

#[test]
fn forged_renewed_proof_is_refused() {
	let log = log(KIND, &NETWORK, 9);
	let renewals = [log.renewal(4), log.renewal(7)];
	let proof = log.proof(2, &renewals[1]);
	let refusal = |proof: &LogProof| log.verify(&renewals, 2, proof).unwrap_err();
	let invalid = |proof: &LogProof| assert!(matches!(refusal(proof), Refusal::InvalidRenewal(_)), "{proof:?}");
	// The second digest of another record, and of one bit more.
	invalid(&forged(&proof, |renewed| renewed.digest = log.digests[3]));
	invalid(&forged(&proof, |renewed| renewed.digest.0[31] ^= 1));
	// The path of another entry, and a spoilt one.
	let other = log.proof(3, &renewals[1]).renewed.unwrap();
	invalid(&forged(&proof, |renewed| renewed.path = other.path));
	invalid(&forged(&proof, |renewed| renewed.path.truncate(1)));
	invalid(&forged(&proof, |renewed| renewed.path.push([0; 32])));
	invalid(&forged(&proof, |renewed| renewed.path.swap(0, 1)));
	// Another size than the root is of: one that was never renewed, and one that was.
	assert_eq!(refusal(&forged(&proof, |renewed| renewed.head.size = 8)), Refusal::RenewalNotFound { size: 7 });
	assert_eq!(refusal(&forged(&proof, |renewed| renewed.head.size = 4)), Refusal::ForkedRenewal);
	assert_eq!(refusal(&forged(&proof, |renewed| renewed.head = renewals[0].renewed_head())), {
		let (expected, got) = (2, 3);
		Refusal::InvalidRenewal(ProofError::PathTooLong { expected, got })
	});
	assert_eq!(refusal(&forged(&proof, |renewed| renewed.head.root[0] ^= 1)), Refusal::ForkedRenewal);
	// The log's own tree is no other tree.
	let own = forged(&proof, |renewed| renewed.tree = TreeSuite::Sha256);
	assert_eq!(refusal(&own), Refusal::RenewalNotFound { size: 0 });
	assert_eq!(log.verify(&[], 2, &proof), Err(Refusal::RenewalNotFound { size: 0 }));
}

#[test]
fn entry_after_the_renewal_is_not_in_it() {
	let log = log(KIND, &NETWORK, 9);
	let renewals = [log.renewal(4)];
	let later = forged(&log.proof(5, &log.renewal(7)), |renewed| renewed.head = renewals[0].renewed_head());
	let refusal = Refusal::InvalidRenewal(ProofError::IndexOutOfRange { index: 5, size: 4 });
	assert_eq!(log.verify(&renewals, 5, &later), Err(refusal));
}

#[test]
fn renewal_of_another_log_network_or_kind_is_refused() {
	let own = log(KIND, &NETWORK, 9);
	let renewal = own.renewal(7);
	let proof = own.proof(2, &renewal);
	for other in [log(LogKind::Disclosures, &NETWORK, 9), log(KIND, &NetworkId([2; 32]), 9)] {
		let foreign = other.renewal(7);
		assert_eq!(own.verify(&[foreign], 2, &proof), Err(Refusal::ForkedRenewal));
		let renewed = other.proof(2, &foreign).renewed;
		let refused = own.verify(&[foreign], 2, &LogProof { renewed, ..proof.clone() });
		assert_eq!(refused, Err(Refusal::InvalidRenewal(ProofError::RootMismatch)));
	}
}

#[test]
fn entry_without_second_commitment_has_no_renewed_proof() {
	let mut log = log(KIND, &NETWORK, 2);
	log.second = MemoryStore::new();
	for (sequence, opening) in (0..).zip(&log.openings) {
		let commitment = opening.commitment::<H>(&NETWORK);
		let entry = RenewedEntry { kind: KIND, sequence, commitment, second: None };
		log.second.append::<Tree>(entry.leaf::<B>()).unwrap();
	}
	let renewal = log.renewal(2);
	let refused = log.verify(&[renewal], 1, &log.proof(1, &renewal));
	assert_eq!(refused, Err(Refusal::InvalidRenewal(ProofError::RootMismatch)));
}

#[test]
fn renewal_that_gives_way_is_covered_by_a_later_one_no_worse() {
	let log = log(KIND, &NETWORK, 3);
	// Made at these moments; that of the new one is last.
	let gives_way = |moments: &[u64], forbidden: Option<u64>| {
		let mut all: Vec<_> = moments.iter().map(|at| Renewal { at: Moment(*at), ..log.renewal(2) }).collect();
		let new = all.pop().unwrap();
		let status = |since| SuiteStatus::Forbidden { since: Moment(since), deprecated: Moment(0) };
		superseded(&all, &new, forbidden.map_or(SuiteStatus::Active, status))
	};
	assert_eq!(gives_way(&[1, 2, 3, 4], None), Some(2), "the newest: the new one covers it");
	assert_eq!(gives_way(&[1, 2, 3, 4], Some(5)), Some(2));
	assert_eq!(gives_way(&[1, 2, 3, 4], Some(4)), Some(1), "not the last one in time");
	assert_eq!(gives_way(&[1, 2, 3, 4], Some(3)), Some(2), "a late one");
	assert_eq!(gives_way(&[1, 2, 3, 4], Some(1)), Some(2));
	assert_eq!(gives_way(&[1, 2], Some(2)), None, "nothing covers it as well");
	assert_eq!(gives_way(&[1], None), None);
	// One of another tree covers nothing.
	let (one, new) = (log.renewal(2), Renewal { tree: TreeSuite::Sha256, ..log.renewal(2) });
	assert_eq!(superseded(&[one, one], &new, SuiteStatus::Active), Some(0));
	assert_eq!(superseded(&[one], &new, SuiteStatus::Active), None);
}

#[test]
fn verdict_says_on_which_tree_a_proof_rests() {
	let renewal = log(KIND, &NETWORK, 3).renewal(2);
	let active = |tree| TreeView { tree, status: SuiteStatus::Active };
	let forbidden = |since| {
		let status = SuiteStatus::Forbidden { since: Moment(since), deprecated: Moment(0) };
		vec![TreeView { tree: TreeSuite::Sha256, status }, active(TreeSuite::Blake2b256)]
	};
	let verdict = TreeVerdict::new(None, TreeSuite::ALL.map(active).to_vec());
	assert_eq!((verdict.tree, verdict.tree_status), (TreeSuite::Sha256, SuiteStatus::Active));
	assert_eq!((verdict.renewal, verdict.renewed_in_time), (None, None));
	assert!(TreeVerdict::new(None, forbidden(3)).tree_status.is_forbidden());
	// The renewal was made at 2.
	for (since, in_time) in [(3, true), (2, false), (1, false)] {
		let verdict = TreeVerdict::new(Some(renewal), forbidden(since));
		assert_eq!((verdict.tree, verdict.tree_status), (TreeSuite::Blake2b256, SuiteStatus::Active));
		assert_eq!((verdict.renewal, verdict.renewed_in_time), (Some(renewal), Some(in_time)));
	}
	assert_eq!(TreeVerdict::new(Some(renewal), Vec::new()).renewed_in_time, Some(true));
}

#[test]
fn verdict_rests_on_the_tree_of_those_proven_that_may_be_trusted_most() {
	use SuiteStatus::Active;
	let renewal = log(KIND, &NETWORK, 3).renewal(2);
	let deprecated = SuiteStatus::Deprecated { since: Moment(8) };
	let forbidden = SuiteStatus::Forbidden { since: Moment(9), deprecated: Moment(8) };
	let (own, second) = (TreeSuite::Sha256, TreeSuite::Blake2b256);
	for (of_own, of_second, expected) in [
		(Active, Active, second),
		(deprecated, Active, second),
		(forbidden, Active, second),
		(Active, deprecated, own),
		(Active, forbidden, own),
		(deprecated, deprecated, second),
		(deprecated, forbidden, own),
		(forbidden, deprecated, second),
	] {
		let trees = [(own, of_own), (second, of_second)].map(|(tree, status)| TreeView { tree, status });
		let verdict = TreeVerdict::new(Some(renewal), trees.to_vec());
		let status = if expected == own { of_own } else { of_second };
		assert_eq!((verdict.tree, verdict.tree_status), (expected, status), "{of_own:?} {of_second:?}");
		assert_eq!((verdict.renewal, verdict.renewed_in_time), (Some(renewal), Some(true)));
		assert_eq!(TreeVerdict::new(None, trees.to_vec()).tree, own);
	}
}

fn leaves_of(entries: &[Vec<u8>]) -> (MemoryStore, Vec<Hash>) {
	let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash::<Tree>(entry)).collect();
	let mut store = MemoryStore::new();
	leaves.iter().for_each(|leaf| store.append::<Tree>(*leaf).unwrap());
	(store, leaves)
}

proptest! {
	#[test]
	fn second_tree_proves_what_the_first_does(
		entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..9), 1..70),
		(at, from) in any::<(prop::sample::Index, prop::sample::Index)>(),
		(byte, bit) in (0usize..32, 0u8..8),
	) {
		let (store, leaves) = leaves_of(&entries);
		let size = u64::try_from(leaves.len()).unwrap();
		let new = root::<Tree>(&leaves);
		let mut frontier = Frontier::new();
		leaves.iter().for_each(|leaf| frontier.append::<Tree>(*leaf).unwrap());
		prop_assert_eq!(frontier.root::<Tree>(), new);

		let index = at.index(leaves.len());
		let sequence = u64::try_from(index).unwrap();
		let mut path = prove_inclusion::<Tree, _>(&store, sequence, size).unwrap();
		prop_assert_eq!(verify_inclusion::<Tree>(&leaves[index], sequence, size, &path, &new), Ok(()));
		// Neither tree takes the other's proofs.
		prop_assert!(size == 1 || verify_inclusion::<H>(&leaves[index], sequence, size, &path, &new).is_err());
		let own: Vec<_> = entries.iter().map(|entry| leaf_hash::<H>(entry)).collect();
		prop_assert_ne!(root::<H>(&own), new);

		let old = from.index(leaves.len());
		let growth = prove_consistency::<Tree, _>(&store, u64::try_from(old).unwrap(), size).unwrap();
		let before = root::<Tree>(&leaves[..old]);
		let verified = verify_consistency::<Tree>(u64::try_from(old).unwrap(), &before, size, &new, &growth);
		prop_assert_eq!(verified, Ok(()));
		if let Some(hash) = path.first_mut() {
			hash[byte] ^= 1 << bit;
			let spoilt = verify_inclusion::<Tree>(&leaves[index], sequence, size, &path, &new);
			prop_assert_eq!(spoilt, Err(ProofError::RootMismatch));
		}
	}

	#[test]
	fn streaming_second_digest_equals_it(content: Vec<u8>, cut: prop::sample::Index) {
		let mut stream = StreamingSecondDigest::new(HashSuite::Raw, u64::try_from(content.len()).unwrap());
		let (front, back) = content.split_at(cut.index(content.len() + 1));
		stream.update(front);
		stream.update(back);
		prop_assert_eq!(stream.finish(), Some(SecondDigest::of_content::<B>(HashSuite::Raw, &content)));
	}

	/// Everything that the second commitment covers changes it, and it never is the first.
	#[test]
	fn second_commitment_binds_each_part(part in 0usize..6, byte in 1u8..) {
		let (original, mut other, mut network) = (opening(), opening(), NETWORK);
		let (digest, mut second) = (SecondDigest([5; 32]), SecondDigest([5; 32]));
		match part {
			0 => other.salt = Salt::new([7 ^ byte; 32]),
			1 => other.suite = HashSuite::Raw,
			2 => second.0[usize::from(byte) % 32] ^= byte,
			3 => other.header.version += u32::from(byte),
			4 => other.header.subject = None,
			_ => network.0[usize::from(byte) % 32] ^= byte,
		}
		let first = original.second_commitment::<B>(&NETWORK, &digest);
		prop_assert_ne!(first, other.second_commitment::<B>(&network, &second));
		prop_assert_ne!(first, original.commitment::<H>(&NETWORK));
	}

	#[test]
	fn decoding_bytes_never_panics(bytes: Vec<u8>) {
		let _ = Renewal::decode(&mut &bytes[..]);
		let _ = RenewedProof::decode(&mut &bytes[..]).map(|proof| format!("{proof:?}"));
	}
}
