// SPDX-License-Identifier: Apache-2.0
//! `epid status`.

use super::context::Context;
use crate::{
	bundle::hex,
	log, output,
	record::kind_name,
	store::{Identity, Progress, Store},
	Error,
};
use clap::Args;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind},
	moment::Moment,
	views::LogView,
};
use serde::Serialize;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  epid status
  epid status --chain --json";

/// Says what the store holds, and how far the chain has it
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
	/// Ask the node as well
	#[arg(long)]
	chain: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
	kind: LogKind,
	records: u64,
	head: LogHead,
	checkpoint: Option<LogHead>,
	checkpointed_at: Option<Moment>,
	#[serde(skip_serializing_if = "Option::is_none")]
	on_chain: Option<LogHead>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let mut logs = Vec::new();
	for kind in [LogKind::Records, LogKind::Disclosures, LogKind::DeviceStream] {
		logs.push(status(&store, kind)?);
	}
	if arguments.chain {
		for (log, view) in logs.iter_mut().zip(on_chain(context, &store)?) {
			log.on_chain = view.map(|view| view.head);
		}
	}
	let Identity { network, custodian } = store.identity();
	let anchors = store.anchors()?;
	let folder = store.folder();
	let value =
		json!({ "store": folder, "networkId": network, "custodian": custodian, "logs": logs, "anchors": anchors });
	context.output.result(&value, || {
		let first = format!("store {} of organisation {custodian} on network {network}", folder.display());
		let mut rows = vec![["log", "records", "entries", "on chain", "root"].map(String::from).to_vec()];
		rows.extend(logs.iter().map(|log| {
			let on_chain = log.on_chain.or(log.checkpoint).map_or("-".into(), |head| head.size.to_string());
			let (records, entries) = (log.records.to_string(), log.head.size.to_string());
			vec![kind_name(log.kind).into(), records, entries, on_chain, hex(&log.head.root)]
		}));
		format!("{first}\n{}\n{anchors} records anchored by themselves", output::table(&rows))
	});
	Ok(())
}

fn status(store: &Store, kind: LogKind) -> Result<Log, Error> {
	let reader = store.log(kind)?;
	let newest = store.newest_finalised(kind)?;
	let checkpointed_at = newest.and_then(|(_, checkpoint)| match checkpoint.progress {
		Progress::Finalised { at } => Some(at),
		Progress::Submitted => None,
	});
	Ok(Log {
		kind,
		records: reader.records()?,
		head: log::head(&reader),
		checkpoint: newest.map(|(head, _)| head),
		checkpointed_at,
		on_chain: None,
	})
}

fn on_chain(context: &Context, store: &Store) -> Result<Vec<Option<LogView>>, Error> {
	let Identity { custodian, .. } = store.identity();
	context.block_on(async {
		let chain = context.chain().await?;
		store.expect(Identity { network: chain.network(), custodian })?;
		let at = chain.finalised().await?;
		let mut views = Vec::new();
		for kind in [LogKind::Records, LogKind::Disclosures, LogKind::DeviceStream] {
			views.push(at.log(custodian, kind).await?);
		}
		Ok(views)
	})
}
