//! The northbound data model: protobuf messages, keys, JSON and YAML.

pub mod config;
pub mod document;
pub mod error;
pub mod go_json;
pub mod json;
pub mod models;
mod names;
mod nearest;
pub mod text;
pub mod value;
pub mod yaml;

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

pub use error::Error;
pub use models::{MODELS, ModelSpec, by_key, by_name, by_proto, erase};
pub use nearest::nearest;

/// The messages of the northbound API; one module per protobuf package (`proto::ligato::vpp::l3::Route`).
///
/// Services are not generated here. A crate that serves or calls one generates stubs that speak these types in its
/// own build script:
///
/// ```text
/// let files = protox::compile(["ligato/generic/manager.proto"], ["../../proto"])?;
/// tonic_prost_build::configure().extern_path(".ligato", "::model::proto::ligato").compile_fds(files)?;
/// ```
///
/// `google.protobuf` types are those of `prost_types`.
#[allow(missing_docs, unused_qualifications, clippy::all, rustdoc::all)]
pub mod proto {
    include!(concat!(env!("OUT_DIR"), "/proto.rs"));
}

/// All 44 files of the API and the `google/protobuf` files they import, as an encoded
/// `google.protobuf.FileDescriptorSet` with JSON names and field options, in dependency order.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptor_set.bin"));

/// The descriptors of [`DESCRIPTOR_SET`], linked.
pub fn pool() -> &'static DescriptorPool {
    static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
        // The bytes are made by this crate's build script; its tests would not pass with others.
        #[allow(clippy::expect_used)]
        DescriptorPool::decode(DESCRIPTOR_SET).expect("the embedded descriptor set is valid")
    });
    &POOL
}
