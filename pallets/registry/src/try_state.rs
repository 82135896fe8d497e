// SPDX-License-Identifier: Apache-2.0
//! What always holds between calls.

use crate::{
	life,
	timeline::{Span, Timeline},
	types::Census,
	Applications, Config, Glns, HoldingHistory, Holdings, IssuerHistory, Issuers, LicenceCount, LicenceHistory,
	Licences, LicencesOf, Lines, MemberHistory, Members, MembersOf, NextLicence, NextOrganisation, OrganisationHistory,
	Organisations, Pallet, RotatedAt, Seats, Successions, Tallies,
};
use alloc::collections::BTreeMap;
use epidaurus_primitives::{
	ids::OrgId,
	moment::Moment,
	registry::{Holder, LicenceStatus, OrganisationStatus, Roles, MAX_HANDOVERS},
};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

/// The spans that are kept are those that the timeline counts, in strictly increasing order. Gives their number.
fn check_timeline<State>(
	timeline: &Timeline<State>,
	read: impl Fn(u32) -> Option<Span<State>>,
	now: Moment,
) -> Result<usize, TryRuntimeError> {
	let mut before = None;
	for number in 0..timeline.earlier {
		let span = read(number).ok_or("a span of a timeline is missing")?;
		ensure!(before.is_none_or(|before| before < span.since), "the spans of a timeline are out of order");
		before = Some(span.since);
	}
	ensure!(before.is_none_or(|before| before < timeline.since), "the present span begins before an earlier one");
	ensure!(timeline.since <= now, "a timeline lies in the future");
	usize::try_from(timeline.earlier).map_err(|_| "a timeline is too long".into())
}

fn check(all: bool, otherwise: &'static str) -> Result<(), TryRuntimeError> {
	all.then_some(()).ok_or_else(|| otherwise.into())
}

impl<T: Config> Pallet<T> {
	/// Checks everything that always holds between calls; the error says what does not. Reads the whole pallet, so it is
	/// for tests and trial runs only, and not in the WASM of a chain.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_organisations()?;
		Self::check_seats_and_glns()?;
		Self::check_members()?;
		Self::check_issuers()?;
		Self::check_licences()?;
		Self::check_holdings()?;
		Self::check_successions()
	}

	fn check_organisations() -> Result<(), TryRuntimeError> {
		let mut spans = 0usize;
		for (id, record) in Organisations::<T>::iter() {
			ensure!(id < NextOrganisation::<T>::get(), "an organisation's id is still to be given");
			let read = |number| OrganisationHistory::<T>::get(id, number);
			spans = spans.saturating_add(check_timeline(&record.status, read, Self::now())?);
			let applies = record.status.state == OrganisationStatus::Applied;
			ensure!(applies == Applications::<T>::contains_key(id), "applicants are those with an application");
			ensure!(!(applies && record.ticket.is_some()), "an applicant gives no deposit of its own");
			if !applies {
				let membership = Self::stored_membership(&record.controller);
				let controls = membership.is_some_and(|membership| {
					membership.organisation == id
						&& membership.roles.contains(Roles::CONTROLLER)
						&& membership.until.is_none()
				});
				ensure!(controls, "a controller is a member that does not expire, with the role");
			}
		}
		ensure!(OrganisationHistory::<T>::iter_keys().count() == spans, "organisations have stray spans");
		for (id, at) in RotatedAt::<T>::iter() {
			ensure!(Organisations::<T>::contains_key(id), "a controller of nothing was rotated");
			ensure!(at <= Self::now(), "a controller will have been rotated");
		}
		for (id, application) in Applications::<T>::iter() {
			ensure!(Organisations::<T>::contains_key(id), "an application without an applicant");
			let sponsor = Organisations::<T>::get(application.sponsor).ok_or("an application without a sponsor")?;
			ensure!(sponsor.status.state != OrganisationStatus::Applied, "an applicant sponsors nobody");
		}
		Ok(())
	}

	fn check_seats_and_glns() -> Result<(), TryRuntimeError> {
		let (mut census, mut numbered) = (Census::default(), 0usize);
		for (id, record) in Organisations::<T>::iter() {
			let status = record.status.state;
			census = census.after(OrganisationStatus::Applied, status);
			if let Some(gln) = record.gln {
				ensure!(gln.is_valid(), "a GLN is wrong");
				if life::is_seated(status) || status == OrganisationStatus::Applied {
					ensure!(Glns::<T>::get(gln) == Some(id), "a GLN is not listed for its organisation");
					numbered = numbered.saturating_add(1);
				}
			}
			ensure!(record.jurisdiction.is_valid(), "an organisation's jurisdiction is wrong");
		}
		ensure!(Glns::<T>::iter_keys().count() == numbered, "a GLN is listed for an organisation without it");
		ensure!(Seats::<T>::get() == census, "the seats are miscounted");
		ensure!(census.seats() <= <T::MaxOrganisations as frame_support::traits::Get<u32>>::get(), "too many seats");
		let founded = Organisations::<T>::iter().any(|(_, record)| record.status.state != OrganisationStatus::Applied);
		check(!founded || census.active > 0, "nobody is left to decide")
	}

	fn check_members() -> Result<(), TryRuntimeError> {
		let (mut spans, mut present) = (0usize, 0usize);
		for (account, record) in Members::<T>::iter() {
			let read = |number| MemberHistory::<T>::get(&account, number);
			spans = spans.saturating_add(check_timeline(&record.membership, read, Self::now())?);
			let sufficients = frame_system::Account::<T>::get(&account).sufficients;
			ensure!(sufficients > 0, "a member can lose its nonce");
			let Some(membership) = record.membership.state else {
				ensure!(record.ticket.is_none(), "a deposit is left for a membership that ended");
				continue;
			};
			present = present.saturating_add(1);
			ensure!(MembersOf::<T>::contains_key(membership.organisation, &account), "a member is not listed");
			let organisation = Organisations::<T>::get(membership.organisation).ok_or("a member of nothing")?;
			ensure!(organisation.status.state != OrganisationStatus::Applied, "an applicant has a member");
			let controls = membership.roles.contains(Roles::CONTROLLER);
			ensure!(controls == (organisation.controller == account), "the role of controller is with somebody else");
			let known = Roles::GRANTABLE.union(Roles::CONTROLLER).contains(membership.roles);
			ensure!(known, "a member has an unknown role");
		}
		ensure!(MembersOf::<T>::iter_keys().count() == present, "somebody is listed who is no member");
		for (account, (block, calls)) in Tallies::<T>::iter() {
			ensure!(Members::<T>::contains_key(&account), "an account sent free calls that never was a member");
			ensure!(block <= frame_system::Pallet::<T>::block_number(), "free calls will have been sent");
			let most = <T::MaxFreePerBlock as Get<u32>>::get();
			ensure!((1..=most).contains(&calls), "a member sent too many free calls in a block");
		}
		check(MemberHistory::<T>::iter_keys().count() == spans, "members have stray spans")
	}

	fn check_issuers() -> Result<(), TryRuntimeError> {
		let mut spans = 0usize;
		for (key, record) in Issuers::<T>::iter() {
			let read = |number| IssuerHistory::<T>::get(key, number);
			spans = spans.saturating_add(check_timeline(&record.recognised, read, Self::now())?);
			let organisation = Organisations::<T>::get(key.organisation).ok_or("an issuer that is nobody")?;
			ensure!(organisation.status.state != OrganisationStatus::Applied, "an applicant is an issuer");
			ensure!(key.jurisdiction.is_valid(), "an issuer's jurisdiction is wrong");
			ensure!(
				record.distrusted_from.is_none_or(|from| from <= Self::now() && !record.recognised.state),
				"a distrusted issuer is not recognised, and distrust does not lie in the future"
			);
		}
		check(IssuerHistory::<T>::iter_keys().count() == spans, "issuers have stray spans")
	}

	fn check_licences() -> Result<(), TryRuntimeError> {
		let (mut spans, mut number_of) = (0usize, 0usize);
		for (id, record) in Licences::<T>::iter() {
			number_of = number_of.saturating_add(1);
			ensure!(id < NextLicence::<T>::get(), "a licence's id is still to be given");
			let read = |number| LicenceHistory::<T>::get(id, number);
			spans = spans.saturating_add(check_timeline(&record.term, read, Self::now())?);
			ensure!(Issuers::<T>::contains_key(record.issuer_key()), "a licence without an issuer");
			ensure!(record.authority.covers(&record.jurisdiction), "a licence beyond its issuer's authority");
			match &record.holder {
				Holder::Organisation(holder) => ensure!(Organisations::<T>::contains_key(holder), "held by nobody"),
				Holder::Member(holder) => {
					ensure!(Members::<T>::contains_key(holder), "held by an account that never was a member");
					ensure!(record.capability.is_personal(), "a member holds what only organisations hold");
				},
			}
			let taken_away = record.term.state.status == LicenceStatus::Revoked || record.distrusted_from.is_some();
			ensure!(!(taken_away && record.ticket.is_some()), "a deposit is left for a licence that ended");
			ensure!(record.distrusted_from.is_none_or(|from| from <= Self::now()), "distrust lies in the future");
		}
		ensure!(LicenceHistory::<T>::iter_keys().count() == spans, "licences have stray spans");
		ensure!(usize::try_from(NextLicence::<T>::get().0) == Ok(number_of), "a licence is missing");
		ensure!(LicencesOf::<T>::iter_keys().count() == number_of, "a holder's licences are miscounted");
		for (holder, count) in LicenceCount::<T>::iter() {
			for number in 0..count {
				let id = LicencesOf::<T>::get(&holder, number).ok_or("a holder's licence is missing")?;
				let record = Licences::<T>::get(id).ok_or("a holder's licence does not exist")?;
				ensure!(record.holder == holder, "a licence is listed with somebody else");
			}
		}
		Ok(())
	}

	fn check_holdings() -> Result<(), TryRuntimeError> {
		let (mut spans, mut listed) = (0usize, 0usize);
		for (holding, timeline) in Holdings::<T>::iter() {
			let read = |number| HoldingHistory::<T>::get(&holding, number);
			spans = spans.saturating_add(check_timeline(&timeline, read, Self::now())?);
			for id in &timeline.state {
				let record = Licences::<T>::get(id).ok_or("a listed licence does not exist")?;
				let fits = record.holder == holding.holder && record.capability == holding.capability;
				ensure!(fits, "a licence is listed where it does not belong");
				listed = listed.saturating_add(1);
			}
		}
		ensure!(HoldingHistory::<T>::iter_keys().count() == spans, "holdings have stray spans");
		let in_force = |id, record: &crate::LicenceRecordOf<T>| {
			!record.has_ended(Self::now())
				&& Self::trusted_term(id, record, Self::now())
					.is_some_and(|term| term.until.is_none_or(|until| Self::now() < until))
		};
		let mut unlisted = 0usize;
		for (id, record) in Licences::<T>::iter() {
			let holding = crate::Holding { holder: record.holder.clone(), capability: record.capability };
			if Holdings::<T>::get(&holding).is_some_and(|timeline| timeline.state.contains(&id)) {
				continue;
			}
			unlisted = unlisted.saturating_add(1);
			ensure!(!in_force(id, &record), "a licence in force is not listed");
			ensure!(record.ticket.is_none(), "a deposit is left for a licence that was dropped from the list");
		}
		let all = Licences::<T>::iter_keys().count();
		check(listed.checked_add(unlisted) == Some(all), "a licence is listed twice")
	}

	fn check_successions() -> Result<(), TryRuntimeError> {
		let taken_over = || Successions::<T>::iter().filter_map(|(old, one)| Some((old, one, one.accepted?)));
		for (predecessor, succession) in Successions::<T>::iter() {
			for id in [predecessor, succession.successor] {
				let record = Organisations::<T>::get(id).ok_or("a succession of nobody")?;
				ensure!(record.status.state != OrganisationStatus::Applied, "an applicant has no duties");
			}
			ensure!(succession.offered_at <= Self::now(), "duties will have been offered");
		}
		let mut longest = BTreeMap::<OrgId, u32>::new();
		for (predecessor, succession, acceptance) in taken_over() {
			ensure!(succession.offered_at <= acceptance.at, "duties passed before they were offered");
			ensure!(acceptance.at <= Self::now(), "duties will have passed");
			let (mut last, mut handovers) = (predecessor, 0u32);
			while let Some(next) = Successions::<T>::get(last).filter(|next| next.accepted.is_some()) {
				last = next.successor;
				handovers = handovers.saturating_add(1);
				ensure!(last != predecessor, "a line of successors leads back");
				ensure!(handovers <= MAX_HANDOVERS, "a line of successors is too long");
				let known = longest.entry(last).or_default();
				*known = handovers.max(*known);
			}
		}
		check(Lines::<T>::iter().collect::<BTreeMap<_, _>>() == longest, "the lengths of lines are miscounted")
	}
}
