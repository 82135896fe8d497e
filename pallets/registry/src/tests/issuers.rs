// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::{IssuerKey, Issuers};

const KEY: IssuerKey =
	IssuerKey { organisation: AUTHORITY, capability: Capability::AnchorRecords, jurisdiction: GREECE };

fn recognise(organisation: OrgId, jurisdiction: Jurisdiction) -> sp_runtime::DispatchResult {
	Registry::recognise_issuer(council(), organisation, Capability::AnchorRecords, jurisdiction)
}

fn withdraw(organisation: OrgId) -> sp_runtime::DispatchResult {
	Registry::withdraw_issuer(council(), organisation, Capability::AnchorRecords, GREECE)
}

fn distrust(organisation: OrgId, from: u64) -> sp_runtime::DispatchResult {
	Registry::distrust_issuer(council(), organisation, Capability::AnchorRecords, GREECE, Moment(from))
}

fn try_to_license(jurisdiction: Jurisdiction) -> sp_runtime::DispatchResult {
	let holder = Holder::Organisation(HOSPITAL);
	let scope = LicenceScope::All;
	Registry::issue_licence(signed(OFFICER), holder, Capability::AnchorRecords, jurisdiction, scope, None, None)
}

#[test]
fn recognise_issuer_works() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(try_to_license(FRANCE), Refusal::NotRecognised);
		assert_ok!(recognise(AUTHORITY, FRANCE));
		let (organisation, capability) = (AUTHORITY, Capability::AnchorRecords);
		assert_eq!(last_event(), Event::IssuerRecognised { organisation, capability, jurisdiction: FRANCE });
		assert_ok!(try_to_license(FRANCE));
	});
}

#[test]
fn recognise_issuer_fails_where_it_makes_no_sense() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(recognise(AUTHORITY, GREECE), Refusal::AlreadyExists);
		assert_noop!(recognise(OrgId(9), GREECE), Refusal::NotFound);
		assert_noop!(recognise(HOSPITAL, Jurisdiction::country(*b"1R")), Refusal::InvalidJurisdiction);
		let applicant = apply();
		assert_noop!(recognise(applicant, GREECE), Refusal::OrganisationInactive);
		assert_ok!(Registry::suspend_organisation(council(), PHARMACY));
		assert_noop!(recognise(PHARMACY, GREECE), Refusal::OrganisationInactive);
	});
}

#[test]
fn withdraw_issuer_stops_licensing_but_no_licence() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(moment(9_000));
		set_time(2_000);
		assert_ok!(withdraw(AUTHORITY));
		let (organisation, capability, jurisdiction) = (AUTHORITY, Capability::AnchorRecords, GREECE);
		assert_eq!(last_event(), Event::IssuerWithdrawn { organisation, capability, jurisdiction });
		assert_eq!(hospital_at(2_000), Standing::Granted);
		assert_noop!(try_to_license(GREECE), Refusal::NotRecognised);
		assert_noop!(Registry::renew_licence(signed(OFFICER), licence, None), Refusal::NotRecognised);
		assert_ok!(Registry::suspend_licence(signed(OFFICER), licence));
		assert_noop!(Registry::reinstate_licence(signed(OFFICER), licence), Refusal::NotRecognised);
		set_time(3_000);
		assert_ok!(recognise(AUTHORITY, GREECE));
		assert_ok!(Registry::reinstate_licence(signed(OFFICER), licence));
	});
}

#[test]
fn withdraw_issuer_that_is_none_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(withdraw(HOSPITAL), Refusal::NotFound);
		assert_ok!(withdraw(AUTHORITY));
		assert_noop!(withdraw(AUTHORITY), Refusal::NotRecognised);
	});
}

#[test]
fn distrust_issuer_voids_what_it_issued_since() {
	ExtBuilder::default().build_and_execute(|| {
		license_hospital(None);
		set_time(2_000);
		let pharmacy = Holder::Organisation(PHARMACY);
		license(pharmacy.clone(), Capability::AnchorRecords, None);
		set_time(3_000);
		let then = |at| Registry::capability(pharmacy.clone(), Capability::AnchorRecords, None, moment(at)).standing;
		assert_eq!(then(2_000), Standing::Granted);
		assert_ok!(distrust(AUTHORITY, 1_500));
		let (organisation, capability, jurisdiction, from) =
			(AUTHORITY, Capability::AnchorRecords, GREECE, Moment(1_500));
		assert_eq!(last_event(), Event::IssuerDistrusted { organisation, capability, jurisdiction, from });
		assert_eq!(then(2_000), Standing::LicenceDistrusted, "distrust reaches back");
		assert_eq!(then(3_000), Standing::LicenceDistrusted);
		assert_eq!(hospital_at(3_000), Standing::Granted, "what was issued before stays");
	});
}

#[test]
fn distrust_issuer_voids_renewals_since_but_not_what_they_prolonged() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(moment(5_000));
		set_time(3_000);
		assert_ok!(Registry::renew_licence(signed(OFFICER), licence, moment(8_000)));
		set_time(6_000);
		assert_eq!(hospital_at(6_000), Standing::Granted);
		assert_ok!(distrust(AUTHORITY, 2_000));
		for (at, expected) in [
			(4_999, Standing::Granted),
			(5_000, Standing::LicenceDistrusted),
			(6_000, Standing::LicenceDistrusted),
			(8_000, Standing::LicenceExpired),
		] {
			assert_eq!(hospital_at(at), expected, "at {at}");
		}
	});
}

#[test]
fn distrust_issuer_covers_what_was_issued_or_renewed_at_that_very_moment() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(moment(5_000));
		set_time(3_000);
		assert_ok!(Registry::renew_licence(signed(OFFICER), licence, None));
		assert_ok!(distrust(AUTHORITY, 3_000));
		assert_eq!(hospital_at(4_999), Standing::Granted);
		assert_eq!(hospital_at(5_000), Standing::LicenceDistrusted);
		assert_ok!(distrust(AUTHORITY, START + 1));
		assert_eq!(hospital_at(START), Standing::Granted);
		assert_ok!(distrust(AUTHORITY, START));
		assert_eq!(hospital_at(START), Standing::LicenceDistrusted);
	});
}

#[test]
fn distrust_issuer_takes_the_recognition_for_good() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(distrust(AUTHORITY, START));
		assert_noop!(try_to_license(GREECE), Refusal::NotRecognised);
		assert_noop!(withdraw(AUTHORITY), Refusal::NotRecognised);
		assert_noop!(recognise(AUTHORITY, GREECE), Refusal::Distrusted);
		let view = Registry::issuers(None, 99).items.into_iter().find(|view| view.capability == KEY.capability);
		let view = view.unwrap();
		assert_eq!((view.recognised, view.distrusted_from), (false, moment(START)));
	});
}

#[test]
fn distrust_issuer_from_a_later_moment_counts_from_now() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(distrust(AUTHORITY, 9_999));
		assert_eq!(Issuers::<Test>::get(KEY).unwrap().distrusted_from, moment(START));
	});
}

#[test]
fn distrust_issuer_again_only_moves_to_an_earlier_moment() {
	ExtBuilder::default().build_and_execute(|| {
		license_hospital(None);
		set_time(5_000);
		assert_ok!(distrust(AUTHORITY, 2_000));
		assert_eq!(hospital_at(5_000), Standing::Granted);
		assert_noop!(distrust(AUTHORITY, 2_000), Refusal::NoChange);
		assert_noop!(distrust(AUTHORITY, 3_000), Refusal::NoChange);
		assert_ok!(distrust(AUTHORITY, 0));
		assert_eq!(hospital_at(5_000), Standing::LicenceDistrusted);
		assert_noop!(distrust(AUTHORITY, 0), Refusal::NoChange);
	});
}

#[test]
fn distrust_issuer_after_withdrawal_works_and_of_nobody_fails() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(distrust(HOSPITAL, 0), Refusal::NotFound);
		assert_ok!(withdraw(AUTHORITY));
		assert_ok!(distrust(AUTHORITY, 0));
	});
}

#[test]
fn history_of_recognition_is_kept() {
	ExtBuilder::default().build_and_execute(|| {
		set_time(2_000);
		assert_ok!(withdraw(AUTHORITY));
		set_time(3_000);
		assert_ok!(recognise(AUTHORITY, GREECE));
		let record = Issuers::<Test>::get(KEY).unwrap();
		let then = |at| {
			let read = |number| crate::IssuerHistory::<Test>::get(KEY, number);
			record.recognised.find(Moment(at), read).unwrap().state
		};
		assert_eq!([0, 1_999, 2_000, 2_999, 3_000].map(then), [true, true, false, false, true]);
	});
}
