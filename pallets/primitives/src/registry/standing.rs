// SPDX-License-Identifier: Apache-2.0
//! The decision whether somebody may, or might at a past moment, act under a capability. No storage: those who ask gather
//! what was true at the moment, these functions decide.

use super::{
	records::{Membership, Term},
	Capability, LicenceStatus, OrganisationStatus, Standing,
};
use crate::{
	jurisdiction::Jurisdiction,
	moment::{Interval, Moment},
};

/// A licence as it stood at the moment in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceAt {
	/// Where it holds.
	pub jurisdiction: Jurisdiction,
	/// First moment of its validity.
	pub from: Moment,
	/// Its status and end.
	pub term: Term,
	/// The status and end that count if its issuer is distrusted: those of the last moment before that. Nothing if the
	/// licence was issued later; the same as `term` if the issuer is trusted.
	pub trusted: Option<Term>,
	/// Acts under it from this moment on are not to be trusted.
	pub distrusted_from: Option<Moment>,
}

impl LicenceAt {
	/// Whether this licence alone covers the place at the moment.
	pub fn standing(&self, jurisdiction: &Jurisdiction, at: Moment) -> Standing {
		let covers = |until| Interval { from: self.from, until }.contains(at);
		if !self.jurisdiction.covers(jurisdiction) {
			return Standing::NoLicence;
		}
		match self.term.status {
			LicenceStatus::Revoked => return Standing::LicenceRevoked,
			LicenceStatus::Suspended => return Standing::LicenceSuspended,
			LicenceStatus::Active => (),
		}
		if !covers(self.term.until) {
			return Standing::LicenceExpired;
		}
		let distrusted = self.distrusted_from.is_some_and(|from| from <= at);
		if distrusted || !self.trusted.is_some_and(|term| covers(term.until)) {
			return Standing::LicenceDistrusted;
		}
		Standing::Granted
	}
}

/// How near an answer about one licence is to a yes; the nearest one is the answer about several.
const fn nearness(standing: Standing) -> u8 {
	match standing {
		Standing::Granted => 5,
		Standing::LicenceSuspended => 4,
		Standing::LicenceDistrusted => 3,
		Standing::LicenceRevoked => 2,
		Standing::LicenceExpired => 1,
		_ => 0,
	}
}

/// The answer about several licences of one holder: a yes if one says yes, looked for no further, else the reason that
/// is nearest to a yes.
pub fn of_licences(licences: impl Iterator<Item = Standing>) -> Standing {
	let mut nearest = Standing::NoLicence;
	for standing in licences {
		if nearness(standing) > nearness(nearest) {
			nearest = standing;
		}
		if nearest.is_granted() {
			break;
		}
	}
	nearest
}

/// The answer about an organisation, whoever acts for it. `licences` is asked only if the organisation is active.
pub fn of_organisation(status: Option<OrganisationStatus>, licences: impl FnOnce() -> Standing) -> Standing {
	match status {
		None => Standing::OrganisationUnknown,
		Some(OrganisationStatus::Active) => licences(),
		Some(status) => Standing::OrganisationInactive(status),
	}
}

/// The answer about a member: member, role, organisation, and for personal capabilities the member's own licences. What
/// comes later is asked only if everything before it says yes.
pub fn of_member(
	capability: Capability,
	membership: Option<&Membership>,
	organisation: impl FnOnce() -> Standing,
	personal_licences: impl FnOnce() -> Standing,
) -> Standing {
	let Some(membership) = membership else { return Standing::NotAMember };
	if !membership.roles.contains(capability.role()) {
		return Standing::RoleMissing;
	}
	let standing = organisation();
	if !standing.is_granted() || !capability.is_personal() || personal_licences().is_granted() {
		return standing;
	}
	Standing::PersonalLicenceMissing
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{ids::OrgId, registry::Roles};
	use proptest::prelude::*;
	use LicenceStatus::{Active, Revoked, Suspended};
	use Standing::*;

	const GREECE: Jurisdiction = Jurisdiction::country(*b"GR");
	const CRETE: Jurisdiction = Jurisdiction { country: *b"GR", subdivision: Some(*b"M\0\0") };
	const FRANCE: Jurisdiction = Jurisdiction::country(*b"FR");

	fn term(status: LicenceStatus, until: Option<u64>) -> Term {
		Term { status, status_since: Moment(0), until: until.map(Moment) }
	}

	fn licence(status: LicenceStatus, until: Option<u64>) -> LicenceAt {
		let term = term(status, until);
		LicenceAt { jurisdiction: GREECE, from: Moment(10), term, trusted: Some(term), distrusted_from: None }
	}

	#[test]
	fn licence_is_granted_exactly_within_its_interval() {
		let licence = licence(Active, Some(20));
		for (at, expected) in [(9, LicenceExpired), (10, Granted), (19, Granted), (20, LicenceExpired)] {
			assert_eq!(licence.standing(&GREECE, Moment(at)), expected, "at {at}");
		}
	}

	#[test]
	fn licence_without_an_end_never_expires() {
		assert_eq!(licence(Active, None).standing(&GREECE, Moment(u64::MAX)), Granted);
	}

	#[test]
	fn licence_covers_its_jurisdiction_and_what_lies_in_it() {
		let whole = licence(Active, None);
		let part = LicenceAt { jurisdiction: CRETE, ..whole.clone() };
		let cases =
			[(&whole, GREECE, Granted), (&whole, CRETE, Granted), (&whole, FRANCE, NoLicence), (&part, CRETE, Granted)];
		for (licence, place, expected) in cases {
			assert_eq!(licence.standing(&place, Moment(15)), expected, "{:?} in {place}", licence.jurisdiction);
		}
		assert_eq!(part.standing(&GREECE, Moment(15)), NoLicence);
	}

	#[test]
	fn licence_out_of_force_names_its_status() {
		for (status, expected) in [(Active, Granted), (Suspended, LicenceSuspended), (Revoked, LicenceRevoked)] {
			assert_eq!(licence(status, None).standing(&GREECE, Moment(15)), expected);
			// The status says more than the interval does.
			if status != Active {
				assert_eq!(licence(status, Some(12)).standing(&GREECE, Moment(15)), expected);
			}
		}
	}

	#[test]
	fn distrusted_licence_counts_until_the_moment_of_distrust() {
		let licence = LicenceAt { distrusted_from: Some(Moment(15)), ..licence(Active, Some(20)) };
		for (at, expected) in
			[(9, LicenceExpired), (14, Granted), (15, LicenceDistrusted), (19, LicenceDistrusted), (20, LicenceExpired)]
		{
			assert_eq!(licence.standing(&GREECE, Moment(at)), expected, "at {at}");
		}
	}

	#[test]
	fn licence_of_a_distrusted_issuer_counts_only_as_granted_before() {
		let issued_later = LicenceAt { trusted: None, ..licence(Active, Some(30)) };
		let renewed_later = LicenceAt { trusted: Some(term(Active, Some(20))), ..licence(Active, Some(30)) };
		let cases = [
			(&issued_later, 10, LicenceDistrusted),
			(&issued_later, 30, LicenceExpired),
			(&renewed_later, 19, Granted),
			(&renewed_later, 20, LicenceDistrusted),
			(&renewed_later, 30, LicenceExpired),
		];
		for (licence, at, expected) in cases {
			assert_eq!(licence.standing(&GREECE, Moment(at)), expected, "at {at}");
		}
	}

	#[test]
	fn of_several_licences_the_nearest_to_a_yes_answers() {
		let order = [NoLicence, LicenceExpired, LicenceRevoked, LicenceDistrusted, LicenceSuspended, Granted];
		assert_eq!(of_licences(core::iter::empty()), NoLicence);
		for (low, worse) in order.iter().enumerate() {
			for better in &order[low..] {
				assert_eq!(of_licences([*worse, *better].into_iter()), *better);
				assert_eq!(of_licences([*better, *worse].into_iter()), *better);
			}
		}
	}

	#[test]
	fn of_several_licences_none_is_read_after_a_yes() {
		let mut read = 0;
		let licences = [LicenceExpired, Granted, LicenceRevoked].into_iter().inspect(|_| read += 1);
		assert_eq!(of_licences(licences), Granted);
		assert_eq!(read, 2);
	}

	#[test]
	fn organisation_needs_to_be_active_and_licensed() {
		assert_eq!(of_organisation(None, || Granted), OrganisationUnknown);
		for status in OrganisationStatus::ALL {
			let expected = if *status == OrganisationStatus::Active { Granted } else { OrganisationInactive(*status) };
			assert_eq!(of_organisation(Some(*status), || Granted), expected);
		}
		assert_eq!(of_organisation(Some(OrganisationStatus::Active), || LicenceRevoked), LicenceRevoked);
	}

	#[test]
	fn member_needs_role_organisation_and_own_licence() {
		let member = |roles| Membership { organisation: OrgId(1), roles, until: None };
		let clinician = member(Roles::CLINICIAN);
		let clerk = member(Roles::RECORDS);
		let cases = [
			(Capability::AnchorRecords, None, Granted, Granted, NotAMember),
			(Capability::AnchorRecords, Some(&clinician), Granted, Granted, RoleMissing),
			(Capability::AnchorRecords, Some(&clerk), NoLicence, Granted, NoLicence),
			(Capability::AnchorRecords, Some(&clerk), Granted, NoLicence, Granted),
			(Capability::BreakGlass, Some(&clerk), Granted, Granted, RoleMissing),
			(Capability::BreakGlass, Some(&clinician), LicenceSuspended, NoLicence, LicenceSuspended),
			(Capability::BreakGlass, Some(&clinician), Granted, LicenceExpired, PersonalLicenceMissing),
			(Capability::BreakGlass, Some(&clinician), Granted, Granted, Granted),
		];
		for (capability, membership, organisation, personal, expected) in cases {
			assert_eq!(
				of_member(capability, membership, || organisation, || personal),
				expected,
				"{capability}, {membership:?}, {organisation:?}, {personal:?}"
			);
		}
	}

	#[test]
	fn every_capability_needs_its_role_and_only_personal_ones_a_licence_of_the_member() {
		for capability in Capability::ALL {
			let granted = |roles, personal| {
				let membership = Membership { organisation: OrgId(1), roles, until: None };
				of_member(*capability, Some(&membership), || Granted, || personal)
			};
			assert_eq!(granted(capability.role(), Granted), Granted);
			assert_eq!(granted(Roles::GRANTABLE.without(capability.role()), Granted), RoleMissing);
			let without = if capability.is_personal() { PersonalLicenceMissing } else { Granted };
			assert_eq!(granted(capability.role(), NoLicence), without);
		}
	}

	proptest! {
		#[test]
		fn distrust_only_ever_takes_away(
			from in 0u64..40, until in proptest::option::of(0u64..80), at in 0u64..100,
			distrusted_from in 0u64..100, trusted in proptest::option::of(proptest::option::of(0u64..80)),
		) {
			let term = term(Active, until);
			let trusting =
				LicenceAt { jurisdiction: GREECE, from: Moment(from), term, trusted: Some(term), distrusted_from: None };
			let distrusting = LicenceAt {
				trusted: trusted.map(|until| Term { until: until.map(Moment), ..term }),
				distrusted_from: Some(Moment(distrusted_from)),
				..trusting.clone()
			};
			let before = trusting.standing(&GREECE, Moment(at));
			let after = distrusting.standing(&GREECE, Moment(at));
			prop_assert_eq!(before.is_granted(), from <= at && until.is_none_or(|until| at < until));
			prop_assert!(before.is_granted() || !after.is_granted());
			prop_assert!(at < distrusted_from || !after.is_granted());
		}
	}
}
