//! Loopbacks.

use super::interface::Kind;
use super::retval;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::interface::{
    CreateLoopback, CreateLoopbackInstance, CreateLoopbackInstanceReply, CreateLoopbackReply, DeleteLoopback,
    DeleteLoopbackReply,
};
use std::collections::{BTreeMap, BTreeSet};

static LOOPBACK: Kind = Kind {
    device: "Loopback",
    ethernet: true,
    mtu: 9000,
    follows: true,
    hardware_mtu: Some(retval::UNSUPPORTED),
};

/// Instances are below this.
const MAX_INSTANCE: u32 = 16 * 1024;

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(|state, request: CreateLoopback| {
        Ok(match state.create_loopback(request.mac_address, None) {
            Ok(sw_if_index) => CreateLoopbackReply { retval: 0, sw_if_index },
            Err(_) => CreateLoopbackReply { retval: -31, sw_if_index: u32::MAX },
        })
    });
    handlers.change(|state, request: CreateLoopbackInstance| {
        let instance = request.is_specified.then_some(request.user_instance);
        Ok(match state.create_loopback(request.mac_address, instance) {
            Ok(sw_if_index) => CreateLoopbackInstanceReply { retval: 0, sw_if_index },
            Err(_) => CreateLoopbackInstanceReply { retval: -31, sw_if_index: u32::MAX },
        })
    });
    handlers.change(|state, request: DeleteLoopback| {
        state.delete_loopback(request.sw_if_index)?;
        Ok(DeleteLoopbackReply::default())
    });
}

/// Which instances are free: the lowest is given out first.
#[derive(Debug, Default)]
pub(crate) struct Instances {
    /// All below this were given out once.
    next: u32,
    free: BTreeSet<u32>,
    by_interface: BTreeMap<u32, u32>,
}

impl Instances {
    pub(crate) fn take(&mut self, wanted: Option<u32>) -> Option<u32> {
        let instance = match wanted {
            None => self.free.first().copied().unwrap_or(self.next),
            Some(instance) => instance,
        };
        if instance >= MAX_INSTANCE || (instance < self.next && !self.free.remove(&instance)) {
            return None;
        }
        if instance >= self.next {
            self.free.extend(self.next..instance);
            self.next = instance + 1;
        }
        Some(instance)
    }

    pub(crate) fn give_back(&mut self, instance: u32) {
        self.free.insert(instance);
    }
}

impl State {
    /// A new loopback with a wanted instance or the lowest free one; its MAC is `de:ad:…` and the instance's lowest
    /// byte unless one is given.
    pub(crate) fn create_loopback(&mut self, mac: MacAddress, wanted: Option<u32>) -> Result<u32> {
        let instance = self.loopbacks.take(wanted).ok_or(retval::INVALID_REGISTRATION)?;
        let mac = if mac == MacAddress::default() {
            MacAddress([0xde, 0xad, 0, 0, 0, instance as u8])
        } else {
            mac
        };
        let sw_if_index = self.add_interface(&LOOPBACK, format!("loop{instance}"), mac);
        self.loopbacks.by_interface.insert(sw_if_index, instance);
        Ok(sw_if_index)
    }

    /// Deletes a loopback; anything else is refused.
    pub(crate) fn delete_loopback(&mut self, sw_if_index: u32) -> Result<()> {
        let instance = self.loopbacks.by_interface.remove(&sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)?;
        self.remove_interface(sw_if_index)?;
        self.loopbacks.give_back(instance);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_instance() {
        let mut instances = Instances::default();
        assert_eq!(instances.take(None), Some(0));
        assert_eq!(instances.take(Some(3)), Some(3));
        assert_eq!(instances.take(Some(3)), None);
        assert_eq!([instances.take(None), instances.take(None), instances.take(None)], [1, 2, 4].map(Some));
        instances.free.insert(3);
        assert_eq!(instances.take(None), Some(3));
        assert_eq!(instances.take(Some(MAX_INSTANCE)), None);
    }
}
