//! Generates the gRPC stubs of the services that agentctl calls; the messages are those of the model package.

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new("../../proto");
    println!("cargo:rerun-if-changed={}", root.join("ligato").display());

    let files = ["ligato/generic/manager.proto", "ligato/configurator/configurator.proto"];
    let mut services = protox::Compiler::new([root])?;
    services.include_imports(true).include_source_info(false).open_files(files)?;
    tonic_prost_build::configure()
        .extern_path(".ligato", "::model::proto::ligato")
        // Only the tests need somebody to talk to.
        .server_mod_attribute(".", "#[cfg(test)]")
        .compile_fds(services.file_descriptor_set())?;
    Ok(())
}
