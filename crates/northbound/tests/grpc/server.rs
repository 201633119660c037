//! The models, long messages, and where the door listens.

use crate::common::{Dir, agent, interface};
use crate::door::{Door, update};
use model::proto::ligato::configurator::GetRequest;
use model::proto::ligato::generic::{KnownModelsRequest, ProtoFileDescriptorRequest};
use northbound::grpc::client::ConfiguratorServiceClient;
use northbound::grpc::{Config, Server};
use northbound::notify::Notifications;
use prost::Message;
use tonic::Code;
use tonic::transport::Endpoint;

#[tokio::test]
async fn models_and_their_files() {
    let door = Door::open().await;
    let mut client = door.meta();
    let all = client.known_models(KnownModelsRequest::default()).await.unwrap().into_inner();
    assert_eq!(all.known_models.len(), 45);
    assert!(all.active_modules.is_empty());
    let request = KnownModelsRequest { class: "metrics".into() };
    let metrics = client.known_models(request).await.unwrap().into_inner().known_models;
    assert_eq!(metrics.len(), 1);
    let spec = metrics[0].spec.clone().unwrap();
    assert_eq!(
        (&*spec.module, &*spec.version, &*spec.r#type, &*spec.class),
        ("govppmux", "v0", "stats", "metrics")
    );
    assert_eq!(metrics[0].proto_name, "ligato.govppmux.Metrics");
    let options: Vec<_> = metrics[0]
        .options
        .iter()
        .map(|o| (o.key.as_str(), o.values.iter().map(String::as_str).collect()))
        .collect();
    let expected: [(&str, Vec<&str>); 2] =
        [("nameTemplate", vec![""]), ("protoFile", vec!["ligato/govppmux/metrics.proto"])];
    assert_eq!(options, expected);

    for model in all.known_models {
        let file = model.options[1].values[0].clone();
        let request = ProtoFileDescriptorRequest { full_proto_file_name: file.clone() };
        let answer = client.proto_file_descriptor(request).await.unwrap().into_inner();
        let bytes = answer.file_descriptor.unwrap();
        let own = prost_types::FileDescriptorProto::decode(&*bytes).unwrap();
        assert_eq!(own.name(), file);
        let message = model.proto_name.rsplit('.').next().unwrap();
        assert!(own.message_type.iter().any(|m| m.name() == message), "{file} defines {message}");
        let imports = answer.file_import_descriptors.unwrap();
        let imports = prost_types::FileDescriptorSet::decode(&*imports).unwrap().file;
        // Complete, and each after what it imports.
        let mut known: Vec<String> = Vec::new();
        for file in imports.iter().chain([&own]) {
            assert!(file.dependency.iter().all(|import| known.contains(import)), "{}", file.name());
            known.push(file.name().to_owned());
        }
    }
    let request = ProtoFileDescriptorRequest { full_proto_file_name: "ligato/vpp/l3/route.proto".into() };
    let answer = client.proto_file_descriptor(request).await.unwrap().into_inner();
    assert!(answer.encoded_len() > answer.file_descriptor.map_or(0, |file| file.len()));
    let request = ProtoFileDescriptorRequest { full_proto_file_name: "none.proto".into() };
    assert_eq!(client.proto_file_descriptor(request).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn long_messages() {
    let long = |n: usize| {
        let name = |i: usize| format!("{i:0100}");
        update((0..n).map(|i| interface(&name(i), 0)).collect(), vec![])
    };
    let small = Door::with(Config { max_msg_size: 10_000, ..Config::default() }).await;
    small.configurator().update(long(50)).await.unwrap();
    let error = small.configurator().update(long(200)).await.unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange, "{error}");
    assert_eq!(small.world.keys().len(), 50);
    // Far more than the 4 MiB that gRPC libraries allow by default.
    let door = Door::open().await;
    let request = long(70_000);
    assert!(request.encoded_len() > 6 << 20);
    door.configurator().update(request).await.unwrap();
    let got = door.configurator().get(GetRequest {}).await.unwrap().into_inner();
    assert_eq!(got.config.unwrap().vpp_config.unwrap().interfaces.len(), 70_000);
}

#[tokio::test]
async fn where_it_listens() {
    let dir = Dir::new();
    let (_world, intake) = agent([]);
    let path = dir.0.join("grpc.sock");
    let config = Config {
        endpoint: path.display().to_string(),
        network: "unix".into(),
        permission: 700,
        ..Config::default()
    };
    let server = Server::start(config.clone(), intake.clone(), Notifications::default(), None).await.unwrap();
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    let channel = Endpoint::try_from(format!("unix:{}", path.display())).unwrap().connect().await.unwrap();
    ConfiguratorServiceClient::new(channel).get(GetRequest {}).await.unwrap();
    let taken = Server::start(config.clone(), intake.clone(), Notifications::default(), None)
        .await
        .map(drop)
        .unwrap_err();
    assert!(taken.to_string().contains("grpc.sock"), "{taken}");
    drop(server);
    let config = Config { force_socket_removal: true, ..config };
    let _again = Server::start(config, intake.clone(), Notifications::default(), None).await.unwrap();

    let tls = Config { cert_file: "x".into(), ..Config::default() };
    let error =
        Server::start(tls, intake.clone(), Notifications::default(), None).await.map(drop).unwrap_err();
    assert!(error.to_string().contains("TLS for gRPC is not built in yet"));
    let odd = Config { network: "pigeon".into(), ..Config::default() };
    let error = Server::start(odd, intake, Notifications::default(), None).await.map(drop).unwrap_err();
    assert!(error.to_string().contains("pigeon"));
}
