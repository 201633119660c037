//! The machine that the simulated VPP runs on: what VPP finds there, and cannot make itself.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// What there is. It stays when VPP restarts.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// Interfaces of Linux, by name: for AF_PACKET.
    pub links: BTreeSet<String>,
    /// It lacks what VPP makes TAPs with, such as `/dev/vhost-net`.
    pub no_taps: bool,
    /// The network namespace, by its path, in which TAPs get a real end; without one they have none.
    pub linux_taps: Option<PathBuf>,
    /// Physical interfaces that VPP finds at its start, by VPP's names.
    pub cards: BTreeSet<String>,
    /// PCI addresses of VMXNET3 cards, as VPP packs them.
    pub vmxnet3: BTreeSet<u32>,
    /// Interfaces of Linux that have RDMA.
    pub rdma: BTreeSet<String>,
}
