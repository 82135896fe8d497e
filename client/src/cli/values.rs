// SPDX-License-Identifier: Apache-2.0
//! Values on the command line, under the names that JSON uses.

use crate::{record::Reader, signer::ecdsa};
use clap::{Args, ValueEnum};
use epidaurus_primitives::{
	ehr::LogKind,
	hash::{HashSuite, ResourceClass},
	ids::SubjectId,
	moment::Moment,
	registry::Capability,
};
use std::time::Duration;
use subxt::utils::AccountId32;

/// How content is made into bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Suite {
	/// The bytes as they are
	Raw,
	/// Canonical FHIR JSON without meta and narrative of the root resource
	FhirStaticRoot,
	/// Canonical FHIR JSON without meta and narrative of every resource
	FhirStaticRecursive,
	/// The same, each element under a salt of its own, so that redacted copies can be verified
	FhirElements,
}

impl From<Suite> for HashSuite {
	fn from(suite: Suite) -> Self {
		match suite {
			Suite::Raw => Self::Raw,
			Suite::FhirStaticRoot => Self::FhirStaticRoot,
			Suite::FhirStaticRecursive => Self::FhirStaticRecursive,
			Suite::FhirElements => Self::FhirElements,
		}
	}
}

/// Which of a custodian's logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
	/// Records kept
	Records,
	/// Disclosures made
	Disclosures,
	/// Measurements of devices
	DeviceStream,
}

impl From<Kind> for LogKind {
	fn from(kind: Kind) -> Self {
		match kind {
			Kind::Records => Self::Records,
			Kind::Disclosures => Self::Disclosures,
			Kind::DeviceStream => Self::DeviceStream,
		}
	}
}

/// Options of commands that read records.
#[derive(Args, Debug)]
pub(super) struct Reading {
	/// How content is made into bytes
	#[arg(long, value_enum, default_value = "fhir-static-recursive")]
	suite: Suite,
	/// Whom the records concern: the pseudonym of 32 bytes, as 0x and 64 hexadecimal digits
	#[arg(long, value_name = "HEX")]
	subject: Option<SubjectId>,
	/// Class of raw records; FHIR resources say theirs themselves
	#[arg(long, value_name = "NAME", value_parser = class)]
	class: Option<ResourceClass>,
	/// When the records happened or were observed, such as 2026-11-20T09:30:00Z
	#[arg(long, value_name = "TIME")]
	clinical_time: Option<Moment>,
	/// Mark the records as older than their entry here; the clinical time is your claim
	#[arg(long, requires = "clinical_time")]
	imported: bool,
}

/// An account in SS58, or a public key as key stores tell it. Of an ECDSA key, the account is the hash.
pub(super) fn account(text: &str) -> Result<AccountId32, String> {
	let account = match text.strip_prefix("0x") {
		Some(digits) => hex::decode(digits).ok().and_then(|bytes| match <[u8; 33]>::try_from(bytes) {
			Ok(key) => ecdsa::account(&key),
			Err(bytes) => bytes.try_into().ok().map(AccountId32),
		}),
		None => text.parse().ok(),
	};
	account.ok_or_else(|| "neither an SS58 address nor a public key of 32 bytes, or of 33 for ECDSA (0x…)".to_owned())
}

/// So many minutes, hours or days: `30m`, `12h`, `7d`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
	let wrong = || "so many minutes, hours or days, such as 30m, 12h, 7d".to_owned();
	let (count, seconds) = match text.char_indices().next_back().ok_or_else(wrong)? {
		(place, 'm') => (text.get(..place), 60),
		(place, 'h') => (text.get(..place), 3600),
		(place, 'd') => (text.get(..place), 86_400),
		_ => return Err(wrong()),
	};
	let count = count.and_then(|count| count.parse::<u32>().ok()).filter(|count| *count > 0).ok_or_else(wrong)?;
	Ok(Duration::from_secs(u64::from(count) * seconds))
}

/// A capability under the name that JSON uses.
pub(super) fn capability(name: &str) -> Result<Capability, String> {
	let found = Capability::ALL.iter().find(|capability| capability.name() == name);
	found.copied().ok_or_else(|| {
		let names: Vec<_> = Capability::ALL.iter().map(|capability| capability.name()).collect();
		format!("one of {}", names.join(", "))
	})
}

fn class(name: &str) -> Result<ResourceClass, String> {
	ResourceClass::new(name).map_err(|error| error.to_string())
}

impl Reading {
	pub fn reader(&self) -> Reader {
		Reader {
			suite: self.suite.into(),
			subject: self.subject,
			class: self.class.clone(),
			clinical_time: self.clinical_time,
			imported: self.imported,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::record::{kind_name, suite_name};

	#[test]
	fn account_is_an_address_or_a_public_key() {
		let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
		let key = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
		assert_eq!(account(alice), account(key));
		assert!(account(alice).is_ok());
		let of_ecdsa = account(&format!("0x{}", ecdsa::tests::KEY)).unwrap();
		assert_eq!(hex::encode(of_ecdsa.0), ecdsa::tests::ACCOUNT);
		let no_point = format!("0x02{}", "ff".repeat(32));
		for wrong in ["", "Alice", "0x", &no_point, &key[..64], "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ"] {
			assert!(account(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn a_duration_has_a_unit() {
		let seconds = |text| duration(text).map(|duration| duration.as_secs());
		assert_eq!(["30m", "12h", "7d"].map(seconds), [Ok(1800), Ok(43_200), Ok(604_800)]);
		for wrong in ["", "5", "h", "-1h", "0m", "1.5h", "1w", "4294967296m"] {
			assert!(duration(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn names_are_those_of_json() {
		for value in Suite::value_variants() {
			let name = value.to_possible_value().unwrap().get_name().to_owned();
			assert_eq!(suite_name((*value).into()), name);
			assert_eq!(serde_json::to_value(HashSuite::from(*value)).unwrap(), name);
		}
		for value in Kind::value_variants() {
			let name = value.to_possible_value().unwrap().get_name().to_owned();
			assert_eq!(kind_name((*value).into()), name);
			assert_eq!(serde_json::to_value(LogKind::from(*value)).unwrap(), name);
		}
	}
}
