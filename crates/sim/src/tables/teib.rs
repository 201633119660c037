//! The tunnel endpoint information base: behind which outer address a peer of a tunnel is. The routes that come with an
//! entry are left out, but not that the first and the last entry of an IP version hold and let go the tables of their
//! interfaces, be they the same or not.

use super::retval;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::teib::{TeibDetails, TeibDump, TeibEntryAddDel, TeibEntryAddDelReply};
use binapi::types::TeibEntry;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Outer address and its table, by interface and inner address.
#[derive(Debug, Default)]
pub(crate) struct Teib {
    entries: BTreeMap<(u32, IpAddr), (IpAddr, u32)>,
    /// How many there are for peers of IPv4 and IPv6.
    counted: [u32; 2],
    /// The table that is held for them, by version.
    held: [Option<u32>; 2],
}

/// Link-local peers are in tables of their own.
fn counts(peer: IpAddr) -> bool {
    !matches!(peer, IpAddr::V6(peer) if peer.is_unicast_link_local())
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(add_del);
}

/// Any type of interface will do. An entry that is there is not replaced, and outlives its interface.
fn add_del(state: &mut State, request: TeibEntryAddDel) -> Result<TeibEntryAddDelReply> {
    let TeibEntry { sw_if_index, peer, nh, nh_table_id } = request.entry;
    state.interfaces.get(sw_if_index)?;
    let key = (sw_if_index, peer.ip());
    if request.is_add == 0 {
        state.teib.entries.remove(&key).ok_or(retval::NO_SUCH_ENTRY)?;
        let table = state.interfaces.get(sw_if_index)?.table(key.1.is_ipv6());
        state.peer_goes(key.1, table)?;
        return Ok(TeibEntryAddDelReply::default());
    }
    let nh = nh.ip();
    if !state.fib.contains(nh.is_ipv6(), nh_table_id) {
        return Err(retval::NO_SUCH_FIB);
    }
    if state.teib.entries.contains_key(&key) {
        return Err(retval::ENTRY_ALREADY_EXISTS);
    }
    let table = state.interfaces.get(sw_if_index)?.table(key.1.is_ipv6());
    state.peer_comes(key.1, table);
    state.teib.entries.insert(key, (nh, nh_table_id));
    Ok(TeibEntryAddDelReply::default())
}

fn dump(state: &State, _: TeibDump) -> Vec<TeibDetails> {
    let entries = state.teib.entries.iter().map(|(&(sw_if_index, peer), &(nh, nh_table_id))| TeibEntry {
        sw_if_index,
        peer: peer.into(),
        nh: nh.into(),
        nh_table_id,
    });
    entries.map(|entry| TeibDetails { entry }).collect()
}

impl State {
    /// The first one of a version holds the table it is in.
    fn peer_comes(&mut self, peer: IpAddr, table: u32) {
        let version = usize::from(peer.is_ipv6());
        if counts(peer) {
            if self.teib.counted[version] == 0 {
                self.teib.held[version] = Some(table);
                self.fib.hold_table(peer.is_ipv6(), table);
            }
            self.teib.counted[version] += 1;
        }
    }
    /// The last one of a version lets go the table it is in. A table that nobody held is lost, and VPP with it.
    fn peer_goes(&mut self, peer: IpAddr, table: u32) -> Result<()> {
        let version = usize::from(peer.is_ipv6());
        if counts(peer) {
            self.teib.counted[version] -= 1;
            if self.teib.counted[version] == 0 {
                if self.teib.held[version].take() != Some(table) {
                    return Err(Outcome::Crash);
                }
                self.fib.let_go_table(peer.is_ipv6(), table);
            }
        }
        Ok(())
    }
    /// An interface changes its table: its entries do so one after the other.
    pub(crate) fn move_peers(&mut self, sw_if_index: u32, is_ipv6: bool, [from, to]: [u32; 2]) -> Result<()> {
        let on =
            self.teib.entries.keys().filter(|(on, peer)| *on == sw_if_index && peer.is_ipv6() == is_ipv6);
        for peer in on.map(|(_, peer)| *peer).collect::<Vec<_>>() {
            self.peer_goes(peer, from)?;
            self.peer_comes(peer, to);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SimConfig;
    use crate::machine::Machine;

    #[test]
    fn the_table_of_the_last_entry_has_to_be_that_of_the_first() {
        let (one, two) = (IpAddr::from([10, 1, 1, 9]), IpAddr::from([10, 1, 2, 9]));
        let mut state = State::new(&SimConfig::default(), 1, Machine::default());
        state.fib.create(false, 1, "");
        state.peer_comes(one, 0);
        state.peer_comes(two, 1);
        assert_eq!(state.peer_goes(two, 1), Ok(()));
        assert_eq!(state.peer_goes(one, 0), Ok(()));
        state.peer_comes(one, 0);
        state.peer_comes(two, 1);
        assert_eq!(state.peer_goes(one, 0), Ok(()));
        assert_eq!(state.peer_goes(two, 1), Err(Outcome::Crash));
    }
}
