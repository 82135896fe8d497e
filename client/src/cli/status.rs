// SPDX-License-Identifier: Apache-2.0
//! `epid status`.

use super::context::{host_time, Context};
use crate::{
	bundle::{decimal, hex},
	custody::{due, Due},
	log, output,
	record::kind_name,
	store::{Identity, Store},
	Error,
};
use clap::Args;
use epidaurus_primitives::{
	ehr::{LogHead, LogKind, SuiteStatus},
	moment::Moment,
	renewal::{Renewal, TreeSuite},
	views::TreeView,
};
use serde::Serialize;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  epid status
        what the store holds, what of it is on chain, and what of that is renewed
  epid status --chain --json";

/// The logs that there can be.
const KINDS: [LogKind; 3] = [LogKind::Records, LogKind::Disclosures, LogKind::DeviceStream];

/// Says what the store holds, how far the chain has it, and whether a log is to be renewed
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
	/// Entries on chain: as it says if it was asked, else as the store saw it last.
	#[serde(skip)]
	reached: Option<u64>,
	/// Oldest first: those of the chain if it was asked, else those that the store made.
	renewals: Vec<Renewed>,
	/// Entries on chain that are in no renewal.
	#[serde(serialize_with = "decimal")]
	unrenewed: u64,
	renewal_due: Due,
}

/// A root of the log, and the one of the same entries in another tree.
#[derive(Serialize)]
struct Renewed {
	head: LogHead,
	tree: TreeSuite,
	root: String,
	/// Nothing if it was submitted and not seen on chain.
	at: Option<Moment>,
}

/// What a node says.
struct Asked {
	logs: Vec<OnChain>,
	trees: Vec<TreeView>,
}

struct OnChain {
	head: Option<LogHead>,
	renewals: Vec<Renewal>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Error> {
	let store = context.store()?;
	let asked = arguments.chain.then(|| on_chain(context, &store)).transpose()?;
	let trees = asked.as_ref().map(|asked| asked.trees.as_slice());
	let own = trees.and_then(|trees| trees.iter().find(|view| view.tree == TreeSuite::Sha256));
	let own = own.map_or(SuiteStatus::Active, |view| view.status);
	let mut logs = Vec::new();
	for (place, kind) in KINDS.into_iter().enumerate() {
		let known = asked.as_ref().and_then(|asked| asked.logs.get(place));
		logs.push(status(&store, kind, known, own)?);
	}
	let Identity { network, custodian } = store.identity();
	let anchors = store.anchors()?;
	let folder = store.folder();
	let mut value =
		json!({ "store": folder, "networkId": network, "custodian": custodian, "logs": logs, "anchors": anchors });
	if let Some(trees) = trees {
		value["trees"] = json!(trees);
	}
	context.output.result(&value, || {
		let mut lines = vec![
			format!("store {} of organisation {custodian} on network {network}", folder.display()),
			table(&logs),
			format!("{anchors} records anchored by themselves"),
		];
		lines.extend(logs.iter().flat_map(renewed));
		lines.extend(trees.into_iter().flatten().filter_map(going));
		lines.join("\n")
	});
	Ok(())
}

fn table(logs: &[Log]) -> String {
	let mut rows = vec![["log", "records", "entries", "on chain", "renewed", "root"].map(String::from).to_vec()];
	rows.extend(logs.iter().map(|log| {
		let on_chain = log.reached.map_or("-".into(), |size| size.to_string());
		let renewed = log.covered().map_or("-".into(), |renewal| renewal.head.size.to_string());
		let (records, entries) = (log.records.to_string(), log.head.size.to_string());
		vec![kind_name(log.kind).into(), records, entries, on_chain, renewed, hex(&log.head.root)]
	}));
	output::table(&rows)
}

/// What is renewed, and what is to be.
fn renewed(log: &Log) -> Vec<String> {
	let (name, left) = (kind_name(log.kind), log.unrenewed);
	let told = log.renewals.iter().map(|Renewed { head, tree, root, at }| {
		let at = at.map_or("submitted, and not seen on chain".into(), |at| format!("at {at}"));
		let (size, tree) = (head.size, tree.name());
		format!("{name}: root {} of {size} entries is renewed in the tree on {tree} as {root}, {at}", hex(&head.root))
	});
	let left = match log.renewal_due {
		Due::No | Due::Later => None,
		Due::Yearly => Some(format!("{name}: {left} entries are in no renewal, and a year has passed: `epid renew`")),
		Due::Now => Some(format!("{name}: {left} entries are in no renewal, and their tree goes: `epid renew` at once")),
		Due::TooLate => Some(format!(
			"{name}: {left} entries are in no renewal, and their tree is forbidden: they prove nothing to who did not check them before"
		)),
	};
	told.chain(left).collect()
}

/// A tree that is not to be trusted for long, or any more.
fn going(view: &TreeView) -> Option<String> {
	let name = view.tree.name();
	match view.status {
		SuiteStatus::Active => None,
		SuiteStatus::Deprecated { since } => Some(format!("the tree on {name} is deprecated since {since}")),
		SuiteStatus::Forbidden { since, .. } => Some(format!("the tree on {name} is forbidden since {since}")),
	}
}

impl Log {
	/// The newest renewal that is on chain.
	fn covered(&self) -> Option<&Renewed> {
		self.renewals.iter().filter(|renewal| renewal.at.is_some()).max_by_key(|renewal| renewal.head.size)
	}
}

fn status(store: &Store, kind: LogKind, known: Option<&OnChain>, own: SuiteStatus) -> Result<Log, Error> {
	let reader = store.log(kind)?;
	let newest = store.newest_finalised(kind)?;
	let renewals = match known {
		Some(OnChain { renewals, .. }) => renewals.iter().map(Renewed::from).collect(),
		None => {
			let of_store = store.renewals(kind)?.into_iter().map(|(second, progress)| {
				let head = log::head_at(&reader, second.size)?;
				Ok(Renewed { head, tree: TreeSuite::Blake2b256, root: hex(&second.root), at: progress.at() })
			});
			of_store.collect::<Result<_, Error>>()?
		},
	};
	let mut status = Log {
		kind,
		records: reader.records()?,
		head: log::head(&reader),
		checkpoint: newest.map(|(head, _)| head),
		checkpointed_at: newest.and_then(|(_, checkpoint)| checkpoint.progress.at()),
		on_chain: known.and_then(|known| known.head),
		reached: None,
		renewals,
		unrenewed: 0,
		renewal_due: Due::No,
	};
	let head = if known.is_some() { status.on_chain } else { status.checkpoint };
	status.reached = head.map(|head| head.size);
	let covered = status.covered().map_or(0, |renewal| renewal.head.size);
	status.unrenewed = status.reached.unwrap_or(0).saturating_sub(covered);
	let since = match status.covered() {
		Some(renewal) => renewal.at,
		None => first_checkpoint(store, kind)?,
	};
	status.renewal_due = due(status.unrenewed, own, since, host_time());
	Ok(status)
}

impl From<&Renewal> for Renewed {
	fn from(renewal: &Renewal) -> Self {
		let Renewal { head, tree, root, at, .. } = renewal;
		Self { head: *head, tree: *tree, root: hex(root), at: Some(*at) }
	}
}

/// When the first checkpoint was made that the store knows.
fn first_checkpoint(store: &Store, kind: LogKind) -> Result<Option<Moment>, Error> {
	let mut first = None;
	store.checkpoints_from_newest(kind, |_, checkpoint| {
		first = checkpoint.progress.at().or(first);
		true
	})?;
	Ok(first)
}

fn on_chain(context: &Context, store: &Store) -> Result<Asked, Error> {
	let Identity { custodian, .. } = store.identity();
	context.block_on(async {
		let chain = context.chain().await?;
		store.expect(Identity { network: chain.network(), custodian })?;
		let at = chain.finalised().await?;
		let mut logs = Vec::new();
		for kind in KINDS {
			let head = at.log(custodian, kind).await?.map(|view| view.head);
			logs.push(OnChain { head, renewals: at.renewals(custodian, kind).await? });
		}
		Ok(Asked { logs, trees: at.trees().await? })
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::store::{Progress, Secret};
	use epidaurus_primitives::ids::{NetworkId, OrgId};

	#[test]
	fn what_a_chain_that_was_asked_does_not_have_is_not_on_chain() {
		let (folder, identity) =
			(tempfile::tempdir().unwrap(), Identity { network: NetworkId([1; 32]), custodian: OrgId(3) });
		let (store, _) = Store::create(folder.path(), identity, &Secret::random().unwrap()).unwrap();
		let head = LogHead { size: 9, root: [1; 32] };
		store.put_checkpoint(LogKind::Records, head, Progress::Finalised { at: Moment(5) }).unwrap();
		let shown = |known: Option<&OnChain>| status(&store, LogKind::Records, known, SuiteStatus::Active).unwrap();
		// As the store saw it, where nobody is asked.
		let log = shown(None);
		assert_eq!((log.reached, log.unrenewed, log.renewal_due), (Some(9), 9, Due::Yearly));
		for (head, size) in [(None, None), (Some(LogHead { size: 4, root: [2; 32] }), Some(4))] {
			let log = shown(Some(&OnChain { head, renewals: Vec::new() }));
			assert_eq!((log.reached, log.unrenewed), (size, size.unwrap_or(0)));
			let column = size.map_or("-".into(), |size: u64| size.to_string());
			assert!(table(&[log]).contains(&format!("  {column}         -        0x")), "{column}");
		}
	}
}
