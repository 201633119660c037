//! The message tables against counts taken from the releases, and the generated messages against the tables.

use binapi::release::{RELEASES, table};
use std::collections::BTreeSet;

#[test]
fn each_release_has_its_messages() {
    let counts: Vec<usize> = RELEASES.iter().map(|r| table(r).unwrap().len()).collect();
    assert_eq!(counts, [1792, 1878, 1892, 1959, 1979, 2039, 2123]);
    assert!(table("22.02").is_none());
    for release in RELEASES {
        let ids: BTreeSet<&str> = table(release).unwrap().iter().map(|(id, _)| *id).collect();
        assert_eq!(ids.len(), table(release).unwrap().len(), "{release} names a message twice");
    }
}

#[test]
fn differences_between_releases() {
    let has = |release, id| table(release).unwrap().iter().any(|(i, _)| *i == id);
    assert!(has("23.06", "control_ping_51077d14") && has("26.06", "control_ping_51077d14"));
    assert!(has("24.10", "af_xdp_create_21226c99") && !has("25.06", "af_xdp_create_21226c99"));
    assert!(table("23.06").unwrap().contains(&("memif_create_b1b25061", "memif")));
}

#[test]
fn every_generated_message_is_in_a_release() {
    let all: BTreeSet<&str> = RELEASES.iter().flat_map(|r| table(r).unwrap()).map(|(id, _)| *id).collect();
    for message in binapi::messages() {
        assert!(all.contains(message.id), "{}", message.id);
        assert_eq!(binapi::by_id(message.id).unwrap().name, message.name);
    }
}
