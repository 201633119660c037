//! Which messages there are and which number each has.

use crate::config::SimConfig;
use crate::sim::Error;
use binapi::memclnt::SockclntCreateReply;
use binapi::types::MessageTableEntry;
use std::collections::HashMap;

/// The numbers VPP gives these before anything else; a client must know the first to ask for the table.
const FIXED: &[(&str, u16)] = &[
    ("sockclnt_create_455fb9c4", 15),
    ("sockclnt_create_reply_35166268", 16),
    ("sockclnt_delete_8ac76db6", 17),
    ("sockclnt_delete_reply_8f38b1ee", 18),
];

/// The module without which there is no connection.
const CONNECTION: &str = "memclnt";

/// Messages by number and by name.
#[derive(Debug)]
pub(crate) struct MessageTable {
    names: Vec<Option<&'static str>>,
    numbers: HashMap<&'static str, u16>,
}

impl MessageTable {
    /// The table of a release without the messages of the plugins that are left out.
    pub(crate) fn new(config: &SimConfig) -> Result<Self, Error> {
        let all = binapi::release::table(&config.release)
            .ok_or_else(|| Error::UnknownRelease { release: config.release.clone() })?;
        for plugin in &config.no_plugins {
            if plugin == CONNECTION || !all.iter().any(|(_, module)| module == plugin) {
                return Err(Error::UnknownPlugin { plugin: plugin.clone(), release: config.release.clone() });
            }
        }
        let mut table = MessageTable { names: Vec::new(), numbers: HashMap::new() };
        for (name, number) in FIXED {
            table.insert(name, *number);
        }
        let mut number = FIXED.iter().map(|(_, n)| n + 1).max().unwrap_or_default();
        for (name, module) in all {
            if !table.numbers.contains_key(name) && !config.no_plugins.iter().any(|p| p == module) {
                table.insert(name, number);
                number += 1;
            }
        }
        Ok(table)
    }

    fn insert(&mut self, name: &'static str, number: u16) {
        let at = usize::from(number);
        if self.names.len() <= at {
            self.names.resize(at + 1, None);
        }
        if let Some(slot) = self.names.get_mut(at) {
            *slot = Some(name);
        }
        self.numbers.insert(name, number);
    }

    /// The name and CRC of a number.
    pub(crate) fn name(&self, number: u16) -> Option<&'static str> {
        self.names.get(usize::from(number)).copied().flatten()
    }

    /// The number of a name with CRC, if the message is there.
    pub(crate) fn number(&self, name: &str) -> Option<u16> {
        self.numbers.get(name).copied()
    }

    /// The answer to a new client.
    pub(crate) fn hello(&self, index: u32) -> SockclntCreateReply {
        let mut reply = SockclntCreateReply { response: 0, index, ..Default::default() };
        for (number, name) in self.names.iter().enumerate() {
            if let Some(name) = name {
                let entry =
                    MessageTableEntry { index: number as u16, name: binapi::text::FixedString::cut(name) };
                // A table has fewer entries than there are numbers, so it always fits.
                let _ = reply.message_table.push(entry);
            }
        }
        reply
    }
}
