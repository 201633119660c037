//! SPAN. All return values and oddities are those of VPP 23.06.

#![allow(clippy::unwrap_used)]

mod common;

use binapi::interface::DeleteLoopback;
use binapi::span::{SwInterfaceSpanDump, SwInterfaceSpanEnableDisable};
use binapi::types::SpanState;
use common::{Client, vpp};

const NONE: u32 = u32::MAX;

impl Client {
    fn span(&mut self, from: u32, to: u32, state: SpanState, is_l2: bool) -> i32 {
        let (sw_if_index_from, sw_if_index_to) = (from, to);
        self.retval(&SwInterfaceSpanEnableDisable { sw_if_index_from, sw_if_index_to, state, is_l2 })
    }
    fn spans(&mut self, is_l2: bool) -> Vec<(u32, u32, SpanState)> {
        let all = self.dump(&SwInterfaceSpanDump { is_l2 });
        assert!(all.iter().all(|details| details.is_l2 == is_l2));
        all.iter().map(|d| (d.sw_if_index_from, d.sw_if_index_to, d.state)).collect()
    }
}

#[test]
fn copies_are_told_by_level_and_replaced_in_place() {
    let (_sim, mut client) = vpp();
    let [a, b, c] = [0, 1, 2].map(|_| client.loopback());
    assert_eq!(client.span(a, b, SpanState::RX, false), 0);
    assert_eq!(client.span(a, b, SpanState::RX_TX, true), 0);
    assert_eq!(client.span(a, c, SpanState::TX, false), 0);
    assert_eq!(client.spans(false), [(a, b, SpanState::RX), (a, c, SpanState::TX)]);
    assert_eq!(client.spans(true), [(a, b, SpanState::RX_TX)]);
    assert_eq!(client.span(a, b, SpanState::TX, false), 0);
    assert_eq!(client.spans(false)[0], (a, b, SpanState::TX));
    assert_eq!(client.span(a, b, SpanState::DISABLED, false), 0);
    assert_eq!(client.span(a, b, SpanState::DISABLED, false), 0, "what is not there can be taken away");
    assert_eq!(client.span(a, NONE, SpanState::DISABLED, false), 0, "from everywhere");
    assert_eq!(client.spans(false), []);
    assert_eq!(client.spans(true), [(a, b, SpanState::RX_TX)]);
}

#[test]
fn what_is_refused_and_what_is_not() {
    let (_sim, mut client) = vpp();
    let a = client.loopback();
    assert_eq!(client.span(a, a, SpanState::RX, false), -71);
    assert_eq!(client.span(a, NONE, SpanState::RX, false), -71);
    assert_eq!(client.span(NONE, a, SpanState::DISABLED, false), -71);
    assert_eq!(client.span(a, 7, SpanState(4), false), -9);
    // Nobody looks whether the interfaces are there, or forgets anything when they go.
    assert_eq!(client.span(a, 7, SpanState::RX, true), 0);
    client.ok(&DeleteLoopback { sw_if_index: a });
    assert_eq!(client.spans(true), [(a, 7, SpanState::RX)]);
}
