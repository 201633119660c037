//! `agentctl status`: how the agent and its parts are.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, parse_format};
use crate::time::{now, span, utc};

/// Show the state of the agent and of its parts
///
/// Fails when the agent is not ready, so that scripts can wait for it.
#[derive(Args, Debug)]
pub struct Status {
    /// table, json or yaml
    #[arg(short, long, default_value = "table", value_parser = parse_format)]
    format: Format,
}

impl Status {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        let rest = agent.rest();
        let readiness = rest.ask("GET", "/readiness").await?;
        if !readiness.json.is_object() {
            return Err(Error::Refused {
                call: "GET /readiness".to_string(),
                address: rest.address().to_string(),
                code: readiness.status.to_string(),
                reason: readiness.json.to_string(),
            });
        }
        let version = rest.get("/info/version").await?;
        let data = json!({ "agent": version, "status": readiness.json });
        let text = self.format.render(&data, || table(&version, &readiness.json, now()))?;
        screen.print(&text)?;
        match readiness.status {
            ..400 => Ok(()),
            _ => Err(Error::Incomplete(format!(
                "the agent at {} is not ready: its state is {}",
                rest.address(),
                state(&readiness.json)
            ))),
        }
    }
}

fn table(version: &Value, status: &Value, now: u64) -> String {
    let text = |name: &str| version[name].as_str().unwrap_or_default().to_string();
    let time = |name: &str| match status[name].as_u64() {
        Some(at) if at > 0 => format!("{} ({} ago)", utc(at), span(now.saturating_sub(at))),
        _ => String::new(),
    };
    let built = match version["BuildTime"].as_u64() {
        Some(at) if at > 0 => utc(at),
        _ => String::new(),
    };
    let platform = format!("{}/{}", text("OS"), text("Arch"));
    let builder = [text("BuildUser"), text("BuildHost")].join("@");
    let lines = [
        ("App name", text("App")),
        ("Version", text("Version")),
        ("State", state(status)),
        ("Started", time("start_time")),
        ("Last change", time("last_change")),
        ("Last update", time("last_update")),
        ("Go version", text("GoVersion")),
        ("OS/Arch", platform),
        ("Git commit", text("GitCommit")),
        ("Git branch", text("GitBranch")),
        ("Built", built),
        ("Built by", builder),
    ];
    let mut table = String::from("AGENT\n");
    for (name, value) in lines {
        // What the agent does not tell is left out, not shown as empty.
        if !["", "/", "@"].contains(&value.as_str()) {
            table.push_str(&format!("  {:<13}{value}\n", format!("{name}:")));
        }
    }
    let mut plugins: Vec<String> = Vec::new();
    for plugin in status["plugins"].as_array().into_iter().flatten() {
        let error = plugin["error"].as_str().map(|error| format!(" ({error})")).unwrap_or_default();
        plugins.push(format!(
            "  {}: {}{error}\n",
            plugin["name"].as_str().unwrap_or_default(),
            state(plugin)
        ));
    }
    plugins.sort();
    table.push_str("PLUGINS\n");
    table.extend(plugins);
    table
}

/// The state by its name; the wire has a number and leaves out 0.
fn state(status: &Value) -> String {
    match &status["state"] {
        Value::Null => "INIT".to_string(),
        Value::String(name) => name.clone(),
        number => match number.as_u64() {
            Some(0) => "INIT".to_string(),
            Some(1) => "OK".to_string(),
            Some(2) => "ERROR".to_string(),
            _ => number.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canned::{Http, closed_port, type_in};

    fn version() -> Value {
        json!({ "App": "vpp-agent", "Version": "v0.1.0", "GitCommit": "abc", "GitBranch": "", "BuildUser": "", "BuildHost": "",
            "BuildTime": 1_795_332_000, "GoVersion": "", "OS": "linux", "Arch": "amd64", "APIVersion": "", "OSType": "" })
    }

    fn readiness() -> Value {
        json!({ "build_version": "v0.1.0", "state": 1, "start_time": 1_795_332_655, "last_change": 1_795_332_660,
            "last_update": 1_795_332_665, "interface_stats": {},
            "plugins": [ { "name": "govpp", "state": 2, "error": "no socket" }, { "name": "VPPAgent", "state": 1 }, { "name": "acl" } ],
            "PluginStatus": {}, "NonFatalPlugins": null })
    }

    #[test]
    fn the_text_tells_what_the_agent_tells() {
        assert_eq!(
            table(&version(), &readiness(), 1_795_332_665),
            "\
AGENT
  App name:    vpp-agent
  Version:     v0.1.0
  State:       OK
  Started:     2026-11-22 07:30:55 UTC (10s ago)
  Last change: 2026-11-22 07:31:00 UTC (5s ago)
  Last update: 2026-11-22 07:31:05 UTC (0s ago)
  OS/Arch:     linux/amd64
  Git commit:  abc
  Built:       2026-11-22 07:20:00 UTC
PLUGINS
  VPPAgent: OK
  acl: INIT
  govpp: ERROR (no socket)
"
        );
    }

    fn agent(status: u16, state: u32) -> Http {
        let mut readiness = readiness();
        readiness["state"] = state.into();
        Http::start(move |call| match call {
            "GET /readiness" => Some((status, readiness.to_string())),
            "GET /info/version" => Some((200, version().to_string())),
            _ => None,
        })
    }

    #[tokio::test]
    async fn both_answers_are_in_the_data() {
        let http = agent(200, 1);
        let typed = type_in(&["status", "-f", "json", &http.port()]).await;
        assert!(typed.succeeded, "{}", typed.err);
        let data: Value = serde_json::from_str(&typed.out).unwrap();
        assert_eq!(data, json!({ "agent": version(), "status": readiness() }));
    }

    #[tokio::test]
    async fn an_agent_that_is_not_ready_is_shown_and_is_a_failure() {
        let http = agent(500, 0);
        let typed = type_in(&["status", &http.port()]).await;
        assert!(!typed.succeeded);
        assert!(typed.out.contains("PLUGINS\n  VPPAgent: OK"), "{}", typed.out);
        assert_eq!(
            typed.err,
            format!("ERROR: the agent at {} is not ready: its state is INIT\n", http.address)
        );
    }

    #[tokio::test]
    async fn no_agent_is_told_with_what_to_do() {
        let (_closed, port) = closed_port();
        let typed = type_in(&["status", &format!("--http-port={port}")]).await;
        assert!(!typed.succeeded);
        assert_eq!(
            typed.err,
            format!(
                "ERROR: cannot reach the agent at 127.0.0.1:{port} for GET /readiness: Connection refused (os error 111); \
                 is the agent running there? (--host, --http-port)\n"
            )
        );
    }
}
