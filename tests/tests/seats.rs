// SPDX-License-Identifier: Apache-2.0
//! What one custodian's patients may hold of a pool: so many seats, however many of them it invents.

use codec::{Decode, Encode};
use epidaurus_primitives::{
	hash::Commitment,
	ids::{OrgId, RecordId, SubjectId},
	link::LinkKey,
	moment::Moment,
	relay::RelayedAct,
	seams::Seat,
};
use epidaurus_runtime::{
	apis::api,
	constants::{
		money::{EPI, MICRO_EPI},
		pool::{BYTES, SEATS},
	},
	Balance, Runtime, RuntimeCall, System, UncheckedExtrinsic,
};
use epidaurus_tests::{
	account,
	actors::{pair, CLERK, HOSPITAL, HOSPITAL_CONTROLLER, OTHER_CLERK, OTHER_HOSPITAL},
	Chain, START,
};
use frame_support::storage::{with_transaction, TransactionOutcome};
use sp_core::Pair;
use sp_runtime::{
	transaction_validity::{TransactionSource, TransactionTag, TransactionValidity},
	DispatchError, MultiAddress, MultiSignature,
};
use std::collections::BTreeSet;

type Subjects = pallet_subjects::Call<Runtime>;
type Ehr = pallet_ehr::Call<Runtime>;

const KEY: &str = "Patient//phone";
const OTHER_KEY: &str = "Other//phone";
const RECORD: RecordId = RecordId([7; 16]);

/// A chain with a patient of each hospital.
fn clinics() -> Chain {
	let mut chain = Chain::new();
	for (clerk, id, key) in [(CLERK, 1, KEY), (OTHER_CLERK, 2, OTHER_KEY)] {
		chain.ok(clerk, Subjects::enrol { subject: SubjectId([id; 32]), key: account(key) });
	}
	chain
}

/// Every act of a subject.
fn acts() -> Vec<RuntimeCall> {
	let (record, link_key, statement) = (RECORD, LinkKey([8; 32]), Commitment([9; 32]));
	vec![
		Subjects::prove_key {}.into(),
		Subjects::rotate_key { new_key: account("Patient//new phone") }.into(),
		Subjects::contest_rebind {}.into(),
		Ehr::dispute { record, link_key, statement }.into(),
		Ehr::withdraw_dispute { record }.into(),
		Ehr::request_amendment { record, link_key, statement }.into(),
		Ehr::disagree { record, request: 0, statement }.into(),
	]
}

fn prove() -> RuntimeCall {
	Subjects::prove_key {}.into()
}

/// The node's question about a transaction.
fn ask(chain: &mut Chain, transaction: UncheckedExtrinsic) -> TransactionValidity {
	let answer = chain.run(|| {
		let question = (TransactionSource::External, transaction, System::parent_hash()).encode();
		with_transaction(|| {
			let answer = api::dispatch("TaggedTransactionQueue_validate_transaction", &question);
			TransactionOutcome::Rollback(Ok::<_, DispatchError>(answer))
		})
	});
	let answer = answer.expect("nothing is stored").expect("the method exists");
	TransactionValidity::decode(&mut answer.as_slice()).expect("the answer has this type")
}

/// What a pool has once only, except for the account and its nonce, which every transaction has.
fn tipped(chain: &mut Chain, who: &str, call: RuntimeCall, tip: Balance) -> Vec<TransactionTag> {
	let transaction = chain.sign(who, call, tip);
	let mut tags = ask(chain, transaction).expect("valid").provides;
	let nonce = chain.run(|| System::account_nonce(account(who)));
	let own = (account(who), nonce).encode();
	assert_eq!(tags.iter().filter(|tag| **tag == own).count(), 1, "{tags:?}");
	tags.retain(|tag| *tag != own);
	tags
}

fn tags(chain: &mut Chain, who: &str, call: RuntimeCall) -> Vec<TransactionTag> {
	tipped(chain, who, call, 0)
}

#[test]
fn every_act_of_a_patient_waits_in_a_seat_of_its_custodian() {
	let mut chain = clinics();
	for act in acts() {
		for (who, custodian) in [(KEY, HOSPITAL), (OTHER_KEY, OTHER_HOSPITAL)] {
			let seat = Seat::of(custodian, &account(who), &act, SEATS);
			assert!(seat.number < SEATS, "{seat:?}");
			assert_eq!(tags(&mut chain, who, act.clone()), [seat.tag()], "{act:?}");
		}
	}
}

#[test]
fn tag_is_what_wallets_and_nodes_see_for_ever() {
	let mut chain = clinics();
	let tag = tags(&mut chain, OTHER_KEY, prove()).concat();
	let (domain, rest) = tag.split_at(14);
	assert_eq!((domain, rest.len()), (&b"epidaurus/seat"[..], 8));
	assert_eq!(rest[..4], 1u32.to_le_bytes(), "the organisation");
	// Of an account and a call the number is the low end of their BLAKE2b-128, modulo the seats.
	let hash = sp_io::hashing::blake2_128(&(account(OTHER_KEY), prove()).encode());
	let low = u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]]);
	assert_eq!(rest[4..], (low % 1_024).to_le_bytes());
}

#[test]
fn same_act_waits_in_the_same_seat_whatever_its_nonce_and_tip() {
	let mut chain = clinics();
	let dest = MultiAddress::Id(account(KEY));
	chain.ok(HOSPITAL_CONTROLLER, pallet_balances::Call::transfer_keep_alive { dest, value: EPI });
	let first = tags(&mut chain, KEY, prove());
	assert_eq!(tipped(&mut chain, KEY, prove(), 100 * MICRO_EPI), first);
	chain.ok(KEY, prove());
	assert_eq!(tags(&mut chain, KEY, prove()), first);
	chain.next_block();
	assert_eq!(tags(&mut chain, KEY, prove()), first);
	// Another act of hers does not wait behind it.
	assert_ne!(tags(&mut chain, KEY, Subjects::contest_rebind {}.into()), first);
}

#[test]
fn what_members_send_has_no_seat_also_when_they_relay() {
	let mut chain = clinics();
	let none: Vec<TransactionTag> = vec![];
	let genesis = chain.run(|| System::block_hash(0));
	let expires_at = Moment(START + 3_600_000);
	let (subject, call) = (SubjectId([1; 32]), prove());
	let encoded = call.encode();
	let act = RelayedAct { subject, nonce: 0, expires_at, call: &encoded };
	let signature: MultiSignature = pair(KEY).sign(&act.payload(genesis.as_fixed_bytes())).into();
	let relay = Subjects::relay { subject, nonce: 0, expires_at, call: Box::new(call), signature };
	for who in [CLERK, OTHER_CLERK] {
		assert_eq!(tags(&mut chain, who, relay.clone().into()), none);
		assert_eq!(tags(&mut chain, who, Ehr::mark_entered_in_error { record: RECORD }.into()), none);
		assert_eq!(tags(&mut chain, who, prove()), none);
	}
	let remove = pallet_registry::Call::remove_member { member: account(CLERK) };
	assert_eq!(tags(&mut chain, HOSPITAL_CONTROLLER, remove.into()), none);
	chain.ok(OTHER_CLERK, relay);
}

#[test]
fn what_a_patient_pays_for_has_no_seat() {
	let mut chain = clinics();
	let dest = MultiAddress::Id(account(KEY));
	chain.ok(HOSPITAL_CONTROLLER, pallet_balances::Call::transfer_keep_alive { dest, value: EPI });
	// The way round a taken seat for who has a token: free acts take no tip, but they can be paid for.
	let batch = pallet_utility::Call::batch { calls: vec![Subjects::contest_rebind {}.into()] };
	assert_eq!(tags(&mut chain, KEY, batch.into()), Vec::<TransactionTag>::new());
	let tipped = chain.sign(KEY, Subjects::contest_rebind {}.into(), MICRO_EPI);
	assert!(ask(&mut chain, tipped).is_err());
}

/// More invented patients than a custodian has seats, each with another key and a transaction that is valid.
#[test]
fn crowd_of_one_custodian_shares_its_seats() {
	let mut chain = clinics();
	let fake = |number: u32| format!("Fake//{number}");
	chain.run(|| {
		for number in 0..3 * SEATS {
			let mut id = [0xfa; 32];
			id[..4].copy_from_slice(&number.to_le_bytes());
			let clerk = epidaurus_runtime::RuntimeOrigin::signed(account(CLERK));
			epidaurus_runtime::Subjects::enrol(clerk, SubjectId(id), account(&fake(number))).expect("it can pay");
		}
	});
	let taken: BTreeSet<_> = (0..3 * SEATS).flat_map(|number| tags(&mut chain, &fake(number), prove())).collect();
	let many = usize::try_from(SEATS).expect("a small number");
	assert!(taken.len() <= many, "{}", taken.len());
	// Not because they were crowded together: as many of the seats as chance gives.
	assert!(taken.len() > many * 9 / 10, "{}", taken.len());
	let others = tags(&mut chain, OTHER_KEY, prove());
	assert!(others.iter().all(|tag| !taken.contains(tag)));
}

/// A pool is full by number or by bytes: all seats of a custodian are an eighth of the number, and not more of the bytes.
#[test]
fn longest_acts_in_all_seats_leave_seven_eighths_of_a_pool() {
	let mut chain = clinics();
	// An ECDSA signature, a mortal era, a large nonce and tip, the longest prefix.
	let slack = 2 + 1 + 4 + 16 + 4;
	for act in acts() {
		let length = u32::try_from(chain.sign(KEY, act, 0).encode().len()).expect("a short act") + slack;
		assert!(length * SEATS * 8 <= BYTES, "{length}");
	}
}

#[test]
fn seats_of_organisations_are_apart() {
	let call = prove();
	let tags: BTreeSet<_> =
		(0..100).map(|custodian| Seat::of(OrgId(custodian), &account(KEY), &call, SEATS).tag()).collect();
	assert_eq!(tags.len(), 100);
}
