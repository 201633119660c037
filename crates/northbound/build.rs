//! Compiles the services: those of the reference from `proto/ligato`, whose messages are `model`'s, our own from
//! `proto/vppagent`, and those of etcd from `proto/etcd`. No `protoc` is needed.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let root = "../../proto";
    println!("cargo:rerun-if-changed={root}");

    let served = [
        "ligato/generic/manager.proto",
        "ligato/generic/meta.proto",
        "ligato/configurator/configurator.proto",
        "ligato/configurator/statspoller.proto",
        "vppagent/explain.proto",
    ];
    tonic_prost_build::configure()
        .extern_path(".ligato", "::model::proto::ligato")
        // Carries descriptors as they were compiled: decoding them would lose their extension options.
        .extern_path(".ligato.generic.ProtoFileDescriptorResponse", "crate::grpc::meta::FileAnswer")
        .compile_fds(protox::compile(served, [root])?)?;

    tonic_prost_build::configure()
        .build_server(false)
        .compile_fds(protox::compile(["etcd/rpc.proto"], [root])?)?;
    Ok(())
}
