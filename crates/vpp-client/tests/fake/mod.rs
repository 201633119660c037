//! A scripted server of VPP's socket protocol: greets, answers pings, and leaves the rest to a closure.
// Each test file uses a part of it.
#![allow(dead_code)]

use binapi::codec::{Head, Message, Reader};
use binapi::list::Counted;
use binapi::memclnt::{ControlPing, ControlPingReply, SockclntCreate, SockclntCreateReply};
use binapi::text::FixedString;
use binapi::types::MessageTableEntry;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use vpp_client::frame::{self, Decoder, put_message};
use vpp_client::{Config, State, Vpp};

/// Client index given to every client, with the bit VPP sets in it.
pub const CLIENT: u32 = 1 << 31 | 7;

/// A request that has come.
pub struct Got {
    pub id: &'static str,
    pub context: u32,
    fields: Vec<u8>,
}

impl Got {
    pub fn as_a<M: Message>(&self) -> Option<M> {
        (self.id == M::ID).then(|| M::get(&mut Reader::new(&self.fields)).unwrap())
    }
}

/// The way back to one client. Nothing said any more closes the connection once all is written.
#[derive(Clone)]
pub struct Out(UnboundedSender<Vec<u8>>);

impl Out {
    pub fn raw(&self, bytes: impl Into<Vec<u8>>) {
        // The client may be gone already.
        let _ = self.0.send(bytes.into());
    }
    pub fn send<M: Message>(&self, context: u32, message: &M) {
        let mut bytes = Vec::new();
        put_message(&mut bytes, number(M::ID).unwrap(), CLIENT, context, message);
        self.raw(bytes);
    }
}

/// What a script does after a request.
pub enum Then {
    Go,
    /// Leaves a ping unanswered too.
    Silent,
    /// Reads no more.
    Hang,
    Close,
}

type Script = Arc<dyn Fn(&Got, &Out) -> Then + Send + Sync>;

pub fn number(id: &str) -> Option<u16> {
    match id {
        SockclntCreate::ID => Some(15),
        SockclntCreateReply::ID => Some(16),
        _ => binapi::messages().iter().position(|m| m.id == id).map(|i| 100 + i as u16),
    }
}

pub struct Fake {
    pub path: PathBuf,
    script: Script,
    pid: u32,
    /// Messages missing from the table.
    pub without: Vec<&'static str>,
    /// Requests of all connections, in the order they came; greetings and pings too.
    pub log: Arc<Mutex<Vec<String>>>,
    client: Arc<Mutex<Option<Out>>>,
    tasks: JoinSet<()>,
}

impl Fake {
    /// Not listening yet.
    pub fn new(script: impl Fn(&Got, &Out) -> Then + Send + Sync + 'static) -> Fake {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("vpp-client-test-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Fake {
            path: dir.join("api.sock"),
            script: Arc::new(script),
            pid: 1,
            without: Vec::new(),
            log: Arc::default(),
            client: Arc::default(),
            tasks: JoinSet::new(),
        }
    }
    pub fn config(&self) -> Config {
        Config {
            backoff_min: Duration::from_millis(2),
            health_interval: Duration::ZERO,
            ..Config::new(&self.path)
        }
    }
    /// Listens, and waits for a client with this configuration to be connected.
    pub async fn with_client(mut self, adjust: impl FnOnce(&mut Config)) -> (Fake, Vpp) {
        self.listen(1);
        let mut config = self.config();
        adjust(&mut config);
        let vpp = Vpp::connect(config);
        vpp.connected().await.unwrap();
        (self, vpp)
    }
    pub fn listen(&mut self, pid: u32) {
        self.pid = pid;
        let listener = UnixListener::bind(&self.path).unwrap();
        let (script, log, client) = (self.script.clone(), self.log.clone(), self.client.clone());
        let without = self.without.clone();
        self.tasks.spawn(async move {
            let mut sessions = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (script, log, without) = (script.clone(), log.clone(), without.clone());
                let (out, mut rest) = unbounded_channel::<Vec<u8>>();
                *client.lock().unwrap() = Some(Out(out.clone()));
                let (mut read, mut write) = stream.into_split();
                sessions.spawn(async move {
                    while let Some(bytes) = rest.recv().await {
                        if bytes.is_empty() || write.write_all(&bytes).await.is_err() {
                            return;
                        }
                    }
                });
                sessions.spawn(async move {
                    let (out, mut decoder) = (Out(out), Decoder::new(1 << 24));
                    while read.read_buf(decoder.space()).await.is_ok_and(|n| n > 0) {
                        while let Some(message) = decoder.next_message().unwrap() {
                            let got = greet(message, &out, &without);
                            let Some(got) = got else { continue };
                            log.lock().unwrap().push(got.id.rsplit_once('_').unwrap().0.to_owned());
                            match script(&got, &out) {
                                Then::Go => {}
                                Then::Silent => continue,
                                Then::Hang => std::future::pending().await,
                                Then::Close => return out.raw([]),
                            }
                            if got.as_a::<ControlPing>().is_some() {
                                out.send(
                                    got.context,
                                    &ControlPingReply { vpe_pid: pid, ..Default::default() },
                                );
                            }
                        }
                    }
                });
            }
        });
    }
    /// Drops all connections and the socket.
    pub async fn stop(&mut self) {
        self.tasks.shutdown().await;
        std::fs::remove_file(&self.path).unwrap();
    }
    /// The way to the client that connected last.
    pub fn client(&self) -> Out {
        self.client.lock().unwrap().clone().unwrap()
    }
    /// What the client was seen to send, without greetings and pings.
    pub fn requests(&self) -> Vec<String> {
        let log = self.log.lock().unwrap();
        log.iter().filter(|m| *m != "control_ping").cloned().collect()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.path.parent().unwrap());
    }
}

fn greet(message: &[u8], out: &Out, without: &[&str]) -> Option<Got> {
    let id = u16::from_be_bytes([message[0], message[1]]);
    if id != 15 {
        let info = &binapi::messages()[usize::from(id) - 100];
        if info.head == Head::ClientContext {
            assert_eq!(message[2..6], CLIENT.to_be_bytes(), "client index of {}", info.id);
        }
        let context = message[info.head.context_at().unwrap()..][..4].try_into().unwrap();
        let fields = message[info.head.fields_at()..].to_vec();
        return Some(Got { id: info.id, context: u32::from_be_bytes(context), fields });
    }
    let (context, hello) = frame::get_message::<SockclntCreate>(message).unwrap();
    assert_eq!((message.len(), hello.name.as_str()), (70, "vpp-agent"));
    let rows = binapi::messages().iter().filter(|m| !without.contains(&m.id));
    let rows: Vec<_> = rows
        .map(|m| MessageTableEntry {
            index: number(m.id).unwrap(),
            name: FixedString::try_from(m.id).unwrap(),
        })
        .collect();
    let message_table: Counted<_, u16> = rows.try_into().unwrap();
    let welcome = SockclntCreateReply { response: 0, index: CLIENT, message_table };
    let mut bytes = Vec::new();
    put_message(&mut bytes, 16, 0, context, &welcome);
    out.raw(bytes);
    None
}

/// Waits until the state is as wanted and returns it.
pub async fn until(vpp: &Vpp, wanted: impl FnMut(&State) -> bool) -> State {
    let mut state = vpp.state();
    let state = tokio::time::timeout(Duration::from_secs(20), state.wait_for(wanted)).await;
    state.expect("the state never came").unwrap().clone()
}

/// Accepts one connection at `path` after the other and says `words` to each.
pub fn parrot(path: &Path, words: &'static [u8]) {
    let listener = UnixListener::bind(path).unwrap();
    tokio::spawn(async move {
        let mut open: Vec<UnixStream> = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(words).await.unwrap();
            open.push(stream);
        }
    });
}
