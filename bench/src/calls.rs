// SPDX-License-Identifier: Apache-2.0
//! Each call of the pallet ehr, against a balance transfer on the same node.

use crate::{
	chain::{call, ehr, person, Chain},
	error::{at, Error, Result},
	node::{Blocks, Node},
	questions::{times, Question},
	report::{Cell, Finding, Report, Table},
	stats::median,
};
use codec::Compact;
use epid::chain::Encoded;
use epidaurus_primitives::{
	ehr::LogKind,
	hash::{Commitment, HashSuite, NativeSha256, Salt},
	ids::{NetworkId, OrgId, RecordId, SubjectId},
	life::{DenialReason, ErasureGround, Resolution},
	link::LinkKey,
	merkle::{leaf_hash, root, Hash},
	moment::Moment,
	renewal::TreeSuite,
};
use std::{collections::BTreeSet, path::Path};
use subxt::transactions::Payload;
use subxt_signer::sr25519::Keypair;

/// The subcommand.
pub const PART: &str = "calls";
/// What it is about.
pub const TITLE: &str = "Each call of the pallet ehr, against a balance transfer";

const SUITE: HashSuite = HashSuite::FhirStaticRecursive;
const TREE: TreeSuite = TreeSuite::Blake2b256;
/// For whom the clerk acts.
const CUSTODIAN: OrgId = OrgId(0);
const STATEMENT: Commitment = Commitment([7; 32]);
const SUBJECT: SubjectId = SubjectId([5; 32]);
const KIND: LogKind = LogKind::Records;
/// 2100-01-01, until when a record is to be retained.
const LATER: Moment = Moment(4_102_444_800_000);

/// Who signs.
struct People {
	clerk: Keypair,
	inspector: Keypair,
	patient: Keypair,
}

impl People {
	fn new() -> Result<Self> {
		Ok(Self {
			clerk: person("//Alice//records")?,
			inspector: person("//Regulator//inspector")?,
			patient: person("//Patient")?,
		})
	}
}

/// Records by what happened to them before anything is measured.
#[derive(Clone, Copy)]
enum Place {
	Fresh = 1,
	Untouched,
	Disputed,
	Requested,
	RequestedAndAmended,
	Denied,
	Disagreed,
	Held,
}

impl Place {
	const ALL: [Self; 7] = [
		Self::Untouched,
		Self::Disputed,
		Self::Requested,
		Self::RequestedAndAmended,
		Self::Denied,
		Self::Disagreed,
		Self::Held,
	];

	fn id(self) -> RecordId {
		RecordId([self as u8; 16])
	}

	fn link_key(self) -> LinkKey {
		LinkKey::of::<NativeSha256>(&Salt::new([self as u8; 32]))
	}
}

fn anchor(place: Place, network: &NetworkId) -> Encoded {
	let link = place.link_key().link::<NativeSha256>(network, &place.id(), &SUBJECT);
	ehr("anchor", (place.id(), STATEMENT, SUITE, Some(link)))
}

fn amend(place: Place) -> Encoded {
	ehr("amend", (place.id(), 1_u32, STATEMENT, SUITE))
}

fn dispute(place: Place) -> Encoded {
	ehr("dispute", (place.id(), place.link_key(), STATEMENT))
}

fn request(place: Place) -> Encoded {
	ehr("request_amendment", (place.id(), place.link_key(), STATEMENT))
}

fn deny(place: Place) -> Encoded {
	ehr("deny_amendment", (place.id(), 0_u32, DenialReason::NotCreatedHere, STATEMENT))
}

fn disagree(place: Place) -> Encoded {
	ehr("disagree", (place.id(), 0_u32, STATEMENT))
}

fn hold(place: Place) -> Encoded {
	ehr("place_hold", place.id())
}

/// A log of equal leaves, of so many.
fn head(size: usize) -> Hash {
	root::<NativeSha256>(&vec![leaf(); size])
}

fn leaf() -> Hash {
	leaf_hash::<NativeSha256>(b"an entry")
}

/// Brings the chain to where every call can be made.
async fn prepare(chain: &Chain, people: &People, network: &NetworkId) -> Result<()> {
	let patient = people.patient.public_key().0;
	let mut steps = vec![
		(&people.clerk, call("Subjects", "enrol", (SUBJECT, patient))),
		(&people.clerk, ehr("open_log", KIND)),
		(&people.clerk, ehr("checkpoint", (KIND, head(1), 1_u64, Vec::<Hash>::new()))),
	];
	steps.extend(Place::ALL.map(|place| (&people.clerk, anchor(place, network))));
	steps.push((&people.patient, dispute(Place::Disputed)));
	for place in [Place::Requested, Place::RequestedAndAmended, Place::Denied, Place::Disagreed] {
		steps.push((&people.patient, request(place)));
	}
	steps.push((&people.clerk, amend(Place::RequestedAndAmended)));
	steps.extend([Place::Denied, Place::Disagreed].map(|place| (&people.clerk, deny(place))));
	steps.push((&people.patient, disagree(Place::Disagreed)));
	steps.push((&people.inspector, hold(Place::Held)));
	for (who, call) in steps {
		chain.submit(who, &call).await?;
	}
	Ok(())
}

/// The transfer that everything is compared with.
fn transfer(people: &People) -> Encoded {
	// To an account that is there, by its id.
	let destination = (0_u8, people.inspector.public_key().0);
	call("Balances", "transfer_keep_alive", (destination, Compact(1_000_000_000_u128)))
}

/// Every call that somebody signs, with who does.
fn signed<'p>(people: &'p People, network: &NetworkId) -> Vec<(&'p Keypair, &'static str, Encoded)> {
	let People { clerk, inspector, patient } = people;
	let (officer, subject, regulator) = ("custodian's member", "subject", "regulator's member");
	vec![
		(clerk, officer, anchor(Place::Fresh, network)),
		(clerk, officer, amend(Place::Untouched)),
		(clerk, officer, ehr("mark_entered_in_error", Place::Untouched.id())),
		(clerk, officer, ehr("open_log", LogKind::Disclosures)),
		(clerk, officer, ehr("checkpoint", (KIND, head(2), 2_u64, vec![leaf()]))),
		(clerk, officer, ehr("checkpoint_for", (CUSTODIAN, KIND, head(2), 2_u64, vec![leaf()]))),
		(clerk, officer, ehr("renew_log", (CUSTODIAN, KIND, (0_u64, 1_u64), TREE, [7_u8; 32], Vec::<Hash>::new()))),
		(patient, subject, dispute(Place::Untouched)),
		(patient, subject, ehr("withdraw_dispute", Place::Disputed.id())),
		(clerk, officer, ehr("resolve_dispute", (Place::Disputed.id(), Resolution::Rejected, STATEMENT))),
		(patient, subject, request(Place::Untouched)),
		(clerk, officer, ehr("accept_amendment", (Place::RequestedAndAmended.id(), 0_u32))),
		(clerk, officer, deny(Place::Requested)),
		(patient, subject, disagree(Place::Denied)),
		(clerk, officer, ehr("rebut", (Place::Disagreed.id(), 0_u32, STATEMENT))),
		(inspector, regulator, hold(Place::Untouched)),
		(inspector, regulator, ehr("lift_hold", Place::Held.id())),
		(clerk, officer, ehr("state_retention", (Place::Untouched.id(), LATER))),
		(clerk, officer, ehr("attest_erasure", (Place::Untouched.id(), ErasureGround::ConsentWithdrawn))),
	]
}

/// Calls whose weight is told and that are not made: they need a motion, or an organisation without money.
fn unsigned() -> [(&'static str, Encoded); 5] {
	[
		("custodian's member", ehr("settle_deposit", (Place::Untouched.id(), 1_u32))),
		("consortium", ehr("deprecate_suite", HashSuite::Raw)),
		("consortium", ehr("forbid_suite", HashSuite::Raw)),
		("consortium", ehr("deprecate_tree", TREE)),
		("consortium", ehr("forbid_tree", TREE)),
	]
}

/// Measures it on a chain of its own.
pub async fn measure(binary: &Path, repetitions: usize) -> Result<Report> {
	let folder = tempfile::tempdir().map_err(at(std::env::temp_dir()))?;
	let node = Node::start(binary, folder.path(), Blocks::Instant)?;
	let chain = Chain::connect(node.url()).await?;
	let people = People::new()?;
	let network: NetworkId = chain.ask("EhrApi_network_id", &[]).await?;
	ensure_all_calls(&chain, &people, &network).await?;
	prepare(&chain, &people, &network).await?;

	let mut calls = vec![(&people.clerk, "member", transfer(&people))];
	calls.extend(signed(&people, &network));
	let mut questions = vec![Question::nothing()];
	let mut weights = Vec::new();
	for (who, _, call) in &calls {
		weights.push(chain.weight(call).await?);
		questions.push(Question::apply(&chain.sign(who, call).await?));
	}
	let taken = times(&chain, &questions, repetitions).await?;
	let [nothing, taken @ ..] = taken.as_slice() else { return Err(Error::Wrong("nothing was timed".into())) };
	let (Some(time), Some(weight)) = (taken.first(), weights.first()) else {
		return Err(Error::Wrong("the transfer was not timed".into()));
	};
	let (time, declared) = (time - nothing, weight.ref_time as f64);

	let mut rows = Vec::new();
	let mut ratios = (Vec::new(), Vec::new());
	for (((_, who, call), weight), taken) in calls.iter().zip(&weights).zip(taken) {
		let ratio = (weight.ref_time as f64 / declared, (taken - nothing) / time);
		ratios.0.push(ratio.0);
		ratios.1.push(ratio.1);
		rows.push(row(call, who, *weight, ratio.0, [(taken - nothing).into(), ratio.1.into()]));
	}
	for (who, call) in unsigned() {
		let weight = chain.weight(&call).await?;
		rows.push(row(&call, who, weight, weight.ref_time as f64 / declared, [Cell::Nothing, Cell::Nothing]));
	}
	Ok(report(rows, ratios, repetitions))
}

/// Refuses a chain whose pallet has other calls than those that are listed here.
async fn ensure_all_calls(chain: &Chain, people: &People, network: &NetworkId) -> Result<()> {
	let of_chain = chain.calls_of("Ehr").await?;
	let missing: Vec<_> = of_chain.difference(&listed(people, network)).cloned().collect();
	match missing.is_empty() {
		true => Ok(()),
		false => Err(Error::Wrong(format!("calls of the pallet that are not listed: {}", missing.join(", ")))),
	}
}

/// The names of all calls that are measured or weighed.
fn listed(people: &People, network: &NetworkId) -> BTreeSet<String> {
	let signed = signed(people, network).into_iter().map(|(_, _, call)| call.call_name().to_owned());
	signed.chain(unsigned().map(|(_, call)| call.call_name().to_owned())).collect()
}

fn row(call: &Encoded, who: &str, weight: crate::chain::Weight, ratio: f64, measured: [Cell; 2]) -> Vec<Cell> {
	let [time, to_transfer] = measured;
	let declared = weight.ref_time as f64 / 1e6;
	let name = format!("`{}.{}`", call.pallet_name(), call.call_name());
	vec![name.into(), who.into(), declared.into(), ratio.into(), weight.proof_size.into(), time, to_transfer]
}

fn report(rows: Vec<Vec<Cell>>, ratios: (Vec<f64>, Vec<f64>), repetitions: usize) -> Report {
	let largest = |values: &[f64]| values.iter().copied().fold(f64::NAN, f64::max);
	// The transfer itself comes first.
	let [declared, measured] = [ratios.0, ratios.1].map(|ratios| ratios.into_iter().skip(1).collect::<Vec<_>>());
	Report {
		part: PART,
		title: TITLE,
		setting: vec![
			"Declared is the weight that the runtime takes for the call, in its worst case (a member with as many licences as can be in force, full \
			 lists), reads and writes included; all are measured on this runtime. It is what fills a block and what fees are for."
				.into(),
			format!(
				"Measured is an ordinary case: the signed transaction is applied to the state of the newest block (`BlockBuilder_apply_extrinsic` in a \
				 `state_call`: signature, all extensions with fee or quota, call, events), by the real runtime's WASM in the node, median of {repetitions} in turn, \
				 less the median of a call that does nothing, which takes the same way to the runtime and back. It leaves out the writing of the block to disk, which \
				 is the same for all. The node is a dev build: its host functions (trie, storage) are unoptimised, for all calls alike."
			),
			"Not made here: `settle_deposit` wants an organisation without money, the consortium's calls a motion.".into(),
		],
		tables: vec![Table {
			columns: vec![
				"call",
				"signed by",
				"declared, µs",
				"to a transfer",
				"declared proof, bytes",
				"measured, µs",
				"to a transfer",
			],
			rows,
		}],
		findings: vec![
			Finding::ratio("declared, the median call to a transfer", median(&declared)),
			Finding::ratio("declared, the dearest measured call to a transfer", largest(&declared)),
			Finding::ratio("measured, the median call to a transfer", median(&measured)),
			Finding::ratio("measured, the dearest call to a transfer", largest(&measured)),
		],
		..Report::default()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn every_call_is_there_once() {
		let (people, network) = (People::new().unwrap(), NetworkId([1; 32]));
		assert_eq!(listed(&people, &network).len(), signed(&people, &network).len() + unsigned().len());
	}

	#[test]
	fn records_are_told_apart() {
		let mut ids: Vec<_> = Place::ALL.map(Place::id).to_vec();
		ids.push(Place::Fresh.id());
		ids.dedup();
		assert_eq!(ids.len(), 8);
	}

	#[test]
	fn the_transfer_does_not_count_among_the_calls() {
		let report = report(Vec::new(), (vec![1.0, 4.0, 2.0, 3.0], vec![1.0, 9.0, 5.0, 7.0]), 3);
		let values: Vec<_> = report.findings.iter().map(|finding| finding.value).collect();
		assert_eq!(values, [3.0, 4.0, 7.0, 9.0]);
	}
}
