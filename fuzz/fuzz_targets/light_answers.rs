// SPDX-License-Identifier: Apache-2.0
//! See `epidaurus_fuzz::light_answers`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| epidaurus_fuzz::light_answers::check(bytes));
