// SPDX-License-Identifier: Apache-2.0
//! Changes of stored data. A change of storage adds its migration to [`Unreleased`] and raises `spec_version`; what has
//! run on every network leaves again.

/// Migrations of the next release.
pub type Unreleased = ();

/// Everything that runs in the first block after an upgrade.
pub type SingleBlock = Unreleased;
