//! Which thread reads a receive queue.
//! Derived from `ligato.vpp.interfaces.Interface`, field `rx_placements` · VPP `interface.api`
//!
//! Queues are there once the link is up, and each is always read by some thread: so placements are looked at only where
//! some are wanted, and taking one away leaves the queue where it is.

use super::link_state::{self, LinkStates};
use super::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::interface::{SwInterfaceRxPlacementDump, SwInterfaceSetRxPlacement};
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::interface::RxPlacement;
use std::collections::HashMap;

/// The thread of one queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// Name of the interface.
    pub interface: String,
    /// As in the interface.
    pub placement: RxPlacement,
}

impl Placement {
    pub(super) fn of(i: &Interface) -> impl Iterator<Item = Placement> {
        i.rx_placements.iter().map(|&placement| Placement { interface: i.name.clone(), placement })
    }
}

/// The name of a placement.
fn name(interface: &str, queue: u32) -> String {
    format!("{interface}/rx-placement/queue/{queue}")
}

impl Model for Placement {
    const PREFIX: &'static str = "vpp/interface/";
    fn name(&self) -> String {
        name(&self.interface, self.placement.queue)
    }
    fn wire(&self) -> Wire {
        let bytes = prost::Message::encode_to_vec(&self.placement);
        Wire { name: "ligato.vpp.interfaces.Interface.RxPlacement", bytes }
    }
}

/// See the module.
pub struct Placements(pub Vpp);

impl Descriptor for Placements {
    const NAME: &'static str = "vpp-interface-rx-placement";
    const USES: &'static [&'static str] = &[SwInterfaceSetRxPlacement::ID, SwInterfaceRxPlacementDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = Placement;
    type Image = SwInterfaceSetRxPlacement;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Up<LinkStates>);
    type Reads = (Interfaces, LinkStates);

    fn needs(&self, p: &Placement) -> Self::Needs {
        (Ref::to(&p.interface), link_state::up(&p.interface))
    }
    fn image(&self, p: &Placement) -> Result<SwInterfaceSetRxPlacement, Invalid> {
        let RxPlacement { queue, worker, main_thread } = p.placement;
        // The main thread is nobody's worker.
        let worker_id = if main_thread { 0 } else { worker };
        Ok(SwInterfaceSetRxPlacement { sw_if_index: 0, queue_id: queue, worker_id, is_main: main_thread })
    }
    fn change(&self, _: &Self::Image, _: &Self::Image, moved: bool) -> Change {
        if moved { Change::Recreate } else { Change::InPlace }
    }
    async fn create(&self, new: Self::Image, (index, _): Resolved<Self>) -> Made<()> {
        Ok(self.0.call(SwInterfaceSetRxPlacement { sw_if_index: index.0, ..new }).await.map(drop)?)
    }
    async fn update(
        &self,
        _: Self::Image,
        new: Self::Image,
        (): (),
        (index, _): Resolved<Self>,
    ) -> Result<()> {
        self.0.call(SwInterfaceSetRxPlacement { sw_if_index: index.0, ..new }).await.map(drop)
    }
    async fn delete(&self, _: Self::Image, (): (), _: Resolved<Self>) -> Result<()> {
        Ok(())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let told = self.0.dump(SwInterfaceRxPlacementDump { sw_if_index: u32::MAX }).await?;
        let threads: HashMap<_, u32> =
            told.iter().map(|d| ((SwIfIndex(d.sw_if_index), d.queue_id), d.worker_id)).collect();
        let present = seen.present::<Interfaces>().into_iter();
        let wanted = present.filter_map(|(name, index, _)| Some((seen.desired::<Interface>(name)?, index)));
        let found = wanted.flat_map(|(i, index)| {
            let threads = &threads;
            i.rx_placements.iter().filter_map(move |wanted| {
                // Thread 0 is the main one, the workers follow.
                let thread = *threads.get(&(index, wanted.queue))?;
                let placement = RxPlacement {
                    queue: wanted.queue,
                    worker: thread.checked_sub(1).unwrap_or(if wanted.main_thread {
                        wanted.worker
                    } else {
                        0
                    }),
                    main_thread: thread == 0,
                };
                Some(Found::new(Placement { interface: i.name.clone(), placement }, ()))
            })
        });
        Ok(found.collect())
    }
}
