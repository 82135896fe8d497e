// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]

pub mod acts;
pub mod bundle;
pub mod chain;
pub mod custody;
pub mod demo;
mod durable;
pub mod fhir;
pub mod keys;
pub mod light;
pub mod log;
pub mod output;
pub mod parallel;
pub mod progress;
pub mod record;
pub mod redaction;
pub mod secrets;
pub mod signer;
pub mod statement;
pub mod steps;
pub mod store;
pub mod verify;

mod cli;
mod error;

pub use cli::main;
pub use error::Error;
