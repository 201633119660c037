//! Cross-connect: every packet that one interface receives leaves by another. One direction; two make a wire.
//! Config `ligato.vpp.l2.XConnectPair` · VPP `l2.api`

use crate::interface::span::L2Copies;
use crate::interface::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::l2::{L2XconnectDump, SwInterfaceSetL2Xconnect};
use model::proto::ligato::vpp::l2::XConnectPair;

/// See the module.
pub struct XConnects {
    vpp: Vpp,
    copies: L2Copies,
}

impl XConnects {
    /// The cross-connects of this VPP; `copies` of what passes are made on layer 2.
    pub fn new(vpp: &Vpp, copies: &L2Copies) -> Self {
        XConnects { vpp: vpp.clone(), copies: copies.clone() }
    }
    async fn send(&self, enable: bool, (rx, tx): (SwIfIndex, SwIfIndex)) -> Result<()> {
        let request = SwInterfaceSetL2Xconnect { rx_sw_if_index: rx.0, tx_sw_if_index: tx.0, enable };
        self.vpp.call(request).await.map(drop)
    }
}

impl Descriptor for XConnects {
    const NAME: &'static str = "vpp-xconnect";
    const USES: &'static [&'static str] = &[SwInterfaceSetL2Xconnect::ID, L2XconnectDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = XConnectPair;
    type Image = ();
    type Handle = ();
    type Needs = (Ref<Interfaces>, Ref<Interfaces>);
    type Reads = (Interfaces,);

    fn needs(&self, x: &XConnectPair) -> Self::Needs {
        (Ref::to(&x.receive_interface), Ref::to(&x.transmit_interface))
    }
    /// All that VPP is told are the two interfaces, which are its needs.
    fn image(&self, x: &XConnectPair) -> Result<(), Invalid> {
        ensure(!x.receive_interface.is_empty(), "receive_interface", "must be named")?;
        ensure(!x.transmit_interface.is_empty(), "transmit_interface", "must be named")
    }
    fn place(&self, x: &XConnectPair) -> Option<String> {
        Some(format!("layer 2 of {}", x.receive_interface))
    }
    /// Told another interface to send to, VPP replaces the first.
    fn change(&self, (): &(), (): &(), _: bool) -> Change {
        Change::InPlace
    }
    async fn create(&self, (): (), pair: Resolved<Self>) -> Made<()> {
        self.send(true, pair).await?;
        self.copies.again(&self.vpp, pair.0).await.map_err(|error| error.left(()))
    }
    async fn update(&self, (): (), (): (), (): (), pair: Resolved<Self>) -> Result<()> {
        self.send(true, pair).await
    }
    async fn delete(&self, (): (), (): (), pair: Resolved<Self>) -> Result<()> {
        self.send(false, pair).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let pairs = self.vpp.dump(L2XconnectDump {}).await?;
        let found = pairs.into_iter().filter_map(|pair| {
            let name = |index| Some((*names.get(&SwIfIndex(index))?).to_owned());
            let (rx, tx) = (pair.rx_sw_if_index, pair.tx_sw_if_index);
            let value = XConnectPair { receive_interface: name(rx)?, transmit_interface: name(tx)? };
            let details = json!({ "receive_interface_sw_if_idx": rx, "transmit_interface_sw_if_idx": tx });
            Some(Found::new(value, ()).details(seen, || details))
        });
        Ok(found.collect())
    }
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/vpp/v2/xc",
    descriptor: XConnects::NAME,
    shape: Shape::Map,
    element: |item| {
        let rx = item.details["receive_interface_sw_if_idx"].to_string();
        Some((rx, json!({ "x_connect": shown(item), "x_connect_meta": item.details })))
    },
}];
