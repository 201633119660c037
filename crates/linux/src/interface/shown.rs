//! What REST shows of interfaces: how they are, and what they have counted.

use super::Interfaces;
use super::sight::Sight;
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;
use sched::Item;
use serde_json::{Map, Value as Json};

/// What a dump needs besides the value.
pub(super) fn details(link: &Sight) -> Json {
    let counted = link.counted.as_ref().map(|counted| {
        json!({
            "rx_packets": counted.rx_packets,
            "tx_packets": counted.tx_packets,
            "rx_bytes": counted.rx_bytes,
            "tx_bytes": counted.tx_bytes,
            "rx_errors": counted.rx_errors,
            "tx_errors": counted.tx_errors,
            "rx_dropped": counted.rx_dropped,
            "tx_dropped": counted.tx_dropped,
        })
    });
    json!({
        "meta": {
            "linux_if_index": link.index,
            "parent_index": link.other,
            "master_index": link.master,
            "oper_state": link.oper,
            "flags": link.flags,
            "encapsulation": encapsulation(link.layer),
            "num_rx_queue": link.rx_queues,
            "num_tx_queue": link.tx_queues,
            "tx_queue_len": link.queue_length,
        },
        "counted": counted,
    })
}

/// What frames are called.
fn encapsulation(layer: u16) -> String {
    match layer {
        1 => "ether".to_owned(),
        772 => "loopback".to_owned(),
        65534 => "none".to_owned(),
        other => format!("unknown{other}"),
    }
}

/// What an interface has counted.
fn counted(item: &Item) -> Option<(String, Json)> {
    let value: &dyn Any = &*item.value;
    let i: &Interface = value.downcast_ref()?;
    let mut members = Map::new();
    members.insert("interface_name".to_owned(), i.name.clone().into());
    members.insert("interface_type".to_owned(), i.r#type.into());
    members.insert("linux_if_index".to_owned(), item.details["meta"]["linux_if_index"].clone());
    members.extend(item.details["counted"].as_object()?.clone());
    Some((String::new(), Json::Object(members)))
}

pub(crate) const DUMPS: &[Dump] = &[
    Dump {
        path: "/dump/linux/v2/interfaces",
        descriptor: Interfaces::NAME,
        shape: Shape::List,
        element: |item| {
            let element = json!({ "interface": shown(item), "interface_meta": item.details["meta"] });
            Some((String::new(), element))
        },
    },
    Dump {
        path: "/stats/linux/interfaces",
        descriptor: Interfaces::NAME,
        shape: Shape::List,
        element: counted,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_the_names_that_the_reference_gives_them() {
        for (layer, name) in [(1, "ether"), (772, "loopback"), (65534, "none"), (7, "unknown7")] {
            assert_eq!(encapsulation(layer), name);
        }
    }
}
