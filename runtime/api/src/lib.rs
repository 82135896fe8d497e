// SPDX-License-Identifier: Apache-2.0
//! Runtime APIs of Epidaurus, one file per domain. Every question that RPC answers can be asked here through `state_call`.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod ehr;
mod registry;
mod subjects;

pub use ehr::*;
pub use registry::*;
pub use subjects::*;
