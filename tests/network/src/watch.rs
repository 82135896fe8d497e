// SPDX-License-Identifier: Apache-2.0
//! What `make network` shows.

use crate::{interrupted, metrics::Heights, network::Network, plan::Role, Outcome};
use std::{
	fmt::Write as _,
	io::{stdout, IsTerminal, Write},
	time::Duration,
};

/// On a terminal the lines are written anew.
const BLINK: Duration = Duration::from_secs(1);
/// Elsewhere they are added, once for each block.
const PAGE: Duration = Duration::from_secs(6);

/// Where each node listens.
pub fn addresses(network: &Network) -> String {
	let mut text = String::new();
	for node in &network.nodes {
		let plan = &node.plan;
		let role = match plan.role {
			Role::Validator => "validator",
			Role::Collator => "collator",
			Role::FullNode => "full node",
		};
		let _ = writeln!(
			text,
			"{:<10} {role:<10} ws://{}  http://{}/metrics  {}",
			plan.name,
			plan.rpc,
			plan.metrics,
			plan.log.display()
		);
	}
	text
}

/// Shows a line for each node until the launcher is told to end; fails when a node ends by itself.
pub fn watch(network: &mut Network) -> Outcome {
	let terminal = stdout().is_terminal();
	let mut announced = false;
	let mut again = false;
	while !interrupted() {
		let lines = lines(network);
		if !announced {
			announced = announce_first(network);
			again &= !announced;
		}
		if terminal && again {
			// Back to the first of the lines.
			print!("\x1b[{}A", lines.len());
		}
		for line in &lines {
			print!("{line}{}", if terminal { "\x1b[K\n" } else { "\n" });
		}
		let _ = stdout().flush();
		again = true;
		match network.pass(if terminal { BLINK } else { PAGE }) {
			Err(_) if interrupted() => return Ok(()),
			other => other?,
		}
	}
	Ok(())
}

fn lines(network: &Network) -> Vec<String> {
	network.nodes.iter().map(|node| line(&node.plan.name, node.heights())).collect()
}

fn line(name: &str, heights: Option<Heights>) -> String {
	match heights {
		Some(Heights { best, finalised, peers }) => {
			format!("{name:<10} best {best:>6}   finalised {finalised:>6}   peers {peers:>2}")
		},
		None => format!("{name:<10} starting"),
	}
}

/// Says how long it took to the first finalised block of the parachain; tells whether there is one.
fn announce_first(network: &Network) -> bool {
	let mut collators = network.nodes.iter().filter(|node| node.plan.role == Role::Collator);
	let exists = collators.any(|node| node.heights().is_some_and(|heights| heights.finalised > 0));
	if exists {
		println!("first finalised block of the parachain {} s after the start", network.started.elapsed().as_secs());
	}
	exists
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_line_says_how_far_a_node_is() {
		let heights = Heights { best: 12, finalised: 9, peers: 1 };
		assert_eq!(line("athens", Some(heights)), "athens     best     12   finalised      9   peers  1");
		assert_eq!(line("bob", None), "bob        starting");
	}
}
