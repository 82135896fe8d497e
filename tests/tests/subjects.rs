// SPDX-License-Identifier: Apache-2.0
//! Patients on the real runtime: enrolment, acts without a fee, a flood, a lost key, relayed acts and ways round.

use epidaurus_primitives::{
	hash::{Commitment, HashSuite, NativeSha256, Salt},
	ids::{OrgId, RecordId, SubjectId},
	moment::{Moment, DAY},
	registry::Roles,
	relay::{wrapped, RelayedAct},
	subjects::{proofing_evidence, RebindPhase},
	views::{QuotaView, RebindView, SubjectKeyView, SubjectView},
};
use epidaurus_runtime::{constants::money::EPI, AccountId, Runtime, RuntimeCall, RuntimeEvent, Subjects, System};
use epidaurus_tests::{
	account,
	actors::{pair, CLERK, HOSPITAL, HOSPITAL_CONTROLLER, OTHER_CLERK, OTHER_HOSPITAL, STRANGER},
	logs::{commitment, opening, NETWORK},
	Chain,
};
use sp_core::{Get, Pair};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	DispatchError, MultiAddress, MultiSignature,
};

type Call = pallet_subjects::Call<Runtime>;
type Refusal = pallet_subjects::Error<Runtime>;

/// The patient, by a seed of the key; pseudonyms are derived off chain, here from nothing secret.
const PATIENT: SubjectId = SubjectId([1; 32]);
const KEY: &str = "Patient//phone";
const NEW_KEY: &str = "Patient//new phone";
/// Keeps the hospital's records too.
const DEPUTY: &str = "Alice//deputy";

fn enrol(chain: &mut Chain, by: &str, subject: SubjectId, key: &str) {
	chain.ok(by, Call::enrol { subject, key: account(key) });
}

/// A chain with a patient of the hospital, a second clerk there, and a stranger with money.
fn clinic() -> Chain {
	let mut chain = Chain::with(|config| config.balances.balances.push((account(STRANGER), EPI)));
	enrol(&mut chain, CLERK, PATIENT, KEY);
	let add = pallet_registry::Call::add_member { member: account(DEPUTY), roles: Roles::RECORDS, until: None };
	chain.ok(HOSPITAL_CONTROLLER, add);
	chain.ok(HOSPITAL_CONTROLLER, pallet_registry::Call::fund_member { member: account(DEPUTY), amount: EPI });
	chain
}

fn view(chain: &mut Chain, subject: SubjectId) -> SubjectView<AccountId> {
	chain.ask::<Option<_>>("SubjectsApi_subject", subject).expect("enrolled")
}

fn used(chain: &mut Chain, custodian: OrgId) -> u32 {
	chain.ask::<QuotaView>("SubjectsApi_quota", custodian).used
}

fn prove() -> RuntimeCall {
	Call::prove_key {}.into()
}

#[test]
fn patient_without_a_token_acts_from_an_ordinary_transaction() {
	let mut chain = clinic();
	assert_eq!(chain.balance(&account(KEY)), 0);
	chain.ok(KEY, prove());
	assert!(view(&mut chain, PATIENT).proven);
	assert_eq!((used(&mut chain, HOSPITAL), used(&mut chain, OTHER_HOSPITAL)), (1, 0));
	assert_eq!(chain.balance(&account(KEY)), 0);
	let by_key: Option<SubjectView<AccountId>> = chain.ask("SubjectsApi_subject_by_key", account(KEY));
	assert_eq!(by_key.map(|view| view.subject), Some(PATIENT));
	// A call that fails takes its unit too.
	chain.fails(KEY, prove(), Refusal::WrongState);
	assert_eq!(used(&mut chain, HOSPITAL), 2);
	// A restrictive one takes none.
	chain.ok(KEY, Call::rotate_key { new_key: account(NEW_KEY) });
	assert_eq!(used(&mut chain, HOSPITAL), 2);
	chain.refused(KEY, prove(), InvalidTransaction::BadSigner);
	chain.ok(NEW_KEY, prove());
}

#[test]
fn enrolment_is_for_custodians_and_takes_a_deposit() {
	let mut chain = Chain::new();
	let sovereign: AccountId = HOSPITAL.sovereign_account();
	let before = chain.balance(&sovereign);
	enrol(&mut chain, CLERK, PATIENT, KEY);
	assert!(chain.balance(&sovereign) < before);
	for (who, refusal) in [
		("Alice//clinician", pallet_registry::Error::<Runtime>::RoleMissing),
		("Eve//quality", pallet_registry::Error::<Runtime>::RoleMissing),
	] {
		chain.fails(who, Call::enrol { subject: SubjectId([2; 32]), key: account("Other") }, refusal);
	}
	chain.fails(OTHER_CLERK, Call::enrol { subject: PATIENT, key: account("Other") }, Refusal::AlreadyExists);
	chain.fails(OTHER_CLERK, Call::enrol { subject: SubjectId([2; 32]), key: account(KEY) }, Refusal::KeyTaken);
	let member = Call::enrol { subject: SubjectId([2; 32]), key: account("Bob") };
	chain.fails(OTHER_CLERK, member, Refusal::KeyOfMember);
}

/// Ten thousand invented patients of one hospital, all at once.
#[test]
fn flood_of_one_custodians_subjects_spends_its_own_quota_only() {
	const CROWD: u32 = 10_000;
	let mut chain = Chain::new();
	enrol(&mut chain, OTHER_CLERK, PATIENT, KEY);
	let fake = |number: u32| format!("Fake//{number}");
	chain.run(|| {
		let sovereign: AccountId = HOSPITAL.sovereign_account();
		let before = epidaurus_runtime::Balances::free_balance(&sovereign);
		for number in 0..CROWD {
			let mut id = [0xfa; 32];
			id[..4].copy_from_slice(&number.to_le_bytes());
			let clerk = epidaurus_runtime::RuntimeOrigin::signed(account(CLERK));
			Subjects::enrol(clerk, SubjectId(id), account(&fake(number))).expect("it can pay for them");
		}
		assert!(epidaurus_runtime::Balances::free_balance(&sovereign) < before, "not for nothing");
	});
	let limit = chain.ask::<QuotaView>("SubjectsApi_quota", HOSPITAL).limit;
	let room: u32 = <Runtime as pallet_subjects::Config>::MaxOrdinaryPerBlock::get();
	let flood: Vec<_> = (0..CROWD).map(|number| chain.sign(&fake(number), prove(), 0)).collect();
	let mut waiting = flood.into_iter().peekable();
	let (mut blocks, mut let_in, mut refused) = (0, 0, 0);
	while waiting.peek().is_some() {
		let mut in_block = 0;
		while let Some(transaction) = waiting.peek() {
			match chain.apply(transaction.clone()) {
				Ok(result) => {
					result.expect("a first proof works");
					in_block += 1;
				},
				// The block has no room for this custodian's subjects any more.
				Err(TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources)) => break,
				Err(TransactionValidityError::Invalid(InvalidTransaction::Payment)) => refused += 1,
				Err(other) => panic!("{other:?}"),
			}
			waiting.next();
		}
		// The limit ends it and not the block's weight: there is room for others.
		assert!(in_block == room || waiting.peek().is_none(), "{in_block}");
		let_in += in_block;
		// In the very same block, behind the flood: the other hospital's patient, clerks, and the flooded hospital's own
		// restrictive acts.
		if blocks % 25 == 0 {
			chain.fails(KEY, Call::contest_rebind {}, Refusal::NotFound);
			let record = RecordId([blocks as u8; 16]);
			let commitment = commitment(&opening("a record"));
			chain.ok(
				CLERK,
				pallet_ehr::Call::anchor { record, commitment, suite: HashSuite::FhirStaticRoot, link: None },
			);
			chain.fails(&fake(0), Call::contest_rebind {}, Refusal::NotFound);
		}
		blocks += 1;
		chain.next_block();
	}
	assert_eq!((let_in, refused), (limit, CROWD - limit));
	assert_eq!(used(&mut chain, HOSPITAL), limit);
	assert_eq!(used(&mut chain, OTHER_HOSPITAL), 0);
	chain.ok(KEY, prove());
	assert_eq!(used(&mut chain, OTHER_HOSPITAL), 1);
	// What the flood could not do today it can tomorrow; who has money need not wait.
	let last = fake(CROWD - 1);
	chain.refused(&last, prove(), InvalidTransaction::Payment);
	let with_money = fake(CROWD - 2);
	let dest = MultiAddress::Id(account(&with_money));
	chain.ok(HOSPITAL_CONTROLLER, pallet_balances::Call::transfer_keep_alive { dest, value: EPI });
	chain.ok(&with_money, prove());
	assert!(chain.balance(&account(&with_money)) < EPI);
	let renews_at = chain.ask::<QuotaView>("SubjectsApi_quota", HOSPITAL).renews_at;
	let pause = renews_at.0 - chain.now().0;
	chain.sleep(pause);
	chain.ok(&last, prove());
	assert_eq!(used(&mut chain, HOSPITAL), 1);
}

#[test]
fn wrapped_tipped_and_unlisted_calls_are_not_free() {
	let mut chain = clinic();
	let boxed = || Box::new(prove());
	let real = MultiAddress::Id(account(KEY));
	let others = vec![account(CLERK)];
	let calls: Vec<RuntimeCall> = vec![
		pallet_utility::Call::batch { calls: vec![prove()] }.into(),
		pallet_utility::Call::batch_all { calls: vec![prove()] }.into(),
		pallet_utility::Call::force_batch { calls: vec![prove()] }.into(),
		pallet_utility::Call::as_derivative { index: 0, call: boxed() }.into(),
		pallet_proxy::Call::proxy { real: real.clone(), force_proxy_type: None, call: boxed() }.into(),
		pallet_multisig::Call::as_multi_threshold_1 { other_signatories: others, call: boxed() }.into(),
		pallet_balances::Call::transfer_all { dest: real, keep_alive: true }.into(),
		Call::enrol { subject: SubjectId([2; 32]), key: account("Other") }.into(),
	];
	for call in calls {
		chain.refused(KEY, call, InvalidTransaction::Payment);
	}
	let tipped = chain.sign(KEY, prove(), 1);
	assert_eq!(chain.validate(tipped), Err(InvalidTransaction::Payment.into()));
	assert_eq!(used(&mut chain, HOSPITAL), 0);
}

#[test]
fn what_is_free_for_members_is_refused_to_subjects() {
	let mut chain = clinic();
	let calls: Vec<RuntimeCall> = vec![
		pallet_registry::Call::resign {}.into(),
		pallet_registry::Call::rotate_controller { new: account(KEY) }.into(),
		pallet_registry::Call::fund_member { member: account(KEY), amount: EPI }.into(),
	];
	for call in calls {
		chain.refused(KEY, call, InvalidTransaction::BadSigner);
	}
	let record = RecordId([1; 16]);
	chain.refused(KEY, pallet_ehr::Call::mark_entered_in_error { record }, InvalidTransaction::BadSigner);
	chain.refused(STRANGER, prove(), InvalidTransaction::BadSigner);
}

#[test]
fn lost_key_is_rebound_and_the_thiefs_acts_are_in_doubt() {
	let mut chain = clinic();
	chain.ok(KEY, prove());
	chain.sleep(DAY);
	let lost_since = chain.now();
	chain.next_block();
	// The thief makes himself at home.
	chain.ok(KEY, Call::rotate_key { new_key: account("Thief") });
	let theft = chain.now();
	chain.sleep(DAY);
	let evidence = proofing_evidence::<NativeSha256>(&Salt::new([7; 32]), &NETWORK, &PATIENT, &[8; 32]);
	let new_key = account(NEW_KEY);
	let start = Call::start_rebind { subject: PATIENT, new_key: new_key.clone(), evidence, lost_since };
	let confirm = || Call::confirm_rebind { subject: PATIENT, new_key: new_key.clone() };
	chain.fails(OTHER_CLERK, start.clone(), Refusal::NotAuthorised);
	chain.ok(CLERK, start);
	chain.fails(CLERK, confirm(), Refusal::SameMember);
	chain.ok(DEPUTY, confirm());
	// Now the thief can only restrict; not even for money anything else.
	chain.refused("Thief", prove(), InvalidTransaction::Payment);
	let rebind: Option<RebindView<AccountId>> = chain.ask("SubjectsApi_rebind", PATIENT);
	assert_eq!(rebind.map(|view| (view.phase, view.evidence)), Some((RebindPhase::Contestable, evidence)));
	chain.fails(CLERK, Call::complete_rebind { subject: PATIENT }, Refusal::TooEarly);
	chain.sleep(7 * DAY);
	chain.ok(DEPUTY, Call::complete_rebind { subject: PATIENT });
	chain.refused("Thief", prove(), InvalidTransaction::BadSigner);
	chain.ok(NEW_KEY, prove());
	let at = |chain: &mut Chain, moment: Moment| -> SubjectKeyView<AccountId> {
		chain.ask::<Option<_>>("SubjectsApi_key", (PATIENT, Some(moment))).expect("enrolled then")
	};
	let stolen = at(&mut chain, theft);
	assert_eq!((stolen.key, stolen.doubtful), (account("Thief"), true));
	let earlier = at(&mut chain, Moment(lost_since.0 - 1));
	assert_eq!((earlier.key, earlier.doubtful), (account(KEY), false));
	let now = chain.now();
	assert!(!at(&mut chain, now).doubtful);
}

#[test]
fn hijack_by_a_custodian_is_contested_without_a_fee_and_decided_by_the_consortium() {
	let mut chain = clinic();
	let (evidence, new_key, lost_since) = (Commitment([1; 32]), account(NEW_KEY), chain.now());
	chain.ok(CLERK, Call::start_rebind { subject: PATIENT, new_key: new_key.clone(), evidence, lost_since });
	chain.ok(DEPUTY, Call::confirm_rebind { subject: PATIENT, new_key });
	chain.ok(KEY, Call::contest_rebind {});
	chain.sleep(30 * DAY);
	chain.fails(CLERK, Call::complete_rebind { subject: PATIENT }, Refusal::Contested);
	let resolve = Call::resolve_rebind { subject: PATIENT, upheld: false };
	chain.fails(CLERK, resolve.clone(), DispatchError::BadOrigin);
	assert_eq!(chain.motion(resolve.clone(), 7), Ok(Err(DispatchError::BadOrigin)));
	chain.next_block();
	chain.decide(resolve);
	chain.ok(KEY, prove());
	let now = chain.now();
	let key: Option<SubjectKeyView<AccountId>> = chain.ask("SubjectsApi_key", (PATIENT, Some(now)));
	assert_eq!(key.map(|view| (view.key, view.doubtful)), Some((account(KEY), false)));
}

#[test]
fn suspended_custodians_patients_are_not_locked_out() {
	let mut chain = clinic();
	chain.decide(pallet_registry::Call::suspend_organisation { organisation: HOSPITAL });
	chain.fails(
		CLERK,
		Call::enrol { subject: SubjectId([2; 32]), key: account("Other") },
		pallet_registry::Error::<Runtime>::OrganisationInactive,
	);
	chain.ok(KEY, prove());
	let (evidence, new_key, lost_since) = (Commitment([1; 32]), account(NEW_KEY), chain.now());
	chain.ok(CLERK, Call::start_rebind { subject: PATIENT, new_key: new_key.clone(), evidence, lost_since });
	chain.ok(DEPUTY, Call::confirm_rebind { subject: PATIENT, new_key });
	chain.sleep(7 * DAY);
	chain.ok(CLERK, Call::complete_rebind { subject: PATIENT });
	chain.ok(NEW_KEY, prove());
}

/// What the patient signs, as the wallet gives it.
fn signature(chain: &mut Chain, nonce: u64, expires_at: Moment, call: &RuntimeCall, wrap: bool) -> MultiSignature {
	use codec::Encode;
	let genesis = chain.run(|| System::block_hash(0));
	let call = call.encode();
	let payload = RelayedAct { subject: PATIENT, nonce, expires_at, call: &call }.payload(genesis.as_fixed_bytes());
	let bytes = if wrap { wrapped(&payload) } else { payload };
	pair(KEY).sign(&bytes).into()
}

fn relay(nonce: u64, expires_at: Moment, call: &RuntimeCall, signature: &MultiSignature) -> Call {
	let (call, signature) = (Box::new(call.clone()), signature.clone());
	Call::relay { subject: PATIENT, nonce, expires_at, call, signature }
}

#[test]
fn relayed_act_is_paid_by_the_relayer_and_cannot_be_replayed() {
	let mut chain = clinic();
	let soon = Moment(chain.now().0 + DAY);
	let signed = signature(&mut chain, 0, soon, &prove(), true);
	let before = chain.balance(&account(OTHER_CLERK));
	chain.ok(OTHER_CLERK, relay(0, soon, &prove(), &signed));
	assert!(chain.balance(&account(OTHER_CLERK)) < before, "whoever relays pays");
	assert!(view(&mut chain, PATIENT).proven);
	assert_eq!(used(&mut chain, HOSPITAL), 0);
	// The same again; under the next nonce; another call; another expiry; another subject.
	chain.fails(OTHER_CLERK, relay(0, soon, &prove(), &signed), Refusal::WrongNonce);
	chain.fails(OTHER_CLERK, relay(1, soon, &prove(), &signed), Refusal::InvalidProof);
	let next = signature(&mut chain, 1, soon, &prove(), false);
	let rotate = RuntimeCall::from(Call::rotate_key { new_key: account("Thief") });
	chain.fails(OTHER_CLERK, relay(1, soon, &rotate, &next), Refusal::InvalidProof);
	let later = Moment(soon.0 + 1);
	chain.fails(OTHER_CLERK, relay(1, later, &prove(), &next), Refusal::InvalidProof);
	enrol(&mut chain, OTHER_CLERK, SubjectId([2; 32]), "Other");
	let elsewhere = Call::relay {
		subject: SubjectId([2; 32]),
		nonce: 0,
		expires_at: soon,
		call: Box::new(prove()),
		signature: signed.clone(),
	};
	chain.fails(OTHER_CLERK, elsewhere, Refusal::InvalidProof);
	// Too late.
	chain.sleep(DAY);
	chain.fails(OTHER_CLERK, relay(1, soon, &prove(), &next), Refusal::Expired);
}

#[test]
fn relay_leads_past_no_rule() {
	let mut chain = clinic();
	let soon = Moment(chain.now().0 + DAY);
	let try_relay = |chain: &mut Chain, call: RuntimeCall| {
		let signed = signature(chain, 0, soon, &call, false);
		chain.send(OTHER_CLERK, relay(0, soon, &call, &signed)).map(|result| result.map_err(DispatchError::stripped))
	};
	// No act of a subject, whoever signed it.
	let not_an_act = Ok(Err(DispatchError::from(Refusal::NotAnAct).stripped()));
	let dest = MultiAddress::Id(account("Thief"));
	let transfer = pallet_balances::Call::transfer_all { dest, keep_alive: false };
	assert_eq!(try_relay(&mut chain, transfer.into()), not_an_act);
	assert_eq!(try_relay(&mut chain, pallet_utility::Call::batch { calls: vec![prove()] }.into()), not_an_act);
	assert_eq!(try_relay(&mut chain, Call::declare_deceased { subject: PATIENT }.into()), not_an_act);
	// Free bytes get no further than the pool.
	let remark = RuntimeCall::from(frame_system::Call::remark { remark: b"a name".to_vec() });
	let signed = signature(&mut chain, 0, soon, &remark, false);
	chain.refused(OTHER_CLERK, relay(0, soon, &remark, &signed), InvalidTransaction::Call);
	// A stranger may not submit, but a member can do it from a batch: the signature is what counts.
	let signed = signature(&mut chain, 0, soon, &prove(), false);
	chain.refused(STRANGER, relay(0, soon, &prove(), &signed), InvalidTransaction::BadSigner);
	let batch = pallet_utility::Call::batch_all { calls: vec![relay(0, soon, &prove(), &signed).into()] };
	chain.ok(OTHER_CLERK, batch);
	let relayed = |event| matches!(event, RuntimeEvent::Subjects(pallet_subjects::Event::ActRelayed { .. }));
	assert!(chain.events().into_iter().any(relayed));
}

#[test]
fn relayed_act_that_fails_spends_its_nonce() {
	let mut chain = clinic();
	let soon = Moment(chain.now().0 + DAY);
	let rotate = RuntimeCall::from(Call::rotate_key { new_key: account("Bob") });
	let signed = signature(&mut chain, 0, soon, &rotate, true);
	chain.ok(OTHER_CLERK, relay(0, soon, &rotate, &signed));
	let now = view(&mut chain, PATIENT);
	assert_eq!((now.nonce, now.key), (1, account(KEY)));
	chain.fails(OTHER_CLERK, relay(0, soon, &rotate, &signed), Refusal::WrongNonce);
}
