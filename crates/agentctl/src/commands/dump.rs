//! `agentctl dump`: the values themselves, as wanted, as believed present, or as found in VPP.

use clap::{Args, ValueEnum};
use model::ModelSpec;
use serde::Deserialize;
use serde_json::{Value, json};

use super::models;
use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, boxes, parse_format};
use crate::rest::{Rest, encode};

/// Show values with their metadata
#[derive(Args, Debug)]
pub struct Dump {
    /// Names of models; * and ? and [a-z] match as in a shell, "all" is every model
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<String>,

    /// Which values: those believed present, those wanted (NB), those that the agent finds now (SB)
    #[arg(long, value_enum, default_value_t = View::Cached)]
    view: View,

    /// Only values that were asked for (NB), that were found (SB), or whose origin is unknown
    #[arg(long, value_enum)]
    origin: Option<Origin>,

    /// table, json or yaml
    #[arg(short, long, default_value = "table", value_parser = parse_format)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum View {
    Cached,
    #[value(name = "NB", alias = "nb")]
    Nb,
    #[value(name = "SB", alias = "sb")]
    Sb,
}

/// Where a value comes from; the number is the one on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Origin {
    Unknown = 0,
    #[value(name = "NB", alias = "nb")]
    Nb = 1,
    #[value(name = "SB", alias = "sb")]
    Sb = 2,
}

/// One value, as REST shows it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    key: String,
    value: Option<Message>,
    #[serde(default)]
    origin: u32,
    #[serde(default)]
    metadata: Value,
}

#[derive(Debug, Deserialize)]
struct Message {
    #[serde(rename = "ProtoMsgName")]
    name: String,
    #[serde(rename = "ProtoMsgData")]
    data: Value,
}

impl Dump {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        let specs = models::matching(&self.models)?;
        let rest = agent.rest();
        let mut found: Vec<(&ModelSpec, Item)> = Vec::new();
        let mut answered = false;
        let mut failure = None;
        for spec in specs {
            match self.of_model(&rest, spec).await {
                Ok(items) => {
                    answered = true;
                    let wanted = |item: &Item| self.origin.is_none_or(|origin| item.origin == origin as u32);
                    found.extend(items.into_iter().filter(wanted).map(|item| (spec, item)));
                }
                // The others would fail in the same way.
                Err(error @ (Error::Connect { .. } | Error::Late { .. } | Error::Usage(_))) => {
                    return Err(error);
                }
                Err(error) => {
                    // An agent need not have every feature.
                    if !matches!(&error, Error::Refused { code, .. } if code == "404") {
                        screen.warn(&error.to_string());
                    }
                    failure = Some(error);
                }
            }
        }
        if let (false, Some(error)) = (answered, failure) {
            return Err(error);
        }
        let text = self.format.render(&data(&found), || table(&found))?;
        screen.print(&text)
    }

    async fn of_model(&self, rest: &Rest, spec: &ModelSpec) -> Result<Vec<Item>, Error> {
        let view = match self.view {
            View::Cached => "cached",
            View::Nb => "NB",
            View::Sb => "SB",
        };
        let path = format!("/scheduler/dump?key-prefix={}&view={view}", encode(spec.prefix));
        let data = rest.get(&path).await?;
        let items: Option<Vec<Item>> = serde_json::from_value(data).map_err(|error| Error::Answer {
            call: format!("GET {path}"),
            address: rest.address().to_string(),
            cause: error.to_string(),
        })?;
        Ok(items.unwrap_or_default())
    }
}

fn data(found: &[(&ModelSpec, Item)]) -> Value {
    let item = |(_, item): &(&ModelSpec, Item)| {
        let value = item.value.as_ref().map(|message| &message.data);
        json!({ "Key": item.key, "Value": value, "Metadata": item.metadata, "Origin": item.origin })
    };
    found.iter().map(item).collect()
}

fn table(found: &[(&ModelSpec, Item)]) -> String {
    let rows: Vec<[String; 5]> = found
        .iter()
        .map(|(spec, item)| {
            let origin = match item.origin {
                1 => "from-NB",
                2 => "from-SB",
                _ => "unknown",
            };
            let value = match &item.value {
                Some(message) => format!("# {}\n{}", message.name, model::yaml::render(&message.data)),
                None => String::new(),
            };
            let metadata = match &item.metadata {
                Value::Null => String::new(),
                metadata => model::yaml::render(metadata),
            };
            // The whole key stands for a value that exists once.
            let name =
                item.key.strip_prefix(spec.prefix).filter(|name| !name.is_empty()).unwrap_or(&item.key);
            [spec.name(), origin.to_string(), value, metadata, name.to_string()]
        })
        .collect();
    boxes(["MODEL", "ORIGIN", "VALUE", "METADATA", "KEY"], &rows)
}

#[cfg(test)]
mod tests {
    use crate::canned::{Http, type_in};

    /// Two interfaces; the agent has no other feature, and the bridge domains make trouble.
    fn agent() -> Http {
        Http::start(|call| {
            let interface = |name: &str, index: u32, origin: u32| {
                serde_json::json!({
                    "Key": format!("config/vpp/v2/interfaces/{name}"),
                    "Value": { "ProtoMsgName": "ligato.vpp.interfaces.Interface", "ProtoMsgData": { "name": name } },
                    "Origin": origin, "Metadata": { "SwIfIndex": index, "Vrf": 0 }
                })
            };
            Some(if call.contains("config/vpp/v2/interfaces/") {
                assert!(call.ends_with("&view=cached") || call.ends_with("&view=SB"), "{call}");
                (200, serde_json::json!([interface("loop1", 1, 1), interface("memif1", 2, 2)]).to_string())
            } else if call.contains("bridge-domain") {
                (500, r#"{"Error": "broken"}"#.to_string())
            } else {
                (404, r#"{"Error": "no descriptor found matching the key prefix"}"#.to_string())
            })
        })
    }

    #[tokio::test]
    async fn the_table_looks_as_that_of_the_reference() {
        let http = agent();
        let typed = type_in(&["dump", "vpp.interfaces", &http.port()]).await;
        assert_eq!(typed.err, "");
        assert_eq!(
            typed.out,
            "\
+----------------+---------+-----------------------------------+--------------+--------+
|     MODEL      | ORIGIN  |               VALUE               |   METADATA   |  KEY   |
+----------------+---------+-----------------------------------+--------------+--------+
| vpp.interfaces | from-NB | # ligato.vpp.interfaces.Interface | SwIfIndex: 1 | loop1  |
|                |         | name: loop1                       | Vrf: 0       |        |
+                +---------+-----------------------------------+--------------+--------+
|                | from-SB | # ligato.vpp.interfaces.Interface | SwIfIndex: 2 | memif1 |
|                |         | name: memif1                      | Vrf: 0       |        |
+----------------+---------+-----------------------------------+--------------+--------+
"
        );
    }

    #[tokio::test]
    async fn features_that_the_agent_lacks_are_passed_over_and_trouble_is_told() {
        let http = agent();
        let typed =
            type_in(&["dump", "all", "-f", "json", "--view", "SB", "--origin", "NB", &http.port()]).await;
        assert!(typed.succeeded);
        let items: serde_json::Value = serde_json::from_str(&typed.out).unwrap();
        assert_eq!(
            items,
            serde_json::json!([{ "Key": "config/vpp/v2/interfaces/loop1", "Value": { "name": "loop1" },
                "Metadata": { "SwIfIndex": 1, "Vrf": 0 }, "Origin": 1 }])
        );
        assert_eq!(typed.err.lines().count(), 1, "{}", typed.err);
        assert!(typed.err.starts_with("WARNING: ") && typed.err.contains("broken"), "{}", typed.err);
    }

    #[tokio::test]
    async fn nothing_at_all_is_an_error() {
        let http = agent();
        let typed = type_in(&["dump", "vpp.arp", &http.port()]).await;
        assert!(!typed.succeeded && typed.err.contains("no descriptor found"), "{}", typed.err);
        let typed = type_in(&["dump", &http.port()]).await;
        assert!(!typed.succeeded && typed.err.contains("MODEL"), "{}", typed.err);
    }
}
