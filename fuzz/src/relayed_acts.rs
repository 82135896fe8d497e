// SPDX-License-Identifier: Apache-2.0
//! What subjects sign so that others submit it: bytes mean one act on one chain or none, and marked as wallets mark raw
//! bytes they mean none; no two acts are told in the same words.

use crate::{
	acts::{in_how_long, Act, ActFile, Understood},
	scratch,
	source::Source,
};
use epidaurus_primitives::{
	ids::SubjectId,
	moment::Moment,
	relay::{wrapped, RelayedAct, TAG},
};

/// Checks the bytes as a payload, and as the parts of two.
pub fn check(bytes: &[u8]) {
	check_payload(bytes);
	// With the tag before them, so that they come further.
	check_payload(&[&TAG, bytes].concat());
	let mut source = Source(bytes);
	let (one, other) = (Parts::draw(&mut source), Parts::draw(&mut source));
	let alike = source.byte().is_multiple_of(2);
	let call = source.0;
	let (one, other) = (one.with(call), other.with(if alike { call } else { &[] }));
	assert_eq!(one.1.payload(&one.0) == other.1.payload(&other.0), one == other, "a payload means one act");
	check_payload(&one.1.payload(&one.0));
	check_words(bytes);
	check_file(bytes);
}

/// Bytes as the calls of two acts, of which one may be changed in one place.
fn check_words(bytes: &[u8]) {
	let mut source = Source(bytes);
	let (one, other) = (Parts::draw(&mut source), Parts::draw(&mut source));
	let at = source.below(source.0.len().max(1));
	let mut changed = source.0.to_vec();
	// Drawing the place may have taken the last bytes: then nothing is changed.
	changed.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (at % 8));
	let told = |(genesis, act): &([u8; 32], RelayedAct<'_>)| {
		let understood = Understood::read(&act.payload(genesis)).ok()?;
		assert_eq!(
			(understood.payload(), understood.act.call().as_slice()),
			(act.payload(genesis).as_slice(), act.call)
		);
		let again = Understood::new(*genesis, act.subject, act.nonce, act.expires_at, understood.act);
		assert_eq!(again, understood);
		Some(understood.words())
	};
	let (one, other) = (one.with(source.0), other.with(&changed));
	if let (Some(told), Some(other_told)) = (told(&one), told(&other)) {
		assert_eq!(told == other_told, one == other, "other words for another act");
	}
	assert!(Act::of_call(bytes).is_none_or(|act| act.call() == bytes && !act.name().is_empty()));
	let _ = in_how_long(one.1.expires_at, other.1.expires_at);
}

/// A file in which an act travels.
fn check_file(bytes: &[u8]) {
	let Ok(file) = ActFile::read(&scratch::file(bytes)).map_err(|error| error.to_string()) else { return };
	let Ok(understood) = file.understood().map_err(|refused| refused.to_string()) else { return };
	assert_eq!(ActFile::new(&understood, file.network_id, None).understood().ok(), Some(understood));
}

fn check_payload(payload: &[u8]) {
	let Some((genesis, act)) = RelayedAct::parse(payload) else {
		assert!(!payload.starts_with(&TAG) || payload.len() < TAG.len() + 32 + 32 + 8 + 8);
		return;
	};
	assert_eq!(act.payload(&genesis), payload, "an act has one payload");
	assert_eq!(RelayedAct::parse(&wrapped(payload)), None);
}

/// All but the call.
struct Parts {
	genesis: [u8; 32],
	subject: SubjectId,
	nonce: u64,
	expires_at: Moment,
}

impl Parts {
	/// Few choices for each, so that two are often alike.
	fn draw(source: &mut Source<'_>) -> Self {
		let mut few = || source.byte() % 4;
		let (genesis, subject) = ([few(); 32], SubjectId([few(); 32]));
		Self { genesis, subject, nonce: few().into(), expires_at: Moment(few().into()) }
	}

	fn with(self, call: &[u8]) -> ([u8; 32], RelayedAct<'_>) {
		let Self { genesis, subject, nonce, expires_at } = self;
		(genesis, RelayedAct { subject, nonce, expires_at, call })
	}
}
