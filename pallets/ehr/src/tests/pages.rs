// SPDX-License-Identifier: Apache-2.0
//! The views and pages that the runtime API gives.

use super::*;
use codec::Encode;
use epidaurus_primitives::{
	ehr::RecordStanding,
	moment::DAY,
	views::{AnchorView, CheckpointView, Cursor, LogView, Page, VersionView, MAX_PAGE},
};
use LogKind::Records as RecordsLog;

/// Cursors that no page gives.
fn garbage() -> Vec<Cursor> {
	let mut cursors = vec![vec![], vec![1], vec![0xff; 4], vec![0xff; 8], vec![0xff; 9], vec![7; 1_000]];
	cursors.push((1_u32, 2_u8).encode());
	cursors.push((1_u64, 2_u8).encode());
	cursors.into_iter().map(Cursor).collect()
}

/// Reads page after page to the end.
fn all<Item>(limit: u32, read: impl Fn(Option<Cursor>, u32) -> Page<Item>) -> Vec<Item> {
	let (mut items, mut cursor) = (Vec::new(), None);
	for _ in 0..1_000 {
		let page = read(cursor, limit);
		assert!(page.items.len() <= usize::try_from(limit.clamp(1, MAX_PAGE)).unwrap());
		items.extend(page.items);
		cursor = page.next;
		if cursor.is_none() {
			return items;
		}
	}
	panic!("the list has no end");
}

fn versions(limit: u32) -> Vec<VersionView> {
	all(limit, |cursor, limit| Ehr::versions_page(RECORD, cursor, limit))
}

fn checkpoints(limit: u32) -> Vec<CheckpointView> {
	all(limit, |cursor, limit| Ehr::checkpoints_page(HOSPITAL, RecordsLog, cursor, limit))
}

fn numbers(checkpoints: &[CheckpointView]) -> Vec<u64> {
	checkpoints.iter().map(|checkpoint| checkpoint.number).collect()
}

#[test]
fn anchor_view_follows_the_record() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Ehr::anchor_view(RECORD), None);
		assert_ok!(anchor(CLERK, RECORD, 1));
		let view = |version, standing, minutes: u64| {
			let since = Moment(START.0 + minutes * 60_000);
			Some(AnchorView { record: RECORD, custodian: HOSPITAL, version, standing, since })
		};
		assert_eq!(Ehr::anchor_view(RECORD), view(1, RecordStanding::Current, 0));
		advance(60_000);
		assert_ok!(amend(CLERK, RECORD, 1, 2));
		assert_eq!(Ehr::anchor_view(RECORD), view(2, RecordStanding::Current, 1));
		advance(60_000);
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		assert_eq!(Ehr::anchor_view(RECORD), view(2, RecordStanding::EnteredInError, 2));
	});
}

#[test]
fn versions_page_by_page_gives_all_in_order() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		for expected in 1..10 {
			advance(1);
			assert_ok!(amend(CLERK, RECORD, expected, 1));
		}
		let expected = (1..=10).map(|version| VersionView {
			version,
			commitment: commitment(&opening(1, version, RECURSIVE)),
			suite: RECURSIVE,
			anchored_at: Moment(START.0 + u64::from(version) - 1),
			standing: if version == 10 { RecordStanding::Current } else { RecordStanding::Amended { current: 10 } },
		});
		let expected = expected.collect::<Vec<_>>();
		for limit in [0, 1, 2, 3, 9, 10, 11, MAX_PAGE, u32::MAX] {
			assert_eq!(versions(limit), expected, "{limit}");
		}
		assert_ok!(Ehr::mark_entered_in_error(signed(CLERK), RECORD));
		assert!(versions(3).iter().all(|version| version.standing == RecordStanding::EnteredInError));
	});
}

#[test]
fn versions_page_is_never_larger_than_the_largest() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(anchor(CLERK, RECORD, 1));
		for expected in 1..=MAX_PAGE {
			assert_ok!(amend(CLERK, RECORD, expected, 1));
		}
		let page = Ehr::versions_page(RECORD, None, u32::MAX);
		assert_eq!(u32::try_from(page.items.len()), Ok(MAX_PAGE));
		let last = Ehr::versions_page(RECORD, page.next, u32::MAX);
		assert_eq!((last.items.len(), last.items[0].version, last.next), (1, MAX_PAGE + 1, None));
	});
}

#[test]
fn versions_page_of_an_unknown_record_or_cursor_is_empty() {
	ExtBuilder::default().build_and_execute(|| {
		let empty = Page { items: Vec::new(), next: None };
		assert_eq!(Ehr::versions_page(RECORD, None, 10), empty);
		assert_ok!(anchor(CLERK, RECORD, 1));
		for cursor in garbage() {
			assert_eq!(Ehr::versions_page(RECORD, Some(cursor), 10), empty);
		}
		for version in [0_u32, 2, u32::MAX] {
			assert_eq!(Ehr::versions_page(RECORD, Some(Cursor(version.encode())), u32::MAX), empty);
		}
	});
}

#[test]
fn log_view_follows_the_log() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Ehr::log_view(HOSPITAL, RecordsLog), None);
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let mut log = TestLog::new(RecordsLog);
		let view =
			|head, at, checkpoints| Some(LogView { custodian: HOSPITAL, kind: RecordsLog, head, at, checkpoints });
		assert_eq!(Ehr::log_view(HOSPITAL, RecordsLog), view(log.head(), START, 0));
		assert_eq!(checkpoints(10), []);
		advance(60_000);
		log.append(1);
		assert_ok!(log.checkpoint(CLERK, 0));
		assert_eq!(Ehr::log_view(HOSPITAL, RecordsLog), view(log.head(), Moment(START.0 + 60_000), 1));
	});
}

/// Twenty days of four checkpoints each, every second day unlicensed: the first are thinned, the last week is whole.
fn twenty_days(test: impl FnOnce(TestLog)) {
	ExtBuilder::default().build_and_execute(|| {
		set_now(Moment(START.day() * DAY));
		assert_ok!(Ehr::open_log(signed(CLERK), RecordsLog));
		let mut log = TestLog::new(RecordsLog);
		for number in 0..80_u8 {
			MockRegistry::set_active(HOSPITAL, number / 4 % 2 == 0);
			log.append(number);
			assert_ok!(log.checkpoint(CLERK, u64::from(number)));
			advance(DAY / 4);
		}
		test(log);
	});
}

#[test]
fn checkpoints_page_by_page_gives_all_that_are_kept() {
	twenty_days(|log| {
		let stored = kept(HOSPITAL, RecordsLog).into_iter().rev().collect::<Vec<_>>();
		assert!(stored.len() < 50 && stored.len() > 40, "{stored:?}");
		for limit in [0, 1, 2, 7, 28, 29, 30, MAX_PAGE, u32::MAX] {
			let views = checkpoints(limit);
			assert_eq!(numbers(&views), stored, "{limit}");
			for view in views {
				assert_eq!(view.head, log.head_at(view.number + 1));
				assert_eq!(view.at, Moment(START.day() * DAY + view.number * DAY / 4));
				assert_eq!(view.licensed, view.number / 4 % 2 == 0);
			}
		}
	});
}

#[test]
fn checkpoints_page_goes_on_while_the_log_is_thinned() {
	twenty_days(|mut log| {
		let first = Ehr::checkpoints_page(HOSPITAL, RecordsLog, None, 18);
		let shown = first.items.last().unwrap().number;
		// Meanwhile weeks pass; the place where the page ended is thinned away.
		advance(3 * WEEK);
		for number in 80..120_u8 {
			log.append(number);
			assert_ok!(log.checkpoint(CLERK, u64::from(number)));
		}
		let stored = kept(HOSPITAL, RecordsLog);
		assert!(!stored.contains(&(shown - 1)), "the test tests nothing otherwise");
		let rest = all(18, |cursor, limit| {
			Ehr::checkpoints_page(HOSPITAL, RecordsLog, cursor.or_else(|| first.next.clone()), limit)
		});
		let expected = stored.into_iter().rev().filter(|number| *number < shown).collect::<Vec<_>>();
		assert_eq!(numbers(&rest), expected);
	});
}

#[test]
fn checkpoints_page_from_any_number_begins_there() {
	twenty_days(|_| {
		let stored = kept(HOSPITAL, RecordsLog);
		for number in 0..80_u64 {
			let page = Ehr::checkpoints_page(HOSPITAL, RecordsLog, Some(Cursor(number.encode())), u32::MAX);
			let expected = stored.iter().rev().copied().filter(|kept| *kept <= number).collect::<Vec<_>>();
			assert_eq!(numbers(&page.items), expected);
		}
	});
}

#[test]
fn checkpoints_page_of_an_unknown_log_or_cursor_is_empty() {
	twenty_days(|_| {
		let empty = Page { items: Vec::new(), next: None };
		assert_eq!(Ehr::checkpoints_page(LABORATORY, RecordsLog, None, 10), empty);
		assert_eq!(Ehr::checkpoints_page(HOSPITAL, LogKind::Disclosures, None, 10), empty);
		for cursor in garbage() {
			assert_eq!(Ehr::checkpoints_page(HOSPITAL, RecordsLog, Some(cursor), 10), empty);
		}
		for number in [80_u64, u64::MAX] {
			let page = Ehr::checkpoints_page(HOSPITAL, RecordsLog, Some(Cursor(number.encode())), 10);
			assert_eq!(page, empty);
		}
	});
}
