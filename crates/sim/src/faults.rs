//! What can be made to go wrong.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is refused with this return value and has no effect. Of no use for dumps, whose answer has none.
    Refuse(i32),
    /// It and all that follows on its connection waits this long.
    Delay(Duration),
    /// The connection is closed; the call has no effect.
    DropBefore,
    /// The call takes effect, then the connection is closed without an answer.
    DropAfter,
    /// VPP restarts with empty state before the call takes effect; all connections are closed.
    Restart,
    /// The answer of a dump lacks its last so many items.
    Short(usize),
    /// The call takes effect, but is never answered.
    Silent,
}

#[derive(Debug)]
struct Rule {
    /// The call that it strikes, counted from 1; `None` strikes all.
    nth: Option<u64>,
    seen: u64,
    fault: Fault,
}

/// The faults of a simulated VPP; may be changed while it runs. They outlive its restarts.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    rules: Arc<Mutex<HashMap<String, Vec<Rule>>>>,
}

impl Faults {
    /// Strikes the `nth` call of a message (`ip_route_add_del`, without CRC), counted from 1 and from now on.
    pub fn once(&self, message: &str, nth: u64, fault: Fault) {
        self.add(message, Rule { nth: Some(nth.max(1)), seen: 0, fault });
    }

    /// Strikes every call of a message until [`Faults::clear`].
    pub fn always(&self, message: &str, fault: Fault) {
        self.add(message, Rule { nth: None, seen: 0, fault });
    }

    /// Forgets all faults.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn add(&self, message: &str, rule: Rule) {
        self.lock().entry(message.to_owned()).or_default().push(rule);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Vec<Rule>>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call and says what strikes it.
    pub(crate) fn strike(&self, message: &str) -> Option<Fault> {
        let mut rules = self.lock();
        if rules.is_empty() {
            return None;
        }
        let rules = rules.get_mut(message)?;
        let mut struck = None;
        rules.retain_mut(|rule| {
            rule.seen += 1;
            let hit = rule.nth.is_none_or(|n| n == rule.seen);
            if hit && struck.is_none() {
                struck = Some(rule.fault.clone());
            }
            !(hit && rule.nth.is_some())
        });
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_is_once_and_always_is_always() {
        let faults = Faults::default();
        faults.once("a", 2, Fault::Silent);
        faults.always("b", Fault::Refuse(-1));
        let got: Vec<_> = (0..4).map(|_| faults.strike("a")).collect();
        assert_eq!(got, [None, Some(Fault::Silent), None, None]);
        assert_eq!(faults.strike("b"), Some(Fault::Refuse(-1)));
        assert_eq!(faults.strike("b"), Some(Fault::Refuse(-1)));
        faults.clear();
        assert_eq!(faults.strike("b"), None);
    }
}
