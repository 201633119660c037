//! VPP's state by area, each with the messages that read and change it.

pub(crate) mod address;
pub(crate) mod bridge_domain;
pub(crate) mod connection;
pub(crate) mod interface;
pub(crate) mod l2fib;
pub(crate) mod loopback;
pub(crate) mod memif;
pub(crate) mod route;
pub(crate) mod route_message;
pub(crate) mod vrf;
pub(crate) mod xconnect;

use crate::handler::Handlers;

/// How all messages are served.
pub(crate) fn handlers() -> Handlers {
    let mut handlers = Handlers::default();
    address::serve(&mut handlers);
    bridge_domain::serve(&mut handlers);
    connection::serve(&mut handlers);
    interface::serve(&mut handlers);
    l2fib::serve(&mut handlers);
    loopback::serve(&mut handlers);
    memif::serve(&mut handlers);
    route_message::serve(&mut handlers);
    vrf::serve(&mut handlers);
    xconnect::serve(&mut handlers);
    handlers
}

/// Return values that several areas use.
pub(crate) mod retval {
    use crate::handler::Outcome;

    pub(crate) const UNSPECIFIED: Outcome = Outcome::Retval(-1);
    pub(crate) const INVALID_SW_IF_INDEX: Outcome = Outcome::Retval(-2);
    pub(crate) const NO_SUCH_FIB: Outcome = Outcome::Retval(-3);
    pub(crate) const NO_SUCH_ENTRY: Outcome = Outcome::Retval(-6);
    pub(crate) const INVALID_VALUE: Outcome = Outcome::Retval(-7);
    pub(crate) const UNIMPLEMENTED: Outcome = Outcome::Retval(-9);
    pub(crate) const INVALID_SW_IF_INDEX_2: Outcome = Outcome::Retval(-10);
    pub(crate) const FEATURE_DISABLED: Outcome = Outcome::Retval(-30);
    pub(crate) const INVALID_REGISTRATION: Outcome = Outcome::Retval(-31);
    pub(crate) const NO_PATHS_IN_ROUTE: Outcome = Outcome::Retval(-52);
    pub(crate) const NO_MATCHING_INTERFACE: Outcome = Outcome::Retval(-54);
    pub(crate) const ADDRESS_LENGTH_MISMATCH: Outcome = Outcome::Retval(-59);
    pub(crate) const ADDRESS_NOT_FOUND_FOR_INTERFACE: Outcome = Outcome::Retval(-60);
    pub(crate) const SUBIF_ALREADY_EXISTS: Outcome = Outcome::Retval(-68);
    pub(crate) const INVALID_ARGUMENT: Outcome = Outcome::Retval(-73);
    pub(crate) const UNEXPECTED_INTF_STATE: Outcome = Outcome::Retval(-74);
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
    pub(crate) const BD_ALREADY_HAS_BVI: Outcome = Outcome::Retval(-152);
}
