//! Application of an ACL to an interface, to the packets that arrive (ingress) or leave (egress).
//! Derived from `ligato.vpp.acl.ACL` · VPP `acl.api`
//!
//! An interface looks at its IP ACLs in the order of their names; see `lists.rs`. It has one MACIP ACL at most, which
//! always is about who sends: the direction in which it is listed means nothing.

use super::list::{AclIndex, Acls};
use super::lists::{Change as InList, Lists};
use crate::interface::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::acl::{
    AclInterfaceListDump, AclInterfaceSetAclList, MacipAclInterfaceAddDel, MacipAclInterfaceListDump,
};
use model::proto::ligato::vpp::acl::Acl;
use std::collections::{BTreeSet, HashMap};

/// One application.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// Name of the ACL.
    pub acl: String,
    /// It is a MACIP ACL.
    pub macip: bool,
    /// Name of the interface.
    pub interface: String,
    /// For packets that leave, else for those that arrive.
    pub egress: bool,
    /// Found, but not where its name belongs in the interface's list.
    pub misplaced: bool,
}

impl Binding {
    /// The applications of an ACL, each once.
    pub(super) fn of(acl: &Acl, macip: bool) -> impl Iterator<Item = Binding> {
        let interfaces = acl.interfaces.as_ref();
        let ingress = interfaces.into_iter().flat_map(|i| i.ingress.iter().map(|name| (false, name)));
        let egress = interfaces.into_iter().flat_map(|i| i.egress.iter().map(|name| (true, name)));
        let each: BTreeSet<(bool, &String)> = ingress.chain(egress).collect();
        let acl = acl.name.clone();
        each.into_iter().map(move |(egress, interface)| Binding {
            acl: acl.clone(),
            macip,
            interface: interface.clone(),
            egress,
            misplaced: false,
        })
    }
}

/// The name of an application.
fn name(acl: &str, egress: bool, interface: &str) -> String {
    format!("{acl}/interface/{}/{interface}", if egress { "egress" } else { "ingress" })
}

impl Model for Binding {
    const PREFIX: &'static str = "vpp/acl/";
    fn name(&self) -> String {
        name(&self.acl, self.egress, &self.interface)
    }
}

/// See the module.
pub struct Bindings {
    vpp: Vpp,
    lists: Lists,
}

impl Bindings {
    /// The applications of this VPP.
    pub fn new(vpp: &Vpp) -> Self {
        Bindings { vpp: vpp.clone(), lists: Lists::new(vpp) }
    }
    /// VPP takes a second MACIP ACL in the place of the first, and does not ask which one is to be taken away: what others
    /// applied is left alone.
    async fn macip(&self, is_add: bool, SwIfIndex(sw_if_index): SwIfIndex, acl: AclIndex) -> Result<()> {
        let acl_index = acl.index;
        let dumped = self.vpp.dump(MacipAclInterfaceListDump { sw_if_index }).await?;
        let mut all = dumped.iter().flat_map(|details| details.acls.iter().copied());
        let there = all.find(|&index| index != u32::MAX);
        match (is_add, there) {
            (true, Some(index)) if index == acl_index => Ok(()),
            (true, Some(index)) => {
                let other = self.lists.name(AclIndex { index, macip: true });
                let other = other.unwrap_or_else(|| format!("{index} of somebody else"));
                Err(sched::Error::new(format!(
                    "the interface applies MACIP ACL {other}, and VPP allows one at a time; take that away first"
                )))
            }
            (false, index) if index != Some(acl_index) => Ok(()),
            _ => self.vpp.call(MacipAclInterfaceAddDel { is_add, sw_if_index, acl_index }).await.map(drop),
        }
    }
    async fn apply(&self, is_add: bool, image: Binding, acl: AclIndex, port: SwIfIndex) -> Result<()> {
        let Binding { egress, acl: name, .. } = image;
        if is_add {
            self.lists.know(acl, name);
        }
        match (acl.macip, is_add) {
            (true, _) => self.macip(is_add, port, acl).await,
            (false, true) => self.lists.change(port, InList::Add { egress, acl: acl.index }).await,
            (false, false) => self.lists.change(port, InList::Remove { egress, acl: acl.index }).await,
        }
    }
}

impl Descriptor for Bindings {
    const NAME: &'static str = "vpp-acl-to-interface";
    const USES: &'static [&'static str] = &[
        AclInterfaceSetAclList::ID,
        AclInterfaceListDump::ID,
        MacipAclInterfaceAddDel::ID,
        MacipAclInterfaceListDump::ID,
    ];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = Binding;
    type Image = Binding;
    type Handle = ();
    type Needs = (Ref<Acls>, Ref<Interfaces>);
    type Reads = (Acls, Interfaces);

    fn needs(&self, b: &Binding) -> Self::Needs {
        (Ref::to(&b.acl), Ref::to(&b.interface))
    }
    fn image(&self, b: &Binding) -> Result<Binding, Invalid> {
        Ok(b.clone())
    }
    fn place(&self, b: &Binding) -> Option<String> {
        b.macip.then(|| b.interface.clone())
    }
    /// VPP knows no direction of a MACIP ACL.
    fn found_as(&self, b: &Binding) -> Option<String> {
        (b.macip && b.egress).then(|| name(&b.acl, false, &b.interface))
    }
    fn change(&self, old: &Binding, new: &Binding, moved: bool) -> Change {
        let same = Binding { misplaced: new.misplaced, ..old.clone() } == *new;
        if same && !moved { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, new: Binding, (acl, port): Resolved<Self>) -> Made<()> {
        Ok(self.apply(true, new, acl, port).await?)
    }
    async fn update(&self, _: Binding, new: Binding, (): (), (acl, port): Resolved<Self>) -> Result<()> {
        self.apply(true, new, acl, port).await
    }
    async fn delete(&self, old: Binding, (): (), (acl, port): Resolved<Self>) -> Result<()> {
        self.apply(false, old, acl, port).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        const ALL: u32 = u32::MAX;
        let dumps = try_join(
            self.vpp.dump(AclInterfaceListDump { sw_if_index: ALL }),
            self.vpp.dump(MacipAclInterfaceListDump { sw_if_index: ALL }),
        );
        let (lists, macip) = dumps.await?;
        let ports = seen.names::<Interfaces>();
        let acls = seen.present::<Acls>();
        if !seen.verbose() {
            // Who only looks may have asked before something changed.
            let ours = acls.iter().filter(|(_, _, foreign)| !foreign);
            self.lists.know_all(ours.map(|&(name, acl, _)| (acl, name.to_owned())).collect());
        }
        let acls: HashMap<AclIndex, &str> = acls.into_iter().map(|(name, acl, _)| (acl, name)).collect();
        let mut found = Vec::new();
        let mut add = |acl: AclIndex, port: u32, egress: bool, misplaced: bool| {
            let (Some(acl_name), Some(port)) = (acls.get(&acl), ports.get(&SwIfIndex(port))) else { return };
            let (macip, interface) = (acl.macip, (*port).to_owned());
            let binding = Binding { acl: (*acl_name).to_owned(), macip, interface, egress, misplaced };
            found.push(Found::new(binding, ()));
        };
        for details in &lists {
            let (ingress, egress) = details.acls.split_at(details.acls.len().min(details.n_input.into()));
            for (list, is_egress) in [(ingress, false), (egress, true)] {
                for (&index, &due) in list.iter().zip(&self.lists.in_order(list)) {
                    add(AclIndex { index, macip: false }, details.sw_if_index, is_egress, index != due);
                }
            }
        }
        for details in &macip {
            for &index in details.acls.iter().filter(|&&index| index != u32::MAX) {
                let acl = AclIndex { index, macip: true };
                // It is where the user put it, should that be egress.
                let egress = acls.get(&acl).zip(ports.get(&SwIfIndex(details.sw_if_index)));
                let wanted = |(acl, port): &(&&str, &&str)| {
                    let wants = |egress| seen.desired::<Binding>(&name(acl, egress, port)).is_some();
                    wants(true) && !wants(false)
                };
                add(acl, details.sw_if_index, egress.as_ref().is_some_and(wanted), false);
            }
        }
        Ok(found)
    }
}
