//! `cargo xtask bless`: rewrites the recorded answers of the stories with what the agent answers now.

use crate::{Command, process};

pub const COMMAND: Command = Command {
    name: "bless",
    usage: "[filter]",
    summary: "rewrite the recorded answers of the stories; read the diff before you commit it",
    run,
};

fn run(arguments: &[String]) -> Result<(), String> {
    let mut command = process::cargo();
    command.args(["test", "-p", "agent", "--test", "stories", "--"]).args(arguments).env("BLESS", "1");
    process::run(&mut command)
}
