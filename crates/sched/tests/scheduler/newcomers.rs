//! Descriptors that come while the scheduler runs, those that cannot retrieve, and those that do not fit together.

use crate::calls::Act;
use crate::kinds::*;
use crate::setup::Setup;
use crate::world::{Content, Fake, Fault, Tag};
use model::value::{Model, Value};
use sched::*;
use std::sync::Arc;
use std::time::Duration;

/// Makes strangers, and cannot see them.
struct Blinds(Arc<Fake>);

fn content(name: &str) -> (String, Content) {
    (key(name), Content { rev: name.len() as u32, ..Content::default() })
}
fn key(name: &str) -> String {
    Stranger(name.into()).key()
}

impl Descriptor for Blinds {
    const NAME: &'static str = "blind";
    type Value = Stranger;
    type Image = String;
    type Handle = u64;
    type Needs = ();
    type Reads = ();
    const OWNERSHIP: Ownership = Ownership::Marked;
    const RETRIEVES: bool = false;

    fn needs(&self, _: &Stranger) {}
    fn derive(&self, value: &Stranger, out: &mut Derived) {
        out.push(Trait(value.0.clone()));
    }
    fn place(&self, value: &Stranger) -> Option<String> {
        value.0.split_once('@').map(|(_, place)| place.to_owned())
    }
    fn image(&self, value: &Stranger) -> Result<String, Invalid> {
        Ok(value.0.clone())
    }
    async fn create(&self, new: String, _: ()) -> Made<u64> {
        let (key, content) = content(&new);
        self.0.call(&key, Act::Create(content, Tag::default(), Vec::new())).await
    }
    async fn delete(&self, old: String, handle: u64, _: ()) -> Result<()> {
        let (key, content) = content(&old);
        let done = self.0.call(&key, Act::Delete(content, Vec::new(), handle)).await;
        done.map(drop).map_err(|failed| failed.error)
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        panic!("nobody can see them")
    }
}

async fn with_blinds() -> Setup {
    let setup = Setup::new().await;
    add_blinds(&setup).await.unwrap();
    setup
}
async fn add_blinds(setup: &Setup) -> Result<(), RegistryError> {
    let (a, south): (_, Arc<dyn Southbound>) = (setup.a.clone(), setup.a.clone());
    setup.s.register(move |registry| registry.add(&south, Blinds(a))).await
}

#[tokio::test(start_paused = true)]
async fn a_value_without_a_descriptor_is_tried_when_one_comes() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Stranger("x".into())), put(Stranger("y".into()))]).await;
    assert_eq!(setup.state(&key("x")).await, State::Unimplemented);
    add_blinds(&setup).await.unwrap();
    setup.s.barrier().await.unwrap();
    assert_eq!(setup.state(&key("x")).await, State::Configured);
    assert!(setup.a.has(&key("y")));
    assert!(setup.s.descriptors().iter().any(|info| info.name == "blind"));
    let kinds: Vec<_> = setup.s.history().records().iter().map(|record| record.kind).collect();
    assert!(kinds.contains(&TxnKind::RetryUnimplOps), "{kinds:?}");
    setup.commit(vec![gone(&key("x"))]).await;
    assert!(!setup.a.has(&key("x")));
}

#[tokio::test(start_paused = true)]
async fn what_was_registered_before_stays_if_the_newcomer_does_not_fit() {
    let setup = with_blinds().await;
    assert_eq!(add_blinds(&setup).await, Err(RegistryError::Name("blind")));
    setup.commit(vec![put(Stranger("x".into())), put(thing("a", 0))]).await;
    assert!(setup.a.has(&key("x")) && setup.a.has(&t("a")));
}

#[tokio::test(start_paused = true)]
async fn a_southbound_can_come_with_its_descriptors() {
    let setup = Setup::new().await;
    let gamma = Fake::new("gamma");
    let (fake, south): (_, Arc<dyn Southbound>) = (gamma.clone(), gamma.clone());
    setup.commit(vec![put(Stranger("x".into()))]).await;
    setup.s.register(move |registry| registry.add(&south, Blinds(fake))).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(gamma.has(&key("x")) && !setup.a.has(&key("x")));
    gamma.crash();
    gamma.up();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(gamma.has(&key("x")));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_retrieved_is_really_tried_again() {
    let setup = with_blinds().await;
    let retry = Some(Retry { max: 5, ..Retry::default() });
    let one = |change| Txn { changes: vec![change], retry, ..Txn::default() };
    for fault in [Fault::LostBefore, Fault::Refuse] {
        setup.a.fault(&key("x"), fault);
        setup.s.commit(one(put(Stranger("x".into())))).await.unwrap();
        assert_eq!(setup.state(&key("x")).await, State::Retrying);
        setup.a.heal();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(setup.a.has(&key("x")), "{fault:?}");
        assert_eq!(setup.state(&key("x")).await, State::Configured);
        setup.a.fault(&key("x"), fault);
        setup.s.commit(one(gone(&key("x")))).await.unwrap();
        assert!(setup.a.has(&key("x")), "{fault:?}");
        setup.a.heal();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(!setup.a.has(&key("x")), "{fault:?}");
        assert_eq!(setup.state(&key("x")).await, State::Nonexistent);
    }
    // A comparison neither misses nor removes what it cannot see.
    setup.s.commit(one(put(Stranger("y".into())))).await.unwrap();
    setup.a.calls();
    setup.resync(Resync::Downstream, vec![]).await;
    assert!(setup.a.calls().is_empty());
    assert_eq!(setup.state(&key("y")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn kinds_that_name_the_same_places_share_them() {
    let setup = with_blinds().await;
    setup.commit(vec![put(Stranger("a@1".into()))]).await;
    setup.a.calls();
    setup.a.fault(&key("a@1"), Fault::Refuse);
    let seated = put(Thing { seat: Some("1".into()), ..thing("b", 0) });
    setup.commit(vec![gone(&key("a@1")), seated]).await;
    assert_eq!(setup.a.calls(), [format!("delete {}", key("a@1"))]);
    setup.a.heal();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.calls(), [format!("delete {}", key("a@1")), format!("create {}", t("b"))]);
}

#[tokio::test(start_paused = true)]
async fn a_place_is_free_when_the_one_who_has_it_is_gone() {
    let setup = with_blinds().await;
    let stranger = |name: &str| put(Stranger(name.into()));
    setup.commit(vec![stranger("a@1"), stranger("b@2")]).await;
    setup.a.calls();
    setup.a.fault(&key("a@1"), Fault::Refuse);
    let changes = vec![gone(&key("a@1")), stranger("c@1"), gone(&key("b@2")), stranger("d@2")];
    let retry = Some(Retry::default());
    setup.s.commit(Txn { changes, retry, ..Txn::default() }).await.unwrap();
    let (delete, create) = (|name| format!("delete {}", key(name)), |name| format!("create {}", key(name)));
    assert_eq!(setup.a.calls(), [delete("a@1"), delete("b@2"), create("d@2")]);
    assert_eq!(setup.state(&key("c@1")).await, State::Pending);
    assert_eq!(setup.details(&key("c@1")).await, [format!("{}, which could not be removed", key("a@1"))]);
    let summary = setup.s.explain(&key("c@1")).await.summary;
    assert!(summary.contains(" a@1, which could not be removed: refused."), "{summary}");
    // Neither does a later transaction take it.
    setup.commit(vec![gone(&key("c@1")), stranger("e@1")]).await;
    assert!(setup.a.calls().is_empty());
    setup.commit(vec![gone(&key("e@1")), stranger("c@1")]).await;
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(setup.a.calls(), [delete("a@1"), create("c@1")]);
    assert_eq!(setup.state(&key("c@1")).await, State::Configured);
    setup.commit(vec![gone(&key("c@1")), gone(&key("d@2"))]).await;
    assert_eq!(setup.s.size().await, 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_go_for_the_sake_of_another_keeps_its_place() {
    let setup = with_blinds().await;
    let seated = |name: &str| put(Thing { seat: Some("1".into()), ..thing(name, 0) });
    let user = put(Thing { refs: vec!["a".into()], ..thing("u", 0) });
    setup.commit(vec![seated("a"), user]).await;
    setup.a.calls();
    // The user stays, and what it hangs on with it: nobody can have its seat.
    setup.a.fault(&t("u"), Fault::Refuse);
    let changes = vec![gone(&t("a")), gone(&t("u")), seated("b")];
    setup.s.commit(Txn { changes, retry: Some(Retry::default()), ..Txn::default() }).await.unwrap();
    assert_eq!(setup.a.calls(), [format!("delete {}", t("u"))]);
    assert_eq!(setup.state(&t("b")).await, State::Pending);
    assert_eq!(setup.details(&t("b")).await, [format!("{}, which could not be removed", t("a"))]);
    // Neither can it in a later transaction.
    setup.commit(vec![gone(&t("b")), seated("c")]).await;
    assert!(setup.a.calls().is_empty());
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let all = [format!("delete {}", t("u")), format!("delete {}", t("a")), format!("create {}", t("c"))];
    assert_eq!(setup.a.calls(), all);
}

/// What a stranger has and no descriptor handles.
#[derive(Clone, Debug, PartialEq)]
struct Trait(String);
impl Model for Trait {
    const PREFIX: &'static str = "x/";
    fn name(&self) -> String {
        self.0.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_without_a_descriptor_is_a_property_of_its_base() {
    let setup = with_blinds().await;
    setup.a.fault(&key("x"), Fault::Forbid);
    setup.commit(vec![put(Stranger("x".into()))]).await;
    assert_eq!(setup.state("x/x").await, State::Pending);
    setup.a.heal();
    let report = setup.commit(vec![put(Stranger("x".into()))]).await;
    assert_eq!(setup.state("x/x").await, State::Configured);
    assert_eq!(setup.a.calls(), [format!("create {}", key("x")), format!("create {}", key("x"))]);
    let record = setup.s.history().by_seq(report.seq).unwrap();
    let property = record.executed.iter().find(|op| &*op.key == "x/x").unwrap();
    assert!(property.property && property.derived && !property.noop);
    setup.commit(vec![gone(&key("x"))]).await;
    assert_eq!(setup.state("x/x").await, State::Nonexistent);
    assert_eq!(setup.s.size().await, 0);
}

/// Claims keys below those of things.
#[derive(Clone, Debug, PartialEq)]
struct Below;
impl Model for Below {
    const PREFIX: &'static str = "config/t/below/";
    fn name(&self) -> String {
        String::new()
    }
}
struct Belows;
impl Descriptor for Belows {
    const NAME: &'static str = "below";
    type Value = Below;
    type Image = ();
    type Handle = ();
    type Needs = ();
    type Reads = ();
    const OWNERSHIP: Ownership = Ownership::Marked;
    fn needs(&self, _: &Below) {}
    fn image(&self, _: &Below) -> Result<(), Invalid> {
        Ok(())
    }
    async fn create(&self, _: (), _: ()) -> Made<()> {
        Ok(())
    }
    async fn delete(&self, _: (), _: (), _: ()) -> Result<()> {
        Ok(())
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        Ok(Vec::new())
    }
}

#[test]
fn keys_belong_to_one_descriptor() {
    let (a, b) = (Fake::new("alpha"), Fake::new("beta"));
    let mut registry = crate::setup::registry(&a, &b);
    let south: Arc<dyn Southbound> = a;
    let error = registry.add(&south, Belows).unwrap_err();
    assert_eq!(
        error.to_string(),
        "descriptors \"thing\" and \"below\" both claim keys that start with \"config/t/below/\""
    );
}

#[tokio::test(start_paused = true)]
async fn two_values_that_claim_one_key_are_told_of_each_other() {
    let setup = Setup::new().await;
    let with = |name: &str, rev| Thing { parts: vec![part("z", 0, rev)], ..thing(name, 0) };
    setup.commit(vec![put(thing("z", 0)), put(with("a", 1))]).await;
    let report = setup.commit(vec![put(with("b", 2)), put(thing("c", 0))]).await;
    assert_eq!((&*report.failed[0].key, report.failed[0].operation), ("config/t/b", Operation::Validate));
    let text = "config/t/a and config/t/b both claim the key p/z/0; the one that came first keeps it, change or \
                remove one of them";
    assert_eq!(
        (setup.state(&t("b")).await, setup.details(&t("b")).await),
        (State::Invalid, vec![text.to_owned()])
    );
    assert_eq!(setup.a.world().objects["p/z/0"].content.rev, 1);
    assert!(setup.a.has(&t("c")) && !setup.a.has(&t("b")));
    // The first one gives it up.
    setup.commit(vec![put(thing("a", 0))]).await;
    assert_eq!(setup.state(&t("b")).await, State::Configured);
    assert_eq!(setup.a.world().objects["p/z/0"].content.rev, 2);
    setup.commit(vec![put(with("a", 1))]).await;
    assert_eq!(setup.state(&t("a")).await, State::Invalid);
    assert!(setup.a.has(&t("a")), "what was in force stays so");
    setup.commit(vec![gone(&t("b"))]).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.a.world().objects["p/z/0"].content.rev, 1);
    setup.commit(vec![gone(&t("a")), gone(&t("z")), gone(&t("c"))]).await;
    assert_eq!(setup.s.size().await, 0);
}
