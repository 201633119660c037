//! Laws about what is there after all went well.

use super::{Anything, Feature, SAMPLES, Stage, Start, fine, same, same_view, shown, without_chosen};
use sched::Resync;
use std::collections::BTreeMap;

/// An agent that finds what it wants, made by another, sends nothing that changes it.
pub async fn adopts(start: Start, feature: &Feature) {
    let Some(stage) = Stage::new(start, feature) else { return };
    let mut agent = stage.agent().await;
    for value in feature.samples(SAMPLES) {
        let wanted = feature.with(&value);
        fine(&agent.want(&wanted).await, &value);
        agent.settle(&value).await;
        let (raw, view) = ((agent.raw)().await, agent.view().await);
        agent = stage.agent().await;
        fine(&agent.want(&wanted).await, &value);
        agent.settle(&value).await;
        let recognised = agent.changing().is_empty() || !feature.is_told(&agent);
        assert!(recognised, "{value:?} was not recognised: {:?} {view:#?}", agent.changing());
        same(&(agent.raw)().await, &raw, &value);
        same_view(&agent.view().await, &view, &value);
    }
}

/// The same without asking VPP again, value by value as clients send them: only what VPP does not tell is told again,
/// and nothing is taken down for it.
pub async fn takes_over(start: Start, feature: &Feature) {
    let Some(stage) = Stage::new(start, feature) else { return };
    let mut agent = stage.agent_with(&feature.world).await;
    for value in feature.samples(SAMPLES) {
        agent.all(&feature.with(&value)).await;
        let raw = (agent.raw)().await;
        agent = stage.agent().await;
        agent.resync(Resync::None, &feature.with(&value)).await;
        let told: u64 = agent.changing().values().sum();
        let recognised = told <= 1 || !feature.is_told(&agent);
        assert!(recognised, "{value:?} was not recognised: {:?}", agent.changing());
        same(&(agent.raw)().await, &raw, &value);
    }
}

/// The same once more sends nothing that changes VPP: the same value, an equal one, and all of it.
pub async fn repeats_nothing(start: Start, feature: &Feature) {
    let Some(stage) = Stage::new(start, feature) else { return };
    let agent = stage.agent_with(&feature.world).await;
    for value in feature.samples(SAMPLES) {
        fine(&agent.put(&value).await, &value);
        agent.settle(&value).await;
        let before = agent.changing();
        agent.put(&value).await;
        assert_eq!(agent.changing(), before, "the same {value:?} again");
        let spec = model::models::by_proto(value.wire().name).unwrap();
        let equal = spec.decode(&value.wire().bytes).unwrap();
        agent.put(&equal).await;
        assert_eq!(agent.changing(), before, "an equal {value:?}");
        agent.want(&feature.with(&equal)).await;
        assert_eq!(agent.changing(), before, "all again with {value:?}");
        agent.mend().await;
        assert_eq!(agent.changing(), before, "compared again with {value:?}");
        fine(&agent.delete(&value).await, &value);
    }
}

/// What was made and deleted leaves VPP as it was.
pub async fn deletes_all(start: Start, feature: &Feature) {
    let Some(stage) = Stage::new(start, feature) else { return };
    let empty = (stage.agent().await.raw)().await;
    let agent = stage.agent_with(&feature.world).await;
    let (raw, view) = ((agent.raw)().await, agent.view().await);
    for value in feature.samples(SAMPLES) {
        fine(&agent.put(&value).await, &value);
        agent.settle(&value).await;
        assert_ne!((agent.raw)().await, raw, "{value:?} changed nothing");
        fine(&agent.delete(&value).await, &value);
        same(&(agent.raw)().await, &raw, &("left behind", &value));
        same_view(&agent.view().await, &view, &("left behind", &value));
    }
    fine(&agent.commit(Resync::Full, Vec::new()).await, &"deleting all");
    same(&(agent.raw)().await, &empty, &"left behind by the world");
}

/// Changing a value into another leaves what making the other at once leaves.
pub async fn updates_as_created(start: Start, feature: &Feature) {
    let Some(stage) = Stage::new(start, feature) else { return };
    let agent = stage.agent_with(&feature.world).await;
    for (a, b) in feature.pairs(SAMPLES) {
        fine(&agent.put(&a).await, &a);
        agent.settle(&a).await;
        let updated = agent.put(&b).await;
        fine(&updated, &(&a, &b));
        agent.settle(&(&a, &b)).await;
        let after_update = agent.view().await;
        let before = agent.changing();
        fine(&agent.mend().await, &(&a, &b));
        assert_eq!(agent.changing(), before, "{a:?} changed into {b:?} had to be mended");
        fine(&agent.delete(&b).await, &b);
        fine(&agent.put(&b).await, &b);
        agent.settle(&b).await;
        let mut after_create = agent.view().await;
        let mut after_update = after_update;
        for view in [&mut after_update, &mut after_create] {
            let seen = view.remove(&b.key()).unwrap_or_else(|| panic!("{b:?} is not there"));
            view.insert(b.key(), without_chosen(seen, &*b, feature.chosen));
        }
        same_view(&after_update, &after_create, &(&a, &b));
        fine(&agent.delete(&b).await, &b);
    }
}

/// What VPP is seen to have is what was asked for, parts included.
pub async fn shows_what_was_asked(start: Start, feature: &Feature) {
    let Some(stage) = Stage::new(start, feature) else { return };
    let agent = stage.agent_with(&feature.world).await;
    for value in feature.samples(SAMPLES) {
        fine(&agent.put(&value).await, &value);
        agent.settle(&value).await;
        let mut view = agent.view().await;
        let seen = view.remove(&value.key());
        let seen = seen.unwrap_or_else(|| panic!("{} is not in {:#?}", value.key(), view.keys()));
        assert_eq!(without_chosen(seen, &*value, feature.chosen), shown(&*value), "{value:?}");
        fine(&agent.delete(&value).await, &value);
    }
}

/// Any set of values changes into any other, and into what making the other at once leaves.
pub async fn sets_change_into_sets(start: Start, feature: &Feature) {
    let Some(stage) = Stage::new(start, feature) else { return };
    let agent = stage.agent_with(&feature.world).await;
    let samples = feature.samples(3 * SETS * SAMPLES);
    let mut before: Vec<Anything> = Vec::new();
    for set in samples.chunks(3 * SAMPLES) {
        let by_key: BTreeMap<String, Anything> =
            set.iter().map(|value| (value.key(), value.clone())).collect();
        let set: Vec<Anything> = feature.world.iter().cloned().chain(by_key.into_values()).collect();
        agent.all(&set).await;
        let changed = agent.view().await;
        for value in &set {
            let seen = changed.get(&value.key()).unwrap_or_else(|| panic!("{value:?} is not there"));
            assert_eq!(without_chosen(seen.clone(), &**value, feature.chosen), shown(&**value), "{value:?}");
        }
        agent.all(&feature.world).await;
        agent.all(&set).await;
        same_view(&agent.view().await, &changed, &("from", &before, "to", &set));
        before = set;
    }
}

/// How many sets follow each other.
const SETS: usize = 8;
