//! Memif: a shared-memory interface to another process; two ends meet at a socket file under one id.
//! Type `MEMIF`, section `link.memif` · VPP `memif.api`
//!
//! VPP knows socket files by number. Files are shared by memifs and never removed, as in the reference. VPP does not tell
//! secret and number of queues, and tells ring and buffer size only once both ends are connected.

use super::SwIfIndex;
use crate::prelude::*;
use binapi::memif::{
    MemifCreate, MemifDelete, MemifDetails, MemifDump, MemifSocketFilenameAddDel, MemifSocketFilenameDump,
};
use binapi::text::FixedString;
use model::proto::ligato::vpp::interfaces::memif_link::MemifMode as Mode;
use model::proto::ligato::vpp::interfaces::{Interface, MemifLink, interface};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use types::{MemifMode, MemifRole};

/// What VPP is told. Sizes of 0 are VPP's to choose.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Memif {
    request: MemifCreate,
    /// Socket file; empty for VPP's own, number 0.
    socket: FixedString<108>,
}

/// VPP's defaults.
const RING_SIZE: u32 = 1024;
const BUFFER_SIZE: u16 = 2048;

impl Memif {
    pub(super) fn of(link: &MemifLink) -> Result<Memif, Invalid> {
        let mode = match Mode::try_from(link.mode) {
            Ok(Mode::Ethernet) => MemifMode::ETHERNET,
            Ok(Mode::Ip) => MemifMode::IP,
            Ok(Mode::PuntInject) => {
                return Err(Invalid::new(
                    "link.memif.mode",
                    "is not one that VPP implements; it would crash",
                ));
            }
            Err(_) => return Err(Invalid::new("link.memif.mode", "is not a known mode")),
        };
        let ring = link.ring_size;
        ensure(ring == 0 || ring.is_power_of_two(), "link.memif.ring_size", "must be a power of two")?;
        let queues = |field, n: u32| {
            u8::try_from(n.max(1)).map_err(|_| Invalid::new(field, "is more than 255 queues"))
        };
        let buffer_size = u16::try_from(link.buffer_size);
        let request = MemifCreate {
            role: if link.master { MemifRole::MASTER } else { MemifRole::SLAVE },
            mode,
            rx_queues: queues("link.memif.rx_queues", link.rx_queues)?,
            tx_queues: queues("link.memif.tx_queues", link.tx_queues)?,
            id: link.id,
            ring_size: if ring == 0 { RING_SIZE } else { ring },
            buffer_size: match buffer_size {
                Ok(0) => BUFFER_SIZE,
                Ok(size) => size,
                Err(_) => return Err(Invalid::new("link.memif.buffer_size", "is more than 65535 bytes")),
            },
            secret: fit("link.memif.secret", &link.secret)?,
            ..MemifCreate::default()
        };
        Ok(Memif { request, socket: fit("link.memif.socket_filename", &link.socket_filename)? })
    }
    pub(super) fn is_ethernet(&self) -> bool {
        self.request.mode == MemifMode::ETHERNET
    }
    pub(super) fn settled(&self, seen: &Memif) -> bool {
        self == seen
    }
}

/// Numbers of socket files, as VPP has them.
#[derive(Default)]
struct Sockets {
    numbers: HashMap<String, u32>,
    /// Above all that were given since VPP was asked: one whose fate is not known must not be given again.
    most: u32,
}

pub(super) struct Memifs {
    vpp: Vpp,
    sockets: Mutex<Sockets>,
}

impl Memifs {
    pub(super) fn new(vpp: &Vpp) -> Self {
        Memifs { vpp: vpp.clone(), sockets: Mutex::default() }
    }
    fn sockets(&self) -> std::sync::MutexGuard<'_, Sockets> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The number of a socket file, and whether VPP must be told about it.
    fn number(&self, file: &str) -> (u32, bool) {
        let mut sockets = self.sockets();
        if file.is_empty() {
            return (0, false);
        }
        if let Some(&number) = sockets.numbers.get(file) {
            return (number, false);
        }
        sockets.most += 1;
        let number = sockets.most;
        sockets.numbers.insert(file.to_owned(), number);
        (number, true)
    }
    pub(super) async fn create(&self, memif: Memif) -> Result<SwIfIndex> {
        let (socket_id, fresh) = self.number(memif.socket.as_str());
        // Both are queued before either is waited for: others may use the new number at once.
        let socket_filename = memif.socket;
        let add = MemifSocketFilenameAddDel { is_add: true, socket_id, socket_filename };
        let added = fresh.then(|| self.vpp.call(add));
        let made = self.vpp.call(MemifCreate { socket_id, ..memif.request });
        if let Some(added) = added
            && let Err(error) = added.await
        {
            self.sockets().numbers.remove(memif.socket.as_str());
            // Whatever was made all the same is not what was meant.
            let made = made.await;
            let removed = match &made {
                Ok(made) => self.delete(SwIfIndex(made.sw_if_index)).await,
                Err(_) => Ok(()),
            };
            let unknown = [made.err(), removed.err()].into_iter().flatten().find(|error| error.uncertain);
            return Err(unknown.unwrap_or(error));
        }
        Ok(SwIfIndex(made.await?.sw_if_index))
    }
    pub(super) async fn delete(&self, index: SwIfIndex) -> Result<()> {
        self.vpp.call(MemifDelete { sw_if_index: index.0 }).await.map(drop)
    }
    /// All memifs. Without the plugin there are none.
    pub(super) async fn retrieve(&self) -> Result<Retrieved> {
        if !self.vpp.has::<MemifDump>() {
            return Ok(Retrieved::default());
        }
        let dumps = try_join(self.vpp.dump(MemifSocketFilenameDump {}), self.vpp.dump(MemifDump {})).await?;
        let (files, memifs) = dumps;
        let named = files.iter().map(|f| (f.socket_filename.as_str().to_owned(), f.socket_id));
        let most = files.iter().map(|f| f.socket_id).max().unwrap_or_default();
        *self.sockets() = Sockets { numbers: named.collect(), most };
        let files = files.into_iter().map(|f| (f.socket_id, f.socket_filename.as_str().to_owned())).collect();
        let memifs = memifs.into_iter().map(|details| (SwIfIndex(details.sw_if_index), details)).collect();
        Ok(Retrieved { asked: true, files, memifs })
    }
}

/// What VPP told.
#[derive(Default)]
pub(super) struct Retrieved {
    /// The plugin is there.
    asked: bool,
    files: HashMap<u32, String>,
    memifs: HashMap<SwIfIndex, MemifDetails>,
}

impl Retrieved {
    /// Does the interface have the id and the role of this memif?
    pub(super) fn is_end(&self, index: SwIfIndex, memif: &Memif) -> bool {
        let request = &memif.request;
        self.memifs.get(&index).is_some_and(|seen| (seen.id, seen.role) == (request.id, request.role))
    }
    /// Is this one not known, although memifs were asked for?
    pub(super) fn lacks(&self, index: SwIfIndex) -> bool {
        self.asked && !self.memifs.contains_key(&index)
    }
    /// Socket file (empty for VPP's own) and id of an interface, if it is a memif: no two have the same.
    pub(super) fn place(&self, index: SwIfIndex) -> Option<(&str, u32)> {
        let seen = self.memifs.get(&index)?;
        let file =
            if seen.socket_id == 0 { Some("") } else { self.files.get(&seen.socket_id).map(String::as_str) };
        Some((file?, seen.id))
    }
    /// The same for one that is wanted.
    pub(super) fn place_of<'m>(&self, memif: &'m Memif) -> (&'m str, u32) {
        let file = memif.socket.as_str();
        let own = self.files.get(&0).is_some_and(|own| own == file);
        (if own { "" } else { file }, memif.request.id)
    }
    /// The `link.memif` section of an interface, if it is a memif.
    pub(super) fn section(&self, index: SwIfIndex, wanted: Option<&Interface>) -> Option<MemifLink> {
        let details = self.memifs.get(&index)?;
        let wanted = match wanted.and_then(|i| i.link.as_ref()) {
            Some(interface::Link::Memif(section)) => section.clone(),
            _ => MemifLink::default(),
        };
        let file = self.files.get(&details.socket_id).cloned().unwrap_or_default();
        // The default file may be named or not.
        let default = details.socket_id == 0 && wanted.socket_filename.is_empty();
        let connected = details.ring_size > 1;
        Some(MemifLink {
            mode: match details.mode {
                MemifMode::IP => Mode::Ip,
                MemifMode::PUNT_INJECT => Mode::PuntInject,
                _ => Mode::Ethernet,
            }
            .into(),
            master: details.role == MemifRole::MASTER,
            id: details.id,
            socket_filename: if default { String::new() } else { file },
            ring_size: if connected { details.ring_size } else { wanted.ring_size },
            buffer_size: if details.buffer_size != 0 {
                details.buffer_size.into()
            } else {
                wanted.buffer_size
            },
            secret: wanted.secret,
            rx_queues: wanted.rx_queues,
            tx_queues: wanted.tx_queues,
        })
    }
}
