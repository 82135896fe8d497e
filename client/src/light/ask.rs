// SPDX-License-Identifier: Apache-2.0
//! Questions about organisations, members, licences and subjects, answered by what is proven of the chain's state.
//!
//! The answers are made by the functions that the chain runs ([`RegistryState`], [`SubjectsState`]): they say what they
//! read, and each value of it must be proven, also that there is none.

use super::{
	keys::{registry, subjects, time},
	state::State,
	Header, Part, ProofRefused, TrustedBlock,
};
use epidaurus_primitives::{
	ids::{LicenceId, OrgId, SubjectId},
	jurisdiction::Jurisdiction,
	moment::Moment,
	proof::{BlockHash, StateProof},
	registry::{
		questions::{RegistryState, Seat},
		records::{Holding, IssuerKey, IssuerRecord, Membership, Succession, Term},
		Capability, Holder, OrganisationStatus,
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
	views::{CapabilityView, LicenceView, MemberView, RebindView, SubjectKeyView, SubjectView, SuccessionView},
};
use subxt::utils::AccountId32;

/// What is asked. No moment means the time of the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
	/// For whom an account acts, or acted.
	Member {
		/// The account.
		account: AccountId32,
		/// When.
		at: Option<Moment>,
	},
	/// A licence.
	Licence {
		/// Its number.
		licence: LicenceId,
	},
	/// Whether a holder may act under a capability, or might.
	Capability {
		/// An organisation, or a member.
		holder: Holder<AccountId32>,
		/// What it wants to do.
		capability: Capability,
		/// Where; where the organisation is at home if none is named.
		jurisdiction: Option<Jurisdiction>,
		/// When.
		at: Option<Moment>,
	},
	/// To whom the duties of an organisation passed, or are offered.
	Succession {
		/// The organisation.
		organisation: OrgId,
	},
	/// A subject and its pending re-binding.
	Subject {
		/// The subject.
		subject: SubjectId,
	},
	/// The subject whose present key this is.
	SubjectByKey {
		/// The key.
		key: AccountId32,
	},
	/// Which key acts for a subject, or acted.
	Key {
		/// The subject.
		subject: SubjectId,
		/// When.
		at: Option<Moment>,
	},
}

/// The answer: what a node would say, or that there is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
	/// A membership.
	Member(Option<MemberView<AccountId32>>),
	/// A licence.
	Licence(Option<LicenceView<AccountId32>>),
	/// A decision with its reason.
	Capability(CapabilityView),
	/// A line of successors, and an offer.
	Succession(Option<SuccessionView>),
	/// A subject and its pending re-binding.
	Subject(Option<SubjectView<AccountId32>>, Option<RebindView<AccountId32>>),
	/// A key.
	Key(Option<SubjectKeyView<AccountId32>>),
}

/// An answer that is proven, and when it was so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
	/// The answer.
	pub found: Found,
	/// The chain's time in that block.
	pub at: Moment,
	/// Number of the block.
	pub number: u32,
	/// Hash of the block.
	pub hash: BlockHash,
}

/// What the proof answers at the trusted block.
pub fn answer(asked: &Asked, proof: &StateProof<BlockHash>, block: &TrustedBlock) -> Result<Told, ProofRefused> {
	let state = State::new(proof, block)?;
	match asked {
		Asked::Member { .. } | Asked::Licence { .. } | Asked::Capability { .. } | Asked::Succession { .. } => {
			state.ensure_layout(Part::RegistryLayout, &registry::layout(), REGISTRY_STORAGE_VERSION)?;
		},
		Asked::Subject { .. } | Asked::SubjectByKey { .. } | Asked::Key { .. } => {
			state.ensure_layout(Part::SubjectsLayout, &subjects::layout(), SUBJECTS_STORAGE_VERSION)?;
		},
	}
	let at = state.required(Part::Time, &time())?;
	let proven = Proven { state: &state, at };
	let found = match asked.clone() {
		Asked::Member { account, at } => Found::Member(proven.member_view(account, at)),
		Asked::Licence { licence } => Found::Licence(proven.licence_view(licence)),
		Asked::Capability { holder, capability, jurisdiction, at } => {
			Found::Capability(proven.capability(holder, capability, jurisdiction, at))
		},
		Asked::Succession { organisation } => Found::Succession(proven.succession_view(organisation)),
		Asked::Subject { subject } => Found::Subject(proven.subject_view(subject), proven.pending(Some(subject))),
		Asked::SubjectByKey { key } => {
			let view = proven.subject_by_key(&key);
			let pending = proven.pending(view.as_ref().map(|view| view.subject));
			Found::Subject(view, pending)
		},
		Asked::Key { subject, at } => Found::Key(proven.key_view(subject, at)),
	};
	state.finish()?;
	let Header { number, hash, .. } = state.header;
	Ok(Told { found, at, number, hash })
}

/// The state of a block, as the chain's own functions read it.
pub(super) struct Proven<'a> {
	/// What was proven of it.
	pub state: &'a State<'a>,
	/// The chain's time in that block.
	pub at: Moment,
}

impl Proven<'_> {
	/// The pending re-binding of a subject that there is: of others, the chain reads none.
	fn pending(&self, id: Option<SubjectId>) -> Option<RebindView<AccountId32>> {
		let id = id.filter(|id| self.subject(id).is_some())?;
		self.rebind_view(&id)
	}
}

impl RegistryState<AccountId32> for Proven<'_> {
	type Ticket = u128;
	type Listed = Vec<LicenceId>;

	fn now(&self) -> Moment {
		self.at
	}

	fn seat(&self, id: OrgId) -> Option<Seat> {
		let stored = self.state.read(Part::Organisation, &registry::organisation(id))?;
		let StoredOrganisation::<AccountId32> { jurisdiction, status, since, earlier, .. } = stored;
		Some(Seat { jurisdiction, status: Timeline { state: status, since, earlier } })
	}

	fn seat_span(&self, id: OrgId, number: u32) -> Option<Span<OrganisationStatus>> {
		self.state.read(Part::Earlier, &registry::organisation_span(id, number))
	}

	fn succession(&self, id: OrgId) -> Option<Succession> {
		self.state.read(Part::Succession, &registry::succession(id))
	}

	fn membership(&self, account: &AccountId32) -> Option<Timeline<Option<Membership>>> {
		let stored: StoredMember = self.state.read(Part::Member, &registry::member(account))?;
		Some(stored.membership)
	}

	fn membership_span(&self, account: &AccountId32, number: u32) -> Option<Span<Option<Membership>>> {
		self.state.read(Part::Earlier, &registry::member_span(account, number))
	}

	fn issuer(&self, key: &IssuerKey) -> Option<IssuerRecord> {
		self.state.read(Part::Issuer, &registry::issuer(key))
	}

	fn licence(&self, id: LicenceId) -> Option<StoredLicence<AccountId32>> {
		self.state.read(Part::Licence, &registry::licence(id))
	}

	fn licence_span(&self, id: LicenceId, number: u32) -> Option<Span<Term>> {
		self.state.read(Part::Earlier, &registry::licence_span(id, number))
	}

	fn holding(&self, holding: &Holding<AccountId32>) -> Option<StoredHolding> {
		self.state.read(Part::Holding, &registry::holding(holding))
	}

	fn holding_span(&self, holding: &Holding<AccountId32>, number: u32) -> Option<Span<Vec<LicenceId>>> {
		self.state.read(Part::Earlier, &registry::holding_span(holding, number))
	}
}

impl SubjectsState<AccountId32> for Proven<'_> {
	type Doubts = Vec<Doubt>;

	fn now(&self) -> Moment {
		self.at
	}

	fn subject(&self, subject: &SubjectId) -> Option<Subject<AccountId32>> {
		let stored: StoredSubject<AccountId32> = self.state.read(Part::Subject, &subjects::subject(subject))?;
		let StoredSubject { custodian, state, nonce, .. } = stored;
		Some(Subject { custodian, state, nonce })
	}

	fn span(&self, subject: &SubjectId, number: u32) -> Option<Span<SubjectState<AccountId32>>> {
		self.state.read(Part::Earlier, &subjects::span(subject, number))
	}

	fn doubts(&self, subject: &SubjectId) -> Vec<Doubt> {
		self.state.read(Part::Doubts, &subjects::doubts(subject)).unwrap_or_default()
	}

	fn rebind(&self, subject: &SubjectId) -> Option<Rebind<AccountId32>> {
		self.state.read(Part::Rebind, &subjects::rebind(subject))
	}

	fn owner(&self, key: &AccountId32) -> Option<SubjectId> {
		self.state.read(Part::Owner, &subjects::owner(key))
	}
}
