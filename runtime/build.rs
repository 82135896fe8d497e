// SPDX-License-Identifier: Apache-2.0
//! Builds the runtime once more, as WASM, and the same WASM wherever it is built.
//!
//! Two things would tell checkouts apart. Absolute paths stand in the messages of panics. And cargo mixes the place of
//! each of our crates into what the compiler calls its metadata, from which the names of functions follow, and their
//! order. This program therefore also stands between cargo and the compiler of that second build, and takes both out.

#[cfg(feature = "std")]
fn main() {
	let mut arguments = std::env::args_os().skip(1);
	match arguments.next() {
		// Cargo starts a build script without arguments, and a wrapper with the compiler as the first.
		Some(compiler) => wrapper::run(&compiler, arguments.collect()),
		None => {
			wrapper::install();
			let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
			#[cfg(feature = "metadata-hash")]
			let builder = builder.enable_metadata_hash("EPI", 12);
			builder.append_to_rust_flags(wrapper::EDITION).build();
		},
	}
}

#[cfg(not(feature = "std"))]
fn main() {}

#[cfg(feature = "std")]
mod wrapper {
	use std::{
		env,
		ffi::{OsStr, OsString},
		path::Path,
		process::{exit, Command},
	};

	/// Cargo does not see what happens here. Raise the number with each change, so that it compiles everything again.
	pub const EDITION: &str = "--cfg epidaurus_wrapper=\"1\"";

	/// Where the sources are.
	const CHECKOUT: &str = "EPIDAURUS_CHECKOUT";
	/// The wrapper that was there before.
	const NEXT: &str = "EPIDAURUS_NEXT_WRAPPER";

	/// Makes this program the wrapper of every compiler that is started from here.
	pub fn install() {
		let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the runtime is a room of the workspace");
		env::set_var(CHECKOUT, checkout);
		if let Some(before) = env::var_os("RUSTC_WRAPPER") {
			env::set_var(NEXT, before);
		}
		env::set_var("RUSTC_WRAPPER", env::current_exe().expect("this program has a path"));
	}

	/// Runs the compiler in this program's place.
	pub fn run(compiler: &OsStr, arguments: Vec<OsString>) {
		let mut command = match env::var_os(NEXT).filter(|next| !next.is_empty()) {
			Some(next) => {
				let mut command = Command::new(next);
				command.arg(compiler);
				command
			},
			None => Command::new(compiler),
		};
		let status = command.args(without_traces(arguments)).status().expect("the compiler can be started");
		exit(status.code().unwrap_or(1));
	}

	/// The arguments, with names in place of places.
	fn without_traces(mut arguments: Vec<OsString>) -> Vec<OsString> {
		let var = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
		let (Some(home), Some(name), Some(version)) =
			(var("CARGO_MANIFEST_DIR"), var("CARGO_PKG_NAME"), var("CARGO_PKG_VERSION"))
		else {
			// Only asked for its version or its settings.
			return arguments;
		};
		let is_ours = var(CHECKOUT).is_some_and(|checkout| Path::new(&home).starts_with(checkout))
			|| var("CARGO_PRIMARY_PACKAGE").is_some();
		if is_ours {
			for argument in &mut arguments {
				if argument.to_str().is_some_and(|text| text.starts_with("metadata=")) {
					*argument = format!("metadata={name}-{version}").into();
				}
			}
		}
		// Of two prefixes that fit the compiler takes the later.
		arguments.push(format!("--remap-path-prefix={home}=/{name}-{version}").into());
		if let Some(out) = var("OUT_DIR") {
			arguments.push(format!("--remap-path-prefix={out}=/{name}-{version}/out").into());
		}
		arguments
	}
}
