// SPDX-License-Identifier: Apache-2.0
//! Processes that cannot outlive the launcher.
//!
//! Each is the head of a process group, so that its own children get every signal too, and asks the kernel to be killed when
//! the launcher ends, however it does. The kernel watches the thread that started the process: only the main one may.

use crate::Outcome;
use std::{
	fs::{self, File},
	os::unix::process::CommandExt,
	path::Path,
	process::{Child, Command, ExitStatus, Stdio},
	thread::sleep,
	time::{Duration, Instant},
};

/// A node that was asked to end and has not by now is killed, also on a busy machine.
const FAREWELL: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(50);

/// A running process, killed when this is dropped.
#[derive(Debug)]
pub struct Process {
	child: Child,
}

impl Process {
	/// Starts `command`, of which the first is the program; what it says is appended to the file `log`.
	pub fn start(command: &[String], log: &Path) -> Outcome<Self> {
		let open = || -> std::io::Result<(File, File)> {
			let file = File::options().create(true).append(true).open(log)?;
			Ok((file.try_clone()?, file))
		};
		let (out, err) = open().map_err(|error| format!("{}: {error}", log.display()))?;
		Self::spawn(command, |setpriv| setpriv.stdout(out).stderr(err))
	}

	/// Starts another launcher, which says what it says where we do. When it is killed, so are its nodes.
	pub fn start_aloud(command: &[String]) -> Outcome<Self> {
		Self::spawn(command, |setpriv| setpriv)
	}

	fn spawn(command: &[String], speak: impl FnOnce(&mut Command) -> &mut Command) -> Outcome<Self> {
		let mut setpriv = Command::new("setpriv");
		setpriv.args(["--pdeathsig", "KILL", "--"]).args(command).process_group(0).stdin(Stdio::null());
		speak(&mut setpriv)
			.spawn()
			.map(|child| Self { child })
			.map_err(|error| format!("setpriv (of util-linux) cannot be started: {error}"))
	}

	/// Its id, which is also that of its group.
	pub fn id(&self) -> u32 {
		self.child.id()
	}

	/// How it ended, if it has.
	pub fn ended(&mut self) -> Option<ExitStatus> {
		self.child.try_wait().ok().flatten()
	}

	/// Whether a child of its has a child. A validator's worker has one for each candidate that it executes, and else none.
	pub fn has_grandchildren(&self) -> bool {
		let own = self.child.id();
		let families = families();
		let parent = |id: u32| families.iter().find(|(child, _)| *child == id).map(|(_, parent)| *parent);
		families.iter().any(|(_, child)| parent(*child) == Some(own))
	}

	/// Sends a signal, such as `STOP`, to it and its children.
	pub fn signal(&self, name: &str) -> Outcome {
		let group = self.child.id();
		let told =
			Command::new("sh").args(["-c", &format!("kill -s {name} -- -{group}")]).stderr(Stdio::null()).status();
		match told {
			Ok(status) if status.success() => Ok(()),
			_ => Err(format!("there is no process group {group} to be sent SIG{name}")),
		}
	}

	/// Ends it without warning, and waits until it has.
	pub fn kill(self) {
		drop(self);
	}

	/// Asks it to end, as an operator does, waits until it has, and tells how.
	pub fn stop(mut self) -> Outcome<ExitStatus> {
		self.signal("TERM")?;
		let asked = Instant::now();
		while asked.elapsed() < FAREWELL {
			if let Some(status) = self.ended() {
				return Ok(status);
			}
			sleep(GLANCE);
		}
		Err(format!("it has not ended {} s after it was asked to", FAREWELL.as_secs()))
	}
}

impl Drop for Process {
	fn drop(&mut self) {
		// Its group may outlive it by the time that its children need to notice.
		let _ = self.signal("KILL");
		let _ = self.child.wait();
	}
}

/// The ids of all processes, each with that of its parent.
fn families() -> Vec<(u32, u32)> {
	let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
	let family = |name: &str| -> Option<(u32, u32)> {
		let id = name.parse::<u32>().ok()?;
		let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
		// After its name, in which anything may stand, come its state and its parent.
		let parent = line.rsplit_once(") ")?.1.split(' ').nth(1)?.parse::<u32>().ok()?;
		Some((id, parent))
	};
	entries.flatten().filter_map(|entry| family(&entry.file_name().to_string_lossy())).collect()
}

/// What a command that ends by itself says.
pub fn output(program: &Path, args: &[&str]) -> Outcome<(String, String)> {
	let name = program.display();
	let output = Command::new(program).args(args).output().map_err(|error| format!("{name}: {error}"))?;
	let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
	if !output.status.success() {
		return Err(format!("{name} {}: {}\n{}", args.join(" "), output.status, text(&output.stderr)));
	}
	Ok((text(&output.stdout), text(&output.stderr)))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn shell(script: &str) -> Vec<String> {
		["sh", "-c", script].map(str::to_owned).into()
	}

	fn until(what: &str, mut holds: impl FnMut() -> bool) {
		let started = Instant::now();
		while !holds() {
			assert!(started.elapsed() < Duration::from_secs(20), "not in time: {what}");
			sleep(GLANCE);
		}
	}

	/// The letter in the kernel's table, or nothing where there is no such process any more.
	fn state(id: &str) -> Option<String> {
		let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
		line.rsplit_once(") ")?.1.get(..1).map(ToOwned::to_owned)
	}

	fn gone(id: &str) -> bool {
		state(id).is_none_or(|state| state == "Z")
	}

	#[test]
	fn a_process_is_logged_and_asked_to_end() {
		let directory = tempfile::tempdir().expect("a directory");
		let log = directory.path().join("log");
		let process =
			Process::start(&shell("trap 'echo asked; exit 3' TERM; echo begun; while :; do sleep 0.1; done"), &log)
				.expect("there is a shell");
		until("the shell has begun", || fs::read_to_string(&log).is_ok_and(|text| text.contains("begun")));
		assert_eq!(process.stop().expect("it listens").code(), Some(3));
		assert!(fs::read_to_string(&log).is_ok_and(|text| text.contains("asked")));
	}

	#[test]
	fn signals_reach_children_and_nothing_is_left() {
		let directory = tempfile::tempdir().expect("a directory");
		let log = directory.path().join("log");
		let mut process = Process::start(&shell("sleep 300 & echo $!; wait"), &log).expect("there is a shell");
		let child = || fs::read_to_string(&log).ok().filter(|text| text.ends_with('\n'));
		until("the shell has a child", || child().is_some());
		let child = child().expect("written").trim().to_owned();
		assert!(process.ended().is_none());
		process.signal("STOP").expect("it runs");
		until("the child is stopped", || state(&child).as_deref() == Some("T"));
		process.signal("CONT").expect("it is stopped");
		until("the child goes on", || state(&child).as_deref() == Some("S"));
		let head = process.id().to_string();
		drop(process);
		until("both are gone", || gone(&child) && gone(&head));
	}

	#[test]
	fn children_of_children_are_seen() {
		let directory = tempfile::tempdir().expect("a directory");
		let log = |name: &str| directory.path().join(name);
		let idle = Process::start(&shell("sleep 300 & echo begun; wait"), &log("idle")).expect("there is a shell");
		until("it has a child", || fs::read_to_string(log("idle")).is_ok_and(|text| text.contains("begun")));
		let busy = Process::start(&shell("sh -c 'sleep 300; true' & wait"), &log("busy")).expect("there is a shell");
		until("its child has a child", || busy.has_grandchildren());
		assert!(!idle.has_grandchildren());
	}

	#[test]
	fn a_process_does_not_outlive_the_thread_that_started_it() {
		let directory = tempfile::tempdir().expect("a directory");
		let log = directory.path().join("log");
		let starter = std::thread::spawn(move || {
			let process = Process::start(&shell("echo begun; exec sleep 300"), &log).expect("there is a shell");
			until("the shell has begun", || fs::read_to_string(&log).is_ok_and(|text| text.contains("begun")));
			let id = process.id().to_string();
			// As if we were killed: nobody drops it.
			std::mem::forget(process);
			id
		});
		let id = starter.join().expect("it has begun");
		until("the kernel has ended it", || gone(&id));
	}

	#[test]
	fn what_cannot_be_started_ends_at_once() {
		let directory = tempfile::tempdir().expect("a directory");
		let mut process =
			Process::start(&["/no/such/program".into()], &directory.path().join("log")).expect("setpriv itself starts");
		until("setpriv gives up", || process.ended().is_some_and(|status| !status.success()));
		assert!(process.signal("TERM").is_err());
	}

	#[test]
	fn output_of_a_failing_command_says_why() {
		let shell = Path::new("/bin/sh");
		assert_eq!(output(shell, &["-c", "echo a; echo b >&2"]), Ok(("a".into(), "b".into())));
		assert!(output(shell, &["-c", "echo why >&2; exit 4"]).is_err_and(|error| error.contains("why")));
	}
}
