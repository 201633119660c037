//! Generated messages by their id in VPP's table.

use crate::codec::{DecodeError, Head, Message, Reader};
use crate::generated::registry::MESSAGES;

/// What a trace needs to know of a message.
#[derive(Clone, Copy, Debug)]
pub struct MessageInfo {
    /// Name and CRC, as in VPP's message table.
    pub id: &'static str,
    /// The name alone.
    pub name: &'static str,
    /// The module of VPP that it belongs to, such as `acl`.
    pub module: &'static str,
    /// What precedes the fields.
    pub head: Head,
    /// Shows the fields, given the bytes behind the header.
    pub debug: fn(&[u8]) -> Result<String, DecodeError>,
}

impl MessageInfo {
    pub(crate) const fn of<M: Message>(module: &'static str) -> Self {
        MessageInfo { id: M::ID, name: M::NAME, module, head: M::HEAD, debug: show::<M> }
    }
}

fn show<M: Message>(fields: &[u8]) -> Result<String, DecodeError> {
    M::get(&mut Reader::new(fields)).map(|m| format!("{m:?}"))
}

/// The generated message with this name and CRC.
pub fn by_id(id: &str) -> Option<&'static MessageInfo> {
    MESSAGES.binary_search_by_key(&id, |m| m.id).ok().and_then(|i| MESSAGES.get(i))
}

/// All generated messages, by id.
pub fn messages() -> &'static [MessageInfo] {
    MESSAGES
}
