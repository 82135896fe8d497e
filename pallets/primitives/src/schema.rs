// SPDX-License-Identifier: Apache-2.0
//! JSON Schemas of what JSON writes as text. Everything else derives its schema from its declaration.

use crate::{
	gln::Gln, hash::ResourceClass, jurisdiction::Jurisdiction, moment::Moment, proof::HexBytes, registry::Roles,
	views::Cursor,
};
use alloc::{borrow::Cow, format, string::String, vec::Vec};
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};

/// A 64-bit count as JSON writes it.
pub struct Decimal;

/// A hash of 32 bytes as JSON writes it.
pub struct HashText;

/// The pattern of so many bytes in hexadecimal.
pub fn hexadecimal(bytes: usize) -> String {
	format!("^0x[0-9a-fA-F]{{{}}}$", bytes.saturating_mul(2))
}

/// Gives types that JSON writes as text their schema: name, pattern, description.
#[macro_export]
macro_rules! text_schema {
	($($name:ty: $title:literal, $pattern:expr, $description:literal;)+) => {
		$(
			impl schemars::JsonSchema for $name {
				fn schema_name() -> std::borrow::Cow<'static, str> {
					$title.into()
				}

				fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
					schemars::json_schema!({ "type": "string", "pattern": $pattern, "description": $description })
				}
			}
		)+
	};
}

text_schema! {
	Decimal: "Decimal", "^[0-9]{1,20}$", "A 64-bit count as decimal digits: JSON numbers lose digits above 2^53.";
	HashText: "Hash", hexadecimal(32), "Hash of a leaf, a node or a whole tree.";
	Cursor: "Cursor", "^0x([0-9a-fA-F]{2})*$", "Where the next page begins: opaque bytes that the previous page gave.";
	HexBytes: "HexBytes", "^0x([0-9a-fA-F]{2})*$", "Bytes of any number.";
	Gln: "Gln", "^[0-9]{13}$", "GS1 Global Location Number; the last digit checks the others.";
	Jurisdiction: "Jurisdiction", "^[A-Z]{2}(-[A-Z0-9]{1,3})?$", "An ISO 3166-1 country, or an ISO 3166-2 subdivision of one.";
	ResourceClass: "ResourceClass", "^[A-Za-z]{1,64}$", "FHIR resource type, or another class name for raw content.";
}

impl JsonSchema for Moment {
	fn schema_name() -> Cow<'static, str> {
		"Moment".into()
	}

	fn json_schema(_: &mut SchemaGenerator) -> Schema {
		json_schema!({
			"type": "string",
			"format": "date-time",
			"description": "A moment in ISO 8601 with an offset, to the millisecond, from 1970 on.",
		})
	}
}

impl JsonSchema for Roles {
	fn schema_name() -> Cow<'static, str> {
		"Roles".into()
	}

	fn json_schema(_: &mut SchemaGenerator) -> Schema {
		let names: Vec<_> = Self(u16::MAX).names().collect();
		json_schema!({
			"type": "array",
			"items": { "type": "string", "enum": names },
			"uniqueItems": true,
			"description": "The roles of a member.",
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{ids::RecordId, views::AnchorView};

	#[test]
	fn hexadecimal_counts_two_digits_for_each_byte() {
		assert_eq!(hexadecimal(16), "^0x[0-9a-fA-F]{32}$");
		let schema = schemars::schema_for!(RecordId);
		assert_eq!(schema.get("type").unwrap(), "string");
		assert_eq!(schema.get("pattern").unwrap(), &hexadecimal(16));
	}

	#[test]
	fn views_are_described_by_their_json_names() {
		let schema = schemars::schema_for!(AnchorView);
		let properties = schema.get("properties").unwrap().as_object().unwrap();
		let mut names: Vec<_> = properties.keys().map(String::as_str).collect();
		names.sort();
		assert_eq!(names, ["custodian", "record", "since", "standing", "version"]);
	}

	#[test]
	fn every_role_has_its_name_in_the_schema() {
		let schema = schemars::schema_for!(Roles);
		let names = schema.pointer("/items/enum").unwrap().as_array().unwrap();
		assert_eq!(names.len(), 13);
		assert!(names.iter().all(|name| Roles::by_name(name.as_str().unwrap()).is_some()));
	}
}
