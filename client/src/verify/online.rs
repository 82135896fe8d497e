// SPDX-License-Identifier: Apache-2.0
//! Verification with a node: its finalised state is the trusted statement, and it checks too.

use super::{check, ensure_wanted, node_refused, Place, Policy, Refused, Verdict};
use crate::{
	bundle::{AtBlock, Bundle, Evidence, Trusted, TrustedAnchor, TrustedHead, TrustedTrees, VERSION},
	chain::At,
	record::Content,
	Error,
};
use epidaurus_primitives::{
	ehr::LogKind,
	ids::{NetworkId, OrgId, RecordId},
};

/// What the chain says about a log, if there is one with a checkpoint.
pub async fn head(at: &At<'_>, network: NetworkId, custodian: OrgId, kind: LogKind) -> Result<TrustedHead, Error> {
	if at.log(custodian, kind).await?.is_none() {
		return Err(Refused::LogNotFound.into());
	}
	let newest = at.newest_checkpoint(custodian, kind).await?.ok_or(Refused::EmptyLog)?;
	Ok(TrustedHead {
		version: VERSION,
		network_id: network,
		custodian,
		kind,
		head: newest.head,
		at: Some(newest.at),
		licensed: Some(newest.licensed),
		renewed: Some(TrustedTrees { renewals: at.renewals(custodian, kind).await?, trees: at.trees().await? }),
		block: Some(block(at)),
	})
}

/// What the chain says about an anchored record, if there is one.
pub async fn anchor(at: &At<'_>, network: NetworkId, record: RecordId) -> Result<TrustedAnchor, Error> {
	let view = at.anchor(record).await?.ok_or(Refused::RecordNotFound)?;
	Ok(TrustedAnchor {
		version: VERSION,
		network_id: network,
		custodian: view.custodian,
		record,
		versions: at.versions(record).await?,
		life: at.life(record).await?,
		block: Some(block(at)),
	})
}

fn block(at: &At<'_>) -> AtBlock {
	AtBlock { number: at.number(), hash: format!("{:?}", at.hash()) }
}

/// What the chain says about the log or the record that the bundle claims to be of.
pub async fn trusted(at: &At<'_>, bundle: &Bundle) -> Result<Trusted, Error> {
	let network = at.network().await?;
	if bundle.network != network {
		return Err(Refused::OtherNetwork { stated: bundle.network, trusted: network }.into());
	}
	match &bundle.evidence {
		Evidence::Log { kind, .. } => Ok(Trusted::Log(head(at, network, bundle.custodian, *kind).await?)),
		Evidence::Anchor { record } => Ok(Trusted::Anchor(anchor(at, network, *record).await?)),
	}
}

/// Checks content and bundle against the chain at a block: here, and by the node.
pub async fn online(at: &At<'_>, content: &Content<'_>, bundle: &Bundle, policy: Policy) -> Result<Verdict, Error> {
	ensure_wanted(bundle, policy)?;
	let trusted = trusted(at, bundle).await?;
	let mut verdict = match check(content, bundle, &trusted, policy) {
		Err(Error::Refused(Refused::StaleHead { proven, trusted })) => {
			return Err(stale_or_forked(at, bundle, proven, trusted).await?.into());
		},
		result => result?,
	};
	let (life, suite_status) = match &bundle.evidence {
		Evidence::Log { kind, proof } => {
			let answer = at.verify_log(bundle.custodian, *kind, &bundle.opening, proof).await?.map_err(node_refused)?;
			if let Place::Log { covered_at, .. } = &mut verdict.place {
				*covered_at = Some(answer.covered_at);
			}
			(None, answer.suite_status)
		},
		Evidence::Anchor { record } => {
			let answer = at.verify_anchor(*record, &bundle.opening).await?.map_err(node_refused)?;
			(Some(answer.life), answer.suite_status)
		},
	};
	Ok(Verdict { life, suite_status: Some(suite_status), ..verdict })
}

/// A proof for an older head is forked if the chain kept the checkpoint of that size with another root.
async fn stale_or_forked(at: &At<'_>, bundle: &Bundle, proven: u64, trusted: u64) -> Result<Refused, Error> {
	if let Evidence::Log { kind, proof } = &bundle.evidence {
		let same_size = at.checkpoint_of_size(bundle.custodian, *kind, proven).await?;
		if same_size.is_some_and(|checkpoint| checkpoint.head.root != proof.head.root) {
			return Ok(Refused::ForkedHead { size: proven });
		}
	}
	Ok(Refused::StaleHead { proven, trusted })
}
