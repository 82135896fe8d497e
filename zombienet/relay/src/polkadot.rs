// SPDX-License-Identifier: GPL-3.0-only
//! A relay chain node without native runtimes: every chain is a specification in a file.

use std::process::ExitCode;

fn main() -> ExitCode {
	match polkadot_cli::run() {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {error}");
			ExitCode::FAILURE
		},
	}
}
