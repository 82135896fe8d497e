// SPDX-License-Identifier: Apache-2.0
//! To whom duties passed, and who may say so.

use super::{require, Model, Rules, Verdict};
use epidaurus_primitives::{
	ids::OrgId,
	registry::{
		OrganisationStatus::{Active, Applied, Expelled, Left},
		Roles,
	},
};
use epidaurus_runtime::{AccountId, Runtime};
use pallet_registry::Call;

const NOT_FOUND: Verdict = Verdict::Fails("Registry.NotFound");
const HANDED_OVER: Verdict = Verdict::Fails("Registry.HandedOver");

impl Model {
	/// To whom an organisation has handed over.
	fn heir(&self, of: OrgId) -> Option<OrgId> {
		self.successions.get(&of).filter(|(_, accepted)| *accepted).map(|(heir, _)| *heir)
	}

	/// Whether an organisation does the duties of a custodian.
	pub fn answers_for(&self, own: OrgId, custodian: OrgId) -> bool {
		let gone = matches!(self.status(own), Some(Left | Expelled)) && self.heir(own).is_some();
		let line = std::iter::successors(Some(custodian), |last| self.heir(*last));
		!gone && line.take(self.successions.len() + 1).any(|one| one == own)
	}

	/// What must come of a step of a succession; nobody signs for the consortium.
	pub(super) fn judge_succession(&self, who: Option<&AccountId>, call: &Call<Runtime>) -> Rules {
		match call {
			Call::offer_succession { predecessor, successor } => {
				self.disposes(who, *predecessor)?;
				match self.successions.get(predecessor) {
					None => self.judge_fit(*predecessor, *successor),
					Some((_, accepted)) => {
						Err(if *accepted { HANDED_OVER } else { Verdict::Fails("Registry.AlreadyExists") })
					},
				}
			},
			Call::withdraw_succession { predecessor } => {
				self.disposes(who, *predecessor)?;
				self.offered(*predecessor).map(drop)
			},
			Call::decline_succession { predecessor } => self.offered_to(who, *predecessor).map(drop),
			Call::accept_succession { predecessor, .. } => {
				let own = self.offered_to(who, *predecessor)?;
				self.judge_fit(*predecessor, own)
			},
			_ => Err(Verdict::Open),
		}
	}

	fn disposes(&self, who: Option<&AccountId>, predecessor: OrgId) -> Rules {
		let Some(who) = who else {
			let status = self.status(predecessor).ok_or(NOT_FOUND)?;
			return require(status != Active, "Registry.WrongState");
		};
		require(self.duty(who, Roles::CONTROLLER)? == predecessor, "Registry.NotAuthorised")
	}

	fn offered(&self, predecessor: OrgId) -> Result<OrgId, Verdict> {
		match self.successions.get(&predecessor) {
			None => Err(NOT_FOUND),
			Some((_, true)) => Err(HANDED_OVER),
			Some((heir, false)) => Ok(*heir),
		}
	}

	fn offered_to(&self, who: Option<&AccountId>, predecessor: OrgId) -> Result<OrgId, Verdict> {
		let own = self.duty(who.ok_or(Verdict::Fails("BadOrigin"))?, Roles::CONTROLLER)?;
		require(self.offered(predecessor)? == own, "Registry.NotAuthorised")?;
		Ok(own)
	}

	/// Of what class an organisation is, the model does not know.
	fn judge_fit(&self, predecessor: OrgId, successor: OrgId) -> Rules {
		require(predecessor != successor, "Registry.SameOrganisation")?;
		let old = self.status(predecessor).ok_or(NOT_FOUND)?;
		let new = self.status(successor).ok_or(NOT_FOUND)?;
		require(old != Applied, "Registry.WrongState")?;
		require(new == Active, "Registry.OrganisationInactive")?;
		Err(Verdict::Open)
	}

	pub(super) fn learn_succession(&mut self, call: &Call<Runtime>) {
		match call {
			Call::offer_succession { predecessor, successor } => {
				self.successions.insert(*predecessor, (*successor, false));
			},
			Call::withdraw_succession { predecessor } | Call::decline_succession { predecessor } => {
				self.successions.remove(predecessor);
			},
			Call::accept_succession { predecessor, .. } => {
				self.successions.entry(*predecessor).and_modify(|(_, accepted)| *accepted = true);
			},
			_ => (),
		}
	}
}
