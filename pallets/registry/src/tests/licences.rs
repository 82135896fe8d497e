// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::{HoldReason, Licences, LicencesOf, NextLicence};
use epidaurus_primitives::{gln::Gln, registry::LicenceStatus};
use sp_runtime::DispatchResult;

fn issue(holder: Holder<AccountId>, capability: Capability, from: u64, until: u64) -> DispatchResult {
	let scope = LicenceScope::All;
	Registry::issue_licence(signed(OFFICER), holder, capability, GREECE, scope, moment(from), moment(until))
}

fn hospital() -> Holder<AccountId> {
	Holder::Organisation(HOSPITAL)
}

#[test]
fn issue_licence_works() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(issue(hospital(), Capability::AnchorRecords, 2_000, 3_000));
		let (licence, capability) = (LicenceId(0), Capability::AnchorRecords);
		let (holder, issuer, by) = (hospital(), AUTHORITY, OFFICER);
		assert_eq!(last_event(), Event::LicenceIssued { licence, holder, capability, issuer, by });
		let view = Registry::licence(licence).unwrap();
		assert_eq!(
			(view.issued_at, view.validity.from, view.validity.until),
			(Moment(START), Moment(2_000), moment(3_000))
		);
		assert_eq!((view.status, view.issuer, view.scope), (LicenceStatus::Active, AUTHORITY, LicenceScope::All));
		for (at, expected) in [
			(START - 1, Standing::NoLicence),
			(START, Standing::LicenceExpired),
			(2_000, Standing::Granted),
			(2_999, Standing::Granted),
			(3_000, Standing::LicenceExpired),
		] {
			assert_eq!(hospital_at(at), expected, "at {at}");
		}
	});
}

#[test]
fn issue_licence_without_a_beginning_is_valid_from_now() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(None);
		assert_eq!(Registry::licence(licence).unwrap().validity.from, Moment(START));
		assert_eq!(hospital_at(START), Standing::Granted);
	});
}

#[test]
fn issue_licence_for_a_part_of_the_issuers_country_works() {
	ExtBuilder::default().build_and_execute(|| {
		let (capability, scope) = (Capability::AnchorRecords, LicenceScope::Site(HOSPITAL_GLN));
		assert_ok!(Registry::issue_licence(signed(OFFICER), hospital(), capability, CRETE, scope, None, None));
		let ask = |place| Registry::organisation_standing(HOSPITAL, capability, place, Moment(START));
		assert_eq!(ask(Some(CRETE)), Standing::Granted);
		assert_eq!(ask(Some(GREECE)), Standing::NoLicence);
		assert_eq!(ask(None), Standing::NoLicence, "the hospital's own jurisdiction is the country");
	});
}

#[test]
fn issue_licence_of_a_part_for_the_whole_country_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let capability = Capability::AnchorRecords;
		assert_ok!(Registry::add_member(signed(PHARMACY_HEAD), NEWCOMER, Roles::LICENSING, None));
		assert_ok!(Registry::recognise_issuer(council(), PHARMACY, capability, CRETE));
		let issue = |place| {
			let scope = LicenceScope::All;
			Registry::issue_licence(signed(NEWCOMER), hospital(), capability, place, scope, None, None)
		};
		assert_noop!(issue(GREECE), Refusal::NotRecognised);
		assert_ok!(issue(CRETE));
	});
}

#[test]
fn issue_licence_by_anybody_but_an_active_recognised_issuer_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let (capability, scope) = (Capability::AnchorRecords, LicenceScope::All);
		let issue = |who| Registry::issue_licence(who, hospital(), capability, GREECE, scope, None, None);
		assert_noop!(issue(signed(STRANGER)), Refusal::NotAMember);
		assert_noop!(issue(signed(AUTHORITY_HEAD)), Refusal::RoleMissing);
		assert_noop!(issue(council()), BadOrigin);
		assert_ok!(Registry::add_member(signed(PHARMACY_HEAD), NEWCOMER, Roles::LICENSING, None));
		assert_noop!(issue(signed(NEWCOMER)), Refusal::NotRecognised);
		assert_ok!(Registry::suspend_organisation(council(), AUTHORITY));
		assert_noop!(issue(signed(OFFICER)), Refusal::OrganisationInactive);
	});
}

#[test]
fn issue_licence_with_a_wrong_interval_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let issue = |from, until| issue(hospital(), Capability::AnchorRecords, from, until);
		assert_noop!(issue(START - 1, 2_000), Refusal::BackDated);
		assert_noop!(issue(START, START), Refusal::Expired);
		assert_noop!(issue(START, 5), Refusal::Expired);
		assert_noop!(issue(2_000, 2_000), Refusal::EmptyInterval);
		assert_noop!(issue(3_000, 2_000), Refusal::EmptyInterval);
		assert_ok!(issue(START, START + 1));
	});
}

#[test]
fn issue_licence_with_wrong_words_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let issue = |place, scope| {
			let capability = Capability::AnchorRecords;
			Registry::issue_licence(signed(OFFICER), hospital(), capability, place, scope, None, None)
		};
		let nowhere = Jurisdiction { country: *b"GR", subdivision: Some(*b"\0\0\0") };
		assert_noop!(issue(nowhere, LicenceScope::All), Refusal::InvalidJurisdiction);
		assert_noop!(issue(GREECE, LicenceScope::Site(Gln(*b"1234567890123"))), Refusal::InvalidGln);
	});
}

#[test]
fn issue_licence_to_a_wrong_holder_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let issue = |holder, capability| issue(holder, capability, 2_000, 3_000);
		let records = Capability::AnchorRecords;
		assert_noop!(issue(Holder::Organisation(OrgId(9)), records), Refusal::NotFound);
		let applicant = Holder::Organisation(apply());
		assert_noop!(issue(applicant, records), Refusal::WrongState);
		assert_noop!(issue(Holder::Member(CLERK), records), Refusal::NotPersonal);
		assert_noop!(issue(Holder::Member(STRANGER), Capability::BreakGlass), Refusal::NotAMember);
		assert_ok!(Registry::expel_organisation(council(), PHARMACY));
		assert_noop!(issue(Holder::Organisation(PHARMACY), records), Refusal::WrongState);
		assert_ok!(Registry::suspend_organisation(council(), HOSPITAL));
		assert_ok!(issue(hospital(), records));
	});
}

#[test]
fn personal_capability_is_licensed_to_members_and_to_organisations() {
	ExtBuilder::default().build_and_execute(|| {
		for capability in Capability::ALL {
			assert_ok!(issue(hospital(), *capability, 2_000, 3_000));
			let to_member = issue(Holder::Member(DOCTOR), *capability, 2_000, 3_000);
			assert_eq!(to_member.is_ok(), capability.is_personal(), "{capability}");
		}
	});
}

#[test]
fn issue_licence_beyond_the_limit_fails_until_one_has_ended() {
	ExtBuilder::default().build_and_execute(|| {
		let licences = [moment(2_000), None, None].map(license_hospital);
		let capability = Capability::AnchorRecords;
		assert_noop!(issue(hospital(), capability, START, 9_000), Refusal::TooManyLicences);
		// Suspended ones may come back, so they keep their place.
		assert_ok!(Registry::suspend_licence(signed(OFFICER), licences[1]));
		assert_noop!(issue(hospital(), capability, START, 9_000), Refusal::TooManyLicences);
		// One has run out.
		set_time(2_000);
		license_hospital(None);
		assert_eq!(held(AUTHORITY, HoldReason::Licence), 3 * LICENCE_DEPOSIT, "the deposit of the ended one is back");
		// One is revoked, one is distrusted.
		for end in [Registry::revoke_licence(signed(OFFICER), licences[1]), distrust(licences[2], 2_000)] {
			assert_ok!(end);
			license_hospital(None);
		}
		assert_noop!(issue(hospital(), capability, 2_000, 9_000), Refusal::TooManyLicences);
		let listed = Registry::licences(hospital(), None, 99).items.len();
		assert_eq!(listed, 6, "all stay in the holder's history");
		assert_eq!(hospital_at(1_999), Standing::Granted);
	});
}

fn distrust(licence: LicenceId, from: u64) -> DispatchResult {
	Registry::distrust_licence(signed(OFFICER), licence, Moment(from))
}

#[test]
fn licences_of_a_distrusted_issuer_make_room() {
	ExtBuilder::default().build_and_execute(|| {
		let capability = Capability::AnchorRecords;
		assert_ok!(Registry::add_member(signed(PHARMACY_HEAD), NEWCOMER, Roles::LICENSING, None));
		assert_ok!(Registry::recognise_issuer(council(), PHARMACY, capability, GREECE));
		let scope = LicenceScope::All;
		let flood = || Registry::issue_licence(signed(NEWCOMER), hospital(), capability, GREECE, scope, None, None);
		for _ in 0..3 {
			assert_ok!(flood());
		}
		assert_noop!(issue(hospital(), capability, START, 9_000), Refusal::TooManyLicences);
		assert_ok!(Registry::distrust_issuer(council(), PHARMACY, capability, GREECE, Moment(0)));
		assert_ok!(issue(hospital(), capability, START, 9_000));
		assert_eq!(hospital_at(START), Standing::Granted);
	});
}

#[test]
fn history_of_a_holder_grows_without_limit_and_the_past_is_found() {
	ExtBuilder::default().build_and_execute(|| {
		for round in 0..20 {
			set_time(START + round * 100);
			license_hospital(moment(START + round * 100 + 50));
		}
		for round in 0..20 {
			let begin = START + round * 100;
			assert_eq!(hospital_at(begin), Standing::Granted, "round {round}");
			assert_eq!(hospital_at(begin + 49), Standing::Granted, "round {round}");
			assert_eq!(hospital_at(begin + 50), Standing::LicenceExpired, "round {round}");
		}
		assert_eq!(hospital_at(START - 1), Standing::NoLicence);
		assert_eq!(LicencesOf::<Test>::iter_keys().count(), 20);
		assert_eq!(NextLicence::<Test>::get(), LicenceId(20));
	});
}

#[test]
fn renew_licence_works() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(moment(3_000));
		set_time(2_000);
		assert_ok!(Registry::renew_licence(signed(OFFICER), licence, moment(5_000)));
		assert_eq!(last_event(), Event::LicenceRenewed { licence, until: moment(5_000), by: OFFICER });
		assert_eq!(hospital_at(4_999), Standing::Granted);
		assert_eq!(hospital_at(5_000), Standing::LicenceExpired);
		assert_eq!(Registry::licence(licence).unwrap().since, Moment(START), "a renewal is no change of status");
		assert_ok!(Registry::renew_licence(signed(OFFICER), licence, None));
		assert_eq!(hospital_at(u64::MAX), Standing::Granted);
	});
}

#[test]
fn renew_licence_that_puts_nothing_off_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(moment(3_000));
		for until in [3_000, 2_000] {
			assert_noop!(Registry::renew_licence(signed(OFFICER), licence, moment(until)), Refusal::NoChange);
		}
		let unlimited = license_hospital(None);
		for until in [None, moment(3_000)] {
			assert_noop!(Registry::renew_licence(signed(OFFICER), unlimited, until), Refusal::NoChange);
		}
	});
}

#[test]
fn renew_licence_that_has_ended_fails() {
	ExtBuilder::default().build_and_execute(|| {
		let [expired, revoked, distrusted] = [moment(2_000), moment(9_000), moment(9_000)].map(license_hospital);
		assert_ok!(Registry::revoke_licence(signed(OFFICER), revoked));
		assert_ok!(distrust(distrusted, START));
		set_time(2_000);
		let renew = |licence| Registry::renew_licence(signed(OFFICER), licence, None);
		assert_noop!(renew(expired), Refusal::Expired);
		assert_noop!(renew(revoked), Refusal::WrongState);
		assert_noop!(renew(distrusted), Refusal::Distrusted);
		assert_noop!(renew(LicenceId(9)), Refusal::NotFound);
	});
}

#[test]
fn suspend_and_reinstate_licence_work() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(None);
		set_time(2_000);
		assert_ok!(Registry::suspend_licence(signed(OFFICER), licence));
		assert_eq!(last_event(), Event::LicenceSuspended { licence, by: OFFICER });
		let view = Registry::licence(licence).unwrap();
		assert_eq!((view.status, view.since), (LicenceStatus::Suspended, Moment(2_000)));
		set_time(3_000);
		assert_ok!(Registry::reinstate_licence(signed(OFFICER), licence));
		assert_eq!(last_event(), Event::LicenceReinstated { licence, by: OFFICER });
		for (at, expected) in [
			(1_999, Standing::Granted),
			(2_000, Standing::LicenceSuspended),
			(2_999, Standing::LicenceSuspended),
			(3_000, Standing::Granted),
		] {
			assert_eq!(hospital_at(at), expected, "at {at}");
		}
	});
}

#[test]
fn revoke_licence_works_for_good() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(None);
		set_time(2_000);
		assert_ok!(Registry::revoke_licence(signed(OFFICER), licence));
		assert_eq!(last_event(), Event::LicenceRevoked { licence, by: OFFICER });
		assert_eq!(hospital_at(1_999), Standing::Granted);
		assert_eq!(hospital_at(2_000), Standing::LicenceRevoked);
		for call in [Registry::suspend_licence, Registry::reinstate_licence, Registry::revoke_licence] {
			assert_noop!(call(signed(OFFICER), licence), Refusal::WrongState);
		}
	});
}

#[test]
fn licence_in_the_wrong_state_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(moment(2_000));
		assert_noop!(Registry::reinstate_licence(signed(OFFICER), licence), Refusal::WrongState);
		assert_ok!(Registry::suspend_licence(signed(OFFICER), licence));
		assert_noop!(Registry::suspend_licence(signed(OFFICER), licence), Refusal::WrongState);
		set_time(2_000);
		assert_noop!(Registry::reinstate_licence(signed(OFFICER), licence), Refusal::Expired);
		assert_ok!(Registry::revoke_licence(signed(OFFICER), licence));
		let distrusted = license_hospital(None);
		assert_ok!(Registry::suspend_licence(signed(OFFICER), distrusted));
		assert_ok!(distrust(distrusted, 0));
		assert_noop!(Registry::reinstate_licence(signed(OFFICER), distrusted), Refusal::Distrusted);
	});
}

#[test]
fn licence_of_another_issuer_is_out_of_reach() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(moment(9_000));
		assert_ok!(Registry::add_member(signed(PHARMACY_HEAD), NEWCOMER, Roles::LICENSING, None));
		let capability = Capability::AnchorRecords;
		assert_ok!(Registry::recognise_issuer(council(), PHARMACY, capability, GREECE));
		for (who, refusal) in [
			(NEWCOMER, Refusal::NotAuthorised),
			(AUTHORITY_HEAD, Refusal::RoleMissing),
			(STRANGER, Refusal::NotAMember),
		] {
			let (who, refusal) = (|| signed(who.clone()), sp_runtime::DispatchError::from(refusal));
			assert_noop!(Registry::renew_licence(who(), licence, None), refusal);
			assert_noop!(Registry::suspend_licence(who(), licence), refusal);
			assert_noop!(Registry::reinstate_licence(who(), licence), refusal);
			assert_noop!(Registry::revoke_licence(who(), licence), refusal);
			assert_noop!(Registry::distrust_licence(who(), licence, Moment(0)), refusal);
		}
	});
}

#[test]
fn licence_that_does_not_exist_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		for call in [Registry::suspend_licence, Registry::reinstate_licence, Registry::revoke_licence] {
			assert_noop!(call(signed(OFFICER), LicenceId(0)), Refusal::NotFound);
			assert_noop!(call(council(), LicenceId(0)), BadOrigin);
		}
		assert_noop!(distrust(LicenceId(0), 0), Refusal::NotFound);
	});
}

#[test]
fn issuer_that_is_no_more_still_takes_licences_away_but_gives_none() {
	ExtBuilder::default().build_and_execute(|| {
		let [first, second, third] = [moment(9_000); 3].map(license_hospital);
		assert_ok!(Registry::expel_organisation(council(), AUTHORITY));
		assert_noop!(Registry::renew_licence(signed(OFFICER), first, None), Refusal::OrganisationInactive);
		assert_ok!(Registry::suspend_licence(signed(OFFICER), first));
		assert_noop!(Registry::reinstate_licence(signed(OFFICER), first), Refusal::OrganisationInactive);
		assert_ok!(Registry::revoke_licence(signed(OFFICER), second));
		assert_ok!(distrust(third, 0));
	});
}

#[test]
fn distrust_licence_reaches_back() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(None);
		set_time(5_000);
		assert_eq!(hospital_at(3_000), Standing::Granted);
		assert_ok!(distrust(licence, 3_000));
		assert_eq!(last_event(), Event::LicenceDistrusted { licence, from: Moment(3_000), by: OFFICER });
		assert_eq!(hospital_at(2_999), Standing::Granted);
		assert_eq!(hospital_at(3_000), Standing::LicenceDistrusted);
		assert_noop!(distrust(licence, 3_000), Refusal::NoChange);
		assert_noop!(distrust(licence, 4_000), Refusal::NoChange);
		assert_ok!(distrust(licence, 2_000));
		assert_eq!(hospital_at(2_999), Standing::LicenceDistrusted);
	});
}

#[test]
fn distrust_licence_from_a_later_moment_counts_from_now_and_ended_ones_can_be_distrusted() {
	ExtBuilder::default().build_and_execute(|| {
		let licence = license_hospital(moment(2_000));
		set_time(3_000);
		assert_ok!(Registry::revoke_licence(signed(OFFICER), licence));
		assert_ok!(distrust(licence, 9_000));
		assert_eq!(Licences::<Test>::get(licence).unwrap().distrusted_from, moment(3_000));
	});
}

#[test]
fn licence_for_moments_beyond_the_calendar_fails() {
	ExtBuilder::default().build_and_execute(|| {
		// 9999-12-31T23:59:59.999Z.
		let last = epidaurus_primitives::moment::LAST;
		let (after, holder) = (moment(last + 1), Holder::Organisation(HOSPITAL));
		let (capability, scope) = (Capability::AnchorRecords, LicenceScope::All);
		let issue = |from, until| {
			Registry::issue_licence(signed(OFFICER), holder.clone(), capability, GREECE, scope, from, until)
		};
		for (from, until) in [(None, after), (after, None), (None, moment(u64::MAX)), (moment(u64::MAX), None)] {
			assert_noop!(issue(from, until), Refusal::BeyondCalendar);
		}
		assert_ok!(issue(moment(last - 1), moment(last)));
		let licence = license_hospital(moment(START + 5));
		let renew = |until| Registry::renew_licence(signed(OFFICER), licence, until);
		assert_noop!(renew(after), Refusal::BeyondCalendar);
		assert_ok!(renew(moment(last)));
	});
}
