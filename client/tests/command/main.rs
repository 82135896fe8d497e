// SPDX-License-Identifier: Apache-2.0
//! The command `epid` from outside. Modules whose name begins with `node_` start the node that stands beside it.

mod ask;
mod cli;
mod house;
mod keeping;
mod light;
mod node;
mod node_demo;
mod node_faults;
mod node_flows;
mod node_light;
mod node_subject;
mod redaction;
mod rekey;
mod status;
mod subject;
mod vendor;
