// SPDX-License-Identifier: Apache-2.0
//! Weights of the SDK's pallets on this runtime, measured by `make bench-weights`. Ours carry theirs with them.

use crate::Runtime;

mod cumulus_pallet_weight_reclaim;
mod frame_system;
mod frame_system_extensions;
mod pallet_balances;
mod pallet_multisig;
mod pallet_preimage;
mod pallet_proxy;
mod pallet_scheduler;
mod pallet_session;
mod pallet_timestamp;
mod pallet_transaction_payment;
mod pallet_utility;

/// `frame-system`, calls
pub type System = frame_system::WeightInfo<Runtime>;
/// `frame-system`, transaction extensions
pub type SystemExtensions = frame_system_extensions::WeightInfo<Runtime>;
/// `pallet-balances`
pub type Balances = pallet_balances::WeightInfo<Runtime>;
/// `pallet-collator-selection`, as the SDK measured it: its benchmarks, with a hundred candidates, run for hours here
pub type CollatorSelection = ::pallet_collator_selection::weights::SubstrateWeight<Runtime>;
/// `pallet-collective`, as the SDK measured it: its benchmarks set members by a call and take silence for yes, and neither is
/// so here
pub type Collective = ::pallet_collective::weights::SubstrateWeight<Runtime>;
/// `pallet-multisig`
pub type Multisig = pallet_multisig::WeightInfo<Runtime>;
/// `cumulus-pallet-parachain-system`, as the SDK measured it: the benchmark wants a queue for messages of the relay chain,
/// and there is none
pub type ParachainSystem = ::cumulus_pallet_parachain_system::weights::SubstrateWeight<Runtime>;
/// `pallet-preimage`
pub type Preimage = pallet_preimage::WeightInfo<Runtime>;
/// `pallet-proxy`
pub type Proxy = pallet_proxy::WeightInfo<Runtime>;
/// `pallet-scheduler`
pub type Scheduler = pallet_scheduler::WeightInfo<Runtime>;
/// `pallet-session`
pub type Session = pallet_session::WeightInfo<Runtime>;
/// `pallet-timestamp`
pub type Timestamp = pallet_timestamp::WeightInfo<Runtime>;
/// `pallet-transaction-payment`
pub type TransactionPayment = pallet_transaction_payment::WeightInfo<Runtime>;
/// `pallet-utility`
pub type Utility = pallet_utility::WeightInfo<Runtime>;
/// `cumulus-pallet-weight-reclaim`
pub type WeightReclaim = cumulus_pallet_weight_reclaim::WeightInfo<Runtime>;
