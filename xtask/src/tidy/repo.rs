//! What the checks look at: the files of the repository and what cargo says about its packages.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::deny::Policy;
use crate::process;

/// A snapshot of the repository.
#[derive(Default)]
pub struct Repo {
    /// Every text file: its path from the root, with `/` between the parts, and its content.
    pub files: BTreeMap<String, String>,
    /// The packages of the workspace and all that they depend on, as `cargo metadata` prints them.
    pub packages: Vec<Package>,
    /// Whether git knows `Cargo.lock`; `None` outside a git checkout.
    pub lock_committed: Option<bool>,
}

/// One package.
#[derive(Clone, Debug, Default)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// SPDX expression, if the package says one.
    pub licence: Option<String>,
    /// Where it comes from; `None` for a package of the workspace.
    pub source: Option<String>,
    /// Folder from the root; only for a package of the workspace.
    pub folder: Option<String>,
    /// Names and kinds of its direct dependencies.
    pub dependencies: Vec<(String, Kind)>,
}

/// What a dependency is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Normal,
    Build,
    Dev,
}

impl Repo {
    /// Reads the files and asks cargo and git.
    pub fn read() -> Result<Repo, String> {
        let root = process::root();
        let mut files = BTreeMap::new();
        walk(&root, "", &mut files)?;
        let policy = files.get("deny.toml").map(|text| Policy::parse(text)).transpose()?.unwrap_or_default();

        let mut metadata = process::cargo();
        metadata.args(["metadata", "--format-version", "1", "--locked"]);
        for target in &policy.targets {
            metadata.args(["--filter-platform", target]);
        }
        let metadata: Value = serde_json::from_str(&process::output(&mut metadata)?)
            .map_err(|error| format!("`cargo metadata` printed no JSON: {error}"))?;
        let packages = packages(&metadata, &root);

        let lock_committed = root.join(".git").exists().then(|| {
            process::succeeds(process::at_root("git").args(["ls-files", "--error-unmatch", "Cargo.lock"]))
        });
        Ok(Repo { files, packages, lock_committed })
    }

    /// The packages of the workspace.
    pub fn members(&self) -> impl Iterator<Item = (&Package, &str)> {
        self.packages.iter().filter_map(|package| Some((package, package.folder.as_deref()?)))
    }

    /// The Rust files, without what is generated.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| path.ends_with(".rs") && !generated(path))
    }

    /// All text files.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// Whether the file is written by a program.
pub fn generated(path: &str) -> bool {
    path.contains("/generated/")
}

/// Collects the text files below a folder. What git ignores or keeps for itself is left out.
fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<(), String> {
    let cannot = |error: std::io::Error| format!("cannot read the folder {}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(cannot)?;
        if name == ".git" {
            continue; // a file in a work tree beside the first
        }
        if kind.is_dir() {
            if name != "target" {
                walk(&entry.path(), &format!("{path}/"), files)?;
            }
        } else if kind.is_file() {
            let bytes = match std::fs::read(entry.path()) {
                Ok(bytes) => bytes,
                // An editor's passing file, gone since the folder was listed.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(format!("cannot read {path}: {error}")),
            };
            if let Ok(text) = String::from_utf8(bytes) {
                files.insert(path, text);
            }
        }
    }
    Ok(())
}

/// The packages in cargo's answer.
fn packages(metadata: &Value, root: &Path) -> Vec<Package> {
    let text = |value: &Value| value.as_str().map(str::to_string);
    let mut packages = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let source = text(&package["source"]);
        let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
        let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        packages.push(Package {
            name: text(&package["name"]).unwrap_or_default(),
            version: text(&package["version"]).unwrap_or_default(),
            licence: text(&package["license"]),
            folder: if source.is_none() { folder.map(|f| f.to_string_lossy().into_owned()) } else { None },
            source,
            dependencies: dependencies
                .map(|dependency| {
                    let kind = match dependency["kind"].as_str() {
                        Some("dev") => Kind::Dev,
                        Some("build") => Kind::Build,
                        _ => Kind::Normal,
                    };
                    (text(&dependency["name"]).unwrap_or_default(), kind)
                })
                .collect(),
        });
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snapshot_holds_this_file_and_this_package() {
        let repo = Repo::read().unwrap();
        assert!(repo.rust().any(|(path, _)| path == "xtask/src/tidy/repo.rs"));
        assert!(repo.texts().all(|(path, _)| !path.starts_with("target/") && !path.starts_with(".git/")));
        let (package, folder) = repo.members().find(|(package, _)| package.name == "xtask").unwrap();
        assert_eq!(folder, "xtask");
        assert!(package.dependencies.contains(&("serde_json".to_string(), Kind::Normal)));
        let foreign = repo.packages.iter().find(|package| package.name == "serde_json").unwrap();
        assert!(foreign.folder.is_none() && foreign.source.is_some() && foreign.licence.is_some());
    }
}
