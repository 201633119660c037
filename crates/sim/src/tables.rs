//! VPP's state by area, each with the messages that read and change it.

pub(crate) mod acl;
pub(crate) mod address;
pub(crate) mod afpacket;
pub(crate) mod arp;
pub(crate) mod autoconfig;
pub(crate) mod bond;
pub(crate) mod bridge_domain;
pub(crate) mod card;
pub(crate) mod command_line;
pub(crate) mod connection;
pub(crate) mod dhcp;
pub(crate) mod dhcp_client;
pub(crate) mod gre;
pub(crate) mod gtpu;
pub(crate) mod interface;
pub(crate) mod ipip;
pub(crate) mod ipsec;
pub(crate) mod l2fib;
pub(crate) mod l3xc;
pub(crate) mod loopback;
pub(crate) mod memif;
pub(crate) mod neighbour;
pub(crate) mod numbers;
pub(crate) mod queues;
pub(crate) mod route;
pub(crate) mod route_message;
pub(crate) mod span;
pub(crate) mod sub;
pub(crate) mod tap;
pub(crate) mod teib;
pub(crate) mod tunnel;
pub(crate) mod vrf;
pub(crate) mod vrrp;
pub(crate) mod vxlan;
pub(crate) mod vxlan_gpe;
pub(crate) mod wireguard;
pub(crate) mod xconnect;

use crate::handler::Handlers;

/// How all messages are served.
pub(crate) fn handlers() -> Handlers {
    let mut handlers = Handlers::default();
    acl::serve(&mut handlers);
    address::serve(&mut handlers);
    afpacket::serve(&mut handlers);
    bond::serve(&mut handlers);
    autoconfig::serve(&mut handlers);
    arp::serve(&mut handlers);
    bridge_domain::serve(&mut handlers);
    command_line::serve(&mut handlers);
    card::serve(&mut handlers);
    connection::serve(&mut handlers);
    dhcp::serve(&mut handlers);
    dhcp_client::serve(&mut handlers);
    gre::serve(&mut handlers);
    gtpu::serve(&mut handlers);
    interface::serve(&mut handlers);
    ipip::serve(&mut handlers);
    ipsec::serve(&mut handlers);
    l2fib::serve(&mut handlers);
    l3xc::serve(&mut handlers);
    loopback::serve(&mut handlers);
    memif::serve(&mut handlers);
    queues::serve(&mut handlers);
    neighbour::serve(&mut handlers);
    route_message::serve(&mut handlers);
    sub::serve(&mut handlers);
    teib::serve(&mut handlers);
    span::serve(&mut handlers);
    tap::serve(&mut handlers);
    vrf::serve(&mut handlers);
    vxlan::serve(&mut handlers);
    vxlan_gpe::serve(&mut handlers);
    wireguard::serve(&mut handlers);
    vrrp::serve(&mut handlers);
    xconnect::serve(&mut handlers);
    handlers
}

/// Return values that several areas use.
pub(crate) mod retval {
    use crate::handler::Outcome;

    pub(crate) const UNSPECIFIED: Outcome = Outcome::Retval(-1);
    pub(crate) const INVALID_SW_IF_INDEX: Outcome = Outcome::Retval(-2);
    pub(crate) const NO_SUCH_FIB: Outcome = Outcome::Retval(-3);
    pub(crate) const NO_SUCH_INNER_FIB: Outcome = Outcome::Retval(-4);
    pub(crate) const NO_SUCH_ENTRY: Outcome = Outcome::Retval(-6);
    pub(crate) const INVALID_VALUE: Outcome = Outcome::Retval(-7);
    pub(crate) const INVALID_VALUE_2: Outcome = Outcome::Retval(-8);
    pub(crate) const UNIMPLEMENTED: Outcome = Outcome::Retval(-9);
    pub(crate) const INVALID_SW_IF_INDEX_2: Outcome = Outcome::Retval(-10);
    pub(crate) const FEATURE_DISABLED: Outcome = Outcome::Retval(-30);
    pub(crate) const INVALID_REGISTRATION: Outcome = Outcome::Retval(-31);
    pub(crate) const NO_PATHS_IN_ROUTE: Outcome = Outcome::Retval(-52);
    pub(crate) const NO_MATCHING_INTERFACE: Outcome = Outcome::Retval(-54);
    pub(crate) const INVALID_SRC_ADDRESS: Outcome = Outcome::Retval(-57);
    pub(crate) const INVALID_DST_ADDRESS: Outcome = Outcome::Retval(-58);
    pub(crate) const ADDRESS_LENGTH_MISMATCH: Outcome = Outcome::Retval(-59);
    pub(crate) const ADDRESS_NOT_FOUND_FOR_INTERFACE: Outcome = Outcome::Retval(-60);
    pub(crate) const SUBIF_ALREADY_EXISTS: Outcome = Outcome::Retval(-68);
    pub(crate) const INVALID_INTERFACE: Outcome = Outcome::Retval(-71);
    pub(crate) const INVALID_ARGUMENT: Outcome = Outcome::Retval(-73);
    pub(crate) const UNEXPECTED_INTF_STATE: Outcome = Outcome::Retval(-74);
    pub(crate) const TUNNEL_EXIST: Outcome = Outcome::Retval(-75);
    pub(crate) const INVALID_DECAP_NEXT: Outcome = Outcome::Retval(-76);
    pub(crate) const IF_ALREADY_EXISTS: Outcome = Outcome::Retval(-79);
    pub(crate) const SAME_SRC_DST: Outcome = Outcome::Retval(-82);
    pub(crate) const INVALID_ADDRESS_FAMILY: Outcome = Outcome::Retval(-97);
    pub(crate) const ADDRESS_IN_USE: Outcome = Outcome::Retval(-105);
    pub(crate) const ADDRESS_FOUND_FOR_INTERFACE: Outcome = Outcome::Retval(-114);
    pub(crate) const ENTRY_ALREADY_EXISTS: Outcome = Outcome::Retval(-116);
    pub(crate) const BD_ALREADY_EXISTS: Outcome = Outcome::Retval(-119);
    pub(crate) const BD_IN_USE: Outcome = Outcome::Retval(-120);
    pub(crate) const BD_NOT_MODIFIABLE: Outcome = Outcome::Retval(-121);
    pub(crate) const BD_ID_EXCEED_MAX: Outcome = Outcome::Retval(-122);
    pub(crate) const UNSUPPORTED: Outcome = Outcome::Retval(-126);
    pub(crate) const DUPLICATE_IF_ADDRESS: Outcome = Outcome::Retval(-127);
    pub(crate) const ACL_IN_USE_INBOUND: Outcome = Outcome::Retval(-142);
    pub(crate) const ACL_IN_USE_OUTBOUND: Outcome = Outcome::Retval(-143);
    pub(crate) const INSTANCE_IN_USE: Outcome = Outcome::Retval(-147);
    pub(crate) const INVALID_SESSION_ID: Outcome = Outcome::Retval(-148);
    pub(crate) const BD_ALREADY_HAS_BVI: Outcome = Outcome::Retval(-152);
    pub(crate) const INVALID_PROTOCOL: Outcome = Outcome::Retval(-153);
    pub(crate) const LIMIT_EXCEEDED: Outcome = Outcome::Retval(-162);
}
