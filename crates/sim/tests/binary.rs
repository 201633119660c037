//! `vpp-sim` as it is started by hand.
#![allow(clippy::unwrap_used)]

mod common;

use binapi::vpe::ShowVersion;
use common::{Client, socket};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

fn vpp_sim(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vpp-sim"));
    command.args(args);
    command
}

#[test]
fn it_says_where_it_listens_and_ends_on_interrupt() {
    let path = socket();
    let path_text = path.to_str().unwrap();
    let args = ["--socket", path_text, "--release", "24.10", "--no-plugin", "memif", "--no-plugin", "acl"];
    let mut child = vpp_sim(&args).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, format!("simulated VPP 24.10 listens on {path_text}\n"));
    let mut client = Client::connect(&path);
    assert_eq!(&*client.ok(&ShowVersion {}).version, "24.10-release");
    assert!(!client.table.keys().any(|k| k.starts_with("memif_") || k.starts_with("acl_")));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(child.wait().unwrap().success());
    assert!(!path.exists());
}

#[test]
fn it_fails_with_a_sentence() {
    let path = socket();
    let output = vpp_sim(&["--socket", path.to_str().unwrap(), "--release", "1.0"]).output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("vpp-sim: simulated VPP: no release 1.0; there are 23.06"), "{error}");
}
