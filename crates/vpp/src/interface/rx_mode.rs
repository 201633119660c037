//! How the receive queues of an interface are read: by polling, by interrupt, or by either.
//! Derived from `ligato.vpp.interfaces.Interface`, field `rx_modes` · VPP `interface.api`
//!
//! Queues are there once the link is up. VPP tells the mode of each queue, but not whether it was set for the queue or for
//! all, and everybody's queues have one: so modes are looked at only where some are wanted.

use super::link_state::{self, LinkStates};
use super::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::interface::{SwInterfaceRxPlacementDump, SwInterfaceSetRxMode};
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::interface::{RxMode, Type, rx_mode::Type as Mode};
use std::collections::BTreeMap;

/// The modes of one interface, in an interface value that says nothing else, as in the reference.
#[derive(Clone, Debug, PartialEq)]
pub struct RxModes(pub Interface);

impl RxModes {
    pub(super) fn of(i: &Interface) -> Option<RxModes> {
        let (name, r#type, rx_modes) = (i.name.clone(), i.r#type, i.rx_modes.clone());
        (!rx_modes.is_empty()).then(|| RxModes(Interface { name, r#type, rx_modes, ..Interface::default() }))
    }
}

impl Model for RxModes {
    const PREFIX: &'static str = "vpp/interface/";
    fn name(&self) -> String {
        format!("{}/rx-modes", self.0.name)
    }
    fn wire(&self) -> Wire {
        Wire { name: "ligato.vpp.interfaces.Interface", bytes: prost::Message::encode_to_vec(&self.0) }
    }
}

/// What VPP is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Image {
    /// For all queues without an entry.
    default: Option<types::RxMode>,
    queues: BTreeMap<u32, types::RxMode>,
}

impl Image {
    /// The mode of a queue; `None` if it does not matter.
    fn of(&self, queue: u32) -> Option<types::RxMode> {
        let mode = self.queues.get(&queue).copied().or(self.default);
        mode.filter(|mode| *mode != types::RxMode::DEFAULT) // what that is, only VPP knows
    }
}

/// Checks the modes of an interface.
pub(super) fn image(i: &Interface) -> Result<Image, Invalid> {
    let mut image = Image::default();
    for RxMode { queue, mode, default_mode } in &i.rx_modes {
        let told = match Mode::try_from(*mode) {
            Ok(Mode::Polling) => types::RxMode::POLLING,
            Ok(Mode::Interrupt) => types::RxMode::INTERRUPT,
            Ok(Mode::Adaptive) => types::RxMode::ADAPTIVE,
            Ok(Mode::Default) => types::RxMode::DEFAULT,
            Ok(Mode::Unknown) | Err(_) => return Err(Invalid::new("rx_modes.mode", "must be given")),
        };
        let polls = matches!(told, types::RxMode::POLLING | types::RxMode::DEFAULT);
        ensure(
            i.r#type() != Type::Dpdk || polls,
            "rx_modes.mode",
            "of a physical interface can only be POLLING",
        )?;
        let again =
            if *default_mode { image.default.replace(told) } else { image.queues.insert(*queue, told) };
        ensure(again.is_none(), "rx_modes", "has two entries for one queue, or two that are the default")?;
    }
    Ok(image)
}

/// See the module.
pub struct RxModesOf(pub Vpp);

impl RxModesOf {
    /// Queues that go back to what VPP makes of them, then the default, then the queues that differ: in this order.
    async fn send(&self, new: &Image, reset: bool, SwIfIndex(sw_if_index): SwIfIndex) -> Result<()> {
        let all = |mode| SwInterfaceSetRxMode { sw_if_index, queue_id_valid: false, queue_id: 0, mode };
        let one = |(&queue_id, &mode): (&u32, &types::RxMode)| SwInterfaceSetRxMode {
            queue_id_valid: true,
            queue_id,
            ..all(mode)
        };
        let first = new.default.or(reset.then_some(types::RxMode::DEFAULT)).map(all);
        let queues = new.queues.iter().filter(|(_, mode)| new.default != Some(**mode)).map(one);
        let calls: Vec<_> = first.into_iter().chain(queues).map(|request| self.0.call(request)).collect();
        try_join_all(calls).await.map(drop)
    }
}

impl Descriptor for RxModesOf {
    const NAME: &'static str = "vpp-interface-rx-mode";
    const USES: &'static [&'static str] = &[SwInterfaceSetRxMode::ID, SwInterfaceRxPlacementDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = RxModes;
    type Image = Image;
    type Handle = SwIfIndex;
    type Needs = (Ref<Interfaces>, Up<LinkStates>);
    type Reads = (Interfaces, LinkStates);

    fn needs(&self, m: &RxModes) -> Self::Needs {
        (Ref::to(&m.0.name), link_state::up(&m.0.name))
    }
    fn image(&self, m: &RxModes) -> Result<Image, Invalid> {
        image(&m.0)
    }
    fn settled(&self, want: &Image, seen: &Image) -> bool {
        seen.queues.iter().all(|(&queue, mode)| want.of(queue).is_none_or(|want| want == *mode))
            && want.queues.keys().all(|queue| seen.queues.contains_key(queue))
    }
    fn change(&self, _: &Image, _: &Image, moved: bool) -> Change {
        if moved { Change::Recreate } else { Change::InPlace }
    }
    async fn create(&self, new: Image, (index, _): Resolved<Self>) -> Made<SwIfIndex> {
        self.send(&new, false, index).await.map_err(|error| error.left(index))?;
        Ok(index)
    }
    async fn update(&self, _: Image, new: Image, index: SwIfIndex, _: Resolved<Self>) -> Result<()> {
        self.send(&new, true, index).await
    }
    async fn delete(&self, _: Image, index: SwIfIndex, _: Resolved<Self>) -> Result<()> {
        self.send(&Image::default(), true, index).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let told = self.0.dump(SwInterfaceRxPlacementDump { sw_if_index: u32::MAX }).await?;
        let mut modes: BTreeMap<u32, Vec<RxMode>> = BTreeMap::new();
        for d in &told {
            let mode = match d.mode {
                types::RxMode::POLLING => Mode::Polling,
                types::RxMode::INTERRUPT => Mode::Interrupt,
                types::RxMode::ADAPTIVE => Mode::Adaptive,
                _ => Mode::Default,
            };
            let entry = RxMode { queue: d.queue_id, mode: mode.into(), default_mode: false };
            modes.entry(d.sw_if_index).or_default().push(entry);
        }
        let found = seen.present::<Interfaces>().into_iter().filter_map(|(name, index, _)| {
            let wanted = seen.desired::<Interface>(name).filter(|i| !i.rx_modes.is_empty())?;
            let rx_modes = modes.remove(&index.0)?;
            let value =
                Interface { name: name.to_owned(), r#type: wanted.r#type, rx_modes, ..Interface::default() };
            Some(Found::new(RxModes(value), index))
        });
        Ok(found.collect())
    }
}
