//! RDMA: a network card that VPP drives through the kernel's RDMA verbs, beside Linux.
//! Type `RDMA`, section `rdma` · VPP `rdma.api`
//!
//! VPP tells nothing of it but its name, which is the logical one. What was made is taken to be as configured.

use super::link::{LinkType, Links, Sight, advised, linux_name, missing};
use super::{LOCAL0, SwIfIndex};
use crate::prelude::*;
use binapi::rdma::{RdmaCreateV3, RdmaCreateV4, RdmaDelete};
use binapi::text::FixedString;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::rdma_link::Mode;
use model::proto::ligato::vpp::interfaces::{Interface, RdmaLink};
use types::RdmaMode;

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rdma(RdmaCreateV4);

/// VPP's name for the driver.
pub(super) const DEVICE: &str = "RDMA interface";
/// What VPP did not tell of an interface that nobody wants; no interface of Linux is called so in earnest.
const UNTOLD: &str = "?";
/// The reference's defaults.
const QUEUES: u16 = 1;
const QUEUE_SIZE: u16 = 1024;

/// The entries of a queue; 0 is the default.
fn size(field: &'static str, size: u32) -> Result<u16, Invalid> {
    let good = |size: &u16| *size == 0 || *size >= 256 && size.is_power_of_two();
    match u16::try_from(size).ok().filter(good) {
        Some(0) => Ok(QUEUE_SIZE),
        Some(size) => Ok(size),
        None => Err(Invalid::new(field, "must be a power of two from 256 to 32768")),
    }
}

impl LinkType for Rdma {
    const TYPE: Type = Type::Rdma;
    const PREFIX: &'static str = "";
    const USES: &'static [&'static str] = &[RdmaCreateV3::ID, RdmaDelete::ID];
    type Told = ();

    fn of(i: &Interface) -> Result<Rdma, Invalid> {
        let Some(Section::Rdma(link)) = &i.link else { return Err(missing(i, "link.rdma")) };
        let mode =
            Mode::try_from(link.mode).map_err(|_| Invalid::new("link.rdma.mode", "is not a known mode"))?;
        let queues = u16::try_from(link.rxq_num)
            .map_err(|_| Invalid::new("link.rdma.rxq_num", "is more than 65535 queues"))?;
        Ok(Rdma(RdmaCreateV4 {
            host_if: linux_name("link.rdma.host_if_name", &link.host_if_name)?,
            name: FixedString::cut(&i.name),
            rxq_num: if queues == 0 { QUEUES } else { queues },
            rxq_size: size("link.rdma.rxq_size", link.rxq_size)?,
            txq_size: size("link.rdma.txq_size", link.txq_size)?,
            mode: match mode {
                Mode::Auto => RdmaMode::AUTO,
                Mode::Ibv => RdmaMode::IBV,
                Mode::Dv => RdmaMode::DV,
            },
            ..RdmaCreateV4::default()
        }))
    }
    fn place(&self) -> Option<String> {
        Some(self.0.host_if.to_string())
    }
    /// Nothing is told of what was made.
    fn place_as_told(&self, (): &()) -> Option<String> {
        None
    }
    fn resembles(&self, seen: &Rdma) -> bool {
        self.0.name == seen.0.name
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let host = self.0.host_if;
        let made = match links.vpp.has::<RdmaCreateV4>() {
            true => links.vpp.call(self.0).await.map(|made| made.sw_if_index),
            // It takes no mode: VPP misreads the field, and goes by what the card can do.
            false => links.vpp.call(v3(self.0)).await.map(|made| made.sw_if_index),
        };
        let advice = || format!("{host} must be a card that the kernel drives by mlx5, with RDMA");
        let index = SwIfIndex(made.map_err(|error| advised(error, "INVALID_INTERFACE", advice))?);
        // Without any RDMA device VPP makes nothing, and answers as if it had.
        if index == LOCAL0 {
            return Err(sched::Error::new("VPP finds no RDMA device; is the kernel's ib_uverbs there?"));
        }
        Ok(index)
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(RdmaDelete { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(_: &Links) -> Result<Option<()>> {
        Ok(Some(()))
    }
    fn section((): &(), sight: &Sight<'_>) -> Option<Option<Section>> {
        (sight.details.interface_dev_type.as_str() == DEVICE).then(|| {
            let untold =
                || Section::Rdma(RdmaLink { host_if_name: UNTOLD.to_owned(), ..RdmaLink::default() });
            let wanted = sight.section().filter(|section| matches!(section, Section::Rdma(_)));
            Some(wanted.cloned().unwrap_or_else(untold))
        })
    }
}

/// The same in the form of older releases.
fn v3(request: RdmaCreateV4) -> RdmaCreateV3 {
    let RdmaCreateV4 {
        host_if,
        name,
        rxq_num,
        rxq_size,
        txq_size,
        mode,
        no_multi_seg,
        max_pktlen,
        rss4,
        rss6,
    } = request;
    RdmaCreateV3 { host_if, name, rxq_num, rxq_size, txq_size, mode, no_multi_seg, max_pktlen, rss4, rss6 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_names_the_field() {
        let on = || RdmaLink { host_if_name: "mlx0".into(), ..RdmaLink::default() };
        let cases = [
            (RdmaLink::default(), "link.rdma.host_if_name: must be given"),
            (RdmaLink { mode: 7, ..on() }, "link.rdma.mode: is not a known mode"),
            (RdmaLink { rxq_num: 65536, ..on() }, "link.rdma.rxq_num: is more than 65535 queues"),
            (RdmaLink { rxq_size: 300, ..on() }, "link.rdma.rxq_size: must be a power of two from 256"),
            (RdmaLink { txq_size: 128, ..on() }, "link.rdma.txq_size: must be a power of two from 256"),
        ];
        for (link, reason) in cases {
            let link = Some(Section::Rdma(link));
            let error = Rdma::of(&Interface { link, ..Interface::default() }).unwrap_err().to_string();
            assert!(error.starts_with(reason), "{error:?} is not {reason:?}");
        }
    }

    #[test]
    fn older_releases_are_told_the_same() {
        let link = RdmaLink { host_if_name: "mlx0".into(), mode: 2, rxq_num: 3, rxq_size: 512, txq_size: 0 };
        let value = Interface { name: "r1".into(), link: Some(Section::Rdma(link)), ..Interface::default() };
        let Rdma(new) = Rdma::of(&value).unwrap();
        let old = v3(new.clone());
        assert_eq!((old.host_if.as_str(), old.name.as_str(), old.mode), ("mlx0", "r1", RdmaMode::DV));
        assert_eq!((old.rxq_num, old.rxq_size, old.txq_size), (new.rxq_num, new.rxq_size, 1024));
    }
}
