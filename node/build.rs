// SPDX-License-Identifier: GPL-3.0-only
//! Puts the commit into the version that `epidaurus --version` prints.

fn main() {
	substrate_build_script_utils::generate_cargo_keys();
}
