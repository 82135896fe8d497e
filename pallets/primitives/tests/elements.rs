// SPDX-License-Identifier: Apache-2.0
//! The suite FHIR elements: its formats, and that nothing of a disclosure can be changed.

use codec::Encode;
use epidaurus_primitives::{
	elements::{
		opening_salt, prove_disclosure, DisclosedElement, Disclosure, DisclosureError, ElementKey, ElementSalt,
		Pointer, Statement, Step,
	},
	hash::{HashSuite, NativeSha256 as H, RecordDigest, Salt},
	merkle::{root, Hash},
};
use hex_literal::hex;
use proptest::prelude::*;

const RECORD: [u8; 32] = [7; 32];

fn member(name: &str) -> Step {
	Step::Member(name.into())
}

fn key() -> ElementKey {
	ElementKey::of_record::<H>(&Salt::new(RECORD))
}

/// A record: pointers and values in their order.
struct Record(Vec<(Pointer, Vec<u8>)>);

impl Record {
	/// As many elements as wanted, three to a member.
	fn of(count: usize) -> Self {
		let element = |index: usize| {
			let pointer = Pointer(vec![member(&format!("m{:03}", index / 3)), Step::Item((index % 3) as u32)]);
			(pointer, format!("\"value {index}\"").into_bytes())
		};
		Self((0..count).map(element).collect())
	}

	fn leaves(&self) -> Vec<Hash> {
		self.0.iter().map(|element| key().salt::<H>(&element.0.encode()).leaf::<H>(&element.encode())).collect()
	}

	fn digest(&self) -> RecordDigest {
		Statement::of::<H>(&self.leaves()).digest::<H>()
	}

	fn disclose(&self, indices: &[u64]) -> Disclosure {
		let element = |index: &u64| {
			let (pointer, value) = self.0[*index as usize].clone();
			DisclosedElement { index: *index, salt: key().salt::<H>(&pointer.encode()), pointer, value }
		};
		Disclosure {
			leaves: self.0.len() as u64,
			elements: indices.iter().map(element).collect(),
			path: prove_disclosure::<H>(&self.leaves(), indices),
		}
	}
}

fn frozen() -> Record {
	let elements = [
		(vec![member("a~/"), Step::Item(0)], "6.0"),
		(vec![member("a~/"), Step::Item(1), member("b")], "\"é\\n\""),
		(vec![member("c")], "[]"),
		(vec![member("resourceType")], "\"Basic\""),
		(vec![member(&"z".repeat(70))], "null"),
	];
	Record(elements.map(|(steps, value)| (Pointer(steps), value.into())).into())
}

#[test]
fn hashes_are_frozen() {
	// Computed from the formulas by another implementation (Python's hashlib and hmac).
	let record = frozen();
	let (pointer, _) = &record.0[1];
	let salt = key().salt::<H>(&pointer.encode());
	let salt_bytes = hex!("8935e9ae6009fc702ae9f06642e003dfab3fc6f587cda4a9625144375fe0192b");
	assert!(key().0 == Salt::new(hex!("de3271907446dbd43309cb6f28cbc1ee231c8958a3694f143ddc85d9030b6403")));
	assert!(salt == ElementSalt(Salt::new(salt_bytes)));
	let opening = opening_salt::<H>(HashSuite::FhirElements, &Salt::new(RECORD));
	assert!(opening == Salt::new(hex!("e2c05268e6000a0471c835175917492515caad05903b5fead025641e3d25624d")));
	let leaves = record.leaves();
	assert_eq!(leaves[1], hex!("cfb54b62055b33dbe88d36a7b6f497b4c71e5d52b1f6e3ab9905f4d7f0bcff98"));
	assert_eq!(
		Statement::of::<H>(&leaves).canonical_bytes(),
		hex!("01050000000000000021b10e27acc17e3973f53688cc7abde9c3288520d972a890c072b56968924ff2")
	);
	let digest = RecordDigest(hex!("aeca5f04d00663947b1a1815425eacbcdfd5c129d61091fd905e6f7146c60257"));
	assert_eq!(record.digest(), digest);

	let disclosure = record.disclose(&[1, 3]);
	let path = [
		hex!("e10ffb2743137429267964224e5360d573e9da23b9bd0f4c2b593574c2f77d6a"),
		hex!("dbf78faa59dfa3fc4599246ce2daffabfe78256c1d6ea0930ea8b9a339b02236"),
		hex!("9e93c85e5053e8a138c8e7fa7490c2027ac9ea377b02515b4607ebbe7eeb1829"),
	];
	assert_eq!(disclosure.path, path);
	assert_eq!((disclosure.withheld(), disclosure.verify::<H>(&digest)), (3, Ok(())));
}

#[test]
fn encodings_are_frozen() {
	let pointer = Pointer(vec![member("a/"), Step::Item(258)]);
	assert_eq!(pointer.encode(), hex!("080008612f0102010000"));
	assert_eq!((&pointer, b"6.0".to_vec()).encode(), hex!("080008612f01020100000c362e30"));
	assert_eq!(HashSuite::FhirElements.encode(), [3]);
}

#[test]
fn salts_of_other_suites_are_the_records_own() {
	for suite in HashSuite::ALL {
		let salt = opening_salt::<H>(suite, &Salt::new(RECORD));
		assert_eq!(salt == Salt::new(RECORD), suite != HashSuite::FhirElements);
	}
	// The opening goes to those who see a part only: it must not be the element key, nor lead to it.
	let salt = opening_salt::<H>(HashSuite::FhirElements, &Salt::new(RECORD));
	assert!(salt != key().0 && ElementKey::of_record::<H>(&salt) != key());
}

#[test]
fn keys_and_salts_are_not_printed() {
	let printed = format!("{:?} {:?} {:?}", key(), key().salt::<H>(b"x"), frozen().disclose(&[1]));
	assert!(printed.contains("hidden") && !printed.contains("222, 50") && !printed.contains("a~/"), "{printed}");
}

#[test]
fn pointers_are_written_and_read_as_rfc_6901_says() {
	let pointer = Pointer(vec![member("a/b"), Step::Item(10), member("m~n"), member(""), member("0")]);
	let text = "/a~1b/10/m~0n//0";
	assert_eq!(pointer.to_string(), text);
	assert_eq!(Pointer::tokens(text).unwrap(), ["a/b", "10", "m~n", "", "0"]);
	assert_eq!(Pointer::of_shape(text, &pointer), Some(pointer.clone()));
	assert_eq!(Pointer::tokens(""), Some(Vec::new()));
	// RFC 6901 §4: decoded in one pass, so that ~01 is ~1 and no slash.
	assert_eq!(Pointer::tokens("/~01").unwrap(), ["~1"]);
	for bad in ["a", "a/b", "/~", "/~2", "/a~", " /a"] {
		assert_eq!(Pointer::tokens(bad), None, "{bad}");
	}
	let moved = Pointer::of_shape("/a~1b/0/m~0n//0", &pointer).unwrap();
	assert_eq!(moved.0[1], Step::Item(0));
	for bad in ["/a~1b/010/m~0n//0", "/a~1b/+1/m~0n//0", "/a~1b/x/m~0n//0", "/a~1b/10/m~0n/", "/a/10/m~0n//0", "x"] {
		assert_eq!(Pointer::of_shape(bad, &pointer), None, "{bad}");
	}
	assert_eq!(Pointer::of_shape("/a~1b/4294967296/m~0n//0", &pointer), None);
}

#[test]
fn pointers_precede_each_other_in_the_order_of_canonical_documents() {
	let pointer = |steps: &[Step]| Pointer(steps.to_vec());
	let ordered = [
		pointer(&[member("A")]),
		pointer(&[member("a"), Step::Item(2), member("z")]),
		pointer(&[member("a"), Step::Item(10)]),
		pointer(&[member("aa")]),
		pointer(&[member("\u{1f489}")]),
		pointer(&[member("\u{e000}"), member("x")]),
	];
	for (place, left) in ordered.iter().enumerate() {
		for (other, right) in ordered.iter().enumerate() {
			assert_eq!(left.precedes(right), place < other, "{left} {right}");
		}
	}
	// One within the other, and one container that is an object and an array.
	let contradicting = [
		(pointer(&[member("a")]), pointer(&[member("a"), member("b")])),
		(pointer(&[]), pointer(&[member("a")])),
		(pointer(&[member("a"), Step::Item(0)]), pointer(&[member("a"), member("b")])),
	];
	for (left, right) in contradicting {
		assert!(!left.precedes(&right) && !right.precedes(&left));
	}
}

#[test]
fn an_item_is_not_a_member_of_the_same_name() {
	let [array, object] = [Step::Item(0), member("0")]
		.map(|step| Record(vec![(Pointer(vec![member("a"), step]), b"1".to_vec())]))
		.map(|record| (record.0[0].0.to_string(), record.digest()));
	assert_eq!(array.0, object.0);
	assert_ne!(array.1, object.1);
}

#[test]
fn every_choice_of_elements_of_small_records_verifies() {
	for count in 1..=9usize {
		let record = Record::of(count);
		let digest = record.digest();
		for choice in 0u32..1 << count {
			let indices: Vec<u64> = (0..count as u64).filter(|index| choice >> index & 1 == 1).collect();
			let disclosure = record.disclose(&indices);
			assert_eq!(disclosure.verify::<H>(&digest), Ok(()), "{indices:?} of {count}");
			assert_eq!(disclosure.withheld(), (count - indices.len()) as u64);
		}
		assert_eq!(record.disclose(&[]).path, [root::<H>(&record.leaves())]);
		assert!(record.disclose(&(0..count as u64).collect::<Vec<_>>()).path.is_empty());
	}
}

#[test]
fn malformed_disclosures_are_refused_by_their_reason() {
	let record = Record::of(11);
	let digest = record.digest();
	let refusal = |forge: fn(&mut Disclosure)| {
		let mut disclosure = record.disclose(&[2, 3, 7]);
		forge(&mut disclosure);
		disclosure.verify::<H>(&digest).unwrap_err()
	};
	use DisclosureError::*;
	assert_eq!(refusal(|it| it.leaves = 0), BadCount);
	assert_eq!(refusal(|it| it.leaves = u64::MAX), BadCount);
	assert_eq!(refusal(|it| it.leaves = 7), IndexOutOfRange { index: 7, leaves: 7 });
	assert_eq!(refusal(|it| it.elements[2].index = 11), IndexOutOfRange { index: 11, leaves: 11 });
	assert_eq!(refusal(|it| it.elements.swap(0, 1)), OutOfOrder);
	assert_eq!(refusal(|it| it.elements[1].index = 2), OutOfOrder);
	assert_eq!(refusal(|it| it.elements[1].pointer = it.elements[0].pointer.clone()), OutOfOrder);
	assert_eq!(refusal(|it| it.elements.push(it.elements[2].clone())), OutOfOrder);
	assert_eq!(refusal(|it| it.path.clear()), PathTooShort);
	assert_eq!(refusal(|it| it.path.push([0; 32])), PathTooLong);
	assert_eq!(refusal(|it| drop(it.elements.remove(0))), PathTooShort);
	assert_eq!(refusal(|it| it.path[0][0] ^= 1), DigestMismatch);
	// The number of leaves is part of the digest, also where the tree would climb the same way.
	assert_eq!(refusal(|it| it.leaves = 12), DigestMismatch);
}

#[test]
fn a_subtree_does_not_pass_as_a_smaller_record() {
	// The right half of eight leaves is a tree of four, and the statement says how many there are.
	let record = Record::of(8);
	let mut half = record.disclose(&[4]);
	half.leaves = 4;
	half.elements[0].index = 0;
	half.path.remove(0);
	assert_eq!(half.verify::<H>(&record.digest()), Err(DisclosureError::DigestMismatch));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	#[test]
	fn any_choice_verifies(count in 1usize..80, choice: u128) {
		let record = Record::of(count);
		let indices: Vec<u64> = (0..count as u64).filter(|index| choice >> index & 1 == 1).collect();
		prop_assert_eq!(record.disclose(&indices).verify::<H>(&record.digest()), Ok(()));
	}

	/// Whatever is done to one thing that a disclosure says, it does not pass.
	#[test]
	fn no_part_of_a_disclosure_can_be_changed(
		count in 2usize..40, choice: u64, forgery in 0usize..13, place: prop::sample::Index, byte in 0usize..32, bit in 0u8..8,
	) {
		let record = Record::of(count);
		let indices: Vec<u64> = (0..count as u64).filter(|index| choice >> index & 1 == 1).collect();
		prop_assume!(!indices.is_empty());
		let honest = record.disclose(&indices);
		let mut forged = honest.clone();
		let at = place.index(indices.len());
		let element = &mut forged.elements[at];
		match forgery {
			0 => element.value[byte % 8] ^= 1 << bit,
			1 => element.value.push(b' '),
			2 => element.value.clear(),
			3 => element.pointer.0[1] = Step::Item(3 + u32::from(bit)),
			4 => element.pointer.0[0] = member("other"),
			5 => element.pointer.0.push(member("deeper")),
			6 => element.pointer.0[1] = member(&element.index.to_string()),
			7 => element.salt.0 .0 .0[byte] ^= 1 << bit,
			8 => element.index ^= 1 << bit,
			9 => forged.leaves ^= 1 << bit,
			10 => drop(forged.elements.remove(at)),
			11 if !forged.path.is_empty() => {
				let hash = place.index(forged.path.len());
				forged.path[hash][byte] ^= 1 << bit;
			},
			_ => {
				// One more element, of which the record knows nothing, in place of a hash or beside all others.
				let invented = DisclosedElement {
					index: element.index + 1,
					pointer: Pointer(vec![element.pointer.0[0].clone(), element.pointer.0[1].clone(), member("x")]),
					..element.clone()
				};
				forged.elements.insert(at + 1, invented);
			},
		}
		prop_assert_eq!(honest.verify::<H>(&record.digest()), Ok(()));
		prop_assert!(forged.verify::<H>(&record.digest()).is_err());
	}

	/// Values, salts, pointers and hashes belong where they stand.
	#[test]
	fn nothing_can_change_places(count in 3usize..40, choice: u64, what in 0usize..4, first: prop::sample::Index, second: prop::sample::Index) {
		let record = Record::of(count);
		let indices: Vec<u64> = (0..count as u64).filter(|index| choice >> index & 1 == 1).collect();
		prop_assume!(!indices.is_empty());
		let mut forged = record.disclose(&indices);
		let length = if what == 3 { forged.path.len() } else { indices.len() };
		prop_assume!(length > 1);
		let (first, second) = (first.index(length), second.index(length));
		prop_assume!(first != second);
		if what == 3 {
			forged.path.swap(first, second);
		} else {
			let [left, right] = [first, second].map(|at| forged.elements[at].clone());
			for (at, other) in [(first, right), (second, left)] {
				let element = &mut forged.elements[at];
				match what {
					0 => element.value = other.value,
					1 => element.salt = other.salt,
					_ => element.pointer = other.pointer,
				}
			}
		}
		prop_assert!(forged.verify::<H>(&record.digest()).is_err());
	}

	#[test]
	fn reading_pointers_never_panics(text: String, other: String) {
		let shape = Pointer(Pointer::tokens(&other).unwrap_or_default().into_iter().map(Step::Member).collect());
		if let Some(pointer) = Pointer::of_shape(&text, &shape) {
			prop_assert_eq!(&pointer.to_string(), &text);
		}
		let steps = vec![Step::Member(text), Step::Member(other)];
		let written = Pointer(steps).to_string();
		prop_assert_eq!(Pointer::tokens(&written).map(|tokens| tokens.len()), Some(2));
	}
}
