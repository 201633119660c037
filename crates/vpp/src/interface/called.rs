//! What the types of interface are called: in the configuration, and by VPP.

use super::rdma;
use binapi::interface::SwInterfaceDetails;
use model::proto::ligato::vpp::interfaces::interface::Type;

/// A type as it is written in the configuration.
pub(super) const fn name_of(kind: Type) -> &'static str {
    match kind {
        Type::UndefinedType => "UNDEFINED_TYPE",
        Type::SubInterface => "SUB_INTERFACE",
        Type::SoftwareLoopback => "SOFTWARE_LOOPBACK",
        Type::Dpdk => "DPDK",
        Type::Memif => "MEMIF",
        Type::Tap => "TAP",
        Type::AfPacket => "AF_PACKET",
        Type::VxlanTunnel => "VXLAN_TUNNEL",
        Type::IpsecTunnel => "IPSEC_TUNNEL",
        Type::Vmxnet3Interface => "VMXNET3_INTERFACE",
        Type::BondInterface => "BOND_INTERFACE",
        Type::GreTunnel => "GRE_TUNNEL",
        Type::GtpuTunnel => "GTPU_TUNNEL",
        Type::IpipTunnel => "IPIP_TUNNEL",
        Type::WireguardTunnel => "WIREGUARD_TUNNEL",
        Type::Rdma => "RDMA",
    }
}

/// The type of an interface, by what VPP calls it and its kind.
pub(super) fn by_name(details: &SwInterfaceDetails) -> Type {
    if details.sup_sw_if_index != details.sw_if_index {
        return Type::SubInterface;
    }
    if details.interface_dev_type.as_str() == rdma::DEVICE {
        return Type::Rdma;
    }
    match details.interface_name.as_str() {
        name if name.starts_with("loop") || name.starts_with("local") => Type::SoftwareLoopback,
        name if name.starts_with("tap") || name.starts_with("tun") => Type::Tap,
        name if name.starts_with("host-") => Type::AfPacket,
        name if name.starts_with("memif") => Type::Memif,
        name if name.starts_with("vxlan") => Type::VxlanTunnel,
        name if name.starts_with("gre") => Type::GreTunnel,
        name if name.starts_with("gtpu") => Type::GtpuTunnel,
        name if name.starts_with("ipip") => Type::IpipTunnel,
        name if name.starts_with("ipsec") => Type::IpsecTunnel,
        name if name.starts_with("Bond") => Type::BondInterface,
        name if name.starts_with("vmxnet3") => Type::Vmxnet3Interface,
        name if name.starts_with("wg") => Type::WireguardTunnel,
        _ => Type::Dpdk,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_called_as_in_the_configuration() {
        for kind in (0..=32).filter_map(|number| Type::try_from(number).ok()) {
            assert_eq!(name_of(kind), kind.as_str_name());
        }
    }
}
