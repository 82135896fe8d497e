// SPDX-License-Identifier: Apache-2.0
//! What the pallet stores; part of the pallet's module.

use frame_support::pallet_macros::pallet_section;

/// Storage items.
#[pallet_section]
mod storage {
	/// Id of the next organisation that applies. Never goes back: the id of a refused applicant is not used again.
	#[pallet::storage]
	pub type NextOrganisation<T> = StorageValue<_, OrgId, ValueQuery>;

	/// Organisations and applicants. Admitted ones stay for good, with their deposit.
	// Counted ids give an attacker nothing to choose: a cheap hasher.
	#[pallet::storage]
	pub type Organisations<T: Config> = StorageMap<_, Twox64Concat, OrgId, OrganisationRecordOf<T>>;

	/// When each organisation's controller last rotated by itself; absent once the consortium replaced it.
	// Counted ids: a cheap hasher.
	#[pallet::storage]
	pub type RotatedAt<T> = StorageMap<_, Twox64Concat, OrgId, Moment>;

	/// Earlier spans of each organisation's status.
	// Counted ids and numbers: a cheap hasher.
	#[pallet::storage]
	pub type OrganisationHistory<T> =
		StorageDoubleMap<_, Twox64Concat, OrgId, Twox64Concat, u32, Span<OrganisationStatus>>;

	/// To whom organisations offer their duties or handed them over. An offer can be taken back; a hand-over stays for good.
	// Counted ids: a cheap hasher.
	#[pallet::storage]
	pub type Successions<T> = StorageMap<_, Twox64Concat, OrgId, Succession>;

	/// Number of hand-overs in the longest line that ends with an organisation; absent where it took over nothing.
	// Counted ids: a cheap hasher.
	#[pallet::storage]
	pub type Lines<T> = StorageMap<_, Twox64Concat, OrgId, u32, ValueQuery>;

	/// Applications that wait for the consortium, each with its sponsor's deposit.
	// Counted ids: a cheap hasher.
	#[pallet::storage]
	pub type Applications<T: Config> = StorageMap<_, Twox64Concat, OrgId, ApplicationRecordOf<T>>;

	/// Which organisation has a GLN. Free again once that organisation has left or was expelled.
	// Chosen by applicants: a hasher whose collisions nobody can choose.
	#[pallet::storage]
	pub type Glns<T> = StorageMap<_, Blake2_128Concat, Gln, OrgId>;

	/// How many organisations take part.
	#[pallet::storage]
	pub type Seats<T> = StorageValue<_, Census, ValueQuery>;

	/// Every account that is or once was a member. The deposit is given back when the membership ends; the record stays,
	/// so that past moments can be answered.
	// Accounts are chosen by anybody: a hasher whose collisions nobody can choose.
	#[pallet::storage]
	pub type Members<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, MemberRecordOf<T>>;

	/// Earlier spans of each account's membership.
	// As `Members`; counted numbers need no more than a cheap hasher.
	#[pallet::storage]
	pub type MemberHistory<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u32, Span<Option<Membership>>>;

	/// The members of each organisation, expired ones too until somebody removes them.
	// Listed by organisation; accounts are chosen by anybody.
	#[pallet::storage]
	pub type MembersOf<T: Config> = StorageDoubleMap<_, Twox64Concat, OrgId, Blake2_128Concat, T::AccountId, ()>;

	/// Who may license what, and who once could.
	// Only the consortium writes here: a cheap hasher.
	#[pallet::storage]
	pub type Issuers<T> = StorageMap<_, Twox64Concat, IssuerKey, IssuerRecord>;

	/// Earlier spans of each issuer's recognition.
	// As `Issuers`.
	#[pallet::storage]
	pub type IssuerHistory<T> = StorageDoubleMap<_, Twox64Concat, IssuerKey, Twox64Concat, u32, Span<bool>>;

	/// Id of the next licence.
	#[pallet::storage]
	pub type NextLicence<T> = StorageValue<_, LicenceId, ValueQuery>;

	/// Every licence ever issued.
	// Counted ids: a cheap hasher.
	#[pallet::storage]
	pub type Licences<T: Config> = StorageMap<_, Twox64Concat, LicenceId, LicenceRecordOf<T>>;

	/// Earlier spans of each licence's status and end.
	// Counted ids and numbers: a cheap hasher.
	#[pallet::storage]
	pub type LicenceHistory<T> = StorageDoubleMap<_, Twox64Concat, LicenceId, Twox64Concat, u32, Span<Term>>;

	/// The licences of each holder for each capability among which an answer is looked for. A timeline, so that a question
	/// about the past finds the few licences of that day and not all since.
	// Accounts are chosen by anybody: a hasher whose collisions nobody can choose.
	#[pallet::storage]
	pub type Holdings<T: Config> = StorageMap<_, Blake2_128Concat, HoldingOf<T>, Timeline<LicenceListOf<T>>>;

	/// Earlier spans of each holding.
	// As `Holdings`; counted numbers need no more than a cheap hasher.
	#[pallet::storage]
	pub type HoldingHistory<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, HoldingOf<T>, Twox64Concat, u32, Span<LicenceListOf<T>>>;

	/// Number of licences that each holder ever had.
	// As `Holdings`.
	#[pallet::storage]
	pub type LicenceCount<T: Config> = StorageMap<_, Blake2_128Concat, Holder<T::AccountId>, u32, ValueQuery>;

	/// Every licence that each holder ever had, in the order of issue.
	// As `Holdings`; counted numbers need no more than a cheap hasher.
	#[pallet::storage]
	pub type LicencesOf<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, Holder<T::AccountId>, Twox64Concat, u32, LicenceId>;

	/// The last block in which each account sent calls without a fee, and how many.
	// As `Members`.
	#[pallet::storage]
	pub type Tallies<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, (BlockNumberFor<T>, u32), ValueQuery>;
}
