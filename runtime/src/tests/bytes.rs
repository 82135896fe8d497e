// SPDX-License-Identifier: Apache-2.0
//! Every call argument that can hold bytes is known, and there is a reason why it may.
//!
//! A new argument of such a type fails the test until it stands in the list, which is the moment to ask what somebody
//! could write into it.

use crate::{filter::CallFilter, RuntimeCall};
use codec::Decode;
use frame_support::traits::Contains;
use scale_info::{form::PortableForm, Field, MetaType, PortableRegistry, Registry, TypeDef, TypeDefPrimitive, Variant};
use std::collections::{BTreeMap, BTreeSet};

struct Types(PortableRegistry);

impl Types {
	fn of_runtime() -> (Self, u32) {
		let mut registry = Registry::new();
		let call = registry.register_type(&MetaType::new::<RuntimeCall>());
		(Self(registry.into()), call.id)
	}

	fn variants(&self, id: u32) -> &[Variant<PortableForm>] {
		match &self.0.resolve(id).expect("registered").type_def {
			TypeDef::Variant(variants) => &variants.variants,
			other => panic!("an enum was expected, not {other:?}"),
		}
	}

	/// Whether values of the type can hold bytes. Nested calls are walked on their own.
	fn holds_bytes(&self, id: u32, call: u32, seen: &mut BTreeSet<u32>) -> bool {
		if id == call || !seen.insert(id) {
			return false;
		}
		let ty = self.0.resolve(id).expect("registered");
		if self.is_account(id) {
			return false;
		}
		let mut any =
			|fields: &[Field<PortableForm>]| fields.iter().any(|field| self.holds_bytes(field.ty.id, call, seen));
		match &ty.type_def {
			TypeDef::Composite(composite) => any(&composite.fields),
			TypeDef::Variant(variants) => variants.variants.iter().any(|variant| any(&variant.fields)),
			// One account is a key or a number of the SDK's making; of many, somebody could make a text.
			TypeDef::Sequence(sequence) => {
				let element = sequence.type_param.id;
				self.is_byte(element) || self.is_account(element) || self.holds_bytes(element, call, seen)
			},
			TypeDef::Array(array) => {
				self.is_byte(array.type_param.id) || self.holds_bytes(array.type_param.id, call, seen)
			},
			TypeDef::Tuple(tuple) => tuple.fields.iter().any(|field| self.holds_bytes(field.id, call, seen)),
			TypeDef::Compact(_) => false,
			TypeDef::Primitive(primitive) => {
				matches!(primitive, TypeDefPrimitive::Str | TypeDefPrimitive::U256 | TypeDefPrimitive::I256)
			},
			TypeDef::BitSequence(_) => true,
		}
	}

	fn is_account(&self, id: u32) -> bool {
		self.0.resolve(id).expect("registered").path.ident().as_deref() == Some("AccountId32")
	}

	fn is_byte(&self, id: u32) -> bool {
		matches!(
			self.0.resolve(id).expect("registered").type_def,
			TypeDef::Primitive(TypeDefPrimitive::U8 | TypeDefPrimitive::I8)
		)
	}
}

/// `Pallet.call.argument` for every argument that can hold bytes, with the pallet's and the call's index.
fn arguments_of_bytes() -> BTreeMap<String, [u8; 2]> {
	let (types, call) = Types::of_runtime();
	let mut found = BTreeMap::new();
	for pallet in types.variants(call) {
		for one in types.variants(pallet.fields[0].ty.id) {
			for argument in &one.fields {
				if types.holds_bytes(argument.ty.id, call, &mut BTreeSet::new()) {
					let name = argument.name.as_deref().expect("arguments have names");
					found.insert(format!("{}.{}.{name}", pallet.name, one.name), [pallet.index, one.index]);
				}
			}
		}
	}
	found
}

#[test]
fn every_argument_of_bytes_has_a_reason() {
	let found = arguments_of_bytes();
	let allowed: BTreeMap<_, _> = ALLOWED.iter().copied().collect();
	assert_eq!(allowed.len(), ALLOWED.len(), "an argument stands twice in the list");
	let unknown: Vec<_> = found.keys().filter(|name| !allowed.contains_key(name.as_str())).collect();
	let gone: Vec<_> = allowed.keys().filter(|name| !found.contains_key(**name)).collect();
	assert!(unknown.is_empty(), "arguments of bytes without a reason: {unknown:#?}");
	assert!(gone.is_empty(), "the list has arguments that do not exist: {gone:#?}");
}

#[test]
fn calls_said_to_be_closed_are_closed() {
	let found = arguments_of_bytes();
	for (name, reason) in ALLOWED.iter().filter(|(_, reason)| *reason == CLOSED) {
		let mut encoded = found[*name].to_vec();
		encoded.resize(1_024, 0);
		let call = RuntimeCall::decode(&mut encoded.as_slice()).expect("zeros decode");
		assert!(!CallFilter::contains(&call), "{name} is open, but the reason given is: {reason}");
	}
}

const CLOSED: &str = "the filter closes the call";
const INHERENT: &str =
	"the block's author gives it, and it is checked against the relay chain; no transaction may be mandatory";
const ACCOUNT: &str = "an address; the filter lets only accounts pass";
const SIGNATORIES: &str = "accounts; the filter bounds their number";
const CALL_HASH: &str = "hash of a call; without the call it does nothing, and lies under a deposit";
const MOTION: &str = "hash of a motion; looked up";
const RECORD: &str = "id of a record; looked up";
const TEXT: &str = "hiding hash of a text that the parties hold; DESIGN P2";
const LINK_KEY: &str = "must open the record's link, or the call fails; tells whom that one record concerns (ADR 0012)";
const SUBJECT: &str = "id of a subject; looked up";
const GLN: &str = "thirteen digits, of which one checks the others";
const PLACE: &str = "codes of ISO 3166; their form is checked";

/// Arguments that can hold bytes, each with the reason why it may. Everything else a member can write is a number, an
/// account or a word of a fixed list.
#[rustfmt::skip]
const ALLOWED: &[(&str, &str)] = &[
	("Balances.force_set_balance.who", CLOSED),
	("Balances.force_transfer.dest", CLOSED),
	("Balances.force_transfer.source", CLOSED),
	("Balances.force_unreserve.who", CLOSED),
	("Balances.transfer_all.dest", ACCOUNT),
	("Balances.transfer_allow_death.dest", ACCOUNT),
	("Balances.transfer_keep_alive.dest", ACCOUNT),
	("Balances.upgrade_accounts.who", CLOSED),
	("CollatorSelection.set_invulnerables.new", "accounts; the filter bounds their number"),
	("Council.close.proposal_hash", MOTION),
	("Council.disapprove_proposal.proposal_hash", MOTION),
	("Council.kill.proposal_hash", MOTION),
	("Council.release_proposal_cost.proposal_hash", MOTION),
	("Council.set_members.new_members", CLOSED),
	("Council.vote.proposal", MOTION),
	("Ehr.accept_amendment.record", RECORD),
	("Ehr.amend.commitment", "hiding hash; DESIGN P2"),
	("Ehr.amend.record", RECORD),
	("Ehr.anchor.commitment", "hiding hash; DESIGN P2"),
	("Ehr.anchor.link", "hiding hash of the subject; ADR 0012"),
	("Ehr.anchor.record", "random id; the custodian draws it before there is anything to say, and it is worth 16 bytes"),
	("Ehr.attest_erasure.record", RECORD),
	("Ehr.checkpoint.consistency_proof", "hashes over hiding hashes; at most 63 and verified"),
	("Ehr.checkpoint.new_root", "hash over hiding hashes"),
	("Ehr.checkpoint_for.consistency_proof", "hashes over hiding hashes; at most 63 and verified"),
	("Ehr.checkpoint_for.new_root", "hash over hiding hashes"),
	("Ehr.deny_amendment.explanation", TEXT),
	("Ehr.deny_amendment.record", RECORD),
	("Ehr.disagree.record", RECORD),
	("Ehr.disagree.statement", TEXT),
	("Ehr.dispute.link_key", LINK_KEY),
	("Ehr.dispute.record", RECORD),
	("Ehr.dispute.statement", TEXT),
	("Ehr.lift_hold.record", RECORD),
	("Ehr.mark_entered_in_error.record", RECORD),
	("Ehr.place_hold.record", RECORD),
	("Ehr.rebut.record", RECORD),
	("Ehr.rebut.statement", TEXT),
	("Ehr.renew_log.consistency_proof", "hashes over hiding hashes; at most 63 and verified"),
	("Ehr.renew_log.root", "hash over hiding hashes"),
	("Ehr.request_amendment.link_key", LINK_KEY),
	("Ehr.request_amendment.record", RECORD),
	("Ehr.request_amendment.statement", TEXT),
	("Ehr.resolve_dispute.explanation", TEXT),
	("Ehr.resolve_dispute.record", RECORD),
	("Ehr.settle_deposit.record", RECORD),
	("Ehr.state_retention.record", RECORD),
	("Ehr.withdraw_dispute.record", RECORD),
	("Multisig.approve_as_multi.call_hash", CALL_HASH),
	("Multisig.approve_as_multi.other_signatories", SIGNATORIES),
	("Multisig.as_multi.other_signatories", SIGNATORIES),
	("Multisig.as_multi_threshold_1.other_signatories", SIGNATORIES),
	("Multisig.cancel_as_multi.call_hash", CALL_HASH),
	("Multisig.cancel_as_multi.other_signatories", SIGNATORIES),
	("Multisig.poke_deposit.call_hash", CALL_HASH),
	("Multisig.poke_deposit.other_signatories", SIGNATORIES),
	("ParachainSystem.set_validation_data.data", INHERENT),
	("ParachainSystem.set_validation_data.inbound_messages_data", INHERENT),
	("ParachainSystem.sudo_send_upward_message.message", CLOSED),
	("Preimage.ensure_updated.hashes", CLOSED),
	("Preimage.note_preimage.bytes", "the filter lets only a whole call pass that it would let pass itself"),
	("Preimage.request_preimage.hash", "hash of a preimage; looked up, or asked for by the council"),
	("Preimage.unnote_preimage.hash", "hash of a preimage; looked up, or asked for by the council"),
	("Preimage.unrequest_preimage.hash", "hash of a preimage; looked up, or asked for by the council"),
	("Proxy.add_proxy.delegate", ACCOUNT),
	("Proxy.announce.call_hash", CALL_HASH),
	("Proxy.announce.real", ACCOUNT),
	("Proxy.kill_pure.spawner", ACCOUNT),
	("Proxy.proxy.real", ACCOUNT),
	("Proxy.proxy_announced.delegate", ACCOUNT),
	("Proxy.proxy_announced.real", ACCOUNT),
	("Proxy.reject_announcement.call_hash", CALL_HASH),
	("Proxy.reject_announcement.delegate", ACCOUNT),
	("Proxy.remove_announcement.call_hash", CALL_HASH),
	("Proxy.remove_announcement.real", ACCOUNT),
	("Proxy.remove_proxy.delegate", ACCOUNT),
	("Registry.accept_succession.handover", TEXT),
	("Registry.apply.gln", GLN),
	("Registry.apply.jurisdiction", PLACE),
	("Registry.distrust_issuer.jurisdiction", PLACE),
	("Registry.issue_licence.jurisdiction", PLACE),
	("Registry.issue_licence.scope", GLN),
	("Registry.recognise_issuer.jurisdiction", PLACE),
	("Registry.withdraw_issuer.jurisdiction", PLACE),
	("Scheduler.cancel_named.id", CLOSED),
	("Scheduler.cancel_retry_named.id", CLOSED),
	("Scheduler.schedule_named.id", CLOSED),
	("Scheduler.schedule_named_after.id", CLOSED),
	("Scheduler.set_retry_named.id", CLOSED),
	("Session.set_keys.keys", "public key; its owner is proven"),
	("Session.set_keys.proof", "signature of a fixed length; verified"),
	("Subjects.complete_rebind.subject", SUBJECT),
	("Subjects.confirm_rebind.subject", SUBJECT),
	("Subjects.declare_deceased.subject", SUBJECT),
	("Subjects.enrol.subject", "pseudonym; the custodian derives it from a key and the patient; worth 32 bytes and a deposit"),
	("Subjects.merge.link", "hiding hash; DESIGN P2"),
	("Subjects.merge.subject", SUBJECT),
	("Subjects.reinstate.subject", SUBJECT),
	("Subjects.relay.signature", "signature of a fixed length; verified"),
	("Subjects.relay.subject", SUBJECT),
	("Subjects.resolve_rebind.subject", SUBJECT),
	("Subjects.start_rebind.evidence", "hiding hash; DESIGN P2"),
	("Subjects.start_rebind.subject", SUBJECT),
	("Subjects.withdraw_rebind.subject", SUBJECT),
	("System.apply_authorized_upgrade.code", "the filter lets only the very code pass that was authorised"),
	("System.authorize_upgrade.code_hash", CLOSED),
	("System.authorize_upgrade_without_checks.code_hash", CLOSED),
	("System.kill_prefix.prefix", CLOSED),
	("System.kill_storage.keys", CLOSED),
	("System.remark.remark", CLOSED),
	("System.remark_with_event.remark", CLOSED),
	("System.set_code.code", CLOSED),
	("System.set_code_without_checks.code", CLOSED),
	("System.set_storage.items", CLOSED),
	("Upgrades.authorise.code_hash", "hash of the next runtime; only the consortium gives it, by a motion"),
];
