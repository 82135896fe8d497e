// SPDX-License-Identifier: Apache-2.0
//! Questions about records and logs.

use alloc::vec::Vec;
use epidaurus_primitives::{
	ehr::{LogKind, LogProof},
	hash::Opening,
	ids::{NetworkId, OrgId, RecordId},
	proof::HexBytes,
	renewal::Renewal,
	verify::Refusal,
	views::{
		AnchorVerdict, AnchorView, CheckpointView, Cursor, LifeView, LogVerdict, LogView, Page, SuiteView, TreeView,
		VersionView,
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
		/// The renewals of a log under other trees, oldest first.
		fn renewals(custodian: OrgId, kind: LogKind) -> Vec<Renewal>;
		/// Every tree with how far it may be trusted.
		fn trees() -> Vec<TreeView>;
		/// What the chain says about an opening and its path to the newest checkpoint, and to a renewal where there is one.
		fn verify_log(
			custodian: OrgId,
			kind: LogKind,
			opening: Opening,
			proof: LogProof,
		) -> Result<LogVerdict, Refusal>;

		// The keys of the state on which the answers rest. What stands there, proven with a read proof, is all that it
		// takes to answer without this runtime: `primitives::stored` says how to read it. The last key is the chain's time.
		// Who the custodian is and who succeeded it has keys of its own, `RegistryApi::organisation_keys`.

		/// Keys behind `anchor`: storage version, record, time.
		fn anchor_keys(record: RecordId) -> Vec<HexBytes>;
		/// Keys behind `verify_anchor` of an opening of this version: storage version, record, version, later life, network,
		/// every suite; if a subject disputed the record or asked for amendments, those of `SubjectsApi::doubt_keys`; time.
		fn verify_anchor_keys(record: RecordId, version: u32) -> Vec<HexBytes>;
		/// Keys behind `log`: storage version, log, time.
		fn log_keys(custodian: OrgId, kind: LogKind) -> Vec<HexBytes>;
		/// Keys behind `verify_log`: storage version, log, renewals, the status of each tree, network, every suite, time.
		fn verify_log_keys(custodian: OrgId, kind: LogKind) -> Vec<HexBytes>;
	}
}
