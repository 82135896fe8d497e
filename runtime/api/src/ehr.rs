// SPDX-License-Identifier: Apache-2.0
//! Questions about records and logs.

use alloc::vec::Vec;
use epidaurus_primitives::{
	ehr::{LogKind, LogProof},
	hash::Opening,
	ids::{NetworkId, OrgId, RecordId},
	verify::Refusal,
	views::{
		AnchorVerdict, AnchorView, CheckpointView, Cursor, LifeView, LogVerdict, LogView, Page, SuiteView, VersionView,
	},
};

sp_api::decl_runtime_apis! {
	/// Record anchors and custodians' logs.
	pub trait EhrApi {
		/// The network that commitments are made for.
		fn network_id() -> NetworkId;
		/// An anchored record.
		fn anchor(record: RecordId) -> Option<AnchorView>;
		/// The versions of a record, oldest first.
		fn versions(record: RecordId, cursor: Option<Cursor>, limit: u32) -> Page<VersionView>;
		/// What the chain says about an opening under this id. The opening's header says which version it opens.
		fn verify_anchor(record: RecordId, opening: Opening) -> Result<AnchorVerdict, Refusal>;
		/// What happened to a record after it was written.
		fn life(record: RecordId) -> Option<LifeView>;
		/// Every hash suite with how far it may be trusted.
		fn suites() -> Vec<SuiteView>;
		/// A custodian's log.
		fn log(custodian: OrgId, kind: LogKind) -> Option<LogView>;
		/// The checkpoints of a log that are kept, newest first.
		fn checkpoints(custodian: OrgId, kind: LogKind, cursor: Option<Cursor>, limit: u32) -> Page<CheckpointView>;
		/// What the chain says about an opening and its path to the newest checkpoint.
		fn verify_log(
			custodian: OrgId,
			kind: LogKind,
			opening: Opening,
			proof: LogProof,
		) -> Result<LogVerdict, Refusal>;
	}
}
