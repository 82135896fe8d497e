// SPDX-License-Identifier: Apache-2.0

use super::*;
use sp_core::{ecdsa, hex2array};
use sp_runtime::{
	traits::{IdentifyAccount, Verify},
	MultiSigner,
};

/// What the key of a seed signs, and how it is changed before it is submitted.
struct Relay {
	act: (SubjectId, u64, Moment),
	call: RuntimeCall,
	signer: u8,
	wrap: bool,
}

fn prove() -> RuntimeCall {
	Call::prove_key {}.into()
}

fn relay_of(call: RuntimeCall) -> Relay {
	Relay { act: (PATIENT, 0, Moment(START.0 + HOUR)), call, signer: 10, wrap: false }
}

impl Relay {
	fn payload(&self) -> Vec<u8> {
		let call = self.call.encode();
		let (subject, nonce, expires_at) = self.act;
		Subjects::relay_payload(&RelayedAct { subject, nonce, expires_at, call: &call })
	}

	fn to_be_signed(&self) -> Vec<u8> {
		if self.wrap {
			wrapped(&self.payload())
		} else {
			self.payload()
		}
	}

	fn signature(&self) -> MultiSignature {
		pair(self.signer).sign(&self.to_be_signed()).into()
	}

	/// Submits it with this signature.
	fn with(&self, signature: MultiSignature) -> Result<(), DispatchError> {
		let (subject, nonce, expires_at) = self.act;
		let call = Box::new(self.call.clone());
		let done = Subjects::relay(signed(STRANGER), subject, nonce, expires_at, call, signature);
		done.map(|_| ()).map_err(|error| error.error)
	}

	fn submit(&self) -> Result<(), DispatchError> {
		self.with(self.signature())
	}
}

fn relayed(nonce: u64, result: Result<(), DispatchError>) -> Event<Test> {
	Event::ActRelayed { subject: PATIENT, nonce, by: STRANGER, result }
}

#[test]
fn relay_of_a_raw_or_wrapped_signature_works() {
	for wrap in [false, true] {
		ExtBuilder.build_and_execute(|| {
			enrol_both();
			assert_ok!(Relay { wrap, ..relay_of(prove()) }.submit());
			assert_eq!(last_event(), relayed(0, Ok(())));
			let view = Subjects::subject(PATIENT).unwrap();
			assert_eq!((view.proven, view.nonce), (true, 1));
			assert_eq!(Balances::free_balance(key(10)), 0);
		});
	}
}

#[test]
fn relay_of_every_kind_of_signature_works() {
	ExtBuilder.build_and_execute(|| {
		let (ed, ec) = (sp_core::ed25519::Pair::from_seed(&[1; 32]), ecdsa::Pair::from_seed(&[1; 32]));
		let keys: [AccountId32; 2] = [ed.public().into(), MultiSigner::from(ec.public()).into_account()];
		for (seed, account) in (40u8..).zip(keys) {
			let subject = SubjectId([seed; 32]);
			assert_ok!(Subjects::enrol(signed(CLERK), subject, account));
			for (nonce, wrap) in (0..).zip([false, true]) {
				let relay = Relay { act: (subject, nonce, Moment(START.0 + 1)), wrap, ..relay_of(prove()) };
				let payload = relay.to_be_signed();
				let signature = if seed == 40 { ed.sign(&payload).into() } else { ec.sign(&payload).into() };
				assert_ok!(relay.with(signature));
			}
			assert!(Subjects::subject(subject).unwrap().proven);
		}
	});
}

#[test]
fn relay_of_the_same_signature_twice_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let relay = relay_of(prove());
		assert_ok!(relay.submit());
		assert_noop!(relay.submit(), Refusal::WrongNonce);
		// Also not under the next nonce: that is part of what was signed.
		let again = Relay { act: (PATIENT, 1, relay.act.2), ..relay_of(prove()) };
		assert_noop!(again.with(relay.signature()), Refusal::InvalidProof);
	});
}

#[test]
fn relay_with_anything_changed_after_signing_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let good = relay_of(prove());
		let signature = good.signature();
		let later = Moment(good.act.2 .0 + 1);
		let rotate = |seed| RuntimeCall::from(Call::rotate_key { new_key: key(seed) });
		for (changed, refusal) in [
			(Relay { act: (OTHER_PATIENT, 0, good.act.2), ..relay_of(prove()) }, Refusal::InvalidProof),
			(Relay { act: (PATIENT, 1, good.act.2), ..relay_of(prove()) }, Refusal::WrongNonce),
			(Relay { act: (PATIENT, 0, later), ..relay_of(prove()) }, Refusal::InvalidProof),
			(relay_of(rotate(66)), Refusal::InvalidProof),
			(relay_of(Call::contest_rebind {}.into()), Refusal::InvalidProof),
		] {
			assert_noop!(changed.with(signature.clone()), refusal);
		}
		assert_ok!(good.with(signature));
	});
}

#[test]
fn relay_with_another_chains_signature_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let relay = relay_of(prove());
		let (subject, nonce, expires_at) = relay.act;
		let call = relay.call.encode();
		let elsewhere = RelayedAct { subject, nonce, expires_at, call: &call }.payload(&[0xaa; 32]);
		assert_ne!(elsewhere, relay.payload());
		assert_noop!(relay.with(pair(10).sign(&elsewhere).into()), Refusal::InvalidProof);
		// Nor is a signature good over the bare call, or over the payload wrapped twice.
		assert_noop!(relay.with(pair(10).sign(&call).into()), Refusal::InvalidProof);
		let twice = wrapped(&wrapped(&relay.payload()));
		assert_noop!(relay.with(pair(10).sign(&twice).into()), Refusal::InvalidProof);
	});
}

#[test]
fn relay_by_another_key_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_noop!(Relay { signer: 20, ..relay_of(prove()) }.submit(), Refusal::InvalidProof);
		// A key that was rotated out, and one that is only meant to be.
		let old = relay_of(prove());
		let signature = old.signature();
		assert_ok!(Subjects::rotate_key(signed(key(10)), key(12)));
		assert_noop!(old.with(signature), Refusal::InvalidProof);
		rebind_since(START);
		assert_noop!(Relay { signer: 11, ..relay_of(prove()) }.submit(), Refusal::InvalidProof);
	});
}

#[test]
fn relay_too_late_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		advance(HOUR);
		assert_noop!(relay_of(prove()).submit(), Refusal::Expired);
		let in_time = Relay { act: (PATIENT, 0, Moment(now().0 + 1)), ..relay_of(prove()) };
		assert_ok!(in_time.submit());
	});
}

#[test]
fn relay_of_an_unknown_subject_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let nobody = Relay { act: (SubjectId([1; 32]), 0, Moment(START.0 + 1)), ..relay_of(prove()) };
		assert_noop!(nobody.submit(), Refusal::NotFound);
	});
}

#[test]
fn relay_of_what_is_no_act_fails() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let inner = relay_of(prove());
		let calls: Vec<RuntimeCall> = vec![
			pallet_balances::Call::transfer_allow_death { dest: CLERK, value: 1 }.into(),
			pallet_utility::Call::batch { calls: vec![prove()] }.into(),
			Call::enrol { subject: SubjectId([1; 32]), key: key(30) }.into(),
			Call::relay {
				subject: PATIENT,
				nonce: 1,
				expires_at: inner.act.2,
				call: Box::new(prove()),
				signature: inner.signature(),
			}
			.into(),
			pallet_timestamp::Call::set { now: 0 }.into(),
		];
		for call in calls {
			assert_noop!(relay_of(call).submit(), Refusal::NotAnAct);
		}
	});
}

#[test]
fn relay_of_an_act_that_fails_spends_the_nonce_and_nothing_else() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		let taken = relay_of(Call::rotate_key { new_key: key(20) }.into());
		let signature = taken.signature();
		assert_ok!(taken.with(signature.clone()));
		assert_eq!(last_event(), relayed(0, Err(Refusal::KeyTaken.into())));
		assert_eq!(present_key(PATIENT), key(10));
		assert_eq!(Subjects::subject(PATIENT).unwrap().nonce, 1);
		assert_noop!(taken.with(signature), Refusal::WrongNonce);
	});
}

#[test]
fn relay_gives_no_more_power_than_the_key_has() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		rebind_since(START);
		assert_ok!(relay_of(prove()).submit());
		assert_eq!(last_event(), relayed(0, Err(Refusal::Restricted.into())));
		let contest = Relay { act: (PATIENT, 1, Moment(START.0 + 1)), ..relay_of(Call::contest_rebind {}.into()) };
		assert_ok!(contest.submit());
		assert_eq!(last_event(), relayed(1, Ok(())));
		assert_eq!(Subjects::rebind(PATIENT).map(|view| view.phase), Some(RebindPhase::Contested));
	});
}

#[test]
fn relay_of_a_rotation_works_and_the_next_act_needs_the_new_key() {
	ExtBuilder.build_and_execute(|| {
		enrol_both();
		assert_ok!(relay_of(Call::rotate_key { new_key: key(11) }.into()).submit());
		assert_eq!((present_key(PATIENT), Subjects::subject(PATIENT).unwrap().nonce), (key(11), 1));
		let next = |signer| Relay { act: (PATIENT, 1, Moment(START.0 + 1)), signer, ..relay_of(prove()) };
		assert_noop!(next(10).submit(), Refusal::InvalidProof);
		assert_ok!(next(11).submit());
	});
}

#[test]
fn relay_weighs_the_act_too_and_a_restrictive_act_stays_one() {
	use crate::WeightInfo;
	use frame_support::dispatch::{DispatchClass, GetDispatchInfo};
	ExtBuilder.build_and_execute(|| {
		let info = |call: RuntimeCall| {
			let signature = relay_of(prove()).signature();
			let call = Box::new(call);
			Call::<Test>::relay { subject: PATIENT, nonce: 0, expires_at: START, call, signature }.get_dispatch_info()
		};
		let relay = <() as WeightInfo>::relay();
		assert_eq!(info(prove()).call_weight, relay + <() as WeightInfo>::prove_key());
		assert_eq!(info(prove()).class, DispatchClass::Normal);
		assert_eq!(info(Call::contest_rebind {}.into()).class, DispatchClass::Operational);
		assert_eq!(info(pallet_timestamp::Call::set { now: 0 }.into()).class, DispatchClass::Normal);
	});
}

/// The vendor's client checks the same signatures before it submits them. The last one has the higher s.
#[test]
fn ecdsa_of_a_wallet_is_frozen() {
	let account = hex2array!("4b9feced8f3a8ca1610230cf330053ea8119bacaab5736f336717c7d48366749").into();
	let (subject, call) = (SubjectId([0x22; 32]), &[0x33, 1]);
	let act = RelayedAct { subject, nonce: 7, expires_at: Moment(1_795_167_000_000), call };
	let payload = act.payload(&[0x11; 32]);
	let bare: [u8; 65] = hex2array!("f1eec51d72d7203ac2c422dd163422a19cf737e4ae51a43e32a1a1b7cea65f431459287890e4a9d7aa1ed10012211491dcbf3e02caa3f6b347cd13e9e07e608001");
	let marked: [u8; 65] = hex2array!("f1eec51d72d7203ac2c422dd163422a19cf737e4ae51a43e32a1a1b7cea65f435d5ec2e249d353a48ea282f73bf39fe782209a6e254bddfc159aa1d6f1e3746b01");
	let higher: [u8; 65] = hex2array!("f1eec51d72d7203ac2c422dd163422a19cf737e4ae51a43e32a1a1b7cea65f43eba6d7876f1b562855e12effeddeeb6cddef9ee3e4a4a98878054aa2efb7e0c100");
	for (signature, signed) in [(bare, payload.clone()), (marked, wrapped(&payload)), (higher, payload)] {
		let signature = MultiSignature::Ecdsa(ecdsa::Signature::from_raw(signature));
		assert!(signature.verify(signed.as_slice(), &account));
		assert!(!signature.verify(&signed[1..], &account));
	}
}
