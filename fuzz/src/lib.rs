// SPDX-License-Identifier: Apache-2.0
//! What strangers can hand over, and what must hold whatever they do: modules of `epid`, compiled from their sources, and the
//! checks, which a target runs for each input.

// The modules name the chain client; what they use of it, `stand_ins` has.
extern crate self as subxt;

#[path = "../../client/src/acts/mod.rs"]
pub mod acts;
#[path = "../../client/src/bundle.rs"]
pub mod bundle;
#[path = "../../client/src/durable.rs"]
pub mod durable;
#[path = "../../client/src/fhir/mod.rs"]
pub mod fhir;
// The chain client uses more of it than there is here.
#[allow(unused_imports)]
#[path = "../../client/src/light/mod.rs"]
pub mod light;
#[path = "../../client/src/log.rs"]
pub mod log;
#[path = "../../client/src/record/mod.rs"]
pub mod record;
#[path = "../../client/src/redaction/mod.rs"]
pub mod redaction;
#[path = "../../client/src/store/mod.rs"]
pub mod store;
#[path = "../../client/src/verify/mod.rs"]
pub mod verify;

/// As in `epid`.
pub mod chain {
	pub use crate::stand_ins::{At, Chain, ChainError};
}
/// As in `epid`.
pub mod signer {
	pub use crate::stand_ins::{parse_signature, verifies};
}
/// As in `subxt`.
pub mod utils {
	pub use crate::stand_ins::{AccountId32, MultiSignature};
}
/// As in `subxt`.
pub mod rpcs {
	/// As in `subxt`.
	pub mod client {
		pub use crate::rpc_params;
	}
}
pub use stand_ins::Error;

pub mod backups;
pub mod canonicaliser;
pub mod light_answers;
pub mod light_proofs;
pub mod merkle_proofs;
pub mod proofs;
pub mod redactions;
pub mod relayed_acts;
pub mod rpc_parameters;
pub mod scratch;
pub mod source;
pub mod stand_ins;
