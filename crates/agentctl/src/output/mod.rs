//! How results look. A command has data first; the forms of it are made here.

mod boxes;
mod columns;

pub use boxes::boxes;
pub use columns::columns;

use serde_json::Value;

use crate::error::Error;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Table,
    /// JSON, indented by two.
    Json,
    /// YAML, with the fields in the order of the JSON.
    Yaml,
}

/// Reads the argument of `-f`.
pub fn parse_format(text: &str) -> Result<Format, String> {
    match text {
        "table" => Ok(Format::Table),
        "json" => Ok(Format::Json),
        "yaml" | "yml" => Ok(Format::Yaml),
        _ if text.contains("{{") => {
            Err("templates are not supported; use json and a program such as jq".to_string())
        }
        _ => Err("the formats are table, json and yaml".to_string()),
    }
}

impl Format {
    /// The data in this form; `table` makes the one for people.
    pub fn render(self, data: &Value, table: impl FnOnce() -> String) -> Result<String, Error> {
        Ok(match self {
            Format::Table => table(),
            Format::Json => format!("{data:#}\n"),
            Format::Yaml => model::yaml::render(data),
        })
    }
}
