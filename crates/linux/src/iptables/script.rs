//! What `iptables-restore` is told, and what it says against it. Pure.
//!
//! All chains of a table change at once or not at all. Nothing is said of chains that are not to change, and `--noflush` leaves
//! them as they are.

use super::rule::{Mark, fingerprint};
use super::save::Saved;
use super::{Place, name_of};
use std::collections::BTreeMap;

/// What is to become of a chain.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Task {
    pub place: Place,
    /// It is not one of those that every table has.
    pub custom: bool,
    /// What becomes of packets that no rule decides about, if that is to change.
    pub policy: Option<&'static str>,
    /// Whose it is.
    pub mark: Mark,
    /// What is to be in it; `None` if it is to be gone.
    pub rules: Option<Vec<String>>,
}

impl Task {
    /// What there is to do about it, seeing what is there: `None` if it is to be done, else how it ends.
    pub fn before(&self, ours: &str, saved: &Saved) -> Option<Result<(), String>> {
        let chain = saved.chain(name_of(self.place.table), &self.place.chain);
        let mark = chain.and_then(|chain| Mark::of_rule(ours, chain.rules.first()?));
        match (&self.rules, mark) {
            (Some(_), Some(other)) if other.name != self.mark.name => Some(Err(format!(
                "it is that of {:?} already; a chain is described by one value",
                other.name
            ))),
            (Some(_), _) => None,
            // What others have taken over is theirs.
            (None, Some(mark)) if mark.name == self.mark.name => None,
            (None, _) => Some(Ok(())),
        }
    }
}

/// The rule that a line adds: which of its chain it is, and how it was asked for.
type Rule = Option<(usize, String)>;

/// A text for `iptables-restore`.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub text: String,
    /// By line.
    rules: Vec<Rule>,
}

/// Lines of a table, which are told in the order of their stage: a chain is there before others lead to it, and is left by all
/// before it goes.
type Lines = Vec<(u8, String, Rule)>;

impl Script {
    fn line(&mut self, line: &str, rule: Rule) {
        self.text.push_str(line);
        self.text.push('\n');
        self.rules.push(rule);
    }
    /// Tables, each with its lines.
    fn of<'t, T: 't>(
        tasks: impl IntoIterator<Item = (&'t Place, T)>,
        lines: impl Fn(&Place, T, &mut dyn FnMut(u8, String, Rule)),
    ) -> Script {
        let mut tables: BTreeMap<&str, Lines> = BTreeMap::new();
        for (place, task) in tasks {
            let table = tables.entry(name_of(place.table)).or_default();
            lines(place, task, &mut |stage, line, rule| table.push((stage, line, rule)));
        }
        let mut script = Script::default();
        for (table, mut lines) in tables {
            lines.sort_by_key(|(stage, ..)| *stage); // stable
            script.line(&format!("*{table}"), None);
            lines.into_iter().for_each(|(_, line, rule)| script.line(&line, rule));
            script.line("COMMIT", None);
        }
        script
    }
    /// What does the tasks, each about another chain. `ours` is what marks of this agent begin with.
    pub fn doing<'t>(ours: &str, tasks: impl IntoIterator<Item = &'t Task>) -> Script {
        Script::of(tasks.into_iter().map(|task| (&task.place, task)), |place, task, add| {
            let chain = &place.chain;
            match (&task.rules, task.custom) {
                // Of one that is there, this empties it.
                (Some(_), true) => add(0, format!(":{chain} - [0:0]"), None),
                _ => add(0, format!("-F {chain}"), None),
            }
            if let Some(rules) = &task.rules {
                let predicted = Mark { fingerprint: Some(fingerprint(rules, rules)), ..task.mark.clone() };
                add(1, format!("-A {chain} {}", predicted.rule(ours)), None);
                for (index, rule) in rules.iter().enumerate() {
                    add(1, format!("-A {chain} {rule}"), Some((index, rule.clone())));
                }
            } else if task.custom {
                add(2, format!("-X {chain}"), None);
            }
            if let Some(policy) = task.policy {
                add(2, format!("-P {chain} {policy}"), None);
            }
        })
    }
    /// What puts other marks into chains.
    pub fn marking<'t>(ours: &str, marks: impl IntoIterator<Item = (&'t Place, Mark)>) -> Script {
        Script::of(marks, |place, mark, add| {
            add(0, format!("-R {} 1 {}", place.chain, mark.rule(ours)), None);
        })
    }
    /// What a program said against it, in words.
    pub fn complaint(&self, program: &str, said: &str) -> String {
        let mut why = None;
        let mut number = None;
        for line in said.lines() {
            let line = without_name(line).trim();
            if let Some(at) = line_number(line) {
                number = number.or(Some(at));
            }
            let noise = line.is_empty() || line.starts_with("Error occurred at") || line.starts_with("Try `");
            if why.is_none() && !noise {
                why = Some(line.to_owned());
            }
        }
        let why = why.unwrap_or_else(|| "it does not say why".to_owned());
        let line = number.and_then(|number| self.rules.get(usize::checked_sub(number, 1)?)?.clone());
        match line {
            Some((index, rule)) => format!("{program}: rule {} ({rule}): {why}", index + 1),
            None => format!("{program}: {why}"),
        }
    }
}

/// What a program says, without its name and version, which need not be what it was started as.
fn without_name(line: &str) -> &str {
    let end = line.find([' ', ':']).unwrap_or(0);
    let (name, rest) = line.split_at(end);
    if !name.contains("tables") {
        return line;
    }
    match rest.split_once("): ") {
        Some((version, rest)) if version.starts_with(" v") => rest,
        _ => rest.strip_prefix(": ").unwrap_or(rest),
    }
}

/// The number of a line that is spoken of.
fn line_number(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once("line")?;
    let rest = rest.trim_start_matches([':', ' ']);
    let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// How a chain is that was written.
#[derive(Debug, PartialEq)]
pub(super) enum Written {
    /// As its mark says.
    Well,
    /// Its mark must become this.
    As(Mark),
    /// It is not there.
    Not,
}

impl Written {
    /// Looks at what was saved after it.
    pub fn look(ours: &str, saved: &Saved, place: &Place, mark: &Mark, asked: &[String]) -> Written {
        let chain = saved.chain(name_of(place.table), &place.chain);
        let first = chain.and_then(|chain| chain.rules.split_first());
        let marked = first.and_then(|(first, told)| Some((Mark::of_rule(ours, first)?, told)));
        let Some((found, told)) = marked.filter(|(found, _)| found.name == mark.name) else {
            return Written::Not;
        };
        let print = Some(fingerprint(asked, told));
        match found.fingerprint == print {
            true => Written::Well,
            false => Written::As(Mark { fingerprint: print, ..mark.clone() }),
        }
    }
}
