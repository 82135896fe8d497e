// SPDX-License-Identifier: Apache-2.0
//! The Merkle log against RFC 6962: known answers, an independent implementation, and everything that must be refused.
#![cfg(feature = "std")]

mod common;
mod consistency;
mod differential;
mod frontier;
mod inclusion;
mod large;
mod prove;
mod sizes;
mod vectors;
