// SPDX-License-Identifier: Apache-2.0
//! The demonstration: a hospital on a development chain anchors a folder of FHIR resources, proves every one, and sees
//! forged ones refused; a record is amended, a licence suspended, and what stops and what goes on is shown; the log is renewed.

mod acts;
mod forgeries;
mod licence;
mod people;
mod report;
mod specimen;
mod stage;

use crate::{output::Output, Error};
use report::Report;
use stage::Stage;
use std::path::PathBuf;

/// How the demonstration is to run.
#[derive(Clone, Debug)]
pub struct Options {
	/// Address of a node of a development chain.
	pub node: String,
	/// Folder with FHIR resources in JSON.
	pub examples: PathBuf,
	/// Folder for the stores, which is kept; a temporary one if none is named.
	pub store: Option<PathBuf>,
	/// How to speak.
	pub output: Output,
}

/// Runs all of it. Fails if anything did not come out as expected.
pub async fn run(options: &Options) -> Result<(), Error> {
	let output = options.output;
	let stage = Stage::new(options).await?;
	let mut report = Report::new();
	let custodian = stage.one.identity().custodian;
	output.line(format!("Network {} at {}", stage.chain.network(), stage.chain.url()));
	output.line(format!(
		"Hospital one is organisation {custodian}; its records officer is {}",
		stage.hospital_one().account()
	));

	let specimens = acts::append(&stage, options, &mut report)?;
	acts::checkpoint(&stage, &output, &mut report).await?;
	let records = acts::records(&stage, &options.examples)?;
	acts::verify_offline(&stage, &records, &output, &mut report).await?;
	acts::verify_by_node(&stage, &records, &output, &mut report).await?;
	let anchors = acts::anchor(&stage, &output, &mut report).await?;
	let loot = acts::amend(&stage, specimens, &anchors, &output, &mut report).await?;
	acts::forge(&stage, &loot, &output, &mut report).await?;
	licence::suspend(&stage, &anchors, &output, &mut report).await?;
	acts::renew(&stage, &records, &output, &mut report).await?;

	report.finish();
	output.result(&report, || report.summary());
	match report.unexpected() {
		0 => Ok(()),
		count => Err(Error::Unexpected(count)),
	}
}
