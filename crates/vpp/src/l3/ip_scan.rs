//! IP scan: neighbours that VPP learned and that have been silent for some time are asked whether they are still there, and
//! forgotten if not. A setting of the whole VPP.
//! Config `ligato.vpp.l3.IPScanNeighbor` · VPP `ip_neighbor.api`
//!
//! The model is of a VPP that looked at its neighbours every few minutes. Today VPP has an age for each IP version at which
//! it asks; that is `stale_threshold`, for the versions that `mode` names. The other fields have nothing to set any more.
//! VPP up to 23.06 does not tell the age: what this agent told is remembered as long as it and VPP live, and told again
//! after that.

use crate::prelude::*;
use binapi::ip_neighbor::{IpNeighborConfig, IpNeighborConfigGet};
use binapi::memclnt::ControlPing;
use model::proto::ligato::vpp::l3::IpScanNeighbor;
use model::proto::ligato::vpp::l3::ip_scan_neighbor::Mode;
use std::sync::{Mutex, PoisonError};
use types::AddressFamily;

/// The age when VPP still had a default for it, in minutes.
const DEFAULT_AGE: u32 = 4;
/// How many neighbours VPP keeps unless told, where it cannot be asked.
const MOST: u32 = 50_000;

/// Seconds after which a silent neighbour is asked, for IPv4 and IPv6; 0 for never.
type Ages = [u32; 2];

/// See the module.
pub struct IpScan {
    vpp: Vpp,
    /// What was told last, and in which life of VPP.
    told: Mutex<Option<(u64, Ages)>>,
}

impl IpScan {
    /// The setting of this VPP.
    pub fn new(vpp: Vpp) -> Self {
        IpScan { vpp, told: Mutex::default() }
    }
    /// Sets the age, and leaves the rest of what VPP is told along with it as it is.
    async fn set(&self, ages: Ages) -> Result<()> {
        let life = self.vpp.life();
        let each = [AddressFamily::IP4, AddressFamily::IP6].into_iter().zip(ages);
        try_join_all(each.map(async |(af, max_age)| {
            let (max_number, recycle) = match self.vpp.has::<IpNeighborConfigGet>() {
                true => {
                    let now = self.vpp.call(IpNeighborConfigGet { af }).await?;
                    (now.max_number, now.recycle)
                }
                false => (MOST, false),
            };
            self.vpp.call(IpNeighborConfig { af, max_number, max_age, recycle }).await.map(drop)
        }))
        .await?;
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some((life, ages));
        Ok(())
    }
    async fn now(&self) -> Result<Ages> {
        if !self.vpp.has::<IpNeighborConfigGet>() {
            // What a VPP was told that has gone meanwhile says nothing.
            self.vpp.call(ControlPing::default()).await?;
            let told = *self.told.lock().unwrap_or_else(PoisonError::into_inner);
            return Ok(told.filter(|(life, _)| *life == self.vpp.life()).map_or([0, 0], |(_, ages)| ages));
        }
        let get = |af| self.vpp.call(IpNeighborConfigGet { af });
        let (v4, v6) = try_join(get(AddressFamily::IP4), get(AddressFamily::IP6)).await?;
        Ok([v4.max_age, v6.max_age])
    }
}

impl Descriptor for IpScan {
    const NAME: &'static str = "vpp-ip-scan-neighbor";
    const USES: &'static [&'static str] = &[IpNeighborConfig::ID];
    const OWNERSHIP: Ownership = Ownership::Recorded;
    type Value = IpScanNeighbor;
    type Image = Ages;
    type Handle = ();
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &IpScanNeighbor) {}
    fn image(&self, s: &IpScanNeighbor) -> Result<Ages, Invalid> {
        let gone = [
            (s.scan_interval, "scan_interval"),
            (s.max_proc_time, "max_proc_time"),
            (s.max_update, "max_update"),
            (s.scan_int_delay, "scan_int_delay"),
        ];
        for (set, field) in gone {
            let reason = "is nothing that VPP can be told any more: a neighbour is looked at when it is \
                          `stale_threshold` minutes old; leave it out";
            ensure(set == 0, field, reason)?;
        }
        let minutes = if s.stale_threshold == 0 { DEFAULT_AGE } else { s.stale_threshold };
        let age = minutes.checked_mul(60);
        let age = age.ok_or_else(|| Invalid::new("stale_threshold", "is more minutes than VPP can count"))?;
        match Mode::try_from(s.mode) {
            Ok(Mode::Disabled) => Ok([0, 0]),
            Ok(Mode::Ipv4) => Ok([age, 0]),
            Ok(Mode::Ipv6) => Ok([0, age]),
            Ok(Mode::Both) => Ok([age, age]),
            Err(_) => Err(Invalid::new("mode", "is not a known mode")),
        }
    }
    fn change(&self, _: &Ages, _: &Ages, _: bool) -> Change {
        Change::InPlace
    }
    async fn create(&self, new: Ages, (): ()) -> Made<()> {
        self.set(new).await.map_err(|error| error.left(()))
    }
    async fn update(&self, _: Ages, new: Ages, (): (), (): ()) -> Result<()> {
        self.set(new).await
    }
    async fn delete(&self, _: Ages, (): (), (): ()) -> Result<()> {
        self.set([0, 0]).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let ages = self.now().await?;
        let wanted = seen.desired::<IpScanNeighbor>("");
        let asked = wanted.and_then(|wanted| self.image(wanted).ok());
        if ages == [0, 0] && asked != Some(ages) {
            return Ok(Vec::new()); // so it is unless somebody sets it
        }
        let mode = match ages {
            [0, 0] => Mode::Disabled,
            [_, 0] => Mode::Ipv4,
            [0, _] => Mode::Ipv6,
            _ => Mode::Both,
        };
        // Two ages cannot be expressed: the one that is not as wanted is shown.
        let differs =
            ages.into_iter().zip(asked.unwrap_or_default()).find(|(age, asked)| *age != 0 && age != asked);
        let age = differs.map_or(ages.into_iter().max().unwrap_or_default(), |(age, _)| age);
        let stale_threshold = match (age / 60, wanted) {
            (DEFAULT_AGE, Some(wanted)) if wanted.stale_threshold == 0 => 0,
            (minutes, _) => minutes,
        };
        Ok(vec![Found::new(IpScanNeighbor { mode: mode.into(), stale_threshold, ..Default::default() }, ())])
    }
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/vpp/v2/ipscanneigh",
    descriptor: IpScan::NAME,
    shape: Shape::One,
    element: |item| Some((String::new(), shown(item))),
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::sentence;

    #[test]
    fn what_is_wrong_is_said() {
        let good =
            IpScanNeighbor { mode: Mode::Both.into(), stale_threshold: 10, ..IpScanNeighbor::default() };
        let gone = "is nothing that VPP can be told any more: a neighbour is looked at when it is `stale_threshold` minutes old; leave it out";
        let cases = [
            (IpScanNeighbor { mode: 7, ..good }, "mode: is not a known mode".to_owned()),
            (IpScanNeighbor { scan_interval: 1, ..good }, format!("scan_interval: {gone}")),
            (IpScanNeighbor { max_proc_time: 1, ..good }, format!("max_proc_time: {gone}")),
            (IpScanNeighbor { max_update: 1, ..good }, format!("max_update: {gone}")),
            (IpScanNeighbor { scan_int_delay: 1, ..good }, format!("scan_int_delay: {gone}")),
            (
                IpScanNeighbor { stale_threshold: u32::MAX, ..good },
                "stale_threshold: is more minutes than VPP can count".to_owned(),
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(sentence(IpScan::new, &value), expected);
        }
        assert_eq!(sentence(IpScan::new, &good), "");
    }
}
