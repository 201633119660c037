//! A real etcd in a directory of its own.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Dir;

pub struct Etcd {
    dir: Dir,
    client: u16,
    peer: u16,
    child: Option<Child>,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Etcd {
    /// Chooses ports and a directory, but does not start.
    pub fn prepare() -> Self {
        Etcd { dir: Dir::new(), client: free_port(), peer: free_port(), child: None }
    }

    pub fn start() -> Self {
        let mut etcd = Etcd::prepare();
        etcd.run();
        etcd
    }

    /// Starts the server (again) and waits until it answers.
    pub fn run(&mut self) {
        let (client, peer) =
            (format!("http://{}", self.endpoint()), format!("http://127.0.0.1:{}", self.peer));
        let mut command = Command::new("etcd");
        command.arg("--data-dir").arg(self.dir.0.join("data"));
        command.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
        command.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
        command.args(["--initial-cluster", &format!("default={peer}"), "--log-level", "error"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn();
        self.child = Some(child.unwrap_or_else(|error| {
            panic!(
                "etcd cannot be started ({error}); install the Debian packages etcd-server and etcd-client"
            )
        }));
        let start = Instant::now();
        while !self.ctl(&["get", "probe"]).0 {
            assert!(start.elapsed() < Duration::from_secs(30), "etcd does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn signal(&self, signal: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Forgets everything that was stored.
    pub fn wipe(&mut self) {
        self.kill();
        std::fs::remove_dir_all(self.dir.0.join("data")).unwrap();
    }

    pub fn endpoint(&self) -> String {
        format!("127.0.0.1:{}", self.client)
    }

    /// Success and output of `etcdctl`.
    pub fn ctl(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new("etcdctl");
        command.env("ETCDCTL_API", "3").args(["--endpoints", &self.endpoint(), "--dial-timeout", "1s"]);
        command.args(["--command-timeout", "2s"]).args(arguments).stderr(Stdio::null());
        let output = command.output();
        let output = output.unwrap_or_else(|error| {
            panic!("etcdctl cannot be started ({error}); install the Debian package etcd-client")
        });
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    pub fn put(&self, key: &str, value: &str) {
        assert!(self.ctl(&["put", &format!("/vnf-agent/vpp1/{key}"), value]).0);
    }

    /// An interface of this name and MTU.
    pub fn put_interface(&self, name: &str, mtu: u32) {
        let json = format!(r#"{{"name":"{name}","type":"SOFTWARE_LOOPBACK","mtu":{mtu}}}"#);
        self.put(&format!("config/vpp/v2/interfaces/{name}"), &json);
    }

    pub fn delete(&self, key: &str) {
        assert!(self.ctl(&["del", &format!("/vnf-agent/vpp1/{key}")]).0);
    }

    /// All changes in one etcd transaction; without spaces in the values.
    pub fn transaction(&self, puts: &[(String, String)]) {
        use std::io::Write;
        let mut command = Command::new("etcdctl");
        command.env("ETCDCTL_API", "3").args(["--endpoints", &self.endpoint(), "txn"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut text = String::from("\n");
        for (key, value) in puts {
            text.push_str(&format!("put /vnf-agent/vpp1/{key} {value}\n"));
        }
        text.push_str("\n\n");
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }

    pub fn revision(&self) -> i64 {
        let (_, json) = self.ctl(&["get", "probe", "-w", "json"]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        json["header"]["revision"].as_i64().unwrap()
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        self.kill();
    }
}
