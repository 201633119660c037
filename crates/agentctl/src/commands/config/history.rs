//! `agentctl config history`: what was changed, when, and with what result.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Cell, Colour, Format, parse_format, sheet};
use crate::rest::Rest;
use crate::time::{from_rfc3339, since_1970, span};

/// Show what was changed, when, and with what result
///
/// A line tells of one transaction: its number, its type, how long ago it started, how many values were asked for,
/// which operations were executed, whether they succeeded, and in which states the values are since. The types:
///
///   config change   some values were changed
///   config replace  all values were replaced, and compared with VPP
///   config sync     all values were replaced
///   status sync     VPP was compared with what is wanted
///   status update   VPP or the system reported something
///   retry #2 for 7  what failed in transaction 7 was tried again, for the second time
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:
  agentctl config history              all that the agent remembers
  agentctl config history --details    with errors, and with the values that wait
  agentctl config history last -f log  the last transaction with all its values and operations
  agentctl config history 3 -f json    transaction 3 as data"
)]
pub struct History {
    /// Only this transaction: its number, or "last", or -1 for the last, -2 for the one before
    #[arg(value_name = "REF", allow_negative_numbers = true, value_parser = parse_reference)]
    reference: Option<Reference>,

    /// Show in the table what the transaction was for, what failed, and what waits
    #[arg(long)]
    details: bool,

    /// table, log (the form of the agent's own log), json or yaml
    #[arg(short, long, default_value = "table", value_parser = parse_form)]
    format: Form,
}

/// A transaction, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    /// The one with this number.
    Number(u64),
    /// This many before the last one.
    BeforeLast(usize),
}

fn parse_reference(text: &str) -> Result<Reference, String> {
    let from_end = match text {
        "last" => Some(1),
        _ => text.strip_prefix('-').and_then(|number| number.parse().ok()),
    };
    match (from_end, text.parse()) {
        (Some(1_usize..), _) => Ok(Reference::BeforeLast(from_end.unwrap_or(1) - 1)),
        (None, Ok(number)) => Ok(Reference::Number(number)),
        _ => Err("a transaction is named by its number, by \"last\", or by -1, -2 and so on from the end"
            .to_string()),
    }
}

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Log,
    Other(Format),
}

fn parse_form(text: &str) -> Result<Form, String> {
    match text {
        "log" => Ok(Form::Log),
        _ => parse_format(text)
            .map(Form::Other)
            .map_err(|error| error.replace("are table,", "are table, log,")),
    }
}

/// Where the history is.
const PATH: &str = "/scheduler/txn-history";

/// One transaction, as far as the table shows it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Transaction {
    start: String,
    seq_num: u64,
    txn_type: String,
    resync_type: String,
    retry_for_txn: u64,
    retry_attempt: u64,
    description: String,
    values: Option<Vec<IgnoredAny>>,
    executed: Option<Vec<Operation>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Operation {
    operation: String,
    key: String,
    new_state: Option<String>,
    new_err_msg: String,
    is_revert: bool,
}

impl History {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        let rest = agent.rest();
        let number = match self.reference {
            None => None,
            Some(Reference::Number(number)) => Some(number),
            Some(Reference::BeforeLast(before)) => Some(from_end(&rest, before).await?),
        };
        let text = match (self.format, number) {
            (Form::Log, None) => rest.get_text(&format!("{PATH}?format=text")).await?,
            (Form::Log, Some(number)) => {
                let text = rest.get_text(&format!("{PATH}?format=text&seq-num={number}")).await;
                let text = text.map_err(|error| forgotten(error, number))?;
                let indented = text.lines().map(|line| format!("    {line}\n"));
                format!("Transaction #{number}:\n{}", indented.collect::<String>())
            }
            (Form::Other(Format::Table), None) => {
                // No transactions are written as null.
                let all: Option<Vec<Transaction>> = rest.get(PATH).await?;
                self.table(&all.unwrap_or_default(), since_1970(), screen.colours)
            }
            (Form::Other(Format::Table), Some(number)) => {
                let one: Result<Transaction, Error> = rest.get(&format!("{PATH}?seq-num={number}")).await;
                let one = one.map_err(|error| forgotten(error, number))?;
                self.table(&[one], since_1970(), screen.colours)
            }
            (Form::Other(format), None) => {
                let all: Option<Vec<Value>> = rest.get(PATH).await?;
                format.render(&Value::Array(all.unwrap_or_default()), String::new)?
            }
            (Form::Other(format), Some(number)) => {
                let one: Result<Value, Error> = rest.get(&format!("{PATH}?seq-num={number}")).await;
                let one = one.map_err(|error| forgotten(error, number))?;
                format.render(&Value::Array(vec![one]), String::new)?
            }
        };
        screen.print(if text.is_empty() { "<NONE>" } else { &text })
    }

    /// One line for each transaction; `now` is the time since 1970.
    fn table(&self, transactions: &[Transaction], now: Duration, colours: bool) -> String {
        let mut titles = vec!["SEQ", "TYPE", "START", "INPUT", "OPERATIONS", "RESULT", "SUMMARY"];
        if self.details {
            titles.push("DETAILS");
        }
        let row = |transaction: &Transaction| {
            let mut row = transaction.row(now);
            if self.details {
                row.push(Cell::new(transaction.details()));
            }
            row
        };
        sheet(&titles, &transactions.iter().map(row).collect::<Vec<_>>(), colours)
    }
}

/// The error of a question for one transaction; the usual one is that the agent does not have it.
fn forgotten(error: Error, number: u64) -> Error {
    match error {
        Error::Refused { code, address, .. } if code == "404" => Error::Usage(format!(
            "the agent at {address} remembers no transaction {number}; without a number all are listed"
        )),
        error => error,
    }
}

/// The number of the transaction that many before the last one.
async fn from_end(rest: &Rest, before: usize) -> Result<u64, Error> {
    let all: Option<Vec<Transaction>> = rest.get(PATH).await?;
    let all = all.unwrap_or_default();
    match all.iter().rev().nth(before) {
        Some(transaction) => Ok(transaction.seq_num),
        None => Err(Error::Usage(format!(
            "the agent at {} remembers no more than {} transactions",
            rest.address(),
            all.len()
        ))),
    }
}

impl Transaction {
    fn row(&self, now: Duration) -> Vec<Cell> {
        let executed = self.executed();
        let input = match self.values.as_deref().unwrap_or_default().len() {
            0 => "<none>".to_string(),
            count => format!("{count:<2} values"),
        };
        let start = match from_rfc3339(&self.start) {
            Some(start) => span(now.saturating_sub(start).as_secs()),
            None => self.start.clone(),
        };
        let result = match self.errors().count() {
            0 if executed.is_empty() => Cell::default(),
            0 => Cell::coloured("ok", Colour::Green),
            1 => Cell::coloured("error", Colour::BrightRed),
            errors => Cell::coloured(format!("{errors} errors"), Colour::BrightRed),
        };
        vec![
            Cell::new(self.seq_num.to_string()),
            self.kind(),
            Cell::new(start),
            Cell::new(input),
            Cell::new(counted(executed.iter().map(|operation| operation.operation.as_str()))),
            result,
            Cell::new(counted(executed.iter().map(Operation::state))),
        ]
    }

    /// What kind of transaction it is, in the words and colours of the reference.
    fn kind(&self) -> Cell {
        match (self.txn_type.as_str(), self.resync_type.as_str()) {
            ("SBNotification", _) => Cell::coloured("status update", Colour::Cyan),
            ("NBTransaction", "FullResync") => Cell::coloured("config replace", Colour::BrightYellow),
            ("NBTransaction", "UpstreamResync") => Cell::coloured("config sync", Colour::Yellow),
            ("NBTransaction", "DownstreamResync") => Cell::coloured("status sync", Colour::Yellow),
            ("NBTransaction", _) => Cell::coloured("config change", Colour::Yellow),
            ("RetryFailedOps", _) => {
                let text = format!("retry #{} for {}", self.retry_attempt, self.retry_for_txn);
                Cell::coloured(text, Colour::Magenta)
            }
            ("RetryUnimplOps", _) => {
                Cell::coloured(format!("retry impl for {}", self.retry_for_txn), Colour::BrightMagenta)
            }
            (other, _) => Cell::new(other),
        }
    }

    /// What the transaction was for, each failure, and each value that waits, on lines of their own.
    fn details(&self) -> String {
        let mut lines: Vec<String> =
            Some(self.description.clone()).filter(|text| !text.is_empty()).into_iter().collect();
        lines.extend(self.errors().map(|failed| format!("{failed}: {}", failed.new_err_msg)));
        if self.executed().iter().any(|operation| operation.is_revert) {
            lines.push("therefore the whole transaction was undone".to_string());
        }
        let pending = self.executed().iter().filter(|operation| operation.state() == "PENDING");
        lines.extend(pending.map(ToString::to_string));
        // An error may have several lines.
        lines.join("\n")
    }

    fn executed(&self) -> &[Operation] {
        self.executed.as_deref().unwrap_or_default()
    }

    fn errors(&self) -> impl Iterator<Item = &Operation> {
        self.executed().iter().filter(|operation| !operation.new_err_msg.is_empty())
    }
}

impl Operation {
    fn state(&self) -> &str {
        self.new_state.as_deref().unwrap_or("NONEXISTENT")
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}] {} -> {}", self.operation, self.key, self.state())
    }
}

/// How often each word is there: `CREATE:3, DELETE:1`.
fn counted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    if counts.is_empty() {
        return "<none>".to_string();
    }
    counts.iter().map(|(word, count)| format!("{word}:{count}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::canned::{Http, type_in};

    /// 2026-11-22 07:30:13 UTC.
    const NOW: Duration = Duration::from_secs(1_795_332_613);

    fn transactions() -> Value {
        let key = "config/vpp/v2/interfaces/loop1";
        let value = json!({ "Key": key, "Value": null, "Origin": 1 });
        let op =
            |operation: &str, state: &str| json!({ "Operation": operation, "Key": key, "NewState": state });
        let failed = |error: &str| json!({ "Operation": "CREATE", "Key": key, "NewState": "FAILED", "NewErrMsg": error });
        json!([
            { "Start": "2026-11-22T07:30:11.004Z", "Stop": "2026-11-22T07:30:11.005Z", "SeqNum": 0,
              "TxnType": "NBTransaction", "ResyncType": "DownstreamResync" },
            { "Start": "2026-11-22T07:30:13.5Z", "SeqNum": 1, "TxnType": "NBTransaction",
              "Values": [value, value, value, value],
              "Description": "by hand",
              "Executed": [op("CREATE", "CONFIGURED"), op("CREATE", "UNIMPLEMENTED"), op("CREATE", "CONFIGURED"),
                           op("CREATE", "PENDING"), op("CREATE", "CONFIGURED"), op("CREATE", "CONFIGURED")] },
            { "Start": "2026-11-22T05:00:00+01:00", "SeqNum": 12, "TxnType": "RetryFailedOps", "RetryForTxn": 1,
              "RetryAttempt": 2, "Values": [value], "Executed": [failed("NO_SUCH_FIB (-3)\nfirst, make the table")] },
            { "Start": "?", "SeqNum": 13, "TxnType": "NBTransaction", "ResyncType": "FullResync", "Values": null,
              "Executed": [failed("a"), failed("b"),
                           { "Operation": "DELETE", "Key": key, "IsRevert": true }] },
        ])
    }

    fn history(details: bool) -> History {
        History { reference: None, details, format: Form::Other(Format::Table) }
    }

    fn rows(of: &[usize]) -> Vec<Transaction> {
        let mut all: Vec<Option<Transaction>> = serde_json::from_value::<Vec<Transaction>>(transactions())
            .unwrap()
            .into_iter()
            .map(Some)
            .collect();
        of.iter().map(|at| all[*at].take().unwrap()).collect()
    }

    #[test]
    fn the_table_looks_as_that_of_the_reference() {
        assert_eq!(
            history(false).table(&rows(&[0, 1]), NOW, false),
            "  SEQ  TYPE           START  INPUT      OPERATIONS  RESULT  SUMMARY\n\
             \x20 0    status sync    1s     <none>     <none>              <none>\n\
             \x20 1    config change  0s     4  values  CREATE:6    ok      CONFIGURED:4, PENDING:1, UNIMPLEMENTED:1\n"
        );
    }

    #[test]
    fn details_are_lines_of_their_own() {
        let lines = |text: &str| text.lines().map(|line| line.trim().to_string()).collect::<Vec<_>>();
        let text = history(true).table(&rows(&[1, 2, 3]), NOW, false);
        let key = "config/vpp/v2/interfaces/loop1";
        let shown = lines(&text);
        assert!(shown[1].ends_with("UNIMPLEMENTED:1  by hand"), "{text}");
        assert_eq!(shown[2], format!("[CREATE] {key} -> PENDING"));
        assert!(shown[3].starts_with("12   retry #2 for 1  3h     1  values  CREATE:1"), "{text}");
        assert!(shown[3].ends_with(&format!("[CREATE] {key} -> FAILED: NO_SUCH_FIB (-3)")), "{text}");
        assert_eq!(shown[4], "first, make the table");
        assert!(
            shown[5].contains("config replace  ?      <none>     CREATE:2, DELETE:1  2 errors"),
            "{text}"
        );
        assert_eq!(shown[6], format!("[CREATE] {key} -> FAILED: b"));
        assert_eq!(shown[7], "therefore the whole transaction was undone");
        assert_eq!(shown.len(), 8);
    }

    #[test]
    fn a_terminal_sees_type_and_result_in_colours() {
        let text = history(false).table(&rows(&[1, 2]), NOW, true);
        for part in ["\x1b[33mconfig change\x1b[0m", "\x1b[32mok\x1b[0m", "\x1b[35mretry #2", "\x1b[91merror"]
        {
            assert!(text.contains(part), "{text:?}");
        }
    }

    fn agent() -> Http {
        Http::start(|call| {
            Some(match call.strip_prefix("GET /scheduler/txn-history")? {
                "" => (200, transactions().to_string()),
                "?seq-num=12" => (200, transactions()[2].to_string()),
                "?format=text" => (200, "Transaction #0:\n    * t\n".to_string()),
                "?format=text&seq-num=13" => {
                    (200, "* transaction arguments:\n    - seqNum: 13\n".to_string())
                }
                _ => {
                    let error = "transaction with such sequence number is not recorded";
                    (404, json!({ "Error": error }).to_string())
                }
            })
        })
    }

    #[tokio::test]
    async fn a_transaction_is_found_by_its_number_or_from_the_end() {
        let http = agent();
        for reference in ["12", "-2"] {
            let typed = type_in(&["config", "history", reference, &http.port()]).await;
            assert_eq!(typed.err, "");
            assert_eq!(typed.out.lines().count(), 2, "{}", typed.out);
            assert!(typed.out.contains("  12   retry #2 for 1"), "{}", typed.out);
        }
        let typed = type_in(&["config", "history", "14", &http.port()]).await;
        assert!(
            !typed.succeeded && typed.err.contains("remembers no transaction 14; without"),
            "{}",
            typed.err
        );
        let typed = type_in(&["config", "history", "-5", &http.port()]).await;
        assert!(
            !typed.succeeded && typed.err.contains("remembers no more than 4 transactions"),
            "{}",
            typed.err
        );
        for wrong in ["first", "-0", "1.5", ""] {
            let typed = type_in(&["config", "history", wrong, &http.port()]).await;
            assert!(!typed.succeeded && typed.err.contains("named by its number"), "{wrong}: {}", typed.err);
        }
    }

    #[tokio::test]
    async fn the_log_is_that_of_the_agent() {
        let http = agent();
        let typed = type_in(&["config", "history", "-f", "log", &http.port()]).await;
        assert_eq!((typed.out.as_str(), typed.err.as_str()), ("Transaction #0:\n    * t\n", ""));
        let typed = type_in(&["config", "history", "last", "-f", "log", &http.port()]).await;
        assert_eq!(typed.out, "Transaction #13:\n    * transaction arguments:\n        - seqNum: 13\n");
        let typed = type_in(&["config", "history", "-f", "dot", &http.port()]).await;
        assert!(typed.err.contains("the formats are table, log, json and yaml"), "{}", typed.err);
    }

    #[tokio::test]
    async fn data_are_a_list_also_for_one_or_none() {
        let http = agent();
        let typed = type_in(&["config", "history", "-f", "json", &http.port()]).await;
        assert_eq!(serde_json::from_str::<Value>(&typed.out).unwrap(), transactions());
        let typed = type_in(&["config", "history", "12", "-f", "yaml", &http.port()]).await;
        assert_eq!(model::yaml::parse(&typed.out).unwrap(), json!([transactions()[2]]));

        let empty = Http::start(|call| match call.contains("text") {
            true => Some((200, String::new())),
            false => Some((200, "null\n".to_string())),
        });
        let typed = type_in(&["config", "history", "-f", "json", &empty.port()]).await;
        assert_eq!(typed.out, "[]\n");
        let typed = type_in(&["config", "history", &empty.port()]).await;
        assert_eq!(typed.out.lines().count(), 1, "{}", typed.out);
        let typed = type_in(&["config", "history", "-f", "log", &empty.port()]).await;
        assert_eq!(typed.out, "<NONE>\n");
    }
}
