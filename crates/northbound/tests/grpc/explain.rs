//! Plan and Why.

use crate::common::interface;
use crate::door::{Door, LOOP1, ROUTE, put, route, set};
use model::proto::ligato::generic::data;
use model::proto::ligato::kvscheduler::{TxnOperation, ValueState};
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::l3::Route;
use northbound::grpc::client::details_of;
use northbound::grpc::client::vppagent::{PlanRequest, WhyRequest};
use prost::Message;
use tonic::{Code, Request};

#[tokio::test]
async fn plan_says_what_set_config_would_do() {
    let door = Door::open().await;
    door.manager().set_config(set(vec![put(&interface("loop1", 1), &[])])).await.unwrap();
    let calls = door.world.calls.lock().unwrap().clone();
    let mut unknown = put(&interface("x", 1), &[]);
    if let Some(data::Union::Any(any)) =
        unknown.item.as_mut().and_then(|item| item.data.as_mut()?.union.as_mut())
    {
        any.type_url = "models.ligato.io/no.such.Message".into();
    }
    let other = Route { outgoing_interface: "none".into(), ..route() };
    let updates = vec![
        put(&interface("loop1", 2), &[]),
        put(&interface("loop2", 10_000), &[]),
        put(&route(), &[]),
        put(&other, &[]),
        unknown.clone(),
    ];
    let mut client = door.explain();
    let request = PlanRequest { updates: updates.clone(), overwrite_all: false };
    let plan = client.plan(request).await.unwrap().into_inner();
    let mut steps: Vec<_> = plan.steps.iter().map(|s| (s.operation(), s.key.as_str())).collect();
    steps.sort_by_key(|(_, key)| *key);
    assert_eq!(steps, [(TxnOperation::Update, LOOP1), (TxnOperation::Create, ROUTE)], "{plan:?}");
    assert_eq!(plan.changes, 2);
    let update = plan.steps.iter().find(|step| step.key == LOOP1).unwrap();
    let mtu = |any: &Option<prost_types::Any>| {
        let any = any.as_ref().unwrap();
        assert_eq!(any.type_url, "models.ligato.io/ligato.vpp.interfaces.Interface");
        Interface::decode(&*any.value).unwrap().mtu
    };
    assert_eq!((mtu(&update.previous), mtu(&update.value)), (1, 2));
    assert!(plan.steps.iter().any(|step| step.previous.is_none()));
    assert_eq!(plan.waiting.len(), 1);
    assert!(plan.waiting[0].key.contains("/none/"));
    assert_eq!(plan.waiting[0].details, ["config/vpp/v2/interfaces/none"]);
    let refused: Vec<_> = plan.refused.iter().map(|r| (r.key.as_str(), r.error.as_str())).collect();
    assert_eq!(refused[0], ("config/vpp/v2/interfaces/loop2", "mtu: must be at most 9216"));
    assert!(refused[1].0.is_empty() && refused[1].1.starts_with("updates[4]: no model has the type"));
    assert!(plan.text.contains(&format!("update     {LOOP1}  (")), "{}", plan.text);

    // With everything named, a replacement removes the rest.
    let request = PlanRequest { updates: vec![put(&interface("loop3", 1), &[])], overwrite_all: true };
    let plan = client.plan(request).await.unwrap().into_inner();
    let removed = plan.steps.iter().filter(|step| step.operation() == TxnOperation::Delete);
    assert!(removed.map(|step| step.key.as_str()).any(|key| key == LOOP1));
    // Another source would hide nothing and remove nothing.
    let mut request = Request::new(PlanRequest { updates: vec![], overwrite_all: true });
    request.metadata_mut().insert("datasrc", "tool".parse().unwrap());
    let plan = client.plan(request).await.unwrap().into_inner();
    assert_eq!((plan.changes, plan.text.as_str()), (0, "nothing to do\n"));

    let error = client.plan(PlanRequest { updates: vec![unknown], overwrite_all: true }).await.unwrap_err();
    assert_eq!((error.code(), details_of(&error).len()), (Code::InvalidArgument, 1));
    assert_eq!(*door.world.calls.lock().unwrap(), calls, "nothing was done");
}

#[tokio::test]
async fn why_names_the_key() {
    let door = Door::open().await;
    let mut client = door.explain();
    let error = client.why(WhyRequest::default()).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    let nobody = client.why(WhyRequest { key: ROUTE.into() }).await.unwrap().into_inner();
    assert_eq!(nobody.explanation.unwrap().state(), ValueState::Nonexistent);
    door.manager().set_config(set(vec![put(&route(), &[])])).await.unwrap();
    let answer = client.why(WhyRequest { key: ROUTE.into() }).await.unwrap().into_inner();
    let explanation = answer.explanation.unwrap();
    assert_eq!((explanation.key.as_str(), explanation.state()), (ROUTE, ValueState::Pending));
    assert_eq!(explanation.waits_for[0].key, LOOP1);
    assert!(answer.text.starts_with(&format!("{ROUTE} is PENDING\n  {}\n", explanation.summary)));
    assert!(answer.text.ends_with(&format!("\nWhat to do: {}\n", explanation.advice)), "{}", answer.text);
}
