// SPDX-License-Identifier: Apache-2.0

//! What the static suites leave out: `meta` and narrative, which servers rewrite without touching what a record says.

use super::tree::{member, Member, Value};

/// In which resources a suite leaves something out, seen from one value of the tree.
#[derive(Clone, Copy)]
pub(super) enum Reach {
	/// In none.
	Nowhere,
	/// In this value, which is a resource.
	Here,
	/// In this value, if it is a resource, and in every resource within it.
	Everywhere,
}

impl Reach {
	/// The reach seen from the values within this one.
	pub fn below(self) -> Self {
		match self {
			Self::Nowhere | Self::Here => Self::Nowhere,
			Self::Everywhere => Self::Everywhere,
		}
	}

	/// Whether something is left out of an object with these members.
	pub fn strips(self, members: &[Member<'_>]) -> bool {
		match self {
			Self::Nowhere => false,
			Self::Here => true,
			Self::Everywhere => is_resource(members),
		}
	}
}

/// A resource is an object whose member `resourceType` is a string, wherever it stands.
fn is_resource(members: &[Member<'_>]) -> bool {
	matches!(member(members, "resourceType"), Some(Member { value: Value::String(_), .. }))
}

/// Whether this member of a resource is left out: `meta` and `text` where they are objects. Some elements that are not
/// resources have a `text` that is a string and says something; in a resource such a `text` is kept as well.
pub(super) fn is_left_out(member: &Member<'_>) -> bool {
	matches!(member.value, Value::Object(_)) && matches!(member.name.as_str(), "meta" | "text")
}
