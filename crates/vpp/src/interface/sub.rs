//! Sub-interface: the packets with one VLAN tag on another interface, and what is done to their tags.
//! Type `SUB_INTERFACE`, section `link.sub` · VPP `interface.api`, `l2.api`
//!
//! The tag rewrite works on bridged and cross-connected packets only. It is changed in place.

use super::SwIfIndex;
use super::link::{LinkType, Links, Sight, missing};
use crate::prelude::*;
use binapi::interface::{CreateVlanSubif, DeleteSubif};
use binapi::l2::L2InterfaceVlanTagRewrite;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::sub_interface::TagRewriteOptions as Rewrite;
use model::proto::ligato::vpp::interfaces::{Interface, SubInterface};

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sub {
    parent: String,
    vlan_id: u32,
    rewrite: L2InterfaceVlanTagRewrite,
}

/// How many tags are pushed.
fn pushed(option: Rewrite) -> u32 {
    match option {
        Rewrite::Push1 | Rewrite::Translate11 | Rewrite::Translate21 => 1,
        Rewrite::Push2 | Rewrite::Translate12 | Rewrite::Translate22 => 2,
        Rewrite::Disabled | Rewrite::Pop1 | Rewrite::Pop2 => 0,
    }
}

impl LinkType for Sub {
    const TYPE: Type = Type::SubInterface;
    const PREFIX: &'static str = "";
    const USES: &'static [&'static str] =
        &[CreateVlanSubif::ID, DeleteSubif::ID, L2InterfaceVlanTagRewrite::ID];
    const TAKES_DEFAULT_MTU: bool = false;
    type Told = ();

    fn of(i: &Interface) -> Result<Sub, Invalid> {
        let Some(Section::Sub(sub)) = &i.link else { return Err(missing(i, "link.sub")) };
        ensure(
            !sub.parent_name.is_empty(),
            "link.sub.parent_name",
            "must be given: the interface it is part of",
        )?;
        ensure((1..=4094).contains(&sub.sub_id), "link.sub.sub_id", "is not a VLAN number from 1 to 4094")?;
        let option = Rewrite::try_from(sub.tag_rw_option)
            .map_err(|_| Invalid::new("link.sub.tag_rw_option", "is not a known tag rewrite"))?;
        // VPP refuses these on an interface that takes packets with one tag (-72, INVALID_VLAN_TAG_COUNT).
        let two = matches!(option, Rewrite::Pop2 | Rewrite::Translate21 | Rewrite::Translate22);
        ensure(!two, "link.sub.tag_rw_option", "removes two tags, but packets of a sub-interface have one")?;
        let most = |tag: u32, field| ensure(tag <= 4095, field, "is not a VLAN tag from 0 to 4095");
        most(sub.tag1, "link.sub.tag1")?;
        most(sub.tag2, "link.sub.tag2")?;
        // What is not pushed means nothing, and VPP does not tell it.
        let pushed = pushed(option);
        let rewrite = L2InterfaceVlanTagRewrite {
            sw_if_index: 0,
            vtr_op: sub.tag_rw_option.cast_unsigned(),
            push_dot1q: u32::from(sub.push_dot1q && pushed > 0),
            tag1: if pushed > 0 { sub.tag1 } else { 0 },
            tag2: if pushed > 1 { sub.tag2 } else { 0 },
        };
        Ok(Sub { parent: sub.parent_name.clone(), vlan_id: sub.sub_id, rewrite })
    }
    fn over(&self) -> Option<&str> {
        Some(&self.parent)
    }
    fn place(&self) -> Option<String> {
        Some(format!("{} of {}", self.vlan_id, self.parent))
    }
    fn resembles(&self, seen: &Sub) -> bool {
        (&self.parent, self.vlan_id) == (&seen.parent, seen.vlan_id)
    }
    fn in_place(&self, old: &Sub) -> bool {
        self.resembles(old)
    }
    async fn create(self, links: &Links, over: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let Some(SwIfIndex(sw_if_index)) = over else {
            return Err(sched::Error::new("its parent is not there"));
        };
        let made = links.vpp.call(CreateVlanSubif { sw_if_index, vlan_id: self.vlan_id }).await?;
        Ok(SwIfIndex(made.sw_if_index))
    }
    /// Also without a rewrite: the index may be that of an interface that had one.
    async fn adjust(self, links: &Links, old: Option<Sub>, SwIfIndex(sw_if_index): SwIfIndex) -> Result<()> {
        if old.is_some_and(|old| old.rewrite == self.rewrite) {
            return Ok(());
        }
        links.vpp.call(L2InterfaceVlanTagRewrite { sw_if_index, ..self.rewrite }).await.map(drop)
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(DeleteSubif { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(_: &Links) -> Result<Option<()>> {
        Ok(Some(()))
    }
    fn section((): &(), sight: &Sight<'_>) -> Option<Option<Section>> {
        let details = sight.details;
        (details.sup_sw_if_index != details.sw_if_index).then(|| {
            Some(Section::Sub(SubInterface {
                parent_name: sight.name_of(details.sup_sw_if_index),
                sub_id: details.sub_id,
                tag_rw_option: details.vtr_op.cast_signed(),
                push_dot1q: details.vtr_push_dot1q != 0,
                tag1: details.vtr_tag1,
                tag2: details.vtr_tag2,
            }))
        })
    }
}
