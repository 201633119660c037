//! Bridge domain: one L2 broadcast domain inside VPP.
//! Config `ligato.vpp.l2.BridgeDomain` · VPP `l2.api`
//!
//! Members and entries of the ARP termination table are objects of their own, so that each waits and fails alone. VPP
//! chooses the number of the domain; the name is kept in its tag.

use crate::l2::bd_arp::{self, BdArp};
use crate::l2::bd_member::BdMember;
use crate::prelude::*;
use binapi::l2::{BridgeDomainAddDelV2, BridgeDomainDump};
use model::proto::ligato::vpp::l2::BridgeDomain;
use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;

/// The number VPP chose for the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BdId(pub u32);

/// See the module.
pub struct BridgeDomains(pub Vpp);

/// Any domain, in requests and dumps.
pub(crate) const ANY: u32 = u32::MAX;

/// What is listed twice has to be the same both times.
fn agree<K: Eq + Hash + Display, V: PartialEq>(
    field: &'static str,
    listed: impl Iterator<Item = (K, V)>,
) -> Result<(), Invalid> {
    let mut known: HashMap<K, V> = HashMap::new();
    for (key, value) in listed {
        if known.get(&key).is_some_and(|other| *other != value) {
            return Err(Invalid::new(field, format!("lists {key} twice, with different settings")));
        }
        known.insert(key, value);
    }
    Ok(())
}

fn each_once<P: Model>(parts: impl Iterator<Item = P>) -> impl Iterator<Item = P> {
    let mut names = HashSet::new();
    parts.filter(move |part| names.insert(Model::name(part)))
}

impl Descriptor for BridgeDomains {
    const NAME: &'static str = "vpp-bridge-domain";
    const USES: &'static [&'static str] = &[BridgeDomainAddDelV2::ID, BridgeDomainDump::ID];
    const OWNERSHIP: Ownership = Ownership::Marked;
    const UNIQUE: bool = true;
    type Value = BridgeDomain;
    type Image = BridgeDomainAddDelV2;
    type Handle = BdId;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &BridgeDomain) {}
    fn image(&self, bd: &BridgeDomain) -> Result<BridgeDomainAddDelV2, Invalid> {
        ensure(!bd.name.is_empty(), "name", "must not be empty")?;
        let bvis = bd.interfaces.iter().filter(|member| member.bridged_virtual_interface);
        agree("interfaces", bd.interfaces.iter().map(|member| (&member.name, member)))?;
        ensure(bvis.count() <= 1, "interfaces", "more than one is the bridged virtual interface")?;
        let named = bd.interfaces.iter().all(|member| !member.name.is_empty());
        ensure(named, "interfaces", "lists an interface without a name")?;
        let arps = bd
            .arp_termination_table
            .iter()
            .map(|entry| (bd_arp::address(entry), entry.phys_address.to_lowercase()));
        agree("arp_termination_table", arps)?;
        let mac_age = u8::try_from(bd.mac_age);
        Ok(BridgeDomainAddDelV2 {
            bd_id: ANY,
            bd_tag: fit("name", &bd.name)?,
            mac_age: mac_age.map_err(|_| Invalid::new("mac_age", "is more than 255 minutes"))?,
            flood: bd.flood,
            uu_flood: bd.unknown_unicast_flood,
            forward: bd.forward,
            learn: bd.learn,
            arp_term: bd.arp_termination,
            arp_ufwd: false,
            is_add: true,
        })
    }
    fn derive(&self, bd: &BridgeDomain, out: &mut Derived) {
        let members =
            bd.interfaces.iter().map(|member| BdMember { bd: bd.name.clone(), member: member.clone() });
        out.extend(each_once(members));
        let entries =
            bd.arp_termination_table.iter().map(|entry| BdArp { bd: bd.name.clone(), entry: entry.clone() });
        out.extend(each_once(entries));
    }
    fn absorb(&self, bd: &mut BridgeDomain, part: &dyn Value) {
        let part: &dyn Any = part;
        if let Some(part) = part.downcast_ref::<BdMember>() {
            bd.interfaces.push(part.member.clone());
        }
        if let Some(part) = part.downcast_ref::<BdArp>() {
            bd.arp_termination_table.push(part.entry.clone());
        }
    }
    async fn create(&self, new: BridgeDomainAddDelV2, (): ()) -> Made<BdId> {
        Ok(BdId(self.0.call(new).await?.bd_id))
    }
    async fn delete(&self, old: BridgeDomainAddDelV2, id: BdId, (): ()) -> Result<()> {
        self.0.call(BridgeDomainAddDelV2 { bd_id: id.0, is_add: false, ..old }).await.map(drop)
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let domains = self.0.dump(BridgeDomainDump { bd_id: ANY, sw_if_index: ANY }).await?;
        let mut names = HashSet::new();
        let found = domains.into_iter().map(|d| {
            let tag = d.bd_tag.as_str();
            let value = BridgeDomain {
                name: match tag {
                    "" => format!("UNTAGGED-{}", d.bd_id),
                    // Made a second time because the first one was not told about: nobody wants two.
                    _ if !names.insert(tag.to_owned()) => format!("{tag}-AGAIN-{}", d.bd_id),
                    _ => tag.to_owned(),
                },
                flood: d.flood,
                unknown_unicast_flood: d.uu_flood,
                forward: d.forward,
                learn: d.learn,
                arp_termination: d.arp_term,
                mac_age: d.mac_age.into(),
                ..BridgeDomain::default()
            };
            Found::new(value, BdId(d.bd_id)).foreign_if(tag.is_empty())
        });
        Ok(found.collect())
    }
    fn metadata(&self, _: &BridgeDomain, id: &BdId) -> serde_json::Value {
        json!({ "Index": id.0 })
    }
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/vpp/v2/bd",
    descriptor: BridgeDomains::NAME,
    shape: Shape::List,
    element: |item| {
        let meta = json!({ "bridge_domain_id": item.metadata["Index"] });
        Some((String::new(), json!({ "bridge_domain": shown(item), "bridge_domain_meta": meta })))
    },
}];
