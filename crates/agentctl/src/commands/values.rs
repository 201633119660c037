//! `agentctl values`: the state of every value.

use clap::Args;
use serde::Deserialize;

use super::models;
use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, columns, parse_format};
use crate::rest::encode;

/// Show the state of each value
#[derive(Args, Debug)]
pub struct Values {
    /// Only values of this model, such as vpp.interfaces
    model: Option<String>,

    /// table, json or yaml
    #[arg(short, long, default_value = "table", value_parser = parse_format)]
    format: Format,
}

/// A value and what was derived from it, as REST shows them. Absent texts and states are left out there.
#[derive(Debug, Deserialize)]
struct BaseStatus {
    #[serde(default)]
    value: ValueStatus,
    #[serde(default)]
    derived_values: Option<Vec<ValueStatus>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ValueStatus {
    key: String,
    state: Option<String>,
    error: String,
    last_operation: String,
    details: Option<Vec<String>>,
}

impl Values {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        let prefix = match &self.model {
            Some(name) => models::by_name(name)?.prefix,
            None => "",
        };
        let rest = agent.rest();
        let path = format!("/scheduler/status?key=&key-prefix={}", encode(prefix));
        let data: serde_json::Value = rest.get(&path).await?;
        // An empty list is written as null.
        let values: Option<Vec<BaseStatus>> =
            serde_json::from_value(data.clone()).map_err(|error| Error::Answer {
                call: format!("GET {path}"),
                address: rest.address().to_string(),
                cause: error.to_string(),
            })?;
        let text = self.format.render(&data, || table(&values.unwrap_or_default()))?;
        screen.print(&text)
    }
}

fn table(values: &[BaseStatus]) -> String {
    let mut rows = Vec::new();
    for value in values {
        let (model, name) = match model::by_key(&value.value.key) {
            Some((spec, name)) => (spec.name(), name),
            None => (String::new(), value.value.key.as_str()),
        };
        rows.push(row(model, name, &value.value));
        for derived in value.derived_values.iter().flatten() {
            rows.push(row(String::new(), &derived.key, derived));
        }
    }
    columns(["MODEL", "NAME", "STATE", "DETAILS", "LAST OP", "ERROR"], &rows)
}

fn row(model: String, name: &str, status: &ValueStatus) -> [String; 6] {
    let state = match status.state.as_deref() {
        // What nobody asked for should not catch the eye.
        Some("OBTAINED") => "obtained",
        Some(state) => state,
        None => "NONEXISTENT",
    };
    let details = status.details.as_deref().unwrap_or_default().join(", ");
    [model, name.to_string(), state.to_string(), details, status.last_operation.clone(), status.error.clone()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::canned::{Http, type_in};

    fn statuses() -> serde_json::Value {
        json!([
            { "value": { "key": "config/linux/iptables/v2/rulechain/r1", "state": "UNIMPLEMENTED", "last_operation": "CREATE" } },
            { "value": { "key": "config/vpp/v2/interfaces/loop1", "state": "CONFIGURED", "last_operation": "CREATE" },
              "derived_values": [ { "key": "vpp/interface/loop1/x", "state": "CONFIGURED", "last_operation": "CREATE" } ] },
            { "value": { "key": "config/vpp/v2/route/if/missing1/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9", "state": "PENDING",
                         "last_operation": "CREATE", "details": [ "iface" ] } }
        ])
    }

    #[tokio::test]
    async fn the_table_looks_as_that_of_the_reference() {
        let http = Http::start(|call| {
            (call == "GET /scheduler/status?key=&key-prefix=").then(|| (200, statuses().to_string()))
        });
        let typed = type_in(&["values", &http.port()]).await;
        assert_eq!(typed.err, "");
        assert_eq!(
            typed.out,
            "\
MODEL                      NAME                                            STATE           DETAILS   LAST OP   ERROR     
linux.iptables.rulechain   r1                                              UNIMPLEMENTED             CREATE              
vpp.interfaces             loop1                                           CONFIGURED                CREATE              
                           vpp/interface/loop1/x                           CONFIGURED                CREATE              
vpp.route                  if/missing1/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9   PENDING         iface     CREATE              
"
        );
    }

    #[tokio::test]
    async fn one_model_is_asked_for_by_its_prefix_and_nothing_is_an_empty_table() {
        let http = Http::start(|call| {
            (call == "GET /scheduler/status?key=&key-prefix=config/vpp/v2/route/")
                .then(|| (200, "null".to_string()))
        });
        let typed = type_in(&["values", "vpp.route", &http.port()]).await;
        assert_eq!(typed.out.lines().count(), 1, "{}", typed.out);
        let typed = type_in(&["values", "vpp.route", "-f", "json", &http.port()]).await;
        assert_eq!(typed.out, "null\n");
    }

    #[tokio::test]
    async fn yaml_keeps_the_fields_of_the_answer() {
        let http = Http::start(|_| {
            Some((
                200,
                json!([{ "value": { "key": "a", "state": "OBTAINED" } }, { "value": { "key": "b" } }])
                    .to_string(),
            ))
        });
        let typed = type_in(&["values", "-f", "yaml", &http.port()]).await;
        assert_eq!(model::yaml::parse(&typed.out).unwrap()[0]["value"]["state"], "OBTAINED");
        let typed = type_in(&["values", &http.port()]).await;
        let states: Vec<&str> =
            typed.out.lines().skip(1).filter_map(|line| line.split_whitespace().nth(1)).collect();
        assert_eq!(states, ["obtained", "NONEXISTENT"]);
    }

    #[tokio::test]
    async fn an_error_of_the_agent_is_told_with_call_address_and_reason() {
        let http = Http::start(|_| Some((500, json!({ "Error": "unknown key prefix" }).to_string())));
        let typed = type_in(&["values", "vpp.arp", &http.port()]).await;
        assert!(!typed.succeeded);
        assert_eq!(
            typed.err,
            format!(
                "ERROR: the agent at {} refused GET /scheduler/status?key=&key-prefix=config/vpp/v2/arp/: 500: unknown key prefix\n",
                http.address
            )
        );
    }
}
