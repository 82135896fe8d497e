// SPDX-License-Identifier: Apache-2.0
//! Which status may follow which.

use epidaurus_primitives::registry::{LicenceStatus, OrganisationStatus};

/// Whether an organisation may pass from one status to the other. Left and expelled are for good: who comes back
/// applies anew and gets a new id.
pub const fn organisation_may_become(from: OrganisationStatus, to: OrganisationStatus) -> bool {
	use OrganisationStatus::{Active, Applied, Expelled, Left, Suspended};
	matches!(
		(from, to),
		(Applied, Active) | (Active, Suspended) | (Suspended, Active) | (Active | Suspended, Left | Expelled)
	)
}

/// Whether an organisation with this status takes part: it has a seat, or is to get it back.
pub const fn is_seated(status: OrganisationStatus) -> bool {
	matches!(status, OrganisationStatus::Active | OrganisationStatus::Suspended)
}

/// Whether a licence may pass from one status to the other.
pub const fn licence_may_become(from: LicenceStatus, to: LicenceStatus) -> bool {
	use LicenceStatus::{Active, Revoked, Suspended};
	matches!((from, to), (Active, Suspended) | (Suspended, Active) | (Active | Suspended, Revoked))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn organisation_passes_only_along_its_life() {
		use OrganisationStatus::*;
		let allowed = [
			(Applied, Active),
			(Active, Suspended),
			(Active, Left),
			(Active, Expelled),
			(Suspended, Active),
			(Suspended, Left),
			(Suspended, Expelled),
		];
		for from in OrganisationStatus::ALL {
			for to in OrganisationStatus::ALL {
				assert_eq!(organisation_may_become(*from, *to), allowed.contains(&(*from, *to)), "{from} to {to}");
			}
		}
	}

	#[test]
	fn licence_passes_only_along_its_life() {
		use LicenceStatus::*;
		let allowed = [(Active, Suspended), (Suspended, Active), (Active, Revoked), (Suspended, Revoked)];
		for from in LicenceStatus::ALL {
			for to in LicenceStatus::ALL {
				assert_eq!(licence_may_become(*from, *to), allowed.contains(&(*from, *to)), "{from} to {to}");
			}
		}
	}

	#[test]
	fn only_active_and_suspended_organisations_are_seated() {
		let seated: Vec<_> = OrganisationStatus::ALL.iter().filter(|status| is_seated(**status)).collect();
		assert_eq!(seated, [&OrganisationStatus::Active, &OrganisationStatus::Suspended]);
	}
}
