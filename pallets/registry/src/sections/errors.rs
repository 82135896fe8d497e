// SPDX-License-Identifier: Apache-2.0
//! Why a call is refused; part of the pallet's module.

use frame_support::pallet_macros::pallet_section;

/// Errors.
#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// What the call names does not exist.
		NotFound,
		/// It exists already.
		AlreadyExists,
		/// The status of the organisation or licence does not allow that.
		WrongState,
		/// The signer's organisation is not the one whose business this is.
		NotAuthorised,
		/// The account is no current member.
		NotAMember,
		/// The account is a current member of an organisation.
		AlreadyMember,
		/// The member lacks the role.
		RoleMissing,
		/// These roles cannot be given by hand.
		InvalidRoles,
		/// The controller has no expiry, cannot resign or be removed: rotate first.
		IsController,
		/// The GLN's check digit is wrong.
		InvalidGln,
		/// An organisation has this GLN already.
		GlnTaken,
		/// The codes have not the form of ISO 3166.
		InvalidJurisdiction,
		/// The last active organisation cannot stop: nobody could decide anything any more.
		LastOrganisation,
		/// The council has no free seat.
		TooManyOrganisations,
		/// The holder has as many licences for this capability as can be in force at once.
		TooManyLicences,
		/// Only personal capabilities are licensed to a member.
		NotPersonal,
		/// There is no moment in the interval.
		EmptyInterval,
		/// A licence cannot begin before it is issued.
		BackDated,
		/// The end lies in the past.
		Expired,
		/// A renewal puts the end off, a distrust moves to an earlier moment; this does not.
		NoChange,
		/// The organisation is not recognised to license this there.
		NotRecognised,
		/// The issuer or the licence is distrusted.
		Distrusted,
		/// The organisation is not active.
		OrganisationInactive,
		/// There is no licence for this capability and place.
		NoLicence,
		/// The licence's interval does not cover the moment.
		LicenceExpired,
		/// The licence is suspended.
		LicenceSuspended,
		/// The licence is revoked.
		LicenceRevoked,
		/// The licence or its issuer is distrusted from a moment at or before this one.
		LicenceDistrusted,
		/// The organisation is licensed; the member needs a licence too and has none in force.
		PersonalLicenceMissing,
		/// An organisation does not succeed itself.
		SameOrganisation,
		/// The organisation has handed over its duties, which is for good: it offers them to nobody else, and takes over
		/// none, so that no line of successors leads back.
		HandedOver,
		/// An organisation of this class cannot take over from one of that class.
		UnfitSuccessor,
		/// The line of successors would be longer than it can be.
		TooManyHandovers,
		/// The moment lies after the year 9999, which nobody could write down.
		BeyondCalendar,
		/// The account is, was, or is meant to be a subject's key: nobody is a patient and a member with the same key.
		KeyOfSubject,
		/// The controller rotated a short while ago.
		TooEarly,
		/// Fewer tokens than an account needs.
		TooLittle,
	}
}
