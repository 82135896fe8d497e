// SPDX-License-Identifier: Apache-2.0
//! `epid subject id`.

use crate::{cli::context::Context, Error};
use clap::Args;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  epid subject id
  epid subject enrol $(epid subject id) 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty --key-file records.key";

/// Makes a pseudonym for a new patient of this custodian
///
/// It derives from a key that is drawn for this and kept in the store as the patient's: never from a name, a number or
/// anything else about a person, so that nobody can guess it or find the same patient at another custodian. Each run makes
/// another one; keep it with the patient's file. `epid forget` destroys the key.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {}

pub(super) fn run(context: &Context, _: &Arguments) -> Result<(), Error> {
	let subject = context.store()?.new_subject()?;
	context.output.result(&json!({ "subject": subject }), || subject.to_string());
	Ok(())
}
