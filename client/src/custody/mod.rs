// SPDX-License-Identifier: Apache-2.0
//! What a custodian does with store and chain together: checkpoints, renewals, anchors, amendments.
//!
//! Each flow writes down what it is about to submit, submits, and then believes the chain alone. So each can be run again
//! at any time: after a crash, after a lost connection, or because somebody typed the command twice; what is on chain
//! already is not done again.

mod anchors;
mod append;
mod audit;
mod audit_renewal;
mod checkpoint;
mod due;
mod forget;
mod renew;

pub use anchors::{amend, anchor, anchor_bundle, enter_in_error, Anchored, Entered};
pub use append::{append, Tally};
pub use audit::{audit, steps as audit_steps, Audit, Problem};
pub use checkpoint::{bundle, checkpoint, Checkpointed};
pub use due::{due, Due};
pub use forget::{ensure_not_kept, forget, Kept};
pub use renew::{renew, Contents, Missing, Options as Renewing, Renewed};

#[cfg(test)]
mod audit_tests;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod renew_tests;
#[cfg(test)]
mod tests;
