//! `agentctl config resync`: lets the agent compare VPP with the configuration and mend what differs.

use clap::Args;

use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, parse_format};

/// Compare VPP with the configuration and mend what differs
#[derive(Args, Debug)]
pub struct Resync {
    /// Try failed values again
    #[arg(long)]
    retry: bool,

    /// Let the agent log what it finds
    #[arg(long)]
    verbose: bool,

    /// json or yaml
    #[arg(short, long, default_value = "json", value_parser = parse_format)]
    format: Format,
}

impl Resync {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        if self.format == Format::Table {
            return Err(Error::Usage("a transaction has no table; use -f json or yaml".to_string()));
        }
        let flags: Vec<&str> = [(self.retry, "retry=1"), (self.verbose, "verbose=1")]
            .into_iter()
            .filter_map(|(wanted, flag)| wanted.then_some(flag))
            .collect();
        let question = if flags.is_empty() { "" } else { "?" };
        let path = format!("/scheduler/downstream-resync{question}{}", flags.join("&"));
        let transaction = agent.rest().post(&path, "").await?;
        screen.print(&self.format.render(&transaction, String::new)?)
    }
}

#[cfg(test)]
mod tests {
    use crate::canned::{Http, type_in};

    #[tokio::test]
    async fn the_transaction_is_shown_as_it_came() {
        let http = Http::start(|call| match call {
            "POST /scheduler/downstream-resync" => Some((200, r#"{"SeqNum":2,"Executed":[]}"#.to_string())),
            "POST /scheduler/downstream-resync?retry=1&verbose=1" => {
                Some((200, r#"{"SeqNum":3}"#.to_string()))
            }
            _ => None,
        });
        let typed = type_in(&["config", "resync", &http.port()]).await;
        assert_eq!(
            (typed.out.as_str(), typed.err.as_str()),
            ("{\n  \"SeqNum\": 2,\n  \"Executed\": []\n}\n", "")
        );
        let typed = type_in(&["config", "resync", "--retry", "--verbose", "-f", "yml", &http.port()]).await;
        assert_eq!((typed.out.as_str(), typed.err.as_str()), ("SeqNum: 3\n", ""));
    }

    #[tokio::test]
    async fn a_template_is_refused_with_what_to_use_instead() {
        let typed = type_in(&["config", "resync", "-f", "{{.SeqNum}}"]).await;
        assert!(!typed.succeeded && typed.err.contains("templates are not supported"), "{}", typed.err);
    }
}
