// SPDX-License-Identifier: Apache-2.0
//! Whatever is called in whatever order, everything that always holds holds, and a model of few lines agrees.

use super::*;
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Step {
	pause: u64,
	call: u8,
	by: u8,
	subject: u8,
	key: u8,
}

fn step() -> impl Strategy<Value = Step> {
	let pause = prop_oneof![3 => Just(0), 3 => 1..HOUR, 2 => DAY..2 * DAY, 1 => WEEK..2 * WEEK];
	(pause, 0u8..12, 0u8..6, 0u8..3, 0u8..40).prop_map(|(pause, call, by, subject, key)| Step {
		pause,
		call,
		by,
		subject,
		key,
	})
}

/// Members, and the present key of the subject.
fn signer(step: &Step, subject: SubjectId) -> AccountId32 {
	match step.by {
		0 => CLERK,
		1 => DEPUTY,
		2 => SECRETARY,
		_ => Records::<Test>::get(subject).map_or(STRANGER, |record| record.state.state.key),
	}
}

fn call(step: &Step) -> (RuntimeOrigin, RuntimeCall) {
	let subject = SubjectId([step.subject; 32]);
	let origin = signed(signer(step, subject));
	let new_key = Rebinds::<Test>::get(subject).map_or_else(|| key(step.key), |rebind| rebind.new_key);
	let lost_since = Moment(now().0.saturating_sub(u64::from(step.key) * DAY));
	let call = match step.call {
		0 | 1 => Call::enrol { subject, key: key(step.key) },
		2 => Call::rotate_key { new_key: key(step.key) },
		3 => Call::prove_key {},
		4 => Call::start_rebind { subject, new_key: key(step.key), evidence: EVIDENCE, lost_since },
		5 => Call::confirm_rebind { subject, new_key },
		6 => Call::complete_rebind { subject },
		7 => Call::contest_rebind {},
		8 => {
			return (RuntimeOrigin::root(), Call::resolve_rebind { subject, upheld: step.key.is_multiple_of(2) }.into())
		},
		9 => Call::declare_deceased { subject },
		10 => Call::merge { subject, link: LINK },
		_ if step.key.is_multiple_of(3) => Call::withdraw_rebind { subject },
		_ => Call::reinstate { subject },
	};
	(origin, call.into())
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(96))]

	#[test]
	fn invariants_hold_after_every_call(steps in proptest::collection::vec(step(), 1..60)) {
		use sp_runtime::traits::Dispatchable;
		ExtBuilder.build().execute_with(|| {
			// Which key acted for which subject since when, as read off the events.
			let mut log: Vec<(SubjectId, Moment, AccountId32)> = Vec::new();
			for step in &steps {
				advance(step.pause);
				let before = System::events().len();
				let (origin, call) = call(step);
				let subject = SubjectId([step.subject; 32]);
				let pending = Rebinds::<Test>::get(subject);
				let _ = call.dispatch(origin);
				for record in &System::events()[before..] {
					match &record.event {
						RuntimeEvent::Subjects(Event::SubjectEnrolled { subject, key, .. }) => {
							log.push((*subject, now(), key.clone()));
						},
						RuntimeEvent::Subjects(Event::KeyRotated { subject, new_key, .. }) => {
							log.push((*subject, now(), new_key.clone()));
						},
						RuntimeEvent::Subjects(Event::RebindClosed { subject, outcome: RebindOutcome::Completed, .. }) => {
							log.push((*subject, now(), pending.clone().unwrap().new_key));
						},
						_ => (),
					}
				}
				check();
			}
			for (subject, at, _) in &log {
				let expected = log.iter().rev().find(|(other, since, _)| other == subject && since <= at);
				let found = Subjects::key_at(*subject, Some(*at)).map(|view| view.key);
				assert_eq!(found.as_ref(), expected.map(|(_, _, key)| key));
			}
		});
	}
}
