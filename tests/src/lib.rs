// SPDX-License-Identifier: Apache-2.0
//! The real runtime in one process, for stories that cross pallets.
//!
//! A [`Chain`] begins with the preset `development`. Transactions are built and signed as a wallet builds them, go through
//! validation with all extensions, and are applied in blocks. Time passes only when the story says so.

pub mod actors;
mod chain;
pub mod logs;
pub mod upgrades;

pub use actors::{account, SEATS};
pub use chain::{Chain, START};
