//! Numbers, booleans, strings of any length and arrays.

use crate::codec::{DecodeError, Reader, Wire};

macro_rules! number {
    ($($ty:ident)*) => {
        $(impl Wire for $ty {
            const MIN_SIZE: usize = size_of::<$ty>();
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }
            fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.array(stringify!($ty)).map($ty::from_be_bytes)
            }
        })*
    };
}

number!(u8 u16 u32 u64 i8 i16 i32 i64 f64);

/// One byte; anything but 0 is true.
impl Wire for bool {
    const MIN_SIZE: usize = 1;
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(u8::get(reader)? != 0)
    }
}

/// A string of any length: its length in bytes (u32), then the bytes. VPP sends what was typed or configured, so
/// bytes that are no UTF-8 become U+FFFD.
impl Wire for String {
    const MIN_SIZE: usize = 4;
    fn put(&self, out: &mut Vec<u8>) {
        // A string of 4 GiB has no place in a message (the frame's length is a u32 too): cut rather than lie.
        let bytes = self.as_bytes().get(..u32::MAX as usize).unwrap_or(self.as_bytes());
        (bytes.len() as u32).put(out);
        out.extend_from_slice(bytes);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let length = u32::get(reader)? as usize;
        Ok(String::from_utf8_lossy(reader.take("string", length)?).into_owned())
    }
}

impl<T: Wire + Default, const N: usize> Wire for [T; N] {
    const MIN_SIZE: usize = N * T::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        for item in self {
            item.put(out);
        }
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut items = std::array::from_fn(|_| T::default());
        for item in &mut items {
            *item = T::get(reader)?;
        }
        Ok(items)
    }
}

/// Items to the end of the message.
impl<T: Wire> Wire for Vec<T> {
    const MIN_SIZE: usize = 0;
    fn put(&self, out: &mut Vec<u8>) {
        for item in self {
            item.put(out);
        }
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut items = Vec::new();
        while !reader.rest().is_empty() {
            let before = reader.rest().len();
            items.push(T::get(reader)?);
            if reader.rest().len() == before {
                break;
            }
        }
        Ok(items)
    }
}
