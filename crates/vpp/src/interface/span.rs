//! SPAN: copies of the packets of one interface leave by another one, for whoever watches.
//! Config `ligato.vpp.interfaces.Span` · VPP `span.api`
//!
//! Packets are copied at the device, or where they enter and leave layer 2. VPP could do both for one pair of interfaces;
//! the model cannot say so, so it is one or the other. VPP keeps a copy under the numbers of its interfaces when these go,
//! and takes it for done when it is asked for the same again: what may stand there is cleared first. On layer 2 it stops
//! copying when the interface leaves its bridge domain, and does not tell: who brings one to layer 2 has it copied again.
//! A copy whose interface was removed by others is cleared as soon as it is seen, before the next interface gets the number.

use super::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::interface::SwInterfaceGetTable;
use binapi::span::{SwInterfaceSpanDump, SwInterfaceSpanEnableDisable};
use model::proto::ligato::vpp::interfaces::Span;
use model::proto::ligato::vpp::interfaces::span::Direction;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use types::SpanState;

/// What VPP is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Image {
    state: SpanState,
    is_l2: bool,
}

type Pair = (SwIfIndex, SwIfIndex);

/// What is copied on layer 2, by the interface whose packets these are, and where to.
#[derive(Clone, Default)]
pub struct L2Copies(Arc<Mutex<BTreeMap<SwIfIndex, BTreeMap<SwIfIndex, SpanState>>>>);

impl L2Copies {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<SwIfIndex, BTreeMap<SwIfIndex, SpanState>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn know(&self, (from, to): Pair, image: Image) {
        let on = image.is_l2 && image.state != SpanState::DISABLED;
        let mut all = self.lock();
        match on {
            true => drop(all.entry(from).or_default().insert(to, image.state)),
            false => drop(all.get_mut(&from).and_then(|to_all| to_all.remove(&to))),
        }
    }
    /// An interface was brought to layer 2: has its packets copied as they were before.
    pub async fn again(&self, vpp: &Vpp, from: SwIfIndex) -> Result<()> {
        let copies = self.lock().get(&from).cloned().unwrap_or_default();
        let on = copies.iter().map(|(&to, &state)| ((from, to), Image { state, is_l2: true }));
        // VPP starts with the first copy, so there must be none before.
        let off = on.clone().map(|(pair, image)| (pair, Image { state: SpanState::DISABLED, ..image }));
        tell(vpp, off.chain(on)).await
    }
}

/// Queued at once, in this order.
async fn tell(vpp: &Vpp, all: impl Iterator<Item = (Pair, Image)>) -> Result<()> {
    let calls = all.map(|((from, to), Image { state, is_l2 })| {
        let (sw_if_index_from, sw_if_index_to) = (from.0, to.0);
        vpp.call(SwInterfaceSpanEnableDisable { sw_if_index_from, sw_if_index_to, state, is_l2 })
    });
    try_join_all(calls).await.map(drop)
}

/// See the module.
pub struct Spans {
    vpp: Vpp,
    copies: L2Copies,
    /// What this agent may have had copied, and the life of VPP in which it did.
    made: Mutex<(u64, BTreeSet<Pair>)>,
}

impl Spans {
    /// The copies of this VPP.
    pub fn new(vpp: &Vpp, copies: &L2Copies) -> Self {
        Spans { vpp: vpp.clone(), copies: copies.clone(), made: Mutex::default() }
    }
    async fn set(&self, pair: Pair, all: &[Image]) -> Result<()> {
        all.iter().for_each(|&image| self.copies.know(pair, image));
        let on = all.iter().any(|image| image.state != SpanState::DISABLED);
        if on {
            self.made().1.insert(pair);
        }
        tell(&self.vpp, all.iter().map(|&image| (pair, image))).await?;
        if !on {
            self.made().1.remove(&pair);
        }
        Ok(())
    }
    /// Pairs of this life of VPP.
    fn made(&self) -> MutexGuard<'_, (u64, BTreeSet<Pair>)> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let life = self.vpp.life();
        if made.0 != life {
            *made = (life, BTreeSet::new());
        }
        made
    }
    /// Is there an interface of this number? The list of all can be short.
    async fn is_there(&self, SwIfIndex(sw_if_index): SwIfIndex) -> Result<bool> {
        match self.vpp.call(SwInterfaceGetTable { sw_if_index, is_ipv6: false }).await {
            Ok(_) => Ok(true),
            Err(error) if error.code == Some("INVALID_SW_IF_INDEX") => Ok(false),
            Err(error) => Err(error),
        }
    }
    /// Clears what is copied from or to an interface that is not there any more, if we made it or the other end is ours.
    /// Nobody can want it, and the next interface with that number would have its packets copied.
    async fn clear_stale(&self, pair: Pair, ports: &HashMap<SwIfIndex, bool>) -> Result<()> {
        let ours = |index| ports.get(&index) == Some(&true);
        if !(self.made().1.contains(&pair) || ours(pair.0) || ours(pair.1)) {
            return Ok(());
        }
        for end in [pair.0, pair.1] {
            if !ports.contains_key(&end) && !self.is_there(end).await? {
                return self.set(pair, &OFF).await;
            }
        }
        Ok(())
    }
}

/// Nothing is copied, neither on layer 2 nor at the device.
const OFF: [Image; 2] =
    [Image { state: SpanState::DISABLED, is_l2: true }, Image { state: SpanState::DISABLED, is_l2: false }];

impl Descriptor for Spans {
    const NAME: &'static str = "vpp-span";
    const USES: &'static [&'static str] =
        &[SwInterfaceSpanEnableDisable::ID, SwInterfaceSpanDump::ID, SwInterfaceGetTable::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = Span;
    type Image = Image;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Ref<Interfaces>);
    type Reads = (Interfaces,);

    fn needs(&self, s: &Span) -> Self::Needs {
        (Ref::to(&s.interface_from), Ref::to(&s.interface_to))
    }
    fn image(&self, s: &Span) -> Result<Image, Invalid> {
        ensure(!s.interface_from.is_empty(), "interface_from", "must be named")?;
        ensure(!s.interface_to.is_empty(), "interface_to", "must be named")?;
        ensure(
            s.interface_from != s.interface_to,
            "interface_to",
            "an interface cannot get its own packets",
        )?;
        let state = match Direction::try_from(s.direction) {
            Ok(Direction::Rx) => SpanState::RX,
            Ok(Direction::Tx) => SpanState::TX,
            Ok(Direction::Both) => SpanState::RX_TX,
            Ok(Direction::Unknown) | Err(_) => {
                return Err(Invalid::new("direction", "must be RX, TX or BOTH"));
            }
        };
        Ok(Image { state, is_l2: s.is_l2 })
    }
    fn change(&self, old: &Image, new: &Image, moved: bool) -> Change {
        if old.is_l2 == new.is_l2 && !moved { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, new: Image, pair: Resolved<Self>) -> Made<()> {
        // One after the other: what follows a refused call would be done all the same, and nobody would know of it.
        self.set(pair, &OFF).await?;
        Ok(self.set(pair, &[new]).await?)
    }
    async fn update(&self, _: Image, new: Image, (): (), pair: Resolved<Self>) -> Result<()> {
        self.set(pair, &[new]).await
    }
    async fn delete(&self, _: Image, (): (), pair: Resolved<Self>) -> Result<()> {
        self.set(pair, &OFF).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let [l2, device] = [true, false].map(|is_l2| self.vpp.dump(SwInterfaceSpanDump { is_l2 }));
        let (l2, device) = try_join(l2, device).await?;
        let names = seen.names::<Interfaces>();
        let ports = seen.present::<Interfaces>().into_iter().map(|(_, index, foreign)| (index, !foreign));
        let ports: HashMap<SwIfIndex, bool> = ports.collect();
        let mut pairs: BTreeMap<Pair, Vec<Span>> = BTreeMap::new();
        // Who only looks may have asked before something changed.
        let learn = !seen.verbose();
        if learn {
            self.copies.lock().clear();
        }
        for details in l2.into_iter().chain(device) {
            let pair = (SwIfIndex(details.sw_if_index_from), SwIfIndex(details.sw_if_index_to));
            let name = |index| names.get(&index).map(|&name| name.to_owned());
            let (Some(interface_from), Some(interface_to)) = (name(pair.0), name(pair.1)) else {
                if learn {
                    self.clear_stale(pair, &ports).await?;
                }
                continue;
            };
            if learn {
                self.copies.know(pair, Image { state: details.state, is_l2: details.is_l2 });
            }
            let direction = match details.state {
                SpanState::RX => Direction::Rx,
                SpanState::TX => Direction::Tx,
                _ => Direction::Both,
            };
            let span =
                Span { interface_from, interface_to, direction: direction.into(), is_l2: details.is_l2 };
            pairs.entry(pair).or_default().push(span);
        }
        // If packets are copied twice, the one that nobody asked for is told: it has to go.
        let found = pairs.into_values().filter_map(|mut spans| {
            let wanted = |span: &Span| seen.desired::<Span>(&Model::name(span)) == Some(span);
            let other = spans.iter().position(|span| !wanted(span)).unwrap_or(0);
            (!spans.is_empty()).then(|| Found::new(spans.swap_remove(other), ()))
        });
        Ok(found.collect())
    }
}
