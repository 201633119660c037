//! How results look. A command has data first; the forms of it are made here.

mod boxes;
mod columns;
mod sheet;

pub use boxes::boxes;
pub use columns::columns;
pub use sheet::{Cell, Colour, paint, sheet};

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
    parse(text, "table")
}

/// Reads the argument of `-f` where the form for people is a text and no table.
pub fn parse_text_format(text: &str) -> Result<Format, String> {
    parse(text, "text")
}

fn parse(text: &str, for_people: &str) -> Result<Format, String> {
    match text {
        "json" => Ok(Format::Json),
        "yaml" | "yml" => Ok(Format::Yaml),
        _ if text == for_people => Ok(Format::Table),
        _ if text.contains("{{") => {
            Err("templates are not supported; use json and a program such as jq".to_string())
        }
        _ => Err(format!("the formats are {for_people}, json and yaml")),
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
