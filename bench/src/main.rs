// SPDX-License-Identifier: Apache-2.0
//! Measures Epidaurus side by side with what it is compared with, and writes docs/benchmarks.md.

mod calls;
mod chain;
mod checkpoints;
mod cli;
mod corpus;
mod error;
mod keeper;
mod machine;
mod node;
mod postgres;
mod questions;
mod records;
mod report;
mod rpc;
mod stats;
mod stream;
mod trees;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
	match cli::run(cli::Cli::parse()) {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("epidaurus-bench: {error}");
			ExitCode::from(error.exit_code())
		},
	}
}
