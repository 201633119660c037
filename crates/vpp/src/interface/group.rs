//! Multicast groups of tunnels: all tunnels of a type to one group must be in one VRF, or VPP ends when they are removed.
//!
//! VPP keeps one entry for a group, whatever the VRF, and takes it away with the last tunnel of any VRF; the next one to go
//! does not find it, and VPP aborts. So a tunnel to a group that another VRF has is not made.

use super::SwIfIndex;
use crate::one_table::OneTable;
use crate::prelude::*;
use std::net::IpAddr;

/// The groups that the tunnels of a type have.
#[derive(Default)]
pub(super) struct Groups(OneTable<IpAddr, SwIfIndex>);

impl Groups {
    /// Makes a tunnel to `dst` by `make`, unless that is a group of another VRF.
    pub(super) async fn make(
        &self,
        dst: IpAddr,
        table: u32,
        make: impl Future<Output = Result<u32>>,
    ) -> Result<SwIfIndex> {
        if !dst.is_multicast() {
            return Ok(SwIfIndex(make.await?));
        }
        let number = self.0.enter(dst, table).map_err(|other| {
            sched::Error::new(format!(
                "not sent: the multicast group {dst} has tunnels in VRF {other}, and VPP would end when tunnels in two \
                 VRFs are removed; use another group for VRF {table}"
            ))
        })?;
        let made = make.await.map(SwIfIndex);
        match &made {
            Ok(index) => self.0.made(dst, number, *index),
            Err(error) => self.0.failed(dst, number, error.uncertain),
        }
        made
    }
    /// A tunnel was removed.
    pub(super) fn left(&self, group: IpAddr, index: SwIfIndex) {
        self.0.left(group, &index);
    }
    /// How many were begun until now, just before tunnels are listed.
    pub(super) fn begun(&self) -> u64 {
        self.0.begun()
    }
    /// These are all tunnels, with destination and table. `begun` of ours were begun before they were listed.
    pub(super) fn told(&self, begun: u64, all: impl Iterator<Item = (SwIfIndex, IpAddr, u32)>) {
        self.0.told(begun, all.filter(|(_, dst, _)| dst.is_multicast()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    const GROUP: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(239, 1, 1, 1));

    fn make(groups: &Groups, dst: IpAddr, table: u32, made: Result<u32>) -> Result<SwIfIndex> {
        groups.make(dst, table, async { made }).now_or_never().unwrap()
    }

    #[test]
    fn only_groups_belong_to_one_vrf() {
        let groups = Groups::default();
        let one = IpAddr::from([10, 1, 1, 1]);
        for table in [0, 1] {
            assert_eq!(make(&groups, one, table, Ok(3)), Ok(SwIfIndex(3)));
        }
        assert_eq!(make(&groups, GROUP, 0, Ok(3)), Ok(SwIfIndex(3)));
        let error = make(&groups, GROUP, 1, Ok(5)).unwrap_err();
        assert!(error.cause.contains("has tunnels in VRF 0"), "{error:?}");
        groups.left(GROUP, SwIfIndex(3));
        assert_eq!(make(&groups, GROUP, 1, Ok(5)), Ok(SwIfIndex(5)));
    }

    #[test]
    fn what_was_refused_is_not_there_and_what_was_cut_off_may_be() {
        let groups = Groups::default();
        assert!(make(&groups, GROUP, 0, Err(sched::Error::new("refused"))).is_err());
        let lost = sched::Error { uncertain: true, ..sched::Error::new("cut off") };
        assert!(make(&groups, GROUP, 1, Err(lost)).is_err());
        assert!(make(&groups, GROUP, 2, Ok(5)).is_err(), "the lost one may be there");
        groups.told(groups.begun(), [(SwIfIndex(3), IpAddr::from([10, 1, 1, 1]), 0)].into_iter());
        assert_eq!(make(&groups, GROUP, 2, Ok(5)), Ok(SwIfIndex(5)));
    }
}
