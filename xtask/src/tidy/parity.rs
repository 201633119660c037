//! The scenarios of the reference in `docs/parity.md` name stories and tests that exist, and say how far these go.

use super::repo::Repo;

/// The table of scenarios. A row is "| scenario | state | ours | what is missing |".
const TABLE: &str = "docs/parity.md";

/// Where stories live; `l3::route` is `l3/route.txt` there.
const STORIES: &str = "crates/agent/tests/stories/";

/// What a scenario can be.
const STATES: [&str; 3] = ["covered", "partly", "missing"];

pub fn check(repo: &Repo) -> Vec<String> {
    let Some(table) = repo.files.get(TABLE) else {
        return vec![format!("{TABLE} is missing")];
    };
    let mut complaints = Vec::new();
    let mut count = 0;
    for line in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| scenario |")) {
        count += 1;
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [scenario, state, ours, missing] = cells[..] else {
            complaints.push(format!("{TABLE} has a row that is not of four cells: {line}"));
            continue;
        };
        let named: Vec<&str> = ours.split('`').skip(1).step_by(2).collect();
        if !STATES.contains(&state) {
            complaints.push(format!("the state of {scenario} in {TABLE} is none of {}", STATES.join(", ")));
        }
        if named.is_empty() != (state == "missing") {
            complaints
                .push(format!("the row of {scenario} in {TABLE} is {state} and names {} tests", named.len()));
        }
        if state == "partly" && missing.is_empty() {
            complaints.push(format!("the row of {scenario} in {TABLE} does not say what is missing"));
        }
        for name in named.into_iter().filter(|name| !exists(repo, name)) {
            complaints.push(format!("{TABLE} names {name}, which does not exist"));
        }
    }
    if count == 0 {
        complaints.push(format!("{TABLE} has no rows that xtask/src/tidy/parity.rs can read"));
    }
    complaints
}

/// Is there such a story, or such a file?
fn exists(repo: &Repo, name: &str) -> bool {
    let path = match name.split_once("::") {
        Some((area, story)) => format!("{STORIES}{area}/{story}.txt"),
        None => name.to_owned(),
    };
    repo.files.contains_key(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(rows: &str) -> Vec<String> {
        let mut repo = Repo::default();
        repo.files.insert(format!("{STORIES}l3/route.txt"), String::new());
        repo.files.insert("crates/x/tests/y.rs".into(), String::new());
        repo.files
            .insert(TABLE.into(), format!("| scenario | state | ours | more |\n|---|---|---|---|\n{rows}"));
        check(&repo)
    }

    #[test]
    fn rows_that_are_right_are_no_complaint() {
        let rows = "| a | covered | `l3::route`, `crates/x/tests/y.rs` | |\n| b | partly | `l3::route` | traffic |\n\
                    | c | missing | | |\n";
        assert_eq!(complaints(rows), [""; 0]);
    }

    #[test]
    fn what_does_not_exist_or_says_too_little_is_a_complaint() {
        for (row, told) in [
            ("| a | covered | `l3::none` | |", "names l3::none, which does not exist"),
            ("| a | covered | `crates/x/tests/z.rs` | |", "which does not exist"),
            ("| a | covered | | |", "is covered and names 0 tests"),
            ("| a | missing | `l3::route` | |", "is missing and names 1 tests"),
            ("| a | partly | `l3::route` | |", "does not say what is missing"),
            ("| a | done | `l3::route` | |", "is none of covered, partly, missing"),
            ("| a | covered |", "not of four cells"),
            ("", "no rows"),
        ] {
            let complaints = complaints(row);
            assert_eq!(complaints.len(), 1, "{row}: {complaints:?}");
            assert!(complaints[0].contains(told), "{row}: {complaints:?}");
        }
        assert_eq!(check(&Repo::default()), ["docs/parity.md is missing"]);
    }
}
