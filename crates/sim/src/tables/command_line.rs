//! The command line that API clients may use: the few commands that tests need.

use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::vlib::{CliInband, CliInbandReply};

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.query(command_line);
}

/// What VPP prints; what it says against a command goes with a return value of -1.
fn command_line(state: &mut State, request: CliInband) -> Result<CliInbandReply> {
    let words: Vec<&str> = request.cmd.split_whitespace().collect();
    let printed = match *words {
        ["show", "version", ref more @ ..] => Ok(version(state, more)),
        ["set", "interface", "state", name, to @ ("up" | "down")] => set_state(state, name, to == "up"),
        [known @ ("show" | "set"), ref rest @ ..] => Err(format!("{known}: {}", unknown(rest))),
        _ => Err(unknown(&words)),
    };
    Ok(match printed {
        Ok(reply) => CliInbandReply { retval: 0, reply },
        Err(reply) => CliInbandReply { retval: -1, reply },
    })
}

fn unknown(words: &[&str]) -> String {
    format!("unknown input `{}'", words.join(" "))
}

fn version(state: &State, more: &[&str]) -> String {
    let release = &state.release;
    let mut text = String::new();
    if more.contains(&"verbose") {
        text += &format!("{:<25} v{release}-release\n{:<25} {}\n", "Version:", "Current PID:", state.pid);
    }
    if more.contains(&"cmdline") {
        text += &format!("{:<25}\n  vpp-sim\n", "Command line arguments:");
    }
    if text.is_empty() {
        text = format!("vpp v{release}-release, simulated\n");
    }
    text
}

fn set_state(state: &mut State, name: &str, up: bool) -> std::result::Result<String, String> {
    let to = if up { "up" } else { "down" };
    let index = state.interfaces.by_name(name);
    let index = index.ok_or_else(|| format!("set interface state: unknown interface `{name} {to}'"))?;
    match state.set_admin(index, up) {
        Ok(()) => Ok(String::new()),
        Err(Outcome::Retval(retval)) => Err(binapi::retval::describe(retval)),
        Err(Outcome::Crash) => Err("VPP would crash".to_owned()),
    }
}
