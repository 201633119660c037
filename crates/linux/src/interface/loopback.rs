//! LOOPBACK: the link of a namespace to itself. Type `LOOPBACK`, no section
//!
//! Every namespace has exactly one, called `lo`. It is taken over and given back, never made.

use super::LinkId;
use super::alias;
use super::kind::Making;
use super::link::{Changes, Which, get, set};
use super::sight::Sight;
use crate::prelude::*;

/// Its name.
pub(super) const HOST: &str = "lo";
/// Its MTU, unless somebody changes it.
pub(super) const MTU: u32 = 65536;

pub(super) async fn find(at: &Making<'_>) -> Result<LinkId> {
    let found = at.netns.ask(vec![get(Which::Host(HOST))]).await;
    let found = found.map_err(|refusal| in_words("looking for lo", refusal))?;
    let Some(lo) = Sight::all(&found).into_iter().next() else {
        return Err(Error::new("looking for lo: the kernel did not tell of it"));
    };
    if lo.alias != at.alias && !alias::is_free(&at.linux.mark(), &lo.alias) {
        let no = "have its owner give it up, or take its alias away (ip link set lo alias \"\")";
        let cause = format!("lo belongs to somebody else: its alias is {:?}; {no}", lo.alias);
        return Err(Error::new(cause));
    }
    Ok(LinkId { netns: at.netns.clone(), index: lo.index })
}

/// What gives it back. It stays up or down as it is.
pub(super) fn release(index: u32) -> Request {
    let changes = Changes { alias: Some(String::new()), mtu: Some(MTU), ..Changes::default() };
    set(Which::Index(index), changes)
}
