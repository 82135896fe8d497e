// SPDX-License-Identifier: Apache-2.0
//! The consortium replaces its runtime: by a motion, by the hash of the code, and in no other way.

use cumulus_pallet_parachain_system::{HostConfiguration, PendingValidationCode};
use epidaurus_runtime::{Runtime, RuntimeCall, RuntimeEvent, System, VERSION};
use epidaurus_tests::{actors::CLERK, upgrades::code, Chain};
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	transaction_validity::InvalidTransaction,
	DispatchError,
};

fn next() -> Vec<u8> {
	code("epidaurus", VERSION.spec_version + 1)
}

fn authorise(code: &[u8]) -> pallet_upgrades::Call<Runtime> {
	pallet_upgrades::Call::authorise { code_hash: BlakeTwo256::hash(code) }
}

fn apply(code: &[u8]) -> frame_system::Call<Runtime> {
	frame_system::Call::apply_authorized_upgrade { code: code.to_vec() }
}

/// A chain whose relay chain takes code.
fn chain() -> Chain {
	let mut chain = Chain::with_versions();
	relay_takes_code(&mut chain);
	chain
}

fn relay_takes_code(chain: &mut Chain) {
	chain.run(|| {
		HostConfiguration::<Runtime>::mutate(|found| {
			found.as_mut().expect("each block begins with one").max_code_size = 5 * 1024 * 1024;
		})
	});
}

/// The code that waits for the relay chain's leave.
fn pending(chain: &mut Chain) -> Vec<u8> {
	chain.run(PendingValidationCode::<Runtime>::get)
}

fn is_authorised(chain: &mut Chain) -> bool {
	chain.run(System::authorized_upgrade).is_some()
}

#[test]
fn upgrade_by_motion_works() {
	let mut chain = chain();
	chain.decide(authorise(&next()));
	let code_hash = BlakeTwo256::hash(&next());
	let authorised = RuntimeEvent::System(frame_system::Event::UpgradeAuthorized { code_hash, check_version: true });
	assert!(chain.events().contains(&authorised));
	// Any member brings the code, and pays nothing for it.
	let member = epidaurus_tests::account(CLERK);
	let before = chain.balance(&member);
	chain.ok(CLERK, apply(&next()));
	assert_eq!(chain.balance(&member), before);
	assert_eq!(pending(&mut chain), next());
	assert!(!is_authorised(&mut chain), "an authorisation is good for once");
}

#[test]
fn upgrade_decided_later_works() {
	let mut chain = chain();
	let now = chain.run(System::block_number);
	let call = Box::new(RuntimeCall::from(authorise(&next())));
	chain.decide(pallet_scheduler::Call::schedule { when: now + 1, maybe_periodic: None, priority: 0, call });
	assert!(!is_authorised(&mut chain));
	chain.next_block();
	assert!(is_authorised(&mut chain));
	relay_takes_code(&mut chain);
	chain.ok(CLERK, apply(&next()));
	assert_eq!(pending(&mut chain), next());
}

#[test]
fn upgrade_without_two_thirds_fails() {
	let mut chain = chain();
	chain.fails("Alice", authorise(&next()), DispatchError::BadOrigin);
	for yes in [4, 7] {
		assert_eq!(chain.motion(authorise(&next()), yes), Ok(Err(DispatchError::BadOrigin)), "{yes} of 11");
	}
	assert!(!is_authorised(&mut chain));
	chain.refused("Alice", apply(&next()), InvalidTransaction::Call);
}

#[test]
fn upgrade_to_other_code_than_the_authorised_fails() {
	let mut chain = chain();
	chain.decide(authorise(&next()));
	chain.refused("Alice", apply(&code("epidaurus", VERSION.spec_version + 2)), InvalidTransaction::Call);
	assert!(pending(&mut chain).is_empty() && is_authorised(&mut chain));
}

#[test]
fn upgrade_to_the_same_version_or_another_chain_fails() {
	for (code, reason) in [
		(code("epidaurus", VERSION.spec_version), frame_system::Error::<Runtime>::SpecVersionNeedsToIncrease),
		(code("hippocrates", VERSION.spec_version + 1), frame_system::Error::InvalidSpecName),
		(b"no code".to_vec(), frame_system::Error::FailedToExtractRuntimeVersion),
	] {
		let mut chain = chain();
		chain.decide(authorise(&code));
		chain.ok(CLERK, apply(&code));
		assert!(pending(&mut chain).is_empty() && !is_authorised(&mut chain));
		let rejected = chain.events().into_iter().find_map(|event| match event {
			RuntimeEvent::System(frame_system::Event::RejectedInvalidAuthorizedUpgrade { error, .. }) => Some(error),
			_ => None,
		});
		assert_eq!(rejected.map(DispatchError::stripped), Some(DispatchError::from(reason).stripped()));
	}
}

#[test]
fn withdrawn_upgrade_fails() {
	let mut chain = chain();
	chain.decide(authorise(&next()));
	chain.fails("Alice", pallet_upgrades::Call::withdraw {}, DispatchError::BadOrigin);
	chain.decide(pallet_upgrades::Call::withdraw {});
	chain.refused(CLERK, apply(&next()), InvalidTransaction::Call);
	assert_eq!(chain.motion(pallet_upgrades::Call::withdraw {}, 8).map(|result| result.is_err()), Ok(true));
}

#[test]
fn upgrade_that_the_relay_chain_does_not_take_can_be_tried_again() {
	let mut chain = Chain::with_versions();
	chain.decide(authorise(&next()));
	// No code is small enough for the relay chain of this block.
	chain.fails(CLERK, apply(&next()), cumulus_pallet_parachain_system::Error::<Runtime>::TooBig);
	assert!(is_authorised(&mut chain));
	relay_takes_code(&mut chain);
	chain.ok(CLERK, apply(&next()));
	assert_eq!(pending(&mut chain), next());
}
