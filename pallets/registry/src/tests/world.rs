// SPDX-License-Identifier: Apache-2.0
//! A small consortium: a hospital, the authority that licenses it, and a pharmacy. And what must always hold there.

use crate::{
	genesis::*, mock::*, Applications, GenesisConfig, HoldReason, Licences, Members, MembersOf, NextOrganisation,
	Organisations,
};
use codec::Encode;
use epidaurus_primitives::{
	gln::Gln,
	ids::OrgId,
	jurisdiction::Jurisdiction,
	registry::{Capability, OrganisationClass, OrganisationStatus, Roles},
	testing::MockVoices,
};

pub const HOSPITAL: OrgId = OrgId(0);
pub const AUTHORITY: OrgId = OrgId(1);
pub const PHARMACY: OrgId = OrgId(2);
/// Controllers.
pub const HOSPITAL_HEAD: AccountId = account(1);
pub const AUTHORITY_HEAD: AccountId = account(2);
pub const PHARMACY_HEAD: AccountId = account(3);
/// Members of the hospital, the authority and the pharmacy.
pub const CLERK: AccountId = account(4);
pub const DOCTOR: AccountId = account(5);
pub const OFFICER: AccountId = account(6);
pub const PHARMACIST: AccountId = account(7);
/// Nobody's members.
pub const NEWCOMER: AccountId = account(8);
pub const STRANGER: AccountId = account(9);

pub const GREECE: Jurisdiction = Jurisdiction::country(*b"GR");
pub const CRETE: Jurisdiction = Jurisdiction { country: *b"GR", subdivision: Some(*b"M\0\0") };
pub const FRANCE: Jurisdiction = Jurisdiction::country(*b"FR");
pub const HOSPITAL_GLN: Gln = Gln(*b"5200000000009");
pub const OTHER_GLN: Gln = Gln(*b"5200000000016");
/// The moment at which every test begins.
pub const START: u64 = 1_000;

fn founder(
	class: OrganisationClass,
	gln: Option<Gln>,
	controller: AccountId,
	members: &[(AccountId, Roles)],
) -> GenesisOrganisation<AccountId> {
	let member =
		|(account, roles): &(AccountId, Roles)| GenesisMember { account: account.clone(), roles: *roles, until: None };
	GenesisOrganisation { class, gln, jurisdiction: GREECE, controller, members: members.iter().map(member).collect() }
}

/// The consortium of most tests: no licences yet, the authority recognised for everything in Greece.
pub fn consortium() -> GenesisConfig<Test> {
	let issuer = |capability: &Capability| GenesisIssuer {
		organisation: AUTHORITY,
		capability: *capability,
		jurisdiction: GREECE,
	};
	GenesisConfig {
		organisations: vec![
			founder(
				OrganisationClass::Provider,
				Some(HOSPITAL_GLN),
				HOSPITAL_HEAD,
				&[(CLERK, Roles::RECORDS), (DOCTOR, Roles::CLINICIAN)],
			),
			founder(OrganisationClass::Regulator, None, AUTHORITY_HEAD, &[(OFFICER, Roles::LICENSING)]),
			founder(OrganisationClass::Pharmacy, None, PHARMACY_HEAD, &[(PHARMACIST, Roles::PHARMACIST)]),
		],
		issuers: Capability::ALL.iter().map(issuer).collect(),
		licences: vec![],
	}
}

/// Everything that always holds.
pub fn check_all() {
	Registry::do_try_state().unwrap();
	check_voices();
	check_deposits();
}

fn check_voices() {
	let active = Organisations::<Test>::iter_values()
		.filter(|record| record.status.state == OrganisationStatus::Active)
		.map(|record| record.controller.encode());
	let (mut active, mut voices): (Vec<_>, _) = (active.collect(), MockVoices::all());
	active.sort();
	voices.sort();
	assert_eq!(active, voices, "the voices are those of the controllers of active organisations");
}

/// What is held on each sovereign account is exactly what the stored tickets say.
fn check_deposits() {
	for id in 0..NextOrganisation::<Test>::get().0 {
		let id = OrgId(id);
		let count = |count: usize, price: u64| count as u64 * price;
		let applications = Applications::<Test>::iter_values().filter(|application| application.sponsor == id).count();
		let organisation = Organisations::<Test>::get(id).and_then(|record| record.ticket).iter().count();
		let members = MembersOf::<Test>::iter_key_prefix(id)
			.filter(|account| Members::<Test>::get(account).unwrap().ticket.is_some())
			.count();
		let licences =
			Licences::<Test>::iter_values().filter(|record| record.issuer == id && record.ticket.is_some()).count();
		for (reason, expected) in [
			(HoldReason::Application, count(applications, APPLICATION_DEPOSIT)),
			(HoldReason::Organisation, count(organisation, ORGANISATION_DEPOSIT)),
			(HoldReason::Member, count(members, MEMBER_DEPOSIT)),
			(HoldReason::Licence, count(licences, LICENCE_DEPOSIT)),
		] {
			assert_eq!(held(id, reason), expected, "{reason:?} of organisation {id}");
		}
	}
}
