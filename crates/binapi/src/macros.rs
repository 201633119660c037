//! What generated types have in common.

/// A number with names: keeps every value, also one that has no name here.
macro_rules! wire_enum {
    ($name:ident($base:ty) $($(#[$doc:meta])* $symbol:ident = $value:literal,)*) => {
        #[allow(missing_docs)]
        impl $name {
            $($(#[$doc])* pub const $symbol: $name = $name($value);)*

            /// The symbol of this value, if it has one.
            #[allow(unreachable_patterns)]
            pub fn symbol(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some(stringify!($symbol)),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.symbol() {
                    Some(symbol) => f.write_str(symbol),
                    None => write!(f, "{}", self.0),
                }
            }
        }

        impl Wire for $name {
            const MIN_SIZE: usize = <$base as Wire>::MIN_SIZE;
            fn put(&self, out: &mut Vec<u8>) {
                self.0.put(out);
            }
            fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Wire::get(reader).map($name)
            }
        }
    };
}

/// A set of named bits: keeps every value, also bits that have no name here.
macro_rules! wire_flags {
    ($name:ident($base:ty) $($(#[$doc:meta])* $symbol:ident = $value:literal,)*) => {
        #[allow(missing_docs)]
        impl $name {
            $($(#[$doc])* pub const $symbol: $name = $name($value);)*

            /// Whether all bits of `other` are set.
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }
        }

        impl std::ops::BitOr for $name {
            type Output = Self;
            fn bitor(self, other: Self) -> Self {
                $name(self.0 | other.0)
            }
        }

        impl std::ops::BitOrAssign for $name {
            fn bitor_assign(&mut self, other: Self) {
                self.0 |= other.0;
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let known: &[($base, &str)] = &[$(($value, stringify!($symbol)),)*];
                let mut rest = self.0;
                let mut first = true;
                for (bits, symbol) in known.iter().filter(|(bits, _)| bits.is_power_of_two()) {
                    if self.0 & bits != 0 {
                        write!(f, "{}{symbol}", if first { "" } else { "|" })?;
                        first = false;
                        rest &= !bits;
                    }
                }
                match (rest, first) {
                    (0, false) => Ok(()),
                    (0, true) => f.write_str("0"),
                    (rest, first) => write!(f, "{}{rest:#x}", if first { "" } else { "|" }),
                }
            }
        }

        impl Wire for $name {
            const MIN_SIZE: usize = <$base as Wire>::MIN_SIZE;
            fn put(&self, out: &mut Vec<u8>) {
                self.0.put(out);
            }
            fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Wire::get(reader).map($name)
            }
        }
    };
}

/// A union: the bytes of its largest member.
macro_rules! wire_union {
    ($name:ident[$size:literal]) => {
        impl Default for $name {
            fn default() -> Self {
                $name([0; $size])
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl Wire for $name {
            const MIN_SIZE: usize = $size;
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.0);
            }
            fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.array(stringify!($name)).map($name)
            }
        }
    };
}

pub(crate) use {wire_enum, wire_flags, wire_union};
