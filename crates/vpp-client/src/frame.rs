//! Messages on the stream: each has a header of 16 bytes in front, a pointer of 8 bytes that means something to its
//! sender alone, the length of the message (u32, big-endian) and a time mark of 4 bytes (VPP: `vlibapi/api_common.h`).
//! Nothing here reads or writes; bytes come in and go out through buffers.

use binapi::codec::{DecodeError, Head, Message, Reader};

/// Length of the header in front of every message.
pub const HEADER: usize = 16;

/// How much room is kept for the next read.
const ROOM: usize = 64 << 10;
/// A buffer that has grown beyond this for one long message or one burst is given back when empty.
pub(crate) const KEEP: usize = 1 << 20;

/// Appends one message, framed; `message` appends its bytes.
pub fn put(out: &mut Vec<u8>, message: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    out.extend_from_slice(&[0; HEADER]);
    message(out);
    // The longest message that is ever built, a few MiB, is far from 4 GiB.
    let length = (out.len() - at - HEADER) as u32;
    if let Some(field) = out.get_mut(at + 8..at + 12) {
        field.copy_from_slice(&length.to_be_bytes());
    }
}

/// Appends one message, framed, with the header its type wants in front of its fields.
pub fn put_message<M: Message>(out: &mut Vec<u8>, number: u16, client_index: u32, context: u32, fields: &M) {
    put(out, |out| {
        out.extend_from_slice(&number.to_be_bytes());
        if matches!(M::HEAD, Head::ClientContext | Head::Client) {
            out.extend_from_slice(&client_index.to_be_bytes());
        }
        if matches!(M::HEAD, Head::ClientContext | Head::Context) {
            out.extend_from_slice(&context.to_be_bytes());
        }
        fields.put(out);
    });
}

/// Reads a message of a known type, with its header: its context (0 if the type has none) and its fields.
pub fn get_message<M: Message>(message: &[u8]) -> Result<(u32, M), DecodeError> {
    let mut context = 0;
    if let Some(at) = M::HEAD.context_at() {
        let mut r = Reader::new(message);
        r.take("header", at)?;
        context = u32::from_be_bytes(r.array("context")?);
    }
    let mut r = Reader::new(message);
    r.take("header", M::HEAD.fields_at())?;
    Ok((context, M::get(&mut r)?))
}

/// A header announces a message longer than allowed: most likely the other end does not speak this protocol.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("a message of {length} bytes is announced, {limit} are allowed; this is not VPP's binary API")]
pub struct TooLong {
    /// Announced length in bytes.
    pub length: usize,
    /// Greatest length allowed.
    pub limit: usize,
}

/// Cuts a stream of bytes into messages.
#[derive(Debug)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// How much of the buffer has been handed out.
    used: usize,
    limit: usize,
}

impl Decoder {
    /// A decoder that accepts messages of up to `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Decoder { buffer: Vec::new(), used: 0, limit }
    }

    /// The buffer to append received bytes to; it has room for some. Its content must not be changed.
    pub fn space(&mut self) -> &mut Vec<u8> {
        self.buffer.drain(..self.used);
        self.used = 0;
        if self.buffer.is_empty() && self.buffer.capacity() > KEEP {
            self.buffer = Vec::new();
        }
        self.buffer.reserve(ROOM);
        &mut self.buffer
    }

    /// Received bytes that are no whole message yet.
    pub fn rest(&self) -> &[u8] {
        self.buffer.get(self.used..).unwrap_or_default()
    }

    /// The next whole message without its header, or `None` until more bytes come.
    pub fn next_message(&mut self) -> Result<Option<&[u8]>, TooLong> {
        let rest = self.buffer.get(self.used..).unwrap_or_default();
        let Some((header, rest)) = rest.split_at_checked(HEADER) else { return Ok(None) };
        let &[_, _, _, _, _, _, _, _, a, b, c, d, ..] = header else { return Ok(None) };
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if length > self.limit {
            return Err(TooLong { length, limit: self.limit });
        }
        let Some(message) = rest.get(..length) else { return Ok(None) };
        self.used += HEADER + length;
        Ok(Some(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator of numbers that look random and are the same in every run (xorshift).
    struct Numbers(u64);
    impl Numbers {
        fn below(&mut self, n: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % n as u64) as usize
        }
    }

    #[test]
    fn messages_come_out_as_they_went_in_however_the_stream_is_cut() {
        for seed in 1..200 {
            let mut n = Numbers(seed);
            let sent: Vec<Vec<u8>> =
                (0..n.below(20)).map(|i| vec![i as u8; [0, 1, 5, 300, 70_000][n.below(5)]]).collect();
            let mut stream = Vec::new();
            sent.iter().for_each(|m| put(&mut stream, |out| out.extend(m)));
            let (mut decoder, mut got, mut at) = (Decoder::new(1 << 20), Vec::new(), 0);
            while at < stream.len() {
                let most = [2, 17, 4096, 100_000][n.below(4)];
                let step = (1 + n.below(most)).min(stream.len() - at);
                decoder.space().extend_from_slice(&stream[at..at + step]);
                at += step;
                while let Some(m) = decoder.next_message().unwrap() {
                    got.push(m.to_vec());
                }
            }
            assert_eq!(got, sent, "seed {seed}");
            assert!(decoder.rest().is_empty());
        }
    }

    #[test]
    fn random_bytes_are_cut_or_refused() {
        let (mut refused, mut cut) = (0, 0);
        for seed in 1..2_000 {
            let mut n = Numbers(seed);
            let mut decoder = Decoder::new(500);
            let mut bytes: Vec<u8> = (0..n.below(3000)).map(|_| n.below(256) as u8).collect();
            // Half of the inputs get lengths that are often possible, to come further.
            if seed % 2 == 0 {
                bytes.iter_mut().enumerate().filter(|(i, _)| i % 16 < 11).for_each(|(_, b)| *b = 0);
            }
            for chunk in bytes.chunks(1 + n.below(64)) {
                decoder.space().extend_from_slice(chunk);
                loop {
                    match decoder.next_message() {
                        Ok(Some(m)) => {
                            assert!(m.len() <= 500);
                            cut += 1;
                        }
                        Ok(None) => break,
                        Err(e) => {
                            assert!(e.length > 500);
                            refused += 1;
                            break;
                        }
                    }
                }
            }
        }
        assert!(refused > 500 && cut > 500, "{refused} refused, {cut} cut");
    }

    #[test]
    fn a_buffer_grown_for_one_long_message_is_given_back() {
        let mut decoder = Decoder::new(8 << 20);
        let mut stream = Vec::new();
        put(&mut stream, |out| out.resize(out.len() + (4 << 20), 7));
        decoder.space().extend_from_slice(&stream);
        assert_eq!(decoder.next_message().unwrap().unwrap().len(), 4 << 20);
        assert!(decoder.space().capacity() <= KEEP);
    }
}
