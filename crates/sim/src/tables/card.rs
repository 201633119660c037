//! Network cards: those that VPP finds at its start, VMXNET3 and RDMA. They are what the machine has.

use super::interface::Kind;
use super::retval;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::rdma::{
    RdmaCreateV3, RdmaCreateV3Reply, RdmaCreateV4, RdmaCreateV4Reply, RdmaDelete, RdmaDeleteReply,
};
use binapi::text::FixedString;
use binapi::types::{Vmxnet3RxList, Vmxnet3TxList};
use binapi::vmxnet3::{
    SwVmxnet3InterfaceDetails, SwVmxnet3InterfaceDump, Vmxnet3Create, Vmxnet3CreateReply, Vmxnet3Delete,
    Vmxnet3DeleteReply,
};
use std::collections::BTreeMap;

/// VPP's packet generator, which stands for any card that is there from the start.
static CARD: Kind = Kind { device: "pg", ethernet: true, mtu: 9000, follows: true, hardware_mtu: None };
static VMXNET3: Kind =
    Kind { device: "VMXNET3 interface", ethernet: true, mtu: 9000, follows: true, hardware_mtu: None };
static RDMA: Kind =
    Kind { device: "RDMA interface", ethernet: true, mtu: 9000, follows: true, hardware_mtu: None };

#[derive(Debug)]
struct Vmxnet3 {
    pci: u32,
    rxq_size: u16,
    txq_size: u16,
}

/// What was made of the machine's cards, by interface index.
#[derive(Debug, Default)]
pub(crate) struct Cards {
    vmxnet3: BTreeMap<u32, Vmxnet3>,
    rdma: BTreeMap<u32, String>,
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(create_vmxnet3);
    handlers.change(delete_vmxnet3);
    handlers.dump(dump_vmxnet3);
    handlers.change(|state, request: RdmaCreateV4| {
        Ok(RdmaCreateV4Reply { retval: 0, sw_if_index: create_rdma(state, request)? })
    });
    handlers.change(|state, request: RdmaCreateV3| {
        let RdmaCreateV3 { host_if, name, rxq_size, txq_size, .. } = request;
        let request = RdmaCreateV4 { host_if, name, rxq_size, txq_size, ..RdmaCreateV4::default() };
        Ok(RdmaCreateV3Reply { retval: 0, sw_if_index: create_rdma(state, request)? })
    });
    handlers.change(delete_rdma);
}

impl State {
    /// Finds the cards that are there.
    pub(crate) fn find_cards(&mut self) {
        for name in self.machine.cards.clone() {
            if self.interfaces.by_name(&name).is_none() {
                let mac = self.random_mac();
                self.add_interface(&CARD, name, mac);
            }
        }
    }
}

fn create_vmxnet3(state: &mut State, request: Vmxnet3Create) -> Result<Vmxnet3CreateReply> {
    let pci = request.pci_addr;
    let size = |size: u16| if size == 0 { 1024 } else { size };
    let (rxq_size, txq_size) = (size(request.rxq_size), size(request.txq_size));
    if [rxq_size, txq_size].iter().any(|size| !(64..=4096).contains(size) || !size.is_multiple_of(64)) {
        return Err(retval::INVALID_VALUE);
    }
    if state.cards.vmxnet3.values().any(|card| card.pci == pci) {
        return Err(retval::ADDRESS_IN_USE);
    }
    if !state.machine.vmxnet3.contains(&pci) {
        return Err(retval::INVALID_INTERFACE);
    }
    let (domain, bus, slot, function) = (pci & 0xffff, pci >> 16 & 0xff, pci >> 24 & 0x1f, pci >> 29);
    let mac = state.random_mac();
    let name = format!("vmxnet3-{domain:x}/{bus:x}/{slot:x}/{function:x}");
    let sw_if_index = state.add_interface(&VMXNET3, name, mac);
    state.cards.vmxnet3.insert(sw_if_index, Vmxnet3 { pci, rxq_size, txq_size });
    Ok(Vmxnet3CreateReply { retval: 0, sw_if_index })
}

fn delete_vmxnet3(state: &mut State, request: Vmxnet3Delete) -> Result<Vmxnet3DeleteReply> {
    state.cards.vmxnet3.remove(&request.sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)?;
    state.remove_interface(request.sw_if_index)?;
    Ok(Vmxnet3DeleteReply::default())
}

fn dump_vmxnet3(state: &State, request: SwVmxnet3InterfaceDump) -> Vec<SwVmxnet3InterfaceDetails> {
    let wanted = |index: u32| request.sw_if_index == u32::MAX || request.sw_if_index == index;
    let cards = state.cards.vmxnet3.iter().filter(|(index, _)| wanted(**index));
    cards
        .filter_map(|(&sw_if_index, card)| {
            let interface = state.interfaces.get(sw_if_index).ok()?;
            let mut details = SwVmxnet3InterfaceDetails {
                sw_if_index,
                if_name: FixedString::cut(&interface.name),
                hw_addr: interface.mac,
                pci_addr: card.pci,
                admin_up_down: interface.admin_up,
                rx_count: 1,
                tx_count: 1,
                ..SwVmxnet3InterfaceDetails::default()
            };
            if let (Some(rx), Some(tx)) = (details.rx_list.first_mut(), details.tx_list.first_mut()) {
                *rx = Vmxnet3RxList { rx_qsize: card.rxq_size, ..Vmxnet3RxList::default() };
                *tx = Vmxnet3TxList { tx_qsize: card.txq_size, ..Vmxnet3TxList::default() };
            }
            Some(details)
        })
        .collect()
}

/// Without any RDMA device nothing is made, and yet all seems well: the answer names `local0`.
fn create_rdma(state: &mut State, request: RdmaCreateV4) -> Result<u32> {
    if [request.rxq_size, request.txq_size].iter().any(|size| *size < 256 || !size.is_power_of_two()) {
        return Err(retval::INVALID_VALUE);
    }
    if state.machine.rdma.is_empty() {
        return Ok(0);
    }
    let host = request.host_if.as_str();
    if !state.machine.rdma.contains(host) || state.cards.rdma.values().any(|used| used == host) {
        return Err(retval::INVALID_INTERFACE);
    }
    let mac = state.random_mac();
    let sw_if_index = state.add_interface(&RDMA, request.name.to_string(), mac);
    state.cards.rdma.insert(sw_if_index, host.to_owned());
    Ok(sw_if_index)
}

fn delete_rdma(state: &mut State, request: RdmaDelete) -> Result<RdmaDeleteReply> {
    state.cards.rdma.remove(&request.sw_if_index).ok_or(retval::INVALID_INTERFACE)?;
    state.remove_interface(request.sw_if_index)?;
    Ok(RdmaDeleteReply::default())
}
