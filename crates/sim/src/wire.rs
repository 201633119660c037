//! What a simulated VPP does with packets: just enough that who is behind one of its TAPs reaches it, and others through it.
//! Bridge domains flood, IPv4 is forwarded by routes and filtered by ACLs, echo requests are answered. What interfaces do to
//! packets besides is not simulated.

use crate::filter::Packet;
use crate::state::State;
use crate::tables::acl::{INPUT, OUTPUT};
use binapi::types::FibPathType;
use std::net::{IpAddr, Ipv4Addr};

/// Interfaces and the frames that leave through them.
type Out = Vec<(u32, Vec<u8>)>;

const BROADCAST: [u8; 6] = [0xff; 6];
const ARP: [u8; 2] = [0x08, 0x06];
const IPV4: [u8; 2] = [0x08, 0x00];
const ICMP: u8 = 1;
/// Where the packet begins in a frame.
const HEADER: usize = 14;
/// Tables that send on to other tables, at most.
const DEEPEST: usize = 4;

/// A frame came in; these go out.
pub(crate) fn pass(state: &mut State, from: u32, frame: &[u8]) -> Out {
    let mut out = Out::new();
    let up = state.interfaces.get(from).is_ok_and(|interface| interface.admin_up && interface.kind.ethernet);
    if up && lets(state, from, INPUT, frame) {
        match state.bridge_domains.around(from) {
            None => drop(take(state, from, frame, &mut out)),
            Some((bvi, members)) => {
                let others = members.into_iter().filter(|&member| member != from && Some(member) != bvi);
                out.extend(others.map(|member| (member, frame.to_vec())));
                if let Some(bvi) = bvi {
                    take(state, bvi, frame, &mut out);
                }
            }
        }
    }
    out.retain(|(to, _)| state.interfaces.get(*to).is_ok_and(|interface| interface.admin_up));
    out.retain(|(to, frame)| lets(state, *to, OUTPUT, frame));
    out
}

/// Do the ACLs of an interface let a frame pass? What is no packet of IPv4 is none of their business.
fn lets(state: &mut State, on: u32, side: usize, frame: &[u8]) -> bool {
    let packet = match at(frame, 12) {
        Some(IPV4) => frame.get(HEADER..).and_then(Packet::read),
        _ => None,
    };
    packet.is_none_or(|packet| state.acls.lets(on, side, &packet))
}

/// Bytes at a place.
fn at<const N: usize>(frame: &[u8], place: usize) -> Option<[u8; N]> {
    frame.get(place..place + N)?.try_into().ok()
}

/// An interface with addresses takes a frame.
fn take(state: &mut State, on: u32, frame: &[u8], out: &mut Out) -> Option<()> {
    let own = state.interfaces.get(on).ok()?;
    let (mac, table) = (own.mac.0, own.table(false));
    match at(frame, 12)? {
        ARP => {
            let (sender, ip) = (at(frame, 22)?, Ipv4Addr::from(at::<4>(frame, 28)?));
            let asked = Ipv4Addr::from(at::<4>(frame, 38)?);
            let ours = own.addresses.contains(asked.into());
            state.taps.hear(on, ip.into(), sender);
            if ours && at(frame, 20)? == [0_u8, 1] {
                send(state, on, arp(2, (mac, asked), (sender, ip), sender), out);
            }
        }
        IPV4 if at(frame, 0)? == mac => {
            let to = Ipv4Addr::from(at::<4>(frame, HEADER + 16)?);
            let in_table = |address: IpAddr| {
                let mut all = state.interfaces.iter();
                all.any(|(_, other)| other.table(false) == table && other.addresses.contains(address))
            };
            match in_table(to.into()) {
                true => send(state, on, echo(frame)?, out),
                false => forward(state, table, to, frame, out)?,
            }
        }
        _ => {}
    }
    Some(())
}

/// The answer to an echo request.
fn echo(frame: &[u8]) -> Option<Vec<u8>> {
    let payload = HEADER + usize::from(frame.get(HEADER)? & 15) * 4;
    if *frame.get(HEADER + 9)? != ICMP || *frame.get(payload)? != 8 {
        return None;
    }
    let mut answer = frame.to_vec();
    let length = HEADER + usize::from(u16::from_be_bytes(at(frame, HEADER + 2)?));
    answer.truncate(length);
    answer.get_mut(..12)?.rotate_left(6);
    answer.get_mut(HEADER + 12..HEADER + 20)?.rotate_left(4);
    *answer.get_mut(payload)? = 0;
    sum(answer.get_mut(payload..)?, 2)?;
    Some(answer)
}

/// Sends a packet on its way.
fn forward(state: &State, table: u32, to: Ipv4Addr, frame: &[u8], out: &mut Out) -> Option<()> {
    let mut path = state.fib.lookup(table, to.into())?;
    for _ in 0..DEEPEST {
        if path.kind == FibPathType::NORMAL
            && path.sw_if_index == u32::MAX
            && path.next_hop == Default::default()
        {
            path = state.fib.lookup(path.table, to.into())?;
        }
    }
    let through = state.interfaces.get(path.sw_if_index).ok().filter(|_| path.kind == FibPathType::NORMAL)?;
    let hop = match Ipv4Addr::from(at::<4>(&path.next_hop.0, 0)?) {
        Ipv4Addr::UNSPECIFIED => to,
        hop => hop,
    };
    let frame = match state.taps.who_has(path.sw_if_index, hop.into()) {
        None => {
            let address = through.addresses.iter().find_map(|(ip, _)| match ip {
                IpAddr::V4(ip) => Some(ip),
                IpAddr::V6(_) => None,
            });
            arp(1, (through.mac.0, address?), ([0; 6], hop), BROADCAST)
        }
        Some(mac) => {
            let mut frame = frame.to_vec();
            frame.get_mut(..6)?.copy_from_slice(&mac);
            frame.get_mut(6..12)?.copy_from_slice(&through.mac.0);
            let ttl = frame.get_mut(HEADER + 8)?;
            *ttl = ttl.checked_sub(1).filter(|&ttl| ttl > 0)?;
            let length = usize::from(frame.get(HEADER)? & 15) * 4;
            sum(frame.get_mut(HEADER..HEADER + length)?, 10)?;
            frame
        }
    };
    send(state, path.sw_if_index, frame, out);
    Some(())
}

/// A frame leaves through an interface: of a BVI, through all members of its bridge domain.
fn send(state: &State, on: u32, frame: Vec<u8>, out: &mut Out) {
    match state.bridge_domains.around(on) {
        Some((Some(bvi), members)) if bvi == on => {
            out.extend(
                members.into_iter().filter(|&member| member != bvi).map(|member| (member, frame.clone())),
            );
        }
        _ => out.push((on, frame)),
    }
}

fn arp(what: u8, (mac, ip): ([u8; 6], Ipv4Addr), (to, asked): ([u8; 6], Ipv4Addr), over: [u8; 6]) -> Vec<u8> {
    let ethernet = [&over[..], &mac, &ARP].concat();
    [&ethernet[..], &[0, 1, 8, 0, 6, 4, 0, what], &mac, &ip.octets(), &to, &asked.octets()].concat()
}

/// Writes the checksum of the bytes at its place in them.
fn sum(bytes: &mut [u8], place: usize) -> Option<()> {
    bytes.get_mut(place..place + 2)?.fill(0);
    let word = |pair: &[u8]| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
    let all: u32 = bytes.chunks(2).map(word).sum();
    let folded = (all & 0xffff) + (all >> 16);
    let folded = (folded & 0xffff) + (folded >> 16);
    bytes.get_mut(place..place + 2)?.copy_from_slice(&(!(folded as u16)).to_be_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Machine, SimConfig};

    const HERE: [u8; 6] = [2, 0, 0, 0, 0, 1];
    const THERE: [u8; 6] = [2, 0, 0, 0, 0, 2];

    /// An echo request as `ping` sends it.
    fn ping() -> Vec<u8> {
        let header = [0x45, 0, 0, 32, 0, 1, 0, 0, 64, ICMP, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1];
        let echo = [8, 0, 0, 0, 0, 7, 0, 1, b'h', b'e', b'l', b'l'];
        let mut frame = [&HERE[..], &THERE, &IPV4, &header, &echo].concat();
        sum(&mut frame[14..34], 10).unwrap();
        sum(&mut frame[34..], 2).unwrap();
        frame
    }
    /// Of bytes with a right checksum the sum is nothing.
    fn is_right(bytes: &[u8]) -> bool {
        let all: u32 = bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
        (all & 0xffff) + (all >> 16) == 0xffff
    }

    #[test]
    fn a_ping_comes_back() {
        let answer = echo(&ping()).unwrap();
        assert_eq!((&answer[..6], &answer[6..12]), (&THERE[..], &HERE[..]));
        assert_eq!(answer[26..34], [10, 0, 0, 1, 10, 0, 0, 2]);
        assert_eq!((answer[34], &answer[38..]), (0, &ping()[38..]));
        assert!(is_right(&answer[14..34]) && is_right(&answer[34..]));
        assert_eq!(echo(&answer), None, "an answer is not answered");
    }

    #[test]
    fn who_asks_for_an_address_is_told() {
        let mut state = State::new(&SimConfig::default(), 1, Machine::default());
        let on = state.add_tap_for_test(HERE, "10.0.0.1".parse().unwrap());
        let question = arp(1, (THERE, [10, 0, 0, 2].into()), ([0; 6], [10, 0, 0, 1].into()), BROADCAST);
        let answer = arp(2, (HERE, [10, 0, 0, 1].into()), (THERE, [10, 0, 0, 2].into()), THERE);
        assert_eq!(pass(&mut state, on, &question), [(on, answer)]);
        let other = arp(1, (THERE, [10, 0, 0, 2].into()), ([0; 6], [10, 0, 0, 3].into()), BROADCAST);
        assert_eq!(pass(&mut state, on, &other), []);
        assert_eq!(pass(&mut state, on, &ping()).len(), 1);
    }

    #[test]
    fn no_frame_panics() {
        let mut state = State::new(&SimConfig::default(), 1, Machine::default());
        let on = state.add_tap_for_test(HERE, "10.0.0.1".parse().unwrap());
        let whole = [ping(), arp(1, (THERE, [10, 0, 0, 2].into()), (HERE, [10, 0, 0, 1].into()), HERE)];
        for frame in &whole {
            for place in 0..frame.len() {
                drop(pass(&mut state, on, &frame[..place]));
                for byte in [0, 0x0f, 0x45, 0x7f, 0xff] {
                    let mut frame = frame.clone();
                    frame[place] = byte;
                    drop(pass(&mut state, on, &frame));
                }
            }
        }
    }
}
