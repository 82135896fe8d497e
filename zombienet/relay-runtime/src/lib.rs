// SPDX-License-Identifier: GPL-3.0-only
//! Re-exports the runtime, so that its entry points become those of one WebAssembly module.

#![no_std]

#[allow(unused_imports)]
pub use rococo_runtime::*;
