//! `agentctl capabilities`: what of the API works with the VPP of now.

use clap::Args;
use serde::Deserialize;

use super::models;
use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, columns, parse_format};

/// Show what works with this VPP, model by model
///
/// A model is supported, partly supported, or not, with the messages that this VPP lacks and the plugin that would bring
/// them. Values of what is not supported are UNIMPLEMENTED. The table is that of the last connection.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Capabilities {
    /// Only models whose names match, such as "vpp.l2.*"
    #[arg(value_name = "MODEL")]
    patterns: Vec<String>,

    /// table, json or yaml
    #[arg(short, long, default_value = "table", value_parser = parse_format)]
    format: Format,
}

/// A model, a variant or a part, as REST shows it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    model: String,
    descriptor: String,
    name: String,
    support: String,
    reason: String,
    variants: Vec<Row>,
    parts: Vec<Row>,
}

const PATH: &str = "/vpp/capabilities";
const SUPPORTED: &str = "supported";

impl Capabilities {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        let rest = agent.rest();
        let mut data: serde_json::Value = rest.get(PATH).await?;
        if !self.patterns.is_empty() {
            let wanted: Vec<String> =
                models::matching(&self.patterns)?.iter().map(|spec| spec.name()).collect();
            if let Some(rows) = data.as_array_mut() {
                rows.retain(|row| wanted.iter().any(|name| row["model"] == name.as_str()));
            }
        }
        let rows: Vec<Row> = serde_json::from_value(data.clone()).map_err(|error| Error::Answer {
            call: format!("GET {PATH}"),
            address: rest.address().to_string(),
            cause: error.to_string(),
        })?;
        screen.print(&self.format.render(&data, || table(&rows))?)
    }
}

/// Variants are rows of their own; parts only if there is something to say about them.
fn table(models: &[Row]) -> String {
    let mut rows = Vec::new();
    for model in models {
        rows.push(row(&model.model, "", model));
        rows.extend(model.variants.iter().map(|variant| row("", &variant.name, variant)));
        for part in model.parts.iter().filter(|part| part.support != SUPPORTED) {
            rows.push(row("", &part.descriptor, part));
            rows.extend(part.variants.iter().map(|variant| row("", &variant.name, variant)));
        }
    }
    columns(["MODEL", "VARIANT OR PART", "SUPPORT", "REASON"], &rows)
}

fn row(model: &str, name: &str, row: &Row) -> [String; 4] {
    [model.to_string(), name.to_string(), row.support.clone(), row.reason.clone()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::canned::{Http, type_in};

    fn server() -> Http {
        let rows = json!([
            { "model": "vpp.interfaces", "support": "partly", "descriptor": "vpp-interface",
              "variants": [
                { "name": "SOFTWARE_LOOPBACK", "support": "supported" },
                { "name": "MEMIF", "support": "not supported", "missing": ["memif_create"], "reason": "no memif" } ],
              "parts": [
                { "descriptor": "vpp-interface-address", "support": "supported" },
                { "descriptor": "vpp-dhcp", "support": "not supported", "missing": ["d"], "reason": "no dhcp" } ] },
            { "model": "vpp.stn.rule", "support": "unimplemented", "reason": "this agent has no descriptor for it" },
        ]);
        Http::start(move |call| (call == "GET /vpp/capabilities").then(|| (200, rows.to_string())))
    }

    #[tokio::test]
    async fn the_table_has_a_row_for_each_variant_and_for_parts_that_lack_something() {
        let typed = type_in(&["capabilities", &server().port()]).await;
        assert_eq!(typed.err, "");
        let lines: Vec<&str> = typed.out.lines().map(str::trim_end).collect();
        assert_eq!(
            lines,
            [
                "MODEL            VARIANT OR PART     SUPPORT         REASON",
                "vpp.interfaces                       partly",
                "                 SOFTWARE_LOOPBACK   supported",
                "                 MEMIF               not supported   no memif",
                "                 vpp-dhcp            not supported   no dhcp",
                "vpp.stn.rule                         unimplemented   this agent has no descriptor for it",
            ]
        );
    }

    #[tokio::test]
    async fn models_are_chosen_by_their_names_and_data_are_those_of_the_agent() {
        let http = server();
        let typed = type_in(&["capabilities", "vpp.stn.*", "-f", "yaml", &http.port()]).await;
        assert_eq!(
            typed.out,
            "- model: vpp.stn.rule\n  support: unimplemented\n  reason: this agent has no descriptor for it\n"
        );
        let typed = type_in(&["capabilities", "-f", "json", &http.port()]).await;
        let data: serde_json::Value = serde_json::from_str(&typed.out).unwrap();
        assert_eq!(data[0]["parts"][1]["missing"], json!(["d"]));
        let typed = type_in(&["capabilities", "vpp.nothing", &http.port()]).await;
        assert!(typed.err.contains("there is no model \"vpp.nothing\""), "{}", typed.err);
    }
}
