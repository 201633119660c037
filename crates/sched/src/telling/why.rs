//! Finds the words for why a value is in its state: each cause is followed to the root of the matter.

use crate::contract::error::Error;
use crate::contract::registry::NO_KIND;
use crate::contract::status::{Operation, State};
use crate::doing::core::Core;
use crate::doing::retry::COMPARISON;
use crate::state::graph::{Half, NONE, NodeId};
use crate::telling::explain::{Cause, Explanation, Failure, NextRetry};
use crate::telling::history::Origin;
use crate::telling::view::Reader;
use std::collections::HashSet;
use tokio::time::Instant;

/// Causes and parts that one explanation lists.
pub(crate) const LISTED: usize = 16;
/// Links of a chain of causes that are followed.
const LINKS: usize = 8;

impl Core {
    pub(crate) fn explain(&self, key: &str) -> Explanation {
        let why = Why { core: self, reader: self.reader() };
        let found = self.graph.find(key).filter(|&n| self.graph.node(n).group.is_none());
        let Some(n) = found.filter(|&n| self.graph.node(n).known()) else {
            return why.nobody_asked(key, found);
        };
        let mut explanation = why.node(n);
        let unlike = |part: &NodeId| !matches!(why.reader.state(*part), State::Configured | State::Obtained);
        let mut parts: Vec<NodeId> = why.reader.parts(n).into_iter().filter(unlike).collect();
        parts.sort_by(|&a, &b| self.graph.node(a).key.cmp(&self.graph.node(b).key));
        if let Some(first) = parts.first() {
            explanation.summary += &match parts.len() {
                1 => format!(" Its part {} is not as wanted.", why.name(*first)),
                many => format!(" {many} of its parts are not as wanted, {} first.", why.name(*first)),
            };
        }
        explanation.parts = parts.into_iter().take(LISTED).map(|part| why.node(part)).collect();
        if explanation.advice.is_empty()
            && let Some(part) = explanation.parts.iter().find(|part| !part.advice.is_empty())
        {
            explanation.advice = part.advice.clone();
        }
        explanation
    }
}

const AGAIN: &str = "to have it as wanted again, submit its value again or run a downstream resync";

const LACKING: &str = "give it what it lacks, such as a plugin or a right, or use a version that has it";

/// What lies at the end of a chain of causes.
#[derive(Clone, Copy, PartialEq)]
enum Root {
    Nobody(NodeId),
    Unreported,
    Absent,
    Away,
    Invalid(NodeId),
    Failed(NodeId),
    Missing,
    Unknown,
    Lacking(NodeId),
    Other,
}

pub(crate) struct Why<'a> {
    pub core: &'a Core,
    pub reader: Reader<'a>,
}

impl Why<'_> {
    /// The descriptor and the name, as in `vpp-interface loop1`; a key that no descriptor handles as it is.
    pub fn name(&self, n: NodeId) -> String {
        let (kind, key) = (self.core.graph.node(n).kind, self.key(n));
        if kind == NO_KIND {
            return self.name_of(key);
        }
        let descriptor = self.core.registry.get(kind);
        match key.strip_prefix(descriptor.prefix()) {
            Some("") | None => descriptor.name().to_owned(),
            Some(label) => format!("{} {label}", descriptor.name()),
        }
    }
    fn name_of(&self, key: &str) -> String {
        match self.split(key) {
            Some((descriptor, "")) => descriptor.to_owned(),
            Some((descriptor, label)) => format!("{descriptor} {label}"),
            None => key.to_owned(),
        }
    }
    /// The descriptor that handles keys like this, and the rest of the key; none if several might.
    pub fn split<'k>(&self, key: &'k str) -> Option<(&'static str, &'k str)> {
        let registry = &self.core.registry;
        let all = registry.kinds().map(|kind| registry.get(kind));
        let of = all.filter_map(|of| Some((of.prefix(), of.name(), key.strip_prefix(of.prefix())?)));
        let mut of: Vec<_> = of.collect();
        of.sort_by_key(|(prefix, ..)| std::cmp::Reverse(prefix.len()));
        match of[..] {
            [(first, ..), (second, ..), ..] if first == second => None,
            [(_, name, rest), ..] => Some((name, rest)),
            [] => None,
        }
    }
    fn key(&self, n: NodeId) -> &str {
        self.core.graph.node(n).key.trim_start_matches('?')
    }
    fn southbound(&self, n: NodeId) -> &'static str {
        match self.core.graph.node(n).kind {
            NO_KIND => "the southbound",
            kind => self.core.registry.southbounds()[self.core.registry.southbound_of(kind)].name(),
        }
    }
    fn blocked(&self, n: NodeId) -> Option<&str> {
        Reader::reason(&self.core.blocked, self.core.graph.node(n).kind)
    }
    fn failure(&self, n: NodeId) -> Option<&(Operation, Error)> {
        self.core.graph.node(n).note.as_ref()?.error.as_ref()
    }

    /// One node, without its parts.
    fn node(&self, n: NodeId) -> Explanation {
        let node = self.core.graph.node(n);
        let state = self.reader.state(n);
        let failure = self.failure(n).map(|(operation, error)| Failure {
            operation: *operation,
            cause: error.cause.to_string(),
            code: error.code,
            retriable: error.retriable,
            uncertain: error.uncertain,
        });
        let part_of = Some(node.parent).filter(|&parent| parent != NONE);
        let mut explanation = Explanation {
            key: node.key.clone(),
            state,
            descriptor: self.reader.descriptor(n),
            origin: match (&node.want, &node.have) {
                (Some(_), _) => Origin::Nb,
                (None, Some(_)) => Origin::Sb,
                (None, None) => Origin::Unknown,
            },
            part_of: part_of.map(|parent| self.core.graph.node(parent).key.clone()),
            failure,
            retry: self.retry(n),
            seq: (node.since != 0).then_some(u64::from(node.seq)),
            ..Explanation::default()
        };
        let (summary, advice) = match state {
            State::Configured => self.configured(n),
            State::Failed | State::Retrying => self.failed(n, explanation.retry),
            State::Invalid => self.invalid(n),
            State::Unimplemented => self.unimplemented(n),
            State::Obtained => self.obtained(n),
            State::Discovered => self.discovered(n),
            State::Missing => self.missing(n),
            _ if node.want.is_none() => self.leaving(n),
            _ => self.pending(n, &mut explanation.waits_for),
        };
        (explanation.summary, explanation.advice) = (summary, advice);
        explanation
    }
    fn retry(&self, n: NodeId) -> Option<NextRetry> {
        let id = self.core.graph.node(n).note.as_ref()?.retry?;
        if id == COMPARISON {
            return Some(NextRetry { after: None, attempt: 1, of: 0 });
        }
        let job = self.core.retries.iter().find(|job| job.id == id)?;
        let after = Some(job.at.saturating_duration_since(Instant::now()));
        Some(NextRetry { after, attempt: job.attempt, of: job.retry.max })
    }
    fn since(&self, n: NodeId) -> String {
        let node = self.core.graph.node(n);
        match node.since {
            0 => String::new(),
            _ => format!(" since transaction {}", node.seq),
        }
    }
    fn configured(&self, n: NodeId) -> (String, String) {
        let node = self.core.graph.node(n);
        if let Some(drift) = self.reader.drift(n) {
            let text = format!("It was made as wanted{}, and was {drift}.", self.since(n));
            return (text, "run a downstream resync to have it mended".to_owned());
        }
        let text = match node.have.is_some() {
            true => format!("It is in force as wanted{}.", self.since(n)),
            false => "It has no descriptor and is there as long as the value it is a part of.".to_owned(),
        };
        (text, String::new())
    }
    fn failed(&self, n: NodeId, retry: Option<NextRetry>) -> (String, String) {
        let node = self.core.graph.node(n);
        let Some((operation, error)) = self.failure(n) else { return (String::new(), String::new()) };
        let code = error.code.filter(|code| !error.cause.contains(code));
        let mut text = format!("{} failed: {error}", operation.name());
        text += &code.map_or(String::new(), |code| format!(" ({code})"));
        text += ".";
        if error.uncertain {
            text += " Whether it took effect is not known; that is looked up before the next attempt.";
        }
        text += match (&node.want, &node.have) {
            (None, _) => " It is not wanted any more, and still there.",
            (Some(_), Some(have)) if have.half != Half::No => " It was left half made.",
            (Some(_), Some(_)) => " What was in force before is still there.",
            (Some(_), None) => " It is not there.",
        };
        let running = node.note.as_ref().is_some_and(|note| note.retry.is_some());
        let advice = match retry {
            Some(NextRetry { after: Some(after), attempt, of }) => {
                let of = if of == 0 { "without limit".to_owned() } else { format!("of {of}") };
                text +=
                    &format!(" The next attempt is in {:.1} s, number {attempt} {of}.", after.as_secs_f64());
                "if it keeps failing, remove the cause and submit the value again"
            }
            Some(NextRetry { after: None, .. }) => {
                text += &format!(" It is tried again when {} is back and was compared.", self.southbound(n));
                ""
            }
            None if running => {
                text += " It is being tried again just now.";
                ""
            }
            None if error.retriable => {
                text += " No further attempt is planned.";
                "remove the cause, then submit the value again or run a downstream resync"
            }
            None => {
                text += " Trying the same again cannot help.";
                "change the value, or what it conflicts with, and submit it again"
            }
        };
        (text, advice.to_owned())
    }
    fn invalid(&self, n: NodeId) -> (String, String) {
        let node = self.core.graph.node(n);
        let details = self.reader.details(n, State::Invalid).join("; ");
        let kept = match (&node.want, &node.have) {
            (Some(_), Some(_)) => "The value before it is still in force.",
            (Some(_), None) => "The value before it is still wanted, but not in force.",
            (None, Some(_)) => "What was found there is left as it is.",
            (None, None) => "Nothing of it is in force.",
        };
        let collides = node.note.as_ref().is_some_and(|note| note.collision.is_some());
        let advice = if collides {
            "change or remove one of the two"
        } else {
            "correct the value and submit it again"
        };
        (format!("Its newest value cannot be used: {details}. {kept}"), advice.to_owned())
    }
    fn unimplemented(&self, n: NodeId) -> (String, String) {
        let node = self.core.graph.node(n);
        if let Some(reason) = self.reader.unsupported(n) {
            let text = format!(
                "{} cannot work with this {}: {reason}.",
                self.reader.descriptor(n),
                self.southbound(n)
            );
            return (text, self.advice(Root::Lacking(n)));
        }
        let name = node.want.as_ref().map_or("this type", |want| want.value().wire().name);
        let text =
            format!("No descriptor handles values of {name}; it is remembered and tried when one appears.");
        (text, "remove it, or use an agent that knows this kind of value".to_owned())
    }
    fn obtained(&self, n: NodeId) -> (String, String) {
        let node = self.core.graph.node(n);
        let name = self.southbound(n);
        if node.kind != NO_KIND && self.core.registry.get(node.kind).fed() {
            return (format!("{name} reported it; nobody configures it."), String::new());
        }
        let text =
            format!("It is there in {name}, but this agent did not make it: it is listed and never touched.");
        (text, "to take it over, put it into the configuration".to_owned())
    }
    fn kept(&self, n: NodeId) -> Option<String> {
        let reason = self.reader.kept_for(self.core.graph.node(n).kind)?;
        Some(format!(" It is kept until it is known what hangs on it: {reason}."))
    }
    fn discovered(&self, n: NodeId) -> (String, String) {
        let name = self.southbound(n);
        let mut text = match self.core.complete {
            false => format!(
                "It was found in {name} and was made by this agent in an earlier life, but no source has asked for it \
                 yet. It is kept until every source has answered."
            ),
            true => {
                format!("It was found in {name} as if this agent had made it, but no source asks for it.")
            }
        };
        if let Some(reason) = self.kept(n) {
            text += &reason;
        }
        (text, "to keep it, put it into the configuration; to remove it now, delete its key".to_owned())
    }
    fn missing(&self, n: NodeId) -> (String, String) {
        let name = self.southbound(n);
        let mut text = format!("It was there, and a comparison with {name} did not find it any more.");
        match self.blocked(n) {
            Some(reason) => {
                text += &format!(" It cannot be made again now: {reason}.");
                (text, format!("nothing: it is made again when {name} can be compared"))
            }
            None => (text, AGAIN.to_owned()),
        }
    }
    /// Not wanted any more, and still there.
    fn leaving(&self, n: NodeId) -> (String, String) {
        let mut text = "It is not wanted any more, but still there.".to_owned();
        if let Some(reason) = self.blocked(n) {
            text += &format!(" It cannot be removed now: {reason}.");
            return (text, "nothing: it is removed when that is over".to_owned());
        }
        if let Some(reason) = self.kept(n) {
            text += &reason;
            return (text, "nothing: it is removed when that is over".to_owned());
        }
        let there = |&m: &NodeId| self.core.graph.node(m).have.is_some();
        match self.core.graph.dependents(n).find(there) {
            Some(m) => {
                let (reason, root) = self.reason(m);
                text += &format!(" {} hangs on it and {reason}.", self.name(m));
                (text, self.advice(root))
            }
            None => (text, "run a downstream resync to have it removed".to_owned()),
        }
    }
    fn pending(&self, n: NodeId, waits_for: &mut Vec<Cause>) -> (String, String) {
        let node = self.core.graph.node(n);
        let mut seen = HashSet::new();
        let unmet: Vec<NodeId> = self.reader.unmet_nodes(n).filter(|&d| seen.insert(d)).collect();
        let count = unmet.len();
        let mut first = Root::Other;
        for (i, &d) in unmet.iter().take(LISTED).enumerate() {
            let (reason, root) = self.reason(d);
            if i == 0 {
                first = root;
            }
            let any = self.core.graph.node(d).group.is_some();
            let state = if any { State::Nonexistent } else { self.reader.state(d) };
            waits_for.push(Cause { key: self.key(d).to_owned(), any, state, reason });
        }
        if let Some(reason) = self.blocked(n) {
            let text = format!("It cannot be worked on now: {reason}.");
            return (text, "nothing: it goes on by itself when that is over".to_owned());
        }
        let words = |(cause, &d): (&Cause, &NodeId)| {
            let any = match cause.any {
                true if cause.key.ends_with('*') => "anything like ",
                true => "anything under ",
                false => "",
            };
            format!("{any}{}, which {}", self.name(d), cause.reason)
        };
        let list: Vec<String> = waits_for.iter().zip(&unmet).take(3).map(words).collect();
        if !list.is_empty() {
            let more =
                if count > list.len() { format!("; and {} more", count - list.len()) } else { String::new() };
            let number = if count > 1 { format!("{count} things: ") } else { String::new() };
            return (format!("It waits for {number}{}{more}.", list.join("; ")), self.advice(first));
        }
        if let Some(other) = self.reader.taken_by(n) {
            let cause = self.failure(other).map_or(String::new(), |(_, error)| format!(": {error}"));
            let staying = self.reader.staying(other);
            let text = format!("Its place is taken by {}, {staying}{cause}.", self.name(other));
            return (text, format!("see why {} is still there", self.key(other)));
        }
        if let Some(drift) = self.reader.drift(n) {
            return (format!("It was {drift}."), AGAIN.to_owned());
        }
        if let Some(kept) = node.have.as_ref().and_then(|_| self.kept(n)) {
            let text = format!("What is there is not what is wanted, and has to be made anew.{kept}");
            return (text, "nothing: it is made anew when that is over".to_owned());
        }
        if node.have.as_ref().is_some_and(|have| have.unsure) {
            let text = "What became of the last operation on it is not known; it is made anew before anything relies on it.";
            return (text.to_owned(), "run a downstream resync if it stays so".to_owned());
        }
        let text = match node.have {
            Some(_) => {
                "What is there is not what is wanted, and something that hangs on it could not be removed."
            }
            None => {
                "It has not been made yet: what it needs is there, but should have been removed or made anew."
            }
        };
        (text.to_owned(), "look for failed values that use it, or run a downstream resync".to_owned())
    }
    /// Why something is not there to be relied on, as the end of a sentence that begins with its name, followed to the
    /// root of the matter.
    fn reason(&self, n: NodeId) -> (String, Root) {
        let mut seen = vec![n];
        let mut text = String::new();
        loop {
            let at = seen[seen.len() - 1];
            let (words, next) = self.link(at);
            text += &words;
            match next {
                Err(root) => return (text, root),
                Ok(next) if seen.contains(&next) => {
                    text += &format!("{}, and so they wait for each other", self.name(next));
                    return (text, Root::Other);
                }
                Ok(next) if seen.len() == LINKS => {
                    text += &format!("{}, which waits in turn", self.name(next));
                    return (text, Root::Other);
                }
                Ok(next) => {
                    text += &format!("{}, which ", self.name(next));
                    seen.push(next);
                }
            }
        }
    }
    /// One link of the chain: words, and what they lead to.
    fn link(&self, n: NodeId) -> (String, Result<NodeId, Root>) {
        let node = self.core.graph.node(n);
        if let Some(members) = &node.group {
            let wanted = members.iter().copied().find(|&m| self.core.graph.node(m).known());
            return match wanted {
                Some(member) => ("has nobody there; the first that is known is ".to_owned(), Ok(member)),
                None => ("nobody has configured".to_owned(), Err(Root::Nobody(n))),
            };
        }
        if let Some((operation, error)) = self.failure(n) {
            let what = match operation {
                Operation::Delete => "removed",
                Operation::Update => "changed",
                _ => "made",
            };
            return (format!("could not be {what}: {error}"), Err(Root::Failed(n)));
        }
        if node.unusable() && node.want.is_none() {
            let details = self.reader.details(n, State::Invalid).join("; ");
            return (format!("cannot be used as it is written: {details}"), Err(Root::Invalid(n)));
        }
        if let Some(reason) = self.reader.unsupported(n) {
            return (format!("is not supported: {reason}"), Err(Root::Lacking(n)));
        }
        if node.want.is_none() && node.have.is_none() {
            if let Some(why) = self.reader.absence(n) {
                return (format!("cannot be used: {why}"), Err(Root::Absent));
            }
            if self.is_reported(n) {
                return ("is not there, and nobody configures".to_owned(), Err(Root::Unreported));
            }
            return ("nobody has configured".to_owned(), Err(Root::Nobody(n)));
        }
        if let Some(reason) = self.blocked(n) {
            return (format!("cannot be worked on now: {reason}"), Err(Root::Away));
        }
        match &node.have {
            Some(have) if node.want.is_none() && !have.foreign && !have.discovered => {
                ("is being removed, because nobody wants it any more".to_owned(), Err(Root::Other))
            }
            Some(have) if have.half != Half::No => {
                ("was left half made and has to be made anew".to_owned(), Err(Root::Other))
            }
            Some(have) if have.unsure => (
                "is in doubt, because what became of the last operation on it is not known".to_owned(),
                Err(Root::Other),
            ),
            Some(_) => ("is there".to_owned(), Err(Root::Other)),
            None => match self.reader.unmet_nodes(n).next() {
                Some(next) => ("waits for ".to_owned(), Ok(next)),
                None if node.note.as_ref().is_some_and(|note| note.missing) => {
                    ("was there and is gone, by nobody's wish".to_owned(), Err(Root::Missing))
                }
                None if node.kind == NO_KIND => ("no descriptor handles".to_owned(), Err(Root::Unknown)),
                None => ("has not been made yet".to_owned(), Err(Root::Other)),
            },
        }
    }
    /// Comes and goes by itself?
    fn is_reported(&self, n: NodeId) -> bool {
        let named = self.split(self.key(n)).map(|(descriptor, _)| descriptor);
        let registry = &self.core.registry;
        registry.kinds().map(|kind| registry.get(kind)).any(|one| one.fed() && Some(one.name()) == named)
    }
    fn advice(&self, root: Root) -> String {
        match root {
            Root::Nobody(n) if self.core.graph.node(n).group.is_some() => {
                let like = if self.key(n).ends_with('*') { "like" } else { "under" };
                format!("configure something {like} {}", self.key(n))
            }
            Root::Nobody(n) => match self.nearest(self.key(n)) {
                Some(near) => format!("configure {}, or correct the name: {near} is known", self.key(n)),
                None => format!("configure {}, or correct the name where it is used", self.key(n)),
            },
            Root::Unreported => "see that it comes: all goes on by itself then".to_owned(),
            Root::Absent => "remove the cause: all goes on by itself then".to_owned(),
            Root::Away => "nothing: it goes on by itself when that is over".to_owned(),
            Root::Invalid(n) => format!("correct {} and submit it again", self.key(n)),
            Root::Failed(n) => format!("see why {} failed", self.key(n)),
            Root::Missing => "submit what is gone again, or run a downstream resync".to_owned(),
            Root::Lacking(n) => self.reader.remedy(n).unwrap_or_else(|| LACKING.to_owned()),
            Root::Unknown => "use an agent that knows this kind of value".to_owned(),
            Root::Other => "run a downstream resync if it stays so".to_owned(),
        }
    }
}
