//! Messages of VPP's module `vpe`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `show_version`, in 23.06-.
///
/// Answered by [`ShowVersionReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ShowVersion {}

impl Wire for ShowVersion {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ShowVersion {})
    }
}

impl crate::codec::Message for ShowVersion {
    const ID: &'static str = "show_version_51077d14";
    const NAME: &'static str = "show_version";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for ShowVersion {
    type Reply = ShowVersionReply;
}

/// VPP's `show_version_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ShowVersionReply {
    pub retval: i32,
    pub program: FixedString<32>,
    pub version: FixedString<32>,
    pub build_date: FixedString<32>,
    pub build_directory: FixedString<256>,
}

impl Wire for ShowVersionReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <FixedString<32> as Wire>::MIN_SIZE
        + <FixedString<32> as Wire>::MIN_SIZE
        + <FixedString<32> as Wire>::MIN_SIZE
        + <FixedString<256> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.program.put(out);
        self.version.put(out);
        self.build_date.put(out);
        self.build_directory.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "ShowVersionReply.retval")?;
        let program: FixedString<32> = field(reader, "ShowVersionReply.program")?;
        let version: FixedString<32> = field(reader, "ShowVersionReply.version")?;
        let build_date: FixedString<32> = field(reader, "ShowVersionReply.build_date")?;
        let build_directory: FixedString<256> = field(reader, "ShowVersionReply.build_directory")?;
        Ok(ShowVersionReply { retval, program, version, build_date, build_directory })
    }
}

impl crate::codec::Message for ShowVersionReply {
    const ID: &'static str = "show_version_reply_c919bde1";
    const NAME: &'static str = "show_version_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for ShowVersionReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

