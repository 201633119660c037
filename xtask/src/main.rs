//! Everything a developer runs, as `cargo xtask <command>`. Each command is a file of its own.

mod bench;
mod bless;
mod generate;
mod process;
mod real;
mod soak;
mod test;
mod tidy;

use std::process::ExitCode;

/// One command: what is typed, what it does in a line, and the function behind it.
struct Command {
    name: &'static str,
    usage: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> Result<(), String>,
}

/// All commands, in the order in which they are listed.
const COMMANDS: &[Command] = &[
    test::COMMAND,
    tidy::COMMAND,
    generate::COMMAND,
    bless::COMMAND,
    real::COMMAND,
    bench::COMMAND,
    soak::COMMAND,
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the command that the first argument names; lists all of them when there is none.
fn dispatch(arguments: &[String]) -> Result<(), String> {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", list());
        return Ok(());
    };
    if ["help", "--help", "-h"].contains(&name.as_str()) {
        print!("{}", list());
        return Ok(());
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(rest),
        None => Err(format!("there is no command \"{name}\"\n{}", list())),
    }
}

/// The commands as a text for people.
fn list() -> String {
    let mut text = String::from("cargo xtask <command>\n\n");
    for command in COMMANDS {
        text.push_str(&format!(
            "  {:<36} {}\n",
            format!("{} {}", command.name, command.usage),
            command.summary
        ));
    }
    text
}

/// Refuses arguments that the command does not know.
fn no_arguments(command: &str, arguments: &[String]) -> Result<(), String> {
    match arguments.first() {
        None => Ok(()),
        Some(unknown) => Err(format!("\"{command}\" takes no argument \"{unknown}\"; see `cargo xtask`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_listed_with_what_it_does() {
        let list = list();
        for command in COMMANDS {
            assert!(list.contains(command.name) && list.contains(command.summary), "{}", command.name);
        }
    }

    #[test]
    fn an_unknown_command_is_refused_with_the_list() {
        let error = dispatch(&["tets".to_string()]).unwrap_err();
        assert!(error.starts_with("there is no command \"tets\""), "{error}");
        assert!(error.contains("tidy"), "{error}");
    }
}
