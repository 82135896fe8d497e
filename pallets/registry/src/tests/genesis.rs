// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::{genesis::*, GenesisConfig};
use epidaurus_primitives::{
	moment::Interval,
	testing::{MockRegistry, MockVoices},
};

fn licence(holder: Holder<AccountId>, capability: Capability, issuer: OrgId) -> GenesisLicence<AccountId> {
	let validity = Interval { from: Moment(0), until: moment(5_000) };
	GenesisLicence { holder, capability, jurisdiction: GREECE, scope: LicenceScope::All, issuer, validity }
}

fn build(change: impl FnOnce(&mut GenesisConfig<Test>)) -> sp_runtime::DispatchResult {
	let mut genesis = consortium();
	change(&mut genesis);
	sp_io::TestExternalities::default().execute_with(|| {
		MockRegistry::reset();
		genesis.try_build()
	})
}

fn refused(reason: Refusal) -> sp_runtime::DispatchResult {
	Err(reason.into())
}

#[test]
fn genesis_works_and_its_histories_begin_at_moment_zero() {
	let mut genesis = consortium();
	genesis.licences.push(licence(Holder::Organisation(HOSPITAL), Capability::AnchorRecords, AUTHORITY));
	genesis.licences.push(licence(Holder::Member(DOCTOR), Capability::BreakGlass, AUTHORITY));
	ExtBuilder::genesis(genesis).build_and_execute(|| {
		let organisations = Registry::organisations(None, 99).items;
		assert_eq!(organisations.iter().map(|view| view.id).collect::<Vec<_>>(), [HOSPITAL, AUTHORITY, PHARMACY]);
		assert!(organisations.iter().all(|view| view.status == OrganisationStatus::Active && view.since == Moment(0)));
		assert_eq!(Registry::member(CLERK, moment(0)).unwrap().roles, Roles::RECORDS);
		assert_eq!(hospital_at(0), Standing::Granted);
		assert_eq!(hospital_at(4_999), Standing::Granted);
		assert_eq!(hospital_at(5_000), Standing::LicenceExpired);
		assert_eq!(Registry::licences(Holder::Member(DOCTOR), None, 9).items.len(), 1);
		assert!(Registry::issuers(None, 99).items.iter().all(|view| view.recognised));
		assert_eq!(MockVoices::all().len(), 3, "founders have a voice from the beginning");
	});
}

#[test]
fn controller_among_the_members_has_both() {
	let mut genesis = consortium();
	let also = GenesisMember { account: HOSPITAL_HEAD, roles: Roles::RECORDS, until: None };
	genesis.organisations[0].members.push(also);
	ExtBuilder::genesis(genesis).build_and_execute(|| {
		let roles = Registry::present_membership(&HOSPITAL_HEAD).unwrap().roles;
		assert_eq!(roles, Roles::CONTROLLER.union(Roles::RECORDS));
	});
}

#[test]
fn empty_genesis_works() {
	ExtBuilder::genesis(GenesisConfig::default()).build_and_execute(|| {
		assert_eq!(Registry::organisations(None, 9).items, []);
	});
}

#[test]
fn wrong_genesis_is_refused_with_its_reason() {
	let member = |account, roles, until| GenesisMember { account, roles, until };
	let first = |genesis: &mut GenesisConfig<Test>, member| genesis.organisations[0].members.push(member);
	assert_eq!(build(|_| ()), Ok(()));
	assert_eq!(build(|g| g.organisations[1].gln = Some(HOSPITAL_GLN)), refused(Refusal::GlnTaken));
	assert_eq!(build(|g| g.organisations[1].controller = CLERK), refused(Refusal::AlreadyMember));
	assert_eq!(build(|g| first(g, member(OFFICER, Roles::RECORDS, None))), refused(Refusal::AlreadyMember));
	assert_eq!(build(|g| first(g, member(CLERK, Roles::CLAIMS, None))), refused(Refusal::AlreadyMember));
	assert_eq!(build(|g| first(g, member(NEWCOMER, Roles::CONTROLLER, None))), refused(Refusal::InvalidRoles));
	assert_eq!(build(|g| first(g, member(NEWCOMER, Roles::RECORDS, moment(0)))), refused(Refusal::Expired));
	let expiring = member(HOSPITAL_HEAD, Roles::RECORDS, moment(9));
	assert_eq!(build(|g| first(g, expiring)), refused(Refusal::IsController));
	assert_eq!(build(|g| g.issuers[0].organisation = OrgId(9)), refused(Refusal::NotFound));
	assert_eq!(build(|g| g.issuers[1] = g.issuers[0].clone()), refused(Refusal::AlreadyExists));
	let more = |g: &mut GenesisConfig<Test>, licence| g.licences.push(licence);
	let (hospital, records) = (Holder::Organisation(HOSPITAL), Capability::AnchorRecords);
	let unrecognised = licence(hospital.clone(), records, PHARMACY);
	assert_eq!(build(|g| more(g, unrecognised)), refused(Refusal::NotRecognised));
	assert_eq!(build(|g| more(g, licence(Holder::Member(CLERK), records, AUTHORITY))), refused(Refusal::NotPersonal));
	let mut empty = licence(hospital, records, AUTHORITY);
	empty.validity.until = moment(0);
	assert_eq!(build(|g| more(g, empty)), refused(Refusal::EmptyInterval));
	let crowd = |g: &mut GenesisConfig<Test>| {
		for id in 10..12 {
			let founder = GenesisOrganisation {
				controller: account(id),
				gln: None,
				members: vec![],
				..g.organisations[0].clone()
			};
			g.organisations.push(founder);
		}
	};
	assert_eq!(build(crowd), refused(Refusal::TooManyOrganisations));
}

#[test]
#[should_panic(expected = "wrong genesis of the registry")]
fn wrong_genesis_starts_no_chain() {
	let mut genesis = consortium();
	genesis.organisations[0].jurisdiction = Jurisdiction::country(*b"??");
	ExtBuilder::genesis(genesis).build();
}

#[test]
fn genesis_reads_the_words_of_a_chain_spec() {
	let json = r#"{
		"class": "Provider",
		"gln": "5200000000009",
		"jurisdiction": "GR-M",
		"controller": "5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT",
		"members": [{ "account": "5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT", "roles": ["Records"],
			"until": "2030-01-01T00:00:00Z" }]
	}"#;
	let organisation: GenesisOrganisation<AccountId> = serde_json::from_str(json).unwrap();
	assert_eq!((organisation.jurisdiction, organisation.gln), (CRETE, Some(HOSPITAL_GLN)));
	assert_eq!(organisation.members[0].until, moment(1_893_456_000_000));
	let unknown = json.replace("\"class\"", "\"kind\"");
	assert!(serde_json::from_str::<GenesisOrganisation<AccountId>>(&unknown).is_err());
}
