// SPDX-License-Identifier: Apache-2.0
//! Deposits: on each account just as much is on hold for each reason as the stored tickets say. No pallet can check this
//! by itself: it knows its tickets, and not the accounts.

use super::same;
use codec::{Decode, Encode};
use epidaurus_primitives::ids::OrgId;
use epidaurus_runtime::{AccountId, Balance, Runtime, RuntimeHoldReason};
use pallet_ehr::HoldReason as Ehr;
use pallet_registry::HoldReason as Registry;
use pallet_subjects::HoldReason as Subjects;
use std::collections::BTreeMap;

/// What is on hold, by account and reason.
type Book = BTreeMap<(AccountId, String), Balance>;

fn enter(book: &mut Book, account: AccountId, reason: RuntimeHoldReason, amount: Balance) {
	*book.entry((account, format!("{reason:?}"))).or_default() += amount;
}

/// Says where a hold is not what the tickets say.
pub fn compare() -> Result<(), String> {
	let mut holds = Book::new();
	for (account, reasons) in pallet_balances::Holds::<Runtime>::iter() {
		for hold in reasons {
			if let RuntimeHoldReason::Registry(_) | RuntimeHoldReason::Ehr(_) | RuntimeHoldReason::Subjects(_) = hold.id
			{
				enter(&mut holds, account.clone(), hold.id, hold.amount);
			}
		}
	}
	same("deposits", &tickets(), &holds)
}

fn tickets() -> Book {
	let mut book = Book::new();
	// A ticket is stored as the amount that it stands for.
	let mut ticket = |payer: OrgId, reason: RuntimeHoldReason, ticket: Vec<u8>| {
		let amount = Balance::decode(&mut ticket.as_slice()).expect("an amount");
		enter(&mut book, payer.sovereign_account(), reason, amount);
	};
	for (id, one) in pallet_registry::Organisations::<Runtime>::iter() {
		one.ticket.into_iter().for_each(|found| ticket(id, Registry::Organisation.into(), found.encode()));
	}
	for one in pallet_registry::Applications::<Runtime>::iter_values() {
		ticket(one.sponsor, Registry::Application.into(), one.ticket.encode());
	}
	for one in pallet_registry::Members::<Runtime>::iter_values() {
		if let (Some(membership), Some(found)) = (one.membership.state, one.ticket) {
			ticket(membership.organisation, Registry::Member.into(), found.encode());
		}
	}
	for one in pallet_registry::Licences::<Runtime>::iter_values() {
		one.ticket.into_iter().for_each(|found| ticket(one.issuer, Registry::Licence.into(), found.encode()));
	}
	for version in pallet_ehr::Versions::<Runtime>::iter_values() {
		version.ticket.into_iter().for_each(|found| ticket(version.payer, Ehr::Version.into(), found.encode()));
	}
	for (custodian, _, log) in pallet_ehr::Logs::<Runtime>::iter() {
		ticket(custodian, Ehr::Log.into(), log.ticket.encode());
	}
	for one in pallet_subjects::Subjects::<Runtime>::iter_values() {
		ticket(one.custodian, Subjects::Subject.into(), one.ticket.encode());
	}
	book
}
