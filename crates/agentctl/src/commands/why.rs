//! `agentctl why`: why a value is in its state.

use clap::Args;
use serde_json::Value;

use super::models;
use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, parse_text_format};
use crate::rest::encode;

/// Tell why a value is in its state
///
/// Says what the value waits for, or which operation failed, what the cause was and when it is tried again;
/// and what can be done about it. Any key will do, also that of a part such as the address of an interface.
///
/// Fails only if the question cannot be answered.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:
  agentctl why vpp.interfaces loop1
  agentctl why config/vpp/v2/interfaces/loop1
  agentctl why vpp/interface/loop1/address/static/10.1.1.1/24 -f json"
)]
pub struct Why {
    /// The key of the value, or its model
    #[arg(value_name = "KEY or MODEL")]
    value: String,

    /// The name of the value, after a model: as "agentctl values" shows it
    name: Option<String>,

    /// text, json or yaml
    #[arg(short, long, default_value = "text", value_parser = parse_text_format)]
    format: Format,
}

impl Why {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        let key = key(&self.value, self.name.as_deref())?;
        let path = format!("/scheduler/why?key={}", encode(&key));
        let rest = agent.rest();
        let text = match self.format {
            Format::Table => rest.get_text(&format!("{path}&format=text")).await?,
            format => format.render(&rest.get::<Value>(&path).await?, String::new)?,
        };
        screen.print(&text)
    }
}

/// The key that was meant.
fn key(value: &str, name: Option<&str>) -> Result<String, Error> {
    // No model has a slash in its name, and every key has.
    if value.contains('/') {
        return match name {
            None => Ok(whole(without_label(value))),
            Some(name) => {
                Err(Error::Usage(format!("what is \"{name}\"? After a whole key there is no name")))
            }
        };
    }
    let spec = models::by_name(value)?;
    match name {
        None if spec.is_singleton() => Ok(spec.key("")),
        None => Err(Error::Usage(format!(
            "there may be many values of {value}; add the name of one, as \"agentctl values {value}\" shows it"
        ))),
        Some(_) if spec.is_singleton() => {
            Err(Error::Usage(format!("there is only one {value}; it has no name")))
        }
        Some(name) => Ok(spec.key(name)),
    }
}

/// The key with `config/` in front if it was left out, as people and tools do.
fn whole(key: &str) -> String {
    let longer = format!("config/{key}");
    if model::by_key(&longer).is_some() { longer } else { key.to_string() }
}

/// The key without the part in front of it that it has in a store: `/vnf-agent/vpp1/`.
fn without_label(key: &str) -> &str {
    let after_label = |stored: &'_ str| stored.find('/').map(|slash| slash + 1);
    match key.strip_prefix("/vnf-agent/").map(|stored| (stored, after_label(stored))) {
        Some((stored, Some(start))) => stored.get(start..).unwrap_or(key),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::canned::{Http, type_in};

    /// Answers any question about a key with that key.
    fn echo() -> Http {
        Http::start(|call| {
            let key = call.strip_prefix("GET /scheduler/why?key=")?;
            Some(match key.strip_suffix("&format=text") {
                Some(key) => (200, format!("{key} is PENDING: it waits.\n")),
                None => (200, json!({ "key": key, "state": "PENDING" }).to_string()),
            })
        })
    }

    #[tokio::test]
    async fn a_value_may_be_named_in_several_ways() {
        let http = echo();
        for (words, key) in [
            (&["config/vpp/v2/interfaces/loop1"][..], "config/vpp/v2/interfaces/loop1"),
            (&["/vnf-agent/vpp1/config/vpp/v2/interfaces/loop1"], "config/vpp/v2/interfaces/loop1"),
            (&["vpp/v2/interfaces/loop1"], "config/vpp/v2/interfaces/loop1"),
            (&["/vnf-agent/vpp1"], "/vnf-agent/vpp1"),
            (&["vpp/interface/loop 1/vrf/0"], "vpp/interface/loop%201/vrf/0"),
            (&["vpp.interfaces", "loop1"], "config/vpp/v2/interfaces/loop1"),
            (
                &["vpp.route", "vrf/0/dst/::/0/gw/fe80::1"],
                "config/vpp/v2/route/vrf/0/dst/%3A%3A/0/gw/fe80%3A%3A1",
            ),
            (&["vpp.nat.nat44-global"], "config/vpp/nat/v2/nat44-global"),
        ] {
            let typed = type_in(&[&["why"], words, &[http.port().as_str()]].concat()).await;
            assert!(typed.succeeded, "{words:?}: {}", typed.err);
            assert_eq!(typed.out, format!("{key} is PENDING: it waits.\n"));
        }
    }

    #[tokio::test]
    async fn data_are_those_of_the_agent() {
        let http = echo();
        let typed = type_in(&["why", "vpp.arp", "loop1/10.0.0.1", "-f", "json", &http.port()]).await;
        let data: serde_json::Value = serde_json::from_str(&typed.out).unwrap();
        assert_eq!(data, json!({ "key": "config/vpp/v2/arp/loop1/10.0.0.1", "state": "PENDING" }));
        let typed = type_in(&["why", "a/b", "-f", "yaml", &http.port()]).await;
        assert_eq!(typed.out, "key: a/b\nstate: PENDING\n");
    }

    #[tokio::test]
    async fn what_names_no_value_is_refused_with_what_to_type() {
        let http = echo();
        for (words, reason) in [
            (
                &["vpp.interface", "loop1"][..],
                "there is no model \"vpp.interface\"; did you mean vpp.interfaces?",
            ),
            (&["loop1"], "there is no model \"loop1\""),
            (&["vpp.interfaces"], "there may be many values of vpp.interfaces; add the name of one"),
            (&["vpp.nat.nat44-global", "x"], "there is only one vpp.nat.nat44-global; it has no name"),
            (&["a/b", "c"], "what is \"c\"?"),
            (&["a/b", "c", "d"], "unexpected argument 'd'"),
            (&["a/b", "-f", "dot"], "the formats are text, json and yaml"),
            (&[], "required arguments"),
        ] {
            let typed = type_in(&[&["why"], words, &[http.port().as_str()]].concat()).await;
            assert!(!typed.succeeded && typed.out.is_empty(), "{words:?}: {}", typed.out);
            assert!(typed.err.contains(reason), "{words:?}: {}", typed.err);
        }
    }

    #[tokio::test]
    async fn an_agent_that_cannot_tell_is_named() {
        let http = Http::start(|_| None);
        let typed = type_in(&["why", "a/b", &http.port()]).await;
        assert_eq!(
            typed.err,
            format!(
                "ERROR: the agent at {} knows no GET /scheduler/why?key=a/b&format=text; it is an older one, or of \
                 another kind, that cannot do this\n",
                http.address
            )
        );
    }
}
