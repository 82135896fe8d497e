// SPDX-License-Identifier: Apache-2.0
//! Why an input cannot be used.

use super::LabelsUnreadable;
use crate::fhir::FhirError;
use std::{io, path::PathBuf};

/// An input that cannot be used. Names the file and the place, never the content.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
	/// The file could not be read.
	#[error("{}: {source}", path.display())]
	Io {
		/// Which file.
		path: PathBuf,
		/// What the system said.
		source: io::Error,
	},
	/// The file has no canonical form under the FHIR suite asked for.
	#[error("{}: {source}", path.display())]
	Fhir {
		/// Which file.
		path: PathBuf,
		/// What is wrong, and where.
		source: FhirError,
	},
	/// The `resourceType` of the file is not the name of a class.
	#[error("{}: the resourceType is not one to 64 ASCII letters", path.display())]
	Class {
		/// Which file.
		path: PathBuf,
	},
	/// The security labels of the file cannot be read, and a record without them would be less protected than it should be.
	#[error("{}: {source}", path.display())]
	Labels {
		/// Which file.
		path: PathBuf,
		/// What is wrong.
		source: LabelsUnreadable,
	},
	/// The file had another length at its end than at its start.
	#[error("{}: the file changed while it was read", path.display())]
	Changed {
		/// Which file.
		path: PathBuf,
	},
	/// The file is not of the JSON form that it should have: a bundle, a head.
	#[error("{}: line {line}, column {column}: not {what}: {problem}", path.display())]
	Form {
		/// Which file.
		path: PathBuf,
		/// What it should be.
		what: &'static str,
		/// Line, from 1; 0 if the file as a whole is meant.
		line: usize,
		/// Column, from 1; 0 if the file as a whole is meant.
		column: usize,
		/// What is wrong.
		problem: String,
	},
	/// The file is neither a regular file nor a folder.
	#[error("{}: not a file", path.display())]
	NotAFile {
		/// Which file.
		path: PathBuf,
	},
}

impl InputError {
	/// The stable name of the kind of problem.
	pub fn name(&self) -> &'static str {
		match self {
			Self::Io { .. } => "unreadable",
			Self::Fhir { source, .. } => fhir_name(source),
			Self::Class { .. } => "bad-class",
			Self::Labels { .. } => "bad-labels",
			Self::Changed { .. } => "changed-while-read",
			Self::Form { .. } => "bad-form",
			Self::NotAFile { .. } => "not-a-file",
		}
	}

	/// Line and column of the problem, from 1, where there is such a place.
	pub fn place(&self) -> Option<(usize, usize)> {
		match self {
			Self::Fhir { source, .. } => source.position().map(|place| (place.line, place.column)),
			Self::Form { line, column, .. } if *line > 0 => Some((*line, *column)),
			_ => None,
		}
	}

	/// The file in question.
	pub fn path(&self) -> &std::path::Path {
		match self {
			Self::Io { path, .. }
			| Self::Fhir { path, .. }
			| Self::Class { path }
			| Self::Labels { path, .. }
			| Self::Changed { path }
			| Self::Form { path, .. }
			| Self::NotAFile { path } => path,
		}
	}
}

/// The stable name of a refusal of the canonicaliser.
pub fn fhir_name(error: &FhirError) -> &'static str {
	match error {
		FhirError::InputTooLarge => "input-too-large",
		FhirError::InvalidUtf8(_) => "invalid-utf8",
		FhirError::ByteOrderMark(_) => "byte-order-mark",
		FhirError::UnexpectedEnd(_) => "unexpected-end",
		FhirError::UnexpectedCharacter(_) => "unexpected-character",
		FhirError::TrailingComma(_) => "trailing-comma",
		FhirError::TrailingBytes(_) => "trailing-bytes",
		FhirError::BadNumber(_) => "bad-number",
		FhirError::BadEscape(_) => "bad-escape",
		FhirError::LoneSurrogate(_) => "lone-surrogate",
		FhirError::ControlCharacter(_) => "control-character",
		FhirError::DuplicateMember(_) => "duplicate-member",
		FhirError::TooDeep(_) => "too-deep",
		FhirError::NotAnObject(_) => "not-an-object",
		FhirError::ResourceTypeMissing(_) => "resource-type-missing",
		FhirError::ResourceTypeNotString(_) => "resource-type-not-string",
		FhirError::ResourceTypeEmpty(_) => "resource-type-empty",
	}
}
