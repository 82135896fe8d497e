// SPDX-License-Identifier: GPL-3.0-only
//! The runtime's code as it goes on chain.

use crate::common::{directory, output, text};
use sp_maybe_compressed_blob::{decompress, CODE_BLOB_BOMB_LIMIT};
use std::{fs, path::Path};

/// What we allow ourselves; a relay chain takes 5 MiB.
const LIMIT: usize = 1536 * 1024;

fn code() -> Vec<u8> {
	let directory = directory();
	let file = directory.path().join("code.wasm");
	output(&["export-genesis-wasm", "--chain", "local", "--raw", text(&file)]);
	fs::read(&file).expect("written")
}

fn holds(code: &[u8], text: &str) -> bool {
	code.windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

#[test]
fn code_is_compacted_compressed_and_small() {
	let code = code();
	assert!(code.len() < LIMIT, "{} bytes of code, {LIMIT} are the most", code.len());
	let whole = decompress(&code, CODE_BLOB_BOMB_LIMIT).expect("the node runs it");
	assert!(whole.starts_with(b"\0asm"), "no WASM");
	assert!(code.len() * 2 < whole.len(), "{} bytes of {} are not compressed", code.len(), whole.len());
	assert!(!holds(&whole, ".debug_info"), "debug information is on chain");
}

#[test]
fn code_does_not_tell_where_it_was_built() {
	let code = code();
	let whole = decompress(&code, CODE_BLOB_BOMB_LIMIT).expect("the node runs it");
	assert!(holds(&whole, "/frame-support-"), "panics say in which crate they are");
	let parent = |path: &'static str| text(Path::new(path).parent().expect("it is no root")).to_owned();
	let (checkout, target) = (parent(env!("CARGO_MANIFEST_DIR")), parent(env!("CARGO_TARGET_TMPDIR")));
	let places = ["runtime/", "pallets/"].map(|room| format!("{checkout}/{room}")).into_iter();
	let places =
		places.chain([format!("{target}/debug/"), "/.cargo/".into(), "/registry/src/".into(), "/wbuild/".into()]);
	for place in places {
		assert!(!holds(&whole, &place), "{place} is in the code");
	}
}
