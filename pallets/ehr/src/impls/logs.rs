// SPDX-License-Identifier: Apache-2.0
//! Logs: open, checkpoint, thin, and read back.

use super::{cursor_at, page_size, start_of_page, CAPABILITY};
use crate::{
	thinning::{fate, Fate},
	Checkpoint, Checkpoints, Config, DailyCheckpoints, Error, Event, LogState, LogStateOf, Logs, Pallet, LOG_TARGET,
};
use alloc::vec::Vec;
use codec::MaxEncodedLen;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	hash::HostSha256,
	ids::OrgId,
	merkle::{empty_root, verify_consistency, Hash, MAX_LOG_SIZE},
	moment::Moment,
	seams::Registry,
	views::{CheckpointView, Cursor, LogView, Page},
};
use frame_support::{
	ensure,
	traits::{Consideration, Footprint, Get},
};
use sp_runtime::DispatchResult;

/// A custodian's log, as a key.
pub(super) type LogId = (OrgId, LogKind);

impl<T: Config> Pallet<T> {
	pub(crate) fn do_open_log(by: T::AccountId, kind: LogKind) -> DispatchResult {
		let now = Self::now();
		let custodian = Self::ensure_right(&by, now)?;
		ensure!(!Logs::<T>::contains_key(custodian, kind), Error::<T>::AlreadyExists);
		let ticket = T::LogConsideration::new(&custodian.sovereign_account(), Self::log_footprint())?;
		let head = LogHead { size: 0, root: empty_root::<HostSha256>() };
		let newest = Checkpoint { head, at: now, licensed: true };
		Logs::<T>::insert(custodian, kind, LogState { newest, checkpoints: 0, thinned: 0, days: 0, ticket });
		Self::deposit_event(Event::LogOpened { custodian, kind, by });
		Ok(())
	}

	/// `whose` is nothing for the log of the organisation that `by` acts for.
	pub(crate) fn do_checkpoint(
		by: T::AccountId,
		whose: Option<OrgId>,
		kind: LogKind,
		root: Hash,
		size: u64,
		proof: &[Hash],
	) -> DispatchResult {
		let keeper = Self::ensure_duty(&by)?;
		let custodian = whose.unwrap_or(keeper);
		ensure!(T::Registry::answers_for(keeper, custodian), Error::<T>::NotAuthorised);
		let mut log = Logs::<T>::get(custodian, kind).ok_or(Error::<T>::NotFound)?;
		let head = LogHead { size, root };
		Self::ensure_grows(&log.newest.head, &head, proof)?;
		let at = Self::now();
		let licensed = T::Registry::is_licensed(keeper, CAPABILITY, None, at);
		let number = log.checkpoints;
		log.newest = Checkpoint { head, at, licensed };
		log.checkpoints = number.saturating_add(1);
		Checkpoints::<T>::insert((custodian, kind, number), log.newest);
		Self::thin((custodian, kind), &mut log, at);
		Logs::<T>::insert(custodian, kind, log);
		Self::deposit_event(Event::LogCheckpointed { custodian, kind, by, number, size, root, licensed });
		Ok(())
	}

	/// Refuses a head that is not the old log with something appended.
	fn ensure_grows(old: &LogHead, new: &LogHead, proof: &[Hash]) -> Result<(), Error<T>> {
		ensure!(new != old, Error::<T>::AlreadyExists);
		ensure!(new.size >= old.size, Error::<T>::LogShrinks);
		ensure!(new.size > old.size, Error::<T>::ForkedHead);
		ensure!(new.size <= MAX_LOG_SIZE, Error::<T>::TooManyEntries);
		verify_consistency::<HostSha256>(old.size, &old.root, new.size, &new.root, proof).map_err(|error| {
			log::debug!(target: LOG_TARGET, "consistency proof refused: {error}");
			Error::<T>::InvalidProof
		})
	}

	/// Deals with the oldest checkpoints that have not been dealt with, as many as there are steps.
	fn thin((custodian, kind): LogId, log: &mut LogStateOf<T>, now: Moment) {
		let read = |number| Checkpoints::<T>::get((custodian, kind, number));
		let Some(mut oldest) = read(log.thinned) else { return };
		for _ in 0..T::ThinSteps::get() {
			let following = log.thinned.saturating_add(1);
			let Some(next) = read(following) else { return };
			match fate(oldest.at, Some(next.at), now, T::ThinAfter::get()) {
				Fate::NotYet => return,
				Fate::Drop => Checkpoints::<T>::remove((custodian, kind, log.thinned)),
				Fate::Keep => {
					DailyCheckpoints::<T>::insert((custodian, kind, log.days), log.thinned);
					log.days = log.days.saturating_add(1);
				},
			}
			log.thinned = following;
			oldest = next;
		}
	}

	/// What the deposit of a log is for.
	pub fn log_footprint() -> Footprint {
		let state = <(LogId, LogStateOf<T>)>::max_encoded_len();
		let checkpoint = <(LogId, u64, Checkpoint)>::max_encoded_len();
		let window = usize::try_from(T::LogWindow::get()).unwrap_or(usize::MAX);
		Footprint::from_parts(1, state.saturating_add(checkpoint.saturating_mul(window)))
	}

	/// A custodian's log.
	pub fn log_view(custodian: OrgId, kind: LogKind) -> Option<LogView> {
		let log = Logs::<T>::get(custodian, kind)?;
		let Checkpoint { head, at, .. } = log.newest;
		Some(LogView { custodian, kind, head, at, checkpoints: log.checkpoints })
	}

	/// The checkpoints of a log that are kept, newest first; at most
	/// [`MAX_PAGE`](epidaurus_primitives::views::MAX_PAGE) of them, at least one. Empty if there is no such log, and for a
	/// cursor that is none of ours. A cursor stays good while the log grows and is thinned.
	pub fn checkpoints_page(
		custodian: OrgId,
		kind: LogKind,
		cursor: Option<Cursor>,
		limit: u32,
	) -> Page<CheckpointView> {
		let page = Logs::<T>::get(custodian, kind).and_then(|log| {
			let newest = log.checkpoints.checked_sub(1)?;
			let from = start_of_page(cursor.as_ref(), newest).filter(|from| *from <= newest)?;
			Some(Self::checkpoints_from((custodian, kind), &log, from, page_size(limit)))
		});
		page.unwrap_or(Page { items: Vec::new(), next: None })
	}

	fn checkpoints_from((custodian, kind): LogId, log: &LogStateOf<T>, from: u64, count: u32) -> Page<CheckpointView> {
		let days = Self::days_up_to((custodian, kind), log, from);
		let young = (log.thinned..=from).rev();
		let old = (0..days).rev().filter_map(|place| DailyCheckpoints::<T>::get((custodian, kind, place)));
		let mut numbers = young.chain(old);
		let count = usize::try_from(count).unwrap_or(usize::MAX);
		let items = numbers.by_ref().take(count).filter_map(|number| {
			let Checkpoint { head, at, licensed } = Checkpoints::<T>::get((custodian, kind, number))?;
			Some(CheckpointView { number, head, at, licensed })
		});
		Page { items: items.collect(), next: numbers.next().map(cursor_at) }
	}

	/// How many of the thinned days have a checkpoint of at most that number. Reads no more than 32 times.
	fn days_up_to((custodian, kind): LogId, log: &LogStateOf<T>, number: u64) -> u32 {
		if number >= log.thinned {
			return log.days;
		}
		let day = |place| DailyCheckpoints::<T>::get((custodian, kind, place));
		first(0, log.days.into(), |place| day(narrow(place)).is_none_or(|kept| kept > number)).map_or(log.days, narrow)
	}

	/// When the first checkpoint was made that covers the entry, of those that are kept. Reads no more than 160 times.
	pub(super) fn covered_at((custodian, kind): LogId, log: &LogStateOf<T>, sequence: u64) -> Moment {
		let read = |number| Checkpoints::<T>::get((custodian, kind, number));
		let covers = |number| read(number).is_some_and(|checkpoint| checkpoint.head.size > sequence);
		let day = |place| DailyCheckpoints::<T>::get((custodian, kind, narrow(place)));
		let old = first(0, log.days.into(), |place| day(place).is_some_and(covers)).and_then(day);
		let number = old.or_else(|| first(log.thinned, log.checkpoints, covers));
		number.and_then(read).map_or(log.newest.at, |checkpoint| checkpoint.at)
	}
}

/// The first number of a range for which a condition holds that from there on holds for all.
fn first(from: u64, end: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
	let (mut low, mut high) = (from, end);
	while low < high {
		let middle = u64::midpoint(low, high);
		if holds(middle) {
			high = middle;
		} else {
			low = middle.saturating_add(1);
		}
	}
	(low < end).then_some(low)
}

/// A place among the days, which are counted in 32 bits.
fn narrow(place: u64) -> u32 {
	u32::try_from(place).unwrap_or(u32::MAX)
}
