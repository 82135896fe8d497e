// SPDX-License-Identifier: Apache-2.0
//! Single anchors: made once, amended, declared entered in error.

use crate::{
	bundle::{Bundle, ElementEvidence, Evidence},
	chain::{Call, Ledger},
	record::{random_record, Prepared},
	store::{Anchor, AnchorVersion, Opened, Progress, Store, StoreError},
	Error,
};
use epidaurus_primitives::{
	ehr::RecordStanding,
	hash::{Commitment, HashSuite, NativeSha256},
	ids::RecordId,
	link::LinkKey,
	moment::Moment,
	views::VersionView,
};
use serde::Serialize;

/// A version of a record, now on chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Anchored {
	/// The record's id.
	pub record: RecordId,
	/// Number of the version.
	pub version: u32,
	/// What was committed.
	pub commitment: Commitment,
	/// Under which suite.
	pub suite: HashSuite,
	/// Whether anything was submitted; otherwise the chain had this version already.
	pub submitted: bool,
	/// When it was anchored.
	pub anchored_at: Moment,
}

/// A record that is declared entered in error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entered {
	/// The record's id.
	pub record: RecordId,
	/// Whether anything was submitted; otherwise it was declared already.
	pub submitted: bool,
}

/// Anchors a record by itself, unless it is anchored already.
pub async fn anchor<L: Ledger>(store: &Store, ledger: &L, prepared: &Prepared) -> Result<Anchored, Error> {
	if let Some(record) = store.anchored(&prepared.key)? {
		if let Some(current) = on_chain(store, ledger, record).await? {
			if store.opened(&current)?.is_of(prepared) {
				return finished(store, ledger, record, &current, false).await;
			}
			return Err(Error::Usage(format!(
				"this file is anchored as record {record} with other content; `epid amend {record} FILE` anchors the change"
			)));
		}
		// Submitted before, and not on chain: once more, unless the file has changed since. Then the earlier submission
		// keeps its id, in case it still arrives, and the file gets a new one.
		let kept = store.anchor(record)?.ok_or(StoreError::Damaged("a key without its anchor"))?;
		let newest = kept.newest()?;
		if store.opened(newest)?.is_of(prepared) {
			return submit(store, ledger, record, newest).await;
		}
	}
	let record = random_record().map_err(StoreError::from)?;
	let version = store.commit(prepared, 1, &[])?;
	let anchor = Anchor { versions: vec![version.clone()], entered_in_error: false };
	store.put_anchor(record, &prepared.key, &anchor)?;
	submit(store, ledger, record, &version).await
}

/// Anchors the next version of a record, unless the newest one has this content already.
pub async fn amend<L: Ledger>(
	store: &Store,
	ledger: &L,
	record: RecordId,
	prepared: &Prepared,
) -> Result<Anchored, Error> {
	let kept = store.anchor(record)?.ok_or(StoreError::NotFound("anchor of this id"))?;
	let current = on_chain(store, ledger, record).await?;
	let current = current.ok_or_else(|| Error::Usage("this record is not on chain yet: anchor it first".into()))?;
	if store.opened(&current)?.is_of(prepared) {
		return finished(store, ledger, record, &current, false).await;
	}
	let number = current.number.saturating_add(1);
	let is_this = |version: &&AnchorVersion| {
		version.number == number && store.opened(version).is_ok_and(|opened| opened.is_of(prepared))
	};
	let version = match kept.versions.iter().find(is_this) {
		Some(version) => version.clone(),
		None => {
			let version = store.commit(prepared, number, &kept.versions)?;
			store.change_anchor(record, |anchor| {
				anchor.versions.push(version.clone());
				Ok(())
			})?;
			version
		},
	};
	submit(store, ledger, record, &version).await
}

/// Declares that a record should never have been, unless that was declared already.
pub async fn enter_in_error<L: Ledger>(store: &Store, ledger: &L, record: RecordId) -> Result<Entered, Error> {
	let is_entered = || async {
		let view = ledger.anchor(record).await?;
		Ok::<_, Error>(view.map(|view| view.standing == RecordStanding::EnteredInError))
	};
	let submitted = match is_entered().await? {
		None => return Err(Error::Usage("no record is anchored under this id".into())),
		Some(true) => false,
		Some(false) => {
			if let Err(error) = ledger.submit(&[Call::EnteredInError { record }]).await {
				if is_entered().await? != Some(true) {
					return Err(error.into());
				}
			}
			true
		},
	};
	if store.anchor(record)?.is_some() {
		store.change_anchor(record, |anchor| {
			anchor.entered_in_error = true;
			Ok(())
		})?;
	}
	Ok(Entered { record, submitted })
}

/// The bundle of an anchored record: of its newest version on chain, or of the one asked for.
pub fn anchor_bundle(store: &Store, record: RecordId, version: Option<u32>) -> Result<Bundle, StoreError> {
	let anchor = store.anchor(record)?.ok_or(StoreError::NotFound("anchor of this id"))?;
	let is_asked =
		|found: &&AnchorVersion| matches!(found.progress, Progress::Finalised { .. }) && Some(found.number) == version;
	let found = match version {
		Some(_) => anchor.versions.iter().find(is_asked),
		None => anchor.newest_finalised(),
	};
	let found = found.ok_or(StoreError::NotFound("such version of the record on chain"))?;
	let Opened { opening, element_key, .. } = store.opened(found)?;
	Ok(Bundle {
		network: store.identity().network,
		custodian: store.identity().custodian,
		opening,
		commitment: found.commitment,
		evidence: Evidence::Anchor { record },
		link_key: link_key(store, &anchor)?,
		elements: element_key.map(ElementEvidence::Key),
	})
}

/// The key of the link that the record was anchored with, if it concerns a subject; nothing if that subject's key is gone.
fn link_key(store: &Store, anchor: &Anchor) -> Result<Option<LinkKey>, StoreError> {
	let Some(first) = anchor.versions.iter().find(|version| version.number == 1) else { return Ok(None) };
	match store.opened(first) {
		Ok(Opened { opening, .. }) => Ok(opening.header.subject.map(|_| LinkKey::of::<NativeSha256>(&opening.salt))),
		Err(StoreError::Forgotten | StoreError::SubjectKeyMissing) => Ok(None),
		Err(error) => Err(error),
	}
}

/// What the store knows of the version in force, if the record is on chain.
async fn on_chain<L: Ledger>(store: &Store, ledger: &L, record: RecordId) -> Result<Option<AnchorVersion>, Error> {
	let Some(view) = ledger.anchor(record).await? else { return Ok(None) };
	let unknown = StoreError::OtherVersion(view.version);
	let Some(current) = ledger.version(record, view.version).await? else { return Err(unknown.into()) };
	let kept = store.anchor(record)?.ok_or(StoreError::NotFound("anchor of this id"))?;
	Ok(Some(kept.version(&current.commitment).ok_or(unknown)?.clone()))
}

/// Submits a version, and takes it as done if the chain has it afterwards, however that came about.
async fn submit<L: Ledger>(
	store: &Store,
	ledger: &L,
	record: RecordId,
	version: &AnchorVersion,
) -> Result<Anchored, Error> {
	let AnchorVersion { number, suite, commitment, .. } = *version;
	let call = match number.checked_sub(1) {
		Some(expected_version) if expected_version > 0 => Call::Amend { record, expected_version, commitment, suite },
		_ => {
			let opening = store.opened(version)?.opening;
			let link = opening.subject_link::<NativeSha256>(&store.identity().network, &record);
			Call::Anchor { record, commitment, suite, link }
		},
	};
	let result = ledger.submit(&[call]).await;
	match (view_of(ledger, record, version).await?, result) {
		(Some(_), _) => finished(store, ledger, record, version, true).await,
		(None, Err(error)) => Err(error.into()),
		(None, Ok(())) => Err(StoreError::OtherVersion(number).into()),
	}
}

/// The chain's view of exactly this version.
async fn view_of<L: Ledger>(
	ledger: &L,
	record: RecordId,
	version: &AnchorVersion,
) -> Result<Option<VersionView>, Error> {
	let view = ledger.version(record, version.number).await?;
	Ok(view.filter(|view| view.commitment == version.commitment))
}

/// Writes down that a version is on chain.
async fn finished<L: Ledger>(
	store: &Store,
	ledger: &L,
	record: RecordId,
	version: &AnchorVersion,
	submitted: bool,
) -> Result<Anchored, Error> {
	let number = version.number;
	let view = view_of(ledger, record, version).await?.ok_or(StoreError::OtherVersion(number))?;
	store.change_anchor(record, |anchor| {
		let mut versions = anchor.versions.iter_mut();
		if let Some(kept) = versions.find(|kept| kept.commitment == version.commitment) {
			kept.progress = Progress::Finalised { at: view.anchored_at };
		}
		Ok(())
	})?;
	Ok(Anchored {
		record,
		version: number,
		commitment: version.commitment,
		suite: version.suite,
		submitted,
		anchored_at: view.anchored_at,
	})
}
