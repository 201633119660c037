//! The addresses of all interfaces, asked once for the two kinds that want to know: memberships in VRFs, and right after
//! them the addresses. VPP has to be asked for each interface and version of IP.

use super::SwIfIndex;
use crate::prelude::*;
use binapi::ip::{IpAddressDetails, IpAddressDump};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An interface, and whether IPv6 is meant.
pub(super) type Side = (SwIfIndex, bool);

/// A question, and the answer for each side.
type Asked = Option<(Vec<Side>, Vec<Vec<IpAddressDetails>>)>;

/// See the module. A comparison, and whoever only looks meanwhile, are told apart.
#[derive(Clone, Default)]
pub struct AskedAddresses(Arc<Mutex<[Asked; 2]>>);

impl AskedAddresses {
    fn kept(&self) -> MutexGuard<'_, [Asked; 2]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Asks VPP which sides have addresses, and keeps the answer for who asks next.
    pub(super) async fn first(&self, vpp: &Vpp, sides: &[Side], seen: &Seen<'_>) -> Result<Vec<bool>> {
        let dumped = ask(vpp, sides).await?;
        let some = dumped.iter().map(|addresses| !addresses.is_empty()).collect();
        self.kept()[usize::from(seen.verbose())] = Some((sides.to_vec(), dumped));
        Ok(some)
    }
    /// The answer that was kept, once, if it is to the same question and no address came or went since; else asks VPP.
    pub(super) async fn second(
        &self,
        vpp: &Vpp,
        sides: &[Side],
        seen: &Seen<'_>,
    ) -> Result<Vec<Vec<IpAddressDetails>>> {
        let kept = self.kept()[usize::from(seen.verbose())].take();
        match kept.filter(|(asked, _)| asked == sides) {
            Some((_, dumped)) => Ok(dumped),
            None => ask(vpp, sides).await,
        }
    }
    /// An address comes or goes.
    pub(super) fn forget(&self) {
        *self.kept() = [None, None];
    }
}

async fn ask(vpp: &Vpp, sides: &[Side]) -> Result<Vec<Vec<IpAddressDetails>>> {
    let dumps = sides
        .iter()
        .map(|&(SwIfIndex(sw_if_index), is_ipv6)| vpp.dump(IpAddressDump { sw_if_index, is_ipv6 }));
    try_join_all(dumps.collect::<Vec<_>>()).await
}
