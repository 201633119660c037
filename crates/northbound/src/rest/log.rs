//! A transaction as the reference's log shows it, without the box around it.

use super::history::description;
use super::time::{duration, in_log};
use model::value::{Value as Modelled, Wire};
use sched::{Operation, Origin, Record, RecordedOp, Resync, State as ValueState, TxnKind};
use std::fmt::Write;
use std::sync::Arc;

/// The text; a `verbose` one tells states as well.
pub fn text(record: &Record, verbose: bool) -> String {
    let mut out = String::new();
    let kind = match record.kind {
        TxnKind::NbTransaction => "NB Transaction".to_owned(),
        TxnKind::SbNotification => "SB Notification".to_owned(),
        TxnKind::RetryFailedOps => "Retry Transaction".to_owned(),
        TxnKind::RetryUnimplOps => "RetryUnimplOps".to_owned(),
    };
    let suffix = match (record.retry_for, record.resync) {
        (Some((seq, attempt)), _) => format!(" (for txn #{seq}, attempt #{attempt})"),
        (None, Resync::None) => String::new(),
        (None, Resync::Full) => ", Full Resync".to_owned(),
        (None, Resync::Upstream) => ", NB Sync".to_owned(),
        (None, Resync::Downstream) => ", SB Sync".to_owned(),
    };
    out += &format!("* transaction arguments:\n    - seqNum: {}\n    - type: {kind}{suffix}\n", record.seq);
    let description = description(record);
    if !description.is_empty() {
        let _ = writeln!(out, "    - Description: {}", description.replace('\n', "\n        "));
    }
    if record.resync != Resync::Downstream {
        // What a comparison found is nobody's argument.
        let given = record
            .values
            .iter()
            .filter(|(_, _, origin)| record.resync == Resync::None || *origin != Origin::Sb);
        let mut given = given.peekable();
        out += if given.peek().is_some() { "    - values:\n" } else { "    - values: NONE\n" };
        for (key, value, _) in given {
            let _ = writeln!(out, "        - key: {key}\n          val: {}", value_text(value.as_ref()));
        }
    }
    if let Some(planned) = &record.planned {
        out += "* planned operations:\n";
        operations(&mut out, planned, verbose);
    }
    let took = record.stop.duration_since(record.start).unwrap_or_default();
    let (start, stop) = (in_log(record.start), in_log(record.stop));
    let _ = writeln!(out, "* executed operations ({start} -> {stop}, dur: {}):", duration(took));
    operations(&mut out, &record.executed, verbose);
    out
}

fn operations(out: &mut String, operations: &[RecordedOp], verbose: bool) {
    if operations.is_empty() {
        *out += "    <NONE>\n";
    }
    for (i, op) in operations.iter().enumerate() {
        operation_text(out, i + 1, op, verbose);
    }
}

fn value_text(value: Option<&Arc<dyn Modelled>>) -> String {
    match value {
        None => "<NIL>".to_owned(),
        Some(value) => match value.wire() {
            wire if wire.name == Wire::EMPTY.name => "<EMPTY>".to_owned(),
            wire => format!("{{ {} }}", model::text::compact(&wire)),
        },
    }
}

fn operation_text(out: &mut String, number: usize, op: &RecordedOp, verbose: bool) {
    let flags = flags(op);
    let flags = if flags.is_empty() { String::new() } else { format!(" [{}]", flags.join(" ")) };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "    {number}. {}{flags}:\n        - key: {}", op.operation.name(), op.key);
    match op.operation {
        Operation::Update => {
            let _ = writeln!(out, "        - prev-value: {} ", value_text(op.prev_value.as_ref()));
            let _ = writeln!(out, "        - new-value: {} ", value_text(op.new_value.as_ref()));
        }
        Operation::Delete => {
            let _ = writeln!(out, "        - value: {} ", value_text(op.prev_value.as_ref()));
        }
        _ => {
            let _ = writeln!(out, "        - value: {} ", value_text(op.new_value.as_ref()));
        }
    }
    if let Some(error) = &op.prev_error {
        let _ = writeln!(out, "        - prev-error: {error}");
    }
    if let Some(error) = &op.error {
        let _ = writeln!(out, "        - error: {error}");
    }
    if verbose {
        let _ = writeln!(out, "        - prev-state: {} ", op.prev_state.name());
        let _ = writeln!(out, "        - new-state: {} ", op.new_state.name());
    }
}

/// What is remarkable about an operation, in the reference's words and order.
fn flags(op: &RecordedOp) -> Vec<&'static str> {
    let mut flags = Vec::new();
    let mut put = |on: bool, name| flags.extend(on.then_some(name));
    let (was, is) = (op.prev_state, op.new_state);
    let deleting = op.operation == Operation::Delete;
    put(op.derived && !op.property, "DERIVED");
    put(op.property, "PROPERTY");
    put(op.noop && !op.property, "NOOP");
    put(op.revert && !op.property, "REVERT");
    put(op.retry && !op.property, "RETRY");
    put(op.recreate, "RECREATE");
    put(is == ValueState::Obtained, "OBTAINED");
    put(was == ValueState::Obtained && is != ValueState::Obtained, "WAS-OBTAINED");
    put(is == ValueState::Unimplemented, "UNIMPLEMENTED");
    put(was == ValueState::Unimplemented && is != ValueState::Unimplemented, "WAS-UNIMPLEMENTED");
    put(was == ValueState::Removed && deleting, "ALREADY-REMOVED");
    put(was == ValueState::Missing && is == ValueState::Removed, "ALREADY-MISSING");
    put(was == ValueState::Missing && is != ValueState::Removed, "WAS-MISSING");
    put(is == ValueState::Discovered, "DISCOVERED");
    match (was == ValueState::Pending, is == ValueState::Pending) {
        (true, true) => put(true, "STILL-PENDING"),
        (true, false) => put(true, "WAS-PENDING"),
        (false, true) => put(true, "IS-PENDING"),
        (false, false) => {}
    }
    let failing = |state| matches!(state, ValueState::Failed | ValueState::Retrying);
    match (failing(was), failing(is)) {
        (true, true) => put(true, "STILL-FAILING"),
        (true, false) => put(true, "FIXED"),
        (false, true) => put(true, "FAILED"),
        (false, false) => {}
    }
    match (was == ValueState::Invalid, is == ValueState::Invalid) {
        (true, true) => put(true, "STILL-INVALID"),
        (true, false) => put(true, "FIXED"),
        (false, true) => put(true, "INVALID"),
        (false, false) => {}
    }
    flags
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::history::shown;
    use super::super::render::json_text;
    use super::*;
    use model::proto::ligato::vpp::interfaces::Interface;
    use model::value::Model;
    use std::time::{Duration, UNIX_EPOCH};

    #[derive(Debug, PartialEq)]
    struct Part;

    impl Model for Part {
        const PREFIX: &'static str = "vpp/interface/";
        fn name(&self) -> String {
            "loop1/x".into()
        }
    }

    fn interface(mtu: u32) -> Option<Arc<dyn Modelled>> {
        Some(Arc::new(Interface { name: "loop1".into(), mtu, ..Interface::default() }))
    }

    fn update() -> RecordedOp {
        RecordedOp {
            operation: Operation::Update,
            key: "config/vpp/v2/interfaces/loop1".into(),
            prev_state: ValueState::Retrying,
            new_state: ValueState::Configured,
            prev_value: interface(1),
            new_value: interface(2),
            prev_error: Some("it was refused".into()),
            retry: true,
            revert: true,
            ..RecordedOp::default()
        }
    }

    fn removed() -> RecordedOp {
        RecordedOp {
            operation: Operation::Delete,
            key: "vpp/interface/loop1/x".into(),
            prev_state: ValueState::Configured,
            prev_value: Some(Arc::new(Part)),
            error: Some("it cannot be removed".into()),
            new_state: ValueState::Failed,
            derived: true,
            recreate: true,
            ..RecordedOp::default()
        }
    }

    fn record() -> Record {
        let key: Arc<str> = "config/vpp/v2/interfaces/loop1".into();
        Record {
            seq: 7,
            kind: TxnKind::RetryFailedOps,
            resync: Resync::None,
            start: UNIX_EPOCH + Duration::from_millis(1_795_332_611_004),
            stop: UNIX_EPOCH + Duration::from_millis(1_795_332_611_016),
            description: "first line\nsecond line".into(),
            retry_for: Some((3, 1)),
            values: vec![
                (key.clone(), interface(2), Origin::Nb),
                ("config/vpp/v2/interfaces/x".into(), None, Origin::Sb),
            ],
            planned: Some(vec![RecordedOp { prev_error: None, ..update() }]),
            executed: vec![update(), removed()],
            omitted: 0,
        }
    }

    #[test]
    fn a_retry_with_its_plan() {
        let golden = "\
* transaction arguments:
    - seqNum: 7
    - type: Retry Transaction (for txn #3, attempt #1)
    - Description: first line
        second line
    - values:
        - key: config/vpp/v2/interfaces/loop1
          val: { name:\"loop1\" mtu:2 }
        - key: config/vpp/v2/interfaces/x
          val: <NIL>
* planned operations:
    1. UPDATE [REVERT RETRY FIXED]:
        - key: config/vpp/v2/interfaces/loop1
        - prev-value: { name:\"loop1\" mtu:1 }\x20
        - new-value: { name:\"loop1\" mtu:2 }\x20
* executed operations (2026-11-22 07:30:11.004 +0000 UTC -> 2026-11-22 07:30:11.016 +0000 UTC, dur: 12ms):
    1. UPDATE [REVERT RETRY FIXED]:
        - key: config/vpp/v2/interfaces/loop1
        - prev-value: { name:\"loop1\" mtu:1 }\x20
        - new-value: { name:\"loop1\" mtu:2 }\x20
        - prev-error: it was refused
    2. DELETE [DERIVED RECREATE FAILED]:
        - key: vpp/interface/loop1/x
        - value: <EMPTY>\x20
        - error: it cannot be removed
";
        assert_eq!(text(&record(), false), golden);
        let states = "        - error: it cannot be removed\n        - prev-state: CONFIGURED \n        \
                      - new-state: FAILED \n";
        assert!(text(&record(), true).ends_with(states));
    }

    #[test]
    fn types_of_transactions() {
        let head = |kind, resync, retry_for| {
            let record = Record { kind, resync, retry_for, description: String::new(), ..record() };
            text(&record, false).lines().skip(2).take(2).collect::<Vec<_>>().join("|")
        };
        let values = "|    - values:";
        for (kind, resync, retry, expected) in [
            (TxnKind::NbTransaction, Resync::None, None, format!("NB Transaction{values}")),
            (TxnKind::NbTransaction, Resync::Full, None, format!("NB Transaction, Full Resync{values}")),
            (TxnKind::NbTransaction, Resync::Upstream, None, format!("NB Transaction, NB Sync{values}")),
            (TxnKind::SbNotification, Resync::None, None, format!("SB Notification{values}")),
            (
                TxnKind::RetryFailedOps,
                Resync::None,
                Some((3, 2)),
                format!("Retry Transaction (for txn #3, attempt #2){values}"),
            ),
            (TxnKind::RetryUnimplOps, Resync::None, None, format!("RetryUnimplOps{values}")),
        ] {
            assert_eq!(head(kind, resync, retry), format!("    - type: {expected}"));
        }
        let downstream = head(TxnKind::NbTransaction, Resync::Downstream, None);
        assert_eq!(downstream, "    - type: NB Transaction, SB Sync|* planned operations:");
    }

    #[test]
    fn what_a_resync_found_is_no_argument() {
        let full = text(&Record { resync: Resync::Full, ..record() }, false);
        assert!(full.contains("interfaces/loop1\n          val") && !full.contains("<NIL>"), "{full}");
        let found = vec![("config/vpp/v2/interfaces/x".into(), None, Origin::Sb)];
        let only = Record { resync: Resync::Full, values: found, planned: Some(vec![]), ..record() };
        let only = text(&Record { executed: vec![], ..only }, false);
        assert!(only.contains("    - values: NONE\n* planned operations:\n    <NONE>\n* executed"), "{only}");
        assert!(only.ends_with("dur: 12ms):\n    <NONE>\n"), "{only}");
    }

    /// The reference also merges operations of one key that replace each other. No plan of ours has such operations, so
    /// nothing is left out here: what the record lists is what is shown.
    #[test]
    fn the_same_transaction_as_json() {
        let golden = concat!(
            r#"{"WithSimulation":true,"Start":"2026-11-22T07:30:11.004Z","Stop":"2026-11-22T07:30:11.016Z","#,
            r#""SeqNum":7,"TxnType":"RetryFailedOps","Description":"first line\nsecond line","RetryForTxn":3,"#,
            r#""RetryAttempt":1,"Values":[{"Key":"config/vpp/v2/interfaces/loop1","Value":{"ProtoMsgName":"#,
            r#""ligato.vpp.interfaces.Interface","ProtoMsgData":{"name":"loop1","mtu":2}},"Origin":1},"#,
            r#"{"Key":"config/vpp/v2/interfaces/x","Value":null,"Origin":2}],"#,
            r#""Planned":[{"Operation":"UPDATE","Key":"config/vpp/v2/interfaces/loop1","NewState":"CONFIGURED","#,
            r#""NewValue":{"ProtoMsgName":"ligato.vpp.interfaces.Interface","ProtoMsgData":{"name":"loop1","mtu":2}},"#,
            r#""PrevState":"RETRYING","PrevValue":{"ProtoMsgName":"ligato.vpp.interfaces.Interface","#,
            r#""ProtoMsgData":{"name":"loop1","mtu":1}},"IsRevert":true,"IsRetry":true}],"#,
            r#""Executed":[{"Operation":"UPDATE","Key":"config/vpp/v2/interfaces/loop1","NewState":"CONFIGURED","#,
            r#""NewValue":{"ProtoMsgName":"ligato.vpp.interfaces.Interface","ProtoMsgData":{"name":"loop1","mtu":2}},"#,
            r#""PrevState":"RETRYING","PrevValue":{"ProtoMsgName":"ligato.vpp.interfaces.Interface","#,
            r#""ProtoMsgData":{"name":"loop1","mtu":1}},"PrevErrMsg":"it was refused","IsRevert":true,"IsRetry":true},"#,
            r#"{"Operation":"DELETE","Key":"vpp/interface/loop1/x","NewState":"FAILED","NewErrMsg":"it cannot be removed","#,
            r#""PrevState":"CONFIGURED","PrevValue":{"ProtoMsgName":"google.protobuf.Empty","ProtoMsgData":{}},"#,
            r#""IsDerived":true,"IsRecreate":true}]}"#
        );
        assert_eq!(json_text(&shown(&record()), false), golden);
        let bare =
            Record { planned: None, retry_for: Some((0, 1)), executed: vec![], values: vec![], ..record() };
        let bare = shown(&bare);
        for absent in
            ["WithSimulation", "PreRecord", "Planned", "Executed", "Values", "RetryForTxn", "ResyncType"]
        {
            assert!(bare.get(absent).is_none(), "{absent}: {bare}");
        }
        let nothing_planned = shown(&Record { planned: Some(vec![]), ..record() });
        assert_eq!(nothing_planned["WithSimulation"], true);
        assert!(nothing_planned.get("Planned").is_none());
    }

    /// Every word, at its place.
    #[test]
    fn flags_of_operations() {
        use ValueState::{
            Configured, Discovered, Failed, Invalid, Missing, Nonexistent, Obtained, Pending, Removed,
            Retrying, Unimplemented,
        };
        let between =
            |prev_state, new_state| flags(&RecordedOp { prev_state, new_state, ..RecordedOp::default() });
        for (was, is, expected) in [
            (Nonexistent, Configured, ""),
            (Nonexistent, Obtained, "OBTAINED"),
            (Obtained, Obtained, "OBTAINED"),
            (Obtained, Configured, "WAS-OBTAINED"),
            (Nonexistent, Unimplemented, "UNIMPLEMENTED"),
            (Unimplemented, Unimplemented, "UNIMPLEMENTED"),
            (Unimplemented, Configured, "WAS-UNIMPLEMENTED"),
            (Missing, Removed, "ALREADY-MISSING"),
            (Missing, Configured, "WAS-MISSING"),
            (Configured, Discovered, "DISCOVERED"),
            (Pending, Pending, "STILL-PENDING"),
            (Pending, Configured, "WAS-PENDING"),
            (Configured, Pending, "IS-PENDING"),
            (Retrying, Failed, "STILL-FAILING"),
            (Failed, Configured, "FIXED"),
            (Configured, Retrying, "FAILED"),
            (Invalid, Invalid, "STILL-INVALID"),
            (Invalid, Configured, "FIXED"),
            (Configured, Invalid, "INVALID"),
            (Missing, Pending, "WAS-MISSING IS-PENDING"),
            (Pending, Failed, "WAS-PENDING FAILED"),
            (Failed, Invalid, "FIXED INVALID"),
        ] {
            assert_eq!(between(was, is).join(" "), expected, "{} -> {}", was.name(), is.name());
        }
        let again = RecordedOp { operation: Operation::Delete, ..RecordedOp::default() };
        let again = RecordedOp { prev_state: Removed, new_state: Removed, ..again };
        assert_eq!(flags(&again), ["ALREADY-REMOVED"]);
        assert!(flags(&RecordedOp { operation: Operation::Create, ..again }).is_empty());
        let all = RecordedOp {
            derived: true,
            noop: true,
            revert: true,
            retry: true,
            recreate: true,
            prev_state: Pending,
            new_state: Pending,
            ..RecordedOp::default()
        };
        assert_eq!(flags(&all).join(" "), "DERIVED NOOP REVERT RETRY RECREATE STILL-PENDING");
        let property = RecordedOp { property: true, ..all };
        assert_eq!(flags(&property).join(" "), "PROPERTY RECREATE STILL-PENDING");
    }
}
