//! The states of interfaces as status keys: `vpp/status/v2/interface/<name>`.

use futures::FutureExt;
use futures::future::BoxFuture;
use model::json::Names;
use model::proto::ligato::vpp::interfaces::InterfaceState;

use super::feed::{Entry, Feed};
use crate::interfaces::Follower;

/// Where they stand.
const PREFIX: &str = "vpp/status/v2/interface/";

impl Feed for Follower {
    fn changed(&mut self) -> BoxFuture<'_, Vec<Entry>> {
        let follower = &*self;
        async {
            let changed = Follower::changed(follower).await;
            let entry = |(name, state): (String, Option<InterfaceState>)| {
                (format!("{PREFIX}{name}"), state.as_ref().map(json))
            };
            changed.into_iter().map(entry).collect()
        }
        .boxed()
    }
    fn pass(&mut self) -> BoxFuture<'_, ()> {
        let follower = &*self;
        Follower::changed(follower).map(drop).boxed()
    }
    fn all(&mut self) -> BoxFuture<'_, Vec<Entry>> {
        let all = Follower::all(self).unwrap_or_default();
        let entries =
            all.iter().map(|state| (format!("{PREFIX}{}", state.name), Some(json(state)))).collect();
        std::future::ready(entries).boxed()
    }
    fn own(&self) -> Option<&'static str> {
        Some(PREFIX)
    }
    fn is_complete(&self) -> bool {
        self.is_told()
    }
}

fn json(state: &InterfaceState) -> String {
    model::json::of(state, Names::Proto).to_string()
}
