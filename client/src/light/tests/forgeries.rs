// SPDX-License-Identifier: Apache-2.0
//! What a node could try.

use super::*;
use proptest::sample::Index;
use std::sync::LazyLock;

type Proof = StateProof<BlockHash>;

fn honest(question: Question) -> (Proof, TrustedBlock) {
	World::new().prove(question)
}

/// The refusal of an honest proof to which something was done.
#[track_caller]
fn refusal(question: Question, forge: impl FnOnce(&mut Proof)) -> Refused {
	let (mut proof, block) = honest(question);
	check(question, &proof, &block).unwrap();
	forge(&mut proof);
	check(question, &proof, &block).unwrap_err()
}

fn position(proof: &Proof, question: Question, part: Part) -> usize {
	let key = key(question, part);
	proof.items.iter().position(|item| item.key.0 == key).unwrap()
}

#[test]
fn a_value_that_is_not_the_proven_one_is_refused() {
	for question in [ANCHOR, LOG] {
		for (index, (part, _)) in keys(question).into_iter().enumerate() {
			let changed = refusal(question, |proof| match &mut proof.items[index].value {
				Some(value) => *value.0.last_mut().unwrap() ^= 1,
				absent => *absent = Some(HexBytes(vec![0])),
			});
			assert_eq!(changed, ProofRefused::ValueDiffers(part).into());
			if honest(question).0.items[index].value.is_some() {
				let denied = refusal(question, |proof| proof.items[index].value = None);
				assert_eq!(denied, ProofRefused::ValueDiffers(part).into());
			}
		}
	}
	// Of a record that does not exist, a value is made up.
	let unknown = Question::Anchor { record: RecordId([0xee; 16]), version: 1, custodian: CUSTODIAN };
	let (mut proof, block) = honest(unknown);
	let at = position(&proof, unknown, Part::Record);
	let head = StoredRecord { custodian: CUSTODIAN, version: 1, state: StoredState::InForce, since: NOW, link: None };
	proof.items[at].value = Some(HexBytes(head.encode()));
	assert_eq!(check(unknown, &proof, &block), Err(ProofRefused::ValueDiffers(Part::Record).into()));
}

#[test]
fn another_block_is_refused_and_an_older_one_told_as_such() {
	let (proof, _) = honest(ANCHOR);
	let trusted = BlockHash([8; 32]);
	let against = |number| check(ANCHOR, &proof, &TrustedBlock { hash: trusted, number });
	let other = Refused::from(ProofRefused::OtherBlock { proven: proof.block, trusted });
	let stale = Refused::from(ProofRefused::StaleBlock { proven: 77, trusted: 78 });
	assert_eq!(against(None), Err(other.clone()));
	assert_eq!(against(Some(77)), Err(other.clone()), "a fork");
	assert_eq!(against(Some(76)), Err(other));
	assert_eq!(against(Some(78)), Err(stale));
}

#[test]
fn a_header_that_is_not_of_the_block_is_refused() {
	// The state of a block that the node made up, under the hash of the trusted one.
	let mut world = World::new();
	let (_, trusted) = world.prove(ANCHOR);
	world.anchor(ANCHOR, StoredState::EnteredInError, 2);
	let (mut proof, _) = world.prove(ANCHOR);
	let computed = proof.block;
	proof.block = trusted.hash;
	let refused = check(ANCHOR, &proof, &trusted);
	assert_eq!(refused, Err(ProofRefused::HeaderDiffers { stated: trusted.hash, computed }.into()));
	// The true header does not help.
	proof.header = world_header();
	assert_eq!(check(ANCHOR, &proof, &trusted), Err(ProofRefused::OtherState.into()));

	assert_eq!(refusal(ANCHOR, |proof| proof.header.0.truncate(98)), ProofRefused::BadHeader.into());
	assert_eq!(refusal(ANCHOR, |proof| proof.header.0.clear()), ProofRefused::BadHeader.into());
	assert_eq!(refusal(ANCHOR, |proof| proof.header.0.push(0)).name(), "proof-header-differs");
}

fn world_header() -> HexBytes {
	honest(ANCHOR).0.header
}

#[test]
fn a_key_that_is_missing_is_refused() {
	for question in [ANCHOR, LOG] {
		for (part, key) in keys(question) {
			let refused = refusal(question, |proof| proof.items.retain(|item| item.key.0 != key));
			assert_eq!(refused, ProofRefused::MissingKey(part).into());
		}
	}
	let nothing = refusal(ANCHOR, |proof| proof.items.clear());
	assert_eq!(nothing, ProofRefused::MissingKey(Part::Layout).into());
}

#[test]
fn a_key_too_many_is_refused() {
	let state = World::new().state;
	let (key, value) = state.iter().next().unwrap();
	let item = ProvenItem { key: HexBytes(key.clone()), value: Some(HexBytes(value.clone())) };
	assert_eq!(refusal(ANCHOR, |proof| proof.items.push(item)), ProofRefused::ExtraKey.into());
	let twice = refusal(ANCHOR, |proof| proof.items.push(proof.items[0].clone()));
	assert_eq!(twice, ProofRefused::ExtraKey.into());
}

#[test]
fn a_proof_about_something_else_is_refused() {
	let other_record = Question::Anchor { record: RecordId([6; 16]), version: 1, custodian: CUSTODIAN };
	let other_version = Question::Anchor { record: RECORD, version: 2, custodian: CUSTODIAN };
	let other_log = Question::Log { custodian: OrgId(3), kind: LogKind::Records };
	for (asked, other, part) in
		[(ANCHOR, other_record, Part::Record), (ANCHOR, other_version, Part::Version), (LOG, other_log, Part::Log)]
	{
		let (proof, block) = honest(other);
		assert_eq!(check(asked, &proof, &block), Err(ProofRefused::OtherSubject(part).into()));
		// Its values under our keys.
		let mut relabelled = proof;
		for (part, key) in keys(asked) {
			let at = position(&relabelled, other, part);
			relabelled.items[at].key = HexBytes(key);
		}
		let name = check(asked, &relabelled, &block).unwrap_err().name();
		assert!(["proof-incomplete", "proof-value-differs"].contains(&name), "{name}");
	}
	let (proof, block) = honest(LOG);
	assert_eq!(check(ANCHOR, &proof, &block), Err(ProofRefused::MissingKey(Part::Record).into()));
}

#[test]
fn a_truncated_proof_is_refused_wherever_it_is_cut() {
	for question in [ANCHOR, LOG] {
		let (proof, block) = honest(question);
		let root = Header::decode(&proof.header.0).unwrap().state_root;
		for missing in 0..proof.nodes.len() {
			let mut cut = proof.clone();
			let node = cut.nodes.remove(missing);
			let expected =
				if blake2_256(&node.0) == root { ProofRefused::OtherState } else { ProofRefused::Incomplete };
			assert_eq!(check(question, &cut, &block), Err(expected.into()));
		}
	}
	assert_eq!(refusal(ANCHOR, |proof| proof.nodes.clear()), ProofRefused::OtherState.into());
}

#[test]
fn nodes_of_another_state_are_refused() {
	let mut world = World::new();
	world.put(ANCHOR, Part::Time, Moment(NOW.0 + 6_000));
	let (later, _) = world.prove(ANCHOR);
	assert_eq!(refusal(ANCHOR, |proof| proof.nodes = later.nodes), ProofRefused::OtherState.into());
}

#[test]
fn nodes_that_lead_nowhere_are_refused() {
	let (log, _) = honest(LOG);
	assert_eq!(refusal(ANCHOR, |proof| proof.nodes.extend(log.nodes)), ProofRefused::Surplus.into(), "twice, too");
	assert_eq!(refusal(ANCHOR, |proof| proof.nodes.push(HexBytes(vec![1, 2, 3]))), ProofRefused::Surplus.into());
	assert_eq!(refusal(ANCHOR, |proof| proof.nodes.push(HexBytes(vec![]))), ProofRefused::Surplus.into());
	let twice = refusal(ANCHOR, |proof| proof.nodes.push(proof.nodes[0].clone()));
	assert_eq!(twice, ProofRefused::Surplus.into());
	let huge = refusal(ANCHOR, |proof| proof.nodes.push(HexBytes(vec![0; MAX_PROOF])));
	assert_eq!(huge.name(), "proof-too-large");
}

#[test]
fn the_order_of_items_and_nodes_does_not_matter() {
	let (mut proof, block) = honest(ANCHOR);
	let expected = check(ANCHOR, &proof, &block).unwrap();
	proof.items.reverse();
	proof.nodes.reverse();
	assert_eq!(check(ANCHOR, &proof, &block), Ok(expected));
}

#[test]
fn a_root_that_is_no_node_is_refused() {
	let garbage = vec![0xff; 40];
	let header = ([1u8; 32], Compact(77u32), blake2_256(&garbage), [3u8; 32], vec![[6u8; 4]]).encode();
	let (mut proof, _) = honest(ANCHOR);
	proof.block = BlockHash(blake2_256(&header));
	(proof.header, proof.nodes) = (HexBytes(header), vec![HexBytes(garbage)]);
	let block = TrustedBlock { hash: proof.block, number: None };
	assert_eq!(check(ANCHOR, &proof, &block), Err(ProofRefused::BadNode.into()));
}

#[test]
fn another_layout_of_the_storage_is_refused() {
	let mut world = World::new();
	let known = EHR_STORAGE_VERSION;
	world.put(ANCHOR, Part::Layout, known + 1);
	let expected = ProofRefused::OtherLayout { part: Part::Layout, found: Some(known + 1), known };
	assert_eq!(world.check(ANCHOR), Err(expected.into()));
	assert!(expected.to_string().contains("storage version of records is 2"), "{expected}");
	world.put(ANCHOR, Part::Layout, [1u8]);
	assert_eq!(world.check(ANCHOR), Err(ProofRefused::BadValue(Part::Layout).into()));
	// A chain without the pallet.
	world.remove(ANCHOR, Part::Layout);
	assert_eq!(world.check(LOG), Err(ProofRefused::OtherLayout { part: Part::Layout, found: None, known }.into()));

	let (part, known) = (Part::SubjectsLayout, SUBJECTS_STORAGE_VERSION);
	let mut world = World::new();
	world.put(ANCHOR, part, known + 1);
	let expected = ProofRefused::OtherLayout { part, found: Some(known + 1), known };
	assert_eq!(world.check(ANCHOR), Err(expected.into()));
	world.check(LOG).expect("no subject is asked about");

	let (part, known) = (Part::RegistryLayout, REGISTRY_STORAGE_VERSION);
	let mut world = World::new();
	world.put(ANCHOR, part, known + 1);
	assert_eq!(world.check(LOG), Err(ProofRefused::OtherLayout { part, found: Some(known + 1), known }.into()));
}

#[test]
fn a_stored_value_of_another_form_is_refused() {
	for (question, part) in [
		(ANCHOR, Part::Record),
		(ANCHOR, Part::Version),
		(ANCHOR, Part::Network),
		(ANCHOR, Part::Time),
		(ANCHOR, Part::Life),
		(ANCHOR, Part::Doubts),
		(ANCHOR, Part::Rebind),
		(ANCHOR, Part::Suite(HashSuite::FhirStaticRecursive)),
		(LOG, Part::Log),
		(LOG, Part::Organisation),
	] {
		let stored = World::new().state[&key(question, part)].clone();
		let short = stored[1..].to_vec();
		let long = [&stored[..], &[0]].concat();
		for form in [short, long, vec![]] {
			let mut world = World::new();
			world.state.insert(key(question, part), form);
			assert_eq!(world.check(question), Err(ProofRefused::BadValue(part).into()));
		}
	}
	for part in [Part::Network, Part::Time, Part::Version, Part::Organisation] {
		let mut world = World::new();
		world.remove(ANCHOR, part);
		assert_eq!(world.check(ANCHOR), Err(ProofRefused::BadValue(part).into()));
	}
}

static HONEST: LazyLock<[(Question, Proof, TrustedBlock); 2]> = LazyLock::new(|| {
	[ANCHOR, LOG].map(|question| {
		let (proof, block) = honest(question);
		(question, proof, block)
	})
});

fn flip(bytes: &mut [u8], at: Index, bit: u32) {
	let at = at.index(bytes.len());
	bytes[at] ^= 1 << bit;
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(1_000))]

	#[test]
	fn no_flipped_bit_gets_through(
		log in any::<bool>(),
		place in 0..5u8,
		(which, at, bit) in (any::<Index>(), any::<Index>(), 0..8u32),
	) {
		let (question, proof, block) = &HONEST[usize::from(log)];
		let (mut proof, mut block) = (proof.clone(), *block);
		let (node, item) = (which.index(proof.nodes.len()), which.index(proof.items.len()));
		match place {
			0 => flip(&mut proof.nodes[node].0, at, bit),
			1 => flip(&mut proof.items[item].key.0, at, bit),
			2 => match &mut proof.items[item].value {
				Some(value) => flip(&mut value.0, at, bit),
				absent => *absent = Some(HexBytes(vec![1 << bit])),
			},
			3 => flip(&mut proof.header.0, at, bit),
			_ => flip(&mut block.hash.0, at, bit),
		}
		let refused = check(*question, &proof, &block).expect_err("a bit was flipped");
		prop_assert!(matches!(refused, Refused::Proof(_)), "{refused:?}");
	}

	#[test]
	fn no_truncated_or_spliced_node_gets_through(
		(log, which) in (any::<bool>(), any::<Index>()),
		cut in any::<Index>(),
		tail in proptest::collection::vec(any::<u8>(), 0..40),
	) {
		let (question, proof, block) = &HONEST[usize::from(log)];
		let mut forged = proof.clone();
		let node = &mut forged.nodes[which.index(proof.nodes.len())].0;
		node.truncate(cut.index(node.len()));
		node.extend(tail);
		if forged != *proof {
			prop_assert!(matches!(check(*question, &forged, block), Err(Refused::Proof(_))));
		}
	}

	/// Whatever bytes come as a proof, the answer is a refusal and never a panic.
	#[test]
	fn arbitrary_nodes_are_refused(nodes in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 0..8)) {
		let (question, proof, block) = &HONEST[0];
		let nodes = nodes.into_iter().map(HexBytes).collect();
		let forged = StateProof { nodes, ..proof.clone() };
		prop_assert!(matches!(check(*question, &forged, block), Err(Refused::Proof(_))));
	}

	/// A block that is trusted and yet wrong, as from a lying node: any root and any nodes under it.
	#[test]
	fn arbitrary_nodes_under_a_fitting_root_do_not_panic(
		nodes in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..80), 1..8),
	) {
		let (question, proof, _) = &HONEST[0];
		let header = ([1u8; 32], Compact(77u32), blake2_256(&nodes[0]), [3u8; 32], vec![[6u8; 4]]).encode();
		let block = BlockHash(blake2_256(&header));
		let nodes = nodes.into_iter().map(HexBytes).collect();
		let forged = StateProof { block, header: HexBytes(header), nodes, items: proof.items.clone() };
		let trusted = TrustedBlock { hash: block, number: None };
		prop_assert!(check(*question, &forged, &trusted).is_err());
	}
}
