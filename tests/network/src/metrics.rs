// SPDX-License-Identifier: Apache-2.0
//! What a node says to Prometheus.

/// How far a node is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heights {
	/// Best block.
	pub best: u64,
	/// Finalised block.
	pub finalised: u64,
	/// Nodes of the same chain that it is connected to.
	pub peers: u64,
}

impl Heights {
	/// From the exporter's page; a node that is starting has not all of them yet.
	pub fn parse(page: &str) -> Option<Self> {
		let height = |status| count(page, "substrate_block_height", &[("status", status)]);
		Some(Self {
			best: height("best")?,
			finalised: height("finalized")?,
			peers: count(page, "substrate_sync_peers", &[]).unwrap_or(0),
		})
	}
}

/// Whether a validator executes no candidate of a parachain; one that has not executed any yet says nothing of it.
pub fn validates_nothing(page: &str) -> bool {
	let count = |name| count(page, name, &[]).unwrap_or(0);
	count("polkadot_pvf_execute_enqueued") == count("polkadot_pvf_execute_finished")
}

/// The first sample called `name` that has all `labels`, if it is a count.
pub fn count(page: &str, name: &str, labels: &[(&str, &str)]) -> Option<u64> {
	page.lines().find_map(|line| {
		let rest = line.strip_prefix(name)?;
		let (found, number) = match rest.strip_prefix('{') {
			// A label's text may hold spaces and braces; what follows the last brace is the number.
			Some(rest) => rest.rsplit_once('}')?,
			None => ("", rest.starts_with(' ').then_some(rest)?),
		};
		let has = |(key, value): &(&str, &str)| {
			let label = format!("{key}=\"{value}\"");
			found.split(',').any(|one| one == label)
		};
		if !labels.iter().all(has) {
			return None;
		}
		number.split_whitespace().next()?.parse().ok()
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	const PAGE: &str = r#"# HELP substrate_block_height Block height info of the chain
# TYPE substrate_block_height gauge
substrate_block_height{status="best",chain="epidaurus_local"} 17
substrate_block_height{status="finalized",chain="epidaurus_local"} 14
substrate_block_height{status="sync_target",chain="epidaurus_local"} 18
substrate_sync_peers{chain="epidaurus_local"} 3
substrate_sync_peers_other 5
process_start_time_seconds 1795167000
some_seconds_sum{chain="a {b} c"} 0.25
"#;

	#[test]
	fn heights_of_a_page_are_read() {
		assert_eq!(Heights::parse(PAGE), Some(Heights { best: 17, finalised: 14, peers: 3 }));
	}

	#[test]
	fn heights_of_a_node_that_is_starting_are_unknown() {
		assert_eq!(Heights::parse(""), None);
		assert_eq!(Heights::parse(&PAGE.replace("finalized", "other")), None);
		assert_eq!(Heights::parse(&PAGE.replace("substrate_sync_peers{", "x{")).map(|heights| heights.peers), Some(0));
	}

	#[test]
	fn a_validator_that_executes_is_told_from_an_idle_one() {
		let page = |enqueued: &str, finished: &str| {
			format!(
				"polkadot_pvf_execute_enqueued{{chain=\"rococo\"}} {enqueued}\n\
				polkadot_pvf_execute_finished{{chain=\"rococo\"}} {finished}\n"
			)
		};
		assert!(validates_nothing(""));
		assert!(validates_nothing(&page("7", "7")));
		assert!(!validates_nothing(&page("8", "7")));
	}

	#[test]
	fn count_tells_names_and_labels_apart() {
		assert_eq!(count(PAGE, "substrate_sync_peers", &[]), Some(3));
		assert_eq!(count(PAGE, "substrate_sync", &[]), None);
		assert_eq!(count(PAGE, "process_start_time_seconds", &[]), Some(1_795_167_000));
		assert_eq!(count(PAGE, "process_start_time_seconds", &[("chain", "x")]), None);
		assert_eq!(count(PAGE, "substrate_block_height", &[("status", "sync_target")]), Some(18));
		assert_eq!(count(PAGE, "substrate_block_height", &[("status", "bes")]), None);
		assert_eq!(count(PAGE, "some_seconds_sum", &[]), None, "a quarter is no count");
	}
}
