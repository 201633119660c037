//! What a script sees of the program: its exit code.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that panics has failed, as it should

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};

/// Runs the program against an agent that has this answer to any request; the file is empty.
fn exit_code(arguments: &[&str], answer: &'static str) -> i32 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // The request is short and comes at once; only its end matters.
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        let length = answer.len();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}")
            .unwrap();
    });
    let mut program = Command::new(env!("CARGO_BIN_EXE_agentctl"));
    program.args(arguments).arg(format!("--http-port={port}")).env_remove("AGENT_HOST");
    let status = program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    status.code().unwrap()
}

#[test]
fn a_plan_tells_by_its_exit_code_whether_something_would_change() {
    let plan = ["config", "plan", "-"];
    let nothing = r#"{"changes":0,"steps":[],"interrupted":[],"waiting":[],"refused":[]}"#;
    assert_eq!(exit_code(&plan, nothing), 0);
    let change = r#"{"changes":1,"steps":[{"operation":"CREATE","key":"a"}],"interrupted":[],"waiting":[],"refused":[]}"#;
    assert_eq!(exit_code(&plan, change), 2);
    assert_eq!(exit_code(&plan, "no plan"), 1);
    assert_eq!(exit_code(&["config", "plan", "no/such/file"], nothing), 1);
    // The parser of the command line has another code of its own, which would look like a change.
    assert_eq!(exit_code(&["config", "plan", "--no-such-flag"], nothing), 1);
}
