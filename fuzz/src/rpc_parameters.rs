// SPDX-License-Identifier: Apache-2.0
//! What a node is asked and answers: parameters in JSON and SCALE, views in SCALE as a runtime of another version might
//! give them. Nothing panics; what is read is written in one form, which reads as the same.

use codec::{Decode, DecodeAll, Encode};
use epidaurus_primitives::{
	ehr::{LogEntry, LogHead, LogKind, LogProof, SuiteStatus},
	elements::{ElementKey, Redaction},
	gln::Gln,
	hash::{Commitment, HashSuite, NativeBlake2b256, NativeSha256, Opening, RecordHeader},
	ids::{LicenceId, NetworkId, OrgId, RecordId, SubjectId},
	jurisdiction::Jurisdiction,
	life::{DenialReason, ErasureGround, RecordLife, Resolution},
	link::LinkKey,
	moment::Moment,
	proof::{BlockHash, HexBytes, StateProof},
	registry::{Capability, Holder, LicenceScope, Roles, Standing},
	renewal::{Renewal, RenewedProof},
	subjects::SubjectStatus,
	verify::{verify_anchor, verify_log, Refusal},
	views::{
		AnchorVerdict, AnchorView, CapabilityView, CheckpointView, Cursor, IssuerView, LicenceView, LifeView,
		LogVerdict, LogView, MemberView, OrganisationView, Page, QuotaView, RebindView, SubjectKeyView, SubjectView,
		SuccessionView, SuiteView, TreeView, VersionView,
	},
};
use serde::{de::DeserializeOwned, Serialize};
use std::fmt::Debug;

/// Stands for an account: it has the same form in SCALE.
type Account = NetworkId;

/// The first byte says what the others are to be.
pub fn check(bytes: &[u8]) {
	let Some((choice, rest)) = bytes.split_first() else { return };
	match choice % 2 {
		0 => {
			if let Ok(text) = std::str::from_utf8(rest) {
				check_json(choice / 2, text);
			}
		},
		_ => check_scale(choice / 2, rest),
	}
}

fn check_json(choice: u8, text: &str) {
	const READERS: &[fn(&str)] = &[
		json::<Opening>,
		json::<LogProof>,
		json::<Cursor>,
		json::<OrgId>,
		json::<LicenceId>,
		json::<RecordId>,
		json::<NetworkId>,
		json::<SubjectId>,
		json::<Jurisdiction>,
		json::<Moment>,
		json::<Capability>,
		json::<LogKind>,
		json::<HashSuite>,
		json::<Holder<Account>>,
		json::<LicenceScope>,
		json::<Roles>,
		json::<Gln>,
		json::<LogHead>,
		json::<Refusal>,
		json::<Standing>,
		json::<RecordHeader>,
		// As whole lists of parameters.
		json::<(RecordId, Opening, Option<NetworkId>)>,
		json::<(OrgId, LogKind, Opening, LogProof, Option<NetworkId>)>,
		json::<(Holder<Account>, Capability, Option<Jurisdiction>, Option<Moment>)>,
		json::<(OrgId, LogKind, Option<Cursor>, Option<u32>)>,
		json::<(SubjectId, Option<Moment>, Option<BlockHash>)>,
		json::<(RecordId, u32, Option<BlockHash>)>,
		// What holders and nodes hand on.
		json::<StateProof<BlockHash>>,
		json::<Redaction>,
		json::<ElementKey>,
		json::<LinkKey>,
		json::<HexBytes>,
		json::<LifeView>,
		json::<VersionView>,
		json::<SuiteStatus>,
		json::<SubjectStatus>,
		json::<DenialReason>,
		json::<ErasureGround>,
		json::<Resolution>,
		json::<Renewal>,
		json::<RenewedProof>,
	];
	if let Some(read) = READERS.get(usize::from(choice) % READERS.len()) {
		read(text);
	}
}

fn check_scale(choice: u8, bytes: &[u8]) {
	const READERS: &[fn(&[u8])] = &[
		scale::<Opening>,
		scale::<LogProof>,
		scale::<Page<OrganisationView<Account>>>,
		scale::<Page<MemberView<Account>>>,
		scale::<Page<LicenceView<Account>>>,
		scale::<Page<IssuerView>>,
		scale::<Page<VersionView>>,
		scale::<Page<CheckpointView>>,
		scale::<CapabilityView>,
		scale::<Option<AnchorView>>,
		scale::<Option<LogView>>,
		scale::<Result<AnchorVerdict, Refusal>>,
		scale::<Result<LogVerdict, Refusal>>,
		scale::<LifeView>,
		scale::<Vec<SuiteView>>,
		scale::<Option<SubjectView<Account>>>,
		scale::<Option<SubjectKeyView<Account>>>,
		scale::<Option<RebindView<Account>>>,
		scale::<Option<QuotaView>>,
		scale::<Vec<HexBytes>>,
		scale::<Vec<Renewal>>,
		scale::<Vec<TreeView>>,
		scale::<Option<SuccessionView>>,
		life,
	];
	if usize::from(choice) % (READERS.len() + 2) >= READERS.len() {
		return check_verify(bytes);
	}
	if let Some(read) = READERS.get(usize::from(choice) % (READERS.len() + 2)) {
		read(bytes);
	}
	let _ = LogEntry::decode_all(&mut &*bytes);
	let _ = u32::decode_all(&mut &*bytes);
}

fn json<Value: DeserializeOwned + Serialize + PartialEq + Debug>(text: &str) {
	let Ok(value) = serde_json::from_str::<Value>(text) else { return };
	let written = serde_json::to_string(&value).expect("what was read can be written");
	let again = serde_json::from_str::<Value>(&written).expect("what was written can be read");
	assert_eq!(again, value);
	assert_eq!(serde_json::to_string(&again).ok(), Some(written), "there is one way of writing it");
}

fn scale<Value: Decode + Encode + PartialEq + Debug + Serialize>(bytes: &[u8]) {
	let Ok(value) = Value::decode_all(&mut &*bytes) else { return };
	let written = value.encode();
	assert_eq!(Value::decode_all(&mut written.as_slice()).ok().as_ref(), Some(&value));
	// The node answers in JSON whatever the runtime says.
	serde_json::to_string(&value).expect("a view can be written as JSON");
	let _ = format!("{value:?}");
}

/// What is stored about the later life of a record can be shown, at any time.
fn life(bytes: &[u8]) {
	let Ok(life) = RecordLife::decode_all(&mut &*bytes) else { return };
	assert_eq!(RecordLife::decode_all(&mut life.encode().as_slice()).ok().as_ref(), Some(&life));
	for now in [Moment(0), Moment(1_795_167_000_000), Moment(u64::MAX)] {
		scale::<LifeView>(&life.clone().view(true, now, |at| at < now).encode());
	}
}

/// The pure checks, with whatever decodes.
fn check_verify(bytes: &[u8]) {
	type Question = (NetworkId, LogKind, LogHead, Opening, LogProof, HashSuite, Commitment);
	let Ok((network, kind, head, opening, proof, suite, commitment)) = Question::decode_all(&mut &*bytes) else {
		return;
	};
	let anchored = verify_anchor::<NativeSha256>(&network, (suite, &commitment), &opening);
	assert_eq!(anchored.is_ok(), suite == opening.suite && opening.commitment::<NativeSha256>(&network) == commitment);
	let logged = verify_log::<NativeSha256, NativeBlake2b256>(&network, kind, (&head, &[]), &opening, &proof);
	assert!(logged.is_err() || proof.head == head, "only the head that is trusted counts");
}
