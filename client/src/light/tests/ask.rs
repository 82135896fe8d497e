// SPDX-License-Identifier: Apache-2.0
//! Questions about members, licences and subjects, and what a node could try.

use super::*;
use crate::light::{
	answer,
	keys::{registry, subjects, time},
	Asked, Found,
};
use epidaurus_primitives::{
	ids::LicenceId,
	registry::{
		records::{Holding, IssuerKey, IssuerRecord, Membership, Term},
		Capability, Holder, LicenceScope, LicenceStatus, Roles, Standing,
	},
	stored::{StoredHolding, StoredLicence, StoredMember, StoredSubject},
	subjects::{SubjectState, SubjectStatus},
	timeline::{Span, Timeline},
};

type Proof = StateProof<BlockHash>;

const DOCTOR: AccountId32 = AccountId32([0x11; 32]);
const STRANGER: AccountId32 = AccountId32([0x99; 32]);
const PHONE: AccountId32 = AccountId32([0x22; 32]);
const CLINIC: OrgId = OrgId(3);
const AUTHORITY: OrgId = OrgId(9);
const GREECE: Jurisdiction = Jurisdiction::country(*b"GR");
const OF_CLINIC: LicenceId = LicenceId(7);
const OF_DOCTOR: LicenceId = LicenceId(8);

fn holding(holder: Holder<AccountId32>) -> Holding<AccountId32> {
	Holding { holder, capability: Capability::BreakGlass }
}

fn issuer() -> IssuerKey {
	IssuerKey { organisation: AUTHORITY, capability: Capability::BreakGlass, jurisdiction: GREECE }
}

fn licence(holder: Holder<AccountId32>) -> StoredLicence<AccountId32> {
	let term = Term { status: LicenceStatus::Active, status_since: Moment(50), until: Some(Moment(NOW.0 + 1)) };
	StoredLicence {
		holder,
		capability: Capability::BreakGlass,
		jurisdiction: GREECE,
		scope: LicenceScope::All,
		issuer: AUTHORITY,
		authority: GREECE,
		issued_at: Moment(50),
		from: Moment(50),
		term: Timeline { state: term, since: Moment(70), earlier: 1 },
		distrusted_from: None,
		ticket: Some(4),
	}
}

fn subject() -> StoredSubject<AccountId32> {
	let state = SubjectState { key: PHONE, proven: true, status: SubjectStatus::Active };
	StoredSubject {
		custodian: CLINIC,
		state: Timeline { state, since: Moment(80), earlier: 1 },
		rotated_at: None,
		nonce: 5,
		rebinds: 1,
		tally: (1, 2),
		deposit: 9,
	}
}

/// A clinic with a doctor, who has no licence of her own, and a patient whose key is in question.
fn world() -> World {
	let mut world = World::new();
	let mut put = |key: Vec<u8>, value: Vec<u8>| drop(world.state.insert(key, value));
	let clinic = StoredOrganisation { status: OrganisationStatus::Active, earlier: 0, ..organisation() };
	put(registry::organisation(CLINIC), clinic.encode());
	let member = |roles| Some(Membership { organisation: CLINIC, roles, until: None });
	let membership = Timeline { state: member(Roles::CLINICIAN), since: Moment(100), earlier: 1 };
	put(registry::member(&DOCTOR), StoredMember { membership, deposit: Some(1) }.encode());
	let before = Span { state: member(Roles::RECORDS), since: Moment(10) };
	put(registry::member_span(&DOCTOR, 0), before.encode());
	let list = StoredHolding { state: vec![OF_CLINIC], since: Moment(50), earlier: 0 };
	put(registry::holding(&holding(Holder::Organisation(CLINIC))), list.encode());
	put(registry::licence(OF_CLINIC), licence(Holder::Organisation(CLINIC)).encode());
	let term = Term { status: LicenceStatus::Suspended, status_since: Moment(50), until: None };
	put(registry::licence_span(OF_CLINIC, 0), Span { state: term, since: Moment(50) }.encode());
	let recognised = Timeline { state: true, since: Moment(1), earlier: 0 };
	put(registry::issuer(&issuer()), IssuerRecord { recognised, distrusted_from: None }.encode());
	succession::stored().into_iter().for_each(|(key, value)| put(key, value));
	put(subjects::subject(&SUBJECT), subject().encode());
	let state = SubjectState { key: AccountId32([0x33; 32]), proven: false, status: SubjectStatus::Active };
	put(subjects::span(&SUBJECT, 0), Span { state, since: Moment(6) }.encode());
	put(subjects::owner(&PHONE), SUBJECT.encode());
	world
}

/// A world in which the doctor has a licence of her own.
fn licensed() -> World {
	let mut world = world();
	let list = StoredHolding { state: vec![OF_DOCTOR], since: Moment(50), earlier: 0 };
	world.state.insert(registry::holding(&holding(Holder::Member(DOCTOR))), list.encode());
	world.state.insert(registry::licence(OF_DOCTOR), licence(Holder::Member(DOCTOR)).encode());
	world
}

fn may(holder: Holder<AccountId32>, at: Option<Moment>) -> Asked {
	Asked::Capability { holder, capability: Capability::BreakGlass, jurisdiction: None, at }
}

fn of_registry(keys: &[Vec<u8>]) -> Vec<Vec<u8>> {
	[&[registry::layout()], keys, &[time()]].concat()
}

fn of_subjects(keys: &[Vec<u8>]) -> Vec<Vec<u8>> {
	[&[subjects::layout()], keys, &[time()]].concat()
}

/// What the clinic's part of a decision reads.
fn of_clinic() -> Vec<Vec<u8>> {
	let holding = holding(Holder::Organisation(CLINIC));
	let issuer = registry::issuer(&issuer());
	vec![registry::organisation(CLINIC), registry::holding(&holding), registry::licence(OF_CLINIC), issuer]
}

/// Every kind of question with what the chain reads for it.
fn cases() -> Vec<(Asked, Vec<Vec<u8>>)> {
	let doctor = registry::member(&DOCTOR);
	let own = registry::holding(&holding(Holder::Member(DOCTOR)));
	let decided = [std::slice::from_ref(&doctor), &of_clinic()[..], &[own]].concat();
	let earlier = [&of_clinic()[..], &[registry::licence_span(OF_CLINIC, 0)]].concat();
	let of_subject = vec![subjects::subject(&SUBJECT), subjects::span(&SUBJECT, 0), subjects::rebind(&SUBJECT)];
	let in_hands = vec![subjects::subject(&SUBJECT), subjects::doubts(&SUBJECT), subjects::rebind(&SUBJECT)];
	let past = [&in_hands[..], &[subjects::span(&SUBJECT, 0)]].concat();
	let owned = [&[subjects::owner(&PHONE)], &of_subject[..]].concat();
	vec![
		(Asked::Member { account: DOCTOR, at: None }, of_registry(std::slice::from_ref(&doctor))),
		(
			Asked::Member { account: DOCTOR, at: Some(Moment(60)) },
			of_registry(&[doctor, registry::member_span(&DOCTOR, 0)]),
		),
		(Asked::Licence { licence: OF_CLINIC }, of_registry(&[registry::licence(OF_CLINIC)])),
		(may(Holder::Member(DOCTOR), None), of_registry(&decided)),
		(may(Holder::Organisation(CLINIC), Some(Moment(60))), of_registry(&earlier)),
		(Asked::Subject { subject: SUBJECT }, of_subjects(&of_subject)),
		(Asked::SubjectByKey { key: PHONE }, of_subjects(&owned)),
		(Asked::Key { subject: SUBJECT, at: None }, of_subjects(&in_hands)),
		(Asked::Key { subject: SUBJECT, at: Some(Moment(8)) }, of_subjects(&past)),
		(Asked::Succession { organisation: CLINIC }, of_registry(&succession::line())),
	]
}

fn ask(world: &World, asked: &Asked, keys: &[Vec<u8>]) -> Result<Found, ProofRefused> {
	let (proof, block) = world.prove_keys(keys.to_vec());
	answer(asked, &proof, &block).map(|told| {
		assert_eq!((told.at, told.number, told.hash), (NOW, 77, block.hash));
		told.found
	})
}

#[test]
fn memberships_and_licences_are_told_as_they_stand_and_stood() {
	let mut told = cases().into_iter().map(|(asked, keys)| ask(&world(), &asked, &keys).unwrap());
	let Some(Found::Member(Some(now))) = told.next() else { panic!("she is a member") };
	assert_eq!((now.organisation, now.roles, now.since), (CLINIC, Roles::CLINICIAN, Moment(100)));
	let Some(Found::Member(Some(then))) = told.next() else { panic!("she was a member") };
	assert_eq!((then.roles, then.since), (Roles::RECORDS, Moment(10)));
	let Some(Found::Licence(Some(licence))) = told.next() else { panic!("there is such a licence") };
	assert_eq!((licence.issuer, licence.since, licence.validity.from), (AUTHORITY, Moment(50), Moment(50)));
}

#[test]
fn what_is_missing_is_proven_to_be() {
	let none = Moment(9);
	let earlier = registry::member_span(&DOCTOR, 0);
	for (asked, keys, expected) in [
		(
			Asked::Member { account: STRANGER, at: None },
			of_registry(&[registry::member(&STRANGER)]),
			Found::Member(None),
		),
		(
			Asked::Member { account: DOCTOR, at: Some(none) },
			of_registry(&[registry::member(&DOCTOR), earlier]),
			Found::Member(None),
		),
		(
			Asked::Licence { licence: LicenceId(99) },
			of_registry(&[registry::licence(LicenceId(99))]),
			Found::Licence(None),
		),
		(
			Asked::Subject { subject: SubjectId([9; 32]) },
			of_subjects(&[subjects::subject(&SubjectId([9; 32]))]),
			Found::Subject(None, None),
		),
		(Asked::SubjectByKey { key: STRANGER }, of_subjects(&[subjects::owner(&STRANGER)]), Found::Subject(None, None)),
		(
			Asked::Key { subject: SUBJECT, at: Some(Moment(5)) },
			of_subjects(&[subjects::subject(&SUBJECT), subjects::span(&SUBJECT, 0)]),
			Found::Key(None),
		),
	] {
		assert_eq!(ask(&world(), &asked, &keys), Ok(expected), "{asked:?}");
	}
}

fn standing(world: &World, asked: &Asked, keys: &[Vec<u8>]) -> Standing {
	let Ok(Found::Capability(view)) = ask(world, asked, keys) else { panic!("{asked:?}") };
	assert_eq!(view.at, if let Asked::Capability { at: Some(at), .. } = asked { *at } else { NOW });
	view.standing
}

#[test]
fn a_decision_is_proven_with_its_reason() {
	let (asked, keys) = &cases()[3];
	assert_eq!(standing(&world(), asked, keys), Standing::PersonalLicenceMissing);
	let with_own = [&keys[..], &[registry::licence(OF_DOCTOR)]].concat();
	assert_eq!(standing(&licensed(), asked, &with_own), Standing::Granted);
	// That the doctor's licence exists cannot be left out any more.
	let refused = ask(&licensed(), asked, keys);
	assert_eq!(refused, Err(ProofRefused::MissingKey(Part::Licence)));

	let (asked, keys) = &cases()[4];
	assert_eq!(standing(&world(), asked, keys), Standing::LicenceSuspended, "as it was then");
	let before = may(Holder::Member(DOCTOR), Some(Moment(60)));
	let doctor = [registry::member(&DOCTOR), registry::member_span(&DOCTOR, 0), registry::organisation(CLINIC)];
	assert_eq!(standing(&world(), &before, &of_registry(&doctor)), Standing::RoleMissing);
	let unknown = may(Holder::Organisation(OrgId(77)), None);
	let keys = of_registry(&[registry::organisation(OrgId(77))]);
	assert_eq!(standing(&world(), &unknown, &keys), Standing::OrganisationUnknown);
	let nobody = may(Holder::Member(STRANGER), None);
	assert_eq!(standing(&world(), &nobody, &of_registry(&[registry::member(&STRANGER)])), Standing::NotAMember);
}

#[test]
fn distrust_of_an_issuer_reaches_back() {
	let mut world = world();
	let recognised = Timeline { state: false, since: Moment(90), earlier: 1 };
	let record = IssuerRecord { recognised, distrusted_from: Some(Moment(40)) };
	world.state.insert(registry::issuer(&issuer()), record.encode());
	let asked = may(Holder::Organisation(CLINIC), None);
	let keys = [&of_clinic()[..], &[registry::licence_span(OF_CLINIC, 0)]].concat();
	assert_eq!(standing(&world, &asked, &of_registry(&keys)), Standing::LicenceDistrusted);
}

#[test]
fn subjects_are_told_with_whose_hands_the_key_is_in() {
	let mut told = cases().into_iter().skip(5).map(|(asked, keys)| ask(&world(), &asked, &keys).unwrap());
	let by_id = told.next().unwrap();
	let Found::Subject(Some(view), Some(pending)) = &by_id else { panic!("{by_id:?}") };
	assert_eq!((view.enrolled_at, view.nonce, view.restricted, &view.key), (Moment(6), 5, true, &PHONE));
	assert_eq!(pending.new_key, AccountId32([1; 32]));
	assert_eq!(told.next().unwrap(), by_id);
	let Some(Found::Key(Some(now))) = told.next() else { panic!("it is enrolled") };
	assert!(now.key == PHONE && now.doubtful);
	let Some(Found::Key(Some(then))) = told.next() else { panic!("it was enrolled") };
	assert!(then.key == AccountId32([0x33; 32]) && then.doubtful && !then.proven);

	let mut world = world();
	world.remove(ANCHOR, Part::Rebind);
	let (asked, keys) = &cases()[7];
	let Ok(Found::Key(Some(now))) = ask(&world, asked, keys) else { panic!("it is enrolled") };
	assert!(!now.doubtful);
}

/// Every kind of question with an honest proof.
fn honest() -> Vec<(Asked, Proof, TrustedBlock)> {
	let prove = |(asked, keys): (Asked, Vec<Vec<u8>>)| {
		let (proof, block) = world().prove_keys(keys);
		(asked, proof, block)
	};
	cases().into_iter().map(prove).collect()
}

#[test]
fn a_value_that_is_not_the_proven_one_is_refused() {
	for (asked, proof, block) in honest() {
		for place in 0..proof.items.len() {
			let mut forged = proof.clone();
			forged.items[place].value = match forged.items[place].value.take() {
				Some(_) => None,
				None => Some(HexBytes(vec![1])),
			};
			let refused = answer(&asked, &forged, &block).unwrap_err();
			assert_eq!(refused.name(), "proof-value-differs", "{asked:?} {place}");
		}
	}
}

#[test]
fn a_key_that_is_missing_and_one_too_many_are_refused() {
	for (asked, proof, block) in honest() {
		for place in 0..proof.items.len() {
			let mut forged = proof.clone();
			forged.items.remove(place);
			let refused = answer(&asked, &forged, &block).unwrap_err();
			assert_eq!(refused.name(), "proof-missing-key", "{asked:?} {place}");
		}
		let other = key(ANCHOR, Part::Record);
		let item = ProvenItem { value: world().state.get(&other).cloned().map(HexBytes), key: HexBytes(other) };
		for item in [item, proof.items[0].clone()] {
			let mut forged = proof.clone();
			forged.items.push(item);
			assert_eq!(answer(&asked, &forged, &block), Err(ProofRefused::ExtraKey), "{asked:?}");
		}
	}
}

#[test]
fn nodes_that_are_missing_changed_or_too_many_are_refused() {
	for (asked, proof, block) in honest() {
		for place in 0..proof.nodes.len() {
			let mut forged = proof.clone();
			forged.nodes.remove(place);
			let refused = answer(&asked, &forged, &block).unwrap_err();
			assert!(matches!(refused, ProofRefused::OtherState | ProofRefused::Incomplete), "{refused:?}");
			let mut forged = proof.clone();
			forged.nodes[place].0[0] ^= 1;
			assert!(answer(&asked, &forged, &block).is_err());
		}
		let mut forged = proof;
		forged.nodes.push(HexBytes(vec![1, 2, 3]));
		assert_eq!(answer(&asked, &forged, &block), Err(ProofRefused::Surplus));
	}
}

#[test]
fn another_block_is_refused() {
	for (asked, proof, _) in honest() {
		let trusted = BlockHash([8; 32]);
		let refused = answer(&asked, &proof, &TrustedBlock { hash: trusted, number: None });
		assert_eq!(refused, Err(ProofRefused::OtherBlock { proven: proof.block, trusted }));
	}
}

#[test]
fn a_proof_about_somebody_else_is_refused() {
	let (proof, block) = world().prove_keys(of_registry(&[registry::member(&STRANGER)]));
	let refused = answer(&Asked::Member { account: DOCTOR, at: None }, &proof, &block);
	assert_eq!(refused, Err(ProofRefused::OtherSubject(Part::Member)));
	let (proof, block) = world().prove_keys(of_registry(&[registry::licence(OF_DOCTOR)]));
	let refused = answer(&Asked::Licence { licence: OF_CLINIC }, &proof, &block);
	assert_eq!(refused, Err(ProofRefused::MissingKey(Part::Licence)));
}

#[test]
fn another_layout_and_other_forms_are_refused() {
	let layouts = [(registry::layout(), REGISTRY_STORAGE_VERSION), (subjects::layout(), SUBJECTS_STORAGE_VERSION)];
	for (asked, keys) in cases() {
		let known = layouts.iter().find(|(key, _)| keys.contains(key)).unwrap();
		let mut later = world();
		later.state.insert(known.0.clone(), (known.1 + 1).encode());
		let refused = ask(&later, &asked, &keys).unwrap_err();
		assert!(matches!(refused, ProofRefused::OtherLayout { known: 1, found: Some(2), .. }), "{refused:?}");
		for key in keys {
			let mut other = world();
			let Some(value) = other.state.get_mut(&key) else { continue };
			value.push(0);
			let (_, listed) = cases().into_iter().find(|(other, _)| *other == asked).unwrap();
			let refused = ask(&other, &asked, &listed).unwrap_err();
			assert_eq!(refused.name(), "proof-bad-value", "{asked:?}");
		}
	}
}
