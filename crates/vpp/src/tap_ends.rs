//! The Linux ends of TAPs, for whoever configures them: what each was called when VPP made it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Names in Linux by the logical names of the TAPs. All clones are one.
#[derive(Clone, Debug, Default)]
pub struct TapEnds(Arc<Mutex<HashMap<String, String>>>);

impl TapEnds {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// What the Linux end of this TAP was called at first. Somebody may have called it something else since.
    pub fn name_of(&self, tap: &str) -> Option<String> {
        self.lock().get(tap).cloned()
    }
    /// VPP has this TAP.
    pub(crate) fn has(&self, tap: &str, host: &str) {
        self.lock().insert(tap.to_owned(), host.to_owned());
    }
    /// VPP has it no more.
    pub(crate) fn lost(&self, tap: &str) {
        self.lock().remove(tap);
    }
}
