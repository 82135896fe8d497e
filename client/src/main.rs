// SPDX-License-Identifier: Apache-2.0
//! The command `epid`.

fn main() -> std::process::ExitCode {
	epid::main()
}
