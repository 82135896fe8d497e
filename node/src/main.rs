// SPDX-License-Identifier: GPL-3.0-only
//! `epidaurus`: the node of the health consortium.

mod chain_spec;
mod cli;
mod collator;
mod command;
mod dev;
mod error;
mod genesis;
mod keys;
mod relay;
mod rpc;
mod service;

use std::{error::Error as _, process::ExitCode};

fn main() -> ExitCode {
	let Err(error) = command::run(cli::Cli::parse_args()) else { return ExitCode::SUCCESS };
	let mut said = error.to_string();
	eprintln!("Error: {said}");
	let mut cause = error.source();
	while let Some(inner) = cause {
		let text = inner.to_string();
		// Many errors repeat their cause in their own words.
		if !said.contains(&text) {
			eprintln!("  because: {text}");
			said = text;
		}
		cause = inner.source();
	}
	ExitCode::FAILURE
}
