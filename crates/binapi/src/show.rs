//! `Debug` of types whose fields one by one would say little in a trace.

use crate::types::{Address, FibPath, FibPathFlags, FibPathNhProto, Prefix};
use std::fmt;
use std::net::IpAddr;

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ip().fmt(f)
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.ip(), self.len)
    }
}

/// What is not zero; the next hop as the address it is, labels only as many as count.
impl fmt::Debug for FibPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("FibPath");
        out.field("type_", &self.type_).field("sw_if_index", &(self.sw_if_index as i32));
        match self.proto {
            FibPathNhProto::IP4 => out.field("nh", &IpAddr::V4(self.nh.address.ip4().into())),
            FibPathNhProto::IP6 => out.field("nh", &IpAddr::V6(self.nh.address.ip6().into())),
            proto => out.field("proto", &proto).field("nh", &self.nh),
        };
        if self.table_id != 0 {
            out.field("table_id", &self.table_id);
        }
        out.field("weight", &self.weight).field("preference", &self.preference);
        if self.flags != FibPathFlags::NONE {
            out.field("flags", &self.flags);
        }
        if self.rpf_id != 0 {
            out.field("rpf_id", &self.rpf_id);
        }
        if let Some(labels) = self.label_stack.get(..usize::from(self.n_labels))
            && !labels.is_empty()
        {
            out.field("labels", &labels);
        }
        out.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_one_line() {
        let ip: IpAddr = [10, 0, 0, 7].into();
        let path = FibPath {
            sw_if_index: 3,
            weight: 1,
            nh: crate::types::FibPathNh { address: ip.into(), ..Default::default() },
            ..Default::default()
        };
        assert_eq!(
            format!("{path:?}"),
            "FibPath { type_: NORMAL, sw_if_index: 3, nh: 10.0.0.7, weight: 1, preference: 0, .. }"
        );
    }
}
