//! The messages about routes.

use super::retval;
use super::route::{Path, host_length};
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::ip::{
    IpRouteAddDel, IpRouteAddDelReply, IpRouteAddDelV2, IpRouteAddDelV2Reply, IpRouteDetails, IpRouteDump,
    IpRouteV2Details, IpRouteV2Dump,
};
use binapi::types::{AddressUnion, FibPath, FibPathNhProto, FibPathType, IpRoute, IpRouteV2, Prefix};

/// VPP's number for what API clients want.
pub(crate) const SOURCE_API: u8 = 8;
/// VPP's number for what was typed at its command line.
pub(crate) const SOURCE_CLI: u8 = 9;

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.dump(dump_v2);
    handlers.change(|state, request: IpRouteAddDel| {
        let IpRoute { table_id, prefix, paths, .. } = &request.route;
        let change =
            Change { is_add: request.is_add, is_multipath: request.is_multipath, source: SOURCE_API };
        let (retval, stats_index) = told(state.change_route(change, *table_id, *prefix, paths))?;
        Ok(IpRouteAddDelReply { retval, stats_index })
    });
    handlers.change(|state, request: IpRouteAddDelV2| {
        let IpRouteV2 { table_id, prefix, src, paths, .. } = &request.route;
        let source = if *src == 0 { SOURCE_API } else { *src };
        let change = Change { is_add: request.is_add, is_multipath: request.is_multipath, source };
        let (retval, stats_index) = told(state.change_route(change, *table_id, *prefix, paths))?;
        Ok(IpRouteAddDelV2Reply { retval, stats_index })
    });
}

/// A refusal tells no counters, which is said by ~0.
fn told(result: Result<u32>) -> Result<(i32, u32)> {
    match result {
        Ok(stats_index) => Ok((0, stats_index)),
        Err(Outcome::Retval(retval)) => Ok((retval, u32::MAX)),
        Err(Outcome::Crash) => Err(Outcome::Crash),
    }
}

/// How a route is to change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) is_add: bool,
    /// Whether the paths are added to or taken from those there are; else they replace them all.
    pub(crate) is_multipath: bool,
    pub(crate) source: u8,
}

impl State {
    pub(crate) fn change_route(
        &mut self,
        change: Change,
        table: u32,
        prefix: Prefix,
        paths: &[FibPath],
    ) -> Result<u32> {
        let (ip, length) = (prefix.ip(), prefix.len);
        if !self.fib.contains(ip.is_ipv6(), table) {
            return Err(retval::NO_SUCH_FIB);
        }
        let paths: Vec<Path> = paths.iter().map(|p| self.read_path(p)).collect::<Result<_>>()?;
        if paths.is_empty() && (change.is_add || change.is_multipath) {
            return Err(retval::NO_PATHS_IN_ROUTE);
        }
        if length > host_length(ip.is_ipv6()) {
            // Accepted, but no dump ever shows it.
            return Ok(0);
        }
        let source = change.source;
        // The paths that stay are resolved anew, and one to a neighbour on a deleted interface is VPP's end.
        if change.is_multipath {
            let known = self.fib.paths(table, ip, length, source);
            if known.iter().any(|p| p.is_neighbour() && !self.interfaces.contains(p.sw_if_index)) {
                return Err(Outcome::Crash);
            }
        }
        Ok(match (change.is_add, change.is_multipath) {
            (true, true) => self.fib.add_paths(table, ip, length, source, paths),
            (true, false) => self.fib.update(table, ip, length, source, paths),
            (false, true) => {
                self.fib.remove_paths(table, ip, length, source, &paths);
                u32::MAX
            }
            (false, false) => {
                self.fib.delete(table, ip, length, source);
                u32::MAX
            }
        })
    }

    /// Reads a path as VPP does: what its type does not use is forgotten.
    pub(crate) fn read_path(&self, path: &FibPath) -> Result<Path> {
        let proto = path.proto;
        if proto.0 > FibPathNhProto::BIER.0 {
            return Err(retval::UNSPECIFIED);
        }
        let is_ip = proto == FibPathNhProto::IP4 || proto == FibPathNhProto::IP6;
        let is_ipv6 = proto == FibPathNhProto::IP6;
        let mut read = Path {
            kind: path.type_,
            sw_if_index: u32::MAX,
            weight: path.weight.max(1),
            preference: path.preference,
            flags: path.flags,
            proto,
            labels: path.label_stack.iter().take(usize::from(path.n_labels)).copied().collect(),
            ..Path::drop(is_ipv6)
        };
        match path.type_ {
            // It names interface 0, whatever the request said.
            FibPathType::DROP => read.sw_if_index = 0,
            FibPathType::LOCAL | FibPathType::DVR | FibPathType::INTERFACE_RX => {
                read.sw_if_index = path.sw_if_index;
            }
            FibPathType::UDP_ENCAP | FibPathType::BIER_IMP => read.object = path.nh.obj_id,
            FibPathType::CLASSIFY => return Err(Outcome::Retval(-65)),
            FibPathType::NORMAL | FibPathType::SOURCE_LOOKUP if is_ip => {
                read.kind = FibPathType::NORMAL;
                read.next_hop =
                    if is_ipv6 { path.nh.address } else { AddressUnion::from_ip4(path.nh.address.ip4()) };
                read.sw_if_index = path.sw_if_index;
                if path.sw_if_index != u32::MAX {
                    if !self.interfaces.contains(path.sw_if_index) {
                        return Err(retval::NO_MATCHING_INTERFACE);
                    }
                } else if self.fib.contains(is_ipv6, path.table_id) {
                    read.table = path.table_id;
                } else {
                    return Err(retval::NO_SUCH_FIB);
                }
            }
            FibPathType::NORMAL if proto == FibPathNhProto::ETHERNET => read.sw_if_index = path.sw_if_index,
            _ => {}
        }
        Ok(read)
    }
}

fn dump(state: &State, request: IpRouteDump) -> Vec<IpRouteDetails> {
    let table_id = request.table.table_id;
    let shown = state.fib.dump(request.table.is_ip6, table_id, None);
    shown
        .into_iter()
        .map(|s| IpRouteDetails {
            route: IpRoute {
                table_id,
                stats_index: s.stats_index,
                prefix: (s.ip, s.length).into(),
                paths: s.paths.try_into().unwrap_or_default(),
            },
        })
        .collect()
}

fn dump_v2(state: &State, request: IpRouteV2Dump) -> Vec<IpRouteV2Details> {
    let table_id = request.table.table_id;
    let source = Some(request.src).filter(|s| *s != 0);
    let shown = state.fib.dump(request.table.is_ip6, table_id, source);
    shown
        .into_iter()
        .map(|s| IpRouteV2Details {
            route: IpRouteV2 {
                table_id,
                stats_index: s.stats_index,
                prefix: (s.ip, s.length).into(),
                src: s.source,
                paths: s.paths.try_into().unwrap_or_default(),
            },
        })
        .collect()
}
