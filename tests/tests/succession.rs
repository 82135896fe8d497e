// SPDX-License-Identifier: Apache-2.0
//! A custodian closes: who answers for its records and patients then, and who does not.

use epidaurus_primitives::{
	ehr::LogKind,
	hash::{Commitment, NativeSha256, Opening, RecordHeader},
	ids::{OrgId, RecordId, SubjectId},
	life::{ErasureGround, Resolution},
	link::LinkKey,
	moment::{Moment, DAY},
	registry::{OrganisationStatus, Roles, Successor},
	verify::Refusal,
	views::{AnchorVerdict, LogVerdict, OrganisationView, SubjectView, SuccessionView},
};
use epidaurus_runtime::{constants::money::EPI, AccountId, Runtime};
use epidaurus_tests::{
	actors::{account, CLERK, HOSPITAL, HOSPITAL_CONTROLLER, OTHER_CLERK, OTHER_HOSPITAL},
	logs::{commitment, opening, version, Log, NETWORK},
	Chain,
};
use sp_runtime::DispatchError;

type Registry = pallet_registry::Call<Runtime>;
type Ehr = pallet_ehr::Call<Runtime>;
type Subjects = pallet_subjects::Call<Runtime>;
type Refused = pallet_registry::Error<Runtime>;

const RECORD: RecordId = RecordId([7; 16]);
const PATIENT: SubjectId = SubjectId([1; 32]);
const KEY: &str = "Patient//phone";
const NEW_KEY: &str = "Patient//new phone";
/// The other hospital's controller, and its second member that keeps records.
const OTHER_CONTROLLER: &str = "Bob";
const OTHER_DEPUTY: &str = "Bob//clinician";
/// The payer, which is not licensed to keep records.
const PAYER: OrgId = OrgId(6);
const SPONSOR: OrgId = OrgId(7);
const KIND: LogKind = LogKind::Records;

/// The record, which concerns the patient.
fn written() -> Opening {
	let opening = opening("what the patient will dispute");
	let header = RecordHeader { subject: Some(PATIENT), ..opening.header };
	Opening { header, ..opening }
}

fn anchor(record: RecordId, opening: &Opening) -> Ehr {
	let link = opening.subject_link::<NativeSha256>(&NETWORK, &record);
	Ehr::anchor { record, commitment: commitment(opening), suite: opening.suite, link }
}

fn amend(expected_version: u32) -> Ehr {
	let opening = version("corrected", expected_version + 1);
	Ehr::amend { record: RECORD, expected_version, commitment: commitment(&opening), suite: opening.suite }
}

fn offer(predecessor: OrgId, successor: OrgId) -> Registry {
	Registry::offer_succession { predecessor, successor }
}

fn inventory() -> Commitment {
	commitment(&opening("an inventory of all that is handed over"))
}

fn accept(predecessor: OrgId) -> Registry {
	Registry::accept_succession { predecessor, handover: inventory() }
}

/// A hospital with a patient, a record that the patient disputes, and a log of which the last entries are not
/// checkpointed. Two members of the other hospital keep records.
fn busy() -> (Chain, Log) {
	let mut chain = Chain::new();
	chain.ok(CLERK, Subjects::enrol { subject: PATIENT, key: account(KEY) });
	chain.ok(CLERK, anchor(RECORD, &written()));
	let statement = Commitment([5; 32]);
	let link_key = LinkKey::of::<NativeSha256>(&written().salt);
	chain.ok(KEY, Ehr::dispute { record: RECORD, link_key, statement });
	chain.ok(CLERK, Ehr::open_log { kind: KIND });
	let mut log = Log::new(KIND);
	log.grow(3);
	let head = log.head();
	let consistency_proof = log.consistency(0).try_into().expect("no longer than any log needs");
	chain.ok(CLERK, Ehr::checkpoint { kind: KIND, new_root: head.root, new_size: head.size, consistency_proof });
	log.grow(2);
	let roles = Roles::CLINICIAN.union(Roles::RECORDS);
	chain.ok(OTHER_CONTROLLER, Registry::change_member { member: account(OTHER_DEPUTY), roles, until: None });
	chain.next_block();
	(chain, log)
}

fn checkpoint_for(log: &Log, from: u64) -> Ehr {
	let head = log.head();
	let consistency_proof = log.consistency(from).try_into().expect("no longer than any log needs");
	let (new_root, new_size) = (head.root, head.size);
	Ehr::checkpoint_for { custodian: HOSPITAL, kind: KIND, new_root, new_size, consistency_proof }
}

fn verify(chain: &mut Chain) -> AnchorVerdict {
	let answer: Result<AnchorVerdict, Refusal> = chain.ask("EhrApi_verify_anchor", (RECORD, written()));
	answer.expect("it opens")
}

fn succession(chain: &mut Chain, organisation: OrgId) -> SuccessionView {
	chain.ask::<Option<_>>("RegistryApi_succession", organisation).expect("a founder")
}

fn organisation(chain: &mut Chain, at: Option<Moment>) -> OrganisationView<AccountId> {
	chain.ask::<Option<_>>("RegistryApi_organisation", (HOSPITAL, at)).expect("a founder")
}

#[test]
fn closing_custodian_hands_over_and_its_successor_does_its_duties() {
	let (mut chain, log) = busy();
	let resolve =
		|| Ehr::resolve_dispute { record: RECORD, resolution: Resolution::Upheld, explanation: Commitment([6; 32]) };
	chain.ok(HOSPITAL_CONTROLLER, offer(HOSPITAL, OTHER_HOSPITAL));
	chain.fails(OTHER_CLERK, resolve(), pallet_ehr::Error::<Runtime>::NotAuthorised);
	chain.ok(HOSPITAL_CONTROLLER, Registry::leave {});
	// Nobody else does its duties yet.
	chain.ok(CLERK, amend(1));
	chain.next_block();
	chain.ok(OTHER_CONTROLLER, accept(HOSPITAL));
	let since = chain.now();
	chain.next_block();

	// Who went has no business with the records any more.
	chain.fails(CLERK, amend(2), pallet_ehr::Error::<Runtime>::NotAuthorised);
	chain.fails(
		CLERK,
		Subjects::declare_deceased { subject: PATIENT },
		pallet_subjects::Error::<Runtime>::NotAuthorised,
	);
	chain.ok(OTHER_CLERK, resolve());
	chain.ok(OTHER_CLERK, amend(2));
	chain.ok(OTHER_CLERK, checkpoint_for(&log, 3));
	for member in [OTHER_CLERK, OTHER_DEPUTY] {
		chain.ok(member, Ehr::attest_erasure { record: RECORD, ground: ErasureGround::Objection });
	}

	// Every answer says who answers now, since when, and under which statement.
	let successor = Some(Successor { organisation: OTHER_HOSPITAL, since, handover: inventory() });
	let verdict = verify(&mut chain);
	assert_eq!((verdict.custodian, verdict.successor), (HOSPITAL, successor));
	assert_eq!(verdict.life.erasure.map(|erasure| erasure.custodian), Some(OTHER_HOSPITAL));
	let answer: Result<LogVerdict, Refusal> = {
		let (opening, proof) = log.prove(4);
		chain.ask("EhrApi_verify_log", (HOSPITAL, KIND, opening, proof))
	};
	let verdict = answer.expect("it stands there");
	assert_eq!((verdict.custodian, verdict.successor, verdict.licensed), (HOSPITAL, successor, true));
	let now = organisation(&mut chain, None);
	assert_eq!((now.status, now.successor), (OrganisationStatus::Left, successor));
	assert_eq!(organisation(&mut chain, Some(Moment(since.0 - 1))).successor, None);
	let view = succession(&mut chain, HOSPITAL);
	assert!(view.released && view.offer.is_none());
	let line: Vec<_> = view.line.iter().map(|step| (step.predecessor, step.successor, step.since)).collect();
	assert_eq!(line, [(HOSPITAL, OTHER_HOSPITAL, since)]);
}

#[test]
fn successor_rebinds_a_patient_of_its_predecessor() {
	let (mut chain, _) = busy();
	chain.ok(HOSPITAL_CONTROLLER, offer(HOSPITAL, OTHER_HOSPITAL));
	let (evidence, new_key, lost_since) = (Commitment([1; 32]), account(NEW_KEY), chain.now());
	let start = || Subjects::start_rebind { subject: PATIENT, new_key: new_key.clone(), evidence, lost_since };
	chain.fails(OTHER_CLERK, start(), pallet_subjects::Error::<Runtime>::NotAuthorised);
	chain.ok(OTHER_CONTROLLER, accept(HOSPITAL));
	chain.ok(OTHER_CLERK, start());
	chain.ok(OTHER_DEPUTY, Subjects::confirm_rebind { subject: PATIENT, new_key: new_key.clone() });
	chain.sleep(8 * DAY);
	// One that has not left may go on too.
	chain.ok(CLERK, Subjects::complete_rebind { subject: PATIENT });
	chain.ok(NEW_KEY, Subjects::prove_key {});
	let view: SubjectView<AccountId> = chain.ask::<Option<_>>("SubjectsApi_subject", PATIENT).expect("enrolled");
	assert_eq!((view.custodian, view.key), (HOSPITAL, account(NEW_KEY)));
}

#[test]
fn rights_and_deposits_stay_where_they_are() {
	let (mut chain, _) = busy();
	let sovereign: AccountId = HOSPITAL.sovereign_account();
	let before = chain.balance(&sovereign);
	chain.ok(HOSPITAL_CONTROLLER, offer(HOSPITAL, PAYER));
	chain.ok("Payer", accept(HOSPITAL));
	assert_eq!(chain.balance(&sovereign), before);
	let clerk = "Payer//records";
	chain.ok("Payer", Registry::add_member { member: account(clerk), roles: Roles::RECORDS, until: None });
	chain.ok("Payer", Registry::fund_member { member: account(clerk), amount: EPI });
	chain.ok(clerk, amend(1));
	let record = RecordId([8; 16]);
	chain.fails(clerk, anchor(record, &written()), Refused::NoLicence);
	chain.fails(clerk, Subjects::enrol { subject: SubjectId([2; 32]), key: account("Other") }, Refused::NoLicence);
	// The predecessor keeps its own as long as it is active and licensed.
	chain.ok(CLERK, anchor(record, &written()));
}

#[test]
fn consortium_finds_a_successor_for_one_that_was_expelled() {
	let mut chain = Chain::new();
	assert_eq!(chain.motion(offer(SPONSOR, PAYER), 8), Ok(Err(Refused::WrongState.into())));
	chain.next_block();
	chain.decide(Registry::expel_organisation { organisation: SPONSOR });
	chain.next_block();
	chain.fails(HOSPITAL_CONTROLLER, offer(SPONSOR, PAYER), Refused::NotAuthorised);
	chain.fails("Payer", accept(SPONSOR), Refused::NotFound);
	// Ten seats are left, seven of which are two thirds.
	assert_eq!(chain.motion(offer(SPONSOR, PAYER), 7), Ok(Ok(())));
	chain.fails(HOSPITAL_CONTROLLER, accept(SPONSOR), Refused::NotAuthorised);
	chain.ok("Payer", accept(SPONSOR));
	chain.fails("Sponsor", Registry::withdraw_succession { predecessor: SPONSOR }, Refused::HandedOver);
	let view = succession(&mut chain, SPONSOR);
	assert_eq!(view.line.last().map(|step| (step.successor, step.handover)), Some((PAYER, inventory())));
	assert!(view.released);
}

#[test]
fn succession_is_not_had_by_a_way_round() {
	let (mut chain, _) = busy();
	let by_clerk = pallet_utility::Call::<Runtime>::batch_all { calls: vec![offer(HOSPITAL, OTHER_HOSPITAL).into()] };
	chain.fails(CLERK, by_clerk, Refused::RoleMissing);
	let alone = pallet_multisig::Call::<Runtime>::as_multi_threshold_1 {
		other_signatories: vec![account(HOSPITAL_CONTROLLER)],
		call: Box::new(offer(HOSPITAL, OTHER_HOSPITAL).into()),
	};
	chain.fails(CLERK, alone, Refused::NotAMember);
	chain.ok(HOSPITAL_CONTROLLER, offer(HOSPITAL, OTHER_HOSPITAL));
	let derivative =
		pallet_utility::Call::<Runtime>::as_derivative { index: 0, call: Box::new(accept(HOSPITAL).into()) };
	chain.fails(OTHER_CONTROLLER, derivative, Refused::NotAMember);
	// Seven of eleven are not the consortium.
	let withdraw = Registry::withdraw_succession { predecessor: HOSPITAL };
	assert_eq!(chain.motion(withdraw, 7), Ok(Err(DispatchError::BadOrigin)));
	assert!(succession(&mut chain, HOSPITAL).offer.is_some());
}
