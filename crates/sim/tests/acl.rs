//! ACLs and the interfaces that apply them. All return values and oddities are those of VPP 23.06.

#![allow(clippy::unwrap_used)]

mod common;

use binapi::acl::{
    AclAddReplace, AclDel, AclDump, AclInterfaceAddDel, AclInterfaceListDump, AclInterfaceSetAclList,
    MacipAclAdd, MacipAclAddReplace, MacipAclDel, MacipAclDump, MacipAclInterfaceAddDel,
    MacipAclInterfaceListDump,
};
use binapi::interface::DeleteLoopback;
use binapi::list::Counted;
use binapi::types::{AclRule, MacipAclRule};
use common::{Client, prefix, vpp};

const NONE: u32 = u32::MAX;

fn rule(src: &str, dst: &str) -> AclRule {
    AclRule { src_prefix: prefix(src), dst_prefix: prefix(dst), ..Default::default() }
}

fn any() -> AclRule {
    rule("0.0.0.0/0", "0.0.0.0/0")
}

impl Client {
    fn put(&mut self, acl_index: u32, rule: AclRule) -> (i32, u32) {
        let reply =
            self.call(&AclAddReplace { acl_index, tag: "tag".try_into().unwrap(), r: Counted::one(rule) });
        (reply.retval, reply.acl_index)
    }
    fn apply(&mut self, is_add: bool, is_input: bool, sw_if_index: u32, acl_index: u32) -> i32 {
        self.retval(&AclInterfaceAddDel { is_add, is_input, sw_if_index, acl_index })
    }
    fn apply_list(&mut self, sw_if_index: u32, n_input: u8, acls: &[u32]) -> i32 {
        let acls = acls.to_vec().try_into().unwrap();
        self.retval(&AclInterfaceSetAclList { sw_if_index, n_input, acls })
    }
    /// Of one interface: for arriving packets, and for leaving ones.
    fn applied(&mut self, sw_if_index: u32) -> (Vec<u32>, Vec<u32>) {
        let details = self.dump(&AclInterfaceListDump { sw_if_index }).remove(0);
        let (input, output) = details.acls.split_at(usize::from(details.n_input));
        (input.to_vec(), output.to_vec())
    }
    fn put_macip(&mut self, acl_index: u32) -> (i32, u32) {
        let r = Counted::one(MacipAclRule { src_prefix: prefix("10.1.1.7/24"), ..Default::default() });
        let reply = self.call(&MacipAclAddReplace { acl_index, tag: "tag".try_into().unwrap(), r });
        (reply.retval, reply.acl_index)
    }
    fn apply_macip(&mut self, is_add: bool, sw_if_index: u32, acl_index: u32) -> i32 {
        self.retval(&MacipAclInterfaceAddDel { is_add, sw_if_index, acl_index })
    }
    fn macip_applied(&mut self, sw_if_index: u32) -> Vec<(u32, u32)> {
        let all = self.dump(&MacipAclInterfaceListDump { sw_if_index });
        all.iter().map(|details| (details.sw_if_index, details.acls[0])).collect()
    }
}

#[test]
fn rules_are_looked_at_before_anything_is_changed() {
    let (_sim, mut client) = vpp();
    assert_eq!(client.put(NONE, rule("10.0.0.1/24", "0.0.0.0/0")), (-57, NONE));
    assert_eq!(client.put(NONE, rule("0.0.0.0/0", "10.0.0.1/24")), (-58, NONE));
    assert_eq!(client.put(NONE, rule("10.0.0.0/33", "0.0.0.0/0")), (-57, NONE));
    assert_eq!(client.put(NONE, rule("10.0.0.0/24", "::/0")), (-57, NONE));
    assert_eq!(client.put(NONE, AclRule { srcport_or_icmptype_first: 2, ..any() }), (-8, NONE));
    assert_eq!(client.put(NONE, AclRule { dstport_or_icmpcode_first: 2, ..any() }), (-8, NONE));
    assert_eq!(client.put(7, any()), (-6, 7));
    assert!(client.dump(&AclDump { acl_index: NONE }).is_empty());
    assert_eq!(client.put(NONE, rule("fd00::/64", "::/0")), (0, 0));
    assert_eq!(client.put(0, rule("10.0.0.1/24", "0.0.0.0/0")), (-57, 0));
    assert_eq!(client.dump(&AclDump { acl_index: NONE })[0].r[0], rule("fd00::/64", "::/0"));
    // Without rules there is only a warning.
    let empty = AclAddReplace { acl_index: 0, ..AclAddReplace::default() };
    assert_eq!(client.retval(&empty), 0);
    assert!(client.dump(&AclDump { acl_index: 0 })[0].r.is_empty());
}

#[test]
fn numbers_come_again() {
    let (_sim, mut client) = vpp();
    assert_eq!([0, 1, 2].map(|_| client.put(NONE, any()).1), [0, 1, 2]);
    assert_eq!([0, 1].map(|acl_index| client.retval(&AclDel { acl_index })), [0, 0]);
    assert_eq!(client.retval(&AclDel { acl_index: 1 }), -6);
    assert_eq!([0, 1, 2].map(|_| client.put(NONE, any()).1), [1, 0, 3]);
}

#[test]
fn what_is_applied_cannot_be_deleted() {
    let (_sim, mut client) = vpp();
    let port = client.loopback();
    let acl = client.put(NONE, any()).1;
    assert_eq!(client.apply(true, true, 99, acl), -2);
    assert_eq!(client.apply(true, true, port, 99), -6);
    assert_eq!(client.apply(false, true, port, acl), -6);
    assert_eq!(client.apply(true, true, port, acl), 0);
    assert_eq!(client.apply(true, true, port, acl), -142);
    assert_eq!(client.retval(&AclDel { acl_index: acl }), -142);
    assert_eq!(client.apply(true, false, port, acl), 0);
    assert_eq!(client.apply(true, false, port, acl), -143);
    assert_eq!(client.apply(false, true, port, acl), 0);
    assert_eq!(client.retval(&AclDel { acl_index: acl }), -143);
    // The interface goes, and its application with it.
    client.ok(&DeleteLoopback { sw_if_index: port });
    assert_eq!(client.retval(&AclDel { acl_index: acl }), 0);
}

#[test]
fn the_order_of_a_list() {
    let (_sim, mut client) = vpp();
    let port = client.loopback();
    let [a, b, c] = [0, 1, 2].map(|_| client.put(NONE, any()).1);
    for acl in [a, b, c] {
        assert_eq!(client.apply(true, true, port, acl), 0);
    }
    assert_eq!(client.applied(port), (vec![a, b, c], vec![]));
    assert_eq!(client.apply(false, true, port, a), 0);
    assert_eq!(client.applied(port), (vec![c, b], vec![]), "the last one moves into the gap");
    assert_eq!(client.apply_list(port, 2, &[a, b, a, c]), 0);
    assert_eq!(client.applied(port), (vec![a, b], vec![a, c]));
    assert_eq!(client.apply_list(port, 1, &[a, b, b]), 1);
    assert_eq!(client.applied(port), (vec![a, b], vec![a, c]));
    // The list for leaving packets was changed by then.
    assert_eq!(client.apply_list(port, 2, &[a, a, b]), 1);
    assert_eq!(client.applied(port), (vec![a, b], vec![b]));
    assert_eq!(client.apply_list(port, 1, &[a, 99]), -6);
    assert_eq!(client.apply_list(99, 0, &[]), -2);
    assert_eq!(client.apply_list(port, 0, &[]), 0);
    assert_eq!(client.applied(port), (vec![], vec![]));
    let all = client.dump(&AclInterfaceListDump { sw_if_index: NONE });
    assert_eq!(all.iter().map(|details| details.sw_if_index).collect::<Vec<_>>(), [0, port]);
}

#[test]
fn a_macip_acl_takes_the_place_of_another() {
    let (_sim, mut client) = vpp();
    let [one, other] = [0, 1].map(|_| client.loopback());
    assert_eq!(client.put_macip(7), (-6, 7));
    let a = client.ok(&MacipAclAdd::default()).acl_index;
    assert_eq!(client.put_macip(a), (0, a), "host bits are taken as they are");
    assert_eq!(client.dump(&MacipAclDump { acl_index: a })[0].r[0].src_prefix, prefix("10.1.1.7/24"));
    let b = client.put_macip(NONE).1;
    assert_eq!(client.apply_macip(true, 99, a), -2);
    assert_eq!(client.apply_macip(true, one, 99), -6);
    assert_eq!(client.apply_macip(false, other, a), -6);
    assert_eq!(client.macip_applied(one), []);
    assert_eq!(client.apply_macip(true, other, a), 0);
    assert_eq!(client.macip_applied(one), [(one, NONE)]);
    assert_eq!(client.apply_macip(true, other, b), 0);
    assert_eq!(client.macip_applied(NONE), [(other, b)]);
    assert_eq!(client.apply_macip(false, other, a), 0, "nobody looks which one it is");
    assert_eq!(client.macip_applied(NONE), []);
    // One that is applied can be deleted.
    assert_eq!(client.apply_macip(true, one, b), 0);
    assert_eq!(client.retval(&MacipAclDel { acl_index: b }), 0);
    assert_eq!(client.macip_applied(NONE), []);
    assert_eq!(client.retval(&MacipAclDel { acl_index: b }), -6);
}
