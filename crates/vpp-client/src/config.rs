//! What a client can be told.

use crate::dial::Dial;
use std::path::PathBuf;
use std::time::Duration;

/// How to reach VPP and how patient to be. Start from [`Config::new`].
#[derive(Clone, Debug)]
pub struct Config {
    /// Path of VPP's API socket (`socksvr { socket-name … }` in its start-up configuration).
    pub socket: PathBuf,
    /// Another way to VPP than that socket, which then is only a name. Default: none.
    pub dial: Option<Dial>,
    /// Name VPP shows for this client; what is beyond 63 bytes is cut off.
    pub client_name: String,
    /// How long a call waits for its reply, and a dump for its next message. Default: 10 s.
    pub reply_timeout: Duration,
    /// How long connecting and the exchange of message numbers may take. Default: 5 s.
    pub handshake_timeout: Duration,
    /// First pause between two attempts to connect; doubles up to a limit. Default: 50 ms.
    pub backoff_min: Duration,
    /// Longest pause while nobody listens at the socket (looking is cheap). Default: 100 ms.
    pub backoff_absent: Duration,
    /// Longest pause while somebody listens, yet is no VPP that works. Default: 2 s.
    pub backoff_max: Duration,
    /// After how much silence VPP is sent a ping; zero turns it off. Default: 1 s.
    pub health_interval: Duration,
    /// How long a ping goes unanswered before the state is [`crate::State::NotResponding`]. Default: 3 s.
    pub unresponsive_after: Duration,
    /// How long a ping goes unanswered before the connection is given up and made anew. Default: 30 s.
    pub reconnect_after: Duration,
    /// Refuse calls on every connection but the first until [`crate::Vpp::admit`] is called for it, so that what was
    /// planned for one VPP is never sent to its successor. Default: false.
    pub hold: bool,
    /// Longest message accepted, in bytes. Default: 64 MiB.
    pub message_limit: usize,
    /// How many bytes of messages the API trace keeps. Default: 1 MiB.
    pub trace_bytes: usize,
    /// Whether the API trace is on from the start. Default: false.
    pub trace: bool,
}

impl Config {
    /// The defaults, for the socket at `socket`.
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        Config {
            socket: socket.into(),
            dial: None,
            client_name: "vpp-agent".into(),
            reply_timeout: Duration::from_secs(10),
            handshake_timeout: Duration::from_secs(5),
            backoff_min: Duration::from_millis(50),
            backoff_absent: Duration::from_millis(100),
            backoff_max: Duration::from_secs(2),
            health_interval: Duration::from_secs(1),
            unresponsive_after: Duration::from_secs(3),
            reconnect_after: Duration::from_secs(30),
            hold: false,
            message_limit: 64 << 20,
            trace_bytes: 1 << 20,
            trace: false,
        }
    }
}
