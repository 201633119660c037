//! Membership of an interface in a VRF: by which table what comes in there is routed.
//! Derived from `ligato.linux.interfaces.Interface` · rtnetlink `RTM_SETLINK`
//!
//! Interfaces of others are not put into a VRF: their membership waits until others have done so.

use super::host::{HostVrfs, host_vrf};
use super::link::{Changes, Which, get, get_all, set};
use super::sight::Sight;
use super::{Interfaces, LinkId, vrf};
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;

/// An interface is in a VRF.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// Name of the interface.
    pub interface: String,
    /// Name of the VRF.
    pub vrf: String,
    /// Others see to it; the interface has this name in Linux.
    pub existing: Option<String>,
}

impl Membership {
    /// That of an interface, if it is in a VRF.
    pub(super) fn of(i: &Interface) -> Option<Membership> {
        let (interface, vrf) = (i.name.clone(), i.vrf_master_interface.clone());
        let existing = super::is_existing(i).then(|| super::host_name(i).to_owned());
        (!vrf.is_empty()).then_some(Membership { interface, vrf, existing })
    }
}

/// The end of the key of a membership.
pub(super) fn name(interface: &str, vrf: &str) -> String {
    format!("{interface}/vrf/{vrf}")
}

impl Model for Membership {
    const PREFIX: &'static str = super::address::InterfaceAddress::PREFIX;
    fn name(&self) -> String {
        name(&self.interface, &self.vrf)
    }
}

/// Who is a member, and the table of the VRF.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    pub(crate) at: LinkId,
    pub(crate) table: u32,
}

/// See the module.
pub struct Memberships(pub Linux);

impl Memberships {
    /// The interface and its VRF, as they are now.
    async fn look(&self, on: &LinkId, vrf: &LinkId) -> Result<(Sight, Sight)> {
        let doing = |refusal| in_words("looking for the VRF", refusal);
        if on.netns != vrf.netns {
            return Err(Error::new("the VRF is in another network namespace than the interface"));
        }
        let found = on.netns.ask(vec![get(Which::Index(on.index)), get(Which::Index(vrf.index))]).await;
        let found = Sight::all(&found.map_err(doing)?);
        let by = |index| found.iter().find(|link| link.index == index).cloned();
        let (Some(own), Some(vrf)) = (by(on.index), by(vrf.index)) else {
            return Err(Error::new("looking for the VRF: the kernel did not tell of it"));
        };
        if vrf.kind != vrf::KIND {
            return Err(Error::new(format!("{} is no VRF; it is of type {:?}", vrf.host, vrf.kind)));
        }
        Ok((own, vrf))
    }
}

impl Descriptor for Memberships {
    const NAME: &'static str = "linux-interface-vrf";
    const USES: &'static [&'static str] = &[NET_ADMIN];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = Membership;
    /// Others see to it.
    type Image = bool;
    type Handle = Member;
    type Needs = (Ref<Interfaces>, Ref<Interfaces>, Option<AnyOf<HostVrfs>>);
    type Reads = (Interfaces,);

    fn needs(&self, m: &Membership) -> Self::Needs {
        let inserted = m.existing.as_ref().map(|host| AnyOf::under(&host_vrf(host, "")));
        (Ref::to(&m.interface), Ref::to(&m.vrf), inserted)
    }
    fn image(&self, m: &Membership) -> Result<bool, Invalid> {
        Ok(m.existing.is_some())
    }
    async fn create(&self, theirs: bool, (on, vrf, _): Resolved<Self>) -> Made<Member> {
        let (own, vrf) = self.look(&on, &vrf).await?;
        if theirs && own.master != vrf.index {
            let cause = format!("{} is not in the VRF {}, but in another one", own.host, vrf.host);
            return Err(Error::new(cause).into());
        }
        if !theirs {
            let set = on.netns.ask(vec![put(on.index, vrf.index)]).await;
            set.map_err(|refusal| {
                in_words(&format!("putting {} into the VRF {}", own.host, vrf.host), refusal)
            })?;
        }
        Ok(Member { at: on, table: vrf.table })
    }
    async fn delete(&self, theirs: bool, member: Member, _: Resolved<Self>) -> Result<()> {
        if theirs {
            return Ok(());
        }
        let set = member.at.netns.ask(vec![put(member.at.index, 0)]).await;
        or_gone(set, &["ENODEV"]).map_err(|refusal| in_words("taking an interface out of its VRF", refusal))
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let mut found = Vec::new();
        for (netns, links) in super::listed(&names, get_all(), Sight::read).await? {
            let id = |index: u32| LinkId { netns: netns.clone(), index };
            let vrfs = links.iter().filter(|link| link.kind == vrf::KIND);
            let vrfs: HashMap<u32, (&str, u32)> =
                vrfs.filter_map(|vrf| Some((vrf.index, (*names.get(&id(vrf.index))?, vrf.table)))).collect();
            for link in &links {
                let (Some(interface), Some((vrf, table))) =
                    (names.get(&id(link.index)), vrfs.get(&link.master))
                else {
                    continue;
                };
                let wanted = seen.desired::<Interface>(interface);
                let existing = wanted.filter(|i| super::is_existing(i));
                // Where others put what is theirs is their affair.
                if existing.is_some_and(|i| i.vrf_master_interface != *vrf) {
                    continue;
                }
                let existing = existing.map(|i| super::host_name(i).to_owned());
                let value =
                    Membership { interface: (*interface).to_owned(), vrf: (*vrf).to_owned(), existing };
                found.push(Found::new(value, Member { at: id(link.index), table: *table }));
            }
        }
        Ok(found)
    }
}

/// Puts a link into a VRF, or (0) into none.
fn put(index: u32, master: u32) -> Request {
    set(Which::Index(index), Changes { master: Some(master), ..Changes::default() })
}
