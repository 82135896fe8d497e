// SPDX-License-Identifier: Apache-2.0
//! Calls that belong together. Each is drawn as any other is and can go wrong as any other can; but chance alone would
//! seldom bring them in their order, at one organisation, and in time.

use epidaurus_primitives::moment::DAY;

/// A call, written as `Pallet.call`, how many are made in a row, and how long the chain rests before.
pub struct Act(pub &'static str, pub usize, pub u64);

/// With what each life begins: patients, and records and logs that concern them.
pub const BEGINNING: &[Act] = &[now("Subjects.enrol", 5), now("Ehr.anchor", 10), now("Ehr.open_log", 2)];

/// What happens now and then in the middle of a life.
pub const PLOTS: &[&[Act]] = &[
	// An applicant is taken in, another thinks better of it, and a third is not wanted.
	&[now("Registry.apply", 2), now("Registry.admit_organisation", 2)],
	&[now("Registry.apply", 2), now("Registry.withdraw_application", 2)],
	&[now("Registry.apply", 1), now("Registry.refuse_application", 1)],
	// An organisation closes and finds one that takes over, or does not.
	&[now("Registry.offer_succession", 3), now("Registry.accept_succession", 3), now("Registry.offer_succession", 2)],
	&[now("Registry.offer_succession", 2), now("Registry.decline_succession", 2)],
	&[now("Registry.offer_succession", 2), now("Registry.withdraw_succession", 2)],
	// A controller rotates, and at once again.
	&[now("Registry.rotate_controller", 5)],
	// A licence ends later than it was to end.
	&[now("Registry.issue_licence", 3), now("Registry.renew_licence", 4)],
	&[now("Registry.issue_licence", 20)],
	&[now("Registry.suspend_licence", 2), now("Registry.reinstate_licence", 2)],
	// Who spends all owes deposits, and pays them as soon as there is money.
	&[
		now("Registry.fund_member", 4),
		now("Ehr.amend", 4),
		now("Ehr.anchor", 1),
		now("Registry.allot", 3),
		now("Ehr.settle_deposit", 4),
	],
	// A log grows, and somebody tells two stories of it.
	&[now("Ehr.open_log", 1), now("Ehr.checkpoint", 5), Act("Ehr.checkpoint", 3, 8 * DAY)],
	// A log is renewed, and again when it has grown.
	&[
		now("Ehr.open_log", 1),
		now("Ehr.checkpoint", 3),
		now("Ehr.renew_log", 3),
		now("Ehr.checkpoint", 3),
		now("Ehr.renew_log", 4),
	],
	// A tree and a suite age.
	&[now("Ehr.deprecate_tree", 2), now("Ehr.forbid_tree", 2), now("Ehr.renew_log", 2)],
	&[now("Ehr.deprecate_suite", 1), now("Ehr.forbid_suite", 2), now("Ehr.anchor", 3), now("Ehr.amend", 3)],
	// A request is taken up, or denied with all that can follow.
	&[now("Ehr.request_amendment", 3), now("Ehr.amend", 3), now("Ehr.accept_amendment", 3)],
	&[now("Ehr.request_amendment", 3), now("Ehr.deny_amendment", 3), now("Ehr.disagree", 3), now("Ehr.rebut", 3)],
	&[now("Ehr.request_amendment", 4), now("Ehr.attest_erasure", 4), now("Ehr.deny_amendment", 3)],
	&[now("Ehr.dispute", 2), now("Ehr.resolve_dispute", 2), now("Ehr.dispute", 1), now("Ehr.withdraw_dispute", 2)],
	// An authority holds, or the custodian has to keep, what somebody wants to erase.
	&[now("Ehr.place_hold", 4), now("Ehr.attest_erasure", 3), now("Ehr.lift_hold", 4), now("Ehr.attest_erasure", 4)],
	&[now("Ehr.state_retention", 3), now("Ehr.attest_erasure", 4), Act("Ehr.attest_erasure", 4, 8 * DAY)],
	// A key is lost and replaced; the old key's owner objects, in time or too late.
	&[
		now("Subjects.start_rebind", 2),
		now("Subjects.confirm_rebind", 3),
		now("Subjects.complete_rebind", 2),
		Act("Subjects.complete_rebind", 3, 8 * DAY),
	],
	&[
		now("Subjects.start_rebind", 2),
		now("Subjects.confirm_rebind", 3),
		now("Subjects.contest_rebind", 3),
		Act("Subjects.complete_rebind", 2, 8 * DAY),
		now("Subjects.resolve_rebind", 2),
	],
	&[now("Subjects.start_rebind", 2), now("Subjects.confirm_rebind", 3), Act("Subjects.contest_rebind", 2, 8 * DAY)],
	// A patient dies by mistake, another turns out to be a third.
	&[now("Subjects.declare_deceased", 1), now("Subjects.relay", 2), now("Subjects.reinstate", 2)],
	&[now("Subjects.merge", 2), now("Subjects.enrol", 1), now("Subjects.reinstate", 2)],
];

const fn now(call: &'static str, times: usize) -> Act {
	Act(call, times, 0)
}
