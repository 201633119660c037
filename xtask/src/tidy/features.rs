//! Every feature of VPP and of Linux that a registry lists has a row in `docs/features.md`, and that row names a story
//! and an example that exist.

use std::collections::BTreeSet;

use super::repo::Repo;

/// Where the features are listed, one line each: `registry.add(at, l3::route::Routes::new(vpp))?;`. In the table, modules
/// stand behind what comes second.
const REGISTRIES: [(&str, &str); 2] =
    [("crates/vpp/src/registry.rs", ""), ("crates/linux/src/registry.rs", "linux::")];

/// The table for people. A row starts with the module: "| `l3::route` | … |".
const TABLE: &str = "docs/features.md";

/// Where a row's story and example live.
const STORIES: &str = "crates/agent/tests/stories/";
const EXAMPLES: &str = "examples/";

pub fn check(repo: &Repo) -> Vec<String> {
    let mut complaints = Vec::new();
    for (registry, start) in REGISTRIES {
        complaints.extend(check_registry(repo, registry, start));
    }
    complaints
}

fn check_registry(repo: &Repo, path: &str, start: &str) -> Vec<String> {
    let (Some(registry), Some(table)) = (repo.files.get(path), repo.files.get(TABLE)) else {
        return vec![format!("{path} or {TABLE} is missing")];
    };
    let modules = modules(registry);
    if modules.is_empty() {
        return vec![format!("{path} lists no feature in a form that xtask/src/tidy/features.rs can read")];
    }
    let mut complaints = Vec::new();
    for module in modules.iter().map(|module| format!("{start}{module}")) {
        let Some(row) = table.lines().find(|line| line.starts_with(&format!("| `{module}` |"))) else {
            complaints.push(format!("feature {module} has no row in {TABLE}"));
            continue;
        };
        for (what, folder) in [("story", STORIES), ("example", EXAMPLES)] {
            if !names_a_file(repo, row, folder) {
                complaints
                    .push(format!("the row of {module} in {TABLE} names no {what} that exists in {folder}"));
            }
        }
    }
    complaints
}

/// The modules that the registry's lines name: `l3::route` of `registry.add(at, l3::route::Routes::new(vpp))`.
fn modules(registry: &str) -> BTreeSet<String> {
    let code = super::rust::code(registry);
    let mut modules = BTreeSet::new();
    // What follows each call, up to the end of its statement; the call may go over several lines.
    for call in code.split("registry.add(").skip(1) {
        let arguments = call.split(';').next().unwrap_or_default();
        let words =
            arguments.split(|character: char| !(character.is_alphanumeric() || "_:".contains(character)));
        for word in words {
            let parts: Vec<&str> = word.split("::").collect();
            let kind =
                parts.iter().position(|part| part.starts_with(|first: char| first.is_ascii_uppercase()));
            if let Some(module) = kind.and_then(|kind| parts.get(..kind)).filter(|module| !module.is_empty())
            {
                modules.insert(module.join("::"));
            }
        }
    }
    modules
}

/// Whether the row names an existing file of this folder, by its path from the root.
fn names_a_file(repo: &Repo, row: &str, folder: &str) -> bool {
    let mut words = row.split(|character: char| character.is_whitespace() || "`|()[],".contains(character));
    words.any(|word| {
        let path = word.trim_start_matches("../");
        path.starts_with(folder) && repo.files.contains_key(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "\
fn all(at: &At) {
    // registry.add(at, old::Old(vpp.clone()))?;
    registry.add(at, interface::Interfaces::new(vpp))?;
    registry.add(
        at,
        l3::route::Routes(vpp.clone()),
    )?;
    other::Thing::new();
}
";

    #[test]
    fn the_lines_of_the_registry_name_modules() {
        assert_eq!(modules(LINES).into_iter().collect::<Vec<_>>(), ["interface", "l3::route"]);
    }

    #[test]
    fn a_feature_without_row_story_or_example_is_a_complaint() {
        let mut repo = Repo::default();
        assert_eq!(check(&repo).len(), 2);
        let [(vpp, _), (linux, _)] = REGISTRIES;
        repo.files.insert(vpp.into(), LINES.into());
        repo.files.insert(linux.into(), "registry.add(at, l3::route::Routes(linux))?;".into());
        repo.files.insert(format!("{STORIES}route.txt"), String::new());
        let row = format!("| `l3::route` | [story](../{STORIES}route.txt) | `{EXAMPLES}route.yaml` |\n");
        repo.files.insert(TABLE.into(), row);
        assert_eq!(
            check(&repo),
            [
                "feature interface has no row in docs/features.md",
                "the row of l3::route in docs/features.md names no example that exists in examples/",
                "feature linux::l3::route has no row in docs/features.md",
            ]
        );
    }
}
