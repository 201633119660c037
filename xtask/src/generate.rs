//! `cargo xtask gen`: writes the generated part of the binapi package, and the table of models.

use std::path::PathBuf;

use crate::{Command, no_arguments, process};

pub const COMMAND: Command = Command {
    name: "gen",
    usage: "",
    summary: "write crates/binapi/src/generated anew from vppapi, and docs/generated/models.md",
    run,
};

/// Where the generator reads and writes: schema, list of used messages, generated files.
fn places() -> (PathBuf, PathBuf, PathBuf) {
    let schema = process::root().join("vppapi");
    (schema.clone(), schema.join("used.txt"), process::root().join("crates/binapi/src/generated"))
}

fn run(arguments: &[String]) -> Result<(), String> {
    no_arguments(COMMAND.name, arguments)?;
    let (schema, used, out) = places();
    for path in binapi_gen::generate(&schema, &used, &out).map_err(|error| error.to_string())? {
        println!("{}", path.strip_prefix(process::root()).unwrap_or(&path).display());
    }
    // The table of models knows the registry, which this package must not link: its own test writes it.
    let mut models = process::cargo();
    models.args(["test", "-q", "-p", "agent", "--test", "models", "current"]).env("BLESS", "1");
    process::run(&mut models)
}

/// Fails if the generator would write something else than what is there.
pub fn check() -> Result<(), String> {
    let (schema, used, out) = places();
    let stale = binapi_gen::check(&schema, &used, &out).map_err(|error| error.to_string())?;
    match stale.len() {
        0 => Ok(()),
        count => Err(format!(
            "{count} files in crates/binapi/src/generated are not current; run `cargo xtask gen`"
        )),
    }
}
