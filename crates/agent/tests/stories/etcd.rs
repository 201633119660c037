//! A real etcd in a directory of its own.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long etcd may take to answer the first time.
const PATIENCE: Duration = Duration::from_secs(30);
/// Operations that one transaction may hold.
const TXN_OPS: usize = 500;

pub struct Etcd {
    data: PathBuf,
    client: u16,
    peer: u16,
    child: Option<Child>,
    /// Of the last change.
    pub revision: i64,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Etcd {
    pub fn start(data: PathBuf) -> Etcd {
        let mut etcd = Etcd { data, client: free_port(), peer: free_port(), child: None, revision: 0 };
        etcd.run();
        etcd
    }

    pub fn endpoint(&self) -> String {
        format!("127.0.0.1:{}", self.client)
    }

    /// Starts it (again) and waits until it answers.
    pub fn run(&mut self) {
        let (client, peer) =
            (format!("http://{}", self.endpoint()), format!("http://127.0.0.1:{}", self.peer));
        let mut command = Command::new("etcd");
        command.arg("--data-dir").arg(&self.data).args(["--log-level", "error"]);
        command.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
        command.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
        command.args([
            "--initial-cluster",
            &format!("default={peer}"),
            "--max-txn-ops",
            &TXN_OPS.to_string(),
        ]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let needed = "install the Debian packages etcd-server and etcd-client";
        self.child = Some(child.unwrap_or_else(|error| panic!("etcd cannot be started ({error}); {needed}")));
        let began = Instant::now();
        while self.ctl(&["get", "anything"], "").is_err() {
            assert!(began.elapsed() < PATIENCE, "etcd does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it without warning. What was stored stays.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill(); // it may have ended by itself
            let _ = child.wait();
        }
    }

    pub fn put(&mut self, key: &str, value: &str) -> Result<(), String> {
        let answer = self.ctl(&["put", &full(key), value], "")?;
        self.took(&answer)
    }

    pub fn delete(&mut self, key: &str) -> Result<(), String> {
        let answer = self.ctl(&["del", &full(key)], "")?;
        self.took(&answer)
    }

    /// Many values, in as few transactions as etcd allows.
    pub fn fill(&mut self, values: &[(String, String)]) -> Result<(), String> {
        for values in values.chunks(TXN_OPS) {
            let puts = values.iter().map(|(key, json)| format!("put {} {json}\n", full(key)));
            // No conditions, what is done if they hold, nothing otherwise.
            let answer = self.ctl(&["txn"], &format!("\n{}\n\n", puts.collect::<String>()))?;
            self.took(&answer)?;
        }
        Ok(())
    }

    fn took(&mut self, answer: &str) -> Result<(), String> {
        // The answer to a transaction is preceded by a line that repeats success or failure.
        let json = answer.lines().rev().find(|line| line.starts_with('{')).unwrap_or_default();
        let json: serde_json::Value =
            serde_json::from_str(json).map_err(|error| format!("etcdctl: {error}: {answer}"))?;
        self.revision = json["header"]["revision"].as_i64().ok_or("etcdctl told no revision")?;
        Ok(())
    }

    fn ctl(&self, arguments: &[&str], input: &str) -> Result<String, String> {
        use std::io::Write;
        let mut command = Command::new("etcdctl");
        command.env("ETCDCTL_API", "3").args([
            "--endpoints",
            &self.endpoint(),
            "--dial-timeout",
            "1s",
            "-w",
            "json",
        ]);
        command.args(["--command-timeout", "5s"]).args(arguments);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| format!("etcdctl cannot be started: {error}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes()).map_err(|error| format!("etcdctl: {error}"))?;
        }
        let output = child.wait_with_output().map_err(|error| format!("etcdctl: {error}"))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(format!("etcdctl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr))),
        }
    }
}

/// The key as it stands in etcd.
fn full(key: &str) -> String {
    format!("/vnf-agent/vpp1/{key}")
}

impl Drop for Etcd {
    fn drop(&mut self) {
        self.kill();
    }
}
