//! `cargo xtask tidy`: the habits of the repository, checked. Also runs as a test of this package.

mod arrows;
mod deny;
mod features;
mod licence;
mod packages;
mod parity;
mod repo;
mod rust;
mod source;

use crate::{Command, no_arguments};
use repo::Repo;

pub const COMMAND: Command = Command {
    name: "tidy",
    usage: "",
    summary: "check the habits of the repository: arrows between packages, files, licences, features",
    run,
};

/// A check returns its complaints, a sentence each.
type Check = fn(&Repo) -> Vec<String>;

/// All checks, in the order in which they run.
const CHECKS: &[(&str, Check)] = &[
    ("arrows between packages", arrows::check),
    ("packages", packages::check),
    ("dependencies", deny::check),
    ("source files", source::check),
    ("features", features::check),
    ("scenarios", parity::check),
];

fn run(arguments: &[String]) -> Result<(), String> {
    no_arguments(COMMAND.name, arguments)?;
    check()
}

/// Runs all checks and reports every complaint at once.
pub fn check() -> Result<(), String> {
    let repo = Repo::read()?;
    let mut report = String::new();
    let mut count = 0;
    for (name, check) in CHECKS {
        for complaint in check(&repo) {
            count += 1;
            report.push_str(&format!("\n  {name}: {complaint}"));
        }
    }
    if count == 0 { Ok(()) } else { Err(format!("the repository is not tidy ({count}):{report}")) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_repository_is_tidy() {
        if let Err(report) = super::check() {
            panic!("{report}");
        }
    }
}
