// SPDX-License-Identifier: Apache-2.0
//! What the primitives say about stored forms, for readers without a runtime, is what is stored.

use super::*;
use crate::{
	timeline::Timeline,
	types::{MemberRecord, Membership, OrganisationRecord},
	Licences, MemberHistory, Members, Organisations, Successions,
};
use codec::{DecodeAll, Encode};
use epidaurus_primitives::{
	hash::Commitment,
	proof::HexBytes,
	stored::{StoredMember, StoredOrganisation, REGISTRY_STORAGE_VERSION},
};
use frame_support::{
	storage::unhashed::get_raw,
	traits::{GetStorageVersion, StorageVersion},
};

#[test]
fn an_organisation_is_mirrored() {
	use OrganisationStatus::{Active, Applied, Expelled, Left, Suspended};
	let (class, jurisdiction, controller) = (OrganisationClass::Laboratory, CRETE, NEWCOMER);
	for (status, gln, ticket) in [
		(Active, Some(HOSPITAL_GLN), None),
		(Suspended, None, Some(9u128)),
		(Applied, Some(OTHER_GLN), None),
		(Left, None, Some(u128::MAX)),
		(Expelled, None, None),
	] {
		let mut timeline = Timeline::new(Applied, Moment(5));
		timeline.change(status, Moment(7), |_, _| ());
		let controller = controller.clone();
		let record = OrganisationRecord { class, gln, jurisdiction, controller, status: timeline, ticket };
		let mirror = StoredOrganisation::decode_all(&mut &record.encode()[..]).unwrap();
		assert_eq!(mirror.encode(), record.encode());
		let expected = StoredOrganisation {
			class,
			gln,
			jurisdiction,
			controller: record.controller,
			status,
			since: Moment(7),
			earlier: 1,
			deposit: ticket,
		};
		assert_eq!(mirror, expected);
	}
}

#[test]
fn a_member_is_mirrored() {
	let member = Membership { organisation: HOSPITAL, roles: Roles::RECORDS, until: moment(9) };
	for (state, ticket) in [(Some(member), Some(9u128)), (Some(member), None), (None, None)] {
		let mut membership = Timeline::new(Some(member), Moment(5));
		membership.change(state, Moment(7), |_, _| ());
		let record = MemberRecord { membership: membership.clone(), ticket };
		let mirror = StoredMember::decode_all(&mut &record.encode()[..]).unwrap();
		assert_eq!(mirror.encode(), record.encode());
		assert_eq!(mirror, StoredMember { membership, deposit: ticket });
	}
}

/// More about decisions is in the stories over the real runtime.
#[test]
fn keys_are_those_that_an_answer_reads() {
	ExtBuilder::default().build_and_execute(|| {
		let read = |keys: Vec<HexBytes>| {
			assert_eq!(get_raw(&keys[0].0), Some(REGISTRY_STORAGE_VERSION.encode()));
			keys[1..].iter().map(|key| get_raw(&key.0)).collect::<Vec<_>>()
		};
		set_time(2_000);
		assert_ok!(Registry::change_member(signed(HOSPITAL_HEAD), CLERK, Roles::GRANTABLE, None));
		let record = Some(Members::<Test>::get(CLERK).unwrap().encode());
		let before = Some(MemberHistory::<Test>::get(CLERK, 0).unwrap().encode());
		assert_eq!(read(Registry::member_keys(CLERK, moment(1_999))), [record.clone(), before]);
		assert_eq!(read(Registry::member_keys(CLERK, None)), [record]);
		assert_eq!(read(Registry::member_keys(STRANGER, None)), [None]);
		let licence = license_hospital(None);
		assert_eq!(read(Registry::licence_keys(licence)), [Some(Licences::<Test>::get(licence).unwrap().encode())]);
		assert_eq!(read(Registry::licence_keys(LicenceId(999))), [None]);
		let unknown = Holder::Organisation(OrgId(99));
		let keys = Registry::capability_keys(unknown, Capability::AnchorRecords, None, None);
		assert_eq!(read(keys), [None], "that there is no such organisation is all");
	});
}

#[test]
fn mirror_is_of_the_storage_version_of_the_pallet() {
	assert_eq!(Registry::in_code_storage_version(), StorageVersion::new(REGISTRY_STORAGE_VERSION));
}

#[test]
fn keys_lead_to_the_organisation() {
	ExtBuilder::default().build_and_execute(|| {
		let read = |id| Registry::organisation_keys(id).iter().map(|key| get_raw(&key.0)).collect::<Vec<_>>();
		let newcomer = apply();
		for id in [HOSPITAL, newcomer] {
			let record = Organisations::<Test>::get(id).unwrap();
			assert_eq!(read(id), [Some(REGISTRY_STORAGE_VERSION.encode()), Some(record.encode()), None]);
		}
		assert_eq!(read(OrgId(99)), [Some(REGISTRY_STORAGE_VERSION.encode()), None, None]);
	});
}

#[test]
fn keys_lead_along_the_line_of_successors_to_its_end() {
	ExtBuilder::default().build_and_execute(|| {
		let read = |id| Registry::organisation_keys(id).iter().skip(2).map(|key| get_raw(&key.0)).collect::<Vec<_>>();
		let stored = |id| Successions::<Test>::get(id).map(|succession| succession.encode());
		assert_ok!(Registry::offer_succession(signed(HOSPITAL_HEAD), HOSPITAL, PHARMACY));
		assert_eq!(read(HOSPITAL), [stored(HOSPITAL)], "an offer leads no further");
		assert_ok!(Registry::accept_succession(signed(PHARMACY_HEAD), HOSPITAL, Commitment([7; 32])));
		assert_eq!(read(HOSPITAL), [stored(HOSPITAL), None]);
		assert_ok!(Registry::apply(signed(HOSPITAL_HEAD), NEWCOMER, OrganisationClass::Provider, None, GREECE));
		let third = OrgId(crate::NextOrganisation::<Test>::get().0 - 1);
		assert_ok!(Registry::allot(council(), third, 5_000));
		assert_ok!(Registry::admit_organisation(council(), third));
		assert_ok!(Registry::offer_succession(signed(PHARMACY_HEAD), PHARMACY, third));
		assert_eq!(read(HOSPITAL), [stored(HOSPITAL), stored(PHARMACY)]);
		assert_eq!(read(PHARMACY), [stored(PHARMACY)]);
		assert_eq!(read(third), [None]);
		assert!([HOSPITAL, PHARMACY].into_iter().all(|id| stored(id).is_some()));
	});
}
