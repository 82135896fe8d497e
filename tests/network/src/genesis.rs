// SPDX-License-Identifier: Apache-2.0
//! Both chains' specifications, made once for all networks of one run of the launcher.

use crate::{
	files::NetworkFile,
	plan::Places,
	process::output,
	specs::{self, ParaGenesis},
	Outcome,
};
use codec::Encode;
use epidaurus_runtime::configs::SessionPeriod;
use serde_json::Value;
use std::{fs, path::Path};

const PARA: &str = "para.json";
const RELAY: &str = "relay.json";

/// The beginning of both chains.
pub struct Genesis {
	para: Value,
	relay: Value,
}

impl Genesis {
	/// The parachain as the node's built-in chain `local` has it, on the relay chain whose plain specification is in the
	/// file `relay_spec`. `session` is the number of blocks in a session of the parachain, if not the runtime's own. Takes
	/// some seconds: both runtimes are compiled to build their states.
	pub fn new(file: &NetworkFile, places: &Places, relay_spec: &Path, session: Option<u32>) -> Outcome<Self> {
		let epidaurus = places.binary(&file.parachain().default_command);
		fs::create_dir_all(&places.directory).map_err(|error| format!("{}: {error}", places.directory.display()))?;
		let (spec, _) = output(&epidaurus, &["chain-spec", "--chain", "local", "--raw"])?;
		let mut para: Value =
			serde_json::from_str(&spec).map_err(|error| format!("the parachain's specification: {error}"))?;
		if let Some(blocks) = session {
			specs::put(&mut para, &SessionPeriod::key(), &blocks.encode());
		}
		let path = places.para_spec();
		write(&path, &para)?;
		let (head, _) = output(&epidaurus, &["export-genesis-head", "--chain", &path.to_string_lossy()])?;
		let genesis = ParaGenesis { id: file.parachain().id, head, code: specs::code(&para)? };
		Ok(Self { relay: specs::relay_raw(&read(relay_spec)?, &genesis)?, para })
	}

	/// Keeps it for other processes.
	pub fn save(&self, directory: &Path) -> Outcome {
		fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
		write(&directory.join(PARA), &self.para)?;
		write(&directory.join(RELAY), &self.relay)
	}

	/// What another process kept in `directory`.
	pub fn load(directory: &Path) -> Outcome<Self> {
		Ok(Self { para: read(&directory.join(PARA))?, relay: read(&directory.join(RELAY))? })
	}

	/// Writes both specifications to where nodes look for them, with the addresses of those that are there first.
	pub fn write(&self, places: &Places, relay_nodes: &[String], para_nodes: &[String]) -> Outcome {
		write(&places.relay_spec(), &specs::with_bootnodes(self.relay.clone(), relay_nodes))?;
		write(&places.para_spec(), &specs::with_bootnodes(self.para.clone(), para_nodes))
	}
}

fn write(path: &Path, spec: &Value) -> Outcome {
	fs::write(path, spec.to_string()).map_err(|error| format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Outcome<Value> {
	let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
	serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}
