//! Messages of VPP's module `acl`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `acl_add_replace`, in 23.06-.
///
/// Answered by [`AclAddReplaceReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclAddReplace {
    pub acl_index: u32,
    pub tag: FixedString<64>,
    pub r: Counted<types::AclRule, u32>,
}

impl Wire for AclAddReplace {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Counted<types::AclRule, u32> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
        self.tag.put(out);
        self.r.put_count(out);
        self.r.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "AclAddReplace.acl_index")?;
        let tag: FixedString<64> = field(reader, "AclAddReplace.tag")?;
        let count: u32 = field(reader, "AclAddReplace.count")?;
        let r = Counted::get_items(reader, "AclAddReplace.r", count)?;
        Ok(AclAddReplace { acl_index, tag, r })
    }
}

impl crate::codec::Message for AclAddReplace {
    const ID: &'static str = "acl_add_replace_ee5c2f18";
    const NAME: &'static str = "acl_add_replace";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for AclAddReplace {
    type Reply = AclAddReplaceReply;
}

/// VPP's `acl_add_replace_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclAddReplaceReply {
    pub acl_index: u32,
    pub retval: i32,
}

impl Wire for AclAddReplaceReply {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "AclAddReplaceReply.acl_index")?;
        let retval: i32 = field(reader, "AclAddReplaceReply.retval")?;
        Ok(AclAddReplaceReply { acl_index, retval })
    }
}

impl crate::codec::Message for AclAddReplaceReply {
    const ID: &'static str = "acl_add_replace_reply_ac407b0c";
    const NAME: &'static str = "acl_add_replace_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for AclAddReplaceReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `acl_del`, in 23.06-.
///
/// Answered by [`AclDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclDel {
    pub acl_index: u32,
}

impl Wire for AclDel {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "AclDel.acl_index")?;
        Ok(AclDel { acl_index })
    }
}

impl crate::codec::Message for AclDel {
    const ID: &'static str = "acl_del_ef34fea4";
    const NAME: &'static str = "acl_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for AclDel {
    type Reply = AclDelReply;
}

/// VPP's `acl_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclDelReply {
    pub retval: i32,
}

impl Wire for AclDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "AclDelReply.retval")?;
        Ok(AclDelReply { retval })
    }
}

impl crate::codec::Message for AclDelReply {
    const ID: &'static str = "acl_del_reply_e8d4e804";
    const NAME: &'static str = "acl_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for AclDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `acl_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclDetails {
    pub acl_index: u32,
    pub tag: FixedString<64>,
    pub r: Counted<types::AclRule, u32>,
}

impl Wire for AclDetails {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Counted<types::AclRule, u32> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
        self.tag.put(out);
        self.r.put_count(out);
        self.r.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "AclDetails.acl_index")?;
        let tag: FixedString<64> = field(reader, "AclDetails.tag")?;
        let count: u32 = field(reader, "AclDetails.count")?;
        let r = Counted::get_items(reader, "AclDetails.r", count)?;
        Ok(AclDetails { acl_index, tag, r })
    }
}

impl crate::codec::Message for AclDetails {
    const ID: &'static str = "acl_details_95babae0";
    const NAME: &'static str = "acl_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `acl_dump`, in 23.06-.
///
/// Answered by any number of [`AclDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclDump {
    pub acl_index: u32,
}

impl Wire for AclDump {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "AclDump.acl_index")?;
        Ok(AclDump { acl_index })
    }
}

impl crate::codec::Message for AclDump {
    const ID: &'static str = "acl_dump_ef34fea4";
    const NAME: &'static str = "acl_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for AclDump {
    type Details = AclDetails;
}

/// VPP's `acl_interface_add_del`, in 23.06-.
///
/// Answered by [`AclInterfaceAddDelReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct AclInterfaceAddDel {
    pub is_add: bool,
    pub is_input: bool,
    pub sw_if_index: types::InterfaceIndex,
    pub acl_index: u32,
}

impl Default for AclInterfaceAddDel {
    fn default() -> Self {
        AclInterfaceAddDel {
            is_add: true,
            is_input: Default::default(),
            sw_if_index: Default::default(),
            acl_index: Default::default(),
        }
    }
}

impl Wire for AclInterfaceAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.is_input.put(out);
        self.sw_if_index.put(out);
        self.acl_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "AclInterfaceAddDel.is_add")?;
        let is_input: bool = field(reader, "AclInterfaceAddDel.is_input")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "AclInterfaceAddDel.sw_if_index")?;
        let acl_index: u32 = field(reader, "AclInterfaceAddDel.acl_index")?;
        Ok(AclInterfaceAddDel { is_add, is_input, sw_if_index, acl_index })
    }
}

impl crate::codec::Message for AclInterfaceAddDel {
    const ID: &'static str = "acl_interface_add_del_4b54bebd";
    const NAME: &'static str = "acl_interface_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for AclInterfaceAddDel {
    type Reply = AclInterfaceAddDelReply;
}

/// VPP's `acl_interface_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclInterfaceAddDelReply {
    pub retval: i32,
}

impl Wire for AclInterfaceAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "AclInterfaceAddDelReply.retval")?;
        Ok(AclInterfaceAddDelReply { retval })
    }
}

impl crate::codec::Message for AclInterfaceAddDelReply {
    const ID: &'static str = "acl_interface_add_del_reply_e8d4e804";
    const NAME: &'static str = "acl_interface_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for AclInterfaceAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `acl_interface_list_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclInterfaceListDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub n_input: u8,
    pub acls: Counted<u32, u8>,
}

impl Wire for AclInterfaceListDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<u32, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.acls.put_count(out);
        self.n_input.put(out);
        self.acls.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "AclInterfaceListDetails.sw_if_index")?;
        let count: u8 = field(reader, "AclInterfaceListDetails.count")?;
        let n_input: u8 = field(reader, "AclInterfaceListDetails.n_input")?;
        let acls = Counted::get_items(reader, "AclInterfaceListDetails.acls", count)?;
        Ok(AclInterfaceListDetails { sw_if_index, n_input, acls })
    }
}

impl crate::codec::Message for AclInterfaceListDetails {
    const ID: &'static str = "acl_interface_list_details_e695d256";
    const NAME: &'static str = "acl_interface_list_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `acl_interface_list_dump`, in 23.06-.
///
/// Answered by any number of [`AclInterfaceListDetails`].
#[derive(Clone, Debug, PartialEq)]
pub struct AclInterfaceListDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Default for AclInterfaceListDump {
    fn default() -> Self {
        AclInterfaceListDump {
            sw_if_index: 4294967295,
        }
    }
}

impl Wire for AclInterfaceListDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "AclInterfaceListDump.sw_if_index")?;
        Ok(AclInterfaceListDump { sw_if_index })
    }
}

impl crate::codec::Message for AclInterfaceListDump {
    const ID: &'static str = "acl_interface_list_dump_f9e6675e";
    const NAME: &'static str = "acl_interface_list_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for AclInterfaceListDump {
    type Details = AclInterfaceListDetails;
}

/// VPP's `acl_interface_set_acl_list`, in 23.06-.
///
/// Answered by [`AclInterfaceSetAclListReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclInterfaceSetAclList {
    pub sw_if_index: types::InterfaceIndex,
    pub n_input: u8,
    pub acls: Counted<u32, u8>,
}

impl Wire for AclInterfaceSetAclList {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<u32, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.acls.put_count(out);
        self.n_input.put(out);
        self.acls.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "AclInterfaceSetAclList.sw_if_index")?;
        let count: u8 = field(reader, "AclInterfaceSetAclList.count")?;
        let n_input: u8 = field(reader, "AclInterfaceSetAclList.n_input")?;
        let acls = Counted::get_items(reader, "AclInterfaceSetAclList.acls", count)?;
        Ok(AclInterfaceSetAclList { sw_if_index, n_input, acls })
    }
}

impl crate::codec::Message for AclInterfaceSetAclList {
    const ID: &'static str = "acl_interface_set_acl_list_473982bd";
    const NAME: &'static str = "acl_interface_set_acl_list";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for AclInterfaceSetAclList {
    type Reply = AclInterfaceSetAclListReply;
}

/// VPP's `acl_interface_set_acl_list_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AclInterfaceSetAclListReply {
    pub retval: i32,
}

impl Wire for AclInterfaceSetAclListReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "AclInterfaceSetAclListReply.retval")?;
        Ok(AclInterfaceSetAclListReply { retval })
    }
}

impl crate::codec::Message for AclInterfaceSetAclListReply {
    const ID: &'static str = "acl_interface_set_acl_list_reply_e8d4e804";
    const NAME: &'static str = "acl_interface_set_acl_list_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for AclInterfaceSetAclListReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `macip_acl_add`, in 23.06-.
///
/// Answered by [`MacipAclAddReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MacipAclAdd {
    pub tag: FixedString<64>,
    pub r: Counted<types::MacipAclRule, u32>,
}

impl Wire for MacipAclAdd {
    const MIN_SIZE: usize = <FixedString<64> as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Counted<types::MacipAclRule, u32> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.tag.put(out);
        self.r.put_count(out);
        self.r.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tag: FixedString<64> = field(reader, "MacipAclAdd.tag")?;
        let count: u32 = field(reader, "MacipAclAdd.count")?;
        let r = Counted::get_items(reader, "MacipAclAdd.r", count)?;
        Ok(MacipAclAdd { tag, r })
    }
}

impl crate::codec::Message for MacipAclAdd {
    const ID: &'static str = "macip_acl_add_ce6fbad0";
    const NAME: &'static str = "macip_acl_add";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MacipAclAdd {
    type Reply = MacipAclAddReply;
}

/// VPP's `macip_acl_add_replace`, in 23.06-.
///
/// Answered by [`MacipAclAddReplaceReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct MacipAclAddReplace {
    pub acl_index: u32,
    pub tag: FixedString<64>,
    pub r: Counted<types::MacipAclRule, u32>,
}

impl Default for MacipAclAddReplace {
    fn default() -> Self {
        MacipAclAddReplace {
            acl_index: 4294967295,
            tag: Default::default(),
            r: Default::default(),
        }
    }
}

impl Wire for MacipAclAddReplace {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Counted<types::MacipAclRule, u32> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
        self.tag.put(out);
        self.r.put_count(out);
        self.r.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "MacipAclAddReplace.acl_index")?;
        let tag: FixedString<64> = field(reader, "MacipAclAddReplace.tag")?;
        let count: u32 = field(reader, "MacipAclAddReplace.count")?;
        let r = Counted::get_items(reader, "MacipAclAddReplace.r", count)?;
        Ok(MacipAclAddReplace { acl_index, tag, r })
    }
}

impl crate::codec::Message for MacipAclAddReplace {
    const ID: &'static str = "macip_acl_add_replace_2a461dd4";
    const NAME: &'static str = "macip_acl_add_replace";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MacipAclAddReplace {
    type Reply = MacipAclAddReplaceReply;
}

/// VPP's `macip_acl_add_replace_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MacipAclAddReplaceReply {
    pub acl_index: u32,
    pub retval: i32,
}

impl Wire for MacipAclAddReplaceReply {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "MacipAclAddReplaceReply.acl_index")?;
        let retval: i32 = field(reader, "MacipAclAddReplaceReply.retval")?;
        Ok(MacipAclAddReplaceReply { acl_index, retval })
    }
}

impl crate::codec::Message for MacipAclAddReplaceReply {
    const ID: &'static str = "macip_acl_add_replace_reply_ac407b0c";
    const NAME: &'static str = "macip_acl_add_replace_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MacipAclAddReplaceReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `macip_acl_add_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MacipAclAddReply {
    pub acl_index: u32,
    pub retval: i32,
}

impl Wire for MacipAclAddReply {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "MacipAclAddReply.acl_index")?;
        let retval: i32 = field(reader, "MacipAclAddReply.retval")?;
        Ok(MacipAclAddReply { acl_index, retval })
    }
}

impl crate::codec::Message for MacipAclAddReply {
    const ID: &'static str = "macip_acl_add_reply_ac407b0c";
    const NAME: &'static str = "macip_acl_add_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MacipAclAddReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `macip_acl_del`, in 23.06-.
///
/// Answered by [`MacipAclDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MacipAclDel {
    pub acl_index: u32,
}

impl Wire for MacipAclDel {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "MacipAclDel.acl_index")?;
        Ok(MacipAclDel { acl_index })
    }
}

impl crate::codec::Message for MacipAclDel {
    const ID: &'static str = "macip_acl_del_ef34fea4";
    const NAME: &'static str = "macip_acl_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MacipAclDel {
    type Reply = MacipAclDelReply;
}

/// VPP's `macip_acl_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MacipAclDelReply {
    pub retval: i32,
}

impl Wire for MacipAclDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "MacipAclDelReply.retval")?;
        Ok(MacipAclDelReply { retval })
    }
}

impl crate::codec::Message for MacipAclDelReply {
    const ID: &'static str = "macip_acl_del_reply_e8d4e804";
    const NAME: &'static str = "macip_acl_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MacipAclDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `macip_acl_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MacipAclDetails {
    pub acl_index: u32,
    pub tag: FixedString<64>,
    pub r: Counted<types::MacipAclRule, u32>,
}

impl Wire for MacipAclDetails {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Counted<types::MacipAclRule, u32> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
        self.tag.put(out);
        self.r.put_count(out);
        self.r.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "MacipAclDetails.acl_index")?;
        let tag: FixedString<64> = field(reader, "MacipAclDetails.tag")?;
        let count: u32 = field(reader, "MacipAclDetails.count")?;
        let r = Counted::get_items(reader, "MacipAclDetails.r", count)?;
        Ok(MacipAclDetails { acl_index, tag, r })
    }
}

impl crate::codec::Message for MacipAclDetails {
    const ID: &'static str = "macip_acl_details_27135b59";
    const NAME: &'static str = "macip_acl_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `macip_acl_dump`, in 23.06-.
///
/// Answered by any number of [`MacipAclDetails`].
#[derive(Clone, Debug, PartialEq)]
pub struct MacipAclDump {
    pub acl_index: u32,
}

impl Default for MacipAclDump {
    fn default() -> Self {
        MacipAclDump {
            acl_index: 4294967295,
        }
    }
}

impl Wire for MacipAclDump {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.acl_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let acl_index: u32 = field(reader, "MacipAclDump.acl_index")?;
        Ok(MacipAclDump { acl_index })
    }
}

impl crate::codec::Message for MacipAclDump {
    const ID: &'static str = "macip_acl_dump_ef34fea4";
    const NAME: &'static str = "macip_acl_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for MacipAclDump {
    type Details = MacipAclDetails;
}

/// VPP's `macip_acl_interface_add_del`, in 23.06-.
///
/// Answered by [`MacipAclInterfaceAddDelReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct MacipAclInterfaceAddDel {
    pub is_add: bool,
    pub sw_if_index: types::InterfaceIndex,
    pub acl_index: u32,
}

impl Default for MacipAclInterfaceAddDel {
    fn default() -> Self {
        MacipAclInterfaceAddDel {
            is_add: true,
            sw_if_index: Default::default(),
            acl_index: Default::default(),
        }
    }
}

impl Wire for MacipAclInterfaceAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.sw_if_index.put(out);
        self.acl_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "MacipAclInterfaceAddDel.is_add")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "MacipAclInterfaceAddDel.sw_if_index")?;
        let acl_index: u32 = field(reader, "MacipAclInterfaceAddDel.acl_index")?;
        Ok(MacipAclInterfaceAddDel { is_add, sw_if_index, acl_index })
    }
}

impl crate::codec::Message for MacipAclInterfaceAddDel {
    const ID: &'static str = "macip_acl_interface_add_del_4b8690b1";
    const NAME: &'static str = "macip_acl_interface_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MacipAclInterfaceAddDel {
    type Reply = MacipAclInterfaceAddDelReply;
}

/// VPP's `macip_acl_interface_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MacipAclInterfaceAddDelReply {
    pub retval: i32,
}

impl Wire for MacipAclInterfaceAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "MacipAclInterfaceAddDelReply.retval")?;
        Ok(MacipAclInterfaceAddDelReply { retval })
    }
}

impl crate::codec::Message for MacipAclInterfaceAddDelReply {
    const ID: &'static str = "macip_acl_interface_add_del_reply_e8d4e804";
    const NAME: &'static str = "macip_acl_interface_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MacipAclInterfaceAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `macip_acl_interface_list_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MacipAclInterfaceListDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub acls: Counted<u32, u8>,
}

impl Wire for MacipAclInterfaceListDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<u32, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.acls.put_count(out);
        self.acls.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "MacipAclInterfaceListDetails.sw_if_index")?;
        let count: u8 = field(reader, "MacipAclInterfaceListDetails.count")?;
        let acls = Counted::get_items(reader, "MacipAclInterfaceListDetails.acls", count)?;
        Ok(MacipAclInterfaceListDetails { sw_if_index, acls })
    }
}

impl crate::codec::Message for MacipAclInterfaceListDetails {
    const ID: &'static str = "macip_acl_interface_list_details_a0c5d56d";
    const NAME: &'static str = "macip_acl_interface_list_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `macip_acl_interface_list_dump`, in 23.06-.
///
/// Answered by any number of [`MacipAclInterfaceListDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MacipAclInterfaceListDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for MacipAclInterfaceListDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "MacipAclInterfaceListDump.sw_if_index")?;
        Ok(MacipAclInterfaceListDump { sw_if_index })
    }
}

impl crate::codec::Message for MacipAclInterfaceListDump {
    const ID: &'static str = "macip_acl_interface_list_dump_f9e6675e";
    const NAME: &'static str = "macip_acl_interface_list_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for MacipAclInterfaceListDump {
    type Details = MacipAclInterfaceListDetails;
}

