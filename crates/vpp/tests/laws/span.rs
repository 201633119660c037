//! Values of SPAN.

use crate::world;
use model::models::erase;
use model::proto::ligato::vpp::interfaces::Span;
use model::proto::ligato::vpp::interfaces::span::Direction;
use model::value::Value;
use proptest::prelude::*;
use proptest::sample::select;
use testkit::laws::{Feature, of_type};

pub fn spans() -> Feature {
    let ends =
        select(vec![("loop-a", "loop-b"), ("loop-a", "loop-c"), ("loop-b", "loop-a"), ("loop-c", "loop-b")]);
    let directions = select(vec![Direction::Rx, Direction::Tx, Direction::Both]);
    let values = (ends, directions, any::<bool>()).prop_map(|((from, to), direction, is_l2)| Span {
        interface_from: from.into(),
        interface_to: to.into(),
        direction: direction.into(),
        is_l2,
    });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&Span, &Span) = (of_type(a), of_type(b));
        erase(Span { direction: b.direction, is_l2: b.is_l2, ..a.clone() })
    };
    let mut world = world::vrfs();
    world.extend(world::loopbacks());
    Feature::new("vpp-span", world, values, rekey).chosen(world::CHOSEN)
}
