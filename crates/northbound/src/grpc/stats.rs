//! `ligato.configurator.StatsPollerService`: counters of interfaces, once or again and again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};
use model::proto::ligato::configurator::stats::Stats as Part;
use model::proto::ligato::configurator::{PollStatsRequest, PollStatsResponse, Stats};
use model::proto::ligato::vpp;
use model::proto::ligato::vpp::interfaces::InterfaceStats;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};
use tonic::{Request, Response, Status};

use super::closed;
use super::stubs::configurator::stats_poller_service_server::StatsPollerService;
use crate::telemetry::Telemetry;

pub struct StatsPoller {
    /// None if it is turned off.
    pub telemetry: Option<Arc<dyn Telemetry>>,
    /// Its sender is gone when the door closes.
    pub closing: watch::Receiver<()>,
}

#[tonic::async_trait]
impl StatsPollerService for StatsPoller {
    type PollStatsStream = BoxStream<'static, Result<PollStatsResponse, Status>>;

    async fn poll_stats(
        &self,
        request: Request<PollStatsRequest>,
    ) -> Result<Response<Self::PollStatsStream>, Status> {
        let PollStatsRequest { period_sec, num_polls } = request.into_inner();
        if period_sec == 0 && num_polls > 1 {
            return Err(Status::invalid_argument(format!(
                "num_polls is {num_polls}, but period_sec is 0, which is a single poll; say how many seconds lie \
                 between two polls"
            )));
        }
        let Some(telemetry) = self.telemetry.clone() else {
            return Err(Status::unavailable("statistics are turned off by `disabled` in telemetry.conf"));
        };
        // Now, so that a VPP without statistics is an error of the call.
        let waiting = telemetry.interfaces().await.map_err(Status::unavailable)?;
        let ticks = (period_sec > 0).then(|| every(Duration::from_secs(period_sec.into())));
        let polls = Polls {
            telemetry,
            closing: self.closing.clone(),
            number: u32::from(period_sec > 0),
            last: if period_sec > 0 { num_polls } else { 0 },
            ticks,
            waiting: waiting.into(),
        };
        let stream = stream::unfold(Some(polls), |polls| async {
            let mut polls = polls?;
            match polls.next().await {
                Ok(Some(response)) => Some((Ok(response), Some(polls))),
                Ok(None) => None,
                Err(status) => Some((Err(status), None)),
            }
        });
        Ok(Response::new(stream.boxed()))
    }
}

/// The first tick of an interval comes at once, and is over.
fn every(period: Duration) -> Interval {
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + period, period);
    // Who reads slowly is polled for less often.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

struct Polls {
    telemetry: Arc<dyn Telemetry>,
    closing: watch::Receiver<()>,
    /// Of the poll whose answers are being sent.
    number: u32,
    /// Number of the last poll; 0 is without end.
    last: u32,
    /// None: this is the only poll.
    ticks: Option<Interval>,
    /// What is not sent yet of this poll.
    waiting: VecDeque<InterfaceStats>,
}

impl Polls {
    async fn next(&mut self) -> Result<Option<PollStatsResponse>, Status> {
        loop {
            if let Some(interface) = self.waiting.pop_front() {
                let vpp = vpp::Stats { interface: Some(interface) };
                let stats = Some(Stats { stats: Some(Part::VppStats(vpp)) });
                return Ok(Some(PollStatsResponse { poll_seq: self.number, stats }));
            }
            let Some(ticks) = self.ticks.as_mut().filter(|_| self.last == 0 || self.number < self.last)
            else {
                return Ok(None);
            };
            tokio::select! {
                _ = ticks.tick() => {}
                _ = self.closing.changed() => return Err(closed()),
            }
            self.number = self.number.wrapping_add(1);
            self.waiting = self.telemetry.interfaces().await.map_err(Status::unavailable)?.into();
        }
    }
}
