// SPDX-License-Identifier: Apache-2.0
//! Who may, or might at a past moment, act under a capability: reads what was true then and lets [`standing`] decide. And
//! who answers for whom, as duties passed from one organisation to the next.
//!
//! The runtime asks its storage, a light client what was proven of it; the answers are these same functions'. Which of
//! the state they read is what has to be proven.
//!
//! The past is as it was, with one exception: distrust reaches back on purpose. An answer about last year changes when
//! a licence or its issuer is found out today.

use super::{
	records::{Acceptance, Holding, IssuerKey, IssuerRecord, LicenceRecord, Membership, Succession, Term},
	standing::{self, LicenceAt},
	succession::line,
	Capability, Holder, OrganisationStatus, Standing, Successor,
};
use crate::{
	ids::{LicenceId, OrgId},
	jurisdiction::Jurisdiction,
	moment::{Interval, Moment},
	timeline::{Span, Timeline},
	views::{CapabilityView, HandoverView, LicenceView, MemberView, OfferView, SuccessionView},
};
use alloc::vec::Vec;

/// The part of an organisation's record that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
	/// Its home jurisdiction.
	pub jurisdiction: Jurisdiction,
	/// Where it is in its life.
	pub status: Timeline<OrganisationStatus>,
}

/// The registry's state: what questions read, and the questions.
///
/// A moment yet to come is answered as if nothing changed until then. No moment means now.
pub trait RegistryState<AccountId: Clone> {
	/// What an issuer gives for a licence.
	type Ticket;
	/// Licences among which an answer is looked for.
	type Listed: Clone + IntoIterator<Item = LicenceId>;

	/// The chain's time.
	fn now(&self) -> Moment;
	/// An organisation.
	fn seat(&self, id: OrgId) -> Option<Seat>;
	/// An earlier span of its status.
	fn seat_span(&self, id: OrgId, number: u32) -> Option<Span<OrganisationStatus>>;
	/// To whom an organisation offers its duties, or handed them over.
	fn succession(&self, id: OrgId) -> Option<Succession>;
	/// The membership of an account that is or once was a member.
	fn membership(&self, account: &AccountId) -> Option<Timeline<Option<Membership>>>;
	/// An earlier span of it.
	fn membership_span(&self, account: &AccountId, number: u32) -> Option<Span<Option<Membership>>>;
	/// An issuer.
	fn issuer(&self, key: &IssuerKey) -> Option<IssuerRecord>;
	/// A licence.
	fn licence(&self, id: LicenceId) -> Option<LicenceRecord<AccountId, Self::Ticket>>;
	/// An earlier span of its term.
	fn licence_span(&self, id: LicenceId, number: u32) -> Option<Span<Term>>;
	/// The licences of a holder for a capability.
	fn holding(&self, holding: &Holding<AccountId>) -> Option<Timeline<Self::Listed>>;
	/// An earlier span of them.
	fn holding_span(&self, holding: &Holding<AccountId>, number: u32) -> Option<Span<Self::Listed>>;

	/// The membership that an account had at a moment, with the beginning of the span that says so.
	fn membership_at(&self, account: &AccountId, at: Moment) -> Option<Span<Membership>> {
		let span = self.membership(account)?.find(at, |number| self.membership_span(account, number))?;
		let membership = span.state.filter(|membership| membership.is_current(at))?;
		Some(Span { state: membership, since: span.since })
	}

	/// The answer about the membership of an account.
	fn member_view(&self, account: AccountId, at: Option<Moment>) -> Option<MemberView<AccountId>> {
		let Span { state, since } = self.membership_at(&account, at.unwrap_or_else(|| self.now()))?;
		let Membership { organisation, roles, until } = state;
		Some(MemberView { account, organisation, roles, since, until })
	}

	/// The answer about a licence at present.
	fn licence_view(&self, id: LicenceId) -> Option<LicenceView<AccountId>> {
		let record = self.licence(id)?;
		Some(LicenceView {
			id,
			holder: record.holder,
			capability: record.capability,
			jurisdiction: record.jurisdiction,
			scope: record.scope,
			issuer: record.issuer,
			issued_at: record.issued_at,
			validity: Interval { from: record.from, until: record.term.state.until },
			status: record.term.state.status,
			since: record.term.state.status_since,
			distrusted_from: record.distrusted_from,
		})
	}

	/// Whether an organisation may act under a capability at a moment, whoever acts for it. Where no jurisdiction is
	/// named it is the organisation's own.
	fn organisation_standing(
		&self,
		organisation: OrgId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> Standing {
		let Some(seat) = self.seat(organisation) else { return Standing::OrganisationUnknown };
		let status = seat.status.find(at, |number| self.seat_span(organisation, number));
		standing::of_organisation(status.map(|span| span.state), || {
			let place = jurisdiction.unwrap_or(seat.jurisdiction);
			self.licences_standing(Holder::Organisation(organisation), capability, &place, at)
		})
	}

	/// Whether an account may act under a capability at a moment, and for which organisation. Where no jurisdiction is
	/// named it is the organisation's own.
	fn member_standing(
		&self,
		account: &AccountId,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Moment,
	) -> (Standing, Option<OrgId>) {
		let membership = self.membership_at(account, at).map(|span| span.state);
		let organisation = membership.map(|membership| membership.organisation);
		let place = jurisdiction.or_else(|| Some(self.seat(organisation?)?.jurisdiction));
		let standing = standing::of_member(
			capability,
			membership.as_ref(),
			|| match organisation {
				Some(organisation) => self.organisation_standing(organisation, capability, place, at),
				None => Standing::OrganisationUnknown,
			},
			|| match place {
				Some(place) => self.licences_standing(Holder::Member(account.clone()), capability, &place, at),
				None => Standing::NoLicence,
			},
		);
		(standing, organisation)
	}

	/// The answer about a capability: for a member the whole question, for an organisation the part that does not depend
	/// on who acts.
	fn capability(
		&self,
		holder: Holder<AccountId>,
		capability: Capability,
		jurisdiction: Option<Jurisdiction>,
		at: Option<Moment>,
	) -> CapabilityView {
		let at = at.unwrap_or_else(|| self.now());
		let (standing, organisation) = match holder {
			Holder::Organisation(organisation) => {
				let standing = self.organisation_standing(organisation, capability, jurisdiction, at);
				(standing, Some(organisation).filter(|_| standing != Standing::OrganisationUnknown))
			},
			Holder::Member(account) => self.member_standing(&account, capability, jurisdiction, at),
		};
		CapabilityView { standing, organisation, at }
	}

	/// What the licences of one holder for one capability say, whoever the holder is. Reads those that were listed at
	/// the moment.
	fn licences_standing(
		&self,
		holder: Holder<AccountId>,
		capability: Capability,
		place: &Jurisdiction,
		at: Moment,
	) -> Standing {
		let listed = self.listed_at(&Holding { holder, capability }, at);
		let licences = listed.into_iter().filter_map(|licence| self.licence_at(licence, at));
		standing::of_licences(licences.map(|licence| licence.standing(place, at)))
	}

	/// The licences of a holder for a capability that were listed at a moment.
	fn listed_at(&self, holding: &Holding<AccountId>, at: Moment) -> Vec<LicenceId> {
		let timeline = self.holding(holding);
		let span = timeline.and_then(|timeline| timeline.find(at, |number| self.holding_span(holding, number)));
		span.map(|span| span.state.into_iter().collect()).unwrap_or_default()
	}

	/// A licence as it stood at a moment.
	fn licence_at(&self, licence: LicenceId, at: Moment) -> Option<LicenceAt> {
		let record = self.licence(licence)?;
		Some(LicenceAt {
			jurisdiction: record.jurisdiction,
			from: record.from,
			term: self.term_at(licence, &record, at)?,
			trusted: self.trusted_term(licence, &record, at),
			distrusted_from: record.distrusted_from,
		})
	}

	/// The term of a licence as it stood at a moment, or, if its issuer is distrusted from an earlier one, as it stood
	/// just before that.
	fn trusted_term(
		&self,
		licence: LicenceId,
		record: &LicenceRecord<AccountId, Self::Ticket>,
		at: Moment,
	) -> Option<Term> {
		let distrusted = self.issuer(&record.issuer_key()).and_then(|issuer| issuer.distrusted_from);
		let moment = match distrusted {
			Some(from) => at.min(Moment(from.0.checked_sub(1)?)),
			None => at,
		};
		self.term_at(licence, record, moment)
	}

	/// The term of a licence as it stood at a moment; nothing if it was not issued yet.
	fn term_at(&self, licence: LicenceId, record: &LicenceRecord<AccountId, Self::Ticket>, at: Moment) -> Option<Term> {
		Some(record.term.find(at, |number| self.licence_span(licence, number))?.state)
	}

	/// To whom an organisation handed over its duties; nothing while that is only offered.
	fn handover(&self, predecessor: OrgId) -> Option<HandoverView> {
		let Succession { successor, offered_at, accepted } = self.succession(predecessor)?;
		let Acceptance { at: since, handover } = accepted?;
		Some(HandoverView { predecessor, successor, offered_at, since, handover })
	}

	/// Whether an organisation is the custodian or one of its successors.
	fn is_in_line(&self, organisation: OrgId, custodian: OrgId) -> bool {
		organisation == custodian || line(custodian, |id| self.handover(id)).any(|step| step.successor == organisation)
	}

	/// Whether an organisation answers no more: it handed over, and left or was expelled. Somebody else does its duties
	/// then, and those who went have no business with the records.
	fn is_released(&self, organisation: OrgId) -> bool {
		let has_gone =
			|seat: Seat| matches!(seat.status.state, OrganisationStatus::Left | OrganisationStatus::Expelled);
		self.handover(organisation).is_some() && self.seat(organisation).is_some_and(has_gone)
	}

	/// Whether the duties of a custodian are an organisation's now.
	fn answers_for(&self, organisation: OrgId, custodian: OrgId) -> bool {
		self.is_in_line(organisation, custodian) && !self.is_released(organisation)
	}

	/// Who answered in an organisation's place at a moment: the last one to whom its duties had passed then.
	fn successor_at(&self, organisation: OrgId, at: Moment) -> Option<Successor> {
		let handovers = line(organisation, |id| self.handover(id));
		let last = handovers.take_while(|step| step.since <= at).last()?;
		Some(Successor { organisation: last.successor, since: last.since, handover: last.handover })
	}

	/// The answer about to whom the duties of an organisation passed, step by step, or are offered; nothing if there is no
	/// such organisation.
	fn succession_view(&self, organisation: OrgId) -> Option<SuccessionView> {
		let seat = self.seat(organisation);
		// Read of one that there is not, too: what a proof must have at least does not depend on what stands there.
		let offer = self.succession(organisation).filter(|succession| succession.accepted.is_none());
		seat?;
		Some(SuccessionView {
			organisation,
			released: self.is_released(organisation),
			line: line(organisation, |id| self.handover(id)).collect(),
			offer: offer.map(|Succession { successor, offered_at, .. }| OfferView { successor, offered_at }),
		})
	}
}
