// SPDX-License-Identifier: Apache-2.0
//! Bundles and trusted statements, as files that somebody hands over: read, written again, checked against each other.
#![no_main]

use epidaurus_fuzz::{
	bundle::{json, Bundle, Evidence, Trusted},
	scratch,
};
use epidaurus_primitives::{
	hash::{NativeBlake2b256, NativeSha256},
	verify::{verify_anchor, verify_log},
};

// A bundle and a statement, with a line of three hyphens between them; without one the same bytes are both.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
	const BETWEEN: &[u8] = b"\n---\n";
	let place = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN);
	let (bundle, statement) = match place {
		Some(place) => (&bytes[..place], &bytes[place + BETWEEN.len()..]),
		None => (bytes, bytes),
	};
	let bundle = read_bundle(bundle);
	let statement = read_statement(statement);
	if let (Some(bundle), Some(statement)) = (bundle, statement) {
		check(&bundle, &statement);
	}
});

fn read_bundle(bytes: &[u8]) -> Option<Bundle> {
	let bundle = Bundle::read(&scratch::file(bytes)).map_err(|error| error.to_string()).ok()?;
	let written = bundle.to_json();
	let again = Bundle::read(&scratch::file(written.as_bytes())).expect("what was written can be read");
	assert!(again == bundle && again.to_json() == written);
	Some(bundle)
}

fn read_statement(bytes: &[u8]) -> Option<Trusted> {
	let statement = Trusted::read(&scratch::file(bytes)).map_err(|error| error.to_string()).ok()?;
	let written = match &statement {
		Trusted::Log(head) => json(head),
		Trusted::Anchor(anchor) => json(anchor),
	};
	let again = Trusted::read(&scratch::file(written.as_bytes())).expect("what was written can be read");
	assert!(again == statement);
	Some(statement)
}

fn check(bundle: &Bundle, statement: &Trusted) {
	match (&bundle.evidence, statement) {
		(Evidence::Log { kind, proof }, Trusted::Log(trusted)) => {
			let renewals = trusted.renewed.as_ref().map_or(&[][..], |renewed| renewed.renewals.as_slice());
			let state = (&trusted.head, renewals);
			let (network, opening) = (&trusted.network_id, &bundle.opening);
			let result = verify_log::<NativeSha256, NativeBlake2b256>(network, *kind, state, opening, proof);
			assert!(result.is_err() || proof.head == trusted.head);
		},
		(Evidence::Anchor { .. }, Trusted::Anchor(trusted)) => {
			for version in &trusted.versions {
				let anchored = (version.suite, &version.commitment);
				let _ = verify_anchor::<NativeSha256>(&trusted.network_id, anchored, &bundle.opening);
			}
		},
		_ => (),
	}
}
