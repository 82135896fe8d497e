// SPDX-License-Identifier: Apache-2.0
//! What a light client reads: under the keys that the runtime lists stands what `primitives::stored` describes, and it
//! comes to the same answers as the runtime.

use codec::DecodeAll;
use epidaurus_primitives::{
	ehr::{LogKind, LogProof, SuiteStatus},
	hash::{Commitment, HashSuite, NativeBlake2b256, NativeSha256, Opening},
	ids::{NetworkId, OrgId, RecordId, SubjectId},
	life::{ErasureGround, RecordLife, Resolution},
	link::LinkKey,
	moment::{Moment, DAY},
	proof::HexBytes,
	registry::Roles,
	renewal::{Renewal, TreeSuite},
	stored::{
		StoredLog, StoredOrganisation, StoredRecord, StoredVersion, EHR_STORAGE_VERSION, REGISTRY_STORAGE_VERSION,
		SUBJECTS_STORAGE_VERSION,
	},
	subjects::{
		doubt::{is_doubtful, Doubt},
		rebind::Rebind,
	},
	verify,
	views::{AnchorVerdict, LifeView, LogVerdict, OrganisationView, TreeVerdict, TreeView},
};
use epidaurus_runtime::{constants::money::EPI, AccountId, Runtime};
use epidaurus_tests::{
	account,
	actors::{CLERK, HOSPITAL, HOSPITAL_CONTROLLER},
	logs::{commitment, version, Log, RenewedLog, NETWORK},
	Chain,
};
use pallet_ehr::CheckpointId;

const RECORD: RecordId = RecordId([7; 16]);

/// What stands under a key.
fn stored<Value: DecodeAll>(chain: &mut Chain, key: &HexBytes) -> Option<Value> {
	let bytes = chain.run(|| sp_io::storage::get(&key.0))?;
	Some(Value::decode_all(&mut &bytes[..]).expect("the stored form is the described one"))
}

/// How far a suite may be trusted, by what stands under the keys of all suites.
fn suite_status(chain: &mut Chain, suites: &[HexBytes], suite: HashSuite) -> SuiteStatus {
	assert_eq!(suites.len(), HashSuite::ALL.len());
	let place = HashSuite::ALL.iter().position(|known| *known == suite).expect("a suite");
	stored(chain, &suites[place]).unwrap_or_default()
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
	let suites = [
		key("0x8b999aba43b1c76915c7af81366b984c9bd7625732f2e232e427b320d05d2582682705db4aa834e900"),
		key("0x8b999aba43b1c76915c7af81366b984c9bd7625732f2e232e427b320d05d258230e7211b8127418a01"),
		key("0x8b999aba43b1c76915c7af81366b984c9bd7625732f2e232e427b320d05d2582e7b03257c9b8794b02"),
		key("0x8b999aba43b1c76915c7af81366b984c9bd7625732f2e232e427b320d05d2582b64b1fbcd0c8251f03"),
	];
	let with_suites = |before: &[HexBytes]| [before, &suites, std::slice::from_ref(&time)].concat();
	assert_eq!(keys, with_suites(&[layout.clone(), record.clone(), second, life, network.clone()]));
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
	let [sha256, blake2b] = trees;
	assert_eq!(keys, with_suites(&[layout.clone(), log.clone(), renewals, sha256, blake2b, network]));
	let keys: Vec<HexBytes> = chain.ask("EhrApi_log_keys", (OrgId(1), LogKind::Records));
	assert_eq!(keys, [layout, log, time.clone()]);
	let subject = "ddd6249d8a7334cf5ea37d21811e66710707070707070707070707070707070707070707070707070707070707070707";
	let keys: Vec<HexBytes> = chain.ask("SubjectsApi_doubt_keys", SubjectId([7; 32]));
	let expected = [
		key("0xd8bf348a9b07d036c82b70ac0d7043e84e7b9012096b41c4eb3aaf947f6ea429"),
		key(&format!("0xd8bf348a9b07d036c82b70ac0d7043e8e2977b560ba7335e123af992055563b0{subject}")),
		key(&format!("0xd8bf348a9b07d036c82b70ac0d7043e8f272fdcdda6c1ec6d55f5227bc7987ff{subject}")),
	];
	assert_eq!(keys, expected);
	let layout = key("0x8a493ef65ff3987a1fbc9979200ad1af4e7b9012096b41c4eb3aaf947f6ea429");
	let organisation =
		key("0x8a493ef65ff3987a1fbc9979200ad1afad27ca4e32b671dcad8c32ed7a4743d55153cb1f00942ff401000000");
	let succession = key("0x8a493ef65ff3987a1fbc9979200ad1af0639a1627e4f5d79be633cab58b89b7b5153cb1f00942ff401000000");
	let keys: Vec<HexBytes> = chain.ask("RegistryApi_organisation_keys", OrgId(1));
	assert_eq!(keys, [layout, organisation, succession, time]);
}

#[test]
fn an_organisation_is_read_as_the_runtime_reads_it() {
	let mut chain = Chain::new();
	for id in (0..11).map(OrgId) {
		let keys: Vec<HexBytes> = chain.ask("RegistryApi_organisation_keys", id);
		let [layout, organisation, _, _] = &keys[..] else { panic!("{keys:?}") };
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
	chain.decide(pallet_ehr::Call::deprecate_suite { suite });
	for opening in [&first, &second] {
		let number = opening.header.version;
		let keys: Vec<HexBytes> = chain.ask("EhrApi_verify_anchor_keys", (RECORD, number));
		let [layout, record, version, life, network, suites @ .., time] = &keys[..] else { panic!("{keys:?}") };
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
			suite_status: suite_status(&mut chain, suites, suite),
		};
		let theirs: Result<AnchorVerdict, verify::Refusal> = chain.ask("EhrApi_verify_anchor", (RECORD, opening));
		assert_eq!(theirs, Ok(ours));
		assert!(version.deposit.is_some_and(|deposit| deposit > 0));
	}
}

/// The life of the record by what stands under the keys of an answer about its first version.
fn life(chain: &mut Chain) -> (usize, LifeView) {
	let keys: Vec<HexBytes> = chain.ask("EhrApi_verify_anchor_keys", (RECORD, 1u32));
	let record: StoredRecord = stored(chain, &keys[1]).expect("anchored");
	let life: RecordLife = stored(chain, &keys[3]).unwrap_or_default();
	let (mut doubts, mut pending) = (Vec::<Doubt>::new(), None::<Rebind<AccountId>>);
	if let [_, _, _, _, _, _, _, _, _, layout, in_doubt, rebind, _] = &keys[..] {
		assert_eq!(stored::<u16>(chain, layout), Some(SUBJECTS_STORAGE_VERSION));
		(doubts, pending) = (stored(chain, in_doubt).unwrap_or_default(), stored(chain, rebind));
	}
	let view = life.view(record.link.is_some(), chain.now(), |at| is_doubtful(&doubts, pending.as_ref(), at));
	(keys.len(), view)
}

#[test]
fn a_doubtful_dispute_is_read_as_the_runtime_reads_it() {
	const PATIENT: SubjectId = SubjectId([1; 32]);
	const KEY: &str = "Patient//phone";
	const DEPUTY: &str = "Alice//deputy";
	let mut chain = Chain::new();
	let mut written = version("of a patient", 1);
	written.header.subject = Some(PATIENT);
	let link = written.subject_link::<NativeSha256>(&NETWORK, &RECORD);
	chain.ok(CLERK, pallet_subjects::Call::enrol { subject: PATIENT, key: account(KEY) });
	let (commitment, suite) = (commitment(&written), written.suite);
	chain.ok(CLERK, pallet_ehr::Call::anchor { record: RECORD, commitment, suite, link });
	let add = pallet_registry::Call::add_member { member: account(DEPUTY), roles: Roles::RECORDS, until: None };
	chain.ok(HOSPITAL_CONTROLLER, add);
	chain.ok(HOSPITAL_CONTROLLER, pallet_registry::Call::fund_member { member: account(DEPUTY), amount: EPI });
	let agree = |chain: &mut Chain, keys: usize, doubtful: Option<bool>| {
		let (listed, ours) = life(chain);
		let theirs: Option<LifeView> = chain.ask("EhrApi_life", RECORD);
		assert_eq!(theirs.as_ref(), Some(&ours));
		assert_eq!((listed, ours.disputes.last().map(|dispute| dispute.doubtful)), (keys, doubtful));
		// It is withdrawn, and whoever did not open it did not end it.
		assert_eq!(
			(ours.disputed, ours.disputes.last().map(|dispute| dispute.end_doubtful)),
			(doubtful == Some(true), doubtful)
		);
	};
	agree(&mut chain, 10, None);
	let lost_since = chain.now();
	let link_key = LinkKey::of::<NativeSha256>(&written.salt);
	chain.ok(KEY, pallet_ehr::Call::dispute { record: RECORD, link_key, statement: Commitment([5; 32]) });
	chain.next_block();
	chain.ok(KEY, pallet_ehr::Call::withdraw_dispute { record: RECORD });
	agree(&mut chain, 13, Some(false));
	let (new_key, evidence) = (account("Patient//new phone"), Commitment([6; 32]));
	let start =
		pallet_subjects::Call::start_rebind { subject: PATIENT, new_key: new_key.clone(), evidence, lost_since };
	chain.ok(CLERK, start);
	agree(&mut chain, 13, Some(false));
	chain.ok(DEPUTY, pallet_subjects::Call::confirm_rebind { subject: PATIENT, new_key });
	agree(&mut chain, 13, Some(true));
	chain.sleep(7 * DAY);
	chain.ok(DEPUTY, pallet_subjects::Call::complete_rebind { subject: PATIENT });
	agree(&mut chain, 13, Some(true));
	let erase = pallet_ehr::Call::attest_erasure { record: RECORD, ground: ErasureGround::ConsentWithdrawn };
	chain.fails(CLERK, erase.clone(), pallet_ehr::Error::<Runtime>::Disputed);
	let (resolution, explanation) = (Resolution::Rejected, Commitment([7; 32]));
	chain.ok(CLERK, pallet_ehr::Call::resolve_dispute { record: RECORD, resolution, explanation });
	for who in [CLERK, DEPUTY] {
		chain.ok(who, erase.clone());
	}
	assert_eq!(life(&mut chain).1.erasure.map(|erasure| erasure.custodian), Some(HOSPITAL));
}

/// What a light client reads about the hospital's log, and what it concludes about an entry.
fn read_log(chain: &mut Chain, kind: LogKind, (opening, proof): (&Opening, &LogProof)) -> (StoredLog, TreeVerdict) {
	let keys: Vec<HexBytes> = chain.ask("EhrApi_verify_log_keys", (HOSPITAL, kind));
	let [_, state, renewals, sha256, blake2b, network, ..] = &keys[..] else { panic!("{keys:?}") };
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
			successor: None,
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
