//! What a key holds: the typed trait `Model` and its object-safe twin `Value`.

use std::any::Any;
use std::fmt::Debug;

/// A value as protobuf: the form in which it travels, is stored, and is shown as JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// Full protobuf name, such as `ligato.vpp.l3.Route`.
    pub name: &'static str,
    /// The encoded message.
    pub bytes: Vec<u8>,
}

impl Wire {
    /// A value without content: its key says all (`google.protobuf.Empty`).
    pub const EMPTY: Wire = Wire { name: "google.protobuf.Empty", bytes: Vec::new() };
}

/// One type of configured value. Its key is `PREFIX` followed by `name()`.
///
/// Implemented for every northbound message that is a model, and by features for what they derive.
pub trait Model: PartialEq + Debug + Send + Sync + 'static {
    /// The start of every key of this type, such as `config/vpp/v2/interfaces/`.
    const PREFIX: &'static str;
    /// The rest of the key; empty for a model that exists once.
    fn name(&self) -> String;
    /// The value as protobuf.
    fn wire(&self) -> Wire {
        Wire::EMPTY
    }
}

/// A value of any type. Obtained from any [`Model`]; never implemented by hand.
pub trait Value: Any + Debug + Send + Sync {
    /// The whole key, computed from the value.
    fn key(&self) -> String;
    /// Same type and same content.
    fn same(&self, other: &dyn Value) -> bool;
    /// The value as protobuf.
    fn wire(&self) -> Wire;
}

impl<M: Model> Value for M {
    fn key(&self) -> String {
        key_of::<M>(&self.name())
    }
    fn same(&self, other: &dyn Value) -> bool {
        (other as &dyn Any).downcast_ref::<M>() == Some(self)
    }
    fn wire(&self) -> Wire {
        Model::wire(self)
    }
}

/// The key of the value of type `M` with this name.
pub fn key_of<M: Model>(name: &str) -> String {
    let mut key = String::with_capacity(M::PREFIX.len() + name.len());
    key.push_str(M::PREFIX);
    key.push_str(name);
    key
}
