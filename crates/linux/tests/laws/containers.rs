//! Containers that come and go: what is in their namespaces goes and comes with them.

use crate::agent::LABEL;
use crate::features::veth;
use crate::until::{eventually, until};
use linux::{Config, Linux, microservice};
use model::models::erase;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::namespace::NetNamespace;
use model::proto::ligato::linux::namespace::net_namespace::ReferenceType;
use sched::{Intent, Registry, Resync, Scheduler, Select, State, Txn};
use std::time::{Duration, Instant};
use testkit::engine::Engine;
use testkit::laws::config;
use testkit::target::Target;

/// An agent that follows an engine.
struct World {
    target: Target,
    engine: Engine,
    scheduler: Scheduler,
    _following: [linux::reports::Following; 3],
}

/// Longer than any test: only what events and processes tell counts.
const NEVER: Duration = Duration::from_secs(3600);

fn start(target: Target, engine: Engine, list_every: Duration) -> World {
    let settings = Config {
        home: Some(target.socket()),
        engine: microservice::Config {
            socket: engine.address().strip_prefix("unix://").map(Into::into),
            list_every,
            ..microservice::Config::default()
        },
        ..Config::new(LABEL)
    };
    let linux = Linux::start(settings).unwrap();
    let mut registry = Registry::default();
    netalloc::register(&mut registry).unwrap();
    linux::registry::register(&mut registry, &linux).unwrap();
    let scheduler = Scheduler::spawn(registry, config());
    let following = linux::reports::follow(&linux, &scheduler);
    World { target, engine, scheduler, _following: following }
}

/// It listens.
async fn world(list_every: Duration) -> World {
    let target = Target::linux();
    let engine = Engine::start(&target.dir().join("engine.sock"));
    let world = start(target, engine, list_every);
    eventually("the agent listens", || world.engine.listeners() == 1).await;
    world
}

/// The far end in the microservice, the near one in the agent's own namespace.
fn wire() -> [Interface; 2] {
    let namespace = NetNamespace { r#type: ReferenceType::Microservice.into(), reference: "ms1".into() };
    let far = Interface { namespace: Some(namespace), ..veth("far", "near", &["10.3.3.2/24"]) };
    [veth("near", "far", &["10.3.3.1/24"]), far]
}

impl World {
    async fn put_wire(&self) {
        let changes = wire().map(erase).map(Intent::put).into();
        self.scheduler.commit(Txn { changes, ..Txn::default() }).await.unwrap();
    }
    async fn wire_is(&self, state: State) -> String {
        until(&self.scheduler, &model::value::key_of::<Interface>("near"), state).await;
        until(&self.scheduler, &model::value::key_of::<Interface>("far"), state).await
    }
    async fn works(&self, id: &str) {
        self.wire_is(State::Configured).await;
        // What is believed may be what was before.
        let reached = || self.engine.attempt(id, "ping -c 1 -W 1 10.3.3.1").is_ok();
        eventually("the other end answers", reached).await;
    }
    async fn knows(&self, label: &str) -> bool {
        let key = format!("linux/microservice/{label}");
        let statuses = self.scheduler.statuses(Select::Key(key)).await;
        statuses.first().is_some_and(|status| status.value.state == State::Obtained)
    }
}

#[tokio::test]
async fn what_is_in_a_container_goes_and_comes_with_it_in_netns() {
    let world = world(NEVER).await;
    let engine = &world.engine;
    world.put_wire().await;
    let why = world.wire_is(State::Pending).await;
    assert!(why.starts_with("linux/microservice/ms1"), "{why}");
    let other = engine.run("ms2");
    let unlabelled = engine.run("");
    let id = engine.run("ms1");
    world.works(&id).await;
    assert!(world.knows("ms1").await && world.knows("ms2").await);
    // What does not end it changes nothing.
    for action in ["pause", "unpause", "kill", "exec_start: sh"] {
        engine.tell(action, &id);
    }
    engine.restart(&unlabelled);
    world.works(&id).await;
    // Stopped, killed, restarted, removed.
    engine.stop(&id);
    world.wire_is(State::Pending).await;
    assert!(world.target.netns().unwrap().attempt("ip link show near").is_err());
    engine.begin(&id);
    world.works(&id).await;
    for _ in 0..3 {
        engine.restart(&id);
        eventually("it is there again", || engine.attempt(&id, "ip link show far").is_ok()).await;
        world.works(&id).await;
    }
    engine.kill(&id);
    world.wire_is(State::Pending).await;
    engine.remove(&id);
    let another = engine.run("ms1");
    world.works(&another).await;
    assert!(world.knows("ms2").await, "{other} runs");
}

#[tokio::test]
async fn of_two_with_one_label_the_one_made_last_counts_in_netns() {
    let world = world(NEVER).await;
    let engine = &world.engine;
    world.put_wire().await;
    let first = engine.run("ms1");
    world.works(&first).await;
    let second = engine.run("ms1");
    eventually("it moves", || engine.attempt(&second, "ip link show far").is_ok()).await;
    world.works(&second).await;
    assert!(engine.attempt(&first, "ip link show far").is_err());
    // The older one does not matter as long as the other one is there, and does then.
    engine.restart(&first);
    engine.kill(&second);
    eventually("it moves back", || engine.attempt(&first, "ip link show far").is_ok()).await;
    world.works(&first).await;
}

#[tokio::test]
async fn lost_events_are_made_up_for_in_netns() {
    let world = world(Duration::from_millis(300)).await;
    let engine = &world.engine;
    world.put_wire().await;
    engine.lose_events(true);
    let id = engine.run("ms1");
    world.works(&id).await;
    engine.restart(&id);
    eventually("it is there again", || engine.attempt(&id, "ip link show far").is_ok()).await;
    world.works(&id).await;
    engine.stop(&id);
    world.wire_is(State::Pending).await;
}

#[tokio::test]
async fn a_process_that_ended_is_noticed_without_the_engine_in_netns() {
    let world = world(NEVER).await;
    let engine = &world.engine;
    world.put_wire().await;
    let id = engine.run("ms1");
    world.works(&id).await;
    engine.lose_events(true);
    engine.kill(&id);
    world.wire_is(State::Pending).await;
    assert!(!world.knows("ms1").await);
}

#[tokio::test]
async fn an_engine_that_goes_takes_no_container_along_in_netns() {
    let world = world(NEVER).await;
    let engine = &world.engine;
    world.put_wire().await;
    let id = engine.run("ms1");
    world.works(&id).await;
    let link = world.target.netns().unwrap().run("ip -o link show near");
    engine.down();
    world.scheduler.commit(Txn { resync: Resync::Downstream, ..Txn::default() }).await.unwrap();
    world.works(&id).await;
    // A connection that ends is made anew, and what was missed is looked up.
    engine.up();
    eventually("the agent listens again", || engine.listeners() == 1).await;
    assert_eq!(world.target.netns().unwrap().run("ip -o link show near"), link);
    engine.lose_events(true);
    let other = engine.run("ms1");
    engine.lose_events(false);
    engine.hang_up();
    eventually("it moves", || engine.attempt(&other, "ip link show far").is_ok()).await;
    world.works(&other).await;
    // Without an engine, ends are seen all the same.
    engine.down();
    engine.kill(&other);
    engine.kill(&id);
    world.wire_is(State::Pending).await;
    engine.begin(&id);
    engine.up();
    world.works(&id).await;
}

#[tokio::test]
async fn an_engine_that_is_not_there_is_no_error_and_asked_seldom_in_netns() {
    let target = Target::linux();
    let engine = Engine::start(&target.dir().join("engine.sock"));
    engine.down();
    let world = start(target, engine, NEVER);
    world.put_wire().await;
    world.wire_is(State::Pending).await;
    let engine = &world.engine;
    let id = engine.run("ms1");
    engine.up();
    world.works(&id).await;
    assert_eq!(engine.asked("/events"), 1);
    assert!(engine.asked("/containers/ID/json") <= 2);
}

#[tokio::test]
async fn an_engine_that_hangs_holds_nothing_up_for_long_in_netns() {
    let target = Target::linux();
    let engine = Engine::start(&target.dir().join("engine.sock"));
    engine.hang(true);
    let began = Instant::now();
    let world = start(target, engine, NEVER);
    let engine = &world.engine;
    world.put_wire().await;
    world.wire_is(State::Pending).await;
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    eventually("the agent tries again", || engine.asked("/events") >= 2).await;
    // From now on, nothing waits for its answer.
    let began = Instant::now();
    world.scheduler.commit(Txn { resync: Resync::Downstream, ..Txn::default() }).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    engine.hang(false);
    let id = engine.run("ms1");
    world.works(&id).await;
}

#[tokio::test]
async fn a_restarted_agent_finds_what_is_in_containers_in_netns() {
    let first = world(NEVER).await;
    first.put_wire().await;
    let id = first.engine.run("ms1");
    first.works(&id).await;
    let World { target, engine, scheduler, _following } = first;
    scheduler.stop().await;
    drop(_following);
    let link = target.netns().unwrap().run("ip -o link show near");
    let second = start(target, engine, NEVER);
    let changes = wire().map(erase).map(Intent::put).into();
    let txn = Txn { changes, resync: Resync::Full, ..Txn::default() };
    second.scheduler.commit(txn).await.unwrap();
    second.works(&id).await;
    assert_eq!(second.target.netns().unwrap().run("ip -o link show near"), link);
}

/// The agent ends, and the engine with it; answers what is left of the wire in the agent's own namespace.
async fn ended(world: World) -> (Target, Engine, String) {
    let World { target, engine, scheduler, _following } = world;
    scheduler.stop().await;
    drop(_following);
    engine.down();
    let link = target.netns().unwrap().run("ip -o link show near");
    (target, engine, link)
}

async fn put_all(world: &World) {
    let changes = wire().map(erase).map(Intent::put).into();
    let txn = Txn { changes, resync: Resync::Full, complete: true, ..Txn::default() };
    world.scheduler.commit(txn).await.unwrap();
}

#[tokio::test]
async fn an_agent_that_starts_without_the_engine_leaves_wires_into_containers_in_netns() {
    let first = world(NEVER).await;
    first.put_wire().await;
    let id = first.engine.run("ms1");
    first.works(&id).await;
    let (target, engine, link) = ended(first).await;
    let second = start(target, engine, NEVER);
    put_all(&second).await;
    second.scheduler.commit(Txn { resync: Resync::Downstream, ..Txn::default() }).await.unwrap();
    let shown = || second.target.netns().unwrap().run("ip -o link show near");
    assert_eq!(shown(), link);
    second.engine.attempt(&id, "ping -c 1 -W 5 10.3.3.1").unwrap();
    second.engine.up();
    second.works(&id).await;
    assert_eq!(shown(), link);
}

#[tokio::test]
async fn what_became_of_containers_meanwhile_is_mended_when_the_engine_is_back_in_netns() {
    let first = world(NEVER).await;
    first.put_wire().await;
    let id = first.engine.run("ms1");
    first.works(&id).await;
    let (target, engine, _) = ended(first).await;
    let second = start(target, engine, NEVER);
    put_all(&second).await;
    // Its namespace goes with its process, and the wire with that.
    second.engine.kill(&id);
    let near = || second.target.netns().unwrap().attempt("ip link show near");
    eventually("the wire goes", || near().is_err()).await;
    second.engine.begin(&id);
    second.engine.up();
    second.works(&id).await;
    // One that nobody wants any more goes, engine or not.
    let (target, engine, _) = ended(second).await;
    let third = start(target, engine, NEVER);
    let txn = Txn { complete: true, resync: Resync::Full, ..Txn::default() };
    let report = third.scheduler.commit(txn).await.unwrap();
    let near = third.target.netns().unwrap().attempt("ip -o link show near");
    assert!(near.is_err(), "{near:?} {report:?}");
}
