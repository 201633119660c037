//! Messages of VPP's module `teib`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `teib_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TeibDetails {
    pub entry: types::TeibEntry,
}

impl Wire for TeibDetails {
    const MIN_SIZE: usize = <types::TeibEntry as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.entry.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let entry: types::TeibEntry = field(reader, "TeibDetails.entry")?;
        Ok(TeibDetails { entry })
    }
}

impl crate::codec::Message for TeibDetails {
    const ID: &'static str = "teib_details_981ee1a1";
    const NAME: &'static str = "teib_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `teib_dump`, in 23.06-.
///
/// Answered by any number of [`TeibDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TeibDump {}

impl Wire for TeibDump {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(TeibDump {})
    }
}

impl crate::codec::Message for TeibDump {
    const ID: &'static str = "teib_dump_51077d14";
    const NAME: &'static str = "teib_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for TeibDump {
    type Details = TeibDetails;
}

/// VPP's `teib_entry_add_del`, in 23.06-.
///
/// Answered by [`TeibEntryAddDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TeibEntryAddDel {
    pub is_add: u8,
    pub entry: types::TeibEntry,
}

impl Wire for TeibEntryAddDel {
    const MIN_SIZE: usize = <u8 as Wire>::MIN_SIZE
        + <types::TeibEntry as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.entry.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: u8 = field(reader, "TeibEntryAddDel.is_add")?;
        let entry: types::TeibEntry = field(reader, "TeibEntryAddDel.entry")?;
        Ok(TeibEntryAddDel { is_add, entry })
    }
}

impl crate::codec::Message for TeibEntryAddDel {
    const ID: &'static str = "teib_entry_add_del_8016cfd2";
    const NAME: &'static str = "teib_entry_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for TeibEntryAddDel {
    type Reply = TeibEntryAddDelReply;
}

/// VPP's `teib_entry_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TeibEntryAddDelReply {
    pub retval: i32,
}

impl Wire for TeibEntryAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "TeibEntryAddDelReply.retval")?;
        Ok(TeibEntryAddDelReply { retval })
    }
}

impl crate::codec::Message for TeibEntryAddDelReply {
    const ID: &'static str = "teib_entry_add_del_reply_e8d4e804";
    const NAME: &'static str = "teib_entry_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for TeibEntryAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

