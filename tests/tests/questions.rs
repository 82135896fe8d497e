// SPDX-License-Identifier: Apache-2.0
//! Questions about members, licences, successors and subjects: who reads nothing but the keys that the runtime lists, in the forms that
//! the primitives describe, comes to the runtime's answers, and needs every one of these keys.

use codec::{DecodeAll, Encode};
use epidaurus_primitives::{
	hash::Commitment,
	ids::{LicenceId, OrgId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::{Moment, DAY},
	proof::{HexBytes, MAX_PROVEN_KEYS},
	registry::{
		questions::{RegistryState, Seat},
		records::{Holding, IssuerKey, IssuerRecord, Membership, Succession, Term},
		Capability, Holder, OrganisationStatus, Roles, Standing,
	},
	stored::{
		StoredHolding, StoredLicence, StoredMember, StoredOrganisation, StoredSubject, REGISTRY_STORAGE_VERSION,
		SUBJECTS_STORAGE_VERSION,
	},
	subjects::{
		doubt::Doubt,
		questions::{Subject, SubjectsState},
		rebind::Rebind,
		SubjectState,
	},
	timeline::{Span, Timeline},
	views::{
		CapabilityView, LicenceView, MemberView, OrganisationView, RebindView, SubjectKeyView, SubjectView,
		SuccessionView,
	},
};
use epidaurus_runtime::{constants::money::EPI, AccountId, Runtime};
use epidaurus_tests::{
	account,
	actors::{CLERK, HOSPITAL, HOSPITAL_CONTROLLER, INSPECTOR, LICENSING, OTHER_HOSPITAL, STRANGER},
	Chain,
};
use std::{
	cell::RefCell,
	collections::{BTreeMap, BTreeSet},
};

const CLINICIAN: &str = "Alice//clinician";
const PATIENT: SubjectId = SubjectId([1; 32]);
const NOBODY: SubjectId = SubjectId([9; 32]);
const KEY: &str = "Patient//phone";
const DEPUTY: &str = "Alice//deputy";

/// What stands under listed keys, and which of them were needed.
struct Listed {
	values: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
	read: RefCell<BTreeSet<Vec<u8>>>,
	now: Moment,
}

impl Listed {
	/// The first key is that of the storage version, the last one the time's.
	fn by(chain: &mut Chain, version: u16, keys: Vec<HexBytes>) -> Self {
		assert!(keys.len() <= MAX_PROVEN_KEYS);
		let values = chain.run(|| keys.iter().map(|key| sp_io::storage::get(&key.0)).collect::<Vec<_>>());
		let values = values.into_iter().map(|value| value.map(|bytes| bytes.to_vec()));
		let mut values: BTreeMap<_, _> = keys.iter().map(|key| key.0.clone()).zip(values).collect();
		assert_eq!(values.len(), keys.len(), "each once");
		let mut take = |key: Option<&HexBytes>| values.remove(&key.expect("there are some").0).expect("listed");
		assert_eq!(take(keys.first()), Some(version.encode()));
		let now = Moment::decode_all(&mut &take(keys.last()).expect("set in each block")[..]).expect("a moment");
		Self { values, read: RefCell::default(), now }
	}

	fn read<Value: DecodeAll>(&self, key: Vec<u8>) -> Option<Value> {
		let value = self.values.get(&key).unwrap_or_else(|| panic!("{} is not listed", HexBytes(key.clone())));
		self.read.borrow_mut().insert(key);
		value.as_ref().map(|bytes| Value::decode_all(&mut &bytes[..]).expect("the form that is described"))
	}

	/// The answer of this state, which took every key.
	fn answer<Answer>(self, question: impl FnOnce(&Self) -> Answer) -> Answer {
		let answer = question(&self);
		assert_eq!(self.read.into_inner().len(), self.values.len(), "a key that nobody needs");
		answer
	}
}

impl RegistryState<AccountId> for Listed {
	type Ticket = u128;
	type Listed = Vec<LicenceId>;

	fn now(&self) -> Moment {
		self.now
	}

	fn seat(&self, id: OrgId) -> Option<Seat> {
		let stored = self.read(pallet_registry::Organisations::<Runtime>::hashed_key_for(id))?;
		let StoredOrganisation::<AccountId> { jurisdiction, status, since, earlier, .. } = stored;
		Some(Seat { jurisdiction, status: Timeline { state: status, since, earlier } })
	}

	fn seat_span(&self, id: OrgId, number: u32) -> Option<Span<OrganisationStatus>> {
		self.read(pallet_registry::OrganisationHistory::<Runtime>::hashed_key_for(id, number))
	}

	fn succession(&self, id: OrgId) -> Option<Succession> {
		self.read(pallet_registry::Successions::<Runtime>::hashed_key_for(id))
	}

	fn membership(&self, account: &AccountId) -> Option<Timeline<Option<Membership>>> {
		let stored: StoredMember = self.read(pallet_registry::Members::<Runtime>::hashed_key_for(account))?;
		Some(stored.membership)
	}

	fn membership_span(&self, account: &AccountId, number: u32) -> Option<Span<Option<Membership>>> {
		self.read(pallet_registry::MemberHistory::<Runtime>::hashed_key_for(account, number))
	}

	fn issuer(&self, key: &IssuerKey) -> Option<IssuerRecord> {
		self.read(pallet_registry::Issuers::<Runtime>::hashed_key_for(key))
	}

	fn licence(&self, id: LicenceId) -> Option<StoredLicence<AccountId>> {
		self.read(pallet_registry::Licences::<Runtime>::hashed_key_for(id))
	}

	fn licence_span(&self, id: LicenceId, number: u32) -> Option<Span<Term>> {
		self.read(pallet_registry::LicenceHistory::<Runtime>::hashed_key_for(id, number))
	}

	fn holding(&self, holding: &Holding<AccountId>) -> Option<StoredHolding> {
		self.read(pallet_registry::Holdings::<Runtime>::hashed_key_for(holding))
	}

	fn holding_span(&self, holding: &Holding<AccountId>, number: u32) -> Option<Span<Vec<LicenceId>>> {
		self.read(pallet_registry::HoldingHistory::<Runtime>::hashed_key_for(holding, number))
	}
}

impl SubjectsState<AccountId> for Listed {
	type Doubts = Vec<Doubt>;

	fn now(&self) -> Moment {
		self.now
	}

	fn subject(&self, subject: &SubjectId) -> Option<Subject<AccountId>> {
		let stored: StoredSubject<AccountId> =
			self.read(pallet_subjects::Subjects::<Runtime>::hashed_key_for(subject))?;
		Some(Subject { custodian: stored.custodian, state: stored.state, nonce: stored.nonce })
	}

	fn span(&self, subject: &SubjectId, number: u32) -> Option<Span<SubjectState<AccountId>>> {
		self.read(pallet_subjects::History::<Runtime>::hashed_key_for(subject, number))
	}

	fn doubts(&self, subject: &SubjectId) -> Vec<Doubt> {
		self.read(pallet_subjects::InDoubt::<Runtime>::hashed_key_for(subject)).unwrap_or_default()
	}

	fn rebind(&self, subject: &SubjectId) -> Option<Rebind<AccountId>> {
		self.read(pallet_subjects::Rebinds::<Runtime>::hashed_key_for(subject))
	}

	fn owner(&self, key: &AccountId) -> Option<SubjectId> {
		self.read(pallet_subjects::Keys::<Runtime>::hashed_key_for(key))
	}
}

/// The keys, as a client in any language computes them. The client has the same list.
#[test]
fn keys_are_frozen() {
	let (member, subject) = (AccountId::new([7; 32]), SubjectId([7; 32]));
	let (capability, jurisdiction) = (Capability::BreakGlass, Jurisdiction::country(*b"GR"));
	let issuer = IssuerKey { organisation: OrgId(1), capability, jurisdiction };
	let holding = Holding { holder: Holder::Member(member.clone()), capability };
	let keys = [
		(pallet_registry::OrganisationHistory::<Runtime>::hashed_key_for(OrgId(1), 2), "0x8a493ef65ff3987a1fbc9979200ad1af6a44dea083bc2bde1ffa05f79524d287", "5153cb1f00942ff4010000009eb2dcce60f37a2702000000"),
		(pallet_registry::Successions::<Runtime>::hashed_key_for(OrgId(1)), "0x8a493ef65ff3987a1fbc9979200ad1af0639a1627e4f5d79be633cab58b89b7b", "5153cb1f00942ff401000000"),
		(pallet_registry::Members::<Runtime>::hashed_key_for(&member), "0x8a493ef65ff3987a1fbc9979200ad1afba7fb8745735dc3be2a2c61a72c39e78", "ddd6249d8a7334cf5ea37d21811e66710707070707070707070707070707070707070707070707070707070707070707"),
		(pallet_registry::MemberHistory::<Runtime>::hashed_key_for(&member, 2), "0x8a493ef65ff3987a1fbc9979200ad1af6ef1052e3e769d2063021b0f64bbd73c", "ddd6249d8a7334cf5ea37d21811e667107070707070707070707070707070707070707070707070707070707070707079eb2dcce60f37a2702000000"),
		(pallet_registry::Issuers::<Runtime>::hashed_key_for(issuer), "0x8a493ef65ff3987a1fbc9979200ad1afb42a79364a2ab587c3f8f90ef24ca2fc", "60ef2395166eee540100000001475200"),
		(pallet_registry::Licences::<Runtime>::hashed_key_for(LicenceId(7)), "0x8a493ef65ff3987a1fbc9979200ad1aff12e2741c2f30ccba8b0ddc0886f93a9", "0e0d969b0e48cab707000000"),
		(pallet_registry::LicenceHistory::<Runtime>::hashed_key_for(LicenceId(7), 2), "0x8a493ef65ff3987a1fbc9979200ad1af9193b423f5acf07251a4f4dfd30d371c", "0e0d969b0e48cab7070000009eb2dcce60f37a2702000000"),
		(pallet_registry::Holdings::<Runtime>::hashed_key_for(&holding), "0x8a493ef65ff3987a1fbc9979200ad1af140d49a0e79c42d3be95a22aec62c9fe", "5a806c3960dc38645e8adadbf57632bf01070707070707070707070707070707070707070707070707070707070707070701"),
		(pallet_registry::HoldingHistory::<Runtime>::hashed_key_for(&holding, 2), "0x8a493ef65ff3987a1fbc9979200ad1af417ad719ba7fb6d8dfbf05c506696b59", "5a806c3960dc38645e8adadbf57632bf010707070707070707070707070707070707070707070707070707070707070707019eb2dcce60f37a2702000000"),
		(pallet_subjects::Subjects::<Runtime>::hashed_key_for(subject), "0xd8bf348a9b07d036c82b70ac0d7043e8d8bf348a9b07d036c82b70ac0d7043e8", "ddd6249d8a7334cf5ea37d21811e66710707070707070707070707070707070707070707070707070707070707070707"),
		(pallet_subjects::History::<Runtime>::hashed_key_for(subject, 2), "0xd8bf348a9b07d036c82b70ac0d7043e8583edf0a9f270578f4cf8464d823bc89", "ddd6249d8a7334cf5ea37d21811e667107070707070707070707070707070707070707070707070707070707070707079eb2dcce60f37a2702000000"),
		(pallet_subjects::Keys::<Runtime>::hashed_key_for(&member), "0xd8bf348a9b07d036c82b70ac0d7043e89f99a2ce711f3a31b2fc05604c93f179", "ddd6249d8a7334cf5ea37d21811e66710707070707070707070707070707070707070707070707070707070707070707"),
	];
	for (key, item, of) in keys {
		assert_eq!(HexBytes(key).to_string(), format!("{item}{of}"));
	}
}

fn registry(chain: &mut Chain, method: &str, arguments: impl Encode) -> Listed {
	let keys = chain.ask(&format!("RegistryApi_{method}_keys"), arguments);
	Listed::by(chain, REGISTRY_STORAGE_VERSION, keys)
}

fn subjects(chain: &mut Chain, method: &str, arguments: impl Encode) -> Listed {
	let keys = chain.ask(&format!("SubjectsApi_{method}_keys"), arguments);
	Listed::by(chain, SUBJECTS_STORAGE_VERSION, keys)
}

/// Asks both ways about an account and an organisation, at these moments and now. Gives the standings that came up.
fn members_agree(chain: &mut Chain, who: &str, moments: &[Moment]) -> Vec<Standing> {
	let (who, mut found) = (account(who), Vec::new());
	for at in moments.iter().map(|at| Some(*at)).chain([None]) {
		let theirs: Option<MemberView<AccountId>> = chain.ask("RegistryApi_member", (&who, at));
		let listed = registry(chain, "member", (&who, at));
		assert_eq!(listed.answer(|state| state.member_view(who.clone(), at)), theirs);
		for capability in [Capability::AnchorRecords, Capability::BreakGlass, Capability::Dispense] {
			for place in [None, Some(Jurisdiction::country(*b"GR")), Some(Jurisdiction::country(*b"FR"))] {
				for holder in [Holder::Member(who.clone()), Holder::Organisation(HOSPITAL)] {
					let arguments = (&holder, capability, place, at);
					let theirs: CapabilityView = chain.ask("RegistryApi_capability", arguments);
					let ours = registry(chain, "capability", arguments)
						.answer(|state| state.capability(holder.clone(), capability, place, at));
					assert_eq!(ours, theirs);
					found.push(ours.standing);
				}
			}
		}
	}
	found
}

#[test]
fn standing_is_read_as_the_runtime_reads_it() {
	let mut chain = Chain::new();
	chain.next_block();
	let mut moments = vec![Moment(0), chain.now()];
	let all = |chain: &mut Chain, moments: &[Moment]| -> Vec<Standing> {
		let who = [CLERK, CLINICIAN, INSPECTOR, STRANGER];
		who.into_iter().flat_map(|who| members_agree(chain, who, moments)).collect()
	};
	let mut found = all(&mut chain, &moments);
	let licences: Vec<LicenceView<AccountId>> = (0..40)
		.filter_map(|id| {
			let id = LicenceId(id);
			let theirs: Option<LicenceView<AccountId>> = chain.ask("RegistryApi_licence", id);
			let listed = registry(&mut chain, "licence", id);
			assert_eq!(listed.answer(|state| state.licence_view(id)), theirs);
			theirs
		})
		.collect();
	let of = |holder: Holder<AccountId>, capability| {
		let found = licences.iter().find(|view| view.holder == holder && view.capability == capability);
		found.expect("of the preset").id
	};
	let anchor = of(Holder::Organisation(HOSPITAL), Capability::AnchorRecords);
	let own = of(Holder::Member(account(CLINICIAN)), Capability::BreakGlass);
	chain.sleep(DAY);
	chain.ok(LICENSING, pallet_registry::Call::suspend_licence { licence: anchor });
	let roles = Roles::CLINICIAN.union(Roles::RECORDS);
	let change = pallet_registry::Call::change_member { member: account(CLINICIAN), roles, until: None };
	chain.ok(HOSPITAL_CONTROLLER, change);
	moments.extend([Moment(chain.now().0 - 1), chain.now()]);
	chain.sleep(DAY);
	chain.ok(LICENSING, pallet_registry::Call::reinstate_licence { licence: anchor });
	chain.ok(LICENSING, pallet_registry::Call::revoke_licence { licence: own });
	chain.ok(HOSPITAL_CONTROLLER, pallet_registry::Call::remove_member { member: account(CLERK) });
	moments.extend([Moment(chain.now().0 - 1), Moment(chain.now().0 + DAY)]);
	found.extend(all(&mut chain, &moments));
	chain.sleep(DAY);
	chain.decide(pallet_registry::Call::suspend_organisation { organisation: HOSPITAL });
	found.extend(all(&mut chain, &moments));
	for expected in [
		Standing::Granted,
		Standing::NotAMember,
		Standing::RoleMissing,
		Standing::NoLicence,
		Standing::LicenceSuspended,
		Standing::PersonalLicenceMissing,
		Standing::OrganisationInactive(OrganisationStatus::Suspended),
	] {
		assert!(found.contains(&expected), "{expected:?} never came up");
	}
}

/// Asks both ways to whom the duties of each organisation passed. Gives the lengths of the lines.
fn successions_agree(chain: &mut Chain) -> Vec<usize> {
	let ask = |chain: &mut Chain, id: OrgId| {
		let theirs: Option<SuccessionView> = chain.ask("RegistryApi_succession", id);
		let ours = registry(chain, "organisation", id).answer(|state| state.succession_view(id));
		assert_eq!(ours, theirs);
		let now: Option<OrganisationView<AccountId>> = chain.ask("RegistryApi_organisation", (id, None::<Moment>));
		let listed = registry(chain, "organisation", id);
		let ours = listed.answer(|state| (state.seat(id), state.successor_at(id, state.now)).1);
		assert_eq!(ours, now.and_then(|view| view.successor));
		theirs.map_or(0, |view| view.line.len())
	};
	(0..12).map(|id| ask(chain, OrgId(id))).collect()
}

#[test]
fn successors_are_read_as_the_runtime_reads_them() {
	type Call = pallet_registry::Call<Runtime>;
	const OTHER_CONTROLLER: &str = "Bob";
	const PAYER: OrgId = OrgId(6);
	let mut chain = Chain::new();
	chain.next_block();
	assert_eq!(successions_agree(&mut chain), [0; 12]);
	let accept = |predecessor| Call::accept_succession { predecessor, handover: Commitment([7; 32]) };
	chain.ok(HOSPITAL_CONTROLLER, Call::offer_succession { predecessor: HOSPITAL, successor: OTHER_HOSPITAL });
	assert_eq!(successions_agree(&mut chain), [0; 12], "an offer");
	chain.ok(OTHER_CONTROLLER, accept(HOSPITAL));
	chain.ok(OTHER_CONTROLLER, Call::offer_succession { predecessor: OTHER_HOSPITAL, successor: PAYER });
	chain.ok(HOSPITAL_CONTROLLER, Call::leave {});
	assert_eq!(successions_agree(&mut chain).iter().sum::<usize>(), 1);
	chain.sleep(DAY);
	chain.ok("Payer", accept(OTHER_HOSPITAL));
	let lines = successions_agree(&mut chain);
	assert_eq!((lines.iter().max(), lines.iter().sum::<usize>()), (Some(&2), 3));
}

fn subjects_agree(chain: &mut Chain, moments: &[Moment]) {
	for subject in [PATIENT, NOBODY] {
		let theirs: Option<SubjectView<AccountId>> = chain.ask("SubjectsApi_subject", subject);
		let pending: Option<RebindView<AccountId>> = chain.ask("SubjectsApi_rebind", subject);
		let listed = subjects(chain, "subject", subject);
		let ours = listed.answer(|state| {
			let view = state.subject_view(subject);
			let rebind = view.as_ref().and_then(|view| state.rebind_view(&view.subject));
			(view, rebind)
		});
		assert_eq!(ours, (theirs, pending));
		for at in moments.iter().map(|at| Some(*at)).chain([None]) {
			let theirs: Option<SubjectKeyView<AccountId>> = chain.ask("SubjectsApi_key", (subject, at));
			let listed = subjects(chain, "key", (subject, at));
			assert_eq!(listed.answer(|state| state.key_view(subject, at)), theirs);
		}
	}
	for key in [KEY, "Patient//second", "Patient//third", STRANGER].map(account) {
		let theirs: Option<SubjectView<AccountId>> = chain.ask("SubjectsApi_subject_by_key", &key);
		let listed = subjects(chain, "subject_by_key", &key);
		assert_eq!(listed.answer(|state| state.subject_by_key(&key)), theirs);
	}
}

#[test]
fn subjects_are_read_as_the_runtime_reads_them() {
	type Call = pallet_subjects::Call<Runtime>;
	let mut chain = Chain::new();
	let add = pallet_registry::Call::add_member { member: account(DEPUTY), roles: Roles::RECORDS, until: None };
	chain.ok(HOSPITAL_CONTROLLER, add);
	chain.ok(HOSPITAL_CONTROLLER, pallet_registry::Call::fund_member { member: account(DEPUTY), amount: EPI });
	let mut moments = vec![Moment(0)];
	subjects_agree(&mut chain, &moments);
	chain.ok(CLERK, Call::enrol { subject: PATIENT, key: account(KEY) });
	moments.push(chain.now());
	subjects_agree(&mut chain, &moments);
	chain.sleep(DAY);
	chain.ok(KEY, Call::rotate_key { new_key: account("Patient//second") });
	moments.extend([Moment(chain.now().0 - 1), chain.now()]);
	subjects_agree(&mut chain, &moments);
	chain.sleep(DAY);
	let (lost_since, evidence, new_key) = (chain.now(), Commitment([6; 32]), account("Patient//third"));
	chain.ok(CLERK, Call::start_rebind { subject: PATIENT, new_key: new_key.clone(), evidence, lost_since });
	subjects_agree(&mut chain, &moments);
	chain.ok(DEPUTY, Call::confirm_rebind { subject: PATIENT, new_key });
	moments.extend([lost_since, Moment(lost_since.0 + 1)]);
	subjects_agree(&mut chain, &moments);
	chain.sleep(7 * DAY);
	chain.ok(DEPUTY, Call::complete_rebind { subject: PATIENT });
	moments.extend([Moment(chain.now().0 - 1), chain.now(), Moment(chain.now().0 + 1)]);
	subjects_agree(&mut chain, &moments);
}
