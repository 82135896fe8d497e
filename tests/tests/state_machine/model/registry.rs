// SPDX-License-Identifier: Apache-2.0
//! The registry's rules, in the order in which its calls apply them.

use super::{issuer_key, require, Actor, Model, Rules, Verdict};
use epidaurus_primitives::{
	gln::Gln,
	ids::{LicenceId, OrgId},
	moment::{Moment, DAY},
	registry::{Capability, OrganisationStatus, Roles},
};
use epidaurus_runtime::{constants::money::EXISTENTIAL_DEPOSIT, AccountId, Runtime};
use pallet_registry::{types::LicenceRecordOf, Call, IssuerKey, Membership};

/// An organisation or an applicant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
	/// Where it is in its life.
	pub status: OrganisationStatus,
	/// Who acts for it.
	pub controller: AccountId,
	/// Its number.
	pub gln: Option<Gln>,
	/// Who sponsors its application.
	pub sponsor: Option<OrgId>,
	/// When its controller last rotated by itself.
	pub rotated_at: Option<Moment>,
}

/// What is known of a licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Licence {
	/// Who issued it.
	pub issuer: OrgId,
	/// What it allows.
	pub capability: Capability,
	/// When it ends, if it was not revoked before.
	pub until: Option<Moment>,
}

impl Licence {
	/// What the chain says.
	pub fn of(licence: &LicenceRecordOf<Runtime>) -> Self {
		Self { issuer: licence.issuer, capability: licence.capability, until: licence.term.state.until }
	}
}

const NOT_FOUND: &str = "Registry.NotFound";
const WRONG_STATE: &str = "Registry.WrongState";

/// Whether a call is for the council, and whether it is free of fees.
fn council_only(call: &Call<Runtime>) -> Option<bool> {
	match call {
		Call::suspend_organisation { .. }
		| Call::expel_organisation { .. }
		| Call::replace_controller { .. }
		| Call::withdraw_issuer { .. }
		| Call::distrust_issuer { .. } => Some(true),
		Call::admit_organisation { .. }
		| Call::refuse_application { .. }
		| Call::reinstate_organisation { .. }
		| Call::recognise_issuer { .. }
		| Call::allot { .. } => Some(false),
		_ => None,
	}
}

/// The role without which the pool does not take a free call.
fn free_for(call: &Call<Runtime>) -> Roles {
	match call {
		Call::withdraw_application { .. }
		| Call::leave {}
		| Call::rotate_controller { .. }
		| Call::remove_member { .. }
		| Call::fund_member { .. }
		| Call::withdraw_succession { .. }
		| Call::decline_succession { .. } => Roles::CONTROLLER,
		Call::suspend_licence { .. } | Call::revoke_licence { .. } | Call::distrust_licence { .. } => Roles::LICENSING,
		_ => Roles::default(),
	}
}

impl Model {
	pub(super) fn judge_registry(&self, actor: &Actor, call: &Call<Runtime>) -> Rules {
		if let (Some(free), Actor::Signed { who, wrapped }) = (council_only(call), actor) {
			let taken = self.signer(actor, true).is_ok() && (*wrapped || (!free && self.member(who).is_some()));
			return Err(if taken { Verdict::Fails("BadOrigin") } else { Verdict::Refused });
		}
		if let Actor::Council { enough } = actor {
			let shared = matches!(call, Call::offer_succession { .. } | Call::withdraw_succession { .. });
			require(*enough && (shared || council_only(call).is_some()), "BadOrigin")?;
			return if shared { self.judge_succession(None, call) } else { self.judge_decision(call) };
		}
		let who = self.signer(actor, true)?;
		self.screened(actor, who, free_for(call))?;
		match call {
			Call::apply { .. }
			| Call::withdraw_application { .. }
			| Call::leave {}
			| Call::rotate_controller { .. } => self.judge_controller(who, call),
			Call::add_member { .. }
			| Call::change_member { .. }
			| Call::remove_member { .. }
			| Call::resign {}
			| Call::fund_member { .. } => self.judge_members(who, call),
			Call::offer_succession { .. }
			| Call::withdraw_succession { .. }
			| Call::decline_succession { .. }
			| Call::accept_succession { .. } => self.judge_succession(Some(who), call),
			_ => self.judge_licences(who, call),
		}
	}

	fn judge_decision(&self, call: &Call<Runtime>) -> Rules {
		use OrganisationStatus::{Active, Applied, Expelled, Suspended};
		match call {
			Call::admit_organisation { organisation } => {
				let applicant = self.applicant(*organisation)?;
				require(self.member(&applicant.controller).is_none(), "Registry.AlreadyMember")
			},
			Call::refuse_application { organisation } => self.applicant(*organisation).map(drop),
			Call::suspend_organisation { organisation } => self.may_become(*organisation, Suspended),
			Call::expel_organisation { organisation } => self.may_become(*organisation, Expelled),
			Call::reinstate_organisation { organisation } => {
				require(self.status(*organisation) != Some(Applied), WRONG_STATE)?;
				self.may_become(*organisation, Active)
			},
			Call::replace_controller { organisation, new } => self.may_control(*organisation, new),
			Call::recognise_issuer { organisation, capability, jurisdiction } => {
				self.active(*organisation)?;
				require(jurisdiction.is_valid(), "Registry.InvalidJurisdiction")?;
				let known = self.issuer(&issuer_key(*organisation, *capability, *jurisdiction));
				require(known.is_none_or(|(recognised, _)| !recognised), "Registry.AlreadyExists")?;
				require(known.is_none_or(|(_, from)| from.is_none()), "Registry.Distrusted")
			},
			Call::withdraw_issuer { organisation, capability, jurisdiction } => {
				let known = self.issuer(&issuer_key(*organisation, *capability, *jurisdiction));
				let (recognised, _) = known.ok_or(Verdict::Fails(NOT_FOUND))?;
				require(recognised, "Registry.NotRecognised")
			},
			Call::distrust_issuer { organisation, capability, jurisdiction, from } => {
				let known = self.issuer(&issuer_key(*organisation, *capability, *jurisdiction));
				let (_, before) = known.ok_or(Verdict::Fails(NOT_FOUND))?;
				require(before.is_none_or(|before| *from.min(&self.now) < before), "Registry.NoChange")
			},
			Call::allot { organisation, .. } => require(self.organisations.contains_key(organisation), NOT_FOUND),
			_ => Err(Verdict::Open),
		}
	}

	fn judge_controller(&self, who: &AccountId, call: &Call<Runtime>) -> Rules {
		let own = self.duty(who, Roles::CONTROLLER)?;
		match call {
			Call::apply { controller, gln, jurisdiction, .. } => {
				self.active(own)?;
				require(self.member(controller).is_none(), "Registry.AlreadyMember")?;
				self.no_patient(controller)?;
				require(jurisdiction.is_valid(), "Registry.InvalidJurisdiction")?;
				require(gln.is_none_or(|gln| gln.is_valid()), "Registry.InvalidGln")?;
				require(gln.is_none_or(|gln| !self.is_taken(&gln)), "Registry.GlnTaken")
			},
			Call::withdraw_application { organisation } => {
				let applicant = self.applicant(*organisation)?;
				require(applicant.sponsor == Some(own), "Registry.NotAuthorised")
			},
			Call::leave {} => self.may_become(own, OrganisationStatus::Left),
			Call::rotate_controller { new } => {
				let last = self.organisations.get(&own).and_then(|one| one.rotated_at);
				require(last.is_none_or(|last| last.0 + DAY / 24 <= self.now.0), "Registry.TooEarly")?;
				self.may_control(own, new)
			},
			_ => Err(Verdict::Open),
		}
	}

	fn judge_members(&self, who: &AccountId, call: &Call<Runtime>) -> Rules {
		if let Call::resign {} = call {
			let controls = self.duty(who, Roles::CONTROLLER).is_ok();
			return require(!controls, "Registry.IsController");
		}
		let own = self.duty(who, Roles::CONTROLLER)?;
		let grantable = |roles: &Roles, until: &Option<Moment>| {
			require(Roles::GRANTABLE.contains(*roles), "Registry.InvalidRoles")?;
			require(until.is_none_or(|until| self.now < until), "Registry.Expired")?;
			require(until.is_none_or(Moment::is_on_calendar), "Registry.BeyondCalendar")
		};
		let own_member = |member: &AccountId| {
			let found = self.members.get(member).ok_or(Verdict::Fails(NOT_FOUND))?;
			require(found.organisation == own, "Registry.NotAuthorised")?;
			Ok(found.roles.contains(Roles::CONTROLLER))
		};
		match call {
			Call::add_member { member, roles, until } => {
				grantable(roles, until)?;
				self.no_patient(member)?;
				require(self.member(member).is_none(), "Registry.AlreadyMember")
			},
			Call::change_member { member, roles, until } => {
				grantable(roles, until)?;
				let controls = own_member(member)?;
				require(!controls || until.is_none(), "Registry.IsController")
			},
			Call::remove_member { member } => require(!own_member(member)?, "Registry.IsController"),
			Call::fund_member { member, amount } => {
				let found = self.member(member).ok_or(Verdict::Fails("Registry.NotAMember"))?;
				require(found.organisation == own, "Registry.NotAuthorised")?;
				require(*amount >= EXISTENTIAL_DEPOSIT, "Registry.TooLittle")
			},
			_ => Err(Verdict::Open),
		}
	}

	/// Who may touch which licence is known here, what becomes of it is not.
	fn judge_licences(&self, who: &AccountId, call: &Call<Runtime>) -> Rules {
		let own = self.duty(who, Roles::LICENSING)?;
		let issued = |licence: &LicenceId| {
			let place = usize::try_from(licence.0).expect("a small number");
			let known = self.licences.get(place).ok_or(Verdict::Fails(NOT_FOUND))?;
			require(known.issuer == own, "Registry.NotAuthorised")
		};
		match call {
			Call::issue_licence { .. } => self.active(own)?,
			Call::renew_licence { licence, .. } | Call::reinstate_licence { licence } => {
				issued(licence)?;
				self.active(own)?;
			},
			Call::suspend_licence { licence }
			| Call::revoke_licence { licence }
			| Call::distrust_licence { licence, .. } => issued(licence)?,
			_ => (),
		}
		Err(Verdict::Open)
	}

	fn applicant(&self, id: OrgId) -> Result<&Organisation, Verdict> {
		let applies = |one: &&Organisation| one.status == OrganisationStatus::Applied;
		self.organisations.get(&id).filter(applies).ok_or(Verdict::Fails(NOT_FOUND))
	}

	fn active(&self, id: OrgId) -> Rules {
		let status = self.status(id).ok_or(Verdict::Fails(NOT_FOUND))?;
		require(status == OrganisationStatus::Active, "Registry.OrganisationInactive")
	}

	fn may_become(&self, id: OrgId, to: OrganisationStatus) -> Rules {
		use OrganisationStatus::{Active, Expelled, Left, Suspended};
		let from = self.status(id).ok_or(Verdict::Fails(NOT_FOUND))?;
		let allowed = match to {
			Active => from == Suspended,
			Suspended => from == Active,
			Left | Expelled => matches!(from, Active | Suspended),
			OrganisationStatus::Applied => false,
		};
		require(allowed, WRONG_STATE)?;
		let others = self.organisations.iter().filter(|(other, one)| **other != id && one.status == Active).count();
		require(to == Active || others > 0, "Registry.LastOrganisation")
	}

	fn may_control(&self, id: OrgId, new: &AccountId) -> Rules {
		let found = self.organisations.get(&id).ok_or(Verdict::Fails(NOT_FOUND))?;
		require(found.status != OrganisationStatus::Applied, WRONG_STATE)?;
		require(found.controller != *new, "Registry.AlreadyExists")?;
		self.no_patient(new)?;
		require(self.member(new).is_none_or(|own| own.organisation == id), "Registry.AlreadyMember")
	}

	fn no_patient(&self, account: &AccountId) -> Rules {
		require(!self.keys.contains_key(account), "Registry.KeyOfSubject")
	}

	fn issuer(&self, key: &IssuerKey) -> Option<(bool, Option<Moment>)> {
		self.issuers.iter().find(|(known, ..)| known == key).map(|(_, recognised, from)| (*recognised, *from))
	}

	fn set_issuer(&mut self, key: IssuerKey, recognised: bool, distrusted: Option<Moment>) {
		self.issuers.retain(|(known, ..)| *known != key);
		self.issuers.push((key, recognised, distrusted));
	}

	fn set_status(&mut self, id: OrgId, status: OrganisationStatus) {
		if let Some(organisation) = self.organisations.get_mut(&id) {
			organisation.status = status;
		}
	}

	fn hand_over(&mut self, id: OrgId, new: &AccountId, rotated_at: Option<Moment>) {
		let Some(organisation) = self.organisations.get_mut(&id) else { return };
		organisation.rotated_at = rotated_at;
		let old = std::mem::replace(&mut organisation.controller, new.clone());
		let roles = self.members.remove(&old).map(|left| left.roles).unwrap_or_default();
		let own = self.members.get(new).filter(|own| own.organisation == id).map(|own| own.roles);
		let roles = roles.union(own.unwrap_or_default());
		self.members.insert(new.clone(), Membership { organisation: id, roles, until: None });
	}

	pub(super) fn learn_registry(&mut self, actor: &Actor, call: &Call<Runtime>) {
		use OrganisationStatus::{Active, Applied, Expelled, Left, Suspended};
		self.learn_succession(call);
		match call.clone() {
			Call::admit_organisation { organisation } => {
				self.set_status(organisation, Active);
				if let Some(admitted) = self.organisations.get(&organisation) {
					let membership = Membership { organisation, roles: Roles::CONTROLLER, until: None };
					self.members.insert(admitted.controller.clone(), membership);
				}
			},
			Call::refuse_application { organisation } | Call::withdraw_application { organisation } => {
				self.organisations.remove(&organisation);
			},
			Call::suspend_organisation { organisation } => self.set_status(organisation, Suspended),
			Call::reinstate_organisation { organisation } => self.set_status(organisation, Active),
			Call::expel_organisation { organisation } => self.set_status(organisation, Expelled),
			Call::replace_controller { organisation, new } => self.hand_over(organisation, &new, None),
			Call::recognise_issuer { organisation, capability, jurisdiction } => {
				self.set_issuer(issuer_key(organisation, capability, jurisdiction), true, None);
			},
			Call::withdraw_issuer { organisation, capability, jurisdiction } => {
				let key = issuer_key(organisation, capability, jurisdiction);
				let distrusted = self.issuer(&key).and_then(|(_, from)| from);
				self.set_issuer(key, false, distrusted);
			},
			Call::distrust_issuer { organisation, capability, jurisdiction, from } => {
				self.set_issuer(issuer_key(organisation, capability, jurisdiction), false, Some(from.min(self.now)));
			},
			other => {
				let Actor::Signed { who, .. } = actor else { return };
				let Some(Membership { organisation: own, .. }) = self.member(who) else { return };
				match other {
					Call::apply { controller, gln, .. } => {
						let applicant =
							Organisation { status: Applied, controller, gln, sponsor: Some(own), rotated_at: None };
						self.organisations.insert(OrgId(self.next), applicant);
						self.next += 1;
					},
					Call::leave {} => self.set_status(own, Left),
					other => self.learn_from_member(who, own, other),
				}
			},
		}
	}

	fn learn_from_member(&mut self, who: &AccountId, own: OrgId, call: Call<Runtime>) {
		match call {
			Call::rotate_controller { new } => self.hand_over(own, &new, Some(self.now)),
			Call::issue_licence { capability, until, .. } => {
				self.licences.push(Licence { issuer: own, capability, until });
			},
			Call::renew_licence { licence, until } => {
				let place = usize::try_from(licence.0).expect("a small number");
				self.licences.get_mut(place).expect("it was renewed").until = until;
			},
			Call::suspend_licence { licence } => drop(self.suspended.insert(licence)),
			Call::reinstate_licence { licence } | Call::revoke_licence { licence } => {
				self.suspended.remove(&licence);
			},
			Call::add_member { member, roles, until } => {
				self.members.insert(member, Membership { organisation: own, roles, until });
			},
			Call::change_member { member, roles, until } => {
				let controls = self.members.get(&member).is_some_and(|known| known.roles.contains(Roles::CONTROLLER));
				let roles = if controls { roles.union(Roles::CONTROLLER) } else { roles };
				self.members.insert(member, Membership { organisation: own, roles, until });
			},
			Call::remove_member { member } => drop(self.members.remove(&member)),
			Call::resign {} => drop(self.members.remove(who)),
			_ => (),
		}
	}
}
