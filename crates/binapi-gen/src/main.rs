//! `cargo run -p binapi-gen` writes `crates/binapi/src/generated` anew.
//!
//! `--check` writes nothing and fails if something would change. `--schema DIR` reads that directory instead of
//! `vppapi` (our tables, or a VPP's `.api.json` files); `--out DIR` writes elsewhere.
//! `--add-release NAME DIR` adds the `.api.json` files below a directory to our tables as the newest release.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: binapi-gen [--check] [--schema DIR] [--out DIR] | --add-release NAME DIR";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("binapi-gen: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: impl Iterator<Item = String>) -> Result<bool, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).ok_or("the crate is not where the repository has it")?;
    let tables = root.join("vppapi");
    let (mut schema, mut out) = (tables.clone(), root.join("crates/binapi/src/generated"));
    let mut check = false;
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value; {USAGE}"));
        match arg.as_str() {
            "--check" => check = true,
            "--schema" => schema = PathBuf::from(value()?),
            "--out" => out = PathBuf::from(value()?),
            "--add-release" => {
                let name = value()?;
                return add_release(&tables, &name, Path::new(&value()?)).map(|()| true);
            }
            _ => return Err(USAGE.to_owned()),
        }
    }
    let used = tables.join("used.txt");
    let run = if check { binapi_gen::check } else { binapi_gen::generate };
    let changed = run(&schema, &used, &out).map_err(|e| e.to_string())?;
    for path in &changed {
        println!("{} {}", if check { "stale:" } else { "wrote" }, path.display());
    }
    Ok(!check || changed.is_empty())
}

fn add_release(tables: &Path, name: &str, dir: &Path) -> Result<(), String> {
    let text = |e: binapi_gen::Error| e.to_string();
    let mut schema = binapi_gen::tables::read(tables).map_err(text)?;
    if schema.releases.iter().any(|r| r == name) {
        return Err(format!("release {name} is in {} already", tables.display()));
    }
    schema.add_release(binapi_gen::apijson::read(dir, name).map_err(text)?);
    for (file, content) in binapi_gen::tables::write(&schema) {
        std::fs::write(tables.join(file), content).map_err(|e| format!("{file}: {e}"))?;
    }
    Ok(())
}
