//! EXISTING: a link that others made, in the agent's own namespace. Type `EXISTING`, no section
//!
//! It is taken as it is: only its addresses are configured, and not even these with `link_only`. It is found by its name in
//! Linux, and bears no mark of ours.

use super::LinkId;
use super::kind::{Kind, Making};
use super::link::{Which, get};
use super::sight::Sight;
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;

pub(super) fn of(i: &Interface) -> Result<Kind, Invalid> {
    ensure(i.link.is_none(), "link", "is the section of another type of interface")?;
    ensure(
        i.namespace.is_none(),
        "namespace",
        "cannot be given: existing interfaces are those of the agent's own namespace",
    )?;
    Ok(Kind::Existing)
}

pub(super) async fn find(at: &Making<'_>) -> Result<LinkId> {
    let found = at.netns.ask(vec![get(Which::Host(at.host))]).await;
    let found = found.map_err(|refusal| in_words(&format!("looking for {}", at.host), refusal))?;
    let found = Sight::all(&found).into_iter().next();
    let missing = || Error::new(format!("looking for {}: the kernel did not tell of it", at.host));
    Ok(LinkId { netns: at.netns.clone(), index: found.ok_or_else(missing)?.index })
}
