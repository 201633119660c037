//! Virtual router (VRRP): several routers share addresses; the one with the highest priority answers for them.
//! Config `ligato.vpp.l3.VRRPEntry` · VPP `vrrp.api`
//!
//! VPP looks only once whether the interface has an address, when the virtual router is started: without one it stays
//! down for ever. And it joins the multicast group in the table where the interface is at that time. So a virtual router
//! waits for an address of its version; one that owns its addresses (priority 255), for exactly those.
//! A master that accepts packets for its addresses puts them on the interface itself.

use crate::interface::address::Addresses;
use crate::interface::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::vrrp::{VrrpVrAddDel, VrrpVrDetails, VrrpVrDump, VrrpVrStartStop};
use futures::future::OptionFuture;
use model::proto::ligato::vpp::l3::VrrpEntry;
use std::collections::BTreeMap;
use std::net::IpAddr;
use types::{VrrpVrFlags, VrrpVrState};

/// The priority of a router whose own the addresses are.
const OWNER: u32 = 255;

/// What VPP is told, without the interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    router: VrrpVrAddDel,
    started: bool,
}

/// See the module.
pub struct VirtualRouters(pub Vpp);

impl VirtualRouters {
    /// Makes or removes it; VPP wants to hear all about one that it is to remove.
    fn add_del(&self, is_add: u8, image: &Image, on: SwIfIndex) -> impl Future<Output = Result<()>> + use<> {
        let queued = self.0.call(VrrpVrAddDel { is_add, sw_if_index: on.0, ..image.router.clone() });
        async { queued.await.map(drop) }
    }
    fn start_stop(
        &self,
        start: bool,
        image: &Image,
        on: SwIfIndex,
    ) -> impl Future<Output = Result<()>> + use<> {
        let queued = self.0.call(VrrpVrStartStop {
            sw_if_index: on.0,
            vr_id: image.router.vr_id,
            is_ipv6: image.router.flags.contains(VrrpVrFlags::IPV6).into(),
            is_start: start.into(),
        });
        async { queued.await.map(drop).map_err(in_words) }
    }
    async fn make(&self, new: &Image, on: SwIfIndex) -> Made<()> {
        let made = self.add_del(1, new, on);
        let started: OptionFuture<_> = new.started.then(|| self.start_stop(true, new, on)).into();
        let (made, started) = join(made, started).await;
        made?;
        started.unwrap_or(Ok(())).map_err(|error| error.left(()))
    }
    async fn remove(&self, old: &Image, on: SwIfIndex) -> Result<()> {
        // One that runs leaves traces if it is not stopped first. Whether it is gone is told by the second answer.
        let stopped: OptionFuture<_> = old.started.then(|| self.start_stop(false, old, on)).into();
        let (_, removed) = join(stopped, self.add_del(0, old, on)).await;
        or_gone(removed)
    }
}

fn in_words(mut error: sched::Error) -> sched::Error {
    if error.code == Some("INIT_FAILED") {
        let why = "it wants the peers of a unicast router first, for which the configuration has no field";
        error.cause = format!("{}: {why}", error.cause).into();
    }
    error
}

impl Descriptor for VirtualRouters {
    const NAME: &'static str = "vrrp";
    const USES: &'static [&'static str] = &[VrrpVrAddDel::ID, VrrpVrStartStop::ID, VrrpVrDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = VrrpEntry;
    type Image = Image;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Vec<AnyOf<Addresses>>);
    type Reads = (Interfaces, Addresses);

    fn needs(&self, v: &VrrpEntry) -> Self::Needs {
        let owned = v.ip_addresses.iter().filter(|_| v.priority == OWNER);
        let owned = owned.filter_map(|text| text.parse::<IpAddr>().ok());
        let mut addresses: Vec<_> =
            owned.map(|ip| AnyOf::under(&format!("{}/address/static/{ip}/", v.interface))).collect();
        if addresses.is_empty() {
            let ipv6 = v.ip_addresses.first().is_some_and(|text| text.contains(':'));
            // A reference to what is allocated has a colon, too, and does not tell the version.
            let any = |source| AnyOf::under(&format!("{}/address/{source}", v.interface));
            addresses.push(if ipv6 { any("static/").holding(":") } else { any("").holding(".") });
        }
        (Ref::to(&v.interface), addresses)
    }
    fn image(&self, v: &VrrpEntry) -> Result<Image, Invalid> {
        ensure(!v.interface.is_empty(), "interface", "must be named")?;
        let byte = |field, n: u32| {
            let good = u8::try_from(n).ok().filter(|&n| n != 0);
            good.ok_or_else(|| Invalid::new(field, format!("is {n}; it has to be from 1 to 255")))
        };
        let interval = u16::try_from(v.interval).ok().filter(|&ms| ms >= 10);
        let interval = interval.ok_or_else(|| {
            Invalid::new("interval", format!("is {}; it has to be from 10 to 65535 milliseconds", v.interval))
        })?;
        let addresses = v.ip_addresses.iter().map(|text| ip("ip_addresses", text));
        let addresses: Vec<IpAddr> = addresses.collect::<Result<_, _>>()?;
        let Some(first) = addresses.first() else {
            return Err(Invalid::new("ip_addresses", "must not be empty"));
        };
        let ipv6 = first.is_ipv6();
        ensure(addresses.iter().all(|ip| ip.is_ipv6() == ipv6), "ip_addresses", "are of both IP versions")?;
        let addrs = addresses.into_iter().map(Into::into).collect::<Vec<_>>().try_into();
        let bits = [
            (v.preempt, VrrpVrFlags::PREEMPT),
            (v.accept, VrrpVrFlags::ACCEPT),
            (v.unicast, VrrpVrFlags::UNICAST),
            (ipv6, VrrpVrFlags::IPV6),
        ];
        let router = VrrpVrAddDel {
            vr_id: byte("vr_id", v.vr_id)?,
            priority: byte("priority", v.priority)?,
            interval: interval / 10, // VPP counts in hundredths of a second
            flags: bits.iter().filter(|(set, _)| *set).fold(VrrpVrFlags(0), |all, (_, bit)| all | *bit),
            addrs: addrs
                .map_err(|_| Invalid::new("ip_addresses", "are more than VPP takes, which is 255"))?,
            ..VrrpVrAddDel::default()
        };
        Ok(Image { router, started: v.enabled })
    }
    /// It starts and stops in place.
    fn change(&self, old: &Image, new: &Image, _: bool) -> Change {
        if old.router == new.router { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, new: Image, (on, _): Resolved<Self>) -> Made<()> {
        match self.make(&new, on).await {
            // VPP keeps the one of an interface that somebody deleted, for whatever gets that number next.
            Err(failed) if failed.error.code == Some("ENTRY_ALREADY_EXISTS") => {
                self.remove(&Image { started: true, ..new.clone() }, on).await?;
                self.make(&new, on).await
            }
            made => made,
        }
    }
    async fn update(&self, _: Image, new: Image, (): (), (on, _): Resolved<Self>) -> Result<()> {
        self.start_stop(new.started, &new, on).await
    }
    async fn delete(&self, old: Image, (): (), (on, _): Resolved<Self>) -> Result<()> {
        self.remove(&old, on).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let mut found: BTreeMap<String, VrrpEntry> = BTreeMap::new();
        for details in self.0.dump(VrrpVrDump { sw_if_index: u32::MAX }).await? {
            let on = SwIfIndex(details.config.sw_if_index);
            let Some(value) = names.get(&on).map(|interface| value(&details, interface)) else { continue };
            let name = Model::name(&value);
            // VPP has one of each IP version; a key is for either, so it shows the one that is wanted.
            let wanted = seen.desired::<VrrpEntry>(&name).and_then(|wanted| wanted.ip_addresses.first());
            let wanted = wanted.map(|text| text.contains(':'));
            let ipv6 = details.config.flags.contains(VrrpVrFlags::IPV6);
            if wanted.is_none_or(|wanted| wanted == ipv6) || !found.contains_key(&name) {
                found.insert(name, value);
            }
        }
        Ok(found.into_values().map(|value| Found::new(value, ())).collect())
    }
}

fn value(details: &VrrpVrDetails, interface: &str) -> VrrpEntry {
    let config = &details.config;
    VrrpEntry {
        interface: interface.to_owned(),
        vr_id: config.vr_id.into(),
        priority: config.priority.into(),
        interval: u32::from(config.interval) * 10,
        preempt: config.flags.contains(VrrpVrFlags::PREEMPT),
        accept: config.flags.contains(VrrpVrFlags::ACCEPT),
        unicast: config.flags.contains(VrrpVrFlags::UNICAST),
        ip_addresses: details.addrs.iter().map(|address| address.ip().to_string()).collect(),
        enabled: details.runtime.state != VrrpVrState::INIT,
    }
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/vpp/v2/vrrps",
    descriptor: VirtualRouters::NAME,
    shape: Shape::List,
    element: |item| Some((String::new(), json!({ "Vrrp": shown(item), "Meta": {} }))),
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::sentence;

    #[test]
    fn what_is_wrong_is_said() {
        let good = VrrpEntry {
            interface: "loop1".into(),
            vr_id: 255,
            priority: 1,
            interval: 10,
            ip_addresses: vec!["10.1.1.254".into(), "10.1.1.253".into()],
            ..VrrpEntry::default()
        };
        let addresses = |list: &[&str]| VrrpEntry {
            ip_addresses: list.iter().map(|&text| text.to_owned()).collect(),
            ..good.clone()
        };
        let many: Vec<String> = (0..256).map(|n| format!("10.1.{n}.1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let cases = [
            (VrrpEntry { interface: String::new(), ..good.clone() }, "interface: must be named"),
            (VrrpEntry { vr_id: 0, ..good.clone() }, "vr_id: is 0; it has to be from 1 to 255"),
            (VrrpEntry { vr_id: 256, ..good.clone() }, "vr_id: is 256; it has to be from 1 to 255"),
            (VrrpEntry { priority: 0, ..good.clone() }, "priority: is 0; it has to be from 1 to 255"),
            (VrrpEntry { priority: 256, ..good.clone() }, "priority: is 256; it has to be from 1 to 255"),
            (
                VrrpEntry { interval: 9, ..good.clone() },
                "interval: is 9; it has to be from 10 to 65535 milliseconds",
            ),
            (
                VrrpEntry { interval: 65536, ..good.clone() },
                "interval: is 65536; it has to be from 10 to 65535 milliseconds",
            ),
            (addresses(&[]), "ip_addresses: must not be empty"),
            (addresses(&["10.1.1.254/24"]), "ip_addresses: \"10.1.1.254/24\" is not an IP address"),
            (addresses(&["10.1.1.254", "fd01::fe"]), "ip_addresses: are of both IP versions"),
            (addresses(&many), "ip_addresses: are more than VPP takes, which is 255"),
        ];
        for (value, expected) in cases {
            assert_eq!(sentence(VirtualRouters, &value), expected);
        }
        assert_eq!(sentence(VirtualRouters, &good), "");
    }
}
