//! Compiles `proto/ligato` to Rust and to the descriptor set that the crate embeds. No `protoc` is needed.

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new("../../proto");
    println!("cargo:rerun-if-changed={}", root.join("ligato").display());

    let mut files = Vec::new();
    proto_files(&root.join("ligato"), &mut files)?;
    files.sort();

    // The embedded set carries no source info: comments would triple its size and nobody reads them at run time.
    let mut embedded = protox::Compiler::new([root])?;
    embedded.include_imports(true).include_source_info(false).open_files(&files)?;
    let out_dir = PathBuf::from(std::env::var("OUT_DIR")?);
    // Encoded by the compiler itself: a trip through `prost_types` would lose the extension options of the fields.
    std::fs::write(out_dir.join("descriptor_set.bin"), embedded.encode_file_descriptor_set())?;

    // The code is generated from a second set with source info, so that the comments become rustdoc.
    let mut commented = protox::Compiler::new([root])?;
    commented.include_imports(true).include_source_info(true).open_files(&files)?;
    prost_build::Config::new()
        .enable_type_names()
        .type_name_domain(["."], "models.ligato.io")
        .btree_map(["."])
        .include_file("proto.rs")
        .compile_fds(commented.file_descriptor_set())?;
    Ok(())
}

/// All `.proto` files below `dir`.
fn proto_files(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            proto_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            found.push(path);
        }
    }
    Ok(())
}
