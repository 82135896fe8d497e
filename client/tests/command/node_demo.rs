// SPDX-License-Identifier: Apache-2.0
//! The demonstration on a small folder, against a node.

use crate::{house::House, node::Node};

/// Milliseconds between blocks.
const FAST: u64 = 300;

/// Reasons for refusals that the demonstration must at least show.
const REASONS: u64 = 12;

#[test]
fn the_demonstration_comes_out_as_expected_twice() {
	let node = Node::start(FAST);
	let house = House::empty();
	house.resources(20);
	let demo = |extra: &[&'static str]| {
		let arguments = ["demo", "--examples", "data", "--node", &node.url];
		house.run(arguments.into_iter().chain(extra.iter().copied()))
	};
	let report = demo(&["--json", "--keep", "kept"]).expect(0).json();
	assert_eq!(report["ok"], true, "{report:#}");
	assert!(report["reasons"].as_u64().unwrap() >= REASONS);
	let appended = &report["steps"][0];
	assert_eq!((&appended["good"], &appended["of"]), (&20.into(), &20.into()));
	for forgery in report["forgeries"].as_array().unwrap() {
		assert_eq!(forgery["ok"], true, "{forgery:#}");
	}

	// With the store of the first run it goes on; without it the chain is not a fresh one.
	let again = demo(&["--keep", "kept"]).expect(0);
	assert!(again.out.contains("Everything came out as expected"), "{}", again.out);
	let stale = demo(&[]).expect(2);
	assert!(stale.err.contains("ran on this chain before"), "{}", stale.err);
}
