//! VMXNET3: VMware's paravirtual network card, driven by VPP itself.
//! Type `VMXNET3_INTERFACE`, section `vmx_net3` · VPP `vmxnet3.api`
//!
//! The name says where the card is: `vmxnet3-<domain>/<bus>/<slot>/<function>`, in hexadecimal digits.

use super::SwIfIndex;
use super::link::{LinkType, Links, Sight, advised, missing};
use crate::prelude::*;
use binapi::vmxnet3::{SwVmxnet3InterfaceDetails, SwVmxnet3InterfaceDump, Vmxnet3Create, Vmxnet3Delete};
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::{Interface, VmxNet3Link};
use std::collections::HashMap;

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Vmxnet3(Vmxnet3Create);

/// VPP's default.
const QUEUE_SIZE: u16 = 1024;

/// The PCI address in the name, packed as VPP wants it.
fn pci(name: &str) -> Option<u32> {
    let mut parts = name.strip_prefix("vmxnet3-")?.split('/').map(|part| u32::from_str_radix(part, 16).ok());
    let mut part = |most: u32| parts.next()?.filter(|&part| part <= most);
    let (domain, bus, slot, function) = (part(0xffff)?, part(0xff)?, part(0x1f)?, part(7)?);
    parts.next().is_none().then_some(function << 29 | slot << 24 | bus << 16 | domain)
}

/// The entries of a queue; 0 is VPP's to choose.
fn size(field: &'static str, size: u32) -> Result<u16, Invalid> {
    let good = u16::try_from(size).ok().filter(|size| *size <= 4096 && size.is_multiple_of(64));
    match good.ok_or_else(|| Invalid::new(field, "must be a multiple of 64 up to 4096"))? {
        0 => Ok(QUEUE_SIZE),
        size => Ok(size),
    }
}

impl LinkType for Vmxnet3 {
    const TYPE: Type = Type::Vmxnet3Interface;
    const PREFIX: &'static str = "vmxnet3-";
    const USES: &'static [&'static str] = &[Vmxnet3Create::ID, Vmxnet3Delete::ID, SwVmxnet3InterfaceDump::ID];
    type Told = HashMap<SwIfIndex, SwVmxnet3InterfaceDetails>;

    fn of(i: &Interface) -> Result<Vmxnet3, Invalid> {
        let link = match &i.link {
            Some(Section::VmxNet3(link)) => *link,
            _ => return Err(missing(i, "link.vmx_net3")),
        };
        let pci = pci(&i.name).ok_or_else(|| {
            Invalid::new("name", "must say where the card is, as vmxnet3-<domain>/<bus>/<slot>/<function>")
        })?;
        Ok(Vmxnet3(Vmxnet3Create {
            pci_addr: pci,
            enable_elog: link.enable_elog.into(),
            rxq_size: size("link.vmx_net3.rxq_size", link.rxq_size)?,
            txq_size: size("link.vmx_net3.txq_size", link.txq_size)?,
            ..Vmxnet3Create::default()
        }))
    }
    fn place(&self) -> Option<String> {
        Some(format!("{:x}", self.0.pci_addr))
    }
    fn resembles(&self, seen: &Vmxnet3) -> bool {
        self.0.pci_addr == seen.0.pci_addr
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let made = links.vpp.call(self.0).await;
        let advice = || "is there such a card, and is it bound to a driver such as vfio-pci?".to_owned();
        Ok(SwIfIndex(made.map_err(|error| advised(error, "INVALID_INTERFACE", advice))?.sw_if_index))
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(Vmxnet3Delete { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        links.dump(SwVmxnet3InterfaceDump { sw_if_index: u32::MAX }, |details| details.sw_if_index).await
    }
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let details = told.get(&sight.index())?;
        let wanted = match sight.section() {
            Some(Section::VmxNet3(section)) => *section,
            _ => VmxNet3Link::default(),
        };
        let size = |size: u16, wanted: u32| if size == QUEUE_SIZE && wanted == 0 { 0 } else { size.into() };
        let [rx, ..] = details.rx_list;
        let [tx, ..] = details.tx_list;
        Some(Some(Section::VmxNet3(VmxNet3Link {
            // VPP does not tell it.
            enable_elog: wanted.enable_elog,
            rxq_size: size(rx.rx_qsize, wanted.rxq_size),
            txq_size: size(tx.tx_qsize, wanted.txq_size),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_an_address() {
        assert_eq!(pci("vmxnet3-0/b/1/2"), Some(0x410b_0000));
        assert_eq!(pci("vmxnet3-1234/ff/1f/7"), Some(0xffff_1234));
        for bad in ["", "vmxnet3-", "vmxnet3-0/b/1", "vmxnet3-0/b/1/2/3", "vmxnet3-0/b/1/8", "0/b/1/2"] {
            assert_eq!(pci(bad), None, "{bad}");
        }
        for bad in ["vmxnet3-10000/0/0/0", "vmxnet3-0/100/0/0", "vmxnet3-0/0/20/0", "vmxnet3-0/0/x/0"] {
            assert_eq!(pci(bad), None, "{bad}");
        }
    }

    #[test]
    fn sizes_are_multiples() {
        assert_eq!([0, 64, 1024, 4096].map(|n| size("f", n).unwrap()), [QUEUE_SIZE, 64, 1024, 4096]);
        for bad in [1, 100, 4160, 65536] {
            assert_eq!(size("f", bad).unwrap_err().to_string(), "f: must be a multiple of 64 up to 4096");
        }
    }
}
