//! ACL: a list of rules, of which the first that fits a packet decides what becomes of it. IP ACLs look at addresses and
//! layer 4, MACIP ACLs at who sends.
//! Config `ligato.vpp.acl.ACL` · VPP `acl.api`, a plugin
//!
//! The two kinds are one model: the rules say which it is. VPP chooses the number; the name is kept in the tag. So do all
//! who use the plugin, so a tag is no mark: the agent's own record decides which ACLs are ours. Rules are replaced in
//! place, without a moment without any. The interfaces that apply the ACL are objects of their own.

use super::binding::Binding;
use super::{ip_rule, macip_rule};
use crate::prelude::*;
use binapi::acl::{
    AclAddReplace, AclDel, AclDump, MacipAclAdd, MacipAclAddReplace, MacipAclDel, MacipAclDump,
};
use binapi::list::Counted;
use binapi::text::FixedString;
use model::proto::ligato::vpp::acl::{Acl, acl::Rule};
use std::collections::{HashMap, HashSet};
use types::{AclRule, MacipAclRule};

/// The number VPP chose; MACIP ACLs are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AclIndex {
    /// The number.
    pub index: u32,
    /// Of a MACIP ACL.
    pub macip: bool,
}

/// The rules as VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Rules {
    /// Of an IP ACL.
    Ip(Counted<AclRule, u32>),
    /// Of a MACIP ACL.
    Macip(Counted<MacipAclRule, u32>),
}

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    tag: FixedString<64>,
    rules: Rules,
}

/// See the module.
pub struct Acls(pub Vpp);

/// To VPP: a new one, or all.
const ANY: u32 = u32::MAX;

/// All rules, none of which may be of the other kind.
fn each<T>(acl: &Acl, of: impl Fn(&Rule) -> Result<T, Invalid>) -> Result<Counted<T, u32>, Invalid> {
    let rules = acl.rules.iter().zip(1..).map(|(rule, n)| {
        of(rule).map_err(|bad| Invalid::new(bad.field, format!("in rule {n}, {}", bad.reason)))
    });
    let rules: Vec<T> = rules.collect::<Result<_, _>>()?;
    Counted::try_from(rules).map_err(|error| Invalid::new("rules", error.to_string()))
}

impl Acls {
    /// All that VPP has, with their tags; those of MACIP come last.
    async fn dump(&self) -> Result<Vec<(AclIndex, Acl)>> {
        let dumps =
            try_join(self.0.dump(AclDump { acl_index: ANY }), self.0.dump(MacipAclDump { acl_index: ANY }));
        let (ip, macip) = dumps.await?;
        let named =
            |tag: FixedString<64>, rules| Acl { name: tag.as_str().to_owned(), rules, interfaces: None };
        let ip = ip.into_iter().map(|details| {
            let rules = details.r.iter().map(ip_rule::of_vpp).collect();
            (AclIndex { index: details.acl_index, macip: false }, named(details.tag, rules))
        });
        let macip = macip.into_iter().map(|details| {
            let rules = details.r.iter().map(macip_rule::of_vpp).collect();
            (AclIndex { index: details.acl_index, macip: true }, named(details.tag, rules))
        });
        Ok(ip.chain(macip).collect())
    }
    /// Of ACLs with one tag, which is the one of this name? One that is as wanted, or was it before, or the first.
    fn choose(&self, of_one_tag: &[&(AclIndex, Acl)], seen: &Seen<'_>) -> Option<AclIndex> {
        if let [(only, _)] = of_one_tag {
            return Some(*only);
        }
        let known = seen.names::<Acls>();
        let merits = |(index, acl): &(AclIndex, Acl)| {
            let wanted = seen.desired::<Acl>(&acl.name).map(|acl| self.image(acl));
            let was = known.get(index).is_some_and(|name| *name == acl.name);
            (wanted.is_some_and(|wanted| wanted.is_ok() && wanted == self.image(acl)), was)
        };
        let best = of_one_tag.iter().rev().max_by_key(|acl| merits(acl)); // the last of equals, so the first
        best.map(|(index, _)| *index)
    }
}

impl Descriptor for Acls {
    const NAME: &'static str = "vpp-acl";
    const USES: &'static [&'static str] = &[
        AclAddReplace::ID,
        AclDel::ID,
        AclDump::ID,
        MacipAclAdd::ID,
        MacipAclAddReplace::ID,
        MacipAclDel::ID,
        MacipAclDump::ID,
    ];
    const OWNERSHIP: Ownership = Ownership::Recorded;
    type Value = Acl;
    type Image = Image;
    type Handle = AclIndex;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &Acl) {}
    fn image(&self, acl: &Acl) -> Result<Image, Invalid> {
        ensure(!acl.name.is_empty(), "name", "must not be empty")?;
        ensure(!acl.rules.is_empty(), "rules", "must not be empty: an ACL without rules has no meaning")?;
        let interfaces = acl.interfaces.clone().unwrap_or_default();
        let named = |names: &[String]| names.iter().all(|name| !name.is_empty());
        ensure(named(&interfaces.ingress), "interfaces.ingress", "lists an interface without a name")?;
        ensure(named(&interfaces.egress), "interfaces.egress", "lists an interface without a name")?;
        let rules = match is_macip(acl) {
            true => Rules::Macip(each(acl, macip_rule::to_vpp)?),
            false => Rules::Ip(each(acl, ip_rule::to_vpp)?),
        };
        Ok(Image { tag: fit("name", &acl.name)?, rules })
    }
    fn derive(&self, acl: &Acl, out: &mut Derived) {
        out.extend(Binding::of(acl, is_macip(acl)));
    }
    fn absorb(&self, acl: &mut Acl, part: &dyn Value) {
        let part: &dyn Any = part;
        if let Some(part) = part.downcast_ref::<Binding>() {
            let interfaces = acl.interfaces.get_or_insert_default();
            let list = if part.egress { &mut interfaces.egress } else { &mut interfaces.ingress };
            list.push(part.interface.clone());
        }
    }
    /// VPP keeps the two kinds apart; within a kind, all rules are replaced at once.
    fn change(&self, old: &Image, new: &Image, _: bool) -> Change {
        let same_kind = std::mem::discriminant(&old.rules) == std::mem::discriminant(&new.rules);
        if same_kind { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, Image { tag, rules }: Image, (): ()) -> Made<AclIndex> {
        Ok(match rules {
            Rules::Ip(r) => {
                let made = self.0.call(AclAddReplace { acl_index: ANY, tag, r }).await?;
                AclIndex { index: made.acl_index, macip: false }
            }
            Rules::Macip(r) => {
                let made = self.0.call(MacipAclAdd { tag, r }).await?;
                AclIndex { index: made.acl_index, macip: true }
            }
        })
    }
    async fn update(&self, _: Image, Image { tag, rules }: Image, acl: AclIndex, (): ()) -> Result<()> {
        let acl_index = acl.index;
        match rules {
            Rules::Ip(r) => self.0.call(AclAddReplace { acl_index, tag, r }).await.map(drop),
            Rules::Macip(r) => self.0.call(MacipAclAddReplace { acl_index, tag, r }).await.map(drop),
        }
    }
    async fn delete(&self, _: Image, acl: AclIndex, (): ()) -> Result<()> {
        let acl_index = acl.index;
        match acl.macip {
            false => self.0.call(AclDel { acl_index }).await.map(drop),
            true => self.0.call(MacipAclDel { acl_index }).await.map(drop),
        }
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let all = self.dump().await?;
        let mut by_tag: HashMap<&str, Vec<&(AclIndex, Acl)>> = HashMap::new();
        all.iter().for_each(|acl| by_tag.entry(&acl.1.name).or_default().push(acl));
        let named = by_tag.into_iter().filter(|(tag, _)| !tag.is_empty());
        let named: HashSet<AclIndex> = named.filter_map(|(_, acls)| self.choose(&acls, seen)).collect();
        let found = all.into_iter().map(|(acl, mut value)| {
            let meta = json!({ "acl_index": acl.index, "acl_tag": value.name });
            let number = if acl.macip { format!("macip-{}", acl.index) } else { acl.index.to_string() };
            if value.name.is_empty() {
                value.name = format!("UNTAGGED-{number}");
            } else if !named.contains(&acl) {
                value.name = format!("{}-AGAIN-{number}", value.name);
            }
            Found::new(value, acl).foreign_if(!named.contains(&acl)).details(seen, || meta)
        });
        Ok(found.collect())
    }
    fn metadata(&self, _: &Acl, acl: &AclIndex) -> serde_json::Value {
        json!({ "Index": acl.index, "L2": acl.macip })
    }
}

/// The first rule decides of which kind all have to be.
fn is_macip(acl: &Acl) -> bool {
    acl.rules.first().is_some_and(|rule| rule.ip_rule.is_none() && rule.macip_rule.is_some())
}

/// An element of the dumps. The reference shows an IP ACL that nobody applies with empty lists of interfaces.
fn element(item: &sched::Item, macip: bool) -> Option<(String, serde_json::Value)> {
    if item.metadata["L2"] != macip {
        return None;
    }
    let mut acl = shown(item);
    if !macip && acl.get("interfaces").is_none() {
        acl["interfaces"] = json!({});
    }
    Some((String::new(), json!({ "acl": acl, "acl_meta": item.details })))
}

pub(crate) const DUMPS: &[Dump] = &[
    Dump {
        path: "/dump/vpp/v2/acl/ip",
        descriptor: Acls::NAME,
        shape: Shape::List,
        element: |item| element(item, false),
    },
    Dump {
        path: "/dump/vpp/v2/acl/macip",
        descriptor: Acls::NAME,
        shape: Shape::List,
        element: |item| element(item, true),
    },
];
