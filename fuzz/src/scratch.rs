// SPDX-License-Identifier: Apache-2.0
//! A file for what is only read from files.

use std::path::PathBuf;

/// A file with this content, the same one each time in this process.
pub fn file(content: &[u8]) -> PathBuf {
	let path = std::env::temp_dir().join(format!("epidaurus-fuzz-{}", std::process::id()));
	std::fs::write(&path, content).expect("the folder for temporary files can be written");
	path
}
