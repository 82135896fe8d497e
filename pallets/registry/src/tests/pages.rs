// SPDX-License-Identifier: Apache-2.0
//! Lists for the runtime API.

use super::*;
use codec::Encode;
use epidaurus_primitives::views::{Cursor, Page, MAX_PAGE};

/// Reads a list page by page and checks that no page is longer than asked for.
fn walk<Item>(limit: u32, page: impl Fn(Option<Cursor>, u32) -> Page<Item>) -> Vec<Item> {
	let (mut all, mut cursor) = (Vec::new(), None);
	loop {
		let Page { items, next } = page(cursor, limit);
		assert!(items.len() <= limit as usize);
		all.extend(items);
		cursor = next;
		if cursor.is_none() {
			return all;
		}
	}
}

fn garbage() -> Vec<Cursor> {
	[vec![], vec![0], vec![0xff; 3], vec![0xff; 5], vec![1; 31], vec![7; 33], vec![0xff; 1_000]].map(Cursor).to_vec()
}

#[test]
fn organisations_come_in_the_order_of_their_ids() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = apply();
		assert_ok!(Registry::refuse_application(council(), refused));
		let last = apply();
		for limit in 1..7 {
			let ids: Vec<_> = walk(limit, Registry::organisations).into_iter().map(|view| view.id).collect();
			assert_eq!(ids, [HOSPITAL, AUTHORITY, PHARMACY, last], "limit {limit}");
		}
	});
}

#[test]
fn members_come_once_each() {
	ExtBuilder::default().build_and_execute(|| {
		for id in 20..40 {
			assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), account(id), Roles::RECORDS, None));
		}
		let everybody = walk(100, |cursor, limit| Registry::members(HOSPITAL, cursor, limit));
		assert_eq!(everybody.len(), 23);
		assert!(everybody.iter().all(|view| view.organisation == HOSPITAL));
		for limit in [1, 2, 7, 22, 23, 24] {
			assert_eq!(walk(limit, |cursor, limit| Registry::members(HOSPITAL, cursor, limit)), everybody);
		}
		assert_eq!(Registry::members(OrgId(9), None, 5), Page { items: vec![], next: None });
	});
}

#[test]
fn members_that_have_run_out_are_left_out() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::RECORDS, moment(2_000)));
		set_time(2_000);
		let accounts: Vec<_> = walk(1, |cursor, limit| Registry::members(HOSPITAL, cursor, limit))
			.into_iter()
			.map(|view| view.account)
			.collect();
		assert!(accounts.len() == 2 && !accounts.contains(&CLERK));
	});
}

#[test]
fn licences_come_in_the_order_of_issue_ended_ones_too() {
	ExtBuilder::default().build_and_execute(|| {
		for round in 0..10 {
			set_time(START + round * 10);
			license_hospital(moment(START + round * 10 + 5));
		}
		for limit in [1, 3, 10, 11] {
			let page = |cursor, limit| Registry::licences(Holder::Organisation(HOSPITAL), cursor, limit);
			let ids: Vec<_> = walk(limit, page).into_iter().map(|view| view.id.0).collect();
			assert_eq!(ids, (0..10).collect::<Vec<_>>(), "limit {limit}");
		}
		assert_eq!(Registry::licences(Holder::Organisation(AUTHORITY), None, 9), Page { items: vec![], next: None });
		assert_eq!(Registry::licence(LicenceId(10)), None);
	});
}

#[test]
fn issuers_come_once_each() {
	ExtBuilder::default().build_and_execute(|| {
		let all = walk(99, Registry::issuers);
		assert_eq!(all.len(), Capability::ALL.len());
		for limit in [1, 4, 11] {
			assert_eq!(walk(limit, Registry::issuers), all);
		}
	});
}

#[test]
fn garbage_cursor_gives_an_empty_page() {
	ExtBuilder::default().build_and_execute(|| {
		license_hospital(None);
		for cursor in garbage() {
			let cursor = || Some(cursor.clone());
			assert_eq!(Registry::organisations(cursor(), 9), Page { items: vec![], next: None });
			assert_eq!(Registry::members(HOSPITAL, cursor(), 9), Page { items: vec![], next: None });
			assert_eq!(
				Registry::licences(Holder::Organisation(HOSPITAL), cursor(), 9),
				Page { items: vec![], next: None }
			);
			assert_eq!(Registry::issuers(cursor(), 9), Page { items: vec![], next: None });
		}
		let beyond = || Some(Cursor(u32::MAX.encode()));
		assert_eq!(Registry::organisations(beyond(), 9), Page { items: vec![], next: None });
		assert_eq!(Registry::licences(Holder::Organisation(HOSPITAL), beyond(), 9).items, []);
	});
}

#[test]
fn page_has_one_item_at_least_and_no_more_than_the_limit_of_all_pages() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Registry::organisations(None, 0).items.len(), 1);
		assert_eq!(Registry::members(HOSPITAL, None, 0).items.len(), 1);
		Balances::force_set_balance(council(), sovereign(0), 1_000_000).unwrap();
		for id in 0..300u32 {
			let mut bytes = [0xaa; 32];
			bytes[..4].copy_from_slice(&id.to_le_bytes());
			let member = AccountId::new(bytes);
			assert_ok!(Registry::add_member(signed(HOSPITAL_HEAD), member, Roles::RECORDS, None));
		}
		let page = Registry::members(HOSPITAL, None, u32::MAX);
		assert_eq!(page.items.len(), MAX_PAGE as usize);
		assert!(page.next.is_some());
	});
}
