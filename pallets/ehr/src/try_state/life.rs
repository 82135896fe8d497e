// SPDX-License-Identifier: Apache-2.0
//! What must hold of the later life of records, and of suites.

use crate::{
	record::{RecordHead, RecordState},
	Config, Lives, Pallet, Records, Suites, Versions,
};
use epidaurus_primitives::{
	ids::RecordId,
	life::{Answer, RecordLife},
};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(super) fn try_lives() -> Result<(), TryRuntimeError> {
		for (record, life) in Lives::<T>::iter() {
			let head = Records::<T>::get(record).ok_or("a life without its record")?;
			life.check(Self::now())?;
			ensure!(life.subject.is_none() || head.link.is_some(), "a subject of a record without link");
			Self::try_requests(&head, &life)?;
			Self::try_erasure(record, &head, &life)?;
		}
		Ok(())
	}

	fn try_requests(head: &RecordHead, life: &RecordLife) -> Result<(), TryRuntimeError> {
		for request in &life.requests {
			ensure!(request.version <= head.version, "a request about a version that is not there");
			if let Some(Answer::Accepted { version }) = request.answered.map(|answered| answered.answer) {
				ensure!(version <= head.version, "a request accepted with a version that is not there");
				let corrected = version > request.version || head.state == RecordState::EnteredInError;
				ensure!(corrected, "a request accepted without an amendment");
			}
		}
		Ok(())
	}

	fn try_erasure(record: RecordId, head: &RecordHead, life: &RecordLife) -> Result<(), TryRuntimeError> {
		let Some(erasure) = life.erasure else { return Ok(()) };
		let newest = Versions::<T>::get(record, head.version).ok_or("record without versions")?;
		ensure!(newest.anchored_at <= erasure.at, "an erased record was amended");
		Ok(())
	}

	pub(super) fn try_suites() -> Result<(), TryRuntimeError> {
		Suites::<T>::iter_values().try_for_each(|status| Self::try_status(status))
	}
}
