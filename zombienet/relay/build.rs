// SPDX-License-Identifier: GPL-3.0-only
//! Puts the commit into what the workers print as their full version.

fn main() {
	substrate_build_script_utils::generate_cargo_keys();
}
