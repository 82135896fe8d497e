// SPDX-License-Identifier: Apache-2.0
//! Accounts whose secrets everybody knows. None of them may have a part in a real chain.

use super::{consortium::FOUNDERS, DEVELOPMENT_SEED};
use crate::AccountId;
use sp_core::{crypto::DeriveJunction, ecdsa, ed25519, sr25519, Pair};
use sp_runtime::{traits::IdentifyAccount, MultiSigner};

/// Names that every Substrate tool derives from the development phrase.
const NAMES: [&str; 8] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "One", "Two"];

/// Derivations from the development phrase: the phrase itself, the names, their stashes, and everybody of the presets.
pub fn secrets() -> Vec<String> {
	let names = NAMES.iter().flat_map(|name| [format!("//{name}"), format!("//{name}//stash")]);
	let people = FOUNDERS.iter().flat_map(|founder| {
		let controller = format!("//{}", founder.controller);
		let staff = founder.staff.iter().map(|one| format!("//{}//{}", founder.controller, one.name));
		std::iter::once(controller).chain(staff.collect::<Vec<_>>())
	});
	let mut secrets: Vec<_> = std::iter::once(String::new()).chain(names).chain(people).collect();
	secrets.sort();
	secrets.dedup();
	secrets
}

/// The accounts of these secrets under each kind of signature, each with its secret.
pub fn accounts() -> Vec<(AccountId, String)> {
	let of = |secret: String| {
		[account::<sr25519::Pair>(&secret), account::<ed25519::Pair>(&secret), account::<ecdsa::Pair>(&secret)]
			.into_iter()
			.flatten()
			.map(move |account| (account, secret.clone()))
			.collect::<Vec<_>>()
	};
	secrets().into_iter().flat_map(of).collect()
}

/// The account of a secret, if it can be derived.
fn account<Kind: Pair>(secret: &str) -> Option<AccountId>
where
	MultiSigner: From<Kind::Public>,
{
	let root = Kind::from_seed_slice(&DEVELOPMENT_SEED).ok()?;
	let path = secret.split("//").skip(1).map(DeriveJunction::hard);
	let (pair, _) = root.derive(path, None).ok()?;
	Some(MultiSigner::from(pair.public()).into_account())
}
