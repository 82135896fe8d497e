// SPDX-License-Identifier: Apache-2.0
//! Enough of HTTP to ask a node that runs on this machine.

use crate::Outcome;
use std::{
	io::{Read, Write},
	net::{SocketAddr, TcpStream},
	time::Duration,
};

/// A node that has not answered by now is stopped or gone, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Nobody listens, if nothing happened by now.
const CONNECT: Duration = Duration::from_secs(2);

/// The body of the page at `path`.
pub fn get(address: SocketAddr, path: &str) -> Outcome<String> {
	exchange(address, &format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n"))
}

/// The answer to `json`.
pub fn post(address: SocketAddr, json: &str) -> Outcome<String> {
	let length = json.len();
	exchange(
		address,
		&format!(
			"POST / HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{json}"
		),
	)
}

fn exchange(address: SocketAddr, request: &str) -> Outcome<String> {
	let talk = || -> std::io::Result<Vec<u8>> {
		let mut stream = TcpStream::connect_timeout(&address, CONNECT)?;
		stream.set_read_timeout(Some(PATIENCE))?;
		stream.set_write_timeout(Some(PATIENCE))?;
		stream.write_all(request.as_bytes())?;
		let mut answer = Vec::new();
		stream.read_to_end(&mut answer)?;
		Ok(answer)
	};
	let answer = talk().map_err(|error| format!("{address}: {error}"))?;
	body(&String::from_utf8_lossy(&answer)).map_err(|error| format!("{address}: {error}"))
}

/// What follows the head of a successful answer.
fn body(answer: &str) -> Outcome<String> {
	let (head, body) = answer.split_once("\r\n\r\n").ok_or("the answer has no head")?;
	let status = head.lines().next().unwrap_or_default();
	if status.split(' ').nth(1) != Some("200") {
		return Err(format!("{status}: {body}"));
	}
	Ok(body.to_owned())
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::net::TcpListener;

	#[test]
	fn body_follows_the_head() {
		assert_eq!(body("HTTP/1.0 200 OK\r\nA: b\r\n\r\nc\r\n\r\nd"), Ok("c\r\n\r\nd".into()));
		assert!(body("HTTP/1.0 500 No\r\n\r\nwhy").is_err_and(|error| error.contains("500") && error.contains("why")));
		assert!(body("HTTP/1.0 200 OK\r\n").is_err());
		assert!(body("").is_err());
	}

	#[test]
	fn post_sends_the_length_and_gives_the_answer() {
		let listener = TcpListener::bind("127.0.0.1:0").expect("there are free ports");
		let address = listener.local_addr().expect("bound");
		let server = std::thread::spawn(move || {
			let (mut stream, _) = listener.accept().expect("somebody calls");
			let mut request = [0; 512];
			let length = stream.read(&mut request).expect("a request");
			stream.write_all(b"HTTP/1.0 200 OK\r\n\r\n{}").expect("the caller waits");
			String::from_utf8_lossy(&request[..length]).into_owned()
		});
		assert_eq!(post(address, "[1]"), Ok("{}".into()));
		let request = server.join().expect("the server ends");
		assert!(request.starts_with("POST / HTTP/1.0\r\n") && request.contains("Content-Length: 3\r\n"), "{request}");
		assert!(request.ends_with("\r\n\r\n[1]"), "{request}");
	}

	#[test]
	fn a_port_without_a_server_fails() {
		let listener = TcpListener::bind("127.0.0.1:0").expect("there are free ports");
		let address = listener.local_addr().expect("bound");
		drop(listener);
		assert!(get(address, "/").is_err_and(|error| error.contains(&address.to_string())));
	}
}
