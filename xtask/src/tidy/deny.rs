//! What others' packages must be: the rules of `deny.toml`, checked with what cargo says about them.
//!
//! The file has the form that cargo-deny reads; this reader knows the part of it that the repository uses and
//! refuses what it does not know, so that no rule stands there unchecked.

use std::collections::BTreeMap;

use super::licence;
use super::repo::Repo;

/// The rules.
#[derive(Debug, Default, PartialEq)]
pub struct Policy {
    /// Target triples whose dependencies count.
    pub targets: Vec<String>,
    /// Licences that may be used.
    pub licences: Vec<String>,
    /// Packages that may not be used.
    pub banned: Vec<String>,
    /// Registries that packages may come from.
    pub registries: Vec<String>,
}

/// Keys with one right value: cargo-deny's own switches, set so that it is at least as strict as this check.
const SWITCHES: &[(&str, &str)] = &[
    ("bans.multiple-versions", "\"warn\""),
    ("bans.wildcards", "\"deny\""),
    ("bans.allow-wildcard-paths", "true"),
    ("sources.unknown-registry", "\"deny\""),
    ("sources.unknown-git", "\"deny\""),
];

impl Policy {
    /// Reads `deny.toml`.
    pub fn parse(text: &str) -> Result<Policy, String> {
        let mut policy = Policy::default();
        for (key, value) in keys(text)? {
            let list = match key.as_str() {
                "graph.targets" => &mut policy.targets,
                "licenses.allow" => &mut policy.licences,
                "bans.deny" => &mut policy.banned,
                "sources.allow-registry" => &mut policy.registries,
                _ if SWITCHES.contains(&(key.as_str(), value.as_str())) => continue,
                _ => {
                    return Err(format!(
                        "deny.toml: {key} = {value} is a rule that xtask/src/tidy/deny.rs does not know"
                    ));
                }
            };
            *list = strings(&value)
                .ok_or_else(|| format!("deny.toml: {key} must be a list of texts, not {value}"))?;
        }
        Ok(policy)
    }
}

pub fn check(repo: &Repo) -> Vec<String> {
    let Some(text) = repo.files.get("deny.toml") else {
        return vec!["deny.toml is missing".to_string()];
    };
    let policy = match Policy::parse(text) {
        Ok(policy) => policy,
        Err(error) => return vec![error],
    };
    let mut complaints = Vec::new();
    for package in &repo.packages {
        let Some(source) = &package.source else { continue };
        let named = format!("{} {}", package.name, package.version);
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        if !policy.registries.iter().any(|allowed| allowed == registry) {
            complaints.push(format!("{named} comes from {source}, which deny.toml does not allow"));
        }
        if policy.banned.contains(&package.name) {
            complaints.push(format!("{named} is banned by deny.toml"));
        }
        match package.licence.as_deref().map(|expression| licence::satisfied(expression, &policy.licences)) {
            Some(Ok(true)) => {}
            Some(Ok(false)) => complaints.push(format!(
                "{named} has the licence {}, which deny.toml does not allow",
                package.licence.as_deref().unwrap_or_default()
            )),
            Some(Err(error)) => complaints.push(format!("{named}: {error}")),
            None => complaints.push(format!("{named} names no licence")),
        }
    }
    // A licence that nothing needs any more should leave the list, or the list says nothing.
    for licence in &policy.licences {
        let rest: Vec<String> = policy.licences.iter().filter(|other| *other != licence).cloned().collect();
        let holds = |expression: &str, list: &[String]| licence::satisfied(expression, list) == Ok(true);
        let mut expressions = repo.packages.iter().filter_map(|package| package.licence.as_deref());
        if !expressions.any(|expression| holds(expression, &policy.licences) && !holds(expression, &rest)) {
            complaints.push(format!("deny.toml allows the licence {licence}, which no dependency needs"));
        }
    }
    complaints
}

/// The `section.key = value` lines of the file; a list may go over several lines.
fn keys(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut keys = BTreeMap::new();
    let mut section = String::new();
    let mut lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.to_string();
        } else if let Some((key, value)) = line.split_once('=') {
            let mut value = value.trim().to_string();
            while value.starts_with('[') && !value.ends_with(']') {
                value.push_str(lines.next().ok_or_else(|| format!("deny.toml: the list {key}has no end"))?);
            }
            keys.insert(format!("{section}.{}", key.trim()), value);
        } else if !line.is_empty() {
            return Err(format!("deny.toml: cannot read the line {line}"));
        }
    }
    Ok(keys)
}

/// The texts of `["a", "b"]`.
fn strings(value: &str) -> Option<Vec<String>> {
    let inner = value.strip_prefix('[')?.strip_suffix(']')?;
    let items = inner.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(|item| Some(item.strip_prefix('"')?.strip_suffix('"')?.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::repo::Package;
    use super::*;

    const RULES: &str = "# rules\n[licenses]\nallow = [\n  \"MIT\", # most\n  \"Zlib\",\n]\n[bans]\n\
        multiple-versions = \"warn\"\ndeny = [\"openssl\"]\n[sources]\nallow-registry = [\"https://registry.example\"]\n";

    fn package(name: &str, licence: Option<&str>, source: &str) -> Package {
        Package {
            name: name.to_string(),
            version: "1.0.0".to_string(),
            licence: licence.map(str::to_string),
            source: Some(source.to_string()),
            ..Package::default()
        }
    }

    #[test]
    fn the_rules_are_read() {
        let policy = Policy::parse(RULES).unwrap();
        assert_eq!(policy.licences, ["MIT", "Zlib"]);
        assert_eq!(policy.banned, ["openssl"]);
        assert_eq!(policy.registries, ["https://registry.example"]);
        for unreadable in
            ["[bans]\nskip = []", "[bans]\nwildcards = \"allow\"", "nonsense", "[licenses]\nallow = [1]"]
        {
            assert!(Policy::parse(unreadable).is_err(), "{unreadable}");
        }
    }

    #[test]
    fn every_broken_rule_is_a_complaint() {
        let here = "registry+https://registry.example";
        let mut repo = Repo {
            packages: vec![
                package("fine", Some("MIT OR GPL-3.0"), here),
                package("openssl", Some("MIT"), here),
                package("strict", Some("GPL-3.0"), here),
                package("silent", None, here),
                package("far", Some("MIT"), "git+https://elsewhere.example"),
            ],
            ..Repo::default()
        };
        repo.files.insert("deny.toml".into(), RULES.into());
        assert_eq!(
            check(&repo),
            [
                "openssl 1.0.0 is banned by deny.toml",
                "strict 1.0.0 has the licence GPL-3.0, which deny.toml does not allow",
                "silent 1.0.0 names no licence",
                "far 1.0.0 comes from git+https://elsewhere.example, which deny.toml does not allow",
                "deny.toml allows the licence Zlib, which no dependency needs",
            ]
        );
    }
}
