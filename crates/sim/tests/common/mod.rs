//! A small blocking client of the socket protocol, apart from the product's own.
#![allow(dead_code, clippy::unwrap_used)]

use binapi::codec::{Dump, Event, Message, Reader, Reply, Request, Wire};
use binapi::memclnt::{ControlPing, ControlPingReply, SockclntCreate, SockclntCreateReply};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

pub struct Client {
    stream: UnixStream,
    input: Vec<u8>,
    pub table: HashMap<String, u16>,
    index: u32,
    context: u32,
    /// Messages that were read while waiting for others, header included.
    aside: Vec<Vec<u8>>,
}

impl Client {
    /// Connects and shakes hands.
    pub fn connect(path: &Path) -> Self {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut client = Client {
            stream,
            input: Vec::new(),
            table: HashMap::new(),
            index: 0,
            context: 100,
            aside: Vec::new(),
        };
        let mut hello = vec![0, 15, 0xaa, 0xbb, 0xcc, 0xdd];
        SockclntCreate { name: "test".try_into().unwrap() }.put(&mut hello);
        client.write_frame(&hello);
        let answer = client.read_frame().unwrap();
        assert_eq!(answer[..2], [0, 16]);
        assert_eq!(answer[6..10], [0xaa, 0xbb, 0xcc, 0xdd], "the context comes back as it was");
        let reply = SockclntCreateReply::get(&mut Reader::new(&answer[10..])).unwrap();
        client.index = reply.index;
        client.table = reply.message_table.iter().map(|e| (e.name.to_string(), e.index)).collect();
        client
    }

    pub fn id<M: Message>(&self) -> u16 {
        *self.table.get(M::ID).unwrap_or_else(|| panic!("{} is not in the table", M::ID))
    }

    pub fn write_frame(&mut self, message: &[u8]) {
        let mut frame = vec![0; 8];
        frame.extend((message.len() as u32).to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(message);
        self.stream.write_all(&frame).unwrap();
    }

    /// The next frame's content; `None` at the end of the stream.
    pub fn read_frame(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(length) = self.input.get(8..12) {
                let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
                if self.input.len() >= 16 + length {
                    let message = self.input[16..16 + length].to_vec();
                    self.input.drain(..16 + length);
                    return Some(message);
                }
            }
            let mut buffer = [0; 65536];
            match self.stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(n) => self.input.extend(&buffer[..n]),
            }
        }
    }

    /// Sends a request and returns its context.
    pub fn send<M: Message>(&mut self, message: &M) -> u32 {
        self.context += 1;
        let mut bytes = self.id::<M>().to_be_bytes().to_vec();
        bytes.extend(self.index.to_be_bytes());
        bytes.extend(self.context.to_be_bytes());
        message.put(&mut bytes);
        self.write_frame(&bytes);
        self.context
    }

    /// The next message with this context, or the end of the stream.
    fn next(&mut self, context: u32) -> Option<Vec<u8>> {
        loop {
            let frame = self.read_frame()?;
            if frame[2..6] == context.to_be_bytes() {
                return Some(frame);
            }
            self.aside.push(frame);
        }
    }

    /// Sends a request; `None` if the connection ends without an answer.
    pub fn try_call<R: Request>(&mut self, request: &R) -> Option<R::Reply> {
        let context = self.send(request);
        let frame = self.next(context)?;
        assert_eq!(frame[..2], self.id::<R::Reply>().to_be_bytes(), "the reply to {}", R::NAME);
        Some(R::Reply::get(&mut Reader::new(&frame[6..])).unwrap())
    }

    pub fn call<R: Request>(&mut self, request: &R) -> R::Reply {
        self.try_call(request).unwrap()
    }

    /// The return value of a request.
    pub fn retval<R: Request>(&mut self, request: &R) -> i32 {
        self.call(request).retval()
    }

    pub fn ok<R: Request>(&mut self, request: &R) -> R::Reply {
        let reply = self.call(request);
        assert_eq!(reply.retval(), 0, "{request:?}");
        reply
    }

    /// All items of a dump.
    pub fn dump<D: Dump>(&mut self, request: &D) -> Vec<D::Details> {
        let dump = self.send(request);
        let ping = self.send(&ControlPing {});
        let mut items = Vec::new();
        loop {
            let frame = self.read_frame().unwrap();
            if frame[2..6] == ping.to_be_bytes() {
                ControlPingReply::get(&mut Reader::new(&frame[6..])).unwrap();
                return items;
            }
            if frame[2..6] == dump.to_be_bytes() {
                assert_eq!(frame[..2], self.id::<D::Details>().to_be_bytes());
                items.push(D::Details::get(&mut Reader::new(&frame[6..])).unwrap());
            } else {
                self.aside.push(frame);
            }
        }
    }

    /// The next event of this kind.
    pub fn event<E: Event>(&mut self) -> E {
        let id = self.id::<E>().to_be_bytes();
        let at = self.aside.iter().position(|f| f[..2] == id);
        let frame = match at {
            Some(at) => self.aside.remove(at),
            None => loop {
                let frame = self.read_frame().unwrap();
                if frame[..2] == id {
                    break frame;
                }
                self.aside.push(frame);
            },
        };
        E::get(&mut Reader::new(&frame[6..])).unwrap()
    }
}

/// A simulated VPP on a socket of its own, and a client of it.
pub fn vpp() -> (sim::Sim, Client) {
    let sim =
        sim::Sim::spawn(socket(), sim::SimConfig { release: "23.06".into(), ..Default::default() }).unwrap();
    let client = Client::connect(sim.path());
    (sim, client)
}

/// A path that no other test has.
pub fn socket() -> std::path::PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("vpp-sim-{}-{n}.sock", std::process::id()))
}

/// Waits until something holds.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{what} did not come true in 5 s");
}

/// Shorthands for the messages that tests send again and again.
impl Client {
    pub fn loopback(&mut self) -> u32 {
        self.ok(&binapi::interface::CreateLoopback::default()).sw_if_index
    }

    pub fn set_up(&mut self, sw_if_index: u32, up: bool) {
        let flags = binapi::types::IfStatusFlags(u32::from(up));
        self.ok(&binapi::interface::SwInterfaceSetFlags { sw_if_index, flags });
    }

    pub fn address(&mut self, is_add: bool, sw_if_index: u32, address: &str) -> i32 {
        let prefix = prefix(address);
        self.retval(&binapi::interface::SwInterfaceAddDelAddress {
            sw_if_index,
            is_add,
            del_all: false,
            prefix,
        })
    }

    pub fn table(&mut self, is_add: bool, table_id: u32, is_ip6: bool, name: &str) -> i32 {
        let table = binapi::types::IpTable { table_id, is_ip6, name: name.try_into().unwrap() };
        self.retval(&binapi::ip::IpTableAddDel { is_add, table })
    }

    pub fn tables(&mut self) -> Vec<(u32, bool, String)> {
        let tables = self.dump(&binapi::ip::IpTableDump {});
        tables.iter().map(|t| (t.table.table_id, t.table.is_ip6, t.table.name.to_string())).collect()
    }

    pub fn bind(&mut self, sw_if_index: u32, is_ipv6: bool, vrf_id: u32) -> i32 {
        self.retval(&binapi::interface::SwInterfaceSetTable { sw_if_index, is_ipv6, vrf_id })
    }
}

pub fn prefix(text: &str) -> binapi::types::Prefix {
    let (ip, length) = text.split_once('/').unwrap();
    (ip.parse::<std::net::IpAddr>().unwrap(), length.parse().unwrap()).into()
}
