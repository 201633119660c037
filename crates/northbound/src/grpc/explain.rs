//! `vppagent.Explain`: what the agent would do, and why values are as they are.

use std::collections::HashSet;
use std::sync::Arc;

use model::proto::ligato::kvscheduler::{TxnOperation, ValueState};
use sched::{Explanation, Operation, Preview, State};
use tonic::{Request, Response, Status};

use super::stubs::vppagent::explain_server::Explain as Service;
use super::stubs::vppagent::{self as wire, PlanRequest, PlanResponse, WhyRequest, WhyResponse};
use super::{Bad, any, manager, not_taken, source_of};
use crate::intake::Intake;
use crate::{plan, why};

pub struct Explain(pub Intake);

#[tonic::async_trait]
impl Service for Explain {
    async fn plan(&self, request: Request<PlanRequest>) -> Result<Response<PlanResponse>, Status> {
        let source = source_of(request.metadata());
        let PlanRequest { updates, overwrite_all } = request.into_inner();
        let (batch, bad) = manager::batch_of(updates, overwrite_all)?;
        let mut preview = self.0.plan(source, batch).await.map_err(not_taken)?;
        add(&mut preview, bad);
        Ok(Response::new(planned(&preview)))
    }

    async fn why(&self, request: Request<WhyRequest>) -> Result<Response<WhyResponse>, Status> {
        let key = request.into_inner().key;
        if key.is_empty() {
            let text = "the request names no key; GetConfig and DumpState of ligato.generic.ManagerService list values";
            return Err(Status::invalid_argument(text));
        }
        let explanation = self.0.scheduler().explain(&key).await;
        let text = why::text(&explanation);
        Ok(Response::new(WhyResponse { explanation: Some(explained(&explanation)), text }))
    }
}

/// Adds what the scheduler did not get to know, or knows for as bad as it was before.
fn add(preview: &mut Preview, bad: Vec<Bad>) {
    let told: HashSet<Arc<str>> = preview.refused.iter().map(|(key, _)| Arc::clone(key)).collect();
    let others = bad.into_iter().filter(|bad| !told.contains(bad.key.as_str()));
    preview.refused.extend(others.map(|bad| (bad.key.into(), bad.text)));
}

fn planned(preview: &Preview) -> PlanResponse {
    let steps = preview.steps.iter().map(|step| wire::Step {
        operation: operation(step.operation) as i32,
        key: step.key.to_string(),
        derived: step.derived,
        recreate: step.recreate,
        reason: step.reason.clone(),
        previous: step.old.as_ref().map(|value| any(&**value)),
        value: step.new.as_ref().map(|value| any(&**value)),
    });
    let waiting = preview.waiting.iter();
    let waiting =
        waiting.map(|(key, details)| wire::Waiting { key: key.to_string(), details: details.clone() });
    let refused = preview.refused.iter();
    let refused = refused.map(|(key, error)| wire::Refused { key: key.to_string(), error: error.clone() });
    PlanResponse {
        changes: plan::changes(preview) as u64,
        steps: steps.collect(),
        interrupted: preview.interrupted.iter().map(|key| key.to_string()).collect(),
        waiting: waiting.collect(),
        refused: refused.collect(),
        text: plan::text(preview),
        dropped: preview.dropped.iter().map(|key| key.to_string()).collect(),
    }
}

fn explained(explanation: &Explanation) -> wire::Explanation {
    let waits_for = explanation.waits_for.iter().map(|cause| wire::Cause {
        key: cause.key.clone(),
        any: cause.any,
        state: state(cause.state) as i32,
        reason: cause.reason.clone(),
    });
    let failure = explanation.failure.as_ref().map(|failure| wire::Failure {
        operation: operation(failure.operation) as i32,
        cause: failure.cause.clone(),
        code: failure.code.unwrap_or_default().to_owned(),
        retriable: failure.retriable,
        uncertain: failure.uncertain,
    });
    let retry = explanation.retry.map(|retry| wire::NextRetry {
        after_seconds: retry.after.map(|after| after.as_secs_f64()),
        attempt: retry.attempt,
        of: retry.of,
    });
    wire::Explanation {
        key: explanation.key.to_string(),
        state: state(explanation.state) as i32,
        summary: explanation.summary.clone(),
        advice: why::advice(explanation),
        descriptor: explanation.descriptor.to_owned(),
        origin: i32::from(explanation.origin as u8),
        part_of: explanation.part_of.as_deref().unwrap_or_default().to_owned(),
        waits_for: waits_for.collect(),
        failure,
        retry,
        transaction: explanation.seq,
        parts: explanation.parts.iter().map(explained).collect(),
    }
}

/// Both have the same numbers.
fn operation(operation: Operation) -> TxnOperation {
    TxnOperation::try_from(i32::from(operation as u8)).unwrap_or_default()
}

/// Both have the same numbers.
fn state(state: State) -> ValueState {
    ValueState::try_from(i32::from(state as u8)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sched::{Cause, Failure, NextRetry, Origin};

    use super::*;

    #[test]
    fn all_of_an_explanation() {
        let part = Explanation {
            key: "p".into(),
            state: State::Retrying,
            part_of: Some("k".into()),
            failure: Some(Failure {
                operation: Operation::Delete,
                cause: "in use".into(),
                code: Some("BD_IN_USE"),
                retriable: true,
                uncertain: true,
            }),
            retry: Some(NextRetry { after: Some(Duration::from_millis(1500)), attempt: 2, of: 3 }),
            ..Explanation::default()
        };
        let explanation = Explanation {
            key: "k".into(),
            state: State::Pending,
            summary: "It waits.".into(),
            advice: "wait".into(),
            descriptor: "vpp-route",
            origin: Origin::Sb,
            waits_for: vec![Cause {
                key: "w".into(),
                any: true,
                state: State::Removed,
                reason: "gone".into(),
            }],
            retry: Some(NextRetry { after: None, attempt: 1, of: 0 }),
            seq: Some(0),
            parts: vec![part],
            ..Explanation::default()
        };
        let advice = "other objects in VPP use it: remove them first".to_owned();
        let part = wire::Explanation {
            key: "p".into(),
            state: ValueState::Retrying as i32,
            part_of: "k".into(),
            advice,
            failure: Some(wire::Failure {
                operation: TxnOperation::Delete as i32,
                cause: "in use".into(),
                code: "BD_IN_USE".into(),
                retriable: true,
                uncertain: true,
            }),
            retry: Some(wire::NextRetry { after_seconds: Some(1.5), attempt: 2, of: 3 }),
            ..wire::Explanation::default()
        };
        let expected = wire::Explanation {
            key: "k".into(),
            state: ValueState::Pending as i32,
            summary: "It waits.".into(),
            advice: "wait".into(),
            descriptor: "vpp-route".into(),
            origin: wire::explanation::Origin::Sb as i32,
            waits_for: vec![wire::Cause {
                key: "w".into(),
                any: true,
                state: ValueState::Removed as i32,
                reason: "gone".into(),
            }],
            retry: Some(wire::NextRetry { after_seconds: None, attempt: 1, of: 0 }),
            transaction: Some(0),
            parts: vec![part],
            ..wire::Explanation::default()
        };
        assert_eq!(explained(&explanation), expected);
    }
}
