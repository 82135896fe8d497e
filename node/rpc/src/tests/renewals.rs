// SPDX-License-Identifier: Apache-2.0
//! Renewals of logs: what the mocked runtime says, and the forms in which it is answered.

use super::*;
use epidaurus_primitives::renewal::{Renewal, TreeSuite};

pub fn renewal() -> Renewal {
	let head = LogHead { size: 9, root: [4; 32] };
	Renewal { head, checkpointed_at: SOON, tree: TreeSuite::Blake2b256, root: [6; 32], at: SOON }
}

pub fn trees() -> Vec<TreeView> {
	let statuses = [SuiteStatus::Deprecated { since: SOON }, SuiteStatus::Active];
	TreeSuite::ALL.into_iter().zip(statuses).map(|(tree, status)| TreeView { tree, status }).collect()
}

pub fn verdict(custodian: OrgId, kind: LogKind, head: LogHead) -> LogVerdict {
	LogVerdict {
		custodian,
		successor: succession::successor(custodian),
		kind,
		head,
		at: SOON,
		licensed: true,
		suite_status: SuiteStatus::Active,
		covered_at: SOON,
		trees: TreeVerdict::new(Some(renewal()), trees()),
	}
}

fn renewal_json() -> Value {
	let at = "2023-11-14T22:13:20.000Z";
	json!({
		"head": { "size": "9", "root": format!("0x{}", "04".repeat(32)) },
		"checkpointedAt": at,
		"tree": "blake2b256",
		"root": format!("0x{}", "06".repeat(32)),
		"at": at,
	})
}

#[tokio::test]
async fn renewals_and_trees_are_answered_in_the_forms_that_the_readme_promises() {
	assert_eq!(answer("ehr_renewals", json!([1, "records"])).await, json!([renewal_json()]));
	let deprecated = json!({ "deprecated": { "since": "2023-11-14T22:13:20.000Z" } });
	let trees = json!([{ "tree": "sha256", "status": deprecated }, { "tree": "blake2b256", "status": "active" }]);
	assert_eq!(answer("ehr_trees", json!([])).await, trees);
	assert_eq!(error_code("ehr_renewals", json!([1, "no-such-log"])).await, -32602);
}

#[tokio::test]
async fn verdict_about_a_log_says_on_which_tree_it_rests() {
	let mut proof = proof(9);
	proof["renewed"] = json!({
		"tree": "blake2b256",
		"head": { "size": "9", "root": format!("0x{}", "06".repeat(32)) },
		"digest": format!("0x{}", "77".repeat(32)),
		"path": [],
	});
	let verdict = &answer("ehr_verifyLog", json!([1, "records", opening(), proof])).await["verdict"];
	assert_eq!((&verdict["tree"], &verdict["treeStatus"]), (&json!("blake2b256"), &json!("active")));
	assert_eq!((&verdict["renewal"], &verdict["renewedInTime"]), (&renewal_json(), &json!(true)));
	assert_eq!(verdict["coveredAt"], "2023-11-14T22:13:20.000Z");
	assert_eq!(verdict["trees"].as_array().unwrap().len(), 2);
	proof["renewed"]["salt"] = json!("0x00");
	assert_eq!(error_code("ehr_verifyLog", json!([1, "records", opening(), proof])).await, -32602);
}
