// SPDX-License-Identifier: Apache-2.0
//! Where the demonstration takes place: the chain, the hospitals' stores, the folder.

use super::{people::People, Options};
use crate::{
	chain::{Chain, Signed},
	secrets,
	store::{Identity, Store, StoreError},
	Error,
};
use epidaurus_primitives::{ehr::LogKind, ids::OrgId, registry::Holder, views::LicenceView};
use std::{
	fs, io,
	path::{Path, PathBuf},
};
use subxt::utils::AccountId32;

/// The log that everything stands in.
pub(super) const KIND: LogKind = LogKind::Records;

/// A folder that is removed at the end, unless it is to be kept.
struct Folder {
	path: PathBuf,
	keep: bool,
}

impl Drop for Folder {
	fn drop(&mut self) {
		if !self.keep {
			// What cannot be removed is left to the system's own tidying.
			let _ = fs::remove_dir_all(&self.path);
		}
	}
}

pub(super) struct Stage {
	pub chain: Chain,
	pub people: People,
	/// Store of hospital one.
	pub one: Store,
	/// Store of hospital two.
	pub two: Store,
	folder: Folder,
}

impl Stage {
	pub async fn new(options: &Options) -> Result<Self, Error> {
		let chain = Chain::connect(&options.node).await?;
		let people = People::new()?;
		let network = chain.network();
		let one = Signed { chain: &chain, key: &people.hospital_one }.member().await?.organisation;
		let two = Signed { chain: &chain, key: &people.hospital_two }.member().await?.organisation;
		let folder = match &options.store {
			Some(path) => Folder { path: path.clone(), keep: true },
			None => Folder { path: temporary()?, keep: false },
		};
		let store = |name: &str, custodian: OrgId| {
			let path = folder.path.join(name);
			let secret = secrets::load_or_make(&path, Some(&secrets::beside(&path)), false)?.secret;
			Ok::<_, Error>(Store::create(&path, Identity { network, custodian }, &secret)?.0)
		};
		let (one, two) = (store("hospital-one", one)?, store("hospital-two", two)?);
		let stage = Self { chain, people, one, two, folder };
		stage.ensure_fresh().await?;
		Ok(stage)
	}

	/// A chain that has entries which a new store lacks was used before.
	async fn ensure_fresh(&self) -> Result<(), Error> {
		let at = self.chain.finalised().await?;
		for store in [&self.one, &self.two] {
			let known = at.log(store.identity().custodian, KIND).await?.map_or(0, |log| log.head.size);
			if known > store.log(KIND)?.size() {
				return Err(Error::Usage(format!(
					"the demonstration ran on this chain before: organisation {} has {known} entries there that this store \
					 lacks. Start the node with a fresh chain, or name the store of that run with --keep",
					store.identity().custodian
				)));
			}
		}
		Ok(())
	}

	/// Hospital one's records officer.
	pub fn hospital_one(&self) -> Signed<'_> {
		Signed { chain: &self.chain, key: &self.people.hospital_one }
	}

	/// Hospital two's records officer.
	pub fn hospital_two(&self) -> Signed<'_> {
		Signed { chain: &self.chain, key: &self.people.hospital_two }
	}

	/// The regulator's licensing officer.
	pub fn regulator(&self) -> Signed<'_> {
		Signed { chain: &self.chain, key: &self.people.regulator }
	}

	/// Writes a file of the demonstration.
	pub fn file(&self, name: &str, content: &str) -> Result<PathBuf, Error> {
		let folder = self.folder.path.join("files");
		let path = folder.join(name);
		let write = || {
			fs::create_dir_all(&folder)?;
			fs::write(&path, content)
		};
		write().map_err(|source| StoreError::Io { path: path.clone(), source })?;
		Ok(path)
	}

	/// Licences of hospital one.
	pub async fn licences(&self) -> Result<Vec<LicenceView<AccountId32>>, Error> {
		let holder = Holder::Organisation(self.one.identity().custodian);
		Ok(self.chain.finalised().await?.licences(&holder).await?)
	}
}

fn temporary() -> Result<PathBuf, Error> {
	let name = crate::record::random_record().map_err(StoreError::from)?;
	let path = std::env::temp_dir().join(format!("epid-demo-{name}"));
	make(&path).map_err(|source| StoreError::Io { path: path.clone(), source })?;
	Ok(path)
}

/// Fails if there is such a folder: a temporary one must be ours alone.
fn make(path: &Path) -> io::Result<()> {
	let mut builder = fs::DirBuilder::new();
	#[cfg(unix)]
	std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
	builder.create(path)
}
