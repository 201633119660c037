//! Range of proxy ARP: addresses, both ends included, for which VPP answers in one VRF.
//! Derived from `ligato.vpp.l3.ProxyARP` · VPP `arp.api`
//!
//! VPP before 25.10 tells a number of its own instead of the table. It lists its tables in the order of these numbers,
//! but does not say which numbers are unused, so a range that is wanted counts where its table may have the number.

use crate::l3::proxy_arp::{ProxyArps, ipv4};
use crate::l3::vrf::{self, Vrfs};
use crate::prelude::*;
use binapi::arp::{ProxyArpAddDel, ProxyArpDump};
use binapi::ip::IpTableDump;
use binapi::vpe::ShowVersion;
use model::proto::ligato::vpp::l3::proxy_arp::Range;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::Ipv4Addr;
use types::ProxyArp;

/// The first release that tells the table.
const TELLS_TABLE: &str = "25.10";

/// One range.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProxyArpRange {
    /// The VRF.
    pub vrf: u32,
    /// The lowest address.
    pub first: Ipv4Addr,
    /// The highest address.
    pub last: Ipv4Addr,
}

impl ProxyArpRange {
    /// As it stands in the list; nothing if it makes no sense.
    pub(super) fn of(range: &Range) -> Option<Self> {
        let first = ipv4("ranges.first_ip_addr", &range.first_ip_addr).ok()?;
        Some(ProxyArpRange { vrf: range.vrf_id, first, last: ipv4("", &range.last_ip_addr).ok()? })
    }
    pub(super) fn message(&self) -> Range {
        let (first_ip_addr, last_ip_addr) = (self.first.to_string(), self.last.to_string());
        Range { first_ip_addr, last_ip_addr, vrf_id: self.vrf }
    }
}

impl Model for ProxyArpRange {
    const PREFIX: &'static str = "vpp/proxyarp/range/";
    fn name(&self) -> String {
        format!("vrf/{}/{}-{}", self.vrf, self.first, self.last)
    }
    fn wire(&self) -> Wire {
        let bytes = prost::Message::encode_to_vec(&self.message());
        Wire { name: "ligato.vpp.l3.ProxyARP.Range", bytes }
    }
}

/// See the module.
pub struct ProxyArpRanges(pub Vpp);

impl ProxyArpRanges {
    async fn send(&self, is_add: bool, proxy: ProxyArp) -> Result<()> {
        self.0.call(ProxyArpAddDel { is_add, proxy }).await.map(drop)
    }
}

impl Descriptor for ProxyArpRanges {
    const NAME: &'static str = "vpp-proxy-arp-range";
    const USES: &'static [&'static str] = &[ProxyArpAddDel::ID, ProxyArpDump::ID];
    const OWNERSHIP: Ownership = Ownership::Recorded;
    type Value = ProxyArpRange;
    type Image = ProxyArp;
    type Handle = ();
    type Needs = (Ref<ProxyArps>, Option<Up<Vrfs>>);
    type Reads = (ProxyArps, Vrfs);

    fn needs(&self, r: &ProxyArpRange) -> Self::Needs {
        (Ref::to(""), (r.vrf != 0).then(|| Up::to(&vrf::name(r.vrf, false))))
    }
    fn image(&self, r: &ProxyArpRange) -> Result<ProxyArp, Invalid> {
        Ok(ProxyArp { table_id: r.vrf, low: r.first.into(), hi: r.last.into() })
    }
    async fn create(&self, new: ProxyArp, _: Resolved<Self>) -> Made<()> {
        Ok(self.send(true, new).await?)
    }
    async fn delete(&self, old: ProxyArp, (): (), _: Resolved<Self>) -> Result<()> {
        or_gone(self.send(false, old).await)
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let about = try_join(self.0.call(ShowVersion {}), self.0.dump(IpTableDump {}));
        let (dumped, (version, tables)) = try_join(self.0.dump(ProxyArpDump {}), about).await?;
        let tables = tables.iter().filter(|details| !details.table.is_ip6);
        let tables: Vec<u32> = tables.map(|details| details.table.table_id).collect();
        let wanted: BTreeSet<&ProxyArpRange> = seen.wanted::<ProxyArpRanges>().collect();
        let range =
            |vrf, proxy: &ProxyArp| ProxyArpRange { vrf, first: proxy.low.into(), last: proxy.hi.into() };
        let mut numbers: BTreeMap<u32, Vec<&ProxyArp>> = BTreeMap::new();
        if version.version.as_str() < TELLS_TABLE {
            dumped.iter().for_each(|d| numbers.entry(d.proxy.table_id).or_default().push(&d.proxy));
        }
        let told: Vec<u32> = numbers.keys().copied().collect();
        let known = tables_of(&tables, &told, |number, vrf| {
            numbers[&number].iter().any(|proxy| wanted.contains(&range(vrf, proxy)))
        });
        let found = dumped.iter().map(|details| {
            let told = details.proxy.table_id;
            Found::new(range(known.get(&told).copied().unwrap_or(told), &details.proxy), ())
        });
        Ok(found.collect())
    }
}

/// Which tables have these numbers of VPP's own; both are in the order of the numbers. Numbers that are not in use make one
/// greater than the place of its table in the list, never less. Among the tables that may have it, the one that is wanted
/// so counts, else the last.
fn tables_of(tables: &[u32], numbers: &[u32], wanted: impl Fn(u32, u32) -> bool) -> HashMap<u32, u32> {
    let mut known = HashMap::new();
    let mut from = 0;
    for (i, &number) in numbers.iter().enumerate() {
        // Those that come after it need a place each, if there are enough; some may be of tables that are gone.
        let room = tables.len().saturating_sub(numbers.len() - i - 1).max(from + 1);
        let possible = from..room.min(number as usize + 1).min(tables.len());
        let named = possible.clone().rev().find(|&at| wanted(number, tables[at]));
        let Some(at) = named.or_else(|| possible.last()) else { continue };
        known.insert(number, tables[at]);
        from = at + 1;
    }
    known
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/vpp/v2/proxyarp/ranges",
    descriptor: ProxyArpRanges::NAME,
    shape: Shape::List,
    element: |item| Some((String::new(), json!({ "Range": shown(item) }))),
}];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_for_tables_that_may_have_them() {
        let tables = [0, 30, 10, 20];
        let nobody = |_, _| false;
        let of = |numbers: &[u32], wanted: &dyn Fn(u32, u32) -> bool| {
            let known = tables_of(&tables, numbers, wanted);
            numbers.iter().map(|number| known.get(number).copied()).collect::<Vec<_>>()
        };
        assert_eq!(of(&[0, 1, 2, 3], &nobody), [Some(0), Some(30), Some(10), Some(20)]);
        assert_eq!(of(&[9], &nobody), [Some(20)]);
        // Number 2 is not in use: the table that stands third may have number 3.
        assert_eq!(of(&[3], &|_, vrf| vrf == 10), [Some(10)]);
        assert_eq!(of(&[3, 4], &nobody), [Some(10), Some(20)]);
        // It cannot have a smaller one than its place, nor one that comes before another's.
        assert_eq!(of(&[1], &|_, vrf| vrf == 10), [Some(30)]);
        assert_eq!(of(&[1, 3], &|_, vrf| vrf == 30), [Some(30), Some(20)]);
        assert_eq!(of(&[0, 1, 2, 3, 4], &nobody), [Some(0), Some(30), Some(10), Some(20), None]);
        assert_eq!(tables_of(&[], &[1], nobody), HashMap::new());
    }
}
