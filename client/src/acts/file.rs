// SPDX-License-Identifier: Apache-2.0
//! The file in which a signed act travels from the subject to whoever submits it.

use super::{words, Act, ActRefused};
use crate::{
	bundle::{self, hex},
	record::InputError,
	signer::{parse_signature, verifies},
};
use epidaurus_primitives::{
	ids::{NetworkId, SubjectId},
	moment::Moment,
	relay::{wrapped, RelayedAct},
	views::SubjectView,
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use subxt::utils::{AccountId32, MultiSignature};

/// Version of the form.
const VERSION: u32 = 1;

/// An act as it is handed on: what is signed, the same in words, and the signature once there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActFile {
	version: u32,
	/// The network that it is meant for. Not signed: the payload names the chain.
	pub network_id: NetworkId,
	/// What the payload says. Never believed.
	pub words: Vec<String>,
	/// What is signed, hexadecimal.
	payload: String,
	/// Scheme and signature, hexadecimal.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	signature: Option<String>,
}

/// What a payload says, read from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
	/// First block of the chain that it is for.
	pub genesis: [u8; 32],
	/// Whose act it is.
	pub subject: SubjectId,
	/// Which of the subject's relayed acts.
	pub nonce: u64,
	/// First moment at which it is too late.
	pub expires_at: Moment,
	/// The act.
	pub act: Act,
	payload: Vec<u8>,
}

impl Understood {
	/// The payload of an act.
	pub fn new(genesis: [u8; 32], subject: SubjectId, nonce: u64, expires_at: Moment, act: Act) -> Self {
		let payload = RelayedAct { subject, nonce, expires_at, call: &act.call() }.payload(&genesis);
		Self { genesis, subject, nonce, expires_at, act, payload }
	}

	/// Reads a payload.
	pub fn read(payload: &[u8]) -> Result<Self, ActRefused> {
		let (genesis, relayed) = RelayedAct::parse(payload).ok_or(ActRefused::NotAnAct)?;
		let act = Act::of_call(relayed.call).ok_or(ActRefused::UnsupportedCall)?;
		let RelayedAct { subject, nonce, expires_at, .. } = relayed;
		Ok(Self { genesis, subject, nonce, expires_at, act, payload: payload.to_vec() })
	}

	/// The bytes to be signed.
	pub fn payload(&self) -> &[u8] {
		&self.payload
	}

	/// What it says.
	pub fn words(&self) -> Vec<String> {
		let call = self.act.call();
		let (subject, nonce, expires_at) = (self.subject, self.nonce, self.expires_at);
		words(&self.genesis, &RelayedAct { subject, nonce, expires_at, call: &call }, &self.act)
	}

	/// The signature of this key over the payload, bare or as a wallet wraps it, in the form that the chain takes.
	pub fn signature_of(&self, text: &str, key: &AccountId32) -> Result<MultiSignature, ActRefused> {
		let candidates = parse_signature(text).ok_or(ActRefused::NotASignature)?;
		let wrapped = wrapped(&self.payload);
		let good = |one: &MultiSignature| verifies(one, &self.payload, key) || verifies(one, &wrapped, key);
		candidates.into_iter().find(good).ok_or(ActRefused::BadSignature(*key))
	}

	/// Refuses an act that the chain would refuse: of another chain, of nobody, a second time, too early or too late.
	pub fn ensure_due(
		&self,
		genesis: [u8; 32],
		subject: Option<&SubjectView<AccountId32>>,
		now: Moment,
	) -> Result<(), ActRefused> {
		if self.genesis != genesis {
			return Err(ActRefused::OtherChain { stated: hex(&self.genesis), asked: hex(&genesis) });
		}
		let next = subject.ok_or(ActRefused::UnknownSubject(self.subject))?.nonce;
		let stated = self.nonce;
		if stated < next {
			return Err(ActRefused::NonceUsed { stated, next });
		}
		if stated > next {
			return Err(ActRefused::NonceAhead { stated, next });
		}
		if now >= self.expires_at {
			return Err(ActRefused::Expired { until: self.expires_at, now });
		}
		Ok(())
	}
}

impl ActFile {
	/// The file of an act.
	pub fn new(understood: &Understood, network_id: NetworkId, signature: Option<&MultiSignature>) -> Self {
		let (words, payload) = (understood.words(), hex(understood.payload()));
		Self { version: VERSION, network_id, words, payload, signature: signature.map(signature_text) }
	}

	/// Reads a file. Whether it makes sense is for [`Self::understood`] to say.
	pub fn read(path: &Path) -> Result<Self, InputError> {
		let file: Self = bundle::parse(path, &bundle::read_text(path)?, "a subject's act")?;
		if file.version != VERSION {
			return Err(InputError::Form {
				path: path.to_path_buf(),
				what: "a subject's act",
				line: 0,
				column: 0,
				problem: "a version that this program does not know".into(),
			});
		}
		Ok(file)
	}

	/// What the payload says. Refused if the file's own words say something else.
	pub fn understood(&self) -> Result<Understood, ActRefused> {
		let digits = self.payload.strip_prefix("0x").ok_or(ActRefused::NotAnAct)?;
		let understood = Understood::read(&::hex::decode(digits).map_err(|_| ActRefused::NotAnAct)?)?;
		if understood.words() != self.words {
			return Err(ActRefused::WordsDiffer);
		}
		Ok(understood)
	}

	/// The signature, as it stands in the file.
	pub fn signature(&self) -> Result<&str, ActRefused> {
		self.signature.as_deref().ok_or(ActRefused::Unsigned)
	}

	/// The same file with a signature.
	pub fn signed(self, signature: &MultiSignature) -> Self {
		Self { signature: Some(signature_text(signature)), ..self }
	}
}

fn signature_text(signature: &MultiSignature) -> String {
	use codec::Encode;
	hex(&signature.encode())
}
