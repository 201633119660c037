//! Running a program of iptables, in the namespace of the thread that does it.

use super::Protocol;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::process::{Child, Command, ExitStatus, Stdio};

/// How long a program may take.
const PATIENCE: Timespec = Timespec { tv_sec: 20, tv_nsec: 0 };
/// How long it waits for others of its kind, in seconds.
const WAIT: &str = "5";
/// Where programs for administrators are, if `PATH` does not say so.
const BESIDES: &str = "/usr/sbin:/sbin";

/// Which programs are run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Programs {
    pub protocol: Protocol,
    /// Between the name and its end: nothing, `-nft` or `-legacy`.
    pub variant: &'static str,
}

/// Why a program did not do what it was to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Failure {
    /// It is not there.
    Missing(String),
    /// It did not end in time, and was ended; what it did is not known.
    Late(String),
    /// It could not be run.
    Broken(String),
    /// What it said against it.
    Refused { program: String, said: String },
}

impl Programs {
    fn name(self, end: &str) -> String {
        let start = if self.protocol == Protocol::Ipv6 { "ip6tables" } else { "iptables" };
        format!("{start}{}-{end}", self.variant)
    }
    /// Changes what the text says, and leaves the rest.
    pub fn restore(self, text: &str) -> Result<(), Failure> {
        run(&self.name("restore"), &["-w", WAIT, "--noflush"], text).map(drop)
    }
    /// Tells all that is there.
    pub fn save(self) -> Result<String, Failure> {
        run(&self.name("save"), &[], "")
    }
}

fn run(program: &str, arguments: &[&str], input: &str) -> Result<String, Failure> {
    let broken = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Failure::Missing(program.to_owned()),
        io::ErrorKind::TimedOut => Failure::Late(program.to_owned()),
        _ => Failure::Broken(format!("{program}: {error}")),
    };
    let (status, out, said) = attempt(program, arguments, input).map_err(broken)?;
    if status.success() { Ok(out) } else { Err(Failure::Refused { program: program.to_owned(), said }) }
}

/// Input and outputs are files in memory: none of them is ever full, so that nobody waits for anybody.
fn attempt(program: &str, arguments: &[&str], input: &str) -> io::Result<(ExitStatus, String, String)> {
    let file = || -> io::Result<File> { Ok(memfd_create("iptables", MemfdFlags::CLOEXEC)?.into()) };
    let (mut told, mut out, mut said) = (file()?, file()?, file()?);
    told.write_all(input.as_bytes())?;
    told.rewind()?;
    let path = std::env::var("PATH").unwrap_or_default();
    let mut child = Command::new(program)
        .args(arguments)
        .env("PATH", format!("{path}:{BESIDES}"))
        .env("LC_ALL", "C")
        .stdin(told)
        .stdout(Stdio::from(out.try_clone()?))
        .stderr(Stdio::from(said.try_clone()?))
        .spawn()?;
    let status = wait(&mut child)?;
    let text = |file: &mut File| -> io::Result<String> {
        let mut bytes = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    Ok((status, text(&mut out)?, text(&mut said)?))
}

fn wait(child: &mut Child) -> io::Result<ExitStatus> {
    // Without such a file, which kernels have since 5.3, it is waited for however long it takes.
    if let Ok(process) = pidfd_open(Pid::from_child(child), PidfdFlags::empty()) {
        let mut ended = [PollFd::new(&process, PollFlags::IN)];
        let count = rustix::io::retry_on_intr(|| poll(&mut ended, Some(&PATIENCE)))?;
        if count == 0 {
            child.kill()?;
            child.wait()?;
            return Err(io::ErrorKind::TimedOut.into());
        }
    }
    child.wait()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_run() {
        assert_eq!(run("cat", &[], "a\nb\n"), Ok("a\nb\n".to_owned()));
        assert_eq!(run("no-such-program", &[], ""), Err(Failure::Missing("no-such-program".into())));
        let refused = run("sh", &["-c", "echo no >&2; exit 2"], "");
        assert_eq!(refused, Err(Failure::Refused { program: "sh".into(), said: "no\n".into() }));
        // More than any pipe holds.
        let long = "x".repeat(1 << 20);
        assert_eq!(run("cat", &[], &long), Ok(long));
    }

    #[test]
    fn names() {
        let name = |protocol, variant| Programs { protocol, variant }.name("save");
        assert_eq!(name(Protocol::Ipv4, ""), "iptables-save");
        assert_eq!(name(Protocol::Ipv6, "-legacy"), "ip6tables-legacy-save");
    }
}
