//! Writes the Rust of VPP's binary API.
//!
//! The source is either the schema of our own format in `vppapi/` (see its README) or a directory of the
//! `.api.json` files that come with a VPP. Only the messages of a list, what answers them and the types they need
//! are written; the message tables of all releases are written whole.

pub mod apijson;
mod emit;
mod names;
mod resolve;
pub mod schema;
pub mod tables;

use schema::Schema;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A row of a table is not as `vppapi/README.md` says.
    #[error("{file}:{line}: {reason}")]
    Row {
        /// The table.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// An `.api.json` file is not as VPP writes them.
    #[error("{file}: {reason}")]
    Json {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A directory holds neither a schema nor `.api.json` files.
    #[error("{0}: neither messages.tsv nor *.api.json files there")]
    Empty(PathBuf),
    /// A message that no release has.
    #[error("{by} names the message {name}, which no release has; the nearest name is {nearest}")]
    UnknownMessage {
        /// The message.
        name: String,
        /// Who names it.
        by: String,
        /// What may have been meant.
        nearest: String,
    },
    /// A field has a type that its release does not define.
    #[error("the type {name} is not defined in {release}")]
    UnknownType {
        /// The type.
        name: String,
        /// The release.
        release: String,
    },
    /// Two layouts under one name and CRC.
    #[error("{id} has different layouts in different releases; one type cannot stand for both")]
    Ambiguous {
        /// Name and CRC.
        id: String,
    },
    /// A message that the generator has no Rust for.
    #[error("{name} cannot be generated: {reason}")]
    Unsupported {
        /// The message or type.
        name: String,
        /// What it has that is not supported.
        reason: String,
    },
}

pub(crate) fn read_file(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })
}

/// Reads a schema: our own format if `messages.tsv` is there, else the `.api.json` files below the directory.
pub fn read(schema_dir: &Path) -> Result<Schema, Error> {
    if schema_dir.join(tables::MARK).is_file() {
        tables::read(schema_dir)
    } else {
        apijson::read(schema_dir, "local")
    }
}

/// Reads a list of messages: one name per line, `#` starts a comment.
pub fn read_used(file: &Path) -> Result<Vec<String>, Error> {
    let text = read_file(file)?;
    let names = text.lines().map(|l| l.split('#').next().unwrap_or_default().trim());
    Ok(names.filter(|n| !n.is_empty()).map(str::to_owned).collect())
}

/// The files that [`generate`] writes, with their content, by name.
pub fn render(schema: &Schema, used: &[String]) -> Result<BTreeMap<String, String>, Error> {
    emit::files(schema, &resolve::plan(schema, used)?)
}

/// Writes the Rust of the messages that `used_file` lists into `out_dir` and removes what it wrote there before and
/// would not write now. Returns the files that changed.
pub fn generate(schema_dir: &Path, used_file: &Path, out_dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let files = render(&read(schema_dir)?, &read_used(used_file)?)?;
    let changed = differences(&files, out_dir)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    };
    std::fs::create_dir_all(out_dir).map_err(failed(out_dir))?;
    for path in &changed {
        match path.file_name().and_then(|n| n.to_str()).and_then(|n| files.get(n)) {
            Some(content) => std::fs::write(path, content).map_err(failed(path))?,
            None => std::fs::remove_file(path).map_err(failed(path))?,
        }
    }
    Ok(changed)
}

/// The files in `out_dir` that [`generate`] would change; none if what is there is current.
pub fn check(schema_dir: &Path, used_file: &Path, out_dir: &Path) -> Result<Vec<PathBuf>, Error> {
    differences(&render(&read(schema_dir)?, &read_used(used_file)?)?, out_dir)
}

fn differences(files: &BTreeMap<String, String>, out_dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut changed: Vec<PathBuf> = files
        .iter()
        .filter(|(name, content)| std::fs::read_to_string(out_dir.join(name)).ok().as_ref() != Some(*content))
        .map(|(name, _)| out_dir.join(name))
        .collect();
    let Ok(entries) = std::fs::read_dir(out_dir) else { return Ok(changed) };
    for entry in entries {
        let entry = entry.map_err(|source| Error::Io { path: out_dir.to_owned(), source })?;
        if !files.contains_key(entry.file_name().to_string_lossy().as_ref()) {
            changed.push(entry.path());
        }
    }
    Ok(changed)
}
