// SPDX-License-Identifier: Apache-2.0
//! What the declaration of an RPC trait says about its methods.

use schemars::{
	generate::{SchemaGenerator, SchemaSettings},
	JsonSchema, Schema,
};
use serde_json::{Map, Value};

/// A method as its trait declares it.
pub(crate) struct Method {
	/// Domain and name, such as `ehr_anchor`.
	pub name: &'static str,
	/// What it answers, in words.
	pub summary: &'static str,
	/// In their order.
	pub parameters: Vec<Parameter>,
	/// Schema of the answer.
	pub answer: Schema,
}

/// A parameter as its trait declares it.
pub(crate) struct Parameter {
	pub name: &'static str,
	/// Whether the method fails without it.
	pub required: bool,
	pub schema: Schema,
}

/// Collects the schemas that methods refer to. What is taken and what is answered differ: who asks may leave out what has
/// a default, the answer has every member.
pub(crate) struct Schemas {
	taken: SchemaGenerator,
	answered: SchemaGenerator,
}

impl Schemas {
	pub fn new() -> Self {
		// OpenRPC refers to schemas of its own `components`, in the draft that it names.
		let settings =
			|| SchemaSettings::draft07().with(|settings| settings.definitions_path = "/components/schemas".into());
		Self {
			taken: settings().for_deserialize().into_generator(),
			answered: settings().for_serialize().into_generator(),
		}
	}

	pub fn parameter<T: JsonSchema>(&mut self, name: &'static str, kind: &str) -> Parameter {
		Parameter { name, required: !kind.starts_with("Option"), schema: self.taken.subschema_for::<T>() }
	}

	pub fn answer<T: JsonSchema>(&mut self) -> Schema {
		self.answered.subschema_for::<T>()
	}

	/// The schemas by name. A name stands for one form: a type that is taken as well as answered has no defaults, or has a
	/// name for each of the two.
	pub fn finish(mut self) -> Map<String, Value> {
		let mut schemas = self.answered.take_definitions(true);
		for (name, schema) in self.taken.take_definitions(true) {
			let known = schemas.insert(name.clone(), schema.clone());
			assert!(known.is_none_or(|known| known == schema), "{name} is taken in another form than it is answered");
		}
		schemas
	}
}

/// Types of the SDK in schemas, under the names that the traits use.
pub(crate) mod stand_in {
	epidaurus_primitives::text_schema! {
		AccountId32: "Account", "^[1-9A-HJ-NP-Za-km-z]{46,48}$", "An account in SS58.";
		Hash: "BlockHash", "^0x[0-9a-fA-F]{64}$", "The hash of a block.";
	}

	/// An account.
	pub struct AccountId32;

	/// The hash of a block.
	pub struct Hash;
}

/// Declares an RPC trait and, from the same words, `described::methods`: what the document says about its methods.
macro_rules! described {
	($($declaration:tt)*) => {
		$($declaration)*
		$crate::openrpc::method::methods! { $($declaration)* }
	};
}

macro_rules! methods {
	(
		$(#[doc = $_about:literal])+
		#[rpc(client, server, namespace = $domain:literal)]
		pub trait $_trait:ident<Hash> {
			$(
				$(#[doc = $summary:literal])+
				#[method(name = $name:literal, blocking)]
				fn $_function:ident(&self $(, $parameter:ident: $kind:ty)* $(,)?) -> RpcResult<$answer:ty>;
			)+
		}
	) => {
		pub(crate) mod described {
			use super::*;
			// Not every domain speaks of accounts.
			#[allow(unused_imports)]
			use $crate::openrpc::method::{stand_in::{AccountId32, Hash}, Method, Schemas};

			pub(crate) fn methods(schemas: &mut Schemas) -> Vec<Method> {
				vec![$(
					Method {
						name: concat!($domain, "_", $name),
						summary: concat!($($summary),+),
						parameters: vec![$(schemas.parameter::<$kind>(stringify!($parameter), stringify!($kind))),*],
						answer: schemas.answer::<$answer>(),
					}
				),+]
			}
		}
	};
}

pub(crate) use {described, methods};
