// SPDX-License-Identifier: Apache-2.0
//! What signs transactions: a key in memory, or a program that holds it elsewhere (a signing service, an HSM).
//!
//! The program is started anew for each transaction. It reads one line from its standard input, the bytes to sign as `0x` and
//! hexadecimal digits, and writes one line to its standard output, the signature in the same form: 64 bytes of ed25519 or
//! sr25519 or 65 of ECDSA over secp256k1, or these with the scheme before them (0 ed25519, 1 sr25519, 2 ECDSA). It ends with exit
//! code 0 if it signed. Its standard error is shown as it is. A signature is checked here before anything is submitted.

pub(crate) mod ecdsa;

use crate::{keys, secrets};
use std::{process::Stdio, time::Duration};
use subxt::utils::{AccountId32, MultiSignature};
use subxt_signer::sr25519::{self, Keypair};
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	process::{Child, Command},
};

/// Longest answer of a program that is read, in bytes: many times a signature.
const MAX_ANSWER: u64 = 4096;

/// What signs for an account.
pub enum Signer {
	/// A key in memory.
	Key(Keypair),
	/// A program.
	Command(Remote),
}

/// A program that signs for an account.
pub struct Remote {
	program: String,
	arguments: Vec<String>,
	account: AccountId32,
	patience: Duration,
}

/// Why a program did not sign. Never quotes what it wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
	/// There is no program in the command.
	#[error("the signer's command is empty")]
	NoCommand,
	/// The program could not be started, or its end could not be waited for.
	#[error("the signer {program} does not run: {problem}")]
	NotRunning {
		/// Which.
		program: String,
		/// What the system said.
		problem: String,
	},
	/// It did not end in time, and was ended.
	#[error("the signer did not answer within {0} seconds")]
	Late(u64),
	/// It refused: its exit code is not 0.
	#[error("the signer refused: it ended with {0}")]
	Refused(String),
	/// What it wrote is no signature.
	#[error("the signer's answer is no signature: 64 bytes are wanted, or 65 of ECDSA, in hexadecimal, on one line")]
	NoSignature,
	/// It signed something else, or with another key.
	#[error(
		"the signer's signature is not one of {0} for this transaction: another key, another payload or another scheme"
	)]
	OtherSignature(AccountId32),
}

impl SignerError {
	/// The stable name of the kind of problem.
	pub fn name(&self) -> &'static str {
		match self {
			Self::NoCommand => "signer-command-empty",
			Self::NotRunning { .. } => "signer-not-running",
			Self::Late(_) => "signer-late",
			Self::Refused(_) => "signer-refused",
			Self::NoSignature => "signer-answer",
			Self::OtherSignature(_) => "signer-other-signature",
		}
	}
}

impl Signer {
	/// The account that is signed for.
	pub fn account(&self) -> AccountId32 {
		match self {
			Self::Key(key) => key.public_key().into(),
			Self::Command(remote) => remote.account,
		}
	}

	/// The signature of the account on the payload.
	pub async fn sign(&self, payload: &[u8]) -> Result<MultiSignature, SignerError> {
		match self {
			Self::Key(key) => Ok(MultiSignature::Sr25519(key.sign(payload).0)),
			Self::Command(remote) => remote.sign(payload).await,
		}
	}
}

impl Remote {
	/// A program and its arguments, separated by white space. There is no quoting: what needs more is a script.
	pub fn new(command: &str, account: AccountId32, patience: Duration) -> Result<Self, SignerError> {
		let mut words = command.split_whitespace().map(str::to_owned);
		let program = words.next().ok_or(SignerError::NoCommand)?;
		Ok(Self { program, arguments: words.collect(), account, patience })
	}

	async fn sign(&self, payload: &[u8]) -> Result<MultiSignature, SignerError> {
		let answer = tokio::time::timeout(self.patience, self.ask(payload)).await;
		let answer = answer.unwrap_or(Err(SignerError::Late(self.patience.as_secs())))?;
		let signed = parse(&answer)?.into_iter().find(|candidate| verifies(candidate, payload, &self.account));
		signed.ok_or(SignerError::OtherSignature(self.account))
	}

	async fn ask(&self, payload: &[u8]) -> Result<String, SignerError> {
		let failed = |error: std::io::Error| SignerError::NotRunning {
			program: self.program.clone(),
			problem: error.to_string(),
		};
		let mut child = self.start().map_err(failed)?;
		if let Some(mut input) = child.stdin.take() {
			// A program that refuses need not read what it is asked.
			let _ = input.write_all(format!("0x{}\n", hex::encode(payload)).as_bytes()).await;
		}
		let mut answer = Vec::new();
		if let Some(output) = child.stdout.take() {
			output.take(MAX_ANSWER).read_to_end(&mut answer).await.map_err(failed)?;
		}
		let status = child.wait().await.map_err(failed)?;
		if !status.success() {
			return Err(SignerError::Refused(status.to_string()));
		}
		String::from_utf8(answer).map_err(|_| SignerError::NoSignature)
	}

	fn start(&self) -> std::io::Result<Child> {
		Command::new(&self.program)
			.args(&self.arguments)
			.stdin(Stdio::piped())
			.stdout(Stdio::piped())
			.kill_on_drop(true)
			// It signs with a key of its own, and has no business with these.
			.env_remove(keys::VARIABLE)
			.env_remove(secrets::VARIABLE)
			.spawn()
	}
}

/// What a text can be as a signature: with its scheme before it, or without. Nothing if it is none.
pub(crate) fn parse_signature(text: &str) -> Option<Vec<MultiSignature>> {
	parse(text).ok()
}

fn parse(answer: &str) -> Result<Vec<MultiSignature>, SignerError> {
	let text = answer.trim();
	let bytes = hex::decode(text.strip_prefix("0x").unwrap_or(text)).map_err(|_| SignerError::NoSignature)?;
	let candidates = candidates(&bytes);
	if candidates.is_empty() {
		return Err(SignerError::NoSignature);
	}
	Ok(candidates)
}

/// A signature tells its scheme by its length or by the byte before it, both of which can be meant.
fn candidates(bytes: &[u8]) -> Vec<MultiSignature> {
	let of = |scheme: u8, bytes: &[u8]| match scheme {
		0 => bytes.try_into().ok().map(MultiSignature::Ed25519),
		1 => bytes.try_into().ok().map(MultiSignature::Sr25519),
		2 => bytes.try_into().ok().map(MultiSignature::Ecdsa),
		_ => None,
	};
	let bare = (0..=2).filter_map(|scheme| of(scheme, bytes));
	bare.chain(bytes.split_first().and_then(|(scheme, rest)| of(*scheme, rest))).collect()
}

/// Whether it is the account's signature over the payload, as the chain sees it.
pub(crate) fn verifies(signature: &MultiSignature, payload: &[u8], account: &AccountId32) -> bool {
	match signature {
		MultiSignature::Sr25519(bytes) => {
			sr25519::verify(&sr25519::Signature(*bytes), payload, &sr25519::PublicKey(account.0))
		},
		MultiSignature::Ed25519(bytes) => ed25519_dalek::VerifyingKey::from_bytes(&account.0)
			.is_ok_and(|key| key.verify_strict(payload, &ed25519_dalek::Signature::from_bytes(bytes)).is_ok()),
		MultiSignature::Ecdsa(bytes) => ecdsa::signer(bytes, payload).is_some_and(|signer| signer == *account),
	}
}

#[cfg(all(test, unix))]
mod tests;
