// SPDX-License-Identifier: Apache-2.0
//! Every way in which an opening or a proof can be wrong is refused, each with its reason.

use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof},
	hash::{
		digest, HashSuite, Labels, NativeBlake2b256 as B, NativeSha256 as H, Opening, RecordHeader, ResourceClass, Salt,
	},
	ids::NetworkId,
	merkle,
	verify::{verify_anchor, verify_log, Refusal},
};

const NETWORK: NetworkId = NetworkId([1; 32]);

fn opening(content: u8) -> Opening {
	Opening {
		salt: Salt::new([content; 32]),
		suite: HashSuite::Raw,
		digest: digest::<H>(HashSuite::Raw, &[content]),
		header: RecordHeader {
			subject: None,
			class: ResourceClass::new("Binary").unwrap(),
			labels: Labels::default(),
			clinical_time: None,
			version: 1,
		},
	}
}

fn log(network: &NetworkId, size: u8) -> Vec<merkle::Hash> {
	(0..size)
		.map(|place| {
			let commitment = opening(place).commitment::<H>(network);
			LogEntry { kind: LogKind::Records, sequence: u64::from(place), commitment }.leaf::<H>()
		})
		.collect()
}

fn head(leaves: &[merkle::Hash]) -> LogHead {
	LogHead { size: leaves.len() as u64, root: merkle::root::<H>(leaves) }
}

/// The proof of entry 2 of a log of five.
fn proof() -> (LogHead, LogProof) {
	let leaves = log(&NETWORK, 5);
	let [a, b, c, d, e] = leaves[..] else { unreachable!() };
	let _ = c;
	let head = head(&leaves);
	(head, LogProof { sequence: 2, head, path: vec![d, merkle::node_hash::<H>(&a, &b), e], renewed: None })
}

fn check(opening: &Opening, kind: LogKind, head: &LogHead, proof: &LogProof) -> Result<(), Refusal> {
	verify_log::<H, B>(&NETWORK, kind, (head, &[]), opening, proof).map(|renewal| assert_eq!(renewal, None))
}

#[test]
fn true_entry_stands_in_the_log() {
	let (head, proof) = proof();
	assert_eq!(check(&opening(2), LogKind::Records, &head, &proof), Ok(()));
}

#[test]
fn other_head_is_refused() {
	let (head, proof) = proof();
	let older = LogHead { size: 4, root: merkle::root::<H>(&log(&NETWORK, 4)) };
	let fork = LogHead { root: [0; 32], ..head };
	for (presented, refusal) in [
		(older, Refusal::StaleHead { size: 5 }),
		(LogHead { size: 6, ..head }, Refusal::UnknownHead { size: 5 }),
		(fork, Refusal::ForkedHead),
	] {
		let forged = LogProof { head: presented, ..proof.clone() };
		assert_eq!(check(&opening(2), LogKind::Records, &head, &forged), Err(refusal));
	}
}

#[test]
fn other_entry_place_or_path_is_refused() {
	let (head, proof) = proof();
	let refused = |opening: &Opening, kind, proof: &LogProof| {
		assert!(matches!(check(opening, kind, &head, proof), Err(Refusal::InvalidProof(_))), "{proof:?}");
	};
	refused(&opening(3), LogKind::Records, &proof);
	refused(&Opening { salt: Salt::new([9; 32]), ..opening(2) }, LogKind::Records, &proof);
	refused(&opening(2), LogKind::Disclosures, &proof);
	for sequence in [0, 1, 3, 4, 5, u64::MAX] {
		refused(&opening(2), LogKind::Records, &LogProof { sequence, ..proof.clone() });
	}
	let mut truncated = proof.clone();
	truncated.path.pop();
	refused(&opening(2), LogKind::Records, &truncated);
	let mut extended = proof.clone();
	extended.path.push([0; 32]);
	refused(&opening(2), LogKind::Records, &extended);
	let mut swapped = proof.clone();
	swapped.path.swap(0, 1);
	refused(&opening(2), LogKind::Records, &swapped);
}

#[test]
fn other_network_is_refused() {
	let (head, proof) = proof();
	let answer = verify_log::<H, B>(&NetworkId([2; 32]), LogKind::Records, (&head, &[]), &opening(2), &proof);
	assert!(matches!(answer, Err(Refusal::InvalidProof(_))));
}

#[test]
fn anchor_is_opened_by_its_opening_alone() {
	let true_opening = opening(2);
	let commitment = true_opening.commitment::<H>(&NETWORK);
	let anchored = (HashSuite::Raw, &commitment);
	assert_eq!(verify_anchor::<H>(&NETWORK, anchored, &true_opening), Ok(()));
	assert_eq!(verify_anchor::<H>(&NETWORK, anchored, &opening(3)), Err(Refusal::CommitmentMismatch));
	assert_eq!(verify_anchor::<H>(&NetworkId([2; 32]), anchored, &true_opening), Err(Refusal::CommitmentMismatch));
	let downgraded = Opening { suite: HashSuite::FhirStaticRoot, ..true_opening };
	assert_eq!(
		verify_anchor::<H>(&NETWORK, anchored, &downgraded),
		Err(Refusal::SuiteMismatch { anchored: HashSuite::Raw, presented: HashSuite::FhirStaticRoot })
	);
}
