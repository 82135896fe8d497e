// SPDX-License-Identifier: Apache-2.0
//! Which elements a redacted copy keeps.

use crate::{fhir::Elements, Error};
use epidaurus_primitives::elements::{Pointer, Step};
use std::collections::HashMap;

/// Which parts of a record a redacted copy keeps, as JSON pointers (RFC 6901). A pointer stands for the element there, or
/// for all elements below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
	/// These, and the type of each resource of which something is kept.
	Keep(Vec<String>),
	/// All but these.
	Withhold(Vec<String>),
}

impl Selection {
	/// For each element, whether the copy keeps it. The type of the record itself is always kept: the header names it.
	///
	/// # Errors
	/// `Usage` if one of the pointers is no pointer or leads to no element, or if the record's type would be withheld.
	pub fn keep(&self, elements: &Elements) -> Result<Vec<bool>, Error> {
		let pointers: Vec<_> = elements.iter().map(|element| element.pointer()).collect();
		match self {
			Self::Keep(wanted) => {
				let mut keep = selected(&pointers, wanted)?;
				keep_types(elements, &pointers, &mut keep);
				Ok(keep)
			},
			Self::Withhold(unwanted) => {
				let keep: Vec<_> = selected(&pointers, unwanted)?.into_iter().map(|withhold| !withhold).collect();
				let is_type = |pointer: &Pointer| matches!(pointer.0.as_slice(), [step] if step.is_written(TYPE));
				if pointers.iter().zip(&keep).any(|(pointer, keep)| is_type(pointer) && !keep) {
					return Err(Error::Usage(
						"the record's resourceType cannot be withheld: the header names it".into(),
					));
				}
				Ok(keep)
			},
		}
	}
}

const TYPE: &str = "resourceType";

/// For each pointer, whether it is one of these or lies below one of them.
fn selected(pointers: &[Pointer], texts: &[String]) -> Result<Vec<bool>, Error> {
	let mut selected = vec![false; pointers.len()];
	for text in texts {
		let Some(tokens) = Pointer::tokens(text) else {
			return Err(Error::Usage(format!("`{text}` is not a JSON pointer, such as /name/0/family")));
		};
		let begins = |pointer: &Pointer| {
			let steps = pointer.0.iter().zip(&tokens);
			pointer.0.len() >= tokens.len() && steps.into_iter().all(|(step, token)| step.is_written(token))
		};
		let mut leads_somewhere = false;
		for (selected, pointer) in selected.iter_mut().zip(pointers) {
			if begins(pointer) {
				*selected = true;
				leads_somewhere = true;
			}
		}
		if !leads_somewhere {
			return Err(Error::Usage(format!(
				"the record has no element at `{text}` (`meta` and narrative are no elements and in no redacted copy)"
			)));
		}
	}
	Ok(selected)
}

/// Keeps the type of each resource of which something is kept, and that of the record.
fn keep_types(elements: &Elements, pointers: &[Pointer], keep: &mut [bool]) {
	let mut types: HashMap<&[Step], usize> = HashMap::new();
	for (index, (pointer, element)) in pointers.iter().zip(elements.iter()).enumerate() {
		if let Some((last, resource)) = pointer.0.split_last() {
			if last.is_written(TYPE) && element.value().starts_with(b"\"") {
				types.insert(resource, index);
			}
		}
	}
	let mut wanted: Vec<_> = types.get([].as_slice()).copied().into_iter().collect();
	for (pointer, _) in pointers.iter().zip(keep.iter()).filter(|(_, keep)| **keep) {
		let above = (0..pointer.0.len()).filter_map(|length| pointer.0.get(..length));
		wanted.extend(above.filter_map(|resource| types.get(resource).copied()));
	}
	for index in wanted {
		if let Some(keep) = keep.get_mut(index) {
			*keep = true;
		}
	}
}
