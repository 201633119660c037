//! What the kernel does for the checksums of a link, by the family `ethtool` of generic netlink. Messages are made and read here:
//! there are three of them.

use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType, bind, netlink, recv, send,
    socket_with, sockopt,
};
use std::collections::HashMap;
use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

/// The protocol of generic netlink.
const GENERIC: Protocol = netlink::GENERIC;
/// The kernel answers at once; whatever comes later is lost.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest datagram of a dump.
const DATAGRAM: usize = 64 << 10;

const REQUEST: u16 = 0x1;
const ACK: u16 = 0x4;
const DUMP: u16 = 0x300;
const ERROR: u16 = 2;
const DONE: u16 = 3;
/// The family that knows the numbers of the others.
const CONTROL: u16 = 0x10;
const GET_FAMILY: u8 = 3;
const FEATURES_GET: u8 = 11;
const FEATURES_SET: u8 = 12;
const NESTED: u16 = 0x8000;
/// The bits of the number of an attribute that say what it is.
const NUMBER: u16 = 0x3fff;
/// Nobody wants to know how it is after a change.
const OMIT_REPLY: u32 = 2;

const RX: &[&str] = &["rx-checksum"];
const TX: &[&str] = &["tx-checksum-ip-generic", "tx-checksum-sctp"];

/// Which checksums the kernel leaves to the hardware, or to nobody if there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offload {
    /// Of what is received.
    pub rx: bool,
    /// Of what is sent.
    pub tx: bool,
}

impl Offload {
    /// What links begin with.
    pub const USUAL: Offload = Offload { rx: true, tx: true };
}

/// A socket for these requests, in the namespace of the thread that opens it.
pub struct Ethtool {
    fd: OwnedFd,
    family: u16,
}

impl Ethtool {
    /// Opens one.
    ///
    /// # Errors
    /// What the kernel says; `NotFound` if it has no such family.
    pub fn open() -> io::Result<Ethtool> {
        let fd = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, Some(GENERIC))?;
        bind(&fd, &SocketAddrNetlink::new(0, 0))?;
        sockopt::set_socket_timeout(&fd, sockopt::Timeout::Recv, Some(PATIENCE))?;
        let mut ethtool = Ethtool { fd, family: CONTROL };
        let body = attribute(2, b"ethtool\0");
        let answers = ethtool.ask(GET_FAMILY, 0, &body)?;
        let number = answers.iter().flat_map(|answer| attributes(answer)).find(|(number, _)| *number == 1);
        let number = number.and_then(|(_, value)| Some(u16::from_ne_bytes(value.get(..2)?.try_into().ok()?)));
        ethtool.family = number.ok_or(io::ErrorKind::NotFound)?;
        Ok(ethtool)
    }
    /// How the links of the namespace are, by their numbers.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn all(&self) -> io::Result<HashMap<u32, Offload>> {
        let answers = self.ask(FEATURES_GET, DUMP, &attribute(1 | NESTED, &[]))?;
        Ok(answers.iter().filter_map(|answer| features(answer)).collect())
    }
    /// Changes that of a link.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn set(&self, index: u32, offload: Offload) -> io::Result<()> {
        self.ask(FEATURES_SET, ACK, &change(index, offload)).map(drop)
    }
    /// The attributes of each message that is answered.
    fn ask(&self, command: u8, flags: u16, body: &[u8]) -> io::Result<Vec<Vec<u8>>> {
        send(&self.fd, &message(self.family, command, flags, body), SendFlags::empty())?;
        let mut answers = Vec::new();
        let mut buffer = vec![0; DATAGRAM];
        loop {
            let (length, _) =
                rustix::io::retry_on_intr(|| recv(&self.fd, &mut buffer[..], RecvFlags::empty()))?;
            let ended = take(buffer.get(..length).unwrap_or_default(), &mut answers)?;
            if ended || flags & (ACK | DUMP) == 0 && !answers.is_empty() {
                return Ok(answers);
            }
        }
    }
}

/// One attribute.
fn attribute(number: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
    let mut out = [length.to_ne_bytes(), number.to_ne_bytes()].concat();
    out.extend(value);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

/// A request.
fn message(family: u16, command: u8, flags: u16, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(20 + body.len()).unwrap_or(u32::MAX);
    let mut out = length.to_ne_bytes().to_vec();
    out.extend([family.to_ne_bytes(), (flags | REQUEST).to_ne_bytes()].concat());
    out.extend([1_u32.to_ne_bytes(), [0; 4]].concat());
    out.extend([command, 1, 0, 0]);
    out.extend(body);
    out
}

/// The body of a change.
fn change(index: u32, offload: Offload) -> Vec<u8> {
    let bit = |name: &str, on: bool| {
        let mut bit = attribute(2, format!("{name}\0").as_bytes());
        if on {
            bit.extend(attribute(3, &[]));
        }
        attribute(1 | NESTED, &bit)
    };
    let rx = RX.iter().map(|name| bit(name, offload.rx));
    let bits: Vec<u8> = rx.chain(TX.iter().map(|name| bit(name, offload.tx))).flatten().collect();
    let header = [attribute(1, &index.to_ne_bytes()), attribute(3, &OMIT_REPLY.to_ne_bytes())].concat();
    [attribute(1 | NESTED, &header), attribute(3 | NESTED, &attribute(3 | NESTED, &bits))].concat()
}

/// The attributes that stand one after the other.
fn attributes(mut rest: &[u8]) -> Vec<(u16, &[u8])> {
    let mut out = Vec::new();
    while let Some((head, _)) = rest.split_at_checked(4) {
        let [a, b, c, d] = *head else { break };
        let (length, number) = (usize::from(u16::from_ne_bytes([a, b])), u16::from_ne_bytes([c, d]));
        let Some(value) = rest.get(4..length) else { break };
        out.push((number & NUMBER, value));
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    out
}

/// Takes in a datagram: the attributes of its messages. Returns true once nothing more will come.
fn take(mut datagram: &[u8], answers: &mut Vec<Vec<u8>>) -> io::Result<bool> {
    while let Some(head) = datagram.get(..16) {
        let u32_at = |at: usize| head.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
        let length = u32_at(0).unwrap_or(0) as usize;
        let kind = head.get(4..6).and_then(|kind| kind.try_into().ok()).map_or(0, u16::from_ne_bytes);
        let Some(body) = datagram.get(16..length) else { return Ok(false) };
        match kind {
            ERROR | DONE => {
                let code = body.get(..4).and_then(|code| code.try_into().ok()).map_or(0, i32::from_ne_bytes);
                return match code {
                    0 => Ok(true),
                    code => Err(io::Error::from_raw_os_error(code.saturating_neg())),
                };
            }
            _ => answers.extend(body.get(4..).map(<[u8]>::to_vec)),
        }
        datagram = datagram.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Ok(false)
}

/// The number of a link, and how it is.
fn features(answer: &[u8]) -> Option<(u32, Offload)> {
    let all = attributes(answer);
    let of = |number: u16| all.iter().find(|(found, _)| *found == number).map(|(_, value)| *value);
    let index = attributes(of(1)?).into_iter().find(|(number, _)| *number == 1)?.1;
    let index = u32::from_ne_bytes(index.get(..4)?.try_into().ok()?);
    let bits =
        attributes(of(4)?).into_iter().find(|(number, _)| *number == 3).map_or(&[][..], |(_, bits)| bits);
    let names: Vec<&[u8]> = attributes(bits)
        .into_iter()
        .filter_map(|(_, bit)| attributes(bit).into_iter().find(|(number, _)| *number == 2))
        .map(|(_, name)| name.strip_suffix(b"\0").unwrap_or(name))
        .collect();
    let on = |wanted: &[&str]| wanted.first().is_some_and(|name| names.contains(&name.as_bytes()));
    Some((index, Offload { rx: on(RX), tx: on(TX) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(index: u32, active: &[&str]) -> Vec<u8> {
        let bit = |name: &&str| attribute(1 | NESTED, &attribute(2, format!("{name}\0").as_bytes()));
        let bits: Vec<u8> = active.iter().flat_map(bit).collect();
        let set =
            [attribute(1, &[]), attribute(2, &64_u32.to_ne_bytes()), attribute(3 | NESTED, &bits)].concat();
        let header = [attribute(1, &index.to_ne_bytes()), attribute(2, b"eth0\0")].concat();
        [attribute(1 | NESTED, &header), attribute(4 | NESTED, &set)].concat()
    }

    #[test]
    fn features_are_read() {
        let both = features(&answer(7, &["rx-gro", "rx-checksum", "tx-checksum-ip-generic"]));
        assert_eq!(both, Some((7, Offload::USUAL)));
        assert_eq!(features(&answer(7, &["rx-checksum"])), Some((7, Offload { rx: true, tx: false })));
        assert_eq!(features(&answer(7, &[])), Some((7, Offload { rx: false, tx: false })));
        assert_eq!(features(&[]), None);
    }

    #[test]
    fn a_change_names_link_and_bits() {
        let body = change(5, Offload { rx: true, tx: false });
        let all = attributes(&body);
        assert_eq!(all.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 3]);
        let header = attributes(all[0].1);
        assert_eq!(header, [(1, &5_u32.to_ne_bytes()[..]), (3, &2_u32.to_ne_bytes()[..])]);
        let bits = attributes(attributes(all[1].1)[0].1);
        let told: Vec<_> = bits
            .iter()
            .map(|(_, bit)| {
                let bit = attributes(bit);
                (String::from_utf8_lossy(bit[0].1).into_owned(), bit.len() == 2)
            })
            .collect();
        let expected =
            [("rx-checksum\0", true), ("tx-checksum-ip-generic\0", false), ("tx-checksum-sctp\0", false)];
        assert_eq!(told, expected.map(|(name, on)| (name.to_owned(), on)));
        assert_eq!(
            message(0x15, FEATURES_SET, ACK, &body)[..8],
            [(20 + body.len()) as u8, 0, 0, 0, 0x15, 0, 5, 0]
        );
    }

    #[test]
    fn answers_end_with_the_dump_or_its_refusal() {
        let mut answers = Vec::new();
        let one = message(0x15, 11, 2, &answer(7, &[]));
        assert!(!take(&one, &mut answers).unwrap());
        let ended = |kind: u16, code: i32| {
            let mut out = 20_u32.to_ne_bytes().to_vec();
            out.extend([kind.to_ne_bytes(), [0; 2]].concat());
            out.extend([0; 8]);
            out.extend(code.to_ne_bytes());
            out
        };
        assert!(take(&ended(DONE, 0), &mut answers).unwrap());
        assert_eq!(take(&ended(ERROR, -19), &mut answers).unwrap_err().raw_os_error(), Some(19));
        assert_eq!(answers.len(), 1);
        assert!(features(&answers[0]).is_some());
    }

    proptest! {
        #[test]
        fn no_answer_panics(bytes in prop::collection::vec(any::<u8>(), 0..80), at in 0_usize..60, with: u8) {
            let _ = (take(&bytes, &mut Vec::new()), features(&bytes), attributes(&bytes));
            let mut whole = message(0x15, 11, 2, &answer(7, &["rx-checksum"]));
            if let Some(byte) = whole.get_mut(at) {
                *byte = with;
            }
            let mut answers = Vec::new();
            let _ = take(&whole, &mut answers);
            for answer in &answers {
                let _ = features(answer);
            }
        }
    }
}
