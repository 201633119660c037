//! Messages to VPP, by the reference's names.

use super::Exposition;
use crate::direct::{Message, Requests};

/// Writes all families.
pub(super) fn write(out: &mut Exposition, requests: &Requests) {
    let created = "Connections to VPP that were made.";
    out.single("ligato_govppmux_channels_created_total", "counter", created, requests.connections);
    let open = "Connections to VPP that stand.";
    out.single("ligato_govppmux_channels", "gauge", open, u8::from(requests.connected));
    let (sent, done, failed) = requests.sums();
    let in_flight = sent.saturating_sub(done + failed);
    out.single("ligato_govppmux_requests", "gauge", "Requests in flight.", in_flight);
    by_message(out, "requests_total", "Requests that were sent, by message.", requests, |m| m.sent);
    let help = "Requests that VPP carried out, by message.";
    by_message(out, "requests_done_total", help, requests, |m| m.latency.count);
    let name = "ligato_govppmux_requests_failed_total";
    out.family(name, "counter", "Requests that failed, by message and reason.");
    for message in &requests.messages {
        for (error, count) in &message.errors {
            out.sample(name, &[("message", message.name), ("error", error)], count);
        }
    }
    let name = "ligato_govppmux_replies_received_total";
    out.family(name, "counter", "Answers of VPP, by message.");
    for (message, count) in &requests.replies {
        out.sample(name, &[("message", message)], count);
    }
    let name = "ligato_govppmux_successful_request_duration_seconds";
    out.family(name, "histogram", "How long requests took that VPP carried out, by message.");
    for message in requests.messages.iter().filter(|message| message.latency.count > 0) {
        let latency = &message.latency;
        let buckets = requests.bounds.iter().copied().zip(latency.buckets.iter().copied());
        out.buckets(name, ("message", message.name), buckets, (latency.count, latency.total));
    }
}

fn by_message(out: &mut Exposition, name: &str, help: &str, requests: &Requests, count: fn(&Message) -> u64) {
    let name = format!("ligato_govppmux_{name}");
    out.family(&name, "counter", help);
    for message in &requests.messages {
        out.sample(&name, &[("message", message.name)], count(message));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::exposition::parse;
    use super::*;
    use crate::direct::Latency;
    use std::time::Duration;

    #[test]
    fn every_family_by_the_reference_s_names() {
        let latency = Latency {
            count: 2,
            total: Duration::from_micros(1_700),
            min: Duration::from_micros(400),
            max: Duration::from_micros(1_300),
            buckets: vec![1, 1, 2],
        };
        let errors = vec![("INVALID_VALUE".to_owned(), 3)];
        let requests = Requests {
            connections: 4,
            connected: true,
            messages: vec![
                Message { name: "a", sent: 6, failed: 3, errors, latency },
                Message { name: "b", sent: 1, ..Message::default() },
            ],
            replies: vec![("a_reply", 5)],
            bounds: &[0.0005, 0.001, 0.002],
        };
        let mut out = Exposition::default();
        write(&mut out, &requests);
        assert!(parse(&out.text).is_ok(), "{}", out.text);
        let samples: Vec<&str> = out.text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            samples,
            [
                "ligato_govppmux_channels_created_total 4",
                "ligato_govppmux_channels 1",
                "ligato_govppmux_requests 2",
                r#"ligato_govppmux_requests_total{message="a"} 6"#,
                r#"ligato_govppmux_requests_total{message="b"} 1"#,
                r#"ligato_govppmux_requests_done_total{message="a"} 2"#,
                r#"ligato_govppmux_requests_done_total{message="b"} 0"#,
                r#"ligato_govppmux_requests_failed_total{message="a",error="INVALID_VALUE"} 3"#,
                r#"ligato_govppmux_replies_received_total{message="a_reply"} 5"#,
                r#"ligato_govppmux_successful_request_duration_seconds_bucket{message="a",le="0.0005"} 1"#,
                r#"ligato_govppmux_successful_request_duration_seconds_bucket{message="a",le="0.001"} 1"#,
                r#"ligato_govppmux_successful_request_duration_seconds_bucket{message="a",le="0.002"} 2"#,
                r#"ligato_govppmux_successful_request_duration_seconds_bucket{message="a",le="+Inf"} 2"#,
                r#"ligato_govppmux_successful_request_duration_seconds_sum{message="a"} 0.0017"#,
                r#"ligato_govppmux_successful_request_duration_seconds_count{message="a"} 2"#,
            ]
        );
    }
}
