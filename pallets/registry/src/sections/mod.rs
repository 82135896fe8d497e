// SPDX-License-Identifier: Apache-2.0
//! Parts of the pallet's module that stand in files of their own.

pub mod errors;
pub mod events;
pub mod storage;
