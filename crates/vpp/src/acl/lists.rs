//! The IP ACLs that an interface applies, as a list: VPP looks at them one after the other.
//!
//! VPP adds an ACL at the end of the list, and moves the last one into the gap of one that is taken away. So that the order
//! does not depend on what was done when, ours stand in the order of their names, and the list is always told as a whole.
//! It is read before, because others may have ACLs in it: these keep their places. What is to be done to one interface at
//! a time is done at once, unless VPP refuses it: then each change is tried alone, so that each fails alone.

use super::list::AclIndex;
use crate::interface::SwIfIndex;
use crate::prelude::*;
use binapi::acl::{AclInterfaceListDetails, AclInterfaceListDump, AclInterfaceSetAclList};
use binapi::list::Counted;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Something that is to become of an interface's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The ACL is to be in it, in its place.
    Add { egress: bool, acl: u32 },
    /// The ACL is to be taken away.
    Remove { egress: bool, acl: u32 },
}

/// What is done to one interface at a time.
#[derive(Clone)]
struct Round {
    /// Until the list is read, more can join.
    changes: Arc<Mutex<Option<Vec<Change>>>>,
    /// What came of each.
    results: Shared<BoxFuture<'static, Arc<Vec<Result<()>>>>>,
}

/// Names of our ACLs.
type Names = HashMap<AclIndex, String>;

#[derive(Default)]
struct Inner {
    names: Names,
    /// The last round of each interface.
    rounds: HashMap<SwIfIndex, Round>,
}

/// See the module.
pub(super) struct Lists {
    vpp: Vpp,
    inner: Arc<Mutex<Inner>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lists {
    pub(super) fn new(vpp: &Vpp) -> Self {
        Lists { vpp: vpp.clone(), inner: Arc::default() }
    }
    /// An ACL is ours, and has this name.
    pub(super) fn know(&self, acl: AclIndex, name: String) {
        lock(&self.inner).names.insert(acl, name);
    }
    /// These are ours, and no others.
    pub(super) fn know_all(&self, names: Names) {
        let mut inner = lock(&self.inner);
        inner.names = names;
        inner.rounds.retain(|_, round| round.results.peek().is_none());
    }
    /// What an ACL is called, if it is ours.
    pub(super) fn name(&self, acl: AclIndex) -> Option<String> {
        lock(&self.inner).names.get(&acl).cloned()
    }
    /// The ACLs of a list as they should follow each other.
    pub(super) fn in_order(&self, acls: &[u32]) -> Vec<u32> {
        in_order(acls, &lock(&self.inner).names)
    }
    /// Changes the list of an interface, together with whatever else is to be changed there.
    pub(super) fn change(
        &self,
        port: SwIfIndex,
        change: Change,
    ) -> impl Future<Output = Result<()>> + Send + use<> {
        let mut inner = lock(&self.inner);
        let last = inner.rounds.get(&port).cloned();
        let joined = last.as_ref().and_then(|round| {
            let mut open = lock(&round.changes);
            let changes = open.as_mut()?;
            changes.push(change);
            Some((round.results.clone(), changes.len() - 1))
        });
        let (results, at) = joined.unwrap_or_else(|| {
            let changes = Arc::new(Mutex::new(Some(vec![change])));
            let work = round(self.vpp.clone(), self.inner.clone(), port, changes.clone(), last);
            let results = work.map(Arc::new).boxed().shared();
            inner.rounds.insert(port, Round { changes, results: results.clone() });
            (results, 0)
        });
        async move {
            let lost = || Err(sched::Error::new("the interface's list of ACLs was not changed; try again"));
            results.await.get(at).cloned().unwrap_or_else(lost)
        }
    }
}

/// Waits for the round before, reads the list, and tells VPP what it is to be.
async fn round(
    vpp: Vpp,
    inner: Arc<Mutex<Inner>>,
    port: SwIfIndex,
    changes: Arc<Mutex<Option<Vec<Change>>>>,
    before: Option<Round>,
) -> Vec<Result<()>> {
    if let Some(before) = before {
        before.results.await;
    }
    let dumped = vpp.dump(AclInterfaceListDump { sw_if_index: port.0 }).await;
    let changes = lock(&changes).take().unwrap_or_default();
    let mut is = match dumped {
        Ok(dumped) => dumped.first().map(List::of).unwrap_or_default(),
        Err(error) => return vec![Err(error); changes.len()],
    };
    let due = |is: &List, changes: &[Change]| is.after(changes, &lock(&inner).names);
    let told = tell(&vpp, port, &is, due(&is, &changes)).await;
    match told {
        Err(error) if changes.len() > 1 && !error.uncertain => {
            let mut results = Vec::with_capacity(changes.len());
            for change in &changes {
                let with = due(&is, std::slice::from_ref(change));
                let told = tell(&vpp, port, &is, with.clone()).await;
                if told.is_ok() {
                    is = with;
                }
                results.push(told);
            }
            results
        }
        told => vec![told; changes.len()],
    }
}

async fn tell(vpp: &Vpp, SwIfIndex(sw_if_index): SwIfIndex, is: &List, list: List) -> Result<()> {
    if *is == list {
        return Ok(());
    }
    let n_input = list.ingress.len() as u8; // all of them are counted below
    let acls = Counted::try_from([list.ingress, list.egress].concat());
    let acls = acls.map_err(|error| sched::Error::new(format!("the interface would have {error}")))?;
    vpp.call(AclInterfaceSetAclList { sw_if_index, n_input, acls }).await.map(drop)
}

/// What an interface applies.
#[derive(Clone, Debug, Default, PartialEq)]
struct List {
    ingress: Vec<u32>,
    egress: Vec<u32>,
}

impl List {
    fn of(details: &AclInterfaceListDetails) -> List {
        let (ingress, egress) = details.acls.split_at(details.acls.len().min(details.n_input.into()));
        List { ingress: ingress.to_vec(), egress: egress.to_vec() }
    }
    /// The list with these changes, in order.
    fn after(&self, changes: &[Change], names: &Names) -> List {
        let mut list = self.clone();
        for &change in changes {
            let (Change::Add { egress, acl } | Change::Remove { egress, acl }) = change;
            let side = if egress { &mut list.egress } else { &mut list.ingress };
            match change {
                Change::Add { .. } if side.contains(&acl) => {}
                Change::Add { .. } => side.push(acl),
                Change::Remove { .. } => side.retain(|&other| other != acl),
            }
        }
        List { ingress: in_order(&list.ingress, names), egress: in_order(&list.egress, names) }
    }
}

/// Those with names change places among each other until they follow by name; the others stay where they are.
fn in_order(acls: &[u32], names: &Names) -> Vec<u32> {
    let name = |index: &u32| names.get(&AclIndex { index: *index, macip: false });
    let mut ours: Vec<u32> = acls.iter().copied().filter(|acl| name(acl).is_some()).collect();
    ours.sort_by_key(name);
    let mut ours = ours.into_iter();
    acls.iter().map(|acl| name(acl).and_then(|_| ours.next()).unwrap_or(*acl)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let names = [(1, "a"), (2, "b"), (3, "c"), (4, "d")];
        names.map(|(index, name)| (AclIndex { index, macip: false }, name.to_owned())).into()
    }
    fn after(ingress: &[u32], changes: &[Change]) -> Vec<u32> {
        let list = List { ingress: ingress.to_vec(), egress: Vec::new() };
        list.after(changes, &names()).ingress
    }
    fn add(acl: u32) -> Change {
        Change::Add { egress: false, acl }
    }
    fn remove(acl: u32) -> Change {
        Change::Remove { egress: false, acl }
    }

    #[test]
    fn ours_follow_by_name_whatever_was_first() {
        assert_eq!(after(&[], &[add(3), add(1), add(2)]), [1, 2, 3]);
        assert_eq!(after(&[1, 3], &[add(2)]), [1, 2, 3]);
        assert_eq!(after(&[1, 2, 3, 4], &[remove(2)]), [1, 3, 4]);
        // As VPP left it after one was taken away by somebody else, and one of ours is told again.
        assert_eq!(after(&[1, 4, 3], &[add(3)]), [1, 3, 4]);
    }

    #[test]
    fn those_of_others_stay_where_they_are() {
        assert_eq!(after(&[9, 3, 8], &[add(1)]), [9, 1, 8, 3]);
        assert_eq!(after(&[9, 3, 8], &[remove(3)]), [9, 8]);
        assert_eq!(after(&[9, 8], &[remove(3)]), [9, 8]);
    }

    #[test]
    fn the_directions_have_lists_of_their_own() {
        let list = List { ingress: vec![2], egress: vec![3] };
        let changes = [Change::Add { egress: true, acl: 2 }, Change::Remove { egress: false, acl: 2 }];
        assert_eq!(list.after(&changes, &names()), List { ingress: vec![], egress: vec![2, 3] });
    }
}
