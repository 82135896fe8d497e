// SPDX-License-Identifier: Apache-2.0
//! What runtime APIs and RPC answer. SCALE between runtime and clients; JSON at the RPC (feature `serde`).

use crate::{
	bytes::ParseHex,
	ehr::{LogHead, LogKind, RecordStanding, SuiteStatus},
	gln::Gln,
	hash::{Commitment, HashSuite},
	ids::{LicenceId, MemberKey, OrgId, RecordId, SubjectId},
	jurisdiction::Jurisdiction,
	life::{AmendmentRequest, Attestation, Dispute, EndedHold, ErasureGround, Folded, Hold, RequestState},
	moment::{Interval, Moment},
	registry::{
		Capability, Holder, LicenceScope, LicenceStatus, OrganisationClass, OrganisationStatus, Roles, Standing,
		Successor,
	},
	renewal::{Renewal, TreeSuite},
	subjects::{RebindPhase, SubjectStatus},
};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// Largest number of items on a page; a runtime API answers with at most so many whatever is asked.
pub const MAX_PAGE: u32 = 256;

/// Where the next page begins: opaque bytes that the previous page gave; hexadecimal in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Cursor(pub Vec<u8>);

impl core::fmt::Display for Cursor {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		write!(f, "0x{}", hex::encode(&self.0))
	}
}

impl core::str::FromStr for Cursor {
	type Err = ParseHex;

	fn from_str(text: &str) -> Result<Self, ParseHex> {
		let digits = text.strip_prefix("0x").ok_or(ParseHex::NoPrefix)?;
		hex::decode(digits).map(Self).map_err(|error| match error {
			hex::FromHexError::OddLength => ParseHex::WrongLength,
			_ => ParseHex::BadDigit,
		})
	}
}

#[cfg(feature = "serde")]
impl serde::Serialize for Cursor {
	fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Cursor {
	fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		alloc::string::String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
	}
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "PageOf{Item}"))]
pub struct Page<Item> {
	/// At most [`MAX_PAGE`] items.
	pub items: Vec<Item>,
	/// Where the next page begins; nothing at the end of the list.
	pub next: Option<Cursor>,
}

macro_rules! view {
	($item:item) => {
		#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
		#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
		#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
		$item
	};
}

view! {
	/// An organisation at a moment.
	#[cfg_attr(feature = "schema", schemars(rename = "OrganisationView"))]
	pub struct OrganisationView<AccountId> {
		/// Its id.
		pub id: OrgId,
		/// What kind it is.
		pub class: OrganisationClass,
		/// Its status at the moment asked for.
		pub status: OrganisationStatus,
		/// Since when it has had that status.
		pub since: Moment,
		/// The account that acts for it today.
		pub controller: AccountId,
		/// The account that holds its deposits.
		pub sovereign: AccountId,
		/// GS1 Global Location Number.
		pub gln: Option<Gln>,
		/// Its home jurisdiction.
		pub jurisdiction: Jurisdiction,
		/// Who answered in its place at the moment asked for; nothing where nobody had taken over.
		pub successor: Option<Successor>,
	}
}

view! {
	/// To whom the duties of an organisation passed, step by step.
	pub struct SuccessionView {
		/// The organisation.
		pub organisation: OrgId,
		/// Whether it answers for itself no more: it handed over, and left or was expelled.
		pub released: bool,
		/// Hand-overs, from its own on; each for good. The last successor is the one to turn to.
		pub line: Vec<HandoverView>,
		/// To whom it offers its duties, which nobody has accepted yet.
		pub offer: Option<OfferView>,
	}
}

view! {
	/// That an organisation's duties passed to another.
	pub struct HandoverView {
		/// Whose duties.
		pub predecessor: OrgId,
		/// To whom.
		pub successor: OrgId,
		/// When they were offered.
		pub offered_at: Moment,
		/// When they passed.
		pub since: Moment,
		/// The statement of what was handed over, committed; both organisations keep it.
		pub handover: Commitment,
	}
}

view! {
	/// That an organisation's duties are offered to another.
	pub struct OfferView {
		/// To whom.
		pub successor: OrgId,
		/// When they were offered.
		pub offered_at: Moment,
	}
}

view! {
	/// A member of an organisation.
	#[cfg_attr(feature = "schema", schemars(rename = "MemberView"))]
	pub struct MemberView<AccountId> {
		/// The account.
		pub account: AccountId,
		/// The organisation it acts for.
		pub organisation: OrgId,
		/// Its roles there.
		pub roles: Roles,
		/// Since when it has had these roles.
		pub since: Moment,
		/// When its membership expires.
		pub until: Option<Moment>,
	}
}

view! {
	/// A licence.
	#[cfg_attr(feature = "schema", schemars(rename = "LicenceView"))]
	pub struct LicenceView<AccountId> {
		/// Its id.
		pub id: LicenceId,
		/// Who holds it.
		pub holder: Holder<AccountId>,
		/// What it allows.
		pub capability: Capability,
		/// Where.
		pub jurisdiction: Jurisdiction,
		/// How far.
		pub scope: LicenceScope,
		/// Who issued it.
		pub issuer: OrgId,
		/// When it was issued.
		pub issued_at: Moment,
		/// When it is valid.
		pub validity: Interval,
		/// Its status at present.
		pub status: LicenceStatus,
		/// Since when it has had that status.
		pub since: Moment,
		/// Acts under it from this moment on are not to be trusted.
		pub distrusted_from: Option<Moment>,
	}
}

view! {
	/// An organisation that the consortium recognises as issuer of licences.
	pub struct IssuerView {
		/// The issuer.
		pub organisation: OrgId,
		/// What it may license.
		pub capability: Capability,
		/// Where.
		pub jurisdiction: Jurisdiction,
		/// Whether it may issue today.
		pub recognised: bool,
		/// Since when it has been recognised, or not any more.
		pub since: Moment,
		/// Licences that it issued from this moment on are not to be trusted.
		pub distrusted_from: Option<Moment>,
	}
}

view! {
	/// Whether somebody may, or might at a past moment, act under a capability.
	pub struct CapabilityView {
		/// The answer with its reason.
		pub standing: Standing,
		/// The organisation in question, where there is one.
		pub organisation: Option<OrgId>,
		/// The moment that the answer is about.
		pub at: Moment,
	}
}

view! {
	/// An anchored record.
	pub struct AnchorView {
		/// Its id.
		pub record: RecordId,
		/// The organisation that keeps it.
		pub custodian: OrgId,
		/// Number of its newest version.
		pub version: u32,
		/// Standing of that version.
		pub standing: RecordStanding,
		/// When the standing of the record last changed.
		pub since: Moment,
	}
}

view! {
	/// One version of an anchored record.
	pub struct VersionView {
		/// Its number, from 1.
		pub version: u32,
		/// What was committed.
		pub commitment: Commitment,
		/// Under which suite.
		pub suite: HashSuite,
		/// When.
		pub anchored_at: Moment,
		/// Where it stands today.
		pub standing: RecordStanding,
	}
}

view! {
	/// A custodian's log.
	pub struct LogView {
		/// Whose.
		pub custodian: OrgId,
		/// Which.
		pub kind: LogKind,
		/// Its newest checkpoint.
		pub head: LogHead,
		/// When that was made.
		pub at: Moment,
		/// Number of checkpoints ever made.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		pub checkpoints: u64,
	}
}

view! {
	/// A checkpoint of a custodian's log.
	pub struct CheckpointView {
		/// Its number, from 0; thinning leaves gaps.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		pub number: u64,
		/// What the log looked like.
		pub head: LogHead,
		/// When it was made.
		pub at: Moment,
		/// Whether the organisation that made it was licensed to keep records then.
		pub licensed: bool,
	}
}

view! {
	/// What the chain says about an opening that fits an anchor.
	pub struct AnchorVerdict {
		/// Who wrote the record and kept it first.
		pub custodian: OrgId,
		/// Who answers in the custodian's place today; nothing where nobody took over.
		pub successor: Option<Successor>,
		/// Which version the opening opens.
		pub version: u32,
		/// Under which suite.
		pub suite: HashSuite,
		/// When it was anchored.
		pub anchored_at: Moment,
		/// Where this version stands today.
		pub standing: RecordStanding,
		/// How far the suite may be trusted today.
		pub suite_status: SuiteStatus,
		/// What happened to the record since.
		pub life: LifeView,
	}
}

view! {
	/// What happened to a record after it was written.
	#[derive(Default)]
	pub struct LifeView {
		/// Whether the record carries a link to a subject, who can then dispute it or ask for amendments.
		pub linked: bool,
		/// Whether a dispute is open, or was withdrawn by a key that is declared lost for then.
		pub disputed: bool,
		/// Whether a request to amend it was answered too late, or is not answered and it is too late.
		pub overdue: bool,
		/// Disputes that are kept, oldest first.
		pub disputes: Vec<DisputeView>,
		/// Requests to amend it that are kept, oldest first.
		pub requests: Vec<RequestView>,
		/// Legal holds in force.
		pub holds: Vec<Hold>,
		/// Legal holds that were lifted and are kept, in the order of their end.
		pub ended_holds: Vec<EndedHold>,
		/// The custodian keeps it until then at least.
		pub retained_until: Option<Moment>,
		/// An erasure that one member attested and another still can.
		pub attestation: Option<Attestation>,
		/// That it is erased.
		pub erasure: Option<ErasureView>,
		/// How many disputes, requests and holds that ended gave way to later ones: events tell what they were.
		pub folded: Folded,
	}
}

view! {
	/// A subject's dispute of a record.
	pub struct DisputeView {
		/// The dispute.
		#[cfg_attr(feature = "serde", serde(flatten))]
		pub dispute: Dispute,
		/// Whether somebody else may have opened it: the subject's key was declared lost for then.
		pub doubtful: bool,
		/// Whether somebody else may have withdrawn it: the subject's key was declared lost for then. The last dispute
		/// stands in that case.
		pub end_doubtful: bool,
	}
}

view! {
	/// A subject's request to amend a record.
	pub struct RequestView {
		/// Its number, from 0; also of those that gave way.
		pub number: u32,
		/// The request.
		#[cfg_attr(feature = "serde", serde(flatten))]
		pub request: AmendmentRequest,
		/// Where it stands.
		pub state: RequestState,
		/// When it is to be answered at the latest.
		pub due: Moment,
		/// Whether it was answered later, or is not answered and it is later.
		pub overdue: bool,
		/// Whether somebody else may have made it: the subject's key was declared lost for then.
		pub doubtful: bool,
		/// Whether somebody else may have stated the disagreement: the subject's key was declared lost for then.
		pub disagreement_doubtful: bool,
	}
}

view! {
	/// That a record is erased: its custodian attested that the salts are destroyed.
	pub struct ErasureView {
		/// On which ground.
		pub ground: ErasureGround,
		/// The organisation that attested it: the one that kept the record then.
		pub custodian: OrgId,
		/// Its two members who did.
		pub attested_by: [MemberKey; 2],
		/// When the second of them did.
		pub at: Moment,
		/// Always true: who was given an opening before may still hold it. The chain knows only what was attested.
		pub openings_may_remain: bool,
	}
}

view! {
	/// A hash suite.
	pub struct SuiteView {
		/// Which.
		pub suite: HashSuite,
		/// How far it may be trusted today.
		pub status: SuiteStatus,
	}
}

view! {
	/// What the chain says about an opening that stands in a log.
	pub struct LogVerdict {
		/// Whose log.
		pub custodian: OrgId,
		/// Who answers in the custodian's place today; nothing where nobody took over.
		pub successor: Option<Successor>,
		/// Which.
		pub kind: LogKind,
		/// The head that the entry was proven against.
		pub head: LogHead,
		/// When that checkpoint was made: the entry existed then.
		pub at: Moment,
		/// Whether the organisation that made it was licensed to keep records then.
		pub licensed: bool,
		/// How far the suite of the opening may be trusted today.
		pub suite_status: SuiteStatus,
		/// When the entry was covered by a checkpoint first, as far as the chain keeps them: it existed then.
		pub covered_at: Moment,
		/// Under which trees it was proven to stand in the log, and how far these and the others may be trusted.
		#[cfg_attr(feature = "serde", serde(flatten))]
		pub trees: TreeVerdict,
	}
}

view! {
	/// A tree.
	#[derive(Copy)]
	pub struct TreeView {
		/// Over which function.
		pub tree: TreeSuite,
		/// How far it may be trusted today.
		pub status: SuiteStatus,
	}
}

view! {
	/// What is to be said about the trees under which an entry was proven to stand in a log.
	pub struct TreeVerdict {
		/// The one on which the proof rests: the log's own; where a renewal was proven too, the one of the two that may be
		/// trusted more today, or the renewal's if neither is.
		pub tree: TreeSuite,
		/// How far that one may be trusted today. A proof that rests on a forbidden tree proves nothing to who does not
		/// know the entry from before.
		pub tree_status: SuiteStatus,
		/// The renewal in which the entry was proven to stand.
		pub renewal: Option<Renewal>,
		/// Whether that renewal was made before the log's own tree was forbidden; nothing without a renewal.
		pub renewed_in_time: Option<bool>,
		/// Every tree with how far it may be trusted today.
		pub trees: Vec<TreeView>,
	}
}

impl TreeVerdict {
	/// What follows from the renewal that was proven, if one was, and from how far trees may be trusted today. A tree of
	/// which nothing is said is active.
	pub fn new(renewal: Option<Renewal>, trees: Vec<TreeView>) -> Self {
		let status = |tree| trees.iter().find(|view| view.tree == tree).map(|view| view.status).unwrap_or_default();
		let own = TreeSuite::Sha256;
		let better = |tree: &TreeSuite| status(*tree).decisions() <= status(own).decisions();
		let tree = renewal.map(|renewal| renewal.tree).filter(better).unwrap_or(own);
		let renewed_in_time = renewal.map(|renewal| renewal.in_time(status(own)));
		Self { tree, tree_status: status(tree), renewal, renewed_in_time, trees }
	}
}

view! {
	/// A subject as it stands now.
	#[cfg_attr(feature = "schema", schemars(rename = "SubjectView"))]
	pub struct SubjectView<AccountId> {
		/// Its id.
		pub subject: SubjectId,
		/// The organisation that enrolled it.
		pub custodian: OrgId,
		/// When.
		pub enrolled_at: Moment,
		/// The account that acts for it.
		pub key: AccountId,
		/// Whether somebody has shown to hold that key.
		pub proven: bool,
		/// Where it is in its life.
		pub status: SubjectStatus,
		/// Since when it has had this key and this status.
		pub since: Moment,
		/// Whether it can only do restrictive acts: because of its status, or because its key is in question.
		pub restricted: bool,
		/// The nonce of its next relayed act.
		#[cfg_attr(feature = "serde", serde(with = "crate::bytes::decimal"))]
		#[cfg_attr(feature = "schema", schemars(with = "crate::schema::Decimal"))]
		pub nonce: u64,
	}
}

view! {
	/// Which key acted for a subject at a moment.
	#[cfg_attr(feature = "schema", schemars(rename = "SubjectKeyView"))]
	pub struct SubjectKeyView<AccountId> {
		/// The account.
		pub key: AccountId,
		/// Whether somebody had shown to hold it.
		pub proven: bool,
		/// Where the subject was in its life.
		pub status: SubjectStatus,
		/// Since when it had had this key and this status.
		pub since: Moment,
		/// The moment that the answer is about.
		pub at: Moment,
		/// Whether an act at that moment may have been somebody else's: the key was declared lost for then.
		pub doubtful: bool,
	}
}

view! {
	/// The pending re-binding of a subject to a new key.
	#[cfg_attr(feature = "schema", schemars(rename = "RebindView"))]
	pub struct RebindView<AccountId> {
		/// How far it has come.
		pub phase: RebindPhase,
		/// The key that is to act for the subject.
		pub new_key: AccountId,
		/// The evidence by which the patient proved their identity, committed.
		pub evidence: Commitment,
		/// From when on the old key's acts are in doubt.
		pub lost_since: Moment,
		/// The member that started it.
		pub started_by: AccountId,
		/// When.
		pub started_at: Moment,
		/// The member that confirmed it.
		pub confirmed_by: Option<AccountId>,
		/// Until when the old key can contest it.
		pub contestable_until: Option<Moment>,
		/// When the old key contested it.
		pub contested_at: Option<Moment>,
	}
}

view! {
	/// What a custodian's subjects can still send without a fee.
	pub struct QuotaView {
		/// The custodian.
		pub custodian: OrgId,
		/// Units of a UTC day.
		pub limit: u32,
		/// Units taken today.
		pub used: u32,
		/// When the quota is renewed: the end of the UTC day.
		pub renews_at: Moment,
	}
}
