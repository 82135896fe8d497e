// SPDX-License-Identifier: Apache-2.0
//! What can go wrong between here and the chain.

use crate::signer::SignerError;
use subxt::{
	error::{BackendError, DispatchError, ExtrinsicError, RpcError, TransactionEventsError, TransactionProgressError},
	rpcs,
	utils::AccountId32,
};

/// A node that cannot be reached, or that does not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
	/// Nothing answers at the address.
	#[error("no node answers at {url}: {problem}")]
	Unreachable {
		/// The address.
		url: String,
		/// What was seen.
		problem: String,
	},
	/// The connection would not be encrypted: openings must not travel in the clear.
	#[error("{0} is neither encrypted (wss) nor on this machine")]
	Insecure(String),
	/// The node answers, but its chain has no such runtime API: it is not an Epidaurus.
	#[error("the chain at this node does not answer {0}: it is not an Epidaurus, or another version of it")]
	NotEpidaurus(String),
	/// The node's answer to a runtime API is not of the form that this program knows.
	#[error("the answer to {0} is not of the form that this program knows")]
	Answer(String),
	/// A list has no end, or more items than any honest one.
	#[error("the list {method} has more than {most} items, and is not read further")]
	ListTooLong {
		/// Which.
		method: String,
		/// Most that are read.
		most: usize,
	},
	/// The node has no state of that block.
	#[error(
		"the node does not know this block, or has its state no longer; by default nodes keep 256 of them: ask one \
		that keeps all (--state-pruning archive-canonical), or use a proof that was saved in time"
	)]
	UnknownBlock,
	/// The chain has no such call, or one with other arguments.
	#[error("the chain has no call {pallet}.{call}({arguments})")]
	NoSuchCall {
		/// Pallet of the call.
		pallet: &'static str,
		/// Name of the call.
		call: &'static str,
		/// Names of its arguments.
		arguments: String,
	},
	/// The account acts for no organisation.
	#[error("the account {0} is no member of an organisation")]
	NotAMember(AccountId32),
	/// The pool did not take the transaction.
	#[error("the node did not take the transaction: {0}")]
	NotTaken(String),
	/// The call was made and refused; nothing changed but the fee.
	#[error("the chain refused the call: {pallet}.{name}{}", in_brackets(docs))]
	Refused {
		/// Pallet of the error.
		pallet: String,
		/// Name of the error.
		name: String,
		/// What the chain's metadata says about it.
		docs: String,
	},
	/// The call was made and refused by something else than a pallet.
	#[error("the chain refused the call: {0}")]
	Dispatch(String),
	/// An act that was submitted for a subject was refused. Its nonce is spent.
	#[error("the act was submitted, its nonce is spent, and it failed: {0}")]
	ActFailed(Box<ChainError>),
	/// No finalised block contained the transaction in time. It may still come.
	#[error("no finalised block contained the transaction within {0} seconds; it may still come")]
	Late(u64),
	/// What should have signed did not.
	#[error(transparent)]
	Signer(#[from] SignerError),
	/// The connection or the node failed.
	#[error("the node failed: {0}")]
	Failed(String),
}

fn in_brackets(docs: &str) -> String {
	if docs.is_empty() {
		String::new()
	} else {
		format!(" ({docs})")
	}
}

impl ChainError {
	/// The stable name of the kind of problem.
	pub fn name(&self) -> &'static str {
		match self {
			Self::Unreachable { .. } => "node-unreachable",
			Self::Insecure(_) => "node-insecure",
			Self::NotEpidaurus(_) => "not-epidaurus",
			Self::Answer(_) => "answer-unknown",
			Self::ListTooLong { .. } => "list-too-long",
			Self::UnknownBlock => "unknown-block",
			Self::NoSuchCall { .. } => "no-such-call",
			Self::NotAMember(_) => "not-a-member",
			Self::NotTaken(_) => "transaction-not-taken",
			Self::Refused { .. } => "call-refused",
			Self::Dispatch(_) => "call-refused",
			Self::ActFailed(_) => "act-failed",
			Self::Late(_) => "not-finalised-in-time",
			Self::Signer(error) => error.name(),
			Self::Failed(_) => "node-failed",
		}
	}

	/// Name of the pallet's error, such as `Registry.LicenceSuspended`, if the call was made and refused by a pallet.
	pub fn refusal(&self) -> Option<String> {
		match self {
			Self::Refused { pallet, name, .. } => Some(format!("{pallet}.{name}")),
			Self::ActFailed(refused) => refused.refusal(),
			_ => None,
		}
	}

	/// Whether a pallet refused the call by an error of this name.
	pub fn is_refused_as(&self, wanted: &str) -> bool {
		matches!(self, Self::Refused { name, .. } if name == wanted)
	}
}

/// The most telling part of an error of the RPC client.
pub(super) fn from_rpc(error: &rpcs::Error) -> ChainError {
	match error {
		rpcs::Error::User(user) => ChainError::Failed(user_error(user)),
		rpcs::Error::InsecureUrl(url) => ChainError::Insecure(url.clone()),
		rpcs::Error::Client(inner) => match inner.downcast_ref::<rpcs::Error>() {
			Some(inner) => from_rpc(inner),
			None => ChainError::Failed(innermost(inner.as_ref())),
		},
		other => ChainError::Failed(innermost(other)),
	}
}

/// Code of an RPC error: there is no such method.
const METHOD_NOT_FOUND: i32 = -32601;

/// Code of an RPC error: the node does not know the block, or has pruned its state.
const UNKNOWN_BLOCK: i32 = 26003;

/// What an error of one of our own methods means.
pub(super) fn from_request(error: &rpcs::Error, method: &str) -> ChainError {
	match error {
		rpcs::Error::User(user) if user.code == METHOD_NOT_FOUND => ChainError::NotEpidaurus(method.to_owned()),
		rpcs::Error::User(user) if user.code == UNKNOWN_BLOCK => ChainError::UnknownBlock,
		rpcs::Error::Deserialization(_) => ChainError::Answer(method.to_owned()),
		other => from_rpc(other),
	}
}

fn user_error(user: &rpcs::UserError) -> String {
	let data = user.data.as_ref().map(|data| data.get().trim_matches('"').to_owned());
	match data {
		Some(data) if !data.is_empty() => format!("{}: {data} (code {})", user.message, user.code),
		_ => format!("{} (code {})", user.message, user.code),
	}
}

/// What the deepest cause says: the layers above only repeat it.
pub(super) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
	let mut deepest = error;
	while let Some(source) = deepest.source() {
		deepest = source;
	}
	deepest.to_string()
}

impl From<ExtrinsicError> for ChainError {
	fn from(error: ExtrinsicError) -> Self {
		match &error {
			ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(
				rpcs::Error::User(user),
			))) => Self::NotTaken(user_error(user)),
			_ => Self::Failed(innermost(&error)),
		}
	}
}

impl From<TransactionProgressError> for ChainError {
	fn from(error: TransactionProgressError) -> Self {
		match &error {
			TransactionProgressError::TransactionStatusError(status) => Self::NotTaken(status.to_string()),
			_ => Self::Failed(innermost(&error)),
		}
	}
}

impl From<TransactionEventsError> for ChainError {
	fn from(error: TransactionEventsError) -> Self {
		match &error {
			TransactionEventsError::ExtrinsicFailed(dispatch) => from_dispatch(dispatch),
			_ => Self::Failed(innermost(&error)),
		}
	}
}

pub(super) fn from_dispatch(error: &DispatchError) -> ChainError {
	let DispatchError::Module(module) = error else { return ChainError::Dispatch(error.to_string()) };
	match module.details() {
		Ok(details) => ChainError::Refused {
			pallet: details.pallet.name().to_owned(),
			name: details.variant.name.clone(),
			docs: details.variant.docs.join(" ").trim().to_owned(),
		},
		Err(_) => ChainError::Dispatch(format!("error {:?}", module.bytes())),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn user(data: Option<&str>) -> rpcs::Error {
		let data = data.map(|data| format!("\"{data}\""));
		let text = match data {
			Some(data) => format!(r#"{{"code":1010,"message":"Invalid Transaction","data":{data}}}"#),
			None => r#"{"code":1010,"message":"Invalid Transaction","data":null}"#.into(),
		};
		rpcs::Error::User(serde_json::from_str(&text).unwrap())
	}

	#[test]
	fn an_error_of_the_node_tells_message_data_and_code() {
		let text = from_rpc(&user(Some("Inability to pay some fees"))).to_string();
		assert_eq!(text, "the node failed: Invalid Transaction: Inability to pay some fees (code 1010)");
		assert_eq!(from_rpc(&user(None)).to_string(), "the node failed: Invalid Transaction (code 1010)");
	}

	#[test]
	fn an_error_of_our_own_methods_is_told_by_its_code() {
		let coded = |code: i32| {
			let text = format!(r#"{{"code":{code},"message":"no","data":null}}"#);
			from_request(&rpcs::Error::User(serde_json::from_str(&text).unwrap()), "ehr_proveLog")
		};
		assert_eq!(
			[-32601, 26003, 26005].map(|code| coded(code).name()),
			["not-epidaurus", "unknown-block", "node-failed"]
		);
		let malformed = serde_json::from_str::<u8>("{}").unwrap_err();
		assert_eq!(from_request(&rpcs::Error::Deserialization(malformed), "ehr_proveLog").name(), "answer-unknown");
	}

	#[test]
	fn a_transaction_that_the_pool_refuses_is_told_as_such() {
		let submitting =
			|error| ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(error)));
		assert!(matches!(ChainError::from(submitting(user(None))), ChainError::NotTaken(_)));
		let lost = rpcs::Error::DisconnectedWillReconnect("gone".into());
		assert!(matches!(ChainError::from(submitting(lost)), ChainError::Failed(_)));
	}

	#[test]
	fn an_insecure_address_is_told_as_such() {
		let error = from_rpc(&rpcs::Error::InsecureUrl("ws://node.example".into()));
		assert_eq!((error.name(), error.refusal()), ("node-insecure", None));
	}

	#[test]
	fn a_refusal_is_told_by_the_name_of_its_error() {
		let refused = |docs: &str| ChainError::Refused {
			pallet: "Registry".into(),
			name: "LicenceSuspended".into(),
			docs: docs.into(),
		};
		let plain = refused("");
		assert_eq!(plain.to_string(), "the chain refused the call: Registry.LicenceSuspended");
		assert_eq!(plain.refusal().as_deref(), Some("Registry.LicenceSuspended"));
		assert!(plain.is_refused_as("LicenceSuspended") && !plain.is_refused_as("Registry"));
		assert!(refused("The licence is suspended.").to_string().ends_with("(The licence is suspended.)"));
	}
}
