//! VPP's binary API: messages and their codec, without I/O.
//!
//! The messages live in one module per module of VPP (`binapi::ip::IpRouteAddDel`), their types in [`types`]. One
//! Rust type stands for one name and CRC and serves every release that has it. Of several CRCs under one name the
//! newest has the plain name, the others carry their CRC (`FooV1a2b3c4d`). Requests and replies encode and decode,
//! so that a simulated VPP uses the same types.
//!
//! `Default` gives the defaults that VPP declares (`is_add: true` for most), zeros elsewhere. The count of an array
//! is no field: [`list::Counted`] writes it and refuses more items than it can express.

pub mod addr;
pub mod codec;
mod info;
pub mod list;
mod macros;
pub mod plugin;
mod primitive;
pub mod release;
pub mod retval;
mod show;
pub mod text;

// Fields carry VPP's own names; what a message is for is said where a feature uses it.
#[allow(missing_docs, unused_imports, clippy::all)]
#[rustfmt::skip]
mod generated;

pub use generated::*;
pub use info::{MessageInfo, by_id, messages};
