//! PollStats: when it polls, how answers are numbered, and how it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::common::agent;
use futures::StreamExt;
use futures::future::BoxFuture;
use model::proto::ligato::configurator::PollStatsRequest;
use model::proto::ligato::configurator::stats::Stats as Part;
use model::proto::ligato::vpp::interfaces::InterfaceStats;
use northbound::grpc::client::StatsPollerServiceClient;
use northbound::grpc::{Config, Server};
use northbound::notify::Notifications;
use northbound::telemetry::{Gauge, Telemetry};
use tonic::transport::Channel;
use tonic::{Code, Status};

/// Two interfaces, which have counted as many packets as there were polls; none any more after the last poll.
struct Counting {
    polls: AtomicU64,
    last: u64,
}

impl Telemetry for Counting {
    fn interfaces(&self) -> BoxFuture<'static, Result<Vec<InterfaceStats>, String>> {
        let drops = self.polls.fetch_add(1, Ordering::Relaxed) + 1;
        let answer = match drops <= self.last {
            true => {
                let named = ["loop1", "local0"].map(|name| (name.to_owned(), drops));
                Ok(named.map(|(name, drops)| InterfaceStats { name, drops, ..Default::default() }).into())
            }
            false => Err("VPP does not hand over its statistics".to_owned()),
        };
        Box::pin(std::future::ready(answer))
    }
    fn gauges(&self) -> BoxFuture<'static, Vec<Gauge>> {
        Box::pin(std::future::ready(Vec::new()))
    }
}

struct Poller {
    server: Option<Server>,
    client: StatsPollerServiceClient<Channel>,
}

impl Poller {
    async fn over(telemetry: Option<Arc<dyn Telemetry>>) -> Poller {
        let (_world, intake) = agent([]);
        let config = Config { endpoint: "127.0.0.1:0".into(), ..Config::default() };
        let server = Server::start(config, intake, Notifications::default(), telemetry).await.unwrap();
        let address = format!("http://{}", server.address());
        let channel = Channel::from_shared(address).unwrap().connect().await.unwrap();
        Poller { server: Some(server), client: StatsPollerServiceClient::new(channel) }
    }
    async fn counting(last: u64) -> Poller {
        Poller::over(Some(Arc::new(Counting { polls: AtomicU64::new(0), last }))).await
    }
    /// Number of the poll, name, and what was counted, of at most so many answers; the error that ended it.
    async fn poll(
        &mut self,
        period_sec: u32,
        num_polls: u32,
        most: usize,
    ) -> (Vec<(u32, String, u64)>, Option<Status>) {
        let mut answers = Vec::new();
        let mut stream = match self.client.poll_stats(PollStatsRequest { period_sec, num_polls }).await {
            Ok(response) => response.into_inner(),
            Err(status) => return (answers, Some(status)),
        };
        while answers.len() < most {
            match stream.next().await {
                Some(Ok(response)) => {
                    let Some(Part::VppStats(vpp)) = response.stats.unwrap().stats else { panic!() };
                    let interface = vpp.interface.unwrap();
                    answers.push((response.poll_seq, interface.name, interface.drops));
                }
                Some(Err(status)) => return (answers, Some(status)),
                None => break,
            }
        }
        (answers, None)
    }
}

fn answers(polls: &[(u32, u64)]) -> Vec<(u32, String, u64)> {
    let both = |&(number, drops): &(u32, u64)| ["loop1", "local0"].map(|name| (number, name.into(), drops));
    polls.iter().flat_map(both).collect()
}

#[tokio::test]
async fn a_single_poll_has_the_number_0_and_an_end() {
    let mut poller = Poller::counting(9).await;
    for num_polls in [0, 1] {
        let (told, error) = poller.poll(0, num_polls, usize::MAX).await;
        assert_eq!(told, answers(&[(0, u64::from(num_polls) + 1)]));
        assert!(error.is_none(), "{error:?}");
    }
    let (told, error) = poller.poll(0, 2, usize::MAX).await;
    let error = error.unwrap();
    assert_eq!((told.len(), error.code()), (0, Code::InvalidArgument));
    assert!(error.message().contains("period_sec is 0"), "{error}");
}

#[tokio::test]
async fn polls_are_numbered_from_1_and_as_many_as_were_asked_for() {
    let mut poller = Poller::counting(99).await;
    let (told, error) = poller.poll(1, 1, usize::MAX).await;
    assert_eq!((told, error.is_none()), (answers(&[(1, 1)]), true));
    let (told, error) = poller.poll(1, 2, usize::MAX).await;
    assert_eq!((told, error.is_none()), (answers(&[(1, 2), (2, 3)]), true));
    // Without a number there is no end; whoever has enough leaves.
    let (told, _) = poller.poll(1, 0, 4).await;
    assert_eq!(told, answers(&[(1, 4), (2, 5)]));
}

#[tokio::test]
async fn without_statistics_the_call_says_why() {
    let (_, error) = Poller::counting(0).await.poll(0, 0, 1).await;
    let error = error.unwrap();
    assert_eq!((error.code(), error.message()), (Code::Unavailable, "VPP does not hand over its statistics"));
    let (_, error) = Poller::over(None).await.poll(0, 0, 1).await;
    assert!(error.unwrap().message().contains("telemetry.conf"));
    // A VPP that goes ends the stream.
    let (told, error) = Poller::counting(1).await.poll(1, 0, usize::MAX).await;
    assert_eq!((told, error.unwrap().code()), (answers(&[(1, 1)]), Code::Unavailable));
}

#[tokio::test]
async fn a_stream_ends_with_the_door() {
    let mut poller = Poller::counting(99).await;
    let request = PollStatsRequest { period_sec: 3600, num_polls: 0 };
    let mut stream = poller.client.poll_stats(request).await.unwrap().into_inner();
    for _ in 0..2 {
        stream.next().await.unwrap().unwrap();
    }
    drop(poller.server.take());
    let end = stream.next().await;
    assert!(end.is_none_or(|answer| answer.is_err()));
}
