// SPDX-License-Identifier: Apache-2.0
//! The pallets that the machine drives. A further pallet is one entry of [`PALLETS`] and a list with a line for each of
//! its calls; the machine fails as long as a call has no line, or an error is never seen and not excused.

use crate::scene::Scene;
use epidaurus_primitives::{
	ids::OrgId,
	life::RequestState::{Denied, Disagreed, Open},
	registry::{
		Holder,
		OrganisationStatus::{Active, Suspended},
	},
};
use epidaurus_runtime::{Runtime, RuntimeCall};
use frame_support::traits::{GetCallMetadata, PalletInfoAccess};
use pallet_ehr::Call as Ehr;
use pallet_registry::Call as Registry;
use pallet_subjects::Call as Subjects;
use std::fmt::Debug;

/// Who mostly sends a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
	/// The consortium.
	Council,
	/// Who acts for an organisation.
	Controller,
	/// Who keeps records.
	Clerk,
	/// Who licenses.
	Licensor,
	/// Who acts for an organisation that sponsors an applicant.
	Sponsor,
	/// Who keeps records for an organisation that owes deposits.
	Debtor,
	/// Any member.
	Member,
	/// Who inspects.
	Inspector,
	/// A subject.
	Patient,
	/// A subject about which or by which something was begun.
	Party,
	/// Who keeps records for an organisation that something was asked of.
	Keeper,
	/// One subject again and again.
	Plaintiff,
	/// Who keeps records for an organisation that has a log.
	Archivist,
	/// A subject whose key is to be replaced.
	Contender,
	/// Who acts for an organisation to which duties are offered.
	Heir,
}

/// A call: how often it is made compared with the others, by whom, with what. A pallet's calls stand in the order of their
/// indices. What follows them has weight 0 and is how lives end: made many times in a row, to come to what chance seldom
/// comes to.
pub struct Kind(pub u64, pub By, pub fn(&mut Scene<'_>) -> RuntimeCall);

/// A pallet under test.
pub struct Pallet {
	/// Its name in the runtime.
	pub name: &'static str,
	/// Its place in the runtime.
	pub index: fn() -> usize,
	/// Its calls.
	pub kinds: &'static [Kind],
	/// The names of its errors, by index.
	pub errors: fn() -> Vec<(u8, String)>,
	/// Errors that random calls do not come to, and why.
	pub excused: &'static [(&'static str, &'static str)],
	/// What the pallet checks itself.
	pub try_state: fn() -> Result<(), String>,
}

/// The pallets, in the order of their calls in [`kinds`].
pub const PALLETS: &[Pallet] = &[
	Pallet {
		name: "Registry",
		index: <epidaurus_runtime::Registry as PalletInfoAccess>::index,
		kinds: REGISTRY,
		errors: errors::<pallet_registry::Error<Runtime>>,
		excused: &[
			("TooManyOrganisations", "the council has a hundred seats; a test of the pallet fills a smaller one"),
			("TooManyHandovers", "nine organisations would have to close one after the other"),
			("PersonalLicenceMissing", "no call yet asks for a capability that is licensed to persons"),
		],
		try_state: || pallet_registry::Pallet::<Runtime>::do_try_state().map_err(|error| format!("{error:?}")),
	},
	Pallet {
		name: "Ehr",
		index: <epidaurus_runtime::Ehr as PalletInfoAccess>::index,
		kinds: EHR,
		errors: errors::<pallet_ehr::Error<Runtime>>,
		excused: &[
			("TooManyVersions", "four thousand million amendments"),
			("TooManyActs", "five authorities would have to hold one record"),
		],
		try_state: || pallet_ehr::Pallet::<Runtime>::do_try_state().map_err(|error| format!("{error:?}")),
	},
	Pallet {
		name: "Subjects",
		index: <epidaurus_runtime::Subjects as PalletInfoAccess>::index,
		kinds: SUBJECTS,
		errors: errors::<pallet_subjects::Error<Runtime>>,
		excused: &[],
		try_state: || pallet_subjects::Pallet::<Runtime>::do_try_state().map_err(|error| format!("{error:?}")),
	},
];

#[rustfmt::skip]
const REGISTRY: &[Kind] = &[
	Kind(5, By::Controller, |s| Registry::apply { controller: s.newcomer(), class: s.class(), gln: s.gln(), jurisdiction: s.place() }.into()),
	Kind(3, By::Sponsor, |s| Registry::withdraw_application { organisation: s.applicant() }.into()),
	Kind(6, By::Council, |s| Registry::admit_organisation { organisation: s.applicant() }.into()),
	Kind(3, By::Council, |s| Registry::refuse_application { organisation: s.applicant() }.into()),
	Kind(4, By::Council, |s| Registry::suspend_organisation { organisation: s.in_status(Active) }.into()),
	Kind(14, By::Council, |s| Registry::reinstate_organisation { organisation: s.in_status(Suspended) }.into()),
	Kind(1, By::Council, |s| Registry::expel_organisation { organisation: s.organisation() }.into()),
	Kind(2, By::Controller, |_| Registry::leave {}.into()),
	Kind(3, By::Controller, |s| Registry::rotate_controller { new: s.successor() }.into()),
	Kind(3, By::Council, |s| Registry::replace_controller { organisation: s.organisation(), new: s.successor() }.into()),
	Kind(5, By::Council, |s| { let (organisation, capability, jurisdiction) = s.recognition(); Registry::recognise_issuer { organisation, capability, jurisdiction }.into() }),
	Kind(2, By::Council, |s| { let (organisation, capability, jurisdiction) = s.recognition(); Registry::withdraw_issuer { organisation, capability, jurisdiction }.into() }),
	Kind(1, By::Council, |s| { let (organisation, capability, jurisdiction) = s.recognition(); Registry::distrust_issuer { organisation, capability, jurisdiction, from: s.past() }.into() }),
	Kind(11, By::Licensor, |s| { let (capability, jurisdiction) = s.licensable(); Registry::issue_licence { holder: s.holder(), capability, jurisdiction, scope: s.scope(), from: s.from(), until: s.until() }.into() }),
	Kind(9, By::Licensor, |s| Registry::renew_licence { licence: s.renewable(), until: s.later() }.into()),
	Kind(4, By::Licensor, |s| Registry::suspend_licence { licence: s.licence() }.into()),
	Kind(5, By::Licensor, |s| Registry::reinstate_licence { licence: s.suspended_licence() }.into()),
	Kind(3, By::Licensor, |s| Registry::revoke_licence { licence: s.licence() }.into()),
	Kind(3, By::Licensor, |s| Registry::distrust_licence { licence: s.licence(), from: s.past() }.into()),
	Kind(8, By::Controller, |s| Registry::add_member { member: s.newcomer(), roles: s.roles(), until: s.until() }.into()),
	Kind(4, By::Controller, |s| Registry::change_member { member: s.colleague(), roles: s.roles(), until: s.until() }.into()),
	Kind(2, By::Controller, |s| Registry::remove_member { member: s.colleague() }.into()),
	Kind(2, By::Member, |_| Registry::resign {}.into()),
	Kind(6, By::Council, |s| Registry::allot { organisation: s.debtor(), amount: s.allotment() }.into()),
	Kind(6, By::Controller, |s| Registry::fund_member { member: s.colleague(), amount: s.amount() }.into()),
	Kind(4, By::Controller, |s| { let (predecessor, successor) = s.heirs(); Registry::offer_succession { predecessor, successor }.into() }),
	Kind(2, By::Controller, |s| Registry::withdraw_succession { predecessor: s.heirs().0 }.into()),
	Kind(2, By::Heir, |s| Registry::decline_succession { predecessor: s.offering() }.into()),
	Kind(3, By::Heir, |s| Registry::accept_succession { predecessor: s.offering(), handover: s.commitment() }.into()),
	Kind(0, By::Council, |s| Registry::suspend_organisation { organisation: s.in_status(Active) }.into()),
	Kind(0, By::Licensor, |s| { let (capability, jurisdiction) = s.licensable(); Registry::issue_licence { holder: Holder::Organisation(OrgId(0)), capability, jurisdiction, scope: s.scope(), from: None, until: None }.into() }),
];

#[rustfmt::skip]
const EHR: &[Kind] = &[
	Kind(14, By::Clerk, |s| { let record = s.new_record(); Ehr::anchor { record, commitment: s.commitment(), suite: s.suite(), link: s.link(record) }.into() }),
	Kind(14, By::Clerk, |s| { let (record, expected_version) = s.version(); Ehr::amend { record, expected_version, commitment: s.commitment(), suite: s.suite() }.into() }),
	Kind(2, By::Clerk, |s| Ehr::mark_entered_in_error { record: s.record() }.into()),
	Kind(10, By::Debtor, |s| { let (record, version) = s.owed_version(); Ehr::settle_deposit { record, version }.into() }),
	Kind(5, By::Clerk, |s| Ehr::open_log { kind: s.log_kind() }.into()),
	Kind(14, By::Archivist, |s| s.checkpoint().into()),
	Kind(8, By::Patient, |s| { let (record, link_key) = s.concerning(); Ehr::dispute { record, link_key, statement: s.commitment() }.into() }),
	Kind(6, By::Party, |s| Ehr::withdraw_dispute { record: s.disputed() }.into()),
	Kind(4, By::Keeper, |s| Ehr::resolve_dispute { record: s.disputed(), resolution: s.resolution(), explanation: s.commitment() }.into()),
	Kind(8, By::Patient, |s| { let (record, link_key) = s.concerning(); Ehr::request_amendment { record, link_key, statement: s.commitment() }.into() }),
	Kind(5, By::Keeper, |s| { let (record, request) = s.request(Open); Ehr::accept_amendment { record, request }.into() }),
	Kind(9, By::Keeper, |s| { let (record, request) = s.request(Open); Ehr::deny_amendment { record, request, reason: s.reason(), explanation: s.commitment() }.into() }),
	Kind(12, By::Party, |s| { let (record, request) = s.request(Denied); Ehr::disagree { record, request, statement: s.commitment() }.into() }),
	Kind(8, By::Keeper, |s| { let (record, request) = s.request(Disagreed); Ehr::rebut { record, request, statement: s.commitment() }.into() }),
	Kind(5, By::Inspector, |s| Ehr::place_hold { record: s.known_record() }.into()),
	Kind(3, By::Inspector, |s| Ehr::lift_hold { record: s.held() }.into()),
	Kind(6, By::Clerk, |s| Ehr::state_retention { record: s.retained(), until: s.retention() }.into()),
	Kind(12, By::Clerk, |s| Ehr::attest_erasure { record: s.erasable(), ground: s.ground() }.into()),
	Kind(2, By::Council, |s| Ehr::deprecate_suite { suite: s.doubted_suite() }.into()),
	Kind(4, By::Council, |s| Ehr::forbid_suite { suite: s.doubted_suite() }.into()),
	Kind(6, By::Archivist, |s| s.checkpoint_for().into()),
	Kind(8, By::Archivist, |s| s.renewal().into()),
	Kind(2, By::Council, |s| Ehr::deprecate_tree { tree: s.doubted_tree() }.into()),
	Kind(2, By::Council, |s| Ehr::forbid_tree { tree: s.doubted_tree() }.into()),
	Kind(0, By::Plaintiff, |s| s.quarrel().into()),
];

#[rustfmt::skip]
const SUBJECTS: &[Kind] = &[
	Kind(5, By::Clerk, |s| Subjects::enrol { subject: s.new_subject(), key: s.new_key() }.into()),
	Kind(4, By::Patient, |_| Subjects::prove_key {}.into()),
	Kind(5, By::Patient, |s| Subjects::rotate_key { new_key: s.new_key() }.into()),
	Kind(10, By::Clerk, |s| Subjects::start_rebind { subject: s.subject(), new_key: s.new_key(), evidence: s.commitment(), lost_since: s.past() }.into()),
	Kind(14, By::Keeper, |s| { let (subject, new_key) = s.rebinding(); Subjects::confirm_rebind { subject, new_key }.into() }),
	Kind(8, By::Contender, |_| Subjects::contest_rebind {}.into()),
	Kind(14, By::Keeper, |s| Subjects::complete_rebind { subject: s.confirmed() }.into()),
	Kind(4, By::Keeper, |s| Subjects::withdraw_rebind { subject: s.rebinding().0 }.into()),
	Kind(7, By::Council, |s| Subjects::resolve_rebind { subject: s.contested(), upheld: s.rng.one_in(2) }.into()),
	Kind(2, By::Clerk, |s| Subjects::declare_deceased { subject: s.subject() }.into()),
	Kind(2, By::Clerk, |s| Subjects::merge { subject: s.subject(), link: s.commitment() }.into()),
	Kind(5, By::Clerk, |s| Subjects::reinstate { subject: s.resting() }.into()),
	Kind(8, By::Member, |s| s.relayed().into()),
];

/// All calls of all pallets.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
	PALLETS.iter().flat_map(|pallet| pallet.kinds)
}

/// The place in [`kinds`] of a call, written as `Pallet.call`.
pub fn place(name: &str) -> usize {
	let (pallet, call) = name.split_once('.').expect("a pallet and a call");
	let of_pallet = PALLETS.iter().position(|one| one.name == pallet).expect("a pallet of the list");
	let before: usize = PALLETS[..of_pallet].iter().map(|one| one.kinds.len()).sum();
	before + call_names(&PALLETS[of_pallet]).iter().position(|one| *one == call).expect("a call of the pallet")
}

/// The names that the runtime gives to a pallet's calls.
pub fn call_names(pallet: &Pallet) -> &'static [&'static str] {
	RuntimeCall::get_call_names(pallet.name)
}

/// The errors that a type has, read off the type itself.
fn errors<Error: codec::Decode + Debug>() -> Vec<(u8, String)> {
	let by_index = |index: u8| Some((index, format!("{:?}", Error::decode(&mut [index].as_slice()).ok()?)));
	(0..=u8::MAX).filter_map(by_index).collect()
}
