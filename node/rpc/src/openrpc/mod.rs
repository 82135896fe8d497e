// SPDX-License-Identifier: Apache-2.0
//! The OpenRPC document that `rpc.discover` answers: which methods there are, what they take and answer, and what can go
//! wrong. Made from the traits and types that serve the methods, so that it cannot say anything else than they do.
//!
//! A trait inside [`described!`] is in the document once its `described::methods` stands in [`DOMAINS`]; each of its
//! methods needs one entry in `examples.json`.

mod document;
pub(crate) mod method;

pub use document::document;
pub(crate) use method::described;

use jsonrpsee::{
	core::{RegisterMethodError, RpcResult},
	RpcModule,
};
use method::{Method, Schemas};

/// The methods of every domain.
const DOMAINS: [fn(&mut Schemas) -> Vec<Method>; 3] =
	[crate::registry::described::methods, crate::subjects::described::methods, crate::ehr::described::methods];

/// Adds `rpc.discover`, under the name that OpenRPC reserves for it.
pub(crate) fn register(module: &mut RpcModule<()>) -> Result<(), RegisterMethodError> {
	let document = document();
	module.register_method("rpc.discover", move |_, _, _| RpcResult::Ok(document.clone()))?;
	Ok(())
}

#[cfg(test)]
mod tests;
