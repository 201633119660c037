//! Arrays whose number of items stands in a field of its own.

use crate::codec::{DecodeError, Reader, Wire};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// An unsigned number that counts items.
pub trait Count: Wire + Copy + 'static {
    /// The most items it can express.
    const MAX: usize;
    /// The number as this type; at most [`Count::MAX`].
    fn of(len: usize) -> Self;
    /// The number.
    fn items(self) -> usize;
}

macro_rules! count {
    ($($ty:ident)*) => {
        $(impl Count for $ty {
            const MAX: usize = $ty::MAX as usize;
            fn of(len: usize) -> Self {
                len as $ty
            }
            fn items(self) -> usize {
                self as usize
            }
        })*
    };
}

count!(u8 u16 u32);

/// More items than the count of the array can express.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{len} items, but VPP's API carries {max} at most")]
pub struct TooMany {
    /// Items given.
    pub len: usize,
    /// Items possible.
    pub max: usize,
}

/// A list that VPP counts in a `C` (`u8`, `u16` or `u32`); never holds more than `C` can express.
#[derive(Clone)]
pub struct Counted<T, C> {
    items: Vec<T>,
    count: PhantomData<fn() -> C>,
}

impl<T, C: Count> Counted<T, C> {
    /// A list of one item.
    pub fn one(item: T) -> Self {
        Counted { items: vec![item], count: PhantomData }
    }
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) -> Result<(), TooMany> {
        if self.items.len() >= C::MAX {
            return Err(TooMany { len: self.items.len() + 1, max: C::MAX });
        }
        self.items.push(item);
        Ok(())
    }
    /// The items.
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<T: Wire, C: Count> Counted<T, C> {
    /// Writes the number of items.
    pub(crate) fn put_count(&self, out: &mut Vec<u8>) {
        C::of(self.items.len()).put(out);
    }
    /// Reads `count` items, if the rest of the message can hold so many.
    pub(crate) fn get_items(
        reader: &mut Reader<'_>,
        what: &'static str,
        count: C,
    ) -> Result<Self, DecodeError> {
        let room = reader.rest().len() / T::MIN_SIZE.max(1);
        if count.items() > room {
            return Err(DecodeError::Count { what, count: count.items(), room });
        }
        let items = (0..count.items()).map(|_| T::get(reader).map_err(|e| e.at(what)));
        Ok(Counted { items: items.collect::<Result<_, _>>()?, count: PhantomData })
    }
}

/// The items alone: their count has its own place in the message.
impl<T: Wire, C: Count> Wire for Counted<T, C> {
    const MIN_SIZE: usize = 0;
    fn put(&self, out: &mut Vec<u8>) {
        self.items.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let items: Vec<T> = Wire::get(reader)?;
        let (count, room) = (items.len(), C::MAX);
        items.try_into().map_err(|_| DecodeError::Count { what: "array", count, room })
    }
}

impl<T, C: Count> TryFrom<Vec<T>> for Counted<T, C> {
    type Error = TooMany;
    fn try_from(items: Vec<T>) -> Result<Self, TooMany> {
        if items.len() > C::MAX {
            return Err(TooMany { len: items.len(), max: C::MAX });
        }
        Ok(Counted { items, count: PhantomData })
    }
}

impl<T, C> Default for Counted<T, C> {
    fn default() -> Self {
        Counted { items: Vec::new(), count: PhantomData }
    }
}

impl<T, C> Deref for Counted<T, C> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T, C> DerefMut for Counted<T, C> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<T, C> IntoIterator for Counted<T, C> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T, C> IntoIterator for &'a Counted<T, C> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: PartialEq, C> PartialEq for Counted<T, C> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T: Eq, C> Eq for Counted<T, C> {}

impl<T: std::hash::Hash, C> std::hash::Hash for Counted<T, C> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.items.hash(state);
    }
}

impl<T: fmt::Debug, C> fmt::Debug for Counted<T, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_the_count_can_say() {
        let full: Counted<u16, u8> = vec![7; 255].try_into().unwrap();
        assert_eq!(full.len(), 255);
        let refused = Counted::<u16, u8>::try_from(vec![7; 256]).unwrap_err();
        assert_eq!(refused.to_string(), "256 items, but VPP's API carries 255 at most");
        let mut list = full;
        assert_eq!(list.push(1), Err(TooMany { len: 256, max: 255 }));
    }

    #[test]
    fn a_count_without_the_bytes_is_refused_before_anything_is_allocated() {
        let bytes = [0; 9];
        let got = Counted::<u32, u32>::get_items(&mut Reader::new(&bytes), "X.items", u32::MAX);
        assert_eq!(
            got.unwrap_err(),
            DecodeError::Count { what: "X.items", count: u32::MAX as usize, room: 2 }
        );
    }
}
