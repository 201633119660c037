//! `agentctl config plan`: what `config update` would do.

use std::collections::HashSet;

use clap::Args;
use model::document;
use serde::Deserialize;
use serde_json::Value;

use super::read;
use crate::cli::{Agent, Exit, Screen};
use crate::error::Error;
use crate::output::{Colour, Format, paint, parse_text_format};

/// Show what "config update" would do, and do nothing
///
/// A line tells of one object that would be created, updated in place, re-created or deleted, with the
/// reason. After that stand the objects that would be gone for a moment, the values that would wait, and
/// those that cannot be used.
///
/// Exit code: 0 nothing would change; 2 something would change; 1 error: the file cannot be used, or not
/// all of it.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:
  agentctl config plan config.yaml
  agentctl config get | agentctl config plan --replace -
  agentctl config plan config.yaml; test $? = 2 && agentctl config update config.yaml"
)]
pub struct Plan {
    /// YAML or JSON, in the form that "config get" shows; - is the standard input
    file: String,

    /// Delete all values that came over gRPC and REST before and are not in the file
    #[arg(long)]
    replace: bool,

    /// text, json or yaml
    #[arg(short, long, default_value = "text", value_parser = parse_text_format)]
    format: Format,
}

/// What would be done.
#[derive(Debug, Deserialize)]
struct Preview {
    /// How many objects would change; the halves of a re-creation are one change.
    changes: usize,
    steps: Vec<Step>,
    interrupted: Vec<String>,
    waiting: Vec<Waiting>,
    #[serde(default)]
    dropped: Vec<String>,
    refused: Vec<Refused>,
}

/// One operation; a re-creation is two.
#[derive(Debug, Deserialize)]
struct Step {
    operation: String,
    key: String,
    #[serde(default)]
    recreate: bool,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
struct Waiting {
    key: String,
    #[serde(default)]
    details: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Refused {
    key: String,
    error: String,
}

impl Plan {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<Exit, Error> {
        let text = read(&self.file)?;
        // The agent would find the same mistakes, but it does not know the file.
        let document = document::parse(&text)
            .map_err(|error| Error::File { path: self.file.clone(), cause: error.to_string() })?;
        if !document.errors.is_empty() {
            let list: Vec<String> = document.errors.iter().map(ToString::to_string).collect();
            let cause = format!("nothing was planned, because of\n  {}", list.join("\n  "));
            return Err(Error::File { path: self.file.clone(), cause });
        }

        let rest = agent.rest();
        let path = if self.replace { "/configuration/plan?replace" } else { "/configuration/plan" };
        let data: Value = rest.post(path, text).await?;
        let preview = Preview::deserialize(&data).map_err(|error| Error::Answer {
            call: format!("POST {path}"),
            address: rest.address().to_string(),
            cause: error.to_string(),
        })?;
        screen.print(&self.format.render(&data, || preview.text(screen.colours))?)?;
        // What would wait, or waits no more, is a change of the configuration, though not one of VPP.
        let changes = preview.changes + preview.waiting.len() + preview.dropped.len();
        match (preview.refused.len(), changes) {
            (0, 0) => Ok(Exit::Done),
            (0, _) => Ok(Exit::Changes),
            (1, _) => Err(Error::Incomplete("one value cannot be used, see above".to_string())),
            (refused, _) => Err(Error::Incomplete(format!("{refused} values cannot be used, see above"))),
        }
    }
}

impl Preview {
    /// A line per object, then who loses traffic, what would wait or be forgotten, and what cannot be used.
    fn text(&self, colours: bool) -> String {
        let again = self.recreated();
        let mut text = String::new();
        for step in &self.steps {
            let (verb, colour) = match (again.contains(step.key.as_str()), step.operation.as_str()) {
                (true, "CREATE") => continue, // told where it is removed
                (true, _) => ("re-create", Colour::Magenta),
                (_, "CREATE") => ("create", Colour::Green),
                (_, "DELETE") => ("delete", Colour::BrightRed),
                (_, "UPDATE") => ("update", Colour::Yellow),
                (_, other) => (other, Colour::Cyan),
            };
            let verb = paint(&format!("{verb:<9}"), colour, colours);
            text += &format!("{verb}  {}{}\n", step.key, because(&step.reason));
        }
        if text.is_empty() {
            let later = !(self.waiting.is_empty() && self.dropped.is_empty());
            text += if later { "nothing to do yet\n" } else { "nothing to do\n" };
        }
        let waiting = self.waiting.iter().map(|waiting| match waiting.details.join(", ").as_str() {
            "" => waiting.key.clone(),
            details => format!("{}  (for {details})", waiting.key),
        });
        let refused =
            self.refused.iter().map(|refused| format!("{}{}", refused.key, because(&refused.error)));
        for (title, lines) in [
            ("gone for a moment, so that whoever uses it loses traffic", self.interrupted.clone()),
            ("waits", waiting.collect()),
            ("not wanted any more, and not there", self.dropped.clone()),
            ("cannot be used, what is in force stays", refused.collect()),
        ] {
            if !lines.is_empty() {
                text += &format!("\n{title}:\n  {}\n", lines.join("\n  "));
            }
        }
        text
    }

    /// Keys of which both halves of a re-creation are planned.
    fn recreated(&self) -> HashSet<&str> {
        let halves = |operation| {
            let steps = self.steps.iter().filter(move |step| step.recreate && step.operation == operation);
            steps.map(|step| step.key.as_str())
        };
        let removed: HashSet<&str> = halves("DELETE").collect();
        halves("CREATE").filter(|key| removed.contains(key)).collect()
    }
}

fn because(reason: &str) -> String {
    match reason {
        "" => String::new(),
        reason => format!("  ({reason})"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::canned::{File, Http, type_in};
    use crate::cli::Exit;

    const DOCUMENT: &str = "vppConfig:\n  interfaces:\n  - name: loop1\n    type: SOFTWARE_LOOPBACK\n";

    fn agent(answer: serde_json::Value) -> Http {
        Http::start(move |call| {
            (call == "POST /configuration/plan?replace" || call == "POST /configuration/plan")
                .then(|| (200, answer.to_string()))
        })
    }

    fn nothing() -> serde_json::Value {
        json!({ "changes": 0, "steps": [], "interrupted": [], "waiting": [], "refused": [] })
    }

    fn something() -> serde_json::Value {
        json!({
            "changes": 4,
            "steps": [
                { "operation": "DELETE", "key": "b", "recreate": true, "reason": "the type cannot be changed in place",
                  "previous": { "ProtoMsgName": "x", "ProtoMsgData": {} } },
                { "operation": "CREATE", "key": "a", "reason": "wanted and not there" },
                { "operation": "CREATE", "key": "b", "recreate": true, "reason": "the type cannot be changed in place" },
                { "operation": "UPDATE", "key": "c", "reason": "" },
                { "operation": "DELETE", "key": "c/x", "derived": true, "reason": "no longer wanted" },
            ],
            "interrupted": ["b"],
            "waiting": [{ "key": "w", "details": ["x", "y"] }, { "key": "v", "details": [] }],
            "refused": [],
        })
    }

    #[tokio::test]
    async fn changes_are_told_in_words_and_by_the_exit_code() {
        let http = agent(something());
        let file = File::new("plan.yaml", DOCUMENT);
        let typed = type_in(&["config", "plan", file.path(), &http.port()]).await;
        assert_eq!(typed.err, "");
        assert_eq!(
            typed.out,
            "\
re-create  b  (the type cannot be changed in place)
create     a  (wanted and not there)
update     c
delete     c/x  (no longer wanted)

gone for a moment, so that whoever uses it loses traffic:
  b

waits:
  w  (for x, y)
  v
"
        );
        assert_eq!(typed.exit, Exit::Changes);
        assert_eq!(*http.bodies.lock().unwrap(), [DOCUMENT]);

        let typed = type_in(&["config", "plan", "-f", "json", file.path(), &http.port()]).await;
        assert_eq!(serde_json::from_str::<serde_json::Value>(&typed.out).unwrap(), something());
        assert_eq!(typed.exit, Exit::Changes);
    }

    #[tokio::test]
    async fn nothing_to_do_is_success() {
        let http = agent(nothing());
        let file = File::new("nothing.yaml", "");
        let typed = type_in(&["config", "plan", file.path(), &http.port()]).await;
        assert_eq!((typed.out.as_str(), typed.err.as_str()), ("nothing to do\n", ""));
        assert_eq!(typed.exit, Exit::Done);
        let typed = type_in(&["config", "plan", "-f", "yaml", file.path(), &http.port()]).await;
        assert_eq!((model::yaml::parse(&typed.out).unwrap(), typed.exit), (nothing(), Exit::Done));
    }

    #[tokio::test]
    async fn a_value_that_would_wait_is_a_change() {
        let mut answer = nothing();
        answer["waiting"] = json!([{ "key": "w", "details": ["x"] }]);
        let http = agent(answer);
        let file = File::new("waiting.yaml", DOCUMENT);
        let typed = type_in(&["config", "plan", file.path(), &http.port()]).await;
        assert_eq!(typed.out, "nothing to do yet\n\nwaits:\n  w  (for x)\n");
        assert_eq!((typed.err.as_str(), typed.exit), ("", Exit::Changes));
    }

    #[tokio::test]
    async fn a_value_that_cannot_be_used_is_an_error_after_the_plan() {
        let mut answer = something();
        answer["refused"] = json!([{ "key": "r", "error": "mtu: must be at most 9216" }]);
        let http = agent(answer);
        let file = File::new("refused.yaml", DOCUMENT);
        let typed = type_in(&["config", "plan", file.path(), &http.port()]).await;
        let end = "\ncannot be used, what is in force stays:\n  r  (mtu: must be at most 9216)\n";
        assert!(typed.out.starts_with("re-create") && typed.out.ends_with(end), "{}", typed.out);
        assert_eq!(
            (typed.err.as_str(), typed.exit),
            ("ERROR: one value cannot be used, see above\n", Exit::Error)
        );
    }

    #[tokio::test]
    async fn replace_is_handed_on() {
        let http = Http::start(|call| {
            (call == "POST /configuration/plan?replace").then(|| (200, nothing().to_string()))
        });
        let file = File::new("replace.yaml", DOCUMENT);
        let typed = type_in(&["config", "plan", "--replace", file.path(), &http.port()]).await;
        assert_eq!((typed.out.as_str(), typed.err.as_str()), ("nothing to do\n", ""));
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_used_is_named_and_the_agent_is_not_asked() {
        let http = agent(nothing());
        let file = File::new("unusable.yaml", &DOCUMENT.replace("type", "tipe"));
        let broken = File::new("broken.yaml", "vppConfig: [");
        for (path, reason) in [
            (file.path(), "nothing was planned, because of\n  vppConfig.interfaces[0]"),
            (broken.path(), "line 1"),
            ("no/such/file", "No such file"),
        ] {
            let typed = type_in(&["config", "plan", path, &http.port()]).await;
            assert_eq!((typed.exit, typed.out.as_str()), (Exit::Error, ""));
            assert!(typed.err.starts_with(&format!("ERROR: cannot use the file {path}: ")), "{}", typed.err);
            assert!(typed.err.contains(reason), "{}", typed.err);
        }
        assert!(http.bodies.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn an_answer_that_is_no_plan_is_an_error() {
        let http = agent(json!({}));
        let file = File::new("noplan.yaml", DOCUMENT);
        let typed = type_in(&["config", "plan", file.path(), &http.port()]).await;
        assert_eq!(typed.exit, Exit::Error);
        assert!(
            typed.err.contains("cannot read the answer") && typed.err.contains("changes"),
            "{}",
            typed.err
        );
    }
}
