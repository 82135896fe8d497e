// SPDX-License-Identifier: Apache-2.0
//! One file per behaviour. After each test everything that always holds is checked.

mod bypass;
mod deposits;
mod extension;
mod genesis;
mod issuers;
mod licences;
mod members;
mod organisations;
mod pages;
mod properties;
mod standing;
mod stored;
mod succession;
pub mod world;

use crate::{mock::*, Error, Event};
use epidaurus_primitives::{
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{Capability, Holder, LicenceScope, OrganisationClass, OrganisationStatus, Roles, Standing},
	seams::Registry as _,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;
use world::*;

type Refusal = Error<Test>;

/// The newcomer's application, sponsored by the hospital.
fn apply() -> OrgId {
	let organisation = crate::NextOrganisation::<Test>::get();
	assert_ok!(Registry::apply(
		signed(HOSPITAL_HEAD),
		NEWCOMER,
		OrganisationClass::Laboratory,
		Some(OTHER_GLN),
		GREECE
	));
	organisation
}

/// The newcomer, admitted with enough tokens for its deposits.
fn admit() -> OrgId {
	let organisation = apply();
	assert_ok!(Registry::allot(council(), organisation, 5_000));
	assert_ok!(Registry::admit_organisation(council(), organisation));
	organisation
}

/// A licence of the authority for everything in Greece, from now on.
fn license(holder: Holder<AccountId>, capability: Capability, until: Option<Moment>) -> LicenceId {
	let licence = crate::NextLicence::<Test>::get();
	let scope = LicenceScope::All;
	assert_ok!(Registry::issue_licence(signed(OFFICER), holder, capability, GREECE, scope, None, until));
	licence
}

/// The hospital, licensed to keep records.
fn license_hospital(until: Option<Moment>) -> LicenceId {
	license(Holder::Organisation(HOSPITAL), Capability::AnchorRecords, until)
}

/// Whether the hospital may keep records at a moment.
fn hospital_at(at: u64) -> Standing {
	Registry::organisation_standing(HOSPITAL, Capability::AnchorRecords, None, Moment(at))
}

fn status(organisation: OrgId) -> OrganisationStatus {
	crate::Organisations::<Test>::get(organisation).unwrap().status.state
}

fn last_event() -> Event<Test> {
	match frame_system::Pallet::<Test>::events().pop().unwrap().event {
		RuntimeEvent::Registry(event) => event,
		other => panic!("the last event is not ours: {other:?}"),
	}
}
