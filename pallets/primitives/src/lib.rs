// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod bytes;

pub mod ehr;
pub mod elements;
pub mod gln;
pub mod hash;
pub mod ids;
pub mod jurisdiction;
pub mod life;
pub mod link;
pub mod merkle;
pub mod moment;
pub mod proof;
pub mod registry;
pub mod relay;
pub mod renewal;
#[cfg(feature = "schema")]
pub mod schema;
pub mod stored;
pub mod subjects;
pub mod timeline;
pub mod verify;
pub mod views;

#[cfg(feature = "frame")]
pub mod seams;
#[cfg(all(feature = "frame", feature = "std"))]
pub mod testing;

pub use bytes::ParseHex;
