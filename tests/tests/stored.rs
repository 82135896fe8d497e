// SPDX-License-Identifier: Apache-2.0
//! What a light client reads: under the keys that the runtime lists stands what `primitives::stored` describes, and it
//! comes to the same answers as the runtime.

use codec::DecodeAll;
use epidaurus_primitives::{
	ehr::{LogKind, SuiteStatus},
	hash::NativeSha256,
	ids::{NetworkId, OrgId, RecordId},
	life::RecordLife,
	moment::Moment,
	proof::HexBytes,
	stored::{
		StoredLog, StoredOrganisation, StoredRecord, StoredVersion, EHR_STORAGE_VERSION, REGISTRY_STORAGE_VERSION,
	},
	verify,
	views::{AnchorVerdict, LogVerdict, OrganisationView},
};
use epidaurus_runtime::{AccountId, Runtime};
use epidaurus_tests::{
	actors::{CLERK, HOSPITAL},
	logs::{commitment, version, Log},
	Chain,
};

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
	assert_eq!(keys, [layout.clone(), log.clone(), network, time.clone()]);
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
			successor: None,
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

	let keys: Vec<HexBytes> = chain.ask("EhrApi_verify_log_keys", (HOSPITAL, kind));
	let [_, state, network, _] = &keys[..] else { panic!("{keys:?}") };
	let network: NetworkId = stored(&mut chain, network).expect("set at genesis");
	let state: StoredLog = stored(&mut chain, state).expect("opened");
	let (opening, proof) = log.prove(4);
	verify::verify_log::<NativeSha256>(&network, kind, &state.newest.head, &opening, &proof).expect("it stands there");
	let ours = LogVerdict {
		custodian: HOSPITAL,
		successor: None,
		kind,
		head: state.newest.head,
		at: state.newest.at,
		licensed: state.newest.licensed,
		suite_status: SuiteStatus::Active,
	};
	let theirs: Result<LogVerdict, verify::Refusal> = chain.ask("EhrApi_verify_log", (HOSPITAL, kind, opening, proof));
	assert_eq!((theirs, state.checkpoints), (Ok(ours), 1));
}
