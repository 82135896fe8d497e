// SPDX-License-Identifier: Apache-2.0
//! Is this content what was committed, by whom, when, and does it still stand?
//!
//! [`check`] needs content, bundle and a trusted statement, and no network. [`online()`] gets the statement from a node,
//! checks the same, and then has the node check as well. Before a bundle is said not to fit, it is looked for what was
//! done to it, so that the answer can be acted upon.

mod diagnose;
mod online;
mod refused;

pub use online::{anchor, head, online, trusted};
pub use refused::Refused;

use crate::{
	bundle::{decimal, Bundle, ElementEvidence, Evidence, Trusted, TrustedAnchor, TrustedHead, TrustedTrees},
	record::{Content, ContentDigest, InputError, Measured},
	redaction::Withheld,
	Error,
};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind, LogProof, RecordStanding, SuiteStatus},
	hash::{HashSuite, NativeBlake2b256, NativeSha256, RecordDigest, ResourceClass},
	ids::{NetworkId, OrgId, RecordId},
	moment::Moment,
	verify::{verify_anchor, verify_log, Refusal},
	views::{LifeView, TreeVerdict},
};
use serde::Serialize;

/// What a verifier accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
	/// The organisation that the record must be of; any if none is named.
	pub custodian: Option<OrgId>,
	/// Accept versions that were replaced and records entered in error; the verdict says so.
	pub any_standing: bool,
}

/// What was found out about content and bundle that fit together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
	/// The network that the commitment was made for.
	pub network_id: NetworkId,
	/// Who keeps the record.
	pub custodian: OrgId,
	/// What kind of record it is.
	pub class: ResourceClass,
	/// Which version of it.
	pub version: u32,
	/// How its content was made into bytes.
	pub suite: HashSuite,
	/// When the custodian says that it happened, if it says so.
	pub clinical_time: Option<Moment>,
	/// Whether the custodian marked it as older than its commitment.
	pub imported: bool,
	/// What a redacted copy lacks; nothing where the content is the whole record.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub withheld: Option<Withheld>,
	/// Where it was committed.
	#[serde(flatten)]
	pub place: Place,
	/// What happened to the record since, as far as the statement goes; nothing for an entry of a log.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub life: Option<LifeView>,
	/// How far the suite may be trusted, as a node says or a proof of the chain's state shows; nothing with a saved head.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub suite_status: Option<SuiteStatus>,
}

/// Where a record was committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Place {
	/// In a log.
	Log {
		/// Which.
		kind: LogKind,
		/// Its place.
		#[serde(serialize_with = "decimal")]
		sequence: u64,
		/// The head that it was proven against.
		head: LogHead,
		/// When that checkpoint was made: the entry existed then.
		at: Option<Moment>,
		/// Whether the custodian was licensed to keep records then.
		licensed: Option<bool>,
		/// When the entry was first covered by a checkpoint that the chain keeps; nothing where no node was asked.
		#[serde(skip_serializing_if = "Option::is_none")]
		covered_at: Option<Moment>,
		/// The trees on which the proof rests; nothing where the statement says nothing about trees.
		#[serde(skip_serializing_if = "Option::is_none")]
		rests_on: Option<Box<TreeVerdict>>,
	},
	/// By itself.
	Anchor {
		/// Under which id.
		record: RecordId,
		/// When.
		anchored_at: Moment,
		/// Where this version stands.
		standing: RecordStanding,
	},
}

/// Checks content and bundle against a trusted statement.
pub fn check(content: &Content, bundle: &Bundle, trusted: &Trusted, policy: Policy) -> Result<Verdict, Error> {
	ensure_wanted(bundle, policy)?;
	ensure_same_source(bundle, trusted)?;
	ensure_fits(content, bundle)?;
	let place = match (&bundle.evidence, trusted) {
		(Evidence::Log { kind, proof }, Trusted::Log(head)) => in_log(bundle, *kind, proof, head)?,
		(Evidence::Anchor { record }, Trusted::Anchor(anchor)) => anchored(bundle, *record, anchor, policy)?,
		(_, Trusted::Log(_)) => return Err(Refused::OtherEvidence("a log").into()),
		(_, Trusted::Anchor(_)) => return Err(Refused::OtherEvidence("an anchored record").into()),
	};
	let life = match trusted {
		Trusted::Log(_) => None,
		Trusted::Anchor(anchor) => anchor.life.clone(),
	};
	let header = &bundle.opening.header;
	Ok(Verdict {
		network_id: bundle.network,
		custodian: bundle.custodian,
		class: header.class.clone(),
		version: header.version,
		suite: bundle.opening.suite,
		clinical_time: header.clinical_time,
		imported: header.labels.is_imported(),
		withheld: match (bundle.opening.suite, &bundle.elements) {
			(HashSuite::FhirElements, Some(ElementEvidence::Redacted(redaction))) => Some(Withheld::of(redaction)),
			_ => None,
		},
		place,
		life,
		suite_status: None,
	})
}

fn ensure_wanted(bundle: &Bundle, policy: Policy) -> Result<(), Refused> {
	match policy.custodian {
		Some(trusted) if trusted != bundle.custodian => {
			Err(Refused::OtherCustodian { stated: bundle.custodian, trusted })
		},
		_ => Ok(()),
	}
}

fn ensure_same_source(bundle: &Bundle, trusted: &Trusted) -> Result<(), Refused> {
	if bundle.network != trusted.network() {
		return Err(Refused::OtherNetwork { stated: bundle.network, trusted: trusted.network() });
	}
	if bundle.custodian != trusted.custodian() {
		return Err(Refused::OtherCustodian { stated: bundle.custodian, trusted: trusted.custodian() });
	}
	Ok(())
}

/// Content and bundle fit together: the content, or the whole of which it is a part, is what the bundle's commitment was
/// made for. Says nothing about where that was committed.
pub fn ensure_fits(content: &Content, bundle: &Bundle) -> Result<(), Error> {
	let class = ensure_content(content, bundle)?;
	ensure_opening(content, bundle)?;
	Ok(ensure_class(class, bundle)?)
}

/// The content is the one that the opening speaks of. Gives its class.
fn ensure_content(content: &Content, bundle: &Bundle) -> Result<Option<ResourceClass>, Error> {
	let opening = &bundle.opening;
	let measured = match content.measure(opening.suite) {
		Ok(measured) => measured,
		Err(InputError::Fhir { source, .. }) => return Err(Refused::Content(source).into()),
		Err(error) => return Err(error.into()),
	};
	match digest_of(&measured, bundle) {
		Ok(digest) if digest == opening.digest => {
			ensure_second_digest(&measured, bundle)?;
			Ok(measured.class)
		},
		Ok(_) => Err(diagnose::digest(content, bundle).into()),
		Err(refused) => Err(match diagnose::digest(content, bundle) {
			suite @ Refused::SuiteDiffers { .. } => suite,
			_ => refused,
		}
		.into()),
	}
}

/// The content is the one that the renewed proof speaks of, where there is one.
fn ensure_second_digest(measured: &Measured, bundle: &Bundle) -> Result<(), Refused> {
	let Evidence::Log { proof: LogProof { renewed: Some(renewed), .. }, .. } = &bundle.evidence else { return Ok(()) };
	let key = match &bundle.elements {
		Some(ElementEvidence::Key(key)) => Some(key),
		Some(ElementEvidence::Redacted(_)) | None => None,
	};
	match measured.second.under::<NativeBlake2b256>(bundle.opening.suite, key) {
		Some(digest) if digest == renewed.digest => Ok(()),
		_ => Err(Refused::SecondDigestDiffers),
	}
}

/// The digest of the record that the content is, or that it is said to be a part of.
fn digest_of(measured: &Measured, bundle: &Bundle) -> Result<RecordDigest, Refused> {
	let elements = match &measured.digest {
		ContentDigest::Known(digest) => return Ok(*digest),
		ContentDigest::Elements(elements) => elements,
	};
	match &bundle.elements {
		Some(ElementEvidence::Key(key)) => Ok(elements.digest(key)),
		Some(ElementEvidence::Redacted(_)) if elements.left_out() => Err(Refused::Uncovered),
		Some(ElementEvidence::Redacted(redaction)) => {
			let copy = elements.iter().map(|element| (element.pointer(), element.value()));
			let disclosure = redaction.disclosure(copy).map_err(Refused::Redaction)?;
			disclosure.digest::<NativeSha256>().map_err(Refused::Redaction)
		},
		None => Err(Refused::ElementKeyMissing),
	}
}

/// The header names the class that the content is of.
fn ensure_class(class: Option<ResourceClass>, bundle: &Bundle) -> Result<(), Refused> {
	let stated = &bundle.opening.header.class;
	match class {
		Some(found) if found != *stated => Err(Refused::ClassDiffers { stated: stated.clone(), found }),
		_ => Ok(()),
	}
}

/// The opening opens the commitment that the bundle states.
fn ensure_opening(content: &Content, bundle: &Bundle) -> Result<(), Refused> {
	if bundle.opening.commitment::<NativeSha256>(&bundle.network) == bundle.commitment {
		return Ok(());
	}
	Err(diagnose::opening(content, bundle))
}

fn in_log(bundle: &Bundle, kind: LogKind, proof: &LogProof, trusted: &TrustedHead) -> Result<Place, Refused> {
	if kind != trusted.kind {
		return Err(Refused::OtherLog { stated: kind, trusted: trusted.kind });
	}
	let head = trusted.head;
	let renewals = trusted.renewed.as_ref().map_or(&[][..], |trees| trees.renewals.as_slice());
	let state = (&head, renewals);
	let renewal = verify_log::<NativeSha256, NativeBlake2b256>(&bundle.network, kind, state, &bundle.opening, proof)
		.map_err(|refusal| diagnose::log(refusal, bundle, kind, proof, &head))?;
	let trees = |TrustedTrees { trees, .. }: &TrustedTrees| TreeVerdict::new(renewal, trees.clone());
	let rests_on = trusted.renewed.as_ref().map(trees).map(Box::new);
	let TrustedHead { at, licensed, .. } = *trusted;
	Ok(Place::Log { kind, sequence: proof.sequence, head, at, licensed, covered_at: None, rests_on })
}

fn anchored(bundle: &Bundle, record: RecordId, trusted: &TrustedAnchor, policy: Policy) -> Result<Place, Refused> {
	if record != trusted.record {
		return Err(Refused::OtherRecord { stated: record, trusted: trusted.record });
	}
	let version = bundle.opening.header.version;
	let Some(view) = trusted.versions.iter().find(|view| view.version == version) else {
		let current = trusted.versions.iter().map(|view| view.version).max();
		return Err(
			current.map_or(Refused::RecordNotFound, |current| Refused::VersionNotFound { stated: version, current })
		);
	};
	verify_anchor::<NativeSha256>(&bundle.network, (view.suite, &view.commitment), &bundle.opening)
		.map_err(|refusal| Refused::from_chain(refusal, 0, version))?;
	ensure_standing(version, view.standing, policy)?;
	Ok(Place::Anchor { record, anchored_at: view.anchored_at, standing: view.standing })
}

fn ensure_standing(version: u32, standing: RecordStanding, policy: Policy) -> Result<(), Refused> {
	match standing {
		_ if policy.any_standing => Ok(()),
		RecordStanding::Current => Ok(()),
		RecordStanding::Amended { current } => Err(Refused::Superseded { version, current }),
		RecordStanding::EnteredInError => Err(Refused::EnteredInError),
	}
}

/// The refusal of a node that was asked after the checks here said yes.
fn node_refused(refusal: Refusal) -> Error {
	Refused::Node(refusal).into()
}

#[cfg(test)]
mod tests;
