// SPDX-License-Identifier: Apache-2.0
//! An honest node, over a state that need not be honest: it runs the chain's own functions, and proves what they read.

use super::{prove, Asked, Found, Proof, State, Told};
use crate::light::{
	keys::{registry, subjects, time},
	Header, TrustedBlock,
};
use codec::DecodeAll;
use epidaurus_primitives::{
	ids::{LicenceId, OrgId, SubjectId},
	moment::Moment,
	registry::{
		questions::{RegistryState, Seat},
		records::{Holding, IssuerKey, IssuerRecord, Membership, Succession, Term},
		OrganisationStatus,
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
};
use std::cell::{Cell, RefCell};
use subxt::utils::AccountId32;

type Account = AccountId32;

/// The node, for one question.
pub struct Node<'a> {
	state: &'a State,
	at: Moment,
	read: RefCell<Vec<Vec<u8>>>,
	sound: Cell<bool>,
}

impl<'a> Node<'a> {
	/// A node with this state.
	pub fn new(state: &'a State) -> Self {
		let node = Self { state, at: Moment::default(), read: RefCell::default(), sound: Cell::new(true) };
		let at = node.read(time());
		node.sound.set(at.is_some());
		Self { at: at.unwrap_or_default(), ..node }
	}

	/// The keys on which the answer rests, each once.
	pub fn keys(self, asked: &Asked) -> Vec<Vec<u8>> {
		let _ = self.found(asked);
		self.read.into_inner()
	}

	/// The answer, if everything on which it rests is of its form, and the proof.
	pub fn answer(self, asked: &Asked) -> (Option<Told>, Proof, TrustedBlock) {
		let found = self.found(asked);
		let (sound, at) = (self.sound.get(), self.at);
		let (proof, block) = prove(self.state, self.read.into_inner());
		let Header { number, hash, .. } = Header::decode(&proof.header.0).expect("a header");
		(found.filter(|_| sound).map(|found| Told { found, at, number, hash }), proof, block)
	}

	/// The answer, if the state has the known layout.
	fn found(&self, asked: &Asked) -> Option<Found> {
		let (layout, known) = match asked {
			Asked::Member { .. } | Asked::Licence { .. } | Asked::Capability { .. } | Asked::Succession { .. } => {
				(registry::layout(), REGISTRY_STORAGE_VERSION)
			},
			Asked::Subject { .. } | Asked::SubjectByKey { .. } | Asked::Key { .. } => {
				(subjects::layout(), SUBJECTS_STORAGE_VERSION)
			},
		};
		let layout: Option<u16> = self.read(layout);
		let found = match asked.clone() {
			Asked::Member { account, at } => Found::Member(self.member_view(account, at)),
			Asked::Licence { licence } => Found::Licence(self.licence_view(licence)),
			Asked::Capability { holder, capability, jurisdiction, at } => {
				Found::Capability(self.capability(holder, capability, jurisdiction, at))
			},
			Asked::Succession { organisation } => Found::Succession(self.succession_view(organisation)),
			Asked::Subject { subject } => self.with_rebind(self.subject_view(subject)),
			Asked::SubjectByKey { key } => self.with_rebind(self.subject_by_key(&key)),
			Asked::Key { subject, at } => Found::Key(self.key_view(subject, at)),
		};
		(layout == Some(known)).then_some(found)
	}

	fn with_rebind(&self, view: Option<epidaurus_primitives::views::SubjectView<Account>>) -> Found {
		let rebind = view.as_ref().and_then(|view| self.rebind_view(&view.subject));
		Found::Subject(view, rebind)
	}

	/// What stands under a key; nothing, as for the chain itself, if it is not of its form.
	fn read<Value: DecodeAll>(&self, key: Vec<u8>) -> Option<Value> {
		let value = self.state.get(&key).map(|bytes| Value::decode_all(&mut &bytes[..]));
		if !self.read.borrow().contains(&key) {
			self.read.borrow_mut().push(key);
		}
		value.transpose().unwrap_or_else(|_| {
			self.sound.set(false);
			None
		})
	}
}

impl RegistryState<Account> for Node<'_> {
	type Ticket = u128;
	type Listed = Vec<LicenceId>;

	fn now(&self) -> Moment {
		self.at
	}

	fn seat(&self, id: OrgId) -> Option<Seat> {
		let stored: StoredOrganisation<Account> = self.read(registry::organisation(id))?;
		let status = Timeline { state: stored.status, since: stored.since, earlier: stored.earlier };
		Some(Seat { jurisdiction: stored.jurisdiction, status })
	}

	fn seat_span(&self, id: OrgId, number: u32) -> Option<Span<OrganisationStatus>> {
		self.read(registry::organisation_span(id, number))
	}

	fn succession(&self, id: OrgId) -> Option<Succession> {
		self.read(registry::succession(id))
	}

	fn membership(&self, account: &Account) -> Option<Timeline<Option<Membership>>> {
		self.read(registry::member(account)).map(|stored: StoredMember| stored.membership)
	}

	fn membership_span(&self, account: &Account, number: u32) -> Option<Span<Option<Membership>>> {
		self.read(registry::member_span(account, number))
	}

	fn issuer(&self, key: &IssuerKey) -> Option<IssuerRecord> {
		self.read(registry::issuer(key))
	}

	fn licence(&self, id: LicenceId) -> Option<StoredLicence<Account>> {
		self.read(registry::licence(id))
	}

	fn licence_span(&self, id: LicenceId, number: u32) -> Option<Span<Term>> {
		self.read(registry::licence_span(id, number))
	}

	fn holding(&self, holding: &Holding<Account>) -> Option<StoredHolding> {
		self.read(registry::holding(holding))
	}

	fn holding_span(&self, holding: &Holding<Account>, number: u32) -> Option<Span<Vec<LicenceId>>> {
		self.read(registry::holding_span(holding, number))
	}
}

impl SubjectsState<Account> for Node<'_> {
	type Doubts = Vec<Doubt>;

	fn now(&self) -> Moment {
		self.at
	}

	fn subject(&self, id: &SubjectId) -> Option<Subject<Account>> {
		let stored: StoredSubject<Account> = self.read(subjects::subject(id))?;
		Some(Subject { custodian: stored.custodian, state: stored.state, nonce: stored.nonce })
	}

	fn span(&self, id: &SubjectId, number: u32) -> Option<Span<SubjectState<Account>>> {
		self.read(subjects::span(id, number))
	}

	fn doubts(&self, id: &SubjectId) -> Vec<Doubt> {
		self.read(subjects::doubts(id)).unwrap_or_default()
	}

	fn rebind(&self, id: &SubjectId) -> Option<Rebind<Account>> {
		self.read(subjects::rebind(id))
	}

	fn owner(&self, key: &Account) -> Option<SubjectId> {
		self.read(subjects::owner(key))
	}
}
