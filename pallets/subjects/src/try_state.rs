// SPDX-License-Identifier: Apache-2.0
//! What always holds between calls.

use crate::{ClosedRebinds, Config, History, InDoubt, Keys, Meters, Pallet, Rebinds, SubjectRecordOf, Subjects};
use epidaurus_primitives::ids::SubjectId;
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

fn check(holds: bool, otherwise: &'static str) -> Result<(), TryRuntimeError> {
	holds.then_some(()).ok_or_else(|| otherwise.into())
}

impl<T: Config> Pallet<T> {
	/// Checks everything that always holds between calls; the error says what does not. Reads the whole pallet, so it is
	/// for tests and trial runs only, and not in the WASM of a chain.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_subjects()?;
		Self::check_keys()?;
		Self::check_rebinds()?;
		Self::check_doubts()?;
		Self::check_meters()
	}

	fn check_subjects() -> Result<(), TryRuntimeError> {
		let (mut spans, mut closed) = (0u32, 0u32);
		for (subject, record) in Subjects::<T>::iter() {
			Self::check_subject(&subject, &record)?;
			spans = spans.saturating_add(record.state.earlier);
			closed = closed.saturating_add(record.rebinds);
			ensure!(record.rotated_at.is_none_or(|at| at <= Self::now()), "a key will have been rotated");
			ensure!(record.tally.acts <= T::MaxOwnPerBlock::get(), "a subject has sent too much in a block");
		}
		ensure!(u32::try_from(History::<T>::iter_keys().count()) == Ok(spans), "subjects have stray spans");
		check(u32::try_from(ClosedRebinds::<T>::iter_keys().count()) == Ok(closed), "subjects have stray re-bindings")
	}

	/// Its spans are in order, and each of its keys is its own and can never lose its nonce.
	fn check_subject(subject: &SubjectId, record: &SubjectRecordOf<T>) -> Result<(), TryRuntimeError> {
		let mut before = None;
		let own = |key: &T::AccountId| {
			ensure!(Keys::<T>::get(key).as_ref() == Some(subject), "a key of a subject is not listed as its own");
			check(frame_system::Account::<T>::get(key).sufficients > 0, "a key of a subject can lose its nonce")
		};
		for number in 0..record.state.earlier {
			let span = History::<T>::get(subject, number).ok_or("a span of a subject is missing")?;
			ensure!(before.is_none_or(|before| before < span.since), "the spans of a subject are out of order");
			before = Some(span.since);
			own(&span.state.key)?;
		}
		ensure!(
			before.is_none_or(|before| before < record.state.since),
			"the present span begins before an earlier one"
		);
		ensure!(record.state.since <= Self::now(), "a history lies in the future");
		for number in 0..record.rebinds {
			let closed = ClosedRebinds::<T>::get(subject, number).ok_or("a closed re-binding is missing")?;
			ensure!(closed.rebind.restricts(), "a re-binding was kept that one member stood for");
			ensure!(closed.at <= Self::now(), "a re-binding was closed in the future");
		}
		own(&record.state.state.key)
	}

	fn check_keys() -> Result<(), TryRuntimeError> {
		check(Keys::<T>::iter_values().all(Subjects::<T>::contains_key), "a key belongs to no subject")
	}

	fn check_rebinds() -> Result<(), TryRuntimeError> {
		for (subject, rebind) in Rebinds::<T>::iter() {
			let record = Subjects::<T>::get(subject).ok_or("a re-binding of no subject")?;
			ensure!(record.state.state.key != rebind.new_key, "a re-binding to the present key");
			ensure!(Keys::<T>::get(&rebind.new_key) == Some(subject), "a new key is not kept for its subject");
			ensure!(rebind.lost_since <= rebind.started_at, "a key will have been lost");
			ensure!(rebind.contested_at.is_none() || rebind.restricts(), "contested before it was confirmed");
			if let Some(confirmation) = &rebind.confirmed {
				ensure!(confirmation.by != rebind.started_by, "one member stands for a re-binding twice");
				ensure!(confirmation.at < rebind.confirm_until, "confirmed too late");
			}
		}
		Ok(())
	}

	fn check_doubts() -> Result<(), TryRuntimeError> {
		for (subject, doubts) in InDoubt::<T>::iter() {
			ensure!(Subjects::<T>::contains_key(subject), "a doubt about no subject");
			let mut before = None;
			for doubt in doubts.iter() {
				ensure!(doubt.from < doubt.until && doubt.until <= Self::now(), "a doubt is empty or not over");
				ensure!(before.is_none_or(|before| before < doubt.from), "doubts overlap or are out of order");
				before = Some(doubt.until);
			}
		}
		Ok(())
	}

	fn check_meters() -> Result<(), TryRuntimeError> {
		let limits = Self::limits();
		for meter in Meters::<T>::iter_values() {
			ensure!(meter.day <= Self::now().day(), "a quota was taken on a day to come");
			let within = meter.used <= limits.daily
				&& meter.ordinary <= limits.ordinary
				&& meter.restrictive <= limits.restrictive;
			ensure!(within, "more was given without a fee than there is");
		}
		Ok(())
	}
}
