//! Configuration documents (YAML or JSON in the layout of `/configuration`) as batches.

use std::collections::HashSet;

use model::document::Document;

use crate::intake::Batch;
use crate::merge::Item;

/// A document as a batch, and what is wrong with it in sentences.
///
/// A faulty item whose key is known keeps its last good value. If one has no key, nothing is removed: it could be the
/// one that was meant to stay.
pub fn batch(document: Document, replace: bool) -> (Batch, Vec<String>) {
    let mut problems: Vec<String> = document.errors.iter().map(ToString::to_string).collect();
    let whole = document.errors.iter().all(|error| error.key.is_some());
    let mut items: Vec<Item> = document.items.into_iter().map(Item::put).collect();
    let mut seen = HashSet::with_capacity(items.len());
    for item in &items {
        if !seen.insert(&*item.key) {
            problems
                .push(format!("{}: the document has this key more than once; the last one counts", item.key));
        }
    }
    let refused = document.errors.into_iter().filter_map(|error| {
        let reason = error.fault.to_string();
        Some(Item::refused(error.key?, reason))
    });
    items.extend(refused);
    if replace && !whole {
        problems.push("nothing was removed, because not all items have a key; correct the document".into());
    }
    (Batch { items, replace: replace && whole, answers: true, ..Batch::default() }, problems)
}
