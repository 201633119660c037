//! Calls that fail on their way. A tap between a client and a VPP works on the bytes of the socket, so that the same faults
//! hit the simulator and a real VPP; an agent of Linux brings its own.

use binapi::codec::{Reader, Wire};
use binapi::memclnt::SockclntCreateReply;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

/// What happens to a call. VPP stands for the kernel, too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// It never reaches VPP, which seems to refuse it with this return value; the kernel by the error of that number.
    Refuse(i32),
    /// The connection ends before the call reaches VPP.
    CutBefore,
    /// VPP carries it out, but the connection ends before the answer is seen.
    CutAfter,
}

/// Counts the calls that change something, and makes one of them fail.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Counted>>);

#[derive(Default)]
struct Counted {
    fault: Option<(usize, Fault)>,
    /// Names of the calls that change something.
    log: Vec<String>,
}

/// A socket that leads to another.
pub struct Tap {
    socket: PathBuf,
    faults: Faults,
    task: JoinHandle<()>,
}

/// Does a message of this name only ask?
pub fn only_asks(name: &str) -> bool {
    let ends = ["_dump", "_get", "_get_table"].iter().any(|end| name.ends_with(end));
    let starts = ["RTM_GET", "control_ping", "want_", "show_", "sockclnt_", "memclnt_", "get_"];
    ends || name.contains("_get_") || starts.iter().any(|start| name.starts_with(start))
}

impl Tap {
    /// Listens at `socket` and leads every connection to `vpp`. Needs a tokio runtime.
    pub fn listen(socket: &Path, vpp: &Path) -> Tap {
        let listener = UnixListener::bind(socket).unwrap();
        let faults = Faults::default();
        let (vpp, state) = (vpp.to_owned(), faults.clone());
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // A VPP that is away looks to the client as it does without the tap: the connection ends.
                if let Ok(server) = UnixStream::connect(&vpp).await {
                    tokio::spawn(Line::new(client, server, state.clone()).run());
                }
            }
        });
        Tap { socket: socket.to_owned(), faults, task }
    }
    /// Where to connect to.
    pub fn socket(&self) -> &Path {
        &self.socket
    }
    /// What it lets fail.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

impl Faults {
    /// From now on counts anew, and lets the `n`th changing call (from 0) fail.
    pub fn arm(&self, n: usize, fault: Fault) {
        *self.0.lock().unwrap() = Counted { fault: Some((n, fault)), log: Vec::new() };
    }
    /// Stops failing and counts anew; was the fault armed and never met?
    pub fn disarm(&self) -> bool {
        std::mem::take(&mut *self.0.lock().unwrap()).fault.is_some()
    }
    /// Changing calls since it was armed or disarmed, by name.
    pub fn log(&self) -> Vec<String> {
        self.0.lock().unwrap().log.clone()
    }
    /// Counts a call, and says what is to happen to it.
    pub fn count(&self, name: &str) -> Option<Fault> {
        if only_asks(name) {
            return None;
        }
        let mut counted = self.0.lock().unwrap();
        counted.log.push(name.to_owned());
        let at = counted.log.len() - 1;
        let fault = counted.fault.take_if(|(n, _)| *n == at)?;
        Some(fault.1)
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(&self.socket); // the directory goes as well
    }
}

/// One connection.
struct Line {
    client: UnixStream,
    server: UnixStream,
    faults: Faults,
    /// Messages of this VPP: name with CRC by number, number by name.
    names: HashMap<u16, String>,
    numbers: HashMap<String, u16>,
    /// The call after whose answer the connection ends.
    last: Option<[u8; 4]>,
}

const HEADER: usize = 16;

/// Takes whole messages, header included, from the front of a buffer.
fn frames(buffer: &mut Vec<u8>) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    while let Some(length) = buffer.get(8..12) {
        let length = HEADER + u32::from_be_bytes(length.try_into().unwrap()) as usize;
        if buffer.len() < length {
            break;
        }
        out.push(buffer.drain(..length).collect());
    }
    out
}

impl Line {
    fn new(client: UnixStream, server: UnixStream, faults: Faults) -> Line {
        Line { client, server, faults, names: HashMap::new(), numbers: HashMap::new(), last: None }
    }
    async fn run(mut self) {
        let (mut asked, mut answered) = (Vec::new(), Vec::new());
        loop {
            let more = tokio::select! {
                n = self.client.read_buf(&mut asked), if self.last.is_none() => n,
                n = self.server.read_buf(&mut answered) => n,
            };
            if !matches!(more, Ok(1..)) {
                return;
            }
            for frame in frames(&mut asked) {
                if self.last.is_none() && self.ask(&frame).await.is_err() {
                    return;
                }
            }
            for frame in frames(&mut answered) {
                if self.answer(&frame).await.is_err() {
                    return;
                }
            }
        }
    }
    async fn ask(&mut self, frame: &[u8]) -> io::Result<()> {
        let message = &frame[HEADER..];
        let id = u16::from_be_bytes([message[0], message[1]]);
        let fault = self.names.get(&id).and_then(|id| self.faults.count(base(id)));
        match fault {
            None => self.server.write_all(frame).await,
            Some(Fault::CutBefore) => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(Fault::CutAfter) => {
                self.last = Some(message[6..10].try_into().unwrap());
                self.server.write_all(frame).await
            }
            Some(Fault::Refuse(retval)) => {
                let reply = self.numbers[&format!("{}_reply", base(&self.names[&id]))];
                let mut body = reply.to_be_bytes().to_vec();
                body.extend(&message[6..10]);
                body.extend(refusal(&self.names[&reply], retval));
                let mut out = vec![0; HEADER];
                out[8..12].copy_from_slice(&(body.len() as u32).to_be_bytes());
                out.extend(body);
                self.client.write_all(&out).await
            }
        }
    }
    async fn answer(&mut self, frame: &[u8]) -> io::Result<()> {
        let message = &frame[HEADER..];
        if self.names.is_empty() {
            let reply = SockclntCreateReply::get(&mut Reader::new(&message[10..])).unwrap();
            for entry in reply.message_table.iter() {
                self.names.insert(entry.index, entry.name.to_string());
                self.numbers.insert(base(entry.name.as_str()).to_owned(), entry.index);
            }
        }
        if self.last.is_some_and(|context| message[2..6] == context) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        self.client.write_all(frame).await
    }
}

/// The fields of a reply that refuses. In most the return value comes first, but not in all.
fn refusal(reply: &str, retval: i32) -> Vec<u8> {
    let at = |offset: usize| {
        let mut fields = vec![0; 256]; // longer than any reply
        fields[offset..offset + 4].copy_from_slice(&retval.to_be_bytes());
        fields
    };
    let Some(known) = binapi::by_id(reply) else { return at(0) };
    let told = format!("retval: {retval}");
    let tells = |fields: &Vec<u8>| (known.debug)(fields).is_ok_and(|text| text.contains(&told));
    (0..64).map(at).find(tells).unwrap_or_else(|| at(0))
}

/// The name without the CRC.
fn base(id: &str) -> &str {
    id.rsplit_once('_').map_or(id, |(name, _)| name)
}
