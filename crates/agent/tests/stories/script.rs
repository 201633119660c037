//! The text of a story.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Where the stories are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories")
}

/// A story, in the order of its file.
pub struct Script(Vec<Part>);

enum Part {
    Prose(String),
    Command(Command),
}

/// A command, and what it has to answer.
pub struct Command {
    /// Its line in the file, from 1.
    pub line: usize,
    pub text: String,
    pub answer: Vec<String>,
}

impl Script {
    pub fn read(path: &Path) -> Script {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut parts = Vec::new();
        for (line, text) in text.lines().enumerate() {
            if let Some(command) = text.strip_prefix("> ") {
                let text = command.trim().to_owned();
                parts.push(Part::Command(Command { line: line + 1, text, answer: Vec::new() }));
                continue;
            }
            let prose = text.is_empty() || text.starts_with('#');
            match parts.last_mut() {
                Some(Part::Command(command)) if !prose => command.answer.push(text.to_owned()),
                _ if prose => parts.push(Part::Prose(text.to_owned())),
                _ => panic!("{}:{}: neither prose, nor a command, nor an answer", path.display(), line + 1),
            }
        }
        Script(parts)
    }

    /// Whether the story breaks what cannot be broken on a real VPP.
    pub fn simulator_only(&self) -> bool {
        self.begins("# simulator only")
    }
    /// The type of interfaces, if the story is about what a kernel without them says.
    pub fn without(&self) -> Option<&'static str> {
        let types = [("# without dummies", "dummy"), ("# without VRFs", "vrf table 1")];
        types.into_iter().find(|(start, _)| self.begins(start)).map(|(_, words)| words)
    }
    fn begins(&self, so: &str) -> bool {
        matches!(self.0.first(), Some(Part::Prose(text)) if text.starts_with(so))
    }

    pub fn commands(&mut self) -> impl Iterator<Item = &mut Command> {
        self.0.iter_mut().filter_map(|part| match part {
            Part::Command(command) => Some(command),
            Part::Prose(_) => None,
        })
    }

    pub fn write(&self, path: &Path) {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Prose(prose) => writeln!(text, "{prose}").unwrap(),
                Part::Command(command) => {
                    writeln!(text, "> {}", command.text).unwrap();
                    command.answer.iter().for_each(|line| writeln!(text, "{line}").unwrap());
                }
            }
        }
        std::fs::write(path, text).unwrap();
    }
}

impl Command {
    /// What was written down and what came, where they differ.
    pub fn difference(&self, story: &str, came: &[String]) -> String {
        let mut text = format!("{story}.txt:{}: > {}\n", self.line, self.text);
        let same = self.answer.iter().zip(came).take_while(|(a, b)| a == b).count();
        let end = self.answer[same..]
            .iter()
            .rev()
            .zip(came[same..].iter().rev())
            .take_while(|(a, b)| a == b)
            .count();
        let lines = |sign: char, lines: &[String]| {
            lines[same..lines.len() - end].iter().map(|line| format!("  {sign} {line}\n")).collect::<String>()
        };
        text += &lines('-', &self.answer);
        text += &lines('+', came);
        text
    }
}
