// SPDX-License-Identifier: Apache-2.0
//! A PostgreSQL of our own: a cluster in a temporary folder, on a socket there, gone with the value.

use crate::error::{at, database, node, Error, Result};
use postgres::{Client, Config, NoTls};
use std::{
	fs::{self, File},
	os::unix::{
		fs::{chown, MetadataExt},
		process::CommandExt,
	},
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	thread,
	time::{Duration, Instant},
};

/// Where Debian puts the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The cluster's superuser.
const USER: &str = "bench";

/// How long it may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// Room in memory and fewer checkpoints, which are for it; its durability is whole, as it is by default.
const SETTINGS: [&str; 6] = [
	"listen_addresses=",
	"fsync=on",
	"synchronous_commit=on",
	"shared_buffers=1GB",
	"max_wal_size=4GB",
	"log_min_messages=warning",
];

/// Who runs it: PostgreSQL refuses to run as root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Runner {
	user: u32,
	group: u32,
}

/// A running cluster.
pub struct Cluster {
	programs: PathBuf,
	folder: tempfile::TempDir,
	runner: Option<Runner>,
	process: Option<Child>,
}

impl Cluster {
	/// Makes a cluster and starts it, with the programs of the folder or else those that are installed.
	pub fn start(programs: Option<&Path>) -> Result<Self> {
		let programs = find(programs)?;
		let folder = tempfile::tempdir().map_err(at(std::env::temp_dir()))?;
		let runner = match fs::metadata(folder.path()).map_err(at(folder.path()))?.uid() {
			0 => Some(unprivileged(&fs::read_to_string("/etc/passwd").map_err(at("/etc/passwd"))?)?),
			_ => None,
		};
		if let Some(Runner { user, group }) = runner {
			chown(folder.path(), Some(user), Some(group)).map_err(at(folder.path()))?;
		}
		let mut cluster = Self { programs, folder, runner, process: None };
		let data = cluster.data();
		let mut initdb = cluster.command("initdb");
		initdb
			.args(["-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions", "-D"])
			.arg(&data);
		let output = initdb.output().map_err(node)?;
		if !output.status.success() {
			return Err(Error::Postgres(format!("initdb: {}", String::from_utf8_lossy(&output.stderr).trim())));
		}
		let mut server = cluster.command("postgres");
		server.arg("-D").arg(&data).arg("-k").arg(cluster.folder.path());
		for setting in SETTINGS {
			server.args(["-c", setting]);
		}
		let log = cluster.folder.path().join("log");
		server.stderr(File::create(&log).map_err(at(&log))?);
		cluster.process = Some(server.spawn().map_err(node)?);
		let deadline = Instant::now() + PATIENCE;
		while let Err(error) = cluster.connect() {
			if Instant::now() > deadline {
				let told = fs::read_to_string(&log).unwrap_or_default();
				return Err(Error::Postgres(format!("{error}; its log: {}", told.trim())));
			}
			thread::sleep(Duration::from_millis(100));
		}
		Ok(cluster)
	}

	/// A new connection.
	pub fn connect(&self) -> Result<Client> {
		let mut config = Config::new();
		config.host_path(self.folder.path()).user(USER).dbname("postgres").connect(NoTls).map_err(database)
	}

	/// Its version and the settings that bear on its speed, in words.
	pub fn described(&self) -> Result<String> {
		let row = self.connect()?.query_one("SHOW server_version", &[]).map_err(database)?;
		let version: String = row.try_get(0).map_err(database)?;
		Ok(format!("PostgreSQL {version} ({})", SETTINGS[1..5].join(", ")))
	}

	fn data(&self) -> PathBuf {
		self.folder.path().join("data")
	}

	fn command(&self, program: &str) -> Command {
		let mut command = Command::new(self.programs.join(program));
		command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
		if let Some(Runner { user, group }) = self.runner {
			command.gid(group).uid(user);
		}
		command
	}
}

impl Drop for Cluster {
	fn drop(&mut self) {
		let Some(mut process) = self.process.take() else { return };
		let stopped = self.command("pg_ctl").args(["stop", "-m", "immediate", "-w", "-D"]).arg(self.data()).status();
		if !stopped.is_ok_and(|status| status.success()) {
			let _ = process.kill();
		}
		let _ = process.wait();
	}
}

/// The folder with the programs of PostgreSQL.
fn find(named: Option<&Path>) -> Result<PathBuf> {
	let complete =
		|folder: &Path| ["initdb", "postgres", "pg_ctl"].iter().all(|program| folder.join(program).is_file());
	if let Some(folder) = named {
		return match complete(folder) {
			true => Ok(folder.to_path_buf()),
			false => Err(Error::Usage(format!("{} has no initdb, postgres and pg_ctl", folder.display()))),
		};
	}
	let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
	let paths = std::env::var_os("PATH").unwrap_or_default();
	let found = newest(versions.filter(|folder| complete(folder)).collect());
	found.or_else(|| std::env::split_paths(&paths).find(|folder| complete(folder))).ok_or_else(|| {
		Error::Missing(
			"no PostgreSQL: install Debian's package `postgresql` (`scripts/setup --for bench` does), or name the folder of initdb, \
			 postgres and pg_ctl with --programs"
				.into(),
		)
	})
}

/// The folder of the highest version, which is the folder's parent's name.
fn newest(folders: Vec<PathBuf>) -> Option<PathBuf> {
	let version = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
	folders.into_iter().max_by_key(version)
}

/// The user `postgres`, or else `nobody`.
fn unprivileged(users: &str) -> Result<Runner> {
	let user = |name: &str| {
		let mut fields =
			users.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
		let mut number = |skip| fields.nth(skip)?.parse::<u32>().ok();
		Some(Runner { user: number(2)?, group: number(0)? })
	};
	let missing =
		|| Error::Missing("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`".into());
	user("postgres").or_else(|| user("nobody")).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_unprivileged_user_is_found() {
		let users =
			"root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:n:/:/bin/false\npostgres:x:105:113::/:/bin/sh\n";
		assert_eq!(unprivileged(users).unwrap(), Runner { user: 105, group: 113 });
		let users = users.replace("postgres:", "postgresql:");
		assert_eq!(unprivileged(&users).unwrap(), Runner { user: 65534, group: 65533 });
		assert!(matches!(unprivileged("root:x:0:0::/:/bin/sh\n"), Err(Error::Missing(_))));
	}

	#[test]
	fn the_newest_version_is_taken_by_number() {
		let folders = ["9", "15", "14", "x"].map(|version| PathBuf::from(format!("/p/{version}/bin")));
		assert_eq!(newest(folders.to_vec()), Some(PathBuf::from("/p/15/bin")));
		assert_eq!(newest(Vec::new()), None);
	}

	#[test]
	fn a_named_folder_must_have_the_programs() {
		let folder = tempfile::tempdir().unwrap();
		assert!(matches!(find(Some(folder.path())), Err(Error::Usage(_))));
		for program in ["initdb", "postgres", "pg_ctl"] {
			fs::write(folder.path().join(program), "").unwrap();
		}
		assert_eq!(find(Some(folder.path())).unwrap(), folder.path());
	}
}
