//! Microservice: a container that bears the label of one, `MICROSERVICE_LABEL` among its environment. It is found by asking the
//! container engine, over the API that Docker and Podman have; reported, never made or removed by a plan.
//!
//! What is in the namespace of a microservice waits for it, and comes back with it when the container is started again as
//! another process.

mod containers;
mod engine;
pub(crate) mod follow;
mod said;
mod tracker;

use crate::netns::Identity;
use crate::prelude::*;
pub use engine::Config;
pub(crate) use tracker::Tracker;

/// A microservice by its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Microservice(pub String);

impl Model for Microservice {
    const PREFIX: &'static str = "linux/microservice/";
    fn name(&self) -> String {
        self.0.clone()
    }
}

/// Which container it is, and where. Another one, or the same one after it was started again, is another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// The engine's name for the container.
    pub container: String,
    /// Its first process.
    pub pid: u32,
    /// The network namespace of that.
    pub netns: Identity,
}

/// See the module.
pub struct Microservices(pub Linux);

impl Descriptor for Microservices {
    const NAME: &'static str = "microservice";
    const OWNERSHIP: Ownership = Ownership::Marked;
    const FED: bool = true;
    type Value = Microservice;
    type Image = String;
    type Handle = Standing;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &Microservice) {}
    fn image(&self, microservice: &Microservice) -> Result<String, Invalid> {
        Ok(microservice.0.clone())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let (standing, all) = self.0.tracker().standing().await;
        if !all {
            seen.not_all();
        }
        self.0.reported().microservices.found(standing.clone());
        let found = |(label, standing)| Found::new(Microservice(label), standing).foreign();
        Ok(standing.into_iter().map(found).collect())
    }
}
