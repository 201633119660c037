//! Each package is named as its folder and takes part in the workspace's lints; lock file and licence are there.

use super::repo::Repo;

pub fn check(repo: &Repo) -> Vec<String> {
    let mut complaints = Vec::new();
    for (package, folder) in repo.members() {
        let last = folder.rsplit('/').next().unwrap_or(folder);
        if package.name != last {
            complaints.push(format!("the package in {folder} is named {}; name it {last}", package.name));
        }
        if package.licence.as_deref() != Some("Apache-2.0") {
            complaints.push(format!("package {last} must say license.workspace = true"));
        }
        let manifest = format!("{folder}/Cargo.toml");
        if !repo.files.get(&manifest).is_some_and(|text| inherits_lints(text)) {
            complaints.push(format!("{manifest} must say [lints] workspace = true"));
        }
    }
    if !repo.files.contains_key("Cargo.lock") {
        complaints.push("Cargo.lock is missing; run `cargo generate-lockfile`".to_string());
    } else if repo.lock_committed == Some(false) {
        complaints.push("Cargo.lock is not committed; run `git add Cargo.lock`".to_string());
    }
    if !repo.files.get("LICENSE").is_some_and(|text| text.contains("Apache License")) {
        complaints.push("LICENSE does not hold the Apache licence".to_string());
    }
    complaints
}

/// Whether the manifest has a `[lints]` table that takes the workspace's.
fn inherits_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
    lines.find(|line| !line.is_empty() && !line.starts_with('#')) == Some("workspace = true")
}

#[cfg(test)]
mod tests {
    use super::super::repo::Package;
    use super::*;

    #[test]
    fn a_package_that_goes_its_own_way_is_a_complaint() {
        let good = Package {
            name: "good".to_string(),
            folder: Some("crates/good".to_string()),
            licence: Some("Apache-2.0".to_string()),
            ..Package::default()
        };
        let bad = Package {
            name: "other".to_string(),
            folder: Some("crates/bad".to_string()),
            ..Package::default()
        };
        let mut repo = Repo { packages: vec![good, bad], lock_committed: Some(false), ..Repo::default() };
        repo.files
            .insert("crates/good/Cargo.toml".into(), "[lints]\n# all of them\nworkspace = true\n".into());
        repo.files.insert("crates/bad/Cargo.toml".into(), "[lints.clippy]\nall = \"warn\"\n".into());
        repo.files.insert("Cargo.lock".into(), String::new());
        assert_eq!(
            check(&repo),
            [
                "the package in crates/bad is named other; name it bad",
                "package bad must say license.workspace = true",
                "crates/bad/Cargo.toml must say [lints] workspace = true",
                "Cargo.lock is not committed; run `git add Cargo.lock`",
                "LICENSE does not hold the Apache licence",
            ]
        );
    }
}
