//! `cargo xtask real`: the stories, the laws and packets on a real VPP.

use std::path::Path;

use crate::{Command, process};

pub const COMMAND: Command = Command {
    name: "real",
    usage: "[filter]",
    summary: "run stories, laws and traffic on the VPP that VPP_BIN, VPP_LIB, VPP_PLUGINS and VPPCTL name",
    run,
};

/// The test targets that know how to use a real VPP: package and name of the target.
const TARGETS: &[(&str, &str)] = &[("vpp", "laws"), ("agent", "stories"), ("agent", "traffic")];

/// What the environment must name.
struct Needed {
    variable: &'static str,
    what: &'static str,
    folders: bool,
}

const NEEDED: &[Needed] = &[
    Needed { variable: "VPP_BIN", what: "the vpp program", folders: false },
    Needed {
        variable: "VPP_LIB",
        what: "the folders of VPP's libraries, with colons between them",
        folders: true,
    },
    Needed {
        variable: "VPP_PLUGINS",
        what: "the folders of VPP's plugins, with colons between them",
        folders: true,
    },
    Needed { variable: "VPPCTL", what: "the vppctl program", folders: false },
];

fn run(arguments: &[String]) -> Result<(), String> {
    let problems = missing(|variable| std::env::var(variable).ok());
    if !problems.is_empty() {
        return Err(format!("no VPP to run on: {}", problems.join("; ")));
    }
    for (package, target) in TARGETS {
        let mut command = process::cargo();
        command.args(["test", "-p", package, "--test", target, "--"]).args(arguments);
        process::run(&mut command)?;
    }
    Ok(())
}

/// What the environment does not name, or names wrongly; a sentence each.
fn missing(variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for needed in NEEDED {
        let Needed { variable: name, what, folders } = needed;
        let Some(value) = variable(name) else {
            problems.push(format!("{name} is not set (it names {what})"));
            continue;
        };
        let paths: Vec<&str> = if *folders { value.split(':').collect() } else { vec![&value] };
        for path in paths {
            let there = if *folders { Path::new(path).is_dir() } else { Path::new(path).is_file() };
            if !there {
                problems.push(format!("{name} names \"{path}\", which does not exist (it names {what})"));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_environment_lacks_is_named() {
        let folder = env!("CARGO_MANIFEST_DIR").to_string();
        let file = format!("{folder}/Cargo.toml");
        let problems = missing(|variable| match variable {
            "VPP_BIN" => Some(file.clone()),
            "VPP_LIB" => Some(format!("{folder}:{file}")),
            "VPP_PLUGINS" => Some(folder.clone()),
            _ => None,
        });
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(
            problems[0].starts_with(&format!("VPP_LIB names \"{file}\", which does not exist")),
            "{problems:?}"
        );
        assert_eq!(problems[1], "VPPCTL is not set (it names the vppctl program)");
    }
}
