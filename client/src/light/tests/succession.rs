// SPDX-License-Identifier: Apache-2.0
//! Who succeeded a custodian, and what a node could try about it. The forgeries of `ask` are done to a line, too.

use super::*;
use crate::light::{
	answer,
	keys::{registry, time},
	Asked, Found,
};
use epidaurus_primitives::{
	registry::records::{Acceptance, Succession},
	views::{HandoverView, OfferView, SuccessionView},
};

/// The clinic of the questions handed over to the second, which handed over to the last, which is to hand over to a fourth.
const CLINIC: OrgId = OrgId(3);
const SECOND: OrgId = OrgId(21);
const LAST: OrgId = OrgId(22);
const FOURTH: OrgId = OrgId(23);
const STATEMENT: Commitment = Commitment([0x5a; 32]);

fn succession(successor: OrgId, accepted_at: Option<u64>) -> Vec<u8> {
	let accepted = accepted_at.map(|at| Acceptance { at: Moment(at), handover: STATEMENT });
	Succession { successor, offered_at: Moment(3), accepted }.encode()
}

/// What stands there about the line.
pub fn stored() -> [(Vec<u8>, Vec<u8>); 3] {
	[
		(registry::succession(CLINIC), succession(SECOND, Some(40))),
		(registry::succession(SECOND), succession(LAST, Some(50))),
		(registry::succession(LAST), succession(FOURTH, None)),
	]
}

/// What the chain reads of it, but for layout and time.
pub fn line() -> Vec<Vec<u8>> {
	let [first, second, last] = [CLINIC, SECOND, LAST].map(registry::succession);
	vec![registry::organisation(CLINIC), first, second, last]
}

/// A world in which the custodian of the record and the log handed over to the second.
fn world() -> World {
	let mut world = World::new();
	world.state.extend(stored());
	world.state.insert(registry::succession(CUSTODIAN), succession(SECOND, Some(30)));
	world
}

/// What a node proves about a record or a log.
fn prove(world: &World, question: Question) -> (StateProof<BlockHash>, TrustedBlock) {
	let followed = [SECOND, LAST].map(registry::succession);
	world.prove_keys(keys(question).into_iter().map(|(_, key)| key).chain(followed).collect())
}

fn ask(world: &World, organisation: OrgId, keys: &[Vec<u8>]) -> Result<Found, ProofRefused> {
	let listed = [&[registry::layout()], keys, &[time()]].concat();
	let (proof, block) = world.prove_keys(listed);
	answer(&Asked::Succession { organisation }, &proof, &block).map(|told| told.found)
}

fn step(predecessor: OrgId, successor: OrgId, since: u64) -> HandoverView {
	HandoverView { predecessor, successor, offered_at: Moment(3), since: Moment(since), handover: STATEMENT }
}

#[test]
fn who_answers_for_a_record_and_a_log_is_proven_with_them() {
	for question in [ANCHOR, LOG] {
		let (proof, block) = prove(&world(), question);
		let custodian = check(question, &proof, &block).unwrap().custodian;
		let successor = Successor { organisation: LAST, since: Moment(50), handover: STATEMENT };
		assert_eq!((custodian.id, custodian.successor), (CUSTODIAN, Some(successor)));
		// An offer is not enough.
		let mut offered = world();
		offered.state.insert(registry::succession(CUSTODIAN), succession(SECOND, None));
		assert_eq!(offered.check(question).unwrap().custodian.successor, None);
	}
}

#[test]
fn line_is_told_to_its_end_with_the_offer_at_its_beginning() {
	let mut world = world();
	world.state.insert(registry::organisation(CLINIC), organisation().encode());
	let Ok(Found::Succession(Some(view))) = ask(&world, CLINIC, &line()) else {
		panic!("there is such an organisation")
	};
	let expected = vec![step(CLINIC, SECOND, 40), step(SECOND, LAST, 50)];
	assert_eq!(view, SuccessionView { organisation: CLINIC, released: false, line: expected, offer: None });

	let gone = StoredOrganisation { status: OrganisationStatus::Left, ..organisation() };
	world.state.insert(registry::organisation(CLINIC), gone.encode());
	let Ok(Found::Succession(Some(view))) = ask(&world, CLINIC, &line()) else { panic!("there was one") };
	assert!(view.released && view.line.len() == 2);

	world.state.insert(registry::organisation(LAST), organisation().encode());
	let keys = [registry::organisation(LAST), registry::succession(LAST)];
	let Ok(Found::Succession(Some(view))) = ask(&world, LAST, &keys) else { panic!("there is such an organisation") };
	assert!(view.line.is_empty());
	assert_eq!(view.offer, Some(OfferView { successor: FOURTH, offered_at: Moment(3) }));

	let keys = [registry::organisation(FOURTH), registry::succession(FOURTH)];
	assert_eq!(ask(&world, FOURTH, &keys), Ok(Found::Succession(None)), "that there is none is proven");
}

#[test]
fn line_that_is_cut_or_goes_on_too_far_is_refused() {
	let mut world = world();
	world.state.insert(registry::organisation(CLINIC), organisation().encode());
	for question in [ANCHOR, LOG] {
		for hidden in [SECOND, LAST].map(registry::succession) {
			let (mut proof, block) = prove(&world, question);
			proof.items.retain(|item| item.key.0 != hidden);
			assert_eq!(check(question, &proof, &block), Err(ProofRefused::MissingKey(Part::Succession).into()));
		}
	}
	let (proof, block) = world.prove(LOG);
	assert_eq!(check(LOG, &proof, &block), Err(ProofRefused::MissingKey(Part::Succession).into()));
	let further = [&line()[..], &[registry::succession(FOURTH)]].concat();
	assert_eq!(ask(&world, CLINIC, &further), Err(ProofRefused::ExtraKey));
}

#[test]
fn successor_that_is_denied_made_up_or_exchanged_is_refused() {
	for question in [ANCHOR, LOG] {
		let (honest, block) = prove(&world(), question);
		for (of, told) in [
			(CUSTODIAN, None),
			(SECOND, None),
			(SECOND, Some(succession(LAST, None))),
			(SECOND, Some(succession(FOURTH, Some(50)))),
			(LAST, Some(succession(FOURTH, Some(60)))),
		] {
			let mut forged = honest.clone();
			let item = forged.items.iter_mut().find(|item| item.key.0 == registry::succession(of)).unwrap();
			item.value = told.map(HexBytes);
			let refused = check(question, &forged, &block);
			assert_eq!(refused, Err(ProofRefused::ValueDiffers(Part::Succession).into()), "{of}");
		}
	}
}

#[test]
fn line_of_another_organisation_or_another_block_is_refused() {
	let mut world = world();
	for id in [CLINIC, LAST] {
		world.state.insert(registry::organisation(id), organisation().encode());
	}
	let of_last = [registry::organisation(LAST), registry::succession(LAST)];
	assert_eq!(ask(&world, CLINIC, &of_last), Err(ProofRefused::OtherSubject(Part::Organisation)));

	let (proof, _) = prove(&world, LOG);
	let trusted = BlockHash([8; 32]);
	let refused = check(LOG, &proof, &TrustedBlock { hash: trusted, number: None });
	assert_eq!(refused, Err(ProofRefused::OtherBlock { proven: proof.block, trusted }.into()));
	// The line as it was before the hand-over, in the proof of the block after it.
	let (mut spliced, block) = prove(&world, LOG);
	let (before, _) = World::new().prove(LOG);
	let key = registry::succession(CUSTODIAN);
	for item in &mut spliced.items {
		if item.key.0 == key {
			item.value = None;
		}
	}
	spliced.nodes.extend(before.nodes);
	assert!(matches!(check(LOG, &spliced, &block), Err(Refused::Proof(_))));
}

#[test]
fn succession_of_another_form_is_refused() {
	for of in [CUSTODIAN, SECOND, LAST] {
		let mut world = world();
		world.state.get_mut(&registry::succession(of)).unwrap().push(0);
		let (proof, block) = prove(&world, LOG);
		assert_eq!(check(LOG, &proof, &block), Err(ProofRefused::BadValue(Part::Succession).into()), "{of}");
	}
}

#[test]
fn line_that_leads_back_ends() {
	let mut world = world();
	world.state.insert(registry::succession(LAST), succession(SECOND, Some(60)));
	let (proof, block) = prove(&world, LOG);
	let custodian = check(LOG, &proof, &block).unwrap().custodian;
	assert!(custodian.successor.is_some(), "no chain stores this, and no answer hangs on it");
}
