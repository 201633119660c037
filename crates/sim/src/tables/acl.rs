//! ACLs, and the interfaces that apply them. The plugin keeps IP and MACIP ACLs apart, and warns about ACLs without rules,
//! but takes them.

use super::retval;
use crate::filter::{Conversation, Packet};
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::acl::{
    AclAddReplace, AclAddReplaceReply, AclDel, AclDelReply, AclDetails, AclDump, AclInterfaceAddDel,
    AclInterfaceAddDelReply, AclInterfaceListDetails, AclInterfaceListDump, AclInterfaceSetAclList,
    AclInterfaceSetAclListReply, MacipAclAdd, MacipAclAddReplace, MacipAclAddReplaceReply, MacipAclAddReply,
    MacipAclDel, MacipAclDelReply, MacipAclDetails, MacipAclDump, MacipAclInterfaceAddDel,
    MacipAclInterfaceAddDelReply, MacipAclInterfaceListDetails, MacipAclInterfaceListDump,
};
use binapi::list::Counted;
use binapi::text::FixedString;
use binapi::types::{AclAction, AclRule, MacipAclRule, Prefix};
use std::collections::{BTreeMap, BTreeSet};

const NONE: u32 = u32::MAX;

#[derive(Debug)]
struct Acl<R> {
    tag: FixedString<64>,
    rules: Counted<R, u32>,
}

/// ACLs of one kind by number; the last number freed is given out first.
#[derive(Debug)]
struct Pool<R> {
    by_index: BTreeMap<u32, Acl<R>>,
    free: Vec<u32>,
}

impl<R> Default for Pool<R> {
    fn default() -> Self {
        Pool { by_index: BTreeMap::new(), free: Vec::new() }
    }
}

impl<R> Pool<R> {
    fn put(&mut self, index: u32, acl: Acl<R>) -> Result<u32> {
        let index = match index {
            NONE => self.free.pop().unwrap_or(self.by_index.len() as u32),
            index => index,
        };
        self.by_index.insert(index, acl);
        Ok(index)
    }
    fn has(&self, index: u32) -> Result<()> {
        self.by_index.contains_key(&index).then_some(()).ok_or(retval::NO_SUCH_ENTRY)
    }
    fn remove(&mut self, index: u32) {
        self.by_index.remove(&index);
        self.free.push(index);
    }
    /// All, or one.
    fn wanted(&self, index: u32) -> impl Iterator<Item = (u32, &Acl<R>)> {
        let wanted = self.by_index.iter().filter(move |&(&i, _)| index == NONE || index == i);
        wanted.map(|(index, acl)| (*index, acl))
    }
}

/// What the plugin knows.
#[derive(Debug, Default)]
pub(crate) struct Acls {
    ip: Pool<AclRule>,
    macip: Pool<MacipAclRule>,
    /// By interface, for arriving and for leaving packets.
    applied: BTreeMap<u32, [Vec<u32>; 2]>,
    macip_applied: BTreeMap<u32, u32>,
    /// Interfaces below this had a MACIP ACL once, or stand below one that had.
    macip_seen: u32,
    /// What may be answered through which interface.
    reflected: BTreeSet<(u32, Conversation)>,
}

/// Packets that arrive, and those that leave.
pub(crate) const INPUT: usize = 0;
pub(crate) const OUTPUT: usize = 1;

impl Acls {
    /// An interface goes: it applies nothing any more.
    pub(crate) fn forget(&mut self, sw_if_index: u32) {
        self.applied.remove(&sw_if_index);
        self.reflected.retain(|(on, _)| *on != sw_if_index);
        self.macip_applied.remove(&sw_if_index);
    }
    /// Does the packet pass this side of the interface?
    pub(crate) fn lets(&mut self, sw_if_index: u32, side: usize, packet: &Packet) -> bool {
        let lists = self.applied.get(&sw_if_index).and_then(|sides| sides.get(side));
        let Some(lists) = lists.filter(|lists| !lists.is_empty()) else { return true };
        if self.reflected.contains(&(sw_if_index, packet.conversation())) {
            return true;
        }
        let rules = lists.iter().filter_map(|acl| self.ip.by_index.get(acl)).flat_map(|acl| acl.rules.iter());
        match packet.verdict(rules) {
            AclAction::DENY => false,
            AclAction::PERMIT_REFLECT => {
                self.reflected.insert((sw_if_index, packet.answered()));
                true
            }
            _ => true,
        }
    }
    fn is_applied(&self, side: usize, acl: u32) -> bool {
        self.applied.values().any(|sides| sides.get(side).is_some_and(|list| list.contains(&acl)))
    }
    fn list(&mut self, sw_if_index: u32, side: usize) -> &mut Vec<u32> {
        let [input, output] = self.applied.entry(sw_if_index).or_default();
        if side == INPUT { input } else { output }
    }
    fn set(&mut self, sw_if_index: u32, side: usize, acls: Vec<u32>) -> Result<()> {
        acls.iter().try_for_each(|acl| self.ip.has(*acl))?;
        if acls.iter().collect::<BTreeSet<_>>().len() < acls.len() {
            return Err(retval::ENTRY_ALREADY_EXISTS);
        }
        *self.list(sw_if_index, side) = acls;
        Ok(())
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(|state: &State, request: AclDump| {
        let acls = state.acls.ip.wanted(request.acl_index);
        acls.map(|(acl_index, acl)| AclDetails { acl_index, tag: acl.tag, r: acl.rules.clone() }).collect()
    });
    handlers.dump(|state: &State, request: MacipAclDump| {
        let acls = state.acls.macip.wanted(request.acl_index);
        acls.map(|(acl_index, acl)| MacipAclDetails { acl_index, tag: acl.tag, r: acl.rules.clone() })
            .collect()
    });
    handlers.dump(applied);
    handlers.dump(macip_applied);
    handlers.change(add_replace);
    handlers.change(delete);
    handlers.change(apply);
    handlers.change(apply_list);
    handlers.change(|state, request: MacipAclAdd| {
        let MacipAclAdd { tag, r } = request;
        let (retval, acl_index) = told(NONE, put_macip(state, NONE, tag, r))?;
        Ok(MacipAclAddReply { acl_index, retval })
    });
    handlers.change(|state, request: MacipAclAddReplace| {
        let MacipAclAddReplace { acl_index, tag, r } = request;
        let (retval, acl_index) = told(acl_index, put_macip(state, acl_index, tag, r))?;
        Ok(MacipAclAddReplaceReply { acl_index, retval })
    });
    handlers.change(delete_macip);
    handlers.change(apply_macip);
}

/// The reply tells the number also when it refuses.
fn told(asked: u32, done: Result<u32>) -> Result<(i32, u32)> {
    match done {
        Ok(index) => Ok((0, index)),
        Err(Outcome::Retval(retval)) => Ok((retval, asked)),
        Err(crash) => Err(crash),
    }
}

fn tag_fits(tag: &FixedString<64>) -> Result<()> {
    if tag.as_str().len() < 64 { Ok(()) } else { Err(retval::INVALID_VALUE) }
}

/// A network with host bits, or a length that its version does not have, is none.
fn is_network(prefix: &Prefix) -> bool {
    let (bits, width) = match prefix.ip() {
        std::net::IpAddr::V4(ip) => (u128::from(ip.to_bits()) << 96, 32),
        std::net::IpAddr::V6(ip) => (ip.to_bits(), 128),
    };
    prefix.len <= width && bits.checked_shl(u32::from(prefix.len)).unwrap_or(0) == 0
}

fn check(rule: &AclRule) -> Result<()> {
    if !is_network(&rule.src_prefix) {
        return Err(retval::INVALID_SRC_ADDRESS);
    }
    if !is_network(&rule.dst_prefix) {
        return Err(retval::INVALID_DST_ADDRESS);
    }
    if rule.src_prefix.ip().is_ipv4() != rule.dst_prefix.ip().is_ipv4() {
        return Err(retval::INVALID_SRC_ADDRESS);
    }
    let source = rule.srcport_or_icmptype_first <= rule.srcport_or_icmptype_last;
    let destination = rule.dstport_or_icmpcode_first <= rule.dstport_or_icmpcode_last;
    if source && destination { Ok(()) } else { Err(retval::INVALID_VALUE_2) }
}

fn add_replace(state: &mut State, request: AclAddReplace) -> Result<AclAddReplaceReply> {
    let AclAddReplace { acl_index, tag, r: rules } = request;
    let acls = &mut state.acls.ip;
    let put = || {
        tag_fits(&tag)?;
        rules.iter().try_for_each(check)?;
        if acl_index != NONE {
            acls.has(acl_index)?;
        }
        acls.put(acl_index, Acl { tag, rules })
    };
    let (retval, acl_index) = told(acl_index, put())?;
    Ok(AclAddReplaceReply { acl_index, retval })
}

fn delete(state: &mut State, request: AclDel) -> Result<AclDelReply> {
    let acls = &mut state.acls;
    acls.ip.has(request.acl_index)?;
    if acls.is_applied(INPUT, request.acl_index) {
        return Err(retval::ACL_IN_USE_INBOUND);
    }
    if acls.is_applied(OUTPUT, request.acl_index) {
        return Err(retval::ACL_IN_USE_OUTBOUND);
    }
    acls.ip.remove(request.acl_index);
    Ok(AclDelReply::default())
}

/// Added at the end; the last one moves into the gap of one that is taken away.
fn apply(state: &mut State, request: AclInterfaceAddDel) -> Result<AclInterfaceAddDelReply> {
    let AclInterfaceAddDel { is_add, is_input, sw_if_index, acl_index } = request;
    state.interfaces.get(sw_if_index)?;
    let (side, twice) = match is_input {
        true => (INPUT, retval::ACL_IN_USE_INBOUND),
        false => (OUTPUT, retval::ACL_IN_USE_OUTBOUND),
    };
    let mut list = state.acls.list(sw_if_index, side).clone();
    match (is_add, list.iter().position(|acl| *acl == acl_index)) {
        (true, None) => list.push(acl_index),
        (true, Some(_)) => return Err(twice),
        (false, Some(at)) => drop(list.swap_remove(at)),
        (false, None) => return Err(retval::NO_SUCH_ENTRY),
    }
    state.acls.set(sw_if_index, side, list)?;
    Ok(AclInterfaceAddDelReply::default())
}

/// Leaving packets come first. What is wrong with one of the lists is told as 1.
fn apply_list(state: &mut State, request: AclInterfaceSetAclList) -> Result<AclInterfaceSetAclListReply> {
    let AclInterfaceSetAclList { sw_if_index, n_input, acls } = request;
    state.interfaces.get(sw_if_index)?;
    acls.iter().try_for_each(|acl| state.acls.ip.has(*acl))?;
    let (input, output) = acls.split_at(acls.len().min(usize::from(n_input)));
    for (side, acls) in [(OUTPUT, output), (INPUT, input)] {
        state.acls.set(sw_if_index, side, acls.to_vec()).map_err(|_| Outcome::Retval(1))?;
    }
    Ok(AclInterfaceSetAclListReply::default())
}

/// Also interfaces without ACLs are told.
fn applied(state: &State, request: AclInterfaceListDump) -> Vec<AclInterfaceListDetails> {
    let wanted = |index: u32| request.sw_if_index == NONE || request.sw_if_index == index;
    let interfaces = state.interfaces.iter().map(|(index, _)| index).filter(|index| wanted(*index));
    let details = interfaces.map(|sw_if_index| {
        let [input, output] = state.acls.applied.get(&sw_if_index).cloned().unwrap_or_default();
        let n_input = input.len() as u8;
        let acls = [input, output].concat().try_into().unwrap_or_default();
        AclInterfaceListDetails { sw_if_index, n_input, acls }
    });
    details.collect()
}

/// Nothing is looked at but the tag: a network may have host bits here.
fn put_macip(
    state: &mut State,
    index: u32,
    tag: FixedString<64>,
    rules: Counted<MacipAclRule, u32>,
) -> Result<u32> {
    tag_fits(&tag)?;
    if index != NONE {
        state.acls.macip.has(index)?;
    }
    state.acls.macip.put(index, Acl { tag, rules })
}

/// Interfaces that apply it are freed of it.
fn delete_macip(state: &mut State, request: MacipAclDel) -> Result<MacipAclDelReply> {
    state.acls.macip.has(request.acl_index)?;
    state.acls.macip_applied.retain(|_, acl| *acl != request.acl_index);
    state.acls.macip.remove(request.acl_index);
    Ok(MacipAclDelReply::default())
}

/// One takes the place of another without a word; which one is to be taken away is not looked at.
fn apply_macip(state: &mut State, request: MacipAclInterfaceAddDel) -> Result<MacipAclInterfaceAddDelReply> {
    let MacipAclInterfaceAddDel { is_add, sw_if_index, acl_index } = request;
    state.interfaces.get(sw_if_index)?;
    if is_add {
        state.acls.macip.has(acl_index)?;
        state.acls.macip_applied.insert(sw_if_index, acl_index);
        state.acls.macip_seen = state.acls.macip_seen.max(sw_if_index + 1);
    } else {
        state.acls.macip_applied.remove(&sw_if_index).ok_or(retval::NO_SUCH_ENTRY)?;
    }
    Ok(MacipAclInterfaceAddDelReply::default())
}

/// Of one interface it is told that it has none, as ~0, if a later one ever had one.
fn macip_applied(state: &State, request: MacipAclInterfaceListDump) -> Vec<MacipAclInterfaceListDetails> {
    let details = |sw_if_index, acl| MacipAclInterfaceListDetails { sw_if_index, acls: Counted::one(acl) };
    let acls = &state.acls;
    match request.sw_if_index {
        NONE => acls.macip_applied.iter().map(|(index, acl)| details(*index, *acl)).collect(),
        index if index < acls.macip_seen => {
            vec![details(index, acls.macip_applied.get(&index).copied().unwrap_or(NONE))]
        }
        _ => Vec::new(),
    }
}
