// SPDX-License-Identifier: Apache-2.0
//! Programs that sign, and programs that do not, as scripts of the shell.

use super::*;
use ed25519_dalek::Signer as _;
use std::{path::PathBuf, time::Instant};
use subxt_signer::sr25519::dev;
use tempfile::TempDir;

const PAYLOAD: &[u8] = b"transaction";

fn alice() -> AccountId32 {
	dev::alice().public_key().into()
}

fn sr25519_of(payload: &[u8]) -> String {
	hex::encode(dev::alice().sign(payload).0)
}

fn ed25519() -> ed25519_dalek::SigningKey {
	ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

fn script(text: &str) -> (TempDir, PathBuf) {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("signer.sh");
	std::fs::write(&path, text).unwrap();
	(folder, path)
}

async fn sign(text: &str, account: AccountId32, patience: u64) -> Result<MultiSignature, SignerError> {
	let (_folder, path) = script(text);
	let command = format!("sh {}", path.display());
	let remote = Remote::new(&command, account, Duration::from_secs(patience)).unwrap();
	Signer::Command(remote).sign(PAYLOAD).await
}

async fn refusal(text: &str) -> SignerError {
	sign(text, alice(), 20).await.unwrap_err()
}

#[tokio::test]
async fn signature_of_each_scheme_is_taken_bare_or_with_its_scheme() {
	let signature = sr25519_of(PAYLOAD);
	for text in [format!("echo 0x{signature}"), format!("echo; echo '  {signature} '"), format!("echo 0x01{signature}")]
	{
		assert!(matches!(sign(&text, alice(), 20).await, Ok(MultiSignature::Sr25519(_))), "{text}");
	}
	let account = AccountId32(ed25519().verifying_key().to_bytes());
	let signature = hex::encode(ed25519().sign(PAYLOAD).to_bytes());
	for text in [format!("echo {signature}"), format!("echo 0x00{signature}")] {
		assert!(matches!(sign(&text, account, 20).await, Ok(MultiSignature::Ed25519(_))), "{text}");
	}
	let of_ecdsa = hex::encode(ecdsa::tests::sign(7, PAYLOAD));
	for text in [format!("echo {of_ecdsa}"), format!("echo 0x02{of_ecdsa}")] {
		let signed = sign(&text, ecdsa::tests::account_of_seed(7), 20).await;
		assert!(matches!(signed, Ok(MultiSignature::Ecdsa(_))), "{text}");
		assert!(matches!(sign(&text, account, 20).await, Err(SignerError::OtherSignature(_))));
	}
	assert!(matches!(sign(&format!("echo 01{signature}"), account, 20).await, Err(SignerError::OtherSignature(_))));
}

#[tokio::test]
async fn payload_is_given_as_one_line_of_hexadecimal() {
	let folder = tempfile::tempdir().unwrap();
	let seen = folder.path().join("seen");
	let text = format!("cat > {}; echo {}", seen.display(), sr25519_of(PAYLOAD));
	sign(&text, alice(), 20).await.unwrap();
	assert_eq!(std::fs::read_to_string(seen).unwrap(), format!("0x{}\n", hex::encode(PAYLOAD)));
}

#[tokio::test]
async fn signature_of_another_key_or_payload_is_refused() {
	let bob = hex::encode(dev::bob().sign(PAYLOAD).0);
	let other = sr25519_of(b"another transaction");
	let spoilt = format!("{}00", &sr25519_of(PAYLOAD)[..126]);
	for signature in [bob, other, spoilt, "00".repeat(64)] {
		let error = refusal(&format!("echo {signature}")).await;
		assert_eq!(error, SignerError::OtherSignature(alice()));
		assert!(error.to_string().contains("5Grwva"), "{error}");
	}
}

#[tokio::test]
async fn program_that_refuses_is_told_whatever_it_wrote() {
	let signature = sr25519_of(PAYLOAD);
	let error = refusal(&format!("echo {signature}; exit 3")).await;
	assert!(matches!(&error, SignerError::Refused(status) if status.contains('3')), "{error}");
	assert!(matches!(refusal("kill -9 $$").await, SignerError::Refused(_)));
}

#[tokio::test]
async fn garbage_is_refused_without_being_quoted() {
	let short = "11".repeat(63);
	let long = "02".repeat(67);
	for text in ["true", "echo PIN incorrect", &format!("echo {short}"), &format!("echo {long}"), "printf '\\377\\376'"]
	{
		let error = refusal(text).await;
		assert_eq!(error, SignerError::NoSignature, "{text}");
		assert!(!error.to_string().contains("PIN"));
	}
	let twice = format!("echo {0}; echo {0}", sr25519_of(PAYLOAD));
	assert_eq!(refusal(&twice).await, SignerError::NoSignature);
}

#[tokio::test]
async fn program_that_does_not_end_is_ended() {
	let started = Instant::now();
	assert_eq!(sign("exec sleep 60", alice(), 1).await, Err(SignerError::Late(1)));
	// One that writes without end meets the limit of what is read.
	assert!(sign("exec yes", alice(), 5).await.is_err());
	assert!(started.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn program_that_cannot_be_started_is_told() {
	let remote = Remote::new("no-such-signer --slot 1", alice(), Duration::from_secs(5)).unwrap();
	let error = Signer::Command(remote).sign(PAYLOAD).await.unwrap_err();
	assert!(matches!(error, SignerError::NotRunning { .. }), "{error}");
	assert!(matches!(Remote::new("  ", alice(), Duration::ZERO), Err(SignerError::NoCommand)));
}

#[tokio::test]
async fn key_in_memory_signs_as_ever() {
	let signer = Signer::Key(dev::alice());
	assert_eq!(signer.account(), alice());
	let signature = signer.sign(PAYLOAD).await.unwrap();
	assert!(verifies(&signature, PAYLOAD, &alice()));
}
