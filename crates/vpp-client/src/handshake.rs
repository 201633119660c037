//! Getting to the socket, and the first words with whoever listens there.

use crate::config::Config;
use crate::frame::{Decoder, get_message, put_message};
use crate::methods::MessageTable;
use crate::state::{Instance, SocketFile, peer_started};
use binapi::codec::Message;
use binapi::memclnt::{ControlPing, ControlPingReply, SockclntCreate, SockclntCreateReply};
use binapi::text::FixedString;
use std::io::{Error, ErrorKind};
use std::path::Path;
use tokio::net::UnixStream;

/// Number of `sockclnt_create`, the one that is the same in every release.
const SOCKCLNT_CREATE: u16 = 15;

/// Linux's error number for the wrong type of socket.
const EPROTOTYPE: i32 = 91;

/// A VPP that has introduced itself.
pub(crate) struct Peer {
    pub stream: UnixStream,
    /// Holds what came behind the last message read, normally nothing.
    pub decoder: Decoder,
    pub client_index: u32,
    pub table: MessageTable,
    pub instance: Instance,
}

/// Why there is no connection.
pub(crate) struct Failure {
    pub reason: String,
    /// Nobody listens, so that trying again soon bothers nobody.
    pub absent: bool,
}

/// Connects and exchanges the first messages, within the time allowed for both.
pub(crate) async fn meet(config: &Config) -> Result<Peer, Failure> {
    let path = &config.socket;
    let attempt = async {
        let before = SocketFile::at(path);
        let stream = UnixStream::connect(path).await.map_err(|e| unreachable_because(path, &e))?;
        match (before, SocketFile::at(path)) {
            (Ok(before), Ok(after)) if before == after => Ok((stream, after)),
            _ => Err(failed(format!("{}: the socket was replaced while connecting to it", path.display()))),
        }
    };
    let mut decoder = Decoder::new(config.message_limit);
    let talk = async {
        let (stream, socket) = attempt.await?;
        let Introduction { client_index, table, pid } = introduce(&stream, &mut decoder, &config.client_name)
            .await
            .map_err(|reason| failed(format!("{}: {reason}", path.display())))?;
        let instance = Instance { pid, started: peer_started(&stream), socket };
        Ok((stream, client_index, table, instance))
    };
    match tokio::time::timeout(config.handshake_timeout, talk).await {
        Ok(Ok((stream, client_index, table, instance))) => {
            Ok(Peer { stream, decoder, client_index, table, instance })
        }
        Ok(Err(failure)) => Err(with_hint(failure, &decoder)),
        Err(_) => {
            let (path, time) = (path.display(), config.handshake_timeout);
            Err(with_hint(failed(format!("{path}: connected, but no answer within {time:?}")), &decoder))
        }
    }
}

fn failed(reason: String) -> Failure {
    Failure { reason, absent: false }
}

fn unreachable_because(path: &Path, error: &Error) -> Failure {
    let path = path.display();
    match error.kind() {
        ErrorKind::NotFound => Failure {
            reason: format!(
                "{path}: no such socket; VPP is not running, or its socksvr section names another"
            ),
            absent: true,
        },
        ErrorKind::ConnectionRefused => Failure {
            reason: format!("{path}: nobody listens at this socket; VPP is not running"),
            absent: true,
        },
        ErrorKind::PermissionDenied => {
            failed(format!("{path}: permission denied; run as root or as a member of the socket's group"))
        }
        // Connecting a stream to a socket that is none; VPP's statistics socket is of another kind.
        _ if error.raw_os_error() == Some(EPROTOTYPE) => failed(format!(
            "{path}: a socket of another kind; the API socket is the one in VPP's socksvr section"
        )),
        _ => failed(format!("{path}: cannot connect: {error}")),
    }
}

/// Says so if whoever answered looks like VPP's command line: it greets with telnet options or a prompt.
fn with_hint(mut failure: Failure, decoder: &Decoder) -> Failure {
    let rest = decoder.rest();
    let greeting =
        rest.first() == Some(&0xff) || rest.windows(4).take(4096).any(|w| w == b"vpp#" || w == b"DBGv");
    if greeting {
        failure.reason +=
            "; this looks like VPP's command line, the API socket is the one in its socksvr section";
    }
    failure
}

struct Introduction {
    client_index: u32,
    table: MessageTable,
    pid: u32,
}

/// `sockclnt_create`, then `control_ping` for VPP's process id.
async fn introduce(
    stream: &UnixStream,
    decoder: &mut Decoder,
    client_name: &str,
) -> Result<Introduction, String> {
    const CONTEXT: u32 = 1;
    let mut out = Vec::new();
    let hello = SockclntCreate { name: FixedString::cut(client_name) };
    put_message(&mut out, SOCKCLNT_CREATE, 0, CONTEXT, &hello);
    write(stream, &out).await?;
    let (context, welcome) = get_message::<SockclntCreateReply>(&read(stream, decoder).await?)
        .map_err(|e| format!("unreadable answer to sockclnt_create: {e}"))?;
    if context != CONTEXT {
        return Err("the first message is no answer to sockclnt_create; this is not VPP's binary API".into());
    }
    if welcome.response != 0 {
        return Err(format!("VPP refuses the connection with error {}", welcome.response));
    }
    let table = MessageTable::new(welcome.message_table.iter().map(|row| (row.name.as_str(), row.index)));
    let number = |id| table.number(id).ok_or_else(|| format!("VPP's message table lacks {id}"));
    let (ping, answer) = (number(ControlPing::ID)?, number(ControlPingReply::ID)?);
    out.clear();
    put_message(&mut out, ping, welcome.index, CONTEXT, &ControlPing::default());
    write(stream, &out).await?;
    let message = read(stream, decoder).await?;
    let got = message.first_chunk().map(|n| u16::from_be_bytes(*n));
    if got != Some(answer) {
        return Err(format!("control_ping was answered with message {got:?} instead of {answer}"));
    }
    let (_, reply) = get_message::<ControlPingReply>(&message)
        .map_err(|e| format!("unreadable answer to control_ping: {e}"))?;
    Ok(Introduction { client_index: welcome.index, table, pid: reply.vpe_pid })
}

async fn write(stream: &UnixStream, mut bytes: &[u8]) -> Result<(), String> {
    let lost = |e: Error| format!("cannot write: {e}");
    while !bytes.is_empty() {
        stream.writable().await.map_err(lost)?;
        match stream.try_write(bytes) {
            Ok(n) => bytes = bytes.get(n..).unwrap_or_default(),
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            Err(e) => return Err(lost(e)),
        }
    }
    Ok(())
}

async fn read(stream: &UnixStream, decoder: &mut Decoder) -> Result<Vec<u8>, String> {
    let lost = |e: Error| format!("cannot read: {e}");
    loop {
        if let Some(message) = decoder.next_message().map_err(|e| e.to_string())? {
            return Ok(message.to_vec());
        }
        stream.readable().await.map_err(lost)?;
        match stream.try_read_buf(decoder.space()) {
            Ok(0) => return Err("connected, but the other end closed the connection".into()),
            Ok(_) => {}
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            Err(e) => return Err(lost(e)),
        }
    }
}
