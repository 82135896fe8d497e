// SPDX-License-Identifier: Apache-2.0
//! What the fuzz targets share: the modules of `epid` that read foreign input, compiled from their sources, and the
//! checks, which a target runs for each input.

#[path = "../../client/src/bundle.rs"]
pub mod bundle;
#[path = "../../client/src/fhir/mod.rs"]
pub mod fhir;
#[path = "../../client/src/record/mod.rs"]
pub mod record;

pub mod canonicaliser;
pub mod merkle_proofs;
pub mod rpc_parameters;
pub mod scratch;
pub mod source;
