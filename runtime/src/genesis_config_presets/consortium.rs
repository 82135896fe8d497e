// SPDX-License-Identifier: Apache-2.0
//! The small consortium of the presets. It is invented; its numbers begin with 952, which GS1 keeps for examples.
//!
//! | id | class | place | GLN | controller | staff |
//! |---|---|---|---|---|---|
//! | 0 | Provider: a hospital | GR | 9521000000001 | `//Alice` | `//Alice//records`, `//Alice//clinician`, `//Alice//operator` |
//! | 1 | Provider: a hospital | DE | 9521001000000 | `//Bob` | `//Bob//records`, `//Bob//clinician`, `//Bob//operator` |
//! | 2 | Laboratory | GR | 9521002000009 | `//Charlie` | `//Charlie//records` |
//! | 3 | Pharmacy | GR | 9521003000008 | `//Dave` | `//Dave//pharmacist` |
//! | 4 | Manufacturer | DE | 9521004000007 | `//Eve` | `//Eve//production`, `//Eve//quality` |
//! | 5 | Distributor | DE | 9521005000006 | `//Ferdie` | `//Ferdie//logistics` |
//! | 6 | Payer | GR | 9521006000005 | `//Payer` | `//Payer//claims` |
//! | 7 | Sponsor | US-CA | 9521007000004 | `//Sponsor` | `//Sponsor//trials` |
//! | 8 | EthicsBoard | GR | 9521008000003 | `//EthicsBoard` | `//EthicsBoard//reviewer` |
//! | 9 | Regulator | GR | 9521009000002 | `//Regulator` | `//Regulator//licensing`, `//Regulator//inspector` |
//! | 10 | PatientGroup | GR | none | `//PatientGroup` | none |
//!
//! Every key is sr25519, derived from the well-known development phrase. One regulator stands for the authorities of the
//! three countries; a real consortium recognises one for each.

use epidaurus_primitives::{
	jurisdiction::Jurisdiction,
	registry::{Capability, OrganisationClass, Roles},
};

/// An organisation that is there from the beginning. Its id is its place in [`FOUNDERS`].
pub struct Founder {
	/// What kind it is.
	pub class: OrganisationClass,
	/// Its GLN.
	pub gln: Option<[u8; 13]>,
	/// Where it is.
	pub jurisdiction: Jurisdiction,
	/// Its controller's name: the key is `//` and this.
	pub controller: &'static str,
	/// Other members, as derivations from the controller's key, with their roles.
	pub staff: &'static [Clerk],
	/// What it is licensed for, and where.
	pub licences: &'static [(Capability, Jurisdiction)],
}

/// A member that is there from the beginning.
pub struct Clerk {
	/// The key is the controller's, `//`, and this.
	pub name: &'static str,
	/// What the member does.
	pub roles: Roles,
	/// Licences of its own, at the organisation's place.
	pub licences: &'static [Capability],
}

/// Greece.
pub const GREECE: Jurisdiction = Jurisdiction::country(*b"GR");
/// Germany.
pub const GERMANY: Jurisdiction = Jurisdiction::country(*b"DE");
/// California.
pub const CALIFORNIA: Jurisdiction = Jurisdiction { country: *b"US", subdivision: Some(*b"CA\0") };
/// The United States; what is licensed there holds in California too.
pub const UNITED_STATES: Jurisdiction = Jurisdiction::country(*b"US");

/// Place of the regulator in [`FOUNDERS`]: it has issued all licences.
pub const REGULATOR: u32 = 9;

const RECORDS_CLERK: Clerk = Clerk { name: "records", roles: Roles::RECORDS, licences: &[] };
const CLINICIAN: Clerk =
	Clerk { name: "clinician", roles: Roles::CLINICIAN, licences: &[Capability::BreakGlass, Capability::Prescribe] };
const OPERATOR: Clerk = Clerk { name: "operator", roles: Roles::OPERATOR, licences: &[] };

/// The organisations, in the order of their ids.
pub const FOUNDERS: &[Founder] = &[
	Founder {
		class: OrganisationClass::Provider,
		gln: Some(*b"9521000000001"),
		jurisdiction: GREECE,
		controller: "Alice",
		staff: &[RECORDS_CLERK, CLINICIAN, OPERATOR],
		licences: &[
			(Capability::AnchorRecords, GREECE),
			(Capability::BreakGlass, GREECE),
			(Capability::Prescribe, GREECE),
			(Capability::Collate, GREECE),
		],
	},
	Founder {
		class: OrganisationClass::Provider,
		gln: Some(*b"9521001000000"),
		jurisdiction: GERMANY,
		controller: "Bob",
		staff: &[RECORDS_CLERK, CLINICIAN, OPERATOR],
		licences: &[
			(Capability::AnchorRecords, GERMANY),
			(Capability::BreakGlass, GERMANY),
			(Capability::Prescribe, GERMANY),
			(Capability::Collate, GERMANY),
		],
	},
	Founder {
		class: OrganisationClass::Laboratory,
		gln: Some(*b"9521002000009"),
		jurisdiction: GREECE,
		controller: "Charlie",
		staff: &[RECORDS_CLERK],
		licences: &[(Capability::AnchorRecords, GREECE)],
	},
	Founder {
		class: OrganisationClass::Pharmacy,
		gln: Some(*b"9521003000008"),
		jurisdiction: GREECE,
		controller: "Dave",
		staff: &[Clerk { name: "pharmacist", roles: Roles::PHARMACIST, licences: &[Capability::Dispense] }],
		licences: &[(Capability::Dispense, GREECE)],
	},
	Founder {
		class: OrganisationClass::Manufacturer,
		gln: Some(*b"9521004000007"),
		jurisdiction: GERMANY,
		controller: "Eve",
		staff: &[
			Clerk { name: "production", roles: Roles::PRODUCTION, licences: &[] },
			Clerk { name: "quality", roles: Roles::QUALITY, licences: &[] },
		],
		licences: &[(Capability::Manufacture, GERMANY), (Capability::Distribute, GERMANY)],
	},
	Founder {
		class: OrganisationClass::Distributor,
		gln: Some(*b"9521005000006"),
		jurisdiction: GERMANY,
		controller: "Ferdie",
		staff: &[Clerk { name: "logistics", roles: Roles::LOGISTICS, licences: &[] }],
		licences: &[(Capability::Distribute, GERMANY)],
	},
	Founder {
		class: OrganisationClass::Payer,
		gln: Some(*b"9521006000005"),
		jurisdiction: GREECE,
		controller: "Payer",
		staff: &[Clerk { name: "claims", roles: Roles::CLAIMS, licences: &[] }],
		licences: &[(Capability::Underwrite, GREECE)],
	},
	Founder {
		class: OrganisationClass::Sponsor,
		gln: Some(*b"9521007000004"),
		jurisdiction: CALIFORNIA,
		controller: "Sponsor",
		staff: &[Clerk { name: "trials", roles: Roles::TRIALS, licences: &[] }],
		licences: &[(Capability::SponsorTrial, UNITED_STATES)],
	},
	Founder {
		class: OrganisationClass::EthicsBoard,
		gln: Some(*b"9521008000003"),
		jurisdiction: GREECE,
		controller: "EthicsBoard",
		staff: &[Clerk { name: "reviewer", roles: Roles::REVIEWER, licences: &[] }],
		licences: &[(Capability::ReviewEthics, GREECE)],
	},
	Founder {
		class: OrganisationClass::Regulator,
		gln: Some(*b"9521009000002"),
		jurisdiction: GREECE,
		controller: "Regulator",
		staff: &[
			Clerk { name: "licensing", roles: Roles::LICENSING, licences: &[] },
			Clerk { name: "inspector", roles: Roles::INSPECTOR, licences: &[] },
		],
		licences: &[(Capability::Regulate, GREECE)],
	},
	Founder {
		class: OrganisationClass::PatientGroup,
		gln: None,
		jurisdiction: GREECE,
		controller: "PatientGroup",
		staff: &[],
		licences: &[],
	},
];
