// SPDX-License-Identifier: Apache-2.0
//! Calls as they enter a transaction.

use subxt::{
	ext::{
		scale_encode::{EncodeAsFields, Error as EncodeError, FieldIter},
		scale_type_resolver::TypeResolver,
	},
	transactions::Payload,
};

/// A call by its name, whose arguments are SCALE already: any call, whether or not there is a [`Call`](super::Call) for it.
/// That the chain has it in this form is not checked.
#[derive(Clone, Debug)]
pub struct Encoded {
	pallet: &'static str,
	call: &'static str,
	arguments: Arguments,
}

/// Arguments in SCALE, one after the other.
#[derive(Clone, Debug)]
pub struct Arguments(Vec<u8>);

impl Encoded {
	/// The call of this pallet and name, with the SCALE of its arguments in their order.
	pub const fn new(pallet: &'static str, call: &'static str, arguments: Vec<u8>) -> Self {
		Self { pallet, call, arguments: Arguments(arguments) }
	}
}

impl EncodeAsFields for Arguments {
	fn encode_as_fields_to<R: TypeResolver>(
		&self,
		_: &mut dyn FieldIter<'_, R::TypeId>,
		_: &R,
		out: &mut Vec<u8>,
	) -> Result<(), EncodeError> {
		out.extend_from_slice(&self.0);
		Ok(())
	}
}

impl Payload for Encoded {
	type CallData = Arguments;

	fn pallet_name(&self) -> &str {
		self.pallet
	}

	fn call_name(&self) -> &str {
		self.call
	}

	fn call_data(&self) -> &Arguments {
		&self.arguments
	}
}
