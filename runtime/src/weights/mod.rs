// SPDX-License-Identifier: Apache-2.0
//! Weights of the SDK's pallets. Ours carry theirs with them.
//!
//! The SDK's own measurements, on its reference hardware, stand here until `make bench-weights` has measured this runtime.

use crate::Runtime;

/// `cumulus-pallet-parachain-system`
pub type ParachainSystem = cumulus_pallet_parachain_system::weights::SubstrateWeight<Runtime>;
/// `frame-system`, calls
pub type System = frame_system::weights::SubstrateWeight<Runtime>;
/// `frame-system`, transaction extensions
pub type SystemExtensions = frame_system::SubstrateExtensionsWeight<Runtime>;
/// `pallet-balances`
pub type Balances = pallet_balances::weights::SubstrateWeight<Runtime>;
/// `pallet-collator-selection`
pub type CollatorSelection = pallet_collator_selection::weights::SubstrateWeight<Runtime>;
/// `pallet-collective`
pub type Collective = pallet_collective::weights::SubstrateWeight<Runtime>;
/// `pallet-multisig`
pub type Multisig = pallet_multisig::weights::SubstrateWeight<Runtime>;
/// `pallet-preimage`
pub type Preimage = pallet_preimage::weights::SubstrateWeight<Runtime>;
/// `pallet-proxy`
pub type Proxy = pallet_proxy::weights::SubstrateWeight<Runtime>;
/// `pallet-scheduler`
pub type Scheduler = pallet_scheduler::weights::SubstrateWeight<Runtime>;
/// `pallet-session`
pub type Session = pallet_session::weights::SubstrateWeight<Runtime>;
/// `pallet-timestamp`
pub type Timestamp = pallet_timestamp::weights::SubstrateWeight<Runtime>;
/// `pallet-transaction-payment`
pub type TransactionPayment = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
/// `pallet-utility`
pub type Utility = pallet_utility::weights::SubstrateWeight<Runtime>;
/// `cumulus-pallet-weight-reclaim`; the crate keeps its measured type to itself.
pub type WeightReclaim = ();
