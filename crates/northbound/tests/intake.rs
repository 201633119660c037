//! The intake: sources, durability, what each submitter is told.

mod common;

use std::sync::Arc;

use common::{Dir, World, agent, eventually, interface, put, stored_agent};
use northbound::intake::Batch;
use northbound::merge::{Class, Item, Source};
use northbound::store::Labels;

const LOOP1: &str = "config/vpp/v2/interfaces/loop1";
const LOOP2: &str = "config/vpp/v2/interfaces/loop2";

fn batch(items: Vec<Item>) -> Batch {
    Batch { items, statuses: true, ..Batch::default() }
}

#[tokio::test]
async fn what_came_by_grpc_survives_a_restart() {
    let dir = Dir::new();
    let path = dir.0.join("agent.store");
    let world = Arc::new(World::default());
    let intake = stored_agent(&world, &path).await;
    let labels: Arc<Labels> = Arc::new([("owner".to_owned(), "me".to_owned())].into());
    let mut first = batch(vec![put(interface("loop1", 1500)), put(interface("loop2", 1500))]);
    first.labels.insert(LOOP1.into(), labels.clone());
    let outcome = intake.submit(Source::grpc(), first).await.unwrap();
    assert!(outcome.not_stored.is_none());
    assert_eq!(outcome.statuses.len(), 2);
    let removed = batch(vec![Item::delete("config/vpp/v2/interfaces/loop2")]);
    intake.submit(Source::grpc(), removed).await.unwrap();
    let etcd = Source::new(Class::Kv, "etcd");
    intake.submit(etcd, batch(vec![put(interface("loop3", 1))])).await.unwrap();
    drop(intake);

    let fresh = Arc::new(World::default());
    let intake = stored_agent(&fresh, &path).await;
    eventually("loop1", || fresh.interface("loop1").is_some()).await;
    assert_eq!(fresh.keys(), [LOOP1], "neither what was deleted nor what etcd keeps");
    assert_eq!(intake.labels(LOOP1), Some(labels));
    let mut health = intake.scheduler().health();
    health.wait_for(|health| health.complete).await.unwrap();
}

#[tokio::test]
async fn only_news_goes_to_the_store() {
    let dir = Dir::new();
    let path = dir.0.join("agent.store");
    let world = Arc::new(World::default());
    let intake = stored_agent(&world, &path).await;
    let items = || (0..50).map(|n| put(interface(&format!("loop{n}"), 1500))).collect();
    intake.submit(Source::grpc(), batch(items())).await.unwrap();
    let length = std::fs::metadata(&path).unwrap().len();
    let calls = world.calls.lock().unwrap().len();
    intake.submit(Source::grpc(), batch(items())).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().len(), length);
    assert_eq!(world.calls.lock().unwrap().len(), calls);
}

#[tokio::test]
async fn nothing_is_removed_before_all_have_answered() {
    let (etcd, file) = (Source::new(Class::Kv, "etcd"), Source::new(Class::File, "file"));
    let world = Arc::new(World::default());
    // Left from an earlier life: found there, and ours.
    world.objects.lock().unwrap().insert(LOOP1.into(), Arc::new(interface("loop1", 1500)));
    let scheduler = common::scheduler(&world);
    let content = northbound::store::Content::default();
    let intake = northbound::intake::Intake::start(scheduler, None, content, [etcd.clone(), file.clone()]);
    let answer = |items| Batch { items, replace: true, answers: true, ..Batch::default() };
    intake.submit(etcd, answer(vec![put(interface("loop2", 1))])).await.unwrap();
    eventually("loop2", || world.interface("loop2").is_some()).await;
    assert!(world.interface("loop1").is_some());
    assert!(!intake.sources().borrow().all_answered());
    assert!(!intake.scheduler().health().borrow().complete);
    intake.submit(file, answer(Vec::new())).await.unwrap();
    eventually("loop1 is gone", || world.interface("loop1").is_none()).await;
    assert!(world.interface("loop2").is_some());
}

#[tokio::test]
async fn each_submitter_gets_his_own_answer() {
    let (world, intake) = agent([]);
    world.failing.lock().unwrap().insert("config/vpp/v2/interfaces/bad".into());
    // All queued before the first is taken: on one thread nothing runs until the first await.
    let waiting: Vec<_> = ["loop1", "bad", "loop2"]
        .map(|name| intake.submit(Source::grpc(), batch(vec![put(interface(name, 1))])))
        .into_iter()
        .collect();
    let outcomes = futures::future::join_all(waiting).await;
    let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert!(outcomes.iter().all(|outcome| outcome.seq == outcomes[0].seq), "one transaction");
    assert_eq!(outcomes.iter().map(|o| o.failed.len()).collect::<Vec<_>>(), [0, 1, 0]);
    assert_eq!(&*outcomes[1].failed[0].key, "config/vpp/v2/interfaces/bad");
    assert_eq!(&*outcomes[2].statuses[0].value.key, "config/vpp/v2/interfaces/loop2");
    assert_eq!(outcomes[2].statuses.len(), 1);
}

#[tokio::test]
async fn statuses_of_keys_that_needed_nothing() {
    let (_world, intake) = agent([]);
    let etcd = Source::new(Class::Kv, "etcd");
    intake.submit(etcd, batch(vec![put(interface("loop1", 1))])).await.unwrap();
    // Hidden by etcd, and never there.
    let items = vec![put(interface("loop1", 2)), Item::delete("config/vpp/v2/interfaces/none")];
    let outcome = intake.submit(Source::grpc(), batch(items)).await.unwrap();
    let states: Vec<_> = outcome.statuses.iter().map(|s| (&*s.value.key, s.value.state.name())).collect();
    assert_eq!(states, [(LOOP1, "CONFIGURED"), ("config/vpp/v2/interfaces/none", "NONEXISTENT")]);
}

#[tokio::test]
async fn source_names_are_not_without_end() {
    let (_world, intake) = agent([]);
    for n in 0..1000 {
        intake.submit(Source::new(Class::Grpc, format!("client{n}")), Batch::default()).await.unwrap();
    }
    let one_more = intake.submit(Source::new(Class::Grpc, "more"), Batch::default()).await;
    assert!(one_more.unwrap_err().to_string().contains("more"));
    intake.submit(Source::new(Class::Grpc, "client7"), Batch::default()).await.unwrap();
}

#[tokio::test]
async fn planning_changes_nothing() {
    let dir = Dir::new();
    let path = dir.0.join("agent.store");
    let world = Arc::new(World::default());
    let intake = stored_agent(&world, &path).await;
    let labels: Arc<Labels> = Arc::new([("owner".to_owned(), "me".to_owned())].into());
    let mut first = batch(vec![put(interface("loop1", 1500))]);
    first.labels.insert(LOOP1.into(), labels.clone());
    intake.submit(Source::grpc(), first).await.unwrap();
    let stored = std::fs::metadata(&path).unwrap().len();
    let states = common::states(intake.scheduler()).await;
    let calls = world.calls.lock().unwrap().clone();

    let all = Batch { replace: true, resync: true, ..batch(vec![put(interface("loop2", 1500))]) };
    let preview = intake.plan(Source::grpc(), all).await.unwrap();
    let steps = preview.steps.iter().filter(|step| !step.derived);
    let mut steps: Vec<_> = steps.map(|step| (step.operation.name(), &*step.key)).collect();
    steps.sort();
    assert_eq!(steps, [("CREATE", LOOP2), ("DELETE", LOOP1)]);
    let other = Batch { answers: true, ..batch(vec![Item::refused(LOOP1, "unknown field")]) };
    let preview = intake.plan(Source::new(Class::Kv, "etcd"), other).await.unwrap();
    assert!(preview.steps.is_empty());
    assert_eq!(preview.refused, [(LOOP1.into(), "unknown field".to_owned())]);

    assert_eq!(common::states(intake.scheduler()).await, states);
    assert_eq!(*world.calls.lock().unwrap(), calls);
    assert_eq!(intake.labels(LOOP1), Some(labels));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), stored);
    // The merge as well: the value is still that of gRPC, and nobody complains.
    let outcome = intake.submit(Source::grpc(), batch(vec![put(interface("loop1", 1500))])).await.unwrap();
    assert_eq!(outcome.statuses[0].value.state.name(), "CONFIGURED");
    assert_eq!(*world.calls.lock().unwrap(), calls);
}

#[tokio::test]
async fn a_plan_takes_its_turn() {
    let (world, intake) = agent([]);
    let before = intake.submit(Source::grpc(), batch(vec![put(interface("loop1", 1))]));
    let planned =
        intake.plan(Source::grpc(), batch(vec![put(interface("loop1", 2)), put(interface("loop2", 1))]));
    let after = intake.submit(Source::grpc(), batch(vec![put(interface("loop3", 1))]));
    let names = |preview: &sched::Preview| -> Vec<(&'static str, String)> {
        let steps = preview.steps.iter().filter(|step| !step.derived);
        steps.map(|step| (step.operation.name(), step.key.to_string())).collect()
    };
    let expected = [("CREATE", LOOP2.to_owned()), ("UPDATE", LOOP1.to_owned())];
    let planned = planned.await.unwrap();
    let mut told = names(&planned);
    told.sort();
    assert_eq!(told, expected, "{planned:?}");
    assert!(world.interface("loop1").is_some(), "what was submitted before was executed");
    let (before, after) = (before.await.unwrap(), after.await.unwrap());
    assert_eq!(after.seq, before.seq + 1, "what stands around a plan does not share a transaction");
}

#[tokio::test]
async fn a_plan_takes_no_place_of_a_source() {
    let (_world, intake) = agent([]);
    for n in 0..999 {
        intake.submit(Source::new(Class::Grpc, format!("client{n}")), Batch::default()).await.unwrap();
    }
    intake.plan(Source::new(Class::Grpc, "planner"), Batch::default()).await.unwrap();
    intake.submit(Source::new(Class::Grpc, "client999"), Batch::default()).await.unwrap();
    let refused = intake.plan(Source::new(Class::Grpc, "planner"), Batch::default()).await;
    assert!(refused.unwrap_err().to_string().contains("planner"));
    intake.plan(Source::new(Class::Grpc, "client7"), Batch::default()).await.unwrap();
}
