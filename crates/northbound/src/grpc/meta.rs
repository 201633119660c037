//! `ligato.generic.MetaService`: which models there are, and the files that define them.

use std::collections::HashMap;
use std::sync::LazyLock;

use bytes::Bytes;
use model::proto::ligato::generic::model_detail::Option as Setting;
use model::proto::ligato::generic::{
    KnownModelsRequest, KnownModelsResponse, ModelDetail, ModelSpec, ProtoFileDescriptorRequest,
};
use prost::Message as _;
use tonic::{Request, Response, Status};

use super::stubs::generic::meta_service_server::MetaService;

pub struct Meta;

/// `ligato.generic.ProtoFileDescriptorResponse` on the wire, with the descriptors still encoded: decoded by a library
/// that does not know them, the extension options of fields would be lost.
#[derive(Clone, PartialEq, prost::Message)]
pub struct FileAnswer {
    /// A `google.protobuf.FileDescriptorProto`.
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub file_descriptor: Option<Bytes>,
    /// A `google.protobuf.FileDescriptorSet` of all that the file imports, directly or not.
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub file_import_descriptors: Option<Bytes>,
}

/// A `google.protobuf.FileDescriptorSet` whose files are still encoded.
#[derive(Clone, PartialEq, prost::Message)]
struct RawSet {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    file: Vec<Bytes>,
}

/// What is needed of a `google.protobuf.FileDescriptorProto`.
#[derive(Clone, PartialEq, prost::Message)]
struct Head {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, repeated, tag = "3")]
    dependency: Vec<String>,
}

/// All files in dependency order, and where each stands.
struct Files {
    all: Vec<(Head, Bytes)>,
    by_name: HashMap<String, usize>,
}

static FILES: LazyLock<Files> = LazyLock::new(|| {
    // Made by our own build script; a test asks for every file.
    let set = RawSet::decode(model::DESCRIPTOR_SET).unwrap_or_default();
    let all = set.file.into_iter().map(|file| (Head::decode(file.clone()).unwrap_or_default(), file));
    let all: Vec<_> = all.collect();
    let by_name = all.iter().enumerate().map(|(at, (head, _))| (head.name.clone(), at)).collect();
    Files { all, by_name }
});

impl Files {
    /// The file and, in dependency order, all that it imports.
    fn find(&self, name: &str) -> Option<FileAnswer> {
        let at = *self.by_name.get(name)?;
        let mut wanted = vec![false; self.all.len()];
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            let (head, _) = self.all.get(at)?;
            for import in head.dependency.iter().filter_map(|name| self.by_name.get(name)) {
                if !std::mem::replace(&mut wanted[*import], true) {
                    open.push(*import);
                }
            }
        }
        let file =
            self.all.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|((_, file), _)| file.clone());
        let imports = RawSet { file: file.collect() };
        Some(FileAnswer {
            file_descriptor: Some(self.all.get(at)?.1.clone()),
            file_import_descriptors: Some(imports.encode_to_vec().into()),
        })
    }
}

#[tonic::async_trait]
impl MetaService for Meta {
    async fn known_models(
        &self,
        request: Request<KnownModelsRequest>,
    ) -> Result<Response<KnownModelsResponse>, Status> {
        let class = request.into_inner().class;
        let models = model::MODELS.iter().filter(|spec| class.is_empty() || spec.class == class);
        let known_models = models.map(|spec| ModelDetail {
            spec: Some(ModelSpec {
                module: spec.module.into(),
                version: spec.version.into(),
                r#type: spec.kind.into(),
                class: spec.class.into(),
            }),
            proto_name: spec.proto_name.into(),
            options: vec![
                Setting { key: "nameTemplate".into(), values: vec![spec.name_template.into()] },
                Setting { key: "protoFile".into(), values: vec![spec.file()] },
            ],
        });
        let known_models = known_models.collect();
        Ok(Response::new(KnownModelsResponse { known_models, active_modules: Vec::new() }))
    }

    async fn proto_file_descriptor(
        &self,
        request: Request<ProtoFileDescriptorRequest>,
    ) -> Result<Response<FileAnswer>, Status> {
        let name = request.into_inner().full_proto_file_name;
        FILES.find(&name).map(Response::new).ok_or_else(|| {
            Status::not_found(format!("there is no file {name:?}; the models' protoFile options name all"))
        })
    }
}
