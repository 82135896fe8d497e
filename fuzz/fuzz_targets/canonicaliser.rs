// SPDX-License-Identifier: Apache-2.0
//! See `epidaurus_fuzz::canonicaliser`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| epidaurus_fuzz::canonicaliser::check(bytes));
