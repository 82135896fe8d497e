// SPDX-License-Identifier: Apache-2.0
//! Random lives of a consortium. After each call everything that always holds is checked; at the end the answers about
//! every past moment are compared with those of a plain log of the events, read from end to end.

use super::*;
use crate::{types::Membership, IssuerKey, Licences, Organisations};
use epidaurus_primitives::hash::Commitment;
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use std::collections::BTreeMap;

type Log<Fact> = Vec<(u64, Fact)>;

/// The last entry at or before the moment.
fn at<Fact: Clone>(log: &Log<Fact>, moment: u64) -> Option<Fact> {
	log.iter().rev().find(|(when, _)| *when <= moment).map(|(_, fact)| fact.clone())
}

struct LicenceLog {
	holder: Holder<AccountId>,
	capability: Capability,
	jurisdiction: Jurisdiction,
	issuer: IssuerKey,
	from: u64,
	in_force: Log<bool>,
	until: Log<Option<Moment>>,
	distrusted_from: Option<u64>,
}

#[derive(Default)]
struct Model {
	organisations: BTreeMap<OrgId, Log<Option<OrganisationStatus>>>,
	members: BTreeMap<AccountId, Log<Option<Membership>>>,
	licences: BTreeMap<LicenceId, LicenceLog>,
	distrusted: Vec<(IssuerKey, u64)>,
}

impl Model {
	/// The consortium of the mock at moment 0.
	fn founded() -> Self {
		let mut model = Self::default();
		for (organisation, head, others) in [
			(HOSPITAL, HOSPITAL_HEAD, vec![(CLERK, Roles::RECORDS), (DOCTOR, Roles::CLINICIAN)]),
			(AUTHORITY, AUTHORITY_HEAD, vec![(OFFICER, Roles::LICENSING)]),
			(PHARMACY, PHARMACY_HEAD, vec![(PHARMACIST, Roles::PHARMACIST)]),
		] {
			model.status(0, organisation, Some(OrganisationStatus::Active));
			for (member, roles) in others.into_iter().chain([(head, Roles::CONTROLLER)]) {
				model.membership(0, member, Some(Membership { organisation, roles, until: None }));
			}
		}
		model
	}

	fn status(&mut self, now: u64, organisation: OrgId, status: Option<OrganisationStatus>) {
		self.organisations.entry(organisation).or_default().push((now, status));
	}

	fn membership(&mut self, now: u64, member: AccountId, membership: Option<Membership>) {
		self.members.entry(member).or_default().push((now, membership));
	}

	fn present(&self, member: &AccountId) -> Option<Membership> {
		self.members.get(member)?.last()?.1
	}

	fn hear(&mut self, now: u64, event: Event<Test>) {
		use OrganisationStatus::*;
		match event {
			Event::OrganisationApplied { organisation, .. } => self.status(now, organisation, Some(Applied)),
			Event::ApplicationWithdrawn { organisation, .. } | Event::ApplicationRefused { organisation } =>
			// A refused applicant leaves no trace.
			{
				self.organisations.insert(organisation, vec![]).map_or((), drop)
			},
			Event::OrganisationAdmitted { organisation } => {
				let head = Organisations::<Test>::get(organisation).unwrap().controller;
				self.status(now, organisation, Some(Active));
				let membership = Membership { organisation, roles: Roles::CONTROLLER, until: None };
				self.membership(now, head, Some(membership));
			},
			Event::OrganisationSuspended { organisation } => self.status(now, organisation, Some(Suspended)),
			Event::OrganisationReinstated { organisation } => self.status(now, organisation, Some(Active)),
			Event::OrganisationLeft { organisation, .. } => self.status(now, organisation, Some(Left)),
			Event::OrganisationExpelled { organisation } => self.status(now, organisation, Some(Expelled)),
			Event::ControllerRotated { organisation, old, new, .. } => {
				let roles = self.present(&old).unwrap().roles;
				let own = self.present(&new).filter(|own| own.organisation == organisation);
				let roles = roles.union(own.map(|own| own.roles).unwrap_or_default());
				self.membership(now, old, None);
				self.membership(now, new, Some(Membership { organisation, roles, until: None }));
			},
			Event::MemberAdded { organisation, member, roles, until, .. }
			| Event::MemberChanged { organisation, member, roles, until, .. } => {
				self.membership(now, member, Some(Membership { organisation, roles, until }))
			},
			Event::MemberRemoved { member, .. }
			| Event::MemberResigned { member, .. }
			| Event::MembershipLapsed { member, .. } => self.membership(now, member, None),
			other => self.hear_of_licences(now, other),
		}
	}

	fn hear_of_licences(&mut self, now: u64, event: Event<Test>) {
		let licences = &mut self.licences;
		match event {
			Event::LicenceIssued { licence, holder, capability, .. } => {
				let record = Licences::<Test>::get(licence).unwrap();
				licences.insert(
					licence,
					LicenceLog {
						holder,
						capability,
						jurisdiction: record.jurisdiction,
						issuer: record.issuer_key(),
						from: record.from.0,
						in_force: vec![(now, true)],
						until: vec![(now, record.term.state.until)],
						distrusted_from: None,
					},
				);
			},
			Event::LicenceRenewed { licence, until, .. } => {
				licences.get_mut(&licence).unwrap().until.push((now, until))
			},
			Event::LicenceSuspended { licence, .. } | Event::LicenceRevoked { licence, .. } => {
				licences.get_mut(&licence).unwrap().in_force.push((now, false))
			},
			Event::LicenceReinstated { licence, .. } => licences.get_mut(&licence).unwrap().in_force.push((now, true)),
			Event::LicenceDistrusted { licence, from, .. } => {
				licences.get_mut(&licence).unwrap().distrusted_from = Some(from.0)
			},
			Event::IssuerDistrusted { organisation, capability, jurisdiction, from } => {
				self.distrusted.push((IssuerKey { organisation, capability, jurisdiction }, from.0))
			},
			_ => (),
		}
	}

	fn status_at(&self, organisation: OrgId, moment: u64) -> Option<OrganisationStatus> {
		at(self.organisations.get(&organisation)?, moment)?
	}

	fn member_at(&self, member: &AccountId, moment: u64) -> Option<Membership> {
		at(self.members.get(member)?, moment)?.filter(|membership| membership.is_current(Moment(moment)))
	}

	fn counts(&self, licence: &LicenceLog, moment: u64) -> bool {
		let covers = |until: Option<Moment>| licence.from <= moment && until.is_none_or(|until| moment < until.0);
		let found_out = self.distrusted.iter().filter(|(key, _)| *key == licence.issuer).map(|(_, from)| *from).min();
		let trusted = match found_out {
			None => true,
			Some(from) => {
				let before: Log<_> = licence.until.iter().filter(|(when, _)| *when < from).cloned().collect();
				at(&before, moment).is_some_and(covers)
			},
		};
		trusted
			&& at(&licence.in_force, moment) == Some(true)
			&& at(&licence.until, moment).is_some_and(covers)
			&& licence.distrusted_from.is_none_or(|from| moment < from)
	}

	fn licensed(&self, holder: &Holder<AccountId>, capability: Capability, place: Jurisdiction, moment: u64) -> bool {
		self.licences.values().any(|licence| {
			licence.holder == *holder
				&& licence.capability == capability
				&& licence.jurisdiction.covers(&place)
				&& self.counts(licence, moment)
		})
	}

	fn organisation_may(&self, id: OrgId, capability: Capability, place: Jurisdiction, moment: u64) -> bool {
		self.status_at(id, moment) == Some(OrganisationStatus::Active)
			&& self.licensed(&Holder::Organisation(id), capability, place, moment)
	}

	fn member_may(&self, who: &AccountId, capability: Capability, place: Jurisdiction, moment: u64) -> bool {
		self.member_at(who, moment).is_some_and(|membership| {
			membership.roles.contains(capability.role())
				&& self.organisation_may(membership.organisation, capability, place, moment)
				&& (!capability.is_personal() || self.licensed(&Holder::Member(who.clone()), capability, place, moment))
		})
	}
}

/// What a call is about, drawn at random and made to fit by remainders.
#[derive(Clone, Debug)]
struct Step {
	pause: u64,
	call: u8,
	organisation: u8,
	account: u8,
	word: u8,
	moment: u64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let step = (0u64..4, 0u8..112, any::<u8>(), any::<u8>(), any::<u8>(), 0u64..40).prop_map(
		|(pause, call, organisation, account, word, moment)| Step { pause, call, organisation, account, word, moment },
	);
	proptest::collection::vec(step, 20..150)
}

const CAPABILITIES: [Capability; 2] = [Capability::AnchorRecords, Capability::BreakGlass];
const PLACES: [Jurisdiction; 2] = [GREECE, CRETE];

fn pick<Item: Clone>(from: &[Item], by: u8) -> Option<Item> {
	from.get(usize::from(by).checked_rem(from.len())?).cloned()
}

impl Step {
	fn account(&self) -> AccountId {
		account(1 + self.account % 12)
	}

	fn organisation(&self) -> OrgId {
		OrgId(u32::from(self.organisation) % crate::NextOrganisation::<Test>::get().0)
	}

	/// The signer who is most likely to succeed.
	fn head(&self) -> RuntimeOrigin {
		signed(Organisations::<Test>::get(self.organisation()).map_or(STRANGER, |record| record.controller))
	}

	/// Mostly a member of the organisation.
	fn member(&self) -> AccountId {
		let members: Vec<_> = crate::MembersOf::<Test>::iter_key_prefix(self.organisation()).collect();
		pick(&members, self.account).filter(|_| !self.word.is_multiple_of(8)).unwrap_or_else(|| self.account())
	}

	/// Mostly one who may license, for the licence's issuer if it is about a licence.
	fn officer(&self, licence: Option<LicenceId>) -> RuntimeOrigin {
		let issuer = licence.and_then(Licences::<Test>::get).map(|record| record.issuer);
		let may = |who: &AccountId| {
			let organisation = Registry::ensure_duty(who, Roles::LICENSING).ok();
			organisation.is_some() && (issuer.is_none() || organisation == issuer)
		};
		let officers: Vec<_> = crate::Members::<Test>::iter_keys().filter(may).collect();
		signed(pick(&officers, self.organisation).unwrap_or(OFFICER))
	}

	fn applicant(&self) -> OrgId {
		let applicants: Vec<_> = crate::Applications::<Test>::iter_keys().collect();
		pick(&applicants, self.organisation).unwrap_or_else(|| self.organisation())
	}

	fn licence(&self) -> LicenceId {
		LicenceId(u32::from(self.account) % crate::NextLicence::<Test>::get().0.max(1))
	}

	fn holder(&self) -> Holder<AccountId> {
		if !self.account.is_multiple_of(3) {
			Holder::Organisation(self.organisation())
		} else {
			Holder::Member(self.member())
		}
	}

	fn roles(&self) -> Roles {
		let all =
			[Roles::RECORDS, Roles::GRANTABLE, Roles::GRANTABLE, Roles::LICENSING, Roles::GRANTABLE, Roles::default()];
		all[usize::from(self.word) % all.len()]
	}

	/// None, or not far from now.
	fn until(&self, now: u64) -> Option<Moment> {
		(!self.moment.is_multiple_of(4)).then(|| Moment(now + self.moment * 20))
	}

	fn run(&self, now: u64) -> DispatchResult {
		let (capability, place) = (CAPABILITIES[usize::from(self.word) % 2], PLACES[usize::from(self.word / 2) % 2]);
		let (licence, about) = (self.licence(), Some(self.licence()));
		let past = Moment(now.saturating_sub(self.moment * 20));
		match self.call {
			0..=5 => {
				let gln = [None, Some(HOSPITAL_GLN), Some(OTHER_GLN)][usize::from(self.word) % 3];
				Registry::apply(self.head(), self.account(), OrganisationClass::Payer, gln, place)
			},
			6 => Registry::withdraw_application(self.head(), self.applicant()),
			7..=11 => Registry::admit_organisation(council(), self.applicant()),
			12 => Registry::refuse_application(council(), self.applicant()),
			13..=15 => Registry::suspend_organisation(council(), self.organisation()),
			16..=22 => Registry::reinstate_organisation(council(), self.organisation()),
			23 => Registry::expel_organisation(council(), self.organisation()),
			24 => Registry::leave(self.head()),
			25..=27 => Registry::rotate_controller(self.head(), self.member()),
			28 => Registry::replace_controller(council(), self.organisation(), self.account()),
			29..=32 => Registry::recognise_issuer(council(), self.organisation(), capability, place),
			33 => Registry::withdraw_issuer(council(), self.organisation(), capability, GREECE),
			34 => Registry::distrust_issuer(council(), self.organisation(), capability, GREECE, past),
			35..=54 => {
				let from = self.moment.is_multiple_of(5).then(|| Moment(now + self.moment * 5));
				let (holder, until) = (self.holder(), self.until(now));
				Registry::issue_licence(self.officer(None), holder, capability, place, LicenceScope::All, from, until)
			},
			55..=64 => Registry::renew_licence(self.officer(about), licence, self.until(now)),
			65..=69 => Registry::suspend_licence(self.officer(about), licence),
			70..=77 => Registry::reinstate_licence(self.officer(about), licence),
			78 | 79 => Registry::revoke_licence(self.officer(about), licence),
			80 => Registry::distrust_licence(self.officer(about), licence, past),
			81..=87 => Registry::add_member(self.head(), self.account(), self.roles(), self.until(now)),
			88..=94 => Registry::change_member(self.head(), self.member(), self.roles(), self.until(now)),
			95 | 96 => Registry::remove_member(self.head(), self.member()),
			97 => Registry::resign(signed(self.member())),
			98 | 99 => Registry::fund_member(self.head(), self.member(), 1),
			_ => self.succession(),
		}
	}

	fn succession(&self) -> DispatchResult {
		let (some, other) =
			(self.organisation(), OrgId(u32::from(self.word) % crate::NextOrganisation::<Test>::get().0));
		let offers: Vec<_> = crate::Successions::<Test>::iter().filter(|(_, one)| one.accepted.is_none()).collect();
		let (offered, to) = pick(&offers, self.account).map_or((some, other), |(from, one)| (from, one.successor));
		let head = |id| Organisations::<Test>::get(id).map_or(council(), |record| signed(record.controller));
		match self.call {
			100..=103 => Registry::offer_succession(head(some), some, other),
			104 | 105 => Registry::offer_succession(council(), some, other),
			106 => Registry::withdraw_succession(head(offered), offered),
			107 => Registry::decline_succession(head(to), offered),
			_ => Registry::accept_succession(head(to), offered, Commitment([self.word; 32])),
		}
	}
}

/// Compares every answer about a moment with the log's.
fn compare(model: &Model, moment: u64) {
	for id in 0..crate::NextOrganisation::<Test>::get().0 {
		let id = OrgId(id);
		let view = Registry::organisation(id, Some(Moment(moment)));
		assert_eq!(view.map(|view| view.status), model.status_at(id, moment), "status of {id} at {moment}");
		for (capability, place) in CAPABILITIES.into_iter().zip(PLACES) {
			let answer = Registry::is_licensed(id, capability, Some(place), Moment(moment));
			assert_eq!(answer, model.organisation_may(id, capability, place, moment), "{id}, {capability} at {moment}");
		}
	}
	for who in (1..=12).map(account) {
		let membership = Registry::membership_at(&who, Moment(moment)).map(|span| span.state);
		assert_eq!(membership, model.member_at(&who, moment), "{who} at {moment}");
		for (capability, place) in CAPABILITIES.into_iter().zip(PLACES) {
			let answer = Registry::ensure_capability(&who, capability, Some(place), Moment(moment));
			let expected = model.member_may(&who, capability, place, moment);
			assert_eq!(answer.is_ok(), expected, "{who}, {capability} at {moment}: {answer:?}");
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(32))]

	#[test]
	fn past_moments_are_answered_as_a_plain_log_would(steps in steps()) {
		ExtBuilder::default().build_and_execute(|| {
			let (mut model, mut now) = (Model::founded(), START);
			Balances::force_set_balance(council(), sovereign(3), 10_000).unwrap();
			for step in &steps {
				now += step.pause * 50;
				set_time(now);
				System::reset_events();
				let outcome = frame_support::storage::with_storage_layer(|| step.run(now));
				let heard = System::events().into_iter().filter_map(|record| match record.event {
					RuntimeEvent::Registry(event) => Some(event),
					_ => None,
				});
				if outcome.is_ok() {
					heard.for_each(|event| model.hear(now, event));
				} else {
					assert_eq!(heard.count(), 0, "a refused call says nothing");
				}
				check_all();
			}
			let moments = (START - 100..now + 400).step_by(67).chain([0, START - 1, START, now]);
			moments.for_each(|moment| compare(&model, moment));
		});
	}
}
