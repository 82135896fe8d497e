// SPDX-License-Identifier: Apache-2.0
//! Timing what the node executes: transactions on the state of a block, as its author does, without a block.

use crate::{
	chain::Chain,
	error::{node, Error, Result},
	stats::median,
};
use std::time::Instant;
use subxt::{
	rpcs::{client::RpcParams, rpc_params},
	utils::H256,
};

/// What is asked of the runtime in every repetition.
pub struct Question {
	/// Which entry point.
	method: &'static str,
	/// Its argument.
	data: String,
}

impl Question {
	/// Applies a transaction, as the author of a block does: signature, all extensions, call, fee.
	pub fn apply(transaction: &[u8]) -> Self {
		Self { method: "BlockBuilder_apply_extrinsic", data: format!("0x{}", hex::encode(transaction)) }
	}

	/// Asks for something that costs nothing: what is left is the way to the runtime and back.
	pub fn nothing() -> Self {
		Self { method: "Core_version", data: "0x".into() }
	}

	fn parameters(&self, block: H256) -> RpcParams {
		rpc_params![self.method, &self.data, block]
	}
}

/// A transaction that was valid and whose call succeeded, in SCALE.
const APPLIED: &str = "0x0000";

/// Microseconds that each question takes, the median of so many; in each repetition all are asked, one after the other.
/// Fails if a transaction does.
pub async fn times(chain: &Chain, questions: &[Question], repetitions: usize) -> Result<Vec<f64>> {
	let block = chain.finalised().await?;
	let mut taken = vec![Vec::with_capacity(repetitions); questions.len()];
	// One that does not count before.
	for repetition in 0..=repetitions {
		for (place, question) in questions.iter().enumerate() {
			let parameters = question.parameters(block);
			let started = Instant::now();
			let answer: String = chain.rpc().request("state_call", parameters).await.map_err(node)?;
			let microseconds = started.elapsed().as_secs_f64() * 1e6;
			if question.method != "Core_version" && answer != APPLIED {
				return Err(Error::Wrong(format!("transaction {place} is not applied but answered with {answer}")));
			}
			if repetition > 0 {
				taken[place].push(microseconds);
			}
		}
	}
	Ok(taken.iter().map(|times| median(times)).collect())
}
