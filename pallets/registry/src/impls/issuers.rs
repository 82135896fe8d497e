// SPDX-License-Identifier: Apache-2.0
//! Issuers: who may license what, and where.

use crate::{
	timeline::Timeline,
	types::{IssuerKey, IssuerRecord},
	Config, Error, Event, IssuerHistory, Issuers, Pallet,
};
use epidaurus_primitives::{ids::OrgId, jurisdiction::Jurisdiction, moment::Moment, registry::Capability};
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_recognise_issuer(key: IssuerKey) -> DispatchResult {
		Self::ensure_active(key.organisation)?;
		Self::set_recognised(key, Self::now())?;
		let IssuerKey { organisation, capability, jurisdiction } = key;
		Self::deposit_event(Event::IssuerRecognised { organisation, capability, jurisdiction });
		Ok(())
	}

	pub(crate) fn set_recognised(key: IssuerKey, now: Moment) -> DispatchResult {
		ensure!(key.jurisdiction.is_valid(), Error::<T>::InvalidJurisdiction);
		let record = match Issuers::<T>::get(key) {
			None => IssuerRecord { recognised: Timeline::new(true, now), distrusted_from: None },
			Some(mut record) => {
				ensure!(!record.recognised.state, Error::<T>::AlreadyExists);
				ensure!(record.distrusted_from.is_none(), Error::<T>::Distrusted);
				Self::change_recognition(key, &mut record.recognised, true, now);
				record
			},
		};
		Issuers::<T>::insert(key, record);
		Ok(())
	}

	pub(crate) fn do_withdraw_issuer(key: IssuerKey) -> DispatchResult {
		Issuers::<T>::try_mutate(key, |slot| {
			let record = slot.as_mut().ok_or(Error::<T>::NotFound)?;
			ensure!(record.recognised.state, Error::<T>::NotRecognised);
			Self::change_recognition(key, &mut record.recognised, false, Self::now());
			DispatchResult::Ok(())
		})?;
		let IssuerKey { organisation, capability, jurisdiction } = key;
		Self::deposit_event(Event::IssuerWithdrawn { organisation, capability, jurisdiction });
		Ok(())
	}

	pub(crate) fn do_distrust_issuer(key: IssuerKey, from: Moment) -> DispatchResult {
		let now = Self::now();
		let from = from.min(now);
		Issuers::<T>::try_mutate(key, |slot| {
			let record = slot.as_mut().ok_or(Error::<T>::NotFound)?;
			ensure!(record.distrusted_from.is_none_or(|known| from < known), Error::<T>::NoChange);
			record.distrusted_from = Some(from);
			if record.recognised.state {
				Self::change_recognition(key, &mut record.recognised, false, now);
			}
			DispatchResult::Ok(())
		})?;
		let IssuerKey { organisation, capability, jurisdiction } = key;
		Self::deposit_event(Event::IssuerDistrusted { organisation, capability, jurisdiction, from });
		Ok(())
	}

	fn change_recognition(key: IssuerKey, timeline: &mut Timeline<bool>, recognised: bool, now: Moment) {
		timeline.change(recognised, now, |number, span| IssuerHistory::<T>::insert(key, number, span));
	}

	/// The jurisdiction for which the organisation is recognised now and that covers the one asked for: that itself or
	/// the whole country.
	pub(crate) fn authority(
		organisation: OrgId,
		capability: Capability,
		jurisdiction: Jurisdiction,
	) -> Option<Jurisdiction> {
		let recognised = |jurisdiction: &Jurisdiction| {
			let key = IssuerKey { organisation, capability, jurisdiction: *jurisdiction };
			Issuers::<T>::get(key).is_some_and(|record| record.recognised.state)
		};
		[jurisdiction, Jurisdiction::country(jurisdiction.country)].into_iter().find(recognised)
	}
}
