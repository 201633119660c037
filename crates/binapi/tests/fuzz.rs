//! Every generated message against bytes of every kind: random, mutated, cut, announcing more than there is.
//! Nothing panics, nothing is allocated for more than the bytes can hold, and what decodes encodes back to itself.
#![allow(clippy::unwrap_used)]

use binapi::codec::{DecodeError, Message, Reader, Wire};

/// A seeded generator (xorshift): the same bytes on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    /// Bytes among which small numbers and zeros are common, so that counts often fit.
    fn bytes(&mut self, len: usize) -> Vec<u8> {
        let dense = self.below(4);
        let mut byte = || match dense {
            0 => self.next() as u8,
            1 => (self.next() % 3) as u8,
            _ if self.below(4) == 0 => self.next() as u8,
            _ => 0,
        };
        (0..len).map(|_| byte()).collect()
    }
}

fn get<M: Wire>(bytes: &[u8]) -> Result<M, DecodeError> {
    M::get(&mut Reader::new(bytes))
}

fn put(message: &impl Wire) -> Vec<u8> {
    let mut out = Vec::new();
    message.put(&mut out);
    out
}

/// Decodes; if that works, what comes back must encode to bytes that mean the same. Returns those bytes.
fn round<M: Message>(bytes: &[u8]) -> Option<Vec<u8>> {
    let message: M = get(bytes).ok()?;
    let encoded = put(&message);
    assert!(encoded.len() >= M::MIN_SIZE, "{}: {} bytes, at least {}", M::ID, encoded.len(), M::MIN_SIZE);
    let again: M = get(&encoded).unwrap_or_else(|e| panic!("{}: own encoding refused: {e}", M::ID));
    assert_eq!(put(&again), encoded, "{}: encoding is not stable", M::ID);
    assert_eq!(format!("{again:?}"), format!("{message:?}"), "{}: value is not kept", M::ID);
    Some(encoded)
}

fn fuzz<M: Message>(random: &mut Random) {
    let plain = put(&M::default());
    assert_eq!(get::<M>(&plain).as_ref(), Ok(&M::default()), "{}", M::ID);
    let mut decoded = 0;
    for _ in 0..200 {
        let extra = random.below(300);
        let bytes = random.bytes(M::MIN_SIZE + extra);
        let Some(valid) = round::<M>(&bytes) else { continue };
        decoded += 1;
        for _ in 0..4 {
            let mut mutated = valid.clone();
            for _ in 0..=random.below(3) {
                if !mutated.is_empty() {
                    let at = random.below(mutated.len());
                    mutated[at] = random.next() as u8;
                }
            }
            round::<M>(&mutated);
        }
        let cut = random.below(valid.len() + 1);
        if cut < valid.len() {
            assert!(get::<M>(&valid[..cut]).is_err(), "{}: decodes when cut", M::ID);
        }
    }
    assert!(decoded > 20, "{}: only {decoded} of 200 inputs decoded, the identity is hardly tested", M::ID);
    for byte in [0xff, 0x80, 0x01] {
        round::<M>(&vec![byte; M::MIN_SIZE + 64]);
    }
}

macro_rules! fuzz_all {
    ($($message:path,)*) => {
        fn fuzz_all(random: &mut Random) -> usize {
            let mut count = 0;
            $(fuzz::<$message>(random); count += 1;)*
            count
        }
    };
}

binapi::for_each_message!(fuzz_all);

#[test]
fn bytes_of_every_kind() {
    let count = fuzz_all(&mut Random(0x9e37_79b9_7f4a_7c15));
    assert_eq!(count, binapi::messages().len());
}

#[test]
fn errors_name_the_field() {
    let error = get::<binapi::ip::IpRouteAddDel>(&[0; 20]).unwrap_err();
    assert_eq!(error.to_string(), "Address.un: 7 bytes short");
    let mut bytes = put(&binapi::ip::IpRouteAddDel::default());
    *bytes.last_mut().unwrap() = 9;
    let error = get::<binapi::ip::IpRouteAddDel>(&bytes).unwrap_err();
    assert_eq!(error.to_string(), "IpRoute.paths: 9 items announced, room for 0 at most");
}

#[test]
fn the_trace_shows_messages() {
    let info = binapi::by_id("sw_interface_set_flags_f5aec1b8").unwrap();
    assert_eq!((info.name, info.head.fields_at()), ("sw_interface_set_flags", 10));
    let shown = (info.debug)(&[0, 0, 0, 7, 0, 0, 0, 3]).unwrap();
    assert_eq!(shown, "SwInterfaceSetFlags { sw_if_index: 7, flags: ADMIN_UP|LINK_UP }");
    assert!((info.debug)(&[0, 0, 0]).is_err());
    assert!(binapi::by_id("sw_interface_set_flags_00000000").is_none());
}
