//! The example of Linux in the README: what is typed there is done here, and what is seen there is seen.

use crate::linux::{Site, eventually};
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Whoever holds a directory of names of namespaces that nobody else sees.
struct Names(Child);

impl Names {
    fn new(site: &Site) -> Names {
        let script = "mkdir -p /run/netns && mount -t tmpfs none /run/netns && echo && exec cat";
        let mut command = site.netns.command("unshare");
        command.args(["--mount", "sh", "-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "\n", "this user may not mount anything");
        Names(child)
    }
    /// A program that will run there.
    fn command(&self, site: &Site, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net={}", site.netns.path()))
            .arg(format!("--mount=/proc/{}/ns/mnt", self.0.id()));
        command.arg(format!("--wd={}", site.dir.0.display())).arg(program).stdin(Stdio::null());
        command
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        let _ = self.0.kill(); // it ends by itself when nobody can speak to it
        let _ = self.0.wait();
    }
}

/// What `agentctl` shows.
fn shown(site: &Site, words: &str) -> String {
    let typed = std::iter::once("agentctl").chain(words.split_whitespace()).map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    site.netns.inside(|| {
        let mut screen = agentctl::Screen { out: &mut out, err: &mut err, colours: false };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(agentctl::run(typed, |_| None, &mut screen));
    });
    let text = String::from_utf8(out).unwrap();
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn the_example_of_linux_is_as_it_is_written_in_netns() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, section) = readme.split_once("\n### Linux\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let (typed, seen) = section.split_once("What is seen then:").unwrap();
    let block = |text: &str| -> String {
        text.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| line.to_owned() + "\n").collect()
    };
    let (typed, seen) = (block(typed), block(seen));
    let site = Site::empty("readme");
    let names = Names::new(&site);
    let (mut vpp, mut agent, mut last) = (None, None, String::new());
    let mut lines = typed.lines();
    while let Some(line) = lines.next() {
        let (program, words) = line.split_once(' ').unwrap();
        match program {
            "vpp-sim" => vpp = Some(site.simulate(words.split(' ').nth(1).unwrap())),
            "vpp-agent" => {
                let mut command = names.command(&site, env!("CARGO_BIN_EXE_vpp-agent"));
                command.args(words.trim_end_matches(" &").split(' '));
                agent = Some(crate::Running::start(command));
            }
            "agentctl" => {
                eventually("agentctl shows what is written", || {
                    last = shown(&site, words);
                    last == seen
                });
            }
            _ => {
                let mut script = line.to_owned() + "\n";
                if line.ends_with("<<END") {
                    script.extend(
                        lines.by_ref().take_while(|line| *line != "END").map(|line| line.to_owned() + "\n"),
                    );
                    script += "END\n";
                }
                eventually(line, || {
                    let mut command = names.command(&site, "sh");
                    command.args(["-c", &script]).stdout(Stdio::null()).stderr(Stdio::null());
                    command.status().unwrap().success()
                });
            }
        }
    }
    assert_eq!(last, seen);
    agent.unwrap().stop();
    vpp.unwrap().stop();
}
