//! Messages of VPP's module `vmxnet3`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `sw_vmxnet3_interface_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwVmxnet3InterfaceDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub if_name: FixedString<64>,
    pub hw_addr: types::MacAddress,
    pub pci_addr: u32,
    pub version: u8,
    pub admin_up_down: bool,
    pub rx_count: u8,
    pub rx_list: [types::Vmxnet3RxList; 16],
    pub tx_count: u8,
    pub tx_list: [types::Vmxnet3TxList; 8],
}

impl Wire for SwVmxnet3InterfaceDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <[types::Vmxnet3RxList; 16] as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <[types::Vmxnet3TxList; 8] as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.if_name.put(out);
        self.hw_addr.put(out);
        self.pci_addr.put(out);
        self.version.put(out);
        self.admin_up_down.put(out);
        self.rx_count.put(out);
        self.rx_list.put(out);
        self.tx_count.put(out);
        self.tx_list.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwVmxnet3InterfaceDetails.sw_if_index")?;
        let if_name: FixedString<64> = field(reader, "SwVmxnet3InterfaceDetails.if_name")?;
        let hw_addr: types::MacAddress = field(reader, "SwVmxnet3InterfaceDetails.hw_addr")?;
        let pci_addr: u32 = field(reader, "SwVmxnet3InterfaceDetails.pci_addr")?;
        let version: u8 = field(reader, "SwVmxnet3InterfaceDetails.version")?;
        let admin_up_down: bool = field(reader, "SwVmxnet3InterfaceDetails.admin_up_down")?;
        let rx_count: u8 = field(reader, "SwVmxnet3InterfaceDetails.rx_count")?;
        let rx_list: [types::Vmxnet3RxList; 16] = field(reader, "SwVmxnet3InterfaceDetails.rx_list")?;
        let tx_count: u8 = field(reader, "SwVmxnet3InterfaceDetails.tx_count")?;
        let tx_list: [types::Vmxnet3TxList; 8] = field(reader, "SwVmxnet3InterfaceDetails.tx_list")?;
        Ok(SwVmxnet3InterfaceDetails { sw_if_index, if_name, hw_addr, pci_addr, version, admin_up_down, rx_count, rx_list, tx_count, tx_list })
    }
}

impl crate::codec::Message for SwVmxnet3InterfaceDetails {
    const ID: &'static str = "sw_vmxnet3_interface_details_6a1a5498";
    const NAME: &'static str = "sw_vmxnet3_interface_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `sw_vmxnet3_interface_dump`, in 23.06-.
///
/// Answered by any number of [`SwVmxnet3InterfaceDetails`].
#[derive(Clone, Debug, PartialEq)]
pub struct SwVmxnet3InterfaceDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Default for SwVmxnet3InterfaceDump {
    fn default() -> Self {
        SwVmxnet3InterfaceDump {
            sw_if_index: 4294967295,
        }
    }
}

impl Wire for SwVmxnet3InterfaceDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwVmxnet3InterfaceDump.sw_if_index")?;
        Ok(SwVmxnet3InterfaceDump { sw_if_index })
    }
}

impl crate::codec::Message for SwVmxnet3InterfaceDump {
    const ID: &'static str = "sw_vmxnet3_interface_dump_f9e6675e";
    const NAME: &'static str = "sw_vmxnet3_interface_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for SwVmxnet3InterfaceDump {
    type Details = SwVmxnet3InterfaceDetails;
}

/// VPP's `vmxnet3_create`, in 23.06-.
///
/// Answered by [`Vmxnet3CreateReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Vmxnet3Create {
    pub pci_addr: u32,
    pub enable_elog: i32,
    pub rxq_size: u16,
    pub rxq_num: u16,
    pub txq_size: u16,
    pub txq_num: u16,
    pub bind: u8,
    pub enable_gso: bool,
}

impl Wire for Vmxnet3Create {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <i32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.pci_addr.put(out);
        self.enable_elog.put(out);
        self.rxq_size.put(out);
        self.rxq_num.put(out);
        self.txq_size.put(out);
        self.txq_num.put(out);
        self.bind.put(out);
        self.enable_gso.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let pci_addr: u32 = field(reader, "Vmxnet3Create.pci_addr")?;
        let enable_elog: i32 = field(reader, "Vmxnet3Create.enable_elog")?;
        let rxq_size: u16 = field(reader, "Vmxnet3Create.rxq_size")?;
        let rxq_num: u16 = field(reader, "Vmxnet3Create.rxq_num")?;
        let txq_size: u16 = field(reader, "Vmxnet3Create.txq_size")?;
        let txq_num: u16 = field(reader, "Vmxnet3Create.txq_num")?;
        let bind: u8 = field(reader, "Vmxnet3Create.bind")?;
        let enable_gso: bool = field(reader, "Vmxnet3Create.enable_gso")?;
        Ok(Vmxnet3Create { pci_addr, enable_elog, rxq_size, rxq_num, txq_size, txq_num, bind, enable_gso })
    }
}

impl crate::codec::Message for Vmxnet3Create {
    const ID: &'static str = "vmxnet3_create_71a07314";
    const NAME: &'static str = "vmxnet3_create";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for Vmxnet3Create {
    type Reply = Vmxnet3CreateReply;
}

/// VPP's `vmxnet3_create_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Vmxnet3CreateReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for Vmxnet3CreateReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "Vmxnet3CreateReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "Vmxnet3CreateReply.sw_if_index")?;
        Ok(Vmxnet3CreateReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for Vmxnet3CreateReply {
    const ID: &'static str = "vmxnet3_create_reply_5383d31f";
    const NAME: &'static str = "vmxnet3_create_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for Vmxnet3CreateReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `vmxnet3_delete`, in 23.06-.
///
/// Answered by [`Vmxnet3DeleteReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Vmxnet3Delete {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for Vmxnet3Delete {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "Vmxnet3Delete.sw_if_index")?;
        Ok(Vmxnet3Delete { sw_if_index })
    }
}

impl crate::codec::Message for Vmxnet3Delete {
    const ID: &'static str = "vmxnet3_delete_f9e6675e";
    const NAME: &'static str = "vmxnet3_delete";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for Vmxnet3Delete {
    type Reply = Vmxnet3DeleteReply;
}

/// VPP's `vmxnet3_delete_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Vmxnet3DeleteReply {
    pub retval: i32,
}

impl Wire for Vmxnet3DeleteReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "Vmxnet3DeleteReply.retval")?;
        Ok(Vmxnet3DeleteReply { retval })
    }
}

impl crate::codec::Message for Vmxnet3DeleteReply {
    const ID: &'static str = "vmxnet3_delete_reply_e8d4e804";
    const NAME: &'static str = "vmxnet3_delete_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for Vmxnet3DeleteReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

