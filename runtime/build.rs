// SPDX-License-Identifier: Apache-2.0
//! Builds the runtime once more, as WASM.

#[cfg(feature = "std")]
fn main() {
	substrate_wasm_builder::WasmBuilder::build_using_defaults();
}

#[cfg(not(feature = "std"))]
fn main() {}
