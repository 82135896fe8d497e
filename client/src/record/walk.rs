// SPDX-License-Identifier: Apache-2.0
//! Which files a path stands for.

use super::InputError;
use epidaurus_primitives::hash::HashSuite;
use std::{
	io,
	path::{Path, PathBuf},
};
use walkdir::{DirEntry, WalkDir};

/// The files below the paths, in the order of their names. A file that is named itself is always taken. In folders,
/// files and folders whose name begins with a dot are passed over, links are not followed, and under a FHIR suite only
/// `*.json` is taken, without `package.json`, which in a FHIR package describes the package, and without `*.epid.json`,
/// which are bundles of ours.
pub fn files(paths: &[PathBuf], suite: HashSuite) -> impl Iterator<Item = Result<PathBuf, InputError>> + '_ {
	paths.iter().flat_map(move |path| {
		WalkDir::new(path)
			.sort_by_file_name()
			.into_iter()
			.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry))
			.filter_map(move |entry| taken(entry, path, suite))
	})
}

fn is_hidden(entry: &DirEntry) -> bool {
	entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn taken(
	entry: Result<DirEntry, walkdir::Error>,
	root: &Path,
	suite: HashSuite,
) -> Option<Result<PathBuf, InputError>> {
	let entry = match entry {
		Ok(entry) => entry,
		Err(error) => {
			let path = error.path().unwrap_or(root).to_path_buf();
			// What the system said; the error itself would name the path a second time.
			let source = error.into_io_error().unwrap_or_else(|| io::Error::other("it leads back into itself"));
			return Some(Err(InputError::Io { path, source }));
		},
	};
	if entry.depth() == 0 {
		// The system resolves a link that is named itself.
		let path = entry.into_path();
		return match path.metadata() {
			Ok(metadata) if metadata.is_dir() => None,
			Ok(metadata) if metadata.is_file() => Some(Ok(path)),
			Ok(_) => Some(Err(InputError::NotAFile { path })),
			Err(source) => Some(Err(InputError::Io { path, source })),
		};
	}
	let wanted = entry.file_type().is_file() && (suite == HashSuite::Raw || is_resource(entry.path()));
	wanted.then(|| Ok(entry.into_path()))
}

fn is_resource(path: &Path) -> bool {
	let name = path.file_name().unwrap_or_default().as_encoded_bytes();
	name.ends_with(b".json") && name != b"package.json" && !name.ends_with(b".epid.json")
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::fs;

	fn names(paths: &[PathBuf], suite: HashSuite) -> Vec<String> {
		let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
		files(paths, suite).map(|file| name(file.unwrap())).collect()
	}

	fn folder() -> tempfile::TempDir {
		let folder = tempfile::tempdir().unwrap();
		fs::create_dir_all(folder.path().join("inner/.hidden")).unwrap();
		for name in
			["b.json", "a.json", "scan.dcm", "package.json", ".index.json", "inner/c.json", "inner/.hidden/d.json"]
		{
			fs::write(folder.path().join(name), name).unwrap();
		}
		folder
	}

	#[test]
	fn a_folder_gives_its_resources_in_order() {
		let folder = folder();
		let paths = [folder.path().to_path_buf()];
		assert_eq!(names(&paths, HashSuite::FhirStaticRecursive), ["a.json", "b.json", "c.json"]);
		assert_eq!(names(&paths, HashSuite::Raw), ["a.json", "b.json", "c.json", "package.json", "scan.dcm"]);
	}

	#[test]
	fn bundles_in_a_folder_are_no_records() {
		let folder = folder();
		let bundle = folder.path().join("a.json.epid.json");
		fs::write(&bundle, "a bundle").unwrap();
		let paths = [folder.path().to_path_buf()];
		assert_eq!(names(&paths, HashSuite::FhirElements), ["a.json", "b.json", "c.json"]);
		assert_eq!(names(&[bundle], HashSuite::FhirElements), ["a.json.epid.json"]);
	}

	#[test]
	fn a_file_that_is_named_is_always_taken() {
		let folder = folder();
		let paths = ["scan.dcm", "package.json", ".index.json"].map(|name| folder.path().join(name));
		assert_eq!(names(&paths, HashSuite::FhirStaticRoot), ["scan.dcm", "package.json", ".index.json"]);
	}

	#[test]
	fn a_missing_path_is_told() {
		let missing = [PathBuf::from("no-such-folder/x.json")];
		let found = files(&missing, HashSuite::Raw).collect::<Vec<_>>();
		let [Err(error @ InputError::Io { path, .. })] = found.as_slice() else { panic!("{found:?}") };
		assert_eq!(*path, missing[0]);
		assert_eq!(error.to_string().matches("no-such-folder").count(), 1, "{error}");
	}

	#[cfg(unix)]
	#[test]
	fn links_in_folders_are_not_followed_but_named_ones_are() {
		let folder = folder();
		let outside = tempfile::tempdir().unwrap();
		fs::write(outside.path().join("z.json"), "z").unwrap();
		std::os::unix::fs::symlink(outside.path(), folder.path().join("link")).unwrap();
		assert!(!names(&[folder.path().to_path_buf()], HashSuite::Raw).contains(&"z.json".to_owned()));
		assert_eq!(names(&[folder.path().join("link")], HashSuite::Raw), ["z.json"]);
	}
}
