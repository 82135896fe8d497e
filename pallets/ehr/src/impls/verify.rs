// SPDX-License-Identifier: Apache-2.0
//! Openings: what the chain says about them. The checks are the pure ones of the primitives; here are the reads.

use crate::{Checkpoint, Config, Logs, Network, Pallet, Records, Renewals, Suites, Version, Versions};
use epidaurus_primitives::{
	ehr::{LogKind, LogProof},
	hash::{HostBlake2b256, HostSha256, Opening},
	ids::{NetworkId, OrgId, RecordId},
	seams::Registry,
	verify::{self, Refusal},
	views::{AnchorVerdict, LogVerdict, TreeVerdict},
};

impl<T: Config> Pallet<T> {
	/// The network that commitments are made for.
	pub fn network_id() -> NetworkId {
		Network::<T>::get()
	}

	/// What the chain says about an opening under this id. The opening's header says which version it opens.
	///
	/// # Errors
	/// `RecordNotFound`, `VersionNotFound`, `SuiteMismatch`, `CommitmentMismatch`.
	pub fn verify_anchor(record: RecordId, opening: &Opening) -> Result<AnchorVerdict, Refusal> {
		let head = Records::<T>::get(record).ok_or(Refusal::RecordNotFound)?;
		let not_found = Refusal::VersionNotFound { current: head.version };
		let version = opening.header.version;
		let standing = head.standing_of(version).ok_or(not_found)?;
		let Version { commitment, suite, anchored_at, .. } = Versions::<T>::get(record, version).ok_or(not_found)?;
		verify::verify_anchor::<HostSha256>(&Self::network_id(), (suite, &commitment), opening)?;
		let (suite_status, life) = (Suites::<T>::get(suite), Self::life_of(record, &head));
		let (custodian, successor) = (head.custodian, T::Registry::successor_of(head.custodian));
		Ok(AnchorVerdict { custodian, successor, version, suite, anchored_at, standing, suite_status, life })
	}

	/// What the chain says about an opening and its path to the newest checkpoint of the log; and to a renewal of it, where
	/// the proof has such a path.
	///
	/// # Errors
	/// `LogNotFound`, `StaleHead`, `UnknownHead`, `ForkedHead`, `InvalidProof`, `RenewalNotFound`, `ForkedRenewal`,
	/// `InvalidRenewal`.
	pub fn verify_log(
		custodian: OrgId,
		kind: LogKind,
		opening: &Opening,
		proof: &LogProof,
	) -> Result<LogVerdict, Refusal> {
		let log = Logs::<T>::get(custodian, kind).ok_or(Refusal::LogNotFound)?;
		let Checkpoint { head, at, licensed } = log.newest;
		let renewals = Renewals::<T>::get(custodian, kind);
		let (network, state) = (Self::network_id(), (&head, renewals.as_slice()));
		let renewal = verify::verify_log::<HostSha256, HostBlake2b256>(&network, kind, state, opening, proof)?;
		let covered_at = Self::covered_at((custodian, kind), &log, proof.sequence);
		let (suite_status, trees) = (Suites::<T>::get(opening.suite), TreeVerdict::new(renewal, Self::trees()));
		let successor = T::Registry::successor_of(custodian);
		Ok(LogVerdict { custodian, successor, kind, head, at, licensed, suite_status, covered_at, trees })
	}
}
