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
use binapi::vlib::{ShowThreads, ShowThreadsReply};
use binapi::vpe::{ShowVersion, ShowVersionReply};

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.query(ping);
    handlers.query(|_, _: ApiVersions| Ok(ApiVersionsReply::default()));
    handlers.query(|_, _: GetFirstMsgId| Err(retval::INVALID_VALUE));
    handlers.query(|_, _: SockclntDelete| Ok(SockclntDeleteReply { response: 1 }));
    handlers.query(version);
    handlers.query(threads);
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
    let workers = (0..state.workers).map(|worker| format!("vpp_wk_{worker}"));
    for (id, name) in (0..).zip(std::iter::once("vpp_main".to_owned()).chain(workers)) {
        let thread = ThreadData { id, name: FixedString::cut(&name), pid: state.pid, ..Default::default() };
        // So many threads as fit.
        let _ = reply.thread_data.push(thread);
    }
    Ok(reply)
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
