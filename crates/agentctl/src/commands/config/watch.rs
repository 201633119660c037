//! `agentctl config watch`: what VPP and the host report, as it happens.

use clap::Args;
use model::proto::ligato::configurator::notification::Notification as Source;
use model::proto::ligato::configurator::{Notification, NotifyRequest, NotifyResponse};
use serde_json::{Value, json};

use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, parse_text_format};

/// Show what VPP and the host report, as it happens
///
/// First come the notifications that the agent still remembers, then new ones, until the agent ends or
/// this is interrupted. In JSON each is a line, in YAML a document.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:
  agentctl config watch
  agentctl config watch --filter '{\"vpp_notification\": {\"interface\": {\"state\": {\"name\": \"loop1\"}}}}'
  agentctl config watch --filter '{\"vpp_notification\": {\"interface\": {\"type\": \"UPDOWN\"}}}' -f json"
)]
pub struct Watch {
    /// Only notifications that have all that stands in this JSON; if it is given again, those that fit one of them
    #[arg(long, value_name = "JSON", value_parser = parse_filter)]
    filter: Vec<Notification>,

    /// End after this many notifications
    #[arg(short = 'n', long)]
    count: Option<u64>,

    /// text, json or yaml
    #[arg(short, long, default_value = "text", value_parser = parse_text_format)]
    format: Format,
}

fn parse_filter(text: &str) -> Result<Notification, String> {
    let json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    model::json::parse(&json).map_err(|error| error.to_string())
}

/// The call.
const CALL: &str = "ConfiguratorService/Notify";

impl Watch {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        let grpc = agent.grpc();
        let mut configurator = grpc.configurator().await?;
        let request = NotifyRequest { idx: 0, filters: self.filter.clone() };
        let mut stream = grpc.reply(CALL, configurator.notify(request)).await?.into_inner();
        let mut shown = 0;
        while self.count.is_none_or(|count| shown < count) {
            let Some(response) = stream.message().await.map_err(|status| grpc.refused(CALL, &status))? else {
                break;
            };
            screen.print(&self.render(&response)?)?;
            shown += 1;
        }
        Ok(())
    }

    fn render(&self, response: &NotifyResponse) -> Result<String, Error> {
        let names = model::json::Names::Json;
        let data = model::json::of(response, names);
        Ok(match self.format {
            Format::Json => data.to_string(),
            Format::Yaml => format!("---\n{}", self.format.render(&data, String::new)?),
            Format::Table => {
                let (source, value) =
                    match response.notification.as_ref().and_then(|it| it.notification.as_ref()) {
                        Some(Source::VppNotification(value)) => ("VPP", model::json::of(value, names)),
                        Some(Source::LinuxNotification(value)) => ("LINUX", model::json::of(value, names)),
                        None => ("not known", Value::Null),
                    };
                let value = model::yaml::render(&json!({ "Value": value }));
                let line = "------------------";
                let number = response.next_idx;
                format!("{line}\n NOTIFICATION #{number}\n{line}\nSource: {source}\n{value}\n")
            }
        })
    }
}
