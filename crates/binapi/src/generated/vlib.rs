//! Messages of VPP's module `vlib`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `cli_inband`, in 23.06-.
///
/// Answered by [`CliInbandReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CliInband {
    pub cmd: String,
}

impl Wire for CliInband {
    const MIN_SIZE: usize = <String as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.cmd.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let cmd: String = field(reader, "CliInband.cmd")?;
        Ok(CliInband { cmd })
    }
}

impl crate::codec::Message for CliInband {
    const ID: &'static str = "cli_inband_f8377302";
    const NAME: &'static str = "cli_inband";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for CliInband {
    type Reply = CliInbandReply;
}

/// VPP's `cli_inband_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CliInbandReply {
    pub retval: i32,
    pub reply: String,
}

impl Wire for CliInbandReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <String as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.reply.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "CliInbandReply.retval")?;
        let reply: String = field(reader, "CliInbandReply.reply")?;
        Ok(CliInbandReply { retval, reply })
    }
}

impl crate::codec::Message for CliInbandReply {
    const ID: &'static str = "cli_inband_reply_05879051";
    const NAME: &'static str = "cli_inband_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for CliInbandReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `show_threads`, in 23.06-.
///
/// Answered by [`ShowThreadsReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ShowThreads {}

impl Wire for ShowThreads {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ShowThreads {})
    }
}

impl crate::codec::Message for ShowThreads {
    const ID: &'static str = "show_threads_51077d14";
    const NAME: &'static str = "show_threads";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for ShowThreads {
    type Reply = ShowThreadsReply;
}

/// VPP's `show_threads_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ShowThreadsReply {
    pub retval: i32,
    pub thread_data: Counted<types::ThreadData, u32>,
}

impl Wire for ShowThreadsReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Counted<types::ThreadData, u32> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.thread_data.put_count(out);
        self.thread_data.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "ShowThreadsReply.retval")?;
        let count: u32 = field(reader, "ShowThreadsReply.count")?;
        let thread_data = Counted::get_items(reader, "ShowThreadsReply.thread_data", count)?;
        Ok(ShowThreadsReply { retval, thread_data })
    }
}

impl crate::codec::Message for ShowThreadsReply {
    const ID: &'static str = "show_threads_reply_efd78e83";
    const NAME: &'static str = "show_threads_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for ShowThreadsReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

