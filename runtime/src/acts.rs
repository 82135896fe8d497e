// SPDX-License-Identifier: Apache-2.0
//! Calls without a fee: what is an act of a subject, which its key sends for nothing and others relay for it; and what
//! is free for members.
//!
//! Only what stands here, and stands alone: in a batch, behind a proxy or a multisig a call costs its fee. A call that
//! is listed checks by itself that its signer is a subject, or a member with the role; what is asked before that keeps
//! those out who can only fail.

use crate::RuntimeCall;
use epidaurus_primitives::seams::{FreeCalls, Signer, SubjectAct};
use pallet_subjects::SubjectCalls;

/// The acts of this runtime.
pub struct Acts;

impl SubjectCalls<RuntimeCall> for Acts {
	fn act(call: &RuntimeCall) -> Option<SubjectAct> {
		use pallet_ehr::Call as Ehr;
		use pallet_subjects::Call as Subjects;
		match call {
			// They take power away, or guard against it: outside the quota.
			RuntimeCall::Subjects(Subjects::rotate_key { .. } | Subjects::contest_rebind {}) => {
				Some(SubjectAct::Restrictive)
			},
			RuntimeCall::Ehr(Ehr::dispute { .. }) => Some(SubjectAct::Restrictive),
			RuntimeCall::Ehr(Ehr::withdraw_dispute { .. } | Ehr::request_amendment { .. } | Ehr::disagree { .. }) => {
				Some(SubjectAct::Other)
			},
			RuntimeCall::Subjects(Subjects::prove_key {}) => Some(SubjectAct::Other),
			_ => None,
		}
	}
}

/// The free calls of members; the registry knows its own.
pub struct Free;

impl FreeCalls<RuntimeCall> for Free {
	fn signer(call: &RuntimeCall) -> Signer {
		match call {
			RuntimeCall::Ehr(call) => call.signer(),
			_ => Signer::Member,
		}
	}

	fn decides(call: &RuntimeCall) -> bool {
		matches!(call, RuntimeCall::Council(_))
	}
}
