//! `agentctl vpp`: VPP itself, asked through the agent.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, parse_text_format};
use crate::rest::Rest;

/// Ask VPP itself, through the agent
#[derive(Args, Debug)]
pub struct Vpp {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Cli(Cli),
    Info(Info),
    Trace(Trace),
}

/// Run a command of VPP's own command line
///
/// What VPP prints is passed on as it is. Changes made in this way are behind the agent's back: it mends what is not as
/// configured at the next comparison.
#[derive(Args, Debug)]
#[command(
    visible_alias = "c",
    verbatim_doc_comment,
    after_help = "Example:\n  agentctl vpp cli show interface address"
)]
struct Cli {
    /// The command, as one or several words; words that begin with - come after --
    #[arg(value_name = "COMMAND", required = true)]
    words: Vec<String>,
}

/// Show version and command line of VPP
#[derive(Args, Debug)]
#[command(visible_alias = "i")]
struct Info {}

/// Show what the agent and VPP said to each other, or start and stop recording it
///
/// The agent keeps the newest messages, up to 1 MiB. While nothing is recorded, the trace costs nothing.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
struct Trace {
    /// on, off or clear; without it, what was recorded is shown
    #[arg(value_parser = ["on", "off", "clear"])]
    change: Option<String>,

    /// text, json or yaml
    #[arg(short, long, default_value = "text", value_parser = parse_text_format)]
    format: Format,
}

impl Vpp {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        let rest = agent.rest();
        match &self.command {
            Command::Cli(cli) => {
                let line = cli.words.join(" ");
                let printed = ask(&rest, &line).await?;
                screen.print(&format!("vpp# {line}\n{printed}"))
            }
            Command::Info(_) => {
                let version = ask(&rest, "show version verbose").await?;
                let config = ask(&rest, "show version cmdline").await?;
                screen.print(&format!("VERSION:\n{version}\nCONFIG:\n{config}\n"))
            }
            Command::Trace(trace) => trace.run(&rest, screen).await,
        }
    }
}

/// What VPP prints for a command.
async fn ask(rest: &Rest, line: &str) -> Result<String, Error> {
    rest.post("/vpp/command", json!({ "vppclicommand": line }).to_string()).await
}

impl Trace {
    async fn run(&self, rest: &Rest, screen: &mut Screen<'_>) -> Result<(), Error> {
        let (method, path, told) = match self.change.as_deref() {
            Some("on") => ("PUT", "/vpp/trace?on=true", "messages are recorded from now on\n"),
            Some("off") => ("PUT", "/vpp/trace?on=false", "messages are not recorded any more\n"),
            Some(_) => ("DELETE", "/vpp/trace", "what was recorded is forgotten\n"),
            None => {
                let data: Value = rest.get("/vpp/trace").await?;
                return screen.print(&self.format.render(&data, || text(&data))?);
            }
        };
        rest.change(method, path).await?;
        screen.print(told)
    }
}

/// A line for each message, and one that says how complete that is.
fn text(trace: &Value) -> String {
    let mut out = String::new();
    let messages = trace["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    for message in messages {
        let word = |name: &str| message[name].as_str().unwrap_or_default();
        let arrow = if word("direction") == "sent" { "->" } else { "<-" };
        let time = message["time"].as_f64().unwrap_or_default();
        let context = message["context"].as_u64().map_or(String::new(), |context| format!(" #{context}"));
        let body = if word("body").is_empty() { word("hex") } else { word("body") };
        out += &format!("{time:>12.6} {arrow} {}{context} {body}\n", word("message"));
    }
    let state = if trace["on"] == true { "on" } else { "off" };
    out += &format!("{} messages; recording is {state}", messages.len());
    match trace["dropped"].as_u64() {
        None | Some(0) => {}
        Some(dropped) => out += &format!("; {dropped} older ones had to make room"),
    }
    out + "\n"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::canned::{Http, type_in};

    /// A VPP that repeats what it was told.
    fn server() -> Http {
        Http::start(|call| {
            let answer = match call {
                "POST /vpp/command" => json!("vpp v1\n"),
                "PUT /vpp/trace?on=true" => json!({ "on": true }),
                "DELETE /vpp/trace" => json!({}),
                "GET /vpp/trace" => json!({
                    "began": 1.0, "on": false, "dropped": 2,
                    "messages": [
                        { "time": 1.5, "direction": "sent", "message": "control_ping", "context": 7, "body": "ControlPing" },
                        { "time": 1.75, "direction": "received", "message": "number 9", "hex": "00ff" },
                    ],
                }),
                _ => return None,
            };
            Some((200, answer.to_string()))
        })
    }

    #[tokio::test]
    async fn what_vpp_prints_is_shown_as_it_is() {
        let http = server();
        let typed = type_in(&["vpp", "cli", &http.port(), "--", "show", "version", "-x"]).await;
        assert_eq!((&*typed.out, &*typed.err), ("vpp# show version -x\nvpp v1\n", ""));
        let typed = type_in(&["vpp", "info", &http.port()]).await;
        assert_eq!(typed.out, "VERSION:\nvpp v1\n\nCONFIG:\nvpp v1\n\n");
        let typed = type_in(&["vpp", "cli", &http.port()]).await;
        assert!(!typed.succeeded && typed.out.is_empty());
    }

    #[tokio::test]
    async fn the_trace_is_turned_on_and_shown() {
        let http = server();
        let typed = type_in(&["vpp", "trace", "on", &http.port()]).await;
        assert_eq!((&*typed.out, &*typed.err), ("messages are recorded from now on\n", ""));
        let typed = type_in(&["vpp", "trace", "clear", &http.port()]).await;
        assert_eq!(typed.out, "what was recorded is forgotten\n");
        let typed = type_in(&["vpp", "trace", &http.port()]).await;
        assert_eq!(
            typed.out,
            "    1.500000 -> control_ping #7 ControlPing\n    1.750000 <- number 9 00ff\n\
             2 messages; recording is off; 2 older ones had to make room\n"
        );
        let typed = type_in(&["vpp", "trace", "-f", "json", &http.port()]).await;
        let data: serde_json::Value = serde_json::from_str(&typed.out).unwrap();
        assert_eq!(data["messages"][0]["message"], "control_ping");
        let typed = type_in(&["vpp", "trace", "perhaps", &http.port()]).await;
        assert!(typed.err.contains("on, off, clear"), "{}", typed.err);
    }

    #[tokio::test]
    async fn what_vpp_says_against_a_command_is_an_error() {
        let http = Http::start(|_| Some((500, json!("500 Internal server error: no\n").to_string())));
        let typed = type_in(&["vpp", "cli", "nothing", &http.port()]).await;
        assert!(!typed.succeeded);
        assert!(
            typed.err.ends_with("refused POST /vpp/command: 500: 500 Internal server error: no\n"),
            "{}",
            typed.err
        );
    }
}
