//! What is planned is what is done.

mod common;

use std::collections::BTreeSet;

use common::{agent, interface, put};
use model::proto::ligato::vpp::l3::Route;
use northbound::intake::Batch;
use northbound::merge::{Class, Item, Source};
use proptest::prelude::*;

fn route(over: u8, to: u8) -> Route {
    Route {
        outgoing_interface: if over == 0 { String::new() } else { format!("loop{over}") },
        dst_network: format!("10.{to}.0.0/16"),
        ..Route::default()
    }
}

/// Interfaces that are valid or not, routes over them, and what removes or spoils both.
fn item() -> impl Strategy<Value = Item> {
    (0u8..8, 0u8..4, 0u8..3).prop_map(|(kind, n, m)| {
        let name = format!("loop{n}");
        let of_route = || model::value::Value::key(&route(n, m));
        match kind {
            0 | 1 => put(interface(&name, [1500, 9000, 10_000][usize::from(m)])),
            2 => Item::delete(format!("config/vpp/v2/interfaces/{name}")),
            3 => Item::refused(format!("config/vpp/v2/interfaces/{name}"), format!("fault {m}")),
            4 => Item::delete(of_route()),
            _ => put(route(n, m)),
        }
    })
}

fn batch() -> impl Strategy<Value = (usize, Vec<Item>, bool)> {
    (0usize..3, proptest::collection::vec(item(), 0..6), prop::bool::weighted(0.3))
}

async fn planned_is_done(batches: Vec<(usize, Vec<Item>, bool)>) -> Result<(), TestCaseError> {
    let (_world, intake) = agent([]);
    let history = intake.scheduler().history();
    let sources = [Source::new(Class::Kv, "etcd"), Source::grpc(), Source::new(Class::File, "file")];
    for (source, items, replace) in batches {
        let source = &sources[source];
        let batch = || Batch { items: items.clone(), replace, ..Batch::default() };
        let preview = intake.plan(source.clone(), batch()).await;
        let preview = preview.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let outcome = intake.submit(source.clone(), batch()).await;
        let outcome = outcome.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let record = history.by_seq(outcome.seq);
        let done = record.iter().flat_map(|record| &record.executed).filter(|op| !op.noop);
        let mut done: Vec<_> = done.map(|op| (op.operation, op.key.to_string())).collect();
        let mut planned: Vec<_> =
            preview.steps.iter().map(|step| (step.operation, step.key.to_string())).collect();
        done.sort();
        planned.sort();
        prop_assert_eq!(planned, done);

        // What would wait waits now; what would be refused is invalid.
        let states = common::states(intake.scheduler()).await;
        for (key, _) in &preview.waiting {
            prop_assert_eq!(states.get(&**key).copied(), Some("PENDING"), "{}", key);
        }
        for key in &preview.dropped {
            prop_assert_eq!(states.get(&**key).copied(), None, "{}", key);
        }
        for (key, _) in &preview.refused {
            prop_assert_eq!(states.get(&**key).copied(), Some("INVALID"), "{}", key);
        }
        // Done once, there is nothing left to do.
        let again = intake.plan(source.clone(), batch()).await;
        let again = again.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let left: BTreeSet<_> = again.steps.iter().map(|step| step.key.to_string()).collect();
        prop_assert!(left.is_empty(), "{:?}", left);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn planned_is_what_is_done(batches in proptest::collection::vec(batch(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(planned_is_done(batches))?;
    }
}
