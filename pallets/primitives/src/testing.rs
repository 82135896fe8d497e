// SPDX-License-Identifier: Apache-2.0
//! The one mock of each seam, for the unit tests of pallets.

use crate::{
	ids::OrgId,
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{Capability, Roles},
	seams::{OnVoiceChange, Registry},
};
use codec::Encode;
use sp_runtime::DispatchError;
use std::{
	cell::RefCell,
	collections::{BTreeMap, BTreeSet},
};

#[derive(Clone, Default)]
struct MockState {
	members: BTreeMap<Vec<u8>, (OrgId, Roles)>,
	licences: BTreeSet<(OrgId, Capability)>,
	inactive: BTreeSet<OrgId>,
	voices: Vec<Vec<u8>>,
}

thread_local! {
	static STATE: RefCell<MockState> = RefCell::default();
}

/// A registry that a test fills by hand. State is per thread: begin each test with [`MockRegistry::reset`].
pub struct MockRegistry;

impl MockRegistry {
	/// Refusal of an account that is no member or lacks the role.
	pub const NOT_AUTHORISED: DispatchError = DispatchError::Other("mock: not authorised");
	/// Refusal of a right for want of a licence or an active organisation.
	pub const NOT_LICENSED: DispatchError = DispatchError::Other("mock: not licensed");

	/// Forgets everything.
	pub fn reset() {
		STATE.with(|state| *state.borrow_mut() = MockState::default());
	}

	/// Makes the account a member of the organisation.
	pub fn enrol<AccountId: Encode>(who: &AccountId, organisation: OrgId, roles: Roles) {
		STATE.with(|state| state.borrow_mut().members.insert(who.encode(), (organisation, roles)));
	}

	/// Ends the account's membership.
	pub fn remove<AccountId: Encode>(who: &AccountId) {
		STATE.with(|state| state.borrow_mut().members.remove(&who.encode()));
	}

	/// Licenses the organisation.
	pub fn license(organisation: OrgId, capability: Capability) {
		STATE.with(|state| state.borrow_mut().licences.insert((organisation, capability)));
	}

	/// Takes the licence away.
	pub fn revoke(organisation: OrgId, capability: Capability) {
		STATE.with(|state| state.borrow_mut().licences.remove(&(organisation, capability)));
	}

	/// Suspends or reinstates the organisation.
	pub fn set_active(organisation: OrgId, active: bool) {
		STATE.with(|state| {
			let inactive = &mut state.borrow_mut().inactive;
			if active {
				inactive.remove(&organisation)
			} else {
				inactive.insert(organisation)
			}
		});
	}

	fn member<AccountId: Encode>(who: &AccountId, role: Roles) -> Result<OrgId, DispatchError> {
		let member = STATE.with(|state| state.borrow().members.get(&who.encode()).copied());
		match member {
			Some((organisation, roles)) if roles.contains(role) => Ok(organisation),
			_ => Err(Self::NOT_AUTHORISED),
		}
	}
}

impl<AccountId: Encode> Registry<AccountId> for MockRegistry {
	fn ensure_capability(
		who: &AccountId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> Result<OrgId, DispatchError> {
		let organisation = Self::member(who, capability.role())?;
		if <Self as Registry<AccountId>>::is_licensed(organisation, capability, jurisdiction, at) {
			Ok(organisation)
		} else {
			Err(Self::NOT_LICENSED)
		}
	}

	fn ensure_duty(who: &AccountId, role: Roles) -> Result<OrgId, DispatchError> {
		Self::member(who, role)
	}

	fn is_licensed(organisation: OrgId, capability: Capability, _: Option<Jurisdiction>, _: Moment) -> bool {
		STATE.with(|state| {
			let state = state.borrow();
			state.licences.contains(&(organisation, capability)) && !state.inactive.contains(&organisation)
		})
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn enrol_for_benchmark(who: &AccountId, capability: Capability) -> OrgId {
		Self::enrol(who, OrgId(1), Roles(u16::MAX));
		Self::license(OrgId(1), capability);
		OrgId(1)
	}
}

/// Records the voices of the consortium in the order of the calls.
pub struct MockVoices;

impl MockVoices {
	/// The controllers that have a voice, encoded, in order of gaining it.
	pub fn all() -> Vec<Vec<u8>> {
		STATE.with(|state| state.borrow().voices.clone())
	}
}

impl<AccountId: Encode> OnVoiceChange<AccountId> for MockVoices {
	fn gained(controller: &AccountId) {
		STATE.with(|state| state.borrow_mut().voices.push(controller.encode()));
	}

	fn lost(controller: &AccountId) {
		let lost = controller.encode();
		STATE.with(|state| state.borrow_mut().voices.retain(|voice| *voice != lost));
	}
}
