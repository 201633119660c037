//! The messages that are about the connection and about VPP itself.

use super::retval;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::interface::{WantInterfaceEvents, WantInterfaceEventsReply};
use binapi::memclnt::{
    ApiVersions, ApiVersionsReply, ControlPing, ControlPingReply, GetFirstMsgId, MemclntKeepalive,
    MemclntKeepaliveReply, SockclntDelete, SockclntDeleteReply,
};
use binapi::text::FixedString;
use binapi::types::ThreadData;
use binapi::vlib::{CliInband, CliInbandReply, ShowThreads, ShowThreadsReply};
use binapi::vpe::{ShowVersion, ShowVersionReply};

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.query(ping);
    handlers.query(|_, _: ApiVersions| Ok(ApiVersionsReply::default()));
    handlers.query(|_, _: GetFirstMsgId| Err(retval::INVALID_VALUE));
    handlers.query(|_, _: SockclntDelete| Ok(SockclntDeleteReply { response: 1 }));
    handlers.query(version);
    handlers.query(threads);
    handlers.query(command_line);
    handlers.query(want_interface_events);
    handlers.ignore::<MemclntKeepalive>();
    handlers.ignore::<MemclntKeepaliveReply>();
}

fn ping(state: &mut State, _: ControlPing) -> Result<ControlPingReply> {
    Ok(ControlPingReply { retval: 0, client_index: state.caller, vpe_pid: state.pid })
}

fn version(state: &mut State, _: ShowVersion) -> Result<ShowVersionReply> {
    Ok(ShowVersionReply {
        retval: 0,
        program: FixedString::cut("vpe"),
        version: FixedString::cut(&format!("{}-release", state.release)),
        build_date: FixedString::cut("simulated"),
        build_directory: FixedString::default(),
    })
}

fn threads(state: &mut State, _: ShowThreads) -> Result<ShowThreadsReply> {
    let mut reply = ShowThreadsReply::default();
    let main = ThreadData { name: FixedString::cut("vpp_main"), pid: state.pid, ..Default::default() };
    // One thread always fits.
    let _ = reply.thread_data.push(main);
    Ok(reply)
}

/// There is no command line: every command is an unknown one.
fn command_line(_: &mut State, request: CliInband) -> Result<CliInbandReply> {
    Ok(CliInbandReply { retval: -1, reply: format!("unknown input `{}'\n", request.cmd) })
}

fn want_interface_events(
    state: &mut State,
    request: WantInterfaceEvents,
) -> Result<WantInterfaceEventsReply> {
    let known = state.subscribers.contains_key(&state.caller);
    match (request.enable_disable != 0, known) {
        (true, false) => state.subscribers.insert(state.caller, request.pid),
        (false, true) => state.subscribers.remove(&state.caller),
        _ => return Err(retval::INVALID_REGISTRATION),
    };
    Ok(WantInterfaceEventsReply::default())
}
