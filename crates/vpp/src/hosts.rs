//! The interfaces of Linux that VPP may stand on, as far as VPP's features must know them: what they are called there.

use std::fmt;
use std::sync::Arc;

type Names = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Names in Linux by logical names. By default there is no Linux, and so no names.
#[derive(Clone, Default)]
pub struct Hosts(Option<Arc<Names>>);

impl Hosts {
    /// Whatever knows the names of the interfaces in the network namespace that the agent shares with VPP.
    pub fn new(names: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Hosts {
        Hosts(Some(Arc::new(names)))
    }
    /// Does anybody know them? Then it is told which of them are there, too.
    pub(crate) fn are_told(&self) -> bool {
        self.0.is_some()
    }
    /// What the interface is called now, if it is there.
    pub(crate) fn name_of(&self, interface: &str) -> Option<String> {
        self.0.as_ref()?(interface)
    }
}

impl fmt::Debug for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Hosts of Linux" } else { "no Hosts" })
    }
}
