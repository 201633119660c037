//! What has to be in one table, because VPP counts it as if it were.
//!
//! VPP sometimes keeps one count for objects of all tables, and does something to the table of the first and of the last of
//! them. Here is kept which table those of a sort are in, so that what belongs to another table is not made.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Those of one sort that are there or are being made.
struct Sort<M> {
    /// By their numbers: who it is, known once it is there, and its table.
    members: HashMap<u64, (Option<M>, u32)>,
    /// The numbers of those that are known.
    numbers: HashMap<M, u64>,
    /// How many are in each table.
    tables: BTreeMap<u32, usize>,
}

impl<M: Eq + Hash + Clone> Sort<M> {
    fn insert(&mut self, number: u64, who: Option<M>, table: u32) {
        if let Some(who) = &who {
            self.numbers.insert(who.clone(), number);
        }
        self.members.insert(number, (who, table));
        *self.tables.entry(table).or_default() += 1;
    }
    fn remove(&mut self, number: u64) {
        let Some((who, table)) = self.members.remove(&number) else { return };
        if let Some(who) = who.filter(|who| self.numbers.get(who) == Some(&number)) {
            self.numbers.remove(&who);
        }
        if let Some(count) = self.tables.get_mut(&table) {
            *count -= 1;
            if *count == 0 {
                self.tables.remove(&table);
            }
        }
    }
}

struct Inner<K, M> {
    /// Counts those that were begun: an answer tells nothing of what was begun after it was asked for.
    begun: u64,
    sorts: HashMap<K, Sort<M>>,
}

impl<K: Eq + Hash, M: Eq + Hash + Clone> Inner<K, M> {
    fn next(&mut self) -> u64 {
        self.begun += 1;
        self.begun
    }
    fn sort(&mut self, key: K) -> &mut Sort<M> {
        let none = || Sort { members: HashMap::new(), numbers: HashMap::new(), tables: BTreeMap::new() };
        self.sorts.entry(key).or_insert_with(none)
    }
}

/// Objects by what they are counted under.
pub(crate) struct OneTable<K, M>(Mutex<Inner<K, M>>);

impl<K, M> Default for OneTable<K, M> {
    fn default() -> Self {
        OneTable(Mutex::new(Inner { begun: 0, sorts: HashMap::new() }))
    }
}

impl<K: Eq + Hash + Copy, M: Eq + Hash + Clone> OneTable<K, M> {
    fn inner(&self) -> MutexGuard<'_, Inner<K, M>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// One is going to be made in `table`, by its number; or the other table that there are some in.
    pub(crate) fn enter(&self, key: K, table: u32) -> Result<u64, u32> {
        let mut inner = self.inner();
        let number = inner.next();
        let sort = inner.sort(key);
        if let Some(&other) = sort.tables.keys().find(|&&other| other != table) {
            return Err(other);
        }
        sort.insert(number, None, table);
        Ok(number)
    }
    /// It was made.
    pub(crate) fn made(&self, key: K, number: u64, who: M) {
        let mut inner = self.inner();
        let sort = inner.sort(key);
        if let Some((unknown, _)) = sort.members.get_mut(&number) {
            *unknown = Some(who.clone());
            sort.numbers.insert(who, number);
        }
    }
    /// It was not. What may be there all the same is left here until the next list tells.
    pub(crate) fn failed(&self, key: K, number: u64, uncertain: bool) {
        if !uncertain {
            self.inner().sort(key).remove(number);
        }
    }
    /// It was removed.
    pub(crate) fn left(&self, key: K, who: &M) {
        let mut inner = self.inner();
        let sort = inner.sort(key);
        if let Some(&number) = sort.numbers.get(who) {
            sort.remove(number);
        }
    }
    /// How many were begun until now, just before they are listed.
    pub(crate) fn begun(&self) -> u64 {
        self.inner().begun
    }
    /// These are all that there are. `begun` of ours were begun before they were listed.
    pub(crate) fn told(&self, begun: u64, all: impl Iterator<Item = (M, K, u32)>) {
        let mut inner = self.inner();
        for sort in inner.sorts.values_mut() {
            let old: Vec<u64> = sort.members.keys().copied().filter(|&number| number <= begun).collect();
            old.into_iter().for_each(|number| sort.remove(number));
        }
        for (who, key, table) in all {
            let number = inner.next();
            let sort = inner.sort(key);
            if !sort.numbers.contains_key(&who) {
                sort.insert(number, Some(who), table);
            }
        }
        inner.sorts.retain(|_, sort| !sort.members.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_belongs_to_one_table_as_long_as_there_are_some() {
        let all = OneTable::<char, u32>::default();
        for who in [3, 4] {
            let number = all.enter('a', 0).unwrap();
            all.made('a', number, who);
        }
        assert_eq!(all.enter('a', 1), Err(0));
        assert!(all.enter('b', 1).is_ok(), "another sort");
        all.left('a', &3);
        assert_eq!(all.enter('a', 1), Err(0));
        all.left('a', &4);
        assert!(all.enter('a', 1).is_ok());
    }

    #[test]
    fn one_that_may_be_there_counts_until_all_are_listed() {
        let all = OneTable::<char, u32>::default();
        let number = all.enter('a', 0).unwrap();
        all.failed('a', number, false);
        let number = all.enter('a', 1).unwrap();
        all.failed('a', number, true);
        assert_eq!(all.enter('a', 2), Err(1), "the second may be there, the first is not");
        all.told(all.begun(), std::iter::empty());
        assert!(all.enter('a', 2).is_ok());
    }

    #[test]
    fn an_older_list_does_not_tell_of_what_came_later() {
        let all = OneTable::<char, u32>::default();
        let begun = all.begun();
        let number = all.enter('a', 0).unwrap();
        all.made('a', number, 3);
        all.told(begun, std::iter::empty());
        assert_eq!(all.enter('a', 1), Err(0));
        all.told(all.begun(), [(3, 'a', 7)].into_iter());
        assert_eq!(all.enter('a', 0), Err(7), "somebody moved it");
        assert!(all.enter('a', 7).is_ok());
    }

    #[test]
    fn who_is_listed_again_counts_once() {
        let all = OneTable::<char, u32>::default();
        for _ in 0..3 {
            all.told(all.begun(), [(3, 'a', 1), (4, 'a', 1)].into_iter());
        }
        assert_eq!(all.enter('a', 0), Err(1));
        all.left('a', &3);
        assert_eq!(all.enter('a', 0), Err(1));
        all.left('a', &4);
        assert!(all.enter('a', 0).is_ok());
    }
}
