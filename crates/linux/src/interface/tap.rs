//! TAP_TO_VPP: the Linux end of a TAP of VPP. Type `TAP_TO_VPP`, section `tap`
//!
//! VPP makes it together with its own end, in the agent's own namespace. It is taken from there, and given back under the name
//! that it had, which its alias keeps.

use super::kind::{Kind, Making};
use super::link::{Changes, Which, get, set};
use super::sight::Sight;
use super::{LinkId, missing};
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::interface::Link;
use model::proto::ligato::linux::interfaces::{Interface, TapLink};

pub(super) fn of(i: &Interface) -> Result<Kind, Invalid> {
    let Some(Link::Tap(link)) = &i.link else { return Err(missing(i, "link.tap")) };
    let vpp = link.vpp_tap_if_name.clone();
    ensure(
        !vpp.is_empty(),
        "link.tap.vpp_tap_if_name",
        "must be given: the TAP of VPP that this is the end of",
    )?;
    Ok(Kind::Tap { vpp })
}

pub(super) fn section(vpp: &str) -> Link {
    Link::Tap(TapLink { vpp_tap_if_name: vpp.to_owned() })
}

/// The name that VPP gave it.
pub(super) fn made_as(linux: &Linux, vpp: &str) -> Result<String> {
    let unknown =
        || Error::new(format!("nobody knows what the Linux end of {vpp} is called: is {vpp} a TAP?"));
    linux.tap_end(vpp).ok_or_else(unknown)
}

/// The link of this name.
async fn look(netns: &Netns, host: &str, doing: &str) -> Result<Sight> {
    let found = netns.ask(vec![get(Which::Host(host))]).await;
    let found = found.map_err(|refusal| in_words(doing, refusal))?;
    let found = Sight::all(&found).into_iter().find(|link| link.kind == "tun");
    found.ok_or_else(|| Error::new(format!("{doing}: it is no TAP")))
}

pub(super) async fn find(at: &Making<'_>, vpp: &str) -> Result<LinkId> {
    let (home, host) = (at.linux.home(), made_as(at.linux, vpp)?);
    let doing = format!("looking for {host}, the Linux end of {vpp}");
    let link = match look(home, &host, &doing).await {
        Ok(link) => link,
        // Perhaps an earlier agent took it to where it is to be, and nobody has looked there yet.
        Err(missing) => match look(at.netns, at.host, &doing).await {
            Ok(link) if link.alias == at.alias => {
                return Ok(LinkId { netns: at.netns.clone(), index: link.index });
            }
            _ => return Err(Error { stale: true, ..missing }),
        },
    };
    // Marked before it moves, so that it is found wherever it is; and set down, because what is up keeps its name.
    let marked = Changes { alias: Some(at.alias.to_owned()), up: Some(false), ..Changes::default() };
    let marked = home.ask(vec![set(Which::Index(link.index), marked)]).await;
    marked.map_err(|refusal| in_words(&format!("taking {host}"), refusal))?;
    Ok(LinkId { netns: home.clone(), index: link.index })
}

/// What gives it back, from the namespace that it is in.
pub(super) fn release(linux: &Linux, link: &Sight, on: &LinkId) -> Vec<Request> {
    let down = Changes { up: Some(false), ..Changes::default() };
    let home = linux.home();
    let back = Changes {
        host: link.alias.rsplit_once('/').map(|(_, made_as)| made_as.to_owned()),
        alias: Some(String::new()),
        netns: (on.netns != *home).then(|| home.fd()),
        ..Changes::default()
    };
    vec![set(Which::Index(on.index), down), set(Which::Index(on.index), back)]
}
