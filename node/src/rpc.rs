// SPDX-License-Identifier: GPL-3.0-only
//! The RPC methods of this node beyond those that every service has.

use crate::service::{Client, Pool};
use epidaurus_runtime::opaque::Block;
use jsonrpsee::{core::RegisterMethodError, RpcModule};
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use std::sync::Arc;
use substrate_frame_rpc_system::{System, SystemApiServer};

/// Nonces and dry runs, fees, and our own domains.
pub fn create(client: Arc<Client>, pool: Arc<Pool>) -> Result<RpcModule<()>, RegisterMethodError> {
	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	epidaurus_rpc::extend::<Block, _>(&mut module, client)?;
	Ok(module)
}
