// SPDX-License-Identifier: Apache-2.0
//! Organisation 1 took over from organisation 0, and offers its duties to organisation 9.

use super::*;
use epidaurus_primitives::registry::Successor;

pub fn successor(of: OrgId) -> Option<Successor> {
	(of == OrgId(0)).then_some(Successor { organisation: OrgId(1), since: SOON, handover: Commitment([6; 32]) })
}

pub fn view(organisation: OrgId) -> Option<SuccessionView> {
	let step = |Successor { organisation: successor, since, handover }| {
		let (predecessor, offered_at) = (organisation, SOON);
		HandoverView { predecessor, successor, offered_at, since, handover }
	};
	let line: Vec<_> = successor(organisation).map(step).into_iter().collect();
	let offer = line.is_empty().then_some(OfferView { successor: OrgId(9), offered_at: SOON });
	(organisation <= OrgId(1)).then_some(SuccessionView { organisation, released: !line.is_empty(), line, offer })
}

#[tokio::test]
async fn answers_say_who_answers_now() {
	let statement = format!("0x{}", "06".repeat(32));
	let after = json!({ "organisation": 1, "since": "2023-11-14T22:13:20.000Z", "handover": statement });
	assert_eq!(answer("registry_organisation", json!([0])).await["successor"], after);
	assert_eq!(answer("registry_organisation", json!([1])).await["successor"], Value::Null);
	let verdict = answer("ehr_verifyAnchor", json!([RECORD, opening()])).await["verdict"].clone();
	assert_eq!((&verdict["custodian"], &verdict["successor"]), (&json!(0), &after));
	let verdict = answer("ehr_verifyLog", json!([0, "records", opening(), proof(9)])).await["verdict"].clone();
	assert_eq!(verdict["successor"], after);
}

#[tokio::test]
async fn line_and_offer_are_answered_as_the_readme_promises() {
	let view = answer("registry_succession", json!([0])).await;
	assert_eq!((&view["released"], &view["offer"]), (&json!(true), &Value::Null));
	let line = json!([{
		"predecessor": 0,
		"successor": 1,
		"offeredAt": "2023-11-14T22:13:20.000Z",
		"since": "2023-11-14T22:13:20.000Z",
		"handover": format!("0x{}", "06".repeat(32)),
	}]);
	assert_eq!(view["line"], line);
	let view = answer("registry_succession", json!({ "organisation": 1 })).await;
	assert_eq!(view["offer"], json!({ "successor": 9, "offeredAt": "2023-11-14T22:13:20.000Z" }));
	assert_eq!(view["line"], json!([]));
}
