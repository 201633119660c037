//! Interface of proxy ARP: one on which VPP answers for the ranges.
//! Derived from `ligato.vpp.l3.ProxyARP` · VPP `arp.api`
//!
//! VPP takes an interface that somebody deleted for one on which it answers, and so whatever gets that number next, where
//! it does not. So before it is told to answer it is told not to.

use crate::interface::{Interfaces, SwIfIndex};
use crate::l3::proxy_arp::ProxyArps;
use crate::prelude::*;
use binapi::arp::{ProxyArpIntfcDump, ProxyArpIntfcEnableDisable};
use model::proto::ligato::vpp::l3::proxy_arp::Interface;

/// One interface.
#[derive(Clone, Debug, PartialEq)]
pub struct ProxyArpInterface {
    /// Its name.
    pub interface: String,
}

impl ProxyArpInterface {
    pub(super) fn message(&self) -> Interface {
        Interface { name: self.interface.clone() }
    }
}

impl Model for ProxyArpInterface {
    const PREFIX: &'static str = "vpp/proxyarp/interface/";
    fn name(&self) -> String {
        self.interface.clone()
    }
    fn wire(&self) -> Wire {
        let bytes = prost::Message::encode_to_vec(&self.message());
        Wire { name: "ligato.vpp.l3.ProxyARP.Interface", bytes }
    }
}

/// See the module.
pub struct ProxyArpInterfaces(pub Vpp);

impl ProxyArpInterfaces {
    fn send(&self, enable: bool, on: SwIfIndex) -> impl Future<Output = Result<()>> + use<> {
        let queued = self.0.call(ProxyArpIntfcEnableDisable { sw_if_index: on.0, enable });
        async { queued.await.map(drop) }
    }
}

impl Descriptor for ProxyArpInterfaces {
    const NAME: &'static str = "vpp-proxy-arp-interface";
    const USES: &'static [&'static str] = &[ProxyArpIntfcEnableDisable::ID, ProxyArpIntfcDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = ProxyArpInterface;
    type Image = ();
    type Handle = ();
    type Needs = (Ref<ProxyArps>, Ref<Interfaces>);
    type Reads = (ProxyArps, Interfaces);

    fn needs(&self, i: &ProxyArpInterface) -> Self::Needs {
        (Ref::to(""), Ref::to(&i.interface))
    }
    fn image(&self, _: &ProxyArpInterface) -> Result<(), Invalid> {
        Ok(())
    }
    async fn create(&self, (): (), ((), on): Resolved<Self>) -> Made<()> {
        let (before, made) = (self.send(false, on), self.send(true, on));
        Ok(try_join(before, made).await.map(drop)?)
    }
    async fn delete(&self, (): (), (): (), ((), on): Resolved<Self>) -> Result<()> {
        self.send(false, on).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let found = self.0.dump(ProxyArpIntfcDump {}).await?.into_iter().filter_map(|details| {
            let interface = (*names.get(&SwIfIndex(details.sw_if_index))?).to_owned();
            let meta = || json!({ "SwIfIndex": details.sw_if_index });
            Some(Found::new(ProxyArpInterface { interface }, ()).details(seen, meta))
        });
        Ok(found.collect())
    }
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/vpp/v2/proxyarp/interfaces",
    descriptor: ProxyArpInterfaces::NAME,
    shape: Shape::List,
    element: |item| Some((String::new(), json!({ "Interface": shown(item), "Meta": item.details }))),
}];
