//! Two southbounds that come and go, each for itself.

use crate::kinds::*;
use crate::setup::{Setup, registry};
use crate::world::{Fake, Fault, Trip};
use sched::*;
use std::sync::Arc;
use std::time::Duration;

fn mark(name: &str, on: &str) -> Intent {
    put(Mark { name: name.into(), rev: 0, on: Some(on.into()) })
}

#[tokio::test(start_paused = true)]
async fn what_hangs_on_something_in_a_southbound_that_started_again_is_made_anew() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), mark("m", "a")]).await;
    setup.b.calls();
    setup.a.crash();
    setup.a.up();
    setup.commit(vec![]).await;
    assert_eq!(setup.b.calls(), ["delete config/m/m", "create config/m/m"]);
    let handle = setup.a.world().objects[&t("a")].handle.to_string();
    assert_eq!(setup.b.world().objects["config/m/m"].tag.signal, Some(handle));
    assert_eq!(setup.state("config/m/m").await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn the_same_if_it_cannot_be_removed_at_first() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), mark("m", "a")]).await;
    setup.b.fault("config/m/m", Fault::Refuse);
    setup.a.crash();
    setup.a.up();
    setup.commit(vec![]).await;
    // The thing is back, the mark still names the old one.
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.state("config/m/m").await, State::Retrying);
    setup.b.heal();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let handle = setup.a.world().objects[&t("a")].handle.to_string();
    assert_eq!(setup.b.world().objects["config/m/m"].tag.signal, Some(handle));
    assert_eq!(setup.state("config/m/m").await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn what_hangs_on_something_that_cannot_be_looked_at_is_left_alone() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), mark("m", "a")]).await;
    setup.b.calls();
    setup.a.world().deaf.insert("thing");
    setup.a.crash();
    setup.a.up();
    setup.commit(vec![put(Mark { name: "m".into(), rev: 1, on: Some("a".into()) })]).await;
    assert_eq!((setup.b.calls(), setup.state("config/m/m").await), (vec![], State::Pending));
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(setup.b.calls(), ["delete config/m/m", "create config/m/m"]);
    assert_eq!(setup.state("config/m/m").await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn the_same_if_the_agent_was_not_there_to_see_it_go() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), mark("m", "a")]).await;
    setup.a.crash();
    setup.b.calls();
    // The mark names a handle that means nothing any more.
    let setup = setup.again().await;
    setup.a.up();
    let changes = vec![put(thing("a", 0)), mark("m", "a")];
    setup.s.commit(Txn { changes, complete: true, ..Txn::default() }).await.unwrap();
    let handle = setup.a.world().objects[&t("a")].handle.to_string();
    assert_eq!(setup.b.world().objects["config/m/m"].tag.signal, Some(handle));
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_starts_while_one_southbound_is_away_leaves_the_other_alone() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), mark("m", "a")]).await;
    setup.a.down();
    setup.b.calls();
    let setup = setup.again().await;
    let changes = vec![put(thing("a", 0)), mark("m", "a")];
    setup.s.commit(Txn { changes, complete: true, ..Txn::default() }).await.unwrap();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.b.calls(), [""; 0]);
    setup.a.calls();
    setup.a.up();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!((setup.a.calls(), setup.b.calls()), (vec![], vec![]));
    assert_eq!(setup.state("config/m/m").await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn while_one_southbound_is_away_the_other_is_worked_on() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), mark("m", "a")]).await;
    setup.a.down();
    setup.resync(Resync::Downstream, vec![]).await;
    setup.b.calls();
    setup.commit(vec![put(Mark { name: "n".into(), ..Mark::default() })]).await;
    assert_eq!(setup.b.calls(), ["create config/m/n"]);
    for key in ["config/m/m", "config/m/n", "config/t/a"] {
        assert_eq!(setup.state(key).await, State::Configured, "{key}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_removed_while_its_southbound_is_away_is_removed_when_it_is_back() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), mark("m", "a"), put(thing("b", 0))]).await;
    setup.b.down();
    setup.a.calls();
    let report = setup.commit(vec![gone(&t("a")), gone("config/m/m"), gone(&t("b"))]).await;
    // The mark cannot go, so what it hangs on must stay.
    assert_eq!((setup.a.calls(), report.failed), (vec!["delete config/t/b".to_owned()], vec![]));
    let status = setup.status("config/m/m").await.value;
    assert_eq!((status.state, status.details), (State::Pending, vec!["beta is away".to_owned()]));
    assert_eq!(setup.state(&t("a")).await, State::Pending);
    setup.b.calls();
    setup.b.up();
    setup.commit(vec![]).await;
    assert_eq!(
        (setup.b.calls(), setup.a.calls()),
        (vec!["delete config/m/m".into()], vec!["delete config/t/a".into()])
    );
    assert_eq!(setup.s.size().await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_link_lost_in_mid_transaction_fails_only_what_was_in_flight() {
    let setup = Setup::with(Config { in_flight: 2, ..Config::default() });
    setup.commit(vec![]).await;
    setup.a.world().trip = Some((3, Trip::Cut));
    let report = setup.commit((0..10).map(|i| put(thing(&i.to_string(), 0))).collect()).await;
    assert_eq!(report.done, 3);
    assert!(
        report.failed.len() <= 2 && report.failed.iter().all(|error| error.error.uncertain),
        "{report:?}"
    );
    // What was in flight is tried again with the next comparison, the rest waits for the link.
    let statuses = setup.s.statuses(Select::All).await;
    let count = |state: State| statuses.iter().filter(|status| status.value.state == state).count();
    let failed = report.failed.len();
    assert_eq!(
        (count(State::Configured), count(State::Retrying), count(State::Pending)),
        (3, failed, 7 - failed)
    );
    setup.a.up();
    setup.commit(vec![]).await;
    assert_eq!(setup.a.world().objects.len(), 10);
    let statuses = setup.s.statuses(Select::All).await;
    assert!(statuses.iter().all(|status| status.value.state == State::Configured), "{statuses:?}");
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[test]
fn mistakes_in_the_list_of_descriptors_are_named() {
    struct Twin(Arc<Fake>);
    struct Namesake(Arc<Fake>);
    macro_rules! like_parts {
        ($type:ident $name:literal $value:ty) => {
            impl Descriptor for $type {
                const NAME: &'static str = $name;
                type Value = $value;
                type Image = ();
                type Handle = u64;
                type Needs = ();
                type Reads = ();
                const OWNERSHIP: Ownership = Ownership::Marked;
                fn needs(&self, _: &$value) {}
                fn image(&self, _: &$value) -> Result<(), Invalid> {
                    Ok(())
                }
                async fn create(&self, _: (), _: ()) -> Made<u64> {
                    Ok(self.0.world().objects.len() as u64)
                }
                async fn delete(&self, _: (), _: u64, _: ()) -> Result<()> {
                    Ok(())
                }
                async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
                    Ok(vec![])
                }
            }
        };
    }
    like_parts!(Twin "twin" Part);
    like_parts!(Namesake "part" Stranger);

    let (a, b) = (Fake::new("alpha"), Fake::new("beta"));
    let southbound: Arc<dyn Southbound> = a.clone();
    let mut list = registry(&a, &b);
    let error = list.add(&southbound, Twin(a.clone())).unwrap_err();
    assert_eq!(error.to_string(), "descriptors \"part\" and \"twin\" handle the same type of value");
    let error = list.add(&southbound, Namesake(a.clone())).unwrap_err();
    assert_eq!(error, RegistryError::Name("part"));
    assert_eq!(error.to_string(), "two descriptors are named \"part\"");
    let error = Registry::default().add(&southbound, Parts(a.clone())).unwrap_err();
    assert_eq!(error.to_string(), "descriptor \"part\" reads \"thing\", which must be registered before it");
}
