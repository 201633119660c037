//! What the types of tunnel have in common.

use super::gre::Gres;
use super::gtpu::Gtpus;
use super::interface::Kind;
use super::ipip::Ipips;
use super::ipsec::Ipsecs;
use super::retval;
use super::vxlan::Vxlans;
use super::vxlan_gpe::Gpes;
use super::wireguard::Wireguards;
use crate::handler::{Outcome, Result};
use crate::state::State;
use binapi::types::Address;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// All tunnels, by type.
#[derive(Debug, Default)]
pub(crate) struct Tunnels {
    pub(crate) vxlan: Vxlans,
    pub(crate) gpe: Gpes,
    pub(crate) gre: Gres,
    pub(crate) ipip: Ipips,
    pub(crate) gtpu: Gtpus,
    pub(crate) ipsec: Ipsecs,
    pub(crate) wireguard: Wireguards,
}

/// A tunnel that carries packets without Ethernet header. Its link follows it.
pub(crate) const fn plain(device: &'static str, mtu: u16) -> Kind {
    Kind { device, ethernet: false, mtu, follows: true, hardware_mtu: Some(retval::FEATURE_DISABLED) }
}

/// An address as VPP keeps it, without its version: one of 96 zeros and something is IPv4.
pub(crate) fn ip46(address: &Address) -> IpAddr {
    match address.ip() {
        IpAddr::V6(v6) if v6.octets().iter().take(12).all(|&byte| byte == 0) => {
            let [.., a, b, c, d] = v6.octets();
            IpAddr::from([a, b, c, d])
        }
        ip => ip,
    }
}

impl State {
    /// Refuses a table that is not there.
    pub(crate) fn has_table(&self, is_ipv6: bool, id: u32, refusal: Outcome) -> Result<()> {
        if self.fib.contains(is_ipv6, id) { Ok(()) } else { Err(refusal) }
    }
}

/// Multicast groups of the tunnels of a type. VPP counts the tunnels by table, but has one entry for a group, whatever the
/// table: tunnels of two tables to one group are its end.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    tunnels: BTreeMap<(u32, IpAddr), u32>,
    entries: BTreeSet<IpAddr>,
}

impl Groups {
    /// A tunnel comes to an address, which may be that of a group.
    pub(crate) fn join(&mut self, table: u32, dst: IpAddr) -> Result<()> {
        if dst.is_multicast() {
            let tunnels = self.tunnels.entry((table, dst)).or_default();
            *tunnels += 1;
            match tunnels {
                1 => drop(self.entries.insert(dst)),
                _ if self.entries.contains(&dst) => {}
                _ => return Err(Outcome::Crash),
            }
        }
        Ok(())
    }

    /// A tunnel goes.
    pub(crate) fn leave(&mut self, table: u32, dst: IpAddr) -> Result<()> {
        if let Some(tunnels) = self.tunnels.get_mut(&(table, dst)) {
            *tunnels -= 1;
            if *tunnels == 0 {
                self.tunnels.remove(&(table, dst));
                if !self.entries.remove(&dst) {
                    return Err(Outcome::Crash);
                }
            }
        }
        Ok(())
    }
}

/// Numbers within a type: places in its pool, of which the last one freed is given out first, and the numbers in the
/// interfaces' names, which are the same unless the client chose others.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    next: u32,
    free: Vec<u32>,
    /// Places by the numbers in the names.
    named: BTreeMap<u32, u32>,
}

impl Pool {
    /// The number in the name; ~0 lets VPP choose.
    pub(crate) fn take(&mut self, wanted: u32) -> Result<u32> {
        let place = self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        let number = if wanted == u32::MAX { place } else { wanted };
        if self.named.contains_key(&number) {
            self.free.push(place);
            return Err(retval::INSTANCE_IN_USE);
        }
        self.named.insert(number, place);
        Ok(number)
    }

    pub(crate) fn give_back(&mut self, number: u32) {
        self.free.extend(self.named.remove(&number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let mut pool = Pool::default();
        assert_eq!([pool.take(u32::MAX), pool.take(u32::MAX), pool.take(7)], [Ok(0), Ok(1), Ok(7)]);
        assert_eq!(pool.take(7), Err(retval::INSTANCE_IN_USE));
        pool.give_back(0);
        pool.give_back(7);
        assert_eq!([pool.take(u32::MAX), pool.take(u32::MAX)], [Ok(2), Ok(0)]);
    }

    #[test]
    fn tunnels_of_two_tables_to_one_group_are_the_end() {
        let group = IpAddr::from([239, 1, 1, 1]);
        let mut groups = Groups::default();
        assert_eq!([0, 0, 1].map(|table| groups.join(table, group)), [Ok(()); 3]);
        assert_eq!(groups.leave(1, group), Ok(()));
        assert_eq!(groups.leave(0, group), Ok(()));
        assert_eq!(groups.leave(0, group), Err(Outcome::Crash));
    }

    #[test]
    fn addresses_without_version() {
        let kept = |text: &str| ip46(&text.parse::<IpAddr>().unwrap().into()).to_string();
        assert_eq!([kept("10.0.0.1"), kept("fd00::1"), kept("::1")], ["10.0.0.1", "fd00::1", "0.0.0.1"]);
    }
}
