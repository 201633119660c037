//! Strings of a fixed size.

use crate::codec::{DecodeError, Reader, Wire};
use std::fmt;
use std::ops::Deref;

/// Why a text is no [`FixedString`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Too many bytes.
    #[error("{text:?} is {len} bytes long, VPP takes {max} at most")]
    TooLong {
        /// The text.
        text: String,
        /// Its length in bytes.
        len: usize,
        /// The most bytes there is room for.
        max: usize,
    },
    /// A NUL, which would end the text early.
    #[error("{text:?} holds a NUL character")]
    Nul {
        /// The text.
        text: String,
    },
}

/// A string in `N` bytes: at most `N - 1` bytes of text and zeros to the end. Reads as `str`; bytes that are no
/// UTF-8 end it early, but are kept when it is written again.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FixedString<const N: usize>([u8; N]);

impl<const N: usize> FixedString<N> {
    /// The text up to the first NUL, or up to the first byte that is no UTF-8.
    pub fn as_str(&self) -> &str {
        let text = self.0.split(|b| *b == 0).next().unwrap_or_default();
        match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(e) => {
                text.get(..e.valid_up_to()).and_then(|t| std::str::from_utf8(t).ok()).unwrap_or_default()
            }
        }
    }
    /// The `N` bytes.
    pub fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }
    /// The text as far as there is room for it; cut between characters.
    pub fn cut(text: &str) -> Self {
        let text = text.split('\0').next().unwrap_or_default();
        let end = text.floor_char_boundary(N.saturating_sub(1));
        Self::filled(text.get(..end).unwrap_or_default())
    }
    fn filled(text: &str) -> Self {
        let mut bytes = [0; N];
        for (slot, byte) in bytes.iter_mut().zip(text.bytes()) {
            *slot = byte;
        }
        FixedString(bytes)
    }
}

impl<const N: usize> TryFrom<&str> for FixedString<N> {
    type Error = TextError;
    fn try_from(text: &str) -> Result<Self, TextError> {
        let (len, max) = (text.len(), N.saturating_sub(1));
        if len > max {
            return Err(TextError::TooLong { text: text.to_owned(), len, max });
        }
        if text.contains('\0') {
            return Err(TextError::Nul { text: text.to_owned() });
        }
        Ok(Self::filled(text))
    }
}

impl<const N: usize> Default for FixedString<N> {
    fn default() -> Self {
        FixedString([0; N])
    }
}

impl<const N: usize> Deref for FixedString<N> {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl<const N: usize> fmt::Debug for FixedString<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl<const N: usize> fmt::Display for FixedString<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> Wire for FixedString<N> {
    const MIN_SIZE: usize = N;
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array("string").map(FixedString)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_for_all_but_the_final_nul() {
        assert_eq!(&*FixedString::<4>::try_from("abc").unwrap(), "abc");
        let refused = FixedString::<4>::try_from("abcd").unwrap_err();
        assert_eq!(refused.to_string(), "\"abcd\" is 4 bytes long, VPP takes 3 at most");
        assert!(matches!(FixedString::<8>::try_from("a\0b"), Err(TextError::Nul { .. })));
        assert_eq!(&*FixedString::<4>::cut("aéé"), "aé");
    }

    #[test]
    fn foreign_bytes_are_kept() {
        let bytes = [b'a', 0xff, b'c', b'd'];
        let text = FixedString::<4>::get(&mut Reader::new(&bytes)).unwrap();
        assert_eq!(&*text, "a");
        let mut out = Vec::new();
        text.put(&mut out);
        assert_eq!(out, bytes);
    }
}
