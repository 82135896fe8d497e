// SPDX-License-Identifier: Apache-2.0
//! What the primitives say about the stored form of an organisation, for readers without a runtime, is what is stored.

use super::*;
use crate::{timeline::Timeline, types::OrganisationRecord, Organisations};
use codec::{DecodeAll, Encode};
use epidaurus_primitives::stored::{StoredOrganisation, REGISTRY_STORAGE_VERSION};
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
			assert_eq!(read(id), [Some(REGISTRY_STORAGE_VERSION.encode()), Some(record.encode())]);
		}
		assert_eq!(read(OrgId(99)), [Some(REGISTRY_STORAGE_VERSION.encode()), None]);
	});
}
