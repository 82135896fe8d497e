// SPDX-License-Identifier: Apache-2.0
//! Calls and decisions of the consortium that a test needs on the way.

use super::stage::{Stage, PATIENCE};
use crate::{network::Network, transactions::Member, Outcome};
use codec::{Decode, Encode};
use epidaurus_runtime::{
	configs::{CouncilInstance, MaxProposalWeight},
	Runtime, RuntimeCall,
};
use sp_crypto_hashing::{blake2_256, twox_128};

/// Controllers of organisations: eight of eleven are two thirds.
const VOTERS: [&str; 8] = ["//Alice", "//Bob", "//Charlie", "//Dave", "//Eve", "//Ferdie", "//Payer", "//Sponsor"];

/// Sends a call and waits until it is final.
pub fn settle(stage: &mut Stage, who: &str, call: RuntimeCall) -> Outcome {
	let member = Member::new(who)?;
	let nonce = stage.send("athens", &member, &[call])?;
	stage.settled("athens", &member, nonce, PATIENCE).map(|_| ())
}

/// Two thirds of the council decide `call`.
pub fn decide(stage: &mut Stage, call: RuntimeCall) -> Outcome {
	type Council = pallet_collective::Call<Runtime, CouncilInstance>;
	let proposal = call.encode();
	let hash = blake2_256(&proposal).into();
	let length_bound = u32::try_from(proposal.len()).map_err(|error| error.to_string())?;
	let threshold = u32::try_from(VOTERS.len()).map_err(|error| error.to_string())?;
	let index = motions(&stage.network)?;
	settle(stage, "//Alice", Council::propose { threshold, proposal: Box::new(call), length_bound }.into())?;
	let mut sent = Vec::new();
	for voter in VOTERS {
		let member = Member::new(voter)?;
		let vote = Council::vote { proposal: hash, index, approve: true };
		sent.push((stage.send("athens", &member, &[vote.into()])?, member));
	}
	for (nonce, member) in &sent {
		stage.settled("athens", member, *nonce, PATIENCE)?;
	}
	let proposal_weight_bound = MaxProposalWeight::get();
	settle(stage, "//Alice", Council::close { proposal_hash: hash, index, proposal_weight_bound, length_bound }.into())
}

/// How many motions there have been.
fn motions(network: &Network) -> Outcome<u32> {
	let count = stored(network, "Council", "ProposalCount")?;
	count.map_or(Ok(0), |bytes| u32::decode(&mut &bytes[..]).map_err(|error| error.to_string()))
}

/// A value in the state after the best finalised block.
pub fn stored(network: &Network, pallet: &str, item: &str) -> Outcome<Option<Vec<u8>>> {
	let rpc = network.rpc("athens")?;
	let key = [twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat();
	rpc.storage(&key, &rpc.finalised_hash()?)
}
