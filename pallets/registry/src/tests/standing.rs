// SPDX-License-Identifier: Apache-2.0
//! The seam: what other pallets are told about rights and duties.

use super::*;
use sp_runtime::DispatchError;

fn right_at(who: AccountId, capability: Capability, at: u64) -> Result<OrgId, DispatchError> {
	Registry::ensure_capability(&who, capability, None, Moment(at))
}

fn refused(reason: Refusal) -> Result<OrgId, DispatchError> {
	Err(reason.into())
}

#[test]
fn ensure_capability_works() {
	ExtBuilder::default().build_and_execute(|| {
		license_hospital(None);
		assert_eq!(right_at(CLERK, Capability::AnchorRecords, START), Ok(HOSPITAL));
		assert!(Registry::is_licensed(HOSPITAL, Capability::AnchorRecords, Some(CRETE), Moment(START)));
	});
}

#[test]
fn ensure_capability_fails_with_the_reason() {
	ExtBuilder::default().build_and_execute(|| {
		let records = Capability::AnchorRecords;
		assert_eq!(right_at(STRANGER, records, START), refused(Refusal::NotAMember));
		assert_eq!(right_at(DOCTOR, records, START), refused(Refusal::RoleMissing));
		assert_eq!(right_at(CLERK, records, START), refused(Refusal::NoLicence));
		let licence = license_hospital(moment(2_000));
		assert_eq!(right_at(CLERK, records, START - 1), refused(Refusal::NoLicence));
		assert_eq!(right_at(CLERK, records, 2_000), refused(Refusal::LicenceExpired));
		let in_france = Registry::ensure_capability(&CLERK, records, Some(FRANCE), Moment(START));
		assert_eq!(in_france, refused(Refusal::NoLicence));
		assert_ok!(Registry::suspend_licence(signed(OFFICER), licence));
		assert_eq!(right_at(CLERK, records, START), refused(Refusal::LicenceSuspended));
		assert_ok!(Registry::revoke_licence(signed(OFFICER), licence));
		assert_eq!(right_at(CLERK, records, START), refused(Refusal::LicenceRevoked));
		let other = license_hospital(None);
		assert_ok!(Registry::distrust_licence(signed(OFFICER), other, Moment(0)));
		assert_eq!(right_at(CLERK, records, START), refused(Refusal::LicenceDistrusted));
		assert_ok!(Registry::suspend_organisation(council(), HOSPITAL));
		assert_eq!(right_at(CLERK, records, START), refused(Refusal::OrganisationInactive));
	});
}

#[test]
fn question_without_a_place_is_about_the_organisations_home() {
	ExtBuilder::default().build_and_execute(|| {
		let class = OrganisationClass::Provider;
		assert_ok!(Registry::apply(signed(HOSPITAL_HEAD), NEWCOMER, class, None, FRANCE));
		let (clinic, glass) = (OrgId(3), Capability::BreakGlass);
		assert_ok!(Registry::allot(council(), clinic, 5_000));
		assert_ok!(Registry::admit_organisation(council(), clinic));
		assert_ok!(Registry::change_member(signed(NEWCOMER), NEWCOMER, Roles::CLINICIAN, None));
		assert_ok!(Registry::recognise_issuer(council(), AUTHORITY, glass, FRANCE));
		let license = |holder, place| {
			let scope = LicenceScope::All;
			Registry::issue_licence(signed(OFFICER), holder, glass, place, scope, None, None)
		};
		// Licences abroad do not count at home, neither the organisation's nor the member's.
		assert_ok!(license(Holder::Organisation(clinic), GREECE));
		assert_ok!(license(Holder::Member(NEWCOMER), GREECE));
		assert_eq!(right_at(NEWCOMER, glass, START), refused(Refusal::NoLicence));
		let abroad = Registry::ensure_capability(&NEWCOMER, glass, Some(GREECE), Moment(START));
		assert_eq!(abroad, Ok(clinic));
		assert_ok!(license(Holder::Organisation(clinic), FRANCE));
		assert_eq!(right_at(NEWCOMER, glass, START), refused(Refusal::PersonalLicenceMissing));
		assert_ok!(license(Holder::Member(NEWCOMER), FRANCE));
		assert_eq!(right_at(NEWCOMER, glass, START), Ok(clinic));
	});
}

#[test]
fn personal_capability_needs_the_organisations_licence_and_the_members() {
	ExtBuilder::default().build_and_execute(|| {
		let glass = Capability::BreakGlass;
		let person = license(Holder::Member(DOCTOR), glass, None);
		assert_eq!(right_at(DOCTOR, glass, START), refused(Refusal::NoLicence));
		license(Holder::Organisation(HOSPITAL), glass, None);
		assert_eq!(right_at(DOCTOR, glass, START), Ok(HOSPITAL));
		assert!(Registry::is_licensed(HOSPITAL, glass, None, Moment(START)));
		assert_ok!(Registry::suspend_licence(signed(OFFICER), person));
		assert_eq!(right_at(DOCTOR, glass, START), refused(Refusal::PersonalLicenceMissing));
		assert!(Registry::is_licensed(HOSPITAL, glass, None, Moment(START)), "the organisation is as before");
	});
}

#[test]
fn personal_licence_goes_with_the_member() {
	ExtBuilder::default().build_and_execute(|| {
		let dispense = Capability::Dispense;
		license(Holder::Organisation(HOSPITAL), dispense, None);
		license(Holder::Organisation(PHARMACY), dispense, None);
		license(Holder::Member(PHARMACIST), dispense, None);
		assert_eq!(right_at(PHARMACIST, dispense, START), Ok(PHARMACY));
		set_time(2_000);
		assert_ok!(Registry::resign(signed(PHARMACIST)));
		assert_eq!(right_at(PHARMACIST, dispense, 2_000), refused(Refusal::NotAMember));
		set_time(3_000);
		assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), PHARMACIST, Roles::PHARMACIST, None));
		assert_eq!(right_at(PHARMACIST, dispense, 3_000), Ok(HOSPITAL));
		assert_eq!(right_at(PHARMACIST, dispense, 1_999), Ok(PHARMACY), "the past is as it was");
	});
}

#[test]
fn rights_stop_with_suspension_and_duties_do_not() {
	ExtBuilder::default().build_and_execute(|| {
		license_hospital(None);
		set_time(2_000);
		assert_ok!(Registry::suspend_organisation(council(), HOSPITAL));
		let records = Capability::AnchorRecords;
		assert_eq!(right_at(CLERK, records, 2_000), refused(Refusal::OrganisationInactive));
		assert!(!Registry::is_licensed(HOSPITAL, records, None, Moment(2_000)));
		assert_ok!(Registry::ensure_duty(&CLERK, Roles::RECORDS), HOSPITAL);
		assert_eq!(right_at(CLERK, records, 1_999), Ok(HOSPITAL));
		set_time(3_000);
		assert_ok!(Registry::reinstate_organisation(council(), HOSPITAL));
		assert_eq!(right_at(CLERK, records, 3_000), Ok(HOSPITAL));
		assert_eq!(right_at(CLERK, records, 2_999), refused(Refusal::OrganisationInactive));
	});
}

#[test]
fn duties_survive_expulsion_and_leaving_but_not_removal() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::expel_organisation(council(), HOSPITAL));
		assert_ok!(Registry::leave(signed(PHARMACY_HEAD)));
		assert_ok!(Registry::ensure_duty(&CLERK, Roles::RECORDS), HOSPITAL);
		assert_ok!(Registry::ensure_duty(&PHARMACIST, Roles::PHARMACIST), PHARMACY);
		assert_ok!(Registry::remove_member(signed(HOSPITAL_HEAD), CLERK));
		assert_noop!(Registry::ensure_duty(&CLERK, Roles::RECORDS), Refusal::NotAMember);
		assert_eq!(right_at(CLERK, Capability::AnchorRecords, START), refused(Refusal::NotAMember));
	});
}

#[test]
fn ensure_duty_needs_the_role() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(Registry::ensure_duty(&DOCTOR, Roles::RECORDS), Refusal::RoleMissing);
		assert_noop!(Registry::ensure_duty(&CLERK, Roles::RECORDS.union(Roles::QUALITY)), Refusal::RoleMissing);
		assert_noop!(Registry::ensure_duty(&STRANGER, Roles::default()), Refusal::NotAMember);
	});
}

#[test]
fn role_taken_away_counts_from_that_moment() {
	ExtBuilder::default().build_and_execute(|| {
		license_hospital(None);
		set_time(2_000);
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::CLAIMS, None));
		assert_eq!(right_at(CLERK, Capability::AnchorRecords, 1_999), Ok(HOSPITAL));
		assert_eq!(right_at(CLERK, Capability::AnchorRecords, 2_000), refused(Refusal::RoleMissing));
	});
}

#[test]
fn capability_answers_for_members_organisations_and_nobody() {
	ExtBuilder::default().build_and_execute(|| {
		license_hospital(None);
		let ask = |holder, at| Registry::capability(holder, Capability::AnchorRecords, None, at);
		let view = ask(Holder::Member(CLERK), None);
		assert_eq!((view.standing, view.organisation, view.at), (Standing::Granted, Some(HOSPITAL), Moment(START)));
		let view = ask(Holder::Organisation(HOSPITAL), moment(5));
		assert_eq!((view.standing, view.organisation, view.at), (Standing::NoLicence, Some(HOSPITAL), Moment(5)));
		let view = ask(Holder::Organisation(OrgId(9)), None);
		assert_eq!((view.standing, view.organisation), (Standing::OrganisationUnknown, None));
		let view = ask(Holder::Member(STRANGER), None);
		assert_eq!((view.standing, view.organisation), (Standing::NotAMember, None));
		let applicant = apply();
		let view = ask(Holder::Organisation(applicant), None);
		assert_eq!(view.standing, Standing::OrganisationInactive(OrganisationStatus::Applied));
		let view = ask(Holder::Organisation(applicant), moment(START - 1));
		assert_eq!((view.standing, view.organisation), (Standing::OrganisationUnknown, None));
	});
}

#[test]
fn capability_in_the_future_is_answered_as_if_nothing_changed() {
	ExtBuilder::default().build_and_execute(|| {
		license_hospital(moment(5_000));
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::RECORDS, moment(4_000)));
		assert_eq!(right_at(CLERK, Capability::AnchorRecords, 3_999), Ok(HOSPITAL));
		assert_eq!(right_at(CLERK, Capability::AnchorRecords, 4_000), refused(Refusal::NotAMember));
		assert_eq!(hospital_at(4_999), Standing::Granted);
		assert_eq!(hospital_at(5_000), Standing::LicenceExpired);
	});
}

#[test]
fn one_good_licence_among_bad_ones_is_enough() {
	ExtBuilder::default().build_and_execute(|| {
		let [suspended, revoked] = [None, None].map(license_hospital);
		assert_ok!(Registry::suspend_licence(signed(OFFICER), suspended));
		assert_ok!(Registry::revoke_licence(signed(OFFICER), revoked));
		assert_eq!(hospital_at(START), Standing::LicenceSuspended);
		license_hospital(None);
		assert_eq!(hospital_at(START), Standing::Granted);
	});
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn enrolled_for_a_benchmark_may_act_but_only_by_the_last_licence_of_a_full_list() {
	for capability in Capability::ALL {
		ExtBuilder::genesis(Default::default()).build().execute_with(|| {
			let organisation = <Registry as epidaurus_primitives::seams::Registry<AccountId>>::enrol_for_benchmark(
				&NEWCOMER,
				*capability,
			);
			assert_eq!(right_at(NEWCOMER, *capability, START), Ok(organisation));
			let licences = Registry::licences(Holder::Organisation(organisation), None, 99).items;
			assert_eq!(licences.len(), 3);
			assert_ok!(Registry::ensure_duty(&NEWCOMER, Roles::GRANTABLE), organisation);
		});
	}
}
