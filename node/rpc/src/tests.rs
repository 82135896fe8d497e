// SPDX-License-Identifier: Apache-2.0
//! Every method over a mocked runtime: parameters, answers, errors and their codes.

pub(crate) mod errors;
mod prove;
mod renewals;
mod succession;

use std::sync::Arc;

use crate::api::{EhrApi, RegistryApi, SubjectsApi};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind, LogProof, RecordStanding, SuiteStatus},
	hash::{Commitment, HashSuite, Opening},
	ids::{LicenceId, NetworkId, OrgId, RecordId, SubjectId},
	jurisdiction::Jurisdiction,
	life::RecordLife,
	moment::{Interval, Moment},
	proof::HexBytes,
	registry::{
		Capability, Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles, Standing,
	},
	subjects::{RebindPhase, SubjectStatus},
	verify::Refusal,
	views::*,
};
use jsonrpsee::RpcModule;
use serde_json::{json, Value};
use sp_api::{mock_impl_runtime_apis, ApiRef, ProvideRuntimeApi};
use sp_blockchain::{BlockStatus, HeaderBackend, Info, Result as BlockchainResult};
use sp_core::H256;
use sp_runtime::{
	generic,
	traits::{BlakeTwo256, Zero},
	AccountId32, OpaqueExtrinsic,
};

type Header = generic::Header<u32, BlakeTwo256>;
type Block = generic::Block<Header, OpaqueExtrinsic>;

/// The account //Alice of development chains, so that examples hold there as well.
const ALICE: AccountId32 =
	AccountId32::new(hex_literal::hex!("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"));
const RECORD: RecordId = RecordId([5; 16]);
const PATIENT: SubjectId = SubjectId([4; 32]);
/// The patient's key.
const KEY: AccountId32 = AccountId32::new([3; 32]);
const SOON: Moment = Moment(1_700_000_000_000);

#[derive(Clone, Default)]
struct MockRuntime;

impl ProvideRuntimeApi<Block> for MockRuntime {
	type Api = Self;

	fn runtime_api(&self) -> ApiRef<'_, Self> {
		self.clone().into()
	}
}

impl HeaderBackend<Block> for MockRuntime {
	fn header(&self, hash: H256) -> BlockchainResult<Option<Header>> {
		Ok((hash == prove::block()).then(prove::header))
	}

	fn info(&self) -> Info<Block> {
		Info {
			best_hash: prove::block(),
			best_number: Zero::zero(),
			genesis_hash: H256::zero(),
			finalized_hash: H256::zero(),
			finalized_number: Zero::zero(),
			finalized_state: None,
			number_leaves: 1,
			block_gap: None,
		}
	}

	fn status(&self, _: H256) -> BlockchainResult<BlockStatus> {
		Ok(BlockStatus::Unknown)
	}

	fn number(&self, _: H256) -> BlockchainResult<Option<u32>> {
		Ok(None)
	}

	fn hash(&self, _: u32) -> BlockchainResult<Option<H256>> {
		Ok(None)
	}
}

fn organisation(id: OrgId) -> OrganisationView<AccountId32> {
	OrganisationView {
		id,
		class: OrganisationClass::Provider,
		status: OrganisationStatus::Active,
		since: SOON,
		controller: ALICE,
		sovereign: AccountId32::new([2; 32]),
		gln: "0614141000012".parse().ok(),
		jurisdiction: Jurisdiction::country(*b"GR"),
		successor: succession::successor(id),
	}
}

fn member() -> MemberView<AccountId32> {
	MemberView { account: ALICE, organisation: OrgId(1), roles: Roles::RECORDS, since: SOON, until: None }
}

fn subject() -> SubjectView<AccountId32> {
	SubjectView {
		subject: PATIENT,
		custodian: OrgId(1),
		enrolled_at: SOON,
		key: KEY,
		proven: true,
		status: SubjectStatus::Merged { link: Commitment([8; 32]) },
		since: SOON,
		restricted: true,
		nonce: 1 << 60,
	}
}

fn licence(holder: Holder<AccountId32>) -> LicenceView<AccountId32> {
	LicenceView {
		id: LicenceId(3),
		holder,
		capability: Capability::AnchorRecords,
		jurisdiction: Jurisdiction::country(*b"GR"),
		scope: LicenceScope::All,
		issuer: OrgId(9),
		issued_at: SOON,
		validity: Interval { from: SOON, until: None },
		status: LicenceStatus::Active,
		since: SOON,
		distrusted_from: None,
	}
}

fn numbered(limit: u32) -> Vec<OrgId> {
	(1..=limit).map(OrgId).collect()
}

/// A record in dispute since soon, with a request that is overdue, held by organisation 5 and retained.
fn life() -> LifeView {
	let (subject, text) = (SubjectId([1; 32]), Commitment([2; 32]));
	let life = RecordLife::default()
		.dispute(subject, text, SOON)
		.and_then(|life| life.request(subject, text, 1, SOON))
		.and_then(|life| life.hold(OrgId(5), SOON));
	life.unwrap().view(true, Moment(u64::MAX), |_| true)
}

fn verdict() -> AnchorVerdict {
	AnchorVerdict {
		custodian: OrgId(0),
		successor: succession::successor(OrgId(0)),
		version: 1,
		suite: HashSuite::Raw,
		anchored_at: SOON,
		standing: RecordStanding::Amended { current: 2 },
		suite_status: SuiteStatus::Deprecated { since: SOON },
		life: life(),
	}
}

mock_impl_runtime_apis! {
	impl RegistryApi<Block, AccountId32> for MockRuntime {
		fn organisation(id: OrgId, at: Option<Moment>) -> Option<OrganisationView<AccountId32>> {
			(id <= OrgId(1) && at.is_none_or(|at| at >= SOON)).then(|| organisation(id))
		}

		/// The cursor comes back as the next one, so that a test sees that it went through.
		fn organisations(cursor: Option<Cursor>, limit: u32) -> Page<OrganisationView<AccountId32>> {
			Page { items: numbered(limit).into_iter().map(organisation).collect(), next: cursor }
		}

		fn member(account: AccountId32, _at: Option<Moment>) -> Option<MemberView<AccountId32>> {
			(account == ALICE).then(member)
		}

		fn members(_organisation: OrgId, _cursor: Option<Cursor>, limit: u32) -> Page<MemberView<AccountId32>> {
			Page { items: numbered(limit).iter().map(|_| member()).collect(), next: None }
		}

		fn licence(id: LicenceId) -> Option<LicenceView<AccountId32>> {
			(id == LicenceId(3) || id == LicenceId(0)).then(|| licence(Holder::Organisation(OrgId(1))))
		}

		fn licences(
			holder: Holder<AccountId32>,
			_cursor: Option<Cursor>,
			_limit: u32,
		) -> Page<LicenceView<AccountId32>> {
			Page { items: vec![licence(holder)], next: None }
		}

		fn issuers(_cursor: Option<Cursor>, _limit: u32) -> Page<IssuerView> {
			let issuer = IssuerView {
				organisation: OrgId(9),
				capability: Capability::AnchorRecords,
				jurisdiction: Jurisdiction::country(*b"GR"),
				recognised: true,
				since: SOON,
				distrusted_from: None,
			};
			Page { items: vec![issuer], next: None }
		}

		fn capability(
			holder: Holder<AccountId32>,
			_capability: Capability,
			jurisdiction: Option<Jurisdiction>,
			at: Option<Moment>,
		) -> CapabilityView {
			let organisation = match holder {
				Holder::Organisation(id) => Some(id),
				Holder::Member(_) => None,
			};
			let standing = if jurisdiction.is_some() { Standing::NoLicence } else { Standing::Granted };
			CapabilityView { standing, organisation, at: at.unwrap_or(SOON) }
		}

		fn succession(organisation: OrgId) -> Option<SuccessionView> {
			succession::view(organisation)
		}

		fn organisation_keys(id: OrgId) -> Vec<HexBytes> {
			prove::keys(RECORD, id.0)
		}

		fn member_keys(_account: AccountId32, at: Option<Moment>) -> Vec<HexBytes> {
			prove::keys(RECORD, if at.is_some() { 11 } else { 10 })
		}

		fn licence_keys(id: LicenceId) -> Vec<HexBytes> {
			prove::keys(RECORD, 20 + id.0)
		}

		fn capability_keys(
			_holder: Holder<AccountId32>,
			_capability: Capability,
			jurisdiction: Option<Jurisdiction>,
			at: Option<Moment>,
		) -> Vec<HexBytes> {
			prove::keys(RECORD, 30 + u32::from(jurisdiction.is_some()) + 2 * u32::from(at.is_some()))
		}
	}

	impl SubjectsApi<Block, AccountId32> for MockRuntime {
		fn subject(subject: SubjectId) -> Option<SubjectView<AccountId32>> {
			(subject == PATIENT).then(self::subject)
		}

		fn subject_by_key(key: AccountId32) -> Option<SubjectView<AccountId32>> {
			(key == KEY).then(self::subject)
		}

		fn key(subject: SubjectId, at: Option<Moment>) -> Option<SubjectKeyView<AccountId32>> {
			let (key, proven, status, since) = (KEY, false, SubjectStatus::Active, SOON);
			let at = at.unwrap_or(SOON);
			(subject == PATIENT).then_some(SubjectKeyView { key, proven, status, since, at, doubtful: at > SOON })
		}

		fn rebind(subject: SubjectId) -> Option<RebindView<AccountId32>> {
			(subject == PATIENT).then_some(RebindView {
				phase: RebindPhase::Contestable,
				new_key: AccountId32::new([6; 32]),
				evidence: Commitment([6; 32]),
				lost_since: SOON,
				started_by: ALICE,
				started_at: SOON,
				confirmed_by: Some(ALICE),
				contestable_until: Some(SOON),
				contested_at: None,
			})
		}

		fn quota(custodian: OrgId) -> QuotaView {
			QuotaView { custodian, limit: 5_000, used: 7, renews_at: SOON }
		}

		fn doubt_keys(_subject: SubjectId) -> Vec<HexBytes> {
			Vec::new()
		}

		fn subject_keys(_subject: SubjectId) -> Vec<HexBytes> {
			prove::keys(RECORD, 40)
		}

		fn subject_by_key_keys(_key: AccountId32) -> Vec<HexBytes> {
			prove::keys(RECORD, 41)
		}

		fn key_keys(_subject: SubjectId, at: Option<Moment>) -> Vec<HexBytes> {
			prove::keys(RECORD, if at.is_some() { 43 } else { 42 })
		}
	}

	impl EhrApi<Block> for MockRuntime {
		fn network_id() -> NetworkId {
			NetworkId([7; 32])
		}

		fn anchor(record: RecordId) -> Option<AnchorView> {
			let standing = RecordStanding::Current;
			(record == RECORD).then_some(AnchorView { record, custodian: OrgId(1), version: 2, standing, since: SOON })
		}

		fn versions(_record: RecordId, _cursor: Option<Cursor>, _limit: u32) -> Page<VersionView> {
			let version = VersionView {
				version: 1,
				commitment: Commitment([3; 32]),
				suite: HashSuite::FhirStaticRoot,
				anchored_at: SOON,
				standing: RecordStanding::EnteredInError,
			};
			Page { items: vec![version], next: None }
		}

		fn verify_anchor(record: RecordId, _opening: Opening) -> Result<AnchorVerdict, Refusal> {
			if record == RECORD { Ok(verdict()) } else { Err(Refusal::CommitmentMismatch) }
		}

		fn life(record: RecordId) -> Option<LifeView> {
			(record == RECORD).then(life)
		}

		fn suites() -> Vec<SuiteView> {
			let status = SuiteStatus::Forbidden { since: SOON, deprecated: SOON };
			vec![SuiteView { suite: HashSuite::Raw, status }]
		}

		fn log(custodian: OrgId, kind: LogKind) -> Option<LogView> {
			let head = LogHead { size: 1 << 60, root: [4; 32] };
			(custodian <= OrgId(1)).then_some(LogView { custodian, kind, head, at: SOON, checkpoints: 8 })
		}

		fn checkpoints(
			_custodian: OrgId,
			_kind: LogKind,
			_cursor: Option<Cursor>,
			_limit: u32,
		) -> Page<CheckpointView> {
			let head = LogHead { size: 9, root: [4; 32] };
			Page { items: vec![CheckpointView { number: 7, head, at: SOON, licensed: false }], next: None }
		}

		fn renewals(_custodian: OrgId, _kind: LogKind) -> Vec<epidaurus_primitives::renewal::Renewal> {
			vec![renewals::renewal()]
		}

		fn trees() -> Vec<TreeView> {
			renewals::trees()
		}

		fn verify_log(
			custodian: OrgId,
			kind: LogKind,
			_opening: Opening,
			proof: LogProof,
		) -> Result<LogVerdict, Refusal> {
			if proof.head.size < 9 {
				return Err(Refusal::StaleHead { size: 9 });
			}
			Ok(renewals::verdict(custodian, kind, proof.head))
		}

		fn anchor_keys(_record: RecordId) -> Vec<HexBytes> {
			Vec::new()
		}

		fn verify_anchor_keys(record: RecordId, version: u32) -> Vec<HexBytes> {
			prove::keys(record, version)
		}

		fn log_keys(_custodian: OrgId, _kind: LogKind) -> Vec<HexBytes> {
			Vec::new()
		}

		fn verify_log_keys(custodian: OrgId, _kind: LogKind) -> Vec<HexBytes> {
			prove::keys(RECORD, custodian.0)
		}
	}
}

pub(crate) fn module() -> RpcModule<()> {
	let mut module = RpcModule::new(());
	crate::extend::<Block, _>(&mut module, Arc::new(MockRuntime)).unwrap();
	module
}

/// The whole response to a call.
pub(crate) async fn respond(method: &str, params: Value) -> Value {
	let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
	let (response, _) = module().raw_json_request(&request.to_string(), 1).await.unwrap();
	serde_json::from_str(&response).unwrap()
}

async fn answer(method: &str, params: Value) -> Value {
	let response = respond(method, params).await;
	response.get("result").cloned().unwrap_or_else(|| panic!("{method} fails: {response}"))
}

async fn error_code(method: &str, params: Value) -> i64 {
	let response = respond(method, params).await;
	response["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method} answers: {response}"))
}

fn opening() -> Value {
	json!({
		"salt": format!("0x{}", "11".repeat(32)),
		"suite": "raw",
		"digest": format!("0x{}", "22".repeat(32)),
		"header": { "class": "Observation", "version": 1 },
	})
}

fn proof(size: u64) -> Value {
	json!({ "sequence": "2", "head": { "size": size, "root": format!("0x{}", "44".repeat(32)) }, "path": [] })
}

#[tokio::test]
async fn organisation_is_answered_in_the_forms_that_the_readme_promises() {
	let view = answer("registry_organisation", json!([1])).await;
	assert_eq!(view["class"], "Provider");
	assert_eq!(view["since"], "2023-11-14T22:13:20.000Z");
	assert_eq!(view["controller"], "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
	assert_eq!(view["gln"], "0614141000012");
	assert_eq!(view["jurisdiction"], "GR");
	assert_eq!(answer("registry_organisation", json!({ "organisation": 1 })).await, view, "by name as by position");
}

#[tokio::test]
async fn page_takes_the_limit_and_gives_the_cursor_on() {
	let page = answer("registry_organisations", json!(["0xbeef", 3])).await;
	assert_eq!(page["items"].as_array().unwrap().len(), 3);
	assert_eq!(page["next"], "0xbeef");
	let page = answer("registry_members", json!({ "organisation": 1 })).await;
	assert_eq!(page["items"].as_array().unwrap().len(), 50, "the default");
	assert_eq!(page["items"][0]["roles"], json!(["Records"]));
}

#[tokio::test]
async fn subjects_are_answered_by_id_and_by_key() {
	let view = answer("subjects_subject", json!([PATIENT])).await;
	assert_eq!(view["subject"], format!("0x{}", "04".repeat(32)));
	assert_eq!(view["status"]["merged"]["link"], format!("0x{}", "08".repeat(32)));
	assert_eq!(
		(&view["nonce"], &view["enrolledAt"]),
		(&json!("1152921504606846976"), &json!("2023-11-14T22:13:20.000Z"))
	);
	assert_eq!(answer("subjects_subjectByKey", json!([KEY])).await, view);
	let key = answer("subjects_key", json!([PATIENT])).await;
	assert_eq!((&key["status"], &key["doubtful"]), (&json!("active"), &json!(false)));
	let later = answer("subjects_key", json!({ "subject": PATIENT, "at": "2030-01-01T00:00:00Z" })).await;
	assert_eq!((&later["at"], &later["doubtful"]), (&json!("2030-01-01T00:00:00.000Z"), &json!(true)));
	let rebind = answer("subjects_rebind", json!([PATIENT])).await;
	assert_eq!((&rebind["phase"], &rebind["contestedAt"]), (&json!("contestable"), &Value::Null));
	let quota = answer("subjects_quota", json!([1])).await;
	assert_eq!((&quota["limit"], &quota["used"]), (&json!(5_000), &json!(7)));
}

#[tokio::test]
async fn capability_is_answered_with_its_reason() {
	let params = json!({ "holder": { "organisation": 1 }, "capability": "Dispense", "jurisdiction": "US-CA" });
	let view = answer("registry_capability", params).await;
	assert_eq!(view["standing"], "noLicence");
	let view =
		answer("registry_capability", json!([{ "member": ALICE }, "Dispense", null, "2030-01-01T00:00:00Z"])).await;
	assert_eq!(view["standing"], "granted");
	assert_eq!(view["at"], "2030-01-01T00:00:00.000Z");
}

#[tokio::test]
async fn licences_issuers_and_versions_are_answered() {
	let page = answer("registry_licences", json!([{ "member": ALICE }])).await;
	assert_eq!(page["items"][0]["holder"], json!({ "member": ALICE }));
	assert_eq!(answer("registry_licence", json!([3])).await["validity"]["until"], Value::Null);
	assert_eq!(answer("registry_issuers", json!([])).await["items"][0]["organisation"], 9);
	let page = answer("ehr_versions", json!([RECORD.to_string()])).await;
	assert_eq!(page["items"][0]["suite"], "fhir-static-root");
	assert_eq!(page["items"][0]["standing"], "enteredInError");
}

#[tokio::test]
async fn counts_are_decimal_strings() {
	let log = answer("ehr_log", json!([1, "records"])).await;
	assert_eq!(log["head"]["size"], "1152921504606846976");
	assert_eq!(log["checkpoints"], "8");
	assert_eq!(answer("ehr_checkpoints", json!([1, "records"])).await["items"][0]["number"], "7");
}

#[tokio::test]
async fn verification_is_an_answer_whether_it_fits_or_not() {
	let fits = answer("ehr_verifyAnchor", json!([RECORD.to_string(), opening()])).await;
	assert_eq!(fits["verified"], true);
	assert_eq!(fits["verdict"]["standing"], json!({ "amended": { "current": 2 } }));
	let other = format!("0x{}", "66".repeat(16));
	let refused = answer("ehr_verifyAnchor", json!([other, opening()])).await;
	assert_eq!(refused["verified"], false);
	assert_eq!(refused["refusal"], "commitmentMismatch");

	let fits = answer("ehr_verifyLog", json!([1, "records", opening(), proof(9)])).await;
	assert_eq!(fits["verdict"]["licensed"], true);
	let refused = answer("ehr_verifyLog", json!([1, "records", opening(), proof(8)])).await;
	assert_eq!(refused["refusal"], json!({ "staleHead": { "size": "9" } }));
	assert!(refused["reason"].as_str().unwrap().contains("older head"));
}

#[tokio::test]
async fn life_of_a_record_is_answered_and_stands_in_its_verdict() {
	let life = answer("ehr_life", json!([RECORD.to_string()])).await;
	assert_eq!((&life["disputed"], &life["overdue"]), (&json!(true), &json!(true)));
	assert_eq!(life["disputes"][0]["openedAt"], "2023-11-14T22:13:20.000Z");
	assert_eq!(life["disputes"][0]["doubtful"], true);
	assert_eq!((&life["disputes"][0]["endDoubtful"], &life["endedHolds"]), (&json!(false), &json!([])));
	assert_eq!((&life["requests"][0]["disagreementDoubtful"], &life["folded"]["disputes"]), (&json!(false), &json!(0)));
	assert_eq!(life["requests"][0]["state"], "open");
	assert_eq!(life["holds"][0], json!({ "by": 5, "since": "2023-11-14T22:13:20.000Z" }));
	assert_eq!((&life["retainedUntil"], &life["erasure"]), (&Value::Null, &Value::Null));
	let verdict = answer("ehr_verifyAnchor", json!([RECORD.to_string(), opening()])).await["verdict"].clone();
	assert_eq!(verdict["life"], life);
	assert_eq!(verdict["suiteStatus"], json!({ "deprecated": { "since": "2023-11-14T22:13:20.000Z" } }));
}

#[tokio::test]
async fn suites_are_answered_with_their_status() {
	let since = "2023-11-14T22:13:20.000Z";
	let status = json!({ "forbidden": { "since": since, "deprecated": since } });
	assert_eq!(answer("ehr_suites", json!([])).await, json!([{ "suite": "raw", "status": status }]));
}

#[tokio::test]
async fn network_id_is_hexadecimal() {
	assert_eq!(answer("ehr_networkId", json!([])).await, format!("0x{}", "07".repeat(32)));
}

#[test]
fn readme_lists_exactly_the_methods_that_are_served() {
	let module = module();
	let mut served: Vec<&str> = module.method_names().filter(|name| *name != "rpc.discover").collect();
	let mut listed: Vec<&str> = include_str!("../README.md")
		.lines()
		.filter_map(|line| line.strip_prefix("| `")?.split('`').next())
		.filter(|name| name.contains('_'))
		.collect();
	served.sort();
	listed.sort();
	assert_eq!(listed, served);
}
