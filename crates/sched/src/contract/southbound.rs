//! What the scheduler must know of a southbound: is it there, and what can it do.

use tokio::sync::watch;

/// Where a southbound stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Counts connections; 0 before the first.
    pub generation: u64,
    /// Why nothing can be sent now; `None` if it can.
    pub down: Option<String>,
    /// Tells one life of the other side from the next: when it changes, nothing of what was there is left.
    pub instance: u64,
}

impl Link {
    /// A southbound that is always there.
    pub fn always() -> watch::Receiver<Link> {
        watch::channel(Link { generation: 1, down: None, instance: 1 }).1
    }
}

/// Something that descriptors talk to: a VPP, the Linux kernel, a test's fake.
pub trait Southbound: Send + Sync + 'static {
    /// Its name in messages to the user, such as `VPP`.
    fn name(&self) -> &'static str;
    /// Where it stands; changes with every connect and disconnect.
    fn link(&self) -> watch::Receiver<Link>;
    /// From now on operations may be planned on the connection of this generation: what was there before is forgotten.
    fn admit(&self, _generation: u64) {}
    /// Is there another side that may go? Of others nobody needs to hear how they are doing.
    fn can_be_away(&self) -> bool {
        true
    }
    /// Why this call (as in [`crate::Descriptor::USES`]) does not exist here; `None` if it does.
    fn lacks(&self, call: &str) -> Option<String>;
    /// The same of all the calls that a value needs and that do not exist, each with what was said of it: the first stands for
    /// all of them, unless this says otherwise.
    fn lacks_all(&self, missing: &[&(&'static str, String)]) -> String {
        missing.first().map(|(_, reason)| reason.clone()).unwrap_or_default()
    }
    /// What a user can do about that, if there is something better to be said than in general.
    fn remedy(&self, _missing: &[&(&'static str, String)]) -> Option<String> {
        None
    }
}
