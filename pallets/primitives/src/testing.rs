// SPDX-License-Identifier: Apache-2.0
//! The one mock of each seam, for the unit tests of pallets.

use crate::{
	hash::Commitment,
	ids::{OrgId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	registry::{Capability, Roles, Successor},
	seams::{OnVoiceChange, Registry, SubjectAct, Subjects},
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
	subjects: BTreeMap<Vec<u8>, (SubjectId, OrgId)>,
	restricted: BTreeSet<SubjectId>,
	doubtful: BTreeMap<SubjectId, Moment>,
	successors: BTreeSet<(OrgId, OrgId)>,
	gone: BTreeSet<OrgId>,
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

	/// Lets one organisation answer for another.
	pub fn succeed(successor: OrgId, custodian: OrgId) {
		STATE.with(|state| state.borrow_mut().successors.insert((successor, custodian)));
	}

	/// Lets an organisation answer no more, not even for itself.
	pub fn release(organisation: OrgId) {
		STATE.with(|state| state.borrow_mut().gone.insert(organisation));
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

	fn answers_for(organisation: OrgId, custodian: OrgId) -> bool {
		<Self as Registry<AccountId>>::has_answered_for(organisation, custodian)
			&& STATE.with(|state| !state.borrow().gone.contains(&organisation))
	}

	fn has_answered_for(organisation: OrgId, custodian: OrgId) -> bool {
		organisation == custodian || STATE.with(|state| state.borrow().successors.contains(&(organisation, custodian)))
	}

	/// With a moment and a statement that tests can foretell.
	fn successor_of(custodian: OrgId) -> Option<Successor> {
		STATE.with(|state| {
			let state = state.borrow();
			let (organisation, _) = state.successors.iter().find(|(_, of)| *of == custodian)?;
			Some(Successor { organisation: *organisation, since: Moment(1), handover: Commitment([1; 32]) })
		})
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn succeed_for_benchmark(successor: OrgId, custodian: OrgId) {
		Self::succeed(successor, custodian);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn enrol_for_benchmark(who: &AccountId, capability: Capability) -> OrgId {
		Self::enrol(who, OrgId(1), Roles(u16::MAX));
		Self::license(OrgId(1), capability);
		OrgId(1)
	}
}

/// Subjects that a test fills by hand, in the same state as [`MockRegistry`].
pub struct MockSubjects;

impl MockSubjects {
	/// Refusal of an account that is no subject's key.
	pub const NOT_A_SUBJECT: DispatchError = DispatchError::Other("mock: not a subject");
	/// Refusal of an act that is not restrictive while the key is in question.
	pub const RESTRICTED: DispatchError = DispatchError::Other("mock: only restrictive acts");

	/// Enrols a subject with its key.
	pub fn enrol<AccountId: Encode>(key: &AccountId, subject: SubjectId, custodian: OrgId) {
		STATE.with(|state| state.borrow_mut().subjects.insert(key.encode(), (subject, custodian)));
	}

	/// Puts a subject's key in question.
	pub fn restrict(subject: SubjectId) {
		STATE.with(|state| state.borrow_mut().restricted.insert(subject));
	}

	/// Declares a subject's key lost from a moment on.
	pub fn doubt(subject: SubjectId, from: Moment) {
		STATE.with(|state| state.borrow_mut().doubtful.insert(subject, from));
	}
}

impl<AccountId: Encode> Subjects<AccountId> for MockSubjects {
	fn ensure_subject(who: &AccountId, act: SubjectAct) -> Result<SubjectId, DispatchError> {
		STATE.with(|state| {
			let state = state.borrow();
			let (subject, _) = state.subjects.get(&who.encode()).copied().ok_or(Self::NOT_A_SUBJECT)?;
			if act == SubjectAct::Other && state.restricted.contains(&subject) {
				return Err(Self::RESTRICTED);
			}
			Ok(subject)
		})
	}

	fn custodian_of(subject: &SubjectId) -> Option<OrgId> {
		STATE.with(|state| {
			let state = state.borrow();
			state.subjects.values().find(|(known, _)| known == subject).map(|(_, custodian)| *custodian)
		})
	}

	fn is_doubtful(subject: &SubjectId, at: Moment) -> bool {
		STATE.with(|state| state.borrow().doubtful.get(subject).is_some_and(|from| *from <= at))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn enrol_for_benchmark(key: &AccountId, custodian: OrgId) -> SubjectId {
		let subject = SubjectId([7; 32]);
		Self::enrol(key, subject, custodian);
		subject
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
