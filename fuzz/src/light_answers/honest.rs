// SPDX-License-Identifier: Apache-2.0
//! The state of an honest chain: an authority, a clinic with a doctor, one that closed, patients; each with a past.

use crate::{
	light::keys::{registry, subjects, time},
	proofs::State,
};
use codec::Encode;
use epidaurus_primitives::{
	hash::Commitment,
	ids::{LicenceId, OrgId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{
		records::{Acceptance, Holding, IssuerKey, IssuerRecord, Membership, Succession, Term},
		Capability, Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles,
	},
	stored::{
		StoredHolding, StoredLicence, StoredMember, StoredOrganisation, StoredSubject, REGISTRY_STORAGE_VERSION,
		SUBJECTS_STORAGE_VERSION,
	},
	subjects::{doubt::Doubt, rebind::Rebind, SubjectState, SubjectStatus},
	timeline::{Span, Timeline},
};
use subxt::utils::AccountId32;

/// The time of the block.
pub const NOW: Moment = Moment(1_795_167_000_000);

const AUTHORITY: OrgId = OrgId(1);
const CLINIC: OrgId = OrgId(2);
const CLOSED: OrgId = OrgId(3);
const DOCTOR: AccountId32 = AccountId32([1; 32]);
const GREECE: Jurisdiction = Jurisdiction::country(*b"GR");
/// When what was earlier began, and when what is now did.
const THEN: Moment = Moment(10);
const LATER: Moment = Moment(70);

type Holders = Holder<AccountId32>;

/// Values by their keys.
pub fn state() -> State {
	let mut state = State::new();
	state.insert(time(), NOW.encode());
	state.insert(registry::layout(), REGISTRY_STORAGE_VERSION.encode());
	state.insert(subjects::layout(), SUBJECTS_STORAGE_VERSION.encode());
	organisations(&mut state);
	successions(&mut state);
	members(&mut state);
	licences(&mut state);
	enrolled(&mut state);
	state
}

/// The present, which has a past of one span.
fn changed<S>(now: S) -> Timeline<S> {
	Timeline { state: now, since: LATER, earlier: 1 }
}

fn organisations(state: &mut State) {
	for (id, class, status) in [
		(AUTHORITY, OrganisationClass::Regulator, OrganisationStatus::Active),
		(CLINIC, OrganisationClass::Provider, OrganisationStatus::Active),
		(CLOSED, OrganisationClass::Pharmacy, OrganisationStatus::Suspended),
	] {
		let (jurisdiction, controller) = (GREECE, AccountId32([7; 32]));
		let stored = StoredOrganisation {
			class,
			gln: None,
			jurisdiction,
			controller,
			status,
			since: LATER,
			earlier: 1,
			deposit: None,
		};
		state.insert(registry::organisation(id), stored.encode());
		let before = Span { state: OrganisationStatus::Applied, since: THEN };
		state.insert(registry::organisation_span(id, 0), before.encode());
	}
}

/// The closed one handed over to the clinic, which offers its own duties to the authority.
fn successions(state: &mut State) {
	let accepted = Some(Acceptance { at: LATER, handover: Commitment([6; 32]) });
	for (of, successor, accepted) in [(CLOSED, CLINIC, accepted), (CLINIC, AUTHORITY, None)] {
		let stored = Succession { successor, offered_at: THEN, accepted };
		state.insert(registry::succession(of), stored.encode());
	}
}

fn members(state: &mut State) {
	let of = |organisation, roles, until| Some(Membership { organisation, roles, until });
	for (account, now, before) in [
		(DOCTOR, of(CLINIC, Roles::CLINICIAN, None), of(CLINIC, Roles::RECORDS, None)),
		(AccountId32([2; 32]), None, of(CLOSED, Roles::PHARMACIST, None)),
		(AccountId32([3; 32]), of(CLINIC, Roles::CLINICIAN, Some(Moment(100))), None),
	] {
		let stored = StoredMember { membership: changed(now), deposit: Some(1) };
		state.insert(registry::member(&account), stored.encode());
		state.insert(registry::member_span(&account, 0), Span { state: before, since: THEN }.encode());
	}
}

fn licences(state: &mut State) {
	let term = |status, until| Term { status, status_since: THEN, until };
	let mut put = |number: u32, holder: Holders, capability, now, distrusted_from| {
		let stored = StoredLicence {
			holder: holder.clone(),
			capability,
			jurisdiction: GREECE,
			scope: LicenceScope::All,
			issuer: AUTHORITY,
			authority: GREECE,
			issued_at: THEN,
			from: THEN,
			term: changed(now),
			distrusted_from,
			ticket: Some(4),
		};
		state.insert(registry::licence(LicenceId(number)), stored.encode());
		let before = Span { state: term(LicenceStatus::Suspended, None), since: THEN };
		state.insert(registry::licence_span(LicenceId(number), 0), before.encode());
		let holding = Holding { holder, capability };
		let listed = StoredHolding { state: vec![LicenceId(number), LicenceId(6)], since: LATER, earlier: 1 };
		state.insert(registry::holding(&holding), listed.encode());
		let before = Span { state: vec![LicenceId(number)], since: THEN };
		state.insert(registry::holding_span(&holding, 0), before.encode());
	};
	let clinic = || Holder::Organisation(CLINIC);
	put(1, clinic(), Capability::BreakGlass, term(LicenceStatus::Active, None), None);
	put(2, clinic(), Capability::AnchorRecords, term(LicenceStatus::Active, Some(NOW)), None);
	put(3, Holder::Member(DOCTOR), Capability::BreakGlass, term(LicenceStatus::Active, None), Some(Moment(100)));
	put(4, Holder::Organisation(CLOSED), Capability::BreakGlass, term(LicenceStatus::Revoked, None), None);
	for (capability, distrusted_from) in [(Capability::BreakGlass, None), (Capability::AnchorRecords, Some(Moment(50)))]
	{
		let issuer = IssuerRecord { recognised: changed(distrusted_from.is_none()), distrusted_from };
		let key = IssuerKey { organisation: AUTHORITY, capability, jurisdiction: GREECE };
		state.insert(registry::issuer(&key), issuer.encode());
	}
}

fn enrolled(state: &mut State) {
	for (number, status) in [(1, SubjectStatus::Active), (2, SubjectStatus::Merged { link: Commitment([9; 32]) })] {
		let (subject, key, before) = (SubjectId([number; 32]), [number + 3; 32], [number + 5; 32]);
		let of = |key, status| SubjectState { key: AccountId32(key), proven: true, status };
		let stored = StoredSubject {
			custodian: CLINIC,
			state: changed(of(key, status)),
			rotated_at: Some(LATER),
			nonce: 5,
			rebinds: 1,
			tally: (1, 2),
			deposit: 9,
		};
		state.insert(subjects::subject(&subject), stored.encode());
		let earlier = Span { state: of(before, SubjectStatus::Active), since: THEN };
		state.insert(subjects::span(&subject, 0), earlier.encode());
		state.insert(subjects::owner(&AccountId32(key)), subject.encode());
		state.insert(subjects::owner(&AccountId32(before)), subject.encode());
	}
	let subject = SubjectId([1; 32]);
	state.insert(subjects::doubts(&subject), vec![Doubt { from: THEN, until: Moment(50) }].encode());
	let (new_key, member) = (AccountId32([3; 32]), AccountId32([2; 32]));
	let mut rebind = Rebind {
		new_key,
		evidence: Commitment([2; 32]),
		lost_since: Moment(100),
		started_by: DOCTOR,
		started_at: LATER,
		confirm_until: NOW,
		confirmed: None,
		contested_at: None,
	};
	rebind.confirm(member, &new_key, LATER, 9).expect("another member confirms in time");
	state.insert(subjects::rebind(&subject), rebind.encode());
}
