// SPDX-License-Identifier: GPL-3.0-only
//! Tests that spawn `epidaurus`.

mod code;
mod commands;
mod common;
mod dev_chain;
mod flood;
mod monitoring;
