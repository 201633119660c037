//! The command line: what is typed before the command, and how an error is shown.

use std::ffi::OsString;
use std::io::Write;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{ArgAction, Args, Parser};

use crate::commands::Command;
use crate::duration::parse_duration;
use crate::error::Error;
use crate::grpc::Grpc;
use crate::rest::Rest;

/// Manages a running agent.
#[derive(Debug, Parser)]
#[command(
    name = "agentctl",
    version = concat!("version ", env!("CARGO_PKG_VERSION")),
    disable_version_flag = true,
    arg_required_else_help = true
)]
pub struct Cli {
    /// Print the version
    #[arg(short, long, action = ArgAction::Version)]
    version: Option<bool>,

    #[command(flatten, next_help_heading = "The agent")]
    pub agent: Agent,

    #[command(subcommand)]
    command: Command,
}

/// Where the agent is and how long it may take to answer.
#[derive(Args, Clone, Debug)]
pub struct Agent {
    /// Host of the agent: a name or an address [env: AGENT_HOST] [default: 127.0.0.1]
    #[arg(short = 'H', long, global = true)]
    host: Option<String>,

    /// Port of the agent's REST API
    #[arg(long, default_value_t = 9191, global = true)]
    pub http_port: u16,

    /// Port of the agent's gRPC API
    #[arg(long, default_value_t = 9111, global = true)]
    pub grpc_port: u16,

    /// User and password for REST, as user:password [env: AGENTCTL_HTTP_BASIC_AUTH]
    #[arg(long, global = true)]
    pub http_basic_auth: Option<String>,

    /// Version in front of the paths of REST, as in /v1/info/version [env: LIGATO_API_VERSION]
    #[arg(long, global = true)]
    pub api_version: Option<String>,

    /// How long one call may take, such as 500ms, 30s or 2m [default: 2m; 5m for changes of the configuration]
    #[arg(short, long, value_parser = parse_duration, global = true)]
    pub timeout: Option<Duration>,
}

impl Agent {
    /// Takes from the environment what no flag says. An empty variable says as much as none.
    ///
    /// This is not left to the parser of the command line: there a variable would win over a flag that stands before
    /// the command.
    fn complete(&mut self, environment: impl Fn(&str) -> Option<String>) {
        for (setting, variable) in [
            (&mut self.host, "AGENT_HOST"),
            (&mut self.http_basic_auth, "AGENTCTL_HTTP_BASIC_AUTH"),
            (&mut self.api_version, "LIGATO_API_VERSION"),
        ] {
            let said = setting.take().or_else(|| environment(variable));
            *setting = said.filter(|value| !value.is_empty());
        }
    }

    /// How long one call may take.
    pub fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(120))
    }

    /// How long one call may take that changes the configuration, and waiting for its effect.
    pub fn timeout_of_change(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(300))
    }

    /// The REST API.
    pub fn rest(&self) -> Rest {
        Rest::new(self)
    }

    /// The gRPC API.
    pub fn grpc(&self) -> Grpc {
        Grpc::new(self)
    }

    /// `host:port`, with brackets around an IPv6 address.
    pub fn address(&self, port: u16) -> String {
        let host = self.host.as_deref().unwrap_or("127.0.0.1");
        if host.contains(':') && !host.starts_with('[') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        }
    }
}

/// Where results and complaints go.
pub struct Screen<'a> {
    /// Results.
    pub out: &'a mut dyn Write,
    /// Complaints.
    pub err: &'a mut dyn Write,
    /// Results are seen on a terminal that shows colours.
    pub colours: bool,
}

/// How a command ended; the numbers are the exit codes of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// It did what it was asked for.
    Done = 0,
    /// It failed, and said why.
    Error = 1,
    /// It did what it was asked for, which was to tell whether something would change: yes.
    Changes = 2,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(exit as u8)
    }
}

impl Screen<'_> {
    /// Shows a result; adds the end of the last line if there is none.
    pub fn print(&mut self, text: &str) -> Result<(), Error> {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        write!(self.out, "{text}{end}").and_then(|()| self.out.flush()).map_err(Error::Output)
    }

    /// Shows something that went wrong but does not end the command.
    pub fn warn(&mut self, text: &str) {
        // There is nobody left to tell if this fails.
        let _ = writeln!(self.err, "WARNING: {text}");
    }
}

/// Runs what is typed. An error has been shown when this returns.
pub async fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: impl Fn(&str) -> Option<String>,
    screen: &mut Screen<'_>,
) -> Exit {
    let done = match Cli::try_parse_from(arguments) {
        Ok(mut cli) => {
            cli.agent.complete(environment);
            cli.command.run(&cli.agent, screen).await
        }
        Err(asked) if shows_help(asked.kind()) => screen.print(&asked.to_string()).map(|()| Exit::Done),
        Err(error) => {
            let _ = write!(screen.err, "{error}");
            return Exit::Error;
        }
    };
    match done {
        Ok(exit) => exit,
        // Whoever reads has seen enough, as in `agentctl dump all | head`.
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Done,
        Err(error) => {
            let _ = writeln!(screen.err, "ERROR: {error}");
            Exit::Error
        }
    }
}

/// Whether the "error" is a text that was asked for.
fn shows_help(kind: ErrorKind) -> bool {
    use ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    matches!(kind, DisplayHelp | DisplayVersion | DisplayHelpOnMissingArgumentOrSubcommand)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::canned::type_in;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_ipv6_host_is_bracketed() {
        let cli = Cli::try_parse_from(["agentctl", "-H", "::1", "status", "--http-port", "80"]).unwrap();
        assert_eq!(cli.agent.address(cli.agent.http_port), "[::1]:80");
        let cli = Cli::try_parse_from(["agentctl", "--host", "vpp1", "status"]).unwrap();
        assert_eq!(cli.agent.address(cli.agent.grpc_port), "vpp1:9111");
    }

    #[test]
    fn a_flag_wins_over_the_environment_wherever_it_stands() {
        let environment = |name: &str| match name {
            "AGENT_HOST" => Some("far".to_string()),
            "LIGATO_API_VERSION" => Some(String::new()),
            _ => None,
        };
        for (arguments, host) in [
            (&["agentctl", "--host=near", "status"][..], "near:1"),
            (&["agentctl", "status", "--host=near"], "near:1"),
            (&["agentctl", "status"], "far:1"),
            (&["agentctl", "status", "--host="], "127.0.0.1:1"),
        ] {
            let mut cli = Cli::try_parse_from(arguments).unwrap();
            cli.agent.complete(environment);
            assert_eq!(cli.agent.address(1), host, "{arguments:?}");
            assert_eq!(cli.agent.api_version, None);
        }
    }

    #[tokio::test]
    async fn the_version_is_printed_on_request() {
        for flag in ["-v", "--version"] {
            let typed = type_in(&[flag]).await;
            assert!(typed.succeeded);
            assert_eq!(typed.out, format!("agentctl version {}\n", env!("CARGO_PKG_VERSION")));
        }
    }

    #[tokio::test]
    async fn no_command_shows_the_help_and_a_wrong_one_is_an_error() {
        let typed = type_in(&[]).await;
        assert!(typed.succeeded && typed.out.contains("Usage: agentctl"), "{}", typed.out);
        let typed = type_in(&["sttaus"]).await;
        assert!(
            !typed.succeeded && typed.err.contains("sttaus") && typed.err.contains("'status'"),
            "{}",
            typed.err
        );
    }
}
