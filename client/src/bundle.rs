// SPDX-License-Identifier: Apache-2.0
//! Files that holders hand on: the proof bundle (`*.epid.json`) and the trusted statements it is checked against.
//!
//! A bundle holds an opening with its salt: whoever has it and the content can show what was committed. It belongs to
//! those who may read the record, and is written so that only its owner can read it.

use crate::{durable, record::InputError};
use epidaurus_primitives::{
	ehr::{LogHead, LogKind, LogProof},
	elements::{ElementKey, Redaction},
	hash::{Commitment, Opening},
	ids::{NetworkId, OrgId, RecordId},
	link::LinkKey,
	moment::Moment,
	renewal::Renewal,
	views::{LifeView, TreeView, VersionView},
};
use serde::{de::DeserializeOwned, Deserialize, Serialize};
use std::{
	fs::File,
	io::{self, Read, Write},
	path::Path,
};

/// Version of the form of bundles and heads.
pub const VERSION: u32 = 1;

/// Longest bundle or head that is read, in bytes. A redacted copy needs up to some hundred for each element that it has.
pub const MAX_FILE: u64 = 256 << 20;

/// Where a record was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
	/// As an entry of a log, with the path to a head.
	Log {
		/// Which log.
		kind: LogKind,
		/// The path.
		proof: LogProof,
	},
	/// By itself, under this id.
	Anchor {
		/// The id.
		record: RecordId,
	},
}

/// How the elements of a content are checked, under the suite FHIR elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ElementEvidence {
	/// The content is the whole record: all salts derive from this.
	Key(ElementKey),
	/// The content is a redacted copy: salts of what it has, hashes of what is withheld.
	Redacted(Redaction),
}

/// What a holder hands on together with the content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Bundle {
	/// The network that the commitment was made for.
	pub network: NetworkId,
	/// Who keeps the record.
	pub custodian: OrgId,
	/// What opens the commitment.
	pub opening: Opening,
	/// What was committed.
	pub commitment: Commitment,
	/// Where.
	pub evidence: Evidence,
	/// What the subject of an anchored record shows to dispute it or to ask for amendments: opens whom it concerns, and
	/// nothing else. The same for all versions.
	pub link_key: Option<LinkKey>,
	/// How the content's elements are checked; none but under the suite FHIR elements.
	pub elements: Option<ElementEvidence>,
}

/// The JSON form of a bundle: of `kind` with `proof`, and `record`, exactly one is there; of `elementKey` and
/// `redaction` at most one.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Parts {
	version: u32,
	network_id: NetworkId,
	custodian: OrgId,
	#[serde(default, skip_serializing_if = "Option::is_none")]
	kind: Option<LogKind>,
	#[serde(default, skip_serializing_if = "Option::is_none")]
	record: Option<RecordId>,
	opening: Opening,
	commitment: Commitment,
	#[serde(default, skip_serializing_if = "Option::is_none")]
	proof: Option<LogProof>,
	#[serde(default, skip_serializing_if = "Option::is_none")]
	link_key: Option<LinkKey>,
	#[serde(default, skip_serializing_if = "Option::is_none")]
	element_key: Option<ElementKey>,
	#[serde(default, skip_serializing_if = "Option::is_none")]
	redaction: Option<Redaction>,
}

impl From<Bundle> for Parts {
	fn from(bundle: Bundle) -> Self {
		let Bundle { network, custodian, opening, commitment, evidence, link_key, elements } = bundle;
		let (kind, record, proof) = match evidence {
			Evidence::Log { kind, proof } => (Some(kind), None, Some(proof)),
			Evidence::Anchor { record } => (None, Some(record), None),
		};
		let (element_key, redaction) = match elements {
			Some(ElementEvidence::Key(key)) => (Some(key), None),
			Some(ElementEvidence::Redacted(redaction)) => (None, Some(redaction)),
			None => (None, None),
		};
		Self {
			version: VERSION,
			network_id: network,
			custodian,
			kind,
			record,
			opening,
			commitment,
			proof,
			link_key,
			element_key,
			redaction,
		}
	}
}

impl TryFrom<Parts> for Bundle {
	type Error = &'static str;

	fn try_from(parts: Parts) -> Result<Self, Self::Error> {
		if parts.version != VERSION {
			return Err("a version that this program does not know");
		}
		let evidence = match (parts.kind, parts.proof, parts.record) {
			(Some(kind), Some(proof), None) => Evidence::Log { kind, proof },
			(None, None, Some(record)) => Evidence::Anchor { record },
			_ => return Err("it has either `kind` and `proof`, or `record`"),
		};
		let elements = match (parts.element_key, parts.redaction) {
			(Some(key), None) => Some(ElementEvidence::Key(key)),
			(None, Some(redaction)) => Some(ElementEvidence::Redacted(redaction)),
			(None, None) => None,
			(Some(_), Some(_)) => return Err("it has `elementKey` or `redaction`, never both"),
		};
		Ok(Self {
			network: parts.network_id,
			custodian: parts.custodian,
			opening: parts.opening,
			commitment: parts.commitment,
			evidence,
			link_key: parts.link_key,
			elements,
		})
	}
}

/// A block that a statement was read at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtBlock {
	/// Its number.
	pub number: u64,
	/// Its hash, hexadecimal.
	pub hash: String,
}

/// What the chain says about a log: its head at the newest checkpoint. Trusted as far as its source is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrustedHead {
	/// Version of this form.
	pub version: u32,
	/// Which network.
	pub network_id: NetworkId,
	/// Whose log.
	pub custodian: OrgId,
	/// Which log.
	pub kind: LogKind,
	/// The head.
	pub head: LogHead,
	/// When the checkpoint was made.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub at: Option<Moment>,
	/// Whether the custodian was licensed to keep records then.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub licensed: Option<bool>,
	/// How it was renewed, and how far trees may be trusted; nothing in statements that are older than renewals.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub renewed: Option<TrustedTrees>,
	/// The block that this was read at.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub block: Option<AtBlock>,
}

/// What the chain says about the renewals of a log, and about trees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrustedTrees {
	/// The renewals, oldest first.
	pub renewals: Vec<Renewal>,
	/// Every tree with how far it may be trusted.
	pub trees: Vec<TreeView>,
}

/// What the chain says about an anchored record. Trusted as far as its source is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrustedAnchor {
	/// Version of this form.
	pub version: u32,
	/// Which network.
	pub network_id: NetworkId,
	/// Who keeps the record.
	pub custodian: OrgId,
	/// Its id.
	pub record: RecordId,
	/// All versions, oldest first.
	pub versions: Vec<VersionView>,
	/// What happened to the record since it was written.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub life: Option<LifeView>,
	/// The block that this was read at.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub block: Option<AtBlock>,
}

/// What a bundle is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trusted {
	/// For bundles with a path.
	Log(TrustedHead),
	/// For bundles with a record id.
	Anchor(TrustedAnchor),
}

impl Trusted {
	/// Reads a statement of either kind.
	pub fn read(path: &Path) -> Result<Self, InputError> {
		let text = read_text(path)?;
		// Told apart by a member that only one of the two has, so that errors speak about the right form.
		let probe = serde_json::from_str::<serde_json::Value>(&text).map_err(|error| form(path, "JSON", &error))?;
		if probe.get("record").is_some() {
			parse(path, &text, "the statement of an anchor").and_then(|anchor: TrustedAnchor| {
				ensure_version(path, anchor.version)?;
				Ok(Self::Anchor(anchor))
			})
		} else {
			parse(path, &text, "the head of a log").and_then(|head: TrustedHead| {
				ensure_version(path, head.version)?;
				Ok(Self::Log(head))
			})
		}
	}

	/// The network that the statement is about.
	pub fn network(&self) -> NetworkId {
		match self {
			Self::Log(head) => head.network_id,
			Self::Anchor(anchor) => anchor.network_id,
		}
	}

	/// The custodian that the statement is about.
	pub fn custodian(&self) -> OrgId {
		match self {
			Self::Log(head) => head.custodian,
			Self::Anchor(anchor) => anchor.custodian,
		}
	}
}

fn ensure_version(path: &Path, version: u32) -> Result<(), InputError> {
	if version == VERSION {
		return Ok(());
	}
	Err(InputError::Form {
		path: path.to_path_buf(),
		what: "a head",
		line: 0,
		column: 0,
		problem: "a version that this program does not know".into(),
	})
}

impl Bundle {
	/// Reads a bundle.
	pub fn read(path: &Path) -> Result<Self, InputError> {
		parse(path, &read_text(path)?, "a proof bundle")
	}

	/// The JSON form.
	pub fn to_json(&self) -> String {
		json(self)
	}
}

/// A value in readable JSON, with a line feed at the end.
pub fn json<T: Serialize>(value: &T) -> String {
	let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
	text.push('\n');
	text
}

/// Counts are decimal strings in JSON, whose numbers lose digits above 2^53.
pub(crate) fn decimal<S: serde::Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
	serializer.collect_str(value)
}

/// Bytes as text: `0x` and hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
	bytes.iter().fold(String::from("0x"), |text, byte| text + &format!("{byte:02x}"))
}

/// Writes a file that only its owner can read. An existing file is replaced.
pub fn write_private(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
	durable::create(path)?.write_all(content.as_ref())
}

/// Writes a file that only its owner can read, at one stroke: the old content is there or the new one, also after a crash.
pub fn write_durable(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
	durable::write(path, content.as_ref())
}

pub(crate) fn read_text(path: &Path) -> Result<String, InputError> {
	let failed = |source| InputError::Io { path: path.to_path_buf(), source };
	let mut text = String::new();
	File::open(path).map_err(failed)?.take(MAX_FILE).read_to_string(&mut text).map_err(failed)?;
	Ok(text)
}

pub(crate) fn parse<T: DeserializeOwned>(path: &Path, text: &str, what: &'static str) -> Result<T, InputError> {
	serde_json::from_str(text).map_err(|error| form(path, what, &error))
}

fn form(path: &Path, what: &'static str, error: &serde_json::Error) -> InputError {
	InputError::Form {
		path: path.to_path_buf(),
		what,
		line: error.line(),
		column: error.column(),
		problem: problem(error),
	}
}

/// What serde says, without the values that it quotes: a bundle holds a salt.
fn problem(error: &serde_json::Error) -> String {
	use serde_json::error::Category;
	match error.classify() {
		Category::Io => "it cannot be read".into(),
		Category::Syntax => "this is not JSON".into(),
		Category::Eof => "it ends too early".into(),
		Category::Data => {
			let text = error.to_string();
			// serde quotes values as `string "…"`; names of members stand in backquotes.
			match text.split_once(" at line ") {
				Some((said, _)) if !said.contains('"') => said.to_owned(),
				_ => "a value of another type or form than expected".into(),
			}
		},
	}
}

#[cfg(test)]
mod tests;
