// SPDX-License-Identifier: Apache-2.0
//! How each pallet is set up. Only `impl Config` and the parameters it needs; logic lives elsewhere.

mod consensus;
mod fees;
mod governance;
mod health;
mod system;

pub use consensus::{ConsensusHook, MaxInvulnerables, SessionPeriod};
pub use fees::{ConsortiumAccount, FeeOfLength, FeeOfWeight};
pub use governance::{CouncilInstance, MaxMotions, MaxProposalWeight, MaxSeats, MaxSignatories, TwoThirds};
pub use system::{RuntimeBlockLength, RuntimeBlockWeights};
