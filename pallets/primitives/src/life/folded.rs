// SPDX-License-Identifier: Apache-2.0
//! What is left of acts that gave way to later ones.
//!
//! A record keeps a fixed number of disputes, requests and holds that ended. A total that is never given back would lock
//! somebody out: whoever steals a patient's key could use it up, and so could a custodian that rejects everything. So the
//! oldest one that ended gives way to a new one, and is counted here; what it was stands in the events of its time.

use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How many acts gave way to later ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Folded {
	/// Disputes that ended.
	pub disputes: u32,
	/// Requests that were answered; the first that is kept has this number.
	pub requests: u32,
	/// How many of these requests were answered too late.
	pub overdue: u32,
	/// With how many of these requests' denials the subject disagreed.
	pub disagreements: u32,
	/// Legal holds that were lifted.
	pub holds: u32,
}
