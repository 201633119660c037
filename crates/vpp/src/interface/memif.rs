//! Memif: a shared-memory interface to another process; two ends meet at a socket file under one id.
//! Type `MEMIF`, section `link.memif` · VPP `memif.api`
//!
//! VPP knows socket files by number. Files are shared by memifs and never removed, as in the reference. VPP does not tell
//! secret and number of queues, and tells ring and buffer size only once both ends are connected.

use super::SwIfIndex;
use super::link::{LinkType, Links, Sight, mac_of, missing};
use crate::prelude::*;
use binapi::memif::{
    MemifCreate, MemifDelete, MemifDetails, MemifDump, MemifSocketFilenameAddDel, MemifSocketFilenameDump,
};
use binapi::text::FixedString;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::memif_link::MemifMode as Mode;
use model::proto::ligato::vpp::interfaces::{Interface, MemifLink};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// Numbers of socket files, as VPP has them.
#[derive(Default)]
struct Numbers {
    numbers: HashMap<String, u32>,
    /// Above all that were given since VPP was asked: one whose fate is not known must not be given again.
    most: u32,
}

/// The socket files of a VPP.
#[derive(Default)]
pub(super) struct Sockets(Mutex<Numbers>);

impl Sockets {
    fn inner(&self) -> MutexGuard<'_, Numbers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The number of a socket file, and whether VPP must be told about it.
    fn number(&self, file: &str) -> (u32, bool) {
        let mut sockets = self.inner();
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
}

/// What VPP told.
#[derive(Default)]
pub(super) struct Told {
    files: HashMap<u32, String>,
    memifs: HashMap<SwIfIndex, MemifDetails>,
}

impl LinkType for Memif {
    const TYPE: Type = Type::Memif;
    const PREFIX: &'static str = "memif";
    const USES: &'static [&'static str] = &[
        MemifCreate::ID,
        MemifDelete::ID,
        MemifDump::ID,
        MemifSocketFilenameAddDel::ID,
        MemifSocketFilenameDump::ID,
    ];
    type Told = Told;

    fn of(i: &Interface) -> Result<Memif, Invalid> {
        let Some(Section::Memif(link)) = &i.link else { return Err(missing(i, "link.memif")) };
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
        ensure(
            mode != MemifMode::IP || mac_of(i)?.is_none(),
            "phys_address",
            "cannot be set: a memif in IP mode has none",
        )?;
        Ok(Memif { request, socket: fit("link.memif.socket_filename", &link.socket_filename)? })
    }
    /// VPP starts a memif in IP mode without one.
    fn default_mtu(&self, _: &Links) -> u32 {
        if self.request.mode == MemifMode::IP { 0 } else { Self::DEFAULT_MTU }
    }
    fn place(&self) -> Option<String> {
        Some(format!("{} {}", self.request.id, self.socket))
    }
    /// VPP's own file may be named or not.
    fn place_as_told(&self, told: &Told) -> Option<String> {
        let own = told.files.get(&0).is_some_and(|own| own == self.socket.as_str());
        if own { Some(format!("{} ", self.request.id)) } else { self.place() }
    }
    /// Sizes are told of connected ones only.
    fn resembles(&self, seen: &Memif) -> bool {
        (self.request.id, self.request.role) == (seen.request.id, seen.request.role)
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let (socket_id, fresh) = links.sockets.number(self.socket.as_str());
        // Both are queued before either is waited for: others may use the new number at once.
        let add = MemifSocketFilenameAddDel { is_add: true, socket_id, socket_filename: self.socket };
        let added = fresh.then(|| links.vpp.call(add));
        let made = links.vpp.call(MemifCreate { socket_id, ..self.request.clone() });
        if let Some(added) = added
            && let Err(error) = added.await
        {
            links.sockets.inner().numbers.remove(self.socket.as_str());
            // Whatever was made all the same is not what was meant.
            let made = made.await;
            let removed = match &made {
                Ok(made) => self.delete(links, SwIfIndex(made.sw_if_index)).await,
                Err(_) => Ok(()),
            };
            let unknown = [made.err(), removed.err()].into_iter().flatten().find(|error| error.uncertain);
            return Err(unknown.unwrap_or(error));
        }
        Ok(SwIfIndex(made.await?.sw_if_index))
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(MemifDelete { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(links: &Links) -> Result<Option<Told>> {
        if !links.vpp.has::<MemifDump>() {
            return Ok(None);
        }
        let files = links.vpp.dump(MemifSocketFilenameDump {});
        let (files, memifs) = try_join(files, links.vpp.dump(MemifDump {})).await?;
        let named = files.iter().map(|f| (f.socket_filename.as_str().to_owned(), f.socket_id));
        let most = files.iter().map(|f| f.socket_id).max().unwrap_or_default();
        *links.sockets.inner() = Numbers { numbers: named.collect(), most };
        let files = files.into_iter().map(|f| (f.socket_id, f.socket_filename.as_str().to_owned())).collect();
        let memifs = memifs.into_iter().map(|details| (SwIfIndex(details.sw_if_index), details)).collect();
        Ok(Some(Told { files, memifs }))
    }
    fn section(told: &Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let details = told.memifs.get(&sight.index())?;
        let wanted = match sight.section() {
            Some(Section::Memif(section)) => section.clone(),
            _ => MemifLink::default(),
        };
        let file = told.files.get(&details.socket_id).cloned().unwrap_or_default();
        // The default file may be named or not.
        let default = details.socket_id == 0 && wanted.socket_filename.is_empty();
        let connected = details.ring_size > 1;
        Some(Some(Section::Memif(MemifLink {
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
        })))
    }
}
