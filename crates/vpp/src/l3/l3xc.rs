//! Layer 3 cross-connect: all packets of one IP version that an interface receives leave by given paths, wherever they
//! are for.
//! Config `ligato.vpp.l3.L3XConnect` · VPP `l3xc.api`
//!
//! VPP lists cross-connects without their IP version; their paths tell it, so a next hop has to be of that version. Told
//! other paths for one that it has, VPP goes on forwarding by the old ones, so they are made anew. It also keeps the
//! cross-connect of an interface that somebody deleted, for whatever gets that number next; so before one is made,
//! what may be there is removed.

use crate::interface::{Interfaces, SwIfIndex};
use crate::l3::path::{byte, hop, next_hop, out, path};
use crate::prelude::*;
use binapi::l3xc::{L3xcDel, L3xcDump, L3xcUpdate};
use model::proto::ligato::vpp::l3::L3xConnect;
use model::proto::ligato::vpp::l3::l3x_connect::{Path, Protocol};
use std::net::IpAddr;
use types::{FibPath, L3xc};

/// One path, without its interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    hop: Option<IpAddr>,
    weight: u8,
    preference: u8,
}

/// What VPP is told, without interfaces.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    is_ip6: bool,
    ways: Vec<Way>,
}

/// See the module.
pub struct L3XConnects(pub Vpp);

impl L3XConnects {
    fn remove(&self, from: SwIfIndex, is_ip6: bool) -> impl Future<Output = Result<()>> + use<> {
        let queued = self.0.call(L3xcDel { sw_if_index: from.0, is_ip6 });
        async { queued.await.map(drop) }
    }
}

/// The paths in an order that does not depend on how they are written.
fn sorted(x: &L3xConnect) -> Vec<&Path> {
    let mut paths: Vec<&Path> = x.paths.iter().collect();
    paths.sort_by_cached_key(|p| {
        let hop = next_hop("paths.next_hop_addr", &p.next_hop_addr).ok().flatten();
        (p.outgoing_interface.clone(), hop, p.preference, p.weight)
    });
    paths
}

impl Descriptor for L3XConnects {
    const NAME: &'static str = "vpp-l3xc";
    const USES: &'static [&'static str] = &[L3xcUpdate::ID, L3xcDel::ID, L3xcDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = L3xConnect;
    type Image = Image;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Vec<Ref<Interfaces>>);
    type Reads = (Interfaces,);

    fn needs(&self, x: &L3xConnect) -> Self::Needs {
        (Ref::to(&x.interface), sorted(x).iter().map(|p| Ref::to(&p.outgoing_interface)).collect())
    }
    fn image(&self, x: &L3xConnect) -> Result<Image, Invalid> {
        ensure(!x.interface.is_empty(), "interface", "must be named")?;
        ensure(!x.paths.is_empty(), "paths", "must not be empty: packets have to go somewhere")?;
        ensure(x.paths.len() <= 255, "paths", "are more than VPP takes, which is 255")?;
        let protocol = Protocol::try_from(x.protocol);
        let is_ip6 = match protocol.map_err(|_| Invalid::new("protocol", "is neither IPV4 nor IPV6"))? {
            Protocol::Ipv4 => false,
            Protocol::Ipv6 => true,
        };
        let way = |p: &&Path| {
            ensure(!p.outgoing_interface.is_empty(), "paths.outgoing_interface", "must be named")?;
            let hop = next_hop("paths.next_hop_addr", &p.next_hop_addr)?;
            let of_version = hop.is_none_or(|hop| hop.is_ipv6() == is_ip6);
            ensure(of_version, "paths.next_hop_addr", "is not of the version that `protocol` names")?;
            let weight = byte("paths.weight", p.weight.max(1))?;
            Ok(Way { hop, weight, preference: byte("paths.preference", p.preference)? })
        };
        let paths = sorted(x);
        let ways: Vec<Way> = paths.iter().map(way).collect::<Result<_, Invalid>>()?;
        let mut pairs = paths.iter().zip(&ways).zip(paths.iter().zip(&ways).skip(1));
        let twice =
            pairs.any(|((a, x), (b, y))| a.outgoing_interface == b.outgoing_interface && x.hop == y.hop);
        ensure(
            !twice,
            "paths",
            "name one next hop on one interface twice; its weight says how much it gets",
        )?;
        Ok(Image { is_ip6, ways })
    }
    async fn create(&self, new: Image, (from, outs): Resolved<Self>) -> Made<()> {
        let before = self.remove(from, new.is_ip6);
        let paths = new.ways.iter().zip(outs).map(|(way, out)| FibPath {
            weight: way.weight,
            preference: way.preference,
            ..path(Some(out), way.hop, new.is_ip6)
        });
        let paths = paths.collect::<Vec<_>>().try_into().unwrap_or_default(); // it was tried for its length
        let l3xc = L3xc { sw_if_index: from.0, is_ip6: new.is_ip6, paths };
        // VPP refuses to remove it if there was nothing.
        let (_, made) = join(before, self.0.call(L3xcUpdate { l3xc })).await;
        Ok(made.map(drop)?)
    }
    async fn delete(&self, old: Image, (): (), (from, _): Resolved<Self>) -> Result<()> {
        self.remove(from, old.is_ip6).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let name = |index| Some((*names.get(&index)?).to_owned());
        let dumped = self.0.dump(L3xcDump { sw_if_index: u32::MAX }).await?;
        let found = dumped.into_iter().filter_map(|details| {
            let x = details.l3xc;
            let paths = x.paths.iter().map(|path| {
                Some(Path {
                    outgoing_interface: name(out(path)?)?,
                    next_hop_addr: hop(path).map_or_else(String::new, |hop| hop.to_string()),
                    weight: path.weight.into(),
                    preference: path.preference.into(),
                })
            });
            let is_ip6 = x.paths.first()?.proto == types::FibPathNhProto::IP6;
            let value = L3xConnect {
                interface: name(SwIfIndex(x.sw_if_index))?,
                protocol: if is_ip6 { Protocol::Ipv6 } else { Protocol::Ipv4 }.into(),
                paths: paths.collect::<Option<_>>()?,
            };
            Some(Found::new(value, ()))
        });
        Ok(found.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::sentence;

    #[test]
    fn what_is_wrong_is_said() {
        let path = |out: &str, hop: &str, weight, preference| Path {
            outgoing_interface: out.into(),
            next_hop_addr: hop.into(),
            weight,
            preference,
        };
        let good = L3xConnect {
            interface: "a".into(),
            protocol: 0,
            paths: vec![path("b", "10.1.1.9", 1, 0), path("b", "10.1.1.8", 0, 0), path("b", "", 1, 255)],
        };
        let with = |path| L3xConnect { paths: vec![path], ..good.clone() };
        let twice =
            vec![path("b", "10.1.1.9", 1, 0), path("c", "10.1.1.9", 1, 0), path("b", "10.1.1.9", 1, 5)];
        let cases = [
            (L3xConnect { interface: String::new(), ..good.clone() }, "interface: must be named"),
            (L3xConnect { protocol: 7, ..good.clone() }, "protocol: is neither IPV4 nor IPV6"),
            (
                L3xConnect { paths: Vec::new(), ..good.clone() },
                "paths: must not be empty: packets have to go somewhere",
            ),
            (
                L3xConnect { paths: twice, ..good.clone() },
                "paths: name one next hop on one interface twice; its weight says how much it gets",
            ),
            (with(path("", "10.1.1.9", 1, 0)), "paths.outgoing_interface: must be named"),
            (with(path("b", "hop", 1, 0)), "paths.next_hop_addr: \"hop\" is not an IP address"),
            (
                with(path("b", "fd01::9", 1, 0)),
                "paths.next_hop_addr: is not of the version that `protocol` names",
            ),
            (with(path("b", "10.1.1.9", 256, 0)), "paths.weight: 256 is more than VPP takes, which is 255"),
            (
                with(path("b", "10.1.1.9", 1, 256)),
                "paths.preference: 256 is more than VPP takes, which is 255",
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(sentence(L3XConnects, &value), expected);
        }
        assert_eq!(sentence(L3XConnects, &good), "");
    }
}
