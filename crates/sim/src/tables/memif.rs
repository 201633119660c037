//! Memifs and their sockets. No peer ever connects by itself; [`crate::Sim::set_link`] plays one.

use super::interface::Kind;
use super::retval;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::memif::{
    MemifCreate, MemifCreateReply, MemifCreateV2, MemifCreateV2Reply, MemifDelete, MemifDeleteReply,
    MemifDetails, MemifDump, MemifSocketFilenameAddDel, MemifSocketFilenameAddDelReply,
    MemifSocketFilenameAddDelV2, MemifSocketFilenameAddDelV2Reply, MemifSocketFilenameDetails,
    MemifSocketFilenameDump,
};
use binapi::text::FixedString;
use binapi::types::{MemifMode, MemifRole};
use std::collections::{BTreeMap, BTreeSet};

/// One that carries Ethernet frames. The link depends on the peer.
static ETHERNET: Kind =
    Kind { device: "memif", ethernet: true, mtu: 9000, follows: false, hardware_mtu: None };
/// One that carries IP packets.
static IP: Kind = Kind {
    device: "memif",
    ethernet: false,
    mtu: 0,
    follows: false,
    hardware_mtu: Some(retval::FEATURE_DISABLED),
};

const DEFAULT_RING_SIZE: u32 = 1024;
const DEFAULT_BUFFER_SIZE: u16 = 2048;

#[derive(Debug)]
struct Socket {
    filename: String,
    /// The role of all memifs on it; the first one decides.
    role: MemifRole,
    /// Ids of the memifs on it.
    ids: BTreeSet<u32>,
}

#[derive(Debug)]
struct Memif {
    id: u32,
    socket: u32,
    role: MemifRole,
    mode: MemifMode,
    zero_copy: bool,
    ring_size: u32,
    buffer_size: u16,
    rx_queues: u8,
}

/// All memifs by interface index, and all sockets by id.
#[derive(Debug)]
pub(crate) struct Memifs {
    sockets: BTreeMap<u32, Socket>,
    by_interface: BTreeMap<u32, Memif>,
    /// Feeds MAC addresses and socket ids that VPP would choose at random.
    seed: u32,
}

impl Memifs {
    /// Socket 0 is there from the start.
    pub(crate) fn new(runtime_dir: &str) -> Self {
        let default = Socket {
            filename: format!("{runtime_dir}/memif.sock"),
            role: MemifRole::MASTER,
            ids: BTreeSet::new(),
        };
        Memifs { sockets: BTreeMap::from([(0, default)]), by_interface: BTreeMap::new(), seed: 1 }
    }

    /// The next number of a linear congruential generator: the same after every start.
    pub(crate) fn random(&mut self) -> u32 {
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.seed
    }

    /// How many receive queues a memif has once it is connected.
    pub(crate) fn queues_of(&self, sw_if_index: u32) -> Option<u32> {
        self.by_interface.get(&sw_if_index).map(|memif| memif.rx_queues.into())
    }

    fn add_socket(&mut self, runtime_dir: &str, id: u32, filename: &str) -> Result<()> {
        if id == u32::MAX || filename.is_empty() {
            return Err(retval::INVALID_ARGUMENT);
        }
        let absolute = filename.starts_with('/') || filename.starts_with('@') || filename.contains(':');
        let filename = if absolute { filename.to_owned() } else { format!("{runtime_dir}/{filename}") };
        match self.sockets.get(&id) {
            Some(socket) if socket.filename == filename => Ok(()),
            Some(_) => Err(retval::ENTRY_ALREADY_EXISTS),
            None => {
                self.sockets.insert(id, Socket { filename, role: MemifRole::MASTER, ids: BTreeSet::new() });
                Ok(())
            }
        }
    }

    fn remove_socket(&mut self, id: u32) -> Result<()> {
        let socket = self.sockets.get(&id).ok_or(retval::INVALID_ARGUMENT)?;
        if id == 0 {
            return Err(retval::INVALID_ARGUMENT);
        }
        if !socket.ids.is_empty() {
            return Err(retval::UNEXPECTED_INTF_STATE);
        }
        self.sockets.remove(&id);
        Ok(())
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.dump(socket_dump);
    handlers.change(socket);
    handlers.change(socket_v2);
    handlers.change(create);
    handlers.change(create_v2);
    handlers.change(delete);
}

fn socket(state: &mut State, request: MemifSocketFilenameAddDel) -> Result<MemifSocketFilenameAddDelReply> {
    let id = request.socket_id;
    if id == 0 || id == u32::MAX {
        return Err(retval::INVALID_ARGUMENT);
    }
    if request.is_add {
        state.memifs.add_socket(&state.runtime_dir, id, &request.socket_filename)?;
    } else {
        state.memifs.remove_socket(id)?;
    }
    Ok(MemifSocketFilenameAddDelReply::default())
}

/// Chooses an id if it is given ~0. The reply tells the id also when it refuses.
fn socket_v2(
    state: &mut State,
    request: MemifSocketFilenameAddDelV2,
) -> Result<MemifSocketFilenameAddDelV2Reply> {
    let mut socket_id = request.socket_id;
    let done = match (socket_id, request.is_add) {
        (0, _) => Err(retval::INVALID_ARGUMENT),
        (_, false) => state.memifs.remove_socket(socket_id),
        (_, true) => {
            while socket_id == u32::MAX
                || (request.socket_id == u32::MAX && state.memifs.sockets.contains_key(&socket_id))
            {
                socket_id = state.memifs.random();
            }
            state.memifs.add_socket(&state.runtime_dir, socket_id, &request.socket_filename)
        }
    };
    match done {
        Ok(()) => Ok(MemifSocketFilenameAddDelV2Reply { retval: 0, socket_id }),
        Err(Outcome::Retval(retval)) => Ok(MemifSocketFilenameAddDelV2Reply { retval, socket_id }),
        Err(crash) => Err(crash),
    }
}

fn socket_dump(state: &State, _: MemifSocketFilenameDump) -> Vec<MemifSocketFilenameDetails> {
    let sockets = state.memifs.sockets.iter();
    sockets
        .map(|(socket_id, socket)| MemifSocketFilenameDetails {
            socket_id: *socket_id,
            socket_filename: FixedString::cut(&socket.filename),
        })
        .collect()
}

fn create(state: &mut State, request: MemifCreate) -> Result<MemifCreateReply> {
    let request = MemifCreateV2 {
        role: request.role,
        mode: request.mode,
        rx_queues: request.rx_queues,
        tx_queues: request.tx_queues,
        id: request.id,
        socket_id: request.socket_id,
        ring_size: request.ring_size,
        buffer_size: request.buffer_size,
        no_zero_copy: request.no_zero_copy,
        use_dma: false,
        hw_addr: request.hw_addr,
        secret: request.secret,
    };
    let reply = create_v2(state, request)?;
    Ok(MemifCreateReply { retval: reply.retval, sw_if_index: reply.sw_if_index })
}

fn create_v2(state: &mut State, request: MemifCreateV2) -> Result<MemifCreateV2Reply> {
    let ring_size = if request.ring_size == 0 { DEFAULT_RING_SIZE } else { request.ring_size };
    if !ring_size.is_power_of_two() {
        return Err(retval::INVALID_ARGUMENT);
    }
    // Whatever is not master is slave.
    let role = if request.role == MemifRole::MASTER { MemifRole::MASTER } else { MemifRole::SLAVE };
    let socket = state.memifs.sockets.get(&request.socket_id).ok_or(retval::INVALID_ARGUMENT)?;
    if !socket.ids.is_empty() && (socket.role != role || socket.ids.contains(&request.id)) {
        return Err(retval::SUBIF_ALREADY_EXISTS);
    }
    let kind = match request.mode {
        MemifMode::ETHERNET => &ETHERNET,
        MemifMode::IP => &IP,
        // It means to refuse, and falls over cleaning up what is not there yet.
        _ => return Err(Outcome::Crash),
    };
    let mac = match (kind.ethernet, request.hw_addr == MacAddress::default()) {
        (false, _) => MacAddress::default(),
        (_, false) => request.hw_addr,
        (_, true) => state.random_mac(),
    };
    let (id, socket_id) = (request.id, request.socket_id);
    let sw_if_index = state.add_interface(kind, format!("memif{socket_id}/{id}"), mac);
    if let Some(socket) = state.memifs.sockets.get_mut(&socket_id) {
        socket.role = role;
        socket.ids.insert(id);
    }
    let memif = Memif {
        id,
        socket: socket_id,
        role,
        mode: request.mode,
        zero_copy: role == MemifRole::SLAVE && !request.no_zero_copy,
        ring_size,
        rx_queues: request.rx_queues.max(1),
        buffer_size: if request.buffer_size == 0 { DEFAULT_BUFFER_SIZE } else { request.buffer_size },
    };
    state.memifs.by_interface.insert(sw_if_index, memif);
    Ok(MemifCreateV2Reply { retval: 0, sw_if_index })
}

impl State {
    /// Deletes a memif; anything else is refused.
    pub(crate) fn delete_memif(&mut self, sw_if_index: u32) -> Result<()> {
        let memif = self.memifs.by_interface.remove(&sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)?;
        if let Some(socket) = self.memifs.sockets.get_mut(&memif.socket) {
            socket.ids.remove(&memif.id);
        }
        self.remove_interface(sw_if_index).map(drop)
    }
}

fn delete(state: &mut State, request: MemifDelete) -> Result<MemifDeleteReply> {
    state.delete_memif(request.sw_if_index)?;
    Ok(MemifDeleteReply::default())
}

/// Ring and buffer size are those agreed with the peer: 1 and 0 while there is none.
fn dump(state: &State, _: MemifDump) -> Vec<MemifDetails> {
    let memifs = state.memifs.by_interface.iter();
    memifs
        .filter_map(|(sw_if_index, m)| {
            let interface = state.interfaces.get(*sw_if_index).ok()?;
            let connected = interface.link_up;
            Some(MemifDetails {
                sw_if_index: *sw_if_index,
                hw_addr: interface.mac,
                id: m.id,
                role: m.role,
                mode: m.mode,
                zero_copy: m.zero_copy,
                socket_id: m.socket,
                ring_size: if connected { m.ring_size } else { 1 },
                buffer_size: if connected { m.buffer_size } else { 0 },
                flags: interface.flags(),
                if_name: FixedString::cut(&interface.name),
            })
        })
        .collect()
}
