// SPDX-License-Identifier: Apache-2.0
//! What the pallet tells; part of the pallet's module.

use frame_support::pallet_macros::pallet_section;

/// Events. `by` is the account that acted, which is not always who signed the transaction: it may have acted through a
/// proxy, a multisig or a batch. Where it is absent the consortium decided.
#[pallet_section]
mod events {
	#[pallet::event]
	#[allow(missing_docs, reason = "each variant's sentence says what its fields are")]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An organisation asks to be admitted.
		OrganisationApplied { organisation: OrgId, sponsor: OrgId, by: T::AccountId },
		/// An application was withdrawn by its sponsor.
		ApplicationWithdrawn { organisation: OrgId, by: T::AccountId },
		/// An application was refused by the consortium.
		ApplicationRefused { organisation: OrgId },
		/// An applicant was admitted and is active.
		OrganisationAdmitted { organisation: OrgId },
		/// An organisation was suspended: its rights stop, its duties do not.
		OrganisationSuspended { organisation: OrgId },
		/// An organisation was reinstated and is active again.
		OrganisationReinstated { organisation: OrgId },
		/// An organisation left; its duties remain.
		OrganisationLeft { organisation: OrgId, by: T::AccountId },
		/// An organisation was expelled; its duties remain.
		OrganisationExpelled { organisation: OrgId },
		/// Another account acts for an organisation. The old one's membership has ended.
		ControllerRotated { organisation: OrgId, old: T::AccountId, new: T::AccountId, by: Option<T::AccountId> },
		/// An organisation was recognised as issuer.
		IssuerRecognised { organisation: OrgId, capability: Capability, jurisdiction: Jurisdiction },
		/// An issuer is recognised no more; what it issued stays.
		IssuerWithdrawn { organisation: OrgId, capability: Capability, jurisdiction: Jurisdiction },
		/// An issuer is recognised no more, and what it issued from a moment on is not to be trusted.
		IssuerDistrusted { organisation: OrgId, capability: Capability, jurisdiction: Jurisdiction, from: Moment },
		/// A licence was issued.
		LicenceIssued {
			licence: LicenceId,
			holder: Holder<T::AccountId>,
			capability: Capability,
			issuer: OrgId,
			by: T::AccountId,
		},
		/// The end of a licence was put off.
		LicenceRenewed { licence: LicenceId, until: Option<Moment>, by: T::AccountId },
		/// A licence was suspended.
		LicenceSuspended { licence: LicenceId, by: T::AccountId },
		/// A suspended licence is in force again.
		LicenceReinstated { licence: LicenceId, by: T::AccountId },
		/// A licence was revoked for good.
		LicenceRevoked { licence: LicenceId, by: T::AccountId },
		/// Acts under a licence from a moment on are not to be trusted.
		LicenceDistrusted { licence: LicenceId, from: Moment, by: T::AccountId },
		/// An account became a member.
		MemberAdded { organisation: OrgId, member: T::AccountId, roles: Roles, until: Option<Moment>, by: T::AccountId },
		/// A member's roles or expiry changed.
		MemberChanged {
			organisation: OrgId,
			member: T::AccountId,
			roles: Roles,
			until: Option<Moment>,
			by: T::AccountId,
		},
		/// A membership was ended by the organisation.
		MemberRemoved { organisation: OrgId, member: T::AccountId, by: T::AccountId },
		/// A member resigned.
		MemberResigned { organisation: OrgId, member: T::AccountId },
		/// The consortium gave an organisation tokens for deposits and fees.
		TokensAllotted { organisation: OrgId, amount: BalanceOf<T> },
		/// An organisation gave a member tokens for fees.
		MemberFunded { organisation: OrgId, member: T::AccountId, amount: BalanceOf<T>, by: T::AccountId },
		/// The duties of an organisation were offered to another.
		SuccessionOffered { predecessor: OrgId, successor: OrgId, by: Option<T::AccountId> },
		/// Such an offer was taken back.
		SuccessionWithdrawn { predecessor: OrgId, successor: OrgId, by: Option<T::AccountId> },
		/// Such an offer was declined.
		SuccessionDeclined { predecessor: OrgId, successor: OrgId, by: T::AccountId },
		/// The duties of an organisation passed to another for good, with a statement of what was handed over.
		SuccessionAccepted { predecessor: OrgId, successor: OrgId, handover: Commitment, by: T::AccountId },
		/// A membership that had run out was ended when the account became a member anew.
		MembershipLapsed { organisation: OrgId, member: T::AccountId },
	}
}
