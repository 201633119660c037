//! `cargo xtask test`: everything that CI runs, in order.

use std::time::Instant;

use crate::{Command, generate, process, tidy};

pub const COMMAND: Command = Command {
    name: "test",
    usage: "[--unprivileged]",
    summary: "run everything that CI runs; --unprivileged leaves out what needs network namespaces",
    run,
};

/// Tests that make network namespaces carry this in their name.
const NEEDS_NAMESPACES: &str = "in_netns";

/// A program that the tests start, and the Debian package that brings it.
const NEEDED: &[(&str, &str)] = &[
    ("etcd", "etcd-server"),
    ("etcdctl", "etcd-client"),
    ("ip", "iproute2"),
    ("iptables", "iptables"),
    ("ping", "iputils-ping"),
];

type Step = (&'static str, Box<dyn Fn() -> Result<(), String>>);

fn run(arguments: &[String]) -> Result<(), String> {
    let unprivileged = match arguments {
        [] => false,
        [flag] if flag == "--unprivileged" => true,
        _ => return Err(format!("\"test\" takes only --unprivileged, not {arguments:?}")),
    };
    let steps = steps(unprivileged);
    let count = steps.len();
    let start = Instant::now();
    if unprivileged {
        let names: Vec<&str> = steps.iter().map(|(name, _)| *name).collect();
        println!(
            "unprivileged: {}; left out are the tests with `{NEEDS_NAMESPACES}` in their name",
            names.join(", ")
        );
    }
    for (index, (name, step)) in steps.iter().enumerate() {
        println!("== {}/{count} {name}", index + 1);
        let start = Instant::now();
        step().map_err(|error| format!("step \"{name}\": {error}"))?;
        println!("== {}/{count} {name}: {:.1} s", index + 1, start.elapsed().as_secs_f64());
    }
    println!("== all {count} steps passed in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// The steps; cheap ones first, so that a slip is told early. All use the same profile and share what they compile.
fn steps(unprivileged: bool) -> Vec<Step> {
    let mut steps: Vec<Step> = vec![("programs that the tests start", Box::new(install))];
    if !unprivileged {
        steps.push(("network namespaces", Box::new(namespaces)));
    }
    steps.push(("format", Box::new(|| cargo(&["fmt", "--all", "--check"], &[]))));
    steps.push(("tidy", Box::new(tidy::check)));
    steps.push(("generated code", Box::new(generate::check)));
    steps.push((
        "lints",
        Box::new(|| cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])),
    ));
    steps.push((
        "documentation",
        Box::new(|| cargo(&["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")])),
    ));
    // Runs the examples in the documentation too; nothing follows it, so that its summary ends the output.
    steps.push((
        "tests",
        Box::new(move || match unprivileged {
            false => cargo(&["test", "--workspace"], &[]),
            true => cargo(&["test", "--workspace", "--", "--skip", NEEDS_NAMESPACES], &[]),
        }),
    ));
    steps
}

fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    process::run(process::cargo().args(arguments).envs(environment.iter().copied()))
}

/// Sees that the programs are there; installs them where that is possible without asking anybody.
fn install() -> Result<(), String> {
    let missing = missing(process::on_path);
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    let root = process::output(process::at_root("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root || !process::on_path("apt-get") {
        return Err(format!("programs are missing; install them: apt-get install {packages}"));
    }
    println!("installing {packages}");
    // A fresh machine has no package lists yet.
    process::run(process::at_root("apt-get").args(["update", "-qq"]))?;
    process::run(
        process::at_root("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(&missing)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

/// The packages of the programs that are not there.
fn missing(present: impl Fn(&str) -> bool) -> Vec<&'static str> {
    NEEDED.iter().filter(|(program, _)| !present(program)).map(|(_, package)| *package).collect()
}

/// Tries what the tests do: a network namespace of its own.
fn namespaces() -> Result<(), String> {
    if process::succeeds(process::at_root("unshare").args(["--net", "true"])) {
        return Ok(());
    }
    Err("this user may not make network namespaces (`unshare --net true` fails), which some tests need; run as root \
         or with CAP_SYS_ADMIN, or run the rest with `cargo xtask test --unprivileged`"
        .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_missing_programs_are_installed() {
        assert_eq!(
            missing(|program| ["ip", "iptables", "ping"].contains(&program)),
            ["etcd-server", "etcd-client"]
        );
        assert!(missing(|_| true).is_empty());
    }

    #[test]
    fn the_unprivileged_run_leaves_out_namespaces_only() {
        let names = |unprivileged| steps(unprivileged).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let mut all = names(false);
        all.retain(|name| *name != "network namespaces");
        assert_eq!(all, names(true));
        assert_eq!(all.last(), Some(&"tests"));
    }

    #[test]
    fn unknown_arguments_are_refused() {
        assert!(run(&["--fast".to_string()]).unwrap_err().contains("--fast"));
    }
}
