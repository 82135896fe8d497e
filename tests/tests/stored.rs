// SPDX-License-Identifier: Apache-2.0
//! What a light client reads: under the keys that the runtime lists stands what `primitives::stored` describes, and it
//! comes to the same answers as the runtime.

use codec::DecodeAll;
use epidaurus_primitives::{
	ehr::{LogKind, LogProof, SuiteStatus},
	hash::{NativeBlake2b256, NativeSha256, Opening},
	ids::{NetworkId, OrgId, RecordId},
	life::RecordLife,
	moment::Moment,
	proof::HexBytes,
	renewal::{Renewal, TreeSuite},
	stored::{
		StoredLog, StoredOrganisation, StoredRecord, StoredVersion, EHR_STORAGE_VERSION, REGISTRY_STORAGE_VERSION,
	},
	verify,
	views::{AnchorVerdict, LogVerdict, OrganisationView, TreeVerdict, TreeView},
};
use epidaurus_runtime::{AccountId, Runtime};
use epidaurus_tests::{
	actors::{CLERK, HOSPITAL},
	logs::{commitment, version, Log, RenewedLog},
	Chain,
};
use pallet_ehr::CheckpointId;

const RECORD: RecordId = RecordId([7; 16]);

/// What stands under a key.
fn stored<Value: DecodeAll>(chain: &mut Chain, key: &HexBytes) -> Option<Value> {
	let bytes = chain.run(|| sp_io::storage::get(&key.0))?;
	Some(Value::decode_all(&mut &bytes[..]).expect("the stored form is the described one"))
}

/// The key, as a client in any language computes it. The client has the same list.
fn key(text: &str) -> HexBytes {
	text.parse().expect("hexadecimal")
}

#[test]
fn keys_are_frozen() {
	let mut chain = Chain::new();
	let layout = key("0x8b999aba43b1c76915c7af81366b984c4e7b9012096b41c4eb3aaf947f6ea429");
	let network = key("0x8b999aba43b1c76915c7af81366b984cf258460b41b9b2fdb96c15e5c16fdacb");
	let time = key("0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb");
	let record =
		key("0x8b999aba43b1c76915c7af81366b984cbb8fcc88c3da5bf159c1e1a5f46fe432469c67b6d8c26b194ea796a5529e0de4\
		07070707070707070707070707070707");
	let second =
		key("0x8b999aba43b1c76915c7af81366b984c51ccde2f2a9eb4cb527d8bb8b30bee6f469c67b6d8c26b194ea796a5529e0de4\
		070707070707070707070707070707079eb2dcce60f37a2702000000");
	let life =
		key("0x8b999aba43b1c76915c7af81366b984c5c92f95ad2f7a1776b142fcfda3ec590469c67b6d8c26b194ea796a5529e0de4\
		07070707070707070707070707070707");
	let log = key("0x8b999aba43b1c76915c7af81366b984c86ba0544ab056f28c715ec6fc5eaf4605153cb1f00942ff401000000\
		682705db4aa834e900");
	let keys: Vec<HexBytes> = chain.ask("EhrApi_verify_anchor_keys", (RECORD, 2u32));
	assert_eq!(keys, [layout.clone(), record.clone(), second, life, network.clone(), time.clone()]);
	let keys: Vec<HexBytes> = chain.ask("EhrApi_anchor_keys", RECORD);
	assert_eq!(keys, [layout.clone(), record, time.clone()]);
	let keys: Vec<HexBytes> = chain.ask("EhrApi_verify_log_keys", (OrgId(1), LogKind::Records));
	let renewals =
		key("0x8b999aba43b1c76915c7af81366b984c1f742d55369a4a915d0e2253f55fff355153cb1f00942ff401000000682705db\
		4aa834e900");
	let trees = [
		key("0x8b999aba43b1c76915c7af81366b984cb420443fc0b37a25c8ffd278988cd33d682705db4aa834e900"),
		key("0x8b999aba43b1c76915c7af81366b984cb420443fc0b37a25c8ffd278988cd33d30e7211b8127418a01"),
	];
	let expected = [layout.clone(), log.clone(), network, renewals].into_iter().chain(trees).chain([time.clone()]);
	assert_eq!(keys, expected.collect::<Vec<_>>());
	let keys: Vec<HexBytes> = chain.ask("EhrApi_log_keys", (OrgId(1), LogKind::Records));
	assert_eq!(keys, [layout, log, time.clone()]);
	let layout = key("0x8a493ef65ff3987a1fbc9979200ad1af4e7b9012096b41c4eb3aaf947f6ea429");
	let organisation =
		key("0x8a493ef65ff3987a1fbc9979200ad1afad27ca4e32b671dcad8c32ed7a4743d55153cb1f00942ff401000000");
	let keys: Vec<HexBytes> = chain.ask("RegistryApi_organisation_keys", OrgId(1));
	assert_eq!(keys, [layout, organisation, time]);
}

#[test]
fn an_organisation_is_read_as_the_runtime_reads_it() {
	let mut chain = Chain::new();
	for id in (0..11).map(OrgId) {
		let keys: Vec<HexBytes> = chain.ask("RegistryApi_organisation_keys", id);
		let [layout, organisation, _] = &keys[..] else { panic!("{keys:?}") };
		assert_eq!(stored::<u16>(&mut chain, layout), Some(REGISTRY_STORAGE_VERSION));
		let ours: StoredOrganisation<AccountId> = stored(&mut chain, organisation).expect("a founder");
		let theirs: Option<OrganisationView<AccountId>> = chain.ask("RegistryApi_organisation", (id, None::<Moment>));
		let theirs = theirs.expect("a founder");
		assert_eq!((ours.class, ours.gln, ours.jurisdiction), (theirs.class, theirs.gln, theirs.jurisdiction));
		assert_eq!((ours.controller, ours.status, ours.since), (theirs.controller, theirs.status, theirs.since));
	}
}

#[test]
fn an_anchor_is_read_as_the_runtime_reads_it() {
	let mut chain = Chain::new();
	let (first, second) = (version("first", 1), version("second", 2));
	let suite = first.suite;
	chain.ok(CLERK, pallet_ehr::Call::anchor { record: RECORD, commitment: commitment(&first), suite, link: None });
	chain.next_block();
	let amend = pallet_ehr::Call::amend { record: RECORD, expected_version: 1, commitment: commitment(&second), suite };
	chain.ok(CLERK, amend);
	for opening in [&first, &second] {
		let number = opening.header.version;
		let keys: Vec<HexBytes> = chain.ask("EhrApi_verify_anchor_keys", (RECORD, number));
		let [layout, record, version, life, network, time] = &keys[..] else { panic!("{keys:?}") };
		assert_eq!(stored::<u16>(&mut chain, layout), Some(EHR_STORAGE_VERSION));
		let now = chain.now();
		assert_eq!(stored::<Moment>(&mut chain, time), Some(now));
		let network: NetworkId = stored(&mut chain, network).expect("set at genesis");
		let record: StoredRecord = stored(&mut chain, record).expect("anchored");
		let version: StoredVersion = stored(&mut chain, version).expect("anchored");
		verify::verify_anchor::<NativeSha256>(&network, (version.suite, &version.commitment), opening)
			.expect("it opens");
		let ours = AnchorVerdict {
			custodian: record.custodian,
			version: number,
			suite: version.suite,
			anchored_at: version.anchored_at,
			standing: record.standing_of(number).expect("there is such a version"),
			life: stored::<RecordLife>(&mut chain, life)
				.unwrap_or_default()
				.view(record.link.is_some(), now, |_| false),
			suite_status: SuiteStatus::Active,
		};
		let theirs: Result<AnchorVerdict, verify::Refusal> = chain.ask("EhrApi_verify_anchor", (RECORD, opening));
		assert_eq!(theirs, Ok(ours));
		assert!(version.deposit.is_some_and(|deposit| deposit > 0));
	}
}

/// What a light client reads about the hospital's log, and what it concludes about an entry.
fn read_log(chain: &mut Chain, kind: LogKind, (opening, proof): (&Opening, &LogProof)) -> (StoredLog, TreeVerdict) {
	let keys: Vec<HexBytes> = chain.ask("EhrApi_verify_log_keys", (HOSPITAL, kind));
	let [_, state, network, renewals, sha256, blake2b, _] = &keys[..] else { panic!("{keys:?}") };
	let network: NetworkId = stored(chain, network).expect("set at genesis");
	let state: StoredLog = stored(chain, state).expect("opened");
	let renewals: Vec<Renewal> = stored(chain, renewals).unwrap_or_default();
	let statuses = [sha256, blake2b].map(|tree| stored::<SuiteStatus>(chain, tree).unwrap_or_default());
	let trees = TreeSuite::ALL.into_iter().zip(statuses).map(|(tree, status)| TreeView { tree, status });
	let log = (&state.newest.head, renewals.as_slice());
	let renewal = verify::verify_log::<NativeSha256, NativeBlake2b256>(&network, kind, log, opening, proof);
	(state, TreeVerdict::new(renewal.expect("it stands there"), trees.collect()))
}

#[test]
fn a_log_is_read_as_the_runtime_reads_it() {
	let mut chain = Chain::new();
	let kind = LogKind::Records;
	let mut log = Log::new(kind);
	chain.ok(CLERK, pallet_ehr::Call::open_log { kind });
	log.grow(9);
	let consistency_proof = log.consistency(0).try_into().expect("no longer than any log needs");
	let head = log.head();
	let checkpoint: pallet_ehr::Call<Runtime> =
		pallet_ehr::Call::checkpoint { kind, new_root: head.root, new_size: head.size, consistency_proof };
	chain.ok(CLERK, checkpoint);
	let covered_at = chain.now();
	let second = RenewedLog::of(&log);
	let (opening, plain) = log.prove(4);
	let renewed = LogProof { renewed: Some(second.prove(4)), ..plain.clone() };
	for (renews, retires, proof) in
		[(false, false, &plain), (true, false, &plain), (false, false, &renewed), (false, true, &renewed)]
	{
		chain.next_block();
		if renews {
			let checkpoint = CheckpointId { number: 0, size: 9 };
			let (tree, root, path) = (TreeSuite::Blake2b256, second.head().root, second.consistency(0));
			let consistency_proof = path.try_into().expect("no longer than any log needs");
			let renew: pallet_ehr::Call<Runtime> =
				pallet_ehr::Call::renew_log { custodian: HOSPITAL, kind, checkpoint, tree, root, consistency_proof };
			chain.ok(CLERK, renew);
		}
		if retires {
			chain.decide(pallet_ehr::Call::deprecate_tree { tree: TreeSuite::Sha256 });
			chain.decide(pallet_ehr::Call::forbid_tree { tree: TreeSuite::Sha256 });
		}
		let (state, trees) = read_log(&mut chain, kind, (&opening, proof));
		assert_eq!(trees.renewal.is_some(), proof.renewed.is_some());
		let ours = LogVerdict {
			custodian: HOSPITAL,
			kind,
			head: state.newest.head,
			at: state.newest.at,
			licensed: state.newest.licensed,
			suite_status: SuiteStatus::Active,
			covered_at,
			trees,
		};
		let question = (HOSPITAL, kind, &opening, proof);
		let theirs: Result<LogVerdict, verify::Refusal> = chain.ask("EhrApi_verify_log", question);
		assert_eq!((theirs, state.checkpoints), (Ok(ours), 1));
	}
}
